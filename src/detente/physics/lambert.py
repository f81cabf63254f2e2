"""The flight that joins two places in space in a given time.

The question behind "how fast must an interceptor be to get there in time?". Point masses, engines off, one
attracting centre, the short way round, less than one turn. SI units; components on the first axis, (3, ...).

Everything rests on one curve, the dimensionless time of flight T(x) of Lancaster and Blanchard: x = 0 is
the flight of least energy, x < 0 the lofted side, 0 < x < 1 the direct side, x = 1 the parabola.
Source: D. Izzo, Revisiting Lambert's problem, Celest. Mech. Dyn. Astron. 121 (2015) 1-15.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .conic import length
from .constants import EARTH_MU
from .engines import NUMPY, Engine
from .frames import Array, ArrayLike, over_batch

_STEPS = 3
_LOG_2 = float(np.log(2.0))
_NEAR_PARABOLA = 0.02  # in 1 - x^2; inside, the closed form loses digits and the series is short


class LambertStatus(IntEnum):
    """Whether the two places could be joined."""

    SOLVED = 0
    NOT_CONVERGED = 1
    NO_PLANE = 2
    """The places lie in one line with the centre: the speed is known, the plane of flight is not."""
    NO_TIME = 3
    """The time of flight is not positive."""


class Lambert(NamedTuple):
    """Velocities [m/s], shape (3, ...), on leaving and on arriving; status, a LambertStatus.

    Velocities are zero where the status is not SOLVED.
    """

    departure: Array
    arrival: Array
    status: npt.NDArray[np.int8]


def lambert(
    start: ArrayLike, end: ArrayLike, time: ArrayLike, mu: float = EARTH_MU, *, engine: Engine = NUMPY
) -> Lambert:
    """Velocities [m/s] at both ends of the flight from start to end in a given time, the short way.

    Start and end [m], shape (3, ...), inertial; time of flight [s]; mu [m3/s2]; shapes broadcast. Valid for
    ellipse, parabola and hyperbola. Rows that cannot be solved carry their status. Engines agree to 1e-9.
    Source: Izzo (2015), sections 2-4.
    """
    duration = np.asarray(time, float)
    axes = max(np.ndim(start) - 1, np.ndim(end) - 1, duration.ndim)
    here, there, duration, shape = _rows(over_batch(start, axes), over_batch(end, axes), duration)
    columns = np.concatenate([here, there, duration[None]])
    velocities, code = np.empty((6, duration.size)), np.empty(duration.size, np.int8)
    if engine.join(columns, mu, velocities, code):
        both = velocities.reshape((2, 3, *shape))
        return Lambert(both[0], both[1], code.reshape(shape))
    r1, r2 = length(here), length(there)
    chord = length(there - here)
    normal = np.cross(here, there, axis=0)
    area = length(normal)
    status = np.full(duration.shape, LambertStatus.SOLVED, np.int8)
    status[area <= 1e-10 * r1 * r2] = LambertStatus.NO_PLANE
    status[~(duration > 0.0)] = LambertStatus.NO_TIME
    fine = status == LambertStatus.SOLVED

    safe_chord = np.where(fine, chord, 1.0)
    half_sum = 0.5 * (r1 + r2 + safe_chord)
    lam = np.sqrt(np.maximum(0.0, 1.0 - safe_chord / half_sum))
    wanted = np.where(fine, duration, 1.0) * np.sqrt(2.0 * mu / half_sum**3)
    x = solve_x(lam, wanted, _STEPS)
    missed = np.abs(flight_time(x, lam) - wanted) > 1e-9 * wanted
    status[fine & missed] = LambertStatus.NOT_CONVERGED
    fine = status == LambertStatus.SOLVED

    y = np.sqrt(1.0 - lam**2 * (1.0 - x**2))
    scale = np.sqrt(0.5 * mu * half_sum)
    rho = (r1 - r2) / safe_chord
    sigma = np.sqrt(np.maximum(0.0, 1.0 - rho**2))
    up_1 = here / r1
    up_2 = there / r2
    plane = normal / np.where(area > 0.0, area, 1.0)
    along = scale * sigma * (y + lam * x)
    radial_1 = scale * ((lam * y - x) - rho * (lam * y + x)) / r1
    radial_2 = -scale * ((lam * y - x) + rho * (lam * y + x)) / r2
    departure = radial_1 * up_1 + along / r1 * np.cross(plane, up_1, axis=0)
    arrival = radial_2 * up_2 + along / r2 * np.cross(plane, up_2, axis=0)
    return Lambert(
        np.where(fine, departure, 0.0).reshape((3, *shape)),
        np.where(fine, arrival, 0.0).reshape((3, *shape)),
        status.reshape(shape),
    )


def flight_time(x: Array, lam: Array) -> Array:
    """Dimensionless time of flight T = t sqrt(2 mu / s^3) on the short way, for x > -1 and 0 <= lam < 1.

    Arrays of one axis or more, of one shape. s is half the perimeter of the triangle of the two places and
    the centre, lam^2 = 1 - chord / s. Source: Izzo (2015), eq. 18, and eq. 20 near the parabola.
    """
    y = np.sqrt(1.0 - lam**2 * (1.0 - x**2))
    return _time(x, y, lam)


def solve_x(lam: Array, wanted: Array, steps: int = _STEPS) -> Array:
    """The x at which flight_time(x, lam) is the wanted one, by that many Householder steps.

    Measured for -0.97 < x < 1.5 and lam < 0.9999: one step leaves 0.003 in x, two 5e-7, three 1e-10.
    Source: Izzo (2015), section 3; the starter on the lofted side is that of his program pykep.
    """
    x = _first_guess(lam, wanted)
    cube = lam * lam * lam
    for _ in range(steps):
        rest = 1.0 - x * x
        y = np.sqrt(1.0 - lam * lam * rest)
        reached = _time(x, y, lam)
        off = reached - wanted
        parabolic = np.abs(rest) < 1e-4
        rest = np.where(parabolic, 1.0, rest)
        ratio = cube / y
        first = (3.0 * reached * x - 2.0 + 2.0 * ratio * x) / rest
        bend = (1.0 - lam * lam) * ratio / (y * y)
        second = (3.0 * reached + 5.0 * x * first + 2.0 * bend) / rest
        third = (7.0 * x * second + 8.0 * first - 6.0 * bend * x * (lam / y) ** 2) / rest
        if np.any(parabolic):  # there the formulas are 0 / 0; a plain Newton step does as well
            first[parabolic] = -0.4 * (1.0 - lam[parabolic] ** 5)
            second[parabolic] = third[parabolic] = 0.0
        square = first * first
        step = (
            off * (square - 0.5 * off * second) / (first * (square - off * second) + third * off * off / 6.0)
        )
        x = np.maximum(x - step, 0.5 * (x - 1.0))  # never past x = -1, where the time is infinite
    return x


def _first_guess(lam: Array, wanted: Array) -> Array:
    least = np.arccos(lam) + lam * np.sqrt(1.0 - lam * lam)  # T at x = 0
    parabola = 2.0 / 3.0 * (1.0 - lam**3)  # T at x = 1
    lofted = wanted >= least
    between = np.exp(_LOG_2 * np.log(wanted / least) / np.log(parabola / least)) - 1.0
    x = np.where(lofted, (least - wanted) / (wanted - least + 4.0), between)
    fast = wanted < parabola
    if np.any(fast):
        lam_f, wanted_f, parabola_f = lam[fast], wanted[fast], parabola[fast]
        x[fast] = 1.0 + 2.5 * parabola_f * (parabola_f - wanted_f) / (wanted_f * (1.0 - lam_f**5))
    return x


def _time(x: Array, y: Array, lam: Array) -> Array:
    """T from x and y = sqrt(1 - lam^2 (1 - x^2)), without loss of digits anywhere."""
    rest = 1.0 - x * x
    eta = y - lam * x
    near = np.abs(rest) < _NEAR_PARABOLA
    size = np.abs(np.where(near, 1.0, rest))
    root = np.sqrt(size)
    angle = np.arctan2(root * eta, x * y + lam * rest)
    beyond = rest < 0.0
    if np.any(beyond):
        angle[beyond] = np.arcsinh(root[beyond] * eta[beyond])
    time: Array = (angle / root - x + lam * y) / np.where(beyond, -size, size)
    if np.any(near):
        eta_n, lam_n = eta[near], lam[near]
        time[near] = 0.5 * (eta_n**3 * _battin(0.5 * (1.0 - lam_n - x[near] * eta_n)) + 4.0 * lam_n * eta_n)
    return time


def _battin(z: Array) -> Array:
    """4/3 of Gauss's hypergeometric F(3, 1; 5/2; z) for small z. Source: Izzo (2015), eq. 20."""
    total = np.ones_like(z)
    for n in range(11, -1, -1):  # z stays below 0.02 here: twelve terms leave 1e-16
        total = 1.0 + total * z * (3.0 + n) / (2.5 + n)
    total *= 4.0 / 3.0
    return total


def _rows(start: Array, end: Array, time: Array) -> tuple[Array, Array, Array, tuple[int, ...]]:
    shape = np.broadcast_shapes(start.shape[1:], end.shape[1:], time.shape)
    return (
        np.broadcast_to(start, (3, *shape)).reshape(3, -1),
        np.broadcast_to(end, (3, *shape)).reshape(3, -1),
        np.broadcast_to(time, shape).ravel(),
        shape,
    )
