"""Motion under gravity alone: conserved quantities, an integrator as oracle, least energy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from detente.physics.conic import (
    PropagateStatus,
    anomaly_after,
    ellipse_through,
    given_angle_arc,
    kepler_anomaly,
    minimum_energy_arc,
    propagate,
)
from detente.physics.constants import EARTH_MU
from detente.physics.frames import spherical_place


def energy(position: np.ndarray, velocity: np.ndarray) -> np.ndarray:
    return np.asarray((velocity**2).sum(0) / 2 - EARTH_MU / np.linalg.norm(position, axis=0))


@given(
    st.floats(6.3e6, 5e7),
    st.floats(-1.5, 1.5),
    st.floats(100.0, 11_000.0),
    st.floats(-1.57, 1.57),
    st.floats(-2e4, 2e4),
)
def test_energy_and_angular_momentum_stay(
    radius: float, latitude: float, speed: float, angle: float, time: float
) -> None:
    out, north = spherical_place(latitude, 0.4, 1.0), spherical_place(latitude + np.pi / 2, 0.4, 1.0)
    position, velocity = radius * out, speed * (np.sin(angle) * out + np.cos(angle) * north)
    moved = propagate(position, velocity, time)
    assert moved.status == PropagateStatus.SOLVED
    momentum = float(np.linalg.norm(np.cross(position, velocity)))
    # Close to the centre rounding grows with the speed there.
    closest = min(1.0, float(np.linalg.norm(moved.position)) / radius)
    scale = EARTH_MU / radius / closest
    assert abs(energy(moved.position, moved.velocity) - energy(position, velocity)) < 1e-9 * scale / closest
    found = float(np.linalg.norm(np.cross(moved.position, moved.velocity)))
    assert found == pytest.approx(momentum, rel=1e-8, abs=1e-8 * radius * speed / closest)
    back = propagate(moved.position, moved.velocity, -time)
    if closest > 0.2:
        np.testing.assert_allclose(back.position, position, atol=radius * 1e-6)


@pytest.mark.parametrize("speed", [3e3, 7.9e3, 1.09e4, np.sqrt(2 * EARTH_MU / 7e6), 1.3e4])
def test_an_integrator_agrees(speed: float) -> None:
    position = np.array([7e6, 0.0, 0.0])
    velocity = speed * np.array([np.sin(0.9), np.cos(0.9), 0.0])

    def pull(_: float, state: np.ndarray) -> np.ndarray:
        r = state[:3]
        return np.concatenate([state[3:], -EARTH_MU * r / np.linalg.norm(r) ** 3])

    times = np.array([1.0, 300.0, 900.0])
    track = solve_ivp(pull, (0, 900), [*position, *velocity], "DOP853", times, rtol=1e-12, atol=1e-6)
    moved = propagate(position, velocity, times)
    np.testing.assert_allclose(moved.position, track.y[:3], atol=0.01)
    np.testing.assert_allclose(moved.velocity, track.y[3:], atol=1e-5)


@given(st.floats(-10.0, 10.0), st.floats(0.0, 0.999))
def test_keplers_equation(mean: float, eccentricity: float) -> None:
    anomaly = float(kepler_anomaly(mean, eccentricity))
    assert anomaly - eccentricity * np.sin(anomaly) == pytest.approx(mean, abs=1e-12)


@given(st.floats(0.02, 3.0), st.floats(-3e5, 3e5))
def test_least_energy_arc_arrives_and_no_other_angle_is_cheaper(span: float, rise: float) -> None:
    start, end = spherical_place(0.1, 0.0, 6.5e6), spherical_place(0.1, span, 6.5e6 + rise)
    flight = minimum_energy_arc(start, end)
    moved = propagate(start, flight.velocity, flight.time)
    np.testing.assert_allclose(moved.position, end, atol=1e-3)
    speed = np.linalg.norm(flight.velocity)
    angle = np.arcsin(np.clip(flight.velocity @ start / speed / 6.5e6, -1, 1))
    for shift in (-0.03, 0.03):
        other = given_angle_arc(start, end, angle + shift)
        if other.exists:
            assert np.linalg.norm(other.velocity) > speed
            np.testing.assert_allclose(propagate(start, other.velocity, other.time).position, end, atol=0.05)


def test_places_in_line_with_the_centre_are_marked() -> None:
    start = spherical_place(0.2, 0.3)
    assert not minimum_energy_arc(start, 1.1 * start).exists
    assert not given_angle_arc(start, -start, 0.5).exists


def test_the_ellipse_passes_through_later_positions() -> None:
    position, velocity = np.array([6.6e6, 0.0, 0.0]), np.array([3e3, 5e3, 2e3])
    ellipse = ellipse_through(position, velocity, np.asarray(EARTH_MU))
    later = propagate(position, velocity, 400.0).position
    angle = anomaly_after(ellipse, later)
    mean = angle - ellipse.eccentricity * np.sin(angle)
    mean -= ellipse.anomaly - ellipse.eccentricity * np.sin(ellipse.anomaly)
    assert mean / ellipse.mean_motion == pytest.approx(400.0, abs=1e-6)
