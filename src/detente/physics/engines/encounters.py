"""Whether an interceptor of a given speed can meet a missile: one engagement a row, for the compiled engine.

The same question, bounds and search as nearness.py and intercept.required_speed, but row by row: most rows
are plain after a look or two, and a row stops at the first meeting that it finds. Stretches of the missile's
flight are ruled out as a whole where that can be, else halved. Runs as it stands, slowly, in plain Python,
which is how it is checked. SI units; moments are eccentric anomalies [rad].
"""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np

MOMENTS: Final = 65
"""Ends of the shortest stretches that are looked at before the search; one more than a power of two."""
SLACK: Final = 1.0  # nearness.SLACK
BARRED: Final = 1e12  # moments.BARRED
TRIES: Final = 4
CLOSER: Final = 2
PROMISING: Final = 0.15
HALF_RADIAN: Final = 0.5
CLOSEST: Final = 5
WAITS: Final = 3
COARSE: Final = 25
FINE: Final = 9
ROUNDS: Final = 2
EDGE_ROUNDS: Final = 8
LOG_2: Final = math.log(2.0)
NEAR_PARABOLA: Final = 0.02
NEVER: Final = 1e300

APART: Final = frozenset({"cheapest", "energy_at", "solve_x", "flight_time", "kepler"})
"""Functions long enough to be called, once compiled; the rest are compiled into their callers."""

# Fields of a row: the missile's ellipse, ...
AXIS, ECCENTRICITY, MOTION, PERIGEE, BURNOUT, BEGUN, OVER = 0, 1, 2, 3, 4, 5, 6
GROUND, RATE, MU = 7, 8, 9
# ... the site and the interceptor, as meeting.Cases has them ...
RADIUS, EVEN_TOWARDS, EVEN_ACROSS, ODD_TOWARDS, ODD_ACROSS = 10, 11, 12, 13, 14
FIXED_TOWARDS, FIXED_ACROSS = 15, 16
BURN, LOWEST, CAP, SPEED, LAUNCH, ARM, FLIES = 17, 18, 19, 20, 21, 22, 23
FIELDS: Final = 24
# ... and what is worked out of them: the ratio of the half axes.
MINOR: Final = 24


def room() -> tuple[Any, Any, Any]:
    """What reach_rows writes on: one row, what is known of its moments, stretches yet to look at."""
    return np.empty(FIELDS + 1), np.empty((11, MOMENTS)), np.empty((2, MOMENTS), np.int64)


def reach_rows(columns: Any, out: Any, row: Any, looks: Any, stack: Any) -> None:
    """Whether each row of the columns, (FIELDS, n), is reached, into `out`, (n,); the rest is room()."""
    for i in range(out.size):
        for c in range(FIELDS):
            row[c] = columns[c, i]
        row[MINOR] = math.sqrt(max(1.0 - row[ECCENTRICITY] * row[ECCENTRICITY], 0.0))
        out[i] = reached(row, looks, stack)


def reached(row: Any, looks: Any, stack: Any) -> bool:
    """Whether one row is reached."""
    if row[FLIES] == 0.0 or row[BURN] > row[CAP]:
        return False
    low, high = window(row)
    if not low <= high:
        return False
    for k in range(0, MOMENTS, MOMENTS - 1):
        look(row, looks, k, low, high)
    stack[0, 0], stack[1, 0] = 0, MOMENTS - 1
    depth, left_open = 1, False
    while depth > 0:
        depth -= 1
        first, last = stack[0, depth], stack[1, depth]
        spare = time_to_spare(row, looks, first, last)
        if spare < 0.0:
            continue
        if last - first > 1:
            middle = (first + last) // 2
            look(row, looks, middle, low, high)
            if (spare > PROMISING or last - first <= 8) and meets(row, looks, middle):
                return True
            stack[0, depth], stack[1, depth] = first, middle
            stack[0, depth + 1], stack[1, depth + 1] = middle, last
            depth += 2
        else:
            left_open = True
    if not left_open:
        return False
    for k in range(0, MOMENTS, MOMENTS - 1):
        if meets(row, looks, k):
            return True
    enough = row[SPEED] * row[SPEED]
    return bool(cheapest(row, looks[10], low, high, enough) <= enough)


def window(row: Any) -> tuple[float, float]:
    """Anomalies between which a meeting may lie; crossed if never."""
    height = (1.0 - (row[GROUND] + row[LOWEST]) / row[AXIS]) / row[ECCENTRICITY]
    rise = math.acos(min(height, 1.0)) if height >= -1.0 else NEVER
    mean = row[MOTION] * (row[LAUNCH] + row[BURN] - row[PERIGEE])
    low = max(rise, row[BEGUN], kepler(mean, row[ECCENTRICITY]))
    return low, min(2.0 * math.pi - rise, row[OVER])


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


def look(row: Any, looks: Any, k: int, low: float, high: float) -> None:
    """What is known of one of the moments: anomaly, time, distance, place in its plane, products, turn."""
    anomaly = low + (high - low) * (k / (MOMENTS - 1))
    sine, cosine = math.sin(anomaly), math.cos(anomaly)
    towards, across = row[AXIS] * (cosine - row[ECCENTRICITY]), row[AXIS] * row[MINOR] * sine
    looks[0, k] = anomaly
    looks[1, k] = row[PERIGEE] + (anomaly - row[ECCENTRICITY] * sine) / row[MOTION]
    looks[2, k] = row[AXIS] * (1.0 - row[ECCENTRICITY] * cosine)
    looks[3, k] = towards
    looks[4, k] = across
    looks[5, k] = row[EVEN_TOWARDS] * towards + row[EVEN_ACROSS] * across
    looks[6, k] = row[ODD_TOWARDS] * towards + row[ODD_ACROSS] * across
    looks[7, k] = row[FIXED_TOWARDS] * towards + row[FIXED_ACROSS] * across
    turn = looks[1, k] * row[RATE]
    cosine, sine = small_turn(turn)
    looks[8, k] = cosine if abs(turn) < HALF_RADIAN else math.cos(turn)
    looks[9, k] = sine if abs(turn) < HALF_RADIAN else math.sin(turn)


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


def time_to_spare(row: Any, looks: Any, first: int, last: int) -> float:
    """At most what share of its time an interceptor has to spare between two moments.

    Below 0 no meeting lies there, at SLACK above the speed. As nearness, but in space instead of over the
    ground: seen from the site, the missile keeps to the straight line between its two places but for its
    fall and the turn of the Earth. The least time that a flight takes so leaves the site less room to have
    turned, which makes that time longer: a few rounds.
    """
    shortest = 0.5 * row[BURN]
    longest = min(looks[1, last] - row[LAUNCH], row[CAP]) - shortest
    rounds = CLOSER if last - first > 1 else CLOSEST
    least = NEVER if longest < shortest else 0.0
    while rounds > 0 and least <= longest:
        rounds -= 1
        least = least_time(row, looks, first, last, shortest, longest)
        if least < shortest + 0.05 * (longest - shortest):
            rounds = 0
        shortest = least
    return 1.0 - least / longest if least <= longest else -1.0


def least_time(row: Any, looks: Any, first: int, last: int, shortest: float, longest: float) -> float:
    """Less than any flight to the missile between two moments can take [s], if it takes between two times."""
    mu, rate, radius = row[MU], row[RATE], row[RADIUS]
    near, far = min(looks[2, first], looks[2, last]), max(looks[2, first], looks[2, last])
    if looks[0, first] < math.pi < looks[0, last]:
        far = row[AXIS] * (1.0 + row[ECCENTRICITY])
    lasts = looks[1, last] - looks[1, first]
    swing = rate * row[ARM] * 0.5 * (longest - shortest)
    sag = (mu / (near * near) + rate * rate * row[ARM]) * lasts * lasts * 0.125
    # From site to missile at both ends, the site as it is when half of that time is left.
    half = 0.5 * (longest + shortest)
    turn, ahead = small_turn(half * rate)
    c, s = looks[8, first] * turn + looks[9, first] * ahead, looks[9, first] * turn - looks[8, first] * ahead
    c_end, s_end = (
        looks[8, last] * turn + looks[9, last] * ahead,
        looks[9, last] * turn - looks[8, last] * ahead,
    )
    lean = row[ARM] * row[ARM] * (1.0 - c * c_end - s * s_end)
    here = (
        radius * radius
        + looks[2, first] * looks[2, first]
        - 2.0 * (looks[5, first] * c + looks[6, first] * s + looks[7, first])
    )
    there = (
        radius * radius
        + looks[2, last] * looks[2, last]
        - 2.0 * (looks[5, last] * c_end + looks[6, last] * s_end + looks[7, last])
    )
    both = looks[3, first] * looks[3, last] + looks[4, first] * looks[4, last] + radius * radius - lean
    both -= (looks[5, first] * c_end + looks[6, first] * s_end + looks[7, first]) + (
        looks[5, last] * c + looks[6, last] * s + looks[7, last]
    )
    square = here + there - 2.0 * both
    share = min(max((here - both) / max(square, 1.0), 0.0), 1.0)
    chord = math.sqrt(max(here - 2.0 * share * (here - both) + share * share * square, 0.0)) - sag - swing
    chord = max(chord, near - radius, 0.0)
    perimeter = 0.5 * (radius + near + chord)
    left = 0.5 * (radius + far - chord)
    fast = (row[SPEED] + SLACK) * (row[SPEED] + SLACK)
    room = 1.0 - perimeter * (1.0 / radius - 0.5 * fast / mu)
    least = 0.0 if room >= 0.0 else NEVER
    if room >= 0.0 and left < perimeter:
        lam = math.sqrt(min(max(left / perimeter, 0.0), 1.0 - 1e-9))
        least = flight_time(math.sqrt(room), lam) * math.sqrt(perimeter * perimeter * perimeter / (2.0 * mu))
    return least


def meets(row: Any, looks: Any, k: int) -> bool:
    """Whether there is a flight to one of the moments, at SLACK below the speed."""
    mu, radius = row[MU], row[RADIUS]
    time, distance = looks[1, k], looks[2, k]
    slower = row[SPEED] - SLACK
    shortest = 0.5 * row[BURN]
    longest = min(time - row[LAUNCH], row[CAP]) - shortest
    back, ahead = small_turn(shortest * row[RATE])
    chord = separation(looks, k, radius, back, ahead)
    flight = min(max(1.1 * chord / slower, shortest), longest)  # a first guess: how far does the Earth turn?
    met, tries = False, TRIES if longest >= shortest else 0
    while tries > 0:
        tries -= 1
        back, ahead = small_turn(flight * row[RATE])
        chord = separation(looks, k, radius, back, ahead)
        perimeter = 0.5 * (radius + distance + chord)
        energy = 1.0 - perimeter * (1.0 / radius - 0.5 * slower * slower / mu)
        if energy > 0.0:
            unit = math.sqrt(perimeter * perimeter * perimeter / (2.0 * mu))
            lam = math.sqrt(min(max(1.0 - chord / perimeter, 0.0), 1.0 - 1e-9))
            root = math.sqrt(energy)
            direct = flight_time(min(root, steepest(radius, distance, chord, lam * lam)), lam) * unit
            if direct <= flight <= longest:
                met = flight <= flight_time(max(-root, -1.0 + 1e-9), lam) * unit
            if met or direct > 1.1 * longest:
                tries = 0
            flight = max(direct * (1.0 + 1e-3), shortest)
        else:
            tries = 0
    return met


def separation(looks: Any, k: int, radius: float, back: float, ahead: float) -> float:
    """Distance [m] of missile and site, the site as it was an angle of the Earth's turn before."""
    cosine, sine = looks[8, k] * back + looks[9, k] * ahead, looks[9, k] * back - looks[8, k] * ahead
    square = (
        radius * radius
        + looks[2, k] * looks[2, k]
        - 2.0 * (looks[5, k] * cosine + looks[6, k] * sine + looks[7, k])
    )
    return math.sqrt(max(square, 1.0))


def steepest(radius: float, distance: float, chord: float, square: float) -> float:
    """The x of a flight that leaves along the horizon; a faster one would go through the ground."""
    lean = (radius - distance) / chord
    above = square * (1.0 - lean) * (1.0 - lean)
    room = (1.0 + lean) * (1.0 + lean) - square * above
    return math.sqrt(above * (1.0 - square) / room) if room > 0.0 else NEVER


def cheapest(row: Any, costs: Any, low: float, high: float, enough: float) -> float:
    """Square of the least speed [m2/s2] between two moments, as meeting.cheapest finds it; less will do.

    The search ends where it meets a moment that takes no more than is enough. costs: room, (FINE,).
    """
    best, index = NEVER, 0
    for k in range(COARSE):
        cost = energy_at(row, low + (high - low) * (k / (COARSE - 1)))
        if cost <= enough:
            return cost
        if cost < best:
            best, index = cost, k
    kink = row[MOTION] * (row[LAUNCH] + row[CAP] - row[PERIGEE])
    kink = min(max(kepler(kink, row[ECCENTRICITY]), low), high)
    there = energy_at(row, kink)
    if there <= enough:
        return there
    step = (high - low) / (COARSE - 1)
    begin, end = low + step * max(index - 1, 0), low + step * min(index + 1, COARSE - 1)
    rounds, done = ROUNDS, 0
    while done < rounds:
        if done > 0:
            begin, end = begin + step * max(index - 1, 0), begin + step * min(index + 1, FINE - 1)
        step = (end - begin) / (FINE - 1)
        best, index, barred = NEVER, 0, False
        for k in range(FINE):
            cost = energy_at(row, begin + (end - begin) * (k / (FINE - 1)))
            if cost <= enough:
                return cost
            costs[k] = cost
            barred = barred or cost >= BARRED
            if cost < best:
                best, index = cost, k
        done += 1
        if done == ROUNDS and barred:
            rounds += EDGE_ROUNDS
    # The bottom of the parabola through the best moment and its neighbors.
    middle = min(max(index, 1), FINE - 2)
    before, here, after = costs[middle - 1], costs[middle], costs[middle + 1]
    bend = before - 2.0 * here + after
    if bend > 0.0 and max(before, after) < BARRED:
        shift = min(max(0.5 * (before - after) / bend, -1.0), 1.0)
        best = min(best, energy_at(row, begin + step * (middle + shift)))
    return min(best, there)


def energy_at(row: Any, anomaly: float) -> float:
    """Square of the least speed [m2/s2] that meets the missile there; meeting.energy_at."""
    mu, radius, burn = row[MU], row[RADIUS], row[BURN]
    sine, cosine = math.sin(anomaly), math.cos(anomaly)
    towards, across = row[AXIS] * (cosine - row[ECCENTRICITY]), row[AXIS] * row[MINOR] * sine
    time = row[PERIGEE] + (anomaly - row[ECCENTRICITY] * sine) / row[MOTION]
    distance = row[AXIS] * (1.0 - row[ECCENTRICITY] * cosine)
    even = row[EVEN_TOWARDS] * towards + row[EVEN_ACROSS] * across
    odd = row[ODD_TOWARDS] * towards + row[ODD_ACROSS] * across
    fixed = row[FIXED_TOWARDS] * towards + row[FIXED_ACROSS] * across
    longest = max(min(time - row[LAUNCH], row[CAP]) - 0.5 * burn, 0.5 * burn)
    flight = longest
    half_sum = square = lam = unit = limit = 0.0
    for turn in range(WAITS + 1):
        angle = (time - flight) * row[RATE]
        c, s = math.cos(angle), math.sin(angle)
        inner = even * c + odd * s + fixed
        chord = math.sqrt(max(radius * radius + distance * distance - 2.0 * inner, 1.0))
        half_sum = 0.5 * (radius + distance + chord)
        square = min(max(1.0 - chord / half_sum, 0.0), 1.0 - 1e-9)
        lam = math.sqrt(square)
        unit = math.sqrt(half_sum * half_sum * half_sum / (2.0 * mu))
        if turn == WAITS:
            limit = steepest(radius, distance, chord, square)
        else:
            drift = 0.5 * row[RATE] * (even * s - odd * c) / chord
            quickest = (math.acos(lam) + lam * math.sqrt(1.0 - square)) * unit
            flight = min(max(quickest + half_sum * half_sum * drift / mu, 0.5 * burn), longest)
    x = solve_x(lam, max(flight / unit, 1e-6))
    if x <= limit:
        energy: float = 2.0 * mu * (1.0 / radius - (1.0 - x * x) / half_sum)
        return energy
    return BARRED * (1.0 + min(x, 1e3) - limit)


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
