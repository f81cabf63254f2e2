"""How likely each cell of land is to be within reach, where a position leaves its figures in doubt."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.records.base import digest_of, listed
from detente.records.errors import InputError, Problem
from detente.records.outcome import Column, Outcome
from detente.sweep.sampling import law_of, uniforms

from .bind import Bound
from .catalog import COVER
from .cover import CONVENTIONS, EVERY, at_sites, launch_areas, pairs_to_land, sites_of, within_reach
from .cover_tables import CELL_COLUMNS
from .engagements import Cue
from .land import Land, Site, land_cells
from .reach import as_columns

Array = NDArray[np.float64]

MOST_DRAWS = 100_000
_TOGETHER = 8  # draws at once
LEVELS = (0.1, 0.5, 0.9)
"""The probabilities whose lines a map shows."""


@dataclass(frozen=True)
class Likelihood:
    """Shares of draws in which each cell is within reach: (launches, cells), and all at once (cells,).

    NaN where no flight leads there in any draw. `varied` names the figures that were in doubt.
    """

    bound: Bound
    land: Land
    launches: tuple[str, ...]
    sites: tuple[Site, ...]
    draws: int
    seed: int
    varied: tuple[str, ...]
    each: Array
    every: Array


def likelihood(
    bound: Bound,
    draws: int,
    seed: int,
    launches: Sequence[str] | None = None,
    sites: Sequence[Site] | None = None,
    land: Land | None = None,
    cue: Cue | None = None,
) -> Likelihood:
    """The share of draws in which a cell is within reach, the position's figures drawn from their ranges.

    A range is drawn evenly, a distribution as it is; figures independently of each other, figures without
    doubt kept. Draw number n of a figure depends on the seed, its name and n alone. Raises `InputError`
    where nothing is in doubt or the number of draws is out of bounds.
    """
    if not 1 <= draws <= MOST_DRAWS:
        rule = f"{draws} draws are outside 1 to {MOST_DRAWS}"
        raise InputError(Problem(rule, "some 100 draws give a share to 0.05", key="draws"))
    cells = land_cells() if land is None else land
    stand, froms = sites_of(bound, sites), launch_areas(bound.case, launches)
    laws = _laws(bound)
    pairs = pairs_to_land(bound.case, froms, cells)
    grid = (len(froms), len(cells))
    hits, flown = np.zeros(grid), np.zeros(grid)
    all_hits, all_flown = np.zeros(grid[1]), np.zeros(grid[1])
    central = as_columns(bound)
    for first in range(0, draws, _TOGETHER):
        last = min(first + _TOGETHER, draws)
        columns = {name: np.repeat(value, last - first, axis=0) for name, value in central.items()}
        columns |= {name: law.value(uniforms(seed, name, first, last)) for name, law in laws.items()}
        reached, flies = within_reach(pairs, at_sites(columns, stand), cue)
        shape = (len(stand), last - first, *grid)
        met = reached.reshape(shape).any(axis=0)
        there = flies.reshape(shape)[0]
        hits += (met & there).sum(axis=0)
        flown += there.sum(axis=0)
        any_flight = there.any(axis=1)
        all_hits += ((met | ~there).all(axis=1) & any_flight).sum(axis=0)
        all_flown += any_flight.sum(axis=0)
    return Likelihood(
        bound, cells, froms, stand, draws, seed, tuple(laws),
        each=_share(hits, flown), every=_share(all_hits, all_flown),
    )  # fmt: skip


def likely_cells(found: Likelihood, launch: str | None = None) -> Outcome:
    """One row a cell: the probability that it is within reach, against every launch area at once or one."""
    shares = found.every if launch is None else found.each[found.launches.index(launch)]
    rows: list[dict[str, Any]] = [
        {
            "cell": found.land.ids[n],
            "country": found.land.countries[n],
            "latitude_deg": float(found.land.latitude[n]),
            "longitude_deg": float(found.land.longitude[n]),
            "area_km2": float(found.land.area_km2[n]),
            "probability": None if np.isnan(shares[n]) else float(shares[n]),
        }
        for n in range(len(found.land))
    ]
    labels = [COVER.parameter(name).label for name in found.varied]
    drawn = f"{found.draws} draws, seed {found.seed}, of {listed(labels)}"
    column = Column(
        name="probability",
        unit="1",
        meaning=f"share of draws in which it is within reach, {launch or EVERY}; {drawn}",
    )
    bound = found.bound
    return Outcome(
        study=COVER.name,
        case=bound.case.id,
        position=bound.position.id,
        columns=(*CELL_COLUMNS[:5], column),
        rows=tuple(rows),
        conventions=(*CONVENTIONS, "Doubtful figures are drawn independently, a range evenly."),
        notices=bound.notices,
        digest=digest_of([bound.digest, found.draws, found.seed, list(found.varied)]),
    )


def _laws(bound: Bound) -> dict[str, Any]:
    """The laws of the figures that are in doubt and matter for reach."""
    laws = {}
    for parameter in bound.study.parameters:
        if parameter.kind != "number" or parameter.name in {"coverage_standard", "indeterminate_band"}:
            continue
        law = law_of(bound.position.figures[parameter.name], parameter.unit, parameter.low, parameter.high)
        if law is not None:
            laws[parameter.name] = law
    if not laws:
        way_out = "give at least one of its figures a range or a distribution"
        raise InputError(Problem(f'position "{bound.position.id}" leaves nothing in doubt', way_out))
    return laws


def _share(hits: Array, flown: Array) -> Array:
    share: Array = np.divide(hits, flown, out=np.full(hits.shape, np.nan), where=flown > 0)
    return share
