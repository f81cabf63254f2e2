"""The published forms of the files: shipped files keep them, what they forbid the reader refuses as well."""

import copy
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from detente.records.schemas import reference_page, schema, schema_names
from tests.unit.records.small_case import FILES, problems

ROOT = Path(__file__).parents[3]
DATA = ROOT / "src" / "detente" / "data"
KINDS = {
    f"{name}.toml": name
    for name in (
        *("case", "claims", "sources", "errata", "agreement", "inspection", "measures", "force", "treaty"),
    )
}
SHIPPED = sorted(
    path for folder in (DATA / "cases", DATA / "template", DATA) for path in folder.glob("*.toml")
) + sorted([*DATA.glob("*/*/*.toml"), *DATA.glob("*/*/positions/*.toml"), *DATA.glob("inspections/*.toml")])


def kind(path: str) -> str:
    usual = "inspection" if path.startswith("inspections/") else "position"
    return KINDS.get(path.rpartition("/")[2], usual)


def with_text_dates(value: Any) -> Any:
    """As the schema says: a date that TOML writes bare counts as a text."""
    if isinstance(value, dict):
        return {key: with_text_dates(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [with_text_dates(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value


def validator(name: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(schema(name))


def test_the_forms_that_are_published() -> None:
    wanted = (
        *("case", "position", "claims", "sources", "agreement", "inspection"),
        *("measures", "errata", "force", "treaty"),
    )
    assert schema_names() == wanted
    for name in schema_names():
        jsonschema.Draft202012Validator.check_schema(schema(name))
        assert schema(name)["title"] == f"detente/{name}/1"
    with pytest.raises(KeyError):
        schema("nothing")


@pytest.mark.parametrize("path", dict.fromkeys(SHIPPED), ids=lambda path: path.relative_to(DATA).as_posix())
def test_shipped_files_keep_their_form(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    form = kind(path.relative_to(DATA).as_posix())
    assert text.startswith(f"#:schema detente/{form}/1\n")
    validator(form).validate(with_text_dates(tomllib.loads(text)))


def test_there_are_shipped_files_of_every_form() -> None:
    assert {kind(path.relative_to(DATA).as_posix()) for path in SHIPPED} == set(schema_names())


def test_every_key_of_every_form_is_documented() -> None:
    for name in schema_names():
        form = schema(name)
        for record in (form, *form.get("$defs", {}).values()):
            assert record["description"]
            for key, found in record["properties"].items():
                assert found.get("description"), f"{name}: {key}"


def test_what_only_python_has_is_in_no_form() -> None:
    text = str([schema(name) for name in schema_names()])
    assert "'margin'" not in text
    assert "'origin'" not in text
    assert "'notices'" not in text
    assert "'null'" not in text


def without_one_key(values: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    if isinstance(values, dict):
        for key, inner in values.items():
            yield (*path, key)
            yield from without_one_key(inner, (*path, key))
    elif isinstance(values, list):
        for number, inner in enumerate(values):
            yield from without_one_key(inner, (*path, number))


def as_toml(value: Any) -> str:
    """A value as one line of TOML."""
    if isinstance(value, dict):
        return "{" + ", ".join(f'"{key}" = {as_toml(inner)}' for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(as_toml(inner) for inner in value) + "]"
    return f'"{value}"' if isinstance(value, str) else str(value)


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith(".toml")])
def test_what_the_form_forbids_the_reader_refuses(folder: Path, name: str) -> None:
    """Each key taken away, renamed, or given a number: the reader refuses all that the form does."""
    values = tomllib.loads(FILES[name])
    checked = validator(kind(name))
    forbidden = 0
    for path in without_one_key(values):
        for change in ("remove", "rename", "number"):
            changed = copy.deepcopy(values)
            holder: Any = changed
            for part in path[:-1]:
                holder = holder[part]
            old = holder.pop(path[-1])
            if change != "remove":
                holder[f"{path[-1]}!" if change == "rename" else path[-1]] = old if change == "rename" else 7
            lines = "\n".join(f'"{key}" = {as_toml(value)}' for key, value in changed.items())
            (folder / name).write_text(lines, encoding="utf-8")
            if not checked.is_valid(changed):
                forbidden += 1
                assert problems(folder), f"the form forbids to {change} {path} and the reader accepts it"
    assert forbidden > 10


def test_the_reference_page_is_the_one_that_the_program_writes(update: bool) -> None:
    page = ROOT / "docs" / "reference" / "files.md"
    if update:
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(reference_page(), encoding="utf-8", newline="\n")
    assert page.read_text(encoding="utf-8") == reference_page()
    for unit in ("`statute_mi`", "`nmi`", "`km/s`", "`latitude_deg`", "[Figure](#figure)"):
        assert unit in reference_page()
