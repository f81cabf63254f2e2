"""The smallest concessions that change a conclusion: four families of minimal sets, and the double cruxes.

All functions take the verdict (true or false) at every mixture of two positions, shape (2**k,), bit i of
the row number meaning "assumption i at B's value". Sets are tuples of assumption numbers, ordered by size
and then by number. Cost O(k 2**k) plus the number of sets found. Source: docs/models/crux.md, D5, D7 and
D8.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from detente.dispute.errors import DisputeError
from detente.dispute.tables import (
    MAXIMUM_TABLE_SIZE,
    Bools,
    Floats,
    Masks,
    bit_counts,
    bits,
    checked_verdicts,
    count_assumptions,
    halves,
    mask_of,
)

Family = tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class FlipSets:
    """The four families of smallest sets for two opposed conclusions, and whether the claim is monotone.

    Duality: where the conclusions are opposed, `b_flips` are the minimal hitting sets of `a_forced_by`
    and `a_flips` those of `b_forced_by`. For a monotone claim each side's flips and forces are the same
    sets. Where the conclusions agree, `a_flips` and `b_flips` are the hidden concessions that would
    change the shared conclusion, and nothing is forced.
    """

    a_flips: Family
    """The least that A must concede for the model to contradict A's conclusion."""
    a_forced_by: Family
    """Agree on B's values here, and A's conclusion falls whatever else is taken from whom."""
    b_flips: Family
    """The least that B must concede."""
    b_forced_by: Family
    """Agree on A's values here, and B's conclusion falls whatever else is taken from whom."""
    opposed: bool
    """Whether A's and B's conclusions differ."""
    monotone: bool
    """Whether no concession by A ever moves the verdict away from B's conclusion."""
    offenders: tuple[int, ...]
    """Assumptions with at least one step that moves the verdict the wrong way."""


class Swings(NamedTuple):
    """How often each assumption decides the verdict, shape (k,): share of the mixtures of the others."""

    signed: Floats
    """Swings from no to yes minus swings from yes to no (Banzhaf)."""
    unsigned: Floats
    """Swings in either direction."""


def flip_sets(verdicts: ArrayLike) -> FlipSets:
    """The four families of smallest sets: what flips and what forces each side's conclusion."""
    true = checked_verdicts(verdicts)
    k = count_assumptions(true.shape[0])
    opposed = bool(true[0] != true[-1])
    against_a = true != true[0]
    against_b = (true != true[-1])[::-1]
    offenders = _offenders(against_a, k, opposed=opposed)
    return FlipSets(
        a_flips=as_sets(minimal_rows(against_a), k),
        a_forced_by=as_sets(minimal_rows(_holds_above(against_a, k)), k),
        b_flips=as_sets(minimal_rows(against_b), k),
        b_forced_by=as_sets(minimal_rows(_holds_above(against_b, k)), k),
        opposed=opposed,
        monotone=not offenders,
        offenders=offenders,
    )


def double_cruxes(verdicts: ArrayLike) -> Family:
    """Minimal sets that flip A if A concedes them and B if B does; empty if the verdicts agree."""
    true = checked_verdicts(verdicts)
    if true[0] == true[-1]:
        return ()
    both = (true == true[-1]) & (true[::-1] == true[0])
    return as_sets(minimal_rows(both), count_assumptions(true.shape[0]))


def minimal_hitting_sets(sets: Iterable[Iterable[int]]) -> Family:
    """Minimal sets that share a member with each of the given sets.

    No sets at all are hit by the empty set; a family with an empty set cannot be hit, and gives no set.
    O(u 2**u) for u different members, u <= 24.
    """
    family = [frozenset(each) for each in sets]
    names = sorted(frozenset().union(*family))
    if len(names) > MAXIMUM_TABLE_SIZE:
        raise DisputeError(
            f"{len(names)} different members are too many for hitting sets (limit 24); group them"
        )
    place = {name: position for position, name in enumerate(names)}
    contains = np.zeros(1 << len(names), dtype=np.bool_)
    for each in family:
        contains[mask_of(place[name] for name in each)] = True
    _spread_up(contains)
    found = as_sets(minimal_rows(~contains[::-1]), len(names))
    return tuple(tuple(names[i] for i in each) for each in found)


def banzhaf(verdicts: ArrayLike) -> Swings:
    """Share of the mixtures of all others in which an assumption decides the verdict, signed and unsigned."""
    true = checked_verdicts(verdicts)
    k = count_assumptions(true.shape[0])
    signed, unsigned = np.zeros(k), np.zeros(k)
    for i in range(k):
        at_a, at_b = halves(true, i)
        signed[i] = at_b.mean() - at_a.mean()
        unsigned[i] = (at_a != at_b).mean()
    return Swings(signed, unsigned)


def dummies(verdicts: ArrayLike) -> tuple[int, ...]:
    """Assumptions that change no verdict in any mixture."""
    return tuple(int(i) for i in np.flatnonzero(banzhaf(verdicts).unsigned == 0))


def responsibility(family: Sequence[Sequence[int]], k: int) -> Floats:
    """1 / size of the smallest set of the family with each assumption in it, 0 if none, shape (k,)."""
    result = np.zeros(k)
    for each in family:
        for i in each:
            result[i] = max(result[i], 1 / len(each))
    return result


def vetoes(family: Sequence[Sequence[int]]) -> tuple[int, ...]:
    """Assumptions that are in every set of a family: without them this side cannot be moved."""
    if not family:
        return ()
    return tuple(sorted(frozenset(family[0]).intersection(*family[1:])))


def minimal_rows(holds: Bools) -> Masks:
    """Rows where `holds` is true for no proper subset, ascending."""
    k = count_assumptions(holds.shape[0])
    reached = holds.copy()
    _spread_up(reached)
    below = np.zeros_like(reached)
    for i in range(k):
        without, _ = halves(reached, i)
        _, target = halves(below, i)
        target |= without
    return np.flatnonzero(holds & ~below).astype(np.int64)


def as_sets(rows: Masks, k: int) -> Family:
    """Row numbers as tuples of assumption numbers, smallest sets first, then by number."""
    if rows.size == 0:
        return ()
    sizes = bit_counts(k)[rows]
    members = np.nonzero(bits(k)[rows] if k <= 16 else (rows[:, None] >> np.arange(k) & 1))[1]
    pieces = np.split(members, np.cumsum(sizes)[:-1])
    return tuple(sorted((tuple(piece.tolist()) for piece in pieces), key=lambda each: (len(each), each)))


def _spread_up(holds: Bools) -> None:
    """Mark every superset of a marked row, in place."""
    for i in range(count_assumptions(holds.shape[0])):
        without, having = halves(holds, i)
        having |= without


def _holds_above(holds: Bools, k: int) -> Bools:
    """Rows where `holds` is true for the row and for all its supersets."""
    everywhere = holds.copy()
    for i in range(k):
        without, having = halves(everywhere, i)
        without &= having
    return everywhere


def _offenders(against_a: Bools, k: int, *, opposed: bool) -> tuple[int, ...]:
    """Assumptions with a step back to A's conclusion; between equal conclusions, any step at all."""
    found = []
    for i in range(k):
        at_a, at_b = halves(against_a, i)
        wrong = at_a & ~at_b if opposed else at_a != at_b
        if wrong.any():
            found.append(i)
    return tuple(found)
