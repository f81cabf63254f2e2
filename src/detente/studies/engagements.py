"""The stages of reach, each run once for each different input: flights, cues, engagements.

A crux asks for thousands of mixtures that share most figures. Each stage looks only at the figures that
it depends on, runs once for each different set of them, and hands its rows on by index.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.physics.earth import geodesic
from detente.physics.engines import NUMPY, Engine
from detente.physics.frames import ground_place, spherical_place
from detente.physics.intercept import EngagementStatus, required_speed
from detente.physics.sensing import first_sight
from detente.physics.trajectory import Arc, arc_take
from detente.records.case import Case
from detente.records.errors import InputError, Problem

from .catalog import REACH
from .threats import threat_arcs

Array = NDArray[np.float64]
Columns = Mapping[str, NDArray[Any]]
Cue = Callable[[Arc], Array]
"""What starts the clock, as seconds after threat burnout (infinite where nothing does), for some flights."""

RANGE_CLASSES = (("mrbm", 3000.0), ("irbm", 5500.0), ("icbm", np.inf))
"""Range classes by ground range [km], each up to its bound."""

_HIGHEST_SPEED = REACH.parameter("interceptor_speed").high
NEVER_S = 1e6
"""A cue that never comes: later than any flight."""
BOOST = ("burn_time", "burnout_altitude", "burnout_distance")
_NUMBERS = ("interceptor_burn_time", "commit_delay", "lowest_intercept_altitude", "flight_time_cap")


@dataclass(frozen=True)
class Pairs:
    """Launch areas and sample points by pairs: names, places on the sphere [m] (3, pairs), ranges [km]."""

    launches: tuple[str, ...]
    aims: tuple[str, ...]
    launch: Array
    aim: Array
    ranges_km: Array
    range_class: tuple[str, ...]


@dataclass(frozen=True)
class Flights:
    """The flights of one range class: `arc` (boosts, members), `index` (n,) from a mixture to its boost."""

    members: NDArray[np.intp]
    index: NDArray[np.intp]
    arc: Arc


@dataclass(frozen=True)
class Engagements:
    """The different engagements of one range class: fields (m, 1) or (m, members), SI; site (3, m, 1)."""

    arc: Arc
    site: Array
    burn: Array
    lowest: Array
    cap: Array
    delay: Array

    def arc_at(self, index: Any) -> Arc:
        """The flights of some engagements."""
        return arc_take(self.arc, index)

    def at(self, rows: NDArray[np.intp]) -> "Engagements":
        """Some of the engagements, in that order."""
        delay = np.broadcast_to(self.delay, self.arc.status.shape)
        return Engagements(
            self.arc_at(rows),
            self.site[:, rows],
            self.burn[rows],
            self.lowest[rows],
            self.cap[rows],
            delay[rows],
        )


@dataclass(frozen=True)
class Stage:
    """One range class: `index` (n,) leads from a mixture to its engagement."""

    members: NDArray[np.intp]
    index: NDArray[np.intp]
    engagement: Engagements
    delay: Array
    required: Array
    status: NDArray[np.int8]


def pairs_between(
    case: Case,
    launches: Sequence[str] | None = None,
    aims: Sequence[str] | None = None,
    *,
    paired: bool = False,
) -> Pairs:
    """Every launch area with every sample point (all of the case by default), or pair by pair.

    Raises `InputError` for a place that the case does not have, or of the wrong kind.
    """
    froms = [case.place(p, "launch-area") for p in launches] if launches else case.places_of("launch-area")
    tos = [case.place(p, "sample-point") for p in aims] if aims else case.places_of("sample-point")
    for found, words, kind in ((froms, "launch area", "launch-area"), (tos, "sample point", "sample-point")):
        if not found:
            way_out = f"add a row of kind {kind} to the table of places"
            raise InputError(Problem(f"this case has no {words}", way_out))
    both = list(zip(froms, tos, strict=True)) if paired else [(a, b) for a in froms for b in tos]
    degrees = [[a.place.latitude, a.place.longitude, b.place.latitude, b.place.longitude] for a, b in both]
    return pairs_at(tuple(a.id for a, _ in both), tuple(b.id for _, b in both), np.array(degrees).T)


def pairs_at(launches: tuple[str, ...], aims: tuple[str, ...], degrees: Array) -> Pairs:
    """Pairs of places by name and by latitude and longitude [degrees] of launch and aim, (4, pairs)."""
    lat1, lon1, lat2, lon2 = np.radians(degrees)
    ranges = geodesic(lat1, lon1, lat2, lon2).distance / 1e3
    classes = tuple(next(name for name, upto in RANGE_CLASSES if km < upto) for km in ranges)
    return Pairs(launches, aims, spherical_place(lat1, lon1), spherical_place(lat2, lon2), ranges, classes)


def required_speeds(pairs: Pairs, columns: Columns) -> Array:
    """Required interceptor speed [km/s] for n mixtures, (n, pairs); NaN where no admissible speed reaches."""
    needed = np.full((len(columns["interceptor_speed"]), len(pairs.launches)), np.nan)
    for stage in engagements(pairs, columns):
        needed[:, stage.members] = stage.required[stage.index]
    return needed


def engagements(pairs: Pairs, columns: Columns) -> list[Stage]:
    """All engagements of n mixtures, one stage a range class that occurs."""
    return [_stage(flown, columns) for flown in flights(pairs, columns)]


def flights(pairs: Pairs, columns: Columns, engine: Engine = NUMPY) -> list[Flights]:
    """All threat flights of n mixtures, each once: one entry a range class that occurs."""
    return [_flights(pairs, columns, name, engine) for name, _ in RANGE_CLASSES if name in pairs.range_class]


def _flights(pairs: Pairs, columns: Columns, name: str, engine: Engine) -> Flights:
    members = np.flatnonzero(np.array(pairs.range_class) == name)
    oblate = np.asarray(columns["earth_model"]) == "ellipsoid"
    plans, index = different(
        np.column_stack([*(_column(columns, f"{name}_{part}") for part in BOOST), _loft(columns), oblate])
    )
    arc = threat_arcs(pairs.launch[:, members], pairs.aim[:, members], plans, engine)
    return Flights(members, index, arc)


def _loft(columns: Columns) -> Array:
    return np.radians(_column(columns, "threat_loft"))


def _stage(flown: Flights, columns: Columns) -> Stage:
    index, fields = prepared(flown, columns)
    found = required_speed(fields.arc, fields.site, fields.delay, fields.burn, fields.lowest, fields.cap)
    speed = found.speed / 1e3
    reaches = (found.status == EngagementStatus.FOUND) & (speed <= _HIGHEST_SPEED)
    return Stage(flown.members, index, fields, fields.delay, np.where(reaches, speed, np.nan), found.status)


def prepared(
    flown: Flights, columns: Columns, cue: Cue | None = None
) -> tuple[NDArray[np.intp], Engagements]:
    """The engagements of n mixtures before anything is met: which of them each mixture has (n,), and they.

    A cue given here takes the place of the one that the columns name.
    """
    cues, cue_index = different(np.column_stack([flown.index, _radars(columns)]))
    seen = arc_take(flown.arc, cues[:, 0].astype(np.intp))
    started = _cue_times(seen, cues[:, 1:]) if cue is None else cue(seen)
    return engaged(seen, cue_index, started, columns)


def engaged(
    arc: Arc, cue_index: NDArray[np.intp], started: Array, columns: Columns
) -> tuple[NDArray[np.intp], Engagements]:
    """The engagements of n mixtures whose clock starts at known times: which each mixture has (n,), and they.

    arc: the different flights, (m, members); started: when each clock starts [s after threat burnout], of
    the same shape, NaN for never; cue_index: which of them each mixture has, (n,).
    """
    started = np.nan_to_num(started, nan=NEVER_S, posinf=NEVER_S)
    kept, index = different(
        np.column_stack([cue_index, columns["interceptor_site"], *(columns[c] for c in _NUMBERS)])
    )
    which = kept[:, 0].astype(np.intp)
    burn, wait, lowest, cap = (kept[:, n : n + 1] for n in range(3, 7))
    return index, Engagements(
        arc_take(arc, which),
        sites(kept[:, 1:3], over_ellipsoid(arc)[which]),
        burn,
        lowest * 1e3,
        cap,
        started[which] + wait,
    )


def _radars(columns: Columns) -> Array:
    """Whether a mixture waits for the radar, and the radar's place and elevation [deg] if it does, (n, 4)."""
    waits = np.asarray(columns["warning_cue"]) == "radar-horizon"
    radar = np.column_stack([columns["radar_site"], columns["radar_minimum_elevation"]]).astype(float)
    return np.column_stack([waits, np.where(waits[:, None], radar, 0.0)])


def _cue_times(arc: Arc, radars: Array) -> Array:
    """What starts the clock [s after threat burnout]: burnout, or the rise above the radar's horizon."""
    times = np.zeros(arc.burnout_time.shape)
    waiting = np.flatnonzero(radars[:, 0])
    if waiting.size:
        seen = arc_take(arc, waiting)
        radar = sites(radars[waiting, 1:3], over_ellipsoid(seen))
        sight = first_sight(seen, radar, np.radians(radars[waiting, 3:4]))
        since = np.nan_to_num(sight.time - seen.burnout_time, nan=NEVER_S, posinf=NEVER_S)
        times[waiting] = np.maximum(since, 0.0)
    return times


def sites(degrees: Array, ellipsoid: NDArray[Any]) -> Array:
    """Earth-fixed positions [m], (3, m, 1), of places (m, 2) in degrees, on ellipsoid or sphere."""
    latitude, longitude = np.radians(degrees).T
    return ground_place(latitude, longitude, ellipsoid)[:, :, None]


def over_ellipsoid(arc: Arc) -> NDArray[np.bool_]:
    """Whether flights (m, members) go over the ellipsoid, (m,): all flights of a row go over one Earth."""
    flat: NDArray[np.bool_] = arc.flattening[:, 0] > 0.0
    return flat


def _column(columns: Columns, name: str) -> Array:
    return np.asarray(columns[name], dtype=float)


def different(table: Array) -> tuple[Array, NDArray[np.intp]]:
    """The different rows of a table of finite numbers, in order, and for each row which of them it is.

    Row by row np.unique(table, axis=0) says the same ten times as slowly: here one column after another, each
    of which counts only where it is not the same throughout.
    """
    code = np.zeros(len(table), dtype=np.intp)
    number = 1
    for column in table.T:
        if (column == column[:1]).all():
            continue
        values, place = np.unique(column, return_inverse=True)
        code = code * values.size + place
        number *= values.size
        if number > len(table):  # numbers anew, that they may not grow beyond all bounds
            known, code = np.unique(code, return_inverse=True)
            number = known.size
    _, first, index = np.unique(code, return_index=True, return_inverse=True)
    return table[first], index
