"""How long a crux takes: pure functions and whole analysis, on a toy with 8, 12 and 16 differences.

Run with `python benchmarks/crux.py`. The toy is a smooth function of invented numbers: only the times
mean anything.
"""

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from detente.dispute import Lattice, crux, flip_sets, settle, shapley, shapley_interactions


def toy(k: int) -> tuple[Callable[[Any], Any], dict[str, float], dict[str, float]]:
    """A near-additive margin of k inputs with some pairs that reinforce each other, and two positions."""
    weights = np.random.default_rng(k).lognormal(0.0, 0.8, k)

    def model(columns: Any) -> Any:
        linear = sum(weights[i] * columns[f"x{i}"] for i in range(k))
        pairs = sum(columns[f"x{i}"] * columns[f"x{i + 1}"] for i in range(k - 1))
        return {"margin": linear + 0.1 * pairs - 0.4 * weights.sum()}

    return model, {f"x{i}": 0.0 for i in range(k)}, {f"x{i}": 1.0 for i in range(k)}


def best_of(action: Callable[[], Any], repeats: int = 5) -> float:
    """Shortest of several runs, in milliseconds."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return 1e3 * min(times)


def time_one(k: int) -> list[float]:
    """Times in milliseconds: lattice, shapley, pairs, flips, settle, whole crux."""
    model, A, B = toy(k)
    table = Lattice(model, A, B).outputs["margin"]
    actions: list[Callable[[], Any]] = [
        lambda: Lattice(model, A, B).outputs,
        lambda: shapley(table),
        lambda: shapley_interactions(table),
        lambda: flip_sets(table >= 0),
        lambda: settle(table >= 0),
        lambda: crux(model, "margin", A, B),
    ]
    return [best_of(action) for action in actions]


def main() -> None:
    """Print one row of times for each number of differences."""
    print(f"{'k':>3} {'lattice':>9} {'shapley':>9} {'pairs':>9} {'flips':>9} {'settle':>9} {'crux':>9}  (ms)")
    for k in (8, 12, 16):
        print(f"{k:>3} " + " ".join(f"{each:>9.2f}" for each in time_one(k)))


if __name__ == "__main__":
    main()
