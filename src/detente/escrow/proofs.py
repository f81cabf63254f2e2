"""A proof that one entry stands in a log, in one file that can be checked without the log.

Source: C2SP tlog-proof. First line `c2sp.org/tlog-proof@v1`; here the line `extra` carries the entry itself,
which is believed only because its leaf hash leads to the signed root.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass

from .checkpoint import SignedCheckpoint, open_checkpoint
from .errors import EscrowError, MalformedError, shown
from .merkle import HASH_BYTES, LONGEST_PROOF, check_inclusion, leaf_hash
from .notes import Note, Verifier, decode_base64, parse_note
from .tiles import LARGEST_ENTRY

FIRST_LINE = "c2sp.org/tlog-proof@v1"
LARGEST_PROOF = 1_200_000


@dataclass(frozen=True, slots=True)
class LogProof:
    """Index, inclusion proof and checkpoint of an entry; `entry` where the file carries it."""

    index: int
    hashes: tuple[bytes, ...]
    note: Note
    entry: bytes | None = None

    def __bytes__(self) -> bytes:
        lines = [FIRST_LINE]
        if self.entry is not None:
            lines.append(f"extra {base64.b64encode(self.entry).decode()}")
        lines.append(f"index {self.index}")
        lines += [base64.b64encode(hashed).decode() for hashed in self.hashes]
        return ("\n".join(lines) + "\n\n").encode() + bytes(self.note)


def parse_proof(content: bytes) -> LogProof:
    """Read a proof file; raises `MalformedError` naming the line that is wrong."""
    if len(content) > LARGEST_PROOF:
        raise MalformedError(f"a proof of {len(content)} bytes is refused unread (at most {LARGEST_PROOF})")
    head, gap, below = content.partition(b"\n\n")
    try:
        lines = head.decode("ascii").split("\n")
    except UnicodeDecodeError:
        raise MalformedError("the lines of the proof are not plain ASCII") from None
    if lines.pop(0) != FIRST_LINE or not gap:
        raise MalformedError(f'this is not a proof of a log: it does not begin with "{FIRST_LINE}"')
    entry = None
    if lines and lines[0].startswith("extra "):
        entry = decode_base64(lines.pop(0).removeprefix("extra "), "the entry")
        if len(entry) > LARGEST_ENTRY:
            raise MalformedError(f"the entry has {len(entry)} bytes, more than a log can hold")
    number = lines.pop(0).removeprefix("index ") if lines and lines[0].startswith("index ") else ""
    if not number.isdigit() or len(number) > 19 or (number[0] == "0" and number != "0"):
        raise MalformedError(f"the index {shown(number)} is not a decimal number")
    if len(lines) > LONGEST_PROOF:
        raise MalformedError(f"the proof has {len(lines)} hashes; no tree is so high")
    hashes = tuple(decode_base64(line, "a hash of the proof") for line in lines)
    if any(len(hashed) != HASH_BYTES for hashed in hashes):
        raise MalformedError("a hash of the proof does not have 32 bytes")
    return LogProof(int(number), hashes, parse_note(below), entry)


def check_proof(
    proof: LogProof,
    log_keys: Sequence[Verifier],
    *,
    entry: bytes | None = None,
    origin: str | None = None,
    cosigners: Sequence[Verifier] = (),
    quorum: int | None = None,
) -> SignedCheckpoint:
    """Raise unless an entry stands in the log of a signed checkpoint; steps 1 to 4 are `open_checkpoint`'s.

    5. There is an entry: the one given, or the one that the proof carries. 6. Its leaf hash and the inclusion
    proof lead to the root of the checkpoint. The caller owes what `open_checkpoint` leaves open.
    """
    opened = open_checkpoint(proof.note, log_keys, origin=origin, cosigners=cosigners, quorum=quorum)
    step = 5
    try:
        wanted = proof.entry if entry is None else entry
        if wanted is None:
            raise MalformedError("the proof carries no entry, and none was given to compare")
        step = 6
        checkpoint = opened.checkpoint
        check_inclusion(leaf_hash(wanted), proof.index, checkpoint.size, proof.hashes, checkpoint.root)
    except EscrowError as fault:
        raise fault.at(step) from None
    return opened
