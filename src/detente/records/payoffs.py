"""A game that a user wrote down: who chooses among what, and what each pair of choices is worth to whom."""

import csv
import io
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, ValidationError, model_validator

from .base import Names, Record
from .case_files.making import Maker
from .case_files.rules import NoRules
from .case_files.text_files import read_text
from .case_files.toml_file import read_toml
from .errors import InputError, Problem, RefusalError, refusal

MOST_CHOICES = 200


def _as_number(value: object) -> Fraction:
    if isinstance(value, Fraction):
        return value
    try:
        return Fraction(str(value).strip())
    except (ValueError, ZeroDivisionError):
        raise refusal(f'"{value}" is not a number', "write 1, -0.5 or 2/3") from None


def _as_matrix(value: object) -> object:
    if not isinstance(value, list | tuple):
        return value
    return tuple(
        tuple(_as_number(cell) for cell in row) if isinstance(row, list | tuple) else row for row in value
    )


Matrix = Annotated[
    tuple[tuple[Fraction, ...], ...],
    BeforeValidator(_as_matrix, json_schema_input_type=list[list[float | str]]),
]


class PayoffTable(Record):
    """A game of two sides in one table; without `column_payoffs` what one gains the other loses."""

    title: str = Field(default="", description="what the game is about")
    row_player: str = Field(default="row player", description="who chooses a row")
    column_player: str = Field(default="column player", description="who chooses a column")
    rows: Names = Field(description="the choices of the row player")
    columns: Names = Field(description="the choices of the column player")
    payoffs: Matrix = Field(description="what each pair of choices is worth to the row player, row by row")
    column_payoffs: Matrix | None = Field(default=None, description="the same for the column player")
    note: str = Field(default="", description="whose payoffs these are, and what a reader should know")

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if not self.rows or not self.columns:
            raise RefusalError(Problem("a game needs a row and a column", "name the choices", key="rows"))
        if max(len(self.rows), len(self.columns)) > MOST_CHOICES:
            raise RefusalError(Problem(f"more than {MOST_CHOICES} choices", "leave some out", key="rows"))
        for key in ("payoffs", "column_payoffs"):
            matrix = getattr(self, key)
            if matrix is None:
                continue
            shape = {len(row) for row in matrix}
            if len(matrix) != len(self.rows) or shape != {len(self.columns)}:
                wanted = f"{len(self.rows)} rows of {len(self.columns)} numbers"
                raise RefusalError(
                    Problem(f"{key} is not {wanted}", "give one number a pair of choices", key=key)
                )
        return self

    @property
    def zero_sum(self) -> bool:
        """Whether what one side gains the other loses, in every cell."""
        theirs = self.column_payoffs
        return theirs is None or all(
            a == -b
            for mine, other in zip(self.payoffs, theirs, strict=True)
            for a, b in zip(mine, other, strict=True)
        )

    @property
    def theirs(self) -> tuple[tuple[Fraction, ...], ...]:
        """The column player's payoffs, written or implied."""
        return self.column_payoffs or tuple(tuple(-cell for cell in row) for row in self.payoffs)


def read_payoffs(path: Path) -> PayoffTable:
    """A game from a TOML file, or from a CSV table.

    In the CSV the first row names the columns, the first column the rows; a cell is the row player's
    payoff, or both payoffs with a semicolon between. Raises `InputError` with file, line, key and way
    out.
    """
    if path.suffix.lower() == ".toml":
        file = read_toml(path, path.name, "game")
        if file.values is None:
            raise InputError(file.problems)
        maker = Maker(file, NoRules())
        made = maker.record(PayoffTable, file.values, ())
        if made is None or maker.problems:
            raise InputError(maker.problems)
        return made
    text = read_text(path, path.name)
    if isinstance(text, Problem):
        raise InputError(text)
    return _from_csv(text, path.name)


def _from_csv(text: str, name: str) -> PayoffTable:
    lines = [row for row in csv.reader(io.StringIO(text)) if any(cell.strip() for cell in row)]
    if len(lines) < 2 or len(lines[0]) < 2:
        way_out = "first row: a corner and the columns' names; then one row a choice, its name first"
        raise InputError(Problem("this is no table of payoffs", way_out, file=name, line=1))
    head = [cell.strip() for cell in lines[0][1:]]
    mine: list[list[Fraction]] = []
    theirs: list[list[Fraction]] = []
    problems: list[Problem] = []
    for number, row in enumerate(lines[1:], 2):
        cells = row[1:]
        if len(cells) != len(head):
            rule = f"{len(cells)} payoffs for {len(head)} columns"
            problems.append(Problem(rule, "give one a column", file=name, line=number, key=row[0]))
            continue
        pairs = [cell.split(";") for cell in cells]
        for column, pair in zip(head, pairs, strict=True):
            for part in pair:
                try:
                    _as_number(part)
                except RefusalError as fault:
                    found = fault.problems[0]
                    problems.append(Problem(found.rule, found.way_out, file=name, line=number, key=column))
            if len(pair) > 2:
                rule = f'"{";".join(pair)}" holds more than two payoffs'
                problems.append(Problem(rule, 'write "1; -1"', file=name, line=number, key=column))
        if not problems:
            mine.append([_as_number(pair[0]) for pair in pairs])
            theirs.append([_as_number(pair[1]) for pair in pairs if len(pair) == 2])
    given = {len(row) for row in theirs}
    if not problems and given not in ({0}, {len(head)}):
        rule = "some cells hold one payoff and some two"
        problems.append(Problem(rule, "give both payoffs in every cell, or one in every cell", file=name))
    if problems:
        raise InputError(problems)
    try:
        return PayoffTable(
            rows=tuple(row[0].strip() for row in lines[1:]),
            columns=tuple(head),
            payoffs=tuple(tuple(row) for row in mine),
            column_payoffs=tuple(tuple(row) for row in theirs) if given == {len(head)} else None,
        )
    except ValidationError as fault:
        reasons = [error.get("ctx", {}).get("error") for error in fault.errors()]
        refused = [
            found for reason in reasons if isinstance(reason, RefusalError) for found in reason.problems
        ]
        raise InputError([Problem(found.rule, found.way_out, file=name) for found in refused]) from None
