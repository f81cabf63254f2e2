"""Two relays, a witness and two parties as real processes on loopback, with certificates as the gate."""

import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from detente import api
from detente.escrow.errors import TamperedError
from detente.escrow.notes import COSIGNED
from detente.escrow.split_view import SplitViewError, check_split
from detente.ledger.chain import check_ledger
from detente.ledger.exchange import pin
from detente.ledger.models import EnvelopeRow
from detente.ledger.store import Ledger, open_ledger
from tests.unit.ledger.told import document, ledger_in, opening, tell
from tests.unit.relay.certificates import Authority, Pair
from tests.unit.relay.members import ALPHA, BETA, NOW, RELAY, WITNESS, relay_in
from tests.unit.relay.running import Server, detente, key_file, serving


@dataclass
class Town:
    """A folder with certificates, keys and both parties' ledgers."""

    folder: Path
    authority: Authority
    server: Pair
    visitors: dict[str, Pair]
    ledgers: dict[str, str]

    def relay(self, name: str) -> tuple[str, ...]:
        """The words that serve a relay of this name; both have one key."""
        folder = self.folder / name
        if not folder.exists():
            relay_in(folder).close()
        return (
            "relay", "serve", str(folder), "--signing-key", key_file(self.folder, RELAY),
            "--cert", str(self.server.certificate), "--key", str(self.server.key),
            "--client-ca", str(self.authority.certificate),
        )  # fmt: skip

    def gate(self, who: str) -> tuple[str, ...]:
        """The options by which somebody passes the gate."""
        pair = self.visitors[who]
        return (
            "--cert", str(pair.certificate), "--tls-key", str(pair.key),
            "--ca", str(self.authority.certificate),
        )  # fmt: skip

    def visit(self, verb: str, who: str, at: Server, *more: str, exits: int = 0) -> str:
        """A party's visit to a relay, as a process of its own."""
        key = ALPHA if who == "alpha" else BETA
        return detente(
            "relay", verb, self.ledgers[who], "--at", at.url, "--relay-key", RELAY.vkey,
            "--key", key_file(self.folder, key), *self.gate(who), *more, exits=exits,
        )  # fmt: skip

    def call(self, verb: str, who: str, at: Server, **more: Any) -> Any:
        """The same visit from Python."""
        pair, key = self.visitors[who], ALPHA if who == "alpha" else BETA
        address = api.relay_address(at.url, pair.certificate, pair.key, self.authority.certificate)
        visit = getattr(api, f"relay_{verb}")
        return visit(self.ledgers[who], address, RELAY.vkey, key_file(self.folder, key), **more)

    def witness(self, *servers: Server, exits: int = 0) -> str:
        """A round of the witness."""
        places = [word for server in servers for word in ("--log", server.url)]
        return detente(
            "witness", "run", str(self.folder / "witness"), "--signing-key", key_file(self.folder, WITNESS),
            "--trust", RELAY.vkey, "--once", *self.gate("witness"), *places, exits=exits,
        )  # fmt: skip

    def ledger(self, who: str) -> Ledger:
        return open_ledger(self.ledgers[who])


@pytest.fixture
def town(tmp_path: Path) -> Town:
    authority = Authority(tmp_path / "certificates")
    visitors = {who: authority.issue(who) for who in ("alpha", "beta", "witness")}
    ledgers = {}
    for own in ("alpha", "beta"):
        ledger = ledger_in(tmp_path, own)
        for party, key in (("alpha", ALPHA), ("beta", BETA)):
            pin(ledger, party, key.vkey, NOW)
        tell(ledger, opening(own))
        ledgers[own] = ledger.where
        ledger.close()
    return Town(tmp_path, authority, authority.issue("server", server=True), visitors, ledgers)


def signed_files(ledger: Ledger) -> set[tuple[bytes, bytes]]:
    with ledger.reading() as connection:
        return {
            (bytes(row.note), bytes(row.content))
            for row in connection.execute(select(EnvelopeRow.note, EnvelopeRow.content))
        }


def test_both_parties_exchange_over_a_relay_under_a_witness(town: Town) -> None:
    with serving(*town.relay("north")) as north:
        assert "number 1 is entry 3" in town.visit("push", "alpha", north)
        assert town.call("push", "beta", north) == [{"sequence": 1, "index": 4}]
        assert town.call("push", "alpha", north) == []
        assert "number 1 from alpha" in town.visit("pull", "beta", north)
        assert [got["documents"] for got in town.call("pull", "alpha", north)] == [1]
        assert town.call("pull", "alpha", north) == []
        alpha, beta = town.ledger("alpha"), town.ledger("beta")
        assert signed_files(alpha) == signed_files(beta), "byte for byte"
        tell(alpha, document("a-2", "change", "2011-03-25", "produced 2011-03-24 missile M9 T Plant"))
        town.call("push", "alpha", north)
        assert "6 entries cosigned" in town.witness(north)
        cosigner = WITNESS.verifier(COSIGNED).vkey
        said = town.call("status", "beta", north, witnesses=[cosigner])
        assert (said["to_sign"], said["to_push"], said["to_pull"]) == (0, 0, 1)
        assert [(row["name"], row["size"]) for row in said["witnessed"]] == [(WITNESS.name, 6)]
        refuse_strangers(town, north)
        held = town.folder / "held.note"
        held.write_text(said["checkpoint"], encoding="utf-8")
        assert north.stop() == 0, "SIGTERM ends it in good order"
    found = api.check_relay(town.folder / "north", [held])
    assert (found["ok"], found["envelopes"], found["compared"]) == (True, 3, 1)
    for ledger in (alpha, beta):
        assert check_ledger(ledger).problems == ()
        ledger.close()


def refuse_strangers(town: Town, at: Server) -> None:
    """The gate lets nobody through without a certificate of the authority, nor below TLS 1.3."""
    stranger = Authority(town.folder / "elsewhere").issue("alpha")
    for pair, newest in ((None, None), (stranger, None), (town.visitors["alpha"], ssl.TLSVersion.TLSv1_2)):
        context = ssl.create_default_context(cafile=town.authority.certificate)
        if pair is not None:
            context.load_cert_chain(pair.certificate, pair.key)
        if newest is not None:
            context.maximum_version = newest
        with pytest.raises(httpx.HTTPError), httpx.Client(verify=context, trust_env=False) as client:
            client.get(f"{at.url}/v1/hello")


def test_a_relay_that_shows_two_histories_is_proved_to_do_so(town: Town) -> None:
    with serving(*town.relay("north")) as north, serving(*town.relay("twin")) as twin:
        town.call("push", "alpha", north)
        town.call("push", "beta", twin)
        shown = town.folder / "shown-to-alpha.note"
        shown.write_text(town.call("status", "alpha", north)["checkpoint"], encoding="utf-8")
        # the parties find it, once one shows the other what it saw
        found = town.folder / "found-by-beta.json"
        more = ("--compare", str(shown), "--evidence", str(found))
        assert "two histories" in town.visit("status", "beta", twin, *more, exits=1)
        # the witness finds it in the first round that sees both, and cosigns neither from then on
        assert "split" in town.witness(north, twin, exits=1)
        kept = next((town.folder / "witness").glob("*.split-view.json"))
        # and a party that is moved from one to the other finds it alone
        alone = town.folder / "found-by-alpha.json"
        with pytest.raises(SplitViewError):
            town.call("pull", "alpha", twin, evidence=alone)
    for evidence in (found, kept, alone):
        check_split(evidence.read_bytes(), [RELAY.verifier()])
    assert "proved" in detente("witness", "check", str(found), "--trust", RELAY.vkey)
    with pytest.raises(TamperedError, match="no trusted key"):
        api.witness_check(found, [ALPHA.vkey])
