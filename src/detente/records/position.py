"""A position: one holder's figures, each with its source; it may inherit and override."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from .base import Record
from .errors import InputError, Problem, did_you_mean
from .figure import Figure, bare_figure


def _as_figures(value: object) -> object:
    if isinstance(value, Mapping) and not all(isinstance(figure, Mapping) for figure in value.values()):
        return {name: bare_figure(figure) for name, figure in value.items()}
    return value


class Position(Record):
    """Figures under one holder's name; `party` only where the holder speaks for that party.

    `Position("A", {"speed": 6.3})` makes one in Python; its bare numbers are shown as unverified.
    """

    id: str = Field(description="its name; in a file, the name of the file")
    title: str = Field(default="", description="what distinguishes it, in a few words")
    holder: str = Field(default="", description="whoever stated the figures, not necessarily a party")
    party: str = Field(default="", description="id of the party for which the holder speaks, if any")
    inherits: str = Field(default="", description="id of the position whose figures it takes over")
    note: str = Field(default="", description="what a reader should know")
    figures: Annotated[
        dict[str, Figure], BeforeValidator(_as_figures, json_schema_input_type=dict[str, Figure])
    ] = Field(default={}, description="figures by the name of the assumption, such as interceptor_speed")
    origin: dict[str, str] = Field(default={})

    def __init__(self, id: str = "", figures: Mapping[str, object] | None = None, /, **data: Any) -> None:
        given: dict[str, Any] = {"id": id} if id else {}
        if figures is not None:
            given["figures"] = figures
        super().__init__(**given | data)

    @property
    def name(self) -> str:
        """The name a reader sees: the holder, with the title where it says more."""
        return self.holder or self.title or self.id

    def stated(self) -> dict[str, Figure]:
        """The figures that somebody stated, without the assumed defaults."""
        return {name: figure for name, figure in self.figures.items() if figure.stated}

    def over(self, parent: "Position") -> "Position":
        """This position on top of its parent: own figures win, each keeps the name of where it stands."""
        inherited = {name: parent.origin.get(name, parent.id) for name in parent.figures}
        own = dict.fromkeys(self.figures, self.id)
        return self.model_copy(
            update={"figures": parent.figures | self.figures, "origin": inherited | own, "inherits": ""}
        )

    def with_figures(self, figures: Mapping[str, Figure], origin: str = "given by the user") -> "Position":
        """The same position with some figures replaced or added; `origin` says where these are from."""
        known = {name: self.origin.get(name, self.id) for name in self.figures}
        return self.model_copy(
            update={
                "figures": self.figures | dict(figures),
                "origin": known | dict.fromkeys(figures, origin),
            }
        )


def resolve(position_id: str, positions: Mapping[str, Position]) -> Position:
    """A position with everything it inherits. Raises `InputError` for a circle or an unknown parent."""
    chain: list[str] = []
    step = position_id
    while step:
        if step in chain:
            raise InputError(
                Problem(
                    f'position "{step}" inherits from itself: {" -> ".join([*chain, step])}',
                    "remove one `inherits` of the circle",
                    key="inherits",
                )
            )
        if step not in positions:
            way_out = did_you_mean(step, positions)
            raise InputError(Problem(f'there is no position "{step}"', way_out, key="inherits"))
        chain.append(step)
        step = positions[step].inherits
    resolved = positions[chain.pop()]
    resolved = resolved.model_copy(update={"origin": dict.fromkeys(resolved.figures, resolved.id)})
    while chain:
        resolved = positions[chain.pop()].over(resolved)
    return resolved
