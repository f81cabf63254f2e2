"""The files: case folders, places and errata, read with the place of every fault, and new cases."""

from .case_folder import check_case, load_case
from .errata_file import load_errata
from .new_case import new_case
from .rules import Finding, Rules

__all__ = ["Finding", "Rules", "check_case", "load_case", "load_errata", "new_case"]
