"""Coverage: over which land a position could reach, as rows, as a file for a globe, as a map."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from detente.records.case import Case
from detente.records.errors import InputError, Problem, did_you_mean
from detente.records.figure import Figure
from detente.records.outcome import Outcome
from detente.studies.bind import Bound, bind
from detente.studies.catalog import COVER
from detente.studies.cover import Coverage, coverage
from detente.studies.cover_tables import cells, countries, difference, points
from detente.studies.doubt import LEVELS, Likelihood, likelihood, likely_cells
from detente.studies.land import Site, sites_named

from .library import load

if TYPE_CHECKING:
    from detente.report.coverage import Spot
    from detente.report.coverage_rings import Level

By = Literal["country", "cell", "point"]
FILES = (".csv", ".czml", ".geojson", ".kml", ".nc")
PICTURES = (".png", ".svg")
_BYS = ("country", "cell", "point")


@dataclass(frozen=True)
class Covered:
    """Coverage ready to be listed, written or drawn: `rows` as asked for, `cells` for files and maps."""

    case: Case
    title: str
    rows: Outcome
    cells: Outcome
    shown: Literal["status", "covered_by", "probability"]
    sites: tuple[Site, ...]
    launches: tuple[str, ...]
    likely: Likelihood | None = None


def cover(  # noqa: PLR0913 - each argument is an option of the command
    case: str | Path | Case,
    position: str,
    settings: Mapping[str, str | Figure] | None = None,
    *,
    launches: Sequence[str] | None = None,
    sites: Sequence[str] | None = None,
    by: By = "country",
    against: str | None = None,
    draws: int | None = None,
    seed: int = 0,
) -> Covered:
    """Over which land a position could reach missiles from the launch areas (all of the case by default).

    `sites` are named interceptor sites in place of the position's own. `against` compares with a second
    position, cell by cell; `draws` asks how likely each cell is within reach, the position's open figures
    drawn from their ranges. Raises `InputError`.
    """
    if by not in _BYS:
        raise InputError(Problem(f'coverage has no rows by "{by}"', did_you_mean(by, _BYS), key="--by"))
    if against is not None and draws is not None:
        way_out = "ask for one of the two"
        raise InputError(Problem("a comparison and a likelihood are two questions", way_out, key="--draws"))
    loaded = load(case)
    bound = bind(loaded, COVER.name, position, settings)
    stands = sites_named(tuple(sites)) if sites else None
    if draws is not None:
        return _likely(bound, draws, seed, launches, stands)
    found = coverage(bound, launches, stands)
    if against is not None:
        return _compared(found, coverage(bind(loaded, COVER.name, against, settings), launches, stands))
    whole = cells(found)
    rows = {
        "country": lambda: countries(found),
        "cell": lambda: whole,
        "point": lambda: _points(bound, found),
    }
    title = f"Land within reach, {_named(bound)}"
    return Covered(loaded, title, rows[by](), whole, "status", found.sites, found.launches)


def _points(bound: Bound, found: Coverage) -> Outcome:
    return points(bound, found.launches, found.sites)


def _likely(
    bound: Bound, draws: int, seed: int, launches: Sequence[str] | None, sites: tuple[Site, ...] | None
) -> Covered:
    found = likelihood(bound, draws, seed, launches, sites)
    rows = likely_cells(found)
    title = f"How likely land is within reach, {_named(bound)}"
    return Covered(bound.case, title, rows, rows, "probability", found.sites, found.launches, found)


def _compared(first: Coverage, second: Coverage) -> Covered:
    rows = difference(first, second)
    title = f"Land within reach, {_named(first.bound)} and {_named(second.bound)}"
    return Covered(first.bound.case, title, rows, rows, "covered_by", first.sites, first.launches)


def _named(bound: Bound) -> str:
    return f"figures of {bound.position.name}"


def write_cover(found: Covered, path: Path | str) -> Path:
    """Write coverage for other programs: .geojson, .kml, .czml, .nc or .csv, by the ending of the path."""
    from detente.report import geo_files

    target = Path(path)
    if target.suffix not in FILES:
        raise InputError(_ending(target, FILES, "--out"))
    if target.suffix == ".csv":
        target.write_text(geo_files.csv_text(found.rows), encoding="utf-8", newline="\n")
        return target
    if target.suffix == ".nc":
        return geo_files.write_netcdf(found.rows, target)
    layer = geo_files.Layer(found.title, found.cells, _contours(found))
    write = {".geojson": geo_files.geojson, ".kml": geo_files.kml, ".czml": geo_files.czml}[target.suffix]
    target.write_text(write(layer), encoding="utf-8", newline="\n")
    return target


def draw_cover(found: Covered, path: Path | str) -> Path:
    """Draw coverage as a map, .svg or .png by the ending of the path, with its caption and caveat in it."""
    from detente.report.coverage import coverage_map

    target = Path(path)
    if target.suffix not in PICTURES:
        raise InputError(_ending(target, PICTURES, "--map"))
    drawing = coverage_map(
        found.cells, _spots(found), found.title, shown=found.shown, contours=_contours(found)
    )
    source = f"Détente, case {found.case.id}, run {found.cells.digest[:12]}. Shores: Natural Earth."
    if target.suffix == ".svg":
        target.write_text(drawing.as_svg(source), encoding="utf-8", newline="\n")
    else:
        target.write_bytes(drawing.as_png(source))
    return target


def _ending(path: Path, endings: Sequence[str], key: str) -> Problem:
    rule = f'"{path.name}" does not say what kind of file it is to be'
    return Problem(rule, f"let it end in one of: {', '.join(endings)}", key=key)


def _contours(found: Covered) -> tuple["Level", ...]:
    from detente.report.coverage import view
    from detente.report.coverage_rings import levels

    if found.likely is None:
        return ()
    land = found.likely.land
    disc = view(_spots(found), found.cells)
    return levels(disc, land.latitude, land.longitude, found.likely.every, LEVELS)


def _spots(found: Covered) -> list["Spot"]:
    from detente.report.coverage import Spot

    spots = []
    for launch in found.launches:
        place = found.case.place(launch, "launch-area")
        spots.append(Spot(place.name, place.place.latitude, place.place.longitude, "launch-area"))
    return spots + [
        Spot(site.name, site.place.latitude, site.place.longitude, "interceptor-site") for site in found.sites
    ]
