"""Rules that no sum expresses: how many areas, how far from the capital, on whose territory.

Each check is a small function that counts what a treaty's article speaks of, and says what it would need to
know and does not. Places are kept to 0.1 degree, about 10 km: a distance that near to its bound is no answer.
A treaty names a check and gives it its numbers, so that a proposed treaty can use the same ones.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from detente.physics.earth import geodesic
from detente.records.errors import InputError, Problem, did_you_mean
from detente.records.force import ArmType, Base, Force, Holding, Selection
from detente.records.treaty import Check, Treaty

PLACES_TO_KM = 10.0
"""How far a place may be from where it is written, since it is written to 0.1 degree."""


@dataclass(frozen=True, slots=True)
class Situation:
    """What a check looks at: its own numbers, and the holdings that it takes with their types and bases."""

    check: Check
    treaty: Treaty
    force: Force
    party: str
    items: tuple[tuple[Holding, ArmType], ...]

    def number(self, name: str) -> float:
        """A number of the check. Raises `InputError` where the treaty does not give it."""
        if name not in self.check.numbers:
            rule = f'check "{self.check.id}" of {self.treaty.name} has no number "{name}"'
            raise InputError(
                Problem(rule, f"write numbers = {{ {name} = ... }}", "treaty.toml", self.check.id)
            )
        return self.check.numbers[name]

    def words(self, name: str) -> tuple[str, ...]:
        """The words of the check under a name, separated by ";"."""
        return tuple(word.strip() for word in self.check.words.get(name, "").split(";") if word.strip())

    def placed(self) -> tuple[list[tuple[Holding, Base]], list[str]]:
        """The holdings with a base, and what is missing where one has none."""
        found, missing = [], []
        for holding, _ in self.items:
            base = self.force.base(holding.base)
            if base is None:
                missing.append(f"base of {holding.type}")
            else:
                found.append((holding, base))
        return found, missing

    def around(self) -> list[Base]:
        """The places of this party around which its areas may lie."""
        roles, ours = self.words("around"), names_of(self.force, self.treaty, self.party)
        return [base for base in self.force.bases if base.role in roles and base.country in ours]


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check counts, what the article allows, what is missing, and what it looked at."""

    counted: float
    ceiling: float
    missing: Sequence[str] = ()
    detail: Sequence[str] = field(default=())


def run_check(check: Check, treaty: Treaty, force: Force, selection: Selection) -> Finding:
    """What a check finds in one side's statement of one arsenal. Raises `InputError` for an unknown check."""
    if check.check not in CHECKS:
        rule = f'{treaty.name} asks for a check "{check.check}" that nobody wrote'
        raise InputError(Problem(rule, did_you_mean(check.check, CHECKS), "treaty.toml", check.id))
    kinds = [(holding, force.arm_type(holding.type, holding.party)) for holding in selection.holdings]
    items = tuple(pair for pair in kinds if check.takes.takes(*pair))
    found = CHECKS[check.check](Situation(check, treaty, force, selection.party, items))
    if not any(kind.category in check.takes.category for _, kind in kinds):
        nothing = f"{' or '.join(check.takes.category) or 'anything of the kind'}: none is listed"
        return Finding(0.0, found.ceiling, (nothing,))
    return found


def names_of(force: Force, treaty: Treaty, party: str) -> set[str]:
    """Every name under which a party's own territory may be written."""
    known = {party, force.party_name(party)}
    for found in (*treaty.parties, *force.parties):
        if party == found.id or party in found.also:
            known |= {found.id, found.name, *found.also}
    return known


def distance_km(a: Base, b: Base) -> float:
    """Geodesic distance [km] between two places on the WGS-84 ellipsoid."""
    ends = (math.radians(x) for x in (a.latitude_deg, a.longitude_deg, b.latitude_deg, b.longitude_deg))
    return float(geodesic(*ends).distance) / 1000.0


def _areas(situation: Situation) -> tuple[dict[str, list[tuple[Holding, Base]]], list[str]]:
    """The deployment areas that holdings lie in: the area that a base names, otherwise the base itself."""
    placed, missing = situation.placed()
    areas: dict[str, list[tuple[Holding, Base]]] = {}
    for holding, base in placed:
        if holding.number != 0:
            areas.setdefault(base.area or base.id, []).append((holding, base))
    return areas, missing


def _number(pairs: Iterable[Holding]) -> tuple[float, list[str]]:
    known, missing = 0.0, []
    for holding in pairs:
        if holding.number is None:
            missing.append(f"number of {holding.type}: {holding.note}")
        known += holding.number or 0
    return known, missing


def areas_at_most(situation: Situation) -> Finding:
    """How many deployment areas there are."""
    areas, missing = _areas(situation)
    return Finding(len(areas), situation.number("ceiling"), missing, sorted(areas))


def per_area_at_most(situation: Situation) -> Finding:
    """The largest number in one area."""
    areas, missing = _areas(situation)
    largest, detail = 0.0, []
    for name, pairs in areas.items():
        known, unknown = _number(holding for holding, _ in pairs)
        largest, missing = max(largest, known), missing + unknown
        detail.append(f"{name}: {known:g}")
    return Finding(largest, situation.number("ceiling"), missing, detail)


def number_at_most(situation: Situation) -> Finding:
    """How many there are, wherever they stand."""
    known, missing = _number(holding for holding, _ in situation.items)
    return Finding(known, situation.number("ceiling"), missing)


def within_radius(situation: Situation) -> Finding:
    """How many components lie farther than the radius from every place around which they are allowed."""
    placed, missing = situation.placed()
    centers, radius = situation.around(), situation.number("radius_km")
    if not centers:
        missing.append(f"where the {' or '.join(situation.words('around'))} of {situation.party} lies")
    outside, detail = 0.0, []
    for holding, base in placed:
        nearest = min(((distance_km(base, center), center.name) for center in centers), default=None)
        if nearest is None:
            continue
        distance, name = nearest
        if abs(distance - radius) < PLACES_TO_KM:
            missing.append(f"{base.name} to {name} more exactly than {PLACES_TO_KM:g} km ({distance:.0f} km)")
            continue
        known, unknown = _number([holding])
        outside, missing = outside + (known if distance > radius else 0.0), missing + unknown
        detail.append(f"{holding.type}: {base.name}, {distance:,.0f} km from {name}")
    return Finding(outside, 0.0, missing, detail)


def _near(situation: Situation) -> tuple[list[tuple[Holding, Base]], list[str]]:
    """The holdings within the radius of a place that the article names."""
    placed, missing = situation.placed()
    radius = situation.number("radius_km")
    centers = situation.around()
    return [(h, b) for h, b in placed if any(distance_km(b, c) <= radius for c in centers)], missing


def near_at_most(situation: Situation) -> Finding:
    """How many lie within the radius of a place that the article names."""
    near, missing = _near(situation)
    known, unknown = _number(holding for holding, _ in near)
    return Finding(known, situation.number("ceiling"), [*missing, *unknown])


def sites_at_most(situation: Situation) -> Finding:
    """At how many bases within the radius of a named place something stands."""
    near, missing = _near(situation)
    bases = {base.name for holding, base in near if holding.number != 0}
    return Finding(len(bases), situation.number("ceiling"), missing, sorted(bases))


def own_territory(situation: Situation) -> Finding:
    """How many components stand on another state's territory."""
    placed, missing = situation.placed()
    ours = names_of(situation.force, situation.treaty, situation.party)
    abroad, detail = 0.0, []
    for holding, base in placed:
        if not base.country:
            missing.append(f"on whose territory {base.name} lies")
        elif base.country not in ours:
            known, unknown = _number([holding])
            abroad, missing = abroad + known, missing + unknown
            detail.append(f"{holding.type}: {base.name} in {base.country}")
    return Finding(abroad, 0.0, missing, detail)


def basing_only(situation: Situation) -> Finding:
    """How many components stand otherwise than the article allows, such as at sea or in space."""
    allowed = situation.words("basing")
    otherwise, missing, detail = 0.0, [], []
    for holding, kind in situation.items:
        if not kind.basing:
            missing.append(f"how {kind.type} is based")
        elif kind.basing not in allowed:
            known, unknown = _number([holding])
            otherwise, missing = otherwise + known, missing + unknown
            detail.append(f"{kind.type}: {kind.basing}")
    return Finding(otherwise, 0.0, missing, detail)


def equipped_at_most(situation: Situation) -> Finding:
    """The largest number for which one of them is equipped."""
    given = [(kind.type, kind.equipped) for _, kind in situation.items]
    missing = [f"what one {name} is equipped for" for name, equipped in given if equipped is None]
    largest = max((equipped for _, equipped in given if equipped is not None), default=0)
    return Finding(largest, situation.number("ceiling"), missing)


def areas_apart(situation: Situation) -> Finding:
    """How many pairs of areas lie nearer to each other than the article allows."""
    areas, missing = _areas(situation)
    bound = situation.number("at_least_km")
    bases = {name: situation.force.base(name) or pairs[0][1] for name, pairs in areas.items()}
    near, detail = 0, []
    for (a, first), (b, second) in combinations(sorted(bases.items()), 2):
        distance = distance_km(first, second)
        detail.append(f"{a} to {b}: {distance:,.0f} km")
        if abs(distance - bound) < PLACES_TO_KM:
            missing.append(f"{a} to {b} more exactly than {PLACES_TO_KM:g} km ({distance:.0f} km)")
        else:
            near += distance < bound
    return Finding(near, 0.0, missing, detail)


def on_periphery(situation: Situation) -> Finding:
    """How many stand abroad, or farther inland than the number that the treaty's file assumes."""
    placed, missing = situation.placed()
    edge, bound = situation.around(), situation.number("within_km")
    ours = names_of(situation.force, situation.treaty, situation.party)
    inland, detail = 0.0, []
    for holding, base in placed:
        known, unknown = _number([holding])
        if base.country not in ours:
            inland, missing = inland + known, missing + unknown
            detail.append(f"{base.name}: abroad, in {base.country or 'a country not named'}")
        elif not edge:
            missing.append(f"points of the periphery of {situation.party} (bases with role border or coast)")
        else:
            distance = min(distance_km(base, point) for point in edge)
            inland, missing = inland + (known if distance > bound else 0.0), missing + unknown
            detail.append(f"{base.name}: {distance:,.0f} km from the nearest point given")
    return Finding(inland, 0.0, missing, detail)


def needs_study(situation: Situation) -> Finding:
    """A rule that only a study can speak to: what it would have to answer is missing here."""
    study = " ".join(situation.words("study"))
    question = " ".join(situation.words("question"))
    return Finding(0.0, 0.0, (f"{question}: the study {study} of a case is the evidence",))


CHECKS: dict[str, Callable[[Situation], Finding]] = {
    "areas-at-most": areas_at_most,
    "per-area-at-most": per_area_at_most,
    "number-at-most": number_at_most,
    "within-radius": within_radius,
    "near-at-most": near_at_most,
    "sites-at-most": sites_at_most,
    "own-territory": own_territory,
    "basing-only": basing_only,
    "equipped-at-most": equipped_at_most,
    "areas-apart": areas_apart,
    "on-periphery": on_periphery,
    "needs-study": needs_study,
}
"""Every check that a treaty may name."""
