"""Reading a TOML file with the place of every key, and saying what is wrong with its writing."""

import math
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any, Literal

from detente.records.errors import Problem

from .text_files import read_text
from .toml_spots import Path, Spots, Twice, spots_of

_AT = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_SCHEMA = re.compile(r"#:schema\s+(\S+)")

_PLAIN = (
    ("Invalid value", "there is no TOML value here", 'write a text in quotation marks, such as "6.3 km/s"'),
    ("Expected '='", "a key without = and a value", 'write KEY = "value"'),
    (
        "Invalid statement",
        "this is neither a key nor a [table]",
        'write KEY = "value"; a remark begins with #',
    ),
    (
        "Invalid initial character for a key",
        "this is not a key",
        "quote a key that has other signs than a-z, 0-9, - and _",
    ),
    ("Unterminated string", "the text does not end", "close the quotation marks"),
    ("Unescaped '\\", 'a "\\" that means nothing', "write \\\\ for one, or use single quotation marks"),
    ("Illegal character", "a character that may not stand here", "close the quotation marks, or remove it"),
    (
        "Expected newline or end of document",
        "something follows the value",
        "put a text in quotation marks, one key in a line",
    ),
    ("Unclosed array", "the list does not end", "close it with ]"),
    ("Unclosed inline table", "the table does not end", "close it with }"),
    ('Expected "\'"', "the text does not end", "close the quotation marks"),
    ("Expected ']'", "the name of the table does not end", "close it with ]"),
    ("Cannot overwrite a value", "this key has a value already", "remove one of the two"),
    (
        "Cannot declare",
        "this table was given before",
        "remove one of the two, or write [[...]] for a list of tables",
    ),
    ("Cannot mutate immutable", "this table was closed before", "write all its keys in one place"),
    ("Duplicate inline table key", "this key is given twice", "remove one of the two"),
    ("Invalid date or datetime", "this is no date of the calendar", "correct it"),
)


@dataclass(frozen=True, slots=True)
class TomlFile:
    """What a file says: `values` as TOML gives them, None where the writing is wrong."""

    name: str
    values: dict[str, Any] | None
    problems: tuple[Problem, ...] = ()
    lines: list[str] = field(default_factory=list)
    spots: Spots = field(default_factory=Spots)

    def problem(
        self, path: Path, rule: str, way_out: str = "", at: Literal["key", "value"] = "value"
    ) -> Problem:
        """A problem of this file at a key or its value, with the line that a reader should look at."""
        spot = self.spots.of(path)
        line, column = spot.key if at == "key" else spot.value
        return at_line(self.name, self.lines, line, column, rule, way_out, shown_path(path))

    def has(self, path: Path) -> bool:
        """Whether the path stands in the text."""
        return path in self.spots.by_path


def at_line(
    name: str, lines: list[str], line: int, column: int, rule: str, way_out: str, key: str = ""
) -> Problem:
    """A problem at a line and column of a text, with that line's text."""
    text = lines[line - 1] if line <= len(lines) else ""
    return Problem(rule, way_out, file=name, key=key, line=line, column=column, text=text)


def shown_path(path: Path) -> str:
    """A path as a person reads it: claims[2].said[1].source, counted from 1."""
    text = ""
    for part in path:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}"
    return text.removeprefix(".")


def read_toml(path: FilePath, shown: str, form: str) -> TomlFile:
    """Read a file of a case; `form` is what its first line may name, such as "position"."""
    text = read_text(path, shown)
    if isinstance(text, Problem):
        return TomlFile(shown, None, (text,))
    lines = text.split("\n")
    try:
        spots = spots_of(text)
        wrong = [_given_twice(shown, lines, twice) for twice in spots.twice]
        values = tomllib.loads(_without(text, spots.twice))
    except RecursionError:
        deep = Problem("lists or tables stand too deep inside each other", "flatten them", file=shown)
        return TomlFile(shown, None, (deep,), lines)
    except tomllib.TOMLDecodeError as error:
        faults = wrong or [_writing(shown, lines, str(error))]
        return TomlFile(shown, None, tuple(faults), lines, spots)
    found = TomlFile(shown, values, (), lines, spots)
    wrong += [*_schema_line(found, form), *_not_finite(found, values, ())]
    return TomlFile(shown, values, tuple(wrong), lines, spots)


def _without(text: str, twice: list[Twice]) -> str:
    """The text with what is given a second time blanked, so that all the rest can still be read."""
    content = bytearray(text.encode())
    for found in twice:
        content[found.start : found.end] = re.sub(rb"[^\n]", b" ", content[found.start : found.end])
    return content.decode()


def _given_twice(name: str, lines: list[str], twice: Twice) -> Problem:
    key = str(twice.path[-1])
    what = f'the key "{key}" is given twice'
    if len(twice.path) == 2 and twice.path[0] in {"sources", "figures"}:
        what = f'two {twice.path[0]} with one key "{key}"'
    rule = f"{what}, in lines {twice.first[0]} and {twice.second[0]}"
    line, column = twice.second
    return at_line(name, lines, line, column, rule, "rename or remove one of the two", shown_path(twice.path))


def _writing(name: str, lines: list[str], message: str) -> Problem:
    """What keeps a text from being TOML, in plain words."""
    found = _AT.search(message)
    reason = message[: found.start()] if found else message
    line, column = len(lines), len(lines[-1]) + 1
    if found and found[1]:
        line, column = int(found[1]), int(found[2])
    elif not lines[-1] and len(lines) > 1:
        line, column = len(lines) - 1, len(lines[-2]) + 1
    if found and not found[1] and reason.startswith(("Unterminated", "Expected \"'")):
        line, column = _last_opening(lines) or (line, column)
    rule, way_out = next(
        ((rule, way) for start, rule, way in _PLAIN if reason.startswith(start)),
        (reason[:1].lower() + reason[1:], "see toml.io for how TOML is written"),
    )
    return at_line(name, lines, line, column, rule, way_out)


def _last_opening(lines: list[str]) -> tuple[int, int] | None:
    """Where the last text of several lines opens: its end is missing at the end of the file."""
    text = "\n".join(lines)
    open_marks = [mark for mark in ('"""', "'''") if text.count(mark) % 2]
    if not open_marks:
        return None
    before = text[: max(text.rfind(mark) for mark in open_marks)]
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def _schema_line(file: TomlFile, form: str) -> Iterator[Problem]:
    """The first line may name the schema; a wrong name means a file in the wrong place."""
    found = _SCHEMA.match(file.lines[0])
    wanted = f"detente/{form}/1"
    if found and found[1] != wanted:
        rule = f'this file is read as "{wanted}" and calls itself "{found[1]}"'
        way_out = f"write #:schema {wanted}, or move the file to where it belongs"
        yield at_line(file.name, file.lines, 1, found.start(1) + 1, rule, way_out)


def _not_finite(file: TomlFile, value: object, path: Path) -> Iterator[Problem]:
    if isinstance(value, float) and not math.isfinite(value):
        yield file.problem(path, f"{value} is not a number", "state a number, or leave the key out")
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _not_finite(file, inner, (*path, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _not_finite(file, inner, (*path, number))
