"""The crux against closed forms and published textbook examples (crux-cases.json names each source)."""

import json
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr

from detente.dispute import (
    analyse,
    banzhaf,
    crux,
    dividends,
    double_cruxes,
    dummies,
    flip_sets,
    minimal_hitting_sets,
    settle,
    shapley,
    shapley_interactions,
    two_ended,
)

TABLE = Path(__file__).parents[2] / "src" / "detente" / "data" / "published" / "crux-cases.json"
DOCUMENT = json.loads(TABLE.read_text(encoding="utf-8"))
CASES: dict[str, dict[str, Any]] = {case["id"]: case for case in DOCUMENT["cases"]}

Table = NDArray[np.float64]


def close(case: str, got: ArrayLike, want: ArrayLike) -> None:
    """The rule of the case file: |got - want| <= tolerance * max(1, |want|)."""
    found, wanted = np.asarray(got, dtype=float), np.asarray(want, dtype=float)
    assert found.shape == wanted.shape
    allowed = CASES[case]["tolerance"] * np.maximum(1.0, np.abs(wanted))
    assert (np.abs(found - wanted) <= allowed).all(), (found, wanted)


def corners(f: Callable[..., Any], A: Sequence[float], B: Sequence[float]) -> Table:
    """F at every mixture of A and B."""
    rows = [
        [b if row >> i & 1 else a for i, (a, b) in enumerate(zip(A, B, strict=True))]
        for row in range(2 ** len(A))
    ]
    return np.array([f(*row) for row in rows], dtype=float)


def coalitions(k: int, rule: Callable[[set[int]], Any]) -> NDArray[Any]:
    """A rule on sets of assumptions as a table."""
    return np.array([rule({i for i in range(k) if row >> i & 1}) for row in range(2**k)])


def expect(case: str) -> dict[str, Any]:
    found: dict[str, Any] = CASES[case]["expect"]
    return found


def test_every_case_of_the_file_is_tested_here() -> None:
    tested = {name.split("_")[1].upper() for name in globals() if name.startswith("test_v")}
    assert set(CASES) == tested


def test_v01_linear() -> None:
    given = CASES["V01"]["inputs"]
    table = corners(lambda *x: float(np.dot(given["a"], x)), given["A"], given["B"])
    ends = two_ended(table)
    close("V01", shapley(table), expect("V01")["phi"])
    close("V01", ends.first, expect("V01")["first"])
    close("V01", ends.total, expect("V01")["total"])


def test_v02_product_of_three() -> None:
    given = CASES["V02"]["inputs"]
    table = corners(lambda x, y, z: x * y * z, given["A"], given["B"])
    close("V02", shapley(table), expect("V02")["phi"])
    close("V02", shapley(np.log(table)), expect("V02")["log_phi"])
    names = ("x", "y", "z")
    found = crux(
        lambda c: c["x"] * c["y"] * c["z"],
        None,
        dict(zip(names, given["A"], strict=True)),
        dict(zip(names, given["B"], strict=True)),
        scale="log",
    )
    close("V02", [row.phi or 0.0 for row in found.attribution_rows], expect("V02")["log_phi"])


def test_v03_interaction() -> None:
    table = corners(lambda x, y: x + 2 * y + 4 * x * y, (0, 0), (1, 1))
    ends = two_ended(table)
    close("V03", shapley(table), expect("V03")["phi"])
    close("V03", ends.first, expect("V03")["first"])
    close("V03", ends.total, expect("V03")["total"])
    close("V03", shapley_interactions(table)[0, 1], expect("V03")["pair"])


def test_v04_ishigami_corner() -> None:
    def ishigami(x: float, y: float, z: float) -> float:
        return math.sin(x) + 7 * math.sin(y) ** 2 + 0.1 * z**4 * math.sin(x)

    table = corners(ishigami, (0, 0, 0), (math.pi / 2, math.pi / 2, math.pi))
    ends = two_ended(table)
    close("V04", shapley(table), expect("V04")["phi"])
    close("V04", ends.first, expect("V04")["first"])
    close("V04", ends.total, expect("V04")["total"])


def test_v05_all_or_any_of_five() -> None:
    k = CASES["V05"]["inputs"]["k"]
    every, some = coalitions(k, lambda s: len(s) == k), coalitions(k, lambda s: len(s) > 0)
    for verdicts, name in ((every, "AND"), (some, "OR")):
        sets = flip_sets(verdicts)
        close("V05", shapley(verdicts), expect("V05")["phi"])
        close("V05", banzhaf(verdicts).signed, expect("V05")["banzhaf"])
        assert len(sets.a_flips) == expect("V05")[f"{name}_A_flips"]
        assert len(sets.b_flips) == expect("V05")[f"{name}_B_flips"]
        by_size = [point.chance for point in settle(verdicts).curve[1:]]
        close("V05", by_size, expect("V05")["AND_p_settle_by_size"])


def test_v06_majority_of_three() -> None:
    verdicts = coalitions(3, lambda s: len(s) >= 2)
    sets = flip_sets(verdicts)
    close("V06", shapley(verdicts), expect("V06")["phi"])
    assert len(sets.a_flips) == expect("V06")["A_flips"]
    assert len(sets.b_flips) == expect("V06")["B_flips"]
    assert len(double_cruxes(verdicts)) == expect("V06")["double"]
    close("V06", [point.chance for point in settle(verdicts).curve[1:]], expect("V06")["p_settle_by_size"])


def test_v07_parity_of_three() -> None:
    verdicts = coalitions(3, lambda s: len(s) % 2 == 1)
    sets = flip_sets(verdicts)
    close("V07", shapley(verdicts), expect("V07")["phi"])
    close("V07", banzhaf(verdicts).signed, expect("V07")["banzhaf"])
    assert banzhaf(verdicts).unsigned.tolist() == [1.0, 1.0, 1.0]
    assert [list(each) for each in sets.a_flips] == expect("V07")["A_flips"]
    assert [list(each) for each in sets.a_forced_by] == expect("V07")["A_forces"]
    assert sets.monotone is expect("V07")["monotone"]
    assert sets.offenders == (0, 1, 2)


def test_v08_parity_of_two() -> None:
    found = crux(
        lambda c: np.where((c["x"] + c["y"]) % 2 == 1, 1.0, -1.0),
        None,
        {"x": 0.0, "y": 0.0},
        {"x": 1.0, "y": 1.0},
    )
    assert found.verdicts == ("no", "no")
    assert found.diagnosis.kind == expect("V08")["diagnosis"]
    close("V08", found.diagnosis.share_other, expect("V08")["share_other"])
    assert found.diagnosis.hidden == tuple((("x", "y")[each[0]],) for each in expect("V08")["hidden"])


def test_v09_glove() -> None:
    verdicts = coalitions(3, lambda s: min(len(s & {0}), len(s & {1, 2})) > 0)
    sets = flip_sets(verdicts)
    close("V09", shapley(verdicts), expect("V09")["phi"])
    assert [list(each) for each in sets.a_flips] == expect("V09")["A_flips"]
    assert [list(each) for each in sets.b_flips] == expect("V09")["B_flips"]


def test_v10_airport() -> None:
    cost = CASES["V10"]["inputs"]["c"]
    close("V10", shapley(coalitions(4, lambda s: max((cost[i] for i in s), default=0))), expect("V10")["phi"])


def test_v11_european_economic_community_1958() -> None:
    quota, weights = CASES["V11"]["inputs"]["q"], CASES["V11"]["inputs"]["w"]
    verdicts = coalitions(6, lambda s: sum(weights[i] for i in s) >= quota)
    sets = flip_sets(verdicts)
    close("V11", shapley(verdicts), expect("V11")["phi"])
    close("V11", banzhaf(verdicts).signed, expect("V11")["banzhaf"])
    assert len(sets.a_flips) == expect("V11")["A_flips"]
    assert len(sets.b_flips) == expect("V11")["B_flips"]
    assert len(double_cruxes(verdicts)) == expect("V11")["double"]
    assert dummies(verdicts) == (5,)
    assert sets.monotone


def das_gupta(case: str) -> None:
    given = CASES[case]["inputs"]
    table = corners(lambda *x: math.prod(x), given["A"], given["B"])
    close(case, shapley(table), expect(case)["phi"])
    close(case, table[-1] - table[0], expect(case)["total"])


def test_v12_two_factors() -> None:
    das_gupta("V12")


def test_v13_three_factors() -> None:
    das_gupta("V13")


def test_v14_five_factors() -> None:
    das_gupta("V14")


def test_v15_harris_order_quantity() -> None:
    given = CASES["V15"]["inputs"]
    table = corners(lambda m, c, s: math.sqrt(240 * m * s / c), given["A"], given["B"])
    pure = dividends(table)
    close("V15", two_ended(table).first, expect("V15")["first"])
    for pair, row in (("mc", 0b011), ("ms", 0b101), ("cs", 0b110)):
        close("V15", pure[row], expect("V15")["pairs"][pair])
    close("V15", shapley(np.log(table)), expect("V15")["log_phi"])
    close("V15", table[-1] - table[0], expect("V15")["total"])


def _fractions(found: Any, side: str) -> list[float]:
    return [row.fraction for row in found.breakeven_rows if row.side == side and row.assumption == "t"]


def test_v18_break_even_linear_and_two_roots() -> None:
    linear = crux(lambda c: -3 + 5 * c["t"], None, {"t": 0.0}, {"t": 1.0})
    close("V18", _fractions(linear, "A"), [expect("V18")["a"]])
    twice = crux(lambda c: (c["t"] - 0.25) * (c["t"] - 0.75), None, {"t": 0.0}, {"t": 1.0})
    close("V18", _fractions(twice, "A"), expect("V18")["b"])


def test_v18_break_even_on_a_log_scale() -> None:
    found = crux(lambda c: c["t"] - 40, None, {"t": 10.0}, {"t": 100.0}, scales={"t": "log"})
    close("V18", _fractions(found, "A"), [expect("V18")["c"]])
    close("V18", found.breakeven_rows[0].value or 0.0, 40.0)


@pytest.mark.parametrize("scale", ["linear", "logit"])
def test_v18_break_even_of_a_probability(scale: Any) -> None:
    claim = SimpleNamespace(margin=lambda c: c["chance"], standard=0.9)
    found = crux(lambda c: {"chance": ndtr((c["x"] - 0.3) / 0.5)}, claim, {"x": 0.0}, {"x": 2.0}, scale=scale)
    close("V18", found.breakeven_rows[0].value or 0.0, expect("V18")["d"])


def test_the_cases_hold_through_the_whole_crux() -> None:
    """The weighted vote of V11 as a model with six inputs: shares and sets survive the road to the record."""
    quota, weights = CASES["V11"]["inputs"]["q"], CASES["V11"]["inputs"]["w"]
    names = [f"member {i}" for i in range(6)]
    found = analyse(
        lambda c: sum(w * c[name] for w, name in zip(weights, names, strict=True)) - quota,
        None,
        dict.fromkeys(names, 0.0),
        dict.fromkeys(names, 1.0),
    )
    close("V11", [row.power for row in found.attribution_rows], expect("V11")["phi"])
    assert found.summary("A").count == expect("V11")["A_flips"]
    assert found.summary("B").count == expect("V11")["B_flips"]
    assert found.double_crux.count == expect("V11")["double"]
    forced = [
        [names.index(name) for name in row.members] for row in found.listed("A", "forced by", limit=100)
    ]
    flips = {
        tuple(names.index(name) for name in row.members) for row in found.listed("B", "flips", limit=100)
    }
    assert set(minimal_hitting_sets(forced)) == flips
