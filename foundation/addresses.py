"""Addresses of things by their keys: a list has fifty, and Django takes as long for each as for drawing its row."""

from functools import lru_cache

from django.urls import NoReverseMatch, reverse

_STANDS_IN = 7_000_000_000_007


@lru_cache(maxsize=100)
def address(name: str) -> str:
    """What `reverse(name)` gives; empty where there is no such page yet."""
    try:
        return str(reverse(name))
    except NoReverseMatch:
        return ""


def address_of(name: str, key: int | str) -> str:
    """What `reverse(name, args=[key])` gives; `key` is a whole number or a plain code."""
    before, after = _around(name)
    return f"{before}{key}{after}"


@lru_cache(maxsize=100)
def _around(name: str) -> tuple[str, str]:
    before, _key, after = reverse(name, args=[_STANDS_IN]).partition(str(_STANDS_IN))
    return before, after
