"""Reading the tables that independent programs made."""

import csv
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

HERE = Path(__file__).parent


def rows(folder: str, name: str) -> list[dict[str, str]]:
    """The rows of a table as they stand."""
    with (HERE / folder / name).open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file, strict=True))
    assert found, f"{folder}/{name} is empty"
    return found


def column(table: list[dict[str, str]], name: str) -> NDArray[np.float64]:
    """A column as numbers; NaN where the cell is empty."""
    return np.array([float(row[name]) if row[name] else np.nan for row in table])


def vectors(table: list[dict[str, str]], before: str, after: str) -> NDArray[np.float64]:
    """Three columns as vectors, (3, rows)."""
    return np.stack([column(table, f"{before}_{axis}{after}") for axis in "xyz"])
