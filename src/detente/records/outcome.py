"""An outcome: what a study gives under one position, one row a question, nothing lost."""

from typing import Any, Literal

from .base import Names, Record

Verdict = Literal["ruled out in this model", "indeterminate", "not ruled out"]
"""What a model of this fidelity may say of a claim or a row: never that anything "defends"."""

UPPER_BOUND = (
    "Kinematic reach is an upper bound on defense: detection, discrimination, reliability and "
    "countermeasures are not in it."
)


class Column(Record):
    """A column of an outcome: its unit and what it means."""

    name: str
    unit: str
    meaning: str


class Outcome(Record):
    """Rows of a study under one position, with conventions, notices and the digest of what went in."""

    study: str
    case: str
    position: str
    columns: tuple[Column, ...]
    rows: tuple[dict[str, Any], ...]
    conventions: Names = ()
    notices: Names = ()
    caveat: str = UPPER_BOUND
    digest: str

    def row(self, launch: str, aim: str) -> dict[str, Any]:
        """The row of one launch area and sample point; KeyError where there is none."""
        for row in self.rows:
            if row["launch"] == launch and row["aim"] == aim:
                return row
        raise KeyError((launch, aim))

    def to_frame(self) -> Any:
        """The rows as a pandas DataFrame, units in its attributes."""
        import pandas as pd

        frame = pd.DataFrame(list(self.rows), columns=[column.name for column in self.columns])
        frame.attrs["units"] = {column.name: column.unit for column in self.columns}
        return frame
