"""What a field may hold, and which type a column of strings has."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from typing import Any

MAX_CHARACTERS = 10_000_000
MAX_DEPTH = 64
_INT64 = 2**63

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})\Z")
_DECIMAL = re.compile(r"-?(?:(?:0|[1-9][0-9]{0,17})(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?\Z")
_MISSING = frozenset({"", "NA", "N/A", "NaN", "nan", "null", "NULL", "None"})
_TRUTH = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}


def clean(value: Any, depth: int = 0) -> Any:
    """A JSON value that every store, file and screen can hold, without loss.

    Whole numbers outside 64 bits become their digits.

    Raises
    ------
    ValueError
        With the reason in plain words: NaN, an infinity, half a character, a NUL, too long, too deep.
    """
    if isinstance(value, str):
        return clean_text(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if -_INT64 <= value < _INT64 else str(value)
    if isinstance(value, float):
        if math.isfinite(value):
            return value
        raise ValueError(f"holds {value}, which JSON cannot say")
    if depth >= MAX_DEPTH:
        raise ValueError(f"is nested more than {MAX_DEPTH} deep")
    if isinstance(value, list):
        return [clean(part, depth + 1) for part in value]
    if isinstance(value, dict):
        return {clean_text(str(key)): clean(part, depth + 1) for key, part in value.items()}
    raise ValueError(f"holds a {type(value).__name__}, which JSON cannot say")


def clean_text(text: str) -> str:
    """``text`` itself. Raises :class:`ValueError` if it is too long or holds what is no character."""
    if len(text) > MAX_CHARACTERS:
        raise ValueError(f"holds {len(text):,} characters, more than {MAX_CHARACTERS:,}")
    if "\0" in text:
        raise ValueError("holds a NUL character")
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError as e:
            raise ValueError(f"holds half of a surrogate pair (U+{ord(text[e.start]):04X})") from None
    return text


def typed(column: Sequence[str]) -> list[Any]:
    """A column of strings as whole numbers, decimal numbers or truth values, if all of it reads so.

    Empty strings become ``None``. In a column of numbers so do the usual marks for "missing". Numbers with
    leading zeros, a plus sign or more than 18 digits stay text: they are codes.

    Examples
    --------
    >>> typed(["1", "", "20"]), typed(["1.5", "NA"]), typed(["007", "12"])
    ([1, None, 20], [1.5, None], ['007', '12'])
    """
    present = [value for value in column if value]
    if not present:
        return [None] * len(column)
    if all(value in _TRUTH for value in present):
        return [_TRUTH.get(value) for value in column]
    for pattern, convert in _NUMBERS:
        if all(pattern.match(value) or value in _MISSING for value in present):
            numbers = [None if value in _MISSING else convert(value) for value in column]
            if any(number is not None for number in numbers) and all(n is None or math.isfinite(n) for n in numbers):
                return numbers
    return [value or None for value in column]


_NUMBERS: tuple[tuple[re.Pattern[str], Callable[[str], float]], ...] = ((_INTEGER, int), (_DECIMAL, float))
