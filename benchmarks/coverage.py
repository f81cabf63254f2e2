"""Coverage of all land against ten launch areas: pruned against flat, compiled against NumPy, same answers.

Flat asks the least speed of every pair of launch area and cell. Pruned looks first at what is plain, and asks
only the rest. Both come in NumPy and in machine code; the same yes or no for each pair counts as accurate,
nothing less. The threats' flights are worked out once, before the clock starts: a study asks many mixtures of
each. CPU seconds, all sides in turn.
"""

from typing import Any

import numba
import numpy as np

import detente
from benchmarks.flights import cpu
from detente.physics.engines import Lanes, Lockstep, encounters
from detente.physics.engines.compiled import compiled_encounters
from detente.physics.intercept import EngagementStatus, _laid_out, reaches, required_speed
from detente.physics.meeting import cases_of
from detente.studies.bind import bind
from detente.studies.cover import coverage, flown_in_chunks, pairs_to_land, within_reach
from detente.studies.engagements import Engagements, prepared
from detente.studies.land import land_cells
from detente.studies.reach import as_columns

CASE, POSITIONS = "european-site-2007", ("mda-slides", "mda-claim", "lewis-postol-high")
EARTHS = ("sphere", "ellipsoid")
GOAL_FLAT, GOAL_NUMPY = 2.0, 15.0


def flat_compiled() -> Any:
    """The search of every row in machine code, with nothing ruled out first."""
    names = compiled_encounters().py_func.__globals__
    window, cheapest = names["window"], names["cheapest"]
    fields, flies, burn, cap = encounters.FIELDS, encounters.FLIES, encounters.BURN, encounters.CAP
    axis_ratio, eccentricity, speed = encounters.MINOR, encounters.ECCENTRICITY, encounters.SPEED

    @numba.njit(error_model="numpy")
    def search(columns: Any, out: Any, row: Any, looks: Any) -> None:
        for i in range(out.size):
            for c in range(fields):
                row[c] = columns[c, i]
            row[axis_ratio] = np.sqrt(max(1.0 - row[eccentricity] * row[eccentricity], 0.0))
            low, high = window(row)
            possible = row[flies] > 0.0 and row[burn] <= row[cap] and low <= high
            out[i] = possible and cheapest(row, looks[10], low, high, -1.0) <= row[speed] * row[speed]

    return search


def main(repeat: int = 5) -> dict[str, Any]:
    """Print the ratios, pairs that differ, and the seconds of whole questions, over both Earths."""
    found = {earth: measured(earth, repeat) for earth in EARTHS}
    numbers = {f"{earth}_{name}": value for earth, rows in found.items() for name, value in rows.items()}
    return numbers | {"accurate": all(rows["accurate"] for rows in found.values())}


def measured(earth: str, repeat: int) -> dict[str, Any]:
    """The same over one Earth: the sphere of textbooks, or the ellipsoid with J2 that studies fly over."""
    print(f"over the {earth}")
    case, land, search = detente.load(CASE), land_cells(), flat_compiled()
    launches = [place.id for place in case.places_of("launch-area")]
    pairs = pairs_to_land(case, launches, land)
    size = len(land) * len(launches)
    ratios: dict[str, list[float]] = {name: [] for name in ("flat", "numpy", "numpy_pruned", "numpy_both")}
    micro: list[float] = []
    whole: list[float] = []
    wrong = 0
    for position in POSITIONS:
        columns = as_columns(bind(case, "cover", position, {"earth_model": earth}))
        asked = [prepared(flown, columns)[1] for _, flown in flown_in_chunks(pairs, columns, 1)]
        speed = 1e3 * float(columns["interceptor_speed"][0])
        answers = {}

        def flat(fields: list[Engagements] = asked, fast: float = speed) -> list[Any]:
            found = [required_speed(f.arc, f.site, f.delay, f.burn, f.lowest, f.cap) for f in fields]
            return [(f.status == EngagementStatus.FOUND) & (f.speed <= fast) for f in found]

        def pruned(engine: Any, fields: list[Engagements] = asked, fast: float = speed) -> list[Any]:
            return [
                reaches(f.arc, f.site, fast, f.delay, f.burn, f.lowest, f.cap, engine=engine) for f in fields
            ]

        def searched(fields: list[Engagements] = asked, fast: float = speed) -> list[Any]:
            found = []
            for f in fields:
                shape, cases, solved = cases_of(
                    f.arc, f.site, f.delay, (f.burn, f.lowest, f.cap, np.inf), fast
                )
                out = np.empty(solved.size, np.bool_)
                search(_laid_out(cases, solved, f.site, shape), out, *encounters.room()[:2])
                found.append(out.reshape(shape))
            return found

        ways = {
            "flat numpy": flat,
            "numpy": lambda: pruned(Lockstep()),
            "flat": searched,
            "pruned": lambda: pruned(Lanes()),
        }
        for name, way in ways.items():
            answers[name] = np.concatenate([each.ravel() for each in way()])
        wrong += sum(int(np.sum(answers["flat numpy"] != each)) for each in answers.values())
        for _ in range(repeat):
            took = {name: cpu(way) for name, way in ways.items()}
            ratios["flat"].append(took["flat"] / took["pruned"])
            ratios["numpy"].append(took["flat numpy"] / took["pruned"])
            ratios["numpy_pruned"].append(took["numpy"] / took["pruned"])
            ratios["numpy_both"].append(took["flat numpy"] / took["numpy"])
            micro.append(1e6 * took["pruned"] / size)
            both = [
                cpu(lambda e=e, c=columns: within_reach(pairs, c, engine=e)) for e in (Lockstep(), Lanes())
            ]
            whole.append(both[0] / both[1])
        print(f"{position}: {np.median(micro[-repeat:]):.2f} us a pair, NumPy and flat takes "
              f"{np.median(ratios['numpy'][-repeat:]):.1f} times as long")  # fmt: skip
    whole_study = bind(case, "cover", "mda-claim", {"earth_model": earth})
    middle = {f"ratio_{name}": float(np.median(values)) for name, values in ratios.items()}
    numbers = {
        "pairs": size, **middle, "microseconds_a_pair": float(np.median(micro)),
        "ratio_study_with_flights": float(np.median(whole)),
        "whole_study_seconds": cpu(lambda: coverage(whole_study)),
        "pairs_that_differ": wrong, "accurate": wrong == 0,
    }  # fmt: skip
    print(
        f"{len(land)} cells x {len(launches)} launch areas, compiled: {numbers['ratio_flat']:.1f} x flat "
        f"(goal {GOAL_FLAT:.0f})"
    )
    print(f"against NumPy: flat {numbers['ratio_numpy']:.1f} x (goal {GOAL_NUMPY:.0f}), pruned "
          f"{numbers['ratio_numpy_pruned']:.1f} x; NumPy itself, pruned against flat: "
          f"{numbers['ratio_numpy_both']:.1f} x")  # fmt: skip
    print(f"a question with its flights, compiled against NumPy: {numbers['ratio_study_with_flights']:.1f} x")
    print(f"pairs that differ: {wrong} of {3 * size * len(POSITIONS)}")
    print(f"both margins of every pair: {numbers['whole_study_seconds']:.1f} CPU-s")
    return numbers


if __name__ == "__main__":
    main()
