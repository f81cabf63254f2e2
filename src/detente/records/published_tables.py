"""Reading the tables of published values: CSV files of one value a row, and the cases of the crux."""

import csv
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from .case_files.making import make_sources
from .case_files.rules import NoRules
from .case_files.toml_file import read_toml
from .errors import InputError, Problem, RefusalError
from .published import Published
from .source import Source

CRUX_CASES = "crux-cases.json"
SOURCES = "sources.toml"


def load_published(folder: Path) -> dict[str, tuple[Published, ...]]:
    """Every published value by the name of its table. Raises `InputError` with every row that is wrong."""
    problems: list[Problem] = []
    tables: dict[str, tuple[Published, ...]] = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            tables[path.stem] = tuple(_made(path.name, csv.DictReader(file, strict=True), problems))
    crux = folder / CRUX_CASES
    tables[crux.stem] = tuple(_crux_rows(json.loads(crux.read_text(encoding="utf-8"))))
    ids = [row.id for rows in tables.values() for row in rows]
    twice = sorted({name for name in ids if ids.count(name) > 1})
    problems += [Problem(f'two published values with one id "{n}"', "rename one", key=n) for n in twice]
    if problems:
        raise InputError(problems)
    return tables


def load_published_sources(folder: Path) -> dict[str, Source]:
    """The sources of the published values. Raises `InputError` with every problem of the file."""
    made, maker = make_sources(read_toml(folder / SOURCES, SOURCES, "sources"), NoRules())
    if maker.problems:
        raise InputError(maker.problems)
    return made


def _made(
    name: str, rows: Iterator[dict[str | Any, str | Any]], problems: list[Problem]
) -> Iterator[Published]:
    for line, row in enumerate(rows, 2):
        try:
            made = Published.model_validate(row)
            _ = made.allowed  # a tolerance that cannot be read is found here
        except ValidationError as error:
            first = error.errors()[0]
            key = ".".join(str(part) for part in first["loc"])
            way_out = f"columns: {', '.join(Published.model_fields)}"
            problems.append(Problem(first["msg"], way_out, name, key, line))
        except RefusalError as error:
            problems += [Problem(p.rule, p.way_out, name, p.key, line) for p in error.problems]
        else:
            yield made


def _crux_rows(document: Mapping[str, Any]) -> Iterator[Published]:
    """One row for each result of a case that is a number or a list of numbers."""
    for case in document["cases"]:
        for name, expected in case["expect"].items():
            numbers = expected if isinstance(expected, list) else [expected]
            if not numbers or not all(type(number) in {int, float} for number in numbers):
                continue  # sets of assumptions and words are tested, not scored
            largest = max(1.0, *(abs(number) for number in numbers))
            yield Published(
                id=f"{case['id'].lower()}-{name.lower()}",
                case=f"{case['id']} {case['title']}",
                what=f"{name} of {case['what']}".replace("_", " "),
                measure="crux-case",
                inputs=f"case={case['id']}; result={name}; given={json.dumps(case['inputs'])}",
                value="; ".join(f"{float(number)!r}" for number in numbers),
                tolerance=f"{case['tolerance'] * largest:.6e}",
                source="crux-cases",
                status="computed",
                note=case["source"],
            )
