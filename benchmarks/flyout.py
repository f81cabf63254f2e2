"""Required interceptor speed for many rows, against a row-by-row search with scipy's root finders.

Both answer the same question: the least Lambert speed over all moments of a flight, launched at a set
time. The peer solves the universal-variable equation by Brent's method inside a bounded scalar search,
one row after another. Rows are drawn where waiting does not pay, so that both look at the same launches.
"""

import time
from typing import Any

import numpy as np
from scipy.optimize import brentq, minimize_scalar

from detente.physics.constants import EARTH_MU, EARTH_RADIUS
from detente.physics.frames import spherical_place, to_inertial
from detente.physics.intercept import required_speed
from detente.physics.trajectory import Arc, Boost, arc_take, sample_arc, threat_arc

ROWS = 24_576  # 2^12 mixtures of six launch areas
PEER_ROWS = 12
ALLOWED_M_S = 1.0
BURN, LOWEST, CAP = 140.0, 100e3, 1500.0


def rows(seed: int = 1) -> tuple[Arc, np.ndarray, np.ndarray]:
    """Flights between invented places, an invented site and delays: only time and agreement mean anything."""
    rng = np.random.default_rng(seed)
    launch = spherical_place(rng.uniform(0.8, 1.0, 6), rng.uniform(0.6, 1.1, 6))
    arc = threat_arc(launch, spherical_place(0.68, -1.35), Boost(180.0, 200e3, 450e3))
    many = arc_take(arc, np.arange(ROWS) % 6)
    return many, spherical_place(0.95, 0.3), rng.uniform(30.0, 200.0, ROWS)


def peer_speed(start: np.ndarray, end: np.ndarray, duration: float) -> float:
    """Departure speed [m/s] of the short-way flight, by Brent's method on the universal variable."""
    r1, r2 = float(np.linalg.norm(start)), float(np.linalg.norm(end))
    a = np.sqrt(r1 * r2 + start @ end)

    def side(z: float) -> tuple[float, float, float]:
        if z > 1e-3:
            c, s = (1 - np.cos(np.sqrt(z))) / z, (np.sqrt(z) - np.sin(np.sqrt(z))) / z**1.5
        elif z < -1e-3:
            c, s = (1 - np.cosh(np.sqrt(-z))) / z, (np.sinh(np.sqrt(-z)) - np.sqrt(-z)) / (-z) ** 1.5
        else:
            c, s = 1 / 2 - z / 24, 1 / 6 - z / 120
        return r1 + r2 - a * (1 - z * s) / np.sqrt(c), c, s

    def late(z: float) -> float:
        y, c, s = side(z)
        y = max(y, 0.0)
        return float((y / c) ** 1.5 * s + a * np.sqrt(y) - np.sqrt(EARTH_MU) * duration)

    y, _, _ = side(brentq(late, -300.0, 38.5, xtol=1e-12))
    return float(np.linalg.norm(end - (1 - y / r1) * start) / (a * np.sqrt(y / EARTH_MU)))


def peer_row(arc: Arc, site: np.ndarray, delay: float) -> float:
    """Least speed [m/s] over the moments of one flight: 25 moments, then a bounded search."""
    launch = float(arc.burnout_time) + delay
    start = to_inertial(site, launch + BURN / 2)

    def need(moment: float) -> float:
        return peer_speed(start, sample_arc(arc, [moment])[:, 0], moment - launch - BURN / 2)

    def height(moment: float) -> float:
        return float(np.linalg.norm(sample_arc(arc, [moment])[:, 0])) - EARTH_RADIUS - LOWEST

    impact = float(arc.impact_time)
    low_again = brentq(height, 0.5 * (float(arc.burnout_time) + impact), impact)
    times = np.linspace(launch + BURN + 1.0, min(low_again, launch + CAP), 25)
    coarse = [need(moment) for moment in times]
    best = int(np.argmin(coarse))
    around = times[max(best - 1, 0)], times[min(best + 1, len(times) - 1)]
    fine = minimize_scalar(need, bounds=around, method="bounded", options={"xatol": 1e-3})
    return float(min(fine.fun, coarse[best]))


def main(repeat: int = 5) -> dict[str, Any]:
    """Print seconds a row of both, their ratio, and the largest difference in speed; 1 m/s is allowed."""
    arc, site, delay = rows()
    few = np.arange(PEER_ROWS)
    ratios, ours, theirs = [], [], []
    for _ in range(repeat):
        begun = time.perf_counter()
        found = required_speed(arc, site, delay, BURN, LOWEST, CAP)
        ours.append((time.perf_counter() - begun) / ROWS)
        begun = time.perf_counter()
        peer = np.array([peer_row(arc_take(arc, row), site, delay[row]) for row in few])
        theirs.append((time.perf_counter() - begun) / PEER_ROWS)
        ratios.append(theirs[-1] / ours[-1])
    off = float(np.max(np.abs(found.speed[few] - peer)))
    numbers = {
        "rows": ROWS,
        "seconds_all_rows": ROWS * float(np.median(ours)),
        "peer_seconds_a_row": float(np.median(theirs)),
        "ratio": float(np.median(ratios)),
        "largest_difference_m_s": off,
        "allowed_difference_m_s": ALLOWED_M_S,
        "accurate": off <= ALLOWED_M_S,
    }
    print(f"required speed of {ROWS} rows: {numbers['seconds_all_rows']:.2f} s")
    print(f"a row, against scipy: {numbers['ratio']:.0f} times as fast")
    print(f"largest difference: {off:.2g} m/s (allowed {ALLOWED_M_S})")
    return numbers


if __name__ == "__main__":
    main()
