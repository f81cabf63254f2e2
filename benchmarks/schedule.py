"""Schedules of two parties, ten types, thirty half-years: a what-if, a conflict, a front, beside scipy.

The peer is `scipy.optimize.milp` on the very rows that our model holds, taken out of the solver and put
together again by hand: it shares the solver, so the ratio shows what our modelling layer, objectives in turn
and checks cost. Accurate means: the same least number of actions, and every schedule holds when it is checked
in whole numbers. CPU seconds, in turn in one run.
"""

import random
import time
from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csc_matrix

from detente.agreement.scheduling.conflict import smallest_conflict, ways_out
from detente.agreement.scheduling.frontier import search, tasks
from detente.agreement.scheduling.model import Model
from detente.agreement.scheduling.programme import (
    Action,
    Capacity,
    Ceiling,
    Line,
    Measure,
    Parity,
    Period,
    Programme,
    Term,
    Tier,
)
from detente.agreement.scheduling.solve import solve

PARTIES, TYPES, PERIODS = ("AA", "BB"), 10, 30


def timed(action: Callable[[], Any]) -> tuple[float, Any]:
    """CPU seconds of one run, and what it gave."""
    begun = time.process_time()
    found = action()
    return time.process_time() - begun, found


def first_of(half: int) -> date:
    """The first day of a half-year, counted from January 2000."""
    return date(2000 + half // 2, 1 + 6 * (half % 2), 1)


def programme(seed: int, cap: float = 0.04) -> Programme:
    """Ten types a party, each to be eliminated or stored, interim ceilings, and parity under two rules."""
    rng = random.Random(seed)  # noqa: S311 - an example
    periods = tuple(
        Period(f"half {t}", first_of(t), first_of(t + 1), t // 2)
        for t in range(PERIODS)
    )  # fmt: skip
    lines = tuple(
        Line(party, f"T{n}", deployed=rng.randrange(40, 300), load=rng.choice((1, 1, 3, 4, 6, 10)))
        for party in PARTIES
        for n in range(TYPES)
    )
    actions = tuple(
        action
        for line in lines
        for action in (
            Action("eliminate", line.key, cost=2.0),
            Action("store", line.key, warheads_to="stored"),
        )
    )
    measures, ceilings, capacities = [], [], []
    for party in PARTIES:
        own = [line for line in lines if line.party == party]
        vehicles = Measure(party, "one", "vehicles", tuple(Term((line.key,)) for line in own))
        loaded = Measure(
            party, "one", "warheads", tuple(Term((line.key,), (Tier(line.load or 0),)) for line in own)
        )
        other = Measure(
            party,
            "two",
            "warheads",
            tuple(Term((line.key,), (Tier(max(1, (line.load or 0) // 2)),)) for line in own),
        )
        measures += [vehicles, loaded, other]
        for found, whole in (
            (vehicles, sum(each.deployed for each in own)),
            (loaded, sum(each.deployed * (each.load or 0) for each in own)),
        ):
            for last, share in ((9, 0.8), (19, 0.65), (29, 0.45)):
                words = f"{party}: {found.quantity} at most {share:.0%} by {last}"
                ceilings.append(Ceiling(words, found.key, int(share * whole), last, 29, last == 29))
        taken = tuple(n for n, action in enumerate(actions) if action.line[0] == party)
        most = int(cap * sum(each.deployed for each in own))
        capacities.append(
            Capacity(
                f"{party}: at most {most} a half-year", taken, tuple(((t,), most) for t in range(PERIODS))
            )
        )
    parities = tuple(
        Parity(
            f"parity under {rule}", (("AA", rule, "warheads"), ("BB", rule, "warheads")), share=0.3, first=6
        )
        for rule in ("one", "two")
    )
    return Programme(periods, lines, actions, tuple(measures), tuple(ceilings), tuple(capacities), parities)


def peer(model: Model) -> float | None:
    """The least number of actions by `scipy.optimize.milp` on the same rows."""
    model.active(range(len(model.groups)))
    model.minimise(model.actions_taken)
    lp = model.h.getLp()
    matrix = csc_matrix(
        (lp.a_matrix_.value_, lp.a_matrix_.index_, lp.a_matrix_.start_), shape=(lp.num_row_, lp.num_col_)
    )
    whole = np.array([int(kind) == 1 for kind in lp.integrality_])
    cost, rows = np.array(lp.col_cost_), (np.array(lp.row_lower_), np.array(lp.row_upper_))
    bounds = Bounds(np.array(lp.col_lower_), np.array(lp.col_upper_))
    spent, found = timed(
        lambda: milp(cost, constraints=LinearConstraint(matrix, *rows), integrality=whole, bounds=bounds)
    )
    peer.seconds = spent  # type: ignore[attr-defined]
    return float(found.fun) if found.success else None


def main(repeat: int = 3) -> dict[str, Any]:
    """Print seconds of what-ifs, of a conflict and of a front, and the ratio to the peer."""
    wanted = ("fewest", "soonest", "smoothest", "parity")
    spent: dict[str, list[float]] = {name: [] for name in (*wanted, "conflict", "peer")}
    agree, ratios = True, []
    for seed in range(1, repeat + 1):
        given = programme(seed)
        for name in wanted:
            seconds, found = timed(lambda g=given, n=name: solve(g, n))
            spent[name].append(seconds)
            agree &= found.plan is None or found.states is not None
            if name == "fewest":
                least, ours = found.values[0] if found.values else None, seconds
        theirs = peer(Model(given))
        spent["peer"].append(peer.seconds)  # type: ignore[attr-defined]
        ratios.append(ours / peer.seconds)  # type: ignore[attr-defined]
        agree &= (theirs is None) == (least is None) and (theirs is None or abs(theirs - (least or 0)) < 1e-3)
        model = Model(programme(seed, cap=0.01))
        seconds, clash = timed(lambda m=model: ways_out(m, smallest_conflict(m)))
        spent["conflict"].append(seconds)
        agree &= bool(clash)
    model = Model(programme(1))
    front, points = timed(lambda: [p for _, p in search(model, tasks(model, 6, 3)) if p and not p.beaten])
    for name, seconds in spent.items():
        print(f"{name}: median {np.median(seconds):.2f} s, at most {max(seconds):.2f} s")
    print(f"fewest, with model, check and tie-break, over the peer's bare solve: {np.median(ratios):.2f}")
    print(f"front: {len(points)} points in {front:.1f} s; same least numbers as the peer: {agree}")
    return {
        **{f"{name}_seconds": float(np.median(seconds)) for name, seconds in spent.items()},
        "over_peer": float(np.median(ratios)),
        "front_seconds": front,
        "front_points": len(points),
        "accurate": agree,
    }


if __name__ == "__main__":
    main()
