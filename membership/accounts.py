"""One-time codes and passwords: how an account is handed over and becomes its holder's."""

import functools
import secrets
from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from foundation.numbers import western_digits
from membership.models import OneTimeCode, User
from membership.sessions import SessionStore

_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that is taken for another
_GROUPS, _GROUP = 4, 4  # about 79 bits
VALID_FOR = timedelta(days=7)


def new_code() -> str:
    """A code as it stands on a slip: four groups of four."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))


def issue_code(user: User, code: str = "") -> str:
    """The account can be taken over once with this code, for 7 days; a code issued before is void."""
    code = code or new_code()
    values = {"code_hash": make_password(_plain(code)), "expires_at": timezone.now() + VALID_FOR}
    OneTimeCode.objects.update_or_create(user=user, defaults=values)
    return code


def withdraw_code(user: User) -> None:
    """A code that was issued works no longer."""
    OneTimeCode.objects.filter(user=user).delete()


def redeem(username: str, code: str, password: str, language: str = "") -> User | None:
    """The account, now with the password its holder chose; None if the code is wrong, used, void or too old.

    Who signs in for the first time keeps the `language` they were reading in, if one is given: until then others chose
    it. ValidationError if the password is not good enough for this account; the code stays usable. An unknown account
    takes as long as a known one.
    """
    with transaction.atomic():
        found = OneTimeCode.objects.select_for_update(of=("self",)).select_related("user")
        row = found.filter(user__username=username, user__is_active=True).first()
        right = check_password(_plain(code), row.code_hash if row else _nobodys_hash())
        if row is None or not right or row.expires_at <= timezone.now():
            return None
        validate_password(password, row.user)
        if language and row.user.last_login is None:
            row.user.language = language
        set_password(row.user, password)
        return row.user


def set_password(user: User, password: str) -> None:
    """The account has the password; its one-time code is void and every other session of it has ended."""
    user.set_password(password)
    user.password_changed_at = timezone.now()
    user.must_change_password = False
    with transaction.atomic():
        user.save(update_fields=["password", "password_changed_at", "must_change_password", "language"])
        withdraw_code(user)


def end_sessions(user: User) -> None:
    """Every session of the account ends at its next request."""
    User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)


def end_session(session: UserSession) -> None:
    """This one session ends at its next request, where its row still tells whose form was on its way (A4)."""
    store = SessionStore(session.session_key)
    if HASH_SESSION_KEY in store:
        store[HASH_SESSION_KEY] = ""
        store.save()
    session.delete()


def _plain(code: str) -> str:
    return "".join(char for char in western_digits(code.upper()) if char in _LETTERS)


@functools.cache
def _nobodys_hash() -> str:
    return make_password(new_code())
