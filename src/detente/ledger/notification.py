"""Adding notifications to a ledger: each document once, in the order of receipt, chained by digests.

The past is closed: what a party's document says is added at or after its last time of receipt, so that
nothing added later changes what was known at an earlier time. A correction is one more fact that names the
one it replaces; the old one stays, and counts for every time before the correction was received.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, func, insert, select

from detente.records.errors import InputError, Problem
from detente.records.notification import FORMATS, Fact, Header, Row, address, written_time

from .models import Document, FactRow
from .store import Ledger

FIRST_LINK = "0" * 64
CHUNK = 5_000
MOST_PROBLEMS = 50
_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_COLUMNS = [column.name for column in FactRow.__table__.columns]
_INSPECTED = {"briefed", "found", "seen"}


@dataclass(frozen=True, slots=True)
class Added:
    """What an import added: documents, facts, and documents that were there already, word for word."""

    documents: int
    facts: int
    known: int
    first: int
    last: int
    link: str


@dataclass(frozen=True, slots=True)
class _Target:
    """The datum that a correction or a statement names."""

    root: int
    format: str
    standing: str
    giver: str
    owner: str
    received_at: int
    first_received_at: int


@dataclass
class _Writer:
    """The end of a ledger while documents are added to it."""

    connection: Connection
    name: str
    received: int | None
    document: int
    fact: int
    link: str
    last_received: dict[str, int]
    waiting: list[tuple[object, ...]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    documents: int = 0
    facts: int = 0
    known: int = 0

    def refuse(self, rule: str, way_out: str, row: Row, key: str = "") -> None:
        """Note a problem; the import goes on to find more, and nothing of it is kept."""
        self.problems.append(Problem(rule, way_out, self.name, key, row.row or None))
        if len(self.problems) >= MOST_PROBLEMS:
            raise InputError(self.problems)


def add(
    connection: Connection,
    rows: Iterable[Row],
    name: str = "",
    received: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> Added:
    """Add documents to the ledger of a writing connection, whole or not at all.

    `received`: when this ledger received them, where that is not what they state [s, GMT]. A document that
    is there already, word for word, is passed over. Raises `InputError` with every problem found; the
    caller's transaction must then be rolled back, as `Ledger.writing` does.
    """
    writing = _begin(connection, name, received)
    before = writing.document
    for header, group in groupby(rows, key=lambda row: row.header):
        _add_document(writing, header, group)
        if progress:
            progress(writing.facts)
    _flush(writing)
    if writing.problems:
        raise InputError(writing.problems)
    return Added(writing.documents, writing.facts, writing.known, before + 1, writing.document, writing.link)


def _begin(connection: Connection, name: str, received: int | None) -> _Writer:
    document, link = head(connection)
    fact = connection.execute(select(func.coalesce(func.max(FactRow.id), 0))).scalar_one()
    lasts = connection.execute(
        select(Document.giver, func.max(Document.received_at)).group_by(Document.giver)
    )
    return _Writer(connection, name, received, document, fact, link, {row[0]: row[1] for row in lasts})


def head(connection: Connection) -> tuple[int, str]:
    """Number and link of the last document; 0 and zeros for an empty ledger."""
    last = connection.execute(
        select(Document.id, Document.link).order_by(Document.id.desc()).limit(1)
    ).one_or_none()
    return (last.id, last.link) if last else (0, FIRST_LINK)


def _add_document(writing: _Writer, header: Header, rows: Iterator[Row]) -> None:
    same = writing.connection.execute(
        select(Document.content).where(Document.reference == header.reference)
    ).scalar_one_or_none()
    digest = content_digest(header)
    if same is not None:
        first = row = next(rows)
        digest.update(fact_line(row.fact))
        for row in rows:
            digest.update(fact_line(row.fact))
        if digest.hexdigest() == same:
            writing.known += 1
        else:
            rule = f'a document "{header.reference}" is in the ledger already, and says something else'
            way = "give the new one a reference of its own; to amend the old one, use the format correction"
            writing.refuse(rule, way, first, "reference")
        return
    received_at = header.received_at if writing.received is None else writing.received
    count = 0
    for row in rows:
        if not count:
            _check_receipt(writing, header, received_at, row)
        count += 1
        digest.update(fact_line(row.fact))
        writing.fact += 1
        _add_fact(writing, row, count, received_at)
    writing.document += 1
    writing.documents += 1
    writing.facts += count
    content = digest.hexdigest()
    writing.link = next_link(writing.link, writing.document, received_at, content)
    writing.connection.execute(
        insert(Document),
        {
            "id": writing.document, "reference": header.reference, "format": header.format,
            "giver": header.giver, "stated_at": header.received_at, "received_at": received_at,
            "facts": count, "content": content, "link": writing.link,
        },
    )  # fmt: skip


def _check_receipt(writing: _Writer, header: Header, received_at: int, row: Row) -> None:
    last = writing.last_received.get(header.giver, received_at)
    if received_at < last:
        rule = (
            f"it was received on {written_time(received_at)}, and the ledger holds what {header.giver} gave "
            f"on {written_time(last)}: the past is closed"
        )
        way = "sort the documents by receipt, or state when it truly came to you; when it was true is free"
        writing.refuse(rule, way, row, "received")
    writing.last_received[header.giver] = max(last, received_at)


def _add_fact(writing: _Writer, row: Row, line: int, received_at: int) -> None:
    header, fact = row.header, row.fact
    root, corrected, regarding, first = writing.fact, 0, 0, received_at
    format_, standing = header.format, FORMATS[header.format].standing
    if fact.corrects:
        target = _target(writing, row, fact.corrects, "corrects")
        if target is not None:
            _check_correction(writing, row, target, received_at)
            root = corrected = target.root
            format_, standing, first = target.format, target.standing, target.first_received_at
    if fact.about:
        target = _target(writing, row, fact.about, "about")
        regarding = target.root if target else 0
    writing.waiting.append(
        (
            writing.fact, writing.document + 1, line, root, corrected, regarding, format_, standing,
            header.giver, fact.owner, fact.event, fact.category, fact.item, fact.type, fact.place, fact.to,
            fact.launcher, fact.status, fact.count, fact.true_at, received_at, first, fact.corrects,
            fact.about, fact.note,
        )
    )  # fmt: skip
    if len(writing.waiting) >= CHUNK:
        _flush(writing)


def _check_correction(writing: _Writer, row: Row, target: _Target, received_at: int) -> None:
    header, fact = row.header, row.fact
    if header.giver != target.giver:
        rule = f"{header.giver} cannot correct what {target.giver} gave"
        writing.refuse(rule, "dispute it: use the format statement", row, "corrects")
    if fact.owner != target.owner:
        rule = f"the datum is about {target.owner} and the correction about {fact.owner}"
        writing.refuse(rule, "withdraw the datum, and give a new one", row, "owner")
    if received_at < target.received_at:
        rule = "a correction cannot be received before the datum that it corrects"
        writing.refuse(rule, "check the time of receipt", row, "received")
    if fact.event != "withdrawn" and (fact.event in _INSPECTED) != (target.standing == "inspected"):
        rule = f'"{fact.event}" cannot stand in the place of a datum of the format "{target.format}"'
        writing.refuse(rule, "withdraw the datum, and give a new one", row, "event")


def _target(writing: _Writer, row: Row, written: str, key: str) -> _Target | None:
    _flush(writing)
    reference, line = address(written)
    found = writing.connection.execute(
        select(
            FactRow.root, FactRow.format, FactRow.standing, FactRow.giver, FactRow.owner,
            FactRow.received_at, FactRow.first_received_at,
        )
        .join(Document, Document.id == FactRow.document_id)
        .where(Document.reference == reference, FactRow.line == line)
    ).one_or_none()  # fmt: skip
    if found is None:
        rule = f"there is no datum {written} in the ledger"
        writing.refuse(rule, "name a document that came before, and its line", row, key)
        return None
    return _Target(*found)


def _flush(writing: _Writer) -> None:
    """Hand the waiting facts to the database, by its own fastest plain route."""
    if not writing.waiting:
        return
    mark = "?" if writing.connection.dialect.name == "sqlite" else "%s"
    marks = ",".join([mark] * len(_COLUMNS))
    statement = f"INSERT INTO fact ({','.join(_COLUMNS)}) VALUES ({marks})"  # noqa: S608 - names of our own
    writing.connection.exec_driver_sql(statement, writing.waiting)
    writing.waiting.clear()


# ---------------------------------------------------------------- digests


def content_digest(header: Header) -> "hashlib._Hash":
    """The digest of a document as it stands after its head; `fact_line` of each fact follows."""
    return hashlib.sha256(f"{_ENCODE(list(header))}\n".encode())


def fact_line(fact: Fact) -> bytes:
    """A fact as the bytes that its document's digest covers."""
    return f"{_ENCODE(fact)}\n".encode()


def next_link(link: str, number: int, received_at: int, content: str) -> str:
    """The link of a document: SHA-256 over the link before, its number, its receipt and its content."""
    return hashlib.sha256(f"{link}\n{number}\n{received_at}\n{content}\n".encode()).hexdigest()


# ---------------------------------------------------------------- reading back


def documents(connection: Connection, first: int = 1, last: int | None = None) -> Iterator[Row]:
    """The facts of the documents from one number to another, each under its head, as they were given."""
    chosen = (
        select(
            Document.reference, Document.format, Document.giver, Document.stated_at, FactRow.event,
            FactRow.owner, FactRow.true_at, FactRow.category, FactRow.item, FactRow.type, FactRow.place,
            FactRow.to, FactRow.launcher, FactRow.status, FactRow.count, FactRow.corrects, FactRow.about,
            FactRow.note, FactRow.line,
        )
        .join(Document, Document.id == FactRow.document_id)
        .where(Document.id >= first)
        .order_by(FactRow.id)
        .execution_options(yield_per=CHUNK)
    )  # fmt: skip
    if last is not None:
        chosen = chosen.where(Document.id <= last)
    for row in connection.execute(chosen):
        told: Any = tuple(row)
        yield Row(Header(*told[:4]), Fact(*told[4:18]), told[18])


def add_file_rows(ledger: Ledger, rows: Iterable[Row], name: str = "", received: int | None = None) -> Added:
    """Add documents in a transaction of their own."""
    with ledger.writing() as connection:
        return add(connection, rows, name, received)
