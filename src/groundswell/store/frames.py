"""From rows to polars tables."""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Sequence
from typing import Any

import polars as pl

from groundswell.core.ids import canonical


def loads(text: str) -> dict[str, Any]:
    """A JSON object that the store has written itself."""
    found: dict[str, Any] = json.loads(text)
    return found


def spread(objects: Sequence[str], prefix: str, *, taken: Container[str]) -> dict[str, pl.Series]:
    """One column for each field of the JSON objects, in order of first appearance; null where it is missing.

    A field whose name is ``taken`` comes as ``<prefix>.<name>``. Truth values, whole numbers, numbers and texts
    keep their type; anything else, lists and mixtures included, comes as JSON text (texts of a mixture as they are).

    Examples
    --------
    >>> {name: column.to_list() for name, column in spread(['{"a":1}', '{"a":2.5,"b":[1]}'], "meta", taken=()).items()}
    {'a': [1.0, 2.5], 'b': [None, '[1]']}
    """
    rows = json.loads(f"[{','.join(objects)}]")
    names = dict.fromkeys(name for row in rows for name in row)
    found = {}
    for name in names:
        shown = name
        while shown in taken or shown in found or (shown != name and shown in names):
            shown = f"{prefix}.{shown}"
        found[shown] = column(shown, [row.get(name) for row in rows])
    return found


def column(name: str, values: list[Any]) -> pl.Series:
    """``values`` as a column of the narrowest type that holds them all.

    Examples
    --------
    >>> column("a", [True, None]).dtype, column("a", [True, 1]).to_list()
    (Boolean, ['true', '1'])
    """
    kinds = {type(value) for value in values} - {type(None)}
    if kinds == {bool}:
        return pl.Series(name, values, pl.Boolean)
    if kinds == {int}:
        return pl.Series(name, values, pl.Int64)
    if kinds and kinds <= {int, float}:
        return pl.Series(name, [None if value is None else float(value) for value in values], pl.Float64)
    if kinds <= {str}:
        return pl.Series(name, values, pl.String)
    return pl.Series(name, [as_text(value) for value in values], pl.String)


def as_text(value: Any) -> str | None:
    """A text as it is, ``None`` as it is, anything else as JSON."""
    return value if value is None or isinstance(value, str) else canonical(value)


def floats(name: str, values: Iterable[Any]) -> pl.Series:
    """A column of numbers, null where there is none."""
    return pl.Series(name, list(values), pl.Float64)


def value(text: str) -> Any:
    """A JSON value that the store has written itself."""
    return json.loads(text)
