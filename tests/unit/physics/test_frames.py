"""Places, the turn of the Earth, and shapes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.physics.constants import EARTH_RADIUS, WGS84_EQUATORIAL_RADIUS, WGS84_FLATTENING
from detente.physics.frames import (
    geodetic_place,
    latitude_longitude,
    over_batch,
    spherical_place,
    to_earth_fixed,
    to_inertial,
)

LATITUDES = st.floats(-1.55, 1.55)
LONGITUDES = st.floats(-3.1, 3.1)


@given(LATITUDES, LONGITUDES)
def test_a_place_comes_back(latitude: float, longitude: float) -> None:
    place = spherical_place(latitude, longitude)
    assert np.linalg.norm(place) == pytest.approx(EARTH_RADIUS, rel=1e-14)
    np.testing.assert_allclose(latitude_longitude(place), (latitude, longitude), atol=1e-14)


def test_axes_of_the_earth_fixed_frame() -> None:
    r = EARTH_RADIUS
    np.testing.assert_allclose(spherical_place(0, 0), (r, 0, 0), atol=1e-6)
    np.testing.assert_allclose(spherical_place(0, np.pi / 2), (0, r, 0), atol=1e-6)
    np.testing.assert_allclose(spherical_place(np.pi / 2, 0.3), (0, 0, r), atol=1e-6)


def test_geodetic_places_lie_on_the_ellipsoid_and_agree_with_proj() -> None:
    from pyproj import Transformer

    latitude, longitude, height = np.array([-1.2, 0.0, 0.7, 1.5]), np.array([0.1, -2.0, 3.0, 1.0]), 1234.0
    x, y, z = geodetic_place(latitude, longitude, 0.0)
    b = WGS84_EQUATORIAL_RADIUS * (1 - WGS84_FLATTENING)
    np.testing.assert_allclose((x**2 + y**2) / WGS84_EQUATORIAL_RADIUS**2 + z**2 / b**2, 1.0, rtol=1e-14)
    to_ecef = Transformer.from_crs("EPSG:4979", "EPSG:4978", always_xy=True)
    wanted = to_ecef.transform(np.degrees(longitude), np.degrees(latitude), np.full(4, height))
    np.testing.assert_allclose(geodetic_place(latitude, longitude, height), wanted, atol=1e-6)


@given(LATITUDES, LONGITUDES, st.floats(-5e3, 5e3), st.floats(-1e-4, 1e-4))
def test_the_turn_undoes_itself_and_moves_longitude_alone(
    latitude: float, longitude: float, time: float, rate: float
) -> None:
    place = spherical_place(latitude, longitude)
    turned = to_inertial(place, time, rate)
    np.testing.assert_allclose(to_earth_fixed(turned, time, rate), place, atol=1e-7)
    np.testing.assert_allclose(turned, spherical_place(latitude, longitude + time * rate), atol=1e-7)


def test_one_place_at_many_times_and_many_places_at_one() -> None:
    times = np.linspace(0, 1000, 5)
    place = spherical_place(0.5, 0.2)
    assert to_inertial(place, times).shape == (3, 5)
    assert to_inertial(np.stack([place, place], axis=1), 3.0).shape == (3, 2)
    assert over_batch(place, 2).shape == (3, 1, 1)


@pytest.mark.parametrize("wrong", [np.zeros(4), np.zeros((2, 3)), 1.0])
def test_a_position_without_three_components_is_refused(wrong: object) -> None:
    with pytest.raises(ValueError, match=r"shape \(3, \.\.\.\)"):
        over_batch(wrong, 1)  # type: ignore[arg-type]
