"""Days that treaties set: ABM Treaty XV.2, START I II.2, New START Protocol Parts Four and Five. Exact."""

from datetime import date

import pytest

from detente.agreement.clocks import after, clocks
from detente.records.agreement_files import load_treaty


def days(treaty: str, clock: str) -> list[str]:
    return [due.date for due in clocks(load_treaty(treaty)).clocks if due.clock == clock]


def test_six_months_after_13_december_2001_are_13_june_2002() -> None:
    assert days("abm", "withdrawal") == ["2002-06-13"]
    assert after(date(2001, 12, 13), "183 days") != date(2002, 6, 13)


def test_the_phases_of_start_1() -> None:
    phases = [days("start-1", f"phase-{months}") for months in (36, 60, 84)]
    assert phases == [["1997-12-05"], ["1999-12-05"], ["2001-12-05"]]
    assert days("start-1", "expiry") == ["2009-12-05"]


def test_the_first_days_of_new_start() -> None:
    assert days("new-start", "initial-data") == ["2011-03-22"]
    assert days("new-start", "inspections") == ["2011-04-06"]
    assert days("new-start", "limits-bind") == ["2018-02-05"]
    assert days("new-start", "expiry") == ["2026-02-05"]


def test_fourteen_exchanges_of_data_by_5_february_2018() -> None:
    updates = [day for day in days("new-start", "data-update") if day <= "2018-02-05"]
    assert len(updates) == 14


@pytest.mark.parametrize("party", ["US", "RU"])
def test_every_published_figure_lies_in_a_window_for_an_update(party: str) -> None:
    from detente.records.agreement_files import load_force

    windows = [
        (due.date, due.until) for due in clocks(load_treaty("new-start")).clocks if due.clock == "data-update"
    ]
    given = [day for day in load_force("new-start-aggregates").dates(party) if day > "2011-02-05"]
    assert all(any(first <= day <= last for first, last in windows) for day in given)
