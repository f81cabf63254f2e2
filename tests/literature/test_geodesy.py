"""Distances on the ellipsoid against Karney's published table, and a press figure that mixed up its miles.

Sources: tests/authorities/geographiclib (20 geodesics); distances of the European site of 2007 computed with
GeographicLib from positions finer than the 0.1 degree used here, hence the tolerance of 10 km.
"""

import csv
from pathlib import Path

import numpy as np
import pytest

from detente.physics.constants import NAUTICAL_MILE, STATUTE_MILE
from detente.physics.earth import geodesic

ROWS = Path(__file__).parents[1] / "authorities" / "geographiclib" / "geodesics.csv"
SITE = (54.5, 17.1)
WASHINGTON = (38.9, -77.04)
# place, position, km from the interceptor site, km to Washington
PLACES = [
    ("vypolzovo", (57.9, 33.7), 1092.7, 7505.8),
    ("kozelsk", (54.0, 35.8), 1214.2, 7878.7),
    ("teykovo", (56.9, 40.5), 1490.6, 7894.5),
    ("tatishchevo", (51.7, 45.6), 1920.0, 8535.3),
    ("yoshkar-ola", (56.6, 47.9), 1938.8, 8224.1),
    ("nizhniy-tagil", (58.1, 60.6), 2673.4, 8558.6),
    ("dombarovskiy", (50.8, 59.5), 2857.2, 9208.2),
    ("uzhur", (55.3, 89.8), 4446.5, 9487.7),
    ("tehran", (35.7, 51.4), 3357.6, 10198.8),
    ("nw-iran", (38.1, 46.3), 2859.9, 9706.8),
]


def distance(start: tuple[float, float], end: tuple[float, float]) -> float:
    return float(geodesic(*np.radians(start), *np.radians(end)).distance)


def test_karneys_twenty_geodesics() -> None:
    with ROWS.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 20
    at = {key: np.array([float(row[key]) for row in rows]) for key in rows[0]}
    line = geodesic(*(np.radians(at[key]) for key in ("lat1_deg", "lon1_deg", "lat2_deg", "lon2_deg")))
    np.testing.assert_allclose(line.distance, at["s12_m"], rtol=0, atol=1e-7)
    for found, wanted in ((line.azimuth, "azi1_deg"), (line.final_azimuth, "azi2_deg")):
        off = np.mod(found - np.radians(at[wanted]) + np.pi, 2 * np.pi) - np.pi
        np.testing.assert_allclose(off, 0.0, atol=1e-12)


@pytest.mark.parametrize(("place", "position", "from_site", "to_washington"), PLACES)
def test_distances_of_the_european_site(
    place: str, position: tuple[float, float], from_site: float, to_washington: float
) -> None:
    assert distance(SITE, position) == pytest.approx(from_site * 1e3, abs=10e3)
    assert distance(position, WASHINGTON) == pytest.approx(to_washington * 1e3, abs=10e3)


def test_other_distances_of_the_european_site() -> None:
    assert distance(SITE, (49.6, 13.7)) == pytest.approx(585.7e3, abs=10e3)
    assert distance((35.7, 51.4), (51.5, -0.1)) == pytest.approx(4405.4e3, abs=10e3)


def test_a_printed_distance_took_nautical_miles_for_statute_miles() -> None:
    length = distance((34.75, -120.6), (9.05, 167.6))
    assert length == pytest.approx(7783e3, abs=0.5e3)
    assert length / NAUTICAL_MILE == pytest.approx(4202, abs=0.5)
    printed_miles, printed_km = 4200, 6759
    assert printed_miles * STATUTE_MILE == pytest.approx(printed_km * 1e3, abs=0.5e3)
    assert printed_miles * NAUTICAL_MILE == pytest.approx(length, rel=1e-3)
    assert abs(printed_km * 1e3 - length) > 1000e3
