"""Timeliness: when to inspect, unobserved, so that a violation is found soon whenever it starts.

A period from 0 to 1 ends with an inspection that finds everything; `inspections` more may be placed
inside it. A violation that starts at t is found at the first inspection after t: one at t itself misses
it. The inspector chooses the times by a lottery that makes the worst expected delay smallest. On a grid
of N steps this is a linear programme; for one inspection its value falls to 1/e as the grid is refined.
"""

import math
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array

from .limits import Rules

LARGEST_PROGRAMME = 400_000


@dataclass(frozen=True, slots=True)
class Timeliness:
    """The worst expected delay, as a share of the period, and how often each time of the grid is
    inspected.
    """

    value: float
    steps: int
    times: tuple[float, ...]
    chances: tuple[float, ...]


def timeliness(steps: int, inspections: int = 1) -> Timeliness:
    """The least worst expected delay with so many interim inspections on a grid of so many steps.

    A schedule is a path from time 0 over the inspections to time 1; a lottery over schedules is a flow of
    such paths, and every delay is linear in it. Raises `InputError`.
    """
    rules = Rules()
    if rules.count("steps", steps, 2, 2000) and rules.count("inspections", inspections, 0):
        way_out = "leave at least one step between two inspections"
        rules.at_most("inspections", inspections, "the inner times of the grid", steps - 1, way_out)
        size = inspections * steps * steps // 2
        if size > LARGEST_PROGRAMME:
            rules.refuse(f"{size} unknowns", f"at most {LARGEST_PROGRAMME}: take fewer steps", "steps")
    rules.done()
    if inspections == 0:
        return Timeliness(1.0, steps, (), ())
    return _solve(steps, inspections)


def _solve(steps: int, inspections: int) -> Timeliness:
    # arcs (layer, from, to): the inspection after `layer` earlier ones; the last layer leads to the end
    arcs = []
    for layer in range(inspections + 1):
        starts = (0,) if layer == 0 else range(layer, steps)
        for start in starts:
            ends = (steps,) if layer == inspections else range(start + 1, steps - (inspections - layer) + 1)
            arcs += [(layer, start, end) for end in ends]
    count = len(arcs)
    # worst delay: for a violation at each step, the flow over it times the way to its end, at most the value
    rows, columns, entries = [], [], []
    for column, (_, start, end) in enumerate(arcs):
        over = range(start, end)
        rows += list(over)
        columns += [column] * len(over)
        entries += [(end - at) / steps for at in over]
    rows += list(range(steps))
    columns += [count] * steps
    entries += [-1.0] * steps
    worst = coo_array((entries, (rows, columns)), shape=(steps, count + 1)).tocsr()
    # flow: one path leaves time 0, and what enters an inspection leaves it
    rows, columns, entries = [], [], []
    node: dict[tuple[int, int], int] = {}
    for column, (layer, start, end) in enumerate(arcs):
        rows.append(node.setdefault((layer, start), len(node)))
        columns.append(column)
        entries.append(1.0)
        if layer < inspections:
            rows.append(node.setdefault((layer + 1, end), len(node)))
            columns.append(column)
            entries.append(-1.0)
    flow = coo_array((entries, (rows, columns)), shape=(len(node), count + 1)).tocsr()
    supply = np.zeros(len(node))
    supply[node[0, 0]] = 1.0
    cost = np.zeros(count + 1)
    cost[-1] = 1.0
    # the stubs of scipy know no sparse constraints; the documentation does
    found = linprog(  # type: ignore[call-overload]
        cost, A_ub=worst, b_ub=np.zeros(steps), A_eq=flow, b_eq=supply, method="highs"
    )
    if found.x is None:  # pragma: no cover - a flow always exists
        raise ArithmeticError(f"the linear programme was not solved: {found.message}")
    chances = np.zeros(steps + 1)
    for (layer, _, end), share in zip(arcs, found.x[:-1], strict=True):
        if layer < inspections:
            chances[end] += share
    seen = np.flatnonzero(chances > 1e-9)
    return Timeliness(
        value=float(found.x[-1]),
        steps=steps,
        times=tuple(float(at) / steps for at in seen),
        chances=tuple(float(chances[at]) for at in seen),
    )


LIMIT_OF_ONE = 1 / math.e
"""The value of one inspection as the grid is refined without end (Diamond 1982, not read here)."""
