"""What all records share: frozen, strict, nothing unknown accepted."""

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict

Status = Literal["read", "secondary", "derived", "computed", "unverified", "assumed"]
"""How far a value can be trusted.

read: read in the primary text, an official fact sheet or a verbatim copy. secondary: read in
another author's quotation. derived: arithmetic on read values. computed: from a definition given.
unverified: read by nobody here. assumed: stated by nobody, a common default with its reason.
"""

KEY = re.compile(r"^[a-z0-9][a-z0-9_-]*$")
_DATE = re.compile(r"^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?[?~]?$")


class Record(BaseModel):
    """A frozen record: strict types, unknown keys refused."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


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
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str) and value:
        for part in value.split("/"):
            found = _DATE.match(part)
            if not found:
                raise ValueError(
                    f'"{value}" is not a date; write 2007, 2007-05, 2007-05-16 or an interval with "/"'
                )
            year, month, day = (int(g) if g else 1 for g in found.groups())
            date(year, month, day)
    return value


def _as_key(value: object) -> object:
    if isinstance(value, str) and not KEY.match(value):
        raise ValueError(f'"{value}" is not a key; use lower-case letters, digits, "-" and "_"')
    return value


Key = Annotated[str, BeforeValidator(_as_key)]
"""A name that files and flags use: lower-case letters, digits, hyphen, underscore."""

Names = Annotated[tuple[str, ...], BeforeValidator(_as_tuple)]
"""Several texts, or one written alone."""

EdtfDate = Annotated[str, BeforeValidator(_as_date)]
"""A date as precise as it is known: 2007, 2007-05, 2007-05-16, 2007-01/2007-03, with ? or ~."""


def without_empty(values: Mapping[str, Any]) -> dict[str, Any]:
    """The same mapping without entries that say nothing (None, empty text, empty tuple)."""
    return {key: value for key, value in values.items() if value not in (None, "", (), [], {})}
