"""Where names stand on a map: beside their symbol, clear of each other, the same way every time.

Names are taken in order of weight; each takes the first free spot around its symbol that covers least. A
name without a free spot is left out: every place also stands in the table beside the map.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .sheet import Anchor, Words

Array = NDArray[np.float64]
Box = tuple[float, float, float, float]

NARROW, WIDE = "iljtfrI.,:;'|!()[]-1 ", "mwMW@%QOG"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A name to place beside a symbol at (x, y), at least `clear` from its middle."""

    text: str
    x: float
    y: float
    size: float
    colour: str
    clear: float
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Placed:
    """A name that found a spot; `leader` joins it to its symbol where it stands apart."""

    words: Words
    box: Box
    leader: Array | None


def text_width(text: str, size: float) -> float:
    """About how wide a line of the sans typeface is [px]; on the safe side."""
    wide = sum(0.36 if c in NARROW else 0.92 if c in WIDE else 0.7 if c.isupper() else 0.61 for c in text)
    return wide * size


def place(
    wanted: Sequence[Wanted],
    obstacles: Sequence[Box],
    lines: Array,
    disc: tuple[float, float, float],
    sheet: Box,
) -> list[Placed]:
    """Spots for names, in the order given; names that fit nowhere are left out.

    `obstacles` are boxes (left, top, right, bottom) to keep clear; `lines` are points (2, n) better not
    covered; a name stands on the `sheet`, and rather inside the map's `disc` (x, y, radius). After the first
    round each name may move once more to a better spot among the others; where a name found none, all start
    again with that name first.
    """
    order = list(range(len(wanted)))
    most: dict[int, Placed] = {}
    for _ in range(4):
        found: dict[int, Placed] = {}
        for number in (*order, *order):
            others = [placed for other, placed in found.items() if other != number]
            spot = _best(wanted[number], obstacles, others, lines, disc, sheet)
            if spot is not None:
                found[number] = spot
        if len(found) > len(most):
            most = found
        if len(most) == len(wanted):
            break
        order = sorted(order, key=lambda number: number in found)
    return [most[number] for number in sorted(most)]


def _best(
    name: Wanted,
    obstacles: Sequence[Box],
    others: Sequence[Placed],
    lines: Array,
    disc: tuple[float, float, float],
    sheet: Box,
) -> Placed | None:
    """The cheapest free spot: near its symbol, over few lines, its leader across nothing."""
    boxes = np.array([*obstacles, *(placed.box for placed in others)], float).reshape(-1, 4)
    leaders = [placed.leader for placed in others if placed.leader is not None]
    best: Placed | None = None
    least = np.inf
    for rank, (ring, right, down) in enumerate(_spots()):
        cost = 0.7 * ring + 0.05 * rank
        if cost >= least:
            continue
        far = name.clear + ring
        x, y = name.x + right * far, name.y + down * far
        anchor: Anchor = "start" if right > 0.3 else "end" if right < -0.3 else "middle"
        box = _box(name, x, y, anchor)
        if not _in_box(box, sheet) or _overlaps(box, boxes):
            continue
        if any(_touches(leader, np.array([box])) for leader in leaders):
            continue
        cost += 0.8 * float(np.sum(_within(lines, box))) + (0.0 if _in_disc(box, disc) else 5.0)
        leader = None
        if ring > 8:
            start = np.array([name.x + right * name.clear, name.y + down * name.clear])
            leader = np.stack([start, np.array([x - right * 2, y - down * 2])], axis=1)
            if _touches(leader, boxes) or any(_cross(leader, other) for other in leaders):
                continue
        if cost < least - 1e-9:
            words = Words(
                x, y + 0.36 * name.size, name.text, name.size, name.colour, anchor, name.bold, halo="#FFFFFF"
            )
            best, least = Placed(words, box, leader), cost
    return best


def _touches(leader: Array, boxes: Array) -> bool:
    """Whether a leader runs through any of the boxes, its first two pixels aside."""
    steps = max(3, int(np.hypot(*(leader[:, 1] - leader[:, 0])) / 2))
    share = np.linspace(2.0 / (2.0 * steps), 1.0, steps)
    points = leader[:, :1] + share * (leader[:, 1:] - leader[:, :1])
    return any(bool(np.any(_within(points, (b[0], b[1], b[2], b[3])))) for b in boxes)


def _cross(first: Array, second: Array) -> bool:
    """Whether two straight leaders cross."""

    def side(line: Array, point: Array) -> float:
        along, to = line[:, 1] - line[:, 0], point - line[:, 0]
        return float(along[0] * to[1] - along[1] * to[0])

    return (side(first, second[:, 0]) > 0) != (side(first, second[:, 1]) > 0) and (
        side(second, first[:, 0]) > 0
    ) != (side(second, first[:, 1]) > 0)


def _within(points: Array, box: Box) -> NDArray[np.bool_]:
    left, top, right, bottom = box
    return np.asarray((points[0] > left) & (points[0] < right) & (points[1] > top) & (points[1] < bottom))


def _spots() -> list[tuple[float, float, float]]:
    """Distances and directions to try, the favourite first."""
    turns = [0, 45, -45, 180, 135, -135, 90, -90, 22, -22, 158, -158, 67, -67, 113, -113]
    return [
        (ring, float(np.cos(np.radians(turn))), float(np.sin(np.radians(turn))))
        for ring in (2.5, 11.0, 17.0, 24.0, 32.0, 42.0, 54.0, 68.0)
        for turn in turns
    ]


def _box(name: Wanted, x: float, y: float, anchor: Anchor) -> Box:
    width = text_width(name.text, name.size)
    left = x - {"start": 0.0, "middle": width / 2, "end": width}[anchor]
    return left - 1.5, y - 0.62 * name.size, left + width + 1.5, y + 0.62 * name.size


def _in_box(box: Box, sheet: Box) -> bool:
    return box[0] >= sheet[0] and box[1] >= sheet[1] and box[2] <= sheet[2] and box[3] <= sheet[3]


def _in_disc(box: Box, disc: tuple[float, float, float]) -> bool:
    x, y, radius = disc
    return all(np.hypot(a - x, b - y) < radius - 3 for a in (box[0], box[2]) for b in (box[1], box[3]))


def _overlaps(box: Box, boxes: Array) -> bool:
    apart = (
        (boxes[:, 0] >= box[2]) | (boxes[:, 2] <= box[0]) | (boxes[:, 1] >= box[3]) | (boxes[:, 3] <= box[1])
    )
    return bool(np.any(~apart))
