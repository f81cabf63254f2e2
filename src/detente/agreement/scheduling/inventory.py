"""What a party starts with: one side's statement of its arsenal, as lines of launchers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from detente.agreement.attribution import Share, rule_for, shares
from detente.records.calendar import first_day
from detente.records.errors import InputError, Problem, did_you_mean
from detente.records.force import ArmType, Force, Holding, Selection

from .programme import Line, Tier
from .wishes import Rule, Wishes

ALL_TYPES = "all types together"
_ORDER = ("declared", "agreed", "assessed", "counted")


@dataclass(frozen=True, slots=True)
class Held:
    """A line with the type that it is of; `fixed` holds in a condition that no action touches.

    `stated` tells whether the holder states the warheads on it; `before` is the load from which it was
    downloaded, of a line that stands for a lower load.
    """

    line: Line
    kind: ArmType | None
    held_as: str = "deployed"
    stated: bool = False
    before: int | None = None

    @property
    def fixed(self) -> bool:
        return self.held_as not in {"deployed", "non-deployed"}


@dataclass(frozen=True, slots=True)
class Arsenal:
    """A party's lines, or the sums that it gives without parts; `notices` says what was taken for granted."""

    party: str
    day: date
    selection: Selection
    held: tuple[Held, ...]
    totals: bool
    notices: tuple[str, ...]


def arsenal(force: Force, party: str, rules: Sequence[Rule], wishes: Wishes) -> Arsenal:
    """One party's arsenal as it states it by the day asked for, else in the newest statement.

    Raises `InputError` where nothing is stated, or where a number that the schedule needs is a gap.
    """
    found = force.selections(party, wishes.on)
    found = tuple(sorted(found, key=lambda s: (_ORDER.index(s.basis), -first_day(s.date).toordinal())))
    chosen = next((s for s in found if s.holdings or s.totals), None)
    if chosen is None or chosen.gap is not None:
        why = (
            chosen.gap.reason
            if chosen is not None and chosen.gap is not None
            else "it states nothing by then"
        )
        way_out = "name an earlier or later day with --on"
        raise InputError(
            Problem(f'force "{force.id}" gives no numbers for {party}: {why}', way_out, key="--on")
        )
    notices = [f"starts from: {chosen.title}"] if len(found) > 1 else []
    day = first_day(chosen.date)
    if chosen.holdings:
        held = _lines(force, chosen, rules, day)
        held = [*held, *_lower(held, wishes)]
        if any(not each.stated for each in held):
            notices.append(
                f"{party}: nobody states how many warheads are on launchers; those that move are the ones "
                f"that {rules[0].treaty.name} attributes"
            )
        return Arsenal(party, day, chosen, tuple(held), totals=False, notices=tuple(notices))
    notices.append(
        f"{party}: only sums are stated, so all types are one line; how many warheads leave with a launcher "
        "is left open"
    )
    return Arsenal(party, day, chosen, (_summed(chosen),), totals=True, notices=tuple(notices))


def _lines(force: Force, chosen: Selection, rules: Sequence[Rule], day: date) -> list[Held]:
    gaps = [row for row in chosen.holdings if row.number is None]
    if gaps:
        raise InputError(
            Problem(
                f"the number of {row.type} of {row.party} is a gap ({row.note})",
                "a schedule needs every number: state it in a folder of your own",
                "holdings.csv",
                "number",
                row.line or None,
            )
            for row in gaps
        )
    by_line: dict[tuple[str, str], list[Holding]] = {}
    others: list[Held] = []
    for row in chosen.holdings:
        if row.held_as in {"deployed", "non-deployed"}:
            by_line.setdefault((row.type, row.base), []).append(row)
        elif row.held_as in {"converted", "training", "test"}:
            kind = force.arm_type(row.type, row.party)
            line = Line(row.party, f"{row.type}, {row.held_as}", row.base, 0, row.number or 0, load=0)
            others.append(Held(line, kind, row.held_as, stated=True))
    return [_line(force, rows, rules, day) for rows in by_line.values()] + others


def _line(force: Force, rows: list[Holding], rules: Sequence[Rule], day: date) -> Held:
    party, kind_name, place = rows[0].party, rows[0].type, rows[0].base
    kind = force.arm_type(kind_name, party)
    deployed = sum(row.number or 0 for row in rows if row.held_as == "deployed")
    idle = sum(row.number or 0 for row in rows if row.held_as == "non-deployed")
    warheads = [row.warheads for row in rows if row.held_as == "deployed" and row.warheads is not None]
    line = Line(party, kind_name, place, deployed, idle)
    methods = [rule_for(rule.treaty, kind, party, "deployed", rule.reading) for rule in rules]
    if warheads and any(method is not None and method.method == "stated" for method in methods):
        return Held(replace(line, load=None, emplaced=sum(warheads)), kind, stated=True)
    for rule in rules:
        told = _needed(shares(rule.treaty, kind, party, day, rule.reading), deployed)
        if all(share.warheads is not None for share in told):
            return Held(_loaded(line, told), kind)
    if warheads and deployed and sum(warheads) % deployed == 0:
        return Held(replace(line, load=sum(warheads) // deployed), kind, stated=True)
    return Held(replace(line, load=None, emplaced=sum(warheads)), kind, stated=bool(warheads) or not deployed)


def _needed(told: Sequence[Share], number: int) -> list[Share]:
    """The tiers that so many launchers reach; the number that a tier beyond them has does not matter."""
    kept: list[Share] = []
    for share in told:
        kept.append(share)
        if share.first is None or number <= share.first:
            break
        number -= share.first
    return kept


def _loaded(line: Line, told: Sequence[Share]) -> Line:
    tiers = tuple(Tier(share.warheads or 0, share.first) for share in told)
    if len(tiers) == 1:
        return replace(line, load=tiers[0].weight)
    return replace(line, load=None, load_tiers=tiers)


def _lower(held: list[Held], wishes: Wishes) -> list[Held]:
    """A line for each lower load that a type may be downloaded to."""
    made: list[Held] = []
    for name, load in wishes.loads.items():
        own = [each for each in held if each.line.type == name]
        for each in own:
            if each.line.load is None:
                way_out = "leave the load out: its warheads are taken off one by one"
                raise InputError(Problem(f"warheads on {name} are counted one by one", way_out, key="load"))
            if not 0 <= load < each.line.load:
                rule = f"{name} carries {each.line.load}; {load} is no lower load"
                raise InputError(Problem(rule, "name a smaller number of warheads", key="load"))
            line = replace(
                each.line, type=f"{name} with {load}", deployed=0, nondeployed=0, load=load, warhead=name
            )
            made.append(Held(line, each.kind, stated=each.stated, before=each.line.load))
    return made


def check_types(arsenals: Iterable[Arsenal], wishes: Wishes) -> None:
    """Refuse a lower load or a conversion of a type that no party of the schedule holds."""
    known = {each.line.type for own in arsenals for each in own.held if not each.fixed}
    for key, names in (("load", wishes.loads), ("convert-to", {**wishes.made_into})):
        for name in names:
            if name not in known:
                raise InputError(Problem(f'nobody here holds "{name}"', did_you_mean(name, known), key=key))
    places = {each.line.place for own in arsenals for each in own.held}
    for cap in wishes.caps:
        if cap.place and cap.place not in places:
            raise InputError(
                Problem(
                    f'nothing is held at "{cap.place}"', did_you_mean(cap.place, places - {""}), key="cap"
                )
            )


def _summed(chosen: Selection) -> Held:
    """One line of all types from the sums that a party gives: vehicles, warheads, launchers."""
    sums = {total.quantity: total.value for total in chosen.totals if total.value is not None}
    vehicles, warheads = sums.get("deployed_delivery_vehicles"), sums.get("warheads")
    if vehicles is None or warheads is None:
        way_out = "state deployed_delivery_vehicles and warheads, or holdings by type"
        rule = f"the sums of {chosen.title} do not say how many vehicles and warheads are deployed"
        raise InputError(Problem(rule, way_out, "totals.csv", "quantity"))
    launchers = sums.get("deployed_and_nondeployed_launchers")
    idle = max(0, launchers - vehicles) if launchers is not None else 0
    line = Line(chosen.party, ALL_TYPES, "", vehicles, idle, load=None, emplaced=warheads)
    return Held(line, None, stated=True)
