"""A powered ascent by what is published of it: how long, how high, how far, how fast.

SI units and radians; components on the first axis, (3, ...); inertial positions in the frame that coincides
with the Earth-fixed one at launch. Between launch, at rest on the turning ground, and burnout the net
acceleration is taken to change evenly with time: the one such path that ends at the stated place with the
stated velocity, a cubic in time. It says where the missile is meanwhile, and nothing about what drives it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from .conic import dot, length
from .frames import Array, ArrayLike, over_batch, to_inertial
from .gravity import WGS84, Earth, altitude, surface_below

if TYPE_CHECKING:
    from .trajectory import Boost


class Ascent(NamedTuple):
    """Launch and burnout, inertial: positions [m] and velocities [m/s], (3, ...), burn time [s], (...)."""

    launch: Array
    launch_velocity: Array
    burn_time: Array
    burnout: Array
    velocity: Array


def ascend(
    launch: ArrayLike,
    azimuth: ArrayLike,
    boost: Boost,
    speed: ArrayLike,
    angle: ArrayLike,
    earth: Earth = WGS84,
) -> Ascent:
    """The ascent [inertial, SI] that leaves a place in a direction and ends with a stated speed.

    Launch: Earth-fixed position [m], (3, ...), on the surface; azimuth clockwise from north [rad]; speed at
    burnout [m/s] inertial, in the plane of launch, burnout and the Earth's center; its angle [rad] above the
    plane at right angles to the line to the center. All shapes broadcast. Valid away from the poles.
    """
    figures = [np.asarray(figure, float) for figure in (azimuth, speed, angle, *boost)]
    here = over_batch(launch, max(figure.ndim for figure in figures))
    heading, pace, climb = figures[:3]
    east = np.stack([-here[1], here[0], np.zeros_like(here[0])]) / np.hypot(here[0], here[1])
    north = np.cross(here / length(here), east, axis=0)
    ahead = np.cos(heading) * north + np.sin(heading) * east
    end = burnout_place(here, ahead, boost, earth)
    burn = np.asarray(boost.burn_time, float)
    up = end / length(end)
    onward = np.cross(np.cross(here / length(here), ahead, axis=0), up, axis=0)
    velocity = to_inertial(pace * (np.sin(climb) * up + np.cos(climb) * onward), burn, earth.rotation)
    return ascend_with(here, end, burn, velocity, earth)


def ascend_with(
    launch: ArrayLike, end: ArrayLike, burn_time: ArrayLike, velocity: ArrayLike, earth: Earth = WGS84
) -> Ascent:
    """The ascent from an Earth-fixed launch place to an Earth-fixed burnout place [m], both (3, ...).

    Burn time [s]; inertial velocity [m/s] at burnout, (3, ...). Shapes broadcast.
    """
    axes = max(np.ndim(launch) - 1, np.ndim(end) - 1, np.ndim(burn_time), np.ndim(velocity) - 1)
    here, there, speed = (over_batch(vector, axes) for vector in (launch, end, velocity))
    burnout = to_inertial(there, burn_time, earth.rotation)
    still = np.stack([-here[1], here[0], np.zeros_like(here[0])]) * earth.rotation
    shape = np.broadcast_shapes(here.shape[1:], burnout.shape[1:], speed.shape[1:])
    whole = [np.broadcast_to(vector, (3, *shape)) for vector in (here, still, burnout, speed)]
    return Ascent(whole[0], whole[1], np.broadcast_to(np.asarray(burn_time, float), shape), *whole[2:])


def burnout_place(launch: ArrayLike, ahead: ArrayLike, boost: Boost, earth: Earth = WGS84) -> Array:
    """Earth-fixed position [m], (3, ...), of burnout, from a launch place and the unit vector ahead.

    The line from the Earth's center to launch is turned toward `ahead`, a direction at right angles to it,
    by the ground distance over the distance of the launch place from the center; burnout lies on it at the
    stated altitude above the surface. On the ellipsoid the ground distance so laid off is within 0.5 %.
    """
    height, ground = np.asarray(boost.burnout_altitude, float), np.asarray(boost.burnout_distance, float)
    axes = max(np.ndim(launch) - 1, np.ndim(ahead) - 1, height.ndim, ground.ndim)
    here, forward = over_batch(launch, axes), over_batch(ahead, axes)
    r = length(here)
    line = np.cos(ground / r) * (here / r) + np.sin(ground / r) * forward
    place: Array = surface_below(line * r, earth) + height * line
    return place


def boost_fits(ascent: Ascent, earth: Earth = WGS84) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Whether the figures of each boost go together: the path to burnout, shape (...), leaves the ground.

    A burnout that is low for its time and its climbing speed would have the path begin downward. True for a
    burn of no length.
    """
    burn = ascent.burn_time
    flat = np.array([1.0, 1.0, 1.0 / (1.0 - earth.flattening) ** 2])
    normal = ascent.launch * over_batch(flat, burn.ndim)  # the plumb line, any length
    gap = ascent.burnout - ascent.launch
    # Half the net acceleration at launch times the square of the burn time, seen from the turning ground.
    begun = 3.0 * gap - burn * (2.0 * ascent.launch_velocity + ascent.velocity)
    spin = np.stack([ascent.launch[0], ascent.launch[1], np.zeros_like(burn)]) * earth.rotation**2
    climbs = dot(begun + 0.5 * burn**2 * spin, normal) >= 0.0
    return np.asarray(climbs & (altitude(ascent.burnout, earth) >= 0.0) | (burn == 0.0))
