"""Two reports of one event: drift of words and verbs, omissions, reuse and channels."""

from pathlib import Path

from detente.api import compare_pages, reading_score_rows, reading_scores

PAGES = Path(__file__).parent / "pages"


def test_two_reports_side_by_side() -> None:
    found = compare_pages(PAGES / "harbour-talks.txt", PAGES / "harbour-talks.html")
    assert 0 < found.reused_share_a < found.reused_share_b
    drift = next(each for each in found.drift if each.kind == "words")
    assert (drift.only_a, drift.only_b) == ((), ("very",))
    assert any(only.what == "quantity" and "1,200 to 1,400" in only.text for only in found.only)


def test_one_act_under_two_verbs(tmp_path: Path) -> None:
    end = "both sides tone down their rhetoric in public exchanges. They met for two hours in Moscow on Tuesday."
    one, two = tmp_path / "a.txt", tmp_path / "b.txt"
    one.write_text(f"A report of the talks\n\nThe two leaders agreed that {end}\n", encoding="utf-8")
    two.write_text(
        f"Another one of them\n\nThe president supported the understanding that {end}\n", encoding="utf-8"
    )
    (drift,) = [each for each in compare_pages(one, two).drift if each.kind == "verb"]
    assert (drift.only_a, drift.only_b) == (("agreed that",), ("supported the understanding",))


def test_a_meeting_that_only_one_report_has(tmp_path: Path) -> None:
    said = '"The talks were useful and will go on," Zubrowkan Foreign Minister Otto Klamm said Tuesday'
    one, two = tmp_path / "a.txt", tmp_path / "b.txt"
    head = "A report of the talks\nPOSTED: January 9, 2002\n\n"
    one.write_text(
        f"{head}{said}, a day after his meeting with Latverian Foreign Minister Victor Dahl in Lutz.\n",
        encoding="utf-8",
    )
    two.write_text(f"{head}{said}, in a short remark to reporters who had waited.\n", encoding="utf-8")
    found = compare_pages(one, two)
    assert [(each.page, each.what) for each in found.only] == [("a.txt", "meeting")]
    assert found.drift == ()


def test_claims_with_different_channels(tmp_path: Path) -> None:
    words = '"The radar looks at the sky and at nothing else," Zubrowkan Defense Minister Otto Klamm'
    one, two = tmp_path / "a.txt", tmp_path / "b.txt"
    one.write_text(f"A report of the radar\n\n{words} said on Tuesday in the capital.\n", encoding="utf-8")
    two.write_text(
        f"A report of the radar\n\n{words} was quoted by the Zub Wire news agency as saying.\n",
        encoding="utf-8",
    )
    (channel,) = compare_pages(one, two).channels
    assert (channel.channel_a, channel.channel_b) == ((), ("Zub Wire",))


def test_a_page_against_itself_differs_in_nothing() -> None:
    found = compare_pages(PAGES / "harbour-talks.txt", PAGES / "harbour-talks.txt")
    assert (found.reused_share_a, found.drift, found.only, found.channels) == (1.0, (), (), ())
    assert "byte for byte" in found.notices[0]


def test_labelled_pages_are_scored_and_lie_above_the_floor() -> None:
    rows = reading_score_rows(reading_scores())
    assert {row["page"] for row in rows} > {"all", "valley-wire", "vesti-szohoda"}
    assert not any(row["below"] for row in rows)
    assert all(
        0 <= row["right"] <= min(row["proposed"], row["labelled"])
        for row in rows
        if row["kind"] == "statements"
    )
