"""The ledger of notifications: make one, add to it, ask it, reconcile it, and exchange it by signed files."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from detente.escrow.keys import Passphrase, load_key
from detente.ledger import chain, exchange, identifiers, store, synthetic, views
from detente.ledger import reconcile as reconciling
from detente.ledger.faults import TRANSIT_DAYS
from detente.ledger.notification import Added, add, documents, head
from detente.records.discrepancy import Reconciliation
from detente.records.errors import InputError, Problem, RefusalError
from detente.records.notification import FAR, Header, Row, end_of, start_of, written_time
from detente.records.notification_files import make_fact, read_notifications, write_notifications
from detente.records.notification_templates import write_templates

Where = str | Path


@contextmanager
def _opened(where: Where) -> Iterator[store.Ledger]:
    ledger = store.open_ledger(where)
    try:
        with store.explained(where):
            yield ledger
    finally:
        ledger.close()


def _moment(as_of: str | None, known_at: str | None) -> identifiers.Moment:
    return identifiers.Moment(_until(as_of, "as-of"), _until(known_at, "known-at"))


def _until(written: str | None, key: str) -> int:
    if not written:
        return FAR
    try:
        return end_of(written)
    except RefusalError as refused:
        raise InputError([Problem(p.rule, p.way_out, key=key) for p in refused.problems]) from None


def _now(received: str | None) -> int:
    if not received:
        return int(time.time())
    try:
        return start_of(received)
    except RefusalError as refused:
        raise InputError([Problem(p.rule, p.way_out, key="received") for p in refused.problems]) from None


def new_ledger(
    folder: Where,
    parties: Sequence[str],
    own: str | None = None,
    *,
    name: str | None = None,
    database: str | None = None,
    example: int | None = None,
) -> dict[str, Any]:
    """Make a ledger in a new folder, with templates of notifications beside it, and say what was made.

    `own`: whose copy it is, the first in alphabetical order by default. `name`: the same in both copies.
    `database`: an address such as postgresql://USER@HOST/NAME in place of an SQLite file. `example`: the seed
    of a made-up history with one planted fault of each kind. Raises `InputError`.
    """
    if len(parties) != 2:
        raise InputError(Problem("a ledger is kept between two parties", "give two names", key="parties"))
    pair = (parties[0], parties[1])
    path = Path(folder)
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise InputError(
            Problem("there is something of this name already", "choose another name", str(folder))
        )
    if database:
        _keep_address(path, database)
    try:
        ledger = store.create(path, name or "-".join(sorted(pair)), pair, own or "")
    except BaseException:
        if database:  # leave no folder behind that names a database without a ledger
            (path / store.ADDRESS_NAME).unlink()
            path.rmdir()
        raise
    try:
        planted: list[dict[str, str]] = []
        if example is not None:
            story = synthetic.tell(seed=example, parties=pair)
            with ledger.writing() as connection:
                add(connection, story.rows(), "example")
            planted = [
                {"kind": p.kind, "owner": p.owner, "item": p.item, "document": p.document}
                for p in story.planted
            ]
        files = write_templates(path, ledger.parties)
        return {
            "folder": str(path), "name": ledger.name, "parties": list(ledger.parties), "own": ledger.own,
            "templates": [str(file) for file in files], "planted": planted,
        }  # fmt: skip
    finally:
        ledger.close()


def _keep_address(folder: Path, database: str) -> None:
    """Write the address of a database into the folder of its ledger; one with a password is refused."""
    if "@" in database and ":" in database.split("//", 1)[-1].split("@", maxsplit=1)[0]:
        way = "leave it out, and use PGPASSWORD or a password file"
        raise InputError(Problem("the address holds a password, which would be kept in the folder", way))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / store.ADDRESS_NAME).write_text(f"{database}\n", encoding="utf-8")


def import_notifications(
    where: Where, files: Sequence[Where], *, progress: Callable[[int], None] | None = None
) -> dict[str, Any]:
    """Add the notifications of files (CSV, TOML, XLSX) in one transaction: all of them, or nothing.

    A document that is there already, word for word, is passed over. Raises `InputError` with every problem.
    """
    with _opened(where) as ledger, ledger.writing() as connection:
        added = [
            add(
                connection, read_notifications(Path(file), ledger.parties), Path(file).name, progress=progress
            )
            for file in files
        ]
        return _sum(added)


def _sum(added: Sequence[Added]) -> dict[str, Any]:
    return {
        "documents": sum(entry.documents for entry in added),
        "facts": sum(entry.facts for entry in added),
        "known": sum(entry.known for entry in added),
        "head": added[-1].link if added else "",
    }


def notify(
    where: Where,
    format: str,
    facts: Sequence[Mapping[str, str]],
    *,
    reference: str,
    giver: str | None = None,
    received: str | None = None,
) -> dict[str, Any]:
    """Add one notification: its format, and its facts as texts by column, as a table would hold them.

    `giver` is the ledger's own party, and `received` this moment, by default. Raises `InputError`.
    """
    with _opened(where) as ledger, ledger.writing() as connection:
        header = Header(reference, format, giver or ledger.own, _now(received))
        rows = [Row(header, make_fact(header, fact, ledger.parties)) for fact in facts]
        if not rows:
            raise InputError(Problem("a notification without a fact", "give at least one"))
        return _sum([add(connection, rows)]) | {"reference": reference}


def _wanted(choice: Mapping[str, str]) -> identifiers.Wanted:
    return identifiers.Wanted(**{key: value for key, value in choice.items() if value})


def ledger_items(
    where: Where, as_of: str | None = None, known_at: str | None = None, **choice: str
) -> list[dict[str, Any]]:
    """Every identifier as it was by `as_of`, as known by `known_at`: status, place, launcher, and since when.

    `choice`: owner, category, type, place, item. A bare date means the end of that day, GMT.
    """
    with _opened(where) as ledger, ledger.reading() as connection:
        found = identifiers.states(connection, _moment(as_of, known_at), _wanted(choice))
        return [
            {name: getattr(state, name) for name in state.__slots__} | {"since": written_time(state.since)}
            for state in found
        ]


def ledger_cells(
    where: Where, as_of: str | None = None, known_at: str | None = None, **choice: str
) -> list[dict[str, Any]]:
    """How many items stand in each cell (owner, category, type, place, status), for the same two times."""
    with _opened(where) as ledger, ledger.reading() as connection:
        found = identifiers.cells(connection, _moment(as_of, known_at), _wanted(choice))
        return [{name: getattr(cell, name) for name in cell.__slots__} for cell in found]


def item_history(where: Where, item: str, known_at: str | None = None) -> list[dict[str, Any]]:
    """Everything ever received about an identifier, corrected data included; an unknown one is refused."""
    with _opened(where) as ledger:
        found = views.history(ledger, item, _until(known_at, "known-at"))
    if not found:
        raise InputError(
            Problem(f'no notification names "{item}"', "detente ledger state lists what is known")
        )
    return found


def reconcile(
    where: Where,
    as_of: str | None = None,
    known_at: str | None = None,
    *,
    transit_d: int = TRANSIT_DAYS,
    progress: reconciling.Progress | None = None,
) -> Reconciliation:
    """Reconcile a ledger: residuals to zero, or discrepancies with every document behind them.

    `transit_d`: the longest transit allowed, in days.
    """
    if transit_d < 0:
        raise InputError(
            Problem("a transit cannot be allowed fewer than 0 days", "give 0 or more", key="transit-days")
        )
    with _opened(where) as ledger:
        return reconciling.reconcile(ledger, _moment(as_of, known_at), transit_d, progress)


def both_views(where: Where, as_of: str | None = None, known_at: str | None = None) -> list[dict[str, Any]]:
    """One row a cell: as its owner declares it, as the other sees it, agreed, counted, disputed or not."""
    with _opened(where) as ledger:
        return views.both(ledger, _moment(as_of, known_at))


def compare_ledgers(one: Where, two: Where) -> list[dict[str, Any]]:
    """The documents on which two copies of a ledger do not agree; empty where they hold the same."""
    with _opened(one) as first, _opened(two) as second:
        return views.compare(first, second)


def export_ledger(where: Where, path: Where) -> dict[str, Any]:
    """Write every notification to a new file (.csv or .xlsx) that `import_notifications` reads again."""
    with _opened(where) as ledger, ledger.reading() as connection:
        count = write_notifications(Path(path), documents(connection))
        return {"file": str(path), "facts": count, "head": head(connection)[1]}


def check_ledger(
    where: Where, expected: str | None = None, *, progress: Callable[[int], None] | None = None
) -> dict[str, Any]:
    """Check that a ledger holds together; `expected` is a link noted earlier or held by the other party."""
    with _opened(where) as ledger:
        found = chain.check_ledger(ledger, expected or "", progress)
    return {
        "ok": not found.problems, "documents": found.documents, "facts": found.facts,
        "envelopes": found.envelopes, "head": found.link, "compared": bool(expected),
        "problems": [problem.as_row() for problem in found.problems],
    }  # fmt: skip


def upgrade_ledger(where: Where) -> dict[str, str]:
    """Bring a ledger to the form that this version writes, in one transaction."""
    before, after = store.upgrade_ledger(where)
    return {"from": before, "to": after}


# ---------------------------------------------------------------- the exchange by signed files


def exchange_pin(where: Where, party: str, vkey: str) -> dict[str, str]:
    """Hold a public key to be a party's own; give its fingerprint, to be compared by voice."""
    with _opened(where) as ledger:
        return {
            "party": party,
            "vkey": vkey,
            "fingerprint": exchange.pin(ledger, party, vkey, int(time.time())),
        }


def exchange_send(
    where: Where, key: Where, folder: Where, *, passphrase: Passphrase = None
) -> dict[str, Any] | None:
    """Sign what the own party notified since the last signed file; None where there is nothing new."""
    with _opened(where) as ledger:
        sent = exchange.send(ledger, load_key(Path(key), passphrase), Path(folder), int(time.time()))
    if sent is None:
        return None
    return {
        "sequence": sent.sequence, "documents": sent.documents, "facts": sent.facts, "digest": sent.digest,
        "files": [str(path) for path in sent.files],
    }  # fmt: skip


def exchange_again(where: Where, sequence: int, folder: Where) -> list[str]:
    """Write a signed file that was sent before, byte for byte."""
    with _opened(where) as ledger:
        return [str(path) for path in exchange.write_again(ledger, Path(folder), sequence)]


def exchange_receive(where: Where, file: Where, received: str | None = None) -> dict[str, Any]:
    """Take in a signed file of the other party whole, or refuse it with the number of the step.

    `received`: when it came, this moment by default. Raises `TamperedError`, `MalformedError`, `InputError`.
    """
    with _opened(where) as ledger:
        got = exchange.receive(ledger, Path(file), _now(received))
    return {
        "sequence": got.sequence, "sender": got.sender, "digest": got.digest,
        "documents": got.added.documents, "facts": got.added.facts, "head": got.added.link,
    }  # fmt: skip


def exchange_status(where: Where) -> dict[str, Any]:
    """Pinned keys, the last signed file each way, what waits to be sent, what the other has seen of ours."""
    with _opened(where) as ledger:
        return exchange.status(ledger)
