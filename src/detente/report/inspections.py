"""Pictures of inspections: power over quota, sample and stockpile, and single detection curves."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from detente.records.finding import Finding
from detente.records.plan import InspectionPlan

from .drawing import Drawing
from .margin import Scale
from .page import READING, STATUS, environment, style
from .sheet import BAR, CRUX_BAR, FIRST, INK, MUTED, RULE, SECOND, SENSOR, Sheet, Words, plain, ticks

WIDTH, TOP, BOTTOM = 760.0, 42.0, 290.0
LINES: tuple[tuple[str, tuple[float, ...]], ...] = (
    (INK, ()),
    (SENSOR, ()),
    (CRUX_BAR, ()),
    (MUTED, (6.0, 3.0)),
    (FIRST, (2.0, 3.0)),
    (SECOND, (9.0, 3.0, 2.0, 3.0)),
)
"""Colour and dash of the lines, in their order: no colour stands alone for a meaning."""
BOUND = "Faultless random choice is an upper bound on what such inspections find."


def plan_charts(found: Finding, plan: InspectionPlan) -> tuple[Drawing, ...]:
    """One figure a quota: power over the inspections of a year, and over the stockpile at that quota.

    A quota on a single item has none: there is nothing to trade.
    """
    several = [quota for quota in plan.quotas if plan.population(quota.population).items > 1]
    return tuple(_quota_chart(found, plan, quota.id) for quota in several)


def curve_chart(found: Finding) -> Drawing:
    """A detection curve over the number of defects or over the sample, on a logarithmic axis."""
    by, rows = found.values["by"], found.table("curve").rows
    sheet = Sheet(620, BOTTOM + 52)
    x = Scale((0.0, math.log10(max(2, rows[-1][by]))), (56, 590))
    y = _power_axis(sheet, 56, 590)
    decade = 1
    while decade <= rows[-1][by]:
        at = x(math.log10(decade))
        sheet.stroke([at, at], [TOP, BOTTOM], RULE, 0.8)
        sheet.add(Words(at, BOTTOM + 16, plain(decade), 11, MUTED, "middle"))
        decade *= 10
    fixed = f"sample of {found.values['sample']}" if by == "defects" else f"{found.values['defects']} defects"
    words = "number of defects" if by == "defects" else "sample"
    sheet.add(Words(590, BOTTOM + 36, f"{words} (logarithmic)", 11, INK, "end", bold=True))
    sheet.stroke([x(math.log10(row[by])) for row in rows], [y(row["power"]) for row in rows], INK, 2.4)
    return Drawing(
        name="detection-curve",
        title=f"Chance of finding a defect: {fixed} of {found.values['items']:,} items",
        caption=f"Within {_span(found.values['years'])}, test quality {found.values['quality']:g}. {BOUND}",
        summary=found.sentence,
        sheet=sheet,
    )


def plan_page(found: Finding, plan: InspectionPlan) -> str:
    """The page on a plan, one HTML file with everything inside; the same plan gives the same text."""
    charts = [
        {"name": c.name, "title": c.title, "caption": c.caption, "svg": Markup(c.inline())}  # noqa: S704 - escaped in it
        for c in plan_charts(found, plan)
    ]
    used = {
        key
        for part in (plan.populations, plan.quotas, plan.measures)
        for entry in part
        for key in entry.source
    }
    return (
        environment()
        .get_template("inspections.html")
        .render(
            plan=plan,
            found=found,
            charts=charts,
            power=found.table("power").rows,
            at_one_site=any(row["power_one_site"] is not None for row in found.table("power").rows),
            violations=found.table("violations").rows,
            measures=found.table("measures").rows,
            sources={key: source for key, source in sorted(plan.sources.items()) if key in used},
            style=Markup(style()),  # noqa: S704 - our own file
            status_words=STATUS,
            reading_words=READING,
        )
    )


def _quota_chart(found: Finding, plan: InspectionPlan, quota_id: str) -> Drawing:
    quota = next(quota for quota in plan.quotas if quota.id == quota_id)
    items = plan.population(quota.population).items
    sheet = Sheet(WIDTH, BOTTOM + 56)
    curves = [row for row in found.table("curves").rows if row["quota"] == quota_id]
    trade = [row for row in found.table("trade").rows if row["quota"] == quota_id]
    numbers = sorted({row["inspections"] for row in trade})
    held = numbers[-1] if quota.per_year else numbers[1]  # of those tried, one that leaves something to see
    left = _panel(sheet, (44.0, 330.0), curves, "inspections", "inspections a year", f"{items:,} declared")
    marked = quota.per_year or ()
    for count in marked:
        sheet.stroke([left(count), left(count)], [TOP - 4, BOTTOM], MUTED, 1.0, (3.0, 3.0))
        sheet.add(Words(left(count), TOP - 8, f"quota {count}", 10.5, MUTED, "middle"))
    at_quota = [row for row in trade if row["inspections"] == held]
    heading = f"{held} inspection{'s' * (held != 1)} a year{'' if quota.per_year else ', tried'}"
    _panel(sheet, (424.0, 700.0), at_quota, "stockpile", "items declared", heading)
    tried = "" if quota.per_year else " No number of inspections was published."
    return Drawing(
        name=quota_id,
        title=f"{quota.name}: quota, sample and stockpile",
        caption=f"Chance of finding a violation within a year, {quota.items_per_inspection} item"
        f"{'s' * (quota.items_per_inspection != 1)} an inspection: left over the quota, right over the "
        "stockpile. A violation of a fixed number is easier to find among fewer items; one of a fixed share "
        f"is not.{tried} {BOUND}",
        summary=f"Power over the inspections of a year and over the stockpile, {quota.name}. "
        f"{found.sentence}",
        sheet=sheet,
    )


def _panel(
    sheet: Sheet,
    across: tuple[float, float],
    rows: Sequence[Mapping[str, Any]],
    by: str,
    label: str,
    heading: str,
) -> Scale:
    """One panel: a line a size of violation, its size beside its end. Gives the horizontal scale."""
    sizes = list(dict.fromkeys(row["violation"] for row in rows))
    top = max(row[by] for row in rows)
    x = Scale((0.0, float(top)), across)
    y = _power_axis(sheet, *across)
    for value in ticks(0.0, float(top), 5):
        if value == int(value):
            sheet.add(Words(x(value), BOTTOM + 16, plain(value), 11, MUTED, "middle"))
    sheet.add(Words(across[1], BOTTOM + 36, label, 11, INK, "end", bold=True))
    sheet.add(Words(across[0], TOP - 22, heading, 11, INK, bold=True))
    ends = []
    for number, size in enumerate(sizes):
        colour, dash = LINES[number % len(LINES)]
        line = sorted((row[by], row["power"]) for row in rows if row["violation"] == size)
        sheet.stroke([x(at) for at, _ in line], [y(power) for _, power in line], colour, 2.2, dash)
        ends.append((y(line[-1][1]), size, colour if colour != CRUX_BAR else INK))
    lowest = TOP - 8.0
    for height, size, colour in sorted(ends):
        lowest = max(height + 4, lowest + 13)
        shown = size if size.strip().endswith("%") else f"{size} item{'s' * (size.strip() != '1')}"
        sheet.add(Words(across[1] + 6, lowest, shown, 10.5, colour, bold=True))
    return x


def _power_axis(sheet: Sheet, left: float, right: float) -> Scale:
    y = Scale((0.0, 1.0), (BOTTOM, TOP))
    for value in (0.0, 0.25, 0.5, 0.75, 1.0):
        sheet.stroke([left, right], [y(value), y(value)], BAR if value == 0 else RULE, 0.8)
        sheet.add(Words(left - 6, y(value) + 4, f"{100 * value:.0f} %", 11, MUTED, "end"))
    return y


def _span(years: int) -> str:
    return "a year" if years == 1 else f"{years} years"
