"""The Earth's pull is the slope of its potential, and its flattening is that of WGS-84."""

import math

import numpy as np
import pytest

from detente.physics.constants import (
    EARTH_MU,
    EARTH_ROTATION,
    WGS84_EQUATORIAL_RADIUS,
    WGS84_FLATTENING,
    WGS84_J2,
)
from detente.physics.frames import geodetic_place, spherical_place
from detente.physics.gravity import SPHERE, WGS84, altitude, gravity, potential, surface_below

ANGLES = np.random.default_rng(2).uniform(-1.5, 1.5, (2, 50))
PLACES = geodetic_place(ANGLES[0], ANGLES[1], 5e5)


def test_the_form_factor_follows_from_the_defining_parameters() -> None:
    """Heiskanen and Moritz (1967), chapter 2: J2 = e^2/3 (1 - 2 m e' / (15 q0))."""
    a, f = WGS84_EQUATORIAL_RADIUS, WGS84_FLATTENING
    b, square = a * (1.0 - f), f * (2.0 - f)
    second = math.sqrt(square / (1.0 - square))
    m = EARTH_ROTATION**2 * a * a * b / EARTH_MU
    q0 = 0.5 * ((1.0 + 3.0 / second**2) * math.atan(second) - 3.0 / second)
    assert pytest.approx(square / 3.0 * (1.0 - 2.0 / 15.0 * m * second / q0), rel=1e-9) == WGS84_J2


def test_the_pull_is_the_slope_of_the_potential() -> None:
    step = 10.0
    slope = [
        (potential(PLACES + shift[:, None]) - potential(PLACES - shift[:, None])) / (2.0 * step)
        for shift in step * np.eye(3)
    ]
    np.testing.assert_allclose(gravity(PLACES), -np.stack(slope), atol=1e-7)


def test_normal_gravity_at_equator_and_pole() -> None:
    """9.7803253 and 9.8321849 m/s2 with the turn (NIMA TR8350.2); J2 without J4 is 2e-5 off."""
    ground = geodetic_place([0.0, np.pi / 2], 0.0)
    pull = np.linalg.norm(gravity(ground), axis=0) - EARTH_ROTATION**2 * ground[0]
    np.testing.assert_allclose(pull, [9.7803253, 9.8321849], rtol=3e-5)


def test_a_sphere_pulls_to_its_center() -> None:
    pull = gravity(PLACES, SPHERE)
    np.testing.assert_allclose(np.cross(pull, PLACES, axis=0), 0.0, atol=1e-6)


def test_altitude_is_near_the_geodetic_one() -> None:
    latitude = np.linspace(-1.5, 1.5, 31)
    for height, within in ((0.0, 1e-6), (1e4, 0.1), (1e5, 0.6), (2e6, 12.0)):
        np.testing.assert_allclose(altitude(geodetic_place(latitude, 0.4, height)), height, atol=within)
    below = surface_below(geodetic_place(latitude, 0.4, 3e5), WGS84)
    np.testing.assert_allclose(altitude(below), 0.0, atol=1e-6)
    np.testing.assert_allclose(altitude(spherical_place(latitude, 0.4, 6.4e6), SPHERE), 29e3, atol=1e-6)
