"""Distances, places in space, elevations and the Earth's turn against geographiclib, pymap3d and pyerfa."""

import numpy as np

import detente
from detente.physics.earth import geodesic
from detente.physics.frames import geodetic_place, spherical_place, to_earth_fixed, to_inertial
from detente.physics.sensing import elevation
from tests.authorities.tables import column, rows

CASE = detente.load("european-site-2007")
SEA_LEVEL = 6_371_000.0


def degrees(names: list[str]) -> tuple[np.ndarray, np.ndarray]:
    places = [CASE.place(name).place for name in names]
    return np.radians([p.latitude for p in places]), np.radians([p.longitude for p in places])


def test_distances_and_azimuths() -> None:
    table = rows("earth", "distances.csv")
    line = geodesic(*degrees([row["from"] for row in table]), *degrees([row["to"] for row in table]))
    np.testing.assert_allclose(line.distance, column(table, "distance_m"), rtol=0, atol=1e-6)
    np.testing.assert_allclose(np.degrees(line.azimuth), column(table, "azimuth_deg"), rtol=0, atol=1e-10)


def test_places_on_the_ellipsoid() -> None:
    table = rows("earth", "positions.csv")
    latitude, longitude = (np.radians(column(table, name)) for name in ("latitude_deg", "longitude_deg"))
    found = geodetic_place(latitude, longitude, column(table, "height_m"))
    theirs = np.stack([column(table, f"{axis}_m") for axis in "xyz"])
    np.testing.assert_allclose(found, theirs, rtol=0, atol=1e-6)


def test_elevations_above_a_sphere() -> None:
    table = rows("earth", "elevations.csv")
    site = spherical_place(*degrees([row["radar"] for row in table]))
    above = spherical_place(*degrees([row["under"] for row in table]), SEA_LEVEL + column(table, "height_m"))
    seen = np.degrees(elevation(site, above))
    np.testing.assert_allclose(seen, column(table, "elevation_deg"), rtol=0, atol=1e-9)
    np.testing.assert_allclose(np.linalg.norm(above - site, axis=0), column(table, "range_m"), atol=1e-6)


def test_the_earth_turns_as_the_international_standard_says() -> None:
    """The standard turns by 7.292115146e-5 rad/s, WGS-84 by 7.292115e-5: 4e-9 rad in 2,400 s, 2 cm."""
    table = rows("earth", "rotation.csv")
    time = column(table, "time_s")
    x, y, _ = to_inertial(np.array([1.0, 0.0, 0.0])[:, None], time)
    np.testing.assert_allclose(np.arctan2(y, x), column(table, "turn_rad"), rtol=0, atol=5e-9)
    back = to_earth_fixed(np.stack([x, y, np.zeros_like(x)]), time)
    np.testing.assert_allclose(back, np.array([1.0, 0.0, 0.0])[:, None] * np.ones(3), rtol=0, atol=1e-15)
