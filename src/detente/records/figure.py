"""A figure: a number with its unit, date, source, status and doubt.

The fields keep what was written ("6.3 km/s"); `central`, `bounds` and `shown` read it. A figure
is a value, a range, a distribution, or a value with the range around it.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, model_validator

from .base import EdtfDate, Names, Record, Status
from .places import Place, looks_like_place, parse_place
from .units import Quantity, parse_quantity

Value = float | Place | str
"""What a figure comes to: a number in a unit, a place, or the name of a choice."""


def _as_text(value: object) -> object:
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, int | float):
        raise ValueError(f'a number needs its unit: write "{value} UNIT" in quotation marks')
    return value


Written = Annotated[str, BeforeValidator(_as_text)]


def _as_pair(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


class Distribution(Record):
    """Doubt as a probability distribution, its parameters written with units."""

    kind: Literal["normal", "uniform", "triangular"]
    mean: Written | None = None
    sd: Written | None = None
    low: Written | None = None
    mode: Written | None = None
    high: Written | None = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        needed = {
            "normal": ("mean", "sd"),
            "uniform": ("low", "high"),
            "triangular": ("low", "mode", "high"),
        }[self.kind]
        given = {name for name in ("mean", "sd", "low", "mode", "high") if getattr(self, name) is not None}
        if given != set(needed):
            raise ValueError(f"a {self.kind} distribution takes {', '.join(needed)} and nothing else")
        numbers = [parse_quantity(getattr(self, name)) for name in needed]
        first = numbers[0].unit
        values = [number.to(first) for number in numbers]
        if self.kind == "normal" and values[1] <= 0:
            raise ValueError("the sd of a normal distribution is above zero")
        if self.kind != "normal" and (values != sorted(values) or values[0] == values[-1]):
            raise ValueError(f"{', '.join(needed)} must stand in rising order")
        return self

    def central(self) -> Quantity:
        """The median (normal, uniform) or the mode (triangular)."""
        if self.kind == "normal":
            return parse_quantity(self.mean or "")
        if self.kind == "triangular":
            return parse_quantity(self.mode or "")
        low, high = parse_quantity(self.low or ""), parse_quantity(self.high or "")
        return Quantity((low.value + high.to(low.unit)) / 2, low.unit)

    def interval(self) -> tuple[Quantity, Quantity]:
        """The whole range of a bounded distribution; two standard deviations of a normal one."""
        if self.kind != "normal":
            return parse_quantity(self.low or ""), parse_quantity(self.high or "")
        mean, sd = parse_quantity(self.mean or ""), parse_quantity(self.sd or "")
        spread = 2 * sd.to(mean.unit)
        return Quantity(mean.value - spread, mean.unit), Quantity(mean.value + spread, mean.unit)


class Figure(Record):
    """A value, range or distribution with its date, sources, status and note."""

    value: Written | None = None
    range: Annotated[tuple[Written, Written], BeforeValidator(_as_pair)] | None = None
    distribution: Distribution | None = None
    date: EdtfDate = ""
    source: Names = ()
    status: Status
    note: str = ""

    @model_validator(mode="after")
    def _readable(self) -> Self:
        if self.value is None and self.range is None and self.distribution is None:
            raise ValueError("a figure needs a value, a range or a distribution")
        if self.distribution is not None and (self.value is not None or self.range is not None):
            raise ValueError("a distribution stands alone: leave out value and range")
        if self.value is not None and not self.value.strip():
            raise ValueError("the value is empty")
        central = self.parsed
        if self.range is not None:
            low, high = (parse_quantity(text) for text in self.range)
            if low.value >= high.to(low.unit):
                raise ValueError(f"range {self.range[0]} to {self.range[1]} does not rise")
            if isinstance(central, Quantity):
                middle = central.to(low.unit)
                if not low.value <= middle <= high.to(low.unit):
                    raise ValueError(f"value {self.value} lies outside its range {low} to {high}")
        if self.status == "assumed" and not self.note:
            raise ValueError("an assumed figure gives its reason in `note`")
        if self.status in {"read", "secondary"} and not self.source:
            raise ValueError(f'status "{self.status}" needs a `source`')
        return self

    @cached_property
    def parsed(self) -> Quantity | Place | str | None:
        """The central value as a quantity, a place or a word; None for a range without one."""
        if self.distribution is not None:
            return self.distribution.central()
        if self.value is None:
            return None
        if looks_like_place(self.value):
            return parse_place(self.value)[0]
        if self.value.lstrip()[:1] in "+-−0123456789":
            return parse_quantity(self.value)
        return self.value.strip()

    @property
    def stated(self) -> bool:
        """Whether somebody stated this figure, as against a default that we assume."""
        return self.status != "assumed"

    @property
    def notice(self) -> str:
        """A notice for the reader, where a place was rounded; otherwise empty."""
        return parse_place(self.value)[1] if self.value and looks_like_place(self.value) else ""

    def central(self, unit: str) -> float:
        """The central value in a unit. Raises ValueError for a place, a word or a bare range."""
        if not isinstance(self.parsed, Quantity):
            what = "only a range" if self.parsed is None else f'"{self.value}"'
            raise ValueError(f"a number in {unit} is needed and this figure is {what}; state a value")
        return self.parsed.to(unit)

    def bounds(self, unit: str) -> tuple[float, float] | None:
        """Low and high in a unit, where the figure has a range or a distribution; else None."""
        if self.range is not None:
            low, high = (parse_quantity(text) for text in self.range)
            return low.to(unit), high.to(unit)
        if self.distribution is not None:
            low, high = self.distribution.interval()
            return low.to(unit), high.to(unit)
        return None

    @property
    def shown(self) -> str:
        """The figure as a person reads it: "6.3 km/s", "120 s (0 s to 400 s)", "54.5N 17.1E"."""
        central = "" if self.parsed is None else str(self.parsed)
        spread = ""
        if self.range is not None:
            low, high = (parse_quantity(text) for text in self.range)
            spread = f"{low} to {high}"
        if self.distribution is not None:
            low, high = self.distribution.interval()
            spread = f"{self.distribution.kind}, {low} to {high}"
        return f"{central} ({spread})" if central and spread else central or spread


def bare_figure(value: object) -> Figure:
    """A figure typed in Python without a source: shown as unverified."""
    if isinstance(value, Figure):
        return value
    if isinstance(value, Mapping):
        return Figure.model_validate(dict(value))
    text = str(value) if isinstance(value, str | Place) else repr(float(value))  # type: ignore[arg-type]
    return Figure(value=text, status="unverified", note="given in Python without a source")
