"""JSON (RFC 8259) and JSON Lines: lists of records or of texts."""

from __future__ import annotations

import json
from typing import Any

from groundswell.collect.base import READERS, Bad, Options, Reader, Reading
from groundswell.collect.files import File
from groundswell.collect.tables import Table, records
from groundswell.core.errors import InputError


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is not a JSON value")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the field '{twice}' stands there twice")
    return fields


_DECODER = json.JSONDecoder(parse_constant=_refuse, object_pairs_hook=_unique)


def parse(text: str) -> Any:
    """Strict JSON. Raises :class:`ValueError` with the reason in plain words."""
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as e:
        place = f"line {e.lineno:,}, column {e.colno:,}" if e.lineno > 1 else f"column {e.colno:,}"
        raise ValueError(f"not JSON: {e.msg} ({place})") from None
    except RecursionError:
        raise ValueError("nested too deep") from None
    except ValueError as e:
        long = "integer string conversion" in str(e)
        raise ValueError("holds a number of thousands of digits" if long else str(e)) from None


class _Collector:
    """Values to a table: a record is a row, a bare text is a row with the one column ``text``."""

    def __init__(self) -> None:
        self.table = Table([], [], [])
        self._columns: dict[str, None] = {}

    def add(self, number: int, value: Any) -> None:
        if isinstance(value, str):
            value = {"text": value}
        if not isinstance(value, dict):
            self.table.bad.append(Bad(number, f"holds {_spoken(value)} where a record or a text was expected"))
        elif not value:
            self.table.blank += 1
        else:
            self._columns.update(dict.fromkeys(value))
            self.table.numbers.append(number)
            self.table.raw.append(value)

    def finish(self) -> Table:
        self.table.columns = list(self._columns)
        return self.table


def _spoken(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a truth value"
    return "a list" if isinstance(value, list) else "a number"


@READERS.register("json")
class Json(Reader):
    """One JSON file: a list of records or texts, or a record with one such list in it."""

    endings = (".json",)

    def read(self, file: File, options: Options) -> Reading:
        """Read one file. Rows are counted from 1 in the list."""
        try:
            value = parse(file.text(options.encoding))
        except ValueError as e:
            text = str(e)
            hint = "One record per line? Give it the ending .jsonl" if "Extra data" in text else "Check the file"
            raise InputError(text[0].upper() + text[1:], where=file.origin, hint=hint) from None
        collector = _Collector()
        for number, row in enumerate(_list(value, file), 1):
            collector.add(number, row)
        return records(collector.finish(), file, options)


def _list(value: Any, file: File) -> list[Any]:
    if isinstance(value, list):
        return value
    hint = 'A list was expected: [{"text": "…"}, …]'
    if isinstance(value, dict):
        lists = [part for part in value.values() if isinstance(part, list)]
        if len(lists) == 1:
            return lists[0]
        if len(lists) > 1:
            hint = f"Several lists stand in it ({', '.join(list(value)[:8])}): keep the one that holds the items"
    raise InputError("The file holds no list of records", where=file.origin, hint=hint)


@READERS.register("jsonl")
class JsonLines(Reader):
    """JSON Lines: one record or text per line."""

    endings = (".jsonl", ".ndjson")

    def read(self, file: File, options: Options) -> Reading:
        """Read one file. Rows are lines, counted from 1."""
        collector = _Collector()
        # Not splitlines(): U+2028 and other separators may stand inside a JSON string.
        for number, line in enumerate(file.text(options.encoding).split("\n"), 1):
            if not line.strip():
                continue
            try:
                collector.add(number, parse(line.strip()))
            except ValueError as e:
                collector.table.bad.append(Bad(number, str(e)))
        table = collector.finish()
        if not table.raw and table.bad:
            raise InputError(
                f"No line is a record (line {table.bad[0].row}: {table.bad[0].reason})",
                where=file.origin,
                hint="A JSON list? Give it the ending .json",
            )
        return records(table, file, options)
