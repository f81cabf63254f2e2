"""The case of December 2001: the page says what the announcements had in common, and what nobody said."""

import pytest

import detente
from detente import api
from detente.records.brief import Brief, LinesChart, Panel, RangesChart


@pytest.fixture(scope="module")
def page() -> Brief:
    return detente.brief("reductions-2001")


def panel(page: Brief, name: str) -> Panel:
    return next(found for found in page.panels if found.id == name)


def test_the_announced_ranges(page: Brief) -> None:
    """People's Daily Online, 18 December 2001: 1,500 to 2,200 and 1,700 to 2,200; no rule, no day."""
    found = panel(page, "announced")
    chart = found.charts[0]
    assert isinstance(chart, RangesChart)
    assert chart.overlap == (1700.0, 2200.0)
    ranges = {(level.label, level.low, level.high) for level in chart.levels[:2]}
    assert ranges == {("Russia", 1500, 2200), ("United States", 1700, 2200)}
    prose = " ".join(found.prose)
    assert "1,700 to 2,200, which is also simply the range of United States" in prose
    assert "floors are 200 apart" in prose
    assert "Counting rules: unknown" in prose
    assert [row[2] for row in found.tables[0].rows[:2]] == ["unknown", "unknown"]


def test_three_rules_of_one_arsenal(page: Brief) -> None:
    """Podvig, October 2009: 3,897 by START I (unverified), 2,683 able to carry, 2,528 near operational."""
    found = panel(page, "three-rules")
    assert [(row[4], row[5]) for row in found.tables[0].rows] == [
        ("3,897", "unverified"), ("2,683", "secondary"), ("2,528", "secondary"),
    ]  # fmt: skip


def test_the_schedule_keeps_its_ceilings_and_its_band(page: Brief) -> None:
    found = panel(page, "schedule")
    chart = found.charts[0]
    assert isinstance(chart, LinesChart)
    levels = {line.label: line for line in chart.lines}
    assert levels["Russia"].y[-1] == levels["United States"].y[-1] == 2200
    assert {"ceiling 2,200", "ceiling 3,800", "10% above the lower"} <= set(levels)
    at_2007 = [
        y for x, y in zip(levels["United States"].x, levels["United States"].y, strict=True) if x >= 2007.49
    ]
    assert max(y for y in at_2007 if y is not None) <= 3800


def test_the_plan_of_inspections_and_its_curve(page: Brief) -> None:
    found = panel(page, "inspections")
    (row,) = [r for r in found.tables[0].rows if r[:3] == ("5 % (75)", "18", "1")]
    assert float(row[3]) == pytest.approx(1 - 0.95**18, abs=0.01)
    assert found.tables[1].rows[1][1] == "not by anything in this plan"


def test_the_treaty_that_was_about_to_end(page: Brief) -> None:
    """Notice on 13 December 2001, effect on 13 June 2002; no party was bound after that day."""
    prose = " ".join(panel(page, "abm-treaty").prose)
    for day in ("notice on 2001-12-13", "withdrawn on 2002-06-13"):
        assert day in prose
    table = panel(page, "abm-treaty").tables[0]
    (ix,) = [row for row in table.rows if row[2].startswith("IX")]
    assert "unverified" in ix[2]
    assert "it bound that day" in ix[3]
    assert "bound nobody after 2002-06-13" in ix[4]


def test_the_dispute_beside_it_is_worked_out_anew(page: Brief) -> None:
    found = panel(page, "missile-defense")
    other = api.case_crux("national-missile-defense-2001", "suffices")
    for text in other.parties:
        assert any(text in line for line in found.prose)
    assert f"{abs(other.margins[1] - other.margins[0]):,.0f} {other.unit} apart" in " ".join(found.prose)
    assert any("upper bound on defense" in line for line in found.prose)


def test_no_picture_of_the_page_claims_a_bound_on_defense(page: Brief) -> None:
    from detente.report.figures import figures

    assert "upper bound on defense" not in page.caveat
    for drawing in figures(page):
        assert "upper bound on defense" not in drawing.caption + drawing.caveat, drawing.name


def test_a_margin_without_unit_is_printed_without_one(page: Brief) -> None:
    from detente.report.page import render

    text = render(page)
    assert "margin −0.30" in text.replace("\N{NO-BREAK SPACE}", " ")
    assert "−0.30\N{NO-BREAK SPACE}1" not in text


def test_the_claims_under_both_sides_figures(page: Brief) -> None:
    margins = {claim.id: claim.margins for claim in page.claims}
    assert margins["feasible-by-the-day"] == (-30.0, 42.0)
    assert margins["over-the-decade"] == (-30.0, 42.0)
    assert margins["respond-in-kind"][1] == pytest.approx(0.1)
    assert margins["verifiable"][0] == margins["verifiable"][1]
    said = {claim.id: claim.flip for claim in page.claims}
    assert "inspections a year" in said["verifiable"]


def test_a_name_that_is_both_a_case_and_a_force() -> None:
    by_case = api.comply("new-start-2022")
    by_force = api.comply(api.load_force("new-start-2022"), "2022-03-01", "new-start")
    assert [one.limits for one in by_case] == [one.limits for one in by_force]
