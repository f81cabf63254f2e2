"""Reading and writing notifications: a table (CSV or XLSX) with one fact a row, or a TOML file.

Rows with one reference are one document and stand together. Reading is lazy: a table of a million rows
is never held whole. Every bad cell is named by file, row and column, and nothing of a bad file is kept.
"""

import csv
import re
import tomllib
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Any

from .errors import InputError, Problem, RefusalError, did_you_mean
from .notification import Fact, Header, Row, check_fact, check_header, start_of, true_time, written_time

COLUMNS: Mapping[str, str] = {
    "reference": "the document's own name; rows with one reference stand together",
    "format": "the kind of notification, such as movement or update",
    "giver": "the party that gives it",
    "received": "when it was received: 2012-03-01 or 2012-03-01T14:05, Greenwich Mean Time",
    "event": "what the row says, such as departed or total",
    "true": "when it was true; data of a bare date hold at the end of that day, events begin it",
    "owner": "whose arms; the giver where empty",
    "category": "missile, launcher, bomber or warheads",
    "item": "the unique identifier",
    "type": "the type by its treaty name",
    "place": "base or facility where it is; for a departure, from where",
    "to": "for a departure: where it goes",
    "launcher": "the identifier of the launcher",
    "status": "nondeployed, deployed, in-transit, converted or eliminated",
    "count": "how many",
    "corrects": "the datum that a correction replaces: REFERENCE:LINE",
    "about": "the datum that a statement disputes or accepts: REFERENCE:LINE",
    "note": "anything a reader should know",
}
"""The columns of a table of notifications, in any order."""

REQUIRED = ("reference", "format", "giver", "received", "event", "true")
HEAD = ("reference", "format", "giver", "received")
SUFFIXES = (".csv", ".toml", ".xlsx")
LARGEST_TOML = 32_000_000
LARGEST_UNPACKED = 1_000_000_000
LONGEST_CELL = 2_000
MOST_PROBLEMS = 50
_COUNT = re.compile(r"[0-9]{1,9}", re.ASCII)

Cells = Sequence[str]


def read_notifications(path: Path, parties: tuple[str, ...]) -> Iterator[Row]:
    """The facts of a file, lazily, by its ending; raises `InputError` at its end with every problem found.

    The caller keeps nothing of a file that raises.
    """
    readers: dict[str, Callable[[Path], Iterator[tuple[int, Cells]]]] = {
        ".csv": _csv_rows, ".toml": _toml_rows, ".xlsx": _xlsx_rows,
    }  # fmt: skip
    reader = readers.get(path.suffix.lower())
    if reader is None:
        rule = f'notifications in a file "{path.suffix}" are not read'
        raise InputError(Problem(rule, "save them as .csv, .toml or .xlsx", path.name))
    if not path.is_file():
        raise InputError(Problem("there is no such file", "`detente ledger new` writes templates", path.name))
    yield from _checked(path.name, reader(path), parties)


def _checked(name: str, rows: Iterator[tuple[int, Cells]], parties: tuple[str, ...]) -> Iterator[Row]:
    """The rows with every rule applied; problems are gathered and raised at the end."""
    problems: list[Problem] = []
    header: tuple[Cells, Header] | None = None
    done: set[str] = set()
    order = {column: place for place, column in enumerate(COLUMNS)}
    head_at = [order[column] for column in HEAD]
    total = 0
    for number, cells in rows:
        total += 1
        head_cells = [cells[place] for place in head_at]
        if header is None or head_cells != header[0]:
            made, faults = _header(head_cells, parties)
            if header is not None and head_cells[0] == header[1].reference:
                rule = "the head of this row differs from the one above, under the same reference"
                faults = [Problem(rule, "give it a reference of its own, or the same head", key="reference")]
            elif made.reference in done:
                rule = f'the reference "{made.reference}" stands further up already'
                faults.append(Problem(rule, "keep the rows of a document together", key="reference"))
            done.add(made.reference)
            header = (head_cells, made)
            problems += (_placed(problem, name, number) for problem in faults)
        try:
            fact = _fact(header[1], cells)
            faults = check_fact(header[1], fact, parties)
        except RefusalError as refused:
            faults = list(refused.problems)
        if faults:
            problems += (_placed(problem, name, number) for problem in faults)
        if len(problems) >= MOST_PROBLEMS:
            more = Problem("further rows were not read", "correct these first", name, line=number)
            raise InputError([*problems[:MOST_PROBLEMS], more])
        if not problems:
            yield Row(header[1], fact, number)
    if problems:
        raise InputError(problems)
    if not total:
        raise InputError(Problem("there is no notification in this file", "add a row", name))


def _placed(problem: Problem, name: str, number: int) -> Problem:
    return Problem(problem.rule, problem.way_out, name, problem.key, number)


def _header(cells: Cells, parties: tuple[str, ...]) -> tuple[Header, list[Problem]]:
    reference, format_, giver, received = cells
    faults = []
    received_at = 0
    try:
        received_at = start_of(received)
    except RefusalError as refused:
        faults = [Problem(fault.rule, fault.way_out, key="received") for fault in refused.problems]
    made = Header(reference, format_, giver, received_at)
    return made, check_header(made, parties) + faults


def _fact(header: Header, cells: Cells) -> Fact:
    (_, _, _, _, event, true, owner, category, item, type_, place, to, launcher, status, count, corrects,
     about, note) = cells  # fmt: skip
    try:
        true_at = true_time(event, true)
    except RefusalError as refused:
        raise RefusalError(*(Problem(p.rule, p.way_out, key="true") for p in refused.problems)) from None
    if count and not _COUNT.fullmatch(count):
        raise RefusalError(Problem(f'"{count}" is not a number of items', "write digits alone", key="count"))
    if event == "warheads" and not category:
        category = "warheads"
    return Fact(
        event, owner or header.giver, true_at, category, item, type_, place, to, launcher, status,
        int(count) if count else None, corrects, about, note,
    )  # fmt: skip


def make_fact(header: Header, values: Mapping[str, str], parties: tuple[str, ...]) -> Fact:
    """A fact from texts by column, as a table would hold it. Raises `InputError`."""
    unknown = [key for key in values if key not in COLUMNS or key in HEAD]
    problems = [
        Problem(f'there is no column "{key}"', did_you_mean(key, set(COLUMNS) - set(HEAD)), key=key)
        for key in unknown
    ]
    if problems:
        raise InputError(problems)
    try:
        fact = _fact(header, tuple(values.get(column, "") for column in COLUMNS))
    except RefusalError as refused:
        raise InputError(refused.problems) from None
    faults = check_header(header, parties) + check_fact(header, fact, parties)
    if faults:
        raise InputError(faults)
    return fact


# ---------------------------------------------------------------- the three kinds of file


def _columns(name: str, names: Sequence[str]) -> list[int]:
    """For each of our columns, where it stands in the file; -1 where it does not."""
    found = [column.strip().lower() for column in names]
    wrong = [
        Problem(f'unknown column "{column}"', did_you_mean(column, COLUMNS), name, column, 1)
        for column in found
        if column and column not in COLUMNS
    ]
    wrong += [
        Problem(f'two columns "{column}"', "remove one", name, column, 1)
        for column in COLUMNS
        if found.count(column) > 1
    ]
    wrong += [
        Problem(f'the column "{column}" is missing', f"add it: {COLUMNS[column]}", name, column, 1)
        for column in REQUIRED
        if column not in found
    ]
    if wrong:
        raise InputError(wrong)
    return [found.index(column) if column in found else -1 for column in COLUMNS]


def _csv_rows(path: Path) -> Iterator[tuple[int, Cells]]:
    with path.open(encoding="utf-8-sig", newline="", errors="strict") as stream:
        reader = csv.reader(stream, strict=True)
        try:
            first = next(reader, None)
            if first is None:
                raise InputError(Problem("the file is empty", "the first row names the columns", path.name))
            places, width = _columns(path.name, first), len(first)
            for cells in reader:
                if not any(cells):
                    continue
                number = reader.line_num
                if len(cells) != width:
                    rule = f"{len(cells)} cells stand here and the table has {width} columns"
                    way_out = 'put a text with a comma in quotation marks: "a, b"'
                    raise InputError(Problem(rule, way_out, path.name, line=number))
                yield number, [cells[place].strip() if place >= 0 else "" for place in places]
        except csv.Error as error:
            rule = f"this is not a row of a CSV table: {error}"
            way_out = "close quotation marks, and double those inside a text"
            raise InputError(Problem(rule, way_out, path.name, line=reader.line_num)) from None
        except UnicodeDecodeError as error:
            rule = f"the file is not UTF-8 text (byte 0x{error.object[error.start]:02x})"
            raise InputError(Problem(rule, "save it in the encoding UTF-8", path.name)) from None


def _text(value: object) -> str:
    """A cell of TOML or XLSX as a table would write it."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        moment = value.replace(tzinfo=None)
        return moment.date().isoformat() if moment.time() == time() else moment.strftime("%Y-%m-%dT%H:%M:%S")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _xlsx_rows(path: Path) -> Iterator[tuple[int, Cells]]:
    import openpyxl

    broken = Problem("this is not an XLSX workbook", "save the table as .xlsx or .csv", path.name)
    try:
        with zipfile.ZipFile(path) as packed:
            unpacked = sum(entry.file_size for entry in packed.infolist())
    except (zipfile.BadZipFile, OSError):
        raise InputError(broken) from None
    if unpacked > LARGEST_UNPACKED:
        raise InputError(Problem("the workbook is too large unpacked", "use .csv", path.name))
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except Exception:  # noqa: BLE001 - the library raises whatever its XML parser does
        raise InputError(broken) from None
    try:
        rows = enumerate(book.worksheets[0].iter_rows(values_only=True), 1)
        _, first = next(rows, (1, ()))
        names = [_text(value) for value in first]
        while names and not names[-1]:
            names.pop()
        places = _columns(path.name, names)
        for number, cells in rows:
            texts = [_text(value) for value in cells]
            if any(texts):
                texts += [""] * (len(names) - len(texts))
                yield number, [texts[place] if place >= 0 else "" for place in places]
    finally:
        with suppress(Exception):
            book.close()


def _toml_rows(path: Path) -> Iterator[tuple[int, Cells]]:
    if path.stat().st_size > LARGEST_TOML:
        raise InputError(Problem("the file is too large for TOML", "use .csv for many rows", path.name))
    try:
        whole = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        raise InputError(Problem(f"this is not TOML: {error}", "correct it", path.name)) from None
    except UnicodeDecodeError:
        raise InputError(Problem("the file is not UTF-8 text", "save it in UTF-8", path.name)) from None
    documents = whole.pop("notification", None)
    if whole or not isinstance(documents, list):
        way_out = "write [[notification]] tables, each with its [[notification.fact]] tables"
        extra = f'unknown key "{next(iter(whole))}"' if whole else "there is no [[notification]]"
        raise InputError(Problem(extra, way_out, path.name))
    number = 0
    for document in documents:
        facts = document.pop("fact", None) if isinstance(document, dict) else None
        if not isinstance(facts, list) or not facts or not all(isinstance(fact, dict) for fact in facts):
            rule = "a notification without a fact"
            raise InputError(Problem(rule, "add [[notification.fact]]", path.name, key="fact"))
        for fact in facts:
            number += 1
            yield number, _toml_cells(path.name, {**document, **fact}, number)


def _toml_cells(name: str, values: dict[str, Any], number: int) -> Cells:
    wrong = [
        Problem(f'unknown key "{key}"', did_you_mean(key, COLUMNS), name, key, number)
        for key in values
        if key not in COLUMNS
    ]
    wrong += [
        Problem("a text, a number or a date is expected here", "write one value", name, key, number)
        for key, value in values.items()
        if isinstance(value, list | dict | bool | time)
    ]
    if wrong:
        raise InputError(wrong)
    return [_text(values.get(column)) for column in COLUMNS]


# ---------------------------------------------------------------- writing


@lru_cache(maxsize=1024)
def _count(value: int | None) -> str:
    return "" if value is None else str(value)


def as_cells(row: Row) -> tuple[str, ...]:
    """A fact under its head as the cells of a table, in the order of `COLUMNS`."""
    header, fact = row.header, row.fact
    return (
        header.reference, header.format, header.giver, written_received(header), fact.event,
        written_true(fact), fact.owner, fact.category, fact.item, fact.type, fact.place, fact.to,
        fact.launcher, fact.status, _count(fact.count), fact.corrects, fact.about, fact.note,
    )  # fmt: skip


def written_true(fact: Fact) -> str:
    """When a fact was true, written so that reading it gives the same second again."""
    shown = written_time(fact.true_at)
    return shown if true_time(fact.event, shown) == fact.true_at else _to_the_second(fact.true_at)


def written_received(header: Header) -> str:
    """When a document was received, written so that reading it gives the same second again."""
    shown = written_time(header.received_at)
    return shown if start_of(shown) == header.received_at else _to_the_second(header.received_at)


def _to_the_second(seconds: int) -> str:
    """The first or the last second of a day, which a bare date does not tell apart."""
    return f"{written_time(seconds)}T{'00:00' if seconds % 86_400 == 0 else '23:59:59'}"


def write_notifications(path: Path, rows: Iterable[Row]) -> int:
    """Write facts to a new file, .csv or .xlsx, and give their number; an existing file is refused."""
    if path.suffix.lower() == ".csv":
        count = 0
        with path.open("x", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(COLUMNS)
            for row in rows:
                writer.writerow(as_cells(row))
                count += 1
        return count
    if path.suffix.lower() == ".xlsx":
        return _write_xlsx(path, rows)
    raise InputError(
        Problem(f'notifications are not written as "{path.suffix}"', "use .csv or .xlsx", path.name)
    )


def _write_xlsx(path: Path, rows: Iterable[Row]) -> int:
    import openpyxl

    if path.exists():
        raise InputError(Problem("there is such a file already", "remove it, or choose a name", path.name))
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("notifications")
    sheet.append(list(COLUMNS))
    count = 0
    for row in rows:
        sheet.append(list(as_cells(row)))
        count += 1
    book.save(path)
    return count
