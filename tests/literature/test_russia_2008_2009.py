"""One arsenal, several counts: russianforces.org of October 2008 and October 2009 (Pavel Podvig). Exact."""

from detente import api
from detente.records.agreement_files import load_force


def test_russia_in_july_2009_counted_three_ways() -> None:
    counts = {found.rule: found for found in api.count("russia-2009")}
    start, able, near = counts["start-1"], counts["able-to-carry"], counts["near-operational"]
    assert (start.totals["deployed_delivery_vehicles"], start.totals["warheads"]) == (809, 3897)
    assert (able.totals["deployed_delivery_vehicles"], able.totals["warheads"]) == (608, 2683)
    assert dict(near.totals) == {"warheads": 2528}
    status = {name: found.sum_of("warheads") for name, found in counts.items()}
    assert [found.status for found in status.values() if found] == ["unverified", "secondary", "secondary"]


def test_the_count_of_july_2008_adds_up_by_leg() -> None:
    stated, attributed = api.count("russia-2008", "sort")
    assert [row.warheads for row in stated.rows] == [1575, 611, 884]
    assert stated.totals["warheads"] == 3070
    assert stated.totals["deployed_delivery_vehicles"] is None, "submarine missiles and bombers: not given"
    assert attributed.totals["warheads"] is None
    assert "attributes no warheads" in attributed.sums[0].missing[0]


def test_the_sum_since_the_beginning_that_fell() -> None:
    (found,) = api.anomalies("threat-reduction")
    assert found.kind == "falling sum"
    assert "7,527 in 2012 is less than 7,551 in 2010-05" in found.says
    assert found.status == "secondary"


def test_the_dismantled_warheads_of_two_sums() -> None:
    values = [total.value for total in load_force("us-dismantlement").totals]
    assert values == [8748, 9952]
    assert api.check_change(
        "up 1,204", force="us-dismantlement", party="US", quantity="warheads_dismantled"
    ).true
