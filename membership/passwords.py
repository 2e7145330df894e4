"""What a password may be: long, not common, not a name (security.md, A1). Any composition, and no forced change."""

import re
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from foundation import names

_SHORTEST, _LONGEST = 12, 128
_OWN_CHARACTERS = 8  # what a password needs beyond the names in it
_SHORTEST_NAME = 3
_PRODUCT = ("recruitment", "members", "party", "ketnap", "dangvien", "danguy", "chibo")


class Length:
    """12 to 128 characters."""

    def validate(self, password: str, user: Any = None) -> None:
        """A sentence if it is shorter or longer."""
        if not _SHORTEST <= len(password) <= _LONGEST:
            raise ValidationError(self.get_help_text(), code="password_length")

    def get_help_text(self) -> str:
        """The rule as a sentence."""
        return _("Your password has 12 to 128 characters; a few words are easy to keep in mind.")


class NotCommon(CommonPasswordValidator):
    """None of the 20,000 most common passwords, which come with Django."""

    def get_error_message(self) -> str:
        """The refusal as a sentence."""
        return _("This password is one of the first that anybody would try.")


class NotAName:
    """More than the names of the account, its holder, the office and the program, with or without marks."""

    def validate(self, password: str, user: Any = None) -> None:
        """A sentence if what is left without the names is too little."""
        rest = _folded(password)
        for name in sorted({_folded(name) for name in self._names(user)}, key=len, reverse=True):
            if len(name) >= _SHORTEST_NAME:
                rest = rest.replace(name, "")
        if len(rest) < _OWN_CHARACTERS and rest != _folded(password):
            raise ValidationError(
                _("This password is hardly more than a name. Add words of your own."), code="password_name"
            )

    def get_help_text(self) -> str:
        """The rule as a sentence."""
        return _("It is more than your name, the name of your office or of this program.")

    def _names(self, user: Any) -> list[str]:
        found = [*settings.ORGANISATION_NAMES, *_PRODUCT]
        if user is not None:
            found += [user.username, *re.split(r"[._-]+", user.username)]
            if person := getattr(user, "person", None):
                found += [person.full_name, *person.full_name.split()]
        return found


def _folded(text: str) -> str:
    """Letters and digits without marks, small."""
    return "".join(char for char in names.search_key(text) if char.isalnum())
