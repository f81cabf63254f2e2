"""Commands of a witness: cosign logs that only grow, and check the evidence against one that did not."""

import sys
import time
from pathlib import Path
from typing import Any

import click

from .escrow import EXIT_NO, passphrase_for_reading, passphrase_option, trust_options
from .options import as_json
from .relay import all_of, gate_of, pem, said_ready, server_options

state_argument = click.argument("folder", metavar="STATE", type=click.Path(file_okay=False, path_type=Path))
witness_options = all_of(
    click.option("--signing-key", type=pem, required=True, help="The file of the witness's signing key."),
    trust_options[0],
    passphrase_option,
)


@click.group()
def witness() -> None:
    """A witness cosigns a log's checkpoint only if it continues the last; it need not trust the log."""


@witness.command()
@state_argument
@witness_options
@click.option(
    "--log", "places", multiple=True, required=True, metavar="URL|PATH",
    help="Where a log is shown: a relay, a file server, a folder, an archive. Repeat it to compare views.",
)  # fmt: skip
@click.option("--cert", type=pem, envvar="DETENTE_CERT", help="Your certificate for a relay's gate (PEM).")
@click.option("--tls-key", type=pem, envvar="DETENTE_TLS_KEY", help="The key of that certificate (PEM).")
@click.option("--ca", type=pem, envvar="DETENTE_CA", help="The authority of the relay's certificate (PEM).")
@click.option("--every", type=click.FloatRange(0.05), default=60.0, show_default=True, help="Seconds.")
@click.option("--once", is_flag=True, help="One round, and its result on stdout.")
@as_json
def run(
    folder: Path, signing_key: Path, log_keys: tuple[str, ...], passphrase_file: Path | None,
    places: tuple[str, ...], cert: Path | None, tls_key: Path | None, ca: Path | None, every: float,
    once: bool, json_wanted: bool,
) -> None:  # fmt: skip
    """Cosign every log that continues the checkpoint in STATE, round after round; exits 1 for a split view.

    What was seen is on the disk before a cosignature leaves. Evidence of two histories stays in STATE.
    """
    from detente import api

    from . import show, show_relay

    _keys_given(log_keys)
    sources = [api.relay_address(p, cert, tls_key, ca) if "://" in p else Path(p) for p in places]
    passphrase = passphrase_for_reading(passphrase_file)
    word: list[str] = []

    def asked() -> str:
        word[:] = word or [passphrase()]
        return word[0]

    while True:
        rows = api.witness_round(folder, signing_key, log_keys, sources, passphrase=asked)
        body = {"logs": rows}
        show.result("witness-run", body, json_wanted, show_relay.witnessed)
        sys.stdout.flush()
        if any(row["state"] == "split" for row in rows):
            raise click.exceptions.Exit(EXIT_NO)
        if once:
            if any(row["state"] != "cosigned" for row in rows):
                raise click.exceptions.Exit(EXIT_NO)
            return
        time.sleep(every)


@witness.command()
@state_argument
@witness_options
@server_options
def serve(
    folder: Path, signing_key: Path, log_keys: tuple[str, ...], passphrase_file: Path | None, host: str,
    port: int, cert: Path | None, tls_key: Path | None, client_ca: Path | None, names: tuple[str, ...],
    a_minute: int, without_tls: bool,
) -> None:  # fmt: skip
    """Answer `add-checkpoint` (C2SP tlog-witness) until it is interrupted."""
    from detente import api
    from detente.web.run import run_witness

    _keys_given(log_keys)
    gate = gate_of(host, cert, tls_key, client_ca, without_tls)
    key = api.witness_key(signing_key, passphrase_for_reading(passphrase_file))
    run_witness(
        key, lambda body: api.witness_request(folder, key, log_keys, body), host=host, port=port,
        gate=gate, names=names, a_minute=a_minute,
        ready=said_ready(f"witness {key.name} at"),
    )  # fmt: skip


@witness.command()
@click.argument("evidence", type=pem)
@trust_options[0]
@as_json
def check(evidence: Path, log_keys: tuple[str, ...], json_wanted: bool) -> None:
    """Check EVIDENCE that a log showed two histories. Exits 0 if it proves that, 1 or 2 if it does not."""
    from detente import api

    from . import show, show_relay

    _keys_given(log_keys)
    found: dict[str, Any] = api.witness_check(evidence, log_keys)
    show.result("witness-check", found, json_wanted, show_relay.proved)


def _keys_given(log_keys: tuple[str, ...]) -> None:
    if not log_keys:
        raise click.UsageError("give --trust, the public key of each log")
