"""A figure: a number with its unit, date, source, status and doubt.

The fields keep what was written ("6.3 km/s"); `central`, `bounds` and `shown` read it. A figure
is a value, a range, a distribution, or a value with the range around it.
"""

import math
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError, model_validator

from .base import EdtfDate, Names, Record, Status
from .errors import Problem, RefusalError, refusal
from .places import Place, looks_like_place, parse_place
from .units import Quantity, UnitError, parse_quantity

Value = float | Place | str
"""What a figure comes to: a number in a unit, a place, or the name of a choice."""

_CHOICE = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_NUMBER_AHEAD = re.compile(r"\s*[-+−]?[0-9]|\s*[-+−]?(?:nan|inf|infinity)\b", re.IGNORECASE)


def _as_text(value: object) -> object:
    if isinstance(value, float) and not math.isfinite(value):
        raise refusal(f"{value} is not a number", "state a number, or leave the figure out")
    if isinstance(value, int | float) and not isinstance(value, bool):
        raise refusal("a number needs its unit", f'write it with the unit in quotation marks: "{value} UNIT"')
    return value


def _read(text: str) -> Quantity | Place | str:
    if not text.strip():
        raise refusal("the value is empty", 'write a number and its unit, such as "6.3 km/s"')
    if looks_like_place(text):
        return parse_place(text)[0]
    if _NUMBER_AHEAD.match(text):
        return parse_quantity(text)
    if not _CHOICE.fullmatch(text.strip()):
        ways = 'write "6.3 km/s", "54.5N 17.1E", or a single word such as "early-warning"'
        raise refusal(f'"{text}" is not a number with a unit, a place or the name of a choice', ways)
    return text.strip()


def _value(text: str) -> str:
    _read(text)
    return text


def _quantity(text: str) -> str:
    parse_quantity(text)
    return text


Written = Annotated[str, BeforeValidator(_as_text, json_schema_input_type=str)]
"""A text that was typed as a text: a bare number is refused, for its unit would be a guess."""

WrittenValue = Annotated[Written, AfterValidator(_value)]
WrittenQuantity = Annotated[Written, AfterValidator(_quantity)]


def _as_pair(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


Pair = Annotated[
    tuple[WrittenQuantity, WrittenQuantity],
    BeforeValidator(_as_pair, json_schema_input_type=tuple[str, str]),
]


class Distribution(Record):
    """Doubt as a probability distribution, its parameters written with units."""

    kind: Literal["normal", "uniform", "triangular"] = Field(
        description="normal (mean, sd), uniform (low, high) or triangular (low, mode, high)"
    )
    mean: WrittenQuantity | None = Field(default=None, description="mean of a normal distribution")
    sd: WrittenQuantity | None = Field(default=None, description="its standard deviation, above zero")
    low: WrittenQuantity | None = Field(default=None, description="lowest value, uniform or triangular")
    mode: WrittenQuantity | None = Field(default=None, description="likeliest value, triangular")
    high: WrittenQuantity | None = Field(default=None, description="highest value, uniform or triangular")

    @model_validator(mode="after")
    def _complete(self) -> Self:
        needed = {
            "normal": ("mean", "sd"),
            "uniform": ("low", "high"),
            "triangular": ("low", "mode", "high"),
        }[self.kind]
        given = {name for name in ("mean", "sd", "low", "mode", "high") if getattr(self, name) is not None}
        wrong = [
            Problem(f"a {self.kind} distribution has no `{name}`", f"it takes {', '.join(needed)}", key=name)
            for name in sorted(given - set(needed))
        ]
        wrong += [
            Problem(f"a {self.kind} distribution needs `{name}`", f"it takes {', '.join(needed)}")
            for name in needed
            if name not in given
        ]
        if wrong:
            raise RefusalError(*wrong)
        numbers = [parse_quantity(getattr(self, name)) for name in needed]
        values = [
            _same_unit(number, numbers[0].unit, name) for number, name in zip(numbers, needed, strict=True)
        ]
        if self.kind == "normal" and values[1] <= 0:
            raise refusal("the standard deviation of a normal distribution is above zero", "state it", "sd")
        if self.kind != "normal" and (values != sorted(values) or values[0] == values[-1]):
            raise refusal(f"{', '.join(needed)} must stand in rising order", "put them in order", "low")
        return self

    def central(self) -> Quantity:
        """The median (normal, uniform) or the mode (triangular)."""
        if self.kind == "normal":
            return parse_quantity(self.mean or "")
        if self.kind == "triangular":
            return parse_quantity(self.mode or "")
        low, high = parse_quantity(self.low or ""), parse_quantity(self.high or "")
        return Quantity(_tidy((low.value + high.to(low.unit)) / 2), low.unit)

    def interval(self) -> tuple[Quantity, Quantity]:
        """The whole range of a bounded distribution; two standard deviations of a normal one."""
        if self.kind != "normal":
            return parse_quantity(self.low or ""), parse_quantity(self.high or "")
        mean, sd = parse_quantity(self.mean or ""), parse_quantity(self.sd or "")
        spread = 2 * sd.to(mean.unit)
        return (
            Quantity(_tidy(mean.value - spread), mean.unit),
            Quantity(_tidy(mean.value + spread), mean.unit),
        )


class Figure(Record):
    """A value, range or distribution with its date, sources, status and note."""

    value: WrittenValue | None = Field(
        default=None,
        description='a number with its unit ("6.3 km/s"), a place ("54.5N 17.1E") or the name of a choice',
    )
    range: Pair | None = Field(
        default=None, description='lowest and highest value that the holder allows: ["0 s", "400 s"]'
    )
    distribution: Distribution | None = Field(
        default=None, description="a probability distribution, instead of value and range"
    )
    date: EdtfDate = Field(default="", description="when it was stated or measured, as far as it is known")
    source: Names = Field(default=(), description="keys of sources.toml, one or several")
    status: Status = Field(
        description="read, secondary, derived, computed, unverified, or assumed (stated by nobody)"
    )
    note: str = Field(default="", description="what a reader should know; the reason of an assumed figure")

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.value is None and self.range is None and self.distribution is None:
            raise refusal(
                "a figure needs a value, a range or a distribution", 'add, for example, value = "6.3 km/s"'
            )
        wrong = [*self._spread_faults(), *support_faults(self.status, self.source, self.note)]
        if wrong:
            raise RefusalError(*wrong)
        return self

    def _spread_faults(self) -> Iterator[Problem]:
        if self.distribution is not None:
            for key in ("value", "range"):
                if getattr(self, key) is not None:
                    yield Problem(
                        "a distribution stands alone", f"leave out {key}, or the distribution", key=key
                    )
            return
        if self.range is None:
            return
        low, high = (parse_quantity(text) for text in self.range)
        try:
            top = high.to(low.unit)
            if low.value >= top:
                yield Problem(
                    f"range {low} to {high} does not rise", "write the lower value first", key="range"
                )
            elif isinstance(self.parsed, Quantity) and not low.value <= self.parsed.to(low.unit) <= top:
                yield Problem(
                    f"value {self.parsed} lies outside its range {low} to {high}",
                    "correct the value or widen the range",
                    key="value",
                )
            elif isinstance(self.parsed, Place | str):
                yield Problem(
                    "only a number has a range", "leave out the range, or state a number", key="range"
                )
        except UnitError as fault:
            yield from (Problem(p.rule, p.way_out, key="range") for p in fault.problems)

    @cached_property
    def parsed(self) -> Quantity | Place | str | None:
        """The central value as a quantity, a place or a word; None for a range without one."""
        if self.distribution is not None:
            return self.distribution.central()
        return None if self.value is None else _read(self.value)

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
            raise refusal(f"a number in {unit} is needed and this figure is {what}", "state a value", "value")
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


def support_faults(status: str, source: tuple[str, ...], note: str) -> Iterator[Problem]:
    """What a status promises and the record does not keep.

    A source goes with what was read, a reason with what was assumed.
    """
    if status == "assumed" and not note.strip():
        yield Problem("an assumed figure gives its reason", 'add note = "..."', key="status")
    if status in {"read", "secondary"} and not source:
        ways = 'add source = "KEY" from sources.toml, or say status = "unverified"'
        yield Problem(f'status "{status}" needs a source', ways, key="status")


def _same_unit(number: Quantity, unit: str, key: str) -> float:
    try:
        return number.to(unit)
    except UnitError as fault:
        raise RefusalError(*(Problem(p.rule, p.way_out, key=key) for p in fault.problems)) from None


def _tidy(value: float) -> float:
    """Twelve significant digits: 6.300000000000001 was never meant."""
    return float(f"{value:.12g}")


def bare_figure(value: object) -> Figure:
    """A figure typed in Python without a source: shown as unverified."""
    if isinstance(value, Figure):
        return value
    if isinstance(value, Mapping):
        return Figure.model_validate(dict(value))
    text = str(value) if isinstance(value, str | Place) else repr(float(value))  # type: ignore[arg-type]
    return Figure(value=text, status="unverified", note="given in Python without a source")


def written_figure(text: str, note: str) -> Figure:
    """A figure typed by a user without a source: shown as unverified. Raises ValueError with the rule."""
    try:
        return Figure(value=text, status="unverified", note=note)
    except ValidationError as fault:
        reason = fault.errors()[0].get("ctx", {}).get("error")
        raise (reason if isinstance(reason, ValueError) else fault) from None
