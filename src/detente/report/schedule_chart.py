"""A schedule as a picture: levels and ceilings, parity and both sides' bands, who does what when.

The first party in alphabetical order is blue with discs, the second burnt orange with diamonds. Levels are
known on the last day of each period; the lines between are drawn to guide the eye.
"""

from collections.abc import Sequence
from datetime import date

from detente.records.schedule import CeilingLine, Frontier, LevelRow, ParityRow, Schedule, ScheduleRow

from .drawing import Drawing
from .margin import Scale
from .sheet import (
    BAR,
    CRUX,
    INK,
    MUTED,
    PAPER,
    RULE,
    SIDE_COLOURS,
    SIDE_SHAPES,
    Area,
    Sheet,
    Symbol,
    Words,
    plain,
    ticks,
)

WIDTH, LEFT, RIGHT = 760.0, 60.0, 700.0
PANEL, GAP, ROW = 170.0, 64.0, 21.0
MOST_PANELS = 4
NAMES = 214.0


def schedule_chart(found: Schedule) -> Drawing:
    """Levels of the limited quantities, parity where a rule is watched, and the actions of each period."""
    panels = _limited(found)
    rules = list(dict.fromkeys(row.rule for row in found.parity))
    keys = _keys(found.rows)
    height = 34 + (PANEL + GAP) * (len(panels) + len(rules)) + 54 + ROW * len(keys) + 12
    sheet = Sheet(WIDTH, height)
    _legend(sheet, found.parties)
    top = 54.0
    first, last = found.levels[0].date, found.periods[-1].end
    x = Scale((_day(first), _day(last)), (LEFT, RIGHT))
    for rule, quantity in panels:
        _level_panel(sheet, found, (rule, quantity), x, top)
        top += PANEL + GAP
    for rule in rules:
        _parity_panel(sheet, found, [row for row in found.parity if row.rule == rule], x, top)
        top += PANEL + GAP
    _gantt(sheet, found, keys, top)
    return Drawing(
        name="schedule",
        title=f"{found.force_title}: reductions to {found.rule_name}",
        caption="Dashed lines are ceilings on the days on which they hold. Levels are read on the last day "
        "of each period. What is done within a period, and what is not in the model, is not shown. "
        + " ".join(f"{note[:1].upper()}{note[1:]}." for note in found.notices[:2]),
        summary=_told(found),
        sheet=sheet,
        caveat="",
    )


def _told(found: Schedule) -> str:
    years = ", ".join(str(number) for number in found.actions_by_year)
    return f"{found.eliminations} eliminations of {', '.join(found.parties)}; actions by year: {years}."


def _day(written: str) -> float:
    return float(date.fromisoformat(written).toordinal())


def _limited(found: Schedule) -> list[tuple[str, str]]:
    """The rule and quantity of each panel: those with ceilings, most rows with a ceiling first."""
    counted: dict[tuple[str, str], int] = {}
    for line in found.ceilings:
        if line.rule != "stock":
            counted[line.rule, line.quantity] = counted.get((line.rule, line.quantity), 0) + 1
    return sorted(counted, key=lambda key: -counted[key])[:MOST_PANELS]


def _index(parties: Sequence[str], party: str) -> int:
    return min(sorted(parties).index(party), 1)


def _legend(sheet: Sheet, parties: Sequence[str]) -> None:
    for number, party in enumerate(sorted(parties)[:2]):
        at = LEFT + 130.0 * number
        sheet.add(Symbol(at, 12, SIDE_SHAPES[number], 9, SIDE_COLOURS[number]))
        sheet.add(Words(at + 10, 16, party, 11.5, SIDE_COLOURS[number], bold=True))


def _frame(sheet: Sheet, title: str, values: Sequence[float], x: Scale, top: float) -> Scale:
    """Title, grid and axes of a panel; gives the scale of its height."""
    low, high = min(0.0, *values), max(1.0, *values)
    y = Scale((low, high * 1.08 if high > 0 else 1.0), (top + PANEL, top + 10))
    sheet.add(Words(LEFT, top - 6, title, 12, INK, bold=True))
    for value in ticks(*y.values, about=4):
        sheet.stroke([LEFT, RIGHT], [y(value), y(value)], RULE, 0.8)
        sheet.add(Words(LEFT - 6, y(value) + 4, plain(value), 10, MUTED, "end"))
    first, last = (date.fromordinal(int(value)) for value in x.values)
    step = max(1, (last.year - first.year) // 9)
    for year in range(first.year + 1, last.year + 1, step):
        at = x(float(date(year, 1, 1).toordinal()))
        sheet.stroke([at, at], [top + PANEL, top + PANEL + 4], MUTED, 0.8)
        sheet.add(Words(at, top + PANEL + 16, str(year), 10, MUTED, "middle"))
    return y


def _level_panel(sheet: Sheet, found: Schedule, key: tuple[str, str], x: Scale, top: float) -> None:
    rule, quantity = key
    rows = [row for row in found.levels if (row.rule, row.quantity) == key]
    limits = [line for line in found.ceilings if (line.rule, line.quantity) == key]
    title = f"{quantity.replace('_', ' ').capitalize()}, counted under {rule}"
    y = _frame(
        sheet, title, [float(row.level) for row in rows] + [float(line.limit) for line in limits], x, top
    )
    ends: list[tuple[float, int, str]] = []
    for party in sorted(found.parties):
        own = sorted((row for row in rows if row.party == party), key=lambda row: row.period)
        if own:
            side = _index(found.parties, party)
            _curve(sheet, own, x, y, side)
            ends.append((y(float(own[-1].level)), side, f"{own[-1].level:,}"))
    _end_labels(sheet, ends, x(_day(rows[-1].date)) + 8)
    _ceiling_lines(sheet, found, limits, x, y)


def _end_labels(sheet: Sheet, ends: Sequence[tuple[float, int, str]], at: float) -> None:
    """The last level of each curve beside it, pushed apart where they would run into each other."""
    lowest = float("-inf")
    for height, side, text in sorted(ends):
        lowest = max(height + 4, lowest + 12)
        sheet.add(Words(at, lowest, text, 10.5, SIDE_COLOURS[side], bold=True))


def _curve(sheet: Sheet, rows: Sequence[LevelRow], x: Scale, y: Scale, side: int) -> None:
    xs, ys = [x(_day(row.date)) for row in rows], [y(float(row.level)) for row in rows]
    sheet.stroke(xs, ys, SIDE_COLOURS[side], 1.8)
    for at, height in zip(xs, ys, strict=True):
        sheet.add(Symbol(at, height, SIDE_SHAPES[side], 7, SIDE_COLOURS[side]))


def _ceiling_lines(sheet: Sheet, found: Schedule, limits: Sequence[CeilingLine], x: Scale, y: Scale) -> None:
    """Ceilings that are the same for all in ink, those of one party in its colour."""
    by_place: dict[tuple[str, str, int], set[str]] = {}
    for line in limits:
        by_place.setdefault((line.since, line.until, line.limit), set()).add(line.party)
    for (since, until, limit), parties in by_place.items():
        colour = INK
        if len(parties) == 1 and len(found.parties) > 1:
            colour = SIDE_COLOURS[_index(found.parties, next(iter(parties)))]
        left, right = x(_day(since)), x(_day(until))
        left = min(left, RIGHT - 26)
        sheet.stroke([left - 12, max(right, left + 26)], [y(limit), y(limit)], colour, 1.4, (5.0, 3.0))
        sheet.add(Words(left - 12, y(limit) - 6, f"{limit:,}", 10, colour, halo=PAPER))


def _parity_panel(sheet: Sheet, found: Schedule, rows: Sequence[ParityRow], x: Scale, top: float) -> None:
    """The difference of the two counts; above zero the first party is ahead, below the second."""
    first, second = sorted(found.parties)
    band = next((line for line in found.bands if line.rule == rows[0].rule), None)
    above, below = _band(rows, band.share if band else None, band.number if band else None)
    shown = [float(row.difference) for row in rows] + [
        value for value in (*above, *below) if value is not None
    ]
    title = f"Parity of {rows[0].quantity.replace('_', ' ')} under {rows[0].rule}: {first} less {second}"
    y = _frame(sheet, title, shown, x, top)
    held = [
        (x(_day(row.date)), a, b)
        for row, a, b in zip(rows, above, below, strict=True)
        if a is not None and b is not None
    ]
    if len(held) > 1:
        xs = [at for at, _, _ in held]
        ring_x = [*xs, *reversed(xs), xs[0]]
        ring_y = [*(y(a) for _, a, _ in held), *(y(b) for _, _, b in reversed(held)), y(held[0][1])]
        import numpy as np

        sheet.items.append(Area((np.array([ring_x, ring_y]),), CRUX, 0.45))
        sheet.stroke(xs, [y(a) for _, a, _ in held], SIDE_COLOURS[0], 1.2, (4.0, 3.0))
        sheet.stroke(xs, [y(b) for _, _, b in held], SIDE_COLOURS[1], 1.2, (4.0, 3.0))
        sheet.add(
            Words(xs[0] + 6, y(held[0][1]) + 26, f"most that {first} may be ahead", 10, SIDE_COLOURS[0])
        )
        sheet.add(
            Words(xs[0] + 6, y(held[0][2]) - 18, f"most that {second} may be ahead", 10, SIDE_COLOURS[1])
        )
    sheet.stroke([LEFT, RIGHT], [y(0), y(0)], INK, 1.2)
    sheet.stroke([x(_day(row.date)) for row in rows], [y(row.difference) for row in rows], INK, 1.8)
    for row in rows:
        side = 0 if row.difference >= 0 else 1
        sheet.add(Symbol(x(_day(row.date)), y(row.difference), SIDE_SHAPES[side], 7, SIDE_COLOURS[side]))


def _band(
    rows: Sequence[ParityRow], share: float | None, number: int | None
) -> tuple[list[float | None], list[float | None]]:
    """How far each party may be ahead on each day on which a band holds."""
    above: list[float | None] = []
    below: list[float | None] = []
    for row in rows:
        if not row.held or (share is None and number is None):
            above.append(None)
            below.append(None)
            continue
        leads = [[] if number is None else [float(number)] for _ in (0, 1)]
        if share is not None:
            leads[0].append(share * row.counts[1])
            leads[1].append(share * row.counts[0])
        above.append(min(leads[0]))
        below.append(-min(leads[1]))
    return above, below


Key = tuple[str, str, str, str, str]


def _keys(rows: Sequence[ScheduleRow]) -> list[Key]:
    return sorted({(row.party, row.type, row.place, row.action, row.into) for row in rows})


def _gantt(sheet: Sheet, found: Schedule, keys: Sequence[Key], top: float) -> None:
    """A row for each type and action; in each period a bar, the highest where the row is largest."""
    sheet.add(Words(0, top - 6, "What is done in each period", 12, INK, bold=True))
    x = Scale((_day(found.periods[0].begin), _day(found.periods[-1].end)), (NAMES, RIGHT))
    bottom = top + 18 + ROW * len(keys)
    for n, period in enumerate(found.periods):
        at = x(_day(period.begin))
        sheet.stroke([at, at], [top + 14, bottom], RULE, 0.8)
        wide = (RIGHT - NAMES) / len(found.periods) > 46
        if wide or n % 2 == 0:
            text = period.end[:7]
            sheet.add(Words((at + x(_day(period.end))) / 2, top + 11, text, 9, MUTED, "middle"))
    for line, key in enumerate(keys):
        y = top + 18 + ROW * line
        if line % 2 == 0:
            sheet.box(0, y, RIGHT, y + ROW, "#F3F0E7")
        _gantt_row(sheet, found, key, (x, y))
    sheet.stroke([x(_day(found.periods[-1].end))] * 2, [top + 14, bottom], RULE, 0.8)


def _gantt_row(sheet: Sheet, found: Schedule, key: Key, place: tuple[Scale, float]) -> None:
    x, y = place
    party, kind, at_place, action, into = key
    side = _index(found.parties, party)
    sheet.add(Symbol(6, y + ROW / 2, SIDE_SHAPES[side], 8, SIDE_COLOURS[side]))
    kind = kind.replace(" (non-deployed)", ", not deployed")
    name = f"{action} {kind}" + (f" to {into}" if into else "") + (f", {at_place}" if at_place else "")
    sheet.add(Words(16, y + 14.5, name if len(name) < 40 else f"{name[:39]}…", 10.5, INK))
    own = [row for row in found.rows if (row.party, row.type, row.place, row.action, row.into) == key]
    largest = max(row.number for row in own)
    for row in own:
        left, right = x(_day(row.begin)) + 1, x(_day(row.end)) - 1
        high = (ROW - 4) * max(0.12, row.number / largest)
        sheet.box(left, y + ROW - 2 - high, right, y + ROW - 2, SIDE_COLOURS[side], 0.32)
        if right - left > 6.2 * len(str(row.number)):
            sheet.add(Words((left + right) / 2, y + 14.5, str(row.number), 10, INK, "middle"))
    sheet.add(Words(RIGHT + 8, y + 14.5, f"{sum(row.number for row in own):,}", 10.5, INK))


def frontier_chart(found: Frontier) -> Drawing:
    """Points of the front: the day across, cost upward, and the distance from parity beside each point."""
    sheet = Sheet(WIDTH, 60 + PANEL * 1.8 + 40)
    top, bottom = 40.0, 40.0 + PANEL * 1.8
    days = [_day(point.finish) for point in found.points]
    spread = max(days) - min(days) or 365.0
    x = Scale((min(days) - 0.08 * spread, max(days) + 0.12 * spread), (LEFT, RIGHT))
    costs = [point.cost for point in found.points]
    pad = 0.12 * (max(costs) - min(costs)) or 1.0
    y = Scale((min(costs) - pad, max(costs) + pad), (bottom, top))
    sheet.add(
        Words(LEFT, 18, "cost of all actions, and largest difference of the two counts", 11.5, INK, bold=True)
    )
    for value in ticks(*y.values, about=5):
        sheet.stroke([LEFT, RIGHT], [y(value), y(value)], RULE, 0.8)
        sheet.add(Words(LEFT - 6, y(value) + 4, plain(value), 10, MUTED, "end"))
    for day in sorted(set(days)):
        sheet.stroke([x(day), x(day)], [top, bottom], RULE, 0.8)
        sheet.add(Words(x(day), bottom + 16, date.fromordinal(int(day)).isoformat(), 9.5, MUTED, "middle"))
    apart = [point.furthest_from_parity or 0 for point in found.points]
    for point, day, gap in zip(found.points, days, apart, strict=True):
        size = 7 + 13 * gap / max(1, *apart)
        sheet.add(Symbol(x(day), y(point.cost), "disc", size, BAR))
        if point.furthest_from_parity is not None:
            sheet.add(Words(x(day) + size / 2 + 3, y(point.cost) + 4, f"{gap:,}", 10, INK))
    sheet.add(Words(RIGHT, bottom + 34, "final ceilings met by", 10.5, INK, "end"))
    return Drawing(
        name="frontier",
        title="What sooner, cheaper and nearer to parity cost each other",
        caption="Each disc is a schedule that nothing beats; the larger, the further apart the two counts at "
        "their furthest (the number beside it). What lies between the points is not shown.",
        summary=f"{len(found.points)} points of the front of time, cost and parity.",
        sheet=sheet,
        caveat="",
    )
