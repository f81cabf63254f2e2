"""The database refuses to change a row, and the chain shows when an administrator did so all the same."""

# ruff: noqa: E501 - a table of cases reads best with one case a line

import shutil
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from detente.ledger.chain import check_ledger
from detente.ledger.models import TABLES
from detente.ledger.notification import head, next_link
from detente.ledger.store import FILE_NAME, Ledger, open_ledger
from detente.ledger.synthetic import tell as tell_story
from tests.unit.ledger.told import document, ledger_in, opening, tell


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a ledger with a made-up history."""
    made = ledger_in(tmp_path_factory.mktemp("chain"))
    tell(made, tell_story().rows())
    made.close()
    return Path(made.where)


@pytest.fixture
def ledger(original: Path, tmp_path: Path) -> Ledger:
    """A copy of it, to be tampered with."""
    shutil.copytree(original, tmp_path / "copy")
    return open_ledger(tmp_path / "copy")


def tamper(ledger: Ledger, *statements: str) -> None:
    """What an administrator can do: take the triggers away, change rows, and put the triggers back."""
    with sqlite3.connect(Path(ledger.where) / FILE_NAME) as raw:
        triggers = raw.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            raw.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            assert raw.execute(statement).rowcount > 0, statement
        for _, made in triggers:
            raw.execute(made)
    raw.close()


def link_of(ledger: Ledger) -> str:
    with ledger.reading() as connection:
        return head(connection)[1]


@pytest.mark.parametrize("table", [table.__tablename__ for table in TABLES])
@pytest.mark.parametrize("verb", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}"])
def test_the_database_itself_refuses_to_change_or_remove_a_row(ledger: Ledger, table: str, verb: str) -> None:
    def refused(connection: Connection) -> None:
        columns = {"setting": "name", "relay_part": "number"}
        connection.execute(text(verb.format(table, columns.get(table, "id"))))

    with ledger.writing() as connection:
        rows = {
            "pinned_key": "(1, 'alpha', 'k', 0)",
            "envelope": "(1, 'alpha', 'beta', 1, x'00', x'00', 0, 1, 1)",
            "relay_entry": "(1, x'00')",
            "relay_member": "(1, 'alpha', 'party', 'k', 0)",
            "relay_envelope": "(1, 'alpha', 'beta', 1, 1, 0, x'00')",
            "relay_part": "(1, 1, x'00')",
            "relay_cosignature": "(1, 'alpha', 1, x'00')",
            "seen_checkpoint": "(1, 'origin', 1, x'00', 0)",
        }
        needed: dict[str, tuple[str, ...]] = {"relay_member": ("relay_entry",)}
        needed["relay_envelope"] = ("relay_entry",)
        needed["relay_part"] = ("relay_entry", "relay_envelope")
        for first in needed.get(table, ()):
            connection.execute(text(f"INSERT INTO {first} VALUES {rows[first]}"))  # noqa: S608 - our own
        if table in rows:
            connection.execute(text(f"INSERT INTO {table} VALUES {rows[table]}"))  # noqa: S608 - our own
        with pytest.raises(DBAPIError, match="adds and never changes"):
            refused(connection)
        connection.rollback()


def test_a_sound_ledger_is_sound(ledger: Ledger) -> None:
    checked = check_ledger(ledger)
    assert checked.problems == ()
    assert checked.documents > 400
    assert checked.link == link_of(ledger)
    assert check_ledger(ledger, checked.link).problems == ()


@pytest.mark.parametrize(
    ("statement", "step"),
    [
        ("UPDATE fact SET place = 'Elsewhere' WHERE id = 700", "step 3"),
        ("UPDATE fact SET quantity = quantity + 1 WHERE id = (SELECT MIN(id) FROM fact WHERE event = 'total')", "step 3"),
        ("UPDATE fact SET true_at = true_at - 86400 WHERE id = 800", "step 3"),
        ("UPDATE fact SET received_at = received_at - 86400 WHERE id = 800", "step 3"),
        ("UPDATE fact SET first_received_at = first_received_at - 86400 WHERE id = 800", "step 3"),
        ("UPDATE fact SET format = 'update' WHERE format = 'change'", "step 3"),
        ("UPDATE fact SET root = 5, corrected = 5 WHERE id = (SELECT MIN(id) FROM fact WHERE corrected > 0)", "step 3"),
        ("UPDATE fact SET regarding = 9 WHERE id = (SELECT MIN(id) FROM fact WHERE regarding > 9)", "step 3"),
        ("UPDATE document SET received_at = received_at - 86400 WHERE id = 50", "step 3"),
        ("UPDATE document SET reference = 'alpha-other' WHERE id = 50", "step 3"),
        ("UPDATE document SET link = '00' WHERE id = 50", "step 4"),
        ("DELETE FROM fact WHERE id = 900", "step 2"),
        ("DELETE FROM fact WHERE id = (SELECT MAX(id) FROM fact)", "step 3"),
        ("DELETE FROM document WHERE id = 50", "step 2"),
        (("INSERT INTO fact SELECT 5000, document_id, 9999, 5000, corrected, regarding, format, standing, giver, owner,"
         " event, category, item, type, place, destination, launcher, status, quantity, true_at, received_at,"
         " first_received_at, corrects, about, note FROM fact WHERE id = 700"), "step 2"),
    ],
)  # fmt: skip
def test_an_administrators_edit_is_caught(ledger: Ledger, statement: str, step: str) -> None:
    tamper(ledger, statement)
    problems = [problem.rule for problem in check_ledger(ledger).problems]
    assert any(rule.startswith(step) for rule in problems), problems


def test_a_trigger_that_is_gone_is_missed(ledger: Ledger) -> None:
    with sqlite3.connect(Path(ledger.where) / FILE_NAME) as raw:
        raw.execute("DROP TRIGGER append_only_fact_update")
    raw.close()
    assert [p.rule.partition(":")[0] for p in check_ledger(ledger).problems] == ["step 1"]


def test_a_chain_written_anew_is_caught_by_a_link_from_elsewhere(tmp_path: Path) -> None:
    ledger = ledger_in(tmp_path)
    tell(ledger, opening())
    noted = link_of(ledger)
    tell(ledger, document("a-1", "change", "2011-06-01", "produced 2011-06-01 missile M9 T Plant"))
    last = link_of(ledger)
    with ledger.reading() as connection:
        content, received = connection.execute(
            text("SELECT content, received_at FROM document WHERE id = 2")
        ).one()
    # the first document never was, and the second takes its place, links and all
    tamper(
        ledger,
        "DELETE FROM fact WHERE document_id = 1",
        "DELETE FROM document WHERE id = 1",
        f"UPDATE document SET id = 1, link = '{next_link('0' * 64, 1, received, content)}'",  # noqa: S608
        "UPDATE fact SET id = 1, document_id = 1, root = 1",
    )
    assert check_ledger(ledger).problems == (), "a chain is sound in itself"
    for link in (noted, last):
        assert [p.rule.partition(":")[0] for p in check_ledger(ledger, link).problems] == ["step 5"]
