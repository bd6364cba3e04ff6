"""Identifiers: time-ordered keys made by clients, and hashes of content."""

from __future__ import annotations

import hashlib
import json
import os
import re
import time
import uuid
from dataclasses import fields, is_dataclass
from typing import Any

from groundswell.core.errors import InputError

# Made once: json.dumps with settings of its own makes one per call.
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}\Z")


def uuid7() -> str:
    """A UUID of version 7 (RFC 9562): 48 bits of milliseconds since 1970, then randomness."""
    value = (time.time_ns() // 1_000_000) << 80 | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF000 << 64) | 0x7000 << 64
    value = value & ~(0xC000 << 48) | 0x8000 << 48
    return str(uuid.UUID(int=value))


def is_key(text: str) -> bool:
    """Whether ``text`` is a UUID in its canonical spelling."""
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False


def canonical(value: Any) -> str:
    """JSON with sorted keys and no spaces: equal values have equal spellings.

    Raises
    ------
    InputError
        If the value holds NaN, an infinity or something that JSON cannot say.
    """
    try:
        return _ENCODER.encode(value)
    except (TypeError, ValueError) as e:
        raise InputError(f"Not a JSON value: {e}") from None


def digest(value: Any, *, length: int = 16) -> str:
    """The first ``length`` hexadecimal digits of the SHA-256 of the canonical JSON of ``value``.

    Examples
    --------
    >>> digest({"b": 1, "a": 2}) == digest({"a": 2, "b": 1})
    True
    """
    return hashlib.sha256(canonical(value).encode("utf-8", "surrogatepass")).hexdigest()[:length]


def check_name(name: str, what: str) -> str:
    """Return ``name`` if it can name a file, a URL part and a table column alike.

    Raises
    ------
    InputError
        Unless it is 1 to 63 of a-z, 0-9, ``_`` and ``-``, beginning with a letter or digit.
    """
    if not _NAME.match(name):
        raise InputError(
            f"'{name[:80]}' cannot name a {what}",
            hint="Use 1 to 63 of a-z, 0-9, - and _, beginning with a letter or digit",
        )
    return name


def to_plain(value: Any) -> Any:
    """What JSON cannot say itself, for ``json.dumps(default=…)``: dataclasses, NumPy values, paths."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    if hasattr(value, "tolist"):
        return value.tolist()
    return str(value)
