"""Pictures of a crux: where the difference comes from, what each concession is worth, what flips, and when.

Each takes a finished crux and looks right for one assumption and for a dozen. Rows stand by share, the
largest first; the first party is on the left and blue, the second on the right and burnt orange.
"""

import math
from collections.abc import Sequence

from detente.records.crux import AttributionRow, BreakEvenRow, Crux, FlipRow
from detente.records.outcome import UPPER_BOUND
from detente.records.units import with_unit

from .drawing import Drawing
from .margin import Scale
from .sheet import (
    BAR,
    CRUX,
    CRUX_BAR,
    FIRST,
    INK,
    MUTED,
    RULE,
    SECOND,
    SIDE_COLOURS,
    SIDE_SHAPES,
    Anchor,
    Sheet,
    Symbol,
    Words,
    capital,
    plain,
    signed,
    ticks,
)

WIDTH, NAMES, ROW = 680.0, 236.0, 34.0
BOUND = "Margins are an upper bound on defense."
"""What every chart of a crux on reach says; a crux on something else passes an empty text."""


def _said(bound: str) -> str:
    """The same in two words for a summary."""
    return " (upper bound)" if bound else ""


def by_share(crux: Crux) -> list[AttributionRow]:
    """The disputed assumptions, the largest part of the difference first."""
    return sorted(crux.attribution_rows, key=lambda row: -abs(row.phi or 0.0))


def waterfall(crux: Crux, bound: str = BOUND) -> Drawing:
    """From the first party's margin to the second's, one step an assumption, through zero."""
    rows = by_share(crux)
    top, left, right = 46.0, NAMES + 30, WIDTH - 62
    bottom = top + ROW * (len(rows) + 2)
    sheet = Sheet(WIDTH, bottom + 44)
    start, end = crux.margins
    corners = [0.0, start, end]
    level = start
    for row in rows:
        level += row.phi or 0.0
        corners.append(level)
    x = _axis(sheet, corners, (left, right), (top, bottom), with_unit("margin", crux.unit, ", "))
    _heading(sheet, crux, left, right)
    _end_bar(sheet, crux, 0, x, top)
    level = start
    for number, row in enumerate(rows):
        y = top + ROW * (number + 1)
        _row_name(sheet, row, y, bold=number == 0)
        if row.phi is None or not math.isfinite(level):
            sheet.add(
                Words(x(0) + 6, y + 21, "no split: the margin is infinite at some mixture", 10.5, MUTED)
            )
            continue
        sheet.stroke([x(level), x(level)], [y - 9, y + 8], MUTED, 0.8)
        sheet.box(x(level), y + 8, x(level + row.phi), y + 25, CRUX_BAR if number == 0 else BAR)
        level += row.phi
        at = max(x(level), x(level - row.phi)) + 6
        sheet.add(Words(at, y + 20.5, signed(row.phi), 11, INK, bold=number == 0, halo="#FFFFFF"))
        share = "" if row.share is None else f"{100 * row.share:.0f} %".replace("-", "−")
        sheet.add(Words(WIDTH, y + 20.5, share, 11, INK, "end", bold=number == 0))
    if math.isfinite(level):
        sheet.stroke([x(level), x(level)], [bottom - ROW - 9, bottom - ROW + 7], MUTED, 0.8)
    _end_bar(sheet, crux, 1, x, bottom - ROW)
    sheet.add(Words(WIDTH, top - 12, "share", 10.5, MUTED, "end"))
    first = rows[0] if rows else None
    told = (
        f"; the largest step is {first.label}, {signed(first.phi)}" if first and first.phi is not None else ""
    )
    return Drawing(
        name="waterfall",
        title="Where the difference comes from",
        caption="From the first side’s margin to the second’s, one step for each assumption on which they "
        f"differ (Shapley value, so the order of conceding does not matter). {bound}".rstrip(),
        summary=f"From {_margin(start)} to {with_unit(_margin(end), crux.unit)}{_said(bound)}{told}.",
        sheet=sheet,
        caveat=UPPER_BOUND if bound else "",
    )


def concessions(crux: Crux, bound: str = BOUND) -> Drawing:
    """What each assumption is worth alone: conceded by the first, by the second, and its fair share."""
    rows = by_share(crux)
    top, left, right = 60.0, NAMES + 30, WIDTH - 20
    bottom = top + ROW * len(rows)
    sheet = Sheet(WIDTH, bottom + 66)
    towards = 1.0 if crux.margins[1] >= crux.margins[0] else -1.0
    needs = (-crux.margins[0] * towards, crux.margins[1] * towards)
    worth = [
        (row, tuple(None if v is None else v * towards for v in (row.first, row.phi, row.total)))
        for row in rows
    ]
    values = [v for _, triple in worth for v in triple if v is not None] + [0.0]
    values += [need for need in needs if 0 < need < 1e6]
    x = _axis(
        sheet,
        values,
        (left, right),
        (top, bottom),
        with_unit("change of margin towards the other’s conclusion", crux.unit, ", "),
    )
    for index, need in enumerate(needs):
        if 0 < need < 1e6:
            colour = SIDE_COLOURS[index]
            sheet.stroke([x(need), x(need)], [top - 8 - 14 * index, bottom], colour, 1.2, (4.0, 3.0))
            sheet.add(Words(x(need) - 4, top - 12 - 14 * index, "needed to flip", 10.5, colour, "end", True))
            sheet.add(Symbol(x(need), top - 15 - 14 * index, SIDE_SHAPES[index], 8, colour))
    for number, (row, (first, fair, total)) in enumerate(worth):
        y = top + ROW * number
        _row_name(sheet, row, y, bold=number == 0)
        if first is None or total is None:
            continue
        sheet.stroke([x(first), x(total)], [y + 16.5, y + 16.5], CRUX_BAR if number == 0 else BAR, 5.0)
        if fair is not None:
            sheet.stroke([x(fair), x(fair)], [y + 9, y + 24], INK, 1.6)
        sheet.add(
            Symbol(x(first), y + 16.5, "disc", 9, FIRST), Symbol(x(total), y + 16.5, "diamond", 9, SECOND)
        )
    y = bottom + 60
    for at, shape, colour, index in ((0.0, "disc", FIRST, 0), (230.0, "diamond", SECOND, 1)):
        sheet.add(Symbol(at + 6, y - 4, "disc" if shape == "disc" else "diamond", 9, colour))
        sheet.add(Words(at + 16, y, f"{crux.parties[index]} concedes it alone", 11, INK))
    sheet.stroke([470, 470], [y - 10, y + 2], INK, 1.6)
    sheet.add(Words(478, y, "fair share", 11, INK))
    return Drawing(
        name="concessions",
        title="What each concession is worth alone",
        caption="How far the margin moves when one side takes over one value of the other; the dashed "
        f"lines show what is needed to flip that side’s conclusion. {bound}".rstrip(),
        summary=with_unit(f"Worth of each of {len(rows)} assumptions conceded alone", crux.unit, ", in ")
        + f"{_said(bound)}.",
        sheet=sheet,
        caveat=UPPER_BOUND if bound else "",
    )


def flip_matrix(crux: Crux, bound: str = BOUND) -> Drawing:
    """The smallest sets of concessions that change each side's conclusion, one column a set."""
    rows = by_share(crux)
    sets = [crux.listed(party, "flips", 10) for party in crux.parties]
    top, gap = 66.0, 26.0
    half = (WIDTH - NAMES - 30 - gap) / 2
    bottom = top + 28 * max(len(rows), 1)
    sheet = Sheet(WIDTH, bottom + 62)
    for number, row in enumerate(rows):
        y = top + 28 * number
        if number % 2 == 0:
            sheet.box(0, y, WIDTH, y + 28, "#F3F0E7")
        sheet.add(Words(8, y + 18, capital(row.label), 11.5, INK, bold=number == 0))
    for side in (0, 1):
        left = NAMES + 30 + side * (half + gap)
        _flip_half(sheet, crux, rows, sets[side], (left, top, half), side)
    middle = NAMES + 30 + half + gap / 2
    sheet.stroke([middle, middle], [top - 50, bottom + 20], RULE, 1.0)
    y = bottom + 54
    sheet.add(Symbol(6, y - 4, "disc", 10, MUTED), Words(16, y, "certain", 11, INK))
    sheet.add(
        Symbol(82, y - 4, "disc", 10, MUTED, "hollow"),
        Words(92, y, "possible: begins or ends inside the band", 11, INK),
    )
    told = "; ".join(f"{party}: {_count(crux, party)}" for party in crux.parties)
    return Drawing(
        name="flips",
        title="The least each side must concede",
        caption="Each column is a smallest set of the other side’s values that changes a side’s conclusion; "
        f"below it the margin after conceding. {bound}".rstrip(),
        summary=f"Smallest sets of concessions{_said(bound)}. {told}.",
        sheet=sheet,
        caveat=UPPER_BOUND if bound else "",
    )


def tipping(crux: Crux, bound: str = BOUND) -> Drawing:
    """Where along each assumption, between the two sides' values, a conclusion changes."""
    rows = by_share(crux)
    top, left, right = 48.0, NAMES + 30, WIDTH - 96
    bottom = top + ROW * max(len(rows), 1)
    sheet = Sheet(WIDTH, bottom + 52)
    x = Scale((-0.5, 1.5), (left, right))
    for at in (-0.5, 0.0, 0.5, 1.0, 1.5):
        sheet.stroke([x(at), x(at)], [top, bottom], RULE, 0.8)
    for index, (at, toward) in enumerate(((0.0, 12.0), (1.0, -12.0))):
        colour, height = SIDE_COLOURS[index], 12.0 + 18 * index
        anchor: Anchor = "start" if toward > 0 else "end"
        sheet.stroke([x(at), x(at)], [height + 6, bottom], colour, 1.2, (2.0, 3.0))
        sheet.add(Symbol(x(at), height, SIDE_SHAPES[index], 9, colour))
        owner = f"{crux.parties[index]}’s value"
        sheet.add(Words(x(at) + toward, height + 4, owner, 11, colour, anchor, True))
    for number, row in enumerate(rows):
        y = top + ROW * number
        _row_name(sheet, row, y, bold=number == 0)
        sheet.stroke([left, right], [y + 16.5, y + 16.5], RULE, 1.0)
        for index, party in enumerate(crux.parties):
            found = next(
                (r for r in crux.breakeven_rows if r.side == party and r.assumption == row.assumption), None
            )
            if found is not None:
                _break_even(sheet, found, index, x, y)
    sheet.add(
        Words(left, bottom + 18, "← further out", 10.5, MUTED),
        Words(right, bottom + 18, "further out →", 10.5, MUTED, "end"),
    )
    y = bottom + 44
    sheet.add(
        Words(
            0,
            y,
            "The symbol says whose conclusion changes there, the rest held at that side’s values.",
            11,
            INK,
        )
    )
    return Drawing(
        name="tipping",
        title="Where each conclusion tips",
        caption="Break-even values on a scale from one side’s value to the other’s, the nearest of each; "
        f"bars where the margin lies inside the band. {bound}".rstrip(),
        summary=f"Break-even values of {len(rows)} assumptions for both sides{_said(bound)}.",
        sheet=sheet,
        caveat=UPPER_BOUND if bound else "",
    )


def _axis(
    sheet: Sheet, values: Sequence[float], across: tuple[float, float], down: tuple[float, float], label: str
) -> Scale:
    """A horizontal scale around the values with a zero line."""
    finite = [v for v in values if abs(v) < 1e6]
    low, high = min(finite), max(finite)
    pad = 0.09 * (high - low) or 1.0
    x = Scale((low - pad, high + pad), across)
    top, bottom = down
    for value in ticks(*x.values, about=6):
        sheet.stroke([x(value), x(value)], [top, bottom], RULE, 0.8)
        sheet.add(Words(x(value), bottom + 16, plain(value), 11, MUTED, "middle"))
    sheet.stroke([x(0), x(0)], [top - 6, bottom + 3], INK, 1.4)
    sheet.add(Words(across[1], bottom + 34, label, 11, INK, "end", bold=True))
    return x


def _heading(sheet: Sheet, crux: Crux, left: float, right: float) -> None:
    sheet.add(
        Words(
            (left + right) / 2,
            14,
            "below zero: ruled out in this model   ·   zero or more: not ruled out",
            10.5,
            MUTED,
            "middle",
        )
    )
    if crux.k == 0:
        sheet.add(Words(left, 40, "The two positions hold the same values.", 11, INK))


def _end_bar(sheet: Sheet, crux: Crux, index: int, x: Scale, y: float) -> None:
    """A party's own margin, from zero."""
    margin, colour = crux.margins[index], SIDE_COLOURS[index]
    sheet.add(
        Symbol(6, y + 17, SIDE_SHAPES[index], 10, colour),
        Words(17, y + 21, crux.parties[index], 12, colour, bold=True),
    )
    low, high = x.values
    drawn = min(max(margin, low), high)
    sheet.box(x(0), y + 7, x(drawn), y + 27, colour)
    at = max(x(0), x(drawn)) + 6
    sheet.add(Words(at, y + 21, _margin(margin), 12, colour, bold=True, halo="#FFFFFF"))


def _row_name(sheet: Sheet, row: AttributionRow, y: float, *, bold: bool) -> None:
    """An assumption's name, and under it the first side's value, an arrow, and the second's."""
    if bold:
        sheet.box(0, y + 3, 4, y + 31, CRUX_BAR)
    sheet.add(Words(10, y + 15, capital(row.label), 11.5, INK, bold=bold))
    note = "   (works against its own side)" if row.own_goal else ""
    sheet.add(Words(10, y + 28, f"{row.a_text} → {row.b_text}{note}", 10, MUTED))


def _flip_half(
    sheet: Sheet, crux: Crux, rows: Sequence[AttributionRow], sets: Sequence[FlipRow],
    place: tuple[float, float, float], side: int,
) -> None:  # fmt: skip
    """One side's columns."""
    left, top, half = place
    colour, party = SIDE_COLOURS[side], crux.parties[side]
    sheet.add(
        Symbol(left + 6, 16, SIDE_SHAPES[side], 10, colour),
        Words(left + 17, 20, party, 12, colour, bold=True),
    )
    sheet.add(Words(left, 38, _count(crux, party), 10.5, MUTED))
    step = min(34.0, half / max(len(sets), 1))
    for column, found in enumerate(sets):
        x = left + 14 + step * column
        hit = [n for n, row in enumerate(rows) if row.assumption in found.members]
        ys = [top + 28 * n + 14 for n in range(len(rows))]
        if hit and hit[0] != hit[-1]:
            sheet.stroke([x, x], [ys[hit[0]], ys[hit[-1]]], colour, 2.0)
        for n, y in enumerate(ys):
            if n in hit:
                sheet.add(
                    Symbol(
                        x,
                        y,
                        SIDE_SHAPES[side],
                        11,
                        colour,
                        "full" if found.certainty == "certain" else "hollow",
                    )
                )
            else:
                sheet.add(Symbol(x, y, "disc", 5, "#D8D3C5", width=0.0))
        after = found.margin_after
        sheet.add(
            Words(x, top + 28 * len(rows) + 16, signed(after, 1 if step < 30 else 2), 9.5, MUTED, "middle")
        )


def _count(crux: Crux, party: str) -> str:
    """How many smallest sets there are, in words."""
    try:
        found = crux.summary(party, "flips")
    except KeyError:
        return "nothing to flip"
    if found.count == 0:
        return "no set of values flips it"
    size = "value" if found.smallest == 1 else "values"
    if found.count == 1:
        return f"one set, of {found.smallest} {size}"
    return f"{found.count} sets; the smallest has {found.smallest} {size}"


def _break_even(sheet: Sheet, row: BreakEvenRow, index: int, x: Scale, y: float) -> None:
    """One side's break-even on the common scale; beyond its ends an arrow with the value."""
    colour, shape, middle = SIDE_COLOURS[index], SIDE_SHAPES[index], y + 16.5 + (-6.0, 6.0)[index]
    told = Words(
        WIDTH,
        middle + 3.5,
        row.text.split(" (")[0] if row.value is not None else "none admissible",
        10,
        colour,
        "end",
    )
    sheet.add(told)
    if row.fraction is None:
        return

    def along(fraction: float) -> float:
        position = fraction if index == 0 else 1.0 - fraction
        return min(max(position, x.values[0]), x.values[1])

    ends = [_fraction(row, value) for value in (row.lo, row.hi)]
    if ends[0] is not None and ends[1] is not None:
        sheet.stroke([x(along(ends[0])), x(along(ends[1]))], [middle, middle], CRUX, 7.0)
    sheet.add(Symbol(x(along(row.fraction)), middle, shape, 10, colour))


def _fraction(row: BreakEvenRow, value: float | None) -> float | None:
    """A value's place between the side's own value (0) and the other's (1); None for what is no number."""
    held, other = row.held, row.other
    if value is None or isinstance(held, bool) or isinstance(other, bool):
        return None
    if not isinstance(held, int | float) or not isinstance(other, int | float) or held == other:
        return None
    return (value - held) / (other - held)


def _margin(value: float) -> str:
    return signed(value) if abs(value) < 1e6 else "none admissible"
