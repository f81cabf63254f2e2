"""Signed files between two parties: who wrote it, to whom, which one it is, and which came before.

An envelope is a signed note beside the file that it covers. Keys are pinned; the sequence number and the
digest of the envelope before make a file that is sent again, left out or put in another order stand out.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from .errors import EscrowError, MalformedError, TamperedError, shown
from .keys import SigningKey
from .notes import Note, Verifier, check_name, parse_note, verified

FIRST_LINE = "detente/envelope/1"
NOTHING_BEFORE = bytes(32)
_TEXT = re.compile(
    r"detente/envelope/1\nfrom (?P<sender>\S+)\nto (?P<recipient>\S+)\n"
    r"sequence (?P<sequence>[1-9][0-9]{0,15})\n"
    r"previous (?P<previous>[0-9a-f]{64})\ncontent (?P<digest>[0-9a-f]{64}) (?P<length>0|[1-9][0-9]{0,15})\n"
)


@dataclass(frozen=True, slots=True)
class Envelope:
    """What an envelope says: parties by the names of their keys, number from 1, digests of 32 bytes."""

    sender: str
    recipient: str
    sequence: int
    previous: bytes
    content: bytes
    length: int

    @property
    def text(self) -> str:
        """The lines that are signed."""
        return (
            f"{FIRST_LINE}\nfrom {self.sender}\nto {self.recipient}\nsequence {self.sequence}\n"
            f"previous {self.previous.hex()}\ncontent {self.content.hex()} {self.length}\n"
        )

    @property
    def digest(self) -> bytes:
        """SHA-256 of the lines: what the next envelope names as the one before it."""
        return hashlib.sha256(self.text.encode()).digest()


@dataclass(frozen=True, slots=True)
class Awaited:
    """Which envelope of a sender comes next; the first one by default."""

    sequence: int = 1
    previous: bytes = NOTHING_BEFORE


def seal_envelope(content: bytes, key: SigningKey, recipient: str, awaited: Awaited) -> Note:
    """The signed envelope of a file, the next one of its sender to this recipient."""
    digest = hashlib.sha256(content).digest()
    envelope = Envelope(
        key.name, check_name(recipient), awaited.sequence, awaited.previous, digest, len(content)
    )
    return key.signed(envelope.text)


def parse_envelope(text: str) -> Envelope:
    """Read the lines of an envelope; raises `MalformedError`."""
    found = _TEXT.fullmatch(text)
    if found is None:
        raise MalformedError(f'this is not an envelope: its lines are not those of "{FIRST_LINE}"')
    return Envelope(
        check_name(found["sender"]),
        check_name(found["recipient"]),
        int(found["sequence"]),
        bytes.fromhex(found["previous"]),
        bytes.fromhex(found["digest"]),
        int(found["length"]),
    )


def open_envelope(
    note: bytes, content: bytes, pinned: Sequence[Verifier], recipient: str, awaited: Awaited
) -> Envelope:
    """Check a signed file in six steps, and return its envelope; raises with the number of the step.

    1. The envelope is well formed. 2. A pinned key signed it. 3. That key is its sender's. 4. It is for this
    recipient. 5. It is the one awaited: number and predecessor. 6. It covers exactly these bytes. The caller
    owes: the pinned keys, and keeping what is awaited next (`after`).
    """
    envelope = open_head(note, pinned, recipient, awaited)
    check_content(envelope, len(content), hashlib.sha256(content).digest())
    return envelope


def open_head(note: bytes, pinned: Sequence[Verifier], recipient: str, awaited: Awaited) -> Envelope:
    """Steps 1 to 5 of `open_envelope`, before any byte of the file is read."""
    step = 1
    try:
        found = parse_note(note)
        envelope = parse_envelope(found.text)
        step = 2
        signed = verified(found, pinned)
        step = 3
        if all(entry.verifier.name != envelope.sender for entry in signed):
            raise TamperedError(f"it says it is from {shown(envelope.sender)}, whose key did not sign it")
        step = 4
        if envelope.recipient != recipient:
            raise TamperedError(f"it is for {shown(envelope.recipient)}, not for {shown(recipient)}")
        step = 5
        if envelope.sequence != awaited.sequence:
            how = "was received before" if envelope.sequence < awaited.sequence else "comes too early"
            raise TamperedError(f"number {envelope.sequence} {how}: number {awaited.sequence} is awaited")
        if envelope.previous != awaited.previous:
            raise TamperedError("it follows another envelope than the last one received: the history differs")
    except EscrowError as fault:
        raise fault.at(step) from None
    return envelope


def check_content(envelope: Envelope, length: int, digest: bytes) -> None:
    """Step 6 of `open_envelope`: the file, by its length and SHA-256, is the one that was signed."""
    if length != envelope.length or digest != envelope.content:
        raise TamperedError("the file is not the one that was signed").at(6)


def after(envelope: Envelope) -> Awaited:
    """What is awaited after an envelope that was accepted."""
    return Awaited(envelope.sequence + 1, envelope.digest)
