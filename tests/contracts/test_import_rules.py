"""The import rules bite: a forbidden import in a copy of the package makes the linter fail."""

import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINTER = Path(sysconfig.get_path("scripts")) / (
    "lint-imports.exe" if sys.platform == "win32" else "lint-imports"
)


def lint(folder: Path) -> tuple[int, str]:
    """Run the linter on the copy in `folder`: its exit status and what it said."""
    done = subprocess.run(
        [str(LINTER), "--config", str(ROOT / "pyproject.toml"), "--no-cache"],
        cwd=folder, env={"PYTHONPATH": str(folder), "PYTHONUTF8": "1", "COLUMNS": "200", "PATH": ""},
        capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def bare_house(tmp_path: Path) -> Path:
    """A package with every room of the plan, each empty but for one module."""
    floors = {
        "records": "", "physics": "", "escrow": "",
        "agreement": "from detente.records import subject", "ledger": "", "reading": "", "dossier": "",
        "sweep": "", "report": "from detente.records import subject",
        "studies": "from detente.physics import subject", "dispute": "from detente.records import subject",
        "cli": "from detente import api", "web": "from detente import api",
    }  # fmt: skip
    package = tmp_path / "detente"
    for room, text in floors.items():
        (package / room).mkdir(parents=True)
        (package / room / "__init__.py").touch()
        (package / room / "subject.py").write_text(text + "\n", encoding="utf-8")
    (package / "__init__.py").touch()
    (package / "api.py").write_text("from detente.studies import subject\n", encoding="utf-8")
    return tmp_path


def test_the_planned_house_keeps_its_rules(bare_house: Path) -> None:
    status, said = lint(bare_house)
    assert status == 0, said


def test_the_present_house_keeps_its_rules(tmp_path: Path) -> None:
    shutil.copytree(
        ROOT / "src" / "detente", tmp_path / "detente", ignore=shutil.ignore_patterns("data", "__pycache__")
    )
    status, said = lint(tmp_path)
    assert status == 0, said


@pytest.mark.parametrize(
    ("module", "line", "rule"),
    [
        ("records/subject", "import detente.physics.subject", "A room imports only"),
        ("physics/subject", "from detente.studies import subject", "A room imports only"),
        ("studies/subject", "from detente.dispute import subject", "A room imports only"),
        ("dispute/subject", "from ..studies import subject", "A room imports only"),
        ("ledger/subject", "from detente.reading import subject", "A room imports only"),
        ("report/subject", "def f():\n    from detente import api", "A room imports only"),
        ("attic/__init__", "", "A room imports only"),
        ("cli/subject", "from detente.records import subject", "The faces import api alone"),
        ("web/subject", "from detente.escrow import subject", "The faces import api alone"),
        ("web/__init__", "from detente.studies import subject", "The faces import api alone"),
        ("__init__", "from detente.records import subject", "The package itself opens on api alone"),
        ("studies/subject", "import detente\ndetente.crux", "No room goes round"),
        ("studies/subject", "import matplotlib.pyplot", "Only report holds"),
        ("dispute/subject", "from matplotlib import pyplot", "Only report holds"),
        ("api", "import jinja2", "Only report holds"),
        ("report/subject", "import click", "Only cli holds"),
        ("__init__", "import rich", "Only cli holds"),
        ("studies/subject", "import pyproj", "Only physics holds"),
        ("cli/subject", "import tomllib", "Only records holds"),
        ("api", "import tree_sitter_toml", "Only records holds"),
        ("records/subject", "from scipy import optimize\nimport highspy", "Only agreement holds"),
        ("cli/subject", "import fastapi", "Only web holds"),
        ("records/subject", "from cryptography import x509", "Only escrow holds"),
        ("studies/subject", "import dask", "Only sweep holds"),
        ("records/subject", "import sqlite3", "Only ledger and dossier hold"),
        ("cli/subject", "import httpx", "Only ledger calls"),
        ("web/subject", "from detente.cli import subject", "A room imports only"),
        ("cli/subject", "from detente.web import subject", "The faces import api alone"),
        ("dossier/subject", "import trafilatura", "Only reading holds"),
        ("records/subject", "import ftfy", "Only reading holds"),
        ("ledger/subject", "from charset_normalizer import from_bytes", "Only reading holds"),
        ("api", "import dateparser", "Only reading holds"),
    ],
)
def test_a_forbidden_import_is_refused(bare_house: Path, module: str, line: str, rule: str) -> None:
    path = bare_house / "detente" / f"{module}.py"
    path.parent.mkdir(exist_ok=True)
    path.write_text(line + "\n", encoding="utf-8")
    status, said = lint(bare_house)
    assert status == 1, said
    assert any(rule in row and "BROKEN" in row for row in said.splitlines()), said


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("report/subject", "import matplotlib.pyplot, jinja2"),
        ("cli/subject", "import click\nfrom rich import console\nfrom detente import api"),
        ("physics/subject", "import numpy, pyproj"),
        ("records/subject", "import pydantic, tree_sitter_toml, tomllib"),
        ("dossier/subject", "import sqlite3\nfrom detente.records import subject"),
        ("ledger/subject", "import httpx, sqlalchemy"),
        ("web/run", "import fastapi, uvicorn\nfrom detente import api"),
        ("reading/subject", "import trafilatura, ftfy, charset_normalizer, dateparser"),
    ],
)
def test_each_library_is_welcome_in_its_room(bare_house: Path, module: str, line: str) -> None:
    (bare_house / "detente" / f"{module}.py").write_text(line + "\n", encoding="utf-8")
    status, said = lint(bare_house)
    assert status == 0, said
