"""The one writer: a thread that gathers what many threads want written into few transactions."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from sqlalchemy import Connection

from groundswell.core.errors import GroundswellError, StorageError
from groundswell.store.backend import Backend

T = TypeVar("T")
P = TypeVar("P")
Bulk = Callable[[Connection, list[P]], Sequence[T | GroundswellError]]

MOST = 128
PATIENCE = 20.0


@dataclass
class _Job:
    """``work`` on ``payload``; jobs of one bulk function are handed to it together. Lower ranks go first."""

    work: Callable[..., Any]
    payload: Any
    bulk: bool
    rank: int
    done: Future[Any] = field(default_factory=Future)


class Writer:
    """Runs functions over the writing connection, one transaction for all that have gathered meanwhile.

    While one transaction goes to disk the next one gathers: with one caller each call is a transaction, with
    32 callers one transaction holds about 32 calls (group commit).

    Functions must do nothing but read and write through the connection that they are given: a transaction
    that fails is run again, call by call, so that only the guilty call fails.
    """

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._queue: SimpleQueue[_Job | None] = SimpleQueue()
        self._gate = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="groundswell-writer", daemon=True)
        self._thread.start()

    def call(self, work: Callable[[Connection], T]) -> T:
        """Run ``work(connection)`` in a transaction; return its result when that is on disk."""
        found: T = self._submit(_Job(work, None, bulk=False, rank=1))
        return found

    def bulk(self, work: Bulk[P, T], payload: P, *, rank: int) -> T:
        """As :meth:`call` for a function that serves many callers at once.

        ``work(connection, payloads)`` returns one outcome for each payload: a result, or the error that only
        its caller gets. Nothing may have been written for a payload whose outcome is an error.
        """
        found: T = self._submit(_Job(work, payload, bulk=True, rank=rank))
        return found

    def _submit(self, job: _Job) -> Any:
        with self._gate:
            if self._closed:
                raise StorageError("The project is closed", where=self._backend.where)
            self._queue.put(job)
        return job.done.result()

    def close(self) -> None:
        """Write what was handed in, then stop. Twice is once."""
        with self._gate:
            if not self._closed:
                self._closed = True
                self._queue.put(None)
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def _work(self) -> None:
        while True:
            gathered = [self._queue.get()]
            while len(gathered) < MOST:
                try:
                    gathered.append(self._queue.get_nowait())
                except Empty:
                    break
            batch = [job for job in gathered if job is not None]
            if batch:
                self._commit(sorted(batch, key=lambda job: job.rank))
                self._tidy()
            if len(batch) < len(gathered):
                return

    def _tidy(self) -> None:
        try:
            self._backend.after_commit()
        except Exception:  # noqa: BLE001 - nobody waits for it, and the next commit meets the same trouble
            self._backend.reset()

    def _commit(self, batch: list[_Job]) -> None:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                outcomes = self._attempt(batch)
            except Exception as error:  # noqa: BLE001 - whatever happens, the callers must hear of it
                if not isinstance(error, GroundswellError):
                    self._backend.reset()
                    if self._backend.again(error) and time.monotonic() < deadline:
                        time.sleep(0.1)
                        continue
                if len(batch) > 1:
                    for job in batch:
                        self._commit([job])
                    return
                outcomes = [self._backend.translate(error)]
            break
        for job, outcome in zip(batch, outcomes, strict=True):
            if isinstance(outcome, BaseException):
                job.done.set_exception(outcome)
            else:
                job.done.set_result(outcome)

    def _attempt(self, batch: list[_Job]) -> list[Any]:
        outcomes: dict[int, Any] = {}
        with self._backend.writing.begin() as connection:
            for job in batch:
                if id(job) in outcomes:
                    continue
                if not job.bulk:
                    outcomes[id(job)] = job.work(connection)
                    continue
                alike = [other for other in batch if other.work == job.work]
                results = job.work(connection, [other.payload for other in alike])
                outcomes.update((id(other), result) for other, result in zip(alike, results, strict=True))
        return [outcomes[id(job)] for job in batch]
