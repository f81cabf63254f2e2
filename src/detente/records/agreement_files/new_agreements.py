"""Making a new force or treaty: a folder of commented files that load and run as they stand."""

import os
from pathlib import Path

from detente.records.case_files.new_case import Kind, new_folder

from .folders import shipped
from .force_folder import FORCE_FILE, load_force
from .treaty_folder import TREATY_FILE, load_treaty


def new_force(name: str, into: str | os.PathLike[str] = ".") -> Path:
    """Make the folder `into/name` of a force from the template and give its path. Raises `InputError`."""
    return new_folder(name, Path(into), shipped("template-force"), Kind("force", FORCE_FILE, load_force))


def new_treaty(name: str, into: str | os.PathLike[str] = ".") -> Path:
    """Make the folder `into/name` of a treaty from the template and give its path. Raises `InputError`."""
    return new_folder(name, Path(into), shipped("template-treaty"), Kind("treaty", TREATY_FILE, load_treaty))
