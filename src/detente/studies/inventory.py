"""How many missiles of a raid get through, and how many interceptors would be enough?

Counts only: which missile, toward what, and what it would do there are not in it. Equations, conventions
and biases: docs/models/inventory.md.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.records.case import Case
from detente.records.errors import InputError, Problem
from detente.records.figure import written_figure
from detente.records.outcome import Column, Outcome

from .bind import Bound, plain_value
from .catalog import INVENTORY, Parameter, value_of
from .catalog.inventory import SALVO_SIZE
from .leakage import Engaged, needed, salvo, shoot_look_shoot
from .readings import verdict_of
from .salvos import fewest_salvos, salvo_look_salvo

Array = NDArray[np.float64]
Columns = Mapping[str, NDArray[Any]]

RAIDS = ("1", "2", "5", "10", "20", "50", "100", "500", "1500", "2200")
"""Raid sizes shown where nobody names others; the last two are the range announced in December 2001."""
SHOTS = ("1", "2", "3", "4", "5")

CAVEAT = (
    "The arithmetic of counts is an upper bound on defense: shots are independent but for one common mode, "
    "every missile can be reached, and nothing is taken for a missile that is none."
)
CONVENTIONS = (
    "Every missile or warhead of the raid counts as one; an announced number has a counting rule of its own.",
    "All shots succeed with one probability, independently, unless all of them fail together.",
    "Interceptors that are too few are spread evenly; every one held can be used, and all work at once.",
    "Looks between shots or salvos see every miss, and there is time for every look.",
    "Needed interceptors: in a salvo the same whole number of shots at each missile; with looks the fewest.",
    "Salvo-look-salvo: interceptors too few for a whole salvo at every survivor are spread evenly, the last.",
)
LIMITS = (
    "Whether an interceptor can reach a missile at all: that is the study of reach.",
    "Which missile gets through, where it goes, or what it does.",
    "How many objects beside the missiles would draw shots.",
    "Whose probability is right: where nobody stated one it is an assumption with a wide range.",
    "How many missiles of a force would ever come at once; a raid size is an assumption or a reading.",
)
"""What this study cannot say, for the page."""

_RAID = INVENTORY.parameter("raid_size")
_EACH = INVENTORY.parameter("shots_per_missile")
_NEVER = "no number is enough: the common mode alone, or shots that never succeed, miss the standard"


def inventory(
    bound: Bound, raids: Sequence[str] | None = None, shots: Sequence[str] | None = None
) -> Outcome:
    """Leakage and need under one position: one row a raid size and number of shots at each missile.

    By default common raid sizes and 1 to 5 shots, with the position's own and the ends of its ranges.
    Raises `InputError` for a row that is no raid size or number of shots.
    """
    columns = as_columns(bound)
    sizes = _rows_of(bound, _RAID, raids, RAIDS)
    numbers = _rows_of(bound, _EACH, shots, SHOTS)
    grid = {
        name: np.repeat(values, len(sizes) * len(numbers), axis=0) for name, values in columns.items()
    } | {_RAID.name: np.repeat(sizes, len(numbers)), _EACH.name: np.tile(numbers, len(sizes))}
    found = _outputs(grid, np.asarray(grid[_RAID.name], dtype=float)[:, None])
    rows = [
        _row(grid, {name: float(values[n, 0]) for name, values in found.items()}, n)
        for n in range(len(sizes) * len(numbers))
    ]
    return Outcome(
        study=INVENTORY.name,
        case=bound.case.id,
        position=bound.position.id,
        columns=(
            Column(name="raid_size", unit="1", meaning=_RAID.meaning),
            Column(name="shots_per_missile", unit="1", meaning=_EACH.meaning),
            Column(name="status", unit="", meaning="what the model may say of the interceptors held"),
            *(Column(name=o.name, unit=o.unit, meaning=o.meaning) for o in INVENTORY.outputs),
            Column(name="reason", unit="", meaning="why a value is null"),
        ),
        rows=tuple(rows),
        conventions=CONVENTIONS,
        notices=bound.notices,
        caveat=CAVEAT,
        digest=bound.digest,
    )


def as_columns(bound: Bound) -> dict[str, NDArray[Any]]:
    """The values of one position as columns of one row each, as the model takes them."""
    return {name: np.array([plain_value(value)]) for name, value in bound.values.items()}


def _model(output: str) -> Callable[[Case, Sequence[str]], Callable[[Columns], dict[str, Array]]]:
    def of_rows(_case: Case, rows: Sequence[str]) -> Callable[[Columns], dict[str, Array]]:
        """The study as a model for the crux: columns of n mixtures in, margins of shape (n, rows) out.

        Rows are raid sizes; without any, each mixture has its own.
        """
        sizes = np.array([_number(_RAID, row) for row in rows])

        def model(columns: Columns) -> dict[str, Array]:
            own = np.asarray(columns[_RAID.name], dtype=float)[:, None]
            raid = np.broadcast_to(sizes, (len(own), len(sizes))) if len(sizes) else own
            return {output: _MARGINS[output](columns, raid)}

        return model

    return of_rows


def _margin_interceptors(columns: Columns, raid: Array) -> Array:
    """Interceptors held less those needed, (n, rows); NaN where no number is enough."""
    standard, kill, common = (_column(columns, n) for n in _NEED)
    need = needed(raid, standard, kill, common)
    wanted = np.where(_between(columns) == 1.0, need.fewest, need.whole_interceptors)
    several = _between(columns)[:, 0] > 1.0
    if several.any():
        w, p, k, c, size = (
            np.broadcast_to(a, raid.shape)[several] for a in (raid, standard, kill, common, _between(columns))
        )
        wanted[several] = fewest_salvos(w, p, k, c, size)
    held = _column(columns, "interceptor_number")
    return np.where(np.isfinite(wanted), held - np.where(np.isfinite(wanted), wanted, 0.0), np.nan)


def _margin_probability(columns: Columns, raid: Array) -> Array:
    """Probability that nothing gets through less the standard, (n, rows)."""
    chance = np.empty(raid.shape)
    between = _between(columns)[:, 0]
    for which, fire in ((between == 0.0, _at_once), (between == 1.0, _in_turn), (between > 1.0, _in_salvos)):
        if which.any():
            some = {name: np.asarray(columns[name])[which] for name in (*_ENGAGED, SALVO_SIZE.name)}
            chance[which] = fire(some, raid[which]).no_leak
    return chance - _column(columns, "no_leak_standard")


def _at_once(columns: Columns, raid: Array) -> Engaged:
    return salvo(raid, *(_column(columns, name) for name in _ENGAGED))


def _in_turn(columns: Columns, raid: Array) -> Engaged:
    return shoot_look_shoot(raid, *(_column(columns, name) for name in _ENGAGED))


def _in_salvos(columns: Columns, raid: Array) -> Engaged:
    held, shots, kill, common = (_column(columns, name) for name in _ENGAGED)
    return salvo_look_salvo(raid, held, shots, _column(columns, SALVO_SIZE.name), kill, common)


_ENGAGED = ("interceptor_number", "shots_per_missile", "single_shot_probability", "common_mode_failure")
_NEED = ("no_leak_standard", "single_shot_probability", "common_mode_failure")
_MARGINS = {"margin_interceptors": _margin_interceptors, "margin_probability": _margin_probability}

MODELS = {output: _model(output) for output in _MARGINS}
"""How a margin of this study is computed for many mixtures at once."""


def _outputs(columns: Columns, raid: Array) -> dict[str, Array]:
    """Every output of the study for n mixtures, (n, rows)."""
    at_once, looking, salvos = (fire(columns, raid) for fire in (_at_once, _in_turn, _in_salvos))
    standard, kill, common = (_column(columns, name) for name in _NEED)
    need = needed(raid, standard, kill, common)
    return {
        "interceptors_fired": at_once.worst_use,
        "no_leak_salvo": at_once.no_leak,
        "leakage_salvo": at_once.leakage,
        "no_leak_look": looking.no_leak,
        "leakage_look": looking.leakage,
        "expected_use_look": looking.expected_use,
        "no_leak_salvo_look": salvos.no_leak,
        "leakage_salvo_look": salvos.leakage,
        "expected_use_salvo_look": salvos.expected_use,
        "needed_shots_real": need.shots,
        "needed_shots": need.whole_shots,
        "needed_salvo_real": need.interceptors,
        "needed_salvo": need.whole_interceptors,
        "needed_fewest": need.fewest,
        "needed_salvo_look": fewest_salvos(raid, standard, kill, common, _column(columns, SALVO_SIZE.name)),
        "margin_interceptors": _margin_interceptors(columns, raid),
        "margin_probability": _margin_probability(columns, raid),
    }


def _row(grid: Columns, found: Mapping[str, float], n: int) -> dict[str, Any]:
    margin = found["margin_interceptors"]
    values = {name: value if np.isfinite(value) else None for name, value in found.items()}
    return {
        "raid_size": int(np.ceil(grid[_RAID.name][n])),
        "shots_per_missile": int(grid[_EACH.name][n]),
        "status": verdict_of(margin if np.isfinite(margin) else -np.inf, 0.0),
        **values,
        "reason": "" if np.isfinite(margin) else _NEVER,
    }


def _column(columns: Columns, name: str) -> Array:
    return np.asarray(columns[name], dtype=float)[:, None]


def shots_between_looks(columns: Columns) -> Array:
    """Shots fired at a missile before the next look, (n,): none where all are fired at once.

    Columns are words of the firing doctrine and salvo sizes.
    """
    words = np.asarray(columns["firing_doctrine"])
    size = np.floor(np.asarray(columns[SALVO_SIZE.name], dtype=float) + 1e-9)
    found: Array = np.where(words == "salvo", 0.0, np.where(words == "shoot-look-shoot", 1.0, size))
    return found


def _between(columns: Columns) -> Array:
    return shots_between_looks(columns)[:, None]


def _rows_of(bound: Bound, parameter: Parameter, given: Sequence[str] | None, usual: Sequence[str]) -> Array:
    """The values of a parameter that make rows, each once: those given, or the usual and its own."""
    if given:
        return np.array(list(dict.fromkeys(_number(parameter, text) for text in given)))
    figure = bound.position.figures[parameter.name]
    own = {float(bound.values[parameter.name]), *(figure.bounds(parameter.unit) or ())}  # type: ignore[arg-type]
    return np.array(sorted({float(text) for text in usual} | own))


def _number(parameter: Parameter, text: str) -> float:
    """A row as a value of its parameter. Raises `InputError`."""
    try:
        return float(value_of(parameter, written_figure(str(text), "a row")))  # type: ignore[arg-type]
    except ValueError as fault:
        way_out = f"{parameter.label}: {parameter.meaning}"
        raise InputError(Problem(str(fault).splitlines()[0], way_out, key=parameter.name)) from None
