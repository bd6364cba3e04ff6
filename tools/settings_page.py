"""The page of settings: what may stand in groundswell.toml."""

from __future__ import annotations

import dataclasses
import inspect
import tempfile
from pathlib import Path
from typing import Any

from docstrings import cell, inline, summary

EXAMPLE = "spam-offensive"

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
    from groundswell.core.question import Question
    from groundswell.sources import SOURCES

    question = Question("q", ANSWERS["choice"].from_config({"labels": ["a", "b"]})).config()
    labels = {"labels"}
    out = [
        "# Settings\n",
        "A project's settings stand in `groundswell.toml` in its folder: written by `groundswell new`, to be read,",
        "compared and edited by hand. Comments are kept when a command changes the file.\n",
        "## The frame\n",
        *_rows({field.name: FRAME[field.name] for field in dataclasses.fields(Frame)}),
        "## A question\n",
        *_rows({key: QUESTION[key] for key in question if key not in labels}),
        "To these come the settings of its answer type:\n",
        "| answer | settings | |\n|---|---|---|",
        *(f"| `{name}` | {_settings(kind, set())} | {cell(summary(kind))} |" for name, kind in ANSWERS.items()),
        "",
        "## A source\n",
        *_rows(COMMON),
        "To these come the settings of its type; [Interchangeable parts](parts.md#source) describes them.\n",
        "| type | settings | |\n|---|---|---|",
        *(f"| `{name}` | {_settings(kind, set(COMMON))} | {cell(summary(kind))} |" for name, kind in SOURCES.items()),
        "",
        "## An example\n",
        f"What `groundswell new {EXAMPLE} --template {EXAMPLE}` writes:\n",
        f"```toml\n{_example()}```\n",
    ]
    return "\n".join(out)


def _rows(words: dict[str, str]) -> list[str]:
    return ["| setting | |", "|---|---|", *(f"| `{key}` | {cell(inline(text))} |" for key, text in words.items()), ""]


def _settings(kind: type, known: set[str]) -> str:
    """The names of what a part takes; those that may be left out in brackets."""
    shown = []
    for name, parameter in inspect.signature(kind.__init__).parameters.items():
        if name in known | {"self", "folder", "function"}:
            continue
        must = parameter.default is inspect.Parameter.empty and parameter.kind is not inspect.Parameter.VAR_POSITIONAL
        must = must or parameter.kind is inspect.Parameter.VAR_POSITIONAL
        shown.append(f"`{name}`" if must else f"[`{name}`]")
    return ", ".join(shown)


def _example() -> str:
    from groundswell import frame

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "groundswell.toml"
        config: Any = frame.template(EXAMPLE)
        frame.save(path, dataclasses.replace(config, name=EXAMPLE))
        return path.read_text(encoding="utf-8").rstrip("\n") + "\n"
