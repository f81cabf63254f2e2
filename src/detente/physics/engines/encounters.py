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

from .triangles import NEVER, flight_time, kepler, small_turn, solve_x, steepest

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

APART: Final = frozenset({"cheapest", "energy_at", "solve_x", "flight_time", "kepler"})
"""Functions long enough to be called, once compiled; the rest are compiled into their callers."""

# Fields of a row: the missile's ellipse and how long it is high enough, ...
AXIS, ECCENTRICITY, MOTION, PERIGEE, BURNOUT, BEGUN, OVER, LOW, HIGH = 0, 1, 2, 3, 4, 5, 6, 7, 8
RATE, MU = 9, 10
# ... the site and the interceptor, as meeting.Cases has them ...
RADIUS, EVEN_TOWARDS, EVEN_ACROSS, ODD_TOWARDS, ODD_ACROSS = 11, 12, 13, 14, 15
NORTH_TOWARDS, NORTH_ACROSS, NORTH, BULGE = 16, 17, 18, 19
BURN, CAP, SPEED, LAUNCH, ARM, FLIES = 20, 21, 22, 23, 24, 25
# ... what even, odd, north and distance of the missile differ by from those on its ellipse ...
DEPARTURE: Final = 26
TERMS: Final = 10  # deviation.TERMS
FIELDS: Final = DEPARTURE + 4 * TERMS
# ... and what is worked out of them: the ratio of the half axes, and how far the distance can differ.
MINOR: Final = FIELDS
LOOSE: Final = FIELDS + 1


def room() -> tuple[Any, Any, Any]:
    """What reach_rows writes on: one row, what is known of its moments, stretches yet to look at."""
    return np.empty(FIELDS + 2), np.empty((12, MOMENTS)), np.empty((2, MOMENTS), np.int64)


def reach_rows(columns: Any, out: Any, row: Any, looks: Any, stack: Any) -> None:
    """Whether each row of the columns, (FIELDS, n), is reached, into `out`, (n,); the rest is room()."""
    for i in range(out.size):
        for c in range(FIELDS):
            row[c] = columns[c, i]
        row[MINOR] = math.sqrt(max(1.0 - row[ECCENTRICITY] * row[ECCENTRICITY], 0.0))
        row[LOOSE] = 0.0
        if row[BULGE] != 0.0:
            for c in range(TERMS):
                row[LOOSE] += abs(row[DEPARTURE + 4 * c + 3])
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
    mean = row[MOTION] * (row[LAUNCH] + row[BURN] - row[PERIGEE])
    return max(row[LOW], kepler(mean, row[ECCENTRICITY])), row[HIGH]


def departure(row: Any, anomaly: float) -> tuple[float, float, float, float]:
    """What even, odd, north and distance differ by from those on the ellipse; deviation.value_at."""
    even = odd = north = distance = 0.0
    if row[BULGE] != 0.0:
        share = (2.0 * anomaly - (row[BEGUN] + row[OVER])) / (row[OVER] - row[BEGUN])
        for power in range(TERMS - 1, -1, -1):
            c = DEPARTURE + 4 * power
            even, odd = even * share + row[c], odd * share + row[c + 1]
            north, distance = north * share + row[c + 2], distance * share + row[c + 3]
    return even, odd, north, distance


def straightened(row: Any, flight: float, distance: float, north: float, inner: float) -> tuple[float, float]:
    """Product with the site, and distance, of the point to aim at; see meeting.straightened."""
    if row[BULGE] == 0.0:
        return inner, distance
    mu, radius, own = row[MU], row[RADIUS], row[NORTH]
    square = flight * flight
    twice = math.sqrt(max(radius * radius + distance * distance + 2.0 * inner, 0.04 * radius * radius))
    middle = max(0.5 * twice, radius)
    for _ in range(2):
        middle = max((0.5 + mu * square / (16.0 * middle * middle * middle)) * twice, radius)
    pull = mu * row[BULGE] * square
    fifth, both = middle * middle * middle * middle * middle, north + own
    here = pull / (6.0 * radius * radius * radius * radius * radius)
    half_way = middle / twice * pull / (3.0 * fifth)
    threat = half_way * (5.0 * (both / twice) * (both / twice) - 1.0)
    site = here * (5.0 * (own / radius) * (own / radius) - 1.0) + threat
    axis = -2.0 * (here * own + half_way * both)
    aside = site * radius * radius + threat * inner + axis * own
    up = site * inner + threat * distance * distance + axis * north
    return inner - aside, distance - up / distance


def look(row: Any, looks: Any, k: int, low: float, high: float) -> None:
    """What is known of one of the moments: anomaly, time, distance, place in its plane, products, turn."""
    anomaly = low + (high - low) * (k / (MOMENTS - 1))
    sine, cosine = math.sin(anomaly), math.cos(anomaly)
    towards, across = row[AXIS] * (cosine - row[ECCENTRICITY]), row[AXIS] * row[MINOR] * sine
    looks[0, k] = anomaly
    looks[1, k] = row[PERIGEE] + (anomaly - row[ECCENTRICITY] * sine) / row[MOTION]
    even, odd, north, distance = departure(row, anomaly)
    looks[2, k] = row[AXIS] * (1.0 - row[ECCENTRICITY] * cosine) + distance
    looks[3, k] = towards
    looks[4, k] = across
    looks[5, k] = row[EVEN_TOWARDS] * towards + row[EVEN_ACROSS] * across + even
    looks[6, k] = row[ODD_TOWARDS] * towards + row[ODD_ACROSS] * across + odd
    north += row[NORTH_TOWARDS] * towards + row[NORTH_ACROSS] * across
    looks[7, k] = row[NORTH] * north
    looks[11, k] = north
    turn = looks[1, k] * row[RATE]
    cosine, sine = small_turn(turn)
    looks[8, k] = cosine if abs(turn) < HALF_RADIAN else math.cos(turn)
    looks[9, k] = sine if abs(turn) < HALF_RADIAN else math.sin(turn)


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
        far = row[AXIS] * (1.0 + row[ECCENTRICITY]) + row[LOOSE]
    lasts = looks[1, last] - looks[1, first]
    swing = rate * row[ARM] * 0.5 * (longest - shortest)
    fall = mu / (near * near) * (1.0 + 2.0 * row[BULGE] / (near * near))
    sag = (fall + rate * rate * row[ARM]) * lasts * lasts * 0.125
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
    both = together(row, looks, first, last) + radius * radius - lean
    both -= (looks[5, first] * c_end + looks[6, first] * s_end + looks[7, first]) + (
        looks[5, last] * c + looks[6, last] * s + looks[7, last]
    )
    square = here + there - 2.0 * both
    share = min(max((here - both) / max(square, 1.0), 0.0), 1.0)
    chord = math.sqrt(max(here - 2.0 * share * (here - both) + share * share * square, 0.0)) - sag - swing
    # An unbent flight aims beside the missile, no farther than the bulge can bend it.
    squared = radius * radius
    beside = longest * longest * mu * row[BULGE] / (squared * squared)
    near, far = near - beside, far + beside
    chord = chord - beside if row[BULGE] == 0.0 or row[ARM] > 1e3 else 0.0
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


def together(row: Any, looks: Any, first: int, last: int) -> float:
    """Inner product [m2] of the missile's places at two moments; not over the ellipsoid from a pole."""
    if row[BULGE] == 0.0:
        within: float = looks[3, first] * looks[3, last] + looks[4, first] * looks[4, last]
        return within
    flat = looks[5, first] * looks[5, last] + looks[6, first] * looks[6, last]
    across: float = flat / max(row[ARM] * row[ARM], 1.0) + looks[11, first] * looks[11, last]
    return across


def meets(row: Any, looks: Any, k: int) -> bool:
    """Whether there is a flight to one of the moments, at SLACK below the speed."""
    mu, radius = row[MU], row[RADIUS]
    time = looks[1, k]
    slower = row[SPEED] - SLACK
    shortest = 0.5 * row[BURN]
    longest = min(time - row[LAUNCH], row[CAP]) - shortest
    chord, distance = triangle(row, looks, k, shortest)
    flight = min(max(1.1 * chord / slower, shortest), longest)  # a first guess: how far does the Earth turn?
    met, tries = False, TRIES if longest >= shortest else 0
    while tries > 0:
        tries -= 1
        chord, distance = triangle(row, looks, k, flight)
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


def triangle(row: Any, looks: Any, k: int, flight: float) -> tuple[float, float]:
    """Distances [m] of the point to aim at from the site and from the centre, for a flight of that time."""
    back, ahead = small_turn(flight * row[RATE])
    cosine, sine = looks[8, k] * back + looks[9, k] * ahead, looks[9, k] * back - looks[8, k] * ahead
    inner = looks[5, k] * cosine + looks[6, k] * sine + looks[7, k]
    inner, distance = straightened(row, flight, looks[2, k], looks[11, k], inner)
    square = row[RADIUS] * row[RADIUS] + distance * distance - 2.0 * inner
    return math.sqrt(max(square, 1.0)), distance


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
    even, odd, north, distance = departure(row, anomaly)
    distance += row[AXIS] * (1.0 - row[ECCENTRICITY] * cosine)
    even += row[EVEN_TOWARDS] * towards + row[EVEN_ACROSS] * across
    odd += row[ODD_TOWARDS] * towards + row[ODD_ACROSS] * across
    north += row[NORTH_TOWARDS] * towards + row[NORTH_ACROSS] * across
    longest = max(min(time - row[LAUNCH], row[CAP]) - 0.5 * burn, 0.5 * burn)
    flight = longest
    half_sum = square = lam = unit = limit = 0.0
    for turn in range(WAITS + 1):
        angle = (time - flight) * row[RATE]
        c, s = math.cos(angle), math.sin(angle)
        inner = even * c + odd * s + row[NORTH] * north
        if turn == WAITS:
            inner, distance = straightened(row, flight, distance, north, inner)
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
