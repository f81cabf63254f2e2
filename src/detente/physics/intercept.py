"""Whether an interceptor can be at the same place as a missile at the same time, and by what margin.

SI units and radians; components on the first axis, (3, ...). Times count from threat launch, delays from
threat burnout. Conventions: an interceptor is a point mass of one speed, counted at the surface in the
Earth-centred inertial frame; it leaves no earlier than the commit delay, and may wait; its flight counts
from half a burn after its launch, above the horizon of its site; it meets the threat after its own burn and
after the threat's, no lower than the lowest intercept altitude, within its flight-time cap; speed it does
not need it may leave unused. Nothing here aims, discriminates or fails: every answer is an upper bound on
defense.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .conic import kepler_anomaly, length
from .constants import EARTH_MU, EARTH_RADIUS
from .frames import Array, ArrayLike, over_batch
from .lambert import flight_time, lambert, solve_x
from .moments import BARRED, edge, least
from .trajectory import Arc, ArcStatus, arc_rows

_WAITS = 3  # looks at how the Earth's turn moves the least-energy flight: within 0.1 m/s
_TURNS = 5  # the same for the latest launch, the last but one carried on to its limit: 0.05 s


class EngagementStatus(IntEnum):
    """Whether the question had an answer."""

    FOUND = 0
    NO_TIME = 1
    """At no moment do altitude, burn times and flight-time cap allow an intercept, at any speed."""
    TOO_SLOW = 2
    """There are such moments, but this speed reaches none of them, even if launched with the threat."""
    NO_THREAT = 3
    """The threat's own flight has no solution; see its ArcStatus."""


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
) -> Requirement:
    """The least speed [m/s] with which an interceptor launched then or later reaches the threat.

    arc: the threats' flights. site: Earth-fixed position [m], shape (3, ...), on the surface. delay: earliest
    launch after threat burnout [s], negative if before. burn_time, flight_cap: of the interceptor [s].
    lowest_altitude: of an intercept [m]. Batch shapes broadcast. Least over all admissible moments of launch
    and of meeting, within 0.5 m/s; so it never falls as the delay grows.
    Source: Lambert's problem (Izzo 2015) along the threat's ellipse.
    """
    shape, cases, solved = _cases(arc, site, delay, (burn_time, lowest_altitude, flight_cap))
    best, energy, possible = _cheapest(cases, solved)
    time, altitude = _when(cases, best)
    return Requirement(
        np.sqrt(np.where(possible, energy, np.inf)).reshape(shape),
        np.where(possible, time, np.nan).reshape(shape),
        np.where(possible, altitude, np.nan).reshape(shape),
        _status(solved, possible, possible).reshape(shape),
    )


def intercept_windows(
    arc: Arc,
    site: ArrayLike,
    speed: ArrayLike,
    delay: ArrayLike,
    burn_time: ArrayLike,
    lowest_altitude: ArrayLike,
    flight_cap: ArrayLike,
) -> Windows:
    """First and last moment [s after threat launch] at which an interceptor of that speed can be there.

    speed: of the interceptor at the surface, inertial [m/s]; the rest as in required_speed. Between first
    and last there may be gaps. Edges are good to a millisecond.
    """
    shape, cases, solved = _cases(arc, site, delay, (burn_time, lowest_altitude, flight_cap), speed)
    best, energy, possible = _cheapest(cases, solved)
    found = possible & (energy <= cases.speed**2)
    everyone = _pick(cases, np.arange(found.size))

    def reached(anomaly: Array) -> npt.NDArray[np.bool_]:
        return _energy(everyone, anomaly) <= everyone.speed**2

    low, high = (np.where(found, end, best) for end in _in_time(cases))
    values = [*_when(cases, edge(reached, best, low)), *_when(cases, edge(reached, best, high))]
    first, first_altitude, last, last_altitude = (np.where(found, v, np.nan).reshape(shape) for v in values)
    return Windows(
        first, last, first_altitude, last_altitude, _status(solved, possible, found).reshape(shape)
    )


def tolerable_delay(
    arc: Arc,
    site: ArrayLike,
    speed: ArrayLike,
    burn_time: ArrayLike,
    lowest_altitude: ArrayLike,
    flight_cap: ArrayLike,
) -> Tolerance:
    """The latest launch [s after threat burnout] with which an interceptor of that speed reaches the threat.

    Negative where it must leave before threat burnout, at most as long before as the threat's burn. speed:
    of the interceptor at the surface, inertial [m/s]; the rest as in required_speed. Good to 0.2 s;
    any shorter delay serves as well, since an interceptor may wait.
    Source: at a given speed the time to a given point has a closed form (Lancaster-Blanchard, see lambert),
    so the latest launch is a search over the meeting point alone.
    """
    shape, cases, solved = _cases(arc, site, 0.0, (burn_time, lowest_altitude, flight_cap), speed)
    low, high = _high_enough(cases)
    allowed = solved & (low <= high) & (cases.burn <= cases.cap)
    low, high = np.where(allowed, low, 3.0), np.where(allowed, high, 3.0)
    best, early = least(lambda rows, moments: _earliness(_pick(cases, rows), moments), low, high)
    found = allowed & (early <= 0.0)
    time, altitude = _when(cases, best)
    return Tolerance(
        np.where(found, -early - cases.burnout_time, -np.inf).reshape(shape),
        np.where(found, time, np.nan).reshape(shape),
        np.where(found, altitude, np.nan).reshape(shape),
        _status(solved, allowed, found).reshape(shape),
    )


def _cheapest(cases: _Cases, solved: npt.NDArray[np.bool_]) -> tuple[Array, Array, npt.NDArray[np.bool_]]:
    """Anomaly of the cheapest meeting, square of its speed, and whether there is one."""
    low, high = _in_time(cases)
    allowed = solved & (low <= high) & (cases.burn <= cases.cap)
    low, high = np.where(allowed, low, 3.0), np.where(allowed, high, 3.0)
    best, energy = least(lambda rows, moments: _energy(_pick(cases, rows), moments), low, high)
    # The cap begins to bind with a kink, which a search for a smooth bottom passes by.
    kink = cases.mean_motion * (cases.launch + cases.cap - cases.perigee_time)
    kink = np.clip(kepler_anomaly(kink, cases.eccentricity), low, high)
    there = _energy(_pick(cases, np.arange(kink.size)), kink[:, None])[:, 0]
    best, energy = np.where(there < energy, kink, best), np.minimum(energy, there)
    return best, energy, allowed & (energy < BARRED)


class _Cases(NamedTuple):
    """Engagements in rows: every array (n,), the site as three pairs in the axes of the threat's ellipse.

    Site and threat have the inner product even cos(turn) + odd sin(turn) + fixed [m2], each made of a part
    toward the perigee and one across, as the Earth turns the site about the pole.
    """

    axis: Array
    eccentricity: Array
    minor: Array  # semi-minor over semi-major axis
    mean_motion: Array
    perigee_time: Array
    burnout_time: Array
    burnout_anomaly: Array
    impact_anomaly: Array
    ground: Array
    mu: Array
    rate: Array
    radius: Array  # of the site
    even_towards: Array
    even_across: Array
    odd_towards: Array
    odd_across: Array
    fixed_towards: Array
    fixed_across: Array
    burn: Array
    lowest: Array
    cap: Array
    speed: Array
    launch: Array  # earliest, of the interceptor


def _cases(
    arc: Arc, site: ArrayLike, delay: ArrayLike, limits: tuple[ArrayLike, ...], speed: ArrayLike = 0.0
) -> tuple[tuple[int, ...], _Cases, npt.NDArray[np.bool_]]:
    """Batch shape, engagements in rows, and which of them have a threat in flight."""
    figures = [np.asarray(figure, float) for figure in (delay, *limits, speed)]
    place = np.asarray(site, float)
    if not (np.all(np.isfinite(place)) and all(np.all(np.isfinite(figure)) for figure in figures)):
        raise ValueError(
            "an engagement needs finite figures: site, delay, burn time, lowest altitude, flight cap, speed"
        )
    axes = max(arc.status.ndim, place.ndim - 1, *(figure.ndim for figure in figures))
    place = over_batch(place, axes)
    shape = np.broadcast_shapes(arc.status.shape, place.shape[1:], *(figure.shape for figure in figures))
    late, burn, lowest, cap, fast = (np.broadcast_to(figure, shape).ravel() for figure in figures)
    x, y, z = np.broadcast_to(place, (3, *shape)).reshape(3, -1)
    flat = arc_rows(arc, shape)
    solved = flat.status == ArcStatus.SOLVED

    def row(value: Array, instead: float) -> Array:
        return np.where(solved, value, instead)

    toward_x, toward_y, toward_z = (row(part, 0.5) for part in flat.perigee_direction)
    ahead_x, ahead_y, ahead_z = (row(part, 0.5) for part in flat.ahead_direction)
    ground, eccentricity = row(flat.radius, EARTH_RADIUS), row(flat.eccentricity, 0.5)
    burnout, rate = row(flat.burnout_time, 0.0), row(flat.earth_rotation, 0.0)
    cases = _Cases(
        axis=row(flat.semi_major_axis, EARTH_RADIUS),
        eccentricity=eccentricity,
        minor=np.sqrt(1.0 - eccentricity**2),
        mean_motion=row(flat.mean_motion, 1e-3),
        perigee_time=row(flat.perigee_time, 0.0),
        burnout_time=burnout,
        burnout_anomaly=row(flat.burnout_anomaly, 3.0),
        impact_anomaly=row(flat.impact_anomaly, 3.0),
        ground=ground,
        mu=row(flat.mu, EARTH_MU),
        rate=rate,
        radius=np.sqrt(x * x + y * y + z * z),
        even_towards=x * toward_x + y * toward_y,
        even_across=x * ahead_x + y * ahead_y,
        odd_towards=x * toward_y - y * toward_x,
        odd_across=x * ahead_y - y * ahead_x,
        fixed_towards=z * toward_z,
        fixed_across=z * ahead_z,
        burn=burn,
        lowest=lowest,
        cap=cap,
        speed=fast,
        launch=burnout + late,
    )
    return shape, cases, solved


def _pick(cases: _Cases, rows: npt.NDArray[np.intp]) -> _Cases:
    """Those rows as columns (k, 1), to meet moments (k, m)."""
    return _Cases(*(field[rows, None] for field in cases))


def _high_enough(cases: _Cases) -> tuple[Array, Array]:
    """Eccentric anomalies between which the threat is in free flight and high enough; crossed if never."""
    height = (1.0 - (cases.ground + cases.lowest) / cases.axis) / cases.eccentricity
    rise = np.where(height >= -1.0, np.arccos(np.clip(height, -1.0, 1.0)), np.inf)
    return np.maximum(rise, cases.burnout_anomaly), np.minimum(2.0 * np.pi - rise, cases.impact_anomaly)


def _in_time(cases: _Cases) -> tuple[Array, Array]:
    """The same, and no earlier than the burn of an interceptor launched as soon as it may be."""
    low, high = _high_enough(cases)
    burnt = kepler_anomaly(
        cases.mean_motion * (cases.launch + cases.burn - cases.perigee_time), cases.eccentricity
    )
    return np.maximum(low, burnt), high


def _when(cases: _Cases, anomaly: Array) -> tuple[Array, Array]:
    """Time [s after threat launch] and altitude [m] of the threat."""
    swing = cases.eccentricity * np.sin(anomaly)
    time = cases.perigee_time + (anomaly - swing) / cases.mean_motion
    return time, cases.axis * (1.0 - cases.eccentricity * np.cos(anomaly)) - cases.ground


class _Threat(NamedTuple):
    """Where the threat is: time [s], distance from the Earth's centre [m], and its share of the products."""

    time: Array
    distance: Array
    even: Array
    odd: Array
    fixed: Array


class _Meeting(NamedTuple):
    """The triangle of Earth's centre, site and threat, and what it means for a flight along it."""

    half_sum: Array
    lam: Array
    unit: Array  # of time [s], for the dimensionless time of flight
    steepest: Array  # x at which the flight leaves along the horizon; faster ones would go through the ground


def _threat(cases: _Cases, anomaly: Array) -> _Threat:
    sine, cosine = np.sin(anomaly), np.cos(anomaly)
    towards = cases.axis * (cosine - cases.eccentricity)
    across = cases.axis * cases.minor * sine
    return _Threat(
        cases.perigee_time + (anomaly - cases.eccentricity * sine) / cases.mean_motion,
        cases.axis * (1.0 - cases.eccentricity * cosine),
        cases.even_towards * towards + cases.even_across * across,
        cases.odd_towards * towards + cases.odd_across * across,
        cases.fixed_towards * towards + cases.fixed_across * across,
    )


def _meeting(cases: _Cases, at: _Threat, flight: Array) -> tuple[_Meeting, Array]:
    """The triangle for a flight of that time [s], and how fast [m/s] the Earth's turn lengthens half_sum."""
    turn = (at.time - flight) * cases.rate
    cosine, sine = np.cos(turn), np.sin(turn)
    r1 = cases.radius
    product = at.even * cosine + at.odd * sine + at.fixed
    chord = np.sqrt(np.maximum(r1 * r1 + at.distance * at.distance - 2.0 * product, 1.0))
    drift = 0.5 * cases.rate * (at.even * sine - at.odd * cosine) / chord
    half_sum = 0.5 * (r1 + at.distance + chord)
    square = np.clip(1.0 - chord / half_sum, 0.0, 1.0 - 1e-9)
    lean = (r1 - at.distance) / chord
    above = square * (1.0 - lean) ** 2
    room = (1.0 + lean) ** 2 - square * above
    # Where no flight along the horizon exists, the straight line itself stays above it.
    steepest = np.where(room > 0.0, np.sqrt(above * (1.0 - square) / np.where(room > 0.0, room, 1.0)), np.inf)
    unit = np.sqrt(half_sum * half_sum * half_sum / (2.0 * cases.mu))
    return _Meeting(half_sum, np.sqrt(square), unit, steepest), drift


def _energy(cases: _Cases, anomaly: Array) -> Array:
    """Square of the least speed [m2/s2] that meets the threat there, launched when allowed or later."""
    at = _threat(cases, anomaly)
    room = np.minimum(at.time - cases.launch, cases.cap) - 0.5 * cases.burn
    longest = np.maximum(room, 0.5 * cases.burn)
    flight = longest
    for _ in range(_WAITS):
        place, drift = _meeting(cases, at, flight)
        cheapest = (np.arccos(place.lam) + place.lam * np.sqrt(1.0 - place.lam**2)) * place.unit
        # A site that the Earth carries away makes it worth leaving a little before the least-energy flight.
        flight = np.clip(cheapest + place.half_sum**2 * drift / cases.mu, 0.5 * cases.burn, longest)
    place, _ = _meeting(cases, at, flight)
    x = solve_x(place.lam, np.maximum(flight / place.unit, 1e-6), 2)
    energy = 2.0 * cases.mu * (1.0 / cases.radius - (1.0 - x * x) / place.half_sum)
    return np.where(x <= place.steepest, energy, BARRED * (1.0 + np.minimum(x, 1e3) - place.steepest))


def _earliness(cases: _Cases, anomaly: Array) -> Array:
    """How long before threat launch [s] the interceptor must leave to meet the threat there; else barred."""
    at = _threat(cases, anomaly)
    tries: list[Array] = [np.zeros_like(at.time) + 0.5 * cases.burn]
    for turn in range(_TURNS):
        place, _ = _meeting(cases, at, tries[-1])
        square = 1.0 - place.half_sum * (1.0 / cases.radius - 0.5 * cases.speed**2 / cases.mu)
        fastest = np.sqrt(np.maximum(square, 0.0))
        direct = flight_time(np.minimum(fastest, place.steepest), place.lam) * place.unit
        tries.append(np.maximum(direct, 0.5 * cases.burn))
        if turn == _TURNS - 2:
            tries.append(_limit(*tries[-3:]))
    flight = tries[-1]
    lofted = flight_time(np.maximum(-fastest, -1.0 + 1e-9), place.lam) * place.unit
    short = np.maximum(-square, 0.0) + np.maximum(flight / np.maximum(lofted, 1.0) - 1.0, 0.0)
    over = np.maximum(flight - (cases.cap - 0.5 * cases.burn), 0.0)
    barred = (short > 0.0) | (over > 0.0)
    return np.where(barred, BARRED * (1.0 + short + over / 1e3), flight + 0.5 * cases.burn - at.time)


def _limit(first: Array, second: Array, third: Array) -> Array:
    """Where three steps of a contraction lead.

    Source: A. C. Aitken, Proc. Royal Society of Edinburgh 46 (1926) 289-305.
    """
    before, after = second - first, third - second
    share = np.clip(after / np.where(before == 0.0, 1.0, before), -0.5, 0.5)
    return third + after * share / (1.0 - share)


def _status(
    solved: npt.NDArray[np.bool_], possible: npt.NDArray[np.bool_], found: npt.NDArray[np.bool_]
) -> npt.NDArray[np.int8]:
    status = np.full(found.shape, EngagementStatus.NO_TIME, np.int8)
    status[possible] = EngagementStatus.TOO_SLOW
    status[found] = EngagementStatus.FOUND
    status[~solved] = EngagementStatus.NO_THREAT
    return status
