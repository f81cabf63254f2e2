"""Published values of inspection games, exact: over periods, over time, over sites.

Ferguson and Melolidakis, Dresher, Diamond (1982): none was read here; every value is computed from the
definition in the project's reference file, and 1/e is from memory there.
"""

import math
from fractions import Fraction
from itertools import pairwise

import pytest

from detente.agreement.inspection.games import dresher, dresher_closed_form, ferguson_melolidakis
from detente.agreement.inspection.sites import allocate_samples, site_visits
from detente.agreement.inspection.timeliness import LIMIT_OF_ONE, timeliness


@pytest.mark.parametrize(
    ("periods", "values"),
    [
        (2, "1/3"),
        (3, "1/4 3/7"),
        (4, "1/5 4/11 7/15"),
        (5, "1/6 5/16 11/26 15/31"),
        (6, "1/7 3/11 8/21 26/57 31/63"),
    ],
)
def test_ferguson_and_melolidakis_at_one_half(periods: int, values: str) -> None:
    found = [ferguson_melolidakis(periods, k, "1/2").value for k in range(1, periods)]
    assert found == [Fraction(text) for text in values.split()]


@pytest.mark.parametrize(
    ("periods", "loss", "values"),
    [(2, 1, "1/3"), (3, 1, "1/2 1/7"), (4, 1, "3/5 3/11 1/15"), (5, 1, "2/3 3/8 2/13 1/31")],
)
def test_dresher(periods: int, loss: int, values: str) -> None:
    wanted = [Fraction(text) for text in values.split()]
    assert [dresher(periods, m, loss).value for m in range(1, periods)] == wanted
    assert [dresher_closed_form(periods, m, loss) for m in range(1, periods)] == wanted


def test_dresher_with_a_loss_of_two() -> None:
    assert dresher(3, 1, 2).value == dresher_closed_form(3, 1, 2) == Fraction(2, 5)
    assert dresher(4, 2, 2).value == dresher_closed_form(4, 2, 2) == Fraction(1, 6)


@pytest.mark.parametrize(
    ("steps", "inspections", "value"),
    [(50, 1, 0.374275), (100, 1, 0.371043), (200, 1, 0.369461), (20, 2, 0.234452)],
)
def test_timeliness(steps: int, inspections: int, value: float) -> None:
    assert timeliness(steps, inspections).value == pytest.approx(value, abs=5e-7)


def test_one_inspection_falls_to_one_over_e() -> None:
    gaps = [timeliness(steps).value - LIMIT_OF_ONE for steps in (50, 100, 200)]
    assert pytest.approx(1 / math.e) == LIMIT_OF_ONE
    assert all(0 < after < 0.51 * before for before, after in pairwise(gaps))


@pytest.mark.parametrize(
    ("detections", "visits", "value"),
    [("1 1/2 1/4", 1, "1/7"), ("9/10 9/10 9/10 9/10 9/10", 2, "9/25"), ("1/2 1/3 1/5 1/5", 2, "2/15")],
)
def test_site_visits(detections: str, visits: int, value: str) -> None:
    assert site_visits(detections.split(), visits).value == Fraction(value)


def test_how_often_each_site_is_visited() -> None:
    assert site_visits(["1", "1/2", "1/4"], 1).chances == (Fraction(1, 7), Fraction(2, 7), Fraction(4, 7))


def test_sample_allocation() -> None:
    first = allocate_samples([20, 30, 50], [2, 2, 2], 20)
    assert (first.samples, first.value) == ((4, 6, 10), Fraction(89, 245))
    second = allocate_samples([10, 10, 20], [1, 2, 4], 8)
    assert (second.samples, second.value) == ((4, 2, 2), Fraction(7, 19))
