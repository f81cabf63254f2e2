"""Claims about a series of figures, and slips in tables."""

import pytest

from detente.agreement.anomalies import anomalies
from detente.agreement.changes import check_change, read_change, read_subject
from detente.records.errors import InputError
from tests.unit.agreement.folders import attribution, force, holding, kind, pact, total

SERIES = force(
    total("warheads", 100, date="2030-01-01"),
    total("warheads", 90, date="2031-01-01", status="read", source="book", note=""),
    total("warheads", 95, date="2031-07-01", status="secondary", source=("book", "page"), note=""),
    total("warheads", None, date="2032-01-01"),
    total("missiles", 5, date="2030-01-01"),
    total("launchers", 5, date="2030-01-01", party="B"),
)


@pytest.mark.parametrize(
    ("words", "change", "since", "to"),
    [
        ("down 104 since 2011", -104, "2011", ""), ("rose by 12 from 2011-02 to 2012", 12, "2011-02", "2012"),
        ("-23 since 2011-02-05", -23, "2011-02-05", ""), ("+7", 7, "", ""), ("1,200 fewer", -1200, "", ""),
        ("cut 5 between 2011 and 2013", -5, "2011", "2013"), ("nothing since 2011", None, "2011", ""),
        ("", None, "", ""),
    ],
)  # fmt: skip
def test_words_of_a_change(words: str, change: int | None, since: str, to: str) -> None:
    assert read_change(words) == (change, since, to)


def test_a_change_without_its_direction_is_refused() -> None:
    with pytest.raises(InputError, match="does not say which way"):
        read_change("104 since 2011")


def test_whose_and_which_as_the_words_say() -> None:
    assert read_subject("A is down 10 warheads", SERIES) == ("A", "warheads")
    assert read_subject("Party B, down 3 missiles", SERIES) == ("B", "missiles")
    assert read_subject("A and B lost many", SERIES) == ("", "")
    assert read_subject("the vehicles of nobody", SERIES) == ("", "")
    both = force(total("deployed_delivery_vehicles", 1), total("warheads", 2))
    assert read_subject("A lost 3 vehicles", both) == ("A", "deployed_delivery_vehicles")


def test_true_false_unknown_and_elsewhere() -> None:
    true = check_change(SERIES, "A", "warheads", -10, "2030", "2031-01")
    assert true.true
    assert true.says == "true: A, warheads: down 10 from 2030-01-01 (100) to 2031-01-01 (90)"
    assert true.step is not None
    assert (true.step.status, true.step.source) == ("assumed", ("book",))
    false = check_change(SERIES, "A", "deployed_warheads", 5)
    assert (false.true, false.since, false.to) == (False, "2030-01-01", "2031-07-01")
    assert false.nearest is not None
    assert false.nearest.change == -5
    assert "the same change lies between other days: A, warheads: up 5 from 2031-01-01" in false.says
    unknown = check_change(SERIES, "A", "warheads", 5, "2025", "2031")
    assert (unknown.true, unknown.missing) == (None, ("a figure of A for 2025",))
    backwards = check_change(SERIES, "A", "warheads", 5, "2031-07", "2030")
    assert backwards.true is None
    alone = check_change(SERIES, "A", "missiles", 5)
    assert (alone.true, alone.nearest, alone.says) == (None, None, "not known: a figure is missing")
    same = check_change(SERIES, "A", "warheads", 0, "2031-01", "2031-07")
    assert same.true is False


def test_no_series_and_no_party_are_refused() -> None:
    with pytest.raises(InputError, match='has no series "warhead" of A') as refused:
        check_change(SERIES, "A", "warhead", 1)
    assert refused.value.problems[0].way_out == 'did you mean "warheads"?'
    with pytest.raises(InputError, match='"Z" holds nothing'):
        check_change(SERIES, "Z", "warheads", 1)


SILO = kind("MX")


def test_500_for_50_and_what_does_not_divide() -> None:
    treaty = pact(attributions=(attribution("MX", 10),))
    slip = force(
        holding("MX", 500, warheads=500, line=3), holding("MX", 5, warheads=52, base="x"),
        holding("MX", 7, warheads=70, base="y"), holding("MX", 7, base="z"), holding("new", 3, warheads=4),
        types=(SILO, kind("new")),
    )  # fmt: skip
    first, second = anomalies(slip, treaty)
    assert (first.kind, first.line, first.suggestion) == ("attribution", 3, "500 warheads are those of 50")
    assert "attributes 10 to each, which makes 5,000" in first.says
    assert second.suggestion == "52 does not divide by 10"
    assert anomalies(slip) == ()
    nothing = pact(attributions=(attribution("MX", 0),))
    assert len(anomalies(slip, nothing)) == 3


def test_non_deployed_for_both_together() -> None:
    slip = force(total("nondeployed_launchers", 1043), total("deployed_delivery_vehicles", 822))
    (found,) = anomalies(slip)
    assert found.suggestion == "deployed and non-deployed together: then 221 are not deployed"
    fine = force(total("nondeployed_launchers", 221), total("deployed_delivery_vehicles", 822))
    assert anomalies(fine) == ()
    assert (
        anomalies(force(total("nondeployed_launchers", None), total("deployed_delivery_vehicles", 8))) == ()
    )


def test_a_zero_too_many() -> None:
    years = {"2000-01-01": 50, "2001-01-01": 500, "2002-01-01": 48, "2003-01-01": 0}
    rows = [holding("MX", number, date=day) for day, number in years.items()]
    (found,) = anomalies(force(*rows, types=(SILO,)))
    assert found.says == "MX: 500 on 2001-01-01 beside 50 on 2000-01-01"


def test_a_sum_since_a_beginning_that_falls() -> None:
    assert anomalies(SERIES) == ()
    found = anomalies(SERIES.model_copy(update={"cumulative": True}))
    assert [one.row for one in found] == ["A, warheads, 2031-01-01"]
