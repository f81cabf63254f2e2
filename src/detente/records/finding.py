"""A finding: the answer to one question on verification, with tables, conventions and limits."""

from typing import Any

from pydantic import Field

from .base import Names, Record
from .outcome import Column


class Table(Record):
    """A named table of a finding: its columns with units, and one row a case, nothing lost."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[dict[str, Any], ...]

    def to_frame(self) -> Any:
        """The rows as a pandas DataFrame, units in its attributes."""
        import pandas as pd

        frame = pd.DataFrame(list(self.rows), columns=[column.name for column in self.columns])
        frame.attrs["units"] = {column.name: column.unit for column in self.columns}
        return frame


class Finding(Record):
    """What came out: values by name, a sentence that says it, tables, and what must be known beside it."""

    question: str
    sentence: str
    values: dict[str, Any] = Field(default_factory=dict)
    tables: tuple[Table, ...] = ()
    conventions: Names = ()
    limits: Names = ()
    notices: Names = ()

    def __getitem__(self, name: str) -> Any:
        """A value by its name, or the rows of a table. KeyError where there is neither."""
        return self.as_rows()[name]

    def table(self, name: str) -> Table:
        """One table by name; KeyError where there is none."""
        for table in self.tables:
            if table.name == name:
                return table
        raise KeyError(name)

    def as_rows(self) -> dict[str, Any]:
        """The finding as JSON holds it: values and tables by name, units, sentence, conventions, limits."""
        units = {table.name: {column.name: column.unit for column in table.columns} for table in self.tables}
        return (
            {"question": self.question, "sentence": self.sentence}
            | self.values
            | {table.name: list(table.rows) for table in self.tables}
            | ({"units": units} if units else {})
            | {
                "conventions": list(self.conventions),
                "limits": list(self.limits),
                "notices": list(self.notices),
            }
        )
