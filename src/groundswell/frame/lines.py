"""Where things stand in a TOML file: line numbers that the parsers do not give."""

from __future__ import annotations

import tomllib
from typing import Any, TypeAlias

Path_: TypeAlias = tuple[str | int, ...]


def line_numbers(text: str) -> dict[Path_, int]:
    """The line (from 1) of every table and key of a valid TOML text, by path; members of ``[[…]]`` by number.

    Examples
    --------
    >>> found = line_numbers('name = "x"\\n\\n[[sources]]\\ntype = "pattern"\\n')
    >>> found["name",], found["sources", 0], found["sources", 0, "type"]
    (1, 3, 4)
    """
    found: dict[Path_, int] = {}
    counts: dict[Path_, int] = {}
    table: Path_ = ()
    position, line = 0, 1
    while position < len(text):
        end = _statement_end(text, position)
        statement = text[position:end]
        stripped = statement.strip()
        if stripped.startswith("["):
            table = _table(stripped, counts)
            found.setdefault(table, line)
        elif stripped and not stripped.startswith("#"):
            path = _resolve((*_key(stripped),), counts, table)
            found.setdefault(path, line)
        line += statement.count("\n")
        position = end
    return found


def _table(header: str, counts: dict[Path_, int]) -> Path_:
    """The path of a table header; a member of an array is counted."""
    many = header.startswith("[[")
    inner = header[2 : header.index("]]")] if many else header[1 : header.index("]")]
    path = _resolve(_key(f"{inner} ="), counts, ())
    if not many:
        return path
    counts[path] = counts.get(path, -1) + 1
    return (*path, counts[path])


def _resolve(keys: tuple[str, ...], counts: dict[Path_, int], table: Path_) -> Path_:
    path: Path_ = table
    for i, key in enumerate(keys):
        path = (*path, key)
        if path in counts and i < len(keys) - 1:
            path = (*path, counts[path])
    return path


def _key(statement: str) -> tuple[str, ...]:
    """The parts of the (dotted, quoted) key before the equals sign."""
    end, quote = 0, ""
    while end < len(statement) and (quote or statement[end] != "="):
        character = statement[end]
        if quote:
            quote = "" if character == quote else quote
        elif character in "\"'":
            quote = character
        end += 1
    value: Any = tomllib.loads(f"{statement[:end]} = 0")
    keys = []
    while isinstance(value, dict):
        key, value = next(iter(value.items()))
        keys.append(key)
    return tuple(keys)


def _statement_end(text: str, start: int) -> int:
    """After the newline that ends the statement which begins at ``start``: none within texts and brackets counts."""
    depth, position = 0, start
    while position < len(text):
        character = text[position]
        if character == "#":
            position = _find(text, "\n", position)
            continue
        if character in "\"'":
            position = _text_end(text, position)
            continue
        if character in "[{":
            depth += 1
        elif character in "]}":
            depth -= 1
        elif character == "\n" and depth <= 0:
            return position + 1
        position += 1
    return len(text)


def _text_end(text: str, start: int) -> int:
    """After the quotation mark that ends the text which begins at ``start``."""
    quote = text[start]
    mark = quote * 3 if text.startswith(quote * 3, start) else quote
    position = start + len(mark)
    while position < len(text):
        if quote == '"' and text[position] == "\\":
            position += 2
        elif text.startswith(mark, position):
            position += len(mark)
            # Up to two more marks belong to the text itself.
            while len(mark) == 3 and text.startswith(quote, position):
                position += 1
            return position
        else:
            position += 1
    return len(text)


def _find(text: str, what: str, start: int) -> int:
    found = text.find(what, start)
    return len(text) if found < 0 else found
