"""Rules: pure functions `rule(facts, day, parameters)`, one file a family. A new module here is found by itself."""
