"""A case: parties, issues, places, positions, claims and sources of one dispute, in one folder."""

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

from .base import EdtfDate, Key, Names, Record, Status, digest_of
from .claim import Claim
from .errors import InputError, Problem, did_you_mean
from .places import Place
from .position import Position, resolve
from .source import Source


def _as_records(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


class Party(Record):
    """A government or body named in the case; third parties are named as such."""

    id: Key
    name: str
    role: Literal["party", "third party"] = "party"


class NamedPlace(Record):
    """A launch area, sample point, interceptor site or radar, to 0.1 degree."""

    id: Key
    name: str
    kind: Literal["launch-area", "sample-point", "interceptor-site", "radar"]
    place: Place
    country: str = ""
    status: Status
    source: Names = ()
    note: str = ""


class Case(Record):
    """One dispute as a folder of files holds it."""

    id: Key
    title: str
    question: str
    default_between: Annotated[tuple[str, str], BeforeValidator(_as_records)]
    lead_claim: str
    as_of: EdtfDate = ""
    note: str = ""
    parties: Annotated[tuple[Party, ...], BeforeValidator(_as_records)]
    places: Annotated[tuple[NamedPlace, ...], BeforeValidator(_as_records)] = ()
    positions: dict[str, Position] = {}
    claims: Annotated[tuple[Claim, ...], BeforeValidator(_as_records)] = ()
    sources: dict[str, Source] = {}
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
        """SHA-256 over the whole content of the case."""
        return digest_of(self.model_dump(mode="json"))


def _unknown(what: str, name: str, known: Mapping[str, Any]) -> InputError:
    return InputError(
        Problem(f'there is no {what} "{name}" in this case', did_you_mean(name, known), key=name)
    )
