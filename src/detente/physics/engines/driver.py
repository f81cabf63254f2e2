"""Many flights, sixteen side by side: the loops around the kernels, for the compiled and the plain engine.

No branch depends on a neighbor and every lane is always filled, so a flight comes out the same to the last
bit whatever stands beside it. Runs as it stands, slowly, in plain Python, which is how it is checked.

All lanes live in one flat buffer of nodes; a node holds eight fields of all lanes: x y z, their velocities,
time, and the step to take from there. Only so does the compiler see that lanes never touch one another.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .kernels import CLOSER, STEPS, blend, height, step, toward_apogee, toward_level

WIDTH = 16
NODES = STEPS + 2  # the launch, the burnout, and the end of each step
NODE = 8 * WIDTH
SPOT = NODES * NODE  # working room: a node from which, how far, and which came out; the level aimed at

FLOWN, NOT_DOWN, NEVER_THAT_HIGH = 0, 1, 2
BEFORE, BOOST, COAST, OVER = 0, 1, 2, 3


def fly_rows(  # noqa: PLR0913, PLR0917 - the compiler wants arrays, not a record of them
    columns: Any, earth: Any, times: Any, ends: Any, tops: Any, places: Any, phases: Any, codes: Any, at: int
) -> None:
    """Fly every row of the columns; fill the last five arrays, as in engines.Coasts, from row `at` on."""
    rows = columns.shape[1]
    lane = np.empty(SPOT + 2 * NODE + WIDTH)
    last = np.empty(WIDTH, np.int64)
    for first in range(0, rows, WIDTH):
        load(lane, columns, first)
        for k in range(1, NODES - 1):
            advance(lane[k * NODE : (k + 2) * NODE], earth[0], earth[1])
        find_tops(lane, last, earth, tops, at + first, min(WIDTH, rows - first))
        find_ends(lane, last, earth, columns[14, first : first + WIDTH], ends, codes, at + first)
        for i in range(first, min(first + WIDTH, rows)):
            when = times[min(i, times.shape[0] - 1)]
            sample(lane, i - first, when, ends[6, at + i], places[:, at + i], phases[at + i])


def load(lane: Any, columns: Any, first: int) -> None:
    """Put launches and burnouts of the next rows into the lanes; the last row again where none is left."""
    for j in range(WIDTH):
        i = min(first + j, columns.shape[1] - 1)
        for c in range(6):
            lane[c * WIDTH + j] = columns[c, i]
            lane[NODE + c * WIDTH + j] = columns[6 + c, i]
        lane[6 * WIDTH + j] = 0.0
        lane[NODE + 6 * WIDTH + j] = columns[12, i]
        lane[NODE + 7 * WIDTH + j] = columns[13, i]


def advance(pair: Any, mu: float, bulge: float) -> None:
    """Take one step in every lane from the first of a pair of nodes to the second."""
    for j in range(WIDTH):
        h = pair[7 * WIDTH + j]
        x, y, z, u, v, w, t = step(
            pair[j], pair[WIDTH + j], pair[2 * WIDTH + j], pair[3 * WIDTH + j],
            pair[4 * WIDTH + j], pair[5 * WIDTH + j], pair[6 * WIDTH + j], h, mu, bulge,
        )  # fmt: skip
        pair[8 * WIDTH + j] = x
        pair[9 * WIDTH + j] = y
        pair[10 * WIDTH + j] = z
        pair[11 * WIDTH + j] = u
        pair[12 * WIDTH + j] = v
        pair[13 * WIDTH + j] = w
        pair[14 * WIDTH + j] = t
        pair[15 * WIDTH + j] = h


def find_tops(lane: Any, last: Any, earth: Any, tops: Any, at: int, live: int) -> None:
    """Time and altitude of apogee, or of burnout where a row falls from there on."""
    last_rising(lane, last)
    for j in range(WIDTH):
        take(lane, max(last[j], 1) * NODE, j)
    for _ in range(CLOSER):
        advance(lane[SPOT:], earth[0], earth[1])
        for j in range(WIDTH):
            o = SPOT + NODE + j
            lane[SPOT + 7 * WIDTH + j] += toward_apogee(
                lane[o], lane[o + WIDTH], lane[o + 2 * WIDTH],
                lane[o + 3 * WIDTH], lane[o + 4 * WIDTH], lane[o + 5 * WIDTH], earth[0],
            )  # fmt: skip
    for j in range(live):
        o = (NODE if last[j] == 0 else SPOT + NODE) + j
        tops[0, at + j] = lane[o + 6 * WIDTH]
        tops[1, at + j] = height(lane[o], lane[o + WIDTH], lane[o + 2 * WIDTH], earth[2], earth[3])


def find_ends(lane: Any, last: Any, earth: Any, levels: Any, ends: Any, codes: Any, at: int) -> None:
    """State where each row last comes down through its lowest level, and its code."""
    live = levels.size
    for j in range(WIDTH):
        level = levels[min(j, live - 1)]
        last[j] = last_above(lane, j, level, earth[2], earth[3])
        take(lane, min(max(last[j], 1), NODES - 2) * NODE, j)
        lane[SPOT + 2 * NODE + j] = level
    for _ in range(CLOSER):
        advance(lane[SPOT:], earth[0], earth[1])
        for j in range(WIDTH):
            o = SPOT + NODE + j
            lane[SPOT + 7 * WIDTH + j] += toward_level(
                lane[o], lane[o + WIDTH], lane[o + 2 * WIDTH],
                lane[o + 3 * WIDTH], lane[o + 4 * WIDTH], lane[o + 5 * WIDTH],
                lane[SPOT + 2 * NODE + j], earth[2], earth[3],
            )  # fmt: skip
    for j in range(live):
        codes[at + j] = NEVER_THAT_HIGH if last[j] == 0 else NOT_DOWN if last[j] == NODES - 1 else FLOWN
        for c in range(7):
            ends[c, at + j] = lane[SPOT + NODE + c * WIDTH + j]


def last_above(lane: Any, j: int, level: float, equator: float, pole: float) -> int:
    """The last node of a lane, burnout or later, that is not below an altitude; 0 if there is none."""
    for k in range(NODES - 1, 0, -1):
        o = k * NODE + j
        if height(lane[o], lane[o + WIDTH], lane[o + 2 * WIDTH], equator, pole) >= level:
            return k
    return 0


def last_rising(lane: Any, last: Any) -> None:
    """Of each lane the last of the nodes that rise one after another from burnout on; 0 if it falls there."""
    for j in range(WIDTH):
        lane[SPOT + j] = 1.0
        lane[SPOT + WIDTH + j] = 0.0
    for k in range(1, NODES):
        for j in range(WIDTH):
            o = k * NODE + j
            flat = lane[o] * lane[o + 3 * WIDTH] + lane[o + WIDTH] * lane[o + 4 * WIDTH]
            rises = flat + lane[o + 2 * WIDTH] * lane[o + 5 * WIDTH] > 0.0
            still = lane[SPOT + j] if rises else 0.0
            lane[SPOT + j] = still
            lane[SPOT + WIDTH + j] += still
    for j in range(WIDTH):
        last[j] = int(lane[SPOT + WIDTH + j])


def take(lane: Any, o: int, j: int) -> None:
    """Copy one node of a lane into the working room, with no step to take from it yet."""
    for c in range(7):
        lane[SPOT + c * WIDTH + j] = lane[o + c * WIDTH + j]
    lane[SPOT + 7 * WIDTH + j] = 0.0


def sample(lane: Any, j: int, times: Any, end: float, places: Any, phases: Any) -> None:
    """Positions [m] of a lane at rising times [s]; NaN before launch and after its end."""
    k = 0
    o = j
    begun, until = lane[o + 6 * WIDTH], lane[o + 14 * WIDTH]
    for m in range(times.size):
        t = times[m]
        if t < 0.0 or t > end:
            phases[m] = BEFORE if t < 0.0 else OVER
            places[0, m] = places[1, m] = places[2, m] = np.nan
            continue
        while until <= t and k < NODES - 2:
            k += 1
            o = k * NODE + j
            begun, until = until, lane[o + 14 * WIDTH]
        phases[m] = BOOST if k == 0 else COAST
        span = until - begun
        share = (t - begun) / span
        for c in range(3):
            p = o + c * WIDTH
            places[c, m] = blend(
                share, span, lane[p], lane[p + 3 * WIDTH], lane[p + 8 * WIDTH], lane[p + 11 * WIDTH]
            )
