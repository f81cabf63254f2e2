"""Coverage: over which land a position could reach, as rows, as a file for a globe, as a map."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from detente.records.base import digest_of
from detente.records.case import Case
from detente.records.errors import InputError, Problem, did_you_mean
from detente.records.figure import Figure
from detente.records.outcome import Outcome
from detente.studies.bind import Bound, bind
from detente.studies.catalog import COVER, WATCH
from detente.studies.cover import Coverage, coverage
from detente.studies.cover_tables import cells, countries, difference, points
from detente.studies.doubt import LEVELS, Likelihood, likelihood, likely_cells
from detente.studies.engagements import Cue
from detente.studies.land import Site, sites_named
from detente.studies.sensors import track_cue_of

from .disputes import labels_of, ordered_pair
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
    radars: Sequence[str] | None = None,
) -> Covered:
    """Over which land a position could reach missiles from the launch areas (all of the case by default).

    `sites` are named interceptor sites in place of the position's own. `against` compares with a second
    position, cell by cell, the two in alphabetical order of their holders; `draws` asks how likely each cell
    is within reach, the position's open figures drawn from their ranges. `radars` are radars of the case
    whose firm track, together, starts the clock in place of the position's warning cue ("site-radar" is the
    position's own). Raises `InputError`.
    """
    if by not in _BYS:
        raise InputError(Problem(f'coverage has no rows by "{by}"', did_you_mean(by, _BYS), key="--by"))
    if against is not None and draws is not None:
        way_out = "ask for one of the two"
        raise InputError(Problem("a comparison and a likelihood are two questions", way_out, key="--draws"))
    loaded = load(case)
    if against is not None:
        position, against = (each.id for each in ordered_pair(loaded, (position, against)))
    given = settings or {}
    bound = bind(loaded, COVER.name, position, _meant_for_cover(given, radars))
    stands = sites_named(tuple(sites)) if sites else None
    watching, cue = _tracked(loaded, position, given, radars)
    if draws is not None:
        return _cued(_likely(bound, (draws, seed), launches, stands, cue), [watching], radars)
    found = coverage(bound, launches, stands, cue=cue)
    if against is not None:
        other = bind(loaded, COVER.name, against, _meant_for_cover(given, radars))
        also, their_cue = _tracked(loaded, against, given, radars)
        compared = _compared(found, coverage(other, launches, stands, cue=their_cue))
        return _cued(compared, [watching, also], radars)
    whole = cells(found)
    rows = {
        "country": lambda: countries(found),
        "cell": lambda: whole,
        "point": lambda: points(bound, found.launches, found.sites, cue=cue),
    }
    title = f"Land within reach, {_named(bound)}"
    covered = Covered(loaded, title, rows[by](), whole, "status", found.sites, found.launches)
    return _cued(covered, [watching], radars)


def _meant_for_cover(
    settings: Mapping[str, str | Figure], radars: Sequence[str] | None
) -> dict[str, str | Figure]:
    """The settings without those that only the radars ask for, where there are any."""
    own = {parameter.name for parameter in COVER.parameters}
    theirs = {parameter.name for parameter in WATCH.parameters} - own if radars is not None else set()
    return {name: value for name, value in settings.items() if name not in theirs}


def _tracked(
    case: Case, position: str, settings: Mapping[str, str | Figure], radars: Sequence[str] | None
) -> tuple[Bound | None, Cue | None]:
    """The position bound to what radars see, and the cue of their firm track; nothing where none is named."""
    if radars is None:
        return None, None
    names = {parameter.name for parameter in WATCH.parameters}
    seen = {name: value for name, value in settings.items() if name in names}
    watching = bind(case, WATCH.name, position, seen)
    return watching, track_cue_of(watching, radars)


def _cued(found: Covered, watching: Sequence[Bound | None], radars: Sequence[str] | None) -> Covered:
    """Coverage that says which radars start the clock, in its conventions, its title and its digests."""
    if radars is None:
        return found
    names = ", ".join(dict.fromkeys(radars))
    said = f"The clock starts with a firm track of {names}, whatever warning cue the position holds."
    seen = [bound.digest for bound in watching if bound is not None]

    def told(outcome: Outcome) -> Outcome:
        digest = digest_of([outcome.digest, *seen, sorted(set(radars))])
        return outcome.model_copy(update={"conventions": (*outcome.conventions, said), "digest": digest})

    title = f"{found.title}, clock by a firm track of {names}"
    return replace(found, title=title, rows=told(found.rows), cells=told(found.cells))


def _likely(
    bound: Bound,
    drawn: tuple[int, int],
    launches: Sequence[str] | None,
    sites: tuple[Site, ...] | None,
    cue: Cue | None,
) -> Covered:
    found = likelihood(bound, *drawn, launches, sites, cue=cue)
    rows = likely_cells(found)
    title = f"How likely land is within reach, {_named(bound)}"
    return Covered(bound.case, title, rows, rows, "probability", found.sites, found.launches, found)


def _compared(first: Coverage, second: Coverage) -> Covered:
    rows = difference(first, second)
    one, other = labels_of((first.bound.position, second.bound.position))
    title = f"Land within reach, figures of {one} and figures of {other}"
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
