"""Swapping the two parties' labels changes labels, and therefore order, outside quotations, and nothing else.

Labels here are strange on purpose, of unequal length, so that no word of the case can be taken for one.
"""

import re

import pytest

import detente
from detente.api.briefs import compose
from detente.records.case import Case
from detente.records.position import Position
from detente.report.page import render

HOLDERS = ("Quagga", "Zyzzyva institute of a rather longer name")
TITLES = ("Qtitle", "Ztitle with more words")
PARTIES = ("Querania", "Zwischenland am See")
SHOWN = ("lewis-postol-low", "mda-claim")
IN_2001 = ("russia-announced", "us-announced")


def labelled(case: Case, order: tuple[int, int], shown: tuple[str, str] = SHOWN, **more: str) -> Case:
    """The case with our labels on its two positions and its two parties; `order` (1, 0) swaps them."""
    positions = dict(case.positions)
    for position, n in zip(shown, order, strict=True):
        positions[position] = positions[position].model_copy(
            update={"holder": HOLDERS[n], "title": TITLES[n]} | more
        )
    named = iter(order)
    parties = tuple(
        party.model_copy(update={"name": PARTIES[next(named)]}) if party.role == "party" else party
        for party in case.parties
    )
    return case.model_copy(update={"positions": positions, "parties": parties})


def exchanged(text: str) -> str:
    """The text with every label of one side replaced by the other's."""
    for first, second in (HOLDERS, TITLES, PARTIES):
        text = text.replace(first, "\0").replace(second, first).replace("\0", second)
    return text


def comparable(page: str) -> str:
    """The page without its digests, which cover the labels, and its download copies of the figures."""
    page = re.sub(r"data:[a-z]+/[a-z0-9.+-]+;[^\"')]*", "data:", page)
    return re.sub(r"\b[0-9a-f]{10,64}\b", "digest", page)


@pytest.fixture(scope="module")
def case() -> Case:
    return detente.load("european-site-2007")


def pair(case: Case, first: str, second: str) -> tuple[Position, Position]:
    return case.position(first), case.position(second)


def test_the_whole_page(case: Case) -> None:
    plain, swapped = labelled(case, (0, 1), party=""), labelled(case, (1, 0), party="")
    before = compose(plain, pair(plain, *reversed(SHOWN)))
    after = detente.brief(swapped, SHOWN)
    assert [side.holder for side in after.sides] == list(HOLDERS)
    assert [side.holder for side in before.sides] == list(reversed(HOLDERS))
    wanted, found = comparable(render(before)), exchanged(comparable(render(after)))
    assert found == wanted


def test_the_labels_are_on_the_page_at_all(case: Case) -> None:
    """Otherwise the test above would hold of any page."""
    page = render(detente.brief(labelled(case, (0, 1), party=""), SHOWN))
    for label in (*HOLDERS, *PARTIES):
        assert label in page
    assert "Missile Defense Agency" in page, "quotations keep the words that were said"


def test_the_order_on_the_page_is_alphabetical_by_holder(case: Case) -> None:
    for order in ((0, 1), (1, 0)):
        for between in (SHOWN, (SHOWN[1], SHOWN[0])):
            found = detente.brief(labelled(case, order, party=""), between)
            assert [side.holder for side in found.sides] == sorted(HOLDERS)


def test_the_crux_in_json(case: Case) -> None:
    """Exchanging the sides turns signs and nothing else."""
    one = detente.case_crux(labelled(case, (0, 1), party=""), "endangers-security", SHOWN)
    other = detente.case_crux(labelled(case, (1, 0), party=""), "endangers-security", SHOWN)
    assert one.margins == tuple(reversed(other.margins))
    assert one.verdicts == tuple(reversed(other.verdicts))
    for before, after in zip(one.attribution_rows, other.attribution_rows, strict=True):
        assert before.phi == pytest.approx(-(after.phi or 0.0), abs=1e-12)
        assert (before.a, before.b) == (after.b, after.a)


@pytest.fixture(scope="module")
def reductions() -> Case:
    return detente.load("reductions-2001")


def test_the_panels_of_a_page_on_an_agreement(reductions: Case) -> None:
    """Ranges, counts, schedule, inspections and treaty: labels, order and colours go over, nothing else."""
    plain, swapped = (labelled(reductions, order, IN_2001) for order in ((0, 1), (1, 0)))
    before = compose(plain, pair(plain, *reversed(IN_2001)))
    after = detente.brief(swapped, IN_2001)
    assert [panel.id for panel in before.panels] == [panel.id for panel in after.panels]
    assert exchanged(comparable(render(after))) == comparable(render(before))


def test_the_labels_are_in_the_panels_at_all(reductions: Case) -> None:
    found = detente.brief(labelled(reductions, (0, 1), IN_2001), IN_2001)
    for panel in found.panels:
        if panel.id in {"announced", "three-rules", "schedule"}:
            text = panel.model_dump_json()
            assert PARTIES[0] in text, panel.id
            assert panel.id == "three-rules" or PARTIES[1] in text, panel.id
    assert "Russia" not in "".join(label.label for label in found.panels[0].charts[0].levels)  # type: ignore[union-attr]
