"""How fast the office is: `make bench`. Not part of the program, and never a test."""
