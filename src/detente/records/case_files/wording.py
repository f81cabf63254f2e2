"""What a record refuses, in plain words: path in the file, rule and way out of each fault."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from detente.records.errors import RefusalError, did_you_mean, nearest

from .toml_spots import Path

_QUOTED = re.compile(r"'([^']*)'")


@dataclass(frozen=True, slots=True)
class Fault:
    """One rule that a value breaks; `at` says whether the key or the value is wrong."""

    path: Path
    rule: str
    way_out: str
    at: Literal["key", "value"] = "value"
    names_unit: bool = False


def faults_of(error: ValidationError, model: type[BaseModel], hidden: frozenset[str]) -> Iterator[Fault]:
    """The faults of a refused record; `hidden` are fields that files do not have."""
    for detail in error.errors(include_url=False):
        yield from _faults(detail, model, hidden)


def unknown_key(path: Path, known: Mapping[str, Any] | list[str]) -> Fault:
    """A key that the record does not have."""
    word = str(path[-1])
    return Fault(path, f'unknown key "{word}"', did_you_mean(word, known), "key")


def _faults(detail: ErrorDetails, model: type[BaseModel], hidden: frozenset[str]) -> Iterator[Fault]:
    path: Path = tuple(detail["loc"])
    kind = detail["type"]
    given = detail.get("input")
    if kind == "extra_forbidden":
        yield unknown_key(path, _keys(_model_at(model, path[:-1]), hidden))
    elif kind == "missing":
        yield _missing(path, model)
    elif kind == "value_error":
        yield from _refused(path, detail["ctx"]["error"])
    elif kind == "literal_error":
        yield _choice(path, detail["ctx"]["expected"], given)
    elif kind in {"too_long", "too_short"}:
        rule = (
            f"{len(given)} entries stand here"
            if isinstance(given, tuple | list)
            else "too many or too few entries"
        )
        yield Fault(path, rule, f"write exactly {_exact_length(detail)}")
    elif kind == "string_too_short":
        yield Fault(path, f'"{path[-1]}" is empty', _described(path, model))
    else:
        yield Fault(path, _type_rule(kind, given, detail["msg"]), _described(path, model))


def _refused(path: Path, error: Exception) -> Iterator[Fault]:
    if not isinstance(error, RefusalError):
        yield Fault(path, str(error), "")
        return
    for problem in error.problems:
        below: Path = (problem.key,) if problem.key else ()
        yield Fault(path + below, problem.rule, problem.way_out, names_unit=_names_unit(problem.rule))


def _names_unit(rule: str) -> bool:
    return "unknown unit" in rule or "needs its unit" in rule


def _missing(path: Path, model: type[BaseModel]) -> Fault:
    if isinstance(path[-1], int):
        return Fault(path[:-1], "too few entries stand here", f"write exactly {path[-1] + 1}")
    described = _described(path, model)
    way_out = f"add {path[-1]} = ...: {described}" if described else f"add {path[-1]} = ..."
    return Fault(path[:-1], f'the key "{path[-1]}" is missing', way_out, "key")


def _choice(path: Path, expected: str, given: object) -> Fault:
    choices = _QUOTED.findall(expected)
    word = str(given)
    close = nearest(word, choices)
    listed = f"use one of: {', '.join(choices)}"
    way_out = f'did you mean "{close}"? {listed}' if close else listed
    return Fault(path, f'"{word}" is not a choice for "{path[-1]}"', way_out)


def _exact_length(detail: ErrorDetails) -> str:
    context = detail.get("ctx", {})
    return str(context.get("max_length", context.get("min_length", "as many as are asked for")))


def _type_rule(kind: str, given: object, message: str) -> str:
    wanted = {
        "string_type": "a text",
        "float_type": "a number",
        "tuple_type": "a list",
        "list_type": "a list",
        "dict_type": "a table",
        "model_type": "a table",
        "model_attributes_type": "a table",
    }.get(kind)
    if wanted is None:
        return message[:1].lower() + message[1:]
    return f"{wanted} is expected here, not {_named(given)}"


def _named(given: object) -> str:
    if isinstance(given, bool):
        return "true or false"
    if isinstance(given, int | float):
        return "a number"
    if isinstance(given, str):
        return "a text"
    if isinstance(given, list | tuple):
        return "a list"
    return "a table" if isinstance(given, Mapping) else "a date or time"


def _keys(model: type[BaseModel] | None, hidden: frozenset[str]) -> list[str]:
    return [name for name in model.model_fields if name not in hidden] if model else []


def _described(path: Path, model: type[BaseModel]) -> str:
    """The description of the field at a path, or of the nearest one above it."""
    for length in range(len(path), 0, -1):
        found = _field_at(model, path[:length])
        if found is not None and found.description:
            return found.description
    return ""


def _field_at(model: type[BaseModel], path: Path) -> FieldInfo | None:
    owner = _model_at(model, path[:-1])
    return owner.model_fields.get(str(path[-1])) if owner else None


def _model_at(model: type[BaseModel], path: Path) -> type[BaseModel] | None:
    """The record that stands at a path below another record; None where none does."""
    found: type[BaseModel] | None = model
    for part in path:
        if isinstance(part, int):
            continue  # an element is described where its list is
        owner = found.model_fields.get(part) if found else None
        found = _record_in(owner.annotation) if owner else None
    return found


def _record_in(annotation: Any) -> type[BaseModel] | None:
    """The record inside Optional[...], tuple[..., ...], dict[str, ...] or Annotated[...]."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    arguments = get_args(annotation)
    if get_origin(annotation) is Annotated:
        arguments = arguments[:1]
    return next((found for found in map(_record_in, arguments) if found is not None), None)
