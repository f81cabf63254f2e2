"""Published and textbook counts: interceptors for a raid, and both sides' sentences as arithmetic.

The table for k = 0.7 and P = 0.8 is computed from P = [1 - (1 - k)^n]^W, after the structure in Science &
Global Security 8 (1999) 183-215 (not read). The sentence on 25 percent is Bruce Blair's, as quoted in
https://sofrep.com/news/russias-ballistic-missile-defense-works-uss-kinda-doesnt/ (read in a stored copy).
"""

import pytest

import detente
from detente.studies.bind import bind
from detente.studies.inventory import inventory
from detente.studies.leakage import needed, no_leak, salvo


@pytest.mark.parametrize(
    ("raid", "real", "each", "total"), [(5, 2.60, 3, 15), (10, 3.17, 4, 40), (20, 3.74, 4, 80)]
)
def test_shots_for_four_chances_in_five_that_none_gets_through(
    raid: int, real: float, each: int, total: int
) -> None:
    found = needed(raid, 0.8, 0.7)
    assert float(found.shots) == pytest.approx(real, abs=0.005)
    assert (int(found.whole_shots), int(found.whole_interceptors)) == (each, total)


def test_four_shots_at_25_percent() -> None:
    assert no_leak(1, 4, 0.25)[()] == pytest.approx(0.684, abs=5e-4)


def test_eight_missiles_one_shot_each_at_80_percent() -> None:
    assert no_leak(8, 1, 0.8)[()] == pytest.approx(0.168, abs=5e-4)


def test_forty_four_interceptors_four_to_a_missile() -> None:
    """Said: "at most you could destroy 11 warheads". Four each go round 11, and stop 7.5 on average."""
    assert 44 // 4 == 11
    fired = salvo(11, 44, 4, 0.25)
    assert fired.worst_use[0] == 44
    assert 11 - fired.leakage[0] == pytest.approx(11 * 0.684, abs=0.01)
    assert fired.no_leak[0] < 0.02


@pytest.mark.parametrize("position", ["mda-claim", "lewis-postol-high"])
def test_ten_interceptors_against_the_announced_ranges_and_against_five(position: str) -> None:
    """Ten stop at most ten, whatever they can do; five missiles are near the edge of what ten can do."""
    bound = bind(detente.load("european-site-2007"), "inventory", position)
    rows = {row["raid_size"]: row for row in inventory(bound, ["5", "1500", "2200"], ["2"]).rows}
    for announced in (1500, 2200):
        assert rows[announced]["status"] == "ruled out in this model"
        assert announced - 10 <= rows[announced]["leakage_salvo"] <= announced
        assert rows[announced]["no_leak_salvo"] == rows[announced]["no_leak_look"] == 0.0
        assert rows[announced]["margin_interceptors"] < -announced
    assert rows[5]["leakage_salvo"] < 1.0
    assert rows[5]["no_leak_look"] >= rows[5]["no_leak_salvo"] > 0.3


def test_even_interceptors_that_never_miss_stop_no_more_than_their_number() -> None:
    perfect = {"single_shot_probability": "1", "common_mode_failure": "0", "shots_per_missile": "1"}
    bound = bind(detente.load("european-site-2007"), "inventory", "mda-claim", perfect)
    rows = {row["raid_size"]: row for row in inventory(bound, ["5", "10", "11", "1500"], ["1"]).rows}
    assert [rows[raid]["leakage_salvo"] for raid in (5, 10, 11, 1500)] == [0, 0, 1, 1490]
    assert [rows[raid]["margin_interceptors"] for raid in (5, 10, 11, 1500)] == [5, 0, -1, -1490]
