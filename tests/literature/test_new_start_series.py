"""New START aggregate numbers: the half-yearly figures, claims about them, and one limit in two readings.

Sources stand beside each figure in the data of the forces; claims: FAS weblog of 2014; Exchange Monitor of
October 2019, Defense Daily of April 2020, russianforces.org of April and October 2020, The Eastern Herald of
April 2021 (read in stored copies of the pages). Exact.
"""

from datetime import date

import pytest

from detente.agreement.changes import check_change, read_change
from detente.agreement.compliance import comply
from detente.agreement.counting import count
from detente.records.agreement_files import load_force, load_treaty
from detente.records.compliance import LimitRow

VEHICLES, WARHEADS, LAUNCHERS = (
    *("deployed_delivery_vehicles", "warheads"),
    "deployed_and_nondeployed_launchers",
)


def limits(force: str, on: str) -> tuple[LimitRow, ...]:
    return comply(load_force(force), load_treaty("new-start"), date.fromisoformat(on)).limits


def test_before_2018_nothing_can_be_a_violation_and_the_row_shows_the_distance() -> None:
    rows = limits("new-start-aggregates", "2017-09-01")
    assert all(row.binding is False for row in rows)
    (russia,) = [row for row in rows if (row.party, row.limit) == ("RU", "warheads")]
    assert (russia.counted, russia.ceiling, russia.slack) == (1561, 1550, -11)
    assert "nothing can be a violation" in russia.says


def test_nobody_is_over_on_the_day_on_which_the_limits_bind() -> None:
    rows = limits("new-start-aggregates", "2018-02-05")
    assert len(rows) >= 6
    assert all(row.binding for row in rows)
    assert all(row.slack is not None and row.slack >= 0 for row in rows)


@pytest.mark.parametrize(
    ("party", "quantity", "change"),
    [("US", VEHICLES, -104), ("US", WARHEADS, -215), ("RU", VEHICLES, -23), ("RU", WARHEADS, -25)],
)
def test_the_claim_of_2014_about_changes_since_2011(party: str, quantity: str, change: int) -> None:
    found = check_change(load_force("new-start-aggregates"), party, quantity, change, "2011", "2014-03")
    assert found.true
    assert found.step is not None
    assert found.step.since == "2011-02-05"


@pytest.mark.parametrize(
    ("party", "quantity", "change", "since", "to"),
    [
        ("US", VEHICLES, 9, "2018-09-01", "2019-09-01"),
        ("US", WARHEADS, -22, "2018-09-01", "2019-09-01"),
        ("US", LAUNCHERS, 0, "2018-09-01", "2019-09-01"),
        ("RU", VEHICLES, -4, "2018-09-01", "2019-09-01"),
        ("RU", WARHEADS, 6, "2018-09-01", "2019-09-01"),
        ("RU", LAUNCHERS, -18, "2018-09-01", "2019-09-01"),
        ("RU", WARHEADS, -100, "2019-09-01", "2020-03-01"),
        ("US", WARHEADS, -3, "2019-09-01", "2020-03-01"),
        ("US", WARHEADS, 8, "2019-03-01", "2020-03-01"),
        ("RU", WARHEADS, -135, "2019-03-01", "2020-03-01"),
        ("RU", WARHEADS, 9, "2020-09-01", "2021-03-01"),
        ("US", WARHEADS, -100, "2020-09-01", "2021-03-01"),
        ("RU", VEHICLES, 517 - 510, "2020-09-01", "2021-03-01"),
        ("US", VEHICLES, 651 - 675, "2020-09-01", "2021-03-01"),
    ],
)
def test_changes_that_the_press_printed(party: str, quantity: str, change: int, since: str, to: str) -> None:
    assert check_change(load_force("new-start-aggregates"), party, quantity, change, since, to).true


def test_a_false_claim_gets_the_nearest_true_statement() -> None:
    found = check_change(load_force("new-start-aggregates"), "US", VEHICLES, -110, "2011", "2014-03")
    assert found.true is False
    assert found.nearest is not None
    assert (found.nearest.since, found.nearest.to, found.nearest.change) == ("2011-02-05", "2014-03-01", -104)


def test_words_are_read_as_a_change() -> None:
    assert read_change("down 104 since 2011") == (-104, "2011", "")
    assert read_change("1,215 more warheads from 2018-09-01 to 2019-03") == (1215, "2018-09-01", "2019-03")


def test_both_readings_of_the_launchers_of_march_2022() -> None:
    rows = {
        (row.party, row.reading): (row.counted, row.slack, row.missing)
        for row in limits("new-start-2022", "2022-03-01")
        if row.limit == "launchers"
    }
    assert rows["US", "us"] == (800, 0, ())
    assert rows["US", "ru"] == (800 + 56 + 41 + 4, -101, ())
    assert rows["RU", "us"][0] == rows["RU", "ru"][0] == 761


def test_the_parts_of_three_totals() -> None:
    force, treaty = load_force("us-new-start-detail"), load_treaty("new-start")

    def totals(on: str) -> dict[str, int | float | None]:
        (found,) = count(force, treaty, on=date.fromisoformat(on))
        assert found.notices == ()
        return dict(found.totals)

    assert totals("2020-09-01")[VEHICLES] == 397 + 230 + 48 == 675
    assert totals("2020-09-01")[LAUNCHERS] == 454 + 280 + 66 == 800
    assert totals("2020-09-01")["warheads_on_missiles"] == 1457 - 48 == 1409
    assert totals("2020-09-01")["warheads_on_bombers"] == 48
    assert totals("2011-09-01")[VEHICLES] == 697 + 125 == 822
    assert totals("2011-09-01")[WARHEADS] == 1665 + 125 == 1790
    assert totals("2013-03-01")[VEHICLES] == 449 + 232 + 111 == 792


def test_no_russian_data_since_2023_are_a_gap_and_never_zero() -> None:
    rows = [row for row in limits("new-start-aggregates", "2023-09-01") if row.party == "RU"]
    assert rows
    for row in rows:
        assert row.counted is None
        assert row.slack is None
        assert "gave nothing since 2023-03-01" in row.missing[0]
        assert row.standing == "suspended by RU"
        assert row.binding is None


def test_the_plan_of_the_united_states_meets_the_limits() -> None:
    assert 400 + 240 + 60 == 700
    assert 454 + 280 + 66 == 800
    limits_of = {limit.id: limit.ceiling for limit in load_treaty("new-start").limits}
    assert limits_of == {"vehicles": 700, "warheads": 1550, "launchers": 800}


def test_eighteen_inspections_are_ten_and_eight() -> None:
    quotas = {quota.id: quota.number for quota in load_treaty("new-start").quotas}
    assert quotas["type-one"] + quotas["type-two"] == quotas["all"] == 18
