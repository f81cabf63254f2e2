"""What is there at the end of each period when a plan is carried out: whole numbers, no solver.

`roll` follows a plan step by step. Index 0 is the start, index t + 1 the end of period t. Warheads are
conserved: deployed, stored, awaiting dismantlement and dismantled add up to what was there and what arrived.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .programme import Line, LineKey, Measure, Pool, Programme, StockKey, Term, Tier

Series = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is done in each period: every entry is one number a period.

    `done` by action; `leaving` by action, the warheads that go with launchers of a line counted one by one;
    `kept` by line, the warheads of a tiered line that go into storage; `retired` by stock, from storage to
    awaiting; `dismantled` by shop and warhead; `recertified` likewise, 1 where technicians qualify anew.
    """

    done: tuple[Series, ...]
    leaving: Mapping[int, Series] = field(default_factory=dict)
    kept: Mapping[LineKey, Series] = field(default_factory=dict)
    retired: Mapping[StockKey, Series] = field(default_factory=dict)
    dismantled: Mapping[tuple[int, str], Series] = field(default_factory=dict)
    recertified: Mapping[tuple[int, str], Series] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class States:
    """Numbers at the start and at the end of each period, by line and by stock."""

    deployed: Mapping[LineKey, Sequence[int]]
    nondeployed: Mapping[LineKey, Sequence[int]]
    warheads: Mapping[LineKey, Sequence[int]]
    stored: Mapping[StockKey, Sequence[int]]
    awaiting: Mapping[StockKey, Sequence[int]]
    dismantled: Mapping[StockKey, Sequence[int]]
    arrived: Mapping[StockKey, Sequence[int]]

    def count(self, term: Term, t: int) -> int:
        """What a term counts at index t."""
        by_key: dict[str, Mapping[Any, Sequence[int]]] = {
            "deployed": self.deployed,
            "non-deployed": self.nondeployed,
            "warheads": self.warheads,
            "stored": self.stored,
            "awaiting": self.awaiting,
        }
        return tiered(term.tiers, sum(by_key[term.counted][key][t] for key in term.keys))

    def value(self, measure: Measure, t: int) -> int:
        """What a measure comes to at index t."""
        return sum(self.count(term, t) for term in measure.terms)


def tiered(tiers: Sequence[Tier], number: int) -> int:
    """What a number of units counts where the first of them have one weight and the others another."""
    total = 0
    for tier in tiers:
        part = number if tier.up_to is None else min(number, tier.up_to)
        total += tier.weight * part
        number -= part
    return total


def load_of(line: Line, deployed: int, emplaced: int) -> int:
    """Warheads on the deployed launchers of a line."""
    if line.load_tiers:
        return tiered(line.load_tiers, deployed)
    return emplaced if line.load is None else line.load * deployed


def at(series: Sequence[int], t: int) -> int:
    """The entry of a period, 0 where nothing is given."""
    return series[t] if t < len(series) else 0


class _Roll:
    """The present numbers while a plan is followed."""

    def __init__(self, programme: Programme) -> None:
        self.programme = programme
        self.lines = {line.key: line for line in programme.lines}
        self.deployed = {key: line.deployed for key, line in self.lines.items()}
        self.nondeployed = {key: line.nondeployed for key, line in self.lines.items()}
        self.emplaced = {key: line.emplaced for key, line in self.lines.items()}
        keys = programme.stock_keys()
        self.stored, self.awaiting = dict.fromkeys(keys, 0), dict.fromkeys(keys, 0)
        self.dismantled, self.arrived = dict.fromkeys(keys, 0), dict.fromkeys(keys, 0)
        for stock in programme.stocks:
            self.stored[stock.key] += stock.stored
            self.awaiting[stock.key] += stock.awaiting

    def warheads(self, key: LineKey) -> int:
        return load_of(self.lines[key], self.deployed[key], self.emplaced[key])

    def snapshot(self) -> tuple[dict[Any, int], ...]:
        return (
            dict(self.deployed),
            dict(self.nondeployed),
            {key: self.warheads(key) for key in self.lines},
            dict(self.stored),
            dict(self.awaiting),
            dict(self.dismantled),
            dict(self.arrived),
        )

    def release(self, line: Line, number: int, pool: Pool) -> None:
        (self.stored if pool == "stored" else self.awaiting)[line.stock] += number

    def arrive(self, t: int) -> None:
        for key, line in self.lines.items():
            more = at(line.arrivals, t)
            if line.load is None and not line.load_tiers:
                brought = at(line.arriving_warheads, t)
                self.emplaced[key] += brought
            else:
                brought = load_of(line, self.deployed[key] + more, 0) - load_of(line, self.deployed[key], 0)
            self.deployed[key] += more
            self.arrived[line.stock] += brought

    def act(self, plan: Plan, t: int) -> None:
        before = {key: self.warheads(key) for key, line in self.lines.items() if line.load_tiers}
        for number, action in enumerate(self.programme.actions):
            n, line = at(plan.done[number], t), self.lines[action.line]
            counted_singly = line.load is None and not line.load_tiers
            if counted_singly and action.kind == "download":
                self.emplaced[line.key] -= n
                self.release(line, n, action.warheads_to)
                continue
            (self.deployed if action.status == "deployed" else self.nondeployed)[line.key] -= n
            if action.kind == "store":
                self.nondeployed[line.key] += n
            elif action.to is not None:
                (self.deployed if action.status == "deployed" else self.nondeployed)[action.to] += n
            if action.status != "deployed" or line.load_tiers:
                continue
            if counted_singly:
                gone = at(plan.leaving.get(number, ()), t)
                self.emplaced[line.key] -= gone
            else:
                left = self.lines[action.to].load if action.to and action.kind != "store" else 0
                gone = ((line.load or 0) - (left or 0)) * n
            self.release(line, gone, action.warheads_to)
        for key, count in before.items():
            kept = at(plan.kept.get(key, ()), t)
            self.release(self.lines[key], kept, "stored")
            self.release(self.lines[key], count - self.warheads(key) - kept, "awaiting")

    def dismantle(self, plan: Plan, t: int) -> None:
        for key, series in plan.retired.items():
            self.stored[key] -= at(series, t)
            self.awaiting[key] += at(series, t)
        for (shop, warhead), series in plan.dismantled.items():
            key = (self.programme.shops[shop].party, warhead)
            self.awaiting[key] -= at(series, t)
            self.dismantled[key] += at(series, t)


def roll(programme: Programme, plan: Plan) -> States:
    """Carry a plan out from the start to the last period; negative numbers show what cannot be."""
    now = _Roll(programme)
    seen = [now.snapshot()]
    for t in range(len(programme.periods)):
        now.arrive(t)
        now.act(plan, t)
        now.dismantle(plan, t)
        seen.append(now.snapshot())
    columns = [
        {key: tuple(snapshot[part][key] for snapshot in seen) for key in seen[0][part]} for part in range(7)
    ]
    return States(*columns)


def standing(programme: Programme) -> States:
    """The numbers if nothing is done but what arrives."""
    idle = Plan(tuple((0,) * len(programme.periods) for _ in programme.actions))
    return roll(programme, idle)
