"""The log in a folder: what is refused, what an interrupted append leaves, and how copies are compared."""

import json
from pathlib import Path

import pytest

from detente.escrow import archive, tiles
from detente.escrow.archive import archive_fetch, open_log, pack
from detente.escrow.checkpoint import (
    Checkpoint,
    cosign,
    open_checkpoint,
    parse_checkpoint,
    sign_checkpoint,
    split_view,
)
from detente.escrow.errors import EscrowError, MalformedError, TamperedError
from detente.escrow.keys import SigningKey
from detente.escrow.log import Log, LogReader, fsck, strays
from detente.escrow.log_entries import entry_of, read_entry
from detente.escrow.merkle import EMPTY_ROOT, check_consistency, check_inclusion, inclusion_proof, nodes_over
from detente.escrow.notes import LATEST_TIME, Note, Signature, check_text, parse_note, parse_vkey, verified
from detente.escrow.proofs import LogProof, check_proof, parse_proof
from detente.escrow.tiles import TileReader, bundle, number_path
from detente.escrow.verify_log import Trust, compare, moment, verify_any, verify_checkpoint
from tests.conformance.gallery import LOG_KEY, PARTY, STRANGER, WITNESS

ENTRIES = [b"entry %d" % n for n in range(1000)]


@pytest.fixture
def log(tmp_path: Path) -> Log:
    return Log.create(tmp_path / "log", LOG_KEY.name, LOG_KEY)


def test_what_is_appended_is_there_whatever_the_batches(log: Log) -> None:
    done = 0
    for count in (1, 3, 252, 1, 255, 300):
        assert log.append(ENTRIES[done : done + count], LOG_KEY) == range(done, done + count)
        done += count
    assert list(log.entries()) == ENTRIES[:done]
    assert list(log.entries(250, 260)) == ENTRIES[250:260]
    assert log.entry(811) == ENTRIES[811]
    assert fsck(log, [LOG_KEY.verifier()]).tiles == 4 + 1
    assert strays(log.folder, log.size) == ()
    seen: list[tuple[int, int]] = []
    fsck(log, [], lambda done, of: seen.append((done, of)))
    assert seen == [(256, 812), (512, 812), (768, 812)]
    for size in (1, 255, 256, 257, 812):
        check_inclusion(log.tiles.node(0, 0), 0, size, log.inclusion(0, size), log.root(size))
        check_consistency(size, 812, log.root(size), log.root(), log.consistency(size))
    assert log.root(0) == EMPTY_ROOT


def test_partial_tiles_go_when_the_full_one_is_there(log: Log) -> None:
    log.append(ENTRIES[:5], LOG_KEY)
    assert (log.folder / "tile/0/000.p/5").is_file()
    log.append(ENTRIES[5:256], LOG_KEY)
    assert not (log.folder / "tile/0/000.p").exists()
    assert (log.folder / "tile/0/000").is_file()


def test_a_reader_of_an_older_checkpoint_takes_the_full_tile(log: Log) -> None:
    log.append(ENTRIES[:200], LOG_KEY)
    old = bytes(log.note)
    log.append(ENTRIES[200:300], LOG_KEY)

    def fetch(path: str) -> bytes:
        return old if path == "checkpoint" else log.fetch(path)

    assert fsck(LogReader(fetch), [LOG_KEY.verifier()]).entries == 200


def test_what_cannot_be_appended_is_refused_and_changes_nothing(log: Log) -> None:
    log.append(ENTRIES[:3], LOG_KEY)
    before = {path: path.read_bytes() for path in log.folder.rglob("*") if path.is_file()}
    with pytest.raises(MalformedError, match="nothing to append"):
        log.append([], LOG_KEY)
    with pytest.raises(MalformedError, match="longer than a log can hold"):
        log.append([b"fine", bytes(65536)], LOG_KEY)
    with pytest.raises(TamperedError, match="no trusted key"):
        log.append([b"fine"], STRANGER)
    assert {path: path.read_bytes() for path in log.folder.rglob("*") if path.is_file()} == before
    (log.folder / "tile/0/000.p/3").write_bytes(bytes(96))
    with pytest.raises(TamperedError, match="run fsck"):
        log.append([b"fine"], LOG_KEY)
    with pytest.raises(EscrowError, match="a log here already"):
        Log.create(log.folder, LOG_KEY.name, LOG_KEY)


def test_what_an_interrupted_append_leaves_is_named_and_harmless(log: Log) -> None:
    log.append(ENTRIES[:3], LOG_KEY)
    for name in ("tile/0/000.p/9", "tile/entries/000", "tile/0/.part-1-000", "notes.txt"):
        (log.folder / name).write_bytes(b"left")
    assert strays(log.folder, log.size) == (
        "notes.txt", "tile/0/.part-1-000", "tile/0/000.p/9", "tile/entries/000",
    )  # fmt: skip
    assert fsck(log, []).entries == 3
    log.append(ENTRIES[3:9], LOG_KEY)
    assert strays(log.folder, log.size) == ("notes.txt", "tile/entries/000")


def test_outside_a_log_there_is_nothing(log: Log, tmp_path: Path) -> None:
    log.append(ENTRIES[:3], LOG_KEY)
    for call in (
        lambda: log.entry(3), lambda: log.entry(-1), lambda: log.inclusion(3), lambda: log.inclusion(0, 4),
        lambda: log.consistency(1, 4), lambda: log.root(4), lambda: log.tiles.node(2, 0),
        lambda: LogReader(log.fetch).consistency(0), lambda: Log(tmp_path), lambda: number_path(-1),
        lambda: inclusion_proof(3, 3, nodes_over([])), lambda: open_log(tmp_path / "nothing"),
        lambda: check_inclusion(EMPTY_ROOT, 3, 3, [], EMPTY_ROOT),
        lambda: check_inclusion(b"", 0, 1, [], EMPTY_ROOT),
        lambda: check_inclusion(EMPTY_ROOT, 0, 1, [EMPTY_ROOT] * 70, EMPTY_ROOT),
        lambda: bundle([bytes(65536)]), lambda: log.fetch("../secret"), lambda: log.fetch("tile/0/../../x"),
    ):  # fmt: skip
        with pytest.raises(MalformedError):
            call()


def test_few_tiles_are_kept_in_memory(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    log.append(ENTRIES, LOG_KEY)
    monkeypatch.setattr(tiles, "_KEPT_TILES", 2)
    reader = TileReader(log.fetch, log.size)
    for index in (0, 300, 600, 900, 0):
        reader.node(0, index)
    assert len(reader._kept) == 2


def test_cosignatures_are_taken_once_checked(log: Log) -> None:
    log.append(ENTRIES[:3], LOG_KEY)
    back = cosign(cosign(log.note, PARTY, 5), WITNESS, 6)
    cosigners = [PARTY.verifier(4), WITNESS.verifier(4)]
    found = log.add_cosignatures(back, cosigners)
    assert [(entry.verifier.name, entry.time) for entry in found] == [(PARTY.name, 5), (WITNESS.name, 6)]
    log.add_cosignatures(cosign(back, PARTY, 9), cosigners[:1])
    assert len(log.note.signatures) == 3, "a newer one takes the place of the older"
    opened = open_checkpoint(log.note, [LOG_KEY.verifier()], cosigners=cosigners)
    assert [entry.time for entry in opened.cosigned] == [6, 9]
    two = [*cosigners, STRANGER.verifier(4)]
    assert len(open_checkpoint(log.note, [LOG_KEY.verifier()], cosigners=two, quorum=2).cosigned) == 2
    log.append([b"more"], LOG_KEY)
    with pytest.raises(TamperedError, match="under another checkpoint"):
        log.add_cosignatures(back, cosigners)


def test_a_split_view_is_evidence_by_itself() -> None:
    one, two = (
        open_checkpoint(sign_checkpoint(Checkpoint("a", 5, bytes([n]) * 32), LOG_KEY), [LOG_KEY.verifier()])
        for n in (1, 2)
    )
    longer = open_checkpoint(sign_checkpoint(Checkpoint("a", 6, bytes(32)), LOG_KEY), [LOG_KEY.verifier()])
    assert split_view(one, two)
    assert not split_view(one, one)
    assert not split_view(one, longer)


def test_where_two_histories_part(tmp_path: Path) -> None:
    first, second = (Log.create(tmp_path / name, "a.example", LOG_KEY) for name in ("one", "two"))
    first.append(ENTRIES[:700], LOG_KEY)
    second.append([*ENTRIES[:523], b"another", *ENTRIES[524:600]], LOG_KEY)
    found = compare(first, second, [LOG_KEY.verifier()])
    assert (found.relation, found.parts_at) == ("split", 523)
    assert found.evidence == (bytes(first.note), bytes(second.note))
    by_note = compare(first, second.note)
    assert (by_note.relation, by_note.parts_at) == ("split", None)
    empty = Log.create(tmp_path / "three", "a.example", LOG_KEY)
    assert compare(first, empty).relation == "longer"
    assert compare(empty, first).relation == "shorter"
    assert compare(first, first).relation == "same"


def test_a_log_in_an_archive(log: Log, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log.append(ENTRIES[:300], LOG_KEY)
    assert pack(log.folder, tmp_path / "log.zip") == 1 + 2 + 3
    raw = (tmp_path / "log.zip").read_bytes()
    assert pack(log.folder, tmp_path / "again.zip") == 6
    assert (tmp_path / "again.zip").read_bytes() == raw, "the same log gives the same archive"
    assert fsck(LogReader(archive_fetch(raw)), [LOG_KEY.verifier()]).entries == 300
    with pytest.raises(FileNotFoundError):
        archive_fetch(raw)("tile/0/009")
    import zipfile

    with (
        zipfile.ZipFile(tmp_path / "again.zip", "a") as changed,
        pytest.warns(UserWarning, match="Duplicate"),
    ):
        changed.writestr("checkpoint", b"another")
    with pytest.raises(MalformedError, match="twice"):
        open_log(tmp_path / "again.zip")
    broken = bytearray(raw)
    at = raw.index(b"checkpoint") + 12
    broken[at : at + 4] = b"\xff\xff\xff\xff"
    with pytest.raises(MalformedError, match="cannot be read"):
        archive_fetch(bytes(broken))("checkpoint")
    with zipfile.ZipFile(tmp_path / "long.zip", "w") as long:
        long.writestr("checkpoint", bytes(1_000_001))
    with pytest.raises(MalformedError, match="more than it can hold"):
        open_log(tmp_path / "long.zip")
    monkeypatch.setattr(archive, "MOST_FILES", 2)
    with pytest.raises(MalformedError, match="more than 2 files"):
        archive_fetch(raw)
    monkeypatch.setattr(archive, "LARGEST_ARCHIVE", 2)
    with pytest.raises(MalformedError, match="larger than"):
        open_log(tmp_path / "log.zip")


def test_what_an_entry_says() -> None:
    root = {"schema": "detente/commitment/1", "root": "00" * 32}
    assert said(entry_of(json.dumps(root).encode())) == ("root", "00" * 32, None)
    shown = root | {"schema": "detente/reveal/1"}
    assert said(entry_of(json.dumps(shown).encode(), "reveal")) == ("reveal", "00" * 32, None)
    assert said(entry_of(b'{"text": "moved"}')) == ("notification", None, {"text": "moved"})
    assert said(entry_of(b"\x89PNG not JSON")) == ("notification", None, None)
    assert said(entry_of(json.dumps({"text": "x" * 70_000}).encode())) == ("notification", None, None)
    assert said(entry_of(b"x" * 32_000_001)) == ("notification", None, None)
    found = read_entry(entry_of(b'{"text": "five, not four"}', corrects=3))
    assert found is not None
    assert (found["kind"], found["corrects"]) == ("correction", 3)
    for kind, corrects in (("root", None), ("reveal", None), ("correction", None), ("notification", 3)):
        with pytest.raises(MalformedError):
            entry_of(b"{}", kind, corrects)  # type: ignore[arg-type]
    assert read_entry(b"anything") is None
    assert read_entry(b"{}") is None
    for odd in (b'{"schema": "detente/log-entry/1", "kind": "root"}', b'{"schema":"detente/log-entry/1"}'):
        with pytest.raises(MalformedError, match="canonical"):
            read_entry(odd)


def said(entry: bytes) -> tuple[object, object, object]:
    found = read_entry(entry)
    assert found is not None
    return found["kind"], found.get("root"), found.get("content")


def test_notes_and_checkpoints_that_are_refused() -> None:
    text = "a\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
    assert parse_checkpoint(text + "an extension\n").extensions == ("an extension",)
    one = text.replace("\n0\n", "\n1\n")
    for bad in (
        "a\n1\n", "a\n1\nAAAA\n", text.replace("\n0\n", "\n9999999999999999999\n"),
        one.replace("47DE", "47D "), text.replace("47DE", "47DF"), text[:-1], text + "\n",
    ):  # fmt: skip
        with pytest.raises(MalformedError):
            parse_checkpoint(bad)
    for bad in ("no end of line", "a control \t character\n"):
        with pytest.raises(MalformedError):
            check_text(bad)
    good = bytes(LOG_KEY.signed(text))
    with pytest.raises(MalformedError, match="not UTF-8"):
        parse_note(b"\xff" + good)
    line = good.decode().splitlines()[-1] + "\n"
    with pytest.raises(MalformedError, match="at most 64"):
        parse_note((text + "\n" + line * 65).encode())
    for odd in ("- a AAAAAAAA", "— a", "— a b AAAAAAAA"):
        with pytest.raises(MalformedError, match="not a signature line"):
            parse_note((text + f"\n{odd}\n").encode())
    with pytest.raises(MalformedError, match="looks like NAME"):
        parse_vkey("no key")
    with pytest.raises(MalformedError, match="too short"):
        parse_note((text + "\n— a AAAA\n").encode())
    with pytest.raises(MalformedError, match="name of a key"):
        parse_note((text + "\n— a+b AAAAAAAA\n").encode())


def test_a_signature_of_the_wrong_length_or_time_is_refused() -> None:
    text = "a\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
    good = PARTY.cosign(text, 5)
    for value, rule in (
        (good.value[:-1], "wrong length"),
        ((LATEST_TIME + 1).to_bytes(8, "big") + good.value[8:], "calendars"),
    ):
        with pytest.raises(TamperedError, match=rule):
            verified(Note(text, (Signature(good.name, good.key_id, value),)), [PARTY.verifier(4)])
    late = cosign(LOG_KEY.signed(text), PARTY, LATEST_TIME)
    found = verify_checkpoint(bytes(late), Trust((LOG_KEY.verifier(),), (PARTY.verifier(4),)))
    assert "s after 1970" in found.shown[-1]
    (plain,) = verified(LOG_KEY.signed(text), [LOG_KEY.verifier()])
    assert moment(plain) == ""


def test_a_proof_beside_its_entry(log: Log) -> None:
    log.append(ENTRIES[:5], LOG_KEY)
    bare = LogProof(2, log.inclusion(2), log.note)
    assert parse_proof(bytes(bare)) == bare
    check_proof(bare, [LOG_KEY.verifier()], entry=ENTRIES[2])
    for proof, entry, step in ((bare, None, 5), (bare, ENTRIES[3], 6)):
        with pytest.raises(EscrowError) as found:
            check_proof(proof, [LOG_KEY.verifier()], entry=entry)
        assert found.value.step == step
    raw = bytes(bare)
    for bad in (
        raw.replace(b"index 2", "index ٢".encode()), raw.replace(b"index 2\n", b"index 2\n" + b"AAAA\n"),
        raw.replace(b"index 2\n", b"index 2\n" + b"A" * 43 + b"=\n" + (b"A" * 43 + b"=\n") * 63),
        b"c2sp.org/tlog-proof@v1\nextra " + b"QUFB" * 30_000 + b"\n" + raw[23:],
    ):  # fmt: skip
        with pytest.raises(MalformedError):
            parse_proof(bad)


def test_a_pdf_is_not_checked_but_its_attachment_is() -> None:
    with pytest.raises(MalformedError, match="attached"):
        verify_any(b"%PDF-1.7 ...")


def test_an_entry_of_another_kind_is_shown_as_bytes(log: Log) -> None:
    log.append([b"anything"], LOG_KEY)
    found = verify_any(bytes(log.prove(0)))
    assert found.opened["entry"] == "YW55dGhpbmc="
    assert "not known here" in found.shown[0]


def test_a_new_key_can_sign() -> None:
    key = SigningKey.new("new.example")
    note = key.signed("text\n")
    assert verified(note, [key.verifier()])[0].verifier.name == "new.example"
