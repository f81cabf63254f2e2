"""Every step of migration, from each revision, on both databases: what was there is there afterwards."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import MetaData, create_engine, inspect, text
from sqlalchemy.engine import Engine

from detente.ledger.chain import check_ledger
from detente.ledger.identifiers import Moment, cells
from detente.ledger.migrations import newest, revision_of, revisions, upgrade
from detente.ledger.models import Base
from detente.ledger.store import connect, create, open_ledger, upgrade_ledger, writer
from detente.ledger.synthetic import tell as tell_story
from detente.records.errors import InputError
from tests.unit.ledger import postgres
from tests.unit.ledger.told import opening, tell


def wiped(engine: Engine) -> None:
    """An empty database."""
    with engine.begin() as connection:
        found = MetaData()
        found.reflect(connection)
        found.drop_all(connection)
        connection.execute(text("DROP FUNCTION IF EXISTS detente_append_only CASCADE"))


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    if postgres.missing():
        pytest.skip(f"PostgreSQL tests need a server: {postgres.missing()}")
    with postgres.cluster() as address:
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The place of an empty database of either kind."""
    if request.param == "sqlite":
        return str(tmp_path / "ledger")
    address: str = request.getfixturevalue("server")
    wiped(connect(address))
    return address


def at_revision(where: str, revision: str) -> Engine:
    """A database with tables as they were at a revision, and one setting and document in them."""
    if "://" not in where:
        Path(where).mkdir()
    engine = connect(where)
    with writer(engine) as connection:
        upgrade(connection, revision)
        connection.execute(
            text("INSERT INTO setting VALUES ('name', 'old'), ('parties', :parties), ('own', 'alpha')"),
            {"parties": "alpha\nbeta"},
        )
    return engine


@pytest.mark.parametrize("revision", revisions())
def test_upgrade_from_each_revision_keeps_what_is_there(where: str, revision: str) -> None:
    engine = at_revision(where, revision)
    if revision != newest():
        with pytest.raises(InputError, match="detente ledger upgrade"):
            open_ledger(where)
    assert upgrade_ledger(where) == (revision, newest())
    ledger = open_ledger(where)
    assert (ledger.name, ledger.parties) == ("old", ("alpha", "beta"))
    tell(ledger, opening())
    assert check_ledger(ledger).problems == ()
    engine.dispose()


def test_the_tables_are_those_of_the_models(where: str) -> None:
    ledger = create(where, "test", ("alpha", "beta"))
    with ledger.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
        assert set(inspect(connection).get_table_names()) == {*Base.metadata.tables, "alembic_version"}


def test_a_step_that_fails_leaves_the_database_as_it_was(where: str) -> None:
    engine = at_revision(where, "0001")
    with engine.begin() as connection:
        connection.execute(
            text("CREATE TABLE envelope (id INTEGER)")
        )  # in the way of the second table of 0002
    with pytest.raises(Exception, match="already exists"):
        upgrade_ledger(where)
    with engine.connect() as connection:
        assert revision_of(connection) == "0001"
        assert "pinned_key" not in inspect(connection).get_table_names()
    engine.dispose()


def test_a_newer_form_is_refused(where: str) -> None:
    ledger = create(where, "test", ("alpha", "beta"))
    with writer(ledger.engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(InputError, match="newer version"):
        open_ledger(where)
    with pytest.raises(InputError, match="newer version"):
        upgrade_ledger(where)


def test_both_databases_give_the_same_answers(where: str, tmp_path: Path) -> None:
    """The whole of a made-up history on this database, against the same on SQLite."""
    from detente.ledger.reconcile import reconcile

    ledger, other = (
        create(where, "test", ("alpha", "beta")),
        create(tmp_path / "other", "test", ("alpha", "beta")),
    )
    rows = list(tell_story(seed=2).rows())
    tell(ledger, rows)
    tell(other, rows)
    assert reconcile(ledger) == reconcile(other)
    moment = Moment(rows[len(rows) // 2].header.received_at, rows[len(rows) // 2].header.received_at)
    with ledger.reading() as one, other.reading() as two:
        assert cells(one, moment) == cells(two, moment)
    assert check_ledger(ledger).problems == ()
    assert check_ledger(ledger).link == check_ledger(other).link


def test_postgresql_refuses_changes_too(server: str) -> None:
    from sqlalchemy.exc import DBAPIError

    wiped(connect(server))
    ledger = create(server, "test", ("alpha", "beta"))
    tell(ledger, opening())
    for statement in (
        "UPDATE fact SET place = 'x'",
        "DELETE FROM document",
        "TRUNCATE fact",
        "UPDATE setting SET value = ''",
    ):
        with pytest.raises(DBAPIError, match="adds and never changes"), ledger.writing() as connection:
            connection.execute(text(statement))
    with ledger.writing() as connection:
        connection.execute(text("ALTER TABLE fact DISABLE TRIGGER USER"))
        connection.execute(text("UPDATE fact SET place = 'Elsewhere' WHERE id = 2"))
    steps = [problem.rule.partition(":")[0] for problem in check_ledger(ledger).problems]
    assert steps == ["step 1", "step 1", "step 1", "step 3"]


def test_the_driver_is_named_where_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(ImportError, match=r"detente\[postgres\]"):
        connect("postgresql://nobody@127.0.0.1/none")


def test_other_databases_are_refused() -> None:
    with pytest.raises(InputError, match="SQLite or PostgreSQL"):
        connect("mysql://nobody@127.0.0.1/none")
    with pytest.raises(InputError, match="no address"):
        connect("://")
    assert create_engine("sqlite://").dialect.name == "sqlite"
