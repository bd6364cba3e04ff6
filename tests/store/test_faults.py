"""Disks that are full, failing, read-only or damaged; servers that go away."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from groundswell import store
from groundswell.core.errors import StorageError
from groundswell.core.item import Item
from groundswell.core.vote import Vote
from groundswell.store import Store

FAULT = str(Path(__file__).with_name("fault.py"))
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


def run(command: list[str]) -> dict[str, Any]:
    done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def works(command: list[str]) -> bool:
    return (
        shutil.which(command[0]) is not None
        and subprocess.run(command, capture_output=True, check=False).returncode == 0
    )


@pytest.fixture
def alone() -> Callable[[str, list[str]], list[str]]:
    """A command in a mount namespace of its own, after a line of shell that changes what is mounted."""
    if not works(["unshare", "-rm", "true"]):
        pytest.skip("unshare cannot make a mount namespace here")

    def command(setup: str, then: list[str]) -> list[str]:
        return ["unshare", "-rm", "sh", "-c", f'{setup} && exec "$@"', "sh", *then]

    return command


def test_a_full_disk(tmp_path: Path, alone: Callable[[str, list[str]], list[str]], begin: Callable[..., Store]) -> None:
    begin(tmp_path / "template").close()
    disk = tmp_path / "disk"
    disk.mkdir()
    setup = (
        f"mount -t tmpfs -o size=4m tmpfs '{disk}' && cp -r '{tmp_path}/template' '{disk}/project'"
        f" && head -c 2000000 /dev/zero > '{disk}/ballast'"
    )
    found = run(alone(setup, [sys.executable, FAULT, f"{disk}/project", "100"]))
    assert found["errors"], "the disk was large enough after all"
    assert set(found["errors"]) == {
        f"{disk}/project: The disk is full; nothing of this was stored. Make room and try again"
    }
    assert all(found["readable"])
    assert (found["lost"], found["verified"]) == (0, found["acknowledged"])
    assert found["acknowledged"] > 20, "it went on when there was room"


def test_a_disk_that_fails_to_sync(tmp_path: Path, begin: Callable[..., Store]) -> None:
    strace = ["strace", "-f", "-qq", "-o", os.devnull, "-e", "trace=fdatasync"]
    if not works([*strace, "true"]):
        pytest.skip("strace cannot trace here")
    begin(tmp_path).close()
    failing = [*strace, "-e", "inject=fdatasync:error=EIO:when=20..24"]
    found = run([*failing, sys.executable, FAULT, str(tmp_path), "60"])
    assert found["errors"]
    assert all("The disk failed to read or write" in line for line in found["errors"])
    assert all(found["readable"])
    assert found["lost"] == 0
    # What the disk may or may not have kept can be in the log; nothing that was acknowledged can be missing.
    assert found["acknowledged"] <= found["verified"] <= 60
    assert found["last_acknowledged"], "the writer started again"


def test_the_faults_do_happen(tmp_path: Path, begin: Callable[..., Store]) -> None:
    """The control: the same process on a sound disk meets no error."""
    begin(tmp_path).close()
    found = run([sys.executable, FAULT, str(tmp_path), "60"])
    assert found == {
        "errors": [], "acknowledged": 60, "last_acknowledged": True, "readable": [], "lost": 0, "verified": 60
    }  # fmt: skip


READ = """
import json, sys
from groundswell import store
from groundswell.core.errors import StorageError
from groundswell.core.item import Item
with store.open(sys.argv[1]) as s:
    lines = []
    for write in (lambda: s.save_person("ada"), lambda: s.add_items([Item("new")]), lambda: s.put_media(b"a", "png")):
        try:
            write()
        except StorageError as error:
            lines.append(str(error))
    print(json.dumps({"lines": lines, "votes": s.count_votes("q"), "items": s.items_frame().height}))
"""


def test_a_read_only_disk(
    tmp_path: Path, alone: Callable[[str, list[str]], list[str]], begin: Callable[..., Store], vote: Callable[..., Vote]
) -> None:
    place = tmp_path / "project"
    with begin(place) as s:
        s.add_votes([vote()])
    setup = f"mount --bind '{place}' '{place}' && mount -o remount,ro,bind '{place}'"
    found = run(alone(setup, [sys.executable, "-c", READ, str(place)]))
    assert (found["votes"], found["items"]) == (1, 10)
    refused = f"{place}: The project is read-only; nothing of this was stored."
    assert [line.startswith(refused) for line in found["lines"]] == [True, True, False]
    assert "Read-only file system" in found["lines"][2]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may do everything")
def test_a_folder_without_permission(tmp_path: Path, begin: Callable[..., Store]) -> None:
    begin(tmp_path / "project").close()
    (tmp_path / "project").chmod(0o500)
    with store.open(tmp_path / "project") as s:
        assert s.count_items() == 10
        with pytest.raises(StorageError, match="read-only"):
            s.save_person("ada")
    (tmp_path / "project").chmod(0o700)
    tmp_path.chmod(0o500)
    with pytest.raises(StorageError, match="Permission denied"):
        store.open(tmp_path / "other", create=True)
    tmp_path.chmod(0o700)


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "project.db").write_bytes(b"name,text\n" * 1000)
    with pytest.raises(StorageError, match=r"project\.db is not a database of ours") as caught:
        store.open(tmp_path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("where", [0.2, 0.5, 0.9])
def test_a_damaged_database(
    tmp_path: Path, begin: Callable[..., Store], vote: Callable[..., Vote], where: float
) -> None:
    with begin(tmp_path, 3000) as s:
        s.add_votes([vote(f"i{k}") for k in range(2000)])
    file = tmp_path / "project.db"
    content = bytearray(file.read_bytes())
    start = int(len(content) * where) // 4096 * 4096
    content[start : start + 40_960] = os.urandom(40_960)
    file.write_bytes(content)

    def read_all() -> None:
        with store.open(tmp_path) as s:
            s.items_frame()
            s.votes_frame("q")
            s.verify()

    with pytest.raises(StorageError, match=r"damaged|changed|does not follow") as caught:
        read_all()
    assert "\n" not in str(caught.value)


def test_a_database_cut_short(tmp_path: Path, begin: Callable[..., Store]) -> None:
    begin(tmp_path, 3000).close()
    file = tmp_path / "project.db"
    os.truncate(file, file.stat().st_size // 3)
    with pytest.raises(StorageError, match="damaged"), store.open(tmp_path) as s:
        s.items_frame()


def test_a_column_that_is_gone_or_damaged(tmp_path: Path, begin: Callable[..., Store]) -> None:
    with begin(tmp_path) as s:
        s.put_column("q", "rule", "v1", s.items_frame().select("item", label="text"))
        (file,) = (tmp_path / "columns").iterdir()
        file.write_bytes(b"PAR1 and then nothing")
        with pytest.raises(StorageError, match=r"The column is damaged. Cast the source again"):
            s.column("q", "rule")
        file.unlink()
        with pytest.raises(StorageError, match=r"The column is gone. Cast the source again"):
            s.column("q", "rule")


def test_half_a_file_is_never_seen(
    tmp_path: Path, begin: Callable[..., Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    with begin(tmp_path) as s:

        def refuse(_: int) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "fsync", refuse)
        for put in (
            lambda: s.put_media(b"abc", "png"),
            lambda: s.put_column("q", "rule", "v1", s.items_frame().select("item", label="text")),
        ):
            with pytest.raises(StorageError, match="No space left on device"):
                put()
        monkeypatch.undo()
        assert list((tmp_path / "media").iterdir()) == list((tmp_path / "columns").iterdir()) == []
        assert s.columns("q") == []


@pytest.mark.postgres
def test_a_server_that_drops_its_connections(
    postgres_url: str, postgres_server: str, begin: Callable[..., Store], vote: Callable[..., Vote]
) -> None:
    import psycopg

    schema = postgres_url.rpartition("=")[2]
    with begin(postgres_url) as s, psycopg.connect(postgres_server, autocommit=True) as other:
        stop = threading.Event()
        kept: list[str] = []
        dropped = 0

        def submit(k: int) -> None:
            while not stop.is_set():
                one = vote(f"i{k}")
                s.add_votes([one])
                kept.append(one.key)
                assert s.vote(one.key).key == one.key

        threads = [threading.Thread(target=submit, args=(k,)) for k in range(4)]
        for thread in threads:
            thread.start()
        while (dropped < 25 or len(kept) < 100) and any(thread.is_alive() for thread in threads):
            time.sleep(0.05)
            dropped += len(
                other.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s",
                    [f"groundswell {schema}"],
                ).fetchall()
            )
        stop.set()
        for thread in threads:
            thread.join()
        assert dropped >= 25, "somebody gave up"
        assert {found.key for found in s.votes("q", effective=False)} == set(kept)
        assert s.verify() == len(kept)


@pytest.mark.postgres
def test_a_server_that_is_gone(
    postgres_url: str, begin: Callable[..., Store], monkeypatch: pytest.MonkeyPatch, vote: Callable[..., Vote]
) -> None:
    from groundswell.store import sql, writer

    monkeypatch.setattr(writer, "PATIENCE", 0.3)
    monkeypatch.setattr(sql, "PATIENCE", 0.3)
    with begin(postgres_url) as s:
        for engine in (s._backend.writing, s._backend.reading):  # type: ignore[attr-defined]
            engine.dispose()
            monkeypatch.setattr(engine.pool, "_creator", _refuse)
        for use in (s.count_items, lambda: s.add_votes([vote()]), lambda: s.add_items([Item("new")])):
            with pytest.raises(StorageError, match=r"The server does not answer: .*\. Is it running\?") as caught:
                use()
            assert "\n" not in str(caught.value)


def _refuse(*_: object) -> None:
    import psycopg

    psycopg.connect("postgresql://postgres@127.0.0.1:1/test", connect_timeout=2)
