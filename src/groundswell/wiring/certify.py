"""Certifying: labels are frozen, items drawn at random, people check them, and the bound follows.

The frozen labels and the draw stand together in one column of the store, so that a certificate can be recomputed
from the log: a row an item, with its label, its probabilities and its place in the draw.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np
import polars as pl

from groundswell import release
from groundswell.core.belief import Beliefs
from groundswell.core.errors import InputError
from groundswell.core.ids import uuid7
from groundswell.core.question import Question
from groundswell.wiring.workspace import Workspace

STRATUM = "audit"
COLUMN = "candidate"


@dataclass(frozen=True)
class Plan:
    """Labels as they stood when the items to check were drawn, and those items in the order of the draw."""

    version: str
    frozen: pl.DataFrame
    items: tuple[str, ...]

    @property
    def n(self) -> int:
        """How many items were drawn."""
        return len(self.items)


def draw_plan(ws: Workspace, question: Question, beliefs: Beliefs, n: int) -> Plan:
    """Freeze the labels and draw ``n`` items to check, uniformly and without replacement.

    Raises
    ------
    InputError
        Unless ``n`` is between 1 and the number of items.
    """
    if not 1 <= n <= len(beliefs):
        raise InputError(f"{n} checks of {len(beliefs)} items", hint=f"Draw 1 to {len(beliefs)}")
    version = uuid7()
    rng = np.random.default_rng([ws.seed, len(beliefs), n])
    order = np.full(len(beliefs), -1, np.int64)
    order[rng.permutation(len(beliefs))[:n]] = np.arange(n)
    frozen = pl.DataFrame(
        {
            "item": [str(item) for item in beliefs.items],
            "label": [str(beliefs.labels[code]) for code in beliefs.codes],
            "confidence": beliefs.confidence,
            **{f"p_{label}": beliefs.probabilities[:, k] for k, label in enumerate(beliefs.labels)},
        }
    ).with_columns(pl.Series("drawn", order).replace(-1, None))
    ws.store.put_column(question.name, COLUMN, version, frozen)
    ws.store.record("certificate drawn", {"question": question.name, "plan": version, "checks": n})
    return _plan(version, frozen)


def _plan(version: str, frozen: pl.DataFrame) -> Plan:
    drawn = frozen.drop_nulls("drawn").sort("drawn")
    return Plan(version, frozen, tuple(drawn["item"].to_list()))


def newest_plan(ws: Workspace, question: Question) -> Plan | None:
    """The newest plan, complete or not."""
    versions = [column.version for column in ws.store.columns(question.name) if column.source == COLUMN]
    if not versions:
        return None

    def load() -> Plan:
        return _plan(versions[-1], ws.store.column(question.name, COLUMN, versions[-1]))

    found: Plan = ws.keep(("plan", question.name), versions[-1], load)
    return found


def open_plan(ws: Workspace, question: Question) -> Plan | None:
    """The newest plan if some of its items still wait for a check."""
    plan = newest_plan(ws, question)
    return plan if plan is not None and set(plan.items) - checked(ws, question).keys() else None


def checked(ws: Workspace, question: Question) -> dict[str, str | None]:
    """What people said of every item that they answered; ``None`` where they could not say.

    Of several people the one who answered last counts.
    """
    votes = ws.store.votes_frame(question.name).select("item", "answer", "abstained")
    return {item: None if skipped else json.loads(answer) for item, answer, skipped in votes.iter_rows()}


def certificate(ws: Workspace, question: Question) -> release.Certificate | None:
    """How right the frozen labels are, from the checks made so far; ``None`` without a plan or a check.

    Only the unbroken beginning of the draw counts: it is a uniform sample whatever was answered first. An item
    that nobody could answer counts as wrong.
    """
    plan = newest_plan(ws, question)
    if plan is None:
        return None
    answers = checked(ws, question)
    made = next((i for i, item in enumerate(plan.items) if item not in answers), plan.n)
    if made == 0:
        return None
    codes = {label: code for code, label in enumerate(question.labels)}
    frozen = dict(plan.frozen.select("item", "label").iter_rows())
    before = np.array([codes.get(frozen[item], -1) for item in plan.items[:made]])
    checks = np.array([codes.get(answers[item] or "", -2) for item in plan.items[:made]])
    return release.certify(before, checks, n_items=len(plan.frozen))


def candidate(ws: Workspace, question: Question, plan: Plan, beliefs: Beliefs) -> Beliefs:
    """The frozen labels as beliefs, the items that people checked put right."""
    answers = checked(ws, question)
    labels = list(beliefs.labels)
    probabilities = plan.frozen.select([f"p_{label}" for label in labels]).to_numpy().copy()
    items = plan.frozen["item"].to_list()
    rows = {item: row for row, item in enumerate(items)}
    for item in plan.items:
        answer = answers.get(item)
        if answer in labels:
            probabilities[rows[item]] = np.eye(len(labels))[labels.index(answer)]
    return Beliefs(
        items=items,
        labels=labels,
        probabilities=probabilities,
        prior=beliefs.prior,
        reliability=beliefs.reliability,
        model=beliefs.model,
        notes=beliefs.notes,
        settings=beliefs.settings,
    )
