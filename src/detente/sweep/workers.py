"""Who computes the chunks: this process, processes beside it, or the workers of a cluster.

All three take tasks and give answers or deaths, in any order; nothing that they do reaches the results.
"""

import contextlib
import multiprocessing
import os
import pickle
import signal
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Any, Protocol

from .chunk import Answer, Task, Work, answered
from .errors import MissingPartError, refused, stopped
from .manifest import versions_here

_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
_START_TRIES = 3
_CONNECT_S = 15.0


@dataclass(frozen=True)
class Done:
    """A task that came back: with its answer, or with how its worker ended."""

    task: Task
    answer: Answer | None
    death: str = ""


class Engine(Protocol):
    """Takes as many tasks as `free` says and gives each back once."""

    name: str

    @property
    def free(self) -> int:
        """How many more tasks it takes now."""

    def submit(self, task: Task) -> None:
        """Take a task."""

    def next(self) -> Done:
        """Wait for a task to come back."""

    def close(self) -> None:
        """Let go of everything, at once."""


class InProcess:
    """Computes in this process, one task at a time, when it is asked for the next answer."""

    name = "in process"

    def __init__(self, work: Work) -> None:
        self._work = work
        self._waiting: deque[Task] = deque()

    @property
    def free(self) -> int:
        return 1 - len(self._waiting)

    def submit(self, task: Task) -> None:
        self._waiting.append(task)

    def next(self) -> Done:
        task = self._waiting.popleft()
        return Done(task, answered(self._work, task))

    def close(self) -> None:
        self._waiting.clear()


@dataclass
class _Worker:
    process: Any
    connection: Connection
    task: Task | None = None
    ready: bool = False


class LocalProcesses:
    """Computes in processes of this machine, each with one thread; one that dies is replaced."""

    name = "local processes"

    def __init__(self, work: Work, count: int) -> None:
        self._packed = work.packed()
        self._context = multiprocessing.get_context("spawn")
        self._failed_starts = 0
        self._workers: list[_Worker] = []
        for _ in range(count):
            self._workers.append(self._started())

    @property
    def free(self) -> int:
        return sum(worker.task is None for worker in self._workers)

    def submit(self, task: Task) -> None:
        worker = next(each for each in self._workers if each.task is None)
        worker.task = task
        with contextlib.suppress(OSError):  # a worker that is gone is found by `next`
            worker.connection.send(task)

    def next(self) -> Done:
        while True:
            waiting = [worker for worker in self._workers if worker.task is not None or not worker.ready]
            wait([each for worker in waiting for each in (worker.connection, worker.process.sentinel)])
            for worker in waiting:
                done = self._heard(worker)
                if done is not None:
                    return done

    def _heard(self, worker: _Worker) -> Done | None:
        """What a worker said; a task whose worker is gone comes back with its death."""
        task = worker.task
        alive = worker.process.is_alive()  # asked first: what it said before its end is still read
        try:
            if not worker.connection.poll():
                return None if alive else self._replace(worker)
            said = worker.connection.recv()
        except (EOFError, OSError, pickle.UnpicklingError):
            return self._replace(worker)
        if not worker.ready:
            worker.ready, self._failed_starts = True, 0
            return None
        worker.task = None
        return Done(task, said) if task is not None else None

    def _replace(self, worker: _Worker) -> Done | None:
        worker.process.kill()
        worker.process.join()
        worker.connection.close()
        how = _ending(worker.process.exitcode)
        place = self._workers.index(worker)
        if not worker.ready:
            self._failed_starts += 1
            if self._failed_starts >= _START_TRIES:
                rule = f"no worker could be started ({how})"
                ways = 'a script that sweeps needs `if __name__ == "__main__":`; or run with one worker'
                raise stopped(rule, ways)
        self._workers[place] = self._started()
        if worker.task is None:
            return None
        if not worker.ready:  # it never saw the task: no try is lost
            self.submit(worker.task)
            return None
        return Done(worker.task, None, how)

    def _started(self) -> _Worker:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=serve, args=(theirs, self._packed), daemon=True)
        with _one_thread_each():
            process.start()
        theirs.close()
        return _Worker(process, ours)

    def close(self) -> None:
        for worker in self._workers:
            worker.process.kill()
        for worker in self._workers:
            worker.process.join()
            worker.connection.close()
        self._workers.clear()


@contextlib.contextmanager
def _one_thread_each() -> Iterator[None]:
    """Let a child begin with one numeric thread: the workers are what runs side by side."""
    before = {name: os.environ.get(name) for name in _ONE_THREAD}
    os.environ.update(dict.fromkeys(_ONE_THREAD, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _ending(code: int | None) -> str:
    """How a process ended, in words."""
    if code is not None and code < 0:
        with contextlib.suppress(ValueError):
            return f"signal {signal.Signals(-code).name}"
    return f"exit code {code}"


def serve(connection: Connection, packed: bytes) -> None:
    """The life of a local worker: answer tasks until the other end goes away."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the one who asked decides what an interrupt means
    fault = ""
    work: Work | None = None
    try:
        work = pickle.loads(packed)  # noqa: S301 - the bytes come from our own parent process
    except Exception as problem:  # noqa: BLE001 - told to the parent, which raises it
        fault = f"a worker cannot load the model: {type(problem).__name__}: {problem}"
    with contextlib.suppress(EOFError, OSError):
        connection.send("ready")
        while True:
            task: Task = connection.recv()
            connection.send(Answer(None, versions_here(), fault) if work is None else answered(work, task))


class Cluster:
    """Computes on the workers of a dask scheduler; tasks of a worker that dies go to another."""

    name = "cluster"

    def __init__(self, work: Work, address: str) -> None:
        distributed = _distributed()
        self._packed = work.packed()
        self._distributed = distributed
        try:
            self._client = distributed.Client(address, timeout=_CONNECT_S, set_as_default=False)
        except (OSError, TimeoutError, ValueError) as fault:
            rule = f"there is no scheduler at {address}: {fault}"
            raise refused(rule, "give its address, such as tcp://HOST:8786", "--cluster") from None
        try:
            self._client.wait_for_workers(1, timeout=_CONNECT_S)
        except TimeoutError:
            self.close()
            raise refused(f"no worker has joined {address}", "start workers first", "--cluster") from None
        self._running: dict[Any, Task] = {}
        self._finished = distributed.as_completed(loop=self._client.loop)

    @property
    def free(self) -> int:
        threads: int = sum(self._client.nthreads().values())
        return max(2 * threads, 2) - len(self._running)

    def submit(self, task: Task) -> None:
        future = self._client.submit(answered_packed, self._packed, task, pure=False)
        self._running[future] = task
        self._finished.add(future)

    def next(self) -> Done:
        future = next(self._finished)
        task = self._running.pop(future)
        try:
            answer = future.result()
        except self._distributed.KilledWorker:
            return Done(task, None, "its worker died")
        except (self._distributed.CancelledError, OSError, TimeoutError) as fault:
            rule = f"the cluster went away: {type(fault).__name__}"
            raise stopped(rule, "start it again, then give the same command: it goes on") from None
        except Exception as fault:  # noqa: BLE001 - what a worker could not load or run, told here
            rule = f"a worker of the cluster cannot run the task: {type(fault).__name__}: {fault}"
            raise stopped(rule, "install this version of detente on every worker") from None
        _same_versions(answer)
        return Done(task, answer)

    def close(self) -> None:
        with contextlib.suppress(Exception):
            self._client.cancel(list(getattr(self, "_running", {})))
        self._client.close(timeout=5)


def _same_versions(answer: Answer) -> None:
    """Refuse a worker that would give other digits."""
    here = versions_here()
    other = {name: (here.get(name), answer.versions.get(name)) for name in here | answer.versions}
    differing = [
        f"{name} {theirs} there, {ours} here" for name, (ours, theirs) in other.items() if ours != theirs
    ]
    if differing:
        rule = f"a worker of the cluster has other versions: {'; '.join(differing)}"
        raise stopped(rule, "install the same versions on every worker, so that the bytes are the same")


def answered_packed(packed: bytes, task: Task) -> Answer:
    """What a worker of a cluster runs."""
    work: Work = pickle.loads(packed)  # noqa: S301 - the bytes come from the client of this cluster
    return answered(work, task)


def _distributed() -> Any:
    try:
        import distributed
    except ImportError:
        said = (
            "the part that talks to clusters is not installed\n"
            '  way out: pip install "detente[cluster]", or leave --cluster out and use this machine'
        )
        raise MissingPartError(said) from None
    return distributed


def engine_for(work: Work, workers: int, cluster: str | None) -> Engine:
    """The engine that was asked for; no workers means this process."""
    if cluster is not None:
        return Cluster(work, cluster)
    return LocalProcesses(work, workers) if workers else InProcess(work)
