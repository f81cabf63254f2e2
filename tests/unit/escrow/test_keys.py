"""Keys and secrets at rest: encrypted, readable by their owner alone, never shown."""

import json
import os
import stat
import sys
from pathlib import Path
from typing import Any

import pytest

from detente.escrow import disk, keys
from detente.escrow.canonical import canonical
from detente.escrow.errors import EscrowError, MalformedError, MissingPartError, TamperedError
from detente.escrow.keys import (
    SigningKey,
    fingerprint,
    load_key,
    load_secret,
    public_head,
    save_key,
    save_secret,
    unhex,
)
from detente.escrow.notes import COSIGNED_ML_DSA, TYPES, Verifier, verified

KEY = SigningKey("party-a.example/log", bytes(range(32)))


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """The cost of a passphrase is not what is tested here."""
    monkeypatch.setattr(keys, "_COST", 4)


def test_a_key_is_never_shown(tmp_path: Path) -> None:
    assert KEY.seed.hex() not in repr(KEY)
    assert str(KEY.seed) not in repr(KEY)
    save_key(KEY, tmp_path / "k", "a word")
    raw = (tmp_path / "k").read_bytes()
    assert KEY.seed.hex().encode() not in raw
    assert KEY.seed not in raw
    assert public_head(tmp_path / "k") == {"encrypted": True, "name": KEY.name, "public": KEY.vkey}


def test_the_usual_cost_is_that_of_the_documentation() -> None:
    assert "N = 2**17" in (keys.__doc__ or "")


@pytest.mark.parametrize("algorithm", ["ed25519", "ml-dsa-44"])
@pytest.mark.parametrize("word", [None, "a word", "слово 🔑"])
def test_a_key_comes_back(tmp_path: Path, algorithm: str, word: str | None) -> None:
    key = SigningKey.new("a.example", algorithm)
    save_key(key, tmp_path / "k", word)
    assert load_key(tmp_path / "k", lambda: word or "") == key
    assert stat.S_IMODE((tmp_path / "k").stat().st_mode) == 0o600 or sys.platform == "win32"


def test_a_secret_is_never_overwritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_key(KEY, tmp_path / "k", None)
    before = (tmp_path / "k").read_bytes()
    with pytest.raises(EscrowError, match="never overwritten"):
        save_key(SigningKey.new("b.example"), tmp_path / "k", None)

    def no_links(*_: Any) -> None:
        raise PermissionError("this file system knows no links")

    monkeypatch.setattr(os, "link", no_links)
    with pytest.raises(EscrowError, match="never overwritten"):
        save_key(KEY, tmp_path / "k", None)
    save_key(KEY, tmp_path / "other", None)
    assert (tmp_path / "k").read_bytes() == (tmp_path / "other").read_bytes() == before
    assert not list(tmp_path.glob(".part-*"))


def test_a_failed_write_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / f".part-{os.getpid()}-x").write_bytes(b"left by an earlier process of this number")
    disk.write_whole(tmp_path / "x", b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        disk.write_whole(tmp_path / "x", b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["x"]
    assert (tmp_path / "x").read_bytes() == b"old"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660])
def test_a_secret_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    save_key(KEY, tmp_path / "k", None)
    (tmp_path / "k").chmod(mode)
    with pytest.raises(EscrowError, match="others can read") as found:
        load_key(tmp_path / "k")
    assert "chmod 600" in str(found.value)


def test_a_wrong_passphrase_and_a_changed_file_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "k"
    save_key(KEY, path, lambda: "right")
    for word in ("wrong", "right "):
        with pytest.raises(TamperedError, match="passphrase is wrong"):
            load_key(path, word)
    for nothing in (None, "", lambda: ""):
        with pytest.raises(EscrowError, match="no passphrase was given"):
            load_key(path, nothing)
    with pytest.raises(EscrowError, match="empty passphrase"):
        save_key(KEY, tmp_path / "other", "")
    body = json.loads(path.read_text())
    for part, value in {
        "head": {"name": "somebody else"}, "sealed": "00" * 40, "nonce": "00" * 12, "salt": "00" * 16,
        "cost": 5,
    }.items():  # fmt: skip
        path.write_text(json.dumps(body | {part: value}))
        with pytest.raises(TamperedError):
            load_key(path, "right")
    for part, value in {
        "cipher": "rot13", "cost": 99, "nonce": "0", "salt": 3, "sealed": None, "schema": "x",
    }.items():  # fmt: skip
        path.write_text(json.dumps(body | {part: value}))
        with pytest.raises(MalformedError):
            load_key(path, "right")


@pytest.mark.parametrize(
    "content",
    [
        {}, {"kind": "declaration"}, {"kind": "signing-key", "name": "a"},
        {"kind": "signing-key", "name": "a b", "seed": "00" * 32, "algorithm": "ed25519"},
        {"kind": "signing-key", "name": "a", "seed": "00", "algorithm": "ed25519"},
        {"kind": "signing-key", "name": "a", "seed": "00" * 32, "algorithm": "rsa"},
    ],
)  # fmt: skip
def test_another_secret_is_no_key(tmp_path: Path, content: dict[str, Any]) -> None:
    save_secret(tmp_path / "s", content, None)
    with pytest.raises(MalformedError):
        load_key(tmp_path / "s")


@pytest.mark.parametrize("raw", [b"", b"[]", b"{}", b'{"schema": "detente/secret/1"}', b"\xff"])
def test_another_file_is_no_secret(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "s"
    path.write_bytes(raw)
    path.chmod(0o600)
    with pytest.raises(MalformedError):
        load_secret(path)


def test_a_sealed_value_that_is_no_table_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def odd(value: dict[str, Any]) -> bytes:
        return b"[]" if "kind" in value else canonical(value)

    monkeypatch.setattr(keys, "canonical", odd)
    save_secret(tmp_path / "s", {"kind": "odd"}, "word")
    with pytest.raises(MalformedError, match="no secret"):
        load_secret(tmp_path / "s", "word")


def test_a_secret_that_is_too_large_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "LARGEST_SECRET", 10)
    save_secret(tmp_path / "s", {"kind": "x"}, None)
    with pytest.raises(MalformedError, match="larger than"):
        load_secret(tmp_path / "s")


def test_a_quantum_safe_cosignature() -> None:
    key = SigningKey.new("witness.example", "ml-dsa-44")
    text = "log.example\n5\n" + "A" * 43 + "=\n"
    note = KEY.signed(text).with_signature(key.cosign(text, 1_300_000_000))
    (found,) = verified(note, [key.verifier(COSIGNED_ML_DSA)])
    assert found.time == 1_300_000_000
    assert key.vkey == key.cosigner_vkey
    with pytest.raises(TamperedError):
        verified(KEY.signed(text.replace("5", "6")).with_signature(note.signatures[-1]), [found.verifier])
    with pytest.raises(MalformedError, match="checkpoint alone"):
        key.cosign("no checkpoint\n", 1)
    with pytest.raises(MalformedError, match="too long"):
        key.cosign("x" * 300 + "\n5\n" + "A" * 43 + "=\n", 1)


def test_without_ml_dsa_the_part_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cryptography.hazmat.primitives.asymmetric.mldsa", None)
    with pytest.raises(MissingPartError, match="newer version"):
        TYPES[COSIGNED_ML_DSA].check(bytes(1312), bytes(2420), b"")


def test_a_fingerprint_for_the_telephone() -> None:
    words = fingerprint(KEY.verifier()).split()
    assert len(words) == 16
    assert {len(word) for word in words} == {4}
    assert fingerprint(KEY.verifier(4)).split() != words
    assert KEY.verifier().of_kind(4).vkey == KEY.cosigner_vkey


def test_an_unknown_type_has_no_key() -> None:
    with pytest.raises(MalformedError, match="known are 0x01, 0x04, 0x06"):
        Verifier("a", 0x02, bytes(32))
    with pytest.raises(MalformedError, match="has 32 bytes, not 31"):
        Verifier("a", 0x01, bytes(31))
    with pytest.raises(MalformedError, match="no algorithm"):
        SigningKey("a", bytes(31))


@pytest.mark.parametrize("text", ["", "0", "0G", "AA", " 00", "00 ", "0x00", None, 3, "٠٠", "00 00"])
def test_only_plain_hexadecimal_is_read(text: object) -> None:
    with pytest.raises(MalformedError):
        unhex(text, 1, "it")
    assert unhex("0a", 1, "it") == b"\n"
