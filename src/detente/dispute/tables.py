"""Tables over every mixture of two positions; bit i of the row number says whose assumption i is.

Row S of a table of length 2**k belongs to the mixture "A's values, except B's on the assumptions whose bit
is set in S": row 0 is A, the last row is B. Every pure function of this room starts with these checks.
"""

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from detente.dispute.errors import DisputeError

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Masks = NDArray[np.int64]

MAXIMUM_TABLE_SIZE = 24
"""Largest k of a plain table: 2**24 rows are 128 MiB, and arithmetic passes over them k times."""


def count_assumptions(rows: int) -> int:
    """Number of assumptions k of a table with `rows` = 2**k rows; refuses any other length."""
    k = rows.bit_length() - 1
    if rows < 1 or rows != 1 << k:
        raise DisputeError(
            f"a table over the mixtures of k assumptions has 2**k rows, this one has {rows}; "
            "give one row for every mixture, A first, bit i of the row number set where assumption i is B's"
        )
    if k > MAXIMUM_TABLE_SIZE:
        raise DisputeError(
            f"a table over {k} assumptions is too large (limit {MAXIMUM_TABLE_SIZE}); "
            "group assumptions that move together, or drop those that matter least and say so"
        )
    return k


def checked_table(table: ArrayLike) -> Floats:
    """The table as floats of shape (2**k, ...); a missing or infinite entry is refused by its row number."""
    values = np.asarray(table)
    if values.ndim == 0:
        raise DisputeError(
            "a table needs one row for every mixture; a single number was given (k = 0 is [number])"
        )
    if values.dtype == object or values.dtype.kind not in "biuf":
        raise DisputeError(f"a table holds numbers, this one holds {values.dtype}")
    k = count_assumptions(values.shape[0])
    floats = values.astype(np.float64)
    finite = np.isfinite(floats).reshape(floats.shape[0], -1).all(axis=1)
    if not finite.all():
        row = int(np.argmin(finite))
        raise DisputeError(
            f"row {row} of the table is not a finite number (assumptions {list(members(row, k))} at B's, "
            f"the rest at A's; {int((~finite).sum())} such rows); a mixture without an answer is never "
            "filled in: group the assumptions that cannot be mixed"
        )
    return floats


def checked_verdicts(verdicts: ArrayLike) -> Bools:
    """The verdicts as booleans of shape (2**k,); numbers other than 0 and 1 are refused by row number."""
    values = np.asarray(verdicts)
    if values.ndim != 1:
        raise DisputeError(
            f"verdicts are one yes or no for each mixture, shape (2**k,); got shape {values.shape}"
        )
    count_assumptions(values.shape[0])
    if values.dtype == np.bool_:
        return values
    if values.dtype.kind in "iuf":
        wrong = ~((values == 0) | (values == 1))
        if not wrong.any():
            return values.astype(np.bool_)
        row = int(np.argmax(wrong))
        raise DisputeError(
            f"verdicts are true or false; row {row} holds {values[row]}. "
            "Compare a margin with zero first: margins >= 0"
        )
    raise DisputeError(
        f"verdicts are true or false, these are {values.dtype}; undecided mixtures need two tables"
    )


def members(mask: int, k: int) -> tuple[int, ...]:
    """The assumptions whose bit is set in `mask`, in ascending order."""
    return tuple(i for i in range(k) if mask >> i & 1)


def mask_of(chosen: Iterable[int]) -> int:
    """The row number whose bits are the given assumptions."""
    mask = 0
    for i in chosen:
        mask |= 1 << i
    return mask


def bit_counts(k: int) -> Masks:
    """How many assumptions are at B's value in each row, shape (2**k,)."""
    counts = np.zeros(1, dtype=np.int64)
    for _ in range(k):
        counts = np.concatenate([counts, counts + 1])
    return counts


def bits(k: int) -> Bools:
    """Which assumptions are at B's value in each row, shape (2**k, k)."""
    rows = np.arange(1 << k, dtype=np.int64)[:, None]
    return (rows >> np.arange(k, dtype=np.int64)[None, :] & 1).astype(np.bool_)


def halves(table: NDArray[Any], i: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """Views of the table with assumption i at A's value, and at B's; shapes (2**(k-1-i), 2**i, ...)."""
    split = table.reshape(-1, 2, 1 << i, *table.shape[1:])
    return split[:, 0], split[:, 1]


def coalition_weights(players: int) -> Floats:
    """Weight s!(n-1-s)!/n! of a step out of a set of s of the other players, shape (n,)."""
    return np.array([1.0 / (players * math.comb(players - 1, s)) for s in range(players)], dtype=np.float64)


def union_masks(groups: Sequence[int]) -> Masks:
    """Row numbers reached by moving whole groups (given as masks), shape (2**len(groups),)."""
    rows = np.zeros(1, dtype=np.int64)
    for group in groups:
        rows = np.concatenate([rows, rows | group])
    return rows


def checked_groups(groups: Sequence[Sequence[int]], k: int) -> list[int]:
    """The groups as masks; they must be non-empty and put every assumption 0..k-1 in exactly one group."""
    seen: set[int] = set()
    masks = []
    for position, group in enumerate(groups):
        if len(group) == 0:
            raise DisputeError(f"group {position} is empty; leave it out")
        for i in group:
            if not 0 <= i < k:
                raise DisputeError(f"group {position} names assumption {i}; there are {k}, numbered from 0")
            if i in seen:
                raise DisputeError(
                    f"assumption {i} is in two groups; every assumption belongs to exactly one"
                )
            seen.add(i)
        masks.append(mask_of(group))
    missing = [i for i in range(k) if i not in seen]
    if missing:
        raise DisputeError(f"assumptions {missing} are in no group; give each its own group of one")
    return masks
