"""kill -9 while a ledger is written: nothing lost, nothing half there. DETENTE_LONG=1 kills oftener."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from detente.ledger.migrations import upgrade
from detente.ledger.models import Base
from detente.ledger.store import connect, open_ledger, upgrade_ledger, writer
from detente.ledger.synthetic import Size
from detente.ledger.synthetic import tell as tell_story
from detente.records.notification_files import write_notifications
from tests.unit.ledger.told import document, ledger_in, opening, tell

FIRST = {"setting", "document", "fact"}  # the tables of the oldest form
KILLS = 200 if os.environ.get("DETENTE_LONG") else 20
ROOT = Path(__file__).resolve().parents[3]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL and no fork")


def kill(what: str, folder: Path, file: Path) -> tuple[int, int, int]:
    """How often everything was lost, how often everything was there, how often the kill struck in time."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.unit.ledger.crashing", what, str(folder), str(file), str(KILLS), "11"],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=1200,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    lost, whole, struck = (int(word) for word in done.stdout.split())
    assert lost + whole == KILLS
    return lost, whole, struck


def test_an_import_that_is_killed_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    ledger = ledger_in(tmp_path)
    tell(ledger, document("first", "change", "2011-02-06", "produced 2011-02-06 missile M1 T Plant"))
    ledger.close()
    file = tmp_path / "story.csv"
    size = Size(items=80, notifications=400, half_years=1, faults=0)
    write_notifications(file, tell_story(size, parties=("alpha", "beta")).rows())
    lost, _, struck = kill("import", Path(ledger.where), file)
    assert struck > 0, "some kill must strike while the import runs; how many depends on the machine"
    assert lost > 0


def test_a_migration_that_is_killed_is_done_whole_or_not_at_all(tmp_path: Path) -> None:
    folder = tmp_path / "old"
    folder.mkdir()
    engine = connect(folder)
    with writer(engine) as connection:
        upgrade(connection, "0001")
        connection.execute(
            text("INSERT INTO setting VALUES ('name', 'old'), ('parties', :parties), ('own', 'alpha')"),
            {"parties": "alpha\nbeta"},
        )
    engine.dispose()
    with_data = tmp_path / "with-data"
    upgrade_ledger(folder)  # a document of the older form: written by this version, then taken back one step
    ledger = open_ledger(folder)
    tell(ledger, opening())
    ledger.close()
    with writer(engine) as connection:
        later = [table for table in reversed(Base.metadata.sorted_tables) if table.name not in FIRST]
        for table in later:
            connection.execute(text(f"DROP TABLE {table.name}"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    engine.dispose()
    folder.rename(with_data)
    lost, _, struck = kill("upgrade", with_data, with_data)
    assert struck > 0
    assert lost > 0
