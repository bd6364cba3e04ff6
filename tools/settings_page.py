"""The page of settings: what may stand in groundswell.toml."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Sequence
from typing import Any, NoReturn
from unittest import mock

from docstrings import cell, inline, summary

EXAMPLE = "spam"

# Every setting has its words here; a setting without any fails the build of this page.
FRAME = {
    "purpose": "What the project is for, in a sentence.",
    "predicted": "What is to be predicted.",
    "used_by": "Who uses the predictions, and for what.",
    "task": "The kind of task: binary, classes, multi-label, regression, boxes, spans, text, recommendation.",
    "task_why": "Why it is that kind.",
    "metrics": "The measures that suit it, the first one first.",
    "success": "What counts as good enough.",
    "existing": "What is done today, and how well: what a model must beat.",
    "harmed": "Who could be harmed by a wrong prediction, and how.",
    "constraints": "Limits: time, cost, privacy.",
    "hypotheses": "What is thought to tell the labels apart.",
    "positive": "The label that is looked for, where there are two.",
    "template": "The template that it came from.",
    "override": "Why it goes on against a warning. Written by `groundswell new --override`.",
    "warnings": "The warnings that were overridden.",
}
QUESTION = {
    "answer": "The answer type; see below. Required.",
    "text": "The question as people read it.",
    "instructions": "How to judge, in Markdown.",
    "examples": "Items with their right answer and why: `text`, `answer`, `why`.",
    "suggestions": "Whether other sources' answers are shown before answering: `off`, `on request`, `pre-filled`.",
    "overlap": "How many people answer each item, 1 to 1000.",
}
COMMON = {
    "name": "Unique within the question: a-z, 0-9, `-`, `_`.",
    "type": "The type of the source; see below.",
    "question": "The question that it answers; else the first one.",
    "group": "Sources of one group may share their errors; else it stands alone.",
    "trust": "Probability of being right, above 0 and up to 1, if somebody vouches for it.",
    "cost": "Of one vote.",
}


def settings_page() -> str:
    """Every section and setting, with an example as `groundswell new` writes it."""
    from groundswell.core.answers import ANSWERS
    from groundswell.core.frame import Frame
    from groundswell.frame.reading import QUESTION_FIELDS
    from groundswell.frame.templates import template_text
    from groundswell.sources import SOURCES

    out = [
        "# Settings\n",
        "A project's settings stand in `groundswell.toml` in its folder: written by `groundswell new`, to be read,",
        "compared and edited by hand. Comments are kept when a command changes the file. A setting that is not listed",
        "here is refused, with its line. `name`, at the top, is the project's.\n",
        "## The frame\n",
        "`[frame]` says why the project exists. All of it is text, or a list of texts; all of it may be left out.\n",
        *_rows({field.name: FRAME[field.name] for field in dataclasses.fields(Frame)}),
        "## A question\n",
        "`[questions.NAME]` is asked of every item.\n",
        *_rows({key: QUESTION[key] for key in QUESTION_FIELDS}),
        "To these come the settings of its answer type:\n",
        "| answer | settings | |\n|---|---|---|",
        *(f"| `{name}` | {_answer(name)} | {cell(summary(kind))} |" for name, kind in ANSWERS.items()),
        "",
        "## A source\n",
        "Each `[[sources]]` votes on every item.\n",
        *_rows(COMMON),
        "To these come the settings of its type, those in brackets if wanted.",
        "[Interchangeable parts](parts.md#type-of-source) describes them.\n",
        "| type | settings | |\n|---|---|---|",
        *(f"| `{name}` | {_settings(kind, set(COMMON))} | {cell(summary(kind))} |" for name, kind in SOURCES.items()),
        "",
        "## An example\n",
        f"What `groundswell new {EXAMPLE} --template {EXAMPLE}` writes:\n",
        f"```toml\n{template_text(EXAMPLE)}```\n",
    ]
    return "\n".join(out)


def _rows(words: dict[str, str]) -> list[str]:
    return ["| setting | |", "|---|---|", *(f"| `{key}` | {cell(inline(text))} |" for key, text in words.items()), ""]


def _answer(name: str) -> str:
    from groundswell.frame.reading import answer_settings

    return ", ".join(f"`{key}`" for key in answer_settings(name))


class _AskedError(Exception):
    """Carries what a source's ``from_config`` asked for."""


def _settings(kind: Any, known: set[str]) -> str:
    """The settings that a source reads from a file; those that may be left out in brackets."""
    from groundswell.sources import Context

    def asked(_: Any, needed: Sequence[str], optional: Sequence[str] = ()) -> NoReturn:
        raise _AskedError(needed, optional)

    with mock.patch.object(sys.modules[kind.__module__], "settings", asked):
        try:
            kind.from_config({}, Context())
        except _AskedError as found:
            needed, optional = found.args
    shown = [f"`{name}`" for name in needed] + [f"[`{name}`]" for name in optional]
    return ", ".join(name for name in shown if name.strip("[]`") not in known)
