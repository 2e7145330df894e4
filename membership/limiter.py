"""How often somebody may try to sign in: one limiter in the database for every door (security.md, A2).

An attempt is counted before the password is checked and given back when it was right, so that fifty at once are fifty.
"""

import hashlib
import ipaddress
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from membership.models import KnownBrowser, SignInBudget, User

_HOUR = 3600.0  # seconds
_FREE = 5  # failures without a wait
_FIRST_WAIT, _LONGEST_WAIT = 15, 900  # seconds
_KEPT_FOR = timedelta(days=1)


class TooManyAttempts(Exception):
    """No password was checked; after `retry_after` seconds another attempt is heard."""

    def __init__(self, retry_after: int):
        super().__init__(retry_after)
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class _Limit:
    key: str
    an_hour: int
    waits: bool  # after the first failures each further attempt waits longer


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt under way, counted as failed until `succeeded` takes it back."""

    keys: tuple[str, ...]
    at: float


def begin(username: str, address: str, browser: str = "") -> Attempt:
    """The attempt is counted under all its keys; `TooManyAttempts` if one of them is used up."""
    limits = sorted(_limits(_account(username), _network(address), browser), key=lambda limit: limit.key)
    keys, moment = [limit.key for limit in limits], time.time()
    _refuse_used_up(limits, list(SignInBudget.objects.filter(key__in=keys)), moment)  # a flood locks and writes nothing
    with transaction.atomic():
        budgets = _locked(keys)
        _refuse_used_up(limits, budgets, moment)
        for budget in budgets:
            budget.attempts = [*_recent(budget, moment), moment]
        _store(budgets)
    return Attempt(tuple(keys), moment)


def succeeded(attempt: Attempt) -> None:
    """The attempt counts no longer, and whoever made it waits no longer; others' failures stay counted."""
    with transaction.atomic():
        budgets = _locked(attempt.keys)
        for budget in budgets:
            if budget.key.startswith(("pair:", "browser:")):
                budget.attempts = []
            elif attempt.at in budget.attempts:
                budget.attempts.remove(attempt.at)
        _store(budgets)
        SignInBudget.objects.filter(touched_at__lt=timezone.now() - _KEPT_FOR).delete()


def token_hash(token: str) -> str:
    """How a browser's token is kept."""
    return hashlib.sha256(token.encode()).hexdigest()


def _limits(account: str, network: str, browser: str) -> list[_Limit]:
    if browser and KnownBrowser.objects.filter(token_hash=token_hash(browser), user__username=account).exists():
        return [_Limit(_key("browser", browser, account), 20, waits=True)]
    return [
        _Limit(_key("account", account), 20, waits=False),
        _Limit(_key("address", network), 50, waits=False),
        _Limit(_key("pair", account, network), 20, waits=True),
    ]


def _key(kind: str, *parts: str) -> str:
    digest = salted_hmac("membership.limiter", "\n".join(parts), algorithm="sha256").hexdigest()
    return f"{kind}:{digest[:48]}"


def _account(username: str) -> str:
    return User.normalize_username(username).strip().casefold()


def _network(address: str) -> str:
    """The address; of IPv6 its /64, since one line has as many as it likes."""
    found = ipaddress.ip_address(address)
    if isinstance(found, ipaddress.IPv6Address):
        return str(found.ipv4_mapped or ipaddress.ip_network((found, 64), strict=False))
    return str(found)


def _locked(keys: Sequence[str]) -> list[SignInBudget]:
    """The budgets of `keys`, in their order (sorted, so that two attempts never wait for each other)."""
    new = [SignInBudget(key=key, touched_at=timezone.now()) for key in keys]
    SignInBudget.objects.bulk_create(new, ignore_conflicts=True)
    return list(SignInBudget.objects.select_for_update().filter(key__in=keys).order_by("key"))


def _refuse_used_up(limits: Sequence[_Limit], budgets: Sequence[SignInBudget], moment: float) -> None:
    found = {budget.key: _recent(budget, moment) for budget in budgets}
    if wait := max(_wait(limit, found.get(limit.key, []), moment) for limit in limits):
        raise TooManyAttempts(math.ceil(wait))


def _recent(budget: SignInBudget, moment: float) -> list[float]:
    return [at for at in budget.attempts if at > moment - _HOUR]


def _wait(limit: _Limit, attempts: Sequence[float], moment: float) -> float:
    """Seconds until the next attempt is heard; 0: now."""
    wait, failures = 0.0, len(attempts)
    if failures >= limit.an_hour:
        wait = attempts[-limit.an_hour] + _HOUR - moment
    if limit.waits and failures >= _FREE:
        pause = min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** (failures - _FREE))
        wait = max(wait, attempts[-1] + pause - moment)
    return max(wait, 0.0)


def _store(budgets: Sequence[SignInBudget]) -> None:
    moment = timezone.now()
    for budget in budgets:
        budget.touched_at = moment
    SignInBudget.objects.bulk_update(budgets, ["attempts", "touched_at"])
