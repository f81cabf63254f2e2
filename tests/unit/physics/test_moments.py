"""The search for the best moment: smooth bottoms, ends, barred stretches, and where a condition ends."""

import numpy as np
import numpy.typing as npt
from hypothesis import given
from hypothesis import strategies as st

from detente.physics.moments import BARRED, Rows, edge, least

Floats = npt.NDArray[np.float64]


@given(st.lists(st.floats(-2.0, 12.0), min_size=1, max_size=700))
def test_smooth_bottoms_and_ends_in_any_batch(bottoms: list[float]) -> None:
    where = np.array(bottoms)

    def cost(rows: Rows, moments: Floats) -> Floats:
        return np.asarray(np.cosh(moments - where[rows, None]))

    best, value = least(cost, np.zeros(where.size), np.full(where.size, 10.0))
    np.testing.assert_allclose(best, np.clip(where, 0.0, 10.0), atol=2e-3)
    np.testing.assert_allclose(value, np.cosh(best - where), rtol=1e-12)


@given(st.floats(0.5, 9.5))
def test_the_best_may_lie_where_moments_become_barred(limit: float) -> None:
    def cost(_: Rows, moments: Floats) -> Floats:
        return np.where(moments <= limit, 100.0 - moments, BARRED * (1.0 + moments - limit))

    best, _ = least(cost, np.zeros(1), np.full(1, 10.0))
    assert limit - 1e-3 <= best[0] <= limit


def test_a_short_allowed_stretch_is_found_by_the_way_back() -> None:
    def cost(_: Rows, moments: Floats) -> Floats:
        far = np.maximum(np.abs(moments - 7.3) - 0.01, 0.0)
        return np.where(far > 0.0, BARRED * (1.0 + far), moments)

    best, value = least(cost, np.zeros(1), np.full(1, 10.0))
    assert abs(best[0] - 7.29) < 1e-3
    assert value[0] < BARRED


def test_where_a_condition_ends_on_either_side() -> None:
    ends = np.array([1.234, 0.0, 6.0])

    def holds(moments: Floats) -> npt.NDArray[np.bool_]:
        return np.asarray((moments >= ends[:, None]) & (moments <= 8.5))

    inside = np.array([7.0, 5.0, 6.0])
    np.testing.assert_allclose(edge(holds, inside, np.zeros(3)), ends, atol=1e-9)
    np.testing.assert_allclose(edge(holds, inside, np.full(3, 10.0)), 8.5, atol=1e-9)
