"""Making a new case: a folder of commented files that load and run as they stand."""

import os
import shutil
import tempfile
from collections.abc import Callable
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import NamedTuple

from detente.records.base import KEY
from detente.records.errors import InputError, Problem

from .case_folder import load_case
from .forms import CASE_FILE

TEMPLATE_ID = 'id = "template"'
"""The line of a template's main file that takes the name of what is made."""


def new_case(
    name: str, into: str | os.PathLike[str] = ".", template: Traversable | Path | None = None
) -> Path:
    """Make the folder `into/name` from the template and give its path.

    The folder appears whole or not at all, and nothing that is there already is touched. Raises
    `InputError` where the name is no key, the place is no folder, or something has that name.
    """
    source = template if template is not None else files("detente") / "data" / "template"
    return new_folder(name, Path(into), source, Kind("case", CASE_FILE, load_case))


class Kind(NamedTuple):
    """What a folder is to be: its word, the file that holds its id, and what loads it."""

    word: str
    head: str
    load: Callable[[Path], object]


def new_folder(name: str, into: Path, source: Traversable | Path, kind: Kind) -> Path:
    """Make the folder `into/name` from a template that loads as it stands. Raises `InputError`."""
    target = into / name
    problem = _fault(name, into, target, kind)
    if problem:
        raise InputError(problem)
    try:
        workplace = Path(tempfile.mkdtemp(prefix=".new-", dir=into))
    except OSError as error:
        raise InputError(_unwritable(into, error, kind)) from None
    try:
        draft = workplace / name
        _copy(source, draft)
        _rename(draft / kind.head, name)
        kind.load(draft)
        if os.path.lexists(target):
            raise InputError(_taken(target))
        draft.rename(target)
    except OSError as error:
        raise InputError(_unwritable(into, error, kind)) from None
    finally:
        shutil.rmtree(workplace, ignore_errors=True)
    return target


def _fault(name: str, into: Path, target: Path, kind: Kind) -> Problem | None:
    if not KEY.fullmatch(name):
        way_out = 'use lower-case letters, digits, "-" and "_", such as "my-' + f'{kind.word}"'
        return Problem(f'"{name}" cannot be the name of a {kind.word}', way_out)
    if not into.is_dir():
        return Problem(f"there is no such folder to make the {kind.word} in", "make it first", file=str(into))
    return _taken(target) if os.path.lexists(target) else None


def _taken(target: Path) -> Problem:
    return Problem("this name is taken", "choose another name, or remove what stands there", file=str(target))


def _unwritable(into: Path, error: OSError, kind: Kind) -> Problem:
    reason = error.strerror or str(error)
    return Problem(
        f"the {kind.word} cannot be written here: {reason}", "choose another folder", file=str(into)
    )


def _copy(source: Traversable | Path, target: Path) -> None:
    target.mkdir()
    for entry in source.iterdir():
        if entry.is_dir():
            _copy(entry, target / entry.name)
        else:
            (target / entry.name).write_bytes(entry.read_bytes())


def _rename(head: Path, name: str) -> None:
    text = head.read_text(encoding="utf-8")
    head.write_text(text.replace(TEMPLATE_ID, f'id = "{name}"', 1), encoding="utf-8", newline="\n")
