"""The study `inspect`: rows are margins, batches equal members, a claim in a case is read on it."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import detente
from detente.agreement.inspection.regime import items_of_share
from detente.agreement.inspection.sampling import detection, smallest_sample
from detente.records.claim import Reading
from detente.records.errors import InputError
from detente.studies.catalog import INSPECT, RULES
from detente.studies.inspect import MODELS, margin_detection, margin_false_alarm
from detente.studies.readings import sentence

FIGURES = {
    "declared_items": "436",
    "violation_share": "5 %",
    "violation_number": "10",
    "violation_stated_as": "share",
    "items_per_inspection": "1",
    "test_false_alarm": "0.001",
    "inspection_years": "1",
    "detection_standard": "0.9",
    "false_alarm_standard": "0.1",
}
DIFFER = {
    "party-a": {"test_quality": "0.9", "inspections_per_year": "10"},
    "party-b": {"test_quality": "1", "inspections_per_year": "60"},
}
CLAIM = """
[[claims]]
id = "finds-five-percent"
title = "The regime finds five percent"
by = "a"

[[claims.said]]
words = "It is enough."
speaker = "nobody"
date_said = "2001"
channel = "invented"
mode = "direct"
source = "SOURCE"
status = "secondary"

[claims.read_as]
study = "inspect"
output = "margin_detection"
rows = ["5 %"]
quantifier = "all"
note = "Within a year, at the position's own standard."
"""


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new case with two readings of one regime, and a claim on it."""
    folder = detente.new("regime", tmp_path_factory.mktemp("cases"))
    base = folder / "positions" / "base.toml"
    lines = [
        f'\n[figures.{k}]\nvalue = "{v}"\nstatus = "assumed"\nnote = "Invented."\n'
        for k, v in FIGURES.items()
    ]
    text = base.read_text(encoding="utf-8")
    for name in (*FIGURES, *(name for figures in DIFFER.values() for name in figures)):
        # the template has figures of its own for this study: these take their place
        text = re.sub(rf"\[figures\.{name}\]\n(?:[^\[\n].*\n)+", "", text)
    base.write_text(text + "".join(lines), encoding="utf-8")
    source = (folder / "sources.toml").read_text(encoding="utf-8").split("[sources.")[1].split("]")[0]
    for name, figures in DIFFER.items():
        path = folder / "positions" / f"{name}.toml"
        more = [
            f'\n[figures.{k}]\nvalue = "{v}"\ndate = "2001"\nsource = "{source}"\nstatus = "secondary"\n'
            for k, v in figures.items()
        ]
        path.write_text(path.read_text(encoding="utf-8") + "".join(more), encoding="utf-8")
    claims = folder / "claims.toml"
    text = claims.read_text(encoding="utf-8") + CLAIM.replace("SOURCE", source)
    claims.write_text(text, encoding="utf-8")
    assert detente.check(folder) == ()
    return folder


def rows(case: Path, settings: dict[str, str] | None = None, **more: Any) -> dict[float, dict[str, Any]]:
    outcome = detente.run(case, "inspect", "party-a", settings, **more)
    return {row["violation_items"]: row for row in outcome.rows}


def test_a_row_is_what_its_sample_finds(case: Path) -> None:
    row = rows(case)[22]
    assert row["power"] == row["power_year"] == pytest.approx(detection(436, 22, 10, 0.9))
    assert row["margin_detection"] == pytest.approx(row["power"] - 0.9)
    assert row["needed_sample"] == row["needed_inspections"] == smallest_sample(436, 22, "0.9", "0.9")
    assert row["false_alarm"] == pytest.approx(1 - 0.999**10)
    assert row["margin_false_alarm"] == pytest.approx(0.1 - row["false_alarm"])
    assert row["approximation"] < row["power"]
    assert row["status"] == "ruled out in this model"


def test_ten_inspections_of_one_missile_each(case: Path) -> None:
    """Verification reference: 50 of 436 are found 71 % of the time, 10 of 436 21 %."""
    exact = {"test_quality": "1", "violation_stated_as": "number", "inspections_per_year": "10"}
    assert rows(case, exact)[10]["power"] == pytest.approx(0.2090242496, abs=5e-11)
    assert rows(case, exact | {"inspection_years": "5"})[10]["power"] == pytest.approx(
        0.6903893823, abs=5e-11
    )
    fifty = rows(case, exact | {"violation_number": "50"})
    assert fifty[50]["power"] == pytest.approx(0.7081830279, abs=5e-11)
    assert fifty[50]["violation_share"] == pytest.approx(100 * 50 / 436)


def test_rows_are_shares_and_nothing_else(case: Path) -> None:
    assert set(rows(case, rows=["5 %", "50 %", "5 %"])) == {22, 218}
    for wrong in ("10", "101 %", "few"):
        with pytest.raises(InputError) as refused:
            rows(case, rows=[wrong])
        assert refused.value.problems[0].way_out


def test_what_no_sample_meets_says_why(case: Path) -> None:
    small = rows(case, {"declared_items": "2", "test_quality": "0.5"}, rows=["50 %"])[1]
    assert small["needed_sample"] is None
    assert "misses too often" in small["reason"]
    assert "standard of 1" in rows(case, {"detection_standard": "1"}, rows=["5 %"])[22]["reason"]
    assert "standard is 0" in rows(case, {"detection_standard": "0"}, rows=["5 %"])[22]["reason"]
    sure = rows(case, {"test_false_alarm": "1"}, rows=["5 %"])[22]
    assert sure["false_alarm"] == 1.0
    none = rows(case, {"test_false_alarm": "1", "inspections_per_year": "0"}, rows=["5 %"])[22]
    assert (none["false_alarm"], none["power"]) == (0.0, 0.0)


def test_a_sample_is_at_most_everything(case: Path) -> None:
    everything = rows(case, {"inspections_per_year": "1000", "test_quality": "1"}, rows=["5 %"])[22]
    assert (everything["sample"], everything["power"]) == (436, 1.0)


figures = st.fixed_dictionaries(
    {
        "declared_items": st.integers(1, 2000).map(float),
        "violation_share": st.sampled_from([0.5, 5.0, 29.0, 100.0]),
        "violation_number": st.integers(1, 50).map(float),
        "violation_stated_as": st.sampled_from(["share", "number"]),
        "inspections_per_year": st.integers(0, 100).map(float),
        "items_per_inspection": st.integers(1, 5).map(float),
        "test_quality": st.sampled_from([0.0, 0.5, 0.9, 1.0]),
        "test_false_alarm": st.sampled_from([0.0, 0.01]),
        "inspection_years": st.integers(1, 5).map(float),
        "detection_standard": st.sampled_from([0.5, 0.9]),
        "false_alarm_standard": st.sampled_from([0.1, 0.5]),
    }
)


@given(st.lists(figures, min_size=1, max_size=6), st.sampled_from([(), ("5 %",), ("1 %", "20 %")]))
def test_a_batch_equals_its_members(many: list[dict[str, Any]], named: tuple[str, ...]) -> None:
    case: Any = None
    for output, made in MODELS.items():
        model = made(case, named)
        together = model({name: np.array([one[name] for one in many]) for name in many[0]})[output]
        assert together.shape == (len(many), max(1, len(named)))
        for number, one in enumerate(many):
            alone = model({name: np.array([value]) for name, value in one.items()})[output]
            assert np.array_equal(together[number], alone[0])
            items = int(one["declared_items"])
            sample = min(items, int(one["inspections_per_year"] * one["items_per_inspection"]))
            own = (
                items_of_share(one["violation_share"] / 100, items)
                if one["violation_stated_as"] == "share"
                else min(items, int(one["violation_number"]))
            )
            defects = [items_of_share(float(row.split()[0]) / 100, items) for row in named] or [own]
            years = int(one["inspection_years"])
            wanted = [
                margin_detection(items, bad, sample, one["detection_standard"], one["test_quality"], years)
                if output == "margin_detection"
                else margin_false_alarm(sample, one["test_false_alarm"], one["false_alarm_standard"], years)
                for bad in defects
            ]
            assert alone[0] == pytest.approx(wanted, abs=1e-15)


def test_a_claim_of_a_case_is_read_on_it(case: Path) -> None:
    found = detente.case_crux(case, "finds-five-percent")
    assert found.margins[0] == pytest.approx(detection(436, 22, 10, 0.9) - 0.9)
    assert found.margins[1] == pytest.approx(detection(436, 22, 60) - 0.9)
    assert found.attribution_rows[0].assumption == "inspections_per_year"
    told = detente.crux_rows(found, case, "finds-five-percent", None)["caveat"]
    assert "upper bound on what inspections find" in told


@pytest.mark.parametrize("claim", ["finds-five-percent"])
def test_a_brief_may_lead_with_it(case: Path, claim: str, tmp_path: Path) -> None:
    copied = tmp_path / "regime"
    shutil.copytree(case, copied)
    text = (copied / "case.toml").read_text(encoding="utf-8")
    lead = next(line for line in text.splitlines() if line.startswith("lead_claim"))
    changed = text.replace(lead, f'lead_claim = "{claim}"')
    (copied / "case.toml").write_text(changed, encoding="utf-8")
    composed = detente.brief(copied)
    assert composed.claims[0].id == claim
    assert "inspections a year" in composed.answer


def test_a_sweep_keeps_the_rows_as_shares(case: Path, tmp_path: Path) -> None:
    copied = tmp_path / "regime"
    shutil.copytree(case, copied)
    base = copied / "positions" / "base.toml"
    open_figure = 'value = "0.001"\nrange = ["0", "0.01"]'
    text = base.read_text(encoding="utf-8")
    assert 'value = "0.001"' in text
    base.write_text(text.replace('value = "0.001"', open_figure), encoding="utf-8")
    found = detente.sweep_case(copied, "inspect", "party-a", 8, tmp_path / "run", workers=1)
    told = json.dumps(detente.summary_rows(found, tmp_path / "run"))
    assert "5 %" in told


def test_the_catalog_takes_such_a_reading() -> None:
    reading = Reading(study="inspect", output="margin_detection", rows=("5 %",), quantifier="all")
    assert not list(RULES.check_reading(reading))
    assert list(RULES.check_reading(reading.model_copy(update={"rows": ("five",)})))
    assert list(RULES.check_reading(reading.model_copy(update={"output": "power"})))
    assert {output.name for output in INSPECT.outputs if output.is_margin} == set(MODELS)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "inspections find a violation of 5 % as surely as is asked for"),
        ({"rows": ()}, "inspections find the violation that each position names as surely as is asked for"),
        ({"sense": "does not reach"}, "inspections do not find a violation of 5 % as surely as is asked for"),
        (
            {"rows": ("5 %", "10 %")},
            "inspections find each of the violations 5 % and 10 % as surely as is asked for",
        ),
        ({"output": "margin_false_alarm"}, "sound items raise a false alarm no more often than is accepted"),
        (
            {"output": "margin_false_alarm", "sense": "does not reach"},
            "sound items raise a false alarm more often than is accepted",
        ),
    ],
)
def test_a_reading_in_words(changes: dict[str, Any], words: str) -> None:
    reading = Reading(study="inspect", output="margin_detection", rows=("5 %",), quantifier="all")
    assert sentence(reading.model_copy(update=changes), {}) == words
