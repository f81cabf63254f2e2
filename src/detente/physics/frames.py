"""Places on the Earth as positions in space, and the turn of the Earth under a flight.

Angles in radians, lengths in m, times in s; components on the first axis, (3, ...). The inertial frame
stands still against the stars and coincides with the Earth-fixed one at t = 0, the launch of the threat.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from .constants import EARTH_RADIUS, EARTH_ROTATION, WGS84_EQUATORIAL_RADIUS, WGS84_FLATTENING

Array: TypeAlias = npt.NDArray[np.float64]
ArrayLike: TypeAlias = npt.ArrayLike


def spherical_place(latitude: ArrayLike, longitude: ArrayLike, radius: ArrayLike = EARTH_RADIUS) -> Array:
    """Earth-fixed position [m], shape (3, ...), of a place on a sphere.

    Latitude and longitude [rad] and distance from the Earth's centre [m], shapes broadcast.
    The x axis leaves through 0N 0E, the z axis through the north pole.
    """
    lat, lon, r = np.broadcast_arrays(
        np.asarray(latitude, float), np.asarray(longitude, float), np.asarray(radius, float)
    )
    flat = r * np.cos(lat)
    return np.stack([flat * np.cos(lon), flat * np.sin(lon), r * np.sin(lat)])


def geodetic_place(latitude: ArrayLike, longitude: ArrayLike, height: ArrayLike = 0.0) -> Array:
    """Earth-fixed position [m], shape (3, ...), of a place on the WGS-84 ellipsoid.

    Geodetic latitude and longitude [rad], height above the ellipsoid [m], shapes broadcast.
    Source: NIMA TR8350.2, third edition (closed form).
    """
    lat, lon, h = np.broadcast_arrays(
        np.asarray(latitude, float), np.asarray(longitude, float), np.asarray(height, float)
    )
    square = WGS84_FLATTENING * (2.0 - WGS84_FLATTENING)
    normal = WGS84_EQUATORIAL_RADIUS / np.sqrt(1.0 - square * np.sin(lat) ** 2)
    flat = (normal + h) * np.cos(lat)
    up = (normal * (1.0 - square) + h) * np.sin(lat)
    return np.stack([flat * np.cos(lon), flat * np.sin(lon), up])


def ground_place(latitude: ArrayLike, longitude: ArrayLike, ellipsoid: ArrayLike) -> Array:
    """Earth-fixed position [m], shape (3, ...), of a place on the ground: ellipsoid where true, else sphere.

    Latitude and longitude [rad], geodetic on the ellipsoid; shapes broadcast. See gravity.WGS84 and SPHERE.
    """
    lat, lon, oblate = np.broadcast_arrays(
        np.asarray(latitude, float), np.asarray(longitude, float), np.asarray(ellipsoid, bool)
    )
    return np.where(oblate, geodetic_place(lat, lon), spherical_place(lat, lon))


def geodetic_latitude_longitude(position: ArrayLike) -> tuple[Array, Array]:
    """Geodetic latitude and longitude [rad] under an Earth-fixed position [m], shape (3, ...).

    The place of the WGS-84 ellipsoid whose plumb line goes through the position; within 1e-9 rad from
    the ground to 10,000 km. Source: B. R. Bowring, Survey Review 23 (1976) 323-327.
    """
    x, y, z = np.asarray(position, float)
    wide = np.hypot(x, y)
    a, b = WGS84_EQUATORIAL_RADIUS, WGS84_EQUATORIAL_RADIUS * (1.0 - WGS84_FLATTENING)
    square, other = 1.0 - (b / a) ** 2, (a / b) ** 2 - 1.0
    tangent = np.arctan2(a * z, b * wide)
    for _ in range(2):  # the reduced latitude once more, for places far above the ground
        latitude = np.arctan2(z + other * b * np.sin(tangent) ** 3, wide - square * a * np.cos(tangent) ** 3)
        tangent = np.arctan2(b * np.sin(latitude), a * np.cos(latitude))
    return latitude, np.arctan2(y, x)


def plumb_center(site: ArrayLike, flattening: ArrayLike) -> Array:
    """Where a plumb line at a site on the ground is as long as the Earth's radius there: (3, ...), [m].

    A sphere about that point touches the ellipsoid at the site, so that elevations and azimuths over the
    ground there are those over this sphere. The Earth's centre itself, to the last bit, without flattening.
    """
    flat = np.asarray(flattening, float)
    here = over_batch(site, flat.ndim)
    normal = np.stack(np.broadcast_arrays(here[0], here[1], here[2] / (1.0 - flat) ** 2))
    size = np.sqrt((here * here).sum(axis=0) / (normal * normal).sum(axis=0))
    center: Array = np.where(flat == 0.0, 0.0, here - normal * size)
    return center


def latitude_longitude(position: ArrayLike) -> tuple[Array, Array]:
    """Spherical latitude and longitude [rad] under an Earth-fixed position, shape (3, ...).

    Longitude runs from -pi to pi. Meaningless at the Earth's centre.
    """
    x, y, z = np.asarray(position, float)
    return np.arctan2(z, np.hypot(x, y)), np.arctan2(y, x)


def to_inertial(position: ArrayLike, time: ArrayLike, earth_rotation: ArrayLike = EARTH_ROTATION) -> Array:
    """Inertial position, shape (3, ...), of an Earth-fixed position at a time [s] after threat launch.

    Position (3, ...), time and rotation rate [rad/s] broadcast against the axes behind the first.
    """
    turn = np.multiply(time, earth_rotation)
    return _turned(position, np.cos(turn), np.sin(turn))


def to_earth_fixed(position: ArrayLike, time: ArrayLike, earth_rotation: ArrayLike = EARTH_ROTATION) -> Array:
    """Earth-fixed position, shape (3, ...), of an inertial position at a time [s] after threat launch."""
    turn = np.multiply(time, earth_rotation)
    return _turned(position, np.cos(turn), -np.sin(turn))


def over_batch(vector: ArrayLike, axes: int) -> Array:
    """The vector (3, ...) with unit axes put behind the first, so that it meets a batch of that many axes.

    A vector that already has as many axes, or more, comes back as it is.
    """
    array = np.asarray(vector, float)
    if array.ndim == 0 or array.shape[0] != 3:
        raise ValueError(
            f"a position needs its three components on the first axis, shape (3, ...); got shape "
            f"{array.shape}. Make one with spherical_place(latitude, longitude)."
        )
    missing = axes - (array.ndim - 1)
    return array if missing <= 0 else array.reshape((3,) + (1,) * missing + array.shape[1:])


def _turned(position: ArrayLike, cosine: Array, sine: Array) -> Array:
    x, y, z = over_batch(position, np.ndim(cosine))
    return np.stack(np.broadcast_arrays(x * cosine - y * sine, x * sine + y * cosine, z))
