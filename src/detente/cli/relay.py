"""Commands of the optional relay: run one, and visit one with a copy of a ledger."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from .escrow import EXIT_NO, file_path, passphrase_for_reading, passphrase_option
from .ledger import where_argument
from .options import as_json

pem = click.Path(exists=True, dir_okay=False, path_type=Path)
folder_argument = click.argument(
    "folder", metavar="RELAY", type=click.Path(exists=True, file_okay=False, path_type=Path)
)
database_option = click.option(
    "--database", metavar="URL", help="postgresql://USER@HOST/NAME in place of the SQLite file in the folder."
)
signing_key_option = click.option(
    "--signing-key", type=pem, required=True, help="The file of the key that signs its log, and names it."
)
evidence_option = click.option(
    "--evidence", type=file_path, help="Where to write the proof, if a log shows two histories."
)
Decorated = Callable[..., Any]


def all_of(*options: Callable[..., Any]) -> Callable[[Decorated], Decorated]:
    """Several options as one decorator, in this order on the help page."""

    def add(command: Decorated) -> Decorated:
        for option in reversed(options):
            command = option(command)
        return command

    return add


server_options = all_of(
    click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on."),
    click.option(
        "--port", type=click.IntRange(0, 65_535), show_default=True, default=8443, help="0 is any free one."
    ),
    click.option("--cert", type=pem, help="The server's certificate (PEM)."),
    click.option("--key", "tls_key", type=pem, help="The key of that certificate (PEM)."),
    click.option("--client-ca", type=pem, help="The authority whose certificates open the gate (PEM)."),
    click.option("--name", "names", multiple=True, help="A host name by which it is called."),
    click.option(
        "--a-minute", type=click.IntRange(1), default=600, show_default=True, help="Requests of each caller."
    ),
    click.option("--without-tls", is_flag=True, help="Plain HTTP, on this machine's loopback alone."),
)
visit_options = all_of(
    click.option(
        "--at", "url", required=True, envvar="DETENTE_RELAY", metavar="URL", help="The relay's address."
    ),
    click.option(
        "--relay-key", required=True, envvar="DETENTE_RELAY_KEY", metavar="VKEY|FILE", help="Its public key."
    ),
    click.option(
        "--key", type=pem, required=True, envvar="DETENTE_KEY", help="The file of your signing key."
    ),
    click.option("--cert", type=pem, envvar="DETENTE_CERT", help="Your certificate for its gate (PEM)."),
    click.option("--tls-key", type=pem, envvar="DETENTE_TLS_KEY", help="The key of that certificate (PEM)."),
    click.option("--ca", type=pem, envvar="DETENTE_CA", help="The authority of its certificate (PEM)."),
    evidence_option,
    passphrase_option,
    as_json,
)


def gate_of(
    host: str, cert: Path | None, tls_key: Path | None, client_ca: Path | None, without_tls: bool
) -> Any:
    """The gate of a server; None on loopback where that was said in so many words."""
    from detente.web.run import Gate, is_loopback

    if without_tls:
        if not is_loopback(host):
            raise click.UsageError(f"without TLS a server is for loopback alone, not for {host}")
        if cert or tls_key or client_ca:
            raise click.UsageError("--without-tls goes with no certificate")
        return None
    if cert is None or tls_key is None or client_ca is None:
        raise click.UsageError("give --cert, --key and --client-ca; on loopback --without-tls does")
    return Gate(cert, tls_key, client_ca)


def said_ready(what: str) -> Callable[[str], None]:
    """Tells on stdout where a server listens, once it does."""

    def ready(address: str) -> None:
        click.echo(f"{what} {address}")
        sys.stdout.flush()

    return ready


@click.group()
def relay() -> None:
    """A relay that takes signed files and gives them to their recipients; optional, and not trusted.

    Its operator: new, admit, serve, fsck. A party, with a copy of a ledger: push, pull, status.
    """


@relay.command()
@click.argument("folder", metavar="RELAY", type=click.Path(file_okay=False, path_type=Path))
@signing_key_option
@database_option
@passphrase_option
@as_json
def new(
    folder: Path, signing_key: Path, database: str | None, passphrase_file: Path | None, json_wanted: bool
) -> None:
    """Make a relay in the folder RELAY; make its key with `detente keys new`."""
    from detente import api

    from . import show, show_relay

    made = api.new_relay(
        folder, signing_key, database=database, passphrase=passphrase_for_reading(passphrase_file)
    )
    show.result("relay-new", made, json_wanted, show_relay.made)


@relay.command()
@folder_argument
@click.argument("vkey")
@click.option(
    "--as", "role", type=click.Choice(["party", "witness", "closed"]), default="party", show_default=True,
    help="A party sends and receives; a witness cosigns; a closed key does nothing any more.",
)  # fmt: skip
@database_option
@as_json
def admit(folder: Path, vkey: str, role: Any, database: str | None, json_wanted: bool) -> None:
    """Let RELAY know a public key VKEY; compare its fingerprint by voice. The log shows it to everybody."""
    from detente import api

    from . import show, show_relay

    body = api.relay_admit(folder, vkey, role, database=database)
    show.result("relay-admit", body, json_wanted, show_relay.admitted)


@relay.command()
@folder_argument
@signing_key_option
@server_options
@click.option("--largest", type=click.IntRange(1), help="Bytes of the largest file; 32,000,000 by default.")
@click.option("--a-day", type=click.IntRange(1), help="Bytes a sender and day; 500,000,000 by default.")
@database_option
@passphrase_option
def serve(
    folder: Path, signing_key: Path, host: str, port: int, cert: Path | None, tls_key: Path | None,
    client_ca: Path | None, names: tuple[str, ...], a_minute: int, without_tls: bool, largest: int | None,
    a_day: int | None, database: str | None, passphrase_file: Path | None,
) -> None:  # fmt: skip
    """Serve RELAY until it is interrupted; what is under way then is ended first.

    The gate is a client certificate of --client-ca, checked before anything is read. Who somebody is, his
    signature says.
    """
    from detente import api
    from detente.web.run import run_relay

    gate = gate_of(host, cert, tls_key, client_ca, without_tls)
    opened, key = api.open_relay(
        folder, signing_key, database=database, passphrase=passphrase_for_reading(passphrase_file),
        largest=largest, a_day=a_day,
    )  # fmt: skip
    run_relay(
        opened, key, host=host, port=port, gate=gate, names=names, a_minute=a_minute,
        ready=said_ready(f"relay {opened.origin} at"),
    )  # fmt: skip


@relay.command()
@folder_argument
@click.option(
    "--held", type=pem, multiple=True,
    help="A checkpoint that a party or a witness holds; the log must continue it.",
)  # fmt: skip
@evidence_option
@database_option
@as_json
def fsck(
    folder: Path, held: tuple[Path, ...], evidence: Path | None, database: str | None, json_wanted: bool
) -> None:
    """Check RELAY: its rows against its log, its log against what was cosigned. Exits 1 if anything differs.

    A relay that wrote everything anew with its own key is caught by --held alone.
    """
    from detente import api

    from . import show, show_ledger, show_relay

    with show_ledger.counting("entries checked") as tell:
        found = api.check_relay(folder, held, database=database, evidence=evidence, progress=tell)
    show.result("relay-fsck", found, json_wanted, show_relay.checked)
    if not found["ok"]:
        raise click.exceptions.Exit(EXIT_NO)


@relay.command()
@where_argument
@visit_options
def push(
    where: str, url: str, relay_key: str, key: Path, cert: Path | None, tls_key: Path | None, ca: Path | None,
    evidence: Path | None, passphrase_file: Path | None, json_wanted: bool,
) -> None:  # fmt: skip
    """Sign what the own party has notified, and hand in every signed file that the relay lacks.

    The same bytes as those of `detente exchange send`. Cut off anywhere, it goes on where it was.
    """
    from detente import api

    from . import show, show_relay

    handed = api.relay_push(
        where, api.relay_address(url, cert, tls_key, ca), relay_key, key,
        passphrase=passphrase_for_reading(passphrase_file), evidence=evidence,
    )  # fmt: skip
    show.result("relay-push", {"files": handed}, json_wanted, show_relay.pushed)


@relay.command()
@where_argument
@visit_options
def pull(
    where: str, url: str, relay_key: str, key: Path, cert: Path | None, tls_key: Path | None, ca: Path | None,
    evidence: Path | None, passphrase_file: Path | None, json_wanted: bool,
) -> None:  # fmt: skip
    """Take in every signed file that waits for you, in order, each whole or not at all.

    Each is checked as `detente exchange receive` does, and must stand in the relay's log.
    """
    from detente import api

    from . import show, show_relay

    got = api.relay_pull(
        where, api.relay_address(url, cert, tls_key, ca), relay_key, key,
        passphrase=passphrase_for_reading(passphrase_file), evidence=evidence,
    )  # fmt: skip
    show.result("relay-pull", {"files": got}, json_wanted, show_relay.pulled)


@relay.command()
@where_argument
@visit_options
@click.option("--witness", "witnesses", multiple=True, metavar="VKEY", help="The cosigner key of a witness.")
@click.option("--compare", type=pem, help="A checkpoint that the other side or a witness was shown.")
@click.option(
    "--checkpoint", type=file_path, help="Where to write the relay's checkpoint, to show to others."
)
def status(
    where: str, url: str, relay_key: str, key: Path, cert: Path | None, tls_key: Path | None, ca: Path | None,
    evidence: Path | None, passphrase_file: Path | None, json_wanted: bool, witnesses: tuple[str, ...],
    compare: Path | None, checkpoint: Path | None,
) -> None:  # fmt: skip
    """What waits each way, and whether the relay shows one history. Exits 1 where it does not."""
    from detente import api

    from . import show, show_relay

    found = api.relay_status(
        where, api.relay_address(url, cert, tls_key, ca), relay_key, key, witnesses=witnesses,
        compare=compare, passphrase=passphrase_for_reading(passphrase_file), evidence=evidence,
    )  # fmt: skip
    if checkpoint is not None:
        checkpoint.write_bytes(found["checkpoint"].encode())
    show.result("relay-status", found, json_wanted, show_relay.status)
