"""What a treaty's limits and checks say of a force on a day: both readings, the slack, and what is missing.

Two halves make an answer: what the text would say of what is counted, and whether it bound anybody that day.
Before a limit binds nothing can be a violation of it, and the row shows the distance alone.
"""

from collections.abc import Iterator
from datetime import date

from detente.records.calendar import first_day
from detente.records.compliance import Compliance, LimitRow, Standing
from detente.records.count import Count, Sum
from detente.records.errors import InputError, Problem
from detente.records.force import Force, Selection
from detente.records.treaty import Check, Limit, Treaty

from .checks import Finding, run_check
from .counting import by_reading, quantities, readings
from .standing import binds_from, holding_then, refuse_before, standing

STALE_DAYS = 366
"""Data older than this are shown with their age."""


def comply(force: Force, treaty: Treaty, on: date, party: str = "") -> Compliance:
    """Every limit and check of the treaty on a day, for each side's statement of each arsenal it binds.

    One row a limit and reading. Raises `InputError` for a day before the treaty, for a force that says
    nothing by then, and for a type that the counting rule does not know.
    """
    refuse_before(treaty, on)
    selections = [found for found in _by_then(force, party, on) if treaty.binds_as(found.party)]
    if not selections:
        raise InputError(_nobody(force, treaty, on, party))
    state = standing(treaty, on)
    rows: list[LimitRow] = []
    for selection in selections:
        rows += _limits(force, treaty, on, selection, state)
        rows += _checks(force, treaty, on, selection, state)
    return Compliance(
        force=force.id,
        force_title=force.title,
        treaty=treaty.id,
        treaty_name=treaty.name,
        on=on.isoformat(),
        standing=state,
        limits=tuple(rows),
        notices=tuple(_stale(selections, on)),
    )


def _by_then(force: Force, party: str, on: date) -> tuple[Selection, ...]:
    """What is stated by the day; of a plan alone, what is stated later, for a plan is a question anyway."""
    found = force.selections(party, on)
    planned = bool(force.holdings) and all(holding.held_as == "planned" for holding in force.holdings)
    return found or (force.selections(party) if planned else ())


def _nobody(force: Force, treaty: Treaty, on: date, party: str) -> Problem:
    whose = f" of {party}" if party else ""
    if any(treaty.binds_as(found.id) for found in force.parties):
        days = force.dates(party)
        rule = f'force "{force.id}" says nothing{whose} on or before {on.isoformat()}'
        return Problem(rule, f"name a day from {days[0]} on" if days else "add rows", key="--on")
    rule = f'no party of force "{force.id}" is a party of {treaty.name} ({", ".join(treaty.party_ids)})'
    return Problem(rule, "name another treaty")


def _stale(selections: list[Selection], on: date) -> Iterator[str]:
    for found in selections:
        age = (on - first_day(found.date)).days
        if age < 0:
            yield f"{found.title}: planned later; what {on.isoformat()} would have said of it"
        if age > STALE_DAYS and found.gap is None:
            yield f"{found.title}: the newest numbers, {age / 365.25:.0f} years older than {on.isoformat()}"


def _limits(
    force: Force, treaty: Treaty, on: date, selection: Selection, state: Standing
) -> Iterator[LimitRow]:
    bound = treaty.binds_as(selection.party)
    mine = [limit for limit in holding_then(treaty, treaty.limits, on) if not limit.to or bound in limit.to]
    if not mine:
        return
    counts = by_reading(force, treaty, selection, readings(treaty))
    for limit in mine:
        for count in _read(treaty, limit, counts):
            found = count.sum_of(limit.quantity)
            if found is not None:
                yield _limit_row(treaty, limit, on, (selection, count, found), state)


def _read(treaty: Treaty, limit: Limit, counts: list[Count]) -> list[Count]:
    """One count a reading; one alone where no reading has anything to say on the quantity."""
    redefined = any(q.id == limit.quantity and q.reading for q in treaty.quantities)
    asked = quantities(treaty).get(limit.quantity)
    recounted = (
        asked is not None
        and asked.sum in {"warheads", "downloaded"}
        and any(rule.reading for rule in treaty.rules)
    )
    if redefined or recounted:
        return counts
    return [counts[0].model_copy(update={"reading": "", "reading_title": ""})]


def _limit_row(
    treaty: Treaty, limit: Limit, on: date, made: tuple[Selection, Count, Sum], state: Standing
) -> LimitRow:
    selection, count, found = made
    slack = None if found.value is None else _tidy(limit.ceiling - found.value)
    since = None if limit.no_date else binds_from(treaty, limit)
    article = treaty.article(limit.article)
    binding = _binding(state, since, on)
    return LimitRow(
        limit=limit.id,
        title=limit.title,
        kind="limit",
        reading=count.reading,
        reading_title=count.reading_title,
        party=selection.party,
        basis=selection.basis,
        by=selection.by,
        as_of=selection.date,
        quantity=limit.quantity,
        counted=found.value,
        ceiling=_tidy(limit.ceiling),
        band_from=None if limit.band_from is None else _tidy(limit.band_from),
        slack=slack,
        at_least=found.at_least if found.value is None else None,
        missing=found.missing,
        since=_day(since),
        until=limit.until,
        phase=limit.phase,
        article=limit.article,
        article_status=article.status if article else None,
        status=limit.status,
        source=limit.source,
        standing=state.word,
        in_force=state.word.startswith(("in force", "suspended")),
        binding=binding,
        amendment=limit.amendment,
        says="; ".join(
            (
                _distance(slack, found, limit),
                _bound(since, (binding, state)),
                *(_older(selection, since) if binding is not False else ()),
            )
        ),
        note=limit.note,
    )


def _binding(state: Standing, since: date | None, on: date) -> bool | None:
    """Whether it binds on the day; None where the parties differ on that."""
    if since is None or on < since:
        return False
    return state.binds


def _bound(since: date | None, stood: tuple[bool | None, Standing]) -> str:
    """The second half of an answer: whether it bound anybody that day."""
    binding, state = stood
    if binding:
        return "it bound that day"
    if binding is None:
        return f"{state.word}: whether it bound is what the parties differ on"
    if state.word == "ended":
        return f"it bound nobody after {state.since}"
    if not state.word.startswith("in force"):
        return f"it bound nobody: {state.word}"
    if since is None:
        return "no day was ever named from which it would bind"
    return f"not binding before {_day(since)}: nothing can be a violation yet"


def _older(selection: Selection, since: date | None) -> Iterator[str]:
    """Numbers from before a limit bound say what remained to be cut, and nothing of the day itself."""
    if since is not None and selection.gap is None and first_day(selection.date) < since:
        yield f"the numbers are of {selection.date}, before it bound: no evidence of that day"


def _distance(slack: float | None, found: Sum, limit: Limit) -> str:
    if slack is None:
        if found.at_least > limit.ceiling:
            return (
                f"at least {found.at_least - limit.ceiling:,g} above {limit.ceiling:,g}, and not all is known"
            )
        least = f"at least {found.at_least:,g}" if found.at_least else "unknown"
        return f"{least}: {len(found.missing)} thing{'s' * (len(found.missing) != 1)} missing"
    if slack < 0:
        return f"{-slack:,g} above {limit.ceiling:,g}"
    return f"{slack:,g} below {limit.ceiling:,g}" if slack else f"exactly at {limit.ceiling:,g}"


def _checks(
    force: Force, treaty: Treaty, on: date, selection: Selection, state: Standing
) -> Iterator[LimitRow]:
    bound = treaty.binds_as(selection.party)
    for check in holding_then(treaty, treaty.checks, on):
        if not check.to or bound in check.to:
            found = run_check(check, treaty, force, selection)
            yield _check_row(treaty, check, on, (selection, found), state)


def _check_row(
    treaty: Treaty, check: Check, on: date, made: tuple[Selection, Finding], state: Standing
) -> LimitRow:
    selection, found = made
    since = binds_from(treaty, check)
    binding = _binding(state, since, on)
    article = treaty.article(check.article)
    over = found.counted > found.ceiling
    unknown = bool(found.missing) and not over
    planned = any(h.held_as == "planned" for h in selection.holdings)
    fit = _fits(check, found, planned=planned, bound=binding is not False)
    return LimitRow(
        limit=check.id,
        title=check.title,
        kind="check",
        party=selection.party,
        basis=selection.basis,
        by=selection.by,
        as_of=selection.date,
        quantity=check.check,
        counted=None if unknown else _tidy(found.counted),
        ceiling=_tidy(found.ceiling),
        slack=None if unknown else _tidy(found.ceiling - found.counted),
        at_least=_tidy(found.counted) if found.missing else None,
        missing=tuple(dict.fromkeys(found.missing)),
        since=_day(since),
        until=check.until,
        article=check.article,
        article_status=article.status if article else None,
        status=check.status,
        source=check.source,
        standing=state.word,
        in_force=state.word.startswith(("in force", "suspended")),
        binding=binding,
        amendment=check.amendment,
        says=f"{fit}; {_bound(since, (binding, state))}",
        detail=tuple(found.detail),
        note=check.note,
    )


def _fits(check: Check, found: Finding, *, planned: bool, bound: bool) -> str:
    """The first half of an answer: what the article would say of what is counted."""
    over = found.counted > found.ceiling
    if found.missing and not over:
        return "not known"
    verb = "would be" if planned or not bound else "is"
    fit = "incompatible" if over else "compatible"
    unread = " (wording not read here)" if check.status == "unverified" else ""
    return f"{verb} {fit} with article {check.article}{unread}{'' if bound else ', had it bound'}"


def _day(day: date | None) -> str:
    return "" if day is None or day == date.max else day.isoformat()


def _tidy(value: float) -> int | float:
    return int(value) if value == int(value) else round(value, 3)
