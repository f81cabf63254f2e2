"""Sight lines: published values, the straight line to a target, first sight against dense sampling."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.physics.constants import EARTH_RADIUS
from detente.physics.frames import spherical_place, to_earth_fixed
from detente.physics.sensing import SightStatus, elevation, first_sight, horizon_distance, slant_range
from detente.physics.trajectory import ArcStatus, Boost, sample_arc, threat_arc

STANDARD_RADIUS = 8.4774e6


def test_published_horizon_and_slant_range() -> None:
    """Effective radius and slant range as in MathWorks effearthradius and height2range; horizon computed."""
    assert float(horizon_distance(30.0, STANDARD_RADIUS)) == pytest.approx(22_553, abs=0.5)
    assert float(slant_range(np.radians(2), 1000.0, 10.0, STANDARD_RADIUS)) == pytest.approx(27_125, abs=0.5)
    assert pytest.approx(8.4947e6, abs=100) == 4 / 3 * EARTH_RADIUS


@given(st.floats(0.0, 1.5), st.floats(1e3, 2e6), st.floats(0.0, 0.9e3))
def test_slant_range_closes_the_triangle(angle: float, target: float, sensor: float) -> None:
    ray = float(slant_range(angle, target, sensor))
    up, along = EARTH_RADIUS + sensor + ray * np.sin(angle), ray * np.cos(angle)
    assert np.hypot(up, along) == pytest.approx(EARTH_RADIUS + target, rel=1e-12)


@given(st.floats(-1.4, 1.4), st.floats(-3.0, 3.0), st.floats(-1.4, 1.4), st.floats(1e3, 3e6))
def test_elevation_is_that_of_the_straight_line(
    latitude: float, longitude: float, other: float, height: float
) -> None:
    site = spherical_place(latitude, longitude)
    target = spherical_place(other, 0.3, EARTH_RADIUS + height)
    line = target - site
    sine = line @ site / np.linalg.norm(line) / EARTH_RADIUS
    assert float(elevation(site, target)) == pytest.approx(np.arcsin(sine), abs=1e-9)
    assert float(elevation(site, target, 4 / 3)) >= float(elevation(site, target)) - 1e-12


def test_first_sight_against_dense_sampling() -> None:
    radar = spherical_place(*np.radians((49.6, 13.7)))
    launches = spherical_place(*np.radians([(54.0, 57.9, 50.8), (35.8, 33.7, 59.5)]))
    aim = spherical_place(*np.radians((38.9, -77.0)))
    lowest = np.radians(2.0)
    arc = threat_arc(launches, aim, Boost(180.0, 200e3, 450e3))
    seen = first_sight(arc, radar, lowest)
    assert np.all(seen.status == SightStatus.SEEN)
    times = np.linspace(arc.burnout_time, arc.impact_time, 20_001, axis=-1)
    above = elevation(radar, to_earth_fixed(sample_arc(arc, times), times)) >= lowest
    first = np.take_along_axis(times, np.argmax(above, axis=-1)[:, None], -1)[:, 0]
    np.testing.assert_allclose(seen.time, first, atol=0.2)
    # Kozelsk and Vypolzovo are in sight within seconds of a 180 s burnout, at some 1,340 to 1,530 km.
    assert np.all(seen.time[:2] < 200.0)
    at = to_earth_fixed(sample_arc(arc, seen.time[:, None]), seen.time[:, None])[:, :2, 0]
    assert np.all(np.abs(np.linalg.norm(at - radar[:, None], axis=0) / 1e3 - 1435) < 95)


def test_what_is_never_seen_and_what_never_flies_have_statuses() -> None:
    launches = spherical_place([0.9, 0.9], [0.6, 0.6])
    aims = spherical_place([0.6, 0.901], [-1.3, 0.601])
    arc = threat_arc(launches, aims, Boost(180.0, 200e3, 450e3))
    assert arc.status[1] == ArcStatus.AIM_TOO_NEAR
    sight = first_sight(arc, spherical_place(-0.8, 2.5), 0.05)
    assert sight.status.tolist() == [SightStatus.NEVER_SEEN, SightStatus.NO_THREAT]
    assert np.all(np.isnan(sight.time))


def test_a_target_below_the_sensor_is_refused() -> None:
    with pytest.raises(ValueError, match="higher than the sensor"):
        slant_range(0.1, 10.0, 20.0)
