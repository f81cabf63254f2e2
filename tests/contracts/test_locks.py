"""The locks: whole, hashed, free of addresses, and in step with pyproject.toml."""

import ast
import re
import sys
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = ["requirements.lock", "requirements-dev.lock"]
PIN = re.compile(r"^(?P<pin>[A-Za-z0-9._-]+==[^\s;]+)(?: ; (?P<marker>[^\\]+?))? \\$")
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}(?: \\)?$")


def read(lock: str) -> dict[str, str]:
    """Name and version of every pin."""
    pins: dict[str, str] = {}
    for line in (ROOT / lock).read_text(encoding="utf-8").splitlines():
        if match := PIN.match(line):
            name, version = match["pin"].split("==")
            pins[canonicalize_name(name)] = version
    return pins


def group(name: str) -> list[str]:
    """The requirements of a dependency group, its included groups among them."""
    found: list[str] = []
    for entry in PROJECT["dependency-groups"][name]:
        found += group(entry["include-group"]) if isinstance(entry, dict) else [entry]
    return found


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_is_pins_and_hashes_and_nothing_else(lock: str) -> None:
    lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
    other = [line for line in lines if not (PIN.match(line) or HASH.match(line))]
    assert other == [], "an address, a path or an option in a lock"
    hashed = [line for line, after in pairwise(lines) if PIN.match(line) and HASH.match(after)]
    assert len(hashed) == len(read(lock)) > 20


@pytest.mark.parametrize(
    ("lock", "asked"),
    [
        ("requirements.lock", [*PROJECT["project"]["dependencies"], *group("build")]),
        ("requirements-dev.lock", [*PROJECT["project"]["dependencies"], *group("dev")]),
    ],
)
def test_a_lock_holds_what_the_project_asks_for(lock: str, asked: list[str]) -> None:
    pins = read(lock)
    for text in asked:
        requirement = Requirement(text)
        pinned = pins.get(canonicalize_name(requirement.name))
        assert pinned, f"{requirement.name} is asked for in pyproject.toml and not in {lock}: run `just lock`"
        assert requirement.specifier.contains(pinned), f"{lock} pins {text} at {pinned}: run `just lock`"


def test_the_developers_lock_extends_the_users() -> None:
    users, developers = read("requirements.lock"), read("requirements-dev.lock")
    assert users.items() <= developers.items()


def test_the_builder_is_locked_as_it_is_asked_for() -> None:
    assert PROJECT["build-system"]["requires"] == PROJECT["dependency-groups"]["build"]


def test_a_plain_uv_run_stays_light() -> None:
    assert PROJECT["tool"]["uv"]["default-groups"] == []


def imported() -> set[str]:
    """The outside packages that the package imports anywhere, inside functions too."""
    found = set()
    for path in (ROOT / "src" / "detente").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.partition(".")[0])
    return found - set(sys.stdlib_module_names) - {"detente"}


def test_every_import_is_asked_for_and_no_dependency_is_idle() -> None:
    optional = PROJECT["project"]["optional-dependencies"].values()
    asked = [*PROJECT["project"]["dependencies"], *(text for part in optional for text in part)]
    named = {canonicalize_name(Requirement(text).name) for text in asked}
    given_by = {
        "PIL": "pillow",
        "dateutil": "python-dateutil",
        "markupsafe": "jinja2",
        "pydantic_core": "pydantic",
    }
    used = {canonicalize_name(given_by.get(name, name)) for name in imported()}
    assert used == named, {"not in pyproject.toml": used - named, "imported nowhere": named - used}
