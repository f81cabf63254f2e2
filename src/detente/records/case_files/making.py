"""Making records from the values of one file, each fault at its line and column."""

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from detente.records.base import KEY, Record
from detente.records.claim import Claim, Reading
from detente.records.errors import Problem
from detente.records.figure import Figure
from detente.records.position import Position
from detente.records.source import Source
from detente.records.units import dimension_of, listed_units

from .forms import hidden_fields
from .rules import Finding, Rules
from .toml_file import TomlFile
from .toml_spots import Path
from .wording import Fault, faults_of, unknown_key

Made = TypeVar("Made", bound=Record)


class Maker:
    """Makes records from one file; `problems` and `notices` gather what is found on the way."""

    def __init__(self, file: TomlFile, rules: Rules) -> None:
        self.file = file
        self.rules = rules
        self.problems: list[Problem] = list(file.problems)
        self.notices: list[str] = []

    def record(self, model: type[Made], values: object, path: Path, unit: str = "") -> Made | None:
        """One record from the values at a path; None, with its problems listed, where it is refused."""
        hidden = hidden_fields(model)
        faults: list[Fault] = []
        if isinstance(values, Mapping):
            faults = [
                unknown_key((name,), [known for known in model.model_fields if known not in hidden])
                for name in values
                if name in hidden
            ]
            values = {name: value for name, value in values.items() if name not in hidden}
        made: Made | None = None
        try:
            made = model.model_validate(values)
        except ValidationError as error:
            faults += faults_of(error, model, hidden)
        for fault in faults:
            self._add(_with_units(fault, unit), path)
        return None if faults else made

    def _add(self, fault: Fault, above: Path) -> None:
        path = above + fault.path
        given = _at(self.file.values, path)
        if isinstance(given, float) and not math.isfinite(given):
            return  # the reader of the text has said so
        self.problems.append(self.file.problem(path, fault.rule, fault.way_out, fault.at))

    def refuse(self, path: Path, rule: str, way_out: str) -> None:
        """Note a problem at the value of a path."""
        self.problems.append(self.file.problem(path, rule, way_out))

    def key(self, path: Path, name: str, what: str) -> None:
        """Refuse a name that is not written as keys are."""
        if not KEY.fullmatch(name):
            rule = f'"{name}" cannot be {what}'
            self.problems.append(
                self.file.problem(path, rule, 'use lower-case letters, digits, "-" and "_"', "key")
            )

    def known_only(self, known: list[str]) -> None:
        """Refuse keys at the top of the file that it does not have."""
        for name in self.file.values or {}:
            if name not in known:
                self._add(unknown_key((name,), known), ())

    def figure(self, name: str, values: object) -> Figure | None:
        """The figure under a name, checked by the rules of the studies."""
        path: Path = ("figures", name)
        if not isinstance(values, Mapping):
            self.refuse(path, "a figure is a table with a value and a status", f"write [figures.{name}]")
            return None
        figure = self.record(Figure, values, path, self.rules.unit_of(name) or "")
        if figure is None:
            return None
        self.findings(self.rules.check_figure(name, figure), path, values)
        if figure.notice:
            self.notices.append(f"{self.file.name}, {name}: {figure.notice}")
        return figure

    def findings(self, findings: Iterable[Finding], path: Path, values: Mapping[str, Any]) -> None:
        """List what the rules of the studies find, each at the word that it quotes."""
        for finding in findings:
            problem = _as_problem(finding)
            key = problem.key or _quoted_key(problem.rule, values)
            if not key and f'"{path[-1]}"' in problem.rule:
                found = self.file.problem(path, problem.rule, problem.way_out, "key")
            else:
                key = key or next((key for key in ("value", "range", "distribution") if key in values), "")
                below: Path = (*path, key) if key else path
                found = self.file.problem(below, problem.rule, problem.way_out)
            self.problems.append(found)


def _as_problem(finding: Finding) -> Problem:
    if isinstance(finding, Problem):
        return finding
    return Problem(finding) if isinstance(finding, str) else Problem(*finding)


def _quoted_key(rule: str, values: Mapping[str, Any]) -> str:
    """The key whose text the rule quotes last: 'study "reach" has no output "x"' is about the output."""
    places = {
        key: rule.rfind(f'"{value}"')
        for key, value in values.items()
        if isinstance(value, str) and f'"{value}"' in rule
    }
    return max(places, key=places.__getitem__, default="")


def _with_units(fault: Fault, unit: str) -> Fault:
    """The way out with the units of the one dimension that the parameter has."""
    if not unit or not fault.names_unit:
        return fault
    dimension = dimension_of(unit)
    hint, accepted, _ = fault.way_out.partition("accepted are ")
    if accepted:
        way_out = f"{hint}accepted are units of {dimension}: {listed_units(dimension)}"
    elif unit == "1":
        way_out = "write it in quotation marks, without a unit"
    else:
        way_out = fault.way_out.replace("UNIT", unit) + f"; accepted are {listed_units(dimension)}"
    return Fault(fault.path, fault.rule, way_out, fault.at)


def make_position(file: TomlFile, stem: str, rules: Rules) -> tuple[Position | None, Maker]:
    """The position that a file holds; its id is the name of the file."""
    maker = Maker(file, rules)
    if file.values is None:
        return None, maker
    maker.key((), stem, "the name of a position")
    values = {"id": stem, **file.values}
    if isinstance(values["id"], str) and values["id"] != stem:
        rule = f'the file is named "{stem}" and calls its position "{values["id"]}"'
        maker.refuse(("id",), rule, f'write id = "{stem}", or rename the file')
    if "holder" not in values or values["holder"] == "":
        way_out = 'add holder = "...": whoever stated the figures, not necessarily a party'
        maker.refuse(("holder",), 'the key "holder" is missing', way_out)
    figures = values.pop("figures", {})
    made: dict[str, Figure | None] = {}
    if isinstance(figures, Mapping):
        for name, given in figures.items():
            maker.key(("figures", name), name, "the name of a figure")
            made[name] = maker.figure(name, given)
    else:
        maker.refuse(("figures",), "figures stand in tables of their own", "write [figures.NAME]")
    head = maker.record(Position, values, ())
    if head is None or maker.problems:
        return None, maker
    return head.model_copy(update={"figures": dict(made)}), maker


def make_claims(file: TomlFile, rules: Rules) -> tuple[list[Claim], Maker]:
    """The claims of a file, and every fault of those that are refused."""
    maker = Maker(file, rules)
    if file.values is None:
        return [], maker
    maker.known_only(["claims"])
    made = []
    for number, values in tables(maker, "claims"):
        path: Path = ("claims", number)
        if isinstance(values.get("id"), str):
            maker.key((*path, "id"), values["id"], "the name of a claim")
        claim = maker.record(Claim, values, path)
        reading = values.get("read_as")
        if isinstance(reading, Mapping):
            try:
                found = Reading.model_validate(reading)
            except ValidationError:
                pass
            else:
                maker.findings(rules.check_reading(found), (*path, "read_as"), reading)
        if claim is not None:
            made.append(claim)
    return made, maker


def make_sources(file: TomlFile, rules: Rules) -> tuple[dict[str, Source], Maker]:
    """The sources of a file under their keys."""
    maker = Maker(file, rules)
    if file.values is None:
        return {}, maker
    maker.known_only(["sources"])
    sources = file.values.get("sources", {})
    if not isinstance(sources, Mapping):
        maker.refuse(("sources",), "sources stand in tables of their own", "write [sources.KEY]")
        return {}, maker
    made = {}
    for key, values in sources.items():
        maker.key(("sources", key), key, "the key of a source")
        source = maker.record(Source, values, ("sources", key))
        if source is not None:
            made[key] = source
    return made, maker


def tables(maker: Maker, name: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """The tables of a list such as [[claims]], by number; anything else is refused."""
    found = (maker.file.values or {}).get(name, [])
    if not isinstance(found, list):
        maker.refuse((name,), f"{name} is a list of tables", f"write [[{name}]] above each")
        return
    for number, values in enumerate(found):
        if isinstance(values, Mapping):
            yield number, values
        else:
            maker.refuse((name, number), f"{name} is a list of tables", f"write [[{name}]] above each")


def _at(values: object, path: Path) -> object:
    for part in path:
        if isinstance(values, Mapping) and isinstance(part, str):
            values = values.get(part)
        elif isinstance(values, list) and isinstance(part, int) and part < len(values):
            values = values[part]
        else:
            return None
    return values
