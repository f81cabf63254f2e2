"""A force: what a state holds on a date, by type and base, as one side declares or assesses it.

What is *declared*, *assessed*, *agreed* and *counted under a rule* are four kinds of statement about one
arsenal; they stand beside each other and are never merged. A number that nobody gave is a gap, not zero.
"""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Annotated, Any, Literal, NamedTuple, Self, TypeVar

from pydantic import BeforeValidator, Field, model_validator

from .base import EdtfDate, Key, Names, Record, Status, as_records, digest_of
from .calendar import Day, first_day
from .errors import InputError, Problem, RefusalError, did_you_mean, refusal
from .figure import support_faults
from .places import Place
from .source import Source

Basis = Literal["declared", "assessed", "agreed", "counted"]
"""Who stands behind a number: a party's own declaration, somebody's assessment, both parties' agreement, or
a count under a named rule."""

HeldAs = Literal[
    "deployed", "non-deployed", "test", "training", "converted", "stored", "awaiting dismantlement", "planned"
]
"""In which condition something is held; rules say which conditions they count."""

_Made = TypeVar("_Made", bound=Record)
_PARTY = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_WHOLE = re.compile(r"[0-9]+")
_FLAGS = {"yes": True, "no": False}


def _as_party(value: object) -> object:
    if isinstance(value, str) and value and not _PARTY.fullmatch(value):
        raise refusal(f'"{value}" is not the short name of a party', 'write letters and digits, such as "US"')
    return value


def _as_count(value: object) -> object:
    if isinstance(value, bool) or value is None:
        return value
    text = str(value).strip().replace("−", "-")
    if re.fullmatch(r"-[0-9]+(\.[0-9]+)?", text):
        raise refusal(f"{text} is negative: nothing is held less than zero times", "correct the number")
    if not _WHOLE.fullmatch(text):
        raise refusal(
            f'"{text}" is not a whole number', "write 0, 1, 2, ... without commas, or leave a gap empty"
        )
    return int(text)


def _as_amount(value: object) -> object:
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            raise refusal(f'"{value}" is not a number', "write it with a decimal point and no unit") from None
    if isinstance(value, int | float) and not isinstance(value, bool) and value < 0:
        raise refusal(f"{value:g} is negative", "correct the number")
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _as_flag(value: object) -> object:
    if isinstance(value, str):
        if value not in _FLAGS:
            raise refusal(f'"{value}" is neither yes nor no', "write yes or no")
        return _FLAGS[value]
    return value


PartyName = Annotated[
    str,
    BeforeValidator(
        _as_party, json_schema_input_type=Annotated[str, Field(pattern=f"^({_PARTY.pattern})?$")]
    ),
]
"""The short name of a party as the field writes it: US, SU, RU."""

Count = Annotated[int, BeforeValidator(_as_count, json_schema_input_type=int)]
"""A whole number of things, zero or more."""

Amount = Annotated[float, BeforeValidator(_as_amount, json_schema_input_type=float)]
"""A number that is not negative, as a table writes it."""

Flag = Annotated[bool, BeforeValidator(_as_flag, json_schema_input_type=bool)]
"""yes or no in a table, true or false in TOML."""


class ForceParty(Record):
    """A party that holds something in a force, or that a treaty binds."""

    id: PartyName = Field(min_length=1, description="its short name in tables and flags, such as US")
    name: str = Field(min_length=1, description="the name that a reader sees")
    also: Names = Field(default=(), description="other short names that stand for it, such as RU for SU")
    note: str = Field(default="", description="what a reader should know")


class ArmType(Record):
    """A type of delivery vehicle or defense component, with the properties that rules ask for."""

    type: str = Field(min_length=1, description="its name, as tables of holdings write it")
    party: PartyName = Field(default="", description="whose type it is; empty where the name alone tells")
    category: str = Field(
        min_length=1,
        description="ICBM, SLBM, bomber, ABM interceptor, ABM launcher, ABM radar, early-warning radar, ...",
    )
    heavy: Flag = Field(default=False, description="yes for a heavy ICBM")
    mobile: Flag = Field(default=False, description="yes for an ICBM on a mobile launcher")
    cruise_missiles: Flag = Field(
        default=False, description="yes for a bomber equipped for long-range nuclear cruise missiles"
    )
    equipped: Count | None = Field(
        default=None, description="weapons that one bomber is actually equipped for"
    )
    throw_weight_kg: Amount | None = Field(default=None, description="throw-weight of one missile in kg")
    basing: str = Field(default="", description="fixed land, land-mobile, sea, air or space")
    status: Status = Field(description="as for a figure, for the weakest property of the row")
    source: Names = Field(default=(), description="keys of sources.toml, separated by ;")
    note: str = Field(default="", description="what a reader should know; the reason of what is assumed")

    @model_validator(mode="after")
    def _supported(self) -> Self:
        return _kept(self, support_faults(self.status, self.source, self.note))


class Base(Record):
    """A place at which something is held, to 0.1 degree; places are needed for rules about areas alone."""

    id: Key = Field(description="its name in tables of holdings")
    name: str = Field(min_length=1, description="the name that a reader sees")
    latitude_deg: float = Field(description="degrees, north positive, to 0.1 degree")
    longitude_deg: float = Field(description="degrees, east positive, to 0.1 degree")
    country: str = Field(default="", description="the party or country on whose territory it lies")
    area: str = Field(default="", description="id of the place that is the center of its deployment area")
    role: str = Field(
        default="",
        description="capital, ICBM field, test range, site, coast or border; rules name what they ask for",
    )
    status: Status = Field(description="as for a figure: how far the coordinates can be trusted")
    source: Names = Field(default=(), description="keys of sources.toml, separated by ;")
    note: str = Field(default="", description="what a reader should know; the reason of an assumed place")

    @model_validator(mode="before")
    @classmethod
    def _numbers(cls, values: Any) -> Any:
        if isinstance(values, dict):
            for name in ("latitude_deg", "longitude_deg"):
                written = values.get(name)
                if isinstance(written, str):
                    try:
                        values = values | {name: float(written)}
                    except ValueError:
                        raise refusal(
                            f'"{written}" is not a number of degrees', "write it as 54.5", name
                        ) from None
        return values

    @model_validator(mode="after")
    def _supported(self) -> Self:
        Place(self.latitude_deg, self.longitude_deg)
        return _kept(self, support_faults(self.status, self.source, self.note))

    @property
    def place(self) -> Place:
        """Where it lies, to 0.1 degree."""
        return Place(self.latitude_deg, self.longitude_deg)


class _Stated(Record):
    """What a holding and a total share: whose, when, on which basis, said by whom, with which support."""

    party: PartyName = Field(min_length=1, description="whose arsenal it is")
    date: EdtfDate = Field(min_length=1, description="the day on which it was so, as far as it is known")
    basis: Basis = Field(description="declared, assessed, agreed or counted")
    by: str = Field(default="", description="who declares or assesses; the party itself where it is empty")
    rule: str = Field(
        default="", description="the treaty whose rule it was counted under, where one is named"
    )
    status: Status = Field(description="how far the number can be trusted, as for a figure")
    source: Names = Field(default=(), description="keys of sources.toml, separated by ;")
    note: str = Field(default="", description="what a reader should know; the reason of a gap")
    line: int = Field(default=0, description="the line of the table that says so")

    def _faults(self) -> list[Problem]:
        faults = [*support_faults(self.status, self.source, self.note)]
        if self.basis == "counted" and not self.rule:
            way_out = "name the treaty in the column rule, or say declared or assessed"
            faults.append(Problem("a number that was counted names its rule", way_out, key="rule"))
        if self.basis == "assessed" and not self.by:
            faults.append(
                Problem("an assessment is somebody's", "name who made it in the column by", key="by")
            )
        return faults

    @property
    def said_by(self) -> str:
        """Who stands behind it: whoever is named, otherwise the party itself."""
        return self.by or self.party

    @property
    def day(self) -> dt.date:
        """The day on which it was so; the first of the month or year where no more is known."""
        return first_day(self.date)


class Holding(_Stated):
    """So many of one type, in one condition, at one base, on one day. An empty number is a gap."""

    type: str = Field(min_length=1, description="the type, as in the table of types")
    base: str = Field(default="", description="id of a base; empty where holdings are given for all together")
    held_as: HeldAs = Field(default="deployed", description="the condition in which they are held")
    number: Count | None = Field(default=None, description="launchers, missiles or bombers; empty for a gap")
    warheads: Count | None = Field(
        default=None,
        description="warheads on all of them together, as declared or assessed; empty if not given",
    )

    @model_validator(mode="after")
    def _supported(self) -> Self:
        faults = self._faults()
        if self.number is None and not self.note.strip():
            faults.append(
                Problem("a gap says why nothing is known", "give the reason in the column note", key="number")
            )
        return _kept(self, faults)


class Total(_Stated):
    """A sum that somebody gave without its parts, such as a half-yearly figure under a treaty."""

    quantity: str = Field(min_length=1, description="what is summed, by the name that a treaty gives it")
    reading: str = Field(
        default="", description="the reading of the treaty that the sum follows, if they differ"
    )
    value: Count | None = Field(default=None, description="the sum; empty for a gap")

    @model_validator(mode="after")
    def _supported(self) -> Self:
        faults = self._faults()
        if self.value is None and not self.note.strip():
            faults.append(
                Problem("a gap says why nothing is known", "give the reason in the column note", key="value")
            )
        return _kept(self, faults)


class Gap(Record):
    """A time for which a party gave nothing: what it held is unknown, and is never shown as zero."""

    party: PartyName = Field(min_length=1, description="who gave nothing")
    since: Day = Field(min_length=1, description="the first day without data")
    until: Day = Field(default="", description="the last day without data; empty where it lasts")
    reason: str = Field(min_length=1, description="why nothing is known")
    status: Status = Field(description="how far the reason can be trusted")
    source: Names = Field(default=(), description="keys of sources.toml")
    note: str = Field(default="", description="what a reader should know")

    @model_validator(mode="after")
    def _supported(self) -> Self:
        return _kept(self, support_faults(self.status, self.source, self.note))

    def covers(self, day: dt.date) -> bool:
        """Whether the day lies in the gap."""
        return dt.date.fromisoformat(self.since) <= day and (
            not self.until or day <= dt.date.fromisoformat(self.until)
        )


class Selection(NamedTuple):
    """What one side says of one arsenal on one day: the most that may be added up."""

    party: str
    basis: Basis
    by: str
    date: str
    holdings: tuple[Holding, ...]
    totals: tuple[Total, ...]
    gap: Gap | None = None

    @property
    def title(self) -> str:
        """Such as "US, declared by US, 2022-03-01"."""
        return f"{self.party}, {self.basis} by {self.by}, {self.date}"


class Force(Record):
    """A folder of holdings: parties, types, bases, what each holds on which day, and what is not known."""

    id: Key = Field(description="its name, for flags and results")
    title: str = Field(min_length=1, description="the heading")
    note: str = Field(default="", description="what a reader should know first")
    as_of: EdtfDate = Field(default="", description="the day on which it is taken where nobody names one")
    treaties: Names = Field(default=(), description="treaties it is held against where nobody names one")
    cumulative: bool = Field(default=False, description="true where every total is a sum since a beginning")
    parties: Annotated[
        tuple[ForceParty, ...], BeforeValidator(as_records, json_schema_input_type=list[ForceParty])
    ] = Field(default=(), description="the parties whose arsenals stand here")
    gaps: Annotated[tuple[Gap, ...], BeforeValidator(as_records, json_schema_input_type=list[Gap])] = Field(
        default=(), description="times for which a party gave nothing"
    )
    holdings: tuple[Holding, ...] = ()
    totals: tuple[Total, ...] = ()
    types: tuple[ArmType, ...] = ()
    bases: tuple[Base, ...] = ()
    sources: dict[str, Source] = Field(default={})
    notices: Names = ()

    def arm_type(self, name: str, party: str = "") -> ArmType:
        """A type by its name, the party's own before the one that names no party. Raises `InputError`."""
        own = [found for found in self.types if found.type == name and found.party in {party, ""}]
        if not own:
            known = [found.type for found in self.types]
            way_out = f"{did_you_mean(name, known)} or add a row for it to types.csv"
            raise InputError(
                Problem(f'there is no type "{name}" of {party or "any party"}', way_out, key=name)
            )
        return max(own, key=lambda found: bool(found.party))

    def base(self, base_id: str) -> Base | None:
        """A base by its id; None where holdings name none."""
        return next((base for base in self.bases if base.id == base_id), None)

    def party_name(self, party: str) -> str:
        """The name of a party that a reader sees."""
        return next((found.name for found in self.parties if found.id == party), party)

    def check_party(self, party: str) -> str:
        """The same short name, if it is a party of this force. Raises `InputError`."""
        known = [found.id for found in self.parties]
        if party not in known:
            raise InputError(
                Problem(f'"{party}" holds nothing in force "{self.id}"', did_you_mean(party, known))
            )
        return party

    def dates(self, party: str = "") -> tuple[str, ...]:
        """Every day on which something is stated, of one party or of all, in order."""
        stated: Iterable[_Stated] = (*self.holdings, *self.totals)
        return tuple(
            sorted({found.date for found in stated if not party or found.party == party}, key=first_day)
        )

    def selections(
        self, party: str = "", on: dt.date | None = None, basis: str = "", by: str = ""
    ) -> tuple[Selection, ...]:
        """What each side says of each arsenal, newest first known on the day; one selection never mixes two.

        Without a day, the newest of each. A day inside a gap gives a selection without numbers.
        """
        if party:
            self.check_party(party)
        stated: Sequence[_Stated] = (*self.holdings, *self.totals)
        groups: dict[tuple[str, Basis, str], list[_Stated]] = {}
        for found in stated:
            wanted = (not party or found.party == party) and (not basis or found.basis == basis)
            if wanted and (not by or found.said_by == by) and (on is None or found.day <= on):
                groups.setdefault((found.party, found.basis, found.said_by), []).append(found)
        order = [known.id for known in self.parties]
        made = [self._selection(key, rows, on) for key, rows in groups.items()]
        return tuple(sorted(made, key=lambda s: order.index(s.party) if s.party in order else len(order)))

    def _selection(
        self, key: tuple[str, Basis, str], rows: Sequence[_Stated], on: dt.date | None
    ) -> Selection:
        party, basis, by = key
        newest = max(rows, key=lambda row: row.day).date
        gap = next((gap for gap in self.gaps if on and gap.party == party and gap.covers(on)), None)
        if gap is not None:
            return Selection(party, basis, by, newest, (), (), gap)
        kept = [row for row in rows if row.date == newest]
        return Selection(
            party,
            basis,
            by,
            newest,
            tuple(row for row in kept if isinstance(row, Holding)),
            tuple(row for row in kept if isinstance(row, Total)),
        )

    @property
    def latest(self) -> dt.date | None:
        """The day on which the force is taken: as_of where it is named, otherwise the newest of its rows."""
        if self.as_of:
            return first_day(self.as_of)
        days = self.dates()
        return first_day(days[-1]) if days else None

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the whole content, whatever the order of files; notices are left out."""
        return digest_of(self.model_dump(mode="json", exclude={"notices"}))


def _kept(record: _Made, faults: Iterable[Problem]) -> _Made:
    found = tuple(faults)
    if found:
        raise RefusalError(*found)
    return record
