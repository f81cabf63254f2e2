"""The few numbers about the Earth that every flight and every distance rests on.

SI units. Each value names where it was laid down.
"""

from typing import Final

EARTH_MU: Final = 3.986004418e14
"""Gravitational constant times the Earth's mass [m3/s2], atmosphere included.

Source: IERS Conventions (2010), IERS Technical Note 36, table 1.1.
"""

EARTH_RADIUS: Final = 6_371_000.0
"""Radius [m] of the sphere on which flights are flown; a convention of this program.

It is the mean radius (2a + b)/3 = 6 371 008.8 m of the WGS-84 ellipsoid, rounded to a kilometre.
"""

EARTH_ROTATION: Final = 7.292115e-5
"""Rate at which the Earth turns against the stars [rad/s], eastward positive.

Source: WGS-84 defining parameter, NIMA TR8350.2, third edition.
"""

WGS84_EQUATORIAL_RADIUS: Final = 6_378_137.0
"""Equatorial radius a of the WGS-84 ellipsoid [m]. Source: NIMA TR8350.2, third edition."""

WGS84_FLATTENING: Final = 1.0 / 298.257223563
"""Flattening f of the WGS-84 ellipsoid, exact by definition. Source: NIMA TR8350.2, third edition."""

WGS84_J2: Final = 1.082629821313e-3
"""Dynamic form factor J2 of the WGS-84 ellipsoid.

Derived from the four defining parameters a, f, GM and the rotation rate by the closed formula of Heiskanen
and Moritz, Physical Geodesy (1967), chapter 2; the tests derive it again.
"""

NAUTICAL_MILE: Final = 1_852.0
"""Nautical mile [m], exact by definition. Source: BIPM, The International System of Units, table 8."""

STATUTE_MILE: Final = 1_609.344
"""International (statute) mile [m], exact by definition: 5 280 feet of 0.3048 m."""
