"""Charts of a brief's panels: announced ranges on one scale, and lines with their ceilings and standards."""

from collections.abc import Sequence
from itertools import pairwise

from detente.records.brief import Line, LinesChart, RangesChart

from .drawing import Drawing
from .margin import Scale
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
    plain,
    ticks,
)

WIDTH, NAMES, ROW = 680.0, 236.0, 38.0
LEFT, RIGHT, TOP, BOTTOM = 58.0, 520.0, 30.0, 300.0
OWN = (INK, MUTED)
"""Colours of lines that belong to neither side."""


def panel_chart(chart: RangesChart | LinesChart) -> Drawing:
    """The drawing of one chart of a panel; what it shows is no reach, so it carries no caveat of reach."""
    return _ranges(chart) if isinstance(chart, RangesChart) else _lines(chart)


def _ranges(chart: RangesChart) -> Drawing:
    """One bar a range, one symbol a single level, and a band over what all ranges have in common."""
    top, left, right = 40.0, NAMES + 20, WIDTH - 40
    bottom = top + ROW * len(chart.levels)
    sheet = Sheet(WIDTH, bottom + 44)
    values = [value for level in chart.levels for value in (level.low, level.high)]
    pad = 0.08 * (max(values) - min(values)) or 1.0
    x = Scale((max(0.0, min(values) - pad), max(values) + pad), (left, right))
    if chart.overlap:
        sheet.box(x(chart.overlap[0]), top - 8, x(chart.overlap[1]), bottom, CRUX, 0.6)
        middle = (x(chart.overlap[0]) + x(chart.overlap[1])) / 2
        words = f"in common: {plain(chart.overlap[0])} to {plain(chart.overlap[1])}"
        sheet.add(Words(middle, top - 14, words, 10.5, INK, "middle"))
    _x_axis(sheet, x, (top - 8, bottom), chart.x_label, about=5)
    for number, level in enumerate(chart.levels):
        y = top + ROW * number + 17
        colour = MUTED if level.side is None else SIDE_COLOURS[level.side]
        shape = "square" if level.side is None else SIDE_SHAPES[level.side]
        sheet.add(Symbol(6, y - 4, shape, 9, colour), Words(18, y, level.label, 11.5, INK, bold=True))
        if level.note:
            sheet.add(Words(18, y + 13, level.note, 10, MUTED))
        if level.low < level.high:
            sheet.stroke([x(level.low), x(level.high)], [y - 4, y - 4], colour, 5.0)
        for value, anchor, shift in ((level.low, "end", -9), (level.high, "start", 9)):
            sheet.add(Symbol(x(value), y - 4, shape, 10, colour))
            if value != level.low or anchor == "end":
                sheet.add(Words(x(value) + shift, y, plain(value), 11, INK, anchor, halo="#FFFFFF"))  # type: ignore[arg-type]
    return Drawing(chart.name, chart.title, chart.caption, chart.summary, sheet, caveat="")


def _lines(chart: LinesChart) -> Drawing:
    """Lines over one axis, each named at its end; names that would touch are moved apart."""
    xs = [x for line in chart.lines for x in line.x]
    ys = [y for line in chart.lines for y in line.y if y is not None]
    low, high = min(0.0, *ys), max(ys)
    x = Scale((min(xs), max(xs)), (LEFT, RIGHT))
    y = Scale((low, high + 0.06 * (high - low or 1.0)), (BOTTOM, TOP))
    sheet = Sheet(WIDTH, BOTTOM + 48)
    for tick in ticks(low, high, 5):
        sheet.stroke([LEFT, RIGHT], [y(tick), y(tick)], RULE, 1.0)
        sheet.add(Words(LEFT - 8, y(tick) + 4, plain(tick), 10.5, MUTED, "end"))
    sheet.add(Words(LEFT - 44, TOP - 14, chart.y_label, 10.5, MUTED))
    _x_axis(sheet, x, (BOTTOM, BOTTOM), chart.x_label, about=7)
    heights = _apart([y(_last(line)) for line in chart.lines])
    for number, (line, at) in enumerate(zip(chart.lines, heights, strict=True)):
        colour = OWN[number % 2] if line.side is None else SIDE_COLOURS[line.side]
        points = _stepped(line) if line.steps else list(zip(line.x, line.y, strict=True))
        sheet.stroke(
            [x(a) for a, _ in points],
            [float("nan") if b is None else y(b) for _, b in points],
            colour,
            1.4 if line.dashed else 2.4,
            (5.0, 4.0) if line.dashed else (),
        )
        if line.side is not None and not line.dashed:
            shape = SIDE_SHAPES[line.side]
            marks = zip(line.x, line.y, strict=True)
            sheet.add(*(Symbol(x(a), y(b), shape, 7.5, colour) for a, b in marks if b is not None))
        sheet.add(Words(RIGHT + 8, at + 4, line.label, 10.5, colour, bold=line.side is not None))
    return Drawing(chart.name, chart.title, chart.caption, chart.summary, sheet, caveat="")


def _x_axis(sheet: Sheet, x: Scale, heights: tuple[float, float], label: str, about: int) -> None:
    low, high = x.values
    top, bottom = heights
    years = "year" in label
    for tick in ticks(low, high, about):
        if years and tick != int(tick):
            continue
        sheet.stroke([x(tick), x(tick)], [top, bottom + 4], RULE, 1.0)
        words = f"{tick:.0f}" if years else plain(tick)
        sheet.add(Words(x(tick), bottom + 18, words, 10.5, MUTED, "middle"))
    sheet.stroke([x(low), x(high)], [bottom, bottom], INK, 1.0)
    sheet.add(Words(x(high), bottom + 36, label, 10.5, MUTED, "end"))


def _stepped(line: Line) -> list[tuple[float, float | None]]:
    """A line that keeps each level until the next is reached."""
    points: list[tuple[float, float | None]] = []
    for a, b in zip(line.x, line.y, strict=True):
        if points:
            points.append((a, points[-1][1]))
        points.append((a, b))
    return points


def _last(line: Line) -> float:
    return next((value for value in reversed(line.y) if value is not None), 0.0)


def _apart(heights: Sequence[float], gap: float = 13.0) -> list[float]:
    """Heights in pixels moved down until no two names touch, in their own order from the top."""
    order = sorted(range(len(heights)), key=lambda n: heights[n])
    moved = list(heights)
    for before, after in pairwise(order):
        moved[after] = max(moved[after], moved[before] + gap)
    return moved
