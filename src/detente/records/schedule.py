"""A schedule: what is done in which period, the levels and stocks after it, or what stands in its way."""

from typing import Any, Literal

from pydantic import Field

from .base import Names, Record

Action = Literal["eliminate", "convert", "download", "store", "dismantle"]
"""What may be done with a launcher, or (dismantle) with a retired warhead."""


class ScheduleRow(Record):
    """So many of one action on one type in one period."""

    period: int = Field(description="number of the period, from 1")
    label: str = Field(description="the period, such as year 3")
    begin: str = Field(description="its first day")
    end: str = Field(description="its last day, on which levels are read")
    year: int = Field(description="number of the year that it belongs to, from 1")
    party: str
    type: str = Field(description="the type of launcher, or the kind of warhead that is taken apart")
    place: str = ""
    action: Action
    into: str = Field(default="", description="the type that it is afterwards, where it stays one")
    number: int = Field(description="launchers; warheads where they are taken off or apart one by one")


class LevelRow(Record):
    """What one party's force comes to under one rule on the last day of a period, beside the ceiling then."""

    period: int = Field(description="number of the period; 0 at the start")
    date: str
    party: str
    rule: str
    quantity: str
    level: int
    ceiling: int | None = Field(default=None, description="the ceiling that holds on that day; None for none")
    slack: int | None = None


class StockRow(Record):
    """Where one party's warheads are on a day; they add up to the start and what arrived since."""

    period: int
    date: str
    party: str
    deployed: int
    stored: int
    awaiting: int
    dismantled: int
    arrived: int = 0


class ParityRow(Record):
    """Two parties' counts under one rule on one day: the difference, and its share of the smaller count."""

    period: int
    date: str
    rule: str
    quantity: str
    counts: tuple[int, int]
    difference: int = Field(description="the first party's count less the second's")
    share: float | None = Field(description="how far the larger exceeds the smaller, as a share of it")
    held: bool = Field(description="whether a band held on that day")


class PartySchedule(Record):
    """One party's share in a schedule."""

    party: str
    eliminations: int
    actions: int
    cost: float
    busiest: int = Field(description="actions on launchers in its busiest period")
    finish: str = Field(default="", description="the day from which its final ceilings are met")
    by_year: tuple[int, ...] = Field(description="eliminations in each year")


class ConflictRow(Record):
    """One member of a smallest conflict: its words, and how far it would have to give."""

    constraint: str
    kind: str
    loosen: float | None = Field(
        description="the least by which loosening it alone gives a schedule; None where that is not enough"
    )
    way_out: str


class Period(Record):
    """One step of a schedule."""

    label: str
    begin: str
    end: str
    year: int


class CeilingLine(Record):
    """A ceiling as a chart needs it: which level, how high, from which day to which."""

    party: str
    rule: str
    quantity: str
    limit: int
    since: str
    until: str
    final: bool
    words: str


class BandLine(Record):
    """A band of parity as a chart needs it."""

    rule: str
    quantity: str
    share: float | None = None
    number: int | None = None
    since: str


class Schedule(Record):
    """A programme and its answer: the best schedule by one objective, or the smallest conflict.

    `eliminations` and `by_year` count eliminated launchers; `actions` and `actions_by_year` count everything
    done to launchers. Where nothing is feasible they are None and empty, and `conflict` says why.
    """

    force: str
    force_title: str
    rule: str
    rule_name: str
    parties: Names
    objective: str
    objective_means: str
    feasible: bool
    eliminations: int | None = None
    by_year: tuple[int, ...] = ()
    actions: int | None = None
    actions_by_year: tuple[int, ...] = ()
    cost: float | None = None
    finish: str = ""
    furthest_from_parity: int | None = None
    by_party: tuple[PartySchedule, ...] = ()
    conflict: Names = ()
    ways_out: Names = ()
    conflict_rows: tuple[ConflictRow, ...] = ()
    constraints: Names = ()
    periods: tuple[Period, ...] = ()
    rows: tuple[ScheduleRow, ...] = ()
    levels: tuple[LevelRow, ...] = ()
    stocks: tuple[StockRow, ...] = ()
    parity: tuple[ParityRow, ...] = ()
    ceilings: tuple[CeilingLine, ...] = ()
    bands: tuple[BandLine, ...] = ()
    missing: Names = ()
    notices: Names = ()
    digest: str = ""

    def level_at(self, party: str, quantity: str, rule: str | None = None) -> list[tuple[str, int]]:
        """Day and level of one party's quantity; under the schedule's rule unless another is named."""
        named = rule or self.rule
        return [
            (row.date, row.level)
            for row in self.levels
            if row.party == party
            and row.quantity == quantity
            and named in {row.rule, row.rule.partition(":")[0]}
        ]

    def to_frame(self) -> Any:
        """The rows as a pandas DataFrame, one a period, party, type and action."""
        import pandas as pd

        return pd.DataFrame([row.model_dump() for row in self.rows], columns=list(ScheduleRow.model_fields))


class FrontierPoint(Record):
    """A schedule that nothing beats: better in time, cost or parity means worse in another of them."""

    finish: str = Field(description="the day from which all final ceilings are met")
    period: int = Field(description="number of that period, from 1")
    cost: float = Field(description="what all actions cost")
    furthest_from_parity: int | None = Field(
        description="the largest difference of the two counts under any rule that is watched"
    )
    actions: int
    by_year: tuple[int, ...] = Field(description="actions on launchers in each year")


class Frontier(Record):
    """Points of the front of time, cost and parity; `complete` where the search was not interrupted."""

    force: str
    rule: str
    parties: Names
    feasible: bool
    points: tuple[FrontierPoint, ...] = ()
    conflict: Names = ()
    ways_out: Names = ()
    asked: int = Field(default=0, description="combinations that were asked about")
    of: int = Field(default=0, description="combinations that there are to ask about")
    complete: bool = True
    notices: Names = ()
    missing: Names = ()
    digest: str = ""
