"""Words for a time: as precise as the words, resolved against the page's own day."""

from datetime import date

import pytest

from detente.reading.dates import page_time, resolve

TUESDAY = date(2001, 12, 18)


@pytest.mark.parametrize(
    ("words", "expected", "precision"),
    [
        ("Monday", "2001-12-17", "day"),
        ("early Monday", "2001-12-17", "day"),
        ("Tuesday", "2001-12-18", "day"),
        ("last week", "2001-12-10/2001-12-16", "week"),
        ("in January", "2002-01", "month"),
        ("in six months", "2002-06", "month"),
        ("before the end of next month", "2002-01-31", "month"),
        ("by the end of the year", "2001-12-31", "year"),
        ("last autumn", "2001-23", "season"),
        ("yesterday", "2001-12-17", "day"),
        ("next Friday", "2001-12-21", "day"),
        ("in 1999", "1999", "year"),
        ("3 March 2003", "2003-03-03", "day"),
        ("в январе", "2002-01", "month"),
        ("через шесть месяцев", "2002-06", "month"),
        ("на прошлой неделе", "2001-12-10/2001-12-16", "week"),
        ("в понедельник", "2001-12-17", "day"),
        ("до конца года", "2001-12-31", "year"),
    ],
)
def test_relative_words(words: str, expected: str, precision: str) -> None:
    found = resolve(words, TUESDAY)
    assert (found.date, found.precision) == (expected, precision)


@pytest.mark.parametrize(
    "words", ["some day", "the modal verb may", "February 30, 2001", "on the first page"]
)
def test_what_is_no_date_gets_none(words: str) -> None:
    found = resolve(words, TUESDAY)
    assert (found.date, found.status) == (None, "none stated")


@pytest.mark.parametrize(
    ("line", "value", "zone"),
    [
        ("POSTED: 11:27 a.m. EDT, May 16,2007", "2007-05-16T11:27-04:00", "EDT"),
        ("Last updated at: (Beijing Time) Tuesday, December 18, 2001", "2001-12-18", "Beijing Time"),
        (
            "Опубликовано: 12 марта 2003 г., 14:20 (время московское)",
            "2003-03-12T14:20+03:00",
            "время московское",
        ),
        ("12:05 a.m. GMT, 4 March 1999", "1999-03-04T00:05+00:00", "GMT"),
        ("2007-5-14 14:00:00", "2007-05-14T14:00", None),
        ("5/16/2007", "2007-05-16", None),
    ],
)
def test_a_page_has_its_own_time(line: str, value: str, zone: str | None) -> None:
    found = page_time(line)
    assert found is not None
    assert (found.value, found.zone) == (value, zone)
