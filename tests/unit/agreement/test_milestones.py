"""Claims on levels and time as margins."""

from datetime import date

import pytest

import detente
from detente.agreement.milestones import ceiling_reached, kept_parity, parity_kept, reached
from detente.records.errors import InputError

DAYS = [date(2010, 1, 1), date(2011, 1, 1), date(2012, 1, 1), date(2013, 1, 1)]


def levels(*numbers: int) -> list[tuple[date, int]]:
    return list(zip(DAYS, numbers, strict=True))


def test_a_ceiling_reached_early_has_a_margin_in_months() -> None:
    found = reached(levels(9, 5, 4, 4), 5, date(2012, 1, 1))
    assert found.holds
    assert found.margin == pytest.approx(12.0, abs=0.01)
    assert found.day == DAYS[1]


def test_late_is_below_zero_and_never_is_none() -> None:
    late = reached(levels(9, 8, 7, 5), 5, date(2012, 1, 1))
    assert late.margin == pytest.approx(-12.0, abs=0.05)
    assert not late.holds
    never = reached(levels(9, 8, 7, 6), 5, date(2012, 1, 1))
    assert (never.margin, never.holds) == (None, False)
    assert "1 above 5" in never.says


def test_a_level_that_rises_again_was_not_reached_for_good() -> None:
    assert reached(levels(9, 5, 6, 5), 5, date(2012, 1, 1)).day == DAYS[3]


def test_parity_is_as_good_as_its_worst_day_whoever_is_ahead() -> None:
    rows = [(DAYS[0], 100, 100), (DAYS[1], 108, 100), (DAYS[2], 100, 105)]
    found = kept_parity(rows, 0.1)
    assert found.margin == pytest.approx(0.02)
    assert found.day == DAYS[1]
    assert kept_parity([(day, b, a) for day, a, b in rows], 0.1) == kept_parity(rows, 0.1).__class__(
        found.margin, "share", DAYS[1], "at worst 8.0 % on 2011-01-01: 100 beside 108"
    )
    assert not kept_parity(rows, 0.05).holds
    assert kept_parity([(DAYS[0], 0, 0)], 0.0).margin == 0
    assert kept_parity([(DAYS[0], 1, 0)], 9.0).margin == float("-inf")


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(InputError, match="no levels"):
        reached([], 5, DAYS[0])
    with pytest.raises(InputError, match="not in order"):
        reached(levels(1, 2, 3, 4)[::-1], 5, DAYS[0])
    with pytest.raises(InputError, match="negative"):
        kept_parity([(DAYS[0], 1, 1)], -0.1)


def test_margins_of_a_schedule() -> None:
    found = detente.schedule(
        "start1-mou-1990", "start-1", cap=150, parity_band="10 %", parity_from="1997-12-05"
    )
    early = ceiling_reached(found, "SU", "deployed_delivery_vehicles", 2100, date(1997, 12, 5))
    assert early.holds
    assert ceiling_reached(found, "US", "warheads", 6000, date(2001, 12, 5)).holds
    assert not ceiling_reached(found, "US", "deployed_delivery_vehicles", 1600, date(2000, 12, 5)).holds
    assert ceiling_reached(found, "US", "deployed_delivery_vehicles", 1500, date(2012, 12, 31)).margin is None
    assert parity_kept(found, "start-1", 1.0).holds
    assert not parity_kept(found, "start-1", 0.0).holds
    with pytest.raises(InputError, match='did you mean "warheads"'):
        ceiling_reached(found, "US", "warhead", 6000, date(2001, 12, 5))
    with pytest.raises(InputError, match="not watched"):
        parity_kept(found, "sort:us", 0.1)


def test_without_a_schedule_there_is_no_margin() -> None:
    found = detente.schedule("start1-mou-1990", "start-1", parties=["US"], cap=92)
    none = ceiling_reached(found, "US", "warheads", 6000, date(2001, 12, 5))
    assert (none.margin, none.holds) == (None, False)
    assert "92 eliminations" in none.says
    assert parity_kept(found, "start-1", 0.1).margin is None
