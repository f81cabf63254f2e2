"""The command on levels and time-frame: a schedule of reductions, or what stands in its way."""

from pathlib import Path
from typing import Any

import click

from .options import as_json

EXIT_NO = 1
_file = click.Path(dir_okay=False, path_type=Path)


def _pairs(ctx: click.Context, param: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for pair in given:
        name, sign, value = pair.rpartition("=")
        if not sign or not name.strip() or not value.strip():
            raise click.BadParameter(f'"{pair}" is not NAME=VALUE', ctx, param)
        if name.strip() in found:
            raise click.BadParameter(f'"{name.strip()}" is given twice', ctx, param)
        found[name.strip()] = value.strip()
    return found


def _numbers(ctx: click.Context, param: click.Parameter, given: tuple[str, ...]) -> dict[str, float]:
    found: dict[str, float] = {}
    for name, value in _pairs(ctx, param, given).items():
        try:
            found[name] = float(value)
        except ValueError:
            raise click.BadParameter(f'"{value}" is no number', ctx, param) from None
    return found


def _counts(ctx: click.Context, param: click.Parameter, given: tuple[str, ...]) -> dict[str, int]:
    found = _numbers(ctx, param, given)
    for name, value in found.items():
        if not value.is_integer():
            raise click.BadParameter(f"{name}: {value:g} is no whole number", ctx, param)
    return {name: int(value) for name, value in found.items()}


def _listed(ctx: click.Context, param: click.Parameter, given: tuple[str, ...]) -> tuple[str, ...]:  # noqa: ARG001
    return tuple(dict.fromkeys(word.strip() for each in given for word in each.split(",") if word.strip()))


@click.command()
@click.argument("force", metavar="FORCE")
@click.option("--party", "parties", multiple=True, help="Only this party, such as US; may be repeated.")
@click.option("--to", "to", required=True, metavar="RULE", help="The treaty whose limits are to be reached.")
@click.option(
    "--cap",
    "caps",
    multiple=True,
    metavar="N",
    help="At most N actions a year for each party; or of one kind, eliminate=N; or eliminate@BASE=N.",
)
@click.option("--no-ceilings", is_flag=True, help="Leave interim ceilings out; the final ones are kept.")
@click.option("--unread", is_flag=True, help="Hold ceilings too whose numbers nobody here has read.")
@click.option(
    "--reading", help="Only this reading of the treaty; by default each reading's ceilings are held."
)
@click.option(
    "--actions",
    multiple=True,
    default=("eliminate",),
    callback=_listed,
    show_default="eliminate",
    help="What may be done: eliminate, convert, download, store, dismantle; separated by commas.",
)
@click.option(
    "--periods", type=click.Choice(["year", "half-year"]), default="year", show_default=True,
    help="The steps, counted from the treaty's entry into force.",
)  # fmt: skip
@click.option("--on", metavar="DATE", help="Take the numbers of this day, or the newest before it.")
@click.option("--from", "start", metavar="DATE", help="Begin on this day in place of the treaty's own.")
@click.option("--until", metavar="DATE", help="Reach the limits by this day in place of the treaty's own.")
@click.option(
    "--parity-band",
    "band",
    metavar="BAND",
    help='Keep the parties within "10 %" of each other, or within 200.',
)
@click.option(
    "--parity-rule",
    "parity_rules",
    multiple=True,
    metavar="RULE",
    help="Count parity by this rule, RULE or RULE:READING; repeated: under each. The treaty's by default.",
)
@click.option(
    "--parity-from", metavar="DATE", help="Hold the band from this day on; from the first step by default."
)
@click.option("--budget", type=float, help="At most so much a year for each party, in the unit of the costs.")
@click.option(
    "--cost",
    "costs",
    multiple=True,
    callback=_numbers,
    metavar="KIND=VALUE",
    help="What one action costs; 1 by default.",
)
@click.option(
    "--load",
    "loads",
    multiple=True,
    callback=_counts,
    metavar="TYPE=N",
    help="With download: a type may carry N warheads instead.",
)
@click.option(
    "--convert-to",
    "made_into",
    multiple=True,
    callback=_pairs,
    metavar="TYPE=OTHER",
    help="With convert: what a type is made into.",
)
@click.option(
    "--lapse-years", type=int, help="With dismantle: technicians lose a certificate after so many idle years."
)
@click.option(
    "--objective", default="fewest", show_default=True, metavar="WORD",
    help="What is wanted most: soonest, fewest, smoothest or parity.",
)  # fmt: skip
@click.option("--frontier", is_flag=True, help="Show points of the front of time, cost and parity instead.")
@click.option(
    "--times", type=int, default=6, show_default=True, help="With --frontier: at most so many days."
)
@click.option(
    "--points", type=int, default=3, show_default=True, help="With --frontier: points for each day."
)
@click.option("--kept-in", type=_file, help="With --frontier: a file to keep answers in, and to go on from.")
@click.option("--chart", type=_file, help="Also draw levels and actions: .svg or .png.")
@click.option("-o", "--out", type=_file, help="Also write the rows: .csv, or with levels and warheads .xlsx.")
@as_json
def schedule(json_wanted: bool, **given: Any) -> None:
    """By when, and how, a party's FORCE can be brought down to a treaty's limits; or what conflicts.

    Read ceilings hold, interim ones too; launchers are eliminated whole; a cap is of one of the treaty's own
    years. Exits 1 where no schedule exists, and names the smallest set of constraints that conflict.
    """
    from . import show, show_schedules

    front = given.pop("frontier")
    search = {name: given.pop(name) for name in ("times", "points", "kept_in")}
    files = {name: given.pop(name) for name in ("chart", "out")}
    asked = given | {
        "cap": given.pop("caps"), "ceilings": not given.pop("no_ceilings"), "parity_band": given.pop("band"),
    }  # fmt: skip
    force, to = asked.pop("force"), asked.pop("to")
    if front:
        _front(force, to, asked, search, files, json_wanted)
        return
    if search["kept_in"]:
        raise click.UsageError("--kept-in goes with --frontier")
    _one(force, to, asked, files, json_wanted, show, show_schedules)


def _one(
    force: str,
    to: str,
    asked: dict[str, Any],
    files: dict[str, Any],
    json_wanted: bool,
    show: Any,
    show_schedules: Any,
) -> None:
    from detente import api

    with show_schedules.telling() as tell:
        found = api.schedule(force, to, progress=tell, **asked)
    written = [api.draw_schedule(found, files["chart"])] if files["chart"] and found.feasible else []
    written += [api.write_schedule(found, files["out"])] if files["out"] and found.feasible else []
    show.notices([*found.notices, *found.missing])
    body = api.schedule_rows(found) | {"files": [str(path) for path in written]}
    show.result("schedule", body, json_wanted, show_schedules.schedule)
    show.files(written)
    if not found.feasible:
        raise click.exceptions.Exit(EXIT_NO)


def _front(
    force: str,
    to: str,
    asked: dict[str, Any],
    search: dict[str, Any],
    files: dict[str, Any],
    json_wanted: bool,
) -> None:
    from detente import api

    from . import show, show_schedules

    if asked.pop("objective") != "fewest":
        raise click.UsageError("--frontier looks at time, cost and parity; leave --objective out")
    if files["out"]:
        raise click.UsageError("a front is written by --json, not by --out")
    with show.progress("points of the front") as tell:
        found = api.frontier(force, to, progress=tell, **asked, **search)
    written = [api.draw_frontier(found, files["chart"])] if files["chart"] and found.points else []
    show.notices([*found.notices, *found.missing])
    body = api.frontier_rows(found) | {"files": [str(path) for path in written]}
    show.result("frontier", body, json_wanted, show_schedules.frontier)
    show.files(written)
    if not found.complete:
        click.echo("interrupted: what was found is shown", err=True)
        raise click.exceptions.Exit(130)
    if not found.feasible:
        raise click.exceptions.Exit(EXIT_NO)


COMMANDS = (schedule,)
