"""Flights keep their constants, meet an independent integrator and the textbooks, and say how they ended."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from detente.physics.ascent import Ascent, ascend, ascend_with, boost_fits
from detente.physics.constants import EARTH_MU, EARTH_RADIUS
from detente.physics.engines.kernels import pull
from detente.physics.flight import minimum_energy_flight
from detente.physics.flights import FlightStatus, Phase, fly
from detente.physics.frames import geodetic_place, spherical_place, to_earth_fixed, to_inertial
from detente.physics.gravity import SPHERE, WGS84, Earth, altitude, gravity, potential
from detente.physics.trajectory import Boost, sample_arc, threat_arc

STILL = SPHERE._replace(rotation=0.0)
BOOST = Boost(180.0, 200e3, 450e3)


def some(n: int = 40, seed: int = 1) -> Ascent:
    """Flights of 100 to 13,000 km, flat and steep, from anywhere."""
    rng = np.random.default_rng(seed)
    launch = geodetic_place(rng.uniform(-1.3, 1.3, n), rng.uniform(-3.1, 3.1, n))
    speed, angle = rng.uniform(1_500.0, 7_400.0, n), rng.uniform(0.2, 1.4, n)
    return ascend(launch, rng.uniform(-3.1, 3.1, n), BOOST, speed, angle)


def oracle(ascent: Ascent, row: int, until: float, earth: Earth) -> Any:
    """The same coast by an adaptive method of eighth order, in time, with its own gravity."""

    def rates(_: float, state: np.ndarray) -> np.ndarray:
        return np.concatenate([state[3:], gravity(state[:3], earth)])

    start = np.concatenate([ascent.burnout[:, row], ascent.velocity[:, row]])
    span = (float(ascent.burn_time[row]), until)
    return solve_ivp(rates, span, start, method="DOP853", rtol=1e-13, atol=1e-6, dense_output=True)


@pytest.mark.parametrize("earth", [WGS84, SPHERE], ids=["ellipsoid", "sphere"])
def test_an_adaptive_integrator_agrees_to_a_meter(earth: Earth) -> None:
    ascent = some()
    times = np.linspace(200.0, 3_000.0, 29)
    flown = fly(ascent, times, earth=earth)
    assert np.all(flown.status == FlightStatus.FLOWN)
    for row in range(40):
        end = float(flown.end_time[row])
        exact = oracle(ascent, row, end, earth)
        assert np.linalg.norm(exact.y[:3, -1] - flown.end_position[:, row]) < 1.0
        assert np.linalg.norm(exact.y[3:, -1] - flown.end_velocity[:, row]) < 2e-3
        now = (times >= 180.0) & (times <= end)
        np.testing.assert_allclose(flown.positions[:, row, now], exact.sol(times[now])[:3], atol=1.0)
        over = np.linspace(180.0, end, 4_001)
        highest = altitude(exact.sol(over)[:3], earth).max()
        # Over flattened ground the highest moment is not quite the one farthest from the center.
        assert highest == pytest.approx(flown.apogee_altitude[row], abs=100.0 if earth.j2 else 3.0)
        top = exact.sol(flown.apogee_time[row])
        assert abs(top[:3] @ top[3:]) < 1e-3 * EARTH_RADIUS


@pytest.mark.parametrize("level", [0.0, 100e3, 250e3, 700e3])
def test_energy_and_momentum_stay(level: float) -> None:
    ascent = some(200, 2)
    for earth in (WGS84, SPHERE):
        flown = fly(ascent, lowest_altitude=level, earth=earth)
        good = flown.status == FlightStatus.FLOWN
        assert good.sum() > 100
        begun = (ascent.velocity**2).sum(0) / 2 + potential(ascent.burnout, earth)
        ended = (flown.end_velocity**2).sum(0) / 2 + potential(flown.end_position, earth)
        np.testing.assert_allclose(ended[good], begun[good], rtol=2e-7)
        before = np.cross(ascent.burnout, ascent.velocity, axis=0)
        after = np.cross(flown.end_position, flown.end_velocity, axis=0)
        # A flattened Earth turns the plane of flight, but never the share of the momentum about its axis.
        kept = slice(2, 3) if earth.j2 else slice(0, 3)
        np.testing.assert_allclose(after[kept][:, good], before[kept][:, good], atol=2e4)
        if earth.j2:
            assert np.abs(after - before)[:2, good].max() > 1e7


def test_the_constant_of_the_turning_frame_stays() -> None:
    """Jacobi's constant: v^2/2 + potential - (w r)^2/2, with v as seen from the turning ground."""
    ascent = some(100, 3)
    flown = fly(ascent)
    values = []
    for time, place, speed in (
        (ascent.burn_time, ascent.burnout, ascent.velocity),
        (flown.end_time, flown.end_position, flown.end_velocity),
    ):
        ground = to_earth_fixed(place, time)
        wind = WGS84.rotation * np.stack([-ground[1], ground[0], np.zeros_like(ground[0])])
        seen = to_earth_fixed(speed, time) - wind
        values.append((seen**2).sum(0) / 2 + potential(ground) - (wind**2).sum(0) / 2)
    np.testing.assert_allclose(values[1], values[0], rtol=2e-7)


@settings(max_examples=25)
@given(st.floats(2_000.0, 7_400.0), st.floats(0.3, 1.4), st.floats(-3.1, 3.1), st.floats(-1.3, 1.3))
def test_a_flight_flown_backward_comes_home(
    speed: float, angle: float, azimuth: float, latitude: float
) -> None:
    ascent = ascend(geodetic_place(latitude, 0.4), azimuth, BOOST, speed, angle)
    top = float(altitude(ascent.burnout))
    there = fly(ascent, lowest_altitude=top - 1e3)
    assert there.status == FlightStatus.FLOWN
    back = Ascent(
        ascent.launch, ascent.launch_velocity, ascent.burn_time, there.end_position, -there.end_velocity
    )
    home = fly(back, lowest_altitude=top)
    assert home.end_time - 180.0 == pytest.approx(float(there.end_time) - 180.0, abs=2.0)
    span = float(there.end_time) - 180.0
    again = fly(back, [180.0 + span], lowest_altitude=top - 1e3).positions[:, 0]
    np.testing.assert_allclose(again, ascent.burnout, atol=1.5)


@given(st.floats(-1.2, 1.2), st.floats(-3.1, 3.1), st.floats(-3.0, 3.0))
@settings(max_examples=25)
def test_the_meridian_does_not_matter(latitude: float, azimuth: float, shift: float) -> None:
    here = fly(ascend(geodetic_place(latitude, 0.1), azimuth, BOOST, 6_500.0, 0.5))
    there = fly(ascend(geodetic_place(latitude, 0.1 + shift), azimuth, BOOST, 6_500.0, 0.5))
    assert here.end_time == pytest.approx(float(there.end_time), abs=1e-6)
    turned = to_inertial(here.end_position, shift, 1.0)
    np.testing.assert_allclose(turned, there.end_position, atol=1e-2)


def test_the_textbook_table_comes_out_of_the_integrator() -> None:
    """Bate, Mueller, White (1971), chapter 6: the flights of tests/literature/test_free_flight.py."""
    ranges = np.array([300e3, 1_000e3, 1_300e3, 3_000e3, 5_500e3, 10_000e3])
    book = minimum_energy_flight(ranges)
    launch = spherical_place(0.3, -1.0)
    ascent = ascend(launch, 0.7, Boost(0.0, 0.0, 0.0), book.speed, book.angle, STILL)
    flown = fly(ascent, earth=STILL)
    np.testing.assert_allclose(flown.end_time, book.time, rtol=1e-6)
    np.testing.assert_allclose(flown.apogee_altitude, book.apogee, rtol=1e-6)
    covered = np.arccos(launch @ flown.end_position / EARTH_RADIUS**2) * EARTH_RADIUS
    np.testing.assert_allclose(covered, ranges, rtol=1e-6)


def test_on_the_sphere_it_is_the_ellipse() -> None:
    launch, aim = spherical_place(0.95, 0.6), spherical_place(0.68, -1.35)
    arc = threat_arc(launch, aim, BOOST)
    times = np.linspace(float(arc.burnout_time), float(arc.impact_time) - 1.0, 50)
    track = sample_arc(arc, times)
    velocity = (sample_arc(arc, [180.0 + 1e-3]) - sample_arc(arc, [180.0 - 1e-3]))[:, 0] / 2e-3
    end = to_earth_fixed(track[:, 0], 180.0)
    flown = fly(ascend_with(launch, end, 180.0, velocity, SPHERE), times, earth=SPHERE)
    np.testing.assert_allclose(flown.positions, track, atol=2.0)
    assert flown.apogee_altitude == pytest.approx(float(arc.apogee_altitude), abs=1.0)
    assert flown.end_time == pytest.approx(float(arc.impact_time), abs=1e-2)


def test_flattening_moves_a_flight_by_kilometers() -> None:
    ascent = some(60, 5)
    with_it, without = (fly(ascent, earth=e) for e in (WGS84, WGS84._replace(j2=0.0)))
    moved = np.linalg.norm(with_it.end_position - without.end_position, axis=0)
    assert 1e3 < np.median(moved) < 3e4


def test_the_boost_ends_at_the_stated_burnout() -> None:
    """An independent integrator of the same net acceleration, linear in time, arrives where it was told."""
    ascent = some(10, 6)
    np.testing.assert_allclose(altitude(ascent.burnout), 200e3, atol=1e-6)
    angle = np.arccos(
        (ascent.launch * to_earth_fixed(ascent.burnout, ascent.burn_time)).sum(0)
        / np.linalg.norm(ascent.launch, axis=0) / np.linalg.norm(ascent.burnout, axis=0)
    )  # fmt: skip
    np.testing.assert_allclose(angle * np.linalg.norm(ascent.launch, axis=0), 450e3, rtol=1e-9)
    times = np.linspace(0.0, 180.0, 19)
    flown = fly(ascent, times)
    for row in np.flatnonzero(flown.boost_fits):
        T = 180.0
        gap = ascent.burnout[:, row] - ascent.launch[:, row]
        slow, fast = ascent.launch_velocity[:, row], ascent.velocity[:, row]
        first = (6.0 * gap - (4.0 * slow + 2.0 * fast) * T) / T**2
        change = (6.0 * (slow + fast) * T - 12.0 * gap) / T**3

        def rates(t: float, s: np.ndarray, a: np.ndarray = first, b: np.ndarray = change) -> np.ndarray:
            return np.concatenate([s[3:], a + b * t])

        begun = np.concatenate([ascent.launch[:, row], slow])
        exact = solve_ivp(rates, (0.0, T), begun, t_eval=times, rtol=1e-12, atol=1e-6)
        np.testing.assert_allclose(exact.y[:3, -1], ascent.burnout[:, row], atol=1e-3)
        np.testing.assert_allclose(exact.y[3:, -1], fast, atol=1e-5)
        np.testing.assert_allclose(flown.positions[:, row], exact.y[:3], atol=1e-3)
        assert np.all(altitude(exact.y[:3, 1:]) > 0.0)
        assert np.all(flown.phase[row] == [*[Phase.BOOST] * 18, Phase.COAST])


def test_boost_figures_that_do_not_go_together_are_marked() -> None:
    """Low after a long burn, and yet climbing fast: the path would begin into the ground."""
    launch = geodetic_place(0.9, 0.6)
    ascent = ascend(launch, 0.3, Boost(200.0, [250e3, 50e3], 300e3), 6_500.0, 0.6)
    assert boost_fits(ascent).tolist() == [True, False]
    flown = fly(ascent, np.arange(0.0, 400.0, 40.0))
    assert flown.status.tolist() == [FlightStatus.FLOWN, FlightStatus.FLOWN]
    assert flown.phase[1].tolist() == [Phase.NO_PATH] * 5 + [Phase.COAST] * 5
    assert np.all(np.isnan(flown.positions[:, 1, :5]))
    assert np.all(np.isfinite(flown.positions[:, 0]))


def test_a_flight_says_how_it_ended() -> None:
    launch = geodetic_place(0.9, 0.6)
    speed, angle = [6_500.0, 7_900.0, 11_500.0, 900.0], [0.5, 0.0, 0.5, -0.2]
    flown = fly(ascend(launch, 0.3, BOOST, speed, angle), [10.0, 300.0], lowest_altitude=[0.0, 0.0, 0.0, 3e5])
    assert flown.status.tolist() == [
        FlightStatus.FLOWN, FlightStatus.STAYS_ALOFT, FlightStatus.STAYS_ALOFT, FlightStatus.NEVER_THAT_HIGH,
    ]  # fmt: skip
    assert np.all(np.isnan(flown.positions[:, 1:]))
    assert np.all(np.isnan(flown.end_time[1:]))
    assert np.all(flown.phase[1:] == Phase.NO_FLIGHT)


def test_the_end_lies_at_the_lowest_altitude_or_the_row_says_that_it_does_not() -> None:
    """Flat flights at the edge of an orbit included: no row claims an end that is not one."""
    rng = np.random.default_rng(8)
    n = 4_000
    launch = geodetic_place(rng.uniform(-1.5, 1.5, n), rng.uniform(-3.1, 3.1, n))
    ascent = ascend(
        launch, rng.uniform(-3.1, 3.1, n), BOOST, rng.uniform(300.0, 8_500.0, n), rng.uniform(-0.5, 1.57, n)
    )
    level = rng.uniform(0.0, 300e3, n)
    flown = fly(ascent, lowest_altitude=level)
    good = flown.status == FlightStatus.FLOWN
    assert good.mean() > 0.5
    np.testing.assert_allclose(altitude(flown.end_position[:, good]), level[good], atol=1.0)
    assert np.all((flown.end_position * flown.end_velocity).sum(0)[good] < 0.0)
    assert np.all(flown.end_time[good] > 180.0)
    assert (flown.status == FlightStatus.NOT_DOWN).mean() < 0.01


def test_shapes_broadcast() -> None:
    launch = geodetic_place([0.9, 1.0], [0.6, 0.7])[:, :, None]
    ascent = ascend(launch, [0.1, 0.2, 0.3], Boost([[170.0], [180.0]], 200e3, 450e3), 6_500.0, 0.5)
    flown = fly(ascent, np.arange(5.0), lowest_altitude=np.zeros((4, 1, 1)))
    assert flown.positions.shape == (3, 4, 2, 3, 5)
    assert flown.end_position.shape == (3, 4, 2, 3)
    assert flown.status.shape == (4, 2, 3)
    one = fly(ascend(launch[:, 1, 0], 0.2, Boost(180.0, 200e3, 450e3), 6_500.0, 0.5))
    assert one.end_time.shape == ()
    assert one.end_time == flown.end_time[2, 1, 1]
    assert fly(ascent, np.zeros((2, 3, 7))).phase.shape == (2, 3, 7)
    assert fly(Ascent(*(v[..., :0, :] for v in ascent))).status.shape == (0, 3)


def test_bad_input_is_refused() -> None:
    ascent = some(2)
    with pytest.raises(ValueError, match="rise"):
        fly(ascent, [2.0, 1.0])
    with pytest.raises(ValueError, match="finite"):
        fly(ascent._replace(velocity=ascent.velocity * np.nan))
    with pytest.raises(ValueError, match="0 s or longer"):
        fly(ascent._replace(burn_time=ascent.burn_time - 200.0))


def test_one_source_of_gravity() -> None:
    r, across, polar = pull(7e6, 0.0, 0.0, EARTH_MU, WGS84.bulge)
    assert gravity([7e6, 0.0, 0.0])[0] == pytest.approx(across * 7e6 / r)
    assert polar != across
