"""Small models for the tests of sweeps: smooth, failing, slow, and deadly to whoever runs them."""

import os
import signal
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from detente.sweep.question import Axis, Field, Question
from detente.sweep.run import Means, sweep
from detente.sweep.sampling import DesignName, Fixed, Law, Plan, Samples, Varied, draw

Columns = Mapping[str, Any]
Outputs = dict[str, Any]

QUESTION = Question(
    study="toy",
    position="nobody",
    fields=(
        Field(name="height", unit="km", meaning="sine of one and the other"),
        Field(name="margin", unit="s", axis="pair", null_means="too late", is_margin=True),
    ),
    axes=(Axis(name="pair", of=("Iași", "b")),),
)


def varied(name: str, dimension: int, **law: Any) -> Varied:
    """A parameter between 0 and 1 unless another law is given."""
    given: dict[str, Any] = {"kind": "uniform", "low": 0.0, "high": 1.0} | law
    return Varied(name=name, unit="km", law=Law(**given), dimension=dimension)


def plan(samples: int, design: DesignName = "own", seed: int = 7) -> Plan:
    """Two parameters that vary, a place and a choice that stay."""
    return Plan(
        design=design,
        samples=samples,
        seed=seed,
        varied=(varied("a", 0), varied("b", 1)),
        fixed=(
            Fixed(name="site", unit="", value=(54.5, 17.1)),
            Fixed(name="cue", unit="", value="early-warning"),
            Fixed(name="c", unit="s", value=2.0),
        ),
    )


def rows(samples: int, design: DesignName = "own", seed: int = 7) -> Samples:
    """The samples of that plan."""
    return draw(plan(samples, design, seed))


def wave(columns: Columns) -> Outputs:
    """A smooth height and two margins, one of which is sometimes null."""
    height = np.sin(columns["a"]) + columns["b"] * columns["c"] / 2
    late = np.where(height > 1.2, np.nan, height)
    return {"height": height, "margin": np.stack([height - 1, late], axis=1)}


def fragile(columns: Columns) -> Outputs:
    """As `wave`, but it raises where a is above 0.9 and gives no number where b is below 0.1."""
    if (np.asarray(columns["a"]) > 0.9).any():
        raise ValueError("a is too large\nfor this model")
    found = wave(columns)
    found["height"] = np.where(columns["b"] < 0.1, np.inf, found["height"])
    return found


def slow(columns: Columns) -> Outputs:
    """As `wave`, after half a second: on a busy machine too, a signal finds it at work."""
    time.sleep(0.5)
    return wave(columns)


def misshapen(columns: Columns) -> Outputs:
    """Margins without their axis."""
    return {"height": columns["a"], "margin": columns["a"]}


@dataclass(frozen=True)
class DiesOnce:
    """As `wave`; the first worker that meets the first row kills itself."""

    marker: Path

    def __call__(self, columns: Columns) -> Outputs:
        first = float(rows(1).varied(0, 1)["a"][0])
        if (columns["a"] == first).any() and not self.marker.exists():
            self.marker.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return wave(columns)


def deadly(columns: Columns) -> Outputs:
    """As `wave`; no process survives a row with a above 0.99."""
    if (np.asarray(columns["a"]) > 0.99).any():
        os.kill(os.getpid(), signal.SIGKILL)
    return wave(columns)


def all_bytes(folder: Path) -> dict[str, bytes]:
    """Every file of a run but the two that hold times."""
    timed = {"journal.jsonl", "ro-crate-metadata.json"}
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name not in timed)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


if __name__ == "__main__":  # a sweep of its own, to be interrupted from outside
    sweep("tests.unit.sweep.toy:slow", rows(80), QUESTION, Path(sys.argv[1]), Means(workers=2), chunk_rows=10)
