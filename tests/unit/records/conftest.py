"""A fresh small case for each test."""

from pathlib import Path

import pytest

from tests.unit.records.small_case import write_case


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The small case, whole and right, in a folder of its own."""
    return write_case(tmp_path / "small")
