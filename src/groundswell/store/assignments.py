"""Assignments: which item is before whom, and for how long."""

from __future__ import annotations

import math
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from groundswell.core.errors import GroundswellError, InputError, NotFoundError
from groundswell.core.vote import Assignment
from groundswell.store import checks
from groundswell.store.backend import Backend
from groundswell.store.items import chunks
from groundswell.store.schema import assignments, standing, votes

AUDIT = "audit"
_FIELDS = ["id", "question", "version", "item", "source", "why", "stratum", "probability", "expires", "score"]

_insert = insert(assignments)
_items: Any = bindparam("items", expanding=True)
_answers = (
    select(standing.c.question, standing.c.item, standing.c.source, votes.c.stratum, votes.c.answer.is_(None))
    .join(votes, votes.c.seq == standing.c.seq)
    .where(standing.c.item.in_(_items))
)
_holds = select(
    assignments.c.question, assignments.c.item, assignments.c.source, assignments.c.expires, assignments.c.stratum
).where(assignments.c.item.in_(_items), assignments.c.open.is_(True))


def prepare(given: Sequence[Assignment]) -> list[dict[str, Any]]:
    """The rows of assignments. Raises :class:`InputError` at the first that cannot be stored."""
    return [_row(assignment) for assignment in given]


def _row(given: Assignment) -> dict[str, Any]:
    if not isinstance(given, Assignment):
        raise InputError(f"A {type(given).__name__} is no Assignment")
    id = checks.key(given.id, "id of an assignment")
    where = f"assignment {id}"
    return {
        "id": id,
        "question": checks.text(given.question, where, limit=checks.MAX_NAME, least=1),
        "version": checks.whole(given.version, where, 1, 2**31 - 1),
        "item": checks.text(given.item, where, limit=checks.MAX_ID, least=1),
        "source": checks.text(given.source, where, limit=checks.MAX_NAME, least=1),
        "why": checks.text(given.why, where, limit=10_000),
        "stratum": checks.text(given.stratum, where, limit=checks.MAX_NAME),
        "probability": _needed(checks.number(given.probability, where, 0, 1), where),
        "expires": _needed(checks.number(given.expires, where), where),
        "score": _needed(checks.number(given.score, where), where),
        "open": True,
        "at": time.time(),
    }


def _needed(number: float | None, where: str) -> float:
    if number is None:
        raise InputError("probability, expires and score are needed", where=where)
    return number


def add(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Store assignments as they are."""
    if rows:
        connection.execute(_insert, rows)


def fetch(connection: Connection, id: str) -> Assignment:
    """One assignment. Raises :class:`NotFoundError`."""
    row = connection.execute(select(assignments).where(assignments.c.id == str(id))).first()
    if row is None:
        raise NotFoundError(f"No assignment '{str(id)[:80]}'")
    return _assignment(row)


def _assignment(row: Any) -> Assignment:
    return Assignment(**{name: getattr(row, name) for name in _FIELDS})


def still_open(connection: Connection, question: str, source: str | None, now: float) -> list[Assignment]:
    """Open and not expired, oldest first."""
    table = assignments.c
    query = select(assignments).where(table.question == question, table.open.is_(True), table.expires > now)
    if source is not None:
        query = query.where(table.source == source)
    return [_assignment(row) for row in connection.execute(query.order_by(table.at, table.id))]


def is_open(connection: Connection, id: str) -> bool:
    """Whether it is neither answered nor closed. Raises :class:`NotFoundError`."""
    fetch(connection, id)
    return bool(connection.execute(select(assignments.c.open).where(assignments.c.id == id)).scalar())


def close(connection: Connection, id: str) -> bool:
    """Whether it was open until now."""
    mine = (assignments.c.id == id) & assignments.c.open.is_(True)
    return connection.execute(update(assignments).where(mine).values(open=False)).rowcount > 0


@dataclass(frozen=True)
class Call:
    """One request for items: the arguments of :meth:`Store.lease`."""

    question: str
    source: str
    candidates: Sequence[Assignment]
    n: int
    overlap: int | None
    now: float

    def parts(self) -> Iterator[Sequence[Assignment]]:
        """The candidates in parts that double in size: most calls are served from the first."""
        start, size = 0, max(2 * self.n, 8)
        while start < len(self.candidates):
            yield self.candidates[start : start + size]
            start, size = start + size, min(2 * size, 4096)


@dataclass(frozen=True, slots=True)
class _Claim:
    """A source's on an item: held until ``expires``, or answered for good. A skip ``counts`` towards no overlap."""

    source: str
    stratum: str
    expires: float = math.inf
    counts: bool = True


class _Board:
    """Who has answered and who holds the items of a question; read from the database as far as needed."""

    def __init__(self, connection: Connection, question: str) -> None:
        self._connection = connection
        self._question = question
        self._read: set[str] = set()
        self._stored: dict[str, list[_Claim]] = defaultdict(list)
        # Handed out in this batch and not written yet; outlives reading again.
        self._taken: dict[str, list[_Claim]] = defaultdict(list)

    def read(self, items: Iterable[str], *, again: bool = False) -> None:
        """Read what is not read yet, or ``again``."""
        wanted = set(items) if again else set(items) - self._read
        for item in wanted:
            self._stored.pop(item, None)
        self._read |= wanted
        for part in chunks(sorted(wanted)):
            # Holds first: a vote that comes in between ends its hold, and is then seen as an answer.
            for question, item, source, expires, stratum in self._connection.execute(_holds, {"items": part}):
                if question == self._question:
                    self._stored[item].append(_Claim(source, stratum, expires))
            for question, item, source, stratum, skipped in self._connection.execute(_answers, {"items": part}):
                if question == self._question:
                    self._stored[item].append(_Claim(source, stratum, counts=not skipped))

    def free(self, wanted: Assignment, call: Call) -> bool:
        """Whether it may be handed out. Audits share their items among audits alone, all others among all others."""
        claims = (*self._stored.get(wanted.item, ()), *self._taken.get(wanted.item, ()))
        standing = [claim for claim in claims if claim.expires > call.now]
        if any(claim.source == call.source for claim in standing):
            return False
        audit = wanted.stratum == AUDIT
        others = {claim.source for claim in standing if claim.counts and (claim.stratum == AUDIT) is audit}
        return call.overlap is None or len(others) < call.overlap

    def take(self, given: Assignment) -> None:
        """Note that it is handed out."""
        self._taken[given.item].append(_Claim(given.source, given.stratum, given.expires))


def check(candidates: Sequence[Assignment], question: str, source: str) -> None:
    """Raise :class:`InputError` unless they are for this question and source. Whatever is taken is checked fully."""
    for candidate in candidates:
        if not isinstance(candidate, Assignment):
            raise InputError(f"A {type(candidate).__name__} is no Assignment")
        if candidate.question != question or candidate.source != source:
            raise InputError("A candidate is for another question or source than the lease")
        checks.text(candidate.item, "candidate", limit=checks.MAX_ID, least=1)


class Queue:
    """Hands out items to many callers at once; a bulk function of the writer."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def lease(self, connection: Connection, calls: list[Call]) -> list[list[Assignment] | GroundswellError]:
        """What each call gets."""
        boards = {call.question: _Board(connection, call.question) for call in calls}
        for question, board in boards.items():
            first = (next(call.parts(), ()) for call in calls if call.question == question)
            board.read(candidate.item for part in first for candidate in part)
        rows: list[dict[str, Any]] = []
        outcomes: list[list[Assignment] | GroundswellError] = []
        for call in calls:
            try:
                taken = self._serve(connection, call, boards[call.question])
                rows.extend(prepare(taken))
            except GroundswellError as error:
                outcomes.append(error)
            else:
                outcomes.append(taken)
        add(connection, rows)
        return outcomes

    def _serve(self, connection: Connection, call: Call, board: _Board) -> list[Assignment]:
        taken: list[Assignment] = []
        elsewhere: list[Assignment] = []
        for part in call.parts():
            if len(taken) >= call.n:
                break
            board.read(candidate.item for candidate in part)
            free = [candidate for candidate in part if board.free(candidate, call)]
            for wanted in chunks(free, max(call.n - len(taken), 1)):
                if len(taken) >= call.n:
                    break
                held = self._hold(connection, board, wanted, wait=False)
                elsewhere.extend(candidate for candidate in wanted if candidate.item not in held)
                _take(call, board, [candidate for candidate in wanted if candidate.item in held], taken)
        if len(taken) < call.n and elsewhere:
            # Another process was handing these out; whatever it leaves is better than an empty queue.
            held = self._hold(connection, board, elsewhere[: 4 * call.n], wait=True)
            _take(call, board, [candidate for candidate in elsewhere if candidate.item in held], taken)
        return taken

    def _hold(self, connection: Connection, board: _Board, candidates: Sequence[Assignment], *, wait: bool) -> set[str]:
        wanted = sorted({candidate.item for candidate in candidates})
        held = self._backend.hold(connection, wanted, wait=wait)
        if self._backend.concurrent and held:
            board.read(held, again=True)
        return held


def _take(call: Call, board: _Board, candidates: Sequence[Assignment], taken: list[Assignment]) -> None:
    for candidate in candidates:
        if len(taken) < call.n and board.free(candidate, call):
            board.take(candidate)
            taken.append(candidate)
