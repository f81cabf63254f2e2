"""Which radar sees a missile on its way first, when, how well, and when is its track firm?

An upper bound on sensing: a missile in view is taken as seen. Equations and biases: docs/models/sensing.md.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.physics.custody import Custody, Sensor, View, closest_in_view, custody, look_at, time_in_view
from detente.physics.radar import margin
from detente.physics.sensing import first_sight
from detente.physics.trajectory import Arc, ArcStatus, altitude_at, arc_take
from detente.records.case import Case
from detente.records.outcome import Outcome

from .bind import Bound, plain_value
from .engagements import Flights, Pairs, different, flights, over_ellipsoid, pairs_between, sites
from .pair_outcome import pair_outcome
from .reach import THREAT_REASONS, as_columns
from .readings import verdict_of
from .sensors import (
    SITE_RADAR,
    Network,
    digest_with,
    listed_sensor,
    network_of,
    site_range,
    site_sensor,
    sky_table,
    watching,
)
from .threats import FLIGHT_CONVENTIONS

Array = NDArray[np.float64]
Columns = Mapping[str, NDArray[Any]]

CONVENTIONS = (
    "Times count from threat launch; what might be seen before threat burnout is left out.",
    *FLIGHT_CONVENTIONS,
    "The range of the radar at the site follows from the radar equation, for a generic cross-section.",
    "The range of every other radar is the one that is printed for it.",
    "Inside sector, elevations and range a missile is in view; unbroken for the track time it is tracked.",
    "Places are kept to 0.1 degree.",
)
LIMITS = (
    (
        "Whether a radar would find the missile: it must be told where to look, or search, which costs "
        "range. Beam shape, scan losses, clutter, weather and countermeasures are not in the model."
    ),
    "Whether it could tell one object from another.",
    "What any government intends, or whose figures are right.",
    "How far the listed radars see a particular target: the range that is printed for them is used as it is.",
    "What is seen during the boost, or by satellites: early warning is a cue here, not a sensor.",
)
"""What this study cannot say, for the page."""

CAVEAT = (
    "A missile in view is taken as seen: an upper bound on sensing. Search, discrimination, reliability and "
    "countermeasures are not in it."
)


@dataclass(frozen=True)
class Sky:
    """The different skies of one range class: flights (m, members) and who watches them, in SI.

    `index` (n,) leads from a mixture to its row; `table` as sky_table, `reach` of the site's radar [m], track
    time and bridged gap [s], all (m, ...).
    """

    members: NDArray[np.intp]
    index: NDArray[np.intp]
    arc: Arc
    table: Array
    reach: Array
    track_time: Array
    bridge: Array


def watch(
    bound: Bound,
    launches: Sequence[str] | None = None,
    aims: Sequence[str] | None = None,
    radars: Sequence[str] | None = None,
) -> Outcome:
    """What radars see under one position: one row a launch area and sample point (all by default).

    `radars` names those that watch ("site-radar" is the position's own), instead of the position's network.
    Raises `InputError` for a place or radar that the case does not have.
    """
    pairs = pairs_between(bound.case, launches, aims)
    network = network_of(bound.case, radars)
    columns = as_columns(bound)
    rows = [row for sky in _skies(pairs, columns) for row in _rows(pairs, sky, network, columns)]
    return pair_outcome(
        bound,
        pairs,
        rows,
        CONVENTIONS,
        status="what the model may say of this row, by margin_db",
        notices=unknown_radars(network, bound),
        caveat=CAVEAT,
        digest=digest_with(bound, network),
    )


def watch_model(case: Case, pairs: Sequence[tuple[str, str]]) -> Callable[[Columns], dict[str, Array]]:
    """The margins in dB for the crux: columns of n mixtures in, `margin_db`, `margin_site_db` (n, pairs) out.

    Columns carry catalog units; choices are words and places (n, 2) degrees. The geometry is run once for
    each different sky; power, aperture and the like then cost one division a mixture.
    """
    named, network = pairs_between(case, *zip(*pairs, strict=True), paired=True), network_of(case)

    def model(columns: Columns) -> dict[str, Array]:
        reach = site_range(columns)
        shape = (len(reach), len(named.launches))
        best, own = np.full(shape, np.nan), np.full(shape, np.nan)
        for sky in _skies(named, columns, geometry_only=True):
            near = _closest(sky, network)
            site = _margin(near[SITE_RADAR][sky.index], reach[:, None])
            own[:, sky.members] = site
            best[:, sky.members] = _best(site, near, sky, network)
        return {"margin_db": best, "margin_site_db": own}

    return model


def site_model(case: Case, pairs: Sequence[tuple[str, str]]) -> Callable[[Columns], dict[str, Array]]:
    """As `watch_model`, for the radar at the site alone: `margin_site_db`, (n, pairs)."""
    named, alone = pairs_between(case, *zip(*pairs, strict=True), paired=True), Network((), ())

    def model(columns: Columns) -> dict[str, Array]:
        reach = site_range(columns)
        own = np.full((len(reach), len(named.launches)), np.nan)
        for sky in _skies(named, columns, geometry_only=True):
            near = _closest(sky, alone)[SITE_RADAR]
            own[:, sky.members] = _margin(near[sky.index], reach[:, None])
        return {"margin_site_db": own}

    return model


def view_model(case: Case, pairs: Sequence[tuple[str, str]]) -> Callable[[Columns], dict[str, Array]]:
    """As `watch_model`, with the margin in seconds of unbroken view: `margin_view_s`, (n, pairs)."""
    named, network = pairs_between(case, *zip(*pairs, strict=True), paired=True), network_of(case)

    def model(columns: Columns) -> dict[str, Array]:
        spare = np.full((len(columns["radar_power"]), len(named.launches)), np.nan)
        for sky in _skies(named, columns):
            found = in_custody(sky, network)
            spare[:, sky.members] = np.where(
                sky.arc.status == ArcStatus.SOLVED, found.longest - sky.track_time[:, None], np.nan
            )[sky.index]
        return {"margin_view_s": spare}

    return model


MODELS = {"margin_db": watch_model, "margin_site_db": site_model, "margin_view_s": view_model}
"""How a margin of this study is computed for many mixtures at once."""


def skies(flown: Flights, columns: Columns) -> Sky:
    """The different skies of n mixtures over the flights of one range class."""
    reach = site_range(columns)
    return _sky(flown, columns, np.column_stack([reach, *(_column(columns, c) for c in _TIMES)]))


def in_custody(sky: Sky, network: Network) -> Custody:
    """What the radars that watch have of each flight, (m, members); a track's time is that of a firm cue."""
    return custody(_views(sky, network), sky.track_time[:, None], sky.bridge[:, None])


_TIMES = ("radar_track_time", "radar_bridged_gap")


def _views(sky: Sky, network: Network) -> list[View]:
    return [time_in_view(sky.arc, sensor) for sensor in _sensors(sky, network)]


def _skies(pairs: Pairs, columns: Columns, *, geometry_only: bool = False) -> list[Sky]:
    flown = flights(pairs, columns)
    if geometry_only:
        unused = np.column_stack([np.full(len(columns["radar_power"]), value) for value in (1.0, 0.0, 0.0)])
        return [_sky(each, columns, unused) for each in flown]
    return [skies(each, columns) for each in flown]


def _sky(flown: Flights, columns: Columns, rest: Array) -> Sky:
    table = sky_table(columns)
    kept, index = different(np.column_stack([flown.index, table, rest]))
    arc = arc_take(flown.arc, kept[:, 0].astype(np.intp))
    last = 1 + table.shape[1]
    reach, track_time, bridge = kept[:, last:].T
    return Sky(flown.members, index, arc, kept[:, 1:last], reach, track_time, bridge)


def _sensors(sky: Sky, network: Network) -> list[Sensor]:
    """The radars of a network in its order; one that does not watch has a reach of zero."""
    on = watching(network, sky.table)
    own = site_sensor(sky.table, np.where(on[SITE_RADAR], sky.reach, 0.0))
    return [own, *(listed_sensor(one, sky.table, on[one.id]) for one in network.listed)]


def _closest(sky: Sky, network: Network) -> dict[str, Array]:
    """Least distance [m] in the sky of each radar that watches, (m, members); of the site's own always."""
    own = site_sensor(sky.table, np.ones(len(sky.table)))
    found = {SITE_RADAR: closest_in_view(sky.arc, own).distance}
    on = watching(network, sky.table)
    for one in network.listed:
        found[one.id] = np.full(found[SITE_RADAR].shape, np.nan)
        rows = np.flatnonzero(on[one.id])
        if rows.size:
            sensor = listed_sensor(one, sky.table[rows], np.ones(rows.size, dtype=bool))
            found[one.id][rows] = closest_in_view(arc_take(sky.arc, rows), sensor).distance
    return found


def _best(site: Array, near: Mapping[str, Array], sky: Sky, network: Network) -> Array:
    """The best margin [dB] of the radars that watch, (n, members); NaN where none has the missile."""
    on = watching(network, sky.table)
    best = np.where(on[SITE_RADAR][sky.index, None], site, np.nan)
    for one in network.listed:
        best = np.fmax(best, _margin(near[one.id], np.array(one.radar.range_km * 1e3))[sky.index])
    return best


def _margin(distance: Array, reach: Array) -> Array:
    """Margin [dB]; NaN where there is no distance."""
    known = np.isfinite(distance)
    level: Array = np.where(known, margin(np.where(known, distance, 1.0), reach), np.nan)
    return level


def _cue(sky: Sky, found: Custody, word: str) -> Array:
    """What starts the clock [s after threat launch]: burnout, the rise over the horizon, or a firm track."""
    burnout = sky.arc.burnout_time
    if word == "early-warning":
        return burnout
    if word == "radar-horizon":
        site = sites(sky.table[:, :2], over_ellipsoid(sky.arc))
        rise = first_sight(sky.arc, site, np.radians(sky.table[:, 2:3]))
        return np.maximum(rise.time, burnout)
    return found.track


def _rows(pairs: Pairs, sky: Sky, network: Network, columns: Columns) -> list[dict[str, Any]]:
    """Rows of one range class under one position; every null has its reason."""
    views = _views(sky, network)
    found = custody(views, sky.track_time[:, None], sky.bridge[:, None])
    near = _closest(sky, network)
    site = _margin(near[SITE_RADAR], sky.reach[:, None])
    best = _best(site, near, sky, network)
    looks = [look_at(sky.arc, sensor, found.first[..., None]) for sensor in _sensors(sky, network)]
    ranges = [sky.reach[:, None], *(np.array(one.radar.range_km * 1e3) for one in network.listed)]
    first = [_margin(seen.distance[..., 0], far) for seen, far in zip(looks, ranges, strict=True)]
    cue = _cue(sky, found, str(columns["warning_cue"][0]))
    delay, band = (float(columns[name][0]) for name in ("commit_delay", "detection_band"))
    altitude = altitude_at(sky.arc, found.first[..., None])[..., 0]
    rows = []
    for j, number in enumerate(sky.members):
        flies = sky.arc.status[0, j] == ArcStatus.SOLVED
        by = int(found.first_by[0, j])
        level = _number(best[0, j])
        rows.append(
            {
                "launch": pairs.launches[number],
                "aim": pairs.aims[number],
                "status": verdict_of(-np.inf if level is None else level, band),
                "first_seen_by": _name(network, by),
                "first_seen_s": _number(found.first[0, j]),
                "first_seen_range_km": _number(looks[by].distance[0, j, 0], 1e-3),
                "first_seen_elevation_deg": _number(looks[by].elevation[0, j, 0], np.degrees(1.0)),
                "first_seen_altitude_km": _number(altitude[0, j], 1e-3),
                "first_seen_margin_db": _number(first[by][0, j]),
                "margin_db": level,
                "margin_site_db": _number(site[0, j]),
                "closest_site_km": _number(near[SITE_RADAR][0, j], 1e-3),
                "detection_range_km": float(sky.reach[0]) * 1e-3,
                "view_s": _number(found.seen[0, j]) if flies else None,
                "unbroken_view_s": _number(found.longest[0, j]) if flies else None,
                "margin_view_s": _number(found.longest[0, j] - sky.track_time[0]) if flies else None,
                "gap_s": _number(found.gap[0, j]) if flies else None,
                "handovers": int(found.handovers[0, j]) if flies else None,
                "in_view_of": _times(views, network, j) if flies else None,
                "track_s": _number(found.track[0, j]),
                "track_by": _name(network, int(found.track_by[0, j])),
                "cue_s": _number(cue[0, j]),
                "commit_s": _number(cue[0, j] + delay),
                "burnout_s": _number(sky.arc.burnout_time[0, j]),
                "impact_s": _number(sky.arc.impact_time[0, j]),
                "range_km": float(pairs.ranges_km[number]),
            }
        )
        rows[-1]["reason"] = _reason(rows[-1], ArcStatus(sky.arc.status[0, j]))
    return rows


def _times(views: Sequence[View], network: Network, member: int) -> str:
    """Which radars have a flight of the first mixture in view, and when: "thule 355 to 1,410"."""
    told = []
    for name, view in zip(network.names, views, strict=True):
        spans = zip(view.first[0, member], view.last[0, member], strict=True)
        seen = [f"{first:,.0f} to {last:,.0f}" for first, last in spans if np.isfinite(first)]
        if seen:
            told.append(f"{name} {' and '.join(seen)}")
    return "; ".join(told)


def _reason(row: Mapping[str, Any], flight: ArcStatus) -> str:
    if flight != ArcStatus.SOLVED:
        return THREAT_REASONS[flight]
    said = []
    if row["margin_db"] is None:
        said.append("never in the part of the sky that these radars cover")
    elif row["first_seen_s"] is None:
        said.append("in the sky of these radars, but never within their range")
    elif row["track_s"] is None:
        said.append(f"in view for {row['unbroken_view_s']:.0f} s unbroken at most, less than the track time")
    if row["cue_s"] is None and row["first_seen_s"] is not None and row["track_s"] is not None:
        said.append("the cue never comes: not above the minimum elevation of the radar at the site")
    if row["margin_site_db"] is None and row["margin_db"] is not None:
        said.append("never in the sky of the radar at the site")
    return "; ".join(said)


def unknown_radars(network: Network, bound: Bound) -> tuple[str, ...]:
    """Radars of the case of which no sector is known, unless they are the position's own."""
    own = plain_value(bound.values["radar_site"])
    return tuple(
        f'radar "{place.id}" does not watch: it is not in the table of radars, and not the position\'s own'
        for place in network.unlisted
        if (place.place.latitude, place.place.longitude) != own
    )


def _name(network: Network, number: int) -> str | None:
    return None if number < 0 else network.names[number]


def _column(columns: Columns, name: str) -> Array:
    return np.asarray(columns[name], dtype=float)


def _number(value: float, factor: float = 1.0) -> float | None:
    return float(value) * float(factor) if np.isfinite(value) else None
