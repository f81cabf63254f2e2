"""Builds the shipped grid of land: equal-area blocks of the globe, cut into the land of each country.

    npm pack world-atlas@2.0.2
    python -m builders.grid world-atlas-2.0.2.tgz

Reads the TopoJSON file of Natural Earth's countries at 1:50 million. The globe is cut into BLOCKS blocks of
one and the same area on the WGS-84 ellipsoid, each block into SIDE x SIDE equal parts; the middle of a part
decides whose land it is. The parts of one country in one block make a cell. Run from the repository's root;
takes some minutes.
"""

from __future__ import annotations

import csv
import json
import math
import sys
import tarfile
from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.path import Path as Outline
from numpy.typing import NDArray
from pyproj import Geod

from builders.land import OUTPUT, Point, decoded_arcs

Array = NDArray[np.float64]
MEMBER = "package/countries-50m.json"
BLOCKS, SIDE = 8000, 24
SMALLEST = 0.12
"""A piece below this share of a block joins the nearest larger piece of its country."""
LEFT_OUT = {"Antarctica"}
WHOLE_NAMES = {
    "W. Sahara": "Western Sahara",
    "United States of America": "United States",
    "Czechia": "Czech Republic",
    "Marshall Is.": "Marshall Islands",
    "N. Mariana Is.": "Northern Mariana Islands",
    "U.S. Virgin Is.": "U.S. Virgin Islands",
    "S. Geo. and the Is.": "South Georgia and the Islands",
    "Br. Indian Ocean Ter.": "British Indian Ocean Territory",
    "British Virgin Is.": "British Virgin Islands",
    "Pitcairn Is.": "Pitcairn Islands",
    "Falkland Is.": "Falkland Islands",
    "Cayman Is.": "Cayman Islands",
    "Turks and Caicos Is.": "Turks and Caicos Islands",
    "S. Sudan": "South Sudan",
    "Solomon Is.": "Solomon Islands",
    "St. Vin. and Gren.": "Saint Vincent and the Grenadines",
    "St. Kitts and Nevis": "Saint Kitts and Nevis",
    "Cook Is.": "Cook Islands",
    "St. Pierre and Miquelon": "Saint Pierre and Miquelon",
    "Wallis and Futuna Is.": "Wallis and Futuna Islands",
    "Fr. Polynesia": "French Polynesia",
    "Fr. S. Antarctic Lands": "French Southern and Antarctic Lands",
    "Eq. Guinea": "Equatorial Guinea",
    "Dominican Rep.": "Dominican Republic",
    "Faeroe Is.": "Faroe Islands",
    "N. Cyprus": "Northern Cyprus",
    "Dem. Rep. Congo": "Democratic Republic of the Congo",
    "Central African Rep.": "Central African Republic",
    "Bosnia and Herz.": "Bosnia and Herzegovina",
    "Indian Ocean Ter.": "Indian Ocean Territories",
    "Heard I. and McDonald Is.": "Heard Island and McDonald Islands",
    "Ashmore and Cartier Is.": "Ashmore and Cartier Islands",
    "Antigua and Barb.": "Antigua and Barbuda",
}
"""Names that the data set abbreviates, in full; two are those that the shipped cases of 2007 use."""


def rings(indices: list[list[int]], arcs: list[list[Point]]) -> list[Array]:
    """The closed rings (n, 2) of one polygon, longitudes running on past 180 degrees instead of jumping."""
    out = []
    for ring in indices:
        points: list[Point] = []
        for index in ring:
            arc = arcs[index] if index >= 0 else arcs[~index][::-1]
            points.extend(arc if not points else arc[1:])
        line = np.array(points)
        line[:, 0] = np.degrees(np.unwrap(np.radians(line[:, 0])))
        out.append(line)
    return out


def blocks() -> tuple[Array, Array, NDArray[np.intp]]:
    """Middles of all parts: latitude and longitude [degrees], and the block of each.

    Bands of about the height of a square block, each with a whole number of blocks; the bounds of the bands
    follow from that number, so that every block has the same area (after Leopardi's partition of the sphere).
    """
    height = math.sqrt(4 * math.pi / BLOCKS)
    bands = round(math.pi / height)
    edges = np.sin(np.linspace(-math.pi / 2, math.pi / 2, bands + 1))
    upto = np.rint((edges + 1) / 2 * BLOCKS).astype(int)
    latitude, longitude, block = [], [], []
    for first, last in pairwise(upto):
        count = last - first
        rise = (first + (np.arange(SIDE) + 0.5) / SIDE * count) * 2 / BLOCKS - 1
        across = (np.arange(count * SIDE) + 0.5) / (count * SIDE) * 360 - 180
        lat, lon = np.meshgrid(geodetic(rise), across, indexing="ij")
        which = np.broadcast_to(first + np.arange(count * SIDE) // SIDE, lat.shape)
        latitude.append(lat.ravel())
        longitude.append(lon.ravel())
        block.append(which.ravel())
    return np.concatenate(latitude), np.concatenate(longitude), np.concatenate(block)


def geodetic(share: Array) -> Array:
    """Geodetic latitude [degrees] below which the ellipsoid has (1 + share) / 2 of its surface.

    Source: the authalic latitude; Snyder, USGS Professional Paper 1395, eq. 3-11 and 3-12 (unread here).
    """
    phi = np.radians(np.linspace(-90, 90, 200_001))
    e = math.sqrt(0.0066943799901413165)  # WGS 84
    sine = np.sin(phi)
    q = (1 - e * e) * (sine / (1 - (e * sine) ** 2) + np.arctanh(e * sine) / e)
    return np.asarray(np.interp(share, q / q[-1], np.degrees(phi)))


def owned(polygons: list[list[Array]], latitude: Array, longitude: Array) -> NDArray[np.bool_]:
    """Which places lie in a country, by the even-odd rule ring by ring in plain degrees."""
    inside = np.zeros(latitude.shape, bool)
    for polygon in polygons:
        parity = np.zeros(latitude.shape, bool)
        for ring in polygon:
            (west, south), (east, north) = ring.min(axis=0), ring.max(axis=0)
            outline = Outline(ring)
            for turn in (-360.0, 0.0, 360.0):
                near = (latitude >= south) & (latitude <= north)
                near &= (longitude + turn >= west) & (longitude + turn <= east)
                rows = np.flatnonzero(near)
                if rows.size:
                    hit = outline.contains_points(np.stack([longitude[rows] + turn, latitude[rows]], axis=1))
                    parity[rows] ^= hit
        inside |= parity
    return inside


def true_area(polygons: list[list[Array]]) -> float:
    """Area [km2] of a country's polygons on the ellipsoid."""
    ellipsoid = Geod(ellps="WGS84")
    total = 0.0
    for polygon in polygons:
        parts = [abs(ellipsoid.polygon_area_perimeter(ring[:, 0], ring[:, 1])[0]) for ring in polygon]
        total += parts[0] - sum(parts[1:])
    return total / 1e6


def unit(latitude: Array, longitude: Array) -> Array:
    """Unit vectors (3, n) of places in degrees."""
    phi, lam = np.radians(latitude), np.radians(longitude)
    return np.stack([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)])


def cells(latitude: Array, longitude: Array, block: NDArray[np.intp], part: float) -> list[dict[str, Any]]:
    """The cells of one country from the middles of its parts, small pieces joined to their neighbours."""
    numbers, piece = np.unique(block, return_inverse=True)
    size = np.bincount(piece)
    large = np.flatnonzero(size >= SMALLEST * SIDE * SIDE)
    if not large.size:
        large = np.array([int(np.argmax(size))])
    points = unit(latitude, longitude)
    middle = np.stack([np.bincount(piece, weights=row) for row in points])
    middle = middle / np.linalg.norm(middle, axis=0)
    to = large[np.argmax(middle.T @ middle[:, large], axis=1)]
    to[large] = large
    area = np.bincount(to[piece], minlength=size.size) * part
    rows = []
    for index in large:
        own = np.flatnonzero(piece == index)
        best = own[int(np.argmax(middle[:, index] @ points[:, own]))]
        rows.append(
            {"block": int(numbers[index]), "lat": latitude[best], "lon": longitude[best], "area": area[index]}
        )
    return rows


def main(archive: str) -> None:
    """Write cells.csv and countries.csv."""
    with tarfile.open(archive) as package:
        topology = json.load(package.extractfile(MEMBER))  # type: ignore[arg-type]
    arcs = decoded_arcs(topology)
    latitude, longitude, block = blocks()
    surface = 4 * math.pi * 6371.0071809**2  # km2 of the WGS-84 ellipsoid, by its authalic radius
    part = surface / BLOCKS / SIDE**2
    found: dict[str, dict[str, Any]] = {}
    for shape in topology["objects"]["countries"]["geometries"]:
        printed = shape["properties"]["name"]
        if printed in LEFT_OUT:
            continue
        several = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
        polygons = [rings(polygon, arcs) for polygon in several]
        rows = np.flatnonzero(owned(polygons, latitude, longitude))
        if rows.size:
            own = cells(latitude[rows], longitude[rows], block[rows], part)
        else:  # smaller than a part: one cell at the middle of its largest polygon
            largest = max((polygon[0] for polygon in polygons), key=lambda ring: np.ptp(ring[:, 0]))
            lon, lat = largest.mean(axis=0)
            own = [{"block": -1, "lat": lat, "lon": (lon + 180) % 360 - 180, "area": true_area(polygons)}]
        area = true_area(polygons)
        found[printed] = {"code": shape.get("id") or "", "area": area, "cells": own}
    countries = sorted(found, key=lambda name: WHOLE_NAMES.get(name, name))
    with (OUTPUT / "countries.csv").open("w", encoding="utf-8", newline="") as out:
        table = csv.writer(out, lineterminator="\n")
        table.writerow(["country", "iso_numeric", "printed", "area_km2", "cells"])
        for printed in countries:
            entry = found[printed]
            name = WHOLE_NAMES.get(printed, printed)
            table.writerow([name, entry["code"], printed, f"{entry['area']:.0f}", len(entry["cells"])])
    every = [
        (row, WHOLE_NAMES.get(printed, printed)) for printed in countries for row in found[printed]["cells"]
    ]
    every.sort(key=lambda pair: (-pair[0]["lat"], pair[0]["lon"], pair[1]))
    with (OUTPUT / "cells.csv").open("w", encoding="utf-8", newline="") as out:
        table = csv.writer(out, lineterminator="\n")
        table.writerow(["id", "latitude_deg", "longitude_deg", "country", "area_km2"])
        for number, (row, country) in enumerate(every, 1):
            place = (f"{row['lat']:.1f}", f"{row['lon']:.1f}")
            table.writerow([f"c{number:04d}", *place, country, f"{row['area']:.0f}"])
    land = sum(entry["area"] for entry in found.values())
    print(f"{len(every)} cells, {surface / BLOCKS:.0f} km2 a block, {land:.0f} km2 of land")


if __name__ == "__main__":
    main(sys.argv[1])
