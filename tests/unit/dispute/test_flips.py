"""The four flip families, their duality, double cruxes, power and hitting sets."""

from itertools import chain, combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose
from numpy.typing import NDArray

from detente.dispute import (
    DisputeError,
    banzhaf,
    double_cruxes,
    dummies,
    flip_sets,
    minimal_hitting_sets,
    responsibility,
    shapley,
    vetoes,
)

Verdicts = NDArray[np.bool_]
Family = tuple[tuple[int, ...], ...]


@st.composite
def opposed(draw: st.DrawFn, largest: int = 5) -> Verdicts:
    """Random claims on which A and B differ, most of them not monotone."""
    k = draw(st.integers(1, largest))
    verdicts: Verdicts = draw(arrays(np.bool_, 2**k, elements=st.booleans()))
    verdicts[-1] = not verdicts[0]
    return verdicts


@st.composite
def monotone(draw: st.DrawFn, largest: int = 5) -> Verdicts:
    """Random monotone claims, false for A and true for B or the other way round."""
    k = draw(st.integers(1, largest))
    winning = draw(st.lists(st.integers(1, 2**k - 1), min_size=1, max_size=4))
    true = np.array([any(row & each == each for each in winning) for row in range(2**k)])
    return true if draw(st.booleans()) else ~true


def subsets(k: int) -> list[tuple[int, ...]]:
    return list(chain.from_iterable(combinations(range(k), size) for size in range(k + 1)))


def row_of(chosen: tuple[int, ...]) -> int:
    return sum(1 << i for i in chosen)


def minimal(sets: list[tuple[int, ...]]) -> Family:
    return tuple(each for each in sets if not any(set(other) < set(each) for other in sets))


def by_definition(verdicts: Verdicts) -> tuple[Family, Family, Family, Family]:
    """The families read off the definition, set by set."""
    k = len(verdicts).bit_length() - 1
    everything = 2**k - 1

    def conceded_by_a(chosen: tuple[int, ...]) -> bool:
        return bool(verdicts[row_of(chosen)] != verdicts[0])

    def conceded_by_b(chosen: tuple[int, ...]) -> bool:
        return bool(verdicts[everything ^ row_of(chosen)] != verdicts[-1])

    found = []
    for flips in (conceded_by_a, conceded_by_b):
        found.append(minimal([each for each in subsets(k) if flips(each)]))
        found.append(
            minimal(
                [
                    each
                    for each in subsets(k)
                    if all(flips(more) for more in subsets(k) if set(more) >= set(each))
                ]
            )
        )
    return found[0], found[1], found[2], found[3]


@given(opposed(largest=4))
def test_the_families_are_those_of_the_definition(verdicts: Verdicts) -> None:
    sets = flip_sets(verdicts)
    assert by_definition(verdicts) == (sets.a_flips, sets.a_forced_by, sets.b_flips, sets.b_forced_by)


@given(opposed())
def test_each_family_is_the_minimal_hitting_sets_of_its_dual(verdicts: Verdicts) -> None:
    sets = flip_sets(verdicts)
    assert sets.opposed
    assert minimal_hitting_sets(sets.a_forced_by) == sets.b_flips
    assert minimal_hitting_sets(sets.b_forced_by) == sets.a_flips
    assert minimal_hitting_sets(sets.b_flips) == sets.a_forced_by
    assert minimal_hitting_sets(sets.a_flips) == sets.b_forced_by


@given(monotone())
def test_for_a_monotone_claim_what_flips_also_forces(verdicts: Verdicts) -> None:
    sets = flip_sets(verdicts)
    assert sets.monotone
    assert sets.a_flips == sets.a_forced_by
    assert sets.b_flips == sets.b_forced_by


@given(opposed())
def test_a_claim_is_monotone_exactly_when_no_step_goes_back(verdicts: Verdicts) -> None:
    k = len(verdicts).bit_length() - 1
    back = {
        i
        for i in range(k)
        for row in range(2**k)
        if not row >> i & 1 and verdicts[row] == verdicts[-1] and verdicts[row | 1 << i] != verdicts[-1]
    }
    sets = flip_sets(verdicts)
    assert set(sets.offenders) == back
    assert sets.monotone is (not back)
    if sets.a_flips != sets.a_forced_by:
        assert not sets.monotone


@given(opposed())
def test_exchanging_the_parties_exchanges_the_families(verdicts: Verdicts) -> None:
    here, there = flip_sets(verdicts), flip_sets(verdicts[::-1])
    assert (here.a_flips, here.a_forced_by) == (there.b_flips, there.b_forced_by)
    assert (here.b_flips, here.b_forced_by) == (there.a_flips, there.a_forced_by)
    assert (here.monotone, here.offenders) == (there.monotone, there.offenders)
    assert double_cruxes(verdicts) == double_cruxes(verdicts[::-1])


@given(opposed())
def test_the_answer_and_its_denial_have_the_same_families(verdicts: Verdicts) -> None:
    assert flip_sets(verdicts) == flip_sets(~verdicts)


@given(opposed())
def test_a_double_crux_flips_either_side(verdicts: Verdicts) -> None:
    everything = len(verdicts) - 1
    found = double_cruxes(verdicts)
    assert found
    for each in found:
        assert verdicts[row_of(each)] == verdicts[-1]
        assert verdicts[everything ^ row_of(each)] == verdicts[0]


@given(monotone())
def test_a_single_double_crux_of_a_monotone_claim_makes_all_else_irrelevant(verdicts: Verdicts) -> None:
    k = len(verdicts).bit_length() - 1
    for each in double_cruxes(verdicts):
        if len(each) == 1:
            assert set(dummies(verdicts)) == set(range(k)) - set(each)


@given(opposed())
def test_power_sums_to_the_change_of_verdict(verdicts: Verdicts) -> None:
    assert_allclose(shapley(verdicts).sum(), float(verdicts[-1]) - float(verdicts[0]), atol=1e-12)


@given(opposed())
def test_signed_swings_never_exceed_unsigned_ones(verdicts: Verdicts) -> None:
    swings = banzhaf(verdicts)
    assert (np.abs(swings.signed) <= swings.unsigned + 1e-12).all()
    assert dummies(verdicts) == tuple(np.flatnonzero(swings.unsigned == 0))


def test_where_verdicts_agree_hidden_sets_are_listed_and_nothing_is_forced() -> None:
    sets = flip_sets([False, True, True, False])
    assert not sets.opposed
    assert sets.a_flips == sets.b_flips == ((0,), (1,))
    assert sets.a_forced_by == sets.b_forced_by == ()
    assert not sets.monotone
    assert double_cruxes([False, True, True, False]) == ()
    assert flip_sets([True, True]).monotone


def test_no_assumption_no_sets() -> None:
    sets = flip_sets([True])
    assert (sets.a_flips, sets.b_forced_by, sets.opposed, sets.monotone) == ((), (), False, True)


def test_responsibility_and_vetoes() -> None:
    family = ((0, 1), (0, 2, 3))
    assert responsibility(family, 5).tolist() == [0.5, 0.5, pytest.approx(1 / 3), pytest.approx(1 / 3), 0.0]
    assert vetoes(family) == (0,)
    assert vetoes(()) == ()


@given(st.lists(st.sets(st.integers(0, 40), min_size=1, max_size=4), max_size=5))
def test_hitting_sets_hit_and_are_minimal(family: list[set[int]]) -> None:
    found = minimal_hitting_sets(family)
    assert found
    for hits in found:
        assert all(set(hits) & each for each in family)
        for i in hits:
            assert any(not (set(hits) - {i}) & each for each in family)


def test_odd_families_to_hit() -> None:
    assert minimal_hitting_sets([]) == ((),)
    assert minimal_hitting_sets([(1,), ()]) == ()
    with pytest.raises(DisputeError, match="too many"):
        minimal_hitting_sets([tuple(range(30))])


@pytest.mark.parametrize(
    ("verdicts", "words"),
    [
        ([True, False, True], "2\\*\\*k rows"),
        ([0.0, 0.5], "row 1 holds 0.5"),
        ([0.0, np.nan], "row 1 holds nan"),
        (["yes", "no"], "true or false"),
        ([[True, False]], "shape"),
    ],
)
def test_verdicts_that_are_none_are_refused(verdicts: Any, words: str) -> None:
    for function in (flip_sets, double_cruxes, banzhaf):
        with pytest.raises(DisputeError, match=words):
            function(verdicts)


def test_zeros_and_ones_are_verdicts() -> None:
    assert flip_sets([0, 1]) == flip_sets([0.0, 1.0]) == flip_sets([False, True])
