"""What sooner, cheaper and nearer to parity cost each other: points of the front of time, cost and parity.

For each of some days by which all final ceilings are met: the cheapest schedule, the one nearest to parity,
and some between them. A point is kept only if no schedule that is done a period sooner is as cheap and as
near, so nothing beats a point that is shown. The front between the points is not shown, nor assumed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from .answer import cost_of
from .holdings import Expression, total
from .model import Model
from .solve import checked, soonest

Task = tuple[int, int]
"""A period, and which point: 0 the cheapest, 1 the nearest to parity, from 2 on those between."""


@dataclass(frozen=True, slots=True)
class Point:
    """One answer: the period by whose end it is done, its cost and distance from parity.

    `beaten` where a sooner schedule is as good in both others; `by_year` are its actions in each year.
    """

    period: int
    cost: float
    deviation: int | None
    actions: int
    by_year: tuple[int, ...]
    beaten: bool


def tasks(model: Model, times: int, points: int) -> list[Task]:
    """All that is to be asked, in order: at most `times` periods, `points` for each; empty if infeasible."""
    earliest = soonest(model)
    if earliest is None:
        return []
    last = len(model.programme.periods) - 1
    span = last - earliest
    chosen = sorted(
        {earliest + round(span * n / max(1, min(times, span + 1) - 1)) for n in range(min(times, span + 1))}
    )
    return [(t, k) for t in chosen for k in range(points if model.deviation is not None else 1)]


def search(
    model: Model, asked: Sequence[Task], known: Mapping[Task, Point | None] | None = None
) -> Iterator[tuple[Task, Point | None]]:
    """Answer one task after another; those that are known already are not asked again.

    None where the point falls together with the cheapest or the nearest.
    """
    found = dict(known or {})
    points = 1 + max((k for _, k in asked), default=0)
    for task in asked:
        if task not in found:
            found[task] = _answer(model, task, found, points)
            yield task, found[task]


def _answer(model: Model, task: Task, found: Mapping[Task, Point | None], points: int) -> Point | None:
    t, k = task
    cost, deviation = costs(model), model.deviation
    model.finish_by(t)
    if deviation is None:
        return _point(model, t, [cost])
    if k == 0:
        return _point(model, t, [cost, deviation])
    if k == 1:
        return _point(model, t, [deviation, cost])
    cheapest, nearest = found.get((t, 0)), found.get((t, 1))
    if cheapest is None or nearest is None or cheapest.deviation is None or nearest.deviation is None:
        return None
    between = nearest.deviation + (cheapest.deviation - nearest.deviation) * (k - 1) // (points - 1)
    if not nearest.deviation < between < cheapest.deviation:
        return None
    with model.bound((deviation, between + 0.5)):
        return _point(model, t, [cost, deviation])


def costs(model: Model) -> Expression:
    """What all actions, and all warheads taken apart, cost."""
    programme, periods = model.programme, model.holdings.periods
    listed = range(len(programme.actions))
    spent = [
        model.constraints.action_sum(listed, periods, by_cost=True),
        model.constraints.shop_costs(range(len(programme.shops)), list(periods)),
    ]
    return total(spent)


def _factor(model: Model) -> int | None:
    """By what costs are multiplied to be whole numbers, so that two objectives fit into one question."""
    programme = model.programme
    amounts = [action.cost for action in programme.actions]
    amounts += [amount for shop in programme.shops for amount in (shop.cost, shop.recertify_cost)]
    factor = lcm(*(Fraction(str(amount)).denominator for amount in amounts)) if amounts else 1
    return factor if factor <= 100 else None


def _point(model: Model, t: int, objectives: Sequence[Expression]) -> Point | None:
    """The best by two objectives in turn, and whether a sooner schedule is as good."""
    factor = _factor(model)
    if len(objectives) == 2 and factor is not None:
        weights = [1 if objective is model.deviation else factor for objective in objectives]
        first, second = (weight * each for weight, each in zip(weights, objectives, strict=True))
        values = model.both(first, second, factor)
    else:
        values = model.in_turn(objectives)
    if values is None:
        return None
    solved = checked(model, "soonest", values)
    if solved.plan is None or solved.states is None:
        return None
    programme = model.programme
    cost = cost_of(programme, solved.plan)
    deviation = None
    limits = [(costs(model), cost + 1e-6 * max(1.0, abs(cost)))]
    if model.deviation is not None:
        deviation = max(
            abs(
                solved.states.value(programme.measure(parity.measures[0]), s + 1)
                - solved.states.value(programme.measure(parity.measures[1]), s + 1)
            )
            for parity in programme.parities
            for s in range(parity.first, len(programme.periods))
        )
        limits.append((model.deviation, deviation + 0.5))
    beaten = False
    if t > 0:
        model.finish_by(t - 1)
        with model.bound(*limits):
            beaten = model.feasible()
        model.finish_by(t)
    years = programme.by_year([sum(numbers) for numbers in zip(*solved.plan.done, strict=True)])
    return Point(t, cost, deviation, sum(years), years, beaten)
