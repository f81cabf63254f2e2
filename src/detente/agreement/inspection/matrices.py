"""A user's own game of two sides: its value, its equilibria, and what announcing a rule would be worth.

Zero-sum games and announced rules are linear programmes, one equilibrium of any other game a
mixed-integer programme, all solved by HiGHS through scipy; every equilibrium of a small game is found
support by support.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import comb

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

Array = NDArray[np.float64]
Exact = Sequence[Sequence[Fraction]]
MOST_SUPPORTS = 20_000
_NEAR = 1e-9


@dataclass(frozen=True, slots=True)
class Solution:
    """One equilibrium: each side's chances for its choices, and what each gets."""

    row_chances: tuple[float, ...]
    column_chances: tuple[float, ...]
    row_payoff: float
    column_payoff: float
    exact_value: Fraction | None = None
    """The row player's payoff as a rational number, where the equilibrium was proved in rational numbers."""


@dataclass(frozen=True, slots=True)
class Announced:
    """The best rule that the row player can announce, and the other side's best answer to it."""

    row_chances: tuple[float, ...]
    answer: int
    row_payoff: float
    column_payoff: float


def zero_sum(payoffs: Exact) -> Solution:
    """The value of a zero-sum game, with a lottery for each side that secures it."""
    matrix = _floats(payoffs)
    rows, _ = _secure(matrix)
    columns, _ = _secure(-matrix.T)
    value = float(rows @ matrix @ columns)
    exact = _proved(payoffs, rows, columns)
    if exact is not None:
        value = float(exact)
    return Solution(_plain(rows), _plain(columns), value, -value, exact)


def equilibria(mine: Exact, theirs: Exact) -> tuple[tuple[Solution, ...], bool]:
    """Equilibria of any two-sided game, and whether all of a non-degenerate game's are among them.

    Larger games give one only. In a degenerate game there may be whole stretches of equilibria; their
    corners with supports of equal size are given.
    """
    a, b = _floats(mine), _floats(theirs)
    rows, columns = a.shape
    supports = sum(comb(rows, k) * comb(columns, k) for k in range(1, min(rows, columns) + 1))
    found: list[Solution] = []
    if supports <= MOST_SUPPORTS:
        for size in range(1, min(rows, columns) + 1):
            for ours in combinations(range(rows), size):
                for others in combinations(range(columns), size):
                    made = _on_supports(a, b, ours, others)
                    if made is not None and not any(_same(made, other) for other in found):
                        found.append(made)
    if found:
        return tuple(found), True
    return (_one_equilibrium(a, b),), False


def announced(mine: Exact, theirs: Exact) -> Announced:
    """What the row player gets by announcing the best lottery; the other side breaks ties in its favour.

    One linear programme for each answer: the best lottery to which that answer is a best one.
    """
    a, b = _floats(mine), _floats(theirs)
    rows, columns = a.shape
    best: Announced | None = None
    for answer in range(columns):
        others = [column for column in range(columns) if column != answer]
        better = np.array([b[:, other] - b[:, answer] for other in others]).reshape(len(others), rows)
        found = linprog(
            -a[:, answer],
            A_ub=better if others else None,
            b_ub=np.zeros(len(others)) if others else None,
            A_eq=np.ones((1, rows)),
            b_eq=[1.0],
            method="highs",
        )
        if found.x is None or found.fun is None:
            continue  # nothing makes this answer a best one
        gain = -float(found.fun) + 0.0
        if best is None or gain > best.row_payoff + _NEAR:
            best = Announced(_plain(found.x), answer, gain, float(found.x @ b[:, answer]))
    if best is None:  # pragma: no cover - some answer is always a best one
        raise ArithmeticError("no answer is a best one")
    return best


def _secure(matrix: Array) -> tuple[Array, float]:
    """The lottery over rows whose worst column is best, by linear programming."""
    rows, columns = matrix.shape
    cost = np.zeros(rows + 1)
    cost[-1] = -1.0
    found = linprog(
        cost,
        A_ub=np.hstack([-matrix.T, np.ones((columns, 1))]),
        b_ub=np.zeros(columns),
        A_eq=np.hstack([np.ones((1, rows)), np.zeros((1, 1))]),
        b_eq=[1.0],
        bounds=[(0, 1)] * rows + [(None, None)],
        method="highs",
    )
    if found.x is None:  # pragma: no cover - a finite game has a value
        raise ArithmeticError(f"the linear programme was not solved: {found.message}")
    return np.asarray(found.x[:-1]), float(found.x[-1])


def _proved(payoffs: Exact, rows: Array, columns: Array) -> Fraction | None:
    """The value, where the nearest rational lotteries secure the same for both sides: then it is proved."""
    x = [Fraction(float(share)).limit_denominator(100_000) for share in rows]
    y = [Fraction(float(share)).limit_denominator(100_000) for share in columns]
    if sum(x) != 1 or sum(y) != 1 or min(*x, *y) < 0:
        return None
    least = min(sum(p * row[j] for p, row in zip(x, payoffs, strict=True)) for j in range(len(y)))
    most = max(sum(p * cell for p, cell in zip(y, row, strict=True)) for row in payoffs)
    return Fraction(least) if least == most else None


def _on_supports(a: Array, b: Array, ours: tuple[int, ...], others: tuple[int, ...]) -> Solution | None:
    """The equilibrium with these supports, or within them, where there is exactly one candidate."""
    y = _indifferent(a[np.ix_(ours, others)])
    x = _indifferent(b[np.ix_(ours, others)].T)
    if x is None or y is None:
        return None
    rows, columns = np.zeros(a.shape[0]), np.zeros(a.shape[1])
    rows[list(ours)], columns[list(others)] = x, y
    row_payoff, column_payoff = float(rows @ a @ columns), float(rows @ b @ columns)
    scale = max(1.0, float(np.abs(a).max()), float(np.abs(b).max()))
    if (a @ columns).max() > row_payoff + _NEAR * scale or (rows @ b).max() > column_payoff + _NEAR * scale:
        return None
    return Solution(_plain(rows), _plain(columns), row_payoff, column_payoff)


def _indifferent(matrix: Array) -> Array | None:
    """Chances of the columns that make every row equal; None where there are none, or more than one set."""
    size = len(matrix)
    system = np.block([[matrix, -np.ones((size, 1))], [np.ones((1, size)), np.zeros((1, 1))]])
    if np.linalg.cond(system) > 1e12:
        return None
    found = np.linalg.solve(system, np.append(np.zeros(size), 1.0))[:size]
    return np.clip(found, 0.0, None) if found.min() > -_NEAR else None


def _one_equilibrium(a: Array, b: Array) -> Solution:
    """One equilibrium by a mixed-integer programme: a choice is either not taken or has no regret.

    Variables: chances x and y, payoffs u and v, and for each choice whether it may have regret. After
    Sandholm, Gilpin and Conitzer (2005; not read here, the programme is checked by its result).
    """
    rows, columns = a.shape
    spread = [max(float(np.ptp(matrix)), 1e-12) for matrix in (a, b)]
    total = 2 * (rows + columns) + 2
    u, v = rows + columns, rows + columns + 1
    idle = np.arange(v + 1, total)
    constraints: list[tuple[Array, float, float]] = []

    def add(entries: dict[int, float], low: float, high: float) -> None:
        line = np.zeros(total)
        for at, value in entries.items():
            line[at] = value
        constraints.append((line, low, high))

    add(dict.fromkeys(range(rows), 1.0), 1.0, 1.0)
    add({rows + j: 1.0 for j in range(columns)}, 1.0, 1.0)
    for i in range(rows):
        regret = {u: 1.0} | {rows + j: -float(a[i, j]) for j in range(columns)}
        add(regret, 0.0, np.inf)
        add(regret | {int(idle[i]): -spread[0]}, -np.inf, 0.0)
        add({i: 1.0, int(idle[i]): 1.0}, -np.inf, 1.0)
    for j in range(columns):
        regret = {v: 1.0} | {i: -float(b[i, j]) for i in range(rows)}
        at = int(idle[rows + j])
        add(regret, 0.0, np.inf)
        add(regret | {at: -spread[1]}, -np.inf, 0.0)
        add({rows + j: 1.0, at: 1.0}, -np.inf, 1.0)
    whole = np.zeros(total)
    whole[idle] = 1
    low, high = np.zeros(total), np.ones(total)
    low[[u, v]], high[[u, v]] = -np.inf, np.inf
    lines, lows, highs = zip(*constraints, strict=True)
    found = milp(
        np.zeros(total),
        constraints=LinearConstraint(np.array(lines), np.array(lows), np.array(highs)),
        integrality=whole,
        bounds=Bounds(low, high),
    )
    if found.x is None:  # pragma: no cover - every finite game has an equilibrium
        raise ArithmeticError(f"no equilibrium was found: {found.message}")
    x, y = np.clip(found.x[:rows], 0, None), np.clip(found.x[rows : rows + columns], 0, None)
    x, y = x / x.sum(), y / y.sum()
    return Solution(_plain(x), _plain(y), float(x @ a @ y), float(x @ b @ y))


def _same(one: Solution, other: Solution) -> bool:
    ours, theirs = (np.array(s.row_chances + s.column_chances) for s in (one, other))
    return bool(np.abs(ours - theirs).max() < 1e-7)


def _floats(payoffs: Exact) -> Array:
    return np.array([[float(cell) for cell in row] for row in payoffs])


def _plain(chances: Array) -> tuple[float, ...]:
    return tuple(float(chance) if chance > 1e-12 else 0.0 for chance in chances)
