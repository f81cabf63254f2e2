"""Where the threats of a study fly over the ground, and which part of each lies in the intercept window."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.physics.frames import latitude_longitude, to_earth_fixed
from detente.physics.trajectory import arc_take, sample_arc
from detente.records.case import Case
from detente.records.outcome import Outcome

from .engagements import Stage, engagements, pairs_between

POINTS = 121


@dataclass(frozen=True)
class GroundTrack:
    """One flight over the ground: degrees, altitudes [km] and times [s after threat launch], (points,)."""

    launch: str
    aim: str
    latitude: tuple[float, ...]
    longitude: tuple[float, ...]
    altitude_km: tuple[float, ...]
    time_s: tuple[float, ...]
    reachable: tuple[bool, ...]


def ground_tracks(
    case: Case, pairs: Sequence[tuple[str, str]], columns: Mapping[str, NDArray[Any]], outcome: Outcome
) -> tuple[GroundTrack, ...]:
    """The flights of some pairs under one position, with the intercept windows of its outcome.

    The track starts at the launch area and goes straight to burnout; flights without a solution are left out.
    """
    named = pairs_between(case, *zip(*pairs, strict=True), paired=True)
    found = {}
    for stage in engagements(named, columns):
        for j, number in enumerate(stage.members):
            pair = (named.launches[number], named.aims[number])
            row = outcome.row(*pair)
            window = (row["first_intercept_s"], row["last_intercept_s"])
            track = _track(stage, j, case, pair, window)
            if track is not None:
                found[pair] = track
    return tuple(found[pair] for pair in pairs if pair in found)


def _track(
    stage: Stage, j: int, case: Case, pair: tuple[str, str], window: tuple[float | None, float | None]
) -> GroundTrack | None:
    arc = arc_take(stage.engagement.arc_at(0), slice(j, j + 1))
    burnout, impact = float(arc.burnout_time[0]), float(arc.impact_time[0])
    if not np.isfinite(impact):
        return None
    first, last = window
    inside = [] if first is None or last is None else [first, last]
    times = np.unique(np.concatenate([np.linspace(burnout, impact, POINTS), inside]))
    positions = to_earth_fixed(sample_arc(arc, times), times, float(arc.earth_rotation[0]))[:, 0]
    latitude, longitude = (np.degrees(angle) for angle in latitude_longitude(positions))
    altitude = np.linalg.norm(positions, axis=0) - float(arc.radius[0])
    met = np.zeros(times.shape, dtype=bool)
    if first is not None and last is not None:
        met = (times >= first) & (times <= last)
    start = case.place(pair[0]).place
    return GroundTrack(
        *pair,
        latitude=(start.latitude, *_rounded(latitude)),
        longitude=(start.longitude, *_rounded(longitude)),
        altitude_km=(0.0, *_rounded(altitude / 1e3)),
        time_s=(0.0, *_rounded(times)),
        reachable=(False, *(bool(each) for each in met)),
    )


def _rounded(values: NDArray[np.float64]) -> tuple[float, ...]:
    return tuple(round(float(value), 3) for value in values)
