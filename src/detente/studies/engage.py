"""When could an interceptor meet a missile, from which cue on, and how many shots would fit?

Kinematics and a clock: an upper bound on defense. Equations and biases: docs/models/engagement.md.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.physics.intercept import EngagementStatus, required_speed, tolerable_delay
from detente.physics.shots import Fan, Shots, every_window, look_shots, meeting_angle
from detente.physics.trajectory import ArcStatus
from detente.records.case import Case
from detente.records.outcome import Outcome

from .bind import Bound
from .catalog.engage import CLOCKS, ENGAGE, WINDOWS_SHOWN
from .engagements import (
    NEVER_S,
    Engagements,
    Flights,
    Pairs,
    different,
    engaged,
    flights,
    pairs_between,
    prepared,
)
from .inventory import shots_between_looks
from .pair_outcome import pair_outcome
from .raids import RAID, needed_interceptors, raid_shots, spare_interceptors, spare_raid_shots
from .reach import THREAT_REASONS, as_columns
from .readings import verdict_of
from .sensors import Network, digest_with, network_of
from .threats import FLIGHT_CONVENTIONS
from .watch import in_custody, skies, unknown_radars

Array = NDArray[np.float64]
Columns = Mapping[str, NDArray[Any]]

MOST_SHOTS = 20
"""Shots at one missile at which counting ends: as many as a doctrine may ask for."""
CONVENTIONS = (
    "Interceptor speed is the surface-equivalent speed in the Earth-centered inertial frame, less losses.",
    "The interceptor flies freely (Lambert, short way) from half a burn after launch.",
    *FLIGHT_CONVENTIONS,
    "Times count from threat launch, delays from threat burnout; an interceptor may wait before launch.",
    "Shots and salvos with looks: each leaves as soon as it may and meets the missile as early as it can.",
    "The missiles of a raid fly alike and at once; each can be shot at as often as one alone.",
    "Tail chase: less than a right angle between the two inertial velocities, direct flight at full speed.",
    "Places are kept to 0.1 degree.",
)
LIMITS = (
    (
        "Whether an interceptor that can be there would hit. Discrimination, reliability and countermeasures "
        "are not in the model; windows and shots are an upper bound on defense."
    ),
    "What any government intends, or whose figures are right.",
    "What closing speeds an interceptor could bear: a tail chase is marked, not excluded.",
    "How many interceptors could be launched or guided at once: a raid leaves each missile its whole window.",
    "Anything finer than its band: the convention for interceptor speed alone moves a margin by as much.",
)
"""What this study cannot say, for the page."""

_HIGHEST = ENGAGE.parameter("interceptor_speed").high
_ANGLES = np.linspace(0.0, 1.0, 33)  # moments of a window at which the angle of meeting is looked at
_CEILING = ("highest_intercept_altitude",)
_SPEED = (*_CEILING, "net_speed")
_SHOTS = (*_SPEED, "look_time", "launch_interval", "between", "held")
_RAID = (*_SHOTS, *RAID)
_SHOTS_OF = {
    "salvo": "shots_salvo",
    "shoot-look-shoot": "shots_look",
    "salvo-look-salvo": "shots_salvo_look",
}
_ORDINAL = ("first", "second", "third")
_NO_MOMENT = "no moment satisfies the altitudes, both burn times and the flight-time cap"
_NO_CUE = {
    "radar-horizon": "the cue never comes: not above the minimum elevation of the radar at the site",
    "radar-track": "the cue never comes: no track becomes firm",
}


@dataclass(frozen=True)
class Fought:
    """The different engagements of one range class and clock, and the mixtures that have them.

    `mixtures` (k,) and `members` say where results belong; `index` (k,) leads from a mixture to its row of
    `given`, fields (m, members), and of `figures`, each (m, 1).
    """

    mixtures: NDArray[np.intp]
    members: NDArray[np.intp]
    index: NDArray[np.intp]
    given: Engagements
    figures: Mapping[str, Array]

    @property
    def fan(self) -> Fan:
        """What the interceptors can do."""
        return Fan(
            self.figures["net_speed"] * 1e3, self.given.burn, self.given.lowest, self.given.cap, self.highest
        )

    @property
    def highest(self) -> Array:
        """The highest intercept altitude [m], (m, 1)."""
        return self.figures["highest_intercept_altitude"] * 1e3

    @property
    def started(self) -> NDArray[np.bool_]:
        """Where the clock ever starts, (m, members)."""
        begun: NDArray[np.bool_] = np.broadcast_to(self.given.delay, self.given.arc.status.shape) < NEVER_S
        return begun


def engage(
    bound: Bound,
    launches: Sequence[str] | None = None,
    aims: Sequence[str] | None = None,
    radars: Sequence[str] | None = None,
) -> Outcome:
    """Clock, windows and shots under one position: one row a launch area and sample point (all by default).

    `radars` names those that watch ("site-radar" is the position's own), instead of the position's network.
    Raises `InputError` for a place or radar that the case does not have.
    """
    pairs = pairs_between(bound.case, launches, aims)
    network = network_of(bound.case, radars)
    columns = as_columns(bound)
    rows = [
        row
        for fought in _fought(pairs, columns, network, _RAID)
        for row in _rows(pairs, fought, columns, network)
    ]
    return pair_outcome(
        bound,
        pairs,
        rows,
        CONVENTIONS,
        status="what the model may say of this row, by margin_km_s",
        notices=unknown_radars(network, bound),
        digest=digest_with(bound, network),
    )


def _model(
    output: str,
    names: Sequence[str],
    worked_out: Callable[[Fought], Array],
    margin: Callable[[Columns, Array], Array],
) -> Callable[[Case, Sequence[tuple[str, str]]], Callable[[Columns], dict[str, Array]]]:
    def of_pairs(case: Case, pairs: Sequence[tuple[str, str]]) -> Callable[[Columns], dict[str, Array]]:
        """The study as a model for the crux: columns of n mixtures in, margins of shape (n, pairs) out.

        Columns carry catalog units; choices are words and places (n, 2) degrees. Each different flight, sky
        and engagement is worked out once.
        """
        named, network = pairs_between(case, *zip(*pairs, strict=True), paired=True), network_of(case)

        def model(columns: Columns) -> dict[str, Array]:
            found = np.full((len(columns["clock"]), len(named.launches)), np.nan)
            for fought in _fought(named, columns, network, names):
                found[np.ix_(fought.mixtures, fought.members)] = worked_out(fought)[fought.index]
            return {output: margin(columns, found)}

        return model

    return of_pairs


def _fought(pairs: Pairs, columns: Columns, network: Network, names: Sequence[str]) -> Iterator[Fought]:
    """The engagements of n mixtures, for each clock and range class; `names` are the figures that matter."""
    derived = {
        **columns,
        "net_speed": np.maximum(_net_speed(columns), 0.0),
        "held": np.floor(_column(columns, "interceptor_number")),
        "between": shots_between_looks(columns),
    }
    words = np.asarray(columns["clock"])
    for clock in CLOCKS:
        mixtures = np.flatnonzero(words == clock)
        if not mixtures.size:
            continue
        some = {name: np.asarray(values)[mixtures] for name, values in derived.items()}
        for flown in flights(pairs, some):
            which, given = _clocked(flown, some, clock, network)
            kept, index = different(np.column_stack([which, *(_column(some, name) for name in names)]))
            figures = {name: kept[:, n : n + 1] for n, name in enumerate(names, 1)}
            yield Fought(mixtures, flown.members, index, given.at(kept[:, 0].astype(np.intp)), figures)


def _clocked(
    flown: Flights, columns: Columns, clock: str, network: Network
) -> tuple[NDArray[np.intp], Engagements]:
    """The engagements of mixtures that share a clock: which of them each has, and they."""
    if clock != "radar-track":
        return prepared(flown, {**columns, "warning_cue": np.full(len(columns["clock"]), clock)})
    sky = skies(flown, columns)
    return engaged(sky.arc, sky.index, in_custody(sky, network).track - sky.arc.burnout_time, columns)


def _required(fought: Fought) -> Array:
    """Required speed [km/s], net of losses, (m, members); NaN where no admissible speed reaches."""
    given = fought.given
    found = required_speed(
        given.arc, given.site, given.delay, given.burn, given.lowest, given.cap, fought.highest
    )
    speed = found.speed / 1e3
    reaches = (found.status == EngagementStatus.FOUND) & (speed <= _HIGHEST)
    return np.where(reaches, speed, np.nan)


def _latest(fought: Fought) -> Array:
    """Latest launch after threat burnout [s], (m, members); NaN where none reaches."""
    given, fan = fought.given, fought.fan
    found = tolerable_delay(given.arc, given.site, fan.speed, *fan.limits)
    return np.where(found.status == EngagementStatus.FOUND, found.delay, np.nan)


def _spare_delay(fought: Fought) -> Array:
    """Tolerable delay less the actual one [s]; NaN where none reaches or the clock never starts."""
    return np.where(fought.started, _latest(fought) - fought.given.delay, np.nan)


def _salvo(fought: Fought) -> Array:
    """Shots that fit in one salvo, (m, members): those launched before the latest launch that reaches."""
    spare = np.nan_to_num(_spare_delay(fought), nan=-1.0)
    interval = np.broadcast_to(fought.figures["launch_interval"], spare.shape)
    more = np.divide(np.maximum(spare, 0.0), interval, out=np.full(spare.shape, np.inf), where=interval > 0.0)
    return np.where(spare >= 0.0, np.minimum(np.floor(more) + 1.0, MOST_SHOTS), 0.0)


def _with_looks(fought: Fought, salvo: Array | float) -> Shots:
    """Shots that fit in salvos with a look between them: numbers, launches and intercepts."""
    given, figures = fought.given, fought.figures
    pauses = (figures["look_time"], MOST_SHOTS, salvo, figures["launch_interval"])
    return look_shots(given.arc, given.site, fought.fan, given.delay, *pauses)


def _fit(fought: Fought) -> Array:
    """Shots that fit under the doctrine, however many are held, (m, members); NaN where nothing flies."""
    number = np.zeros(fought.given.arc.status.shape)
    between = fought.figures["between"]
    for which, looks in ((between[:, 0] > 0.0, True), (between[:, 0] == 0.0, False)):
        rows = np.flatnonzero(which)
        if rows.size:
            some = {name: values[rows] for name, values in fought.figures.items()}
            part = Fought(fought.mixtures, fought.members, fought.index, fought.given.at(rows), some)
            number[rows] = _with_looks(part, some["between"]).number if looks else _salvo(part)
    return np.where(fought.given.arc.status == ArcStatus.SOLVED, number, np.nan)


def _fired(fought: Fought) -> Array:
    """The same, no more than the interceptors held."""
    return np.minimum(_fit(fought), fought.figures["held"])


def _of_raid(worked_out: Callable[[Array, Mapping[str, Array]], Array]) -> Callable[[Fought], Array]:
    def of_fought(fought: Fought) -> Array:
        """A margin of the raid, (m, members); NaN where nothing flies."""
        fit = _fit(fought)
        return np.where(np.isnan(fit), np.nan, worked_out(np.nan_to_num(fit), fought.figures))

    return of_fought


def _net_speed(columns: Columns) -> Array:
    return _column(columns, "interceptor_speed") - _column(columns, "speed_loss")


def _over_required(columns: Columns, required: Array) -> Array:
    return _net_speed(columns)[:, None] - required


def _over_asked(columns: Columns, fired: Array) -> Array:
    return fired - np.ceil(_column(columns, "shots_per_missile"))[:, None]


MODELS = {
    "margin_km_s": _model("margin_km_s", _CEILING, _required, _over_required),
    "margin_delay_s": _model("margin_delay_s", _SPEED, _spare_delay, lambda _, spare: spare),
    "margin_shots": _model("margin_shots", _SHOTS, _fired, _over_asked),
    **{
        output: _model(output, _RAID, _of_raid(worked_out), lambda _, spare: spare)
        for output, worked_out in (
            ("margin_raid_shots", spare_raid_shots),
            ("margin_interceptors", spare_interceptors),
        )
    },
}
"""How a margin of this study is computed for many mixtures at once."""


def _rows(pairs: Pairs, fought: Fought, columns: Columns, network: Network) -> list[dict[str, Any]]:
    """Rows of one range class under one position; every null has its reason."""
    given, arc = fought.given, fought.given.arc
    needed, latest, spare = _required(fought)[0], _latest(fought)[0], _spare_delay(fought)[0]
    margin = _over_required(columns, needed[None])[0]
    band, wait = (float(columns[name][0]) for name in ("indeterminate_band", "commit_delay"))
    began = np.where(fought.started[0], given.delay[0] + arc.burnout_time[0], np.nan)
    in_turn, size = _with_looks(fought, 1.0), np.floor(columns["salvo_size"][:1, None])
    seen, tracked = _sight(pairs, fought.members, columns, network)
    fits: dict[str, Array] = {
        "shots_look": in_turn.number.astype(float),
        "shots_salvo": _salvo(fought),
        "shots_salvo_look": _with_looks(fought, size).number.astype(float),
    }
    held = fought.figures["held"]
    counts = {name: np.minimum(number, held)[0] for name, number in fits.items()}
    fit = fits[_SHOTS_OF[str(columns["firing_doctrine"][0])]]
    fired = np.minimum(fit, held)[0]
    raid = {
        "raid_shots": raid_shots(fit, fought.figures),
        "margin_raid_shots": spare_raid_shots(fit, fought.figures),
        "needed_interceptors": needed_interceptors(fit, fought.figures),
        "margin_interceptors": spare_interceptors(fit, fought.figures),
    }
    windows, outcome = _windows(fought)
    rows = []
    for j, number in enumerate(fought.members):
        flies = arc.status[0, j] == ArcStatus.SOLVED
        row = {
            "launch": pairs.launches[number],
            "aim": pairs.aims[number],
            "status": verdict_of(-np.inf if np.isnan(margin[j]) else float(margin[j]), band),
            "detection_s": _number(seen[j]),
            "track_s": _number(tracked[j]),
            "cue_s": _number(began[j] - wait),
            "launch_s": _number(began[j]),
            "required_speed_km_s": _number(needed[j]),
            "margin_km_s": _number(margin[j]),
            "tolerable_delay_s": _number(latest[j]),
            "margin_delay_s": _number(spare[j]),
            **windows[j],
            **{name: int(number[j]) if flies else None for name, number in counts.items()},
            "second_launch_s": _number(in_turn.launch[0, j, 1]) if counts["shots_look"][j] > 1 else None,
            "second_intercept_s": _number(in_turn.meeting[0, j, 1]) if counts["shots_look"][j] > 1 else None,
            "shots": int(fired[j]) if flies else None,
            "margin_shots": int(_over_asked(columns, fired[None])[0, j]) if flies else None,
            **{name: _count(values[0, j]) if flies else None for name, values in raid.items()},
            "burnout_s": _number(arc.burnout_time[0, j]),
            "impact_s": _number(arc.impact_time[0, j]),
            "range_km": float(pairs.ranges_km[number]),
        }
        row["reason"] = _reason(row, ArcStatus(arc.status[0, j]), outcome[j], str(columns["clock"][0]))
        rows.append(row)
    return rows


def _sight(
    pairs: Pairs, members: NDArray[np.intp], columns: Columns, network: Network
) -> tuple[Array, Array]:
    """First moment in view and first firm track [s after threat launch] of some pairs, whatever the clock."""
    for flown in flights(pairs, columns):
        if np.array_equal(flown.members, members):
            found = in_custody(skies(flown, columns), network)
            return found.first[0], found.track[0]
    raise ValueError("these pairs are no range class")


def _windows(fought: Fought) -> tuple[list[dict[str, Any]], NDArray[np.int8]]:
    """The windows of the first mixture, one dictionary of outputs a pair, and their EngagementStatus."""
    given = fought.given
    found = every_window(given.arc, given.site, fought.fan, given.delay)
    length = (found.last - found.first)[..., None]
    times = (found.first[..., None] + length * _ANGLES).reshape(*found.status.shape, -1)
    angles = meeting_angle(given.arc, given.site, fought.fan, given.delay, times)
    behind = (angles < 0.5 * np.pi).reshape(*found.first.shape, _ANGLES.size).mean(axis=-1)
    rows = []
    for j in range(found.status.shape[1]):
        flies = found.status[0, j] != EngagementStatus.NO_THREAT
        row: dict[str, Any] = {"windows": int(found.number[0, j]) if flies else None}
        for n in range(WINDOWS_SHOWN):
            key, there = f"window_{n + 1}", n < found.number[0, j]
            row |= {
                f"{key}_first_s": _number(found.first[0, j, n]),
                f"{key}_first_altitude_km": _number(found.first_altitude[0, j, n], 1e-3),
                f"{key}_last_s": _number(found.last[0, j, n]),
                f"{key}_last_altitude_km": _number(found.last_altitude[0, j, n], 1e-3),
                f"{key}_tail_chase": _share_word(float(behind[0, j, n])) if there else None,
            }
        rows.append(row)
    return rows, found.status[0]


def _share_word(share: float) -> str:
    return "none" if share == 0.0 else "all" if share == 1.0 else "part"


def _reason(row: Mapping[str, Any], flight: ArcStatus, outcome: int, clock: str) -> str:
    """Why values of a row are null."""
    if flight != ArcStatus.SOLVED:
        return THREAT_REASONS[flight]
    said = [_why_not_reached(row, outcome, clock)]
    if row["tolerable_delay_s"] is None:
        said.append("not reached even if launched with the threat")
    if row["detection_s"] is None:
        said.append("never in view of the radars that watch")
    elif row["track_s"] is None:
        said.append("in view, but not long enough for a firm track")
    if row["windows"]:
        if row["windows"] < WINDOWS_SHOWN:
            said.append(f"no {_ORDINAL[row['windows']]} window")
        elif row["windows"] > WINDOWS_SHOWN:
            said.append(f"{row['windows']} windows, of which the first {WINDOWS_SHOWN} are shown")
        if row["second_launch_s"] is None:
            said.append("no second shot after a look")
    if row["needed_interceptors"] is None:
        said.append("no number of interceptors meets the standard with the shots that fit")
    return "; ".join(words for words in said if words)


def _why_not_reached(row: Mapping[str, Any], outcome: int, clock: str) -> str:
    if row["cue_s"] is None:
        return _NO_CUE[clock]
    if outcome == EngagementStatus.NO_TIME:
        return _NO_MOMENT
    if row["required_speed_km_s"] is None:
        return f"more than the admissible {_HIGHEST:g} km/s would be needed"
    return "" if row["windows"] else "too slow at every moment that its delay leaves"


def _column(columns: Columns, name: str) -> Array:
    return np.asarray(columns[name], dtype=float)


def _count(value: float) -> int | None:
    return int(value) if np.isfinite(value) else None


def _number(value: float, factor: float = 1.0) -> float | None:
    return float(value) * factor if np.isfinite(value) else None
