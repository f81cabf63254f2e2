"""Clocks: calendar months with their ends, what recurs, a supposed notice, and the end of a treaty."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.agreement.clocks import after, clocks
from detente.records.errors import InputError
from detente.records.treaty import Clock
from detente.report.calendar_file import calendar_file
from tests.unit.agreement.folders import INVENTED, event, pact


def clock(name: str, kind: str = "phase", **more: object) -> Clock:
    return Clock.model_validate({"id": name, "title": name, "kind": kind, "article": "X"} | INVENTED | more)


@pytest.mark.parametrize(
    ("start", "span", "end"),
    [
        ("2001-12-13", "6 months", "2002-06-13"), ("2023-08-31", "6 months", "2024-02-29"),
        ("2022-08-31", "6 months", "2023-02-28"), ("2024-02-29", "1 year", "2025-02-28"),
        ("2024-01-31", "1 month", "2024-02-29"), ("2011-02-05", "45 days", "2011-03-22"),
        ("2000-02-29", "4 years", "2004-02-29"),
    ],
)  # fmt: skip
def test_spans_end_on_the_same_day_or_the_last_of_a_shorter_month(start: str, span: str, end: str) -> None:
    assert after(date.fromisoformat(start), span) == date.fromisoformat(end)


def test_what_recurs_is_counted_from_its_first_day() -> None:
    start = date(2024, 1, 31)
    days = [after(start, "1 month", turn).day for turn in range(1, 5)]
    assert days == [29, 31, 30, 31], "a short February shifts nothing after it"


@given(st.dates(date(1960, 1, 1), date(2060, 1, 1)), st.integers(1, 240))
def test_a_month_more_is_never_earlier_and_keeps_the_month(start: date, months: int) -> None:
    end = after(start, f"{months} months")
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == months
    assert end.day <= start.day
    assert end < after(start, f"{months + 1} months")
    assert after(start, "12 months") == after(start, "1 year")


def test_days_in_order_with_where_the_treaty_stood() -> None:
    treaty = pact(
        events=(
            event("signed", "2029-01-01"), event("in force", "2030-01-31"), event("expired", "2032-01-31"),
            event("suspended", "2031-02-01", party="A"),
        ),
        clocks=(
            clock("end", "expiry", after="2 years"),
            clock("again", "data exchange", every="6 months", within="10 days"),
            clock("notice", "notice", of="notice", after="3 months"), clock("at-once"),
        ),
    )  # fmt: skip
    found = clocks(treaty, date(2030, 7, 31))
    rows = [(due.date, due.clock, due.until, due.when, due.state) for due in found.clocks]
    assert rows == [
        ("2030-01-31", "at-once", "", "181 days ago", ""),
        ("2030-07-31", "again", "2030-08-10", "on this day", ""),
        ("2031-01-31", "again", "2031-02-10", "184 days to come", ""),
        ("2031-07-31", "again", "2031-08-10", "365 days to come", "suspended by A"),
        ("2032-01-31", "end", "", "549 days to come", ""),
        ("", "notice", "", "", "runs from: notice, which never came"),
    ]
    assert found.standing is not None
    assert found.standing.word == "in force"
    assert [entry["kind"] for entry in found.events] == ["signed", "in force", "suspended", "expired"]
    assert clocks(treaty).standing is None


def test_without_an_end_what_recurs_is_listed_so_often() -> None:
    assert len(clocks(pact(clocks=(clock("again", every="1 year"),))).clocks) == 60


def test_a_supposed_notice() -> None:
    treaty = pact(clocks=(clock("notice", "notice", of="notice", after="6 months"),))
    (due,) = clocks(treaty, notice=date(2030, 8, 31)).clocks
    assert (due.date, due.from_date) == ("2031-02-28", "2030-08-31")
    with pytest.raises(InputError, match="was in force from 2030-01-01 on"):
        clocks(treaty, notice=date(2029, 12, 31))
    unborn = treaty.model_copy(update={"events": (event("signed", "2029-01-01"),)})
    with pytest.raises(InputError, match="was never in force"):
        clocks(unborn, notice=date(2030, 1, 1))
    with pytest.raises(InputError, match="no clock that runs from a notice"):
        clocks(pact(), notice=date(2030, 2, 1))
    with pytest.raises(InputError, match="before the pact, which was signed"):
        clocks(treaty, date(2028, 1, 1))


def test_the_calendar_file_has_every_day_once_and_the_same_bytes_twice() -> None:
    from icalendar import Calendar

    treaty = pact(
        clocks=(
            clock("again", "data exchange", every="6 months", within="30 days", note="with a note"),
            clock("notice", "notice", of="notice", after="3 months"),
            clock("plain", after="1 year", article=""),
        ),
        events=tuple(event(*e) for e in (("in force", "2030-01-01"), ("expired", "2032-01-01"))),
    )  # fmt: skip
    made = calendar_file(clocks(treaty))
    assert made == calendar_file(clocks(treaty))
    entries = Calendar.from_ical(made).walk("VEVENT")
    assert len(entries) == len({entry["UID"] for entry in entries}) == 4
    first = next(entry for entry in entries if "again" in str(entry["UID"]))
    assert str(first["SUMMARY"]) == "the pact: again"
    assert (first.decoded("DTSTART"), first.decoded("DTEND")) == (date(2030, 7, 1), date(2030, 8, 1))
    assert "Article X" in str(first["DESCRIPTION"])
    assert "6 months from in force, 2030-01-01" in str(first["DESCRIPTION"])
