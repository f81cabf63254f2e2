"""How many warheads a rule sees on each: by a table of types, by tiers, as stated, or the same for all.

The first rule of a treaty that takes a holding decides; the rules of a reading come before the text's own.
"""

from datetime import date
from typing import NamedTuple

from detente.records.errors import Problem, did_you_mean
from detente.records.force import ArmType, Holding
from detente.records.treaty import Attribution, CountingRule, Treaty

HOLDINGS = "holdings.csv"


class Share(NamedTuple):
    """So many of a row at so many warheads each; `first` is None for all that are left."""

    first: int | None
    warheads: int | None


def rules(treaty: Treaty, reading: str = "") -> tuple[CountingRule, ...]:
    """The counting rules in the order in which they are tried: those of the reading before the text's own."""
    own = tuple(rule for rule in treaty.rules if reading and rule.reading == reading)
    return own + tuple(rule for rule in treaty.rules if not rule.reading)


def rule_for(
    treaty: Treaty, kind: ArmType, party: str, held_as: str, reading: str = ""
) -> CountingRule | None:
    """The first rule that takes a type of a party in a condition; None where none does."""
    for rule in rules(treaty, reading):
        if rule.takes_type(kind, party) and (not rule.held_as or held_as in rule.held_as):
            return rule
    return None


def attribution_of(treaty: Treaty, kind: ArmType, party: str, day: date) -> Attribution | None:
    """What the treaty's table attributes to a type of a party on a day, the newest that holds by then."""
    found = [
        entry
        for entry in treaty.attributions
        if entry.type == kind.type
        and entry.party in {party, treaty.binds_as(party), ""}
        and (not entry.since or date.fromisoformat(entry.since) <= day)
    ]
    return max(found, key=lambda entry: entry.since, default=None)


def shares(treaty: Treaty, kind: ArmType, party: str, day: date, reading: str = "") -> tuple[Share, ...]:
    """Warheads for each deployed one of a type, as tiers; one tier without `first` where all count alike.

    Warheads are None where the rule takes what the holder states, or where something is not known. Types
    that one rule with tiers takes share the tiers.
    """
    rule = rule_for(treaty, kind, party, "deployed", reading)
    if rule is None or rule.method in {"stated", "none"}:
        return (Share(None, None),)
    if rule.method == "each":
        return (Share(None, rule.warheads),)
    if rule.method == "table":
        found = attribution_of(treaty, kind, party, day)
        return (Share(None, found.warheads if found else None),)
    return tuple(Share(t.first, kind.equipped if t.equipped else t.warheads) for t in rule.tiers)


def unknown_type(treaty: Treaty, holding: Holding, kind: ArmType) -> Problem:
    """The refusal of a type that no rule of the treaty knows, at the row of the table that names it."""
    ours = {holding.party, treaty.binds_as(holding.party), ""}
    near = did_you_mean(kind.type, {entry.type for entry in treaty.attributions if entry.party in ours})
    hint = f"{near} or " if near.startswith("did") else ""
    rule = f'{treaty.name} attributes no warheads to type "{kind.type}" of {holding.party}'
    way_out = f"{hint}add it to attributions.csv of the treaty, or count under a rule that knows it"
    return Problem(rule, way_out, HOLDINGS, "type", holding.line or None)


def cited(treaty: Treaty, rule: CountingRule, attribution: Attribution | None) -> dict[str, object]:
    """The article that a step rests on, and whether its wording was read."""
    name = (attribution.article if attribution else "") or rule.article
    article = treaty.article(name)
    return {
        "article": name,
        "article_status": article.status if article else None,
        "rule": rule.id,
        "why": rule.title,
    }


def counted(
    rule: CountingRule,
    holding: Holding,
    kind: ArmType,
    attribution: Attribution | None,
    filled: dict[str, int | None],
) -> dict[str, object]:
    """What a rule makes of a holding: the attribution, the warheads, or what is missing."""
    if rule.method == "none":
        return {}
    if rule.method == "stated":
        return _stated(holding)
    if rule.method == "tiers":
        return _tiers(rule, holding, kind, filled)
    each = attribution.warheads if attribution is not None else rule.warheads
    if holding.number is None or each is None:
        return {"attribution": each}
    return {"attribution": each, "warheads": holding.number * each}


def _stated(holding: Holding) -> dict[str, object]:
    if holding.warheads is None:
        return {"missing": f"warheads on {holding.type}, which nobody states"}
    if not holding.number or holding.warheads % holding.number:
        return {"attribution": "as stated", "warheads": holding.warheads}
    return {"attribution": holding.warheads // holding.number, "warheads": holding.warheads}


def _tiers(
    rule: CountingRule, holding: Holding, kind: ArmType, filled: dict[str, int | None]
) -> dict[str, object]:
    """Warheads of a row by tiers that all types taken by the rule fill together, party by party."""
    key = f"{holding.party} {rule.id}"
    before = filled.setdefault(key, 0)
    if before is None or holding.number is None:
        filled[key] = None
        return {"missing": f"number of {holding.type}: a tier cannot be filled without it"}
    filled[key] = before + holding.number
    parts: list[tuple[int, int]] = []
    left, passed = holding.number, before
    for tier in rule.tiers:
        room = left if tier.first is None else min(left, max(0, tier.first - passed))
        passed = 0 if tier.first is None else max(0, passed - tier.first)
        each = kind.equipped if tier.equipped else tier.warheads
        if room and each is None:
            return {"missing": f"weapons that one {holding.type} is actually equipped for"}
        if room:
            parts.append((room, each or 0))
        left -= room
    total = sum(number * each for number, each in parts)
    if len(parts) == 1:
        return {"attribution": parts[0][1], "warheads": total}
    if not parts:
        return {"attribution": rule.tiers[0].warheads, "warheads": 0}
    return {"attribution": "+".join(f"{number}@{each}" for number, each in parts), "warheads": total}
