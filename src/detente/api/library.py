"""Cases: find, load, check, make; their sources and the published form of their files."""

from importlib.resources import files
from pathlib import Path
from typing import Any

from detente.records.base import Record
from detente.records.case import Case
from detente.records.case_files import check_case, load_case, new_case
from detente.records.errors import InputError, Problem, did_you_mean
from detente.records.schemas import schema as published_schema
from detente.records.schemas import schema_names
from detente.studies.catalog import RULES


class CaseSummary(Record):
    """A shipped case in one row."""

    id: str
    title: str
    question: str
    positions: int
    claims: int


def _shipped() -> Path:
    return Path(str(files("detente") / "data" / "cases"))


def folder_of(case: str | Path) -> Path:
    """The folder of a case: a path, or the name of a shipped case. Raises `InputError`."""
    path = Path(case)
    shipped = _shipped() / str(case)
    known_name = len(path.parts) == 1 and shipped.is_dir()
    if path.is_dir() and not (known_name and not (path / "case.toml").is_file()):
        return path  # a force or treaty of the same name beside us does not hide a shipped case
    if known_name:
        return shipped
    known = [folder.name for folder in _shipped().iterdir() if folder.is_dir()]
    way_out = f"{did_you_mean(str(case), known)} or give the path of a case folder"
    raise InputError(Problem(f'there is no case "{case}"', way_out))


def is_case(name: str | Path) -> bool:
    """Whether a path is the folder of a case, or a name that of a shipped one."""
    path = Path(name)
    if path.is_dir():
        return (path / "case.toml").is_file()
    return len(path.parts) == 1 and (_shipped() / str(name)).is_dir()


def load(case: str | Path | Case) -> Case:
    """A case from its folder or by its shipped name. Raises `InputError` with every problem found."""
    return case if isinstance(case, Case) else load_case(folder_of(case), RULES)


def cases() -> tuple[CaseSummary, ...]:
    """The shipped cases."""
    loaded = [load(folder) for folder in sorted(_shipped().iterdir()) if (folder / "case.toml").is_file()]
    return tuple(
        CaseSummary(
            id=case.id,
            title=case.title,
            question=case.question,
            positions=len(case.positions),
            claims=len(case.claims),
        )
        for case in loaded
    )


def check(case: str | Path) -> tuple[Problem, ...]:
    """Every problem of a case folder; empty where there is none."""
    return check_case(folder_of(case), RULES)


def new(name: str, into: Path | str = ".") -> Path:
    """Make a case folder with commented files that already run, and give its path."""
    return new_case(name, Path(into))


def schemas() -> tuple[str, ...]:
    """The kinds of file that have a published schema."""
    return schema_names()


def schema(name: str) -> dict[str, Any]:
    """The JSON Schema of a kind of file. Raises `InputError` for an unknown kind."""
    if name not in schema_names():
        raise InputError(Problem(f'there is no schema "{name}"', did_you_mean(name, schema_names())))
    return published_schema(name)


def sources(case: str | Path | Case | None = None) -> list[dict[str, Any]]:
    """The sources of a case, or of every shipped case: one row a source, with who has read it."""
    wanted = [load(case)] if case is not None else [load(summary.id) for summary in cases()]
    rows = []
    for found in wanted:
        used = _uses(found)
        for key, source in sorted(found.sources.items()):
            rows.append(
                {"case": found.id, "key": key}
                | source.model_dump(mode="json")
                | {"was_read": source.was_read, "used_by": sorted(used.get(key, ()))}
            )
    return rows


def _uses(case: Case) -> dict[str, set[str]]:
    used: dict[str, set[str]] = {}
    for position in case.positions.values():
        for name, figure in position.figures.items():
            for key in figure.source:
                used.setdefault(key, set()).add(f"{position.id}: {name}")
    for claim in case.claims:
        for statement in claim.said:
            used.setdefault(statement.source, set()).add(f"claim {claim.id}")
    for place in case.places:
        for key in place.source:
            used.setdefault(key, set()).add(f"place {place.id}")
    return used
