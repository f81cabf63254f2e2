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
) -> Outcome:
    """A study under one position's figures: one row a launch area and sample point.

    `settings` override figures of the position ("commit_delay": "340 s"). Raises `InputError`.
    """
    from detente.studies.bind import bind
    from detente.studies.reach import reach

    loaded = load(case)
    return reach(bind(loaded, study, position, settings), launches, aims)


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
