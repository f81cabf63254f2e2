"""Where flights are between their nodes: the track of every lane in pieces, and positions read off it.

A piece is a polynomial of the time for each coordinate: the boost, and each step of the coast. Runs as
driver.py does, which calls it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .kernels import STEPS, along, arch, bend, curve, lower

WIDTH = 16
FIELDS = 12
NODE = FIELDS * WIDTH

PIECES = STEPS + 1
FACTORS = 27  # of a piece: when it begins and ends, one over how long it lasts, eight for each coordinate
RATES = 13  # of a node: time, place, and the first three rates of the place
BEFORE, BOOST, COAST, OVER = 0, 1, 2, 3


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
