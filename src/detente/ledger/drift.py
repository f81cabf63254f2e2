"""Inspections: what was found against the briefing, and the briefing against the last declaration.

Between two exchanges of data numbers may drift: by every change notified since, by changes whose five days
had not passed at the inspection, by what happened on the very day, and, for warheads, freely until the next
six-monthly update. What is left over is a finding. Source: Protocol to New START, Parts Four and Five.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, text

from detente.records.notification import DAY_S

from .balance import BASES_OF_DATA, Account, Basis, Books, CellKey
from .faults import NOTICE_DAYS, Asked, Found
from .identifiers import IN_FORCE

_COUNTED = f"""
SELECT r.document_id AS document, f.owner, f.place, f.category, f.type, f.status,
  CASE f.status WHEN 'in-transit' THEN '' ELSE f.place END AS cell_place,
  MAX(CASE f.event WHEN 'briefed' THEN f.quantity END) AS briefed,
  MAX(CASE f.event WHEN 'found' THEN f.quantity END) AS found,
  MAX(f.true_at) AS true_at, MIN(f.id) AS first, MAX(f.id) AS last
FROM fact f JOIN fact r ON r.id = f.root
WHERE f.event IN ('briefed', 'found') AND {IN_FORCE}
GROUP BY 1, 2, 3, 4, 5, 6, 7 ORDER BY 1, 2, 3, 4, 5, 6
"""  # noqa: S608 - our own words
_SINCE = """
SELECT fact, change, true_at, received_at FROM flow
WHERE owner = :owner AND category = :category AND type = :type
  AND place = :place AND status = :status AND true_at > :after AND true_at <= :until
ORDER BY true_at, fact
"""
_WARHEADS = f"""
SELECT f.id AS fact, f.quantity, f.true_at FROM fact f
WHERE f.event IN ('warheads', 'total') AND f.category = 'warheads' AND f.owner = :owner AND f.type = :type
  AND f.place = :place AND f.true_at <= :until AND f.standing = 'declared' AND {IN_FORCE}
ORDER BY f.true_at DESC, f.id DESC LIMIT 1
"""  # noqa: S608 - our own words


@dataclass(frozen=True, slots=True)
class Comparison:
    """One number of an inspection beside what was declared and notified; None where nothing was said."""

    document: int
    owner: str
    place: str
    category: str
    type: str
    status: str
    at: int
    declared: int | None
    declared_at: int
    notified: int
    pending: int
    same_day: int
    briefed: int | None
    found: int | None
    faults: tuple[str, ...]
    facts: tuple[int, ...]

    def findings(self) -> Iterator[Found]:
        """A finding for each comparison that fails."""
        for says in self.faults:
            yield Found(
                "bases-disagree", self.owner, self.at, f"{self.type} {self.status} at {self.place}: {says}",
                self.category, "", self.type, self.place, self.status, facts=self.facts,
                documents=(self.document,),
            )  # fmt: skip


Left = Mapping[tuple[Account, Basis, int, CellKey], int]
"""Residuals that the balance could not explain, by account, basis, document and cell: found there already."""


def compare_inspections(
    connection: Connection, books: Books, asked: Asked, left: Left
) -> Iterator[Comparison]:
    """Every number of every inspection, in the order of their documents.

    A declaration that does not agree with the notifications is found by the balance; the briefing may agree
    with either, and is then no second finding.
    """
    times = {"known_at": asked.moment.known_at, "as_of": asked.moment.as_of}
    for row in connection.execute(text(_COUNTED), times).all():
        day = row.true_at // DAY_S * DAY_S
        end = day + DAY_S - 1
        if row.category == "warheads":
            yield _warheads(connection, row, end, times)
            continue
        declared, at, facts, shift = _last_declared(books, row, end, left)
        since = connection.execute(
            text(_SINCE),
            {"owner": row.owner, "category": row.category, "type": row.type, "place": row.cell_place,
             "status": row.status, "after": at, "until": end},
        ).all()  # fmt: skip
        lowest = highest = expected = (declared or 0) + sum(e.change for e in since if e.true_at < day)
        for event in since:
            if event.true_at >= day:
                expected += event.change
                lowest, highest = min(lowest, expected), max(highest, expected)
        pending = [e for e in since if e.received_at > end and e.true_at > end - (NOTICE_DAYS + 1) * DAY_S]
        yield Comparison(
            row.document, row.owner, row.place, row.category, row.type, row.status, row.true_at,
            declared, at, sum(e.change for e in since), sum(e.change for e in pending),
            sum(abs(e.change) for e in since if e.true_at >= day), row.briefed, row.found,
            tuple(_faults(row, declared, (lowest, highest), shift)),
            (row.first, row.last, *facts, *(e.fact for e in since)),
        )  # fmt: skip


def _last_declared(
    books: Books, row: Row[Any], end: int, left: Left
) -> tuple[int | None, int, tuple[int, ...], int]:
    """The number of the last exchange current by the inspection, its time, its datum, its known residual."""
    account = (row.owner, row.category)
    cell = (row.type, row.cell_place, row.status)
    for exchange in reversed(books.exchanges.get(account, ())):
        if exchange.at > end:
            continue
        for basis in BASES_OF_DATA:
            stated = books.stated.get((account, basis, exchange.document))
            if stated is not None:
                key = (account, basis, exchange.document, cell)
                source = (books.sources[key],) if key in books.sources else ()
                return stated.get(cell, 0), exchange.at, source, left.get(key, 0)
    return None, 0, (), 0


def _faults(row: Row[Any], declared: int | None, span: tuple[int, int], shift: int) -> Iterator[str]:
    lowest, highest = span
    span_told = str(lowest) if lowest == highest else f"{lowest} to {highest} in the course of the day"
    expected = f"the last declaration and the notifications since give {span_told}"

    def fits(number: int) -> bool:
        return lowest <= number <= highest or lowest <= number + shift <= highest

    if declared is not None and row.briefed is not None and not fits(row.briefed):
        yield f"the briefing says {row.briefed}; {expected}"
    if row.briefed is not None and row.found is not None and row.found != row.briefed:
        yield f"the inspectors found {row.found}, the briefing said {row.briefed}"
    if declared is not None and row.briefed is None and row.found is not None and not fits(row.found):
        yield f"the inspectors found {row.found}; {expected}"


def _warheads(connection: Connection, row: Row[Any], end: int, times: dict[str, int]) -> Comparison:
    """Warheads may differ from the last declaration until the next update; the briefing binds on the day."""
    last = connection.execute(
        text(_WARHEADS), times | {"owner": row.owner, "type": row.type, "place": row.place, "until": end}
    ).one_or_none()
    faults: tuple[str, ...] = ()
    if row.briefed is not None and row.found is not None and row.found != row.briefed:
        faults = (f"the inspectors found {row.found} warheads, the briefing said {row.briefed}",)
    return Comparison(
        row.document, row.owner, row.place, row.category, row.type, row.status, row.true_at,
        last.quantity if last else None, last.true_at if last else 0, 0, 0, 0, row.briefed, row.found, faults,
        (row.first, row.last, *((last.fact,) if last else ())),
    )  # fmt: skip
