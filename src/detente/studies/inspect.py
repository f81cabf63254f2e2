"""How likely do inspections find items that are not as declared?

Random samples of declared items, year by year; how likely a violation is, is no part of it. Equations,
conventions and biases: docs/models/inspections.md.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.agreement.inspection.regime import items_of_share
from detente.agreement.inspection.sampling import log_miss, smallest_sample
from detente.records.case import Case
from detente.records.errors import InputError, Problem
from detente.records.figure import written_figure
from detente.records.outcome import Column, Outcome

from .bind import Bound, plain_value
from .catalog import INSPECT, value_of
from .readings import verdict_of

Array = NDArray[np.float64]
Columns = Mapping[str, NDArray[Any]]

SHARES = ("1 %", "2 %", "5 %", "10 %", "20 %", "50 %")
"""Violations shown where nobody names others, as shares of what is declared."""

CAVEAT = (
    "The power of random sampling is an upper bound on what inspections find: every item declared can be "
    "chosen, each choice is random and unforeseen, and items that were never declared are not in it."
)
CONVENTIONS = (
    "Items of a year are drawn at random, none twice; each year anew, with the same violation.",
    "The violation lies anywhere among the declared items with equal chance.",
    "Counts are whole: items and shares to the nearest, inspections and items an inspection down.",
    "A defect that is looked at is recognised with the test quality; power counts no false alarm as a find.",
)
LIMITS = (
    "Whether a violation is likely, or anybody's intention: no chance of one is supplied.",
    "Items that were never declared, and places that are not open to inspection.",
    "A violation that is moved out of the way once an inspection is announced.",
    "Sites: a violation at one site may be easier or harder to find; see the plan of inspections.",
    "What an alarm leads to.",
)
"""What this study cannot say, for the page."""


def inspect(bound: Bound, rows: Sequence[str] | None = None) -> Outcome:
    """Power and need under one position: one row a size of violation.

    By default common shares, with the position's own, as a share or as a number. Raises `InputError` for
    a row that is no share.
    """
    columns = {name: np.array([plain_value(value)]) for name, value in bound.values.items()}
    items = _whole(columns["declared_items"])[0]
    wanted = _shares(list(rows or SHARES))
    sizes = {items_of_share(share / 100.0, items): share for share in reversed(wanted)}
    if not rows:
        own = int(_violation(columns, np.empty(0))[0, 0])
        sizes.setdefault(own, 100.0 * own / items)
    found = [_row(columns, defects, share) for defects, share in sorted(sizes.items())]
    return Outcome(
        study=INSPECT.name,
        case=bound.case.id,
        position=bound.position.id,
        columns=(
            Column(name="violation_share", unit="%", meaning="violation as a share of the declared items"),
            Column(name="status", unit="", meaning="what the model may say of the detection standard"),
            *(Column(name=o.name, unit=o.unit, meaning=o.meaning) for o in INSPECT.outputs),
            Column(name="reason", unit="", meaning="why a value is null"),
        ),
        rows=tuple(found),
        conventions=CONVENTIONS,
        notices=bound.notices,
        caveat=CAVEAT,
        digest=bound.digest,
    )


def margin_detection(
    items: int, defects: int, sample: int, standard: float, quality: float = 1.0, years: int = 1
) -> float:
    """Chance that so many years of such a sample find the violation, less the standard; numbers unchecked."""
    return -math.expm1(years * log_miss(items, defects, sample, quality)) - standard


def margin_false_alarm(sample: int, false_alarm: float, accepted: float, years: int = 1) -> float:
    """Accepted chance of any false alarm among sound items, less the actual one; numbers unchecked."""
    return accepted - _any_false_alarm(sample * years, false_alarm)


def _model(output: str) -> Callable[[Case, Sequence[str]], Callable[[Columns], dict[str, Array]]]:
    def of_rows(_case: Case, rows: Sequence[str]) -> Callable[[Columns], dict[str, Array]]:
        """The study as a model for the crux: columns of n mixtures in, margins of shape (n, rows) out.

        Rows are shares; without any, each mixture has its own violation.
        """
        shares = np.array(_shares(rows))

        def model(columns: Columns) -> dict[str, Array]:
            return {output: _margins(output, columns, _violation(columns, shares))}

        return model

    return of_rows


def _margins(output: str, columns: Columns, defects: NDArray[np.int64]) -> Array:
    """A margin for n mixtures and their violations (n, rows); equal mixtures are worked out once."""
    names = ("detection_standard", "test_quality", "test_false_alarm", "false_alarm_standard")
    given = np.column_stack(
        [_whole(columns["declared_items"]), _sample(columns), _years(columns)]
        + [np.asarray(columns[name], dtype=float) for name in names]
    )
    each = np.concatenate(
        [np.repeat(given, defects.shape[1], axis=0), defects.reshape(-1, 1).astype(float)], axis=1
    )
    kinds, where = np.unique(each, axis=0, return_inverse=True)
    values = np.array([_margin(output, *row) for row in kinds.tolist()])
    result: Array = values[where.reshape(-1)].reshape(defects.shape)
    return result


def _margin(  # noqa: PLR0913, PLR0917 - the assumptions of one mixture
    output: str,
    items: float,
    sample: float,
    years: float,
    standard: float,
    quality: float,
    false_alarm: float,
    accepted: float,
    defects: float,
) -> float:
    if output == "margin_detection":
        return margin_detection(int(items), int(defects), int(sample), standard, quality, int(years))
    return margin_false_alarm(int(sample), false_alarm, accepted, int(years))


MODELS = {output.name: _model(output.name) for output in INSPECT.outputs if output.is_margin}
"""How a margin of this study is computed for many mixtures at once."""


def _row(columns: Columns, defects: int, share: float) -> dict[str, Any]:
    items, sample, years = (
        int(found[0]) for found in (_whole(columns["declared_items"]), _sample(columns), _years(columns))
    )
    quality, standard, false_alarm, accepted = (
        float(columns[name][0])
        for name in ("test_quality", "detection_standard", "test_false_alarm", "false_alarm_standard")
    )
    silent = log_miss(items, defects, sample, quality)
    needed = smallest_sample(items, defects, standard, quality, years) if 0.0 < standard < 1.0 else None
    margin = margin_detection(items, defects, sample, standard, quality, years)
    replaced = 1.0 - quality * sample / items
    return {
        "violation_share": share,
        "status": verdict_of(margin, 0.0),
        "violation_items": defects,
        "sample": sample,
        "power_year": -math.expm1(silent) + 0.0,
        "power": -math.expm1(years * silent) + 0.0,
        "approximation": 1.0 - replaced ** (defects * years),
        "false_alarm": _any_false_alarm(sample * years, false_alarm),
        "needed_sample": needed,
        "needed_inspections": None
        if needed is None
        else -(-needed // max(1, int(columns["items_per_inspection"][0]))),
        "margin_detection": margin,
        "margin_false_alarm": margin_false_alarm(sample, false_alarm, accepted, years),
        "reason": "" if needed is not None else _why_none(standard),
    }


def _why_none(standard: float) -> str:
    if standard <= 0.0:
        return "no sample is needed: the standard is 0"
    if standard >= 1.0:
        return "no sample is named: only one that cannot miss would meet a standard of 1"
    return "not even every item is enough: the test itself misses too often"


def _any_false_alarm(looked_at: int, false_alarm: float) -> float:
    if false_alarm >= 1.0:
        return 1.0 if looked_at else 0.0
    return -math.expm1(looked_at * math.log1p(-false_alarm)) + 0.0


def _violation(columns: Columns, shares: Array) -> NDArray[np.int64]:
    """Violating items, (n, rows): of the shares named, or each mixture's own where none are."""
    items = _whole(columns["declared_items"])
    if len(shares):
        return np.array([[items_of_share(share / 100.0, int(whole)) for share in shares] for whole in items])
    stated = np.asarray(columns["violation_stated_as"])
    own, number = (np.asarray(columns[name], dtype=float) for name in ("violation_share", "violation_number"))
    return np.array(
        [
            [
                min(int(whole), math.ceil(count - 1e-9))
                if kind == "number"
                else items_of_share(share / 100.0, int(whole))
            ]
            for whole, kind, share, count in zip(items, stated, own, number, strict=True)
        ]
    )


def _sample(columns: Columns) -> NDArray[np.int64]:
    """Items looked at in a year: whole inspections times whole items, at most all."""
    visits, each = (
        np.floor(np.asarray(columns[name], dtype=float) + 1e-9)
        for name in ("inspections_per_year", "items_per_inspection")
    )
    result: NDArray[np.int64] = np.minimum(
        _whole(columns["declared_items"]), (visits * each).astype(np.int64)
    )
    return result


def _years(columns: Columns) -> NDArray[np.int64]:
    return np.floor(np.asarray(columns["inspection_years"], dtype=float) + 1e-9).astype(np.int64)


def _whole(values: NDArray[Any]) -> NDArray[np.int64]:
    result: NDArray[np.int64] = np.rint(np.asarray(values, dtype=float)).astype(np.int64)
    return result


def _shares(rows: Sequence[str]) -> list[float]:
    """Rows as shares in percent, each once. Raises `InputError`."""
    parameter = INSPECT.parameter("violation_share")
    found = []
    for text in rows:
        try:
            found.append(float(value_of(parameter, written_figure(str(text), "a row"))))  # type: ignore[arg-type]
        except ValueError as fault:
            way_out = f"{parameter.label}: {parameter.meaning}"
            raise InputError(Problem(str(fault).splitlines()[0], way_out, key=parameter.name)) from None
    return list(dict.fromkeys(found))
