"""Triggers that keep tables append-only in the database itself, for migrations to create."""

from __future__ import annotations

SQLITE_TABLE = (
    """CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table}
    BEGIN SELECT RAISE(ABORT, '{table} are only ever appended to'); END""",
    """CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}
    BEGIN SELECT RAISE(ABORT, '{table} are only ever appended to'); END""",
)

# INSERT OR REPLACE deletes without asking a trigger unless the connection says so; this catches it anyway.
SQLITE_VOTES = """CREATE TRIGGER votes_no_replace BEFORE INSERT ON votes
    WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM votes)
      OR EXISTS (SELECT 1 FROM votes WHERE "key" = NEW."key")
    BEGIN SELECT RAISE(ABORT, 'votes are only ever appended to'); END"""

POSTGRES_FUNCTION = """CREATE FUNCTION only_append() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '% are only ever appended to', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$"""

POSTGRES_TABLE = (
    "CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION only_append()",
    "CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION only_append()",
)


def statements(dialect: str, tables: tuple[str, ...]) -> list[str]:
    """The statements that make ``tables`` append-only in ``sqlite`` or ``postgresql``."""
    if dialect == "sqlite":
        made = [line.format(table=table) for table in tables for line in SQLITE_TABLE]
        return [*made, SQLITE_VOTES] if "votes" in tables else made
    return [POSTGRES_FUNCTION, *(line.format(table=table) for table in tables for line in POSTGRES_TABLE)]
