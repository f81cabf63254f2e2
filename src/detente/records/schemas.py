"""The published forms of the files: a JSON Schema for each, and the reference page made from them."""

from collections.abc import Callable, Iterator
from typing import Any

from pydantic import BaseModel

from .agreement import AgreementPage
from .agreement_files.folders import columns_of
from .base import KEY, Record
from .case import Case
from .case_files.forms import hidden_fields
from .case_files.places_table import COLUMNS
from .claim import Claim
from .errata import Erratum
from .force import ArmType, Base, Force, Holding, Total
from .notification import EVENTS
from .notification_files import COLUMNS as NOTIFICATION_COLUMNS
from .plan import InspectionPlan, Measure
from .position import Position
from .source import Source
from .treaty import Attribution, Treaty
from .units import listed_units

_KEYED = {"pattern": f"^{KEY.pattern}$"}
_FILES = {
    "case": ("case.toml", "One dispute: its question, its parties, the pair and the claim it leads with."),
    "position": ("positions/NAME.toml", "One holder's figures; the name of the file is its id."),
    "claims": ("claims.toml", "What was said, word for word, and how we read it in model terms."),
    "sources": ("sources.toml", "Where figures and words were found, and who has read what."),
    "agreement": (
        "agreement.toml",
        "Panels of a page on levels, counting, schedules and inspections; in a case, where it has any.",
    ),
    "inspection": (
        "inspection.toml",
        "A plan of inspections, in a case or by itself; its sources stand in sources.toml beside it.",
    ),
    "measures": ("measures.toml", "The catalog of measures: what each can show, and what it cannot."),
    "errata": ("errata.toml", "Corrections of shipped data and models, with the results they make invalid."),
    "force": ("force.toml", "What states hold on a date; the rows stand in tables beside it."),
    "treaty": (
        "treaty.toml",
        "What counts and how, limits, checks, clocks, quotas, each with its article.",
    ),
}
_TABLES: dict[str, tuple[type[Record], str]] = {
    "holdings.csv": (Holding, "One type in one condition a row; beside force.toml."),
    "totals.csv": (Total, "One sum a row that somebody gave without its parts; beside force.toml."),
    "types.csv": (
        ArmType,
        "One type a row; beside force.toml, for types that are not shipped.",
    ),
    "bases.csv": (Base, "One place a row; beside force.toml, for rules about places."),
    "attributions.csv": (Attribution, "Warheads that a treaty attributes to a type; beside treaty.toml."),
}


_OWNERS = (Case, Position, Claim, Force, Treaty)


def schema_names() -> tuple[str, ...]:
    """The kinds of file that have a published schema."""
    return tuple(_FILES)


def schema(name: str) -> dict[str, Any]:
    """The JSON Schema (2020-12) of a kind of file. Raises KeyError for an unknown kind.

    A date that TOML writes without quotation marks counts as a text.
    """
    made = _FORMS[name]()
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:detente:{name}:1",
        "title": f"detente/{name}/1",
        "description": _FILES[name][1],
    }
    return head | {key: value for key, value in made.items() if key not in head}


def _record(model: type[BaseModel], *without: str) -> dict[str, Any]:
    """The schema of a record as files hold it."""
    made = model.model_json_schema(mode="validation")
    for name in without:
        del made["properties"][name]
    definitions = made.get("$defs", {})
    for title, found in [(model.__name__, made), *definitions.items()]:
        owner = next((known for known in _OWNERS if known.__name__ == title), None)
        for hidden in hidden_fields(owner) if owner else ():
            found.get("properties", {}).pop(hidden, None)
    used = _used(made, definitions)
    made["$defs"] = {title: found for title, found in definitions.items() if title in used}
    plain: dict[str, Any] = _plain(made)
    return plain


def _used(made: object, definitions: dict[str, Any]) -> set[str]:
    """The definitions that the schema still reaches."""
    found: set[str] = set()
    waiting = (
        [{key: value for key, value in made.items() if key != "$defs"}] if isinstance(made, dict) else []
    )
    while waiting:
        for title in _references(waiting.pop()):
            if title not in found:
                found.add(title)
                waiting.append(definitions[title])
    return found


def _references(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"].rpartition("/")[2]
        for inner in value.values():
            yield from _references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _references(inner)


def _plain(value: Any, *, names: bool = False) -> Any:
    """Without the titles that repeat the keys, and without null, which TOML does not have."""
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    if names:
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value.get("description"), str):
        value = value | {"description": " ".join(value["description"].split("\n\n")[0].split())}
    kept = {
        key: _plain(inner, names=key in {"properties", "$defs"})
        for key, inner in value.items()
        if key != "title" and not (key == "default" and inner in (None, "", [], {}))
    }
    choices = [choice for choice in kept.get("anyOf", []) if choice != {"type": "null"}]
    if len(choices) == 1:
        del kept["anyOf"]
        kept = choices[0] | kept
    elif choices:
        kept["anyOf"] = choices
    return kept


def _case() -> dict[str, Any]:
    made = _record(Case, "places")
    made["properties"]["places"] = {
        "type": "string",
        "pattern": r"^[^/\\]+\.csv$",
        "description": "the table of places, a CSV file in the same folder",
    }
    return made


def _position() -> dict[str, Any]:
    made = _record(Position)
    made["properties"]["figures"]["propertyNames"] = _KEYED
    made["properties"]["holder"]["minLength"] = 1
    made["required"] = ["holder"]
    return made


def _tables(name: str, model: type[BaseModel]) -> dict[str, Any]:
    """A file that is a list of tables, such as [[claims]]."""
    item = _record(model)
    definitions = item.pop("$defs", {})
    items = {
        "type": "array",
        "items": {"$ref": f"#/$defs/{model.__name__}"},
        "description": item["description"],
    }
    return {
        "type": "object",
        "properties": {name: items},
        "additionalProperties": False,
        "$defs": definitions | {model.__name__: item},
    }


def _sources() -> dict[str, Any]:
    item = _record(Source)
    definitions = item.pop("$defs", {})
    keyed = {
        "type": "object",
        "additionalProperties": {"$ref": "#/$defs/Source"},
        "propertyNames": _KEYED,
        "description": "sources by their keys",
    }
    return {
        "type": "object",
        "properties": {"sources": keyed},
        "additionalProperties": False,
        "$defs": definitions | {"Source": item},
    }


_FORMS: dict[str, Callable[[], dict[str, Any]]] = {
    "case": _case,
    "position": _position,
    "claims": lambda: _tables("claims", Claim),
    "sources": _sources,
    "agreement": lambda: _record(AgreementPage),
    "inspection": lambda: _record(InspectionPlan, "sources"),
    "measures": lambda: _tables("measures", Measure),
    "errata": lambda: _tables("errata", Erratum),
    "force": lambda: _record(Force),
    "treaty": lambda: _record(Treaty),
}


def reference_page() -> str:
    """The page docs/reference/files.md, in Markdown."""
    lines = [
        "<!-- Generated from the schemas: change the records, then run `just docs`. -->",
        "",
        "# Files",
        "",
        "A case is a folder. Text is UTF-8. The first line of a TOML file may name its form, such as",
        "`#:schema detente/case/1`; `detente schema NAME` prints that form as JSON Schema 2020-12.",
        "How to write a case stands in [Write a case](../how-to/write-a-case.md).",
        "",
    ]
    shown: set[str] = set()
    for name, (file, meaning) in _FILES.items():
        form = schema(name)
        lines += [f"## {file}", "", f"`detente/{name}/1`. {meaning}", "", *_table(form)]
        for title, record in sorted(form.get("$defs", {}).items()):
            if title not in shown:
                shown.add(title)
                lines += [
                    f"### {title}",
                    "",
                    record.get("description", "").split("\n\n")[0],
                    "",
                    *_table(record),
                ]
    lines += ["## places.csv", "", "One place a row; the columns may stand in any order.", ""]
    lines += ["| Column | Meaning |", "| --- | --- |"]
    lines += [f"| `{column}` | {meaning} |" for column, meaning in COLUMNS.items()]
    for file, (model, meaning) in _TABLES.items():
        lines += ["", f"## {file}", "", meaning, "", "| Column | Meaning |", "| --- | --- |"]
        lines += [f"| `{column}` | {said} |" for column, said in columns_of(model).items()]
    lines += [
        "",
        "## Notifications",
        "",
        "One fact a row of a table (.csv, .xlsx), or one fact a table of .toml;",
    ]
    lines += ["rows with one reference are one document. See [the ledger](../models/ledger.md).", ""]
    lines += ["| Column | Meaning |", "| --- | --- |"]
    lines += [f"| `{column}` | {meaning} |" for column, meaning in NOTIFICATION_COLUMNS.items()]
    lines += ["", "| Event | Needs | Says |", "| --- | --- | --- |"]
    lines += [f"| `{name}` | {', '.join(event.needs)} | {event.meaning} |" for name, event in EVENTS.items()]
    lines += ["", "## Units", "", "| Dimension | Written as |", "| --- | --- |"]
    lines += [
        f"| {d} | `{u.replace(', ', '`, `')}` |"
        for d, u in (p.split(": ") for p in listed_units().split("; "))
    ]
    lines += ["", "`mi` and `ton` are refused: each means several things in the sources.", ""]
    return "\n".join(lines)


def _table(form: dict[str, Any]) -> list[str]:
    required = set(form.get("required", ()))
    rows = ["| Key | | Written as | Meaning |", "| --- | --- | --- | --- |"]
    for key, found in form["properties"].items():
        needed = "required" if key in required else ""
        rows.append(f"| `{key}` | {needed} | {_written(found)} | {found.get('description', '')} |")
    return [*rows, ""]


def _written(form: dict[str, Any]) -> str:
    """How a value is written, in a few words."""
    if "$ref" in form:
        return f"table [{form['$ref'].rpartition('/')[2]}](#{form['$ref'].rpartition('/')[2].lower()})"
    if "anyOf" in form:
        return " or ".join(_written(choice) for choice in form["anyOf"])
    if "enum" in form:
        return ", ".join(f"`{choice}`" for choice in form["enum"])
    if form.get("type") == "array":
        inner = form.get("items") or form.get("prefixItems", [{}])[0]
        count = "two of: " if form.get("maxItems") == 2 else "list of "
        return count + _written(inner if isinstance(inner, dict) else {})
    if isinstance(form.get("additionalProperties"), dict):
        return f"tables by name, each a {_written(form['additionalProperties'])}"
    return {"string": "text", "number": "number", "object": "table"}.get(str(form.get("type")), "text")
