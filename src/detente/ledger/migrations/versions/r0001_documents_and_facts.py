"""Settings, documents and facts, with the triggers that keep them as they are."""

import sqlalchemy as sa
from alembic import op

from detente.ledger.migrations.append_only import protect

revision = "0001"
down_revision: str | None = None
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the first three tables."""
    op.create_table(
        "setting",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_setting"),
    )
    op.create_table(
        "document",
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("reference", sa.String(120), nullable=False),
        sa.Column("format", sa.String(40), nullable=False),
        sa.Column("giver", sa.String(120), nullable=False),
        sa.Column("stated_at", NUMBER, nullable=False),
        sa.Column("received_at", NUMBER, nullable=False),
        sa.Column("facts", NUMBER, nullable=False),
        sa.Column("content", sa.String(64), nullable=False),
        sa.Column("link", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_document"),
        sa.UniqueConstraint("reference", name="uq_document_reference"),
    )
    op.create_table(
        "fact",
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("document_id", NUMBER, nullable=False),
        *(sa.Column(name, NUMBER, nullable=False) for name in ("line", "root", "corrected", "regarding")),
        sa.Column("format", sa.String(40), nullable=False),
        sa.Column("standing", sa.String(20), nullable=False),
        sa.Column("giver", sa.String(120), nullable=False),
        sa.Column("owner", sa.String(120), nullable=False),
        sa.Column("event", sa.String(20), nullable=False),
        sa.Column("category", sa.String(20), nullable=False),
        *(sa.Column(name, sa.String(120), nullable=False)
          for name in ("item", "type", "place", "destination", "launcher")),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("quantity", NUMBER),
        *(sa.Column(name, NUMBER, nullable=False)
          for name in ("true_at", "received_at", "first_received_at")),
        *(sa.Column(name, sa.String(140), nullable=False) for name in ("corrects", "about")),
        sa.Column("note", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name="fk_fact_document_id",
            deferrable=True, initially="DEFERRED",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_fact"),
    )  # fmt: skip
    op.create_index("ix_fact_document_id", "fact", ["document_id", "line"], unique=True)
    op.create_index("ix_fact_item", "fact", ["item"])
    for column in ("corrected", "regarding"):
        only = sa.text(f"{column} > 0")
        op.create_index(f"ix_fact_{column}", "fact", [column], postgresql_where=only, sqlite_where=only)
    protect(("setting", "document", "fact"))
