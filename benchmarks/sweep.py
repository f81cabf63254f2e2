"""What workers cost: a cluster of two and two local processes against one process, and all their bytes.

Tasks wait 0.2 s instead of computing, so that the ratio shows what handing out, fetching and writing
cost, whatever else the processors do. Ratio 1 is two workers in exactly half the time of one process.
"""

import os
import signal
import tempfile
import time
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from detente.sweep.question import Field, Question
from detente.sweep.run import Means, Progress, sweep
from detente.sweep.sampling import Law, Plan, Varied, draw

TASK_S = 0.2
TASKS = 40
ROWS = 500
ALLOWED_RATIO = 1.10
MODEL = "benchmarks.sweep:pause"
QUESTION = Question(study="pause", fields=(Field(name="x", unit="m"),))


def pause(columns: Mapping[str, Any]) -> dict[str, Any]:
    """A model that takes its time."""
    time.sleep(TASK_S)
    return {"x": np.sqrt(columns["a"])}


def timed(folder: Path, means: Means) -> tuple[float, dict[str, bytes]]:
    """Seconds of a sweep, and the bytes of its results."""
    law = Law(kind="uniform", low=0.0, high=1.0)
    plan = Plan(
        design="own", samples=TASKS * ROWS, varied=(Varied(name="a", unit="m", law=law, dimension=0),)
    )
    begun = time.perf_counter()
    sweep(MODEL, draw(plan), QUESTION, folder, means, chunk_rows=ROWS)
    took = time.perf_counter() - begun
    names = ("run.json", "summary.csv", *sorted(path.name for path in folder.glob("chunks/*")))
    return took, {n: (folder / ("chunks" if n.endswith(".nc") else "") / n).read_bytes() for n in names}


def killed_once(cluster: Any) -> Means:
    """A cluster one of whose workers is killed after the first chunk."""
    import distributed

    with distributed.Client(cluster, set_as_default=False) as client:
        victims = list(client.run(os.getpid).values())

    def kill(seen: Progress) -> None:
        if seen.done and victims:
            os.kill(victims.pop(), signal.SIGKILL)
            victims.clear()

    return Means(cluster=cluster.scheduler_address, progress=kill)


def main(repeat: int = 3) -> dict[str, Any]:
    """Print both ratios, and whether all bytes agree, also after a worker was killed."""
    import distributed

    warnings.simplefilter("ignore")
    ratios: dict[str, list[float]] = {"cluster": [], "local": []}
    same = []
    with (
        tempfile.TemporaryDirectory() as place,
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=50
        ) as cluster,
    ):
        room = Path(place)
        timed(room / "warm", Means(cluster=cluster.scheduler_address))
        for n in range(repeat):
            alone, wanted = timed(room / f"one-{n}", Means(workers=1))
            spread, found = timed(room / f"cluster-{n}", Means(cluster=cluster.scheduler_address))
            local, own = timed(room / f"local-{n}", Means(workers=2))
            ratios["cluster"].append(2 * spread / alone)
            ratios["local"].append(2 * local / alone)
            same += [wanted == found, wanted == own]
        _, after_death = timed(room / "killed", killed_once(cluster))
        same.append(after_death == wanted)
    numbers = {
        "task_s": TASK_S,
        "tasks": TASKS,
        "cluster_ratio": float(np.median(ratios["cluster"])),
        "local_ratio_with_start": float(np.median(ratios["local"])),
        "allowed_cluster_ratio": ALLOWED_RATIO,
        "same_bytes": all(same),
        "accurate": all(same),
    }
    print(f"{TASKS} tasks of {TASK_S} s, twice the time of two workers over the time of one process:")
    print(f"  cluster {numbers['cluster_ratio']:.3f} (allowed {ALLOWED_RATIO}), with connecting to it")
    print(f"  local processes {numbers['local_ratio_with_start']:.3f}, with starting them")
    print(f"same bytes in every run, and with one worker killed: {numbers['same_bytes']}")
    return numbers


if __name__ == "__main__":
    main()
