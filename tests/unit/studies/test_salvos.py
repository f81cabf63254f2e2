"""Salvos with looks between them: against rational arithmetic, their two ends, and what is needed."""

import itertools
from fractions import Fraction
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.studies.leakage import needed, no_leak, salvo, shoot_look_shoot
from detente.studies.salvos import fewest_salvos, fewest_within, salvo_look_salvo

Course = tuple[Fraction, Fraction, Fraction]


def exact(raid: int, held: int, shots: int, size: int, kill: Fraction) -> Course:
    """Every course of the engagement, round by round: (no leak, stopped, fired)."""

    @cache
    def course(left: int, stock: int, fired: int) -> Course:
        if left == 0:
            return Fraction(1), Fraction(0), Fraction(0)
        if fired == shots or stock == 0:
            return Fraction(0), Fraction(0), Fraction(0)
        each = min(size, shots - fired)
        dealt = [0] * left
        for number in range(min(stock, each * left)):
            dealt[number % left] += 1
        total = [Fraction(0)] * 3
        for fate in itertools.product((False, True), repeat=left):
            chance = Fraction(1)
            for n, hit in zip(dealt, fate, strict=True):
                chance *= 1 - (1 - kill) ** n if hit else (1 - kill) ** n
            if not chance:
                continue
            hits = sum(fate)
            if stock < each * left:
                after: Course = (Fraction(hits == left), Fraction(0), Fraction(0))
            else:
                after = course(left - hits, stock - sum(dealt), fired + each)
            for n, value in enumerate((after[0], hits + after[1], sum(dealt) + after[2])):
                total[n] += chance * value
        return total[0], total[1], total[2]

    return course(raid, held, 0)


@pytest.mark.parametrize(("raid", "held"), list(itertools.product((1, 2, 3, 4), (0, 1, 3, 5, 8, 13))))
def test_salvos_with_looks_against_rational_arithmetic(raid: int, held: int) -> None:
    for shots, size in itertools.product((1, 2, 3, 5), (1, 2, 3)):
        for kill in (Fraction(0), Fraction(1, 2), Fraction(7, 10), Fraction(1)):
            wanted = exact(raid, held, shots, size, kill)
            for common in (0.0, 0.25):
                found = salvo_look_salvo(raid, held, shots, size, float(kill), common)
                worst = min(held, shots * raid)
                assert found.no_leak[0] == pytest.approx((1 - common) * float(wanted[0]), abs=1e-12)
                stopped = (1 - common) * float(wanted[1])
                assert found.leakage[0] == pytest.approx(raid - stopped, abs=1e-11)
                used = (1 - common) * float(wanted[2]) + common * worst
                assert found.expected_use[0] == pytest.approx(used, abs=1e-11)
                assert found.worst_use[0] == worst


counts = st.integers(1, 30)
chances = st.floats(0.02, 0.98)


@given(counts, st.integers(0, 90), st.integers(1, 6), st.integers(1, 4), chances, st.floats(0.0, 0.9))
def test_the_two_ends_and_what_makes_it_better(
    raid: int, held: int, shots: int, size: int, kill: float, common: float
) -> None:
    found = salvo_look_salvo(raid, held, shots, size, kill, common)
    single = salvo_look_salvo(raid, held, shots, 1, kill, common)
    np.testing.assert_allclose(
        np.stack(single), np.stack(shoot_look_shoot(raid, held, shots, kill, common)), rtol=1e-12, atol=1e-12
    )
    at_once = salvo_look_salvo(raid, held, shots, shots + 2, kill, common)
    np.testing.assert_array_equal(np.stack(at_once), np.stack(salvo(raid, held, shots, kill, common)))
    more = salvo_look_salvo(raid, held + 2, shots, size, kill, common)
    longer = salvo_look_salvo(raid, held, shots + 1, size, kill, common)
    larger = salvo_look_salvo(raid + 1, held, shots, size, kill, common)
    assert more.no_leak[0] >= found.no_leak[0] - 1e-12
    assert longer.no_leak[0] >= found.no_leak[0] - 1e-12
    assert larger.no_leak[0] <= found.no_leak[0] + 1e-12
    assert found.no_leak[0] <= no_leak(raid, shots, kill, common) + 1e-12
    assert 0.0 <= found.leakage[0] <= raid
    assert found.expected_use[0] <= found.worst_use[0] + 1e-9


@pytest.mark.parametrize("size", [0, 1, 2, 3])
def test_the_fewest_meet_the_standard_and_fewer_do_not(size: int) -> None:
    for raid, kill, most, standard in itertools.product((1, 3, 5), (0.5, 0.7), range(1, 7), (0.5, 0.8, 0.95)):
        found = float(fewest_within(raid, standard, kill, 0.0, most, size))
        if no_leak(raid, most, kill) < standard:
            assert found == np.inf
            continue
        assert raid <= found <= raid * most
        if size == 0:
            assert found == needed(raid, standard, kill).whole_interceptors
            continue
        enough = salvo_look_salvo(raid, found, most, size, kill).no_leak[0]
        assert enough >= standard * (1 - 1e-11)
        if size == 1:
            assert shoot_look_shoot(raid, found - 1, most, kill).no_leak[0] < standard


def test_looks_without_limit_are_the_limit_of_many_looks() -> None:
    raid, kill, size = np.array([[1.0], [5.0], [40.0]]), 0.6, np.array([1.0, 2.0, 3.0])
    without = fewest_salvos(raid, 0.8, kill, 0.1, size)
    np.testing.assert_array_equal(fewest_within(raid, 0.8, kill, 0.1, 60, size), without)
    np.testing.assert_array_equal(without[:, 0], needed(raid[:, 0], 0.8, kill, 0.1).fewest)
    assert np.all(without >= without[:, :1])
    assert np.isinf(fewest_salvos(5, 0.8, kill, 0.3, 2))
    assert fewest_within(5, 0.0, kill, 0.0, 0, 1) == 0.0
    assert fewest_within(5, 0.8, kill, 0.0, 0, 1) == np.inf
    assert fewest_within(5, 0.8, 1.0, 0.0, 3, 2) == 10.0


def test_large_raids_keep_their_digits() -> None:
    found = salvo_look_salvo(2200, 4830, 6, 2, 0.7)
    plenty = salvo_look_salvo(2200, 13200, 6, 2, 0.7)
    assert 0.05 < found.no_leak[0] < plenty.no_leak[0]
    assert plenty.no_leak[0] == pytest.approx(float(no_leak(2200, 6, 0.7)), rel=1e-9)
    assert plenty.expected_use[0] == pytest.approx(2200 * 2 * (1 + 0.09 + 0.09**2), rel=1e-9)
    assert fewest_within(2200, 0.8, 0.7, 0.0, 20, 2) == fewest_salvos(2200, 0.8, 0.7, 0.0, 2)
