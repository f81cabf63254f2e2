"""Small histories for the tests of the ledger, written as a person would fill in a table."""

from collections.abc import Iterable
from pathlib import Path

from detente.ledger.notification import Added, add
from detente.ledger.reconcile import reconcile
from detente.ledger.store import Ledger, create
from detente.records.discrepancy import Discrepancy
from detente.records.notification import Header, Row, start_of
from detente.records.notification_files import make_fact

PARTIES = ("alpha", "beta")
COLUMNS = ("event", "true", "category", "item", "type", "place", "to", "launcher", "status", "count")


def ledger_in(folder: Path, own: str = "alpha") -> Ledger:
    """An empty ledger of alpha and beta."""
    return create(folder / f"ledger-{own}", "test", ("alpha", "beta"), own)


def document(
    reference: str, format_: str, received: str, *facts: str, giver: str = "alpha", **more: str
) -> list[Row]:
    """A document: each fact as its cells in the order of `COLUMNS`, by spaces, - for an empty one."""
    header = Header(reference, format_, giver, start_of(received))
    rows = []
    for fact in facts:
        cells = ["" if cell == "-" else cell for cell in fact.split()]
        values = dict(zip(COLUMNS, cells, strict=False)) | more
        rows.append(Row(header, make_fact(header, values, PARTIES)))
    return rows


def tell(ledger: Ledger, *documents: Iterable[Row]) -> Added:
    """Add documents in one transaction."""
    with ledger.writing() as connection:
        return add(connection, [row for rows in documents for row in rows])


def opening(giver: str = "alpha") -> list[Row]:
    """Initial data: a deployed missile with its launcher, a free launcher, a stored missile, their totals."""
    return document(
        f"{giver}-initial", "initial", "2011-03-21",
        "declared 2011-02-05 missile M1 T Base - L1 deployed",
        "declared 2011-02-05 missile M2 T Depot - - nondeployed",
        "declared 2011-02-05 launcher L1 T Base - - deployed",
        "declared 2011-02-05 launcher L2 T Base - - nondeployed",
        "total 2011-02-05 missile - T Base - - deployed 1",
        "total 2011-02-05 missile - T Depot - - nondeployed 1",
        "total 2011-02-05 launcher - T Base - - deployed 1",
        "total 2011-02-05 launcher - T Base - - nondeployed 1",
        "warheads 2011-02-05 - - T Base - - - 3",
        giver=giver,
    )  # fmt: skip


def found(ledger: Ledger) -> tuple[Discrepancy, ...]:
    """The findings of a ledger, everything known."""
    return reconcile(ledger).discrepancies


def kinds(ledger: Ledger) -> list[str]:
    """The kinds of the findings."""
    return [finding.kind for finding in found(ledger)]
