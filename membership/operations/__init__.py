"""One verb each: the only code that changes who belongs where."""
