"""Many flights, sixteen side by side: the loops around the kernels, for the compiled and the plain engine.

No branch depends on a neighbor and every lane is always filled, so a flight comes out the same to the last
bit whatever stands beside it. Runs as it stands, slowly, in plain Python, which is how it is checked.

All lanes live in one flat buffer of nodes; a node holds twelve fields of all lanes: regular coordinates and
their rates, time, the step to take from there, and what the swing needs (see kernels). Only so does the
compiler see that lanes never touch one another.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .kernels import (
    CLOSER,
    CLOSER_TOP,
    STEPS,
    chord,
    climb,
    lift,
    lower,
    plan,
    root,
    slower,
    step,
)
from .tracks import FACTORS, FIELDS, NODE, PIECES, RATES, WIDTH, sample, trace

NODES = STEPS + 1  # burnout, and the end of each step
SPOT = NODES * NODE  # working room: a node from which, and which came out
FOUND = 8  # what is found out: node, share of its step, room, falls, rises, apogee's altitude and share, room

FLOWN, NOT_DOWN, NEVER_THAT_HIGH, STAYS_ALOFT = 0, 1, 2, 3
NEAR = 1.0
"""How far [m] an end may lie from its level before the row says that it has none."""


def fly_rows(  # noqa: PLR0913, PLR0917 - the compiler wants arrays, not a record of them
    columns: Any, earth: Any, times: Any, ends: Any, tops: Any, places: Any, phases: Any, codes: Any, at: int
) -> None:
    """Fly every row of the columns; fill the last five arrays, as in engines.Coasts, from row `at` on."""
    rows = columns.shape[1]
    lane = np.empty(SPOT + 2 * NODE)
    found = np.empty(FOUND * WIDTH)
    state = np.empty(14 * WIDTH)
    track = np.empty(PIECES * FACTORS * WIDTH + 2 * RATES * WIDTH)
    room = times.shape[1] + 8
    when, xs, ys, zs = np.zeros(room), np.empty(room), np.empty(room), np.empty(room)
    for first in range(0, rows, WIDTH):
        load(state, columns, first)
        begin(lane[:NODE], state, found[3 * WIDTH :], earth[0], earth[1], earth[3])
        for k in range(STEPS):
            advance(lane[k * NODE : (k + 2) * NODE], earth[1] * earth[0] / 3.0)
        live = min(WIDTH, rows - first)
        find_tops(lane, found, earth, tops, at + first, live)
        find_ends(lane, found, state[13 * WIDTH :], earth, ends, codes, at + first, live)
        if times.shape[1] > 0:
            trace(track, lane, state, earth[0], earth[1])
            for i in range(first, first + live):
                if i == 0 or times.shape[0] > 1:
                    when[: times.shape[1]] = times[i]
                sample(
                    track,
                    i - first,
                    when,
                    times.shape[1],
                    ends[6, at + i],
                    xs,
                    ys,
                    zs,
                    places,
                    phases,
                    at + i,
                )


def load(state: Any, columns: Any, first: int) -> None:
    """Put the next rows into lanes; the last row again where none is left."""
    last = columns.shape[1] - 1
    for c in range(14):
        for j in range(WIDTH):
            state[c * WIDTH + j] = columns[c, min(first + j, last)]


def begin(node: Any, state: Any, code: Any, mu: float, bulge: float, pole: float) -> None:
    """The first node of every lane, at burnout; whether the row falls (1 or 0), and whether it ever rises."""
    for j in range(WIDTH):
        x, y, z = state[6 * WIDTH + j], state[7 * WIDTH + j], state[8 * WIDTH + j]
        u, v, w = state[9 * WIDTH + j], state[10 * WIDTH + j], state[11 * WIDTH + j]
        size, rate, weight, falls, rises = plan(x, y, z, u, v, w, state[13 * WIDTH + j], mu, bulge, pole)
        a, b, c, d, e, f, g, h = lift(x, y, z, u, v, w)
        node[j] = a
        node[WIDTH + j] = b
        node[2 * WIDTH + j] = c
        node[3 * WIDTH + j] = d
        node[4 * WIDTH + j] = e
        node[5 * WIDTH + j] = f
        node[6 * WIDTH + j] = g
        node[7 * WIDTH + j] = h
        node[8 * WIDTH + j] = state[12 * WIDTH + j]
        node[9 * WIDTH + j] = size
        node[10 * WIDTH + j] = rate
        node[11 * WIDTH + j] = weight
        code[j] = 1.0 if falls else 0.0
        code[WIDTH + j] = 1.0 if rises else 0.0


def advance(pair: Any, strength: float) -> None:
    """Take one step in every lane from the first of a pair of nodes to the second."""
    for j in range(WIDTH):
        size, rate, weight = pair[9 * WIDTH + j], pair[10 * WIDTH + j], pair[11 * WIDTH + j]
        a, b, c, d, e, f, g, h, t = step(
            pair[j], pair[WIDTH + j], pair[2 * WIDTH + j], pair[3 * WIDTH + j],
            pair[4 * WIDTH + j], pair[5 * WIDTH + j], pair[6 * WIDTH + j], pair[7 * WIDTH + j],
            pair[8 * WIDTH + j], size, rate, weight, strength,
        )  # fmt: skip
        pair[12 * WIDTH + j] = a
        pair[13 * WIDTH + j] = b
        pair[14 * WIDTH + j] = c
        pair[15 * WIDTH + j] = d
        pair[16 * WIDTH + j] = e
        pair[17 * WIDTH + j] = f
        pair[18 * WIDTH + j] = g
        pair[19 * WIDTH + j] = h
        pair[20 * WIDTH + j] = t
        pair[21 * WIDTH + j] = size
        pair[22 * WIDTH + j] = rate
        pair[23 * WIDTH + j] = weight


def find_tops(lane: Any, found: Any, earth: Any, tops: Any, at: int, live: int) -> None:
    """Time and altitude of apogee, or of burnout where a row falls from there on."""
    last_rising(lane, found)
    for j in range(WIDTH):
        take(lane, int(found[j]), j)
        lane[SPOT + 9 * WIDTH + j] *= found[WIDTH + j]
    for _ in range(CLOSER_TOP):
        advance(lane[SPOT:], earth[1] * earth[0] / 3.0)
        approach_top(lane[SPOT:])
    level_with(lane[SPOT + NODE :], found[5 * WIDTH :], earth[2], earth[3])
    for j in range(WIDTH):
        found[6 * WIDTH + j] = lane[SPOT + 9 * WIDTH + j] / lane[9 * WIDTH + j]
    for j in range(live):
        tops[0, at + j] = lane[SPOT + NODE + 8 * WIDTH + j]
        tops[1, at + j] = found[5 * WIDTH + j]


def approach_top(pair: Any) -> None:
    """Move step and time of each lane toward apogee; not at all where it falls from burnout on."""
    for j in range(WIDTH):
        size = pair[9 * WIDTH + j]
        more = slower(
            pair[12 * WIDTH + j], pair[13 * WIDTH + j], pair[14 * WIDTH + j], pair[15 * WIDTH + j],
            pair[16 * WIDTH + j], pair[17 * WIDTH + j], pair[18 * WIDTH + j], pair[19 * WIDTH + j],
            pair[10 * WIDTH + j],
        )  # fmt: skip
        more = more if size > 0.0 else 0.0
        a, b, c, d = pair[12 * WIDTH + j], pair[13 * WIDTH + j], pair[14 * WIDTH + j], pair[15 * WIDTH + j]
        pair[9 * WIDTH + j] = size + more
        pair[20 * WIDTH + j] += more * (a * a + b * b + c * c + d * d)


def last_rising(lane: Any, found: Any) -> None:
    """Of each lane the last node that rises, counted from burnout on, and the share of its step to apogee.

    By the chord of the speed outward; 0 where it falls from burnout on.
    """
    for j in range(WIDTH):
        found[j] = 0.0
        found[WIDTH + j] = 0.0
        found[2 * WIDTH + j] = 1.0
    for k in range(STEPS):
        for j in range(WIDTH):
            o = k * NODE + j
            here = (
                lane[o] * lane[o + 4 * WIDTH] + lane[o + WIDTH] * lane[o + 5 * WIDTH]
                + lane[o + 2 * WIDTH] * lane[o + 6 * WIDTH] + lane[o + 3 * WIDTH] * lane[o + 7 * WIDTH]
            )  # fmt: skip
            n = o + NODE
            there = (
                lane[n] * lane[n + 4 * WIDTH] + lane[n + WIDTH] * lane[n + 5 * WIDTH]
                + lane[n + 2 * WIDTH] * lane[n + 6 * WIDTH] + lane[n + 3 * WIDTH] * lane[n + 7 * WIDTH]
            )  # fmt: skip
            still = found[2 * WIDTH + j] if here > 0.0 else 0.0
            share = here / (here - there) if there < 0.0 else 1.0
            found[j] = k * still + found[j] * (1.0 - still)
            found[WIDTH + j] = share if still > 0.0 else found[WIDTH + j]
            found[2 * WIDTH + j] = still


def find_ends(
    lane: Any, found: Any, levels: Any, earth: Any, ends: Any, codes: Any, at: int, live: int
) -> None:
    """State where each row last comes down through its lowest level, and its code."""
    last_above(lane, found, levels, earth[2], earth[3])
    for j in range(WIDTH):
        take(lane, min(max(int(found[j]), 0), STEPS - 1), j)
        lane[SPOT + 9 * WIDTH + j] *= found[WIDTH + j]
    for _ in range(CLOSER):
        advance(lane[SPOT:], earth[1] * earth[0] / 3.0)
        approach_end(lane[SPOT:], found, levels, earth[2], earth[3])
    arrive(lane[SPOT + NODE :], found[7 * WIDTH :])
    for c in range(7):
        o = SPOT + NODE + c * WIDTH
        for j in range(live):
            ends[c, at + j] = lane[o + j]
    for j in range(live):
        code = NOT_DOWN if found[j] >= STEPS or not abs(found[2 * WIDTH + j]) < NEAR else FLOWN
        code = NEVER_THAT_HIGH if found[j] < 0.0 or found[4 * WIDTH + j] == 0.0 else code
        codes[at + j] = code if found[3 * WIDTH + j] > 0.0 else STAYS_ALOFT


def last_above(lane: Any, found: Any, levels: Any, equator: float, pole: float) -> None:
    """Of each lane the last node that is not below its level, -1 if none is, and the share of its step to it.

    A row that is above its level between two nodes alone, about apogee, gets the step in which apogee lies.
    """
    room = np.zeros(4 * WIDTH)
    for j in range(WIDTH):
        found[5 * WIDTH + j] -= levels[j]
        found[j] = found[j] if found[5 * WIDTH + j] >= 0.0 else -1.0
        room[j] = room[WIDTH + j] = room[2 * WIDTH + j] = -1.0
    for k in range(STEPS + 1):
        look(lane[k * NODE : (k + 1) * NODE], found, room, levels, equator, pole, float(k))
    for j in range(WIDTH):
        before, over, rate = room[WIDTH + j], room[2 * WIDTH + j], room[3 * WIDTH + j]
        top, turn = found[5 * WIDTH + j], found[6 * WIDTH + j]
        down = chord(before, over, rate, lane[9 * WIDTH + j])
        hump = turn + (1.0 - turn) * root(top / (top - over))
        found[WIDTH + j] = down if before >= 0.0 else hump


def look(node: Any, found: Any, room: Any, levels: Any, equator: float, pole: float, number: float) -> None:
    """Take one node of every lane into account: how high over the level, and between which two it passes."""
    for j in range(WIDTH):
        above, rate = climb(
            node[j], node[WIDTH + j], node[2 * WIDTH + j], node[3 * WIDTH + j],
            node[4 * WIDTH + j], node[5 * WIDTH + j], node[6 * WIDTH + j], node[7 * WIDTH + j],
            equator, pole,
        )  # fmt: skip
        over, before = above - levels[j], room[j]
        passes = found[j] == number - 1.0 and over < 0.0
        room[WIDTH + j] = before if passes else room[WIDTH + j]
        room[2 * WIDTH + j] = over if passes else room[2 * WIDTH + j]
        room[3 * WIDTH + j] = rate if passes else room[3 * WIDTH + j]
        found[j] = number if over >= 0.0 else found[j]
        room[j] = over


def approach_end(pair: Any, found: Any, levels: Any, equator: float, pole: float) -> None:
    """Move the step of each lane toward its level; say how far off it was [m] and by how much it moved."""
    for j in range(WIDTH):
        above, rate = climb(
            pair[12 * WIDTH + j], pair[13 * WIDTH + j], pair[14 * WIDTH + j], pair[15 * WIDTH + j],
            pair[16 * WIDTH + j], pair[17 * WIDTH + j], pair[18 * WIDTH + j], pair[19 * WIDTH + j],
            equator, pole,
        )  # fmt: skip
        off = above - levels[j]
        more = -off / rate
        pair[9 * WIDTH + j] += more
        found[2 * WIDTH + j] = off
        found[7 * WIDTH + j] = more


def arrive(node: Any, more: Any) -> None:
    """Turn a node of every lane into position, velocity and time, a last small step further."""
    for j in range(WIDTH):
        x, y, z, u, v, w, near = lower(
            node[j], node[WIDTH + j], node[2 * WIDTH + j], node[3 * WIDTH + j],
            node[4 * WIDTH + j], node[5 * WIDTH + j], node[6 * WIDTH + j], node[7 * WIDTH + j],
        )  # fmt: skip
        wait = more[j] / near
        t = node[8 * WIDTH + j]
        node[j] = x + wait * u
        node[WIDTH + j] = y + wait * v
        node[2 * WIDTH + j] = z + wait * w
        node[3 * WIDTH + j] = u
        node[4 * WIDTH + j] = v
        node[5 * WIDTH + j] = w
        node[6 * WIDTH + j] = t + wait


def level_with(node: Any, high: Any, equator: float, pole: float) -> None:
    """Altitude of a node in every lane."""
    for j in range(WIDTH):
        above, _ = climb(
            node[j], node[WIDTH + j], node[2 * WIDTH + j], node[3 * WIDTH + j],
            node[4 * WIDTH + j], node[5 * WIDTH + j], node[6 * WIDTH + j], node[7 * WIDTH + j],
            equator, pole,
        )  # fmt: skip
        high[j] = above


def take(lane: Any, k: int, j: int) -> None:
    """Copy one node of a lane into the working room."""
    for c in range(FIELDS):
        lane[SPOT + c * WIDTH + j] = lane[k * NODE + c * WIDTH + j]
