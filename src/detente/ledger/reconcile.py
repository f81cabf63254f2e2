"""Reconciling a ledger: residuals to zero, or a discrepancy with every document behind it.

1. The lives of all identifiers are worked out from the notifications in force (identifiers.py).
2. Faults of single identifiers and documents are found (faults.py).
3. Each exchange of data is balanced against the notifications, less what step 2 explains (balance.py).
4. Each inspection is compared with its briefing and the last declaration (drift.py).
5. Every datum behind a finding is named by its document and line.
"""

from collections.abc import Callable, Iterable
from itertools import pairwise

from sqlalchemy import Connection, func, select, text

from detente.records.discrepancy import FAULTS, Balance, Discrepancy, Inspected, Reconciliation
from detente.records.notification import written_time

from .balance import (
    Books,
    CellKey,
    Line,
    balance,
    explained_by,
    make_exchanges,
    openings,
    read_books,
    residual_finding,
)
from .drift import Comparison, compare_inspections
from .faults import TRANSIT_DAYS, Asked, Found, find_faults
from .identifiers import Moment, make_lives, make_steps, standings
from .models import Document, FactRow
from .notification import head
from .store import Ledger

_BATCH = 500
_KNOWN = """
SELECT COALESCE(MAX(CASE WHEN true_at > received_at THEN true_at ELSE received_at END), 0)
FROM fact WHERE received_at <= :known_at AND true_at <= :as_of
"""
STAGES = ("lives", "faults", "balance", "inspections", "documents")

Progress = Callable[[str, int, int], None]


def reconcile(
    ledger: Ledger,
    moment: Moment | None = None,
    transit_d: int = TRANSIT_DAYS,
    progress: Progress | None = None,
) -> Reconciliation:
    """Reconcile a ledger for one pair of times; `transit_d` is the longest transit allowed [days]."""
    chosen = moment or Moment()
    tell = progress or (lambda *_: None)
    with ledger.reading() as connection:
        last = connection.execute(
            text(_KNOWN), {"known_at": chosen.known_at, "as_of": chosen.as_of}
        ).scalar_one()
        asked = Asked(chosen, min(last, chosen.as_of, chosen.known_at), transit_d)
        tell("lives", 0, len(STAGES))
        make_lives(connection, chosen)
        make_steps(connection)
        make_exchanges(connection, asked)
        tell("faults", 1, len(STAGES))
        found = list(find_faults(connection, asked))
        tell("balance", 2, len(STAGES))
        books = read_books(connection, asked)
        lines = _balanced(connection, books, found)
        tell("inspections", 3, len(STAGES))
        left = {
            ((line.owner, line.category), line.basis, line.exchange.document, line.cell): line.residual
            - line.explained
            for line in lines
        }
        compared = list(compare_inspections(connection, books, asked, left))
        found += [finding for comparison in compared for finding in comparison.findings()]
        tell("documents", 4, len(STAGES))
        return _result(connection, ledger, asked, found, lines, compared, books)


def _balanced(connection: Connection, books: Books, found: list[Found]) -> list[Line]:
    explained = explained_by(books, found)
    lines: list[Line] = []
    arisen: dict[tuple[str, str, int, CellKey], Line] = {}
    for chain in (openings(books), balance(books, explained)):
        for line, arises in chain:
            lines.append(line)
            if arises:
                # totals and listing may err together; that is one finding
                arisen.setdefault((line.owner, line.category, line.exchange.at, line.cell), line)
    found += [residual_finding(connection, books, line) for line in arisen.values()]
    return lines


def _result(
    connection: Connection,
    ledger: Ledger,
    asked: Asked,
    found: list[Found],
    lines: list[Line],
    compared: list[Comparison],
    books: Books,
) -> Reconciliation:
    names = _names(connection, found)
    references = _references(connection, lines, compared, found)
    disputed = {
        root for root, said in standings(connection, asked.moment).items() if "disputed" in said.values()
    }
    order = {kind: place for place, kind in enumerate(FAULTS)}
    found.sort(key=lambda f: (order[f.kind], f.at, f.owner, f.item, f.facts))
    known = asked.moment.known_at
    documents, facts = connection.execute(
        select(func.count(), func.coalesce(func.sum(Document.facts), 0)).where(Document.received_at <= known)
    ).one()
    identifiers = connection.execute(
        text("SELECT COUNT(*) FROM (SELECT DISTINCT owner, category, item FROM life) AS known")
    ).scalar_one()
    return Reconciliation(
        ledger=ledger.name,
        parties=ledger.parties,
        as_of=written_time(min(asked.moment.as_of, asked.horizon)),
        known_at=written_time(min(known, asked.horizon)),
        documents=documents,
        facts=int(facts),
        identifiers=identifiers,
        head=head(connection)[1],
        discrepancies=tuple(_discrepancy(finding, names, references, disputed) for finding in found),
        balances=tuple(_balance_row(line, references) for line in lines),
        inspections=tuple(_inspected(comparison, references) for comparison in compared),
        gaps=tuple(_gaps(ledger, books)),
    )


def _gaps(ledger: Ledger, books: Books) -> Iterable[str]:
    """Which data nobody gave: a gap is a gap, and is never read as zero."""
    for party in ledger.parties:
        if not any(owner == party for owner, _ in books.exchanges):
            yield f"{party}: no exchange of data by then; its numbers are a gap, not zero"
    for (owner, category), exchanges in sorted(books.exchanges.items()):
        for before, after in pairwise(exchanges):
            days = (after.at - before.at) // 86_400
            if days > 215:
                yield (
                    f"{owner}, {category}: no data between {written_time(before.at)} and "
                    f"{written_time(after.at)}, {days} days"
                )


def _names(connection: Connection, found: Iterable[Found]) -> dict[int, tuple[str, int]]:
    """REFERENCE:LINE and root of every fact behind a finding."""
    wanted = sorted({fact for finding in found for fact in finding.facts})
    names: dict[int, tuple[str, int]] = {}
    for start in range(0, len(wanted), _BATCH):
        chosen = (
            select(FactRow.id, Document.reference, FactRow.line, FactRow.root)
            .join(Document, Document.id == FactRow.document_id)
            .where(FactRow.id.in_(wanted[start : start + _BATCH]))
        )
        names |= {row.id: (f"{row.reference}:{row.line}", row.root) for row in connection.execute(chosen)}
    return names


def _references(
    connection: Connection, lines: list[Line], compared: list[Comparison], found: list[Found]
) -> dict[int, str]:
    wanted = {line.exchange.document for line in lines} | {comparison.document for comparison in compared}
    ordered = sorted(wanted | {document for finding in found for document in finding.documents})
    references: dict[int, str] = {}
    for start in range(0, len(ordered), _BATCH):
        chosen = select(Document.id, Document.reference).where(
            Document.id.in_(ordered[start : start + _BATCH])
        )
        references |= {row.id: row.reference for row in connection.execute(chosen)}
    return references


def _discrepancy(
    finding: Found, names: dict[int, tuple[str, int]], references: dict[int, str], disputed: set[int]
) -> Discrepancy:
    behind = [names[fact][0] for fact in finding.facts if fact in names]
    whole = [references[document] for document in finding.documents]
    behind += [reference for reference in whole if not any(d.rpartition(":")[0] == reference for d in behind)]
    return Discrepancy(
        kind=finding.kind,
        owner=finding.owner,
        at=written_time(finding.at),
        says=finding.says,
        category=finding.category,
        item=finding.item,
        type=finding.type,
        place=finding.place,
        status=finding.status,
        residual=finding.residual,
        disputed=any(names[fact][1] in disputed for fact in finding.facts if fact in names),
        documents=tuple(dict.fromkeys(behind)),
    )


def _balance_row(line: Line, references: dict[int, str]) -> Balance:
    type_, place, status = line.cell
    return Balance(
        owner=line.owner,
        at=written_time(line.exchange.at),
        document=references[line.exchange.document],
        basis=line.basis,
        category=line.category,
        type=type_,
        place=place,
        status=status,
        notified=line.notified,
        declared=line.declared,
        residual=line.residual,
        explained=line.explained,
    )


def _inspected(comparison: Comparison, references: dict[int, str]) -> Inspected:
    gap = comparison.briefed is None or comparison.found is None or comparison.declared is None
    says = "; ".join(comparison.faults) or ("a number is missing: nothing to compare" if gap else "agrees")
    return Inspected(
        document=references[comparison.document],
        at=written_time(comparison.at),
        owner=comparison.owner,
        place=comparison.place,
        category=comparison.category,
        type=comparison.type,
        status=comparison.status,
        declared=comparison.declared,
        declared_on=written_time(comparison.declared_at) if comparison.declared_at else "",
        notified=comparison.notified,
        pending=comparison.pending,
        same_day=comparison.same_day,
        briefed=comparison.briefed,
        found=comparison.found,
        agrees=not comparison.faults,
        says=says,
    )
