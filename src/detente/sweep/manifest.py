"""The record of a run: what was asked, with which code, and the digest of everything that came out."""

import hashlib
import json
import platform
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, Literal

from detente.records.base import Record, digest_of

from .errors import refused
from .question import Question
from .sampling import Plan

RUN_FILE = "run.json"
FORMAT: Final = "detente/run/1"
Versions = dict[str, str]
_LIBRARIES = ("numpy", "scipy", "numba", "pyproj")
_ROOMS = ("physics", "records", "studies", "sweep")  # the rooms whose code decides a number


class ChunkEntry(Record):
    """A finished chunk: its rows start to stop, its file and the SHA-256 of that file."""

    number: int
    start: int
    stop: int
    failed: int
    file: str
    sha256: str


class Result(Record):
    """What came out: rows, how many failed and why, every chunk, and the digest of the summary table."""

    rows: int
    failed: int
    reasons: dict[str, int]
    chunks: tuple[ChunkEntry, ...]
    summary_sha256: str


class Manifest(Record):
    """The whole record of a run; `result` is there once every row is."""

    format: Literal["detente/run/1"] = FORMAT
    question: Question
    plan: Plan
    chunk_rows: int
    model: str
    model_digest: str = ""
    versions: Versions
    environment: dict[str, str]
    result: Result | None = None

    @property
    def configuration(self) -> str:
        """SHA-256 over all that decides the results: question, plan, chunks, model and code."""
        asked = self.model_dump(mode="json", exclude={"environment", "result"})
        return digest_of(asked)

    @property
    def chunk_count(self) -> int:
        """Number of chunks."""
        return -(-self.plan.samples // self.chunk_rows)

    def span(self, number: int) -> tuple[int, int]:
        """First row of a chunk and the one after its last."""
        return number * self.chunk_rows, min((number + 1) * self.chunk_rows, self.plan.samples)

    def written(self) -> bytes:
        """As the bytes of run.json, with the digests of configuration and content."""
        body = self.model_dump(mode="json")
        body["configuration_sha256"] = self.configuration
        body["content_sha256"] = digest_of(body)
        return (json.dumps(body, indent=1, ensure_ascii=False, sort_keys=True) + "\n").encode()


def read_manifest(folder: Path) -> Manifest:
    """The record of a run folder. Raises `InputError` where it is absent, damaged or changed."""
    path = folder / RUN_FILE
    try:
        body = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise refused(f"{folder.name} is not the folder of a run", f"it has no {RUN_FILE}", "DIR") from None
    except (UnicodeDecodeError, json.JSONDecodeError) as fault:
        raise refused(f"{RUN_FILE} is damaged: {fault}", "restore it, or run again", RUN_FILE) from None
    return _checked_manifest(body)


def _checked_manifest(body: Any) -> Manifest:
    way_out = "restore it from a copy, or run again into another folder"
    if not isinstance(body, dict) or body.get("format") != FORMAT:
        raise refused(f"{RUN_FILE} is not of the form {FORMAT}", "use the version that wrote it", RUN_FILE)
    content = body.pop("content_sha256", "")
    if digest_of(body) != content:
        raise refused(f"{RUN_FILE} does not match its own digest: it was changed", way_out, RUN_FILE)
    configuration = body.pop("configuration_sha256", "")
    try:
        found = Manifest.model_validate_json(json.dumps(body))
    except ValueError as fault:
        reason = str(fault).splitlines()[0]
        raise refused(f"{RUN_FILE} cannot be read: {reason}", way_out, RUN_FILE) from None
    if found.configuration != configuration:
        raise refused(f"{RUN_FILE} does not match the digest of its configuration", way_out, RUN_FILE)
    return found


def sha256_of(content: bytes) -> str:
    """SHA-256 of bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def source_digest(path: str) -> str:
    """SHA-256 of a source file, whatever its line ends; empty where there is no file."""
    if not path:
        return ""
    return sha256_of(Path(path).read_bytes().replace(b"\r\n", b"\n"))


@lru_cache(maxsize=1)
def _versions() -> tuple[tuple[str, str], ...]:
    found = {"detente": version("detente"), "detente_code": _own_code()}
    for library in _LIBRARIES:
        try:
            found[library] = version(library)
        except PackageNotFoundError:
            continue
    return tuple(found.items())


def versions_here() -> Versions:
    """What decides the last digit here: our version, a digest of our code, and the numeric libraries."""
    return dict(_versions())


def _own_code() -> str:
    """SHA-256 over every Python file of the rooms that compute, by name."""
    root = Path(str(files("detente")))
    found = sorted(path for room in _ROOMS for path in (root / room).rglob("*.py"))
    return digest_of({path.relative_to(root).as_posix(): source_digest(str(path)) for path in found})


def environment_here() -> dict[str, str]:
    """Where the run was made, without names or paths of the machine."""
    return {
        "python": platform.python_version(),
        "implementation": platform.python_implementation(),
        "system": platform.system(),
        "machine": platform.machine(),
    }
