"""One verb each: what is asked of units."""
