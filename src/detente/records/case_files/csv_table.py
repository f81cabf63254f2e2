"""Reading a CSV table with one fact a row: every cell that is wrong is named by line and column."""

import csv
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from detente.records.base import Record
from detente.records.errors import Problem, did_you_mean

from .text_files import read_text
from .wording import faults_of

_CELL = re.compile(r'\s*"(?:[^"]|"")*"[^,]*|[^,]*')

Made = TypeVar("Made", bound=Record)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table: its cells by column, and where each begins."""

    line: int
    text: str
    cells: dict[str, str]
    starts: dict[str, tuple[int, int, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a table that could be read; `complete` is false where the table itself could not."""

    name: str
    rows: tuple[Row, ...] = ()
    problems: tuple[Problem, ...] = ()
    complete: bool = True

    def problem(self, row: Row, column: str, rule: str, way_out: str) -> Problem:
        """A problem of one cell."""
        return at_cell(self.name, row, column, rule, way_out)


def read_table(path: Path, shown: str, columns: Mapping[str, str], optional: Collection[str]) -> Table:
    """The rows of a CSV file with these columns, in any order; `columns` gives the meaning of each."""
    text = read_text(path, shown)
    if isinstance(text, Problem):
        return Table(shown, problems=(text,), complete=False)
    lines = text.split("\n")
    header, wrong = _header(shown, lines[0], columns, optional)
    if wrong:
        return Table(shown, problems=tuple(wrong), complete=False)
    problems: list[Problem] = []
    rows = tuple(_rows(shown, lines, header, (problems, optional)))
    return Table(shown, rows, tuple(problems))


def make_rows(
    table: Table, model: type[Made], lists: Collection[str] = ("source",)
) -> Iterator[tuple[Row, Made | list[Problem]]]:
    """The record that each row makes, or the problems of its cells.

    Empty cells are left to the defaults of the record; cells of `lists` are split at ";".
    """
    for row in table.rows:
        values: dict[str, Any] = {}
        for column, cell in row.cells.items():
            if column in lists:
                values[column] = [part for part in re.split(r"[;\s]+", cell) if part]
            elif cell:
                values[column] = cell
        try:
            yield row, model.model_validate(values)
        except ValidationError as error:
            yield (
                row,
                [
                    table.problem(row, str(fault.path[0]) if fault.path else "", fault.rule, fault.way_out)
                    for fault in faults_of(error, model, frozenset())
                ],
            )


def _header(
    name: str, line: str, known: Mapping[str, str], optional: Collection[str]
) -> tuple[list[str], list[Problem]]:
    columns = [column.strip() for column in next(csv.reader([line]), [])]
    starts = cell_starts(line)
    separator = re.search(r"[;\t]", line)
    if len(columns) == 1 and separator:
        sign = "tabs" if separator[0] == "\t" else '";"'
        rule = f"the columns are separated by {sign}"
        way_out = "save the table with commas between the columns and a decimal point in numbers"
        return [], [Problem(rule, way_out, name, line=1, column=separator.start() + 1, text=line)]
    return columns, header_faults(name, columns, known, optional, (line, starts))


def header_faults(
    name: str,
    columns: Sequence[str],
    known: Mapping[str, str],
    optional: Collection[str],
    written: tuple[str, Sequence[int]],
) -> list[Problem]:
    """What is wrong with the names of the columns; `written` is their line and where each begins."""
    line, starts = written
    wrong = []
    for number, column in enumerate(columns):
        where = starts[number] + 1
        if not column:
            rule = f"column {number + 1} has no name"
            wrong.append(Problem(rule, "name it or remove it", name, column, 1, where, line))
        elif column not in known:
            way_out = did_you_mean(column, known)
            wrong.append(Problem(f'unknown column "{column}"', way_out, name, column, 1, where, line))
        elif column in columns[:number]:
            wrong.append(Problem(f'two columns "{column}"', "remove one", name, column, 1, where, line))
    for column, meaning in known.items():
        if column not in columns and column not in optional:
            rule = f'the column "{column}" is missing'
            wrong.append(Problem(rule, f"add it: {meaning}", name, column, 1, 1, line))
    return wrong


def _rows(
    name: str, lines: list[str], header: list[str], told: tuple[list[Problem], Collection[str]]
) -> Iterator[Row]:
    """The rows below the header; what is no row becomes a problem."""
    problems, optional = told
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
        named = dict.fromkeys(optional, "") | {c: cell.strip() for c, cell in zip(header, cells, strict=True)}
        starts = {c: _where(text, first, start) for c, start in zip(header, cell_starts(text), strict=False)}
        yield Row(first, lines[first - 1], named, starts)


def cell_starts(text: str) -> list[int]:
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


def at_cell(name: str, row: Row, column: str, rule: str, way_out: str) -> Problem:
    """A problem at a cell of a row; at the row's beginning where the column is not in the table."""
    line, start, text = row.starts.get(column, (row.line, 1, row.text))
    return Problem(rule, way_out, name, column, line, start, text)
