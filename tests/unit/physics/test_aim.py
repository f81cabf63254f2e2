"""The flight to a sample point arrives, costs least, agrees with the ellipse, and fails with a reason."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.physics.aim import AGREES, AimStatus, given_angle_ascent, least_energy_ascent
from detente.physics.conic import length
from detente.physics.earth import destination
from detente.physics.flights import fly
from detente.physics.frames import geodetic_place, spherical_place, to_earth_fixed
from detente.physics.gravity import SPHERE, altitude
from detente.physics.trajectory import Boost, threat_arc

BOOST = Boost(180.0, 200e3, 450e3)


@settings(max_examples=30)
@given(st.floats(-1.3, 1.3), st.floats(-3.1, 3.1), st.floats(-3.1, 3.1), st.floats(7e5, 1.3e7))
def test_the_flight_arrives(latitude: float, longitude: float, azimuth: float, distance: float) -> None:
    aim = destination(latitude, longitude, azimuth, distance)
    there = geodetic_place(aim.latitude, aim.longitude)
    found = least_energy_ascent(geodetic_place(latitude, longitude), there, BOOST)
    assert found.status == AimStatus.SOLVED
    flown = fly(found.ascent)
    landed = to_earth_fixed(flown.end_position, flown.end_time)
    assert np.linalg.norm(landed - there) <= AGREES
    assert altitude(to_earth_fixed(found.ascent.burnout, 180.0)) == pytest.approx(200e3, abs=1e-3)


def many(n: int = 2_000) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(4)
    latitude, longitude = rng.uniform(-1.3, 1.3, n), rng.uniform(-3.1, 3.1, n)
    aim = destination(latitude, longitude, rng.uniform(-3.1, 3.1, n), rng.uniform(8e5, 1.3e7, n))
    return geodetic_place(latitude, longitude), geodetic_place(aim.latitude, aim.longitude)


def test_few_flights_and_no_failures() -> None:
    found = least_energy_ascent(*many(), BOOST)
    assert np.all(found.status == AimStatus.SOLVED)
    assert found.flights.mean() <= 8.0
    assert found.miss.max() <= AGREES


def test_it_is_the_slowest() -> None:
    """Of all angles, the least-energy flight leaves slowest, on an Earth that stands still."""
    launch, aim = (v[:, :12, None] for v in many(12))
    still = SPHERE._replace(rotation=0.0)
    launch, aim = (v / length(v) * still.equatorial_radius for v in (launch, aim))
    least = least_energy_ascent(launch, aim, BOOST, earth=still)
    pace = length(least.ascent.velocity)
    up = least.ascent.burnout / length(least.ascent.burnout)
    angle = np.arcsin((least.ascent.velocity * up).sum(0) / pace)
    others = given_angle_ascent(launch, aim, BOOST, angle + np.linspace(-0.1, 0.1, 9), earth=still)
    fine = others.status == AimStatus.SOLVED
    assert fine.sum() > 60
    assert np.all((length(others.ascent.velocity) - pace)[fine] > -0.01)
    np.testing.assert_allclose(length(others.ascent.velocity)[:, 4], pace[:, 0], atol=0.01)


def test_on_the_sphere_it_is_the_arc() -> None:
    launch = spherical_place([0.9, 0.95, 1.0], [0.6, 0.8, 1.0])
    aim = spherical_place(0.68, -1.35)
    found = least_energy_ascent(launch, aim, BOOST, earth=SPHERE)
    arc = threat_arc(launch, aim, BOOST)
    flown = fly(found.ascent, earth=SPHERE)
    np.testing.assert_allclose(length(found.ascent.velocity), arc.burnout_speed, atol=0.01)
    np.testing.assert_allclose(flown.end_time, arc.impact_time, atol=0.01)
    np.testing.assert_allclose(flown.apogee_altitude, arc.apogee_altitude, atol=10.0)


def test_the_shape_of_the_earth_changes_little() -> None:
    """Speeds on the ellipsoid with J2 and on the sphere lie within 0.5 %: what the sphere leaves out."""
    latitude, longitude = np.array([0.9, 0.95, 1.0]), np.array([0.6, 0.8, 1.0])
    real = least_energy_ascent(geodetic_place(latitude, longitude), geodetic_place(0.68, -1.35), BOOST)
    ball = least_energy_ascent(
        spherical_place(latitude, longitude), spherical_place(0.68, -1.35), BOOST, earth=SPHERE
    )
    np.testing.assert_allclose(length(real.ascent.velocity), length(ball.ascent.velocity), rtol=5e-3)


def test_a_lofted_flight_goes_higher() -> None:
    launch, aim = geodetic_place(0.9, 0.6), geodetic_place(0.68, -1.35)
    found = given_angle_ascent(launch, aim, BOOST, np.radians([15.0, 25.0, 40.0, 55.0]))
    assert np.all(found.status == AimStatus.SOLVED)
    tops = fly(found.ascent).apogee_altitude
    assert np.all(np.diff(tops) > 2e5)


def test_failures_carry_their_reason() -> None:
    launch = geodetic_place(0.1, 0.1)
    aims = np.stack([geodetic_place(0.1, 0.9), geodetic_place(0.1, 0.12), -launch], axis=1)
    found = least_energy_ascent(launch, aims, BOOST)
    assert found.status.tolist() == [AimStatus.SOLVED, AimStatus.AIM_TOO_NEAR, AimStatus.PAST_ANTIPODE]
    assert np.all(np.isnan(found.ascent.velocity[:, 1:]))
    assert found.flights.tolist()[1:] == [0, 0]
    assert int(least_energy_ascent(launch, launch, BOOST).status) == AimStatus.AIM_TOO_NEAR
    steep = given_angle_ascent(launch, aims[:, 0], BOOST, 1.5)
    assert int(steep.status) in {AimStatus.NO_ELLIPSE, AimStatus.NO_FLIGHT, AimStatus.NOT_CONVERGED}
    with pytest.raises(ValueError, match="off the surface"):
        least_energy_ascent(launch, aims[:, 0] * 1.1, BOOST)


def test_a_batch_is_its_members() -> None:
    launch, aim = many(50)
    whole = least_energy_ascent(launch, aim, BOOST)
    for i in range(0, 50, 7):
        one = least_energy_ascent(launch[:, i], aim[:, i], BOOST)
        assert np.array_equal(one.ascent.velocity, whole.ascent.velocity[:, i])
        assert one.flights == whole.flights[i]
