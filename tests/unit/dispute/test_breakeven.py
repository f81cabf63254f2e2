"""Values at which a conclusion changes: all of them, nearest first, never beyond the declared bounds."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.dispute import Assumption, DisputeError, analyse, crux
from detente.records.crux import BreakEvenRow, Crux


def rows(found: Crux, side: str, assumption: str) -> list[BreakEvenRow]:
    return [row for row in found.breakeven_rows if (row.side, row.assumption) == (side, assumption)]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(0.02, 0.98), min_size=1, max_size=4, unique_by=lambda x: round(x, 2)))
def test_all_roots_of_a_polynomial_are_found_nearest_first(roots: list[float]) -> None:
    found = crux(lambda c: np.prod([c["x"] - root for root in roots], axis=0), None, {"x": 0.0}, {"x": 1.0})
    from_a = [row.value for row in rows(found, "A", "x")]
    from_b = [row.value for row in rows(found, "B", "x")]
    assert from_a == pytest.approx(sorted(roots), abs=1e-9)
    assert from_b == pytest.approx(sorted(roots, reverse=True), abs=1e-9)
    from_b_fractions = [row.fraction for row in rows(found, "B", "x")]
    assert from_b_fractions == pytest.approx([1 - root for root in sorted(roots, reverse=True)])


def test_declared_bounds_reach_beyond_both_values_and_are_never_left() -> None:
    def model(c: Any) -> Any:
        return (c["x"] - 4.0) * (c["x"] + 3.0) + 0 * c["y"]

    A, B = {"x": 0.0, "y": 0.0}, {"x": 1.0, "y": 1.0}
    wide = rows(crux(model, None, A, B, bounds={"x": (-10.0, 10.0)}), "A", "x")
    assert [row.value for row in wide] == pytest.approx([-3.0, 4.0])
    assert [row.fraction for row in wide] == pytest.approx([-3.0, 4.0])
    assert [row.beyond for row in wide] == ["yes", "yes"]
    assert {row.scanned for row in wide} == {"declared bounds"}
    narrow = rows(crux(model, None, A, B, bounds={"x": (-2.9, 3.9)}), "A", "x")
    assert [(row.value, row.admissible, row.text) for row in narrow] == [
        (None, False, "nothing admissible flips it")
    ]
    none = rows(crux(model, None, A, B), "A", "x")
    assert none[0].scanned == "between the two values"
    assert (none[0].scanned_low, none[0].scanned_high) == (0.0, 1.0)
    assert none[0].text == "nothing between the two values flips it"


def test_a_dip_between_two_points_of_the_scan_is_found() -> None:
    found = crux(lambda c: (c["x"] - 0.50317) ** 2 - 1e-6, None, {"x": 0.0}, {"x": 1.0})
    assert [row.value for row in rows(found, "A", "x")] == pytest.approx([0.50217, 0.50417])


def test_a_margin_that_touches_zero_counts_once() -> None:
    found = crux(lambda c: -((c["x"] - 0.5) ** 2), None, {"x": 0.0}, {"x": 1.0})
    assert [row.value for row in rows(found, "A", "x")] == pytest.approx([0.5])


def test_a_jump_of_the_margin_is_where_the_conclusion_changes() -> None:
    found = crux(lambda c: np.where(c["x"] < 0.3, -2.0, 5.0), None, {"x": 0.0}, {"x": 1.0})
    assert rows(found, "A", "x")[0].value == pytest.approx(0.3)


def test_missing_margins_are_gaps_not_roots() -> None:
    def model(c: Any) -> Any:
        middle = (c["x"] > 0.2) & (c["x"] < 0.6)
        return np.where(middle, np.nan, c["x"] - 0.4)

    row = rows(crux(model, None, {"x": 0.0}, {"x": 1.0}), "A", "x")[0]
    assert (row.value, row.admissible) == (None, False)
    assert "only across a part of the range for which the model has no answer" in row.text


def test_choices_and_places_are_tried_at_the_other_value_only() -> None:
    def model(c: Any) -> Any:
        return np.where(c["cue"] == "early", 2.0, -1.0) + 0.1 * c["site"][:, 0]

    A: dict[str, Any] = {"cue": "late", "site": (0.0, 0.0)}
    B: dict[str, Any] = {"cue": "early", "site": (5.0, 0.0)}
    found = crux(model, None, A, B)
    cue, site = rows(found, "A", "cue")[0], rows(found, "A", "site")[0]
    assert (cue.value, cue.fraction, cue.admissible, cue.beyond) == ("early", 1.0, True, "yes")
    assert (site.value, site.admissible, site.other) == (None, False, (5.0, 0.0))
    assert cue.scanned == site.scanned == "the other's value only"
    assert not rows(found, "A", "all together")


def test_all_together_moves_every_number_at_once() -> None:
    found = crux(lambda c: c["x"] + c["y"] - 1.5, None, {"x": 0.0, "y": 0.0}, {"x": 1.0, "y": 2.0})
    line = rows(found, "A", "all together")[0]
    assert line.value is None
    assert line.fraction == pytest.approx(0.5)
    assert rows(found, "B", "all together")[0].fraction == pytest.approx(0.5)
    assert line.text == "50% of the way to the other side's"
    assert found.labels[line.assumption] == "all together"


def test_a_group_moves_as_one() -> None:
    found = crux(
        lambda c: c["x"] + c["y"] - 0.9,
        None,
        {"x": 0.0, "y": 0.0},
        {"x": 1.0, "y": 2.0},
        groups={"both": ["x", "y"]},
    )
    row = rows(found, "A", "both")[0]
    assert row.value is None
    assert row.held is None
    assert row.fraction == pytest.approx(0.3)


def test_the_band_gives_a_break_even_its_width() -> None:
    found = crux(lambda c: 2 * c["x"] - 1, None, {"x": 0.0}, {"x": 1.0}, band=0.2)
    row = rows(found, "A", "x")[0]
    assert [row.lo, row.value, row.hi] == pytest.approx([0.4, 0.5, 0.6])


def test_a_margin_that_only_enters_the_band_says_so() -> None:
    found = crux(lambda c: c["x"] - 1.1, None, {"x": 0.0}, {"x": 1.0}, band=0.3)
    row = rows(found, "A", "x")[0]
    assert (row.value, row.admissible) == (None, False)
    assert row.text == "nothing between the two values flips it; undecided from 0.8"


def test_own_sigmas_measure_the_way_in_the_holders_own_doubt() -> None:
    found = analyse(
        lambda c: c["x"] - 4,
        None,
        {"x": 1.0},
        {"x": 7.0},
        [Assumption("x", a_sigma=1.5, b_sigma=0.5, low=0.0, high=10.0)],
    )
    assert rows(found, "A", "x")[0].own_sigmas == pytest.approx(2.0)
    assert rows(found, "B", "x")[0].own_sigmas == pytest.approx(-6.0)


def test_a_value_outside_its_bounds_is_refused() -> None:
    with pytest.raises(DisputeError, match='"B" puts x at 9 km, outside its bounds from 0 to 5'):
        crux(lambda c: c["x"], None, {"x": 1.0}, {"x": 9.0}, bounds={"x": (0.0, 5.0)}, units={"x": "km"})
    with pytest.raises(DisputeError, match="do not rise"):
        crux(lambda c: c["x"], None, {"x": 1.0}, {"x": 2.0}, bounds={"x": (5.0, 0.0)})
    with pytest.raises(DisputeError, match="log scale"):
        crux(lambda c: c["x"], None, {"x": -1.0}, {"x": 2.0}, scales={"x": "log"})


def test_the_scan_of_all_assumptions_is_one_batch() -> None:
    calls = []

    def model(c: Any) -> Any:
        calls.append(len(c["x"]))
        return c["x"] + c["y"] - 0.6

    found = crux(model, None, {"x": 0.0, "y": 0.0}, {"x": 1.0, "y": 1.0})
    assert calls[0] == 4
    assert calls[1] == 6 * 129
    assert max(calls[2:]) <= 12
    assert found.runs == sum(calls)
