"""A process of its own that leases and votes, for tests that kill it or run several beside one another.

``python worker.py PLACE`` reads commands, one JSON object a line: ``{"name", "seed", "threads", "votes",
"overlap"}``. For each it forks a process that annotates until it has given so many votes (or is killed), and
prints ``pid N``, then for every vote ``try KEY ITEM`` before it is handed in and ``ack KEY ITEM`` when the
store has acknowledged it, and ``end`` when the process is gone.
"""

from __future__ import annotations

import json
import os
import random
import sys
import threading
import time

from groundswell import store
from groundswell.core.ids import uuid7
from groundswell.core.vote import Assignment, Vote


def say(*words: object) -> None:
    """A line that is out whatever happens next."""
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def annotate(place: str, name: str, seed: int, threads: int, votes: int, overlap: int) -> None:
    """Lease and vote from several threads, each a person of their own."""
    with store.open(place) as s:
        ids = [f"i{k}" for k in range(s.count_items())]

        def person(k: int) -> None:
            me, rng, given = f"{name}-{k}", random.Random(1000 * seed + k), 0
            while given < votes:
                start = rng.randrange(len(ids))
                wanted = [*ids[start:], *ids[:start]]
                until = time.time() + 3600
                offered = [Assignment(uuid7(), "q", 1, item, me, "", "random", 0.5, until) for item in wanted]
                taken = s.lease("q", me, offered, 1, overlap)
                if not taken:
                    return
                vote = Vote(uuid7(), "q", 1, taken[0].item, me, "spam", note="x" * rng.randrange(2000))
                say("try", vote.key, vote.item)
                s.add_votes([vote])
                say("ack", vote.key, vote.item)
                given += 1

        people = [threading.Thread(target=person, args=(k,)) for k in range(threads)]
        for one in people:
            one.start()
        for one in people:
            one.join()


def main() -> None:
    """Serve commands."""
    for line in sys.stdin:
        command = json.loads(line)
        pid = os.fork()
        if pid == 0:
            annotate(sys.argv[1], **command)
            os._exit(0)
        say("pid", pid)
        os.waitpid(pid, 0)
        say("end")


if __name__ == "__main__":
    main()
