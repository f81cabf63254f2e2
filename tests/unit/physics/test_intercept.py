"""Required speed, windows and tolerable delay: against dense searches and against each other."""

from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.physics.constants import EARTH_RADIUS
from detente.physics.earth import destination
from detente.physics.frames import spherical_place, to_inertial
from detente.physics.intercept import (
    EngagementStatus,
    fly_out_speed,
    intercept_windows,
    required_speed,
    tolerable_delay,
)
from detente.physics.lambert import lambert
from detente.physics.trajectory import Arc, Boost, arc_take, sample_arc, threat_arc


class Drawn(NamedTuple):
    """Random engagements: threats, sites, and the interceptors' figures."""

    arc: Arc
    site: np.ndarray
    delay: np.ndarray
    burn: np.ndarray
    lowest: np.ndarray
    cap: np.ndarray

    def needed(self, **other: object) -> np.ndarray:
        figures = {
            "delay": self.delay,
            "burn_time": self.burn,
            "lowest_altitude": self.lowest,
            "flight_cap": self.cap,
        } | other
        return required_speed(self.arc, self.site, **figures).speed  # type: ignore[arg-type]


def draw(seed: int, size: int) -> Drawn:
    rng = np.random.default_rng(seed)
    latitude, longitude = rng.uniform(-1.2, 1.2, size), rng.uniform(-3.1, 3.1, size)
    distance, azimuth = rng.uniform(1.2e6, 1.1e7, size), rng.uniform(-np.pi, np.pi, size)
    aim = destination(latitude, longitude, azimuth, distance)
    site = destination(
        latitude, longitude, azimuth + rng.uniform(-1, 1, size), distance * rng.uniform(0.1, 0.9, size)
    )
    boost = Boost(rng.uniform(60, 200, size), rng.uniform(5e4, 2.5e5, size), rng.uniform(5e4, 5e5, size))
    arc = threat_arc(
        spherical_place(latitude, longitude), spherical_place(aim.latitude, aim.longitude), boost
    )
    return Drawn(
        arc,
        spherical_place(site.latitude, site.longitude),
        rng.uniform(-50, 500, size),
        rng.uniform(60, 200, size),
        rng.uniform(5e4, 3e5, size),
        rng.uniform(500, 1600, size),
    )


def reachable(case: Drawn, row: int, delay: float, times: np.ndarray) -> np.ndarray:
    """Speed needed at each moment if launched exactly then, by vectors; infinite where not allowed."""
    arc = arc_take(case.arc, row)
    launch = float(arc.burnout_time) + delay
    track = sample_arc(arc, times)
    start = to_inertial(case.site[:, row], launch + case.burn[row] / 2)
    flight = lambert(start, track, times - launch - case.burn[row] / 2)
    allowed = (times >= launch + case.burn[row]) & (times <= launch + case.cap[row]) & (flight.status == 0)
    allowed &= np.linalg.norm(track, axis=0) - EARTH_RADIUS >= case.lowest[row]
    allowed &= (flight.departure * start[:, None]).sum(0) >= 0
    return np.where(allowed, np.linalg.norm(flight.departure, axis=0), np.inf)


def moments(case: Drawn, row: int, count: int) -> np.ndarray:
    return np.linspace(case.arc.burnout_time[row], case.arc.impact_time[row], count)


def test_required_speed_against_a_dense_search_over_moments_and_launches() -> None:
    case = draw(3, 12)
    needed = case.needed()
    for row in range(12):
        times = moments(case, row, 601)
        last = times[-1] - times[0]
        least = min(
            float(reachable(case, row, delay, times).min())
            for delay in np.arange(case.delay[row], max(last, case.delay[row] + 1.0), 10.0)
        )
        # A coarse search finds more than the least, and little more where speed is worth asking about.
        assert needed[row] <= least + 0.5
        if np.isfinite(least):
            assert needed[row] >= least - max(5.0, 0.01 * least)
        else:
            assert needed[row] > 9e3


def test_required_speed_is_that_of_a_flight_that_exists() -> None:
    """At the moment found, some launch needs that speed and none needs less."""
    case = draw(8, 60)
    found = required_speed(case.arc, case.site, *case[2:])
    checked = 0
    for row in np.flatnonzero(found.status == EngagementStatus.FOUND).tolist():
        arc = arc_take(case.arc, row)
        target = sample_arc(arc, found.time[row : row + 1])
        longest = min(found.time[row] - arc.burnout_time - case.delay[row], case.cap[row])
        flight_times = np.linspace(case.burn[row], longest, 3000) - case.burn[row] / 2
        starts = to_inertial(case.site[:, row], found.time[row] - flight_times)
        flights = lambert(starts, target, flight_times)
        up = (flights.departure * starts).sum(0) >= -1e-3 * EARTH_RADIUS
        speeds = np.where(up & (flights.status == 0), np.linalg.norm(flights.departure, axis=0), np.inf)
        assert float(speeds.min()) == pytest.approx(found.speed[row], abs=0.5)
        checked += 1
    assert checked > 50


def test_delay_and_speed_margins_never_contradict_each_other() -> None:
    case = draw(5, 400)
    speed = np.random.default_rng(6).uniform(3e3, 9e3, 400)
    latest = tolerable_delay(case.arc, case.site, speed, case.burn, case.lowest, case.cap)
    found = latest.status == EngagementStatus.FOUND
    assert 200 < found.sum() < 400
    assert np.all(latest.delay[found] >= -case.arc.burnout_time[found])
    needed = case.needed()
    clear = np.abs(latest.delay - case.delay) > 0.3
    assert np.array_equal((needed <= speed)[clear], (latest.delay >= case.delay)[clear])
    for shift, sign in ((-0.3, -1.0), (0.3, 1.0)):
        then = case.needed(delay=np.where(found, latest.delay, 0.0) + shift)
        assert np.all(sign * (then - speed)[found] > -0.5)
    too_slow = ~found
    with_threat = case.needed(delay=-case.arc.burnout_time)
    assert np.all(with_threat[too_slow] > speed[too_slow])


def test_windows_begin_and_end_where_the_needed_speed_is_the_given_one() -> None:
    case = draw(9, 60)
    needed = required_speed(case.arc, case.site, *case[2:])
    speed = needed.speed + 400.0
    fine = needed.status == EngagementStatus.FOUND
    speed = np.where(fine, speed, 5e3)
    window = intercept_windows(case.arc, case.site, speed, *case[2:])
    assert np.array_equal(window.status, needed.status)
    assert np.all(window.first_time[fine] <= needed.time[fine] + 1e-6)
    assert np.all(window.last_time[fine] >= needed.time[fine] - 1e-6)
    assert np.all(window.first_altitude[fine] >= case.lowest[fine] - 1.0)
    assert np.all(window.last_altitude[fine] >= case.lowest[fine] - 1.0)
    launch = case.arc.burnout_time + case.delay
    assert np.all(window.first_time[fine] >= (launch + case.burn)[fine] - 1e-3)
    slow = intercept_windows(case.arc, case.site, needed.speed[fine][:1] - 1.0, *(c for c in case[2:]))
    assert slow.status[np.flatnonzero(fine)[0]] == EngagementStatus.TOO_SLOW
    for row in np.flatnonzero(fine)[:10].tolist():
        times = moments(case, row, 801)
        if case.cap[row] < times[-1] - launch[row]:
            continue  # with a binding cap later launches count; the exact-launch search sees fewer
        good = times[reachable(case, row, case.delay[row], times) <= speed[row]]
        step = times[1] - times[0]
        assert window.first_time[row] <= good[0] + 1e-3
        assert window.first_time[row] >= good[0] - 1.1 * step
        assert window.last_time[row] >= good[-1] - 1e-3


@settings(max_examples=25)
@given(st.integers(0, 10_000), st.floats(0.0, 300.0))
def test_what_makes_it_easier_never_raises_the_required_speed(seed: int, more: float) -> None:
    case = draw(seed, 8)
    base = case.needed()
    assert np.all(case.needed(flight_cap=case.cap + more) <= base + 0.5)
    assert np.all(case.needed(delay=case.delay - more) <= base + 0.5)
    assert np.all(case.needed(lowest_altitude=case.lowest - 100.0 * more) <= base + 0.5)


@settings(max_examples=15)
@given(st.integers(0, 10_000), st.floats(-3.0, 3.0))
def test_the_meridian_does_not_matter(seed: int, shift: float) -> None:
    case = draw(seed, 4)
    # Turning the whole world about its axis: the same flights seen from another meridian.
    turned = case.arc._replace(
        perigee_direction=to_inertial(case.arc.perigee_direction, 1.0, shift),
        ahead_direction=to_inertial(case.arc.ahead_direction, 1.0, shift),
    )
    there = required_speed(turned, to_inertial(case.site, 1.0, shift), *case[2:])
    here = required_speed(case.arc, case.site, *case[2:])
    np.testing.assert_allclose(there.speed, here.speed, rtol=1e-8)


def test_a_batch_is_its_members() -> None:
    case = draw(12, 6)
    delays = np.array([[0.0], [90.0], [200.0]])
    speed = 6.3e3
    whole = required_speed(case.arc, case.site, delays, case.burn, case.lowest, case.cap)
    late = tolerable_delay(case.arc, case.site, speed, case.burn, case.lowest, case.cap)
    window = intercept_windows(case.arc, case.site, speed, delays, case.burn, case.lowest, case.cap)
    assert whole.speed.shape == window.first_time.shape == (3, 6)
    for i, j in np.ndindex(3, 6):
        arc, site = arc_take(case.arc, j), case.site[:, j]
        figures = (case.burn[j], case.lowest[j], case.cap[j])
        one = required_speed(arc, site, delays[i, 0], *figures)
        np.testing.assert_allclose([f[i, j] for f in whole], [float(f) for f in one], rtol=1e-9)
        one_window = intercept_windows(arc, site, speed, delays[i, 0], *figures)
        np.testing.assert_allclose([f[i, j] for f in window], [float(f) for f in one_window], rtol=1e-9)
        one_late = tolerable_delay(arc, site, speed, *figures)
        np.testing.assert_allclose([f[j] for f in late], [float(f) for f in one_late], rtol=1e-9)


def test_what_cannot_be_answered_has_a_status() -> None:
    launch = spherical_place([0.9, 0.9], [0.6, 0.6])
    aim = spherical_place([0.6, 0.901], [-1.3, 0.601])
    arc = threat_arc(launch, aim, Boost(180.0, 200e3, 450e3))
    site = spherical_place(0.95, 0.3)
    found, no_threat = EngagementStatus.FOUND, EngagementStatus.NO_THREAT
    assert required_speed(arc, site, 60.0, 140.0, 1e5, 1200.0).status.tolist() == [found, no_threat]
    late = required_speed(arc, site, 5000.0, 140.0, 1e5, 1200.0)
    assert late.status.tolist() == [EngagementStatus.NO_TIME, no_threat]
    assert np.all(np.isinf(late.speed))
    high = tolerable_delay(arc, site, 6e3, 140.0, 9e6, 1200.0)
    assert high.status.tolist() == [EngagementStatus.NO_TIME, no_threat]
    slow = tolerable_delay(arc, site, 500.0, 140.0, 1e5, 1200.0)
    assert slow.status.tolist() == [EngagementStatus.TOO_SLOW, no_threat]
    assert np.all(np.isneginf(slow.delay))


def test_bad_figures_are_refused() -> None:
    case = draw(1, 1)
    with pytest.raises(ValueError, match="finite figures"):
        case.needed(delay=np.nan)


def test_fly_out_speed_of_a_vertical_shot_and_of_no_shot() -> None:
    site = spherical_place(0.3, 0.4)
    target = spherical_place(0.3001, 0.4, EARTH_RADIUS + 300e3)
    g = 9.82
    # Under constant weight: h = v t - g t^2 / 2, and weight falls off a little with height.
    flat = 300e3 / 150.0 + g * 150.0 / 2
    assert float(fly_out_speed(site, target, 150.0)) == pytest.approx(flat, rel=0.01)
    assert np.isinf(fly_out_speed(site, target, -1.0))
