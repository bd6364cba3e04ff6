"""The first tables.

Revision ID: 0001
Revises:
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from groundswell.store.migrations.triggers import statements

revision = "0001"
down_revision = None

_Count = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def _text(name: str, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=null)


def _number(name: str, *, null: bool = False) -> sa.Column[float]:
    return sa.Column(name, sa.Double, nullable=null)


def upgrade() -> None:
    """Create them."""
    _data()
    _log()
    _work()
    _trail()
    for statement in statements(op.get_bind().dialect.name, ("votes", "items", "questions", "events")):
        op.execute(statement)


def _data() -> None:
    op.create_table(
        "items",
        sa.Column("n", _Count, nullable=False, autoincrement=False),
        _text("id"),
        _text("text", null=True),
        _text("media", null=True),
        _text("meta"),
        _text("group", null=True),
        _text("origin", null=True),
        sa.Column("row", _Count),
        _text("reader", null=True),
        sa.PrimaryKeyConstraint("n", name="pk_items"),
        sa.UniqueConstraint("id", name="uq_items_id"),
    )
    op.create_table(
        "questions",
        _text("name"),
        sa.Column("version", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("n", sa.Integer, nullable=False),
        _text("hash"),
        _text("config"),
        _number("at"),
        sa.PrimaryKeyConstraint("name", "version", name="pk_questions"),
    )
    op.create_table(
        "sources",
        _text("question"),
        _text("name"),
        sa.Column("n", sa.Integer, nullable=False),
        _text("info"),
        _text("config"),
        _number("at"),
        sa.PrimaryKeyConstraint("question", "name", name="pk_sources"),
    )
    op.create_table(
        "media",
        _text("name"),
        sa.Column("bytes", _Count, nullable=False),
        _number("at"),
        sa.Column("data", sa.LargeBinary),
        sa.PrimaryKeyConstraint("name", name="pk_media"),
    )


def _log() -> None:
    op.create_table(
        "votes",
        sa.Column("seq", _Count, nullable=False, autoincrement=False),
        _text("key"),
        _text("question"),
        sa.Column("version", sa.Integer, nullable=False),
        _text("item"),
        _text("source"),
        _text("answer", null=True),
        _number("confidence", null=True),
        _text("distribution", null=True),
        _number("seconds", null=True),
        _text("shown"),
        _number("probability", null=True),
        _text("stratum"),
        _text("retracts", null=True),
        _text("note"),
        _number("at"),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_votes"),
        sa.UniqueConstraint("key", name="uq_votes_key"),
        sa.ForeignKeyConstraint(["item"], ["items.id"], name="fk_votes_item"),
        sa.ForeignKeyConstraint(["retracts"], ["votes.key"], name="fk_votes_retracts"),
        sa.ForeignKeyConstraint(
            ["question", "version"], ["questions.name", "questions.version"], name="fk_votes_question_version"
        ),
    )
    op.create_index("ix_votes_question_item_source_seq", "votes", ["question", "item", "source", "seq"])
    op.create_table(
        "standing",
        _text("item"),
        _text("question"),
        _text("source"),
        sa.Column("seq", _Count, nullable=False),
        sa.PrimaryKeyConstraint("item", "question", "source", name="pk_standing"),
        sa.UniqueConstraint("seq", name="uq_standing_seq"),
        sa.ForeignKeyConstraint(["seq"], ["votes.seq"], name="fk_standing_seq"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_standing_question_source_seq", "standing", ["question", "source", "seq"])


def _work() -> None:
    op.create_table(
        "assignments",
        _text("id"),
        _text("question"),
        sa.Column("version", sa.Integer, nullable=False),
        _text("item"),
        _text("source"),
        _text("why"),
        _text("stratum"),
        _number("probability"),
        _number("expires"),
        _number("score"),
        sa.Column("open", sa.Boolean, nullable=False),
        _number("at"),
        sa.PrimaryKeyConstraint("id", name="pk_assignments"),
        sa.ForeignKeyConstraint(["item"], ["items.id"], name="fk_assignments_item"),
        sa.ForeignKeyConstraint(
            ["question", "version"], ["questions.name", "questions.version"], name="fk_assignments_question_version"
        ),
    )
    for columns in (["item", "question", "source"], ["question", "source", "expires"]):
        op.create_index(
            f"ix_assignments_{'_'.join(columns)}",
            "assignments",
            columns,
            sqlite_where=sa.text("open IS 1"),
            postgresql_where=sa.text("open IS true"),
        )
    op.create_table(
        "columns",
        _text("question"),
        _text("source"),
        _text("version"),
        sa.Column("n", _Count, nullable=False),
        sa.Column("rows", _Count, nullable=False),
        _number("at"),
        sa.Column("data", sa.LargeBinary),
        sa.PrimaryKeyConstraint("question", "source", "version", name="pk_columns"),
    )


def _trail() -> None:
    op.create_table(
        "predictions",
        sa.Column("n", _Count, nullable=False, autoincrement=True),
        _text("id"),
        _text("model"),
        _number("at"),
        _text("input"),
        _text("label"),
        _number("confidence", null=True),
        _text("probabilities"),
        sa.PrimaryKeyConstraint("n", name="pk_predictions"),
        sa.UniqueConstraint("id", name="uq_predictions_id"),
    )
    op.create_index("ix_predictions_model_n", "predictions", ["model", "n"])
    op.create_table(
        "people",
        sa.Column("n", sa.Integer, nullable=False, autoincrement=True),
        _text("name"),
        _number("at"),
        _text("link", null=True),
        sa.PrimaryKeyConstraint("n", name="pk_people"),
        sa.UniqueConstraint("name", name="uq_people_name"),
        sa.UniqueConstraint("link", name="uq_people_link"),
    )
    op.create_table(
        "events",
        sa.Column("n", _Count, nullable=False, autoincrement=True),
        _number("at"),
        _text("event"),
        _text("data"),
        sa.PrimaryKeyConstraint("n", name="pk_events"),
    )
