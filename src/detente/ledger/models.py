"""The tables of a ledger and of a relay: documents, facts, envelopes, keys; rows are added, never changed.

The same models stand in SQLite and in PostgreSQL. Every time is a number of seconds since 1970, GMT. An
empty text, never NULL, says that there is nothing to say, so that comparisons need no third truth value.
"""

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, LargeBinary, MetaData, String, Text
from sqlalchemy import text as sql
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

Number = BigInteger().with_variant(Integer, "sqlite")


class Base(DeclarativeBase):
    """The tables of the ledger."""

    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ix": "ix_%(table_name)s_%(column_0_name)s",
        }
    )


class Setting(Base):
    """What the ledger is: its name, its two parties, and whose copy it is."""

    __tablename__ = "setting"
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(Text)


class Document(Base):
    """One notification as it was received, and its link in the chain of digests."""

    __tablename__ = "document"
    id: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=False)
    reference: Mapped[str] = mapped_column(String(120), unique=True)
    format: Mapped[str] = mapped_column(String(40))
    giver: Mapped[str] = mapped_column(String(120))
    stated_at: Mapped[int] = mapped_column(Number)
    """When the giver says that it was received."""
    received_at: Mapped[int] = mapped_column(Number)
    """When this ledger received it."""
    facts: Mapped[int] = mapped_column(Number)
    content: Mapped[str] = mapped_column(String(64))
    """SHA-256 of what the document says: the same in both parties' ledgers."""
    link: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the link before, of this head and of the content."""


class FactRow(Base):
    """One fact, with the two times: true_at when it was true, received_at when it was received."""

    __tablename__ = "fact"
    id: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=False)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id", deferrable=True, initially="DEFERRED"))
    line: Mapped[int] = mapped_column(Number)
    root: Mapped[int] = mapped_column(Number)
    """The first fact of the chain of corrections to which this one belongs; its own id if it is the first."""
    corrected: Mapped[int] = mapped_column(Number)
    """The same root if this fact is a correction, else 0."""
    regarding: Mapped[int] = mapped_column(Number)
    """The root of the datum that a statement disputes or accepts, else 0."""
    format: Mapped[str] = mapped_column(String(40))
    """The format in which the datum was first said: a corrected update is still an update."""
    standing: Mapped[str] = mapped_column(String(20))
    giver: Mapped[str] = mapped_column(String(120))
    owner: Mapped[str] = mapped_column(String(120))
    event: Mapped[str] = mapped_column(String(20))
    category: Mapped[str] = mapped_column(String(20))
    item: Mapped[str] = mapped_column(String(120))
    type: Mapped[str] = mapped_column(String(120))
    place: Mapped[str] = mapped_column(String(120))
    to: Mapped[str] = mapped_column("destination", String(120))
    launcher: Mapped[str] = mapped_column(String(120))
    status: Mapped[str] = mapped_column(String(20))
    count: Mapped[int | None] = mapped_column("quantity", Number)
    true_at: Mapped[int] = mapped_column(Number)
    received_at: Mapped[int] = mapped_column(Number)
    first_received_at: Mapped[int] = mapped_column(Number)
    """When the datum was received for the first time: a correction makes no notification late or timely."""
    corrects: Mapped[str] = mapped_column(String(140))
    about: Mapped[str] = mapped_column(String(140))
    note: Mapped[str] = mapped_column(Text)

    __table_args__ = (
        Index("ix_fact_document_id", "document_id", "line", unique=True),
        Index("ix_fact_item", "item"),
        Index("ix_fact_corrected", "corrected", postgresql_where=sql("corrected > 0"),
              sqlite_where=sql("corrected > 0")),
        Index("ix_fact_regarding", "regarding", postgresql_where=sql("regarding > 0"),
              sqlite_where=sql("regarding > 0")),
    )  # fmt: skip


class PinnedKey(Base):
    """A public key that this ledger holds to be a party's own; a later row takes the place of an earlier."""

    __tablename__ = "pinned_key"
    id: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=False)
    party: Mapped[str] = mapped_column(String(120))
    vkey: Mapped[str] = mapped_column(Text)
    pinned_at: Mapped[int] = mapped_column(Number)


class EnvelopeRow(Base):
    """A signed file that was sent or received, byte for byte, and the documents that it carried."""

    __tablename__ = "envelope"
    id: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=False)
    sender: Mapped[str] = mapped_column(String(120))
    recipient: Mapped[str] = mapped_column(String(120))
    sequence: Mapped[int] = mapped_column(Number)
    note: Mapped[bytes] = mapped_column(LargeBinary)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    handled_at: Mapped[int] = mapped_column(Number)
    first_document: Mapped[int] = mapped_column(Number)
    last_document: Mapped[int] = mapped_column(Number)

    __table_args__ = (Index("ix_envelope_sender", "sender", "recipient", "sequence", unique=True),)


class RelayEntry(Base):
    """One entry of a relay's log, byte for byte; its number less one is its index there."""

    __tablename__ = "relay_entry"
    id: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=False)
    entry: Mapped[bytes] = mapped_column(LargeBinary)


class RelayMember(Base):
    """A public key that a relay knows; a later row of the same name takes the place of an earlier."""

    __tablename__ = "relay_member"
    id: Mapped[int] = mapped_column(ForeignKey("relay_entry.id"), primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(255))
    role: Mapped[str] = mapped_column(String(20))
    vkey: Mapped[str] = mapped_column(Text)
    admitted_at: Mapped[int] = mapped_column(Number)


class RelayEnvelope(Base):
    """A signed file that a relay accepted: its note byte for byte, its content in `RelayPart`."""

    __tablename__ = "relay_envelope"
    id: Mapped[int] = mapped_column(ForeignKey("relay_entry.id"), primary_key=True, autoincrement=False)
    sender: Mapped[str] = mapped_column(String(255))
    recipient: Mapped[str] = mapped_column(String(255))
    sequence: Mapped[int] = mapped_column(Number)
    length: Mapped[int] = mapped_column(Number)
    accepted_at: Mapped[int] = mapped_column(Number)
    note: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = (
        Index("ix_relay_envelope_sender", "sender", "recipient", "sequence", unique=True),
        Index("ix_relay_envelope_recipient", "recipient", "sender", "sequence"),
    )


class RelayPart(Base):
    """A piece of the content of an accepted file, so that none is ever whole in memory."""

    __tablename__ = "relay_part"
    envelope_id: Mapped[int] = mapped_column(
        ForeignKey("relay_envelope.id"), primary_key=True, autoincrement=False
    )
    number: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=False)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class RelayCosignature(Base):
    """A checkpoint of a relay's log with the cosignature of one member."""

    __tablename__ = "relay_cosignature"
    id: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(255))
    size: Mapped[int] = mapped_column(Number)
    note: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = (Index("ix_relay_cosignature_name", "name", "size", unique=True),)


class SeenCheckpoint(Base):
    """A checkpoint of a relay's log that this ledger's owner checked, as evidence of what was shown."""

    __tablename__ = "seen_checkpoint"
    id: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=False)
    origin: Mapped[str] = mapped_column(String(255))
    size: Mapped[int] = mapped_column(Number)
    note: Mapped[bytes] = mapped_column(LargeBinary)
    seen_at: Mapped[int] = mapped_column(Number)

    __table_args__ = (Index("ix_seen_checkpoint_origin", "origin", "size"),)


TABLES = (
    Setting, Document, FactRow, PinnedKey, EnvelopeRow,
    RelayEntry, RelayMember, RelayEnvelope, RelayPart, RelayCosignature, SeenCheckpoint,
)  # fmt: skip
