"""The datasheet of a release: what is in it, where it came from, what it is for (after Gebru et al. 2021)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from groundswell.core.belief import Beliefs
from groundswell.core.frame import Frame
from groundswell.core.interval import Interval
from groundswell.core.question import Question
from groundswell.release.certificate import Certificate
from groundswell.release.split import SPLITS

_MARKS = re.compile(r"([\\`*_{}\[\]()#+|~!-])")


def datasheet(
    name: str,
    frame: pl.DataFrame,
    *,
    beliefs: Beliefs,
    question: Question,
    why: Frame,
    certificate: Certificate | None,
    votes: pl.DataFrame | None,
    renamed: Mapping[str, str],
) -> str:
    """Markdown that answers the questions of Gebru et al. 2021 (doi:10.1145/3458723) as far as the project can.

    Whatever people wrote is escaped: it shows as they wrote it and marks nothing up.
    """
    parts = [
        f"# Datasheet: {plain(name)}",
        _motivation(why),
        _composition(frame, question, renamed),
        _labelling(beliefs, question, votes),
        _correctness(certificate),
        _uses(why, question),
        _limits(beliefs, certificate, why),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def plain(text: object, most: int = 2000) -> str:
    """Text that Markdown and HTML leave alone, on one line.

    Examples
    --------
    >>> plain("<b>*bold*</b>")
    '&lt;b&gt;\\\\*bold\\\\*&lt;/b&gt;'
    """
    line = " ".join(str(text)[:most].split())
    line = line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _MARKS.sub(r"\\\1", line)


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A Markdown table; cells are escaped."""
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    lines += ["| " + " | ".join(plain(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def _answers(pairs: Sequence[tuple[str, str]]) -> str:
    return "\n".join(f"- {asked} {plain(told)}" for asked, told in pairs if told)


def _motivation(why: Frame) -> str:
    told = _answers(
        [
            ("Made for:", why.purpose),
            ("What is to be predicted:", why.predicted),
            ("Used by:", why.used_by),
            ("Success means:", why.success),
            ("What was used before:", why.existing),
        ]
    )
    return f"## Why it was made\n\n{told}" if told else ""


def _composition(frame: pl.DataFrame, question: Question, renamed: Mapping[str, str]) -> str:
    counts = frame.group_by("label", "split").len()
    cells = {(row["label"], row["split"]): row["len"] for row in counts.to_dicts()}
    names = sorted({label for label, _ in cells}, key=str)
    rows: list[list[object]] = [
        [label, *(cells.get((label, part), 0) for part in SPLITS), sum(cells.get((label, part), 0) for part in SPLITS)]
        for label in names
    ]
    rows.append(["all", *((frame["split"] == part).sum() for part in SPLITS), frame.height])
    columns = [
        [name, _meaning(name, renamed), str(frame[name].dtype), frame[name].null_count()] for name in frame.columns
    ]
    return "\n\n".join(
        [
            f"## What is in it\n\n{frame.height:,} items with an answer to the question "
            f"“{plain(question.text or question.name)}” each.",
            table(["label", *SPLITS, "all"], rows),
            "Items of one group, and copies of one another, are on one side of the splits.",
            table(["column", "what it holds", "type", "missing"], columns),
        ]
    )


def _meaning(name: str, renamed: Mapping[str, str]) -> str:
    known = {
        "item": "identifier",
        "text": "the text",
        "media": "name of the media file (a hash of its content)",
        "group": "items that belong together",
        "label": "the likeliest label",
        "confidence": "probability of that label, 0 to 1",
        "split": "train, validation or test",
        "people": "how many people answered it",
    }
    if name in renamed:
        return f"the data's own column '{renamed[name]}'"
    if name.startswith("p_"):
        return f"probability of '{name[2:]}', 0 to 1"
    return known.get(name, "a column of the data")


def _labelling(beliefs: Beliefs, question: Question, votes: pl.DataFrame | None) -> str:
    rows = [
        [r.source.name, r.source.kind, _share(r.accuracy), f"{100 * r.coverage:.1f} %", r.accuracy.n]
        for r in beliefs.reliability
    ]
    told = [
        "## How it was labelled",
        f"Instructions: {plain(question.instructions)}" if question.instructions else "",
        f"Labels are the likeliest answers under the model “{plain(beliefs.model)}” of who said what; "
        "the columns p_… hold the probabilities behind them.",
        table(["source", "kind", "estimated right", "covers", "votes"], rows) if rows else "",
    ]
    if votes is not None and votes.height:
        people = votes.filter(~pl.col("abstained")) if "abstained" in votes.columns else votes
        told.append(f"People gave {people.height:,} answers on {people['item'].n_unique():,} items.")
    return "\n\n".join(part for part in told if part)


def _share(figure: Interval) -> str:
    return str(figure) if figure.value == figure.value else "unknown"


def _correctness(certificate: Certificate | None) -> str:
    if certificate is None:
        return "## How correct it is\n\nNobody has checked a random sample of the labels: nothing is certified."
    told = [f"## How correct it is\n\n{plain(certificate.sentence)}"]
    if certificate.n:
        told.append(f"Best guess: {plain(certificate.correct)} right. Method: {plain(certificate.method)}.")
    return "\n\n".join(told)


def _uses(why: Frame, question: Question) -> str:
    told = _answers(
        [
            ("Task:", why.task),
            ("Measured by:", ", ".join(why.metrics)),
            ("Constraints:", why.constraints),
            ("Who could be harmed:", why.harmed),
            ("Went on against a warning because:", why.override),
        ]
        + [("Warning:", warning) for warning in why.warnings]
    )
    return f"## What it is for\n\n{told}" if told else f"## What it is for\n\n- Answering “{plain(question.name)}”."


def _limits(beliefs: Beliefs, certificate: Certificate | None, why: Frame) -> str:
    notes: list[Any] = [*beliefs.notes]
    if certificate is None or certificate.n == 0:
        notes.append("How correct the labels are has not been measured on a random sample.")
    if not why.harmed:
        notes.append("Who could be harmed by it has not been written down.")
    return "## What to know before using it\n\n" + "\n".join(f"- {plain(note)}" for note in notes) if notes else ""
