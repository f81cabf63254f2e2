"""Pinned keys and envelopes, so that two ledgers can exchange signed files."""

import sqlalchemy as sa
from alembic import op

from detente.ledger.migrations.append_only import protect

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the two tables of the exchange."""
    op.create_table(
        "pinned_key",
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("party", sa.String(120), nullable=False),
        sa.Column("vkey", sa.Text, nullable=False),
        sa.Column("pinned_at", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_pinned_key"),
    )
    op.create_table(
        "envelope",
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("sender", sa.String(120), nullable=False),
        sa.Column("recipient", sa.String(120), nullable=False),
        sa.Column("sequence", NUMBER, nullable=False),
        sa.Column("note", sa.LargeBinary, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        *(sa.Column(name, NUMBER, nullable=False)
          for name in ("handled_at", "first_document", "last_document")),
        sa.PrimaryKeyConstraint("id", name="pk_envelope"),
    )  # fmt: skip
    op.create_index("ix_envelope_sender", "envelope", ["sender", "recipient", "sequence"], unique=True)
    protect(("pinned_key", "envelope"))
