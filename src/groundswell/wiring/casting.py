"""Collecting, exploring, casting and auditing: from the parts to the store and back."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from groundswell import audit as auditing
from groundswell import collect as collecting
from groundswell import explore as exploring
from groundswell import learn, sources
from groundswell.core.finding import Finding
from groundswell.core.interval import Interval
from groundswell.core.question import Question
from groundswell.wiring.beliefs import Fit
from groundswell.wiring.features import embedding, item_features
from groundswell.wiring.table import CATEGORICAL, label_answers
from groundswell.wiring.workspace import Workspace

Progress = Callable[[str, int, int], None]
IN_MEMORY = ("heuristic", "model")
"""Types of source that a settings file cannot hold."""


# Collect


@dataclass(frozen=True)
class Collection:
    """What became of an import: items that were new or known already, bad rows that were left out, what was assumed."""

    new: int
    known: int
    files: int
    blank: int
    bad: Sequence[tuple[int, str]]
    notes: Sequence[str]


def collect_into(ws: Workspace, read: collecting.Collected) -> Collection:
    """Store what was read: media first, so that no item names a file that is not there."""
    for name, path in read.media.items():
        ws.store.put_media(path, name.rpartition(".")[2])
    added = ws.store.add_items(read.items)
    ws.store.record(
        "collected",
        {
            "files": [str(path) for path in read.files[:100]],
            "new": added.new,
            "known": added.known,
            "bad": len(read.bad),
        },
    )
    known = added.known + read.repeated
    return Collection(added.new, known, len(read.files), read.blank, tuple(read.bad), tuple(read.notes))


# Explore


def views(ws: Workspace, question: Question | None, fit: Fit | None, *, step: int = 1) -> Mapping[str, Any]:
    """View name to view over all items; labels are what is believed of those on which somebody or something spoke.

    They are computed anew after ``step`` answers.
    """
    items = ws.items()
    labels = None
    if fit is not None and len(fit.beliefs) == len(items):
        spoken = np.bincount(fit.table.item, minlength=len(items)) > 0
        names = [
            str(fit.beliefs.labels[code]) if known else None
            for code, known in zip(fit.beliefs.codes, spoken, strict=True)
        ]
        labels = pl.Series("label", names, pl.String)
    answers = 0 if question is None else ws.store.count_votes(question.name)
    stamp = (len(items), labels is None, answers // step, step)
    return dict(
        ws.keep(
            ("views", question.name if question else ""),
            stamp,
            lambda: exploring.explore(items, features=embedding(ws), labels=labels, seed=ws.seed),
        )
    )


# Cast


@dataclass(frozen=True)
class Cast:
    """One source's run: how many items it voted on, and whether it had to run at all."""

    source: str
    version: str
    votes: int
    ran: bool
    seconds: float


@dataclass(frozen=True)
class Row:
    """One source of a question. ``definition`` is one line that a person can read."""

    name: str
    kind: str
    group: str | None
    version: str
    definition: str
    n: int
    coverage: float
    overlap: float
    conflict: float
    accuracy: Interval | None
    below_chance: bool
    derived: bool


def add(ws: Workspace, question: Question, added: Sequence[sources.Source]) -> None:
    """Let sources vote on a question. Those that a file can say are written to ``groundswell.toml``.

    A source of the same name is replaced. A Python function or a trained model lives as long as the program; what it
    voted stays until it votes anew.
    """
    for source in added:
        if source.automatic:
            source.check(question)
    declared = []
    for source in added:
        if source.type in IN_MEMORY:
            ws.added.setdefault(question.name, {})[source.name] = source
        else:
            ws.added.get(question.name, {}).pop(source.name, None)
            declared.append({**source.config(), "question": question.name})
        ws.store.save_source(question.name, source.info(), source.config())
    if declared:
        ws.declare(question.name, declared)


def cast_all(
    ws: Workspace, question: Question, *, allow_code: bool = False, progress: Progress | None = None
) -> list[Cast]:
    """Run every automatic source whose definition or items changed; forget the columns of those that are gone."""
    items = ws.items()
    wanted = ws.sources(question, allow_code=allow_code)
    automatic = {name: source for name, source in wanted.items() if source.automatic}
    held = {(column.source, column.version): column.n for column in ws.store.columns(question.name)}
    due = {n: s for n, s in automatic.items() if held.get((n, s.version)) != len(items)}
    begun = time.perf_counter()
    columns = sources.cast(due.values(), items, question, progress=progress)
    seconds = (time.perf_counter() - begun) / max(len(due), 1)
    done = []
    for name, source in automatic.items():
        ws.store.save_source(question.name, source.info(), source.config())
        if name in columns:
            ws.store.put_column(question.name, name, source.version, columns[name])
        frame = columns.get(name)
        votes = int(frame["label"].len() - frame["label"].null_count()) if frame is not None else -1
        done.append(Cast(name, source.version, votes, name in columns, seconds if name in columns else 0.0))
    for info, config in ws.store.sources(question.name):
        if info.kind not in ("person", "gold") and info.name not in wanted and config.get("type") not in IN_MEMORY:
            ws.store.drop_source(question.name, info.name)
    ws.store.record("cast", {"question": question.name, "ran": sorted(columns), "items": len(items)})
    return done


def rows(ws: Workspace, question: Question, fit: Fit) -> list[Row]:
    """The table of sources: what each says, how often, and how right it is thought to be."""
    configs = {info.name: config for info, config in ws.store.sources(question.name)}
    versions = {info.name: version for info, version in ws.voting(question)}
    infos = {info.name: info for info in fit.table.sources}
    found = []
    for row in sources.summary(fit.table, fit.beliefs):
        info = infos[row.name]
        found.append(
            Row(
                row.name,
                row.kind,
                info.group,
                versions.get(row.name, ""),
                definition(configs.get(row.name, {})),
                row.n,
                row.coverage,
                row.overlap,
                row.conflict,
                row.accuracy,
                row.below_chance,
                info.derived,
            )
        )
    return found


def definition(config: Mapping[str, Any]) -> str:
    """A source's settings as one line that a person can read.

    Examples
    --------
    >>> definition({"name": "deep", "type": "pattern", "pattern": "deep|wheel", "answer": "dangerous"})
    'pattern: deep|wheel → dangerous'
    """
    if not config:
        return ""
    kind = str(config.get("type", ""))
    what = next((str(config[key]) for key in ("pattern", "query", "function", "field", "column") if key in config), "")
    says = f" → {config['answer']}" if "answer" in config else ""
    return f"{kind}: {what}{says}"[:300] if what else f"{kind}{says}"


def answer_fields(ws: Workspace, question: Question) -> Set[str]:
    """Fields of the items that hold an answer: columns that a legacy source reads."""
    configs = [config for _, config in ws.store.sources(question.name)]
    return {str(c.get("column", c.get("field"))) for c in configs if c.get("type") == "legacy"}


def believable(ws: Workspace, question: Question) -> bool:
    """Whether there is anything to believe: items, labels, and a vote or a column."""
    return bool(
        question.answer.name in CATEGORICAL
        and ws.store.count_items()
        and (ws.voting(question) or ws.store.count_votes(question.name))
    )


# Audit


def findings(ws: Workspace, question: Question | None, fit: Fit | None) -> list[Finding]:
    """What every check finds, worst first; how many there are is kept for the road."""
    items = ws.items()
    if question is None or fit is None:
        return auditing.audit(items, beliefs=None, votes=None, model_probabilities=None, seed=ws.seed)
    votes = label_answers(ws.store.votes_frame(question.name), question.labels)
    shares = fit.model
    features = item_features(ws) if shares is None else None
    if features is not None and fit.table.n_votes:
        shares = learn.crossfit(features, fit.beliefs.probabilities, seed=ws.seed)
    found = auditing.audit(items, beliefs=fit.beliefs, votes=votes, model_probabilities=shares, seed=ws.seed)
    with ws.lock:
        ws.kept[("findings", question.name)] = (None, len(found))
    ws.store.record("audited", {"question": question.name, "findings": len(found)})
    return found


def known_findings(ws: Workspace, question: Question) -> int | None:
    """How many findings the last audit had; ``None`` if there was none."""
    with ws.lock:
        held = ws.kept.get(("findings", question.name))
    if held is not None:
        return int(held[1])
    for event in ws.store.events(200):
        if event.event == "audited" and event.data.get("question") == question.name:
            return int(event.data["findings"])
    return None
