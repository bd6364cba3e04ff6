"""What may be stored: bounds on texts, keys, numbers and JSON values, the same for every database."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from typing import Any

from groundswell.core.errors import InputError
from groundswell.core.ids import is_key

MAX_ID = 300
MAX_NAME = 100
MAX_TEXT = 16 * 2**20
MAX_JSON = 16 * 2**20
MAX_DEPTH = 64

_LONG = re.compile(r"[0-9]{19}")

_sorted = json.JSONEncoder(ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")).encode
_as_given = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


def text(value: Any, what: str, *, limit: int = MAX_TEXT, least: int = 0) -> str:
    """``value`` if it is a text of ``least`` to ``limit`` characters that every database and UTF-8 can hold.

    Raises
    ------
    InputError
        Otherwise.

    Examples
    --------
    >>> text("ok", "note")
    'ok'
    >>> text("a\\0b", "note")
    Traceback (most recent call last):
    groundswell.core.errors.InputError: note: A NUL character at position 1. Remove it
    """
    if type(value) is str and value.isascii() and least <= len(value) <= limit and "\0" not in value:
        return value
    if not isinstance(value, str):
        raise InputError(f"A text is needed, not {type(value).__name__}", where=what)
    if not least <= len(value) <= limit:
        raise InputError(f"{len(value):,} characters", where=what, hint=f"Between {least} and {limit:,}")
    if "\0" in value:
        raise InputError(f"A NUL character at position {value.index(chr(0))}", where=what, hint="Remove it")
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise InputError(
                f"Half a surrogate pair at position {error.start}",
                where=what,
                hint="The text was cut or decoded wrongly",
            ) from None
    return value


def storable(value: Any) -> bool:
    """Whether a text can be anywhere in a database: no NUL, no half of a surrogate pair."""
    if not isinstance(value, str) or "\0" in value:
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def optional_text(value: Any, what: str, *, limit: int = MAX_TEXT) -> str | None:
    """``value`` if it is ``None`` or passes :func:`text`."""
    return None if value is None else text(value, what, limit=limit)


def key(value: Any, what: str) -> str:
    """``value`` if it is a UUID in its canonical spelling. Raises :class:`InputError`."""
    if not isinstance(value, str) or len(value) != 36 or not is_key(value):
        raise InputError(
            f"{str(value)[:80]!r} is not a UUID", where=what, hint="Make one with groundswell.core.ids.uuid7"
        )
    return value


def number(value: Any, what: str, low: float = -math.inf, high: float = math.inf) -> float | None:
    """``value`` as a float if it is ``None`` or a finite number in [low, high]. Raises :class:`InputError`."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InputError(f"A number is needed, not {type(value).__name__}", where=what)
    try:
        found = float(value)
    except OverflowError:
        found = math.inf
    if not math.isfinite(found) or not low <= found <= high:
        raise InputError(f"{str(value)[:40]} is out of range", where=what, hint=f"Between {low:g} and {high:g}")
    return found


def whole(value: Any, what: str, low: int, high: int) -> int:
    """``value`` if it is a whole number in [low, high]. Raises :class:`InputError`."""
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise InputError(f"{str(value)[:40]} is out of range", where=what, hint=f"Between {low} and {high}")
    return value


def _leaf(value: Any, what: str) -> None:
    if isinstance(value, str):
        text(value, what)
    elif value is None or isinstance(value, bool):
        pass
    elif isinstance(value, int):
        if not -(2**63) <= value < 2**63:
            raise InputError("A whole number beyond 64 bits", where=what, hint="Write it as a text")
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise InputError("NaN and infinities are no JSON", where=what, hint="Leave the value out, or use null")
    else:
        raise InputError(f"{type(value).__name__} is no JSON value", where=what)


def check_json(value: Any, what: str) -> None:
    """Raise :class:`InputError` unless ``value`` is JSON: at most 64 deep, every number finite and of 64 bits."""
    level: list[Any] = [value]
    for _ in range(MAX_DEPTH + 1):
        deeper: list[Any] = []
        for part in level:
            if isinstance(part, Mapping):
                for name in part:
                    text(name, what)
                deeper.extend(part.values())
            elif isinstance(part, list | tuple):
                deeper.extend(part)
            else:
                _leaf(part, what)
        if not deeper:
            return
        level = deeper
    raise InputError(f"Nested more than {MAX_DEPTH} deep", where=what)


def to_json(value: Any, what: str, *, keep_order: bool = False) -> str:
    """``value`` as JSON text, keys sorted unless ``keep_order``.

    Raises
    ------
    InputError
        If it is no JSON, nested more than 64 deep, or longer than 16 MiB.

    Examples
    --------
    >>> to_json({"b": [1.5, None], "a": "é"}, "answer")
    '{"a":"é","b":[1.5,null]}'
    """
    if isinstance(value, Mapping) and not isinstance(value, dict):
        value = dict(value)
    try:
        found = _as_given(value) if keep_order else _sorted(value)
    except (TypeError, ValueError, RecursionError):
        check_json(value, what)
        raise InputError("Not a JSON value", where=what) from None
    if _odd(value, found):
        check_json(value, what)
    if len(found) > MAX_JSON:
        raise InputError(f"{len(found):,} characters of JSON", where=what, hint=f"At most {MAX_JSON:,}")
    return found


def _odd(value: Any, found: str) -> bool:
    """Whether ``value``, spelled ``found``, needs a closer look: cheap, and never wrong about a bad value."""
    nested = found.count("{") + found.count("[")
    return (
        nested > 1
        or not found.isascii()
        or "\\u0000" in found
        or _LONG.search(found) is not None
        or (isinstance(value, dict) and not all(type(name) is str for name in value))
    )
