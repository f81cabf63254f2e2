"""The flight of a missile from a launch place to a sample point over the ellipsoid, flown step by step.

SI units and radians; components on the first axis, (3, ...). The flight is found and flown as in aim.py and
flights.py, with the flattening in the pull; what comes out is an Arc like that of trajectory.py, so that
whoever asks about a flight need not know over which Earth it went.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from .aim import Aimed, AimStatus, given_angle_ascent, least_energy_ascent
from .ascent import Ascent
from .conic import Ellipse, dot, ellipse_through, kepler_anomaly, length, mean_anomaly
from .deviation import NODES, TERMS, fitted
from .engines import NUMPY
from .flights import Flights, fly
from .frames import Array, ArrayLike, over_batch, to_inertial
from .gravity import WGS84, Earth, altitude
from .trajectory import (
    Arc,
    ArcStatus,
    Boost,
    arc_put,
    arc_shaped,
    threat_arc,
    threat_arc_at_angle,
)

if TYPE_CHECKING:
    from .engines import Engine


def flown_arc(
    launch: ArrayLike,
    aim: ArrayLike,
    boost: Boost,
    loft: ArrayLike = 0.0,
    *,
    earth: Earth = WGS84,
    engine: Engine = NUMPY,
) -> Arc:
    """The flight [inertial, SI] from a launch place to a sample point over an Earth that need not be round.

    Launch and aim: Earth-fixed positions [m], (3, ...), on its surface. loft [rad]: by how much the angle of
    the velocity at burnout above the horizon exceeds that of the least-energy flight; 0 is that flight
    itself, below 0 it is depressed. Shapes broadcast. The flight passes the sample point within a meter; its
    departure from the burnout ellipse is kept to 2 m (see deviation.py).
    """
    lofts, shape, rows = _in_rows(launch, aim, boost, loft)
    here, there, plan = rows
    found = least_energy_ascent(here, there, plan, earth=earth, engine=engine)
    bent = np.flatnonzero((lofts != 0.0) & (found.status == AimStatus.SOLVED))
    if bent.size:
        least = Ascent(*(value[..., bent] for value in found.ascent))
        angle = _climb(least) + lofts[bent]
        part = Boost(*(np.asarray(figure)[bent] for figure in plan))
        other = given_angle_ascent(here[:, bent], there[:, bent], part, angle, earth=earth, engine=engine)
        found = _replaced(found, bent, other)
    arc = _blank(found.status, earth)
    flown, solved = _arc(found, here, there, earth, engine)
    arc_put(arc, solved, flown)
    for name in Arc._fields:  # what turns past half way round is known, and refused all the same
        if name not in {"status", "radius", "flattening", "bulge"}:
            getattr(arc, name)[..., arc.status != ArcStatus.SOLVED] = np.nan
    return arc_shaped(arc, shape)


def lofted_arc(launch: ArrayLike, aim: ArrayLike, boost: Boost, loft: ArrayLike = 0.0) -> Arc:
    """The same question on the sphere of trajectory.py, by closed formulas; places lie on that sphere."""
    lofts, shape, (here, there, plan) = _in_rows(launch, aim, boost, loft)
    arc = threat_arc(here, there, plan)
    bent = np.flatnonzero((lofts != 0.0) & (arc.status == ArcStatus.SOLVED))
    if bent.size:
        part = Boost(*(np.asarray(figure)[bent] for figure in plan))
        angle = arc.burnout_angle[bent] + lofts[bent]
        other = threat_arc_at_angle(here[:, bent], there[:, bent], part, angle)
        arc_put(arc, bent, other)
    return arc_shaped(arc, shape)


def _in_rows(
    launch: ArrayLike, aim: ArrayLike, boost: Boost, loft: ArrayLike
) -> tuple[Array, tuple[int, ...], tuple[Array, Array, Boost]]:
    """Lofts, the batch shape, and places and boosts, all in rows."""
    figures = [np.asarray(figure, float) for figure in (*boost, loft)]
    axes = max(np.ndim(launch) - 1, np.ndim(aim) - 1, *(figure.ndim for figure in figures))
    places = [over_batch(place, axes) for place in (launch, aim)]
    shape = np.broadcast_shapes(*(f.shape for f in figures), *(p.shape[1:] for p in places))
    size = int(np.prod(shape))
    here, there = (np.broadcast_to(p, (3, *shape)).reshape(3, size) for p in places)
    burn, high, far, lofts = (np.broadcast_to(f, shape).reshape(size) for f in figures)
    return lofts, shape, (here, there, Boost(burn, high, far))


def _climb(ascent: Ascent) -> Array:
    """Angle [rad] of the inertial velocity at burnout above the plane at right angles to the center line."""
    place, velocity = ascent.burnout, ascent.velocity
    angle: Array = np.arcsin(dot(place, velocity) / (length(place) * length(velocity)))
    return angle


def _replaced(found: Aimed, rows: npt.NDArray[np.intp], other: Aimed) -> Aimed:
    """The same flights with those of some rows put in their place."""
    for whole, part in zip((*found.ascent, *found[1:]), (*other.ascent, *other[1:]), strict=True):
        np.asarray(whole)[..., rows] = np.asarray(part)
    return found


def _arc(
    found: Aimed, here: Array, there: Array, earth: Earth, engine: Engine
) -> tuple[Arc, npt.NDArray[np.intp]]:
    """The flights that were found, as arcs, and which of the rows they are."""
    rows = np.flatnonzero(found.status == AimStatus.SOLVED)
    ascent = Ascent(*(value[..., rows] for value in found.ascent))
    burn, end = ascent.burn_time, found.end_time[rows]
    mu = np.full(rows.shape, earth.mu)
    ellipse = ellipse_through(ascent.burnout, ascent.velocity, mu)
    mean = mean_anomaly(ellipse, ellipse.anomaly)
    impact = kepler_anomaly(mean + ellipse.mean_motion * (end - burn), ellipse.eccentricity)
    perigee_time = burn - mean / ellipse.mean_motion
    anomaly = ellipse.anomaly + 0.5 * (NODES[:, None] + 1.0) * (impact - ellipse.anomaly)
    times = perigee_time + mean_anomaly(ellipse, anomaly) / ellipse.mean_motion
    flown = fly(ascent, times.T, earth=earth, engine=engine)
    finish = to_inertial(there[:, rows], end, earth.rotation)
    normal = np.cross(here[:, rows], there[:, rows], axis=0)
    back = dot(normal, np.cross(ascent.burnout, finish, axis=0)) < 0.0
    turned = back & (dot(ascent.burnout, finish) < 0.0)
    arc = Arc(
        semi_major_axis=ellipse.axis,
        eccentricity=ellipse.eccentricity,
        perigee_direction=ellipse.towards,
        ahead_direction=ellipse.across,
        mean_motion=ellipse.mean_motion,
        perigee_time=perigee_time,
        burnout_anomaly=ellipse.anomaly,
        impact_anomaly=impact,
        burnout_time=burn,
        impact_time=end,
        burnout_speed=length(ascent.velocity),
        burnout_angle=_climb(ascent),
        apogee_altitude=flown.apogee_altitude,
        radius=np.full(rows.shape, earth.equatorial_radius),
        earth_rotation=np.full(rows.shape, earth.rotation),
        mu=mu,
        status=np.where(turned, ArcStatus.PAST_ANTIPODE, ArcStatus.SOLVED).astype(np.int8),
        flattening=np.full(rows.shape, earth.flattening),
        bulge=np.full(rows.shape, earth.bulge),
        deviation=fitted(_departures(ellipse, anomaly, flown, earth)),
    )
    return arc, rows


def _departures(ellipse: Ellipse, anomaly: Array, flown: Flights, earth: Earth) -> Array:
    """What the flown places at some anomalies (m, n) differ by from those on the ellipse, (m, 5, n)."""
    a, e = ellipse.axis, ellipse.eccentricity
    towards, across = a * (np.cos(anomaly) - e), a * np.sqrt(1.0 - e * e) * np.sin(anomaly)
    place = np.moveaxis(flown.positions, -1, 1)  # (3, m, n)
    off = place - ellipse.towards[:, None] * towards - ellipse.across[:, None] * across
    distance = a * (1.0 - e * np.cos(anomaly))
    height = altitude(place, earth) - (distance - earth.equatorial_radius)
    return np.stack([*off, length(place) - distance, height], axis=1)


def _blank(status: npt.NDArray[np.int8], earth: Earth) -> Arc:
    """Arcs without a flight, in rows: the Earth is known, all else is not."""
    size = status.size
    nothing: dict[str, Any] = {name: np.full(size, np.nan) for name in Arc._fields}
    for name in ("perigee_direction", "ahead_direction"):
        nothing[name] = np.full((3, size), np.nan)
    nothing["deviation"] = np.full((TERMS, 5, size), np.nan)
    figures = (("radius", earth.equatorial_radius), ("flattening", earth.flattening), ("bulge", earth.bulge))
    nothing.update({name: np.full(size, value) for name, value in figures})
    return Arc(**nothing | {"status": status})
