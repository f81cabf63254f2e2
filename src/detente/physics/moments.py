"""Finding the best moment of a flight, and when something begins or ends, for many flights at once.

A moment is a number between a low and a high end, one such stretch a row; what is asked about it is any
function of rows and moments. No units: the caller's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from .frames import Array

BARRED = 1e12
"""What a moment that is not allowed costs at least; add how far it is from allowed, to guide the search."""

Rows: TypeAlias = npt.NDArray[np.intp]
Cost: TypeAlias = Callable[[Rows, Array], Array]
Condition: TypeAlias = Callable[[Rows, Array], npt.NDArray[np.bool_]]

_BLOCK = 8_192  # values worked on at once, so that a dozen arrays stay in the processor's own memory
_COARSE = np.linspace(0.0, 1.0, 25)
_FINE = np.linspace(0.0, 1.0, 9)
_ROUNDS = 2
_EDGE_ROUNDS = 8
_LOOKS = np.linspace(0.0, 1.0, 181)
_SPAN_HALVINGS = 30
_SPAN_BLOCK = 16_384
_HALVINGS = 36


def least(cost: Cost, low: Array, high: Array) -> tuple[Array, Array]:
    """The moment of least cost in each row between low and high (n,), and that cost (n,).

    cost(rows, moments) takes row numbers (k,) and moments (k, m) and gives costs (k, m). It looks at 25
    moments, closes in on the best twice by a factor of four, and ends on a parabola; where a barred moment
    is the neighbor it closes in eight times more. A dip narrower than a 24th of the stretch can be missed.
    """
    best, value = np.empty(low.shape), np.empty(low.shape)
    size = max(1, _BLOCK // _COARSE.size)
    for first in range(0, low.size, size):
        rows = np.arange(first, min(first + size, low.size))
        moments, costs = _look(cost, rows, low[rows], high[rows], _COARSE)
        for _ in range(_ROUNDS):
            moments, costs = _look(cost, rows, *_around(moments, costs), _FINE)
        edge = np.flatnonzero(np.any(costs >= BARRED, axis=1))
        if edge.size:
            near, price = moments[edge], costs[edge]
            for _ in range(_EDGE_ROUNDS):
                near, price = _look(cost, rows[edge], *_around(near, price), _FINE)
            moments[edge], costs[edge] = near, price
        best[rows], value[rows] = _settle(cost, rows, moments, costs)
    return best, value


def edge(holds: Callable[[Array], npt.NDArray[np.bool_]], inside: Array, end: Array) -> Array:
    """The moment farthest from `inside`, toward `end`, at which a condition holds, in each row (n,).

    holds(moments) takes moments (n, m) and gives (n, m); it is taken to hold at `inside`. Looks at 25
    moments between the two, then halves.
    """
    moments = end[:, None] + (inside - end)[:, None] * _COARSE
    true = holds(moments)
    true[:, -1] = True
    index = np.argmax(true, axis=1)
    row = np.arange(end.size)
    good = moments[row, index]
    bad = moments[row, np.maximum(index - 1, 0)]
    for _ in range(_HALVINGS):
        middle = 0.5 * (good + bad)
        here = holds(middle[:, None])[:, 0]
        good, bad = np.where(here, middle, good), np.where(here, bad, middle)
    return np.where(index == 0, end, good)


def spans(
    holds: Condition, low: Array, high: Array, room: int, also: Array | None = None
) -> tuple[Array, Array, npt.NDArray[np.intp]]:
    """Every stretch between low and high (n,) in which a condition holds: begins, ends (n, room), how many.

    holds(rows, moments) takes row numbers (k,) and moments (k, m) and gives (k, m). NaN beyond the number,
    which counts those without room too. It looks at 181 moments of each row, and at one more that the caller
    names (`also`, (n,), inside), then halves thirty times; a stretch or a gap between two looks is missed.
    """
    found: list[npt.NDArray[np.intp]] = []
    moments: list[Array] = []
    size = max(1, _SPAN_BLOCK // _LOOKS.size)
    for begin in range(0, low.size, size):
        some = np.arange(begin, min(begin + size, low.size))
        looks = low[some, None] + (high - low)[some, None] * _LOOKS
        if also is not None:
            looks = np.sort(np.concatenate([looks, also[some, None]], axis=1), axis=1)
        true = np.pad(holds(some, looks), ((0, 0), (1, 1)))
        row, rise = np.nonzero(true[:, 1:] & ~true[:, :-1])
        _, fall = np.nonzero(true[:, :-1] & ~true[:, 1:])
        fall, last = fall - 1, looks.shape[1] - 1
        found.append(some[row])
        before, after = np.maximum(rise - 1, 0), np.minimum(fall + 1, last)
        moments.append(np.stack([looks[row, each] for each in (before, rise, after, fall)]))
    if not found:
        return np.full((0, room), np.nan), np.full((0, room), np.nan), np.zeros(0, np.intp)
    row = np.concatenate(found)
    outside_first, inside_first, outside_last, inside_last = np.concatenate(moments, axis=1)
    up = _between(holds, row, outside_first, inside_first)
    down = _between(holds, row, outside_last, inside_last)
    number = np.bincount(row, minlength=low.size)
    rank = np.arange(row.size) - np.concatenate([[0], np.cumsum(number)])[row]
    fits = rank < room
    first, final = (np.full((low.size, room), np.nan) for _ in range(2))
    first[row[fits], rank[fits]] = up[fits]
    final[row[fits], rank[fits]] = down[fits]
    return first, final, number


def _between(holds: Condition, rows: Rows, outside: Array, inside: Array) -> Array:
    """The moment between one where a condition fails and one where it holds, on the inner side."""
    for _ in range(_SPAN_HALVINGS):
        middle = 0.5 * (outside + inside)
        here = holds(rows, middle[:, None])[:, 0]
        outside, inside = np.where(here, outside, middle), np.where(here, middle, inside)
    return inside


def _look(cost: Cost, rows: Rows, low: Array, high: Array, shares: Array) -> tuple[Array, Array]:
    moments = low[:, None] + (high - low)[:, None] * shares
    return moments, cost(rows, moments)


def _around(moments: Array, costs: Array) -> tuple[Array, Array]:
    """The neighbors of the best moment."""
    row = np.arange(moments.shape[0])
    index = np.argmin(costs, axis=1)
    return moments[row, np.maximum(index - 1, 0)], moments[row, np.minimum(index + 1, moments.shape[1] - 1)]


def _settle(cost: Cost, rows: Rows, moments: Array, costs: Array) -> tuple[Array, Array]:
    """The bottom of the parabola through the best moment and its neighbors, if it is better still."""
    row = np.arange(rows.size)
    index = np.argmin(costs, axis=1)
    middle = np.clip(index, 1, moments.shape[1] - 2)
    step = moments[row, middle + 1] - moments[row, middle]
    before, here, after = (costs[row, middle + shift] for shift in (-1, 0, 1))
    bend = before - 2.0 * here + after
    usable = (bend > 0.0) & (np.maximum(before, after) < BARRED)
    shift = np.where(usable, 0.5 * (before - after) / np.where(usable, bend, 1.0), 0.0)
    bottom = moments[row, middle] + np.clip(shift, -1.0, 1.0) * step
    price = cost(rows, bottom[:, None])[:, 0]
    best, value = moments[row, index], costs[row, index]
    better = price < value
    return np.where(better, bottom, best), np.where(better, price, value)
