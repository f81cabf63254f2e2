"""Set up Détente in a folder of its own and run it: needs Python 3.11 or newer, and nothing else.

    python3 start.py demo            the shipped case as one page, ./european-site-2007.html
    python3 start.py test            the whole test suite on all cores (arguments go to pytest)
    python3 start.py setup           only set up; leaves detente in .venv (--dev adds the developer's tools)
    python3 start.py COMMAND ...     any command of detente: python3 start.py flight --range-km 10000

The first run makes the folder .venv beside this file and installs the pinned versions of
requirements.lock, each file checked against its hash. Later runs start at once. What this
script says goes to stderr, so that the output of a command can be piped.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - the whole point is to say so on an old Python
    import subprocess

    def _answers(name):  # type: ignore[no-untyped-def]
        try:
            return subprocess.call([name, "-c", "pass"], stderr=subprocess.DEVNULL) == 0
        except OSError:
            return False

    found = [name for name in ("python3.14", "python3.13", "python3.12", "python3.11") if _answers(name)]
    way_out = "%s start.py" % found[0] if found else "get one from your system or https://www.python.org"
    sys.exit("Détente needs Python 3.11 or newer, not %s. Way out: %s" % (sys.version.split()[0], way_out))

import contextlib
import hashlib
import importlib.util
import json
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "detente-setup.json"
WINDOWS = os.name == "nt"
SCRIPTS = VENV / ("Scripts" if WINDOWS else "bin")
PYTHON = SCRIPTS / ("python.exe" if WINDOWS else "python")
COMMAND = SCRIPTS / ("detente.exe" if WINDOWS else "detente")
LOCKS = {"use": ROOT / "requirements.lock", "dev": ROOT / "requirements-dev.lock"}

# Of pip's own variables only those that say where and how to reach an index are kept: one such as
# PIP_TARGET, PIP_USER or PIP_REQUIREMENT would put the packages elsewhere or add others.
PIP_REACH = {
    "PIP_CACHE_DIR", "PIP_CERT", "PIP_CLIENT_CERT", "PIP_CONFIG_FILE", "PIP_DEFAULT_TIMEOUT",
    "PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "PIP_INDEX_URL", "PIP_KEYRING_PROVIDER", "PIP_NO_CACHE_DIR",
    "PIP_NO_INDEX", "PIP_PROXY", "PIP_RETRIES", "PIP_TRUSTED_HOST", "PIP_USE_FEATURE",
}  # fmt: skip


class SetupError(Exception):
    """Set-up cannot go on; the message says why, and the way out."""


def say(text: str) -> None:
    """One line on stderr."""
    print(text, file=sys.stderr, flush=True)


def environment() -> dict[str, str]:
    """The environment for pip and for the programs in .venv: nothing that leads out of .venv."""
    dropped = {"PYTHONHOME", "PYTHONPATH", "__PYVENV_LAUNCHER__"}
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in dropped and (not name.startswith("PIP_") or name in PIP_REACH)
    }
    return kept | {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1"}


def digest(*paths: Path) -> str:
    """SHA-256 over the files' text, the same whatever the line endings of the checkout."""
    total = hashlib.sha256()
    for path in paths:
        total.update(path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return total.hexdigest()


def wanted(kind: str) -> dict[str, object]:
    """What the stamp must say for .venv to count as ready."""
    return {
        "python": os.path.realpath(PYTHON),
        "root": str(ROOT),
        "kind": kind,
        "lock": digest(LOCKS[kind]),
        "project": digest(ROOT / "pyproject.toml"),
    }


def read_stamp() -> dict[str, object]:
    """The stamp, or nothing where it is missing or was never finished."""
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def write_stamp(stamp: dict[str, object]) -> None:
    """Replace the stamp in one step, so that a crash leaves the old one or the new one."""
    fresh = STAMP.with_suffix(".new")
    fresh.write_text(json.dumps(stamp, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    fresh.replace(STAMP)


def installed() -> list[str]:
    """Names and versions in .venv, as folder names; without reading any of them."""
    packages = "Lib/site-packages" if WINDOWS else "lib/python*/site-packages"
    return sorted(path.name for path in VENV.glob(f"{packages}/*.dist-info"))


def ready(kind: str) -> bool:
    """True if .venv was finished for these very files and nothing of it has gone since."""
    stamp = read_stamp()
    goals = [wanted(kind)] + ([wanted("dev")] if kind == "use" else [])
    holds = stamp.get("installed")
    return (
        any(all(stamp.get(key) == value for key, value in goal.items()) for goal in goals)
        and isinstance(holds, list)
        and set(holds) <= set(installed())
        and PYTHON.exists()
        and COMMAND.exists()
    )


def silently(command: list[str]) -> tuple[int, str]:
    """Run a program without a window of its own: its exit status, and all that it said."""
    try:
        done = subprocess.run(
            command, check=False, cwd=ROOT, env=environment(), stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8", errors="replace",
        )  # fmt: skip
    except OSError as error:
        return 127, str(error)
    return done.returncode, done.stdout.strip()


def answers(question: str) -> bool:
    """True if the Python in .venv runs this text and ends well."""
    return silently([str(PYTHON), "-I", "-c", question])[0] == 0


def works() -> bool:
    """True if the Python in .venv starts, is new enough and is the one that .venv was made for."""
    question = (
        "import os, sys, sysconfig; sys.exit(sys.version_info < (3, 11) or sys.prefix == sys.base_prefix"
        " or not os.path.isdir(sysconfig.get_path('purelib')))"
    )
    return answers(question)


def pip() -> list[str]:
    """The command that installs into .venv: its own pip, or this Python's where it has none."""
    if answers("import pip"):
        return [str(PYTHON), "-I", "-m", "pip"]
    if importlib.util.find_spec("pip"):
        return [sys.executable, "-m", "pip", "--python", str(PYTHON)]
    raise SetupError(
        "this Python has neither `ensurepip` nor `pip`, so nothing can be installed.\n"
        "  Way out on Debian and Ubuntu: sudo apt install python3-venv\n"
        "  or take uv, which needs neither: uv run detente demo"
    )


def make_venv() -> None:
    """Make .venv from nothing, with pip in it where this Python can."""
    VENV.mkdir(exist_ok=True)
    write_stamp({"unfinished": True})
    bootstrap = [] if importlib.util.find_spec("ensurepip") else ["--without-pip"]
    links = [] if WINDOWS else ["--symlinks"]
    status, said = silently([sys.executable, "-I", "-m", "venv", "--clear", *links, *bootstrap, str(VENV)])
    if status:
        raise SetupError(
            f"Python could not make .venv:\n{said}\n"
            "  Way out on Debian and Ubuntu: sudo apt install python3-venv"
        )
    write_stamp({"unfinished": True})


def install(arguments: list[str], failure: str) -> None:
    """One run of pip, silent unless it fails: its warnings on the way are not the reader's business."""
    options = ["--quiet", "--no-deps", "--no-user", "--no-warn-script-location", "--root-user-action=ignore"]
    status, said = silently([*pip(), "install", *options, *arguments])
    if status:
        raise SetupError(f"{said}\ndetente: {failure}")


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Hold a lock that the operating system lets go when this process ends, however it ends."""
    with (ROOT / ".start.lock").open("a+b") as handle:
        if sys.platform == "win32":
            import msvcrt

            while True:
                with contextlib.suppress(OSError):
                    handle.seek(0)
                    msvcrt.locking(handle.fileno(), msvcrt.LK_LOCK, 1)
                    break
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def prepare() -> None:
    """Leave a .venv whose Python works, remaking one that was left half-made; marked as unfinished."""
    if VENV.is_symlink() or (VENV.exists() and not VENV.is_dir()):
        raise SetupError(".venv is a link or a file here. Way out: move it away and start again")
    stamp = read_stamp()
    moved = stamp.get("root", str(ROOT)) != str(ROOT)
    if VENV.exists() and not stamp.get("unfinished") and not moved and works():
        if stamp:
            write_stamp({"unfinished": True})
        else:
            say("detente: using the .venv that is already here")
        return
    if VENV.exists() and any(VENV.iterdir()):
        say("detente: .venv was left half-made, was moved, or its Python is gone: starting it afresh")
    say("detente: making the folder .venv (only this once)")
    make_venv()


def set_up(kind: str) -> None:
    """Make .venv ready for `use` or `dev`; does nothing where it is ready."""
    if ready(kind):
        return
    with one_at_a_time():
        if ready(kind):
            return
        begun = time.monotonic()
        stamp = read_stamp()
        kind = "dev" if stamp.get("kind") == "dev" else kind
        prepare()
        lock = LOCKS[kind]
        count = sum(1 for line in lock.read_text(encoding="utf-8").splitlines() if line[:1].isalnum())
        say(f"detente: installing {count} packages from {lock.name}, each checked against its hash")
        install(
            ["--require-hashes", "--only-binary", ":all:", "--no-compile", "-r", str(lock)],
            f"the packages of {lock.name} could not be installed; what pip said stands above.\n"
            "  Way out: look at the network and at pip's settings (pip config list), then run this again.\n"
            "  Where a package has no ready-made file for this system: pip install . in a venv of your own",
        )
        say("detente: installing Détente itself, linked to this folder")
        install(
            ["--no-build-isolation", "--no-index", "--editable", str(ROOT)],
            "Détente itself could not be installed; what pip said stands above",
        )
        write_stamp(wanted(kind) | {"installed": installed()})
        say(f"detente: ready after {time.monotonic() - begun:.0f} s; next time this starts at once")


def run(command: list[str]) -> int:
    """Hand over to a program in .venv; comes back only on Windows."""
    sys.stdout.flush()
    sys.stderr.flush()
    if not WINDOWS:
        os.execve(command[0], command, environment())  # noqa: S606 - by argv[0] in full Python finds its venv
    try:
        return subprocess.run(command, check=False, env=environment()).returncode
    except KeyboardInterrupt:
        return 130


def main(arguments: list[str]) -> int:
    """Set up what is missing, then run what was asked for."""
    if not arguments or arguments[0] in ("-h", "--help"):
        print((__doc__ or "").strip())
        return 0 if arguments else 2
    verb, rest = arguments[0], arguments[1:]
    if verb == "setup":
        if rest not in ([], ["--dev"]):
            say(f"detente: setup knows only --dev, not: {' '.join(rest)}")
            return 2
        set_up("dev" if rest else "use")
        say(f"detente: {COMMAND} is ready")
        return 0
    if verb == "test":
        set_up("dev")
        os.chdir(ROOT)
        return run([str(PYTHON), "-m", "pytest", *rest])
    set_up("use")
    return run([str(COMMAND), *arguments] if WINDOWS else [str(PYTHON), str(COMMAND), *arguments])


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except SetupError as error:
        say(f"detente: {error}")
        sys.exit(3)
    except KeyboardInterrupt:
        say("detente: interrupted; run it again to go on")
        sys.exit(130)
