"""The head of a log on one page: its origin, how many entries it has, their root, and who signed that.

Source: C2SP tlog-checkpoint and tlog-cosignature. The log signs the text; parties and witnesses cosign it
with the time at which it was the longest history they had seen. Two checkpoints of one size with two roots,
both signed by the log, are proof of a split history that needs no further witness.
"""

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .errors import EscrowError, MalformedError, TamperedError, shown
from .keys import SigningKey
from .merkle import EMPTY_ROOT, HASH_BYTES
from .notes import Note, Signed, Verifier, decode_base64, parse_note, verified

LARGEST_SIZE = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Origin, size and root of a log; `extensions` are further lines that nobody audits."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The lines that are signed."""
        root = base64.b64encode(self.root).decode()
        return "\n".join([self.origin, str(self.size), root, *self.extensions]) + "\n"


@dataclass(frozen=True, slots=True)
class SignedCheckpoint:
    """A checkpoint that a trusted key of the log has signed, and the cosignatures checked with it."""

    checkpoint: Checkpoint
    note: Note
    signed: tuple[Signed, ...]
    cosigned: tuple[Signed, ...] = ()


def parse_checkpoint(text: str) -> Checkpoint:
    """Read the text of a checkpoint; raises `MalformedError` naming the line that is wrong."""
    lines = text.split("\n")
    if len(lines) < 4 or lines.pop() != "" or not all(lines):
        raise MalformedError("a checkpoint has at least three lines, none of them empty")
    origin, size, root, *extensions = lines
    if not (size.isascii() and size.isdigit()) or (size[0] == "0" and size != "0") or len(size) > 19:
        raise MalformedError(f"the size {shown(size)} is not a decimal number without leading zeros")
    if int(size) > LARGEST_SIZE:
        raise MalformedError(f"the size {shown(size)} is beyond every log")
    hashed = decode_base64(root, "the root of the checkpoint")
    if len(hashed) != HASH_BYTES:
        raise MalformedError("the root of the checkpoint does not have 32 bytes")
    if size == "0" and hashed != EMPTY_ROOT:
        raise MalformedError("a checkpoint of size 0 states another root than that of the empty tree")
    return Checkpoint(origin, int(size), hashed, tuple(extensions))


def sign_checkpoint(checkpoint: Checkpoint, key: SigningKey) -> Note:
    """A note in which the log signs its checkpoint."""
    parse_checkpoint(checkpoint.text)
    return key.signed(checkpoint.text)


def cosign(note: Note, key: SigningKey, time: int) -> Note:
    """The note with a cosignature at a time in POSIX seconds; the caller has checked consistency."""
    parse_checkpoint(note.text)
    return note.with_signature(key.cosign(note.text, time))


def open_checkpoint(
    content: bytes | Note,
    log_keys: Iterable[Verifier],
    *,
    origin: str | None = None,
    cosigners: Sequence[Verifier] = (),
    quorum: int | None = None,
) -> SignedCheckpoint:
    """Read a checkpoint and check who signed it, in four steps; raises with the number of the step.

    1. It is a note and a checkpoint. 2. Its origin is the one expected, if one is given. 3. A trusted key of
    the log signed it. 4. At least `quorum` of the cosigners (all of them unless stated) cosigned it. The
    caller owes: that the keys are the right ones, and that the checkpoint agrees with those seen before.
    """
    step = 1
    try:
        note = parse_note(content) if isinstance(content, bytes) else content
        found = parse_checkpoint(note.text)
        step = 2
        if origin is not None and found.origin != origin:
            raise TamperedError(f"this is a checkpoint of {shown(found.origin)}, not of {shown(origin)}")
        step = 3
        signed = verified(note, log_keys)
        step = 4
        wanted = len(cosigners) if quorum is None else quorum
        cosigned = _cosigned(note, cosigners)
        if len({entry.verifier.name for entry in cosigned}) < wanted:
            names = ", ".join(entry.verifier.name for entry in cosigned) or "nobody"
            raise TamperedError(f"{wanted} cosignatures are needed, and it is cosigned by {names}")
    except EscrowError as fault:
        raise fault.at(step) from None
    return SignedCheckpoint(found, note, signed, cosigned)


def _cosigned(note: Note, cosigners: Sequence[Verifier]) -> tuple[Signed, ...]:
    """The cosignatures of trusted cosigners; one that does not fit is refused, none at all is allowed."""
    known = {(key.name, key.key_id) for key in cosigners}
    if not any((entry.name, entry.key_id) in known for entry in note.signatures):
        return ()
    return verified(note, cosigners)


def split_view(one: SignedCheckpoint, other: SignedCheckpoint) -> bool:
    """Whether two signed checkpoints of one log have one size and two roots: proof of two histories."""
    first, second = one.checkpoint, other.checkpoint
    return first.origin == second.origin and first.size == second.size and first.root != second.root
