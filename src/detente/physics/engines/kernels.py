"""How a body coasts about the Earth, one physical effect a function, one flight or a whole batch alike.

Written for a single flight, without branches, in arithmetic that means the same for a number and for an
array of numbers: the compiled engine drives these functions as lanes of the processor, the lockstep engine
feeds them arrays, plain Python runs them as they stand. SI units; components apart, inertial frame.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

STEPS: Final = 96
"""Steps of one coast; they leave less than a meter, see docs/performance.md."""
SPARE: Final = 2  # steps past the planned end, which the Earth's flattening may put a second or two off
CLOSER: Final = 4  # rounds of closing in on apogee and end, each a partial step; three leave a millimeter


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


def slope(
    x: Any, y: Any, z: Any, u: Any, v: Any, w: Any, mu: Any, bulge: Any
) -> tuple[Any, Any, Any, Any, Any, Any, Any]:
    """Rates of position, velocity and time for each unit of s, where dt = r ds.

    Even steps in s are short where the pull is strong and long near apogee, so one number of steps serves
    every flight. Source: K. F. Sundman's change of the time; the first power of r.
    """
    r, across, polar = pull(x, y, z, mu, bulge)
    return r * u, r * v, r * w, across * x, across * y, polar * z, r


def step(  # noqa: PLR0913, PLR0917 - a state, a step, an Earth; apart, as the lanes need them
    x: Any, y: Any, z: Any, u: Any, v: Any, w: Any, t: Any, h: Any, mu: Any, bulge: Any
) -> tuple[Any, Any, Any, Any, Any, Any, Any]:
    """Position, velocity and time after a step h in s.

    Source: the classical Runge-Kutta method of fourth order, W. Kutta, Z. Math. Phys. 46 (1901) 435-453.
    """
    half = 0.5 * h
    a1, a2, a3, a4, a5, a6, a7 = slope(x, y, z, u, v, w, mu, bulge)
    b1, b2, b3, b4, b5, b6, b7 = slope(
        x + half * a1, y + half * a2, z + half * a3, u + half * a4, v + half * a5, w + half * a6, mu, bulge
    )
    c1, c2, c3, c4, c5, c6, c7 = slope(
        x + half * b1, y + half * b2, z + half * b3, u + half * b4, v + half * b5, w + half * b6, mu, bulge
    )
    d1, d2, d3, d4, d5, d6, d7 = slope(
        x + h * c1, y + h * c2, z + h * c3, u + h * c4, v + h * c5, w + h * c6, mu, bulge
    )
    sixth = h * (1.0 / 6.0)
    return (
        x + sixth * (a1 + 2.0 * (b1 + c1) + d1),
        y + sixth * (a2 + 2.0 * (b2 + c2) + d2),
        z + sixth * (a3 + 2.0 * (b3 + c3) + d3),
        u + sixth * (a4 + 2.0 * (b4 + c4) + d4),
        v + sixth * (a5 + 2.0 * (b5 + c5) + d5),
        w + sixth * (a6 + 2.0 * (b6 + c6) + d6),
        t + sixth * (a7 + 2.0 * (b7 + c7) + d7),
    )


def height(x: Any, y: Any, z: Any, equator: Any, pole: Any) -> Any:
    """Altitude [m] above the ellipsoid of these radii [m], measured along the line to the Earth's center.

    Within 0.1 m of the geodetic height at 10 km, 12 m at 2,000 km.
    """
    wide = x * x + y * y
    high = z * z
    shrink = equator * pole / np.sqrt(pole * pole * wide + equator * equator * high)
    return np.sqrt(wide + high) * (1.0 - shrink)


def toward_level(  # noqa: PLR0913, PLR0917
    x: Any, y: Any, z: Any, u: Any, v: Any, w: Any, level: Any, equator: Any, pole: Any
) -> Any:
    """How much further in s the flight passes an altitude [m], by Newton's rule."""
    return (level - height(x, y, z, equator, pole)) / (x * u + y * v + z * w)


def toward_apogee(x: Any, y: Any, z: Any, u: Any, v: Any, w: Any, mu: Any) -> Any:
    """How much further in s the flight is farthest from the Earth's center, by Newton's rule."""
    r = np.sqrt(x * x + y * y + z * z)
    return (x * u + y * v + z * w) / (mu - r * (u * u + v * v + w * w))


def blend(share: Any, span: Any, place: Any, rate: Any, next_place: Any, next_rate: Any) -> Any:
    """One coordinate a share of the way between two moments that lie a span [s] apart.

    The cubic through both places with both rates (Hermite).
    """
    rest = 1.0 - share
    return rest * rest * ((1.0 + 2.0 * share) * place + share * span * rate) + share * share * (
        (3.0 - 2.0 * share) * next_place - rest * span * next_rate
    )
