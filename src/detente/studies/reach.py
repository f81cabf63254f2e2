"""Could an interceptor meet a missile on its way from a launch area to a sample point?

Kinematics only: an upper bound on defense. Equations, conventions and biases: docs/models/reach.md.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.physics.intercept import EngagementStatus, intercept_windows, tolerable_delay
from detente.physics.trajectory import ArcStatus
from detente.records.case import Case
from detente.records.outcome import Outcome

from .bind import Bound, plain_value
from .catalog import REACH
from .engagements import (
    NEVER_S,
    Engagements,
    Pairs,
    Stage,
    engagements,
    pairs_between,
    required_speeds,
)
from .pair_outcome import pair_outcome
from .readings import verdict_of
from .threats import FLIGHT_CONVENTIONS

Array = NDArray[np.float64]
Columns = Mapping[str, NDArray[Any]]

CONVENTIONS = (
    "Interceptor speed is the surface-equivalent speed in the Earth-centered inertial frame.",
    "The interceptor flies freely (Lambert, short way) from half a burn after launch.",
    *FLIGHT_CONVENTIONS,
    "Times count from threat launch, delays from threat burnout; an interceptor may wait before launch.",
    "Places are kept to 0.1 degree.",
)
LIMITS = (
    (
        "Whether an interceptor that can be there would hit. Detection, tracking, discrimination, "
        "reliability and countermeasures are not in the model; reach is an upper bound on defense."
    ),
    "What any government intends, or whose figures are right.",
    "Anything finer than its band: the convention for interceptor speed alone moves a margin by as much.",
    "Threat flights other than those of the stated loft from a notional burnout, or places not named here.",
    "How many missiles could be met at once: reach is asked for one at a time.",
)
"""What this study cannot say, for the page."""

NO_CUE = "the radar never sees it, so that the clock does not start"
_SPEED = REACH.parameter("interceptor_speed")
_REASONS = {
    EngagementStatus.FOUND: "",
    EngagementStatus.NO_TIME: "no moment satisfies lowest altitude, both burn times and the flight-time cap",
    EngagementStatus.TOO_SLOW: "the interceptor is too slow at every moment",
    EngagementStatus.NO_THREAT: "the threat's own flight has no solution",
}
THREAT_REASONS = {
    ArcStatus.NOT_CONVERGED: "the threat's flight to the turning Earth did not settle",
    ArcStatus.AIM_TOO_NEAR: "the sample point lies within the ground distance of the boost",
    ArcStatus.NO_ELLIPSE: "no free flight joins burnout and sample point",
    ArcStatus.NO_FLIGHT: "no flight to the sample point was found: those tried stay aloft or never rise",
    ArcStatus.PAST_ANTIPODE: "the sample point turns past half way round during the flight",
}


def reach(bound: Bound, launches: Sequence[str] | None = None, aims: Sequence[str] | None = None) -> Outcome:
    """Reach under one position: one row a launch area and sample point of the case (all by default)."""
    pairs = pairs_between(bound.case, launches, aims)
    columns = as_columns(bound)
    stages = engagements(pairs, columns)
    band = float(columns["indeterminate_band"][0])
    rows = [row for stage in stages for row in _rows(pairs, stage, columns, band)]
    return pair_outcome(bound, pairs, rows, CONVENTIONS)


def as_columns(bound: Bound) -> dict[str, NDArray[Any]]:
    """The values of one position as columns of one row each, as the model takes them."""
    return {name: np.array([plain_value(value)]) for name, value in bound.values.items()}


def reach_model(case: Case, pairs: Sequence[tuple[str, str]]) -> Callable[[Columns], dict[str, Array]]:
    """The study as a model for the crux: columns of n mixtures in, margins of shape (n, pairs) out.

    Columns carry catalog units; choices are words and places (n, 2) degrees. Only the stage that an
    assumption touches is run again for it: flights, then engagements, then margins.
    """
    named = pairs_between(case, *zip(*pairs, strict=True), paired=True)

    def model(columns: Columns) -> dict[str, Array]:
        needed = required_speeds(named, columns)
        speed = np.asarray(columns["interceptor_speed"], dtype=float)[:, None]
        return {"margin_km_s": speed - needed, "required_speed_km_s": needed}

    return model


def delay_model(case: Case, pairs: Sequence[tuple[str, str]]) -> Callable[[Columns], dict[str, Array]]:
    """As `reach_model`, with the margin in seconds of delay: `margin_delay_s`, shape (n, pairs)."""
    named = pairs_between(case, *zip(*pairs, strict=True), paired=True)

    def model(columns: Columns) -> dict[str, Array]:
        size = len(columns["interceptor_speed"])
        margin = np.full((size, len(named.launches)), np.nan)
        for stage in engagements(named, columns):
            margin[:, stage.members] = _spare(_tolerable(stage, columns), stage.delay[stage.index])
        return {"margin_delay_s": margin}

    return model


MODELS = {"margin_km_s": reach_model, "margin_delay_s": delay_model}
"""How a margin of this study is computed for many mixtures at once."""


def _tolerable(stage: Stage, columns: Columns) -> Array:
    """Latest launch after threat burnout [s], (n, members); NaN where none reaches."""
    fields = stage.engagement
    speed = np.asarray(columns["interceptor_speed"], dtype=float)[:, None] * 1e3
    pick = stage.index
    found = tolerable_delay(
        fields.arc_at(pick),
        fields.site[:, pick],
        speed,
        fields.burn[pick],
        fields.lowest[pick],
        fields.cap[pick],
    )
    return np.where(found.status == EngagementStatus.FOUND, found.delay, np.nan)


def _spare(latest: Array, delay: Array) -> Array:
    """Tolerable delay less the actual one [s]; NaN where the cue never comes."""
    return np.where(delay < NEVER_S, latest - delay, np.nan)


def _rows(pairs: Pairs, stage: Stage, columns: Columns, band: float) -> list[dict[str, Any]]:
    """Rows of one range class under one position; every null has its reason."""
    given: Engagements = stage.engagement
    speed = float(columns["interceptor_speed"][0])
    needed = stage.required[0]
    latest = _tolerable(stage, columns)[0]
    spare = _spare(latest, stage.delay[0])
    window = intercept_windows(
        given.arc_at(np.array([0])), given.site, speed * 1e3, given.delay, given.burn, given.lowest, given.cap
    )
    arc = given.arc
    rows = []
    for j, number in enumerate(stage.members):
        margin = speed - needed[j]
        required = None if np.isnan(needed[j]) else float(needed[j])
        rows.append(
            {
                "launch": pairs.launches[number],
                "aim": pairs.aims[number],
                "status": verdict_of(-np.inf if required is None else float(margin), band),
                "required_speed_km_s": required,
                "margin_km_s": None if required is None else float(margin),
                "tolerable_delay_s": _number(latest[j]),
                "margin_delay_s": _number(spare[j]),
                "first_intercept_s": _number(window.first_time[0, j]),
                "first_intercept_altitude_km": _number(window.first_altitude[0, j], 1e-3),
                "last_intercept_s": _number(window.last_time[0, j]),
                "last_intercept_altitude_km": _number(window.last_altitude[0, j], 1e-3),
                "burnout_s": _number(arc.burnout_time[0, j]),
                "impact_s": _number(arc.impact_time[0, j]),
                "range_km": float(pairs.ranges_km[number]),
                "reason": NO_CUE
                if stage.delay[0, j] >= NEVER_S
                else _reason(
                    EngagementStatus(stage.status[0, j]),
                    EngagementStatus(window.status[0, j]),
                    ArcStatus(arc.status[0, j]),
                    required,
                ),
            }
        )
    return rows


def _reason(
    status: EngagementStatus, window: EngagementStatus, flight: ArcStatus, required: float | None
) -> str:
    if flight != ArcStatus.SOLVED:
        return THREAT_REASONS[flight]
    if required is None and status == EngagementStatus.FOUND:
        return f"more than the admissible {_SPEED.high:g} km/s would be needed"
    if status != EngagementStatus.FOUND or window == EngagementStatus.FOUND:
        return _REASONS[status]
    return "the interceptor is too slow at every moment that its delay leaves"


def _number(value: float, factor: float = 1.0) -> float | None:
    return float(value) * factor if np.isfinite(value) else None
