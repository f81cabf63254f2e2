"""Counting: methods, tiers, readings, totals, gaps, refusals, and what holds whatever the numbers are."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.agreement.counting import (
    count,
    count_selection,
    published,
    published_rules,
    quantities,
    rule_for,
    shares,
)
from detente.records.count import Count, Sum
from detente.records.errors import InputError
from detente.records.force import Force, Gap
from detente.records.treaty import Treaty
from tests.unit.agreement.folders import (
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

SILO, OTHER = kind("silo", heavy=True, throw_weight_kg=2000), kind("other", mobile=True)
TANKER = kind("tanker", "bomber", cruise_missiles=True, equipped=12)
PLAIN = kind("plain", "bomber")
TABLE = pact(
    rules=(rule("missiles", "table", category=("ICBM", "SLBM")), rule("bombers", "each", warheads=1)),
    attributions=(attribution("silo", 3, downloaded_from=5), attribution("other", 1)),
)
TIERS = pact(
    rules=(
        rule("tanked", "tiers", category="bomber", tiers=[{"first": 10, "warheads": 8}, {"equipped": True}]),
        rule("missiles", "stated", category=("ICBM",)),
    )
)


def one(found: tuple[Count, ...]) -> Count:
    (only,) = found
    return only


def found_sum(counted: Count, name: str) -> Sum:
    made = counted.sum_of(name)
    assert made is not None
    return made


def test_a_table_of_types_and_the_sums_of_their_properties() -> None:
    arms = force(holding("silo", 10), holding("other", 5), holding("plain", 2), types=(SILO, OTHER, PLAIN))
    counted = one(count(arms, TABLE))
    assert [row.warheads for row in counted.rows] == [30, 5, 2]
    assert [row.article for row in counted.rows] == ["II", "II", "II"]
    expected = {
        "deployed_delivery_vehicles": 17, "warheads": 37, "missiles": 15, "warheads_on_missiles": 35,
        "bombers": 2, "warheads_on_bombers": 2, "heavy_missiles": 10, "heavy_warheads": 30,
        "mobile_missiles": 5, "mobile_warheads": 5, "downloaded_warheads": 20,
    }  # fmt: skip
    assert {name: counted.totals[name] for name in expected} == expected
    assert counted.title == "A, declared by A, 2030-01-01, under the pact"
    assert counted.sum_of("nothing") is None


def test_what_is_not_listed_is_a_gap_and_not_zero() -> None:
    counted = one(count(force(holding("silo", 10), holding("other", 5), types=(SILO, OTHER)), TABLE))
    launchers = found_sum(counted, "deployed_and_nondeployed_launchers")
    assert (launchers.value, launchers.at_least) == (None, 15)
    assert launchers.missing == ("no non-deployed ones are listed",)
    weight = found_sum(counted, "throw_weight_t")
    assert (weight.value, weight.at_least, weight.missing) == (None, 20, ("throw-weight of other",))
    assert found_sum(counted, "bombers").value == 0, "missiles are listed and no bombers: there are none"


def test_a_listed_zero_is_known_and_an_empty_number_is_not() -> None:
    arms = (holding("silo", 10), holding("silo", 0, held_as="non-deployed"))
    counted = one(count(force(*arms, types=(SILO,)), TABLE))
    assert counted.totals["deployed_and_nondeployed_launchers"] == 10
    gap = holding("silo", None, note="not given")
    counted = one(count(force(gap, types=(SILO,)), TABLE))
    assert found_sum(counted, "warheads").missing == ("number of silo: not given",)
    assert found_sum(counted, "throw_weight_t").missing == ("number of silo: not given",)
    assert counted.rows[0].deployed is None


def test_nothing_is_known_of_missiles_from_a_list_of_radars() -> None:
    radars = kind("radar", "early-warning radar")
    counted = one(count(force(holding("radar", 4), types=(radars,)), TABLE))
    assert counted.totals["missiles"] is None
    assert counted.rows[0].warheads is None
    assert counted.rows[0].missing == ""


def test_tiers_fill_up_over_the_rows_of_one_rule() -> None:
    second = kind("second", "bomber", equipped=6)
    arms = (holding("tanker", 8), holding("second", 5), holding("tanker", 2, base="x"), holding("second", 0))
    counted = one(count(force(*arms, types=(TANKER, second)), TIERS))
    assert [row.attribution for row in counted.rows] == [8, "2@8+3@6", 12, 8]
    assert [row.warheads for row in counted.rows] == [64, 34, 24, 0]


def test_tiers_are_filled_by_each_party_for_itself() -> None:
    arms = force(holding("tanker", 12), holding("tanker", 12, party="B"), types=(TANKER,))
    assert [found.totals["warheads"] for found in count(arms, TIERS)] == [80 + 24, 80 + 24]


def test_a_tier_needs_every_number_before_it_and_what_is_carried() -> None:
    empty = kind("empty", "bomber")
    arms = (holding("empty", 12), holding("tanker", None, note="not given"), holding("tanker", 1))
    counted = one(count(force(*arms, types=(TANKER, empty)), TIERS))
    assert [row.missing for row in counted.rows] == [
        "weapons that one empty is actually equipped for",
        "number of tanker: a tier cannot be filled without it",
        "number of tanker: a tier cannot be filled without it",
    ]
    assert counted.totals["warheads"] is None


def test_stated_warheads_are_taken_as_they_are() -> None:
    arms = (holding("silo", 10, warheads=30), holding("other", 4, warheads=9), holding("silo", 1, base="x"))
    counted = one(count(force(*arms, types=(SILO, OTHER)), TIERS))
    assert [row.attribution for row in counted.rows] == [3, "as stated", None]
    assert found_sum(counted, "warheads").at_least == 39
    assert found_sum(counted, "warheads").missing == ("warheads on silo, which nobody states",)


def test_a_rule_that_counts_no_warheads_leaves_them_unknown() -> None:
    treaty = pact(rules=(rule("none", "none"),))
    counted = one(count(force(holding("silo", 2), types=(SILO,)), treaty))
    assert counted.rows[0].warheads is None
    assert counted.totals["warheads"] is None


def test_a_text_without_rules_counts_no_warheads_and_says_so() -> None:
    counted = one(count(force(holding("silo", 2), types=(SILO,)), pact()))
    assert found_sum(counted, "warheads").missing == ("the pact has no counting rule",)


def test_a_type_unknown_to_the_rule_is_refused_with_row_column_rule_and_way_out() -> None:
    arms = force(holding("silos", 3, line=7), types=(kind("silos"),))
    with pytest.raises(InputError) as refused:
        count(arms, TABLE)
    (problem,) = refused.value.problems
    assert (problem.file, problem.line, problem.key) == ("holdings.csv", 7, "type")
    assert 'the pact attributes no warheads to type "silos" of A' in problem.rule
    assert 'did you mean "silo"?' in problem.way_out
    boat = force(holding("boat", 3), types=(kind("boat", "ship"),))
    treaty = TABLE.model_copy(
        update={"rules": TABLE.rules[:1], "quantities": (quantity("ships", "warheads", category="ship"),)}
    )
    with pytest.raises(InputError, match='attributes no warheads to type "boat"'):
        count(boat, treaty)


def test_attributions_change_on_their_day_and_a_party_may_have_its_own() -> None:
    treaty = pact(
        rules=(rule("missiles", "table"),),
        attributions=(
            attribution("silo", 3), attribution("silo", 1, since="2031-01-01"),
            attribution("silo", 9, party="B", since="2030-01-01"),
        ),
    )  # fmt: skip
    arms = force(
        *(holding("silo", 10, date=day) for day in ("2030-01-01", "2031-06-01")),
        holding("silo", 10, party="C"),
        types=(SILO,),
    )
    on = date(2030, 5, 5)
    assert [found.totals["warheads"] for found in count(arms, treaty, on=on)] == [30, 90]
    assert one(count(arms, treaty, party="A")).totals["warheads"] == 10


def test_statements_of_different_kinds_never_merge() -> None:
    arms = force(holding("silo", 10), holding("silo", 12, basis="assessed", by="an institute"), types=(SILO,))
    assert [found.totals["missiles"] for found in count(arms, TABLE)] == [10, 12]
    assert one(count(arms, TABLE, basis="assessed")).by == "an institute"
    assert one(count(arms, TABLE, by="A")).basis == "declared"
    with pytest.raises(InputError, match="holds nothing that is agreed"):
        count(arms, TABLE, basis="agreed")


def test_totals_stand_in_for_rows_under_their_own_rule_only() -> None:
    arms = force(total("warheads", 300), total("missiles", 80, rule="another"), total("odd", 1))
    counted = one(count(arms, TABLE))
    assert counted.totals["warheads"] == 300
    assert found_sum(counted, "warheads").made_from == "total"
    assert counted.totals["missiles"] is None
    assert counted.notices == ('total "odd" is no quantity of the pact',)
    assert published_rules(arms) == ("pact", "another")
    assert dict(one(published(arms, "another")).totals) == {"missiles": 80}
    assert published(arms, "nothing") == ()


def test_a_total_that_nobody_gave_is_missing_with_its_reason() -> None:
    arms = force(total("warheads", None, note="kept secret", rule="other"))
    assert found_sum(one(published(arms, "other")), "warheads").missing == ("kept secret",)


def test_rows_and_a_total_that_differ_are_told() -> None:
    arms = force(holding("silo", 10), total("warheads", 31), total("missiles", 10), types=(SILO,))
    counted = one(count(arms, TABLE))
    assert counted.totals["warheads"] == 30
    assert counted.notices == (
        "warheads on deployed delivery vehicles: rows add up to 30, and 31 is stated as the total",
    )


READ_TWICE = pact(
    rules=(rule("missiles", "table"),),
    attributions=(attribution("silo", 3),),
    readings=(reading("mine"), reading("yours")),
    quantities=tuple(
        quantity("launchers", "number", category="ICBM", held_as=held, reading=name, needs="deployed")
        for name, held in (("mine", "deployed"), ("yours", ("deployed", "converted")))
    ),
)


def test_two_readings_of_one_quantity_side_by_side() -> None:
    arms = force(holding("silo", 10), holding("silo", 4, held_as="converted"), types=(SILO,))
    mine, yours = count(arms, READ_TWICE)
    assert (mine.totals["launchers"], yours.totals["launchers"]) == (10, 14)
    assert yours.title.endswith("under the pact, as yours reads it")
    assert one(count(arms, READ_TWICE, reading="yours")).totals["launchers"] == 14
    with pytest.raises(InputError, match='has no reading "theirs"'):
        count(arms, READ_TWICE, reading="theirs")


def test_readings_that_come_to_the_same_are_one_count() -> None:
    found = one(count(force(holding("silo", 10), types=(SILO,)), READ_TWICE))
    assert (found.reading, found.reading_title) == ("", "in each of its 2 readings")


@pytest.mark.parametrize(
    ("follows", "expected"), [("mine", (100, 104)), ("yours", (96, 100)), ("", (100, 100))]
)
def test_a_total_follows_one_reading_and_the_other_is_worked_out(
    follows: str, expected: tuple[int, int]
) -> None:
    arms = force(
        total("launchers", 100, reading=follows, status="read", source="book", note=""),
        holding("silo", 4, held_as="converted"),
        types=(SILO,),
    )
    made = count(arms, READ_TWICE)
    found = tuple(counted.totals["launchers"] for counted in made)
    assert (found if len(found) == 2 else found * 2) == expected
    statuses = {found_sum(counted, "launchers").status for counted in made}
    assert statuses == ({"read"} if follows == "" else {"read", "derived"})


def test_a_reading_cannot_be_worked_out_from_what_is_not_listed() -> None:
    mine, yours = count(force(total("launchers", 100, reading="mine")), READ_TWICE)
    assert mine.totals["launchers"] == 100
    assert found_sum(yours, "launchers").value is None
    assert found_sum(yours, "launchers").missing == ("no converted ones are listed",)


def test_one_reading_that_cannot_count_does_not_silence_the_other() -> None:
    treaty = pact(
        readings=(reading("mine"), reading("yours")),
        rules=(rule("stated", "stated", reading="mine"), rule("table", "table", reading="yours")),
    )
    mine, yours = count(force(holding("silo", 10, warheads=10), types=(SILO,)), treaty)
    assert mine.totals["warheads"] == 10
    assert yours.rows == ()
    assert "attributes no warheads" in found_sum(yours, "warheads").missing[0]
    only = treaty.model_copy(update={"rules": treaty.rules[1:], "readings": treaty.readings[1:]})
    with pytest.raises(InputError, match="attributes no warheads"):
        count(force(holding("silo", 10), types=(SILO,)), only)


def test_a_day_inside_a_gap_gives_no_number() -> None:
    gap = Gap(party="A", since="2031-01-01", reason="nothing was given", status="assumed", note="invented")
    arms = force(holding("silo", 10), types=(SILO,), gaps=(gap,))
    found = one(count(arms, TABLE, on=date(2031, 1, 1)))
    assert found.rows == ()
    assert set(found.totals.values()) == {None}
    assert found_sum(found, "warheads").missing == ("A gave nothing since 2031-01-01: nothing was given",)
    assert one(count(arms, TABLE, on=date(2030, 12, 31))).totals["missiles"] == 10


def test_days_before_the_treaty_and_before_the_force_are_refused() -> None:
    arms = force(holding("silo", 10), types=(SILO,))
    with pytest.raises(
        InputError, match=r"2028-01-01 is before the pact, whose first data are of 2029-01-01"
    ) as refused:
        count(arms, TABLE, on=date(2028, 1, 1))
    assert "leave the day out" in refused.value.problems[0].way_out
    with pytest.raises(InputError, match="says nothing on or before 2029-06-01") as told:
        count(arms, TABLE, on=date(2029, 6, 1))
    assert told.value.problems[0].way_out == "name a day from 2030-01-01 on"
    own = TABLE.model_copy(update={"counts_from": "2030-01-01"})
    assert one(count(arms, own, on=date(2030, 1, 1))).totals["missiles"] == 10
    with pytest.raises(InputError, match="first data are of 2030-01-01"):
        count(arms, own, on=date(2029, 12, 31))
    never = TABLE.model_copy(update={"events": (event("in force", "2030-01-01"),)})
    with pytest.raises(InputError, match="says nothing of A on or before"):
        count(arms, never, on=date(2000, 1, 1), party="A")


def test_a_statement_without_a_word_on_the_rule_is_left_out_beside_one_that_has() -> None:
    arms = force(total("warheads", 5), total("warheads", 6, rule="else", basis="assessed", by="X"))
    assert [found.by for found in count(arms, TABLE)] == ["A"]
    assert [found.by for found in count(arms, TABLE, basis="assessed")] == ["X"]


def test_an_article_of_a_limit_stands_for_a_sum_that_names_none() -> None:
    treaty = TABLE.model_copy(update={"limits": (limit("l", "warheads", 5, article="I"),)})
    assert found_sum(one(count(force(holding("silo", 1), types=(SILO,)), treaty)), "warheads").article == "I"


def test_shares_for_those_who_plan() -> None:
    day = date(2030, 1, 1)
    assert [tuple(s) for s in shares(TABLE, SILO, "A", day)] == [(None, 3)]
    assert [tuple(s) for s in shares(TABLE, kind("new"), "A", day)] == [(None, None)]
    assert [tuple(s) for s in shares(TABLE, PLAIN, "A", day)] == [(None, 1)]
    assert [tuple(s) for s in shares(TIERS, TANKER, "A", day)] == [(10, 8), (None, 12)]
    assert [tuple(s) for s in shares(TIERS, SILO, "A", day)] == [(None, None)]
    assert [tuple(s) for s in shares(pact(), SILO, "A", day)] == [(None, None)]


def test_a_rule_asks_for_every_property_that_it_names() -> None:
    asks = pact(
        rules=(
            rule("basing", "each", warheads=1, basing="sea"), rule("party", "each", warheads=2, party="B"),
            rule("heavy", "each", warheads=3, heavy=True), rule("named", "each", warheads=4, type="other"),
            rule("rest", "each", warheads=5),
        )
    )  # fmt: skip
    boat = kind("boat", "SLBM", basing="sea")
    asked = [(boat, "A"), (OTHER, "B"), (SILO, "A"), (OTHER, "A"), (PLAIN, "A")]
    taken = [rule_for(asks, what, party, "deployed") for what, party in asked]
    assert [found.id for found in taken if found] == ["basing", "party", "heavy", "named", "rest"]
    assert rule_for(asks, PLAIN, "A", "stored") is None


def test_a_treaty_may_define_a_quantity_its_own_way() -> None:
    own = TABLE.model_copy(update={"quantities": (quantity("bombers", "number", category="ICBM"),)})
    assert one(count(force(holding("silo", 7), types=(SILO,)), own)).totals["bombers"] == 7
    assert quantities(own)["bombers"].category == ("ICBM",)


numbers = st.integers(0, 400)


def many(silos: int, others: int, tankers: int) -> Force:
    rows = (holding("silo", silos), holding("other", others), holding("tanker", tankers))
    return force(*rows, types=(SILO, OTHER, TANKER))


BOTH: Treaty = TABLE.model_copy(update={"rules": (TIERS.rules[0], *TABLE.rules)})


@given(numbers, numbers, numbers)
def test_parts_add_up_to_the_whole(silos: int, others: int, tankers: int) -> None:
    totals = one(count(many(silos, others, tankers), BOTH)).totals
    assert totals["missiles"] == silos + others
    assert totals["deployed_delivery_vehicles"] == silos + others + tankers
    on_missiles, on_bombers = totals["warheads_on_missiles"], totals["warheads_on_bombers"]
    assert on_missiles is not None
    assert on_bombers is not None
    assert totals["warheads"] == on_missiles + on_bombers
    assert on_bombers == 8 * min(tankers, 10) + 12 * max(0, tankers - 10)


@given(numbers, numbers, numbers, st.integers(0, 50))
def test_more_of_anything_never_counts_less(silos: int, others: int, tankers: int, more: int) -> None:
    less = one(count(many(silos, others, tankers), BOTH)).totals
    for larger in (many(silos + more, others, tankers), many(silos, others, tankers + more)):
        for name, value in one(count(larger, BOTH)).totals.items():
            if value is not None:
                assert value >= (less[name] or 0)


@given(numbers, st.integers(0, 400))
def test_bombers_split_over_rows_count_as_in_one(first: int, second: int) -> None:
    split = force(holding("tanker", first), holding("tanker", second, base="x"), types=(TANKER,))
    whole = force(holding("tanker", first + second), types=(TANKER,))
    assert one(count(split, TIERS)).totals["warheads"] == one(count(whole, TIERS)).totals["warheads"]


@given(numbers, numbers, st.sampled_from(["A", "B"]))
def test_parties_are_labels(silos: int, tankers: int, party: str) -> None:
    rows = (holding("silo", silos, party=party), holding("tanker", tankers, party=party))
    (found,) = count(force(*rows, types=(SILO, TANKER)), BOTH)
    (mine,) = count(many(silos, 0, tankers), BOTH)
    assert found.totals["warheads"] == mine.totals["warheads"]


@given(numbers, numbers)
def test_a_gap_is_never_larger_than_what_fills_it(silos: int, others: int) -> None:
    gap = force(holding("silo", silos), holding("other", None, note="?"), types=(SILO, OTHER))
    filled = force(holding("silo", silos), holding("other", others), types=(SILO, OTHER))
    lower, whole = (found_sum(one(count(arms, TABLE)), "warheads") for arms in (gap, filled))
    assert lower.value is None
    assert whole.value is not None
    assert lower.at_least <= whole.value


def test_a_selection_is_counted_alone() -> None:
    arms = many(1, 2, 3)
    assert count_selection(arms, BOTH, arms.selections()[0]).totals["missiles"] == 3
