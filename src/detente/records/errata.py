"""An erratum: a correction of a shipped figure or model, and the results that it makes invalid."""

from fnmatch import fnmatchcase
from typing import Annotated

from pydantic import AfterValidator, Field

from .base import EdtfDate, Key, Names, Record
from .errors import refusal


def _patterns(results: tuple[str, ...]) -> tuple[str, ...]:
    for pattern in results:
        parts = pattern.split("/")
        if not 2 <= len(parts) <= 3 or not all(parts):
            raise refusal(
                f'"{pattern}" names no results', 'write "case/study", "case/study/position" or "case/*"'
            )
    if not results:
        raise refusal(
            "an erratum names the results that it makes invalid", 'write "case/*" for all of a case'
        )
    return results


class Erratum(Record):
    """What was wrong, what stands now, and which results were made with it."""

    id: Key = Field(description="its name: year, month and subject")
    date: EdtfDate = Field(min_length=1, description="when it was corrected")
    what: str = Field(min_length=1, description="one sentence for the reader of an old page")
    results: Annotated[Names, AfterValidator(_patterns)] = Field(
        description='the results that are invalid: "case/study", "case/study/position", * for any'
    )
    case: str = Field(default="", description="the case whose figure was wrong, if a figure was")
    figure: str = Field(default="", description="that figure: NAME, or POSITION/NAME")
    was: str = Field(default="", description="what stood there")
    now: str = Field(default="", description="what stands there now")
    reason: str = Field(min_length=1, description="what showed the error")

    def concerns(self, case: str, study: str, position: str = "") -> bool:
        """Whether a result of a study of a case is invalid; without a position, whether any of them is."""
        return any(_matches(pattern.split("/"), (case, study, position)) for pattern in self.results)

    @property
    def sentence(self) -> str:
        """The correction in one sentence, with its date."""
        change = f" ({self.was} was corrected to {self.now})" if self.was and self.now else ""
        return f"{self.date}: {self.what}{change}"


def _matches(pattern: list[str], result: tuple[str, str, str]) -> bool:
    """A pattern of two parts holds for every position; a result without a position meets any."""
    case, study, position = result
    wanted = [*pattern, "*"][:3]
    named = fnmatchcase(case, wanted[0]) and fnmatchcase(study, wanted[1])
    return named and (not position or fnmatchcase(position, wanted[2]))
