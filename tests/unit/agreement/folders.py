"""Small forces and treaties made in Python, for tests of rules that no shipped one has."""

from typing import Any

from detente.records.force import ArmType, Force, ForceParty, Gap, Holding, Total
from detente.records.treaty import Attribution, CountingRule, Event, Limit, Quantity, Treaty, TreatyReading

INVENTED: dict[str, Any] = {"status": "assumed", "note": "invented"}


def kind(name: str, category: str = "ICBM", **more: Any) -> ArmType:
    return ArmType.model_validate({"type": name, "category": category} | INVENTED | more)


def holding(type_name: str, number: int | None, **more: Any) -> Holding:
    said = {"party": "A", "date": "2030-01-01", "basis": "declared"} | INVENTED
    return Holding.model_validate(said | {"type": type_name, "number": number} | more)


def total(quantity: str, value: int | None, **more: Any) -> Total:
    said = {"party": "A", "date": "2030-01-01", "basis": "declared", "rule": "pact"} | INVENTED
    return Total.model_validate(said | {"quantity": quantity, "value": value} | more)


def force(*rows: Holding | Total, types: tuple[ArmType, ...] = (), gaps: tuple[Gap, ...] = ()) -> Force:
    parties = tuple(
        ForceParty(id=name, name=f"Party {name}") for name in dict.fromkeys(r.party for r in rows)
    )
    return Force(
        id="force",
        title="A force",
        parties=parties,
        gaps=gaps,
        types=types,
        holdings=tuple(row for row in rows if isinstance(row, Holding)),
        totals=tuple(row for row in rows if isinstance(row, Total)),
    )


def rule(name: str, method: str, **more: Any) -> CountingRule:
    said = {"id": name, "title": name, "method": method, "article": "II", "held_as": "deployed"}
    return CountingRule.model_validate(said | INVENTED | more)


def attribution(type_name: str, warheads: int, **more: Any) -> Attribution:
    return Attribution.model_validate({"type": type_name, "warheads": warheads} | INVENTED | more)


def reading(name: str) -> TreatyReading:
    return TreatyReading.model_validate({"id": name, "title": f"as {name} reads it"} | INVENTED)


def event(what: str, day: str, **more: Any) -> Event:
    return Event.model_validate({"kind": what, "date": day} | INVENTED | more)


def limit(name: str, quantity: str, ceiling: float, **more: Any) -> Limit:
    said = {"id": name, "title": name, "quantity": quantity, "ceiling": ceiling}
    return Limit.model_validate(said | INVENTED | more)


def quantity(name: str, what: str, **more: Any) -> Quantity:
    return Quantity.model_validate({"id": name, "title": name, "sum": what} | more)


def pact(**more: Any) -> Treaty:
    said: dict[str, Any] = {
        "id": "pact",
        "title": "A pact",
        "name": "the pact",
        "parties": (ForceParty(id="A", name="Party A"), ForceParty(id="B", name="Party B", also=("C",))),
        "events": (event("signed", "2029-01-01"), event("in force", "2030-01-01")),
    }
    return Treaty.model_validate(said | more)
