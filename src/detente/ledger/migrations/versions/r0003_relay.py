"""What a relay accepts and logs, and what a ledger's owner has seen of a relay's log."""

import sqlalchemy as sa
from alembic import op

from detente.ledger.migrations.append_only import protect

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def _number(name: str) -> "sa.Column[int]":
    return sa.Column(name, NUMBER, nullable=False)


def _key(name: str) -> "sa.Column[int]":
    return sa.Column(name, NUMBER, autoincrement=False, nullable=False)


def _name(name: str) -> "sa.Column[str]":
    return sa.Column(name, sa.String(255), nullable=False)


def _bytes(name: str) -> "sa.Column[bytes]":
    return sa.Column(name, sa.LargeBinary, nullable=False)


def upgrade() -> None:
    """Make the five tables of a relay, and the one of its readers."""
    op.create_table(
        "relay_entry", _key("id"), _bytes("entry"), sa.PrimaryKeyConstraint("id", name="pk_relay_entry")
    )
    op.create_table(
        "relay_member",
        _key("id"),
        _name("name"),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("vkey", sa.Text, nullable=False),
        _number("admitted_at"),
        sa.ForeignKeyConstraint(["id"], ["relay_entry.id"], name="fk_relay_member_id"),
        sa.PrimaryKeyConstraint("id", name="pk_relay_member"),
    )
    op.create_table(
        "relay_envelope",
        _key("id"),
        _name("sender"),
        _name("recipient"),
        _number("sequence"),
        _number("length"),
        _number("accepted_at"),
        _bytes("note"),
        sa.ForeignKeyConstraint(["id"], ["relay_entry.id"], name="fk_relay_envelope_id"),
        sa.PrimaryKeyConstraint("id", name="pk_relay_envelope"),
    )
    op.create_table(
        "relay_part",
        _key("envelope_id"),
        _key("number"),
        _bytes("content"),
        sa.ForeignKeyConstraint(["envelope_id"], ["relay_envelope.id"], name="fk_relay_part_envelope_id"),
        sa.PrimaryKeyConstraint("envelope_id", "number", name="pk_relay_part"),
    )
    op.create_table(
        "relay_cosignature",
        _key("id"),
        _name("name"),
        _number("size"),
        _bytes("note"),
        sa.PrimaryKeyConstraint("id", name="pk_relay_cosignature"),
    )
    op.create_table(
        "seen_checkpoint",
        _key("id"),
        _name("origin"),
        _number("size"),
        _bytes("note"),
        _number("seen_at"),
        sa.PrimaryKeyConstraint("id", name="pk_seen_checkpoint"),
    )
    sender = ["sender", "recipient", "sequence"]
    op.create_index("ix_relay_envelope_sender", "relay_envelope", sender, unique=True)
    op.create_index("ix_relay_envelope_recipient", "relay_envelope", ["recipient", "sender", "sequence"])
    op.create_index("ix_relay_cosignature_name", "relay_cosignature", ["name", "size"], unique=True)
    op.create_index("ix_seen_checkpoint_origin", "seen_checkpoint", ["origin", "size"])
    protect(
        (
            "relay_entry", "relay_member", "relay_envelope", "relay_part", "relay_cosignature",
            "seen_checkpoint",
        )
    )  # fmt: skip
