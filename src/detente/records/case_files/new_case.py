"""Making a new case: a folder of commented files that load and run as they stand."""

import os
import shutil
import tempfile
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from detente.records.base import KEY
from detente.records.errors import InputError, Problem

from .case_folder import load_case
from .forms import CASE_FILE

TEMPLATE_ID = 'id = "template"'
"""The line of the template's case.toml that takes the name of the new case."""


def new_case(
    name: str, into: str | os.PathLike[str] = ".", template: Traversable | Path | None = None
) -> Path:
    """Make the folder `into/name` from the template and give its path.

    The folder appears whole or not at all, and nothing that is there already is touched. Raises
    `InputError` where the name is no key, the place is no folder, or something has that name.
    """
    into = Path(into)
    target = into / name
    problem = _fault(name, into, target)
    if problem:
        raise InputError(problem)
    source = template if template is not None else files("detente") / "data" / "template"
    try:
        workplace = Path(tempfile.mkdtemp(prefix=".new-case-", dir=into))
    except OSError as error:
        raise InputError(_unwritable(into, error)) from None
    try:
        draft = workplace / name
        _copy(source, draft)
        _rename_case(draft / CASE_FILE, name)
        load_case(draft)
        if os.path.lexists(target):
            raise InputError(_taken(target))
        draft.rename(target)
    except OSError as error:
        raise InputError(_unwritable(into, error)) from None
    finally:
        shutil.rmtree(workplace, ignore_errors=True)
    return target


def _fault(name: str, into: Path, target: Path) -> Problem | None:
    if not KEY.fullmatch(name):
        way_out = 'use lower-case letters, digits, "-" and "_", such as "my-case"'
        return Problem(f'"{name}" cannot be the name of a case', way_out)
    if not into.is_dir():
        return Problem("there is no such folder to make the case in", "make it first", file=str(into))
    return _taken(target) if os.path.lexists(target) else None


def _taken(target: Path) -> Problem:
    return Problem("this name is taken", "choose another name, or remove what stands there", file=str(target))


def _unwritable(into: Path, error: OSError) -> Problem:
    reason = error.strerror or str(error)
    return Problem(f"the case cannot be written here: {reason}", "choose another folder", file=str(into))


def _copy(source: Traversable | Path, target: Path) -> None:
    target.mkdir()
    for entry in source.iterdir():
        if entry.is_dir():
            _copy(entry, target / entry.name)
        else:
            (target / entry.name).write_bytes(entry.read_bytes())


def _rename_case(case_file: Path, name: str) -> None:
    text = case_file.read_text(encoding="utf-8")
    case_file.write_text(text.replace(TEMPLATE_ID, f'id = "{name}"', 1), encoding="utf-8", newline="\n")
