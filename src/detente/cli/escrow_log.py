"""Commands of the log: add to it, prove from it, check it, compare it with another copy, cosign it."""

import time
from pathlib import Path
from typing import Literal

import click

from .escrow import file_path, passphrase_for_reading, passphrase_option, trust_options
from .options import as_json

EXIT_NO = 1
log_argument = click.argument("log_path", metavar="LOG", type=click.Path(exists=True, path_type=Path))
key_option = click.option(
    "--key",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    required=True,
    help="The file of your signing key.",
)


@click.group()
def log() -> None:
    """An append-only log in a folder that any file server can serve; LOG is its folder or its archive."""


@log.command()
@click.argument("folder", metavar="LOG", type=click.Path(file_okay=False, path_type=Path))
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@key_option
@click.option("--origin", help="The name of a new log; the name of the key unless stated.")
@click.option(
    "--kind",
    type=click.Choice(["root", "reveal", "notification", "correction"]),
    help="What the files are, where it does not follow from their content.",
)
@click.option("--corrects", type=int, metavar="INDEX", help="The entry that the file corrects.")
@passphrase_option
@as_json
def append(
    folder: Path,
    files: tuple[Path, ...],
    key: Path,
    origin: str | None,
    kind: Literal["root", "reveal", "notification", "correction"] | None,
    corrects: int | None,
    passphrase_file: Path | None,
    json_wanted: bool,
) -> None:
    """Add one entry for each of FILES to LOG and sign the new checkpoint; a missing log is begun."""
    from detente import api

    from . import show, show_escrow

    made = api.log_append(
        folder,
        files,
        key,
        passphrase=passphrase_for_reading(passphrase_file),
        origin=origin,
        kind=kind,
        corrects=corrects,
    )
    show.result("log-append", made, json_wanted, show_escrow.appended)


@log.command("show")
@log_argument
@as_json
def log_show(log_path: Path, json_wanted: bool) -> None:
    """What LOG holds: its checkpoint and one line an entry. `fsck` is the command that checks."""
    from detente import api

    from . import show, show_escrow

    show.result("log", api.log_show(log_path), json_wanted, show_escrow.log)


@log.command()
@log_argument
@click.argument("index", type=int, required=False)
@click.option("--from", "old", type=int, help="Prove that the log of so many entries is its beginning.")
@click.option("-o", "--out", type=file_path, help="The file to write the proof of an entry to.")
@as_json
def prove(log_path: Path, index: int | None, old: int | None, out: Path | None, json_wanted: bool) -> None:
    """Prove that entry INDEX (from 0) stands in LOG; or, with --from, that its history was only extended."""
    from detente import api

    from . import show, show_escrow

    if (index is None) == (old is None):
        raise click.UsageError("give the index of an entry, or --from the size of an older log")
    if old is not None:
        show.result("consistency", api.log_consistency(log_path, old), json_wanted, show_escrow.consistency)
        return
    proof = api.log_prove(log_path, index if index is not None else 0)
    if out is not None:
        out.write_bytes(proof)
    body = {"index": index, "file": str(out) if out else None, "proof": proof.decode()}
    show.result("log-proof", body, json_wanted, show_escrow.log_proof)


@log.command()
@log_argument
@trust_options[0]
@as_json
def fsck(log_path: Path, log_keys: tuple[str, ...], json_wanted: bool) -> None:
    """Check every entry, tile and hash of LOG, and its signature with --trust. Exits 1 at a fault."""
    from detente import api

    from . import show, show_escrow

    found = api.log_fsck(log_path, log_keys)
    show.notices(f"left by an interrupted append, no fault: {name}" for name in found["strays"])
    show.result("log-fsck", found, json_wanted, show_escrow.checked)


@log.command()
@log_argument
@click.argument("other", type=click.Path(exists=True, path_type=Path))
@trust_options[0]
@click.option("--evidence", type=file_path, help="Where to write the proof of two histories, for everybody.")
@as_json
def compare(
    log_path: Path, other: Path, log_keys: tuple[str, ...], evidence: Path | None, json_wanted: bool
) -> None:
    """Compare LOG with OTHER: another copy, or a checkpoint kept from before. Exits 1 for two histories."""
    from detente import api

    from . import show, show_escrow

    found = api.log_compare(log_path, other, log_keys, evidence)
    show.result("log-compare", found, json_wanted, show_escrow.compared)
    if not found["ok"]:
        raise click.exceptions.Exit(EXIT_NO)


@log.command()
@log_argument
@key_option
@trust_options[0]
@click.option(
    "--seen",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The checkpoint that you cosigned last: LOG must continue it.",
)
@click.option("-o", "--out", type=file_path, required=True, help="The cosigned checkpoint to write.")
@passphrase_option
def cosign(
    log_path: Path,
    key: Path,
    log_keys: tuple[str, ...],
    seen: Path | None,
    out: Path,
    passphrase_file: Path | None,
) -> None:
    """Check all of LOG, and that it continues what you saw before; then cosign its checkpoint."""
    from detente import api

    made = api.log_cosign(
        log_path,
        key,
        log_keys,
        int(time.time()),
        seen=seen,
        passphrase=passphrase_for_reading(passphrase_file),
    )
    out.write_bytes(made)
    click.echo(str(out))
    click.echo(f"next: give {out.name} back, and keep it: --seen {out.name} the next time", err=True)


@log.command()
@click.argument("folder", metavar="LOG", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("checkpoint", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@trust_options[1]
@as_json
def accept(folder: Path, checkpoint: Path, cosigners: tuple[str, ...], json_wanted: bool) -> None:
    """Take the cosignatures in CHECKPOINT into your own LOG, each checked against --cosigner."""
    from detente import api

    from . import show, show_escrow

    made = api.log_accept(folder, checkpoint, cosigners)
    show.result("log", made | {"entries": []}, json_wanted, show_escrow.log)


@log.command("pack")
@click.argument("folder", metavar="LOG", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("-o", "--out", type=file_path, required=True, help="The archive to write (.zip).")
def log_pack(folder: Path, out: Path) -> None:
    """Put LOG into one archive for a memory stick; every command reads it without unpacking."""
    from detente import api

    click.echo(str(api.log_pack(folder, out)["archive"]))
