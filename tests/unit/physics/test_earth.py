"""Great circles on the sphere, and the ellipsoid through the library."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.physics.constants import EARTH_RADIUS
from detente.physics.earth import destination, geodesic, great_circle
from detente.physics.frames import spherical_place

LATITUDES = st.floats(-1.5, 1.5)
LONGITUDES = st.floats(-3.1, 3.1)


@given(LATITUDES, LONGITUDES, st.floats(-3.1, 3.1), st.floats(10.0, 1.99e7))
def test_direct_and_inverse_undo_each_other(
    latitude: float, longitude: float, azimuth: float, distance: float
) -> None:
    there = destination(latitude, longitude, azimuth, distance)
    line = great_circle(latitude, longitude, there.latitude, there.longitude)
    assert float(line.distance) == pytest.approx(distance, rel=1e-9, abs=1e-5)
    error = 10.0 * EARTH_RADIUS * 1e-15 / min(distance, 2.0015e7 - distance)
    assert np.cos(line.azimuth - azimuth) == pytest.approx(1.0, abs=1e-9 + error)
    assert np.cos(line.final_azimuth - there.final_azimuth) == pytest.approx(1.0, abs=1e-9 + error)


@given(LATITUDES, LONGITUDES, LATITUDES, LONGITUDES)
def test_length_is_the_angle_between_the_places(a: float, b: float, c: float, d: float) -> None:
    first, second = spherical_place(a, b, 1.0), spherical_place(c, d, 1.0)
    angle = 2 * np.arctan2(np.linalg.norm(first - second), np.linalg.norm(first + second))
    assert float(great_circle(a, b, c, d).distance) == pytest.approx(EARTH_RADIUS * angle, abs=1e-4)


def test_cardinal_directions() -> None:
    line = great_circle(0.0, 0.0, [0.1, 0.0, -0.1, 0.0], [0.0, 0.1, 0.0, -0.1])
    np.testing.assert_allclose(np.abs(line.azimuth), (0, np.pi / 2, np.pi, np.pi / 2), atol=1e-15)
    assert line.azimuth[1] > 0 > line.azimuth[3]


def test_ellipsoid_stays_near_the_sphere_and_keeps_shapes() -> None:
    latitude, longitude = np.array([[0.1], [1.0]]), np.array([0.2, 0.9, 2.0])
    line = geodesic(latitude, longitude, 0.5, -0.4)
    assert line.distance.shape == line.azimuth.shape == (2, 3)
    round_ = great_circle(latitude, longitude, 0.5, -0.4)
    np.testing.assert_allclose(line.distance, round_.distance, rtol=0.006)
    np.testing.assert_allclose(line.azimuth, round_.azimuth, atol=0.01)
    assert geodesic(0.1, 0.2, 0.1, 0.2).distance == 0.0
