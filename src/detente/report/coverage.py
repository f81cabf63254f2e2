"""Maps of the land that a position could cover, and of the difference between two: each an upper bound.

A cell of land is painted by what the model may say of it. Lines show where the chance to be within reach is
10, 50 and 90 percent. The map has a table with the same content, and a sentence.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from detente.records.outcome import UPPER_BOUND, Outcome

from .azimuthal import Equidistant, places, smallest_cap, unit_vectors
from .coverage_rings import Level, regions
from .drawing import Drawing
from .labels import Box, Wanted, place
from .maps import RADIUS, SIZE, land, page_of, scale_bars, thinned
from .sheet import COAST, FIRST, INK, LAND, MUTED, SEA, SECOND, SENSOR, Area, Sheet, Stroke, Symbol, Words

Array = NDArray[np.float64]
Rows = Sequence[Mapping[str, Any]]

FULL, HALF, NONE = "#2A8C82", "#A9D3CC", "#E4E0D6"
PALETTES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "status": (
        ("not ruled out", FULL, "within reach, beyond the band"),
        ("indeterminate", HALF, "indeterminate"),
        ("ruled out in this model", LAND, "ruled out in this model"),
        ("no flight", NONE, "no flight leads there"),
    ),
    "covered_by": (
        ("first only", FIRST, "first only"),
        ("second only", SECOND, "second only"),
        ("both", "#BDB7A6", "both"),
        ("neither", LAND, "neither"),
        ("no flight", NONE, "no flight leads there"),
    ),
    "probability": (
        ("0.9", "#1F7A71", "90 % and more"),
        ("0.5", "#63B0A6", "50 to 90 %"),
        ("0.1", "#BFE0DA", "10 to 50 %"),
        ("0.0", LAND, "below 10 %"),
        ("none", NONE, "no flight leads there"),
    ),
}
"""For each column that a map may show: its values, their colours and what the legend calls them."""

DASHES: dict[float, tuple[float, ...]] = {0.5: (), 0.1: (7.0, 4.0), 0.9: (2.0, 2.5)}
_SHORTEST_KM = 400.0  # shorter pieces of a contour, around an island or two, say less than they distract
_POLAR = -60.0  # land south of this has no cells and is left blank


@dataclass(frozen=True, slots=True)
class Spot:
    """A place with its name on a coverage map."""

    name: str
    latitude: float
    longitude: float
    kind: Literal["launch-area", "interceptor-site", "radar"]


def view(spots: Sequence[Spot], cells: Outcome) -> Equidistant:
    """The disc centred on the study: around its launch areas, sites and radars, reaching over their cells.

    Without a spot it is the whole northern half of the globe and a third of the other.
    """
    if not spots:
        return Equidistant(90.0, 0.0, 120.0)
    latitude, longitude, radius = smallest_cap([s.latitude for s in spots], [s.longitude for s in spots])
    if not cells.rows:
        return Equidistant(round(latitude, 1), round(longitude, 1), min(max(radius * 1.5, 20.0), 120.0))
    return Equidistant(round(latitude, 1), round(longitude, 1), round(min(max(radius * 2.6, 60.0), 110.0), 1))


def coverage_map(
    cells: Outcome,
    spots: Sequence[Spot],
    title: str,
    *,
    shown: Literal["status", "covered_by", "probability"] = "status",
    contours: Sequence[Level] = (),
    disc: Equidistant | None = None,
    name: str = "coverage",
    called: tuple[str, str] | None = None,
) -> Drawing:
    """A map of cells (rows with latitude_deg, longitude_deg, area_km2 and the column `shown`).

    Contours are levels 0.1, 0.5 and 0.9 of a probability: the middle one solid, the others dashed. `called`
    names the two positions of a comparison in the legend.
    """
    chart = view(spots, cells) if disc is None else disc
    sheet = Sheet(SIZE, SIZE + 64)
    _painted(sheet, chart, cells.rows, shown)
    for level in contours:
        lines = [line for line in level.lines if _km(line) > _SHORTEST_KM]
        pieces = tuple(page_of(piece) for line in lines for piece in chart.line(*places(line)))
        sheet.add(Stroke(pieces, INK, 1.6, DASHES.get(level.level, ())))
    _spots(sheet, chart, spots)
    scale_bars(sheet, chart)
    _legend(sheet, shown, contours, spots, called)
    return Drawing(
        name=name,
        title=title,
        caption=f"{caption(cells)} {UPPER_BOUND}",
        summary=summary(cells, shown),
        sheet=sheet,
    )


def caption(cells: Outcome) -> str:
    """What the map's column means, and how coarse its cells are."""
    meanings = {column.name: column.meaning for column in cells.columns}
    told = meanings.get("probability") or meanings.get("covered_by") or "Land to which a missile could be met"
    return f"{told[:1].upper()}{told[1:]}. Cells of land of some 250 km across; no borders are drawn."


def summary(cells: Outcome, shown: str) -> str:
    """One sentence with the shares of land that the map shows."""
    areas = land_by_value(cells.rows, shown)
    total = sum(areas.values())
    names = {value: words for value, _, words in PALETTES[shown]}
    told = ", ".join(f"{area / total:.0%} {names[value]}" for value, area in areas.items() if area > 0)
    return f"Of {total / 1e6:,.1f} million km² of land: {told} (kinematic reach, an upper bound)."


def land_by_value(rows: Rows, shown: str) -> dict[str, float]:
    """Land [km2] by value of the column shown, in the order of the legend."""
    value = _valued(shown)
    areas = {known: 0.0 for known, _, _ in PALETTES[shown]}
    for row in rows:
        areas[value(row)] += float(row["area_km2"])
    return areas


def table(countries: Outcome, launch: str | None = None) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """The map as a table: heads and rows by country, largest share first, for one launch area or for all."""
    wanted = countries.rows[0]["launch"] if launch is None else launch
    rows = [row for row in countries.rows if row["launch"] == wanted]
    rows.sort(key=lambda row: (-(row["share"] if row["share"] is not None else -1.0), row["aim"]))
    heads = (
        "Country",
        "Land, km²",
        "Within reach, %",
        "of it beyond the band, %",
        "In the band, %",
        "Verdict",
    )
    body = [
        (
            str(row["aim"]),
            f"{row['area_km2'] or 0.0:,.0f}",
            *(
                "" if row[key] is None else f"{100 * row[key]:.0f}"
                for key in ("share", "share_beyond_band", "share_within_band")
            ),
            str(row["status"]),
        )
        for row in rows
    ]
    return heads, body


def _valued(shown: str) -> Callable[[Mapping[str, Any]], str]:
    """How a row is sorted into the legend's values."""
    if shown != "probability":
        return lambda row: str(row[shown])

    def value(row: Mapping[str, Any]) -> str:
        share = row["probability"]
        if share is None:
            return "none"
        return next(bound for bound in ("0.9", "0.5", "0.1", "0.0") if share >= float(bound))

    return value


def _painted(sheet: Sheet, disc: Equidistant, rows: Rows, shown: str) -> None:
    """Cells in their colours, shut in by the shores: the sea is laid over them."""
    edge = page_of(disc.edge())
    sheet.add(Area((edge,), LAND))
    latitude = np.array([row["latitude_deg"] for row in rows])
    longitude = np.array([row["longitude_deg"] for row in rows])
    value = _valued(shown)
    pieces: dict[str, list[Array]] = {}
    if len(rows) >= 4:
        away = np.degrees(np.arccos(np.clip(disc.local(unit_vectors(latitude, longitude))[2], -1.0, 1.0)))
        for row, ring, angle in zip(rows, regions(latitude, longitude), away, strict=True):
            if angle < disc.reach + 8.0:
                pieces.setdefault(value(row), []).extend(_outlines(disc, ring))
    for known, colour, _ in PALETTES[shown]:
        if colour != LAND and known in pieces:
            sheet.add(Area(tuple(pieces[known]), colour))
    shores = [[thinned(page_of(ring)) for ring in disc.polygon(polygon)] for polygon in land()]
    polar = [
        ring
        for polygon, rings in zip(land(), shores, strict=True)
        if polygon and float(places(polygon[0])[0].max()) < _POLAR
        for ring in rings
    ]
    # Shores run against the edge, so that they are holes by either rule of filling.
    holes = [ring[:, ::-1] for rings in shores for ring in rings]
    sheet.add(Area(tuple(polar), NONE), Area((edge, *holes), SEA))
    coast = [
        thinned(page_of(piece))
        for polygon in land()
        for ring in polygon
        for piece in disc.line(*places(np.append(ring, ring[:, :1], 1)))
    ]
    sheet.add(Stroke(tuple(coast), COAST, 0.7))
    net = [page_of(piece) for piece in disc.graticule(range(-75, 90, 15), range(-180, 180, 30))]
    sheet.add(Stroke(tuple(net), "#CBD3D6", 0.4), Stroke((edge,), COAST, 1.0))


def _outlines(disc: Equidistant, ring: Array) -> list[Array]:
    """A cell on the sheet, cut at the edge of the map; its sides are short enough to be straight."""
    local = disc.local(ring)
    if local[2].min() > disc.floor:
        return [page_of(disc.flat(local))]
    return [page_of(flat) for flat in disc.polygon([ring[:, :-1]])]


def _km(line: Array) -> float:
    """Length [km] of a line of unit vectors (3, n), of short steps."""
    return 6371.0 * float(np.linalg.norm(np.diff(line, axis=1), axis=0).sum())


def _legend(
    sheet: Sheet,
    shown: str,
    contours: Sequence[Level],
    spots: Sequence[Spot],
    called: tuple[str, str] | None,
) -> None:
    """What the colours, lines and symbols mean, under the map."""
    y = SIZE + 20
    x = 0.0
    named = dict(zip(("first only", "second only"), called or (), strict=False))
    for value, colour, usual in PALETTES[shown]:
        words = f"only {named[value]}" if value in named else usual
        width = 20.0 + 6.1 * len(words)
        if x + width > SIZE:
            x, y = 0.0, y + 16
        sheet.add(
            Area(
                (np.array([[x, x + 12, x + 12, x, x], [y - 9, y - 9, y, y, y - 9]]),), colour, 1.0, MUTED, 0.6
            )
        )
        sheet.add(Words(x + 16, y, words, 10.5, INK))
        x += width
    y += 16
    x = 0.0
    if contours:
        for level, words in ((0.1, "10 %"), (0.5, "50 %"), (0.9, "90 %")):
            sheet.add(Stroke((np.array([[x, x + 24], [y - 4, y - 4]]),), INK, 1.6, DASHES[level]))
            sheet.add(Words(x + 28, y, words, 10.5, INK))
            x += 70
    kinds = {spot.kind for spot in spots}
    for kind, words in (
        ("launch-area", "launch area"),
        ("interceptor-site", "interceptors"),
        ("radar", "radar"),
    ):
        if kind in kinds:
            sheet.add(_symbol(kind, x + 5, y - 4), Words(x + 14, y, words, 10.5, INK))
            x += 30 + 6.1 * len(words)


def _symbol(kind: str, x: float, y: float) -> Symbol:
    if kind == "launch-area":
        return Symbol(x, y, "diamond", 8, INK, "hollow")
    if kind == "interceptor-site":
        return Symbol(x, y, "square", 9, INK)
    return Symbol(x, y, "triangle", 8, SENSOR)


def _spots(sheet: Sheet, disc: Equidistant, spots: Sequence[Spot]) -> None:
    """Places with their names, sites first; a name that fits nowhere is left out."""
    boxes: list[Box] = []
    wanted: list[Wanted] = []
    for spot in sorted(spots, key=lambda spot: (spot.kind != "interceptor-site", spot.kind, spot.name)):
        at = page_of(disc.project(spot.latitude, spot.longitude))
        if not np.isfinite(at).all():
            continue
        x, y = float(at[0]), float(at[1])
        sheet.add(_symbol(spot.kind, x, y))
        wanted.append(Wanted(spot.name, x, y, 10.5, INK, 5.0, spot.kind == "interceptor-site"))
        boxes.append((x - 5.5, y - 5.5, x + 5.5, y + 5.5))
    found = place(wanted, boxes, np.empty((2, 0)), (SIZE / 2, SIZE / 2, RADIUS), (0.0, 0.0, SIZE, SIZE))
    for each in found:
        leader = [] if each.leader is None else [Stroke((each.leader,), MUTED, 0.6)]
        sheet.add(*leader, each.words)
