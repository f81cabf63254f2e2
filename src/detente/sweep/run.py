"""Run a sweep: chunk after chunk through a model, kept as they finish, whoever computes them.

The same samples give the same bytes with any number of workers, in any order, here or on a cluster.
"""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from detente.records.base import Record

from .chunk import Model, Rows, Task, Work, joined, lost, model_name, model_source, resolved
from .crate import note, write_crate
from .errors import refused, stopped
from .manifest import (
    RUN_FILE,
    ChunkEntry,
    Manifest,
    Result,
    environment_here,
    read_manifest,
    sha256_of,
    source_digest,
    versions_here,
)
from .question import Question
from .sampling import Samples, draw
from .store import CHUNKS, finished_chunks, read_chunk, write_chunk, write_file
from .summary import SUMMARY_FILE, as_csv, reasons_of, summary_table
from .workers import Done, Engine, engine_for

NUMBERS_A_CHUNK = 32_768
"""Numbers of the widest output that a chunk holds, unless another length is asked for."""
TRIES = 3
MOST_DEATHS = 40


@dataclass(frozen=True)
class Progress:
    """How far a sweep is: rows done (and of them found finished at the start), failed, deaths of workers."""

    rows: int
    done: int
    found: int
    failed: int
    deaths: int


class RunSummary(Record):
    """A finished sweep: its rows, how many failed and why, its table, and what happened on the way."""

    study: str
    position: str
    rows: int
    failed: int
    reasons: dict[str, int]
    chunks: int
    chunks_found: int
    deaths: int
    digest: str
    table: tuple[dict[str, str], ...]
    notices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Means:
    """How to compute: `workers` local processes (one for each processor by default), or a `cluster`.

    `order` is the order in which chunks are begun; nothing of this reaches the results.
    """

    workers: int | None = None
    cluster: str | None = None
    order: Sequence[int] | None = None
    progress: Callable[[Progress], None] | None = None


def sweep(
    model: Model | str,
    samples: Samples,
    question: Question,
    folder: Path,
    means: Means | None = None,
    *,
    chunk_rows: int | None = None,
) -> RunSummary:
    """Run a model on every row of the samples and keep all of it in a folder.

    `model` is a callable or "module:function": columns of n rows in, the question's outputs out. Where the
    folder already holds this very run, finished chunks are kept and the rest is computed. Raises
    `InputError` for what cannot be run and `SweepError` (a full disk, dying workers) for what ended it.
    """
    draw(samples.plan)
    question.check(samples.plan)
    widest = max(question.width(each) for each in question.fields)
    rows = max(1, NUMBERS_A_CHUNK // widest) if chunk_rows is None else chunk_rows
    if rows < 1:
        raise refused(f"a chunk of {rows} rows holds nothing", "at least one row", "chunk_rows")
    manifest = Manifest(
        question=question,
        plan=samples.plan,
        chunk_rows=rows,
        model=model_name(model),
        model_digest=source_digest(model_source(model)),
        versions=versions_here(),
        environment=environment_here(),
    )
    return _run(model, _opened(folder, manifest), folder, means or Means())


def resume(model: Model | str, folder: Path, means: Means | None = None) -> RunSummary:
    """Go on with the run of a folder from what is finished; as `sweep` with what its record asks for."""
    held = read_manifest(folder)
    return sweep(model, draw(held.plan), held.question, folder, means, chunk_rows=held.chunk_rows)


def _opened(folder: Path, manifest: Manifest) -> Manifest:
    """The record of a new run, or the one that the folder holds of the same run. Raises `InputError`."""
    if (folder / RUN_FILE).exists():
        held = read_manifest(folder)
        if held.configuration != manifest.configuration:
            rule = f"{folder.name} holds another run: {_difference(held, manifest)}"
            raise refused(rule, "choose another folder, or give the same command to go on with it", "DIR")
        return held
    if folder.exists() and any(folder.iterdir()):
        raise refused(f"{folder.name} is not empty and holds no run", "choose a new folder", "DIR")
    folder.mkdir(parents=True, exist_ok=True)
    write_file(folder / RUN_FILE, manifest.written())
    return manifest


def _difference(held: Manifest, wanted: Manifest) -> str:
    theirs, ours = held.model_dump(mode="json"), wanted.model_dump(mode="json")
    named = {name for name in theirs if name not in {"environment", "result"} and theirs[name] != ours[name]}
    if "plan" in named:
        named |= {name for name in theirs["plan"] if theirs["plan"][name] != ours["plan"][name]}
    if "versions" in named:
        named |= {name for name in ours["versions"] if ours["versions"][name] != theirs["versions"].get(name)}
    return f"differs in {', '.join(sorted(named))}"


@dataclass
class _Progress:
    """What is finished, and what is still open of begun chunks."""

    manifest: Manifest
    folder: Path
    entries: dict[int, ChunkEntry]
    found: int = 0
    deaths: int = 0
    parts: dict[int, dict[int, Rows]] = field(default_factory=dict)

    def take(self, task: Task, rows: Rows) -> bool:
        """Keep rows; write their chunk and say True where it is whole now."""
        start, stop = self.manifest.span(task.chunk)
        held = self.parts.setdefault(task.chunk, {})
        held[task.start] = rows
        if sum(len(part.status) for part in held.values()) < stop - start:
            return False
        whole = joined([held[place] for place in sorted(held)])
        self.entries[task.chunk] = write_chunk(self.folder, self.manifest, task.chunk, whole)
        del self.parts[task.chunk]
        return True

    def told(self) -> Progress:
        return Progress(
            rows=self.manifest.plan.samples,
            done=sum(entry.stop - entry.start for entry in self.entries.values()),
            found=self.found,
            failed=sum(entry.failed for entry in self.entries.values()),
            deaths=self.deaths,
        )


def _run(model: Model | str, manifest: Manifest, folder: Path, means: Means) -> RunSummary:
    (folder / CHUNKS).mkdir(exist_ok=True)
    entries, strange = finished_chunks(folder, manifest)
    for path in strange:
        path.unlink()
    state = _Progress(manifest, folder, entries)
    state.found = state.told().done
    kept = len(entries)
    missing = [number for number in _order(manifest, means) if number not in entries]
    workers = _workers(means, len(missing))
    work = Work(model, manifest.question, draw(manifest.plan))
    note(
        folder,
        "begun",
        engine="cluster" if means.cluster else "in process" if workers == 0 else f"{workers} local",
        chunks_found=kept,
    )
    if missing:
        resolved(model)
        engine = engine_for(work, workers, means.cluster)
        try:
            _compute(engine, work, missing, state, means)
        except BaseException as fault:
            note(folder, "stopped", why=type(fault).__name__, chunks=len(state.entries), deaths=state.deaths)
            raise
        finally:
            engine.close()
    notices = [f"{path.name} was no finished chunk of this run and was made anew" for path in strange]
    return _finished(state, kept, tuple(notices))


def _order(manifest: Manifest, means: Means) -> Sequence[int]:
    every = range(manifest.chunk_count)
    if means.order is None:
        return every
    if sorted(means.order) != list(every):
        raise refused("the order does not name every chunk once", f"name 0 to {len(every) - 1}", "order")
    return means.order


def _workers(means: Means, missing: int) -> int:
    """How many processes to start; 0 computes in this one.

    Whoever asks for two or more gets processes even for one chunk: they survive what a model does.
    """
    if means.workers is not None and means.workers < 1:
        raise refused(f"{means.workers} workers do no work", "at least one", "--workers")
    here = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    wanted = means.workers or min(here, missing)
    return 0 if wanted <= 1 else max(1, min(wanted, missing))


def _compute(engine: Engine, work: Work, missing: Iterable[int], state: _Progress, means: Means) -> None:
    """Give out tasks as the engine takes them, keep what comes back, send again what a death took."""
    tasks = (Task(number, *state.manifest.span(number)) for number in missing)
    again: deque[Task] = deque()
    out = 0
    _tell(means, state)
    while True:
        while engine.free > 0:
            task = again.popleft() if again else next(tasks, None)
            if task is None:
                break
            engine.submit(task)
            out += 1
        if not out:
            return
        done = engine.next()
        out -= 1
        if done.answer is None:
            again.extend(_after_death(done, work, state))
        elif done.answer.rows is None:
            raise stopped(f"the model does not keep its form: {done.answer.fault}", "correct the model")
        elif not state.take(done.task, done.answer.rows):
            continue
        _tell(means, state)


def _tell(means: Means, state: _Progress) -> None:
    if means.progress is not None:
        means.progress(state.told())


def _after_death(done: Done, work: Work, state: _Progress) -> Iterator[Task]:
    """The same rows again; then by halves, until the row that no worker survives stands alone."""
    state.deaths += 1
    task = done.task
    if state.deaths > MOST_DEATHS:
        rule = f"{state.deaths} workers died, the last on rows {task.start} to {task.stop - 1} ({done.death})"
        raise stopped(rule, "too little memory, perhaps: fewer workers; the same command goes on")
    tries = task.tries + 1
    if tries < TRIES:
        yield Task(task.chunk, task.start, task.stop, tries)
    elif task.stop - task.start > 1:
        middle = (task.start + task.stop) // 2
        yield Task(task.chunk, task.start, middle, TRIES - 1)
        yield Task(task.chunk, middle, task.stop, TRIES - 1)
    else:
        state.take(task, lost(work, task, "no worker survives this row"))


def _finished(state: _Progress, kept: int, notices: tuple[str, ...]) -> RunSummary:
    """Read everything once more, in order, and write table, record and crate."""
    folder, manifest = state.folder, state.manifest
    entries = tuple(state.entries[number] for number in sorted(state.entries))

    def read() -> Iterator[Rows]:
        for entry in entries:
            yield read_chunk(folder, manifest, entry)[1]

    table = summary_table(manifest.question, read)
    packed = as_csv(table)
    result = Result(
        rows=manifest.plan.samples,
        failed=sum(entry.failed for entry in entries),
        reasons=reasons_of(read),
        chunks=entries,
        summary_sha256=sha256_of(packed),
    )
    manifest = manifest.model_copy(update={"result": result})
    record = manifest.written()
    write_file(folder / SUMMARY_FILE, packed)
    write_file(folder / RUN_FILE, record)
    note(folder, "finished", chunks=len(entries), deaths=state.deaths)
    write_crate(folder, manifest)
    return RunSummary(
        study=manifest.question.study,
        position=manifest.question.position,
        rows=result.rows,
        failed=result.failed,
        reasons=result.reasons,
        chunks=len(entries),
        chunks_found=kept,
        deaths=state.deaths,
        digest=sha256_of(record),
        table=table,
        notices=notices,
    )
