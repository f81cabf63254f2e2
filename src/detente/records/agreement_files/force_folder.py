"""Reading a force from its folder: every problem of every table in one run, or the force."""

import os
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from detente.records.case_files.csv_table import Row, Table
from detente.records.errors import InputError, Problem, did_you_mean
from detente.records.force import ArmType, Base, Force, Holding, Total
from detente.records.source import Source

from .folders import (
    at_row,
    at_table,
    find,
    in_order,
    read_head,
    read_records,
    read_sources,
    shipped,
    shipped_names,
    support,
    with_id,
)

FORCE_FILE = "force.toml"
TABLES: dict[str, type[Holding | Total | ArmType | Base]] = {
    "holdings": Holding,
    "totals": Total,
    "types": ArmType,
    "bases": Base,
}
"""The tables of a force, each in a CSV file of this name or on a sheet of a workbook."""


def shipped_forces() -> tuple[str, ...]:
    """The names of the forces that come with the program."""
    return shipped_names("forces", FORCE_FILE)


def load_force(force: str | os.PathLike[str] | Force) -> Force:
    """A force from its folder, from a table (.csv or .xlsx), or by its shipped name.

    Raises `InputError` that lists every problem of every file with its line and column.
    """
    if isinstance(force, Force):
        return force
    path = find(force, "forces", FORCE_FILE, (".csv", ".xlsx"))
    if path.is_file():
        from .workbooks import force_from_table

        return force_from_table(path)
    return read_force(path)


Read = tuple[list[tuple[Row, Holding | Total | ArmType | Base]], Table]
"""The rows of one table, each with where it stands, and the table itself."""


def read_force(folder: Path) -> Force:
    """The force that a folder holds. Raises `InputError`."""
    maker = read_head(folder, FORCE_FILE, "force")
    problems: list[Problem] = []
    sources, wrong = read_sources(folder)
    problems += wrong
    tables: dict[str, Read] = {
        name: read_records(folder, f"{name}.csv", model, problems) for name, model in TABLES.items()
    }
    values = with_id(folder, dict(maker.file.values or {}))
    head = maker.record(Force, values, ()) if maker.file.values is not None else None
    problems += maker.problems
    everything = shared_types()[1] | sources
    for number, gap in enumerate(head.gaps if head is not None else ()):
        problems += support(gap, everything, at_table(maker.file, ("gaps", number)))
    return assemble(head, tables, sources, problems)


def assemble(
    head: Force | None, tables: dict[str, Read], sources: dict[str, Source], problems: list[Problem]
) -> Force:
    """A force from its head and tables, every name checked. Raises `InputError` with every problem."""
    common_types, common_sources = shared_types()
    own = tuple(made for _, made in tables["types"][0] if isinstance(made, ArmType))
    named = {made.type for made in own}
    types = own + tuple(found for found in common_types if found.type not in named)
    everything = common_sources | sources
    problems += crosschecks(tables, types, everything, [p.id for p in head.parties] if head else None)
    if problems or head is None:
        raise InputError(in_order(problems))
    content = {name: tuple(made for _, made in rows) for name, (rows, _) in tables.items()}
    return head.model_copy(update=content | {"types": types, "sources": everything})


@cache
def shared_types() -> tuple[tuple[ArmType, ...], dict[str, Source]]:
    """The types that every force may name without describing them, and their sources."""
    folder = shipped("forces")
    problems: list[Problem] = []
    rows, table = read_records(folder, "types.csv", ArmType, problems)
    sources, wrong = read_sources(folder)
    problems += wrong
    for row, made in rows:
        problems += support(made, sources, at_row(table, row))
    if problems:
        raise InputError(in_order(problems))
    return tuple(made for _, made in rows), sources


def crosschecks(
    tables: dict[str, Read],
    types: tuple[ArmType, ...],
    sources: dict[str, Source],
    parties: list[str] | None,
) -> Iterator[Problem]:
    """Every name that is used and stands nowhere, and every row that stands twice."""
    bases = {row.cells["id"] for row in tables["bases"][1].rows}  # also those that are refused
    described = {row.cells["type"] for row in tables["types"][1].rows}
    for rows, table in tables.values():
        seen: dict[tuple[str, ...], int] = {}
        for row, made in rows:
            say = at_row(table, row)
            yield from support(made, sources, say)
            if parties is not None and isinstance(made, Holding | Total) and made.party not in parties:
                way_out = did_you_mean(made.party, parties)
                yield say("party", f'there is no party "{made.party}" in {FORCE_FILE}', way_out)
            if isinstance(made, Holding):
                yield from _names(made, types, (bases, described), say)
            if isinstance(made, Base) and made.area and made.area not in bases:
                yield say("area", f'there is no base "{made.area}"', did_you_mean(made.area, bases))
            key = _identity(made)
            if key in seen:
                rule = f"this row says the same thing as line {seen[key]}: {', '.join(filter(None, key))}"
                yield say(next(iter(row.cells)), rule, "remove one of the two, or say in what they differ")
            seen.setdefault(key, row.line)


def _names(
    made: Holding,
    types: tuple[ArmType, ...],
    known: tuple[set[str], set[str]],
    say: Callable[[str, str, str], Problem],
) -> Iterator[Problem]:
    """The type and the base of a holding stand somewhere."""
    bases, described = known
    fitting = (found.type == made.type and found.party in {made.party, ""} for found in types)
    if made.type not in described and not any(fitting):
        near = did_you_mean(made.type, {found.type for found in types})
        way_out = f"{near} or add a row for it to types.csv"
        yield say("type", f'there is no type "{made.type}" of {made.party}', way_out)
    if made.base and made.base not in bases:
        yield say("base", f'there is no base "{made.base}"', did_you_mean(made.base, bases))


def _identity(made: Holding | Total | ArmType | Base) -> tuple[str, ...]:
    if isinstance(made, Holding):
        return (made.party, made.date, made.basis, made.by, made.type, made.base, made.held_as)
    if isinstance(made, Total):
        return (made.party, made.date, made.basis, made.by, made.rule, made.quantity, made.reading)
    return (made.type, made.party) if isinstance(made, ArmType) else (made.id,)
