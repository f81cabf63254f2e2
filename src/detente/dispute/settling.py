"""The chance that learning the truth about some assumptions ends a dispute.

Suppose the truth about the assumptions in S turns out to be B's value with probability w for each, A's
otherwise, independently; outside S each party keeps its own values. P_settle(S) is the chance that both then
read the same verdict from the model. Source: docs/models/crux.md, D9.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from detente.dispute.errors import DisputeError
from detente.dispute.tables import (
    Bools,
    Floats,
    Masks,
    bit_counts,
    bits,
    checked_verdicts,
    count_assumptions,
    halves,
)


@dataclass(frozen=True)
class BestToSettle:
    """The set of one size whose truth is most likely to end the dispute."""

    size: int
    members: tuple[int, ...]
    chance: float


@dataclass(frozen=True)
class Settling:
    """Chance of settling for every set of assumptions, and the best set of each size."""

    chance: Floats
    """P_settle, shape (2**k,): row S is the set of assumptions whose truth becomes known."""
    curve: tuple[BestToSettle, ...]
    """Sizes 0 to k; among equally good sets the one with the lowest numbers."""


def settle(verdicts: ArrayLike, weight: float = 0.5) -> Settling:
    """Chance that the truth about each set of assumptions ends the dispute, and the best set of each size.

    `verdicts` is boolean, shape (2**k,); `weight` is the probability that the truth is B's value. Exact
    sums by subset convolution, O(k**2 2**k) instead of the 3**k of the definition; exact to the last bit
    at weight 1/2, to about 1e-10 otherwise.
    """
    true = checked_verdicts(verdicts)
    return settle_decided(true, ~true, weight)


def settle_decided(yes: Bools, no: Bools, weight: float = 0.5) -> Settling:
    """As `settle`, with undecided mixtures (neither yes nor no), which never count as settled."""
    if not 0 <= weight <= 1:
        raise DisputeError(
            f"the weight is the chance that the truth is B's value, between 0 and 1; got {weight}"
        )
    k = count_assumptions(yes.shape[0])
    agreed = _split_sums(yes, weight, k) + _split_sums(no, weight, k)
    chance = np.clip(agreed, 0.0, 1.0)
    return Settling(chance, _curve(chance, k))


def _split_sums(holds: Bools, weight: float, k: int) -> Floats:
    """Chance, for each S, that the verdict `holds` for both parties once S is known.

    With U the part of S that is B's and V the part that is A's, A reads row U and B reads the row of all
    but V; the sum over all splits of S into U and V is a subset convolution (Bjorklund, Husfeldt, Kaski,
    Koivisto 2007).
    """
    sizes = bit_counts(k)
    from_a, from_b = _ranked_sums(holds, sizes, k), _ranked_sums(holds[::-1], sizes, k)
    result = np.zeros(1 << k)
    halved = weight == 0.5
    for size in range(k + 1):
        terms = np.zeros(1 << k, dtype=np.int64 if halved else np.float64)
        for taken in range(size + 1):
            product = from_a[taken] * from_b[size - taken]
            terms += product if halved else weight**taken * (1 - weight) ** (size - taken) * product
        for i in range(k):
            without, having = halves(terms, i)
            having -= without
        scale = 0.5**size if halved else 1.0
        result[sizes == size] = terms[sizes == size] * scale
    return result


def _ranked_sums(holds: Bools, sizes: Masks, k: int) -> Masks:
    """For each size r and row S, how many subsets of S of size r hold, shape (k + 1, 2**k), integers."""
    ranked = np.where(sizes[None, :] == np.arange(k + 1)[:, None], holds[None, :], 0).astype(np.int64)
    for i in range(k):
        split = ranked.reshape(k + 1, -1, 2, 1 << i)
        split[:, :, 1] += split[:, :, 0]
    return ranked


def _curve(chance: Floats, k: int) -> tuple[BestToSettle, ...]:
    sizes, membership = bit_counts(k), bits(k)
    lowest_numbers_first = membership @ (1 << np.arange(k - 1, -1, -1, dtype=np.int64))
    points = []
    for size in range(k + 1):
        rows = np.flatnonzero(sizes == size)
        best = chance[rows].max()
        ties = rows[chance[rows] >= best - 1e-9]
        chosen = ties[np.argmax(lowest_numbers_first[ties])]
        members = tuple(np.flatnonzero(membership[chosen]).tolist())
        points.append(BestToSettle(size, members, float(best)))
    return tuple(points)
