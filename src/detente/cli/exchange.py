"""Commands of the exchange by signed files between the two copies of a ledger."""

from pathlib import Path

import click

from .escrow import passphrase_for_reading, passphrase_option
from .ledger import where_argument
from .options import as_json


@click.group()
def exchange() -> None:
    """Notifications as signed files, from one copy of a ledger to the other; a memory stick will do.

    Make a key with `detente keys new`, pin both public keys in both ledgers, then send and receive.
    """


@exchange.command()
@where_argument
@click.argument("party")
@click.argument("vkey")
@as_json
def pin(where: str, party: str, vkey: str, json_wanted: bool) -> None:
    """Hold the public key VKEY to be PARTY's own from now on; compare the fingerprint by voice."""
    from detente import api

    from . import show, show_ledger

    show.result("exchange-pin", api.exchange_pin(where, party, vkey), json_wanted, show_ledger.pinned)


@exchange.command()
@where_argument
@click.option("--key", type=click.Path(dir_okay=False, path_type=Path), help="The file of the signing key.")
@click.option("--again", type=int, metavar="NUMBER", help="Write a signed file anew that was sent before.")
@click.option(
    "-o", "--out", type=click.Path(file_okay=False, path_type=Path), default=Path(),
    help="The folder to write it into; the present one by default.",
)  # fmt: skip
@passphrase_option
@as_json
def send(
    where: str,
    key: Path | None,
    again: int | None,
    out: Path,
    passphrase_file: Path | None,
    json_wanted: bool,
) -> None:
    """Sign what the own party has notified since the last signed file: NAME.jsonl and NAME.jsonl.note."""
    from detente import api

    from . import show, show_ledger

    if again is not None:
        body = {"sequence": again, "files": api.exchange_again(where, again, out)}
    elif key is None:
        raise click.UsageError("give --key, or --again for a file that was signed before")
    else:
        sent = api.exchange_send(where, key, out, passphrase=passphrase_for_reading(passphrase_file))
        body = sent or {"sequence": None, "files": []}
    show.result("exchange-send", body, json_wanted, show_ledger.sent)


@exchange.command()
@where_argument
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--received", metavar="TIME", help="When it came, GMT; now by default.")
@as_json
def receive(where: str, files: tuple[Path, ...], received: str | None, json_wanted: bool) -> None:
    """Take in signed FILES of the other party, each whole or not at all. Exits 1 at the first false one."""
    from detente import api

    from . import show, show_ledger

    stems = dict.fromkeys(str(file).removesuffix(".note") for file in files)
    got = [api.exchange_receive(where, stem, received) for stem in stems]
    show.result("exchange-receive", {"files": got}, json_wanted, show_ledger.received)


@exchange.command()
@where_argument
@as_json
def status(where: str, json_wanted: bool) -> None:
    """Pinned keys, the last signed file each way, and what waits to be sent."""
    from detente import api

    from . import show, show_ledger

    show.result("exchange-status", api.exchange_status(where), json_wanted, show_ledger.exchange_status)
