"""Whether an interceptor can be at the same place as a missile at the same time, and by what margin.

SI units and radians; components on the first axis, (3, ...). Times count from threat launch, delays from
threat burnout. Conventions: an interceptor is a point mass of one speed, counted at the surface in the
Earth-centred inertial frame; it leaves no earlier than the commit delay, and may wait; its flight counts
from half a burn after its launch, above the horizon of its site; it meets the threat after its own burn and
after the threat's, between the lowest and the highest intercept altitude, within its flight-time cap; speed
it does not need it may leave unused. Nothing here aims, discriminates or fails: every answer is an upper
bound on defense.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from .conic import length
from .constants import EARTH_MU
from .engines import NUMPY, encounters
from .frames import over_batch
from .lambert import lambert
from .meeting import (
    Cases,
    EngagementStatus,
    better_stretch,
    cases_of,
    cheapest,
    earliness_at,
    energy_at,
    high_enough,
    in_time,
    low_enough,
    pick,
    status_of,
    stretches,
    take,
    when,
)
from .moments import edge, least
from .nearness import Nearness, nearness

if TYPE_CHECKING:
    from .engines import Engine
    from .frames import Array, ArrayLike
    from .trajectory import Arc

__all__ = [
    "EngagementStatus",
    "Requirement",
    "Tolerance",
    "Windows",
    "fly_out_speed",
    "intercept_windows",
    "reaches",
    "required_speed",
    "tolerable_delay",
]


class Requirement(NamedTuple):
    """The least interceptor speed [m/s] that reaches the threat, when [s] and how high [m] it does.

    Where the status (an EngagementStatus) is not FOUND the speed is infinite and the rest NaN.
    """

    speed: Array
    time: Array
    altitude: Array
    status: npt.NDArray[np.int8]


class Windows(NamedTuple):
    """First and last possible intercept: times [s] after threat launch, altitudes [m]; NaN unless FOUND."""

    first_time: Array
    last_time: Array
    first_altitude: Array
    last_altitude: Array
    status: npt.NDArray[np.int8]


class Tolerance(NamedTuple):
    """The latest launch [s after threat burnout] that still reaches, when [s] and how high [m] it does.

    Where the status is not FOUND the delay is minus infinity and the rest NaN.
    """

    delay: Array
    time: Array
    altitude: Array
    status: npt.NDArray[np.int8]


def fly_out_speed(site: ArrayLike, target: ArrayLike, duration: ArrayLike, mu: float = EARTH_MU) -> Array:
    """Speed [m/s] at the site that takes a point mass to the target in a given time [s], inertial.

    Site and target: inertial positions [m], shape (3, ...), the site's where it is when the flight starts;
    shapes broadcast. Infinite where no flight does it. A flight that would first go down into the Earth
    is not excluded here; the functions below exclude it. Source: see lambert.
    """
    flight = lambert(site, target, duration, mu)
    return np.where(flight.status == 0, length(flight.departure), np.inf)


def required_speed(
    arc: Arc,
    site: ArrayLike,
    delay: ArrayLike,
    burn_time: ArrayLike,
    lowest_altitude: ArrayLike,
    flight_cap: ArrayLike,
    highest_altitude: ArrayLike = np.inf,
) -> Requirement:
    """The least speed [m/s] with which an interceptor launched then or later reaches the threat.

    arc: the threats' flights. site: Earth-fixed position [m], shape (3, ...), on the surface. delay: earliest
    launch after threat burnout [s], negative if before. burn_time, flight_cap: of the interceptor [s].
    lowest_altitude, highest_altitude: of an intercept [m]. Batch shapes broadcast. Least over all
    admissible moments of launch and of meeting, within 0.5 m/s; so it never falls as the delay grows.
    Source: Lambert's problem (Izzo 2015) along the threat's ellipse.
    """
    shape, cases, solved = cases_of(
        arc, site, delay, (burn_time, lowest_altitude, flight_cap, highest_altitude)
    )
    best, energy, possible = cheapest(cases, solved)
    time, altitude = when(cases, best)
    return Requirement(
        np.sqrt(np.where(possible, energy, np.inf)).reshape(shape),
        np.where(possible, time, np.nan).reshape(shape),
        np.where(possible, altitude, np.nan).reshape(shape),
        status_of(solved, possible, possible).reshape(shape),
    )


def reaches(
    arc: Arc,
    site: ArrayLike,
    speed: ArrayLike,
    delay: ArrayLike,
    burn_time: ArrayLike,
    lowest_altitude: ArrayLike,
    flight_cap: ArrayLike,
    *,
    engine: Engine = NUMPY,
) -> npt.NDArray[np.bool_]:
    """Whether an interceptor of a speed [m/s] reaches the threat: required_speed is FOUND and no higher.

    All else as in required_speed. The same answer sooner: what is plain at a glance (see nearness) is not
    searched. The compiled engine, Lanes, asks row by row, and is many times as fast for thousands of rows;
    engines differ where the required speed agrees with the speed to all but the last digits.
    """
    shape, cases, solved = cases_of(arc, site, delay, (burn_time, lowest_altitude, flight_cap, np.inf), speed)
    found = np.zeros(solved.size, np.bool_)
    if engine.reach(_laid_out(cases, solved, site, shape), found):
        return found.reshape(shape)
    near = nearness(arc, site, speed, delay, burn_time, lowest_altitude, flight_cap).ravel()
    found[near == Nearness.WITHIN_REACH] = True
    rows = np.flatnonzero(near == Nearness.OPEN)
    some = take(cases, rows)
    _, energy, possible = cheapest(some, solved[rows])
    found[rows] = possible & (np.sqrt(np.where(possible, energy, np.inf)) <= some.speed)
    return found.reshape(shape)


def _laid_out(cases: Cases, solved: npt.NDArray[np.bool_], site: ArrayLike, shape: tuple[int, ...]) -> Array:
    """Engagements as the columns of engines.encounters."""
    x, y, _ = np.broadcast_to(over_batch(site, len(shape)), (3, *shape)).reshape(3, -1)
    low, high = high_enough(cases)
    columns = np.zeros((encounters.FIELDS, solved.size))
    columns[: encounters.DEPARTURE] = [
        cases.axis, cases.eccentricity, cases.mean_motion, cases.perigee_time, cases.burnout_time,
        cases.burnout_anomaly, cases.impact_anomaly, low, high, cases.rate, cases.mu, cases.radius,
        cases.even_towards, cases.even_across, cases.odd_towards, cases.odd_across,
        cases.north_towards, cases.north_across, cases.north, cases.bulge, cases.burn, cases.cap,
        cases.speed, cases.launch, np.hypot(x, y), solved.astype(float),
    ]  # fmt: skip
    terms = cases.departure.T  # (5 terms, n): even, odd, north, distance and altitude of each power
    kept = terms.reshape(terms.shape[0] // 5, 5, terms.shape[1])[:, :4].reshape(-1, terms.shape[1])
    columns[encounters.DEPARTURE : encounters.DEPARTURE + kept.shape[0]] = kept
    return columns


def intercept_windows(
    arc: Arc,
    site: ArrayLike,
    speed: ArrayLike,
    delay: ArrayLike,
    burn_time: ArrayLike,
    lowest_altitude: ArrayLike,
    flight_cap: ArrayLike,
    highest_altitude: ArrayLike = np.inf,
) -> Windows:
    """First and last moment [s after threat launch] at which an interceptor of that speed can be there.

    speed: of the interceptor at the surface, inertial [m/s]; the rest as in required_speed. Between first
    and last there may be gaps. Edges are good to a millisecond.
    """
    shape, cases, solved = cases_of(
        arc, site, delay, (burn_time, lowest_altitude, flight_cap, highest_altitude), speed
    )
    best, energy, possible = cheapest(cases, solved)
    found = possible & (energy <= cases.speed**2)
    everyone = pick(cases, np.arange(found.size))

    def reached(anomaly: Array) -> npt.NDArray[np.bool_]:
        return (energy_at(everyone, anomaly) <= everyone.speed**2) & low_enough(everyone, anomaly)

    low, high = (np.where(found, end, best) for end in in_time(cases))
    values = [*when(cases, edge(reached, best, low)), *when(cases, edge(reached, best, high))]
    first, first_altitude, last, last_altitude = (np.where(found, v, np.nan).reshape(shape) for v in values)
    return Windows(
        first, last, first_altitude, last_altitude, status_of(solved, possible, found).reshape(shape)
    )


def tolerable_delay(
    arc: Arc,
    site: ArrayLike,
    speed: ArrayLike,
    burn_time: ArrayLike,
    lowest_altitude: ArrayLike,
    flight_cap: ArrayLike,
    highest_altitude: ArrayLike = np.inf,
) -> Tolerance:
    """The latest launch [s after threat burnout] with which an interceptor of that speed reaches the threat.

    Negative where it must leave before threat burnout, at most as long before as the threat's burn. speed:
    of the interceptor at the surface, inertial [m/s]; the rest as in required_speed. Good to 0.2 s;
    any shorter delay serves as well, since an interceptor may wait.
    Source: at a given speed the time to a given point has a closed form (Lancaster-Blanchard, see lambert),
    so the latest launch is a search over the meeting point alone.
    """
    shape, cases, solved = cases_of(
        arc, site, 0.0, (burn_time, lowest_altitude, flight_cap, highest_altitude), speed
    )
    rows, low, high = stretches(cases, *high_enough(cases))
    parts = take(cases, rows)
    allowed = solved[rows] & (low <= high) & (parts.burn <= parts.cap)
    low, high = np.where(allowed, low, 3.0), np.where(allowed, high, 3.0)
    best, early = least(lambda some, moments: earliness_at(pick(parts, some), moments), low, high)
    best, early = better_stretch(rows, best, np.where(allowed, early, np.inf), solved.size)
    possible, found = np.bincount(rows, allowed, solved.size) > 0, early <= 0.0
    time, altitude = when(cases, best)
    return Tolerance(
        np.where(found, -early - cases.burnout_time, -np.inf).reshape(shape),
        np.where(found, time, np.nan).reshape(shape),
        np.where(found, altitude, np.nan).reshape(shape),
        status_of(solved, possible, found).reshape(shape),
    )
