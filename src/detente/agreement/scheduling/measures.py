"""What a treaty counts, as sums over lines: one measure a party, rule and quantity, or why there is none."""

from detente.agreement.attribution import attribution_of, rule_for, shares
from detente.agreement.counting import quantities
from detente.records.errors import InputError, Problem, did_you_mean
from detente.records.treaty import Quantity

from .inventory import Arsenal, Held
from .programme import LineKey, Measure, Status, Term, Tier
from .wishes import Rule

_OF_SUMS = {
    "deployed_delivery_vehicles": ("deployed",),
    "warheads": ("warheads",),
    "deployed_and_nondeployed_launchers": ("deployed", "non-deployed"),
}


class MissingError(Exception):
    """A quantity cannot be counted for a party; the message says what is not known."""


def measure(own: Arsenal, rule: Rule, quantity: str) -> Measure:
    """A quantity of a party under a rule. Raises `MissingError`, or `InputError` for an unknown quantity."""
    known = quantities(rule.treaty, rule.reading)
    if quantity not in known:
        raise InputError(
            Problem(
                f'{rule.treaty.name} has no quantity "{quantity}"',
                did_you_mean(quantity, known),
                key="quantity",
            )
        )
    asked = known[quantity]
    terms = _of_sums(own, asked) if own.totals else _terms(own, rule, asked)
    return Measure(own.party, rule.name, quantity, tuple(terms))


def _of_sums(own: Arsenal, asked: Quantity) -> list[Term]:
    stated = {total.quantity for total in own.selection.totals if total.value is not None}
    if asked.id not in _OF_SUMS or asked.id not in stated:
        raise MissingError(f"{asked.title}: {own.party} states no such sum")
    key = own.held[0].line.key
    return [Term((key,), counted=counted) for counted in _OF_SUMS[asked.id]]  # type: ignore[arg-type]


def _terms(own: Arsenal, rule: Rule, asked: Quantity) -> list[Term]:
    taken = [each for each in own.held if each.kind and asked.takes_type(each.kind, own.party)]
    if asked.sum == "number":
        return _numbers(taken, asked)
    deployed = [
        each for each in taken if not each.fixed and (not asked.held_as or "deployed" in asked.held_as)
    ]
    if asked.sum == "throw-weight":
        return [Term((each.line.key,), (Tier(_throw_weight(each)),)) for each in deployed]
    if asked.sum == "downloaded":
        return [term for each in deployed for term in _downloaded(each, rule, own)]
    return _warheads(own, deployed, rule)


def _numbers(taken: list[Held], asked: Quantity) -> list[Term]:
    found: list[Term] = []
    for each in taken:
        if each.fixed:
            if not asked.held_as or each.held_as in asked.held_as:
                found.append(Term((each.line.key,), counted="non-deployed"))
            continue
        counted: tuple[Status, ...] = ("deployed", "non-deployed")
        found += [
            Term((each.line.key,), counted=status)
            for status in counted
            if not asked.held_as or status in asked.held_as
        ]
    return found


def _throw_weight(each: Held) -> int:
    weight = each.kind.throw_weight_kg if each.kind else None
    if weight is None:
        raise MissingError(f"throw-weight: nobody states that of {each.line.type}")
    return -int(-weight // 1)


def _downloaded(each: Held, rule: Rule, own: Arsenal) -> list[Term]:
    if each.before is not None and each.line.load is not None:
        return [Term((each.line.key,), (Tier(each.before - each.line.load),))]
    if each.kind is None:
        return []
    entry = attribution_of(rule.treaty, each.kind, own.party, own.day)
    if entry is None or entry.downloaded_from is None:
        return []
    return [Term((each.line.key,), (Tier(entry.downloaded_from - entry.warheads),))]


def _warheads(own: Arsenal, deployed: list[Held], rule: Rule) -> list[Term]:
    """By the table, by tiers that several types share, the same for all, or as the holder states."""
    found: list[Term] = []
    shared: dict[str, tuple[list[LineKey], tuple[Tier, ...]]] = {}
    for each in deployed:
        assert each.kind is not None  # noqa: S101 - lines of sums never come here
        counting = rule_for(rule.treaty, each.kind, own.party, "deployed", rule.reading)
        if counting is None or counting.method == "none":
            raise MissingError(f"warheads: {rule.treaty.name} has no counting rule for {each.line.type}")
        if counting.method == "stated":
            if not each.stated:
                raise MissingError(f"warheads: nobody states how many are on {each.line.type}")
            found.append(Term((each.line.key,), counted="warheads"))
            continue
        told = shares(rule.treaty, each.kind, own.party, own.day, rule.reading)
        if each.before is not None and counting.method == "table" and each.line.load is not None:
            found.append(Term((each.line.key,), (Tier(each.line.load),)))
        elif counting.method == "tiers":
            tiers = _reached(
                own, deployed, rule, tuple(Tier(-1 if w is None else w, first) for first, w in told)
            )
            keys, before = shared.setdefault(counting.id, ([], tiers))
            if before != tiers:
                raise MissingError(
                    f"warheads: types that share a tier are equipped for different numbers ({counting.title})"
                )
            keys.append(each.line.key)
        elif told[0].warheads is None:
            raise MissingError(f"warheads: {rule.treaty.name} attributes none to {each.line.type}")
        else:
            found.append(Term((each.line.key,), (Tier(told[0].warheads),)))
    for keys, tiers in shared.values():
        if any(tier.weight < 0 for tier in tiers):
            raise MissingError("warheads: nobody states how many weapons a bomber is equipped for")
        found.append(Term(tuple(keys), tiers))
    return found


def _reached(own: Arsenal, deployed: list[Held], rule: Rule, tiers: tuple[Tier, ...]) -> tuple[Tier, ...]:
    """The tiers that can be reached by all launchers that a rule with tiers takes together."""
    number = 0
    for each in deployed:
        if each.kind is None:
            continue
        counting = rule_for(rule.treaty, each.kind, own.party, "deployed", rule.reading)
        if counting is not None and counting.method == "tiers":
            number += each.line.deployed + each.line.nondeployed
    kept: list[Tier] = []
    for tier in tiers:
        kept.append(tier)
        if tier.up_to is None or number <= sum(t.up_to or 0 for t in kept):
            break
    if kept[-1].up_to is not None and number <= sum(t.up_to or 0 for t in kept):
        kept[-1] = Tier(kept[-1].weight)
    return tuple(kept)
