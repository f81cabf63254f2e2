"""What each site and each radar adds to covered land: all together, one at a time, and all but one.

Coverage never shrinks when a site or a radar is added; the rows show by how much it grows. Conventions and
biases: docs/models/coverage.md.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from detente.records.outcome import Column, Outcome

from .bind import Bound
from .cover import ALL_LAND, CONVENTIONS, EVERY, Coverage, coverage, sites_of
from .cover_tables import CELL_COLUMNS, against_one, cells, share_columns, share_row
from .engagements import Cue
from .land import Land, Site

OWN_CLOCK = "warning cue of the position"
"""What stands in the column of radars where none is named."""


@dataclass(frozen=True)
class Part:
    """Some of the sites with some of the radars; `what` says which part of the whole that is."""

    what: str
    sites: tuple[str, ...]
    radars: tuple[str, ...]


def parts_of(sites: Sequence[str], radars: Sequence[str]) -> tuple[Part, ...]:
    """All together, each site and each radar alone, and all but each of them, without repeating one."""
    every, seeing = tuple(sites), tuple(radars)
    found = [Part("all together", every, seeing)]
    found += [Part(f"site {name} alone", (name,), seeing) for name in _several(every, 1)]
    found += [Part(f"without site {name}", _without(every, name), seeing) for name in _several(every, 2)]
    found += [Part(f"radar {name} alone", every, (name,)) for name in _several(seeing, 1)]
    found += [Part(f"without radar {name}", every, _without(seeing, name)) for name in _several(seeing, 2)]
    if seeing:
        found.append(Part("no radar: the position's own cue", every, ()))
    return tuple(found)


def apart(
    bound: Bound,
    cues: Mapping[tuple[str, ...], Cue | None],
    radars: Sequence[str],
    places: tuple[Sequence[str] | None, Sequence[Site] | None],
    land: Land,
    by: Literal["country", "point"],
    lands: Sequence[str] = (),
) -> Outcome:
    """One row a part, launch area and land: shares of all the land (or of countries), or sample points.

    `cues` start the clock for each set of radars that a part has; none is the position's own. `places` are
    the launch areas and sites asked for, `land` the grid, or the sample points of the case where `by` is
    "point".
    """
    launches, sites = places
    stand = sites_of(bound, sites)
    wanted = parts_of([site.id for site in stand], radars)
    whole = {
        seeing: coverage(bound, launches, stand, land, cues[seeing])
        for seeing in dict.fromkeys(part.radars for part in wanted)
    }
    rows: list[dict[str, Any]] = []
    for part in wanted:
        found = whole[part.radars].of_sites([n for n, site in enumerate(stand) if site.id in part.sites])
        named = {
            "part": part.what,
            "sites": "; ".join(part.sites),
            "radars": "; ".join(part.radars) or OWN_CLOCK,
        }
        rows += [named | row for row in (_shares(found, lands) if by == "country" else _points(found))]
    columns = (
        Column(name="part", unit="", meaning="which part of the sites and radars this is"),
        Column(name="sites", unit="", meaning="interceptor sites of this part"),
        Column(name="radars", unit="", meaning="radars whose firm track, together, starts the clock"),
        *(share_columns() if by == "country" else _POINT_COLUMNS),
    )
    return Outcome(
        study=bound.study.name,
        case=bound.case.id,
        position=bound.position.id,
        columns=columns,
        rows=tuple(rows),
        conventions=CONVENTIONS,
        notices=bound.notices,
        digest=bound.digest,
    )


_POINT_COLUMNS = (
    Column(name="launch", unit="", meaning="launch area, or every launch area at once"),
    *(c for c in CELL_COLUMNS if c.name not in {"latitude_deg", "longitude_deg", "area_km2"}),
)


def _points(found: Coverage) -> Iterator[dict[str, Any]]:
    """One row a sample point, against every launch area at once."""
    for row in cells(found).rows:
        yield {column.name: {"launch": EVERY, **row}[column.name] for column in _POINT_COLUMNS}


def _shares(found: Coverage, lands: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Shares of land, all of it or by country, against every launch area at once and against each."""
    names = np.array(found.land.countries)
    groups = [(name, np.flatnonzero(names == name)) for name in lands]
    asked = [(EVERY, found)]
    if len(found.launches) > 1:
        asked += [(launch, against_one(found, n)) for n, launch in enumerate(found.launches)]
    for launch, part in asked:
        margins, delays = part.worst(part.margin()), part.worst(part.margin_delay())
        for name, picked in groups or [(ALL_LAND, np.arange(len(part.land)))]:
            yield share_row(launch, name, part, picked, margins[picked], delays[picked])


def _several(names: tuple[str, ...], more_than: int) -> tuple[str, ...]:
    return names if len(names) > more_than else ()


def _without(names: tuple[str, ...], gone: str) -> tuple[str, ...]:
    return tuple(name for name in names if name != gone)
