"""The life of every unique identifier, worked out afresh from the notifications for any pair of times.

`as_of`: what was true by then. `known_at`: what had been received by then, corrections in the place of
what they correct. Four temporary tables, each made by one statement over whole sets:

    event   what says where an item is: notifications in force, in the order of their truth
    life    each event with the state before it, and the time of the next
    step    the same without the events that only confirm a state
    flow    what each step adds to one cell of the balance and takes from another

A missile put into a launcher or taken out makes the launcher deployed or not; those events are implied.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

from detente.records.notification import FAR

_TABLES = ("event", "life", "step", "flow")
_STATE = "type, place, launcher, status"

_EVENT = """
CREATE TEMPORARY TABLE event (fact BIGINT, root BIGINT, turn INTEGER, document BIGINT, owner TEXT,
  category TEXT, item TEXT, format TEXT, event TEXT, stated TEXT, type TEXT, place TEXT, launcher TEXT,
  status TEXT, true_at BIGINT, received_at BIGINT, first_received_at BIGINT)
"""
IN_FORCE = """
f.received_at <= :known_at AND f.true_at <= :as_of AND NOT EXISTS (
    SELECT 1 FROM fact c WHERE c.corrected = f.root AND c.corrected > 0 AND c.received_at <= :known_at
      AND (c.received_at > f.received_at OR (c.received_at = f.received_at AND c.id > f.id)))
"""
"""That a fact f is known and true by the moment, and that no correction known by then takes its place."""
_FILL_EVENT = f"""
INSERT INTO event
SELECT f.id, f.root, 0, f.document_id, f.owner, f.category, f.item, f.format, f.event, f.place, f.type,
  CASE WHEN f.event = 'departed' THEN f.destination ELSE f.place END,
  CASE WHEN f.event = 'deployed' OR f.status = 'deployed' THEN f.launcher ELSE '' END,
  CASE f.event WHEN 'declared' THEN f.status WHEN 'departed' THEN 'in-transit'
    WHEN 'deployed' THEN 'deployed' WHEN 'converted' THEN 'converted'
    WHEN 'eliminated' THEN 'eliminated' ELSE 'nondeployed' END,
  f.true_at, f.received_at, f.first_received_at
FROM fact f
WHERE f.standing = 'declared' AND {IN_FORCE}
  AND f.event IN ('declared', 'produced', 'departed', 'arrived', 'deployed', 'removed', 'converted',
    'eliminated')
"""  # noqa: S608 - our own words
_LIFE = """
CREATE TEMPORARY TABLE life (fact BIGINT, document BIGINT, owner TEXT, category TEXT, item TEXT, format TEXT,
  event TEXT, stated TEXT, type TEXT, place TEXT, launcher TEXT, status TEXT, true_at BIGINT,
  received_at BIGINT, first_received_at BIGINT, listing INTEGER, before_fact BIGINT, before_type TEXT,
  before_place TEXT, before_launcher TEXT, before_status TEXT, until BIGINT)
"""
_FILL_LIFE = """
INSERT INTO life
SELECT fact, document, owner, category, item, format, event, stated, type, place, launcher, status, true_at,
  received_at, first_received_at,
  CASE WHEN event = 'declared' AND format IN ('initial', 'update') THEN 1 ELSE 0 END,
  COALESCE(LAG(fact) OVER w, 0), COALESCE(LAG(type) OVER w, ''), COALESCE(LAG(place) OVER w, ''),
  COALESCE(LAG(launcher) OVER w, ''), COALESCE(LAG(status) OVER w, ''), COALESCE(LEAD(true_at) OVER w, :far)
FROM event WHERE {which}
WINDOW w AS (PARTITION BY owner, category, item ORDER BY true_at, turn, root, fact)
"""
_IMPLIED = """
INSERT INTO event
WITH known AS (
  SELECT owner, item, MIN(type) AS type FROM event WHERE category = 'launcher' GROUP BY owner, item)
SELECT m.fact, m.fact, 0, m.document, m.owner, 'launcher', m.before_launcher, m.format, 'implied',
  m.before_place, known.type, m.before_place, '', 'nondeployed', m.true_at, m.received_at, m.first_received_at
FROM life m JOIN known ON known.owner = m.owner AND known.item = m.before_launcher
WHERE m.category = 'missile' AND m.before_launcher <> '' AND m.before_launcher <> m.launcher AND m.listing = 0
UNION ALL
SELECT m.fact, m.fact, 1, m.document, m.owner, 'launcher', m.launcher, m.format, 'implied',
  m.place, known.type, m.place, '', 'deployed', m.true_at, m.received_at, m.first_received_at
FROM life m JOIN known ON known.owner = m.owner AND known.item = m.launcher
WHERE m.category = 'missile' AND m.launcher <> '' AND m.before_launcher <> m.launcher AND m.listing = 0
"""
_STEP = """
CREATE TEMPORARY TABLE step (fact BIGINT, document BIGINT, owner TEXT, category TEXT, item TEXT, format TEXT,
  event TEXT, stated TEXT, type TEXT, place TEXT, launcher TEXT, status TEXT, true_at BIGINT,
  received_at BIGINT, listing INTEGER, before_fact BIGINT, before_type TEXT, before_place TEXT,
  before_launcher TEXT, before_status TEXT, until BIGINT, until_fact BIGINT)
"""
_FILL_STEP = """
INSERT INTO step
SELECT fact, document, owner, category, item, format, event, stated, type, place, launcher, status, true_at,
  received_at, listing, before_fact, before_type, before_place, before_launcher, before_status,
  COALESCE(LEAD(true_at) OVER w, :far), COALESCE(LEAD(fact) OVER w, 0)
FROM life
WHERE NOT (event = 'declared' AND before_status = status AND before_launcher = launcher
  AND (before_place = place OR (status = 'in-transit' AND place = '')))
WINDOW w AS (PARTITION BY owner, category, item ORDER BY true_at, until, fact)
"""
_FLOW = """
CREATE TEMPORARY TABLE flow (owner TEXT, category TEXT, type TEXT, place TEXT, status TEXT, change INTEGER,
  true_at BIGINT, received_at BIGINT, fact BIGINT)
"""
_FILL_FLOW = """
INSERT INTO flow
SELECT owner, category, type, CASE status WHEN 'in-transit' THEN '' ELSE place END, status, 1,
  true_at, received_at, fact
FROM step WHERE listing = 0 AND status IN ('nondeployed', 'deployed', 'in-transit')
UNION ALL
SELECT owner, category, before_type, CASE before_status WHEN 'in-transit' THEN '' ELSE before_place END,
  before_status, -1, true_at, received_at, fact
FROM step WHERE listing = 0 AND before_status IN ('nondeployed', 'deployed', 'in-transit')
"""
_INDEXES = (
    "CREATE INDEX temporary_step_item ON step (item, owner)",
    "CREATE INDEX temporary_step_launcher ON step (launcher, owner) WHERE launcher <> ''",
    "CREATE INDEX temporary_flow_cell ON flow (place, type, status, true_at)",
)


@dataclass(frozen=True, slots=True)
class Moment:
    """The two times of a question [s, GMT]: what was true by `as_of`, as received by `known_at`."""

    as_of: int = FAR
    known_at: int = FAR

    def bound(self) -> dict[str, int]:
        """The times as the parameters of a statement."""
        return {"as_of": self.as_of, "known_at": self.known_at, "far": FAR}


def make_lives(connection: Connection, moment: Moment) -> None:
    """Make the tables `event` and `life` for a moment; earlier ones of the connection are replaced."""
    for table in _TABLES:
        connection.execute(text(f"DROP TABLE IF EXISTS {table}"))
    connection.execute(text(_EVENT))
    connection.execute(text(_LIFE))
    connection.execute(text(_FILL_EVENT), moment.bound())
    connection.execute(text(_FILL_LIFE.format(which="category <> 'launcher'")), {"far": FAR})
    connection.execute(text(_IMPLIED))
    connection.execute(text(_FILL_LIFE.format(which="category = 'launcher'")), {"far": FAR})


def make_steps(connection: Connection) -> None:
    """Make the tables `step` and `flow` from `life`."""
    connection.execute(text(_STEP))
    connection.execute(text(_FLOW))
    connection.execute(text(_FILL_STEP), {"far": FAR})
    connection.execute(text(_FILL_FLOW))
    for index in _INDEXES:
        connection.execute(text(index))
    if connection.dialect.name == "postgresql":
        for table in ("life", "step", "flow"):
            connection.execute(text(f"ANALYZE {table}"))


_CHOSEN = """
WHERE l.until = :far AND (:owner = '' OR l.owner = :owner)
  AND (:category = '' OR l.category = :category) AND (:type = '' OR l.type = :type)
  AND (:place = '' OR l.place = :place) AND (:item = '' OR l.item = :item)
"""
_STATES = f"""
SELECT l.owner, l.category, l.item, l.type, l.status, l.place, l.launcher, l.true_at, d.reference, f.line,
  f.root
FROM life l JOIN fact f ON f.id = l.fact JOIN document d ON d.id = l.document {_CHOSEN}
ORDER BY l.owner, l.category, l.type, l.item
"""  # noqa: S608 - our own words
_CELLS = f"""
SELECT l.owner, l.category, l.type, CASE l.status WHEN 'in-transit' THEN '' ELSE l.place END AS place,
  l.status, COUNT(*) AS items
FROM life l {_CHOSEN} AND l.status NOT IN ('converted', 'eliminated')
GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5
"""  # noqa: S608 - our own words
_OPEN = f"""
SELECT f.regarding, f.giver, f.event FROM fact f
WHERE f.event IN ('disputed', 'accepted') AND f.regarding > 0 AND {IN_FORCE}
ORDER BY f.received_at, f.id
"""  # noqa: S608 - our own words


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which items a question is about; an empty text stands for all."""

    owner: str = ""
    category: str = ""
    type: str = ""
    place: str = ""
    item: str = ""

    def bound(self) -> dict[str, str | int]:
        """The choice as the parameters of a statement."""
        chosen: dict[str, str | int] = {name: getattr(self, name) for name in self.__slots__}
        return chosen | {"far": FAR}


@dataclass(frozen=True, slots=True)
class ItemState:
    """Where an item is, in which status, since when, which datum says so, and what the parties say of it."""

    owner: str
    category: str
    item: str
    type: str
    status: str
    place: str
    launcher: str
    since: int
    document: str
    said: str


@dataclass(frozen=True, slots=True)
class Cell:
    """How many of a type stand at a place in a status."""

    owner: str
    category: str
    type: str
    place: str
    status: str
    items: int


def standings(connection: Connection, moment: Moment) -> dict[int, dict[str, str]]:
    """What each party last said of each datum it spoke of: disputed or accepted, by the root of the datum."""
    found: dict[int, dict[str, str]] = {}
    for root, giver, said in connection.execute(text(_OPEN), moment.bound()):
        found.setdefault(root, {})[giver] = said
    return found


def said_of(statements: dict[str, str] | None) -> str:
    """One word for what was said of a datum: inclusion of data does not constitute agreement."""
    if not statements:
        return "open"
    return "disputed" if "disputed" in statements.values() else "accepted"


def states(connection: Connection, moment: Moment, wanted: Wanted | None = None) -> Iterator[ItemState]:
    """Every item that a ledger knows by `known_at`, as it was by `as_of`; ended ones too."""
    make_lives(connection, moment)
    statements = standings(connection, moment)
    chosen = (wanted or Wanted()).bound()
    for row in connection.execute(text(_STATES).execution_options(yield_per=5000), chosen):
        named = f"{row.reference}:{row.line}"
        told: Any = (*tuple(row)[:8], named, said_of(statements.get(row.root)))
        yield ItemState(*told)


def cells(connection: Connection, moment: Moment, wanted: Wanted | None = None) -> list[Cell]:
    """How many items stand in each cell: type, place and status; items in transit have no place."""
    make_lives(connection, moment)
    return [Cell(*row) for row in connection.execute(text(_CELLS), (wanted or Wanted()).bound())]
