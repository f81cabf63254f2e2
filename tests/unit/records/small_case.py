"""A small invented case as texts, and a way to plant one fault in it and say where the caret must stand."""

from dataclasses import dataclass
from pathlib import Path

from detente.records.case_files import check_case
from detente.records.errors import Problem
from detente.studies.catalog import RULES

CARET = "⟦"
"""Marks the place of the caret in a planted text; the mark itself is not written."""

FILES = {
    "case.toml": """\
#:schema detente/case/1
id = "small"
title = "A small case"
question = "Does the site reach?"
default_between = ["first", "second"]
lead_claim = "reaches"
places = "places.csv"

[[parties]]
id = "a"
name = "Party A"

[[parties]]
id = "b"
name = "Party B"
""",
    "places.csv": """\
id,name,kind,latitude_deg,longitude_deg,country,status,source,note
area,Area,launch-area,-35.0,-140.0,,read,book,
point,Point,sample-point,-45.0,-95.0,,unverified,,"open ocean, invented"
""",
    "claims.toml": """\
#:schema detente/claims/1
[[claims]]
id = "reaches"
by = "a"

[[claims.said]]
words = "it reaches"
speaker = "somebody"
source = "book"

[claims.read_as]
study = "reach"
output = "margin_km_s"
launches = ["area"]
aims = ["point"]
quantifier = "any"

[[claims]]
id = "reaches-not"
by = "Somebody Else"
denies = "reaches"
""",
    "sources.toml": """\
#:schema detente/sources/1
[sources.book]
type = "book"
read = "primary text"

[sources.rumor]
type = "news"
read = "not read"
""",
    "positions/first.toml": """\
#:schema detente/position/1
id = "first"
holder = "Party A"
party = "a"

[figures.interceptor_speed]
value = "6.3 km/s"
date = "2007-05"
source = "book"
status = "read"

[figures.commit_delay]
value = "120 s"
range = ["0 s", "400 s"]
status = "assumed"
note = "a round default"
""",
    "positions/second.toml": """\
#:schema detente/position/1
id = "second"
holder = "Party B"
inherits = "first"

[figures.interceptor_speed]
value = "7.7 km/s"
status = "unverified"
""",
}


def write_case(folder: Path) -> Path:
    """The small case in a folder."""
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    return folder


@dataclass(frozen=True)
class Planted:
    """Where the caret of the one fault must stand, and the line it stands in."""

    line: int
    column: int
    text: str


def plant(folder: Path, name: str, old: str, new: str) -> Planted:
    """Put `new` in the place of `old`; the caret belongs where `new` carries the mark."""
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
    marked = text.replace(old, new)
    assert marked.count(CARET) == 1
    before = marked[: marked.index(CARET)]
    plain = marked.replace(CARET, "")
    path.write_text(plain, encoding="utf-8", newline="\n")
    line = before.count("\n") + 1
    return Planted(line, len(before) - (before.rfind("\n") + 1) + 1, plain.split("\n")[line - 1])


def problems(folder: Path) -> tuple[Problem, ...]:
    """What the reader finds, with the real rules of the studies."""
    return check_case(folder, RULES)
