"""What the files of a case say of each other: every name that is used stands somewhere.

The checks read the values as written, so that a record with another fault is still checked here.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from detente.records.base import KEY
from detente.records.errors import Problem, did_you_mean
from detente.records.source import Source

from .making import Maker, tables
from .places_table import PlacesTable
from .rules import NoRules
from .toml_file import TomlFile
from .toml_spots import Path

_READ = "read"


@dataclass(frozen=True, slots=True)
class Parts:
    """The files of one case as read, whole or not."""

    case: TomlFile
    positions: Mapping[str, TomlFile]
    claims: TomlFile
    sources: TomlFile
    places: PlacesTable
    made_sources: Mapping[str, Source]

    @property
    def source_keys(self) -> Collection[str]:
        """Keys of sources, also of those that are refused or stand twice."""
        return self.sources.spots.below(("sources",))

    @property
    def parties(self) -> Collection[str]:
        """Ids of parties as written."""
        return [
            values["id"] for _, values in _tables(self.case, "parties") if isinstance(values.get("id"), str)
        ]

    @property
    def claim_ids(self) -> Collection[str]:
        """Ids of claims as written."""
        return [
            values["id"] for _, values in _tables(self.claims, "claims") if isinstance(values.get("id"), str)
        ]


def crosschecks(parts: Parts) -> Iterator[Problem]:
    """Every name that is used and stands nowhere, and every name that stands twice."""
    yield from _case(parts)
    for file in parts.positions.values():
        yield from _position(file, parts)
    yield from _circles(parts.positions)
    yield from _claims(parts)
    yield from _places(parts)


def _tables(file: TomlFile, name: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    return tables(Maker(file, NoRules()), name)


def _texts(values: Mapping[str, Any], key: str, above: Path) -> Iterator[tuple[Path, str]]:
    """The texts under a key that holds one or several, each with its path."""
    given = values.get(key)
    if isinstance(given, str):
        yield (*above, key), given
    elif isinstance(given, list):
        for number, text in enumerate(given):
            if isinstance(text, str):
                yield (*above, key, number), text


def _unknown(file: TomlFile, path: Path, what: str, name: str, known: Collection[str]) -> Iterator[Problem]:
    if name not in known:
        yield file.problem(path, f'there is no {what} "{name}"', did_you_mean(name, known))


def _twice(file: TomlFile, name: str, what: str) -> Iterator[Problem]:
    first: dict[str, Path] = {}
    for number, values in _tables(file, name):
        found = values.get("id")
        if not isinstance(found, str):
            continue
        path: Path = (name, number, "id")
        if found in first:
            lines = f"in lines {file.spots.of(first[found]).value[0]} and {file.spots.of(path).value[0]}"
            yield file.problem(
                path, f'two {what} with one id "{found}", {lines}', "rename or remove one of the two"
            )
        first.setdefault(found, path)


def _case(parts: Parts) -> Iterator[Problem]:
    case = parts.case
    if case.values is None:
        return
    yield from _twice(case, "parties", "parties")
    pair = list(_texts(case.values, "default_between", ()))
    for path, name in pair:
        if parts.positions:
            yield from _unknown(case, path, "position", name, parts.positions)
    if len(pair) == 2 and pair[0][1] == pair[1][1]:
        rule = f'"{pair[0][1]}" is compared with itself'
        yield case.problem(pair[1][0], rule, "name two different positions")
    lead = case.values.get("lead_claim")
    if isinstance(lead, str) and parts.claims.values is not None:
        yield from _unknown(case, ("lead_claim",), "claim", lead, parts.claim_ids)


def _sources(file: TomlFile, values: Mapping[str, Any], above: Path, parts: Parts) -> Iterator[Problem]:
    """The sources of a figure or statement stand in sources.toml, and were read where it says so."""
    if parts.sources.values is None:
        return
    cited = list(_texts(values, "source", above))
    for path, key in cited:
        yield from _unknown(file, path, "source", key, parts.source_keys)
    fault = _never_read(str(values.get("status", "")), [key for _, key in cited], parts)
    if fault:
        yield file.problem((*above, "status"), *fault)


def _never_read(status: str, cited: Collection[str], parts: Parts) -> tuple[str, str] | None:
    """Why a status "read" cannot be: none of the sources was read by anybody."""
    found = [parts.made_sources.get(key) for key in cited]
    if status != _READ or not found or any(source is None or source.was_read for source in found):
        return None
    how = ", ".join(f'"{key}": {source.read}' for key, source in zip(cited, found, strict=True) if source)
    rule = f'status "read", and no source of it was read ({how})'
    return rule, 'say status = "secondary" or "unverified", or read the source'


def _position(file: TomlFile, parts: Parts) -> Iterator[Problem]:
    if file.values is None:
        return
    party = file.values.get("party")
    if isinstance(party, str) and party and parts.case.values is not None:
        yield from _unknown(file, ("party",), "party", party, parts.parties)
    parent = file.values.get("inherits")
    if isinstance(parent, str) and parent:
        yield from _unknown(file, ("inherits",), "position", parent, parts.positions)
    figures = file.values.get("figures")
    if isinstance(figures, Mapping):
        for name, values in figures.items():
            if isinstance(values, Mapping):
                yield from _sources(file, values, ("figures", name), parts)


def _circles(positions: Mapping[str, TomlFile]) -> Iterator[Problem]:
    """Positions that inherit from themselves, each circle once, at its first position by name."""
    parents = {name: (file.values or {}).get("inherits") for name, file in positions.items()}
    for name in sorted(positions):
        chain = [name]
        while (parent := parents.get(chain[-1])) in positions and parent not in chain:
            chain.append(str(parent))
        if parent == name and name == min(chain):
            rule = f'position "{name}" inherits from itself: {" -> ".join([*chain, name])}'
            yield positions[name].problem(("inherits",), rule, "remove one `inherits` of the circle")


def _claims(parts: Parts) -> Iterator[Problem]:
    file = parts.claims
    if file.values is None:
        return
    yield from _twice(file, "claims", "claims")
    lead = (parts.case.values or {}).get("lead_claim")
    for number, values in _tables(file, "claims"):
        path: Path = ("claims", number)
        by, denied = values.get("by"), values.get("denies")
        if isinstance(by, str) and KEY.fullmatch(by) and parts.case.values is not None:
            yield from _unknown(file, (*path, "by"), "party", by, parts.parties)
        if isinstance(denied, str) and denied:
            yield from _unknown(file, (*path, "denies"), "claim", denied, parts.claim_ids)
            if denied == values.get("id"):
                yield file.problem((*path, "denies"), f'claim "{denied}" denies itself', "name another claim")
        if lead == values.get("id") and "read_as" not in values:
            rule = f'the lead claim "{lead}" has no reading, so that nothing can settle it'
            yield file.problem(path, rule, "add [claims.read_as], or lead with another claim")
        yield from _statements(file, values, path, parts)
        reading = values.get("read_as")
        if isinstance(reading, Mapping):
            yield from _reading(file, reading, (*path, "read_as"), parts.places)


def _statements(file: TomlFile, claim: Mapping[str, Any], path: Path, parts: Parts) -> Iterator[Problem]:
    said = claim.get("said")
    for number, statement in enumerate(said if isinstance(said, list) else []):
        if isinstance(statement, Mapping):
            usual = {"status": _READ, **statement}
            yield from _sources(file, usual, (*path, "said", number), parts)


def _reading(file: TomlFile, reading: Mapping[str, Any], path: Path, table: PlacesTable) -> Iterator[Problem]:
    if not table.complete:
        return
    kinds = {place.id: place.kind for place in table.places}
    for key, kind in (("launches", "launch-area"), ("aims", "sample-point")):
        what = kind.replace("-", " ")
        for spot, name in _texts(reading, key, path):
            if name not in table.ids:
                known = [place for place, found in kinds.items() if found == kind]
                yield from _unknown(file, spot, what, name, known)
            elif kinds.get(name, kind) != kind:
                rule = f'"{name}" is a {kinds[name].replace("-", " ")}, not a {what}'
                yield file.problem(spot, rule, f"name a place of kind {kind} in {table.name}")


def _places(parts: Parts) -> Iterator[Problem]:
    if parts.sources.values is None:
        return
    for place, row in zip(parts.places.places, parts.places.rows, strict=True):
        for key in place.source:
            if key not in parts.source_keys:
                rule = f'there is no source "{key}"'
                yield parts.places.problem(row, "source", rule, did_you_mean(key, parts.source_keys))
        fault = _never_read(place.status, place.source, parts)
        if fault:
            yield parts.places.problem(row, "status", *fault)
