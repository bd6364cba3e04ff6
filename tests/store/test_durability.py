"""What was acknowledged is there, whoever is killed and whenever."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from groundswell import store
from groundswell.core.abstain import ABSTAIN
from groundswell.core.errors import StorageError
from groundswell.core.vote import Vote
from groundswell.store import Store

KILLS = int(os.environ.get("GROUNDSWELL_KILLS", "4"))


class Worker:
    """``worker.py`` on a project."""

    def __init__(self, place: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("worker.py")), place],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )

    def start(self, name: str, *, seed: int = 0, threads: int = 4, votes: int = 10**9, overlap: int = 1) -> None:
        command = {"name": name, "seed": seed, "threads": threads, "votes": votes, "overlap": overlap}
        self._process.stdin.write(json.dumps(command) + "\n")
        self._process.stdin.flush()

    def finish(self, *, kill_after: Callable[[int], bool] = lambda _: False) -> tuple[list[tuple[str, str]], set[str]]:
        """(key, item) of everything tried, and the keys acknowledged; killed once ``kill_after(n acknowledged)``."""
        tried: list[tuple[str, str]] = []
        acknowledged: set[str] = set()
        pid = 0
        for line in self._process.stdout:
            what, *rest = line.split()
            if what == "end":
                return tried, acknowledged
            if what == "pid":
                pid = int(rest[0])
            elif what == "try":
                tried.append((rest[0], rest[1]))
            elif what == "ack":
                acknowledged.add(rest[0])
                if pid and kill_after(len(acknowledged)):
                    os.kill(pid, signal.SIGKILL)
                    pid = 0
        raise AssertionError("the worker died by itself")

    def close(self) -> None:
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(10)


@pytest.fixture
def workers() -> Iterator[Callable[[str], Worker]]:
    made: list[Worker] = []

    def make(place: str) -> Worker:
        made.append(Worker(place))
        return made[-1]

    yield make
    for worker in made:
        worker.close()


def test_killed_while_people_submit(place: str, begin: Callable[..., Store], workers: Callable[[str], Worker]) -> None:
    begin(place, 3000).close()
    worker = workers(place)
    rng = random.Random(int(os.environ.get("GROUNDSWELL_SEED", "0")))
    every: set[str] = set()
    for turn in range(KILLS):
        until = rng.randrange(1, 60)
        worker.start(f"p{turn}", seed=turn)
        tried, acknowledged = worker.finish(kill_after=lambda n, until=until: n >= until)
        assert len(acknowledged) >= until
        started = time.monotonic()
        with store.open(place) as s:
            assert time.monotonic() - started < 5
            log = {vote.key: vote for vote in s.votes("q", effective=False)}
            every |= acknowledged
            assert every <= log.keys(), "an acknowledged vote is gone"
            # A client that heard nothing says it again; one that heard may say it again too.
            again = [log.get(key) or Vote(key, "q", 1, item, f"late-{key}", "spam") for key, item in tried]
            assert s.add_votes(again) == [key not in log for key, _ in tried]
            every |= {key for key, _ in tried}
            assert s.verify() == len(every) == len(s.votes("q", effective=False))
    with store.open(place) as s:
        people = Counter(vote.item for vote in s.votes("q") if not vote.source.startswith("late-"))
        assert max(people.values()) == 1, "an item was handed to two people"


def test_two_processes_share_a_project(
    place: str, begin: Callable[..., Store], workers: Callable[[str], Worker]
) -> None:
    begin(place, 150).close()
    pair = [workers(place), workers(place)]
    for k, worker in enumerate(pair):
        worker.start(f"process{k}", seed=k, threads=3, votes=40, overlap=2)
    acknowledged = [worker.finish()[1] for worker in pair]
    assert [len(keys) for keys in acknowledged] == [120, 120]
    for k, worker in enumerate(pair):
        worker.start(f"late{k}", seed=k, threads=2, overlap=2)
    acknowledged += [worker.finish()[1] for worker in pair]
    with store.open(place) as s:
        assert {vote.key for vote in s.votes("q", effective=False)} == set().union(*acknowledged)
        people = Counter(vote.item for vote in s.votes("q"))
        assert set(people.values()) == {2}, "every item was answered by exactly two"
        assert s.verify() == 300


def test_the_same_vote_from_two_processes_is_one(
    place: str, begin: Callable[..., Store], vote: Callable[..., Vote]
) -> None:
    # Two stores in one process have two writers each with their own connections, as two processes have.
    with begin(place) as one, store.open(place) as other:
        given = [vote(f"i{k}") for k in range(10)]
        assert one.add_votes(given[:6]) == [True] * 6
        assert other.add_votes(given) == [False] * 6 + [True] * 4
        assert one.head() == other.head()
        assert one.votes_frame("q").equals(other.votes_frame("q"))
        one.add_items([])
        assert one.count_items() == other.count_items() == 10


def test_a_reader_is_not_kept_waiting(place: str, begin: Callable[..., Store], vote: Callable[..., Vote]) -> None:
    with begin(place) as s:
        s.add_votes([vote()])

        def slow(_: object) -> int:
            started = time.monotonic()
            assert s.count_votes("q") == 1
            assert s.votes_frame("q").height == 1
            assert s.items_frame().height == 10
            return int(time.monotonic() - started)

        # Runs inside the writer's transaction, which is open all the while.
        assert s._writer.call(slow) == 0  # type: ignore[attr-defined]


def test_opening_waits_for_nobody(place: str, begin: Callable[..., Store]) -> None:
    with begin(place) as s:

        def slow(_: object) -> int:
            started = time.monotonic()
            with store.open(place) as other:
                assert other.count_items() == 10
            return int(time.monotonic() - started)

        assert s._writer.call(slow) == 0  # type: ignore[attr-defined]


def test_an_acknowledged_vote_has_been_synced(tmp_path: Path, begin: Callable[..., Store]) -> None:
    with begin(tmp_path) as s, s._backend.writing.connect() as connection:  # type: ignore[attr-defined]
        settings = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "wal_autocheckpoint", "recursive_triggers")
        }
    assert settings == {
        "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "wal_autocheckpoint": 0, "recursive_triggers": 1
    }  # fmt: skip


def test_only_one_process_folds_the_log_back(
    tmp_path: Path, begin: Callable[..., Store], vote: Callable[..., Vote]
) -> None:
    wal = tmp_path / "project.db-wal"
    with begin(tmp_path) as one:
        assert one._backend._lock.take()  # type: ignore[attr-defined]
        with store.open(tmp_path) as other:
            for _ in range(3):
                other.add_votes([vote(note="x" * 99_000) for _ in range(30)])
            assert wal.stat().st_size > 8_000_000, "the other leaves the log alone"
            one.save_person("ada")
            one.save_person("bob")  # comes after what the writer does when the first is acknowledged
            other.save_person("cy")
            assert wal.stat().st_size < 3_000_000, "the one has folded it back, and it has begun anew"
    assert not wal.exists()


def test_the_log_is_folded_back_now_and_then_not_at_every_commit(
    tmp_path: Path, begin: Callable[..., Store], vote: Callable[..., Vote]
) -> None:
    from sqlalchemy import event

    with begin(tmp_path) as s:
        folded: list[str] = []
        engine = s._backend.writing  # type: ignore[attr-defined]
        event.listen(engine, "checkout", lambda driver, *_: driver.set_trace_callback(folded.append))
        sizes = []
        for _ in range(100):
            s.add_votes([vote(note="x" * 99_000)])
            sizes.append((tmp_path / "project.db-wal").stat().st_size)
        assert 1 <= sum("wal_checkpoint" in line for line in folded) <= 5
        assert max(sizes) < 8_000_000


def test_a_project_that_is_closed_has_written_what_was_handed_in(
    place: str, begin: Callable[..., Store], vote: Callable[..., Vote]
) -> None:
    import threading

    s = begin(place)
    kept: list[str] = []

    def submit() -> None:
        while True:
            one = vote("i1")
            try:
                s.add_votes([one])
            except StorageError:
                return
            kept.append(one.key)

    threads = [threading.Thread(target=submit) for _ in range(4)]
    for thread in threads:
        thread.start()
    time.sleep(0.2)
    s.close()
    for thread in threads:
        thread.join()
    with store.open(place) as s:
        assert kept
        assert {vote.key for vote in s.votes("q", effective=False)} == set(kept)


def test_what_is_read_in_steps_is_of_one_moment(
    place: str, begin: Callable[..., Store], vote: Callable[..., Vote]
) -> None:
    import threading

    with begin(place) as s:
        stop = threading.Event()

        def submit(k: int) -> None:
            while not stop.is_set():
                first = vote(f"i{k}", f"p{k}")
                s.add_votes([first])
                s.add_votes([vote(f"i{k}", f"p{k}", ABSTAIN, retracts=first.key)])

        threads = [threading.Thread(target=submit, args=(k,)) for k in range(4)]
        for thread in threads:
            thread.start()
        try:
            for _ in range(30):
                assert s.verify() >= 0
                assert s.votes_frame("q").height <= 4
        finally:
            stop.set()
            for thread in threads:
                thread.join()
        assert s.votes_frame("q")["key"].to_list() == [found.key for found in s.votes("q")]


def test_copies_have_the_same_head(tmp_path: Path, begin: Callable[..., Store], vote: Callable[..., Vote]) -> None:
    import shutil
    import sqlite3
    from contextlib import closing

    place = tmp_path / "project"
    with begin(place) as s:
        s.add_votes([vote(f"i{k}") for k in range(5)])
        s.put_column("q", "rule", "v1", s.items_frame().select("item", label="text"))
        (tmp_path / "taken in use").mkdir()
        with closing(sqlite3.connect(place / "project.db")) as raw:
            raw.execute("VACUUM INTO ?", [str(tmp_path / "taken in use" / "project.db")])
        shutil.copytree(place / "columns", tmp_path / "taken in use" / "columns")
        head = s.head()
    shutil.copytree(place, tmp_path / "taken closed")
    for copy in ("taken in use", "taken closed"):
        with store.open(tmp_path / copy) as s:
            assert (s.head(), s.verify()) == (head, 5)
            assert s.column("q", "rule").height == 10
            s.add_votes([vote("i7")])
            assert s.verify() == 6


def test_an_import_that_breaks_off_is_taken_up(
    place: str, begin: Callable[..., Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    from groundswell.core.item import Item
    from groundswell.store import Added

    many = [Item(f"new{k}", f"text {k}") for k in range(5000)]
    with begin(place) as s:
        write = s._write  # type: ignore[attr-defined]
        turns = iter([write, write])
        monkeypatch.setattr(s, "_write", lambda *args: next(turns)(*args))
        with pytest.raises(RuntimeError, match="StopIteration"):
            s.add_items(many)
        monkeypatch.undo()
        assert s.count_items() == 10 + 4000
        assert s.add_items(many) == Added(1000, 4000)
        assert s.item_ids() == [f"i{k}" for k in range(10)] + [item.id for item in many]


@pytest.mark.postgres
def test_items_that_another_worker_is_handing_out_are_passed_over(
    postgres_url: str, begin: Callable[..., Store]
) -> None:
    import threading

    from groundswell.core.ids import uuid7
    from groundswell.core.vote import Assignment

    def lease(s: Store, *items: str) -> list[str]:
        until = time.time() + 60
        wanted = [Assignment(uuid7(), "q", 1, item, "ada", "", "margin", 0.5, until) for item in items]
        return [taken.item for taken in s.lease("q", "ada", wanted, 1, 1)]

    with begin(postgres_url) as s, store.open(postgres_url) as other:
        with other._backend.writing.begin() as connection:  # type: ignore[attr-defined]
            assert other._backend.hold(connection, ["i0"], wait=False) == {"i0"}  # type: ignore[attr-defined]
            started = time.monotonic()
            assert lease(s, "i0", "i1") == ["i1"]
            assert time.monotonic() - started < 5
            # Where nothing else is left, it waits and looks again.
            found: list[str] = []
            thread = threading.Thread(target=lambda: found.extend(lease(s, "i0")))
            thread.start()
            thread.join(0.5)
            assert thread.is_alive()
        thread.join(10)
        assert found == ["i0"]
