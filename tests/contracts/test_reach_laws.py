"""Laws of reach, whatever the case: turning the globe, faster interceptors, later launches, small changes."""

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import detente
from detente.physics.frames import ground_place
from detente.physics.intercept import (
    EngagementStatus,
    Requirement,
    Tolerance,
    Windows,
    intercept_windows,
    required_speed,
    tolerable_delay,
)
from detente.physics.oblate import flown_arc
from detente.physics.trajectory import Arc, ArcStatus, Boost, threat_arc
from detente.records.case import Case
from detente.records.outcome import Outcome
from detente.records.places import Place

BOOST = Boost(180.0, 200e3, 450e3)
BURN, LOWEST, CAP = 140.0, 100e3, 1200.0
ROTATION = 7.292115e-5
CASE = detente.load("european-site-2007")
BASES = ("vypolzovo", "kozelsk", "tatishchevo", "nw-iran")

few = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
latitudes = st.floats(-75.0, 75.0)
longitudes = st.floats(-180.0, 180.0)
places = st.tuples(latitudes, longitudes)
delays = st.floats(0.0, 400.0)
speeds = st.floats(4.5e3, 10e3)


ELLIPSOID = -1.0
"""Stands where a turn of the sphere [rad/s] does, for the Earth that is none."""
earths = st.sampled_from([0.0, ROTATION, ELLIPSOID])
turning = st.sampled_from([ROTATION, ELLIPSOID])


def at(place: tuple[float, float], turn: float = 0.0, rotation: float = ROTATION) -> np.ndarray:
    return ground_place(np.radians(place[0]), np.radians(place[1] + turn), rotation == ELLIPSOID)


def flight(launch: tuple[float, float], aim: tuple[float, float], rotation: float, turn: float = 0.0) -> Arc:
    if rotation == ELLIPSOID:
        return flown_arc(at(launch, turn, rotation), at(aim, turn, rotation), BOOST)
    return threat_arc(at(launch, turn), at(aim, turn), BOOST, earth_rotation=rotation)


def answers(arc: Arc, site: np.ndarray, speed: float, delay: float) -> tuple[Requirement, Windows, Tolerance]:
    return (
        required_speed(arc, site, delay, BURN, LOWEST, CAP),
        intercept_windows(arc, site, speed, delay, BURN, LOWEST, CAP),
        tolerable_delay(arc, site, speed, BURN, LOWEST, CAP),
    )


@few
@given(places, places, places, speeds, delays, st.floats(-360.0, 360.0), earths)
def test_turning_the_globe_under_everything_changes_nothing(
    launch: tuple[float, float],
    aim: tuple[float, float],
    site: tuple[float, float],
    speed: float,
    delay: float,
    turn: float,
    rotation: float,
) -> None:
    """Longitudes have no beginning, on an Earth that turns and on one that does not."""
    here, there = flight(launch, aim, rotation), flight(launch, aim, rotation, turn)
    assert here.status == there.status
    if here.status != ArcStatus.SOLVED:
        return
    near = 1.0 if rotation == ELLIPSOID else 1e-2  # a flown flight arrives within a meter
    np.testing.assert_allclose(there.impact_time, here.impact_time, rtol=0, atol=1e-3 * near)
    np.testing.assert_allclose(there.apogee_altitude, here.apogee_altitude, rtol=0, atol=near)
    place, moved = at(site, 0.0, rotation), at(site, turn, rotation)
    ours, turned = answers(here, place, speed, delay), answers(there, moved, speed, delay)
    assert [each.status for each in ours] == [each.status for each in turned]
    np.testing.assert_allclose(turned[0].speed, ours[0].speed, rtol=0, atol=0.5)
    np.testing.assert_allclose(turned[2].delay, ours[2].delay, rtol=0, atol=0.2)


@few
@given(places, places, places, places)
def test_on_an_earth_at_rest_no_direction_is_special(
    launch: tuple[float, float],
    aim: tuple[float, float],
    site: tuple[float, float],
    pole: tuple[float, float],
) -> None:
    """Any turn of the sphere, not about its axis alone: the poles are ordinary places."""
    arc = flight(launch, aim, 0.0)
    if arc.status != ArcStatus.SOLVED:
        return
    z = at(pole) / 6_371e3
    x = np.cross(z, [0.6, -0.64, 0.48])
    x /= np.linalg.norm(x)
    turn = np.stack([x, np.cross(z, x), z])
    other = threat_arc(turn @ at(launch), turn @ at(aim), BOOST, earth_rotation=0.0)
    first = required_speed(arc, at(site), 120.0, BURN, LOWEST, CAP)
    second = required_speed(other, turn @ at(site), 120.0, BURN, LOWEST, CAP)
    assert first.status == second.status
    np.testing.assert_allclose(second.speed, first.speed, rtol=0, atol=0.5)


@few
@given(places, places, places, delays, st.floats(0.0, 200.0), turning)
def test_a_later_launch_never_needs_less_speed(
    launch: tuple[float, float],
    aim: tuple[float, float],
    site: tuple[float, float],
    delay: float,
    more: float,
    rotation: float,
) -> None:
    arc, place = flight(launch, aim, rotation), at(site, 0.0, rotation)
    early, late = (required_speed(arc, place, d, BURN, LOWEST, CAP).speed for d in (delay, delay + more))
    assert not late < early - 0.5  # both may be infinite


@few
@given(places, places, places, delays, speeds, st.floats(0.0, 2e3), turning)
def test_a_faster_interceptor_reaches_whatever_a_slower_one_does(
    launch: tuple[float, float],
    aim: tuple[float, float],
    site: tuple[float, float],
    delay: float,
    speed: float,
    more: float,
    rotation: float,
) -> None:
    arc, place = flight(launch, aim, rotation), at(site, 0.0, rotation)
    slow, fast = (intercept_windows(arc, place, v, delay, BURN, LOWEST, CAP) for v in (speed, speed + more))
    if slow.status == EngagementStatus.FOUND:
        assert fast.status == EngagementStatus.FOUND
        assert fast.first_time <= slow.first_time + 0.01
        assert fast.last_time >= slow.last_time - 0.01
    latest = [float(tolerable_delay(arc, place, v, BURN, LOWEST, CAP).delay) for v in (speed, speed + more)]
    assert latest[1] >= latest[0] - 0.2


@few
@given(places, places, places, delays, speeds, turning)
def test_the_three_answers_are_one(
    launch: tuple[float, float],
    aim: tuple[float, float],
    site: tuple[float, float],
    delay: float,
    speed: float,
    rotation: float,
) -> None:
    """Fast enough, window not empty, delay tolerable: the same thing, away from the edge of each search."""
    arc = flight(launch, aim, rotation)
    need, window, latest = answers(arc, at(site, 0.0, rotation), speed, delay)
    if abs(float(need.speed) - speed) < 1.0 or abs(float(latest.delay) - delay) < 0.5:
        return
    reaches = bool(need.speed <= speed)
    assert reaches == (window.status == EngagementStatus.FOUND)
    assert reaches == bool(latest.delay >= delay)


# ---------------------------------------------------------------- through the public door


def margins(settings_: dict[str, str], case: Case = CASE) -> np.ndarray:
    outcome = detente.run(case, "reach", "midpoint", settings_, launches=BASES, aims=["washington"])
    return np.array([-np.inf if row["margin_km_s"] is None else row["margin_km_s"] for row in outcome.rows])


STEEPEST = {
    "interceptor_speed": (6.0, 8.5, "km/s", 1.0),
    "commit_delay": (0.0, 400.0, "s", 0.02),
    "interceptor_burn_time": (100.0, 220.0, "s", 0.03),
    "lowest_intercept_altitude": (80.0, 250.0, "km", 0.02),
    "flight_time_cap": (700.0, 1500.0, "s", 0.03),
    "icbm_burn_time": (150.0, 300.0, "s", 0.05),
    "icbm_burnout_altitude": (150.0, 400.0, "km", 0.05),
    "icbm_burnout_distance": (300.0, 700.0, "km", 0.05),
    "threat_loft": (-4.0, 12.0, "deg", 0.3),
}
"""Range of each figure, its unit, and the steepest slope of the margin [km/s] that we would believe."""


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
@pytest.mark.parametrize("earth", ["ellipsoid", "sphere"])
@pytest.mark.parametrize("name", STEEPEST)
def test_margins_are_continuous(name: str, earth: str, data: st.DataObject) -> None:
    """A small change of a figure makes a small change of the margin: no jump, no noise."""
    low, high, unit, slope = STEEPEST[name]
    value = data.draw(st.floats(low, high))
    step = data.draw(st.sampled_from([1e-4, 1e-2])) * (high - low)
    first, second = (margins({name: f"{v!r} {unit}", "earth_model": earth}) for v in (value, value + step))
    finite = np.isfinite(first) & np.isfinite(second)
    assert finite.any()
    assert np.all(np.abs(second - first)[finite] <= slope * step + 1.1e-3)  # the search promises 0.5 m/s
    assert np.array_equal(np.isfinite(first), np.isfinite(second)) or step > 1e-3 * (high - low)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(-1800, 1800))
def test_a_case_moved_east_gives_the_same_outcome(tenths: int) -> None:
    """Every place of the case moved by the same longitude, through files' nouns and the whole study."""
    moved = _moved(CASE, tenths / 10.0)
    site, radar = (f"{lat},{_wrapped(lon + tenths / 10.0)}" for lat, lon in ((54.5, 17.1), (49.6, 13.7)))
    changed = {"interceptor_site": site, "radar_site": radar}
    np.testing.assert_allclose(margins(changed, moved), margins({}), rtol=0, atol=1e-3)


def _wrapped(longitude: float) -> float:
    return round((longitude + 180.0) % 360.0 - 180.0, 1)


def _moved(case: Case, east: float) -> Case:
    rows = tuple(
        row.model_copy(update={"place": Place(row.place.latitude, _wrapped(row.place.longitude + east))})
        for row in case.places
    )
    return case.model_copy(update={"places": rows})


def outcomes() -> list[Outcome]:
    """Outcomes with every kind of gap: ordinary, too slow, too late, no admissible speed, nothing to meet."""
    changed: list[tuple[str, dict[str, str]]] = [
        *((position, {}) for position in ("mda-slides", "mda-claim", "lewis-postol-high")),
        ("mda-slides", {"commit_delay": "3600 s"}),
        ("mda-slides", {"flight_time_cap": "100 s"}),
        ("midpoint", {"lowest_intercept_altitude": "2000 km"}),
        ("midpoint", {"interceptor_speed": "1 km/s"}),
        ("midpoint", {"icbm_burnout_distance": "1500 km", "irbm_burnout_distance": "1500 km"}),
        ("midpoint", {"warning_cue": "radar-horizon", "radar_minimum_elevation": "60 deg"}),
    ]
    return [detente.run(CASE, "reach", position, given_) for position, given_ in changed]


def test_every_null_has_a_reason() -> None:
    nulls = 0
    for outcome in outcomes():
        for row in outcome.rows:
            absent = [name for name, value in row.items() if value is None]
            nulls += len(absent)
            if absent:
                assert row["reason"], (outcome.position, row["launch"], row["aim"], absent)
            assert all(np.isfinite(value) for value in row.values() if isinstance(value, float))
    assert nulls > 100


def test_an_outcome_has_a_row_for_every_question() -> None:
    launches, aims = (len(CASE.places_of(kind)) for kind in ("launch-area", "sample-point"))
    for outcome in outcomes():
        assert len(outcome.rows) == launches * aims
        assert {column.name for column in outcome.columns} == set(outcome.rows[0])


def test_nothing_here_holds_by_being_empty() -> None:
    """The laws above pass over flights that do not exist; ordinary ones do, and are met."""
    for rotation in (0.0, ROTATION, ELLIPSOID):
        arc = flight((54.0, 35.8), (38.9, -77.0), rotation)
        found: tuple[Any, ...] = answers(arc, at((54.5, 17.1), 0.0, rotation), 7e3, 120.0)
        assert [each.status for each in found] == [EngagementStatus.FOUND] * 3
