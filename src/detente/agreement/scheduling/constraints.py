"""The named constraints of a programme as groups of rows: each can be switched off or loosened alone.

A group is what a person would name: one ceiling, one cap, one band of parity, one budget. Ceilings that end
a schedule have rows at the end of every period, so that the same model can ask how soon they are met.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any, Literal

import highspy

from .holdings import Expression, Holdings, total
from .programme import Budget, Capacity, Ceiling, Measure, Observed, Parity, Programme

GroupKind = Literal["ceiling", "cap", "parity", "budget", "rate", "technicians", "observed"]
INFINITY = float(highspy.kHighsInf)


@dataclass(slots=True)
class Row:
    """One row: its number in the model, its bounds, and the period at whose end it holds."""

    index: int
    low: float
    high: float
    period: int


@dataclass(slots=True)
class Group:
    """The rows of one named constraint, which hold from period `first` on; `slack` loosens them all at once.

    `source` is the entry of the programme that it stands for; `unit` is what one of slack is.
    """

    kind: GroupKind
    words: str
    source: Any
    unit: str = ""
    slack: Any = None
    rows: list[Row] = field(default_factory=list)
    first: int = 0


class Constraints:
    """All groups of a programme on top of its holdings, and the sums that objectives ask for."""

    def __init__(self, holdings: Holdings) -> None:
        self.holdings, self.h = holdings, holdings.h
        self.programme: Programme = holdings.programme
        self.periods = holdings.periods
        self.groups: list[Group] = []
        self._measured: dict[tuple[str, str, str], list[Expression]] = {}
        for ceiling in self.programme.ceilings:
            self._ceiling(ceiling)
        for capacity in self.programme.capacities:
            self._capacity(capacity)
        for parity in self.programme.parities:
            self._parity(parity)
        for budget in self.programme.budgets:
            self._budget(budget)
        for number in range(len(self.programme.shops)):
            self._shop(number)
        for observed in self.programme.observed:
            self._observed(observed)

    def measured(self, key: tuple[str, str, str]) -> list[Expression]:
        """What a measure comes to at the end of each period."""
        if key not in self._measured:
            measure: Measure = self.programme.measure(key)
            parts = [self.holdings.count(term) for term in measure.terms]
            self._measured[key] = [total(part[t] for part in parts) for t in self.periods]
        return self._measured[key]

    def action_sum(
        self, actions: Iterable[int], periods: Iterable[int], *, by_cost: bool = False
    ) -> Expression:
        """How much effort, or what costs, some actions take in some periods."""
        periods = list(periods)
        listed = self.programme.actions
        return total(
            (listed[n].cost if by_cost else listed[n].effort) * self.holdings.done[n][t]
            for n in actions
            for t in periods
        )

    def shop_costs(self, shops: Iterable[int], periods: Sequence[int]) -> Expression:
        """What some shops cost in some periods: for each warhead, and for each new certificate."""
        parts: list[Expression] = []
        for (number, warhead), series in self.holdings.taken_apart.items():
            if number not in set(shops):
                continue
            shop = self.programme.shops[number]
            anew = self.holdings.recertified.get((number, warhead))
            for t in periods:
                parts.append(shop.cost * series[t])
                if anew and shop.recertify_cost:
                    parts.append(shop.recertify_cost * anew[t])
        return total(parts)

    # ------------------------------------------------------------ groups

    def _group(self, kind: GroupKind, words: str, source: Any, unit: str = "") -> Group:
        slack = self.h.addVariable(lb=0, ub=0) if unit else None
        group = Group(kind, words, source, unit, slack)
        self.groups.append(group)
        return group

    def _at_most(self, group: Group, expression: Expression, high: float, period: int) -> None:
        """Add `expression <= high`, loosened by the group's slack where it has one."""
        parts = [1 * self.nothing, expression]
        if group.slack is not None:
            parts.append(-1 * group.slack)
        whole = total(parts)
        bound = high - (whole.constant or 0.0)
        row = self.h.addConstr(whole <= high)
        group.rows.append(Row(row.index, -INFINITY, bound, period))

    @cached_property
    def nothing(self) -> Any:
        """A variable that is 0, for rows in which nothing can be chosen and which may still be impossible."""
        return self.h.addVariable(lb=0, ub=0)

    def _ceiling(self, ceiling: Ceiling) -> None:
        group = self._group("ceiling", ceiling.words, ceiling, "counted")
        group.first = ceiling.first
        counted = self.measured(ceiling.measure)
        for t in self.periods:
            if (ceiling.final or t >= ceiling.first) and t <= ceiling.last:
                self._at_most(group, counted[t], ceiling.limit, t)

    def _capacity(self, capacity: Capacity) -> None:
        group = self._group("cap", capacity.words, capacity, "actions a window")
        for window, limit in capacity.windows:
            self._at_most(group, self.action_sum(capacity.actions, window), limit, max(window))

    def gap(self, number: int, t: int) -> Expression:
        """First party's measure less the second's at the end of period t."""
        first, second = (self.measured(key) for key in self.programme.parities[number].measures)
        return total([first[t], -1 * second[t]])

    def _parity(self, parity: Parity) -> None:
        if parity.share is None and parity.number is None:
            return
        group = self._group("parity", parity.words, parity, "counted")
        group.first = parity.first
        first, second = (self.measured(key) for key in parity.measures)
        for t in self.periods:
            if t < parity.first:
                continue
            for one, other in ((first[t], second[t]), (second[t], first[t])):
                if parity.number is not None:
                    self._at_most(group, total([one, -1 * other]), parity.number, t)
                if parity.share is not None:
                    band = 1 + Fraction(str(parity.share))
                    whole = [band.denominator * one, -band.numerator * other]
                    self._at_most(group, total(whole), 0, t)

    def _budget(self, budget: Budget) -> None:
        group = self._group("budget", budget.words, budget, "cost")
        spent = [
            self.action_sum(budget.actions, budget.periods, by_cost=True),
            self.shop_costs(budget.shops, budget.periods),
        ]
        self._at_most(group, total(spent), budget.amount, max(budget.periods))

    def _shop(self, number: int) -> None:
        """A shop's rate over all its warheads, and its technicians' certificates."""
        holdings, shop = self.holdings, self.programme.shops[number]
        at_place = f" at {shop.place}" if shop.place else ""
        words = f"{shop.party}: at most {shop.rate:,} warheads taken apart {shop.per}{at_place}"
        rate = self._group("rate", words, shop, "warheads")
        for window in shop.windows or tuple((t,) for t in self.periods):
            spent = [holdings.taken_apart[number, warhead][t] for warhead in shop.warheads for t in window]
            if shop.recertify_effort:
                anew = [holdings.recertified.get((number, warhead)) for warhead in shop.warheads]
                spent += [shop.recertify_effort * series[t] for series in anew if series for t in window]
            self._at_most(rate, total(spent), shop.rate, max(window))
        if shop.lapse is None:
            return
        words = f"{shop.party}: technicians{at_place} lose a certificate after {shop.lapse} idle period(s)"
        group = self._group("technicians", words, shop)
        for warhead in shop.warheads:
            worked = holdings.worked[number, warhead]
            fresh = shop.certified is None or warhead in shop.certified
            for t in self.periods:
                if t < shop.lapse and fresh:
                    continue
                since = [-1 * worked[s] for s in range(max(0, t - shop.lapse), t)]
                anew_at = [
                    -1 * series[t] for series in [holdings.recertified.get((number, warhead))] if series
                ]
                self._at_most(group, total([worked[t], *since, *anew_at]), 0, t)

    def _observed(self, observed: Observed) -> None:
        group = self._group("observed", observed.words, observed, "counted")
        counted = self.measured(observed.measure)[observed.period]
        self._at_most(group, counted, observed.value, observed.period)
        self._at_most(group, total([-1 * counted]), -observed.value, observed.period)
