"""Flight under gravity alone against heyoka, which integrates by Taylor series: round Earth and oblate."""

import numpy as np
import pytest

from detente.physics.ascent import Ascent
from detente.physics.conic import propagate
from detente.physics.flights import FlightStatus, fly
from detente.physics.gravity import WGS84
from tests.authorities.tables import column, rows, vectors

TABLE = rows("orbits", "states.csv")
PASSAGES = rows("orbits", "passages.csv")
ROUND = [row for row in TABLE if row["earth"] == "round"]
OBLATE = [row for row in TABLE if row["earth"] == "oblate"]
BURN = 180.0


def test_kepler_flight_agrees_to_a_millimeter() -> None:
    start, velocity = vectors(ROUND, "r", "_start_m"), vectors(ROUND, "v", "_start_m_s")
    found = propagate(start, velocity, column(ROUND, "time_s"))
    assert np.all(found.status == 0)
    np.testing.assert_allclose(found.position, vectors(ROUND, "r", "_m"), rtol=0, atol=1e-3)
    np.testing.assert_allclose(found.velocity, vectors(ROUND, "v", "_m_s"), rtol=0, atol=1e-6)


def burnout(table: list[dict[str, str]]) -> Ascent:
    """An ascent that ends with the state of a row; the boost before it is of no account here."""
    start, velocity = vectors(table, "r", "_start_m"), vectors(table, "v", "_start_m_s")
    launch = start * 6_371e3 / np.linalg.norm(start, axis=0)
    return Ascent(launch, np.zeros_like(launch), np.full(len(table), BURN), start, velocity)


@pytest.mark.parametrize("time", ["300", "900", "1500"])
def test_flight_over_the_oblate_earth_agrees_to_a_meter(time: str) -> None:
    table = [row for row in OBLATE if row["time_s"] == time]
    flown = fly(burnout(table), [BURN + float(time)], earth=WGS84)
    down = flown.end_time > BURN + float(time)
    assert down.sum() >= 8
    theirs = vectors(table, "r", "_m")
    np.testing.assert_allclose(flown.positions[:, down, 0], theirs[:, down], rtol=0, atol=1.0)


def test_oblateness_matters_by_kilometers_and_is_in_the_flight() -> None:
    late = [row for row in OBLATE if row["time_s"] == "1500"]
    kepler = propagate(vectors(late, "r", "_start_m"), vectors(late, "v", "_start_m_s"), 1500.0)
    apart = np.linalg.norm(kepler.position - vectors(late, "r", "_m"), axis=0)
    assert np.all(apart > 3e3)


def test_passage_down_through_100_km_over_the_ellipsoid() -> None:
    starts = [row for row in OBLATE if row["time_s"] == "300"]
    flown = fly(burnout(starts), lowest_altitude=100e3, earth=WGS84)
    assert np.all(flown.status == FlightStatus.FLOWN)
    np.testing.assert_allclose(flown.end_time - BURN, column(PASSAGES, "time_s"), rtol=0, atol=0.01)
    np.testing.assert_allclose(flown.end_position, vectors(PASSAGES, "r", "_m"), rtol=0, atol=20.0)
    np.testing.assert_allclose(flown.end_velocity, vectors(PASSAGES, "v", "_m_s"), rtol=0, atol=0.1)
