"""The vote log: appended to, chained by hashes, and what follows from it kept beside it."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from groundswell.core.abstain import ABSTAIN
from groundswell.core.errors import ConflictError, GroundswellError, InputError, NotFoundError
from groundswell.core.ids import canonical
from groundswell.core.vote import Vote
from groundswell.store import checks
from groundswell.store.backend import Backend
from groundswell.store.items import chunks
from groundswell.store.schema import assignments, items, questions, standing, votes

Row = dict[str, Any]

START = bytes(32)
# What a vote says, in the order in which it is hashed; `at` is hashed too, but is no part of what is said.
SAID = [
    "key",
    "question",
    "version",
    "item",
    "source",
    "answer",
    "confidence",
    "distribution",
    "seconds",
    "shown",
    "probability",
    "stratum",
    "retracts",
    "note",
]

_by_keys = select(votes).where(votes.c.key.in_(bindparam("keys", expanding=True)))
_known_items = select(items.c.id).where(items.c.id.in_(bindparam("ids", expanding=True)))
_versions = select(questions.c.name, questions.c.version).where(
    questions.c.name.in_(bindparam("names", expanding=True))
)
_last = select(votes.c.seq, votes.c.hash).order_by(votes.c.seq.desc()).limit(1)
_insert = insert(votes)
_group = (
    select(votes.c.seq, votes.c.key, votes.c.answer, votes.c.retracts)
    .where(votes.c.question == bindparam("q"), votes.c.item == bindparam("i"), votes.c.source == bindparam("s"))
    .order_by(votes.c.seq)
)
_unseat = delete(standing).where(
    standing.c.question == bindparam("q"), standing.c.item == bindparam("i"), standing.c.source == bindparam("s")
)
_answered = (
    update(assignments)
    .where(
        assignments.c.question == bindparam("q"),
        assignments.c.item == bindparam("i"),
        assignments.c.source == bindparam("s"),
        assignments.c.open.is_(True),
    )
    .values(open=False)
)


def prepare(given: Sequence[Vote]) -> list[Row]:
    """The rows of votes. Raises :class:`InputError` at the first that cannot be stored."""
    return [_row(vote) for vote in given]


def _row(vote: Vote) -> Row:
    if not isinstance(vote, Vote):
        raise InputError(f"A {type(vote).__name__} is no Vote")
    key = checks.key(vote.key, "key of a vote")
    where = f"vote {key}"
    if vote.answer is None:
        raise InputError("A vote needs an answer", where=where, hint="A skip is ABSTAIN")
    if vote.retracts == key:
        raise InputError("A vote cannot retract itself", where=where)
    return {
        "key": key,
        "question": checks.text(vote.question, where, limit=checks.MAX_NAME, least=1),
        "version": checks.whole(vote.version, where, 1, 2**31 - 1),
        "item": checks.text(vote.item, where, limit=checks.MAX_ID, least=1),
        "source": checks.text(vote.source, where, limit=checks.MAX_NAME, least=1),
        "answer": None if vote.answer is ABSTAIN else checks.to_json(vote.answer, where),
        "confidence": checks.number(vote.confidence, where, 0, 1),
        "distribution": None if vote.distribution is None else checks.to_json(vote.distribution, where),
        "seconds": checks.number(vote.seconds, where, 0),
        "shown": checks.to_json(vote.shown, where) if vote.shown else "{}",
        "probability": checks.number(vote.probability, where, 0, 1),
        "stratum": checks.text(vote.stratum, where, limit=checks.MAX_NAME),
        "retracts": None if vote.retracts is None else checks.key(vote.retracts, where),
        "note": checks.text(vote.note, where, limit=100_000),
        "at": checks.number(vote.at, where, 0),
    }


class Log:
    """Appends the votes of many callers at once; a bulk function of the writer."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._seat = backend.upsert(standing)
        self._seat = self._seat.on_conflict_do_update(
            index_elements=["item", "question", "source"],
            set_={"seq": self._seat.excluded.seq},
        )

    def add(self, connection: Connection, calls: list[list[Row]]) -> list[list[bool] | GroundswellError]:
        """Append each call's votes, or none of that call's: its outcome is then the error."""
        self._backend.lock(connection, votes)
        state = _State(connection, [row for call in calls for row in call])
        fresh: list[Row] = []
        outcomes: list[list[bool] | GroundswellError] = []
        for call in calls:
            try:
                news = state.judge(call)
            except GroundswellError as error:
                outcomes.append(error)
                continue
            outcomes.append(news)
            fresh.extend(row for row, new in zip(call, news, strict=True) if new)
        if fresh:
            _chain(connection, fresh)
            connection.execute(_insert, fresh)
            self._seat_all(connection, fresh)
        return outcomes

    def _seat_all(self, connection: Connection, fresh: list[Row]) -> None:
        last = {(row["question"], row["item"], row["source"]): row for row in fresh}
        rewritten = {(row["question"], row["item"], row["source"]) for row in fresh if row["retracts"]}
        seats, empty = [], []
        for (question, item, source), row in last.items():
            place = {"q": question, "i": item, "s": source}
            found: Any = row
            if (question, item, source) in rewritten:
                found = effective([dict(said) for said in connection.execute(_group, place).mappings()])
            if found is None:
                empty.append(place)
                continue
            seats.append({"question": question, "item": item, "source": source, "seq": found["seq"]})
        if empty:
            connection.execute(_unseat, empty)
        if seats:
            connection.execute(self._seat, seats)
        done = [
            {"q": question, "i": item, "s": source}
            for question, item, source in {(r["question"], r["item"], r["source"]) for r in fresh if not is_undo(r)}
        ]
        if done:
            connection.execute(_answered, done)


class _State:
    """What the database knows of the votes of one batch before they are appended."""

    def __init__(self, connection: Connection, rows: list[Row]) -> None:
        keys = {row["key"] for row in rows} | {row["retracts"] for row in rows if row["retracts"]}
        self.known: dict[str, Row] = {
            found["key"]: dict(found)
            for part in chunks(sorted(keys))
            for found in connection.execute(_by_keys, {"keys": list(part)}).mappings()
        }
        self.items = {
            id
            for part in chunks(sorted({row["item"] for row in rows}))
            for id in connection.execute(_known_items, {"ids": list(part)}).scalars()
        }
        names = sorted({row["question"] for row in rows})
        self.versions = {(name, version) for name, version in connection.execute(_versions, {"names": names})}

    def judge(self, call: list[Row]) -> list[bool]:
        """Which of the votes are new. Raises what is wrong with them; the state is then as before."""
        mine: dict[str, Row] = {}
        news = []
        for row in call:
            known = mine.get(row["key"]) or self.known.get(row["key"])
            if known is not None:
                if any(known[name] != row[name] for name in SAID):
                    raise ConflictError(
                        f"The vote {row['key']} is stored already with another content",
                        hint="A changed answer is a new vote with a key of its own",
                    )
                news.append(False)
                continue
            self._check(row, mine)
            mine[row["key"]] = row
            news.append(True)
        self.known.update(mine)
        return news

    def _check(self, row: Row, mine: dict[str, Row]) -> None:
        if row["item"] not in self.items:
            raise NotFoundError(f"No item '{row['item'][:80]}'")
        if (row["question"], row["version"]) not in self.versions:
            raise NotFoundError(f"No version {row['version']} of a question '{row['question']}'")
        if row["retracts"] is None:
            return
        earlier = mine.get(row["retracts"]) or self.known.get(row["retracts"])
        if earlier is None:
            raise NotFoundError(f"No vote {row['retracts']} to retract")
        if any(earlier[name] != row[name] for name in ("source", "question", "item")):
            raise ConflictError(
                f"The vote {row['retracts']} is not of this source, question and item",
                hint="A source retracts only what it has said itself",
            )


def is_undo(row: Any) -> bool:
    """Whether it retracts without an answer of its own."""
    return row["answer"] is None and row["retracts"] is not None


def effective(group: Sequence[Any]) -> Any | None:
    """The effective one among the votes of a source on an item, in the order of the log; ``None`` if none is.

    A vote counts unless a standing retraction names it, or a later vote that is more than an undo stands
    above it. A correction (an answer that retracts) stands above all but the vote that it retracts: that
    one comes back when the correction is itself retracted.
    """
    retracted: set[str] = set()
    above: set[str | None] = set()
    for row in reversed(group):
        live = row["key"] not in retracted
        if live and row["retracts"]:
            retracted.add(row["retracts"])
        if is_undo(row):
            continue
        if live and above <= {row["key"]}:
            return row
        above.add(row["retracts"])
    return None


def _chain(connection: Connection, fresh: list[Row]) -> None:
    last = connection.execute(_last).first()
    seq, head = (last.seq, bytes(last.hash)) if last else (0, START)
    now = time.time()
    for row in fresh:
        seq += 1
        row["at"] = now if row["at"] is None else row["at"]
        head = link(head, row)
        row["seq"], row["hash"] = seq, head


def link(before: bytes, row: Any) -> bytes:
    """The hash of a row of the log: SHA-256 of the hash before it and of everything it says and when."""
    said = canonical([*(row[name] for name in SAID), row["at"]])
    return hashlib.sha256(before + said.encode()).digest()


def head(connection: Connection) -> str:
    """The hash of the whole log."""
    last = connection.execute(_last).first()
    return (bytes(last.hash) if last else START).hex()


def count(connection: Connection, question: str, source: str | None) -> int:
    """How many effective votes there are."""
    query = select(func.count()).select_from(standing).where(standing.c.question == question)
    if source is not None:
        query = query.where(standing.c.source == source)
    return int(connection.execute(query).scalar_one())
