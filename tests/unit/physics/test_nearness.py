"""The quick look: never wrong where it says anything, and it says something of most."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.physics.frames import spherical_place
from detente.physics.intercept import EngagementStatus, required_speed
from detente.physics.nearness import Nearness, nearness, out_of_reach
from detente.physics.trajectory import Arc, ArcStatus, Boost, arc_take, threat_arc

Numbers = np.ndarray


def flights(seed: int, size: int) -> tuple[Arc, Numbers]:
    """Flights between places all over the globe, and a site for each."""
    rng = np.random.default_rng(seed)
    launch, aim, site = (
        spherical_place(np.arcsin(rng.uniform(-1, 1, size)), rng.uniform(-np.pi, np.pi, size))
        for _ in range(3)
    )
    return threat_arc(launch, aim, Boost(180.0, 200e3, 450e3)), site


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    speed=st.floats(2e3, 11e3),
    delay=st.floats(-150.0, 900.0),
    burn=st.floats(20.0, 300.0),
    cap=st.floats(200.0, 3000.0),
    lowest=st.floats(50e3, 500e3),
)
def test_it_agrees_with_the_required_speed(
    seed: int, speed: float, delay: float, burn: float, cap: float, lowest: float
) -> None:
    arc, site = flights(seed, 64)
    found = required_speed(arc, site, delay, burn, lowest, cap)
    enough = (found.status == EngagementStatus.FOUND) & (found.speed <= speed)
    look = nearness(arc, site, speed, delay, burn, lowest, cap)
    assert not np.any(enough & (look == Nearness.OUT_OF_REACH))
    assert not np.any(~enough & (look == Nearness.WITHIN_REACH))
    assert np.array_equal(
        out_of_reach(arc, site, speed, delay, burn, lowest, cap), look == Nearness.OUT_OF_REACH
    )


def test_most_is_plain_at_a_glance() -> None:
    arc, site = flights(7, 2000)
    look = nearness(arc, site, 6.5e3, 120.0, 140.0, 100e3, 1200.0)
    assert np.mean(look == Nearness.OPEN) < 0.2
    assert {Nearness.OUT_OF_REACH, Nearness.WITHIN_REACH} <= set(look)


def test_a_threat_without_a_flight_is_out_of_reach() -> None:
    place = spherical_place(0.5, 0.5)
    arc = threat_arc(place, spherical_place(0.5, 0.51), Boost(180.0, 200e3, 450e3))
    assert arc.status == ArcStatus.AIM_TOO_NEAR
    assert nearness(arc, place, 8e3, 0.0, 100.0, 100e3, 1200.0) == Nearness.OUT_OF_REACH


def test_a_batch_equals_its_members() -> None:
    arc, site = flights(3, 50)
    together = nearness(arc, site, 6e3, 100.0, 140.0, 100e3, 1200.0)
    alone = [int(nearness(arc_take(arc, n), site[:, n], 6e3, 100.0, 140.0, 100e3, 1200.0)) for n in range(50)]
    assert together.tolist() == alone


@pytest.mark.parametrize("cap", [50.0, 139.0])
def test_an_interceptor_that_burns_longer_than_it_may_fly_meets_nothing(cap: float) -> None:
    arc, site = flights(3, 20)
    assert np.all(nearness(arc, site, 9e3, 0.0, 140.0, 100e3, cap) == Nearness.OUT_OF_REACH)
