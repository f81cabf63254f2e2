"""Commands of the ledger: what was declared, notified and received, and whether it all agrees."""

from pathlib import Path

import click

from .options import as_json

EXIT_NO = 1

where_argument = click.argument("where", metavar="LEDGER")
as_of_option = click.option("--as-of", metavar="DATE", help="What was true by then; everything by default.")
known_at_option = click.option(
    "--known-at", metavar="DATE", help="What had been received by then; everything by default."
)


@click.group()
def ledger() -> None:
    """Notifications of two parties, with two times on every fact; nothing is ever overwritten.

    LEDGER is the folder of a ledger, an SQLite file, or an address postgresql://USER@HOST/NAME.
    """


@ledger.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--parties", nargs=2, metavar="A B", required=True, help="The two parties.")
@click.option(
    "--own", metavar="PARTY", help="Whose copy this is; the first in alphabetical order by default."
)
@click.option("--name", help="The name of the ledger, the same in both copies; A-B by default.")
@click.option(
    "--database", metavar="URL", help="Keep it in PostgreSQL 15 or newer: postgresql://USER@HOST/NAME."
)
@click.option(
    "--example",
    type=int,
    metavar="SEED",
    help="Fill it with a made-up history, one planted fault of each kind.",
)
@as_json
def new(
    folder: Path,
    parties: tuple[str, str],
    own: str | None,
    name: str | None,
    database: str | None,
    example: int | None,
    json_wanted: bool,
) -> None:
    """Make a ledger in a new FOLDER, with templates of notifications as .csv, .xlsx and .toml."""
    from detente import api

    from . import show, show_ledger

    made = api.new_ledger(folder, parties, own, name=name, database=database, example=example)
    show.result("ledger-new", made, json_wanted, show_ledger.made)


@ledger.command("import")
@where_argument
@click.argument("files", nargs=-1, required=True, type=click.Path(dir_okay=False, path_type=Path))
@as_json
def import_(where: str, files: tuple[Path, ...], json_wanted: bool) -> None:
    """Add the notifications in FILES (.csv, .xlsx, .toml): all of them, or, if one is wrong, nothing.

    A document that is there already, word for word, is passed over, so that an import can be repeated.
    """
    from detente import api

    from . import show, show_ledger

    with show_ledger.counting("facts read") as tell:
        added = api.import_notifications(where, files, progress=tell)
    show.result("ledger-import", added, json_wanted, show_ledger.added)


@ledger.command()
@where_argument
@click.argument("format", metavar="FORMAT")
@click.argument("cells", nargs=-1, required=True, metavar="COLUMN=VALUE...")
@click.option("--reference", required=True, help="The document's own name.")
@click.option("--giver", metavar="PARTY", help="Who gives it; the ledger's own party by default.")
@click.option("--received", metavar="TIME", help="When it was received, GMT; now by default.")
@as_json
def notify(
    where: str,
    format: str,
    cells: tuple[str, ...],
    reference: str,
    giver: str | None,
    received: str | None,
    json_wanted: bool,
) -> None:
    """Add one notification of a FORMAT, such as movement, with one fact given as COLUMN=VALUE.

    For example: event=arrived true=2012-03-01 category=missile item=M0001 type=M-1 place=Depot
    """
    from detente import api

    from . import show, show_ledger

    fact: dict[str, str] = {}
    for cell in cells:
        key, sign, value = cell.partition("=")
        if not sign:
            raise click.BadParameter(f'"{cell}" is not COLUMN=VALUE, such as event=arrived')
        if key.strip() in fact:
            raise click.BadParameter(f'"{key.strip()}" is given twice')
        fact[key.strip()] = value.strip()
    added = api.notify(where, format, [fact], reference=reference, giver=giver, received=received)
    show.result("ledger-notify", added, json_wanted, show_ledger.added)


@ledger.command()
@where_argument
@as_of_option
@known_at_option
@click.option(
    "--by", type=click.Choice(["cell", "item"]), default="cell", show_default=True,
    help="One row for each type, place and status, or one for each identifier.",
)  # fmt: skip
@click.option("--owner", default="", help="Only this party's arms.")
@click.option("--category", default="", help="Only missile, launcher or bomber.")
@click.option("--type", "type_", default="", help="Only this type.")
@click.option("--place", default="", help="Only at this base or facility.")
@as_json
def state(
    where: str,
    as_of: str | None,
    known_at: str | None,
    by: str,
    owner: str,
    category: str,
    type_: str,
    place: str,
    json_wanted: bool,
) -> None:
    """What stood where by one date, as far as it was known by another."""
    from detente import api

    from . import show, show_ledger

    choice = {"owner": owner, "category": category, "type": type_, "place": place}
    body: dict[str, object] = {"as_of": as_of or "", "known_at": known_at or "", "by": by}
    if by == "item":
        body["items"] = api.ledger_items(where, as_of, known_at, **choice)
    else:
        body["cells"] = api.ledger_cells(where, as_of, known_at, **choice)
    show.result("ledger-state", body, json_wanted, show_ledger.state)


@ledger.command()
@where_argument
@click.argument("item")
@known_at_option
@as_json
def history(where: str, item: str, known_at: str | None, json_wanted: bool) -> None:
    """Everything ever received about the identifier ITEM, corrected data included."""
    from detente import api

    from . import show, show_ledger

    body = {"item": item, "data": api.item_history(where, item, known_at)}
    show.result("ledger-history", body, json_wanted, show_ledger.history)


@ledger.command()
@where_argument
@as_of_option
@known_at_option
@click.option(
    "--transit-days", type=int, default=30, show_default=True, help="The longest transit allowed, in days."
)
@click.option(
    "--show", "shown", type=click.Choice(["balances", "inspections"]), multiple=True,
    help="Also every balance, or every number of every inspection; may be repeated.",
)  # fmt: skip
@as_json
def reconcile(
    where: str,
    as_of: str | None,
    known_at: str | None,
    transit_days: int,
    shown: tuple[str, ...],
    json_wanted: bool,
) -> None:
    """Bring every residual to zero, or list discrepancies with every document behind them.

    Exits 1 if there is a finding. A finding says what does not agree; it does not say why.
    """
    from detente import api

    from . import show, show_ledger

    with show_ledger.stages() as tell:
        found = api.reconcile(where, as_of, known_at, transit_d=transit_days, progress=tell)
    body = found.model_dump(mode="json") | {"by_kind": found.by_kind()}
    show.notices(found.gaps)
    show.result("ledger-reconcile", body, json_wanted, lambda rows: show_ledger.reconciled(rows, shown))
    if found.discrepancies:
        raise click.exceptions.Exit(EXIT_NO)


@ledger.command()
@where_argument
@click.argument("other", required=False)
@as_of_option
@known_at_option
@as_json
def both(where: str, other: str | None, as_of: str | None, known_at: str | None, json_wanted: bool) -> None:
    """Both parties' views side by side: declared, inspected, assessed, agreed, counted, disputed.

    With the other party's copy as OTHER: the documents on which the two copies do not agree; exits 1 if any.
    """
    from detente import api

    from . import show, show_ledger

    if other is not None:
        rows = api.compare_ledgers(where, other)
        show.result("ledger-compare", {"documents": rows}, json_wanted, show_ledger.compared)
        if rows:
            raise click.exceptions.Exit(EXIT_NO)
        return
    body = {"cells": api.both_views(where, as_of, known_at)}
    show.result("ledger-both", body, json_wanted, show_ledger.both)


@ledger.command()
@where_argument
@click.option(
    "-o", "--out", type=click.Path(dir_okay=False, path_type=Path), required=True,
    help="The new file to write: .csv or .xlsx.",
)  # fmt: skip
@as_json
def export(where: str, out: Path, json_wanted: bool) -> None:
    """Write every notification to a file that `detente ledger import` reads again."""
    from detente import api

    from . import show, show_ledger

    show.result("ledger-export", api.export_ledger(where, out), json_wanted, show_ledger.exported)


@ledger.command()
@where_argument
@click.option("--expect", metavar="HEX", help="A link noted at an earlier check, or held by the other party.")
@as_json
def fsck(where: str, expect: str | None, json_wanted: bool) -> None:
    """Check the chain of digests, the triggers and the signed files. Exits 1 if something was changed.

    Note the link it prints, somewhere else: a chain written anew is caught by --expect alone.
    """
    from detente import api

    from . import show, show_ledger

    with show_ledger.counting("documents checked") as tell:
        found = api.check_ledger(where, expect, progress=tell)
    show.result("ledger-fsck", found, json_wanted, show_ledger.checked)
    if not found["ok"]:
        raise click.exceptions.Exit(EXIT_NO)


@ledger.command()
@where_argument
@as_json
def upgrade(where: str, json_wanted: bool) -> None:
    """Bring a ledger to the form that this version writes; one transaction, whole or not at all."""
    from detente import api

    from . import show, show_ledger

    show.result("ledger-upgrade", api.upgrade_ledger(where), json_wanted, show_ledger.upgraded)
