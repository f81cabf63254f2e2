"""What all records share: frozen, strict, nothing unknown accepted."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from .errors import refusal

Status = Literal["read", "secondary", "derived", "computed", "unverified", "assumed"]
"""How far a value can be trusted.

read: read in the primary text, an official fact sheet or a verbatim copy. secondary: read in
another author's quotation. derived: arithmetic on read values. computed: from a definition given.
unverified: read by nobody here. assumed: stated by nobody, a common default with its reason.
"""

KEY = re.compile(r"[a-z0-9][a-z0-9_-]*")
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?[?~]?")


class Record(BaseModel):
    """A frozen record: strict types, unknown keys refused."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy with some fields replaced; what was worked out from the old fields is forgotten."""
        copied = super().model_copy(update=update, deep=deep)
        for name in set(copied.__dict__) - set(type(self).model_fields):
            del copied.__dict__[name]
        return copied


def digest_of(content: object) -> str:
    """SHA-256 of the content as sorted compact JSON, in hexadecimal."""
    packed = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(packed.encode()).hexdigest()


def _as_tuple(value: object) -> object:
    if isinstance(value, str):
        return (value,)
    return tuple(value) if isinstance(value, list) else value


def _as_date(value: object) -> object:
    """Accept what EDTF level 0 and its uncertainty marks write, as text or as a TOML date."""
    ways = 'write 2007, 2007-05, 2007-05-16, or an interval such as "2007-01/2007-03"; "?" or "~" for doubt'
    if isinstance(value, datetime | time):
        raise refusal(f"{value.isoformat()} is not a date", ways)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int) and not isinstance(value, bool):
        raise refusal("a date is a text", f'write "{value}" in quotation marks')
    if isinstance(value, str) and value:
        parts = value.split("/")
        if len(parts) > 2:
            raise refusal(f'"{value}" is not a date', ways)
        for part in parts:
            found = _DATE.fullmatch(part)
            if not found:
                raise refusal(f'"{value}" is not a date', ways)
            year, month, day = (int(number) if number else 1 for number in found.groups())
            try:
                date(year, month, day)
            except ValueError:
                raise refusal(
                    f'"{value}" is not a day of the calendar', "correct the year, month or day"
                ) from None
    return value


def _as_key(value: object) -> object:
    if isinstance(value, str) and not KEY.fullmatch(value):
        raise refusal(f'"{value}" is not a key', 'use lower-case letters, digits, "-" and "_"')
    return value


Key = Annotated[
    str,
    BeforeValidator(_as_key, json_schema_input_type=Annotated[str, Field(pattern=f"^{KEY.pattern}$")]),
]
"""A name that files and flags use: lower-case letters, digits, hyphen, underscore."""

Names = Annotated[tuple[str, ...], BeforeValidator(_as_tuple, json_schema_input_type=str | list[str])]
"""Several texts, or one written alone."""

_DATE_OR_INTERVAL = f"^({_DATE.pattern}(/{_DATE.pattern})?)?$"

EdtfDate = Annotated[
    str,
    BeforeValidator(_as_date, json_schema_input_type=Annotated[str, Field(pattern=_DATE_OR_INTERVAL)]),
]
"""A date as precise as it is known: 2007, 2007-05, 2007-05-16, 2007-01/2007-03, with ? or ~."""


def as_records(value: object) -> object:
    """A list, as files hold several records, as the tuple that a frozen record keeps; else unchanged."""
    return tuple(value) if isinstance(value, list) else value


def without_empty(values: Mapping[str, Any]) -> dict[str, Any]:
    """The same mapping without entries that say nothing (None, empty text, empty tuple)."""
    return {key: value for key, value in values.items() if value not in (None, "", (), [], {})}


def listed(words: Sequence[str]) -> str:
    """Words as an English list: "a", "a and b", "a, b and c"."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
