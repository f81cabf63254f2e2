"""How a reading and a comparison of two pages look in a terminal."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from detente.api import PageComparison, PageReading

_SHORT = 76


def _cut(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _SHORT else f"{flat[: _SHORT - 1]}…"


def page(found: "PageReading") -> None:
    """A reading as a person skims it."""
    facts = found.page
    for name in ("title", "published", "updated", "zone", "source", "author", "rights"):
        why = facts.status.get(name)
        value = getattr(facts, name)
        click.echo(f"{name:<10} {value if value is not None else 'not known'}{f'  ({why})' if why else ''}")
    click.echo(
        f"{'read as':<10} {facts.encoding}, {facts.language}, {len(facts.spans)} spans\n{'digest':<10} {facts.digest}"
    )
    for repair in found.repairs:
        click.echo(
            f'repair     "{repair.shown}" is "{repair.repaired}": bytes {repair.bytes} are {repair.written_in}, read as {repair.read_as}'
        )
    click.echo("\nproposed, confirmed by nobody:")
    for said in found.statements:
        who = said.speaker or "the page itself"
        through = f", through {', '.join(said.channel)}" if said.channel else ""
        post = f" ({said.post})" if said.post else ""
        click.echo(
            f"  {said.date or 'undated'}  {who}{post}{through}, {said.mode if said.speaker else 'own words'}:\n      {_cut(said.text)}  [{said.start}:{said.end}]"
        )
    for met in found.meetings:
        click.echo(
            f"  meeting     {', '.join(met.who)}; {met.place or 'place not known'}; {met.date or 'no date'}; {met.status}"
        )
    for due in found.commitments:
        click.echo(f"  commitment  {_cut(due.text)}; due {due.due or due.status}")
    for counted in found.quantities:
        click.echo(f"  quantity    {counted.text} {counted.unit}; counting rule {counted.counting_rule}")
    for item in found.related:
        click.echo(f"  {'on topic' if item.on_topic else 'off topic':<11} {_cut(item.title)}")


def counts(body: Mapping[str, Any]) -> None:
    """What a batch came to."""
    click.echo(
        f"{body['read']} read, {body['refused']} refused, {body['passed_over']} there already: {body['out']}"
    )


def problems(body: Mapping[str, Any]) -> None:
    """Pages that could not be read, and pages that are the same, on stderr."""
    for problem in body["problems"]:
        click.echo(f"{problem['file']}: {problem['rule']}\n  way out: {problem['way_out']}", err=True)
    for twin in body["twins"]:
        click.echo(f"notice: {twin['file']} is byte for byte {twin['same_as']}", err=True)


def comparison(found: "PageComparison") -> None:
    """Two pages side by side."""
    click.echo(
        f"{found.reused_share_a:.0%} of {found.a} stands in {found.b}, {found.reused_share_b:.0%} the other way, in runs of six words or more"
    )
    for run in found.reuse:
        click.echo(f"  both        {_cut(run.text)}  [{run.start_a}:{run.end_a}] [{run.start_b}:{run.end_b}]")
    for drift in found.drift:
        click.echo(
            f"  {drift.kind + ' drift':<11} {found.a}: {_cut(drift.text_a)}  [{drift.start_a}:{drift.end_a}]\n{'':14}{found.b}: {_cut(drift.text_b)}  [{drift.start_b}:{drift.end_b}]"
        )
    for other in found.channels:
        click.echo(
            f"  channel     {_cut(other.text)}: {', '.join(other.channel_a) or 'none'} against {', '.join(other.channel_b) or 'none'}"
        )
    for only in found.only:
        click.echo(f"  only {only.page}: {only.what}: {_cut(only.text)}  [{only.start}:{only.end}]")


@contextmanager
def bar() -> Iterator[Callable[[int, int], None]]:
    """A bar on stderr where somebody watches; nothing where nobody does."""
    if not sys.stderr.isatty():
        yield lambda _done, _whole: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("pages read"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as shown:
        task = shown.add_task("pages read", total=None)
        yield lambda done, whole: shown.update(task, completed=done, total=whole)


def validated(body: Mapping[str, Any], whole: bool) -> None:
    """The scoreboard, and below it how well the labelled pages are read, kind by kind."""
    from . import show

    if body["rows"]:
        show.scoreboard(body, whole)
    rows = [row for row in body.get("readings", ()) if row["labelled"] or row["proposed"]]
    if not rows:
        return
    click.echo("\nreading of pages labelled by hand (right of proposed, right of labelled):")
    for row in rows:
        if whole or row["page"] == "all":
            shares = [f"{row['right']}/{row[of]}" for of in ("proposed", "labelled")]
            floor = f"  floor {row['floor'][0]:.2f} and {row['floor'][1]:.2f}" if row["floor"] else ""
            word = "  BELOW" if row["below"] else ""
            click.echo(
                f"  {row['page']:<20} {row['kind']:<12} precision {_share(row['precision'])} ({shares[0]})  recall {_share(row['recall'])} ({shares[1]}){floor}{word}"
            )


def _share(value: float | None) -> str:
    return "none" if value is None else f"{value:.2f}"
