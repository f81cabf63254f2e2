"""Where the threats of a study fly over the ground, and which part of each lies in the intercept window."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.physics.ascent import ascend_with
from detente.physics.flights import fly
from detente.physics.frames import (
    geodetic_latitude_longitude,
    ground_place,
    latitude_longitude,
    to_earth_fixed,
)
from detente.physics.gravity import SPHERE, WGS84, altitude
from detente.physics.trajectory import Arc, altitude_at, arc_take, burnout_state, sample_arc
from detente.records.case import Case
from detente.records.outcome import Outcome
from detente.records.places import Place

from .engagements import Stage, engagements, pairs_between

Array = NDArray[np.float64]

POINTS = 121
BOOST_POINTS = 12


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

    The track starts at the launch area, through the boost where its figures go together and straight to
    burnout where they do not; flights without a solution are left out.
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
    heights = altitude_at(arc, times)[0]
    start = case.place(pair[0]).place
    rising, climb, before = _boost(arc, start)
    positions = np.concatenate([rising, positions], axis=1)
    below = geodetic_latitude_longitude if arc.flattening[0] > 0.0 else latitude_longitude
    latitude, longitude = (np.degrees(angle) for angle in below(positions))
    times = np.concatenate([before, times])
    met = np.zeros(times.shape, dtype=bool)
    if first is not None and last is not None:
        met = (times >= first) & (times <= last)
    return GroundTrack(
        *pair,
        latitude=(start.latitude, *_rounded(latitude)),
        longitude=(start.longitude, *_rounded(longitude)),
        altitude_km=(0.0, *_rounded(np.concatenate([climb, heights]) / 1e3)),
        time_s=(0.0, *_rounded(times)),
        reachable=(False, *(bool(each) for each in met)),
    )


def _boost(arc: Arc, start: Place) -> tuple[Array, Array, Array]:
    """Earth-fixed positions [m] (3, m), altitudes [m] and times [s] between launch and burnout, if any."""
    oblate = bool(arc.flattening[0] > 0.0)
    earth = WGS84 if oblate else SPHERE
    burn = float(arc.burnout_time[0])
    launch = ground_place(np.radians(start.latitude), np.radians(start.longitude), oblate)
    place, velocity = (vector[:, 0] for vector in burnout_state(arc))
    ascent = ascend_with(launch, to_earth_fixed(place, burn, earth.rotation), burn, velocity, earth)
    times = np.linspace(0.0, burn, BOOST_POINTS, endpoint=False)[1:]
    positions = to_earth_fixed(fly(ascent, times, earth=earth).positions, times, earth.rotation)
    known = np.isfinite(positions[0])
    return positions[:, known], altitude(positions[:, known], earth), times[known]


def _rounded(values: NDArray[np.float64]) -> tuple[float, ...]:
    return tuple(round(float(value), 3) for value in values)
