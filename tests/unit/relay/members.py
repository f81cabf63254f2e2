"""A relay between alpha and beta in a folder, and signed files to hand in."""

import io
from dataclasses import dataclass, field
from pathlib import Path

from detente.escrow.envelope import Awaited, after, parse_envelope, seal_envelope
from detente.escrow.keys import SigningKey
from detente.ledger.relay.desk import Relay, create_relay, open_relay
from detente.ledger.relay.entries import Limits

NOW = 1_800_000_000
RELAY = SigningKey("relay.example", b"r" * 32)
ALPHA, BETA = SigningKey("alpha.example", b"a" * 32), SigningKey("beta.example", b"b" * 32)
WITNESS = SigningKey("witness.example", b"w" * 32)
EVE = SigningKey("eve.example", b"e" * 32)


def relay_in(folder: Path, database: str = "", limits: Limits | None = None) -> Relay:
    """A relay that knows both parties and the witness."""
    create_relay(folder, RELAY, database)
    relay = open_relay(folder, database, limits)
    for key in (ALPHA, BETA):
        relay.admit(key.vkey, "party", NOW)
    relay.admit(WITNESS.vkey, "witness", NOW)
    relay.catch_up(RELAY)
    return relay


@dataclass
class Sender:
    """Signs one file after the other, from one party to the other."""

    key: SigningKey = ALPHA
    to: str = BETA.name
    awaited: Awaited = field(default_factory=Awaited)

    def next(self, content: bytes) -> bytes:
        """The note of the next file."""
        note = seal_envelope(content, self.key, self.to, self.awaited)
        self.awaited = after(parse_envelope(note.text))
        return bytes(note)

    def hand_in(self, relay: Relay, content: bytes, now: int = NOW) -> int:
        """Hand in the next file."""
        return relay.accept(self.next(content), io.BytesIO(content), RELAY, now)
