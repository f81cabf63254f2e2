"""Charts of a crux, for one assumption and for a dozen: what is drawn is what the crux says."""

import numpy as np
import pytest

from detente.report.charts import by_share, concessions, flip_matrix, tipping, waterfall
from detente.report.figures import figures
from detente.report.margin import margin_chart
from detente.report.sheet import CRUX_BAR, SIDE_COLOURS, Area, Sheet, Symbol, Words
from tests.unit.report.sample import NAMES, brief, crux

PARTIES = ("Borduria", "Syldavia")


def words(sheet: Sheet) -> list[str]:
    return [item.text for item in sheet.items if isinstance(item, Words)]


def width(area: Area) -> float:
    return float(np.ptp(area.rings[0][0]))


@pytest.mark.parametrize("k", [1, 2, 12])
def test_every_figure_stays_on_its_sheet_and_says_upper_bound(k: int) -> None:
    drawn = figures(brief(k=k))
    assert [d.name for d in drawn][:6] == ["map-1", "map-2", "margin", "waterfall", "flips", "tipping"]
    assert ("concessions" in [d.name for d in drawn]) == (k > 1)
    for drawing in drawn:
        assert "upper bound" in drawing.caption
        assert "upper bound" in drawing.summary
        for item in drawing.sheet.items:
            if isinstance(item, Words | Symbol):
                assert -0.5 <= item.x <= drawing.sheet.width + 0.5, (drawing.name, item)
                assert 0 <= item.y <= drawing.sheet.height + 3, (drawing.name, item)


@pytest.mark.parametrize("k", [1, 12])
def test_waterfall_bars_add_up_from_one_margin_to_the_other(k: int) -> None:
    found = crux(PARTIES, k)
    areas = [item for item in waterfall(found).sheet.items if isinstance(item, Area) and width(item) > 4.5]
    ends = [next(a for a in areas if a.fill == colour) for colour in SIDE_COLOURS]
    scale = width(ends[1]) / abs(found.margins[1])
    assert width(ends[0]) == pytest.approx(scale * abs(found.margins[0]), abs=0.1)
    largest = [a for a in areas if a.fill == CRUX_BAR]
    assert len(largest) == 1
    assert width(largest[0]) == pytest.approx(scale * 1.40, abs=0.1)
    told = words(waterfall(found).sheet)
    assert "6.3 km/s → 7.7 km/s" in told
    assert "+1.40" in told


def test_rows_stand_by_share_and_own_goals_are_named() -> None:
    found = crux(PARTIES, 12)
    phis = [abs(row.phi or 0) for row in by_share(found)]
    assert phis == sorted(phis, reverse=True)
    assert sum("works against its own side" in text for text in words(waterfall(found).sheet)) == 2


@pytest.mark.parametrize("k", [1, 12])
def test_flip_matrix_has_a_symbol_for_each_member_of_each_set(k: int) -> None:
    found = crux(PARTIES, k)
    symbols = [item for item in flip_matrix(found).sheet.items if isinstance(item, Symbol)]
    for party, colour in zip(PARTIES, SIDE_COLOURS, strict=True):
        rows = found.listed(party)
        drawn = [s for s in symbols if s.colour == colour and s.size == 11]
        assert len(drawn) == sum(row.size for row in rows)
        certain = sum(row.size for row in rows if row.certainty == "certain")
        assert sum(s.fullness == "full" for s in drawn) == certain
    left = [s.x for s in symbols if s.colour == SIDE_COLOURS[0] and s.size == 11]
    right = [s.x for s in symbols if s.colour == SIDE_COLOURS[1] and s.size == 11]
    assert max(left) < min(right)


def test_tipping_puts_both_sides_break_evens_on_one_scale() -> None:
    found = crux(PARTIES, 1)
    a, b = (row.fraction for row in found.breakeven_rows)
    assert a is not None
    assert b is not None
    assert a == pytest.approx(1 - b)  # one root, seen from both ends
    symbols = [item for item in tipping(found).sheet.items if isinstance(item, Symbol) and item.size == 10]
    assert symbols[0].x == pytest.approx(symbols[1].x)
    assert "6.72 km/s" in words(tipping(found).sheet)
    twelve = tipping(crux(PARTIES, 12))
    assert "none admissible" in words(twelve.sheet)


def test_concessions_show_what_is_needed_to_flip_each_side() -> None:
    found = crux(PARTIES, 12)
    drawing = concessions(found)
    assert words(drawing.sheet).count("needed to flip") == 2
    assert all(name in words(drawing.sheet) for name in NAMES)


def test_an_infinite_margin_is_said_and_not_drawn_to_infinity() -> None:
    found = crux(PARTIES, 2)
    rows = tuple(row.model_copy(update={"phi": None, "share": None}) for row in found.attribution_rows)
    endless = found.model_copy(update={"margins": (float("-inf"), 0.5), "attribution_rows": rows})
    for draw in (waterfall, concessions, tipping, flip_matrix):
        drawing = draw(endless)
        assert "nan" not in drawing.inline()
        assert "inf" not in drawing.inline().replace("infinite", "")
    assert "none admissible" in words(waterfall(endless).sheet)


def test_the_margin_chart_marks_both_sides_with_value_and_margin() -> None:
    drawing = margin_chart(brief())
    told = words(drawing.sheet)
    assert {"+0.08", "+1.48", "6.3", "7.7", "Vypolzovo"} <= set(told)
    gap = brief().chart.model_copy(update={"marks": ((6.3, None), (7.7, 1.48))})
    told = words(margin_chart(brief().model_copy(update={"chart": gap})).sheet)
    assert "no admissible value" in told


def test_names_of_launch_areas_at_the_curves_ends_do_not_collide() -> None:
    names = {curve.label for curve in brief().chart.parts}
    ends = sorted(i.y for i in margin_chart(brief()).sheet.items if isinstance(i, Words) and i.text in names)
    assert len(ends) == len(names)
    assert min(np.diff(ends)) >= 12.4
