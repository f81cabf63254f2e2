"""Covered land as tables: by country, by cell, by sample point, and the difference of two positions."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.records.base import digest_of
from detente.records.case import Case
from detente.records.outcome import Column, Outcome, Verdict

from .bind import Bound, bind
from .catalog import COVER
from .cover import ALL_LAND, CONVENTIONS, EVERY, Coverage, coverage, quantile
from .engagements import Cue
from .land import Land, Site, land_cells, sample_points
from .reach import as_columns
from .readings import verdict_of

Array = NDArray[np.float64]

CELL_COLUMNS = (
    Column(name="cell", unit="", meaning="cell of the land grid, or sample point"),
    Column(name="country", unit="", meaning="country whose land it is"),
    Column(name="latitude_deg", unit="deg", meaning="latitude, north positive"),
    Column(name="longitude_deg", unit="deg", meaning="longitude, east positive"),
    Column(name="area_km2", unit="km2", meaning="land in the cell"),
    Column(name="status", unit="", meaning="what the model may say of this cell"),
    Column(name="margin_km_s", unit="km/s", meaning="speed less required speed, worst launch area"),
    Column(name="margin_delay_s", unit="s", meaning="tolerable delay less the actual one, worst launch area"),
    Column(name="site", unit="", meaning="site with the largest margin against the worst launch area"),
    Column(name="launch_areas", unit="1", meaning="launch areas from which a flight leads there"),
    Column(name="launch_areas_covered", unit="1", meaning="launch areas against which it is within reach"),
    Column(name="covered_against", unit="", meaning="these launch areas"),
    Column(name="reason", unit="", meaning="why a value is null"),
)
NO_FLIGHT = "no flight from these launch areas leads there: too near, or half way round"
NEVER = "no admissible interceptor speed reaches it from any of the sites"
TOO_LATE = "not reached even if launched with the threat"


def cover(bound: Bound, launches: Sequence[str] | None = None, aims: Sequence[str] | None = None) -> Outcome:
    """Covered land under one position: one row a launch area and country, all of both by default.

    `aims` are sample points of the case; each stands for the land of its country.
    """
    land = land_cells()
    if aims:
        named = [bound.case.place(aim, "sample-point").country for aim in aims]
        land = land.only(tuple(dict.fromkeys(named)))
    return countries(coverage(bound, launches, land=land))


def countries(found: Coverage) -> Outcome:
    """Shares of land by launch area and country; every launch area at once and all land come first."""
    lines = [(EVERY, found.worst(found.margin()), found.worst(found.margin_delay()))]
    for number, launch in enumerate(found.launches):
        flies = found.flies[number]
        margins, delays = found.margin()[number], found.margin_delay()[number]
        lines.append((launch, np.where(flies, margins, np.nan), np.where(flies, delays, np.nan)))
    groups = _groups(found.land)
    rows = [
        share_row(launch, country, found, cells, margins[cells], delays[cells])
        for launch, margins, delays in lines
        for country, cells in groups
    ]
    return _outcome(found.bound, share_columns(), rows)


def share_columns() -> tuple[Column, ...]:
    """The columns of a row of shares."""
    return (
        Column(name="launch", unit="", meaning="launch area, or every launch area at once"),
        Column(name="aim", unit="", meaning="country whose land is asked about, or all land of the grid"),
        Column(name="status", unit="", meaning="what the model may say of the coverage standard"),
        *(Column(name=o.name, unit=o.unit, meaning=o.meaning) for o in COVER.outputs),
        Column(name="reason", unit="", meaning="why a value is null"),
    )


def cells(found: Coverage, launch: str | None = None) -> Outcome:
    """One row a cell, against every launch area at once, or against one."""
    if launch is not None:
        found = against_one(found, found.launches.index(launch))
    margins, delays = found.margin(), found.margin_delay()
    worst, latest = found.worst(margins), found.worst(delays)
    against = np.argmin(np.where(found.flies, margins, np.inf), axis=0)
    by_site = np.nan_to_num(found.required, nan=np.inf)
    best = np.argmin(by_site[:, against, np.arange(len(found.land))], axis=0)
    rows = [
        {
            "cell": found.land.ids[n],
            "country": found.land.countries[n],
            "latitude_deg": float(found.land.latitude[n]),
            "longitude_deg": float(found.land.longitude[n]),
            "area_km2": float(found.land.area_km2[n]),
            "status": _status(worst[n], found.band),
            "margin_km_s": _number(worst[n]),
            "margin_delay_s": _number(latest[n]),
            "site": found.sites[best[n]].id if np.isfinite(worst[n]) else "",
            "launch_areas": int(found.flies[:, n].sum()),
            "launch_areas_covered": int((found.flies[:, n] & (margins[:, n] >= 0.0)).sum()),
            "covered_against": "; ".join(
                launch
                for launch, flies, margin in zip(
                    found.launches, found.flies[:, n], margins[:, n], strict=True
                )
                if flies and margin >= 0.0
            ),
            "reason": _reason(worst[n], latest[n]),
        }
        for n in range(len(found.land))
    ]
    return _outcome(found.bound, CELL_COLUMNS, rows)


def points(
    bound: Bound,
    launches: Sequence[str] | None = None,
    sites: Sequence[Site] | None = None,
    cue: Cue | None = None,
) -> Outcome:
    """One row a sample point of the case: against how many and which launch areas it is within reach."""
    return cells(coverage(bound, launches, sites, sample_points(bound.case), cue))


def difference(first: Coverage, second: Coverage) -> Outcome:
    """Cell by cell, what two positions cover against every launch area at once.

    Raises ValueError where the two were not asked about the same cells and launch areas.
    """
    if first.land.ids != second.land.ids or first.launches != second.launches:
        raise ValueError("two positions can be compared over the same cells and launch areas only")
    worst = [each.worst(each.margin()) for each in (first, second)]
    words = {(True, True): "both", (True, False): "first only", (False, True): "second only"}
    rows = []
    for n in range(len(first.land)):
        here = [float(margins[n]) for margins in worst]
        known = not np.isnan(here).any()
        between = here[1] - here[0] if np.isfinite(here).all() else float("nan")
        rows.append(
            {
                "cell": first.land.ids[n],
                "country": first.land.countries[n],
                "latitude_deg": float(first.land.latitude[n]),
                "longitude_deg": float(first.land.longitude[n]),
                "area_km2": float(first.land.area_km2[n]),
                "covered_by": words.get((here[0] >= 0, here[1] >= 0), "neither") if known else "no flight",
                "first_status": _status(here[0], first.band),
                "second_status": _status(here[1], second.band),
                "margin_difference_km_s": _number(between),
                "reason": "" if np.isfinite(between) else NEVER if known else NO_FLIGHT,
            }
        )
    names = f"first: {first.bound.position.title}; second: {second.bound.position.title}"
    columns = (
        *CELL_COLUMNS[:5],
        Column(name="covered_by", unit="", meaning=f"which position covers the cell ({names})"),
        Column(name="first_status", unit="", meaning="what the model may say under the first position"),
        Column(name="second_status", unit="", meaning="what the model may say under the second position"),
        Column(
            name="margin_difference_km_s", unit="km/s", meaning="margin of the second less that of the first"
        ),
        Column(name="reason", unit="", meaning="why a value is null"),
    )
    outcome = _outcome(first.bound, columns, rows)
    pair = f"{first.bound.position.id} and {second.bound.position.id}"
    return outcome.model_copy(
        update={"position": pair, "digest": digest_of([first.bound.digest, second.bound.digest])}
    )


def between(
    case: Case, positions: tuple[str, str], launches: Sequence[str] | None = None
) -> tuple[Coverage, Coverage]:
    """The coverage of two positions over the whole grid, ready to be compared."""
    first, second = (coverage(bind(case, COVER.name, position), launches) for position in positions)
    return first, second


def share_row(
    launch: str, country: str, found: Coverage, picked: NDArray[np.intp], margins: Array, delays: Array
) -> dict[str, Any]:
    """A row of shares: margins [km/s] and delays [s] of the picked cells, NaN where no flight leads."""
    flown = ~np.isnan(margins)
    area = found.land.area_km2[picked][flown]
    row: dict[str, Any] = {"launch": launch, "aim": country, "status": "ruled out in this model"}
    row |= {output.name: None for output in COVER.outputs}
    row |= {"cells": int(flown.sum()), "area_km2": float(area.sum()), "reason": ""}
    if not flown.any() or row["area_km2"] == 0.0:
        return row | {"status": "no flight", "reason": NO_FLIGHT}
    standard = float(as_columns(found.bound)["coverage_standard"][0])
    here, late = margins[flown], delays[flown]
    share, beyond, possible = (
        float(area[mask].sum() / area.sum()) for mask in (here >= 0.0, here > found.band, here >= -found.band)
    )
    status: Verdict = "indeterminate"
    if beyond >= standard - 1e-12:
        status = "not ruled out"
    elif possible < standard - 1e-12:
        status = "ruled out in this model"
    at = quantile(here, area, standard)
    return row | {
        "status": status,
        "share": share,
        "share_beyond_band": beyond,
        "share_within_band": possible - beyond,
        "margin_share": share - standard,
        "margin_km_s": _number(at),
        "margin_delay_s": _number(quantile(late, area, standard)),
        "median_margin_km_s": _number(quantile(here, area, 0.5)),
        "reason": "" if np.isfinite(at) else NEVER,
    }


def _groups(land: Land) -> list[tuple[str, NDArray[np.intp]]]:
    """All land, and the land of each country: names and numbers of cells."""
    names = np.array(land.countries)
    groups = [(str(name), np.flatnonzero(names == name)) for name in np.unique(names)]
    return [(ALL_LAND, np.arange(len(land))), *groups]


def against_one(found: Coverage, number: int) -> Coverage:
    """The same margins against one launch area alone."""
    one = slice(number, number + 1)
    return Coverage(
        found.bound, found.land, found.launches[one], found.sites,
        found.required[:, one], found.latest[:, one], found.delay[one], found.flies[one],
    )  # fmt: skip


def _status(margin: float, band: float) -> str:
    return "no flight" if np.isnan(margin) else verdict_of(float(margin), band)


def _reason(margin: float, latest: float) -> str:
    if np.isnan(margin):
        return NO_FLIGHT
    if np.isinf(margin):
        return NEVER
    return TOO_LATE if np.isinf(latest) else ""


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _outcome(bound: Bound, columns: Sequence[Column], rows: Sequence[dict[str, Any]]) -> Outcome:
    return Outcome(
        study=COVER.name,
        case=bound.case.id,
        position=bound.position.id,
        columns=tuple(columns),
        rows=tuple(rows),
        conventions=CONVENTIONS,
        notices=bound.notices,
        digest=bound.digest,
    )
