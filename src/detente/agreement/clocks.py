"""What falls due when: phases, notices, exchanges of data, first inspections, expiry, in calendar months.

A span in months or years ends on the same day of the month; where that month is shorter, on its last day: a
notice of 31 August takes effect after six months on the last day of February. What comes again and again is
counted from the first day each time, so that a short month shifts nothing after it. A span in days is counted
in days. Six months are not 183 days.
"""

from collections.abc import Iterator
from datetime import date

from dateutil.relativedelta import relativedelta

from detente.records.calendar import length_of
from detente.records.due import Clocks, Due
from detente.records.errors import InputError, Problem
from detente.records.treaty import Clock, Event, Treaty

from .standing import ending, refuse_before, standing

LAST_TURNS = 60
"""So many turns are listed of what comes again without end."""


def after(start: date, span: str, times: int = 1) -> date:
    """The day that lies a span of days, calendar months or years after a day, so many times."""
    length = length_of(span)
    number = length.number * times
    if length.unit == "day":
        return start + relativedelta(days=number)
    return start + (relativedelta(months=number) if length.unit == "month" else relativedelta(years=number))


def clocks(treaty: Treaty, on: date | None = None, notice: date | None = None) -> Clocks:
    """Every day that the treaty sets, in order. With `notice`, as if a notice were given on that day.

    What a suspension or the end of the treaty overtook is listed and says so. Raises `InputError` for a
    day before the treaty, and for a notice before its entry into force.
    """
    if on is not None:
        refuse_before(treaty, on)
    supposed = _with_notice(treaty, notice)
    found = [due for clock in supposed.clocks for due in _dues(supposed, clock, on)]
    return Clocks(
        treaty=treaty.id,
        treaty_name=treaty.name,
        on=on.isoformat() if on else "",
        standing=standing(treaty, on) if on else None,
        clocks=tuple(sorted(found, key=lambda due: (due.date or "9999", due.clock))),
        events=tuple(
            {"date": event.date, "kind": event.kind, "party": event.party, "article": event.article,
             "status": event.status, "note": event.note}
            for event in sorted(treaty.events, key=lambda event: event.date)
        ),
        amendments=tuple(
            {"id": text.id, "title": text.title, "signed": text.signed, "in_force": text.in_force,
             "status": text.status, "note": text.note}
            for text in treaty.amendments
        ),
    )  # fmt: skip


def _with_notice(treaty: Treaty, notice: date | None) -> Treaty:
    if notice is None:
        return treaty
    entry = treaty.day_of("in force")
    if entry is None or notice < entry:
        state = f"in force from {entry.isoformat()} on" if entry else "never in force"
        rule = f"a notice of {notice.isoformat()} means nothing: {treaty.name} was {state}"
        raise InputError(Problem(rule, "name a day on which it was in force", key="--notice"))
    if not any(clock.of == "notice" for clock in treaty.clocks):
        rule = f"{treaty.name} has no clock that runs from a notice"
        raise InputError(Problem(rule, 'add one with of = "notice" to treaty.toml', key="--notice"))
    supposed = Event(kind="notice", date=notice.isoformat(), status="assumed", note="supposed by the user")
    kept = tuple(event for event in treaty.events if event.kind not in {"notice", "withdrawn"})
    return treaty.model_copy(update={"events": (*kept, supposed)})


def _dues(treaty: Treaty, clock: Clock, on: date | None) -> Iterator[Due]:
    starts = [event for event in treaty.events if event.kind == clock.of]
    if not starts:
        yield _due(treaty, clock, None, None, 1)
        return
    for event in starts:
        first = after(event.day, clock.after) if clock.after else event.day
        if not clock.every:
            yield _due(treaty, clock, event, first, 1, on)
            continue
        end = ending(treaty, treaty.events)
        for turn in range(1, LAST_TURNS + 1):
            day = after(first, clock.every, turn)
            if end is not None and day >= end.day:
                break
            yield _due(treaty, clock, event, day, turn, on)


def _due(
    treaty: Treaty, clock: Clock, event: Event | None, day: date | None, turn: int, on: date | None = None
) -> Due:
    article = treaty.article(clock.article)
    made = Due(
        clock=clock.id,
        title=clock.title,
        kind=clock.kind,
        turn=turn,
        runs_from=clock.of,
        after=clock.after or clock.every,
        article=clock.article,
        article_status=article.status if article else None,
        status=clock.status,
        source=clock.source,
        note=clock.note,
        state=f"runs from: {clock.of}, which never came" if event is None else "",
    )
    if event is None or day is None:
        return made
    return made.model_copy(
        update={
            "date": day.isoformat(),
            "until": after(day, clock.within).isoformat() if clock.within else "",
            "from_date": event.date,
            "when": "" if on is None else _when(day, on),
            "state": _state(treaty, clock, day),
        }
    )


def _when(day: date, on: date) -> str:
    if day == on:
        return "on this day"
    number = abs((day - on).days)
    plural = "s" * (number != 1)
    return f"{number} day{plural} to come" if day > on else f"{number} day{plural} ago"


def _state(treaty: Treaty, clock: Clock, day: date) -> str:
    """Where the treaty stood on the day, where that is anything but in force; its own end is no news."""
    found = standing(treaty, day)
    if found.word == "ended" and found.since == day.isoformat() and clock.kind in {"expiry", "notice"}:
        return ""
    return "" if found.word in {"in force", "in force, notice given"} else found.word
