"""Open an account, hand it over by a slip, end its sessions, close and reopen it. Nobody chooses another's password."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from foundation.operation import Act, NotPermitted, OperationRefused, operation
from membership import accounts
from membership.models import Person, User
from membership.models.access import units_in_office


class AccountRefused(OperationRefused):
    """The account cannot be opened or changed like this; nothing was written."""


def _units_of(account: User) -> list[Any]:
    return account.permission_units()


def _units_of_person(person: Person) -> list[Any]:
    return units_in_office(person.pk)


@operation("open_account", capability="access.write", over=_units_of_person)
def open_account(act: Act, *, person: Person, username: str, language: str = "vi", staff: bool = False) -> User:
    """The person has an account, without a password until it is handed over; rights come from appointments alone."""
    if not _units_of_person(person):
        raise AccountRefused(_("Appoint this person first: an account without an appointment may do nothing."))
    account = User(username=User.normalize_username(username), person=person, language=language, is_staff=staff)
    account.set_unusable_password()
    try:
        account.full_clean(exclude=["password"])
    except ValidationError as error:
        raise AccountRefused(*error.messages) from error
    account.save()
    act.about(person)
    act.note("account", "username", None, account.username)
    return account


@operation("hand_over_account", capability="access.write", over=_units_of)
def hand_over_account(act: Act, *, account: User, code: str) -> User:
    """With this code the holder chooses a password, once, within 7 days; codes issued before are void."""
    _refuse_stranger(act, account)
    if not account.is_active:
        raise AccountRefused(_("This account is closed. Reopen it before handing it over."))
    accounts.issue_code(account, code)
    _about(act, account)
    return account


@operation("end_sessions_of_account", capability="access.write", over=_units_of)
def end_sessions_of_account(act: Act, *, account: User) -> User:
    """Whoever is signed in with the account is signed out at the next request."""
    _refuse_stranger(act, account)
    accounts.end_sessions(account)
    _about(act, account)
    return account


@operation("close_account", capability="access.write", over=_units_of)
def close_account(act: Act, *, account: User) -> User:
    """Nobody can sign in with the account; its sessions have ended and its one-time code is void."""
    _refuse_stranger(act, account)
    if account == act.actor:
        raise AccountRefused(_("You cannot close your own account."))
    _set_active(act, account, active=False)
    accounts.end_sessions(account)
    accounts.withdraw_code(account)
    return account


@operation("reopen_account", capability="access.write", over=_units_of)
def reopen_account(act: Act, *, account: User) -> User:
    """The account may sign in again, with the password it had."""
    _refuse_stranger(act, account)
    _set_active(act, account, active=True)
    return account


def _refuse_stranger(act: Act, account: User) -> None:
    """An account without appointments, or one that sets up, is managed by who sets up."""
    if not act.actor.is_superuser and (account.is_superuser or not account.permission_units()):
        raise NotPermitted


def _set_active(act: Act, account: User, *, active: bool) -> None:
    act.note("account", "is_active", account.is_active, active)
    User.objects.filter(pk=account.pk).update(is_active=active)
    account.is_active = active
    _about(act, account)


def _about(act: Act, account: User) -> None:
    act.about(account)
    if account.person:
        act.about(account.person)
