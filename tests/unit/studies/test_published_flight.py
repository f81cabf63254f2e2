"""Whether a published flight is possible: the verdict on its time."""

import pytest

from detente.records.errors import InputError
from detente.studies.flight import minimum_energy, published


@pytest.mark.parametrize(
    ("apogee_km", "range_km", "published_s", "difference_s", "verdict"),
    [
        (2111.5, 787, 1800, 124, "possible"),
        (2802, 933, 39 * 60, 275, "possible"),
        (2802, 933, 37 * 60, 155, "possible"),
        (2802, 933, 29 * 60, -325, "impossible"),
        (3724.9, 998, 47 * 60 + 12, 245, "possible"),
        (6248.5, 1090, 4052, -23, "inconsistent"),
        (6200, 1080, 4260, 215, "possible"),
    ],
)
def test_the_published_lofted_flights(
    apogee_km: float, range_km: float, published_s: float, difference_s: float, verdict: str
) -> None:
    """Published times: CSIS Missile Threat and UCS 2017, Janes 1 August 2017, Asahi 25 March 2022."""
    found = published(apogee_km, range_km, published_s)
    assert found.difference_s == pytest.approx(difference_s, abs=1.0)
    assert found.verdict == verdict
    assert found.reason


def test_an_unusual_time_for_powered_ascent_is_said_and_stays_possible() -> None:
    short, long = published(2802, 933, 2100), published(2802, 933, 2600)
    assert short.verdict == long.verdict == "possible"
    assert "only" in short.reason
    assert "where 300 s are usual" in long.reason


def test_without_a_time_there_is_no_verdict() -> None:
    found = published(2802, 933)
    assert found.verdict is None
    assert found.time_s == pytest.approx(2065, abs=0.5)


@pytest.mark.parametrize("range_km", [0.0, -1.0, float("nan"), float("inf"), 20_001.0])
def test_a_range_out_of_bounds_is_refused_with_the_way_out(range_km: float) -> None:
    with pytest.raises(InputError, match=r"outside its bounds(.|\n)*--range-km(.|\n)*way out"):
        minimum_energy(range_km)
