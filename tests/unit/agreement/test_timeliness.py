"""Timeliness against the matrix of every schedule and every start, and laws of the value."""

from itertools import combinations

import numpy as np
import pytest

from detente.agreement.inspection.matrices import _secure
from detente.agreement.inspection.timeliness import timeliness
from detente.records.errors import InputError


@pytest.mark.parametrize(("steps", "inspections"), [(2, 1), (5, 1), (7, 2), (8, 3), (6, 5)])
def test_the_flow_is_the_game_over_all_schedules(steps: int, inspections: int) -> None:
    schedules = [(*chosen, steps) for chosen in combinations(range(1, steps), inspections)]
    delays = np.array(
        [
            [next(t - start for t in times if t > start) / steps for start in range(steps)]
            for times in schedules
        ]
    )
    _, value = _secure(-delays)
    found = timeliness(steps, inspections)
    assert found.value == pytest.approx(-value, abs=1e-9)
    assert sum(found.chances) == pytest.approx(inspections)


def test_more_inspections_find_sooner() -> None:
    values = [timeliness(12, k).value for k in range(5)]
    assert values[0] == 1.0
    assert values == sorted(values, reverse=True)


@pytest.mark.parametrize(
    ("steps", "inspections", "rule"),
    [(1, 1, "steps 1"), (10, 10, "exceeds"), (10, -1, "negative"), (2000, 3, "unknowns")],
)
def test_a_grid_that_cannot_be(steps: int, inspections: int, rule: str) -> None:
    with pytest.raises(InputError, match=rule):
        timeliness(steps, inspections)
