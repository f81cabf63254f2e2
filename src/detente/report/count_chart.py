"""One arsenal under several rules as bars: how many warheads and vehicles each count comes to."""

from collections.abc import Sequence

import numpy as np

from detente.records.count import Count

from .drawing import Drawing
from .margin import Scale
from .sheet import BAR, INK, MUTED, RULE, Area, Sheet, Words, plain, ticks

WIDTH, NAMES, ROW, TOP = 680.0, 268.0, 44.0, 10.0
MEASURES = (("warheads", "warheads", MUTED), ("deployed_delivery_vehicles", "deployed vehicles", BAR))
LETTERS = 46


def count_chart(counts: Sequence[Count], title: str) -> Drawing:
    """Bars of warheads and deployed vehicles, a row a count; hollow where nobody here read the number.

    A bar that is cut open is a lower bound: the count says what is missing. All bars have one colour a
    measure, whoever holds the arsenal.
    """
    rows = [count for count in counts if any(count.sum_of(name) for name, _, _ in MEASURES)]
    row_height = ROW + 14.0 * any(count.reading_title for count in rows)
    bottom = TOP + row_height * len(rows)
    sheet = Sheet(WIDTH, bottom + 62)
    largest = max([_value(count, name) for count in rows for name, _, _ in MEASURES], default=0.0) or 1.0
    x = Scale((0.0, largest * 1.3), (NAMES, WIDTH - 20))
    for value in ticks(*x.values, about=5):
        sheet.stroke([x(value), x(value)], [TOP - 4, bottom], RULE, 0.8)
        sheet.add(Words(x(value), bottom + 16, plain(value), 10.5, MUTED, "middle"))
    for number, count in enumerate(rows):
        y = TOP + row_height * number
        sheet.add(Words(0, y + 17, _fitting(f"{count.party}, {count.rule_name}"), 11.5, INK, bold=True))
        below = [count.reading_title, f"{count.basis} by {count.by}, {count.date}"]
        for line, text in enumerate(text for text in below if text):
            sheet.add(Words(0, y + 31 + 14 * line, _fitting(text), 10, MUTED))
        for line, (name, _, colour) in enumerate(MEASURES):
            _bar(sheet, count, name, (x, y + 7 + 15 * line, colour))
    _key(sheet, bottom + 46)
    return Drawing(
        name="count",
        title=title,
        caption="A number of warheads means nothing without its rule. Hollow bars: read by nobody here; open "
        "bars: at least so many, for something that the rule needs is not known.",
        summary="; ".join(_told(count) for count in rows) + ".",
        sheet=sheet,
        caveat="",
    )


def _fitting(text: str) -> str:
    return text if len(text) <= LETTERS else f"{text[: LETTERS - 1].rstrip()}…"


def _value(count: Count, name: str) -> float:
    found = count.sum_of(name)
    if found is None:
        return 0.0
    return float(found.value if found.value is not None else found.at_least)


def _bar(sheet: Sheet, count: Count, name: str, place: tuple[Scale, float, str]) -> None:
    x, y, colour = place
    found = count.sum_of(name)
    if found is None:
        return
    value = _value(count, name)
    left, right, low = x(0.0), x(value), y + 11
    if found.value is None:
        if value:
            sheet.stroke([left, right, right - 5, right, left], [y, y, y + 5.5, low, low], colour, 1.2)
        told = f"at least {plain(value)}" if value else "not known"
    else:
        ring = np.array([[left, right, right, left, left], [y, y, low, low, y]])
        hollow = found.status == "unverified"
        sheet.add(
            Area((ring,), "#FFFFFF" if hollow else colour, edge=colour if hollow else "none", width=1.4)
        )
        told = plain(value) + (f", {found.status}" if found.status not in {None, "read"} else "")
    sheet.add(Words(right + 5, y + 9.5, told, 10.5, INK, halo="#FFFFFF"))


def _key(sheet: Sheet, y: float) -> None:
    for number, (_, label, colour) in enumerate(MEASURES):
        left = NAMES + 140 * number
        sheet.box(left, y - 10, left + 16, y, colour)
        sheet.add(Words(left + 22, y, label, 11, INK))


def _told(count: Count) -> str:
    parts = []
    for name, label, _ in MEASURES:
        found = count.sum_of(name)
        if found is not None:
            value = f"{found.value:,}" if found.value is not None else f"at least {found.at_least:,}"
            parts.append(f"{value} {label}")
    return f"{count.title}: {', '.join(parts)}"
