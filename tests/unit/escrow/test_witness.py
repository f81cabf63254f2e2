"""A witness cosigns what continues and nothing else; two histories are found, and proved to anybody."""

import argparse
import json
import subprocess
import sys
from pathlib import Path

import pytest

from detente import api
from detente.escrow import standalone
from detente.escrow.checkpoint import Checkpoint, sign_checkpoint
from detente.escrow.errors import EscrowError, MalformedError, TamperedError
from detente.escrow.keys import SigningKey
from detente.escrow.log import Log, LogReader, folder_fetch
from detente.escrow.merkle import EMPTY_ROOT
from detente.escrow.notes import COSIGNED, Note
from detente.escrow.split_view import (
    EVIDENCE_SCHEMA,
    LARGEST_EVIDENCE,
    SplitView,
    SplitViewError,
    check_split,
    find_split,
    parse_split,
)
from detente.escrow.witness import LARGEST_REQUEST, OldSizeError, Request, Witness, parse_request

LOG_KEY = SigningKey("log.example", b"l" * 32)
OTHER_KEY = SigningKey("other.example", b"o" * 32)
WITNESS_KEY = SigningKey("witness.example", b"w" * 32)
NOW = 1_800_000_000


def log_of(folder: Path, entries: list[bytes], key: SigningKey = LOG_KEY) -> Log:
    log = Log.create(folder, LOG_KEY.name, key)
    if entries:
        log.append(entries, key)
    return log


def entries(count: int, word: str = "entry") -> list[bytes]:
    return [f"{word} {n}".encode() for n in range(count)]


@pytest.fixture
def witness(tmp_path: Path) -> Witness:
    return Witness(tmp_path / "witness", WITNESS_KEY, [LOG_KEY.verifier()])


def asked(log: Log, old: int) -> Request:
    return Request(old, log.consistency(old) if old else (), log.note)


# ---------------------------------------------------------------- add-checkpoint


def test_a_witness_cosigns_what_continues(tmp_path: Path, witness: Witness) -> None:
    log = log_of(tmp_path / "log", [])
    sizes = [0]
    for count in (1, 2, 5, 300):
        log.append(entries(count), LOG_KEY)
        request = parse_request(bytes(asked(log, sizes[-1])))
        signature = witness.add(request, NOW)
        WITNESS_KEY.verifier(COSIGNED).check(log.note.text, signature)
        last = witness.last(LOG_KEY.name)
        assert last is not None
        assert last.size == log.size
        sizes.append(log.size)
    again = witness.add(asked(log, log.size), NOW + 1)
    assert again.time(COSIGNED) == NOW + 1


def test_what_was_seen_is_there_after_a_restart_and_before_the_answer(
    tmp_path: Path, witness: Witness
) -> None:
    log = log_of(tmp_path / "log", entries(3))
    witness.add(asked(log, 0), NOW)
    anew = Witness(witness.folder, WITNESS_KEY, [LOG_KEY.verifier()])
    with pytest.raises(OldSizeError) as refused:
        anew.add(Request(0, (), log.note), NOW)
    assert (refused.value.size, refused.value.step) == (3, 3)


def test_nothing_is_cosigned_if_it_cannot_be_kept(
    tmp_path: Path, witness: Witness, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("detente.escrow.witness.write_whole", full)
    with pytest.raises(OSError, match="no space"):
        witness.add(asked(log_of(tmp_path / "log", entries(1)), 0), NOW)


def test_a_rollback_and_a_false_proof_are_refused(tmp_path: Path, witness: Witness) -> None:
    log = log_of(tmp_path / "log", entries(3))
    witness.add(asked(log, 0), NOW)
    with pytest.raises(MalformedError, match="cannot be the beginning"):
        witness.add(Request(3, (), log_of(tmp_path / "short", entries(2)).note), NOW)
    forked = log_of(tmp_path / "forked", entries(5, "other"))
    with pytest.raises(TamperedError, match="not the beginning") as refused:
        witness.add(asked(forked, 3), NOW)
    assert refused.value.step == 4
    last = witness.last(LOG_KEY.name)
    assert last is not None
    assert last.size == 3


def test_a_first_checkpoint_has_no_proof_and_an_empty_one_needs_none(
    tmp_path: Path, witness: Witness
) -> None:
    log = log_of(tmp_path / "log", [])
    with pytest.raises(MalformedError, match="without a proof"):
        witness.add(Request(0, (bytes(32),), log.note), NOW)
    witness.add(Request(0, (), log.note), NOW)
    log.append(entries(2), LOG_KEY)
    witness.add(Request(0, (), log.note), NOW)


def test_an_unknown_log_and_another_key_are_refused(tmp_path: Path, witness: Witness) -> None:
    point = Checkpoint("unknown.example", 0, EMPTY_ROOT)
    with pytest.raises(MalformedError, match="no log that is watched"):
        witness.add(Request(0, (), sign_checkpoint(point, OTHER_KEY)), NOW)
    forged = Note(log_of(tmp_path / "log", entries(1)).note.text, (OTHER_KEY.sign("x\n"),))
    with pytest.raises(TamperedError, match="no trusted key"):
        witness.add(Request(0, (), forged), NOW)


def test_two_roots_of_one_size_are_evidence_and_end_the_trust(tmp_path: Path, witness: Witness) -> None:
    one, two = log_of(tmp_path / "one", entries(4)), log_of(tmp_path / "two", entries(4, "other"))
    witness.add(asked(one, 0), NOW)
    with pytest.raises(SplitViewError) as refused:
        witness.add(Request(4, (), two.note), NOW)
    kept = witness.evidence(LOG_KEY.name)
    assert kept is not None
    assert kept.read_bytes() == bytes(refused.value.evidence)
    check_split(kept.read_bytes(), [LOG_KEY.verifier()])
    with pytest.raises(TamperedError, match="two histories") as after:
        witness.add(asked(one, 4), NOW)
    assert after.value.step == 2


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        (b"x" * (LARGEST_REQUEST + 1), "refused unread"),
        ("old 1\né\n\n".encode(), "not plain ASCII"),
        (b"old 01\n\n", 'does not begin with "old SIZE"'),
        (b"old 12345678901234567890\n\n", 'does not begin with "old SIZE"'),
        (b"new 1\n\n", 'does not begin with "old SIZE"'),
        (b"old 1\n", 'does not begin with "old SIZE"'),
        (b"old 1" + 64 * (b"\n" + b"A" * 43 + b"=") + b"\n\n", "no tree is so high"),
        (b"old 1\n*\n\n", "not base64"),
        (b"old 1\n\nno note", "no signatures"),
    ],
)  # fmt: skip
def test_a_malformed_request_is_refused(body: bytes, rule: str) -> None:
    with pytest.raises(MalformedError, match=rule):
        parse_request(body)


# ---------------------------------------------------------------- views of one log


def test_views_of_one_history_are_cosigned_at_the_longest(tmp_path: Path, witness: Witness) -> None:
    views = [log_of(tmp_path / str(n), entries(n)) for n in (0, 3, 7, 5)]
    witness.watch(views, NOW)
    last = witness.last(LOG_KEY.name)
    assert last is not None
    assert last.size == 7
    witness.watch([views[2]], NOW)
    with pytest.raises(TamperedError, match="rolled back"):
        witness.watch([views[1]], NOW)


@pytest.mark.parametrize(("one", "two"), [(4, 4), (4, 9), (9, 4), (3, 300), (1, 2)])
def test_a_split_view_is_proved_to_a_third_party(
    tmp_path: Path, witness: Witness, one: int, two: int
) -> None:
    views = [log_of(tmp_path / "one", entries(one)), log_of(tmp_path / "two", entries(two, "other"))]
    with pytest.raises(SplitViewError, match="two histories"):
        witness.watch(views, NOW)
    assert witness.last(LOG_KEY.name) is None, "neither is cosigned"
    kept = witness.evidence(LOG_KEY.name)
    assert kept is not None
    first, second = check_split(kept.read_bytes(), [LOG_KEY.verifier()])
    assert first.checkpoint.size == min(one, two)
    assert second.checkpoint.size == max(one, two)


def test_a_split_from_what_was_cosigned_is_found(tmp_path: Path, witness: Witness) -> None:
    witness.watch([log_of(tmp_path / "one", entries(4))], NOW)
    with pytest.raises(SplitViewError):
        witness.watch([log_of(tmp_path / "two", entries(6, "other"))], NOW)


# ---------------------------------------------------------------- evidence


def evidence_of(tmp_path: Path, one: int = 4, two: int = 9) -> SplitView:
    first = log_of(tmp_path / "first", entries(one))
    second = log_of(tmp_path / "second", entries(two, "other"))
    found = find_split(second, first.note)
    assert found is not None
    return found


@pytest.mark.parametrize(("one", "two"), [(4, 4), (4, 9), (3, 300), (1, 2), (5, 8), (256, 513)])
def test_the_second_verifier_comes_to_the_same_verdicts(tmp_path: Path, one: int, two: int) -> None:
    found = evidence_of(tmp_path, one, two)
    honest, short = log_of(tmp_path / "honest", entries(two)), log_of(tmp_path / "short", entries(one))
    innocent = SplitView(short.note, honest.note, honest.root(one), honest.consistency(one))
    invented = SplitView(short.note, honest.note, bytes(32), honest.consistency(one))
    longer = SplitView(found.first, found.second, found.begins_with, (*found.proof, bytes(32)))
    shorter = SplitView(found.first, found.second, found.begins_with, found.proof[:-1])
    signed = SplitView(found.second, found.first, found.begins_with, found.proof)
    false = [innocent, invented, longer, signed, *([shorter] if found.proof else [])]
    for evidence, trusted in [(found, LOG_KEY), (found, OTHER_KEY), *((wrong, LOG_KEY) for wrong in false)]:
        path = tmp_path / "evidence.json"
        path.write_bytes(bytes(evidence))
        ours: tuple[int, int | None] = (0, None)
        try:
            check_split(path.read_bytes(), [trusted.verifier()])
        except EscrowError as fault:
            ours = (1 if isinstance(fault, TamperedError) else 2, fault.step)
        theirs: tuple[int, int | None] = (0, None)
        standalone.STEP[0] = 1
        try:
            standalone.check_split(path.read_bytes(), argparse.Namespace(trust=[trusted.vkey]))
        except standalone.Verdict as verdict:
            theirs = (verdict.code, verdict.step)
        assert ours == theirs
        expected = evidence is found and trusted is LOG_KEY
        if evidence is signed and one == two:
            expected = False  # the roots are swapped as well: begins_with is the first's own
        assert (ours[0] == 0) is expected


def test_the_command_line_of_the_second_verifier(tmp_path: Path) -> None:
    path = tmp_path / "evidence.json"
    path.write_bytes(bytes(evidence_of(tmp_path)))
    script = Path(standalone.__file__)
    for key, code in ((LOG_KEY, 0), (OTHER_KEY, 1)):
        done = subprocess.run(
            [sys.executable, str(script), "split", str(path), "--trust", key.vkey],
            check=False,
            capture_output=True,
        )
        assert done.returncode == code, done.stderr


def test_a_comparison_of_logs_writes_evidence(tmp_path: Path) -> None:
    one, two = log_of(tmp_path / "one", entries(4)), log_of(tmp_path / "two", entries(6, "other"))
    pairs = [(one.folder, two.folder), (two.folder, one.folder), (two.folder, one.folder / "checkpoint")]
    for n, (first, second) in enumerate(pairs):
        path = tmp_path / f"evidence-{n}.json"
        assert not api.log_compare(first, second, [LOG_KEY.vkey], path)["ok"]
        check_split(path.read_bytes(), [LOG_KEY.verifier()])


def test_evidence_is_read_as_it_was_written(tmp_path: Path) -> None:
    found = evidence_of(tmp_path)
    assert parse_split(bytes(found)) == found


def test_no_evidence_can_be_made_against_an_honest_log(tmp_path: Path) -> None:
    long, short = log_of(tmp_path / "long", entries(9)), log_of(tmp_path / "short", entries(4))
    assert find_split(long, short.note) is None
    honest = SplitView(short.note, long.note, long.root(4), long.consistency(4))
    with pytest.raises(TamperedError, match="agree") as refused:
        check_split(bytes(honest), [LOG_KEY.verifier()])
    assert refused.value.step == 4
    invented = SplitView(short.note, long.note, bytes(32), long.consistency(4))
    with pytest.raises(TamperedError, match="not the beginning"):
        check_split(bytes(invented), [LOG_KEY.verifier()])


def test_evidence_signed_by_another_is_refused(tmp_path: Path) -> None:
    found = evidence_of(tmp_path)
    with pytest.raises(TamperedError, match="no trusted key") as refused:
        check_split(bytes(found), [OTHER_KEY.verifier()])
    assert refused.value.step == 3


def test_evidence_about_two_logs_or_from_nothing_is_refused(tmp_path: Path) -> None:
    found = evidence_of(tmp_path)
    other = sign_checkpoint(Checkpoint("else.example", 4, bytes(32)), LOG_KEY)
    empty = sign_checkpoint(Checkpoint(LOG_KEY.name, 0, EMPTY_ROOT), LOG_KEY)
    for first, rule in ((other, "two logs"), (empty, "empty, or larger"), (found.second, "agree")):
        made = SplitView(first, found.second, found.begins_with, found.proof)
        if first is found.second:
            made = SplitView(first, first, parse_root(first), ())
        with pytest.raises(EscrowError, match=rule):
            check_split(bytes(made), [LOG_KEY.verifier()])
    with pytest.raises(MalformedError, match="empty, or larger"):
        check_split(bytes(SplitView(found.second, found.first, bytes(32))), [LOG_KEY.verifier()])


def parse_root(note: Note) -> bytes:
    from detente.escrow.checkpoint import parse_checkpoint

    return parse_checkpoint(note.text).root


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"schema": "detente/other/1"}, "not a file of the kind"),
        ({"more": 1}, "not a file of the kind"),
        ({"first": 1}, "lacks its two checkpoints"),
        ({"proof": "x"}, "lacks its two checkpoints"),
        ({"proof": ["00" * 32] * 65}, "no tree is so high"),
        ({"proof": ["zz"]}, "a hash of the proof"),
        ({"begins_with": "00"}, "begins_with"),
        ({"second": "no note"}, "no signatures"),
    ],
)  # fmt: skip
def test_malformed_evidence_is_refused(tmp_path: Path, change: dict[str, object], rule: str) -> None:
    body = json.loads(bytes(evidence_of(tmp_path))) | change
    with pytest.raises(MalformedError, match=rule) as refused:
        check_split(json.dumps(body).encode(), [LOG_KEY.verifier()])
    assert refused.value.step == 1
    assert EVIDENCE_SCHEMA in json.dumps(json.loads(bytes(evidence_of(tmp_path / "again"))))


def test_huge_evidence_is_refused_unread() -> None:
    with pytest.raises(MalformedError, match="refused unread"):
        parse_split(b"x" * (LARGEST_EVIDENCE + 1))


def test_what_cannot_be_compared_is_refused(tmp_path: Path) -> None:
    log = log_of(tmp_path / "log", entries(4))
    other = sign_checkpoint(Checkpoint("else.example", 0, EMPTY_ROOT), OTHER_KEY)
    with pytest.raises(MalformedError, match="two logs"):
        find_split(log, other)
    (tmp_path / "log" / "checkpoint").write_bytes(
        bytes(sign_checkpoint(Checkpoint(LOG_KEY.name, 4, bytes(32)), LOG_KEY))
    )
    with pytest.raises(TamperedError, match="do not lead to the root"):
        find_split(LogReader(folder_fetch(tmp_path / "log")), log.note)
