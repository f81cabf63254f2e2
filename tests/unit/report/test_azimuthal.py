"""Maps on a disc: cutting at the edge is exact, over the pole and 180 degrees, for rings of every kind."""

import json
from pathlib import Path as FilePath

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.path import Path

from detente.report.azimuthal import (
    Array,
    Disc,
    Equidistant,
    Orthographic,
    filled,
    is_inside,
    left_area,
    oriented,
    places,
    smallest_cap,
    unit_vectors,
)

LAND = FilePath(__file__).parents[3] / "src/detente/data/land/land-110m.json"

DISCS = [
    Equidistant(90.0, 0.0, 56.0),
    Equidistant(90.0, -100.0, 90.0),
    Equidistant(62.0, -10.0, 50.0),
    Equidistant(20.0, 175.0, 120.0),
    Orthographic(90.0, 30.0, 90.0),
    Orthographic(45.0, 179.0, 60.0),
]


def ring(*points: tuple[float, float]) -> Array:
    return np.array(points, float).T


def circle(latitude: float, longitude: float, radius: float, corners: int = 72) -> Array:
    """A small circle as a ring of places, by turning a vector about another."""
    axis = unit_vectors(np.array(latitude), np.array(longitude))
    side = np.cross(axis, [0.3, -0.5, 0.81])
    side /= np.linalg.norm(side)
    up = np.cross(axis, side)
    turn = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    vectors = np.cos(np.radians(radius)) * axis[:, None] + np.sin(np.radians(radius)) * (
        side[:, None] * np.cos(turn) + up[:, None] * np.sin(turn)
    )
    return places(vectors)


def covered(disc: Disc, polygon: list[Array], points: Array) -> Array:
    """Even-odd test in the flat map, by matplotlib's own code."""
    hits = [Path(piece.T).contains_points(points.T) for piece in polygon]
    return np.asarray(np.sum(hits, axis=0) % 2 == 1) if hits else np.zeros(points.shape[1], bool)


def scattered(disc: Disc, count: int = 4000) -> tuple[Array, Array]:
    """Places spread evenly over the sphere that lie on the map, and where they lie."""
    index = np.arange(count) + 0.5
    latitude = np.degrees(np.arcsin(1 - 2 * index / count))
    longitude = (np.degrees(np.pi * (1 + 5**0.5) * index) + 180) % 360 - 180
    flat = disc.project(latitude, longitude)
    on = ~np.isnan(flat[0]) & (np.hypot(flat[0], flat[1]) < 0.995)
    return np.stack([latitude, longitude])[:, on], flat[:, on]


def test_centre_edge_and_directions() -> None:
    disc = Equidistant(90.0, -20.0, 60.0)
    assert disc.project(90.0, 123.0) == pytest.approx([0, 0], abs=1e-12)
    assert disc.project(30.0, -20.0) == pytest.approx([0, -1])  # the centre's meridian points down
    assert disc.project(30.0, 70.0) == pytest.approx([1, 0])  # east of it is to the right
    assert disc.project(60.0, 160.0) == pytest.approx([0, 0.5])  # half the angle, half the radius
    assert np.isnan(disc.project(29.9, 0.0)).all()
    globe = Orthographic(0.0, 10.0, 90.0)
    assert globe.project(0.0, 40.0) == pytest.approx([0.5, 0])
    assert globe.project(30.0, 10.0) == pytest.approx([0, 0.5])


@pytest.mark.parametrize(("kind", "reach"), [(Orthographic, 91.0), (Equidistant, 180.0), (Equidistant, 0.0)])
def test_reach_out_of_bounds_is_refused(kind: type[Disc], reach: float) -> None:
    with pytest.raises(ValueError, match="outside 0 to"):
        kind(90.0, 0.0, reach)


@pytest.mark.parametrize("disc", DISCS)
@pytest.mark.parametrize(
    ("latitude", "longitude", "radius"),
    [
        (90.0, 0.0, 20.0),  # contains the pole
        (85.0, 40.0, 12.0),  # contains the pole off its middle
        (30.0, 180.0, 25.0),  # crosses 180 degrees
        (62.0, -10.0, 70.0),  # contains a whole cap
        (-60.0, 90.0, 15.0),  # outside most of them
        (40.0, 60.0, 30.0),
        (10.0, -95.0, 85.0),
    ],
)
def test_a_disc_on_the_sphere_keeps_its_inside(
    disc: Disc, latitude: float, longitude: float, radius: float
) -> None:
    """The truth here is the angle from the middle of the disc, which no clipping code touches."""
    polygon = disc.polygon(oriented([circle(latitude, longitude, radius)]))
    spots, flat = scattered(disc)
    middle = unit_vectors(np.array(latitude), np.array(longitude))
    angle = np.degrees(np.arccos(np.clip(middle @ unit_vectors(spots[0], spots[1]), -1, 1)))
    clear = np.abs(angle - radius) > 0.2  # the 72 corners cut the circle a little short
    assert np.array_equal(covered(disc, polygon, flat)[clear], (angle < radius)[clear])


@pytest.mark.parametrize("disc", DISCS)
def test_holes_stay_open_even_across_the_edge(disc: Disc) -> None:
    outer, inner = circle(70.0, 20.0, 60.0), circle(55.0, 40.0, 35.0)
    polygon = disc.polygon(oriented([outer, inner]))
    spots, flat = scattered(disc)
    vectors = unit_vectors(spots[0], spots[1])
    far = [
        np.degrees(np.arccos(np.clip(unit_vectors(np.array(a), np.array(b)) @ vectors, -1, 1)))
        for a, b in ((70.0, 20.0), (55.0, 40.0))
    ]
    clear = (np.abs(far[0] - 60) > 0.2) & (np.abs(far[1] - 35) > 0.2)
    truth = (far[0] < 60) & (far[1] > 35)
    assert np.array_equal(covered(disc, polygon, flat)[clear], truth[clear])


def test_whole_map_inside_outside_and_touching_pole() -> None:
    disc = Equidistant(90.0, 0.0, 40.0)
    (around,) = disc.polygon(oriented([circle(90.0, 0.0, 60.0)]))
    assert np.hypot(around[0], around[1]) == pytest.approx(1.0)
    assert disc.polygon(oriented([circle(-30.0, 0.0, 20.0)])) == []
    assert disc.polygon(oriented([circle(20.0, 0.0, 10.0)])) == []


def test_every_cut_ring_is_closed_and_stays_on_the_map() -> None:
    world = json.loads(LAND.read_text(encoding="utf-8"))["polygons"]
    for disc in DISCS:
        for polygon in world:
            rings = oriented([np.array(part, float).T[::-1] for part in polygon])
            for piece in disc.polygon(rings):
                assert piece[:, 0] == pytest.approx(piece[:, -1], abs=1e-9)
                assert np.hypot(piece[0], piece[1]).max() <= 1 + 1e-9
                assert np.isfinite(piece).all()


@pytest.mark.parametrize("disc", DISCS)
def test_land_on_the_map_is_land_on_the_sphere(disc: Disc) -> None:
    """The truth is an even-odd count of meridian crossings on the sphere, written only for this test."""
    world = json.loads(LAND.read_text(encoding="utf-8"))["polygons"]
    spots, flat = scattered(disc, 6000)
    drawn, truth = np.zeros(flat.shape[1], int), np.zeros(flat.shape[1], int)
    for polygon in world:
        rings = oriented([np.array(part, float).T[::-1] for part in polygon])
        drawn += covered(disc, disc.polygon(rings), flat)
        for part in rings:
            truth += crossings_to_south_pole(part, spots)
    antarctic = spots[0] > -60  # the count runs to the south pole, which is land: leave that continent out
    truth = (truth + 1) % 2
    assert np.mean(drawn[antarctic] == truth[antarctic]) > 0.9995  # a spot may lie on a shore


def crossings_to_south_pole(ring_vectors: Array, spots: Array) -> Array:
    """How many edges of a ring the meridian from each spot down to the south pole crosses."""
    closed = np.concatenate([ring_vectors, ring_vectors[:, :1]], axis=1)
    start, end = closed[:, :-1, None], closed[:, 1:, None]
    phi, lam = np.radians(spots)
    east = np.stack([-np.sin(lam), np.cos(lam), np.zeros_like(lam)])[:, None, :]
    side_a, side_b = np.sum(start * east, axis=0), np.sum(end * east, axis=0)
    split = (side_a > 0) != (side_b > 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = side_a / (side_a - side_b)
    meet = start + share * (end - start)
    meridian = np.stack([np.cos(lam), np.sin(lam), np.zeros_like(lam)])[:, None, :]
    same_half = np.sum(meet * meridian, axis=0) > 0
    below = np.arctan2(meet[2], np.sum(meet * meridian, axis=0)) < phi[None, :]
    return np.asarray(np.sum(split & same_half & below, axis=0))


def test_a_track_over_the_pole_is_one_unbroken_straight_line() -> None:
    disc = Equidistant(90.0, 0.0, 60.0)
    pieces = disc.line(np.array([50.0, 50.0]), np.array([60.0, -120.0 + 1e-9]))
    assert len(pieces) == 1
    track = pieces[0]
    assert np.linalg.norm(np.diff(track, axis=1), axis=0).max() < 0.02
    assert np.hypot(track[0], track[1]).min() < 0.01
    across = np.linalg.norm(track[:, -1] - track[:, 0])
    assert np.linalg.norm(np.diff(track, axis=1), axis=0).sum() == pytest.approx(across, rel=1e-6)


def test_a_track_across_180_degrees_is_one_unbroken_line() -> None:
    for disc in (Equidistant(90.0, 180.0, 80.0), Orthographic(40.0, 170.0, 80.0)):
        (track,) = disc.line(np.array([50.0, 50.0]), np.array([160.0, -160.0]))
        assert np.linalg.norm(np.diff(track, axis=1), axis=0).max() < 0.03


def test_a_line_is_cut_exactly_on_the_edge_even_when_both_ends_are_outside() -> None:
    disc = Equidistant(90.0, 0.0, 30.0)
    (through,) = disc.line(np.array([50.0, 50.0]), np.array([10.0, 170.0]))
    assert np.hypot(through[0, [0, -1]], through[1, [0, -1]]) == pytest.approx(1.0, abs=1e-12)
    assert disc.line(np.array([10.0, 10.0]), np.array([10.0, 80.0])) == []
    graze = Equidistant(0.0, 0.0, 10.0)  # passes 9.99 degrees from the centre: a short piece inside
    (short,) = graze.line(np.array([9.99, 9.99, 9.99]), np.array([-20.0, 0.0, 20.0]))
    assert np.hypot(short[0, [0, -1]], short[1, [0, -1]]) == pytest.approx(1.0, abs=1e-9)


def test_opposite_points_have_no_line_between_them() -> None:
    with pytest.raises(ValueError, match="opposite points"):
        filled(unit_vectors(np.array([10.0, -10.0]), np.array([0.0, 180.0])))


def test_graticule_of_a_polar_map_is_circles_and_spokes() -> None:
    disc = Equidistant(90.0, 0.0, 50.0)
    parallels = disc.graticule([50.0, 60.0, 30.0], [])
    assert len(parallels) == 2  # 30 N lies beyond the edge
    assert np.hypot(*parallels[0]) == pytest.approx(0.8)
    (spoke,) = disc.graticule([], [90.0])
    assert spoke[1] == pytest.approx(0.0, abs=1e-12)
    assert spoke[0].max() == pytest.approx(1.0)


@given(st.floats(-85, 85), st.floats(-180, 180), st.floats(3, 85))
def test_area_to_the_left_of_a_circle(latitude: float, longitude: float, radius: float) -> None:
    (vectors,) = oriented([circle(latitude, longitude, radius, 360)])
    assert left_area(vectors) == pytest.approx(2 * np.pi * (1 - np.cos(np.radians(radius))), rel=2e-3)
    assert left_area(vectors[:, ::-1]) == pytest.approx(4 * np.pi - left_area(vectors), rel=1e-9)


@given(st.floats(-80, 80), st.floats(-180, 180), st.floats(5, 80), st.floats(-89, 89), st.floats(-180, 180))
def test_inside_is_decided_by_the_nearest_boundary(
    latitude: float, longitude: float, radius: float, at_latitude: float, at_longitude: float
) -> None:
    rings = oriented([circle(latitude, longitude, radius, 180)])
    point = unit_vectors(np.array(at_latitude), np.array(at_longitude))
    angle = float(
        np.degrees(np.arccos(np.clip(unit_vectors(np.array(latitude), np.array(longitude)) @ point, -1, 1)))
    )
    if abs(angle - radius) > 0.1:
        assert is_inside(rings, point) == (angle < radius)


def test_flat_seams_at_the_pole_are_removed() -> None:
    seam = ring((-70, -180), (-70, -90), (-70, 0), (-70, 90), (-70, 180), (-90, 180), (-90, -180))
    (vectors,) = oriented([seam])
    assert vectors.shape == (3, 4)
    assert left_area(vectors) < 2 * np.pi


@given(st.lists(st.tuples(st.floats(10, 80), st.floats(-80, 100)), min_size=2, max_size=8, unique=True))
def test_smallest_cap_holds_every_place_and_two_lie_on_its_edge(points: list[tuple[float, float]]) -> None:
    spots = np.array(points).T
    latitude, longitude, radius = smallest_cap(spots[0], spots[1])
    centre = unit_vectors(np.array(latitude), np.array(longitude))
    chords = np.linalg.norm(unit_vectors(spots[0], spots[1]) - centre[:, None], axis=0)
    angles = np.degrees(2.0 * np.arcsin(chords / 2.0))
    assert angles.max() <= radius + 1e-9
    widest = max(
        float(np.degrees(np.arccos(np.clip(a @ b, -1, 1))))
        for a in unit_vectors(spots[0], spots[1]).T
        for b in unit_vectors(spots[0], spots[1]).T
    )
    assert widest / 2 - 1e-6 <= radius <= widest / 2 / np.cos(np.pi / 6) * 1.25 + 0.1
