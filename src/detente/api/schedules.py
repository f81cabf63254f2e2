"""Levels and time-frame: schedules, what they conflict on, and the front of time, cost and parity."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Unpack

from detente.agreement.scheduling import answer
from detente.agreement.scheduling.answer import conflicting
from detente.agreement.scheduling.drafting import draft
from detente.agreement.scheduling.frontier import Point, Task, search, tasks
from detente.agreement.scheduling.model import Model
from detente.records.base import Record, digest_of
from detente.records.errors import InputError, Problem
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

from .schedule_wishes import Wanted, as_force, as_treaty, wishes

Tell = Callable[[str], None]
TABLES = (".csv", ".xlsx")


def schedule(
    force: str | Path | Force,
    to: str | Path | Treaty,
    *,
    objective: str = "fewest",
    progress: Tell | None = None,
    **wanted: Unpack[Wanted],
) -> Schedule:
    """The best schedule from a force to a treaty's limits, or the smallest set of constraints that conflict.

    `objective` is fewest, soonest, smoothest or parity; all else that can be wanted stands in `Wanted`, such
    as `parties`, `cap`, `actions`, `periods`, `ceilings`, `until`, `parity_band`. Raises `InputError`.
    """
    held, treaty = as_force(force), as_treaty(to)
    return answer.schedule(held, treaty, wishes(treaty, held, wanted, objective), objective, progress)


def frontier(
    force: str | Path | Force,
    to: str | Path | Treaty,
    *,
    times: int = 6,
    points: int = 3,
    kept_in: str | Path | None = None,
    progress: Callable[[Any], None] | None = None,
    **wanted: Unpack[Wanted],
) -> Frontier:
    """Points of the front of time, cost and parity; takes what `schedule` takes, but for the objective.

    With `kept_in` each answer is written there as soon as it is found, and the same call goes on from it.
    An interrupted search gives what it found, with `complete` false. Raises `InputError`.
    """
    if times < 1 or points < 2:
        raise InputError(
            Problem("a front has at least one time and two points for each", "ask for more", key="--points")
        )
    held, treaty = as_force(force), as_treaty(to)
    made = draft(held, treaty, wishes(treaty, held, wanted, "parity"))
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
    """What an earlier search left in a file. Raises `InputError` for that of another question."""
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


# ---------------------------------------------------------------- what is taken away


def schedule_rows(found: Schedule) -> dict[str, Any]:
    """A schedule as JSON."""
    return found.model_dump(mode="json")


def frontier_rows(found: Frontier) -> dict[str, Any]:
    """A front as JSON."""
    return found.model_dump(mode="json")


def write_schedule(found: Schedule, path: str | Path) -> Path:
    """Write a schedule's rows as .csv, or with levels, stocks and parity as .xlsx. Raises `InputError`."""
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
    """Draw levels, parity and actions of a schedule as .svg or .png. Raises `InputError`."""
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
