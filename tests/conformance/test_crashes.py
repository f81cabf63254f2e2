"""Killed at a random moment, a writer leaves the old state or the new one, and nothing in between.

Twenty times in a usual run, two hundred with `DETENTE_LONG` (`just long`).
"""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from detente.escrow.declaration import COMMITMENT_FILE, load_sealed
from detente.escrow.log import Log, fsck
from detente.escrow.verify import verify
from tests.conformance.gallery import LOG_KEY

KILLS = 200 if os.environ.get("DETENTE_LONG") else 20
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signal that cannot be caught")

APPENDING = """
import sys
from pathlib import Path
from detente.escrow.keys import SigningKey
from detente.escrow.log import Log

log = Log(Path(sys.argv[1]))
key = SigningKey("log.example/treaty", bytes(range(32)))
print("ready", flush=True)
while True:
    start = log.size
    count = start % 7 + 1 + 300 * (start % 5 == 0)
    log.append([b"entry %d" % n for n in range(start, start + count)], key)
    print(log.size, flush=True)
"""
REVEALING = """
import sys
from pathlib import Path
from detente.escrow.declaration import Declaration, load_sealed, save_sealed, seal
from detente.escrow.reveal import reveal_everything
from detente.escrow.disk import write_whole
from detente.escrow.declaration import as_text

folder = Path(sys.argv[1])
declaration = Declaration({f"Site {n}": [{"id": f"{n}-{k}"} for k in range(20)] for n in range(5)})
print("ready", flush=True)
n = int(sys.argv[2])
while True:
    n += 1
    sealed = seal(declaration)
    save_sealed(sealed, folder / str(n))
    print("sealed", n, flush=True)
    write_whole(folder / "reveal.json", as_text(reveal_everything(sealed)))
    print("revealed", n, flush=True)
"""


def killed(program: str, *arguments: str, within_s: float) -> list[str]:
    """What a program said before it was killed, at a random moment after it was ready."""
    process = subprocess.Popen(
        [sys.executable, "-c", program, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    time.sleep(random.uniform(0.0, within_s))  # noqa: S311 - no secret depends on it
    process.send_signal(signal.SIGKILL)
    said, faults = process.communicate()
    assert not faults
    return said.splitlines()


def test_an_append_that_is_killed_loses_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "log"
    Log.create(folder, LOG_KEY.name, LOG_KEY)
    sizes = [0]
    for _ in range(KILLS):
        said = killed(APPENDING, str(folder), within_s=0.08)
        acknowledged = int(said[-1]) if said else sizes[-1]
        log = Log(folder)
        assert log.size >= acknowledged, "an entry that was acknowledged is gone"
        assert [*log.entries()] == [b"entry %d" % n for n in range(log.size)]
        if log.size:
            fsck(log, [LOG_KEY.verifier()])
        sizes.append(log.size)
    assert sizes == sorted(sizes)
    assert sizes[-1] > 0
    log.append([b"entry %d" % log.size], LOG_KEY)
    fsck(Log(folder), [LOG_KEY.verifier()])
    assert not list(folder.rglob(".part-*")), "the next append clears what was left"


def test_a_seal_or_reveal_that_is_killed_leaves_no_half(tmp_path: Path) -> None:
    done = 0
    for _ in range(KILLS):
        said = killed(REVEALING, str(tmp_path), str(done), within_s=0.4)
        folders = [path for path in tmp_path.iterdir() if path.name.isdecimal()]
        for word, number in (line.split() for line in said):
            assert (tmp_path / number).is_dir(), f"{word} {number} is gone"
        for path in folders:
            if int(path.name) > done:
                sealed = load_sealed(path)
                verify((path / COMMITMENT_FILE).read_bytes(), sealed.root)
        done = max([done, *(int(path.name) for path in folders)])
        shown = tmp_path / "reveal.json"
        if shown.exists():
            verify(shown.read_bytes())
        else:
            assert not any(line.startswith("revealed") for line in said)
    assert done > 0
