"""Why a programme has no schedule: the smallest set of its named constraints that conflict, and ways out.

The set is smallest of all, not only one from which nothing can be dropped. Each round asks for the smallest
set that shares a constraint with every correction found so far (a correction is a set without which the rest
can be kept), and asks the integer programme whether that set alone conflicts. If it does, no smaller one can:
every conflict shares a constraint with every correction. If not, the set is grown for as long as the rest can
be kept, and what is left out is a new correction.
Source: the implicit hitting set search for smallest unsatisfiable subsets, in our own words; the tests
compare it with all subsets of small programmes.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import highspy

from .holdings import total
from .model import Model
from .solver import new_solver


@dataclass(frozen=True, slots=True)
class Clash:
    """One member of a smallest conflict.

    `loosen` is the least by which loosening it alone gives a schedule while everything else is kept; `alone`
    the least that ends this conflict, everything outside it left out; `enough` whether giving it up
    altogether gives a schedule. None where no amount does, or where it cannot be loosened by an amount.
    """

    group: int
    loosen: float | None
    alone: float | None
    enough: bool


def smallest_conflict(model: Model, progress: Callable[[int], None] | None = None) -> tuple[int, ...]:
    """The numbers of the groups of a smallest conflict, in order; empty where all can be kept together.

    `progress` is told how many sets have been asked about.
    """
    everything = range(len(model.groups))
    corrections: list[frozenset[int]] = []
    asked = 0
    while True:
        tried = _smallest_hitting(len(model.groups), corrections)
        grown = set(tried)
        asked += 1
        if progress:
            progress(asked)
        model.active(grown)
        if not model.feasible():
            model.active(everything)
            return tuple(sorted(tried))
        grown |= model.satisfied(model.row_values())
        for number in everything:
            if number in grown:
                continue
            model.active(grown | {number})
            if model.feasible():
                grown |= {number} | model.satisfied(model.row_values())
        left = frozenset(everything) - grown
        if not left:
            model.active(everything)
            return ()
        corrections.append(left)


def _smallest_hitting(size: int, sets: Sequence[frozenset[int]]) -> tuple[int, ...]:
    """The smallest set with a member in each of the sets, as a small integer programme of its own.

    Among the smallest, the one whose members come earliest: a share of less than one unit breaks the tie.
    """
    if not sets:
        return ()
    h = new_solver()
    chosen = list(h.addBinaries(size, out_array=True))
    h.addConstrs([h.qsum([chosen[n] for n in sorted(members)]) >= 1 for members in sets])
    share = 1.0 / (size * (size + 1))
    h.setObjective(total((1 + share * n) * chosen[n] for n in range(size)), highspy.ObjSense.kMinimize)
    h.run()
    values = h.allVariableValues()
    return tuple(n for n in range(size) if values[chosen[n].index] > 0.5)


def ways_out(model: Model, conflict: Sequence[int]) -> tuple[Clash, ...]:
    """For each member of a conflict, how far it must give while the others are kept."""
    everything = range(len(model.groups))
    found = []
    for number in conflict:
        slack = model.groups[number].slack
        loosen = alone = None
        if slack is not None:
            model.active(everything, loose=number)
            loosen = model.minimise(1 * slack)
            model.active(conflict, loose=number)
            alone = model.minimise(1 * slack) if loosen is None else loosen
            enough = loosen is not None
        else:
            model.active(set(everything) - {number})
            enough = model.feasible()
        found.append(Clash(number, _tidy(loosen), _tidy(alone), enough))
    model.active(everything)
    return tuple(found)


def _tidy(value: float | None) -> float | None:
    """Without the dust of rounding: whole where it is whole to a millionth."""
    if value is None:
        return None
    return float(round(value)) if abs(value - round(value)) < 1e-6 else value
