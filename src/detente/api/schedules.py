"""Levels and time-frame: schedules of reductions, what they conflict on, and the front of time, cost, parity."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from detente.agreement.scheduling import answer
from detente.agreement.scheduling.answer import conflicting
from detente.agreement.scheduling.drafting import draft
from detente.agreement.scheduling.frontier import Point, Task, search, tasks
from detente.agreement.scheduling.model import Model
from detente.agreement.scheduling.wishes import Cap, Rule, Wishes, band_of, cap_of
from detente.records.agreement_files import load_force, load_treaty
from detente.records.base import Record, digest_of
from detente.records.errors import InputError, Problem, RefusalError
from detente.records.force import Force
from detente.records.schedule import (
    CeilingLine,
    Frontier,
    FrontierPoint,
    LevelRow,
    Schedule,
    ScheduleRow,
    StockRow,
)
from detente.records.treaty import Treaty

Tell = Callable[[str], None]
TABLES = (".csv", ".xlsx")


def schedule(
    force: str | Path | Force,
    to: str | Path | Treaty,
    *,
    parties: Sequence[str] = (),
    cap: int | str | Sequence[int | str] | None = None,
    actions: Sequence[str] = ("eliminate",),
    objective: str = "fewest",
    periods: str = "year",
    ceilings: bool = True,
    unread: bool = False,
    reading: str | None = None,
    on: str | date | None = None,
    start: str | date | None = None,
    until: str | date | None = None,
    parity_band: str | float | None = None,
    parity_rules: Sequence[str] = (),
    parity_from: str | date | None = None,
    budget: float | None = None,
    costs: Mapping[str, float] | None = None,
    loads: Mapping[str, int] | None = None,
    made_into: Mapping[str, str] | None = None,
    lapse_years: int | None = None,
    progress: Tell | None = None,
) -> Schedule:
    """The best schedule from a force to a treaty's limits, or the smallest set of constraints that conflict.

    `cap` is a number of actions a year for each party, "eliminate=60", or several of these. `objective` is
    fewest, soonest, smoothest or parity. `parity_band` is "10 %" or a number; `parity_rules` are treaties,
    with a reading after a colon ("sort:ru"). `costs` are by action, 1 unless given; `budget` is a year's, for
    each party. `loads` gives the warheads to which a type is downloaded, `made_into` what one is converted
    to. Raises `InputError`.
    """
    held, treaty = _force(force), _treaty(to)
    wishes = _wishes(treaty, held, locals())
    return answer.schedule(held, treaty, wishes, objective, progress)


def frontier(
    force: str | Path | Force,
    to: str | Path | Treaty,
    *,
    times: int = 6,
    points: int = 3,
    kept_in: str | Path | None = None,
    progress: Callable[[Any], None] | None = None,
    **wanted: Any,
) -> Frontier:
    """Points of the front of time, cost and parity; takes what `schedule` takes, but for the objective.

    With `kept_in` each answer is written there as soon as it is found, and the same call goes on from it.
    An interrupted search gives what it found, with `complete` false. Raises `InputError`.
    """
    if times < 1 or points < 2:
        raise InputError(
            Problem("a front has at least one time and two points for each", "ask for more", key="--points")
        )
    held, treaty = _force(force), _treaty(to)
    made = draft(held, treaty, _wishes(treaty, held, _DEFAULTS | wanted | {"objective": "parity"}))
    model = Model(made.programme)
    digest = digest_of([held.digest, treaty.digest, times, points, repr(made.programme)])
    head = Frontier(
        force=held.id, rule=treaty.id, parties=made.parties, feasible=True, notices=made.notices,
        missing=made.missing, digest=digest,
    )  # fmt: skip
    asked = tasks(model, times, points)
    if not asked:
        model.finish_by(len(made.programme.periods) - 1)
        found = conflicting(_as_schedule(head), model)
        return head.model_copy(
            update={"feasible": False, "conflict": found.conflict, "ways_out": found.ways_out}
        )
    path = None if kept_in is None else Path(kept_in)
    known = _kept(path, digest)
    complete = True
    try:
        for task, point in search(model, asked, known):
            known[task] = point
            _keep(path, digest, known)
            if progress:
                progress(_Count(len(known), len(asked)))
    except KeyboardInterrupt:
        complete = False
    ends = [period.end.isoformat() for period in made.programme.periods]
    return head.model_copy(
        update={
            "points": _points(known, ends), "asked": len(known), "of": len(asked), "complete": complete,
        }
    )  # fmt: skip


class _Count:
    """How many of the combinations have been asked about."""

    def __init__(self, done: int, rows: int) -> None:
        self.done, self.rows = done, rows


def _points(known: Mapping[Task, Point | None], ends: Sequence[str]) -> tuple[FrontierPoint, ...]:
    kept = {
        (point.period, point.cost, point.deviation): point
        for point in known.values()
        if point is not None and not point.beaten
    }
    return tuple(
        FrontierPoint(
            finish=ends[point.period], period=point.period + 1, cost=point.cost,
            furthest_from_parity=point.deviation, actions=point.actions, by_year=point.by_year,
        )
        for _, point in sorted(kept.items(), key=lambda pair: (pair[0][0], pair[0][1], pair[0][2] or 0))
    )  # fmt: skip


def _kept(path: Path | None, digest: str) -> dict[Task, Point | None]:
    """What an earlier search of the same question left in a file. Raises `InputError` for another question's."""
    if path is None or not path.exists():
        return {}
    try:
        body = json.loads(path.read_text(encoding="utf-8"))
        same = body["schema"] == "detente/frontier-search/1" and body["digest"] == digest
        rows = body["answers"]
    except (ValueError, KeyError, TypeError) as fault:
        raise InputError(
            Problem("this file holds no search that could go on", "name another file", file=str(path))
        ) from fault
    if not same:
        way_out = "name another file, or ask the same question again"
        raise InputError(Problem("this file holds the search of another question", way_out, file=str(path)))
    return {
        (row["task"][0], row["task"][1]): None
        if row["point"] is None
        else Point(**(row["point"] | {"by_year": tuple(row["point"]["by_year"])}))
        for row in rows
    }


def _keep(path: Path | None, digest: str, known: Mapping[Task, Point | None]) -> None:
    if path is None:
        return
    rows = [
        {"task": list(task), "point": None if point is None else asdict(point)}
        for task, point in known.items()
    ]
    body = {"schema": "detente/frontier-search/1", "digest": digest, "answers": rows}
    beside = path.with_name(path.name + ".part")
    beside.write_text(json.dumps(body, indent=1) + "\n", encoding="utf-8")
    beside.replace(path)


def _as_schedule(head: Frontier) -> Schedule:
    return Schedule(
        force=head.force, force_title="", rule=head.rule, rule_name="", parties=head.parties,
        objective="soonest", objective_means="", feasible=True,
    )  # fmt: skip


# ---------------------------------------------------------------- what was asked


_DEFAULTS: dict[str, Any] = {
    "parties": (), "cap": None, "actions": ("eliminate",), "objective": "fewest", "periods": "year",
    "ceilings": True, "unread": False, "reading": None, "on": None, "start": None, "until": None,
    "parity_band": None, "parity_rules": (), "parity_from": None, "budget": None, "costs": None,
    "loads": None, "made_into": None, "lapse_years": None,
}  # fmt: skip


def _force(force: str | Path | Force) -> Force:
    return force if isinstance(force, Force) else load_force(force)


def _treaty(treaty: str | Path | Treaty) -> Treaty:
    return treaty if isinstance(treaty, Treaty) else load_treaty(treaty)


def _wishes(treaty: Treaty, force: Force, given: Mapping[str, Any]) -> Wishes:
    unknown = sorted(set(given) - set(_DEFAULTS) - {"force", "to", "progress", "held", "treaty"})
    if unknown:
        raise TypeError(f"unknown argument: {unknown[0]}")
    parties = tuple(given["parties"]) or tuple(
        party.id for party in force.parties if treaty.binds_as(party.id)
    )
    band = given["parity_band"]
    names = tuple(given["parity_rules"])
    if not names and len(set(parties)) == 2 and (band is not None or given["objective"] == "parity"):
        names = (treaty.id,)
    return Wishes(
        parties=parties,
        reading=given["reading"],
        actions=tuple(given["actions"]),  # type: ignore[arg-type]
        caps=_caps(given["cap"]),
        step=given["periods"],
        on=_day(given["on"], "on"),
        start=_day(given["start"], "from"),
        until=_day(given["until"], "until"),
        ceilings=given["ceilings"],
        unread=given["unread"],
        parity_rules=tuple(_rule(name, treaty) for name in names),
        band=band_of(band) if isinstance(band, str) else band,
        parity_from=_day(given["parity_from"], "parity-from"),
        budget=given["budget"],
        costs=dict(given["costs"] or {}),
        loads=dict(given["loads"] or {}),
        made_into=dict(given["made_into"] or {}),
        lapse_years=given["lapse_years"],
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
    from detente.records.calendar import parse_day

    if given is None or isinstance(given, date):
        return given
    try:
        return parse_day(given, key)
    except RefusalError as fault:
        raise InputError(fault.problems) from fault


# ---------------------------------------------------------------- what is taken away


def schedule_rows(found: Schedule) -> dict[str, Any]:
    """A schedule as JSON."""
    return found.model_dump(mode="json")


def frontier_rows(found: Frontier) -> dict[str, Any]:
    """A front as JSON."""
    return found.model_dump(mode="json")


def write_schedule(found: Schedule, path: str | Path) -> Path:
    """Write the rows of a schedule as CSV, or with levels, stocks and parity as XLSX; by the path's ending."""
    from detente.records.agreement_files.workbooks import write_sheets

    path = Path(path)
    if path.suffix.lower() not in TABLES:
        way_out = f"use one of: {', '.join(TABLES)}"
        raise InputError(Problem(f'"{path.name}" ends in no kind of table', way_out, key="--out"))
    path.parent.mkdir(parents=True, exist_ok=True)
    tables: dict[str, Sequence[Record]] = {
        "schedule": found.rows, "levels": found.levels, "warheads": found.stocks, "ceilings": found.ceilings,
    }  # fmt: skip
    models: dict[str, type[Record]] = {
        "schedule": ScheduleRow, "levels": LevelRow, "warheads": StockRow, "ceilings": CeilingLine,
    }  # fmt: skip
    sheets: dict[str, tuple[Sequence[str], list[list[Any]]]] = {
        name: (columns, [[_cell(getattr(row, column)) for column in columns] for row in tables[name]])
        for name, columns in ((name, tuple(model.model_fields)) for name, model in models.items())
    }
    if found.parity:
        columns = ("date", "rule", "quantity", *found.parties, "difference", "share", "held")
        sheets["parity"] = (
            columns,
            [
                [row.date, row.rule, row.quantity, *row.counts, row.difference, row.share, _cell(row.held)]
                for row in found.parity
            ],
        )
    return write_sheets(sheets, path)


def _cell(value: Any) -> Any:
    return "yes" if value is True else "no" if value is False else value


def draw_schedule(found: Schedule, path: str | Path) -> Path:
    """Draw levels, parity and actions of a schedule as .svg or .png, by the path's ending. Raises `InputError`."""
    from detente.report.schedule_chart import schedule_chart

    if not found.feasible:
        raise InputError(
            Problem("there is no schedule to draw", "loosen one of the constraints that conflict")
        )
    return _drawn(schedule_chart(found), path, found.digest)


def draw_frontier(found: Frontier, path: str | Path) -> Path:
    """Draw the points of a front as .svg or .png, by the path's ending. Raises `InputError`."""
    from detente.report.schedule_chart import frontier_chart

    if not found.points:
        raise InputError(Problem("there is no point to draw", "loosen one of the constraints that conflict"))
    return _drawn(frontier_chart(found), path, found.digest)


def _drawn(drawing: Any, path: str | Path, digest: str) -> Path:
    from importlib.metadata import version

    path = Path(path)
    source = f"Source: own calculation with Détente {version('detente')}, run {digest[:12]}."
    if path.suffix.lower() == ".svg":
        path.write_text(drawing.as_svg(source), encoding="utf-8", newline="\n")
    elif path.suffix.lower() == ".png":
        path.write_bytes(drawing.as_png(source))
    else:
        raise InputError(
            Problem(f'"{path.name}" ends in no kind of picture', "use one of: .svg, .png", key="--chart")
        )
    return path
