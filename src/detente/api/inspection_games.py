"""Games of inspection: over periods, over time, and any that a user writes down; payoffs are the user's."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from detente.records.finding import Finding, Table
from detente.records.outcome import Column

Number = str | int | float | Fraction

_NO_FORECAST = (
    "Whether anybody violates: the chance with which a violator would mix is no forecast, and is left out.",
    "Whether the payoffs are right: they are whoever's gave them.",
)


def inspect_game(
    periods: int,
    inspections: int,
    *,
    loss: Sequence[Number] = (),
    compliance: Sequence[Number] = (),
    violations: int = 1,
    detection: Number = 1,
    caught_cost: Number | None = None,
) -> Finding:
    """The value of an inspection game over periods, in exact rational numbers, for each payoff that is given.

    `loss` is what being caught costs the violator, whose gain is 1 (Dresher); `compliance` is what a game
    without a violation is worth to the inspector, who gets 1 for catching one (Ferguson and Melolidakis).
    With `caught_cost` also what announcing the rule is worth. Raises `InputError`, also where no payoff
    is given: none is supplied.
    """
    from detente.agreement.inspection.games import (
        dresher,
        dresher_closed_form,
        ferguson_melolidakis,
        leadership,
    )
    from detente.agreement.inspection.limits import Rules

    rules = Rules()
    if bool(loss) == bool(compliance):
        way_out = "give --loss b or --compliance q, not both; repeat it to compare several"
        rules.refuse("a game needs the payoffs of its sides, and none is supplied here", way_out, "loss")
    if compliance and (violations != 1 or str(detection) != "1" or caught_cost is not None):
        way_out = "leave out --violations, --detection and --caught-cost, or give --loss"
        rules.refuse(
            "the game of Ferguson and Melolidakis has one sure chance to violate", way_out, "compliance"
        )
    if caught_cost is not None and (violations != 1 or str(detection) != "1"):
        way_out = "leave out --violations and --detection"
        rules.refuse(
            "an announced rule is worked out for one violation and sure detection", way_out, "caught_cost"
        )
    rules.done()
    rows: list[dict[str, Any]] = []
    states: list[dict[str, Any]] = []
    for payoff in loss or compliance:
        game = (
            dresher(periods, inspections, payoff, violations, detection)
            if loss
            else ferguson_melolidakis(periods, inspections, payoff)
        )
        row = {
            "payoff": str(payoff),
            "value": str(game.value),
            "value_decimal": float(game.value),
            "value_to": game.to,
            "inspect_now": str(game.inspect[periods, inspections]),
        }
        if loss and violations == 1 and str(detection) == "1":
            row["closed_form"] = str(dresher_closed_form(periods, inspections, payoff))
        if caught_cost is not None:
            led = leadership(periods, inspections, payoff, caught_cost)
            row |= {
                "inspector_announced": str(led.announced),
                "inspector_announced_decimal": float(led.announced),
                "inspector_simultaneous": str(led.simultaneous),
                "inspector_simultaneous_decimal": float(led.simultaneous),
            }
        rows.append(row)
        states += [
            {
                "payoff": str(payoff),
                "periods_left": left,
                "inspections_left": have,
                "inspect": str(chance),
                "inspect_decimal": float(chance),
            }
            for (left, have), chance in game.inspect.items()
            if left >= have
        ]
    form = "dresher" if loss else "ferguson-melolidakis"
    values: dict[str, Any] = {
        "form": form,
        "periods": periods,
        "inspections": inspections,
        "violations": violations if loss else 1,
        "detection": str(detection),
        "caught_cost": None if caught_cost is None else str(caught_cost),
    }
    if len(rows) == 1:
        values |= rows[0]
    return Finding(
        question="How often should the inspector inspect, and what is the game worth?",
        sentence=_game_sentence(periods, inspections, rows, form),
        values=values,
        tables=(
            Table(name="values", columns=_columns(rows, _VALUES), rows=tuple(rows)),
            Table(name="states", columns=_STATES, rows=tuple(states)),
        ),
        conventions=_CONVENTIONS[form] + (_ANNOUNCED if caught_cost is not None else ()),
        limits=_NO_FORECAST,
    )


def matrix_game(path: str | Path) -> Finding:
    """A game that a user wrote down as CSV or TOML: value or equilibria, and what announcing a rule would
    give.

    Zero-sum games have a value, exact where it was proved in rational numbers. Raises `InputError`.
    """
    from detente.agreement.inspection.matrices import announced, equilibria, zero_sum
    from detente.records.payoffs import read_payoffs

    game = read_payoffs(Path(path))
    zero = game.zero_sum
    solved, complete = ((zero_sum(game.payoffs),), True) if zero else equilibria(game.payoffs, game.theirs)
    lead = announced(game.payoffs, game.theirs)
    rows = [
        {
            "solution": number,
            "row_chances": dict(zip(game.rows, found.row_chances, strict=True)),
            "column_chances": dict(zip(game.columns, found.column_chances, strict=True)),
            "row_payoff": found.row_payoff,
            "column_payoff": found.column_payoff,
        }
        for number, found in enumerate(solved, 1)
    ]
    exact = solved[0].exact_value
    values: dict[str, Any] = {
        "title": game.title,
        "row_player": game.row_player,
        "column_player": game.column_player,
        "zero_sum": zero,
        "value": (str(exact) if exact is not None else None) if zero else None,
        "value_decimal": solved[0].row_payoff if zero else None,
        "complete": complete,
        "announced": {
            "row_chances": dict(zip(game.rows, lead.row_chances, strict=True)),
            "answer": game.columns[lead.answer],
            "row_payoff": lead.row_payoff,
            "column_payoff": lead.column_payoff,
        },
    }
    worth = format(solved[0].row_payoff, ".6g") if exact is None else exact
    shown = f"worth {worth} to the {game.row_player}"
    told = f"A zero-sum game, {shown}." if zero else f"{len(solved)} equilibria found."
    if len(solved) == 1 and not zero:
        told = "One equilibrium found."
    return Finding(
        question=game.title or "What is the game worth, and how is it played?",
        sentence=f"{told} Announcing its rule, the {game.row_player} gets {lead.row_payoff:.6g}.",
        values=values,
        tables=(
            Table(
                name="solutions",
                columns=(
                    Column(name="solution", unit="", meaning="its number"),
                    Column(name="row_chances", unit="1", meaning="how often each row is chosen"),
                    Column(name="column_chances", unit="1", meaning="how often each column is chosen"),
                    Column(name="row_payoff", unit="", meaning="what the row player gets"),
                    Column(name="column_payoff", unit="", meaning="what the column player gets"),
                ),
                rows=tuple(rows),
            ),
        ),
        conventions=(
            "Both sides know the table and choose at the same time; chances are those of a secret lottery.",
            "Announced: the row player binds itself to a lottery first, and ties are broken in its favour.",
        ),
        limits=_NO_FORECAST,
        notices=() if complete else ("the game is large: one equilibrium is given, and there may be others",),
    )


def inspect_timeliness(steps: int, inspections: int = 1) -> Finding:
    """When to make unobserved interim inspections in a period so that the worst expected delay is smallest.

    Times and `value` are shares of the period, on a grid of so many steps. Raises `InputError`.
    """
    from detente.agreement.inspection.timeliness import LIMIT_OF_ONE, timeliness

    found = timeliness(steps, inspections)
    rows = [{"time": at, "inspect": chance} for at, chance in zip(found.times, found.chances, strict=True)]
    return Finding(
        question="When should one inspect so that a violation is found soon, whenever it starts?",
        sentence=f"{inspections} interim inspection{'s' * (inspections != 1)} on a grid of {steps} steps: "
        f"the expected delay is at most {found.value:.6f} of the period.",
        values={
            "steps": steps,
            "inspections": inspections,
            "value": found.value,
            "limit": LIMIT_OF_ONE if inspections == 1 else None,
        },
        tables=(
            Table(
                name="times",
                columns=(
                    Column(
                        name="time", unit="1", meaning="time of an interim inspection, share of the period"
                    ),
                    Column(name="inspect", unit="1", meaning="chance of an inspection then"),
                ),
                rows=tuple(rows),
            ),
        ),
        conventions=(
            "The period ends with an inspection that finds everything.",
            "An inspection misses a violation that starts at its own instant.",
            "The other side does not see the interim inspections.",
        ),
        limits=_NO_FORECAST,
    )


def _game_sentence(periods: int, inspections: int, rows: Sequence[dict[str, Any]], form: str) -> str:
    symbol = "b" if form == "dresher" else "q"
    told = "; ".join(
        f"{symbol} = {row['payoff']}: {row['value']} = {row['value_decimal']:.6f}" for row in rows
    )
    return (
        f"{inspections} inspection{'s' * (inspections != 1)} in {periods} period{'s' * (periods != 1)}, "
        f"value to {rows[0]['value_to']}: {told}."
    )


def _columns(rows: Sequence[dict[str, Any]], known: Sequence[Column]) -> tuple[Column, ...]:
    """The columns that the rows have, in their order."""
    return tuple(column for column in known if any(column.name in row for row in rows))


_CONVENTIONS: dict[str, tuple[str, ...]] = {
    "dresher": (
        "A violation not caught gains 1, a caught one loses b and ends the game; staying legal is 0.",
        "Both sides know after each period whether there was an inspection and a violation.",
    ),
    "ferguson-melolidakis": (
        "To the inspector a caught violation is worth 1, one not caught 0, and none at all q.",
        "One violation at most, and the violator sees each inspection.",
    ),
}
_ANNOUNCED: tuple[str, ...] = (
    "Payoffs to the inspector: no violation 0, not caught -1, caught minus the caught cost.",
    "Announced: the other side, held indifferent, stays legal while an inspection is left.",
)
_VALUES = (
    Column(name="payoff", unit="", meaning="the payoff given: the loss b, or the compliance q"),
    Column(name="value", unit="", meaning="value of the game, as a fraction"),
    Column(name="value_decimal", unit="", meaning="the same as a decimal"),
    Column(name="value_to", unit="", meaning="to whom"),
    Column(name="inspect_now", unit="1", meaning="chance of an inspection in the first period"),
    Column(name="closed_form", unit="", meaning="the same value by the closed form"),
    Column(name="inspector_announced", unit="", meaning="the inspector's payoff with an announced rule"),
    Column(name="inspector_announced_decimal", unit="", meaning="the same as a decimal"),
    Column(name="inspector_simultaneous", unit="", meaning="the inspector's payoff without"),
    Column(name="inspector_simultaneous_decimal", unit="", meaning="the same as a decimal"),
)
_STATES = (
    Column(name="payoff", unit="", meaning="the payoff given"),
    Column(name="periods_left", unit="1", meaning="periods left, the present one included"),
    Column(name="inspections_left", unit="1", meaning="inspections left"),
    Column(name="inspect", unit="1", meaning="chance of an inspection now, as a fraction"),
    Column(name="inspect_decimal", unit="1", meaning="the same as a decimal"),
)
