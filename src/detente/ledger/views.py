"""Views of a ledger side by side: what each party says of a number, what two copies hold, one item's life.

Declared by one, assessed by the other, agreed, and counted under a rule are four different things; they
stand beside each other here and never merge.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, select, text

from detente.records.notification import DAY_S, FAR, written_time

from .identifiers import IN_FORCE, Cell, Moment, cells, said_of, standings
from .models import Document
from .store import Ledger

_TOTALS = f"""
SELECT f.standing, f.giver, f.owner, f.category, f.type,
  CASE f.status WHEN 'in-transit' THEN '' ELSE f.place END AS place, f.status, f.event, f.quantity, f.true_at,
  f.note, f.root, d.reference, f.line
FROM fact f JOIN document d ON d.id = f.document_id
WHERE f.quantity IS NOT NULL AND f.event IN ('total', 'warheads', 'found') AND {IN_FORCE}
ORDER BY f.true_at, f.id
"""  # noqa: S608 - our own words
_DISPUTED = """
SELECT owner, category, type, CASE status WHEN 'in-transit' THEN '' ELSE place END AS place, status
FROM fact WHERE id = :root
"""
_HISTORY = f"""
SELECT f.*, d.reference, CASE WHEN f.event <> 'withdrawn' AND {IN_FORCE} THEN 1 ELSE 0 END AS in_force
FROM fact f JOIN document d ON d.id = f.document_id
WHERE f.root IN (SELECT root FROM fact WHERE item = :item OR launcher = :item) AND f.received_at <= :known_at
ORDER BY f.true_at, f.root, f.id
"""  # noqa: S608 - our own words

_Key = tuple[str, str, str, str, str]


def both(ledger: Ledger, moment: Moment) -> list[dict[str, Any]]:
    """One row a cell: as its owner notifies and declares it, as the other sees it, agreed, disputed or not.

    `notified` follows from the notifications, `declared` is the last total; `assessed` and `inspected` are
    the other party's last word. None is a gap, and never zero.
    """
    with ledger.reading() as connection:
        rows: dict[_Key, dict[str, Any]] = {}
        for cell in cells(connection, moment):
            _row(ledger, rows, _key(cell))["notified"] = cell.items
        for said in connection.execute(text(_TOTALS), _times(moment)):
            row = _row(ledger, rows, (said.owner, said.category, said.type, said.place, said.status))
            column = "counted" if said.standing == "counted" else said.standing
            row[column] = said.quantity
            row[f"{column}_on"] = written_time(said.true_at)
            row["documents"] |= {column: f"{said.reference}:{said.line}"}
            if said.standing == "counted":
                row["rule"] = said.note
        _mark_disputed(connection, ledger, rows, moment)
    told = {(row["owner"], row["category"]) for row in rows.values() if row["notified"] is not None}
    for row in rows.values():
        if row["notified"] is None and (row["owner"], row["category"]) in told:
            row["notified"] = 0  # its owner notifies this category, and none stands here any more
        row["difference"] = _difference(row)
    return [rows[key] for key in sorted(rows)]


def _times(moment: Moment) -> dict[str, int]:
    return {"known_at": moment.known_at, "as_of": moment.as_of}


def _key(cell: Cell) -> _Key:
    return (cell.owner, cell.category, cell.type, cell.place, cell.status)


def _row(ledger: Ledger, rows: dict[_Key, dict[str, Any]], key: _Key) -> dict[str, Any]:
    if key not in rows:
        owner, category, type_, place, status = key
        rows[key] = {
            "owner": owner, "other": next(party for party in ledger.parties if party != owner),
            "category": category, "type": type_, "place": place, "status": status,
            "notified": None, "declared": None, "declared_on": "", "inspected": None, "inspected_on": "",
            "assessed": None, "assessed_on": "", "agreed": None, "agreed_on": "", "counted": None,
            "counted_on": "", "rule": "", "said": "open", "documents": {},
        }  # fmt: skip
    return rows[key]


def _mark_disputed(
    connection: Connection, ledger: Ledger, rows: dict[_Key, dict[str, Any]], moment: Moment
) -> None:
    for root, said in standings(connection, moment).items():
        found = connection.execute(text(_DISPUTED), {"root": root}).one_or_none()
        if found is None:
            continue
        row = _row(ledger, rows, tuple(found))
        word = said_of(said)
        if word == "disputed" or row["said"] == "open":
            row["said"] = word


def _difference(row: dict[str, Any]) -> int | None:
    """What the other party assesses less what the owner notifies; None where one of the two is a gap."""
    if row["assessed"] is None or row["notified"] is None:
        return None
    return int(row["assessed"] - row["notified"])


def compare(one: Ledger, two: Ledger) -> list[dict[str, Any]]:
    """Documents on which two copies of a ledger do not agree; empty where they hold the same.

    A document may be in one copy alone, say something else, or have been received a day or more apart.
    """
    mine, yours = _documents(one), _documents(two)
    rows = []
    for reference in sorted(mine.keys() | yours.keys()):
        a, b = mine.get(reference), yours.get(reference)
        if a is None or b is None:
            where = two.own if a is None else one.own
            rows.append(
                {"reference": reference, "differs": f"only in the copy of {where}", "one": a, "two": b}
            )
        elif a["content"] != b["content"]:
            rows.append(
                {"reference": reference, "differs": "the two copies say different things", "one": a, "two": b}
            )
        elif abs(a["at"] - b["at"]) >= DAY_S:
            days = abs(a["at"] - b["at"]) // DAY_S
            rows.append(
                {"reference": reference, "differs": f"received {days} days apart", "one": a, "two": b}
            )
    return rows


def _documents(ledger: Ledger) -> dict[str, dict[str, Any]]:
    with ledger.reading() as connection:
        found = connection.execute(
            select(
                Document.reference, Document.format, Document.giver, Document.received_at, Document.content
            )
        )
        return {
            row.reference: {
                "format": row.format, "giver": row.giver, "received": written_time(row.received_at),
                "content": row.content, "at": row.received_at,
            }
            for row in found
        }  # fmt: skip


def history(ledger: Ledger, item: str, known_at: int = FAR) -> list[dict[str, Any]]:
    """Everything ever received about an identifier, corrected data included, in the order of truth."""
    with ledger.reading() as connection:
        return list(_history(connection, item, known_at))


def _history(connection: Connection, item: str, known_at: int) -> Iterator[dict[str, Any]]:
    rows = connection.execute(text(_HISTORY), {"item": item, "known_at": known_at, "as_of": FAR}).all()
    said = standings(connection, Moment(known_at=known_at))
    for row in rows:
        yield {
            "document": f"{row.reference}:{row.line}", "format": row.format, "giver": row.giver,
            "owner": row.owner, "event": row.event, "category": row.category, "item": row.item,
            "type": row.type, "place": row.place, "to": row.destination, "launcher": row.launcher,
            "status": row.status, "true": written_time(row.true_at),
            "received": written_time(row.received_at),
            "in_force": bool(row.in_force), "corrects": row.corrects,
            "said": said_of(said.get(row.root)), "note": row.note,
        }  # fmt: skip
