"""The road: how far a project has come, how sure its labels are, and what to do next."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from groundswell import learn
from groundswell.core.belief import Beliefs
from groundswell.core.interval import Interval
from groundswell.core.question import Question
from groundswell.wiring import certify
from groundswell.wiring.beliefs import Live, fit
from groundswell.wiring.table import CATEGORICAL
from groundswell.wiring.workspace import Workspace

SETTLED = 0.9
FEWEST_RANDOM = 10
BINS = 20


@dataclass(frozen=True)
class Stage:
    """One stage of the road and its figure in a word."""

    key: str
    title: str
    state: Literal["done", "open", "next"]
    figure: str = ""


@dataclass(frozen=True)
class Step:
    """Something to do next; ``verb`` is the command that does it, ``href`` the page."""

    key: str
    title: str
    detail: str
    href: str
    verb: str


@dataclass(frozen=True)
class Status:
    """Where a project stands on one question. ``certainty``: 20 bins of confidence from 1/K to 1."""

    name: str
    question: str
    items: int
    people: int
    rules: int
    answers: int
    findings: int
    stages: Sequence[Stage]
    next: Sequence[Step]
    accuracy: Interval | None
    certainty: Sequence[int]
    settled: int
    doubtful: int


def certainty(beliefs: Beliefs) -> list[int]:
    """Items in 20 equal bins of the likeliest label's probability, from 1/K to 1."""
    k = max(len(beliefs.labels), 2)
    counts, _ = np.histogram(beliefs.confidence, bins=BINS, range=(1.0 / k, 1.0 + 1e-9))
    return [int(count) for count in counts]


def accuracy(ws: Workspace, question: Question, *, wait: bool = True) -> Interval | None:
    """How often the beliefs are right, by the answers to items that were drawn at random.

    The beliefs are computed without those answers, so that nobody marks their own work. ``None`` below ten. Without
    ``wait`` an earlier figure does, if there is one.
    """
    key = ("accuracy", question.name)
    if not wait and key in ws.kept:
        earlier: Interval = ws.kept[key][1]
        return earlier
    votes = ws.store.votes_frame(question.name)
    drawn = {
        item: json.loads(answer)
        for item, answer, skipped, stratum in votes.select("item", "answer", "abstained", "stratum").iter_rows()
        if stratum in ("random", certify.STRATUM) and not skipped
    }
    if len(drawn) < FEWEST_RANDOM:
        return None

    def measure() -> Interval:
        beliefs = fit(ws, question, without=frozenset(drawn)).beliefs
        hits = sum(beliefs.label_of(item) == answer for item, answer in drawn.items())
        return learn.wilson(hits, len(drawn))

    stamp = (question.version, len(votes), ws.store.count_items(), len(ws.store.columns(question.name)))
    found: Interval = ws.keep(key, stamp, measure)
    return found


def status(
    ws: Workspace,
    question: Question,
    live: Live,
    *,
    findings: int | None,
    releases: list[str],
    models: list[str],
    served: int,
) -> Status:
    """Where the project stands on one question."""
    n = ws.store.count_items()
    votes = ws.store.votes_frame(question.name)
    people = sorted(set(votes["source"].to_list()))
    answers = int((~votes["abstained"]).sum()) if len(votes) else 0
    rules = len(ws.voting(question))
    believed = bool(n) and question.answer.name in CATEGORICAL and (rules or answers)
    beliefs = live.current().beliefs if believed else None
    settled = int((beliefs.confidence >= SETTLED).sum()) if beliefs is not None else 0
    measured = accuracy(ws, question, wait=not live.background) if believed else None
    done = {
        "frame": bool(ws.frame.purpose),
        "collect": n > 0,
        "explore": n > 0,
        "cast": rules > 0,
        "label": answers > 0,
        "believe": bool(believed),
        "audit": findings is not None,
        "release": bool(releases),
        "train": bool(models),
        "watch": served > 0,
    }
    figures = {
        "collect": f"{n:,}" if n else "",
        "cast": str(rules or ""),
        "label": str(answers or ""),
        "believe": f"{100 * measured.value:.0f} %"
        if measured
        else (f"{100 * settled / n:.0f} % sure" if believed else ""),
        "audit": "" if findings is None else str(findings),
        "release": releases[0] if releases else "",
        "train": models[0] if models else "",
        "watch": f"{served:,}" if served else "",
    }
    first_open = next((key for key, is_done in done.items() if not is_done), None)
    stages = [
        Stage(key, TITLES[key], "done" if is_done else "next" if key == first_open else "open", figures.get(key, ""))
        for key, is_done in done.items()
    ]
    doubtful = n - settled if believed else 0
    return Status(
        ws.config.name,
        question.name,
        n,
        len(people),
        rules,
        answers,
        findings or 0,
        stages,
        next_steps(done, doubtful, findings, certify.open_plan(ws, question) is not None),
        measured,
        certainty(beliefs) if beliefs is not None else [0] * BINS,
        settled,
        doubtful,
    )


TITLES = {
    "frame": "Frame",
    "collect": "Collect",
    "explore": "Explore",
    "cast": "Rules",
    "label": "Label",
    "believe": "Beliefs",
    "audit": "Audit",
    "release": "Release",
    "train": "Train",
    "watch": "Watch",
}


def next_steps(done: dict[str, bool], doubtful: int, findings: int | None, checking: bool) -> list[Step]:
    """What to do next, the most useful first."""
    if not done["collect"]:
        return [
            Step(
                "O",
                "Collect your data",
                "Name a file or folder: CSV, JSON, Parquet, texts, images.",
                "/explore",
                "collect",
            )
        ]
    steps = []
    if checking:
        steps.append(
            Step("L", "Go on checking", "The items of the certificate were drawn; some still wait.", "/label", "label")
        )
    if not done["cast"]:
        steps.append(
            Step("R", "Write a first rule", "One pattern often labels hundreds of items at once.", "/rules", "cast")
        )
    if doubtful and not checking:
        detail = f"{doubtful:,} items are doubtful; the most useful ones come first."
        steps.append(Step("L", "Answer 20 questions", detail, "/label", "label"))
    elif not done["label"]:
        steps.append(
            Step("L", "Answer 20 questions", "A few answers show how far the rules can be trusted.", "/label", "label")
        )
    if findings is None:
        steps.append(Step("A", "Look for what is wrong", "Likely wrong answers, duplicates, leaks.", "/audit", "audit"))
    elif findings:
        steps.append(
            Step("A", f"Look at {findings} findings", "Worst first, each with its evidence.", "/audit", "audit")
        )
    if done["believe"] and not done["release"]:
        detail = "Random checks by people say how right the labels are."
        steps.append(Step("C", "Certify and release", detail, "/release", "release"))
    if done["release"] and not done["train"]:
        steps.append(
            Step("T", "Train a first model", "A ladder of models, each against the one below.", "/train", "train")
        )
    if done["train"] and not done["watch"]:
        steps.append(
            Step(
                "W",
                "Serve the model and watch it",
                "Predictions are logged and compared with the training data.",
                "/watch",
                "serve",
            )
        )
    return steps
