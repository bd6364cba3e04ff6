"""The power goes: only what was synced is sure to be on disk, and of the rest any 512-byte sector may be or not be.

A process submits votes while ``strace`` writes down every write, truncation, deletion and sync of its files.
Then the power is cut at any point of that record, again and again: the disk that is left is opened, and every
vote acknowledged before the cut must be there, the chain whole and the database sound.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from groundswell import store
from groundswell.core.errors import StorageError
from groundswell.store import Store

CUTS = int(os.environ.get("GROUNDSWELL_CUTS", "60"))
SECTOR = 512

SUBMIT = """
import os, sys
from groundswell import store
from groundswell.core.ids import uuid7
from groundswell.core.vote import Vote
from groundswell.store import sqlite
sqlite.SMALL_WAL = 200_000  # so that the log is folded back several times
sqlite._WRITER = tuple(line.replace("FULL", sys.argv[2]) for line in sqlite._WRITER)
with store.open(sys.argv[1]) as s:
    for k in range(40):
        vote = Vote(uuid7(), "q", 1, f"i{k % 10}", f"p{k % 3}", "spam", note="x" * 3000)
        s.add_votes([vote])
        os.write(1, vote.key.encode())
"""


@dataclass
class Step:
    """One thing that the process did: ``write``, ``truncate``, ``delete``, ``begin sync``, ``sync`` or ``said``."""

    what: str
    file: str = ""
    at: int = 0
    data: bytes = b""


CALL = re.compile(
    r"(?P<pid>\d+) +(?P<call>pwrite64|write|ftruncate|fdatasync|fsync|unlink)\("
    r'(?:(?P<fd>\d+)<(?P<file>[^>]*)>)?(?:(?:, )?"(?P<text>[^"]*)")?(?:, (?P<rest>[\d, ]+))?'
)
RESUMED = re.compile(r"(?P<pid>\d+) +<\.\.\. (?:fdatasync|fsync) resumed>\) += 0")


def steps(trace: str) -> Iterator[Step]:
    """What a trace says, in order; a sync counts when it has returned."""
    syncing: dict[str, str] = {}
    for line in trace.splitlines():
        if found := RESUMED.match(line):
            yield Step("sync", syncing.pop(found["pid"]))
        if not (found := CALL.match(line)):
            continue
        text = bytes.fromhex((found["text"] or "").replace("\\x", ""))
        file = Path(bytes.fromhex((found["file"] or "").replace("\\x", "")).decode()).name
        numbers = [int(number) for number in (found["rest"] or "").split(", ") if number]
        if found["call"] == "pwrite64":
            assert len(text) == numbers[0], "strace has cut the data short"
            yield Step("write", file, numbers[1], text)
        elif found["call"] == "ftruncate":
            yield Step("truncate", file, numbers[0])
        elif found["call"] == "unlink":
            yield Step("delete", Path(text.decode()).name)
        elif found["call"] == "write" and found["fd"] == "1":
            yield Step("said", data=text)
        elif found["call"] in ("fdatasync", "fsync"):
            yield Step("begin sync", file)
            if line.endswith("= 0"):
                yield Step("sync", file)
            else:
                syncing[found["pid"]] = file


@dataclass
class File:
    """What is sure to be on disk (``None``: no such file), and what may be."""

    sure: bytearray | None = None
    perhaps: list[Step] = field(default_factory=list)
    begun: int = 0

    def do(self, step: Step) -> None:
        if step.what == "begin sync":
            self.begun = len(self.perhaps)
        elif step.what == "sync":
            for done in self.perhaps[: self.begun]:
                self.sure = apply(self.sure, done)
            del self.perhaps[: self.begun]
            self.begun = 0
        else:
            self.perhaps.append(step)

    def left(self, rng: random.Random, share: float) -> bytearray | None:
        """The file after a power cut: of what was not synced, about ``share`` is there."""
        found = None if self.sure is None else bytearray(self.sure)
        for step in self.perhaps:
            if step.what != "write":
                found = apply(found, step) if rng.random() < share else found
                continue
            for start in range(0, len(step.data), SECTOR):
                if rng.random() < share:
                    found = apply(found, Step("write", "", step.at + start, step.data[start : start + SECTOR]))
        return found


def apply(content: bytearray | None, step: Step) -> bytearray | None:
    if step.what == "delete":
        return None
    content = bytearray() if content is None else content
    if step.what == "truncate":
        return content[: step.at] + bytes(max(step.at - len(content), 0))
    if len(content) < step.at:
        content.extend(bytes(step.at - len(content)))
    content[step.at : step.at + len(step.data)] = step.data
    return content


def cut(before: bytes, record: list[Step], folder: Path, rng: random.Random) -> set[str]:
    """Lay down in ``folder`` what a cut leaves; the keys acknowledged until then."""
    disk = {"project.db": File(bytearray(before)), "project.db-wal": File()}
    said: set[str] = set()
    for step in record[: rng.randrange(1, len(record) + 1)]:
        if step.what == "said":
            said.add(step.data.decode())
        elif step.file in disk:
            disk[step.file].do(step)
    share = rng.choice([0.0, 0.0, 0.5, 0.9, 1.0])
    for name, file in disk.items():
        content = file.left(rng, share)
        if content is not None:
            (folder / name).write_bytes(content)
    return said


@pytest.fixture
def record(tmp_path: Path, begin: Callable[..., Store]) -> Callable[[str], tuple[bytes, list[Step]]]:
    """The project before, and what a submitting process did to it, with ``synchronous`` set as told."""
    strace = ["strace", "-f", "-y", "-qq", "-xx", "-s", "100000"]
    if shutil.which("strace") is None or subprocess.run([*strace, "true"], capture_output=True, check=False).returncode:
        pytest.skip("strace cannot trace here")

    def run(synchronous: str) -> tuple[bytes, list[Step]]:
        place, trace = tmp_path / f"project-{synchronous}", tmp_path / "trace"
        begin(place).close()
        before = (place / "project.db").read_bytes()
        watched = "trace=pwrite64,write,ftruncate,fdatasync,fsync,unlink"
        code = [sys.executable, "-c", SUBMIT, str(place), synchronous]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        subprocess.run(
            [*strace, "-e", watched, "-o", str(trace), *code],
            env=environment,
            check=True,
            capture_output=True,
            timeout=120,
        )
        return before, list(steps(trace.read_text()))

    return run


def lost(before: bytes, done: list[Step], folder: Path, cuts: int) -> int:
    """Cut the power ``cuts`` times: how often an acknowledged vote is gone. Anything worse fails at once."""
    gone = 0
    for seed in range(cuts):
        place = folder / f"cut-{seed}"
        place.mkdir()
        said = cut(before, done, place, random.Random(seed))
        with store.open(place) as s:
            log = {vote.key for vote in s.votes("q", effective=False)}
            assert s.verify() == len(log)
            gone += not said <= log
            assert s.add_votes([]) == []
            s.save_person("ada")
        with closing(sqlite3.connect(place / "project.db")) as raw:
            assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        shutil.rmtree(place)
    return gone


def test_no_acknowledged_vote_is_lost_in_a_power_cut(
    tmp_path: Path, record: Callable[[str], tuple[bytes, list[Step]]]
) -> None:
    before, done = record("FULL")
    whats = [step.what for step in done]
    assert whats.count("said") == 40
    assert sum(step.what == "sync" and step.file == "project.db" for step in done) >= 3, "the log was folded back"
    assert lost(before, done, tmp_path, CUTS) == 0


def test_the_cut_would_show_what_is_not_synced(
    tmp_path: Path, record: Callable[[str], tuple[bytes, list[Step]]]
) -> None:
    """The control: with ``synchronous=NORMAL`` acknowledged votes are lost."""
    before, done = record("NORMAL")
    assert lost(before, done, tmp_path, 20) > 5


def test_a_cut_that_tears_the_database_itself_is_met(tmp_path: Path, begin: Callable[..., Store]) -> None:
    """The control of the checks: half a page of the database is not taken for a whole one."""
    begin(tmp_path, 500).close()
    content = bytearray((tmp_path / "project.db").read_bytes())
    for page in range(2, len(content) // 4096):
        content[page * 4096 : page * 4096 + SECTOR] = bytes(SECTOR)
    (tmp_path / "project.db").write_bytes(content)

    def read() -> None:
        with store.open(tmp_path) as s:
            s.items_frame()
            s.verify()

    with pytest.raises(StorageError, match="damaged"):
        read()
