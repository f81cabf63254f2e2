"""Whether assumptions that nobody stated decide the verdict after all."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from detente.dispute.assumption import Assumption
from detente.dispute.breakeven import GRID, Axis, crossings
from detente.dispute.contest import Band, Scale, pose
from detente.dispute.diagnosis import Verdicts
from detente.dispute.errors import DisputeError
from detente.dispute.lattice import Lattice, Model, is_continuous
from detente.dispute.tables import Floats, Masks
from detente.records.crux import CruxVerdict, SilenceRow


def silence_check(
    model: Model,
    claim: Any,
    base: Mapping[str, Any],
    ranges: Mapping[str, tuple[float, float]],
    *,
    assumptions: Sequence[Assumption] = (),
    band: Band = 0.0,
    scale: Scale = "linear",
    side: str = "",
) -> tuple[SilenceRow, ...]:
    """For each assumed default: does its range, the rest held at `base`, change the verdict, and where?

    `ranges` maps an assumption to (low, high) in its own unit, with the default of `base` inside. One at
    a time; two defaults that only together change the verdict are not seen here. `side` names whose
    position `base` is.
    """
    named = {each.name: each for each in assumptions}
    contest, _ = pose(model, claim, (side or "A", side or "B"), scale, band)
    lattice = Lattice(contest, base, base)
    names = list(ranges)
    for name in names:
        _check_range(name, ranges[name], base)

    def evaluate(t: Floats, axis: Masks) -> tuple[Floats, Floats]:
        columns = lattice.held(0, len(t))
        for n, name in enumerate(names):
            rows = axis == n
            low, high = ranges[name]
            columns[name][rows] = base[name] + t[rows] * (high - low)
        answer = lattice.evaluate(columns)
        return answer["margin"], answer["band"]

    axes = [
        Axis((low - base[name]) / (high - low), (high - base[name]) / (high - low))
        for name, (low, high) in ranges.items()
    ]
    own = lattice.outputs
    lattice.require_answers(own["margin"])
    verdict = Verdicts.of(own["margin"], own["band"]).at(0)
    scans = crossings(evaluate, axes, GRID)
    rows = []
    for name, scan in zip(names, scans, strict=True):
        known = named.get(name, Assumption(name))
        low, high = ranges[name]
        seen = _verdicts_seen(verdict, scan.verdicts)
        at = tuple(float(base[name] + each.fraction * (high - low)) for each in scan.crossings)
        rows.append(
            SilenceRow(
                side=side,
                assumption=name,
                label=known.words,
                unit=known.unit,
                default=float(base[name]),
                low=float(low),
                high=float(high),
                flips=len(seen) > 1,
                at=at,
                verdict=verdict,
                verdicts=seen,
                text=_text(known, (low, high), at, seen, gaps=scan.gaps),
            )
        )
    return tuple(rows)


def _check_range(name: str, bounds: tuple[float, float], base: Mapping[str, Any]) -> None:
    if name not in base:
        raise DisputeError(
            f'the silence check names "{name}", which the position does not hold; add its default'
        )
    if not is_continuous(base[name], base[name]):
        raise DisputeError(
            f'"{name}" is not a number, so it has no range to check; compare two positions instead'
        )
    low, high = bounds
    if not (np.isfinite(low) and np.isfinite(high) and low < high and low <= base[name] <= high):
        raise DisputeError(
            f'the range of "{name}" must rise and hold its default {base[name]:g}; got {low} to {high}'
        )


def _verdicts_seen(own: CruxVerdict, seen: frozenset[CruxVerdict]) -> tuple[CruxVerdict, ...]:
    order: tuple[CruxVerdict, ...] = ("no", "undecided", "yes")
    return (own, *(each for each in order if each in seen and each != own))


def _text(
    known: Assumption,
    bounds: tuple[float, float],
    at: tuple[float, ...],
    seen: tuple[CruxVerdict, ...],
    *,
    gaps: bool,
) -> str:
    span = f"{known.words} from {known.shown(bounds[0])} to {known.shown(bounds[1])}"
    gap = "; on part of the range the model has no answer" if gaps else ""
    if at:
        return f"{span} changes the conclusion, at {' and '.join(known.shown(each) for each in at)}{gap}"
    if len(seen) > 1:
        return f"{span} leaves the conclusion open: part of the range is {' or '.join(seen[1:])}{gap}"
    return f"{span} changes nothing{gap}"
