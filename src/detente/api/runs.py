"""Running a study: one position of a case, or a single published flight."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from detente.records.case import Case
from detente.records.figure import Figure
from detente.records.flight import Flight
from detente.records.outcome import Outcome

from .library import load


def run(
    case: str | Path | Case,
    study: str,
    position: str,
    settings: Mapping[str, str | Figure] | None = None,
    *,
    launches: Sequence[str] | None = None,
    aims: Sequence[str] | None = None,
    rows: Sequence[str] | None = None,
    radars: Sequence[str] | None = None,
) -> Outcome:
    """A study under one position's figures: one row a launch area and sample point, or a row of its own.

    `settings` override figures of the position ("commit_delay": "340 s"). Launches and aims choose among
    places; `rows` among the rows of a study without places, such as raid sizes; `radars` among those that
    `watch` and `engage` look with. Raises `InputError`.
    """
    from detente.studies.answers import ANSWERS
    from detente.studies.bind import bind
    from detente.studies.engage import engage
    from detente.studies.watch import watch

    bound = bind(load(case), study, position, settings)
    looking = {"watch": watch, "engage": engage}
    if study in looking:
        _refuse(study, "rows of its own", rows, "name launch areas and sample points instead")
        return looking[study](bound, launches, aims, radars)
    _refuse(study, "radars", radars, "leave them out, or ask the study watch or engage")
    if bound.study.row_parameter:
        _refuse(study, "launch areas and sample points", launches or aims, "name rows instead")
        return ANSWERS[study].run(bound, rows)
    _refuse(study, "rows of its own", rows, "name launch areas and sample points instead")
    return ANSWERS[study].run(bound, launches, aims)


def write_outcome(found: Outcome, path: str | Path) -> Path:
    """Write the rows of a study for other programs: .csv or .nc (NetCDF), by the ending of the path.

    Units, caveat and digest go with them. Raises `InputError` for another ending.
    """
    from detente.records.errors import InputError, Problem
    from detente.report import geo_files

    target = Path(path)
    if target.suffix == ".nc":
        return geo_files.write_netcdf(found, target)
    if target.suffix != ".csv":
        rule = f'"{target.name}" does not say what kind of file it is to be'
        raise InputError(Problem(rule, "let it end in .csv or .nc", key="--out"))
    target.write_text(geo_files.csv_text(found), encoding="utf-8", newline="\n")
    return target


def _refuse(study: str, what: str, given: Sequence[str] | None, way_out: str) -> None:
    from detente.records.errors import InputError, Problem

    if given:
        raise InputError(Problem(f'study "{study}" has no {what}', way_out, key=given[0]))


def flight(range_km: float, apogee_km: float | None = None, published_s: float | None = None) -> Flight:
    """Least-energy free flight over a range [km]; with an apogee [km], the one flight that has both.

    With a published time [s] the result says whether that flight is possible. Raises `InputError`.
    """
    from detente.records.errors import InputError, Problem
    from detente.studies.flight import minimum_energy, published

    if apogee_km is not None:
        return published(apogee_km, range_km, published_s)
    if published_s is not None:
        way_out = "give --apogee-km as well: a time alone does not fix a flight"
        raise InputError(Problem("a published time needs the published apogee", way_out, key="--published-s"))
    return minimum_energy(range_km)


def flight_rows(found: Flight) -> dict[str, Any]:
    """A flight as JSON; free flight and difference are there only for a published flight."""
    body: dict[str, Any] = {
        "range_km": found.range_km,
        "apogee_km": found.apogee_km,
        "speed_km_s": found.speed_km_s,
        "angle_deg": found.angle_deg,
        "time_s": found.time_s,
    }
    if found.published_s is not None:
        body |= {
            "published_s": found.published_s,
            "free_flight_s": found.time_s,
            "difference_s": found.difference_s,
            "verdict": found.verdict,
            "reason": found.reason,
        }
    return body
