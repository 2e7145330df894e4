"""Words of Django and its packages on our pages, where their own catalogues lack or misfit them in our languages.

Nothing imports this module: `make messages` reads it, and our catalogues win over theirs.
"""

from django.utils.translation import gettext_noop as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

ADMINISTRATION = [
    _("Filter"),  # in Django's Arabic the word means a candidate
    _(" By %(filter_title)s "),
    _("Action:"),
    _("Go"),
    _("0 of %(cnt)s selected"),
    ngettext_lazy("%(sel)s of %(cnt)s selected", "%(sel)s of %(cnt)s selected", "cnt"),
    _("Skip to main content"),
    _("Breadcrumbs"),
    _("Toggle theme (current theme: auto)"),
    _("Toggle theme (current theme: light)"),
    _("Toggle theme (current theme: dark)"),
    _("Select this object for an action - {}"),
    _("Select all objects on this page for an action"),
    _("Show counts"),
    _("Hide counts"),
    _("Sessions"),
]
FORMS = [
    _("Null characters are not allowed."),
    _("This field is required."),  # Django's Vietnamese word for a field is also the word for a school
    _("Enter a complete value."),
    _("Enter a whole number."),  # Django's Vietnamese speaks of a total number
    _("Constraint “%(name)s” is violated."),
    _("“%(pk)s” is not a valid value."),
    _("“%(value)s” is not a valid UUID."),
    _("File extension “%(extension)s” is not allowed. Allowed extensions are: %(allowed_extensions)s."),
    _("Ensure this value is a multiple of step size %(limit_value)s."),
    ngettext_lazy(
        "Ensure this value has at least %(limit_value)d character (it has %(show_value)d).",
        "Ensure this value has at least %(limit_value)d characters (it has %(show_value)d).",
        "limit_value",
    ),
]
PASSWORDS = [
    _("Your password can’t be a commonly used password."),  # Django's Vietnamese addresses the reader in another way
]
TEXT = [
    pgettext_lazy("String to return when truncating text", "%(truncated_text)s…"),
]
