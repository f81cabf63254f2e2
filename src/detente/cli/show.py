"""How results look in a terminal: JSON with a versioned schema, or plain tables; nothing is computed here."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from detente.api import Brief, Crux, Flight, Outcome, Problem

VERSION = 1


def result(name: str, body: Mapping[str, Any], json_wanted: bool, shown: Callable[[Any], None]) -> None:
    """A result on stdout: as JSON under `detente/NAME/1`, or as a person reads it."""
    if json_wanted:
        whole = {"schema": f"detente/{name}/{VERSION}"} | dict(body)
        text = json.dumps(whole, indent=2, ensure_ascii=False, allow_nan=False)
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


COLUMNS = {
    "reach": (
        ("launch", "launch", 0),
        ("aim", "aim", 0),
        ("status", "in this model", 0),
        ("required_speed_km_s", "required speed", 2),
        ("margin_km_s", "margin", 2),
        ("tolerable_delay_s", "tolerable delay", 0),
        ("margin_delay_s", "margin", 0),
        ("first_intercept_s", "first intercept", 0),
        ("last_intercept_s", "last intercept", 0),
    ),
    "watch": (
        ("launch", "launch", 0),
        ("aim", "aim", 0),
        ("status", "in this model", 0),
        ("first_seen_by", "first seen by", 0),
        ("first_seen_s", "first seen", 0),
        ("first_seen_range_km", "at range", 0),
        ("first_seen_margin_db", "with", 1),
        ("margin_db", "best", 1),
        ("margin_site_db", "site radar", 1),
        ("view_s", "in view", 0),
        ("handovers", "handovers", 0),
        ("track_s", "firm track", 0),
        ("track_by", "by", 0),
    ),
    "engage": (
        ("launch", "launch", 0),
        ("aim", "aim", 0),
        ("status", "in this model", 0),
        ("margin_km_s", "speed to spare", 2),
        ("margin_delay_s", "delay to spare", 0),
        ("launch_s", "launch from", 0),
        ("window_1_first_s", "intercept from", 0),
        ("window_1_last_s", "to", 0),
        ("window_1_tail_chase", "chase", 0),
        ("shots", "shots", 0),
        ("margin_shots", "to spare", 0),
        ("needed_interceptors", "raid needs", 0),
        ("margin_interceptors", "to spare", 0),
    ),
    "cover": (
        ("launch", "launch", 0),
        ("aim", "land", 0),
        ("share", "share within reach", 3),
        ("share_beyond_band", "beyond the band", 3),
        ("share_within_band", "inside the band", 3),
        ("margin_share", "less the standard", 3),
        ("margin_km_s", "margin", 2),
        ("margin_delay_s", "margin", 0),
        ("status", "in this model", 0),
    ),
    "inventory": (
        ("raid_size", "missiles", 0),
        ("shots_per_missile", "shots each", 0),
        ("status", "in this model", 0),
        ("no_leak_salvo", "none leaks: salvo", 3),
        ("no_leak_look", "looks", 3),
        ("no_leak_salvo_look", "salvos, looks", 3),
        ("leakage_salvo", "leak: salvo", 1),
        ("leakage_look", "looks", 1),
        ("needed_salvo", "needed: salvo", 0),
        ("needed_fewest", "looks", 0),
        ("needed_salvo_look", "salvos, looks", 0),
        ("margin_interceptors", "to spare", 0),
    ),
    "inspect": (
        ("violation_share", "violation", 2),
        ("violation_items", "items", 0),
        ("status", "in this model", 0),
        ("sample", "sample a year", 0),
        ("power_year", "found in a year", 3),
        ("power", "found", 3),
        ("approximation", "approximation", 3),
        ("false_alarm", "false alarm", 3),
        ("needed_sample", "needed sample", 0),
        ("margin_detection", "margin", 3),
        ("margin_false_alarm", "false-alarm margin", 3),
    ),
}
"""The columns that a terminal has room for; a study without an entry shows them all."""
_PART = (("part", "sites and radars", 0),)
_CELL = (
    ("cell", "place", 0),
    ("country", "country", 0),
    ("status", "in this model", 0),
    ("margin_km_s", "margin", 2),
    ("margin_delay_s", "margin", 0),
    ("site", "best site", 0),
    ("launch_areas", "launch areas", 0),
    ("launch_areas_covered", "covered against", 0),
)


def outcome(found: "Outcome") -> None:
    """The rows of a study, its caveat and its conventions."""
    units = {column.name: column.unit for column in found.columns}
    known = _known(found.study, units)
    everything = tuple((column.name, column.name.replace("_", " "), 3) for column in found.columns)
    shown = known if known and {name for name, _, _ in known} <= set(units) else everything
    heads = [
        f"{label} [{units[name]}]" if units.get(name, "") not in {"", "1"} else label
        for name, label, _ in shown
    ]
    rows = [[_cell(row[name], digits) for name, _, digits in shown] for row in found.rows]
    words = next((n for n, (name, _, _) in enumerate(shown) if _is_number(found, name)), len(shown))
    _table(heads, rows, right=len(shown) - words)
    click.echo(f"\nposition {found.position}; {found.caveat}", err=True)
    for convention in found.conventions:
        click.echo(f"- {convention}", err=True)
    click.echo(f"run {found.digest[:12]}", err=True)


def _known(study: str, columns: Mapping[str, str]) -> tuple[tuple[str, str, int], ...]:
    """The columns to show: of a study, or of places in it, with the part of the whole where there is one."""
    usual = _CELL if study == "cover" and "cell" in columns else COLUMNS.get(study, ())
    return (*_PART, *usual) if "part" in columns else usual


def _is_number(found: "Outcome", name: str) -> bool:
    return any(isinstance(row[name], int | float) and not isinstance(row[name], bool) for row in found.rows)


def _cell(value: Any, digits: int) -> str:
    if isinstance(value, float):
        return f"{value:,.{digits}f}"
    return "none" if value is None else str(value)


def crux(found: "Crux", body: Mapping[str, Any]) -> None:
    """The crux in prose, then its tables."""
    click.echo(str(found))
    click.echo("")
    a, b = body["between"]
    unit = "" if found.unit == "1" else f" [{found.unit}]"
    _table(
        ("assumption", a, b, f"share{unit}", "of the gap"),
        [
            (row["label"], row["a_text"], row["b_text"], _signed(row["phi"]), _percent(row["share"]))
            for row in body["attribution"]
        ],
        right=2,
    )
    if body["flips"]:
        click.echo("\nsmallest concessions that change a conclusion")
        _table(
            ("side", "concedes", f"margin after{unit}", "certainty"),
            [
                (row["side"], ", ".join(row["members"]), _signed(row["margin_after"]), row["certainty"])
                for row in body["flips"]
                if row["kind"] == "flips"
            ],
        )
    click.echo("\nbreak-even values")
    _table(
        ("side", "assumption", "what it takes"),
        [(row["side"], row["assumption"].replace("_", " "), row["text"]) for row in body["breakeven"]],
    )
    changing = [row for row in body["silence"] if row["flips"]]
    if changing:
        click.echo("\nassumed figures, stated by nobody, whose range changes a conclusion")
        _table(("side", "range"), [(row["side"], row["text"]) for row in changing])
    click.echo(f"\n{body['caveat']}", err=True)
    click.echo(f"run {found.digest[:12]}", err=True)


def files(written: Iterable[Path]) -> None:
    """Where files were written."""
    for path in written:
        click.echo(f"written: {path}", err=True)


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


SUMMARY_ROWS = 30
"""How many lines of a sweep's summary are printed."""


def sweep(body: Mapping[str, Any]) -> None:
    """What a sweep did, and where it is."""
    names = ("study", "position", "rows", "failed", "chunks", "chunks_found", "deaths", "digest")
    _table(("", ""), [(name.replace("_", " "), body[name]) for name in names])
    for reason, count in dict(body["reasons"]).items():
        click.echo(f"{count} rows failed: {reason}")
    table = body["table"]
    _table(
        ("margin", "of", "unit", "no value", "10 %", "half", "90 %", "at least zero"),
        [
            (
                *(row[name] for name in ("output", "of", "unit", "null")),
                *(f"{float(row[n]):,.4g}" if row[n] else "none" for n in ("p10", "p50", "p90")),
                f"{float(row['share_at_least_zero']):.0%}" if row["share_at_least_zero"] else "none",
            )
            for row in table[:SUMMARY_ROWS]
        ],
        right=5,
    )
    if len(table) > SUMMARY_ROWS:
        click.echo(f"{len(table) - SUMMARY_ROWS} rows more in summary.csv")
    click.echo(str(body["folder"]))


def verification(body: Mapping[str, Any]) -> None:
    """Whether a run holds, and every finding."""
    for finding in body["findings"]:
        click.echo(f"{finding['file']}: {finding['fault']}")
    again = f"{body['rows_run_again']} of {body['rows']} rows run again: {body['agreement']}"
    click.echo(f"{body['folder']}: {'holds' if body['ok'] else 'does not hold'}; {again}")


def scoreboard(body: Mapping[str, Any], whole: bool) -> None:
    """Published values beside ours; rows that agree are counted unless the whole is asked for."""
    tables: dict[str, list[Mapping[str, Any]]] = {}
    for row in body["rows"]:
        tables.setdefault(row["table"], []).append(row)
    for name, rows in tables.items():
        click.echo(f"\n{name}: {sum(row['verdict'] == 'agrees' for row in rows)} of {len(rows)} agree")
        shown = [row for row in rows if whole or row["verdict"] != "agrees"]
        if not shown:
            continue
        _table(
            ("verdict", "case", "what", "published", "ours", "unit", "difference", "source"),
            [
                (
                    row["verdict"],
                    row["case"],
                    row["what"],
                    _several(row["published"]),
                    _several(row["ours"]),
                    row["unit"],
                    _several(row["difference"]),
                    f"{row['source']['key']} ({row['source']['read']})",
                )
                for row in shown
            ],
        )
        for row in shown:
            if row["verdict"] != "agrees" and row["note"]:
                click.echo(f"  {row['case']}: {row['note']}")
    click.echo("\n" + ", ".join(f"{count} {verdict}" for verdict, count in body["counts"].items()))


def _several(value: Any) -> str:
    if isinstance(value, list | tuple):
        return "; ".join(_several(each) for each in value)
    if value is None:
        return "-"
    return f"{value:.6g}" if isinstance(value, float) else str(value)


@contextmanager
def progress(what: str) -> Iterator[Callable[[Any], None]]:
    """A bar on stderr for long work; nothing where stderr is no terminal."""
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task(what, total=None)

        def tell(state: Any) -> None:
            bar.update(task, total=state.rows, completed=state.done)

        yield tell


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
