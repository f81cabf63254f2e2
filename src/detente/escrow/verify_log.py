"""Does an entry stand in a log, who signed the log's checkpoint, and is one history the beginning of another?

Proof of an entry (a .tlog-proof file):
1. The file is a proof, and below it a checkpoint.
2. The checkpoint is of the log that was expected.
3. A trusted key of the log signed it.
4. Every trusted cosigner cosigned it.
5. There is an entry.
6. Its leaf hash and the inclusion proof lead to the root of the checkpoint.
7. The entry logs the root that you gave.

Steps for which the caller gives nothing (origin, keys, root) are left out and stand in `Proof.owed`.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from .checkpoint import Checkpoint, SignedCheckpoint, open_checkpoint, parse_checkpoint
from .errors import EscrowError, MalformedError, TamperedError, shown
from .log import LogReader
from .log_entries import read_entry
from .merkle import check_consistency, check_inclusion, leaf_hash
from .notes import Note, Signed, Verifier, parse_note
from .proofs import FIRST_LINE, parse_proof
from .verify import Proof, numbered, verify

STEPS = numbered(__doc__ or "")
SIGNED = "signed by keys that you trust"
UNSIGNED = "consistent with its own checkpoint, of which no signature was checked"
_OWED_KEYS = "check who signed the checkpoint: no public key of the log was given"
_OWED_HISTORY = (
    "compare the checkpoint with those seen before, and with the other side's: detente log compare"
)
_OWED_COSIGNERS = "ask for cosignatures: without a witness the log could show somebody else another history"


@dataclass(frozen=True, slots=True)
class Trust:
    """Whom the caller believes: public keys of the log, of cosigners, the origin; nothing by default."""

    log_keys: tuple[Verifier, ...] = ()
    cosigners: tuple[Verifier, ...] = ()
    origin: str | None = None


def verify_any(content: bytes, root: bytes | None = None, trust: Trust | None = None) -> Proof:
    """Check any file of an exchange by what it begins with; raises as `verify` and `verify_log_proof` do."""
    trusted = trust or Trust()
    if content.startswith(FIRST_LINE.encode()):
        return verify_log_proof(content, root, trusted)
    if content[:1] in {b"{", b"["} or content.lstrip()[:1] == b"{":
        return verify(content, root)
    if content.startswith(b"%PDF"):
        raise MalformedError(
            "this is a PDF, which is for reading", "save the file that is attached to it, and check that"
        ).at(1)
    return verify_checkpoint(content, trusted)


def verify_log_proof(content: bytes, root: bytes | None = None, trust: Trust | None = None) -> Proof:
    """Check a proof of an entry in seven steps, and say what of it was left out."""
    trusted, step, done = trust or Trust(), 1, [1]
    try:
        proof = parse_proof(content)
        opened, steps = _signatures(proof.note, trusted)
        done += steps
        step = 5
        if proof.entry is None:
            raise MalformedError("the proof carries no entry")
        step = 6
        point = opened.checkpoint
        check_inclusion(leaf_hash(proof.entry), proof.index, point.size, proof.hashes, point.root)
        done += [5, 6]
        step = 7
        entry = read_entry(proof.entry)
        if root is not None:
            if entry is None or entry.get("root") != root.hex():
                raise TamperedError(f"the entry does not log the root that you gave, {root.hex()}")
            done.append(7)
    except EscrowError as fault:
        raise fault.at(step) from None
    what = "bytes of a kind that is not known here" if entry is None else f"a {entry['kind']}"
    said = [f"entry {proof.index} of the log {shown(point.origin)}, which has {point.size}: {what}"]
    opened_entry = entry if entry is not None else base64.b64encode(proof.entry).decode()
    return Proof(
        kind="log proof",
        root=point.root.hex(),
        compared=bool(trusted.log_keys),
        verdict=SIGNED if trusted.log_keys else UNSIGNED,
        steps=tuple(STEPS[number - 1] for number in done),
        shown=(*said, *_who(opened)),
        owed=_owed(trusted),
        opened={"index": proof.index, "entry": opened_entry, "checkpoint": checkpoint_row(opened)},
    )


def verify_checkpoint(content: bytes, trust: Trust | None = None) -> Proof:
    """Check a checkpoint alone: who signed it. Steps 1 to 4 of the proof of an entry."""
    trusted = trust or Trust()
    try:
        note = parse_note(content)
        parse_checkpoint(note.text)
    except EscrowError as fault:
        raise fault.at(1) from None
    opened, steps = _signatures(note, trusted)
    point = opened.checkpoint
    return Proof(
        kind="checkpoint",
        root=point.root.hex(),
        compared=bool(trusted.log_keys),
        verdict=SIGNED if trusted.log_keys else UNSIGNED,
        steps=tuple(STEPS[number - 1] for number in [1, *steps]),
        shown=(f"the log {shown(point.origin)} has {point.size} entries", *_who(opened)),
        owed=_owed(trusted),
        opened={"checkpoint": checkpoint_row(opened)},
    )


def _signatures(note: Note, trust: Trust) -> tuple[SignedCheckpoint, list[int]]:
    """The checkpoint, and the numbers of the steps that were taken about who signed it."""
    if trust.log_keys:
        opened = open_checkpoint(note, trust.log_keys, origin=trust.origin, cosigners=trust.cosigners)
        return opened, [*([2] if trust.origin else []), 3, *([4] if trust.cosigners else [])]
    if trust.cosigners or trust.origin:
        raise MalformedError("an origin or a cosigner proves nothing without a key of the log").at(3)
    return SignedCheckpoint(parse_checkpoint(note.text), note, ()), []


def checkpoint_row(opened: SignedCheckpoint) -> dict[str, object]:
    """A checkpoint and who signed it, as JSON."""
    point = opened.checkpoint
    return {
        "origin": point.origin,
        "size": point.size,
        "root": point.root.hex(),
        "signed": [entry.verifier.name for entry in opened.signed],
        "cosigned": [{"by": entry.verifier.name, "time": moment(entry)} for entry in opened.cosigned],
    }


def moment(signed: Signed) -> str:
    """The time that a cosignature states, in ISO 8601; empty for a plain signature."""
    try:
        return datetime.fromtimestamp(signed.time, UTC).isoformat() if signed.time else ""
    except (OverflowError, ValueError, OSError):
        return f"{signed.time} s after 1970"


def _who(opened: SignedCheckpoint) -> tuple[str, ...]:
    lines = [f"signed by {entry.verifier.name}" for entry in opened.signed]
    lines += [f"cosigned by {entry.verifier.name} at {moment(entry)}" for entry in opened.cosigned]
    return tuple(lines)


def _owed(trust: Trust) -> tuple[str, ...]:
    owed = () if trust.log_keys else (_OWED_KEYS,)
    return owed + (() if trust.cosigners else (_OWED_COSIGNERS,)) + (_OWED_HISTORY,)


@dataclass(frozen=True, slots=True)
class Comparison:
    """How two copies of one history stand to each other.

    `relation` is "same", "longer" (the first has more), "shorter", or "split". For a split, `parts_at` is the
    first entry that differs where the entries are at hand, and `evidence` are the two signed checkpoints.
    """

    relation: str
    first: Checkpoint
    second: Checkpoint
    parts_at: int | None = None
    evidence: tuple[bytes, bytes] | None = None


def compare(first: LogReader, second: LogReader | Note, keys: Sequence[Verifier] = ()) -> Comparison:
    """Whether one history is the beginning of the other. A split is an answer here and is returned.

    1. Both checkpoints are well formed. 2. Both are of one origin. 3. A trusted key signed both (where keys
    are given). 4. The tiles of each log lead to its own root. 5. The shorter is the beginning of the longer;
    a log that is shorter than a checkpoint alone cannot show that, and is refused as a rollback.
    """
    step = 1
    try:
        note = second if isinstance(second, Note) else second.note
        one, two = first.checkpoint, parse_checkpoint(note.text)
        step = 2
        if one.origin != two.origin:
            raise MalformedError(f"these are two logs: {shown(one.origin)} and {shown(two.origin)}")
        step = 3
        if keys:
            open_checkpoint(first.note, keys)
            open_checkpoint(note, keys)
        step = 4
        readers = [first] if isinstance(second, Note) else [first, second]
        for reader in readers:
            if reader.root() != reader.checkpoint.root:
                raise TamperedError("the tiles of a log do not lead to the root of its checkpoint")
    except EscrowError as fault:
        raise fault.at(step) from None
    short, long = (two, one) if two.size <= one.size else (one, two)
    if long is two and isinstance(second, Note) and one.size != two.size:
        raise TamperedError(
            f"the log shows {one.size} entries, and there is a checkpoint of {two.size}: it was rolled back",
            "or this is an old copy of it: ask for the present one",
        ).at(5)
    holder = first if long is one else second
    assert isinstance(holder, LogReader)  # noqa: S101 - by the refusal above, and for the type checker
    if holder.root(short.size) == short.root:
        relation = "same" if one.size == two.size else ("longer" if one.size > two.size else "shorter")
        _prove(holder, short, long)
        return Comparison(relation, one, two)
    parts_at = None if isinstance(second, Note) else _parting(first, second, short.size)
    return Comparison("split", one, two, parts_at, (bytes(first.note), bytes(note)))


def _prove(holder: LogReader, short: Checkpoint, long: Checkpoint) -> None:
    """The same by the proof that a third party would be given; an empty beginning needs none."""
    if short.size:
        proof = holder.consistency(short.size, long.size)
        check_consistency(short.size, long.size, short.root, long.root, proof)


def _parting(first: LogReader, second: LogReader, size: int) -> int:
    """The first entry that differs, by halving: the roots of equal beginnings are equal."""
    low, high = 0, size
    while high - low > 1:
        middle = (low + high) // 2
        if first.root(middle) == second.root(middle):
            low = middle
        else:
            high = middle
    return low
