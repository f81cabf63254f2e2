"""What a study found, as files for other programs: GeoJSON, KML, CZML, NetCDF and CSV.

Every file carries the caveat "upper bound", the units of its columns and the digest of what went in. Areas
that cross the meridian of 180 degrees are cut there, and their rings turn as RFC 7946 asks.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import numpy as np
from numpy.typing import NDArray

from detente.records.outcome import Outcome

from .azimuthal import Orthographic, filled, places
from .coverage_rings import Level, Polygon

Array = NDArray[np.float64]
Rings = list[list[list[float]]]

_AT_EDGE = 1e-6
_NAMES = {"latitude_deg": "latitude", "longitude_deg": "longitude"}
_CF_UNITS = {
    "km/s": "km s-1", "km2": "km2", "deg": "degree", "km": "km", "s": "s", "1": "1", "%": "percent", "": "",
}  # fmt: skip
_PAGES = {"watch": "sensing", "engage": "engagement", "cover": "coverage"}
_NO_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Course:
    """A flight over the ground: degrees, altitudes [km] and times [s] from its launch, all (points,)."""

    name: str
    latitude: Sequence[float]
    longitude: Sequence[float]
    altitude_km: Sequence[float]
    time_s: Sequence[float]


@dataclass(frozen=True, slots=True)
class Mark:
    """A place that is no row: a launch area, an interceptor site, a radar; in degrees."""

    name: str
    kind: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Layer:
    """What a geographic file holds: rows that have a place, areas where a value is met, flights, marks."""

    title: str
    rows: Outcome
    areas: tuple[Level, ...] = ()
    courses: tuple[Course, ...] = ()
    marks: tuple[Mark, ...] = ()

    @property
    def about(self) -> dict[str, Any]:
        """Caveat, origin, and the units of the columns, for every file alike."""
        return {
            "title": self.title,
            "caveat": self.rows.caveat,
            "case": self.rows.case,
            "study": self.rows.study,
            "position": self.rows.position,
            "digest": self.rows.digest,
            "units": {column.name: column.unit for column in self.rows.columns},
            "meanings": {column.name: column.meaning for column in self.rows.columns},
        }


def geojson(layer: Layer) -> str:
    """The layer as GeoJSON (RFC 7946): points, areas cut at 180 degrees, lines. Same input, same text."""
    features = [
        _feature({"type": "Point", "coordinates": _place(row)}, _properties(row)) for row in layer.rows.rows
    ]
    for level in layer.areas:
        polygons = [rings for polygon in level.polygons for rings in cut_at_antimeridian(polygon)]
        told = {"level": level.level, "meaning": level.told, "caveat": layer.rows.caveat}
        features.append(_feature({"type": "MultiPolygon", "coordinates": polygons}, told))
    for course in layer.courses:
        lines = [[[x, y] for x, y in piece] for piece in _cut_line(course)]
        told = {"name": course.name, "caveat": layer.rows.caveat}
        features.append(_feature({"type": "MultiLineString", "coordinates": lines}, told))
    for mark in layer.marks:
        point = {"type": "Point", "coordinates": [mark.longitude, mark.latitude]}
        features.append(_feature(point, {"name": mark.name, "kind": mark.kind}))
    body = {"type": "FeatureCollection", "about": layer.about, "features": features}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")) + "\n"


def kml(layer: Layer) -> str:
    """The layer as KML 2.2 for globe viewers; areas cut at 180 degrees, rows with their data."""
    units = {column.name: column.unit for column in layer.rows.columns}
    parts = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<kml xmlns="http://www.opengis.net/kml/2.2"><Document>',
        f"<name>{escape(layer.title)}</name><description>{escape(layer.rows.caveat)}</description>",
    ]
    for level in layer.areas:
        shapes = "".join(
            _kml_polygon(rings) for polygon in level.polygons for rings in cut_at_antimeridian(polygon)
        )
        parts.append(
            f"<Placemark><name>{escape(level.told)}</name><description>{escape(layer.rows.caveat)}"
            f"</description><MultiGeometry>{shapes}</MultiGeometry></Placemark>"
        )
    parts += [_kml_row(row, units) for row in layer.rows.rows]
    for course in layer.courses:
        fixes = " ".join(
            f"{x:g},{y:g},{1e3 * z:.0f}"
            for x, y, z in zip(course.longitude, course.latitude, course.altitude_km, strict=True)
        )
        parts.append(
            f"<Placemark><name>{escape(course.name)}</name><LineString><altitudeMode>absolute</altitudeMode>"
            f"<coordinates>{fixes}</coordinates></LineString></Placemark>"
        )
    parts += [
        f"<Placemark><name>{escape(mark.name)}</name><description>{escape(mark.kind)}</description>"
        f"<Point><coordinates>{mark.longitude:g},{mark.latitude:g}</coordinates></Point></Placemark>"
        for mark in layer.marks
    ]
    return "\n".join([*parts, "</Document></kml>", ""])


def czml(layer: Layer, epoch: datetime = _NO_EPOCH, hours: float = 1.0) -> str:
    """The layer as CZML 1.0: flights from their launch at an epoch to their end, the rest for some hours.

    The epoch is a label of the time axis, not a date of anything. Raises ValueError if it has no time zone.
    """
    if epoch.tzinfo is None:
        raise ValueError("the epoch needs a time zone: give one in UTC")
    longest = max([3600.0 * hours, *(max(course.time_s) for course in layer.courses)])
    whole = _interval(epoch, 0.0, longest)
    packets: list[dict[str, Any]] = [
        {
            "id": "document", "name": layer.title, "version": "1.0",
            "description": layer.rows.caveat,
            "clock": {"interval": whole, "currentTime": _stamp(epoch, 0.0), "multiplier": 10},
        }
    ]  # fmt: skip
    for level in layer.areas:
        pieces = [rings for polygon in level.polygons for rings in cut_at_antimeridian(polygon)]
        packets += [
            _czml_polygon(f"area-{level.level:g}-{number}", level, rings, whole, layer.rows.caveat)
            for number, rings in enumerate(pieces, 1)
        ]
    for number, row in enumerate(layer.rows.rows, 1):
        longitude, latitude = _place(row)
        packets.append(
            {
                "id": str(row.get("cell", f"row-{number}")), "availability": whole,
                "position": {"cartographicDegrees": [longitude, latitude, 0.0]},
                "point": {"pixelSize": 4}, "properties": _properties(row),
            }
        )  # fmt: skip
    for number, mark in enumerate(layer.marks, 1):
        packets.append(
            {
                "id": f"mark-{number}", "name": mark.name, "description": mark.kind, "availability": whole,
                "position": {"cartographicDegrees": [mark.longitude, mark.latitude, 0.0]},
                "point": {"pixelSize": 8}, "label": {"text": mark.name},
            }
        )  # fmt: skip
    for number, course in enumerate(layer.courses, 1):
        fixes: list[float] = []
        for each in zip(course.time_s, course.longitude, course.latitude, course.altitude_km, strict=True):
            fixes += [float(each[0]), float(each[1]), float(each[2]), 1e3 * float(each[3])]
        packets.append(
            {
                "id": f"flight-{number}", "name": course.name, "description": layer.rows.caveat,
                "availability": _interval(epoch, course.time_s[0], course.time_s[-1]),
                "position": {"epoch": _stamp(epoch, 0.0), "cartographicDegrees": fixes},
                "point": {"pixelSize": 6}, "path": {"width": 2},
            }
        )  # fmt: skip
    return json.dumps(packets, ensure_ascii=False, separators=(",", ":")) + "\n"


def csv_text(outcome: Outcome) -> str:
    """The rows as CSV; lines that begin with # tell caveat, origin, units. A null is an empty field."""
    import csv
    import io

    out = io.StringIO()
    out.write(f"# {outcome.caveat}\n")
    out.write(f"# {outcome.study}, case {outcome.case}, position {outcome.position}, {outcome.digest}\n")
    for column in outcome.columns:
        unit = f" [{column.unit}]" if column.unit else ""
        out.write(f"# {column.name}{unit}: {column.meaning}\n")
    writer = csv.DictWriter(out, [column.name for column in outcome.columns], lineterminator="\n")
    writer.writeheader()
    writer.writerows(outcome.rows)
    return out.getvalue()


def dataset(outcome: Outcome) -> Any:
    """The rows as an `xarray.Dataset` along `row`, with units and names after the CF conventions."""
    import xarray as xr

    found = xr.Dataset(attrs=_attributes(outcome))
    for column in outcome.columns:
        values = [row[column.name] for row in outcome.rows]
        known = [value for value in values if value is not None]
        if any(isinstance(value, str) for value in known):
            data: Any = np.array(["" if value is None else value for value in values], dtype=object)
        elif known and all(isinstance(value, int) for value in known) and len(known) == len(values):
            data = np.array(values, dtype=np.int32)
        else:
            data = np.array([np.nan if value is None else value for value in values], dtype=float)
        name = _NAMES.get(column.name, column.name)
        attributes = {"long_name": column.meaning}
        if column.unit:
            attributes["units"] = _CF_UNITS.get(column.unit, column.unit)
        if name == "latitude":
            attributes |= {"standard_name": "latitude", "units": "degrees_north"}
        if name == "longitude":
            attributes |= {"standard_name": "longitude", "units": "degrees_east"}
        if column.name == "area_km2":
            attributes["standard_name"] = "cell_area"
        found[name] = ("row", data, attributes)
    return found.set_coords([name for name in ("latitude", "longitude") if name in found])


def write_netcdf(outcome: Outcome, path: Path) -> Path:
    """Write the rows as a NetCDF file (classic, 64-bit offsets), and return its path."""
    dataset(outcome).to_netcdf(path, engine="scipy", format="NETCDF3_64BIT")
    return path


def cut_at_antimeridian(polygon: Polygon) -> list[Rings]:
    """A polygon of vectors (inside to the left) as polygons of longitude and latitude [degrees].

    One that crosses 180 degrees or holds a pole is cut into its eastern and western half, with the pole's
    edge put in; another stays whole. Outer rings anticlockwise, holes clockwise, all closed (RFC 7946).
    """
    rings = [filled(ring) for ring in polygon]
    flat = [np.round(_degrees(ring), 6) for ring in rings]
    if not any(np.abs(np.diff(ring[0])).max() > 180.0 for ring in flat):
        return _sorted(flat)
    pieces: list[Array] = []
    for middle in (-90.0, 90.0):
        half = Orthographic(0.0, middle, 90.0)
        pieces += [_unfolded(half, ring, middle) for ring in half.polygon([ring[:, :-1] for ring in rings])]
    return _sorted(pieces)


def turning(ring: Array) -> float:
    """Area [square degrees] of a closed ring (2, n), positive where it runs anticlockwise."""
    x, y = ring
    return float(0.5 * np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]))


def _sorted(rings: Sequence[Array]) -> list[Rings]:
    """Closed rings put together to polygons: each hole behind the outer ring that it lies in."""
    from matplotlib.path import Path as Outline

    outer = [ring for ring in rings if turning(ring) > 1e-6]
    holes = [ring for ring in rings if turning(ring) < -1e-6]
    found = [[ring] for ring in outer]
    for hole in holes:
        inside = [n for n, ring in enumerate(outer) if Outline(ring.T).contains_points(hole.T).mean() > 0.5]
        if inside:
            found[min(inside, key=lambda n: turning(outer[n]))].append(hole)
    return [[_listed(ring) for ring in polygon] for polygon in found]


def _listed(ring: Array) -> list[list[float]]:
    """Points to 0.001 degree, none twice in a row, closed."""
    points = np.round(ring.T, 3) + 0.0
    keep = np.concatenate([[True], np.any(np.diff(points, axis=0) != 0, axis=1)])
    kept: list[list[float]] = points[keep].tolist()
    return kept if kept[0] == kept[-1] else [*kept, kept[0]]


def _degrees(vectors: Array) -> Array:
    """Longitude and latitude (2, n)."""
    latitude, longitude = places(vectors)
    return np.stack([longitude, latitude])


def _unfolded(half: Orthographic, ring: Array, middle: float) -> Array:
    """A ring of a half globe in longitude and latitude, with the pole as an edge where it runs over it."""
    depth = np.sqrt(np.maximum(0.0, 1.0 - ring[0] ** 2 - ring[1] ** 2))
    longitude, latitude = _degrees(np.tensordot(half.frame.T, np.stack([*ring, depth]), axes=1))
    near, far = (0.0, 180.0) if middle > 0 else (-180.0, 0.0)
    beyond = (longitude - middle + 180.0) % 360.0 - 180.0  # from the middle of the half
    edge = depth < _AT_EDGE
    longitude = np.clip(middle + beyond, near, far)
    longitude = np.where(edge, np.where(beyond < 0.0, near, far), longitude)
    points: list[tuple[float, float]] = []
    for x, y in zip(longitude, latitude, strict=True):
        if points and abs(x - points[-1][0]) > 179.0:
            pole = 90.0 if y > 0 else -90.0
            points += [(points[-1][0], pole), (float(x), pole)]
        points.append((float(x), float(y)))
    return np.array([*points, points[0]]).T


def _cut_line(course: Course) -> Iterator[Array]:
    """A course in pieces (n, 2) that each stay on one side of 180 degrees, cut points on the meridian."""
    x, y = np.asarray(course.longitude, float), np.asarray(course.latitude, float)
    piece = [(float(x[0]), float(y[0]))]
    for before, after, low, high in zip(x[:-1], x[1:], y[:-1], y[1:], strict=True):
        if abs(after - before) > 180.0:
            side = 180.0 if before > 0 else -180.0
            span = (after - before + 180.0) % 360.0 - 180.0
            share = 0.5 if span == 0 else (side - before) / span
            middle = float(low + share * (high - low))
            yield np.array([*piece, (side, middle)])
            piece = [(-side, middle)]
        piece.append((float(after), float(high)))
    yield np.array(piece)


def _feature(geometry: dict[str, Any], properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _properties(row: dict[str, Any]) -> dict[str, Any]:
    """The row without its place; numbers to six digits."""
    return {
        name: float(f"{value:.6g}") if isinstance(value, float) else value
        for name, value in row.items()
        if name not in _NAMES
    }


def _place(row: dict[str, Any]) -> list[float]:
    return [float(row["longitude_deg"]), float(row["latitude_deg"])]


def _kml_polygon(rings: Rings) -> str:
    texts = [" ".join(f"{x:g},{y:g}" for x, y in ring) for ring in rings]
    shell = f"<LinearRing><coordinates>{texts[0]}</coordinates></LinearRing>"
    holes = "".join(
        f"<innerBoundaryIs><LinearRing><coordinates>{text}</coordinates></LinearRing></innerBoundaryIs>"
        for text in texts[1:]
    )
    return f"<Polygon><outerBoundaryIs>{shell}</outerBoundaryIs>{holes}</Polygon>"


def _kml_row(row: dict[str, Any], units: dict[str, str]) -> str:
    longitude, latitude = _place(row)
    data = "".join(
        f'<Data name="{escape(name)}"><displayName>{escape(name)} {escape(units.get(name, ""))}</displayName>'
        f"<value>{escape('' if value is None else str(value))}</value></Data>"
        for name, value in _properties(row).items()
    )
    return (
        f"<Placemark><name>{escape(str(row.get('cell', row.get('name', ''))))}</name>"
        f"<ExtendedData>{data}</ExtendedData><Point><coordinates>{longitude:g},{latitude:g}</coordinates>"
        f"</Point></Placemark>"
    )


def _czml_polygon(key: str, level: Level, rings: Rings, when: str, caveat: str) -> dict[str, Any]:
    degrees = [[value for x, y in ring[:-1] for value in (x, y, 0.0)] for ring in rings]
    shape: dict[str, Any] = {"positions": {"cartographicDegrees": degrees[0]}, "arcType": "RHUMB"}
    if degrees[1:]:
        shape["holes"] = {"cartographicDegrees": degrees[1:]}
    shape["material"] = {"solidColor": {"color": {"rgba": [42, 140, 130, 90]}}}
    return {"id": key, "name": level.told, "description": caveat, "availability": when, "polygon": shape}


def _interval(epoch: datetime, begin: float, end: float) -> str:
    return f"{_stamp(epoch, begin)}/{_stamp(epoch, end)}"


def _stamp(epoch: datetime, seconds: float) -> str:
    moment = (epoch + timedelta(seconds=float(seconds))).astimezone(UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _attributes(outcome: Outcome) -> dict[str, str]:
    return {
        "Conventions": "CF-1.11",
        "title": f"{outcome.study}: {outcome.case}, {outcome.position}",
        "source": "kinematic model",
        "comment": outcome.caveat,
        "digest": outcome.digest,
        "references": f"docs/models/{_PAGES.get(outcome.study, outcome.study)}.md",
    }
