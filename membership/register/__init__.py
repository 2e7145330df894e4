"""Reading a register file: what its columns are called, what each cell means, and what is wrong with a row."""

from membership.register.checking import checked
from membership.register.columns import TEMPLATES, Column, examples, match, required, template_of
from membership.register.sheet import Row, Sheet

__all__ = ["TEMPLATES", "Column", "Row", "Sheet", "checked", "examples", "match", "required", "template_of"]
