"""Flights from launch to the lowest altitude that matters, over an Earth that turns and is not quite round.

SI units and radians; components on the first axis, (3, ...). Times count from launch, when the inertial
frame coincides with the Earth-fixed one. A boost is a published summary (ascent.py); from burnout on only
gravity acts, flattening included, and each flight takes its own even steps. No air: nothing is said of what
happens below the lowest altitude, and a flight down to the ground is that of a body in a vacuum.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from enum import IntEnum
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from .ascent import Ascent, boost_fits
from .engines import NUMPY, Coasts, Engine, driver, room, tracks
from .gravity import WGS84, Earth

if TYPE_CHECKING:
    from .frames import Array, ArrayLike

_ROWS = 16_384  # flown at a time, which bounds the working memory whatever the number of flights


class FlightStatus(IntEnum):
    """How a flight ended."""

    FLOWN = driver.FLOWN
    NOT_DOWN = driver.NOT_DOWN
    """It grazes the lowest altitude so flatly that its passage was not found."""
    NEVER_THAT_HIGH = driver.NEVER_THAT_HIGH
    """After burnout it is never above the lowest altitude."""
    STAYS_ALOFT = driver.STAYS_ALOFT
    """It is fast enough for an orbit, or for leaving the Earth."""


class Phase(IntEnum):
    """What a sample of a flight belongs to; positions are NaN but in BOOST and COAST."""

    BEFORE_LAUNCH = tracks.BEFORE
    BOOST = tracks.BOOST
    COAST = tracks.COAST
    OVER = tracks.OVER
    """After the passage down through the lowest altitude."""
    NO_FLIGHT = 4
    """The flight has no solution; see its status."""
    NO_PATH = 5
    """During a boost whose figures do not go together."""


class Flights(NamedTuple):
    """Flights; arrays of one batch shape (...), vectors (3, ...), samples (3, ..., times).

    Inertial frame. The end is the passage down through the lowest altitude: time [s], position [m],
    velocity [m/s]. Apogee: time [s] and altitude [m] where it is farthest from the Earth's center, within
    100 m of the highest over flattened ground; burnout, if it falls from there on. `boost_fits` is False
    where no path that leaves the ground joins the boost's figures; the coast is flown all the same.
    Where the status (a FlightStatus) is not FLOWN, all but `phase` and `boost_fits` is NaN. `phase`: of
    each sample, a Phase.
    """

    apogee_time: Array
    apogee_altitude: Array
    end_time: Array
    end_position: Array
    end_velocity: Array
    positions: Array
    phase: npt.NDArray[np.int8]
    boost_fits: npt.NDArray[np.bool_]
    status: npt.NDArray[np.int8]


def fly(
    ascent: Ascent,
    times: ArrayLike = (),
    *,
    lowest_altitude: ArrayLike = 0.0,
    earth: Earth = WGS84,
    engine: Engine = NUMPY,
) -> Flights:
    """Fly a batch [inertial, SI] from launch down through a lowest altitude [m].

    times [s] after launch at which positions are wanted, rising, shape (m,) for all or (..., m), each flight
    its own. lowest_altitude broadcasts against the batch. Positions are good to a meter from 100 km to
    13,000 km of range and to 6,000 km of altitude, against the exact flight of the same equations.
    Source: kernels.py; the plan of steps from the flight's own ellipse, as if there were no flattening.
    """
    level = np.asarray(lowest_altitude, float)
    clock = np.asarray(times, float)
    burn = np.asarray(ascent.burn_time, float)
    shape = np.broadcast_shapes(burn.shape, level.shape, clock.shape[:-1])
    vectors = (ascent.launch, ascent.launch_velocity, ascent.burnout, ascent.velocity)
    given = [_flat(vector, (3,), shape) for vector in vectors]
    given += [_flat(np.asarray(figure, float), (), shape)[None] for figure in (burn, level)]
    if not np.all(np.isfinite(clock)) or np.any(clock[..., 1:] < clock[..., :-1]):
        raise ValueError("sample times must be finite and rise along the last axis; sort them")
    own = clock.ndim > 1
    grid = (
        np.broadcast_to(clock, (*shape, clock.shape[-1])).reshape(-1, clock.shape[-1]) if own else clock[None]
    )
    flown = _all_rows(given, grid, earth, engine)
    return _shaped(flown, shape)


def _flat(value: Array, before: tuple[int, ...], shape: tuple[int, ...]) -> Array:
    """A vector (3, ...) or a figure (...) for each row of the batch, in rows; a view where it can be one."""
    missing = len(shape) - (value.ndim - len(before))
    whole = value.reshape(before + (1,) * missing + value.shape[len(before) :])
    flat: Array = np.broadcast_to(whole, before + shape).reshape((*before, int(np.prod(shape))))
    return flat


def _columns(given: list[Array], part: slice) -> Array:
    """What an engine takes, for some of the rows; refuses what no flight begins with."""
    columns = np.empty((14, part.stop - part.start))
    for first, values in zip((0, 3, 6, 9, 12, 13), given, strict=True):
        columns[first : first + values.shape[0]] = values[:, part]
    if not np.all(np.isfinite(columns)):
        raise ValueError("a flight needs finite launch and burnout states, burn times and lowest altitudes")
    if np.any(columns[12] < 0.0):
        raise ValueError(f"a burn lasts 0 s or longer; got {columns[12].min()} s")
    return columns


def _all_rows(given: list[Array], grid: Array, earth: Earth, engine: Engine) -> Flights:
    """Fly rows a chunk at a time, over as many threads as the engine asks for."""
    rows = given[0].shape[1]
    out = room(rows, grid.shape[1])
    fits, status = np.empty(rows, bool), np.empty(rows, np.int8)
    size = max(1, min(_ROWS, -(-rows // engine.threads)))

    def one(first: int) -> None:
        part = slice(first, min(first + size, rows))
        when = grid[part] if grid.shape[0] > 1 else grid
        fits[part], status[part] = _chunk(_columns(given, part), when, earth, engine, (out, first))

    starts = range(0, rows, size)
    if engine.threads > 1:
        with ThreadPoolExecutor(engine.threads) as pool:
            list(pool.map(one, starts))
    else:
        for first in starts:
            one(first)
    ends, tops = out.ends, out.tops
    return Flights(tops[0], tops[1], ends[6], ends[:3], ends[3:6], out.places, out.phases, fits, status)


def _chunk(
    columns: Array, times: Array, earth: Earth, engine: Engine, into: tuple[Coasts, int]
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.int8]]:
    """Fly some rows into the room for all, from a row on; whether their boosts fit, and their status."""
    figures = np.array([earth.mu, earth.bulge, earth.equatorial_radius, earth.polar_radius])
    out, first = into
    engine.coast(columns, figures, times, out, first)
    part = slice(first, first + columns.shape[1])
    ends, places, phase, status = out.ends[:, part], out.places[:, part], out.phases[part], out.codes[part]
    fits = boost_fits(Ascent(columns[:3], columns[3:6], columns[12], columns[6:9], columns[9:12]), earth)
    bad = status != FlightStatus.FLOWN
    if np.any(bad):
        ends[:, bad], out.tops[:, part][:, bad] = np.nan, np.nan
        places[:, bad], phase[bad] = np.nan, Phase.NO_FLIGHT
    lost = np.flatnonzero(~fits & ~bad)
    row, moment = np.nonzero(phase[lost] == Phase.BOOST)
    places[:, lost[row], moment], phase[lost[row], moment] = np.nan, Phase.NO_PATH
    return fits, status


def _shaped(flown: Flights, shape: tuple[int, ...]) -> Flights:
    """The rows in the shape of the batch."""
    shaped: dict[str, Any] = {}
    for name, value in flown._asdict().items():
        before = (3,) if name in {"end_position", "end_velocity", "positions"} else ()
        after = value.shape[-1:] if name in {"positions", "phase"} else ()
        shaped[name] = value.reshape(before + shape + after)
    return Flights(**shaped)
