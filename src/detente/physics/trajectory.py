"""Where a missile is after its engines stop, until it comes down, on an Earth that turns under it.

SI units and radians; components on the first axis, (3, ...). Times count from threat launch, when the
inertial frame coincides with the Earth-fixed one. A boost is three published-style figures (how long, how
high, how far), never a vehicle. No drag. Over a sphere the arc is an ellipse about the Earth's centre, found
here; over the ellipsoid it is flown (oblate.py), and kept as an ellipse with what it departs from it by.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import IntEnum
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from .conic import (
    Departure,
    Ellipse,
    anomaly_after,
    dot,
    ellipse_through,
    given_angle_arc,
    kepler_anomaly,
    length,
    local_plane,
    mean_anomaly,
    minimum_energy_arc,
)
from .constants import EARTH_MU, EARTH_ROTATION
from .deviation import share_of, value_at
from .frames import Array, ArrayLike, over_batch, to_inertial

_TURNS = 80
_CLOSE = 1e-11  # of the flight time; the aim then lies within a millimetre


class ArcStatus(IntEnum):
    """Whether a flight from launch to aim was found."""

    SOLVED = 0
    NOT_CONVERGED = 1
    """The meeting with the turning Earth did not settle."""
    AIM_TOO_NEAR = 2
    """The aim lies within the ground distance of the boost."""
    NO_ELLIPSE = 3
    """No ellipse leaves at that angle and comes down at the aim."""
    PAST_ANTIPODE = 4
    """The aim lies half way round, or the turning Earth carries it past that during the flight."""
    NO_FLIGHT = 5
    """Over the ellipsoid: a flight on the way to the solution stayed aloft or never rose."""


class Boost(NamedTuple):
    """A powered ascent by its end: how long after launch [s], how high [m], how far over the ground [m]."""

    burn_time: ArrayLike
    burnout_altitude: ArrayLike
    burnout_distance: ArrayLike


class Arc(NamedTuple):
    """Free flights from burnout to impact, each an ellipse in the inertial frame, or near one.

    Arrays of one batch shape, directions (3, ...). Eccentric anomalies [rad] of burnout and impact run
    from 0 to 2 pi, apogee at pi, and go with the time as on the ellipse. `deviation` (terms, 5, ...): what
    x, y, z, the distance from the centre and the altitude [m] differ by from those on the ellipse (see
    deviation.py); no terms, or zeros, where it is exact. The Earth: `radius` of its equator [m], `flattening`
    of its ground, `bulge` 3/2 J2 a^2 [m2] of its pull, turn and mu. Where the status (an ArcStatus) is not
    SOLVED the other fields are NaN, but for radius, flattening and bulge.
    """

    semi_major_axis: Array
    eccentricity: Array
    perigee_direction: Array
    ahead_direction: Array
    mean_motion: Array
    perigee_time: Array
    burnout_anomaly: Array
    impact_anomaly: Array
    burnout_time: Array
    impact_time: Array
    burnout_speed: Array
    burnout_angle: Array
    apogee_altitude: Array
    radius: Array
    earth_rotation: Array
    mu: Array
    status: npt.NDArray[np.int8]
    flattening: Array
    bulge: Array
    deviation: Array


_BEFORE = {"perigee_direction": 1, "ahead_direction": 1, "deviation": 2}
"""Axes that a field of an Arc has before those of the batch, where it has any."""

_Join: TypeAlias = Callable[[Array, Array, Array, Array], Departure]


def threat_arc(
    launch: ArrayLike,
    aim: ArrayLike,
    boost: Boost,
    *,
    earth_rotation: ArrayLike = EARTH_ROTATION,
    mu: ArrayLike = EARTH_MU,
) -> Arc:
    """The least-energy flight [inertial, SI] from a launch place to an aim place on a turning sphere.

    Launch and aim: Earth-fixed positions [m], shape (3, ...), on one sphere. The boost ends on the great
    circle from launch to aim; from there a least-energy ellipse meets the aim where the Earth's turn has
    carried it by impact. Shapes broadcast; earth_rotation = 0 [rad/s] gives the textbook sphere.
    Source: see minimum_energy_arc; here repeated until the time of flight and the Earth's turn agree.
    """

    def join(start: Array, end: Array, m: Array, _: Array) -> Departure:
        return minimum_energy_arc(start, end, m)

    return _meet((launch, aim), boost, 0.0, (earth_rotation, mu), join)


def threat_arc_at_angle(
    launch: ArrayLike,
    aim: ArrayLike,
    boost: Boost,
    angle: ArrayLike,
    *,
    earth_rotation: ArrayLike = EARTH_ROTATION,
    mu: ArrayLike = EARTH_MU,
) -> Arc:
    """The flight [inertial, SI] that leaves burnout at a given angle above the horizon [rad].

    The angle is that of the inertial velocity: above the least-energy one the flight is lofted, below it
    depressed. All else as in threat_arc. Source: see given_angle_arc.
    """

    def join(start: Array, end: Array, m: Array, gamma: Array) -> Departure:
        return given_angle_arc(start, end, gamma, m)

    return _meet((launch, aim), boost, angle, (earth_rotation, mu), join)


def sample_arc(arc: Arc, times: ArrayLike) -> Array:
    """Inertial positions [m], shape (3, ..., m), at times [s] after threat launch, shape (..., m) or (m,).

    Leading axes of the times meet the arc's batch. Times before burnout or after impact give the ellipse
    prolonged; turn to the ground with frames.to_earth_fixed(positions, times, rate).
    """
    return arc_position(arc, _anomaly_at(arc, times))


def altitude_at(arc: Arc, times: ArrayLike) -> Array:
    """Altitudes above the ground [m], shape (..., m), at times [s] after threat launch, as in sample_arc."""
    return arc_altitude(arc, _anomaly_at(arc, times))


def _anomaly_at(arc: Arc, times: ArrayLike) -> Array:
    elapsed = np.asarray(times, float) - arc.perigee_time[..., None]
    return kepler_anomaly(arc.mean_motion[..., None] * elapsed, arc.eccentricity[..., None])


def arc_position(arc: Arc, anomaly: Array) -> Array:
    """Inertial positions [m], shape (3, ..., m), at eccentric anomalies [rad], shape (..., m)."""
    a, e = arc.semi_major_axis[..., None], arc.eccentricity[..., None]
    towards = a * (np.cos(anomaly) - e)
    across = a * np.sqrt(1.0 - e * e) * np.sin(anomaly)
    ellipse = arc.perigee_direction[..., None] * towards + arc.ahead_direction[..., None] * across
    position: Array = ellipse + _departure(arc, anomaly, slice(3))
    return position


def arc_altitude(arc: Arc, anomaly: Array) -> Array:
    """Altitude above the ground [m] at eccentric anomalies [rad], shape (..., m)."""
    a, e = arc.semi_major_axis[..., None], arc.eccentricity[..., None]
    ellipse = a * (1.0 - e * np.cos(anomaly)) - arc.radius[..., None]
    altitude: Array = ellipse + _departure(arc, anomaly, 4)
    return altitude


def _departure(arc: Arc, anomaly: Array, which: Any) -> Any:
    """What positions (0 to 2), distances (3) or altitudes (4) differ by from those on the ellipse [m].

    Before burnout and after impact it stays as it is there.
    """
    if not len(arc.deviation):
        return 0.0
    burnout, impact = arc.burnout_anomaly[..., None], arc.impact_anomaly[..., None]
    share = np.clip(share_of(anomaly, burnout, impact), -1.0, 1.0)
    return value_at(arc.deviation[:, which, ..., None], share)


def arc_time(arc: Arc, anomaly: Array) -> Array:
    """Time [s] after threat launch at eccentric anomalies [rad], shape (..., m)."""
    e = arc.eccentricity[..., None]
    time: Array = arc.perigee_time[..., None] + (anomaly - e * np.sin(anomaly)) / arc.mean_motion[..., None]
    return time


def burnout_state(arc: Arc) -> tuple[Array, Array]:
    """Inertial position [m] and velocity [m/s] at burnout, each (3, ...), where the ellipse is exact."""
    a, e, anomaly = arc.semi_major_axis, arc.eccentricity, arc.burnout_anomaly
    round_off = np.sqrt(1.0 - e * e)
    cosine, sine = np.cos(anomaly), np.sin(anomaly)
    place: Array = a * ((cosine - e) * arc.perigee_direction + round_off * sine * arc.ahead_direction)
    pace = a * arc.mean_motion / (1.0 - e * cosine)
    velocity: Array = pace * (round_off * cosine * arc.ahead_direction - sine * arc.perigee_direction)
    return place, velocity


def arc_rows(arc: Arc, shape: tuple[int, ...]) -> Arc:
    """The same flights repeated over a batch shape and laid out in rows: arrays (n,), directions (3, n)."""
    rows: dict[str, Any] = {}
    for name, value in arc._asdict().items():
        before = _BEFORE.get(name, 0)
        head, batch = value.shape[:before], value.shape[before:]
        whole = value.reshape(head + (1,) * (len(shape) - len(batch)) + batch)
        rows[name] = np.broadcast_to(whole, head + shape).reshape((*head, int(np.prod(shape))))
    return Arc(**rows)


def arc_take(arc: Arc, index: Any) -> Arc:
    """Some of the flights: whatever an index on the batch axes takes, such as 3, or rows, or a slice."""
    every = slice(None)
    index = index if isinstance(index, tuple) else (index,)
    taken: dict[str, Any] = {}
    for name, value in arc._asdict().items():
        taken[name] = np.asarray(value[(every,) * _BEFORE.get(name, 0) + index])
    return Arc(**taken)


def arcs_joined(arcs: Sequence[Arc]) -> Arc:
    """The flights of batches that agree on all axes but the first, one batch after the other."""
    terms = max(len(arc.deviation) for arc in arcs)
    joined: dict[str, Any] = {}
    for name in Arc._fields:
        values = [getattr(arc, name) for arc in arcs]
        if name == "deviation":
            short = [(terms - len(value), *value.shape[1:]) for value in values]
            values = [np.concatenate([v, np.zeros(s)]) for v, s in zip(values, short, strict=True)]
        joined[name] = np.concatenate(values, axis=_BEFORE.get(name, 0))
    return Arc(**joined)


def arc_put(arc: Arc, rows: npt.NDArray[np.intp], part: Arc) -> None:
    """Write flights (k,) in the place of some rows (k,) of others, which have room for their departures."""
    for name, whole in arc._asdict().items():
        before = (slice(None),) * _BEFORE.get(name, 0)
        whole[(*before, rows)] = getattr(part, name)


def arc_shaped(arc: Arc, shape: tuple[int, ...]) -> Arc:
    """The same flights, laid out in rows, in a batch shape."""
    fields = arc._asdict().items()
    return Arc(**{n: v.reshape(v.shape[: _BEFORE.get(n, 0)] + shape) for n, v in fields})


def _meet(
    places: tuple[ArrayLike, ArrayLike],
    boost: Boost,
    angle: ArrayLike,
    earth: tuple[ArrayLike, ArrayLike],
    join: _Join,
) -> Arc:
    """The arc whose flight time agrees with where the Earth's turn has put the aim by then."""
    figures = [np.asarray(figure, float) for figure in (*boost, angle, *earth)]
    vectors = [over_batch(place, max(f.ndim for f in figures)) for place in places]
    shape = np.broadcast_shapes(*(f.shape for f in figures), *(v.shape[1:] for v in vectors))
    burn, altitude, ahead, gamma, rate, mu = (np.broadcast_to(f, shape) for f in figures)
    here, there = (np.broadcast_to(over_batch(v, len(shape)), (3, *shape)) for v in vectors)
    radius = length(here)
    if not np.allclose(radius, length(there), rtol=1e-9, atol=0.0):
        raise ValueError(
            "launch and aim lie at different distances from the Earth's centre; put both on one sphere"
        )

    out, across, span, spans = local_plane(here, there)
    ground = ahead / radius
    place = (radius + altitude) * (np.cos(ground) * out + np.sin(ground) * across)
    start = to_inertial(place, burn, rate)
    time = np.zeros(shape)
    status = np.full(shape, ArcStatus.SOLVED, np.int8)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        for _ in range(_TURNS):
            flight = join(start, to_inertial(there, burn + time, rate), mu, gamma)
            settled = np.abs(flight.time - time) <= _CLOSE * flight.time
            time = flight.time
            if np.all(settled | ~flight.exists):
                break
        end = to_inertial(there, burn + time, rate)
        ellipse = ellipse_through(start, flight.velocity, mu)
        turned = dot(np.cross(here, there, axis=0), np.cross(start, end, axis=0)) < 0.0
        status[~settled] = ArcStatus.NOT_CONVERGED
        status[~spans | (turned & (dot(start, end) < 0.0))] = ArcStatus.PAST_ANTIPODE
        status[~flight.exists] = ArcStatus.NO_ELLIPSE
        status[ground >= span] = ArcStatus.AIM_TOO_NEAR
        return _arc(ellipse, anomaly_after(ellipse, end), burn, (radius, rate, mu), status)


def _arc(
    ellipse: Ellipse,
    impact: Array,
    burn: Array,
    earth: tuple[Array, Array, Array],
    status: npt.NDArray[np.int8],
) -> Arc:
    radius, rate, mu = earth
    a, e = ellipse.axis, ellipse.eccentricity
    distance = a * (1.0 - e * np.cos(ellipse.anomaly))
    perigee_time = burn - mean_anomaly(ellipse, ellipse.anomaly) / ellipse.mean_motion
    good = status == ArcStatus.SOLVED

    def keep(value: Array) -> Array:
        return np.where(good, value, np.nan)

    return Arc(
        semi_major_axis=keep(a),
        eccentricity=keep(e),
        perigee_direction=keep(ellipse.towards),
        ahead_direction=keep(ellipse.across),
        mean_motion=keep(ellipse.mean_motion),
        perigee_time=keep(perigee_time),
        burnout_anomaly=keep(ellipse.anomaly),
        impact_anomaly=keep(impact),
        burnout_time=keep(burn),
        impact_time=keep(perigee_time + mean_anomaly(ellipse, impact) / ellipse.mean_motion),
        burnout_speed=keep(np.sqrt(mu * (2.0 / distance - 1.0 / a))),
        burnout_angle=keep(np.arctan2(e * np.sin(ellipse.anomaly), np.sqrt(1.0 - e * e))),
        apogee_altitude=keep(np.where(ellipse.anomaly < np.pi, a * (1.0 + e), distance) - radius),
        radius=np.array(radius),
        earth_rotation=keep(rate),
        mu=keep(mu),
        status=status,
        flattening=np.zeros(a.shape),
        bulge=np.zeros(a.shape),
        deviation=np.zeros((0, 5, *a.shape)),
    )
