"""A claim: what was said, and our reading of it that a model outcome can settle."""

from collections.abc import Callable
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from .base import Key, Names, Record
from .statement import Statement

Margin = Callable[[Any], Any] | str
"""How a claim reads an outcome in Python: the name of an output, or a function of the outputs."""


def _as_statements(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


class Reading(Record):
    """A claim in model terms: which output, over which launch areas and sample points, any or all."""

    study: Key
    output: str = "margin_km_s"
    launches: Names
    aims: Names
    quantifier: Literal["any", "all", "share"]
    share: float | None = None
    sense: Literal["reaches", "does not reach"] = "reaches"
    note: str = ""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if not self.launches or not self.aims:
            raise ValueError("a reading names at least one launch area and one sample point")
        if (self.quantifier == "share") != (self.share is not None):
            raise ValueError('`share` goes with quantifier = "share", and only with it')
        if self.share is not None and not 0.0 < self.share <= 1.0:
            raise ValueError(f"share {self.share:g} is not above 0 and at most 1")
        return self


class Claim(Record):
    """What was said (`said`) and how we read it (`read_as`); in Python, any margin of any model.

    `Claim("can reach", margin=lambda outputs: outputs["reach_km"])` is true where the margin is
    at least zero.
    """

    id: str
    title: str = ""
    by: str = ""
    denies: str = ""
    said: Annotated[tuple[Statement, ...], BeforeValidator(_as_statements)] = ()
    read_as: Reading | None = None
    margin: Any = Field(default=None, exclude=True)
    standard: float | None = None
    note: str = ""

    def __init__(self, id: str = "", /, **data: Any) -> None:
        super().__init__(**({"id": id} if id else {}) | data)

    @model_validator(mode="after")
    def _callable(self) -> Self:
        if self.margin is not None and not (callable(self.margin) or isinstance(self.margin, str)):
            raise ValueError("margin is the name of an output or a function of the outputs")
        return self
