"""start.py meets an unkind machine: half-made folders, pip's own settings, a Python without ensurepip."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = "Scripts" if os.name == "nt" else "bin"


def start(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run start.py of a folder with further variables in its environment."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "COV_"))}
    return subprocess.run(
        [sys.executable, str(folder / "start.py"), *arguments], cwd=folder, env=kept | environment,
        stdin=subprocess.DEVNULL, capture_output=True, text=True, encoding="utf-8", check=False, timeout=600,
    )  # fmt: skip


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small project with the real start.py, a lock of what the builder needs, and a command of its own.

    The lock is cut from the real one, so that each set-up here takes seconds.
    """
    folder = tmp_path / "small project"
    package = folder / "src" / "detente" / "cli"
    package.mkdir(parents=True)
    shutil.copy(ROOT / "start.py", folder)
    (folder / "README.md").write_text("# Small\n", encoding="utf-8")
    (folder / "LICENSE").write_text("none\n", encoding="utf-8")
    (folder / "src" / "detente" / "__init__.py").touch()
    (package / "__init__.py").touch()
    (package / "main.py").write_text(
        "import sys\n\n\ndef main() -> None:\n    print('ran', sys.argv[1:], sys.prefix)\n", encoding="utf-8"
    )
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (folder / "pyproject.toml").write_text(text, encoding="utf-8")
    cut = keep(("hatchling", "packaging", "pathspec", "pluggy", "trove-classifiers", "tomlkit"))
    (folder / "requirements.lock").write_text(cut, encoding="utf-8")
    tests = keep(("pytest", "pytest-xdist", "execnet", "iniconfig", "pygments", "colorama"))
    (folder / "requirements-dev.lock").write_text(cut + tests, encoding="utf-8")
    return folder


def keep(names: tuple[str, ...]) -> str:
    """The entries of the developers' lock for these names."""
    kept, wanted = [], False
    for line in (ROOT / "requirements-dev.lock").read_text(encoding="utf-8").splitlines(keepends=True):
        if not line.startswith(" "):
            wanted = line.split("==")[0] in names
        if wanted:
            kept.append(line)
    return "".join(kept)


def stamp(project: Path) -> Mapping[str, object]:
    found = json.loads((project / ".venv" / "detente-setup.json").read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def works(project: Path, **environment: str) -> str:
    """The command runs from the project's own .venv; returns what start.py said."""
    done = start(project, "say", "a b", "", "é", **environment)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == f"ran ['say', 'a b', '', 'é'] {project / '.venv'}"
    return done.stderr


def test_help_needs_no_set_up(project: Path) -> None:
    done = start(project, "--help")
    assert done.returncode == 0
    assert "start.py demo" in done.stdout
    assert start(project).returncode == 2
    assert not (project / ".venv").exists()


@pytest.mark.install
def test_sets_up_once_and_passes_arguments_on(project: Path) -> None:
    assert "making the folder .venv" in works(project)
    assert works(project) == ""
    assert start(project, "setup").returncode == 0
    assert (project / ".venv" / SCRIPTS / ("detente.exe" if os.name == "nt" else "detente")).exists()


@pytest.mark.install
def test_a_changed_lock_is_installed_and_a_lost_package_comes_back(project: Path) -> None:
    works(project)
    assert stamp(project)["kind"] == "use"
    with (project / "requirements.lock").open("a", encoding="utf-8") as lock:
        lock.write(keep(("iniconfig",)))
    assert "installing" in works(project)
    (found,) = (project / ".venv").glob("**/site-packages/iniconfig-*.dist-info")
    shutil.rmtree(found)
    assert "installing" in works(project)
    assert works(project) == ""


@pytest.mark.install
def test_tests_bring_their_packages_and_later_use_keeps_them(project: Path) -> None:
    (project / "tests").mkdir()
    (project / "tests" / "test_one.py").write_text("def test_one():\n    pass\n", encoding="utf-8")
    settings = (project / "pyproject.toml").read_text(encoding="utf-8")
    done = start(project, "test", "-q")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 passed" in done.stdout
    assert works(project) == ""
    (project / "pyproject.toml").write_text(settings + "\n# changed\n", encoding="utf-8")
    works(project)
    assert stamp(project)["kind"] == "dev"


@pytest.mark.install
@pytest.mark.parametrize("damage", ["unfinished", "empty", "no python", "moved"])
def test_a_half_made_folder_is_made_again(project: Path, damage: str) -> None:
    venv = project / ".venv"
    if damage == "empty":
        (venv / SCRIPTS).mkdir(parents=True)
    elif damage == "unfinished":
        venv.mkdir()
        (venv / "detente-setup.json").write_text('{"unfinished": true}', encoding="utf-8")
        (venv / "left over").touch()
    else:
        works(project)
        if damage == "no python":
            for path in (venv / SCRIPTS).glob("python*"):
                path.unlink()
        else:
            project = project.rename(project.with_name("moved project"))
    assert "afresh" in works(project)
    assert not (project / ".venv" / "left over").exists()
    assert works(project) == ""


@pytest.mark.install
@pytest.mark.skipif(os.name == "nt", reason="Windows has no signal that a program cannot catch")
def test_a_killed_set_up_is_taken_up_again(project: Path) -> None:
    killed = subprocess.Popen(
        [sys.executable, "start.py", "setup"],
        cwd=project,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    assert killed.stderr is not None
    for line in killed.stderr:
        if "installing" in line:
            killed.kill()
            break
    killed.wait()
    killed.stderr.close()
    assert stamp(project) == {"unfinished": True}
    assert "afresh" in works(project)


@pytest.mark.install
def test_settings_of_pip_do_not_lead_astray(project: Path, tmp_path: Path) -> None:
    astray = tmp_path / "astray"
    works(
        project, PIP_TARGET=str(astray), PIP_USER="1", PIP_NO_BINARY=":all:", PIP_DRY_RUN="1",
        PIP_REQUIRE_VIRTUALENV="1", PIP_CONSTRAINT=str(tmp_path / "none.txt"), PYTHONPATH=str(astray),
    )  # fmt: skip
    assert not astray.exists()


@pytest.mark.install
def test_a_folder_made_by_another_tool_is_used_and_not_thrown_away(project: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(project / ".venv")], check=True)
    (project / ".venv" / "mine").touch()
    assert "already here" in works(project)
    assert (project / ".venv" / "mine").exists()


@pytest.mark.install
def test_a_python_without_ensurepip_uses_its_own_pip(project: Path) -> None:
    text = (project / "start.py").read_text(encoding="utf-8")
    blind = text.replace('find_spec("ensurepip")', 'find_spec("no_such_module")')
    assert blind != text
    (project / "start.py").write_text(blind, encoding="utf-8")
    works(project)
    blinder = blind.replace('find_spec("pip")', 'find_spec("no_such_module")')
    (project / "start.py").write_text(blinder, encoding="utf-8")
    shutil.rmtree(project / ".venv")
    done = start(project, "setup")
    assert done.returncode == 3
    assert "apt install python3-venv" in done.stderr


@pytest.mark.install
def test_a_wrong_file_is_refused_and_nothing_is_called_ready(project: Path) -> None:
    lock = project / "requirements.lock"
    wrong = re.sub(r"sha256:[0-9a-f]{4}", "sha256:0000", lock.read_text(encoding="utf-8"))
    lock.write_text(wrong, encoding="utf-8")
    done = start(project, "setup")
    assert done.returncode == 3
    assert "could not be installed" in done.stderr
    assert "unfinished" in stamp(project)


def test_a_link_in_place_of_the_folder_is_refused(project: Path) -> None:
    (project / ".venv").write_text("not a folder", encoding="utf-8")
    done = start(project, "setup")
    assert done.returncode == 3
    assert "Way out" in done.stderr


def test_an_old_python_is_told_so(project: Path) -> None:
    """An old Python can read the whole file, and so reaches the line that sends it away."""
    text = (project / "start.py").read_text(encoding="utf-8")
    ast.parse(text, feature_version=(3, 7))
    simulated = text.replace("sys.version_info < (3, 11)", "sys.version_info < (9, 9)", 1)
    (project / "start.py").write_text(simulated, encoding="utf-8")
    done = start(project, "demo")
    assert done.returncode == 1
    assert "needs Python 3.11 or newer" in done.stderr
    assert not (project / ".venv").exists()
