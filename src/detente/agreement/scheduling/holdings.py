"""The holdings of a programme as variables and balances of a mixed-integer model: what always holds.

Launchers and warheads are whole and conserved, and nobody acts on what is not there. Variables are in an
order that does not depend on the parties' names: exchanging two names exchanges them in the result and
changes nothing else.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import highspy

from .programme import Line, LineKey, Pool, Programme, StockKey, Term, Tier
from .state import at, load_of, standing

POOLS: tuple[Pool, ...] = ("stored", "awaiting")
Expression = Any
"""A linear expression of the modelling layer, or a plain number."""


def neutral_order(programme: Programme) -> dict[str, int]:
    """A rank for each party by what it holds and may do, not by its name."""

    def told(party: str) -> str:
        lines = sorted(
            (line.type, line.place, line.deployed, line.nondeployed, str(line.load), line.emplaced)
            for line in programme.lines
            if line.party == party
        )
        actions = sorted(
            (a.line[1:], a.kind, a.status, a.cost) for a in programme.actions if a.line[0] == party
        )
        limits = sorted(
            (c.measure[1:], c.limit, c.first) for c in programme.ceilings if c.measure[0] == party
        )
        return repr((lines, actions, limits))

    return {party: rank for rank, party in enumerate(sorted(programme.parties, key=told))}


def total(parts: Iterable[Expression]) -> Expression:
    """The sum of expressions and numbers; 0 of none."""
    parts = list(parts)
    numbers = sum(part for part in parts if isinstance(part, int | float))
    rest = [part for part in parts if not isinstance(part, int | float)]
    return highspy.Highs.qsum(rest) + numbers if rest else numbers


class Holdings:
    """Variables for actions, launchers, warheads and stocks in the solver `h`, with their balances.

    Each is a list of one entry a period: `done` by action, `deployed` and `nondeployed` by line, `warheads`
    by line, `stored`, `awaiting` and `dismantled` by stock, `worked` and `recertified` by shop and warhead.
    """

    def __init__(self, h: Any, programme: Programme) -> None:
        self.h, self.programme = h, programme
        self.periods = range(len(programme.periods))
        self.lines = {line.key: line for line in programme.lines}
        self.rank = neutral_order(programme)
        self.start = standing(programme)
        self.action_order = sorted(
            range(len(programme.actions)), key=lambda n: (self.rank[programme.actions[n].line[0]], n)
        )
        self.line_order = sorted(self.lines, key=lambda key: (self.rank[key[0]], key[1], key[2]))
        self._outs: dict[tuple[LineKey, str], list[int]] = defaultdict(list)
        self._ins: dict[tuple[LineKey, str], list[int]] = defaultdict(list)
        self.done: dict[int, list[Any]] = {}
        self.leaving: dict[int, list[Any]] = {}
        self.kept: dict[LineKey, list[Any]] = {}
        self.retired: dict[StockKey, list[Any]] = {}
        self.taken_apart: dict[tuple[int, str], list[Any]] = {}
        self.worked: dict[tuple[int, str], list[Any]] = {}
        self.recertified: dict[tuple[int, str], list[Any]] = {}
        self.deployed: dict[LineKey, list[Expression]] = {}
        self.nondeployed: dict[LineKey, list[Expression]] = {}
        self.warheads: dict[LineKey, list[Expression]] = {}
        self.stored: dict[StockKey, list[Expression]] = {}
        self.awaiting: dict[StockKey, list[Expression]] = {}
        self._released: dict[tuple[StockKey, Pool], list[list[Expression]]] = defaultdict(
            lambda: [[] for _ in self.periods]
        )
        self._tier_cache: dict[tuple[object, ...], list[Expression]] = {}
        self._act()
        for key in self.line_order:
            self._launchers(key)
        for key in self.line_order:
            self._loads(self.lines[key])
        self._shops()
        for stock in sorted(programme.stock_keys(), key=lambda key: (self.rank[key[0]], key[1])):
            self._pools(stock)

    # ------------------------------------------------------------ variables

    def integers(self, high: float) -> list[Any]:
        """One whole number a period from 0 to `high`."""
        return list(self.h.addIntegrals(len(self.periods), lb=0, ub=high, out_array=True))

    def numbers(self) -> list[Any]:
        """One number a period from 0; whole wherever the actions are, since balances keep it so."""
        return list(self.h.addVariables(len(self.periods), lb=0, out_array=True))

    def switches(self) -> list[Any]:
        """One yes or no a period."""
        return self.integers(1)

    def singly(self, line: Line) -> bool:
        """Whether the warheads of a line are counted one by one."""
        return line.load is None and not line.load_tiers

    def by_warhead(self, n: int) -> bool:
        """Whether one of an action is one warhead, not one launcher."""
        action = self.programme.actions[n]
        return action.kind == "download" and self.singly(self.lines[action.line])

    def most_of(self, party: str) -> int:
        """All launchers that a party could ever hold."""
        return sum(
            line.deployed + line.nondeployed + sum(line.arrivals)
            for line in self.programme.lines
            if line.party == party
        )

    def _act(self) -> None:
        for n in self.action_order:
            action = self.programme.actions[n]
            line = self.lines[action.line]
            warheads = line.emplaced + sum(line.arriving_warheads)
            if self.by_warhead(n):
                self.done[n] = self.integers(warheads)
                continue
            self.done[n] = self.integers(self.most_of(line.party))
            self._outs[line.key, action.status].append(n)
            if action.kind == "store":
                self._ins[line.key, "non-deployed"].append(n)
            elif action.to is not None:
                self._ins[action.to, action.status].append(n)
            if self.singly(line) and action.status == "deployed":
                self.leaving[n] = self.integers(warheads)
                if line.most is not None:
                    self.h.addConstrs(
                        [self.leaving[n][t] <= line.most * self.done[n][t] for t in self.periods]
                    )

    def _launchers(self, key: LineKey) -> None:
        line = self.lines[key]
        for status, left, start, arrivals in (
            ("deployed", self.deployed, line.deployed, line.arrivals),
            ("non-deployed", self.nondeployed, line.nondeployed, ()),
        ):
            outs, ins = self._outs[key, status], self._ins[key, status]
            if not outs and not ins:
                left[key] = [start + sum(arrivals[: t + 1]) for t in self.periods]
                continue
            left[key] = self.numbers()
            for t in self.periods:
                flow = [self.done[n][t] for n in ins] + [-1 * self.done[n][t] for n in outs]
                before = left[key][t - 1] if t else start
                self.h.addConstr(total([*flow, before, -1 * left[key][t]]) == -at(arrivals, t))

    def _loads(self, line: Line) -> None:
        """Warheads on a line, and where each period sends those that leave it."""
        release = {pool: self._released[line.stock, pool] for pool in POOLS}
        acting = [n for n in self.action_order if self.programme.actions[n].line == line.key]
        acting = [n for n in acting if self.programme.actions[n].status == "deployed"]
        if line.load_tiers:
            self.warheads[line.key] = self._tiered_load(line, acting, release)
            return
        if line.load is not None:
            self.warheads[line.key] = [line.load * left for left in self.deployed[line.key]]
            for n in acting:
                action = self.programme.actions[n]
                after = self.lines[action.to].load or 0 if action.to and action.kind != "store" else 0
                for t in self.periods:
                    release[action.warheads_to][t].append((line.load - after) * self.done[n][t])
            return
        count = self.warheads[line.key] = self.numbers()
        for t in self.periods:
            gone = [(n, self.done[n][t] if self.by_warhead(n) else self.leaving[n][t]) for n in acting]
            before = count[t - 1] if t else line.emplaced
            self.h.addConstr(
                total([*(-1 * number for _, number in gone), before, -1 * count[t]])
                == -at(line.arriving_warheads, t)
            )
            for n, number in gone:
                release[self.programme.actions[n].warheads_to][t].append(number)
            if line.most is not None:
                self.h.addConstr(total([count[t], -line.most * self.deployed[line.key][t]]) <= 0)

    def _tiered_load(
        self, line: Line, acting: Sequence[int], release: dict[Pool, list[list[Expression]]]
    ) -> list[Expression]:
        count = self.tiers(line.load_tiers, ((line.key, "deployed"),), self.deployed[line.key], line.deployed)
        storing = [n for n in acting if self.programme.actions[n].warheads_to == "stored"]
        heaviest = max(tier.weight for tier in line.load_tiers)
        kept: list[Expression] = [0 for _ in self.periods]
        if storing:
            kept = self.kept[line.key] = self.integers(load_of(line, line.deployed, 0))
        for t in self.periods:
            before = count[t - 1] if t else load_of(line, line.deployed, 0)
            gone = total([before, -1 * count[t]])
            if storing:
                stored = total(self.done[n][t] for n in storing)
                self.h.addConstr(kept[t] - heaviest * stored <= 0)
                if len(storing) == len(acting):
                    self.h.addConstr(total([gone, -1 * kept[t]]) == 0)
                else:
                    self.h.addConstr(total([gone, -1 * kept[t]]) >= 0)
            release["stored"][t].append(kept[t])
            release["awaiting"][t].append(total([gone, -1 * kept[t]]))
        return count

    def tiers(
        self, tiers: Sequence[Tier], name: tuple[object, ...], number: Sequence[Expression], most: int
    ) -> list[Expression]:
        """What numbers of units count by tiers: a later tier is used only where the earlier ones are full."""
        reached: list[Tier] = []
        for tier in tiers:
            reached.append(tier)
            if tier.up_to is None or most <= sum(t.up_to or 0 for t in reached):
                break
        if len(reached) == 1:
            return [reached[0].weight * each for each in number]
        cached = (name, tuple(tiers))
        if cached in self._tier_cache:
            return self._tier_cache[cached]
        parts = []
        for tier in reached:
            size = most if tier.up_to is None else min(tier.up_to, most)
            parts.append((tier.weight, size, self.numbers()))
        full = [self.switches() for _ in parts[1:]]
        for t in self.periods:
            self.h.addConstr(total([*(part[t] for _, _, part in parts), -1 * number[t]]) == 0)
            for step, switch in enumerate(full):
                _, size, part = parts[step]
                self.h.addConstr(part[t] <= size)
                self.h.addConstr(part[t] - size * switch[t] >= 0)
                self.h.addConstr(parts[step + 1][2][t] - parts[step + 1][1] * switch[t] <= 0)
        count = [total(weight * part[t] for weight, _, part in parts) for t in self.periods]
        self._tier_cache[cached] = count
        return count

    def _shops(self) -> None:
        order = sorted(
            range(len(self.programme.shops)),
            key=lambda n: (self.rank.get(self.programme.shops[n].party, 0), n),
        )
        for number in order:
            shop = self.programme.shops[number]
            for warhead in shop.warheads:
                apart = self.taken_apart[number, warhead] = self.integers(shop.rate)
                if shop.lapse is None:
                    continue
                worked = self.worked[number, warhead] = self.switches()
                for t in self.periods:
                    self.h.addConstr(apart[t] - worked[t] >= 0)
                    self.h.addConstr(apart[t] - shop.rate * worked[t] <= 0)
                if shop.recertify:
                    self.recertified[number, warhead] = self.switches()

    def _pools(self, stock: StockKey) -> None:
        """Stored and awaiting, after what comes from launchers, what is retired and what is taken apart."""
        stocks = [found for found in self.programme.stocks if found.key == stock]
        apart = [
            series
            for (number, warhead), series in self.taken_apart.items()
            if (self.programme.shops[number].party, warhead) == stock
        ]
        retired: list[Any] = []
        if any(found.retirable for found in stocks):
            retired = self.retired[stock] = self.integers(highspy.kHighsInf)
        for pool in POOLS:
            kept, sign = (self.stored, -1) if pool == "stored" else (self.awaiting, 1)
            start = sum(found.stored if pool == "stored" else found.awaiting for found in stocks)
            released = self._released[stock, pool]
            gone = apart if pool == "awaiting" else []
            if not gone and not retired and not any(released):
                kept[stock] = [start for _ in self.periods]
                continue
            kept[stock] = self.numbers()
            for t in self.periods:
                flow = [*released[t], *(-1 * series[t] for series in gone)]
                flow += [sign * retired[t]] if retired else []
                flow.append(kept[stock][t - 1] if t else start)
                self.h.addConstr(total([*flow, -1 * kept[stock][t]]) == 0)

    # ------------------------------------------------------------ what is counted

    def count(self, term: Term) -> list[Expression]:
        """What a term of a measure counts at the end of each period."""
        by_key: dict[str, Any] = {
            "deployed": self.deployed,
            "non-deployed": self.nondeployed,
            "warheads": self.warheads,
            "stored": self.stored,
            "awaiting": self.awaiting,
        }
        number = [total(by_key[term.counted][key][t] for key in term.keys) for t in self.periods]
        if len(term.tiers) == 1 and term.tiers[0].up_to is None:
            return [term.tiers[0].weight * each for each in number]
        party = term.keys[0][0]
        most = min(self.most_of(party), self._most_of_term(term))
        return self.tiers(term.tiers, (term.keys, term.counted), number, most)

    def _most_of_term(self, term: Term) -> int:
        """All units that a term could ever count: what stands there, and what may be made into it."""
        keys = set(term.keys)
        if any(action.to in keys and action.line not in keys for action in self.programme.actions):
            return self.most_of(term.keys[0][0])
        one = Term(term.keys, (Tier(1),), term.counted)
        return max(self.start.count(one, t) for t in range(len(self.programme.periods) + 1))
