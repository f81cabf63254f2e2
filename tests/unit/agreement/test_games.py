"""Games against closed forms, an outside solver, and each other; payoffs are always given."""

import warnings
from fractions import Fraction

import nashpy
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from detente.agreement.inspection.games import (
    dresher,
    dresher_closed_form,
    ferguson_melolidakis,
    leadership,
    solve_stage,
)
from detente.agreement.inspection.matrices import Solution, _one_equilibrium, announced, equilibria, zero_sum
from detente.records.errors import InputError

sizes = st.integers(1, 9).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n)))
losses = st.fractions(min_value=0, max_value=5, max_denominator=6)
small = st.integers(-6, 6)


@given(sizes, losses)
def test_the_closed_form_is_the_recursion(size: tuple[int, int], loss: Fraction) -> None:
    assert dresher(*size, loss).value == dresher_closed_form(*size, loss)


@given(sizes, losses, st.integers(1, 4), st.fractions(min_value=0, max_value=1, max_denominator=6))
def test_games_are_monotone(size: tuple[int, int], loss: Fraction, tries: int, sees: Fraction) -> None:
    periods, inspections = size
    value = dresher(periods, inspections, loss, tries, sees).value
    assert 0 <= value <= min(tries, periods)
    assert dresher(periods + 1, inspections, loss, tries, sees).value >= value
    assert dresher(periods, inspections, loss, tries + 1, sees).value >= value
    assert dresher(periods, inspections, loss + 1, tries, sees).value <= value
    assert dresher(periods, inspections, loss, tries, 0).value == min(tries, periods)
    if inspections < periods:
        assert dresher(periods, inspections + 1, loss, tries, sees).value <= value


@given(sizes, st.fractions(min_value=0, max_value=1, max_denominator=6))
def test_compliance_bounds_the_inspectors_value(size: tuple[int, int], compliance: Fraction) -> None:
    periods, inspections = size
    game = ferguson_melolidakis(periods, inspections, compliance)
    assert 0 <= game.value <= compliance
    assert all(0 <= chance <= 1 for chance in game.inspect.values())
    if inspections < periods:
        assert game.value <= ferguson_melolidakis(periods, inspections + 1, compliance).value


@given(small, small, small, small)
def test_a_stage_is_solved_as_an_outside_solver_does(a: int, b: int, c: int, d: int) -> None:
    stage = solve_stage(*(Fraction(x) for x in (a, b, c, d)))
    found = zero_sum([[Fraction(a), Fraction(b)], [Fraction(c), Fraction(d)]])
    assert found.exact_value == stage.value
    x = stage.first_row
    assert min(x * a + (1 - x) * c, x * b + (1 - x) * d) == stage.value


def test_every_stage_of_a_game_is_that_of_an_outside_solver() -> None:
    """The recursion by nashpy's linear programme in place of our own 2 x 2 rule."""
    loss, values = 1.5, {}
    for n in range(1, 7):
        for m in range(n + 1):
            if m == 0 or m >= n:
                values[n, m] = float(m == 0)
                continue
            matrix = np.array([[-loss, 1.0], [values[n - 1, m - 1], values[n - 1, m]]])
            x, y = nashpy.Game(matrix).linear_program()
            values[n, m] = float(x @ matrix @ y)
            assert float(dresher(n, m, "3/2").value) == pytest.approx(values[n, m], abs=1e-9)


def test_several_violations_by_hand() -> None:
    """Three periods, one inspection, two tries, b = 1: violate now [-1, 4/3], wait [2, 1/3]."""
    assert dresher(3, 1, 1, 2).value == Fraction(3, 4)
    assert dresher(2, 0, 1, 2).value == 2


@given(sizes, losses, st.integers(2, 5))
def test_the_rule_of_inspection_does_not_depend_on_how_many_tries_there_are(
    size: tuple[int, int], loss: Fraction, tries: int
) -> None:
    """Von Stengel, Recursive Inspection Games, arXiv 1412.0129 (abstract read in a stored copy)."""
    periods, inspections = size
    game = dresher(periods, inspections, loss, tries)
    once = dresher(periods, inspections, loss)
    mixed = {state for state in game.inspect if 0 < state[1] < state[0]}
    assert {state: game.inspect[state] for state in mixed} == {state: once.inspect[state] for state in mixed}


def test_an_inspection_that_may_fail_by_hand() -> None:
    """One period, one inspection that sees half the time: the violator gains (1 - b) / 2, or stays legal."""
    assert dresher(1, 1, "1/2", detection="1/2").value == Fraction(1, 4)
    assert dresher(1, 1, 3, detection="1/2").value == 0


# ---------------------------------------------------------------- an announced rule


@given(st.integers(2, 8).flatmap(lambda n: st.tuples(st.just(n), st.integers(1, n - 1))), losses)
def test_announcing_never_hurts_the_inspector(size: tuple[int, int], loss: Fraction) -> None:
    for cost in (Fraction(0), Fraction(1, 3), Fraction(9, 10)):
        found = leadership(*size, loss, cost)
        assert found.announced == -found.to_violator == -dresher(*size, loss).value
        assert -1 <= found.simultaneous <= found.announced


def test_a_caught_violation_that_costs_nothing_makes_announcing_the_more_worth() -> None:
    values = [leadership(4, 2, 1, cost).simultaneous for cost in (0, "1/2", "9/10")]
    assert values == sorted(values, reverse=True)


def test_one_stage_of_the_announced_rule_is_a_bimatrix_game() -> None:
    """Two periods, one inspection, b = 1, a = 1/2: rows inspect now or later, columns violate now or
    later.
    """
    a, b = Fraction(1, 2), Fraction(1)
    mine = [[-a, Fraction(-1)], [Fraction(-1), -a]]
    theirs = [[-b, Fraction(1)], [Fraction(1), -b]]
    # the other side may also stay legal; its last period is free of choice once the inspection is used
    found = leadership(2, 1, 1, "1/2")
    inspected_now = [[-a, Fraction(-1)], [Fraction(-1), Fraction(0)]]
    to_other = [[-b, Fraction(1)], [Fraction(1), Fraction(0)]]
    solved, _ = equilibria(inspected_now, to_other)
    assert len(solved) == 1
    assert solved[0].row_payoff == pytest.approx(float(found.simultaneous))
    assert solved[0].column_payoff == pytest.approx(float(found.to_violator))
    lead = announced(inspected_now, to_other)
    assert lead.answer == 1, "an indifferent side waits"
    assert lead.row_payoff == pytest.approx(float(found.announced))
    assert announced(mine, theirs).row_payoff == pytest.approx(-0.75)


@pytest.mark.parametrize(
    ("call", "rule"),
    [
        (lambda: dresher(3, 4, 1), "inspections 4 exceeds the periods 3"),
        (lambda: dresher(0, 0, 1), "periods 0 is below 1"),
        (lambda: dresher(3, -1, 1), "inspections -1 is negative"),
        (lambda: dresher(3, 1, -1), "loss -1 is negative"),
        (lambda: dresher(3, 1, "x"), "is not a number"),
        (lambda: dresher(3, 1, 1, 0), "violations 0 is below 1"),
        (lambda: dresher(3, 1, 1, 1, 2), "detection 2 is not"),
        (lambda: dresher(500, 1, 1), "is above 200"),
        (lambda: dresher_closed_form(3, 1, -1), "negative"),
        (lambda: ferguson_melolidakis(3, 1, 2), "compliance 2 is not"),
        (lambda: leadership(3, 1, 1, 1), "caught_cost 1 is not from 0 to below 1"),
    ],
)
def test_a_game_that_cannot_be_is_refused(call: object, rule: str) -> None:
    with pytest.raises(InputError, match=rule) as refused:
        call()  # type: ignore[operator]
    assert all(problem.way_out for problem in refused.value.problems)


# ---------------------------------------------------------------- a user's own game

matrices = st.tuples(st.integers(1, 4), st.integers(1, 4)).flatmap(
    lambda size: st.tuples(
        *(
            st.lists(st.lists(small, min_size=size[1], max_size=size[1]), min_size=size[0], max_size=size[0])
            for _ in "ab"
        )
    )
)


def exact(rows: list[list[int]]) -> list[list[Fraction]]:
    return [[Fraction(cell) for cell in row] for row in rows]


def regret(a: NDArray[np.float64], b: NDArray[np.float64], found: Solution) -> float:
    x, y = np.array(found.row_chances), np.array(found.column_chances)
    return float(max((a @ y).max() - x @ a @ y, (x @ b).max() - x @ b @ y))


@settings(max_examples=60)
@given(matrices)
def test_equilibria_have_no_regret_and_none_is_missed(game: tuple[list[list[int]], list[list[int]]]) -> None:
    a, b = (np.array(part, dtype=float) for part in game)
    found, complete = equilibria(exact(game[0]), exact(game[1]))
    assert found
    assert all(regret(a, b, solution) < 1e-7 for solution in found)
    assert all(sum(s.row_chances) == pytest.approx(1) for s in found)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a degenerate game warns
        wanted = list(nashpy.Game(a, b).support_enumeration())
    if complete:
        for x, y in wanted:
            assert any(
                np.allclose(x, s.row_chances, atol=1e-6) and np.allclose(y, s.column_chances, atol=1e-6)
                for s in found
            )
    assert regret(a, b, _one_equilibrium(a, b)) < 1e-6


@settings(max_examples=60)
@given(matrices)
def test_a_zero_sum_value_is_that_of_an_outside_solver(game: tuple[list[list[int]], list[list[int]]]) -> None:
    matrix = np.array(game[0], dtype=float)
    found = zero_sum(exact(game[0]))
    x, y = found.row_chances, found.column_chances
    assert (x @ matrix).min() == pytest.approx((matrix @ y).max(), abs=1e-7)
    assert found.exact_value is not None
    assert float(found.exact_value) == pytest.approx(found.row_payoff)
    if min(matrix.shape) > 1:
        ours, theirs = nashpy.Game(matrix).linear_program()
        assert float(ours @ matrix @ theirs) == pytest.approx(found.row_payoff, abs=1e-7)


@settings(max_examples=40)
@given(matrices)
def test_announcing_is_worth_no_less_than_any_equilibrium(
    game: tuple[list[list[int]], list[list[int]]],
) -> None:
    a, b = (np.array(part, dtype=float) for part in game)
    lead = announced(exact(game[0]), exact(game[1]))
    x = np.array(lead.row_chances)
    assert (x @ b)[lead.answer] == pytest.approx((x @ b).max(), abs=1e-6)
    assert lead.row_payoff == pytest.approx(float((x @ a)[lead.answer]), abs=1e-6)
    for solution in equilibria(exact(game[0]), exact(game[1]))[0]:
        assert lead.row_payoff >= solution.row_payoff - 1e-6


def test_a_large_game_gives_one_equilibrium_and_says_so() -> None:
    draws = np.random.default_rng(3)
    a, b = draws.integers(-9, 10, (2, 10, 10))
    found, complete = equilibria(exact(a.tolist()), exact(b.tolist()))
    assert (len(found), complete) == (1, False)
    assert regret(a.astype(float), b.astype(float), found[0]) < 1e-6
