"""Textbook flights of a missile without drag, over an Earth that is round and does not turn.

From the surface back to the surface, engines off: what a published range, apogee or flight time implies.
SI units and radians; every argument may be a batch, shapes broadcast.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from .constants import EARTH_MU, EARTH_RADIUS

if TYPE_CHECKING:
    from .frames import Array, ArrayLike


class FlightStatus(IntEnum):
    """Whether a flight with the asked figures exists."""

    SOLVED = 0
    NO_ELLIPSE = 1
    """At that angle the range needs escape speed or more, or cannot be had at any speed."""


class FreeFlight(NamedTuple):
    """A free flight from surface to surface; arrays of one shape.

    `range` on the ground [m], `speed` at the surface [m/s], `angle` above the local horizon there [rad],
    `apogee` above the surface [m], `time` of flight [s], `status` a FlightStatus; where that is not
    SOLVED, speed, apogee and time are infinite.
    """

    range: Array
    speed: Array
    angle: Array
    apogee: Array
    time: Array
    status: npt.NDArray[np.int8]


def minimum_energy_flight(
    range_m: ArrayLike, radius: ArrayLike = EARTH_RADIUS, mu: ArrayLike = EARTH_MU
) -> FreeFlight:
    """The flight [m, m/s, rad, m, s] that covers a ground range with the least speed.

    Range and Earth radius in m, mu in m3/s2. Valid for 0 < range < half the circumference.
    Source: R. R. Bate, D. D. Mueller, J. E. White, Fundamentals of Astrodynamics (Dover, 1971), chapter 6.
    """
    half = _half_angle(range_m, radius)
    sine = np.sin(half)
    return _flight(2.0 * half, 2.0 * sine / (1.0 + sine), 0.25 * np.pi - 0.5 * half, radius, mu)


def given_angle_flight(
    range_m: ArrayLike, angle: ArrayLike, radius: ArrayLike = EARTH_RADIUS, mu: ArrayLike = EARTH_MU
) -> FreeFlight:
    """The flight [m, m/s, rad, m, s] that covers a ground range when it leaves at a given angle.

    Range and radius in m, angle above the horizon in rad between 0 and pi/2, mu in m3/s2. A row whose
    range would need escape speed gets the status NO_ELLIPSE.
    Source: Bate, Mueller, White (1971), chapter 6, the free-flight range equation solved for Q.
    """
    half, gamma = _half_angle(range_m, radius), np.asarray(angle, float)
    if not np.all((gamma > 0.0) & (gamma < 0.5 * np.pi)):
        raise ValueError(f"a flight leaves between 0 and 90 degrees above the horizon; got {gamma} rad")
    reach = np.cos(gamma) * np.sin(gamma + half)
    with np.errstate(divide="ignore"):
        ratio = np.where(reach > 0.0, np.sin(half) / np.where(reach > 0.0, reach, 1.0), np.inf)
    return _flight(2.0 * half, ratio, gamma, radius, mu)


def lofted_flight(
    apogee: ArrayLike, range_m: ArrayLike, radius: ArrayLike = EARTH_RADIUS, mu: ArrayLike = EARTH_MU
) -> FreeFlight:
    """The one flight [m, m/s, rad, m, s] with a given apogee and ground range.

    Apogee above the surface, range and radius in m, mu in m3/s2. Its time is what a published flight time
    must exceed, as ascent under power adds to it; its speed is the surface-equivalent speed of a test.
    Valid for apogee > 0 and 0 < range < half the circumference.
    Source: polar equation of an ellipse through apogee and surface, e = (r_a - R) / (r_a - R cos(psi/2)).
    """
    half, r = _half_angle(range_m, radius), np.asarray(radius, float)
    top = r + np.asarray(apogee, float)
    if not np.all(top > r):
        raise ValueError(f"an apogee lies above the surface; got {np.asarray(apogee)} m")
    # e and 1 - e without taking near-equal numbers from one another, which short flights would not survive.
    sagitta = 2.0 * r * np.sin(0.5 * half) ** 2
    roundness = sagitta / (np.asarray(apogee, float) + sagitta)
    ratio = (2.0 * np.asarray(apogee, float) + r * roundness) / top
    cosine = np.sqrt(top * roundness / (r * ratio))  # from the angular momentum
    return _flight(2.0 * half, ratio, np.arccos(np.minimum(cosine, 1.0)), radius, mu)


def free_flight_from_burnout(speed_ratio: ArrayLike, angle: ArrayLike) -> Array:
    """The angle at the Earth's centre [rad] between burnout and the return to burnout height.

    Speed ratio Q = r v^2 / mu (dimensionless, 0 < Q < 2) and flight-path angle [rad] at burnout, shapes
    broadcast. Times the radius of the burnout point it is the free-flight part of the range.
    Source: Bate, Mueller, White (1971), section 6.2, the free-flight range equation.
    """
    ratio, gamma = np.asarray(speed_ratio, float), np.asarray(angle, float)
    if not np.all((ratio > 0.0) & (ratio < 2.0)):
        raise ValueError(f"Q = r v^2 / mu lies between 0 and 2 on an ellipse; got {ratio}")
    flat = ratio * np.cos(gamma) ** 2
    span: Array = 2.0 * np.arctan2(ratio * np.sin(gamma) * np.cos(gamma), 1.0 - flat)
    return span


def _half_angle(range_m: ArrayLike, radius: ArrayLike) -> Array:
    """Half the angle [rad] that a ground range spans at the Earth's centre."""
    r = np.asarray(radius, float)
    half: Array = np.asarray(np.asarray(range_m, float) / (2.0 * r))
    if not np.all((half > 0.0) & (half < 0.5 * np.pi)):
        raise ValueError(
            f"a ground range lies between 0 and half the Earth's circumference; got "
            f"{np.asarray(range_m)} m on a radius of {r} m"
        )
    return half


def _flight(span: Array, ratio: Array, angle: Array, radius: ArrayLike, mu: ArrayLike) -> FreeFlight:
    """The whole flight from the angle it spans, its speed ratio Q and its angle at the surface."""
    figures: tuple[Array, ...] = (span, ratio, angle, np.asarray(radius, float), np.asarray(mu, float))
    psi, q, gamma, r, m = np.broadcast_arrays(*figures)
    bound = q < 2.0
    q_safe = np.where(bound, q, 1.0)
    axis = r / (2.0 - q_safe)
    eccentricity = np.sqrt(np.maximum(0.0, 1.0 + q_safe * (q_safe - 2.0) * np.cos(gamma) ** 2))
    # e sin E = r v sin(gamma) / sqrt(mu a) and e cos E = 1 - r / a where the flight starts.
    sine = np.sqrt(q_safe * r / axis) * np.sin(gamma)
    anomaly = np.arctan2(sine, 1.0 - r / axis)
    time = 2.0 * (np.pi - anomaly + sine) * np.sqrt(axis**3 / m)
    return FreeFlight(
        range=psi * r,
        speed=np.where(bound, np.sqrt(q_safe * m / r), np.inf),
        angle=np.array(gamma),
        apogee=np.where(bound, axis * (1.0 + eccentricity) - r, np.inf),
        time=np.where(bound, time, np.inf),
        status=np.where(bound, FlightStatus.SOLVED, FlightStatus.NO_ELLIPSE).astype(np.int8),
    )
