"""What a member of a relay may read: what is addressed to him, and how far his own sending came."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Select, func, select

from detente.ledger.models import RelayEnvelope, RelayPart

from .desk import Relay


def standing(relay: Relay, name: str) -> dict[str, Any]:
    """The last number that a member sent to each other, and the last that is here for it from each."""
    with relay.reading() as connection:
        sent = _last_of_each(connection, select(RelayEnvelope).where(RelayEnvelope.sender == name))
        here = _last_of_each(connection, select(RelayEnvelope).where(RelayEnvelope.recipient == name))
    return {
        "name": name,
        "sent": [{"member": r.recipient, "sequence": r.sequence, "index": r.id - 1} for r in sent],
        "inbox": [{"member": r.sender, "sequence": r.sequence, "index": r.id - 1} for r in here],
    }


def _last_of_each(connection: Connection, chosen: Select[Any]) -> list[Any]:
    last = select(func.max(RelayEnvelope.id)).group_by(RelayEnvelope.sender, RelayEnvelope.recipient)
    return list(connection.execute(chosen.where(RelayEnvelope.id.in_(last)).order_by(RelayEnvelope.id)))


def inbox(relay: Relay, name: str, sender: str, after: int, most: int) -> list[dict[str, Any]]:
    """What is addressed to a member from a sender after a number, at most so many files; nothing else."""
    chosen = (
        select(RelayEnvelope)
        .where(
            RelayEnvelope.recipient == name, RelayEnvelope.sender == sender, RelayEnvelope.sequence > after
        )
        .order_by(RelayEnvelope.sequence)
        .limit(most)
    )
    with relay.reading() as connection:
        return [
            {
                "sequence": row.sequence, "length": row.length, "index": row.id - 1,
                "accepted": row.accepted_at, "note": bytes(row.note).decode(),
            }
            for row in connection.execute(chosen)
        ]  # fmt: skip


def content(relay: Relay, name: str, sender: str, sequence: int) -> tuple[int, Iterator[bytes]] | None:
    """Length and pieces of a file that is addressed to a member; None where there is none."""
    chosen = select(RelayEnvelope.id, RelayEnvelope.length).where(
        RelayEnvelope.recipient == name, RelayEnvelope.sender == sender, RelayEnvelope.sequence == sequence
    )
    with relay.reading() as connection:
        row = connection.execute(chosen).one_or_none()
    return None if row is None else (row.length, pieces(relay, row.id))


def pieces(relay: Relay, envelope: int) -> Iterator[bytes]:
    """The pieces of an accepted file in order, one in memory at a time."""
    number = 0
    while True:
        wanted = select(RelayPart.content).where(
            RelayPart.envelope_id == envelope, RelayPart.number == number
        )
        with relay.reading() as connection:
            piece = connection.execute(wanted).scalar_one_or_none()
        if piece is None:
            return
        yield bytes(piece)
        number += 1
