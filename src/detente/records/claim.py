"""A claim: what was said, and our reading of it that a model outcome can settle."""

from collections.abc import Callable, Iterator
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from .base import Key, Names, Record, as_records
from .errors import Problem, RefusalError
from .statement import Statement

Margin = Callable[[Any], Any] | str
"""How a claim reads an outcome in Python: the name of an output, or a function of the outputs."""


class Reading(Record):
    """A claim in model terms: which output, over which rows of the study, any or all.

    The rows are launch areas with sample points, or, for a study without places, what `rows` names.
    """

    study: Key = Field(description='the study that settles it, such as "reach"')
    output: str = Field(default="margin_km_s", description="the output that is read, a margin")
    launches: Names = Field(default=(), description="launch areas, by their id in the table of places")
    aims: Names = Field(default=(), description="sample points, by their id in the table of places")
    rows: Names = Field(
        default=(),
        description="rows of a study without places, such as raid sizes; the position's own if left out",
    )
    quantifier: Literal["any", "all", "share"] = Field(
        description="whether any, all or a share of the rows must fulfil it"
    )
    share: float | None = Field(default=None, description="the share, above 0 and at most 1")
    sense: Literal["reaches", "does not reach"] = Field(
        default="reaches",
        description="whether the claim asserts that the margin is there, such as reach, or denies it",
    )
    note: str = Field(default="", description="why the words are read in this way")

    @model_validator(mode="after")
    def _whole(self) -> Self:
        wrong = tuple(self._faults())
        if wrong:
            raise RefusalError(*wrong)
        return self

    def _faults(self) -> Iterator[Problem]:
        wanted = bool(self.launches or self.aims)
        for key, what in (("launches", "launch area"), ("aims", "sample point"), ("rows", "row")):
            names = getattr(self, key)
            if wanted and key != "rows" and not names:
                yield Problem(
                    f"a reading on places names at least one {what}", f"add one to `{key}`", key=key
                )
            twice = sorted({name for name in names if names.count(name) > 1})
            if twice:
                yield Problem(f"{what} {', '.join(twice)} is named twice", "name it once", key=key)
        if wanted and self.rows:
            yield Problem("a reading names places or rows, not both", "leave one of them out", key="rows")
        if self.quantifier == "share" and self.share is None:
            yield Problem(
                'quantifier "share" needs a share', "add, for example, share = 0.5", key="quantifier"
            )
        if self.share is not None and self.quantifier != "share":
            ways = 'leave out share, or write quantifier = "share"'
            yield Problem(f'quantifier "{self.quantifier}" takes no share', ways, key="share")
        if self.share is not None and not 0.0 < self.share <= 1.0:
            yield Problem(
                f"share {self.share:g} is not above 0 and at most 1", "write it as in 0.5", key="share"
            )


class Claim(Record):
    """What was said (`said`) and how we read it (`read_as`); in Python, any margin of any model.

    `Claim("can reach", margin=lambda outputs: outputs["reach_km"])` is true where the margin is
    at least zero.
    """

    id: str = Field(description="its name, for flags and for `denies`")
    title: str = Field(default="", description="a short heading")
    by: str = Field(default="", description="whose claim it is: the id of a party, or a name in full")
    denies: str = Field(default="", description="the id of the claim that it denies")
    said: Annotated[
        tuple[Statement, ...], BeforeValidator(as_records, json_schema_input_type=list[Statement])
    ] = Field(default=(), description="what was said, word for word")
    read_as: Reading | None = Field(default=None, description="our reading in model terms")
    margin: Any = Field(default=None, exclude=True)
    standard: float | None = Field(
        default=None, description="the smallest value of the output that fulfils the claim; 0 if left out"
    )
    note: str = Field(default="", description="what a reader should know")

    def __init__(self, id: str = "", /, **data: Any) -> None:
        super().__init__(**({"id": id} if id else {}) | data)

    @model_validator(mode="after")
    def _callable(self) -> Self:
        if self.margin is not None and not (callable(self.margin) or isinstance(self.margin, str)):
            raise ValueError("margin is the name of an output or a function of the outputs")
        return self
