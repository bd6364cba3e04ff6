"""The desk: what a person is asked next, and what becomes of the answer."""

from __future__ import annotations

import json
import statistics
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from groundswell import ask
from groundswell.core.abstain import ABSTAIN, AbstainType
from groundswell.core.errors import ConflictError, NotFoundError
from groundswell.core.ids import uuid7
from groundswell.core.item import Item
from groundswell.core.question import Question
from groundswell.core.vote import Assignment, Vote
from groundswell.wiring import certify
from groundswell.wiring.beliefs import Fit, Live, unasked
from groundswell.wiring.features import embedding
from groundswell.wiring.table import CATEGORICAL
from groundswell.wiring.workspace import Workspace

LEASE_SECONDS = 600.0
CHOSEN = "chosen"
"""Stratum of answers to items that nobody drew: their probability is not known."""
RECENT = 30
"""Answers whose median time is a person's pace."""
BATCH = 10
"""Items drawn together; a batch is asked to its end, so that the recorded probabilities hold."""


@dataclass(frozen=True)
class Asked:
    """An item put before a person, and why."""

    assignment: Assignment
    item: Item
    suggestion: Any | None = None

    @property
    def why(self) -> str:
        """One short sentence."""
        return self.assignment.why


@dataclass(frozen=True)
class Queue:
    """The next questions for one person."""

    asked: Sequence[Asked]
    remaining: int
    done: int
    seconds_each: float | None


@dataclass(frozen=True)
class Said:
    """What an automatic source said of an item; ``None``: it abstained."""

    source: str
    kind: str
    answer: Any | None


@dataclass(frozen=True)
class Receipt:
    """The vote is on disk. ``belief`` is the item's, updated; ``said`` is what the automatic sources had said."""

    new: bool
    belief: Mapping[str, float]
    said: Sequence[Said]


@dataclass(frozen=True)
class Undone:
    """A vote was taken back; ``asked`` asks it again."""

    new: bool
    asked: Asked | None


class Desk:
    """The queue of one question."""

    def __init__(self, ws: Workspace, name: str, live: Live) -> None:
        self._ws = ws
        self._name = name
        self._live = live
        self._drawn: dict[tuple[str, str], deque[Assignment]] = {}
        self._lock = threading.Lock()

    # asking

    def next(self, person: str, n: int, strategy: str = "auto", *, random_share: float = 0.1) -> Queue:
        """Up to ``n`` questions for ``person``: what is theirs already, then checks of a certificate, then new ones."""
        question = self._ws.question(self._name)
        now = time.time()
        mine = [
            a
            for a in self._ws.store.open_assignments(self._name, source=person)
            if a.expires > now and a.version == question.version
        ][:n]
        if len(mine) < n:
            mine += self._checks(question, person, n - len(mine), now)
        tries = 0
        while len(mine) < n and tries < 3:
            candidates = self._candidates(question, person, strategy, random_share, n)
            if not candidates:
                break
            taken = self._ws.store.lease(
                self._name, person, candidates, n=n - len(mine), overlap=question.overlap, now=now
            )
            mine += taken
            self._used(person, strategy, candidates, taken)
            tries += 1
        items = {item.id: item for item in self._ws.store.items([a.item for a in mine])}
        done = self._ws.store.count_votes(self._name, source=person)
        recent = self._ws.store.votes(self._name, source=person, newest=True, limit=RECENT)
        seconds = [vote.seconds for vote in recent if vote.seconds is not None]
        return Queue(
            [Asked(a, items[a.item], self._suggestion(question, a.item)) for a in mine],
            max(self._ws.store.count_items() - done, 0),
            done,
            statistics.median(seconds) if len(seconds) >= 3 else None,
        )

    def _suggestion(self, question: Question, item: str) -> Any | None:
        if question.suggestions == "off" or question.answer.name not in CATEGORICAL:
            return None
        return self._live.current().beliefs.label_of(item)

    def _checks(self, question: Question, person: str, n: int, now: float) -> list[Assignment]:
        plan = certify.open_plan(self._ws, question)
        if plan is None:
            return []
        answered = certify.checked(self._ws, question)
        size = self._ws.store.count_items()
        candidates = [
            Assignment(
                id=uuid7(),
                question=question.name,
                version=question.version,
                item=item,
                source=person,
                why="Drawn at random, to check how right the labels are.",
                stratum=certify.STRATUM,
                probability=min(plan.n / size, 1.0),
                expires=now + LEASE_SECONDS,
            )
            for item in plan.items
            if item not in answered
        ]
        return self._ws.store.lease(self._name, person, candidates[: n * 4], n=n, overlap=1, now=now)

    def _candidates(
        self, question: Question, person: str, strategy: str, random_share: float, n: int
    ) -> list[Assignment]:
        key = (person, strategy)
        with self._lock:
            if self._drawn.get(key):
                return list(self._drawn[key])
        if question.answer.name not in CATEGORICAL:
            strategy = "random"
        found = self._fit(question)
        beliefs = found.beliefs
        votes = self._ws.store.votes_frame(self._name)
        rows = {item: row for row, item in enumerate(beliefs.items)}
        times = np.zeros(len(beliefs), int)
        eligible = np.ones(len(beliefs), bool)
        answers = np.full(len(beliefs), -1)
        labelled = question.answer.name in CATEGORICAL
        codes = {label: code for code, label in enumerate(beliefs.labels)}
        for item, source, answer, abstained in votes.select("item", "source", "answer", "abstained").iter_rows():
            row = rows.get(item)
            if row is None:
                continue
            times[row] += not abstained
            eligible[row] &= source != person
            if not abstained:
                answers[row] = codes.get(json.loads(answer), -1) if labelled else 0
        now = time.time()
        # What lies before others counts as answered by them: else many people draw the same few, and get none of them.
        for held in self._ws.store.open_assignments(self._name):
            row = rows.get(held.item)
            if row is not None and held.source != person and held.expires > now:
                times[row] += 1
        eligible &= times < question.overlap
        if not eligible.any():
            return []
        rng = np.random.default_rng([self._ws.seed, len(votes), *person.encode()])
        scores = ask.STRATEGIES[strategy](
            beliefs, features=self._embedding(strategy), eligible=eligible, answered=answers, rng=rng
        )
        draws = ask.draw(scores, eligible, max(n, BATCH), strategy=strategy, random_share=random_share, rng=rng)
        assignments = [
            Assignment(
                id=uuid7(),
                question=question.name,
                version=question.version,
                item=str(beliefs.items[draw.row]),
                source=person,
                why=ask.why(draw, beliefs, found.table),
                stratum=draw.stratum,
                probability=draw.probability,
                expires=now + LEASE_SECONDS,
                score=draw.score,
            )
            for draw in draws
        ]
        with self._lock:
            self._drawn[key] = deque(assignments)
        return assignments

    def _embedding(self, strategy: str) -> Any | None:
        return embedding(self._ws) if strategy in ("auto", "typical") else None

    def _used(self, person: str, strategy: str, tried: Sequence[Assignment], taken: Sequence[Assignment]) -> None:
        last = tried.index(taken[-1]) + 1 if taken and taken[-1] in tried else len(tried)
        with self._lock:
            left = self._drawn.get((person, strategy))
            if left is not None:
                self._drawn[(person, strategy)] = deque(list(left)[last:])

    # answering

    def vote(
        self,
        *,
        key: str,
        person: str,
        assignment: str,
        item: str,
        version: int,
        answer: Any | AbstainType,
        seconds: float | None = None,
        note: str = "",
        confidence: float | None = None,
        shown: Mapping[str, Any] | None = None,
    ) -> Receipt:
        """Store an answer; returns once it is on disk."""
        given = self._ws.store.assignment(assignment)
        if given.source != person or given.item != item or given.question != self._name:
            raise NotFoundError(f"No assignment '{assignment}' of this item")
        newest = self._ws.question(self._name)
        asked = newest if version == newest.version else self._ws.store.question(self._name, version)
        checked = answer if answer is ABSTAIN else asked.answer.validate(answer)
        if answer is not ABSTAIN:
            asked.answer.check_text(checked, self._ws.store.item(item).text or "")
        new = self._ws.store.add_votes(
            [
                Vote(
                    key=key,
                    question=self._name,
                    version=version,
                    item=item,
                    source=person,
                    answer=checked,
                    confidence=confidence,
                    seconds=seconds,
                    shown=dict(shown or {}),
                    probability=None if given.stratum == CHOSEN else given.probability,
                    stratum=given.stratum,
                    note=note,
                )
            ]
        )[0]
        return Receipt(new, self._moved(item, person, checked if new else ABSTAIN), self.said(item))

    def _fit(self, question: Question) -> Fit:
        return self._live.current() if question.answer.name in CATEGORICAL else unasked(self._ws)

    def _moved(self, item: str, person: str, answer: Any | AbstainType) -> dict[str, float]:
        """What is believed of an item now, moved by an answer unless it abstains; empty where nothing can be."""
        question = self._ws.question(self._name)
        if question.answer.name not in CATEGORICAL:
            return {}
        beliefs = self._live.current().beliefs
        if answer is not ABSTAIN and answer in beliefs.labels:
            return self._live.move(item, person, answer)
        return {str(label): p for label, p in beliefs.of(item).items()}

    def answer(self, *, item: str, person: str, answer: Any | AbstainType, note: str = "") -> Receipt:
        """Store an answer to an item that nobody asked about."""
        question = self._ws.question(self._name)
        self._ws.store.item(item)
        chosen = Assignment(
            id=uuid7(),
            question=self._name,
            version=question.version,
            item=item,
            source=person,
            why="Chosen by hand.",
            stratum=CHOSEN,
            probability=1.0,
            expires=time.time() + LEASE_SECONDS,
        )
        checked = answer if answer is ABSTAIN else question.answer.validate(answer)
        self._ws.store.add_assignments([chosen])
        return self.vote(
            key=uuid7(),
            person=person,
            assignment=chosen.id,
            item=item,
            version=question.version,
            answer=checked,
            note=note,
        )

    def undo(self, *, key: str, person: str, retracts: str) -> Undone:
        """Take back a vote of this person and ask its item again."""
        try:
            old = self._ws.store.vote(retracts)
        except NotFoundError:
            old = None
        if old is None or old.source != person or old.question != self._name:
            raise NotFoundError("No such answer of yours")  # the same words, whether it exists or not
        if old.retracts is not None:
            raise ConflictError("That was an undo itself", hint="Answer the item again instead")
        new = self._ws.store.add_votes(
            [
                Vote(
                    key=key,
                    question=self._name,
                    version=old.version,
                    item=old.item,
                    source=person,
                    answer=ABSTAIN,
                    retracts=retracts,
                    note="undo",
                )
            ]
        )[0]
        question = self._ws.question(self._name)
        again = Assignment(
            id=uuid7(),
            question=self._name,
            version=question.version,
            item=old.item,
            source=person,
            why="You took your answer back.",
            stratum=old.stratum,
            probability=old.probability or 1.0,
            expires=time.time() + LEASE_SECONDS,
        )
        taken = self._ws.store.lease(self._name, person, [again], n=1, overlap=None, now=time.time())
        self._live.refit_soon()
        if not taken:
            return Undone(new, None)
        return Undone(new, Asked(taken[0], self._ws.store.item(old.item), None))

    # looking back

    def mine(self, person: str, limit: int) -> list[Vote]:
        """This person's effective votes, newest first."""
        return self._ws.store.votes(self._name, source=person, newest=True, limit=limit)

    def answered(self, person: str) -> set[str]:
        """Items that this person has answered or skipped."""
        return {vote.item for vote in self._ws.store.votes(self._name, source=person)}

    def open_items(self, person: str) -> set[str]:
        """Items that this person has been asked and has not answered."""
        return {a.item for a in self._ws.store.open_assignments(self._name, source=person)}

    def said(self, item: str) -> list[Said]:
        """What the automatic sources said of an item."""
        found = self._fit(self._ws.question(self._name))
        table, row = found.table, found.beliefs.index(item)
        lo, hi = np.searchsorted(table.item, [row, row + 1])
        given = {int(s): table.labels[int(y)] for s, y in zip(table.source[lo:hi], table.label[lo:hi], strict=True)}
        return [
            Said(info.name, info.kind, given.get(s))
            for s, info in enumerate(table.sources)
            if info.kind not in ("person", "gold") and (s in given or info.saw == "all")
        ]
