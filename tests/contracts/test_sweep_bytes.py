"""A sweep gives the same bytes whoever computes it: one worker, several, in any order, or a cluster."""

import contextlib
import os
import signal
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from detente import api
from detente.sweep.run import Means, Progress, sweep
from detente.sweep.sampling import DESIGNS
from tests.unit.sweep.toy import QUESTION, all_bytes, fragile, rows, slow


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("reference") / "run"
    sweep(fragile, rows(200), QUESTION, folder, Means(workers=1), chunk_rows=20)
    return all_bytes(folder)


def cluster_part() -> Any:
    return pytest.importorskip("distributed", reason="the optional part `cluster` is not installed")


@contextlib.contextmanager
def cluster() -> Iterator[Any]:
    distributed = cluster_part()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what dask and tornado warn of is theirs
        with distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=50
        ) as started:
            yield started


@pytest.mark.parametrize(
    "means",
    [
        Means(workers=2),
        Means(workers=1, order=tuple(reversed(range(10)))),
        Means(workers=3, order=(5, 0, 9, 1, 8, 2, 7, 3, 6, 4)),
    ],
    ids=["two workers", "one worker, backwards", "three workers, mixed"],
)
def test_workers_and_order_do_not_reach_the_results(
    tmp_path: Path, reference: dict[str, bytes], means: Means
) -> None:
    sweep(fragile, rows(200), QUESTION, tmp_path / "run", means, chunk_rows=20)
    assert all_bytes(tmp_path / "run") == reference


def test_a_cluster_gives_the_same_bytes_though_a_worker_is_killed(
    tmp_path: Path, reference: dict[str, bytes]
) -> None:
    with cluster() as started:
        means = Means(cluster=started.scheduler_address)
        sweep(fragile, rows(200), QUESTION, tmp_path / "calm", means, chunk_rows=20)
        assert all_bytes(tmp_path / "calm") == reference
        with cluster_part().Client(started, set_as_default=False) as client:
            victims = sorted(client.run(os.getpid).values())
        killed: list[int] = []

        def kill_one(seen: Progress) -> None:
            if seen.done and not killed:
                os.kill(victims[0], signal.SIGKILL)
                killed.append(victims[0])

        stormy = Means(cluster=started.scheduler_address, progress=kill_one)
        sweep(slow, rows(120), QUESTION, tmp_path / "stormy", stormy, chunk_rows=20)
        assert killed
    sweep(slow, rows(120), QUESTION, tmp_path / "local", Means(workers=1), chunk_rows=20)
    assert all_bytes(tmp_path / "stormy") == all_bytes(tmp_path / "local")


def test_an_address_without_a_scheduler_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cluster_part()
    monkeypatch.setattr("detente.sweep.workers._CONNECT_S", 0.5)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for address in ("tcp://127.0.0.1:9", "nonsense"):
            with pytest.raises(api.InputError, match="there is no scheduler"):
                sweep(fragile, rows(20), QUESTION, tmp_path / "run", Means(cluster=address))


@pytest.mark.parametrize("design", DESIGNS)
def test_a_study_of_a_shipped_case_sweeps_and_verifies(tmp_path: Path, design: str) -> None:
    from detente.api.sweeps import sweep_case as study_sweep
    from detente.api.sweeps import verify_run

    settings = {"commit_delay": "0 s to 300 s", "interceptor_speed": "6 km/s to 8 km/s"}
    plain = study_pins(settings)
    samples = 16 if design != "grid" else 9
    done = study_sweep(
        "european-site-2007", "reach", "midpoint", samples, tmp_path / "run", design=design, settings=plain,
        launches=["tatishchevo"], aims=["washington", "london"], workers=1,
    )  # fmt: skip
    assert (done.rows, done.failed) == (samples, 0)
    found = verify_run(tmp_path / "run", workers=1)
    assert found.ok
    assert found.agreement == "same bytes"


def study_pins(opened: dict[str, str]) -> dict[str, str]:
    """The two opened figures, and every other one pinned at its central value."""
    from detente.studies.catalog import REACH

    position = api.load("european-site-2007").position("midpoint")
    pinned = {}
    for parameter in REACH.parameters:
        figure = position.figures[parameter.name]
        if parameter.kind == "number":
            pinned[parameter.name] = str(figure.parsed)
    return pinned | opened
