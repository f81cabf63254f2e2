"""Declarations from tables and TOML: texts exactly as they stand, and every fault by its line."""

import datetime as dt
import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from detente.records import declared_files
from detente.records.declared_files import read_declared
from detente.records.errors import InputError

TABLE = """site,type,id,deployed
Tatishchevo,SS-19,0010,1

Tatishchevo,"SS-27, silo",0011,
 Kozelsk ,SS-19,0012,1.0
Empty,,,
"""
WANTED = {
    "Tatishchevo": [
        {"type": "SS-19", "id": "0010", "deployed": "1"},
        {"type": "SS-27, silo", "id": "0011"},
    ],
    "Kozelsk": [{"type": "SS-19", "id": "0012", "deployed": "1.0"}],
    "Empty": [],
}


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def workbook(rows: list[list[Any]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    memory = io.BytesIO()
    book.save(memory)
    return memory.getvalue()


def faults(path: Path) -> list[str]:
    with pytest.raises(InputError) as found:
        read_declared(path)
    assert all(problem.file == path.name for problem in found.value.problems)
    return [f"{problem.line or ''}: {problem.rule}" for problem in found.value.problems]


@pytest.mark.parametrize("text", [TABLE, "\ufeff" + TABLE, TABLE.replace("\n", "\r\n")])
def test_a_table_gives_texts_as_they_stand(tmp_path: Path, text: str) -> None:
    found = read_declared(write(tmp_path, "d.CSV", text))
    assert found.sites == WANTED
    assert found.public == {}


def test_a_workbook_gives_what_the_same_table_gives(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["site", "type", "id", "deployed", None], ["Tatishchevo", "SS-19", "0010", 1], [None, None],
        ["Tatishchevo", "SS-27, silo", "0011", None], ["Kozelsk", "SS-19", "0012", "1.0"], ["Empty"],
    ]  # fmt: skip
    assert read_declared(write(tmp_path, "d.xlsx", workbook(rows))).sites == WANTED


def test_cells_that_are_no_texts(tmp_path: Path) -> None:
    day = dt.datetime(2011, 2, 5)  # noqa: DTZ001 - a workbook knows no zones
    rows: list[list[Any]] = [
        ["site", "a", "b", "c", "d", "e"],
        ["A", 6.5, True, False, day, day.replace(hour=12)],
    ]
    (entry,) = read_declared(write(tmp_path, "d.xlsx", workbook(rows))).sites["A"]
    assert entry == {"a": "6.5", "b": "TRUE", "c": "FALSE", "d": "2011-02-05", "e": "2011-02-05T12:00:00"}
    rows = [["site", "a"], ["A", 1 / 3]]
    assert faults(write(tmp_path, "d.xlsx", workbook(rows))) == [
        "2: 0.3333333333333333 is more digits than anybody wrote: the workbook rounds in binary"
    ]


def test_toml(tmp_path: Path) -> None:
    text = """
title = "Data of Party A"
as_of = 2011-02-05
[[entry]]
site = " Alpha "
id = "a1"
count = 3
deployed = true
since = 2001-12-13
at = 12:00:00
tags = ["x", 1]
[entry.where]
room = "7"
[[entry]]
site = "Alpha"
"""
    found = read_declared(write(tmp_path, "d.toml", text))
    assert found.public == {"title": "Data of Party A", "as_of": "2011-02-05"}
    assert found.sites == {
        "Alpha": [
            {"id": "a1", "count": 3, "deployed": True, "since": "2001-12-13", "at": "12:00:00",
             "tags": ["x", 1], "where": {"room": "7"}}
        ]
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "content", "wanted"),
    [
        ("d.json", "{}", [": a declaration is a CSV, TOML or XLSX file"]),
        ("d.csv", "", ['1: there is no column "site"']),
        ("d.csv", "place,id\nA,1\n", ['1: there is no column "site"']),
        ("d.csv", "site;id\nA;1\n", ['1: there is no column "site"']),
        ("d.csv", "site,id,id\nA,1,2\n", ['1: the column "id" stands twice']),
        ("d.csv", "site,,id\nA,1,2\n", ["1: a column has no name"]),
        ("d.csv", "site,id\nA,1,2\nB,1\n", ["2: the row has 3 cells and the header 2"]),
        ("d.csv", "id,site\n1\n", ["2: the row names no site"]),
        ("d.csv", "site,id\n", [": the file declares nothing"]),
        ("d.csv", 'site,id\nA,"1"2\n', ["2: the table cannot be read: ',' expected after '\"'"]),
        ("d.csv", b"site,id\nA,\xff\n", ["2: the file is not UTF-8 text"]),
        ("d.xlsx", "site", [": this is not a workbook: File is not a zip file"]),
        ("d.toml", "entry = 1", [": entries are tables"]),
        ("d.toml", "entrys = 1", [': unknown key "entrys"', ": the file declares nothing"][:1]),
        ("d.toml", "title = 3\n[[entry]]\nid = 1", [": this must be a text", ": the entry names no site"]),
        ("d.toml", '[[entry]]\nsite = "A"\nx = 1.5\ny = [9007199254740992]', [
            ": 1.5 is a floating-point number, which has no exact value",
            ": 9007199254740992 is beyond 2**53 - 1",
        ]),
    ],
)  # fmt: skip
def test_faults(tmp_path: Path, name: str, content: str | bytes, wanted: list[str]) -> None:
    assert faults(write(tmp_path, name, content)) == wanted


def test_what_is_no_toml_is_said_by_its_parser(tmp_path: Path) -> None:
    (found,) = faults(write(tmp_path, "d.toml", "a = ["))
    assert found.startswith(": the file is not TOML: ")


def test_hints(tmp_path: Path) -> None:
    semicolons, capital = "site;id\nA;1\n", "Site,id\nA,1\n"
    for text, hint in ((semicolons, "by commas, not by semicolons"), (capital, 'did you mean "Site"')):
        with pytest.raises(InputError, match=hint):
            read_declared(write(tmp_path, "d.csv", text))


def test_files_that_are_not_there_or_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "cannot be read" in faults(tmp_path / "none.csv")[0]
    monkeypatch.setattr(declared_files, "LARGEST_UNPACKED", 100)
    assert "unpack to" in faults(write(tmp_path, "d.xlsx", workbook([["site"], ["A"]])))[0]
    monkeypatch.setattr(declared_files, "LARGEST_BYTES", 10)
    assert "larger than" in faults(write(tmp_path, "d.csv", TABLE))[0]


def test_faults_are_counted_up_to_a_limit(tmp_path: Path) -> None:
    rows = "".join(",1\n" for _ in range(200))
    assert len(faults(write(tmp_path, "d.csv", f"site,id\n{rows}"))) == 50
    entries = "".join("[[entry]]\nid = 1\n" for _ in range(200))
    assert len(faults(write(tmp_path, "d.toml", entries))) == 50
