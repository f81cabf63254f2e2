"""Timestamps by RFC 3161: a request that holds a digest alone, and answers of an authority of our own."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from rfc3161_client._rust import parse_timestamp_request

from detente.api import timestamp_ask, timestamp_check
from detente.escrow.errors import MalformedError, MissingPartError, TamperedError
from detente.escrow.timestamps import check_timestamp, timestamp_request
from tests.conformance.authority import SHA256, Authority, refusal

CONTENT = b'{"schema": "detente/commitment/1"}'
DIGEST = hashlib.sha256(CONTENT).digest()


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


def asked(request: bytes) -> Any:
    return parse_timestamp_request(request)


def test_a_request_holds_the_digest_and_not_the_file() -> None:
    request = timestamp_request(CONTENT)
    assert asked(request).message_imprint.message == DIGEST
    assert asked(request).message_imprint.hash_algorithm.dotted_string == SHA256
    assert asked(request).cert_req
    assert CONTENT not in request
    assert timestamp_request(CONTENT) != request, "each has its own nonce"


def test_an_answer_is_checked_offline(authority: Authority) -> None:
    request = timestamp_request(CONTENT)
    answer = authority.answer(DIGEST, asked(request).nonce)
    found = check_timestamp(answer, CONTENT, authority.roots_pem, request)
    assert found.time == datetime(2011, 2, 5, 12, 0, tzinfo=UTC)
    assert found.authority == "CN=Example Timestamps"
    assert found.serial == 7
    assert check_timestamp(answer, CONTENT, authority.roots_pem) == found


def test_a_false_answer_is_found_at_its_step(authority: Authority) -> None:
    request = timestamp_request(CONTENT)
    nonce = asked(request).nonce
    good = authority.answer(DIGEST, nonce)
    bent = bytearray(good)
    bent[-1] ^= 1
    long = authority.answer(bytes(64), nonce, "2.16.840.1.101.3.4.2.3")
    cases: list[tuple[int, type[Exception], bytes, bytes, bytes, bytes | None]] = [
        (1, MalformedError, b"nothing", CONTENT, authority.roots_pem, None),
        (1, MalformedError, bytes(300_000), CONTENT, authority.roots_pem, None),
        (1, MalformedError, refusal(), CONTENT, authority.roots_pem, None),
        (1, MalformedError, good, CONTENT, b"no certificate", None),
        (2, TamperedError, good, CONTENT + b" ", authority.roots_pem, None),
        (2, TamperedError, long, CONTENT, authority.roots_pem, None),
        (3, TamperedError, bytes(bent), CONTENT, authority.roots_pem, None),
        (3, TamperedError, good, CONTENT, Authority().roots_pem, None),
        (4, TamperedError, authority.answer(DIGEST, 1), CONTENT, authority.roots_pem, request),
        (4, MalformedError, good, CONTENT, authority.roots_pem, b"no request"),
    ]  # fmt: skip
    for step, kind, answer, content, roots, sent in cases:
        with pytest.raises(kind) as found:
            check_timestamp(answer, content, roots, sent)
        assert found.value.step == step, str(found.value)  # type: ignore[attr-defined]


def test_a_certificate_for_something_else_makes_no_timestamps() -> None:
    other = Authority(for_timestamps=False)
    with pytest.raises(TamperedError, match="no chain"):
        check_timestamp(other.answer(DIGEST, None), CONTENT, other.roots_pem)


def test_without_the_library_the_part_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "rfc3161_client", None)
    with pytest.raises(MissingPartError, match="rfc3161-client"):
        timestamp_request(CONTENT)


def test_from_files(authority: Authority, tmp_path: Path) -> None:
    paths = {name: tmp_path / name for name in ("c.json", "c.tsq", "c.tsr", "roots.pem")}
    paths["c.json"].write_bytes(CONTENT)
    paths["c.tsq"].write_bytes(timestamp_ask(paths["c.json"]))
    paths["c.tsr"].write_bytes(authority.answer(DIGEST, asked(paths["c.tsq"].read_bytes()).nonce))
    paths["roots.pem"].write_bytes(authority.roots_pem)
    found = timestamp_check(paths["c.json"], paths["c.tsr"], paths["roots.pem"], paths["c.tsq"])
    assert found["time"] == "2011-02-05T12:00:00+00:00"
