"""Where one interceptor and one missile can meet: which moments are allowed, and what each would take.

Engagements in rows, moments of the missile's flight as eccentric anomalies [rad]; SI units. The questions
that a person asks stand in intercept.py and shots.py, the conventions in intercept.py.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from .conic import kepler_anomaly
from .constants import EARTH_MU, EARTH_RADIUS
from .deviation import passages, share_of, value_at
from .frames import Array, ArrayLike, over_batch
from .lambert import flight_time, solve_x
from .moments import BARRED, least
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


class Cases(NamedTuple):
    """Engagements in rows: every array (n,), the site as three pairs in the axes of the threat's ellipse.

    Site and threat have the inner product even cos(turn) + odd sin(turn) + north * north [m2], each of the
    threat's made of a part toward the perigee and one across, as the Earth turns the site about the pole, and
    of what the flight departs from its ellipse by: the columns of `departure` (n, 5 terms), see Threat.
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
    north: Array  # distance of the site from the plane of the equator
    north_towards: Array
    north_across: Array
    departure: Array
    bulge: Array  # 3/2 J2 a^2, whose pull bends the interceptor's flight
    rise: Array  # anomalies at which the threat passes the lowest altitude, and the highest
    fall: Array
    top_rise: Array
    top_fall: Array
    burn: Array
    cap: Array
    speed: Array
    launch: Array  # earliest, of the interceptor


def cases_of(
    arc: Arc,
    site: ArrayLike,
    delay: ArrayLike,
    limits: tuple[ArrayLike, ArrayLike, ArrayLike, ArrayLike],
    speed: ArrayLike = 0.0,
) -> tuple[tuple[int, ...], Cases, npt.NDArray[np.bool_]]:
    """Batch shape, engagements in rows, and which of them have a threat in flight.

    limits: burn time, lowest altitude, flight cap, and highest altitude, which alone may be infinite. Raises
    ValueError for other figures that are not finite.
    """
    figures = [np.asarray(figure, float) for figure in (delay, *limits, speed)]
    place = np.asarray(site, float)
    finite = [place, *figures[:4], *figures[5:]]
    if not all(np.all(np.isfinite(figure)) for figure in finite) or np.any(np.isnan(figures[4])):
        raise ValueError(
            "an engagement needs finite figures: site, delay, burn time, lowest altitude, flight cap, speed; "
            "the highest altitude may be infinite"
        )
    axes = max(arc.status.ndim, place.ndim - 1, *(figure.ndim for figure in figures))
    place = over_batch(place, axes)
    shape = np.broadcast_shapes(arc.status.shape, place.shape[1:], *(figure.shape for figure in figures))
    late, burn, lowest, cap, highest, fast = (np.broadcast_to(figure, shape).ravel() for figure in figures)
    x, y, z = np.broadcast_to(place, (3, *shape)).reshape(3, -1)
    flat = arc_rows(arc, shape)
    solved = flat.status == ArcStatus.SOLVED

    def row(value: Array, instead: float) -> Array:
        return np.where(solved, value, instead)

    toward_x, toward_y, toward_z = (row(part, 0.5) for part in flat.perigee_direction)
    ahead_x, ahead_y, ahead_z = (row(part, 0.5) for part in flat.ahead_direction)
    ground, eccentricity = row(flat.radius, EARTH_RADIUS), row(flat.eccentricity, 0.5)
    burnout, rate = row(flat.burnout_time, 0.0), row(flat.earth_rotation, 0.0)
    axis, mu = row(flat.semi_major_axis, EARTH_RADIUS), row(flat.mu, EARTH_MU)
    begin, end = row(flat.burnout_anomaly, 3.0), row(flat.impact_anomaly, 3.0)
    terms = np.where(solved, flat.deviation, 0.0)
    ends = (begin, np.where(solved, end, 4.0))
    rise, fall = passages((axis, eccentricity, ground), ends, terms[:, 4], lowest)
    top_rise, top_fall = passages((axis, eccentricity, ground), ends, terms[:, 4], highest)
    off_x, off_y, off_z, off_distance, off_altitude = (terms[:, n] for n in range(5))
    departure = np.stack(
        [x * off_x + y * off_y, x * off_y - y * off_x, off_z, off_distance, off_altitude], axis=1
    )
    cases = Cases(
        axis=axis,
        eccentricity=eccentricity,
        minor=np.sqrt(1.0 - eccentricity**2),
        mean_motion=row(flat.mean_motion, 1e-3),
        perigee_time=row(flat.perigee_time, 0.0),
        burnout_time=burnout,
        burnout_anomaly=ends[0],
        impact_anomaly=ends[1],
        ground=ground,
        mu=mu,
        rate=rate,
        radius=np.sqrt(x * x + y * y + z * z),
        even_towards=x * toward_x + y * toward_y,
        even_across=x * ahead_x + y * ahead_y,
        odd_towards=x * toward_y - y * toward_x,
        odd_across=x * ahead_y - y * ahead_x,
        north=z,
        north_towards=toward_z,
        north_across=ahead_z,
        departure=departure.reshape(5 * len(terms), z.size).T,
        bulge=flat.bulge,
        rise=rise,
        fall=fall,
        top_rise=top_rise,
        top_fall=top_fall,
        burn=burn,
        cap=cap,
        speed=fast,
        launch=burnout + late,
    )
    return shape, cases, solved


def pick(cases: Cases, rows: npt.NDArray[np.intp]) -> Cases:
    """Those rows as columns (k, 1), to meet moments (k, m)."""
    return Cases(*(field[rows, None] for field in cases))


def take(cases: Cases, rows: npt.NDArray[np.intp]) -> Cases:
    """Those rows, (k,)."""
    return Cases(*(field[rows] for field in cases))


def high_enough(cases: Cases) -> tuple[Array, Array]:
    """Eccentric anomalies between which the threat is in free flight and high enough; crossed if never."""
    return np.maximum(cases.rise, cases.burnout_anomaly), np.minimum(cases.fall, cases.impact_anomaly)


def in_time(cases: Cases) -> tuple[Array, Array]:
    """The same, and no earlier than the burn of an interceptor launched as soon as it may be."""
    low, high = high_enough(cases)
    burnt = kepler_anomaly(
        cases.mean_motion * (cases.launch + cases.burn - cases.perigee_time), cases.eccentricity
    )
    return np.maximum(low, burnt), high


def stretches(cases: Cases, low: Array, high: Array) -> tuple[npt.NDArray[np.intp], Array, Array]:
    """Anomalies between which the threat is no higher than the highest altitude either: rows, low, high.

    One stretch for every row, in their order, then a second one for each row whose threat rises above that
    altitude and comes down again; crossed where there is nothing between.
    """
    cut = np.flatnonzero(np.isfinite(cases.top_rise))
    rising = np.minimum(high, cases.top_rise)
    falling = np.maximum(low, cases.top_fall)[cut]
    rows = np.concatenate([np.arange(low.size), cut])
    return rows, np.concatenate([low, falling]), np.concatenate([rising, high[cut]])


def better_stretch(rows: npt.NDArray[np.intp], best: Array, cost: Array, size: int) -> tuple[Array, Array]:
    """The better of a row's stretches: its moment and its cost, (size,)."""
    second = rows[size:]
    gains = cost[size:] < cost[second]
    moment, price = best[:size].copy(), cost[:size].copy()
    moment[second[gains]], price[second[gains]] = best[size:][gains], cost[size:][gains]
    return moment, price


def low_enough(cases: Cases, anomaly: Array) -> npt.NDArray[np.bool_]:
    """Whether the threat is no higher than the highest altitude, at anomalies of the shape of the cases."""
    low: npt.NDArray[np.bool_] = (anomaly <= cases.top_rise) | (anomaly >= cases.top_fall)
    return low


def when(cases: Cases, anomaly: Array) -> tuple[Array, Array]:
    """Time [s after threat launch] and altitude [m] of the threat."""
    swing = cases.eccentricity * np.sin(anomaly)
    time = cases.perigee_time + (anomaly - swing) / cases.mean_motion
    altitude = cases.axis * (1.0 - cases.eccentricity * np.cos(anomaly)) - cases.ground
    return time, altitude + _departures(cases, anomaly, slice(4, 5))[0]


class Threat(NamedTuple):
    """Where the threat is: time [s], distance from the Earth's centre [m], and its share of the products.

    Products with the site's part at right angles to the Earth's axis, as it is and a quarter turn on, [m2];
    distance north of the plane of the equator [m].
    """

    time: Array
    distance: Array
    even: Array
    odd: Array
    north: Array


class Meeting(NamedTuple):
    """The triangle of Earth's centre, site and threat, and what it means for a flight along it."""

    half_sum: Array
    lam: Array
    unit: Array  # of time [s], for the dimensionless time of flight
    steepest: Array  # x at which the flight leaves along the horizon; faster ones would go through the ground


def cheapest(cases: Cases, solved: npt.NDArray[np.bool_]) -> tuple[Array, Array, npt.NDArray[np.bool_]]:
    """Anomaly of the cheapest meeting, square of its speed, and whether there is one."""
    rows, low, high = stretches(cases, *in_time(cases))
    parts = take(cases, rows)
    allowed = solved[rows] & (low <= high) & (parts.burn <= parts.cap)
    low, high = np.where(allowed, low, 3.0), np.where(allowed, high, 3.0)
    best, energy = least(lambda some, moments: energy_at(pick(parts, some), moments), low, high)
    # The cap begins to bind with a kink, which a search for a smooth bottom passes by.
    kink = parts.mean_motion * (parts.launch + parts.cap - parts.perigee_time)
    kink = np.clip(kepler_anomaly(kink, parts.eccentricity), low, high)
    there = energy_at(pick(parts, np.arange(kink.size)), kink[:, None])[:, 0]
    best, energy = np.where(there < energy, kink, best), np.minimum(energy, there)
    best, energy = better_stretch(rows, best, np.where(allowed, energy, np.inf), solved.size)
    return best, energy, energy < BARRED


def threat_at(cases: Cases, anomaly: Array) -> Threat:
    """The threats at anomalies of a shape that meets the cases."""
    sine, cosine = np.sin(anomaly), np.cos(anomaly)
    towards = cases.axis * (cosine - cases.eccentricity)
    across = cases.axis * cases.minor * sine
    even, odd, north, distance = _departures(cases, anomaly, slice(4))
    return Threat(
        cases.perigee_time + (anomaly - cases.eccentricity * sine) / cases.mean_motion,
        cases.axis * (1.0 - cases.eccentricity * cosine) + distance,
        cases.even_towards * towards + cases.even_across * across + even,
        cases.odd_towards * towards + cases.odd_across * across + odd,
        cases.north_towards * towards + cases.north_across * across + north,
    )


def _departures(cases: Cases, anomaly: Array, which: slice) -> Any:
    """What even, odd, north, distance and altitude, or some of them, differ by from those on the ellipses."""
    terms = cases.departure
    if not terms.shape[-1]:
        return (0.0,) * len(range(5)[which])
    share = share_of(anomaly, cases.burnout_anomaly, cases.impact_anomaly)
    each = np.moveaxis(terms.reshape(*terms.shape[:-1], terms.shape[-1] // 5, 5), (-2, -1), (0, 1))
    return value_at(each[:, which], share)


def meeting(cases: Cases, at: Threat, flight: Array, *, bent: bool = True) -> tuple[Meeting, Array]:
    """The triangle for a flight of that time [s], and how fast [m/s] the Earth's turn lengthens half_sum.

    The Earth's flattening bends a flight that is `bent` aside on its way, so the triangle is that of an
    unbent flight to a point as far to the other side of the threat: within 1.5 m/s of the speed of the flight
    that arrives (docs/models/fly-out.md).
    """
    turn = (at.time - flight) * cases.rate
    cosine, sine = np.cos(turn), np.sin(turn)
    r1, r2 = cases.radius, at.distance
    product = at.even * cosine + at.odd * sine + cases.north * at.north
    if bent and np.any(cases.bulge):
        ends = ((r1, cases.north), (r2, at.north))
        product, r2 = straightened((cases.mu, cases.bulge), flight, ends, product)
    chord = np.sqrt(np.maximum(r1 * r1 + r2 * r2 - 2.0 * product, 1.0))
    drift = 0.5 * cases.rate * (at.even * sine - at.odd * cosine) / chord
    half_sum = 0.5 * (r1 + r2 + chord)
    square = np.clip(1.0 - chord / half_sum, 0.0, 1.0 - 1e-9)
    lean = (r1 - r2) / chord
    above = square * (1.0 - lean) ** 2
    room = (1.0 + lean) ** 2 - square * above
    # Where no flight along the horizon exists, the straight line itself stays above it.
    steepest = np.where(room > 0.0, np.sqrt(above * (1.0 - square) / np.where(room > 0.0, room, 1.0)), np.inf)
    unit = np.sqrt(half_sum * half_sum * half_sum / (2.0 * cases.mu))
    return Meeting(half_sum, np.sqrt(square), unit, steepest), drift


def straightened(
    pull: tuple[Array, Array],
    flight: Array,
    ends: tuple[tuple[Array, Array], tuple[Array, Array]],
    product: Array,
) -> tuple[Array, Array]:
    """Inner product with the site [m2], and distance [m], of the point that an unbent flight must aim at.

    pull: mu [m3/s2] and 3/2 J2 a^2 [m2]; ends: distances [m] of site and threat from the centre, and north of
    the plane of the equator; product: their inner product [m2]. The pull of the bulge moves the end of a
    flight of that time [s] by the square of the time, times a sixth of that pull at the site and a third of
    it half way (Simpson's rule). It points along the line to the centre and along the axis, so that no
    vectors are needed. Changes nothing for a sphere, to the last bit.
    """
    (r1, north1), (r2, north2) = ends
    mu, bulge = pull
    square = flight * flight
    # Half way the flight is on the bisector, as much above the middle of the chord as it has to fall, and
    # above the ground.
    twice = np.sqrt(np.maximum(r1 * r1 + r2 * r2 + 2.0 * product, 0.04 * r1 * r1))
    middle = np.maximum(0.5 * twice, r1)
    for _ in range(2):
        middle = np.maximum((0.5 + mu * square / (16.0 * middle**3)) * twice, r1)
    share, north = middle / twice, north1 + north2
    here = mu * bulge * square / (6.0 * r1**5)
    half_way = share * (mu * bulge * square) / (3.0 * middle**5)
    along_threat = half_way * (5.0 * (north / twice) ** 2 - 1.0)
    along_site = here * (5.0 * (north1 / r1) ** 2 - 1.0) + along_threat
    along_axis = -2.0 * (here * north1 + half_way * north)
    aside = along_site * r1 * r1 + along_threat * product + along_axis * north1
    up = along_site * product + along_threat * r2 * r2 + along_axis * north2
    return product - aside, r2 - up / r2


def least_speed_flight(cases: Cases, at: Threat) -> Array:
    """Time of the flight [s] that meets the threat there with the least speed, launched when allowed."""
    room = np.minimum(at.time - cases.launch, cases.cap) - 0.5 * cases.burn
    longest = np.maximum(room, 0.5 * cases.burn)
    flight = longest
    for _ in range(_WAITS):
        place, drift = meeting(cases, at, flight, bent=False)
        quickest = (np.arccos(place.lam) + place.lam * np.sqrt(1.0 - place.lam**2)) * place.unit
        # A site that the Earth carries away makes it worth leaving a little before the least-energy flight.
        flight = np.clip(quickest + place.half_sum**2 * drift / cases.mu, 0.5 * cases.burn, longest)
    return flight


def energy_at(cases: Cases, anomaly: Array) -> Array:
    """Square of the least speed [m2/s2] that meets the threat there, launched when allowed or later."""
    at = threat_at(cases, anomaly)
    flight = least_speed_flight(cases, at)
    place, _ = meeting(cases, at, flight)
    x = solve_x(place.lam, np.maximum(flight / place.unit, 1e-6), 2)
    energy = 2.0 * cases.mu * (1.0 / cases.radius - (1.0 - x * x) / place.half_sum)
    return np.where(x <= place.steepest, energy, BARRED * (1.0 + np.minimum(x, 1e3) - place.steepest))


def full_speed_flight(cases: Cases, at: Threat) -> tuple[Array, Array]:
    """Time of the direct flight [s] at all of the speed, and by how much that is too slow (0: it is not)."""
    tries: list[Array] = [np.zeros_like(at.time) + 0.5 * cases.burn]
    for turn in range(_TURNS):
        place, _ = meeting(cases, at, tries[-1])
        square = 1.0 - place.half_sum * (1.0 / cases.radius - 0.5 * cases.speed**2 / cases.mu)
        fastest = np.sqrt(np.maximum(square, 0.0))
        direct = flight_time(np.minimum(fastest, place.steepest), place.lam) * place.unit
        tries.append(np.maximum(direct, 0.5 * cases.burn))
        if turn == _TURNS - 2:
            tries.append(_limit(*tries[-3:]))
    flight = tries[-1]
    lofted = flight_time(np.maximum(-fastest, -1.0 + 1e-9), place.lam) * place.unit
    return flight, np.maximum(-square, 0.0) + np.maximum(flight / np.maximum(lofted, 1.0) - 1.0, 0.0)


def earliness_at(cases: Cases, anomaly: Array) -> Array:
    """How long before threat launch [s] the interceptor must leave to meet the threat there; else barred."""
    at = threat_at(cases, anomaly)
    flight, short = full_speed_flight(cases, at)
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


def status_of(
    solved: npt.NDArray[np.bool_], possible: npt.NDArray[np.bool_], found: npt.NDArray[np.bool_]
) -> npt.NDArray[np.int8]:
    """An EngagementStatus for each row: is there a threat, is there a moment, is it reached?"""
    status = np.full(found.shape, EngagementStatus.NO_TIME, np.int8)
    status[possible] = EngagementStatus.TOO_SLOW
    status[found] = EngagementStatus.FOUND
    status[~solved] = EngagementStatus.NO_THREAT
    return status
