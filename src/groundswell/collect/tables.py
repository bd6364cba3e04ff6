"""Rows with named fields to records: which column is the text, and what the others are."""

from __future__ import annotations

import re
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from groundswell.collect.base import Bad, Options, Reading, Record
from groundswell.collect.files import File
from groundswell.collect.pictures import look
from groundswell.collect.values import clean, clean_text
from groundswell.core.errors import InputError, NotFoundError, did_you_mean

MAX_COLUMNS = 16_384
RESERVED = ("item", "text", "media", "group")
_TEXT_NAMES = ("text", "body", "message", "content", "sentence", "comment", "review", "tweet", "document", "sms")
_PROSE_WORDS = 4
_LOOK_AT = 2_000
# Chinese and Japanese have no spaces: each character counts. Dates and codes are not words.
_WORD = re.compile("[\u3040-\u30ff\u3400-\u9fff]|\\b[^\\W\\d_]{2,}\\b")
_NOT_TEXT: dict[type, str] = {list: "list", dict: "record"}


@dataclass(slots=True)
class Table:
    """Rows as read: ``raw`` fields give the item its id, ``fields`` (raw if ``None``) its metadata.

    ``checked`` says that the reader vouches for every field being a clean JSON value.
    """

    columns: list[str]
    numbers: list[int]
    raw: list[dict[str, Any]]
    fields: list[dict[str, Any]] | None = None
    bad: list[Bad] = field(default_factory=list)
    blank: int = 0
    notes: list[str] = field(default_factory=list)
    checked: bool = False


def records(table: Table, file: File, options: Options) -> Reading:
    """Turn a table into records.

    Raises
    ------
    NotFoundError
        If a column that was named does not exist.
    InputError
        If the text column was not named and several could be meant.
    """
    if not table.raw and not table.bad:
        raise InputError("The file holds no rows", where=file.origin, hint="Nothing was collected")
    if len(table.columns) > MAX_COLUMNS:
        raise InputError(
            f"The file has {len(table.columns):,} columns, more than {MAX_COLUMNS:,}",
            where=file.origin,
            hint="Keep only those that are needed",
        )
    reading = Reading(bad=list(table.bad), blank=table.blank, notes=list(table.notes))
    for name in (options.text, options.media, options.id, options.group):
        if name and name not in table.columns:
            raise NotFoundError(f"No column '{name}'", where=file.origin, hint=did_you_mean(name, table.columns[:50]))
    text, note = (options.text or None, None) if options.text is not None else _guess(table, file, options)
    if note:
        reading.notes.append(note)
    names = _names(table.columns, options, text, reading.notes)
    build = _Builder(replace(options, text=text), names, _Pictures(file, reading.media), table.checked)
    for n, row in enumerate(table.raw):
        number = table.numbers[n]
        try:
            reading.records.append(build(number, row, table.fields[n] if table.fields is not None else row))
        except (ValueError, InputError) as e:
            reading.bad.append(Bad(number, e.what if isinstance(e, InputError) else str(e)))
    return reading


def _names(columns: Sequence[str], options: Options, text: str | None, notes: list[str]) -> dict[str, str]:
    """Column to metadata name; what becomes the text, the media or the id is left out."""
    names = {}
    for column in columns:
        if column in (text, options.media, options.id):
            continue
        name = column
        while name in RESERVED or (name != column and name in columns):
            name += "_"
        if name != column:
            notes.append(f"The column '{column}' is kept as '{name}', for '{column}' means something else here")
        names[column] = name
    return names


@dataclass(slots=True)
class _Builder:
    """One row to one record."""

    options: Options
    names: Mapping[str, str]
    pictures: _Pictures
    checked: bool

    def __call__(self, number: int, row: Mapping[str, Any], values: Mapping[str, Any]) -> Record:
        """Raises :class:`ValueError` or :class:`InputError` if the row cannot be used."""
        options = self.options
        if self.checked:
            identity = {name: row[column] for column, name in self.names.items()}
            meta = {name: values[column] for column, name in self.names.items()}
        else:
            identity = meta = self._cleaned(row)
        address = None
        if options.media and (path := _string(row.get(options.media), options.media)):
            address, size = self.pictures.add(path)
            meta = {**size, **meta}
        return Record(
            number,
            _string(row.get(options.text), options.text) if options.text else None,
            address,
            meta,
            _string(row.get(options.group), options.group) if options.group else None,
            _identifier(row.get(options.id), options.id) if options.id else None,
            identity,
        )

    def _cleaned(self, row: Mapping[str, Any]) -> dict[str, Any]:
        fields = {}
        for column, name in self.names.items():
            if column in row:
                try:
                    fields[name] = clean(row[column])
                except ValueError as e:
                    raise ValueError(f"the field '{column}' {e}") from None
        return fields


def _string(value: Any, column: str) -> str | None:
    if value is None:
        return None
    kind = _NOT_TEXT.get(type(value))
    if kind:
        raise ValueError(f"the field '{column}' holds a {kind}, not text")
    try:
        return clean_text(value if isinstance(value, str) else str(clean(value))) or None
    except ValueError as e:
        raise ValueError(f"the field '{column}' {e}") from None


def _identifier(value: Any, column: str) -> str:
    name = _string(value, column)
    if name is None or not name.strip():
        raise ValueError(f"the id in '{column}' is empty")
    if len(name) > 200 or not name.isprintable():
        raise ValueError(f"the id in '{column}' is longer than 200 characters or holds control characters")
    return name


class _Pictures:
    """Media files named by a column: only pictures inside the table's own folder."""

    def __init__(self, file: File, media: dict[str, Path]) -> None:
        self._folder = file.path.parent
        self._media = media
        self._seen: dict[str, tuple[str, dict[str, int]]] = {}

    def add(self, name: str) -> tuple[str, dict[str, int]]:
        """The content address and the size. Raises :class:`ValueError` or :class:`InputError`."""
        if name not in self._seen:
            if "://" in name:
                raise ValueError(f"'{name[:80]}' is an address; fetch the file and give its path")
            path = self._folder / name.replace("\\", "/")
            if not path.resolve().is_relative_to(self._folder.resolve()):
                raise ValueError(f"'{name[:80]}' lies outside the table's folder")
            if not path.is_file():
                raise ValueError(f"no file '{name[:80]}' beside the table")
            picture = look(path)
            self._media[picture.name] = path
            self._seen[name] = (picture.name, picture.meta())
        return self._seen[name]


def _guess(table: Table, file: File, options: Options) -> tuple[str | None, str | None]:
    """The text column, if there is no doubt; and a note on what was taken for it."""
    if options.media:
        return None, None
    taken = {options.id, options.group}
    columns = [column for column in table.columns if column not in taken]
    by_name = {name: [c for c in columns if c.strip().lower() == name] for name in _TEXT_NAMES}
    if len(by_name["text"]) == 1:
        return by_name["text"][0], None
    named = [column for found in by_name.values() for column in found]
    if len(named) == 1:
        return named[0], f"The text is taken from the column '{named[0]}'"
    if len(columns) == 1 and not named:
        return columns[0], None
    prose = named or [column for column in columns if _is_prose(table, column)]
    if len(prose) == 1:
        return prose[0], f"The text is taken from the column '{prose[0]}', the only one that reads like text"
    if not prose:
        return None, "No column reads like text, so each row is an item of its fields"
    raise InputError(
        f"Several columns could be the text: {', '.join(repr(c) for c in prose[:10])}",
        where=file.origin,
        hint=f'Choose one: text="{prose[0]}" (--text {prose[0]}); an empty name means none',
    )


def _is_prose(table: Table, column: str) -> bool:
    """Whether a column is mostly filled, half of it has at least four words, and values seldom repeat."""
    seen = table.raw[:_LOOK_AT]
    values = [value for row in seen if (value := row.get(column)) is not None and value != ""]
    if 2 * len(values) <= len(seen) or not all(isinstance(value, str) for value in values):
        return False
    words = statistics.median(len(_WORD.findall(value[:1000])) for value in values)
    return words >= _PROSE_WORDS and 2 * len(set(values)) > len(values)
