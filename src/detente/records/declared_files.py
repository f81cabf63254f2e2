"""Reading a declaration from a table or a TOML file: which sites, and which entries at each.

A table (CSV or XLSX) has a column `site`; every other column is a field. All cells are texts, exactly as they
stand, and an empty cell is a field that the entry does not have. A TOML file has one table `[[entry]]` for
each entry, with the key `site`, and may state `title`, `party` and `as_of`, which are public at the outset.
"""

import csv
import io
import tomllib
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from .errors import InputError, Problem, did_you_mean

LARGEST_BYTES = 32_000_000
LARGEST_UNPACKED = 200_000_000
MOST_PROBLEMS = 50
SITE = "site"
PUBLIC = ("title", "party", "as_of")
FORMATS = (".csv", ".toml", ".xlsx")


@dataclass(frozen=True, slots=True)
class Declared:
    """Entries by site in the order of the file, and what is public."""

    sites: dict[str, list[dict[str, Any]]]
    public: dict[str, str] = field(default_factory=dict)


def read_declared(path: Path) -> Declared:
    """Read a declaration by the ending of its file; raises `InputError` with every problem found."""
    shown = path.name
    suffix = path.suffix.lower()
    if suffix not in FORMATS:
        raise InputError(
            Problem(
                "a declaration is a CSV, TOML or XLSX file", f"save it as {', '.join(FORMATS)}", file=shown
            )
        )
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise InputError(
            Problem(f"the file cannot be read: {error.strerror}", "check its name", file=shown)
        ) from None
    if len(content) > LARGEST_BYTES:
        raise InputError(
            Problem(
                f"the file is larger than {LARGEST_BYTES // 1_000_000} MB",
                "seal it as several declarations",
                file=shown,
            )
        )
    if suffix == ".xlsx":
        return _from_table(_sheet_rows(content, shown), shown)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InputError(
            Problem("the file is not UTF-8 text", "save it in the encoding UTF-8", file=shown, line=line)
        ) from None
    return _from_toml(text, shown) if suffix == ".toml" else _from_table(_csv_rows(text, shown), shown)


def _csv_rows(text: str, shown: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for row in reader:
            yield reader.line_num, row
    except csv.Error as error:
        raise InputError(
            Problem(
                f"the table cannot be read: {error}",
                "check its quotation marks",
                file=shown,
                line=reader.line_num,
            )
        ) from None


def _sheet_rows(content: bytes, shown: str) -> Iterator[tuple[int, list[str]]]:
    """The rows of the first sheet, every cell as the text that it stands for."""
    import openpyxl

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
        if unpacked > LARGEST_UNPACKED:
            raise InputError(Problem(f"the file would unpack to {unpacked // 1_000_000} MB", file=shown))
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        for number, cells in enumerate(sheet.iter_rows(values_only=True), 1):
            yield number, [_cell(value, shown, number, column) for column, value in enumerate(cells, 1)]
    except (zipfile.BadZipFile, KeyError, ValueError, IndexError, OSError) as error:
        raise InputError(
            Problem(f"this is not a workbook: {error}", "save it again as XLSX", file=shown)
        ) from None


def _cell(value: Any, shown: str, line: int, column: int) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, float) and len(repr(value).replace(".", "").strip("-0")) > 15:
        raise InputError(
            Problem(
                f"{value!r} is more digits than anybody wrote: the workbook rounds in binary",
                "give the cell the format Text and write the number again",
                file=shown,
                line=line,
                column=column,
            )
        )
    return str(value)


def _from_table(rows: Iterator[tuple[int, list[str]]], shown: str) -> Declared:
    problems: list[Problem] = []
    header = _header(rows, shown)
    at = header.index(SITE)
    sites: dict[str, list[dict[str, Any]]] = {}
    for line, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > len(header) and any(cell.strip() for cell in cells[len(header) :]):
            rule = f"the row has {len(cells)} cells and the header {len(header)}"
            problems.append(
                Problem(rule, "put a cell with a comma in quotation marks", file=shown, line=line)
            )
        elif at >= len(cells) or not cells[at].strip():
            problems.append(
                Problem("the row names no site", "fill in its cell", file=shown, line=line, key=SITE)
            )
        else:
            entry = {name: cell for name, cell in zip(header, cells, strict=False) if cell != ""}
            name = entry.pop(SITE).strip()
            sites.setdefault(name, []).extend([entry] if entry else [])
        if len(problems) >= MOST_PROBLEMS:
            break
    return _checked(sites, {}, problems, shown)


def _header(rows: Iterator[tuple[int, list[str]]], shown: str) -> list[str]:
    line, cells = next(((line, cells) for line, cells in rows if any(cells)), (1, []))
    header = [cell.strip() for cell in cells]
    while header and not header[-1]:
        header.pop()
    if SITE not in header:
        way_out = did_you_mean(SITE, header) if header else "the first row names the columns"
        if len(header) == 1 and ";" in header[0]:
            way_out = "separate the cells by commas, not by semicolons"
        raise InputError(Problem('there is no column "site"', way_out, file=shown, line=line, key=SITE))
    twice = sorted({name for name in header if header.count(name) > 1})
    if twice or "" in header:
        rule = f'the column "{twice[0]}" stands twice' if twice else "a column has no name"
        raise InputError(Problem(rule, "give every column a name of its own", file=shown, line=line))
    return header


def _from_toml(text: str, shown: str) -> Declared:
    try:
        content = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise InputError(Problem(f"the file is not TOML: {error}", file=shown)) from None
    problems = [
        Problem(f'unknown key "{key}"', did_you_mean(key, ("entry", *PUBLIC)), file=shown, key=key)
        for key in content
        if key not in {"entry", *PUBLIC}
    ]
    public: dict[str, str] = {}
    for key in PUBLIC:
        value = content.get(key, "")
        public[key] = value.isoformat() if isinstance(value, date) else value
        if not isinstance(public[key], str):
            problems.append(Problem("this must be a text", "put it in quotation marks", file=shown, key=key))
    entries = content.get("entry", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise InputError(Problem("entries are tables", "begin each with [[entry]]", file=shown, key="entry"))
    sites: dict[str, list[dict[str, Any]]] = {}
    for number, entry in enumerate(entries, 1):
        key = f"entry[{number}]"
        name = entry.pop(SITE, None)
        if not isinstance(name, str) or not name.strip():
            problems.append(Problem("the entry names no site", 'site = "NAME"', file=shown, key=key))
            continue
        made = {field: _value(value, f"{key}.{field}", shown, problems) for field, value in entry.items()}
        sites.setdefault(name.strip(), []).extend([made] if made else [])
    return _checked(
        sites, {key: text for key, text in public.items() if text}, problems[:MOST_PROBLEMS], shown
    )


def _value(value: Any, key: str, shown: str, problems: list[Problem]) -> Any:
    """A value of TOML as JSON has it; a float has no exact decimal value and is refused."""
    if isinstance(value, float):
        rule = f"{value!r} is a floating-point number, which has no exact value"
        problems.append(Problem(rule, f'write it as a text: "{value!r}"', file=shown, key=key))
    elif isinstance(value, int) and not isinstance(value, bool) and abs(value) > 2**53 - 1:
        problems.append(Problem(f"{value} is beyond 2**53 - 1", "write it as a text", file=shown, key=key))
    elif isinstance(value, datetime | date | time):
        return value.isoformat()
    elif isinstance(value, list):
        return [_value(entry, f"{key}[{n}]", shown, problems) for n, entry in enumerate(value)]
    elif isinstance(value, dict):
        return {name: _value(entry, f"{key}.{name}", shown, problems) for name, entry in value.items()}
    return value


def _checked(
    sites: dict[str, list[dict[str, Any]]], public: dict[str, str], problems: Sequence[Problem], shown: str
) -> Declared:
    if problems:
        raise InputError(problems)
    if not sites:
        raise InputError(Problem("the file declares nothing", "add a row for each entry", file=shown))
    return Declared(sites, public)
