"""The level that a budget can hold everywhere at once, in rational numbers, and the lottery that holds it."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

ZERO, ONE = Fraction(0), Fraction(1)


@dataclass(frozen=True, slots=True)
class Level:
    """The largest level that all curves reach on average, and the mean effort that each takes for it."""

    value: Fraction
    efforts: tuple[Fraction, ...]


def hold_level(curves: Sequence[Sequence[Fraction]], budget: Fraction) -> Level:
    """The largest v for which efforts exist that give every curve at least v and add up to the budget.

    `curves[i][j]` is what j whole units of effort give at place i: from zero on, rising, by smaller and
    smaller steps, so that between whole units a lottery over two neighbours gives the straight line.
    Nothing is left of a budget that no curve can use.
    """
    ceiling = min(curve[-1] for curve in curves)
    corners = sorted({value for curve in curves for value in curve if ZERO < value <= ceiling} | {ceiling})
    low, spent = ZERO, ZERO
    for corner in corners:
        needed = sum((_effort(curve, corner) for curve in curves), ZERO)
        if needed > budget:  # straight between two corners
            low += (corner - low) * (budget - spent) / (needed - spent)
            break
        low, spent = corner, needed
    return Level(low, tuple(_effort(curve, low) for curve in curves))


def _effort(curve: Sequence[Fraction], level: Fraction) -> Fraction:
    """The least mean effort with which a curve reaches a level that is not above its end."""
    for whole in range(1, len(curve)):
        below, above = curve[whole - 1], curve[whole]
        if level <= above:
            return whole - 1 + (level - below) / (above - below) if above > below else Fraction(whole - 1)
    return Fraction(len(curve) - 1)


def lottery(chances: Sequence[Fraction]) -> tuple[tuple[tuple[int, ...], Fraction], ...]:
    """Sets of places, each with its probability, that choose place i with `chances[i]`, each at most 1.

    Every set has the same number of places where the chances add up to a whole number (systematic
    sampling): one number drawn evenly from 0 to 1 marks the places in whose stretch it or it plus a whole
    number falls.
    """
    ends = [ZERO]
    for chance in chances:
        ends.append(ends[-1] + chance)
    cuts = sorted({end - (end.numerator // end.denominator) for end in ends} | {ZERO, ONE})
    drawn: dict[tuple[int, ...], Fraction] = {}
    for left, right in pairwise(cuts):
        middle = (left + right) / 2
        places = tuple(i for i in range(len(chances)) if _marks(ends[i], ends[i + 1], middle))
        drawn[places] = drawn.get(places, ZERO) + right - left
    return tuple(sorted(drawn.items()))


def _marks(start: Fraction, end: Fraction, mark: Fraction) -> bool:
    """Whether the mark, or it plus a whole number, lies between two ends."""
    offset = start - mark
    first = mark + max(0, -(-offset.numerator // offset.denominator))
    return start <= first < end
