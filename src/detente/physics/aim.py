"""Which flight from a launch place comes down at a sample point: the least-energy one, or one at an angle.

SI units and radians; components on the first axis, (3, ...). The flight is joined by an ellipse to a point
beside the sample point, flown, and the point moved against the miss, until the flown one arrives. What the
figures call arrival is agreement of numbers, on an Earth without air; sample points are known to ten
kilometers, and nothing here speaks of how closely a missile could come down.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from .ascent import Ascent, ascend_with, burnout_place
from .conic import Departure, dot, given_angle_arc, length, local_plane, minimum_energy_arc
from .engines import NUMPY
from .flights import Flights, FlightStatus, fly
from .frames import Array, ArrayLike, over_batch, to_earth_fixed, to_inertial
from .gravity import WGS84, Earth, altitude
from .trajectory import Boost

if TYPE_CHECKING:
    from .engines import Engine

AGREES: float = 1.0
"""Distance [m] on the ground within which a flight has met its sample point in this calculation."""
MOST_FLIGHTS = 12
_TURNS = 6  # of the ellipse with the turning Earth, before the first flight; leaves some hundred meters

_Join: TypeAlias = Callable[[Array, Array, Array], Departure]


class AimStatus(IntEnum):
    """Whether a flight to the sample point was found."""

    SOLVED = 0
    NOT_CONVERGED = 1
    """After twelve flights the miss was still more than a meter."""
    AIM_TOO_NEAR = 2
    """The sample point lies within the ground distance of the boost."""
    NO_ELLIPSE = 3
    """No ellipse leaves burnout at that angle and comes down at the sample point."""
    PAST_ANTIPODE = 4
    """Launch place and sample point lie in one line with the Earth's center, or nearly."""
    NO_FLIGHT = 5
    """A flight on the way to the solution stayed aloft or never rose above the ground."""


class Aimed(NamedTuple):
    """Ascents that lead to sample points; arrays of one batch shape, vectors (3, ...).

    The ascent is NaN where the status (an AimStatus) is not SOLVED. `miss` [m] on the ground at the last
    flight, infinite where none was flown; `flights`: how many were flown. `end_time` [s after launch] at
    which the last of them came down, NaN where none did.
    """

    ascent: Ascent
    miss: Array
    flights: npt.NDArray[np.int8]
    status: npt.NDArray[np.int8]
    end_time: Array


def least_energy_ascent(
    launch: ArrayLike, aim: ArrayLike, boost: Boost, *, earth: Earth = WGS84, engine: Engine = NUMPY
) -> Aimed:
    """The least-energy flight [inertial, SI] from a launch place to a sample point on the surface.

    Launch and aim: Earth-fixed positions [m], (3, ...), on the surface. Burnout lies on the great circle
    from one to the other, as in trajectory.threat_arc. Least energy is that of the ellipse to the point
    beside the aim that the flight needs: the slowest flight to within some millimeters a second.
    """

    def join(start: Array, end: Array, _: Array) -> Departure:
        return minimum_energy_arc(start, end, earth.mu)

    return _aimed(launch, aim, boost, 0.0, join, earth, engine)


def given_angle_ascent(
    launch: ArrayLike,
    aim: ArrayLike,
    boost: Boost,
    angle: ArrayLike,
    *,
    earth: Earth = WGS84,
    engine: Engine = NUMPY,
) -> Aimed:
    """The flight [inertial, SI] to a sample point that leaves burnout at an angle above the horizon [rad].

    Above the angle of least energy it is lofted, below it depressed. All else as in least_energy_ascent.
    """

    def join(start: Array, end: Array, gamma: Array) -> Departure:
        return given_angle_arc(start, end, gamma, earth.mu)

    return _aimed(launch, aim, boost, angle, join, earth, engine)


class _Rows(NamedTuple):
    """What the solver knows of each row; the inertial burnout, and unit vectors on the ground at the aim."""

    launch: Array
    aim: Array
    end: Array
    start: Array
    along: Array
    aside: Array
    burn: Array
    angle: Array
    time: Array


def _aimed(
    launch: ArrayLike,
    aim: ArrayLike,
    boost: Boost,
    angle: ArrayLike,
    join: _Join,
    earth: Earth,
    engine: Engine,
) -> Aimed:
    figures = [np.asarray(figure, float) for figure in (*boost, angle)]
    axes = max(np.ndim(launch) - 1, np.ndim(aim) - 1, *(figure.ndim for figure in figures))
    vectors = [over_batch(place, axes) for place in (launch, aim)]
    shape = np.broadcast_shapes(*(f.shape for f in figures), *(v.shape[1:] for v in vectors))
    here, there = (np.broadcast_to(v, (3, *shape)).reshape(3, -1) for v in vectors)
    burn, height, ground, gamma = (np.broadcast_to(f, shape).ravel() for f in figures)
    for name, place in (("launch place", here), ("sample point", there)):
        if not np.all(np.abs(altitude(place, earth)) < 1e4):
            raise ValueError(f"a {name} lies off the surface; make it with frames.geodetic_place on WGS84, "
                             f"or with frames.spherical_place on a sphere")  # fmt: skip
    rows, status = _begin(here, there, Boost(burn, height, ground), gamma, join, earth)
    ascent, miss, count, end_time = _broyden(rows, status, join, earth, engine)
    for vector in ascent:
        vector[..., status != AimStatus.SOLVED] = np.nan
    return Aimed(
        Ascent(*(vector.reshape(vector.shape[:-1] + shape) for vector in ascent)),
        miss.reshape(shape), count.reshape(shape), status.reshape(shape), end_time.reshape(shape),
    )  # fmt: skip


def _begin(
    here: Array, there: Array, boost: Boost, gamma: Array, join: _Join, earth: Earth
) -> tuple[_Rows, npt.NDArray[np.int8]]:
    """Burnouts, and how long an ellipse to the aim would take while the Earth turns."""
    out, across, span, spans = local_plane(here, there)
    burn = np.asarray(boost.burn_time)
    end = burnout_place(here, across, boost, earth)
    start = to_inertial(end, burn, earth.rotation)
    status = np.full(burn.shape, AimStatus.SOLVED, np.int8)
    time = np.zeros(burn.shape)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        for _ in range(_TURNS):
            flight = join(start, to_inertial(there, burn + time, earth.rotation), gamma)
            time = np.where(flight.exists, flight.time, 0.0)
    status[~flight.exists] = AimStatus.NO_ELLIPSE
    status[~spans] = AimStatus.PAST_ANTIPODE
    status[np.asarray(boost.burnout_distance) / length(here) >= span] = AimStatus.AIM_TOO_NEAR
    up = there / length(there)
    aside = np.cross(out, across, axis=0)
    along = np.cross(aside, up, axis=0)
    return _Rows(here, there, end, start, along, aside, burn, gamma, burn + time), status


def _broyden(
    rows: _Rows, status: npt.NDArray[np.int8], join: _Join, earth: Earth, engine: Engine
) -> tuple[list[Array], Array, npt.NDArray[np.int8], Array]:
    """Move each row's point beside the aim until its flight meets the aim; only open rows are flown.

    Source: C. G. Broyden, Math. Comp. 19 (1965) 577-593, with the unit matrix as the first guess, for a
    shift of the point shifts the landing by as much.
    """
    n = rows.burn.size
    point, before, shift = np.zeros((2, n)), np.zeros((2, n)), np.zeros((2, n))
    inverse = np.zeros((2, 2, n))
    inverse[0, 0] = inverse[1, 1] = 1.0
    miss, count, end_time = np.full(n, np.inf), np.zeros(n, np.int8), np.full(n, np.nan)
    ascent = [np.full((3, n), np.nan), np.full((3, n), np.nan), np.full(n, np.nan),
              np.full((3, n), np.nan), np.full((3, n), np.nan)]  # fmt: skip
    for number in range(1, MOST_FLIGHTS + 1):
        live = np.flatnonzero((status == AimStatus.SOLVED) & ~(miss <= AGREES))
        if not live.size:
            break
        part = _Rows(*(value[..., live] for value in rows))
        trial, flown, exists = _try(part, point[:, live], join, earth, engine)
        landed = to_earth_fixed(flown.end_position, flown.end_time, earth.rotation)
        off = np.stack([dot(landed - part.aim, part.along), dot(landed - part.aim, part.aside)])
        failed = flown.status != FlightStatus.FLOWN
        status[live[failed]] = AimStatus.NO_FLIGHT
        status[live[~exists]] = AimStatus.NO_ELLIPSE
        off[:, failed | ~exists] = 0.0
        if number > 1:
            inverse[..., live] = _updated(inverse[..., live], shift[:, live], off - before[:, live])
        miss[live] = np.where(failed | ~exists, np.inf, length(landed - part.aim))
        count[live], end_time[live] = number, flown.end_time
        for whole, value in zip(ascent, trial, strict=True):
            whole[..., live] = value
        before[:, live] = off
        shift[:, live] = -_times(inverse[..., live], off)
        point[:, live] += shift[:, live]
    status[(status == AimStatus.SOLVED) & ~(miss <= AGREES)] = AimStatus.NOT_CONVERGED
    return ascent, miss, count, end_time


def _try(
    part: _Rows, point: Array, join: _Join, earth: Earth, engine: Engine
) -> tuple[Ascent, Flights, npt.NDArray[np.bool_]]:
    """Fly the ellipse to the points beside the aims."""
    target = part.aim + point[0] * part.along + point[1] * part.aside
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        flight = join(part.start, to_inertial(target, part.time, earth.rotation), part.angle)
    velocity = np.where(flight.exists, flight.velocity, 0.0)
    trial = ascend_with(part.launch, part.end, part.burn, velocity, earth)
    return trial, fly(trial, earth=earth, engine=engine), flight.exists


def _updated(inverse: Array, moved: Array, changed: Array) -> Array:
    """The inverse matrix that maps the last change of the miss to the last move of the point."""
    guess = _times(inverse, changed)
    weight = moved[0] * guess[0] + moved[1] * guess[1]
    row = np.stack([moved[0] * inverse[0, c] + moved[1] * inverse[1, c] for c in range(2)])
    usable = weight != 0.0
    gain = (moved - guess) / np.where(usable, weight, 1.0)
    update: Array = np.where(usable, gain[:, None] * row[None, :], 0.0)
    better: Array = inverse + update
    return better


def _times(matrix: Array, vector: Array) -> Array:
    return np.stack([matrix[i, 0] * vector[0] + matrix[i, 1] * vector[1] for i in range(2)])
