"""Maps of coverage: contours without seams, rings turned the right way, pictures that say what they are."""

import io
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from detente.records.outcome import Column, Outcome
from detente.report.azimuthal import Equidistant, is_inside, left_area, places, unit_vectors
from detente.report.coverage import Spot, coverage_map, land_by_value, table, view
from detente.report.coverage_rings import levels, regions, turned, unproject
from detente.report.sheet import Stroke, png

SPOTS = (Spot("north", 60.0, 20.0, "interceptor-site"), Spot("far", 40.0, 60.0, "launch-area"))


def spread(size: int) -> tuple[np.ndarray, np.ndarray]:
    """Places spread evenly over the globe (a Fibonacci lattice)."""
    number = np.arange(size) + 0.5
    latitude = np.degrees(np.arcsin(1 - 2 * number / size))
    return latitude, (number * 137.50776 + 180.0) % 360.0 - 180.0


def outcome(probability: np.ndarray, latitude: np.ndarray, longitude: np.ndarray) -> Outcome:
    names = ("latitude_deg", "longitude_deg", "area_km2", "probability", "status", "covered_by")
    kinds = ("not ruled out", "indeterminate", "ruled out in this model", "no flight")
    between = ("first only", "second only", "both", "neither")
    rows = tuple(
        {
            "latitude_deg": float(lat),
            "longitude_deg": float(lon),
            "area_km2": 1000.0,
            "probability": None if math.isnan(p) else float(p),
            "status": kinds[n % 4],
            "covered_by": between[n % 4],
        }
        for n, (lat, lon, p) in enumerate(zip(latitude, longitude, probability, strict=True))
    )
    columns = tuple(Column(name=name, unit="", meaning=f"the {name}") for name in names)
    return Outcome(study="cover", case="x", position="y", columns=columns, rows=rows, digest="0" * 64)


@given(
    latitude=st.floats(-90, 90),
    longitude=st.floats(-180, 180),
    x=st.floats(-0.7, 0.7),
    y=st.floats(-0.7, 0.7),
)
def test_unprojecting_undoes_the_projection(latitude: float, longitude: float, x: float, y: float) -> None:
    disc = Equidistant(latitude, longitude, 120.0)
    vector = unproject(disc, np.array([x, y]))
    assert np.linalg.norm(vector) == pytest.approx(1.0)
    assert disc.flat(disc.local(vector)) == pytest.approx([x, y], abs=1e-9)


@pytest.mark.parametrize(("latitude", "longitude"), [(90, 0), (70, 180), (-80, -179), (10, 40)])
def test_the_contour_of_a_cap_is_that_cap(latitude: float, longitude: float) -> None:
    """A value that falls evenly from a center, over the pole and over 180 degrees: its level is a circle."""
    disc = Equidistant(latitude, longitude, 60.0)
    lat, lon = spread(4000)
    away = np.degrees(np.arccos(np.clip(unit_vectors(latitude, longitude) @ unit_vectors(lat, lon), -1, 1)))
    (found,) = levels(disc, lat, lon, 1.0 - away / 40.0, [0.5])
    ((ring,),) = found.polygons
    radius = np.degrees(np.arccos(np.clip(unit_vectors(latitude, longitude) @ ring, -1, 1)))
    assert radius == pytest.approx(np.full(radius.shape, 20.0), abs=0.6)
    assert left_area(ring[:, :-1]) == pytest.approx(
        2 * math.pi * (1 - math.cos(math.radians(20.0))), rel=0.02
    )
    assert is_inside([ring[:, :-1]], unit_vectors(latitude, longitude))
    (line,) = found.lines
    assert np.allclose(line[:, 0], line[:, -1])  # no seam: one closed line


def test_a_ring_of_land_gives_a_polygon_with_a_hole() -> None:
    disc = Equidistant(90.0, 0.0, 60.0)
    lat, lon = spread(4000)
    (found,) = levels(disc, lat, lon, 1.0 - np.abs(90.0 - lat - 25.0) / 20.0, [0.5])
    ((outer, hole),) = found.polygons
    cap = 2 * math.pi * (1 - math.cos(math.radians(35.0)))
    assert left_area(outer[:, :-1]) == pytest.approx(cap, rel=0.03)
    assert left_area(hole[:, :-1]) == pytest.approx(
        4 * math.pi - 2 * math.pi * (1 - math.cos(math.radians(15.0))), rel=0.01
    )
    assert not is_inside([outer[:, :-1], hole[:, :-1]], np.array([0.0, 0.0, 1.0]))


def test_nothing_is_drawn_far_from_every_place() -> None:
    disc = Equidistant(0.0, 0.0, 40.0)
    lat, lon = (grid.ravel() for grid in np.meshgrid(np.arange(-10, 11, 2.0), np.arange(-10, 11, 2.0)))
    (found,) = levels(disc, lat, lon, np.ones(lat.shape), [0.5], furthest_km=200.0)
    ((ring,),) = found.polygons
    assert np.abs(places(ring)).max() < 12.5
    assert found.lines == ()  # the value never falls below: there is no line, only the end of what is known


@pytest.mark.parametrize("backwards", [False, True])
def test_outer_rings_are_turned_anticlockwise_and_holes_clockwise(backwards: bool) -> None:
    around = np.radians(np.arange(0, 360, 10.0))
    for pole in (1.0, -1.0):
        flat = np.stack([np.cos(around), np.sin(around), np.zeros(36)])
        up = np.array([[0.0], [0.0], [pole]])
        big, small = (flat * math.sin(size) + up * math.cos(size) for size in (0.5, 0.2))
        rings = [big[:, ::-1], small] if backwards else [big, small[:, ::-1]]
        outer, hole = turned(rings)
        assert left_area(outer[:, :-1]) == pytest.approx(2 * math.pi * (1 - math.cos(0.5)), rel=0.02)
        assert left_area(hole[:, :-1]) > 2 * math.pi
        for ring in (outer, hole):
            assert np.allclose(ring[:, 0], ring[:, -1])
            assert ring.shape[1] == 37


def test_regions_cover_the_globe_once() -> None:
    lat, lon = spread(300)
    rings = regions(lat, lon)
    areas = [left_area(ring[:, :-1]) for ring in rings]
    assert sum(areas) == pytest.approx(4 * math.pi, rel=1e-6)
    for place, ring in zip(unit_vectors(lat, lon).T, rings, strict=True):
        assert is_inside([ring[:, :-1]], place)


@pytest.mark.parametrize("shown", ["status", "covered_by", "probability"])
def test_a_map_says_what_it_shows(shown: str) -> None:
    lat, lon = spread(800)
    away = np.degrees(np.arccos(np.clip(unit_vectors(60, 20) @ unit_vectors(lat, lon), -1, 1)))
    chance = np.clip(1.0 - away / 80.0, 0, 1)
    chance[::50] = np.nan
    cells = outcome(chance, lat, lon)
    disc = view(SPOTS, cells)
    contours = levels(disc, lat, lon, chance, (0.1, 0.5, 0.9)) if shown == "probability" else ()
    drawing = coverage_map(cells, SPOTS, "A title", shown=shown, contours=contours)  # type: ignore[arg-type]
    svg = drawing.as_svg("Source: a test")
    assert "upper bound" in drawing.caption
    assert "upper bound" in drawing.summary
    assert "km</text>" in svg
    assert "nmi</text>" in svg
    for name in ("north", "far", "A title"):
        assert f">{name}</text>" in svg
    if contours:
        assert [line for line in ("10 %", "50 %", "90 %") if f">{line}</text>" in svg] == [
            "10 %",
            "50 %",
            "90 %",
        ]
        dashes = {item.dash for item in drawing.sheet.items if isinstance(item, Stroke) and item.width == 1.6}
        assert () in dashes
        assert len(dashes) == 3
    if shown == "covered_by":
        named = coverage_map(cells, SPOTS, "t", shown="covered_by", called=("A", "B")).as_svg("s")
        assert [word for word in ("only A", "only B") if f">{word}</text>" in named] == ["only A", "only B"]
    assert sum(land_by_value(cells.rows, shown).values()) == pytest.approx(800e3)
    assert drawing.as_svg("Source: a test") == svg


def test_land_is_painted_and_the_sea_is_not() -> None:
    """A pixel on land has its cell's color, one in the ocean that of the sea: the mask holds in a picture."""
    lat, lon = spread(800)
    cells = outcome(np.ones(800), lat, lon)
    disc = Equidistant(60.0, 20.0, 60.0)
    drawing = coverage_map(cells, (), "t", shown="probability", disc=disc)
    picture = Image.open(io.BytesIO(png(drawing.sheet, scale=1.0))).convert("RGB")

    def colour(latitude: float, longitude: float) -> tuple[int, ...]:
        x, y = disc.project(latitude, longitude)
        return tuple(picture.getpixel((round(240 + 222 * x), round(240 - 222 * y))))  # type: ignore[arg-type]

    land = [colour(*place) for place in ((52, 20), (62, 65), (72, -40), (48, 3))]
    sea = [colour(*place) for place in ((50, -20), (73, -5), (35, 18), (85, 40))]
    assert all(abs(c[0] - 0x1F) < 8 and abs(c[1] - 0x7A) < 8 for c in land)
    assert all(min(c) > 0xD8 for c in sea)


def test_the_table_has_what_the_map_has() -> None:
    names = ("launch", "aim", "status", "area_km2", "share", "share_beyond_band", "share_within_band")
    values = [
        ("all", "A", "not ruled out", 10.0, 1.0, 1.0, 0.0),
        ("all", "B", "no flight", 0.0, None, None, None),
    ]
    values += [
        ("all", "C", "indeterminate", 5.0, 0.5, 0.25, 0.5),
        ("one", "A", "indeterminate", 10.0, 0.4, 0.1, 0.9),
    ]
    rows = tuple(dict(zip(names, row, strict=True)) for row in values)
    columns = tuple(Column(name=name, unit="", meaning=name) for name in names)
    countries = Outcome(study="cover", case="x", position="y", columns=columns, rows=rows, digest="0" * 64)
    heads, body = table(countries)
    assert len(heads) == 6
    assert [row[0] for row in body] == ["A", "C", "B"]
    assert body[1] == ("C", "5", "50", "25", "50", "indeterminate")
    assert [row[2] for row in table(countries, "one")[1]] == ["40"]
