"""Tables of notifications: three kinds of file, one meaning, and every bad cell named."""

# ruff: noqa: E501 - a table of cases reads best with one case a line

import datetime as dt
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.records.errors import InputError
from detente.records.notification import (
    EVENTS,
    FORMATS,
    Fact,
    Header,
    Row,
    end_of,
    start_of,
    written_time,
)
from detente.records.notification_files import (
    COLUMNS,
    MOST_PROBLEMS,
    as_cells,
    make_fact,
    read_notifications,
    write_notifications,
)
from detente.records.notification_templates import template_rows, write_templates

PARTIES = ("alpha", "beta")
HEAD = "reference,format,giver,received,event,true,category,item,type,place,count"
GOOD = "a-1,change,alpha,2011-04-02,produced,2011-04-01,missile,M1,T,Plant,"


def read(folder: Path, *lines: str, name: str = "n.csv", head: str = HEAD) -> list[Row]:
    path = folder / name
    path.write_text("\n".join((head, *lines)) + "\n", encoding="utf-8")
    return list(read_notifications(path, PARTIES))


def problem(folder: Path, *lines: str, head: str = HEAD) -> str:
    with pytest.raises(InputError) as refused:
        read(folder, *lines, head=head)
    return str(refused.value)


def test_three_kinds_of_file_say_the_same(tmp_path: Path) -> None:
    files = write_templates(tmp_path, PARTIES)
    wanted = [(row.header, row.fact) for row in template_rows(PARTIES)]
    for path in files:
        assert [(row.header, row.fact) for row in read_notifications(path, PARTIES)] == wanted, path.name


def test_dates_of_a_spreadsheet_are_dates(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(HEAD.split(","))
    day = dt.datetime(2011, 4, 2, tzinfo=None)  # noqa: DTZ001 - a spreadsheet knows no zone
    sheet.append(
        ["a-1", "update", "alpha", day, "warheads", day.replace(hour=9), None, None, "T", "Base", 7.0]
    )
    book.save(tmp_path / "n.xlsx")
    (row,) = read_notifications(tmp_path / "n.xlsx", PARTIES)
    assert row.header.received_at == start_of("2011-04-02")
    assert (row.fact.true_at, row.fact.count) == (start_of("2011-04-02T09:00"), 7)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (GOOD.replace("a-1", ""), "n.csv:2: the reference is missing (key: reference)"),
        (GOOD.replace("change", "chagne"), 'n.csv:2: there is no format "chagne" (key: format)\n  way out: did you mean "change"?'),
        (GOOD.replace("alpha", "gamma"), 'n.csv:2: "gamma" is no party to this ledger (key: giver)'),
        (GOOD.replace("2011-04-02", "2011-02-30"), 'n.csv:2: "2011-02-30" is not a day of the calendar (key: received)'),
        (GOOD.replace("2011-04-01", "1.4.2011"), 'n.csv:2: "1.4.2011" is not a date or a time (key: true)'),
        (GOOD.replace("2011-04-01", "2011-04-01T25:00"), 'is not a time of day (key: true)'),
        (GOOD.replace("produced", "prodced"), 'n.csv:2: there is no event "prodced" (key: event)\n  way out: did you mean "produced"?'),
        (GOOD.replace("missile", "rocket"), 'there is no category "rocket" (key: category)'),
        (GOOD.replace("M1", ""), 'n.csv:2: "produced" needs item (key: item)'),
        (GOOD.replace("M1", "=M1"), "'=M1' is no name for item (key: item)"),
        (GOOD + "x", '"x" is not a number of items (key: count)'),
        (GOOD + "-1", '"-1" is not a number of items (key: count)'),
        (GOOD.replace("change", "inspection"), '"produced" does not belong in the format "inspection" (key: event)'),
        (GOOD.replace("change", "correction"), "a correction must name the datum it corrects (key: corrects)"),
        (GOOD[:-1], "n.csv:2: 10 cells stand here and the table has 11 columns"),
        ('"a-1', "n.csv:2: this is not a row of a CSV table"),
        ("a-1,update,alpha,2011-04-02,total,2011-04-01,missile,,T,Base,3", 'n.csv:2: "total" needs status (key: status)'),
    ],
)  # fmt: skip
def test_a_bad_cell_is_named(tmp_path: Path, line: str, said: str) -> None:
    assert said in problem(tmp_path, line)


@pytest.mark.parametrize(
    ("head", "said"),
    [
        (
            HEAD.replace("event", "evnt"),
            'n.csv:1: unknown column "evnt" (key: evnt)\n  way out: did you mean "event"?',
        ),
        (HEAD.replace("true,", ""), 'n.csv:1: the column "true" is missing (key: true)'),
        (HEAD + ",item", 'n.csv:1: two columns "item" (key: item)'),
        ("", "n.csv:1"),
    ],
)
def test_a_bad_head_is_named(tmp_path: Path, head: str, said: str) -> None:
    assert said in problem(tmp_path, GOOD, head=head)


def test_every_problem_is_listed_in_one_run_up_to_a_limit(tmp_path: Path) -> None:
    bad = GOOD.replace("missile", "rocket")
    lines = [bad.replace("a-1", f"a-{number}") for number in range(3)]
    assert problem(tmp_path, *lines).count("there is no category") == 3
    lines = [bad.replace("a-1", f"a-{number}") for number in range(200)]
    said = problem(tmp_path, *lines)
    assert said.count("there is no category") == MOST_PROBLEMS
    assert "further rows were not read" in said


def test_rows_of_a_document_stand_together_and_share_their_head(tmp_path: Path) -> None:
    other = GOOD.replace("a-1", "a-2")
    assert "stands further up already" in problem(tmp_path, GOOD, other, GOOD)
    assert "differs from the one above" in problem(tmp_path, GOOD, GOOD.replace("2011-04-02", "2011-04-03"))
    assert len(read(tmp_path, GOOD, GOOD.replace("M1", "M2"), other)) == 3


def test_files_that_are_none(tmp_path: Path) -> None:
    for name, content, said in (
        ("n.csv", b"", "the file is empty"),
        ("n.csv", HEAD.encode() + b"\n", "there is no notification"),
        ("n.csv", HEAD.encode() + b"\n\xff", "not UTF-8"),
        ("n.xlsx", b"PK nothing", "not an XLSX workbook"),
        ("n.toml", b"[[notification]", "not TOML"),
        ("n.toml", b"x = 1", 'unknown key "x"'),
        ("n.toml", b'[[notification]]\nreference = "a"', "without a fact"),
        ("n.toml", b'[[notification]]\nwhat = "a"\n[[notification.fact]]', 'unknown key "what"'),
        ("n.toml", b"[[notification]]\nreference = [1]\n[[notification.fact]]", "one value"),
        ("n.pdf", b"", "are not read"),
    ):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(InputError, match=said):
            list(read_notifications(tmp_path / name, PARTIES))
    with pytest.raises(InputError, match="no such file"):
        list(read_notifications(tmp_path / "none.csv", PARTIES))


NAMES = st.text("abcdefghijklmnopqrstuvwxyzÄé0123456789 ./()", min_size=1, max_size=12).map(
    lambda text: "x" + text.strip()
)
TIMES = st.integers(0, end_of("2100-01-01"))


@given(
    st.sampled_from(["produced", "total", "departed", "seen", "deployed"]), TIMES, NAMES, NAMES,
    st.integers(0, 10**6), TIMES,
)  # fmt: skip
def test_what_is_written_reads_back(
    event: str, true: int, name: str, place: str, count: int, received: int
) -> None:
    fact = Fact(event, "alpha", true, "missile", name, "T", place, to=place, status="deployed", count=count)
    row = Row(Header("a-1", "change", "alpha", received), fact)
    cells = dict(zip(COLUMNS, as_cells(row), strict=True))
    assert start_of(cells["received"]) == received
    values = {
        key: value for key, value in cells.items() if key not in {"reference", "format", "giver", "received"}
    }
    if event != "seen":
        assert make_fact(row.header, values, PARTIES) == fact


def test_an_export_never_replaces_a_file(tmp_path: Path) -> None:
    rows = template_rows(PARTIES)
    for suffix in (".csv", ".xlsx"):
        path = tmp_path / f"out{suffix}"
        assert write_notifications(path, rows) == len(rows)
        with pytest.raises((InputError, FileExistsError)):
            write_notifications(path, rows)
    with pytest.raises(InputError, match="not written"):
        write_notifications(tmp_path / "out.pdf", rows)


def test_every_format_and_event_says_what_it_is_for() -> None:
    assert {"initial", "update", "movement", "deployment", "conversion-elimination", "new-type", "inspection",
            "correction"} <= set(FORMATS)  # fmt: skip
    assert (FORMATS["initial"].deadline_d, FORMATS["update"].deadline_d, FORMATS["movement"].deadline_d) == (
        45,
        30,
        5,
    )
    assert all(event.meaning for event in EVENTS.values())
    assert written_time(start_of("2012-02-29T14:05")) == "2012-02-29T14:05"
    assert written_time(end_of("2012-02-29")) == "2012-02-29"
