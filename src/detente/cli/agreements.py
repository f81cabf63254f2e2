"""Commands on forces and treaties: count, hold against limits, read the clocks, check what is claimed."""

from pathlib import Path

import click

from .options import as_json

EXIT_NO = 1

force_argument = click.argument("force", metavar="FORCE")
party_option = click.option("--party", default="", help="Only this party, such as US.")
on_option = click.option("--on", metavar="DATE", help="The day on which it is taken, such as 2018-02-05.")
picture = click.Path(dir_okay=False, path_type=Path)


@click.command()
@as_json
def forces(json_wanted: bool) -> None:
    """List the shipped forces: who held what on which days."""
    from detente import api

    from . import show, show_agreements

    show.result("forces", {"forces": api.forces()}, json_wanted, show_agreements.forces)


@click.command()
@as_json
def treaties(json_wanted: bool) -> None:
    """List the shipped treaties, announcements and proposals."""
    from detente import api

    from . import show, show_agreements

    show.result("treaties", {"treaties": api.treaties()}, json_wanted, show_agreements.treaties)


@click.command()
@force_argument
@click.option("--rule", "rules", multiple=True, help="The treaty whose rule counts; repeated: side by side.")
@party_option
@on_option
@click.option(
    "--basis",
    type=click.Choice(["declared", "assessed", "agreed", "counted"]),
    default=None,
    help="Only statements of this kind; none is ever merged with another.",
)
@click.option("--by", default="", help="Only statements of whoever declares or assesses.")
@click.option("--reading", help="Only this reading of the treaty; all by default.")
@click.option("--chart", type=picture, help="Also draw the counts beside each other: .svg or .png.")
@click.option("-o", "--out", type=picture, help="Also write a table: totals as .csv, every step as .xlsx.")
@as_json
def count(
    force: str,
    rules: tuple[str, ...],
    party: str,
    on: str | None,
    basis: str | None,
    by: str,
    reading: str | None,
    chart: Path | None,
    out: Path | None,
    json_wanted: bool,
) -> None:
    """Count FORCE under a rule, as a numbered proof: each step, the article it rests on, the sum.

    FORCE is a shipped name, a folder with force.toml, or a table (.csv, .xlsx). Without --rule, the rules
    by which its own totals were counted, otherwise those it is held against. What is not known stays
    unknown: a sum that needs it gives a lower bound and says what is missing.
    """
    from detente import api

    from . import show, show_agreements

    found = api.count(force, rules, party=party, on=on, basis=basis or "", by=by, reading=reading)
    written = [api.draw_counts(found, chart)] if chart else []
    written += [api.write_counts(found, out)] if out else []
    body = api.count_rows(found) | {"files": [str(path) for path in written]}
    show.notices(notice for one in found for notice in one.notices)
    show.result("count", body, json_wanted, show_agreements.counts)
    show.files(written)


@click.command()
@click.argument("subject", metavar="CASE_OR_FORCE")
@on_option
@click.option("--treaty", help="The treaty to hold it against; by default those that it names.")
@party_option
@as_json
def comply(subject: str, on: str | None, treaty: str | None, party: str, json_wanted: bool) -> None:
    """Hold a case's forces, or one force, against a treaty's limits and checks on a day.

    One row a limit and reading: what is counted, the ceiling, the slack, what is missing, and whether the
    limit bound anybody that day. Before a limit binds the row shows the distance alone.
    """
    from detente import api

    from . import show, show_agreements

    found = api.comply(subject, on, treaty, party=party)
    body = {"subject": subject} | api.compliance_rows(found)
    show.notices(body["notices"])
    show.result("comply", body, json_wanted, show_agreements.compliance)


@click.command()
@click.argument("treaty", metavar="TREATY")
@on_option
@click.option("--notice", metavar="DATE", help="As if a notice of withdrawal had been given on this day.")
@click.option("--ics", type=picture, help="Also write the days into a calendar file.")
@as_json
def clocks(treaty: str, on: str | None, notice: str | None, ics: Path | None, json_wanted: bool) -> None:
    """What falls due under TREATY and when: phases, notices, data, inspections, expiry.

    Months are calendar months: a day that the month does not have becomes its last day.
    """
    from detente import api

    from . import show, show_agreements

    found = api.clocks(treaty, on, notice=notice)
    written = [api.write_calendar(found, ics)] if ics else []
    body = found.model_dump(mode="json") | {"files": [str(path) for path in written]}
    show.result("clocks", body, json_wanted, show_agreements.clocks)
    show.files(written)


@click.command("check-claim")
@click.argument("words", default="")
@click.option("--force", default="new-start-aggregates", show_default=True, help="The force with the series.")
@party_option
@click.option("--quantity", default="", help="What changed, such as warheads or deployed_delivery_vehicles.")
@click.option("--from", "since", default="", help="The first day, month or year of the change.")
@click.option("--to", default="", help="Its last day, month or year; the newest figure by default.")
@click.option("--change", type=int, help="The change claimed, negative for a cut.")
@as_json
def check_claim(
    words: str,
    force: str,
    party: str,
    quantity: str,
    since: str,
    to: str,
    change: int | None,
    json_wanted: bool,
) -> None:
    """Check WORDS such as "down 104 since 2011" against a series, and give the nearest true statement.

    What the words leave open is given by the options. Exits 1 if the change is not in the figures.
    """
    from detente import api

    from . import show, show_agreements

    found = api.check_change(
        words, force=force, party=party, quantity=quantity, since=since, to=to, change=change
    )
    body = {"words": words, "force": force} | found.model_dump(mode="json")
    show.result("check-claim", body, json_wanted, show_agreements.verdict)
    if found.true is False:
        raise click.exceptions.Exit(EXIT_NO)


@click.command("check-force")
@force_argument
@click.option("--rule", help="A treaty whose attributions the stated warheads are held against.")
@as_json
def check_force(force: str, rule: str | None, json_wanted: bool) -> None:
    """Look through the tables of FORCE for slips: what cannot be as printed. Exits 1 if there is any."""
    from detente import api

    from . import show, show_agreements

    found = api.anomalies(force, rule)
    body = {"force": force, "ok": not found, "anomalies": [one.model_dump(mode="json") for one in found]}
    show.result("check-force", body, json_wanted, show_agreements.anomalies)
    if found:
        raise click.exceptions.Exit(EXIT_NO)


@click.command("export-force")
@force_argument
@click.option(
    "-o",
    "--out",
    type=picture,
    required=True,
    help="The table: all of it as .xlsx, the rows alone as .csv.",
)
def export_force(force: str, out: Path) -> None:
    """Write FORCE as a spreadsheet that can be changed and read again."""
    from detente import api

    click.echo(str(api.write_force(force, out)))


into_option = click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="The folder to make it in; the present one by default.",
)


@click.command("new-force")
@click.argument("name")
@into_option
def new_force(name: str, into: Path) -> None:
    """Make a folder NAME of a force with commented files that already run."""
    from detente import api

    folder = api.new_force(name, into)
    click.echo(str(folder))
    click.echo(f"next: detente count {folder} --rule TREATY", err=True)


@click.command("new-treaty")
@click.argument("name")
@into_option
def new_treaty(name: str, into: Path) -> None:
    """Make a folder NAME of a treaty of your own with commented files that already run."""
    from detente import api

    folder = api.new_treaty(name, into)
    click.echo(str(folder))
    click.echo(f"next: detente clocks {folder}; detente count FORCE --rule {folder}", err=True)


COMMANDS = (
    forces, treaties, count, comply, clocks, check_claim, check_force, export_force, new_force, new_treaty,
)  # fmt: skip
