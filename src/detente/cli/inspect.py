"""Commands on inspections: samples, sites, games, plans, and a draw that neither side can steer."""

from collections.abc import Callable
from pathlib import Path

import click

from .options import as_json

EXIT_NO = 1


def _parts(
    least: int, most: int
) -> Callable[[click.Context, click.Parameter, tuple[str, ...]], tuple[tuple[int, ...], ...]]:
    """Reads whole numbers with commas between, such as 20,2 for one site."""

    def read(
        ctx: click.Context, param: click.Parameter, texts: tuple[str, ...]
    ) -> tuple[tuple[int, ...], ...]:
        found = []
        for text in texts:
            try:
                numbers = tuple(int(part) for part in text.split(","))
            except ValueError:
                numbers = ()
            if not least <= len(numbers) <= most:
                rule = f'"{text}" is not whole numbers with commas between: {param.metavar}'
                raise click.BadParameter(rule, ctx, param)
            found.append(numbers)
        return tuple(found)

    return read


_items = click.option("--items", type=int, required=True, help="Items declared.")
_quality = click.option(
    "--quality", default="1", show_default=True, help="Chance that a defect looked at is recognised."
)
_years = click.option("--years", type=int, default=1, show_default=True, help="Independent years added up.")


@click.group()
def inspect() -> None:
    """What inspections would find: samples, sites, games, plans, draws.

    Always a curve or a range, never a lone pass or fail; how likely a violation is, is never supplied.
    """


@inspect.command()
@_items
@click.option("--defects", type=int, required=True, help="Items that are not as declared.")
@click.option("--sample", type=int, required=True, help="Items inspected in a year.")
@_quality
@_years
@click.option(
    "--false-alarm",
    type=float,
    default=0.0,
    show_default=True,
    help="Chance that a sound item looks like a defect.",
)
@click.option("--accept", type=int, default=0, show_default=True, help="Positives that raise no alarm.")
@as_json
def power(
    items: int,
    defects: int,
    sample: int,
    quality: str,
    years: int,
    false_alarm: float,
    accept: int,
    json_wanted: bool,
) -> None:
    """How likely a random sample finds at least one defect, with the curve around it and both errors."""
    from detente import api

    from . import show, show_inspect

    found = api.inspect_power(
        items, defects, sample, quality=quality, years=years, false_alarm=false_alarm, accepted=accept
    )
    show.result("inspect-power", found.as_rows(), json_wanted, lambda _: show_inspect.finding(found))


@inspect.command()
@_items
@click.option("--defects", type=int, required=True, help="Smallest number of defects that must be found.")
@click.option("--confidence", required=True, help="Chance of finding one that is asked for, such as 0.95.")
@_quality
@_years
@as_json
def size(items: int, defects: int, confidence: str, quality: str, years: int, json_wanted: bool) -> None:
    """The smallest sample a year for a confidence, exact and by the safeguards approximation.

    Exits 1 where not even looking at every item is enough.
    """
    from detente import api

    from . import show, show_inspect

    found = api.inspect_size(items, defects, confidence, quality=quality, years=years)
    show.result("inspect-size", found.as_rows(), json_wanted, lambda _: show_inspect.finding(found))
    if found["sample"] is None:
        raise click.exceptions.Exit(EXIT_NO)


@inspect.command()
@_items
@click.option("--sample", type=int, help="Items inspected: the curve runs over the number of defects.")
@click.option("--defects", type=int, help="Defects: the curve runs over the sample.")
@_quality
@_years
@click.option(
    "-o", "--out", type=click.Path(dir_okay=False, path_type=Path), help="Also draw it: .svg or .png."
)
@as_json
def curve(
    items: int,
    sample: int | None,
    defects: int | None,
    quality: str,
    years: int,
    out: Path | None,
    json_wanted: bool,
) -> None:
    """The detection curve of a sample over the number of defects, or of a number of defects over the
    sample.
    """
    from detente import api

    from . import show, show_inspect

    found = api.inspect_curve(items, sample=sample, defects=defects, quality=quality, years=years)
    written = [api.draw_curve(found, out)] if out else []
    body = found.as_rows() | {"files": [str(path) for path in written]}
    show.result("inspect-curve", body, json_wanted, lambda _: show_inspect.finding(found))
    show.files(written)


@inspect.command()
@click.option(
    "--site",
    "sites",
    callback=_parts(2, 3),
    multiple=True,
    required=True,
    metavar="ITEMS,SAMPLE[,DEFECTS]",
    help="One site; repeat it.",
)
@click.option("--defects", type=int, help="Defects in all, spread where they are found least often.")
@_quality
@as_json
def sites(sites: tuple[tuple[int, ...], ...], defects: int | None, quality: str, json_wanted: bool) -> None:
    """Several sites sampled independently: the power for defects as given, or hidden where they hide best."""
    from detente import api

    from . import show, show_inspect

    placed = [site[2] for site in sites if len(site) == 3]
    found = api.inspect_sites(
        [site[0] for site in sites],
        [site[1] for site in sites],
        defects=placed or None,
        total=defects,
        quality=quality,
    )
    show.result("inspect-sites", found.as_rows(), json_wanted, lambda _: show_inspect.finding(found))


@inspect.command()
@click.option("--p0", type=float, required=True, help="Share of defects that is to be accepted.")
@click.option("--p1", type=float, required=True, help="Larger share that is to be rejected.")
@click.option("--alpha", type=float, required=True, help="Allowed chance of rejecting the first.")
@click.option("--beta", type=float, required=True, help="Allowed chance of accepting the second.")
@click.option(
    "--most", type=int, default=500, show_default=True, help="Items after which the exact sums stop."
)
@click.option("--observed", default="", help="Items in order, 0 sound and 1 defect, such as 00010.")
@as_json
def sequential(
    p0: float, p1: float, alpha: float, beta: float, most: int, observed: str, json_wanted: bool
) -> None:
    """Wald's sequential test of a share of defects: when one can stop looking, with its exact errors."""
    from detente import api

    from . import show, show_inspect

    found = api.inspect_sequential(p0, p1, alpha, beta, most=most, observed=observed)
    show.result("inspect-sequential", found.as_rows(), json_wanted, lambda _: show_inspect.finding(found))


@inspect.command()
@click.option("--periods", type=int, help="Periods in which a violation could happen.")
@click.option("--inspections", type=int, help="Inspections that may be made, at most one a period.")
@click.option(
    "--loss", "losses", multiple=True, help="What being caught costs the violator, who gains 1 otherwise."
)
@click.option(
    "--compliance",
    "--quality",
    "compliances",
    multiple=True,
    help="In place of --loss: what no violation is worth to the inspector, who gets 1 for catching one.",
)
@click.option("--violations", type=int, default=1, show_default=True, help="Violations that may be tried.")
@click.option(
    "--detection",
    default="1",
    show_default=True,
    help="Chance that an inspection catches a violation of its period.",
)
@click.option(
    "--caught-cost", help="What a caught violation costs the inspector: also compare an announced rule."
)
@click.option(
    "--table",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A game of your own in place of all this: payoffs in a .csv or .toml file.",
)
@as_json
def game(
    periods: int | None,
    inspections: int | None,
    losses: tuple[str, ...],
    compliances: tuple[str, ...],
    violations: int,
    detection: str,
    caught_cost: str | None,
    table: Path | None,
    json_wanted: bool,
) -> None:
    """How often to inspect when inspections are fewer than periods, and what the game is worth.

    Payoffs are yours: repeat --loss or --compliance to compare several. Values are exact fractions.
    """
    from detente import api

    from . import show, show_inspect

    if table is not None:
        if periods is not None or inspections is not None or losses or compliances:
            raise click.UsageError("--table is a game of its own: leave out --periods and what belongs to it")
        found = api.matrix_game(table)
    elif periods is None or inspections is None:
        raise click.UsageError("give --periods and --inspections, or a game of your own with --table")
    else:
        found = api.inspect_game(
            periods,
            inspections,
            loss=losses,
            compliance=compliances,
            violations=violations,
            detection=detection,
            caught_cost=caught_cost,
        )
    show.result("inspect-game", found.as_rows(), json_wanted, lambda _: show_inspect.finding(found))


@inspect.command()
@click.option("--steps", type=int, default=100, show_default=True, help="Steps of the grid of times.")
@click.option("--inspections", type=int, default=1, show_default=True, help="Unobserved interim inspections.")
@as_json
def timeliness(steps: int, inspections: int, json_wanted: bool) -> None:
    """When to make unobserved interim inspections so that the worst expected delay is smallest."""
    from detente import api

    from . import show, show_inspect

    found = api.inspect_timeliness(steps, inspections)
    show.result("inspect-timeliness", found.as_rows(), json_wanted, lambda _: show_inspect.finding(found))


@inspect.command()
@click.option(
    "--site", "detections", multiple=True, required=True, help="Chance that a visit there detects; repeat it."
)
@click.option("--visits", type=int, required=True, help="Visits in all, at most one a site.")
@as_json
def visits(detections: tuple[str, ...], visits: int, json_wanted: bool) -> None:
    """Where to send so few visits that not every site gets one, whichever site is violated."""
    from detente import api

    from . import show, show_inspect

    found = api.inspect_visits(detections, visits)
    show.result("inspect-visits", found.as_rows(), json_wanted, lambda _: show_inspect.finding(found))


@inspect.command()
@click.option(
    "--site",
    "sites",
    callback=_parts(2, 2),
    multiple=True,
    required=True,
    metavar="ITEMS,DEFECTS",
    help="One site, with the defects it has if it is the violated one; repeat it.",
)
@click.option("--samples", type=int, required=True, help="Samples to share out.")
@_quality
@as_json
def allocate(sites: tuple[tuple[int, ...], ...], samples: int, quality: str, json_wanted: bool) -> None:
    """Share out samples over sites so that the worst of them is found as often as can be."""
    from detente import api

    from . import show, show_inspect

    found = api.inspect_allocate(
        [site[0] for site in sites], [site[1] for site in sites], samples, quality=quality
    )
    show.result("inspect-allocate", found.as_rows(), json_wanted, lambda _: show_inspect.finding(found))


@inspect.command()
@click.argument("case", metavar="CASE")
@click.option(
    "-o",
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Also write the page (.html) or its charts (.svg, .png).",
)
@as_json
def plan(case: str, out: Path | None, json_wanted: bool) -> None:
    """What a plan of inspections would find, by size of violation, and what nothing in it sees.

    CASE is a shipped plan (new-start, czech-polish-2008), a file, or a case folder with inspection.toml.
    """
    from detente import api

    from . import show, show_inspect

    found = api.inspect_plan(case)
    written = api.write_plan(case, out) if out else []
    body = found.as_rows() | {"files": [str(path) for path in written]}
    show.result(
        "inspect-plan",
        body,
        json_wanted,
        lambda _: show_inspect.finding(found, ("power", "ceilings", "violations")),
    )
    show.files(written)


@inspect.command()
@as_json
def measures(json_wanted: bool) -> None:
    """The catalog of measures: what each can show, what it cannot, and where it has been."""
    from detente import api

    from . import show, show_inspect

    found = api.inspection_measures()
    show.result("inspect-measures", found.as_rows(), json_wanted, lambda _: show_inspect.finding(found))


@inspect.group()
def draw() -> None:
    """Draw one sample that neither side can steer: both commit to a seed, then both reveal it."""


@draw.command("commit")
@click.argument("names", metavar="LIST", type=click.Path(path_type=Path))
@click.option("--sample", type=int, required=True, help="How many names to draw.")
@click.option("--party", required=True, help="The side that commits.")
@click.option("--about", default="", help="What the draw is for; both sides write the same words.")
@click.option("--seed", help="64 hexadecimal digits; drawn from the operating system if left out.")
@click.option(
    "-o", "--out", type=click.Path(path_type=Path), required=True, help="The commitment, handed over now."
)
@click.option(
    "--keep",
    type=click.Path(path_type=Path),
    required=True,
    help="The opening, kept until all have committed.",
)
@as_json
def draw_commit(
    names: Path,
    sample: int,
    party: str,
    about: str,
    seed: str | None,
    out: Path,
    keep: Path,
    json_wanted: bool,
) -> None:
    """Commit one side to a secret seed for LIST (a CSV with a column id, or one name a line)."""
    import secrets

    from detente import api

    from . import show, show_inspect

    found = api.draw_commit(names, sample, party, seed or secrets.token_hex(32), out, keep, about=about)
    show.result("inspect-draw-commit", found.as_rows(), json_wanted, lambda _: show_inspect.finding(found))


@draw.command("reveal")
@click.argument("names", metavar="LIST", type=click.Path(path_type=Path))
@click.option(
    "--commitment", "commitments", type=click.Path(path_type=Path), multiple=True, required=True,
    help="A side's commitment; repeat it.",
)  # fmt: skip
@click.option(
    "--opening", "openings", type=click.Path(path_type=Path), multiple=True, required=True,
    help="A side's opening; repeat it.",
)  # fmt: skip
@click.option("-o", "--out", type=click.Path(path_type=Path), required=True, help="The record to write.")
@as_json
def draw_reveal(
    names: Path, commitments: tuple[Path, ...], openings: tuple[Path, ...], out: Path, json_wanted: bool
) -> None:
    """Draw the sample from every side's opened seed. Exits 1 where a seed is not the one committed to."""
    from detente import api

    from . import show, show_inspect

    found = api.draw_reveal(names, commitments, openings, out)
    show.result("inspect-draw-reveal", found.as_rows(), json_wanted, lambda _: show_inspect.finding(found))
    if not found["ok"]:
        raise click.exceptions.Exit(EXIT_NO)


@draw.command("verify")
@click.argument("record", type=click.Path(path_type=Path))
@click.argument("names", metavar="LIST", type=click.Path(path_type=Path))
@as_json
def draw_verify(record: Path, names: Path, json_wanted: bool) -> None:
    """Check a RECORD against its LIST, as a third party would. Exits 1 where anything does not hold."""
    from detente import api

    from . import show, show_inspect

    found = api.draw_verify(record, names)
    show.result("inspect-draw-verify", found.as_rows(), json_wanted, lambda _: show_inspect.finding(found))
    if not found["ok"]:
        raise click.exceptions.Exit(EXIT_NO)
