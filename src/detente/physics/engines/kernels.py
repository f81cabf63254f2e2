"""How a body coasts about the Earth, one physical effect a function, one flight or a whole batch alike.

Written for a single flight, without branches, in arithmetic that means the same for a number and for an
array of numbers: the compiled engine drives these functions as lanes of the processor, the lockstep engine
feeds them arrays, plain Python runs them as they stand. SI units; components apart, inertial frame.

The coast is flown in the coordinates of Kustaanheimo and Stiefel, p and q = dp/ds with dt = r ds: there the
flight about a round Earth is a swing of one steady frequency, which can be followed exactly, and the
flattening is all that is left to integrate. r is the sum of the squares of p, so that no root is drawn.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

STEPS: Final = 11
"""Steps of one coast, three kicks each; they leave less than a meter, see docs/performance.md."""
SPARE: Final = 0.25  # steps past the planned end, which the Earth's flattening may put some seconds off
CLOSER: Final = 3  # rounds of closing in on the end, each a partial step; they leave a millimeter
CLOSER_TOP: Final = 2  # the same for apogee, where the last bit of the way counts in time alone
_OUTER: Final = 0.5 - 0.1 * float(np.sqrt(15.0))  # shares of a step between kicks: Gauss's three points
_INNER: Final = 0.1 * float(np.sqrt(15.0))
_SIDE: Final = 5.0 / 18.0  # and their weights
_MIDDLE: Final = 8.0 / 18.0
ROOTS_A_STEP: Final = 4
"""Divisions and square roots of one step; what benchmarks count by."""


def choose(holds: Any, this: Any, other: Any) -> Any:
    """One value where a condition holds, another elsewhere; a select, not a branch, once compiled."""
    return np.where(holds, this, other)


def root(value: Any) -> Any:
    """The square root, 0 of what is below 0."""
    return np.sqrt(np.maximum(value, 0.0))


def pull(x: Any, y: Any, z: Any, mu: Any, bulge: Any) -> tuple[Any, Any, Any]:
    """Distance r [m], and the factors [m/s2] by which x and y, and z, give the acceleration times r.

    bulge: 3/2 J2 a^2 [m2], 0 for a sphere.
    Source: gradient of -mu/r (1 - J2 (a/r)^2 (3 sin^2(latitude) - 1) / 2).
    """
    square = x * x + y * y + z * z
    inverse = 1.0 / square
    share = 5.0 * z * z * inverse
    flat = bulge * inverse
    central = -mu * inverse
    return np.sqrt(square), central * (1.0 + flat * (1.0 - share)), central * (1.0 + flat * (3.0 - share))


def lift(x: Any, y: Any, z: Any, u: Any, v: Any, w: Any) -> tuple[Any, Any, Any, Any, Any, Any, Any, Any]:
    """The regular coordinates p (4) and their rates q (4) of a position [m] and a velocity [m/s].

    Source: E. L. Stiefel, G. Scheifele, Linear and Regular Celestial Mechanics (Springer, 1971), chapter 2.
    """
    ahead = x >= 0.0
    big = np.sqrt(0.5 * (np.sqrt(x * x + y * y + z * z) + np.abs(x)))
    half = 0.5 / big
    a = choose(ahead, big, y * half)
    b = choose(ahead, y * half, big)
    c = choose(ahead, z * half, 0.0)
    d = choose(ahead, 0.0, z * half)
    return (
        a, b, c, d,
        0.5 * (a * u + b * v + c * w), 0.5 * (a * v - b * u + d * w),
        0.5 * (a * w - c * u - d * v), 0.5 * (b * w - c * v + d * u),
    )  # fmt: skip


def lower(
    a: Any, b: Any, c: Any, d: Any, e: Any, f: Any, g: Any, h: Any
) -> tuple[Any, Any, Any, Any, Any, Any, Any]:
    """Position [m], velocity [m/s] and 1 / r of regular coordinates p and rates q; lift the other way."""
    inverse = 1.0 / (a * a + b * b + c * c + d * d)
    twice = 2.0 * inverse
    return (
        a * a - b * b - c * c + d * d,
        2.0 * (a * b - c * d),
        2.0 * (a * c + b * d),
        twice * (a * e - b * f - c * g + d * h),
        twice * (b * e + a * f - d * g - c * h),
        twice * (c * e + d * f + a * g + b * h),
        inverse,
    )


def swing(stretch: Any, rate: Any, weight: Any) -> tuple[Any, Any, Any, Any, Any]:
    """What carries regular coordinates over a stretch of s on which the Earth counts as round.

    rate: the square of the frequency [m2/s2], a fourth of the body's binding energy by twos: -energy / 2;
    weight: half of its inverse. Cosine, sine over frequency, and the weights by which p.p, p.q and q.q make
    up the time. The series are good to the last digit below a third of a radian.
    """
    turn = rate * stretch * stretch
    cosine = 1.0 - turn * (0.5 - turn * (1.0 / 24.0 - turn * (1.0 / 720.0 - turn * (
        1.0 / 40_320.0 - turn * (1.0 / 3_628_800.0)))))  # fmt: skip
    sine = stretch * (1.0 - turn * (1.0 / 6.0 - turn * (1.0 / 120.0 - turn * (1.0 / 5_040.0 - turn * (
        1.0 / 362_880.0 - turn * (1.0 / 39_916_800.0))))))  # fmt: skip
    both = cosine * sine
    return cosine, sine, 0.5 * (stretch + both), sine * sine, weight * (stretch - both)


def glide(  # noqa: PLR0913, PLR0917
    a: Any, b: Any, c: Any, d: Any, e: Any, f: Any, g: Any, h: Any, t: Any, rate: Any, by: Any
) -> tuple[Any, Any, Any, Any, Any, Any, Any, Any, Any]:
    """Regular coordinates, rates and time [s] after a stretch about a round Earth, `by` as swing gives it."""
    cosine, sine, far, cross, fast = by
    back = -rate * sine
    time = t + far * (a * a + b * b + c * c + d * d)
    time = time + cross * (a * e + b * f + c * g + d * h) + fast * (e * e + f * f + g * g + h * h)
    return (
        cosine * a + sine * e, cosine * b + sine * f, cosine * c + sine * g, cosine * d + sine * h,
        back * a + cosine * e, back * b + cosine * f, back * c + cosine * g, back * d + cosine * h,
        time,
    )  # fmt: skip


def kick(  # noqa: PLR0913, PLR0917
    a: Any, b: Any, c: Any, d: Any, e: Any, f: Any, g: Any, h: Any, much: Any
) -> tuple[Any, Any, Any, Any]:
    """The rates q after the pull of the flattening alone has worked for a while.

    much: the length of s times mu bulge / 3. Source: gradient in p of r times the zonal potential,
    mu bulge / 3 (3 z^2 / r^4 - 1 / r^2), by a fourth, with z = 2 (p1 p3 + p2 p4).
    """
    inverse = 1.0 / (a * a + b * b + c * c + d * d)
    square = inverse * inverse
    height = 2.0 * (a * c + b * d)
    across = -3.0 * much * height * square * square
    out = much * inverse * square * (6.0 * height * height * square - 1.0)
    return (
        e + (across * c + out * a), f + (across * d + out * b),
        g + (across * a + out * c), h + (across * b + out * d),
    )  # fmt: skip


def step(  # noqa: PLR0913, PLR0917 - a state, a step, an Earth; apart, as the lanes need them
    a: Any, b: Any, c: Any, d: Any, e: Any, f: Any, g: Any, h: Any, t: Any,
    size: Any, rate: Any, weight: Any, strength: Any,
) -> tuple[Any, Any, Any, Any, Any, Any, Any, Any, Any]:  # fmt: skip
    """Regular coordinates, rates and time after a step in s; strength: mu bulge / 3.

    Three kicks of the flattening at Gauss's points, exact flight about a round Earth between them. What is
    neglected is of the size of J2 by the sixth power of the step, and of J2 squared by the step's square.
    Source: J. Laskar, P. Robutel, Celest. Mech. Dyn. Astron. 80 (2001) 39-62, the scheme SABA 3.
    """
    outer, inner = swing(_OUTER * size, rate, weight), swing(_INNER * size, rate, weight)
    side, middle = _SIDE * size * strength, _MIDDLE * size * strength
    a, b, c, d, e, f, g, h, t = glide(a, b, c, d, e, f, g, h, t, rate, outer)
    e, f, g, h = kick(a, b, c, d, e, f, g, h, side)
    a, b, c, d, e, f, g, h, t = glide(a, b, c, d, e, f, g, h, t, rate, inner)
    e, f, g, h = kick(a, b, c, d, e, f, g, h, middle)
    a, b, c, d, e, f, g, h, t = glide(a, b, c, d, e, f, g, h, t, rate, inner)
    e, f, g, h = kick(a, b, c, d, e, f, g, h, side)
    return glide(a, b, c, d, e, f, g, h, t, rate, outer)


def height(x: Any, y: Any, z: Any, equator: Any, pole: Any) -> Any:
    """Altitude [m] above the ellipsoid of these radii [m], measured along the line to the Earth's center.

    Within 0.1 m of the geodetic height at 10 km, 12 m at 2,000 km.
    """
    wide = x * x + y * y
    high = z * z
    shrink = equator * pole / np.sqrt(pole * pole * wide + equator * equator * high)
    return np.sqrt(wide + high) * (1.0 - shrink)


def climb(  # noqa: PLR0913, PLR0917
    a: Any, b: Any, c: Any, d: Any, e: Any, f: Any, g: Any, h: Any, equator: Any, pole: Any
) -> tuple[Any, Any]:
    """The same of regular coordinates, and how fast it grows [m a unit of s]."""
    r = a * a + b * b + c * c + d * d
    r_rate = 2.0 * (a * e + b * f + c * g + d * h)
    z = 2.0 * (a * c + b * d)
    z_rate = 2.0 * (a * g + c * e + b * h + d * f)
    wide, high = pole * pole, equator * equator - pole * pole
    spread = 1.0 / (wide * r * r + high * z * z)
    share = equator * pole * np.sqrt(spread)
    return r - share * r, r_rate - share * high * z * (z * r_rate - r * z_rate) * spread


def plan(  # noqa: PLR0913, PLR0917
    x: Any, y: Any, z: Any, u: Any, v: Any, w: Any, level: Any, mu: Any, bulge: Any, pole: Any
) -> tuple[Any, Any, Any, Any, Any]:
    """How a coast is to be flown: step in s, swing rate and half its inverse; whether it falls, whether it
    rises so high.

    The ellipse from burnout down to the polar radius ends no earlier than the flight, but for what the
    flattening does to its pull; the spare steps are for that. Angles are good to 1e-4, all that a plan needs.
    The step is 0 where nothing is to be flown. Source: for the arc cosine M. Abramowitz, I. A. Stegun,
    Handbook of Mathematical Functions (1964), 4.4.45.
    """
    r = np.sqrt(x * x + y * y + z * z)
    inverse = 1.0 / r
    flow = x * u + y * v + z * w
    speed = u * u + v * v + w * w
    share = z * z * inverse * inverse
    zonal = mu * bulge * inverse * inverse * inverse * (share - 1.0 / 3.0)
    binding = 2.0 * mu * inverse - speed  # of the ellipse, twice, without the flattening
    rate = 0.25 * (binding - 2.0 * zonal)
    falls = (binding > 0.0) & (rate > 0.0)
    binding = choose(falls, binding, 1.0)
    rate = choose(falls, rate, 1.0)
    axis = mu / binding
    toward = 1.0 - r / axis  # e cos E at burnout
    aside = flow / np.sqrt(mu * axis)  # e sin E
    eccentricity = np.sqrt(toward * toward + aside * aside)
    below = 1.0 - (pole + level) / axis  # e cos E at the end
    falls = falls & (below < eccentricity)
    depth = np.sqrt(np.maximum(eccentricity * eccentricity - below * below, 0.0))  # e sin E there, but down
    rises = (below > -eccentricity) & ((flow >= 0.0) | (toward < below))
    square = np.maximum(eccentricity * eccentricity, 1e-300)
    cosine = np.maximum(np.minimum((toward * below - aside * depth) / square, 1.0), -1.0)
    half = np.sqrt(0.5 * (1.0 + cosine))
    angle = np.sqrt(1.0 - half) * (
        1.570_728_8 - half * (0.212_114_4 - half * (0.074_261_0 - half * 0.018_729_3))
    )
    past = -toward * depth - aside * below < 0.0  # more than half way round
    span = 2.0 * choose(past, np.pi - angle, angle) * np.sqrt(axis / mu)
    size = choose(falls & rises, span * (1.0 / (STEPS - SPARE)), 0.0)
    return size, rate, 0.5 / rate, falls, rises


def slower(  # noqa: PLR0913, PLR0917
    a: Any, b: Any, c: Any, d: Any, e: Any, f: Any, g: Any, h: Any, rate: Any
) -> Any:
    """How much further in s the flight is farthest from the Earth's center, by Newton's rule."""
    flow = a * e + b * f + c * g + d * h
    square = a * a + b * b + c * c + d * d
    return flow / (rate * square - (e * e + f * f + g * g + h * h))


def chord(above: Any, below: Any, fall: Any, size: Any) -> Any:
    """The share of the way from a place above a level to one below it at which the level is passed.

    By the parabola through both heights over the level [m], which falls [m a unit of s] like the flight at
    the lower one; between the two whatever comes in.
    """
    # h(k) = below + slope (k - 1) + bend (k - 1)^2, k the share of the way
    slope = fall * size
    bend = above - below + slope
    root = np.sqrt(np.maximum(slope * slope - 4.0 * bend * below, 0.0))
    back = 2.0 * below / np.minimum(slope - root, -1e-300)
    return np.maximum(np.minimum(1.0 - back, 1.0), 0.0)


def bend(  # noqa: PLR0913, PLR0917
    x: Any, y: Any, z: Any, u: Any, v: Any, w: Any, near: Any, mu: Any, bulge: Any
) -> tuple[Any, Any, Any, Any, Any, Any]:
    """Acceleration [m/s2] and its rate [m/s3] at a position with a velocity; near: 1 / r. See pull."""
    inverse = near * near
    pulled = -mu * inverse * near
    turn = (x * u + y * v + z * w) * inverse
    flat = bulge * inverse
    share = 5.0 * z * z * inverse
    shift = 10.0 * z * w * inverse - 2.0 * turn * share
    across, polar = 1.0 + flat * (1.0 - share), 1.0 + flat * (3.0 - share)
    across_rate = -flat * (2.0 * turn * (1.0 - share) + shift) - 3.0 * turn * across
    polar_rate = -flat * (2.0 * turn * (3.0 - share) + shift) - 3.0 * turn * polar
    return (
        pulled * across * x, pulled * across * y, pulled * polar * z,
        pulled * (across * u + across_rate * x), pulled * (across * v + across_rate * y),
        pulled * (polar * w + polar_rate * z),
    )  # fmt: skip


def curve(  # noqa: PLR0913, PLR0917
    span: Any, place: Any, rate: Any, pulled: Any, jerk: Any,
    next_place: Any, next_rate: Any, next_pulled: Any, next_jerk: Any,
) -> tuple[Any, Any, Any, Any, Any, Any, Any, Any]:  # fmt: skip
    """One coordinate between two moments that lie a span [s] apart: eight factors of the share of the way.

    The polynomial through both places with their first three rates (Hermite).
    """
    half = 0.5 * span * span
    sixth = span * half * (1.0 / 3.0)
    first, second, third = span * rate, half * pulled, sixth * jerk
    off = next_place - (place + first + second + third)
    off_1 = span * next_rate - (first + 2.0 * second + 3.0 * third)
    off_2 = half * next_pulled - (second + 3.0 * third)
    off_3 = sixth * next_jerk - third
    return (
        place, first, second, third,
        35.0 * off - 15.0 * off_1 + 5.0 * off_2 - off_3,
        -84.0 * off + 39.0 * off_1 - 14.0 * off_2 + 3.0 * off_3,
        70.0 * off - 34.0 * off_1 + 13.0 * off_2 - 3.0 * off_3,
        -20.0 * off + 10.0 * off_1 - 4.0 * off_2 + off_3,
    )  # fmt: skip


def arch(span: Any, place: Any, rate: Any, next_place: Any, next_rate: Any) -> tuple[Any, Any, Any, Any]:
    """The same by the cubic through both places with both rates: four factors."""
    first, last = span * rate, span * next_rate
    gap = next_place - place
    return place, first, 3.0 * gap - 2.0 * first - last, first + last - 2.0 * gap


def along(  # noqa: PLR0913, PLR0917
    share: Any, c0: Any, c1: Any, c2: Any, c3: Any, c4: Any, c5: Any, c6: Any, c7: Any
) -> Any:
    """A coordinate at a share of the way, of the factors that curve gives."""
    return c0 + share * (
        c1 + share * (c2 + share * (c3 + share * (c4 + share * (c5 + share * (c6 + share * c7)))))
    )
