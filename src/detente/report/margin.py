"""Margin against one assumption: both sides' curves, the band, and where each side stands."""

import math
from collections.abc import Sequence

from detente.records.brief import Brief, Curve, MarginChart
from detente.records.outcome import UPPER_BOUND

from .drawing import Drawing
from .sheet import (
    CRUX,
    INK,
    MUTED,
    RULE,
    SIDE_COLOURS,
    SIDE_SHAPES,
    Sheet,
    Symbol,
    Words,
    capital,
    plain,
    signed,
    ticks,
)

LEFT, RIGHT, TOP, BOTTOM = 52.0, 556.0, 30.0, 330.0
WIDTH, HEIGHT = 680.0, 404.0
THIN = "#A9A598"


class Scale:
    """A straight scale from values to pixels."""

    def __init__(self, values: tuple[float, float], pixels: tuple[float, float]) -> None:
        self.values, self.pixels = values, pixels

    def __call__(self, value: float) -> float:
        (low, high), (start, end) = self.values, self.pixels
        return start + (value - low) / (high - low) * (end - start)


def margin_chart(brief: Brief) -> Drawing:
    """The lead claim's margin over the range of the assumption, with both sides' marks and the band."""
    chart = brief.chart
    reach = brief.says_upper_bound
    xs = [x for curve in chart.sides for x in curve.x] + [mark[0] for mark in chart.marks]
    x = Scale((min(xs), max(xs)), (LEFT, RIGHT))
    y = Scale(_bounds(chart), (BOTTOM, TOP))
    sheet = Sheet(WIDTH, HEIGHT)
    _frame(sheet, chart, x, y)
    note = " (an upper bound)" if reach else ""
    sheet.add(Words(LEFT, TOP - 14, f"{capital(chart.y_label)}{note}", 11, INK, bold=True))
    for curve, at in zip(chart.parts, _label_heights(chart.parts, y), strict=True):
        _curve(sheet, curve, x, y, THIN, 1.0, ())
        sheet.add(Words(RIGHT + 8, at + 3.5, curve.label, 10.5, MUTED))
    same = chart.sides[0].y == chart.sides[1].y and chart.sides[0].x == chart.sides[1].x
    _curve(sheet, chart.sides[0], x, y, SIDE_COLOURS[0], 3.0, ())
    _curve(sheet, chart.sides[1], x, y, SIDE_COLOURS[1], 3.0, (9.0, 9.0) if same else ())
    for index in (0, 1):
        _mark(sheet, brief, index, x, y)
    _key(sheet, brief, same)
    told = "; ".join(
        f"{side.holder} at {plain(value)}: {'no admissible value' if margin is None else signed(margin)}"
        for side, (value, margin) in zip(brief.sides, chart.marks, strict=True)
    )
    return Drawing(
        name="margin",
        title=capital(f"{chart.y_label.split(',')[0]} against {chart.x_label.split(',')[0].lower()}"),
        caption=chart.caption,
        summary=f"{capital(chart.y_label)} over {chart.x_label}{' (upper bound)' if reach else ''}: {told}.",
        sheet=sheet,
        caveat=UPPER_BOUND if reach else "",
    )


def _bounds(chart: MarginChart) -> tuple[float, float]:
    """Room for the sides' curves, marks and band; single launch areas may leave the frame."""
    values = [v for curve in chart.sides for v in curve.y if v is not None]
    values += [margin for _, margin in chart.marks if margin is not None]
    values += [band for b in chart.bands for band in (-2.2 * b, 2.2 * b)] + [0.0]
    lowest = [v for curve in chart.parts for v in curve.y if v is not None]
    low, high = min(values), max(values)
    if lowest:
        low = max(min([low, *lowest]), low - 0.6 * (high - low))
    pad = 0.05 * (high - low) or 1.0
    return low - pad, high + pad


def _frame(sheet: Sheet, chart: MarginChart, x: Scale, y: Scale) -> None:
    """Axes, grid, zero line and the band around it."""
    widest = max(chart.bands)
    sheet.box(LEFT, y(widest), RIGHT, y(-widest), CRUX, 0.45)
    if chart.bands[0] != chart.bands[1]:
        for band, colour in zip(chart.bands, SIDE_COLOURS, strict=True):
            for edge in (band, -band):
                sheet.stroke([LEFT, RIGHT], [y(edge), y(edge)], colour, 0.8, (2.0, 3.0))
    for value in ticks(*y.values, about=6):
        sheet.stroke([LEFT, RIGHT], [y(value), y(value)], RULE, 0.8)
        sheet.add(Words(LEFT - 8, y(value) + 3.8, plain(value), 11, MUTED, "end"))
    for value in ticks(*x.values, about=8):
        sheet.stroke([x(value), x(value)], [BOTTOM, BOTTOM + 5], MUTED, 0.8)
        sheet.add(Words(x(value), BOTTOM + 19, plain(value), 11, MUTED, "middle"))
    sheet.stroke([LEFT, RIGHT], [BOTTOM, BOTTOM], MUTED, 0.8)
    sheet.stroke([LEFT, RIGHT], [y(0), y(0)], INK, 1.4)
    sheet.add(
        Words(RIGHT, BOTTOM + 36, capital(chart.x_label), 11, INK, "end", bold=True),
        Words(LEFT + 6, y(0) - 5, "≥ 0: not ruled out", 10, MUTED),
        Words(RIGHT - 6, y(0) + 13, "< 0: ruled out in this model", 10, MUTED, "end"),
    )


def _curve(
    sheet: Sheet, curve: Curve, x: Scale, y: Scale, colour: str, width: float, dash: tuple[float, ...]
) -> None:
    """A curve with gaps where there is no value, cut where it leaves the frame."""
    low, high = y.values
    heights = [math.nan if v is None or not low <= v <= high else v for v in curve.y]
    sheet.stroke([x(v) for v in curve.x], [y(v) for v in heights], colour, width, dash)


def _label_heights(parts: Sequence[Curve], y: Scale) -> list[float]:
    """Heights for the names at the curves' right ends, moved apart to at least 12.5 px, in their order."""
    low, high = y.values
    ends = [next((min(max(v, low), high) for v in reversed(c.y) if v is not None), low) for c in parts]
    order = sorted(range(len(parts)), key=lambda index: (y(ends[index]), index))
    heights = [0.0] * len(parts)
    floor = TOP - 12.5
    for index in order:
        floor = heights[index] = max(y(ends[index]), floor + 12.5)
    ceiling = BOTTOM + 12.5
    for index in reversed(order):
        ceiling = heights[index] = min(heights[index], ceiling - 12.5)
    return heights


def _mark(sheet: Sheet, brief: Brief, index: int, x: Scale, y: Scale) -> None:
    """Where a side stands: a drop line, its symbol, its value and margin."""
    value, margin = brief.chart.marks[index]
    colour, shape = SIDE_COLOURS[index], SIDE_SHAPES[index]
    height = y(min(max(margin, y.values[0]), y.values[1])) if margin is not None else BOTTOM
    sheet.stroke([x(value), x(value)], [height, BOTTOM], colour, 1.2, (1.5, 3.0))
    sheet.add(Symbol(x(value), height, shape, 13, colour))
    told = "no admissible value" if margin is None else signed(margin)
    right, down = ((-12.0, -9.0), (12.0, 18.0))[index]
    sheet.add(
        Words(
            x(value) + right, height + down, told, 14, colour, ("end", "start")[index], True, halo="#FFFFFF"
        ),
        Words(
            x(value) + 5 * (index * 2 - 1),
            BOTTOM - 6,
            plain(value),
            11,
            colour,
            ("end", "start")[index],
            True,
            halo="#FFFFFF",
        ),
    )


def _key(sheet: Sheet, brief: Brief, same: bool) -> None:  # noqa: FBT001
    """Which line is whose, at fixed places whatever the names."""
    y = HEIGHT - 8
    for index, left in enumerate((LEFT, 230.0)):
        sheet.stroke(
            [left, left + 24], [y - 4, y - 4], SIDE_COLOURS[index], 3.0, (9.0, 6.0) if same and index else ()
        )
        sheet.add(Symbol(left + 12, y - 4, SIDE_SHAPES[index], 9, SIDE_COLOURS[index]))
        sheet.add(Words(left + 32, y, brief.sides[index].holder, 11, SIDE_COLOURS[index], bold=True))
    if brief.chart.parts:
        sheet.stroke([408, 432], [y - 4, y - 4], THIN, 1.0)
        sheet.add(Words(438, y, "one launch area", 11, INK))
    if any(brief.chart.bands):
        sheet.box(548, y - 11, 566, y + 2, CRUX, 0.6)
        sheet.add(Words(573, y, "indeterminate band", 11, INK))
