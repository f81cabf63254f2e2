"""What is wrong with an input, where it stands, which rule it breaks and the ways out."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

_WIDTH = 120


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
            lines += _with_caret(self.text, self.column)
        if self.way_out:
            lines.append(f"  way out: {self.way_out}")
        return "\n".join(_printable(line) for line in lines)

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


def _with_caret(text: str, column: int) -> list[str]:
    """The line and a caret under the column; a long line is cut around it."""
    start = max(0, column - 1 - _WIDTH // 2) if len(text) > _WIDTH else 0
    shown = text[start : start + _WIDTH]
    margin = "".join("\t" if letter == "\t" else " " for letter in shown[: column - 1 - start])
    before = "…" if start else ""
    after = "…" if start + _WIDTH < len(text) else ""
    return [f"  {before}{shown}{after}", f"  {' ' * len(before)}{margin}^"]


def _printable(line: str) -> str:
    """A quoted file may hold anything: control characters must not reach a terminal."""
    return "".join(
        letter if letter.isprintable() or letter == "\t" else "\N{REPLACEMENT CHARACTER}" for letter in line
    )


class InputError(DetenteError):
    """An input that breaks one or more rules; `problems` lists every one that was found."""

    def __init__(self, problems: Iterable[Problem] | Problem | str) -> None:
        if isinstance(problems, str):
            problems = Problem(problems)
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class RefusalError(ValueError):
    """A value that breaks one or more rules; the key of each problem is relative to the record."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__("; ".join(one_line(problem) for problem in problems))


def refusal(rule: str, way_out: str = "", key: str = "") -> RefusalError:
    """The refusal of one value for one reason."""
    return RefusalError(Problem(rule, way_out, key=key))


def one_line(problem: Problem) -> str:
    """Rule and way out without the place."""
    return f"{problem.rule}: {problem.way_out}" if problem.way_out else problem.rule


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """'did you mean "x"?' for a near miss, otherwise the list of what is known."""
    names = sorted(known)
    close = nearest(word, names)
    if close:
        return f'did you mean "{close}"?'
    return f"use one of: {', '.join(names)}" if names else "nothing is defined here yet"


def nearest(word: str, known: Iterable[str]) -> str:
    """The known name that a word most likely stands for; empty where none is near."""
    names = sorted(known)
    close = get_close_matches(word, names, n=1, cutoff=0.6)
    if close:
        return close[0]
    folded = {name.casefold(): name for name in reversed(names)}
    close = get_close_matches(word.casefold(), folded, n=1, cutoff=0.6)
    return folded[close[0]] if close else ""
