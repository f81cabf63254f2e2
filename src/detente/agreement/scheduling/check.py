"""A schedule checked against its programme in whole numbers, without the solver.

What is asked, in this order: 1. nothing negative is done or left; 2. warheads are conserved; 3. loads and
what leaves with a launcher stay within bounds; 4. every ceiling; 5. every cap; 6. every band of parity;
7. every budget; 8. every shop's rate; 9. every technician's certificate; 10. every observed level. The caller
still owes that the programme says what the treaty says.
"""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import chain
from typing import Any

from .programme import Programme
from .state import Plan, States, at, roll


def faults(programme: Programme, plan: Plan) -> list[str]:
    """Every way in which a plan breaks its programme, in words; empty where it holds."""
    if not programme.periods or not programme.lines:
        return ["there is nothing to check: a programme has periods and holdings"]
    states = roll(programme, plan)
    return list(
        chain(
            _negative(programme, plan, states),
            _conserved(programme, states),
            _loads(programme, plan, states),
            _ceilings(programme, states),
            _caps(programme, plan),
            _parity(programme, states),
            _budgets(programme, plan),
            _rates(programme, plan),
            _technicians(programme, plan),
            _observed(programme, states),
        )
    )


def _negative(programme: Programme, plan: Plan, states: States) -> Iterator[str]:
    """1. Nothing negative is done or left."""
    for n, action in enumerate(programme.actions):
        if min(plan.done[n], default=0) < 0:
            yield f"{action.name}: a negative number"
    parts: dict[str, Mapping[Any, Sequence[int]]] = {
        "leaving": plan.leaving, "kept": plan.kept, "retired": plan.retired,
        "dismantled": plan.dismantled, "recertified": plan.recertified,
    }  # fmt: skip
    for name, rows in parts.items():
        yield from (f"{name} {key}: a negative number" for key, row in rows.items() if min(row) < 0)
    named: dict[str, Mapping[Any, Sequence[int]]] = {
        "deployed": states.deployed, "non-deployed": states.nondeployed, "warheads": states.warheads,
        "stored": states.stored, "awaiting dismantlement": states.awaiting,
    }  # fmt: skip
    for name, held in named.items():
        for key, row in held.items():
            if min(row) < 0:
                yield f"{' '.join(part for part in key if part)}: {name} falls to {min(row)}"


def _conserved(programme: Programme, states: States) -> Iterator[str]:
    """2. Deployed, stored, awaiting and dismantled add up to what was there and what arrived."""
    for stock in programme.stock_keys():
        own = [line.key for line in programme.lines if line.stock == stock]
        sums = [
            sum(states.warheads[key][t] for key in own)
            + states.stored[stock][t] + states.awaiting[stock][t] + states.dismantled[stock][t]
            - states.arrived[stock][t]
            for t in range(len(programme.periods) + 1)
        ]  # fmt: skip
        if len(set(sums)) > 1:
            yield f"{' '.join(stock)}: warheads are not conserved, {sums[0]} become {sums[-1]}"


def _loads(programme: Programme, plan: Plan, states: States) -> Iterator[str]:
    """3. No launcher carries more than it can, and none takes more with it than it can carry."""
    for line in programme.lines:
        if line.most is None or line.load is not None or line.load_tiers:
            continue
        for t in range(len(programme.periods)):
            if states.warheads[line.key][t + 1] > line.most * states.deployed[line.key][t + 1]:
                yield f"{line.party} {line.type}: more than {line.most} warheads on a launcher"
            for n, action in enumerate(programme.actions):
                gone = at(plan.leaving.get(n, ()), t)
                if action.line == line.key and gone > line.most * at(plan.done[n], t):
                    yield f"{action.name}: {gone} warheads leave with too few launchers"


def _ceilings(programme: Programme, states: States) -> Iterator[str]:
    """4. Every ceiling from its first period on."""
    for ceiling in programme.ceilings:
        measure = programme.measure(ceiling.measure)
        for t in range(ceiling.first, min(ceiling.last + 1, len(programme.periods))):
            counted = states.value(measure, t + 1)
            if counted > ceiling.limit:
                yield f"{ceiling.words}: {counted} at the end of {programme.periods[t].label}"


def _caps(programme: Programme, plan: Plan) -> Iterator[str]:
    """5. Every cap in each of its windows."""
    for capacity in programme.capacities:
        for window, limit in capacity.windows:
            spent = sum(
                programme.actions[n].effort * plan.done[n][t] for n in capacity.actions for t in window
            )
            if spent > limit:
                yield f"{capacity.words}: {spent} in {programme.periods[window[0]].label}"


def _parity(programme: Programme, states: States) -> Iterator[str]:
    """6. Every band of parity, in exact fractions."""
    for parity in programme.parities:
        first, second = (programme.measure(key) for key in parity.measures)
        for t in range(parity.first, len(programme.periods)):
            a, b = states.value(first, t + 1), states.value(second, t + 1)
            apart = parity.number is not None and abs(a - b) > parity.number
            if parity.share is not None:
                band = Fraction(str(parity.share))
                apart = apart or max(a, b) > (1 + band) * min(a, b)
            if apart:
                yield f"{parity.words}: {a} beside {b} at the end of {programme.periods[t].label}"


def _budgets(programme: Programme, plan: Plan) -> Iterator[str]:
    """7. Every budget, to a millionth of itself."""
    for budget in programme.budgets:
        spent = sum(
            programme.actions[n].cost * plan.done[n][t] for n in budget.actions for t in budget.periods
        )
        for (number, warhead), series in plan.dismantled.items():
            if number not in budget.shops:
                continue
            shop = programme.shops[number]
            anew = plan.recertified.get((number, warhead), ())
            spent += sum(shop.cost * series[t] + shop.recertify_cost * at(anew, t) for t in budget.periods)
        if spent > budget.amount + 1e-6 * max(1.0, abs(budget.amount)):
            yield f"{budget.words}: {spent:g}"


def _rates(programme: Programme, plan: Plan) -> Iterator[str]:
    """8. Every shop's rate, new certificates included."""
    for number, shop in enumerate(programme.shops):
        for window in shop.windows or tuple((t,) for t in range(len(programme.periods))):
            taken = [plan.dismantled.get((number, warhead), ()) for warhead in shop.warheads]
            anew = [plan.recertified.get((number, warhead), ()) for warhead in shop.warheads]
            spent = sum(at(series, t) for series in taken for t in window)
            spent += shop.recertify_effort * sum(at(series, t) for series in anew for t in window)
            if spent > shop.rate:
                label = programme.periods[window[0]].label
                yield f"{shop.party} {shop.place}: {spent} taken apart in {label}, not {shop.rate}"


def _technicians(programme: Programme, plan: Plan) -> Iterator[str]:
    """9. Nobody works on a warhead that was left alone for too long, unless certified anew."""
    for number, shop in enumerate(programme.shops):
        if shop.lapse is None:
            continue
        for warhead in shop.warheads:
            work = plan.dismantled.get((number, warhead), ())
            fresh = shop.certified is None or warhead in shop.certified
            for t, period in enumerate(programme.periods):
                if not at(work, t) or at(plan.recertified.get((number, warhead), ()), t):
                    continue
                recent = any(at(work, s) for s in range(max(0, t - shop.lapse), t))
                if not recent and not (fresh and t < shop.lapse):
                    yield f"{shop.party} {shop.place}: no certificate for {warhead} in {period.label}"


def _observed(programme: Programme, states: States) -> Iterator[str]:
    """10. Every level that was observed."""
    for observed in programme.observed:
        counted = states.value(programme.measure(observed.measure), observed.period + 1)
        if counted != observed.value:
            yield f"{observed.words}: {counted}"
