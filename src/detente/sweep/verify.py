"""Is a run what it says? Its files against their digests, its draws and its results against a new run.

Digests find damage and careless changes. Whoever rewrites every file and every digest together is found by
running again, which step 5 does.
"""

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import numpy as np

from detente.records.base import Record

from .chunk import Model, Rows, Task, Work
from .errors import refused
from .manifest import ChunkEntry, Manifest, Result, read_manifest, sha256_of, versions_here
from .run import Means
from .sampling import draw
from .store import CHUNKS, chunk_bytes, read_chunk
from .summary import SUMMARY_FILE, as_csv, reasons_of, summary_table
from .workers import engine_for

ROUNDING = 1e-9
"""Largest relative difference that another machine's arithmetic may leave."""
Lookup = Callable[[Manifest], Model | str]
Agreement = Literal["same bytes", "same values", "different"]


class Finding(Record):
    """Something that is not as the record says: the file, and what is wrong with it."""

    file: str
    fault: str


class Verification(Record):
    """What was checked of a run and what was found; `ok` where nothing was."""

    rows: int
    chunks: int
    chunks_run_again: int
    rows_run_again: int
    agreement: Agreement | None
    digest: str
    findings: tuple[Finding, ...]
    notices: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether everything is as the record says."""
        return not self.findings


def verify_run(
    folder: Path, lookup: Lookup, *, chunks: int | None = None, means: Means | None = None
) -> Verification:
    """Check a run folder and run it again: all of it, or `chunks` chunks picked at random.

    1. run.json has the digests that it states. 2. Every row is in exactly one chunk. 3. Every file is there
    with its digest, and no other. 4. Table and reasons follow from the chunks. 5. The chunks that are run
    again have the same bytes, or the same values within rounding. `lookup` finds the model of a record; the
    caller still owes that it is the model meant. Raises `InputError` where there is no record to check.
    """
    manifest = read_manifest(folder)  # 1
    result = manifest.result
    if result is None:
        raise refused("this run is not finished", "finish it with the command that began it", folder.name)
    if chunks is not None and not 1 <= chunks <= manifest.chunk_count:
        raise refused(f"{chunks} chunks of {manifest.chunk_count}", "at least one, at most all", "--chunks")
    findings = [*_rows_covered(manifest, result)]  # 2
    findings += (found := [*_files(folder, result)])  # 3
    broken = {finding.file for finding in found}
    sound = [entry for entry in result.chunks if entry.file not in broken]
    if len(sound) == manifest.chunk_count and not findings:
        findings += _table(folder, manifest, result)  # 4
    picked = sound if chunks is None else random.SystemRandom().sample(sound, min(chunks, len(sound)))
    agreement, differing = _run_again(folder, manifest, picked, lookup(manifest), means or Means())  # 5
    findings += differing
    return Verification(
        rows=result.rows,
        chunks=len(result.chunks),
        chunks_run_again=len(picked),
        rows_run_again=sum(entry.stop - entry.start for entry in picked),
        agreement=agreement,
        digest=sha256_of(manifest.written()),
        findings=tuple(findings),
        notices=_version_notices(manifest),
    )


def _rows_covered(manifest: Manifest, result: Result) -> Iterator[Finding]:
    spans = [(entry.number, entry.start, entry.stop) for entry in result.chunks]
    if spans != [(number, *manifest.span(number)) for number in range(manifest.chunk_count)]:
        yield Finding(file="run.json", fault="its chunks do not hold every row exactly once")
    if result.rows != manifest.plan.samples or result.failed != sum(e.failed for e in result.chunks):
        yield Finding(file="run.json", fault="its counts of rows do not add up")


def _files(folder: Path, result: Result) -> Iterator[Finding]:
    wanted = {entry.file: entry.sha256 for entry in result.chunks} | {SUMMARY_FILE: result.summary_sha256}
    for name, digest in wanted.items():
        path = folder / name
        if not path.is_file():
            yield Finding(file=name, fault="is missing")
        elif sha256_of(path.read_bytes()) != digest:
            yield Finding(file=name, fault="was changed: its content does not have the digest of the record")
    for path in sorted((folder / CHUNKS).iterdir()) if (folder / CHUNKS).is_dir() else []:
        if f"{CHUNKS}/{path.name}" not in wanted:
            yield Finding(file=f"{CHUNKS}/{path.name}", fault="does not belong to this run")


def _table(folder: Path, manifest: Manifest, result: Result) -> Iterator[Finding]:
    def read() -> Iterator[Rows]:
        for entry in result.chunks:
            yield read_chunk(folder, manifest, entry)[1]

    if as_csv(summary_table(manifest.question, read)) != (folder / SUMMARY_FILE).read_bytes():
        yield Finding(file=SUMMARY_FILE, fault="does not follow from the chunks")
    if reasons_of(read) != result.reasons:
        yield Finding(file="run.json", fault="its reasons do not follow from the chunks")


def _run_again(
    folder: Path, manifest: Manifest, picked: list[ChunkEntry], model: Model | str, means: Means
) -> tuple[Agreement | None, list[Finding]]:
    """Compute chunks anew and compare; one that cannot be computed is a finding."""
    if not picked:
        return None, [Finding(file=CHUNKS, fault="no chunk could be run again")]
    work = Work(model, manifest.question, draw(manifest.plan))
    wanted = means.workers or 1
    engine = engine_for(work, min(wanted, len(picked)) if wanted > 1 else 0, means.cluster)
    waiting = {entry.number: entry for entry in picked}
    begun: set[int] = set()
    findings: list[Finding] = []
    agreement: Agreement = "same bytes"
    try:
        while waiting:
            for number in [n for n in waiting if n not in begun][: max(engine.free, 0)]:
                engine.submit(Task(number, *manifest.span(number)))
                begun.add(number)
            done = engine.next()
            entry = waiting.pop(done.task.chunk)
            rows = None if done.answer is None else done.answer.rows
            if rows is None:
                fault = done.death if done.answer is None else done.answer.fault
                findings.append(Finding(file=entry.file, fault=f"could not be run again: {fault}"))
                continue
            found = _compared(folder, manifest, entry, rows)
            if found == "different":
                findings.append(Finding(file=entry.file, fault="running it again gives other results"))
            agreement = max(agreement, found, key=_WORSE.index)
    finally:
        engine.close()
    return agreement, findings


_WORSE: tuple[Agreement, ...] = ("same bytes", "same values", "different")


def _compared(folder: Path, manifest: Manifest, entry: ChunkEntry, rows: Rows) -> Agreement:
    if sha256_of(chunk_bytes(manifest, entry.number, rows)) == entry.sha256:
        return "same bytes"
    varied, held = read_chunk(folder, manifest, entry)
    drawn = draw(manifest.plan).varied(entry.start, entry.stop)
    pairs = [(varied[name], drawn[name]) for name in varied]
    pairs += [(held.outputs[name], rows.outputs[name]) for name in held.outputs]
    near = all(
        np.allclose(ours, theirs, rtol=ROUNDING, atol=ROUNDING, equal_nan=True) for ours, theirs in pairs
    )
    same_rows = np.array_equal(held.status, rows.status) and held.reasons == rows.reasons
    return "same values" if near and same_rows else "different"


def _version_notices(manifest: Manifest) -> tuple[str, ...]:
    here = versions_here()
    return tuple(
        f"the run was made with {name} {made}, this is {here.get(name, 'without it')}"
        for name, made in manifest.versions.items()
        if here.get(name) != made
    )
