"""A programme in the solver: asking for one objective after another, with any of its constraints left out.

HiGHS is asked through its own modelling layer, which is kept by the makers of the solver: expressions are
written as they are read, and rows can be switched, loosened and taken away again without building anew.
One thread and one seed, so that the same programme gives the same answer on every run.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import highspy

from detente.records.errors import DetenteError

from .constraints import INFINITY, Constraints, Group
from .holdings import Expression, Holdings, total
from .programme import Programme
from .solver import new_solver
from .state import Plan

TIME_LIMIT_S = 120.0
LARGEST_WEIGHT = 10**9
"""Two objectives are asked together only where their weights stay below this: more drowns in rounding."""


class UndecidedError(DetenteError):
    """The solver ran out of time before it could prove an answer."""


class Model:
    """One programme in HiGHS; solved again and again with other objectives and other constraints."""

    def __init__(self, programme: Programme) -> None:
        self.programme = programme
        self.h: Any = new_solver(time_limit=TIME_LIMIT_S)
        self.holdings = Holdings(self.h, programme)
        self.constraints = Constraints(self.holdings)
        self.groups: Sequence[Group] = self.constraints.groups
        self.deadline = len(programme.periods) - 1
        self._add_sums()
        self.active(range(len(self.groups)))

    def _add_sums(self) -> None:
        """The busiest period of each party, and the largest distance from parity, as variables."""
        h, programme, periods = self.h, self.programme, self.holdings.periods
        launcher = [n for n in range(len(programme.actions)) if not self.holdings.by_warhead(n)]
        self.actions_taken = self.constraints.action_sum(range(len(programme.actions)), periods)
        self.peaks: list[Any] = []
        for party in sorted(programme.parties, key=self.holdings.rank.__getitem__):
            own = [n for n in launcher if programme.actions[n].line[0] == party] or [
                n for n in range(len(programme.actions)) if programme.actions[n].line[0] == party
            ]
            if not own:
                continue
            peak = h.addVariable(lb=0)
            h.addConstrs([total([self.constraints.action_sum(own, [t]), -1 * peak]) <= 0 for t in periods])
            self.peaks.append(peak)
        self.deviation: Any = None
        if programme.parities:
            self.deviation = 1 * (furthest := h.addVariable(lb=0))
            for number, parity in enumerate(programme.parities):
                for t in range(parity.first, len(periods)):
                    gap = self.constraints.gap(number, t)
                    h.addConstr(total([gap, -1 * furthest]) <= 0)
                    h.addConstr(total([gap, 1 * furthest]) >= 0)

    # ------------------------------------------------------------ which constraints hold

    def active(self, groups: Iterable[int], loose: int | None = None) -> None:
        """Let these groups hold and the rest be as if they were not there; `loose` has its slack free."""
        chosen = set(groups)
        for number, group in enumerate(self.groups):
            for row in group.rows:
                since = min(group.first, self.deadline) if self._final(group) else group.first
                holds = number in chosen and row.period >= since
                low, high = (row.low, row.high) if holds else (-INFINITY, INFINITY)
                self.h.changeRowBounds(row.index, low, high)
            if group.slack is not None:
                self.h.changeColBounds(group.slack.index, 0, INFINITY if number == loose else 0)

    def finish_by(self, period: int) -> None:
        """Let the ceilings that end the schedule hold from the end of this period on already."""
        self.deadline = period
        self.active(range(len(self.groups)))

    @staticmethod
    def _final(group: Group) -> bool:
        return group.kind == "ceiling" and bool(group.source.final)

    def satisfied(self, values: Sequence[float]) -> set[int]:
        """The groups whose rows all hold at these row values of the solver."""
        found = set()
        for number, group in enumerate(self.groups):
            rows = [row for row in group.rows if row.period >= group.first or not self._final(group)]
            if all(row.low - 1e-6 <= values[row.index] <= row.high + 1e-6 for row in rows):
                found.add(number)
        return found

    # ------------------------------------------------------------ solving

    def feasible(self) -> bool:
        """Whether anything satisfies what holds now."""
        return self.minimise(None) is not None

    def minimise(self, objective: Expression | None, known: Sequence[float] = ()) -> float | None:
        """The least value of an objective, or None where nothing satisfies what holds now.

        `known` are values of all variables that satisfy what holds now: where to begin.
        """
        h = self.h
        if objective is None or isinstance(objective, int | float):
            h.setObjective(0 * self.constraints.nothing, highspy.ObjSense.kMinimize)
        else:
            h.setObjective(objective, highspy.ObjSense.kMinimize)
        if known:
            begin = highspy.HighsSolution()
            begin.col_value = list(known)
            h.setSolution(begin)
        h.run()
        status = h.getModelStatus()
        kinds = highspy.HighsModelStatus
        if status in {kinds.kInfeasible, kinds.kUnboundedOrInfeasible}:
            return None
        if status != kinds.kOptimal:
            rule = f"the solver stopped without a proof ({h.modelStatusToString(status).lower()})"
            raise UndecidedError(f"{rule}\n  way out: use longer periods, fewer types, or a looser question")
        return float(h.getInfo().objective_function_value)

    @contextmanager
    def bound(self, *limits: tuple[Expression, float]) -> Iterator[None]:
        """Hold expressions at or below values for a while."""
        rows = [self.h.addConstr(expression <= value) for expression, value in limits]
        try:
            yield
        finally:
            for row in sorted(rows, key=lambda found: -found.index):
                self.h.deleteRows(1, [row.index])

    def both(self, first: Expression, second: Expression, factor: int = 1) -> list[float] | None:
        """Minimise the first, and among its best the second, in one question; both have whole values.

        The first weighs more than the second can ever come to, so that the answer is the same as in turn;
        `factor` is by what costs in it were multiplied.
        """
        most = factor * self._most_done()
        if most * most > LARGEST_WEIGHT:
            return self.in_turn([first, second])
        if self.minimise(total([(most + 1) * first, 1 * second])) is None:
            return None
        values = self.h.allVariableValues()
        return [float(round(_value(each, values))) for each in (first, second)]

    def _most_done(self) -> int:
        """More than any whole objective comes to in a schedule in which nothing is done without need."""
        found = 0
        for line in self.programme.lines:
            launchers = line.deployed + line.nondeployed + sum(line.arrivals)
            found += 3 * launchers + line.emplaced + sum(line.arriving_warheads)
        gaps = [
            self.holdings.start.value(self.programme.measure(key), t)
            for parity in self.programme.parities
            for key in parity.measures
            for t in range(len(self.programme.periods) + 1)
        ]
        dearest = max([1.0, *(action.cost for action in self.programme.actions)])
        dearest = max([dearest, *(shop.cost for shop in self.programme.shops)])
        return max([int(found * dearest), *gaps])

    def in_turn(self, objectives: Sequence[Expression]) -> list[float] | None:
        """Minimise one objective after the other, each among the best of all before; None if infeasible.

        A value that is whole up to rounding is held half a unit above itself, so that no solution is lost
        to rounding.
        """
        found: list[float] = []
        rows: list[Any] = []
        known: list[float] = []
        try:
            for objective in objectives:
                if isinstance(objective, int | float):
                    found.append(float(objective))
                    continue
                value = self.minimise(objective, known)
                if value is None:
                    return None
                found.append(value)
                known = list(self.h.allVariableValues())
                whole = abs(value - round(value)) < 1e-5
                above = (
                    round(value) + 0.5 if whole and _whole(objective) else value + 1e-6 * max(1, abs(value))
                )
                rows.append(self.h.addConstr(objective <= above))
        finally:
            for row in sorted(rows, key=lambda each: -each.index):
                self.h.deleteRows(1, [row.index])
        return found

    def plan(self) -> Plan:
        """The schedule that the solver holds now, in whole numbers."""
        values = self.h.allVariableValues()
        length = len(self.programme.periods)

        def whole(series: Sequence[Any]) -> tuple[int, ...]:
            return tuple(
                round(values[each.index]) if hasattr(each, "index") else int(each) for each in series
            )

        held = self.holdings
        return Plan(
            done=tuple(
                whole(held.done[n]) if n in held.done else (0,) * length
                for n in range(len(self.programme.actions))
            ),
            leaving={n: whole(series) for n, series in held.leaving.items()},
            kept={key: whole(series) for key, series in held.kept.items()},
            retired={key: whole(series) for key, series in held.retired.items()},
            dismantled={key: whole(series) for key, series in held.taken_apart.items()},
            recertified={key: whole(series) for key, series in held.recertified.items()},
        )

    def row_values(self) -> list[float]:
        """The value of each row in the solution that the solver holds now."""
        return list(self.h.getSolution().row_value)


def _value(expression: Expression, values: Sequence[float]) -> float:
    """What an expression comes to at values of all variables."""
    if isinstance(expression, int | float):
        return float(expression)
    pairs = zip(expression.idxs, expression.vals, strict=True)
    return float(sum(weight * values[index] for index, weight in pairs) + (expression.constant or 0.0))


def _whole(expression: Expression) -> bool:
    return all(float(value).is_integer() for value in expression.vals)
