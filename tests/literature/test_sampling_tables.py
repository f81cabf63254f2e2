"""Published sample sizes and chances of detection, to the unit, and the sequential test's lines.

Sizes for a rate and a confidence: DCAA EZ-Quant 2.0.6 discovery sampling, as quoted in the tests of the R
package jfa (secondary). The other values are computed from C(N-D, n) / C(N, n) in the project's reference
file.
"""

import csv
from pathlib import Path

import pytest

from detente.agreement.inspection.sampling import approximate_sample, detection, smallest_sample
from detente.agreement.inspection.sequential import wald_lines
from detente.api.validation.board import FOLDER

EZ_QUANT = {  # (confidence, N): sizes for rates of 8, 6, 4, 2 percent
    ("0.9", 500): (27, 36, 54, 102),
    ("0.9", 1000): (28, 37, 55, 108),
    ("0.9", 5000): (28, 38, 57, 113),
    ("0.95", 500): (35, 47, 69, 129),
    ("0.95", 1000): (36, 48, 71, 138),
    ("0.95", 5000): (36, 49, 73, 147),
}


@pytest.mark.parametrize(("case", "sizes"), EZ_QUANT.items(), ids=str)
def test_discovery_sampling_of_ez_quant(case: tuple[str, int], sizes: tuple[int, ...]) -> None:
    confidence, items = case
    for percent, size in zip((8, 6, 4, 2), sizes, strict=True):
        assert smallest_sample(items, items * percent // 100, confidence) == size


def test_every_row_of_ez_quant_ships_with_its_status() -> None:
    with (Path(FOLDER) / "sampling.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["source"] == "ez-quant"]
    assert len(rows) == 24
    assert {row["status"] for row in rows} == {"secondary"}


@pytest.mark.parametrize(
    ("items", "defects", "sample", "chance"),
    [
        (436, 50, 10, 0.7081830279),
        (436, 10, 10, 0.2090242496),
        (260, 20, 10, 0.5574610847),
        (100, 10, 22, 0.9273082918),
        (18, 2, 9, 0.7647058824),
        (1550, 50, 50, 0.8110777464),
    ],
)
def test_chances_of_detection(items: int, defects: int, sample: int, chance: float) -> None:
    assert detection(items, defects, sample) == pytest.approx(chance, abs=5e-11)


def test_five_years() -> None:
    assert detection(436, 10, 10, years=5) == pytest.approx(0.6903893823, abs=5e-11)


@pytest.mark.parametrize(
    ("items", "defects", "sample", "quality", "chance"),
    [(100, 10, 20, 0.9, 0.8746908674), (100, 10, 20, 0.5, 0.6592356141), (436, 50, 10, 0.8, 0.6211102407)],
)
def test_imperfect_tests(items: int, defects: int, sample: int, quality: float, chance: float) -> None:
    assert detection(items, defects, sample, quality) == pytest.approx(chance, abs=5e-11)


@pytest.mark.parametrize(
    ("items", "defects", "confidence", "exact", "rough"),
    [
        (400, 20, "0.95", 55, 56),
        (436, 50, "0.9", 19, 20),
        (260, 13, "0.95", 53, 54),
        (1550, 77, "0.95", 58, 60),
        (20, 2, "0.9", 14, 14),
        (800, 8, "0.8", 146, 146),
    ],
)
def test_exact_size_and_approximation(
    items: int, defects: int, confidence: str, exact: int, rough: int
) -> None:
    assert smallest_sample(items, defects, confidence) == exact
    assert approximate_sample(items, defects, confidence) == rough


def test_a_hundred_items() -> None:
    sizes = [smallest_sample(100, defects, "0.9") for defects in (*range(1, 11), 15, 20)]
    assert sizes == [90, 69, 54, 44, 37, 32, 28, 25, 22, 20, 14, 10]


def test_the_column_that_a_copied_table_repeats() -> None:
    """It prints 28 and 34 for six of a hundred, which are the sizes for seven."""
    assert [smallest_sample(100, 6, c) for c in ("0.9", "0.95")] == [32, 39]
    assert [smallest_sample(100, 7, c) for c in ("0.9", "0.95")] == [28, 34]


def test_the_lines_of_the_sequential_test() -> None:
    lines = wald_lines(0.01, 0.10, 0.05, 0.10)
    assert lines.accept == pytest.approx(-0.938862, abs=5e-7)
    assert lines.reject == pytest.approx(1.205379, abs=5e-7)
    assert lines.slope == pytest.approx(0.0397474, abs=5e-8)
