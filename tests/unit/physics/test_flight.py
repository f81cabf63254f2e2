"""Free flight over a sphere at rest: identities between its forms, limits, refusals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.physics.constants import EARTH_MU, EARTH_RADIUS
from detente.physics.flight import (
    FlightStatus,
    free_flight_from_burnout,
    given_angle_flight,
    lofted_flight,
    minimum_energy_flight,
)

RANGES = st.floats(1e3, 1.99e7)


@given(RANGES)
def test_least_energy_is_least(distance: float) -> None:
    least = minimum_energy_flight(distance)
    same = given_angle_flight(distance, least.angle)
    assert float(same.speed) == pytest.approx(float(least.speed), rel=1e-12)
    assert float(same.time) == pytest.approx(float(least.time), rel=1e-9)
    for shift in (-0.02, 0.02):
        angle = float(least.angle) + shift
        if 0.0 < angle < np.pi / 2:
            assert float(given_angle_flight(distance, angle).speed) > float(least.speed)


@given(RANGES, st.floats(0.05, 1.5))
def test_angle_apogee_and_range_describe_one_flight(distance: float, angle: float) -> None:
    flight = given_angle_flight(distance, angle)
    if flight.status != FlightStatus.SOLVED or flight.apogee > 5e7:
        assert flight.speed > 0
        return
    ratio = flight.speed**2 * EARTH_RADIUS / EARTH_MU
    assert float(free_flight_from_burnout(ratio, angle)) * EARTH_RADIUS == pytest.approx(distance, rel=1e-9)
    again = lofted_flight(flight.apogee, distance)
    assert float(again.speed) == pytest.approx(float(flight.speed), rel=1e-9)
    assert float(again.time) == pytest.approx(float(flight.time), rel=1e-8)
    assert float(again.angle) == pytest.approx(angle, abs=1e-6)


def test_short_flights_approach_the_flat_earth() -> None:
    g = EARTH_MU / EARTH_RADIUS**2
    flight = minimum_energy_flight(1000.0)
    assert float(flight.speed) == pytest.approx(np.sqrt(g * 1000.0), rel=1e-4)
    assert float(flight.time) == pytest.approx(np.sqrt(2 * 1000.0 / g), rel=1e-4)
    assert float(flight.apogee) == pytest.approx(250.0, rel=1e-3)


def test_beyond_escape_speed_is_a_status_and_not_a_number() -> None:
    flight = given_angle_flight([1.5e7, 1.5e7], [0.05, 1.5])
    assert flight.status.tolist() == [FlightStatus.SOLVED, FlightStatus.NO_ELLIPSE]
    assert np.isinf(flight.time[1])
    assert np.isfinite(flight.time[0])


def test_a_batch_is_its_members() -> None:
    ranges, apogees = np.array([[3e5], [4e6]]), np.array([1e5, 5e5, 3e6])
    flight = lofted_flight(apogees, ranges)
    assert flight.time.shape == (2, 3)
    for i, j in np.ndindex(2, 3):
        one = lofted_flight(apogees[j], ranges[i, 0])
        np.testing.assert_allclose([f[i, j] for f in flight], [float(f) for f in one], rtol=1e-13)


@pytest.mark.parametrize("wrong", [0.0, -1.0, np.pi * EARTH_RADIUS, np.nan])
def test_impossible_ranges_are_refused(wrong: float) -> None:
    for ask in (minimum_energy_flight, lambda r: given_angle_flight(r, 0.5), lambda r: lofted_flight(1e6, r)):
        with pytest.raises(ValueError, match="half the Earth's circumference"):
            ask(wrong)


def test_impossible_angles_and_apogees_are_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and 90 degrees"):
        given_angle_flight(1e6, np.pi / 2)
    with pytest.raises(ValueError, match="above the surface"):
        lofted_flight(0.0, 1e6)
    with pytest.raises(ValueError, match="between 0 and 2"):
        free_flight_from_burnout(2.0, 0.3)
