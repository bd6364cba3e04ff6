"""The tables: made by migrations, guarded by triggers, brought up to date when a project is opened."""

from __future__ import annotations

import shutil
import sqlite3
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import SQLAlchemyError

from groundswell import store
from groundswell.core.answers.choice import Choice
from groundswell.core.errors import InputError, MissingExtraError, NotFoundError, StorageError
from groundswell.core.item import Item
from groundswell.core.question import Question
from groundswell.core.vote import Vote
from groundswell.store import Store, migrate, opening, schema

LATER = '''"""A version to come: items get a language."""

import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{newest}"


def upgrade() -> None:
    op.add_column("items", sa.Column("language", sa.Text))
'''


def run(s: Store, *statements: str) -> None:
    """Statements in a transaction of their own, past everything but the database itself."""
    with s._backend.writing.begin() as connection:  # type: ignore[attr-defined]
        for statement in statements:
            connection.exec_driver_sql(statement)


def versions() -> list[str]:
    return [script.revision for script in ScriptDirectory.from_config(migrate.config()).walk_revisions()]


@pytest.fixture
def newer_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The code of a later version, with one more migration."""
    copy = tmp_path / "migrations"
    shutil.copytree(migrate.FOLDER, copy, ignore=shutil.ignore_patterns("__pycache__"))
    (copy / "versions" / "9999_later.py").write_text(LATER.format(newest=migrate.NEWEST), encoding="utf-8")
    monkeypatch.setattr(migrate, "FOLDER", copy)
    monkeypatch.setattr(migrate, "NEWEST", "9999")


def test_the_newest_version_is_the_last_migration() -> None:
    assert versions()[0] == migrate.NEWEST
    assert len(versions()) == len(set(versions()))


def test_the_migrations_make_the_tables_of_the_schema(s: Store) -> None:
    with s._backend.reading.connect() as connection:  # type: ignore[attr-defined]
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, schema.metadata) == []


@pytest.mark.parametrize("first", versions())
def test_every_older_version_is_brought_up_to_date(
    place: str, first: str, vote: Callable[..., Vote], newer_code: None
) -> None:
    backend = opening.backend(place, create=True)
    with backend.writing.begin() as connection:
        backend.prepare(connection, create=True)
        migrate.upgrade(connection, backend.where, to=first)
    backend.close()
    with store.open(place) as s:
        s.add_items([Item("i0", "text")])
        s.save_question(Question("q", Choice("spam", "ham")))
        s.add_votes([vote()])
        assert s.verify() == 1
        run(s, "UPDATE alembic_version SET version_num = version_num")


def test_votes_survive_an_upgrade(
    place: str, begin: Callable[..., Store], vote: Callable[..., Vote], request: pytest.FixtureRequest
) -> None:
    with begin(place) as s:
        first = vote()
        s.add_votes([first, vote("i1"), vote(answer="ham", retracts=first.key)])
        head, votes, frame = s.head(), s.votes("q"), s.items_frame()
    request.getfixturevalue("newer_code")
    with store.open(place) as s:
        assert (s.head(), s.votes("q"), s.verify()) == (head, votes, 3)
        assert s.items_frame().equals(frame)
        run(s, "SELECT language FROM items")
        with pytest.raises(SQLAlchemyError, match="only ever appended to"):
            run(s, "DELETE FROM votes")


def test_a_project_of_a_newer_version_is_refused(
    place: str, begin: Callable[..., Store], newer_code: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(place).close()
    monkeypatch.undo()
    with pytest.raises(StorageError, match=r"made by a newer Groundswell \(tables 9999.*pip install --upgrade"):
        store.open(place)
    with pytest.raises(StorageError, match="made by a newer Groundswell"):
        store.open(place, create=True)


def test_many_may_make_the_same_project_at_once(place: str) -> None:
    start, errors, heads = threading.Barrier(6), [], []

    def make() -> None:
        start.wait()
        try:
            with store.open(place, create=True) as s:
                s.add_items([Item("a")])
                heads.append((s.head(), s.count_items()))
        except Exception as error:  # noqa: BLE001 - shown below
            errors.append(error)

    threads = [threading.Thread(target=make) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert heads == [("0" * 64, 1)] * 6


@pytest.mark.parametrize("table", schema.APPEND_ONLY)
def test_the_database_itself_refuses_to_change_what_was_said(s: Store, vote: Callable[..., Vote], table: str) -> None:
    s.add_votes([vote()])
    s.record("x", {})
    column = {"votes": "answer", "items": "text", "questions": "config", "events": "data"}[table]
    statements = [f"UPDATE {table} SET {column} = 'y'", f"DELETE FROM {table}"]
    if s._backend.concurrent:  # type: ignore[attr-defined]
        statements.append(f"TRUNCATE {table} CASCADE")
    for statement in statements:
        with pytest.raises(SQLAlchemyError, match="only ever appended to"):
            run(s, statement)
    assert s.verify() == 1


def test_what_may_change_does(s: Store) -> None:
    """The control of the test above: other tables are not guarded."""
    s.save_person("ada")
    run(s, "UPDATE people SET name = 'eve'")
    assert s.people() == ["eve"]


def test_nothing_is_deleted_with_what_it_hangs_on(s: Store, vote: Callable[..., Vote]) -> None:
    assert all(key.ondelete is None for table in schema.metadata.sorted_tables for key in table.foreign_keys)
    s.add_votes([vote()])
    with pytest.raises(SQLAlchemyError, match=r"(?i)foreign key"):
        run(s, "INSERT INTO standing (item, question, source, seq) VALUES ('i1', 'q', 'ada', 7)")


def test_a_vote_cannot_be_replaced_from_outside(
    tmp_path: Path, begin: Callable[..., Store], vote: Callable[..., Vote]
) -> None:
    with begin(tmp_path) as s:
        s.add_votes([vote(), vote("i1")])
    # A plain connection, with none of our settings: REPLACE would delete without asking the trigger for DELETE.
    with closing(sqlite3.connect(tmp_path / "project.db")) as raw:
        names = ", ".join(f'"{row[1]}"' for row in raw.execute("PRAGMA table_info(votes)"))
        for change in (
            f"INSERT OR REPLACE INTO votes ({names}) SELECT {names} FROM votes WHERE seq = 1",
            "UPDATE OR REPLACE votes SET seq = 1 WHERE seq = 2",
            "DELETE FROM votes WHERE seq = 2",
        ):
            with pytest.raises(sqlite3.IntegrityError, match="only ever appended to"):
                raw.execute(change)


def test_a_log_that_was_changed_behind_its_back_is_found(
    tmp_path: Path, begin: Callable[..., Store], vote: Callable[..., Vote]
) -> None:
    with begin(tmp_path) as s:
        s.add_votes([vote("i0"), vote("i1"), vote("i2")])
        assert s.verify() == 3
    with closing(sqlite3.connect(tmp_path / "project.db")) as raw:
        raw.execute("DROP TRIGGER votes_no_update")
        raw.execute("""UPDATE votes SET answer = '"ham"' WHERE seq = 2""")
        raw.commit()
    with store.open(tmp_path) as s, pytest.raises(StorageError, match="vote log was changed at row 2"):
        s.verify()
    with closing(sqlite3.connect(tmp_path / "project.db")) as raw:
        raw.execute("""UPDATE votes SET answer = '"spam"' WHERE seq = 2""")
        raw.execute("UPDATE standing SET source = 'eve' WHERE seq = 3")
        raw.commit()
    with store.open(tmp_path) as s, pytest.raises(StorageError, match=r"effective vote of '(ada|eve)' on 'i2'"):
        s.verify()


def test_somebody_elses_database_is_left_alone(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "project.db")) as raw:
        raw.execute("CREATE TABLE recipes (name TEXT)")
    with pytest.raises(StorageError, match=r"holds other tables already \(recipes\)"):
        store.open(tmp_path, create=True)


@pytest.mark.parametrize(
    ("address", "error", "why"),
    [
        ("mysql://host/db", InputError, "'mysql://' is no kind of project"),
        ("postgresql://host:port/db", InputError, "no address of a database"),
        ("postgresql://127.0.0.1:1/test?schema=Ab%22c", InputError, "cannot name a schema"),
        ("postgresql://u:secret@127.0.0.1:1/test?schema=a", StorageError, "does not answer"),
        ("/proc/nowhere/project", StorageError, "No such file|Permission|not permitted"),
    ],
)
def test_where_nothing_can_be_opened(address: str, error: type[Exception], why: str) -> None:
    with pytest.raises(error, match=why) as caught:
        store.open(address, create=True)
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_where_the_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(NotFoundError, match="no project here"):
        store.open(tmp_path / "file")
    with pytest.raises(StorageError, match="File exists"):
        store.open(tmp_path / "file", create=True)


def test_a_driver_that_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(MissingExtraError, match=r"'psycopg', which is not installed.*groundswell\[postgres\]"):
        store.open("postgresql://127.0.0.1/test")
