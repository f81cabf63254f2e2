"""What a parameter, an output and a study are in the catalog."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Parameter:
    """An assumption of a study: `unit` is the one it is shown and evaluated in."""

    name: str
    label: str
    meaning: str
    unit: str
    kind: Literal["number", "place", "choice"] = "number"
    low: float = 0.0
    high: float = 0.0
    choices: tuple[str, ...] = ()
    group: str = ""
    role: Literal["input", "band", "standard", "model variant"] = "input"
    """band: half-width in which a margin decides nothing; standard: what a claim must reach; model variant:
    not a figure about the world but which model of it is asked."""
    calendar: bool = False
    """Whether a number is a year, which is written without a sign between its thousands."""
    default: str = ""
    """What a position that is silent is taken to assume; only for what is no figure of the case."""
    default_note: str = ""


@dataclass(frozen=True, slots=True)
class Output:
    """A column of a study's outcome; `is_margin` where a claim may be read on it."""

    name: str
    unit: str
    meaning: str
    is_margin: bool = False
    band: str = ""
    """The parameter whose value is the half-width in which this margin decides nothing."""


@dataclass(frozen=True, slots=True)
class Study:
    """A question that the program can put to any case.

    Its rows are launch areas with sample points, or values of one of its parameters (`row_parameter`).
    """

    name: str
    question: str
    parameters: tuple[Parameter, ...]
    outputs: tuple[Output, ...]
    row_parameter: str = ""

    def parameter(self, name: str) -> Parameter:
        """One of its parameters; KeyError where there is none of that name."""
        for parameter in self.parameters:
            if parameter.name == name:
                return parameter
        raise KeyError(name)
