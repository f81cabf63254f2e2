"""The files of agreements: folders of forces and treaties, tables in CSV and XLSX, new ones to start from."""

from .force_folder import load_force, shipped_forces
from .treaty_folder import load_treaty, shipped_treaties

__all__ = ["load_force", "load_treaty", "shipped_forces", "shipped_treaties"]
