"""The three ways to install, each in an empty folder with nothing of ours cached, end in the same page."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = "Scripts" if os.name == "nt" else "bin"
PAGE = "european-site-2007.html"
pytestmark = pytest.mark.install


def shipped() -> list[str]:
    """The files that a clone of this repository would hold, as they stand now."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [part for part in listed.decode().split("\0") if part and (ROOT / part).is_file()]


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clean copy of the repository in a folder with a space in its name."""
    folder = tmp_path / "a clean copy"
    for part in shipped():
        (folder / part).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / part, folder / part)
    return folder


def run(command: Sequence[str | Path], folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a program to its end with nothing of ours in its environment."""
    dropped = ("PYTEST", "COV_", "DETENTE", "VIRTUAL_ENV", "PYTHONPATH")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
    caches = {"MPLCONFIGDIR": str(folder / "cache-plots"), "XDG_DATA_HOME": str(folder / "data-home")}
    return subprocess.run(
        [str(part) for part in command], cwd=folder, env=kept | caches | more, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, encoding="utf-8", check=False, timeout=600,
    )  # fmt: skip


def is_the_brief(page: Path) -> None:
    """The page is whole, is not large, and says what its figures are."""
    text = page.read_text(encoding="utf-8")
    assert len(text.encode()) < 3_000_000
    assert "</html>" in text[-50:]
    assert "upper bound" in text
    assert "Lewis" in text


def test_start_script(clone: Path) -> None:
    begun = time.monotonic()
    done = run([sys.executable, "start.py", "demo"], clone)
    first = time.monotonic() - begun
    assert done.returncode == 0, done.stderr
    is_the_brief(clone / PAGE)
    assert ".venv" in done.stderr, "set-up prints what it does"
    (clone / PAGE).unlink()
    begun = time.monotonic()
    done = run([sys.executable, "start.py", "demo"], clone)
    assert done.returncode == 0, done.stderr
    is_the_brief(clone / PAGE)
    assert "installing" not in done.stderr
    assert time.monotonic() - begun < first / 2, "the second run starts at once"


def test_uv(clone: Path) -> None:
    uv = shutil.which("uv")
    if uv is None:
        pytest.skip("uv is not on this machine")
    done = run([uv, "run", "--python", sys.executable, "detente", "demo"], clone)
    assert done.returncode == 0, done.stderr
    is_the_brief(clone / PAGE)
    packages = "Lib/site-packages" if os.name == "nt" else "lib/python*/site-packages"
    tools = [path.name for path in (clone / ".venv").glob(f"{packages}/pytest*")]
    assert tools == [], "a plain `uv run` brings the tests' packages along"


def test_pip(clone: Path, tmp_path: Path) -> None:
    venv = tmp_path / "venv"
    assert run([sys.executable, "-m", "venv", venv], tmp_path).returncode == 0
    done = run([venv / SCRIPTS / "python", "-m", "pip", "install", "--quiet", "."], clone)
    assert done.returncode == 0, done.stderr
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    done = run([venv / SCRIPTS / "detente", "demo"], elsewhere)
    assert done.returncode == 0, done.stderr
    is_the_brief(elsewhere / PAGE)
