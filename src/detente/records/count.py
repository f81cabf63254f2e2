"""A count: one arsenal under one rule, as numbered steps that each name their article, and the sums."""

from collections.abc import Mapping

from pydantic import Field

from .base import Names, Record, Status

Number = int | float | None
"""A counted number; None where something that it needs is not known."""


class CountRow(Record):
    """One step of a count: so many of a type, so many warheads for each, by this article."""

    step: int = Field(description="its number in the proof, from 1")
    party: str = Field(description="whose it is")
    type: str = Field(description="the type")
    category: str = Field(description="the category of the type")
    base: str = Field(default="", description="the base, where holdings are given by base")
    held_as: str = Field(description="the condition in which they are held")
    number: int | None = Field(description="how many; None for a gap")
    deployed: int | None = Field(description="how many of them are deployed")
    attribution: int | str | None = Field(description="warheads for each, or tiers such as 150@10+39@12")
    warheads: int | None = Field(
        description="warheads that the rule counts; None where it counts none, or a gap"
    )
    article: str = Field(default="", description="the article that the step rests on")
    article_status: Status | None = Field(default=None, description="how far the article's wording was read")
    rule: str = Field(default="", description="the rule of the treaty that took it")
    why: str = Field(default="", description="the rule in words")
    status: Status = Field(description="how far the number can be trusted")
    source: Names = ()
    missing: str = Field(default="", description="what is not known, where something is not")
    line: int = 0


class Sum(Record):
    """One sum of a count: its value, the steps or the declared total that it is made of, what is missing."""

    quantity: str
    title: str
    value: int | float | None
    at_least: int | float = Field(
        default=0, description="what is known of it; a lower bound where something is missing"
    )
    steps: tuple[int, ...] = Field(default=(), description="the steps that it adds up")
    article: str = ""
    made_from: str = Field(default="", description="rows, total, or nothing")
    status: Status | None = Field(default=None, description="status of a total that was taken over")
    source: Names = ()
    missing: Names = ()
    note: str = ""


class Count(Record):
    """One side's statement of one arsenal, counted under one rule in one reading."""

    force: str
    force_title: str
    rule: str
    rule_name: str
    reading: str = ""
    reading_title: str = ""
    party: str
    basis: str
    by: str
    date: str
    rows: tuple[CountRow, ...]
    sums: tuple[Sum, ...]
    notices: Names = ()

    @property
    def totals(self) -> Mapping[str, Number]:
        """Every sum by the name of its quantity; None where something is missing."""
        return {found.quantity: found.value for found in self.sums}

    def sum_of(self, quantity: str) -> Sum | None:
        """One sum by the name of its quantity."""
        return next((found for found in self.sums if found.quantity == quantity), None)

    @property
    def title(self) -> str:
        """Such as "US, declared by US, 1990-09-01, under START I"."""
        reading = f", {self.reading_title}" if self.reading_title else ""
        return f"{self.party}, {self.basis} by {self.by}, {self.date}, under {self.rule_name}{reading}"
