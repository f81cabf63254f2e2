"""Other people's programs, each in an environment of its own that one process runs in, and how to make it.

`python -m benchmarks peers` says which are there. They stand below one folder, DETENTE_PEERS, under these
names, and are never among our own requirements.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

WANTED = {
    "heyoka": ["heyoka", "numpy"],
    "pykep": ["pykep", "numpy"],
    "hapsira": ["hapsira", "astropy<6", "numpy<2"],
    "stonesoup": ["stonesoup"],
}
"""What to install into each environment."""
LOOP = """
import json, sys, time
for line in sys.stdin:
    rounds = int(line)
    begun = time.process_time()
    for _ in range(rounds):
        work()
    print(json.dumps({"seconds": (time.process_time() - begun) / rounds, "version": version}), flush=True)
save()
"""


class AbsentError(Exception):
    """A peer that is not installed; the message says how to make its environment."""


def python_of(name: str) -> Path:
    """The interpreter of a peer's environment. Raises AbsentError."""
    folder = os.environ.get("DETENTE_PEERS")
    found = (
        Path(folder or "PEERS") / name / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    )
    if folder and found.exists():
        return found
    asked = " ".join(f'"{each}"' for each in WANTED[name])
    where = "" if folder else ", with DETENTE_PEERS=PEERS and PEERS a folder of yours"
    raise AbsentError(
        f"{name} is absent: python3.11 -m venv {found.parent.parent} && {found} -m pip install {asked}{where}"
    )


@contextmanager
def peer(name: str, script: str, *arguments: str) -> Iterator[Any]:
    """A running peer: a function that has it work some times over, and gives its CPU seconds and version.

    The script defines `work`, `version` and `save`, which is called at the end.
    """
    command = [str(python_of(name)), "-W", "ignore", "-c", script + LOOP, *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        assert process.stdin is not None
        assert process.stdout is not None

        def ask(times: int = 1) -> dict[str, Any]:
            process.stdin.write(f"{times}\n")
            process.stdin.flush()
            answer = process.stdout.readline()
            if not answer:
                raise SystemExit(f"{name} ended without an answer; what it said stands above")
            return json.loads(answer)

        yield ask
        process.stdin.close()


def main() -> dict[str, Any]:
    """Say which peers are there, and how to get the others."""
    there = {}
    for name in WANTED:
        try:
            there[name] = str(python_of(name))
            print(f"{name}: {there[name]}")
        except AbsentError as absent:
            print(absent)
    return {"there": sorted(there), "accurate": True}
