"""Slips in a table: warheads that do not divide by the attribution, sums that fall, parts larger than wholes.

Each is a fact about the table as printed, with what it may have meant. Nothing is corrected.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from detente.records.force import Force, Holding, Total
from detente.records.said_change import Anomaly
from detente.records.treaty import Treaty

from .counting import attribution_of


def anomalies(force: Force, treaty: Treaty | None = None) -> tuple[Anomaly, ...]:
    """What in the tables of a force cannot be as printed; with a treaty, by its attributions too."""
    return (
        *_falling_sums(force),
        *(_attributions(force, treaty) if treaty else ()),
        *_parts_and_wholes(force),
        *_same_as_other_years(force),
    )


def _falling_sums(force: Force) -> Iterator[Anomaly]:
    """A sum since a beginning that is smaller than it was before."""
    if not force.cumulative:
        return
    groups: dict[tuple[str, str, str], list[Total]] = {}
    for total in force.totals:
        if total.value is not None:
            groups.setdefault((total.party, total.quantity, total.said_by), []).append(total)
    for rows in groups.values():
        for before, after in pairwise(sorted(rows, key=lambda total: total.day)):
            if (after.value or 0) < (before.value or 0):
                says = (
                    f"{after.quantity.replace('_', ' ')}: {after.value:,} in {after.date} is less than "
                    f"{before.value:,} in {before.date}, and a sum since a beginning cannot fall"
                )
                yield Anomaly(
                    kind="falling sum",
                    row=f"{after.party}, {after.quantity}, {after.date}",
                    says=says,
                    suggestion="one of the two sources errs, or they count different things",
                    table="totals.csv",
                    line=after.line or None,
                    status=after.status,
                    source=after.source,
                )


def _attributions(force: Force, treaty: Treaty) -> Iterator[Anomaly]:
    """Rows whose stated warheads are not so many times the attribution of their type."""
    for holding in force.holdings:
        if holding.warheads is None or holding.number is None:
            continue
        kind = force.arm_type(holding.type, holding.party)
        found = attribution_of(treaty, kind, holding.party, holding.day)
        if found is None or holding.warheads == holding.number * found.warheads:
            continue
        yield _not_divided(holding, found.warheads, treaty)


def _not_divided(holding: Holding, each: int, treaty: Treaty) -> Anomaly:
    warheads, number = holding.warheads or 0, holding.number or 0
    whole, rest = divmod(warheads, each) if each else (0, warheads)
    says = (
        f"{holding.type}: {warheads:,} warheads on {number:,}, and {treaty.name} attributes {each} to each, "
        f"which makes {number * each:,}"
    )
    suggestion = (
        f"{warheads:,} does not divide by {each}" if rest else f"{warheads:,} warheads are those of {whole:,}"
    )
    return Anomaly(
        kind="attribution",
        row=f"{holding.party}, {holding.type}, {holding.date}",
        says=says,
        suggestion=suggestion,
        table="holdings.csv",
        line=holding.line or None,
        status=holding.status,
        source=holding.source,
    )


def _parts_and_wholes(force: Force) -> Iterator[Anomaly]:
    """Launchers called non-deployed that are evidently deployed and non-deployed together."""
    by_day: dict[tuple[str, str, str], dict[str, Total]] = {}
    for total in force.totals:
        by_day.setdefault((total.party, total.date, total.said_by), {})[total.quantity] = total
    for found in by_day.values():
        part, deployed = found.get("nondeployed_launchers"), found.get("deployed_delivery_vehicles")
        if part is None or deployed is None or part.value is None or deployed.value is None:
            continue
        if part.value > deployed.value:
            rest = part.value - deployed.value
            yield Anomaly(
                kind="part and whole",
                row=f"{part.party}, {part.quantity}, {part.date}",
                says=f"{part.value:,} launchers called non-deployed, {deployed.value:,} vehicles deployed",
                suggestion=f"deployed and non-deployed together: then {rest:,} are not deployed",
                table="totals.csv",
                line=part.line or None,
                status=part.status,
                source=part.source,
            )


def _same_as_other_years(force: Force) -> Sequence[Anomaly]:
    """A number ten times, or a tenth of, what the same row says on other days."""
    rows: dict[tuple[str, str, str, str], list[Holding]] = {}
    for holding in force.holdings:
        if holding.number:
            rows.setdefault((holding.party, holding.type, holding.held_as, holding.base), []).append(holding)
    found = []
    for holdings in rows.values():
        for one, two in pairwise(sorted(holdings, key=lambda holding: holding.day)):
            larger, smaller = max(one.number or 0, two.number or 0), min(one.number or 0, two.number or 0)
            if larger == 10 * smaller:
                found.append(
                    Anomaly(
                        kind="factor of ten",
                        row=f"{two.party}, {two.type}, {two.date}",
                        says=f"{two.type}: {two.number:,} on {two.date} beside {one.number:,} on {one.date}",
                        suggestion="a zero too many or too few?",
                        table="holdings.csv",
                        line=two.line or None,
                        status=two.status,
                        source=two.source,
                    )
                )
    return found
