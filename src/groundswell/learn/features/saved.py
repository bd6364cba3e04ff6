"""Checking what comes from a file before it is believed."""

from __future__ import annotations

from typing import Any

from groundswell.core.errors import InputError


def names(value: Any, what: str, *, empty: bool = True) -> list[str]:
    """A list of different texts that can be written down, or :class:`InputError`. ``empty``: whether one may be."""
    if not isinstance(value, list) or not all(isinstance(one, str) and (one or empty) for one in value):
        raise InputError(f"The saved {what} are not a list of names")
    if len(set(value)) < len(value):
        raise InputError(f"The saved {what} hold a name twice")
    try:
        "".join(value).encode()
    except UnicodeEncodeError:
        raise InputError(f"The saved {what} hold text that is none") from None
    return value
