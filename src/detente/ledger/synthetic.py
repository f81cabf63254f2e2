"""Made-up ledgers of two parties, for teaching, tests and benchmarks: seeded, and with planted faults.

Nothing in them is a fact about any state. Items move through the life that the treaty gives them, each
step is notified within five days, data are exchanged after each six months, inspectors visit; the
planted faults, and nothing else, break the rules.
"""

import heapq
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from detente.records.discrepancy import FAULTS, Fault
from detente.records.notification import DAY_S, Fact, Header, Row, end_of, start_of

FORCE = date(2011, 2, 5)
"""The first day of a made-up treaty; New START's own, so that its rhythm can be compared."""

BASES, STORE, FACTORY, RANGE = ("North", "South", "East", "West"), "Depot", "Plant", "Facility"
TYPES = ("M-1", "M-2")


@dataclass(frozen=True, slots=True)
class Size:
    """How large a made-up ledger is: items a party, notifications of both, half-years, inspections, faults."""

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


class Story:
    """What happens day by day, told as documents in the order of receipt."""

    def __init__(self, size: Size, seed: int, parties: tuple[str, str]) -> None:
        self.size, self.chance = size, random.Random(seed)  # noqa: S311 - made-up data, no secret
        self.parties = [Party(name) for name in sorted(parties)]
        self.planted: list[Planted] = []
        self._waiting: list[tuple[int, int, Header, Callable[[], Iterator[Fact]]]] = []
        self._order = 0
        self._arrivals: list[tuple[int, int, Party, Item, str]] = []
        self._returns: list[tuple[int, int, Party, Item]] = []
        self._kinds = [kind for kind in FAULTS for _ in range(size.faults)]

    def rows(self) -> Iterator[Row]:
        """Every fact of every document, in the order of receipt."""
        for party in self.parties:
            self._arm(party)
            self._exchange(party, "initial", 0, 20)
        ends = [self._day(end) for end in half_year_ends(self.size.half_years)]
        last = ends[-1] + 40
        due = self._calendar(ends, last)
        for day in range(1, last + 1):
            for action in due.pop(day, ()):
                action(day)
            self._settle(day)
            if day in ends:
                for party in self.parties:
                    self._vanish(party, day)
                    self._exchange(party, "update", day, self.chance.randint(20, 29))
            yield from self._received_by(day)
        yield from self._received_by(last + 100)

    # ------------------------------------------------------------ the calendar

    def _day(self, when: date) -> int:
        return (when - FORCE).days

    def _calendar(self, ends: list[int], last: int) -> dict[int, list[Callable[[int], None]]]:
        """What is due on which day: ordinary notifications, inspections, and planted faults."""
        due: dict[int, list[Callable[[int], None]]] = defaultdict(list)
        plain = max(self.size.notifications - 2 * len(self._kinds), 0)
        latest = max(ends[-1], 2)
        for _ in range(plain * 5 // 7):  # a move is notified twice
            due[self.chance.randint(1, latest)].append(self._ordinary)
        taken = {end + shift for end in ends for shift in range(-1, 2)}
        for number in range(self.size.inspections):
            day = 60 + number * max(latest - 70, 1) // max(self.size.inspections, 1)
            while day in taken:
                day += 1
            due[min(day, last)].append(self._inspect)
        spread = [kind for kind in self._kinds if kind not in {"elimination-not-notified", "bases-disagree"}]
        for kind in spread:
            due[self.chance.randint(30, max(latest - 70, 31))].append(
                getattr(self, f"_plant_{kind.replace('-', '_')}")
            )
        for _ in range(self.size.corrections):
            due[self.chance.randint(10, latest)].append(self._correct)
        for _ in range(self.size.statements):
            due[self.chance.randint(30, latest)].append(self._state)
        self._vanishing = sorted(self.chance.choices(ends, k=self._kinds.count("elimination-not-notified")))
        self._misstated = Counter(self.chance.choices(ends, k=self._kinds.count("bases-disagree")))
        return due

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

    # ------------------------------------------------------------ the arms

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

    def _fact(self, party: Party, event: str, item: Item, day: int, **more: str) -> Fact:
        return Fact(event, party.name, self._at(day), item.category, item.name, item.type, **more)

    # ------------------------------------------------------------ what happens

    def _ordinary(self, day: int) -> None:
        party = self.parties[self.chance.randrange(2)]
        moves = (self._deploy, self._remove, self._move, self._move, self._produce, self._eliminate)
        for move in (self.chance.choice(moves), self._move, self._remove, self._produce):
            if move(party, day, self._within(day)):
                return

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

    def _correct(self, day: int) -> None:
        """A production notified with the wrong place, and put right two days later."""
        party = self.parties[self.chance.randrange(2)]
        item = self._new(party, "missile", self.chance.choice(TYPES), "nondeployed", FACTORY)
        item.busy_until = day + 3
        wrong = self._give(party, "change", day + 1, [self._fact(party, "produced", item, day, place=RANGE)])
        right = self._fact(
            party, "produced", item, day, place=FACTORY, corrects=f"{wrong}:1", note="misprint"
        )
        self._give(party, "correction", day + 3, [right])

    def _state(self, day: int) -> None:
        """The other party disputes, or accepts, the first datum of a party's initial data."""
        at = self.chance.randrange(2)
        party, other = self.parties[at], self.parties[1 - at]
        event = self.chance.choice(["disputed", "accepted"])
        about = f"{other.name}-000001:{self.chance.randint(1, 5)}"
        self._give(party, "statement", day, [Fact(event, other.name, self._at(day), about=about)])

    # ------------------------------------------------------------ exchanges and inspections

    def _exchange(self, party: Party, format_: str, day: int, after: int) -> None:
        at = self._end(day)
        party.items = [item for item in party.items if item.status not in {"eliminated", "converted"}]
        listed = [
            (i.category, i.name, i.type, i.place, i.launcher, i.status)
            for i in party.items
            if i.status != "away"
        ]
        cells = dict(+party.cells)
        if format_ == "update" and self._misstated[day]:
            self._misstated[day] -= 1
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
            ("missile", "M-1", "deployed"), ("missile", "M-2", "nondeployed"), ("launcher", "M-1", "deployed"),
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

    # ------------------------------------------------------------ planted faults

    def _someone(self) -> Party:
        return self.parties[self.chance.randrange(2)]

    def _plant_two_places(self, day: int) -> None:
        party = self._someone()
        item = self._pick(party.stored, day, "nondeployed")
        if item is None:
            item = self._new(party, "missile", TYPES[0], "nondeployed", FACTORY)
            party.stored.remove(item)
            self._give(party, "change", day, [self._fact(party, "produced", item, day, place=FACTORY)])
            day += 1
        to = self.chance.choice([place for place in (*BASES, STORE) if place != item.place])
        party.set(item, "nondeployed", to)
        name = self._give(
            party, "movement", self._within(day), [self._fact(party, "arrived", item, day, place=to)]
        )
        self.planted.append(Planted("two-places", party.name, item.name, name))

    def _plant_transit_too_long(self, day: int) -> None:
        party = self._someone()
        name = self._move(party, day, self._within(day), self.chance.randint(31, 60))
        if not name:
            self._produce(party, day - 8, day - 6)
            name = self._move(party, day, self._within(day), 40)
        item = max(self._arrivals, key=lambda entry: entry[1])[3]
        self.planted.append(Planted("transit-too-long", party.name, item.name, name))

    def _plant_resurrection(self, day: int) -> None:
        party = self._someone()
        item = self._new(party, "missile", TYPES[1], "nondeployed", FACTORY)
        party.stored.remove(item)
        self._give(party, "change", day + 2, [self._fact(party, "produced", item, day, place=FACTORY)])
        self._give(
            party,
            "conversion-elimination",
            day + 4,
            [self._fact(party, "eliminated", item, day + 1, place=FACTORY)],
        )
        party.set(item, "away", "")
        heapq.heappush(self._returns, (day + self.chance.randint(10, 40), self._order, party, item))
        self._order += 1

    def _plant_deployed_without_launcher(self, day: int) -> None:
        party = self._someone()
        item = self._pick(party.stored, day, "nondeployed")
        if item is None or item.place not in BASES:
            item = self._new(party, "missile", TYPES[0], "nondeployed", BASES[0])
            party.stored.remove(item)
            self._give(party, "change", day, [self._fact(party, "produced", item, day, place=BASES[0])])
        launcher = self.chance.choice(["", f"L-none-{day}"])
        party.set(item, "deployed", item.place, launcher)
        fact = self._fact(party, "deployed", item, day, place=item.place, launcher=launcher)
        name = self._give(party, "deployment", self._within(day), [fact])
        self.planted.append(Planted("deployed-without-launcher", party.name, item.name, name))

    def _plant_late_notification(self, day: int) -> None:
        party = self._someone()
        name = self._produce(party, day, day + self.chance.randint(6, 30))
        self.planted.append(Planted("late-notification", party.name, party.items[-1].name, name))

    def _plant_warheads_outside_update(self, day: int) -> None:
        party = self._someone()
        fact = Fact("warheads", party.name, self._end(day), "warheads", "", TYPES[0], BASES[1], count=17)
        name = self._give(party, "change", self._within(day), [fact])
        self.planted.append(Planted("warheads-outside-update", party.name, "", name))

    def _vanish(self, party: Party, day: int) -> None:
        while self._vanishing and self._vanishing[0] == day:
            item = self._pick(party.stored, day, "nondeployed")
            if item is None:
                return
            self._vanishing.pop(0)
            party.set(item, "eliminated", "")
            reference = f"{party.name}-{party.given + 1:06d}"
            self.planted.append(Planted("elimination-not-notified", party.name, item.name, reference))


def half_year_ends(count: int) -> list[date]:
    """The last days of the six-month periods, of which the first begins the month after entry into force."""
    ends = []
    year, month = FORCE.year, FORCE.month + 1
    for _ in range(count):
        month += 6
        year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
        ends.append(date(year, month, 1) - timedelta(days=1))
    return ends


def tell(size: Size | None = None, seed: int = 1, parties: tuple[str, str] = ("alpha", "beta")) -> Story:
    """A made-up story; read its `rows()` first, then what was `planted`."""
    return Story(size or Size(), seed, parties)
