"""Time in view against dense sampling; sectors across north; handover, tracks and lost sensors."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.physics.custody import (
    WINDOWS,
    Custody,
    Sensor,
    View,
    ViewStatus,
    closest_in_view,
    custody,
    look_at,
    time_in_view,
    track_cue,
)
from detente.physics.frames import spherical_place, to_earth_fixed
from detente.physics.sensing import elevation, first_sight, look, refraction
from detente.physics.trajectory import Arc, ArcStatus, Boost, arc_take, sample_arc, threat_arc

BRDY = spherical_place(*np.radians((49.6, 13.7)))
THULE = spherical_place(*np.radians((76.6, -68.3)))
LAUNCHES = spherical_place(*np.radians([(54.0, 57.9, 50.8, 38.1), (35.8, 33.7, 59.5, 46.3)]))
WASHINGTON = spherical_place(*np.radians((38.9, -77.0)))
ALL_ROUND = Sensor(BRDY, np.radians(2.0))
POLAR = Sensor(
    THULE, np.radians(3.0), np.radians(85.0), np.radians(297.0), np.radians(240.0), 5.556e6, 1.0, 1.0
)


@pytest.fixture(scope="module")
def arc() -> Arc:
    return threat_arc(LAUNCHES, WASHINGTON, Boost(180.0, 200e3, 450e3))


def dense(arc: Arc, sensor: Sensor, steps: int = 20_001) -> tuple[Any, Any, Any]:
    """Times, whether in view at each, and straight distances, by looking everywhere."""
    times = np.linspace(arc.burnout_time, arc.impact_time, steps, axis=-1)
    seen = look_at(arc, sensor, times)
    low, high, start, width, reach = (np.asarray(field, float) for field in sensor[1:6])
    aside = np.mod(seen.azimuth - start, 2 * np.pi)
    inside = (seen.elevation >= low) & (seen.elevation <= high) & (aside <= width) & (seen.distance <= reach)
    return times, inside, seen.distance


def test_look_is_east_north_up() -> None:
    site = spherical_place(0.7, 0.3)
    for azimuth, ahead in (
        (0.0, (0.01, 0.0)),
        (90.0, (0.0, 0.01)),
        (180.0, (-0.01, 0.0)),
        (270.0, (0, -0.01)),
    ):
        target = spherical_place(0.7 + ahead[0], 0.3 + ahead[1], np.linalg.norm(site) + 50e3)
        seen = look(site, target)
        off = (np.degrees(float(seen.azimuth)) - azimuth + 180.0) % 360.0 - 180.0
        assert (
            abs(off) < 0.4
        )  # the meridian and parallel through the site are not great circles of equal length
        assert float(seen.elevation) == pytest.approx(float(elevation(site, target)))
    pole = look(np.array([0.0, 0.0, 6.371e6]), spherical_place(1.5, 0.0, 6.5e6))
    assert np.isfinite(pole.azimuth)
    assert np.degrees(float(pole.azimuth)) == pytest.approx(180.0)  # every way from the pole is south


def test_refraction_raises_less_the_higher_and_never_reorders() -> None:
    """Recommendation ITU-R P.834-7, equation 14: 1 / 1.728 degree at the horizon."""
    angles = np.radians(np.linspace(-1.0, 90.0, 400))
    raised = refraction(angles)
    assert np.degrees(float(refraction(0.0))) == pytest.approx(1 / 1.728)
    assert np.all(np.diff(raised) < 0)
    assert np.all(np.diff(angles + raised) > 0)
    assert float(refraction(-0.5)) == float(refraction(np.radians(-1.0)))


@pytest.mark.parametrize(
    "sensor",
    [
        ALL_ROUND,
        ALL_ROUND._replace(reach=1.6e6),
        ALL_ROUND._replace(bending=1.0, highest=np.radians(12.0)),
        ALL_ROUND._replace(sector_start=np.radians(330.0), sector_width=np.radians(60.0)),
        POLAR,
    ],
    ids=["all round", "short reach", "low highest elevation", "across north", "polar"],
)
def test_windows_are_those_of_dense_sampling(arc: Arc, sensor: Sensor) -> None:
    times, inside, distance = dense(arc, sensor)
    view, near = time_in_view(arc, sensor), closest_in_view(arc, sensor)
    step = times[:, 1] - times[:, 0]
    for n in range(4):
        edges = np.diff(np.pad(inside[n].astype(int), 1))
        firsts, lasts = times[n, edges[:-1] == 1], times[n, edges[1:] == -1]
        assert view.number[n] == firsts.size
        np.testing.assert_allclose(view.first[n, : firsts.size], firsts, atol=1.01 * step[n])
        np.testing.assert_allclose(view.last[n, : lasts.size], lasts, atol=1.01 * step[n])
        assert np.all(np.isnan(view.first[n, firsts.size :]))
    _, sky, _ = dense(arc, sensor._replace(reach=np.inf))
    wanted = np.min(np.where(sky, distance, np.inf), axis=-1)
    found = np.nan_to_num(near.distance, nan=np.inf)
    assert np.all(found <= wanted + 1.0)
    np.testing.assert_allclose(found, wanted, rtol=1e-3)  # a step of the dense times, 0.1 s, is up to 0.7 km


def test_first_in_view_is_first_sight(arc: Arc) -> None:
    sight = first_sight(arc, BRDY, np.radians(2.0))
    np.testing.assert_allclose(time_in_view(arc, ALL_ROUND).first[:, 0], sight.time, atol=1e-3)


def test_a_sector_across_north_is_two_sectors_that_meet_there(arc: Arc) -> None:
    whole = time_in_view(arc, POLAR)
    west = time_in_view(arc, POLAR._replace(sector_width=np.radians(63.0)))
    east = time_in_view(arc, POLAR._replace(sector_start=0.0, sector_width=np.radians(177.0)))
    parts = custody([west, east], bridge=1e-3)
    np.testing.assert_allclose(custody([whole]).seen, parts.seen, atol=1e-3)


@settings(max_examples=15)
@given(turn=st.floats(-3.0, 3.0), tilt=st.floats(-1.0, 1.0))
def test_turning_everything_changes_nothing(turn: float, tilt: float) -> None:
    """About the axis with the Earth's turn; about any axis on an Earth that stands still."""
    cosine, sine = np.cos(turn), np.sin(turn)
    spin = np.array([[cosine, -sine, 0], [sine, cosine, 0], [0, 0, 1.0]])
    lean = np.array([[np.cos(tilt), 0, np.sin(tilt)], [0, 1.0, 0], [-np.sin(tilt), 0, np.cos(tilt)]])
    for rate, matrix, sensor in (
        (7.292115e-5, spin, POLAR),
        (0.0, lean @ spin, ALL_ROUND._replace(reach=2.2e6, bending=1.0)),
    ):
        boost = Boost(180.0, 200e3, 450e3)
        before = threat_arc(LAUNCHES[:, 0], WASHINGTON, boost, earth_rotation=rate)
        after = threat_arc(matrix @ LAUNCHES[:, 0], matrix @ WASHINGTON, boost, earth_rotation=rate)
        moved = sensor._replace(site=matrix @ np.asarray(sensor.site))
        np.testing.assert_allclose(
            time_in_view(before, sensor).last, time_in_view(after, moved).last, atol=1e-3
        )


def test_a_batch_equals_its_members(arc: Arc) -> None:
    lowest = np.radians(np.array([[1.0], [2.0], [5.0]]))
    reach = np.array([[1.4e6], [2.5e6], [np.inf]])
    sensor = ALL_ROUND._replace(lowest=lowest, reach=reach)
    together, near = time_in_view(arc, sensor), closest_in_view(arc, sensor)
    cue = track_cue(arc, [sensor, POLAR], 30.0)
    assert together.first.shape == (3, 4, WINDOWS)
    for i in range(3):
        for j in range(4):
            one = ALL_ROUND._replace(lowest=lowest[i, 0], reach=reach[i, 0])
            flight = arc_take(arc, j)
            alone = time_in_view(flight, one)
            np.testing.assert_array_equal(alone.first, together.first[i, j])
            np.testing.assert_array_equal(alone.last, together.last[i, j])
            np.testing.assert_array_equal(closest_in_view(flight, one).distance, near.distance[i, j])
            np.testing.assert_array_equal(track_cue(flight, [one, POLAR], 30.0).time, cue.time[i, j])


@settings(max_examples=25)
@given(data=st.data())
def test_coverage_never_grows_when_a_sensor_is_removed(data: st.DataObject) -> None:
    edges = data.draw(st.lists(st.lists(st.floats(0, 100), min_size=2, max_size=6), min_size=2, max_size=4))
    views = []
    for drawn in edges:
        marks = sorted(drawn)[: len(drawn) // 2 * 2]
        first, last = (np.full(WINDOWS, np.nan) for _ in range(2))
        first[: len(marks) // 2], last[: len(marks) // 2] = marks[::2], marks[1::2]
        views.append(View(first, last, np.array(len(marks) // 2, np.int8), np.array(0, np.int8)))
    needed, bridge = data.draw(st.floats(0, 60)), data.draw(st.floats(0, 10))
    whole, fewer = custody(views, needed, bridge), custody(views[:-1], needed, bridge)
    assert fewer.seen <= whole.seen + 1e-9
    assert fewer.longest <= whole.longest + 1e-9
    assert fewer.first >= whole.first
    if np.isfinite(fewer.track):
        assert whole.track <= fewer.track + 1e-9
    assert whole.seen == pytest.approx(_union(views), abs=1e-9)


def _union(views: list[View]) -> float:
    """Length of the union, by cutting the line at every edge."""
    spans = [(f, e) for v in views for f, e in zip(v.first, v.last, strict=True) if np.isfinite(f)]
    cuts = sorted({edge for span in spans for edge in span})
    return float(sum(b - a for a, b in pairwise(cuts) if any(f <= a and b <= e for f, e in spans)))


def _view(*spans: tuple[float, float]) -> View:
    first, last = (np.full(WINDOWS, np.nan) for _ in range(2))
    for n, span in enumerate(spans):
        first[n], last[n] = span
    status = ViewStatus.IN_VIEW if spans else ViewStatus.NEVER_IN_VIEW
    return View(first, last, np.array(len(spans), np.int8), np.array(status, np.int8))


def plain(found: Custody) -> list[float]:
    return [float(value) for value in found]


def test_a_track_passes_from_one_sensor_to_the_next() -> None:
    one, two = _view((0.0, 40.0)), _view((30.0, 90.0), (100.0, 120.0))
    found = custody([one, two], 60.0)
    assert plain(found)[:4] == [110.0, 90.0, 10.0, 1.0]
    assert plain(found)[4:8] == [60.0, 1.0, 0.0, 0.0]
    alone = custody([one], 60.0)
    assert np.isnan(alone.track)
    assert int(alone.track_by) == -1
    assert int(alone.handovers) == 0
    assert custody([two], 60.0).track == 90.0
    # a bridged gap lengthens the stretch, not the time in view; the track is firm once the target is back
    bridged = custody([two], 65.0, 10.0)
    assert plain(bridged)[:2] == [80.0, 90.0]
    assert float(bridged.track) == 100.0
    assert custody([_view(), one], 10.0).track_by == 1


def test_what_is_never_seen_and_what_never_flies_have_statuses() -> None:
    launches, aims = spherical_place([0.9, 0.9], [0.6, 0.6]), spherical_place([0.6, 0.901], [-1.3, 0.601])
    arc = threat_arc(launches, aims, Boost(180.0, 200e3, 450e3))
    assert arc.status[1] == ArcStatus.AIM_TOO_NEAR
    far = Sensor(spherical_place(-0.8, 2.5), 0.05)
    for status in (
        time_in_view(arc, far).status,
        closest_in_view(arc, far).status,
        track_cue(arc, [far], 10.0).status,
    ):
        assert status.tolist() == [ViewStatus.NEVER_IN_VIEW, ViewStatus.NO_THREAT]
    assert np.all(np.isnan(track_cue(arc, [far], 10.0).time))


def test_a_sensor_with_no_reach_sees_nothing(arc: Arc) -> None:
    blind = ALL_ROUND._replace(reach=0.0)
    assert np.all(time_in_view(arc, blind).number == 0)
    assert np.all(np.isnan(closest_in_view(arc, blind).distance))


def test_a_sensor_that_faces_nowhere_is_refused(arc: Arc) -> None:
    for sensor in (ALL_ROUND._replace(sector_width=0.0), ALL_ROUND._replace(lowest=1.6)):
        with pytest.raises(ValueError, match="faces nowhere"):
            time_in_view(arc, sensor)
    with pytest.raises(ValueError, match="at least one view"):
        custody([])
    with pytest.raises(ValueError, match="zero or more"):
        custody([_view((0.0, 1.0))], -1.0)


def test_elevation_seen_is_the_bent_one(arc: Arc) -> None:
    times = np.array([300.0])
    straight = look_at(arc, ALL_ROUND, times)
    bent = look_at(arc, ALL_ROUND._replace(bending=1.0), times)
    np.testing.assert_allclose(bent.elevation, straight.elevation + refraction(straight.elevation))
    fixed = to_earth_fixed(sample_arc(arc, times), times, 7.292115e-5)
    np.testing.assert_allclose(straight.elevation, elevation(BRDY[:, None, None], fixed))
