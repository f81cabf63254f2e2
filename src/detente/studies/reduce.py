"""Are the levels reached by the day, and how far apart are the two parties along the way?

Numbers of warheads and years only: which weapon goes first, where, and who watches is no part of it.
Equations, conventions and biases: docs/models/reduce.md.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.records.case import Case
from detente.records.errors import InputError, Problem
from detente.records.figure import written_figure
from detente.records.outcome import Column, Outcome

from .bind import Bound, plain_value
from .catalog import REDUCE, value_of
from .catalog.reduce import DEADLINE, FROM_START
from .readings import verdict_of

Array = NDArray[np.float64]
Columns = Mapping[str, NDArray[Any]]

SIDES = ("first", "second")
A_YEAR = {"month": 12, "quarter": 4, "half-year": 2, "year": 1}
"""How often in a year levels are read."""

CAVEAT = (
    "The earliest day and the closest parity that these paces allow: each party goes down at its full pace, "
    "without a pause, and nothing of what is taken out comes back."
)
CONVENTIONS = (
    "Removals begin on the first day of the first year, at an even pace, and stop at the level.",
    "Levels are read on the last day of each period; one counts as reached on the day it is first read so.",
    "All levels are compared in operationally deployed warheads: a start level times its deployed share.",
    "The deadline is the last day of its year. A month is a twelfth of a year.",
    "Parity: by how much the larger exceeds the smaller, as a share of the smaller, on days of reading.",
)
LIMITS = (
    "Whether a party means to reduce, and whether anybody could see it: that is the study of inspections.",
    "Which types go, and in which order: that is a schedule.",
    "What happens to warheads that are taken out of deployment, and whether they could be put back.",
    "What a printed number counts where nobody said so: its deployed share is an assumption with a range.",
)
"""What this study cannot say, for the page."""

_NEVER = "at this pace the level is never reached"


def reduce(bound: Bound, rows: Sequence[str] | None = None) -> Outcome:
    """Days, levels and margins under one position: one row a deadline, its own unless others are named.

    Raises `InputError` for a row that is no year.
    """
    columns = {name: np.array([plain_value(value)]) for name, value in bound.values.items()}
    deadlines = _deadlines(rows or ())
    years = deadlines[None, :] if len(deadlines) else np.asarray(columns[DEADLINE.name], dtype=float)[:, None]
    margins = {name: margin(columns, years) for name, margin in _MARGINS.items()}
    found = []
    for n, year in enumerate(years[0]):
        values = {name: float(each[0, n]) for name, each in margins.items()}
        months = values["margin_months"]
        never = any(not np.isfinite(value) for value in values.values())
        found.append(
            {
                DEADLINE.name: float(year),
                "status": verdict_of(months if np.isfinite(months) else -np.inf, 0.0),
                **{f"{side}_reached": _day(columns, side) for side in SIDES},
                **{f"{side}_at_deadline": float(_at_deadline(columns, side, years)[0, n]) for side in SIDES},
                "widest": _finite(100.0 * float(_widest(columns, years)[0, n])),
                **{name: _finite(value) for name, value in values.items()},
                "reason": _NEVER if never else "",
            }
        )
    return Outcome(
        study=REDUCE.name,
        case=bound.case.id,
        position=bound.position.id,
        columns=(
            Column(name=DEADLINE.name, unit="1", meaning=DEADLINE.meaning),
            Column(name="status", unit="", meaning="what the model may say of both levels and the deadline"),
            *(Column(name=o.name, unit=o.unit, meaning=o.meaning) for o in REDUCE.outputs),
            Column(name="reason", unit="", meaning="why a value is null"),
        ),
        rows=tuple(found),
        conventions=CONVENTIONS,
        notices=bound.notices,
        caveat=CAVEAT,
        digest=bound.digest,
    )


def deployed_at(columns: Columns, side: str, periods: Array) -> Array:
    """Deployed warheads of a party after so many periods, (n, m), for periods of shape (n, m)."""
    start, target, step = _start(columns, side), _column(columns, f"{side}_target"), _step(columns, side)
    level: Array = np.maximum(np.minimum(start, target), start - step * np.maximum(periods, 0.0))
    return level


def periods_needed(columns: Columns, side: str) -> Array:
    """Whole periods after which a party's level is read as reached, (n, 1); infinite where it never is."""
    gap, step = _start(columns, side) - _column(columns, f"{side}_target"), _step(columns, side)
    with np.errstate(divide="ignore", invalid="ignore"):
        exact = np.where(gap <= 0.0, 0.0, gap / step)
    needed: Array = np.ceil(exact - 1e-9)
    return needed


def _months(side: str | None) -> Callable[[Columns, Array], Array]:
    def margin(columns: Columns, deadlines: Array) -> Array:
        """Months from the day on which the level is reached to the deadline, (n, rows); NaN for never."""
        needed = [periods_needed(columns, each) for each in SIDES if side in {None, each}]
        last = np.maximum.reduce(needed)
        months = 12.0 * (deadlines + 1.0 - _column(columns, "first_year") - last / _often(columns))
        found: Array = np.where(np.isfinite(months), months, np.nan)
        return found

    return margin


def _margin_parity(columns: Columns, deadlines: Array) -> Array:
    return _column(columns, "parity_band") / 100.0 - _widest(columns, deadlines)


def _widest(columns: Columns, deadlines: Array) -> Array:
    """The widest difference on a day of reading that is watched, as a share of the smaller, (n, rows).

    Between two turns both levels are straight lines, so that their ratio is widest at an end of the stretch:
    only the days of reading beside the turns need to be looked at.
    """
    at_deadline = np.floor(_periods(columns, deadlines) + 1e-9)
    watched = np.asarray(columns["parity_watched"])[:, None] == FROM_START
    begin = np.where(watched, 0.0, np.maximum(at_deadline, 0.0))
    turns = []
    for side in SIDES:
        needed = periods_needed(columns, side)
        turn = np.where(np.isfinite(needed), needed, 0.0)
        turns += [turn, turn - 1.0]
    worst = np.zeros(begin.shape)
    for turn in (begin, *turns):
        first, second = (deployed_at(columns, side, np.maximum(turn, begin)) for side in SIDES)
        low, high = np.minimum(first, second), np.maximum(first, second)
        with np.errstate(divide="ignore", invalid="ignore"):
            share = np.where(high > low, high / low - 1.0, 0.0)
        worst = np.maximum(worst, share)
    return worst


_MARGINS: Mapping[str, Callable[[Columns, Array], Array]] = {
    "margin_months": _months(None),
    "margin_first_months": _months("first"),
    "margin_second_months": _months("second"),
    "margin_parity": _margin_parity,
}


def _model(output: str) -> Callable[[Case, Sequence[str]], Callable[[Columns], dict[str, Array]]]:
    def of_rows(_case: Case, rows: Sequence[str]) -> Callable[[Columns], dict[str, Array]]:
        """The study as a model for the crux: columns of n mixtures in, margins of shape (n, rows) out.

        Rows are deadlines; without any, each mixture has its own.
        """
        named = _deadlines(rows)

        def model(columns: Columns) -> dict[str, Array]:
            own = np.asarray(columns[DEADLINE.name], dtype=float)[:, None]
            deadlines = np.broadcast_to(named, (len(own), len(named))) if len(named) else own
            return {output: _MARGINS[output](columns, deadlines)}

        return model

    return of_rows


MODELS = {output: _model(output) for output in _MARGINS}
"""How a margin of this study is computed for many mixtures at once."""


def _at_deadline(columns: Columns, side: str, deadlines: Array) -> Array:
    return deployed_at(columns, side, np.floor(_periods(columns, deadlines) + 1e-9))


def _periods(columns: Columns, deadlines: Array) -> Array:
    """Periods from the start to the deadlines, whole or not."""
    found: Array = (deadlines + 1.0 - _column(columns, "first_year")) * _often(columns)
    return found


def _start(columns: Columns, side: str) -> Array:
    return _column(columns, f"{side}_start") * _column(columns, f"{side}_counted_share")


def _step(columns: Columns, side: str) -> Array:
    return _column(columns, f"{side}_pace") / _often(columns)


def _often(columns: Columns) -> Array:
    return np.array([float(A_YEAR[str(word)]) for word in np.asarray(columns["read_every"])])[:, None]


def _column(columns: Columns, name: str) -> Array:
    return np.asarray(columns[name], dtype=float)[:, None]


def _day(columns: Columns, side: str) -> str | None:
    """The day on which a party's level is reached, as an ISO date; None for never."""
    needed = float(periods_needed(columns, side)[0, 0])
    start = float(columns["first_year"][0])
    if not np.isfinite(needed):
        return None
    months = round(12.0 * (start + needed / float(_often(columns)[0, 0])))
    if months >= 12 * date.max.year:
        return None
    first = date(months // 12, months % 12 + 1, 1)
    return (first if needed == 0 else first - timedelta(days=1)).isoformat()


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None


def _deadlines(rows: Sequence[str]) -> Array:
    """Rows as years, each once. Raises `InputError`."""
    found = []
    for text in rows:
        try:
            found.append(float(value_of(DEADLINE, written_figure(str(text), "a row"))))  # type: ignore[arg-type]
        except ValueError as fault:
            way_out = f"{DEADLINE.label}: {DEADLINE.meaning}"
            raise InputError(Problem(str(fault).splitlines()[0], way_out, key=DEADLINE.name)) from None
    return np.array(list(dict.fromkeys(found)))
