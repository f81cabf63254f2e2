"""Which threats an interceptor of a given speed surely cannot meet, and which it surely can: a quick look.

SI units and radians; components on the first axis, (3, ...). Conventions as in intercept.py. Between a few
moments of a flight, bounds on where threat and site can be exclude a meeting; at those moments themselves a
meeting is tried. What is left open is for required_speed, so that the answer stays the same and comes sooner.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from .conic import dot, kepler_anomaly, length
from .deviation import passages
from .frames import Array, ArrayLike, over_batch, to_earth_fixed
from .lambert import flight_time
from .meeting import straightened
from .trajectory import Arc, ArcStatus, arc_position, arc_rows, arc_take, arc_time

if TYPE_CHECKING:
    from collections.abc import Callable

_MOMENTS = 17
_BLOCK = 1_024  # engagements at once, so that the arrays stay in the processor's own memory
_TRIES = 4
SLACK = 1.0
"""How clear of a speed [m/s] a quick answer stays: twice what required_speed may miss."""


class Nearness(IntEnum):
    """What the quick look says."""

    OUT_OF_REACH = -1
    """The least speed that meets this threat is higher by more than SLACK, or none does."""
    OPEN = 0
    WITHIN_REACH = 1
    """The least speed that meets this threat is lower by more than SLACK."""


class _Cases(NamedTuple):
    """Engagements in rows: every array (n,), the site (3, n)."""

    site: Array
    speed: Array
    launch: Array
    burn: Array
    cap: Array
    low: Array
    high: Array


class _Meetings(NamedTuple):
    """Threats at some moments: place over the ground (3, n, moments); time and distance (n, moments)."""

    place: Array
    time: Array
    distance: Array


def nearness(
    arc: Arc,
    site: ArrayLike,
    speed: ArrayLike,
    delay: ArrayLike,
    burn_time: ArrayLike,
    lowest_altitude: ArrayLike,
    flight_cap: ArrayLike,
) -> npt.NDArray[np.int8]:
    """Whether an interceptor of a speed [m/s] meets the threat, as a Nearness, where that is plain to see.

    All arguments as in required_speed and intercept_windows; batch shapes broadcast. A threat without a
    flight of its own is out of reach. Source: bounds from Lagrange's time of flight, which at a given energy
    grows with the perimeter of the triangle and falls with the part of it that the chord leaves over.
    """
    figures = (speed, delay, burn_time, lowest_altitude, flight_cap)
    return _in_blocks(arc, site, figures, _look)


def out_of_reach(
    arc: Arc,
    site: ArrayLike,
    speed: ArrayLike,
    delay: ArrayLike,
    burn_time: ArrayLike,
    lowest_altitude: ArrayLike,
    flight_cap: ArrayLike,
) -> npt.NDArray[np.bool_]:
    """Whether nearness would say OUT_OF_REACH; sooner, for it does not try to meet what is near."""
    figures = (speed, delay, burn_time, lowest_altitude, flight_cap)
    return np.asarray(_in_blocks(arc, site, figures, _exclude) == Nearness.OUT_OF_REACH)


def _in_blocks(
    arc: Arc,
    site: ArrayLike,
    given: tuple[ArrayLike, ...],
    look: Callable[[Arc, _Cases], npt.NDArray[np.int8]],
) -> npt.NDArray[np.int8]:
    """A look at every engagement of a batch, block by block."""
    figures = [np.asarray(figure, float) for figure in given]
    place = np.asarray(site, float)
    axes = max(arc.status.ndim, place.ndim - 1, *(figure.ndim for figure in figures))
    place = over_batch(place, axes)
    shape = np.broadcast_shapes(arc.status.shape, place.shape[1:], *(figure.shape for figure in figures))
    flat = arc_rows(arc, shape)
    fast, late, burn, lowest, cap = (np.broadcast_to(figure, shape).ravel() for figure in figures)
    here = np.broadcast_to(place, (3, *shape)).reshape(3, -1)
    found = np.full(flat.status.shape, Nearness.OUT_OF_REACH, np.int8)
    flying = np.flatnonzero((flat.status == ArcStatus.SOLVED) & (burn <= cap))
    for first in range(0, flying.size, _BLOCK):
        rows = flying[first : first + _BLOCK]
        part = arc_take(flat, rows)
        launch = part.burnout_time + late[rows]
        low, high = _window(part, lowest[rows], launch + burn[rows])
        cases = _Cases(here[:, rows], fast[rows], launch, burn[rows], cap[rows], low, high)
        timely = np.flatnonzero(low <= high)
        if timely.size:
            found[rows[timely]] = look(arc_take(part, timely), _take(cases, timely))
    return found.reshape(shape)


def _window(arc: Arc, lowest: Array, earliest: Array) -> tuple[Array, Array]:
    """Eccentric anomalies between which a meeting may lie; crossed if never."""
    ellipse = (arc.semi_major_axis, arc.eccentricity, arc.radius)
    rise, fall = passages(ellipse, (arc.burnout_anomaly, arc.impact_anomaly), arc.deviation[:, 4], lowest)
    burnt = kepler_anomaly(arc.mean_motion * (earliest - arc.perigee_time), arc.eccentricity)
    low = np.maximum(np.maximum(rise, arc.burnout_anomaly), burnt)
    return low, np.minimum(fall, arc.impact_anomaly)


def _exclude(arc: Arc, cases: _Cases) -> npt.NDArray[np.int8]:
    maybe = _may_meet(arc, cases, *_meetings(arc, cases))
    return np.where(maybe, Nearness.OPEN, Nearness.OUT_OF_REACH).astype(np.int8)


def _look(arc: Arc, cases: _Cases) -> npt.NDArray[np.int8]:
    at, anomaly = _meetings(arc, cases)
    maybe = _may_meet(arc, cases, at, anomaly)
    found = np.where(maybe, Nearness.OPEN, Nearness.OUT_OF_REACH).astype(np.int8)
    near = np.flatnonzero(maybe)
    if near.size:
        at = _Meetings(at.place[:, near], at.time[near], at.distance[near])
        met = _do_meet(arc_take(arc, near), _take(cases, near), at)
        found[near[met]] = Nearness.WITHIN_REACH
    return found


def _meetings(arc: Arc, cases: _Cases) -> tuple[_Meetings, Array]:
    """Threats at moments spread evenly over the anomalies of each window, and these anomalies."""
    anomaly = cases.low[:, None] + (cases.high - cases.low)[:, None] * np.linspace(0.0, 1.0, _MOMENTS)
    time = arc_time(arc, anomaly)
    inertial = arc_position(arc, anomaly)
    place = to_earth_fixed(inertial, time, arc.earth_rotation[:, None])
    return _Meetings(place, time, length(inertial)), anomaly


def _may_meet(arc: Arc, cases: _Cases, at: _Meetings, anomaly: Array) -> npt.NDArray[np.bool_]:
    """Which engagements no stretch between two moments excludes one by one, at SLACK above the speed."""
    mu, rate = arc.mu[:, None], arc.earth_rotation[:, None]
    radius = length(cases.site)[:, None]
    begin, end = at.place[..., :-1], at.place[..., 1:]
    near = np.minimum(at.distance[:, :-1], at.distance[:, 1:])
    far = np.maximum(at.distance[:, :-1], at.distance[:, 1:])
    top = (anomaly[:, :-1] < np.pi) & (anomaly[:, 1:] > np.pi)
    highest = arc.semi_major_axis * (1.0 + arc.eccentricity) + np.abs(arc.deviation[:, 3]).sum(axis=0)
    far = np.where(top, highest[:, None], far)
    longest = np.minimum(at.time[:, 1:] - cases.launch[:, None], cases.cap[:, None])
    longest = longest - 0.5 * cases.burn[:, None]
    shortest = 0.5 * cases.burn[:, None]
    # The site turns under the interceptor's flight: taken half way, with the rest as doubt.
    turn = -rate * 0.5 * (longest + shortest)
    x, y, z = cases.site[:, :, None]
    here = np.stack(
        np.broadcast_arrays(x * np.cos(turn) - y * np.sin(turn), x * np.sin(turn) + y * np.cos(turn), z)
    )
    swing = rate * np.hypot(x, y) * 0.5 * np.maximum(longest - shortest, 0.0)
    # Between two moments the threat keeps to the straight line but for its acceleration over the ground.
    # The bulge adds at most its own pull and potential to those of the ellipse.
    bulge = arc.bulge[:, None]
    quick = np.sqrt(mu * (2.0 / near + 2.0 * bulge / near**3 - 1.0 / arc.semi_major_axis[:, None]))
    quick = quick + rate * far
    pull = mu / near**2 * (1.0 + 2.0 * bulge / near**2) + 2.0 * rate * quick + rate**2 * far
    sag = pull * np.diff(at.time, axis=1) ** 2 / 8.0
    along = end - begin
    share = np.clip(dot(here - begin, along) / np.maximum(dot(along, along), 1.0), 0.0, 1.0)
    chord = length(begin + share * along - here) - sag - swing
    # An unbent flight aims beside the threat, no farther than the bulge can bend it.
    beside = np.where(longest > 0.0, longest, 0.0) ** 2 * mu * bulge / radius**4
    near, far = near - beside, far + beside
    chord = np.maximum(chord - beside, np.maximum(near - radius, 0.0))
    perimeter = 0.5 * (radius + near + chord)
    left = 0.5 * (radius + far - chord)
    fast = (cases.speed[:, None] + SLACK) ** 2
    square = 1.0 - perimeter * (1.0 / radius - 0.5 * fast / mu)
    lam = np.sqrt(np.clip(left / perimeter, 0.0, 1.0 - 1e-9))
    least = flight_time(np.sqrt(np.maximum(square, 0.0)), lam) * np.sqrt(perimeter**3 / (2.0 * mu))
    least = np.where(left < perimeter, least, 0.0)
    excluded = (longest < shortest) | (square < 0.0) | (least > longest)
    return np.asarray(~np.all(excluded, axis=1))


def _do_meet(arc: Arc, cases: _Cases, at: _Meetings) -> npt.NDArray[np.bool_]:
    """Which engagements have a flight to one of the moments, at SLACK below the speed."""
    mu, rate = arc.mu[:, None], arc.earth_rotation[:, None]
    radius = length(cases.site)[:, None]
    x, y, z = cases.site[:, :, None]
    slower = (cases.speed[:, None] - SLACK) ** 2
    shortest = 0.5 * cases.burn[:, None]
    longest = np.minimum(at.time - cases.launch[:, None], cases.cap[:, None]) - shortest
    flight = np.zeros_like(at.time) + shortest
    met = np.zeros(at.time.shape, np.bool_)
    for turn in range(_TRIES):
        angle = -rate * flight
        cosine, sine = np.cos(angle), np.sin(angle)
        product = at.place[0] * (x * cosine - y * sine) + at.place[1] * (x * sine + y * cosine)
        product = product + at.place[2] * z
        ends = ((radius, z), (at.distance, at.place[2]))
        product, distance = straightened((mu, arc.bulge[:, None]), flight, ends, product)
        square = radius**2 + distance**2 - 2.0 * product
        chord = np.sqrt(np.maximum(square, 1.0))
        perimeter = 0.5 * (radius + distance + chord)
        unit = np.sqrt(perimeter**3 / (2.0 * mu))
        lam = np.sqrt(np.clip(1.0 - chord / perimeter, 0.0, 1.0 - 1e-9))
        energy = 1.0 - perimeter * (1.0 / radius - 0.5 * slower / mu)
        fastest = np.minimum(np.sqrt(np.maximum(energy, 0.0)), _steepest(radius, distance, chord, lam))
        direct = flight_time(fastest, lam) * unit
        if turn == _TRIES - 1:
            lofted = flight_time(np.maximum(-np.sqrt(np.maximum(energy, 0.0)), -1.0 + 1e-9), lam) * unit
            met = (energy > 0.0) & (direct <= flight) & (flight <= lofted) & (flight <= longest)
        flight = np.maximum(direct * (1.0 + 1e-3), shortest)
    return np.asarray(np.any(met, axis=1))


def _steepest(radius: Array, distance: Array, chord: Array, lam: Array) -> Array:
    """The x of a flight that leaves along the horizon; a faster one would go through the ground."""
    lean = (radius - distance) / chord
    above = lam**2 * (1.0 - lean) ** 2
    room = (1.0 + lean) ** 2 - lam**2 * above
    return np.where(room > 0.0, np.sqrt(above * (1.0 - lam**2) / np.where(room > 0.0, room, 1.0)), np.inf)


def _take(cases: _Cases, rows: npt.NDArray[np.intp]) -> _Cases:
    return _Cases(cases.site[:, rows], *(field[rows] for field in cases[1:]))
