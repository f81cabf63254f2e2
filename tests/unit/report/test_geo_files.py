"""Files for other programs: valid rings, 180 degrees, the pole, units and the caveat everywhere."""

import csv
import io
import json
import math
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.records.outcome import UPPER_BOUND, Column, Outcome
from detente.report.azimuthal import unit_vectors
from detente.report.coverage_rings import Level
from detente.report.geo_files import (
    Course,
    Layer,
    Mark,
    csv_text,
    cut_at_antimeridian,
    czml,
    dataset,
    geojson,
    kml,
    turning,
    write_netcdf,
)


def circle(latitude: float, longitude: float, radius: float, points: int = 72) -> np.ndarray:
    """A closed ring of vectors around a place [degrees], inside to the left."""
    phi, lam, rho = np.radians([latitude, longitude, radius])
    out = np.array([math.cos(phi) * math.cos(lam), math.cos(phi) * math.sin(lam), math.sin(phi)])
    east = np.array([-math.sin(lam), math.cos(lam), 0.0])
    north = np.cross(out, east)
    turn = np.append(np.arange(points), 0) * 2 * math.pi / points
    return np.asarray(
        math.cos(rho) * out[:, None]
        + math.sin(rho) * (east[:, None] * np.cos(turn) + north[:, None] * np.sin(turn))
    )


def sphere_area(polygons: list[list[list[list[float]]]]) -> float:
    """Area [steradian] of polygons of longitude and latitude with short edges or edges on a meridian."""
    total = 0.0
    for polygon in polygons:
        for ring in polygon:
            x, y = np.radians(np.array(ring)).T
            total += float(-np.sum(np.diff(x) * (np.sin(y[:-1]) + np.sin(y[1:])) / 2))
    return total


def outcome() -> Outcome:
    columns = (
        Column(name="cell", unit="", meaning="cell"),
        Column(name="latitude_deg", unit="deg", meaning="latitude"),
        Column(name="longitude_deg", unit="deg", meaning="longitude"),
        Column(name="area_km2", unit="km2", meaning="land"),
        Column(name="margin_km_s", unit="km/s", meaning="margin"),
        Column(name="launch_areas", unit="1", meaning="launch areas"),
    )
    rows: tuple[dict[str, Any], ...] = (
        {
            "cell": "a",
            "latitude_deg": 66.0,
            "longitude_deg": 179.9,
            "area_km2": 5.0,
            "margin_km_s": 1.25,
            "launch_areas": 2,
        },
        {
            "cell": "b & <c>",
            "latitude_deg": -54.3,
            "longitude_deg": -36.6,
            "area_km2": 7.0,
            "margin_km_s": None,
            "launch_areas": 1,
        },
    )
    return Outcome(study="cover", case="x", position="y", columns=columns, rows=rows, digest="f" * 64)


def layer() -> Layer:
    hole = circle(75.0, 180.0, 4.0)[:, ::-1]
    areas = (Level(0.5, ((circle(75.0, 180.0, 30.0), hole),), ()),)
    flown = Course(
        "over the date line", [60, 70, 72, 60], [150, 178, -175, -140], [0, 900, 1000, 0], [0, 300, 600, 1200]
    )
    return Layer("A layer", outcome(), areas, (flown,), (Mark("Site <S>", "interceptor-site", 64.0, -145.7),))


def check(polygons: list[list[list[list[float]]]]) -> None:
    """What RFC 7946 asks of polygons."""
    for polygon in polygons:
        for number, ring in enumerate(polygon):
            points = np.array(ring)
            assert len(ring) >= 4
            assert ring[0] == ring[-1]
            assert (turning(points.T) > 0) == (number == 0)
            assert np.abs(points[:, 0]).max() <= 180.0
            assert np.abs(points[:, 1]).max() <= 90.0
            wide = np.abs(np.diff(points[:, 0])) > 90.0
            along = np.abs(points[:-1, 1]) == 90.0  # only an edge along the pole may be that long
            assert np.all(along[wide])


@settings(max_examples=60, deadline=None)
@given(latitude=st.floats(-89, 89), longitude=st.floats(-180, 180), radius=st.floats(2, 60))
def test_a_cut_polygon_is_valid_and_keeps_its_area(latitude: float, longitude: float, radius: float) -> None:
    polygons = cut_at_antimeridian((circle(latitude, longitude, radius),))
    check(polygons)
    assert sphere_area(polygons) == pytest.approx(
        2 * math.pi * (1 - math.cos(math.radians(radius))), rel=0.01
    )


@pytest.mark.parametrize(
    ("latitude", "longitude", "pieces"),
    [(90, 0, 2), (80, 170, 2), (0, 180, 2), (0, 0, 1), (-85, 30, 2), (50, 20, 1)],
)
def test_only_what_crosses_180_degrees_is_cut(latitude: float, longitude: float, pieces: int) -> None:
    polygons = cut_at_antimeridian((circle(latitude, longitude, 15.0),))
    assert len(polygons) == pieces
    check(polygons)


@pytest.mark.parametrize(("latitude", "longitude"), [(75, 180), (90, 0), (10, 20), (0, 180)])
def test_a_hole_stays_a_hole(latitude: float, longitude: float) -> None:
    hole = circle(latitude, longitude, 5.0)[:, ::-1]
    polygons = cut_at_antimeridian((circle(latitude, longitude, 20.0), hole))
    check(polygons)
    ring = 2 * math.pi * (math.cos(math.radians(5.0)) - math.cos(math.radians(20.0)))
    assert sphere_area(polygons) == pytest.approx(ring, rel=0.01)


def test_geojson_says_what_it_is_and_cuts_at_180_degrees() -> None:
    body = json.loads(geojson(layer()))
    assert body["type"] == "FeatureCollection"
    assert body["about"]["caveat"] == UPPER_BOUND
    assert body["about"]["units"]["margin_km_s"] == "km/s"
    kinds = [feature["geometry"]["type"] for feature in body["features"]]
    assert kinds == ["Point", "Point", "MultiPolygon", "MultiLineString", "Point"]
    assert body["features"][0]["geometry"]["coordinates"] == [179.9, 66.0]
    assert body["features"][1]["properties"]["margin_km_s"] is None
    check(body["features"][2]["geometry"]["coordinates"])
    lines = body["features"][3]["geometry"]["coordinates"]
    assert [line[0][0] for line in lines] == [150.0, -180.0]
    assert lines[0][-1][0] == 180.0
    assert lines[0][-1][1] == lines[1][0][1]
    assert all(abs(b[0] - a[0]) <= 180 for line in lines for a, b in pairwise(line))
    assert body["features"][2]["properties"]["meaning"] == "at least 50%"
    assert body["features"][4]["geometry"]["coordinates"] == [-145.7, 64.0]
    assert body["features"][4]["properties"] == {"name": "Site <S>", "kind": "interceptor-site"}
    assert geojson(layer()) == geojson(layer())
    told = replace(layer().areas[0], meaning="within reach")
    assert json.loads(geojson(replace(layer(), areas=(told,))))["features"][2]["properties"]["meaning"] == (
        "within reach"
    )


def test_kml_is_well_formed_and_carries_data_and_caveat() -> None:
    root = ET.fromstring(kml(layer()))  # noqa: S314 - our own text
    space = {"k": "http://www.opengis.net/kml/2.2"}
    assert root.find("k:Document/k:description", space).text == UPPER_BOUND  # type: ignore[union-attr]
    names = [name.text for name in root.iterfind(".//k:Placemark/k:name", space)]
    assert names == ["at least 50%", "a", "b & <c>", "over the date line", "Site <S>"]
    assert len(root.findall(".//k:outerBoundaryIs", space)) == 2
    assert [d.attrib["name"] for d in root.iterfind(".//k:Data", space)][:2] == ["cell", "area_km2"]


def test_czml_flies_from_launch_to_impact() -> None:
    packets = json.loads(czml(layer(), datetime(2007, 5, 16, tzinfo=UTC)))
    assert packets[0]["id"] == "document"
    assert packets[0]["version"] == "1.0"
    assert len({packet["id"] for packet in packets}) == len(packets)
    assert all("availability" in packet for packet in packets[1:])
    assert packets[-2]["label"]["text"] == "Site <S>"
    flight = packets[-1]
    assert flight["availability"] == "2007-05-16T00:00:00.000Z/2007-05-16T00:20:00.000Z"
    fixes = np.array(flight["position"]["cartographicDegrees"]).reshape(-1, 4)
    assert fixes[:, 0].tolist() == [0, 300, 600, 1200]
    assert fixes[2].tolist() == [600, -175, 72, 1e6]
    with pytest.raises(ValueError, match="time zone"):
        czml(layer(), datetime(2007, 5, 16))  # noqa: DTZ001


def test_csv_has_units_and_caveat_in_front() -> None:
    lines = csv_text(outcome()).splitlines()
    notes = [line for line in lines if line.startswith("# ")]
    assert notes[0] == f"# {UPPER_BOUND}"
    assert "# margin_km_s [km/s]: margin" in notes
    rows = list(csv.DictReader(io.StringIO("\n".join(line for line in lines if not line.startswith("# ")))))
    assert [row["margin_km_s"] for row in rows] == ["1.25", ""]


def test_netcdf_reads_back_with_units(tmp_path: Path) -> None:
    path = write_netcdf(outcome(), tmp_path / "cells.nc")
    with xr.open_dataset(path, engine="scipy") as found:
        assert found.attrs["Conventions"].startswith("CF-")
        assert found.attrs["comment"] == UPPER_BOUND
        assert found["latitude"].attrs["units"] == "degrees_north"
        assert found["longitude"].attrs["standard_name"] == "longitude"
        assert found["margin_km_s"].attrs["units"] == "km s-1"
        assert found["margin_km_s"].values[0] == 1.25
        assert np.isnan(found["margin_km_s"].values[1])
        assert found["launch_areas"].values.tolist() == [2, 1]
        assert set(found.coords) == {"latitude", "longitude"}
    assert dataset(outcome())["cell"].values.tolist() == ["a", "b & <c>"]


def test_the_test_circle_has_its_inside_to_the_left() -> None:
    ring = circle(10.0, 20.0, 5.0)
    middle = unit_vectors(10.0, 20.0)
    assert np.sum(np.cross(ring[:, :-1], ring[:, 1:], axis=0) * middle[:, None]) > 0
