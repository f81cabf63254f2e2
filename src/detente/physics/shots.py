"""When an interceptor can meet a missile, window by window; how many shots fit; which ones chase it.

SI units and radians; components on the first axis, (3, ...). Conventions as in intercept.py, whose first
window and least speed these agree with. Times count from threat launch, delays from threat burnout.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from .conic import dot, kepler_anomaly, length
from .frames import Array, ArrayLike, over_batch, to_inertial
from .lambert import LambertStatus, lambert
from .meeting import (
    Cases,
    EngagementStatus,
    cases_of,
    cheapest,
    energy_at,
    full_speed_flight,
    in_time,
    least_speed_flight,
    low_enough,
    pick,
    status_of,
    take,
    threat_at,
    when,
)
from .moments import spans
from .trajectory import arc_position, arc_rows

if TYPE_CHECKING:
    from .trajectory import Arc

WINDOWS: Final = 4
"""Room for the windows of one engagement."""


class Fan(NamedTuple):
    """What an interceptor can do: speed at the surface [m/s], inertial, burn time [s], altitudes [m] between
    which it can meet a threat, longest time from launch to intercept [s].

    Arrays that broadcast; the highest altitude may be infinite.
    """

    speed: ArrayLike
    burn_time: ArrayLike
    lowest_altitude: ArrayLike
    flight_cap: ArrayLike
    highest_altitude: ArrayLike = np.inf

    @property
    def limits(self) -> tuple[ArrayLike, ArrayLike, ArrayLike, ArrayLike]:
        """All but the speed."""
        return self.burn_time, self.lowest_altitude, self.flight_cap, self.highest_altitude


class EveryWindow(NamedTuple):
    """When and how high an interceptor can be there: window by window on a last axis, NaN beyond the number.

    first, last [s after threat launch] and their altitudes [m]; number counts the windows without room too;
    status: an EngagementStatus.
    """

    first: Array
    last: Array
    first_altitude: Array
    last_altitude: Array
    number: npt.NDArray[np.int64]
    status: npt.NDArray[np.int8]


class Shots(NamedTuple):
    """Shots one after the other or in salvos: how many fit; of each earliest launch and intercept, last axis.

    Times in s after threat launch, NaN beyond the number; status: an EngagementStatus, that of the first.
    """

    number: npt.NDArray[np.int64]
    launch: Array
    meeting: Array
    status: npt.NDArray[np.int8]


def every_window(arc: Arc, site: ArrayLike, fan: Fan, delay: ArrayLike) -> EveryWindow:
    """Every window [s after threat launch] in which an interceptor can be there.

    arc, site, delay: as in intercept.required_speed. Edges are good to a millisecond; of windows and gaps
    those shorter than a 180th of the admissible flight can be missed, but never the one with the cheapest
    meeting.
    """
    shape, cases, solved = cases_of(arc, site, delay, fan.limits, fan.speed)
    first, last, number, status = _windows(cases, solved, WINDOWS)
    begin, begin_altitude = when(pick(cases, np.arange(number.size)), first)
    end, end_altitude = when(pick(cases, np.arange(number.size)), last)
    each = (*shape, WINDOWS)
    return EveryWindow(
        begin.reshape(each),
        end.reshape(each),
        begin_altitude.reshape(each),
        end_altitude.reshape(each),
        number.astype(np.int64).reshape(shape),
        status.reshape(shape),
    )


def look_shots(
    arc: Arc,
    site: ArrayLike,
    fan: Fan,
    delay: ArrayLike,
    look_time: ArrayLike,
    most: int,
    salvo: ArrayLike = 1,
    interval: ArrayLike = 0.0,
) -> Shots:
    """How many shots fit in salvos with a look between them, each shot as early as possible.

    arc, site, delay: as in intercept.required_speed; look_time: from the last intercept of a salvo to the
    earliest launch of the next [s], zero or more; most: shots at which counting ends, one or more; salvo:
    shots in each salvo, launched one interval [s] apart. With salvos of one, shots follow one another.
    Raises ValueError for other times and numbers.
    """
    look, size, apart = (np.asarray(a, float) for a in (look_time, salvo, interval))
    if not np.all(np.isfinite(look) & (look >= 0.0)) or most < 1:
        raise ValueError("shots one after the other need a look of zero seconds or more and room for one")
    if not np.all(np.isfinite(size) & (size >= 1.0)) or not np.all(np.isfinite(apart) & (apart >= 0.0)):
        raise ValueError("salvos need one shot or more, an interval of zero seconds or more apart")
    first_launch = np.asarray(delay, float) + 0.0 * (look + size + apart)
    shape, cases, solved = cases_of(arc, site, first_launch, fan.limits, fan.speed)
    pause, volley, between = (np.broadcast_to(a, shape).ravel() for a in (look, np.floor(size), apart))
    launch, meeting = (np.full((solved.size, most), np.nan) for _ in range(2))
    status = np.zeros(solved.size, np.int8)
    ready, rows = cases.launch.copy(), np.arange(solved.size)
    for shot in range(most):
        now = take(cases, rows)._replace(launch=ready[rows])
        first, _, number, outcome = _windows(now, solved[rows], 1)
        if shot == 0:
            status = outcome
        met = number > 0
        time, _ = when(take(now, np.flatnonzero(met)), first[met, 0])
        rows = rows[met]
        launch[rows, shot], meeting[rows, shot] = ready[rows], time
        whole = np.mod(shot + 1.0, volley[rows]) == 0.0
        ready[rows] = np.where(whole, time + pause[rows], ready[rows] + between[rows])
        if not rows.size:
            break
    return Shots(
        np.isfinite(meeting).sum(axis=1).reshape(shape),
        launch.reshape(*shape, most),
        meeting.reshape(*shape, most),
        status.reshape(shape),
    )


def meeting_angle(arc: Arc, site: ArrayLike, fan: Fan, delay: ArrayLike, times: ArrayLike) -> Array:
    """Angle [rad] between the velocities of interceptor and threat where they meet, (..., m), inertial.

    Below a right angle the interceptor chases the threat from behind; pi is head-on. times [s after threat
    launch], (..., m): moments in a window. The interceptor flies the direct way at all of its speed, leaving
    as late as that allows; where that is too slow or too long, with the least speed that meets the threat.
    NaN for a time that is NaN, and where the two flights give no plane. Source: see lambert.
    """
    moments = np.asarray(times, float)
    shape, cases, solved = cases_of(arc, site, delay, fan.limits, fan.speed)
    moments = np.broadcast_to(moments, (*shape, moments.shape[-1])).reshape(solved.size, -1)
    flat = arc_rows(arc, shape)
    place = np.broadcast_to(over_batch(site, len(shape)), (3, *shape)).reshape(3, -1)
    known = np.isfinite(moments) & solved[:, None]
    each = pick(cases, np.arange(solved.size))
    anomaly = kepler_anomaly(
        each.mean_motion * (np.where(known, moments, each.burnout_time) - each.perigee_time),
        each.eccentricity,
    )
    at = threat_at(each, anomaly)
    direct, slow = full_speed_flight(each, at)
    late = (slow > 0.0) | (direct > each.cap - 0.5 * each.burn)
    duration = np.where(late, least_speed_flight(each, at), direct)
    e = flat.eccentricity[:, None]
    heading = -np.sin(anomaly) * flat.perigee_direction[..., None]
    heading = heading + np.sqrt(1.0 - e * e) * np.cos(anomaly) * flat.ahead_direction[..., None]
    start = to_inertial(place[..., None], at.time - duration, flat.earth_rotation[:, None])
    known &= np.isfinite(length(heading))
    flight = lambert(np.where(known, start, 1.0), np.where(known, arc_position(flat, anomaly), 2.0), duration)
    known &= flight.status == LambertStatus.SOLVED
    product = np.where(known, length(flight.arrival) * length(heading), 1.0)
    cosine = np.where(known, dot(flight.arrival, heading), 0.0) / product
    angle: Array = np.where(known, np.arccos(np.clip(cosine, -1.0, 1.0)), np.nan)
    return angle.reshape(*shape, -1)


def _windows(
    cases: Cases, solved: npt.NDArray[np.bool_], room: int
) -> tuple[Array, Array, npt.NDArray[np.intp], npt.NDArray[np.int8]]:
    """First and last anomaly of each window (n, room), how many there are, and an EngagementStatus (n,)."""
    best, energy, possible = cheapest(cases, solved)
    found = possible & (energy <= cases.speed**2)
    first, last = (np.full((solved.size, room), np.nan) for _ in range(2))
    number = np.zeros(solved.size, np.intp)
    rows = np.flatnonzero(found)
    some = take(cases, rows)

    def reached(which: npt.NDArray[np.intp], moments: Array) -> npt.NDArray[np.bool_]:
        part = pick(some, which)
        fast: npt.NDArray[np.bool_] = energy_at(part, moments) <= part.speed**2
        return fast & low_enough(part, moments)

    low, high = in_time(some)
    first[rows], last[rows], number[rows] = spans(reached, low, high, room, best[rows])
    status = status_of(solved, possible, number > 0)
    return first, last, number, status


__all__ = [
    "WINDOWS",
    "EngagementStatus",
    "EveryWindow",
    "Fan",
    "Shots",
    "every_window",
    "look_shots",
    "meeting_angle",
]
