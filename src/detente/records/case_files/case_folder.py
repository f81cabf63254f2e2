"""Reading a case from its folder: every problem of every file in one run, or the case."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from detente.records.case import Case, Party
from detente.records.claim import Claim
from detente.records.errors import InputError, Problem, did_you_mean
from detente.records.position import Position
from detente.records.source import Source

from .agreement_page import read_agreement
from .crosschecks import Parts, crosschecks
from .forms import CASE_FILE, CLAIMS_FILE, POSITIONS_FOLDER, SOURCES_FILE
from .making import Maker, make_claims, make_position, make_sources, tables
from .places_table import PlacesTable, read_places
from .rules import NoRules, Rules
from .toml_file import TomlFile, read_toml

NO_RULES = NoRules()


def load_case(folder: str | os.PathLike[str], rules: Rules = NO_RULES) -> Case:
    """The case that a folder holds; nothing in the folder is changed.

    `rules` are those of the studies, which know parameters, bounds and outputs. Raises `InputError`
    that lists every problem of every file with its line and column.
    """
    case, problems = _read_case(Path(folder), rules)
    if case is None:
        raise InputError(problems)
    return case


def check_case(folder: str | os.PathLike[str], rules: Rules = NO_RULES) -> tuple[Problem, ...]:
    """Every problem of every file of a case, in the order of files and lines; empty where all is well."""
    return _read_case(Path(folder), rules)[1]


@dataclass(frozen=True, slots=True)
class _Records:
    """What was made of the files, complete only where there are no problems."""

    parties: list[Party]
    positions: dict[str, Position]
    claims: list[Claim]
    sources: dict[str, Source]
    places: PlacesTable


def _read_case(folder: Path, rules: Rules) -> tuple[Case | None, tuple[Problem, ...]]:
    try:
        fault = _folder_fault(folder)
        return (None, (fault,)) if fault else _read_folder(folder, rules)
    except OSError as error:
        rule = f"the folder cannot be read: {error.strerror or error}"
        shown = str(error.filename or folder)
        return None, (Problem(rule, "check its name and its permissions", file=shown),)


def _read_folder(folder: Path, rules: Rules) -> tuple[Case | None, tuple[Problem, ...]]:
    case_file = read_toml(folder / CASE_FILE, CASE_FILE, "case")
    if case_file.values is None and not os.path.lexists(folder / CASE_FILE):
        rule = f"this folder is no case: {CASE_FILE} is not in it"
        return None, (Problem(rule, _like(folder, CASE_FILE), file=str(folder)),)
    makers: list[Maker] = []
    position_files, problems = _position_files(folder)
    made_positions: dict[str, Position] = {}
    for stem, file in position_files.items():
        position, maker = make_position(file, stem, rules)
        makers.append(maker)
        if position is not None:
            made_positions[stem] = position
    claims, claims_maker = make_claims(read_toml(folder / CLAIMS_FILE, CLAIMS_FILE, "claims"), rules)
    sources, sources_maker = make_sources(read_toml(folder / SOURCES_FILE, SOURCES_FILE, "sources"), rules)
    case_maker = Maker(case_file, rules)
    places = _places(folder, case_maker)
    parties = [
        party
        for number, values in tables(case_maker, "parties")
        if (party := case_maker.record(Party, values, ("parties", number)))
    ]
    agreement, agreement_maker = read_agreement(folder, {party.id for party in parties}, set(sources))
    makers = [case_maker, *makers, claims_maker, sources_maker, agreement_maker]
    records = _Records(parties, made_positions, claims, sources, places)
    head = _head(case_maker, records)
    parts = Parts(case_file, position_files, claims_maker.file, sources_maker.file, places, sources)
    problems += [problem for maker in makers for problem in maker.problems]
    problems += [*places.problems, *crosschecks(parts)]
    if problems or head is None:
        return None, _in_order(problems)
    notices = [*places.notices, *(notice for maker in makers for notice in maker.notices)]
    more = {"agreement": agreement, "folder": str(folder.resolve()), "notices": tuple(notices)}
    return head.model_copy(update=more), ()


def _folder_fault(folder: Path) -> Problem | None:
    """What keeps a path from being the folder of a case."""
    if folder.is_dir():
        return None
    shown = str(folder)
    if not os.path.lexists(folder):
        parent = folder.parent
        names = [found.name for found in parent.iterdir() if found.is_dir()] if parent.is_dir() else []
        hint = did_you_mean(folder.name, names)
        way_out = hint if hint.startswith("did") else "name a folder; `detente new NAME` makes one"
        return Problem("there is no such folder", way_out, file=shown)
    if folder.is_file():
        way_out = "name the folder that holds it"
        return Problem("a case is a folder of files, and this is a file", way_out, file=shown)
    return Problem("this is not a folder that can be opened", "check where the link leads", file=shown)


def _like(folder: Path, wanted: str) -> str:
    hint = did_you_mean(wanted, [found.name for found in folder.iterdir()])
    return hint if hint.startswith("did") else f"add {wanted}; `detente new NAME` shows what it looks like"


def _position_files(folder: Path) -> tuple[dict[str, TomlFile], list[Problem]]:
    """The files of positions by name, in the order of their names."""
    positions = folder / POSITIONS_FOLDER
    if not positions.is_dir():
        way_out = _like(folder, POSITIONS_FOLDER)
        return {}, [Problem("there is no folder of positions", way_out, file=POSITIONS_FOLDER)]
    found = sorted(path for path in positions.iterdir() if path.suffix == ".toml" and path.name[0] != ".")
    if not found:
        way_out = "add a file NAME.toml for each position"
        return {}, [Problem("there is no position in this folder", way_out, file=POSITIONS_FOLDER)]
    files = {path.stem: read_toml(path, f"{POSITIONS_FOLDER}/{path.name}", "position") for path in found}
    return files, []


def _places(folder: Path, maker: Maker) -> PlacesTable:
    """The table that case.toml names; a case without a table has no places."""
    name = (maker.file.values or {}).get("places")
    if maker.file.values is None:
        return PlacesTable("", complete=False)
    if name is None:
        if (folder / "places.csv").exists():
            maker.refuse((), "places.csv stands here and is not named", 'add places = "places.csv"')
        return PlacesTable("places.csv")
    if not isinstance(name, str) or Path(name).name != name or not name.endswith(".csv"):
        maker.refuse(("places",), "places names a CSV file of this folder", 'write places = "places.csv"')
        return PlacesTable("", complete=False)
    if not os.path.lexists(folder / name):
        maker.refuse(("places",), f'there is no file "{name}" in this folder', _like(folder, name))
        return PlacesTable(name, complete=False)
    return read_places(folder / name, name)


def _head(maker: Maker, records: _Records) -> Case | None:
    """The case with what was made of the other files; its own keys are checked here."""
    if maker.file.values is None:
        return None
    values: dict[str, Any] = {key: value for key, value in maker.file.values.items() if key != "places"}
    if isinstance(values.get("parties"), list):
        values["parties"] = records.parties
    case = maker.record(Case, values, ())
    if case is None:
        return None
    others: dict[str, Any] = {
        "places": records.places.places,
        "positions": records.positions,
        "claims": tuple(records.claims),
        "sources": records.sources,
    }
    return case.model_copy(update=others)


def _in_order(problems: list[Problem]) -> tuple[Problem, ...]:
    """Each problem once, by file and line."""
    return tuple(
        sorted(dict.fromkeys(problems), key=lambda p: (p.file, p.line or 0, p.column or 0, p.key, p.rule))
    )
