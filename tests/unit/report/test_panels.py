"""Panels of a page: ranges and lines are drawn where they belong, and a page without places has no maps."""

from itertools import pairwise

import pytest

from detente.records.brief import Brief, Level, Line, LinesChart, Panel, PanelTable, RangesChart
from detente.report.figures import figures
from detente.report.maps import views
from detente.report.page import render
from detente.report.panels import panel_chart
from detente.report.sheet import SIDE_COLOURS, Area, Stroke, Symbol, Words
from tests.unit.report.sample import brief

RANGES = RangesChart(
    name="ranges",
    title="What was announced",
    x_label="warheads, counting rule unknown",
    levels=(
        Level(label="Borduria", side=0, low=1500, high=2200, note="no date"),
        Level(label="Syldavia", side=1, low=1700, high=2200),
        Level(label="a treaty later", low=2000, high=2000),
    ),
    overlap=(1700, 2200),
    caption="Two ranges and one level.",
    summary="Borduria 1,500 to 2,200, Syldavia 1,700 to 2,200.",
)
LINES = LinesChart(
    name="levels",
    title="Levels by year",
    x_label="year",
    y_label="warheads",
    lines=(
        Line(label="Borduria", side=0, x=(2002, 2003, 2004), y=(6000, None, 4000), steps=True),
        Line(label="Syldavia", side=1, x=(2002, 2003, 2004), y=(6010, 5000, 4010)),
        Line(label="ceiling", x=(2002, 2004), y=(4900, 4900), dashed=True),
    ),
    caption="Levels under one rule.",
    summary="Both fall.",
)
TABLE = PanelTable(
    caption="Counts", heads=("rule", "warheads"), rows=(("<one>", "10,271"), ("two", "9,416")), numbers_from=1
)


@pytest.fixture(scope="module")
def sample() -> Brief:
    """A brief with panels and without places, whose subject is not reach."""
    panel = Panel(id="levels", title="Levels", prose=("Said.",), charts=(RANGES, LINES), tables=(TABLE,))
    return brief(k=3).model_copy(
        update={"maps": None, "panels": (panel,), "caveat": "Counts rest on what was declared."}
    )


def test_ranges_begin_and_end_where_they_were_announced() -> None:
    items = panel_chart(RANGES).sheet.items
    bars = [item.pieces[0][0] for item in items if isinstance(item, Stroke) and item.width == 5.0]
    (low, high), (other_low, other_high) = bars
    assert high == other_high
    assert low < other_low < high
    shared = next(item for item in items if isinstance(item, Area))
    assert (shared.rings[0][0].min(), shared.rings[0][0].max()) == pytest.approx((other_low, high))
    # a single level is one point with one number
    assert sum(isinstance(item, Words) and item.text == "2,000" for item in items) >= 1


def test_lines_keep_gaps_and_names_do_not_touch() -> None:
    items = panel_chart(LINES).sheet.items
    drawn = {item.colour: item for item in items if isinstance(item, Symbol)}
    assert set(drawn) == set(SIDE_COLOURS)
    ends = sorted(item.y for item in items if isinstance(item, Words) and item.x > 520)
    assert all(after - before >= 12.9 for before, after in pairwise(ends))
    own = [item for item in items if isinstance(item, Stroke) and item.colour == SIDE_COLOURS[0]]
    assert len(own[0].pieces) == 1  # the gap is no line: only the level that was held is drawn
    assert own[0].pieces[0].shape[1] == 2


def test_a_page_without_places_has_panels_and_no_maps(sample: Brief) -> None:
    names = [drawing.name for drawing in figures(sample)]
    assert not [name for name in names if name.startswith("map")]
    assert names[-2:] == ["ranges", "levels"]
    page = render(sample)
    assert 'id="panel-levels"' in page
    assert "&lt;one&gt;" in page
    told = [drawing.summary + drawing.inline() for drawing in figures(sample)]
    assert not [text for text in told if "upper bound" in text]
    with pytest.raises(ValueError, match="no maps"):
        views(sample)


def test_a_page_on_reach_still_says_upper_bound_in_every_figure() -> None:
    assert all("upper bound" in drawing.caption for drawing in figures(brief(k=3)))
