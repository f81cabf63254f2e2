"""Commands that run studies: once, over many samples, or against what was published."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

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
@click.option(
    "--radar", "radars", multiple=True, help="With watch or engage: only this radar; may be repeated."
)
@click.option(
    "-o", "--out", type=click.Path(dir_okay=False, path_type=Path), help="Also write a file: .csv or .nc."
)
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
    out: Path | None,
    json_wanted: bool,
) -> None:
    """Run STUDY on CASE under one position's figures: one row a launch area and sample point.

    Studies: reach (could an interceptor be there?), watch (which radar sees it, when, how well?),
    engage (from which cue on, in which windows, with how many shots?), inventory (how many interceptors
    would a raid take?), cover (over which land?), inspect (how likely do inspections find it?), limit (do
    launchers keep within a ceiling?).
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
    written = [api.write_outcome(outcome, out)] if out else []
    show.notices(outcome.notices)
    show.result("run", outcome.model_dump(mode="json"), json_wanted, lambda _: show.outcome(outcome))
    show.files(written)


@click.command()
@case_argument
@position_option
@set_option
@launch_option
@click.option("--site", "sites", multiple=True, help="This interceptor site in place of the position's own.")
@click.option(
    "--by",
    type=click.Choice(["country", "cell", "point"]),
    default="country",
    show_default=True,
    help="One row a country, a cell of land, or a sample point of the case.",
)
@click.option("--against", metavar="POSITION", help="Compare with a second position, cell by cell.")
@click.option(
    "--radar",
    "radars",
    multiple=True,
    help="Start the clock with a firm track of this radar; repeated: of these together.",
)
@click.option("--land", "lands", multiple=True, help="Only rows of this country; may be repeated.")
@click.option(
    "--apart", is_flag=True, help="What each named site and radar adds: together, alone, and all but one."
)
@click.option("--draws", type=int, help="How likely, by so many draws from what the position leaves open.")
@click.option("--seed", type=int, default=0, show_default=True, help="The seed of the draws.")
@click.option(
    "--map", "picture", type=click.Path(dir_okay=False, path_type=Path), help="Also draw a map: .svg or .png."
)
@click.option(
    "-o",
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Also write a file: .geojson, .kml, .czml, .nc or .csv.",
)
@as_json
def cover(
    case: str,
    position: str,
    settings: Mapping[str, str],
    launches: tuple[str, ...],
    sites: tuple[str, ...],
    by: Literal["country", "cell", "point"],
    against: str | None,
    radars: tuple[str, ...],
    lands: tuple[str, ...],
    apart: bool,
    draws: int | None,
    seed: int,
    picture: Path | None,
    out: Path | None,
    json_wanted: bool,
) -> None:
    """Over which land a position could reach missiles: by country, cell of land, or sample point.

    Kinematic reach is an upper bound on defense; every row, file and map says so.
    """
    from detente import api

    from . import show

    found = api.cover(
        case,
        position,
        settings,
        launches=launches or None,
        sites=sites or None,
        by=by,
        against=against,
        draws=draws,
        seed=seed,
        radars=radars or None,
        apart=apart,
        lands=lands,
    )
    written = [api.draw_cover(found, picture)] if picture else []
    written += [api.write_cover(found, out)] if out else []
    show.notices(found.rows.notices)
    body = found.rows.model_dump(mode="json") | {"files": [str(path) for path in written]}
    show.result("cover", body, json_wanted, lambda _: show.outcome(found.rows))
    show.files(written)


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
@click.option("--vary", "vary", multiple=True, help="Only this open figure varies; may be repeated.")
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
    vary: tuple[str, ...],
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
            vary=vary,
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

    from . import show, show_reading

    body: dict[str, Any] = {"ok": True, "counts": {}, "rows": []}
    if only != "readings":
        body = api.scoreboard_rows(api.scoreboard(only))
    if only in {None, "readings"}:
        body["readings"] = api.reading_score_rows(api.reading_scores())
        body["ok"] = body["ok"] and not any(row["below"] for row in body["readings"])
    show.result(
        "validate", body, json_wanted, lambda rows: show_reading.validated(rows, whole=only is not None)
    )
    if not body["ok"]:
        raise click.exceptions.Exit(EXIT_NO)
