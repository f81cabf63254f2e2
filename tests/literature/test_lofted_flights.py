"""Published lofted flights: time in vacuum from apogee and range, and what the published time leaves over.

A published time counts the powered ascent too, so it must exceed the vacuum time, by some 100 to 300 s.
Published figures: CSIS Missile Threat 2017; UCS blog 2017; Janes 1 Aug 2017; Asahi 25 Mar 2022.
"""

import numpy as np
import pytest

from detente.physics.flight import lofted_flight

# flight, apogee km, range km, published s, vacuum s
FLIGHTS: list[tuple[str, float, float, float, float]] = [
    ("14 May 2017", 2111.5, 787, 30 * 60, 1676),
    ("4 Jul 2017, KCNA", 2802, 933, 39 * 60, 2065),
    ("4 Jul 2017, U.S. Pacific Command", 2802, 933, 37 * 60, 2065),
    ("28 Jul 2017", 3724.9, 998, 47 * 60 + 12, 2587),
    ("24 Mar 2022, Japanese time, Korean apogee and range", 6200, 1080, 4260, 4045),
]
# A press misprint, and a time that does not fit its own apogee.
NOT_POSSIBLE: list[tuple[str, float, float, float, float]] = [
    ("4 Jul 2017, a press misprint", 2802, 933, 29 * 60, 2065),
    ("24 Mar 2022, KCNA", 6248.5, 1090, 4052, 4075),
]


@pytest.mark.parametrize(("flight", "apogee", "distance", "published", "vacuum"), FLIGHTS + NOT_POSSIBLE)
def test_vacuum_time_to_the_second(
    flight: str, apogee: float, distance: float, published: float, vacuum: float
) -> None:
    assert float(lofted_flight(apogee * 1e3, distance * 1e3).time) == pytest.approx(vacuum, abs=0.5)


def left_over(flights: list[tuple[str, float, float, float, float]]) -> np.ndarray:
    _, apogee, distance, published, _ = zip(*flights, strict=True)
    return np.array(published) - lofted_flight(np.array(apogee) * 1e3, np.array(distance) * 1e3).time


def test_published_times_leave_room_for_a_powered_ascent() -> None:
    over = left_over(FLIGHTS)
    assert np.all((over > 100) & (over < 300)), over


def test_two_published_times_are_shorter_than_the_fall() -> None:
    over = left_over(NOT_POSSIBLE)
    np.testing.assert_allclose(over, (-325, -23), atol=1.0)
