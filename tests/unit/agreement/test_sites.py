"""Several sites: every split, every allocation and every lottery of small cases, one by one."""

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.optimize import linprog

from detente.agreement.inspection.levels import hold_level, lottery
from detente.agreement.inspection.sampling import exact_miss
from detente.agreement.inspection.sites import (
    allocate_samples,
    detection_over_sites,
    site_visits,
    worst_split,
)
from detente.records.errors import InputError

site = st.integers(1, 6).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n)))
shares = st.fractions(min_value=0, max_value=1, max_denominator=12)


def worst(items: list[int], defects: list[int], samples: tuple[int, ...]) -> Fraction:
    """The chance of detection at the site where it is least."""
    return min(1 - exact_miss(n, bad, k) for n, bad, k in zip(items, defects, samples, strict=True))


@given(st.lists(site, min_size=1, max_size=3), st.integers(0, 12), st.sampled_from(["1", "0.9", "0.4"]))
def test_the_worst_split_is_the_worst_of_all(
    sites: list[tuple[int, int]], defects: int, quality: str
) -> None:
    items, samples = [s[0] for s in sites], [s[1] for s in sites]
    assume(defects <= sum(items))
    misses = []
    for placed in product(*(range(n + 1) for n in items)):
        if sum(placed) == defects:
            miss = Fraction(1)
            for n, sample, bad in zip(items, samples, placed, strict=True):
                miss *= exact_miss(n, bad, sample, quality)
            misses.append(miss)
    found = worst_split(items, samples, defects, float(quality))
    assert sum(found.defects) == defects
    assert all(0 <= bad <= n for bad, n in zip(found.defects, items, strict=True))
    assert found.detection == pytest.approx(float(1 - max(misses)), abs=1e-12)
    assert found.detection == pytest.approx(
        detection_over_sites(items, found.defects, samples, float(quality)), abs=1e-12
    )


@given(st.lists(shares, min_size=1, max_size=6), st.integers(0, 6))
def test_visits_hold_their_value_everywhere(chances: list[Fraction], visits: int) -> None:
    assume(visits <= len(chances))
    found = site_visits(chances, visits)
    sites = range(len(chances))
    often = [sum((share for sites_, share in found.draws if i in sites_), Fraction(0)) for i in sites]
    assert sum(share for _, share in found.draws) == 1
    assert tuple(often) == found.chances
    assert all(len(drawn) <= visits for drawn, _ in found.draws)
    assert min(chance * seen for chance, seen in zip(chances, often, strict=True)) == found.value
    closed = visits / sum(1 / chance for chance in chances) if min(chances) > 0 else 0
    assert found.value == min(closed, *chances)


@given(
    st.lists(
        st.integers(1, 7).flatmap(lambda n: st.tuples(st.just(n), st.integers(1, n))), min_size=1, max_size=3
    ),
    st.integers(0, 14),
)
def test_no_allocation_holds_more(sites: list[tuple[int, int]], samples: int) -> None:
    items, defects = [s[0] for s in sites], [s[1] for s in sites]
    assume(samples <= sum(items))
    found = allocate_samples(items, defects, samples)
    assert sum(found.samples) == samples
    best = max(
        worst(items, defects, given_)
        for given_ in product(*(range(n + 1) for n in items))
        if sum(given_) == samples
    )
    assert found.value == best == min(found.detections)
    whole = [[1 - exact_miss(n, bad, k) for k in range(n + 1)] for n, bad in sites]
    assert found.lottery == hold_level(whole, Fraction(samples))
    assert found.lottery.value >= found.value


@given(
    st.lists(
        st.integers(1, 5).flatmap(lambda n: st.tuples(st.just(n), st.integers(1, n))), min_size=1, max_size=3
    ),
    st.integers(0, 9),
)
def test_the_level_is_that_of_a_linear_programme(sites: list[tuple[int, int]], budget: int) -> None:
    curves = [[1 - exact_miss(n, bad, k) for k in range(n + 1)] for n, bad in sites]
    found = hold_level(curves, Fraction(budget))
    assert sum(found.efforts) <= budget
    # unknowns: the level, then how often each whole effort is given at each place
    columns = [(i, k) for i, curve in enumerate(curves) for k in range(len(curve))]
    solved = linprog(
        [-1.0] + [0.0] * len(columns),
        A_ub=[
            [1.0] + [-float(curves[i][k]) * (i == place) for i, k in columns] for place in range(len(curves))
        ]
        + [[0.0] + [float(k) for _, k in columns]],
        b_ub=[0.0] * len(curves) + [float(budget)],
        A_eq=[[0.0] + [float(i == place) for i, _ in columns] for place in range(len(curves))],
        b_eq=[1.0] * len(curves),
    )
    assert solved.fun is not None
    assert float(found.value) == pytest.approx(-solved.fun, abs=1e-9)


def test_a_lottery_over_whole_visits_is_no_lottery() -> None:
    assert lottery([Fraction(1), Fraction(0), Fraction(1)]) == (((0, 2), Fraction(1)),)


def test_a_site_that_nothing_detects_makes_the_value_zero() -> None:
    assert site_visits([0, Fraction(1, 2)], 1).value == 0


def test_full_sites_take_no_more() -> None:
    found = allocate_samples([1, 30], [1, 1], 20)
    assert found.samples == (1, 19)
    assert allocate_samples([2, 2], [1, 1], 4).samples == (2, 2)


@pytest.mark.parametrize(
    ("call", "rule"),
    [
        (lambda: site_visits(["1/2", "1/2"], 3), "visits 3 exceeds the sites 2"),
        (lambda: site_visits(["1/2", "1/2"], -1), "visits -1 is negative"),
        (lambda: site_visits(["2"], 1), "detection 2 is not a probability"),
        (lambda: allocate_samples([10], [11], 2), "site 1: defects 11 exceeds"),
        (lambda: allocate_samples([10], [0], 2), "site 1 has no defects"),
        (lambda: allocate_samples([10], [1], 11), "samples 11 exceeds"),
        (lambda: allocate_samples([10], [1], -1), "samples -1 is negative"),
        (lambda: allocate_samples([], [], 1), "no site is named"),
        (lambda: allocate_samples([10, 10], [1], 1), "differ in length"),
        (lambda: worst_split([10], [11], 1), "site 1: sample 11 exceeds"),
        (lambda: worst_split([10], [5], 11), "defects 11 exceeds"),
        (lambda: worst_split([10], [5], -1), "defects -1 is negative"),
        (lambda: detection_over_sites([10], [1], [2], years=0), "years 0"),
    ],
)
def test_what_cannot_be_is_refused(call: object, rule: str) -> None:
    with pytest.raises(InputError, match=rule) as refused:
        call()  # type: ignore[operator]
    assert all(problem.way_out for problem in refused.value.problems)


def test_no_site_at_all() -> None:
    with pytest.raises((InputError, ValueError), match="no site"):
        site_visits([], 0)
