"""The page: one file, nothing from outside, right for readers and machines, and blind to who is who."""

import base64
import io
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markupsafe import escape
from PIL import Image

from detente.report.page import export_figures, highlighted, render, typeset
from tests.unit.report.sample import brief, crux

VOID = {"meta", "link", "br", "img", "circle", "path", "rect"}


class Outline(HTMLParser):
    """Tags with their attributes, the words, and whether every tag was closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.words.append(data)

    def every(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag == name]

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


@pytest.fixture(scope="module")
def page() -> str:
    return render(brief(k=3))


@pytest.fixture(scope="module")
def outline(page: str) -> Outline:
    return Outline(page)


def test_nothing_comes_from_outside_and_nothing_runs(page: str, outline: Outline) -> None:
    assert not outline.every("script")
    assert not any(name.startswith("on") for _, attributes in outline.tags for name in attributes)
    for tag, attributes in outline.tags:
        for name in ("src", "href", "xlink:href", "data", "action", "srcset"):
            value = attributes.get(name)
            assert value is None or value.startswith(("#", "data:")), (tag, name, value)
    style = page.split("<style>")[1].split("</style>", maxsplit=1)[0]
    assert "@import" not in style
    assert all(
        found.startswith("url(data:font/woff2;base64,") for found in re.findall(r"url\([^)]{0,30}", style)
    )
    policy = next(
        m["content"] for m in outline.every("meta") if m.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy is not None
    assert policy.startswith("default-src 'none';")
    assert len(page.encode()) < 2_500_000


def test_the_outline_serves_a_screen_reader(outline: Outline) -> None:
    assert not outline.open
    assert outline.every("html")[0]["lang"] == "en"
    assert len(outline.every("h1")) == 1
    assert (
        len(outline.every("main"))
        == len(outline.every("nav"))
        == len(outline.every("title")) - len([a for a in outline.every("svg") if a.get("role") == "img"])
    )
    identifiers = [a["id"] for _, a in outline.tags if a.get("id")]
    assert len(identifiers) == len(set(identifiers))
    for link in outline.every("a"):
        target = link["href"] or ""
        if target.startswith("#"):
            assert target[1:] in identifiers, target
    for drawn in outline.every("svg"):
        if drawn.get("aria-hidden") != "true":
            assert drawn["role"] == "img"
            assert all(part in identifiers for part in (drawn["aria-labelledby"] or "").split())
    assert len(outline.every("caption")) == len(outline.every("table"))
    assert all(heading.get("scope") in {"col", "row"} for heading in outline.every("th"))


def test_every_part_of_the_brief_is_on_the_page(outline: Outline) -> None:
    shown = brief(k=3)
    text = outline.text
    for words in (
        shown.question,
        shown.answer,
        *shown.limits,
        *shown.conventions,
        *shown.errata,
        *shown.notices,
        shown.digest,
        shown.caveat,
        "endangering its own security",
        "spokesman of an invented ministry",
        "Its range flips the verdict on the first side's figures",
        "not read by anybody on this project",
        "even if we tried to",
        "6.3 km/s",
        "no margin at any admissible value",
    ):
        assert " ".join(typeset(words).split()) in text, words
    assert text.index("Stated, and the two sides differ") < text.index("Stated, and the same on both sides")
    assert text.index("Stated, and the same on both sides") < text.index("Stated by nobody")


def test_numbers_lead_to_their_sources(page: str) -> None:
    assert page.count('href="#source-alpha-2007"') >= 3
    assert page.count('href="#source-beta-2007"') >= 2


def test_words_from_a_case_file_cannot_become_markup() -> None:
    shown = brief(("<script>alert(1)</script>", 'B" onload="x'))
    outline = Outline(render(shown.model_copy(update={"question": "1 < 2 & <b>bold</b>?"})))
    assert not outline.every("script")
    assert not outline.every("b")
    assert not any("onload" in attributes for _, attributes in outline.tags)
    assert "1 < 2 & <b>bold</b>?" in outline.text


def test_the_same_brief_gives_the_same_bytes(page: str) -> None:
    assert render(brief(k=3)) == page


def exchanged(text: str, first: str, second: str) -> str:
    return re.sub(
        f"{re.escape(first)}|{re.escape(second)}", lambda m: second if m.group() == first else first, text
    )


def opened(page: str) -> tuple[str, list[str]]:
    """The page without its downloads, and the SVG downloads as text."""
    files = [
        base64.b64decode(found).decode() for found in re.findall(r"data:image/svg\+xml;base64,([^\"]+)", page)
    ]
    bare = re.sub(r"data:(?:image/svg\+xml|image/png|font/woff2);base64,[A-Za-z0-9+/=]+", "data:", page)
    return bare, files


@pytest.mark.parametrize("k", [1, 12])
def test_exchanging_the_names_exchanges_the_names_and_nothing_else(k: int) -> None:
    first, second = "Ob", "Grand Duchy of Borduria"
    there = opened(render(brief((first, second), k)))
    back = opened(render(brief((second, first), k)))
    assert exchanged(there[0], first, second) == back[0]
    assert [exchanged(file, first, second) for file in there[1]] == back[1]
    assert len(back[1]) >= 6


def test_decisive_words_get_the_highlighter_stroke() -> None:
    found = crux(("A", "B"), 1)
    assert highlighted("All ==of it== & more", found) == "All <mark>of it</mark> &amp; more"
    assert "<mark>interceptor speed</mark>" in highlighted("It turns on interceptor speed.", found)
    assert highlighted("Nothing divides <them>.", found) == "Nothing divides &lt;them&gt;."


def test_positions_without_a_difference_and_claims_without_a_reading_have_a_page() -> None:
    shown = brief()
    same = shown.crux.model_copy(
        update={
            "k": 0,
            "attribution_rows": (),
            "flip_rows": (),
            "breakeven_rows": (),
            "settle_rows": (),
            "margins": (0.1, 0.1),
        }
    )
    unread = shown.claims[0].model_copy(update={"verdicts": None, "margins": (None, None)})
    bare = shown.model_copy(
        update={
            "crux": same,
            "claims": (unread,),
            "bibliography": (),
            "errata": (),
            "notices": (),
            "assumptions": (),
        }
    )
    outline = Outline(render(bare))
    assert "nobody settles it here" in outline.text
    assert "figure-waterfall" not in {a.get("id") for _, a in outline.tags}


def test_exported_figures_carry_title_caption_source_and_the_words_upper_bound(tmp_path: Path) -> None:
    shown = brief(k=2)
    written = export_figures(shown, tmp_path / "figures")
    names = ["map-1", "map-2", "margin", "waterfall", "flips", "tipping", "concessions"]
    assert [path.name for path in written] == [f"{name}.{kind}" for name in names for kind in ("svg", "png")]
    for path in written:
        if path.suffix == ".svg":
            text = path.read_text(encoding="utf-8")
            assert "upper bound" in text.split("</desc>")[1]
            assert "Source: own calculation" in text
            assert "http" not in text.replace("http://www.w3.org/2000/svg", "")
        else:
            width, height = Image.open(io.BytesIO(path.read_bytes())).size
            assert width > 1000
            assert height > 300
    again = export_figures(shown, tmp_path / "again")
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in written]


def test_our_own_prose_is_typeset_and_quotations_are_not() -> None:
    assert (
        typeset('the claim "x" (as "y" says) and each side\'s')
        == "the claim “x” (as “y” says) and each side’s"
    )
    page = render(brief(k=1))
    for block in brief(k=1).claims:
        for said in block.said:
            assert str(escape(said.words)) in page
