"""The engines that fly batches and ask what is reached: NumPy, compiled, and plain Python to check them by.

All three answer the same calls; pick one by passing it to flights.fly or intercept.reaches. Results are
the same to the last bit for any batch, any order and any number of threads of one engine; engines differ
from one another by rounding alone.
"""

from __future__ import annotations

import importlib.util
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from . import driver, encounters, lockstep, tracks, transfers

if TYPE_CHECKING:
    from detente.physics.frames import Array


class Coasts(NamedTuple):
    """What an engine gives for n rows and m times, all counted from launch.

    `ends` (7, n): inertial position [m], velocity [m/s], time [s] where the coast passes its lowest level.
    `tops` (2, n): time [s] and altitude [m] of apogee. `places` (3, n, m): inertial positions [m] at the
    times, NaN outside the flight. `phases` (n, m) and `codes` (n,) as in driver.
    """

    ends: Array
    tops: Array
    places: Array
    phases: npt.NDArray[np.int8]
    codes: npt.NDArray[np.int8]


def room(rows: int, moments: int) -> Coasts:
    """Empty arrays for so many rows and times."""
    return Coasts(
        np.empty((7, rows)),
        np.empty((2, rows)),
        np.empty((3, rows, moments)),
        np.empty((rows, moments), np.int8),
        np.empty(rows, np.int8),
    )


class Engine(Protocol):
    """Flies rows. columns (14, n): launch state (6), burnout state (6), burn time, lowest level.

    earth (4,): mu, 3/2 J2 a^2, equatorial and polar radius. times (1, m) or (n, m), rising. What comes out
    goes into `out`, from its row `at` on.
    """

    @property
    def threads(self) -> int:
        """How many threads flights.fly spreads the rows over."""

    def coast(self, columns: Array, earth: Array, times: Array, out: Coasts, at: int) -> None:
        """Fly all rows of the columns, in one thread."""

    def reach(self, columns: Array, out: npt.NDArray[np.bool_]) -> bool:
        """Say of rows laid out as in encounters whether they are reached; False: it cannot, and has not."""

    def join(self, columns: Array, mu: float, out: Array, status: npt.NDArray[np.int8]) -> bool:
        """Join the places of rows laid out as in transfers; False: it cannot, and has not."""


@dataclass(frozen=True)
class Lockstep:
    """NumPy: all rows take the same step together. Needs nothing else."""

    threads: int = 1

    def coast(self, columns: Array, earth: Array, times: Array, out: Coasts, at: int) -> None:
        lockstep.fly_blocks(columns, earth, times, out, at)

    def reach(self, columns: Array, out: npt.NDArray[np.bool_]) -> bool:
        del columns, out  # NumPy has its own way with whole batches, see intercept.reaches
        return False

    def join(self, columns: Array, mu: float, out: Array, status: npt.NDArray[np.int8]) -> bool:
        del columns, mu, out, status  # and so it has in lambert.lambert
        return False


@dataclass(frozen=True)
class Lanes:
    """Compiled by numba: `side_by_side` rows in the lanes of a processor; needs `pip install detente[fast]`.

    The first use compiles (seconds) unless an earlier run left its machine code in the cache.
    """

    threads: int = 1
    side_by_side: int = tracks.WIDTH

    def coast(self, columns: Array, earth: Array, times: Array, out: Coasts, at: int) -> None:
        from .compiled import fly_compiled

        fly_compiled(self.side_by_side, columns, earth, times, out, at)

    def reach(self, columns: Array, out: npt.NDArray[np.bool_]) -> bool:
        from .compiled import reach_compiled

        reach_compiled(columns, out)
        return True

    def join(self, columns: Array, mu: float, out: Array, status: npt.NDArray[np.int8]) -> bool:
        from .compiled import join_compiled

        join_compiled(columns, mu, out, status)
        return True


@dataclass(frozen=True)
class Plain:
    """The compiled engine's own source run as plain Python, a thousand times as slow: a check, not a tool."""

    threads: int = 1

    def coast(self, columns: Array, earth: Array, times: Array, out: Coasts, at: int) -> None:
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            driver.fly_rows(columns, earth, times, *out, at)

    def reach(self, columns: Array, out: npt.NDArray[np.bool_]) -> bool:
        encounters.reach_rows(columns, out, *encounters.room())
        return True

    def join(self, columns: Array, mu: float, out: Array, status: npt.NDArray[np.int8]) -> bool:
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            transfers.join_rows(columns, mu, out, status)
        return True


NUMPY: Final[Engine] = Lockstep()
"""The engine that is used where no other is asked for."""

_MANY = 200_000  # engagements that NumPy works on for as long as numba takes to be imported
_SOME = 2_000


def quickest(rows: int) -> Engine:
    """The engine that answers soonest for so many engagements: compiled for many, if numba is there.

    Importing numba takes about a second; where it has been imported, a few engagements are enough.
    """
    enough = _SOME if "numba" in sys.modules else _MANY
    return Lanes() if rows >= enough and importlib.util.find_spec("numba") else NUMPY
