"""Finding a folder by its name or path, and what every folder of an agreement is checked for."""

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any, Protocol, TypeVar

from detente.records.base import Record
from detente.records.case_files.csv_table import Row, Table, make_rows, read_table
from detente.records.case_files.making import Maker, make_sources
from detente.records.case_files.rules import NoRules
from detente.records.case_files.toml_file import TomlFile, read_toml
from detente.records.errors import InputError, Problem, did_you_mean
from detente.records.source import Source

Made = TypeVar("Made", bound=Record)
SOURCES_FILE = "sources.toml"
HIDDEN_COLUMNS = frozenset({"line"})


class Supported(Protocol):
    """A record with a status and the keys of its sources."""

    @property
    def status(self) -> str: ...
    @property
    def source(self) -> tuple[str, ...]: ...


def shipped(kind: str) -> Path:
    """The folder in which forces or treaties are shipped."""
    return Path(str(files("detente") / "data" / kind))


def shipped_names(kind: str, head: str) -> tuple[str, ...]:
    """The names of the shipped forces or treaties, in order."""
    folder = shipped(kind)
    if not folder.is_dir():
        return ()
    return tuple(sorted(found.name for found in folder.iterdir() if (found / head).is_file()))


def find(name: str | os.PathLike[str], kind: str, head: str, suffixes: Collection[str] = ()) -> Path:
    """A folder or table by its path, or a shipped folder by its name. Raises `InputError`."""
    path = Path(name)
    if path.is_dir() or (path.suffix in suffixes and path.is_file()):
        return path
    known = shipped_names(kind, head)
    if str(name) in known:
        return shipped(kind) / str(name)
    what = kind.removesuffix("s") if kind == "forces" else "treaty"
    way_out = f"{did_you_mean(str(name), known)} or give the path of a folder with {head}"
    raise InputError(Problem(f'there is no {what} "{name}"', way_out))


def read_head(folder: Path, head: str, form: str) -> Maker:
    """The main file of a folder. Raises `InputError` where it is not there."""
    if not os.path.lexists(folder / head):
        way_out = f"add {head}; `detente new-{form} NAME` shows what it looks like"
        raise InputError(Problem(f"this folder is no {form}: {head} is not in it", way_out, file=str(folder)))
    return Maker(read_toml(folder / head, head, form), NoRules())


def read_sources(folder: Path) -> tuple[dict[str, Source], list[Problem]]:
    """The sources of a folder; none where it has no such file."""
    if not (folder / SOURCES_FILE).exists():
        return {}, []
    made, maker = make_sources(read_toml(folder / SOURCES_FILE, SOURCES_FILE, "sources"), NoRules())
    return made, maker.problems


def columns_of(model: type[Record]) -> dict[str, str]:
    """The columns of a table of records, with their meanings."""
    return {
        name: field.description or ""
        for name, field in model.model_fields.items()
        if name not in HIDDEN_COLUMNS
    }


def optional_of(model: type[Record]) -> frozenset[str]:
    """The columns that a table of records may leave out."""
    return frozenset(
        name
        for name, field in model.model_fields.items()
        if not field.is_required() and name not in HIDDEN_COLUMNS
    )


def read_records(
    folder: Path, name: str, model: type[Made], problems: list[Problem]
) -> tuple[list[tuple[Row, Made]], Table]:
    """The rows of a table as records, each with where it stands; an absent table has none."""
    if not (folder / name).exists():
        return [], Table(name)
    table = read_table(folder / name, name, columns_of(model), optional_of(model))
    problems += table.problems
    return records_of(table, model, problems), table


def records_of(table: Table, model: type[Made], problems: list[Problem]) -> list[tuple[Row, Made]]:
    """The rows of a table that was read, as records; what is wrong becomes problems."""
    kept: list[tuple[Row, Made]] = []
    for row, made in make_rows(table, model):
        if isinstance(made, list):
            problems += made
        elif "line" in model.model_fields:
            kept.append((row, made.model_copy(update={"line": row.line})))
        else:
            kept.append((row, made))
    return kept


def support(
    record: Supported, sources: Mapping[str, Source], say: Callable[[str, str, str], Problem]
) -> Iterator[Problem]:
    """Sources that stand nowhere, and a status "read" for what nobody read; `say` places a problem."""
    for key in record.source:
        if key not in sources:
            yield say("source", f'there is no source "{key}"', did_you_mean(key, sources))
    found = [sources[key] for key in record.source if key in sources]
    if record.status == "read" and found and not any(source.was_read for source in found):
        how = ", ".join(f'"{key}": {sources[key].read}' for key in record.source if key in sources)
        rule = f'status "read", and no source of it was read ({how})'
        yield say("status", rule, 'say status = "secondary" or "unverified", or read the source')


def at_row(table: Table, row: Row) -> Callable[[str, str, str], Problem]:
    """A function that places a problem at a column of a row."""
    return lambda column, rule, way_out: table.problem(row, column, rule, way_out)


def at_table(file: TomlFile, path: tuple[str | int, ...]) -> Callable[[str, str, str], Problem]:
    """A function that places a problem at a key of a TOML table."""
    return lambda key, rule, way_out: file.problem((*path, key), rule, way_out)


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Each problem once, by file and line."""
    return tuple(
        sorted(dict.fromkeys(problems), key=lambda p: (p.file, p.line or 0, p.column or 0, p.key, p.rule))
    )


def with_id(folder: Path, values: dict[str, Any]) -> dict[str, Any]:
    """The values of a main file; its id is the name of the folder where it gives none."""
    return {"id": folder.resolve().name, **values}
