"""Declarations: what can be sealed, how places are chosen, and what a sealed folder keeps."""

import json
import stat
import sys
from pathlib import Path
from typing import Any

import pytest

from detente.escrow import commitment, declaration
from detente.escrow.canonical import canonical, check, parse
from detente.escrow.commitment import Header, field_leaves, header_for, site_nodes
from detente.escrow.declaration import (
    COMMITMENT_FILE,
    SECRET_FILE,
    Declaration,
    Sealed,
    as_text,
    load_sealed,
    read_declaration,
    save_sealed,
    seal,
)  # fmt: skip
from detente.escrow.errors import EscrowError, MalformedError, TamperedError, shown
from detente.escrow.keys import save_secret
from detente.escrow.keytree import child
from detente.escrow.reveal import NotDeclaredError, Wish, reveal, reveal_everything
from detente.escrow.verify import verify
from tests.conformance.gallery import SITES, sealed

SEED = bytes(range(32))


def test_a_root_is_a_value_that_another_program_can_compute() -> None:
    """Fixed for all time: a change of the construction must change its schema."""
    assert sealed().root.hex() == "0dd0ad38afb6c6e8ac8c10f85c505975816f8af01f02c2834e34f79c84c54d06"


@pytest.mark.parametrize(
    "sites",
    [
        {}, {" ": []}, {"a\n": []}, {"x" * 401: []}, {"A": [{}]}, {"A": ["text"]}, {"A": [{"": 1}]},
        {"A": [{"x": 1.5}]}, {"A": [{"x": 2**53}]}, {"A": [{"x": float("nan")}]}, {"A": [{"x": b"bytes"}]},
        {"A": [{"x": {1: 2}}]}, {"A": [{"x" * 401: 1}]}, {"A": [{3: 1}]}, {"A": [{"x": "\ud800"}]},
        {"Alpha": [], "ALPHA ": []}, {"\u00e9": [], "e\u0301": []},
    ],
)  # fmt: skip
def test_what_cannot_be_sealed(sites: dict[str, Any]) -> None:
    with pytest.raises(MalformedError):
        Declaration(sites)


def test_what_is_public_is_title_party_and_date() -> None:
    for public in ({"secret": "x"}, {"title": 3}):
        with pytest.raises(MalformedError):
            Declaration({"A": []}, public)  # type: ignore[arg-type]
    with pytest.raises(MalformedError, match="short texts"):
        seal(Declaration({"A": []}, {"title": "x" * 401}))


def test_a_file_that_is_too_large_is_not_parsed() -> None:
    with pytest.raises(MalformedError, match="more than"):
        parse(b"[1]", 2)


def test_what_is_nested_too_deep_or_no_json_is_refused() -> None:
    deep: Any = 1
    for _ in range(20):
        deep = [deep]
    for value in (deep, 10**50, {1: 2}, object()):
        with pytest.raises(MalformedError):
            check(value)
    assert canonical({"b": (1, 2), "a": None}) == b'{"a":null,"b":[1,2]}'
    assert parse(b' {"a": [true, "\\u0061"]} ') == {"a": [True, "a"]}


def test_more_places_where_a_declaration_needs_them() -> None:
    def places(sites: int, entries: int, fields: int) -> tuple[int, int, int]:
        made = {f"s{n}": [{"x": 1}] for n in range(sites)}
        made["s0"] = [{f"f{n}": 1 for n in range(fields)}] * entries
        found = header_for(SEED, made)
        return found.sites, found.entries, found.fields

    assert places(1, 1, 1) == (4096, 256, 32)
    assert places(181, 256, 16) == (4096, 256, 32)
    assert places(182, 1, 1) == (65536, 256, 32)
    assert places(1, 257, 1) == (4096, 4096, 32)
    assert places(1, 1, 17) == (4096, 256, 128)
    assert places(1, 1, 60) == (4096, 256, 512)


def test_places_that_are_asked_for_are_kept_or_refused() -> None:
    made = seal(Declaration(SITES), places=(65536, 4096, 128))
    assert (made.header.sites, made.header.entries, made.header.fields) == (65536, 4096, 128)
    with pytest.raises(MalformedError, match="one of 4096, 65536"):
        seal(Declaration(SITES), places=(5000, 256, 32))
    with pytest.raises(MalformedError, match="too many entries"):
        seal(Declaration({"A": [{"x": n} for n in range(300)]}), places=(4096, 256, 32))
    with pytest.raises(MalformedError, match="are computed"):
        seal(Declaration({f"s{n}": [{"x": 1}] for n in range(600)}), places=(65536, 65536, 32))


def test_where_no_arrangement_is_found_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commitment, "_TRIES", 0)
    with pytest.raises(MalformedError, match="no arrangement"):
        seal(Declaration(SITES))


def test_names_that_meet_in_one_place_are_never_sealed() -> None:
    header = Header(4096, 256, 32, bytes(16))
    fields = {f"f{n}": n for n in range(60)}
    with pytest.raises(MalformedError, match="same place"):
        field_leaves(SEED, fields, header)
    with pytest.raises(MalformedError, match="same place"):
        site_nodes(SEED, {f"s{n}": [] for n in range(1000)}, header)
    with pytest.raises(MalformedError, match="do not fit"):
        site_nodes(SEED, {"a": [{"x": 1}] * 257}, header)


def test_names_that_would_meet_get_another_nonce() -> None:
    sites = {f"s{n}": [{f"f{k}": k for k in range(16)}, {"f3": 1, "other": 2}, {"f3": 1}] for n in range(150)}
    header = header_for(SEED, sites)
    assert header.nonce != child(SEED, b"nonce", 0)[:16]
    assert len({header.place_of_site(name) for name in sites}) == 150


def test_a_sealed_folder(tmp_path: Path) -> None:
    folder = tmp_path / "made" / "sealed"
    made = seal(Declaration(SITES, {"title": "T"}))
    assert save_sealed(made, folder) == folder / COMMITMENT_FILE
    assert sorted(path.name for path in folder.iterdir()) == [COMMITMENT_FILE, SECRET_FILE]
    if sys.platform != "win32":
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert stat.S_IMODE((folder / SECRET_FILE).stat().st_mode) == 0o600
    public = (folder / COMMITMENT_FILE).read_text()
    for secret in (made.seed.hex(), "Alpha", "T-1", "warheads"):
        assert secret not in public
    assert load_sealed(folder) == made
    assert made.seed.hex() not in repr(made)
    with pytest.raises(EscrowError, match="never overwritten"):
        save_sealed(made, folder)


def test_a_folder_that_is_there_and_empty_is_taken(tmp_path: Path) -> None:
    (tmp_path / "sealed").mkdir()
    (tmp_path / ".part-sealed").mkdir()
    save_sealed(sealed(), tmp_path / "sealed", "word")
    assert load_sealed(tmp_path / "sealed", "word").root == sealed().root
    assert "Alpha" not in (tmp_path / "sealed" / SECRET_FILE).read_text()


def test_a_seal_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(declaration, "write_whole", full)
    with pytest.raises(OSError, match="No space"):
        save_sealed(sealed(), tmp_path / "sealed")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_without_a_sealed_declaration(tmp_path: Path) -> None:
    with pytest.raises(MalformedError, match="no sealed declaration"):
        load_sealed(tmp_path)
    save_secret(tmp_path / SECRET_FILE, {"kind": "signing-key"}, None)
    with pytest.raises(MalformedError, match="not a sealed declaration"):
        load_sealed(tmp_path)


def test_a_secret_that_no_longer_gives_its_root_is_found(tmp_path: Path) -> None:
    save_sealed(sealed(), tmp_path / "sealed")
    path = tmp_path / "sealed" / SECRET_FILE
    body = json.loads(path.read_text())
    body["content"]["declaration"]["sites"][0]["entries"][0]["deployed"] = "0"
    path.write_text(json.dumps(body))
    with pytest.raises(TamperedError, match="not the one that was committed"):
        load_sealed(tmp_path / "sealed")


@pytest.mark.parametrize(
    "content",
    [None, {}, {"sites": {}}, {"sites": [3]}, {"sites": [{"site": "A"}]},
     {"sites": [{"site": 3, "entries": []}]},
     {"sites": [{"site": "A", "entries": []}] * 2}],
)  # fmt: skip
def test_other_json_is_no_declaration(content: Any) -> None:
    with pytest.raises(MalformedError):
        read_declaration(content)


def test_what_is_wished_for_must_be_there() -> None:
    made = sealed()
    for wishes, absent, kind in (
        ([], [], MalformedError), ([Wish("Alpha"), Wish("ALPHA")], [], MalformedError),
        ([Wish("Alpha", None, ("id",))], [], MalformedError), ([Wish("Alpha", 0)], [], MalformedError),
        ([Wish("Alpha", 3)], [], MalformedError), ([Wish("Alfa")], [], NotDeclaredError),
        ([Wish("Alpha", 1, ("ids",))], [], NotDeclaredError), ([], ["alpha"], EscrowError),
    ):  # fmt: skip
        with pytest.raises(kind):
            reveal(made, wishes, absent)


def test_a_site_without_entries_is_declared_all_the_same() -> None:
    made = seal(Declaration({"Alpha": []}))
    found = verify(as_text(reveal(made, [Wish("Alpha")])), made.root)
    assert found.shown == ('site "Alpha": exactly 0 entries, all opened',)
    with pytest.raises(EscrowError, match="is declared"):
        reveal(made, [], ["Alpha"])


def test_several_entries_of_a_site_in_one_file() -> None:
    made = sealed()
    one, two = reveal(made, [Wish("Charlie", 1)]), reveal(made, [Wish("Charlie", 2)])
    one["sites"][0]["opened"] += two["sites"][0]["opened"]
    assert len(verify(as_text(one), made.root).shown) == 2
    one["sites"][0]["opened"][1]["fields"]["warheads"] = 9
    with pytest.raises(TamperedError, match="different roots") as found:
        verify(as_text(one), made.root)
    assert found.value.step == 5


def test_more_than_can_be_opened_one_by_one_is_refused() -> None:
    body = reveal(sealed(), [], ["Delta"])
    body["absent"] *= 10_001
    with pytest.raises(MalformedError, match="open everything instead"):
        verify(as_text(body))
    body["absent"] = {}
    with pytest.raises(MalformedError, match="not a list"):
        verify(as_text(body))


def test_a_hostile_header_cannot_ask_for_hours_of_work() -> None:
    made = seal(Declaration({"A": [{"x": 1}]}), places=(4096, 65536, 32))
    body = reveal_everything(made)
    body["everything"] = [{"site": f"s{n}", "entries": []} for n in range(600)]
    with pytest.raises(MalformedError, match="places are more"):
        verify(as_text(body))


def test_a_message_shows_hostile_text_harmlessly() -> None:
    fault = EscrowError("rule \x1b[31m", "out", where="file", step=3)
    assert str(fault) == "file: step 3: rule \ufffd[31m\n  way out: out"
    assert fault.at(9, "other") is fault
    assert (fault.step, fault.where) == (3, "file")
    assert shown("x" * 100) == f'"{"x" * 60}…"'


def test_a_sealed_declaration_is_the_same_from_its_parts() -> None:
    made = sealed()
    again = Sealed(made.declaration, made.header, made.seed)
    assert again.commitment == made.commitment
