"""Laws that every schedule obeys, over programmes that nobody chose."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from detente.agreement.scheduling.check import faults
from detente.agreement.scheduling.model import Model
from detente.agreement.scheduling.programme import (
    Action,
    Budget,
    Capacity,
    Ceiling,
    Line,
    Measure,
    Parity,
    Programme,
    Shop,
    Stock,
    Term,
    Tier,
)
from detente.agreement.scheduling.solve import solve, soonest
from detente.agreement.scheduling.state import roll
from tests.unit.agreement.scheduling.programmes import VEHICLES, WARHEADS, halves, small, vehicles, warheads

PARTIES = ("AA", "BB")
held = st.lists(st.tuples(st.integers(1, 60), st.integers(1, 10)), min_size=1, max_size=3)


@st.composite
def programmes(draw: st.DrawFn) -> Programme:
    """Two parties with up to three types each, ceilings, a cap and a band of parity."""
    holdings = {
        party: [(f"T{n}", number, load) for n, (number, load) in enumerate(draw(held))] for party in PARTIES
    }
    ceilings = []
    for party, own in holdings.items():
        number, heads = sum(n for _, n, _ in own), sum(n * load for _, n, load in own)
        ceilings.append((party, VEHICLES, draw(st.integers(0, number)), 4, True))
        ceilings.append(
            (party, WARHEADS, draw(st.integers(heads // 3, heads)), draw(st.integers(0, 3)), False)
        )
    return small(
        holdings=holdings,
        ceilings=ceilings,
        cap=draw(st.integers(5, 60)),
        length=5,
        share=draw(st.sampled_from([0.1, 0.5, 1.0])),
    )


def finish(programme: Programme) -> float:
    """The first period from which the limits can be kept; infinite where never."""
    found = soonest(Model(programme))
    return float("inf") if found is None else float(found)


@given(programmes(), st.integers(1, 20))
@settings(max_examples=25, deadline=None, derandomize=True)
def test_a_tighter_cap_never_finishes_sooner(programme: Programme, less: int) -> None:
    tighter = replace(
        programme,
        capacities=tuple(
            replace(cap, windows=tuple((window, max(0, limit - less)) for window, limit in cap.windows))
            for cap in programme.capacities
        ),
    )
    assert finish(tighter) >= finish(programme)


@given(programmes())
@settings(max_examples=25, deadline=None, derandomize=True)
def test_dropping_the_band_of_parity_never_finishes_later(programme: Programme) -> None:
    assert finish(replace(programme, parities=())) <= finish(programme)


@given(
    programmes(),
    st.sampled_from(["ceilings", "capacities", "parities"]),
    st.sampled_from(["fewest", "smoothest"]),
)
@settings(max_examples=25, deadline=None, derandomize=True)
def test_an_objective_never_improves_when_constraints_are_added(
    programme: Programme, dropped: str, objective: str
) -> None:
    all_held, fewer = solve(programme, objective), solve(replace(programme, **{dropped: ()}), objective)
    if all_held.plan is None:
        return
    assert fewer.plan is not None
    assert fewer.values[0] <= all_held.values[0] + 1e-6


@st.composite
def stockpiles(draw: st.DrawFn) -> Programme:
    """One party whose warheads move everywhere: downloaded, stored, counted one by one, taken apart."""
    top = draw(st.integers(3, 8))
    heavy = Line("AA", "heavy", deployed=draw(st.integers(1, 30)), load=top, warhead="W1")
    light = Line("AA", "light", deployed=0, load=draw(st.integers(0, top - 1)), warhead="W1")
    loose = Line(
        "AA",
        "loose",
        deployed=9,
        nondeployed=draw(st.integers(0, 3)),
        load=None,
        emplaced=draw(st.integers(0, 40)),
        most=5,
        warhead="W2",
    )
    tiered = Line(
        "AA", "tiered", deployed=draw(st.integers(1, 12)), load=None, load_tiers=(Tier(2, 4), Tier(5))
    )
    lines = (heavy, light, loose, tiered)
    everything = tuple(
        Measure("AA", "rule", counted, (Term(tuple(line.key for line in lines), counted=counted),))
        for counted in ("warheads", "deployed")
    )
    heads = heavy.deployed * top + loose.emplaced + tiered.deployed * 5
    actions = (
        Action("eliminate", heavy.key),
        Action("download", heavy.key, to=light.key, warheads_to="stored"),
        Action("eliminate", light.key),
        Action("download", loose.key, warheads_to="stored"),
        Action("store", loose.key, warheads_to="stored"),
        Action("eliminate", loose.key),
        Action("eliminate", loose.key, "non-deployed"),
        Action("eliminate", tiered.key),
        Action("store", tiered.key, warheads_to="stored"),
    )
    periods = halves(4)
    return Programme(
        periods=periods,
        lines=lines,
        actions=actions,
        measures=everything,
        ceilings=(
            Ceiling("warheads", ("AA", "rule", "warheads"), draw(st.integers(0, heads)), 3, 3, final=True),
            Ceiling("launchers", ("AA", "rule", "deployed"), draw(st.integers(0, 50)), 2, 3, final=True),
        ),
        capacities=(
            Capacity(
                "cap", tuple(range(len(actions))), tuple(((t,), draw(st.integers(10, 60))) for t in range(4))
            ),
        ),
        shops=(Shop("AA", "plant", ("W1", "W2", "tiered"), 20, lapse=2),),
        stocks=(Stock("AA", "W1", stored=3, awaiting=4, retirable=True),),
        budgets=(Budget("budget", draw(st.integers(40, 200)), tuple(range(len(actions))), (0, 1, 2, 3)),),
    )


@given(stockpiles())
@settings(max_examples=40, deadline=None, derandomize=True)
def test_warheads_are_conserved_wherever_they_go(programme: Programme) -> None:
    found = solve(programme, "fewest")
    if found.plan is None:
        return
    assert faults(programme, found.plan) == []
    states = roll(programme, found.plan)
    sums = {
        sum(states.warheads[line.key][t] for line in programme.lines)
        + sum(
            kept[key][t]
            for key in programme.stock_keys()
            for kept in (states.stored, states.awaiting, states.dismantled)
        )
        for t in range(len(programme.periods) + 1)
    }
    assert len(sums) == 1


@given(programmes(), st.sampled_from(["fewest", "soonest", "smoothest"]))
@settings(max_examples=15, deadline=None, derandomize=True)
def test_exchanging_the_parties_names_exchanges_them_in_the_schedule(
    programme: Programme, objective: str
) -> None:
    def swapped(text: str) -> str:
        return {"AA": "BB", "BB": "AA"}.get(text, text)

    def both(key: tuple[str, str, str]) -> tuple[str, str, str]:
        return (swapped(key[0]), *key[1:])

    other = replace(
        programme,
        lines=tuple(replace(each, party=swapped(each.party)) for each in programme.lines),
        actions=tuple(replace(a, line=(swapped(a.line[0]), *a.line[1:])) for a in programme.actions),
        measures=tuple(
            replace(
                m,
                party=swapped(m.party),
                terms=tuple(replace(t, keys=tuple((swapped(k[0]), *k[1:]) for k in t.keys)) for t in m.terms),
            )
            for m in programme.measures
        ),
        ceilings=tuple(
            replace(c, measure=(swapped(c.measure[0]), *c.measure[1:])) for c in programme.ceilings
        ),
        parities=tuple(
            replace(p, measures=(both(p.measures[0]), both(p.measures[1]))) for p in programme.parities
        ),
    )
    one, two = solve(programme, objective), solve(other, objective)
    assert (one.plan is None) == (two.plan is None)
    if one.plan is not None and two.plan is not None:
        assert one.plan.done == two.plan.done
        assert solve(programme, objective).plan == one.plan


def test_parity_of_warheads_and_of_vehicles_are_two_measures() -> None:
    programme = small(
        holdings={"AA": [("T", 10, 3)], "BB": [("T", 20, 1)]}, ceilings=[("BB", VEHICLES, 15, 2, True)]
    )
    lines = programme.lines
    assert warheads("AA", lines).key != vehicles("AA", lines).key
    both = replace(
        programme,
        parities=(
            Parity("warheads", (("AA", "rule", WARHEADS), ("BB", "rule", WARHEADS)), number=0, first=2),
            Parity("vehicles", (("AA", "rule", VEHICLES), ("BB", "rule", VEHICLES)), number=0, first=2),
        ),
    )
    found = solve(both, "fewest")
    assert found.states is not None
    assert found.states.value(warheads("AA", lines), 3) == found.states.value(warheads("BB", lines), 3) == 0
