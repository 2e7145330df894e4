"""Small texts that nobody reads in the database, a backup or a log: encrypted with keys that lie outside of it."""

import functools
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


class SealBroken(Exception):
    """The stored text was changed, or sealed with a key that is not among SEALING_KEYS. It is never shown as blank."""


def seal(text: str) -> str:
    """The text, encrypted and authenticated with the first of SEALING_KEYS (Fernet); each time another token."""
    return _box(tuple(settings.SEALING_KEYS)).encrypt(text.encode()).decode()


def unseal(token: str) -> str:
    """The text that was sealed, with any of SEALING_KEYS; SealBroken if none opens it."""
    try:
        return _box(tuple(settings.SEALING_KEYS)).decrypt(token.encode()).decode()
    except InvalidToken:
        raise SealBroken("A sealed value cannot be opened with the keys in SEALING_KEYS.") from None


def reseal(token: str) -> str:
    """The same text under the first of SEALING_KEYS: for taking an old key out of use. SealBroken as in `unseal`."""
    return seal(unseal(token))


def fingerprint(text: str) -> str:
    """64 hexadecimal characters, equal for equal texts and of no use without IDENTITY_KEY (HMAC-SHA256)."""
    if not settings.IDENTITY_KEY:
        raise ImproperlyConfigured("IDENTITY_KEY is missing: 32 random bytes as text.")
    return hmac.new(settings.IDENTITY_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()


@functools.lru_cache(maxsize=4)
def _box(keys: tuple[str, ...]) -> MultiFernet:
    if not keys:
        raise ImproperlyConfigured("SEALING_KEYS is missing: one key or more, each 32 random bytes as text.")
    try:
        return MultiFernet([Fernet(key) for key in keys])
    except ValueError:
        raise ImproperlyConfigured("A key in SEALING_KEYS is not 32 random bytes in URL-safe base64.") from None
