"""Free flight over a sphere that does not turn, against the textbook table and a textbook ellipse.

Sources: R. R. Bate, D. D. Mueller, J. E. White, Fundamentals of Astrodynamics (1971), chapter 6;
A. D. Wheelon, ARS Journal 29 (1959). Table computed from those formulas by three independent methods that
agree to 0.01 s; radius 6,371 km, mu 398600.4418 km3/s2; tolerance 0.05 %.
"""

import numpy as np
import pytest

from detente.physics.flight import (
    free_flight_from_burnout,
    given_angle_flight,
    lofted_flight,
    minimum_energy_flight,
)
from detente.physics.frames import spherical_place
from detente.physics.trajectory import Boost, threat_arc

# range km, speed km/s, angle deg, apogee km, time s
TABLE = np.array(
    [
        (300, 1.6965, 44.326, 74.1, 251.0),
        (1000, 3.0161, 42.752, 239.9, 474.4),
        (1300, 3.4009, 42.077, 307.9, 548.5),
        (3000, 4.8650, 38.255, 655.2, 895.0),
        (5500, 6.0752, 32.634, 1040.5, 1315.8),
        (10000, 7.1981, 22.517, 1319.5, 1931.0),
    ]
).T
WITHIN = 5e-4


def test_minimum_energy_table() -> None:
    distance, speed, angle, apogee, time = TABLE
    flight = minimum_energy_flight(distance * 1e3)
    np.testing.assert_allclose(flight.speed, speed * 1e3, rtol=WITHIN)
    np.testing.assert_allclose(np.degrees(flight.angle), angle, rtol=WITHIN)
    np.testing.assert_allclose(flight.apogee, apogee * 1e3, rtol=WITHIN)
    np.testing.assert_allclose(flight.time, time, rtol=WITHIN)


def test_given_angle_and_given_apogee_meet_the_same_table() -> None:
    distance, speed, angle, apogee, time = TABLE
    for flight in (
        given_angle_flight(distance * 1e3, np.radians(angle)),
        lofted_flight(apogee * 1e3, distance * 1e3),
    ):
        np.testing.assert_allclose(flight.speed, speed * 1e3, rtol=WITHIN)
        np.testing.assert_allclose(flight.time, time, rtol=1e-3)  # the table's rounded angle moves the time


def test_an_arc_without_boost_or_turn_is_the_table() -> None:
    distance, speed, angle, apogee, time = TABLE
    launch = spherical_place(0.3, -1.0)
    east = spherical_place(0.0, -1.0 + np.pi / 2)
    aim = np.cos(distance * 1e3 / 6371e3) * launch[:, None] + np.sin(distance * 1e3 / 6371e3) * east[:, None]
    arc = threat_arc(launch[:, None], aim, Boost(0.0, 0.0, 0.0), earth_rotation=0.0)
    np.testing.assert_allclose(arc.burnout_speed, speed * 1e3, rtol=WITHIN)
    np.testing.assert_allclose(np.degrees(arc.burnout_angle), angle, rtol=WITHIN)
    np.testing.assert_allclose(arc.apogee_altitude, apogee * 1e3, rtol=WITHIN)
    np.testing.assert_allclose(arc.impact_time, time, rtol=WITHIN)


def test_an_ellipse_in_canonical_units() -> None:
    """With r = 4/3, v = 2/3, apogee radius 1.5: Q 0.5926, angle 27.20 degrees, range angle 48.79 degrees."""
    r, v, top = 4 / 3, 2 / 3, 1.5
    ratio = r * v**2
    speed_at_top = np.sqrt(2 * (v**2 / 2 - 1 / r + 1 / top))
    angle = np.arccos(top * speed_at_top / (r * v))
    assert ratio == pytest.approx(0.5926, abs=5e-5)
    assert np.degrees(angle) == pytest.approx(27.20, abs=0.005)
    assert np.degrees(free_flight_from_burnout(ratio, angle)) == pytest.approx(48.79, abs=0.005)


def test_speed_implied_by_the_booster_test_of_6_february_2003() -> None:
    """Apogee about 1,125, range about 3,500 statute miles (Orbital's release): 6.32 km/s at the surface."""
    mile = 1609.344
    assert float(lofted_flight(1125 * mile, 3500 * mile).speed) == pytest.approx(6.32e3, abs=0.01e3)
