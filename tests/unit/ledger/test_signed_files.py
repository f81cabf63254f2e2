"""The exchange by signed files: two copies of a ledger, a memory stick, and everything that must be refused."""

# ruff: noqa: E501 - a table of cases reads best with one case a line

import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select

from detente.escrow.canonical import canonical
from detente.escrow.envelope import Awaited, after, parse_envelope, seal_envelope
from detente.escrow.errors import EscrowError, MalformedError, TamperedError
from detente.escrow.keys import SigningKey
from detente.escrow.notes import parse_note
from detente.ledger.chain import check_ledger
from detente.ledger.exchange import Sent, pin, receive, send, status, write_again
from detente.ledger.models import Document
from detente.ledger.reconcile import reconcile
from detente.ledger.store import FILE_NAME, Ledger
from detente.ledger.views import compare
from detente.records.errors import InputError
from detente.records.notification import Fact, start_of
from tests.unit.ledger.told import document, ledger_in, opening, tell

NOW = start_of("2011-04-01")
ALPHA, BETA = SigningKey("alpha.example", b"a" * 32), SigningKey("beta.example", b"b" * 32)
EVE = SigningKey("eve.example", b"e" * 32)


@dataclass
class Pair:
    """Both copies, each with both keys pinned, and the folder of the memory stick."""

    alpha: Ledger
    beta: Ledger
    stick: Path

    def send(self, *facts: str, number: int = 1, now: int = NOW) -> Sent:
        """Alpha notifies something and signs it."""
        if facts:
            tell(self.alpha, document(f"a-{number}", "change", f"2011-03-{21 + number}", *facts))
        sent = send(self.alpha, ALPHA, self.stick, now)
        assert sent is not None
        return sent

    def content(self) -> list[str]:
        """The references that beta holds."""
        with self.beta.reading() as connection:
            return list(connection.execute(select(Document.reference).order_by(Document.id)).scalars())


@pytest.fixture
def pair(tmp_path: Path) -> Pair:
    made = Pair(ledger_in(tmp_path, "alpha"), ledger_in(tmp_path, "beta"), tmp_path / "stick")
    for ledger in (made.alpha, made.beta):
        pin(ledger, "alpha", ALPHA.vkey, NOW)
        pin(ledger, "beta", BETA.vkey, NOW)
    tell(made.alpha, opening())
    return made


def produced(item: str) -> str:
    return f"produced 2011-03-20 missile {item} T Plant"


def signed(
    pair: Pair, key: SigningKey, head: dict[str, object] | None = None, lines: list[object] | None = None,
    to: str = "beta.example", awaited: Awaited | None = None,
) -> Path:  # fmt: skip
    """A signed file of any content, as someone with a key could make it."""
    start = {
        "schema": "detente/exchange/1",
        "ledger": "test",
        "giver": "alpha",
        "sent": "2011-04-01",
        "seen": None,
    }
    fact = list(Fact("produced", "alpha", NOW, "missile", "M9", "T", "Plant"))
    told = (
        [{"reference": "x-1", "format": "change", "received": NOW, "facts": [fact]}]
        if lines is None
        else lines
    )
    content = b"\n".join([canonical(start | (head or {})), *(canonical(line) for line in told)]) + b"\n"
    note = seal_envelope(content, key, to, awaited or Awaited())
    pair.stick.mkdir(exist_ok=True)
    path = pair.stick / "forged.jsonl"
    path.write_bytes(content)
    path.with_name("forged.jsonl.note").write_bytes(bytes(note))
    return path


def test_both_copies_come_to_hold_the_same(pair: Pair) -> None:
    first = pair.send(produced("M8"))
    assert receive(pair.beta, first.files[0], NOW).added.documents == 2
    tell(pair.beta, opening("beta"), document("b-1", "statement", "2011-03-25", "disputed 2011-03-25", giver="beta",
                                              owner="alpha", about="alpha-initial:1"))  # fmt: skip
    back = send(pair.beta, BETA, pair.stick, NOW)
    assert back is not None
    assert receive(pair.alpha, back.files[1], NOW).sender == "beta"
    second = pair.send(produced("M7"), number=2)
    assert receive(pair.beta, second.files[0], NOW + 60).sequence == 2
    # the same documents in both; each copy has its own time of receipt of what came from the other side
    rows = compare(pair.alpha, pair.beta)
    assert {row["differs"].partition(" ")[0] for row in rows} == {"received"}
    assert check_ledger(pair.alpha).problems == ()
    assert check_ledger(pair.beta).problems == ()
    assert check_ledger(pair.beta).envelopes == 3
    seen = status(pair.alpha)["seen_by_other"]
    assert seen == {"sequence": 1, "digest": first.digest}
    assert send(pair.alpha, ALPHA, pair.stick, NOW) is None
    assert reconcile(pair.alpha).facts == reconcile(pair.beta).facts


def test_what_came_late_is_late_whatever_its_giver_states(pair: Pair) -> None:
    tell(pair.alpha, document("a-1", "change", "2011-03-22", produced("M8")))
    assert [finding.kind for finding in reconcile(pair.alpha).discrepancies] == []
    sent = pair.send(now=NOW)
    receive(pair.beta, sent.files[0], NOW)
    late = [
        finding.says for finding in reconcile(pair.beta).discrepancies if finding.kind == "late-notification"
    ]
    assert any("12 days, allowed 5" in says for says in late)


def refused(pair: Pair, path: Path, step: int, words: str, kind: type[EscrowError] = TamperedError) -> None:
    """The file is refused at a step, and nothing of it is kept."""
    before = pair.content()
    with pytest.raises(kind, match=words) as fault:
        receive(pair.beta, path, NOW)
    assert fault.value.step == step, fault.value
    assert pair.content() == before
    assert check_ledger(pair.beta).problems == ()


def test_a_replay_is_refused(pair: Pair) -> None:
    sent = pair.send(produced("M8"))
    receive(pair.beta, sent.files[0], NOW)
    refused(pair, sent.files[0], 5, "replay: number 1")


def test_a_gap_is_refused_and_can_be_filled(pair: Pair) -> None:
    pair.send(produced("M8"))
    second = pair.send(produced("M7"), number=2)
    refused(pair, second.files[0], 5, "gap: number 2 comes and number 1 is awaited")
    again = write_again(pair.alpha, pair.stick / "again", 1)
    receive(pair.beta, again[0], NOW)
    receive(pair.beta, second.files[0], NOW)
    with pytest.raises(InputError, match="no signed file 7"):
        write_again(pair.alpha, pair.stick, 7)


def test_a_fork_is_refused_and_kept_as_evidence(pair: Pair) -> None:
    sent = pair.send(produced("M8"))
    receive(pair.beta, sent.files[0], NOW)
    other = signed(pair, ALPHA)  # a second number 1, by the same key
    refused(pair, other, 5, "fork: number 1")
    envelope = parse_envelope(parse_note(other.with_name("forged.jsonl.note").read_bytes()).text)
    refused(pair, signed(pair, ALPHA, awaited=after(envelope)), 5, "fork: number 2 follows another envelope")


@pytest.mark.parametrize(
    ("forge", "step", "words"),
    [
        (lambda pair: signed(pair, EVE), 2, "no trusted key"),
        (lambda pair: signed(pair, BETA, {"giver": "beta"}), 2, "our own key"),
        (lambda pair: signed(pair, SigningKey("alpha.example", b"x" * 32)), 2, "no trusted key"),
        (lambda pair: signed(pair, ALPHA, to="eve.example"), 4, "not for"),
        (lambda pair: signed(pair, ALPHA, {"giver": "beta"}), 7, "speaks for another"),
        (lambda pair: signed(pair, ALPHA, {"ledger": "other"}), 7, "another ledger"),
        (lambda pair: signed(pair, ALPHA, {"seen": {"sequence": 1, "digest": "00" * 32}}), 8, "seen another number"),
    ],
    ids=["a stranger's key", "our own key", "a key of the same name", "for another", "for another party",
         "of another ledger", "of a past that was not"],
)  # fmt: skip
def test_a_false_file_is_tampering(pair: Pair, forge: Callable[[Pair], Path], step: int, words: str) -> None:
    refused(pair, forge(pair), step, words)


FACT = list(Fact("produced", "alpha", NOW, "missile", "M9", "T", "Plant"))


@pytest.mark.parametrize(
    ("lines", "step", "words"),
    [
        ([], 7, "no document"),
        ([{"reference": "x"}], 7, "exactly the keys"),
        ([{"reference": "x", "format": "change", "received": NOW, "facts": []}], 7, "lacks"),
        ([{"reference": "x", "format": "change", "received": -1, "facts": [FACT]}], 7, "no time of receipt"),
        ([{"reference": "x", "format": "change", "received": True, "facts": [FACT]}], 7, "no time of receipt"),
        ([{"reference": "x", "format": "gossip", "received": NOW, "facts": [FACT]}], 7, "no format"),
        ([{"reference": "x", "format": "change", "received": NOW, "facts": [FACT[:-1]]}], 7, "a fact is not"),
        ([{"reference": "x", "format": "change", "received": NOW, "facts": [[*FACT[:4], 7, *FACT[5:]]]}], 7, "a fact is not"),
        ([{"reference": "x", "format": "change", "received": NOW, "facts": [["departed", *FACT[1:]]]}], 7, "needs to"),
        ([{"reference": "x", "format": "change", "received": NOW, "facts": [["produced", "beta", *FACT[2:]]]}], 7, "cannot declare"),
        ([{"reference": "x", "format": "correction", "received": NOW, "facts": [[*FACT[:11], "none:1", "", ""]]}], 9, "no datum"),
    ],
)  # fmt: skip
def test_a_malformed_file_is_refused_with_its_step(
    pair: Pair, lines: list[object], step: int, words: str
) -> None:
    refused(pair, signed(pair, ALPHA, lines=lines), step, words, MalformedError)


def test_a_changed_byte_is_tampering(pair: Pair) -> None:
    sent = pair.send(produced("M8"))
    whole = sent.files[0].read_bytes()
    sent.files[0].write_bytes(whole.replace(b"Plant", b"Depot"))
    refused(pair, sent.files[0], 6, "not the one that was signed")
    sent.files[0].write_bytes(whole[:-20])
    refused(pair, sent.files[0], 6, "not the one that was signed")
    sent.files[0].write_bytes(whole)
    note = sent.files[1].read_bytes()
    sent.files[1].write_bytes(note.replace(b"to beta.example", b"to eve.example"))
    refused(pair, sent.files[0], 2, "does not fit")
    sent.files[1].write_bytes(note[: len(note) // 2])
    refused(pair, sent.files[0], 1, "no signatures|signature", MalformedError)


def test_documents_that_are_there_by_another_way_are_refused(pair: Pair) -> None:
    tell(pair.beta, opening())
    refused(pair, pair.send(produced("M8")).files[0], 9, "in this ledger already")


def test_a_set_back_ledger_is_noticed_by_the_other_side(pair: Pair, tmp_path: Path) -> None:
    receive(pair.beta, pair.send(produced("M8")).files[0], NOW)
    tell(pair.beta, opening("beta"))
    back = send(pair.beta, BETA, pair.stick, NOW)
    assert back is not None
    fresh = ledger_in(tmp_path / "set-back", "alpha")  # alpha lost its ledger, and begins another
    pin(fresh, "alpha", ALPHA.vkey, NOW)
    pin(fresh, "beta", BETA.vkey, NOW)
    with pytest.raises(TamperedError, match=r"step 8.*another number 1 of ours"):
        receive(fresh, back.files[0], NOW)


def test_a_rewritten_received_document_is_caught_by_the_signature(pair: Pair) -> None:
    receive(pair.beta, pair.send(produced("M8")).files[0], NOW)
    pair.beta.close()
    with sqlite3.connect(Path(pair.beta.where) / FILE_NAME) as raw:
        for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            raw.execute(f"DROP TRIGGER {name}")
        raw.execute("UPDATE document SET content = ? WHERE reference = 'a-1'", ("0" * 64,))
    raw.close()
    rules = [problem.rule for problem in check_ledger(pair.beta).problems]
    assert any(rule.startswith("step 5") and "otherwise than it was signed" in rule for rule in rules)


def test_keys_must_be_pinned_and_apart(pair: Pair, tmp_path: Path) -> None:
    fresh = ledger_in(tmp_path / "fresh", "alpha")
    tell(fresh, opening())
    with pytest.raises(InputError, match="no key is pinned for alpha"):
        send(fresh, ALPHA, tmp_path, NOW)
    pin(fresh, "alpha", ALPHA.vkey, NOW)
    with pytest.raises(InputError, match="pinned for alpha already"):
        pin(fresh, "beta", ALPHA.vkey, NOW)
    with pytest.raises(InputError, match="no party"):
        pin(fresh, "gamma", EVE.vkey, NOW)
    pin(fresh, "beta", BETA.vkey, NOW)
    with pytest.raises(TamperedError, match="not the one pinned for alpha"):
        send(fresh, EVE, tmp_path, NOW)
    with pytest.raises(InputError, match="two files"):
        receive(fresh, tmp_path / "nothing.jsonl", NOW)


def test_the_signed_bytes_are_kept_before_they_leave(pair: Pair) -> None:
    sent = pair.send(produced("M8"))
    again = write_again(pair.alpha, pair.stick / "again", 1)
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in sent.files]
    assert json.loads(sent.files[0].read_bytes().split(b"\n")[0])["giver"] == "alpha"
