"""The optional relay of the exchange: make one, admit keys, check it, visit it; and the witness of logs."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from detente.escrow.disk import read_bounded, write_whole
from detente.escrow.errors import EscrowError
from detente.escrow.keys import Passphrase, SigningKey, load_key
from detente.escrow.notes import LARGEST_NOTE, Verifier, parse_note
from detente.escrow.request import Doorkeeper
from detente.escrow.split_view import LARGEST_EVIDENCE, SplitViewError, check_split
from detente.escrow.verify_log import checkpoint_row
from detente.ledger import store
from detente.ledger.relay import checking, desk, inbox, visit, watch
from detente.ledger.relay.entries import Limits, Role
from detente.records.errors import InputError, Problem

from .escrow import verifiers

Where = str | Path


# ---------------------------------------------------------------- the relay's operator


def new_relay(
    folder: Where, key: Where, *, database: str | None = None, passphrase: Passphrase = None
) -> dict[str, Any]:
    """Make a relay in a folder, its log signed by a key and named after it.

    `database`: an address such as postgresql://USER@HOST/NAME in place of an SQLite file in the folder.
    """
    signer = load_key(Path(key), passphrase)
    if database and "@" in database and ":" in database.split("//", 1)[-1].split("@")[0]:
        way = "leave it out, and use PGPASSWORD or a password file"
        raise InputError(Problem("the address holds a password, which would be kept in the folder", way))
    desk.create_relay(Path(folder), signer, database or "")
    return {"folder": str(folder), "origin": signer.name, "vkey": signer.vkey}


def relay_admit(
    folder: Where, vkey: str, role: Role = "party", *, database: str | None = None
) -> dict[str, str]:
    """Let a relay know a public key as a `party`'s, as a `witness`'s, or know it no more (`closed`)."""
    with _relay(folder, database) as relay:
        return {"vkey": vkey, "role": role, "fingerprint": relay.admit(vkey, role, int(time.time()))}


def open_relay(
    folder: Where, key: Where, *, database: str | None = None, passphrase: Passphrase = None,
    largest: int | None = None, a_day: int | None = None,
) -> tuple[desk.Relay, SigningKey]:  # fmt: skip
    """A relay that is ready to serve, and its key; what a killed one left to be logged is logged now."""
    usual = Limits()
    limits = Limits(largest or usual.largest, a_day or usual.a_day)
    relay = desk.open_relay(Path(folder), database or "", limits)
    signer = load_key(Path(key), passphrase)
    relay.catch_up(signer)
    return relay, signer


def check_relay(
    folder: Where, held: Sequence[Where] = (), *, database: str | None = None, evidence: Where | None = None,
    progress: Callable[[int], None] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Check a relay: its rows against its log, its log against checkpoints that others hold (files).

    `evidence`: where to write the proof of a split view, if there is one.
    """
    notes = tuple(parse_note(read_bounded(Path(file), LARGEST_NOTE)) for file in held)
    with _relay(folder, database) as relay:
        found = checking.check_relay(relay, notes, progress)
    if evidence is not None and found.evidence is not None:
        write_whole(Path(evidence), bytes(found.evidence))
    return {
        "ok": not found.problems, "entries": found.entries, "envelopes": found.envelopes,
        "not_logged_yet": found.waiting, "compared": found.compared,
        "checkpoint": None if found.checkpoint is None else checkpoint_row(found.checkpoint),
        "evidence": str(evidence) if evidence is not None and found.evidence is not None else None,
        "problems": [problem.as_row() for problem in found.problems],
    }  # fmt: skip


@contextmanager
def _relay(folder: Where, database: str | None) -> Iterator[desk.Relay]:
    relay = desk.open_relay(Path(folder), database or "")
    try:
        yield relay
    finally:
        relay.close()


def doorkeeper(origin: str) -> Doorkeeper:
    """Who lets signed requests into a server of this name, each once."""
    return Doorkeeper(origin)


def relay_standing(relay: desk.Relay, name: str) -> dict[str, Any]:
    """The last number that a member sent to each other, and the last that is here for it from each."""
    return inbox.standing(relay, name)


def relay_inbox(relay: desk.Relay, name: str, sender: str, after: int, most: int) -> list[dict[str, Any]]:
    """What is addressed to a member from a sender after a number, at most so many files."""
    return inbox.inbox(relay, name, sender, after, most)


def relay_content(
    relay: desk.Relay, name: str, sender: str, sequence: int
) -> tuple[int, Iterator[bytes]] | None:
    """Length and pieces of a file that is addressed to a member; None where there is none."""
    return inbox.content(relay, name, sender, sequence)


# ---------------------------------------------------------------- a party's visits


def relay_address(
    url: str, certificate: Where | None = None, key: Where | None = None, authority: Where | None = None
) -> visit.Address:
    """Where a relay is, with the client's certificate and key and the relay's authority, as PEM files."""

    def path(given: Where | None) -> Path | None:
        return None if given is None else Path(given)

    return visit.Address(url, path(certificate), path(key), path(authority))


@contextmanager
def _visit(
    where: Where,
    address: visit.Address,
    relay_key: str,
    key: Where,
    passphrase: Passphrase,
    evidence: Where | None,
) -> Iterator[tuple[store.Ledger, visit.Relay]]:
    signer = load_key(Path(key), passphrase)
    ledger = store.open_ledger(where)
    try:
        with visit.visiting(address, _one(relay_key), signer) as relay, kept(evidence):
            yield ledger, relay
    finally:
        ledger.close()


@contextmanager
def kept(evidence: Where | None) -> Iterator[None]:
    """Write the evidence of a split view to a file before the refusal goes on."""
    try:
        yield
    except SplitViewError as fault:
        if evidence is not None:
            write_whole(Path(evidence), bytes(fault.evidence))
            fault.way_out = f"{Path(evidence).name} is evidence for everybody: detente witness check"
        raise


def _one(vkey: str) -> Verifier:
    found = verifiers([vkey])
    if len(found) != 1:
        raise InputError(Problem("one public key of the relay is needed", "its vkey line, or a file"))
    return found[0]


def relay_push(
    where: Where, address: visit.Address, relay_key: str, key: Where, *, passphrase: Passphrase = None,
    evidence: Where | None = None,
) -> list[dict[str, int]]:  # fmt: skip
    """Sign what the own party has notified and hand in every signed file that the relay lacks.

    `relay_key`: the relay's vkey; `key`: the file of the own signing key; `evidence`: where to write
    the proof of a split view. Raises `TamperedError` where the relay's log is not the one seen before.
    """
    with _visit(where, address, relay_key, key, passphrase, evidence) as (ledger, relay):
        return visit.push(ledger, relay)


def relay_pull(
    where: Where, address: visit.Address, relay_key: str, key: Where, *, passphrase: Passphrase = None,
    evidence: Where | None = None,
) -> list[dict[str, Any]]:  # fmt: skip
    """Take in every file that waits at the relay, in order, each whole or not at all."""
    with _visit(where, address, relay_key, key, passphrase, evidence) as (ledger, relay):
        return [
            {
                "sequence": got.sequence, "sender": got.sender, "digest": got.digest,
                "documents": got.added.documents, "facts": got.added.facts, "head": got.added.link,
            }
            for got in visit.pull(ledger, relay)
        ]  # fmt: skip


def relay_status(
    where: Where, address: visit.Address, relay_key: str, key: Where, *, witnesses: Sequence[str] = (),
    compare: Where | None = None, passphrase: Passphrase = None, evidence: Where | None = None,
) -> dict[str, Any]:  # fmt: skip
    """What waits each way, the relay's log, up to where each witness (cosigner vkeys) has cosigned it.

    `compare`: a checkpoint that somebody else was shown; a split view is refused with evidence.
    """
    with _visit(where, address, relay_key, key, passphrase, evidence) as (ledger, relay):
        if compare is not None:
            note = parse_note(read_bounded(Path(compare), LARGEST_NOTE))
            visit.compare_seen(ledger, relay, note)
        found = visit.status(ledger, relay, verifiers(witnesses))
        return found | {"compared": compare is not None}


# ---------------------------------------------------------------- the witness


def witness_round(
    folder: Where, key: Where, log_keys: Sequence[str], sources: Sequence[Where | visit.Address], *,
    passphrase: Passphrase = None,
) -> list[dict[str, Any]]:  # fmt: skip
    """Look at every log once, cosign what continues, and say of each log what was found; nothing is raised.

    `sources` are folders, archives or addresses; several of one log are held against each other. A relay is
    given the cosignature back; a folder's is in the witness's folder.
    """
    signer = load_key(Path(key), passphrase)
    return watch.round_of(Path(folder), signer, verifiers(log_keys), list(sources), int(time.time()))


def witness_request(folder: Where, key: SigningKey, log_keys: Sequence[str], body: bytes) -> bytes:
    """Answer an `add-checkpoint` of C2SP tlog-witness: the cosignature line. Raises `EscrowError`."""
    return watch.answer(Path(folder), key, verifiers(log_keys), body, int(time.time()))


def witness_key(key: Where, passphrase: Passphrase = None) -> SigningKey:
    """The key of a witness, read once for a server."""
    return load_key(Path(key), passphrase)


def witness_check(evidence: Where, log_keys: Sequence[str | Path]) -> dict[str, Any]:
    """Check the evidence of a split view against the log's public key; raises unless it proves one."""
    content = read_bounded(Path(evidence), LARGEST_EVIDENCE)
    trusted = verifiers(log_keys)
    if not trusted:
        raise InputError(Problem("whose log it is, a public key must say", "--trust VKEY"))
    try:
        first, second = check_split(content, trusted)
    except EscrowError as fault:
        fault.where = fault.where or Path(evidence).name
        raise
    return {
        "origin": first.checkpoint.origin,
        "first": checkpoint_row(first),
        "second": checkpoint_row(second),
    }
