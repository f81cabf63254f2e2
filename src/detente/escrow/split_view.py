"""Evidence that a log showed two histories, which a third party can check with the log's public key alone.

Two checkpoints of one origin, both signed by the log. Where their sizes are equal and their roots are not,
that is all. Where the second is larger, a consistency proof goes with them: it shows that the larger tree
begins with a root that is not the one the log signed for the smaller. No tree begins in two ways, so one of
the two was a lie. Nothing of the entries is shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .canonical import canonical, parse
from .checkpoint import SignedCheckpoint, open_checkpoint, parse_checkpoint
from .errors import EscrowError, MalformedError, TamperedError
from .keys import unhex
from .log import LogReader
from .merkle import HASH_BYTES, LONGEST_PROOF, check_consistency
from .notes import LARGEST_NOTE, Note, Verifier, parse_note

EVIDENCE_SCHEMA = "detente/split-view/1"
LARGEST_EVIDENCE = 3 * LARGEST_NOTE
_KEYS = {"schema", "first", "second", "begins_with", "proof"}


@dataclass(frozen=True, slots=True)
class SplitView:
    """Two signed checkpoints, the smaller first, and how the larger tree begins instead.

    `begins_with` is the root of as many leaves of the second tree as the first has; for equal sizes it is the
    second root itself, and `proof` is empty.
    """

    first: Note
    second: Note
    begins_with: bytes
    proof: tuple[bytes, ...] = ()

    def __bytes__(self) -> bytes:
        body = {
            "schema": EVIDENCE_SCHEMA,
            "first": bytes(self.first).decode(),
            "second": bytes(self.second).decode(),
            "begins_with": self.begins_with.hex(),
            "proof": [hashed.hex() for hashed in self.proof],
        }
        return canonical(body) + b"\n"


class SplitViewError(TamperedError):
    """A log was found to show two histories; `evidence` says so to anybody."""

    def __init__(self, evidence: SplitView) -> None:
        first, second = (parse_checkpoint(note.text) for note in (evidence.first, evidence.second))
        super().__init__(
            f"the log {first.origin} shows two histories: its {second.size} entries do not begin with the "
            f"{first.size} that it signed before",
            "keep the evidence, and show it to the other side: detente witness check",
        )
        self.evidence = evidence


def find_split(reader: LogReader, note: Note) -> SplitView | None:
    """Evidence that a log does not begin with, or is not, the history of another of its checkpoints.

    None where the two agree. The log must be at least as long as the checkpoint, which must cover something:
    a shorter one cannot be shown to differ. Raises `EscrowError` for a log that is not its own checkpoint's.
    """
    other, own = parse_checkpoint(note.text), reader.checkpoint
    if other.origin != own.origin:
        raise MalformedError("these are checkpoints of two logs")
    if reader.root() != own.root:
        raise TamperedError("the tiles of the log do not lead to the root of its checkpoint")
    if other.size > own.size:
        raise TamperedError(
            f"the log shows {own.size} entries, and it has signed a checkpoint of {other.size}: "
            "it was rolled back, or this is an old copy of it"
        )
    begins_with = reader.root(other.size)
    if begins_with == other.root:
        return None
    if own.size == other.size:
        return SplitView(note, reader.note, begins_with)
    return SplitView(note, reader.note, begins_with, reader.consistency(other.size))


def parse_split(content: bytes) -> SplitView:
    """Read a file of evidence; raises `MalformedError`."""
    if len(content) > LARGEST_EVIDENCE:
        raise MalformedError(f"evidence of {len(content)} bytes is refused unread")
    body: Any = parse(content, LARGEST_EVIDENCE)
    if not isinstance(body, dict) or set(body) != _KEYS or body["schema"] != EVIDENCE_SCHEMA:
        raise MalformedError(f"this is not a file of the kind {EVIDENCE_SCHEMA}")
    notes, proof = (body["first"], body["second"]), body["proof"]
    if not all(isinstance(note, str) for note in notes) or not isinstance(proof, list):
        raise MalformedError("the evidence lacks its two checkpoints or its proof")
    if len(proof) > LONGEST_PROOF + 1:
        raise MalformedError(f"the proof has {len(proof)} hashes; no tree is so high")
    first, second = (parse_note(note.encode()) for note in notes)
    hashes = tuple(unhex(hashed, HASH_BYTES, "a hash of the proof") for hashed in proof)
    return SplitView(first, second, unhex(body["begins_with"], HASH_BYTES, "begins_with"), hashes)


def check_split(content: bytes, log_keys: Sequence[Verifier]) -> tuple[SignedCheckpoint, SignedCheckpoint]:
    """Raise unless a file proves that a log showed two histories; gives the two checkpoints. Four steps.

    1. The evidence is well formed. 2. Both checkpoints are of one origin, the first no larger and not empty.
    3. A trusted key of the log signed both. 4. The second tree begins with a root that is not the first's.
    The caller owes that the keys are the log's own: anybody can sign two histories with a key of his.
    """
    step = 1
    try:
        evidence = parse_split(content)
        first, second = (parse_checkpoint(note.text) for note in (evidence.first, evidence.second))
        step = 2
        if first.origin != second.origin:
            raise MalformedError("these are checkpoints of two logs")
        if not 1 <= first.size <= second.size:
            raise MalformedError("the first checkpoint is empty, or larger than the second")
        step = 3
        one, two = (open_checkpoint(note, log_keys) for note in (evidence.first, evidence.second))
        step = 4
        check_consistency(first.size, second.size, evidence.begins_with, second.root, evidence.proof)
        if evidence.begins_with == first.root:
            raise TamperedError("the two checkpoints agree: this proves nothing against the log")
    except EscrowError as fault:
        raise fault.at(step) from None
    return one, two
