"""A party's visits to a relay: hand in signed files, fetch what came, and hold the relay to one history.

Nothing that a relay says is believed. Files are checked against pinned keys as those of a memory stick are;
its log against the checkpoint that this ledger saw last, kept in the ledger itself. A visit can be cut off
anywhere and made again: what is there already is passed over, on both sides.
"""

import hashlib
import json
import ssl
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import httpx
from sqlalchemy import func, insert, select

from detente.escrow.checkpoint import SignedCheckpoint, cosign, open_checkpoint, parse_checkpoint
from detente.escrow.errors import EscrowError, MalformedError, TamperedError
from detente.escrow.keys import SigningKey
from detente.escrow.log import LogReader
from detente.escrow.merkle import check_inclusion, leaf_hash
from detente.escrow.notes import LARGEST_NOTE, Note, Verifier, parse_note
from detente.escrow.request import sign_request
from detente.escrow.split_view import SplitViewError, find_split
from detente.escrow.tiles import LARGEST_BUNDLE
from detente.ledger import exchange
from detente.ledger.models import EnvelopeRow, SeenCheckpoint
from detente.ledger.store import Ledger
from detente.records.errors import DetenteError, InputError, Problem

from .entries import entry_of_envelope

TIMEOUT_S = 60.0
MOST_TRIES = 5
LARGEST_ANSWER = 4_000_000
LOOPBACK = {"127.0.0.1", "::1", "localhost"}


class RelayError(DetenteError):
    """A relay that cannot be reached, or that refuses."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a relay is, and how its gate is passed: own certificate and key, the relay's authority."""

    url: str
    certificate: Path | None = None
    key: Path | None = None
    authority: Path | None = None


class Line:
    """A connection to a relay, or to any file server that serves a log at an address."""

    def __init__(self, address: Address) -> None:
        parts = urlsplit(address.url)
        if parts.scheme not in {"https", "http"} or not parts.hostname:
            raise InputError(Problem("this is no address of a relay", "write https://HOST:PORT", address.url))
        if parts.scheme == "http" and parts.hostname not in LOOPBACK:
            rule = "without TLS a relay is visited on this machine alone"
            raise InputError(Problem(rule, "write https://HOST:PORT", address.url))
        try:
            context = ssl.create_default_context(cafile=address.authority)
            context.minimum_version = ssl.TLSVersion.TLSv1_3
            if address.certificate is not None:
                context.load_cert_chain(address.certificate, address.key)
        except (ssl.SSLError, OSError) as fault:
            rule = f"the certificate, its key or the authority cannot be read: {fault}"
            raise InputError(Problem(rule, "give --cert, --tls-key and --ca as PEM files")) from None
        self.url = address.url.rstrip("/")
        self.http = httpx.Client(verify=context, timeout=TIMEOUT_S, trust_env=False)

    def close(self) -> None:
        """Hang up."""
        self.http.close()

    def call(
        self, method: str, target: str, headers: dict[str, str] | None = None, body: Any = None
    ) -> "httpx.Response":
        """One answer, read whole up to a limit. Raises `RelayError` where there is none."""
        sent = {"headers": headers or {}, **({"content": body} if body is not None else {})}
        try:
            with self.http.stream(method, self.url + target, **sent) as answer:
                content = b"".join(_bounded(answer, LARGEST_BUNDLE))
                return httpx.Response(answer.status_code, headers=answer.headers, content=content)
        except httpx.HTTPError as fault:
            raise _unreached(self.url, fault) from None

    def fetch(self, target: str, headers: dict[str, str], path: Path) -> None:
        """One answer, written to a file a piece at a time."""
        try:
            with self.http.stream("GET", self.url + target, headers=headers) as answer:
                if answer.status_code != 200:
                    raise _refused(answer.status_code, b"".join(_bounded(answer, LARGEST_ANSWER)))
                with path.open("wb") as file:
                    for piece in _bounded(answer, exchange.LARGEST_CONTENT):
                        file.write(piece)
        except httpx.HTTPError as fault:
            raise _unreached(self.url, fault) from None

    def log(self, below: str = "") -> LogReader:
        """The log that is served at the address."""

        def fetched(path: str) -> bytes:
            answer = self.call("GET", f"{below}/{path}")
            if answer.status_code == 404:
                raise FileNotFoundError(path)
            if answer.status_code != 200:
                raise _refused(answer.status_code, answer.content)
            return answer.content

        return LogReader(fetched)


def _bounded(answer: "httpx.Response", most: int) -> Iterator[bytes]:
    read = 0
    for piece in answer.iter_bytes():
        read += len(piece)
        if read > most:
            raise MalformedError(f"the relay answers with more than {most} bytes")
        yield piece


def _unreached(url: str, fault: Exception) -> RelayError:
    said = str(fault) or type(fault).__name__
    return RelayError(str(Problem(f"the relay cannot be reached: {said}", "try again later", url)))


def _refused(status: int, content: bytes) -> RelayError:
    try:
        said = json.loads(content)
        problem = Problem(f"the relay refuses ({status}): {said['rule']}", str(said.get("way_out", "")))
    except (ValueError, KeyError, TypeError):
        problem = Problem(f"the relay refuses ({status})", "")
    return RelayError(str(problem))


class Relay:
    """A relay as a party visits it: an address, the relay's public key, and the party's own key."""

    LOG = "/v1/log"

    def __init__(self, line: Line, relay_key: Verifier, key: SigningKey) -> None:
        self.line, self.relay_key, self.key = line, relay_key, key
        self._session = ""

    def asked(self, method: str, target: str, body: bytes | None = None) -> Any:
        """The answer to a request signed by the party; None where there is nothing there."""
        for last in (False, True):
            answer = self.line.call(method, target, self.signed(method, target), body)
            if answer.status_code == 404:
                return None
            if answer.status_code == 401 and not last:
                self._session = ""  # the relay was started anew since
                continue
            if answer.status_code != 200:
                raise _refused(answer.status_code, answer.content)
            return _json(answer.content)
        return None

    def signed(self, method: str, target: str) -> dict[str, str]:
        """The header of a signed request."""
        if not self._session:
            hello = self.line.call("GET", "/v1/hello")
            if hello.status_code != 200:
                raise _refused(hello.status_code, hello.content)
            said = _json(hello.content)
            if said.get("vkey") != self.relay_key.vkey:
                rule = "another key answers here than the relay's"
                raise TamperedError(rule, "compare its fingerprint with the relay's operator")
            self._session = str(said.get("session"))
        header = sign_request(self.key, self.relay_key.name, self._session, method, target, int(time.time()))
        return {"authorization": f"Detente {header}"}

    def hand_in(self, note: bytes, content: bytes) -> int:
        """Hand in a signed file, or find it there; the index of its entry in the log."""
        encoded = quote(note.decode(), safe="")
        answer = self.line.call("POST", "/v1/envelopes", {"detente-note": encoded}, _in_pieces(content))
        said = _json(answer.content)
        if answer.status_code in {200, 201} or (answer.status_code == 409 and said.get("index") is not None):
            return int(said["index"])
        raise _refused(answer.status_code, answer.content)

    def check_logged(self, reader: LogReader, index: int, note: bytes, accepted: int | None = None) -> None:
        """Raise `TamperedError` unless a file stands in the relay's log at an index, under its root."""
        if not 0 <= index < reader.size:
            raise TamperedError("the relay says it has logged a file, and its log is shorter than that")
        entry = reader.entry(index)
        said = _json(entry)
        when = said.get("accepted")
        if not isinstance(when, int) or entry != entry_of_envelope(note, when):
            raise TamperedError(f"entry {index} of the relay's log is not that of this file")
        if accepted is not None and accepted != when:
            raise TamperedError("the relay states another time of this file than it logged")
        proof = reader.inclusion(index)
        check_inclusion(leaf_hash(entry), index, reader.size, proof, reader.checkpoint.root)


def _in_pieces(content: bytes) -> Iterator[bytes]:
    for at in range(0, len(content), 65_536):
        yield content[at : at + 65_536]


def _json(content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise MalformedError("this is not the answer of a relay")
    return found


@contextmanager
def visiting(address: Address, relay_key: Verifier, key: SigningKey) -> Iterator[Relay]:
    """A visit to a relay; the line is hung up at its end."""
    line = Line(address)
    try:
        yield Relay(line, relay_key, key)
    finally:
        line.close()


# ---------------------------------------------------------------- the relay's one history


def seen(ledger: Ledger, origin: str) -> Note | None:
    """The largest checkpoint of a relay's log that this ledger's owner has checked."""
    chosen = select(SeenCheckpoint.note).where(SeenCheckpoint.origin == origin)
    with ledger.reading() as connection:
        found = connection.execute(
            chosen.order_by(SeenCheckpoint.size.desc(), SeenCheckpoint.id.desc()).limit(1)
        ).scalar_one_or_none()
    return None if found is None else parse_note(bytes(found))


def observe(ledger: Ledger, relay: Relay) -> LogReader:
    """Hold the relay's log to what was seen before, keep what is seen now, and cosign it.

    1. The checkpoint is the relay's. 2. Its tiles lead to its root. 3. It continues the one seen last
    (`SplitViewError` with the evidence). 4. It is kept in this ledger, and only then 5. cosigned.
    """
    for _ in range(MOST_TRIES):
        reader = relay.line.log(Relay.LOG)
        step = 1
        try:
            opened = open_checkpoint(reader.note, [relay.relay_key], origin=relay.relay_key.name)
            before = seen(ledger, relay.relay_key.name)
            step = 2
            if reader.root() != opened.checkpoint.root:
                raise TamperedError("the tiles of the relay's log do not lead to the root of its checkpoint")
            step = 3
            if before is not None and parse_checkpoint(before.text).size:
                found = find_split(reader, before)
                if found is not None:
                    raise SplitViewError(found)
        except EscrowError as fault:
            raise fault.at(step) from None
        if before is None or before.text != reader.note.text:
            _keep(ledger, opened, reader.note)
        if not opened.checkpoint.size:
            return reader
        now = int(time.time())
        cosigned = cosign(Note(reader.note.text), relay.key, now)
        answer = relay.line.call("POST", "/v1/cosignatures", None, bytes(cosigned))
        if answer.status_code == 200:
            return reader
        if answer.status_code != 409:  # 409: the log grew meanwhile
            raise _refused(answer.status_code, answer.content)
    raise RelayError(str(Problem("the relay's log grows too fast to be cosigned", "try again later")))


def _keep(ledger: Ledger, opened: SignedCheckpoint, note: Note) -> None:
    with ledger.writing() as connection:
        number = connection.execute(select(func.coalesce(func.max(SeenCheckpoint.id), 0) + 1)).scalar_one()
        connection.execute(
            insert(SeenCheckpoint),
            {
                "id": number, "origin": opened.checkpoint.origin, "size": opened.checkpoint.size,
                "note": bytes(note), "seen_at": int(time.time()),
            },
        )  # fmt: skip


def compare_seen(ledger: Ledger, relay: Relay, note: Note) -> SignedCheckpoint:
    """Hold the relay's log to a checkpoint that somebody else was shown. Raises `SplitViewError`.

    1. The other checkpoint is the relay's, too. 2. and 3. as `observe`, which comes first.
    """
    try:
        opened = open_checkpoint(note, [relay.relay_key], origin=relay.relay_key.name)
    except EscrowError as fault:
        raise fault.at(1) from None
    found = find_split(observe(ledger, relay), note) if opened.checkpoint.size else None
    if found is not None:
        raise SplitViewError(found).at(3)
    return opened


# ---------------------------------------------------------------- push and pull


@contextmanager
def _believed() -> Iterator[None]:
    """An answer that lacks what a relay's has is malformed, whatever a hostile relay put in its place."""
    try:
        yield
    except (DetenteError, EscrowError):
        raise
    except (KeyError, TypeError, ValueError, AttributeError) as fault:
        raise MalformedError("this is not the answer of a relay") from fault


@_believed()
def push(ledger: Ledger, relay: Relay) -> list[dict[str, int]]:
    """Sign what is new and hand in every file that the relay does not have; numbers and places in its log."""
    other = _names(ledger)[1]
    observe(ledger, relay)
    with tempfile.TemporaryDirectory(prefix="detente-relay-") as scratch:
        exchange.send(ledger, relay.key, Path(scratch), int(time.time()))
    standing = relay.asked("GET", "/v1/standing") or {}
    there = next((row["sequence"] for row in standing.get("sent", ()) if row["member"] == other), 0)
    handed: list[tuple[int, int, bytes]] = []
    for sequence in _own_files(ledger, int(there)):
        with ledger.reading() as connection:
            row = connection.execute(
                select(EnvelopeRow.note, EnvelopeRow.content).where(
                    EnvelopeRow.sender == ledger.own, EnvelopeRow.sequence == sequence
                )
            ).one()
        note = bytes(row.note)
        handed.append((sequence, relay.hand_in(note, bytes(row.content)), note))
    if handed:
        reader = observe(ledger, relay)
        for _, index, note in handed:
            relay.check_logged(reader, index, note)
    return [{"sequence": sequence, "index": index} for sequence, index, _ in handed]


def _own_files(ledger: Ledger, there: int) -> Sequence[int]:
    chosen = select(EnvelopeRow.sequence).where(
        EnvelopeRow.sender == ledger.own, EnvelopeRow.sequence > there
    )
    with ledger.reading() as connection:
        return list(connection.execute(chosen.order_by(EnvelopeRow.sequence)).scalars())


def _names(ledger: Ledger) -> tuple[str, str]:
    """The names of the pinned keys of both parties. Raises `InputError` where one is missing."""
    with ledger.reading() as connection:
        keys = exchange.pinned_keys(connection)
    for party in (ledger.own, ledger.other()):
        if party not in keys:
            way = f"detente exchange pin {party} VKEY, after comparing its fingerprint with its owner"
            raise InputError(Problem(f"no key is pinned for {party}", way))
    return keys[ledger.own].name, keys[ledger.other()].name


@_believed()
def pull(ledger: Ledger, relay: Relay) -> list[exchange.Received]:
    """Take in every file that waits, in order, each whole or not at all; each must stand in the relay's log.

    A file is received as one of a memory stick is, in nine steps. Step 10: it is logged by the relay.
    """
    _, other = _names(ledger)
    reader = observe(ledger, relay)
    got: list[exchange.Received] = []
    while True:
        last = exchange.status(ledger)["received"]
        begun = last["sequence"] if last else 0
        query = urlencode({"sender": other, "after": begun})
        waiting = (relay.asked("GET", f"/v1/inbox?{query}") or {}).get("files", [])
        if not waiting:
            return got
        for row in waiting:
            note = str(row["note"]).encode()
            if len(note) > LARGEST_NOTE:
                raise MalformedError("the relay answers with a note that is too long")
            if int(row["index"]) >= reader.size:
                reader = observe(ledger, relay)
            try:
                relay.check_logged(reader, int(row["index"]), note, int(row["accepted"]))
            except EscrowError as fault:
                raise fault.at(10) from None
            got.append(_receive(ledger, relay, other, int(row["sequence"]), note))


def _receive(ledger: Ledger, relay: Relay, other: str, sequence: int, note: bytes) -> exchange.Received:
    target = f"/v1/content?{urlencode({'sender': other, 'sequence': sequence})}"
    with tempfile.TemporaryDirectory(prefix="detente-relay-") as scratch:
        path = Path(scratch) / f"{hashlib.sha256(note).hexdigest()[:16]}.jsonl"
        relay.line.fetch(target, relay.signed("GET", target), path)
        path.with_name(path.name + exchange.NOTE_SUFFIX).write_bytes(note)
        return exchange.receive(ledger, path, int(time.time()))


@_believed()
def status(ledger: Ledger, relay: Relay, witnesses: Sequence[Verifier] = ()) -> dict[str, Any]:
    """What waits each way, the relay's log, and up to where each witness has cosigned it."""
    _, other = _names(ledger)
    reader = observe(ledger, relay)
    standing = relay.asked("GET", "/v1/standing") or {}
    here = exchange.status(ledger)

    def number(rows: str) -> int:
        return int(next((row["sequence"] for row in standing.get(rows, ()) if row["member"] == other), 0))

    received = here["received"]["sequence"] if here["received"] else 0
    point = reader.checkpoint
    return {
        "relay": relay.relay_key.name,
        "size": point.size,
        "root": point.root.hex(),
        "checkpoint": bytes(reader.note).decode(),
        "to_push": len(_own_files(ledger, number("sent"))),
        "to_sign": here["waiting"],
        "to_pull": max(number("inbox") - received, 0),
        "witnessed": [_witnessed(relay, reader, witness) for witness in witnesses],
    }


def _witnessed(relay: Relay, reader: LogReader, witness: Verifier) -> dict[str, Any]:
    """Up to which size a witness has cosigned this very history; 0 where it has not."""
    said = relay.asked("GET", f"/v1/cosigned?{urlencode({'name': witness.name})}")
    if said is None:
        return {"name": witness.name, "size": 0, "time": 0}
    note = parse_note(str(said.get("note")).encode())
    opened = open_checkpoint(note, [relay.relay_key], origin=relay.relay_key.name, cosigners=[witness])
    found = find_split(reader, note)
    if found is not None:
        raise SplitViewError(found)
    return {"name": witness.name, "size": opened.checkpoint.size, "time": opened.cosigned[0].time}
