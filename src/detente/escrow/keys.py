"""Signing keys and other secrets: made at random, encrypted at rest, readable by their owner alone.

A secret file is JSON. With a passphrase its content is sealed by ChaCha20-Poly1305 under a key that scrypt
derives (RFC 7914, N = 2**17, r = 8, p = 1); the head of the file is authenticated with it. No secret is ever
part of a message, a `repr` or a log. Sources: RFC 8032 (Ed25519), RFC 8439, RFC 7914.
"""

import hashlib
import json
import os
import stat
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from .canonical import canonical, parse
from .disk import read_bounded, write_whole
from .errors import EscrowError, MalformedError, TamperedError, shown
from .notes import COSIGNED, COSIGNED_ML_DSA, PLAIN, TYPES, Note, Signature, Verifier, check_name, check_text

SECRET_SCHEMA = "detente/secret/1"  # noqa: S105 - the kind of file, no password
LARGEST_SECRET = 64_000_000
_COST = 17
_MOST_COST = 20
Passphrase = str | Callable[[], str] | None


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A named private key. `algorithm` is Ed25519, or ML-DSA-44 where the library has it."""

    name: str
    seed: bytes = field(repr=False)
    algorithm: str = "ed25519"

    def __post_init__(self) -> None:
        check_name(self.name)
        if self.algorithm not in {"ed25519", "ml-dsa-44"} or len(self.seed) != 32:
            raise MalformedError(
                f"{shown(self.algorithm)} is no algorithm with a seed of 32 bytes known here"
            )

    @classmethod
    def new(cls, name: str, algorithm: str = "ed25519") -> "SigningKey":
        """A new key from the randomness of the operating system."""
        return cls(name, os.urandom(32), algorithm)

    @property
    def _private(self) -> Any:
        if self.algorithm == "ed25519":
            return Ed25519PrivateKey.from_private_bytes(self.seed)
        from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

        return MLDSA44PrivateKey.from_seed_bytes(self.seed)

    @property
    def kinds(self) -> tuple[int, ...]:
        """The types of signature that this key can make: plain first, then over a time and a checkpoint."""
        return (PLAIN, COSIGNED) if self.algorithm == "ed25519" else (COSIGNED_ML_DSA,)

    def verifier(self, kind: int = PLAIN) -> Verifier:
        """The public key for one type of signature."""
        return Verifier(self.name, kind, self._private.public_key().public_bytes_raw())

    @property
    def vkey(self) -> str:
        """The public key for plain signatures as a line to give to the other side."""
        return self.verifier(self.kinds[0]).vkey

    @property
    def cosigner_vkey(self) -> str:
        """The public key for cosignatures as a line to give to the other side."""
        return self.verifier(self.kinds[-1]).vkey

    def sign(self, text: str) -> Signature:
        """A plain signature over the text of a note."""
        return self._sign(PLAIN, text, 0)

    def cosign(self, text: str, time: int) -> Signature:
        """A signature over a time, in POSIX seconds, and the text of a checkpoint."""
        return self._sign(self.kinds[-1], text, time)

    def _sign(self, kind: int, text: str, time: int) -> Signature:
        check_text(text)
        verifier = self.verifier(kind)
        value = self._private.sign(TYPES[kind].message(self.name, text, time))
        head = time.to_bytes(8, "big") if TYPES[kind].timed else b""
        return Signature(self.name, verifier.key_id, head + value)

    def signed(self, text: str) -> Note:
        """A note with the text and this key's plain signature."""
        return Note(text, (self.sign(text),))


def save_key(key: SigningKey, path: Path, passphrase: Passphrase) -> None:
    """Write a key to a new file that its owner alone can read; an existing file is never replaced."""
    content = {"kind": "signing-key", "name": key.name, "algorithm": key.algorithm, "seed": key.seed.hex()}
    head = {"name": key.name, "public": key.vkey}
    save_secret(path, content, passphrase, head=head)


def load_key(path: Path, passphrase: Passphrase = None) -> SigningKey:
    """Read a key; raises `EscrowError` for a file others can read, a wrong passphrase or another file."""
    content = load_secret(path, passphrase)
    if content.get("kind") != "signing-key":
        raise MalformedError("this secret is not a signing key", where=path.name)
    name, seed, algorithm = (content.get(part) for part in ("name", "seed", "algorithm"))
    if not (isinstance(name, str) and isinstance(seed, str) and isinstance(algorithm, str)):
        raise MalformedError("the signing key lacks its name, algorithm or seed", where=path.name)
    return SigningKey(name, unhex(seed, 32, "the seed"), algorithm)


def public_head(path: Path) -> Mapping[str, Any]:
    """What a secret file says openly: whether it is encrypted, and the name and public key of a key."""
    found = _read(path)
    head = found.get("head")
    return {"encrypted": found.get("cipher") is not None, **(head if isinstance(head, dict) else {})}


def save_secret(
    path: Path, content: Mapping[str, Any], passphrase: Passphrase, head: Mapping[str, Any] | None = None
) -> None:
    """Write a secret to a new file with permissions 0600, encrypted if there is a passphrase."""
    body: dict[str, Any] = {"schema": SECRET_SCHEMA, "head": dict(head or {})}
    if passphrase is None:
        body["content"] = dict(content)
    else:
        word = passphrase if isinstance(passphrase, str) else passphrase()
        if not word:
            raise EscrowError("an empty passphrase protects nothing", "give one, or none at all")
        salt, nonce = os.urandom(16), os.urandom(12)
        body["cipher"] = "scrypt+chacha20-poly1305"
        body |= {"cost": _COST, "salt": salt.hex(), "nonce": nonce.hex()}
        sealed = ChaCha20Poly1305(_derive(word, salt, _COST)).encrypt(
            nonce, canonical(dict(content)), canonical(body)
        )
        body["sealed"] = sealed.hex()
    text = json.dumps(body, indent=2, ensure_ascii=False) + "\n"
    write_whole(path, text.encode(), mode=0o600, new=True)


def load_secret(path: Path, passphrase: Passphrase = None) -> dict[str, Any]:
    """The content of a secret file; the passphrase may be a function, asked only if it is needed."""
    _check_permissions(path)
    body = _read(path)
    if "cipher" not in body:
        content = body.get("content")
        if not isinstance(content, dict):
            raise MalformedError("the secret file holds no secret", where=path.name)
        return content
    word = passphrase() if callable(passphrase) else passphrase
    if not word:
        raise EscrowError(
            "this secret is encrypted and no passphrase was given",
            "set DETENTE_PASSPHRASE, or give --passphrase-file",
            where=path.name,
        )
    sealed = body.pop("sealed", None)
    cost = body.get("cost")
    if (
        body["cipher"] != "scrypt+chacha20-poly1305"
        or not isinstance(cost, int)
        or not 1 <= cost <= _MOST_COST
    ):
        raise MalformedError("the secret file is encrypted in a way that is not known here", where=path.name)
    salt, nonce = unhex(body.get("salt"), 16, "the salt"), unhex(body.get("nonce"), 12, "the nonce")
    try:
        opened = ChaCha20Poly1305(_derive(word, salt, cost)).decrypt(
            nonce, unhex(sealed, None, "the sealed content"), canonical(body)
        )
    except InvalidTag:
        raise TamperedError(
            "the passphrase is wrong, or the file was changed", "try it again", where=path.name
        ) from None
    found = parse(opened, LARGEST_SECRET)
    if not isinstance(found, dict):
        raise MalformedError("the secret file holds no secret", where=path.name)
    return found


def unhex(text: object, length: int | None, what: str) -> bytes:
    """The bytes of lower-case hexadecimal digits, of a length in bytes; raises `MalformedError`."""
    if isinstance(text, str) and text == text.lower() and text.isascii():
        try:
            raw = bytes.fromhex(text)
        except ValueError:
            raw = None
        if raw is not None and raw.hex() == text and length in {None, len(raw)}:
            return raw
    wanted = f"{2 * length} lower-case hexadecimal digits" if length else "hexadecimal"
    raise MalformedError(f"{what} is not {wanted}: {shown(text)}")


def _derive(word: str, salt: bytes, cost: int) -> bytes:
    return Scrypt(salt=salt, length=32, n=1 << cost, r=8, p=1).derive(word.encode())


def _read(path: Path) -> dict[str, Any]:
    content = read_bounded(path, LARGEST_SECRET)
    try:
        found = parse(content, LARGEST_SECRET)
    except MalformedError as fault:
        fault.where = path.name
        raise
    if not isinstance(found, dict) or found.get("schema") != SECRET_SCHEMA:
        raise MalformedError(f"this is not a file of the kind {SECRET_SCHEMA}", where=path.name)
    return found


def _check_permissions(path: Path) -> None:
    """Refuse a secret that others on this machine can read, as ssh does."""
    if sys.platform == "win32":  # pragma: no cover - Windows has no such bits; its folders are the user's own
        return
    found = path.stat()
    if stat.S_IMODE(found.st_mode) & 0o077:
        raise EscrowError(
            f"others can read this secret: its permissions are {stat.S_IMODE(found.st_mode):04o}",
            f"chmod 600 {path.name}",
            where=path.name,
        )


def fingerprint(verifier: Verifier) -> str:
    """SHA-256 of a public key in groups of four, for comparing over the telephone."""
    digits = hashlib.sha256(bytes([verifier.kind]) + verifier.public).hexdigest()
    return " ".join(digits[at : at + 4] for at in range(0, 64, 4))
