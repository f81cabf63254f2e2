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
    along,
    arch,
    bend,
    chord,
    climb,
    curve,
    lift,
    lower,
    plan,
    root,
    slower,
    step,
)

WIDTH = 16
FIELDS = 12
NODE = FIELDS * WIDTH
NODES = STEPS + 1  # burnout, and the end of each step
SPOT = NODES * NODE  # working room: a node from which, and which came out
PIECES = STEPS + 1  # of a track: the boost, and each step
FACTORS = 27  # of a piece: when it begins and ends, one over how long it lasts, eight for each coordinate
RATES = 13  # of a node: time, place, and the first three rates of the place
FOUND = 8  # what is found out: node, share of its step, room, falls, rises, apogee's altitude and share, room

FLOWN, NOT_DOWN, NEVER_THAT_HIGH, STAYS_ALOFT = 0, 1, 2, 3
BEFORE, BOOST, COAST, OVER = 0, 1, 2, 3
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


def trace(track: Any, lane: Any, state: Any, mu: float, bulge: float) -> None:
    """The pieces of every lane's track: the boost, then each step."""
    rates = track[PIECES * FACTORS * WIDTH :]
    rise(track[: FACTORS * WIDTH], state)
    derive(rates[: RATES * WIDTH], lane[:NODE], mu, bulge)
    for k in range(STEPS):
        here, there = (k % 2) * RATES * WIDTH, ((k + 1) % 2) * RATES * WIDTH
        derive(rates[there : there + RATES * WIDTH], lane[(k + 1) * NODE : (k + 2) * NODE], mu, bulge)
        o = (k + 1) * FACTORS * WIDTH
        join(
            track[o : o + FACTORS * WIDTH],
            rates[here : here + RATES * WIDTH],
            rates[there : there + RATES * WIDTH],
        )


def rise(piece: Any, state: Any) -> None:
    """The boost of every lane: a cubic from launch to burnout."""
    for j in range(WIDTH):
        burn = state[12 * WIDTH + j]
        piece[j] = 0.0
        piece[WIDTH + j] = burn
        piece[2 * WIDTH + j] = 1.0 / burn
    for c in range(3):
        for j in range(WIDTH):
            o = c * WIDTH + j
            first, second, third, fourth = arch(
                state[12 * WIDTH + j],
                state[o],
                state[o + 3 * WIDTH],
                state[o + 6 * WIDTH],
                state[o + 9 * WIDTH],
            )
            p = (3 + 8 * c) * WIDTH + j
            piece[p] = first
            piece[p + WIDTH] = second
            piece[p + 2 * WIDTH] = third
            piece[p + 3 * WIDTH] = fourth
            piece[p + 4 * WIDTH] = 0.0
            piece[p + 5 * WIDTH] = 0.0
            piece[p + 6 * WIDTH] = 0.0
            piece[p + 7 * WIDTH] = 0.0


def derive(rates: Any, node: Any, mu: float, bulge: float) -> None:
    """Time, place, velocity, acceleration and its rate at a node of every lane."""
    for j in range(WIDTH):
        x, y, z, u, v, w, near = lower(
            node[j], node[WIDTH + j], node[2 * WIDTH + j], node[3 * WIDTH + j],
            node[4 * WIDTH + j], node[5 * WIDTH + j], node[6 * WIDTH + j], node[7 * WIDTH + j],
        )  # fmt: skip
        a, b, c, d, e, f = bend(x, y, z, u, v, w, near, mu, bulge)
        rates[j] = node[8 * WIDTH + j]
        rates[WIDTH + j] = x
        rates[2 * WIDTH + j] = y
        rates[3 * WIDTH + j] = z
        rates[4 * WIDTH + j] = u
        rates[5 * WIDTH + j] = v
        rates[6 * WIDTH + j] = w
        rates[7 * WIDTH + j] = a
        rates[8 * WIDTH + j] = b
        rates[9 * WIDTH + j] = c
        rates[10 * WIDTH + j] = d
        rates[11 * WIDTH + j] = e
        rates[12 * WIDTH + j] = f


def join(piece: Any, here: Any, there: Any) -> None:
    """One step of every lane: the polynomials between its two nodes."""
    for j in range(WIDTH):
        piece[j] = here[j]
        piece[WIDTH + j] = there[j]
        piece[2 * WIDTH + j] = 1.0 / (there[j] - here[j])
    for c in range(3):
        for j in range(WIDTH):
            o = (1 + c) * WIDTH + j
            factors = curve(
                there[j] - here[j],
                here[o], here[o + 3 * WIDTH], here[o + 6 * WIDTH], here[o + 9 * WIDTH],
                there[o], there[o + 3 * WIDTH], there[o + 6 * WIDTH], there[o + 9 * WIDTH],
            )  # fmt: skip
            p = (3 + 8 * c) * WIDTH + j
            piece[p] = factors[0]
            piece[p + WIDTH] = factors[1]
            piece[p + 2 * WIDTH] = factors[2]
            piece[p + 3 * WIDTH] = factors[3]
            piece[p + 4 * WIDTH] = factors[4]
            piece[p + 5 * WIDTH] = factors[5]
            piece[p + 6 * WIDTH] = factors[6]
            piece[p + 7 * WIDTH] = factors[7]


def sample(  # noqa: C901, PLR0913, PLR0917
    track: Any, j: int, when: Any, size: int, end: float, xs: Any, ys: Any, zs: Any, places: Any, phases: Any,
    row: int,
) -> None:  # fmt: skip
    """Positions [m] of a lane at rising times [s], in a row of all places; NaN outside its flight.

    Drawn on paper first (xs, ys, zs), each piece in whole registers of eight, the last of which run over into
    the next piece. Nothing here takes a part of an array, which costs as much as a piece.
    """
    first = 0
    while first < size and when[first] < 0.0:
        phases[row, first] = BEFORE
        first += 1
    before = first
    for k in range(PIECES):
        o = k * FACTORS * WIDTH + j
        until = end if k + 1 == PIECES else min(track[o + WIDTH], end)
        last = first
        while last < size and when[last] < until:
            last += 1
        while last < size and when[last] == until and until == end:
            last += 1
        if last > first:
            draw(track, o, when, xs, ys, zs, first, first + (last - first + 7) // 8 * 8)
            phase = BOOST if k == 0 else COAST
            for m in range(np.uint64(first), np.uint64(last)):
                phases[row, m] = phase
            first = last
    for m in range(np.uint64(first), np.uint64(size)):
        phases[row, m] = OVER
    for m in range(np.uint64(before)):
        places[0, row, m] = places[1, row, m] = places[2, row, m] = np.nan
    for m in range(np.uint64(before), np.uint64(first)):
        places[0, row, m] = xs[m]
    for m in range(np.uint64(before), np.uint64(first)):
        places[1, row, m] = ys[m]
    for m in range(np.uint64(before), np.uint64(first)):
        places[2, row, m] = zs[m]
    for c in range(3):
        for m in range(np.uint64(first), np.uint64(size)):
            places[c, row, m] = np.nan


def draw(track: Any, o: int, when: Any, xs: Any, ys: Any, zs: Any, first: int, last: int) -> None:
    """Coordinates [m] of a piece at those of the times [s] that lie in it."""
    begun, share = track[o], track[o + 2 * WIDTH]
    x = o + 3 * WIDTH
    a0, a1, a2, a3 = track[x], track[x + 1 * WIDTH], track[x + 2 * WIDTH], track[x + 3 * WIDTH]
    a4, a5, a6, a7 = track[x + 4 * WIDTH], track[x + 5 * WIDTH], track[x + 6 * WIDTH], track[x + 7 * WIDTH]
    y = o + 11 * WIDTH
    b0, b1, b2, b3 = track[y], track[y + 1 * WIDTH], track[y + 2 * WIDTH], track[y + 3 * WIDTH]
    b4, b5, b6, b7 = track[y + 4 * WIDTH], track[y + 5 * WIDTH], track[y + 6 * WIDTH], track[y + 7 * WIDTH]
    z = o + 19 * WIDTH
    c0, c1, c2, c3 = track[z], track[z + 1 * WIDTH], track[z + 2 * WIDTH], track[z + 3 * WIDTH]
    c4, c5, c6, c7 = track[z + 4 * WIDTH], track[z + 5 * WIDTH], track[z + 6 * WIDTH], track[z + 7 * WIDTH]
    for m in range(np.uint64(first), np.uint64(last)):
        part = (when[m] - begun) * share
        xs[m] = along(part, a0, a1, a2, a3, a4, a5, a6, a7)
        ys[m] = along(part, b0, b1, b2, b3, b4, b5, b6, b7)
        zs[m] = along(part, c0, c1, c2, c3, c4, c5, c6, c7)
