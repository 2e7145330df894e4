"""What the program refuses to start with: each refusal is one sentence that names the setting."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

_LOOPBACK = {"localhost", "127.0.0.1", "[::1]"}
_FEWEST_LETTERS = 16  # a key with fewer different ones was not drawn
KEY_BYTES = {"SECRET_KEY": 48, "SEALING_KEYS": 32, "IDENTITY_KEY": 32}


def refuse_insecure(
    *,
    practice: bool,
    debug: bool,
    hosts: Sequence[str],
    secure_cookies: bool,
    database: str,
    keys: Mapping[str, Sequence[str]],
) -> None:
    """Returns where the office may be served with these settings; else ImproperlyConfigured names the first fault."""
    for name, values in keys.items():
        _refuse_weak(name, values)
    if practice:
        if foreign := sorted(set(hosts) - _LOOPBACK):
            raise ImproperlyConfigured(
                f"ALLOWED_HOSTS names {foreign[0]}, but a practice office (PRACTICE=1) is served on this machine only."
            )
        return
    if debug:
        raise ImproperlyConfigured("DEBUG is on: it shows program internals to strangers; only PRACTICE=1 may have it.")
    if not hosts:
        raise ImproperlyConfigured("ALLOWED_HOSTS is empty: name the hosts under which this office is reached.")
    if open_hosts := [host for host in hosts if host == "*" or host.startswith(".")]:
        raise ImproperlyConfigured(f"ALLOWED_HOSTS is open ({open_hosts[0]}): name each host in full.")
    if not secure_cookies:
        raise ImproperlyConfigured("SECURE_COOKIES is off: sessions would travel over plain HTTP; only PRACTICE=1 may.")
    if not database:
        raise ImproperlyConfigured("DATABASE_URL is not set: name the office's database.")


def refuse_public(static: Path, **private: Path) -> None:
    """Nothing private lies where the static files are served from; the refusal names the setting."""
    for name, path in private.items():
        if path.resolve().is_relative_to(static.resolve()):
            raise ImproperlyConfigured(f"{name} lies below STATIC_ROOT ({static}), from where everybody is served.")


def refuse_other_kind(practice: bool) -> None:
    """A practice database is not served as a real office, nor a real one as practice."""
    from foundation.models import Office

    office = Office.objects.first()
    if office and practice and office.practice_day is None:
        raise ImproperlyConfigured("PRACTICE is on, but DATABASE_URL names the database of a real office.")
    if office and not practice and office.practice_day is not None:
        raise ImproperlyConfigured("PRACTICE is off, but DATABASE_URL names a practice database.")


def _refuse_weak(name: str, values: Sequence[str]) -> None:
    size = KEY_BYTES[name]
    if not any(values):
        raise ImproperlyConfigured(
            f"{name} is not set: put {size} random bytes, as base64 text, into the file that SETTINGS_FILE names "
            "(for practice, make setup does it)."
        )
    for value in values:
        drawn = len(_decoded(value)) == size and len(set(value)) >= _FEWEST_LETTERS
        if not drawn or value.startswith("django-insecure"):
            raise ImproperlyConfigured(f"{name} is weak: it needs {size} random bytes, as base64 text.")


def _decoded(value: str) -> bytes:
    try:
        return base64.b64decode(value.encode(), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError):
        return b""
