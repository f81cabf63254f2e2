"""What is wrong with an input, where it stands, which rule it breaks and the ways out."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


class DetenteError(Exception):
    """Any refusal by this project; the message is meant for the person who gave the input."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of one input: file, key, rule broken and way out; line and column count from 1."""

    rule: str
    way_out: str = ""
    file: str = ""
    key: str = ""
    line: int | None = None
    column: int | None = None
    text: str = ""

    def __str__(self) -> str:
        where = ":".join(str(part) for part in (self.file, self.line, self.column) if part)
        head = f"{where}: {self.rule}" if where else self.rule
        if self.key:
            head = f"{head} (key: {self.key})"
        lines = [head]
        if self.text and self.column:
            lines += [f"  {self.text}", "  " + " " * (self.column - 1) + "^"]
        if self.way_out:
            lines.append(f"  way out: {self.way_out}")
        return "\n".join(lines)

    def as_row(self) -> dict[str, str | int | None]:
        """The same as a row of JSON."""
        return {
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "key": self.key,
            "rule": self.rule,
            "way_out": self.way_out,
        }


class InputError(DetenteError):
    """An input that breaks one or more rules; `problems` lists every one that was found."""

    def __init__(self, problems: Iterable[Problem] | Problem | str) -> None:
        if isinstance(problems, str):
            problems = Problem(problems)
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """'did you mean "x"?' for a near miss, otherwise the list of what is known."""
    names = sorted(known)
    close = get_close_matches(word, names, n=1, cutoff=0.6)
    if close:
        return f'did you mean "{close[0]}"?'
    return f"use one of: {', '.join(names)}" if names else "nothing is defined here yet"
