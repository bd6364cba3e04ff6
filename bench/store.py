"""How fast the store is: import, reading, and annotators who do not stop to think.

    python bench/store.py                                   # SQLite in a temporary folder
    python bench/store.py postgresql://postgres@127.0.0.1:5432/test?schema=bench

A PostgreSQL schema must not exist yet; drop it afterwards. Prints one line of JSON for each measurement:
seconds or operations a second by the clock, seconds of processor time of this process (the machine may be
shared), and where many threads wait for an answer the median and 99th percentile of what each waited.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from groundswell import store
from groundswell.core.answers.choice import Choice
from groundswell.core.ids import uuid7
from groundswell.core.item import Item
from groundswell.core.question import Question
from groundswell.core.vote import Assignment, Vote

WORDS = ["river", "ticket", "garden", "late", "battery", "clear", "manual", "window", "refund", "quick", "seat"]
WORDS += ["paper", "signal", "crowd", "planet"]


def make_items(n: int) -> list[Item]:
    """Texts of about 200 characters with three fields each."""
    rng = random.Random(7)
    return [
        Item(
            f"item-{i:07d}",
            " ".join(rng.choices(WORDS, k=31)),
            meta={"author": f"a{i % 997}", "length": i % 200, "score": i / n},
        )
        for i in range(n)
    ]


def emit(what: str, **figures: float) -> None:
    """One line of JSON."""
    print(json.dumps({"what": what} | {name: round(value, 4) for name, value in figures.items()}), flush=True)


def timed(what: str, work: Callable[[], object]) -> None:
    """Measure ``work`` once."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    emit(what, seconds=time.perf_counter() - wall, cpu=time.process_time() - cpu)


def many(what: str, threads: int, seconds: float, work: Callable[[int, int], None]) -> None:
    """``work(thread, turn)`` again and again from many threads."""
    waits: list[list[float]] = [[] for _ in range(threads)]
    until = time.perf_counter() + seconds

    def run(k: int) -> None:
        turn = 0
        while (start := time.perf_counter()) < until:
            work(k, turn)
            waits[k].append(time.perf_counter() - start)
            turn += 1

    workers = [threading.Thread(target=run, args=(k,)) for k in range(threads)]
    wall, cpu = time.perf_counter(), time.process_time()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    every = sorted(wait for mine in waits for wait in mine)
    emit(
        f"{what}, {threads} threads",
        per_second=len(every) / wall,
        cpu_ms_each=1000 * cpu / len(every),
        p50_ms=1000 * every[len(every) // 2],
        p99_ms=1000 * every[int(len(every) * 0.99)],
    )


def measure(s: store.Store, n: int, seconds: float) -> None:
    """All measurements."""
    items = make_items(n)
    ids = [item.id for item in items]
    timed(f"add_items, {n} new", lambda: s.add_items(items))
    timed(f"add_items, {n} known", lambda: s.add_items(items))
    timed(f"items_frame, {n}, first time", s.items_frame)
    timed(f"items_frame, {n}, again", s.items_frame)
    s.save_question(Question("q", Choice("spam", "ham")))

    def vote(k: int, turn: int) -> None:
        s.add_votes([Vote(uuid7(), "q", 1, ids[(k * 7919 + turn) % n], f"voter-{threads}-{k}", "spam")])

    for threads in (1, 8, 32):
        many("add_votes", threads, seconds, vote)

    given: list[str] = []

    def click(k: int, _turn: int) -> None:
        # As a queue does it: all annotators share one ranking, and begin where it is not used up yet.
        start = len(given)
        me = f"annotator-{threads}-{k}"
        until = time.time() + 600
        wanted = [Assignment(uuid7(), "q", 1, id, me, "why", "margin", 0.5, until) for id in ids[start : start + 40]]
        for taken in s.lease("q", me, wanted, 1, 1):
            given.append(taken.item)
            s.add_votes([Vote(uuid7(), "q", 1, taken.item, me, "ham", probability=taken.probability)])

    for threads in (1, 8, 32):
        many("lease and add_votes", threads, seconds, click)
    if len(set(given)) < len(given):
        raise SystemExit(f"{len(given) - len(set(given))} items were handed out twice")
    timed(f"votes_frame, {s.count_votes('q')}", lambda: s.votes_frame("q"))
    timed("verify", s.verify)


def main() -> None:
    """Parse the command line, and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("place", nargs="?", help="a folder or postgresql:// address (default: a temporary folder)")
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=3.0)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = arguments.place or str(Path(folder) / "project")
        with store.open(place, create=True) as s:
            measure(s, arguments.items, arguments.seconds)
        timed("open", lambda: store.open(place).close())


if __name__ == "__main__":
    main()
