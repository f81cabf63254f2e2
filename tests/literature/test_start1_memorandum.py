"""START I memorandum of understanding, data of 1 September 1990, by type.

Source: table by type at nuke.fas.org/control/start1/news/strtdata.htm; central limits at
nuke.fas.org/control/start1/news/startcen.htm. Exact, unless a tolerance stands beside it.
"""

import pytest

from detente.agreement.counting import count
from detente.records.agreement_files import load_force, load_treaty
from detente.records.count import Count

LIMITS = {"deployed_delivery_vehicles": 1600, "warheads_on_missiles": 4900, "warheads": 6000}


def counted(party: str) -> Count:
    (found,) = count(load_force("start1-mou-1990"), load_treaty("start-1"), party=party)
    return found


@pytest.mark.parametrize(
    ("quantity", "value"),
    [
        ("deployed_delivery_vehicles", 2500),
        ("warheads", 10271),
        ("warheads_on_missiles", 9416),
        ("heavy_warheads", 3080),
        ("mobile_warheads", 618),
    ],
)
def test_the_soviet_side(quantity: str, value: int) -> None:
    assert counted("SU").totals[quantity] == value


def test_the_american_missiles() -> None:
    assert counted("US").totals["missiles"] == 1672
    assert counted("US").totals["warheads_on_missiles"] == 8210


def test_the_first_150_cruise_missile_bombers_count_10_and_the_others_what_they_carry() -> None:
    row = next(row for row in counted("US").rows if row.type == "B-52 ALCM")
    assert (row.number, row.attribution, row.warheads) == (189, "150@10+39@12", 150 * 10 + 39 * 12)
    assert row.warheads not in {189 * 10, 189 * 12}


def test_reduced_ss_n_18_take_up_896_of_the_cap() -> None:
    assert counted("SU").totals["downloaded_warheads"] == 224 * (7 - 3) == 896


@pytest.mark.parametrize(
    ("quantity", "cuts"),
    [
        ("deployed_delivery_vehicles", {"US": 29, "SU": 36}),
        ("warheads_on_missiles", {"US": 40, "SU": 48}),
        ("warheads", {"US": 43, "SU": 42}),
    ],
)
def test_the_cuts_to_the_limits_in_percent_within_one(quantity: str, cuts: dict[str, int]) -> None:
    for party, percent in cuts.items():
        held = counted(party).totals[quantity]
        assert held is not None
        assert 100 * (1 - LIMITS[quantity] / held) == pytest.approx(percent, abs=1)
