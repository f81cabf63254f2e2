"""Coverage of all land against ten launch areas: pruned against flat, and both against the same answers.

Flat asks the least speed of every pair of launch area and cell, as plain NumPy does it. Pruned looks first at
what is plain, and asks only the rest. The same yes or no for each pair counts as accurate, nothing less.
"""

import time
from collections.abc import Callable
from typing import Any

import numpy as np

import detente
from detente.studies.bind import bind
from detente.studies.cover import coverage, pairs_to_land, within_reach
from detente.studies.engagements import required_speeds
from detente.studies.land import land_cells
from detente.studies.reach import as_columns

CASE, POSITIONS = "european-site-2007", ("mda-slides", "mda-claim", "lewis-postol-high")


def timed(action: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds of one run, and what it gave."""
    begun = time.perf_counter()
    found = action()
    return time.perf_counter() - begun, found


def main(repeat: int = 5) -> dict[str, Any]:
    """Print the ratio of flat to pruned, pairs that differ, and the seconds of the whole study."""
    case, land = detente.load(CASE), land_cells()
    launches = [place.id for place in case.places_of("launch-area")]
    ratios: list[float] = []
    pruned_s: list[float] = []
    wrong = 0
    for position in POSITIONS:
        bound = bind(case, "cover", position)
        columns, pairs = as_columns(bound), pairs_to_land(case, launches, land)
        speed = float(columns["interceptor_speed"][0])
        for _ in range(repeat):
            flat, needed = timed(lambda p=pairs, c=columns: required_speeds(p, c))
            pruned, (reached, _) = timed(lambda p=pairs, c=columns: within_reach(p, c))
            wrong += int(np.sum(reached[0] != (np.nan_to_num(needed[0], nan=np.inf) <= speed)))
            ratios.append(flat / pruned)
            pruned_s.append(pruned)
        print(f"{position}: flat over pruned {np.median(ratios[-repeat:]):.2f}")
    whole, _ = timed(lambda: coverage(bind(case, "cover", "mda-claim")))
    size = len(land) * len(launches)
    numbers = {
        "pairs": size,
        "ratio": float(np.median(ratios)),
        "pruned_microseconds_a_pair": 1e6 * float(np.median(pruned_s)) / size,
        "whole_study_seconds": whole,
        "pairs_that_differ": wrong,
        "accurate": wrong == 0,
    }
    print(f"{len(land)} cells x {len(launches)} launch areas: {numbers['ratio']:.2f} times as fast as flat")
    print(f"pairs that differ: {wrong} of {size * len(ratios)}")
    print(f"both margins of every pair: {whole:.1f} s")
    return numbers


if __name__ == "__main__":
    main()
