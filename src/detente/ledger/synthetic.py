"""Made-up ledgers for teaching, tests and benchmarks: seeded, and with planted faults.

Nothing in them is a fact about any state. Data are exchanged after each six months, inspectors visit; the
planted faults, and nothing else, break the rules.
"""

import heapq
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from detente.records.discrepancy import FAULTS
from detente.records.notification import Fact, Row

from .synthetic_arms import (
    BASES,
    FACTORY,
    FORCE,
    NEW_START,
    RANGE,
    STORE,
    TYPES,
    Party,
    Planted,
    Size,
    World,
)

__all__ = ["NEW_START", "Planted", "Size", "Story", "half_year_ends", "tell"]


class Story(World):
    """What happens day by day, told as documents in the order of receipt."""

    def __init__(self, size: Size, seed: int, parties: tuple[str, str]) -> None:
        super().__init__(size, seed, parties)
        self._kinds = [kind for kind in FAULTS for _ in range(size.faults)]
        self._vanishing: list[int] = []

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
        self.misstated = Counter(self.chance.choices(ends, k=self._kinds.count("bases-disagree")))
        return due

    def _ordinary(self, day: int) -> None:
        party = self.parties[self.chance.randrange(2)]
        moves = (self._deploy, self._remove, self._move, self._move, self._produce, self._eliminate)
        for move in (self.chance.choice(moves), self._move, self._remove, self._produce):
            if move(party, day, self._within(day)):
                return

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
