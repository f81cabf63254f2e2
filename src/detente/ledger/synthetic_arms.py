"""Made-up arms of two parties and what happens to them, told as notifications; no fact about any state.

Items move through the life that the treaty gives them, and each step is notified within five days.
"""

import heapq
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from detente.records.discrepancy import Fault
from detente.records.notification import DAY_S, Fact, Header, Row, end_of, start_of

FORCE = date(2011, 2, 5)
"""The first day of a made-up treaty; New START's own, so that its rhythm can be compared."""

BASES, STORE, FACTORY, RANGE = ("North", "South", "East", "West"), "Depot", "Plant", "Facility"
TYPES = ("M-1", "M-2")


@dataclass(frozen=True, slots=True)
class Size:
    """How large a made-up ledger is: items of each party, notifications, half-years, faults of each kind."""

    items: int = 60
    notifications: int = 400
    half_years: int = 4
    inspections: int = 18
    faults: int = 1
    corrections: int = 4
    statements: int = 4


NEW_START = Size(
    items=2_300,
    notifications=14_600,
    half_years=13,
    inspections=252,
    faults=4,
    corrections=120,
    statements=60,
)
"""The volume that New START reached by 5 February 2018: 14 exchanges are the initial one and 13 updates."""


@dataclass(frozen=True, slots=True)
class Planted:
    """A fault put there on purpose: its kind, whose arms, and the item or the document that shows it."""

    kind: Fault
    owner: str
    item: str
    document: str


@dataclass
class Item:
    """An item as it truly is."""

    name: str
    category: str
    type: str
    status: str
    place: str
    launcher: str = ""
    busy_until: int = -1
    """The day until which nothing else happens to it."""


@dataclass
class Party:
    """One party's arms and the documents it still has to give."""

    name: str
    items: list[Item] = field(default_factory=list)
    free: dict[tuple[str, str], list[Item]] = field(default_factory=lambda: defaultdict(list))
    stored: list[Item] = field(default_factory=list)
    deployed: list[Item] = field(default_factory=list)
    cells: Counter[tuple[str, str, str, str]] = field(default_factory=Counter)
    given: int = 0
    made: int = 0

    def cell(self, item: Item, change: int) -> None:
        """Keep the count of the item's cell."""
        place = "" if item.status == "in-transit" else item.place
        self.cells[item.category, item.type, place, item.status] += change

    def set(self, item: Item, status: str, place: str, launcher: str = "") -> None:
        """Change an item and the counts with it."""
        if item.status in {"nondeployed", "deployed", "in-transit"}:
            self.cell(item, -1)
        item.status, item.place, item.launcher = status, place, launcher
        if status in {"nondeployed", "deployed", "in-transit"}:
            self.cell(item, 1)


class World:
    """The two parties' arms day by day, and the documents that wait to be received."""

    def __init__(self, size: Size, seed: int, parties: tuple[str, str]) -> None:
        self.size, self.chance = size, random.Random(seed)  # noqa: S311 - made-up data, no secret
        self.parties = [Party(name) for name in sorted(parties)]
        self.planted: list[Planted] = []
        self.misstated: Counter[int] = Counter()
        """By the day of an exchange: how many of its totals are to be wrong."""
        self._waiting: list[tuple[int, int, Header, Callable[[], Iterator[Fact]]]] = []
        self._order = 0
        self._arrivals: list[tuple[int, int, Party, Item, str]] = []
        self._returns: list[tuple[int, int, Party, Item]] = []

    def _day(self, when: date) -> int:
        return (when - FORCE).days

    def _give(
        self,
        party: Party,
        format_: str,
        day: int,
        facts: Callable[[], Iterator[Fact]] | list[Fact],
        reference: str = "",
    ) -> str:
        party.given += 1
        name = reference or f"{party.name}-{party.given:06d}"
        header = Header(name, format_, party.name, self._at(day))
        made = facts if callable(facts) else lambda: iter(facts)
        heapq.heappush(self._waiting, (day, self._order, header, made))
        self._order += 1
        return name

    def _received_by(self, day: int) -> Iterator[Row]:
        while self._waiting and self._waiting[0][0] <= day:
            _, _, header, facts = heapq.heappop(self._waiting)
            for fact in facts():
                yield Row(header, fact)

    def _at(self, day: int) -> int:
        return start_of(FORCE.isoformat()) + day * DAY_S

    def _end(self, day: int) -> int:
        return end_of(FORCE.isoformat()) + day * DAY_S

    def _within(self, day: int) -> int:
        return day + self.chance.randint(0, 5)

    def _arm(self, party: Party) -> None:
        bombers = max(self.size.items // 30, 1)
        launchers = (self.size.items - bombers) * 2 // 5
        missiles = self.size.items - bombers - launchers
        for number in range(launchers):
            type_, base = TYPES[number % 2], BASES[number // 2 % 4]
            launcher = self._new(party, "launcher", type_, "nondeployed", base)
            if number % 10 and len(party.deployed) < missiles - 5:
                self._new(party, "missile", type_, "deployed", base, launcher.name)
                party.set(launcher, "deployed", base)
            else:
                party.free[type_, base].append(launcher)
        while sum(1 for item in party.items if item.category == "missile") < missiles:
            for number in range(missiles - (len(party.items) - launchers)):
                self._new(
                    party, "missile", TYPES[number % 2], "nondeployed", (*BASES, STORE)[number // 2 % 5]
                )
        for number in range(bombers):
            self._new(party, "bomber", "B-1", "deployed", BASES[number % 2])

    def _new(
        self, party: Party, category: str, type_: str, status: str, place: str, launcher: str = ""
    ) -> Item:
        party.made += 1
        item = Item(f"{category[0].upper()}{party.made:07d}", category, type_, "", "")
        party.set(item, status, place, launcher)
        party.items.append(item)
        if category == "missile":
            (party.deployed if status == "deployed" else party.stored).append(item)
        return item

    def _pick(self, pool: list[Item], day: int, status: str) -> Item | None:
        """An item of a pool to which nothing else happens; it leaves the pool."""
        for _ in range(12):
            if not pool:
                return None
            at = self.chance.randrange(len(pool))
            item = pool[at]
            if item.busy_until < day:
                pool[at] = pool[-1]
                pool.pop()
                if item.status == status:
                    item.busy_until = day
                    return item
        return None

    def _fact(self, party: Party, event: str, item: Item, day: int, **more: Any) -> Fact:
        return Fact(event, party.name, self._at(day), item.category, item.name, item.type, **more)

    def _deploy(self, party: Party, day: int, received: int) -> str:
        item = self._pick(party.stored, day, "nondeployed")
        if item is None:
            return ""
        launchers = party.free[item.type, item.place]
        if not launchers:
            party.stored.append(item)
            return ""
        launcher = launchers.pop()
        party.set(item, "deployed", item.place, launcher.name)
        party.set(launcher, "deployed", launcher.place)
        party.deployed.append(item)
        fact = self._fact(party, "deployed", item, day, place=item.place, launcher=launcher.name)
        return self._give(party, "deployment", received, [fact])

    def _remove(self, party: Party, day: int, received: int) -> str:
        item = self._pick(party.deployed, day, "deployed")
        if item is None:
            return ""
        launcher = self._launchers(party)[item.launcher]
        party.set(launcher, "nondeployed", launcher.place)
        party.free[launcher.type, launcher.place].append(launcher)
        fact = self._fact(party, "removed", item, day, place=item.place, launcher=item.launcher)
        party.set(item, "nondeployed", item.place)
        party.stored.append(item)
        return self._give(party, "deployment", received, [fact])

    def _launchers(self, party: Party) -> dict[str, Item]:
        known: dict[str, Item] = party.__dict__.setdefault("launchers", {})
        if not known:
            known |= {item.name: item for item in party.items if item.category == "launcher"}
        return known

    def _move(self, party: Party, day: int, received: int, days: int = 0) -> str:
        item = self._pick(party.stored, day, "nondeployed")
        if item is None:
            return ""
        to = self.chance.choice([place for place in (*BASES, STORE) if place != item.place])
        fact = self._fact(party, "departed", item, day, place=item.place, to=to)
        party.set(item, "in-transit", to)
        arrival = day + (days or self.chance.randint(2, 25))
        item.busy_until = arrival
        heapq.heappush(self._arrivals, (arrival, self._order, party, item, to))
        self._order += 1
        return self._give(party, "movement", received, [fact])

    def _settle(self, day: int) -> None:
        """Arrivals and returns that are due."""
        while self._arrivals and self._arrivals[0][0] <= day:
            _, _, party, item, to = heapq.heappop(self._arrivals)
            party.set(item, "nondeployed", to)
            party.stored.append(item)
            self._give(
                party, "movement", self._within(day), [self._fact(party, "arrived", item, day, place=to)]
            )
        while self._returns and self._returns[0][0] <= day:
            _, _, party, item = heapq.heappop(self._returns)
            party.set(item, "nondeployed", STORE)
            fact = self._fact(party, "arrived", item, day, place=STORE)
            name = self._give(party, "movement", self._within(day), [fact])
            self.planted.append(Planted("resurrection", party.name, item.name, name))

    def _produce(self, party: Party, day: int, received: int) -> str:
        item = self._new(party, "missile", self.chance.choice(TYPES), "nondeployed", FACTORY)
        item.busy_until = day
        return self._give(
            party, "change", received, [self._fact(party, "produced", item, day, place=FACTORY)]
        )

    def _eliminate(self, party: Party, day: int, received: int) -> str:
        item = self._pick(party.stored, day, "nondeployed")
        if item is None:
            return ""
        fact = self._fact(party, "eliminated", item, day, place=item.place)
        party.set(item, "eliminated", "")
        return self._give(party, "conversion-elimination", received, [fact])

    def _exchange(self, party: Party, format_: str, day: int, after: int) -> None:
        at = self._end(day)
        party.items = [item for item in party.items if item.status not in {"eliminated", "converted"}]
        listed = [
            (i.category, i.name, i.type, i.place, i.launcher, i.status)
            for i in party.items
            if i.status != "away"
        ]
        cells = dict(+party.cells)
        if format_ == "update" and self.misstated[day]:
            self.misstated[day] -= 1
            cell = self.chance.choice(sorted(key for key in cells if key[3] == "nondeployed"))
            cells[cell] += 1
            self.planted.append(
                Planted("bases-disagree", party.name, "", f"{party.name}-{party.given + 1:06d}")
            )
        warheads = {
            (type_, place): 3 * count
            for (category, type_, place, status), count in cells.items()
            if category == "missile" and status == "deployed"
        }

        def facts() -> Iterator[Fact]:
            for category, name, type_, place, launcher, status in listed:
                yield Fact("declared", party.name, at, category, name, type_, place, "", launcher, status)
            for (category, type_, place, status), count in sorted(cells.items()):
                yield Fact("total", party.name, at, category, "", type_, place, "", "", status, count)
            for (type_, place), count in sorted(warheads.items()):
                yield Fact("warheads", party.name, at, "warheads", "", type_, place, count=count)

        self._give(party, format_, day + after, facts)

    def _inspect(self, day: int) -> None:
        at = self.chance.randrange(2)
        host, guest = self.parties[at], self.parties[1 - at]
        base = self.chance.choice(BASES)
        self._settle(day)
        facts = []
        for category, type_, status in (
            ("missile", "M-1", "deployed"), ("missile", "M-2", "nondeployed"),
            ("launcher", "M-1", "deployed"),
        ):  # fmt: skip
            count = host.cells[category, type_, base, status]
            facts += [
                Fact(event, host.name, self._end(day), category, "", type_, base, "", "", status, count)
                for event in ("briefed", "found")
            ]
        there = [item for item in host.deployed[:400] if item.place == base and item.status == "deployed"][:3]
        facts += [
            Fact("seen", host.name, self._end(day), i.category, i.name, i.type, base, status=i.status)
            for i in there
        ]
        self._give(guest, "inspection", day, facts)
