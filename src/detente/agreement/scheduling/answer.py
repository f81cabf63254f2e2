"""The answer to a programme as a person reads it: rows, levels, stocks, parity, or the conflict in words."""

from collections.abc import Callable, Sequence

from detente.records.base import digest_of
from detente.records.force import Force
from detente.records.schedule import (
    BandLine,
    CeilingLine,
    ConflictRow,
    LevelRow,
    ParityRow,
    PartySchedule,
    Period,
    Schedule,
    ScheduleRow,
    StockRow,
)  # fmt: skip
from detente.records.treaty import Treaty

from .conflict import Clash, smallest_conflict, ways_out
from .constraints import Group
from .drafting import Draft, draft
from .model import Model
from .programme import Programme
from .solve import MEANS, Solved, check_objective, finish_of, solve_model
from .state import Plan, States, at
from .wishes import Wishes

Tell = Callable[[str], None]


def schedule(
    force: Force,
    treaty: Treaty,
    wishes: Wishes | None = None,
    objective: str = "fewest",
    progress: Tell | None = None,
) -> Schedule:
    """The best schedule from a force to a treaty's limits, or the smallest set of constraints that conflict.

    Raises `InputError` for a party, rule, cap or date that makes no sense.
    """
    wanted = wishes or Wishes()
    made = draft(force, treaty, wanted)
    wants = check_objective(made.programme, objective)
    model = Model(made.programme)
    solved = solve_model(model, wants, progress)
    head = _head(force, treaty, made, objective)
    if solved.plan is None or solved.states is None:
        return conflicting(head, model, progress)
    return head.model_copy(update=_answer(made.programme, solved))


def conflicting(head: Schedule, model: Model, progress: Tell | None = None) -> Schedule:
    """The same schedule with its smallest conflict, and how far each member would have to give."""
    tell = progress or (lambda _: None)
    clash = smallest_conflict(model, lambda asked: tell(f"what conflicts? {asked} sets asked about"))
    rows = tuple(_conflict_row(model.groups[found.group], found) for found in ways_out(model, clash))
    return head.model_copy(
        update={
            "feasible": False,
            "conflict": tuple(row.constraint for row in rows),
            "ways_out": tuple(row.way_out for row in rows),
            "conflict_rows": rows,
        }
    )


def _head(force: Force, treaty: Treaty, made: Draft, objective: str) -> Schedule:
    programme = made.programme
    return Schedule(
        force=force.id,
        force_title=force.title,
        rule=treaty.id,
        rule_name=treaty.name,
        parties=made.parties,
        objective=objective,
        objective_means=MEANS[check_objective(programme, objective)],
        feasible=True,
        periods=tuple(
            Period(label=p.label, begin=p.begin.isoformat(), end=p.end.isoformat(), year=p.year + 1)
            for p in programme.periods
        ),
        ceilings=tuple(_ceiling_lines(programme)),
        bands=tuple(
            BandLine(
                rule=parity.measures[0][1],
                quantity=parity.measures[0][2],
                share=parity.share,
                number=parity.number,
                since=programme.periods[parity.first].end.isoformat(),
            )
            for parity in programme.parities
        ),
        constraints=(
            *(c.words for c in programme.ceilings), *(c.words for c in programme.capacities),
            *(p.words for p in programme.parities if p.share is not None or p.number is not None),
            *(b.words for b in programme.budgets),
        ),
        missing=made.missing,
        notices=made.notices,
        digest=digest_of([force.digest, treaty.digest, objective, repr(programme)]),
    )  # fmt: skip


def _ceiling_lines(programme: Programme) -> list[CeilingLine]:
    return [
        CeilingLine(
            party=ceiling.measure[0],
            rule=ceiling.measure[1],
            quantity=ceiling.measure[2],
            limit=ceiling.limit,
            since=programme.periods[ceiling.first].end.isoformat(),
            until=programme.periods[ceiling.last].end.isoformat(),
            final=ceiling.final,
            words=ceiling.words,
        )
        for ceiling in programme.ceilings
    ]


def _answer(programme: Programme, solved: Solved) -> dict[str, object]:
    plan, states = solved.plan, solved.states
    assert plan is not None  # noqa: S101 - the caller has looked
    assert states is not None  # noqa: S101
    parity = parity_rows(programme, states)
    by_party = tuple(_of_party(programme, plan, states, party) for party in programme.parties)
    finish = solved.finish
    return {
        "eliminations": sum(each.eliminations for each in by_party),
        "by_year": tuple(map(sum, zip(*(each.by_year for each in by_party), strict=True))),
        "actions": sum(each.actions for each in by_party),
        "actions_by_year": _by_year(programme, plan, range(len(programme.actions))),
        "cost": sum(each.cost for each in by_party),
        "finish": "" if finish is None else programme.periods[finish].end.isoformat(),
        "furthest_from_parity": max((abs(row.difference) for row in parity if row.held), default=None),
        "by_party": by_party,
        "rows": tuple(_rows(programme, plan)),
        "levels": tuple(level_rows(programme, states)),
        "stocks": tuple(_stock_rows(programme, states)),
        "parity": parity,
    }


def _by_year(programme: Programme, plan: Plan, actions: Sequence[int]) -> tuple[int, ...]:
    periods = range(len(programme.periods))
    return programme.by_year([sum(plan.done[n][t] for n in actions) for t in periods])


def _of_party(programme: Programme, plan: Plan, states: States, party: str) -> PartySchedule:
    own = [n for n, action in enumerate(programme.actions) if action.line[0] == party]
    eliminate = [n for n in own if programme.actions[n].kind == "eliminate"]
    own_ceilings = tuple(c for c in programme.ceilings if c.measure[0] == party)
    finish = finish_of(programme, states, own_ceilings)
    return PartySchedule(
        party=party,
        eliminations=sum(sum(plan.done[n]) for n in eliminate),
        actions=sum(sum(plan.done[n]) for n in own),
        cost=cost_of(programme, plan, party),
        busiest=max(sum(plan.done[n][t] for n in own) for t in range(len(programme.periods))),
        finish="" if finish is None else programme.periods[finish].end.isoformat(),
        by_year=_by_year(programme, plan, eliminate),
    )


def cost_of(programme: Programme, plan: Plan, party: str = "") -> float:
    """What a plan costs one party, or all: actions, warheads taken apart, new certificates."""
    spent = sum(
        action.cost * sum(plan.done[n])
        for n, action in enumerate(programme.actions)
        if party in {"", action.line[0]}
    )
    for (number, warhead), series in plan.dismantled.items():
        shop = programme.shops[number]
        if party in {"", shop.party}:
            anew = plan.recertified.get((number, warhead), ())
            spent += shop.cost * sum(series) + shop.recertify_cost * sum(anew)
    return float(spent)


def _rows(programme: Programme, plan: Plan) -> list[ScheduleRow]:
    found = []
    for t, period in enumerate(programme.periods):
        when = {
            "period": t + 1, "label": period.label, "begin": period.begin.isoformat(),
            "end": period.end.isoformat(), "year": period.year + 1,
        }  # fmt: skip
        for n, action in enumerate(programme.actions):
            if plan.done[n][t]:
                party, kind, place = action.line
                into = action.to[1] if action.to is not None else ""
                if action.status == "non-deployed":
                    kind = f"{kind} (non-deployed)"
                found.append(
                    ScheduleRow.model_validate(
                        when
                        | {"party": party, "type": kind, "place": place, "action": action.kind}
                        | {"into": into, "number": plan.done[n][t]}
                    )
                )
        for (number, warhead), series in sorted(plan.dismantled.items()):
            shop = programme.shops[number]
            if at(series, t):
                found.append(
                    ScheduleRow.model_validate(
                        when
                        | {"party": shop.party, "type": warhead, "place": shop.place, "action": "dismantle"}
                        | {"number": series[t]}
                    )
                )
    return sorted(found, key=lambda row: (row.period, row.party, row.type, row.place, row.action))


def _dates(programme: Programme) -> list[str]:
    return [programme.periods[0].begin.isoformat(), *(period.end.isoformat() for period in programme.periods)]


def level_rows(programme: Programme, states: States) -> list[LevelRow]:
    """Every measure on every day, beside the lowest ceiling that holds on it."""
    found = []
    for measure in programme.measures:
        party, rule, quantity = measure.key
        for t, day in enumerate(_dates(programme)):
            limits = [
                ceiling.limit
                for ceiling in programme.ceilings
                if ceiling.measure == measure.key and ceiling.first <= t - 1 <= ceiling.last
            ]
            level, ceiling = states.value(measure, t), min(limits, default=None)
            found.append(
                LevelRow(
                    period=t, date=day, party=party, rule=rule, quantity=quantity, level=level,
                    ceiling=ceiling, slack=None if ceiling is None else ceiling - level,
                )
            )  # fmt: skip
    return found


def _stock_rows(programme: Programme, states: States) -> list[StockRow]:
    found = []
    for party in programme.parties:
        lines = [line.key for line in programme.lines if line.party == party]
        stocks = [key for key in programme.stock_keys() if key[0] == party]
        for t, day in enumerate(_dates(programme)):
            found.append(
                StockRow(
                    period=t,
                    date=day,
                    party=party,
                    deployed=sum(states.warheads[key][t] for key in lines),
                    stored=sum(states.stored[key][t] for key in stocks),
                    awaiting=sum(states.awaiting[key][t] for key in stocks),
                    dismantled=sum(states.dismantled[key][t] for key in stocks),
                    arrived=sum(states.arrived[key][t] for key in stocks),
                )
            )
    return found


def parity_rows(programme: Programme, states: States) -> tuple[ParityRow, ...]:
    """The two parties' counts under each rule that is watched, on every day."""
    found = []
    for parity in programme.parities:
        first, second = (programme.measure(key) for key in parity.measures)
        for t, day in enumerate(_dates(programme)):
            a, b = states.value(first, t), states.value(second, t)
            found.append(
                ParityRow(
                    period=t, date=day, rule=first.rule, quantity=first.quantity, counts=(a, b),
                    difference=a - b, share=None if not min(a, b) else max(a, b) / min(a, b) - 1.0,
                    held=t - 1 >= parity.first,
                )
            )  # fmt: skip
    return tuple(found)


# ---------------------------------------------------------------- what stands in the way


def _conflict_row(group: Group, clash: Clash) -> ConflictRow:
    return ConflictRow(
        constraint=group.words,
        kind=group.kind,
        loosen=clash.loosen,
        way_out=f"{group.words}: {_way(group, clash)}",
    )


def _way(group: Group, clash: Clash) -> str:
    """How far a constraint would have to give, in the number that a person knows it by."""
    if clash.loosen is None:
        if clash.alone is None:
            return "without it there would be a schedule" if clash.enough else "it cannot give alone"
        return f"{_number(group, clash.alone)} would end this conflict, and another would remain"
    return f"{_number(group, clash.loosen)} would do"


def _number(group: Group, loosen: float) -> str:
    source = group.source
    if group.kind == "ceiling":
        return f"{source.limit + round(loosen):,}"
    if group.kind == "cap":
        return f"{max(limit for _, limit in source.windows) + round(loosen):,}"
    if group.kind == "rate":
        return f"{source.rate + round(loosen):,}"
    if group.kind == "budget":
        return f"{source.amount + loosen:,.10g}"
    if group.kind == "parity" and source.number is not None:
        return f"{source.number + round(loosen):,}"
    return f"{loosen:,.10g} more"
