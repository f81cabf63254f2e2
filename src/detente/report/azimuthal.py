"""The globe on a flat disc: azimuthal maps, cut exactly at their edge, right over the pole and 180 degrees.

Everything is worked out on the sphere with unit vectors, (3, ...) on the first axis, so neither the
pole nor the antimeridian is special. Latitudes and longitudes are degrees, north and east positive.
A map is a disc of radius 1 in flat coordinates (2, ...), x to the right and y up. Rings keep their
inside to the left; `oriented` brings foreign rings into that order.

Source: Snyder, Map Projections: A Working Manual, USGS Professional Paper 1395 (1987), for the two laws
of radius (unread here: both follow from the definitions); the cutting is our own, see docs/models/maps.md.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

STEP_DEGREES = 1.0
"""Great-circle edges are filled in to this length before they are projected."""


def unit_vectors(latitude: ArrayLike, longitude: ArrayLike) -> Array:
    """Unit vectors (3, ...) of places in degrees, shapes broadcast."""
    phi, lam = np.broadcast_arrays(np.radians(latitude), np.radians(longitude))
    return np.asarray(np.stack([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)]))


def places(vectors: Array) -> Array:
    """Latitudes and longitudes [degrees], (2, ...), of vectors (3, ...)."""
    flat = np.hypot(vectors[0], vectors[1])
    pair = np.stack([np.arctan2(vectors[2], flat), np.arctan2(vectors[1], vectors[0])])
    return np.asarray(np.degrees(pair))


def filled(vectors: Array, step: float = STEP_DEGREES) -> Array:
    """The great-circle line through vectors (3, n), with points added so that no edge exceeds `step` degrees.

    Repeated points are dropped. Edges of exactly 180 degrees have no direction and are refused.
    """
    apart = np.linalg.norm(np.diff(vectors, axis=1), axis=0) > 1e-12
    line: Array = vectors[:, np.concatenate([[True], apart])]
    start, end = line[:, :-1], line[:, 1:]
    angle = _angle(start, end)
    if np.any(angle > math.pi - 1e-9):
        raise ValueError("an edge joins two opposite points of the sphere: its course is not defined")
    counts = np.maximum(np.ceil(np.degrees(angle) / step - 1e-9), 1).astype(int)
    edge = np.repeat(np.arange(counts.size), counts)
    share = (np.arange(edge.size) - np.repeat(np.cumsum(counts) - counts, counts)) / counts[edge]
    whole = angle[edge]
    points = np.sin((1 - share) * whole) * start[:, edge] + np.sin(share * whole) * end[:, edge]
    points = points / np.sin(whole)
    return np.concatenate([points, line[:, -1:]], axis=1)


def left_area(ring: Array) -> float:
    """Area [steradian, 0 to 4 pi] to the left of a closed ring of vectors (3, n), from its turning."""
    points = _closed(ring)
    normal = np.cross(points[:, :-1], points[:, 1:], axis=0)
    normal = normal / np.linalg.norm(normal, axis=0)
    before, after, corner = normal, np.roll(normal, -1, axis=1), points[:, 1:]
    sine = np.sum(corner * np.cross(before, after, axis=0), axis=0)
    turning = np.arctan2(sine, np.sum(before * after, axis=0))
    return float((2 * math.pi - turning.sum()) % (4 * math.pi))


def oriented(rings: Sequence[Array]) -> tuple[Array, ...]:
    """A polygon's rings (2, n) of latitude and longitude as vectors with the inside to the left.

    The first ring is the outer one and encloses less than a hemisphere; the others are holes. Seams that
    flat data put at the poles are removed.
    """
    out: list[Array] = []
    for number, ring in enumerate(rings):
        kept = ring[:, np.abs(ring[0]) < 89.999]
        if kept.shape[1] < 3:
            continue
        vectors = _closed(unit_vectors(kept[0], kept[1]))[:, :-1]
        if vectors.shape[1] < 3:
            continue
        small_side_left = left_area(vectors) < 2 * math.pi
        out.append(vectors if small_side_left == (number == 0) else vectors[:, ::-1])
    return tuple(out)


def is_inside(rings: Sequence[Array], point: Array) -> bool:
    """Whether a vector (3,) lies inside a polygon: on the left of the nearest piece of its boundary."""
    nearest, verdict = math.inf, False
    for ring in rings:
        points = _closed(ring)
        start, end = points[:, :-1], points[:, 1:]
        normal = np.cross(start, end, axis=0)
        normal = normal / np.linalg.norm(normal, axis=0)
        height = point @ normal
        beside = (np.sum(np.cross(normal, start, axis=0) * point[:, None], axis=0) >= 0) & (
            np.sum(np.cross(normal, end, axis=0) * point[:, None], axis=0) <= 0
        )
        to_edge = np.where(beside, np.arcsin(np.clip(np.abs(height), 0, 1)), math.inf)
        to_corner = _angle(start, np.broadcast_to(point[:, None], start.shape))
        edge, corner = int(np.argmin(to_edge)), int(np.argmin(to_corner))
        distance = min(float(to_edge[edge]), float(to_corner[corner]))
        if distance < nearest:
            nearest = distance
            at_edge = to_edge[edge] <= to_corner[corner]
            verdict = bool((height[edge] if at_edge else height[corner] + height[corner - 1]) > 0)
    return verdict


@dataclass(frozen=True, slots=True)
class Disc(ABC):
    """An azimuthal map: its centre and how far it reaches from there [degrees]. Use one of the two below."""

    latitude: float
    longitude: float
    reach: float
    frame: Array = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not 0 < self.reach <= self.furthest():
            raise ValueError(f"reach {self.reach:g} is outside 0 to {self.furthest():g} degrees")
        phi, lam = math.radians(self.latitude), math.radians(self.longitude)
        east = (-math.sin(lam), math.cos(lam), 0.0)
        north = (-math.sin(phi) * math.cos(lam), -math.sin(phi) * math.sin(lam), math.cos(phi))
        out = (math.cos(phi) * math.cos(lam), math.cos(phi) * math.sin(lam), math.sin(phi))
        object.__setattr__(self, "frame", np.array([east, north, out]))

    @staticmethod
    @abstractmethod
    def furthest() -> float:
        """The largest reach [degrees] that the projection can show."""

    @staticmethod
    @abstractmethod
    def radius(angle: Array) -> Array:
        """Flat radius, before scaling, at an angle [rad] from the centre."""

    @property
    def floor(self) -> float:
        """A local vector is on the map where its third component is at least this."""
        return math.cos(math.radians(self.reach))

    def local(self, vectors: Array) -> Array:
        """Vectors (3, ...) in the map's own frame: right, up, out of the paper at the centre."""
        return np.asarray(np.tensordot(self.frame, vectors, axes=1))

    def flat(self, local: Array) -> Array:
        """Flat coordinates (2, ...) of local vectors; the edge of the map is the unit circle."""
        across = np.hypot(local[0], local[1])
        scale = float(self.radius(np.array(math.radians(self.reach))))
        growth = self.radius(np.arctan2(across, local[2])) / scale
        share = np.divide(growth, across, out=np.zeros_like(across), where=across > 0)
        return np.stack([local[0] * share, local[1] * share])

    def project(self, latitude: ArrayLike, longitude: ArrayLike) -> Array:
        """Flat coordinates (2, ...) of places in degrees; NaN beyond the edge of the map."""
        local = self.local(unit_vectors(latitude, longitude))
        return np.where(local[2] >= self.floor - 1e-12, self.flat(local), np.nan)

    def line(self, latitude: ArrayLike, longitude: ArrayLike) -> list[Array]:
        """The pieces (2, n) of a great-circle line through places that lie on the map."""
        points = filled(self.local(unit_vectors(latitude, longitude)))
        return [self.flat(chain) for chain in _chains(points, self.floor)]

    def polygon(self, rings: Sequence[Array]) -> list[Array]:
        """The closed rings (2, n) of a polygon, cut at the edge of the map with arcs of the edge put in.

        `rings` are vectors (3, n) with the inside to the left (see `oriented`).
        """
        local = [filled(_closed(self.local(ring))) for ring in rings]
        return [self.flat(ring) for ring in _cut(local, self.floor)]

    def edge(self) -> Array:
        """The edge of the map as a closed ring (2, n)."""
        return self.flat(_edge_arc(0.0, 2 * math.pi, self.floor))

    def graticule(
        self, parallels: Sequence[float], meridians: Sequence[float], top: float = 80.0
    ) -> list[Array]:
        """Parallels and meridians [degrees] as flat pieces; meridians stop `top` degrees from the equator."""
        pieces: list[Array] = []
        around, along = np.arange(0.0, 360.5, 1.0), np.arange(-top, top + 0.5, 1.0)
        for parallel in parallels:
            points = self.local(unit_vectors(np.full(around.shape, parallel), around))
            pieces += [self.flat(chain) for chain in _chains(points, self.floor)]
        for meridian in meridians:
            points = self.local(unit_vectors(along, np.full(along.shape, meridian)))
            pieces += [self.flat(chain) for chain in _chains(points, self.floor)]
        return pieces


class Orthographic(Disc):
    """The globe seen from far away; at most a hemisphere."""

    __slots__ = ()

    @staticmethod
    def furthest() -> float:
        return 90.0

    @staticmethod
    def radius(angle: Array) -> Array:
        return np.sin(angle)


class Equidistant(Disc):
    """Distances and bearings from the centre are true; up to the whole sphere but one point."""

    __slots__ = ()

    @staticmethod
    def furthest() -> float:
        return 179.0

    @staticmethod
    def radius(angle: Array) -> Array:
        return np.asarray(angle, float)


def smallest_cap(latitude: ArrayLike, longitude: ArrayLike) -> tuple[float, float, float]:
    """Centre and radius [degrees] of the smallest circle on the sphere around all places (n,).

    Valid where the places fit in a hemisphere. Found by moving towards the furthest place in
    shrinking steps (Badoiu and Clarkson's scheme); within 0.05 degree.
    """
    points = unit_vectors(latitude, longitude)
    centre = points.mean(axis=1)
    centre = centre / np.linalg.norm(centre)
    for turn in range(1, 4000):
        furthest = points[:, int(np.argmin(centre @ points))]
        centre = centre + (furthest - centre) / (turn + 1)
        centre = centre / np.linalg.norm(centre)
    phi, lam = (float(value) for value in places(centre))
    return phi, lam, float(np.degrees(_angle(centre[:, None], points).max()))


def _angle(start: Array, end: Array) -> Array:
    """Angle [rad] between unit vectors, right for small and large angles alike."""
    return np.asarray(
        2 * np.arctan2(np.linalg.norm(start - end, axis=0), np.linalg.norm(start + end, axis=0))
    )


def _closed(ring: Array) -> Array:
    """A ring with its first point once more at the end and no point twice in a row."""
    closed = np.concatenate([ring, ring[:, :1]], axis=1)
    keep = np.concatenate([[True], np.linalg.norm(np.diff(closed, axis=1), axis=0) > 1e-12])
    return np.asarray(closed[:, keep])


def _crossings(points: Array, floor: float) -> list[tuple[int, Array]]:
    """Where a line of short edges crosses the edge of the map: (edge number, vector), in order."""
    inside = points[2] >= floor
    start, end = points[:, :-1], points[:, 1:]
    angle = _angle(start, end)
    rise = (end[2] - start[2] * np.cos(angle)) / np.sin(angle)
    height, phase = np.hypot(start[2], rise), np.arctan2(rise, start[2])
    half = np.arccos(np.clip(floor / np.maximum(height, 1e-300), -1, 1))
    changes = inside[:-1] != inside[1:]
    grazes = ~inside[:-1] & ~inside[1:] & (height > floor) & (phase - half > 0) & (phase + half < angle)
    found: list[tuple[int, Array]] = []
    for index in np.flatnonzero(changes | grazes):
        leaving = bool(inside[index])
        roots = [phase[index] - half[index], phase[index] + half[index]]
        if not grazes[index]:
            roots = [roots[1] if leaving else roots[0]]
        for root in roots:
            along = float(np.clip(root, 0.0, angle[index]))
            vector = np.sin(angle[index] - along) * start[:, index] + np.sin(along) * end[:, index]
            found.append((int(index), vector / np.linalg.norm(vector)))
    return found


def _chains(points: Array, floor: float) -> list[Array]:
    """The parts (3, n) of a line that lie on the map, ends exactly on the edge where it was cut."""
    chains: list[Array] = []
    inside = bool(points[2, 0] >= floor)
    head: list[Array] = []
    begin = 0
    for edge, vector in _crossings(points, floor):
        if inside:
            chains.append(np.concatenate([*head, points[:, begin : edge + 1], vector[:, None]], axis=1))
        else:
            head, begin = [vector[:, None]], edge + 1
        inside = not inside
    if inside:
        chains.append(np.concatenate([*head, points[:, begin:]], axis=1))
    return [chain for chain in chains if chain.shape[1] > 1]


def _edge_arc(begin: float, turn: float, floor: float) -> Array:
    """Points (3, n) along the edge of the map from a bearing [rad], anticlockwise through `turn`."""
    bearing = begin + np.linspace(0.0, turn, max(2, math.ceil(math.degrees(turn) / STEP_DEGREES) + 1))
    across = math.sqrt(max(0.0, 1 - floor * floor))
    return np.stack([across * np.cos(bearing), across * np.sin(bearing), np.full(bearing.shape, floor)])


def _cut(rings: Sequence[Array], floor: float) -> list[Array]:
    """Closed local rings cut at the edge of the map.

    Each part inside runs from an entry to an exit. With the inside on the left, the polygon's outline goes
    on from an exit anticlockwise along the edge of the map to the next entry, whichever ring that is on.
    """
    whole: list[Array] = []
    parts: list[Array] = []
    for ring in rings:
        outside = np.flatnonzero(ring[2] < floor)
        if outside.size == 0:
            whole.append(ring)
            continue
        turned = np.concatenate([ring[:, outside[0] : -1], ring[:, : outside[0] + 1]], axis=1)
        parts += _chains(turned, floor)
    if not parts:
        around = np.array([math.sqrt(max(0.0, 1 - floor * floor)), 0.0, floor])
        if is_inside(rings, around):
            whole.append(_edge_arc(0.0, 2 * math.pi, floor))
        return whole
    entries = np.array([math.atan2(part[1, 0], part[0, 0]) for part in parts])
    exits = np.array([math.atan2(part[1, -1], part[0, -1]) for part in parts])
    free = set(range(len(parts)))
    while free:
        first = current = min(free)
        outline: list[Array] = []
        while True:
            free.discard(current)
            turns = (entries - exits[current]) % (2 * math.pi)
            following = int(np.argmin(turns))
            outline += [parts[current], _edge_arc(float(exits[current]), float(turns[following]), floor)]
            current = following
            if current not in free:
                break
        whole.append(np.concatenate([*outline, parts[first][:, :1]], axis=1))
    return whole
