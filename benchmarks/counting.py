"""A force of 10,000 rows counted under START I, against the same sums of the same table in pandas.

pandas joins the attributions, fills the tiers by a running sum and groups: the sums alone, without steps,
articles, gaps or refusals. Both must come to the same warheads for both parties.
"""

import time
from typing import Any

import numpy as np
import pandas as pd

from detente.agreement.counting import count
from detente.records.agreement_files import load_force, load_treaty
from detente.records.force import Force
from detente.records.treaty import Treaty

ROWS = 10_000
GOAL = 60.0
TIERS = {"US": (150, 10, 12), "SU": (180, 8, 8)}


def many(force: Force) -> Force:
    """The memorandum's rows again and again at one base after the other, with small numbers."""
    rng = np.random.default_rng(1990)
    rows = [
        force.holdings[n % len(force.holdings)].model_copy(
            update={"base": f"b{n}", "number": int(rng.integers(0, 9))}
        )
        for n in range(ROWS)
    ]
    types = tuple(
        kind.model_copy(
            update={"equipped": TIERS["SU" if kind.type in {"Bear ALCM", "Blackjack"} else "US"][2]}
        )
        if kind.cruise_missiles
        else kind
        for kind in force.types
    )
    return force.model_copy(update={"holdings": tuple(rows), "types": types})


def in_pandas(table: pd.DataFrame, attributions: pd.DataFrame) -> dict[str, int]:
    """Warheads of each party by a join, running sums and a grouping."""
    joined = table.merge(attributions, on=["party", "type"], how="left")
    each = joined["warheads"].fillna(1.0)
    counted = joined["number"] * each
    for party, (first, low, high) in TIERS.items():
        mine = joined["tiered"] & (joined["party"] == party)
        end = joined.loc[mine, "number"].cumsum()
        below = np.minimum(end, first) - np.minimum(end - joined.loc[mine, "number"], first)
        counted.loc[mine] = below * low + (joined.loc[mine, "number"] - below) * high
    return {str(party): int(total) for party, total in counted.groupby(joined["party"]).sum().items()}


def prepared(force: Force, treaty: Treaty) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows and the attributions as pandas wants them."""
    tiered = {kind.type for kind in force.types if kind.cruise_missiles}
    rows = [(row.party, row.type, row.number, row.type in tiered) for row in force.holdings]
    known = [(entry.party, entry.type, entry.warheads) for entry in treaty.attributions]
    return (
        pd.DataFrame(rows, columns=["party", "type", "number", "tiered"]),
        pd.DataFrame(known, columns=["party", "type", "warheads"]),
    )


def main(repeat: int = 5) -> dict[str, Any]:
    """Print how many times as long as pandas the proof of 10,000 rows takes, and that both agree."""
    force, treaty = many(load_force("start1-mou-1990")), load_treaty("start-1")
    tables = prepared(force, treaty)
    ratios, ours, theirs = [], {}, {}
    for _ in range(repeat):
        began = time.process_time()
        ours = {found.party: found.totals["warheads"] for found in count(force, treaty)}
        between = time.process_time()
        theirs = in_pandas(*tables)
        ratios.append((between - began) / (time.process_time() - between))
    ratio, same = float(np.median(ratios)), ours == theirs
    print(f"{ROWS:,} rows: {ratio:.0f} x pandas (goal at most {GOAL:g}); the same warheads: {same}")
    return {"ratio": ratio, "goal": GOAL, "accurate": same}
