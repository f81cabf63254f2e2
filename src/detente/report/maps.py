"""Two maps of the case seen from above the north: who launches where, and what could be met on the way.

Both maps share one view, the smallest disc around everything that either shows, so that they can be
compared point by point. Kinematic reach is an upper bound on defense, and each map says so.
"""

import json
from collections.abc import Sequence
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from detente.records.brief import Brief, MapView, Mark, Side, Track
from detente.records.outcome import Verdict

from .azimuthal import Disc, Equidistant, oriented, places, smallest_cap
from .drawing import Drawing
from .labels import Box, Placed, Wanted, place
from .sheet import (
    COAST,
    INK,
    LAND,
    MUTED,
    SEA,
    SENSOR,
    SIDE_COLOURS,
    SIDE_SHAPES,
    Area,
    Fullness,
    Sheet,
    Stroke,
    Symbol,
    Words,
)

Array = NDArray[np.float64]

SIZE, RADIUS, EARTH_KM, NAUTICAL_KM = 480.0, 222.0, 6371.0, 1.852
POLE = "North Pole"
FULLNESS: dict[Verdict, Fullness] = {
    "not ruled out": "full",
    "indeterminate": "half",
    "ruled out in this model": "hollow",
}


@cache
def land() -> tuple[tuple[Array, ...], ...]:
    """The world's shores as polygons of vectors, without borders (Natural Earth 1:110 million)."""
    text = (resources.files("detente") / "data" / "land" / "land-110m.json").read_text(encoding="utf-8")
    polygons = json.loads(text)["polygons"]
    return tuple(oriented([np.array(ring, float).T[::-1] for ring in polygon]) for polygon in polygons)


FARTHEST_FROM_POLE = 2.0
"""How many times the smallest disc around a case a disc around the pole may be."""


def views(brief: Brief) -> tuple[MapView, MapView]:
    """What both maps show. Raises ValueError for a brief on a case without places."""
    if brief.maps is None:
        raise ValueError("this brief has no maps: its case has no places")
    return brief.maps


def view(brief: Brief) -> Equidistant:
    """The disc that both maps share: around the pole, turned so that the case lies straight below it.

    Where the pole is so far off that the case would shrink to less than half its size, the disc is centred
    between the places instead.
    """
    marks = [mark for shown in views(brief) for mark in shown.marks]
    if not marks:
        return Equidistant(90.0, 0.0, 60.0)
    tracks = [track for shown in views(brief) for track in shown.tracks]
    latitudes = [m.latitude for m in marks] + [value for track in tracks for value in track.latitude]
    longitudes = [m.longitude for m in marks] + [value for track in tracks for value in track.longitude]
    latitude, longitude, radius = smallest_cap(latitudes, longitudes)
    pole = 90.0 if latitude >= 0 else -90.0
    from_pole = max(abs(pole - value) for value in latitudes)
    if from_pole <= FARTHEST_FROM_POLE * radius:
        # the bearing of the case from the pole becomes the meridian that runs straight down, or up
        return Equidistant(pole, round(longitude, 1), round(from_pole * 1.02 + 1, 1))
    return Equidistant(round(latitude, 1), round(longitude, 1), round(min(max(radius * 1.06 + 1, 8), 120), 1))


def maps(brief: Brief) -> tuple[Drawing, Drawing]:
    """Both sides' maps, the first side's first."""
    disc = view(brief)
    names = _names(brief, disc)
    return _map(brief, disc, names, 0), _map(brief, disc, names, 1)


def summary(side: Side, marks: Sequence[Mark]) -> str:
    """One sentence that says what a map shows."""
    counts: dict[Verdict, int] = dict.fromkeys(FULLNESS, 0)
    areas = [mark for mark in marks if mark.kind == "launch-area"]
    for mark in areas:
        if mark.verdict is not None:
            counts[mark.verdict] += 1
    told = ", ".join(f"{count} {verdict}" for verdict, count in counts.items())
    return (
        f"Polar map on the figures of {side.holder}: of {len(areas)} launch areas, interception is {told} "
        "(kinematic reach, an upper bound)."
    )


def _map(brief: Brief, disc: Disc, names: Sequence[Placed], index: int) -> Drawing:
    shown, side = views(brief)[index], brief.sides[index]
    sheet = Sheet(SIZE, SIZE + 46)
    _ground(sheet, disc)
    for track in shown.tracks:
        _track(sheet, disc, track, SIDE_COLOURS[index])
    for mark, x, y in _standing(shown.marks, disc):
        sheet.add(_symbol(mark, x, y, index))
    here = {mark.name for mark in shown.marks} | {POLE}
    for placed in names:
        if placed.words.text in here:
            sheet.add(
                *([Stroke((placed.leader,), MUTED, 0.6)] if placed.leader is not None else []), placed.words
            )
    scale_bars(sheet, disc)
    _legend(sheet, index)
    return Drawing(
        name=f"map-{index + 1}",
        title=f"On the figures of {side.holder}",
        caption=shown.caption,
        summary=summary(side, shown.marks),
        sheet=sheet,
    )


def page_of(flat: Array) -> Array:
    """From flat coordinates to the sheet."""
    return np.stack([SIZE / 2 + RADIUS * flat[0], SIZE / 2 - RADIUS * flat[1]])


def _ground(sheet: Sheet, disc: Disc) -> None:
    """Sea, graticule, land, the pole, and the edge of the map."""
    edge = page_of(disc.edge())
    sheet.add(Area((edge,), SEA))
    shores = [thinned(page_of(ring)) for polygon in land() for ring in disc.polygon(polygon)]
    sheet.add(Area(tuple(shores), LAND))
    coast = [
        thinned(page_of(piece))
        for polygon in land()
        for ring in polygon
        for piece in disc.line(*places(np.concatenate([ring, ring[:, :1]], axis=1)))
    ]
    sheet.add(Stroke(tuple(coast), COAST, 0.7))
    net = [page_of(piece) for piece in disc.graticule(range(-75, 90, 15), range(-180, 180, 30))]
    sheet.add(Stroke(tuple(net), "#CBD3D6", 0.5))
    pole = disc.project(90.0, 0.0)
    if np.isfinite(pole).all():
        x, y = page_of(pole)
        sheet.add(Symbol(float(x), float(y), "cross", 8, MUTED, width=1.0))
    sheet.add(Stroke((edge,), COAST, 1.0))


def thinned(piece: Array) -> Array:
    """A line without points closer than 0.8 px to the one kept before; its ends stay."""
    kept = [0]
    for index in range(1, piece.shape[1] - 1):
        if np.hypot(*(piece[:, index] - piece[:, kept[-1]])) >= 0.8:
            kept.append(index)
    return np.asarray(piece[:, [*kept, piece.shape[1] - 1]])


def _track(sheet: Sheet, disc: Disc, track: Track, colour: str) -> None:
    """A ground track with a white halo; the part inside the intercept window thick, in the side's colour."""
    whole = tuple(page_of(piece) for piece in disc.line(track.latitude, track.longitude))
    sheet.add(Stroke(whole, "#FFFFFF", 3.4), Stroke(whole, INK, 1.0))
    met = np.array(track.reachable)
    starts = np.flatnonzero(met & ~np.concatenate([[False], met[:-1]]))
    ends = np.flatnonzero(met & ~np.concatenate([met[1:], [False]]))
    window: list[Array] = []
    for start, end in zip(starts, ends, strict=True):
        stretch = slice(max(start - (start == end), 0), end + 1)
        if end > 0 or start != end:
            window += [page_of(p) for p in disc.line(track.latitude[stretch], track.longitude[stretch])]
    if window:
        sheet.add(Stroke(tuple(window), "#FFFFFF", 5.2), Stroke(tuple(window), colour, 3.4))


def _standing(marks: Sequence[Mark], disc: Disc) -> list[tuple[Mark, float, float]]:
    """The places on the map with their spot on the sheet, the least important first."""
    order = {"sample-point": 0, "launch-area": 1, "radar": 2, "interceptor-site": 3}
    spots = []
    for mark in sorted(marks, key=lambda mark: (order[mark.kind], mark.id)):
        at = page_of(disc.project(mark.latitude, mark.longitude))
        if np.isfinite(at).all():
            spots.append((mark, float(at[0]), float(at[1])))
    return spots


def _symbol(mark: Mark, x: float, y: float, index: int) -> Symbol:
    colour, shape = SIDE_COLOURS[index], SIDE_SHAPES[index]
    if mark.kind == "launch-area":
        return Symbol(x, y, shape, 10, colour, FULLNESS[mark.verdict] if mark.verdict else "full")
    if mark.kind == "interceptor-site":
        return Symbol(x, y, "square", 10, INK)
    if mark.kind == "radar":
        return Symbol(x, y, "triangle", 9, SENSOR)
    return Symbol(x, y, "disc", 4.5, INK, width=0.8)


def _names(brief: Brief, disc: Disc) -> list[Placed]:
    """Names beside symbols, in the same spots on both maps: sites first, sample points last."""
    looks = {
        "interceptor-site": (0, 11.0, INK, 5.0, True),
        "launch-area": (1, 10.8, INK, 6.0, False),
        "radar": (2, 10.8, "#1C6A62", 5.0, False),
        "sample-point": (3, 10.0, MUTED, 3.0, False),
    }
    marks = {mark.id: mark for shown in views(brief) for mark in shown.marks}
    standing = _standing(list(marks.values()), disc)
    boxes: list[Box] = []
    wanted: list[Wanted] = []
    for mark, x, y in sorted(standing, key=lambda spot: looks[spot[0].kind][0]):
        _, size, colour, clear, bold = looks[mark.kind]
        wanted.append(Wanted(mark.name, x, y, size, colour, clear, bold))
        half = clear + 0.5
        boxes.append((x - half, y - half, x + half, y + half))
    pole = page_of(disc.project(90.0, 0.0))
    if np.isfinite(pole).all():
        wanted.append(Wanted(POLE, float(pole[0]), float(pole[1]), 10.0, MUTED, 4.0))
    tracks = {(track.launch, track.aim): track for shown in views(brief) for track in shown.tracks}
    lines = [page_of(piece) for t in tracks.values() for piece in disc.line(t.latitude, t.longitude)]
    points = np.concatenate([*lines, np.empty((2, 0))], axis=1)
    return place(wanted, boxes, points, (SIZE / 2, SIZE / 2, RADIUS), (0.0, 0.0, SIZE, SIZE))


def scale_bars(sheet: Sheet, disc: Disc) -> None:
    """Scale bars in kilometres and nautical miles, true on lines through the centre of the map."""
    per_km = RADIUS / (np.radians(disc.reach) * EARTH_KM)
    length = next((step for step in (2000, 1000, 500, 200, 100) if step * per_km <= 84), 50)
    nautical = next((step for step in (1000, 500, 200, 100, 50) if step * NAUTICAL_KM * per_km <= 84), 20)
    right, y = SIZE, SIZE + 2
    for label, width, below in (
        (f"{length:,} km", length * per_km, 0.0),
        (f"{nautical:,} nmi", nautical * NAUTICAL_KM * per_km, -20.0),
    ):
        left = right - width
        sheet.stroke(
            [left, left, right, right], [y + below - 5, y + below, y + below, y + below - 5], INK, 1.0
        )
        sheet.add(Words(right, y + below - 7, label, 9.5, MUTED, "end"))


def _legend(sheet: Sheet, index: int) -> None:
    """What the symbols mean, in two rows under the map."""
    colour, shape, y = SIDE_COLOURS[index], SIDE_SHAPES[index], SIZE + 20
    sheet.add(Words(0, y, "Launch area:", 10.5, INK, bold=True))
    for x, (verdict, fullness) in zip((84, 184, 282), FULLNESS.items(), strict=True):
        sheet.add(Symbol(x, y - 4, shape, 9, colour, fullness), Words(x + 9, y, verdict, 10.5, INK))
    y += 18
    sheet.stroke([0, 20], [y - 4, y - 4], colour, 3.4)
    sheet.add(Words(26, y, "inside intercept window", 10.5, INK))
    sheet.stroke([164, 184], [y - 4, y - 4], INK, 1.0)
    sheet.add(Words(190, y, "ground track", 10.5, INK))
    sheet.add(Symbol(276, y - 4, "square", 9, INK), Words(285, y, "interceptors", 10.5, INK))
    sheet.add(Symbol(366, y - 4, "triangle", 8, SENSOR), Words(375, y, "radar", 10.5, INK))
    sheet.add(Symbol(419, y - 4, "disc", 4.5, INK, width=0.8), Words(426, y, "sample", 10.5, INK))
