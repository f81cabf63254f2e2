"""What a relay's log says of each file and key, and the limits and refusals of a relay."""

import hashlib
from dataclasses import dataclass
from typing import Literal

from detente.escrow.canonical import canonical
from detente.escrow.errors import EscrowError, TamperedError
from detente.escrow.notes import COSIGNED, PLAIN, Verifier

ENTRY_SCHEMA = "detente/relay-entry/1"
LARGEST_CONTENT = 32_000_000
MOST_BYTES_A_DAY = 500_000_000
Role = Literal["party", "witness", "closed"]


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes of the largest file, and of all that one sender may hand in within a day."""

    largest: int = LARGEST_CONTENT
    a_day: int = MOST_BYTES_A_DAY


class LimitError(EscrowError):
    """A file, or a day's files, are more than the relay takes."""


class ReplayError(TamperedError):
    """A file that is here already, the same; `index` is its entry in the log."""

    def __init__(self, sequence: int, index: int) -> None:
        super().__init__(
            f"replay: number {sequence} is here already, the same", "nothing is lost: leave it out"
        )
        self.index = index


class MovedError(TamperedError):
    """A cosignature under a checkpoint that is not the log's present one."""


def entry_of_envelope(note: bytes, accepted_at: int) -> bytes:
    """The entry that logs a signed file: when it came, and a hash of its note."""
    sealed = hashlib.sha256(note).hexdigest()
    return canonical({"schema": ENTRY_SCHEMA, "kind": "envelope", "accepted": accepted_at, "note": sealed})


def entry_of_member(role: Role, vkey: str, admitted_at: int) -> bytes:
    """The entry that logs the admission of a key, in full: nobody is admitted in secret."""
    return canonical(
        {"schema": ENTRY_SCHEMA, "kind": "member", "admitted": admitted_at, "role": role, "vkey": vkey}
    )


@dataclass(frozen=True, slots=True)
class Member:
    """A key that the relay knows."""

    name: str
    role: str
    key: Verifier

    @property
    def cosigner(self) -> Verifier:
        """The same key for cosignatures."""
        return self.key.of_kind(COSIGNED) if self.key.kind == PLAIN else self.key
