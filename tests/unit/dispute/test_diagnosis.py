"""What sort of dispute it is, in all eight kinds."""

from typing import Any

import numpy as np
import pytest

from detente.dispute import crux
from detente.records.crux import Crux, Kind

NAMES = ("x", "y", "z")


def dispute(rule: Any, kinds: dict[str, Kind] | None = None, **options: Any) -> Crux:
    """A crux on three switches from 0 to 1."""
    return crux(rule, None, dict.fromkeys(NAMES, 0.0), dict.fromkeys(NAMES, 1.0), kinds=kinds, **options)


def test_identical_numbers() -> None:
    found = crux(lambda c: c["x"], None, {"x": 1.0}, {"x": 1.0})
    assert (found.diagnosis.kind, found.k, found.runs) == ("identical", 0, 1)
    assert found.diagnosis.table == ()
    assert found.prose == (
        'On "output" A and B use the same figures, with one conclusion: true.',
        "Exact, from the one mixture of the two positions.",
    )


def test_opposed_with_the_size_of_the_smallest_double_crux() -> None:
    found = dispute(lambda c: c["x"] + c["y"] + c["z"] - 1.5)
    assert found.diagnosis.kind == "opposed"
    assert found.diagnosis.smallest_double_crux == 2
    assert (found.double_crux.size, found.double_crux.count) == (2, 3)


def test_agreement_that_no_mixture_changes() -> None:
    found = dispute(lambda c: c["x"] + c["y"] - c["z"] + 5)
    assert found.diagnosis.kind == "agree-all"
    assert found.diagnosis.smallest_double_crux is None
    assert "no mixture of their figures changes it" in str(found)
    assert not found.flip_rows


def test_agreement_by_offsetting_assumptions() -> None:
    found = dispute(lambda c: c["x"] - c["y"] - 0.5 + 0 * c["z"])
    assert found.diagnosis.kind == "offsetting"
    assert found.diagnosis.share_other == 0.25
    assert found.diagnosis.hidden == (("x",),)
    assert [(row.side, row.members) for row in found.flip_rows] == [("A", ("x",)), ("B", ("y",))]
    assert "25% of the mixtures" in str(found)


def test_not_about_the_numbers() -> None:
    kinds: dict[str, Kind] = {"y": "model variant", "z": "question"}
    found = dispute(lambda c: 3 * c["y"] + 3 * c["z"] - 2 + c["x"], kinds)
    assert found.diagnosis.kind == "not about the numbers"
    assert {row.kind: row.role for row in found.diagnosis.table} == {
        "question": "shared",
        "model variant": "shared",
        "numbers": "dummy",
    }


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("question", "different questions"),
        ("standard", "same odds, different proof"),
        ("model variant", "not about the numbers"),
        ("numbers", "opposed"),
    ],
)
def test_a_single_kind_that_decides(kind: Kind, expected: str) -> None:
    found = dispute(lambda c: 9 * c["z"] - 5 + c["x"] + c["y"], {"z": kind})
    assert found.diagnosis.kind == expected


def test_all_numbers_together_may_matter_when_none_matters_alone() -> None:
    found = dispute(lambda c: c["x"] + c["y"] + 2 * c["z"] - 1.5, {"z": "question"})
    assert found.diagnosis.kind == "opposed"


def test_shares_of_the_kinds_sum_to_the_difference() -> None:
    found = dispute(lambda c: c["x"] * c["y"] + 4 * c["z"] - 1, {"z": "model variant"})
    table = {row.kind: row for row in found.diagnosis.table}
    assert sum(row.phi or 0.0 for row in found.diagnosis.table) == pytest.approx(5.0)
    assert table["numbers"].members == ("x", "y")
    assert table["numbers"].share == pytest.approx(0.2)


def test_undecided_where_a_party_lies_within_the_band() -> None:
    found = dispute(lambda c: c["x"] + c["y"] + c["z"] - 2.9, band=0.5)
    assert found.verdicts == ("no", "undecided")
    assert found.diagnosis.kind == "undecided"
    assert "cannot tell within its band" in str(found)
    assert {row.certainty for row in found.flip_rows} <= {"possible"}
    assert found.double_crux.size is None


def test_undecided_where_the_sort_of_agreement_hangs_on_the_band() -> None:
    found = dispute(lambda c: np.abs(c["x"] - c["y"]) * 0.9 - 1 + 0 * c["z"], band=0.2)
    assert found.verdicts == ("no", "no")
    assert found.diagnosis.kind == "undecided"
    assert "stays open" in str(found)
    assert {row.certainty for row in found.flip_rows} == {"possible"}
