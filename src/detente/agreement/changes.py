"""Checking "down 104 since 2011" against the figures: is it so, between which days, what is nearest to it."""

import re
from collections.abc import Sequence
from itertools import combinations

from detente.records.calendar import first_day
from detente.records.errors import InputError, Problem, did_you_mean
from detente.records.force import Force, Total
from detente.records.said_change import ChangeVerdict, Step

ALSO = {"deployed_warheads": "warheads", "launchers": "deployed_and_nondeployed_launchers",
        "vehicles": "deployed_delivery_vehicles"}  # fmt: skip
"""Other names by which a quantity of a series may be asked for."""

_DOWN = re.compile(
    r"\b(down|fell|falls?|fallen|cut|cuts|reduced|fewer|less|lost|dropped|decreased|minus)\b", re.IGNORECASE
)
_UP = re.compile(r"\b(up|rose|risen|rises?|grew|grown|more|added|gained|increased|plus)\b", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![0-9])([-−+]?)\s?([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?![0-9])")
_SINCE = re.compile(r"\b(?:since|from|between)\s+([0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?)", re.IGNORECASE)
_TO = re.compile(r"\b(?:to|until|till|by|and)\s+([0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?)", re.IGNORECASE)
_RANK = ("read", "secondary", "derived", "computed", "assumed", "unverified")


def read_change(words: str) -> tuple[int | None, str, str]:
    """The change and its first and last day, as a short sentence gives them; empty where it does not."""
    since, to = _SINCE.search(words), _TO.search(words)
    rest = words
    for found in (since, to):
        rest = rest.replace(found[0], " ") if found else rest
    number = _NUMBER.search(rest)
    if number is None:
        return None, since[1] if since else "", to[1] if to else ""
    size = int(number[2].replace(",", ""))
    down = number[1] in {"-", "−"} or (not number[1] and _DOWN.search(rest) is not None)
    if not down and not number[1] and not _UP.search(rest):
        rule = f'"{words}" does not say which way'
        raise InputError(Problem(rule, 'write "down 104" or "up 12", or give --change'))
    return (-size if down else size), since[1] if since else "", to[1] if to else ""


def read_subject(words: str, force: Force) -> tuple[str, str]:
    """Whose figures and which quantity a sentence speaks of; empty where it does not say."""
    said = words.casefold()
    names = {party.id: (party.id.casefold(), party.name.casefold()) for party in force.parties}
    spoken = [party for party, known in names.items() if any(_speaks(said, name) for name in known)]
    held = {total.quantity for total in force.totals}
    quantities = [name for name in held if name.replace("_", " ") in said]
    short = {"warhead": "warheads", "launcher": ALSO["launchers"], "vehicle": ALSO["vehicles"]}
    for word, name in short.items():
        if word in said and name in held and not quantities:
            quantities.append(name)
    return spoken[0] if len(spoken) == 1 else "", quantities[0] if len(quantities) == 1 else ""


def _speaks(said: str, name: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", said) is not None


def series(force: Force, party: str, quantity: str) -> tuple[Total, ...]:
    """The figures of one party and quantity, in order of days; gaps are left out. Raises `InputError`."""
    force.check_party(party)
    name = ALSO.get(quantity, quantity)
    mine = [total for total in force.totals if total.party == party]
    found = [total for total in mine if total.quantity == name and total.value is not None]
    if not found:
        known = {total.quantity for total in mine}
        rule = f'force "{force.id}" has no series "{quantity}" of {party}'
        raise InputError(Problem(rule, did_you_mean(name, known), key="--quantity"))
    return tuple(sorted(found, key=lambda total: total.day))


def check_change(
    force: Force, party: str, quantity: str, change: int, since: str = "", to: str = ""
) -> ChangeVerdict:
    """Whether a change is in the figures: between the days that are named, or any where only a year is.

    The nearest true statement is the step between the same days whose change comes closest; `elsewhere`
    are steps between other days that come to exactly the claimed change. Raises `InputError`.
    """
    found = series(force, party, quantity)
    starts, ends = _named(found, since), _named(found, to)
    missing = [
        f"a figure of {party} for {word}" for word, rows in ((since, starts), (to, ends)) if word and not rows
    ]
    starts = starts or found[:1]
    ends = (ends or found) if to else found[-1:]
    steps = [_step(a, b) for a in starts for b in ends if a.day < b.day]
    other = [_step(a, b) for a, b in combinations(found, 2)]
    hits = [step for step in steps if step.change == change]
    nearest = min(steps or other, key=lambda step: abs(step.change - change), default=None)
    true = None if missing or not steps else bool(hits)
    elsewhere = tuple(step for step in other if step.change == change and step not in steps)
    return ChangeVerdict(
        party=party,
        quantity=found[0].quantity,
        since=since or found[0].date,
        to=to or found[-1].date,
        claimed=change,
        true=true,
        step=hits[0] if hits else None,
        nearest=nearest,
        elsewhere=elsewhere[:5],
        missing=tuple(missing),
        says=_says(hits, nearest, elsewhere, true=true),
    )


def _says(hits: Sequence[Step], nearest: Step | None, elsewhere: Sequence[Step], *, true: bool | None) -> str:
    if true:
        return f"true: {hits[0]}"
    first = "not in these figures" if true is False else "not known: a figure is missing"
    parts = [first] + ([f"nearest true statement: {nearest}"] if nearest else [])
    if elsewhere:
        parts.append(f"the same change lies between other days: {elsewhere[0]}")
    return "; ".join(parts)


def _named(rows: Sequence[Total], written: str) -> tuple[Total, ...]:
    """The figures of a day, of a month, or of a year, as precisely as it is written."""
    if not written:
        return ()
    first_day(written)
    return tuple(row for row in rows if row.date.startswith(written))


def _step(a: Total, b: Total) -> Step:
    before, after = a.value or 0, b.value or 0
    status = max((a.status, b.status), key=_RANK.index)
    return Step(
        party=a.party,
        quantity=a.quantity,
        since=a.date,
        to=b.date,
        before=before,
        after=after,
        change=after - before,
        status=status,
        source=tuple(dict.fromkeys((*a.source, *b.source))),
    )
