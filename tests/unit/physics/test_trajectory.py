"""Flights to a turning Earth: they arrive, keep their constants, ignore the meridian, say when they fail."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.physics.conic import propagate
from detente.physics.constants import EARTH_MU, EARTH_RADIUS, EARTH_ROTATION
from detente.physics.earth import destination
from detente.physics.frames import spherical_place, to_earth_fixed, to_inertial
from detente.physics.trajectory import (
    ArcStatus,
    Boost,
    arc_altitude,
    arc_rows,
    arc_take,
    arc_time,
    sample_arc,
    threat_arc,
    threat_arc_at_angle,
)

BOOST = Boost(180.0, 200e3, 450e3)
LATITUDES, LONGITUDES = st.floats(-1.3, 1.3), st.floats(-3.1, 3.1)
AZIMUTHS, RANGES = st.floats(-3.1, 3.1), st.floats(6e5, 1.3e7)


def ends(latitude: float, longitude: float, azimuth: float, distance: float) -> tuple[np.ndarray, np.ndarray]:
    aim = destination(latitude, longitude, azimuth, distance)
    return spherical_place(latitude, longitude), spherical_place(aim.latitude, aim.longitude)


@given(LATITUDES, LONGITUDES, AZIMUTHS, RANGES)
def test_a_flight_hits_its_aim_and_starts_at_burnout(
    latitude: float, longitude: float, azimuth: float, distance: float
) -> None:
    launch, aim = ends(latitude, longitude, azimuth, distance)
    arc = threat_arc(launch, aim, BOOST)
    assert arc.status == ArcStatus.SOLVED
    times = np.array([float(arc.burnout_time), float(arc.impact_time)])
    track = sample_arc(arc, times)
    ground = to_earth_fixed(track, times)
    assert np.linalg.norm(ground[:, 1] - aim) < 1.0
    assert np.linalg.norm(ground[:, 0]) == pytest.approx(EARTH_RADIUS + 200e3, abs=1e-3)
    angle = np.arccos(ground[:, 0] @ launch / np.linalg.norm(ground[:, 0]) / EARTH_RADIUS)
    assert angle * EARTH_RADIUS == pytest.approx(450e3, rel=1e-6)


@given(LATITUDES, LONGITUDES, AZIMUTHS, RANGES)
def test_energy_and_momentum_stay_along_the_flight(
    latitude: float, longitude: float, azimuth: float, distance: float
) -> None:
    arc = threat_arc(*ends(latitude, longitude, azimuth, distance), BOOST)
    times = np.linspace(arc.burnout_time, arc.impact_time, 9)
    step = 0.01
    before, at, after = (sample_arc(arc, times + shift) for shift in (-step, 0.0, step))
    velocity = (after - before) / (2 * step)
    r = np.linalg.norm(at, axis=0)
    energy = (velocity**2).sum(0) / 2 - EARTH_MU / r
    np.testing.assert_allclose(energy, -EARTH_MU / 2 / arc.semi_major_axis, rtol=1e-5)
    momentum = np.cross(at, velocity, axis=0)
    np.testing.assert_allclose(momentum, momentum[:, :1].repeat(9, 1), rtol=1e-5, atol=1e6)
    moved = propagate(at[:, 0], velocity[:, 0], times - times[0])
    np.testing.assert_allclose(moved.position, at, atol=5.0)


@given(LATITUDES, LONGITUDES, AZIMUTHS, RANGES, st.floats(-3.0, 3.0))
def test_the_meridian_does_not_matter(
    latitude: float, longitude: float, azimuth: float, distance: float, shift: float
) -> None:
    here = threat_arc(*ends(latitude, longitude, azimuth, distance), BOOST)
    there = threat_arc(*ends(latitude, longitude + shift, azimuth, distance), BOOST)
    for name in ("impact_time", "burnout_speed", "apogee_altitude", "burnout_angle"):
        assert getattr(here, name) == pytest.approx(getattr(there, name), rel=1e-8)


def test_the_turn_of_the_earth_costs_westward_and_helps_eastward() -> None:
    place = (0.0, 0.0)
    speed = {
        azimuth: float(threat_arc(*ends(*place, azimuth, 8e6), BOOST).burnout_speed)
        for azimuth in (-np.pi / 2, np.pi / 2)
    }
    still = float(threat_arc(*ends(*place, 1.0, 8e6), BOOST, earth_rotation=0.0).burnout_speed)
    # Inertial speeds: eastward the aim runs away, westward it comes to meet.
    assert speed[-np.pi / 2] < still < speed[np.pi / 2]


def test_apogee_and_samples_agree_with_the_ellipse() -> None:
    arc = threat_arc(*ends(0.9, 0.7, -0.5, 8e6), BOOST)
    times = np.linspace(arc.burnout_time, arc.impact_time, 4001)
    height = np.linalg.norm(sample_arc(arc, times), axis=0) - EARTH_RADIUS
    assert height.max() == pytest.approx(float(arc.apogee_altitude), abs=1.0)
    anomaly = np.linspace(arc.burnout_anomaly, arc.impact_anomaly, 7)
    same = sample_arc(arc, arc_time(arc, anomaly))
    np.testing.assert_allclose(
        np.linalg.norm(same, axis=0) - EARTH_RADIUS, arc_altitude(arc, anomaly), atol=1e-5
    )


@given(LATITUDES, AZIMUTHS, st.floats(1.5e6, 1.0e7), st.floats(-0.2, 0.4))
def test_lofted_and_depressed_flights_arrive_and_cost_more(
    latitude: float, azimuth: float, distance: float, shift: float
) -> None:
    launch, aim = ends(latitude, 0.3, azimuth, distance)
    least = threat_arc(launch, aim, BOOST)
    arc = threat_arc_at_angle(launch, aim, BOOST, least.burnout_angle + shift)
    if arc.status != ArcStatus.SOLVED:
        assert shift > 0.3 or shift < -0.1
        return
    ground = to_earth_fixed(sample_arc(arc, arc.impact_time[None]), arc.impact_time[None])
    assert np.linalg.norm(ground[:, 0] - aim) < 1.0
    # On a turning Earth a longer flight may find the aim nearer; on one at rest least is least.
    still = threat_arc(launch, aim, BOOST, earth_rotation=0.0)
    other = threat_arc_at_angle(launch, aim, BOOST, still.burnout_angle + shift, earth_rotation=0.0)
    if other.status == ArcStatus.SOLVED:
        assert float(other.burnout_speed) >= float(still.burnout_speed) - 1e-6


def test_failures_are_statuses_in_their_rows() -> None:
    launch = spherical_place(0.1, 0.1)
    aims = np.stack([spherical_place(0.1, 0.9), spherical_place(0.1, 0.12), -launch], axis=1)
    arc = threat_arc(launch, aims, BOOST)
    assert arc.status.tolist() == [ArcStatus.SOLVED, ArcStatus.AIM_TOO_NEAR, ArcStatus.PAST_ANTIPODE]
    assert np.isfinite(arc.impact_time[0])
    assert np.all(np.isnan(arc.impact_time[1:]))
    steep = threat_arc_at_angle(launch, aims[:, 0], BOOST, 1.56)
    assert steep.status != ArcStatus.SOLVED
    away = threat_arc(spherical_place(0.0, 0.0), spherical_place(0.0, 3.1), BOOST)
    assert away.status == ArcStatus.PAST_ANTIPODE


def test_places_on_two_spheres_are_refused() -> None:
    with pytest.raises(ValueError, match="one sphere"):
        threat_arc(spherical_place(0.1, 0.1), spherical_place(0.1, 0.9, 6.4e6), BOOST)


def test_a_batch_is_its_members_and_rows_can_be_taken() -> None:
    launch = spherical_place([0.9, 1.0], [0.6, 0.7])[:, :, None]
    aim = spherical_place([0.6, 0.7, 0.2], [-1.3, -1.0, 0.9])[:, None, :]
    boost = Boost([[110.0], [180.0]], 150e3, [100e3, 200e3, 300e3])
    arc = threat_arc(launch, aim, boost)
    assert arc.status.shape == (2, 3)
    assert np.all(arc.status == ArcStatus.SOLVED)
    for i, j in np.ndindex(2, 3):
        figures = Boost([110.0, 180.0][i], 150e3, [100e3, 200e3, 300e3][j])
        one = threat_arc(launch[:, i, 0], aim[:, 0, j], figures)
        for name, whole in arc._asdict().items():
            np.testing.assert_allclose(whole[..., i, j], getattr(one, name), rtol=1e-9, atol=1e-9)
    flat = arc_rows(arc, (4, 2, 3))
    assert flat.perigee_direction.shape == (3, 24)
    again = arc_take(flat, np.array([7]))
    assert again.impact_time[0] == arc.impact_time[0, 1]


def test_launch_at_rest_on_the_earth_is_launch_now() -> None:
    launch, aim = ends(0.8, 0.4, 1.0, 5e6)
    arc = threat_arc(launch, aim, Boost(0.0, 0.0, 0.0))
    np.testing.assert_allclose(
        sample_arc(arc, [0.0])[:, 0], to_inertial(launch, 0.0, EARTH_ROTATION), atol=1e-3
    )
