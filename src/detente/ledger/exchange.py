"""The exchange of notifications by signed files, which work over a memory stick.

A signed file is two files: the documents as lines of JSON, and beside them a note that says from whom, to
whom, which number, which one came before, and which bytes it covers. Keys are pinned in the ledger. A file
that was sent again, left out, replaced by another of the same number, or signed with another's key is
refused with the number of the step, and nothing of it is kept.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, insert, select

from detente.escrow.canonical import canonical, parse
from detente.escrow.disk import read_bounded, write_whole
from detente.escrow.envelope import Awaited, Envelope, after, open_envelope, parse_envelope, seal_envelope
from detente.escrow.errors import EscrowError, MalformedError, TamperedError
from detente.escrow.keys import SigningKey, fingerprint
from detente.escrow.notes import LARGEST_NOTE, Verifier, parse_note, parse_vkey
from detente.records.errors import InputError, Problem, did_you_mean
from detente.records.notification import FAR, Fact, Header, Row, check_fact, check_header, written_time

from .models import Document, EnvelopeRow, PinnedKey
from .notification import Added, add, content_digest, documents, fact_line
from .store import Ledger

SCHEMA = "detente/exchange/1"
LARGEST_CONTENT = 256_000_000
MOST_FACTS = 2_000_000
NOTE_SUFFIX = ".note"


@dataclass(frozen=True, slots=True)
class Sent:
    """A signed file that was written: its number, what it carries, and where its two files are."""

    sequence: int
    documents: int
    facts: int
    digest: str
    files: tuple[Path, Path]


@dataclass(frozen=True, slots=True)
class Received:
    """A signed file that was accepted: its number and sender, and what it added."""

    sequence: int
    sender: str
    digest: str
    added: Added


# ---------------------------------------------------------------- keys


def pin(ledger: Ledger, party: str, vkey: str, now: int) -> str:
    """Hold a public key to be a party's own from now on, and give its fingerprint to compare by voice."""
    if party not in ledger.parties:
        raise InputError(
            Problem(f'"{party}" is no party to this ledger', did_you_mean(party, ledger.parties))
        )
    key = parse_vkey(vkey)
    with ledger.writing() as connection:
        for other, known in pinned_keys(connection).items():
            if other != party and (known.name == key.name or known.public == key.public):
                rule = f"this key, or a key of this name, is pinned for {other} already"
                raise InputError(Problem(rule, "each party has a key, and a name for it, of its own"))
        connection.execute(
            insert(PinnedKey),
            {"id": _next(connection, PinnedKey), "party": party, "vkey": key.vkey, "pinned_at": now},
        )
    return fingerprint(key)


def pinned_keys(connection: Connection) -> dict[str, Verifier]:
    """The key now pinned for each party that has one."""
    rows = connection.execute(select(PinnedKey.party, PinnedKey.vkey).order_by(PinnedKey.id))
    return {party: parse_vkey(vkey) for party, vkey in rows}


def _next(connection: Connection, model: type[PinnedKey] | type[EnvelopeRow]) -> int:
    return int(connection.execute(select(func.coalesce(func.max(model.id), 0) + 1)).scalar_one())


def _both_keys(ledger: Ledger, connection: Connection) -> tuple[Verifier, Verifier]:
    """The pinned keys of the own party and of the other. Raises `InputError` where one is missing."""
    keys = pinned_keys(connection)
    for party in (ledger.own, ledger.other()):
        if party not in keys:
            way = f"detente exchange pin {party} VKEY, after comparing its fingerprint with its owner"
            raise InputError(Problem(f"no key is pinned for {party}", way))
    return keys[ledger.own], keys[ledger.other()]


# ---------------------------------------------------------------- sending


def send(ledger: Ledger, key: SigningKey, folder: Path, now: int) -> Sent | None:
    """Sign what the own party has notified since the last signed file; None where there is nothing new.

    The signed bytes are kept in the ledger before they leave it: `write_again` writes them anew, and no
    second file of the same number can come about. Raises `InputError` or `EscrowError`.
    """
    with ledger.writing() as connection:
        own, other = _both_keys(ledger, connection)
        if key.verifier() != own:
            rule = f"this key is not the one pinned for {ledger.own}"
            raise TamperedError(
                rule, "sign with the key that the other side has pinned, or pin this one on both sides"
            )
        last = _last(connection, ledger.own)
        since = last.last_document if last else 0
        until = connection.execute(select(func.coalesce(func.max(Document.id), 0))).scalar_one()
        content, count, facts = _content(ledger, connection, since + 1, until, now)
        if not count:
            return None
        if len(content) > LARGEST_CONTENT:
            raise InputError(Problem("there is more to send than one signed file takes", "send more often"))
        note = seal_envelope(content, key, other.name, _awaited(last))
        envelope = parse_envelope(note.text)
        connection.execute(
            insert(EnvelopeRow),
            {
                "id": _next(connection, EnvelopeRow), "sender": ledger.own, "recipient": ledger.other(),
                "sequence": envelope.sequence, "note": bytes(note), "content": content, "handled_at": now,
                "first_document": since + 1, "last_document": until,
            },
        )  # fmt: skip
    files = _write(folder, ledger, envelope.sequence, bytes(note), content)
    return Sent(envelope.sequence, count, facts, envelope.digest.hex(), files)


def write_again(ledger: Ledger, folder: Path, sequence: int) -> tuple[Path, Path]:
    """Write a signed file that was sent before, byte for byte. Raises `InputError` if there is none."""
    with ledger.reading() as connection:
        row = connection.execute(
            select(EnvelopeRow.note, EnvelopeRow.content).where(
                EnvelopeRow.sender == ledger.own, EnvelopeRow.sequence == sequence
            )
        ).one_or_none()
    if row is None:
        raise InputError(Problem(f"no signed file {sequence} was sent from here", "detente exchange status"))
    return _write(folder, ledger, sequence, row.note, row.content)


def _write(folder: Path, ledger: Ledger, sequence: int, note: bytes, content: bytes) -> tuple[Path, Path]:
    folder.mkdir(parents=True, exist_ok=True)
    plain = "".join(letter if letter.isalnum() else "-" for letter in f"{ledger.own}-to-{ledger.other()}")
    path = folder / f"{plain}-{sequence:04d}.jsonl"
    beside = path.with_name(path.name + NOTE_SUFFIX)
    write_whole(path, content)
    write_whole(beside, note)
    return path, beside


def _content(
    ledger: Ledger, connection: Connection, first: int, last: int, now: int
) -> tuple[bytes, int, int]:
    """The own documents of a range as lines of JSON, and how many documents and facts they are."""
    seen = _last(connection, ledger.other())
    head = {
        "schema": SCHEMA,
        "ledger": ledger.name,
        "giver": ledger.own,
        "sent": written_time(now),
        "seen": {"sequence": seen.sequence, "digest": seen.digest} if seen else None,
    }
    lines, facts = [canonical(head)], 0
    own = (row for row in documents(connection, first, last) if row.header.giver == ledger.own)
    for header, rows in groupby(own, key=lambda row: row.header):
        told = [list(row.fact) for row in rows]
        facts += len(told)
        lines.append(
            canonical(
                {
                    "reference": header.reference,
                    "format": header.format,
                    "received": header.received_at,
                    "facts": told,
                }
            )
        )
    return b"\n".join(lines) + b"\n", len(lines) - 1, facts


@dataclass(frozen=True, slots=True)
class _Last:
    """The last signed file of a sender in this ledger."""

    envelope: Envelope
    last_document: int

    @property
    def sequence(self) -> int:
        return self.envelope.sequence

    @property
    def digest(self) -> str:
        return self.envelope.digest.hex()


def _last(connection: Connection, sender: str, sequence: int | None = None) -> _Last | None:
    chosen = select(EnvelopeRow.note, EnvelopeRow.last_document).where(EnvelopeRow.sender == sender)
    if sequence is not None:
        chosen = chosen.where(EnvelopeRow.sequence == sequence)
    row = connection.execute(chosen.order_by(EnvelopeRow.sequence.desc()).limit(1)).one_or_none()
    return _Last(parse_envelope(parse_note(row.note).text), row.last_document) if row else None


def _awaited(last: _Last | None) -> Awaited:
    return after(last.envelope) if last else Awaited()


# ---------------------------------------------------------------- receiving


def receive(ledger: Ledger, path: Path, now: int) -> Received:
    """Take in a signed file of the other party: all of it, or nothing, in nine steps.

    1. The note is well formed. 2. A pinned key signed it. 3. That key is its sender's. 4. It is for this
    party. 5. It is the one awaited: not sent again, none left out, its history is ours. 6. It covers these
    bytes. 7. The content is well formed, of this ledger, and of its sender alone. 8. What it says it has seen
    of ours is what we sent. 9. Every document is sound and new. Steps 1-6 are `open_envelope`'s. Raises
    `TamperedError`, `MalformedError` or `InputError`.
    """
    content_path = path.with_name(path.name.removesuffix(NOTE_SUFFIX))
    note_path = content_path.with_name(content_path.name + NOTE_SUFFIX)
    note, content = _read(note_path, LARGEST_NOTE), _read(content_path, LARGEST_CONTENT)
    with ledger.writing() as connection:
        own, other = _both_keys(ledger, connection)
        last = _last(connection, ledger.other())
        try:
            envelope = open_envelope(note, content, [other], own.name, _awaited(last))
        except EscrowError as fault:
            raise _told(connection, ledger, note, fault, (own, other)).at(1, note_path.name) from None
        try:
            rows = _rows(ledger, connection, content)
        except EscrowError as fault:
            raise fault.at(7, content_path.name) from None
        first = int(connection.execute(select(func.coalesce(func.max(Document.id), 0) + 1)).scalar_one())
        try:
            added = add(connection, rows, content_path.name, received=now)
        except InputError as refused:
            problem = refused.problems[0]
            raise MalformedError(problem.rule, problem.way_out).at(9, content_path.name) from None
        if added.known:
            rule = f"{added.known} of its documents are in this ledger already"
            raise TamperedError(
                rule, "they came on another way: compare both", where=content_path.name, step=9
            )
        connection.execute(
            insert(EnvelopeRow),
            {
                "id": _next(connection, EnvelopeRow), "sender": ledger.other(), "recipient": ledger.own,
                "sequence": envelope.sequence, "note": note, "content": content, "handled_at": now,
                "first_document": first, "last_document": added.last,
            },
        )  # fmt: skip
    return Received(envelope.sequence, ledger.other(), envelope.digest.hex(), added)


def _read(path: Path, largest: int) -> bytes:
    if not path.is_file():
        way = "a signed file is two files: NAME.jsonl and NAME.jsonl.note"
        raise InputError(Problem("there is no such file", way, path.name))
    return read_bounded(path, largest)


def _told(
    connection: Connection, ledger: Ledger, note: bytes, fault: EscrowError, keys: tuple[Verifier, Verifier]
) -> EscrowError:
    """The same refusal in the words of the exchange: sent again, left out, forked, or signed by another."""
    own, other = keys
    if fault.step == 2 and any(
        (s.name, s.key_id) == (own.name, own.key_id) for s in parse_note(note).signatures
    ):
        fault.rule, fault.way_out = (
            "it is signed with our own key, not with theirs",
            "this is a file that we sent",
        )
    if fault.step != 5:
        return fault
    envelope = parse_envelope(parse_note(note).text)
    known = _last(connection, ledger.other(), envelope.sequence)
    last = _last(connection, ledger.other())
    awaited = last.sequence + 1 if last else 1
    if known is not None and known.envelope == envelope:
        fault.rule = f"replay: number {envelope.sequence} is here already, the same"
        fault.way_out = "nothing is lost: leave it out"
    elif known is not None:
        fault.rule = f"fork: number {envelope.sequence} is here already and says something else"
        fault.way_out = (
            f"{other.name} signed two histories: keep both files as evidence, and show them to the other side"
        )
    elif envelope.sequence > awaited:
        fault.rule = f"gap: number {envelope.sequence} comes and number {awaited} is awaited"
        fault.way_out = f"ask for number {awaited}: detente exchange send --again {awaited}"
    else:
        fault.rule = f"fork: number {envelope.sequence} follows another envelope than the one that is here"
        fault.way_out = "their history differs from what they sent before: keep the file as evidence"
    return fault


def _rows(ledger: Ledger, connection: Connection, content: bytes) -> list[Row]:
    """The facts of a signed file (steps 7 and 8). Raises `MalformedError` or `TamperedError`."""
    lines = content.split(b"\n")
    if len(lines) < 3 or lines[-1]:
        raise MalformedError("it holds no document, or was cut short")
    head = _object(lines[0], {"schema", "ledger", "giver", "sent", "seen"})
    if head["schema"] != SCHEMA:
        raise MalformedError(f"this is not a file of the kind {SCHEMA}")
    if head["ledger"] != ledger.name:
        raise TamperedError(
            f"it belongs to another ledger than {ledger.name}", "was it meant for another treaty?"
        )
    if head["giver"] != ledger.other():
        raise TamperedError(f"its sender speaks for another than {ledger.other()}")
    _check_seen(ledger, connection, head["seen"])
    rows: list[Row] = []
    for number, line in enumerate(lines[1:-1], 1):
        rows += _document(ledger, _object(line, {"reference", "format", "received", "facts"}), number)
        if len(rows) > MOST_FACTS:
            raise MalformedError(f"it holds more than {MOST_FACTS} facts")
    return rows


def _object(line: bytes, keys: set[str]) -> dict[str, Any]:
    found = parse(line, LARGEST_CONTENT)
    if not isinstance(found, dict) or set(found) != keys:
        raise MalformedError(f"a line does not have exactly the keys {', '.join(sorted(keys))}")
    return found


def _check_seen(ledger: Ledger, connection: Connection, seen: object) -> None:
    """That what the other side says it has of ours is what we sent: else one was shown another past."""
    if seen is None:
        return
    if (
        not isinstance(seen, dict)
        or set(seen) != {"sequence", "digest"}
        or not isinstance(seen["sequence"], int)
    ):
        raise MalformedError("what it has seen of ours is not a number and a digest")
    mine = _last(connection, ledger.own, seen["sequence"])
    if mine is None or mine.digest != seen["digest"]:
        rule = f"it says it has seen another number {seen['sequence']} of ours than we sent"
        way = "somebody signs with our key, or our ledger was set back: compare both ledgers"
        raise TamperedError(rule, way).at(8)


def _document(ledger: Ledger, found: dict[str, Any], number: int) -> Iterator[Row]:
    reference, format_, received, facts = (found[key] for key in ("reference", "format", "received", "facts"))
    if not (isinstance(reference, str) and isinstance(format_, str) and isinstance(facts, list) and facts):
        raise MalformedError(f"document {number} lacks its reference, its format or its facts")
    if not isinstance(received, int) or isinstance(received, bool) or not 0 <= received <= FAR:
        raise MalformedError(f"document {number} states no time of receipt")
    header = Header(reference, format_, ledger.other(), received)
    problems = check_header(header, ledger.parties)
    for line, told in enumerate(facts, 1):
        fact = _fact(told)
        problems += [] if problems else check_fact(header, fact, ledger.parties)
        if problems:
            raise MalformedError(f"document {number}, line {line}: {problems[0].rule}", problems[0].way_out)
        yield Row(header, fact, 0)


def _fact(told: object) -> Fact:
    count = Fact._fields.index("count")
    texts = [n for n in range(len(Fact._fields)) if n not in {2, count}]
    sound = (
        isinstance(told, list)
        and len(told) == len(Fact._fields)
        and all(isinstance(told[n], str) and len(told[n]) <= 2_000 for n in texts)
        and isinstance(told[2], int) and not isinstance(told[2], bool) and 0 <= told[2] <= FAR
        and (told[count] is None or (isinstance(told[count], int) and not isinstance(told[count], bool)))
    )  # fmt: skip
    if not sound or not isinstance(told, list):
        raise MalformedError(f"a fact is not {len(Fact._fields)} texts, times and numbers in order")
    return Fact(*told)


def content_digests(content: bytes) -> Iterator[tuple[str, str]]:
    """Reference and digest of each document of a signed file, as its receiver stores them."""
    lines = content.split(b"\n")
    giver = json.loads(lines[0])["giver"]
    for line in lines[1:-1]:
        told = json.loads(line)
        digest = content_digest(Header(told["reference"], told["format"], giver, told["received"]))
        for fact in told["facts"]:
            digest.update(fact_line(Fact(*fact)))
        yield told["reference"], digest.hexdigest()


# ---------------------------------------------------------------- status


def status(ledger: Ledger) -> dict[str, Any]:
    """Pinned keys, the last signed file each way, what waits, and what the other has seen of ours."""
    with ledger.reading() as connection:
        keys = pinned_keys(connection)
        sent, received = _last(connection, ledger.own), _last(connection, ledger.other())
        waiting = connection.execute(
            select(func.count()).where(
                Document.giver == ledger.own, Document.id > (sent.last_document if sent else 0)
            )
        ).scalar_one()
        return {
            "own": ledger.own,
            "other": ledger.other(),
            "keys": [
                {"party": party, "name": key.name, "vkey": key.vkey, "fingerprint": fingerprint(key)}
                for party, key in sorted(keys.items())
            ],
            "sent": _way(sent),
            "received": _way(received),
            "waiting": waiting,
            "seen_by_other": _seen(connection, ledger.other()),
        }


def _way(last: _Last | None) -> dict[str, Any] | None:
    return {"sequence": last.sequence, "digest": last.digest} if last else None


def _seen(connection: Connection, sender: str) -> dict[str, Any] | None:
    """What the other side's last signed file says it has of ours."""
    content = connection.execute(
        select(EnvelopeRow.content)
        .where(EnvelopeRow.sender == sender)
        .order_by(EnvelopeRow.sequence.desc())
        .limit(1)
    ).scalar_one_or_none()
    if content is None:
        return None
    found: dict[str, Any] | None = json.loads(content.partition(b"\n")[0])["seen"]
    return found
