"""Many saved pages: which files of a folder are pages, and reading them by several processes, resumably."""

import json
import os
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from detente.records.errors import InputError, Problem

SUFFIXES = frozenset({".txt", ".html", ".htm", ".xhtml"})
_PARTS = ("_files", ".files", "_fichiers", "-Dateien")
Progress = Callable[[int, int], None]


def page_of(path: Path) -> Path:
    """The file of a page: itself, or the one page of a folder as a browser saves it."""
    if not path.exists():
        raise InputError(
            Problem("there is no such file or folder", "give the path of a saved page", file=str(path))
        )
    if not path.is_dir():
        return path
    pages = pages_in(path)
    if len(pages) != 1:
        rule = f"the folder holds {len(pages)} pages" if pages else "the folder holds no page"
        raise InputError(
            Problem(rule, "give one page, or read the folder with --out FILE.jsonl", file=str(path))
        )
    return pages[0]


def pages_in(folder: Path) -> list[Path]:
    """The pages below a folder, without what a browser saved beside a page (FOLDER_files)."""
    found = []
    for path in sorted(folder.rglob("*")):
        beside = any(part.endswith(_PARTS) for part in path.relative_to(folder).parts[:-1])
        if path.is_file() and path.suffix.lower() in SUFFIXES and not beside:
            found.append(path)
    return found


def read_row(path: str) -> dict[str, Any]:
    """One page as a row of the output: its reading, or the problems that kept it from being read."""
    from .propose import read_page

    row: dict[str, Any] = {"file": path}
    try:
        return row | read_page(Path(path)).as_rows()
    except InputError as refused:
        return row | {"problems": [problem.as_row() for problem in refused.problems]}
    except OSError as fault:
        return row | {
            "problems": [Problem(str(fault.strerror or fault), "make it readable", file=path).as_row()]
        }
    except Exception as fault:  # noqa: BLE001 - one page must never end the batch; the fault is told in its row
        rule = f"our fault: {type(fault).__name__}: {fault}"
        return row | {"problems": [Problem(rule, "send us the page if you may", file=path).as_row()]}


def read_many(
    paths: Sequence[Path], out: Path, *, workers: int = 1, progress: Progress | None = None
) -> dict[str, Any]:
    """Read pages into a file of one JSON row each; what is there already is passed over, so it can be resumed.

    Returns how many were read, refused, passed over, and which pages share a digest.
    """
    done, digests = _present(out)
    todo = [path for path in paths if _key(path) not in done]
    counts = {"read": 0, "refused": 0, "passed_over": len(paths) - len(todo)}
    twins: list[dict[str, str]] = []
    problems: list[dict[str, Any]] = []
    out.parent.mkdir(parents=True, exist_ok=True)
    with out.open("a", encoding="utf-8") as sheet:
        for number, row in enumerate(_rows([str(path) for path in todo], workers), 1):
            if "problems" in row:
                counts["refused"] += 1
                problems += row["problems"]
            else:
                counts["read"] += 1
                digest = row["page"]["digest"]
                if digest in digests:
                    twins.append({"file": row["file"], "same_as": digests[digest], "digest": digest})
                    row["notices"] = [*row["notices"], f"the same page, byte for byte, as {digests[digest]}"]
                digests.setdefault(digest, row["file"])
            row["key"] = _key(Path(row["file"]))
            sheet.write(json.dumps(row, ensure_ascii=False) + "\n")
            sheet.flush()
            if progress:
                progress(counts["passed_over"] + number, len(paths))
    return counts | {"out": str(out), "twins": twins, "problems": problems}


def _key(path: Path) -> str:
    """A file as it stands now: read again once it has changed."""
    try:
        state = path.stat()
    except OSError:
        return str(path)
    return sha256(f"{path}|{state.st_size}|{state.st_mtime_ns}".encode()).hexdigest()[:16]


def _present(out: Path) -> tuple[set[str], dict[str, str]]:
    """What an earlier run has written; a last line that was cut off in the middle is taken away."""
    done: set[str] = set()
    digests: dict[str, str] = {}
    if not out.exists():
        return done, digests
    good = 0
    with out.open("rb") as sheet:
        for line in sheet:
            try:
                row = json.loads(line)
                done.add(row["key"])
            except (ValueError, KeyError, TypeError):
                if line.endswith(b"\n"):
                    rule = "the file is there already and holds other things than readings"
                    raise InputError(Problem(rule, "give another --out", file=str(out))) from None
                break
            if "page" in row:
                digests.setdefault(row["page"]["digest"], row["file"])
            good += len(line)
    if good < out.stat().st_size:
        os.truncate(out, good)
    return done, digests


def _rows(paths: Sequence[str], workers: int) -> Iterator[dict[str, Any]]:
    if workers <= 1 or len(paths) < 8:
        yield from map(read_row, paths)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_quiet) as pool:
        try:
            yield from _in_order(pool.map(read_row, paths, chunksize=4))
        except KeyboardInterrupt:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _in_order(rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    yield from rows


def _quiet() -> None:
    """A worker leaves Ctrl-C to the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
