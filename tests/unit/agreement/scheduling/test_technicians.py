"""Technicians who lose their certificates, budgets by the year, and levels that were observed."""

from dataclasses import replace

import pytest

from detente.agreement.scheduling.answer import cost_of
from detente.agreement.scheduling.check import faults
from detente.agreement.scheduling.conflict import smallest_conflict, ways_out
from detente.agreement.scheduling.model import Model
from detente.agreement.scheduling.programme import Budget, Observed, Shop
from detente.agreement.scheduling.solve import solve
from detente.agreement.scheduling.state import Plan
from tests.unit.agreement.scheduling.programmes import shop_programme, small

# nothing can be taken apart before the third year, when the first launchers go
LATE = {0: 10, 1: 10, 2: 0, 3: 0}


def test_a_type_that_is_not_worked_on_for_a_year_can_be_taken_apart_no_more() -> None:
    free = shop_programme(4, lapse=None, rate=5, by=LATE, left=0)
    assert solve(free, "fewest").plan is not None
    lapsing = replace(free, shops=(replace(free.shops[0], lapse=1),))
    found = solve(lapsing, "fewest")
    assert found.plan is not None, "eliminating early keeps the technicians at work"
    work = [[n > 0 for n in found.plan.dismantled[0, warhead]] for warhead in ("T0", "T1")]
    for years in work:
        first, last = years.index(True), len(years) - 1 - years[::-1].index(True)
        assert first == 0, "the certificate of the start is lost after one idle year"
        assert all(years[first : last + 1]), "no year without work in between"


def test_uncertified_technicians_stop_everything_and_the_conflict_says_so() -> None:
    programme = shop_programme(3, lapse=1, rate=5, by={0: 5, 2: 0}, left=0)
    programme = replace(programme, shops=(replace(programme.shops[0], certified=frozenset({"T0"})),))
    model = Model(programme)
    words = [model.groups[n].words for n in smallest_conflict(model)]
    assert any("technicians" in each for each in words)
    assert any("wait" in each for each in words)
    assert all(
        way.loosen is None
        for way in ways_out(model, smallest_conflict(model))
        if model.groups[way.group].kind == "technicians"
    )


def test_certifying_anew_costs_money_and_capacity() -> None:
    programme = shop_programme(3, lapse=1, rate=6, by={0: 5, 2: 0}, left=0)
    shop = Shop(
        "AA", "plant", ("T0", "T1"), 6, lapse=1, certified=frozenset({"T0"}), recertify=True,
        recertify_cost=7.0, recertify_effort=2, cost=0.5,
    )  # fmt: skip
    found = solve(replace(programme, shops=(shop,)), "fewest")
    assert found.plan is not None
    assert sum(found.plan.recertified[0, "T1"]) == 1
    assert cost_of(programme=replace(programme, shops=(shop,)), plan=found.plan) == 10 + 7 + 10 * 0.5
    year = found.plan.recertified[0, "T1"].index(1)
    assert sum(found.plan.dismantled[0, warhead][year] for warhead in ("T0", "T1")) <= 4


def test_the_check_finds_work_without_a_certificate() -> None:
    programme = shop_programme(3, lapse=1, rate=5, by={}, left=10)
    plan = Plan(((5, 0, 0), (0, 0, 0)), dismantled={(0, "T0"): (1, 0, 1), (0, "T1"): (0, 0, 0)})
    assert faults(programme, plan) == ["AA plant: no certificate for T0 in year 3"]


def test_a_budget_of_one_year_moves_work_to_the_next() -> None:
    programme = small(holdings={"AA": [("T0", 10, 1)]}, ceilings=[("AA", "vehicles", 0, 2, True)])
    budgets = tuple(Budget(f"year {t}", 4.0, (0,), (t,)) for t in range(3))
    found = solve(replace(programme, budgets=budgets), "soonest")
    assert found.plan is not None
    assert found.plan.done == ((4, 4, 2),)


@pytest.mark.parametrize(("value", "feasible"), [(8, True), (11, False)])
def test_a_schedule_follows_what_was_observed(value: int, feasible: bool) -> None:
    programme = small(holdings={"AA": [("T0", 10, 1)]}, ceilings=[("AA", "vehicles", 5, 2, True)])
    seen = Observed(f"{value} vehicles seen", ("AA", "rule", "vehicles"), 1, value)
    found = solve(replace(programme, observed=(seen,)), "fewest")
    assert (found.plan is not None) is feasible
    if not feasible:
        model = Model(replace(programme, observed=(seen,)))
        assert [model.groups[n].words for n in smallest_conflict(model)] == ["11 vehicles seen"]
