"""Flights that join two places in a given time, against pykep and hapsira, each through its public call.

Places 250 to 5,600 km up, up to 150 degrees apart, from 0.6 to 1.8 times a typical time of flight. Both peers
solve one problem a call. The truth is each velocity, propagated: it must come out at the end.
"""

import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.flights import cpu
from benchmarks.peers import AbsentError, peer
from detente.physics.conic import propagate
from detente.physics.constants import EARTH_MU
from detente.physics.engines import Lanes
from detente.physics.lambert import lambert

ROWS = 20_000
FEW = {"pykep": 20_000, "hapsira": 400}
GOALS = {"pykep": 8.0, "hapsira": 150.0}
ALLOWED_M = 0.1
SCRIPTS = {
    "pykep": """
import sys, types
class Empty(types.ModuleType):  # pykep 3.0.1 asks here for files that its wheel lacks
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
sys.modules["pykep.trajopt"] = Empty("pykep.trajopt")
import pykep, numpy as np
from importlib.metadata import version as installed
given = np.load(sys.argv[1]); version = installed("pykep")
start, end, time_ = given["start"].T.tolist(), given["end"].T.tolist(), given["time"].tolist()
clockwise = (given["start"][0] * given["end"][1] - given["start"][1] * given["end"][0] < 0).tolist()
mu = float(given["mu"]); found = []
def work():
    found[:] = [
        pykep.lambert_problem(a, b, t, mu, c, 0).v0[0] for a, b, t, c in zip(start, end, time_, clockwise)
    ]
def save(): np.save(sys.argv[2], np.array(found).T)
""",
    "hapsira": """
import sys
import numpy as np
from astropy import units as u
from importlib.metadata import version as installed
from hapsira.iod import izzo
given = np.load(sys.argv[1]); version = installed("hapsira")
start, end = given["start"].T * u.m, given["end"].T * u.m
time_ = given["time"] * u.s; k = float(given["mu"]) * u.m**3 / u.s**2; found = []
ahead = (given["start"][0] * given["end"][1] - given["start"][1] * given["end"][0] > 0).tolist()
izzo.lambert(k, start[0], end[0], time_[0])
def work():
    found[:] = [
        izzo.lambert(k, a, b, t, prograde=p)[0] for a, b, t, p in zip(start, end, time_, ahead)
    ]
def save(): np.save(sys.argv[2], np.array([v.to_value(u.m / u.s) for v in found]).T)
""",
}


def problems() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Invented places and times: only time and agreement mean anything."""
    rng = np.random.default_rng(1)
    start = rng.normal(size=(3, ROWS))
    start /= np.linalg.norm(start, axis=0)
    aside = np.cross(start, rng.normal(size=(3, ROWS)), axis=0)
    aside /= np.linalg.norm(aside, axis=0)
    apart = rng.uniform(0.05, 2.6, ROWS)
    end = np.cos(apart) * start + np.sin(apart) * aside
    time = rng.uniform(0.6, 1.8, ROWS) * apart * 800.0 + 200.0
    return start * rng.uniform(6.6e6, 1.2e7, ROWS), end * rng.uniform(6.6e6, 1.2e7, ROWS), time


def off(velocity: np.ndarray, start: np.ndarray, end: np.ndarray, time: np.ndarray) -> float:
    """How far [m] the flights with these velocities come out from their ends, at worst."""
    return float(np.linalg.norm(propagate(start, velocity, time).position - end, axis=0).max())


def main(repeat: int = 5) -> dict[str, Any]:
    """Print the ratios and what each side gets wrong; accurate if all come out within 0.1 m of the end."""
    start, end, time = problems()
    found = lambert(start, end, time, engine=Lanes())
    ours_off = off(found.departure, start, end, time)
    numbers: dict[str, Any] = {"rows": ROWS, "off_m": ours_off, "unsolved": int(np.sum(found.status != 0))}
    numbers["accurate"] = ours_off <= ALLOWED_M and numbers["unsolved"] == 0
    numpy = np.median([cpu(lambda: lambert(start, end, time)) for _ in range(repeat)])
    own = np.median([cpu(lambda: lambert(start, end, time, engine=Lanes())) for _ in range(repeat)])
    numbers |= {"ns_a_row": 1e9 * own / ROWS, "ratio_numpy": numpy / own}
    print(f"{ROWS} problems: {1e9 * own / ROWS:.0f} ns each, {numpy / own:.1f} x NumPy; off {ours_off:.2g} m")
    for name, script in SCRIPTS.items():
        few = slice(0, FEW[name])
        with tempfile.TemporaryDirectory() as folder:
            data, result = Path(folder) / "data.npz", Path(folder) / "out.npy"
            np.savez(data, start=start[:, few], end=end[:, few], time=time[few], mu=EARTH_MU)
            ratios = []
            try:
                with peer(name, script, str(data), str(result)) as ask:
                    ask()
                    for _ in range(repeat):
                        theirs = ask()
                        mine = cpu(lambda: lambert(start, end, time, engine=Lanes()))
                        ratios.append(theirs["seconds"] / FEW[name] / (mine / ROWS))
            except AbsentError as absent:
                print(absent, file=sys.stderr)
                numbers["accurate"] = False
                continue
            theirs_off = off(np.load(result), start[:, few], end[:, few], time[few])
        ratio = float(np.median(ratios))
        numbers |= {f"ratio_{name}": ratio, f"off_{name}_m": theirs_off, name: theirs["version"]}
        numbers["accurate"] = numbers["accurate"] and theirs_off <= ALLOWED_M
        print(f"against {name} {theirs['version']}: {ratio:.0f} x (goal {GOALS[name]:.0f}); "
              f"it is off {theirs_off:.2g} m")  # fmt: skip
    return numbers
