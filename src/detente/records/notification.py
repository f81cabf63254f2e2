"""What a party notifies: the formats, the events of an identifier's life, and the facts of one document.

The formats follow the Protocol to New START, Part Four; times are in Greenwich Mean Time, as its
Section I, paragraph 2, asks. A fact has two times: when it was true, and when it was received.
"""

import calendar
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from .errors import Problem, did_you_mean, refusal

DAY_S = 86_400
FAR = calendar.timegm((9999, 12, 31, 23, 59, 59))
"""The last second that a ledger knows: as of no date in particular."""

CATEGORIES = ("missile", "launcher", "bomber", "warheads")
LIVE = ("nondeployed", "deployed", "in-transit")
ENDED = ("converted", "eliminated")
STATUSES = LIVE + ENDED


class Format(NamedTuple):
    """A kind of notification: what it is for, its deadline in days, where the treaty asks for it."""

    meaning: str
    standing: str
    deadline_d: int | None
    article: str


FORMATS: Mapping[str, Format] = {
    "initial": Format(
        "data current as of entry into force, every category", "declared", 45, "Part Four, II(1)"
    ),
    "update": Format("data of every category after a six-month period", "declared", 30, "Part Four, II(2)"),
    "change": Format(
        "a change in data: production, loss, change of status", "declared", 5, "Part Four, II(3)"
    ),
    "movement": Format("departure and arrival of an item", "declared", 5, "Part Four, III"),
    "deployment": Format("an item placed in a launcher or taken from it", "declared", 5, "Part Four, II(3)"),
    "conversion-elimination": Format(
        "a conversion or elimination carried out", "declared", 5, "Part Four, IV"
    ),
    "new-type": Format("a new type or a new kind", "declared", 5, "Part Four, VII"),
    "inspection": Format("what was briefed, found and read at an inspection", "inspected", None, "Part Five"),
    "correction": Format("an earlier datum said anew, or withdrawn", "declared", None, ""),
    "statement": Format("a datum disputed or accepted", "stated", None, ""),
    "assessment": Format("what one party thinks the other holds", "assessed", None, ""),
    "agreed": Format("what both parties hold to be so", "agreed", None, ""),
    "count": Format("what counts under a rule that the note names", "counted", None, ""),
}
"""Every kind of notification. The last four are ours: they keep apart what must never merge."""


class Event(NamedTuple):
    """What a fact says: what it needs, and the status in which it leaves the item."""

    meaning: str
    needs: tuple[str, ...]
    leaves: str = ""


_ITEM = ("category", "item", "type")
_CELL = ("category", "type", "status", "count")
EVENTS: Mapping[str, Event] = {
    "declared": Event("the item is there, in this status", (*_ITEM, "status")),
    "produced": Event("the item left production", (*_ITEM, "place"), "nondeployed"),
    "departed": Event("the item left a place for another", (*_ITEM, "place", "to"), "in-transit"),
    "arrived": Event("the item reached a place", (*_ITEM, "place"), "nondeployed"),
    "deployed": Event(
        "the item was placed in a launcher, or a bomber deployed", (*_ITEM, "place"), "deployed"
    ),
    "removed": Event("the item was taken out of its launcher", (*_ITEM, "place"), "nondeployed"),
    "converted": Event("the item was converted", _ITEM, "converted"),
    "eliminated": Event("the item was eliminated, expended or lost", _ITEM, "eliminated"),
    "total": Event("so many of a type, at a place, in a status", _CELL),
    "warheads": Event(
        "so many warheads on the deployed items of a type at a place", ("type", "place", "count")
    ),
    "new-type": Event("a type is declared", ("category", "type")),
    "briefed": Event("the inspected party said so many before the inspection", _CELL),
    "found": Event("the inspectors counted so many", _CELL),
    "seen": Event("the inspectors read this identifier at this place", (*_ITEM, "place")),
    "disputed": Event("the giver disputes a datum", ("about",)),
    "accepted": Event("the giver accepts a datum", ("about",)),
    "withdrawn": Event("the datum named under corrects is taken back", ("corrects",)),
}
LIFE = tuple(name for name, event in EVENTS.items() if event.leaves or name == "declared")
"""The events that say where an item is and in which status."""

_INSPECTED = {"briefed", "found", "seen"}
_STATED = {"disputed", "accepted"}
_END_OF_DAY = {"declared", "total", "warheads", "briefed", "found", "seen"}
# The first character is never one that a spreadsheet takes for the beginning of a formula.
_NAME = re.compile(r"[^\s,;\"'=+@\x00-\x1f\x7f-](?:[^,;\"\x00-\x1f\x7f]{0,118}[^\s,;\"\x00-\x1f\x7f])?")
_NOTE = re.compile(r"(?:[^=+@\x00-\x1f\x7f-][^\x00-\x1f\x7f]{0,1999})?")
_TIME = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2}))?(?:Z|\+00:00)?)?", re.ASCII)
_ADDRESS = re.compile(r"(.+):([1-9][0-9]{0,8})", re.ASCII)


class Fact(NamedTuple):
    """One datum of a document: what, of whom, where, and when it was true [s since 1970, GMT]."""

    event: str
    owner: str
    true_at: int
    category: str = ""
    item: str = ""
    type: str = ""
    place: str = ""
    to: str = ""
    launcher: str = ""
    status: str = ""
    count: int | None = None  # type: ignore[assignment] # nobody counts the fields of a fact
    corrects: str = ""
    about: str = ""
    note: str = ""


class Header(NamedTuple):
    """The head of a document: its reference, format, giver, and when it was received [s, GMT]."""

    reference: str
    format: str
    giver: str
    received_at: int


class Row(NamedTuple):
    """One fact under its head, and the row of the file it stands in (0 where there is none)."""

    header: Header
    fact: Fact
    row: int = 0


@dataclass(frozen=True, slots=True)
class Notification:
    """One document: a head and its facts, in order."""

    header: Header
    facts: tuple[Fact, ...]

    def rows(self) -> Iterator[Row]:
        """The facts one by one, each under the head."""
        return (Row(self.header, fact) for fact in self.facts)


@lru_cache(maxsize=65_536)
def start_of(written: str) -> int:
    """Seconds since 1970 (GMT) of a time; a bare date is the first second of its day."""
    return _seconds(written, 0)


@lru_cache(maxsize=65_536)
def end_of(written: str) -> int:
    """Seconds since 1970 (GMT) of a time; a bare date is the last second of its day."""
    return _seconds(written, DAY_S - 1)


def _seconds(written: str, of_a_date: int) -> int:
    ways = "write 2012-03-01 or 2012-03-01T14:05 in Greenwich Mean Time"
    found = _TIME.fullmatch(written.strip())
    if not found:
        raise refusal(f'"{written}" is not a date or a time' if written else "a date is missing", ways)
    try:
        day = calendar.timegm(date.fromisoformat(found[1]).timetuple())
    except ValueError:
        raise refusal(f'"{written}" is not a day of the calendar', ways) from None
    if found[2] is None:
        return day + of_a_date
    hour, minute, second = int(found[2]), int(found[3]), int(found[4] or 0)
    if hour > 23 or minute > 59 or second > 59:
        raise refusal(f'"{written}" is not a time of day', ways)
    return day + 3600 * hour + 60 * minute + second


@lru_cache(maxsize=65_536)
def written_time(seconds: int) -> str:
    """A time as files write it: the bare date for the first and last second of a day."""
    if seconds >= FAR:
        return ""
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    if seconds % DAY_S in {0, DAY_S - 1}:
        return moment.date().isoformat()
    return moment.strftime("%Y-%m-%dT%H:%M" + (":%S" if seconds % 60 else ""))


def true_time(event: str, written: str) -> int:
    """When a fact was true: data hold at the end of a bare date, events begin it."""
    return end_of(written) if event in _END_OF_DAY else start_of(written)


def address(written: str) -> tuple[str, int]:
    """Reference and line of a datum written REFERENCE:LINE. Raises `RefusalError`."""
    found = _ADDRESS.fullmatch(written)
    if not found:
        raise refusal(f'"{written}" names no datum', "write REFERENCE:LINE, such as A-2012-0007:1")
    return found[1], int(found[2])


def check_name(name: str, what: str) -> list[Problem]:
    """What is wrong with a name of a party, an item or a place; empty where nothing is."""
    if _NAME.fullmatch(name):
        return []
    way_out = "use one short line that begins with a letter or a digit, without commas or quotation marks"
    return [Problem(f"{name!a} is no name for {what}", way_out)]


def check_header(header: Header, parties: tuple[str, ...]) -> list[Problem]:
    """What is wrong with a head; empty where nothing is."""
    problems = []
    if not _NAME.fullmatch(header.reference):
        rule = "the reference is missing" if not header.reference else "the reference is not one short line"
        problems.append(Problem(rule, "give each document a reference of its own", key="reference"))
    if header.format not in FORMATS:
        rule = f'there is no format "{header.format}"' if header.format else "the format is missing"
        problems.append(Problem(rule, did_you_mean(header.format, FORMATS), key="format"))
    if header.giver not in parties:
        rule = f'"{header.giver}" is no party to this ledger' if header.giver else "the giver is missing"
        problems.append(Problem(rule, did_you_mean(header.giver, parties), key="giver"))
    return problems


def check_fact(header: Header, fact: Fact, parties: tuple[str, ...]) -> list[Problem]:
    """What is wrong with a fact as such; empty where nothing is.

    A fault that the treaty names (a deployment without a launcher, a late notification) is no error
    here: it is recorded, and reconciliation finds it.
    """
    known = EVENTS.get(fact.event)
    if known is None:
        rule = f'there is no event "{fact.event}"' if fact.event else "the event is missing"
        return [Problem(rule, did_you_mean(fact.event, EVENTS), key="event")]
    problems = [
        Problem(f'"{fact.event}" needs {name}', f"fill in {name}", key=name)
        for name in known.needs
        if getattr(fact, name) in ("", None)
    ]
    if fact.owner not in parties:
        rule = f'"{fact.owner}" is no party to this ledger' if fact.owner else "the owner is missing"
        problems.append(Problem(rule, did_you_mean(fact.owner, parties), key="owner"))
    if fact.category and fact.category not in CATEGORIES:
        rule, way = f'there is no category "{fact.category}"', did_you_mean(fact.category, CATEGORIES)
        problems.append(Problem(rule, way, key="category"))
    if fact.status and fact.status not in STATUSES:
        rule, way = f'there is no status "{fact.status}"', did_you_mean(fact.status, STATUSES)
        problems.append(Problem(rule, way, key="status"))
    if fact.count is not None and not 0 <= fact.count < 10**9:
        problems.append(Problem(f"{fact.count} is not a number of items", "write 0 or more", key="count"))
    for name in ("item", "type", "place", "to", "launcher"):
        value = getattr(fact, name)
        if value:
            problems += (Problem(p.rule, p.way_out, key=name) for p in check_name(value, name))
    if not _NOTE.fullmatch(fact.note):
        rule = "the note is not one line of at most 2,000 characters, or begins like a formula"
        problems.append(Problem(rule, "begin with a word, and leave out line ends", key="note"))
    return problems + _who_may_say(header, fact) + _addresses(header, fact)


def _who_may_say(header: Header, fact: Fact) -> list[Problem]:
    given = FORMATS.get(header.format)
    if given is None:
        return []
    standing = given.standing
    if (fact.event in _INSPECTED) != (standing == "inspected") and header.format != "correction":
        way = "use the format inspection for briefed, found and seen, and for nothing else"
        return [Problem(f'"{fact.event}" does not belong in the format "{header.format}"', way, key="event")]
    if (fact.event in _STATED) != (standing == "stated"):
        way = "use the format statement for disputed and accepted, and for nothing else"
        return [Problem(f'"{fact.event}" does not belong in the format "{header.format}"', way, key="event")]
    if standing == "declared" and header.format != "correction" and fact.owner != header.giver:
        rule = f"{header.giver} cannot declare what {fact.owner} holds"
        way = "a party notifies its own arms; use the format assessment for what it thinks of the other's"
        return [Problem(rule, way, key="owner")]
    if standing == "assessed" and fact.owner == header.giver:
        rule = f"{header.giver} assesses its own arms"
        return [Problem(rule, "declare them: use the format that belongs to the event", key="owner")]
    return []


def _addresses(header: Header, fact: Fact) -> list[Problem]:
    problems = []
    for name in ("corrects", "about"):
        written = getattr(fact, name)
        if written and not _ADDRESS.fullmatch(written):
            rule = f'"{written}" names no datum'
            problems.append(Problem(rule, "write REFERENCE:LINE, such as A-2012-0007:1", key=name))
    if (header.format == "correction") != bool(fact.corrects):
        rule = (
            f'only the format "correction" corrects, and this is "{header.format}"'
            if fact.corrects
            else "a correction must name the datum it corrects"
        )
        problems.append(Problem(rule, 'use the format "correction" and fill in corrects', key="corrects"))
    return problems
