"""Small programmes solved, and beside them every plan that there is: the same best, the same conflicts."""

import itertools

import pytest

from detente.agreement.scheduling.answer import cost_of
from detente.agreement.scheduling.check import faults
from detente.agreement.scheduling.conflict import smallest_conflict, ways_out
from detente.agreement.scheduling.frontier import search, tasks
from detente.agreement.scheduling.model import Model
from detente.agreement.scheduling.programme import Programme
from detente.agreement.scheduling.solve import Objective, finish_of, solve
from detente.agreement.scheduling.state import Plan, roll
from tests.unit.agreement.scheduling.programmes import any_small, good_plans, plans

SEEDS = range(40)


def worth(programme: Programme, plan: Plan, objective: Objective) -> tuple[int, ...]:
    """What an objective makes of a plan: less is better."""
    actions = sum(map(sum, plan.done))
    if objective == "fewest":
        return (actions,)
    if objective == "soonest":
        finish = finish_of(programme, roll(programme, plan))
        assert finish is not None
        return (finish, actions)
    if objective == "smoothest":
        busiest = 0
        for party in programme.parties:
            own = [n for n, action in enumerate(programme.actions) if action.line[0] == party]
            busiest += max(sum(plan.done[n][t] for n in own) for t in range(len(programme.periods)))
        return (busiest, actions)
    return (furthest(programme, plan), actions)


def furthest(programme: Programme, plan: Plan) -> int:
    states = roll(programme, plan)
    return max(
        abs(
            states.value(programme.measure(parity.measures[0]), t + 1)
            - states.value(programme.measure(parity.measures[1]), t + 1)
        )
        for parity in programme.parities
        for t in range(parity.first, len(programme.periods))
    )


@pytest.mark.parametrize("objective", ["fewest", "soonest", "smoothest", "parity"])
def test_the_best_of_all_plans(objective: Objective) -> None:
    solved = infeasible = 0
    for seed in SEEDS:
        programme = any_small(seed, length=2)
        good = good_plans(programme)
        found = solve(programme, objective)
        assert (found.plan is not None) == bool(good), seed
        if found.plan is None:
            infeasible += 1
            continue
        assert faults(programme, found.plan) == []
        best = min(worth(programme, plan, objective) for plan in good)
        assert worth(programme, found.plan, objective) == best, seed
        solved += 1
    assert solved > 5
    assert infeasible > 5, "the samples say something of both kinds"


def test_a_conflict_is_the_smallest_of_all_and_each_way_out_is_the_least() -> None:
    sizes = set()
    for seed in range(60):
        programme = any_small(seed, length=2)
        model = Model(programme)
        clash = smallest_conflict(model)
        broken = [_broken(programme, model, plan) for plan in plans(programme)]
        if any(not each for each in broken):
            assert clash == (), seed
            continue
        # a set conflicts if every plan breaks a member of it
        smallest = next(
            size
            for size in range(1, len(model.groups) + 1)
            if any(
                all(broke & set(chosen) for broke in broken)
                for chosen in itertools.combinations(range(len(model.groups)), size)
            )
        )
        assert len(clash) == smallest, seed
        assert all(broke & set(clash) for broke in broken), seed
        sizes.add(len(clash))
        for way in ways_out(model, clash):
            rest = [broke - {way.group} for broke in broken]
            assert way.enough == any(not each for each in rest), seed
    assert sizes >= {2, 3}, "the samples hold conflicts of several sizes"


def _broken(programme: Programme, model: Model, plan: Plan) -> set[int]:
    """The named constraints that a plan breaks, as the check without the solver finds them."""
    found = faults(programme, plan)
    return {n for n, group in enumerate(model.groups) if any(f.startswith(f"{group.words}:") for f in found)}


def test_nothing_beats_a_point_of_the_front() -> None:
    shown = 0
    for seed in range(60):
        programme = any_small(seed, length=3)
        if not programme.parities:
            continue
        good = good_plans(programme)
        model = Model(programme)
        asked = tasks(model, times=3, points=3)
        assert bool(asked) == bool(good), seed
        triples = {
            (finish_of(programme, roll(programme, plan)), cost_of(programme, plan), furthest(programme, plan))
            for plan in good
        }
        for _, point in search(model, asked):
            if point is None or point.beaten or point.deviation is None:
                continue
            mine = (point.period, point.cost, point.deviation)
            better = [
                other for other in triples
                if other[0] is not None and other != mine
                and other[0] <= mine[0] and other[1] <= mine[1] and other[2] <= mine[2]
            ]  # fmt: skip
            assert better == [], (seed, mine)
            shown += 1
        if shown > 25:
            break
    assert shown > 10
