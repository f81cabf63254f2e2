"""Commands that seal a declaration, open parts of it, and check what the other side opens."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import click

from .options import as_json

EXIT_NO = 1
PASSPHRASE = "DETENTE_PASSPHRASE"  # noqa: S105 - the name of the variable, not what is in it

file_path = click.Path(dir_okay=False, path_type=Path)
folder_path = click.Path(file_okay=False, path_type=Path)
passphrase_option = click.option(
    "--passphrase-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=f"The passphrase is the first line of this file; {PASSPHRASE} in the environment does the same.",
)


def passphrase_for_reading(file: Path | None) -> Callable[[], str]:
    """Finds the passphrase when it turns out to be needed: file, environment, or a question."""
    return lambda: _given(file) or _asked(confirm=False)


def passphrase_for_writing(file: Path | None, wanted: bool) -> str | None:
    """The passphrase of a new secret; None where nobody wants one."""
    return _given(file) or (_asked(confirm=True) if wanted else None)


def _given(file: Path | None) -> str:
    if file is not None:
        first = file.read_text(encoding="utf-8").splitlines()[:1]
        if not first or not first[0]:
            raise click.UsageError(f"the first line of {file.name} is empty")
        return first[0]
    return os.environ.get(PASSPHRASE, "")


def _at_a_terminal() -> bool:
    return sys.stdin.isatty()


def _asked(confirm: bool) -> str:
    if not _at_a_terminal():
        raise click.UsageError(f"a passphrase is needed: set {PASSPHRASE}, or give --passphrase-file")
    asked: str = click.prompt("passphrase", hide_input=True, confirmation_prompt=confirm, err=True)
    return asked


@click.command()
@click.argument("declaration", type=click.Path(dir_okay=False, path_type=Path))
@click.option("-o", "--out", type=folder_path, required=True, help="The new folder to seal it into.")
@click.option("--title", help="Public from the outset: what this declaration is.")
@click.option("--party", help="Public from the outset: who declares.")
@click.option("--as-of", help="Public from the outset: the date for which it holds.")
@click.option(
    "--places",
    metavar="SITES,ENTRIES,FIELDS",
    help="Places of each level, so that size does not leak: 4096, 256 and 32 unless more are needed.",
)
@click.option("--encrypt", is_flag=True, help="Ask for a passphrase and keep the secret encrypted.")
@passphrase_option
@click.option("--pdf", type=file_path, help="Also write the commitment as PDF/A, its file inside.")
@as_json
def seal(
    declaration: Path,
    out: Path,
    title: str | None,
    party: str | None,
    as_of: str | None,
    places: str | None,
    encrypt: bool,
    passphrase_file: Path | None,
    pdf: Path | None,
    json_wanted: bool,
) -> None:
    """Seal DECLARATION (.csv, .toml or .xlsx with a column `site`): commit to all of it, show nothing.

    Give commitment.json to the other side. Keep secret.json: whoever has it can open everything.
    """
    from detente import api

    from . import show, show_escrow

    public = {"title": title, "party": party, "as_of": as_of}
    made = api.seal(
        declaration,
        out,
        public={key: text for key, text in public.items() if text},
        places=_places(places),
        passphrase=passphrase_for_writing(passphrase_file, encrypt),
    )
    body = made | {"pdf": str(api.declaration_pdf(made["file"], pdf)["file"]) if pdf else None}
    show.result("seal", body, json_wanted, show_escrow.sealed)


def _places(text: str | None) -> tuple[int, int, int] | None:
    if text is None:
        return None
    parts = text.split(",")
    if len(parts) != 3 or not all(part.strip().isdecimal() for part in parts):
        raise click.BadParameter(f'"{text}" is not SITES,ENTRIES,FIELDS, such as 4096,256,32')
    sites, entries, fields = (int(part) for part in parts)
    return sites, entries, fields


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--site", "sites", multiple=True, help="Open this site; may be repeated.")
@click.option("--entry", type=int, help="Of the site only this entry, counted from 1 in the order declared.")
@click.option("--field", "fields", multiple=True, help="Of the entry only this field; may be repeated.")
@click.option("--absent", multiple=True, help="Show that this site was never declared; may be repeated.")
@click.option("--all", "everything", is_flag=True, help="Open the whole declaration.")
@click.option("-o", "--out", type=file_path, required=True, help="The file to write, for the other side.")
@click.option("--pdf", type=file_path, help="Also write it as PDF/A, the file inside.")
@passphrase_option
@as_json
def reveal(
    folder: Path,
    sites: tuple[str, ...],
    entry: int | None,
    fields: tuple[str, ...],
    absent: tuple[str, ...],
    everything: bool,
    out: Path,
    pdf: Path | None,
    passphrase_file: Path | None,
    json_wanted: bool,
) -> None:
    """Open a part of the declaration sealed in FOLDER; everything else stays hidden.

    What the part shows, and what its opening leaks besides, is printed before you hand it over.
    """
    from detente import api

    from . import show, show_escrow

    made = api.reveal(
        folder,
        sites,
        entry=entry,
        fields=fields,
        absent=absent,
        everything=everything,
        passphrase=passphrase_for_reading(passphrase_file),
    )
    api.write_reveal(made, out)
    proof = api.proof_rows(api.verify(out, made["root"]))
    written = [str(out)] + ([api.declaration_pdf(out, pdf)["file"]] if pdf else [])
    body = {"file": str(out), "files": written, "root": made["root"], "shown": proof["shown"]}
    show.result("reveal", body, json_wanted, show_escrow.revealed)


trust_options = (
    click.option(
        "--trust", "log_keys", multiple=True, metavar="VKEY", help="Public key of the log, or a file of them."
    ),
    click.option(
        "--cosigner",
        "cosigners",
        multiple=True,
        metavar="VKEY",
        help="Public key of a party or witness that must have cosigned, or a file of them.",
    ),
)


@click.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--root", help="The root that was handed over at the outset, in hexadecimal.")
@trust_options[0]
@trust_options[1]
@click.option("--origin", help="The log that a proof or checkpoint must be of.")
@click.option(
    "--print-standalone", is_flag=True, help="Print the verifier that needs nothing of ours, one file."
)
@as_json
def verify(
    files: tuple[Path, ...],
    root: str | None,
    log_keys: tuple[str, ...],
    cosigners: tuple[str, ...],
    origin: str | None,
    print_standalone: bool,
    json_wanted: bool,
) -> None:
    """Check FILES: reveals, commitments, proofs of a log, checkpoints. Exits 1 at the first false one.

    Without --root a reveal is only consistent with its own root, and with those of the other files. The steps
    are numbered, and what you still owe yourself is printed last.
    """
    from detente import api

    from . import show, show_escrow

    if print_standalone:
        click.echo(api.standalone_verifier(), nl=False)
        return
    if not files:
        raise click.UsageError("name at least one file: checking nothing proves nothing")
    rows = []
    for file in files:
        proof = api.verify(file, root, log_keys=log_keys, cosigners=cosigners, origin=origin)
        rows.append({"file": str(file)} | api.proof_rows(proof))
    roots = {row["root"] for row in rows if row["kind"] in {"reveal", "commitment"}}
    body = {"ok": len(roots) <= 1, "one_root": len(roots) <= 1, "files": rows}
    show.result("verify", body, json_wanted, show_escrow.verified)
    if not body["ok"]:
        raise click.exceptions.Exit(EXIT_NO)


@click.group()
def keys() -> None:
    """Signing keys: made at random, encrypted at rest, never printed."""


@keys.command("new")
@click.argument("name")
@click.option("-o", "--out", type=file_path, required=True, help="The new file to keep the key in.")
@click.option(
    "--algorithm",
    type=click.Choice(["ed25519", "ml-dsa-44"]),
    default="ed25519",
    show_default=True,
    help="ml-dsa-44 makes cosignatures that a quantum computer does not break.",
)
@click.option(
    "--unencrypted", is_flag=True, help="Keep it without a passphrase: only where nobody else comes."
)
@passphrase_option
@as_json
def keys_new(
    name: str, out: Path, algorithm: str, unencrypted: bool, passphrase_file: Path | None, json_wanted: bool
) -> None:
    """Make a signing key under NAME, such as party-a.example/log, and print its public half."""
    from detente import api

    from . import show, show_escrow

    passphrase = None if unencrypted else passphrase_for_writing(passphrase_file, wanted=True)
    show.result("key", api.new_key(name, out, passphrase, algorithm), json_wanted, show_escrow.key)


@keys.command("show")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_json
def keys_show(file: Path, json_wanted: bool) -> None:
    """Print the public half of the key in FILE: give it to the other side, and compare the fingerprint."""
    from detente import api

    from . import show, show_escrow

    show.result("key", api.key_shown(file), json_wanted, show_escrow.key)


@click.group()
def timestamp() -> None:
    """Timestamps of a third party (RFC 3161): that a file existed at a time."""


@timestamp.command("ask")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("-o", "--out", type=file_path, required=True, help="The request to write (.tsq).")
def timestamp_ask(file: Path, out: Path) -> None:
    """Write the request for a timestamp of FILE; it holds the digest of FILE, and never FILE itself."""
    from detente import api

    out.write_bytes(api.timestamp_ask(file))
    click.echo(str(out))
    click.echo("next: send it to an authority as application/timestamp-query, keep its answer", err=True)


@timestamp.command("check")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("answer", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--roots",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    required=True,
    help="Root certificates that you trust for this, in PEM.",
)
@click.option(
    "--request",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The request that was sent: the answer must be to it.",
)
@as_json
def timestamp_check(file: Path, answer: Path, roots: Path, request: Path | None, json_wanted: bool) -> None:
    """Check the ANSWER (.tsr) of an authority about FILE, offline. Exits 1 where it is about another file."""
    from detente import api

    from . import show, show_escrow

    found = api.timestamp_check(file, answer, roots, request)
    show.result("timestamp", found, json_wanted, show_escrow.stamp)
