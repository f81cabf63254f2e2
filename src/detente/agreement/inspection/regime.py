"""From a plan of inspections to what it would find: power by size of violation, cost, and what nothing sees.

Two ways of hiding bracket the others: the violation lies spread evenly over all that is declared, or all
of it at the one site where it is found least often, against the best lottery over sites. No chance of a
violation is assumed.
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from detente.records.finding import Finding, Table
from detente.records.outcome import Column
from detente.records.plan import InspectionPlan, Measure, Population, Quota, Violation

from .levels import ZERO, hold_level
from .limits import Rules
from .sampling import detection, exact_miss, smallest_sample

TRIED = (1, 2, 4, 12)
"""Inspections a year tried side by side where a proposal has none that was published."""
SIZES = ("1 %", "2 %", "5 %", "10 %", "20 %")
STOCKPILES = (100, 90, 80, 70, 60, 50, 40, 30, 20, 10)
"""Stockpiles of the page on quota, sample and stockpile, in percent of what is declared."""
_CURVE_POINTS = 40
COUNTING = {"in force", "agreed", "proposed"}
"""States in which a measure counts as part of the plan."""
_MOST_EXACT = 20_000

CONVENTIONS = (
    "Items are drawn at random, none twice in a year; years are independent of each other.",
    "Spread: the violation lies anywhere among the declared items with equal chance.",
    "At one site: the whole violation lies where the best lottery over sites finds it least often.",
    'A share such as "5 %" is the nearest whole number of items, a half rounded down, and at least one.',
    "Needed: inspections a year that meet the standard for a spread violation.",
    "A limit is broken once as many declared items as its slack and one more each hide one item more.",
)
LIMITS = (
    "Whether a violation is likely: no chance of one is supplied, here or anywhere in the program.",
    "Items that were never declared: a sample of what is declared cannot show them.",
    "Whether an inspection is granted, on time, and not delayed until the item has changed.",
    "What national technical means see; no figure for them is in the open literature.",
)


def violation_items(size: str, items: int) -> int:
    """How many items a size is, "5 %" or "10"; a share is rounded to the nearest, half down, at least 1."""
    found = re.fullmatch(r"\s*([0-9]+(?:\.[0-9]+)?)\s*(%?)\s*", size)
    rules = Rules()
    if not found or (not found[2] and "." in found[1]):
        rules.refuse(
            f'"{size}" is no size of a violation', 'write "10" for items or "5 %" for a share', "sizes"
        )
        rules.done()
        raise AssertionError  # pragma: no cover - done() has raised
    number = Fraction(found[1])
    if found[2]:
        if number > 100:
            rules.refuse(f"{size} of the items", "at most 100 %", "sizes")
        count = items_of_share(number / 100, items)
    else:
        count = int(number)
        if not 1 <= count <= items:
            way_out = f"give from 1 to {items} items, or a share"
            rules.refuse(f"a violation of {count} of {items} items", way_out, "sizes")
    rules.done()
    return count


def items_of_share(share: Fraction | float, items: int) -> int:
    """A share of the items as a whole number: the nearest, a half rounded down, and at least one."""
    exact = Fraction(share).limit_denominator(10**9) * items
    return max(1, math.ceil(exact - Fraction(1, 2)))


def one_site_power(
    sites: Sequence[int], defects: int, inspections: int, each: int, quality: float, *, again: bool
) -> float | None:
    """Chance in one year of finding a violation that lies at one site; None where no site is large enough.

    `sites` are the items at each; the inspector draws sites by the lottery that makes the worst site best.
    """
    large = [size for size in sites if size >= defects]
    if not large:
        return None
    test = Fraction(str(quality))
    curves = []
    for size in large:
        most = min(inspections if again else 1, -(-size // each))
        draws = [min(size, visit * each) for visit in range(most + 1)]
        exact = max(draws) <= _MOST_EXACT and size <= _MOST_EXACT
        curves.append(
            [1 - exact_miss(size, defects, n, test) for n in draws]
            if exact
            else [Fraction(detection(size, defects, n, quality)) for n in draws]
        )
    if min(curve[-1] for curve in curves) == 0:
        return 0.0
    return float(hold_level(curves, Fraction(inspections)).value) if inspections else float(ZERO)


def design(plan: InspectionPlan, measures: Mapping[str, Measure]) -> Finding:
    """What a plan would find, what it costs, and what nothing in it sees.

    Tables: `power` (one row a quota, number of inspections, violation and span of years), `ceilings` (how
    much must be hidden to break one), `curves` (power
    over the inspections of a year), `trade` (quota, sample and stockpile), `violations`, `measures`.
    Raises `InputError` for a size that is none.
    """
    power = list(_power_rows(plan))
    days = sum(quota.inspector_days * max(quota.per_year, default=0) for quota in plan.quotas)
    values: dict[str, Any] = {
        "plan": plan.id,
        "title": plan.title,
        "as_of": plan.as_of,
        "standard": plan.standard,
        "inspections_per_year": sum(max(quota.per_year, default=0) for quota in plan.quotas),
        "inspector_days_needed": days if days else None,
        "inspector_days_available": plan.inspector_days,
    }
    notices = list(_notices(plan, days))
    violations = [_violation_row(plan, violation, power, measures) for violation in plan.violations]
    blind = [row["what"] for row in violations if row["seen"] == "not by anything in this plan"]
    values["unverifiable"] = blind
    return Finding(
        question=plan.question or "What would these inspections find, and what would stay unseen?",
        sentence=_sentence(plan, power, blind),
        values=values,
        tables=(
            Table(name="power", columns=_POWER, rows=tuple(power)),
            Table(name="ceilings", columns=_LIMIT_COLUMNS, rows=tuple(_limit_rows(plan))),
            Table(name="curves", columns=_CURVES, rows=tuple(_curve_rows(plan))),
            Table(name="trade", columns=_TRADE, rows=tuple(_trade_rows(plan))),
            Table(name="violations", columns=_VIOLATIONS, rows=tuple(violations)),
            Table(name="measures", columns=_MEASURES, rows=tuple(_measure_rows(plan, measures))),
        ),
        conventions=CONVENTIONS,
        limits=LIMITS,
        notices=tuple(notices),
    )


def _power_rows(plan: InspectionPlan) -> Iterator[dict[str, Any]]:
    for quota in plan.quotas:
        population = plan.population(quota.population)
        for size in _sizes(plan, population):
            defects = violation_items(size, population.items)
            for inspections in quota.per_year or TRIED:
                for years in plan.years:
                    yield _power_row(plan, quota, population, size, defects, inspections, years)


def _power_row(
    plan: InspectionPlan,
    quota: Quota,
    population: Population,
    size: str,
    defects: int,
    inspections: int,
    years: int,
) -> dict[str, Any]:
    each = quota.items_per_inspection
    sample = min(population.items, inspections * each)
    spread = detection(population.items, defects, sample, quota.quality, years)
    sites = [site.items for site in plan.sites_of(population.id)]
    once = (
        one_site_power(sites, defects, inspections, each, quota.quality, again=quota.again) if sites else None
    )
    needed = _needed(population.items, defects, quota, plan.standard, years)
    return {
        "quota": quota.id,
        "inspections": inspections,
        "published": bool(quota.per_year),
        "violation": size,
        "items": population.items,
        "defects": defects,
        "years": years,
        "sample": sample,
        "power_spread": spread,
        "power_one_site": None
        if once is None
        else -math.expm1(years * math.log1p(-once))
        if once < 1
        else 1.0,
        "needed": needed,
        "margin": None if plan.standard is None else spread - plan.standard,
    }


def _needed(items: int, defects: int, quota: Quota, standard: float | None, years: int) -> int | None:
    """Inspections a year that meet the standard for a spread violation; None where none do."""
    if standard is None:
        return None
    sample = smallest_sample(items, defects, standard, str(quota.quality), years)
    return None if sample is None else -(-sample // quota.items_per_inspection)


def _sizes(plan: InspectionPlan, population: Population) -> tuple[str, ...]:
    named = [
        size
        for violation in plan.violations
        if violation.population == population.id
        for size in violation.sizes
    ]
    return tuple(dict.fromkeys(named)) or SIZES


def _limit_rows(plan: InspectionPlan) -> Iterator[dict[str, Any]]:
    """For each limit and quota: how many of the declared items must count double before it is broken."""
    for quota in plan.quotas:
        population = plan.population(quota.population)
        if population.limit is None:
            continue
        slack = population.limit - population.items
        breaking = slack + 1
        possible = 1 <= breaking <= population.items
        for inspections in quota.per_year or TRIED:
            sample = min(population.items, inspections * quota.items_per_inspection)
            yield {
                "quota": quota.id,
                "items": population.items,
                "limit": population.limit,
                "slack": slack,
                "breaking": breaking if breaking >= 1 else None,
                "inspections": inspections,
                "power": detection(population.items, breaking, sample, quota.quality) if possible else None,
            }


def _curve_rows(plan: InspectionPlan) -> Iterator[dict[str, Any]]:
    """Power within a year over the number of inspections, to three times the quota, for each size."""
    for quota in plan.quotas:
        population = plan.population(quota.population)
        all_seen = -(-population.items // quota.items_per_inspection)
        most = min(all_seen, max(12, 3 * max(quota.per_year or TRIED)))
        counts = sorted({round(most * step / _CURVE_POINTS) for step in range(_CURVE_POINTS + 1)})
        for size in _sizes(plan, population):
            defects = violation_items(size, population.items)
            for inspections in counts:
                sample = min(population.items, inspections * quota.items_per_inspection)
                yield {
                    "quota": quota.id,
                    "violation": size,
                    "defects": defects,
                    "inspections": inspections,
                    "power": detection(population.items, defects, sample, quota.quality),
                }


def _trade_rows(plan: InspectionPlan) -> Iterator[dict[str, Any]]:
    """Power of a year's sample as the quota and the stockpile change, for each size of violation."""
    for quota in plan.quotas:
        population = plan.population(quota.population)
        for percent in STOCKPILES:
            items = max(1, population.items * percent // 100)
            for size in _sizes(plan, population):
                share = size.strip().endswith("%")
                if not share and int(size) > items:
                    continue
                defects = violation_items(size, items)
                needed = _needed(items, defects, quota, plan.standard, 1)
                for inspections in quota.per_year or TRIED:
                    sample = min(items, inspections * quota.items_per_inspection)
                    yield {
                        "quota": quota.id,
                        "stockpile": items,
                        "violation": size,
                        "defects": defects,
                        "inspections": inspections,
                        "sample": sample,
                        "power": detection(items, defects, sample, quota.quality),
                        "needed": needed,
                    }


def _violation_row(
    plan: InspectionPlan,
    violation: Violation,
    power: Sequence[Mapping[str, Any]],
    measures: Mapping[str, Measure],
) -> dict[str, Any]:
    quotas = [
        quota for quota in plan.quotas if violation.population and quota.population == violation.population
    ]
    sampled = [quota for quota in quotas if not quota.per_year or max(quota.per_year) > 0]
    states = {used.use: used.state for used in plan.measures}
    standing = [name for name in violation.seen_by if states[name] in COUNTING]
    lacking = [name for name in violation.seen_by if states[name] not in COUNTING]
    best = [row["power_spread"] for row in power if row["quota"] in {quota.id for quota in sampled}]
    return {
        "violation": violation.id,
        "what": violation.what,
        "seen": "by sampling"
        if sampled
        else "by measures alone"
        if standing
        else "not by anything in this plan",
        "power_least": min(best, default=None),
        "power_most": max(best, default=None),
        "measures": [measures[name].name for name in standing],
        "not_agreed": [f"{measures[name].name} ({states[name]})" for name in lacking],
        "note": violation.note,
    }


def _measure_rows(plan: InspectionPlan, measures: Mapping[str, Measure]) -> Iterator[dict[str, Any]]:
    for used in plan.measures:
        measure = measures[used.use]
        yield {
            "measure": used.use,
            "name": measure.name,
            "state": used.state,
            "by": used.by,
            "sees": list(measure.sees),
            "blind_to": list(measure.blind_to),
            "source": list(used.source),
            "status": used.status,
            "note": used.note,
        }


def _notices(plan: InspectionPlan, days: float) -> Iterator[str]:
    for quota in plan.quotas:
        if not quota.per_year:
            tried = ", ".join(map(str, TRIED))
            yield f"{quota.name}: no number of inspections was published; {tried} a year are tried"
        if quota.per_year and not plan.sites_of(quota.population):
            yield f"{quota.name}: no sites are declared, so a violation at one site is not computed"
        if quota.status in {"unverified", "assumed"}:
            yield f"{quota.name}: {quota.status}"
    for population in plan.populations:
        if population.limit is not None and population.items > population.limit:
            over = population.items - population.limit
            yield f"{population.name}: {population.items} declared are {over} above the limit as they stand"
        if population.status in {"unverified", "assumed"}:
            yield f"{population.name}, {population.items} items: {population.status}"
    if plan.inspector_days is not None and days > plan.inspector_days:
        had = plan.inspector_days
        yield f"the quotas take {days:g} inspector-days a year of {had:g}: lower them or add days"
    if plan.standard is None:
        yield "no standard is stated: nothing here says whether a power is enough"


def _sentence(plan: InspectionPlan, power: Sequence[Mapping[str, Any]], blind: Sequence[str]) -> str:
    """The range of powers, never one of them alone, and what nothing sees."""
    found = [row for row in power if row["years"] == min(plan.years)]
    text = "There is no quota, so nothing is found by sampling."
    if found:
        low, high = min(row["power_spread"] for row in found), max(row["power_spread"] for row in found)
        span = "1 year" if min(plan.years) == 1 else f"{min(plan.years)} years"
        text = (
            f"Within {span} sampling finds from {low:.0%} (the smallest violation and fewest inspections "
            f"listed) to {high:.0%} (the largest and most)."
        )
    if blind:
        text += f" Nothing in the plan shows: {'; '.join(blind)}."
    return text


def _column(name: str, unit: str, meaning: str) -> Column:
    return Column(name=name, unit=unit, meaning=meaning)


_POWER = (
    _column("quota", "", "kind of inspection"),
    _column("inspections", "1", "inspections a year"),
    _column("published", "", "whether that number was published, or is tried here"),
    _column("violation", "", "size as the plan states it"),
    _column("items", "1", "items declared"),
    _column("defects", "1", "items not as declared"),
    _column("years", "1", "years added up"),
    _column("sample", "1", "items inspected in a year"),
    _column("power_spread", "1", "chance of finding it, spread over all items"),
    _column("power_one_site", "1", "chance of finding it, all of it at the worst site; null without sites"),
    _column("needed", "1", "inspections a year that meet the standard, spread; null where none do"),
    _column("margin", "1", "power, spread, less the standard"),
)
_LIMIT_COLUMNS = (
    _column("quota", "", "kind of inspection"),
    _column("items", "1", "items declared"),
    _column("limit", "1", "items that the agreement allows"),
    _column("slack", "1", "limit less declared; below zero where the declaration itself exceeds it"),
    _column("breaking", "1", "declared items that must each hide one more before the limit is broken"),
    _column("inspections", "1", "inspections a year"),
    _column("power", "1", "chance of finding one of so many within a year; null where none or too many"),
)
_CURVES = (
    _column("quota", "", "kind of inspection"),
    _column("violation", "", "size as the plan states it"),
    _column("defects", "1", "items not as declared"),
    _column("inspections", "1", "inspections a year"),
    _column("power", "1", "chance of finding it within a year, spread"),
)
_TRADE = (
    _column("quota", "", "kind of inspection"),
    _column("stockpile", "1", "items declared"),
    _column("violation", "", "size as the plan states it"),
    _column("defects", "1", "items not as declared"),
    _column("inspections", "1", "inspections a year"),
    _column("sample", "1", "items inspected in a year"),
    _column("power", "1", "chance of finding it within a year, spread"),
    _column("needed", "1", "inspections a year that meet the standard"),
)
_VIOLATIONS = (
    _column("violation", "", "its id"),
    _column("what", "", "what it would be"),
    _column("seen", "", "whether sampling, measures alone or nothing in the plan shows it"),
    _column("power_least", "1", "least power among the rows of its quotas"),
    _column("power_most", "1", "most power among them"),
    _column("measures", "", "measures of the plan that bear on it"),
    _column("not_agreed", "", "measures that would, and how far they got"),
    _column("note", "", "what a reader should know"),
)
_MEASURES = (
    _column("measure", "", "its id in the catalog"),
    _column("name", "", "what it is called"),
    _column("state", "", "how far it got"),
    _column("by", "", "whose proposal or demand"),
    _column("sees", "", "what it can show"),
    _column("blind_to", "", "what it cannot show"),
    _column("source", "", "keys of the sources"),
    _column("status", "", "how far the entry can be trusted"),
    _column("note", "", "what is known of it"),
)
