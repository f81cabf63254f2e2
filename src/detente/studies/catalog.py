"""The assumptions that studies take and the outputs they give: names, units, physical bounds.

Bounds are what is physically or logically admissible, not what is plausible; what a position holds
plausible stands in its figures. Nothing outside these bounds is ever evaluated.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from detente.records.case_files import Finding
from detente.records.claim import Reading
from detente.records.errors import RefusalError, did_you_mean
from detente.records.figure import Figure, Value
from detente.records.places import Place
from detente.records.units import Quantity


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


@dataclass(frozen=True, slots=True)
class Output:
    """A column of a study's outcome; `is_margin` where a claim may be read on it."""

    name: str
    unit: str
    meaning: str
    is_margin: bool = False


@dataclass(frozen=True, slots=True)
class Study:
    """A question that the program can put to any case."""

    name: str
    question: str
    parameters: tuple[Parameter, ...]
    outputs: tuple[Output, ...]

    def parameter(self, name: str) -> Parameter:
        """One of its parameters; KeyError where there is none of that name."""
        for parameter in self.parameters:
            if parameter.name == name:
                return parameter
        raise KeyError(name)


def _threat_class(key: str, label: str, burn: tuple[float, float]) -> Iterator[Parameter]:
    group = f"{label} notional boost"
    yield Parameter(
        f"{key}_burn_time", f"{label} burn time", f"burn time of a notional {label}", "s",
        low=burn[0], high=burn[1], group=group,
    )  # fmt: skip
    yield Parameter(
        f"{key}_burnout_altitude", f"{label} burnout altitude",
        f"altitude of a notional {label} at burnout", "km", low=5.0, high=600.0, group=group,
    )  # fmt: skip
    yield Parameter(
        f"{key}_burnout_distance", f"{label} burnout distance",
        f"ground distance of a notional {label} from its launch area at burnout", "km",
        low=0.0, high=1500.0, group=group,
    )  # fmt: skip


_INTERCEPTOR = "interceptor"
_CLOCK = "warning and decision"

REACH = Study(
    name="reach",
    question="Could an interceptor meet a missile on its way from a launch area to a sample point?",
    parameters=(
        Parameter(
            "interceptor_speed", "interceptor speed",
            "surface-equivalent speed of the interceptor in the Earth-centered inertial frame", "km/s",
            low=1.0, high=11.0, group=_INTERCEPTOR,
        ),
        Parameter(
            "interceptor_burn_time", "interceptor burn time",
            "burn time of the interceptor; it flies freely from half a burn after launch", "s",
            low=10.0, high=600.0, group=_INTERCEPTOR,
        ),
        Parameter(
            "interceptor_number", "number of interceptors",
            "interceptors at the site; kinematic reach does not depend on it", "1",
            low=1.0, high=10000.0, group=_INTERCEPTOR,
        ),
        Parameter(
            "interceptor_site", "interceptor site", "where the interceptors stand, to 0.1 degree", "place",
            kind="place", group=_INTERCEPTOR,
        ),
        Parameter(
            "lowest_intercept_altitude", "lowest intercept altitude",
            "altitude below which no intercept is counted", "km", low=20.0, high=2000.0, group=_INTERCEPTOR,
        ),
        Parameter(
            "flight_time_cap", "interceptor flight-time cap",
            "longest time from interceptor launch to intercept", "s", low=30.0, high=7200.0,
            group=_INTERCEPTOR,
        ),
        Parameter(
            "warning_cue", "warning cue",
            "what starts the clock: threat burnout seen by early warning, or the threat rising above the "
            "radar's minimum elevation, whichever the position holds", "choice",
            kind="choice", choices=("early-warning", "radar-horizon"), group=_CLOCK,
        ),
        Parameter(
            "commit_delay", "commit delay",
            "time from the cue to interceptor launch; with early warning the cue is threat burnout", "s",
            low=0.0, high=3600.0, group=_CLOCK,
        ),
        Parameter(
            "radar_site", "radar site", "where the cueing radar stands, to 0.1 degree", "place",
            kind="place", group=_CLOCK,
        ),
        Parameter(
            "radar_minimum_elevation", "radar minimum elevation",
            "lowest elevation at which the cueing radar sees a target", "deg",
            low=0.0, high=60.0, group=_CLOCK,
        ),
        *_threat_class("mrbm", "MRBM", (20.0, 300.0)),
        *_threat_class("irbm", "IRBM", (30.0, 400.0)),
        *_threat_class("icbm", "ICBM", (60.0, 600.0)),
        Parameter(
            "indeterminate_band", "indeterminate band",
            "margins closer to zero than this are not decided by a model of this fidelity", "km/s",
            low=0.0, high=3.0, group="doubt",
        ),
    ),
    outputs=(
        Output("required_speed_km_s", "km/s", "smallest interceptor speed that reaches; null above 11 km/s"),
        Output(
            "margin_km_s", "km/s",
            "interceptor speed less required speed; null where no admissible speed reaches", is_margin=True,
        ),
        Output("tolerable_delay_s", "s", "latest interceptor launch that still reaches, from threat burnout"),
        Output("margin_delay_s", "s", "tolerable delay less the actual one", is_margin=True),
        Output("first_intercept_s", "s", "earliest intercept, from threat launch"),
        Output("first_intercept_altitude_km", "km", "altitude there"),
        Output("last_intercept_s", "s", "latest intercept, from threat launch"),
        Output("last_intercept_altitude_km", "km", "altitude there"),
        Output("burnout_s", "s", "threat burnout, from threat launch"),
        Output("impact_s", "s", "end of the threat's flight, from threat launch"),
        Output("range_km", "km", "ground range from launch area to sample point"),
    ),
)  # fmt: skip

STUDIES = {study.name: study for study in (REACH,)}


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


RULES = Rules()
