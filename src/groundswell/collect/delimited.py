"""Comma- and tab-separated values (RFC 4180), with correct row and line numbers."""

from __future__ import annotations

import csv
import io
from collections import Counter
from typing import ClassVar

from groundswell.collect.base import READERS, Bad, Options, Reader, Reading
from groundswell.collect.files import File
from groundswell.collect.tables import MAX_COLUMNS, Table, records
from groundswell.collect.values import MAX_CHARACTERS, typed
from groundswell.core.errors import InputError

_LONG_NAME = 100


@READERS.register("csv")
class Csv(Reader):
    """Comma-separated values. Semicolons, tabs and bars are recognised by the header."""

    endings: ClassVar[tuple[str, ...]] = (".csv",)
    delimiters: ClassVar[str] = ",;\t|"

    def read(self, file: File, options: Options) -> Reading:
        """Read one file; columns of numbers and truth values become such."""
        text = file.text(options.encoding)
        if csv.field_size_limit() < MAX_CHARACTERS:
            csv.field_size_limit(MAX_CHARACTERS)
        delimiter = _delimiter(text, self.delimiters)
        rows, bad, blank = _rows(text, delimiter)
        if not rows or (options.header and rows[0][0] != 0):
            why = bad[0].reason.capitalize() if bad else "The file holds only blank lines"
            raise InputError(why, where=file.origin, hint="Check the file")
        notes: list[str] = []
        if delimiter != self.delimiters[0]:
            notes.append(f"The columns are taken to be separated by {_SPOKEN[delimiter]}")
        if options.header:
            columns = _columns(rows[0][2], file, notes)
            body = rows[1:]
            _refuse_data(rows[0][2], body, file)
        else:
            width = Counter(len(fields) for _, _, fields in rows).most_common(1)[0][0]
            columns = [f"column_{n}" for n in range(1, width + 1)]
            body = rows
        body = _padded(columns, body, notes)
        table = _table(columns, body, bad, rows[0][2], named=options.header, nul="\0" in text)
        table.blank, table.notes = blank, notes
        return records(table, file, options)


@READERS.register("tsv")
class Tsv(Csv):
    """Tab-separated values."""

    endings = (".tsv", ".tab")
    delimiters = "\t"


_SPOKEN = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_Row = tuple[int, int, list[str]]


def _delimiter(text: str, candidates: str) -> str:
    """The first candidate, unless the header has one column by it and several by another that the rows confirm."""
    start = text[:65536].lstrip("\r\n")
    header = start.splitlines()[0] if start else ""
    if len(candidates) == 1 or candidates[0] in header:
        return candidates[0]
    lines = [line for line in start.splitlines()[1:21] if line]
    best = max(candidates[1:], key=header.count)
    found = header.count(best)
    confirmed = sum(line.count(best) >= found for line in lines) >= 0.8 * len(lines)
    return best if found and lines and confirmed else candidates[0]


def _spaced(text: str, delimiter: str) -> bool:
    """Whether every separator of the first line is followed by a space that belongs to it."""
    line = text[:65536].lstrip("\r\n").partition("\n")[0]
    return 0 < line.count(delimiter) == line.count(delimiter + " ")


def _rows(text: str, delimiter: str) -> tuple[list[_Row], list[Bad], int]:
    """(row from 0 with blank ones not counted, line from 1, fields); bad rows; the number of blank ones."""
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=delimiter, strict=True, skipinitialspace=_spaced(text, delimiter)
    )
    rows: list[_Row] = []
    bad: list[Bad] = []
    blank = 0
    number = 0
    while True:
        line = reader.line_num + 1
        try:
            fields = next(reader)
        except StopIteration:
            return rows, bad, blank
        except csv.Error as e:
            bad.append(Bad(number, f"line {line:,}: {_spoken(e)}"))
            number += 1
            continue
        if not any(fields):
            blank += 1
            continue
        rows.append((number, line, fields))
        number += 1


def _spoken(error: csv.Error) -> str:
    text = str(error)
    if "unexpected end of data" in text:
        return "a quotation mark that opens here is never closed"
    if "expected after" in text:
        return 'something follows a closing quotation mark (a quotation mark inside a field is written "")'
    if "field larger" in text:
        return f"a field holds more than {MAX_CHARACTERS:,} characters"
    return text


def _columns(header: list[str], file: File, notes: list[str]) -> list[str]:
    """Names of the columns: stripped, the nameless numbered, repeated ones told apart."""
    if len(header) > MAX_COLUMNS:
        raise InputError(f"The header has {len(header):,} columns, more than {MAX_COLUMNS:,}", where=file.origin)
    if "\0" in "".join(header):
        raise InputError("The header holds NUL characters", where=file.origin, hint="Check that it is a text file")
    names: dict[str, None] = {}
    for n, given in enumerate(header, 1):
        name = wanted = given.strip() or f"column_{n}"
        again = 2
        while name in names:
            name = f"{wanted}_{again}"
            again += 1
        if name != wanted:
            notes.append(f"The header names '{wanted}' more than once: column {n} is '{name}'")
        names[name] = None
    return list(names)


def _refuse_data(header: list[str], body: list[_Row], file: File) -> None:
    """A first row that is an item, not a header, would be lost without a word."""
    named = [n for n, cell in enumerate(header) if cell.strip()]
    rows = [fields for _, _, fields in body[:2000] if len(fields) == len(header) and fields != header]
    repeated = [n for n in named if any(fields[n] == header[n] for fields in rows)]
    numbers = [n for n in repeated if header[n].strip().replace(".", "", 1).isdigit()]
    long = any(len(cell) > _LONG_NAME for cell in header)
    if long or numbers or (len(repeated) >= 2 and 2 * len(repeated) >= len(named)):
        raise InputError(
            "The first row looks like data, not like the names of the columns",
            where=file.origin,
            hint="Add a row of names, or say header=False (--no-header)",
        )


def _padded(columns: list[str], body: list[_Row], notes: list[str]) -> list[_Row]:
    """Where every row lacks the same last columns (as Mechanical Turk writes them), they are empty."""
    widths = {len(fields) for _, _, fields in body}
    short = next(iter(widths)) if len(widths) == 1 else len(columns)
    if len(body) < 2 or not 1 < short < len(columns):
        return body
    missing = len(columns) - short
    notes.append(f"No row has the last {missing} columns of the header ({', '.join(columns[short:][:5])}): left empty")
    return [(number, line, fields + [""] * missing) for number, line, fields in body]


def _table(columns: list[str], body: list[_Row], bad: list[Bad], header: list[str], *, named: bool, nul: bool) -> Table:
    width = len(columns)
    kept: list[_Row] = []
    shift = 0 if named else 1  # rows are counted from 1, the header not counted
    refused = [Bad(row + shift, reason) for row, reason in ((b.row or 0, b.reason) for b in bad)]
    for number, line, fields in body:
        if len(fields) != width:
            where = "the header has" if named else "most rows have"
            refused.append(Bad(number + shift, f"line {line:,}: {len(fields)} fields where {where} {width}"))
        elif named and fields == header:
            refused.append(Bad(number, f"line {line:,}: repeats the header"))
        elif nul and any("\0" in cell for cell in fields):
            refused.append(Bad(number + shift, f"line {line:,}: holds a NUL character"))
        else:
            kept.append((number + shift, line, fields))
    refused.sort(key=lambda b: b.row or 0)
    raw = [dict(zip(columns, fields, strict=True)) for _, _, fields in kept]
    cells = [typed([fields[n] for _, _, fields in kept]) for n in range(width)]
    values = [dict(zip(columns, row, strict=True)) for row in zip(*cells, strict=True)]
    return Table(columns, [number for number, _, _ in kept], raw, values, refused, checked=True)
