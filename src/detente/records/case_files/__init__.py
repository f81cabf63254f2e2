"""The files: case folders, places, errata and their schemas, read with the place of every fault."""

from .case_folder import check_case, load_case
from .rules import Finding, Rules

__all__ = ["Finding", "Rules", "check_case", "load_case"]
