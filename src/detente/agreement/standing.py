"""Where a treaty stands on a day: signed, in force, suspended, ended; and what holds by then.

A suspension is a state of its own: one side says that it is not bound, the other that it is, and no answer
is given here. An amendment is a text of its own, and holds from its own entry into force.
"""

from collections.abc import Iterable
from datetime import date
from typing import Protocol, TypeVar

from detente.records.compliance import Standing
from detente.records.errors import InputError, Problem
from detente.records.treaty import Event, Treaty


class Dated(Protocol):
    """A limit or check: since when, until when, set by which amendment, in place of what."""

    @property
    def id(self) -> str: ...
    @property
    def since(self) -> str: ...
    @property
    def until(self) -> str: ...
    @property
    def amendment(self) -> str: ...
    @property
    def replaces(self) -> str: ...


Held = TypeVar("Held", bound=Dated)


def standing(treaty: Treaty, on: date) -> Standing:
    """Where the treaty stands on a day. A treaty ends on the day on which its end takes effect."""
    past = [event for event in treaty.events if event.day <= on]
    if treaty.kind != "treaty":
        return _said(treaty.kind, treaty.begins, f"a mere {treaty.kind} binds nobody", binds=False)
    if not any(event.kind == "signed" for event in past):
        return _said("not signed", None, f"{treaty.name} was not signed by then", binds=False)
    end = ending(treaty, past)
    if end is not None:
        who = f" by {end.party}" if end.party else ""
        text = f"{treaty.name} bound nobody any more: {end.kind}{who} with effect of {end.date}"
        return _said("ended", end.day, text, binds=False)
    entry = _last(past, "in force")
    if entry is None:
        never = treaty.day_of("in force") is None
        word = "never in force" if never else "signed, not in force"
        return _said(
            word,
            treaty.day_of("signed"),
            f"{treaty.name} was signed and {'never' if never else 'not yet'} in force",
            binds=False,
        )
    return _in_force(treaty, past, entry)


def _in_force(treaty: Treaty, past: Iterable[Event], entry: Event) -> Standing:
    stopped, resumed, notice = (_last(past, kind) for kind in ("suspended", "resumed", "notice"))
    if stopped is not None and (resumed is None or resumed.day < stopped.day):
        word = f"suspended by {stopped.party}"
        text = f"{treaty.name}, in force since {entry.date}, was {word} since {stopped.date}"
        return _said(word, stopped.day, text, binds=None)
    if notice is not None:
        text = f"{treaty.name} was in force since {entry.date}; {notice.party} gave notice on {notice.date}"
        return _said("in force, notice given", entry.day, text, binds=True)
    return _said("in force", entry.day, f"{treaty.name} was in force since {entry.date}", binds=True)


def ending(treaty: Treaty, past: Iterable[Event]) -> Event | None:
    """The event that ended the treaty: expiry, another treaty in its place, or too few parties left."""
    for event in sorted(past, key=lambda event: event.date):
        if event.kind in {"expired", "superseded"}:
            return event
    gone = {event.party: event for event in past if event.kind == "withdrawn"}
    if gone and len(set(treaty.party_ids) - set(gone)) < 2:
        return max(gone.values(), key=lambda event: event.date)
    return None


def _last(past: Iterable[Event], kind: str) -> Event | None:
    return max((event for event in past if event.kind == kind), key=lambda event: event.date, default=None)


def _said(word: str, since: date | None, says: str, *, binds: bool | None) -> Standing:
    return Standing(word=word, since=since.isoformat() if since else "", says=says, binds=binds)


def refuse_before(treaty: Treaty, on: date) -> None:
    """Refuse a day before the text was signed or announced. Raises `InputError`."""
    first = treaty.begins
    if first is not None and on < first:
        verb = "signed" if treaty.kind == "treaty" else "announced"
        rule = f"{on.isoformat()} is before {treaty.name}, which was {verb} on {first.isoformat()}"
        raise InputError(Problem(rule, f"name a day from {first.isoformat()} on", key="--on"))


def holding_then(treaty: Treaty, items: Iterable[Held], on: date) -> tuple[Held, ...]:
    """The limits or checks that stand on a day, or will from a later one: nothing that is over, or replaced.

    What an amendment sets stands from its entry into force; what it replaces stands until then.
    """
    standing_by_then = [
        item
        for item in items
        if (not item.until or on <= date.fromisoformat(item.until)) and _amended(treaty, item.amendment, on)
    ]
    replaced = {
        item.replaces for item in standing_by_then if item.replaces and binds_from(treaty, item) <= on
    }
    return tuple(item for item in standing_by_then if item.id not in replaced)


def _amended(treaty: Treaty, amendment: str, on: date) -> bool:
    if not amendment:
        return True
    found = next(entry for entry in treaty.amendments if entry.id == amendment)
    return bool(found.in_force) and date.fromisoformat(found.in_force) <= on


def binds_from(treaty: Treaty, item: Dated) -> date:
    """The day from which it binds: its own, its amendment's, or that of the treaty's entry into force."""
    if item.since:
        return date.fromisoformat(item.since)
    amendment = next((entry for entry in treaty.amendments if entry.id == item.amendment), None)
    if amendment is not None and amendment.in_force:
        return date.fromisoformat(amendment.in_force)
    return treaty.day_of("in force") or date.max
