"""Builds the shipped coastline: land polygons of the world, without borders.

    npm pack world-atlas@2.0.2
    python builders/land.py world-atlas-2.0.2.tgz

Reads the TopoJSON file of Natural Earth's land at 1:110 million and writes plain rings
of longitude and latitude, rounded to 0.01 degree (about 1 km).
"""

from __future__ import annotations

import json
import sys
import tarfile
from pathlib import Path
from typing import Any

OUTPUT = Path(__file__).resolve().parent.parent / "src" / "detente" / "data" / "land"
MEMBER = "package/land-110m.json"

Point = tuple[float, float]


def decoded_arcs(topology: dict[str, Any]) -> list[list[Point]]:
    """Arcs in degrees: undo the quantisation and the running differences of TopoJSON."""
    (scale_x, scale_y), (start_x, start_y) = (
        topology["transform"]["scale"],
        topology["transform"]["translate"],
    )
    arcs = []
    for steps in topology["arcs"]:
        x = y = 0
        arc = []
        for step_x, step_y in steps:
            x, y = x + step_x, y + step_y
            arc.append((x * scale_x + start_x, y * scale_y + start_y))
        arcs.append(arc)
    return arcs


def ring(indices: list[int], arcs: list[list[Point]]) -> list[Point]:
    """One closed ring, rounded, neighbouring equal points dropped. A negative index is an arc reversed."""
    points: list[Point] = []
    for index in indices:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        points.extend(arc if not points else arc[1:])
    rounded = [(round(x, 2), round(y, 2)) for x, y in points]
    kept = [here for before, here in zip([None, *rounded], rounded, strict=False) if here != before]
    if kept[0] != kept[-1]:
        raise ValueError("a ring does not close")
    return kept


def main(archive: str) -> None:
    """Write land-110m.json: polygons, each a list of rings, the first its shore, others inland seas."""
    with tarfile.open(archive) as package:
        topology = json.load(package.extractfile(MEMBER))  # type: ignore[arg-type]
    arcs = decoded_arcs(topology)
    polygons = [
        [ring(indices, arcs) for indices in polygon]
        for shape in topology["objects"]["land"]["geometries"]
        for polygon in shape["arcs"]
    ]
    polygons = [[points for points in rings if len(points) >= 4] for rings in polygons]
    land = {
        "schema": "detente/land/1",
        "source": "Natural Earth, land, 1:110 million, version 4.1.0 (public domain)",
        "axes": ["longitude_deg", "latitude_deg"],
        "polygons": polygons,
    }
    text = (
        json.dumps(land, separators=(",", ":"))
        .replace('"polygons":[', '"polygons":[\n')
        .replace("]]],[[[", "]]],\n[[[")
    )
    (OUTPUT / "land-110m.json").write_text(text + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(sys.argv[1])
