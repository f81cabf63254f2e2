"""Our own attributions, flip sets and break-even values for textbook games and decompositions."""

import json
import math
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.dispute import (
    banzhaf,
    crux,
    double_cruxes,
    flip_sets,
    settle,
    shapley,
    shapley_interactions,
    two_ended,
)
from detente.records.published import Amount

from .inputs import Given

Table = NDArray[Any]
_WHOLE_DIFFERENCE = {"V12", "V13", "V14", "V15"}
"""Cases whose "total" is the difference between the two ends; elsewhere it is the total effect of each."""


def crux_case(given: Given) -> Amount:
    """One result of a textbook game or decomposition."""
    case, result, inputs = given["case"], given["result"], json.loads(given["given"])
    if case in _BY_CRUX:
        return _BY_CRUX[case](result)
    rule = result[:3].rstrip("_") if result[:3] in {"AND", "OR_"} else "AND"
    table = _TABLES[case](inputs | {"rule": rule})
    name = result.removeprefix("AND_").removeprefix("OR_")
    if name == "total" and case in _WHOLE_DIFFERENCE:
        return float(table[-1] - table[0])
    found = np.asarray(_RESULTS[name](table), dtype=float)
    return float(found) if found.ndim == 0 else tuple(float(value) for value in found)


def _corners(f: Callable[..., float], inputs: Mapping[str, Any]) -> Table:
    """A function at every mixture of the two ends A and B."""
    a, b = inputs["A"], inputs["B"]
    rows = [[b[i] if row >> i & 1 else a[i] for i in range(len(a))] for row in range(2 ** len(a))]
    return np.array([f(*row) for row in rows], dtype=float)


def _coalitions(size: int, rule: Callable[[set[int]], Any]) -> Table:
    """A rule on the set of assumptions conceded."""
    return np.array([rule({i for i in range(size) if row >> i & 1}) for row in range(2**size)])


def _ends(size: int, high: tuple[float, ...] = ()) -> dict[str, Any]:
    return {"A": (0.0,) * size, "B": high or (1.0,) * size}


def _ishigami(x: float, y: float, z: float) -> float:
    return math.sin(x) + 7 * math.sin(y) ** 2 + 0.1 * z**4 * math.sin(x)


def _all_or_any(inputs: Mapping[str, Any]) -> Table:
    size, every = int(inputs["k"]), inputs["rule"] == "AND"
    return _coalitions(size, lambda s: len(s) == size if every else len(s) > 0)


_TABLES: Mapping[str, Callable[[Mapping[str, Any]], Table]] = {
    "V01": lambda i: _corners(lambda *x: float(np.dot(i["a"], x)), i),
    "V02": lambda i: _corners(lambda *x: math.prod(x), i),
    "V03": lambda _: _corners(lambda x, y: x + 2 * y + 4 * x * y, _ends(2)),
    "V04": lambda _: _corners(_ishigami, _ends(3, (math.pi / 2, math.pi / 2, math.pi))),
    "V05": _all_or_any,
    "V06": lambda _: _coalitions(3, lambda s: len(s) >= 2),
    "V07": lambda _: _coalitions(3, lambda s: len(s) % 2 == 1),
    "V09": lambda _: _coalitions(3, lambda s: min(len(s & {0}), len(s & {1, 2})) > 0),
    "V10": lambda i: _coalitions(len(i["c"]), lambda s: max((i["c"][n] for n in s), default=0)),
    "V11": lambda i: _coalitions(len(i["w"]), lambda s: sum(i["w"][n] for n in s) >= i["q"]),
    "V12": lambda i: _corners(lambda *x: math.prod(x), i),
    "V13": lambda i: _corners(lambda *x: math.prod(x), i),
    "V14": lambda i: _corners(lambda *x: math.prod(x), i),
    "V15": lambda i: _corners(lambda m, c, s: math.sqrt(240 * m * s / c), i),
}

_RESULTS: Mapping[str, Callable[[Table], Any]] = {
    "phi": shapley,
    "log_phi": lambda table: shapley(np.log(table)),
    "first": lambda table: two_ended(table).first,
    "total": lambda table: two_ended(table).total,
    "pair": lambda table: shapley_interactions(table)[0, 1],
    "banzhaf": lambda table: banzhaf(table).signed,
    "A_flips": lambda table: len(flip_sets(table).a_flips),
    "B_flips": lambda table: len(flip_sets(table).b_flips),
    "double": lambda table: len(double_cruxes(table)),
    "p_settle_by_size": lambda table: [point.chance for point in settle(table).curve[1:]],
}


def _parity_of_two(_: str) -> Amount:
    found = crux(
        lambda c: np.where((c["x"] + c["y"]) % 2 == 1, 1.0, -1.0),
        None,
        {"x": 0.0, "y": 0.0},
        {"x": 1.0, "y": 1.0},
    )
    return float(found.diagnosis.share_other)


def _break_even(result: str) -> Amount:
    """Break-even values: of a line, of a parabola, on a log scale, of a probability."""
    from scipy.special import ndtr

    if result == "a":
        return _fractions(crux(lambda c: -3 + 5 * c["t"], None, {"t": 0.0}, {"t": 1.0}))[0]
    if result == "b":
        return _fractions(crux(lambda c: (c["t"] - 0.25) * (c["t"] - 0.75), None, {"t": 0.0}, {"t": 1.0}))
    if result == "c":
        found = crux(lambda c: c["t"] - 40, None, {"t": 10.0}, {"t": 100.0}, scales={"t": "log"})
        return _fractions(found)[0]
    claim = SimpleNamespace(margin=lambda c: c["chance"], standard=0.9)
    found = crux(lambda c: {"chance": ndtr((c["x"] - 0.3) / 0.5)}, claim, {"x": 0.0}, {"x": 2.0})
    value = found.breakeven_rows[0].value
    return value if isinstance(value, float) else None


def _fractions(found: Any) -> tuple[float, ...]:
    return tuple(float(row.fraction) for row in found.breakeven_rows if row.side == "A")


_BY_CRUX: Mapping[str, Callable[[str], Amount]] = {"V08": _parity_of_two, "V18": _break_even}

CRUXES = {"crux-case": crux_case}
