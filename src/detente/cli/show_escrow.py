"""How sealed declarations, proofs and logs look in a terminal; nothing is computed here."""

from collections.abc import Mapping
from typing import Any

import click

from .show import _table as table

Body = Mapping[str, Any]


def sealed(body: Body) -> None:
    """The commitment, and what to do with each file."""
    click.echo(f"root {body['root']}")
    count = f"{body['sites']} sites with {body['entries']} entries are sealed"
    click.echo(f"{count}; {body['file']} shows none of it")
    if body["pdf"]:
        click.echo(str(body["pdf"]))
    click.echo(
        "next: give commitment.json to the other side; keep secret.json, which opens everything", err=True
    )


def revealed(body: Body) -> None:
    """What a reveal shows to whoever gets it."""
    for line in body["shown"]:
        click.echo(line)
    click.echo(f"root {body['root']}")
    for file in body["files"]:
        click.echo(file)


def verified(body: Body) -> None:
    """Each file with its verdict, its numbered steps, what it shows and what is owed."""
    for row in body["files"]:
        click.echo(f"{row['file']}: {row['verdict']}")
        click.echo(f"  root {row['root']}")
        for line in row["shown"]:
            click.echo(f"  shows: {line}")
        for step in row["steps"]:
            click.echo(f"  step {step['number']}: {step['text']}")
        for line in row["owed"]:
            click.echo(f"  you still owe: {line}")
    if not body["one_root"]:
        click.echo("these files are not of one declaration: their roots differ")


def key(body: Body) -> None:
    """The public half of a key."""
    click.echo(body["vkey"])
    click.echo(f"for cosignatures: {body['cosigner_vkey']}")
    click.echo(f"fingerprint: {body['fingerprint']}")


def stamp(body: Body) -> None:
    """What an authority says."""
    click.echo(f"the file existed at {body['time']}, says {body['authority']} (serial {body['serial']})")


def appended(body: Body) -> None:
    """Where new entries stand."""
    for index in body["entries"]:
        click.echo(f"entry {index}")
    _head(body)


def log(body: Body) -> None:
    """A checkpoint and the entries of its log."""
    _head(body)
    if body["entries"]:
        rows = [(str(e["index"]), e["kind"], e.get("sha256", "")[:16], _about(e)) for e in body["entries"]]
        table(("entry", "kind", "sha256", "about"), rows)


def _about(entry: Body) -> str:
    if "corrects" in entry:
        return f"corrects entry {entry['corrects']}"
    return f"root {entry['root'][:16]}" if "root" in entry else ""


def _head(body: Body) -> None:
    click.echo(f"{body['origin']}: {body['size']} entries, root {body['root']}")
    for line in body.get("signatures_unchecked", ()):
        click.echo(f"  states a signature of {line}")


def log_proof(body: Body) -> None:
    """The proof itself, or where it was written."""
    click.echo(body["file"] or body["proof"], nl=bool(body["file"]))


def consistency(body: Body) -> None:
    """A consistency proof, one hash a line."""
    click.echo(f"old {body['old']} root {body['old_root']}")
    click.echo(f"new {body['new']}")
    for hashed in body["hashes"]:
        click.echo(hashed)


def checked(body: Body) -> None:
    """What fsck went through."""
    click.echo(
        f"{body['origin']}: {body['entries']} entries and {body['tiles']} tiles lead to {body['root']}"
    )
    for name in body["signed"]:
        click.echo(f"signed by {name}")
    if not body["signed"]:
        click.echo("you still owe: who signed the checkpoint (--trust VKEY)")


def compared(body: Body) -> None:
    """How two copies stand to each other."""
    said = {
        "same": "both are the same history",
        "longer": "the first continues the second",
        "shorter": "the second continues the first",
        "split": "these are two histories of one log",
    }[body["relation"]]
    click.echo(f"{body['origin']}: {said}")
    for which in ("first", "second"):
        click.echo(f"  {which}: {body[which]['size']} entries, root {body[which]['root']}")
    if body["parts_at"] is not None:
        click.echo(f"  they part at entry {body['parts_at']}")
    if body["evidence"]:
        click.echo("  the two signed checkpoints are the evidence; --json prints both")
