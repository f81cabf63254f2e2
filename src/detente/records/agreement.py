"""What the page of a case shows on levels, counting, schedules and inspections: the file agreement.toml.

Each table is one panel. Panels stand on the page in the order of the tables below, those of one kind in the
order of the file.
"""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from .base import Key, Names, Record, Status, as_records
from .calendar import Day


class _Panel(Record):
    id: Key = Field(description="its name on the page, each once")
    title: str = Field(min_length=1, description="the heading")
    note: str = Field(default="", description="what a reader should know first")


class StatedLevel(Record):
    """A level or range that somebody named, beside those of the treaty."""

    party: Key | None = Field(default=None, description="the party that it is for, as the case names it")
    label: str = Field(default="", description="what stands beside it; the party's name if left out")
    low: float = Field(description="its lower end")
    high: float | None = Field(default=None, description="its upper end; left out for a single level")
    source: Names = Field(default=(), description="keys of sources.toml")
    status: Status = Field(description="how far it can be trusted")
    note: str = Field(default="", description="a few words below the label")


class RangesPanel(_Panel):
    """Announced ranges on one scale: what they have in common, and which counting rule nobody gave."""

    treaty: str = Field(description="a treaty or announcement whose limits are ranges: a name, or a folder")
    quantity: str = Field(default="warheads", description="the quantity that its limits are on")
    levels: Annotated[
        tuple[StatedLevel, ...], BeforeValidator(as_records, json_schema_input_type=list[StatedLevel])
    ] = Field(default=(), description="other levels that somebody named")


class CountsPanel(_Panel):
    """One arsenal counted by several rules."""

    force: str = Field(description="the force that is counted: a shipped name, or a folder in the case")
    rules: Names = Field(
        default=(), description="the rules; those by which the force's own totals were counted if left out"
    )
    party: str = Field(default="", description="whose, as the force names it; every party if left out")
    on: Day = Field(default="", description="the day of the numbers; the newest if left out")
    quantity: str = Field(default="warheads", description="the quantity that is compared")


class SchedulePanel(_Panel):
    """The best schedule from a force to a treaty's limits, with ceilings and the band of parity."""

    force: str = Field(description="the force it starts from: a shipped name, or a folder in the case")
    treaty: str = Field(description="the treaty it leads to: a shipped name, or a folder in the case")
    quantity: str = Field(default="warheads", description="the quantity whose levels are drawn")
    objective: Literal["fewest", "soonest", "smoothest", "parity"] = Field(
        default="soonest", description="what makes a schedule the best"
    )
    cap: int | None = Field(default=None, description="eliminations a year for each party, at most")
    periods: Literal["year", "half-year"] = Field(default="year", description="how long a period is")
    start: Day = Field(default="", description="the day on which the first period begins")
    until: Day = Field(default="", description="the last day that is scheduled")
    parity_band: str = Field(
        default="", description='how far the larger may exceed the smaller, such as "10 %"; none if left out'
    )
    parity_from: Day = Field(default="", description="the day from which that holds")


class InspectionsPanel(_Panel):
    """A plan of inspections with its detection curve."""

    plan: str = Field(default="", description="a shipped plan; the inspection.toml of the case if left out")
    quota: str = Field(default="", description="the quota whose curve is drawn; the first if left out")


class ChecksPanel(_Panel):
    """A force against a treaty on chosen days: limits and checks with their articles, and who was bound."""

    force: str = Field(description="the force that is checked: a shipped name, or a folder in the case")
    treaty: str = Field(description="the treaty that it is held against: a shipped name, or a folder")
    on: Annotated[tuple[Day, ...], BeforeValidator(as_records, json_schema_input_type=list[Day])] = Field(
        description="the days, one or several"
    )
    events: Names = Field(default=(), description="kinds of events of the treaty that are told, in order")


class DisputePanel(_Panel):
    """The crux of another case, worked out anew with the page."""

    case: str = Field(description="the other case: a shipped name, or a folder in this one")


class AgreementPage(Record):
    """The panels of a page, and how forces and treaties name the parties of the case."""

    parties: dict[str, str] = Field(
        default={}, description='the parties of the case as forces and treaties name them, such as us = "US"'
    )
    ranges: tuple[RangesPanel, ...] = Field(default=(), description="announced ranges")
    counts: tuple[CountsPanel, ...] = Field(default=(), description="one arsenal under several rules")
    schedules: tuple[SchedulePanel, ...] = Field(default=(), description="schedules")
    inspections: tuple[InspectionsPanel, ...] = Field(default=(), description="plans of inspections")
    checks: tuple[ChecksPanel, ...] = Field(default=(), description="a force held against a treaty")
    disputes: tuple[DisputePanel, ...] = Field(default=(), description="cruxes of other cases")

    @property
    def panels(self) -> tuple[Any, ...]:
        """All of them, in the order of the page."""
        return tuple(panel for part in PARTS for panel in getattr(self, part))


PARTS: dict[str, type[Record]] = {
    "ranges": RangesPanel,
    "counts": CountsPanel,
    "schedules": SchedulePanel,
    "inspections": InspectionsPanel,
    "checks": ChecksPanel,
    "disputes": DisputePanel,
}
"""The tables of the file, in the order of the page."""
