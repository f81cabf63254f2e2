"""Opening a ledger: an SQLite file with a write-ahead log, or a PostgreSQL database, with the same tables.

Readers see a ledger as it was when they began. One writer at a time adds, in one transaction: what it adds
is there whole or not at all, whatever kills it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, insert, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import NullPool

from detente.records.errors import DetenteError, InputError, Problem
from detente.records.notification import check_name

from .migrations import newest, revision_of, revisions, upgrade
from .models import Setting

FILE_NAME = "ledger.sqlite"
ADDRESS_NAME = "ledger.address"
"""In the folder of a ledger that is kept elsewhere: the address of its database, without a password."""
_LOCK = "LOCK TABLE document, fact, envelope, pinned_key IN SHARE ROW EXCLUSIVE MODE"


class LedgerError(DetenteError):
    """A ledger that cannot be opened, or that does not hold together."""


class MissingPartError(DetenteError, ImportError):
    """An optional part of the installation is absent; the message says which and how to add it."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """An open ledger: its name, its two parties in alphabetical order, and whose copy it is."""

    engine: Engine
    where: str
    name: str
    parties: tuple[str, ...]
    own: str

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one moment of the ledger, temporary tables allowed."""
        connecting = self.engine.connect().execution_options(isolation_level=_snapshot(self.engine))
        with connecting as connection, connection.begin():
            yield connection
            connection.rollback()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """The only writer's connection; everything is added at the end, or nothing is."""
        with writer(self.engine) as connection:
            if self.engine.dialect.name == "postgresql":
                connection.execute(text(_LOCK))
            yield connection

    def other(self) -> str:
        """The party whose copy this is not."""
        return next(party for party in self.parties if party != self.own)

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()


def _snapshot(engine: Engine) -> str:
    return "REPEATABLE READ" if engine.dialect.name == "postgresql" else "SERIALIZABLE"


@contextmanager
def writer(engine: Engine) -> Iterator[Connection]:
    """A connection that keeps other writers out until its end."""
    with engine.connect().execution_options(ledger_writes=True) as connection, connection.begin():
        yield connection


def located(where: str | Path) -> str:
    """The database that a folder, a file or an address names, as an address."""
    written = str(where)
    if "://" in written:
        return written.replace("postgresql://", "postgresql+psycopg://", 1)
    path = Path(written)
    elsewhere = path / ADDRESS_NAME
    if elsewhere.is_file():
        return located(elsewhere.read_text(encoding="utf-8").strip())
    return f"sqlite:///{path / FILE_NAME if path.is_dir() or not path.suffix else path}"


def connect(where: str | Path) -> Engine:
    """An engine for a ledger's database. Raises `InputError`, or `MissingPartError` without a driver."""
    try:
        address = make_url(located(where))
    except ArgumentError:
        raise InputError(
            Problem("this is no address of a database", "write postgresql://USER@HOST/NAME")
        ) from None
    if address.get_backend_name() == "postgresql":
        try:
            import psycopg  # noqa: F401 - SQLAlchemy loads it by name; without it the refusal should be ours
        except ImportError as missing:
            rule = "the driver for PostgreSQL is not installed"
            raise MissingPartError(str(Problem(rule, 'pip install "detente[postgres]"'))) from missing
        return create_engine(address, poolclass=NullPool)
    if address.get_backend_name() != "sqlite":
        rule = f"a ledger is kept in SQLite or PostgreSQL, not in {address.get_backend_name()}"
        raise InputError(Problem(rule, "write postgresql://USER@HOST/NAME, or the path of a folder"))
    engine = create_engine(address, poolclass=NullPool)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _: Any) -> None:
    # The driver's own transactions would leave DDL outside of them; SQLAlchemy's manual gives this way out.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=20000",
                   "cache_size=-65536", "temp_store=FILE"):  # fmt: skip
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("ledger_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def create(where: str | Path, name: str, parties: tuple[str, str], own: str = "") -> Ledger:
    """Make a new ledger with its tables; raises `InputError` where there is one already."""
    problems = [problem for party in parties for problem in check_name(party, "a party")]
    if len(set(parties)) != 2:
        problems.append(Problem("a ledger is kept between two parties", "give two names", key="parties"))
    if own and own not in parties:
        problems.append(Problem(f'"{own}" is no party to this ledger', f"use one of: {', '.join(parties)}"))
    if problems:
        raise InputError(problems)
    engine = connect(where)
    _make_folder(engine)
    with explained(where), writer(engine) as connection:
        if revision_of(connection) is not None:
            raise InputError(Problem("there is a ledger already", "choose another name", str(where)))
        upgrade(connection)
        settings = {"name": name, "parties": "\n".join(sorted(parties)), "own": own or sorted(parties)[0]}
        connection.execute(insert(Setting), [{"name": k, "value": v} for k, v in settings.items()])
    return open_ledger(where)


def _make_folder(engine: Engine) -> None:
    if engine.url.database and engine.dialect.name == "sqlite":
        Path(engine.url.database).parent.mkdir(parents=True, exist_ok=True)


def open_ledger(where: str | Path) -> Ledger:
    """Open a ledger that is there and of this version. Raises `InputError` or `LedgerError`."""
    engine = connect(where)
    _must_exist(engine, where)
    with explained(where), engine.connect() as connection:
        found = revision_of(connection)
        if found is None:
            raise InputError(Problem("there is no ledger here", "make one: detente ledger new", str(where)))
        if found != newest():
            known = found in revisions()
            rule = f"the ledger has the form {found} and this version writes {newest()}"
            way_out = "detente ledger upgrade" if known else "install a newer version of detente"
            raise InputError(Problem(rule, way_out, str(where)))
        settings = {row.name: row.value for row in connection.execute(select(Setting.name, Setting.value))}
    if not {"name", "parties", "own"} <= settings.keys():
        raise LedgerError(f"{where}: the ledger does not say whose it is; it was damaged")
    parties = tuple(settings["parties"].split("\n"))
    return Ledger(engine, str(where), settings["name"], parties, settings["own"])


def upgrade_ledger(where: str | Path) -> tuple[str, str]:
    """Bring a ledger to the form of this version, and give both revisions; one transaction."""
    engine = connect(where)
    _must_exist(engine, where)
    with explained(where), writer(engine) as connection:
        found = revision_of(connection)
        if found is None:
            raise InputError(Problem("there is no ledger here", "make one: detente ledger new", str(where)))
        if found not in revisions():
            rule = f"the ledger has the form {found}, which this version does not know"
            raise InputError(Problem(rule, "install a newer version of detente", str(where)))
        upgrade(connection)
    return found, newest()


def _must_exist(engine: Engine, where: str | Path) -> None:
    if engine.dialect.name == "sqlite" and not Path(engine.url.database or "").is_file():
        raise InputError(Problem("there is no ledger here", "make one: detente ledger new", str(where)))


@contextmanager
def explained(where: str | Path) -> Iterator[None]:
    """Turn what a database says into a refusal that a person can act on."""
    try:
        yield
    except DBAPIError as fault:
        shown = make_url(located(where)).render_as_string(hide_password=True)
        said = str(fault.orig).strip().splitlines()[0] if fault.orig else "no reason given"
        raise LedgerError(
            str(Problem(f"the database refuses: {said}", "check its address", shown))
        ) from fault
