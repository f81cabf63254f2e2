"""Coverage: over which land a position could reach, as rows, as a file for a globe, as a map."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from detente.records.base import digest_of, listed
from detente.records.case import Case
from detente.records.errors import InputError, Problem, did_you_mean
from detente.records.figure import Figure
from detente.records.outcome import Outcome
from detente.studies.bind import Bound, bind, launches_inside
from detente.studies.catalog import COVER, REACH, WATCH
from detente.studies.cover import Coverage, coverage
from detente.studies.cover_parts import apart as cover_apart
from detente.studies.cover_parts import parts_of
from detente.studies.cover_tables import cells, countries, difference, points
from detente.studies.doubt import LEVELS, Likelihood, likelihood, likely_cells
from detente.studies.engagements import Cue
from detente.studies.land import Site, land_cells, sample_points, sites_named
from detente.studies.sensors import SITE_RADAR, track_cue_of

from .disputes import labels_of, ordered_pair
from .library import load

if TYPE_CHECKING:
    from detente.report.coverage import Spot
    from detente.report.coverage_rings import Level
    from detente.report.geo_files import Course

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
    radars: tuple[str, ...] = ()
    bound: Bound | None = None
    """The position whose flights a file shows."""
    called: tuple[str, str] | None = None
    """What a reader calls the two positions of a comparison."""


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
    apart: bool = False,
    lands: Sequence[str] = (),
) -> Covered:
    """Over which land a position could reach missiles from the launch areas (all of the case by default).

    `sites` are named interceptor sites in place of the position's own. `against` compares with a second
    position, cell by cell, the two in alphabetical order of their holders; `draws` asks how likely each cell
    is within reach, the position's open figures drawn from their ranges. `radars` are radars of the case
    whose firm track, together, starts the clock in place of the position's warning cue ("site-radar" is the
    position's own). `apart` asks what each of the sites and radars adds: rows for all together, for each
    alone and for all but each. `lands` keeps the rows of some countries; maps and files for globes stay
    whole. Raises `InputError`.
    """
    if by not in _BYS:
        raise InputError(Problem(f'coverage has no rows by "{by}"', did_you_mean(by, _BYS), key="--by"))
    if against is not None and draws is not None:
        way_out = "ask for one of the two"
        raise InputError(Problem("a comparison and a likelihood are two questions", way_out, key="--draws"))
    if apart:
        _whole_alone(by, against, draws)
    land_cells().only(lands)
    loaded = load(case)
    if against is not None:
        position, against = (each.id for each in ordered_pair(loaded, (position, against)))
    given = settings or {}
    bound = bind(loaded, COVER.name, position, _meant_for_cover(given, radars))
    stands = sites_named(tuple(sites), loaded) if sites else None
    for site in stands or ():
        inside = launches_inside(loaded, f'the interceptor site "{site.id}"', site.place)
        bound = replace(bound, notices=(*bound.notices, *inside))
    watching, cue = _tracked(loaded, position, given, radars)
    if draws is not None:
        likely = _likely(bound, (draws, seed), launches, stands, cue)
        return _cued(replace(likely, rows=_of_lands(likely.rows, lands)), [watching], radars)
    found = coverage(bound, launches, stands, cue=cue)
    if against is not None:
        other = bind(loaded, COVER.name, against, _meant_for_cover(given, radars))
        also, their_cue = _tracked(loaded, against, given, radars)
        compared = _compared(found, coverage(other, launches, stands, cue=their_cue))
        compared = replace(compared, rows=_of_lands(compared.rows, lands))
        return _cued(compared, [watching, also], radars)
    whole = cells(found)
    if apart:
        parts = _apart(bound, watching, (launches, stands, radars or ()), by, lands)
        title = f"Land within reach, {_named(bound)}"
        covered = Covered(loaded, title, parts, whole, "status", found.sites, found.launches, bound=bound)
        return _cued(covered, [watching], radars)
    rows = {
        "country": lambda: countries(found),
        "cell": lambda: whole,
        "point": lambda: points(bound, found.launches, found.sites, cue=cue),
    }
    title = f"Land within reach, {_named(bound)}"
    table = _of_lands(rows[by](), lands)
    covered = Covered(loaded, title, table, whole, "status", found.sites, found.launches, bound=bound)
    return _cued(covered, [watching], radars)


def _whole_alone(by: By, against: str | None, draws: int | None) -> None:
    """Refuse what cannot be asked site by site and radar by radar."""
    if against is not None or draws is not None:
        way_out = "leave out the second position and the draws, or ask for them without --apart"
        rule = "sites and radars apart are a question of their own"
        raise InputError(Problem(rule, way_out, key="--apart"))
    if by == "cell":
        way_out = "ask by country (all land together) or by sample point"
        raise InputError(Problem("sites and radars apart have no rows by cell", way_out, key="--by"))


def _apart(
    bound: Bound,
    watching: Bound | None,
    asked: tuple[Sequence[str] | None, tuple[Site, ...] | None, Sequence[str]],
    by: By,
    lands: Sequence[str],
) -> Outcome:
    launches, stands, radars = asked
    names = [site.id for site in stands] if stands else ["position"]
    seeing = tuple(dict.fromkeys(radars))
    cues = {
        part.radars: track_cue_of(watching, part.radars) if watching and part.radars else None
        for part in parts_of(names, seeing)
    }
    land = sample_points(bound.case) if by == "point" else land_cells()
    rows_by: Literal["country", "point"] = "point" if by == "point" else "country"
    return _of_lands(cover_apart(bound, cues, seeing, (launches, stands), land, rows_by, lands), lands)


def _of_lands(rows: Outcome, lands: Sequence[str]) -> Outcome:
    """The rows of some countries; all of them where none is named."""
    if not lands:
        return rows
    key = "aim" if any(column.name == "aim" for column in rows.columns) else "country"
    return rows.model_copy(update={"rows": tuple(row for row in rows.rows if row[key] in lands)})


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
    said = (
        f"The clock starts with a firm track of {', '.join(dict.fromkeys(radars))}, whatever warning cue the "
        "position holds."
    )
    if found.likely is not None:
        said += " Their own figures are not drawn: they stay at their central values."
    seen = [bound.digest for bound in watching if bound is not None]

    def told(outcome: Outcome) -> Outcome:
        digest = digest_of([outcome.digest, *seen, sorted(set(radars))])
        return outcome.model_copy(update={"conventions": (*outcome.conventions, said), "digest": digest})

    seeing = tuple(dict.fromkeys(radars))
    names = [_radar_name(found.case, radar) for radar in seeing]
    title = f"{found.title}, clock by a firm track of {listed(names)}"
    return replace(found, title=title, rows=told(found.rows), cells=told(found.cells), radars=seeing)


def _radar_name(case: Case, radar: str) -> str:
    return "the radar at the site" if radar == SITE_RADAR else case.place(radar, "radar").name


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
    return Covered(
        bound.case, title, rows, rows, "probability", found.sites, found.launches, found, bound=bound
    )


def _compared(first: Coverage, second: Coverage) -> Covered:
    rows = difference(first, second)
    one, other = labels_of((first.bound.position, second.bound.position))
    title = f"Land within reach, figures of {one} and figures of {other}"
    called = (one, other)
    return Covered(
        first.bound.case, title, rows, rows, "covered_by", first.sites, first.launches,
        bound=first.bound, called=called,
    )  # fmt: skip


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
    marks = tuple(geo_files.Mark(s.name, s.kind, s.latitude, s.longitude) for s in _spots(found))
    layer = geo_files.Layer(found.title, found.cells, _areas(found), _courses(found), marks)
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
        found.cells, _spots(found), found.title, shown=found.shown, contours=_contours(found),
        called=found.called,
    )  # fmt: skip
    source = f"Détente, case {found.case.id}, run {found.cells.digest[:12]}. Shores: Natural Earth."
    if target.suffix == ".svg":
        target.write_text(drawing.as_svg(source), encoding="utf-8", newline="\n")
    else:
        target.write_bytes(drawing.as_png(source))
    return target


def _ending(path: Path, endings: Sequence[str], key: str) -> Problem:
    rule = f'"{path.name}" does not say what kind of file it is to be'
    return Problem(rule, f"let it end in one of: {', '.join(endings)}", key=key)


def _courses(found: Covered) -> tuple["Course", ...]:
    """The flights from the launch areas to the sample points of the case, under the first position."""
    from detente.report.geo_files import Course
    from detente.studies.reach import as_columns, reach
    from detente.studies.tracks import ground_tracks

    if found.bound is None:
        return ()
    figures = {p.name: found.bound.position.figures[p.name] for p in REACH.parameters}
    bound = bind(found.case, REACH.name, found.bound.position.id, figures)
    pairs = [(launch, aim.id) for launch in found.launches for aim in found.case.places_of("sample-point")]
    outcome = reach(bound, found.launches)
    names = {place.id: place.name for place in found.case.places}
    return tuple(
        Course(f"{names[t.launch]} to {names[t.aim]}", t.latitude, t.longitude, t.altitude_km, t.time_s)
        for t in ground_tracks(found.case, pairs, as_columns(bound), outcome)
    )


def _areas(found: Covered) -> tuple["Level", ...]:
    """What a globe shows as an area: levels of probability, or the land within reach."""
    from detente.report.coverage import view
    from detente.report.coverage_rings import levels

    if found.shown != "status":
        return _contours(found)
    rows = found.cells.rows
    # a margin of a kilometer a second and more is as good as any; land that nothing reaches has none
    margins = [
        float("nan") if row["status"] == "no flight"
        else -1.0 if row["margin_km_s"] is None
        else min(max(row["margin_km_s"], -1.0), 1.0)
        for row in rows
    ]  # fmt: skip
    latitude, longitude = ([row[name] for row in rows] for name in ("latitude_deg", "longitude_deg"))
    disc = view(_spots(found), found.cells)
    (area,) = levels(disc, latitude, longitude, margins, (0.0,))
    return (replace(area, meaning="within kinematic reach: a margin of at least 0 km/s, an upper bound"),)


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
    for radar in found.radars:
        if radar != SITE_RADAR:
            named = found.case.place(radar, "radar")
            spots.append(Spot(named.name, named.place.latitude, named.place.longitude, "radar"))
        elif found.bound is not None:
            own: Any = found.bound.values["radar_site"]
            names = [each.name for each in found.case.places_of("radar") if each.place == own]
            name = names[0] if names else "radar at the site"
            spots.append(Spot(name, own.latitude, own.longitude, "radar"))
    return spots + [
        Spot(site.name, site.place.latitude, site.place.longitude, "interceptor-site") for site in found.sites
    ]
