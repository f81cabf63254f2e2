"""What really happened beside a programme: rates of a published series, and a path followed step by step."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from detente.records.errors import InputError, Problem

from .answer import conflicting
from .drafting import Draft
from .model import Model
from .programme import Capacity, Line, Observed, Period, Programme
from .solve import solve_model

Series = Sequence[tuple[date, int]]
"""Days and values, in order."""


@dataclass(frozen=True, slots=True)
class Rate:
    """How much a cumulative series grew between two of its days, and how much that is a year."""

    since: date
    until: date
    number: int

    @property
    def a_year(self) -> float:
        """The same as a number in 365.25 days."""
        return self.number * 365.25 / (self.until - self.since).days


def rates_of(series: Series, name: str = "the series") -> tuple[Rate, ...]:
    """The growth between the days of a cumulative series, such as launchers eliminated so far.

    Raises `InputError` where it falls: what has been eliminated once cannot become fewer.
    """
    found = []
    for (since, before), (until, after) in pairwise(series):
        if until <= since:
            raise InputError(
                Problem(
                    f"{name}: {until.isoformat()} does not come after {since.isoformat()}",
                    "put the days in order",
                )
            )
        if after < before:
            rule = f"{name} falls from {before:,} on {since.isoformat()} to {after:,} on {until.isoformat()}"
            raise InputError(Problem(rule, "a sum of what was done never falls: one of the two is in error"))
        found.append(Rate(since, until, after - before))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Followed:
    """Whether a programme can follow what was declared, and what it takes to; else what conflicts.

    `taken` are the most of each action in a single period, by party and action, on the way.
    """

    feasible: bool
    taken: Mapping[tuple[str, str], int]
    conflict: tuple[str, ...] = ()


def follow(made: Draft, declared: Mapping[tuple[str, str], Series]) -> Followed:
    """Make a programme pass through declared levels, by (party, quantity), and see what that takes.

    Periods end on the declared days. Levels that rise are launchers and warheads that entered service; the
    ceilings hold as in the programme, on the last day. Raises `InputError` where a level has no measure.
    """
    programme = _through(made, declared)
    model = Model(programme)
    solved = solve_model(model, "fewest")
    if solved.plan is None:
        from detente.records.schedule import Schedule

        head = Schedule(
            force="", force_title="", rule="", rule_name="", parties=made.parties, objective="fewest",
            objective_means="", feasible=False,
        )  # fmt: skip
        return Followed(False, {}, conflicting(head, model).conflict)
    taken: dict[tuple[str, str], int] = {}
    for n, action in enumerate(programme.actions):
        key = (action.line[0], action.kind)
        for t in range(len(programme.periods)):
            spent = sum(
                solved.plan.done[m][t]
                for m, other in enumerate(programme.actions)
                if (other.line[0], other.kind) == key
            )
            taken[key] = max(taken.get(key, 0), spent)
        del n
    return Followed(True, taken)


def _through(made: Draft, declared: Mapping[tuple[str, str], Series]) -> Programme:
    """The programme with a period to each declared day, what rose as arrivals, and every level observed."""
    programme = made.programme
    days = sorted(
        {day for series in declared.values() for day, _ in series if day > programme.periods[0].begin}
    )
    if not days:
        raise InputError(Problem("no level is declared after the first day", "give levels of later days"))
    begins = [programme.periods[0].begin, *days[:-1]]
    first = programme.periods[0].begin
    periods = tuple(
        Period(f"to {end.isoformat()}", begin, end, (end - first).days * 100 // 36525)
        for begin, end in zip(begins, days, strict=True)
    )
    last = len(periods) - 1
    observed = []
    for (party, quantity), series in declared.items():
        found = next((m for m in programme.measures if m.party == party and m.quantity == quantity), None)
        if found is None:
            known = ", ".join(sorted({m.quantity for m in programme.measures if m.party == party}))
            raise InputError(Problem(f"the programme counts no {quantity} of {party}", f"it counts: {known}"))
        for day, value in series:
            if day in days:
                words = f"{party}: {quantity.replace('_', ' ')} of {value:,} declared for {day.isoformat()}"
                observed.append(Observed(words, found.key, days.index(day), value))
    return replace(
        programme,
        periods=periods,
        lines=tuple(_with_arrivals(line, declared, days) for line in programme.lines),
        ceilings=tuple(replace(c, first=last, last=last) for c in programme.ceilings if c.final),
        capacities=tuple(_by_period(c, len(periods)) for c in programme.capacities),
        parities=(),
        budgets=(),
        observed=tuple(observed),
    )


def _by_period(capacity: Capacity, periods: int) -> Capacity:
    """A cap of a window holds in each period between two declared days."""
    limit = max(limit for _, limit in capacity.windows)
    return replace(capacity, windows=tuple(((t,), limit) for t in range(periods)))


def _with_arrivals(line: Line, declared: Mapping[tuple[str, str], Series], days: Sequence[date]) -> Line:
    """What must have entered service, where a party's sums rise: the least that explains the rise."""
    vehicles = _rises(declared.get((line.party, "deployed_delivery_vehicles"), ()), days)
    launchers = _rises(declared.get((line.party, "deployed_and_nondeployed_launchers"), ()), days)
    warheads = _rises(declared.get((line.party, "warheads"), ()), days)
    return replace(
        line,
        arrivals=tuple(max(a, b) for a, b in zip(vehicles, launchers, strict=True)),
        arriving_warheads=warheads,
    )


def _rises(series: Series, days: Sequence[date]) -> tuple[int, ...]:
    values = dict(series)
    found: list[int] = []
    before: int | None = None
    for day, value in series:
        if day < days[0]:
            before = value
    for day in days:
        now = values.get(day)
        found.append(max(0, now - before) if now is not None and before is not None else 0)
        before = before if now is None else now
    return tuple(found)
