"""How a relay and a witness look in a terminal."""

from collections.abc import Mapping
from typing import Any

import click

Body = Mapping[str, Any]


def made(body: Body) -> None:
    """The public key to give to the parties."""
    click.echo(body["vkey"])
    click.echo("give this line to both parties; then admit their keys: detente relay admit", err=True)


def admitted(body: Body) -> None:
    """The fingerprint to compare."""
    click.echo(f"{body['role']}: {body['fingerprint']}")
    click.echo("compare it with its owner by voice; the log shows it with the next file or start", err=True)


def checked(body: Body) -> None:
    """Every problem of a relay, and what was not compared."""
    for problem in body["problems"]:
        way_out = f"\n  way out: {problem['way_out']}" if problem["way_out"] else ""
        click.echo(f"{problem['rule']}{way_out}")
    files = f"{body['entries']} entries, {body['envelopes']} signed files"
    click.echo(f"{files}: {'sound' if body['ok'] else 'changed'}")
    point = body["checkpoint"]
    if point is not None:
        click.echo(f"{point['origin']}: {point['size']} entries, root {point['root']}")
    if body["not_logged_yet"]:
        click.echo(f"not logged yet, which the next start does: {body['not_logged_yet']} entries", err=True)
    if body["evidence"]:
        click.echo(f"evidence of two histories: {body['evidence']}")
    if not body["compared"]:
        click.echo(
            "not held against a checkpoint from elsewhere: all of it written anew would not show", err=True
        )


def pushed(body: Body) -> None:
    """What was handed in, and where it was logged."""
    for file in body["files"]:
        click.echo(f"number {file['sequence']} is entry {file['index']} of the relay's log")
    if not body["files"]:
        click.echo("nothing new to hand in")


def pulled(body: Body) -> None:
    """What came."""
    for file in body["files"]:
        said = f"{file['documents']} documents with {file['facts']} facts"
        click.echo(f"number {file['sequence']} from {file['sender']}: {said}")
    if not body["files"]:
        click.echo("nothing waits")


def status(body: Body) -> None:
    """What waits, and what the relay's log is now."""
    click.echo(f"to sign: {body['to_sign']}; to push: {body['to_push']}; to pull: {body['to_pull']}")
    click.echo(f"{body['relay']}: {body['size']} entries, root {body['root']}")
    click.echo("it continues what this ledger saw before")
    if body["compared"]:
        click.echo("it continues the checkpoint that was given")
    for row in body["witnessed"]:
        click.echo(f"{row['name']} has cosigned {row['size']} of {body['size']} entries")
    if not body["witnessed"]:
        click.echo("not held against a witness: --witness VKEY", err=True)


def witnessed(body: Body) -> None:
    """What a round found of each log."""
    for row in body["logs"]:
        places = ", ".join(row["places"])
        if row["state"] == "cosigned":
            click.echo(f"{row['log']}: {row['size']} entries cosigned ({places})")
        else:
            click.echo(f"{row['log']}: {row['state']} ({places}): {row['said']}")
        if row["evidence"]:
            click.echo(f"evidence: {row['evidence']}")


def proved(body: Body) -> None:
    """The two histories."""
    first, second = body["first"], body["second"]
    click.echo(f"proved: {body['origin']} signed two histories")
    for row in (first, second):
        click.echo(f"{row['size']} entries, root {row['root']}")
    click.echo("the larger does not begin with the smaller, and both are signed by the log's own key")
