"""Days as treaties name them: a day, the first day of a month or year, and spans such as "6 months"."""

import re
from datetime import date
from typing import Annotated, Literal, NamedTuple

from pydantic import BeforeValidator, Field

from .errors import refusal

_SPAN = re.compile(r"([1-9][0-9]*) (day|month|year)s?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Length(NamedTuple):
    """A span of time as it is written: so many days, calendar months or years."""

    number: int
    unit: Literal["day", "month", "year"]


def first_day(written: str) -> date:
    """The day that an EDTF date names, the first where it names a month, a year or an interval."""
    parts = written.partition("/")[0].rstrip("?~").split("-")
    year, month, day = (int(part) for part in (*parts, "1", "1")[:3])
    return date(year, month, day)


def length_of(written: str) -> Length:
    """A span such as "36 months" in parts. Raises `RefusalError` for anything else."""
    found = _SPAN.fullmatch(written)
    if not found:
        raise refusal(f'"{written}" is not a span of time', 'write "45 days", "36 months" or "10 years"')
    return Length(int(found[1]), found[2])  # type: ignore[arg-type]


def _as_span(value: object) -> object:
    if isinstance(value, str) and value:
        length_of(value)
    return value


def _as_day(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str) and value:
        if not _DAY.fullmatch(value):
            raise refusal(f'"{value}" is not a day', "write the whole day, such as 1990-09-01")
        try:
            date.fromisoformat(value)
        except ValueError:
            raise refusal(
                f'"{value}" is not a day of the calendar', "correct the year, month or day"
            ) from None
    return value


Span = Annotated[
    str,
    BeforeValidator(_as_span, json_schema_input_type=Annotated[str, Field(pattern=f"^({_SPAN.pattern})?$")]),
]
"""A span of time in days, calendar months or years: "45 days", "36 months"."""

Day = Annotated[
    str,
    BeforeValidator(_as_day, json_schema_input_type=Annotated[str, Field(pattern=f"^({_DAY.pattern})?$")]),
]
"""A whole day: 1990-09-01."""


def parse_day(written: str, key: str = "") -> date:
    """A day as a person typed it. Raises `RefusalError` with the way out."""
    if not written:
        raise refusal("a day is missing", "write it as 1990-09-01", key)
    return date.fromisoformat(str(_as_day(written)))
