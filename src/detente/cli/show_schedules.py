"""How a schedule looks in a terminal: its answer, its years, its levels; or the conflict and the ways out."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import click

from .show import _table


@contextmanager
def telling() -> Iterator[Callable[[str], None]]:
    """What the search is at, in one line on stderr; nothing where stderr is no terminal."""
    from rich.console import Console

    console = Console(stderr=True)
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    with console.status("reading") as status:
        yield status.update


def schedule(body: Mapping[str, Any]) -> None:
    """A schedule, or what stands in its way."""
    if not body["feasible"]:
        _conflict(body)
        return
    what = "elimination" if body["eliminations"] == 1 else "eliminations"
    others = body["actions"] - body["eliminations"]
    more = f" and {others:,} other actions" if others else ""
    done = f"; final ceilings are met by {body['finish']}" if body["finish"] else ""
    click.echo(f"feasible: {body['eliminations']:,} {what}{more}{done} ({body['objective_means']})")
    years = [f"{number:,}" for number in body["actions_by_year"]]
    click.echo(f"by year: {', '.join(years)}\n")
    _rows(body)
    _levels(body)
    _stocks(body)
    _parity(body)


def _conflict(body: Mapping[str, Any]) -> None:
    count = len(body["conflict"])
    click.echo(
        f"no schedule: {count} constraint{'s' * (count != 1)} cannot hold together, and no fewer conflict"
    )
    for words in body["conflict"]:
        click.echo(f"- {words}")
    click.echo("\nways out, one at a time, all else kept")
    for words in body["ways_out"]:
        click.echo(f"- {words}")


def _rows(body: Mapping[str, Any]) -> None:
    """One row a type and action, one column a period, for as many periods as a terminal takes."""
    periods = body["periods"]
    keys = sorted(
        {(row["party"], row["type"], row["place"], row["action"], row["into"]) for row in body["rows"]}
    )
    number = {
        (row["party"], row["type"], row["place"], row["action"], row["into"], row["period"]): row["number"]
        for row in body["rows"]
    }
    for begin in range(0, len(periods), 14):
        shown = range(begin, min(begin + 14, len(periods)))
        heads = ["party", "type", "action", *(periods[n]["end"] for n in shown)]
        table = [
            [
                key[0], key[1] + (f" at {key[2]}" if key[2] else ""),
                key[3] + (f" to {key[4]}" if key[4] else ""),
                *(str(number.get((*key, n + 1), "")) for n in shown),
            ]
            for key in keys
        ]  # fmt: skip
        _table(
            [*heads, "all"] if len(periods) <= 14 else heads,
            _with_sums(table, len(periods)),
            right=len(shown) + (len(periods) <= 14),
        )


def _with_sums(table: list[list[str]], periods: int) -> list[list[str]]:
    if periods > 14:
        return table
    return [[*row, str(sum(int(cell) for cell in row[3:] if cell))] for row in table]


def _levels(body: Mapping[str, Any]) -> None:
    """Levels against ceilings on the days on which a ceiling holds."""
    limited = [row for row in body["levels"] if row["ceiling"] is not None]
    days = sorted({line["since"] for line in body["ceilings"]} | {line["until"] for line in body["ceilings"]})
    rows = [
        (
            row["date"],
            row["party"],
            row["quantity"].replace("_", " "),
            f"{row['level']:,}",
            f"{row['ceiling']:,}",
            f"{row['slack']:,}",
        )
        for row in sorted(limited, key=lambda r: (r["date"], r["party"]))
        if row["date"] in days
    ]
    if rows:
        click.echo("levels on the days on which ceilings begin or end")
        _table(("date", "party", "what", "level", "ceiling", "slack"), rows, right=3)


def _stocks(body: Mapping[str, Any]) -> None:
    last = max((row["period"] for row in body["stocks"]), default=0)
    rows = [
        (
            row["date"],
            row["party"],
            *(f"{row[name]:,}" for name in ("deployed", "stored", "awaiting", "dismantled")),
        )
        for row in sorted(body["stocks"], key=lambda r: (r["party"], r["period"]))
        if row["period"] in {0, last}
    ]
    click.echo("where the warheads are, at the start and at the end")
    _table(("date", "party", "deployed", "stored", "awaiting dismantlement", "dismantled"), rows, right=4)


def _parity(body: Mapping[str, Any]) -> None:
    if not body["parity"]:
        return
    first, second = body["parties"]
    rows = [
        (
            row["date"],
            row["rule"],
            *(f"{count:,}" for count in row["counts"]),
            f"{row['difference']:+,}",
            _share(row["share"]),
        )
        for row in body["parity"]
    ]
    click.echo("parity")
    _table(("date", "rule", first, second, "difference", "larger exceeds smaller by"), rows, right=4)


def _share(value: float | None) -> str:
    return "-" if value is None else f"{100 * value:.1f} %"


def frontier(body: Mapping[str, Any]) -> None:
    """Points of the front, or what stands in the way of any schedule."""
    if not body["feasible"]:
        _conflict(body)
        return
    rows: list[Sequence[Any]] = [
        (
            point["finish"], f"{point['cost']:,.10g}",
            "-" if point["furthest_from_parity"] is None else f"{point['furthest_from_parity']:,}",
            f"{point['actions']:,}",
        )
        for point in body["points"]
    ]  # fmt: skip
    click.echo("no schedule is sooner than one of these without being dearer or further from parity")
    _table(("done by", "cost", "furthest from parity", "actions"), rows, right=3)
    click.echo(f"{body['asked']} of {body['of']} combinations asked about", err=True)
