"""From a force and a treaty to a programme: the treaty's own years, its ceilings, and what a person asks for.

A level is known at the end of each period. A ceiling that begins on the last day of a period is met on that
day; one that begins inside a period must be met at the end of the period before.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from detente.agreement.counting import readings
from detente.records.errors import InputError, Problem, did_you_mean
from detente.records.force import Force
from detente.records.treaty import Limit, Treaty

from .inventory import Arsenal, Held, arsenal, check_types
from .measures import MissingError, measure
from .periods import index_of, periods_of, since_of
from .programme import (
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
    Stock,
    Term,
)  # fmt: skip
from .wishes import Rule, Wishes


@dataclass(frozen=True, slots=True)
class Draft:
    """A programme, what was taken for granted, and which limits could not be scheduled and why."""

    programme: Programme
    parties: tuple[str, ...]
    rules: tuple[Rule, ...]
    arsenals: tuple[Arsenal, ...]
    notices: tuple[str, ...]
    missing: tuple[str, ...]


def draft(force: Force, treaty: Treaty, wishes: Wishes) -> Draft:
    """The programme of reducing a force to a treaty's limits. Raises `InputError` with every way out."""
    parties = _parties(force, treaty, wishes)
    rules = _rules(treaty, wishes)
    arsenals = tuple(arsenal(force, party, [*rules, *wishes.parity_rules], wishes) for party in parties)
    check_types(arsenals, wishes)
    limits = [limit for limit in treaty.limits if _stands(treaty, limit)]
    periods, told = periods_of(treaty, limits, arsenals, wishes)
    lines, actions = _actions(arsenals, wishes)
    measures: dict[tuple[str, str, str], Measure] = {}
    missing: list[str] = []
    ceilings = list(_ceilings(treaty, limits, arsenals, rules, periods, wishes, measures, missing))
    if not ceilings:
        rule = f"no limit of {treaty.name} can be scheduled for {', '.join(parties)}"
        way_out = "; ".join(dict.fromkeys(missing)) or "name a treaty with limits"
        raise InputError(Problem(rule, way_out))
    parities = tuple(_parities(arsenals, periods, wishes, measures))
    shops, stocks = _shops(arsenals, wishes, periods)
    ceilings += _nothing_waits(shops, periods, measures)
    programme = Programme(
        periods=periods,
        lines=lines,
        actions=actions,
        measures=tuple(measures.values()),
        ceilings=tuple(ceilings),
        capacities=tuple(_capacities(parties, actions, periods, wishes)),
        parities=parities,
        budgets=_budgets(actions, periods, wishes, shops),
        shops=shops,
        stocks=stocks,
    )
    notices = [*told, *(notice for own in arsenals for notice in own.notices)]
    return Draft(programme, parties, rules, arsenals, tuple(notices), tuple(dict.fromkeys(missing)))


def _parties(force: Force, treaty: Treaty, wishes: Wishes) -> tuple[str, ...]:
    bound = [party.id for party in force.parties if treaty.binds_as(party.id)]
    if not bound:
        held = ", ".join(party.id for party in force.parties)
        rule = f'{treaty.name} binds {", ".join(treaty.party_ids)}, and force "{force.id}" is of {held}'
        raise InputError(Problem(rule, "name another treaty or force"))
    for party in wishes.parties:
        if party not in bound:
            rule = f'"{party}" holds nothing in force "{force.id}" that {treaty.name} limits'
            raise InputError(Problem(rule, did_you_mean(party, bound), key="party"))
    chosen = tuple(sorted(set(wishes.parties or bound)))
    if wishes.parity_rules and len(chosen) != 2:
        rule = f"parity is between two parties, and here only: {', '.join(chosen)}"
        raise InputError(Problem(rule, "name two with --party", key="parity-rule"))
    return chosen


def _rules(treaty: Treaty, wishes: Wishes) -> tuple[Rule, ...]:
    names = readings(treaty) if wishes.reading is None else (treaty.reading(wishes.reading).id,)
    return tuple(Rule(treaty, name) for name in names)


def _stands(treaty: Treaty, limit: Limit) -> bool:
    """Whether a limit was ever agreed: what an amendment sets that never came into force was not."""
    amendment = next((text for text in treaty.amendments if text.id == limit.amendment), None)
    return amendment is None or bool(amendment.in_force)


# ---------------------------------------------------------------- what may be done


def _actions(arsenals: Sequence[Arsenal], wishes: Wishes) -> tuple[tuple[Line, ...], tuple[Action, ...]]:
    lines = {each.line.key: each.line for own in arsenals for each in own.held}
    actions: list[Action] = []
    for own in arsenals:
        for each in own.held:
            if not each.fixed:
                actions += _of_line(each, own, wishes)
    return tuple(lines.values()), tuple(actions)


def _of_line(each: Held, own: Arsenal, wishes: Wishes) -> Iterator[Action]:
    line = each.line
    costs = {kind: wishes.costs.get(kind, 1.0) for kind in wishes.actions}
    stores = "store" in wishes.actions and each.before is None
    if "eliminate" in wishes.actions:
        yield Action("eliminate", line.key, cost=costs["eliminate"])
        if line.nondeployed or stores:
            yield Action("eliminate", line.key, "non-deployed", cost=costs["eliminate"])
    if "convert" in wishes.actions and each.before is None:
        yield from _conversions(each, own, wishes)
    if "download" in wishes.actions:
        if line.load is None and not line.load_tiers:
            yield Action("download", line.key, warheads_to="stored", cost=costs["download"])
        for lower in (found for found in own.held if found.before is not None and each.before is None):
            if lower.line.warhead == line.type and lower.line.place == line.place:
                yield Action(
                    "download", line.key, to=lower.line.key, warheads_to="stored", cost=costs["download"]
                )
    if stores:
        yield Action("store", line.key, warheads_to="stored", cost=costs["store"])


def _conversions(each: Held, own: Arsenal, wishes: Wishes) -> Iterator[Action]:
    """Into the type that is named for it; where none is named for any, out of the count."""
    line, cost = each.line, wishes.costs.get("convert", 1.0)
    if not wishes.made_into:
        yield Action("convert", line.key, cost=cost)
        return
    target = wishes.made_into.get(line.type)
    if target is None:
        return
    into = next(
        (found for found in own.held if found.line.type == target and found.line.place == line.place), None
    )
    if into is None:
        known = sorted({found.line.type for found in own.held if not found.fixed})
        raise InputError(
            Problem(
                f'{line.type} cannot be made into "{target}": {own.party} holds none',
                did_you_mean(target, known),
                key="convert-to",
            )
        )
    if line.load is None or into.line.load is None or into.line.load > line.load:
        rule = f"{line.type} cannot be made into {target}: its warheads would have to come from somewhere"
        raise InputError(
            Problem(rule, "name a type with as many warheads or fewer on each", key="convert-to")
        )
    if wishes.made_into.get(target) == line.type:
        raise InputError(
            Problem(
                f"{line.type} and {target} cannot each be made into the other",
                "leave one out",
                key="convert-to",
            )
        )
    yield Action("convert", line.key, to=into.line.key, cost=cost)


def _windows(periods: Sequence[Period]) -> list[tuple[int, ...]]:
    years: dict[int, list[int]] = {}
    for n, period in enumerate(periods):
        years.setdefault(period.year, []).append(n)
    return [tuple(found) for found in years.values()]


def _capacities(
    parties: Sequence[str], actions: Sequence[Action], periods: Sequence[Period], wishes: Wishes
) -> Iterator[Capacity]:
    for cap in wishes.caps:
        if cap.kind == "dismantle":
            continue
        for party in parties:
            taken = tuple(
                n
                for n, action in enumerate(actions)
                if action.line[0] == party
                and cap.kind in {None, action.kind}
                and cap.place in {"", action.line[2]}
            )
            if not taken:
                continue
            what = _doing(wishes.actions if cap.kind is None else (cap.kind,))
            at_place = f" at {cap.place}" if cap.place else ""
            windows = tuple((window, cap.number) for window in _windows(periods))
            yield Capacity(f"{party}: at most {cap.number:,} {what} a year{at_place}", taken, windows)


def _doing(actions: Sequence[str]) -> str:
    names = {
        "eliminate": "eliminations",
        "convert": "conversions",
        "download": "downloadings",
        "store": "launchers stored",
    }
    named = [names[action] for action in actions if action in names]
    return named[0] if len(named) == 1 else "actions"


def _budgets(
    actions: Sequence[Action], periods: Sequence[Period], wishes: Wishes, shops: Sequence[Shop]
) -> tuple[Budget, ...]:
    """One budget for each party and year."""
    if wishes.budget is None:
        return ()
    found = []
    for party in sorted({action.line[0] for action in actions}):
        own = tuple(n for n, action in enumerate(actions) if action.line[0] == party)
        plants = tuple(n for n, shop in enumerate(shops) if shop.party == party)
        for window in _windows(periods):
            words = f"{party}: at most {wishes.budget:g} spent in {periods[window[0]].label.split(',')[0]}"
            found.append(Budget(words, wishes.budget, own, window, plants))
    return tuple(found)


# ---------------------------------------------------------------- what must hold


def _ceilings(
    treaty: Treaty, limits: Sequence[Limit], arsenals: Sequence[Arsenal], rules: Sequence[Rule],
    periods: Sequence[Period], wishes: Wishes, measures: dict[tuple[str, str, str], Measure],
    missing: list[str],
) -> Iterator[Ceiling]:  # fmt: skip
    last_day = periods[-1].end
    for own in arsenals:
        bound = treaty.binds_as(own.party)
        for limit in limits:
            if limit.to and bound not in limit.to:
                continue
            until = date.fromisoformat(limit.until) if limit.until else None
            final = until is None or until >= last_day
            since = since_of(treaty, limit) or last_day
            if not final and not wishes.ceilings:
                continue
            if not final and (since > last_day or (until and until < periods[0].begin)):
                continue
            if limit.status == "unverified" and not wishes.unread:
                missing.append(f"{limit.title}: not held, since nobody has read it (--unread holds it)")
                continue
            yield from _under_each(
                own, limit, rules, periods, (min(since, last_day), until, final), measures, missing
            )


def _under_each(
    own: Arsenal, limit: Limit, rules: Sequence[Rule], periods: Sequence[Period],
    when: tuple[date, date | None, bool], measures: dict[tuple[str, str, str], Measure], missing: list[str],
) -> Iterator[Ceiling]:  # fmt: skip
    """A limit as one ceiling for each reading that counts differently."""
    since, until, final = when
    first = index_of(periods, since)
    last = (
        len(periods) - 1
        if final or until is None
        else max((n for n, period in enumerate(periods) if period.end <= until), default=first)
    )
    told: list[tuple[Rule, Measure]] = []
    for rule in rules:
        try:
            found = measure(own, rule, limit.quantity)
        except MissingError as why:
            missing.append(f"{own.party}, {limit.title}{_read(rule)}: not held, since {why}")
            continue
        if not any(other.terms == found.terms for _, other in told):
            told.append((rule, found))
    for rule, found in told:
        measures.setdefault(found.key, found)
        article = f" ({limit.article})" if limit.article else ""
        exact = periods[first].end == since or since <= periods[0].begin
        by = f"from {since.isoformat()} on" if exact else f"by {periods[first].end.isoformat()}"
        read = _read(rule) if len(told) > 1 else ""
        words = f"{own.party}: {limit.title}{read}: at most {limit.ceiling:,.10g} {by}{article}"
        factor = 1000 if limit.quantity == "throw_weight_t" else 1
        yield Ceiling(words, found.key, int(limit.ceiling * factor), first, max(first, last), final)


def _read(rule: Rule) -> str:
    return f", reading {rule.reading}" if rule.reading else ""


def _parities(
    arsenals: Sequence[Arsenal], periods: Sequence[Period], wishes: Wishes,
    measures: dict[tuple[str, str, str], Measure],
) -> Iterator[Parity]:  # fmt: skip
    first = index_of(periods, wishes.parity_from) if wishes.parity_from else 0
    for rule in wishes.parity_rules:
        pair = []
        for own in arsenals:
            try:
                found = measure(own, rule, wishes.parity_quantity)
            except MissingError as why:
                way_out = "name another rule with --parity-rule"
                raise InputError(
                    Problem(
                        f"{own.party} cannot be counted under {rule.name}: {why}", way_out, key="parity-rule"
                    )
                ) from None
            measures.setdefault(found.key, found)
            pair.append(found.key)
        quantity = wishes.parity_quantity.replace("_", " ")
        words = f"parity of {quantity} under {rule.name}"
        share = number = None
        if isinstance(wishes.band, float):
            share, words = (
                wishes.band,
                f"{words}: neither exceeds the other by more than {100 * wishes.band:g} %",
            )
        elif wishes.band is not None:
            number, words = wishes.band, f"{words}: never more than {wishes.band:,} apart"
        yield Parity(words, (pair[0], pair[1]), share, number, first)


def _shops(
    arsenals: Sequence[Arsenal], wishes: Wishes, periods: Sequence[Period]
) -> tuple[tuple[Shop, ...], tuple[Stock, ...]]:
    """One plant a party takes retired warheads apart, where that is asked for."""
    if "dismantle" not in wishes.actions:
        return (), ()
    rate = next((cap.number for cap in wishes.caps if cap.kind == "dismantle"), None)
    a_year = 1 if wishes.step == "year" else 2
    shops = []
    for own in arsenals:
        held = [each for each in own.held if not each.fixed]
        kinds = tuple(sorted({each.line.stock[1] for each in held}))
        most = sum(
            each.line.emplaced
            + max([each.line.load or 0, *(t.weight for t in each.line.load_tiers)]) * each.line.deployed
            for each in held
        )
        shops.append(
            Shop(
                own.party, "", kinds, most if rate is None else rate, tuple(_windows(periods)),
                lapse=None if wishes.lapse_years is None else wishes.lapse_years * a_year,
                cost=wishes.costs.get("dismantle", 1.0), per="a year",
            )
        )  # fmt: skip
    return tuple(shops), ()


def _nothing_waits(
    shops: Sequence[Shop], periods: Sequence[Period], measures: dict[tuple[str, str, str], Measure]
) -> Iterator[Ceiling]:
    """Where warheads are taken apart at all, none that is retired waits at the end."""
    for shop in shops:
        found = Measure(
            shop.party, "stock", "awaiting_dismantlement",
            (Term(tuple((shop.party, warhead) for warhead in shop.warheads), counted="awaiting"),),
        )  # fmt: skip
        measures[found.key] = found
        last = len(periods) - 1
        words = f"{shop.party}: no retired warhead awaits dismantlement on {periods[last].end.isoformat()}"
        yield Ceiling(words, found.key, 0, last, last, False)
