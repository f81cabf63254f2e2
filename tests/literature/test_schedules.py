"""Schedules beside what treaties ask and what was really done.

Sources: data of the START I memorandum of 1 September 1990 and the central limits (as in
test_start1_memorandum.py), phases of 36 and 84 months; half-yearly New START aggregates, 2011 to 2018;
the scorecard of Cooperative Threat Reduction, 2008 to 2010; totals of U.S. dismantlement since FY 1994. Whole
numbers are exact. The schedules themselves are computed here; nobody published them.
"""

from dataclasses import replace
from datetime import date

import pytest

import detente
from detente.agreement.milestones import reached
from detente.agreement.scheduling.answer import schedule
from detente.agreement.scheduling.drafting import draft
from detente.agreement.scheduling.model import Model
from detente.agreement.scheduling.observed import follow, rates_of
from detente.agreement.scheduling.programme import (
    Ceiling,
    Line,
    Measure,
    Period,
    Programme,
    Shop,
    Stock,
    Term,
)
from detente.agreement.scheduling.solve import solve, soonest
from detente.agreement.scheduling.wishes import Cap, Wishes
from detente.records.agreement_files import load_force, load_treaty
from detente.records.calendar import first_day
from detente.records.errors import InputError

FORCE, RULE = "start1-mou-1990", "start-1"
QUANTITIES = ("deployed_delivery_vehicles", "warheads", "deployed_and_nondeployed_launchers")
START, LIMITS_BIND = date(2011, 9, 1), date(2018, 2, 5)


@pytest.mark.parametrize(("party", "least"), [("US", 646), ("SU", 900)])
def test_the_least_number_of_eliminations(party: str, least: int) -> None:
    found = detente.schedule(FORCE, RULE, parties=[party])
    assert found.feasible
    assert found.eliminations == least == sum(found.by_year)
    assert len(found.by_year) == 7, "the treaty's own seven years"
    assert [period.end for period in found.periods][2::4] == ["1997-12-05", "2001-12-05"], "36 and 84 months"


@pytest.mark.parametrize(
    ("party", "cap", "ceilings", "feasible"),
    [
        ("US", 93, True, True),
        ("US", 92, True, False),
        ("US", 93, False, True),
        ("US", 92, False, False),
        ("SU", 134, True, True),
        ("SU", 133, True, False),
        ("SU", 129, False, True),
        ("SU", 128, False, False),
    ],
)
def test_the_smallest_yearly_cap(party: str, cap: int, ceilings: bool, feasible: bool) -> None:
    """For the Soviet side the interim ceiling decides: without it a smaller cap is enough."""
    found = detente.schedule(FORCE, RULE, parties=[party], cap=cap, ceilings=ceilings)
    assert found.feasible is feasible
    assert all(number <= cap for number in found.by_year)
    assert bool(found.conflict) is not feasible


def test_what_conflicts_with_92_a_year_and_the_ways_out() -> None:
    found = detente.schedule(FORCE, RULE, parties=["US"], cap=92)
    assert found.conflict == (
        "US: Deployed delivery vehicles: at most 1,600 from 2001-12-05 on (II.1)",
        "US: at most 92 eliminations a year",
    )
    assert [row.loosen for row in found.conflict_rows] == [2, 1], (
        "7 x 92 = 644, two short of 646; 93 would do"
    )


def test_the_soviet_conflict_names_the_interim_ceiling() -> None:
    found = detente.schedule(FORCE, RULE, parties=["SU"], cap=133)
    assert any("first phase" in words and "2,100" in words for words in found.conflict)


def test_smoothest_finds_the_smallest_caps_by_itself() -> None:
    found = detente.schedule(FORCE, RULE, objective="smoothest")
    assert {each.party: each.busiest for each in found.by_party} == {"US": 93, "SU": 134}


def declared(party: str) -> dict[tuple[str, str], list[tuple[date, int]]]:
    found: dict[tuple[str, str], list[tuple[date, int]]] = {(party, quantity): [] for quantity in QUANTITIES}
    for row in load_force("new-start-aggregates").totals:
        if (
            row.party == party
            and row.quantity in QUANTITIES
            and row.value is not None
            and START <= row.day <= LIMITS_BIND
        ):
            found[party, row.quantity].append((row.day, row.value))
    return {key: sorted(series) for key, series in found.items()}


@pytest.mark.parametrize(("party", "eliminated", "stored"), [("US", 63, 30), ("RU", 46, 32)])
def test_the_declared_path_from_2011_to_2018(party: str, eliminated: int, stored: int) -> None:
    """Every half-yearly level is met, rises being launchers that entered service; what that takes at most.

    The optimum under the same rates is years sooner than what was done: neither side had to hurry.
    """
    force, treaty = load_force("new-start-aggregates"), load_treaty("new-start")
    wishes = Wishes((party,), on=START, actions=("eliminate", "download", "store"), step="half-year")
    path = declared(party)
    assert {len(series) for series in path.values()} == {14}
    taken = follow(draft(force, treaty, wishes), path)
    assert taken.feasible
    assert taken.taken[party, "eliminate"] == eliminated
    assert taken.taken[party, "store"] == stored
    caps = tuple(Cap(2 * number, kind) for (_, kind), number in taken.taken.items())  # type: ignore[arg-type]
    best = schedule(force, treaty, replace(wishes, caps=caps), "soonest")
    assert best.feasible
    real = max(
        reached(path[party, quantity], ceiling, LIMITS_BIND).day or date.max
        for quantity, ceiling in zip(QUANTITIES, (700, 1550, 800), strict=True)
    )
    assert date.fromisoformat(best.finish) < real <= LIMITS_BIND


def test_a_rate_below_what_was_done_cannot_follow_the_declared_path() -> None:
    force, treaty = load_force("new-start-aggregates"), load_treaty("new-start")
    wishes = Wishes(
        ("US",),
        on=START,
        actions=("eliminate", "download", "store"),
        step="half-year",
        caps=(Cap(62, "eliminate"),),
    )
    taken = follow(draft(force, treaty, wishes), declared("US"))
    assert not taken.feasible
    assert any("at most 62 eliminations a year" in words for words in taken.conflict)
    assert any("declared for" in words for words in taken.conflict)


def threat_reduction(quantity: str) -> list[tuple[date, int]]:
    rows = [
        row
        for row in load_force("threat-reduction").totals
        if row.quantity == quantity and row.value is not None
    ]
    return sorted((first_day(row.date), row.value or 0) for row in rows)


def test_the_rates_of_threat_reduction_and_where_its_sum_cannot_be() -> None:
    rates = rates_of(threat_reduction("icbm"), "icbm")
    assert [rate.number for rate in rates] == [16, 28, 33]
    assert max(rate.a_year for rate in rates) == pytest.approx(83.1, abs=0.1)
    with pytest.raises(InputError, match=r"warheads deactivated falls from 7,551 .* to 7,527"):
        rates_of(threat_reduction("warheads_deactivated"), "warheads deactivated")


def test_eliminations_at_the_rates_of_threat_reduction_reach_the_sums_and_not_sooner() -> None:
    series = threat_reduction("icbm")
    rates = rates_of(series)
    line = Line("FSU", "icbm", deployed=series[-1][1] - series[0][1])
    left = Measure("FSU", "scorecard", "left", (Term((line.key,)),))
    from detente.agreement.scheduling.programme import Action, Capacity

    periods = tuple(Period(str(rate.until), rate.since, rate.until, n) for n, rate in enumerate(rates))
    programme = Programme(
        periods, (line,), (Action("eliminate", line.key),), (left,),
        (Ceiling("all of them", left.key, 0, 2, 2, final=True),),
        (Capacity("rates", (0,), tuple(((n,), rate.number) for n, rate in enumerate(rates))),),
    )  # fmt: skip
    found = solve(programme, "soonest")
    assert found.plan is not None
    assert found.plan.done == ((16, 28, 33),)
    assert (
        soonest(Model(replace(programme, ceilings=(Ceiling("all", left.key, 0, 1, 2, final=True),)))) is None
    )


@pytest.mark.parametrize(("total", "rate", "years"), [(8748, 1393, 7), (9952, 1393, 8), (8748, 144, 61)])
def test_years_that_dismantlement_takes_at_the_published_rates(total: int, rate: int, years: int) -> None:
    """Totals of FY 1994-2009 and FY 1994-2013 at the largest and the smallest yearly rate of FY 1994-2009.

    The totals were read; the rates stand in the project's reference and were read by nobody here.
    """
    length = years + 1
    periods = tuple(
        Period(f"FY {1994 + n}", date(1993 + n, 10, 1), date(1994 + n, 10, 1), n) for n in range(length)
    )
    waiting = Measure("US", "stock", "awaiting", (Term((("US", "all"),), counted="awaiting"),))
    programme = Programme(
        periods, (Line("US", "none", deployed=0),), (), (waiting,),
        (Ceiling("nothing waits", waiting.key, 0, length - 1, length - 1, final=True),),
        shops=(Shop("US", "plant", ("all",), rate),), stocks=(Stock("US", "all", awaiting=total),),
    )  # fmt: skip
    assert soonest(Model(programme)) == years - 1


def test_56_tubes_at_20_in_a_half_year_take_three_half_years() -> None:
    """Conversions of Trident tubes; both numbers are from a secondary source."""
    from detente.agreement.scheduling.programme import Action, Capacity

    line = Line("US", "Trident tubes", deployed=336)
    counted = Measure("US", "new-start", "tubes", (Term((line.key,)),))
    periods = tuple(
        Period(
            f"half {n}",
            date(2015 + n // 2, 1 + 6 * (n % 2), 1),
            date(2015 + (n + 1) // 2, 1 + 6 * ((n + 1) % 2), 1),
            n // 2,
        )
        for n in range(6)
    )
    programme = Programme(
        periods, (line,), (Action("convert", line.key),), (counted,),
        (Ceiling("280 tubes", counted.key, 336 - 56, 5, 5, final=True),),
        (Capacity("20 in a half-year", (0,), tuple(((n,), 20) for n in range(6))),),
    )  # fmt: skip
    assert soonest(Model(programme)) == 2
