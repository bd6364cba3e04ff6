# ruff: noqa: D102 - what the methods do stands in base.py
"""The store over either database: checks in the caller's thread, writes in the writer's, reads beside them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import polars as pl
from sqlalchemy.exc import SQLAlchemyError

from groundswell.core.errors import NotFoundError, StorageError
from groundswell.core.item import Item
from groundswell.core.question import Question
from groundswell.core.source import SourceInfo
from groundswell.core.vote import Assignment, Vote
from groundswell.store import assignments, blobs, checks, items, questions, reading, trail, votes
from groundswell.store.backend import Backend
from groundswell.store.base import Added, ColumnInfo, Event, Prediction, Store
from groundswell.store.writer import PATIENCE, Writer

T = TypeVar("T")

LEASES, VOTES = 0, 2


class SqlStore(Store):
    """A store on SQLite or PostgreSQL. Made by :func:`groundswell.store.open`."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._writer = Writer(backend)
        self._log = votes.Log(backend)
        self._queue = assignments.Queue(backend)
        self._media = blobs.Media(backend)
        self._collected = threading.Lock()
        self._voted = threading.Lock()
        self._items: tuple[int, pl.DataFrame] | None = None
        self._votes: dict[str, reading.VotesFrame] = {}
        self._closed = False

    def _read(self, work: Callable[..., T], *args: Any, **named: Any) -> T:
        if self._closed:
            raise StorageError("The project is closed", where=self._backend.where)
        _check_names(*args, *named.values())
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                with self._backend.reading.connect() as connection:
                    return work(connection, *args, **named)
            except SQLAlchemyError as error:
                if not self._backend.again(error) or time.monotonic() > deadline:
                    raise self._backend.translate(error) from None
                time.sleep(0.1)

    def _write(self, work: Callable[..., T], *args: Any) -> T:
        _check_names(*args)
        return self._writer.call(lambda connection: work(connection, *args))

    # Items

    def add_items(self, items_given: Iterable[Item]) -> Added:
        rows = items.prepare(items_given)
        # Looked at beforehand, so that a conflict is met before the first is written; each part again when it is.
        fresh = [row for part in items.chunks(rows) for row in self._read(items.unknown, part)]
        new = sum(self._write(items.add, self._backend, part) for part in items.chunks(fresh))
        return Added(new, len(rows) - new)

    def item(self, id: str) -> Item:
        return self.items([id])[0]

    def items(self, ids: Sequence[str]) -> list[Item]:
        return self._read(items.fetch, ids)

    def count_items(self) -> int:
        return self._read(items.count)

    def item_ids(self) -> list[str]:
        return self.items_frame()["item"].to_list()

    def items_frame(self) -> pl.DataFrame:
        with self._collected:
            if self._items is None or self._items[0] != self.count_items():
                found = self._read(items.frame)
                self._items = (len(found), found)
            return self._items[1]

    # Questions

    def save_question(self, question: Question) -> Question:
        return self._write(questions.save, self._backend, question)

    def question(self, name: str, version: int | None = None) -> Question:
        return self._read(questions.fetch, name, version)

    def questions(self) -> list[Question]:
        return self._read(questions.every)

    # Sources

    def save_source(self, question: str, info: SourceInfo, config: Mapping[str, Any]) -> None:
        self._write(questions.save_source, self._backend, question, info, config)

    def sources(self, question: str) -> list[tuple[SourceInfo, dict[str, Any]]]:
        return self._read(questions.every_source, question)

    def drop_source(self, question: str, name: str) -> None:
        self._write(questions.drop_source, question, name)

    # Votes

    def add_votes(self, votes_given: Sequence[Vote]) -> list[bool]:
        rows = votes.prepare(votes_given)
        return self._writer.bulk(self._log.add, rows, rank=VOTES) if rows else []

    def vote(self, key: str) -> Vote:
        return self._read(reading.fetch, key)

    def votes(
        self,
        question: str,
        *,
        item: str | None = None,
        source: str | None = None,
        effective: bool = True,
        newest: bool = False,
        limit: int | None = None,
    ) -> list[Vote]:
        return self._read(
            reading.every, question, item=item, source=source, effective=effective, newest=newest, limit=limit
        )

    def votes_frame(self, question: str) -> pl.DataFrame:
        with self._voted:
            found = self._read(reading.frame, question, self._votes.get(question))
            self._votes[question] = found
            return found.votes

    def count_votes(self, question: str, *, source: str | None = None) -> int:
        return self._read(votes.count, question, source)

    def head(self) -> str:
        return self._read(votes.head)

    def verify(self) -> int:
        return self._read(reading.verify, self._backend.where)

    # Assignments

    def lease(
        self,
        question: str,
        source: str,
        candidates: Sequence[Assignment],
        n: int,
        overlap: int | None,
        now: float | None = None,
    ) -> list[Assignment]:
        assignments.check(candidates, question, source)
        checks.whole(n, "n", 0, 10_000)
        if overlap is not None:
            checks.whole(overlap, "overlap", 1, 1000)
        call = assignments.Call(question, source, candidates, n, overlap, time.time() if now is None else now)
        return self._writer.bulk(self._queue.lease, call, rank=LEASES) if candidates and n else []

    def add_assignments(self, given: Sequence[Assignment]) -> None:
        self._write(assignments.add, assignments.prepare(given))

    def assignment(self, id: str) -> Assignment:
        return self._read(assignments.fetch, id)

    def open_assignments(
        self, question: str, *, source: str | None = None, now: float | None = None
    ) -> list[Assignment]:
        return self._read(assignments.still_open, question, source, time.time() if now is None else now)

    def close_assignment(self, id: str) -> bool:
        return self._read(assignments.is_open, id) and self._write(assignments.close, id)

    # Columns

    def put_column(self, question: str, source: str, version: str, frame: pl.DataFrame) -> None:
        blobs.check_column(question, source, version, frame, self.items_frame()["item"])
        self._read(questions.require, question)
        data = blobs.put_column(self._backend, question, source, version, frame)
        self._write(blobs.note_column, self._backend, question, source, version, len(frame), data)

    def columns(self, question: str) -> list[ColumnInfo]:
        return self._read(blobs.every_column, question)

    def column(self, question: str, source: str, version: str | None = None) -> pl.DataFrame:
        found, data = self._read(blobs.find_column, question, source, version)
        return blobs.read_column(self._backend, question, source, found, data)

    # Media

    def put_media(self, content: Path | bytes, ending: str) -> str:
        name = self._media.name(content, ending)
        data = self._media.put(content, name)
        if data is not None:
            self._write(blobs.note_media, self._backend, name, data)
        return name

    def media_path(self, name: str) -> Path:
        kept = self._media.kept(name)
        return kept or self._media.keep(name, self._read(blobs.media_bytes, name))

    # Predictions, people, the audit trail

    def add_predictions(self, predictions: Sequence[Prediction]) -> int:
        rows = trail.prepare_predictions(predictions)
        return self._write(trail.add_predictions, self._backend, rows) if rows else 0

    def predictions_frame(self, model: str) -> pl.DataFrame:
        return self._read(trail.predictions_frame, model)

    def save_person(self, name: str) -> None:
        self._write(trail.save_person, self._backend, name)

    def people(self) -> list[str]:
        return self._read(trail.every_person)

    def make_link(self, name: str) -> str:
        return self._write(trail.make_link, name)

    def person_of(self, secret: str) -> str | None:
        return self._read(trail.person_of, trail.hashed(secret))

    def record(self, event: str, data: Mapping[str, Any]) -> None:
        self._writer.bulk(trail.record, trail.prepare_event(event, data), rank=1)

    def events(self, limit: int = 100) -> list[Event]:
        return self._read(trail.latest, checks.whole(limit, "limit", 0, 1_000_000))

    # Life

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            self._writer.close()
            self._backend.close()
            self._media.close()


def _check_names(*names: Any) -> None:
    """Raise :class:`NotFoundError` on a name that nothing stored can have, the same for every database."""
    for name in names:
        if isinstance(name, str) and not checks.storable(name):
            raise NotFoundError(f"Nothing is called {name[:80]!r}")
