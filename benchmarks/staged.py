"""A crux by stages against the same crux with every stage run for every mixture.

Ten assumptions of the reach study differ: two of the interceptor, three of the clock, three of the threat's
boost, and two that no stage but the last depends on. Both ways must give the same margins to 1e-12.
"""

import time
from typing import Any

import numpy as np

import detente
from detente.dispute.lattice import Lattice
from detente.records.case import Case
from detente.studies import engagements
from detente.studies.bind import bind, plain_value
from detente.studies.reach import reach_model

GOAL = 20.0
BASES = ("vypolzovo", "kozelsk", "teykovo", "tatishchevo", "yoshkar-ola", "nizhniy-tagil")
OTHER = {
    "interceptor_speed": 7.0,
    "interceptor_number": 20.0,
    "indeterminate_band": 0.2,
    "mrbm_burn_time": 100.0,
    "irbm_burn_time": 130.0,
    "mrbm_burnout_altitude": 70.0,
    "commit_delay": 180.0,
    "lowest_intercept_altitude": 130.0,
    "icbm_burn_time": 200.0,
    "icbm_burnout_altitude": 230.0,
}


def lattice(case: Case) -> Lattice:
    """Two positions that differ in ten figures, ready to be evaluated."""
    first = {name: plain_value(value) for name, value in bind(case, "reach", "mda-claim").values.items()}
    model = reach_model(case, [(base, "washington") for base in BASES])
    return Lattice(model, first, first | OTHER)


def everything(table: Any) -> tuple[Any, Any]:
    """In place of the search for different rows: every row counts as different."""
    return table, np.arange(len(table))


def evaluated(case: Case) -> tuple[Any, float]:
    """Margins of all mixtures, and the CPU seconds that they took."""
    mixtures = lattice(case)
    began = time.process_time()
    return mixtures.outputs["margin_km_s"], time.process_time() - began


def main(repeat: int = 5) -> dict[str, Any]:
    """Print the ratio of both ways, and how far their margins differ."""
    case = detente.load("european-site-2007")
    ratios, apart = [], 0.0
    staged, _ = evaluated(case)
    different = engagements.different
    for _ in range(repeat):
        _, fast = evaluated(case)
        engagements.different = everything
        try:
            naive, slow = evaluated(case)
        finally:
            engagements.different = different
        ratios.append(slow / fast)
        apart = max(apart, float(np.abs(naive - staged).max()))
    ratio = float(np.median(ratios))
    print(
        f"1,024 mixtures x {len(BASES)} routes: {ratio:.1f} x (goal {GOAL:g}); margins {apart:.1e} km/s apart"
    )
    return {"ratio": ratio, "goal": GOAL, "apart_km_s": apart, "accurate": apart <= 1e-12}
