"""Lines and areas of equal value over cells of land: drawn in an azimuthal plane, put back on the globe.

In that plane neither the pole nor the meridian of 180 degrees is special. Rings are unit vectors (3, n) that
keep their inside to the left: outer rings anticlockwise seen from above, holes clockwise.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .azimuthal import Disc, unit_vectors

Array = NDArray[np.float64]
Polygon = tuple[Array, ...]

STEPS = 201
"""Points of the plane's grid along each side."""
_EARTH_KM = 6371.0


@dataclass(frozen=True, slots=True)
class Level:
    """Where a value is at least `level`: polygons (outer ring, then holes), and its line without seams.

    `meaning` says what that is; without one the value is a probability.
    """

    level: float
    polygons: tuple[Polygon, ...]
    lines: tuple[Array, ...]
    meaning: str = ""

    @property
    def told(self) -> str:
        """What the area is, in a few words."""
        return self.meaning or f"at least {self.level:.0%}"


def levels(
    disc: Disc,
    latitude: ArrayLike,
    longitude: ArrayLike,
    values: ArrayLike,
    at: Sequence[float],
    furthest_km: float = 300.0,
) -> tuple[Level, ...]:
    """Contours of values given at places (n,) [degrees], for each level, within a disc.

    Between places the value runs linearly; beyond `furthest_km` from every place there is none: areas end
    there, and lines break off. Places whose value is NaN are left out.
    """
    from contourpy import FillType, LineType, contour_generator

    given = np.asarray(values, float)
    known = np.isfinite(given)
    if known.sum() < 4:
        return tuple(Level(level, (), ()) for level in at)
    axis = np.linspace(-1.0, 1.0, STEPS)
    plane = np.stack(np.meshgrid(axis, axis))
    field = _field(disc, np.asarray(latitude)[known], np.asarray(longitude)[known], given[known], plane)
    field[_lonely(disc, plane, np.asarray(latitude)[known], np.asarray(longitude)[known], furthest_km)] = (
        np.nan
    )
    below = min(float(given[known].min()), *at) - 1.0
    filled = np.nan_to_num(field, nan=below)
    areas: Any = contour_generator(axis, axis, filled, fill_type=FillType.OuterOffset)
    shown = np.ma.masked_invalid(field)
    lines: Any = contour_generator(axis, axis, shown, line_type=LineType.Separate)
    found = []
    for level in at:
        points, offsets = areas.filled(level, np.inf)
        polygons = [
            turned([unproject(disc, ring.T) for ring in np.split(outline, offset[1:-1])])
            for outline, offset in zip(points, offsets, strict=True)
        ]
        pieces = [unproject(disc, piece.T) for piece in lines.lines(level)]
        found.append(Level(level, tuple(polygons), tuple(piece for piece in pieces if piece.shape[1] > 1)))
    return tuple(found)


def turned(rings: Sequence[Array]) -> Polygon:
    """A polygon's rings in order: the first anticlockwise seen from above, holes clockwise; each closed.

    Rings are vectors (3, n). A ring's turning is told by the area that it sweeps around its own middle, so
    each must lie within a hemisphere of that middle.
    """
    out = []
    for number, ring in enumerate(rings):
        closed = ring if np.allclose(ring[:, 0], ring[:, -1], atol=1e-12) else np.append(ring, ring[:, :1], 1)
        anticlockwise = _swept(closed) > 0.0
        out.append(closed if anticlockwise == (number == 0) else closed[:, ::-1])
    return tuple(out)


def unproject(disc: Disc, flat: Array) -> Array:
    """Unit vectors (3, ...) of flat coordinates (2, ...) of an equidistant disc."""
    away = np.hypot(flat[0], flat[1])
    angle = away * np.radians(disc.reach)
    share = np.divide(np.sin(angle), away, out=np.ones_like(away), where=away > 0)
    local = np.stack([flat[0] * share, flat[1] * share, np.cos(angle)])
    return np.asarray(np.tensordot(disc.frame.T, local, axes=1))


def regions(latitude: ArrayLike, longitude: ArrayLike) -> tuple[Array, ...]:
    """The part of the globe nearest to each place (n,) [degrees]: closed rings (3, m), inside to the left.

    Places must differ; there are at least four. Source: the spherical Voronoi diagram, computed by SciPy.
    """
    from scipy.spatial import SphericalVoronoi

    centres = unit_vectors(latitude, longitude)
    found: Any = SphericalVoronoi(centres.T, threshold=1e-9)
    found.sort_vertices_of_regions()
    out = []
    for region, centre in zip(found.regions, centres.T, strict=True):
        ring = found.vertices[[*region, region[0]]].T
        sweep = np.sum(np.cross(ring[:, :-1], ring[:, 1:], axis=0) * centre[:, None])
        out.append(ring if sweep > 0 else ring[:, ::-1])
    return tuple(out)


def _swept(ring: Array) -> float:
    """Twice the area that a closed ring sweeps anticlockwise, seen from above its middle."""
    middle = ring[:, :-1].mean(axis=1)
    return float(np.sum(np.cross(ring[:, :-1], ring[:, 1:], axis=0) * middle[:, None]))


def _field(disc: Disc, latitude: Array, longitude: Array, values: Array, plane: Array) -> Array:
    """Values on the plane's grid: linear between the places, that of the nearest beyond the last of them."""
    from scipy.interpolate import LinearNDInterpolator, NearestNDInterpolator

    local = disc.local(unit_vectors(latitude, longitude))
    across = np.hypot(local[0], local[1])
    angle = np.arctan2(across, local[2]) / np.radians(disc.reach)
    near = angle < 1.2
    share = np.divide(angle, across, out=np.zeros_like(across), where=across > 0)
    flat = np.stack([local[0] * share, local[1] * share], axis=1)[near]
    at = (plane[0], plane[1])
    field = np.asarray(LinearNDInterpolator(flat, values[near])(*at), float)
    gaps = np.isnan(field)
    field[gaps] = NearestNDInterpolator(flat, values[near])(*at)[gaps]
    return field


def _lonely(
    disc: Disc, plane: Array, latitude: Array, longitude: Array, furthest_km: float
) -> NDArray[np.bool_]:
    """Which grid points lie off the disc or further than that from every place."""
    from scipy.spatial import KDTree

    tree = KDTree(unit_vectors(latitude, longitude).T)
    chord, _ = tree.query(unproject(disc, plane).reshape(3, -1).T)
    apart = 2.0 * np.arcsin(np.clip(chord / 2.0, 0.0, 1.0)) * _EARTH_KM
    return np.asarray((apart.reshape(plane[0].shape) > furthest_km) | (np.hypot(*plane) > 1.0))
