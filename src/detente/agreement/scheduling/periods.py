"""The periods of a schedule: the treaty's own years, from the day of the numbers to the day of the limits."""

from collections.abc import Sequence
from datetime import date

from dateutil.relativedelta import relativedelta

from detente.agreement.standing import binds_from
from detente.records.errors import InputError, Problem
from detente.records.treaty import Limit, Treaty

from .inventory import Arsenal
from .programme import Period
from .wishes import Wishes

LONGEST = 200
"""So many periods at most: beyond them a date is more likely mistyped than meant."""


def since_of(treaty: Treaty, limit: Limit) -> date | None:
    """The day from which a limit binds; None where no day was ever named."""
    if limit.no_date:
        return None
    return date.fromisoformat(limit.since) if limit.since else binds_from(treaty, limit)


def periods_of(
    treaty: Treaty, limits: Sequence[Limit], arsenals: Sequence[Arsenal], wishes: Wishes
) -> tuple[tuple[Period, ...], list[str]]:
    """The periods, and what was taken for granted to lay them out. Raises `InputError` for no such span."""
    newest = max(own.day for own in arsenals)
    anchor = treaty.day_of("in force") or treaty.begins or newest
    notices: list[str] = []
    start = wishes.start or anchor
    if wishes.start is None and newest > anchor:
        start = newest
        notices.append(f"the first period begins on {newest.isoformat()}, the day of the numbers")
    elif newest < start:
        notices.append(
            f"numbers of {newest.isoformat()} are taken to stand until {start.isoformat()}, "
            "when the first year begins"
        )
    elif newest > start:
        notices.append(
            f"numbers of {newest.isoformat()} are taken to have stood on {start.isoformat()} already"
        )
    days = [since for limit in limits if (since := since_of(treaty, limit)) is not None]
    end = wishes.until or max(days, default=None)
    if end is None:
        rule = f"{treaty.name} names no day for its limits: the programme would have no end"
        raise InputError(Problem(rule, "say by when, with --until", key="until"))
    if end <= start:
        rule = f"nothing can be done between {start.isoformat()} and {end.isoformat()}"
        raise InputError(Problem(rule, "name a later end with --until, or an earlier start", key="until"))
    months = 12 if wishes.step == "year" else 6
    first = min(anchor, start)
    ends = [first + relativedelta(months=months * n) for n in range(1, 2 * LONGEST)]
    kept = [day for day in ends if start < day <= end]
    if not kept or kept[-1] < end:
        kept.append(end)
    if len(kept) > LONGEST:
        rule = f"from {start.isoformat()} to {end.isoformat()} are more than {LONGEST} periods"
        raise InputError(Problem(rule, "use years, or an earlier end", key="until"))
    made = []
    for n, day in enumerate(kept):
        begin = kept[n - 1] if n else start
        year = relativedelta(begin, first).years
        label = f"year {year + 1}"
        if months == 6:
            half = 1 if begin < first + relativedelta(months=12 * year + 6) else 2
            label = f"year {year + 1}, half {half}"
        made.append(Period(label, begin, day, year))
    if made[0].end < start + relativedelta(months=months) and made[0].end < end and wishes.caps:
        notices.append("the first period is shorter than the others; caps of a year hold in it undivided")
    return tuple(made), notices


def index_of(periods: Sequence[Period], since: date) -> int:
    """The period at whose end a level must be met that binds from a day on."""
    for n, period in enumerate(periods):
        if period.end >= since:
            return n if period.end == since or n == 0 else n - 1
    return len(periods) - 1
