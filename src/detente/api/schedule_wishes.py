"""What may be asked of a schedule, as a person writes it, made into what the scheduling room takes."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, TypedDict

from detente.agreement.scheduling.wishes import Cap, Rule, Wishes, band_of, cap_of
from detente.records.agreement_files import load_force, load_treaty
from detente.records.calendar import parse_day
from detente.records.errors import InputError, RefusalError
from detente.records.force import Force
from detente.records.treaty import Treaty


class Wanted(TypedDict, total=False):
    """Everything that a schedule can be asked for beside force, treaty and objective; all may be left out.

    parties: whose forces, all that the treaty binds unless named. cap: actions a year for each party, or
    "eliminate=60", "eliminate@BASE=20", or several of these. actions: eliminate (alone unless more are
    named), convert, download, store, dismantle. periods: "year" or "half-year". ceilings: False leaves the
    interim ones out. unread: True holds ceilings whose numbers nobody has read. reading: one reading of the
    treaty in place of all. on, start, until: days. parity_band: "10 %" or a number. parity_rules: treaties to
    count parity by, with a reading after a colon ("sort:ru"). parity_from: the day from which the band holds.
    budget: a year's for each party, in the unit of `costs`, which are by action and 1 unless given. loads:
    the warheads to which a type is downloaded. made_into: the type that one is converted to. lapse_years:
    idle years after which technicians lose a certificate.
    """

    parties: Sequence[str]
    cap: int | str | Sequence[int | str] | None
    actions: Sequence[str]
    periods: str
    ceilings: bool
    unread: bool
    reading: str | None
    on: str | date | None
    start: str | date | None
    until: str | date | None
    parity_band: str | float | None
    parity_rules: Sequence[str]
    parity_from: str | date | None
    budget: float | None
    costs: Mapping[str, float] | None
    loads: Mapping[str, int] | None
    made_into: Mapping[str, str] | None
    lapse_years: int | None


def as_force(force: str | Path | Force) -> Force:
    """A force, or the one of this name or path."""
    return force if isinstance(force, Force) else load_force(force)


def as_treaty(treaty: str | Path | Treaty) -> Treaty:
    """A treaty, or the one of this name or path."""
    return treaty if isinstance(treaty, Treaty) else load_treaty(treaty)


def wishes(treaty: Treaty, force: Force, wanted: Wanted, objective: str) -> Wishes:
    """What is wanted, checked. Raises `InputError`; TypeError for a name that does not exist."""
    unknown = sorted(set(wanted) - set(Wanted.__annotations__))
    if unknown:
        raise TypeError(f"schedule() has no argument {unknown[0]!r}")
    parties = tuple(wanted.get("parties") or ()) or tuple(
        party.id for party in force.parties if treaty.binds_as(party.id)
    )
    band = wanted.get("parity_band")
    names = tuple(wanted.get("parity_rules") or ())
    if not names and len(set(parties)) == 2 and (band is not None or objective == "parity"):
        names = (treaty.id,)
    actions: Any = tuple(wanted.get("actions", ("eliminate",)))
    step: Any = wanted.get("periods", "year")
    return Wishes(
        parties=parties,
        reading=wanted.get("reading"),
        actions=actions,
        caps=_caps(wanted.get("cap")),
        step=step,
        on=_day(wanted.get("on"), "on"),
        start=_day(wanted.get("start"), "from"),
        until=_day(wanted.get("until"), "until"),
        ceilings=wanted.get("ceilings", True),
        unread=wanted.get("unread", False),
        parity_rules=tuple(_rule(name, treaty) for name in names),
        band=band_of(band) if isinstance(band, str) else band,
        parity_from=_day(wanted.get("parity_from"), "parity-from"),
        budget=wanted.get("budget"),
        costs=dict(wanted.get("costs") or {}),
        loads=dict(wanted.get("loads") or {}),
        made_into=dict(wanted.get("made_into") or {}),
        lapse_years=wanted.get("lapse_years"),
    )


def _caps(given: int | str | Sequence[int | str] | None) -> tuple[Cap, ...]:
    if given is None:
        return ()
    listed = [given] if isinstance(given, int | str) else list(given)
    return tuple(Cap(each) if isinstance(each, int) else cap_of(each) for each in listed)


def _rule(name: str, target: Treaty) -> Rule:
    """A treaty's rule, with a reading after a colon. Raises `InputError`."""
    known, _, reading = name.partition(":")
    treaty = target if known == target.id else load_treaty(known)
    return Rule(treaty, treaty.reading(reading).id if reading else "")


def _day(given: str | date | None, key: str) -> date | None:
    if given is None or isinstance(given, date):
        return given
    try:
        return parse_day(given, key)
    except RefusalError as fault:
        raise InputError(fault.problems) from fault
