"""Reading the table of places: a CSV file with one place a row, every bad cell named by row and column."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from detente.records.case import NamedPlace
from detente.records.errors import Problem, RefusalError, did_you_mean
from detente.records.places import Place, place_at

from .text_files import read_text
from .wording import faults_of

COLUMNS = {
    "id": "its name in claims: lower-case letters, digits, hyphen, underscore",
    "name": "the name that a reader sees",
    "kind": "launch-area, sample-point, interceptor-site or radar",
    "latitude_deg": "degrees, north positive, to 0.1 degree",
    "longitude_deg": "degrees, east positive, to 0.1 degree",
    "country": "country or sea in which it lies; may be empty",
    "status": "how far the coordinates can be trusted, as for a figure",
    "source": "keys of sources.toml, separated by ; where there are several",
    "note": "what a reader should know; the reason of an assumed place",
}
"""The columns of the table of places, in any order."""

_OPTIONAL = {"country", "source", "note"}
_CELL = re.compile(r'\s*"(?:[^"]|"")*"[^,]*|[^,]*')
_NUMBER = re.compile(r"[-+−]?[0-9]+(\.[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?(nan|inf|infinity|n/?a|null|none)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table: its cells by column, and where each begins."""

    line: int
    text: str
    cells: dict[str, str]
    starts: dict[str, tuple[int, int, str]]


@dataclass(frozen=True, slots=True)
class PlacesTable:
    """What the table gives; `rows` stand beside `places` in the same order."""

    name: str
    places: tuple[NamedPlace, ...] = ()
    rows: tuple[Row, ...] = ()
    problems: tuple[Problem, ...] = ()
    notices: tuple[str, ...] = ()
    ids: frozenset[str] = frozenset()
    complete: bool = True

    def problem(self, row: Row, column: str, rule: str, way_out: str) -> Problem:
        """A problem of one cell."""
        return _at(self.name, row, column, rule, way_out)


def read_places(path: Path, shown: str) -> PlacesTable:
    """Read the table of places; a row that is wrong is left out and its problems are listed."""
    text = read_text(path, shown)
    if isinstance(text, Problem):
        return PlacesTable(shown, problems=(text,), complete=False)
    lines = text.split("\n")
    header, wrong = _header(shown, lines[0])
    if wrong:
        return PlacesTable(shown, problems=tuple(wrong), complete=False)
    problems: list[Problem] = []
    notices: list[str] = []
    made: list[NamedPlace] = []
    rows: list[Row] = []
    first_lines: dict[str, int] = {}
    for row in _rows(shown, lines, header, problems):
        name = row.cells["id"]
        if name and name in first_lines:
            rule = f'two places with one id "{name}", in lines {first_lines[name]} and {row.line}'
            problems.append(_at(shown, row, "id", rule, "rename or remove one of the two"))
        first_lines.setdefault(name, row.line)
        place, faults, notice = _place(shown, row)
        problems += faults
        if place is not None:
            made.append(place)
            rows.append(row)
        if notice:
            notices.append(f"{shown}, line {row.line}: {notice}")
    return PlacesTable(
        shown, tuple(made), tuple(rows), tuple(problems), tuple(notices), frozenset(first_lines)
    )


def _header(name: str, line: str) -> tuple[list[str], list[Problem]]:
    columns = [column.strip() for column in next(csv.reader([line]), [])]
    starts = _starts(line)
    separator = re.search(r"[;\t]", line)
    if len(columns) == 1 and separator:
        sign = "tabs" if separator[0] == "\t" else '";"'
        rule = f"the columns are separated by {sign}"
        way_out = "save the table with commas between the columns and a decimal point in numbers"
        return [], [Problem(rule, way_out, name, line=1, column=separator.start() + 1, text=line)]
    wrong = []
    for number, column in enumerate(columns):
        where = starts[number] + 1
        if not column:
            rule = f"column {number + 1} has no name"
            wrong.append(Problem(rule, "name it or remove it", name, column, 1, where, line))
        elif column not in COLUMNS:
            way_out = did_you_mean(column, COLUMNS)
            wrong.append(Problem(f'unknown column "{column}"', way_out, name, column, 1, where, line))
        elif column in columns[:number]:
            wrong.append(Problem(f'two columns "{column}"', "remove one", name, column, 1, where, line))
    for column, meaning in COLUMNS.items():
        if column not in columns and column not in _OPTIONAL:
            rule = f'the column "{column}" is missing'
            wrong.append(Problem(rule, f"add it: {meaning}", name, column, 1, 1, line))
    return columns, wrong


def _rows(name: str, lines: list[str], header: list[str], problems: list[Problem]) -> Iterator[Row]:
    """The rows below the header; what is no row becomes a problem."""
    reader = csv.reader((line + "\n" for line in lines), strict=True)
    next(reader)
    while True:
        first = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            rule = f"this is not a row of a CSV table: {error}"
            way_out = "close quotation marks, and double those inside a text"
            problems.append(Problem(rule, way_out, name, line=first, column=1, text=lines[first - 1]))
            return
        if cells is None:
            return
        text = "\n".join(lines[first - 1 : reader.line_num])
        if not text.strip() or not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            rule = f"{len(cells)} cells stand here and the table has {len(header)} columns"
            way_out = 'put a text with a comma in quotation marks: "a, b"'
            problems.append(Problem(rule, way_out, name, line=first, column=1, text=lines[first - 1]))
            continue
        named = dict.fromkeys(_OPTIONAL, "") | {
            c: cell.strip() for c, cell in zip(header, cells, strict=True)
        }
        starts = {c: _where(text, first, start) for c, start in zip(header, _starts(text), strict=False)}
        yield Row(first, lines[first - 1], named, starts)


def _starts(text: str) -> list[int]:
    """Where each cell of a row begins in its text."""
    starts, position = [], 0
    while position <= len(text):
        starts.append(position)
        found = _CELL.match(text, position)
        position = (found.end() if found else len(text)) + 1
    return starts


def _where(text: str, first_line: int, start: int) -> tuple[int, int, str]:
    """Line, column and line text of a position in a row that may fill several lines."""
    before = text[:start]
    line = before.count("\n")
    column = start - (before.rfind("\n") + 1)
    return first_line + line, column + 1, text.split("\n")[line]


def _at(name: str, row: Row, column: str, rule: str, way_out: str) -> Problem:
    line, start, text = row.starts.get(column, (row.line, 1, row.text))
    return Problem(rule, way_out, name, column, line, start, text)


def _place(name: str, row: Row) -> tuple[NamedPlace | None, list[Problem], str]:
    problems: list[Problem] = []
    degrees = [_degrees(name, row, column, problems) for column in ("latitude_deg", "longitude_deg")]
    where, notice = Place(0.0, 0.0), ""
    for column, value, pair in (
        ("latitude_deg", degrees[0], (degrees[0], 0.0)),
        ("longitude_deg", degrees[1], (0.0, degrees[1])),
    ):
        if value is not None:
            try:
                Place(pair[0] or 0.0, pair[1] or 0.0)
            except RefusalError as error:
                problems += [_at(name, row, column, p.rule, p.way_out) for p in error.problems]
    if degrees[0] is not None and degrees[1] is not None and not problems:
        written = f"{row.cells['latitude_deg']},{row.cells['longitude_deg']}"
        where, notice = place_at(degrees[0], degrees[1], written)
    values: dict[str, Any] = {key: row.cells[key] for key in COLUMNS if not key.endswith("_deg")}
    values["source"] = [key for key in re.split(r"[;\s]+", row.cells["source"]) if key]
    try:
        place = NamedPlace.model_validate({**values, "place": where})
    except ValidationError as error:
        faults = faults_of(error, NamedPlace, frozenset())
        problems += [_at(name, row, str(f.path[0]), f.rule, f.way_out) for f in faults]
        return None, problems, notice
    return (None if problems else place), problems, notice


def _degrees(name: str, row: Row, column: str, problems: list[Problem]) -> float | None:
    written = row.cells[column]
    if _NUMBER.fullmatch(written):
        return float(written.replace("−", "-"))
    what = "a latitude" if column.startswith("latitude") else "a longitude"
    rule = f'"{written}" is not {what}' if written else f"{what} is missing"
    way_out = "write degrees as a number with a decimal point, such as 54.5"
    if _NOT_FINITE.fullmatch(written):
        rule, way_out = f'"{written}" is not a number', "state the degrees, or leave the row out"
    problems.append(_at(name, row, column, rule, way_out))
    return None
