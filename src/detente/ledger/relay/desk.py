"""The relay between two parties: it takes signed files and keeps them as they are for their recipients.

Who somebody is, a signature says; nothing else is asked. Every file that is accepted, and every key that is
admitted, becomes one entry of a log that only grows, so that the relay itself cannot show two histories. The
entry of a file holds a hash of its signed note alone: the log shows that something came, not from whom.
A file is accepted in one transaction and logged before the answer leaves; what was accepted and not yet
logged when the relay was killed is logged when it starts again.
"""

import hashlib
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, get_args

from sqlalchemy import Connection, Engine, func, insert, select, text

from detente.escrow.disk import make_folders
from detente.escrow.envelope import Awaited, Envelope, after, check_content, open_head, parse_envelope
from detente.escrow.errors import EscrowError, MalformedError, TamperedError, shown
from detente.escrow.keys import SigningKey, fingerprint
from detente.escrow.log import CHECKPOINT, Log, folder_fetch
from detente.escrow.notes import PLAIN, Note, Verifier, parse_note, parse_vkey, verified
from detente.ledger.migrations import newest, revision_of, upgrade
from detente.ledger.models import RelayCosignature, RelayEntry, RelayEnvelope, RelayMember, RelayPart, Setting
from detente.ledger.store import LedgerError, connect, explained, writer
from detente.records.errors import InputError, Problem

from .entries import (
    LimitError,
    Limits,
    Member,
    MovedError,
    ReplayError,
    Role,
    entry_of_envelope,
    entry_of_member,
)

FILE_NAME, ADDRESS_NAME, LOG_NAME = "relay.sqlite", "relay.address", "log"
PART_BYTES = 262_144
DAY_S = 86_400
CHUNK = 1_000
_LOCK = "LOCK TABLE relay_entry IN SHARE ROW EXCLUSIVE MODE"


# ---------------------------------------------------------------- making and opening


def create_relay(folder: Path, key: SigningKey, database: str = "") -> None:
    """Make a relay whose log is signed by this key, under the key's name. Raises `InputError`."""
    if (folder / FILE_NAME).exists() or (folder / ADDRESS_NAME).exists():
        raise InputError(Problem("there is a relay here already", "choose another folder", str(folder)))
    make_folders(folder)
    engine = connect(database or folder / FILE_NAME)
    with explained(database or folder), writer(engine) as connection:
        if revision_of(connection) is not None:
            raise InputError(Problem("there is a ledger or a relay in this database", "use an empty one"))
        upgrade(connection)
        settings = {"kind": "relay", "vkey": key.vkey}
        connection.execute(insert(Setting), [{"name": k, "value": v} for k, v in settings.items()])
    if database:
        (folder / ADDRESS_NAME).write_text(f"{database}\n", encoding="utf-8")
    engine.dispose()
    Log.create(folder / LOG_NAME, key.name, key)


def open_relay(folder: Path, database: str = "", limits: Limits | None = None) -> "Relay":
    """Open a relay that is there and of this version. Raises `InputError` or `LedgerError`."""
    elsewhere = folder / ADDRESS_NAME
    where = database or (elsewhere.read_text(encoding="utf-8").strip() if elsewhere.is_file() else "")
    if not where and not (folder / FILE_NAME).is_file():
        raise InputError(Problem("there is no relay here", "make one: detente relay new", str(folder)))
    engine = connect(where or folder / FILE_NAME)
    with explained(where or folder), engine.connect() as connection:
        found = revision_of(connection)
        if found != newest():
            rule = f"the relay has the form {found or 'of nothing'} and this version writes {newest()}"
            raise InputError(
                Problem(rule, "detente ledger upgrade, with the path of its database", str(folder))
            )
        settings = {row.name: row.value for row in connection.execute(select(Setting.name, Setting.value))}
    if settings.get("kind") != "relay" or "vkey" not in settings:
        raise LedgerError(f"{folder}: this database is not a relay's")
    return Relay(engine, folder, parse_vkey(settings["vkey"]), limits or Limits())


class Relay:
    """An open relay; every method may be called from any thread, and one process serves."""

    def __init__(self, engine: Engine, folder: Path, log_key: Verifier, limits: Limits) -> None:
        self.engine, self.folder, self.log_key, self.limits = engine, folder, log_key, limits
        self._alone = threading.Lock()

    @property
    def origin(self) -> str:
        """The name of the relay, which is its log's and its key's."""
        return self.log_key.name

    @property
    def log(self) -> Log:
        """The log as it is now."""
        return Log(self.folder / LOG_NAME)

    def log_file(self, path: str) -> bytes:
        """A file of the log: `checkpoint` or a tile. Raises `FileNotFoundError` or `MalformedError`."""
        return folder_fetch(self.folder / LOG_NAME)(path)

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection to ask with."""
        with self.engine.connect() as connection, connection.begin():
            yield connection
            connection.rollback()

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with self._alone, writer(self.engine) as connection:
            if self.engine.dialect.name == "postgresql":
                connection.execute(text(_LOCK))
            yield connection

    # ------------------------------------------------------------ members

    def admit(self, vkey: str, role: Role, now: int) -> str:
        """Know a public key from now on, or close it; gives its fingerprint to compare by voice."""
        if role not in get_args(Role):
            raise InputError(Problem(f'"{role}" is no role', f"use one of: {', '.join(get_args(Role))}"))
        key = parse_vkey(vkey)
        if role == "party" and key.kind != PLAIN:
            raise InputError(
                Problem("this key signs checkpoints alone", "give the key of `detente keys show`")
            )
        if key.name == self.origin or key.public == self.log_key.public:
            raise InputError(Problem("this is the name or the key of the relay itself", "use another key"))
        with self._writing() as connection:
            for name, member in self._members(connection).items():
                if name != key.name and member.key.public == key.public:
                    raise InputError(
                        Problem(f"this key is admitted under the name {name} already", "use one name")
                    )
            number = self._add_entry(connection, entry_of_member(role, key.vkey, now))
            connection.execute(
                insert(RelayMember),
                {"id": number, "name": key.name, "role": role, "vkey": key.vkey, "admitted_at": now},
            )
        return fingerprint(key)

    def members(self) -> Mapping[str, Member]:
        """The keys now known, by name; closed ones are not among them."""
        with self.reading() as connection:
            return {n: m for n, m in self._members(connection).items() if m.role != "closed"}

    @staticmethod
    def _members(connection: Connection) -> dict[str, Member]:
        rows = connection.execute(select(RelayMember).order_by(RelayMember.id))
        return {row.name: Member(row.name, row.role, parse_vkey(row.vkey)) for row in rows}

    @staticmethod
    def _add_entry(connection: Connection, entry: bytes) -> int:
        number = connection.execute(select(func.coalesce(func.max(RelayEntry.id), 0) + 1)).scalar_one()
        connection.execute(insert(RelayEntry), {"id": number, "entry": entry})
        return int(number)

    # ------------------------------------------------------------ accepting

    def expect(self, note: bytes, now: int) -> Envelope:
        """Whether a file would be accepted, by its note alone, before a byte of it is read.

        Steps 1-5 of `open_envelope`, where the recipient is any other party. Raises `ReplayError` for one
        that is here, `LimitError` for one too large, `TamperedError` or `MalformedError`.
        """
        with self.reading() as connection:
            return self._expect(connection, note, now)

    def accept(self, note: bytes, content: IO[bytes], key: SigningKey, now: int) -> int:
        """Take in a signed file whole, or nothing of it, and give the index of its entry in the log.

        `content` is read from its beginning, a piece at a time. Step 6, its length and digest, is checked
        before anything is added.
        """
        length, digest = 0, hashlib.sha256()
        content.seek(0)
        while piece := content.read(PART_BYTES):
            length += len(piece)
            digest.update(piece)
        with self._writing() as connection:
            envelope = self._expect(connection, note, now)
            check_content(envelope, length, digest.digest())
            number = self._add_entry(connection, entry_of_envelope(note, now))
            connection.execute(
                insert(RelayEnvelope),
                {
                    "id": number, "sender": envelope.sender, "recipient": envelope.recipient,
                    "sequence": envelope.sequence, "length": length, "accepted_at": now, "note": note,
                },
            )  # fmt: skip
            content.seek(0)
            part = 0
            while piece := content.read(PART_BYTES):
                connection.execute(
                    insert(RelayPart), {"envelope_id": number, "number": part, "content": piece}
                )
                part += 1
        self.catch_up(key)
        return number - 1

    def _expect(self, connection: Connection, note: bytes, now: int) -> Envelope:
        parties = {n: m for n, m in self._members(connection).items() if m.role == "party"}
        keys = [member.key for member in parties.values()]
        try:
            claimed = parse_envelope(parse_note(note).text)
            verified(parse_note(note), keys)
        except EscrowError as fault:
            raise fault.at(1 if isinstance(fault, MalformedError) else 2) from None
        if claimed.recipient not in parties or claimed.recipient == claimed.sender:
            raise TamperedError(f"it is for {shown(claimed.recipient)}, who is no other party here").at(4)
        last = self._last(connection, claimed.sender, claimed.recipient)
        try:
            envelope = open_head(note, keys, claimed.recipient, _awaited(last))
        except EscrowError as fault:
            raise self._told(connection, claimed, fault) from None
        if envelope.length > self.limits.largest:
            raise LimitError(
                f"the file has {envelope.length} bytes, and the relay takes {self.limits.largest}",
                "send more often, or carry this one by hand: detente exchange send",
            )
        today = select(func.coalesce(func.sum(RelayEnvelope.length), 0)).where(
            RelayEnvelope.sender == envelope.sender, RelayEnvelope.accepted_at > now - DAY_S
        )
        if connection.execute(today).scalar_one() + envelope.length > self.limits.a_day:
            raise LimitError(
                f"with this file it would be more than {self.limits.a_day} bytes in a day", "push it tomorrow"
            )
        return envelope

    @staticmethod
    def _last(connection: Connection, sender: str, recipient: str, sequence: int | None = None) -> Any:
        chosen = select(RelayEnvelope.id, RelayEnvelope.note).where(
            RelayEnvelope.sender == sender, RelayEnvelope.recipient == recipient
        )
        if sequence is not None:
            chosen = chosen.where(RelayEnvelope.sequence == sequence)
        return connection.execute(chosen.order_by(RelayEnvelope.sequence.desc()).limit(1)).one_or_none()

    def _told(self, connection: Connection, claimed: Envelope, fault: EscrowError) -> EscrowError:
        """The same refusal where a number is here already: sent again, or another history of its sender's."""
        if fault.step != 5:
            return fault
        known = self._last(connection, claimed.sender, claimed.recipient, claimed.sequence)
        if known is not None and parse_envelope(parse_note(known.note).text) == claimed:
            return ReplayError(claimed.sequence, known.id - 1).at(5)
        if known is not None:
            fault.rule = f"fork: number {claimed.sequence} is here already and says something else"
            fault.way_out = f"{claimed.sender} signed two histories: keep both as evidence"
        return fault

    def catch_up(self, key: SigningKey) -> int:
        """Log what was accepted and is not logged yet, in order; gives the size of the log.

        A log that is not there is begun anew, from the same entries to the same roots. Raises `TamperedError`
        where the log and the database are not of one history, or the key is not the relay's.
        """
        if key.verifier() != self.log_key:
            raise TamperedError(f"this key is not that of the relay {self.origin}")
        folder = self.folder / LOG_NAME
        with self._alone, self.reading() as connection:
            log = Log(folder) if (folder / CHECKPOINT).is_file() else Log.create(folder, key.name, key)
            accepted = connection.execute(select(func.coalesce(func.max(RelayEntry.id), 0))).scalar_one()
            if accepted < log.size:
                raise TamperedError(
                    f"the log has {log.size} entries and the database {accepted}: rows were removed",
                    "restore the database from a copy: detente relay fsck",
                )
            while log.size < accepted:
                waiting = select(RelayEntry.entry).where(RelayEntry.id > log.size)
                chunk = connection.execute(waiting.order_by(RelayEntry.id).limit(CHUNK)).scalars().all()
                log.append([bytes(entry) for entry in chunk], key)
            return log.size

    # ------------------------------------------------------------ cosignatures

    def cosign(self, content: bytes) -> list[str]:
        """Take members' cosignatures of the present checkpoint, each checked; gives whose they are.

        Raises `MovedError` where the note is of another checkpoint than the log's present one.
        """
        note = parse_note(content)
        cosigners = [member.cosigner for member in self.members().values()]
        with self._alone:
            log = self.log
            if note.text != log.note.text:
                raise MovedError("these signatures stand under another checkpoint than the log's now")
            found = verified(note, cosigners)
            with writer(self.engine) as connection:
                if self.engine.dialect.name == "postgresql":
                    connection.execute(text(_LOCK))
                for signed in found:
                    self._keep(connection, log, note, signed.verifier)
            log.add_cosignatures(note, cosigners)
        return [signed.verifier.name for signed in found]

    @staticmethod
    def _keep(connection: Connection, log: Log, note: Note, cosigner: Verifier) -> None:
        known = select(RelayCosignature.id).where(
            RelayCosignature.name == cosigner.name, RelayCosignature.size == log.size
        )
        if connection.execute(known).first() is not None:
            return
        kept = Note(log.note.text, log.note.signatures)
        for line in note.signatures:
            if (line.name, line.key_id) == (cosigner.name, cosigner.key_id):
                kept = kept.with_signature(line)
        number = connection.execute(select(func.coalesce(func.max(RelayCosignature.id), 0) + 1)).scalar_one()
        connection.execute(
            insert(RelayCosignature),
            {"id": number, "name": cosigner.name, "size": log.size, "note": bytes(kept)},
        )

    def cosigned(self, name: str) -> bytes | None:
        """The largest checkpoint that a member has cosigned; None where there is none."""
        chosen = select(RelayCosignature.note).where(RelayCosignature.name == name)
        with self.reading() as connection:
            found = connection.execute(
                chosen.order_by(RelayCosignature.size.desc()).limit(1)
            ).scalar_one_or_none()
        return None if found is None else bytes(found)


def _awaited(last: Any) -> Awaited:
    return after(parse_envelope(parse_note(last.note).text)) if last is not None else Awaited()
