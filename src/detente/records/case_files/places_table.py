"""Reading the table of places: a CSV file with one place a row, every bad cell named by row and column."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from detente.records.case import NamedPlace
from detente.records.errors import Problem, RefusalError
from detente.records.places import Place, place_at

from .csv_table import Row, at_cell, read_table
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
_NUMBER = re.compile(r"[-+−]?[0-9]+(\.[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?(nan|inf|infinity|n/?a|null|none)", re.IGNORECASE)


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
        return at_cell(self.name, row, column, rule, way_out)


def read_places(path: Path, shown: str) -> PlacesTable:
    """Read the table of places; a row that is wrong is left out and its problems are listed."""
    table = read_table(path, shown, COLUMNS, _OPTIONAL)
    if not table.complete:
        return PlacesTable(shown, problems=table.problems, complete=False)
    problems: list[Problem] = []
    notices: list[str] = []
    made: list[NamedPlace] = []
    rows: list[Row] = []
    first_lines: dict[str, int] = {}
    for row in table.rows:
        name = row.cells["id"]
        if name and name in first_lines:
            rule = f'two places with one id "{name}", in lines {first_lines[name]} and {row.line}'
            problems.append(at_cell(shown, row, "id", rule, "rename or remove one of the two"))
        first_lines.setdefault(name, row.line)
        place, faults, notice = _place(shown, row)
        problems += faults
        if place is not None:
            made.append(place)
            rows.append(row)
        if notice:
            notices.append(f"{shown}, line {row.line}: {notice}")
    return PlacesTable(
        shown,
        tuple(made),
        tuple(rows),
        (*table.problems, *problems),
        tuple(notices),
        frozenset(first_lines),
    )


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
                problems += [at_cell(name, row, column, p.rule, p.way_out) for p in error.problems]
    if degrees[0] is not None and degrees[1] is not None and not problems:
        written = f"{row.cells['latitude_deg']},{row.cells['longitude_deg']}"
        where, notice = place_at(degrees[0], degrees[1], written)
    values: dict[str, Any] = {key: row.cells[key] for key in COLUMNS if not key.endswith("_deg")}
    values["source"] = [key for key in re.split(r"[;\s]+", row.cells["source"]) if key]
    try:
        place = NamedPlace.model_validate({**values, "place": where})
    except ValidationError as error:
        faults = faults_of(error, NamedPlace, frozenset())
        problems += [at_cell(name, row, str(f.path[0]), f.rule, f.way_out) for f in faults]
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
    problems.append(at_cell(name, row, column, rule, way_out))
    return None
