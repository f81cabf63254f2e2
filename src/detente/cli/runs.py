"""Commands that run studies: once, over many samples, or against what was published."""

from collections.abc import Mapping
from pathlib import Path

import click

from .options import aim_option, as_json, case_argument, launch_option, position_option, set_option

EXIT_NO = 1


@click.command()
@case_argument
@click.argument("study")
@position_option
@set_option
@launch_option
@aim_option
@click.option(
    "--row", "rows", multiple=True, help="Only this row of a study without places; may be repeated."
)
@click.option("--radar", "radars", multiple=True, help="With watch: only this radar; may be repeated.")
@as_json
def run(
    case: str,
    study: str,
    position: str,
    settings: Mapping[str, str],
    launches: tuple[str, ...],
    aims: tuple[str, ...],
    rows: tuple[str, ...],
    radars: tuple[str, ...],
    json_wanted: bool,
) -> None:
    """Run STUDY on CASE under one position's figures: one row a launch area and sample point.

    Studies: reach (could an interceptor be there?), watch (which radar sees it, when, how well?),
    inventory (how many interceptors would a raid take?).
    """
    from detente import api

    from . import show

    outcome = api.run(
        case,
        study,
        position,
        settings,
        launches=launches or None,
        aims=aims or None,
        rows=rows or None,
        radars=radars or None,
    )
    show.notices(outcome.notices)
    show.result("run", outcome.model_dump(mode="json"), json_wanted, lambda _: show.outcome(outcome))


@click.command()
@case_argument
@click.argument("study")
@position_option
@click.option("--samples", type=int, required=True, help="How many samples of the open figures.")
@click.option(
    "--design",
    type=click.Choice(["lhs", "sobol", "own", "grid"]),
    default="lhs",
    show_default=True,
    help="How samples are drawn from the ranges and distributions of the position.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="The seed of the draws.")
@set_option
@launch_option
@aim_option
@click.option("--workers", type=int, help="Processes here; one for each processor by default.")
@click.option("--cluster", metavar="ADDRESS", help="The address of a dask scheduler.")
@click.option(
    "-o",
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="The folder of the run; the same command again goes on from what is finished there.",
)
@as_json
def sweep(
    case: str,
    study: str,
    position: str,
    samples: int,
    design: str,
    seed: int,
    settings: Mapping[str, str],
    launches: tuple[str, ...],
    aims: tuple[str, ...],
    workers: int | None,
    cluster: str | None,
    out: Path,
    json_wanted: bool,
) -> None:
    """Run STUDY over many samples of what a position leaves open, and keep the run in a folder.

    The same seed gives the same bytes, whatever the number of workers.
    """
    from detente import api

    from . import show

    with show.progress("samples") as tell:
        found = api.sweep_case(
            case,
            study,
            position,
            samples,
            out,
            design=design,
            seed=seed,
            settings=settings,
            launches=launches or None,
            aims=aims or None,
            workers=workers,
            cluster=cluster,
            progress=tell,
        )
    body = api.summary_rows(found, out)
    show.notices(body["notices"])
    show.result("sweep", body, json_wanted, show.sweep)


@click.command("verify-run")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--case", help="The case it was run on, where that is no longer where it was.")
@click.option("--chunks", type=int, help="Run only so many chunks again; all by default.")
@click.option("--workers", type=int, help="Processes here; one for each processor by default.")
@as_json
def verify_run(
    folder: Path, case: str | None, chunks: int | None, workers: int | None, json_wanted: bool
) -> None:
    """Check the run in FOLDER: its record, its digests, and its numbers by running it again."""
    from detente import api

    from . import show

    found = api.verify_run(folder, case, chunks=chunks, workers=workers)
    body = api.verification_rows(found, folder)
    show.notices(body["notices"])
    show.result("verify-run", body, json_wanted, show.verification)
    if not found.ok:
        raise click.exceptions.Exit(EXIT_NO)


@click.command()
@click.option("--only", metavar="WORD", help="Only rows with this word in their table, case or source.")
@as_json
def validate(only: str | None, json_wanted: bool) -> None:
    """Put published values beside our own, where we fail included. Exits 1 if an unexpected row is red."""
    from detente import api

    from . import show

    found = api.scoreboard(only)
    body = api.scoreboard_rows(found)
    show.result("validate", body, json_wanted, lambda rows: show.scoreboard(rows, whole=only is not None))
    if not body["ok"]:
        raise click.exceptions.Exit(EXIT_NO)
