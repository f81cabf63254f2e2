"""A published value, and the row of the scoreboard that says how our own result compares with it."""

import math
import re
from collections.abc import Mapping
from functools import cached_property
from typing import Literal

from pydantic import Field

from .base import Key, Record, Status
from .errors import refusal
from .source import Reading

Expectation = Literal["agrees", "differs", "flagged", "not comparable"]
"""What is known beforehand of a published value.

agrees: we should come within the tolerance. differs: we are known not to, and the note says why.
flagged: the published value is itself wrong or contradicts another, and we should say so. not comparable:
the two are different quantities, and the note says how.
"""

ScoreVerdict = Literal["agrees", "differs", "flagged as expected", "not comparable", "fails"]
"""How a row came out; *fails* is whatever was not known beforehand."""

Amount = float | str | tuple[float, ...] | None

_NUMBER = r"[-+]?[0-9]+(?:\.[0-9]+)?(?:e[-+]?[0-9]+)?"
_NUMBERS = re.compile(rf"{_NUMBER}(?:; {_NUMBER})*")
_INTERVAL = re.compile(rf"({_NUMBER}) to ({_NUMBER})")
_TOLERANCE = re.compile(r"([0-9.]+(?:e[-+]?[0-9]+)?)( %)?")


class Published(Record):
    """One published value as its table holds it: a number, several, an interval "100 to 300", or words."""

    id: Key = Field(description="name of the row")
    case: str = Field(min_length=1, description="what the value belongs to")
    what: str = Field(min_length=1, description="the quantity, in words")
    measure: Key = Field(description="which of our functions gives it")
    inputs: str = Field(default="", description='what goes in: "range_km=300; quantity=speed_km_s"')
    value: str = Field(min_length=1, description="the published value")
    unit: str = Field(default="", description="its unit; empty for words and pure numbers")
    tolerance: str = Field(
        default="", description='in the same unit, or "0.05 %"; empty for words and intervals'
    )
    expect: Expectation = Field(default="agrees", description="what is known beforehand")
    source: str = Field(min_length=1, description="key of sources.toml, or CASE:KEY for a source of a case")
    status: Status = Field(description="as for a figure: how far the published value can be trusted")
    note: str = Field(default="", description="what a reader should know")

    @cached_property
    def given(self) -> Mapping[str, str]:
        """The inputs by name."""
        pairs = [part.partition("=") for part in self.inputs.split(";") if part.strip()]
        return {name.strip(): text.strip() for name, _, text in pairs}

    @cached_property
    def amount(self) -> Amount:
        """The value as numbers where it is numbers; words and intervals stay as they stand."""
        if not _NUMBERS.fullmatch(self.value):
            return self.value
        numbers = tuple(float(part) for part in self.value.split(";"))
        return numbers[0] if len(numbers) == 1 else numbers

    @cached_property
    def interval(self) -> tuple[float, float] | None:
        """Lowest and highest value where an interval was published."""
        found = _INTERVAL.fullmatch(self.value)
        return (float(found[1]), float(found[2])) if found else None

    @cached_property
    def allowed(self) -> float:
        """The tolerance in the value's unit; zero where words or an interval leave none."""
        if not self.tolerance:
            return 0.0
        found = _TOLERANCE.fullmatch(self.tolerance)
        if found is None:
            raise refusal(f'"{self.tolerance}" is no tolerance', 'write "0.5" or "0.05 %"', "tolerance")
        size = float(found[1])
        amount = self.amount
        if not found[2]:
            return size
        if isinstance(amount, str) or amount is None:
            raise refusal(
                "a tolerance in % needs a number to be a share of", "state it in the unit", "tolerance"
            )
        largest = max(abs(part) for part in amount) if isinstance(amount, tuple) else abs(amount)
        return 0.01 * size * largest

    def difference(self, ours: Amount) -> float | None:
        """How far our result lies from the published value; None where either is words.

        The largest of several; for an interval the way to its nearer end, zero inside.
        """
        if isinstance(ours, float) and self.interval:
            low, high = self.interval
            return min(ours - low, 0.0) if ours < low else max(ours - high, 0.0)
        theirs = self.amount
        if isinstance(ours, float) and isinstance(theirs, float):
            return ours - theirs
        if isinstance(ours, tuple) and isinstance(theirs, tuple) and len(ours) == len(theirs):
            return max((a - b for a, b in zip(ours, theirs, strict=True)), key=abs)
        return None

    def agrees(self, ours: Amount) -> bool:
        """Whether our result is the published value, within the tolerance."""
        apart = self.difference(ours)
        if apart is None:
            return isinstance(ours, str) and ours == self.value
        return math.isfinite(apart) and abs(apart) <= self.allowed

    def verdict(self, ours: Amount) -> ScoreVerdict:
        """How our result compares, given what was known beforehand."""
        if self.expect == "not comparable":
            return "not comparable" if ours is not None else "fails"
        if self.agrees(ours):
            return "agrees" if self.expect == "agrees" else "fails"
        if ours is None or self.expect == "agrees":
            return "fails"
        return "differs" if self.expect == "differs" else "flagged as expected"


class ScoreSource(Record):
    """The source of a published value as the scoreboard names it."""

    key: str
    title: str
    read: Reading


class Score(Record):
    """One row of the scoreboard: what was published, what we get, and how the two compare."""

    id: str
    table: str
    case: str
    source: ScoreSource
    status: Status
    what: str
    published: float | str | tuple[float, ...]
    ours: Amount
    unit: str
    difference: float | None
    tolerance: float
    verdict: ScoreVerdict
    note: str

    @property
    def is_red(self) -> bool:
        """Whether the row came out otherwise than was known beforehand."""
        return self.verdict == "fails"
