"""Limits on a day: binding or not, amended, phased, disputed, and what a plan or an old number may say."""

import re
from datetime import date

import pytest

from detente.agreement.compliance import comply
from detente.agreement.standing import holding_then, standing
from detente.records.compliance import LimitRow
from detente.records.errors import InputError
from detente.records.treaty import Amendment, Treaty
from tests.unit.agreement.folders import (
    INVENTED,
    attribution,
    event,
    force,
    holding,
    kind,
    limit,
    pact,
    quantity,
    reading,
    rule,
    total,
)

SILO = kind("silo")
ARMS = force(holding("silo", 100), holding("silo", 90, party="C"), types=(SILO,))
ON = date(2030, 6, 1)


def text(*limits: object, **more: object) -> Treaty:
    return pact(
        rules=(rule("missiles", "table"),), attributions=(attribution("silo", 2),), limits=limits, **more
    )


def only(treaty: Treaty, on: date = ON, party: str = "A") -> LimitRow:
    (row,) = comply(ARMS, treaty, on, party).limits
    return row


def test_a_limit_in_force_shows_its_slack_for_each_party_it_binds() -> None:
    treaty = text(limit("l", "missiles", 95, article="I"), limit("only-b", "warheads", 200, to="B"))
    rows = {(row.party, row.limit): row for row in comply(ARMS, treaty, ON).limits}
    assert set(rows) == {("A", "l"), ("C", "l"), ("C", "only-b")}, "C stands for the treaty's party B"
    over, under = rows["A", "l"], rows["C", "l"]
    assert (over.counted, over.ceiling, over.slack, over.binding) == (100, 95, -5, True)
    assert over.says == "5 above 95; it bound that day"
    assert under.says == "5 below 95; it bound that day"
    assert rows["C", "only-b"].says == "20 below 200; it bound that day"


def test_exactly_at_the_ceiling() -> None:
    assert only(text(limit("l", "missiles", 100))).says == "exactly at 100; it bound that day"


def test_a_later_limit_is_a_distance_and_an_earlier_one_is_gone() -> None:
    treaty = text(
        limit("later", "missiles", 50, since="2034-01-01"), limit("gone", "missiles", 150, until="2030-05-31")
    )
    row = only(treaty)
    assert (row.limit, row.binding, row.in_force) == ("later", False, True)
    assert row.says == "50 above 50; not binding before 2034-01-01: nothing can be a violation yet"


def test_numbers_from_before_a_limit_bound_are_no_evidence_of_the_day() -> None:
    row = only(text(limit("l", "missiles", 50, since="2034-01-01")), date(2034, 6, 1))
    assert row.says.endswith(
        "it bound that day; the numbers are of 2030-01-01, before it bound: no evidence of that day"
    )
    assert comply(ARMS, text(limit("l", "missiles", 50)), date(2034, 6, 1)).notices


def test_what_is_missing_gives_a_lower_bound() -> None:
    arms = force(holding("silo", 100), holding("silo", None, base="x", note="?"), types=(SILO,))
    (row,) = comply(arms, text(limit("l", "missiles", 150)), ON).limits
    assert (row.counted, row.slack, row.at_least, row.missing) == (None, None, 100, ("number of silo: ?",))
    assert row.says.startswith("at least 100: 1 thing missing")
    (row,) = comply(arms, text(limit("l", "missiles", 90)), ON).limits
    assert row.says.startswith("at least 10 above 90, and not all is known")
    (row,) = comply(force(total("odd", 1)), text(limit("l", "missiles", 90)), ON).limits
    assert row.says.startswith("unknown: 1 thing missing")


def test_a_suspension_is_a_state_of_its_own() -> None:
    treaty = text(limit("l", "missiles", 95))
    events = (*treaty.events, event("suspended", "2030-03-01", party="B"))
    row = only(treaty.model_copy(update={"events": events}))
    assert (row.standing, row.binding, row.in_force) == ("suspended by B", None, True)
    assert "whether it bound is what the parties differ on" in row.says
    resumed = (*events, event("resumed", "2030-05-01", party="B"))
    assert only(treaty.model_copy(update={"events": resumed})).binding is True


SIGNED, ENTERED = "signed 2029-01-01", "in force 2029-02-01"


@pytest.mark.parametrize(
    ("events", "word", "binds"),
    [
        ((SIGNED,), "never in force", False),
        ((SIGNED, "in force 2031-01-01"), "signed, not in force", False),
        (("announced 2029-01-01",), "not signed", False),
        ((SIGNED, ENTERED, "expired 2030-06-01"), "ended", False),
        ((SIGNED, ENTERED, "superseded 2030-01-01"), "ended", False),
        ((SIGNED, ENTERED, "withdrawn 2030-06-01 A"), "ended", False),
        ((SIGNED, ENTERED, "notice 2030-02-01 A"), "in force, notice given", True),
    ],
)
def test_where_a_treaty_stands(events: tuple[str, ...], word: str, binds: bool) -> None:
    said = [re.fullmatch(r"(.+) ([0-9-]{10})( [A-Z])?", text) for text in events]
    made = tuple(event(m[1], m[2], party=(m[3] or "").strip()) for m in said if m)
    treaty = text(limit("l", "missiles", 95)).model_copy(update={"events": made})
    found = standing(treaty, ON)
    assert (found.word, found.binds) == (word, binds)
    row = only(treaty)
    assert row.binding is binds
    assert ("it bound nobody" in row.says) is not binds


def test_one_of_three_parties_that_withdraws_ends_nothing() -> None:
    treaty = text(limit("l", "missiles", 95))
    third = treaty.parties[0].model_copy(update={"id": "D"})
    events = (*treaty.events, event("withdrawn", "2030-02-01", party="D"))
    more = treaty.model_copy(update={"parties": (*treaty.parties, third), "events": events})
    assert standing(more, ON).word == "in force"


def test_an_announcement_without_a_day_binds_nobody() -> None:
    said = pact(
        kind="announcement", events=(event("announced", "2029-06-01"),),
        limits=(limit("l", "missiles", 95, band_from=80, no_date=True),),
    )  # fmt: skip
    row = only(said)
    assert (row.binding, row.since, row.band_from, row.standing) == (False, "", 80, "announcement")
    assert row.says == "5 above 95; it bound nobody: announcement"
    with pytest.raises(InputError, match="which was announced on 2029-06-01"):
        comply(ARMS, said, date(2029, 1, 1))


def test_a_limit_without_a_day_in_a_treaty_in_force() -> None:
    row = only(text(limit("l", "missiles", 95, no_date=True)))
    assert row.says == "5 above 95; no day was ever named from which it would bind"


def test_an_amendment_holds_from_its_own_day_and_replaces() -> None:
    said = {"id": "protocol", "title": "A protocol", "signed": "2030-02-01"} | INVENTED
    treaty = text(
        limit("old", "missiles", 120),
        limit("new", "missiles", 60, amendment="protocol", replaces="old"),
        amendments=(Amendment.model_validate(said | {"in_force": "2030-04-01"}),),
    )
    assert [item.id for item in holding_then(treaty, treaty.limits, date(2030, 3, 31))] == ["old"]
    assert [item.id for item in holding_then(treaty, treaty.limits, date(2030, 4, 1))] == ["new"]
    row = only(treaty)
    assert (row.limit, row.since, row.amendment) == ("new", "2030-04-01", "protocol")
    never = treaty.model_copy(update={"amendments": (Amendment.model_validate(said),)})
    assert only(never).limit == "old"


def test_a_day_before_the_treaty_is_refused_with_the_way_out() -> None:
    with pytest.raises(InputError) as refused:
        comply(ARMS, text(limit("l", "missiles", 95)), date(2028, 6, 1))
    (problem,) = refused.value.problems
    assert problem.rule == "2028-06-01 is before the pact, which was signed on 2029-01-01"
    assert problem.way_out == "name a day from 2029-01-01 on"


def test_forces_that_say_nothing_by_then_or_are_no_party_are_refused() -> None:
    treaty = text(limit("l", "missiles", 95))
    with pytest.raises(InputError, match="says nothing of A on or before 2029-06-01"):
        comply(ARMS, treaty, date(2029, 6, 1), "A")
    with pytest.raises(InputError, match='no party of force "force" is a party of the pact'):
        comply(force(holding("silo", 1, party="Z"), types=(SILO,)), treaty, ON)
    bare = ARMS.model_copy(update={"holdings": ()})
    with pytest.raises(InputError, match="says nothing") as refused:
        comply(bare, treaty, ON)
    assert refused.value.problems[0].way_out == "add rows"


def test_a_plan_may_be_held_against_an_earlier_day() -> None:
    plan = force(holding("silo", 10, held_as="planned", date="2035-01-01"), types=(SILO,))
    found = comply(plan, text(limit("l", "missiles", 95)), ON)
    assert "planned later" in found.notices[0]


def test_two_readings_of_one_limit_are_two_rows_and_other_limits_one() -> None:
    held = {"mine": "deployed", "yours": ("deployed", "converted")}
    treaty = text(
        limit("l", "launchers", 95),
        limit("m", "missiles", 95),
        readings=tuple(reading(name) for name in held),
        quantities=tuple(
            quantity("launchers", "number", category="ICBM", held_as=as_held, reading=name)
            for name, as_held in held.items()
        ),
    )
    arms = force(holding("silo", 90), holding("silo", 10, held_as="converted"), types=(SILO,))
    rows = [(r.limit, r.reading, r.counted, r.slack) for r in comply(arms, treaty, ON).limits]
    assert rows == [("l", "mine", 90, 5), ("l", "yours", 100, -5), ("m", "", 90, 5)]


def test_a_limit_on_what_only_one_reading_defines() -> None:
    own = quantity("own", "number", category="ICBM", reading="mine")
    treaty = text(limit("l", "own", 95), readings=(reading("mine"), reading("yours")), quantities=(own,))
    assert [row.reading for row in comply(ARMS, treaty, ON, "A").limits] == ["mine"]


def test_a_treaty_without_limits_gives_no_rows() -> None:
    assert comply(ARMS, text(), ON).limits == ()
