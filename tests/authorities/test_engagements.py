"""The flights of the shipped case and what it takes to meet them, against heyoka and lamberthub.

Theirs: least speed by minimizing over the flight time, the path by integration, apogee, impact and rise above
the radar's horizon by events, required speed and window edges by searches. Ours: closed forms and our own
search. Everything between launch and the last answer is compared, not only the answer.
"""

import numpy as np
import pytest

import detente
from detente.physics.conic import length
from detente.physics.frames import spherical_place, to_earth_fixed, to_inertial
from detente.physics.intercept import intercept_windows, required_speed, tolerable_delay
from detente.physics.sensing import elevation, first_sight
from detente.physics.trajectory import Arc, Boost, sample_arc, threat_arc
from tests.authorities.tables import column, rows, vectors

FLIGHTS = rows("engagements", "flights.csv")
MEETINGS = rows("engagements", "meetings.csv")
CASE = detente.load("european-site-2007")
BOOST = Boost(180.0, 200e3, 450e3)
DELAY, BURN, LOWEST, CAP = 120.0, 140.0, 100e3, 1200.0


def ground(name: str) -> np.ndarray:
    place = CASE.place(name).place
    return spherical_place(*np.radians([place.latitude, place.longitude]))


def arcs(table: list[dict[str, str]]) -> Arc:
    ends = [np.stack([ground(row[key]) for row in table], axis=1) for key in ("launch", "aim")]
    return threat_arc(ends[0], ends[1], BOOST)


def test_burnout_state() -> None:
    arc = arcs(FLIGHTS)
    np.testing.assert_allclose(arc.burnout_speed, column(FLIGHTS, "burnout_speed_m_s"), rtol=0, atol=1e-3)
    angle = np.degrees(arc.burnout_angle)
    np.testing.assert_allclose(angle, column(FLIGHTS, "burnout_angle_deg"), rtol=0, atol=1e-5)
    start = sample_arc(arc, np.array([180.0]))[..., 0]
    np.testing.assert_allclose(start, vectors(FLIGHTS, "r", "_m"), rtol=0, atol=1e-3)
    ahead = (sample_arc(arc, np.array([180.5])) - sample_arc(arc, np.array([179.5])))[..., 0]
    np.testing.assert_allclose(ahead, vectors(FLIGHTS, "v", "_m_s"), rtol=0, atol=0.01)


def test_apogee_and_impact() -> None:
    arc = arcs(FLIGHTS)
    np.testing.assert_allclose(arc.apogee_altitude, column(FLIGHTS, "apogee_m"), rtol=0, atol=1.0)
    apogee = arc.perigee_time + np.pi / arc.mean_motion
    np.testing.assert_allclose(apogee, column(FLIGHTS, "apogee_s"), rtol=0, atol=1e-3)
    np.testing.assert_allclose(arc.impact_time, column(FLIGHTS, "impact_s"), rtol=0, atol=1e-3)


def test_time_in_view_of_the_radar() -> None:
    """First and last moment above 2 degrees at Brdy; the last alone where it is in view at burnout."""
    radar, lowest = ground("brdy"), np.radians(2.0)
    sight = first_sight(arcs(FLIGHTS), radar, lowest)
    for n, row in enumerate(FLIGHTS):
        edges = [float(edge) for edge in row["elevation_2deg_s"].split(";")]
        first = edges[0] if len(edges) == 2 else 180.0
        assert sight.time[n] == pytest.approx(first, abs=0.01), row["launch"]
        for edge in edges:
            place = sample_arc(arcs([row]), [edge])[:, 0, 0]
            seen = elevation(radar, to_earth_fixed(place, edge))
            assert float(seen) == pytest.approx(lowest, abs=1e-6), row["launch"]


def test_both_kinds_of_rise_are_in_the_table() -> None:
    assert {len(row["elevation_2deg_s"].split(";")) for row in FLIGHTS} == {1, 2}


def test_required_speed_within_what_its_search_promises() -> None:
    found = required_speed(arcs(MEETINGS), ground("redzikowo"), DELAY, BURN, LOWEST, CAP)
    np.testing.assert_allclose(found.speed, column(MEETINGS, "required_m_s"), rtol=0, atol=0.5)
    np.testing.assert_allclose(found.time, column(MEETINGS, "cheapest_s"), rtol=0, atol=2.0)


def test_window_edges() -> None:
    speed = column(MEETINGS, "speed_m_s")
    found = intercept_windows(arcs(MEETINGS), ground("redzikowo"), speed, DELAY, BURN, LOWEST, CAP)
    np.testing.assert_allclose(found.first_time, column(MEETINGS, "first_s"), rtol=0, atol=0.01)
    np.testing.assert_allclose(found.last_time, column(MEETINGS, "last_s"), rtol=0, atol=0.01)
    assert np.isfinite(found.first_time).sum() == sum(bool(row["first_s"]) for row in MEETINGS) > 20


def test_latest_launch() -> None:
    speed = column(MEETINGS, "speed_m_s")
    found = tolerable_delay(arcs(MEETINGS), ground("redzikowo"), speed, BURN, LOWEST, CAP)
    np.testing.assert_allclose(found.delay, column(MEETINGS, "latest_launch_s"), rtol=0, atol=0.2)


def test_the_study_gives_the_same_through_the_public_door() -> None:
    """The midpoint position holds 7.0 km/s and the common figures of the table, made on a sphere."""
    sphere = {"earth_model": "sphere"}
    outcome = detente.run("european-site-2007", "reach", "midpoint", sphere, aims=["washington"])
    table = [row for row in MEETINGS if row["speed_m_s"] == "7000"]
    for row in table:
        ours = outcome.row(row["launch"], row["aim"])
        assert ours["required_speed_km_s"] == pytest.approx(float(row["required_m_s"]) / 1e3, abs=5e-4)
        assert ours["first_intercept_s"] == pytest.approx(float(row["first_s"]), abs=0.01)
        assert ours["last_intercept_s"] == pytest.approx(float(row["last_s"]), abs=0.01)
        assert ours["tolerable_delay_s"] == pytest.approx(float(row["latest_launch_s"]), abs=0.2)
    assert len(table) == 10


def test_impact_is_on_the_ground_at_the_aim() -> None:
    arc = arcs(FLIGHTS)
    for n, row in enumerate(FLIGHTS):
        end = sample_arc(arcs([row]), [float(arc.impact_time[n])])[:, 0, 0]
        assert float(length(end - to_inertial(ground(row["aim"]), arc.impact_time[n]))) < 0.01
