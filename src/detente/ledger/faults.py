"""The faults that single identifiers and single documents show, each one question to the database.

The tables `life`, `step` and `exchange` are made before (identifiers.py, balance.py). A finding says what
does not agree; it never says why. Source of the rules: Protocol to New START, Part Four.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, text

from detente.records.discrepancy import Fault
from detente.records.notification import DAY_S, FAR, FORMATS, written_time

from .identifiers import IN_FORCE, Moment

TRANSIT_DAYS = 30
"""The longest transit, in days; a parameter of `reconcile`."""
NOTICE_DAYS = 5

_ENDED = "('converted', 'eliminated')"
_REST = "('nondeployed', 'deployed')"

TWO_PLACES = """
event <> 'implied' AND before_status IN ('nondeployed', 'deployed', 'in-transit') AND (
  (stated <> '' AND before_place <> '' AND stated <> before_place
     AND NOT (event = 'declared' AND status = 'in-transit'))
  OR (status = 'deployed' AND before_status = 'deployed' AND launcher <> '' AND before_launcher <> ''
     AND launcher <> before_launcher)
  OR event = 'produced')
"""
"""An event that presupposes another place, or another launcher, than the one the item was last in."""

RESURRECTION = f"""
event <> 'implied' AND ((before_status = 'eliminated' AND status <> 'eliminated')
  OR (before_status = 'converted' AND status NOT IN {_ENDED}))
"""

_MISSING = f"""
SELECT l.*, x.true_at AS at, x.document AS exchange_document FROM life l
JOIN exchange x ON x.owner = l.owner AND x.category = l.category AND x.listed = 1
  AND x.true_at = (SELECT MIN(n.true_at) FROM exchange n WHERE n.owner = l.owner AND n.category = l.category
                   AND n.listed = 1 AND n.true_at > l.true_at)
WHERE l.status IN {_REST} AND l.until > x.true_at
"""  # noqa: S608 - our own words


@dataclass(frozen=True, slots=True)
class Found:
    """A finding before its data have their names: facts and documents by number."""

    kind: Fault
    owner: str
    at: int
    says: str
    category: str = ""
    item: str = ""
    type: str = ""
    place: str = ""
    status: str = ""
    residual: int | None = None
    facts: tuple[int, ...] = ()
    documents: tuple[int, ...] = ()
    explains: tuple[tuple[str, str, str, int, int], ...] = field(default=())
    """What of the balance it explains: type, place, status, change, from which exchange on (its time)."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about a ledger: the moment, the last time of which it knows, and the longest transit."""

    moment: Moment
    horizon: int
    transit_d: int

    def bound(self) -> dict[str, Any]:
        """Everything as the parameters of a statement."""
        return self.moment.bound() | {"horizon": self.horizon, "transit_d": self.transit_d}


def find_faults(connection: Connection, asked: Asked) -> Iterator[Found]:
    """Every fault of identifiers and documents, kind by kind."""
    for question in (
        _two_places, _transits, _resurrections, _without_launcher, _late, _warheads, _missing, _sightings,
    ):  # fmt: skip
        yield from question(connection, asked)


def _rows(connection: Connection, statement: str, asked: Asked) -> Iterator[Any]:
    wanted = asked.bound()
    used = {name: value for name, value in wanted.items() if f":{name}" in statement}
    yield from connection.execute(text(statement).execution_options(yield_per=1000), used)


def _cell(place: str, status: str) -> str:
    return "" if status == "in-transit" else place


def _item(row: Any) -> dict[str, Any]:
    return {
        "owner": row.owner, "category": row.category, "item": row.item, "type": row.type, "place": row.place,
        "status": row.status,
    }  # fmt: skip


def _two_places(connection: Connection, asked: Asked) -> Iterator[Found]:
    statement = f"SELECT * FROM life WHERE {TWO_PLACES} ORDER BY fact"  # noqa: S608 - our own words
    for row in _rows(connection, statement, asked):
        moved: tuple[tuple[str, str, str, int, int], ...] = ()
        if row.listing:
            before = (row.before_type, _cell(row.before_place, row.before_status), row.before_status)
            after = (row.type, _cell(row.place, row.status), row.status)
            moved = ((*before, -1, row.true_at), (*after, 1, row.true_at))
        if row.event == "produced":
            says = f"{row.item} is notified as produced, and was {row.before_status} at {row.before_place}"
        elif row.stated == row.before_place or not row.stated:
            says = f"{row.item} is deployed in {row.launcher} and was last in {row.before_launcher}"
        elif row.before_status == "in-transit":
            says = f"{row.item} is placed at {row.stated} and was on its way to {row.before_place}"
        else:
            says = (
                f"{row.item} is placed at {row.stated} and was at {row.before_place}; no departure notified"
            )
        yield Found(
            "two-places",
            at=row.true_at,
            says=says,
            facts=(row.before_fact, row.fact),
            explains=moved,
            **_item(row),
        )


def _transits(connection: Connection, asked: Asked) -> Iterator[Found]:
    days = f"CASE WHEN s.until = {FAR} THEN :horizon ELSE s.until END / {DAY_S} - s.true_at / {DAY_S}"
    statement = f"""
    SELECT s.*, {days} AS days FROM step s
    WHERE s.status = 'in-transit' AND {days} > :transit_d ORDER BY s.fact
    """  # noqa: S608 - numbers of our own
    for row in _rows(connection, statement, asked):
        end = "and has not ended" if row.until == FAR else f"until {written_time(row.until)}"
        says = (
            f"{row.item} was in transit from {written_time(row.true_at)} {end}: {row.days} days, "
            f"allowed {asked.transit_d}"
        )
        facts = (row.fact, row.until_fact) if row.until_fact else (row.fact,)
        yield Found("transit-too-long", at=row.true_at, says=says, facts=facts, **_item(row))


def _resurrections(connection: Connection, asked: Asked) -> Iterator[Found]:
    statement = f"SELECT * FROM life WHERE {RESURRECTION} ORDER BY fact"  # noqa: S608 - our own words
    for row in _rows(connection, statement, asked):
        back: tuple[tuple[str, str, str, int, int], ...] = ()
        if row.listing:
            back = ((row.type, _cell(row.place, row.status), row.status, 1, row.true_at),)
        says = f"{row.item} was {row.before_status} and is {row.status} again at {row.place}"
        facts = (row.before_fact, row.fact)
        yield Found("resurrection", at=row.true_at, says=says, facts=facts, explains=back, **_item(row))


def _without_launcher(connection: Connection, asked: Asked) -> Iterator[Found]:
    held = f"""
    o.launcher = s.launcher AND o.launcher <> '' AND o.owner = s.owner
    AND o.category = 'missile' AND o.item <> s.item
    AND o.true_at <= s.true_at AND o.until / {DAY_S} > s.true_at / {DAY_S}
    AND (o.true_at < s.true_at OR o.fact < s.fact)
    """
    owns = f"""
    FROM step w WHERE w.item = s.launcher AND w.owner = s.owner AND w.category = 'launcher'
    AND w.fact <> s.fact
    AND w.true_at / {DAY_S} <= s.true_at / {DAY_S}
    """
    there = f"{owns} AND (w.until > s.true_at OR w.until_fact = s.fact)"
    statement = f"""
    SELECT * FROM (SELECT s.*,
      CASE WHEN s.launcher = '' THEN 'none'
        WHEN NOT EXISTS (SELECT 1 {owns}) THEN 'unknown'
        WHEN EXISTS (SELECT 1 {there} AND w.status IN {_ENDED}) THEN 'ended'
        WHEN EXISTS (SELECT 1 {there} AND w.place <> '' AND w.place <> s.place) THEN 'elsewhere'
        WHEN EXISTS (SELECT 1 FROM step o WHERE {held}) THEN 'held' ELSE '' END AS why,
      COALESCE((SELECT MAX(o.fact) FROM step o WHERE {held}), (SELECT MAX(w.fact) {owns}), 0) AS other
    FROM step s WHERE s.category = 'missile' AND s.status = 'deployed'
      AND (s.before_status <> 'deployed' OR s.before_launcher <> s.launcher)) AS looked
    WHERE why <> '' ORDER BY fact
    """  # noqa: S608 - our own words
    why = {
        "none": "no launcher is named",
        "unknown": "no such launcher was ever declared",
        "ended": "that launcher was converted or eliminated",
        "elsewhere": "that launcher stands at another place",
        "held": "that launcher holds another missile",
    }
    for row in _rows(connection, statement, asked):
        named = f" in {row.launcher}" if row.launcher else ""
        says = f"{row.item} is deployed at {row.place}{named}, and {why[row.why]}"
        facts = (row.fact, row.other) if row.other else (row.fact,)
        yield Found("deployed-without-launcher", at=row.true_at, says=says, facts=facts, **_item(row))
    emptied = f"""
    SELECT w.*, o.fact AS other, o.item AS missile FROM step w
    JOIN step o ON o.launcher = w.item AND o.owner = w.owner AND o.category = 'missile' AND o.launcher <> ''
      AND o.true_at <= w.true_at AND o.until / {DAY_S} > w.true_at / {DAY_S}
    WHERE w.category = 'launcher' AND w.event IN {_ENDED} ORDER BY w.fact
    """  # noqa: S608 - our own words
    for row in _rows(connection, emptied, asked):
        says = f"launcher {row.item} is {row.status}, and {row.missile} was last deployed in it"
        facts = (row.other, row.fact)
        yield Found("deployed-without-launcher", at=row.true_at, says=says, facts=facts, **_item(row))


def _late(connection: Connection, asked: Asked) -> Iterator[Found]:
    days = " ".join(
        f"WHEN '{name}' THEN {form.deadline_d}"
        for name, form in FORMATS.items()
        if form.deadline_d is not None
    )
    statement = f"""
    SELECT r.document_id AS document, f.owner, f.format, MIN(f.true_at) AS true_at,
      MAX(f.first_received_at) AS received_at, MIN(f.id) AS fact, COUNT(*) AS facts,
      MAX(f.category) AS category, MAX(f.item) AS item, MAX(f.type) AS type,
      MAX(f.place) AS place, MAX(f.status) AS status
    FROM fact f JOIN fact r ON r.id = f.root
    WHERE f.standing = 'declared' AND f.event <> 'withdrawn'
      AND f.first_received_at / {DAY_S} - f.true_at / {DAY_S} > CASE f.format {days} ELSE 1000000 END
      AND {IN_FORCE}
    GROUP BY r.document_id, f.owner, f.format ORDER BY r.document_id
    """  # noqa: S608 - our own words
    for row in _rows(connection, statement, asked):
        passed = row.received_at // DAY_S - row.true_at // DAY_S
        allowed = FORMATS[row.format].deadline_d
        says = (
            f"what was true on {written_time(row.true_at)} was notified on {written_time(row.received_at)}: "
            f"{passed} days, allowed {allowed}"
        )
        one = row.facts == 1
        yield Found(
            "late-notification", row.owner, row.true_at, says, row.category if one else "",
            row.item if one else "", row.type if one else "",
            row.place if one else "", row.status if one else "",
            facts=(row.fact,), documents=(row.document,),
        )  # fmt: skip


def _warheads(connection: Connection, asked: Asked) -> Iterator[Found]:
    statement = f"""
    SELECT f.id AS fact, f.owner, f.category, f.item, f.type, f.place, f.status, f.true_at, f.quantity,
      f.format
    FROM fact f WHERE f.standing = 'declared' AND f.event <> 'withdrawn'
      AND f.format NOT IN ('initial', 'update') AND {IN_FORCE}
      AND (f.event = 'warheads' OR (f.category = 'warheads' AND f.event = 'total')) ORDER BY f.id
    """  # noqa: S608 - our own words
    for row in _rows(connection, statement, asked):
        says = (
            f"{row.quantity} warheads on {row.type} at {row.place} are notified in a document of the format "
            f'"{row.format}"; warhead data change in the six-monthly update alone'
        )
        yield Found("warheads-outside-update", at=row.true_at, says=says, facts=(row.fact,), **_item(row))


def _missing(connection: Connection, asked: Asked) -> Iterator[Found]:
    for row in _rows(connection, f"{_MISSING} ORDER BY l.fact", asked):
        gone = (row.type, row.place, row.status)
        explained = [(*gone, -1, row.at)]
        if row.until < FAR:
            explained.append((*gone, 1, row.until))
        says = (
            f"{row.item} was last {row.status} at {row.place}, the data of {written_time(row.at)} do not "
            "list it, and no elimination was notified"
        )
        yield Found(
            "elimination-not-notified", at=row.at, says=says, facts=(row.fact,),
            documents=(row.exchange_document,), explains=tuple(explained), **_item(row),
        )  # fmt: skip


def _sightings(connection: Connection, asked: Asked) -> Iterator[Found]:
    """What inspectors read from an item, against where it was notified to be on any moment of that day."""
    mine = "FROM step s WHERE s.item = f.item AND s.owner = f.owner AND s.category = f.category"
    first, last = f"f.true_at / {DAY_S} * {DAY_S}", f"(f.true_at / {DAY_S} * {DAY_S} + {DAY_S - 1})"
    that_day = f"{mine} AND s.true_at <= {last} AND s.until >= {first}"
    statement = f"""
    SELECT * FROM (SELECT f.id AS fact, f.owner, f.category, f.item, f.type, f.place, f.status, f.true_at,
      CASE WHEN f.status = 'eliminated' THEN
          CASE WHEN EXISTS (SELECT 1 {mine} AND s.status = 'eliminated' AND s.true_at <= {last} + :notice)
            OR :horizon < f.true_at + :notice THEN '' ELSE 'elimination-not-notified' END
        WHEN NOT EXISTS (SELECT 1 {mine} AND s.true_at <= {last}) THEN 'unknown'
        WHEN EXISTS (SELECT 1 {that_day} AND s.status NOT IN {_ENDED} AND (s.place = f.place
            OR (s.status = 'in-transit' AND s.before_place = f.place))) THEN ''
        WHEN EXISTS (SELECT 1 {that_day} AND s.status IN {_ENDED}) THEN 'resurrection'
        ELSE 'two-places' END AS kind,
      COALESCE((SELECT MAX(s.fact) {mine} AND s.true_at <= {last}), 0) AS other
    FROM fact f WHERE f.event = 'seen' AND {IN_FORCE}) AS looked WHERE kind <> '' ORDER BY fact
    """  # noqa: S608 - our own words
    tell: dict[str, Callable[[Any], str]] = {
        "unknown": lambda row: f"{row.item} was read at {row.place}, and no notification knows it",
        "resurrection": lambda row: f"{row.item} was read at {row.place} after its notified end",
        "two-places": lambda row: (
            f"{row.item} was read at {row.place}, and was notified to be elsewhere that day"
        ),
        "elimination-not-notified": lambda row: (
            f"{row.item} was shown as eliminated at {row.place}, and no elimination was notified in five days"
        ),
    }
    kinds: dict[str, Fault] = {
        "unknown": "bases-disagree", "resurrection": "resurrection", "two-places": "two-places",
        "elimination-not-notified": "elimination-not-notified",
    }  # fmt: skip
    bound = asked.bound() | {"notice": NOTICE_DAYS * DAY_S}
    used = {name: value for name, value in bound.items() if f":{name}" in statement}
    for row in connection.execute(text(statement), used):
        facts = (row.other, row.fact) if row.other else (row.fact,)
        yield Found(kinds[row.kind], at=row.true_at, says=tell[row.kind](row), facts=facts, **_item(row))
