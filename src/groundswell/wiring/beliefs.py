"""Beliefs of one question: fitted from the log, kept in memory, moved by every answer, re-fitted in the background."""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable, Set
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl

from groundswell import belief, learn
from groundswell.core.belief import Beliefs
from groundswell.core.errors import GroundswellError
from groundswell.core.question import Question
from groundswell.core.source import SourceInfo
from groundswell.core.votes import VoteTable
from groundswell.wiring.features import item_features
from groundswell.wiring.table import check_categorical, label_answers, vote_table
from groundswell.wiring.workspace import Workspace

MODEL = "trained-model"
FEWEST_ANSWERS = 10
FEWEST_VOTED = 200
"""People's answers, or items with any vote, from which on a model trained on the beliefs joins as a derived source."""

LOOK_AGAIN = 0.5
"""Seconds after which reading beliefs looks for items that another process may have added."""
SILENT_WEIGHT = 0.1
"""How much an item on which nobody spoke counts in training, against 1."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Fit:
    """Beliefs with the votes that they were computed from."""

    beliefs: Beliefs
    table: VoteTable
    model: np.ndarray[Any, np.dtype[np.float64]] | None
    """``(n_items, n_labels)`` out-of-fold probabilities of the model that joined, if one did."""


def people_infos(ws: Workspace, question: Question, votes: pl.DataFrame) -> list[SourceInfo]:
    """The people who answered, with the trust that somebody stated for them."""
    stated = {info.name: info for info, _ in ws.store.sources(question.name) if info.kind in ("person", "gold")}
    names = sorted(set(votes["source"].to_list()))
    return [stated.get(name, SourceInfo(name, "person", "asked")) for name in names]


def all_votes(
    ws: Workspace, question: Question, without: Set[str] = frozenset(), leave_out: Set[str] = frozenset()
) -> VoteTable:
    """The vote matrix of a question: people and automatic sources.

    ``without`` names items whose answers by people are left out, ``leave_out`` items that do not exist for it.
    """
    check_categorical(question)
    people = ws.store.votes_frame(question.name)
    answers = label_answers(people, question.labels)
    if without:
        answers = answers.filter(~pl.col("item").is_in(list(without)))
    sources = [(info, ws.store.column(question.name, info.name, version)) for info, version in ws.voting(question)]
    sources += [(info, answers.filter(pl.col("source") == info.name)) for info in people_infos(ws, question, answers)]
    items = [item for item in ws.store.item_ids() if item not in leave_out] if leave_out else ws.store.item_ids()
    return vote_table(items, question.labels, sources)


def fit(
    ws: Workspace,
    question: Question,
    *,
    model: str = "default",
    derived: bool = True,
    without: Set[str] = frozenset(),
    leave_out: Set[str] = frozenset(),
) -> Fit:
    """Beliefs from all votes; where there is enough to learn from, a cross-fitted model joins as a derived source.

    ``without`` and ``leave_out`` as in :func:`all_votes`.
    """
    table = all_votes(ws, question, without, leave_out)
    if not table.n_items:
        k = len(table.labels)
        return Fit(Beliefs([], table.labels, np.zeros((0, k)), np.full(k, 1 / k), [], model), table, None)
    beliefs = belief.fit(table, model, seed=ws.seed)
    features = item_features(ws) if derived and worth_a_model(table, beliefs) else None
    if features is None:
        return Fit(beliefs, table, None)
    shares = out_of_fold(ws, table, beliefs, features)
    joined = belief.with_model(table, MODEL, shares)
    return Fit(belief.fit(joined, model, seed=ws.seed), joined, shares)


def worth_a_model(table: VoteTable, beliefs: Beliefs) -> bool:
    """Whether a model has enough to learn from: answers of people, or items on which anything voted; and two labels."""
    voted = np.diff(table.starts()) > 0
    people = np.array([info.kind in ("person", "gold") for info in table.sources], bool)
    answers = int(people[table.source].sum()) if table.n_votes else 0
    enough = answers >= FEWEST_ANSWERS or int(voted.sum()) >= FEWEST_VOTED
    return enough and len(np.unique(beliefs.codes[voted])) > 1


def out_of_fold(
    ws: Workspace, table: VoteTable, beliefs: Beliefs, features: Any
) -> np.ndarray[Any, np.dtype[np.float64]]:
    """``(n_items, n_labels)`` what a model trained on the beliefs says of items that it was not trained on.

    Items on which nobody spoke teach it little; equal texts are never on both sides.
    """
    spoken = np.bincount(table.item, minlength=table.n_items) > 0
    items = ws.items()
    copies = items["text"].fill_null("").rank("dense").to_numpy()
    if table.n_items < len(items):
        kept = items["item"].is_in(list(table.items)).to_numpy()
        features, copies = features[kept], copies[kept]
    return np.asarray(
        learn.crossfit(
            features, beliefs.probabilities, np.where(spoken, 1.0, SILENT_WEIGHT), groups=copies, seed=ws.seed
        )
    )


def unasked(ws: Workspace) -> Fit:
    """Beliefs where none can be computed from votes (answers that are no single labels): one empty label for all."""
    items = ws.store.item_ids()
    nothing = Beliefs(items, [""], np.ones((len(items), 1)), np.ones(1), [], "none")
    return Fit(nothing, vote_table(items, [""], []), None)


class Live:
    """The beliefs of one question while people are answering.

    Reading never waits for a fit once there is one; each answer moves its item's belief at once, at the current
    reliabilities, and asks for a re-fit, which runs in one background thread.
    """

    def __init__(self, ws: Workspace, name: str) -> None:
        self._ws = ws
        self._name = name
        self._lock = threading.Lock()
        self._fitting = threading.Lock()
        self._fit: Fit | None = None
        self._stamp: Any = None
        self._wanted = False
        self._checked = -math.inf
        self._thread: threading.Thread | None = None
        self.background = False
        """Whether answers bring about re-fits by themselves; set while somebody is labelling in the app."""
        self.after: list[Callable[[], object]] = []
        """What else to bring up to date in the background, after a re-fit."""

    def stamp(self) -> Any:
        """Changes whenever a fit would see something else."""
        question = self._ws.question(self._name)
        versions = tuple(sorted((info.name, version) for info, version in self._ws.voting(question)))
        return question.version, self._ws.store.count_items(), self._ws.store.count_votes(self._name), versions

    def fresh(self) -> Fit:
        """The beliefs from every vote in the store, fitted now if need be."""
        with self._fitting:
            stamp = self.stamp()
            if self._fit is None or stamp != self._stamp:
                found = fit(self._ws, self._ws.question(self._name))
                with self._lock:
                    self._fit, self._stamp = found, stamp
            return self._fit

    def current(self) -> Fit:
        """The newest beliefs there are, without waiting for a fit unless there is none of these items and labels."""
        with self._lock:
            found, stamp = self._fit, self._stamp
        if found is not None and time.monotonic() - self._checked < LOOK_AGAIN:
            return found
        question = self._ws.question(self._name)
        if found is not None and stamp[:2] == (question.version, self._ws.store.count_items()):
            self._checked = time.monotonic()
            return found
        return self.fresh()

    def expire(self) -> None:
        """Look at once whether there are other items or labels."""
        self._checked = -math.inf

    def move(self, item: str, source: str, label: str) -> dict[str, float]:
        """Move the belief about ``item`` by one new vote, at once, and ask for a re-fit. Returns the item's belief."""
        found = self.current()
        beliefs = found.beliefs
        row = beliefs.index(item)
        moved = beliefs.probabilities[row] * likelihood(beliefs, source, label)
        moved = moved / moved.sum() if moved.sum() > 0 else beliefs.probabilities[row]
        with self._lock:
            if self._fit is found:
                probabilities = beliefs.probabilities.copy() if not beliefs.probabilities.flags.writeable else None
                target = beliefs.probabilities if probabilities is None else probabilities
                target[row] = moved
                if probabilities is not None:
                    self._fit = replace(found, beliefs=replace(beliefs, probabilities=probabilities))
        self.refit_soon()
        return dict(zip([str(label) for label in beliefs.labels], moved.tolist(), strict=True))

    def refit_soon(self) -> None:
        """Ask for a re-fit in the background; several wishes while one runs become one."""
        if not self.background:
            return
        with self._lock:
            self._wanted = True
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._work, name=f"refit-{self._name}", daemon=True)
                self._thread.start()

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._wanted:
                    self._thread = None
                    return
                self._wanted = False
            try:
                self.fresh()
                for measure in self.after:
                    measure()
            except GroundswellError as e:
                log.warning("Beliefs of '%s' could not be computed anew: %s", self._name, e)

    def wait(self, seconds: float = 30.0) -> None:
        """Wait until no re-fit is under way, at most ``seconds``."""
        thread = self._thread
        if thread is not None:
            thread.join(seconds)


def likelihood(beliefs: Beliefs, source: str, label: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    """``(n_labels,)`` P(the source votes ``label`` | truth), at the current reliabilities; .9 for a newcomer."""
    k = len(beliefs.labels)
    code = list(beliefs.labels).index(label)
    accuracy = 0.9
    for reliability in beliefs.reliability:
        if reliability.source.name == source:
            if reliability.confusion is not None:
                return np.asarray(reliability.confusion[:, code])
            accuracy = min(max(reliability.accuracy.value, 1.0 / k), 0.99)
    found = np.full(k, (1.0 - accuracy) / max(k - 1, 1))
    found[code] = accuracy
    return found
