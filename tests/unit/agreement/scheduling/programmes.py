"""Small programmes of reductions for tests, and every way of carrying one out."""

import itertools
import random
from collections.abc import Iterable, Iterator
from datetime import date

from detente.agreement.scheduling.check import faults
from detente.agreement.scheduling.programme import (
    Action,
    Budget,
    Capacity,
    Ceiling,
    Line,
    Measure,
    Parity,
    Period,
    Programme,
    Shop,
    Term,
    Tier,
)
from detente.agreement.scheduling.state import Plan

WARHEADS, VEHICLES = "warheads", "vehicles"


def years(number: int) -> tuple[Period, ...]:
    return tuple(
        Period(f"year {n + 1}", date(2000 + n, 1, 1), date(2001 + n, 1, 1), n) for n in range(number)
    )


def halves(number: int) -> tuple[Period, ...]:
    days = [date(2000 + n // 2, 1 + 6 * (n % 2), 1) for n in range(number + 1)]
    return tuple(
        Period(f"half {n + 1}", begin, end, n // 2) for n, (begin, end) in enumerate(itertools.pairwise(days))
    )


def warheads(party: str, lines: Iterable[Line], rule: str = "rule") -> Measure:
    own = [line for line in lines if line.party == party]
    return Measure(party, rule, WARHEADS, tuple(Term((line.key,), (Tier(line.load or 0),)) for line in own))


def vehicles(party: str, lines: Iterable[Line], rule: str = "rule") -> Measure:
    own = tuple(line.key for line in lines if line.party == party)
    return Measure(party, rule, VEHICLES, (Term(own),))


def small(
    *,
    holdings: dict[str, list[tuple[str, int, int]]],
    ceilings: Iterable[tuple[str, str, int, int, bool]] = (),
    cap: int | None = None,
    length: int = 3,
    share: float | None = None,
    budget: float | None = None,
    costs: tuple[float, ...] = (1.0,),
) -> Programme:
    """Parties with (type, number, load); ceilings as (party, quantity, limit, first period, final)."""
    lines = tuple(
        Line(party, kind, deployed=number, load=load)
        for party, held in holdings.items()
        for kind, number, load in held
    )
    actions = tuple(Action("eliminate", line.key, cost=costs[n % len(costs)]) for n, line in enumerate(lines))
    measures = tuple(make(party, lines) for party in holdings for make in (warheads, vehicles))
    parties = sorted(holdings)
    return Programme(
        periods=years(length),
        lines=lines,
        actions=actions,
        measures=measures,
        ceilings=tuple(
            Ceiling(
                f"{party}: {quantity} at most {limit} from {first}, {final}", (party, "rule", quantity),
                limit, first, length - 1 if final else first, final,
            )
            for party, quantity, limit, first, final in ceilings
        ),
        capacities=tuple(
            Capacity(
                f"{party}: at most {cap} a year", _of(party, actions),
                tuple(((t,), cap) for t in range(length)),
            )
            for party in parties
            if cap is not None
        ),
        parities=tuple(
            Parity(f"parity within {share}", ((a, "rule", WARHEADS), (b, "rule", WARHEADS)), share=share)
            for a, b in itertools.combinations(parties, 2)
        ),
        budgets=tuple(
            Budget(f"{party}: at most {budget} in all", budget, _of(party, actions), tuple(range(length)))
            for party in parties
            if budget is not None
        ),
    )  # fmt: skip


def _of(party: str, actions: tuple[Action, ...]) -> tuple[int, ...]:
    return tuple(n for n, action in enumerate(actions) if action.line[0] == party)


def any_small(seed: int, *, parties: int = 2, length: int = 3) -> Programme:
    """A programme with a few launchers, often infeasible, always small enough to try everything."""
    rng = random.Random(seed)  # noqa: S311 - samples for a test
    names = ("AA", "BB")[:parties]
    holdings = {
        name: [(f"T{n}", rng.randint(1, 3), rng.choice((1, 2, 3))) for n in range(rng.randint(1, 2))]
        for name in names
    }
    ceilings = []
    for name in names:
        total = sum(number for _, number, _ in holdings[name])
        heads = sum(number * load for _, number, load in holdings[name])
        ceilings.append((name, VEHICLES, rng.randint(0, total), length - 1, True))
        ceilings.append((name, WARHEADS, rng.randint(0, heads), length - 1, True))
        ceilings.append((name, WARHEADS, rng.randint(heads // 2, heads), rng.randint(0, length - 1), False))
    return small(
        holdings=holdings,
        ceilings=ceilings,
        cap=rng.choice((None, 1, 1, 2)),
        length=length,
        share=rng.choice((None, 0.0, 0.25, 0.5)) if parties == 2 else None,
        budget=rng.choice((None, 2.0, 4.0)),
        costs=(1.0, 2.0),
    )


def plans(programme: Programme) -> Iterator[Plan]:
    """Every way of eliminating launchers: what each line gives up in each period, never more than it has."""
    length = len(programme.periods)
    lines = {line.key: line for line in programme.lines}
    choices = [
        [series for series in itertools.product(range(lines[a.line].deployed + 1), repeat=length)
         if sum(series) <= lines[a.line].deployed]
        for a in programme.actions
    ]  # fmt: skip
    for done in itertools.product(*choices):
        yield Plan(tuple(done))


def good_plans(programme: Programme) -> list[Plan]:
    return [plan for plan in plans(programme) if not faults(programme, plan)]


def shop_programme(length: int, *, lapse: int | None, rate: int, by: dict[int, int], left: int) -> Programme:
    """Ten launchers of two kinds; at most `by[t]` are deployed after period `t`, at most `left` wait."""
    lines = (Line("AA", "T0", deployed=5, load=1), Line("AA", "T1", deployed=5, load=1))
    deployed = vehicles("AA", lines)
    waiting = Measure("AA", "stock", "awaiting", (Term((("AA", "T0"), ("AA", "T1")), counted="awaiting"),))
    return Programme(
        periods=years(length),
        lines=lines,
        actions=tuple(Action("eliminate", each.key) for each in lines),
        measures=(deployed, waiting),
        ceilings=(
            *(Ceiling(f"at most {limit} in {t}", deployed.key, limit, t, t) for t, limit in by.items()),
            Ceiling(f"at most {left} wait", waiting.key, left, length - 1, length - 1),
        ),
        shops=(Shop("AA", "plant", ("T0", "T1"), rate, lapse=lapse),),
    )
