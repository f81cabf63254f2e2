"""Forces and treaties: count under a rule, hold against limits, and read off the clocks."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from detente.records.calendar import parse_day
from detente.records.case import Case
from detente.records.compliance import Compliance
from detente.records.count import Count
from detente.records.due import Clocks
from detente.records.errors import InputError, Problem, RefusalError, did_you_mean
from detente.records.force import Force
from detente.records.treaty import Treaty

Day = date | str | None


def load_force(force: str | Path | Force) -> Force:
    """A force from its folder, from a .csv or .xlsx table, or by its shipped name. Raises `InputError`."""
    from detente.records.agreement_files import load_force as read

    return read(force)


def load_treaty(treaty: str | Path | Treaty) -> Treaty:
    """A treaty from its folder or by its shipped name. Raises `InputError` with every problem found."""
    from detente.records.agreement_files import load_treaty as read

    return read(treaty)


def forces() -> list[dict[str, Any]]:
    """The shipped forces, one row each: whose, of which days, with how many rows."""
    from detente.records.agreement_files import shipped_forces

    rows = []
    for force in map(load_force, shipped_forces()):
        days = force.dates()
        rows.append(
            {
                "id": force.id,
                "title": force.title,
                "parties": [party.id for party in force.parties],
                "from": days[0] if days else "",
                "to": days[-1] if days else "",
                "holdings": len(force.holdings),
                "totals": len(force.totals),
                "treaties": list(force.treaties),
                "note": force.note,
            }
        )
    return rows


def treaties() -> list[dict[str, Any]]:
    """The shipped treaties, announcements and proposals, one row each, with their articles not yet read."""
    from detente.records.agreement_files import shipped_treaties

    return [
        {
            "id": treaty.id,
            "name": treaty.name,
            "title": treaty.title,
            "kind": treaty.kind,
            "parties": list(treaty.party_ids),
            "events": [f"{event.kind} {event.date}" for event in treaty.events],
            "limits": len(treaty.limits),
            "checks": len(treaty.checks),
            "readings": [reading.id for reading in treaty.readings],
            "articles_not_read": [article.id for article in treaty.articles if not article.was_read],
            "note": treaty.note,
        }
        for treaty in map(load_treaty, shipped_treaties())
    ]


def count(
    force: str | Path | Force,
    rules: str | Path | Treaty | Sequence[str | Path | Treaty] = (),
    *,
    party: str = "",
    on: Day = None,
    basis: str = "",
    by: str = "",
    reading: str | None = None,
) -> tuple[Count, ...]:
    """A force counted under one rule or several: one count for each statement, rule and reading.

    A rule is a treaty, or one that the force's own totals name; without any, those by which its totals were
    counted, otherwise the treaties it is held against. Nothing is merged. Raises `InputError`.
    """
    from detente.agreement import counting

    loaded = load_force(force)
    day = _day(on, "--on")
    wanted: list[str | Path | Treaty] = [rules] if isinstance(rules, str | Path | Treaty) else list(rules)
    wanted = wanted or [*counting.published_rules(loaded)] or [*_named(force, loaded)]
    if not wanted:
        way_out = "give --rule NAME; `detente treaties` lists the shipped ones"
        raise InputError(Problem(f'by which rule is "{loaded.id}" to be counted?', way_out, key="--rule"))
    counts: list[Count] = []
    for rule in wanted:
        treaty = _treaty_or_none(rule, loaded)
        if treaty is None:
            counts += counting.published(loaded, str(rule), party=party, on=day)
        else:
            counts += counting.count(loaded, treaty, party=party, on=day, basis=basis, by=by, reading=reading)
    return tuple(counts)


def _treaty_or_none(rule: str | Path | Treaty, force: Force) -> Treaty | None:
    """The treaty that a rule names; None for a rule that the totals of the force name and no treaty is."""
    from detente.agreement.counting import published_rules
    from detente.records.agreement_files import shipped_treaties

    if not isinstance(rule, Treaty) and not Path(rule).is_dir():
        known = {*shipped_treaties(), *published_rules(force)}
        if str(rule) not in shipped_treaties() and str(rule) in published_rules(force):
            return None
        if str(rule) not in known:
            way_out = f"{did_you_mean(str(rule), known)} or give the path of a folder with treaty.toml"
            raise InputError(Problem(f'there is no rule "{rule}"', way_out, key="--rule"))
    return load_treaty(rule)


def count_rows(counts: Sequence[Count]) -> dict[str, Any]:
    """Counts as JSON: each with rows and totals; `rows` and `totals` of all on top.

    Where there is one count, `totals` are its own; where there are several, they stand under what tells
    them apart: the party, the reading, the rule, who says so.
    """
    labels = _labels(counts)
    each = [_count_row(count) | {"label": label} for count, label in zip(counts, labels, strict=True)]
    parties: dict[str, Any] = {}
    for name in dict.fromkeys(count.party for count in counts):
        mine = [row for row in each if row["party"] == name]
        told = mine[0]["totals"] if len(mine) == 1 else {row["label"]: row["totals"] for row in mine}
        parties[name] = {"rows": mine[0]["rows"], "totals": told, "date": mine[0]["date"]}
    return {
        "force": counts[0].force if counts else "",
        "rules": list(dict.fromkeys(count.rule for count in counts)),
        "rows": [row | {"label": entry["label"]} for entry in each for row in entry["rows"]],
        "totals": each[0]["totals"] if len(each) == 1 else {row["label"]: row["totals"] for row in each},
        "parties": parties,
        "counts": each,
    }


def _labels(counts: Sequence[Count]) -> list[str]:
    """What tells each count from the others: the party alone where that is enough."""
    parts = [[c.party, c.rule, c.reading, f"{c.basis} by {c.by}", c.date] for c in counts]
    telling = [
        index
        for index in range(1, 5)
        if any(a[0] == b[0] and a[index] != b[index] for a in parts for b in parts)
    ]
    whose = [0] if len({part[0] for part in parts}) > 1 or not telling else []
    return [", ".join(part[index] for index in (*whose, *telling) if part[index]) for part in parts]


def _count_row(count: Count) -> dict[str, Any]:
    return {
        "title": count.title,
        "rule": count.rule,
        "rule_name": count.rule_name,
        "reading": count.reading,
        "reading_title": count.reading_title,
        "party": count.party,
        "basis": count.basis,
        "by": count.by,
        "date": count.date,
        "rows": [row.model_dump(mode="json") for row in count.rows],
        "totals": dict(count.totals),
        "sums": [found.model_dump(mode="json") for found in count.sums],
        "missing": {found.quantity: list(found.missing) for found in count.sums if found.missing},
        "notices": list(count.notices),
    }


def comply(
    subject: str | Path | Force | Case,
    on: Day = None,
    treaty: str | Path | Treaty | None = None,
    *,
    party: str = "",
) -> tuple[Compliance, ...]:
    """A case's forces, or one force, against the limits and checks of its treaties on a day.

    Without a treaty, those that the case or force names. Without a day, the day on which the case or force
    is taken. Raises `InputError` for a day before the treaty.
    """
    from detente.agreement.compliance import comply as held_against

    found, named, taken = _subject(subject)
    day = _day(on, "--on") or taken
    if day is None:
        raise InputError(Problem("on which day?", "give --on 2007-05-16", key="--on"))
    wanted = [load_treaty(treaty)] if treaty is not None else [load_treaty(name) for name in named]
    if not wanted:
        way_out = "give --treaty NAME; `detente treaties` lists the shipped ones"
        raise InputError(
            Problem(f'against which treaty is "{found[0].id}" to be held?', way_out, key="--treaty")
        )
    return tuple(held_against(force, text, day, party) for force in found for text in wanted)


def _subject(subject: str | Path | Force | Case) -> tuple[list[Force], list[str | Path], date | None]:
    """The forces of a case or the one force, the treaties named there, and the day on which it is taken."""
    from detente.records.calendar import first_day

    from .library import is_case, load

    if isinstance(subject, Case) or (not isinstance(subject, Force) and is_case(subject)):
        case = load(subject)
        folder = Path(case.folder) if case.folder else None
        if not case.forces:
            way_out = "add forces = [...] to case.toml, or name a force"
            raise InputError(Problem(f'case "{case.id}" names no force', way_out, key="forces"))
        found = [load_force(_inside(folder, name, "force.toml")) for name in case.forces]
        named = [_inside(folder, name, "treaty.toml") for name in case.treaties]
        return found, named, first_day(case.as_of) if case.as_of else None
    force = load_force(subject)
    return [force], _named(subject, force), force.latest


def _named(force: str | Path | Force, loaded: Force) -> list[str | Path]:
    """The treaties that a force names: folders in it or beside it, or shipped ones."""
    folder = Path(force) if not isinstance(force, Force) and Path(force).is_dir() else None
    return [_inside(folder, name, "treaty.toml") for name in loaded.treaties]


def _inside(folder: Path | None, name: str, head: str) -> str | Path:
    """A folder in or beside a folder that holds such a file; otherwise the name as it stands."""
    for place in (folder, folder.resolve().parent) if folder is not None else ():
        if (place / name / head).is_file():
            return place / name
    return name


def compliance_rows(found: Sequence[Compliance]) -> dict[str, Any]:
    """Limits and checks as JSON: one row a limit and reading, and where each treaty stood."""
    return {
        "on": found[0].on if found else "",
        "limits": [
            {"force": one.force, "treaty": one.treaty} | row.model_dump(mode="json")
            for one in found
            for row in one.limits
        ],
        "treaties": [
            {"treaty": one.treaty, "name": one.treaty_name} | one.standing.model_dump(mode="json")
            for one in {one.treaty: one for one in found}.values()
        ],
        "notices": [notice for one in found for notice in one.notices],
    }


def clocks(treaty: str | Path | Treaty, on: Day = None, *, notice: Day = None) -> Clocks:
    """Every day that a treaty sets; with `notice`, as if one were given on that day. Raises `InputError`."""
    from detente.agreement.clocks import clocks as due

    return due(load_treaty(treaty), _day(on, "--on"), _day(notice, "--notice"))


def _day(given: Day, key: str) -> date | None:
    if given is None or isinstance(given, date):
        return given
    try:
        return parse_day(given, key)
    except RefusalError as fault:
        raise InputError(fault.problems) from None
