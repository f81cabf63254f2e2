"""Inspection games over several periods, in exact rational numbers: recursions and closed forms.

An inspector has fewer inspections than there are periods; the other side may violate. Every payoff is the
user's: nothing here says how likely a violation is, and the chance with which a violator would mix is not
given out, for it is a property of the game and no forecast.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from math import comb

from .limits import Rules, fraction_of

Number = str | int | float | Fraction
ZERO, ONE = Fraction(0), Fraction(1)
MOST_PERIODS = 200


@dataclass(frozen=True, slots=True)
class Stage:
    """A 2 x 2 zero-sum game solved: its value, and how often the row player takes the first row."""

    value: Fraction
    first_row: Fraction


@dataclass(frozen=True, slots=True)
class Game:
    """The value of a game and how often to inspect in the first of the periods left, state by state.

    `inspect[periods left, inspections left]` is the chance of an inspection now.
    """

    value: Fraction
    to: str
    inspect: Mapping[tuple[int, int], Fraction]


def solve_stage(a: Fraction, b: Fraction, c: Fraction, d: Fraction) -> Stage:
    """The zero-sum game [[a, b], [c, d]] whose row player maximises; the first row is taken as often as
    given.
    """
    low, high = max(min(a, b), min(c, d)), min(max(a, c), max(b, d))
    if low == high:  # a saddle point: one row is as good as any mixture
        return Stage(low, ONE if min(a, b) == low else ZERO)
    spread = a + d - b - c
    return Stage((a * d - b * c) / spread, (d - c) / spread)


def ferguson_melolidakis(periods: int, inspections: int, compliance: Number) -> Game:
    """The game in which a caught violation is worth 1 to the inspector, one not caught 0, and none at all q.

    v(n, 0) = 0, v(n, k >= n) = q, v(n, k) = value of [[1, v(n-1, k-1)], [0, v(n-1, k)]]: rows inspect or not,
    columns violate now or wait. Raises `InputError`.
    """
    q = fraction_of(compliance, "compliance")
    rules = _game_rules(periods, inspections)
    rules.share("compliance", float(q))
    rules.done()
    inspect: dict[tuple[int, int], Fraction] = {}

    def value(n: int, k: int) -> Fraction:
        if k == 0:
            return ZERO
        return q if k >= n else values[n, k]

    values: dict[tuple[int, int], Fraction] = {}
    for n in range(2, periods + 1):
        for k in range(1, min(n - 1, inspections) + 1):
            stage = solve_stage(ONE, value(n - 1, k - 1), ZERO, value(n - 1, k))
            values[n, k], inspect[n, k] = stage.value, stage.first_row
    return Game(value(periods, inspections), "the inspector", _with_ends(inspect, periods, inspections))


def dresher(
    periods: int,
    inspections: int,
    loss: Number,
    violations: int = 1,
    detection: Number = 1,
) -> Game:
    """The game in which each violation not caught gains its author 1, and one that is caught loses b and
    ends it.

    Up to `violations` may be tried, one a period; both sides know what has been tried and inspected. An
    inspection catches a violation of its own period with probability `detection`. Value to the violator,
    who may also stay legal throughout and get 0. Raises `InputError`.
    """
    b, sees = fraction_of(loss, "loss"), fraction_of(detection, "detection")
    rules = _game_rules(periods, inspections)
    _loss_rule(rules, b)
    rules.count("violations", violations, 1, MOST_PERIODS)
    rules.share("detection", float(sees))
    rules.done()
    inspect: dict[tuple[int, int], Fraction] = {}
    values: dict[tuple[int, int, int], Fraction] = {}

    def value(n: int, m: int, k: int) -> Fraction:
        return values.get((n, min(m, n), min(k, n)), ZERO)

    for n in range(1, periods + 1):
        for m in range(min(n, inspections) + 1):
            for k in range(1, min(n, violations) + 1):
                free = 1 + value(n - 1, m, k - 1)
                if m == 0:
                    values[n, m, k] = max(free, value(n - 1, m, k))
                    continue
                # the violator chooses the row, so the game is turned round for the inspector's chance
                caught = -b * sees + (1 - sees) * (1 + value(n - 1, m - 1, k - 1))
                stage = solve_stage(-caught, -value(n - 1, m - 1, k), -free, -value(n - 1, m, k))
                values[n, m, k] = -stage.value
                if k == min(n, violations):
                    inspect[n, m] = stage.first_row
    return Game(
        value(periods, inspections, violations), "the violator", _with_ends(inspect, periods, inspections)
    )


def dresher_closed_form(periods: int, inspections: int, loss: Number) -> Fraction:
    """The same value for one violation and sure detection: C(n-1, m) / sum over i <= m of C(n, i) b^(m-i)."""
    b = fraction_of(loss, "loss")
    rules = _game_rules(periods, inspections)
    _loss_rule(rules, b)
    rules.done()
    below = sum((comb(periods, i) * b ** (inspections - i) for i in range(inspections + 1)), ZERO)
    return Fraction(comb(periods - 1, inspections)) / below if below else ZERO


@dataclass(frozen=True, slots=True)
class Leadership:
    """What announcing the rule of inspection is worth to the inspector beside not announcing it.

    `inspect` is the announced rule; payoffs are the inspector's, `to_violator` is the same either way.
    """

    announced: Fraction
    simultaneous: Fraction
    to_violator: Fraction
    inspect: Mapping[tuple[int, int], Fraction]


def leadership(periods: int, inspections: int, loss: Number, caught_cost: Number) -> Leadership:
    """The game of `dresher` for one violation, where a caught violation costs the inspector too.

    Payoffs (inspector, other side): no violation (0, 0); not caught (-1, 1); caught (-a, -b) with 0 <= a
    < 1. Announced, the inspector keeps the other side indifferent at every stage, and a side that is
    indifferent stays legal: a violation happens only once no inspection is left, so the inspector gets
    minus the violator's value. Not announced, the other side violates now and then, so that the inspector
    is indifferent, and both lose by it. Raises `InputError`.
    """
    a = fraction_of(caught_cost, "caught_cost")
    game = dresher(periods, inspections, loss)
    rules = Rules()
    if not 0 <= a < 1:
        way_out = (
            "state it from 0 to below 1: who loses as much by catching as by missing needs no inspections"
        )
        rules.refuse(f"caught_cost {a} is not from 0 to below 1", way_out, "caught_cost")
    rules.done()

    @cache
    def played(n: int, m: int) -> Fraction:
        if m >= n:
            return ZERO
        if m == 0:
            return -ONE
        # x: chance of a violation now, which makes inspecting and not inspecting equally good
        inspected, waited = played(n - 1, m - 1), played(n - 1, m)
        x = (waited - inspected) / (waited - inspected + 1 - a)
        return -x + (1 - x) * waited

    return Leadership(-game.value, played(periods, inspections), game.value, game.inspect)


def _with_ends(
    inspect: dict[tuple[int, int], Fraction], periods: int, inspections: int
) -> dict[tuple[int, int], Fraction]:
    """The states in which there is nothing to choose: none left to use, or one for every period."""
    for n in range(1, periods + 1):
        inspect[n, 0] = ZERO
        for m in range(n, inspections + 1):
            inspect[n, m] = ONE
    return dict(sorted(inspect.items()))


def _loss_rule(rules: Rules, loss: Fraction) -> None:
    if loss < 0:
        rules.refuse(
            f"loss {loss} is negative", "state what being caught costs the violator, from 0 on", "loss"
        )


def _game_rules(periods: int, inspections: int) -> Rules:
    rules = Rules()
    if rules.count("periods", periods, 1, MOST_PERIODS) and rules.count("inspections", inspections):
        way_out = "no more than one inspection a period can be used"
        rules.at_most("inspections", inspections, "the periods", periods, way_out)
    return rules
