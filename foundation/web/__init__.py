"""What every page shares: `page` and `done`, forms of operations, days as people type them."""

from foundation.web.fields import (
    BirthField,
    CodeField,
    DayField,
    NameField,
    NumberField,
    NumericField,
    PastDayField,
    TextField,
)
from foundation.web.forms import OperationForm
from foundation.web.pages import done, in_frame, page

__all__ = [
    "BirthField", "CodeField", "DayField", "NameField", "NumberField", "NumericField", "OperationForm", "PastDayField",
    "TextField", "done", "in_frame", "page",
]  # fmt: skip
