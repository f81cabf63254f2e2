"""The compiled engine: the same loops, turned into machine code and driven as lanes of the processor.

numba is imported on first use, never before. Machine code is kept in a folder named after a digest of every
source it was made from: numba itself looks only at the file that holds the outermost function, and would go
on using old code after a change in any other.
"""

from __future__ import annotations

import hashlib
import os
import platform
import sys
import threading
from functools import cache
from importlib.metadata import version
from pathlib import Path
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from . import driver, encounters, kernels, tracks, transfers, triangles

if TYPE_CHECKING:
    from detente.physics.frames import Array

_HERE = Path(__file__)
SOURCES = (
    *(
        _HERE.with_name(f"{each}.py")
        for each in ("kernels", "tracks", "driver", "triangles", "encounters", "transfers")
    ),
    _HERE,
)
_LOCK = threading.Lock()
# No flag that would let the order of operations, and with it the last bit, depend on neighbors.
_MATHS = {"contract", "nsz"}


def digest(width: int, sources: tuple[Path, ...] = SOURCES) -> str:
    """What machine code depends on, as 16 hexadecimal digits: sources, lanes, compiler, Python, machine."""
    mark = hashlib.sha256()
    for source in sources:
        mark.update(source.read_bytes() + b"\0")
    tools = [version(name) for name in ("numba", "llvmlite", "numpy")]
    machine = (platform.machine(), sys.platform, sys.implementation.cache_tag)
    mark.update(repr((width, tools, machine)).encode())
    return mark.hexdigest()[:16]


def cache_folder(width: int) -> Path:
    """Where machine code is kept: below DETENTE_CACHE_DIR, else the user's cache."""
    given = os.environ.get("DETENTE_CACHE_DIR")
    if given:
        base = Path(given)
    elif sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local")) / "detente"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "detente"
    return base / "kernels" / digest(width)


@cache
def compiled(width: int) -> Any:
    """The driver's fly_rows as machine code, with so many flights side by side.

    It holds no lock of Python's while it runs, keeps no state and starts no threads, so any number of
    threads may call it at once.
    """
    names: dict[str, Any] = vars(kernels) | vars(tracks) | vars(driver)
    names |= {"WIDTH": width, "NODE": tracks.FIELDS * width}
    names["SPOT"] = driver.NODES * names["NODE"]
    return _made((kernels, tracks, driver), driver.fly_rows, names, f"_{width}", cache_folder(width))


@cache
def compiled_encounters() -> Any:
    """encounters.reach_rows as machine code; may be called by any number of threads at once, as above."""
    names: dict[str, Any] = vars(triangles) | vars(encounters)
    return _made((triangles, encounters), encounters.reach_rows, names, "_1", cache_folder(1))


@cache
def compiled_transfers() -> Any:
    """transfers.join_rows as machine code; may be called by any number of threads at once, as above."""
    names: dict[str, Any] = vars(kernels) | vars(transfers)
    return _made((kernels, transfers), transfers.join_rows, names, "_2", cache_folder(2))


def _made(
    modules: tuple[ModuleType, ...], outermost: Any, names: dict[str, Any], mark: str, folder: Path
) -> Any:
    """The functions of some modules as machine code that finds one another under their names; the outermost.

    Only that one is kept in the folder. What takes arrays is compiled into its callers: a call counts the
    users of each array it is given, which costs as much as the work of many of these functions.
    """
    try:
        import numba
    except ImportError as missing:
        raise ImportError(
            "the compiled engine needs numba, which is not installed: pip install 'detente[fast]', or use "
            "engines.Lockstep(), which needs NumPy alone"
        ) from missing
    settings: Any = numba.config
    with _LOCK:
        kept = _keep_in(settings, folder)
        try:
            for module in modules:
                for name, function in list(vars(module).items()):
                    if isinstance(function, FunctionType) and function.__module__ == module.__name__:
                        last = function is outermost
                        apart = last or name in encounters.APART
                        source: Any = _select if function is kernels.choose else function
                        options = {"cache": last and kept is not None, "forceinline": not apart}
                        names[name] = _translated(numba.njit, source, names, mark, options)
        finally:
            if kept is not None:
                settings.CACHE_DIR = kept
    return names[outermost.__name__]


def _select(holds: Any, this: Any, other: Any) -> Any:
    """kernels.choose in words that the compiler makes a select of; NumPy's would allocate an array."""
    return this if holds else other


def _translated(
    njit: Any, function: FunctionType, names: dict[str, Any], mark: str, options: dict[str, bool]
) -> Any:
    """One function as numba's own, finding the others under their names.

    Without numpy's way with errors a division could raise, and no loop that can raise becomes lanes. The name
    holds the number of lanes: machine code that two earlier runs kept for two numbers would otherwise carry
    one name, and the linker would give the code of the first to both.
    """
    body = FunctionType(function.__code__, names, function.__name__ + mark)
    body.__qualname__ = body.__name__
    return njit(body, nogil=True, fastmath=_MATHS, error_model="numpy", **options)


def _keep_in(config: Any, folder: Path) -> str | None:
    """Point numba's cache to a folder; gives back where it pointed, or None if it cannot be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    if not os.access(folder, os.W_OK):
        return None
    before = str(config.CACHE_DIR)
    config.CACHE_DIR = str(folder)
    return before


def fly_compiled(
    width: int, columns: Array, earth: Array, times: Array, out: tuple[Any, ...], at: int
) -> None:
    """Call the machine code on contiguous arrays that may be written to, which is all it was made for.

    An array of another kind would get machine code of its own, and that could round otherwise.
    """
    given = (np.require(array, requirements=("C", "W")) for array in (columns, earth, times))
    compiled(width)(*given, *out, at)


def reach_compiled(columns: Array, out: npt.NDArray[np.bool_]) -> None:
    """Say of rows laid out for encounters.reach_rows whether they are reached."""
    compiled_encounters()(np.require(columns, requirements=("C", "W")), out, *encounters.room())


def join_compiled(columns: Array, mu: float, out: Array, status: npt.NDArray[np.int8]) -> None:
    """Join the places of rows laid out for transfers.join_rows."""
    compiled_transfers()(np.require(columns, requirements=("C", "W")), mu, out, status)
