"""The one writer: what many threads hand in goes to disk together, and nobody pays for another's mistake."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event, text

from groundswell import store
from groundswell.core.errors import ConflictError, StorageError
from groundswell.core.vote import Vote
from groundswell.store import Store
from groundswell.store.lock import FileLock


@pytest.fixture
def held(s: Store) -> Callable[[list[Callable[[], Any]]], list[Any]]:
    """Hand in many calls while the writer is busy, so that they are gathered; what became of each."""

    def run(calls: list[Callable[[], Any]]) -> list[Any]:
        busy, go = threading.Event(), threading.Event()
        found: list[Any] = [None] * len(calls)

        def wait(_: Connection) -> None:
            busy.set()
            go.wait(10)

        def one(k: int) -> None:
            try:
                found[k] = calls[k]()
            except Exception as error:  # noqa: BLE001 - this is what became of it
                found[k] = error

        first = threading.Thread(target=s._writer.call, args=(wait,))  # type: ignore[attr-defined]
        first.start()
        busy.wait(10)
        threads = [threading.Thread(target=one, args=(k,)) for k in range(len(calls))]
        for thread in threads:
            thread.start()
        while s._writer._queue.qsize() < len(calls):  # type: ignore[attr-defined]
            pass
        go.set()
        for thread in [first, *threads]:
            thread.join(10)
        return found

    return run


@pytest.fixture
def commits(s: Store) -> list[int]:
    counted: list[int] = []
    event.listen(s._backend.writing, "commit", lambda _: counted.append(1))  # type: ignore[attr-defined]
    return counted


def test_many_votes_share_one_commit(
    s: Store, held: Callable[..., list[Any]], commits: list[int], vote: Callable[..., Vote]
) -> None:
    found = held([lambda k=k: s.add_votes([vote(f"i{k % 10}", f"p{k}")]) for k in range(40)])
    assert found == [[True]] * 40
    assert len(commits) == 2, "one for the writer's first job, one for all that had gathered"
    assert s.verify() == 40


def test_one_bad_call_among_many(s: Store, held: Callable[..., list[Any]], vote: Callable[..., Vote]) -> None:
    def broken(connection: Connection) -> None:
        connection.execute(text("INSERT INTO people (name, at) VALUES ('eve', 1)"))
        raise ZeroDivisionError("a mistake of ours")

    def refused(connection: Connection) -> None:
        connection.execute(text("INSERT INTO people (name, at) VALUES ('mallory', 1)"))
        raise ConflictError("No")

    first = vote("i1")
    found = held(
        [
            lambda: s.add_votes([vote("i2")]),
            lambda: s._writer.call(broken),  # type: ignore[attr-defined]
            lambda: s.save_person("ada"),
            lambda: s._writer.call(refused),  # type: ignore[attr-defined]
            lambda: s._writer.call(lambda c: c.execute(text("SELECT nonsense"))),  # type: ignore[attr-defined]
            lambda: s.add_votes([first, vote("nowhere")]),
            lambda: s.record("x", {}),
        ]
    )
    assert found[0] == [True]
    assert isinstance(found[1], ZeroDivisionError), "our own mistakes are not dressed up as the disk's"
    assert isinstance(found[3], ConflictError)
    assert isinstance(found[4], StorageError)
    assert "No item 'nowhere'" in str(found[5])
    assert (s.people(), s.count_votes("q"), len(s.events())) == (["ada"], 1, 1)


def test_a_lease_of_one_call_is_seen_by_the_next_in_the_same_commit(
    s: Store, held: Callable[..., list[Any]], commits: list[int]
) -> None:
    import time

    from groundswell.core.ids import uuid7
    from groundswell.core.vote import Assignment

    def lease(name: str) -> list[str]:
        until = time.time() + 60
        wanted = [Assignment(uuid7(), "q", 1, f"i{k}", name, "", "margin", 0.5, until) for k in range(10)]
        return [taken.item for taken in s.lease("q", name, wanted, 1, 1)]

    found = held([lambda k=k: lease(f"p{k}") for k in range(12)])
    assert len(commits) == 2
    assert sorted(found) == [[], [], *([f"i{k}"] for k in range(10))]


def test_a_store_that_nobody_closed_does_not_keep_the_process(tmp_path: Path, begin: Callable[..., Store]) -> None:
    import subprocess
    import sys

    begin(tmp_path).close()
    code = "import sys; from groundswell import store; s = store.open(sys.argv[1]); s.save_person('ada')"
    path = ":".join(filter(None, sys.path))
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], env={"PYTHONPATH": path}, timeout=30, check=True)
    with store.open(tmp_path) as s:
        assert s.people() == ["ada"]


def test_a_lock_has_one_holder(tmp_path: Path) -> None:
    one, other = FileLock(tmp_path / "lock"), FileLock(tmp_path / "lock")
    assert one.take()
    assert one.take()
    assert not other.take()
    one.release()
    one.release()
    assert other.take()
    other.release()
    assert not FileLock(tmp_path / "nowhere" / "lock").take()
