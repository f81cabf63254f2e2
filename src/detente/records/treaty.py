"""A treaty as dated data: what counts and how, which limits bind whom from when, and what stops the clock.

A limit is a counting rule, whom it binds, and a date; each names its article and says whether anybody here
has read the article's wording. An announcement and a user's own proposal are the same kind of object.
"""

import datetime as dt
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from .base import Key, Names, Record, Status, as_records, digest_of
from .calendar import Day, Span
from .errors import InputError, Problem, RefusalError, did_you_mean, refusal
from .figure import support_faults
from .force import Amount, ArmType, Count, Flag, ForceParty, Holding
from .source import Source

EventKind = Literal[
    "announced",
    "signed",
    "in force",
    "extended",
    "suspended",
    "resumed",
    "notice",
    "withdrawn",
    "expired",
    "superseded",
]
"""What happens to a treaty; a withdrawal by one party of two ends it, a suspension does not."""

Method = Literal["table", "each", "tiers", "stated", "none"]
"""How a rule counts warheads.

table: so many for each, by the treaty's own table of types. each: the same number for every one. tiers: so
many each for the first ones, another number beyond. stated: what the holder states to be on them. none: the
rule counts no warheads.
"""

Sum = Literal["number", "warheads", "throw-weight", "downloaded"]
"""What a quantity adds up: things, warheads, throw-weight in t, or warheads by which types were reduced."""


class _Sourced(Record):
    """What every dated statement about a treaty carries: how far it can be trusted, and from where."""

    status: Status = Field(description="read, secondary, derived, computed, unverified or assumed")
    source: Names = Field(default=(), description="keys of sources.toml")
    note: str = Field(default="", description="what a reader should know; the reason of what is assumed")

    @model_validator(mode="after")
    def _supported(self) -> Self:
        wrong = tuple(support_faults(self.status, self.source, self.note))
        if wrong:
            raise RefusalError(*wrong)
        return self


class Match(Record):
    """Which holdings are meant: every property that is named must agree; one left out does not matter."""

    party: Names = Field(default=(), description="only those of these parties")
    category: Names = Field(default=(), description="only these categories, such as ICBM")
    type: Names = Field(default=(), description="only these types")
    held_as: Names = Field(default=(), description="only in these conditions, such as deployed")
    basing: Names = Field(default=(), description="only with this basing")
    heavy: Flag | None = Field(default=None, description="only heavy ones, or only others")
    mobile: Flag | None = Field(default=None, description="only mobile ones, or only others")
    cruise_missiles: Flag | None = Field(
        default=None, description="only cruise-missile bombers, or only others"
    )

    def takes(self, holding: Holding, kind: ArmType) -> bool:
        """Whether a holding of a type is meant."""
        if self.held_as and holding.held_as not in self.held_as:
            return False
        return self.takes_type(kind, holding.party)

    def takes_type(self, kind: ArmType, party: str) -> bool:
        """Whether a type of a party is meant, in whatever condition it is held."""
        if (self.party and party not in self.party) or (self.type and kind.type not in self.type):
            return False
        if self.category and kind.category not in self.category:
            return False
        if self.basing and kind.basing not in self.basing:
            return False
        return (
            self.heavy in {None, kind.heavy}
            and self.mobile in {None, kind.mobile}
            and self.cruise_missiles in {None, kind.cruise_missiles}
        )


class Article(_Sourced):
    """An article, what it says in our own short words, and whether its wording was read here."""

    id: str = Field(min_length=1, description="its number, such as III.4(b)")
    says: str = Field(min_length=1, description="what it says, in our own words")

    @property
    def was_read(self) -> bool:
        """Whether its wording was read by anybody here, or at least in a quotation."""
        return self.status in {"read", "secondary"}


class Event(_Sourced):
    """Something that happened to the treaty, or that it says will happen, on a day."""

    kind: EventKind = Field(
        description="announced, signed, in force, extended, suspended, notice, withdrawn, ..."
    )
    date: Day = Field(min_length=1, description="the day")
    party: str = Field(default="", description="the party that did it; empty where all did")
    article: str = Field(default="", description="the article that it rests on")

    @property
    def day(self) -> dt.date:
        """The day as a date."""
        return dt.date.fromisoformat(self.date)


class Amendment(_Sourced):
    """A later text that changes the treaty; limits and checks name it, and hold from its entry into force."""

    id: Key = Field(description="its name in limits and checks")
    title: str = Field(min_length=1, description="its title")
    signed: Day = Field(default="", description="the day of signature")
    in_force: Day = Field(default="", description="the day from which it holds; empty where it never did")


class TreatyReading(_Sourced):
    """One side's reading of the treaty: rules and quantities that name it replace those that name none."""

    id: Key = Field(description="its name in rules and quantities")
    title: str = Field(min_length=1, description="the reading in one line")
    holder: str = Field(default="", description="who reads it so; empty where nobody in particular does")


class Tier(Record):
    """The first so many count so much each; a tier without `first` is for all that are left."""

    first: Count | None = Field(default=None, ge=1, description="how many fall into this tier")
    warheads: Count | None = Field(default=None, description="warheads for each of them")
    equipped: bool = Field(default=False, description="true: the number each is actually equipped for")

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.warheads is None) != self.equipped:
            raise refusal("a tier says how many warheads count for each", "give warheads, or equipped = true")
        return self


class CountingRule(Match):
    """How warheads are counted for the holdings that it takes; the first rule that takes one decides."""

    id: Key = Field(description="its name")
    title: str = Field(min_length=1, description="the rule in our own words")
    article: str = Field(default="", description="the article that it rests on")
    method: Method = Field(description="table, each, tiers, stated or none")
    warheads: Count | None = Field(default=None, description="with method each: warheads for every one")
    tiers: Annotated[tuple[Tier, ...], BeforeValidator(as_records, json_schema_input_type=list[Tier])] = (
        Field(
            default=(), description="with method tiers: in their order; types that one rule takes share them"
        )
    )
    reading: str = Field(default="", description="the reading it belongs to; empty for the text itself")
    status: Status = Field(description="how far the rule can be trusted")
    source: Names = Field(default=(), description="keys of sources.toml")
    note: str = Field(default="", description="what a reader should know")

    @model_validator(mode="after")
    def _whole(self) -> Self:
        wrong = [*support_faults(self.status, self.source, self.note)]
        if (self.method == "each") != (self.warheads is not None):
            wrong.append(
                Problem(
                    "warheads go with the method each, and only with it",
                    'write method = "each"',
                    key="method",
                )
            )
        if (self.method == "tiers") != bool(self.tiers):
            wrong.append(
                Problem("tiers go with the method tiers, and only with it", "add tiers = [...]", key="method")
            )
        open_ends = [number for number, tier in enumerate(self.tiers) if tier.first is None]
        if self.tiers and open_ends != [len(self.tiers) - 1]:
            way_out = "leave `first` out of the last tier and of no other"
            wrong.append(Problem("the last tier is for all that are left", way_out, key="tiers"))
        if wrong:
            raise RefusalError(*wrong)
        return self


class Quantity(Match):
    """What is added up under a name, such as warheads on deployed missiles."""

    id: Key = Field(description="its name in limits and results, with underscores")
    title: str = Field(min_length=1, description="the name that a reader sees")
    sum: Sum = Field(description="number, warheads, throw-weight or downloaded")
    needs: Names = Field(
        default=(), description="conditions that must be listed, with a 0 if need be, for the sum to be known"
    )
    article: str = Field(default="", description="the article that it rests on")
    reading: str = Field(default="", description="the reading it belongs to; empty for the text itself")


class Limit(_Sourced):
    """A ceiling on a quantity: by which rule, for whom, from when."""

    id: Key = Field(description="its name")
    title: str = Field(min_length=1, description="the limit in one line")
    quantity: str = Field(min_length=1, description="the quantity that it limits")
    ceiling: Amount = Field(description="the highest value allowed; of a band, its upper end")
    band_from: Amount | None = Field(
        default=None, description="the lower end of a band of ceilings; it is no minimum"
    )
    to: Names = Field(default=(), description="whom it binds; every party where it is left out")
    since: Day = Field(default="", description="the day from which it binds; entry into force if left out")
    until: Day = Field(default="", description="the last day on which it binds, such as that of a phase")
    no_date: bool = Field(
        default=False, description="true where no day was ever named from which it would bind"
    )
    phase: str = Field(default="", description="the phase it belongs to, such as 36 months")
    article: str = Field(default="", description="the article that sets it")
    amendment: str = Field(default="", description="the amendment that set it")
    replaces: str = Field(default="", description="the limit that it takes the place of")

    @model_validator(mode="after")
    def _rises(self) -> Self:
        if self.band_from is not None and self.band_from >= self.ceiling:
            raise refusal(
                "a band runs from its lower end to its upper end", "put the lower one first", "band_from"
            )
        return self


class Check(_Sourced):
    """A rule that no sum expresses, such as a distance: the name of a check and its numbers."""

    id: Key = Field(description="its name")
    title: str = Field(min_length=1, description="the rule in our own words")
    check: str = Field(min_length=1, description="which check answers it, such as within-radius")
    article: str = Field(default="", description="the article that it rests on")
    takes: Match = Field(default=Match(), description="which holdings it looks at")
    numbers: dict[str, float] = Field(default={}, description="its numbers, such as radius_km = 150.0")
    words: dict[str, str] = Field(default={}, description="its words, such as role of an area")
    to: Names = Field(default=(), description="whom it binds; every party where it is left out")
    since: Day = Field(default="", description="the day from which it binds; entry into force if left out")
    until: Day = Field(default="", description="the last day on which it binds")
    amendment: str = Field(default="", description="the amendment that set it")
    replaces: str = Field(default="", description="the check or limit that it takes the place of")


class Clock(_Sourced):
    """Something that falls due: so long after an event, once or again and again."""

    id: Key = Field(description="its name")
    title: str = Field(min_length=1, description="what falls due")
    kind: Literal["phase", "notice", "data exchange", "inspections", "expiry", "review", "notification"] = (
        Field(description="phase, notice, data exchange, inspections, expiry, review or notification")
    )
    after: Span = Field(default="", description='how long after the event: "36 months"; at once if left out')
    of: EventKind = Field(default="in force", description="the event from which it runs")
    every: Span = Field(default="", description="how often it comes again, where it does")
    within: Span = Field(default="", description="how many days there are to do it, counted from then")
    article: str = Field(default="", description="the article that sets it")


class Quota(_Sourced):
    """How many inspections or visits of a kind a treaty grants in a time."""

    id: Key = Field(description="its name")
    title: str = Field(min_length=1, description="what is granted")
    number: Count = Field(description="how many")
    per: Literal["year", "treaty"] = Field(default="year", description="in a year, or for the whole time")
    article: str = Field(default="", description="the article that grants it")


class Attribution(_Sourced):
    """How many warheads the treaty counts for each deployed one of a type."""

    party: str = Field(default="", description="whose type; empty where the name alone tells")
    type: str = Field(min_length=1, description="the type")
    warheads: Count = Field(description="warheads attributed to each")
    downloaded_from: Count | None = Field(
        default=None, description="warheads attributed before the type was reduced, where it was"
    )
    since: Day = Field(default="", description="the day from which it holds; from the beginning if left out")
    article: str = Field(default="", description="the article or memorandum that says so")


class Treaty(Record):
    """Everything a text says about counting, limits and clocks, with its articles, dates and readings."""

    id: Key = Field(description="its name, for flags and results")
    title: str = Field(min_length=1, description="its title")
    name: str = Field(min_length=1, description="the short name that a reader sees, such as START I")
    kind: Literal["treaty", "announcement", "proposal"] = Field(
        default="treaty", description="treaty, announcement or proposal"
    )
    counts_from: Day = Field(default="", description="the day of its first data; signature if left out")
    attributes_as: str = Field(
        default="", description="another treaty whose table of attributions holds where this one has none"
    )
    note: str = Field(default="", description="what a reader should know first")
    parties: Annotated[
        tuple[ForceParty, ...], BeforeValidator(as_records, json_schema_input_type=list[ForceParty])
    ] = Field(description="whom it binds")
    articles: Annotated[
        tuple[Article, ...], BeforeValidator(as_records, json_schema_input_type=list[Article])
    ] = Field(default=(), description="its articles")
    events: Annotated[tuple[Event, ...], BeforeValidator(as_records, json_schema_input_type=list[Event])] = (
        Field(default=(), description="what happened to it, by day")
    )
    amendments: Annotated[
        tuple[Amendment, ...], BeforeValidator(as_records, json_schema_input_type=list[Amendment])
    ] = Field(default=(), description="later texts that change it")
    readings: Annotated[
        tuple[TreatyReading, ...], BeforeValidator(as_records, json_schema_input_type=list[TreatyReading])
    ] = Field(default=(), description="how each side reads it, where they differ")
    rules: Annotated[
        tuple[CountingRule, ...], BeforeValidator(as_records, json_schema_input_type=list[CountingRule])
    ] = Field(default=(), description="how warheads are counted")
    quantities: Annotated[
        tuple[Quantity, ...], BeforeValidator(as_records, json_schema_input_type=list[Quantity])
    ] = Field(default=(), description="quantities beside the usual ones, or in their place")
    limits: Annotated[tuple[Limit, ...], BeforeValidator(as_records, json_schema_input_type=list[Limit])] = (
        Field(default=(), description="its limits, interim ones included")
    )
    checks: Annotated[tuple[Check, ...], BeforeValidator(as_records, json_schema_input_type=list[Check])] = (
        Field(default=(), description="rules that no sum expresses")
    )
    clocks: Annotated[tuple[Clock, ...], BeforeValidator(as_records, json_schema_input_type=list[Clock])] = (
        Field(default=(), description="what falls due and when")
    )
    quotas: Annotated[tuple[Quota, ...], BeforeValidator(as_records, json_schema_input_type=list[Quota])] = (
        Field(default=(), description="inspections that it grants")
    )
    attributions: tuple[Attribution, ...] = ()
    sources: dict[str, Source] = Field(default={})

    def article(self, article_id: str) -> Article | None:
        """An article by its number; None where the file does not describe it."""
        return next((found for found in self.articles if found.id == article_id), None)

    def reading(self, reading_id: str) -> TreatyReading:
        """A reading by its name. Raises `InputError`."""
        for found in self.readings:
            if found.id == reading_id:
                return found
        names = [found.id for found in self.readings]
        raise InputError(
            Problem(f'{self.name} has no reading "{reading_id}"', did_you_mean(reading_id, names))
        )

    def day_of(self, kind: EventKind, party: str = "") -> dt.date | None:
        """The last day of an event, by one party where one is named; None where it never came."""
        days = [event.day for event in self.events if event.kind == kind and party in {event.party, ""}]
        return max(days, default=None)

    @property
    def begins(self) -> dt.date | None:
        """The day on which the text was signed or announced; None for a proposal without one."""
        return self.day_of("signed") or self.day_of("announced")

    @cached_property
    def party_ids(self) -> tuple[str, ...]:
        """The short names of its parties, in the order of the file."""
        return tuple(party.id for party in self.parties)

    def binds_as(self, party: str) -> str:
        """The party of the treaty that a holder stands for; empty where it is bound to nothing by it."""
        for found in self.parties:
            if party == found.id or party in found.also:
                return found.id
        return ""

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the whole content."""
        return digest_of(self.model_dump(mode="json"))


_MISSILES = ("ICBM", "SLBM", "ballistic missile")
_STRATEGIC = (*_MISSILES, "bomber")


def _deployed(name: str, title: str, what: Sum, category: tuple[str, ...], **flags: bool) -> Quantity:
    values = {"id": name, "title": title, "sum": what, "category": category, "held_as": ("deployed",)}
    return Quantity.model_validate(values | {"needs": ("deployed",)} | flags)


STANDARD_QUANTITIES: tuple[Quantity, ...] = (
    _deployed("deployed_delivery_vehicles", "deployed delivery vehicles", "number", _STRATEGIC),
    _deployed("warheads", "warheads on deployed delivery vehicles", "warheads", _STRATEGIC),
    _deployed("missiles", "deployed missiles", "number", _MISSILES),
    _deployed("warheads_on_missiles", "warheads on deployed missiles", "warheads", _MISSILES),
    _deployed("bombers", "deployed bombers", "number", ("bomber",)),
    _deployed("warheads_on_bombers", "warheads on deployed bombers", "warheads", ("bomber",)),
    _deployed("heavy_missiles", "deployed heavy ICBMs", "number", ("ICBM",), heavy=True),
    _deployed("heavy_warheads", "warheads on deployed heavy ICBMs", "warheads", ("ICBM",), heavy=True),
    _deployed("mobile_missiles", "deployed mobile ICBMs", "number", ("ICBM",), mobile=True),
    _deployed("mobile_warheads", "warheads on deployed mobile ICBMs", "warheads", ("ICBM",), mobile=True),
    _deployed("throw_weight_t", "throw-weight of deployed missiles in t", "throw-weight", _MISSILES),
    _deployed("downloaded_warheads", "warheads by which missiles were reduced", "downloaded", _MISSILES),
    Quantity(
        id="deployed_and_nondeployed_launchers",
        title="launchers and bombers, deployed and not",
        sum="number",
        category=_STRATEGIC,
        held_as=("deployed", "non-deployed"),
        needs=("deployed", "non-deployed"),
    ),
)
"""The quantities that every count gives; a treaty may add to them or define one of them its own way."""
