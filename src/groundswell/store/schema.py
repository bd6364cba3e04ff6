"""The tables, the same in SQLite and PostgreSQL. The migrations make them; a test compares the two."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite keeps rows in the order of a column only if its type is spelled INTEGER.
Count = BigInteger().with_variant(Integer, "sqlite")

# n counts from 1 without gaps in order of collection, so that max(n) is the number of items.
items = Table(
    "items",
    metadata,
    Column("n", Count, primary_key=True, autoincrement=False),
    Column("id", Text, nullable=False, unique=True),
    Column("text", Text),
    Column("media", Text),
    Column("meta", Text, nullable=False),
    Column("group", Text),
    Column("origin", Text),
    Column("row", Count),
    Column("reader", Text),
)

questions = Table(
    "questions",
    metadata,
    Column("name", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("n", Integer, nullable=False),
    Column("hash", Text, nullable=False),
    Column("config", Text, nullable=False),
    Column("at", Double, nullable=False),
)

sources = Table(
    "sources",
    metadata,
    Column("question", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("n", Integer, nullable=False),
    Column("info", Text, nullable=False),
    Column("config", Text, nullable=False),
    Column("at", Double, nullable=False),
)

# The log. seq counts from 1 without gaps; hash chains each row to the one before. A null answer is ABSTAIN.
votes = Table(
    "votes",
    metadata,
    Column("seq", Count, primary_key=True, autoincrement=False),
    Column("key", Text, nullable=False, unique=True),
    Column("question", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("item", Text, ForeignKey("items.id"), nullable=False),
    Column("source", Text, nullable=False),
    Column("answer", Text),
    Column("confidence", Double),
    Column("distribution", Text),
    Column("seconds", Double),
    Column("shown", Text, nullable=False),
    Column("probability", Double),
    Column("stratum", Text, nullable=False),
    Column("retracts", Text, ForeignKey("votes.key")),
    Column("note", Text, nullable=False),
    Column("at", Double, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    ForeignKeyConstraint(["question", "version"], ["questions.name", "questions.version"]),
    Index(None, "question", "item", "source", "seq"),
)

# Which vote of a source on an item is effective: follows from the log, kept so that no click reads the log.
# The item leads its key, for leases ask about items, and without statistics PostgreSQL would walk a whole question.
standing = Table(
    "standing",
    metadata,
    Column("item", Text, primary_key=True),
    Column("question", Text, primary_key=True),
    Column("source", Text, primary_key=True),
    Column("seq", Count, ForeignKey("votes.seq"), nullable=False, unique=True),
    Index(None, "question", "source", "seq"),
    sqlite_with_rowid=False,
)

assignments = Table(
    "assignments",
    metadata,
    Column("id", Text, primary_key=True),
    Column("question", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("item", Text, ForeignKey("items.id"), nullable=False),
    Column("source", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("stratum", Text, nullable=False),
    Column("probability", Double, nullable=False),
    Column("expires", Double, nullable=False),
    Column("score", Double, nullable=False),
    Column("open", Boolean, nullable=False),
    Column("at", Double, nullable=False),
    ForeignKeyConstraint(["question", "version"], ["questions.name", "questions.version"]),
)
_open = assignments.c.open.is_(True)
for _columns in (["item", "question", "source"], ["question", "source", "expires"]):
    Index(None, *(assignments.c[name] for name in _columns), sqlite_where=_open, postgresql_where=_open)

# data is null where the bytes lie in a folder.
columns = Table(
    "columns",
    metadata,
    Column("question", Text, primary_key=True),
    Column("source", Text, primary_key=True),
    Column("version", Text, primary_key=True),
    Column("n", Count, nullable=False),
    Column("rows", Count, nullable=False),
    Column("at", Double, nullable=False),
    Column("data", LargeBinary),
)

media = Table(
    "media",
    metadata,
    Column("name", Text, primary_key=True),
    Column("bytes", Count, nullable=False),
    Column("at", Double, nullable=False),
    Column("data", LargeBinary),
)

predictions = Table(
    "predictions",
    metadata,
    Column("n", Count, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("model", Text, nullable=False),
    Column("at", Double, nullable=False),
    Column("input", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("confidence", Double),
    Column("probabilities", Text, nullable=False),
    Index(None, "model", "n"),
)

people = Table(
    "people",
    metadata,
    Column("n", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("at", Double, nullable=False),
    Column("link", Text, unique=True),
)

events = Table(
    "events",
    metadata,
    Column("n", Count, primary_key=True),
    Column("at", Double, nullable=False),
    Column("event", Text, nullable=False),
    Column("data", Text, nullable=False),
)

APPEND_ONLY = ("votes", "items", "questions", "events")
