"""Checking a relay: its database against its log, and its log against what others hold of it.

The database refuses to change a row; an administrator who takes the triggers away can. Every row is bound to
an entry of the log by a hash, every entry to the signed root, and every root to those that the parties and
the witness cosigned. Someone who writes all of it anew is caught by a checkpoint that another holds.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from detente.escrow.checkpoint import SignedCheckpoint, open_checkpoint
from detente.escrow.envelope import Awaited, after, check_content, open_head, parse_envelope
from detente.escrow.errors import EscrowError, MalformedError
from detente.escrow.log import LogReader, fsck
from detente.escrow.notes import Note, Verifier, parse_note, parse_vkey
from detente.escrow.split_view import SplitView, find_split
from detente.ledger.chain import MOST_PROBLEMS, sound
from detente.ledger.models import RelayCosignature, RelayEntry, RelayEnvelope, RelayMember
from detente.records.errors import Problem

from .desk import Relay
from .entries import Member, entry_of_envelope, entry_of_member
from .inbox import pieces

COMPARE = "compare with the parties' copies, and restore the relay from one of its own"


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found: how much was read, the checkpoint, every problem, and what is not logged yet."""

    entries: int
    envelopes: int
    checkpoint: SignedCheckpoint | None
    waiting: int
    compared: int
    problems: tuple[Problem, ...]
    evidence: SplitView | None = None


def check_relay(
    relay: Relay, held: tuple[Note, ...] = (), progress: Callable[[int], None] | None = None
) -> Checked:
    """Check a relay in six steps.

    1. The database is sound and its append-only triggers stand. 2. Entries run without a gap, and each is of
    one file or key. 3. Each file is the one that its sender signed, in its order, and was logged so. 4. The
    log is whole, signed by the relay, and holds the entries of the database. 5. The log continues every
    checkpoint that was cosigned. 6. It continues every checkpoint in `held`, which the caller owes: without
    one from elsewhere, a relay that wrote all of it anew with its own key is not seen.
    """
    with relay.reading() as connection:
        problems = list(sound(connection))
        entries, first, last = connection.execute(
            select(
                func.count(),
                func.coalesce(func.min(RelayEntry.id), 1),
                func.coalesce(func.max(RelayEntry.id), 0),
            )
        ).one()
        if first != 1 or last != entries:
            problems.append(
                Problem(f"step 2: the entries have a gap: {entries} rows, {first} to {last}", COMPARE)
            )
    count = 0
    for number, entry, problem in _rows(relay):
        count += isinstance(entry, bytes)
        if problem:
            problems.append(Problem(problem, COMPARE))
        if progress:
            progress(number)
        if len(problems) >= MOST_PROBLEMS:
            break
    checkpoint, waiting, faults = _logged(relay, entries)
    problems += faults
    evidence = None
    compared = 0
    if checkpoint is not None:
        log, compared = relay.log, len(held)
        given = [*((5, note) for note in _cosigned(relay)), *((6, bytes(note)) for note in held)]
        for step, content in given:
            problem, found = _continued(log, content, relay.log_key, step)
            evidence = evidence or found
            problems += [Problem(problem, COMPARE)] if problem else []
    return Checked(entries, count, checkpoint, waiting, compared, tuple(problems[:MOST_PROBLEMS]), evidence)


def _rows(relay: Relay) -> Iterator[tuple[int, bytes | None, str]]:
    """Each entry with what is wrong with it, steps 2 and 3; bytes where it is a file's."""
    members: dict[str, Member] = {}
    awaited: dict[tuple[str, str], Awaited] = {}
    number = 0
    while True:
        with relay.reading() as connection:
            entry = connection.execute(
                select(RelayEntry.id, RelayEntry.entry)
                .where(RelayEntry.id > number)
                .order_by(RelayEntry.id)
                .limit(1)
            ).one_or_none()
            if entry is None:
                return
            number = entry.id
            file: Any = connection.execute(
                select(RelayEnvelope).where(RelayEnvelope.id == number)
            ).one_or_none()
            key: Any = connection.execute(select(RelayMember).where(RelayMember.id == number)).one_or_none()
        if (file is None) == (key is None):
            yield number, None, f"step 2: entry {number} belongs to no file and no key, or to both"
        elif key is not None:
            fits = bytes(entry.entry) == entry_of_member(key.role, key.vkey, key.admitted_at)
            try:
                known = parse_vkey(key.vkey)
                members[key.name] = Member(key.name, key.role, known)
                fits = fits and known.name == key.name
            except MalformedError:
                fits = False
            yield number, None, "" if fits else f"step 3: the key {key.name} is not the one that was logged"
        else:
            problem = _file(relay, file, bytes(entry.entry), members, awaited)
            yield number, bytes(entry.entry), problem


def _file(
    relay: Relay, row: Any, entry: bytes, members: dict[str, Member], awaited: dict[tuple[str, str], Awaited]
) -> str:
    """What is wrong with an accepted file; empty if nothing is."""
    note = bytes(row.note)
    name = f"step 3: file {row.sequence} from {row.sender} to {row.recipient}"
    way = (row.sender, row.recipient)
    try:
        keys = [member.key for member in members.values() if member.role == "party"]
        envelope = parse_envelope(parse_note(note).text)
        expected, awaited[way] = awaited.get(way, Awaited()), after(envelope)
        open_head(note, keys, row.recipient, expected)
        if (envelope.sender, envelope.sequence, envelope.length) != (row.sender, row.sequence, row.length):
            return f"{name}: its row says otherwise than its note"
        if entry != entry_of_envelope(note, row.accepted_at):
            return f"{name}: its note, or when it came, is not what was logged"
        length, digest = 0, hashlib.sha256()
        for piece in pieces(relay, row.id):
            length += len(piece)
            digest.update(piece)
        check_content(envelope, length, digest.digest())
    except EscrowError as fault:
        return f"{name}: {fault.rule}"
    return ""


def _logged(relay: Relay, entries: int) -> tuple[SignedCheckpoint | None, int, list[Problem]]:
    """Step 4: the log is whole and holds the entries of the database."""
    try:
        log = relay.log
        opened = open_checkpoint(log.note, [relay.log_key], origin=relay.origin)
        if log.size:
            fsck(log, [relay.log_key])
    except EscrowError as fault:
        return None, 0, [Problem(f"step 4: the log: {fault.rule}", COMPARE)]
    problems = []
    if log.size > entries:
        rule = f"step 4: the log has {log.size} entries and the database {entries}: rows were removed"
        problems.append(Problem(rule, COMPARE))
    with relay.reading() as connection:
        rows = connection.execute(
            select(RelayEntry.id, RelayEntry.entry).order_by(RelayEntry.id).execution_options(yield_per=256)
        )
        with rows:
            for row, logged in zip(rows, log.entries(), strict=False):
                if bytes(row.entry) != logged:
                    rule = f"step 4: entry {row.id} is not the one that was logged"
                    problems.append(Problem(rule, COMPARE))
                    break
    return opened, max(entries - log.size, 0), problems


def _cosigned(relay: Relay) -> list[bytes]:
    with relay.reading() as connection:
        chosen = select(RelayCosignature.note).order_by(RelayCosignature.id)
        return [bytes(content) for content in connection.execute(chosen).scalars()]


def _continued(log: LogReader, content: bytes, key: Verifier, step: int) -> tuple[str, SplitView | None]:
    """What is wrong with a log in view of a checkpoint of before, and evidence where it is a split view."""
    try:
        note = parse_note(content)
        before = open_checkpoint(note, [key], origin=key.name).checkpoint
        found = find_split(log, note) if before.size else None
    except EscrowError as fault:
        return f"step {step}: {fault.rule}", None
    if found is None:
        return "", None
    return f"step {step}: the log does not begin with the {before.size} entries that were cosigned", found
