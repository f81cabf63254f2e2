"""How much of the difference between two positions each assumption explains.

All functions take the margin (or any outcome) at every mixture of the two positions, shape (2**k, ...), bit i
of the row number meaning "assumption i at B's value", and return one row an assumption, in the unit of the
margin. Trailing axes are kept, so several outcomes share one call. Cost O(k 2**k) unless said otherwise.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from detente.dispute.tables import (
    Floats,
    bit_counts,
    checked_groups,
    checked_table,
    coalition_weights,
    count_assumptions,
    halves,
    mask_of,
    union_masks,
)


class TwoEnded(NamedTuple):
    """What conceding each assumption does first (from A) and last (to B), shape (k, ...)."""

    first: Floats
    """Margin gained when A alone concedes the assumption: m({i}) - m(A)."""
    total: Floats
    """Margin lost when B alone concedes it: m(B) - m(B without i)."""
    mid: Floats
    """Mean of both; equals the fair share exactly when at most pairs of assumptions interact."""
    residual: Floats
    """m(B) - m(A) - sum(mid); anything but zero proves that three or more assumptions interact."""


def shapley(table: ArrayLike) -> Floats:
    """Fair share of each assumption in m(B) - m(A), shape (k, ...), unit of the margin.

    The shares sum to the whole difference; exchanging the parties flips every sign and nothing else; an
    assumption that changes no mixture gets exactly zero. Source: Shapley 1953, as in docs/models/crux.md, D1.
    """
    values = checked_table(table)
    k = count_assumptions(values.shape[0])
    shares = np.zeros((k, *values.shape[1:]))
    if k == 0:
        return shares
    step_weights = coalition_weights(k)[bit_counts(k - 1)]
    for i in range(k):
        at_a, at_b = halves(values, i)
        steps = (at_b - at_a).reshape(1 << (k - 1), *values.shape[1:])
        shares[i] = _weighted(step_weights, steps)
    return shares


def owen(table: ArrayLike, groups: Sequence[Sequence[int]]) -> Floats:
    """Fair share of each assumption when assumptions come in groups, shape (k, ...), unit of the margin.

    Groups are lists of assumption numbers that put each assumption in exactly one group. The members of a
    group sum to the share that the group has as one player, so splitting a quantity inside a group cannot
    raise the group's share. Source: Owen 1977, as in docs/models/crux.md, D4.
    """
    values = checked_table(table)
    k = count_assumptions(values.shape[0])
    group_masks = checked_groups(groups, k)
    shares = np.zeros((k, *values.shape[1:]))
    if k == 0:
        return shares
    others_weights = coalition_weights(len(groups))[bit_counts(len(groups) - 1)]
    for position, group in enumerate(groups):
        others = union_masks(group_masks[:position] + group_masks[position + 1 :])
        inside = union_masks([1 << i for i in group])
        seen_by_group = _weighted(others_weights, values[others[:, None] | inside[None, :]])
        shares[list(group)] = shapley(seen_by_group)
    return shares


def quotient(table: ArrayLike, groups: Sequence[Sequence[int]]) -> Floats:
    """The table over whole groups: 2**len(groups) rows, bit g meaning "all of group g at B's values"."""
    values = checked_table(table)
    masks = checked_groups(groups, count_assumptions(values.shape[0]))
    chosen: Floats = values[union_masks(masks)]
    return chosen


def dividends(table: ArrayLike) -> Floats:
    """What each set of assumptions adds beyond all its subsets, shape (2**k, ...), unit of the margin.

    The Moebius transform of the table: the dividends of all sets, the empty one included, sum to m(B), and
    the share of an assumption is the sum over the sets that contain it of dividend / size.
    Source: Harsanyi 1963, as in docs/models/crux.md, D3.
    """
    result = checked_table(table).copy()
    for i in range(count_assumptions(result.shape[0])):
        without, having = halves(result, i)
        having -= without
    return result


def shapley_interactions(table: ArrayLike) -> Floats:
    """How far two assumptions reinforce each other, averaged fairly over the rest, shape (k, k, ...).

    Symmetric with a zero diagonal; unit of the margin; positive where conceding both moves the margin more
    than conceding each. O(k**2 2**k). Source: Grabisch and Roubens 1999, as in docs/models/crux.md, D3.
    """
    values = checked_table(table)
    k = count_assumptions(values.shape[0])
    pairs = np.zeros((k, k, *values.shape[1:]))
    if k < 2:
        return pairs
    weights = coalition_weights(k - 1)[bit_counts(k - 2)]
    for j in range(1, k):
        at_a, at_b = halves(values, j)
        step_j = (at_b - at_a).reshape(1 << (k - 1), *values.shape[1:])
        for i in range(j):
            without, having = halves(step_j, i)
            second = (having - without).reshape(1 << (k - 2), *values.shape[1:])
            pairs[i, j] = pairs[j, i] = _weighted(weights, second)
    return pairs


def two_ended(table: ArrayLike) -> TwoEnded:
    """First and total effect of each assumption, their mean, and what they leave unexplained.

    Needs only 2k + 2 of the rows. Source: docs/models/crux.md, D2.
    """
    values = checked_table(table)
    k = count_assumptions(values.shape[0])
    singles = np.array([1 << i for i in range(k)], dtype=np.int64)
    everything = mask_of(range(k))
    first = values[singles] - values[0]
    total = values[everything] - values[everything ^ singles]
    mid = (first + total) / 2
    residual = np.asarray(values[everything] - values[0] - mid.sum(axis=0))
    return TwoEnded(first, total, mid, residual)


def _weighted(weights: Floats, steps: Floats) -> Floats:
    """Weighted sum over the first axis, pairwise: more exact than a matrix product, and repeatable."""
    total: Floats = np.asarray((weights * np.moveaxis(steps, 0, -1)).sum(axis=-1))
    return total
