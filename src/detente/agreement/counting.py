"""How many, under which rule: an arsenal counted step by step, each step with its article.

Nothing is merged: a count takes one side's statement of one arsenal. What is not known stays unknown, and a
sum that needs it says what is missing and gives a lower bound, never a number.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from detente.records.calendar import first_day
from detente.records.count import Count, CountRow, Sum
from detente.records.errors import InputError, Problem
from detente.records.force import ArmType, Force, Holding, Selection, Total
from detente.records.treaty import STANDARD_QUANTITIES, Attribution, Quantity, Treaty

from .attribution import attribution_of, cited, counted, rule_for, rules, shares, unknown_type

__all__ = [
    "attribution_of",
    "by_reading",
    "count",
    "count_selection",
    "published",
    "published_rules",
    "quantities",
    "readings",
    "rule_for",
    "rules",
    "shares",
]


class Step(NamedTuple):
    """A holding with its type and what the rule makes of it."""

    holding: Holding
    kind: ArmType
    row: CountRow
    attribution: Attribution | None


def count(
    force: Force,
    treaty: Treaty,
    *,
    party: str = "",
    on: date | None = None,
    basis: str = "",
    by: str = "",
    reading: str | None = None,
) -> tuple[Count, ...]:
    """Every statement of every arsenal, counted under the treaty's rule: one count for each, never merged.

    Without a day, the newest of each statement; without a reading, every reading of the treaty, and one
    for all where they come to the same. Raises `InputError` for a day before the treaty and for a type
    that the rule does not know.
    """
    _check_day(treaty, on)
    selections = force.selections(party, on, basis, by)
    if not selections:
        raise InputError(_nothing(force, party, on, basis))
    counts: list[Count] = []
    told = [found for found in selections if _speaks_of(found, treaty.id)]
    for selection in told or selections:
        wanted = readings(treaty) if reading is None else (treaty.reading(reading).id,)
        made = by_reading(force, treaty, selection, wanted)
        counts += [_as_one(made)] if len(made) > 1 and _all_one(made) else made
    return tuple(counts)


def _speaks_of(selection: Selection, rule: str) -> bool:
    """Whether a statement has rows to count, a total under this rule, or a gap to show."""
    totals = any(total.rule == rule for total in selection.totals)
    return bool(selection.holdings) or totals or selection.gap is not None


def published_rules(force: Force) -> tuple[str, ...]:
    """The rules under which the totals of a force were counted by whoever states them, in their order."""
    return tuple(dict.fromkeys(total.rule for total in force.totals if total.rule))


def published(force: Force, rule: str, *, party: str = "", on: date | None = None) -> tuple[Count, ...]:
    """The totals that others counted by a rule of their own, as they stand: nothing is counted again."""
    counts = []
    for selection in force.selections(party, on):
        totals = [total for total in selection.totals if total.rule == rule]
        if totals:
            counts.append(_as_published(force, rule, selection, totals))
    return tuple(counts)


def _as_published(force: Force, rule: str, selection: Selection, totals: Sequence[Total]) -> Count:
    titles = {quantity.id: quantity.title for quantity in STANDARD_QUANTITIES}
    sums = tuple(
        Sum(
            quantity=total.quantity,
            title=titles.get(total.quantity, total.quantity.replace("_", " ")),
            value=total.value,
            at_least=total.value or 0,
            made_from="total",
            status=total.status,
            source=total.source,
            missing=() if total.value is not None else (total.note,),
            note=total.note,
        )
        for total in totals
    )
    return Count(
        force=force.id,
        force_title=force.title,
        rule=rule,
        rule_name=f"{rule}, as published",
        party=selection.party,
        basis=selection.basis,
        by=selection.by,
        date=selection.date,
        rows=(),
        sums=sums,
    )


def readings(treaty: Treaty) -> tuple[str, ...]:
    """The readings under which a treaty is counted; the text alone where nobody reads it otherwise."""
    return tuple(found.id for found in treaty.readings) or ("",)


def by_reading(force: Force, treaty: Treaty, selection: Selection, wanted: Sequence[str]) -> list[Count]:
    """One count a reading; a reading that cannot count it says why, as long as another can.

    Raises `InputError` where none can.
    """
    made: list[Count | InputError] = []
    for name in wanted:
        try:
            made.append(count_selection(force, treaty, selection, name))
        except InputError as fault:
            made.append(fault)
    refused = [found for found in made if isinstance(found, InputError)]
    if len(refused) == len(made):
        raise refused[0]
    return [
        _uncounted(force, treaty, selection, name, found) if isinstance(found, InputError) else found
        for name, found in zip(wanted, made, strict=True)
    ]


def _uncounted(force: Force, treaty: Treaty, selection: Selection, reading: str, fault: InputError) -> Count:
    """The count of a reading that does not know a type: every sum is missing, and says why."""
    missing = tuple(problem.rule for problem in fault.problems)
    sums = tuple(
        Sum(quantity=quantity.id, title=quantity.title, value=None, missing=missing)
        for quantity in quantities(treaty, reading).values()
    )
    return _made(force, treaty, selection, reading, ((), sums))


def _as_one(made: Sequence[Count]) -> Count:
    """One count for readings that come to the same."""
    title = f"in each of its {len(made)} readings"
    return made[0].model_copy(update={"reading": "", "reading_title": title})


def _all_one(made: Sequence[Count]) -> bool:
    """Whether every reading comes to the same rows and sums."""
    return all((other.rows, other.sums) == (made[0].rows, made[0].sums) for other in made[1:])


def _check_day(treaty: Treaty, on: date | None) -> None:
    first = first_day(treaty.counts_from) if treaty.counts_from else treaty.begins
    if on is not None and first is not None and on < first:
        rule = f"{on.isoformat()} is before {treaty.name}, whose first data are of {first.isoformat()}"
        way_out = "name a later day, or leave the day out to count the same arsenal under this rule"
        raise InputError(Problem(rule, way_out, key="--on"))


def _nothing(force: Force, party: str, on: date | None, basis: str) -> Problem:
    days = force.dates(party)
    whose = f" of {party}" if party else ""
    if days and on is not None and on.isoformat() < days[0]:
        rule = f'force "{force.id}" says nothing{whose} on or before {on.isoformat()}'
        return Problem(rule, f"name a day from {days[0]} on", key="--on")
    kind = f" that is {basis}" if basis else ""
    return Problem(f'force "{force.id}" holds nothing{whose}{kind}', "leave the choice out, or add rows")


def count_selection(force: Force, treaty: Treaty, selection: Selection, reading: str = "") -> Count:
    """One side's statement of one arsenal under one reading of the treaty. Raises `InputError`."""
    day = first_day(selection.date)
    steps = tuple(_steps(force, treaty, selection, reading, day))
    asked = quantities(treaty, reading)
    sums = tuple(_sum(quantity, steps, selection, treaty, reading) for quantity in asked.values())
    rows = tuple(step.row for step in steps)
    return _made(force, treaty, selection, reading, (rows, sums))


def _made(
    force: Force,
    treaty: Treaty,
    selection: Selection,
    reading: str,
    counted_to: tuple[tuple[CountRow, ...], tuple[Sum, ...]],
) -> Count:
    found = treaty.reading(reading) if reading else None
    return Count(
        force=force.id,
        force_title=force.title,
        rule=treaty.id,
        rule_name=treaty.name,
        reading=reading,
        reading_title=found.title if found else "",
        party=selection.party,
        basis=selection.basis,
        by=selection.by,
        date=selection.date,
        rows=counted_to[0],
        sums=counted_to[1],
        notices=tuple(_notices(treaty, selection, counted_to[1])),
    )


def quantities(treaty: Treaty, reading: str = "") -> dict[str, Quantity]:
    """The quantities of a treaty by name: the usual ones, its own, and those of one reading over both."""
    found = {quantity.id: quantity for quantity in STANDARD_QUANTITIES}
    found |= {quantity.id: quantity for quantity in treaty.quantities if not quantity.reading}
    return found | {q.id: q for q in treaty.quantities if reading and q.reading == reading}


def _steps(force: Force, treaty: Treaty, selection: Selection, reading: str, day: date) -> Iterator[Step]:
    """The holdings one after the other, tiers filling up in the order of the table."""
    asked = [q for q in quantities(treaty, reading).values() if q.sum in {"warheads", "downloaded"}]
    filled: dict[str, int | None] = {}
    problems: list[Problem] = []
    for number, holding in enumerate(selection.holdings, 1):
        kind = force.arm_type(holding.type, holding.party)
        needed = any(quantity.takes(holding, kind) for quantity in asked)
        rule = rule_for(treaty, kind, holding.party, holding.held_as, reading) if needed else None
        if needed and rule is None and rules(treaty, reading):
            problems.append(unknown_type(treaty, holding, kind))
            continue
        attribution = None
        if rule is not None and rule.method == "table":
            attribution = attribution_of(treaty, kind, holding.party, day)
            if attribution is None:
                problems.append(unknown_type(treaty, holding, kind))
                continue
        row = _row(number, holding, kind)
        if rule is not None:
            row = row.model_copy(
                update=counted(rule, holding, kind, attribution, filled) | cited(treaty, rule, attribution)
            )
        elif needed:
            row = row.model_copy(update={"missing": f"{treaty.name} has no counting rule"})
        yield Step(holding, kind, row, attribution)
    if problems:
        raise InputError(problems)


def _row(number: int, holding: Holding, kind: ArmType) -> CountRow:
    deployed = holding.number if holding.held_as == "deployed" else 0
    gap = f"number of {holding.type}: {holding.note}" if holding.number is None else ""
    return CountRow(
        step=number,
        party=holding.party,
        type=holding.type,
        category=kind.category,
        base=holding.base,
        held_as=holding.held_as,
        number=holding.number,
        deployed=deployed,
        attribution=None,
        warheads=None,
        status=holding.status,
        source=holding.source,
        missing=gap,
        line=holding.line,
    )


def _sum(
    quantity: Quantity, steps: Sequence[Step], selection: Selection, treaty: Treaty, reading: str
) -> Sum:
    """A quantity from the rows where they are whole, otherwise from a total stated under this rule."""
    taken = _taken(quantity, steps)
    base = Sum(
        quantity=quantity.id,
        title=quantity.title,
        value=None,
        article=quantity.article or _limiting(treaty, quantity),
        steps=tuple(step.row.step for step in taken),
    )
    if selection.gap is not None:
        gap = selection.gap
        return base.model_copy(
            update={"missing": (f"{gap.party} gave nothing since {gap.since}: {gap.reason}",)}
        )
    known, missing = _added(quantity, taken)
    missing += [
        f"no {condition} ones are listed"
        for condition in quantity.needs
        if not any(s.holding.held_as == condition and _related(quantity, s.kind, treaty) for s in steps)
    ]
    if not missing:
        return base.model_copy(update={"value": _tidy(known), "at_least": _tidy(known), "made_from": "rows"})
    total = _total(quantity.id, selection, treaty, reading)
    if total is None:
        return base.model_copy(update={"at_least": _tidy(known), "missing": tuple(missing)})
    return _from_total(base, total, quantity, steps, treaty)


def _taken(quantity: Quantity, steps: Sequence[Step]) -> list[Step]:
    """The steps that a quantity adds up; each type of a party is asked about once."""
    known: dict[tuple[str, str], bool] = {}
    found = []
    for step in steps:
        if quantity.held_as and step.holding.held_as not in quantity.held_as:
            continue
        key = (step.kind.type, step.holding.party)
        if key not in known:
            known[key] = quantity.takes_type(step.kind, step.holding.party)
        if known[key]:
            found.append(step)
    return found


def _limiting(treaty: Treaty, quantity: Quantity) -> str:
    """The article of a limit on the quantity, which the sum is taken for."""
    return next((limit.article for limit in treaty.limits if limit.quantity == quantity.id), "")


def _related(quantity: Quantity, kind: ArmType, treaty: Treaty) -> bool:
    """Whether a type is of the kind of things that the quantity is about: a state without bombers has none,
    but a list of radars says nothing of missiles.
    """
    if not quantity.category or kind.category in quantity.category:
        return True
    return any(
        kind.category in other.category and set(quantity.category) & set(other.category)
        for other in (*STANDARD_QUANTITIES, *treaty.quantities)
    )


def _added(quantity: Quantity, taken: Iterable[Step]) -> tuple[float, list[str]]:
    """What is known of a sum, and what is missing from it."""
    known, missing = 0.0, []
    for step in taken:
        value = _share_of(quantity, step)
        if value is None:
            gap = step.row.missing if quantity.sum != "throw-weight" or step.row.number is None else ""
            missing.append(gap or f"throw-weight of {step.row.type}")
        else:
            known += value
    return known, missing


def _share_of(quantity: Quantity, step: Step) -> float | None:
    """What one step adds to a quantity; None where it is not known."""
    number = step.holding.number
    if quantity.sum == "warheads":
        return step.row.warheads
    if number is None or quantity.sum == "number":
        return number
    if quantity.sum == "throw-weight":
        each = step.kind.throw_weight_kg
        return None if each is None and number else number * (each or 0.0) / 1000.0
    found = step.attribution
    if found is None or found.downloaded_from is None:
        return 0
    return number * (found.downloaded_from - found.warheads)


def _total(quantity: str, selection: Selection, treaty: Treaty, reading: str) -> Total | None:
    """A total stated under this treaty's rule, that of the reading first; one without its rule is none."""
    found = [
        total
        for total in selection.totals
        if total.quantity == quantity and total.rule == treaty.id and total.value is not None
    ]
    return max(found, key=lambda total: total.reading == reading, default=None)


def _from_total(base: Sum, total: Total, quantity: Quantity, steps: Sequence[Step], treaty: Treaty) -> Sum:
    """A stated total; where it follows another reading, with what the two readings count differently."""
    other = quantities(treaty, total.reading).get(quantity.id, quantity)
    mine = {step.row.step for step in _taken(quantity, steps)}
    theirs = {step.row.step for step in _taken(other, steps)} if total.reading else mine
    added, missing = _added(quantity, [s for s in steps if s.row.step in mine - theirs])
    taken_off, absent = _added(other, [s for s in steps if s.row.step in theirs - mine])
    if total.reading:
        differ = sorted(set(quantity.held_as) ^ set(other.held_as))
        listed = {s.holding.held_as for s in steps}
        absent += [f"no {held_as} ones are listed" for held_as in differ if held_as not in listed]
    change = added - taken_off
    value = (total.value or 0) + change
    note = f"stated as {total.value:,}" + (f", and {change:+,.0f} by this reading" if change else "")
    return base.model_copy(
        update={
            "value": None if missing or absent else _tidy(value),
            "at_least": _tidy(value),
            "steps": tuple(sorted(mine ^ theirs)),
            "made_from": "total",
            "status": "derived" if change and total.status == "read" else total.status,
            "source": total.source,
            "missing": (*missing, *absent),
            "note": note,
        }
    )


def _notices(treaty: Treaty, selection: Selection, sums: Sequence[Sum]) -> Iterator[str]:
    """Where rows and a stated total do not agree, and totals that no rule of the treaty explains."""
    made: Mapping[str, Sum] = {found.quantity: found for found in sums}
    for total in selection.totals:
        found = made.get(total.quantity)
        if total.rule != treaty.id:
            continue
        if found is None:
            yield f'total "{total.quantity}" is no quantity of {treaty.name}'
        elif found.made_from == "rows" and total.value is not None and found.value != total.value:
            yield f"{found.title}: rows add up to {found.value:,}, and {total.value:,} is stated as the total"


def _tidy(value: float) -> int | float:
    """A whole number as one; tonnes to the kilogram."""
    return int(value) if value == int(value) else round(value, 3)
