"""What a relay takes and refuses, on both databases; and that no edit of its administrator is unseen."""

import io
import json
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from detente.escrow.checkpoint import cosign
from detente.escrow.errors import EscrowError, MalformedError, TamperedError
from detente.escrow.keys import SigningKey
from detente.escrow.log import Log
from detente.escrow.notes import COSIGNED, Note
from detente.escrow.split_view import check_split
from detente.ledger.migrations.append_only import trigger
from detente.ledger.models import TABLES
from detente.ledger.relay.checking import check_relay
from detente.ledger.relay.desk import FILE_NAME, LOG_NAME, PART_BYTES, Relay, create_relay, open_relay
from detente.ledger.relay.entries import LimitError, Limits, MovedError, ReplayError
from detente.ledger.relay.inbox import content, inbox, standing
from detente.ledger.store import LedgerError, connect, create, writer
from detente.records.errors import InputError
from tests.unit.ledger import postgres
from tests.unit.ledger.test_migrations import wiped
from tests.unit.relay.members import ALPHA, BETA, EVE, NOW, RELAY, WITNESS, Sender, relay_in


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    if postgres.missing():
        pytest.skip(f"PostgreSQL tests need a server: {postgres.missing()}")
    with postgres.cluster() as address:
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def relay(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Relay]:
    """A relay in either kind of database."""
    address = ""
    if request.param == "postgresql":
        address = request.getfixturevalue("server")
        wiped(connect(address))
    made = relay_in(tmp_path / "relay", address)
    yield made
    made.close()


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Relay]:
    """A relay in SQLite, for what does not depend on the database."""
    made = relay_in(tmp_path / "relay")
    yield made
    made.close()


def sound(relay: Relay) -> bool:
    found = check_relay(relay)
    assert found.problems == ()
    return True


# ---------------------------------------------------------------- taking and giving


def test_files_come_out_as_they_went_in_to_their_recipient_alone(relay: Relay) -> None:
    alpha, beta = Sender(), Sender(BETA, ALPHA.name)
    files = [b"first\n", b"x" * (2 * PART_BYTES + 7), b""]
    indexes = [alpha.hand_in(relay, file) for file in files]
    assert indexes == [3, 4, 5], "after three keys"
    assert beta.hand_in(relay, b"an answer\n") == 6
    here = inbox(relay, BETA.name, ALPHA.name, 0, 100)
    assert [(row["sequence"], row["length"], row["index"]) for row in here] == [
        (n + 1, len(file), n + 3) for n, file in enumerate(files)
    ]
    for n, file in enumerate(files):
        found = content(relay, BETA.name, ALPHA.name, n + 1)
        assert found is not None
        assert (found[0], b"".join(found[1])) == (len(file), file)
        for stranger in (ALPHA.name, WITNESS.name, EVE.name):
            assert content(relay, stranger, ALPHA.name, n + 1) is None
    assert inbox(relay, WITNESS.name, ALPHA.name, 0, 100) == []
    assert [row["sequence"] for row in inbox(relay, BETA.name, ALPHA.name, 1, 1)] == [2]
    assert standing(relay, ALPHA.name) == {
        "name": ALPHA.name,
        "sent": [{"member": BETA.name, "sequence": 3, "index": 5}],
        "inbox": [{"member": BETA.name, "sequence": 1, "index": 6}],
    }
    assert sound(relay)
    log = relay.log
    assert log.size == 7
    logged = [json.loads(entry) for entry in log.entries()]
    assert [entry["kind"] for entry in logged] == ["member"] * 3 + ["envelope"] * 4
    assert all(name not in json.dumps(logged[3:]) for name in (ALPHA.name, BETA.name)), "who, it does not say"


def test_a_file_is_taken_once_in_order_and_from_its_sender(relay: Relay) -> None:
    alpha = Sender()
    first = alpha.next(b"first")
    relay.accept(first, io.BytesIO(b"first"), RELAY, NOW)
    with pytest.raises(ReplayError) as replay:
        relay.expect(first, NOW)
    assert (replay.value.index, replay.value.step) == (3, 5)
    with pytest.raises(TamperedError, match="fork"):
        relay.expect(Sender().next(b"another first"), NOW)
    skipped = Sender(awaited=alpha.awaited)
    skipped.next(b"second")
    with pytest.raises(TamperedError, match="comes too early"):
        relay.expect(skipped.next(b"third"), NOW)
    for key, step in ((EVE, 2), (WITNESS, 2), (SigningKey(ALPHA.name, b"x" * 32), 2)):
        with pytest.raises(TamperedError) as refused:
            relay.expect(Sender(key).next(b"first"), NOW)
        assert refused.value.step == step
    for to in (EVE.name, WITNESS.name, ALPHA.name):
        with pytest.raises(TamperedError, match="no other party"):
            relay.expect(Sender(to=to).next(b"first"), NOW)
    with pytest.raises(MalformedError) as malformed:
        relay.expect(b"no note", NOW)
    assert malformed.value.step == 1
    with pytest.raises(TamperedError, match="not the one that was signed") as changed:
        relay.accept(Sender(awaited=alpha.awaited).next(b"second"), io.BytesIO(b"sec0nd"), RELAY, NOW)
    assert changed.value.step == 6
    assert len(inbox(relay, BETA.name, ALPHA.name, 0, 9)) == 1, "nothing of all this was kept"
    assert sound(relay)


def test_two_at_once_are_one(relay: Relay) -> None:
    note = Sender().next(b"first")

    def hand_in(_: int) -> int:
        try:
            return relay.accept(note, io.BytesIO(b"first"), RELAY, NOW)
        except ReplayError as fault:
            return -fault.index

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(hand_in, range(6))) == [-3] * 5 + [3]
    anew = open_relay(relay.folder)
    assert anew.origin == RELAY.name, "the folder knows where its database is"
    assert sound(anew)
    anew.close()


def test_sizes_are_limited_by_file_and_by_day(tmp_path: Path) -> None:
    relay = relay_in(tmp_path / "relay", limits=Limits(largest=100, a_day=150))
    alpha = Sender()
    with pytest.raises(LimitError, match="101 bytes"):
        relay.expect(Sender().next(b"x" * 101), NOW)
    alpha.hand_in(relay, b"x" * 100)
    ahead = Sender(awaited=alpha.awaited).next(b"x" * 51)
    with pytest.raises(LimitError, match="in a day"):
        relay.expect(ahead, NOW + 86_399)
    relay.expect(ahead, NOW + 86_400)
    relay.expect(Sender(BETA, ALPHA.name).next(b"x" * 100), NOW)
    relay.close()


def test_a_closed_key_is_known_no_more(small: Relay) -> None:
    alpha = Sender()
    alpha.hand_in(small, b"first")
    small.admit(ALPHA.vkey, "closed", NOW)
    assert set(small.members()) == {BETA.name, WITNESS.name}
    with pytest.raises(TamperedError, match="no trusted key"):
        small.expect(alpha.next(b"second"), NOW)
    small.catch_up(RELAY)
    assert sound(small)


def test_a_new_key_of_a_party_takes_the_place_of_the_old(small: Relay) -> None:
    alpha = Sender()
    alpha.hand_in(small, b"first")
    anew = SigningKey(ALPHA.name, b"n" * 32)
    small.admit(anew.vkey, "party", NOW)
    Sender(anew, awaited=alpha.awaited).hand_in(small, b"second")
    assert sound(small)


@pytest.mark.parametrize(
    ("vkey", "role", "rule"),
    [
        (ALPHA.vkey, "king", "is no role"),
        (ALPHA.cosigner_vkey, "party", "signs checkpoints alone"),
        (RELAY.vkey, "party", "of the relay itself"),
        (SigningKey("mallory.example", b"a" * 32).vkey, "party", "under the name alpha.example already"),
    ],
)  # fmt: skip
def test_a_key_that_cannot_be_admitted(small: Relay, vkey: str, role: str, rule: str) -> None:
    with pytest.raises(InputError, match=rule):
        small.admit(vkey, role, NOW)  # type: ignore[arg-type]


# ---------------------------------------------------------------- the log


def test_what_was_accepted_and_not_logged_is_logged_at_the_next_start(small: Relay) -> None:
    before = (small.folder / LOG_NAME / "checkpoint").read_bytes()
    saved = small.folder.with_name("saved")
    shutil.copytree(small.folder / LOG_NAME, saved)
    alpha = Sender()
    for word in (b"first", b"second"):
        alpha.hand_in(small, word)
    after = small.log.root()
    shutil.rmtree(small.folder / LOG_NAME)
    shutil.copytree(saved, small.folder / LOG_NAME)
    assert (small.folder / LOG_NAME / "checkpoint").read_bytes() == before
    assert check_relay(small).waiting == 2
    assert small.catch_up(RELAY) == 5
    assert small.log.root() == after
    shutil.rmtree(small.folder / LOG_NAME)
    assert small.catch_up(RELAY) == 5, "even a lost log comes back the same"
    assert small.log.root() == after
    assert sound(small)


def test_a_log_is_signed_by_the_relays_key_alone(small: Relay) -> None:
    with pytest.raises(TamperedError, match="not that of the relay"):
        small.catch_up(EVE)


def test_cosignatures_are_taken_of_members_and_of_the_present_checkpoint(small: Relay) -> None:
    note = Note(small.log.note.text)
    assert small.cosigned(WITNESS.name) is None
    assert small.cosign(bytes(cosign(note, WITNESS, NOW))) == [WITNESS.name]
    assert small.cosign(bytes(cosign(note, ALPHA, NOW))) == [ALPHA.name]
    assert small.cosign(bytes(cosign(note, ALPHA, NOW + 1))) == [ALPHA.name], "again, and kept once"
    names = {line.name for line in small.log.note.signatures}
    assert names == {RELAY.name, WITNESS.name, ALPHA.name}
    with pytest.raises(TamperedError, match="no trusted key"):
        small.cosign(bytes(cosign(note, EVE, NOW)))
    forged = cosign(note, WITNESS, NOW).signatures[0]
    broken = type(forged)(forged.name, forged.key_id, forged.value[:-1] + b"\0")
    with pytest.raises(TamperedError, match="does not fit"):
        small.cosign(bytes(Note(note.text, (broken,))))
    kept = small.cosigned(WITNESS.name)
    assert kept is not None
    Sender().hand_in(small, b"first")
    assert small.cosigned(WITNESS.name) == kept
    with pytest.raises(MovedError):
        small.cosign(bytes(cosign(note, BETA, NOW)))
    assert WITNESS.verifier(COSIGNED).name in kept.decode()
    assert sound(small)


# ---------------------------------------------------------------- the administrator


def test_the_database_refuses_to_change_a_row(relay: Relay) -> None:
    Sender().hand_in(relay, b"first")
    relay.cosign(bytes(cosign(Note(relay.log.note.text), WITNESS, NOW)))
    tables = [table.__tablename__ for table in TABLES if table.__tablename__.startswith("relay_")]
    assert len(tables) == 5
    for table in tables:
        for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET id = id + 100"):  # noqa: S608 - ours
            said = statement.replace("SET id = id", "SET number = number") if "part" in table else statement
            with (
                pytest.raises(DBAPIError, match="adds and never changes"),
                writer(relay.engine) as connection,
            ):
                connection.execute(text(said))
    assert sound(relay)


def as_administrator(relay: Relay, edit: Callable[[Connection], None]) -> None:
    """Take the triggers away, edit, and put them back, as somebody could who owns the database."""
    relays = [t.__tablename__ for t in TABLES if t.__tablename__.startswith("relay_")]
    with writer(relay.engine) as connection:
        if relay.engine.dialect.name == "postgresql":
            for table in relays:
                connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
            edit(connection)
            for table in relays:
                connection.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))
            return
        kept = (
            connection.execute(text("SELECT sql FROM sqlite_master WHERE type = 'trigger'")).scalars().all()
        )
        for table in relays:
            for verb in ("UPDATE", "DELETE"):
                connection.execute(text(f"DROP TRIGGER {trigger(table, verb)}"))
        connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        edit(connection)
        for sql in kept:
            if any(f" {table}" in sql for table in relays):
                connection.exec_driver_sql(sql)


EDITS = {
    "content": ("UPDATE relay_part SET content = :other WHERE envelope_id = 4", "step 3"),
    "note": ("UPDATE relay_envelope SET note = :other WHERE id = 4", "step 3"),
    "sender": ("UPDATE relay_envelope SET sender = 'eve.example' WHERE id = 4", "step 3"),
    "recipient": ("UPDATE relay_envelope SET recipient = 'alpha.example' WHERE id = 4", "step 3"),
    "sequence": ("UPDATE relay_envelope SET sequence = 7 WHERE id = 4", "step 3"),
    "time": ("UPDATE relay_envelope SET accepted_at = accepted_at + 1 WHERE id = 4", "step 3"),
    "key": ("UPDATE relay_member SET vkey = :vkey WHERE id = 1", "step 3"),
    "no key": ("UPDATE relay_member SET vkey = 'none' WHERE id = 1", "step 3"),
    "role": ("UPDATE relay_member SET role = 'party' WHERE id = 3", "step 3"),
    "entry": ("UPDATE relay_entry SET entry = :other WHERE id = 4", "step 3"),
    "last file": ("DELETE FROM relay_part WHERE envelope_id = 5", "step 3"),
    "a row": ("DELETE FROM relay_envelope WHERE id = 5", "step 2"),
    "no note": ("UPDATE relay_cosignature SET note = :other", "step 5"),
    "cosignature": ("UPDATE relay_cosignature SET note = :forged", "step 5"),
}  # fmt: skip


@pytest.mark.parametrize("edit", EDITS)
def test_an_administrators_edit_is_found(relay: Relay, edit: str) -> None:
    statement, step = EDITS[edit]
    alpha = Sender()
    alpha.hand_in(relay, b"first")
    alpha.hand_in(relay, b"second")
    relay.cosign(bytes(cosign(Note(relay.log.note.text), WITNESS, NOW)))
    given = {
        "other": b"something else", "vkey": SigningKey(ALPHA.name, b"x" * 32).vkey,
        "forged": bytes(WITNESS.signed("relay.example\n1\n" + "A" * 43 + "=\n")),
    }  # fmt: skip

    def change(connection: Connection) -> None:
        if edit == "a row":
            connection.execute(text("DELETE FROM relay_part WHERE envelope_id = 5"))
        used = {key: value for key, value in given.items() if f":{key}" in statement}
        connection.execute(text(statement), used)

    as_administrator(relay, change)
    found = check_relay(relay)
    assert found.problems, edit
    assert any(problem.rule.startswith(step) for problem in found.problems), found.problems


def test_rows_that_were_removed_whole_are_missed_by_the_log(relay: Relay) -> None:
    alpha = Sender()
    alpha.hand_in(relay, b"first")
    alpha.hand_in(relay, b"second")

    def remove(connection: Connection) -> None:
        for table, column in (("relay_part", "envelope_id"), ("relay_envelope", "id"), ("relay_entry", "id")):
            connection.execute(text(f"DELETE FROM {table} WHERE {column} = 5"))  # noqa: S608 - ours

    as_administrator(relay, remove)
    assert any("rows were removed" in problem.rule for problem in check_relay(relay).problems)
    with pytest.raises(TamperedError, match="rows were removed"):
        relay.catch_up(RELAY)


def test_a_trigger_that_is_gone_is_missed(small: Relay) -> None:
    with writer(small.engine) as connection:
        connection.execute(text(f"DROP TRIGGER {trigger('relay_entry', 'UPDATE')}"))
    assert any("append_only_relay_entry_update" in p.rule for p in check_relay(small).problems)


def test_a_relay_written_anew_with_its_own_key_is_caught_by_what_others_hold(tmp_path: Path) -> None:
    honest = relay_in(tmp_path / "honest")
    Sender().hand_in(honest, b"first")
    held = honest.log.note
    anew = relay_in(tmp_path / "anew")
    sender = Sender()
    for word in (b"another first", b"more"):
        sender.hand_in(anew, word)
    assert check_relay(anew).problems == (), "by itself it is sound"
    found = check_relay(anew, (held,))
    assert any(problem.rule.startswith("step 6") for problem in found.problems)
    assert found.evidence is not None
    check_split(bytes(found.evidence), [RELAY.verifier()])
    assert check_relay(honest, (held,)).compared == 1
    assert check_relay(honest, (held,)).problems == ()
    foreign = Log.create(tmp_path / "foreign", EVE.name, EVE).note
    assert any("step 6" in problem.rule for problem in check_relay(honest, (foreign,)).problems)
    honest.close()
    anew.close()


def test_a_damaged_log_is_found(small: Relay) -> None:
    Sender().hand_in(small, b"first")
    tile = next((small.folder / LOG_NAME / "tile" / "entries").rglob("4"))
    tile.write_bytes(tile.read_bytes()[:-1] + b"x")
    assert any(problem.rule.startswith("step 4") for problem in check_relay(small).problems)


# ---------------------------------------------------------------- making and opening


def test_a_relay_is_made_once_and_found_where_it_is(tmp_path: Path) -> None:
    create_relay(tmp_path / "relay", RELAY)
    with pytest.raises(InputError, match="a relay here already"):
        create_relay(tmp_path / "relay", RELAY)
    with pytest.raises(InputError, match="no relay here"):
        open_relay(tmp_path / "elsewhere")
    other = tmp_path / "other"
    other.mkdir()
    create(other / FILE_NAME, "test", ("alpha", "beta")).close()
    with pytest.raises(LedgerError, match="not a relay's"):
        open_relay(other)
    with pytest.raises((InputError, LedgerError, EscrowError)):
        create_relay(tmp_path / "third", RELAY, str(other / FILE_NAME))
