"""A programme of reductions, before it is solved: holdings, what may be done with them, and what must hold.

Plain frozen data. Everything is a whole number of launchers or warheads, but for costs. A `Line` is one
type of one party at one place; `Action` takes launchers from a line; `Ceiling`, `Parity`, `Capacity`,
`Budget`, `Shop` and `Observed` are what may turn out to conflict, each with the words that name it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

Kind = Literal["eliminate", "convert", "download", "store", "dismantle"]
KINDS: tuple[Kind, ...] = get_args(Kind)
"""What may be done: take a launcher away for good, make another type of it, give it fewer warheads, take
its warheads into storage, take a retired warhead apart."""

Status = Literal["deployed", "non-deployed"]
Pool = Literal["stored", "awaiting"]
LineKey = tuple[str, str, str]
"""Party, type, place; the place is empty where the whole type is one line."""

StockKey = tuple[str, str]
"""Party and kind of warhead."""

Counted = Literal["deployed", "non-deployed", "warheads", "stored", "awaiting"]
"""What a term of a measure counts: launchers of lines, warheads on them, or warheads of a stock."""


@dataclass(frozen=True, slots=True)
class Period:
    """One step: its name, first and last day, and the number of the year (from 0) that it belongs to."""

    label: str
    begin: date
    end: date
    year: int


@dataclass(frozen=True, slots=True)
class Line:
    """Launchers of one type of one party at one place, and the warheads on them.

    `load` is the number of warheads on each deployed launcher; None where warheads are counted as emplaced
    one by one: then `emplaced` are on them now, and at most `most` may be on one. `load_tiers` replaces the
    load where it depends on how many launchers there are. Arrivals are launchers that enter service in each
    period, and the warheads that come with them.
    """

    party: str
    type: str
    place: str = ""
    deployed: int = 0
    nondeployed: int = 0
    load: int | None = 1
    load_tiers: "tuple[Tier, ...]" = ()
    emplaced: int = 0
    most: int | None = None
    warhead: str = ""
    arrivals: tuple[int, ...] = ()
    arriving_warheads: tuple[int, ...] = ()

    @property
    def key(self) -> LineKey:
        return (self.party, self.type, self.place)

    @property
    def stock(self) -> StockKey:
        return (self.party, self.warhead or self.type)


@dataclass(frozen=True, slots=True)
class Stock:
    """Warheads of one kind that are on no launcher at the start."""

    party: str
    warhead: str
    stored: int = 0
    awaiting: int = 0
    retirable: bool = False

    @property
    def key(self) -> StockKey:
        return (self.party, self.warhead)


@dataclass(frozen=True, slots=True)
class Action:
    """Something that may be done with launchers of one line, as often as wanted within the capacities.

    `to` is the line that the launcher belongs to afterwards; None where it leaves the count. On a line whose
    warheads are counted one by one, one download is one warhead.
    """

    kind: Kind
    line: LineKey
    status: Status = "deployed"
    to: LineKey | None = None
    warheads_to: Pool = "awaiting"
    cost: float = 1.0
    effort: int = 1

    @property
    def name(self) -> str:
        party, kind, place = self.line
        at = f" at {place}" if place else ""
        into = f" to {self.to[1]}" if self.to and self.to != self.line else ""
        idle = " (non-deployed)" if self.status == "non-deployed" else ""
        return f"{party}: {self.kind} {kind}{idle}{into}{at}"


@dataclass(frozen=True, slots=True)
class Tier:
    """The weight of each unit up to a number of them; without a number, of all above the tiers before."""

    weight: int
    up_to: int | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """A part of a measure: some lines or stocks taken together, and what each unit of them counts."""

    keys: tuple[LineKey | StockKey, ...]
    tiers: tuple[Tier, ...] = (Tier(1),)
    counted: Counted = "deployed"


@dataclass(frozen=True, slots=True)
class Measure:
    """A quantity of one party under one counting rule, as a sum of terms."""

    party: str
    rule: str
    quantity: str
    terms: tuple[Term, ...]
    article: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        return (self.party, self.rule, self.quantity)


@dataclass(frozen=True, slots=True)
class Ceiling:
    """A measure may not exceed a limit at the end of period `first` (from 0) and of those up to `last`."""

    words: str
    measure: tuple[str, str, str]
    limit: int
    first: int
    last: int
    final: bool = False


@dataclass(frozen=True, slots=True)
class Capacity:
    """Some actions together may not exceed a number in each window of periods."""

    words: str
    actions: tuple[int, ...]
    windows: tuple[tuple[tuple[int, ...], int], ...]


@dataclass(frozen=True, slots=True)
class Parity:
    """Two parties' measures stay near each other at the end of periods `first` and later.

    With a share, neither exceeds the other by more than that share of it; with a number, the difference is
    never larger. With neither the two are only watched, for the objective "parity".
    """

    words: str
    measures: tuple[tuple[str, str, str], tuple[str, str, str]]
    share: float | None = None
    number: int | None = None
    first: int = 0


@dataclass(frozen=True, slots=True)
class Budget:
    """The costs of some actions and shops may not exceed an amount over some periods."""

    words: str
    amount: float
    actions: tuple[int, ...]
    periods: tuple[int, ...]
    shops: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Shop:
    """A place that takes warheads apart: at most `rate` in a window of periods, and by certified technicians.

    Without `windows` each period is one.

    Technicians lose their certificate for a kind of warhead that they have not worked on for `lapse` periods
    in a row; they win it back only where `recertify` allows, at `recertify_cost` and `recertify_effort`
    warheads of that window's rate. Without `lapse` nobody loses it.
    """

    party: str
    place: str
    warheads: tuple[str, ...]
    rate: int
    windows: tuple[tuple[int, ...], ...] = ()
    lapse: int | None = None
    certified: frozenset[str] | None = None
    recertify: bool = False
    recertify_cost: float = 0.0
    recertify_effort: int = 0
    cost: float = 0.0
    per: str = "a period"


@dataclass(frozen=True, slots=True)
class Observed:
    """A measure had this value at the end of a period, as somebody declared: the schedule follows it."""

    words: str
    measure: tuple[str, str, str]
    period: int
    value: int


@dataclass(frozen=True, slots=True)
class Programme:
    """Everything that is given, in the order in which it is shown."""

    periods: tuple[Period, ...]
    lines: tuple[Line, ...]
    actions: tuple[Action, ...] = ()
    measures: tuple[Measure, ...] = ()
    ceilings: tuple[Ceiling, ...] = ()
    capacities: tuple[Capacity, ...] = ()
    parities: tuple[Parity, ...] = ()
    budgets: tuple[Budget, ...] = ()
    shops: tuple[Shop, ...] = ()
    stocks: tuple[Stock, ...] = ()
    observed: tuple[Observed, ...] = ()
    notices: tuple[str, ...] = ()

    @property
    def parties(self) -> tuple[str, ...]:
        """The parties in alphabetical order."""
        return tuple(sorted({line.party for line in self.lines}))

    def measure(self, key: tuple[str, str, str]) -> Measure:
        """The measure of a party, rule and quantity; KeyError where there is none."""
        for found in self.measures:
            if found.key == key:
                return found
        raise KeyError(key)

    def by_year(self, numbers: Sequence[int]) -> tuple[int, ...]:
        """Numbers of the periods added up by year, from the year of the first period on."""
        first = self.periods[0].year
        years = [0] * (1 + self.periods[-1].year - first)
        for period, number in zip(self.periods, numbers, strict=True):
            years[period.year - first] += number
        return tuple(years)

    def stock_keys(self) -> tuple[StockKey, ...]:
        """Every kind of warhead, of lines, stocks and shops."""
        found = {line.stock for line in self.lines} | {stock.key for stock in self.stocks}
        found |= {(shop.party, warhead) for shop in self.shops for warhead in shop.warheads}
        return tuple(sorted(found))
