"""Windows, shots one after the other and angles of meeting: against dense searches and plain loops."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.physics.constants import EARTH_RADIUS
from detente.physics.frames import spherical_place, to_inertial
from detente.physics.intercept import (
    EngagementStatus,
    intercept_windows,
    required_speed,
    tolerable_delay,
)
from detente.physics.lambert import lambert
from detente.physics.shots import Fan, every_window, look_shots, meeting_angle
from detente.physics.trajectory import Boost, arc_take, sample_arc, threat_arc
from tests.unit.physics.test_intercept import Drawn, draw

SIZE = 120
CEILINGS = (np.inf, 6e5, 3e5)


def fan(case: Drawn, speed: np.ndarray | float, highest: np.ndarray | float = np.inf) -> Fan:
    return Fan(speed, case.burn, case.lowest, case.cap, highest)


def speeds(seed: int, size: int) -> np.ndarray:
    return np.random.default_rng(seed).uniform(3e3, 9e3, size)


def needed_at(case: Drawn, row: int, times: np.ndarray, launch: float) -> np.ndarray:
    """Least speed at each moment over launches not before one moment, by vectors; infinite where barred."""
    arc = arc_take(case.arc, row)
    track = sample_arc(arc, times)
    altitude = np.linalg.norm(track, axis=0) - EARTH_RADIUS
    longest = np.minimum(times - launch, case.cap[row]) - case.burn[row] / 2
    best = np.full(times.shape, np.inf)
    for share in np.linspace(0.0, 1.0, 161):
        flown = case.burn[row] / 2 + share * (longest - case.burn[row] / 2)
        start = to_inertial(case.site[:, row, None], times - flown)
        flight = lambert(start, track, flown)
        fine = (longest >= case.burn[row] / 2) & (flight.status == 0)
        fine &= (flight.departure * start).sum(0) >= 0
        best = np.fmin(best, np.where(fine, np.linalg.norm(flight.departure, axis=0), np.inf))
    return np.where(altitude >= case.lowest[row], best, np.inf)


@pytest.mark.parametrize("highest", CEILINGS)
def test_every_window_against_a_dense_search(highest: float) -> None:
    case, speed = draw(5, 400), speeds(6, 400)
    found = every_window(case.arc, case.site, fan(case, speed, highest), case.delay)
    two = np.flatnonzero(found.number > 1)
    assert two.size > 0 or highest == np.inf
    for row in [*range(10), *two[:4]]:
        times = np.linspace(case.arc.burnout_time[row], case.arc.impact_time[row], 400)
        launch = float(case.arc.burnout_time[row]) + case.delay[row]
        need = needed_at(case, row, times, launch)
        altitude = np.linalg.norm(sample_arc(arc_take(case.arc, row), times), axis=0) - EARTH_RADIUS
        inside = np.zeros(times.shape, bool)
        for first, last in zip(found.first[row], found.last[row], strict=True):
            inside |= (times >= first) & (times <= last)
        # the coarse search over launches finds a little more than the least speed
        clear = (np.abs(need - speed[row]) > np.maximum(5.0, 0.01 * speed[row])) & (
            np.abs(altitude - highest) > 1.0
        )
        assert np.array_equal(inside[clear], ((need <= speed[row]) & (altitude <= highest))[clear])
        if row in two:
            assert found.first[row, 1] > found.last[row, 0]
        heights = found.first_altitude[row][np.isfinite(found.first_altitude[row])]
        assert np.all((heights >= case.lowest[row] - 1.0) & (heights <= highest + 1.0))


def test_the_first_and_the_last_edge_are_those_of_the_plain_windows() -> None:
    case, speed = draw(5, 400), speeds(6, 400)
    each = every_window(case.arc, case.site, fan(case, speed), case.delay)
    plain = intercept_windows(case.arc, case.site, speed, *case[2:])
    assert np.array_equal(each.status, plain.status)
    assert np.array_equal(each.number > 0, plain.status == EngagementStatus.FOUND)
    one = each.number == 1
    assert one.sum() > 200
    np.testing.assert_allclose(each.first[one, 0], plain.first_time[one], rtol=1e-9)
    np.testing.assert_allclose(each.last[one, 0], plain.last_time[one], rtol=1e-9)


def test_a_ceiling_above_the_apogee_changes_no_bit_and_a_lower_one_never_helps() -> None:
    case, speed = draw(31, SIZE), speeds(32, SIZE)
    figures = (case.delay, case.burn, case.lowest, case.cap)
    free = required_speed(case.arc, case.site, *figures)
    high = required_speed(case.arc, case.site, *figures, case.arc.apogee_altitude + 1.0)
    for plain, capped in zip(free, high, strict=True):
        np.testing.assert_array_equal(plain, capped)
    latest = tolerable_delay(case.arc, case.site, speed, *figures[1:])
    for lower in (8e5, 5e5, 3e5):
        need = required_speed(case.arc, case.site, *figures, lower)
        late = tolerable_delay(case.arc, case.site, speed, *figures[1:], lower)
        assert np.all(need.speed >= free.speed - 0.5)
        assert np.all(late.delay <= latest.delay + 0.5)  # each good to 0.2 s
        assert np.all(need.altitude[np.isfinite(need.speed)] <= lower + 1.0)
        assert np.all(late.altitude[np.isfinite(late.delay)] <= lower + 1.0)
        free, latest = need, late


def test_under_a_ceiling_speed_and_delay_do_not_contradict_each_other() -> None:
    case, speed = draw(41, 300), speeds(42, 300)
    late = tolerable_delay(case.arc, case.site, speed, case.burn, case.lowest, case.cap, 4e5)
    need = required_speed(case.arc, case.site, *case[2:], 4e5).speed
    clear = np.abs(late.delay - case.delay) > 0.3
    assert np.array_equal((need <= speed)[clear], (late.delay >= case.delay)[clear])
    window = intercept_windows(case.arc, case.site, speed, *case[2:], 4e5)
    assert np.array_equal(window.status == EngagementStatus.FOUND, need <= speed)
    assert np.nanmax(window.first_altitude) <= 4e5 + 1.0
    assert np.nanmax(window.last_altitude) <= 4e5 + 1.0


@pytest.mark.parametrize("highest", CEILINGS)
def test_shots_are_those_of_a_loop_over_first_intercepts(highest: float) -> None:
    case, speed, look = draw(51, SIZE), speeds(52, SIZE), 25.0
    found = look_shots(case.arc, case.site, fan(case, speed, highest), case.delay, look, 8)
    for row in range(SIZE):
        arc, delay = arc_take(case.arc, row), float(case.delay[row])
        launches: list[float] = []
        met: list[float] = []
        figures = (case.burn[row], case.lowest[row], case.cap[row], highest)
        while len(met) < 8:
            window = every_window(arc, case.site[:, row], Fan(speed[row], *figures), delay)
            if window.number == 0:
                break
            launches.append(float(arc.burnout_time) + delay)
            met.append(float(window.first[0]))
            delay = met[-1] + look - float(arc.burnout_time)
        assert found.number[row] == len(met)
        np.testing.assert_allclose(found.meeting[row, : len(met)], met, rtol=1e-9)
        np.testing.assert_allclose(found.launch[row, : len(met)], launches, rtol=1e-9, atol=1e-6)
        assert np.all(np.isnan(found.meeting[row, len(met) :]))
    assert found.number.max() > 1


@settings(max_examples=12)
@given(seed=st.integers(0, 10_000), more=st.floats(0.0, 400.0))
def test_what_makes_it_harder_never_lets_more_shots_fit(seed: int, more: float) -> None:
    case, speed = draw(seed, 12), speeds(seed + 1, 12)

    def number(slower: float = 0.0, later: float = 0.0, look: float = 20.0) -> np.ndarray:
        able = fan(case, speed - slower)
        return look_shots(case.arc, case.site, able, case.delay + later, look, 10).number

    base = number()
    assert np.all(number(look=20.0 + more) <= base)
    assert np.all(number(later=more) <= base)
    assert np.all(number(slower=5.0 * more) <= base)


def test_the_angle_of_meeting_is_plain_where_geometry_is_plain() -> None:
    """Along one meridian, Earth at rest: a chase from the side of launch, head-on from that of the aim."""
    launch, aim = spherical_place(0.0, 0.0), spherical_place(0.9, 0.0)
    arc = threat_arc(launch, aim, Boost(120.0, 120e3, 200e3), earth_rotation=0.0)
    times = np.linspace(float(arc.burnout_time) + 500.0, float(arc.impact_time) - 60.0, 9)
    for latitude, chases in ((0.05, True), (0.85, False)):
        place = spherical_place(latitude, 0.0)
        angle = meeting_angle(arc, place, Fan(9e3, 60.0, 1e5, 1500.0), 0.0, times)
        assert angle.shape == (9,)
        middle = angle[2:5]
        assert np.all((middle < np.pi / 2) == chases)


def test_the_angle_of_meeting_is_that_of_velocities_found_by_differences() -> None:
    case, speed = draw(61, 40), 8.5e3
    window = every_window(case.arc, case.site, fan(case, speed), case.delay)
    rows = np.flatnonzero(window.number > 0)
    middle = 0.5 * (window.first[:, :1] + window.last[:, :1])
    angle = meeting_angle(case.arc, case.site, fan(case, speed), case.delay, middle)[:, 0]
    assert np.all(np.isnan(angle[window.number == 0]))
    for row in rows:
        arc, time = arc_take(case.arc, row), float(middle[row, 0])
        before, there, after = sample_arc(arc, np.array([time - 0.5, time, time + 0.5])).T
        # the direct flight at full speed, by a search over its duration
        flown = np.linspace(case.burn[row] / 2, min(time, case.cap[row]), 4000)
        start = to_inertial(case.site[:, row, None], time - flown)
        flight = lambert(start, there[:, None], flown)
        fast = np.linalg.norm(flight.departure, axis=0) <= speed + 1.0
        fast &= (flight.departure * start).sum(0) >= -1e-3 * EARTH_RADIUS
        arrival = flight.arrival[:, np.argmax(fast)]
        heading = after - before
        cosine = arrival @ heading / np.linalg.norm(arrival) / np.linalg.norm(heading)
        assert angle[row] == pytest.approx(np.arccos(cosine), abs=0.02)


def test_a_batch_is_its_members() -> None:
    case, speed = draw(71, 6), speeds(72, 6)
    delays = np.array([[0.0], [90.0], [200.0]])
    whole = every_window(case.arc, case.site, fan(case, speed, 5e5), delays)
    shots = look_shots(case.arc, case.site, fan(case, speed, 5e5), delays, 30.0, 4)
    angle = meeting_angle(case.arc, case.site, fan(case, speed, 5e5), delays, whole.first)
    for i, j in np.ndindex(3, 6):
        arc, site = arc_take(case.arc, j), case.site[:, j]
        alone = Fan(speed[j], case.burn[j], case.lowest[j], case.cap[j], 5e5)
        one = every_window(arc, site, alone, delays[i, 0])
        for n in range(6):
            np.testing.assert_allclose(
                np.asarray(whole[n], float)[i, j], np.asarray(one[n], float), rtol=1e-9
            )
        turns = look_shots(arc, site, alone, delays[i, 0], 30.0, 4)
        for n in range(4):
            np.testing.assert_allclose(
                np.asarray(shots[n], float)[i, j], np.asarray(turns[n], float), rtol=1e-9
            )
        np.testing.assert_allclose(
            angle[i, j], meeting_angle(arc, site, alone, delays[i, 0], one.first), rtol=1e-7
        )


def test_what_has_no_threat_or_makes_no_sense_says_so() -> None:
    launch, aim = spherical_place([0.9, 0.9], [0.6, 0.6]), spherical_place([0.6, 0.901], [-1.3, 0.601])
    arc = threat_arc(launch, aim, Boost(180.0, 200e3, 450e3))
    site, able = spherical_place(0.95, 0.3), Fan(7e3, 140.0, 1e5, 1200.0)
    found = every_window(arc, site, able, 60.0)
    assert found.status.tolist() == [EngagementStatus.FOUND, EngagementStatus.NO_THREAT]
    assert found.number.tolist() == [1, 0]
    shots = look_shots(arc, site, able, 60.0, 10.0, 3)
    assert shots.number[1] == 0
    assert np.isnan(meeting_angle(arc, site, able, 60.0, found.first)[1]).all()
    with pytest.raises(ValueError, match="look of zero seconds or more"):
        look_shots(arc, site, able, 60.0, -1.0, 3)
    with pytest.raises(ValueError, match="finite figures"):
        every_window(arc, site, able._replace(flight_cap=np.inf), 60.0)
    with pytest.raises(ValueError, match="finite figures"):
        every_window(arc, site, able._replace(highest_altitude=np.nan), 60.0)
