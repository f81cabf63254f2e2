"""Solving a programme for what is wanted most: soonest, fewest, smoothest, or nearest to parity.

What is wanted is a list of objectives; ties in one are broken by the next. The last one is always the same:
act early rather than late, on launchers that are not deployed first, on types in alphabetical order; then
take warheads apart early. In large programmes only the first two are asked. What is still left open the
solver decides, the same way on every run. Every schedule is checked against the programme in whole numbers
before anybody sees it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from detente.records.errors import InputError, Problem, did_you_mean

from .check import faults
from .holdings import Expression, total
from .model import Model
from .programme import Action, Ceiling, Programme
from .state import Plan, States, roll

Objective = Literal["soonest", "fewest", "smoothest", "parity"]
OBJECTIVES: tuple[Objective, ...] = get_args(Objective)

MEANS = {
    "soonest": "the final ceilings are met as early as can be and kept from then on",
    "fewest": "as few actions as can be",
    "smoothest": "the busiest period of each party has as few actions as can be",
    "parity": "the two parties' counts are never further apart than need be, under any of the rules watched",
}
"""What each objective asks for, in words."""


TIDY_CHOICES = 300
"""Up to so many numbers to choose, actions times periods, all objectives are asked; beyond, the first two."""


@dataclass(frozen=True, slots=True)
class Solved:
    """A schedule, or none; `finish` is the first period from whose end on all final ceilings are met."""

    objective: Objective
    plan: Plan | None
    states: States | None
    values: tuple[float, ...] = ()
    finish: int | None = None


def solve(
    programme: Programme, objective: str = "fewest", progress: Callable[[str], None] | None = None
) -> Solved:
    """The best schedule by an objective; without a plan where no schedule satisfies the programme.

    Raises `InputError` for an unknown objective or one that the programme gives no meaning.
    """
    return solve_model(Model(programme), check_objective(programme, objective), progress)


def check_objective(programme: Programme, objective: str) -> Objective:
    """The objective, if it is one and has a meaning for the programme. Raises `InputError`."""
    for known in OBJECTIVES:
        if objective == known:
            break
    else:
        raise InputError(
            Problem(
                f'there is no objective "{objective}"', did_you_mean(objective, OBJECTIVES), key="objective"
            )
        )
    if known == "parity" and not programme.parities:
        way_out = "name two parties and at least one rule for parity"
        raise InputError(Problem("nothing is compared between two parties", way_out, key="objective"))
    return known


def solve_model(model: Model, objective: Objective, progress: Callable[[str], None] | None = None) -> Solved:
    """The same for a model that is built already; all of its constraints hold."""
    tell = progress or (lambda _: None)
    model.finish_by(len(model.programme.periods) - 1)
    if objective == "soonest":
        earliest = soonest(model, tell)
        if earliest is None:
            return Solved(objective, None, None)
        model.finish_by(earliest)
    tell(f"looking for {MEANS[objective]}")
    wanted = _objectives(model, objective)
    small = len(model.holdings.done) * len(model.programme.periods) <= TIDY_CHOICES
    values = model.in_turn(wanted) if small else model.both(*wanted[:2])
    if values is None:
        return Solved(objective, None, None)
    return checked(model, objective, values)


def checked(model: Model, objective: Objective, values: list[float]) -> Solved:
    """The solver's schedule as whole numbers, after every constraint was checked again without the solver."""
    plan = model.plan()
    found = faults(model.programme, plan)
    if found:
        raise ArithmeticError(f"the solver's schedule does not hold: {'; '.join(found)}")
    states = roll(model.programme, plan)
    return Solved(objective, plan, states, tuple(values), finish_of(model.programme, states))


def soonest(model: Model, tell: Callable[[str], None] = lambda _: None) -> int | None:
    """The first period from whose end on the final ceilings can be kept; None if never.

    By halving: what can be kept from one period on can be kept from any later one on.
    """
    low, high = 0, len(model.programme.periods) - 1
    model.finish_by(high)
    if not model.feasible():
        return None
    while low < high:
        middle = (low + high) // 2
        tell(f"can it be done by {model.programme.periods[middle].end}?")
        model.finish_by(middle)
        if model.feasible():
            high = middle
        else:
            low = middle + 1
    return high


def finish_of(programme: Programme, states: States, ceilings: Sequence[Ceiling] | None = None) -> int | None:
    """The first period from whose end on all final ceilings are met; None where one is missed at the end.

    All ceilings of the programme, unless some are named.
    """
    named = programme.ceilings if ceilings is None else ceilings
    finals = [(programme.measure(c.measure), c.limit) for c in named if c.final]
    first: int | None = None
    for t in reversed(range(len(programme.periods))):
        if any(states.value(measure, t + 1) > limit for measure, limit in finals):
            break
        first = t
    return first


def _objectives(model: Model, objective: Objective) -> list[Expression]:
    fewest, smoothest = model.actions_taken, total(1 * peak for peak in model.peaks)
    last = tie_break(model)
    if objective == "parity":
        return [model.deviation, fewest, smoothest, last]
    if objective == "smoothest":
        return [smoothest, fewest, last]
    return [fewest, smoothest, last]


def _name(action: Action) -> tuple[bool, str, str, str]:
    """By what actions are put in order: launchers that are not deployed first, then types and places."""
    return (action.status == "deployed", *action.line[1:], action.kind)


def tie_break(model: Model) -> Expression:
    """Early before late, non-deployed before deployed, then by alphabet; then warheads taken apart early."""
    held, periods = model.holdings, model.holdings.periods
    programme = model.programme
    names = sorted({_name(action) for action in programme.actions})
    rank = {name: place for place, name in enumerate(names)}
    step = len(names) + 1
    parts: list[Expression] = []
    for n in held.action_order:
        action = programme.actions[n]
        place = rank[_name(action)]
        parts += [(t * step + place + 1) * held.done[n][t] for t in periods]
    for series in [*held.leaving.values(), *held.kept.values(), *held.retired.values()]:
        parts += [1 * series[t] for t in periods]
    for series in held.recertified.values():
        parts += [step * series[t] for t in periods]
    for series in held.taken_apart.values():
        parts += [(t - len(periods)) * series[t] for t in periods]
    return total(parts)
