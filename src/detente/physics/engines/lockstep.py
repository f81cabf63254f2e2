"""Many flights step by step together, in NumPy: the engine that needs nothing but NumPy.

The same kernels as the compiled engine, fed with arrays; a block of rows at a time, so that memory is
bounded by the block.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .driver import BEFORE, BOOST, COAST, FLOWN, NEVER_THAT_HIGH, NODES, NOT_DOWN, OVER
from .kernels import CLOSER, blend, height, step, toward_apogee, toward_level

if TYPE_CHECKING:
    from detente.physics.frames import Array

_BLOCK = 1_024


def fly_blocks(columns: Array, earth: Array, times: Array, out: Any, at: int) -> None:
    """Fly every row of the columns and fill the five arrays of engines.Coasts from row `at` on."""
    ends, tops, places, phases, codes = out
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        for first in range(0, columns.shape[1], _BLOCK):
            part = slice(first, min(first + _BLOCK, columns.shape[1]))
            into = slice(at + part.start, at + part.stop)
            rows = columns[:, part]
            nodes = _nodes(rows, earth)
            ends[:, into], codes[into] = _ends(nodes, rows[14], earth)
            tops[:, into] = _tops(nodes, earth)
            if times.shape[1]:
                when = times[part] if times.shape[0] > 1 else times
                places[:, into], phases[into] = _samples(nodes, when, ends[6, into])


def _nodes(columns: Array, earth: Array) -> Array:
    """Launch, burnout, and every step: shape (NODES, 7, rows)."""
    nodes = np.empty((NODES, 7, columns.shape[1]))
    nodes[0, :6], nodes[0, 6] = columns[:6], 0.0
    nodes[1, :6], nodes[1, 6] = columns[6:12], columns[12]
    for k in range(1, NODES - 1):
        for field, value in enumerate(_step(nodes[k], columns[13], earth)):
            nodes[k + 1, field] = value
    return nodes


def _ends(nodes: Array, level: Array, earth: Array) -> tuple[Array, Any]:
    """State where each row last comes down through its level, and its code."""
    above = height(nodes[1:, 0], nodes[1:, 1], nodes[1:, 2], earth[2], earth[3]) >= level
    last = np.where(above.any(axis=0), NODES - 1 - np.argmax(above[::-1], axis=0), 0)
    code = np.where(last == 0, NEVER_THAT_HIGH, np.where(last == NODES - 1, NOT_DOWN, FLOWN))
    start = _take(nodes, np.clip(last, 1, NODES - 2))
    further = np.zeros(level.shape)
    for _ in range(CLOSER):
        state = _step(start, further, earth)
        x, y, z, u, v, w, _ = state
        further = further + toward_level(x, y, z, u, v, w, level, earth[2], earth[3])
    return np.stack(state), code


def _tops(nodes: Array, earth: Array) -> Array:
    """Time and altitude of apogee, or of burnout where a row falls from there on."""
    rising = (nodes[1:, :3] * nodes[1:, 3:6]).sum(axis=1) > 0.0
    last = np.where(rising.all(axis=0), NODES - 1, np.argmin(rising, axis=0))
    start = _take(nodes, np.maximum(last, 1))
    further = np.zeros(last.shape)
    for _ in range(CLOSER):
        state = _step(start, further, earth)
        x, y, z, u, v, w, _ = state
        further = further + toward_apogee(x, y, z, u, v, w, earth[0])
    x, y, z, t = (np.where(last == 0, nodes[1, field], state[field]) for field in (0, 1, 2, 6))
    return np.stack([t, height(x, y, z, earth[2], earth[3])])


def _samples(nodes: Array, times: Array, end: Array) -> tuple[Array, Any]:
    """Positions (3, rows, m) at rising times, and the phase of each (rows, m)."""
    rows = nodes.shape[2]
    when = np.broadcast_to(times, (rows, times.shape[1]))
    clock = np.ascontiguousarray(nodes[:, 6].T)
    row = np.arange(rows)[:, None]
    low, high = np.zeros(when.shape, np.intp), np.full(when.shape, NODES - 1)
    while np.any(high - low > 1):  # halves the same number of times for every row
        middle = (low + high) >> 1
        passed = clock[row, middle] <= when
        low, high = np.where(passed, middle, low), np.where(passed, high, middle)
    begun = clock[row, low]
    span = clock[row, low + 1] - begun
    share = (when - begun) / span
    phase = np.where(when < clock[:, 1:2], BOOST, COAST).astype(np.int8)
    phase[when > end[:, None]] = OVER
    phase[when < 0.0] = BEFORE
    outside = (phase == OVER) | (phase == BEFORE)
    places = np.empty((3, *when.shape))
    for c in range(3):
        here, rate = np.ascontiguousarray(nodes[:, c].T), np.ascontiguousarray(nodes[:, 3 + c].T)
        value = blend(share, span, here[row, low], rate[row, low], here[row, low + 1], rate[row, low + 1])
        places[c] = np.where(outside, np.nan, value)
    return places, phase


def _step(state: Array, size: Array, earth: Array) -> tuple[Array, ...]:
    x, y, z, u, v, w, t = state
    return step(x, y, z, u, v, w, t, size, earth[0], earth[1])


def _take(nodes: Array, index: Any) -> Array:
    """One node of each row: (7, rows)."""
    taken: Array = nodes[index, :, np.arange(index.size)].T
    return np.ascontiguousarray(taken)
