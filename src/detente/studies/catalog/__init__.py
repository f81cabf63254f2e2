"""The assumptions that studies take and the outputs they give: names, units, physical bounds.

Bounds are what is physically or logically admissible, not what is plausible; what a position holds
plausible stands in its figures. Nothing outside these bounds is ever evaluated.
"""

from collections.abc import Iterable, Iterator

from detente.records.case_files import Finding
from detente.records.claim import Reading
from detente.records.errors import Problem, RefusalError, did_you_mean
from detente.records.figure import Figure, Value, written_figure
from detente.records.places import Place
from detente.records.units import Quantity

from .cover import COVER
from .engage import ENGAGE
from .inspect import INSPECT
from .inventory import INVENTORY
from .kinds import Output, Parameter, Study
from .limit import LIMIT
from .reach import REACH
from .reduce import REDUCE
from .watch import WATCH

__all__ = [
    "COVER",
    "ENGAGE",
    "INSPECT",
    "INVENTORY",
    "LIMIT",
    "REACH",
    "REDUCE",
    "RULES",
    "STUDIES",
    "WATCH",
    "Output",
    "Parameter",
    "Rules",
    "Study",
    "parameters",
    "value_of",
]

STUDIES = {study.name: study for study in (REACH, INVENTORY, WATCH, COVER, ENGAGE, INSPECT, LIMIT, REDUCE)}


def parameters() -> dict[str, Parameter]:
    """Every parameter of every study, by name."""
    return {parameter.name: parameter for found in STUDIES.values() for parameter in found.parameters}


def value_of(parameter: Parameter, figure: Figure) -> Value:
    """The central value of a figure in the parameter's own unit, checked against its bounds.

    Raises ValueError naming the rule that is broken.
    """
    parsed = figure.parsed
    if parameter.kind == "place":
        if not isinstance(parsed, Place):
            raise ValueError(f'{parameter.label} is a place, such as "54.5N 17.1E"')
        return parsed
    if parameter.kind == "choice":
        if not isinstance(parsed, str) or parsed not in parameter.choices:
            hint = did_you_mean(str(figure.value), parameter.choices)
            raise ValueError(f'"{figure.value}" is not a choice for {parameter.label}; {hint}')
        return parsed
    if isinstance(parsed, Place | str):
        raise ValueError(f"{parameter.label} is a number in {parameter.unit}")
    value = figure.central(parameter.unit)
    _within(parameter, value)
    for bound in figure.bounds(parameter.unit) or ():
        _within(parameter, bound)
    return value


def _within(parameter: Parameter, value: float) -> None:
    # a value that was written exactly at a bound may miss it by the rounding of its unit
    slack = 1e-9 * max(abs(parameter.low), abs(parameter.high))
    if not parameter.low - slack <= value <= parameter.high + slack:
        given, low, high = (Quantity(v, parameter.unit) for v in (value, parameter.low, parameter.high))
        raise ValueError(f"{parameter.label} {given} is outside its physical bounds {low} to {high}")


def _rows_of(reading: Reading, study: Study) -> Iterator[Finding]:
    """The faults of the rows that a reading names: places, or values of the study's own parameter."""
    if not study.row_parameter:
        if reading.rows:
            way_out = "name launches and aims instead"
            yield Problem(
                f'study "{study.name}" is read on launch areas and sample points', way_out, key="rows"
            )
        elif not reading.launches:
            rule = f'a reading on "{study.name}" names at least one launch area and one sample point'
            yield rule, "add launches and aims"
        return
    parameter = study.parameter(study.row_parameter)
    if reading.launches:
        way_out = f"leave out launches and aims; rows = [...] names values of {parameter.label}"
        yield Problem(f'study "{study.name}" has no launch areas', way_out, key="launches")
    for row in reading.rows:
        try:
            value_of(parameter, written_figure(row, "a row of a reading"))
        except ValueError as fault:
            yield Problem(str(fault).splitlines()[0], f"{parameter.label}: {parameter.meaning}", key="rows")


class Rules:
    """What the catalog demands of a case file; the reader of files asks it about every figure."""

    def unit_of(self, name: str) -> str | None:
        """The unit in which a parameter is shown; None where it is unknown or no number."""
        found = parameters().get(name)
        return found.unit if found and found.kind == "number" else None

    def check_figure(self, name: str, figure: Figure) -> Iterable[Finding]:
        """The rules that a figure breaks, each with its way out."""
        known = parameters()
        if name not in known:
            yield f'there is no parameter "{name}"', did_you_mean(name, known)
            return
        try:
            value_of(known[name], figure)
        except RefusalError as fault:
            yield from fault.problems
        except ValueError as fault:
            yield str(fault), f"{known[name].label}: {known[name].meaning}"

    def check_reading(self, reading: Reading) -> Iterable[Finding]:
        """The rules that a claim's reading breaks, each with its way out."""
        if reading.study not in STUDIES:
            yield f'there is no study "{reading.study}"', did_you_mean(reading.study, STUDIES)
            return
        outputs = {output.name: output for output in STUDIES[reading.study].outputs}
        margins = [name for name, output in outputs.items() if output.is_margin]
        if reading.output not in outputs:
            hint = did_you_mean(reading.output, margins)
            yield f'study "{reading.study}" has no output "{reading.output}"', hint
        elif reading.output not in margins:
            yield f'output "{reading.output}" is not a margin', f"use one of: {', '.join(margins)}"
        yield from _rows_of(reading, STUDIES[reading.study])


RULES = Rules()
