"""Forces as tables of a spreadsheet: one CSV file of holdings, or a workbook with a sheet for each table."""

from pathlib import Path

from detente.records.force import Force


def force_from_table(path: Path) -> Force:
    """The force that a CSV file or a workbook holds. Raises `InputError`."""
    raise NotImplementedError(path)
