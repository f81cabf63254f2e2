"""The command line: a thin face over detente.api; progress and notices on stderr, results on stdout.

Exit codes: 0 done, 1 a check that fails, 2 wrong usage or invalid input, 3 an optional part is
missing, 4 an internal fault, 130 interrupted. Heavy imports stand inside the commands.
"""

import os
import sys
from pathlib import Path
from typing import Any

import click

from .agreements import COMMANDS as AGREEMENTS
from .escrow import keys, reveal, seal, timestamp, verify
from .escrow_log import log
from .exchange import exchange
from .inspect import inspect
from .ledger import ledger
from .options import as_json, between_option, case_argument
from .reading import read
from .record import record
from .relay import relay
from .runs import cover, run, sweep, validate, verify_run
from .schedules import COMMANDS as SCHEDULES
from .witness import witness

EXIT_NO, EXIT_INPUT, EXIT_MISSING, EXIT_INTERNAL, EXIT_INTERRUPTED = 1, 2, 3, 4, 130


class _Faults(click.Group):
    """Turns every refusal into one clear message on stderr and the exit code that belongs to it."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except KeyboardInterrupt:
            click.echo("interrupted", err=True)
            ctx.exit(EXIT_INTERRUPTED)
        except BrokenPipeError:
            # the reader of our output went away: not a fault, and nothing more can be said there
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(0)
        except Exception as fault:
            ctx.exit(_explain(fault))


def _explain(fault: Exception) -> int:
    """Print a fault as a person needs it and give its exit code."""
    if isinstance(fault, ImportError):
        click.echo(f"error: a part is missing: {fault}", err=True)
        return EXIT_MISSING
    from detente.api import DetenteError, EscrowError, TamperedError

    if isinstance(fault, EscrowError):
        click.echo(f"error: {fault}", err=True)
        return EXIT_NO if isinstance(fault, TamperedError) else EXIT_INPUT
    if isinstance(fault, DetenteError):
        click.echo(f"error: {fault}", err=True)
        return EXIT_INPUT
    if isinstance(fault, OSError):
        click.echo(f"error: {fault.strerror or fault}: {fault.filename or ''}".rstrip(": "), err=True)
        return EXIT_INPUT
    if os.environ.get("DETENTE_DEBUG"):
        raise fault
    click.echo(f"internal error: {type(fault).__name__}: {fault}", err=True)
    click.echo("  this is our fault, not yours; DETENTE_DEBUG=1 shows where it happened", err=True)
    return EXIT_INTERNAL


@click.group(cls=_Faults, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="detente", prog_name="detente")
def cli() -> None:
    """Run both sides' numbers, from what was said to what can be verified.

    Under A's stated assumptions the open model gives X; under B's, Y; the smallest change that
    flips it is Z. Never who is right.
    """


@cli.command()
@as_json
def cases(json_wanted: bool) -> None:
    """List the shipped cases."""
    from detente import api

    from . import show

    found = api.cases()
    show.result("cases", {"cases": [summary.model_dump() for summary in found]}, json_wanted, show.cases)


@cli.command()
@case_argument
@as_json
def check(case: str, json_wanted: bool) -> None:
    """Check a case folder; every problem is listed in one run. Exits 1 if there is any."""
    from detente import api

    from . import show

    problems = api.check(case)
    rows = [problem.as_row() for problem in problems]
    body = {"case": case, "ok": not problems, "problems": rows}
    show.result("check", body, json_wanted, lambda _: show.problems(case, problems))
    if problems:
        raise click.exceptions.Exit(EXIT_NO)


@cli.command()
@click.argument("name")
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="The folder to make it in; the present one by default.",
)
def new(name: str, into: Path) -> None:
    """Make a new case folder NAME with commented files that already run."""
    from detente import api

    folder = api.new(name, into)
    click.echo(str(folder))
    click.echo(f"next: detente check {folder}; detente brief {folder}", err=True)


@cli.command()
@click.argument("name", required=False)
def schema(name: str | None) -> None:
    """Print the JSON Schema of a kind of file, or list the kinds."""
    import json

    from detente import api

    if name is None:
        click.echo("\n".join(api.schemas()))
    else:
        click.echo(json.dumps(api.schema(name), indent=2, ensure_ascii=False))


@cli.command()
@case_argument
@click.argument("claim")
@between_option
@as_json
def crux(case: str, claim: str, between: tuple[str, str] | None, json_wanted: bool) -> None:
    """Which assumptions make two positions differ on CLAIM, and what flips each conclusion."""
    from detente import api

    from . import show

    found = api.case_crux(case, claim, between)
    body = api.crux_rows(found, case, claim, between)
    show.result("crux", body, json_wanted, lambda _: show.crux(found, body))


@cli.command()
@case_argument
@between_option
@click.option("-o", "--out", type=click.Path(path_type=Path), help="The page to write; CASE.html by default.")
@click.option(
    "--figures",
    type=click.Path(file_okay=False, path_type=Path),
    help="Also write every figure as PNG and SVG into this folder.",
)
@as_json
def brief(
    case: str, between: tuple[str, str] | None, out: Path | None, figures: Path | None, json_wanted: bool
) -> None:
    """Write the brief on CASE: one page for both delegations, in one self-contained file."""
    from detente import api

    from . import show

    composed = api.brief(case, between)
    written = api.write_brief(composed, out or Path(f"{composed.case}.html"))
    exported = api.export_figures(composed, figures) if figures else ()
    show.notices(composed.notices)
    body = {
        "page": str(written),
        "figures": [str(path) for path in exported],
        "brief": composed.model_dump(mode="json"),
    }
    show.result("brief", body, json_wanted, lambda _: show.brief(composed, written, exported))


@cli.command()
@click.option("--range-km", type=float, required=True, help="Ground range in km.")
@click.option("--apogee-km", type=float, help="Published highest altitude in km.")
@click.option("--published-s", type=float, help="Published time of flight in s.")
@as_json
def flight(range_km: float, apogee_km: float | None, published_s: float | None, json_wanted: bool) -> None:
    """Minimum-energy free flight over a range; or whether a published flight is possible."""
    from detente import api

    from . import show

    found = api.flight(range_km, apogee_km, published_s)
    show.result("flight", api.flight_rows(found), json_wanted, lambda rows: show.flight(found, rows))


@cli.command()
@click.argument("case", metavar="CASE", required=False)
@as_json
def sources(case: str | None, json_wanted: bool) -> None:
    """List the sources of CASE (of every shipped case without one) and who has read them."""
    from detente import api

    from . import show

    found = api.sources(case)
    show.result("sources", {"sources": found}, json_wanted, show.sources)


@cli.command()
@click.option("-o", "--out", type=click.Path(path_type=Path), help="The page to write.")
def demo(out: Path | None) -> None:
    """Write the brief on the shipped case European site, 2007 into the present folder."""
    from detente import api

    from . import show

    composed = api.brief("european-site-2007")
    written = api.write_brief(composed, out or Path(f"{composed.case}.html"))
    show.brief(composed, written, ())


COMMANDS: tuple[click.Command, ...] = (
    *(run, cover, sweep, verify_run, validate),
    *AGREEMENTS,
    *SCHEDULES,
    inspect,
    *(seal, reveal, verify, log, keys, timestamp),
    *(ledger, exchange, relay, witness),
    *(read, record),
)
for command in COMMANDS:
    cli.add_command(command)


def main() -> None:
    """The entry point `detente`."""
    try:
        cli(prog_name="detente", standalone_mode=True)
    except KeyboardInterrupt:
        sys.exit(EXIT_INTERRUPTED)
