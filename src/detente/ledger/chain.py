"""Checking that a ledger holds together: its chain of digests, its triggers, its signed files.

The database refuses to change a row; an administrator who takes the triggers away can. The chain shows
it: each document's link covers the link before and everything the document says. Someone who writes the
whole chain anew is caught by a link that another holds: the other party's ledger, an earlier check, or the
signed files that came from the other party.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, inspect, select, text

from detente.records.errors import Problem
from detente.records.notification import FORMATS, Fact, Header

from .exchange import content_digests
from .migrations.append_only import VERBS, trigger
from .models import TABLES, Document, EnvelopeRow, FactRow
from .notification import CHUNK, FIRST_LINK, content_digest, fact_line, next_link
from .store import Ledger

MOST_PROBLEMS = 50


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found: how much was read, the link of the last document, and every problem."""

    documents: int
    facts: int
    envelopes: int
    link: str
    problems: tuple[Problem, ...]


def check_ledger(
    ledger: Ledger, expected: str = "", progress: Callable[[int], None] | None = None
) -> Checked:
    """Check a ledger in five steps.

    1. The database is sound and its append-only triggers stand. 2. Numbers run without a gap, and every
    fact belongs to its document. 3. Each document's content is the one that its digest covers. 4. Each
    link follows from the link before. 5. A link held by someone else is in the chain, and signed files carry
    the documents that stand here. The caller owes `expected`: without a link from elsewhere, a chain that was
    written anew from some document on is not seen.
    """
    with ledger.reading() as connection:
        problems = list(sound(connection))
        problems += _numbers(connection)
        documents, facts, link, links, broken = _walk(connection, progress)
        problems += broken
        problems += _astray(connection)
        if expected and expected not in links:
            rule = f"step 5: no document has the link {expected[:16]}…"
            way = "the ledger was rewritten or cut off since, or the link is another ledger's"
            problems.append(Problem(rule, way))
        envelopes, faults = _envelopes(connection)
        problems += faults
    return Checked(documents, facts, envelopes, link, tuple(problems[:MOST_PROBLEMS]))


def sound(connection: Connection) -> Iterator[Problem]:
    """Step 1: the file is whole, and every table and append-only trigger is there and switched on."""
    if connection.dialect.name == "sqlite":
        said = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
        if said != "ok":
            yield Problem(f"step 1: the file is damaged: {said}", "restore it from a copy")
        found = set(
            connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars()
        )
        wanted = {trigger(table.__tablename__, verb) for table in TABLES for verb in VERBS}
    else:
        statement = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
        found = set(connection.exec_driver_sql(statement).scalars())
        wanted = {trigger(table.__tablename__, verb) for table in TABLES for verb in (*VERBS, "TRUNCATE")}
    for name in sorted(wanted - found):
        yield Problem(
            f"step 1: the trigger {name} is gone or switched off", "somebody could have changed rows since"
        )
    missing = {table.__tablename__ for table in TABLES} - set(inspect(connection).get_table_names())
    for name in sorted(missing):
        yield Problem(f"step 1: the table {name} is gone", "restore the ledger from a copy")


def _numbers(connection: Connection) -> Iterator[Problem]:
    for model, name in ((Document, "documents"), (FactRow, "facts")):
        count, first, last = connection.execute(
            select(func.count(), func.coalesce(func.min(model.id), 1), func.coalesce(func.max(model.id), 0))
        ).one()
        if first != 1 or last != count:
            yield Problem(
                f"step 2: the numbers of the {name} have a gap: {count} rows, numbered {first} to {last}"
            )
    stray = connection.execute(
        text("SELECT COUNT(*) FROM fact f WHERE f.document_id NOT IN (SELECT id FROM document)")
    ).scalar_one()
    if stray:
        yield Problem(f"step 2: {stray} facts belong to no document")


_FACTS = (
    FactRow.document_id, FactRow.line, FactRow.root, FactRow.id, FactRow.corrected, FactRow.received_at,
    FactRow.giver, FactRow.event, FactRow.owner, FactRow.true_at, FactRow.category, FactRow.item,
    FactRow.type, FactRow.place, FactRow.to, FactRow.launcher, FactRow.status, FactRow.count,
    FactRow.corrects, FactRow.about, FactRow.note, FactRow.regarding, FactRow.format,
    FactRow.standing, FactRow.first_received_at,
)  # fmt: skip


def _walk(
    connection: Connection, progress: Callable[[int], None] | None
) -> tuple[int, int, str, set[str], list[Problem]]:
    """Read every fact once and work out every digest and link afresh."""
    ordered = select(*_FACTS).order_by(FactRow.document_id, FactRow.line)
    facts: Iterator[Any] = iter(connection.execute(ordered.execution_options(yield_per=CHUNK)))
    heads = connection.execute(select(Document).order_by(Document.id).execution_options(yield_per=CHUNK))
    problems: list[Problem] = []
    links: set[str] = set()
    link, documents, read = FIRST_LINK, 0, 0
    waiting = next(facts, None)
    for head in heads:
        digest = content_digest(Header(head.reference, head.format, head.giver, head.stated_at))
        count, wrong = 0, ""
        while waiting is not None and waiting[0] <= head.id:
            if waiting[0] == head.id:
                count += 1
                digest.update(fact_line(Fact(*waiting[7:21])))
                wrong = wrong or _misplaced(waiting, head, count)
            waiting = next(facts, None)
        documents, read = documents + 1, read + count
        if count != head.facts or digest.hexdigest() != head.content or wrong:
            said = wrong or "what it says is not what its digest covers"
            problems.append(
                Problem(f"step 3: document {head.reference}: {said}", "compare it with the other copy")
            )
        link = next_link(link, head.id, head.received_at, head.content)
        if link != head.link:
            said = f"step 4: document {head.reference}: its link does not follow from the one before"
            problems.append(Problem(said, "something before or in it was changed"))
            link = head.link
        links.add(link)
        if progress:
            progress(documents)
        if len(problems) >= MOST_PROBLEMS:
            break
    return documents, read, link, links, problems


def _misplaced(fact: Any, head: Any, count: int) -> str:
    """What is wrong with the columns that a fact repeats from its head, or with its own numbers."""
    _, line, root, number, corrected, received_at, giver, *_, corrects, about, _ = fact[:21]
    if line != count or received_at != head.received_at or giver != head.giver:
        return "a fact repeats its head wrongly"
    if bool(corrects) != bool(corrected) or root != (corrected or number):
        return "a fact says wrongly what it corrects"
    if bool(about) != bool(fact.regarding):
        return "a fact says wrongly what it is about"
    if not corrected and (
        fact.format != head.format
        or fact.standing != FORMATS[head.format].standing
        or fact.first_received_at != head.received_at
    ):
        return "a fact says wrongly in which format it was given, or when it came first"
    return ""


_ASTRAY = """
SELECT d.reference, f.line FROM fact f JOIN document d ON d.id = f.document_id
WHERE (f.corrected > 0 AND NOT EXISTS (
    SELECT 1 FROM fact t JOIN document n ON n.id = t.document_id JOIN fact r ON r.id = t.root
    WHERE t.root = f.root AND t.id < f.id AND n.reference || ':' || CAST(t.line AS TEXT) = f.corrects
      AND f.format = r.format AND f.standing = r.standing AND f.first_received_at = r.received_at))
  OR (f.regarding > 0 AND NOT EXISTS (
    SELECT 1 FROM fact t JOIN document n ON n.id = t.document_id
    WHERE t.root = f.regarding AND t.id < f.id AND n.reference || ':' || CAST(t.line AS TEXT) = f.about))
"""


def _astray(connection: Connection) -> Iterator[Problem]:
    """Corrections and statements whose numbers point to another datum than their words name."""
    for row in connection.execute(text(_ASTRAY)):
        rule = f"step 3: document {row.reference}, line {row.line}: it points to another datum than it names"
        yield Problem(rule, "compare it with the other copy")


def _envelopes(connection: Connection) -> tuple[int, list[Problem]]:
    """That the documents of each signed file stand in the ledger as they were signed."""
    problems = []
    count = 0
    chosen = select(EnvelopeRow).order_by(EnvelopeRow.id).execution_options(yield_per=1)
    contents = {
        row.reference: row.content for row in connection.execute(select(Document.reference, Document.content))
    }
    for envelope in connection.execute(chosen):
        count += 1
        name = f"step 5: signed file {envelope.sequence} from {envelope.sender}"
        if hashlib.sha256(envelope.content).hexdigest() not in envelope.note.decode("utf-8", "replace"):
            problems.append(Problem(f"{name}: its content is not the one that was signed"))
            continue
        for reference, content in content_digests(envelope.content):
            if contents.get(reference) != content:
                problems.append(
                    Problem(f"{name}: document {reference} stands here otherwise than it was signed")
                )
    return count, problems
