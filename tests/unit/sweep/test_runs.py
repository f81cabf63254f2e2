"""Sweeps that end well and sweeps that do not: same bytes, no lost row, a clear word."""

import errno
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from detente.records.errors import InputError
from detente.sweep.errors import DiskFullError, MissingPartError, SweepError
from detente.sweep.manifest import read_manifest
from detente.sweep.question import Field
from detente.sweep.run import Means, Progress, resume, sweep
from detente.sweep.store import open_run
from tests.unit.sweep.toy import (
    QUESTION,
    DiesOnce,
    all_bytes,
    deadly,
    fragile,
    misshapen,
    rows,
    slow,
    wave,
)

ROOT = Path(__file__).resolve().parents[3]
ONE = Means(workers=1)
TWO = Means(workers=2)


def test_results_are_those_of_the_model(tmp_path: Path) -> None:
    done = sweep(wave, rows(250), QUESTION, tmp_path / "run", ONE, chunk_rows=100)
    held = open_run(tmp_path / "run", read_manifest(tmp_path / "run"))
    columns = rows(250).columns(0, 250)
    np.testing.assert_array_equal(held["a"], columns["a"])
    np.testing.assert_array_equal(held["height"], wave(columns)["height"])
    np.testing.assert_array_equal(held["margin"], wave(columns)["margin"])
    assert held["height"].attrs["units"] == "km"
    assert list(held["pair"].values) == ["Iași", "b"]
    assert (done.rows, done.failed, done.chunks) == (250, 0, 3)


def test_the_table_is_exact(tmp_path: Path) -> None:
    table = sweep(wave, rows(997), QUESTION, tmp_path / "run", ONE, chunk_rows=100).table
    found = wave(rows(997).columns(0, 997))
    height = {name: float(table[0][name]) for name in ("lowest", "p05", "p50", "p95", "highest")}
    wanted = np.quantile(found["height"], [0, 0.05, 0.5, 0.95, 1], method="inverted_cdf")
    assert list(height.values()) == list(wanted)
    assert float(table[0]["mean"]) == pytest.approx(found["height"].mean(), rel=1e-13)
    below = np.where(np.isnan(found["margin"]), -np.inf, found["margin"])
    for row, margin in zip(table[1:], below.T, strict=True):
        for name, share in (("p10", 0.1), ("p50", 0.5), ("p90", 0.9)):
            exact = np.quantile(margin, share, method="inverted_cdf")
            assert row[name] == ("" if np.isinf(exact) else repr(float(exact)))
        assert float(row["share_at_least_zero"]) == (margin >= 0).mean()
    assert int(table[2]["null"]) == np.isnan(found["margin"][:, 1]).sum() > 0
    assert table[2]["mean"] == ""


@pytest.mark.parametrize("values", [[-1.5, -0.0, 0.0, 2.0], [-1e300, 1e-300, 5e-324, 3.0], [4.0] * 4])
def test_quantiles_keep_the_order_of_signs_and_sizes(tmp_path: Path, values: list[float]) -> None:
    question = QUESTION.model_copy(update={"fields": (Field(name="x", unit="m"),)})

    def listed(columns: Any) -> Any:
        return {"x": np.array(values)}

    row = sweep(listed, rows(4), question, tmp_path / "run", ONE).table[0]
    assert [float(row[name]) for name in ("p05", "p50", "p90")] == [sorted(values)[n] for n in (0, 1, 3)]


def test_a_row_that_fails_keeps_its_place_and_its_reason(tmp_path: Path) -> None:
    done = sweep(fragile, rows(300), QUESTION, tmp_path / "run", ONE, chunk_rows=64)
    columns = rows(300).columns(0, 300)
    raised, infinite = columns["a"] > 0.9, columns["b"] < 0.1
    held = open_run(tmp_path / "run", read_manifest(tmp_path / "run"))
    np.testing.assert_array_equal(held["status"], (raised | infinite).astype(int))
    assert set(held["reason"].values[raised]) == {"ValueError: a is too large"}
    assert set(held["reason"].values[infinite & ~raised]) == {"height is not a finite number"}
    good = ~raised & ~infinite
    np.testing.assert_array_equal(held["height"][good], wave(columns)["height"][good])
    assert np.isnan(held["margin"].values[~good]).all()
    assert done.failed == (~good).sum() == sum(done.reasons.values()) > 0


def test_a_worker_that_is_killed_is_replaced(tmp_path: Path) -> None:
    killed: list[int] = []

    def kill_one(seen: Progress) -> None:
        if seen.done and not killed:
            victim = multiprocessing.active_children()[0]
            killed.append(victim.pid or 0)
            victim.kill()

    done = sweep(
        slow, rows(60), QUESTION, tmp_path / "run", Means(workers=2, progress=kill_one), chunk_rows=10
    )
    assert killed
    assert done.rows == 60
    assert done.failed == 0
    assert multiprocessing.active_children() == []
    with pytest.raises(ProcessLookupError):
        os.kill(killed[0], 0)


def test_a_chunk_whose_worker_dies_is_run_again(tmp_path: Path) -> None:
    marker = tmp_path / "marker"
    done = sweep(DiesOnce(marker), rows(90), QUESTION, tmp_path / "run", TWO, chunk_rows=30)
    assert marker.exists()
    assert (done.deaths, done.failed) == (1, 0)
    undisturbed = sweep(DiesOnce(marker), rows(90), QUESTION, tmp_path / "other", ONE, chunk_rows=30)
    assert undisturbed.deaths == 0
    assert all_bytes(tmp_path / "run") == all_bytes(tmp_path / "other")


def test_the_row_that_no_worker_survives_is_found(tmp_path: Path) -> None:
    samples = rows(100, "lhs")
    done = sweep(deadly, samples, QUESTION, tmp_path / "run", TWO, chunk_rows=3)
    fatal = samples.varied(0, 100)["a"] > 0.99
    assert fatal.sum() == 1, "a hypercube of 100 rows has one such row"
    held = open_run(tmp_path / "run", read_manifest(tmp_path / "run"))
    np.testing.assert_array_equal(held["status"], fatal.astype(int))
    assert done.reasons == {"no worker survives this row": 1}
    good = ~fatal
    np.testing.assert_array_equal(held["height"][good], wave(samples.columns(0, 100))["height"][good])


def test_interrupt_and_resume(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    begun = subprocess.Popen(
        [sys.executable, "-m", "tests.unit.sweep.toy", str(folder)], cwd=ROOT,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    deadline = time.monotonic() + 30
    while len(list(folder.glob("chunks/*.nc"))) < 2:
        assert begun.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.02)
    os.killpg(begun.pid, signal.SIGINT)  # as a terminal does: to the whole group
    said = begun.communicate(timeout=20)[1].decode()
    assert begun.returncode in (-signal.SIGINT, 130)
    assert said.count("Traceback") == 1, "the workers stay silent"
    kept = {path.name for path in folder.glob("chunks/*")}
    assert 2 <= len(kept) < 8
    assert all(name.endswith(".nc") for name in kept)
    told: list[Progress] = []
    done = resume("tests.unit.sweep.toy:slow", folder, Means(workers=2, progress=told.append))
    assert told[0].done == told[0].found == 10 * len(kept)
    assert done.chunks_found == len(kept)
    assert kept < {path.name for path in folder.glob("chunks/*")}
    sweep("tests.unit.sweep.toy:slow", rows(80), QUESTION, tmp_path / "other", TWO, chunk_rows=10)
    assert all_bytes(folder) == all_bytes(tmp_path / "other")
    events = [json.loads(line)["event"] for line in (folder / "journal.jsonl").read_text().splitlines()]
    assert events == ["begun", "stopped", "begun", "finished"]


def test_a_torn_chunk_is_made_anew(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    sweep(wave, rows(100), QUESTION, folder, ONE, chunk_rows=25)
    whole = all_bytes(folder)
    first, second = sorted(folder.glob("chunks/*.nc"))[:2]
    first.write_bytes(first.read_bytes()[:-8])
    second.rename(second.with_name("000003." + second.name.split(".")[1] + ".nc"))
    (folder / "chunks" / ".000000.nc.12.part").write_bytes(b"half")
    (folder / "chunks" / "notes.txt").write_text("mine")
    done = sweep(wave, rows(100), QUESTION, folder, ONE, chunk_rows=25)
    (folder / "chunks" / "notes.txt").unlink()
    assert done.chunks_found == 2
    assert len(done.notices) == 3
    assert all_bytes(folder) == whole


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 128 KiB; where none can be made here, the writer is told so instead."""
    disk = tmp_path / "disk"
    disk.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=128k", "tmpfs", str(disk)], capture_output=True, check=False
    )
    if made.returncode:
        yield from _pretended(disk)
        return
    try:
        yield disk
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def _pretended(disk: Path) -> Iterator[Path]:
    left = [120_000]

    def counted(descriptor: int) -> None:
        left[0] -= os.fstat(descriptor).st_size
        if left[0] < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", counted)
        yield disk


def test_a_full_disk_keeps_what_is_finished(tmp_path: Path, small_disk: Path) -> None:
    folder = small_disk / "run"
    with pytest.raises(DiskFullError, match="disk is full") as caught:
        sweep(wave, rows(5000), QUESTION, folder, ONE, chunk_rows=500)
    assert "way out" in str(caught.value)
    kept = sorted(folder.glob("chunks/*"))
    assert 0 < len(kept) < 10
    assert not list(folder.glob("chunks/.*")), "nothing half written is left"
    moved = tmp_path / "larger"
    subprocess.run(["cp", "-r", str(folder), str(moved)], check=True)
    done = resume(wave, moved, ONE)
    assert done.chunks_found == len(kept)
    sweep(wave, rows(5000), QUESTION, tmp_path / "other", ONE, chunk_rows=500)
    assert all_bytes(moved) == all_bytes(tmp_path / "other")


def test_a_full_disk_at_the_very_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(DiskFullError):
            sweep(wave, rows(10), QUESTION, tmp_path / "run", ONE)
    assert sweep(wave, rows(10), QUESTION, tmp_path / "run", ONE).rows == 10


def test_memory_is_bounded_by_a_chunk(tmp_path: Path) -> None:
    def peak(samples: int) -> int:
        tracemalloc.start()
        sweep(wave, rows(samples, "lhs"), QUESTION, tmp_path / str(samples), ONE, chunk_rows=1000)
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    peak(1000)  # imports and caches
    assert peak(20_000) < 1.3 * peak(2000)


def test_another_run_is_not_mixed_in(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    sweep(wave, rows(20), QUESTION, folder, ONE)
    for other in (rows(21), rows(20, seed=8), rows(20, "lhs")):
        with pytest.raises(InputError, match="holds another run: differs in"):
            sweep(wave, other, QUESTION, folder, ONE)
    with pytest.raises(InputError, match="differs in model"):
        sweep(fragile, rows(20), QUESTION, folder, ONE)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("mine")
    with pytest.raises(InputError, match="not empty and holds no run"):
        sweep(wave, rows(20), QUESTION, tmp_path / "mine", ONE)


@pytest.mark.parametrize("means", [ONE, TWO])
def test_a_model_that_breaks_its_form_stops_the_sweep(tmp_path: Path, means: Means) -> None:
    with pytest.raises(SweepError, match=r'output "margin" has shape \(10,\) where \(10, 2\)'):
        sweep(misshapen, rows(30), QUESTION, tmp_path / "run", means, chunk_rows=10)


@pytest.mark.parametrize(
    ("model", "said"),
    [
        ("tests.unit.sweep.toy:no_such", "there is no model"),
        ("no_such_module:f", "there is no model"),
        ("wave", "there is no model"),
        ("tests.unit.sweep.toy:QUESTION", "cannot be called"),
        (lambda columns: columns, "cannot be sent to a worker"),
    ],
)
def test_a_model_that_cannot_be_had_is_refused(tmp_path: Path, model: Any, said: str) -> None:
    with pytest.raises(InputError, match=said):
        sweep(model, rows(30), QUESTION, tmp_path / "run", TWO, chunk_rows=10)


def test_means_that_make_no_sense_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="0 workers"):
        sweep(wave, rows(3), QUESTION, tmp_path / "a", Means(workers=0))
    with pytest.raises(InputError, match="order"):
        sweep(wave, rows(3), QUESTION, tmp_path / "b", Means(workers=1, order=(1,)))
    with pytest.raises(InputError, match="holds nothing"):
        sweep(wave, rows(3), QUESTION, tmp_path / "c", ONE, chunk_rows=0)
    clashing = QUESTION.model_copy(update={"fields": (Field(name="a", unit="km"),)})
    with pytest.raises(InputError, match="names two things"):
        sweep(wave, rows(3), clashing, tmp_path / "d", ONE)


def test_without_the_cluster_part_the_way_out_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(MissingPartError, match=r"detente\[cluster\]"):
        sweep(wave, rows(3), QUESTION, tmp_path / "run", Means(cluster="tcp://127.0.0.1:1"))


def test_progress_counts_up_to_every_row(tmp_path: Path) -> None:
    told: list[Progress] = []
    sweep(
        fragile, rows(100), QUESTION, tmp_path / "run", Means(workers=1, progress=told.append), chunk_rows=30
    )
    assert [each.done for each in told] == [0, 30, 60, 90, 100]
    assert told[-1].failed > 0
    assert {each.rows for each in told} == {100}
