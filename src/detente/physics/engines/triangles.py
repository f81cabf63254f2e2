"""The flight along a triangle of the Earth's centre and two places, and the turn of the Earth, one at a time.

The formulas of lambert.py and conic.py for the row by row search of encounters.py. Runs as it stands, slowly,
in plain Python. Angles in radians; times of flight without dimension, as in lambert.flight_time.
"""

from __future__ import annotations

import math
from typing import Final

LOG_2: Final = math.log(2.0)
NEAR_PARABOLA: Final = 0.02
NEVER: Final = 1e300


def kepler(mean: float, eccentricity: float) -> float:
    """Eccentric anomaly of a mean anomaly; conic.kepler_anomaly."""
    sign = math.sin(mean)
    anomaly = mean + 0.85 * eccentricity * (1.0 if sign > 0.0 else -1.0 if sign < 0.0 else 0.0)
    for _ in range(6):
        sine, cosine = eccentricity * math.sin(anomaly), eccentricity * math.cos(anomaly)
        off, slope = anomaly - sine - mean, 1.0 - cosine
        step = -off / slope
        step = -off / (slope + 0.5 * step * sine)
        step = -off / (slope + 0.5 * step * sine + step * step * cosine / 6.0)
        anomaly += step
        if abs(step) < 1e-5:  # the next one would be of its fourth power
            break
    return anomaly


def small_turn(angle: float) -> tuple[float, float]:
    """Cosine and sine of an angle below half a radian, which the Earth takes two hours for; to 1e-12."""
    square = angle * angle
    cosine = 1.0 - square * (
        0.5
        - square * (1.0 / 24.0 - square * (1.0 / 720.0 - square * (1.0 / 40_320.0 - square / 3_628_800.0)))
    )
    sine = angle * (
        1.0
        - square
        * (
            1.0 / 6.0
            - square
            * (1.0 / 120.0 - square * (1.0 / 5_040.0 - square * (1.0 / 362_880.0 - square / 39_916_800.0)))
        )
    )
    return cosine, sine


def steepest(radius: float, distance: float, chord: float, square: float) -> float:
    """The x of a flight that leaves along the horizon; a faster one would go through the ground."""
    lean = (radius - distance) / chord
    above = square * (1.0 - lean) * (1.0 - lean)
    room = (1.0 + lean) * (1.0 + lean) - square * above
    return math.sqrt(above * (1.0 - square) / room) if room > 0.0 else NEVER


def solve_x(lam: float, wanted: float) -> float:
    """The x of a flight of that dimensionless time, by two steps of lambert.solve_x."""
    least = math.acos(lam) + lam * math.sqrt(1.0 - lam * lam)
    parabola = 2.0 / 3.0 * (1.0 - lam * lam * lam)
    if wanted < parabola:
        x = 1.0 + 2.5 * parabola * (parabola - wanted) / (wanted * (1.0 - lam * lam * lam * lam * lam))
    elif wanted >= least:
        x = (least - wanted) / (wanted - least + 4.0)
    else:
        x = math.exp(LOG_2 * math.log(wanted / least) / math.log(parabola / least)) - 1.0
    cube = lam * lam * lam
    for _ in range(2):
        rest = 1.0 - x * x
        y = math.sqrt(1.0 - lam * lam * rest)
        reached_time = flight_time(x, lam)
        off = reached_time - wanted
        ratio = cube / y
        bend = (1.0 - lam * lam) * ratio / (y * y)
        if abs(rest) < 1e-4:
            first, second, third = -0.4 * (1.0 - cube * lam * lam), 0.0, 0.0
        else:
            first = (3.0 * reached_time * x - 2.0 + 2.0 * ratio * x) / rest
            second = (3.0 * reached_time + 5.0 * x * first + 2.0 * bend) / rest
            third = (7.0 * x * second + 8.0 * first - 6.0 * bend * x * (lam / y) * (lam / y)) / rest
        slope = first * first
        step = off * (slope - 0.5 * off * second)
        step /= first * (slope - off * second) + third * off * off / 6.0
        x = max(x - step, 0.5 * (x - 1.0))
    return x


def flight_time(x: float, lam: float) -> float:
    """Dimensionless time of flight; lambert.flight_time."""
    rest = 1.0 - x * x
    y = math.sqrt(1.0 - lam * lam * rest)
    eta = y - lam * x
    if abs(rest) < NEAR_PARABOLA:
        z = 0.5 * (1.0 - lam - x * eta)
        total = 1.0
        for n in range(11, -1, -1):
            total = 1.0 + total * z * (3.0 + n) / (2.5 + n)
        return 0.5 * (eta * eta * eta * (4.0 / 3.0) * total + 4.0 * lam * eta)
    root = math.sqrt(abs(rest))
    if rest < 0.0:
        return (math.asinh(root * eta) / root - x + lam * y) / rest
    return (math.atan2(root * eta, x * y + lam * rest) / root - x + lam * y) / rest
