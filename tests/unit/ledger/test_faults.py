"""Each of the eight faults by itself, in the ways it can come about, and the sound histories beside it."""

# ruff: noqa: E501 - a table of cases reads best with one case a line

from pathlib import Path

import pytest

from detente.ledger.reconcile import reconcile
from detente.ledger.store import Ledger
from detente.ledger.synthetic import Size
from detente.ledger.synthetic import tell as tell_story
from detente.records.notification import Row
from tests.unit.ledger.told import document, found, kinds, ledger_in, opening, tell


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    made = ledger_in(tmp_path)
    tell(made, opening(), opening("beta"))
    return made


def moved() -> list[Row]:
    """The stored missile goes to the base, duly notified."""
    return [
        *document("a-1", "movement", "2011-04-03", "departed 2011-04-01 missile M2 T Depot Base"),
        *document("a-2", "movement", "2011-04-12", "arrived 2011-04-10 missile M2 T Base"),
    ]


def update(day: str, received: str, *facts: str) -> list[Row]:
    return document("a-update", "update", received, *(fact.replace("@", day) for fact in facts))


SOUND = (
    "declared @ missile M1 T Base - L1 deployed",
    "declared @ missile M2 T Base - - nondeployed",
    "declared @ launcher L1 T Base - - deployed",
    "declared @ launcher L2 T Base - - nondeployed",
    "total @ missile - T Base - - deployed 1",
    "total @ missile - T Base - - nondeployed 1",
    "total @ launcher - T Base - - deployed 1",
    "total @ launcher - T Base - - nondeployed 1",
)


def test_a_sound_history_has_no_findings(ledger: Ledger) -> None:
    tell(ledger, moved(), update("2011-08-31", "2011-09-25", *SOUND))
    whole = reconcile(ledger)
    assert whole.discrepancies == ()
    assert whole.balances
    assert all(row.residual == 0 for row in whole.balances)


def test_a_whole_life_has_no_findings(ledger: Ledger) -> None:
    tell(
        ledger,
        document("a-1", "change", "2011-04-01", "produced 2011-03-30 missile M9 T Plant"),
        document("a-2", "movement", "2011-04-10", "departed 2011-04-08 missile M9 T Plant Base"),
        document("a-3", "movement", "2011-04-20", "arrived 2011-04-20 missile M9 T Base"),
        document("a-4", "deployment", "2011-04-25", "deployed 2011-04-21 missile M9 T Base - L2"),
        document("a-5", "deployment", "2011-05-25", "removed 2011-05-21 missile M9 T Base - L2"),
        document("a-6", "conversion-elimination", "2011-06-02", "eliminated 2011-06-01 missile M9 T Base"),
        document("a-7", "conversion-elimination", "2011-06-12", "converted 2011-06-10 launcher L2 T Base"),
    )
    assert kinds(ledger) == []


@pytest.mark.parametrize(
    ("kind", "documents"),
    [
        ("two-places", [document("a-1", "movement", "2011-04-03", "arrived 2011-04-01 missile M2 T Base")]),
        ("two-places", [document("a-1", "movement", "2011-04-03", "departed 2011-04-01 missile M2 T Base Far"),
                        document("a-2", "movement", "2011-04-09", "arrived 2011-04-08 missile M2 T Far")]),
        ("two-places", [document("a-1", "movement", "2011-04-03", "departed 2011-04-01 missile M2 T Depot Far"),
                        document("a-2", "movement", "2011-04-09", "arrived 2011-04-08 missile M2 T Base")]),
        ("two-places", [document("a-1", "deployment", "2011-04-03", "deployed 2011-04-01 missile M1 T Base - L2")]),
        ("two-places", [document("a-1", "change", "2011-04-03", "produced 2011-04-01 missile M2 T Depot")]),
        ("two-places", [document("b-1", "inspection", "2011-04-03", "seen 2011-04-03 missile M2 T Base",
                                 giver="beta", owner="alpha")]),
        ("transit-too-long", [document("a-1", "movement", "2011-04-03", "departed 2011-04-01 missile M2 T Depot Base"),
                              document("a-2", "movement", "2011-05-03", "arrived 2011-05-02 missile M2 T Base")]),
        ("transit-too-long", [document("a-1", "movement", "2011-04-03", "departed 2011-04-01 missile M2 T Depot Base"),
                              document("a-2", "change", "2011-06-03", "produced 2011-06-03 missile M9 T Plant")]),
        ("resurrection", [document("a-1", "conversion-elimination", "2011-04-03", "eliminated 2011-04-01 missile M2 T Depot"),
                          document("a-2", "movement", "2011-05-03", "arrived 2011-05-02 missile M2 T Depot")]),
        ("resurrection", [document("a-1", "conversion-elimination", "2011-04-03", "eliminated 2011-04-01 missile M2 T Depot"),
                          document("b-2", "inspection", "2011-05-03", "seen 2011-05-02 missile M2 T Depot",
                                   giver="beta", owner="alpha")]),
        ("resurrection", [document("a-1", "conversion-elimination", "2011-04-03", "converted 2011-04-01 launcher L2 T Base"),
                          document("a-2", "change", "2011-05-03", "declared 2011-05-02 launcher L2 T Base - - nondeployed")]),
        ("deployed-without-launcher", [*[moved()], document("a-3", "deployment", "2011-05-03", "deployed 2011-05-02 missile M2 T Base")]),
        ("deployed-without-launcher", [*[moved()], document("a-3", "deployment", "2011-05-03", "deployed 2011-05-02 missile M2 T Base - L7")]),
        ("deployed-without-launcher", [*[moved()], document("a-3", "deployment", "2011-05-03", "deployed 2011-05-02 missile M2 T Base - L1")]),
        ("deployed-without-launcher", [document("a-1", "deployment", "2011-05-03", "deployed 2011-05-02 missile M2 T Depot - L2")]),
        ("deployed-without-launcher", [*[moved()], document("a-3", "conversion-elimination", "2011-05-03", "eliminated 2011-05-01 launcher L2 T Base"),
                                       document("a-4", "deployment", "2011-05-04", "deployed 2011-05-03 missile M2 T Base - L2")]),
        ("deployed-without-launcher", [document("a-1", "conversion-elimination", "2011-05-03", "eliminated 2011-05-01 launcher L1 T Base")]),
        ("late-notification", [document("a-1", "change", "2011-04-07", "produced 2011-04-01 missile M9 T Plant")]),
        ("late-notification", [update("2011-08-31", "2011-10-01", *SOUND[:1], "declared @ missile M2 T Depot - - nondeployed")]),
        ("warheads-outside-update", [document("a-1", "change", "2011-04-03", "warheads 2011-04-01 - - T Base - - - 4")]),
        ("elimination-not-notified", [update("2011-08-31", "2011-09-25", SOUND[0], *SOUND[2:5], *SOUND[6:])]),
        ("elimination-not-notified", [document("b-1", "inspection", "2011-04-03", "seen 2011-04-03 missile M2 T Depot - - eliminated",
                                               giver="beta", owner="alpha"),
                                      document("a-2", "change", "2011-06-03", "produced 2011-06-03 missile M9 T Plant")]),
        ("bases-disagree", [*[moved()], update("2011-08-31", "2011-09-25", *SOUND[:5], SOUND[5][:-1] + "2", *SOUND[6:])]),
        ("bases-disagree", [document("b-1", "inspection", "2011-04-03", "briefed 2011-04-03 missile - T Base - - deployed 2",
                                     "found 2011-04-03 missile - T Base - - deployed 2", giver="beta", owner="alpha")]),
        ("bases-disagree", [document("b-1", "inspection", "2011-04-03", "briefed 2011-04-03 missile - T Base - - deployed 1",
                                     "found 2011-04-03 missile - T Base - - deployed 2", giver="beta", owner="alpha")]),
        ("bases-disagree", [document("b-1", "inspection", "2011-04-03", "seen 2011-04-03 missile M77 T Base",
                                     giver="beta", owner="alpha")]),
    ],
)  # fmt: skip
def test_one_fault_is_one_finding_with_its_documents(
    ledger: Ledger, kind: str, documents: list[list[Row]]
) -> None:
    tell(ledger, *documents)
    findings = found(ledger)
    assert [finding.kind for finding in findings] == [kind], findings
    named = {reference.rpartition(":")[0] or reference for reference in findings[0].documents}
    told = {row.header.reference for rows in documents for row in rows}
    assert named & told, "the finding does not name the document that shows it"
    assert findings[0].owner == "alpha"
    assert findings[0].says


@pytest.mark.parametrize(
    "documents",
    [
        [document("a-1", "change", "2011-04-06", "produced 2011-04-01 missile M9 T Plant")],
        [document("a-1", "movement", "2011-04-03", "departed 2011-04-01 missile M2 T Depot Base"),
         document("a-2", "movement", "2011-05-03", "arrived 2011-05-01 missile M2 T Base")],
        [document("a-1", "movement", "2011-04-03", "departed 2011-04-01 missile M2 T Depot Base"),
         document("b-2", "inspection", "2011-04-01", "seen 2011-04-01 missile M2 T Depot", giver="beta", owner="alpha")],
        [document("a-1", "deployment", "2011-04-03", "removed 2011-04-01 missile M1 T Base - L1"),
         document("b-2", "inspection", "2011-04-01", "briefed 2011-04-01 missile - T Base - - deployed 1",
                  "found 2011-04-01 missile - T Base - - deployed 1", giver="beta", owner="alpha")],
        [document("a-1", "deployment", "2011-04-06", "removed 2011-04-01 missile M1 T Base - L1"),
         document("b-2", "inspection", "2011-04-02", "briefed 2011-04-02 missile - T Base - - deployed 0",
                  "found 2011-04-02 missile - T Base - - deployed 0", giver="beta", owner="alpha")],
        [document("b-2", "inspection", "2011-04-02", "briefed 2011-04-02 warheads - T Base - - deployed 5",
                  "found 2011-04-02 warheads - T Base - - deployed 5", giver="beta", owner="alpha")],
    ],
    ids=["five days", "thirty days", "seen on the day it left", "counted on the day of a removal",
         "notified within five days after the inspection", "warheads drift until the update"],
)  # fmt: skip
def test_what_the_treaty_allows_is_no_finding(ledger: Ledger, documents: list[list[Row]]) -> None:
    tell(ledger, *documents)
    assert kinds(ledger) == []


def test_the_longest_transit_is_a_parameter(ledger: Ledger) -> None:
    tell(ledger, moved())
    assert reconcile(ledger, transit_d=9).discrepancies == ()
    assert [finding.kind for finding in reconcile(ledger, transit_d=8).discrepancies] == ["transit-too-long"]


def test_a_residual_names_every_notification_behind_it(ledger: Ledger) -> None:
    tell(ledger, moved(), update("2011-08-31", "2011-09-25", *SOUND[:5], SOUND[5][:-1] + "2", *SOUND[6:]))
    finding = found(ledger)[0]
    assert finding.residual == 1
    assert {"a-2:1", "a-update:6", "a-update:2"} <= set(finding.documents)


def test_a_wrong_total_is_found_once_and_not_again_when_it_is_put_right(ledger: Ledger) -> None:
    wrong = update("2011-08-31", "2011-09-25", *SOUND[:5], SOUND[5][:-1] + "2", *SOUND[6:])
    right = [row._replace(header=row.header._replace(reference="a-update-2", received_at=1332000000)) for row in
             update("2012-02-29", "2012-03-17", *SOUND)]  # fmt: skip
    tell(ledger, moved(), wrong, right)
    assert [(finding.kind, finding.at) for finding in found(ledger)] == [("bases-disagree", "2011-08-31")]


def test_a_gap_is_a_gap_and_never_zero(tmp_path: Path) -> None:
    ledger = ledger_in(tmp_path)
    tell(ledger, opening())
    whole = reconcile(ledger)
    assert whole.discrepancies == ()
    assert any("beta" in gap and "not zero" in gap for gap in whole.gaps)


@pytest.mark.parametrize("seed", range(6))
def test_planted_faults_are_all_found_and_nothing_else(tmp_path: Path, seed: int) -> None:
    story = tell_story(Size(faults=2), seed, ("alpha", "beta"))
    ledger = ledger_in(tmp_path)
    tell(ledger, story.rows())
    assert len(story.planted) == 16
    planted = sorted((fault.kind, fault.owner, fault.item) for fault in story.planted)
    findings = found(ledger)
    assert sorted((finding.kind, finding.owner, finding.item if finding.kind != "bases-disagree" else "")
                  for finding in findings) == planted  # fmt: skip
    for fault in story.planted:
        shown = [f for f in findings if (f.kind, f.owner, f.item) == (fault.kind, fault.owner, fault.item)]
        assert any(name.rpartition(":")[0] == fault.document or name == fault.document
                   for f in shown for name in f.documents)  # fmt: skip


@pytest.mark.parametrize("seed", [7, 8])
def test_a_story_without_faults_reconciles_to_zero(tmp_path: Path, seed: int) -> None:
    ledger = ledger_in(tmp_path)
    tell(ledger, tell_story(Size(faults=0), seed).rows())
    whole = reconcile(ledger)
    assert whole.discrepancies == ()
    assert all(row.residual == 0 for row in whole.balances)
    assert whole.inspections
    assert all(row.agrees for row in whole.inspections)


def test_swapping_the_parties_swaps_labels_and_nothing_else(tmp_path: Path) -> None:
    rows = list(tell_story(Size(), 3).rows())
    swap = {"alpha": "beta", "beta": "alpha"}

    def other(text: str) -> str:
        head, _, rest = text.partition("-")
        return f"{swap[head]}-{rest}" if head in swap and rest else text

    swapped = [
        Row(
            row.header._replace(reference=other(row.header.reference), giver=swap[row.header.giver]),
            row.fact._replace(
                owner=swap[row.fact.owner], corrects=other(row.fact.corrects), about=other(row.fact.about)
            ),
        )
        for row in rows
    ]
    one, two = ledger_in(tmp_path / "one"), ledger_in(tmp_path / "two")
    tell(one, rows)
    tell(two, swapped)
    said = sorted((f.kind, f.owner, f.at, f.says, f.residual) for f in found(one))
    assert said == sorted((f.kind, swap[f.owner], f.at, f.says, f.residual) for f in found(two))
