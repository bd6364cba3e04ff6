"""The report: the road, its figures and pictures, in one self-contained file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from groundswell import report
from groundswell.core.belief import Beliefs
from groundswell.core.errors import StorageError
from groundswell.core.finding import Finding
from groundswell.core.frame import Frame
from groundswell.core.question import Question
from groundswell.report import charts
from groundswell.wiring.casting import Row
from groundswell.wiring.models import ModelInfo, ReleaseInfo, Watched
from groundswell.wiring.road import SETTLED, Status

if TYPE_CHECKING:
    from groundswell.explore import View

MOST_FINDINGS = 20
TITLES = {"cast": "Rules", "believe": "Beliefs"}


def framing(frame: Frame, question: Question) -> report.Section:
    """Why the project exists."""
    rows = [
        ("What is predicted", frame.predicted),
        ("Used by", frame.used_by),
        ("Kind of task", f"{frame.task}. {frame.task_why}".strip(". ")),
        ("Measured by", ", ".join(frame.metrics)),
        ("Success is", frame.success),
        ("What exists already", frame.existing),
        ("Who could be harmed", frame.harmed),
        ("Constraints", frame.constraints),
        ("Gone on against a warning", frame.override),
    ]
    table = report.Table(("", ""), [row for row in rows if row[1]])
    prose = f"{question.text or question.name}\n\n{frame.purpose}"
    return report.Section("Frame", prose, tables=[table] if table.rows else [])


def exploring(views: Mapping[str, View], beliefs: Beliefs | None) -> report.Section:
    """What is in the data."""
    data = {name: view.to_json() for name, view in views.items()}
    prose = "\n\n".join(f"{found['title']}: {found['sentence']}" for found in data.values())
    drawn = []
    if "map" in data and data["map"].get("x"):
        drawn.append(_map(data["map"], beliefs))
    return report.Section("Explore", prose, charts=drawn)


def _map(found: Mapping[str, Any], beliefs: Beliefs | None) -> str:
    certainty = codes = None
    labels: list[str] = []
    if beliefs is not None and len(beliefs) == len(found["x"]):
        k = max(len(beliefs.labels), 2)
        labels = [str(label) for label in beliefs.labels]
        certainty = np.clip((beliefs.confidence - 1 / k) / (1 - 1 / k), 0.0, 1.0)
        codes = beliefs.codes
    return charts.scatter(
        found["x"],
        found["y"],
        title="Every item, alike ones side by side",
        labels=labels,
        codes=codes,
        certainty=certainty,
    )


def casting(rows: Sequence[Row], n_labels: int) -> report.Section:
    """Who votes, how often, and how right they are."""
    known = sorted((row for row in rows if row.accuracy is not None), key=lambda row: -_value(row))
    drawn = [
        charts.forest(
            [charts.Row(row.name, row.accuracy, f"{row.coverage:.0%}") for row in known],
            title="How right each source is thought to be",
            chance=1 / max(n_labels, 2),
        )
    ]
    columns = ("source", "kind", "definition", "votes", "coverage", "overlap", "conflict")
    table = report.Table(
        columns,
        [
            (r.name, r.kind, r.definition, f"{r.n:,}", f"{r.coverage:.1%}", f"{r.overlap:.1%}", f"{r.conflict:.1%}")
            for r in rows
        ],
    )
    return report.Section("Rules and people", charts=drawn if known else [], tables=[table] if rows else [])


def _value(row: Row) -> float:
    return row.accuracy.value if row.accuracy is not None else 0.0


def believing(status: Status, n_labels: int) -> report.Section:
    """How sure the beliefs are, and how right on random items."""
    low = 1 / max(n_labels, 2)
    drawn = charts.histogram(
        status.certainty,
        low=low,
        high=1.0,
        title="How sure are we of each item?",
        percent=True,
        certainty=True,
        root=True,
        left=f"doubtful {status.doubtful:,}",
        right=f"settled {status.settled:,}",
    )
    figures = [("right, by answers to random items", status.accuracy)] if status.accuracy is not None else []
    prose = f"Settled means believed with at least {SETTLED:.0%}."
    return report.Section("Beliefs", prose, figures=figures, charts=[drawn])


def auditing(findings: Sequence[Finding], texts: Mapping[str, str]) -> report.Section:
    """What seems to be wrong."""
    rows = [
        (f.check, f"{f.severity:.2f}", texts.get(f.item or "", "")[:120], f.why, f.action)
        for f in findings[:MOST_FINDINGS]
    ]
    prose = f"{len(findings):,} findings" + (
        f"; the worst {MOST_FINDINGS} are shown." if len(findings) > MOST_FINDINGS else "."
    )
    table = report.Table(("check", "severity", "item", "why", "what to do"), rows)
    return report.Section("Audit", prose, tables=[table] if rows else [])


def releasing(releases: Sequence[ReleaseInfo]) -> report.Section:
    """What was frozen, and how right it is."""
    prose, figures = [], []
    for one in releases:
        splits = ", ".join(f"{n:,} {name}" for name, n in one.splits.items())
        prose.append(f"{one.name}: {one.n:,} items ({splits}), hash {one.hash}.")
        if one.certificate is not None:
            prose.append(one.certificate.sentence)
            figures.append((f"{one.name}, by {one.certificate.n} random checks", one.certificate.correct))
    return report.Section("Release", "\n\n".join(prose), figures=figures)


def training(models: Sequence[ModelInfo]) -> list[report.Section]:
    """Each model: its ladder, what it looks at, and for whom it errs more."""
    sections = []
    for one in models:
        drawn = [
            charts.ladder(
                [charts.Rung(r.model, r.accuracy, r.against_previous) for r in one.ladder if r.accuracy is not None],
                title="Each model against the one below",
            )
        ]
        strongest = one.weights[:20]
        if strongest:
            names = [f"{feature} → {label}" for feature, label, _ in strongest]
            drawn.append(charts.bars(names, [w for _, _, w in strongest], title="What it looks at"))
        tables = [
            report.Table(
                (column, "items", "error rate"),
                [(row.group, row.n, row.error if row.error is not None else "too few to say") for row in rows],
            )
            for column, rows in one.groups.items()
        ]
        sections.append(report.Section(f"Model {one.name}", charts=drawn, tables=tables))
    return sections


def watching(reports: Sequence[Watched]) -> report.Section:
    """Today against the training data."""
    tables = [
        report.Table(("what", "test", "level", "why"), [(d.what, d.test, d.level, d.why) for d in one.drift], one.model)
        for one in reports
    ]
    prose = "\n\n".join(f"{one.model}: {one.n_predictions:,} predictions." for one in reports)
    return report.Section("Watch", prose, tables=tables)


def walked(legs: Sequence[Any], note: str) -> list[report.Section]:
    """What happened on a walk of the road, leg by leg, in words and seconds."""
    if not legs:
        return []
    table = report.Table(
        ("step", "seconds", "what happened"), [(leg.title, f"{leg.seconds:.1f}", leg.text) for leg in legs]
    )
    drawn = []
    curve: list[dict[str, float]] = next((leg.figures["curve"] for leg in legs if "curve" in leg.figures), [])
    if curve:
        drawn.append(
            charts.line(
                [charts.Series("F1 of the beliefs", [p["answers"] for p in curve], [p["f1"] for p in curve])],
                title="What the answers brought",
                x_label="answers",
                percent=True,
            )
        )
    return [report.Section("The walk", note, charts=drawn, tables=[table])]


def write(path: Path, title: str, sections: Sequence[report.Section], status: Status, subtitle: str) -> Path:
    """Write the page, whole or not at all."""
    page = report.html(
        title,
        sections,
        subtitle=subtitle,
        road=[report.Stage(s.title, s.figure, s.state) for s in status.stages],
    )
    part = path.with_name(path.name + ".part")
    try:
        part.write_text(page, "utf-8")
        part.replace(path)
    except OSError as e:
        raise StorageError(f"The report cannot be written ({e.strerror})", where=str(path)) from None
    return path
