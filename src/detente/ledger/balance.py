"""The stock-flow balance: what each exchange of data declares, against what notifications alone make of it.

For each party, category, type, place and status: the first exchange opens the account, every notified
step adds and takes, and at each later exchange the residual is declared minus notified. It must be zero.
What a finding about a single identifier explains is taken out first, so that nothing is found twice; a
residual that stays is one finding, when it arises.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, text

from detente.records.notification import written_time

from .faults import Asked, Found
from .identifiers import IN_FORCE

CellKey = tuple[str, str, str]
Account = tuple[str, str]
Basis = Literal["totals", "listing"]
BASES_OF_DATA: tuple[Basis, Basis] = ("totals", "listing")
MOST_BEHIND = 200
"""Notifications that are named behind one residual; beyond it the finding says how many there are."""

_EXCHANGE = """
CREATE TEMPORARY TABLE exchange (owner TEXT, category TEXT, true_at BIGINT, document BIGINT, listed INTEGER)
"""
_FILL = """
INSERT INTO exchange
SELECT f.owner, f.category, MAX(f.true_at), f.document_id,
  MAX(CASE WHEN f.event = 'declared' THEN 1 ELSE 0 END)
FROM fact f
WHERE f.corrected = 0 AND f.standing = 'declared' AND f.format IN ('initial', 'update')
  AND f.event IN ('declared', 'total') AND f.category <> 'warheads'
  AND f.received_at <= :known_at AND f.true_at <= :as_of
GROUP BY f.owner, f.category, f.document_id
"""
_STATED = f"""
SELECT r.document_id AS document, f.event, f.owner, f.category, f.type,
  CASE f.status WHEN 'in-transit' THEN '' ELSE f.place END AS place, f.status,
  SUM(CASE f.event WHEN 'total' THEN f.quantity ELSE 1 END) AS stated, MIN(f.id) AS fact
FROM fact f JOIN fact r ON r.id = f.root
WHERE f.standing = 'declared' AND f.format IN ('initial', 'update') AND f.event IN ('declared', 'total')
  AND f.category <> 'warheads' AND {IN_FORCE}
GROUP BY 1, 2, 3, 4, 5, 6, 7
"""  # noqa: S608 - our own words
_CHANGES = """
SELECT owner, category, type, place, status, due, SUM(change) AS change FROM (
  SELECT w.*, (SELECT MIN(x.true_at) FROM exchange x WHERE x.owner = w.owner AND x.category = w.category
               AND x.true_at >= w.true_at) AS due FROM flow w) AS dated
WHERE due IS NOT NULL GROUP BY 1, 2, 3, 4, 5, 6
"""
_BEHIND = """
SELECT fact FROM flow WHERE owner = :owner AND category = :category AND type = :type AND place = :place
  AND status = :status AND true_at > :after AND true_at <= :until ORDER BY true_at, fact
"""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One exchange of one party's data in one category."""

    at: int
    document: int


@dataclass(frozen=True, slots=True)
class Line:
    """One cell of one exchange, before its document has a name."""

    owner: str
    category: str
    basis: Basis
    exchange: Exchange
    cell: CellKey
    notified: int
    declared: int
    explained: int

    @property
    def residual(self) -> int:
        """Declared minus notified."""
        return self.declared - self.notified


Stock = dict[CellKey, int]


@dataclass(frozen=True, slots=True)
class Books:
    """Everything that the balance is drawn from."""

    exchanges: dict[Account, list[Exchange]]
    stated: dict[tuple[Account, Basis, int], Stock]
    sources: dict[tuple[Account, Basis, int, CellKey], int]
    changes: dict[tuple[Account, int], Stock]


def make_exchanges(connection: Connection, asked: Asked) -> None:
    """Make the table `exchange`: which party gave which category's data as of when."""
    connection.execute(text("DROP TABLE IF EXISTS exchange"))
    connection.execute(text(_EXCHANGE))
    times = {"known_at": asked.moment.known_at, "as_of": asked.moment.as_of}
    connection.execute(text(_FILL), times)
    connection.execute(
        text("CREATE INDEX temporary_exchange ON exchange (owner, category, listed, true_at, document)")
    )
    if connection.dialect.name == "postgresql":
        connection.execute(text("ANALYZE exchange"))


def read_books(connection: Connection, asked: Asked) -> Books:
    """Read what was declared and what was notified, added up by cell."""
    times = {"known_at": asked.moment.known_at, "as_of": asked.moment.as_of}
    exchanges: dict[Account, list[Exchange]] = defaultdict(list)
    for row in connection.execute(text("SELECT * FROM exchange ORDER BY true_at, document")):
        exchanges[row.owner, row.category].append(Exchange(row.true_at, row.document))
    stated: dict[tuple[Account, Basis, int], Stock] = defaultdict(dict)
    sources: dict[tuple[Account, Basis, int, CellKey], int] = {}
    for row in connection.execute(text(_STATED), times):
        basis: Basis = "totals" if row.event == "total" else "listing"
        key, cell = (row.owner, row.category), (row.type, row.place, row.status)
        stated[key, basis, row.document][cell] = int(row.stated)
        sources[key, basis, row.document, cell] = row.fact
    changes: dict[tuple[Account, int], Stock] = defaultdict(dict)
    for row in connection.execute(text(_CHANGES)):
        changes[(row.owner, row.category), row.due][row.type, row.place, row.status] = int(row.change)
    return Books(dict(exchanges), dict(stated), sources, dict(changes))


def explained_by(books: Books, found: Iterable[Found]) -> dict[tuple[Account, int], Stock]:
    """What findings about single identifiers explain, by account and the exchange from which on it counts."""
    explained: dict[tuple[Account, int], Stock] = defaultdict(lambda: defaultdict(int))
    for finding in found:
        account = (finding.owner, finding.category)
        for type_, place, status, change, since in finding.explains:
            at = next((x.at for x in books.exchanges.get(account, ()) if x.at >= since), None)
            if at is not None:
                explained[account, at][type_, place, status] += change
    return explained


def balance(books: Books, explained: dict[tuple[Account, int], Stock]) -> Iterator[tuple[Line, bool]]:
    """Every cell of every exchange after the first, and whether an unexplained residual arises there."""
    for account, exchanges in sorted(books.exchanges.items()):
        for basis in ("totals", "listing"):
            yield from _chain(books, account, basis, exchanges, explained)


def _chain(
    books: Books,
    account: Account,
    basis: Basis,
    exchanges: list[Exchange],
    explained: dict[tuple[Account, int], Stock],
) -> Iterator[tuple[Line, bool]]:
    notified: Stock | None = None
    known: Stock = defaultdict(int)
    open_: Stock = {}
    counted: set[int] = set()
    for exchange in exchanges:
        stated = books.stated.get((account, basis, exchange.document))
        if notified is None:
            if stated is not None:
                notified = defaultdict(int, stated)
                counted.add(exchange.at)
            continue
        if exchange.at not in counted:
            counted.add(exchange.at)
            _add(notified, books.changes.get((account, exchange.at), {}))
            _add(known, explained.get((account, exchange.at), {}))
        if stated is None:
            continue
        transits = any(status == "in-transit" for _, _, status in stated)
        for cell in sorted(notified.keys() | stated.keys() | known.keys()):
            if cell[2] == "in-transit" and not transits:
                continue
            line = Line(
                *account,
                basis,
                exchange,
                cell,
                notified.get(cell, 0),
                stated.get(cell, 0),
                known.get(cell, 0),
            )
            left = line.residual - line.explained
            arises = left not in {0, open_.get(cell, 0)}
            open_[cell] = left
            yield line, arises


def _add(stock: Stock, changes: Stock) -> None:
    for cell, change in changes.items():
        stock[cell] = stock.get(cell, 0) + change


def openings(books: Books) -> Iterator[tuple[Line, bool]]:
    """Where the first exchange gives both totals and a listing: whether the two agree."""
    for account, exchanges in sorted(books.exchanges.items()):
        first = exchanges[0]
        totals = books.stated.get((account, "totals", first.document))
        listing = books.stated.get((account, "listing", first.document))
        if totals is None or listing is None:
            continue
        for cell in sorted(totals.keys() | listing.keys()):
            line = Line(*account, "totals", first, cell, listing.get(cell, 0), totals.get(cell, 0), 0)
            yield line, line.residual != 0


def residual_finding(connection: Connection, books: Books, line: Line) -> Found:
    """The finding of a residual, with the data it is drawn from and every notification behind it."""
    account = (line.owner, line.category)
    earlier = [x for x in books.exchanges[account] if x.at < line.exchange.at]
    after = earlier[-1].at if earlier else line.exchange.at
    type_, place, status = line.cell
    bound = {
        "owner": line.owner, "category": line.category, "type": type_, "place": place, "status": status,
        "after": after, "until": line.exchange.at,
    }  # fmt: skip
    moved = [row.fact for row in connection.execute(text(_BEHIND), bound)]
    facts = [
        books.sources[key]
        for exchange in (*earlier[-1:], line.exchange)
        for basis in BASES_OF_DATA
        if (key := (account, basis, exchange.document, line.cell)) in books.sources
    ]
    where = f"{type_} {status}" + (f" at {place}" if place else "")
    against = "its own listing gives" if not earlier else "the notifications give"
    left = line.residual - line.explained
    on = written_time(line.exchange.at)
    says = f"{where}: the {line.basis} of {on}: {line.declared}, {against} {line.notified}"
    if line.explained:
        says += f"; findings on single items explain {line.explained:+d}"
    if len(moved) > MOST_BEHIND:
        says += f"; {len(moved)} notifications lie between, the last {MOST_BEHIND} are named"
    return Found(
        "bases-disagree", line.owner, line.exchange.at, says, line.category, "", type_, place, status, left,
        facts=(*facts, *moved[-MOST_BEHIND:]), documents=(line.exchange.document,),
    )  # fmt: skip
