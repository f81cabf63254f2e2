"""The curve that a body draws about the Earth's centre when nothing but gravity acts on it.

SI units and radians; positions and velocities are inertial, components on the first axis, (3, ...). Ellipses
between two positions, the way along them with time, and any conic propagated in time.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .constants import EARTH_MU
from .frames import Array, ArrayLike, over_batch

_KEPLER_STEPS = 6
_LAGUERRE_STEPS = 24


class PropagateStatus(IntEnum):
    """Whether the position after the asked time was found."""

    SOLVED = 0
    NOT_CONVERGED = 1


class Moved(NamedTuple):
    """Position [m] and velocity [m/s], shape (3, ...), after a time; status, a PropagateStatus."""

    position: Array
    velocity: Array
    status: npt.NDArray[np.int8]


class Departure(NamedTuple):
    """How a flight leaves: inertial velocity [m/s], shape (3, ...), time of flight [s], exists or not."""

    velocity: Array
    time: Array
    exists: npt.NDArray[np.bool_]


class Ellipse(NamedTuple):
    """An ellipse through a known point: unit vectors (3, ...) to perigee and ahead, that point's anomaly.

    Semi-major axis [m], eccentricity, mean motion [rad/s], eccentric anomaly [rad] from 0 to 2 pi.
    """

    axis: Array
    eccentricity: Array
    towards: Array
    across: Array
    mean_motion: Array
    anomaly: Array


def propagate(position: ArrayLike, velocity: ArrayLike, time: ArrayLike, mu: float = EARTH_MU) -> Moved:
    """Position [m] and velocity [m/s] of a body some time [s] later, or earlier if negative.

    Position and velocity (3, ...), time (...), shapes broadcast. Valid for ellipse, parabola, hyperbola.
    Source: universal Kepler equation with the Laguerre-Conway step, B. A. Conway, Celest. Mech. 39 (1986)
    199-211.
    """
    axes = max(np.ndim(position) - 1, np.ndim(velocity) - 1, np.ndim(time))
    place, speed = over_batch(position, axes), over_batch(velocity, axes)
    place, speed = (np.array(vector) for vector in np.broadcast_arrays(place, speed))
    r = length(place)
    root = np.sqrt(mu)
    flow = dot(place, speed) / root
    alpha = 2.0 / r - dot(speed, speed) / mu
    wanted = root * np.asarray(time, float)
    chi = wanted / np.broadcast_to(r, np.broadcast_shapes(r.shape, wanted.shape))
    chi = np.where(alpha > 0.0, wanted * np.abs(alpha), chi)
    size = np.ones_like(chi)
    for _ in range(_LAGUERRE_STEPS):
        c2, c3 = _stumpff(alpha * chi * chi)
        off = flow * chi**2 * c2 + (1.0 - alpha * r) * chi**3 * c3 + r * chi - wanted
        slope = flow * chi * (1.0 - alpha * chi**2 * c3) + (1.0 - alpha * r) * chi**2 * c2 + r
        bend = flow * (1.0 - alpha * chi**2 * c2) + (1.0 - alpha * r) * chi * (1.0 - alpha * chi**2 * c3)
        under = np.sqrt(np.abs(16.0 * slope**2 - 20.0 * off * bend))
        step = 5.0 * off / (slope + np.where(slope >= 0.0, under, -under))
        chi = chi - step
        size = np.abs(off) / (np.abs(wanted) + r)
        if np.all(size < 1e-15):
            break
    c2, c3 = _stumpff(alpha * chi * chi)
    f = 1.0 - chi**2 * c2 / r
    g = (wanted - chi**3 * c3) / root
    there = f * place + g * speed
    r2 = length(there)
    f_rate = root / (r * r2) * chi * (alpha * chi**2 * c3 - 1.0)
    g_rate = 1.0 - chi**2 * c2 / r2
    status = np.where(size < 1e-12, PropagateStatus.SOLVED, PropagateStatus.NOT_CONVERGED).astype(np.int8)
    return Moved(there, f_rate * place + g_rate * speed, status)


def minimum_energy_arc(start: ArrayLike, end: ArrayLike, mu: ArrayLike = EARTH_MU) -> Departure:
    """Departure velocity [m/s] and time [s] of the least-energy flight between two inertial positions.

    Start and end [m], shape (3, ...), at any distances from the centre; the short way round. `exists` is
    False where the two lie in one line with the centre.
    Source: R. H. Battin, An Introduction to the Mathematics and Methods of Astrodynamics (AIAA, 1999), ch. 6:
    semi-major axis s / 2, s half the perimeter of the triangle of both positions and the centre.
    """
    here, there, m = _pair(start, end, mu)
    r1, r2 = length(here), length(there)
    chord = length(there - here)
    half_sum = 0.5 * (r1 + r2 + chord)
    out, across, span, exists = local_plane(here, there)
    speed = np.sqrt(m * (2.0 / r1 - 2.0 / half_sum))
    # The least-energy velocity halves the angle between the local vertical and the chord.
    safe = np.where(chord > 0.0, chord, 1.0)
    up = 1.0 + (r2 * np.cos(span) - r1) / safe
    along = r2 * np.sin(span) / safe
    size = np.hypot(up, along)
    velocity = speed * (up * out + along * across) / np.where(size > 0.0, size, 1.0)
    beta = 2.0 * np.arcsin(np.sqrt(np.maximum(0.0, 1.0 - chord / half_sum)))
    time = np.sqrt(half_sum**3 / (8.0 * m)) * (np.pi - (beta - np.sin(beta)))
    return Departure(velocity, time, exists)


def given_angle_arc(
    start: ArrayLike, end: ArrayLike, angle: ArrayLike, mu: ArrayLike = EARTH_MU
) -> Departure:
    """Departure velocity [m/s] and time [s] of the flight between two inertial positions at a given angle.

    Start and end [m], shape (3, ...); angle of the velocity above the local horizon [rad]. `exists` is
    False where no ellipse does it.
    Source: A. D. Wheelon, Free flight of a ballistic missile, ARS Journal 29 (1959) 915-926 (hit equation).
    """
    axes = max(np.ndim(start) - 1, np.ndim(end) - 1, np.ndim(angle), np.ndim(mu))
    here, there, m = _pair(over_batch(start, axes), over_batch(end, axes), mu)
    gamma = np.asarray(angle, float)
    r1, r2 = length(here), length(there)
    out, across, span, exists = local_plane(here, there)
    gap = (r1 / r2) * np.cos(gamma) ** 2 - np.cos(gamma) * np.cos(span + gamma)
    exists = exists & (gap > 0.0)
    ratio = (1.0 - np.cos(span)) / np.where(exists, gap, 1.0)
    exists = exists & (ratio < 2.0)
    speed = np.sqrt(np.where(exists, ratio, 1.0) * m / r1)
    velocity = speed * (np.sin(gamma) * out + np.cos(gamma) * across)
    with np.errstate(divide="ignore", invalid="ignore"):
        ellipse = ellipse_through(here, velocity, m)
        mean = mean_anomaly(ellipse, anomaly_after(ellipse, there)) - mean_anomaly(ellipse, ellipse.anomaly)
        return Departure(velocity, np.where(exists, mean / ellipse.mean_motion, np.inf), exists)


def ellipse_through(position: Array, velocity: Array, mu: Array) -> Ellipse:
    """The ellipse of a body at a position [m] with a velocity [m/s], shapes (3, ...), below escape speed."""
    r = length(position)
    axis = 1.0 / (2.0 / r - dot(velocity, velocity) / mu)
    momentum = np.cross(position, velocity, axis=0)
    eccentric = np.cross(velocity, momentum, axis=0) / mu - position / r
    e = length(eccentric)
    towards = eccentric / np.where(e > 0.0, e, 1.0)
    across = np.cross(momentum / length(momentum), towards, axis=0)
    anomaly = np.arctan2(dot(position, velocity) / np.sqrt(mu * axis), 1.0 - r / axis)
    return Ellipse(axis, e, towards, across, np.sqrt(mu / axis**3), np.mod(anomaly, 2.0 * np.pi))


def anomaly_after(ellipse: Ellipse, position: Array) -> Array:
    """Eccentric anomaly [rad] of a position on the ellipse, counted on from its known point."""
    a, e = ellipse.axis, ellipse.eccentricity
    angle = np.arctan2(
        dot(position, ellipse.across) / (a * np.sqrt(1.0 - e * e)), dot(position, ellipse.towards) / a + e
    )
    return ellipse.anomaly + np.mod(angle - ellipse.anomaly, 2.0 * np.pi)


def mean_anomaly(ellipse: Ellipse, anomaly: Array) -> Array:
    """Mean anomaly [rad], which grows evenly with time, for an eccentric anomaly [rad]."""
    mean: Array = anomaly - ellipse.eccentricity * np.sin(anomaly)
    return mean


def kepler_anomaly(mean: ArrayLike, eccentricity: ArrayLike) -> Array:
    """Eccentric anomaly [rad] for a mean anomaly [rad] and an eccentricity below 1; shapes broadcast.

    Good to the last digits for eccentricities up to 0.999.
    Source: J. M. A. Danby, Fundamentals of Celestial Mechanics (1988): starter and quartic step.
    """
    m, e = np.broadcast_arrays(np.asarray(mean, float), np.asarray(eccentricity, float))
    anomaly: Array = m + 0.85 * e * np.sign(np.sin(m))
    for _ in range(_KEPLER_STEPS):
        sine, cosine = e * np.sin(anomaly), e * np.cos(anomaly)
        off, slope = anomaly - sine - m, 1.0 - cosine
        step = -off / slope
        step = -off / (slope + 0.5 * step * sine)
        anomaly = anomaly - off / (slope + 0.5 * step * sine + step * step * cosine / 6.0)
    return anomaly


def local_plane(here: Array, there: Array) -> tuple[Array, Array, Array, npt.NDArray[np.bool_]]:
    """Unit vectors outward and across at `here`, angle [rad] to `there`, and whether they span a plane."""
    r2 = length(there)
    out = here / length(here)
    inner = dot(out, there) / r2
    rest = there / r2 - inner * out
    size = length(rest)
    spans = size > 1e-10
    return out, rest / np.where(spans, size, 1.0), np.arctan2(size, inner), spans


def dot(first: Array, second: Array) -> Array:
    """Inner product over the first axis."""
    product: Array = first[0] * second[0] + first[1] * second[1] + first[2] * second[2]
    return product


def length(vector: Array) -> Array:
    """Length over the first axis."""
    size: Array = np.sqrt(dot(vector, vector))
    return size


def _pair(start: ArrayLike, end: ArrayLike, mu: ArrayLike) -> tuple[Array, Array, Array]:
    axes = max(np.ndim(start) - 1, np.ndim(end) - 1, np.ndim(mu))
    return over_batch(start, axes), over_batch(end, axes), np.asarray(mu, float)


def _stumpff(z: Array) -> tuple[Array, Array]:
    """Functions c2 and c3 of the universal Kepler equation. Source: Bate, Mueller, White (1971), ch. 4."""
    near = np.abs(z) < 0.1
    w = np.sqrt(np.abs(np.where(near, 1.0, z)))
    wide = np.minimum(w, 500.0)
    turning = z > 0.0
    c2 = np.where(turning, 1.0 - np.cos(w), np.cosh(wide) - 1.0) / (w * w)
    c3 = np.where(turning, w - np.sin(w), np.sinh(wide) - wide) / (w * w * w)
    series_2, series_3 = np.ones_like(z), np.ones_like(z)
    for n in range(8, 0, -1):
        series_2 = 1.0 - series_2 * z / ((2 * n + 1) * (2 * n + 2))
        series_3 = 1.0 - series_3 * z / ((2 * n + 2) * (2 * n + 3))
    return np.where(near, 0.5 * series_2, c2), np.where(near, series_3 / 6.0, c3)
