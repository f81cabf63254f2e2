"""Lambert's problem: a textbook case, an independent root search, propagation to the end point."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq

from detente.physics.conic import propagate
from detente.physics.constants import EARTH_MU
from detente.physics.engines import Lanes, Plain
from detente.physics.frames import spherical_place
from detente.physics.lambert import LambertStatus, flight_time, lambert, solve_x


def test_a_textbook_case() -> None:
    """D. A. Vallado, Fundamentals of Astrodynamics and Applications, example 7-5 (as widely reprinted)."""
    start, end = np.array([15945.34e3, 0, 0]), np.array([12214.83899e3, 10249.46731e3, 0])
    flight = lambert(start, end, 76 * 60.0, 398600.4418e9)
    np.testing.assert_allclose(flight.departure, (2058.913, 2915.965, 0), atol=0.01)
    np.testing.assert_allclose(flight.arrival, (-3451.565, 910.315, 0), atol=0.01)


def by_root_search(start: np.ndarray, end: np.ndarray, time: float) -> np.ndarray:
    """Velocity from the universal-variable equation, solved by bracketing.

    Source: Bate, Mueller, White (1971), section 5.3.
    """
    r1, r2 = np.linalg.norm(start), np.linalg.norm(end)
    cosine = start @ end / r1 / r2
    a = np.sqrt(r1 * r2 * (1 + cosine))

    def stumpff(z: float) -> tuple[float, float]:
        if z > 1e-3:
            return (1 - np.cos(np.sqrt(z))) / z, (np.sqrt(z) - np.sin(np.sqrt(z))) / z**1.5
        if z < -1e-3:
            return (1 - np.cosh(np.sqrt(-z))) / z, (np.sinh(np.sqrt(-z)) - np.sqrt(-z)) / (-z) ** 1.5
        return 1 / 2 - z / 24 + z**2 / 720, 1 / 6 - z / 120 + z**2 / 5040

    def side(z: float) -> float:
        c, s = stumpff(z)
        return float(r1 + r2 - a * (1 - z * s) / np.sqrt(c))

    def late(z: float) -> float:
        c, s = stumpff(z)
        y = side(z)
        return float((y / c) ** 1.5 * s + a * np.sqrt(y) - np.sqrt(EARTH_MU) * time)

    low = brentq(side, -500.0, 30.0, xtol=1e-14) + 1e-9 if side(-500.0) < 0 else -500.0
    z = brentq(late, low, 0.98 * 4 * np.pi**2, xtol=1e-14, rtol=1e-14)
    y = side(z)
    return np.asarray((end - (1 - y / r1) * start) / (a * np.sqrt(y / EARTH_MU)))


@pytest.mark.parametrize("span", [0.05, 0.3, 1.0, 2.5, 3.0])
@pytest.mark.parametrize("time", [150.0, 500.0, 1200.0, 3000.0])
def test_a_root_search_agrees(span: float, time: float) -> None:
    start, end = spherical_place(0.8, 0.3), spherical_place(0.75, 0.3 + span, 7.1e6)
    flight = lambert(start, end, time)
    wanted = by_root_search(start, end, time)
    np.testing.assert_allclose(flight.departure, wanted, atol=1e-6 * float(np.linalg.norm(wanted)))


@given(
    st.floats(0.01, 3.1),
    st.floats(6.2e6, 9e6),
    st.floats(6.2e6, 9e6),
    st.floats(60.0, 6000.0),
    st.floats(-1, 1),
)
def test_the_flight_arrives(span: float, r1: float, r2: float, time: float, latitude: float) -> None:
    start, end = spherical_place(latitude, 0.0, r1), spherical_place(latitude / 2, span, r2)
    flight = lambert(start, end, time)
    assert flight.status == LambertStatus.SOLVED
    moved = propagate(start, flight.departure, time)
    speed = float(np.linalg.norm(flight.departure))
    # A flight that passes near the Earth's centre magnifies rounding; its speed there is the measure.
    tolerance = 1e-6 * max(1.0, speed * time / 1e6)
    near = float(np.linalg.norm(np.cross(start, flight.departure))) / (r1 * speed)
    np.testing.assert_allclose(moved.position, end, atol=max(1e-3, tolerance / max(near, 1e-3) ** 2))


@given(st.floats(0.0, 0.999), st.floats(-0.95, 2.0))
def test_time_and_x_undo_each_other(lam: float, x: float) -> None:
    wanted = flight_time(np.array([x]), np.array([lam]))
    assert solve_x(np.array([lam]), wanted)[0] == pytest.approx(x, abs=1e-8)


def test_time_is_smooth_through_the_parabola() -> None:
    x = 1 + np.linspace(-0.03, 0.03, 601)
    time = flight_time(x, np.full_like(x, 0.6))
    assert np.all(np.diff(time) < 0)
    assert np.max(np.abs(np.diff(time, 3))) < 1e-10


def test_rows_that_cannot_be_solved_carry_a_status() -> None:
    start = spherical_place(0.1, 0.2)
    other = spherical_place(0.1, 0.9)
    ends = np.stack([other, 1.2 * start, -start, other], axis=1)
    flight = lambert(start, ends, [600.0, 600.0, 600.0, -5.0])
    solved, line, no_time = LambertStatus.SOLVED, LambertStatus.NO_PLANE, LambertStatus.NO_TIME
    assert flight.status.tolist() == [solved, line, line, no_time]
    assert np.all(np.isfinite(flight.departure))
    alone = lambert(start, other, 600.0)
    np.testing.assert_allclose(flight.departure[:, 0], alone.departure, rtol=1e-13)


@pytest.mark.parametrize("engine", [Lanes(), Plain()], ids=repr)
def test_engines_agree_and_a_batch_is_its_members(engine: Lanes | Plain) -> None:
    """Flights short and long, lofted, direct and hyperbolic, near the parabola too, and rows without any."""
    n = 60 if isinstance(engine, Plain) else 3_000
    rng = np.random.default_rng(6)
    start, end = (rng.normal(size=(3, n)) for _ in range(2))
    start *= rng.uniform(6.5e6, 2e7, n) / np.linalg.norm(start, axis=0)
    end *= rng.uniform(6.5e6, 2e7, n) / np.linalg.norm(end, axis=0)
    time = np.exp(rng.uniform(np.log(300.0), np.log(20_000.0), n))
    time[::11], end[:, ::13] = -1.0, 1.5 * start[:, ::13]
    found, other = lambert(start, end, time), lambert(start, end, time, engine=engine)
    assert set(found.status) >= {LambertStatus.SOLVED, LambertStatus.NO_TIME, LambertStatus.NO_PLANE}
    np.testing.assert_array_equal(other.status, found.status)
    size = np.linalg.norm(found.departure, axis=0).max()
    np.testing.assert_allclose(other.departure, found.departure, rtol=0.0, atol=1e-8 * size)
    np.testing.assert_allclose(other.arrival, found.arrival, rtol=0.0, atol=1e-8 * size)
    order = rng.permutation(n)
    turned = lambert(start[:, order], end[:, order], time[order], engine=engine)
    assert turned.departure.tobytes() == np.ascontiguousarray(other.departure[:, order]).tobytes()
    alone = lambert(start[:, 5], end[:, 5], time[5], engine=engine)
    assert alone.departure.tobytes() == np.ascontiguousarray(other.departure[:, 5]).tobytes()
