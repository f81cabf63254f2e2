"""Sealing, opening and checking as two delegations do it at the command line."""

import hashlib
import json
import stat
import sys
from pathlib import Path
from typing import Any

import pypdf
import pytest
from click.testing import CliRunner, Result

from detente.cli.main import cli
from detente.escrow import keys

TABLE = """site,type,id,deployed
Tatishchevo,SS-19,0010,yes
Tatishchevo,SS-27,0011,no
Kozelsk,SS-19,0012,yes
"""


@pytest.fixture(autouse=True)
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder with a declaration, and no passphrase in the environment."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DETENTE_PASSPHRASE", raising=False)
    monkeypatch.setattr(keys, "_COST", 4)
    (tmp_path / "declaration.csv").write_text(TABLE)
    (tmp_path / "word").write_text("a long passphrase\nand more\n")
    return tmp_path


def call(*arguments: str, code: int = 0, **options: Any) -> Result:
    result = CliRunner().invoke(cli, arguments, prog_name="detente", **options)
    assert result.exit_code == code, result.output + repr(result.exception)
    return result


def read(*arguments: str) -> dict[str, Any]:
    return dict(json.loads(call(*arguments, "--json").stdout))


def sealed(*more: str) -> str:
    """The root of the declaration, sealed."""
    body = read("seal", "declaration.csv", "-o", "sealed", *more)
    assert body["schema"] == "detente/seal/1"
    return str(body["root"])


def test_seal_reveal_and_verify(desk: Path) -> None:
    root = sealed("--title", "Declaration of A")
    if sys.platform != "win32":
        assert stat.S_IMODE((desk / "sealed" / "secret.json").stat().st_mode) == 0o600
    shown = call("reveal", "sealed", "--site", "tatishchevo", "-o", "site.json")
    assert 'site "Tatishchevo": exactly 2 entries, all opened' in shown.stdout
    body = json.loads((desk / "site.json").read_text())
    assert body["sites"][0]["entries"] == [
        {"type": "SS-19", "id": "0010", "deployed": "yes"},
        {"type": "SS-27", "id": "0011", "deployed": "no"},
    ]
    assert "Kozelsk" not in (desk / "site.json").read_text()
    said = call("verify", "site.json").stdout
    assert "site.json: consistent with its own root, which was not compared with yours" in said
    assert "step 6: That root and the header" in said
    assert "step 7" not in said
    said = call("verify", "site.json", "--root", root.upper()).stdout
    assert "consistent with the root that you gave" in said
    assert "step 7: The root is the one" in said
    call("verify", "sealed/commitment.json", "site.json", "--root", root)


def test_every_part_can_be_opened(desk: Path) -> None:
    root = sealed()
    call("reveal", "sealed", "--site", "Kozelsk", "--entry", "1", "-o", "entry.json")
    call("reveal", "sealed", "--site", "Kozelsk", "--entry", "1", "--field", "id", "-o", "field.json")
    call("reveal", "sealed", "--absent", "Atlantis", "-o", "absent.json")
    call("reveal", "sealed", "--all", "-o", "all.json")
    body = read("verify", "entry.json", "field.json", "absent.json", "all.json", "--root", root)
    assert body["schema"] == "detente/verify/1"
    assert body["ok"] is True
    entry, field, absent, whole = body["files"]
    assert entry["opened"]["sites"][0]["entries"] == [{"type": "SS-19", "id": "0012", "deployed": "yes"}]
    assert field["opened"]["sites"][0]["entries"] == [{"id": "0012"}]
    assert absent["opened"]["absent"] == [{"site": "Atlantis", "stands_here": None}]
    assert "never declared under this name" in absent["shown"][0]
    assert "this shows that one place is empty" in absent["shown"][0]
    assert len(whole["opened"]["everything"]) == 2
    assert [step["number"] for step in whole["steps"]] == [1, 2, 3, 4, 5, 6, 7]
    assert "SS-19" not in (desk / "field.json").read_text()


def test_tampering_exits_1_and_malformed_input_2(desk: Path) -> None:
    root = sealed()
    call("reveal", "sealed", "--site", "Kozelsk", "-o", "site.json")
    good = (desk / "site.json").read_text()
    (desk / "site.json").write_text(good.replace('"yes"', '"no"'))
    result = call("verify", "site.json", code=1)
    assert result.stderr.startswith("error: site.json: step 6: what is opened does not lead to the root")
    assert result.stdout == ""
    (desk / "site.json").write_text(good)
    result = call("verify", "site.json", "--root", "00" * 32, code=1)
    assert "step 7" in result.stderr
    (desk / "site.json").write_text(good[:-20])
    assert "step 1: line" in call("verify", "site.json", code=2).stderr
    assert "checking nothing proves nothing" in call("verify", code=2).stderr
    assert "not 64 lower-case" in call("verify", "site.json", "--root", "zz", code=2).stderr
    assert "attached" in call("verify", str(pdf(desk)), code=2).stderr
    assert root


def pdf(desk: Path) -> Path:
    path = desk / "x.pdf"
    path.write_bytes(b"%PDF-1.7")
    return path


def test_two_declarations_in_one_call_are_noticed(desk: Path) -> None:
    sealed()
    call("seal", "declaration.csv", "-o", "other")
    result = call("verify", "sealed/commitment.json", "other/commitment.json", code=1)
    assert "not of one declaration" in result.stdout


def test_a_wish_that_cannot_be_met(desk: Path) -> None:
    sealed()
    for words, said in (
        (("--site", "Kozelks"), 'did you mean "Kozelsk"?'),
        (("--site", "Kozelsk", "--entry", "2"), "its entries count from 1 to 1"),
        (("--site", "Kozelsk", "--entry", "1", "--field", "typ"), 'did you mean "type"?'),
        (("--absent", "kozelsk"), "is declared"),
        ((), "name a site, an absent site, or everything"),
        (("--all", "--site", "Kozelsk"), "everything is opened"),
    ):
        assert said in call("reveal", "sealed", *words, "-o", "x.json", code=2).stderr
        assert not (desk / "x.json").exists()


def test_an_input_that_is_refused_leaves_nothing(desk: Path) -> None:
    (desk / "bad.toml").write_text('[[entry]]\nsite = "A"\nx = 1.5\n')
    result = call("seal", "bad.toml", "-o", "sealed", code=2)
    assert "bad.toml: 1.5 is a floating-point number" in result.stderr
    assert 'write it as a text: "1.5"' in result.stderr
    assert "no such" in call("seal", "none.csv", "-o", "sealed", code=2).stderr.lower()
    assert not (desk / "sealed").exists()
    for places in ("1,2", "a,b,c", "5000,256,32"):
        call("seal", "declaration.csv", "-o", "sealed", "--places", places, code=2)
    assert read("seal", "declaration.csv", "-o", "sealed", "--places", "65536,256,128")["root"]
    assert "never overwritten" in call("seal", "declaration.csv", "-o", "sealed", code=2).stderr


def test_a_secret_kept_encrypted(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sealed("--passphrase-file", "word")
    assert "Kozelsk" not in (desk / "sealed" / "secret.json").read_text()
    assert "passphrase is needed" in call("reveal", "sealed", "--all", "-o", "all.json", code=2).stderr
    monkeypatch.setenv("DETENTE_PASSPHRASE", "wrong")
    assert "passphrase is wrong" in call("reveal", "sealed", "--all", "-o", "all.json", code=1).stderr
    monkeypatch.setenv("DETENTE_PASSPHRASE", "a long passphrase")
    call("reveal", "sealed", "--all", "-o", "all.json")
    (desk / "empty").write_text("\n")
    assert (
        "is empty" in call("seal", "declaration.csv", "-o", "x", "--passphrase-file", "empty", code=2).stderr
    )


def test_a_passphrase_is_asked_for_at_a_terminal(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("detente.cli.escrow._at_a_terminal", lambda: True)
    result = call("seal", "declaration.csv", "-o", "sealed", "--encrypt", input="hush hush\nhush hush\n")
    assert "hush" not in result.output
    call("reveal", "sealed", "--all", "-o", "all.json", input="hush hush\n")
    assert (desk / "all.json").exists()


def test_one_hash_for_the_page_and_the_data(desk: Path) -> None:
    root = sealed("--pdf", "commitment.pdf", "--as-of", "2011-02-05", "--party", "Party A")
    call("reveal", "sealed", "--all", "-o", "all.json", "--pdf", "all.pdf")
    for page, file in (("commitment.pdf", "sealed/commitment.json"), ("all.pdf", "all.json")):
        data = (desk / file).read_bytes()
        document = pypdf.PdfReader(desk / page)
        assert document.attachments == {Path(file).name: [data]}
        (desk / "taken-out.json").write_bytes(document.attachments[Path(file).name][0])
        assert read("verify", "taken-out.json", "--root", root)["ok"]
        words = "".join("".join(p.extract_text() for p in document.pages).split())
        assert root in words
        assert hashlib.sha256(data).hexdigest() in words


def test_keys_are_encrypted_and_never_printed(desk: Path) -> None:
    assert "passphrase is needed" in call("keys", "new", "a.example", "-o", "a.key", code=2).stderr
    body = read("keys", "new", "a.example", "-o", "a.key", "--passphrase-file", "word")
    assert body["vkey"].startswith("a.example+")
    shown = call("keys", "show", "a.key")
    assert shown.stdout.splitlines()[0] == body["vkey"]
    assert read("keys", "show", "a.key")["encrypted"] is True
    read("keys", "new", "b.example", "-o", "b.key", "--unencrypted", "--algorithm", "ml-dsa-44")
    assert "never overwritten" in call("keys", "new", "b", "-o", "b.key", "--unencrypted", code=2).stderr
    assert "without spaces" in call("keys", "new", "b c", "-o", "c.key", "--unencrypted", code=2).stderr
    seed = json.loads((desk / "b.key").read_text())["content"]["seed"]
    assert seed not in call("keys", "show", "b.key").output
    sealed()
    assert "no signing key" in call("keys", "show", "sealed/secret.json", code=2).stderr


def test_a_log_between_two_parties_and_a_witness(desk: Path) -> None:
    root = sealed()
    call("reveal", "sealed", "--site", "Kozelsk", "-o", "site.json")
    (desk / "note.json").write_text('{"text": "one silo emptied"}')
    (desk / "fix.json").write_text('{"text": "two silos emptied"}')
    for name in ("a", "b", "w"):
        call("keys", "new", f"{name}.example", "-o", f"{name}.key", "--unencrypted")
    a, b, w = (read("keys", "show", f"{name}.key") for name in ("a", "b", "w"))
    made = read(
        "log", "append", "log", "sealed/commitment.json", "--key", "a.key", "--origin", "a.example/log"
    )
    assert (made["entries"], made["size"]) == ([0], 1)
    call("log", "cosign", "log", "--key", "b.key", "--trust", a["vkey"], "-o", "seen")
    call("log", "append", "log", "site.json", "note.json", "--key", "a.key")
    call("log", "append", "log", "fix.json", "--key", "a.key", "--corrects", "2")
    shown = call("log", "show", "log").stdout
    assert "corrects entry 2" in shown
    assert [e["kind"] for e in read("log", "show", "log")["entries"]] == [
        "root", "reveal", "notification", "correction",
    ]  # fmt: skip
    call("log", "cosign", "log", "--key", "b.key", "--trust", a["vkey"], "--seen", "seen", "-o", "by-b")
    call("log", "cosign", "log", "--key", "w.key", "--trust", a["vkey"], "-o", "by-w")
    call("log", "accept", "log", "by-b", "--cosigner", b["cosigner_vkey"])
    call("log", "accept", "log", "by-w", "--cosigner", w["cosigner_vkey"])
    trust = ["--trust", a["vkey"], "--cosigner", b["cosigner_vkey"], "--cosigner", w["cosigner_vkey"]]
    call("log", "prove", "log", "0", "-o", "zero.tlog-proof")
    said = call("verify", "zero.tlog-proof", "--root", root, "--origin", "a.example/log", *trust).stdout
    assert "cosigned by w.example at 20" in said
    assert "step 7: The entry logs the root that you gave." in said
    assert call("log", "prove", "log", "3").stdout.startswith("c2sp.org/tlog-proof@v1\n")
    assert call("verify", "zero.tlog-proof").stdout.count("you still owe") == 3
    assert len(read("log", "prove", "log", "--from", "1")["hashes"]) == 2
    assert call("log", "prove", "log", "--from", "1").stdout.startswith("old 1 root ")
    assert "size 0" in call("log", "prove", "log", "--from", "0", code=2).stderr
    assert "give the index" in call("log", "prove", "log", code=2).stderr
    assert "signed by a.example" in call("log", "fsck", "log", "--trust", a["vkey"]).stdout
    assert "you still owe" in call("log", "fsck", "log").stdout
    call("log", "pack", "log", "-o", "log.zip")
    assert read("log", "compare", "log.zip", "log")["relation"] == "same"
    assert "first continues the second" in call("log", "compare", "log", "seen").stdout


def test_a_false_log_is_found(desk: Path) -> None:
    (desk / "one.json").write_text('{"text": "one"}')
    (desk / "two.json").write_text('{"text": "two"}')
    call("keys", "new", "a.example", "-o", "a.key", "--unencrypted")
    call("keys", "new", "b.example", "-o", "b.key", "--unencrypted")
    vkey = read("keys", "show", "a.key")["vkey"]
    (desk / "a.vkey").write_text(f"# of party A\n{vkey}\n")
    call("log", "append", "first", "one.json", "one.json", "--key", "a.key")
    call("log", "append", "second", "one.json", "two.json", "--key", "a.key")
    result = call("log", "compare", "first", "second", "--trust", "a.vkey", code=1)
    assert "two histories of one log" in result.stdout
    assert "they part at entry 1" in result.stdout
    body = json.loads(call("log", "compare", "first", "second", "--json", code=1).stdout)
    assert [part.split("\n")[1] for part in body["evidence"]] == ["2", "2"]
    call("log", "cosign", "second", "--key", "b.key", "--trust", "a.vkey", "-o", "seen")
    other = call(
        "log", "cosign", "first", "--key", "b.key", "--trust", "a.vkey", "--seen", "seen", "-o", "x", code=1
    )
    assert "two different roots" in other.stderr
    assert not (desk / "x").exists()
    assert (
        "without a public key" in call("log", "cosign", "first", "--key", "b.key", "-o", "x", code=2).stderr
    )
    call("log", "append", "second", "one.json", "--key", "a.key")
    call("log", "cosign", "second", "--key", "b.key", "--trust", "a.vkey", "-o", "longer")
    back = call(
        "log", "cosign", "first", "--key", "b.key", "--trust", "a.vkey", "--seen", "longer", "-o", "x", code=1
    )
    assert "rolled back" in back.stderr
    assert (
        "no entry 9 to correct"
        in call("log", "append", "first", "one.json", "--key", "a.key", "--corrects", "9", code=2).stderr
    )
    assert (
        'not "z"'
        in call("log", "append", "first", "one.json", "--key", "a.key", "--origin", "z", code=2).stderr
    )
    path = desk / "first/tile/entries/000.p/2"
    path.write_bytes(path.read_bytes().replace(b"one", b"two"))
    assert "step 3: entry 0 is not the one" in call("log", "fsck", "first", code=1).stderr
    (desk / "second/tile/0/.part-1-x").write_bytes(b"left")
    assert "no fault: tile/0/.part-1-x" in call("log", "fsck", "second").stderr


def test_the_verifier_of_one_file_is_printed(desk: Path) -> None:
    text = call("verify", "--print-standalone").stdout
    compile(text, "standalone.py", "exec")
    assert text.startswith('"""A verifier in one file')
    assert "import detente" not in text
    assert "from detente" not in text
