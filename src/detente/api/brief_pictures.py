"""What the pictures of a brief show: both sides' maps, and the margin over one figure."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from detente.records.brief import Curve, MapView, MarginChart, Mark, Track
from detente.records.case import Case
from detente.records.outcome import Outcome, Verdict
from detente.records.units import with_unit
from detente.studies.answers import ANSWERS
from detente.studies.bind import Bound, bind
from detente.studies.catalog import REACH, STUDIES
from detente.studies.reach import as_columns, reach
from detente.studies.readings import rows_of
from detente.studies.tracks import ground_tracks

from .disputes import Matter

Array = NDArray[np.float64]

_SWEEP_POINTS = 97


def bound_for_maps(lead: Matter, side: int) -> Bound:
    """A side's figures bound to the study of reach: the maps show reach whatever the claim is read on."""
    bound = lead.bound[side]
    return bound if bound.study is REACH else bind(lead.case, REACH.name, bound.position.id)


def ends(lead: Matter) -> tuple[Sequence[str], Sequence[str]]:
    """Launch areas and sample points of the maps: those that the claim names, otherwise all of the case."""
    if lead.reading.launches:
        return lead.reading.launches, lead.reading.aims
    kinds = ("launch-area", "sample-point")
    launches, aims = (tuple(place.id for place in lead.case.places_of(kind)) for kind in kinds)
    return launches, aims


def map_view(lead: Matter, side: int, bound: Bound) -> MapView:
    """One side's map: launch areas with their verdicts, ground tracks with their windows, its own sites."""
    case = lead.case
    launches, aims = ends(lead)
    outcome = reach(bound, launches, aims)
    pairs = [(launch, aim) for launch in launches for aim in aims]
    tracks = ground_tracks(case, pairs, as_columns(bound), outcome)
    best = _best_rows(outcome)
    marks = [
        Mark(
            id=place.id,
            name=place.name,
            kind=place.kind,
            latitude=place.place.latitude,
            longitude=place.place.longitude,
            verdict=best[place.id][0] if place.id in best else None,
            margin=best[place.id][1] if place.id in best else None,
        )
        for place in case.places
        if place.id in {*launches, *aims}
    ]
    marks += _own_places(case, bound)
    return MapView(
        marks=tuple(marks),
        tracks=tuple(
            Track(
                launch=track.launch,
                aim=track.aim,
                latitude=track.latitude,
                longitude=track.longitude,
                reachable=track.reachable,
                verdict=outcome.row(track.launch, track.aim)["status"],
            )
            for track in tracks
        ),
        caption=f"Launch areas, ground tracks and intercept windows on the figures of {lead.labels[side]}.",
    )


def _best_rows(outcome: Outcome) -> Mapping[str, tuple[Verdict, float | None]]:
    """For each launch area the verdict and margin of its most reachable sample point."""
    best: dict[str, tuple[Verdict, float | None]] = {}
    for row in outcome.rows:
        margin = row["margin_km_s"]
        known = best.get(row["launch"])
        if known is None or (margin is not None and (known[1] is None or margin > known[1])):
            best[row["launch"]] = (row["status"], margin)
    return best


def _own_places(case: Case, bound: Bound) -> list[Mark]:
    """The interceptor site and the radar of one side's figures, under the name that the case has for them."""
    marks = []
    for parameter, kind in (("interceptor_site", "interceptor-site"), ("radar_site", "radar")):
        place = bound.values[parameter]
        known = [each for each in case.places if each.kind == kind and each.place == place]
        name = known[0].name if known else REACH.parameter(parameter).label
        marks.append(
            Mark.model_validate(
                {
                    "id": known[0].id if known else parameter,
                    "name": name,
                    "kind": kind,
                    "latitude": getattr(place, "latitude"),  # noqa: B009 - a place by the catalog's kind
                    "longitude": getattr(place, "longitude"),  # noqa: B009
                }
            )
        )
    return marks


def margin_chart(lead: Matter) -> MarginChart:
    """The lead claim's margin over one assumption under each side's other figures, and its parts."""
    name = _swept(lead)
    own = [float(values[name]) for values in lead.values]
    parameter = STUDIES[lead.reading.study].parameter(name)
    pad = max(1.0, 0.35 * abs(own[1] - own[0]) if own[0] != own[1] else 0.25 * abs(own[0]))
    low = max(parameter.low, np.floor(2 * (min(own) - pad)) / 2)
    high = min(parameter.high, np.ceil(2 * (max(own) + pad)) / 2)
    speeds = np.linspace(low, high, _SWEEP_POINTS)
    swept = [lead.rerun(side, **{name: speeds}) for side in (0, 1)]
    here = [lead.rerun(side) for side in (0, 1)]
    first, second = (
        Curve(label=label, x=_numbers(speeds), y=_gaps(result["margin"]))
        for label, result in zip(lead.labels, swept, strict=True)
    )
    at = [_gaps(result["margin"])[0] for result in here]
    return MarginChart(
        x_label=with_unit(parameter.label, parameter.unit, ", "),
        y_label=with_unit("margin of the claim", lead.unit, ", "),
        sides=(first, second),
        parts=_parts(lead, speeds, swept),
        marks=((own[0], at[0]), (own[1], at[1])),
        bands=(float(here[0]["band"][0]), float(here[1]["band"][0])),
        caption=(
            f'Margin of the claim "{lead.claim.title}" as {parameter.label} changes, '
            f"the rest held at each side's figures. {ANSWERS[lead.reading.study].caveat}"
        ),
    )


def _swept(lead: Matter) -> str:
    """The assumption that the chart runs over: the first that may be and is in dispute, else the first."""
    named = STUDIES[lead.reading.study].row_parameter if lead.reading.rows else ""
    free = [name for name in ANSWERS[lead.reading.study].swept if name != named]
    return next((name for name in free if lead.values[0][name] != lead.values[1][name]), free[0])


def _parts(lead: Matter, speeds: Array, swept: Sequence[Mapping[str, Array]]) -> tuple[Curve, ...]:
    """One thin line a row of the claim, where both sides' other figures give the same one."""
    sign = 1.0 if lead.reading.sense == "reaches" else -1.0
    rows = [sign * result["rows"] for result in swept]
    if rows[0].shape[1] == 1 or not np.allclose(rows[0], rows[1], equal_nan=True):
        return ()
    return tuple(
        Curve(label=label, x=_numbers(speeds), y=_gaps(rows[0][:, n]))
        for n, label in enumerate(_row_labels(lead))
    )


def _row_labels(lead: Matter) -> list[str]:
    """What the chart calls the rows of the claim."""
    names = {place.id: place.name for place in lead.case.places}
    several = len(lead.reading.aims) > 1
    parameter = STUDIES[lead.reading.study].row_parameter
    return [
        f"{parameter.replace('_', ' ')} {row}"
        if isinstance(row, str)
        else (f"{names[row[0]]} to {names[row[1]]}" if several else names[row[0]])
        for row in rows_of(lead.reading)
    ]


def _numbers(values: Array) -> tuple[float, ...]:
    return tuple(float(value) for value in values)


def _gaps(values: Array) -> tuple[float | None, ...]:
    return tuple(float(value) if np.isfinite(value) else None for value in values)
