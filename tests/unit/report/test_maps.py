"""Maps of a brief: one view for both, names that keep clear, symbols by verdict, and words beside them."""

import itertools

import numpy as np
import pytest

from detente.records.brief import Brief, MapView, Mark, Track
from detente.report.labels import Placed, Wanted, place, text_width
from detente.report.maps import FULLNESS, RADIUS, SIZE, land, maps, summary, view, views
from detente.report.sheet import SIDE_COLOURS, Stroke, Symbol, Words
from tests.unit.report.sample import AREAS, brief

SHEET = (0.0, 0.0, SIZE, SIZE)
DISC = (SIZE / 2, SIZE / 2, RADIUS)


@pytest.fixture(scope="module")
def sample() -> Brief:
    return brief()


def overlap(a: Placed, b: Placed) -> bool:
    return not (a.box[0] >= b.box[2] or a.box[2] <= b.box[0] or a.box[1] >= b.box[3] or a.box[3] <= b.box[1])


def test_names_keep_clear_of_each_other_of_symbols_and_of_the_edge() -> None:
    spread = np.random.default_rng(7).uniform(120, 360, (24, 2))
    wanted = [Wanted(f"Place {n}", float(x), float(y), 10.0, "#000", 5.0) for n, (x, y) in enumerate(spread)]
    boxes = [(w.x - 5, w.y - 5, w.x + 5, w.y + 5) for w in wanted]
    placed = place(wanted, boxes, np.empty((2, 0)), DISC, SHEET)
    assert len(placed) >= 20
    for a, b in itertools.combinations(placed, 2):
        assert not overlap(a, b)
    for spot in placed:
        assert not any(overlap(spot, Placed(spot.words, box, None)) for box in boxes)
        assert spot.box[0] >= 0
        assert spot.box[2] <= SIZE
    again = place(wanted, boxes, np.empty((2, 0)), DISC, SHEET)
    assert [spot.words for spot in again] == [spot.words for spot in placed]


def test_a_name_without_room_is_left_out() -> None:
    wanted = [Wanted("A name", 240, 240, 10, "#000", 5)]
    assert place(wanted, [SHEET], np.empty((2, 0)), DISC, SHEET) == []


def test_text_width_is_on_the_safe_side_of_the_typeface() -> None:
    from importlib import resources

    from PIL import ImageFont

    file = resources.files("detente") / "data" / "fonts" / "Inter-Regular.ttf"
    font = ImageFont.truetype(str(file), 100)
    for name in (*(area[0] for area in AREAS.values()), "Washington", "Thule (Pituffik)", "Fylingdales"):
        assert font.getlength(name) / 100 <= text_width(name, 1.0) <= 1.35 * font.getlength(name) / 100


def test_a_case_near_a_pole_is_drawn_around_it_and_a_far_one_around_itself(sample: Brief) -> None:
    disc = view(sample)
    assert disc.latitude == 90.0
    x, y = disc.project([40.0], [disc.longitude])[:2]
    assert float(np.ravel(x)[0]) == pytest.approx(0.0, abs=1e-9)
    assert float(np.ravel(y)[0]) < 0, "the middle meridian of the case runs straight down"
    spots = [
        Mark(id="a", name="a", kind="launch-area", latitude=-12.0, longitude=175.0),
        Mark(id="b", name="b", kind="sample-point", latitude=-20.0, longitude=-175.0),
    ]
    shown = views(sample)[0].model_copy(update={"marks": tuple(spots), "tracks": ()})
    far = view(sample.model_copy(update={"maps": (shown, shown)}))
    assert -20 < far.latitude < -12
    assert abs(abs(far.longitude) - 180) < 5


def test_both_maps_show_the_same_view_with_names_in_the_same_spots(sample: Brief) -> None:
    first, second = maps(sample)
    names = [
        {(item.text, item.x, item.y) for item in drawing.sheet.items if isinstance(item, Words)}
        for drawing in (first, second)
    ]
    assert names[0] == names[1]
    for area in AREAS.values():
        assert any(text == area[0] for text, _, _ in names[0])
    disc = view(sample)
    for shown in views(sample):
        for mark in shown.marks:
            assert np.isfinite(disc.project(mark.latitude, mark.longitude)).all()


def test_launch_areas_are_full_half_or_hollow_by_verdict(sample: Brief) -> None:
    for drawing, shown, shape in zip(maps(sample), views(sample), ("disc", "diamond"), strict=True):
        drawn = [
            s for s in drawing.sheet.items if isinstance(s, Symbol) and s.shape == shape and s.size == 10
        ]
        verdicts = [mark.verdict for mark in shown.marks if mark.kind == "launch-area"]
        for verdict, fullness in FULLNESS.items():
            assert sum(s.fullness == fullness for s in drawn) == verdicts.count(verdict)
        assert len(set(verdicts)) == 3 or shape == "diamond"


def test_the_intercept_window_is_thick_and_as_long_as_its_points(sample: Brief) -> None:
    (drawing, _), track = maps(sample), views(sample)[0].tracks
    thick = [
        s
        for s in drawing.sheet.items
        if isinstance(s, Stroke) and s.width == 3.4 and s.colour == SIDE_COLOURS[0]
    ]
    assert len(thick) - 1 == sum(any(t.reachable) for t in track)  # the legend has one


def test_words_say_what_the_picture_shows(sample: Brief) -> None:
    told = summary(sample.sides[0], views(sample)[0].marks)
    assert "10 launch areas" in told
    assert "2 not ruled out, 3 indeterminate, 5 ruled out in this model" in told
    assert "upper bound" in told
    for drawing in maps(sample):
        assert "upper bound" in drawing.caption
        assert "upper bound" in drawing.inline()


def test_a_case_across_180_degrees_and_an_empty_one_draw_as_well(sample: Brief) -> None:
    marks = (
        Mark(
            id="east",
            name="East",
            kind="launch-area",
            latitude=51.0,
            longitude=158.0,
            verdict="indeterminate",
        ),
        Mark(id="west", name="West", kind="sample-point", latitude=61.2, longitude=-149.9),
    )
    track = Track(
        launch="east", aim="west", latitude=(51.0, 61.2), longitude=(158.0, -149.9), reachable=(True, True),
        verdict="indeterminate",
    )  # fmt: skip
    shown = MapView(marks=marks, tracks=(track,), caption="A track across 180 degrees")
    across = sample.model_copy(update={"maps": (shown, shown)})
    disc = view(across)
    assert abs(disc.longitude) > 150
    assert disc.reach < 25
    assert maps(across)[0].inline().count("West") == 1
    empty = sample.model_copy(update={"maps": (MapView(marks=(), tracks=(), caption=""),) * 2})
    assert "North Pole" in maps(empty)[1].inline()


def test_land_has_every_continent_and_no_border() -> None:
    assert len(land()) > 100
    assert all(ring.shape[0] == 3 for polygon in land() for ring in polygon)
