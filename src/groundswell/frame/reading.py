"""Reading ``groundswell.toml``: every fault with its line, its field and a hint."""

from __future__ import annotations

import dataclasses
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from groundswell.core.answers import ANSWERS
from groundswell.core.errors import GroundswellError, InputError, NotFoundError, did_you_mean
from groundswell.core.frame import Frame
from groundswell.core.ids import canonical, check_name
from groundswell.core.question import Question
from groundswell.frame.config import ProjectConfig
from groundswell.frame.deriving import TASKS
from groundswell.frame.lines import Path_, line_numbers

LARGEST = 5_000_000
QUESTION_FIELDS = ("answer", "text", "instructions", "examples", "suggestions", "overlap")
EXAMPLE_FIELDS = ("text", "answer", "why")
_SYNTAX_HINTS = {
    "Invalid value": "A text stands in quotation marks, a list in [ ], true and false in small letters",
    "Expected '='": "A setting is written key = value",
    "Cannot overwrite": "The key is given twice",
    "Cannot declare": "The table is given twice; [[name]] begins another member of a list",
    "Unterminated string": "Close the quotation marks",
    "Illegal character": "A text over several lines stands between three quotation marks on each side",
    "Unescaped": r"Write a backslash twice, or use single quotation marks: 'a\b'",
    "Unclosed array": "Close the list with ]",
    "Expected newline": "One setting a line; put # before a comment",
}


def load(path: str | Path) -> ProjectConfig:
    """The settings in a ``groundswell.toml``.

    Raises
    ------
    NotFoundError
        If there is no such file.
    InputError
        If something in it makes no sense; ``where`` names the file and the line.
    """
    path = Path(path)
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise NotFoundError(
            "No such file", where=str(path), hint="Begin a project with: groundswell new NAME"
        ) from None
    except OSError as e:
        raise InputError(f"Cannot be read: {e.strerror or e}", where=str(path)) from None
    if len(raw) > LARGEST:
        raise InputError(f"The file has {len(raw):,} bytes", where=str(path), hint=f"At most {LARGEST:,}")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as e:
        line = raw.count(b"\n", 0, e.start) + 1
        raise InputError("Not UTF-8", where=f"{path}, line {line}", hint="Save the file as UTF-8") from None
    return parse(text, str(path))


def parse(text: str, where: str = "groundswell.toml") -> ProjectConfig:
    """The settings in the text of a ``groundswell.toml``; ``where`` is the file's name for messages."""
    text = text.replace("\r\n", "\n")
    try:
        data = tomllib.loads(text)
    except RecursionError:
        raise InputError("Brackets within brackets too deep", where=where) from None
    except ValueError as e:
        raise _syntax_error(str(e), text, where) from None
    return _Reader(data, line_numbers(text), where).config()


def _syntax_error(said: str, text: str, where: str) -> InputError:
    reason, _, place = said.partition(" (at ")
    found = re.search(r"line (\d+)", place)
    line = int(found[1]) if found else text.count("\n") + 1
    if "Cannot" in reason:
        reason = f"{reason} a second time" if "overwrite" in reason else reason
    hint = next((hint for key, hint in _SYNTAX_HINTS.items() if key in reason), "See https://toml.io")
    return InputError(f"Not valid TOML: {reason}", where=f"{where}, line {line}", hint=hint)


_KINDS: dict[type, str] = {
    str: "a text", bool: "true or false", int: "a whole number", float: "a number", list: "a list", dict: "a table",
}  # fmt: skip


def _kind(value: Any) -> str:
    return _KINDS.get(type(value), "a date or time")


class _Reader:
    """Checks the parsed file field by field."""

    def __init__(self, data: dict[str, Any], lines: Mapping[Path_, int], where: str) -> None:
        self.data = data
        self.lines = lines
        self.where = where

    def fail(self, path: Path_, what: str, hint: str | None = None) -> InputError:
        known = path
        while known and known not in self.lines:
            known = known[:-1]
        at = f"{self.where}, line {self.lines[known]}" if known else self.where
        return InputError(what, where=at, hint=hint)

    def get(self, table: Mapping[str, Any], path: Path_, kinds: type | tuple[type, ...], default: Any) -> Any:
        """The value at a path, of the right kind."""
        value = table.get(str(path[-1]), default)
        wanted = kinds if isinstance(kinds, tuple) else (kinds,)
        if not isinstance(value, wanted) or (isinstance(value, bool) and bool not in wanted):
            raise self.fail(
                path, f"{_dotted(path)} is {_kind(value)}, not {_KINDS[wanted[0]]}", _EXAMPLES.get(wanted[0])
            )
        return value

    def texts(self, table: Mapping[str, Any], path: Path_) -> tuple[str, ...]:
        value = self.get(table, path, list, [])
        if not all(isinstance(member, str) for member in value):
            raise self.fail(path, f"{_dotted(path)} holds something that is not a text", _EXAMPLES[list])
        return tuple(value)

    def known(self, table: Mapping[str, Any], path: Path_, allowed: tuple[str, ...]) -> None:
        for key in table:
            if key not in allowed:
                name = _dotted(path) or "this file"
                raise self.fail((*path, key), f"'{key}' is not a setting of {name}", did_you_mean(key, allowed))

    def wrapped(self, path: Path_, error: GroundswellError) -> InputError:
        return self.fail(path, f"{_dotted(path)}: {error.what}", error.hint)

    def config(self) -> ProjectConfig:
        self.known(self.data, (), ("name", "frame", "questions", "sources"))
        name = self.get(self.data, ("name",), str, "")
        if name:
            try:
                check_name(name, "project")
            except InputError as e:
                raise self.wrapped(("name",), e) from None
        questions = self.get(self.data, ("questions",), dict, {})
        read = tuple(self.question(key, questions) for key in questions)
        return ProjectConfig(name, self.frame(), read, self.sources([question.name for question in read]))

    def frame(self) -> Frame:
        table = self.get(self.data, ("frame",), dict, {})
        fields = tuple(f.name for f in dataclasses.fields(Frame))
        self.known(table, ("frame",), fields)
        found: dict[str, Any] = {"purpose": ""}
        for name in fields:
            if name in table:
                many = name in ("metrics", "hypotheses", "warnings")
                read = self.texts(table, ("frame", name)) if many else self.get(table, ("frame", name), str, "").strip()
                found[name] = read
        if found.get("task") and found["task"] not in TASKS:
            raise self.fail(
                ("frame", "task"), f"'{found['task']}' is not a kind of task", did_you_mean(found["task"], TASKS)
            )
        return Frame(**found)

    def question(self, name: str, tables: Mapping[str, Any]) -> Question:
        path: Path_ = ("questions", name)
        table = self.get(tables, path, dict, {})
        try:
            check_name(name, "question")
        except InputError as e:
            raise self.wrapped(path, e) from None
        if "answer" not in table:
            raise self.fail(
                path, f"The question '{name}' has no answer type", f'answer = "choice", or {", ".join(ANSWERS)}'
            )
        kind = self.get(table, (*path, "answer"), str, "")
        if kind not in ANSWERS:
            raise self.fail((*path, "answer"), f"No answer type '{kind}'", did_you_mean(kind, ANSWERS))
        own = answer_settings(kind)
        self.known(table, path, (*QUESTION_FIELDS, *own))
        try:
            answer = ANSWERS[kind].from_config(table)
        except GroundswellError as e:
            at = next((key for key in own if key in table), "answer")
            raise self.wrapped((*path, at), e) from None
        self.get(table, (*path, "ordered"), bool, False)
        texts = {key: self.get(table, (*path, key), str, "").strip() for key in ("text", "instructions")}
        config = {
            "answer": kind,
            **answer.config(),
            **texts,
            "suggestions": self.get(table, (*path, "suggestions"), str, "off"),
            "overlap": self.get(table, (*path, "overlap"), int, 1),
        }
        examples = self.examples(path, table, answer.validate)
        try:
            return Question.from_config(name, config | {"examples": examples})
        except GroundswellError as e:
            at = "overlap" if "overlap" in e.what else "suggestions"
            raise self.wrapped((*path, at), e) from None

    def examples(self, path: Path_, table: Mapping[str, Any], validate: Any) -> list[dict[str, Any]]:
        read = []
        for i, example in enumerate(self.get(table, (*path, "examples"), list, [])):
            at: Path_ = (*path, "examples", i)
            if not isinstance(example, dict):
                raise self.fail(at, f"{_dotted(at)} is {_kind(example)}, not a table", 'text = "…", answer = "…"')
            self.known(example, at, EXAMPLE_FIELDS)
            for key in ("text", "answer"):
                if key not in example:
                    raise self.fail(at, f"{_dotted(at)} lacks its {key}")
            texts = {key: self.get(example, (*at, key), str, "").strip() for key in ("text", "why")}
            try:
                read.append(texts | {"answer": validate(example["answer"])})
            except GroundswellError as e:
                raise self.wrapped((*at, "answer"), e) from None
        return read

    def sources(self, questions: list[str]) -> tuple[dict[str, Any], ...]:
        seen: set[tuple[str, str]] = set()
        for i, source in enumerate(self.get(self.data, ("sources",), list, [])):
            at: Path_ = ("sources", i)
            if not isinstance(source, dict):
                raise self.fail(at, f"{_dotted(at)} is {_kind(source)}, not a table", "Begin it with [[sources]]")
            for key in ("name", "type"):
                if key not in source:
                    raise self.fail(at, f"{_dotted(at)} lacks its {key}", _EXAMPLES["source"])
                self.get(source, (*at, key), str, "")
            question = self.get(source, (*at, "question"), str, questions[0] if questions else "")
            if question not in questions:
                raise self.fail((*at, "question"), f"No question '{question}'", did_you_mean(question, questions))
            try:
                check_name(source["name"], "source")
                canonical(source)
            except InputError as e:
                raise self.wrapped((*at, "name"), e) from None
            if (question, source["name"]) in seen:
                raise self.fail((*at, "name"), f"Two sources are called '{source['name']}'", "Rename one of them")
            seen.add((question, source["name"]))
        return tuple(self.data.get("sources", ()))


_EXAMPLES: dict[Any, str] = {
    str: 'For example purpose = "Find spam"',
    list: 'For example labels = ["spam", "ham"]',
    int: "For example overlap = 2",
    bool: "For example ordered = true",
    dict: "Begin it with a line in [ ]",
    "source": 'For example name = "prize", type = "pattern"',
}


def answer_settings(kind: str) -> tuple[str, ...]:
    """The settings that an answer type has of its own, as ``groundswell.toml`` names them.

    Examples
    --------
    >>> answer_settings("choice"), answer_settings("number")
    (('labels', 'ordered'), ('minimum', 'maximum', 'step'))
    """
    fields = dataclasses.fields(ANSWERS[kind])  # type: ignore[arg-type]
    return tuple("labels" if field.name == "options" else field.name for field in fields)


def _dotted(path: Path_) -> str:
    """A path as people write it: ``questions.spam.examples[2].answer``, members counted from 1."""
    text = ""
    for part in path:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else part
    return text
