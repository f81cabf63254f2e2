"""Forces as tables of a spreadsheet: one CSV file of rows, or a workbook with a sheet for each table.

A workbook has sheets named holdings, totals, types and bases with the columns of the CSV files, and may have
others named force (a key and its value a row), gaps, and sources (a row a source, with its key).
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from pydantic import ValidationError

from detente.records.base import KEY, Record
from detente.records.case_files.csv_table import Row, Table, header_faults, read_table
from detente.records.case_files.wording import faults_of
from detente.records.errors import InputError, Problem, did_you_mean
from detente.records.force import Force, ForceParty, Gap, Holding, Total
from detente.records.source import Source

from .folders import at_row, columns_of, optional_of, read_sources, records_of, support
from .force_folder import TABLES, Read, assemble, shared_types

Cell = str | int | float | None
Sheets = Mapping[str, tuple[Sequence[str], Sequence[Sequence[Cell]]]]
"""Tables by their names: the columns, and the cells of each row."""


def force_from_table(path: Path) -> Force:
    """The force that a CSV file of holdings or totals, or a workbook, holds. Raises `InputError`.

    Parties are those that the rows name. Sources of a CSV file stand in a sources.toml beside it.
    """
    return _from_csv(path) if path.suffix == ".csv" else _from_workbook(path)


def _from_csv(path: Path) -> Force:
    problems: list[Problem] = []
    sources, wrong = read_sources(path.parent)
    problems += wrong
    with path.open(encoding="utf-8-sig", errors="replace") as lines:
        first = next(csv.reader([lines.readline()]), [])
    name = "totals" if "quantity" in [column.strip() for column in first] else "holdings"
    model = TABLES[name]
    table = read_table(path, path.name, columns_of(model), optional_of(model))
    problems += table.problems
    tables: dict[str, Read] = {key: ([], Table(path.name)) for key in TABLES}
    tables[name] = (records_of(table, model, problems), table)
    return assemble(_head(path, tables, {}, problems), tables, sources, problems)


def _from_workbook(path: Path) -> Force:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, BadZipFile, OSError, KeyError, ValueError) as error:
        way_out = "save it as an .xlsx workbook, or as CSV"
        raise InputError(Problem(f"this is not a workbook: {error}", way_out, str(path))) from None
    try:
        sheets = {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}
    finally:
        book.close()
    problems: list[Problem] = []
    known = [*TABLES, "gaps", "force", "sources"]
    for title in sheets:
        if title not in known:
            rule = f'there is no place for a sheet "{title}"'
            problems.append(Problem(rule, did_you_mean(title, known), path.name, title))
    tables: dict[str, Read] = {}
    for name, model in TABLES.items():
        shown = f"{path.name}, sheet {name}"
        table = _sheet(shown, sheets.get(name, []), columns_of(model), optional_of(model))
        problems += table.problems
        tables[name] = (records_of(table, model, problems), table)
    sources = _sources(path, sheets.get("sources", []), problems)
    given = {_text(row[0]): _text(row[1]) for row in sheets.get("force", [])[1:] if len(row) > 1}
    head = _head(path, tables, given, problems)
    shown = f"{path.name}, sheet gaps"
    table = _sheet(shown, sheets.get("gaps", []), columns_of(Gap), optional_of(Gap))
    problems += table.problems
    gaps = []
    for row, gap in records_of(table, Gap, problems):
        problems += support(gap, shared_types()[1] | sources, at_row(table, row))
        gaps.append(gap)
    return assemble(
        head.model_copy(update={"gaps": tuple(gaps)}) if head is not None else None, tables, sources, problems
    )


def _head(
    path: Path, tables: Mapping[str, Read], given: Mapping[str, str], problems: list[Problem]
) -> Force | None:
    """The head of a force whose rows name its parties; a workbook may give title, note and the rest."""
    stated = [made for rows, _ in tables.values() for _, made in rows if isinstance(made, Holding | Total)]
    parties = dict.fromkeys(made.party for made in stated)
    stem = re.sub(r"[^a-z0-9_-]+", "-", path.stem.lower()).strip("-_")
    values: dict[str, Any] = {"id": stem if KEY.fullmatch(stem) else "force", "title": path.stem}
    values |= {key: text for key, text in given.items() if key and text and not key.startswith("party ")}
    names = {key.removeprefix("party "): text for key, text in given.items() if key.startswith("party ")}
    values["parties"] = [ForceParty(id=party, name=names.get(party) or party) for party in parties]
    if isinstance(values.get("treaties"), str):
        values["treaties"] = [name for name in re.split(r"[;\s]+", values["treaties"]) if name]
    values["cumulative"] = values.get("cumulative") == "yes"
    try:
        return Force.model_validate(values)
    except ValidationError as error:
        hidden = frozenset({"holdings", "totals", "types", "bases", "sources", "notices"})
        for fault in faults_of(error, Force, hidden):
            key = ".".join(str(part) for part in fault.path)
            problems.append(Problem(fault.rule, fault.way_out, f"{path.name}, sheet force", key))
        return None


def _sheet(
    shown: str, cells: Sequence[Sequence[Any]], columns: Mapping[str, str], optional: Iterable[str]
) -> Table:
    """A sheet as a table; line and column of a problem are those of the cell."""
    if not cells:
        return Table(shown)
    header = [_text(cell) for cell in cells[0]]
    while header and not header[-1]:
        header.pop()
    optional = frozenset(optional)
    wrong = header_faults(shown, header, columns, optional, ("", list(range(len(header)))))
    if wrong:
        return Table(shown, problems=tuple(wrong), complete=False)
    rows = []
    for line, given in enumerate(cells[1:], 2):
        texts = [_text(cell) for cell in given[: len(header)]]
        if any(texts):
            texts += [""] * (len(header) - len(texts))
            named = dict.fromkeys(optional, "") | dict(zip(header, texts, strict=True))
            starts = {column: (line, number + 1, "") for number, column in enumerate(header)}
            rows.append(Row(line, "", named, starts))
    return Table(shown, tuple(rows))


def _text(cell: object) -> str:
    """A cell as a CSV file writes it."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _sources(path: Path, cells: Sequence[Sequence[Any]], problems: list[Problem]) -> dict[str, Source]:
    shown = f"{path.name}, sheet sources"
    columns = {"key": "the key that rows name"} | columns_of(Source)
    table = _sheet(shown, cells, columns, optional_of(Source))
    problems += table.problems
    made: dict[str, Source] = {}
    for row in table.rows:
        values: dict[str, Any] = {name: text for name, text in row.cells.items() if text and name != "key"}
        if "author" in values:
            values["author"] = [author.strip() for author in values["author"].split(";")]
        try:
            made[row.cells["key"]] = Source.model_validate(values)
        except ValidationError as error:
            for fault in faults_of(error, Source, frozenset()):
                column = str(fault.path[0]) if fault.path else "key"
                problems.append(table.problem(row, column, fault.rule, fault.way_out))
    return made


def write_force(force: Force, path: Path) -> Path:
    """The force as a workbook (.xlsx), or its holdings, otherwise its totals, as a CSV file.

    A workbook read again gives the same force. Raises `InputError` for another ending.
    """
    sheets = force_sheets(force)
    if path.suffix == ".csv":
        name = "holdings" if force.holdings else "totals"
        return write_sheets({name: sheets[name]}, path)
    return write_sheets(sheets, path)


def force_sheets(force: Force) -> Sheets:
    """Every table of a force, the sources that its rows name, and its head."""
    used_types = {holding.type for holding in force.holdings}
    types = tuple(found for found in force.types if found.type in used_types)
    tables: dict[str, tuple[Record, ...]] = {
        "holdings": force.holdings, "totals": force.totals, "types": types, "bases": force.bases,
    }  # fmt: skip
    made: dict[str, tuple[Sequence[str], Sequence[Sequence[Cell]]]] = {}
    made["force"] = (("key", "value"), _keys(force))
    for name, records in (*tables.items(), ("gaps", force.gaps)):
        columns = tuple(columns_of(TABLES.get(name, Gap)))
        made[name] = (columns, [[_cell(getattr(record, column)) for column in columns] for record in records])
    columns = ("key", *columns_of(Source))
    rows = [[key, *(_cell(getattr(s, column)) for column in columns[1:])] for key, s in force.sources.items()]
    made["sources"] = (columns, rows)
    return made


def _keys(force: Force) -> list[list[Cell]]:
    head: list[list[Cell]] = [
        ["id", force.id], ["title", force.title], ["note", force.note], ["as_of", force.as_of],
        ["treaties", "; ".join(force.treaties)], ["cumulative", "yes" if force.cumulative else "no"],
    ]  # fmt: skip
    return head + [[f"party {party.id}", party.name] for party in force.parties]


def _cell(value: object) -> Cell:
    if isinstance(value, tuple):
        return "; ".join(str(part) for part in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, int | float) or value is None else str(value)


def write_sheets(sheets: Sheets, path: Path) -> Path:
    """Tables as one workbook (.xlsx), or the first of them as a CSV file. Raises `InputError` otherwise."""
    if path.suffix == ".csv":
        columns, rows = next(iter(sheets.values()))
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
        path.write_text(text.getvalue(), encoding="utf-8", newline="\n")
        return path
    if path.suffix != ".xlsx":
        raise InputError(Problem(f'"{path.name}" has no known ending', "end it in .csv or .xlsx", str(path)))
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    book.remove(book.worksheets[0])
    for name, (columns, rows) in sheets.items():
        sheet = book.create_sheet(name)
        sheet.append(list(columns))
        for row in rows:
            sheet.append(list(row))
        sheet.freeze_panes = "A2"
        for cell in sheet[1]:
            cell.font = Font(bold=True)
    book.save(path)
    return path
