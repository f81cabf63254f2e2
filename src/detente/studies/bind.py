"""Ties a position to a study: every assumption found, in its unit, within its bounds, with its provenance."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from detente.physics.earth import geodesic
from detente.records.base import digest_of
from detente.records.case import Case
from detente.records.errors import InputError, Problem, did_you_mean
from detente.records.figure import Figure, Value, written_figure
from detente.records.places import Place
from detente.records.position import Position

from .catalog import STUDIES, Parameter, Study, value_of

INSIDE_KM = 20.0
"""Places are kept to 0.1 degree: a launch area nearer to an interceptor site than this lies inside it."""


@dataclass(frozen=True)
class Bound:
    """A position ready for a study: `values` in the catalog's units, one for each of its parameters."""

    case: Case
    study: Study
    position: Position
    values: Mapping[str, Value]
    notices: tuple[str, ...]

    @property
    def digest(self) -> str:
        """SHA-256 over the case, the study and every value that goes in."""
        values = {name: str(value) for name, value in self.values.items()}
        return digest_of({"case": self.case.digest, "study": self.study.name, "values": values})


def study_named(name: str) -> Study:
    """A study by name. Raises `InputError` with a hint where there is none."""
    if name not in STUDIES:
        raise InputError(Problem(f'there is no study "{name}"', did_you_mean(name, STUDIES), key=name))
    return STUDIES[name]


def bind(
    case: Case, study_name: str, position_id: str, settings: Mapping[str, str | Figure] | None = None
) -> Bound:
    """A position of a case bound to a study, with some figures overridden by the user.

    Raises `InputError` that lists every parameter that is unknown, missing or out of bounds.
    """
    found = study_named(study_name)
    position = case.position(position_id)
    known = {parameter.name: parameter for parameter in found.parameters}
    problems: list[Problem] = []
    given = _given(settings or {}, known, problems)
    silent = _defaults(found.parameters, position)
    position = position.with_figures(silent, "default of the model") if silent else position
    position = position.with_figures(given) if given else position
    values: dict[str, Value] = {}
    notices = list(case.notices)
    for name, parameter in known.items():
        figure = position.figures.get(name)
        if figure is None:
            way_out = f'add [figures.{name}] to position "{position_id}" or to one that it inherits'
            problems.append(Problem(f"{parameter.label} is missing", way_out, key=name))
            continue
        try:
            values[name] = value_of(parameter, figure)
        except ValueError as fault:
            problems.append(Problem(str(fault), f"{parameter.label}: {parameter.meaning}", key=name))
        if figure.notice and name in given:
            notices.append(figure.notice)
    if problems:
        raise InputError(problems)
    site = values.get("interceptor_site")
    if isinstance(site, Place):
        notices += launches_inside(case, "the interceptor site", site)
    return Bound(case, found, position, values, tuple(notices))


def _defaults(parameters: Iterable[Parameter], position: Position) -> dict[str, Figure]:
    """What a position is taken to assume where it is silent and the model has a default of its own."""
    return {
        each.name: Figure(value=each.default, status="assumed", note=each.default_note)
        for each in parameters
        if each.default and each.name not in position.figures
    }


def launches_inside(case: Case, site: str, place: Place) -> list[str]:
    """A notice for each launch area of a case that lies inside an interceptor site, at this precision."""
    inside = []
    for launch in case.places_of("launch-area"):
        ends = np.radians([place.latitude, place.longitude, launch.place.latitude, launch.place.longitude])
        apart = float(geodesic(*ends).distance) / 1e3
        if apart < INSIDE_KM:
            inside.append(
                f'launch area "{launch.id}" lies inside {site}, {apart:.0f} km from it: its rows are '
                "kinematics alone, and say nothing of a site that is fired over; move one of the two"
            )
    return inside


def _given(
    settings: Mapping[str, str | Figure], known: Mapping[str, Parameter], problems: list[Problem]
) -> dict[str, Figure]:
    given: dict[str, Figure] = {}
    for name, text in settings.items():
        if name not in known:
            problems.append(Problem(f'there is no parameter "{name}"', did_you_mean(name, known), key=name))
            continue
        try:
            given[name] = text if isinstance(text, Figure) else written_figure(text, "given by the user")
        except ValueError as fault:
            problems.append(Problem(str(fault), f"{known[name].label} in {known[name].unit}", key=name))
    return given


def plain_value(value: Value) -> float | str | tuple[float, float]:
    """A value as the lattice compares and mixes it: a number, a word, or a pair for a place."""
    return (value.latitude, value.longitude) if isinstance(value, Place) else value


def shown_value(parameter: Parameter, value: object) -> str:
    """A value in the parameter's unit as a person reads it."""
    if isinstance(value, tuple | list):
        return str(Place(float(value[0]), float(value[1])))
    if isinstance(value, str):
        return value
    number = f"{float(value):g}"  # type: ignore[arg-type]
    return number if parameter.unit == "1" else f"{number} {parameter.unit}"
