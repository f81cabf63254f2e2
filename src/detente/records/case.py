"""A case: parties, issues, places, positions, claims and sources of one dispute, in one folder."""

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from .agreement import AgreementPage
from .base import EdtfDate, Key, Names, Record, Status, as_records, digest_of
from .claim import Claim
from .errors import InputError, Problem, RefusalError, did_you_mean
from .figure import support_faults
from .places import Place
from .position import Position, resolve
from .source import Source


class Party(Record):
    """A government or body named in the case; third parties are named as such."""

    id: Key = Field(description="its name in positions and claims")
    name: str = Field(min_length=1, description="the name that a reader sees")
    role: Literal["party", "third party"] = Field(
        default="party", description="party to the dispute, or a third party"
    )


class NamedPlace(Record):
    """A launch area, sample point, interceptor site or radar, to 0.1 degree."""

    id: Key = Field(description="its name in claims")
    name: str = Field(min_length=1, description="the name that a reader sees")
    kind: Literal["launch-area", "sample-point", "interceptor-site", "radar"] = Field(
        description="launch-area, sample-point, interceptor-site or radar"
    )
    place: Place
    country: str = Field(default="", description="country or sea in which it lies")
    status: Status = Field(description="as for a figure: how far the coordinates can be trusted")
    source: Names = Field(default=(), description="keys of sources.toml; several are separated by ;")
    note: str = Field(default="", description="what a reader should know; the reason of an assumed place")

    @model_validator(mode="after")
    def _supported(self) -> Self:
        wrong = tuple(support_faults(self.status, self.source, self.note))
        if wrong:
            raise RefusalError(*wrong)
        return self


class Case(Record):
    """One dispute as a folder of files holds it."""

    id: Key = Field(description="its name, for flags and results")
    title: str = Field(min_length=1, description="the heading of the page")
    question: str = Field(min_length=1, description="the question that the case puts, as one sentence")
    default_between: Annotated[
        tuple[str, str], BeforeValidator(as_records, json_schema_input_type=tuple[str, str])
    ] = Field(description="the two positions that are compared where nobody names others")
    lead_claim: str = Field(description="id of the claim that the page leads with")
    as_of: EdtfDate = Field(default="", description="the day on which the case stands")
    note: str = Field(default="", description="what a reader should know")
    forces: Names = Field(
        default=(), description="forces that the case is about: shipped names, or folders in it"
    )
    treaties: Names = Field(
        default=(), description="treaties that they are held against: names, or folders in it"
    )
    parties: Annotated[tuple[Party, ...], BeforeValidator(as_records, json_schema_input_type=list[Party])] = (
        Field(description="the parties, and third parties as such")
    )
    places: Annotated[tuple[NamedPlace, ...], BeforeValidator(as_records)] = ()
    positions: dict[str, Position] = Field(default={})
    claims: Annotated[tuple[Claim, ...], BeforeValidator(as_records)] = ()
    sources: dict[str, Source] = Field(default={})
    agreement: AgreementPage | None = None
    folder: str = ""
    """Where it was read from, for the forces, treaties and plans that stand in it; empty for a made one."""
    notices: Names = ()

    def position(self, position_id: str) -> Position:
        """A position with everything it inherits."""
        if position_id not in self.positions:
            raise _unknown("position", position_id, self.positions)
        return resolve(position_id, self.positions)

    def claim(self, claim_id: str) -> Claim:
        """A claim by its name."""
        by_id = {claim.id: claim for claim in self.claims}
        if claim_id not in by_id:
            raise _unknown("claim", claim_id, by_id)
        return by_id[claim_id]

    def place(self, place_id: str, kind: str | None = None) -> NamedPlace:
        """A named place, of one kind where a kind is asked for."""
        by_id = {place.id: place for place in self.places if kind is None or place.kind == kind}
        if place_id not in by_id:
            raise _unknown((kind or "place").replace("-", " "), place_id, by_id)
        return by_id[place_id]

    def places_of(self, kind: str) -> tuple[NamedPlace, ...]:
        """All places of one kind, in the order of the file."""
        return tuple(place for place in self.places if place.kind == kind)

    def party_name(self, party_id: str) -> str:
        """The name of a party; a holder that is no party is returned as it stands."""
        return next((party.name for party in self.parties if party.id == party_id), party_id)

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the whole content of the case, whatever the order of its files and rows.

        Notices are left out: they say what the reader of files did, not what the case holds. So are the
        folder, and forces, treaties and panels, which no study reads.
        """
        content = self.model_dump(
            mode="json", exclude={"notices", "forces", "treaties", "agreement", "folder"}
        )
        for name in ("parties", "places", "claims"):
            content[name] = sorted(content[name], key=lambda row: str(row["id"]))
        return digest_of(content)


def _unknown(what: str, name: str, known: Mapping[str, Any]) -> InputError:
    return InputError(
        Problem(f'there is no {what} "{name}" in this case', did_you_mean(name, known), key=name)
    )
