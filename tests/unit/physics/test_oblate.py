"""Flights over the ellipsoid as arcs: they arrive, keep what a coast keeps, say why where there is none."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.physics.ascent import ascend_with
from detente.physics.conic import dot, length
from detente.physics.deviation import passages
from detente.physics.earth import destination
from detente.physics.engines import NUMPY, Lanes
from detente.physics.flights import FlightStatus, fly
from detente.physics.frames import geodetic_place, ground_place, to_earth_fixed
from detente.physics.gravity import SPHERE, WGS84, altitude, potential
from detente.physics.oblate import flown_arc, lofted_arc
from detente.physics.trajectory import (
    Arc,
    ArcStatus,
    Boost,
    altitude_at,
    arc_altitude,
    arc_position,
    arc_rows,
    arc_take,
    arc_time,
    arcs_joined,
    burnout_state,
    sample_arc,
    threat_arc,
)

BOOST = Boost(180.0, 200e3, 450e3)
LATITUDES, LONGITUDES = st.floats(-1.3, 1.3), st.floats(-3.1, 3.1)
AZIMUTHS, RANGES = st.floats(-3.1, 3.1), st.floats(8e5, 1.2e7)
few = settings(max_examples=15, deadline=None)


def ends(latitude: float, longitude: float, azimuth: float, distance: float) -> tuple[np.ndarray, np.ndarray]:
    aim = destination(latitude, longitude, azimuth, distance)
    return geodetic_place(latitude, longitude), geodetic_place(aim.latitude, aim.longitude)


def many(n: int = 300) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(8)
    latitude, longitude = rng.uniform(-1.3, 1.3, n), rng.uniform(-3.1, 3.1, n)
    aim = destination(latitude, longitude, rng.uniform(-3.1, 3.1, n), rng.uniform(8e5, 1.2e7, n))
    return geodetic_place(latitude, longitude), geodetic_place(aim.latitude, aim.longitude)


def on_sphere(place: np.ndarray) -> np.ndarray:
    return np.asarray(place * 6_371e3 / length(place))


def moments(arc: Arc, n: int = 40) -> np.ndarray:
    share = np.linspace(0.0, 1.0, n)
    first, last = arc.burnout_anomaly[..., None], arc.impact_anomaly[..., None]
    return np.asarray(first + (last - first) * share)


@few
@given(LATITUDES, LONGITUDES, AZIMUTHS, RANGES, st.sampled_from([0.0, 5.0, 20.0]))
def test_a_flight_comes_down_at_its_sample_point(
    latitude: float, longitude: float, azimuth: float, distance: float, loft: float
) -> None:
    launch, aim = ends(latitude, longitude, azimuth, distance)
    arc = flown_arc(launch, aim, BOOST, np.radians(loft))
    assert arc.status == ArcStatus.SOLVED
    when = np.array([float(arc.burnout_time), float(arc.impact_time)])
    ground = to_earth_fixed(sample_arc(arc, when), when)
    assert np.linalg.norm(ground[:, 1] - aim) < 10.0
    assert altitude(ground)[0] == pytest.approx(200e3, abs=1.0)
    assert altitude_at(arc, when) == pytest.approx([200e3, 0.0], abs=10.0)


@few
@given(LATITUDES, LONGITUDES, AZIMUTHS, RANGES)
def test_energy_and_momentum_about_the_axis_stay(
    latitude: float, longitude: float, azimuth: float, distance: float
) -> None:
    """Over the bulge energy stays, and of the angular momentum the part along the axis; the rest turns."""
    arc = flown_arc(*ends(latitude, longitude, azimuth, distance), BOOST)
    when = np.linspace(float(arc.burnout_time) + 1.0, float(arc.impact_time) - 1.0, 25)
    before, at, after = (sample_arc(arc, when + shift) for shift in (-1.0, 0.0, 1.0))
    velocity = (after - before) / 2.0
    energy = 0.5 * dot(velocity, velocity) + potential(at)
    spin = at[0] * velocity[1] - at[1] * velocity[0]
    assert np.ptp(energy) < 3e-6 * abs(energy[0])
    assert np.ptp(spin) < 3e-6 * float(length(at).max() * length(velocity).max())
    round_only = 0.5 * dot(velocity, velocity) - WGS84.mu / length(at)
    assert np.ptp(round_only) > 3.0 * np.ptp(energy)  # the check would see an Earth without a bulge


@pytest.mark.parametrize(("loft", "within"), [(0.0, 1.0), (20.0, 5.0), (-5.0, 1.0)])
def test_the_arc_is_the_flight_that_was_flown(loft: float, within: float) -> None:
    """The short polynomial against the steps themselves, at moments that it was not made from."""
    launch, aim = many()
    arc = flown_arc(launch, aim, BOOST, np.radians(loft))
    rows = np.flatnonzero(arc.status == ArcStatus.SOLVED)
    assert rows.size > 280
    part = arc_take(arc, rows)
    place, velocity = burnout_state(part)
    burnout = to_earth_fixed(place, 180.0)
    ascent = ascend_with(launch[:, rows], burnout, 180.0, velocity)
    anomaly = moments(part, 31)[:, :-1]
    flown = fly(ascent, arc_time(part, anomaly))
    assert np.all(flown.status == FlightStatus.FLOWN)
    off = length(flown.positions - arc_position(part, anomaly))
    assert np.nanmax(off) < within
    over = altitude(flown.positions) - arc_altitude(part, anomaly)
    assert np.nanmax(np.abs(over)) < within
    assert np.abs(flown.end_time - part.impact_time).max() < 1e-6


def test_without_a_bulge_it_is_the_arc_of_closed_formulas() -> None:
    launch, aim = (on_sphere(place) for place in many())
    for loft in (0.0, 10.0):
        closed = lofted_arc(launch, aim, BOOST, np.radians(loft))
        flown = flown_arc(launch, aim, BOOST, np.radians(loft), earth=SPHERE)
        both = (closed.status == ArcStatus.SOLVED) & (flown.status == ArcStatus.SOLVED)
        assert both.mean() > 0.95
        some = [arc_take(arc, np.flatnonzero(both)) for arc in (closed, flown)]
        np.testing.assert_allclose(some[1].impact_time, some[0].impact_time, rtol=0, atol=1e-2)
        np.testing.assert_allclose(some[1].burnout_speed, some[0].burnout_speed, rtol=0, atol=1e-2)
        when = np.linspace(181.0, some[0].impact_time - 1.0, 9, axis=-1)
        assert length(sample_arc(some[1], when) - sample_arc(some[0], when)).max() < 10.0


def test_no_loft_is_the_least_energy_arc_and_loft_raises_the_apogee() -> None:
    launch, aim = many(60)
    here, there = on_sphere(launch), on_sphere(aim)
    lofts = np.radians([-4.0, 0.0, 4.0, 8.0])
    for arcs in (
        [flown_arc(launch, aim, BOOST, loft) for loft in lofts],
        [lofted_arc(here, there, BOOST, loft) for loft in lofts],
    ):
        fine = np.all([arc.status == ArcStatus.SOLVED for arc in arcs], axis=0)
        assert fine.sum() > 40
        low, least, high, higher = (arc_take(arc, np.flatnonzero(fine)) for arc in arcs)
        # Least energy is that to where the aim will be then; a shorter flight may have less far to go.
        assert np.all(low.burnout_speed > least.burnout_speed - 25.0)
        assert np.all(high.burnout_speed > least.burnout_speed - 25.0)
        assert np.all(low.apogee_altitude < least.apogee_altitude)
        assert np.all(least.apogee_altitude < high.apogee_altitude)
        assert np.all(high.apogee_altitude < higher.apogee_altitude)
        np.testing.assert_allclose(high.burnout_angle - least.burnout_angle, np.radians(4.0), atol=1e-9)
    sphere, none = threat_arc(here, there, BOOST), lofted_arc(here, there, BOOST)
    for name, whole in sphere._asdict().items():
        np.testing.assert_array_equal(whole, getattr(none, name))


def test_what_has_no_flight_says_why_and_keeps_the_earth() -> None:
    launch = geodetic_place(np.radians(54.0), np.radians([35.8, 35.8, 35.8, 0.0]))
    aim = geodetic_place(np.radians([54.0, -54.0, 50.0, 0.0]), np.radians([40.0, -144.2, 20.0, 120.0]))
    loft = np.radians([0.0, 0.0, -60.0, 0.0])
    arc = flown_arc(launch, aim, BOOST, loft)
    assert [ArcStatus(code).name for code in arc.status[:2]] == ["AIM_TOO_NEAR", "PAST_ANTIPODE"]
    assert arc.status[2] in {ArcStatus.NO_ELLIPSE, ArcStatus.NO_FLIGHT, ArcStatus.NOT_CONVERGED}
    assert arc.status[3] == ArcStatus.SOLVED
    gone = arc.status != ArcStatus.SOLVED
    kept = {"status", "radius", "flattening", "bulge"}
    for name, value in arc._asdict().items():
        assert np.all(np.isfinite(value[..., gone])) if name in kept else np.all(np.isnan(value[..., gone]))


def test_a_batch_is_its_members_to_the_last_bit() -> None:
    launch, aim = many(7)
    loft = np.radians([[0.0], [6.0]])
    whole = flown_arc(launch[:, None], aim[:, None], BOOST, loft)
    assert whole.status.shape == (2, 7)
    for i, j in ((0, 0), (1, 3), (0, 6)):
        one = flown_arc(launch[:, j], aim[:, j], BOOST, loft[i, 0])
        for name, value in whole._asdict().items():
            np.testing.assert_array_equal(value[..., i, j], getattr(one, name), err_msg=name)


def test_arcs_of_both_earths_go_in_one_batch() -> None:
    """Zeros stand for the departures that the sphere does not have, and change no bit of it."""
    launch, aim = many(5)
    here, there = on_sphere(launch), on_sphere(aim)
    sphere, oblate = threat_arc(here, there, BOOST), flown_arc(launch, aim, BOOST)
    both = arcs_joined([sphere, oblate])
    anomaly = moments(both)
    np.testing.assert_array_equal(arc_position(both, anomaly)[:, :5], arc_position(sphere, moments(sphere)))
    np.testing.assert_array_equal(arc_altitude(both, anomaly)[:5], arc_altitude(sphere, moments(sphere)))
    np.testing.assert_array_equal(arc_position(both, anomaly)[:, 5:], arc_position(oblate, moments(oblate)))
    rows = arc_rows(both, (2, 10))
    np.testing.assert_array_equal(rows.deviation[..., 10:], both.deviation)


@pytest.mark.parametrize("level", [100e3, 250e3, 800e3])
def test_passages_are_those_of_a_dense_look(level: float) -> None:
    launch, aim = many(80)
    arc = flown_arc(launch, aim, BOOST)
    arc = arc_take(arc, np.flatnonzero(arc.status == ArcStatus.SOLVED))
    ellipse = (arc.semi_major_axis, arc.eccentricity, arc.radius)
    given_level = np.full(arc.status.shape, level)
    rise, fall = passages(
        ellipse, (arc.burnout_anomaly, arc.impact_anomaly), arc.deviation[:, 4], given_level
    )
    anomaly = moments(arc, 2001)
    above = arc_altitude(arc, anomaly) >= level
    never = ~above.any(axis=1)
    assert np.array_equal(np.isinf(rise), never)
    assert np.all(fall[never] == -np.inf)
    step = (arc.impact_anomaly - arc.burnout_anomaly) / 2000.0
    for row in np.flatnonzero(~never):
        inside = anomaly[row, above[row]]
        assert abs(inside[0] - rise[row]) <= step[row] + 1e-9
        assert abs(inside[-1] - fall[row]) <= step[row] + 1e-9
    for end in (rise, fall):
        inner = np.flatnonzero(~never & (end > arc.burnout_anomaly) & (end < arc.impact_anomaly))
        heights = arc_altitude(arc_take(arc, inner), end[inner][:, None])[:, 0]
        assert np.abs(heights - level).max(initial=0.0) < 0.1


def test_the_compiled_engine_flies_the_same_arcs() -> None:
    launch, aim = many(40)
    ours, other = (flown_arc(launch, aim, BOOST, engine=engine) for engine in (NUMPY, Lanes()))
    np.testing.assert_array_equal(ours.status, other.status)
    fine = ours.status == ArcStatus.SOLVED
    np.testing.assert_allclose(ours.impact_time[fine], other.impact_time[fine], rtol=0, atol=1e-3)
    when = np.linspace(181.0, ours.impact_time[fine] - 1.0, 5, axis=-1)
    rows = np.flatnonzero(fine)
    apart = length(sample_arc(arc_take(ours, rows), when) - sample_arc(arc_take(other, rows), when))
    assert apart.max() < 3.0  # each arrives within a meter


def test_an_aim_that_turns_past_half_way_round_is_refused_as_on_the_sphere() -> None:
    for east in (176.0, 178.0):
        for oblate, fly_it in ((False, lofted_arc), (True, flown_arc)):
            launch, aim = (ground_place(a, b, oblate) for a, b in ((0.0, 0.0), np.radians([0.5, east])))
            found = ArcStatus(int(fly_it(launch, aim, BOOST).status))
            assert found in {ArcStatus.PAST_ANTIPODE, ArcStatus.NO_FLIGHT}
            assert found == ArcStatus.PAST_ANTIPODE or oblate
