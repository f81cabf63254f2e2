"""A page of our own in the shape of a real one, read whole; and the rules that hold for any page."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.reading import furniture, markup
from detente.reading.encoding import decode
from detente.reading.page import plain
from detente.reading.propose import read_content, read_page
from detente.records.errors import InputError
from detente.records.reading import Reading

PAGES = Path(__file__).parent / "pages"


@pytest.fixture(scope="module")
def talks() -> Reading:
    return read_page(PAGES / "harbour-talks.txt")


def test_the_page_says_of_itself_what_it_says_and_no_more(talks: Reading) -> None:
    page = talks.page
    assert page.title == "Zubrowka, Latveria to hold expert talks on launchers"
    assert (page.published, page.updated, page.zone) == ("2002-01-09T21:05-05:00", None, "EST")
    assert page.source is None
    assert "blank" in page.status["source"]
    assert page.rights == "Copyright Notice 2000-2002 Harbour Talks. All rights reserved."
    assert [repair.repaired for repair in talks.repairs] == ["中文网"]


def test_statements_have_speaker_post_channel_and_day(talks: Reading) -> None:
    said = {each.text: each for each in talks.statements if each.voice == "speaker"}
    monk = said["We talked for a long time and we may agree on numbers,"]
    assert (monk.speaker, monk.post, monk.hedge, monk.date) == (
        "Ilse Monk",
        "Zubrowkan President",
        "may",
        "2002-01-08",
    )
    klamm = said["(Prime Minister Dahl) asked for inspections,"]
    assert (klamm.speaker, klamm.channel, klamm.brackets) == (
        "Otto Klamm",
        ("Zub Wire",),
        ("(Prime Minister Dahl)",),
    )
    assert said["No side gives anything away,"].speaker == "Otto Klamm"
    assert [each.text for each in talks.statements if each.voice == "reporter"] == ["controversial"]


def test_a_range_is_a_range_and_no_date_is_invented(talks: Reading) -> None:
    assert [(each.low, each.high, each.unit, each.counting_rule) for each in talks.quantities] == [
        (1200, 1400, "launchers", "unknown"),
        (1300, 1500, "launchers", "unknown"),
    ]
    (agreed,) = talks.commitments
    assert (agreed.who, agreed.due, agreed.precision) == (("Ilse Monk", "Victor Dahl"), "2002-03", "month")
    coming = next(each for each in talks.meetings if each.level == "expert")
    assert (coming.date, coming.place, coming.status) == ("2002-03", None, "to be announced")
    assert [each.on_topic for each in talks.related] == [True, False]


def test_an_html_page_is_read_through_its_tags() -> None:
    found = read_page(PAGES / "harbour-talks.html")
    text = (PAGES / "harbour-talks.html").read_text(encoding="utf-8")
    assert found.page.author == "Anna Reed"
    assert found.page.published == "2002-01-09T21:05-05:00"
    (said,) = [each for each in found.statements if each.mode == "direct"]
    assert said.text == "We talked for a very long time and we may agree on numbers,"
    assert plain(text, said.start, said.end) == said.text
    assert "<em>" in text[said.start : said.end]


def test_a_lead_that_stands_twice_is_one_claim() -> None:
    lead = "The ministers of both countries agreed Monday to start technical talks in January on launchers."
    body = '"We are ready for it," Defense Minister Otto Klamm said after two hours of talks with the others.'
    found = read_content(
        f"Talks on launchers to start soon\n\n{lead}\n\nPRINT IT\n\n{lead}\n\n{body}\n".encode()
    )
    assert [span.kind for span in found.page.spans if span.kind.startswith("lead")] == [
        "lead",
        "lead-repeated",
    ]
    assert len(found.commitments) == 1


def test_a_damaged_title_is_told_and_left() -> None:
    found = read_content(
        b"Big deal before Putin'sPutin in spring\n\nA minister said on the way home that it was so in the end.\n"
    )
    assert found.page.title == "Big deal before Putin'sPutin in spring"
    assert "damaged" in found.page.status["title"]


def test_a_date_in_the_future_is_told_and_kept() -> None:
    content = b"Talks go on\nPublished: May 16, 2007\n\nThe minister said on Tuesday that the talks would go on for years."
    found = read_content(content, today=date(2007, 5, 1))
    assert found.page.published == "2007-05-16"
    assert any("after today" in each for each in found.notices)


def test_a_bomb_of_tags_is_read_by_its_text_alone() -> None:
    words = "The minister said on Tuesday that talks would go on for many years. "
    content = ("<html><body>" + "<div>" * 20_000 + f"<p>{words * 3}</p>").encode()
    found = read_content(content)
    assert "nested" in found.notices[0]
    assert any(span.kind == "lead" for span in found.page.spans)


_LINES = st.lists(
    st.one_of(
        st.text(max_size=80),
        st.sampled_from(
            ["RELATED", "Print | Save", "From:", "<p>He said &amp; left.</p>", "Home > News > World", "<div><script>x</script",
             '"We will see," Minister Otto Klamm said Tuesday, "what comes."', "© 2007 Somebody. All rights reserved.",
             "«Мы договорились», — заявил министр обороны Милош Брандт во вторник.", "POSTED: 11:27 a.m. EDT, May 16,2007"]
        ),
    ),
    max_size=14,
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(_LINES, st.sampled_from(["\n", "\r\n", "\n\n"]), st.booleans())
def test_spans_tile_any_text(lines: list[str], ending: str, html: bool) -> None:
    text = ("<html>" if html else "") + ending.join(lines)
    layout = (markup if html else furniture).lay_out(text)
    assert "".join(text[span.start : span.end] for span in layout.spans) == text
    assert all(span.start < span.end for span in layout.spans)


@settings(max_examples=80, deadline=None)
@given(_LINES, st.booleans())
def test_every_offset_leads_to_its_words(lines: list[str], html: bool) -> None:
    content = (("<html>" if html else "") + "A page.\n\n" + "\n\n".join(lines).replace("\x00", "")).encode(
        "utf-8", "replace"
    )
    try:
        text = decode(content).text
    except InputError:
        return
    found = read_content(content)
    rows = found.as_rows()
    for each in [*rows["statements"], *rows["meetings"], *rows["commitments"], *rows["quantities"]]:
        assert plain(text, each["start"], each["end"]).split() == each["text"].split()
