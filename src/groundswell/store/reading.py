"""The vote log, read."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any

import polars as pl
from sqlalchemy import Connection, Select, select

from groundswell.core.abstain import ABSTAIN
from groundswell.core.errors import NotFoundError, StorageError
from groundswell.core.vote import Vote
from groundswell.store import frames
from groundswell.store.schema import standing, votes
from groundswell.store.votes import START, effective, link

FRAME: dict[str, pl.DataType] = {
    "key": pl.String(),
    "item": pl.String(),
    "source": pl.String(),
    "answer": pl.String(),
    "abstained": pl.Boolean(),
    "confidence": pl.Float64(),
    "seconds": pl.Float64(),
    "probability": pl.Float64(),
    "stratum": pl.String(),
    "version": pl.Int32(),
    "at": pl.Float64(),
    "note": pl.String(),
}
_STORED = [name for name in FRAME if name != "abstained"]
_effective = (
    select(votes.c.seq, *(votes.c[name] for name in _STORED))
    .join(standing, standing.c.seq == votes.c.seq)
    .order_by(standing.c.seq)
)
# More new votes than this are read together with all others.
AFRESH = 1000


def fetch(connection: Connection, key: str) -> Vote:
    """One vote. Raises :class:`NotFoundError`."""
    row = connection.execute(select(votes).where(votes.c.key == str(key))).first()
    if row is None:
        raise NotFoundError(f"No vote '{str(key)[:80]}'")
    return _vote(row)


def every(
    connection: Connection,
    question: str,
    *,
    item: str | None,
    source: str | None,
    effective: bool,
    newest: bool,
    limit: int | None,
) -> list[Vote]:
    """Votes in the order of the log, or newest first."""
    # The columns of `standing` lead the filter and the order, so that its indexes answer them.
    table = standing if effective else votes
    query = select(votes).where(table.c.question == question)
    if effective:
        query = query.join(standing, standing.c.seq == votes.c.seq)
    if item is not None:
        query = query.where(table.c.item == item)
    if source is not None:
        query = query.where(table.c.source == source)
    query = query.order_by(table.c.seq.desc() if newest else table.c.seq)
    if limit is not None:
        query = query.limit(limit)
    return [_vote(row) for row in connection.execute(query)]


def _vote(row: Any) -> Vote:
    return Vote(
        key=row.key,
        question=row.question,
        version=row.version,
        item=row.item,
        source=row.source,
        answer=ABSTAIN if row.answer is None else frames.value(row.answer),
        confidence=row.confidence,
        distribution=None if row.distribution is None else frames.loads(row.distribution),
        seconds=row.seconds,
        shown={} if row.shown == "{}" else frames.loads(row.shown),
        probability=row.probability,
        stratum=row.stratum,
        retracts=row.retracts,
        note=row.note,
        at=row.at,
    )


def last(connection: Connection) -> int:
    """The length of the log."""
    return int(connection.execute(select(votes.c.seq).order_by(votes.c.seq.desc()).limit(1)).scalar() or 0)


@dataclass(frozen=True)
class VotesFrame:
    """The effective votes on a question when the log was ``length`` long; ``seq`` is where each stands in it."""

    length: int
    seq: pl.Series
    votes: pl.DataFrame


def frame(connection: Connection, question: str, before: VotesFrame | None) -> VotesFrame:
    """Effective votes as a table; what is known from ``before`` is not read again."""
    length = last(connection)
    if before is not None and length == before.length:
        return before
    if before is None or length - before.length > AFRESH:
        seq, found = _rows(connection, _effective.where(standing.c.question == question))
        return VotesFrame(length, seq, found)
    since = select(votes.c.item, votes.c.source).where(votes.c.seq > before.length, votes.c.question == question)
    changed = {tuple(row) for row in connection.execute(since)}
    if not changed:
        return VotesFrame(length, before.seq, before.votes)
    touched = _effective.where(
        standing.c.question == question,
        standing.c.item.in_({item for item, _ in changed}),
        standing.c.source.in_({source for _, source in changed}),
    )
    seq, found = _rows(connection, touched)
    places = pl.DataFrame(sorted(changed), schema={"item": pl.String, "source": pl.String}, orient="row")
    old = before.votes.with_columns(seq=before.seq).join(
        places, on=["item", "source"], how="anti", maintain_order="left"
    )
    new = found.with_columns(seq=seq).join(places, on=["item", "source"], how="semi", maintain_order="left")
    both = pl.concat([old, new]).sort("seq")
    return VotesFrame(length, both["seq"], both.drop("seq"))


def _rows(connection: Connection, query: Select[Any]) -> tuple[pl.Series, pl.DataFrame]:
    rows = connection.execute(query).all()
    parts = list(zip(*rows, strict=True)) if rows else [()] * (len(_STORED) + 1)
    found = {name: pl.Series(name, part, FRAME[name]) for name, part in zip(_STORED, parts[1:], strict=True)}
    found["abstained"] = found["answer"].is_null()
    return pl.Series("seq", parts[0], pl.Int64), pl.DataFrame({name: found[name] for name in FRAME})


def verify(connection: Connection, where: str) -> int:
    """Recompute the chain and what follows from the log; how many votes there are. Raises :class:`StorageError`."""
    before, seen = START, 0
    for row in connection.execution_options(yield_per=5000).execute(select(votes).order_by(votes.c.seq)).mappings():
        seen += 1
        if row["seq"] != seen or bytes(row["hash"]) != link(before, row):
            raise StorageError(
                f"The vote log was changed at row {seen} (key {row['key']})", where=where, hint="Restore it from a copy"
            )
        before = bytes(row["hash"])
    place = ("question", "item", "source")
    said = select(*(votes.c[name] for name in (*place, "seq", "key", "answer", "retracts")))
    rows = connection.execute(said.order_by(*(votes.c[name] for name in place), votes.c.seq)).mappings()
    expected = set()
    for key, group in groupby(rows, key=lambda row: tuple(row[name] for name in place)):
        found = effective(list(group))
        if found is not None:
            expected.add((*key, found["seq"]))
    stored = {tuple(row) for row in connection.execute(select(*(standing.c[n] for n in (*place, "seq"))))}
    if stored != expected:
        odd = min(stored ^ expected)
        raise StorageError(
            f"The effective vote of '{odd[2]}' on '{odd[1]}' does not follow from the log",
            where=where,
            hint="Restore it from a copy",
        )
    return seen
