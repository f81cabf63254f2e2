"""Every parser takes any bytes: it reads them or refuses them by its own error, and nothing else happens.

A bounded number of tries in a usual run; two orders more with `DETENTE_LONG` (`just long`).
"""

import argparse
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detente.escrow import standalone
from detente.escrow.archive import archive_fetch
from detente.escrow.canonical import canonical, parse
from detente.escrow.checkpoint import parse_checkpoint
from detente.escrow.declaration import read_declaration
from detente.escrow.envelope import parse_envelope
from detente.escrow.errors import EscrowError, MalformedError
from detente.escrow.log_entries import read_entry
from detente.escrow.notes import parse_note, parse_vkey
from detente.escrow.proofs import parse_proof
from detente.escrow.tiles import bundle, parse_bundle, parse_path, parse_tile
from detente.escrow.verify_log import verify_any
from detente.records.declared_files import read_declared
from detente.records.errors import InputError
from tests.conformance.gallery import LOG_KEY, TRUST, Museum, build

TRIES = 20_000 if os.environ.get("DETENTE_LONG") else 150
bounded = settings(
    max_examples=TRIES, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip

PARSERS: dict[str, Callable[[bytes], Any]] = {
    "json": parse,
    "note": parse_note,
    "checkpoint": lambda raw: parse_checkpoint(raw.decode("utf-8", "replace")),
    "vkey": lambda raw: parse_vkey(raw.decode("utf-8", "replace")),
    "proof": parse_proof,
    "bundle": lambda raw: parse_bundle(raw, 3),
    "tile": lambda raw: parse_tile(raw, 3),
    "path": lambda raw: parse_path(raw.decode("utf-8", "replace")),
    "envelope": lambda raw: parse_envelope(raw.decode("utf-8", "replace")),
    "entry": read_entry,
    "archive": lambda raw: archive_fetch(raw)("checkpoint"),
    "verify": verify_any,
}

TEXTS = st.text(st.characters(codec="utf-8"), max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=12,
)


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """Honest and forged files of every kind, to begin from."""
    folder = tmp_path_factory.mktemp("samples")
    build(folder)
    found = [path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()]
    return [raw for raw in found if len(raw) < 60_000] + [bytes(Museum(folder).file("x", b"").encode())]


@st.composite
def mutations(draw: st.DrawFn) -> Callable[[bytes], bytes]:
    """A few cuts, repeats and splashes of other bytes."""
    what = st.sampled_from(["cut", "put", "repeat", "flip"])
    one = st.tuples(what, st.floats(0, 1), st.integers(1, 40), st.binary(max_size=6))
    edits = draw(st.lists(one, min_size=1, max_size=4))

    def mutate(raw: bytes) -> bytes:
        for what, share, length, splash in edits:
            at = int(share * len(raw))
            if what == "cut":
                raw = raw[:at] + raw[at + length :]
            elif what == "put":
                raw = raw[:at] + splash + raw[at:]
            elif what == "repeat":
                raw = raw[: at + length] + raw[at:]
            elif raw:
                at = min(at, len(raw) - 1)
                raw = raw[:at] + bytes([raw[at] ^ (1 << length % 8)]) + raw[at + 1 :]
        return raw

    return mutate


@pytest.mark.parametrize("name", PARSERS)
@bounded
@given(raw=st.binary(max_size=300))
def test_any_bytes(name: str, raw: bytes) -> None:
    try:
        PARSERS[name](raw)
    except (EscrowError, FileNotFoundError):
        return


@bounded
@given(which=st.integers(0, 10**6), mutate=mutations())
def test_bent_files(samples: list[bytes], which: int, mutate: Callable[[bytes], bytes]) -> None:
    raw = mutate(samples[which % len(samples)])
    for parser in PARSERS.values():
        try:
            parser(raw)
        except (EscrowError, FileNotFoundError):
            continue


@bounded
@given(which=st.integers(0, 10**6), mutate=mutations())
def test_both_verifiers_agree_on_bent_files(
    samples: list[bytes], tmp_path: Path, which: int, mutate: Callable[[bytes], bytes]
) -> None:
    raw = mutate(samples[which % len(samples)])
    try:
        verify_any(raw)
        ours = (0, 0)
    except EscrowError as fault:
        ours = (2 if isinstance(fault, MalformedError) else 1, fault.step or 1)
    path = tmp_path / "bent"
    path.write_bytes(raw)
    assert second_opinion(path) == ours


def second_opinion(path: Path) -> tuple[int, int]:
    """Exit code and step of the second verifier, in this process."""
    standalone.STEP[0] = 1
    given = argparse.Namespace(root=None, origin=None, trust=[], cosigner=[])
    try:
        standalone.check_file(path, given)
    except standalone.Verdict as found:
        return found.code, found.step
    return 0, 0


@bounded
@given(value=VALUES)
def test_canonical_bytes_are_read_as_they_were_written_and_by_both_alike(value: Any) -> None:
    written = canonical(value)
    assert parse(written) == value
    assert canonical(parse(written)) == written
    assert standalone.canonical(value) == written


@bounded
@given(entries=st.lists(st.binary(max_size=200), max_size=8))
def test_a_bundle_is_read_as_it_was_written(entries: list[bytes]) -> None:
    assert parse_bundle(bundle(entries), len(entries)) == entries


@bounded
@given(value=VALUES)
def test_any_json_as_a_declaration(value: Any) -> None:
    for content in (
        value,
        {"sites": value},
        {"sites": [{"site": "A", "entries": value}]},
        {"sites": [value]},
    ):
        try:
            read_declaration(content)
        except MalformedError:
            continue


@pytest.mark.parametrize("ending", [".csv", ".toml", ".xlsx"])
@bounded
@given(raw=st.binary(max_size=200) | TEXTS.map(lambda text: f"site,a\n{text}\nB,{text}".encode()))
def test_any_bytes_as_a_file_of_a_declaration(tmp_path: Path, ending: str, raw: bytes) -> None:
    path = tmp_path / f"d{ending}"
    path.write_bytes(raw)
    try:
        read_declared(path)
    except InputError:
        return


def test_limits_hold_before_anything_is_built() -> None:
    for raw in (b"[" * 10**6, b'{"a":' * 10**5, b"[" + b"[]," * 2_000_000 + b"[]]", b'"' + b'\\"' * 10**6):
        with pytest.raises(MalformedError):
            parse(raw)
    with pytest.raises(MalformedError, match="refused unread"):
        parse_note(b"x" * 1_000_001)
    with pytest.raises(MalformedError, match="refused unread"):
        parse_proof(b"x" * 1_200_001)
    assert TRUST[1] == LOG_KEY.vkey
