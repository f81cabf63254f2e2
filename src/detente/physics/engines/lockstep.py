"""Many flights step by step together, in NumPy: the engine that needs nothing but NumPy.

The same kernels as the compiled engine, fed with arrays; a block of rows at a time, so that memory is
bounded by the block.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from . import kernels
from .driver import FLOWN, NEAR, NEVER_THAT_HIGH, NOT_DOWN, STAYS_ALOFT
from .kernels import CLOSER, CLOSER_TOP, STEPS
from .tracks import BEFORE, BOOST, COAST, OVER, PIECES

if TYPE_CHECKING:
    from detente.physics.frames import Array

_BLOCK = 1_024
_Node: TypeAlias = Any  # regular coordinates (4), their rates (4), time


def fly_blocks(columns: Array, earth: Array, times: Array, out: Any, at: int) -> None:
    """Fly every row of the columns and fill the five arrays of engines.Coasts from row `at` on."""
    ends, tops, places, phases, codes = out
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        for first in range(0, columns.shape[1], _BLOCK):
            part = slice(first, min(first + _BLOCK, columns.shape[1]))
            into = slice(at + part.start, at + part.stop)
            flown = _Block(columns[:, part], earth)
            tops[:, into] = flown.find_tops()
            ends[:, into], codes[into] = flown.find_ends()
            if times.shape[1]:
                when = times[part] if times.shape[0] > 1 else times
                places[:, into], phases[into] = flown.samples(when, ends[6, into])


class _Block:
    """Rows flown together: their nodes, from burnout on, and how a step is taken."""

    def __init__(self, columns: Array, earth: Array) -> None:
        self.columns, self.earth = columns, earth
        self.level = columns[13]
        mu, bulge, _, pole = earth
        self.strength = mu * bulge / 3.0
        burnout: Any = columns[6:12]
        how: Any = (self.level, mu, bulge, pole)
        planned = kernels.plan(*burnout, *how)
        self.size, self.rate, self.weight, self.falls, self.rises = planned
        self.nodes: list[_Node] = [(*kernels.lift(*burnout), columns[12])]
        for _ in range(STEPS):
            self.nodes.append(self._step(self.nodes[-1], self.size))
        self.top = self.turn = np.zeros(0)

    def _step(self, node: _Node, size: Array) -> _Node:
        how: Any = (size, self.rate, self.weight, self.strength)
        return kernels.step(*node, *how)

    def _climb(self, node: _Node) -> tuple[Any, Any]:
        how: Any = (self.earth[2], self.earth[3])
        return kernels.climb(*node[:8], *how)

    def _slower(self, node: _Node) -> Any:
        how: Any = (self.rate,)
        return kernels.slower(*node[:8], *how)

    def _taken(self, index: Any) -> _Node:
        """One node of each row."""
        row = np.arange(index.size)
        return tuple(np.stack([node[c] for node in self.nodes])[index, row] for c in range(9))

    def find_tops(self) -> Array:
        """Time and altitude of apogee, or of burnout where a row falls from there on."""
        flow = np.stack([(np.stack(n[:4]) * np.stack(n[4:8])).sum(axis=0) for n in self.nodes])
        index, share = np.zeros(self.size.shape, np.intp), np.zeros(self.size.shape)
        still = np.ones(self.size.shape, np.bool_)
        for k in range(STEPS):
            still &= flow[k] > 0.0
            index[still] = k
            part = np.where(flow[k + 1] < 0.0, flow[k] / (flow[k] - flow[k + 1]), 1.0)
            share = np.where(still, part, share)
        start = self._taken(index)
        further = share * self.size
        time = start[8]
        for _ in range(CLOSER_TOP):
            state = self._step(start, further)
            more = np.where(further > 0.0, self._slower(state), 0.0)
            further = further + more
            time = state[8] + more * sum(part * part for part in state[:4])
        self.top, self.turn, self.last = self._climb(state)[0], further / self.size, index
        return np.stack([time, self.top])

    def find_ends(self) -> tuple[Array, Any]:
        """State where each row last comes down through its level, and its code."""
        top = self.top - self.level
        last = np.where(top >= 0.0, self.last, -1)
        before = np.full(self.size.shape, -1.0)
        around: Any = [before, before, np.zeros(self.size.shape)]
        for k, node in enumerate(self.nodes):
            above, rate = self._climb(node)
            over = above - self.level
            passes = (last == k - 1) & (over < 0.0)
            around = [
                np.where(passes, new, old) for new, old in zip((before, over, rate), around, strict=True)
            ]
            last = np.where(over >= 0.0, k, last)
            before = over
        down = kernels.chord(*(*around, self.size))
        hump = self.turn + (1.0 - self.turn) * kernels.root(top / (top - around[1]))
        share = np.where(around[0] >= 0.0, down, hump)
        start = self._taken(np.clip(last, 0, STEPS - 1))
        further = self.size * share
        for _ in range(CLOSER):
            state = self._step(start, further)
            above, rate = self._climb(state)
            off = above - self.level
            more = -off / rate
            further = further + more
        lowered = kernels.lower(*state[:8])
        wait = more / lowered[6]
        moved = [place + wait * speed for place, speed in zip(lowered[:3], lowered[3:6], strict=True)]
        code = np.where((last == STEPS) | ~(np.abs(off) < NEAR), NOT_DOWN, FLOWN)
        code = np.where((last < 0) | ~self.rises, NEVER_THAT_HIGH, code)
        return np.stack([*moved, *lowered[3:6], state[8] + wait]), np.where(self.falls, code, STAYS_ALOFT)

    def samples(self, times: Array, end: Array) -> tuple[Array, Any]:
        """Positions (3, rows, m) at rising times, and the phase of each (rows, m)."""
        clock, factors = self._track()
        rows = end.size
        when = np.broadcast_to(times, (rows, times.shape[1]))
        row = np.arange(rows)[:, None]
        piece = np.zeros(when.shape, np.intp)
        for k in range(1, PIECES):
            piece += when >= clock[k][:, None]
        begun = clock[piece, row]
        share = (when - begun) * (1.0 / (clock[piece + 1, row] - begun))
        phase = np.where(piece == 0, BOOST, COAST).astype(np.int8)
        phase[~(when <= end[:, None])] = OVER
        phase[when < 0.0] = BEFORE
        outside = (phase == OVER) | (phase == BEFORE)
        places = np.empty((3, *when.shape))
        for c in range(3):
            places[c] = kernels.along(share, *(factors[c][n][piece, row] for n in range(8)))
        places[:, outside] = np.nan
        return places, phase

    def _track(self) -> tuple[Array, list[list[Array]]]:
        """When pieces begin (PIECES + 1, rows), and of each coordinate eight factors (PIECES, rows)."""
        mu, bulge, _, _ = self.earth
        begun = self.columns
        rates = []
        for node in self.nodes:
            state = kernels.lower(*node[:8])
            rates.append((*state[:6], *kernels.bend(*state, mu, bulge)))
        clock = np.stack([np.zeros(self.size.shape), *(node[8] for node in self.nodes)])
        factors = []
        for c in range(3):
            rise = kernels.arch(begun[12], begun[c], begun[3 + c], begun[6 + c], begun[9 + c])
            nothing = np.zeros(self.size.shape)
            pieces = [(*rise, nothing, nothing, nothing, nothing)]
            for k in range(STEPS):
                here, there = rates[k][c::3], rates[k + 1][c::3]
                pieces.append(kernels.curve(clock[k + 2] - clock[k + 1], *here, *there))
            factors.append([np.stack([piece[n] for piece in pieces]) for n in range(8)])
        return clock, factors
