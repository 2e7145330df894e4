"""The rule book: pure functions over facts, versions as data, the outlook. No queries, no clock, no wording in rules."""
