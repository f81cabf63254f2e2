"""Sheets give well-formed SVG whose words stay words, PNG of the right size, and the same bytes each time."""

import io
import re
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from detente.report.drawing import Drawing, wrapped
from detente.report.sheet import FIRST, Area, Sheet, Stroke, Symbol, Words, path, png, signed, svg, ticks

SVG = "{http://www.w3.org/2000/svg}"


def sheet() -> Sheet:
    paper = Sheet(120, 80)
    paper.box(10, 10, 110, 70, "#E6EDF0")
    paper.stroke([0, 40, float("nan"), 60, 120], [0, 40, 0, 40, 0], FIRST, 2, (4, 3))
    paper.add(Symbol(30, 40, "diamond", 10, FIRST, "half"), Symbol(60, 40, "disc", 10, FIRST, "half"))
    paper.add(Words(5, 20, "Źdź <&> “Иран” → 6.3", bold=True, halo="#FFFFFF"))
    return paper


def decoded(data: str) -> list[np.ndarray]:
    """Points of relative path data, read by an independent few lines."""
    out = []
    for part in data.split("M")[1:]:
        numbers = [float(n) for n in re.findall(r"-?(?:\d+\.?\d*|\.\d+)", part)]
        out.append(np.cumsum(np.array(numbers).reshape(-1, 2), axis=0))
    return out


def test_svg_is_well_formed_and_keeps_its_words() -> None:
    tree = ET.fromstring(svg(sheet(), "A <title>", "what & why", "fig"))  # noqa: S314 - our own text
    assert tree.get("role") == "img"
    assert tree.get("aria-labelledby") == "fig-t fig-d"
    assert [tree.find(f"{SVG}{tag}").text for tag in ("title", "desc")] == ["A <title>", "what & why"]  # type: ignore[union-attr]
    assert [text.text for text in tree.iter(f"{SVG}text")] == ["Źdź <&> “Иран” → 6.3"]


def test_a_gap_splits_a_line() -> None:
    (stroke,) = [item for item in sheet().items if isinstance(item, Stroke)]
    assert [piece.shape for piece in stroke.pieces] == [(2, 2), (2, 2)]


def test_png_has_two_pixels_for_each_and_is_the_same_every_time() -> None:
    first = png(sheet())
    picture = Image.open(io.BytesIO(first))
    assert picture.size == (240, 160)
    assert picture.convert("RGB").getpixel((30, 130)) == pytest.approx((0xE6, 0xED, 0xF0), abs=3)
    assert first == png(sheet())
    assert not picture.info


@given(st.lists(st.tuples(st.floats(-999, 999), st.floats(-999, 999)), min_size=2, max_size=30))
def test_path_data_keeps_every_point_to_a_tenth_of_a_pixel(points: list[tuple[float, float]]) -> None:
    piece = np.array(points).T
    tenths = np.rint(piece * 10)
    if np.all(tenths == tenths[:, :1]):
        assert path([piece]) == ""
        return
    (back,) = decoded(path([piece]))
    assert back[0] == pytest.approx(piece[:, 0], abs=0.051)
    assert back[-1] == pytest.approx(piece[:, -1], abs=0.051)
    for point in piece.T:
        assert np.min(np.abs(back - point).max(axis=1)) < 0.051


@given(st.floats(-1e4, 1e4), st.floats(0.01, 1e4), st.integers(3, 9))
def test_ticks_are_round_inside_and_about_as_many(low: float, width: float, about: int) -> None:
    found = ticks(low, low + width, about)
    assert about / 2.6 - 1 <= len(found) <= about + 2
    assert all(low - 1e-6 * width <= value <= low + width + 1e-6 * width for value in found)
    assert len(found) < 2 or np.diff(found) == pytest.approx(found[1] - found[0], rel=1e-6, abs=1e-9)


def test_numbers_carry_a_true_minus_and_no_signed_zero() -> None:
    assert [signed(value) for value in (0.351, -1.2, -0.004, float("inf"))] == [
        "+0.35",
        "−1.20",
        "0.00",
        "+∞",
    ]


def test_line_breaks_do_not_depend_on_how_long_the_names_are() -> None:
    text = "On the figures of {0} the claim holds, and on those of {1} it does not; {0} says so in print."
    short = wrapped(text.format("Ob", "Ys"), 40, ("Ob", "Ys"))
    long = wrapped(
        text.format("Grand Duchy of Ob", "Republic of Ys"), 40, ("Grand Duchy of Ob", "Republic of Ys")
    )
    assert [line.replace("Grand Duchy of Ob", "Ob").replace("Republic of Ys", "Ys") for line in long] == short


def test_a_caption_always_says_upper_bound() -> None:
    figure = Drawing(name="x", title="T", caption="A caption", summary="S", sheet=sheet())
    assert figure.caption.startswith("A caption. Kinematic reach is an upper bound on defense")
    texts = [item.text for item in figure.framed("Source: a test.").items if isinstance(item, Words)]
    assert "upper bound" in " ".join(texts)
    assert texts[0] == "T"
    assert texts[-1] == "Source: a test."


def test_moving_a_sheet_moves_everything_on_it() -> None:
    figure = Drawing(name="x", title="T", caption="upper bound", summary="S", sheet=sheet())
    framed = figure.framed("S")
    areas = [item for item in framed.items if isinstance(item, Area)]
    assert areas[0].rings[0][0].min() == pytest.approx(30)
    assert framed.width == 160
    assert framed.height > 80 + 60
