"""Runs `detente` as real processes: servers that are stopped at the end, and commands that end."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from detente.escrow.keys import SigningKey, save_key

COMMAND = (sys.executable, "-W", "error", "-m", "detente")


@dataclass
class Server:
    """A server that runs, and its address."""

    process: "subprocess.Popen[str]"
    url: str

    def stop(self) -> int:
        """Ask it to end, and give its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)


@contextmanager
def serving(*words: str) -> Iterator[Server]:
    """A server for as long as the block lasts; it must say nothing on stderr."""
    process = subprocess.Popen(
        [*COMMAND, *words, "--port", "0"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ | {"PYTHONUTF8": "1"},
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stderr is not None
    try:
        said = process.stdout.readline()
        if not said:
            process.wait(30)
            raise AssertionError(process.stderr.read())
        yield Server(process, said.split()[-1])
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(30)
        process.stdout.close()
        process.stderr.close()


def detente(*words: str, exits: int = 0) -> str:
    """Run a command to its end, and give what it said; it must exit as expected."""
    done = subprocess.run(
        [*COMMAND, *words], capture_output=True, text=True, check=False, timeout=120,
        env=os.environ | {"PYTHONUTF8": "1", "COLUMNS": "200"},
    )  # fmt: skip
    assert done.returncode == exits, f"{words}: exit {done.returncode}\n{done.stdout}{done.stderr}"
    return done.stdout + done.stderr


def key_file(folder: Path, key: SigningKey) -> str:
    """A key kept as its owner would, but for the passphrase."""
    path = folder / f"{key.name}.key"
    if not path.exists():
        save_key(key, path, None)
    return str(path)
