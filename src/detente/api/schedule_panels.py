"""Panels of a brief on how and when: a schedule, a plan of inspections, and the crux of another dispute."""

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from detente.records.agreement import DisputePanel, InspectionsPanel, SchedulePanel
from detente.records.base import listed
from detente.records.brief import Line, LinesChart, Panel, PanelTable
from detente.records.schedule import ParityRow, Schedule
from detente.records.units import with_unit
from detente.studies.answers import ANSWERS
from detente.studies.readings import verdict_of

from .agreement_panels import Page, panel
from .agreements import load_force, load_treaty
from .brief_words import answer, crux_sentence
from .disputes import Matter, crux_of, matter, ordered_pair
from .library import load
from .regimes import inspect_plan, load_plan
from .schedules import schedule


def schedule_panel(page: Page, wanted: SchedulePanel) -> Panel:
    """Levels of both parties year by year, the ceilings on them, and the band of parity where one holds."""
    force = load_force(page.place(wanted.force, "force.toml"))
    treaty = load_treaty(page.place(wanted.treaty, "treaty.toml"))
    parties = [party.id for party in force.parties if treaty.binds_as(party.id)]
    found = schedule(
        force,
        treaty,
        objective=wanted.objective,
        cap=wanted.cap,
        periods=wanted.periods,
        start=wanted.start or None,
        until=wanted.until or None,
        parties=parties,
        parity_band=wanted.parity_band or None,
        parity_from=wanted.parity_from or None,
        parity_rules=[treaty.id] if len(parties) == 2 else [],
    )
    for limit in treaty.limits:
        page.cite(limit.source, treaty.sources)
    for holding in force.holdings:
        page.cite(holding.source, force.sources)
    if not found.feasible:
        ways = f" A way out: {'; '.join(found.ways_out)}." if found.ways_out else ""
        line = f"There is no such schedule. These conflict: {'; '.join(found.conflict)}.{ways}"
        return panel(wanted, [wanted.note, line], (), ())
    codes = page.codes(found.parties)
    lines = list(_level_lines(page, found, codes, wanted.quantity))
    lines += _ceiling_lines(page, found, wanted.quantity)
    parity = {row.date: row for row in found.parity if row.quantity == wanted.quantity}
    lines += _band_line(found, parity)
    words = wanted.quantity.replace("_", " ")
    chart = LinesChart(
        name=f"{wanted.id}-levels",
        title=f"{treaty.name}: levels and ceilings",
        x_label="year",
        y_label=words,
        lines=tuple(lines),
        caption=f"{force.title}. The best schedule by its objective: {found.objective_means.rstrip('.')}. "
        "Levels are known on the last day of each period; dashed lines are ceilings, and the band of parity "
        "above the lower of the two.",
        summary="; ".join(_finishes(page, found, codes)) + ".",
    )
    return panel(
        wanted,
        [wanted.note, *_on_schedule(page, found, codes, parity), _notices(found)],
        (chart,),
        (_schedule_table(page, found, codes, wanted.quantity, parity),),
    )


def _level_lines(page: Page, found: Schedule, codes: list[str], quantity: str) -> Iterator[Line]:
    for code in codes:
        levels = found.level_at(code, quantity)
        yield Line(
            label=page.name_of(code),
            side=page.side_of(page.party_of(code)),
            x=tuple(_year(day) for day, _ in levels),
            y=tuple(float(level) for _, level in levels),
        )


def _ceiling_lines(page: Page, found: Schedule, quantity: str) -> Iterator[Line]:
    """One dashed line a ceiling; one for all where it is the same for every party."""
    begin, end = (_year(day) for day in (found.levels[0].date, found.periods[-1].end))
    shared: dict[tuple[int, str, str], list[str]] = {}
    for ceiling in found.ceilings:
        if ceiling.quantity == quantity:
            key = (ceiling.limit, ceiling.since, ceiling.until)
            shared.setdefault(key, []).append(ceiling.party)
    for (limit, since, until), parties in shared.items():
        code = parties[0] if len(parties) == 1 and len(found.parties) > 1 else ""
        x = (max(begin, _year(since)), min(end, _year(until)))
        x = (end - 1.0, end) if x[0] >= x[1] else x
        yield Line(
            label=f"ceiling {limit:,}",
            side=page.side_of(page.party_of(code)) if code else None,
            x=x,
            y=(float(limit), float(limit)),
            dashed=True,
        )


def _band_line(found: Schedule, parity: Mapping[str, ParityRow]) -> list[Line]:
    """The level up to which the larger may go beside the smaller, where a band of parity was asked for."""
    shares = [band.share for band in found.bands if band.share is not None]
    if not shares or not parity:
        return []
    return [
        Line(
            label=f"{shares[0]:.0%} above the lower",
            x=tuple(_year(day) for day in parity),
            y=tuple(min(row.counts) * (1.0 + shares[0]) for row in parity.values()),
            dashed=True,
        )
    ]


def _on_schedule(
    page: Page, found: Schedule, codes: list[str], parity: Mapping[str, ParityRow]
) -> Iterator[str]:
    yield f"{'; '.join(_finishes(page, found, codes))}."
    rows = [row for row in parity.values() if row.share is not None]
    if rows:
        worst, last = max(rows, key=lambda row: row.share or 0.0), rows[-1]
        held = [band for band in found.bands if band.share is not None]
        asked = f" A band of {held[0].share:.0%} holds from {held[0].since} on." if held else ""
        yield (
            f"The two are furthest apart on {worst.date}, by {worst.share:.1%} of the smaller, and by "
            f"{last.share:.1%} on {last.date}.{asked}"
        )


def _finishes(page: Page, found: Schedule, codes: list[str]) -> list[str]:
    by_code = {row.party: row for row in found.by_party}
    return [
        f"{page.name_of(code)}: {by_code[code].actions:,} removed, at most {by_code[code].busiest:,} in a "
        f"period, final ceilings met from {by_code[code].finish} on"
        for code in codes
    ]


def _notices(found: Schedule) -> str:
    """What the schedule had to take for granted, once for all parties."""
    told = []
    for notice in found.notices:
        code, colon, words = notice.partition(": ")
        told.append(words if colon and code in found.parties else notice)
    return _notes(list(dict.fromkeys(told)))


def _schedule_table(
    page: Page, found: Schedule, codes: list[str], quantity: str, parity: Mapping[str, ParityRow]
) -> PanelTable:
    levels = {code: dict(found.level_at(code, quantity)) for code in codes}
    days = list(levels[codes[0]])
    rows = []
    for n, day in enumerate(days):
        cells = [day]
        for code in codes:
            before = levels[code][days[n - 1]] if n else levels[code][day]
            cells += [f"{levels[code][day]:,}", f"{before - levels[code][day]:,}"]
        share = parity[day].share if day in parity else None
        rows.append((*cells, "" if share is None else f"{share:.1%}"))
    heads = [f"{page.name_of(code)}{what}" for code in codes for what in ("", ", removed")]
    return PanelTable(
        caption=f"{quantity.replace('_', ' ').capitalize()} on the last day of each period",
        heads=("Day", *heads, "Larger above smaller"),
        rows=tuple(rows),
        numbers_from=1,
    )


def _year(day: str) -> float:
    found = date.fromisoformat(day)
    return found.year + (found.timetuple().tm_yday - 1) / 366.0


def inspections_panel(page: Page, wanted: InspectionsPanel) -> Panel:
    """What a plan of inspections would find: its detection curve, its power, and what stays unseen."""
    where: str | Path = wanted.plan or Path(page.case.folder)
    plan, found = load_plan(where), inspect_plan(where)
    quota = next((each for each in plan.quotas if each.id == wanted.quota), plan.quotas[0])
    for part in (plan.populations, plan.quotas, plan.measures):
        for entry in part:
            page.cite(entry.source, plan.sources)
    curves: dict[str, list[tuple[float, float]]] = {}
    for row in found.table("curves").rows:
        if row["quota"] == quota.id:
            curves.setdefault(row["violation"], []).append((row["inspections"], row["power"]))
    lines = [
        Line(label=f"violation of {size}", x=tuple(x for x, _ in points), y=tuple(y for _, y in points))
        for size, points in curves.items()
    ]
    if plan.standard is not None and lines:
        ends = (lines[0].x[0], lines[0].x[-1])
        lines.append(Line(label="standard", x=ends, y=(plan.standard,) * 2, dashed=True))
    chart = LinesChart(
        name=f"{wanted.id}-power",
        title=f"{quota.name}: chance of finding a violation within a year",
        x_label=f"{quota.name.lower()} a year",
        y_label="chance of finding at least one item",
        lines=tuple(lines),
        caption=f"{plan.title}. Random choice among all declared items, unforeseen: an upper bound on "
        "what such inspections find. How likely a violation is, is supplied nowhere.",
        summary=found.sentence,
    )
    rows = [
        (
            f"{row['violation']} ({row['defects']:,})",
            f"{row['inspections']:,}",
            f"{row['years']}",
            f"{row['power_spread']:.2f}",
            ""
            if plan.standard is None
            else "none is enough"
            if row["needed"] is None
            else f"{row['needed']:,}",
        )
        for row in found.table("power").rows
        if row["quota"] == quota.id
    ]
    power = PanelTable(
        caption=f"{quota.name}: chance of finding a violation of so many of "
        f"{plan.population(quota.population).items:,} items",
        heads=("Violation", "Inspections a year", "Years", "Found", "Needed for the standard"),
        rows=tuple(rows),
        numbers_from=1,
    )
    seen = PanelTable(
        caption="What this plan sees, and what it does not",
        heads=("What would break the agreement", "Seen", "By these measures"),
        rows=tuple(
            (row["what"], row["seen"], ", ".join(row["measures"]) or "none")
            for row in found.table("violations").rows
        ),
    )
    prose = [wanted.note, plan.note.replace("\n", " "), found.sentence, _notes(found.notices)]
    return panel(wanted, prose, (chart,), (power, seen))


def _notes(notices: Sequence[str]) -> str:
    """Notices as sentences of one paragraph."""
    return " ".join(f"{notice[:1].upper()}{notice[1:].rstrip('.')}." for notice in notices)


def _needed(number: int | None) -> str:
    return "none is enough" if number is None else f"{number:,}"


def dispute_panel(page: Page, wanted: DisputePanel) -> Panel:
    """The first question of another case answered anew, its crux, and its claims on both sides' figures."""
    other = load(page.place(wanted.case, "case.toml"))
    pair = ordered_pair(other, None)
    lead = matter(other, other.lead_claim, pair)
    crux = crux_of(lead)
    rows, studies = [], {lead.reading.study: None}
    for claim in other.claims:
        if claim.read_as is None:
            continue
        studies[claim.read_as.study] = None
        found = matter(other, claim.id, pair)
        told = [_verdict(found, side) for side in (0, 1)]
        rows.append((claim.title, other.party_name(claim.by), *told))
    table = PanelTable(
        caption=f"{other.title}: each claim on the figures of either side",
        heads=("Claim", "By", *(f"On the figures of {label}" for label in lead.labels)),
        rows=tuple(rows),
    )
    flips = [row for row in crux.flip_rows if row.kind == "flips"]
    least = min(flips, key=lambda row: row.size, default=None)
    flip = (
        ""
        if least is None
        else f"The least that flips a conclusion: {least.side} conceding "
        f"{listed([crux.labels[member] for member in least.members])}."
    )
    prose = [wanted.note, f"{other.title}. {other.question}", answer(lead, crux), crux_sentence(crux), flip]
    prose += dict.fromkeys(ANSWERS[study].caveat for study in studies)
    return panel(wanted, prose, (), (table,))


def _verdict(found: Matter, side: int) -> str:
    """What the model says of a claim under one side's figures, with its margin."""
    result = found.rerun(side)
    margin, band = (float(result[name][0]) for name in ("margin", "band"))
    verdict = verdict_of(margin, band)
    if not math.isfinite(margin):
        return f"{verdict}: no margin at any admissible value"
    return f"{verdict}: {with_unit(_signed(margin), found.unit)}"


def _signed(value: float) -> str:
    """A margin with its sign, to the hundredth where it is small."""
    digits = 0 if value.is_integer() or abs(value) >= 100 else 2
    return f"{value:+,.{digits}f}".replace("-", "\N{MINUS SIGN}")
