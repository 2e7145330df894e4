"""What every page shares: `page` and `done`, forms of operations, days as people type them."""

from foundation.web.fields import BirthField, DayField, NameField
from foundation.web.forms import OperationForm
from foundation.web.pages import done, in_frame, page

__all__ = ["BirthField", "DayField", "NameField", "OperationForm", "done", "in_frame", "page"]
