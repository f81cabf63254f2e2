"""A skipped test is a failed one where `DETENTE_NO_SKIPS` is set, and a skipped one elsewhere."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SKIPPING = """
import pytest

def test_holds():
    pass

def test_left_out():
    pytest.skip("there is no browser")

@pytest.mark.skip(reason="marked")
def test_marked():
    pass

@pytest.mark.xfail(reason="known", strict=True)
def test_known():
    assert False
"""


def outcome(folder: Path, refuse: str) -> tuple[int, str]:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", folder, folder]
    done = subprocess.run(
        [str(part) for part in command], cwd=folder, env=os.environ | {"DETENTE_NO_SKIPS": refuse},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout


@pytest.mark.parametrize(
    ("refuse", "status", "said"),
    [
        ("", 0, ("1 passed, 2 skipped, 1 xfailed",)),
        ("1", 1, ("1 failed, 1 passed, 1 xfailed, 1 error", "no browser")),
    ],
)
def test_a_skip_counts(tmp_path: Path, refuse: str, status: int, said: tuple[str, ...]) -> None:
    (tmp_path / "conftest.py").write_bytes((ROOT / "tests" / "conftest.py").read_bytes())
    (tmp_path / "test_one.py").write_text(SKIPPING, encoding="utf-8")
    found, text = outcome(tmp_path, refuse)
    assert found == status, text
    assert all(words in text for words in said), text


@pytest.mark.parametrize(("refuse", "status"), [("", 5), ("1", 2)])
def test_a_skipped_module_counts(tmp_path: Path, refuse: str, status: int) -> None:
    (tmp_path / "conftest.py").write_bytes((ROOT / "tests" / "conftest.py").read_bytes())
    (tmp_path / "test_one.py").write_text("import pytest\npytest.importorskip('no_such')\n", encoding="utf-8")
    found, text = outcome(tmp_path, refuse)
    assert found == status, text
