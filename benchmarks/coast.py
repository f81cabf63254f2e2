"""A coast under gravity with J2, sampled, against heyoka's Taylor integrator in batches.

heyoka lives in an environment of its own (see peers.py) and runs in one process that answers in turn with
ours. Both give positions at the same 60 moments of the coast; the exact ones are scipy's DOP853 at 1e-13.
CPU seconds, each side's compilation left out.
"""

import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from scipy.integrate import solve_ivp

from benchmarks.flights import BURN, cpu, some
from benchmarks.peers import AbsentError, peer
from detente.physics.engines import Lanes
from detente.physics.flights import fly
from detente.physics.gravity import WGS84, gravity

ROWS = 4_000
CHECKED = 40
SAMPLES = 60
ALLOWED_M = 1.0
TIMES_OVER = 5  # one after another before the other side gets its turn
PEER = """
import sys
import heyoka as hy
import numpy as np
given = np.load(sys.argv[1]); version = hy.__version__
start, times, mu, bulge = given["start"], given["times"], float(given["mu"]), float(given["bulge"])
x, y, z, u, v, w = hy.make_vars("x", "y", "z", "u", "v", "w")
square = x * x + y * y + z * z
central, flat, share = -mu * square ** -1.5, bulge / square, 5.0 * z * z / square
across, polar = central * (1.0 + flat * (1.0 - share)), central * (1.0 + flat * (3.0 - share))
width = hy.recommended_simd_size()
ode = [(x, u), (y, v), (z, w), (u, across * x), (v, across * y), (w, polar * z)]
body = hy.taylor_adaptive_batch(ode, np.zeros((6, width)), tol=float(sys.argv[2]))
out = np.empty((start.shape[1], times.shape[1], 3))
grid = np.empty((times.shape[1], width))
def work():
    for first in range(0, start.shape[1], width):
        body.set_time(0.0)
        body.state[:] = start[:, first : first + width]
        grid[:] = times[first : first + width].T
        found = body.propagate_grid(grid)
        track = found if not isinstance(found, tuple) else found[1]
        out[first : first + width] = np.asarray(track)[:, :3].transpose(2, 0, 1)
def save(): np.save(sys.argv[3], out)
"""


def main(repeat: int = 5) -> dict[str, Any]:
    """Print the ratio and what each side gets wrong; accurate if both are within 1 m everywhere."""
    ascent = some(ROWS, 3)
    flown = fly(ascent, engine=Lanes())
    # The last moment lies short of the end, and each flight has moments of its own.
    times = BURN + (flown.end_time - BURN)[:, None] * np.linspace(0.0, 0.999, SAMPLES)
    ours = fly(ascent, times, engine=Lanes()).positions
    exact = [reference(ascent.burnout[:, i], ascent.velocity[:, i], times[i]) for i in range(CHECKED)]

    def again() -> None:
        for _ in range(TIMES_OVER):  # results are let go one by one, as the peer writes over its own
            fly(ascent, times, engine=Lanes())

    with tempfile.TemporaryDirectory() as folder:
        data, result = Path(folder) / "data.npz", Path(folder) / "out.npy"
        start = np.concatenate([ascent.burnout, ascent.velocity])
        np.savez(data, start=start, times=times - BURN, mu=WGS84.mu, bulge=WGS84.bulge)
        ratios, seconds = [], []
        try:
            with peer("heyoka", PEER, str(data), "1e-7", str(result)) as ask:
                ask()
                for _ in range(repeat):
                    answer = ask(TIMES_OVER)
                    own = cpu(again)
                    seconds.append(own / TIMES_OVER)
                    ratios.append(answer["seconds"] / seconds[-1])
        except AbsentError as absent:
            print(absent, file=sys.stderr)
            raise SystemExit(3) from None
        theirs = np.load(result)
    off = max(np.abs(exact[i] - ours[:, i]).max() for i in range(CHECKED))
    peer_off = max(np.abs(exact[i] - theirs[i].T).max() for i in range(CHECKED))
    numbers = {
        "rows": ROWS, "samples": SAMPLES, "cpu_s": float(np.median(seconds)),
        "ratio_heyoka": float(np.median(ratios)),
        "heyoka": answer["version"],
        "off_m": float(off), "off_heyoka_m": float(peer_off),
        "accurate": bool(max(off, peer_off) <= ALLOWED_M),
    }  # fmt: skip
    print(f"{ROWS} coasts with {SAMPLES} samples: {numbers['cpu_s']:.4f} CPU-s")
    print(f"from the exact: {off:.2g} m; heyoka {peer_off:.2g} m (allowed {ALLOWED_M:.0f})")
    print(f"against heyoka {answer['version']}: {numbers['ratio_heyoka']:.1f} x (goal 5)")
    return numbers


def reference(place: np.ndarray, velocity: np.ndarray, times: np.ndarray) -> np.ndarray:
    """Exact positions (3, m) at the times."""

    def rates(_: float, state: np.ndarray) -> np.ndarray:
        return np.concatenate([state[3:], gravity(state[:3])])

    start = np.concatenate([place, velocity])
    found = solve_ivp(
        rates, (times[0], times[-1]), start, method="DOP853", rtol=1e-13, atol=1e-6, t_eval=times
    )
    return np.asarray(found.y[:3])


if __name__ == "__main__":
    main()
