"""Which Earth a flight is flown over: how it pulls, how it turns, where its surface lies.

SI units; positions (3, ...) from the Earth's center, z axis through the north pole. Two Earths are named:
the WGS-84 ellipsoid with its flattening in the pull as well, and the textbooks' sphere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from .constants import (
    EARTH_MU,
    EARTH_RADIUS,
    EARTH_ROTATION,
    WGS84_EQUATORIAL_RADIUS,
    WGS84_FLATTENING,
    WGS84_J2,
)
from .engines import kernels

if TYPE_CHECKING:
    from .frames import Array, ArrayLike


class Earth(NamedTuple):
    """An Earth: mu [m3/s2], turn [rad/s], equatorial radius [m], flattening of the ground, J2 of the pull."""

    mu: float
    rotation: float
    equatorial_radius: float
    flattening: float
    j2: float

    @property
    def polar_radius(self) -> float:
        """Distance [m] of the poles from the center."""
        return self.equatorial_radius * (1.0 - self.flattening)

    @property
    def bulge(self) -> float:
        """3/2 J2 a^2 [m2], which the acceleration is made of."""
        return 1.5 * self.j2 * self.equatorial_radius**2


WGS84: Final = Earth(EARTH_MU, EARTH_ROTATION, WGS84_EQUATORIAL_RADIUS, WGS84_FLATTENING, WGS84_J2)
"""The ellipsoid of WGS-84, which turns, with J2."""

SPHERE: Final = Earth(EARTH_MU, EARTH_ROTATION, EARTH_RADIUS, 0.0, 0.0)
"""The sphere of trajectory.py, which turns; SPHERE._replace(rotation=0.0) is that of the textbooks."""


def gravity(position: ArrayLike, earth: Earth = WGS84) -> Array:
    """Acceleration [m/s2], shape (3, ...), of a body at rest in space at a position [m].

    The pull of the masses alone; the turn of the Earth is not in it. Valid outside the Earth.
    Source: see kernels.pull.
    """
    x, y, z = np.asarray(position, float)
    r, across, polar = kernels.pull(x, y, z, earth.mu, earth.bulge)
    pull: Array = np.stack([across * x, across * y, polar * z]) / r
    return pull


def potential(position: ArrayLike, earth: Earth = WGS84) -> Array:
    """Potential energy of a unit mass [J/kg], shape (...), at a position [m]; 0 far away.

    Along a coast this and half the squared inertial speed add up to a constant.
    Source: the zonal expansion to second degree, -mu/r (1 - J2 (a/r)^2 (3 sin^2(latitude) - 1) / 2).
    """
    x, y, z = np.asarray(position, float)
    square = x * x + y * y + z * z
    zonal = 1.0 - earth.bulge / square * (z * z / square - 1.0 / 3.0)
    value: Array = -earth.mu / np.sqrt(square) * zonal
    return value


def altitude(position: ArrayLike, earth: Earth = WGS84) -> Array:
    """Height [m], shape (...), of a position [m] above the surface, along the line to the Earth's center.

    Source and validity: see kernels.height.
    """
    x, y, z = np.asarray(position, float)
    value: Array = kernels.height(x, y, z, earth.equatorial_radius, earth.polar_radius)
    return value


def surface_below(position: ArrayLike, earth: Earth = WGS84) -> Array:
    """The point of the surface [m], shape (3, ...), on the line from a position to the Earth's center."""
    place = np.asarray(position, float)
    r = np.sqrt((place * place).sum(axis=0))
    below: Array = place * ((r - altitude(place, earth)) / r)
    return below
