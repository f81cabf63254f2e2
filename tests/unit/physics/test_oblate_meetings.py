"""Meeting and seeing flights over the ellipsoid, against interceptors that are flown, and plain geometry."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from detente.physics.conic import length
from detente.physics.earth import destination
from detente.physics.engines import Lanes, Lockstep, Plain
from detente.physics.frames import (
    geodetic_latitude_longitude,
    geodetic_place,
    plumb_center,
    spherical_place,
    to_earth_fixed,
    to_inertial,
)
from detente.physics.gravity import WGS84, gravity
from detente.physics.intercept import intercept_windows, reaches, required_speed
from detente.physics.lambert import lambert
from detente.physics.meeting import straightened
from detente.physics.nearness import Nearness, nearness, out_of_reach
from detente.physics.oblate import flown_arc
from detente.physics.sensing import elevation, first_sight, look
from detente.physics.trajectory import Arc, ArcStatus, Boost, arc_take, sample_arc

BOOST = Boost(180.0, 200e3, 450e3)
BURN, LOWEST, CAP = 140.0, 100e3, 1200.0
REDZIKOWO = geodetic_place(np.radians(54.5), np.radians(17.1))
WASHINGTON = geodetic_place(np.radians(38.9), np.radians(-77.0))
BASES = geodetic_place(
    np.radians([57.9, 54.0, 56.9, 51.7, 56.6, 58.1, 38.1]),
    np.radians([33.7, 35.8, 40.5, 45.6, 47.9, 60.6, 46.3]),
)


def many(n: int, seed: int = 5) -> Arc:
    rng = np.random.default_rng(seed)
    latitude, longitude = rng.uniform(0.3, 1.2, n), rng.uniform(0.2, 2.2, n)
    aim = destination(latitude, longitude, rng.uniform(-3.1, 3.1, n), rng.uniform(2e6, 1.1e7, n))
    arc = flown_arc(geodetic_place(latitude, longitude), geodetic_place(aim.latitude, aim.longitude), BOOST)
    return arc_take(arc, np.flatnonzero(arc.status == ArcStatus.SOLVED))


def shot(start: np.ndarray, end: np.ndarray, duration: float) -> float:
    """Speed [m/s] at the start of the flight under the whole pull that passes the end after that time."""
    target = end.copy()
    for _ in range(6):
        velocity = lambert(start, target, duration).departure
        state = np.concatenate([start, velocity])
        flown = solve_ivp(
            lambda _, y: np.concatenate([y[3:], gravity(y[:3])]),
            (0.0, duration),
            state,
            method="DOP853",
            rtol=1e-11,
        )
        off = flown.y[:3, -1] - end
        target = target - off
    assert float(np.linalg.norm(off)) < 1.0
    return float(np.linalg.norm(velocity))


@pytest.mark.parametrize("delay", [0.0, 120.0, 400.0])
def test_the_required_speed_is_that_of_an_interceptor_flown_under_the_whole_pull(delay: float) -> None:
    """Flights to the point of meeting, launched when allowed or later, by shooting and no closed form."""
    arc = flown_arc(BASES, WASHINGTON[:, None], BOOST)
    need = required_speed(arc, REDZIKOWO, delay, BURN, LOWEST, CAP)
    apart = []
    for n in range(arc.status.size):
        time = float(need.time[n])
        there = sample_arc(arc_take(arc, n), np.array([time]))[:, 0]
        longest = min(time - 180.0 - delay, CAP) - 0.5 * BURN
        speeds = [
            shot(to_inertial(REDZIKOWO, time - late), there, late)
            for late in np.linspace(0.8, 1.0, 9) * longest
        ]
        apart.append(float(need.speed[n]) - min(speeds))
    assert np.max(np.abs(apart)) < 2.0


def test_the_bending_of_the_interceptors_flight_is_to_the_meter_a_second() -> None:
    """For given moments of launch and meeting, where it is worth up to 8 m/s."""
    rng = np.random.default_rng(2)
    apart, worth = [], []
    for _ in range(40):
        site = geodetic_place(rng.uniform(-1.2, 1.3), rng.uniform(-3.1, 3.1))
        up, aside = site / length(site), rng.normal(size=3)
        aside -= (aside @ up) * up
        turn = np.radians(rng.uniform(2.0, 32.0))
        there = np.cos(turn) * up + np.sin(turn) * aside / length(aside)
        there *= length(site) + rng.uniform(1e5, 1.8e6)
        duration = float(length(there - site)) / rng.uniform(3e3, 6.5e3)
        exact = shot(site, there, duration)
        if exact > 9.5e3:
            continue
        product, distance = straightened(
            (np.array(WGS84.mu), np.array(WGS84.bulge)), np.array(duration),
            ((length(site), site[2]), (length(there), there[2])), site @ there,
        )  # fmt: skip
        r1 = float(length(site))
        chord = np.sqrt(r1**2 + distance**2 - 2.0 * product)
        beside = distance * np.array(
            [product / (r1 * distance), np.sqrt(1.0 - (product / (r1 * distance)) ** 2)]
        )
        ours = lambert(np.array([r1, 0.0, 0.0]), np.array([*beside, 0.0]), duration).departure
        assert float(chord) == pytest.approx(float(np.hypot(beside[0] - r1, beside[1])), rel=1e-9)
        plain = lambert(site, there, duration).departure
        apart.append(abs(float(length(ours)) - exact))
        worth.append(abs(float(length(plain)) - exact))
    assert len(apart) > 30
    assert max(apart) < 1.5
    assert max(worth) > 4.0


def test_a_quick_look_never_contradicts_the_required_speed() -> None:
    arc = many(600)
    need = required_speed(arc, REDZIKOWO, 120.0, BURN, LOWEST, CAP).speed
    decided = 0
    for speed in (4e3, 6.3e3, 8e3):
        quick = nearness(arc, REDZIKOWO, speed, 120.0, BURN, LOWEST, CAP)
        assert not np.any((quick == Nearness.WITHIN_REACH) & (need > speed))
        assert not np.any((quick == Nearness.OUT_OF_REACH) & (need <= speed))
        assert np.array_equal(
            out_of_reach(arc, REDZIKOWO, speed, 120.0, BURN, LOWEST, CAP), quick == Nearness.OUT_OF_REACH
        )
        decided += int(np.sum(quick != Nearness.OPEN))
    assert decided > 1200


@pytest.mark.parametrize("site", [REDZIKOWO, geodetic_place(0.5 * np.pi, 0.0)], ids=["Redzikowo", "the pole"])
def test_every_engine_answers_as_the_required_speed_does(site: np.ndarray) -> None:
    arc = many(400, 11)
    need = required_speed(arc, site, 120.0, BURN, LOWEST, CAP).speed
    for speed in (5e3, 6.3e3, 9e3):
        for engine in (Lockstep(), Lanes()):
            got = reaches(arc, site, speed, 120.0, BURN, LOWEST, CAP, engine=engine)
            assert np.array_equal(got, need <= speed)
    some = arc_take(arc, slice(40))
    plain = reaches(some, site, 6.3e3, 120.0, BURN, LOWEST, CAP, engine=Plain())
    assert np.array_equal(plain, need[:40] <= 6.3e3)
    assert 40 < np.sum(need <= 9e3) < 360


def test_windows_keep_to_the_altitudes_over_the_ellipsoid() -> None:
    arc = many(200)
    found = intercept_windows(arc, REDZIKOWO, 8e3, 60.0, BURN, LOWEST, CAP, 900e3)
    met = np.isfinite(found.first_time)
    assert met.sum() > 40
    for when, height in ((found.first_time, found.first_altitude), (found.last_time, found.last_altitude)):
        ground = to_earth_fixed(sample_arc(arc, when[:, None]), when[:, None])[:, met, 0]
        latitude, longitude = geodetic_latitude_longitude(ground)
        exact = length(ground - geodetic_place(latitude, longitude))
        assert np.abs(exact - height[met]).max() < 25.0  # 12 m of it by the line along which height counts
        assert np.all(height[met] > LOWEST - 1.0)
        assert np.all(height[met] < 900e3 + 1.0)


def test_geodetic_places_come_back() -> None:
    rng = np.random.default_rng(1)
    latitude, longitude = rng.uniform(-1.57, 1.57, 500), rng.uniform(-3.1, 3.1, 500)
    for height in (0.0, 1e5, 2e6, 1e7):
        back = geodetic_latitude_longitude(geodetic_place(latitude, longitude, height))
        assert np.abs(back[0] - latitude).max() < 1e-9
        assert np.abs(back[1] - longitude).max() < 1e-12


def test_the_sky_over_the_ellipsoid_is_that_of_the_plumb_line() -> None:
    rng = np.random.default_rng(2)
    latitude, longitude = rng.uniform(-1.5, 1.5, 200), rng.uniform(-3.1, 3.1, 200)
    site = geodetic_place(latitude, longitude)
    target = site + rng.normal(0.0, 1.5e6, (3, 200))
    middle = plumb_center(site, 1.0 / 298.257223563)
    seen = look(site - middle, target - middle)
    up = np.stack(
        [np.cos(latitude) * np.cos(longitude), np.cos(latitude) * np.sin(longitude), np.sin(latitude)]
    )
    east = np.stack([-np.sin(longitude), np.cos(longitude), 0.0 * longitude])
    north = np.cross(up, east, axis=0)
    ray = target - site
    parts = [np.sum(ray * axis, axis=0) for axis in (east, north, up)]
    np.testing.assert_allclose(seen.elevation, np.arcsin(parts[2] / length(ray)), atol=1e-12)
    np.testing.assert_allclose(np.cos(seen.azimuth - np.arctan2(parts[0], parts[1])), 1.0, atol=1e-12)
    np.testing.assert_allclose(seen.distance, length(ray), rtol=1e-12)
    assert np.all(plumb_center(spherical_place(latitude, longitude), 0.0) == 0.0)


def test_first_sight_over_the_ellipsoid_against_dense_sampling() -> None:
    arc = many(60, 9)
    lowest = np.radians(2.0)
    sight = first_sight(arc, REDZIKOWO, lowest)
    middle = plumb_center(REDZIKOWO, arc.flattening[0])
    times = np.linspace(arc.burnout_time, arc.impact_time, 4001, axis=-1)
    ground = to_earth_fixed(sample_arc(arc, times), times)
    above = elevation(REDZIKOWO - middle, ground - middle[:, None, None]) >= lowest
    seen = above.any(axis=-1)
    assert seen.sum() > 10
    assert np.array_equal(np.isfinite(sight.time), seen)
    step = (arc.impact_time - arc.burnout_time) / 4000.0
    first = times[np.arange(60)[: len(times)], np.argmax(above, axis=-1)]
    assert np.all(np.abs(first - sight.time)[seen] <= step[seen] + 1e-6)
