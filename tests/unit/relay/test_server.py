"""The relay and the witness as servers, in process: who may read what, how much, how often; any request."""

import asyncio
import time
import tracemalloc
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import positive_data_acceptance

from detente import api
from detente.escrow.checkpoint import cosign
from detente.escrow.keys import SigningKey
from detente.escrow.log import Log
from detente.escrow.notes import COSIGNED, Note, parse_note, parse_signature
from detente.escrow.request import sign_request
from detente.escrow.witness import Request
from detente.ledger.relay.desk import Relay
from detente.ledger.relay.entries import Limits
from detente.web.guard import HEADERS, Rates, RefusedError
from detente.web.relay import relay_app
from detente.web.witness import witness_app
from tests.unit.relay.members import ALPHA, BETA, EVE, NOW, RELAY, WITNESS, Sender, relay_in

HOSTS = ["relay.test"]
MANY = 100_000


class Caller:
    """Calls an application as over a network, and signs as a party would."""

    def __init__(self, app: Any) -> None:
        self.app = app

    def call(self, method: str, target: str, **more: Any) -> httpx.Response:
        async def one() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=True)
            async with httpx.AsyncClient(transport=transport, base_url="http://relay.test") as client:
                return await client.request(method, target, **more)

        return asyncio.run(one())

    def signed(self, key: SigningKey, target: str, *, now: int | None = None) -> dict[str, str]:
        session = self.call("GET", "/v1/hello").json()["session"]
        header = sign_request(key, RELAY.name, session, "GET", target, now or int(time.time()))
        return {"authorization": f"Detente {header}"}

    def asked(self, key: SigningKey, target: str) -> httpx.Response:
        return self.call("GET", target, headers=self.signed(key, target))

    def hand_in(self, note: bytes, content: Any) -> httpx.Response:
        headers = {"detente-note": quote(note.decode(), safe="")}
        return self.call("POST", "/v1/envelopes", headers=headers, content=content)


@pytest.fixture
def relay(tmp_path: Path) -> Iterator[Relay]:
    made = relay_in(tmp_path / "relay", limits=Limits(largest=5_000_000))
    yield made
    made.close()


@pytest.fixture
def caller(relay: Relay) -> Caller:
    return Caller(relay_app(relay, RELAY, HOSTS, Rates(MANY, MANY), "test"))


# ---------------------------------------------------------------- who may read what


def test_each_party_reads_what_is_addressed_to_it_and_nothing_else(caller: Caller) -> None:
    note = Sender().next(b"for beta\n")
    answer = caller.hand_in(note, b"for beta\n")
    assert (answer.status_code, answer.json()) == (201, {"index": 3})
    listed, fetched = "/v1/inbox?sender=alpha.example&after=0", "/v1/content?sender=alpha.example&sequence=1"
    files = caller.asked(BETA, listed).json()["files"]
    assert [(row["sequence"], row["note"].encode()) for row in files] == [(1, note)]
    got = caller.asked(BETA, fetched)
    assert (got.status_code, got.content) == (200, b"for beta\n")
    for stranger in (ALPHA, WITNESS):
        assert caller.asked(stranger, listed).json()["files"] == []
        assert caller.asked(stranger, fetched).status_code == 404
    for target in (listed, fetched, "/v1/standing"):
        assert caller.asked(EVE, target).status_code == 401
        assert caller.call("GET", target).status_code == 401
    standing = caller.asked(ALPHA, "/v1/standing").json()
    assert standing["sent"] == [{"member": "beta.example", "sequence": 1, "index": 3}]
    assert caller.asked(BETA, "/v1/standing").json()["inbox"][0]["sequence"] == 1


def test_the_log_that_everybody_may_read_names_nobody_who_writes(caller: Caller) -> None:
    caller.hand_in(Sender().next(b"for beta\n"), b"for beta\n")
    assert parse_note(caller.call("GET", "/v1/log/checkpoint").content).text.startswith("relay.example\n4\n")
    bundle = caller.call("GET", "/v1/log/tile/entries/000.p/4").content
    last = bundle[bundle.rindex(b"{") :]
    assert b"example" not in last
    for path in ("../relay.sqlite", "%2e%2e/relay.sqlite", ".lock", "tile", "tile/0", "tile/9/999", ""):
        assert caller.call("GET", f"/v1/log/{path}").status_code == 404


def test_a_signed_request_is_good_once_here_and_now(caller: Caller) -> None:
    target = "/v1/inbox?sender=alpha.example&after=0"
    headers = caller.signed(BETA, target)
    assert caller.call("GET", target, headers=headers).status_code == 200
    again = caller.call("GET", target, headers=headers)
    assert again.status_code == 401
    assert (again.json()["step"], again.headers["www-authenticate"]) == (6, "Detente")
    late = caller.signed(BETA, target, now=int(time.time()) - 1_000)
    assert caller.call("GET", target, headers=late).json()["step"] == 5
    elsewhere = caller.signed(BETA, "/v1/standing")
    assert caller.call("GET", target, headers=elsewhere).json()["step"] == 4
    assert caller.call("GET", target, headers={"authorization": "Bearer x"}).status_code == 401


def test_what_a_file_is_refused_for_is_said_by_its_step(caller: Caller) -> None:
    alpha = Sender()
    first = alpha.next(b"first")
    assert caller.hand_in(first, b"first").status_code == 201
    replayed = caller.hand_in(first, b"first")
    assert (replayed.status_code, replayed.json()["index"], replayed.json()["step"]) == (409, 3, 5)
    assert caller.hand_in(Sender().next(b"fork"), b"fork").status_code == 409
    assert caller.hand_in(Sender(EVE).next(b"first"), b"first").status_code == 403
    assert caller.hand_in(b"no note", b"").status_code == 422
    second = alpha.next(b"second")
    changed = caller.hand_in(second, b"sec0nd")
    assert (changed.status_code, changed.json()["step"]) == (403, 6)
    assert caller.hand_in(second, b"second").json() == {"index": 4}


def test_cosignatures_come_from_members_and_for_the_present(caller: Caller, relay: Relay) -> None:
    note = Note(relay.log.note.text)
    answer = caller.call("POST", "/v1/cosignatures", content=bytes(cosign(note, WITNESS, NOW)))
    assert answer.json() == {"cosigned_by": ["witness.example"]}
    assert caller.call("POST", "/v1/cosignatures", content=bytes(cosign(note, EVE, NOW))).status_code == 403
    assert caller.call("POST", "/v1/cosignatures", content=b"x").status_code == 422
    caller.hand_in(Sender().next(b"first"), b"first")
    late = caller.call("POST", "/v1/cosignatures", content=bytes(cosign(note, BETA, NOW)))
    assert late.status_code == 409
    kept = caller.asked(ALPHA, "/v1/cosigned?name=witness.example").json()["note"]
    assert "witness.example" in kept
    assert caller.asked(ALPHA, "/v1/cosigned?name=beta.example").status_code == 404


# ---------------------------------------------------------------- how much, how often


class Body:
    """A body that counts how much of it was read."""

    def __init__(self, pieces: int, size: int = 65_536) -> None:
        self.pieces, self.size, self.read = pieces, size, 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for _ in range(self.pieces):
            self.read += self.size
            yield bytes(self.size)


def test_a_body_is_read_only_as_far_as_its_signed_length(relay: Relay) -> None:
    app = relay_app(relay, RELAY, HOSTS, Rates(MANY, MANY), "test")
    read = 0

    async def receive() -> dict[str, Any]:
        nonlocal read
        read += 65_536
        return {"type": "http.request", "body": bytes(65_536), "more_body": True}

    def sent_to(note: bytes) -> int:
        status: list[int] = []

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                status.append(message["status"])

        headers = [(b"host", b"relay.test"), (b"detente-note", quote(note.decode(), safe="").encode())]
        scope = {
            "type": "http", "method": "POST", "path": "/v1/envelopes", "raw_path": b"/v1/envelopes",
            "query_string": b"", "headers": headers, "client": ("127.0.0.1", 1), "server": ("relay.test", 80),
            "scheme": "http", "http_version": "1.1", "root_path": "",
        }  # fmt: skip
        asyncio.run(app(scope, receive, send))
        return status[0]

    assert sent_to(Sender().next(bytes(100_000))) == 413, "it claimed 100,000 and went on and on"
    assert read <= 3 * 65_536
    read = 0
    assert sent_to(Sender(EVE).next(bytes(100_000))) == 403
    assert sent_to(Sender().next(bytes(5_000_001))) == 413
    assert read == 0, "of a stranger, and of what is too large, not a byte is read"
    assert relay.log.size == 3


def test_memory_stays_the_same_however_large_a_file(caller: Caller) -> None:
    whole = bytes(4_500_000)
    alpha = Sender()
    caller.hand_in(alpha.next(b"what is loaded once is not counted"), b"what is loaded once is not counted")
    note = alpha.next(whole)
    body = Body(45, 100_000)
    tracemalloc.start()
    try:
        assert caller.hand_in(note, body).status_code == 201
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 3_500_000, f"{peak} bytes for a file of 4,500,000"
    got = caller.asked(BETA, "/v1/content?sender=alpha.example&sequence=2")
    assert got.content == whole


def test_a_body_that_does_not_come_is_given_up(relay: Relay, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("detente.web.guard.BODY_S", 0.05)
    caller = Caller(relay_app(relay, RELAY, HOSTS, Rates(MANY, MANY), "test"))

    async def never() -> AsyncIterator[bytes]:
        yield b"f"
        await asyncio.sleep(30)

    app = caller.app

    async def one() -> int:
        sent: list[int] = []
        pieces = never()

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": await anext(pieces), "more_body": True}

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                sent.append(message["status"])

        note = quote(Sender().next(b"first").decode(), safe="").encode()
        scope = {
            "type": "http", "method": "POST", "path": "/v1/envelopes", "raw_path": b"/v1/envelopes",
            "query_string": b"", "headers": [(b"host", b"relay.test"), (b"detente-note", note)],
            "client": ("127.0.0.1", 1), "server": ("relay.test", 80), "scheme": "http",
            "http_version": "1.1", "root_path": "",
        }  # fmt: skip
        await app(scope, receive, send)
        return sent[0]

    assert asyncio.run(one()) == 408


def test_too_many_requests_wait_and_others_do_not(relay: Relay) -> None:
    caller = Caller(relay_app(relay, RELAY, HOSTS, Rates(60, 5), "test"))
    answers = [caller.call("GET", "/v1/hello") for _ in range(8)]
    assert [answer.status_code for answer in answers[:5]] == [200] * 5
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["retry-after"]) >= 1


def test_rates_recover_and_are_kept_in_bounded_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    rates = Rates(60, 2, clock=lambda: now[0])
    rates.take("a")
    rates.take("a")
    with pytest.raises(RefusedError) as refused:
        rates.take("a")
    assert (refused.value.status, refused.value.wait_s) == (429, 2)
    rates.take("b")
    now[0] = 1.0
    rates.take("a")
    monkeypatch.setattr("detente.web.guard.MOST_CALLERS", 10)
    for n in range(100):
        rates.take(f"caller {n}")
    assert len(rates._buckets) <= 10


def test_strict_headers_and_hosts_and_no_pages(caller: Caller) -> None:
    for target in ("/v1/hello", "/nowhere", "/v1/standing", "/openapi.json"):
        answer = caller.call("GET", target)
        for name, value in HEADERS:
            assert answer.headers[name.decode()] == value.decode()
    assert caller.call("GET", "/v1/hello", headers={"host": "evil.example"}).status_code == 400
    for page in ("/docs", "/redoc"):
        assert caller.call("GET", page).status_code == 404
    assert caller.call("DELETE", "/v1/envelopes").status_code == 405


# ---------------------------------------------------------------- the witness


@pytest.fixture
def witness(tmp_path: Path) -> Caller:
    folder = tmp_path / "witness"

    def add(body: bytes) -> bytes:
        return api.witness_request(folder, WITNESS, [RELAY.vkey], body)

    return Caller(witness_app(WITNESS.name, add, HOSTS, Rates(MANY, MANY), "test"))


def test_a_witness_answers_as_tlog_witness_says(witness: Caller, tmp_path: Path) -> None:
    log = Log.create(tmp_path / "log", RELAY.name, RELAY)
    log.append([b"one", b"two"], RELAY)
    answer = witness.call("POST", "/add-checkpoint", content=bytes(Request(0, (), log.note)))
    assert answer.status_code == 200
    signature = parse_signature(answer.text.removesuffix("\n"))
    WITNESS.verifier(COSIGNED).check(log.note.text, signature)
    stale = witness.call("POST", "/add-checkpoint", content=bytes(Request(0, (), log.note)))
    assert (stale.status_code, stale.text, stale.headers["content-type"]) == (409, "2\n", "text/x.tlog.size")
    log.append([b"three"], RELAY)
    false = Request(2, (bytes(32),), log.note)
    assert witness.call("POST", "/add-checkpoint", content=bytes(false)).status_code == 422
    good = Request(2, log.consistency(2), log.note)
    assert witness.call("POST", "/add-checkpoint", content=bytes(good)).status_code == 200
    unknown = Log.create(tmp_path / "unknown", EVE.name, EVE).note
    assert witness.call("POST", "/add-checkpoint", content=bytes(Request(0, (), unknown))).status_code == 404
    forged = Note(log.note.text, (EVE.sign(log.note.text),))
    assert witness.call("POST", "/add-checkpoint", content=bytes(Request(3, (), forged))).status_code == 403
    assert witness.call("POST", "/add-checkpoint", content=b"nonsense").status_code == 400
    assert witness.call("POST", "/add-checkpoint", content=bytes(70_000)).status_code == 413
    other = Log.create(tmp_path / "other", RELAY.name, RELAY)
    other.append([b"un", b"deux", b"trois"], RELAY)
    assert (
        witness.call("POST", "/add-checkpoint", content=bytes(Request(3, (), other.note))).status_code == 422
    )
    ended = witness.call("POST", "/add-checkpoint", content=bytes(good))
    assert ended.status_code == 403, "a log that showed two histories is not cosigned any more"


# ---------------------------------------------------------------- any request at all


def ask_anything(app: Any, headers: dict[str, str]) -> int:
    """Ask everything that the schema allows, and much that it does not; how many requests that were."""
    schema = schemathesis.openapi.from_asgi("/openapi.json", app, headers={"host": "relay.test"})
    asked = 0
    for result in schema.get_all_operations():
        assert isinstance(result, Ok)
        strategy = result.ok().as_strategy()

        @settings(max_examples=20, deadline=None, derandomize=True, database=None,
                  suppress_health_check=list(HealthCheck))  # fmt: skip
        @given(case=strategy)
        def one(case: schemathesis.Case[Any]) -> None:
            nonlocal asked
            asked += 1
            # a schema cannot say what a signature must be: what fits it may still be refused
            case.call_and_validate(headers=headers, excluded_checks=[positive_data_acceptance])

        one()
    return asked


def test_any_request_to_the_relay_is_answered_as_the_schema_says(relay: Relay) -> None:
    app = relay_app(relay, RELAY, HOSTS, Rates(MANY, MANY), "test")
    assert ask_anything(app, {"host": "relay.test"}) > 80
    assert relay.log.size == 3


def test_any_request_to_the_witness_is_answered_as_the_schema_says(witness: Caller) -> None:
    assert ask_anything(witness.app, {"host": "relay.test"}) > 10
