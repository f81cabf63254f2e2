"""The crux of a model of your own: can a given staff visit every site? (All numbers are invented.)

Two delegations disagree about whether 40 inspectors are enough. The model is three lines long; the crux
says which of their three assumptions divides them, and what each would have to concede.
"""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente import crux

Columns = Mapping[str, NDArray[Any]]


def spare_days(columns: Columns) -> dict[str, NDArray[Any]]:
    """Inspector-days a year left over, for any number of mixtures at once."""
    available = 40 * columns["days_per_inspector"]
    needed = columns["sites"] * columns["days_per_visit"] * 2
    return {"spare_days": available - needed}


def main() -> None:
    """Compute the crux, print its prose, and check it against what can be worked out by hand."""
    first = {"sites": 120.0, "days_per_visit": 30.0, "days_per_inspector": 150.0}
    second = {"sites": 100.0, "days_per_visit": 20.0, "days_per_inspector": 180.0}
    found = crux(
        spare_days, "spare_days", first, second,
        names=("First delegation", "Second delegation"),
        bounds={"sites": (50.0, 200.0), "days_per_visit": (5.0, 60.0), "days_per_inspector": (100.0, 220.0)},
        unit="inspector-days",
    )  # fmt: skip
    print(found)

    # First: 40*150 - 120*30*2 = -1,200. Second: 40*180 - 100*20*2 = 3,200. They are opposed.
    assert found.margins == (-1200.0, 3200.0)
    share = {row.assumption: row.phi for row in found.attribution_rows}
    assert math.isclose(sum(phi or 0.0 for phi in share.values()), 4400.0)
    # The staff's days enter alone, so their share is exactly 40 * 30; the other two share the rest.
    assert math.isclose(share["days_per_inspector"] or 0.0, 1200.0)
    # 120 sites at 20 days need 4,800 of 6,000 days: shorter visits alone would change the first's mind;
    # so would 30 more days an inspector (just: 7,200 of 7,200). Fewer sites alone, too: 6,000 of 6,000.
    least = {row.members for row in found.flip_rows if row.side == found.parties[0] and row.kind == "flips"}
    assert least == {("days_per_visit",), ("days_per_inspector",), ("sites",)}
    assert np.isclose(spare_days({k: np.array([v]) for k, v in first.items()})["spare_days"], -1200.0).all()


if __name__ == "__main__":
    main()
