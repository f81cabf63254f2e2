"""How a ledger looks in a terminal: states, findings, both views, signed files; nothing is computed here."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import click

from .show import _table as table

Body = Mapping[str, Any]
MOST_DOCUMENTS = 6


@contextmanager
def counting(what: str) -> Iterator[Callable[[int], None]]:
    """A count on stderr while something long goes on, where a person is looking."""
    shown = False

    def tell(count: int) -> None:
        nonlocal shown
        if sys.stderr.isatty() and count and count % 1000 == 0:
            click.echo(f"\r{count:,} {what}", err=True, nl=False)
            shown = True

    yield tell
    if shown:
        click.echo("", err=True)


@contextmanager
def stages() -> Iterator[Callable[[str, int, int], None]]:
    """The stage of a reconciliation on stderr, where a person is looking."""

    def tell(stage: str, done: int, of: int) -> None:
        if sys.stderr.isatty():
            click.echo(f"\r{stage} ({done + 1} of {of})".ljust(40), err=True, nl=False)

    yield tell
    if sys.stderr.isatty():
        click.echo("\r" + " " * 40 + "\r", err=True, nl=False)


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'s' * (count != 1)}"


def made(body: Body) -> None:
    """Where the ledger is, and what to do next."""
    click.echo(body["folder"])
    click.echo(
        f"ledger {body['name']} between {' and '.join(body['parties'])}; this is the copy of {body['own']}"
    )
    for fault in body["planted"]:
        item = f" on {fault['item']}" if fault["item"] else ""
        click.echo(f"planted: {fault['kind']}{item}, shown by {fault['document']}", err=True)
    click.echo(f"next: fill in {body['templates'][0]}; detente ledger import {body['folder']} FILE", err=True)


def added(body: Body) -> None:
    """What came in, and the link to note."""
    click.echo(f"{_number(body['documents'], 'document')} with {_number(body['facts'], 'fact')} added")
    if body["known"]:
        click.echo(f"{_number(body['known'], 'document')} stood there already, word for word")
    click.echo(f"link {body['head']}")


def state(body: Body) -> None:
    """Cells or items."""
    if body["by"] == "cell":
        rows = [
            (c["owner"], c["category"], c["type"], c["place"] or "-", c["status"], c["items"])
            for c in body["cells"]
        ]
        table(("owner", "category", "type", "place", "status", "items"), rows)
        return
    names = ("owner", "category", "item", "type", "status", "place", "launcher", "since", "document", "said")
    table(names, [tuple(entry[name] or "-" for name in names) for entry in body["items"]])


def history(body: Body) -> None:
    """Everything received about one identifier."""
    names = ("true", "received", "event", "owner", "place", "to", "launcher", "document", "corrects", "said")
    rows = [
        (*(entry[name] or "-" for name in names), "in force" if entry["in_force"] else "replaced")
        for entry in body["data"]
    ]
    table((*names, "stands"), rows)


TABLES = {
    "balances": (
        "at", "owner", "category", "type", "place", "status", "basis", "notified", "declared", "residual",
        "explained",
    ),
    "inspections": (
        "at", "owner", "place", "category", "type", "status", "declared", "declared_on", "notified",
        "pending", "briefed", "found", "says",
    ),
}  # fmt: skip


def reconciled(body: Body, shown: tuple[str, ...] = ()) -> None:
    """Counts, findings by kind with their documents, and how much was compared; tables where wanted."""
    for name in shown:
        columns = TABLES[name]
        rows = [tuple("-" if row[c] in {None, ""} else row[c] for c in columns) for row in body[name]]
        table(tuple(column.replace("_", " ") for column in columns), rows)
    click.echo(
        f"{body['ledger']}: {_number(body['documents'], 'document')}, {_number(body['facts'], 'fact')}, "
        f"{_number(body['identifiers'], 'identifier')}; as of {body['as_of']}, known at {body['known_at']}"
    )
    zero = sum(row["residual"] == 0 for row in body["balances"])
    agree = sum(row["agrees"] for row in body["inspections"])
    click.echo(f"balances with residual zero: {zero:,} of {len(body['balances']):,}")
    click.echo(f"numbers of inspections that agree: {agree:,} of {len(body['inspections']):,}")
    if not body["discrepancies"]:
        click.echo("no findings: every residual is zero")
        return
    click.echo(f"{_number(len(body['discrepancies']), 'finding')}:")
    for found in body["discrepancies"]:
        click.echo(
            f"\n{found['kind']}  {found['owner']}  {found['at']}{'  (disputed)' if found['disputed'] else ''}"
        )
        click.echo(f"  {found['says']}")
        behind = found["documents"]
        more = f" and {len(behind) - MOST_DOCUMENTS} more (--json)" if len(behind) > MOST_DOCUMENTS else ""
        click.echo(f"  see {', '.join(behind[:MOST_DOCUMENTS])}{more}")


def both(body: Body) -> None:
    """Both views, one cell a row; a dash is a gap, and never zero."""
    names = ("notified", "declared", "inspected", "assessed", "agreed", "counted", "difference")
    rows = [
        (
            c["owner"], c["category"], c["type"], c["place"] or "-", c["status"] or "-",
            *("-" if c[name] is None else c[name] for name in names), c["said"],
        )
        for c in body["cells"]
    ]  # fmt: skip
    table(("owner", "category", "type", "place", "status", *names, "said"), rows)


def compared(body: Body) -> None:
    """On which documents two copies do not agree."""
    if not body["documents"]:
        click.echo("both copies hold the same documents")
        return
    rows = [
        (
            row["reference"], row["differs"],
            row["one"]["received"] if row["one"] else "-", row["two"]["received"] if row["two"] else "-",
        )
        for row in body["documents"]
    ]  # fmt: skip
    table(("document", "differs", "received here", "received there"), rows)


def exported(body: Body) -> None:
    """Where the notifications were written."""
    click.echo(f"{body['file']}: {_number(body['facts'], 'fact')}")


def checked(body: Body) -> None:
    """Every problem of the chain, and the link to note."""
    for problem in body["problems"]:
        way_out = f"\n  way out: {problem['way_out']}" if problem["way_out"] else ""
        click.echo(f"{problem['rule']}{way_out}")
    read = f"{_number(body['documents'], 'document')}, {_number(body['facts'], 'fact')}"
    click.echo(f"{read}, {_number(body['envelopes'], 'signed file')}: {'sound' if body['ok'] else 'changed'}")
    click.echo(f"link {body['head']}")
    if not body["compared"]:
        click.echo("not compared with a link from elsewhere: a chain written anew would not show", err=True)


def upgraded(body: Body) -> None:
    """From which form to which."""
    same = body["from"] == body["to"]
    click.echo(f"form {body['to']}: nothing to do" if same else f"form {body['from']} is now {body['to']}")


def pinned(body: Body) -> None:
    """The fingerprint to compare."""
    click.echo(f"{body['party']}: {body['fingerprint']}")
    click.echo("compare it with its owner by voice, before you trust what it signs", err=True)


def sent(body: Body) -> None:
    """The two files of a signed file."""
    if not body["files"]:
        click.echo("nothing new to send")
        return
    for path in body["files"]:
        click.echo(path)


def received(body: Body) -> None:
    """What each signed file brought."""
    for got in body["files"]:
        said = f"{_number(got['documents'], 'document')} with {_number(got['facts'], 'fact')}"
        click.echo(f"number {got['sequence']} from {got['sender']}: {said}")


def exchange_status(body: Body) -> None:
    """Keys, numbers and what waits."""
    for key in body["keys"]:
        click.echo(f"{key['party']}: {key['name']}  {key['fingerprint']}")
    for way, word in (("sent", f"to {body['other']}"), ("received", f"from {body['other']}")):
        last = body[way]
        click.echo(f"{word}: number {last['sequence']}  {last['digest']}" if last else f"{word}: nothing yet")
    seen = body["seen_by_other"]
    if seen:
        click.echo(f"{body['other']} has seen of ours: number {seen['sequence']}")
    click.echo(f"{_number(body['waiting'], 'document')} to send")
