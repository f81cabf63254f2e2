"""How results look in a terminal: JSON with a versioned schema, or plain tables; nothing is computed here."""

import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from detente.api import Brief, Crux, Flight, Outcome, Problem

VERSION = 1


def result(name: str, body: Mapping[str, Any], json_wanted: bool, shown: Callable[[Any], None]) -> None:
    """A result on stdout: as JSON under `detente/NAME/1`, or as a person reads it."""
    if json_wanted:
        text = json.dumps({"schema": f"detente/{name}/{VERSION}"} | dict(body), indent=2, ensure_ascii=False)
        click.echo(text)
    else:
        shown(body)


def notices(texts: Iterable[str]) -> None:
    """Notices on stderr."""
    for text in texts:
        click.echo(f"notice: {text}", err=True)


def cases(body: Mapping[str, Any]) -> None:
    """The shipped cases."""
    _table(
        ("case", "title", "positions", "claims", "question"),
        [(c["id"], c["title"], c["positions"], c["claims"], c["question"]) for c in body["cases"]],
    )


def problems(case: str, found: Sequence["Problem"]) -> None:
    """Every problem of a case, or that there is none."""
    for problem in found:
        click.echo(f"{problem}\n")
    count = len(found)
    click.echo(f"{case}: {count} problem{'s' * (count != 1)}" if count else f"{case}: no problems")


def outcome(found: "Outcome") -> None:
    """The rows of a study, its caveat and its conventions."""
    units = {column.name: column.unit for column in found.columns}
    shown = [
        ("required_speed_km_s", "required speed", 2),
        ("margin_km_s", "margin", 2),
        ("tolerable_delay_s", "tolerable delay", 0),
        ("margin_delay_s", "margin", 0),
        ("first_intercept_s", "first intercept", 0),
        ("last_intercept_s", "last intercept", 0),
    ]
    heads = [f"{label} [{units[name]}]" for name, label, _ in shown]
    rows = [
        (row["launch"], row["aim"], row["status"], *(_number(row[name], digits) for name, _, digits in shown))
        for row in found.rows
    ]
    _table(("launch", "aim", "in this model", *heads), rows, right=len(shown))
    click.echo(f"\nposition {found.position}; {found.caveat}", err=True)
    for convention in found.conventions:
        click.echo(f"- {convention}", err=True)
    click.echo(f"run {found.digest[:12]}", err=True)


def crux(found: "Crux", body: Mapping[str, Any]) -> None:
    """The crux in prose, then its tables."""
    click.echo(str(found))
    click.echo("")
    a, b = body["between"]
    unit = found.unit
    _table(
        ("assumption", a, b, f"share [{unit}]", "of the gap"),
        [
            (row["label"], row["a_text"], row["b_text"], _signed(row["phi"]), _percent(row["share"]))
            for row in body["attribution"]
        ],
        right=2,
    )
    if body["flips"]:
        click.echo("\nsmallest concessions that change a conclusion")
        _table(
            ("side", "concedes", f"margin after [{unit}]", "certainty"),
            [
                (row["side"], ", ".join(row["members"]), _signed(row["margin_after"]), row["certainty"])
                for row in body["flips"]
                if row["kind"] == "flips"
            ],
        )
    click.echo("\nbreak-even values")
    _table(("side", "what it takes"), [(row["side"], row["text"]) for row in body["breakeven"]])
    changing = [row for row in body["silence"] if row["flips"]]
    if changing:
        click.echo("\nassumed figures, stated by nobody, whose range changes a conclusion")
        _table(("side", "range"), [(row["side"], row["text"]) for row in changing])
    click.echo(f"\n{body['caveat']}", err=True)
    click.echo(f"run {found.digest[:12]}", err=True)


def brief(found: "Brief", written: Path, exported: Sequence[Path]) -> None:
    """Where the page is, and its answer."""
    click.echo(found.answer, err=True)
    if exported:
        click.echo(f"{len(exported)} figures in {exported[0].parent}", err=True)
    click.echo(str(written))


def flight(found: "Flight", rows: Mapping[str, Any]) -> None:
    """A flight, figure by figure, and what the published time comes to."""
    names = {
        "range_km": ("range", "km", 1),
        "apogee_km": ("apogee", "km", 1),
        "speed_km_s": ("speed at the surface", "km/s", 4),
        "angle_deg": ("angle above the horizon", "deg", 3),
        "time_s": ("free flight", "s", 1),
        "published_s": ("published time", "s", 1),
        "difference_s": ("difference", "s", 1),
    }
    _table(
        ("", "", ""),
        [
            (label, f"{rows[name]:.{digits}f}", unit)
            for name, (label, unit, digits) in names.items()
            if name in rows
        ],
    )
    if found.verdict:
        click.echo(f"{found.verdict}: {found.reason}")


def sources(body: Mapping[str, Any]) -> None:
    """The sources, and who has read them."""
    for row in body["sources"]:
        mark = row["read"] if row["was_read"] else f"{row['read']} - nobody on this project has read it"
        head = ". ".join(
            part for part in ("; ".join(row["author"]), row["title"], row["publisher"], row["date"]) if part
        )
        click.echo(f"{row['case']}/{row['key']}\n  {head or '(nothing more is known)'}\n  read: {mark}")
        for part in ("url", "read_how", "via", "note"):
            if row[part]:
                click.echo(f"  {part.replace('_', ' ')}: {row[part].strip()}")
        click.echo(f"  used by: {', '.join(row['used_by']) or 'nothing'}\n")


def _table(heads: Sequence[str], rows: Sequence[Sequence[Any]], right: int = 0) -> None:
    """A plain table as wide as the terminal, or as its content where the output is piped."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, show_header=any(heads), pad_edge=False)
    for n, head in enumerate(heads):
        table.add_column(
            head, justify="right" if right and n >= len(heads) - right else "left", overflow="fold"
        )
    for row in rows:
        table.add_row(*(str(cell) for cell in row))
    width = None if sys.stdout.isatty() else 200
    Console(width=width, highlight=False, markup=False, soft_wrap=False).print(table)


def _number(value: float | None, digits: int) -> str:
    return "none" if value is None else f"{value:.{digits}f}"


def _signed(value: float | None) -> str:
    return "none" if value is None else f"{value:+.2f}"


def _percent(value: float | None) -> str:
    return "none" if value is None else f"{value:.0%}"
