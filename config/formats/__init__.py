"""How numbers and dates are written in each language: day, month, year everywhere; digits in groups of three."""
