"""Signed notes: a text, an empty line, and signatures of named keys below it, readable by a person.

Source: C2SP signed-note and tlog-cosignature. Key ID = SHA-256(name | 0x0A | type | public key)[:4]. Three
types are known here, and a further one is one more row of `TYPES`: 0x01 Ed25519 over the text, 0x04
Ed25519 over a time and the text, 0x06 the same with ML-DSA-44, which a quantum computer does not break.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from .errors import MalformedError, MissingPartError, TamperedError, shown

PLAIN, COSIGNED, COSIGNED_ML_DSA = 0x01, 0x04, 0x06
LARGEST_NOTE = 1_000_000
"""Bytes; a note is refused unread beyond it."""
MOST_SIGNATURES = 64
LATEST_TIME = 2**63 - 1
_DASH = "— "
_NAME = re.compile(r"[^\s+]+")
_SPLIT = b"\n\n"


def _ed25519(public: bytes, signature: bytes, message: bytes) -> None:
    Ed25519PublicKey.from_public_bytes(public).verify(signature, message)


def _ml_dsa_44(public: bytes, signature: bytes, message: bytes) -> None:
    try:
        from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey
    except ImportError as fault:
        raise MissingPartError("ML-DSA needs a newer version of the library cryptography") from fault
    MLDSA44PublicKey.from_public_bytes(public).verify(signature, message)


def timed_text(_: str, text: str, time: int) -> bytes:
    """What an Ed25519 cosigner signs: a header, the time, and the whole text of the checkpoint."""
    return f"cosignature/v1\ntime {time}\n{text}".encode()


def subtree_message(name: str, text: str, time: int) -> bytes:
    """What an ML-DSA-44 cosigner signs: its name, the time, and origin, size and root of the checkpoint."""
    lines = text.split("\n")
    if len(lines) < 4 or not lines[1].isdecimal():
        raise MalformedError("an ML-DSA-44 cosignature stands under a checkpoint alone")
    origin, size, root = lines[0].encode(), int(lines[1]), base64.b64decode(lines[2])
    named = name.encode()
    if not 1 <= len(named) <= 255 or not 1 <= len(origin) <= 255 or size >= 1 << 64:
        raise MalformedError("name, origin or size is too long for an ML-DSA-44 cosignature")
    parts = [b"subtree/v1\n\0", bytes([len(named)]), named, time.to_bytes(8, "big")]
    parts += [bytes([len(origin)]), origin, bytes(8), size.to_bytes(8, "big"), root]
    return b"".join(parts)


@dataclass(frozen=True, slots=True)
class SignatureType:
    """How signatures of one type are made of bytes: lengths, whether a time stands before, what is signed."""

    public_bytes: int
    signature_bytes: int
    timed: bool
    message: Callable[[str, str, int], bytes]
    check: Callable[[bytes, bytes, bytes], None]


TYPES = {
    PLAIN: SignatureType(32, 64, timed=False, message=lambda _, text, __: text.encode(), check=_ed25519),
    COSIGNED: SignatureType(32, 64, timed=True, message=timed_text, check=_ed25519),
    COSIGNED_ML_DSA: SignatureType(1312, 2420, timed=True, message=subtree_message, check=_ml_dsa_44),
}


@dataclass(frozen=True, slots=True)
class Verifier:
    """A public key that is trusted under a name for one type of signature; written as a vkey."""

    name: str
    kind: int
    public: bytes = field(repr=False)

    def __post_init__(self) -> None:
        check_name(self.name)
        if self.kind not in TYPES:
            raise MalformedError(f"signature type 0x{self.kind:02x} is not known here", _known_types())
        if len(self.public) != TYPES[self.kind].public_bytes:
            raise MalformedError(
                f"a public key of type 0x{self.kind:02x} has {TYPES[self.kind].public_bytes} bytes,"
                f" not {len(self.public)}"
            )

    @property
    def key_id(self) -> bytes:
        """The four bytes that stand before each of its signatures."""
        hashed = self.name.encode() + b"\n" + bytes([self.kind]) + self.public
        return hashlib.sha256(hashed).digest()[:4]

    @property
    def vkey(self) -> str:
        """The key as one line of text: name+ID+base64(type | public key)."""
        material = base64.b64encode(bytes([self.kind]) + self.public).decode()
        return f"{self.name}+{self.key_id.hex()}+{material}"

    def of_kind(self, kind: int) -> "Verifier":
        """The same public key for another type of signature, with the ID that belongs to it."""
        return Verifier(self.name, kind, self.public)

    def check(self, text: str, signature: "Signature") -> None:
        """Raise `TamperedError` unless the signature is this key's over the text."""
        form = TYPES[self.kind]
        head = 8 if form.timed else 0
        if len(signature.value) != head + form.signature_bytes:
            raise TamperedError(f"the signature of {self.name} has the wrong length")
        if signature.time(self.kind) > LATEST_TIME:
            raise TamperedError(f"the signature of {self.name} states a time beyond all calendars")
        try:
            form.check(
                self.public, signature.value[head:], form.message(self.name, text, signature.time(self.kind))
            )
        except InvalidSignature:
            raise TamperedError(f"the signature of {self.name} does not fit the text and its key") from None


def _known_types() -> str:
    return "known are " + ", ".join(f"0x{kind:02x}" for kind in sorted(TYPES))


def parse_vkey(line: str) -> Verifier:
    """The key that a vkey line states; raises `MalformedError`, also where its ID does not fit it."""
    parts = line.strip().split("+", 2)
    if len(parts) != 3 or len(line) > 4096:
        raise MalformedError(f"{shown(line)} is not a public key", "a vkey looks like NAME+ID+BASE64")
    name, key_id, material = parts
    raw = decode_base64(material, "the public key")
    found = Verifier(name, raw[0] if raw else 0, raw[1:])
    if found.key_id.hex() != key_id:
        raise MalformedError(
            f"the ID {shown(key_id)} is not that of the public key of {shown(name)}: it would be "
            f"{found.key_id.hex()}",
            "ask its owner for the line again: a letter was lost, or the key is not his",
        )
    return found


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature line of a note: whose it says it is, the ID of the key, and the bytes."""

    name: str
    key_id: bytes
    value: bytes = field(repr=False)

    def time(self, kind: int) -> int:
        """The time that a timed signature states, in POSIX seconds; 0 for a plain one."""
        return int.from_bytes(self.value[:8], "big") if TYPES[kind].timed else 0

    @property
    def line(self) -> str:
        """The line as it stands in a note, without its end."""
        return f"{_DASH}{self.name} {base64.b64encode(self.key_id + self.value).decode()}"


@dataclass(frozen=True, slots=True)
class Note:
    """A text that ends with a line end, and the signatures below it; nothing is proved by reading it."""

    text: str
    signatures: tuple[Signature, ...] = ()

    def __bytes__(self) -> bytes:
        return (self.text + "\n" + "".join(f"{entry.line}\n" for entry in self.signatures)).encode()

    def with_signature(self, signature: Signature) -> "Note":
        """The note with one more signature; one of the same key takes the place of the old one."""
        same = (signature.name, signature.key_id)
        kept = tuple(entry for entry in self.signatures if (entry.name, entry.key_id) != same)
        return Note(self.text, (*kept, signature))


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature that was checked: by which key, and when it says it was made (0 if it does not)."""

    verifier: Verifier
    time: int


def parse_note(content: bytes) -> Note:
    """Read a note; raises `MalformedError` naming the rule of signed-note that it breaks."""
    if len(content) > LARGEST_NOTE:
        raise MalformedError(f"a note of {len(content)} bytes is refused unread (at most {LARGEST_NOTE})")
    try:
        whole = content.decode("utf-8")
    except UnicodeDecodeError:
        raise MalformedError("the note is not UTF-8 text") from None
    if any(letter < " " and letter != "\n" for letter in whole):
        raise MalformedError("the note holds a control character")
    text, gap, below = whole.rpartition("\n\n")
    if not gap or not below.endswith("\n"):
        raise MalformedError("the note has no signatures below an empty line", "was it cut short?")
    lines = below[:-1].split("\n")
    if len(lines) > MOST_SIGNATURES:
        raise MalformedError(f"the note has {len(lines)} signatures; at most {MOST_SIGNATURES} are read")
    return Note(text + "\n", tuple(parse_signature(line) for line in lines))


def parse_signature(line: str) -> Signature:
    """Read one signature line: an em dash, the name of the key, and base64."""
    parts = line.split(" ")
    if len(parts) != 3 or parts[0] != _DASH.strip():
        raise MalformedError(f"{shown(line)} is not a signature line", "it begins with an em dash")
    raw = decode_base64(parts[2], f"the signature of {shown(parts[1])}")
    if len(raw) < 5:
        raise MalformedError(f"the signature of {shown(parts[1])} is too short")
    return Signature(check_name(parts[1]), raw[:4], raw[4:])


def check_text(text: str) -> str:
    """The text of a note that is about to be signed; raises `MalformedError` if no reader would take it."""
    if not text.endswith("\n") or any(letter < " " and letter != "\n" for letter in text):
        raise MalformedError("the text of a note ends with a line end and holds no control character")
    return text


def check_name(name: str) -> str:
    """The name of a key; raises `MalformedError` if it is empty or holds a space or a plus sign."""
    if not _NAME.fullmatch(name) or len(name) > 255 or not name.isprintable():
        raise MalformedError(
            f"{shown(name)} is not the name of a key",
            "use a name without spaces and without +, such as party-a.example/declarations",
        )
    return name


def verified(note: Note, trusted: Iterable[Verifier]) -> tuple[Signed, ...]:
    """The signatures of trusted keys, each checked; those of unknown keys are passed over.

    Raises `TamperedError` if one of a trusted key does not fit, or if there is none at all.
    """
    known = {(key.name, key.key_id): key for key in trusted}
    found: dict[tuple[str, bytes], Signed] = {}
    for signature in note.signatures:
        key = known.get((signature.name, signature.key_id))
        if key is not None:
            key.check(note.text, signature)
            found.setdefault((key.name, key.key_id), Signed(key, signature.time(key.kind)))
    if not found:
        raise TamperedError(_nobody(note, list(known.values())))
    return tuple(found.values())


def _nobody(note: Note, trusted: Sequence[Verifier]) -> str:
    signed = ", ".join(f"{entry.name} (key {entry.key_id.hex()})" for entry in note.signatures)
    wanted = ", ".join(f"{key.name} (key {key.key_id.hex()})" for key in trusted) or "none"
    return f"no trusted key has signed this: it is signed by {signed}; trusted: {wanted}"


def decode_base64(text: str, what: str) -> bytes:
    """The bytes of standard base64 with its padding; raises `MalformedError` for anything else."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise MalformedError(f"{what} is not base64") from None
    if base64.b64encode(raw).decode() != text:
        raise MalformedError(f"{what} is not base64 in its one right form")
    return raw
