"""The sequential test: its decisions, and its exact chances against every course of a few items."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.agreement.inspection.sequential import course, decide, wald_lines
from detente.records.errors import InputError

LINES = wald_lines(0.05, 0.4, 0.1, 0.1)


@given(st.sampled_from([0.0, 0.05, 0.2, 0.4, 0.9, 1.0]), st.integers(1, 9))
def test_every_course_added_up(probability: float, most: int) -> None:
    ends = {"accept": 0.0, "reject": 0.0, "go on": 0.0}
    mean = 0.0
    for found in product((False, True), repeat=most):
        defects = sum(found)
        weight = probability**defects * (1 - probability) ** (most - defects)
        decision, after = decide(LINES, found)
        ends[decision] += weight
        mean += weight * after
    made = course(LINES, probability, most)
    assert (made.accept, made.reject, made.undecided) == pytest.approx(tuple(ends.values()), abs=1e-12)
    assert made.mean_items == pytest.approx(mean, abs=1e-12)


def test_the_errors_are_near_those_asked_for() -> None:
    lines = wald_lines(0.01, 0.10, 0.05, 0.10)
    accepted, rejected = course(lines, 0.01, 2000), course(lines, 0.10, 2000)
    assert accepted.reject + rejected.accept <= 0.05 + 0.10
    assert 0 < accepted.reject <= 0.05 / 0.9
    assert 0 < rejected.accept <= 0.10 / 0.95
    assert accepted.undecided == pytest.approx(0.0, abs=1e-12)


def test_a_row_of_items() -> None:
    lines = wald_lines(0.01, 0.10, 0.05, 0.10)
    assert decide(lines, [True, True]) == ("reject", 2)
    assert decide(lines, [False] * 30) == ("accept", 24)
    assert decide(lines, [False] * 5) == ("go on", 5)
    assert decide(lines, []) == ("go on", 0)


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        ((0.1, 0.01, 0.05, 0.1), "p0 0.1 is not below p1 0.01"),
        ((0.1, 0.1, 0.05, 0.1), "is not below"),
        ((0.0, 0.1, 0.05, 0.1), "p0 0 is not a probability between"),
        ((0.01, 1.0, 0.05, 0.1), "p1 1 is not"),
        ((0.01, 0.1, 0.5, 0.5), "add up to 1"),
    ],
)
def test_lines_that_cannot_be(values: tuple[float, float, float, float], rule: str) -> None:
    with pytest.raises(InputError, match=rule):
        wald_lines(*values)


def test_a_course_that_cannot_be() -> None:
    with pytest.raises(InputError, match="probability"):
        course(LINES, 1.5, 10)
    with pytest.raises(InputError, match="most 0"):
        course(LINES, 0.5, 0)
