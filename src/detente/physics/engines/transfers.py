"""The flight that joins two places in a given time, many side by side: lambert.py for the compiled engine.

Branch-free, so that each function serves as lanes of the processor; no logarithm, arc cosine or power is
called, which would be done lane by lane. Runs as it stands, slowly, in plain Python. SI units.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from .kernels import choose, root

GROUP: Final = 16
NEAR_PARABOLA: Final = 0.02
SOLVED, NOT_CONVERGED, NO_PLANE, NO_TIME = 0, 1, 2, 3


def join_rows(columns: Any, mu: float, out: Any, status: Any) -> None:
    """Velocities at both ends, (6, n), and LambertStatus, (n,), of rows (7, n): start, end, time."""
    rows = columns.shape[1]
    lane = np.empty(14 * GROUP)
    for first in range(0, rows, GROUP):
        live = min(GROUP, rows - first)
        for c in range(7):
            for j in range(GROUP):
                lane[c * GROUP + j] = columns[c, first + min(j, live - 1)]
        join_group(lane, mu)
        for c in range(6):
            for j in range(live):
                out[c, first + j] = lane[(7 + c) * GROUP + j]
        for j in range(live):
            status[first + j] = int(lane[13 * GROUP + j])


def join_group(lane: Any, mu: float) -> None:
    """All lanes of a group."""
    for j in range(GROUP):
        a, b, c, d, e, f, code = joined(
            lane[j], lane[GROUP + j], lane[2 * GROUP + j], lane[3 * GROUP + j],
            lane[4 * GROUP + j], lane[5 * GROUP + j], lane[6 * GROUP + j], mu,
        )  # fmt: skip
        lane[7 * GROUP + j] = a
        lane[8 * GROUP + j] = b
        lane[9 * GROUP + j] = c
        lane[10 * GROUP + j] = d
        lane[11 * GROUP + j] = e
        lane[12 * GROUP + j] = f
        lane[13 * GROUP + j] = code


def joined(
    x: Any, y: Any, z: Any, u: Any, v: Any, w: Any, time: Any, mu: Any
) -> tuple[Any, Any, Any, Any, Any, Any, Any]:
    """Velocities at both ends and the status of one row; see lambert.lambert."""
    near, far = np.sqrt(x * x + y * y + z * z), np.sqrt(u * u + v * v + w * w)
    p, q, s = y * w - z * v, z * u - x * w, x * v - y * u
    area = np.sqrt(p * p + q * q + s * s)
    plane, timely = area > 1e-10 * near * far, time > 0.0
    fine = plane & timely
    chord = choose(fine, np.sqrt((u - x) * (u - x) + (v - y) * (v - y) + (w - z) * (w - z)), 1.0)
    half_sum = 0.5 * (near + far + chord)
    lam = root(1.0 - chord / half_sum)
    wanted = choose(fine, time, 1.0) * np.sqrt(2.0 * mu / (half_sum * half_sum * half_sum))
    reached, part = solved(lam, wanted)
    off = np.abs(reached - wanted)
    other = np.sqrt(1.0 - lam * lam * (1.0 - part * part))
    scale = np.sqrt(0.5 * mu * half_sum)
    rho = (near - far) / chord
    along = scale * root(1.0 - rho * rho) * (other + lam * part)
    out = scale * ((lam * other - part) - rho * (lam * other + part)) / near
    back = -scale * ((lam * other - part) + rho * (lam * other + part)) / far
    good = fine & (off <= 1e-9 * wanted)
    code = choose(timely, choose(plane, choose(good, 0.0, 1.0), 2.0), 3.0)
    # Across: at right angles to the way out, in the plane; its normal is (p, q, s) over the area.
    spread = choose(plane, area, 1.0)
    ahead, there = along / (near * near * spread), along / (far * far * spread)
    out, back = out / near, back / far
    return (
        choose(good, out * x + ahead * (q * z - s * y), 0.0),
        choose(good, out * y + ahead * (s * x - p * z), 0.0),
        choose(good, out * z + ahead * (p * y - q * x), 0.0),
        choose(good, back * u + there * (q * w - s * v), 0.0),
        choose(good, back * v + there * (s * u - p * w), 0.0),
        choose(good, back * w + there * (p * v - q * u), 0.0),
        code,
    )  # fmt: skip


def solved(lam: Any, wanted: Any) -> tuple[Any, Any]:
    """The dimensionless time that is reached, and the x that reaches it, by Householder's steps; see lambert.

    The first guess is that of lambert.solve_x on the lofted side and beyond the parabola; between least
    energy and parabola a hyperbola through both with the right slope at the former.
    """
    square, cube = lam * lam, lam * lam * lam
    least, parabola = time_of(0.0 * lam, lam), 2.0 / 3.0 * (1.0 - cube)
    lofted = (least - wanted) / (wanted - least + 4.0)
    fast = 1.0 + 2.5 * parabola * (parabola - wanted) / (wanted * (1.0 - cube * square))
    share, end = wanted / least, parabola / least
    between = (1.0 - share) / (1.0 - share + 2.0 / (least * (1.0 - end)) * (share - end))
    x = choose(wanted >= least, lofted, choose(wanted < parabola, fast, between))
    x = closer(closer(closer(x, lam, wanted), lam, wanted), lam, wanted)
    return time_of(x, lam), x


def closer(x: Any, lam: Any, wanted: Any) -> Any:
    """One step of Householder's from an x toward the one whose flight takes the wanted time."""
    square, cube = lam * lam, lam * lam * lam
    rest = 1.0 - x * x
    inverse = 1.0 / np.sqrt(1.0 - square * rest)
    reached = time_of(x, lam)
    off = reached - wanted
    parabolic = np.abs(rest) < 1e-4
    over = 1.0 / choose(parabolic, 1.0, rest)
    ratio = cube * inverse
    first = (3.0 * reached * x - 2.0 + 2.0 * ratio * x) * over
    bend = (1.0 - square) * ratio * inverse * inverse
    second = (3.0 * reached + 5.0 * x * first + 2.0 * bend) * over
    third = (7.0 * x * second + 8.0 * first - 6.0 * bend * x * square * inverse * inverse) * over
    first = choose(parabolic, -0.4 * (1.0 - cube * square), first)
    second, third = choose(parabolic, 0.0, second), choose(parabolic, 0.0, third)
    slope = first * first
    step = off * (slope - 0.5 * off * second)
    step = step / (first * (slope - off * second) + third * off * off * (1.0 / 6.0))
    return np.maximum(x - step, 0.5 * (x - 1.0))


def time_of(x: Any, lam: Any) -> Any:
    """Dimensionless time of flight; see lambert.flight_time.

    The angle comes from the square of its sine by two halvings, which serve ellipse and hyperbola alike, and
    a short series; near the parabola the time itself comes from a series.
    Source: D. Izzo, Celest. Mech. Dyn. Astron. 121 (2015) 1-15, eq. 18 and 20.
    """
    rest = 1.0 - x * x
    y = np.sqrt(1.0 - lam * lam * rest)
    eta = y - lam * x
    z = 0.5 * (1.0 - lam - x * eta)
    near = np.abs(rest) < NEAR_PARABOLA
    cosine = np.sqrt(1.0 - z)
    once = 0.5 * z / (1.0 + cosine)
    cosine_1 = np.sqrt(1.0 - once)
    twice = 0.5 * once / (1.0 + cosine_1)
    all_of_them = cosine * cosine_1 * np.sqrt(1.0 - twice)
    angle = arc(twice)
    short = 0.5 * (eta * eta * eta * battin(choose(near, z, 0.0)) + 4.0 * lam * eta)
    return choose(near, short, (eta * angle / all_of_them - x + lam * y) / choose(near, 1.0, rest))


def arc(z: Any) -> Any:
    """arcsin(sqrt z) / sqrt z, to the last digits between -0.15 and 0.15; its own series."""
    value = 9_694_845.0 / 2_080_374_784.0
    value = (value * z + 5_014_575.0 / 973_078_528.0) * z + 1_300_075.0 / 226_492_416.0
    value = value * z + 676_039.0 / 104_857_600.0
    value = ((value * z + 88_179.0 / 12_058_624.0) * z + 46_189.0 / 5_505_024.0) * z + 12_155.0 / 1_245_184.0
    value = ((value * z + 6_435.0 / 557_056.0) * z + 143.0 / 10_240.0) * z + 231.0 / 13_312.0
    value = ((value * z + 63.0 / 2_816.0) * z + 35.0 / 1_152.0) * z + 5.0 / 112.0
    return ((value * z + 3.0 / 40.0) * z + 1.0 / 6.0) * z + 1.0


def battin(z: Any) -> Any:
    """4/3 of Gauss's hypergeometric F(3, 1; 5/2; z) for z below 0.02 in size; see lambert."""
    value = 16_777_216.0 / 5_014_575.0
    value = ((value * z + 4_194_304.0 / 1_300_075.0) * z + 2_097_152.0 / 676_039.0) * z + 262_144.0 / 88_179.0
    value = ((value * z + 131_072.0 / 46_189.0) * z + 32_768.0 / 12_155.0) * z + 16_384.0 / 6_435.0
    value = ((value * z + 1_024.0 / 429.0) * z + 512.0 / 231.0) * z + 128.0 / 63.0
    return ((value * z + 64.0 / 35.0) * z + 8.0 / 5.0) * z + 4.0 / 3.0
