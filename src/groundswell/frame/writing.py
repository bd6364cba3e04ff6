"""Writing ``groundswell.toml``: readable, commented, and what a person wrote into it stays."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import re
import tempfile
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.container import Container
from tomlkit.items import AoT, Comment, Item, Table, Whitespace

from groundswell.core.errors import StorageError
from groundswell.core.frame import Frame
from groundswell.core.question import Question
from groundswell.frame.config import ProjectConfig
from groundswell.frame.reading import EXAMPLE_FIELDS, QUESTION_FIELDS, answer_settings, load
from groundswell.frame.templates import TEMPLATES, template_text

WIDTH = 110


def save(path: str | Path, config: ProjectConfig) -> None:
    """Write the settings; comments, order and layout of a file that is there already stay.

    The file is replaced as a whole or not at all.

    Raises
    ------
    InputError
        If the file that is there cannot be read: it is left as it is.
    StorageError
        If it cannot be written.
    """
    path = Path(path)
    if path.exists():
        load(path)
        text = path.read_text("utf-8-sig").replace("\r\n", "\n")
    else:
        text = template_text(config.frame.template) if config.frame.template in TEMPLATES else _skeleton()
    _write(path, render(config, text))


def render(config: ProjectConfig, text: str | None = None) -> str:
    """The text of a ``groundswell.toml``, after the example of another one (an empty one with comments by default)."""
    document = tomlkit.parse(_skeleton() if text is None else text)
    if config.name:
        _set(document, "name", config.name)
    _frame(document, config.frame)
    _questions(document, config.questions)
    _sources(document, config.sources)
    return tomlkit.dumps(document)


def _skeleton() -> str:
    return files("groundswell.frame").joinpath("skeleton.toml").read_text("utf-8")


def _write(path: Path, text: str) -> None:
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".groundswell-", suffix=".toml")
    except OSError as e:
        raise StorageError(f"Cannot be written: {e.strerror or e}", where=str(path)) from None
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
        Path(name).replace(path)
    except OSError as e:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise StorageError(f"Cannot be written: {e.strerror or e}", where=str(path)) from None


# values


def _item(value: Any) -> Item:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, list | tuple) and all(isinstance(member, str) for member in value):
        return _list(value)
    if isinstance(value, Mapping):
        inline = tomlkit.inline_table()
        inline.update({key: member for key, member in value.items() if member is not None})
        return inline
    found: Item = tomlkit.item(value)
    return found


def _list(values: Sequence[str]) -> Item:
    found = tomlkit.array()
    wide = sum(len(value) + 4 for value in values) > WIDTH
    for value in values:
        found.append(_text(value))
    return found.multiline(wide)


def _text(value: str) -> Item:
    """Short texts on one line, long ones between three quotation marks, wrapped where a backslash joins lines."""
    if re.search(r"[\x00-\x08\x0b-\x1f\x7f]", value) or value != value.strip() or "\t" in value:
        return tomlkit.string(value)
    if "\n" not in value and len(value) <= WIDTH:
        return tomlkit.string(value, literal="\\" in value and "'" not in value)
    escaped = value.replace("\\", "\\\\").replace('"""', '""\\"')
    if escaped.endswith('"'):
        escaped = f'{escaped[:-1]}\\"'
    lines = [_wrapped(line) for line in escaped.split("\n")]
    body = "\n".join(lines)
    return tomlkit.value(f'"""\n{body}"""' if "\n" in value else f'"""\\\n{body}"""')


def _wrapped(line: str) -> str:
    """A line of a text, broken after single blanks with a backslash, which swallows the break."""
    pieces = re.findall(r"\S+(?: (?=\S))?|\s+", line)
    rows, row = [], ""
    for piece in pieces:
        full = len(row) + len(piece.rstrip()) > WIDTH
        if full and not piece[0].isspace() and row.rstrip(" ") + " " == row:
            rows.append(f"{row}\\")
            row = ""
        row += piece
    return "\n".join([*rows, row])


def _set(table: Any, key: str, value: Any) -> None:
    """Set a value unless it is there already, whatever its layout."""
    if key in table and _plain(table[key]) == value:
        return
    old = table.get(key)
    # A comment at the end of a table belongs to what follows: a new key goes before it.
    body = table.value.body if isinstance(table, Table) and old is None else []
    tail = []
    while body and isinstance(body[-1][1], Comment | Whitespace):
        tail.append(body.pop())
    table[key] = _item(value)
    body.extend(reversed(tail))
    if isinstance(old, Item) and old.trivia.comment:
        table[key].comment(old.trivia.comment.lstrip("# "))


def _plain(item: Any) -> Any:
    value = item.unwrap() if hasattr(item, "unwrap") else item
    return value.strip() if isinstance(value, str) else value


# parts


def _frame(document: Any, frame: Frame) -> None:
    if "frame" not in document:
        document["frame"] = tomlkit.table()
    for field in dataclasses.fields(Frame):
        value = getattr(frame, field.name)
        value = list(value) if isinstance(value, tuple) else value
        if value or field.name in document["frame"]:
            _set(document["frame"], field.name, value)


def _questions(document: Any, questions: Sequence[Question]) -> None:
    names = [question.name for question in questions]
    if questions and "questions" not in document:
        document["questions"] = tomlkit.table(is_super_table=True)
    for name in list(document.get("questions", ())):
        if name not in names:
            del document["questions"][name]
    for question in questions:
        new = question.name not in document["questions"]
        if new:
            document["questions"].append(question.name, tomlkit.table())
        _question(document["questions"][question.name], question, _NEW if new else _DEFAULTS)


def _question(table: Any, question: Question, silent: Mapping[str, Any]) -> None:
    """Write a question; what has a value of ``silent`` and is not written yet stays unwritten."""
    config = question.config()
    for key in list(table):
        if key not in (*QUESTION_FIELDS, *answer_settings(question.answer.name)) or (
            key not in config and key not in QUESTION_FIELDS
        ):
            del table[key]
    examples = config.pop("examples")
    for key in dict.fromkeys(("text", *config)):
        if key in table or key not in silent or config[key] != silent[key]:
            _set(table, key, config[key])
    if _plain(table.get("examples", [])) != [_sparse(example) for example in examples]:
        table.pop("examples", None)
        if examples:
            table.append("examples", _tables([_sparse(example) for example in examples]))


_NEW = {"suggestions": "off", "overlap": 1}
_DEFAULTS = {**_NEW, "text": "", "instructions": ""}


def _sparse(example: Mapping[str, Any]) -> dict[str, Any]:
    return {key: example[key] for key in EXAMPLE_FIELDS if key != "why" or example[key]}


def _tables(rows: Sequence[Mapping[str, Any]]) -> AoT:
    found = tomlkit.aot()
    for row in rows:
        found.append(_table(row))
    return found


def _table(row: Mapping[str, Any]) -> Table:
    table = tomlkit.table()
    for key, value in row.items():
        if value is not None:
            table.append(key, _item(value))
    return table


def _sources(document: Any, sources: Sequence[Mapping[str, Any]]) -> None:
    before = document.get("sources")
    if before is None or not len(before):
        document.pop("sources", None)
        if sources:
            document.append("sources", _tables(sources))
        return
    kept: dict[tuple[Any, Any], Container] = {(t.get("question"), t.get("name")): t for t in before}
    wanted = [(s.get("question"), s.get("name")) for s in sources]
    for i in range(len(before) - 1, -1, -1):
        if (before[i].get("question"), before[i].get("name")) not in wanted:
            del before[i]
    for source, key in zip(sources, wanted, strict=True):
        if key not in kept:
            before.append(_table(source))
            continue
        table: Any = kept[key]
        for old in [old for old in table if old not in source]:
            del table[old]
        for name, value in source.items():
            if value is not None:
                _set(table, name, value)
    if not len(before):
        del document["sources"]
