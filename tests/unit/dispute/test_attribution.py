"""Properties of the fair share, the Owen value, dividends, interactions and the two-ended screen."""

from itertools import combinations, permutations
from math import factorial
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose
from numpy.typing import NDArray

from detente.dispute import (
    DisputeError,
    dividends,
    owen,
    quotient,
    shapley,
    shapley_interactions,
    two_ended,
)

Table = NDArray[np.float64]
NUMBERS = st.floats(-1e3, 1e3, allow_nan=False).map(lambda x: round(x, 3))


@st.composite
def tables(draw: st.DrawFn, smallest: int = 0, largest: int = 6) -> Table:
    k = draw(st.integers(smallest, largest))
    table: Table = draw(arrays(np.float64, 2**k, elements=NUMBERS))
    return table


def in_all_orders(table: Table, k: int) -> Table:
    """The share as the mean over all orders of conceding: the definition, word for word."""
    shares = np.zeros(k)
    for order in permutations(range(k)):
        row = 0
        for i in order:
            shares[i] += table[row | 1 << i] - table[row]
            row |= 1 << i
    return shares / factorial(k)


@given(tables(largest=5))
def test_shares_are_the_mean_over_all_orders_of_conceding(table: Table) -> None:
    k = len(table).bit_length() - 1
    assert_allclose(shapley(table), in_all_orders(table, k), atol=1e-9)


@given(tables())
def test_shares_sum_to_the_whole_difference(table: Table) -> None:
    assert_allclose(shapley(table).sum(), table[-1] - table[0], atol=1e-9)


@given(tables())
def test_exchanging_the_parties_flips_every_sign_and_nothing_else(table: Table) -> None:
    assert_allclose(shapley(table[::-1]), -shapley(table), atol=1e-10)


@given(tables(largest=5), st.data())
def test_an_assumption_that_changes_nothing_gets_exactly_zero(table: Table, data: st.DataObject) -> None:
    k = len(table).bit_length() - 1
    i = data.draw(st.integers(0, k))
    idle = np.repeat(table.reshape(-1, 1, 2**i), 2, axis=1).reshape(-1)
    assert shapley(idle)[i] == 0.0
    assert_allclose(np.delete(shapley(idle), i), shapley(table), atol=1e-10)


@given(tables(smallest=1), st.integers(-3, 3))
def test_shares_are_additive_over_outcomes(table: Table, factor: int) -> None:
    other = np.cos(table)
    assert_allclose(shapley(table + factor * other), shapley(table) + factor * shapley(other), atol=1e-9)


@given(tables(smallest=1))
def test_trailing_axes_are_separate_outcomes(table: Table) -> None:
    stacked = np.stack([table, -2 * table], axis=1)
    assert_allclose(shapley(stacked), np.stack([shapley(table), -2 * shapley(table)], axis=1), atol=1e-9)
    assert_allclose(dividends(stacked)[:, 0], dividends(table))


@given(tables(smallest=1))
def test_dividends_divide_evenly_into_shares_and_add_up(table: Table) -> None:
    k = len(table).bit_length() - 1
    pure = dividends(table)
    shares = [sum(pure[row] / row.bit_count() for row in range(2**k) if row >> i & 1) for i in range(k)]
    totals = [sum(pure[row] for row in range(2**k) if row >> i & 1) for i in range(k)]
    assert_allclose(pure.sum(), table[-1], atol=1e-8)
    assert_allclose(shapley(table), shares, atol=1e-8)
    assert_allclose(two_ended(table).total, totals, atol=1e-8)
    assert_allclose(two_ended(table).first, pure[[1 << i for i in range(k)]], atol=1e-9)


@given(tables(smallest=2))
def test_the_pair_index_is_the_mean_of_the_dividends_that_hold_both(table: Table) -> None:
    k = len(table).bit_length() - 1
    pure, pairs = dividends(table), shapley_interactions(table)
    for i, j in combinations(range(k), 2):
        both = [pure[row] / (row.bit_count() - 1) for row in range(2**k) if row >> i & 1 and row >> j & 1]
        assert_allclose(pairs[i, j], sum(both), atol=1e-8)
        assert pairs[i, j] == pairs[j, i]
    assert not np.diag(pairs).any()


@given(st.integers(1, 6), st.integers(0, 2**32 - 1))
def test_the_mean_of_first_and_total_is_the_share_of_a_quadratic(k: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    linear, bend = rng.normal(size=k), rng.normal(size=(k, k))
    corners = (np.arange(2**k)[:, None] >> np.arange(k) & 1).astype(float)
    table = corners @ linear + np.einsum("ri,ij,rj->r", corners, bend, corners)
    ends = two_ended(table)
    assert_allclose(ends.mid, shapley(table), atol=1e-10)
    assert_allclose(ends.residual, 0.0, atol=1e-10)


def test_a_residual_proves_that_three_interact() -> None:
    table = np.zeros(8)
    table[7] = 1.0
    assert two_ended(table).residual == pytest.approx(1.0 - 1.5)


@st.composite
def grouped(draw: st.DrawFn) -> tuple[Table, list[list[int]]]:
    table = draw(tables(smallest=1, largest=6))
    k = len(table).bit_length() - 1
    label = draw(st.lists(st.integers(0, 3), min_size=k, max_size=k))
    groups = [[i for i in range(k) if label[i] == each] for each in dict.fromkeys(label)]
    return table, groups


@given(grouped())
def test_members_sum_to_the_share_of_their_group(given_groups: tuple[Table, list[list[int]]]) -> None:
    table, groups = given_groups
    shares, whole = owen(table, groups), shapley(quotient(table, groups))
    assert_allclose([shares[group].sum() for group in groups], whole, atol=1e-9)


@given(tables(smallest=1, largest=5))
def test_without_groups_or_with_one_the_owen_value_is_the_fair_share(table: Table) -> None:
    k = len(table).bit_length() - 1
    assert_allclose(owen(table, [[i] for i in range(k)]), shapley(table), atol=1e-9)
    assert_allclose(owen(table, [list(range(k))]), shapley(table), atol=1e-9)


@given(tables(smallest=2, largest=5))
def test_cloning_inside_a_group_cannot_raise_the_group(table: Table) -> None:
    """Split assumption 0 into two names that need each other; as a group they keep the share of the one."""
    k = len(table).bit_length() - 1
    rows = np.arange(2 ** (k + 1))
    merged = (rows & ~1 & (2**k - 1)) | ((rows & 1) & (rows >> k))
    cloned = table[merged]
    groups = [[0, k], *[[i] for i in range(1, k)]]
    assert_allclose(owen(cloned, groups)[[0, k]].sum(), shapley(table)[0], atol=1e-9)
    assert_allclose(owen(cloned, groups)[1:k], shapley(table)[1:], atol=1e-9)


def test_cloning_without_a_group_does_buy_share() -> None:
    either = np.array([0.0, 1, 1, 1])
    merged = np.array([0.0, 1, 1, 1, 1, 1, 1, 1])
    assert shapley(merged)[[0, 2]].sum() > shapley(either)[0]


@settings(max_examples=30)
@given(
    st.lists(st.floats(0.5, 3.0), min_size=3, max_size=3),
    st.lists(st.floats(0.5, 3.0), min_size=3, max_size=3),
)
def test_re_expressing_an_input_changes_no_share(a: list[float], b: list[float]) -> None:
    """Only corner values enter: squares, logarithms and other units give the same table."""

    def table(forward: list[float], other: list[float], backward: object) -> Table:
        values = [[other[i] if row >> i & 1 else forward[i] for i in range(3)] for row in range(8)]
        return np.array([x * y + z for x, y, z in (map(backward, each) for each in values)])  # type: ignore[call-overload]

    plain = shapley(table(a, b, float))
    logs = shapley(table([float(np.log(x)) for x in a], [float(np.log(x)) for x in b], np.exp))
    assert_allclose(logs, plain, atol=1e-12)


def test_no_assumptions_no_shares() -> None:
    assert shapley([3.0]).shape == (0,)
    assert owen([3.0], []).shape == (0,)
    assert shapley_interactions([3.0]).shape == (0, 0)
    assert two_ended([3.0]).residual == 0.0


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (np.zeros(3), "2\\*\\*k rows, this one has 3"),
        (np.zeros(0), "this one has 0"),
        (1.0, "one row for every mixture"),
        ([0.0, 1.0, np.nan, 2.0], r"row 2 .*assumptions \[1\] at B's"),
        ([0.0, np.inf], "row 1 of the table is not a finite number"),
        (["a", "b"], "holds numbers"),
    ],
)
def test_a_table_that_is_none_is_refused(table: Any, words: str) -> None:
    for function in (shapley, dividends, two_ended, shapley_interactions):
        with pytest.raises(DisputeError, match=words):
            function(table)


@pytest.mark.parametrize(
    ("groups", "words"),
    [
        ([[0], []], "group 1 is empty"),
        ([[0], [0, 1]], "assumption 0 is in two groups"),
        ([[0]], r"assumptions \[1\] are in no group"),
        ([[0, 1, 2]], "names assumption 2; there are 2"),
    ],
)
def test_groups_that_do_not_partition_are_refused(groups: list[list[int]], words: str) -> None:
    with pytest.raises(DisputeError, match=words):
        owen(np.zeros(4), groups)


def test_sixteen_assumptions_are_exact() -> None:
    """A weighted sum of 16 plus a product of three: shares known in closed form."""
    k = 16
    weights = np.linspace(-1, 2, k)
    corners = (np.arange(2**k)[:, None] >> np.arange(k) & 1).astype(float)
    table = corners @ weights + 9 * corners[:, 0] * corners[:, 5] * corners[:, 15]
    expected = weights.copy()
    expected[[0, 5, 15]] += 3
    assert_allclose(shapley(table), expected, atol=1e-12)
