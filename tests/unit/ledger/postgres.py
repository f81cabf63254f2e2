"""A private PostgreSQL on loopback for tests: made in a temporary folder, and gone afterwards."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

OLDEST = 15


def missing() -> str:
    """What keeps a server from being started here; empty where nothing does."""
    if _binaries() is None:
        return f"PostgreSQL {OLDEST} or newer (initdb, pg_ctl) is not installed: apt-get install postgresql"
    if os.geteuid() == 0:
        try:
            pwd.getpwnam("postgres")
        except KeyError:
            return "root may not run PostgreSQL, and there is no user postgres to run it as"
        if shutil.which("runuser") is None:
            return "root may not run PostgreSQL, and there is no runuser to run it as postgres"
    return ""


def _binaries() -> Path | None:
    found = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if path.parent.name.isdigit()]
    new_enough = [path for path in found if int(path.parent.name) >= OLDEST and (path / "initdb").exists()]
    if new_enough:
        return max(new_enough, key=lambda path: int(path.parent.name))
    here = shutil.which("initdb")
    return Path(here).resolve().parent if here else None


def _run(*words: str) -> None:
    before = ("runuser", "-u", "postgres", "--") if os.geteuid() == 0 else ()
    done = subprocess.run([*before, *words], capture_output=True, text=True, check=False, cwd="/")
    assert done.returncode == 0, f"{words[0]}: {done.stderr}{done.stdout}"


@contextmanager
def cluster() -> Iterator[str]:
    """Start a server of one's own and give the address of its empty database, without a password."""
    binaries = _binaries()
    assert binaries is not None
    folder = Path(tempfile.mkdtemp(prefix="detente-postgres-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data = str(folder / "data")
    try:
        _run(str(binaries / "initdb"), "-D", data, "-U", "detente", "--auth=trust", "-E", "UTF8",
             "--locale=C", "--no-sync")  # fmt: skip
        settings = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=20"
        log = str(folder / "log")
        _run(str(binaries / "pg_ctl"), "-D", data, "-l", log, "-o", settings, "-w", "-t", "60", "start")
        try:
            yield f"postgresql://detente@127.0.0.1:{port}/postgres"
        finally:
            _run(str(binaries / "pg_ctl"), "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
