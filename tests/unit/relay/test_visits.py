"""Visits that are cut off go on where they were; a relay that lies is refused, and nothing of it is kept."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from detente import api
from detente.escrow.errors import MalformedError, TamperedError
from detente.escrow.notes import COSIGNED
from detente.ledger import exchange
from detente.ledger.exchange import pin
from detente.ledger.relay import visit
from detente.ledger.store import Ledger
from detente.records.errors import InputError
from tests.unit.ledger.told import document, ledger_in, opening, tell
from tests.unit.relay.members import ALPHA, BETA, EVE, NOW, RELAY, WITNESS, relay_in
from tests.unit.relay.running import key_file, serving


@dataclass
class Both:
    """A relay that runs, and a ledger on each side; alpha has signed three files."""

    url: str
    folder: Path
    alpha: Ledger
    beta: Ledger

    def push(self, **more: Any) -> list[int]:
        key = key_file(self.folder, ALPHA)
        done = api.relay_push(self.alpha.where, api.relay_address(self.url), RELAY.vkey, key, **more)
        return [file["sequence"] for file in done]

    def pull(self) -> list[int]:
        key = key_file(self.folder, BETA)
        done = api.relay_pull(self.beta.where, api.relay_address(self.url), RELAY.vkey, key)
        return [file["sequence"] for file in done]


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One relay for all tests here, which use parties of their own."""
    folder = tmp_path_factory.mktemp("relay")
    relay_in(folder / "relay").close()
    key = key_file(folder, RELAY)
    with serving("relay", "serve", str(folder / "relay"), "--signing-key", key, "--without-tls") as server:
        yield server.url


@pytest.fixture(scope="module")
def both(url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    folder = tmp_path_factory.mktemp("parties")
    ledgers = [ledger_in(folder, own) for own in ("alpha", "beta")]
    for ledger in ledgers:
        pin(ledger, "alpha", ALPHA.vkey, NOW)
        pin(ledger, "beta", BETA.vkey, NOW)
    alpha = ledgers[0]
    tell(alpha, opening())
    for n in (1, 2, 3):
        exchange.send(alpha, ALPHA, folder / "stick", NOW)
        tell(alpha, document(f"a-{n}", "change", "2011-03-25", f"produced 2011-03-24 missile N{n} T Plant"))
    yield Both(url, folder, *ledgers)
    for ledger in ledgers:
        ledger.close()


class CutOffError(Exception):
    """The line breaks."""


def test_visits_that_are_cut_off_go_on_where_they_were(both: Both, monkeypatch: pytest.MonkeyPatch) -> None:
    handed, taken = visit.Relay.hand_in, exchange.receive
    done: list[str] = []

    def broken_push(self: visit.Relay, note: bytes, content: bytes) -> int:
        if done:
            raise CutOffError
        done.append("one")
        return handed(self, note, content)

    def broken_pull(ledger: Ledger, path: Path, now: int) -> exchange.Received:
        if len(done) > 1:
            raise CutOffError
        done.append("two")
        return taken(ledger, path, now)

    with monkeypatch.context() as cut:
        cut.setattr(visit.Relay, "hand_in", broken_push)
        with pytest.raises(CutOffError):
            both.push()
    assert both.push() == [2, 3, 4], "the first is there, and what was not yet signed is"
    assert both.push() == []
    with monkeypatch.context() as cut:
        cut.setattr("detente.ledger.exchange.receive", broken_pull)
        with pytest.raises(CutOffError):
            both.pull()
    lies(both, monkeypatch)
    assert both.pull() == [2, 3, 4]
    assert both.pull() == []
    files = sorted((both.folder / "stick").glob("*.jsonl"))
    with both.beta.reading() as connection:
        kept = connection.exec_driver_sql("SELECT content FROM envelope ORDER BY sequence").scalars().all()
    assert [bytes(content) for content in kept[: len(files)]] == [file.read_bytes() for file in files]


def lies(both: Both, monkeypatch: pytest.MonkeyPatch) -> None:
    """What waits for beta is told wrongly, in every way that a relay could."""
    before = exchange.status(both.beta)
    asked, fetched, called = visit.Relay.asked, visit.Line.fetch, visit.Line.call

    def told(**change: Any) -> Any:
        def answer(self: visit.Relay, method: str, target: str, body: bytes | None = None) -> Any:
            said = asked(self, method, target, body)
            if target.startswith("/v1/inbox"):
                said["files"] = [row | change for row in said["files"]]
            return said

        return answer

    def changed(self: visit.Line, target: str, headers: dict[str, str], path: Path) -> None:
        fetched(self, target, headers, path)
        path.write_bytes(path.read_bytes().replace(b"missile", b"missiIe"))

    def nonsense(self: visit.Line, method: str, target: str, *more: Any) -> httpx.Response:
        answer = called(self, method, target, *more)
        return httpx.Response(200, content=b"[1]") if "inbox" in target else answer

    false: list[dict[str, Any]] = [{"index": 3}, {"index": 10_000}, {"accepted": 1}]
    for change in false:
        with monkeypatch.context() as lie:
            lie.setattr(visit.Relay, "asked", told(**change))
            with pytest.raises(TamperedError) as refused:
                both.pull()
            assert refused.value.step == 10
    nonsensical: list[dict[str, Any]] = [{"index": None}, {"note": 7}, {"sequence": "x"}]
    for change in nonsensical:
        with monkeypatch.context() as lie:
            lie.setattr(visit.Relay, "asked", told(**change))
            with pytest.raises((MalformedError, TamperedError)):
                both.pull()
    with monkeypatch.context() as lie:
        lie.setattr(visit.Line, "fetch", changed)
        with pytest.raises(TamperedError) as altered:
            both.pull()
        assert altered.value.step == 6
    with monkeypatch.context() as lie:
        lie.setattr(visit.Line, "call", nonsense)
        with pytest.raises(MalformedError, match="not the answer of a relay"):
            both.pull()
    assert exchange.status(both.beta) == before, "nothing of it was kept"


def test_another_key_than_the_relays_is_refused(both: Both) -> None:
    key = key_file(both.folder, ALPHA)
    with pytest.raises(TamperedError):
        api.relay_push(both.alpha.where, api.relay_address(both.url), EVE.vkey, key)


def test_a_member_of_another_relay_gets_nothing(both: Both) -> None:
    with pytest.raises(visit.RelayError, match=r"401|403"):
        api.relay_status(
            both.alpha.where, api.relay_address(both.url), RELAY.vkey, key_file(both.folder, EVE)
        )


def test_a_witness_that_has_not_signed_is_said_to_have_signed_nothing(both: Both) -> None:
    witness = WITNESS.verifier(COSIGNED).vkey
    key = key_file(both.folder, ALPHA)
    found = api.relay_status(
        both.alpha.where, api.relay_address(both.url), RELAY.vkey, key, witnesses=[witness]
    )
    assert [row["size"] for row in found["witnessed"]] == [0]


@pytest.mark.parametrize(
    ("address", "rule"),
    [
        ("relay.example", "no address of a relay"),
        ("ftp://relay.example", "no address of a relay"),
        ("http://192.0.2.1:80", "on this machine alone"),
    ],
)  # fmt: skip
def test_an_address_that_cannot_be_visited(address: str, rule: str) -> None:
    with pytest.raises(InputError, match=rule):
        visit.Line(visit.Address(address))


def test_a_relay_that_is_not_there_or_a_certificate_that_is_none(tmp_path: Path) -> None:
    line = visit.Line(visit.Address("http://127.0.0.1:9"))
    with pytest.raises(visit.RelayError, match="cannot be reached"):
        line.call("GET", "/v1/hello")
    line.close()
    none = tmp_path / "none.pem"
    none.write_text(json.dumps({}), encoding="utf-8")
    with pytest.raises(InputError, match="cannot be read"):
        visit.Line(visit.Address("https://127.0.0.1:9", none, none))


def test_the_witness_says_what_it_cannot_read(tmp_path: Path) -> None:
    rows = api.witness_round(
        tmp_path / "state", key_file(tmp_path, WITNESS), [RELAY.vkey],
        [tmp_path / "nowhere", api.relay_address("http://127.0.0.1:9")],
    )  # fmt: skip
    assert [row["state"] for row in rows] == ["unread", "unread"]
