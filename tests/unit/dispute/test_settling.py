"""The chance that learning the truth about some assumptions ends the dispute."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose
from numpy.typing import NDArray

from detente.dispute import DisputeError, banzhaf, double_cruxes, settle
from detente.dispute.settling import settle_decided

Verdicts = NDArray[np.bool_]


@st.composite
def claims(draw: st.DrawFn, largest: int = 6) -> Verdicts:
    k = draw(st.integers(0, largest))
    verdicts: Verdicts = draw(arrays(np.bool_, 2**k, elements=st.booleans()))
    return verdicts


@st.composite
def monotone(draw: st.DrawFn, largest: int = 5) -> Verdicts:
    k = draw(st.integers(1, largest))
    winning = draw(st.lists(st.integers(1, 2**k - 1), min_size=1, max_size=4))
    return np.array([any(row & each == each for each in winning) for row in range(2**k)])


def by_definition(verdicts: Verdicts, weight: float) -> NDArray[np.float64]:
    """The sum of D9 over all splits of each set, 3**k of them."""
    everything = len(verdicts) - 1
    chances = []
    for known in range(len(verdicts)):
        chance, taken = 0.0, known
        while True:
            odds = weight ** taken.bit_count() * (1 - weight) ** (known ^ taken).bit_count()
            chance += odds * float(verdicts[taken] == verdicts[taken | (everything & ~known)])
            if taken == 0:
                break
            taken = (taken - 1) & known
        chances.append(chance)
    return np.array(chances)


@given(claims(), st.sampled_from([0.0, 0.2, 0.5, 0.75, 1.0]))
def test_the_fast_sum_is_the_sum_of_the_definition(verdicts: Verdicts, weight: float) -> None:
    assert_allclose(settle(verdicts, weight).chance, by_definition(verdicts, weight), atol=1e-12)


@given(claims())
def test_knowing_everything_settles_everything(verdicts: Verdicts) -> None:
    found = settle(verdicts)
    assert found.chance[-1] == 1.0
    assert found.chance[0] == float(verdicts[0] == verdicts[-1])


@given(claims())
def test_one_assumption_settles_for_certain_exactly_if_it_is_a_double_crux(verdicts: Verdicts) -> None:
    if verdicts[0] == verdicts[-1]:
        return
    k = len(verdicts).bit_length() - 1
    chance = settle(verdicts).chance
    for i in range(k):
        assert bool(chance[1 << i] == 1.0) is ((i,) in double_cruxes(verdicts))


@given(monotone())
def test_a_monotone_claim_is_settled_for_certain_exactly_by_all_that_is_relevant(verdicts: Verdicts) -> None:
    k = len(verdicts).bit_length() - 1
    relevant = sum(1 << i for i in range(k) if banzhaf(verdicts).unsigned[i] > 0)
    chance = settle(verdicts).chance
    for known in range(2**k):
        assert bool(chance[known] == 1.0) is (known & relevant == relevant)


@given(claims(), st.sampled_from([0.1, 0.5, 0.6]))
def test_exchanging_the_parties_only_exchanges_their_odds(verdicts: Verdicts, weight: float) -> None:
    here, there = settle(verdicts, weight), settle(verdicts[::-1], 1 - weight)
    assert_allclose(here.chance, there.chance, atol=1e-12)


@given(claims())
def test_the_curve_holds_the_best_set_of_each_size(verdicts: Verdicts) -> None:
    found = settle(verdicts)
    k = len(verdicts).bit_length() - 1
    assert [point.size for point in found.curve] == list(range(k + 1))
    for point in found.curve:
        rows = [row for row in range(2**k) if row.bit_count() == point.size]
        assert point.chance == pytest.approx(max(found.chance[row] for row in rows))
        assert found.chance[sum(1 << i for i in point.members)] == pytest.approx(point.chance)
        assert len(point.members) == point.size


def test_ties_go_to_the_lowest_numbers() -> None:
    all_of_three = np.arange(8) == 7
    assert [point.members for point in settle(all_of_three).curve] == [(), (0,), (0, 1), (0, 1, 2)]


@given(claims(), claims())
def test_undecided_mixtures_never_count_as_settled(verdicts: Verdicts, doubt: Verdicts) -> None:
    size = min(len(verdicts), len(doubt))
    yes = verdicts[:size] & ~doubt[:size]
    no = ~verdicts[:size] & ~doubt[:size]
    assert (settle_decided(yes, no).chance <= settle(verdicts[:size]).chance + 1e-12).all()


def test_sixteen_assumptions_at_other_odds_stay_accurate() -> None:
    """All of 16, odds 0.3: after m facts, settled unless every one is B's; closed form 1 - 0.3**m below k."""
    k = 16
    chance = settle(np.arange(2**k) == 2**k - 1, 0.3).chance
    sizes = np.array([row.bit_count() for row in range(2**k)])
    assert_allclose(chance, np.where(sizes == k, 1.0, 1 - 0.3**sizes), atol=1e-9)


def test_odds_outside_zero_to_one_are_refused() -> None:
    with pytest.raises(DisputeError, match="between 0 and 1"):
        settle([True, False], 1.5)
