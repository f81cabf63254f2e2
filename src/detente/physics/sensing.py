"""What a sensor on the ground can see of a flight: where it stands in the sky, when, and for how long.

SI units and radians; components on the first axis, (3, ...). The ground about a site is the sphere that
touches it there, on the ellipsoid as well; the bending of radar rays enters through an effective radius,
4/3 of the true one near the ground, or through the bending of a ray that leaves the standard atmosphere. Of
power and frequency it knows only the distance that they come to.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .conic import dot, length
from .constants import EARTH_RADIUS
from .frames import Array, ArrayLike, over_batch, plumb_center, to_earth_fixed
from .moments import edge, least
from .trajectory import Arc, ArcStatus, arc_altitude, arc_position, arc_rows, arc_take, arc_time


class SightStatus(IntEnum):
    """Whether the flight is seen between burnout and impact."""

    SEEN = 0
    NEVER_SEEN = 1
    NO_THREAT = 2
    """The threat's own flight has no solution; see its ArcStatus."""


class Look(NamedTuple):
    """Where a target stands in the sky of a site: elevation and azimuth [rad], straight distance [m]."""

    elevation: Array
    azimuth: Array
    distance: Array


class Sight(NamedTuple):
    """First moment [s after threat launch] above the lowest elevation, altitude then [m]; NaN unless SEEN."""

    time: Array
    altitude: Array
    status: npt.NDArray[np.int8]


def horizon_distance(height: ArrayLike, effective_radius: ArrayLike = EARTH_RADIUS) -> Array:
    """Length [m] of the ray from an antenna that touches the ground at the horizon.

    Antenna height above ground and effective Earth radius in m, shapes broadcast.
    Source: tangent to a sphere, sqrt(2 R h + h^2).
    """
    h, r = np.asarray(height, float), np.asarray(effective_radius, float)
    distance: Array = np.sqrt(h * (2.0 * r + h))
    return distance


def slant_range(
    elevation: ArrayLike,
    target_height: ArrayLike,
    sensor_height: ArrayLike = 0.0,
    effective_radius: ArrayLike = EARTH_RADIUS,
) -> Array:
    """Length [m] of the ray at an elevation [rad] from a sensor to a target of a given height.

    Heights and effective Earth radius in m, shapes broadcast; the target is above the sensor.
    Source: law of cosines at the sensor, solved for the side along the ray.
    """
    r = np.asarray(effective_radius, float)
    near, far = r + np.asarray(sensor_height, float), r + np.asarray(target_height, float)
    if not np.all(far > near):
        raise ValueError("the target must be higher than the sensor for a slant range from an elevation")
    up = near * np.sin(np.asarray(elevation, float))
    distance: Array = (far - near) * (far + near) / (up + np.sqrt(up**2 + (far - near) * (far + near)))
    return distance


def elevation(site: ArrayLike, target: ArrayLike, refraction_factor: ArrayLike = 1.0) -> Array:
    """Angle [rad] of a target above the horizon of a site.

    Site and target: Earth-fixed positions [m], shape (3, ...), in one frame at one time; the site's
    distance from the centre is the Earth's radius there. refraction_factor: effective over true Earth
    radius, 4/3 for radar in a standard atmosphere; ground distance and heights are kept. Shapes broadcast.
    """
    axes = max(np.ndim(site) - 1, np.ndim(target) - 1, np.ndim(refraction_factor))
    here, there = over_batch(site, axes), over_batch(target, axes)
    radius, factor = length(here), np.asarray(refraction_factor, float)
    height = length(there) - radius
    up = dot(here, there)
    aside = length(np.cross(here, there, axis=0))
    angle = np.arctan2(aside, up) / factor
    bent = radius * factor
    climb = height - 2.0 * (bent + height) * np.sin(0.5 * angle) ** 2
    return np.asarray(np.arctan2(climb, (bent + height) * np.sin(angle)))


def refraction(elevation: ArrayLike) -> Array:
    """Angle [rad] by which a target in space seems higher than it is, from a place at sea level.

    elevation: the true one [rad], straight line; below -1 degree the value at -1 degree stands. Standard
    atmosphere; a target inside the atmosphere is raised by less.
    Source: Recommendation ITU-R P.834-7 (10/2015), equation 14, at station height zero.
    """
    degrees = np.maximum(np.degrees(np.asarray(elevation, float)), -1.0)
    raised: Array = np.radians(1.0 / (1.728 + 0.5411 * degrees + 0.03723 * degrees**2))
    return raised


def look(site: ArrayLike, target: ArrayLike) -> Look:
    """Elevation, azimuth [rad, clockwise from north, 0 to 2 pi] and distance [m] of a target, straight line.

    Site and target: Earth-fixed positions [m], shape (3, ...), at one time. Shapes broadcast. At a pole the
    azimuth counts from the meridian that the site's longitude names.
    """
    axes = max(np.ndim(site) - 1, np.ndim(target) - 1)
    here, there = over_batch(site, axes), over_batch(target, axes)
    flat = np.hypot(here[0], here[1])
    on_axis = flat == 0.0
    safe = np.where(on_axis, 1.0, flat)
    cosine, sine = np.where(on_axis, 1.0, here[0] / safe), np.where(on_axis, 0.0, here[1] / safe)
    radius = length(here)
    ray = there - here
    outward = cosine * ray[0] + sine * ray[1]
    east = cosine * ray[1] - sine * ray[0]
    north = (flat * ray[2] - here[2] * outward) / radius
    distance = length(ray)
    azimuth = np.mod(np.arctan2(east, north), 2.0 * np.pi)
    return Look(elevation(here, there), azimuth, distance)


def first_sight(
    arc: Arc, site: ArrayLike, lowest_elevation: ArrayLike, refraction_factor: ArrayLike = 1.0
) -> Sight:
    """When [s after threat launch] a flight first stands above a lowest elevation, from burnout on.

    arc: the threats' flights. site: Earth-fixed position [m], shape (3, ...). lowest_elevation [rad];
    refraction_factor as in elevation. Batch shapes broadcast. Any azimuth; the boost itself is not looked at.
    """
    place = np.asarray(site, float)
    lowest, factor = np.asarray(lowest_elevation, float), np.asarray(refraction_factor, float)
    axes = max(arc.status.ndim, place.ndim - 1, lowest.ndim, factor.ndim)
    place = over_batch(place, axes)
    shape = np.broadcast_shapes(arc.status.shape, place.shape[1:], lowest.shape, factor.shape)
    flat = arc_rows(arc, shape)
    solved = flat.status == ArcStatus.SOLVED
    here = np.broadcast_to(place, (3, *shape)).reshape(3, -1)
    center = plumb_center(here, flat.flattening)
    low_limit, bend = (np.broadcast_to(v, shape).ravel() for v in (lowest, factor))
    start, end = (np.where(solved, v, 3.0) for v in (flat.burnout_anomaly, flat.impact_anomaly))

    def height(rows: npt.NDArray[np.intp], moments: Array) -> Array:
        part = arc_take(flat, rows)
        fixed = to_earth_fixed(
            arc_position(part, moments), arc_time(part, moments), part.earth_rotation[:, None]
        )
        middle = center[:, rows, None]
        seen = elevation(here[:, rows, None] - middle, fixed - middle, bend[rows, None])
        return np.where(solved[rows, None], seen - low_limit[rows, None], -1.0)

    everyone = np.arange(solved.size)
    best, under = least(lambda rows, moments: -height(rows, moments), start, end)
    seen = solved & (under <= 0.0)
    first = edge(lambda moments: height(everyone, moments) >= 0.0, best, np.where(seen, start, best))
    status = np.where(seen, SightStatus.SEEN, SightStatus.NEVER_SEEN).astype(np.int8)
    status[~solved] = SightStatus.NO_THREAT
    time, altitude = arc_time(flat, first[:, None])[:, 0], arc_altitude(flat, first[:, None])[:, 0]
    return Sight(
        np.where(seen, time, np.nan).reshape(shape),
        np.where(seen, altitude, np.nan).reshape(shape),
        status.reshape(shape),
    )
