"""Reading a register file: what its columns are called, what each cell means, and what is wrong with a row."""

from membership.register.checking import Row, checked
from membership.register.columns import TEMPLATES, Column, match

__all__ = ["TEMPLATES", "Column", "Row", "checked", "match"]
