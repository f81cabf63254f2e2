"""Over how much land could an interceptor meet a missile on its way there?

Kinematics only: an upper bound on defense. Every cell of land is a sample point; sites together cover what
any of them covers. Equations, conventions and biases: docs/models/coverage.md.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.physics.engines import NUMPY, Engine, quickest
from detente.physics.intercept import EngagementStatus, reaches, required_speed, tolerable_delay
from detente.physics.nearness import out_of_reach
from detente.physics.trajectory import Arc, ArcStatus, arc_rows, arc_take
from detente.records.case import Case
from detente.records.errors import InputError, Problem

from .bind import Bound
from .catalog import REACH
from .engagements import NEVER_S, Cue, Engagements, Flights, Pairs, different, flights, pairs_at, prepared
from .land import Land, Site, land_cells
from .reach import as_columns
from .threats import FLIGHT_CONVENTIONS

Array = NDArray[np.float64]
Columns = Mapping[str, NDArray[Any]]

EVERY = "every launch area"
"""The row of a table that asks for all launch areas at once: the worst of them."""
ALL_LAND = "all land"
CONVENTIONS = (
    "A cell of land is covered where an interceptor of at least one of the sites can meet the missile.",
    "Against every launch area at once a cell counts as covered where it is covered against each.",
    "Land to which a launch area has no flight, being too near or half way round, is left out of its share.",
    "Interceptor speed is the surface-equivalent speed in the Earth-centered inertial frame.",
    *FLIGHT_CONVENTIONS,
    "Cells are parts of an equal-area grid; countries and lines are those of Natural Earth, de facto.",
)
LIMITS = (
    (
        "Whether an interceptor that can be there would hit. Detection, tracking, discrimination, "
        "reliability and countermeasures are not in the model; covered land is an upper bound on defense."
    ),
    "What any government intends, or whose figures are right.",
    "Anything finer than a cell of some 250 km: a country of few cells has a coarse share.",
    "How many missiles could be met at once: every missile is asked for alone.",
)
"""What this study cannot say, for the page."""

_HIGHEST = REACH.parameter("interceptor_speed").high
_CHUNK = 40_000  # engagements at once: bounds the memory, whatever the number of cells and launch areas


@dataclass(frozen=True)
class Coverage:
    """Margins of one position: arrays (sites, launches, cells), NaN where nothing admissible reaches.

    `required` speed [km/s]; `latest` launch after threat burnout [s]; `delay` the actual one [s], shape
    (launches, cells); `flies` whether a flight leads there at all, (launches, cells).
    """

    bound: Bound
    land: Land
    launches: tuple[str, ...]
    sites: tuple[Site, ...]
    required: Array
    latest: Array
    delay: Array
    flies: NDArray[np.bool_]

    @property
    def speed(self) -> float:
        """Interceptor speed of the position [km/s]."""
        return float(as_columns(self.bound)["interceptor_speed"][0])

    @property
    def band(self) -> float:
        """Indeterminate band of the position [km/s]."""
        return float(as_columns(self.bound)["indeterminate_band"][0])

    def margin(self) -> Array:
        """Margin in speed [km/s] of the best site, (launches, cells); minus infinity where none reaches."""
        margins = np.nan_to_num(self.speed - self.required, nan=-np.inf)
        return np.asarray(margins.max(axis=0))

    def margin_delay(self) -> Array:
        """Margin in delay [s] of the best site, (launches, cells).

        Minus infinity where none reaches, or where the clock never starts.
        """
        margins = np.nan_to_num(self.latest - self.delay, nan=-np.inf).max(axis=0)
        return np.where(self.delay < NEVER_S, margins, -np.inf)

    def worst(self, margins: Array) -> Array:
        """Least of margins (launches, cells) over the launch areas that fly there, (cells,); NaN: none."""
        least = np.where(self.flies, margins, np.inf).min(axis=0)
        return np.where(self.flies.any(axis=0), least, np.nan)

    def of_site(self, number: int) -> "Coverage":
        """What one of the sites covers alone."""
        return self.of_sites([number])

    def of_sites(self, numbers: Sequence[int]) -> "Coverage":
        """What some of the sites cover together."""
        kept = list(numbers)
        return Coverage(
            self.bound, self.land, self.launches, tuple(self.sites[n] for n in kept),
            self.required[kept], self.latest[kept], self.delay, self.flies,
        )  # fmt: skip


def coverage(
    bound: Bound,
    launches: Sequence[str] | None = None,
    sites: Sequence[Site] | None = None,
    land: Land | None = None,
    cue: Cue | None = None,
) -> Coverage:
    """Margins of every cell of land against launch areas of a case (all by default) under one position.

    Sites default to the position's own, land to the whole grid; a cue takes the place of the position's.
    Worked in chunks of cells. Raises `InputError` for unknown places, and where there is nothing to ask.
    """
    cells = land_cells() if land is None else land
    stand = sites_of(bound, sites)
    froms = launch_areas(bound.case, launches)
    columns = at_sites(as_columns(bound), stand)
    speed = float(columns["interceptor_speed"][0])
    shape = (len(stand), len(froms) * len(cells))
    required, latest = np.full(shape, np.nan), np.full(shape, np.nan)
    delay, flies = np.zeros(shape[1]), np.zeros(shape[1], np.bool_)
    for first, flown in flown_in_chunks(pairs_to_land(bound.case, froms, cells), columns, len(stand)):
        index, fields = prepared(flown, columns, cue)
        at = first + flown.members
        required[:, at] = _required(fields)[index]
        latest[:, at] = _latest(fields, speed * 1e3)[index]
        delay[at] = np.broadcast_to(fields.delay, (len(index), at.size))[0]
        flies[at] = fields.arc.status[0] == ArcStatus.SOLVED
    grid = (len(froms), len(cells))
    return Coverage(
        bound, cells, tuple(froms), stand,
        required.reshape(-1, *grid), latest.reshape(-1, *grid), delay.reshape(grid), flies.reshape(grid),
    )  # fmt: skip


def within_reach(
    pairs: Pairs, columns: Columns, cue: Cue | None = None, engine: Engine | None = None
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Whether each of n mixtures reaches each pair, and whether the threat flies at all, both (n, pairs).

    Equal to asking required_speeds and comparing, but sooner: most pairs are plain at a glance. Large
    questions go to the compiled engine where numba is installed.
    """
    size = len(columns["interceptor_speed"])
    asked = engine or quickest(size * len(pairs.launches))
    reached = np.zeros((size, len(pairs.launches)), np.bool_)
    flying = np.zeros(reached.shape, np.bool_)
    speeds = np.asarray(columns["interceptor_speed"], dtype=float) * 1e3
    for first, flown in flown_in_chunks(pairs, columns, size, asked):
        index, fields = prepared(flown, columns, cue)
        kept, back = different(np.column_stack([index, speeds]))
        rows = kept[:, 0].astype(np.intp)
        at = first + flown.members
        reached[:, at] = _reached(fields.at(rows), kept[:, 1:], asked)[back]
        flying[:, at] = (fields.arc.status == ArcStatus.SOLVED)[index]
    return reached, flying


def flown_in_chunks(
    pairs: Pairs, columns: Columns, rows: int, engine: Engine = NUMPY
) -> Iterator[tuple[int, Flights]]:
    """The flights of n mixtures, pairs in chunks that bound the memory: first pair of the chunk, flights."""
    size = max(1, _CHUNK // max(rows, 1))
    for first in range(0, len(pairs.launches), size):
        part = slice(first, first + size)
        some = Pairs(
            pairs.launches[part], pairs.aims[part], pairs.launch[:, part], pairs.aim[:, part],
            pairs.ranges_km[part], pairs.range_class[part],
        )  # fmt: skip
        for flown in flights(some, columns, engine):
            yield first, flown


def pairs_to_land(case: Case, launches: Sequence[str], land: Land) -> Pairs:
    """Every launch area with every cell, launch areas first."""
    places = [case.place(each, "launch-area").place for each in launches]
    size = len(land)
    degrees = np.stack(
        [
            np.repeat([place.latitude for place in places], size),
            np.repeat([place.longitude for place in places], size),
            np.tile(land.latitude, len(places)),
            np.tile(land.longitude, len(places)),
        ]
    )
    return pairs_at(tuple(np.repeat(list(launches), size)), land.ids * len(places), degrees)


def launch_areas(case: Case, launches: Sequence[str] | None) -> tuple[str, ...]:
    """The launch areas asked for, all of the case by default. Raises `InputError` for unknown ones."""
    if launches:
        return tuple(case.place(each, "launch-area").id for each in launches)
    found = tuple(each.id for each in case.places_of("launch-area"))
    if not found:
        way_out = "add a row of kind launch-area to the table of places"
        raise InputError(Problem("this case has no launch area", way_out))
    return found


def sites_of(bound: Bound, sites: Sequence[Site] | None) -> tuple[Site, ...]:
    """The sites asked for, or the position's own. Raises `InputError` for an empty list."""
    if sites is None:
        figure = bound.position.figures["interceptor_site"]
        place: Any = bound.values["interceptor_site"]
        named = [each.name for each in bound.case.places_of("interceptor-site") if each.place == place]
        name = named[0] if named else "site of the position"
        return (Site("position", name, place, figure.status, ", ".join(figure.source)),)
    if not sites:
        raise InputError(Problem("coverage needs at least one interceptor site", "name one, or leave it out"))
    return tuple(sites)


def at_sites(columns: Columns, sites: Sequence[Site]) -> dict[str, NDArray[Any]]:
    """The columns of n mixtures once for each site, sites first: (sites x n,) rows."""
    size = len(columns["interceptor_speed"])
    tiled = {
        name: np.concatenate([np.asarray(value)] * len(sites), axis=0) for name, value in columns.items()
    }
    places = [[site.place.latitude, site.place.longitude] for site in sites]
    return tiled | {"interceptor_site": np.repeat(np.array(places, float), size, axis=0)}


def _reached(fields: Engagements, speed: Array, engine: Engine) -> NDArray[np.bool_]:
    """Whether a speed [m/s], (m, 1), is enough, (m, members)."""
    limits = (fields.delay, fields.burn, fields.lowest, fields.cap)
    return reaches(fields.arc, fields.site, speed, *limits, engine=engine)


def _required(fields: Engagements) -> Array:
    """Required speed [km/s], (m, members); NaN where no admissible speed reaches."""
    far = out_of_reach(
        fields.arc, fields.site, _HIGHEST * 1e3, fields.delay, fields.burn, fields.lowest, fields.cap
    )
    needed = np.full(far.shape, np.nan)
    rows, arc, site, (delay, burn, lowest, cap, _) = _open(fields, ~far, 0.0)
    found = required_speed(arc, site, delay, burn, lowest, cap)
    speed = found.speed / 1e3
    fine = (found.status == EngagementStatus.FOUND) & (speed <= _HIGHEST)
    needed.ravel()[rows] = np.where(fine, speed, np.nan)
    return needed


def _latest(fields: Engagements, speed: Array | float) -> Array:
    """Latest launch after threat burnout [s] at a speed [m/s], (m, members); NaN where none reaches."""
    with_threat = -np.nan_to_num(fields.arc.burnout_time)
    far = out_of_reach(fields.arc, fields.site, speed, with_threat, fields.burn, fields.lowest, fields.cap)
    latest = np.full(far.shape, np.nan)
    rows, arc, site, (_, burn, lowest, cap, fast) = _open(fields, ~far, speed)
    found = tolerable_delay(arc, site, fast, burn, lowest, cap)
    latest.ravel()[rows] = np.where(found.status == EngagementStatus.FOUND, found.delay, np.nan)
    return latest


def _open(
    fields: Engagements, wanted: NDArray[np.bool_], speed: Array | float
) -> tuple[NDArray[np.intp], Arc, Array, list[Array]]:
    """The wanted engagements in rows: numbers, flights, sites, and delay, burn, lowest, cap, speed."""
    rows = np.flatnonzero(wanted)
    shape = wanted.shape
    site = np.broadcast_to(fields.site, (3, *shape)).reshape(3, -1)[:, rows]
    figures = (fields.delay, fields.burn, fields.lowest, fields.cap, np.asarray(speed, float))
    return (
        rows,
        arc_take(arc_rows(fields.arc, shape), rows),
        site,
        [np.broadcast_to(figure, shape).ravel()[rows] for figure in figures],
    )


Shares = Callable[[Pairs, Array, Columns], Array]


def cover_model(case: Case, pairs: Sequence[tuple[str, str]]) -> Callable[[Columns], dict[str, Array]]:
    """The study as a model for the crux: columns of n mixtures in, shares less the standard (n, pairs) out.

    A pair is a launch area and a sample point of the case, which stands for the land of its country.
    """
    return _by_country(case, pairs, "margin_share", _share_margin)


def speed_model(case: Case, pairs: Sequence[tuple[str, str]]) -> Callable[[Columns], dict[str, Array]]:
    """As `cover_model`, with the margin in speed [km/s] at which the share is the standard."""
    return _by_country(case, pairs, "margin_km_s", _speed_margin)


def delay_model(case: Case, pairs: Sequence[tuple[str, str]]) -> Callable[[Columns], dict[str, Array]]:
    """As `cover_model`, with the margin in delay [s] at which the share is the standard."""
    return _by_country(case, pairs, "margin_delay_s", _delay_margin)


MODELS = {"margin_share": cover_model, "margin_km_s": speed_model, "margin_delay_s": delay_model}
"""How a margin of this study is computed for many mixtures at once."""


def quantile(margins: Array, area: Array, share: float) -> float:
    """The margin that at least a share of the area has or exceeds; minus infinity where it has none.

    Margins (n,), NaN for land that is left out; NaN where nothing is left.
    """
    kept = ~np.isnan(margins)
    if not kept.any():
        return float("nan")
    values, weights = margins[kept], area[kept]
    order = np.argsort(-values, kind="stable")
    reached = np.cumsum(weights[order]) / weights.sum()
    place = min(int(np.searchsorted(reached, share - 1e-12)), order.size - 1)
    return float(values[order[place]])


def _by_country(
    case: Case, pairs: Sequence[tuple[str, str]], output: str, margin: Shares
) -> Callable[[Columns], dict[str, Array]]:
    asked = [(launch, case.place(aim, "sample-point").country) for launch, aim in pairs]
    lands = {country: land_cells().only([country]) for _, country in asked}
    named = {pair: pairs_to_land(case, [pair[0]], lands[pair[1]]) for pair in asked}

    def model(columns: Columns) -> dict[str, Array]:
        found = {pair: margin(named[pair], lands[pair[1]].area_km2, columns) for pair in named}
        return {output: np.stack([found[pair] for pair in asked], axis=1)}

    return model


def _share_margin(pairs: Pairs, area: Array, columns: Columns) -> Array:
    reached, flies = within_reach(pairs, columns)
    land = flies @ area
    share = np.divide((reached & flies) @ area, land, out=np.full(land.shape, np.nan), where=land > 0)
    return np.asarray(share - np.asarray(columns["coverage_standard"], dtype=float))


def _speed_margin(pairs: Pairs, area: Array, columns: Columns) -> Array:
    size = len(columns["interceptor_speed"])
    margins = np.full((size, area.size), np.nan)
    speed = np.asarray(columns["interceptor_speed"], dtype=float)[:, None]
    for first, flown in flown_in_chunks(pairs, columns, size):
        index, fields = prepared(flown, columns)
        at = first + flown.members
        flies = (fields.arc.status == ArcStatus.SOLVED)[index]
        margins[:, at] = np.where(flies, np.nan_to_num(speed - _required(fields)[index], nan=-np.inf), np.nan)
    return _at_standard(margins, area, columns)


def _delay_margin(pairs: Pairs, area: Array, columns: Columns) -> Array:
    size = len(columns["interceptor_speed"])
    margins = np.full((size, area.size), np.nan)
    speed = np.asarray(columns["interceptor_speed"], dtype=float) * 1e3
    for first, flown in flown_in_chunks(pairs, columns, size):
        index, fields = prepared(flown, columns)
        kept, back = different(np.column_stack([index, speed]))
        some = fields.at(kept[:, 0].astype(np.intp))
        at = first + flown.members
        margin = np.nan_to_num(_latest(some, kept[:, 1:]) - some.delay, nan=-np.inf)
        margins[:, at] = np.where(some.arc.status == ArcStatus.SOLVED, margin, np.nan)[back]
    return _at_standard(margins, area, columns)


def _at_standard(margins: Array, area: Array, columns: Columns) -> Array:
    """The margin of each mixture (n,) at its standard; NaN where no admissible figure is enough."""
    standard = np.asarray(columns["coverage_standard"], dtype=float)
    found = [quantile(row, area, float(share)) for row, share in zip(margins, standard, strict=True)]
    return np.where(np.isfinite(found), found, np.nan)
