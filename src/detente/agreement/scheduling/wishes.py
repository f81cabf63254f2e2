"""What a person asks of a schedule: whose, by when, with which actions, caps, band and budget."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from detente.records.errors import InputError, Problem, did_you_mean
from detente.records.treaty import Treaty

from .programme import KINDS, Kind

Step = Literal["year", "half-year"]
STEPS: tuple[Step, ...] = ("year", "half-year")
_BAND = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*(%?)")


@dataclass(frozen=True, slots=True)
class Cap:
    """At most so many a year: of all actions on launchers, of one kind, or of one kind at one place."""

    number: int
    kind: Kind | None = None
    place: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A treaty's counting rule in one reading; without a reading, its text alone."""

    treaty: Treaty
    reading: str = ""

    @property
    def name(self) -> str:
        return f"{self.treaty.id}:{self.reading}" if self.reading else self.treaty.id


@dataclass(frozen=True, slots=True)
class Wishes:
    """Everything that a schedule is asked for beside force and treaty; the defaults ask for the least.

    `ceilings` keeps the interim ones; `unread` keeps those that nobody has read. `band` is a share (0.1) or
    a number of what is counted. `budget` is in the unit of `costs`, which are 1 an action unless given.
    `loads` gives the warheads to which a type is downloaded, `made_into` the type that one is converted to.
    """

    parties: tuple[str, ...] = ()
    reading: str | None = None
    actions: tuple[Kind, ...] = ("eliminate",)
    caps: tuple[Cap, ...] = ()
    step: Step = "year"
    on: date | None = None
    start: date | None = None
    until: date | None = None
    ceilings: bool = True
    unread: bool = False
    parity_rules: tuple[Rule, ...] = ()
    parity_quantity: str = "warheads"
    band: float | int | None = None
    parity_from: date | None = None
    budget: float | None = None
    costs: Mapping[str, float] = field(default_factory=dict)
    loads: Mapping[str, int] = field(default_factory=dict)
    made_into: Mapping[str, str] = field(default_factory=dict)
    lapse_years: int | None = None

    def __post_init__(self) -> None:
        problems = [*_unknown_actions(self.actions), *_negative(self)]
        if self.step not in STEPS:
            problems.append(
                Problem(f'there are no periods "{self.step}"', did_you_mean(self.step, STEPS), key="periods")
            )
        if self.band is not None and not self.parity_rules:
            way_out = "name at least one rule, such as --parity-rule start-1"
            problems.append(Problem("a band of parity needs a rule to count by", way_out, key="parity-band"))
        if self.lapse_years is not None and "dismantle" not in self.actions:
            way_out = "add dismantle to the actions"
            problems.append(
                Problem("certificates matter only where warheads are taken apart", way_out, key="lapse")
            )
        if self.loads and "download" not in self.actions:
            problems.append(
                Problem(
                    "a lower load is given, and downloading is not among the actions",
                    "add download to the actions",
                    key="load",
                )
            )
        if self.made_into and "convert" not in self.actions:
            problems.append(
                Problem(
                    "a conversion is given, and converting is not among the actions",
                    "add convert to the actions",
                    key="convert-to",
                )
            )
        if problems:
            raise InputError(problems)


def _unknown_actions(actions: tuple[str, ...]) -> list[Problem]:
    if not actions:
        return [Problem("no action is allowed", f"name some of: {', '.join(KINDS)}", key="actions")]
    return [
        Problem(f'there is no action "{action}"', did_you_mean(action, KINDS), key="actions")
        for action in actions
        if action not in KINDS
    ]


def _negative(wishes: Wishes) -> list[Problem]:
    found: list[Problem] = []
    for cap in wishes.caps:
        if cap.number < 0:
            found.append(Problem(f"a cap of {cap.number} a year is negative", "write 0 or more", key="cap"))
        if cap.kind is not None and cap.kind not in KINDS:
            found.append(
                Problem(f'there is no action "{cap.kind}" to cap', did_you_mean(cap.kind, KINDS), key="cap")
            )
        elif cap.kind is not None and cap.kind not in wishes.actions:
            found.append(
                Problem(
                    f'"{cap.kind}" is capped and not among the actions',
                    f"add it: --actions {cap.kind}",
                    key="cap",
                )
            )
    for name, cost in wishes.costs.items():
        if cost < 0:
            way_out = "a cost is 0 or more; with a gain for acting the programme would have no end"
            found.append(Problem(f"{name} costs {cost:g}", way_out, key="cost"))
        if name not in KINDS:
            found.append(
                Problem(
                    f'there is no action "{name}" that could cost anything',
                    did_you_mean(name, KINDS),
                    key="cost",
                )
            )
    if wishes.budget is not None and wishes.budget < 0:
        found.append(Problem(f"a budget of {wishes.budget:g} is negative", "write 0 or more", key="budget"))
    if wishes.band is not None and wishes.band < 0:
        found.append(Problem(f"a band of {wishes.band:g} is negative", "write 0 or more", key="parity-band"))
    if wishes.lapse_years is not None and wishes.lapse_years < 1:
        found.append(Problem("a certificate lasts at least a year here", "write 1 or more", key="lapse"))
    return found


def cap_of(written: str) -> Cap:
    """A cap as a person writes it: 93, eliminate=60, or eliminate@BASE=20. Raises `InputError`."""
    name, sign, number = written.rpartition("=")
    kind, _, place = name.partition("@")
    try:
        value = int(number.replace("−", "-"))
    except ValueError:
        way_out = "write --cap 93, --cap eliminate=60 or --cap eliminate@BASE=20"
        raise InputError(
            Problem(f'"{written}" is no cap: a whole number a year', way_out, key="cap")
        ) from None
    if sign and not kind:
        raise InputError(Problem(f'"{written}" names no action', "write --cap eliminate=60", key="cap"))
    return Cap(value, kind or None, place.strip())  # type: ignore[arg-type]


def band_of(written: str) -> float | int:
    """A band of parity as a person writes it: "10 %" for a share, "200" for a number. Raises `InputError`."""
    found = _BAND.fullmatch(written.strip().replace("−", "-"))
    if not found:
        way_out = 'write "10 %" for a share, or 200 for a number of what is counted'
        raise InputError(Problem(f'"{written}" is no band of parity', way_out, key="parity-band"))
    if found[2]:
        return float(found[1]) / 100
    if "." in found[1]:
        way_out = "write a whole number, or a share with %"
        raise InputError(
            Problem(f'"{written}" is no whole number of what is counted', way_out, key="parity-band")
        )
    return int(found[1])
