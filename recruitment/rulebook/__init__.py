"""Rule book: pure functions over facts, versions as data, the outlook. No query, no clock, no sentence in a rule."""
