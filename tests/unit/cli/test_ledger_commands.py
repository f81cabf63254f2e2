"""The ledger and its exchange as their user meets them: output, JSON, exit codes, bad input."""

# ruff: noqa: E501 - a table of cases reads best with one case a line

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from detente.cli.main import cli


def call(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(word) for word in arguments], prog_name="detente")


def read(*arguments: str | Path, code: int = 0) -> dict[str, Any]:
    result = call(*arguments, "--json")
    assert result.exit_code == code, result.stderr + result.stdout
    body = json.loads(result.stdout)
    assert str(body["schema"]).startswith("detente/")
    return dict(body)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    where = tmp_path / "talks"
    assert read("ledger", "new", where, "--parties", "Ostland", "Westland")["own"] == "Ostland"
    return where


def test_a_new_ledger_takes_its_own_templates_and_reconciles(folder: Path) -> None:
    for suffix in ("csv", "xlsx", "toml"):
        body = read("ledger", "import", folder, folder / f"template.{suffix}")
        assert body["documents"] + body["known"] == 10
    whole = read("ledger", "reconcile", folder)
    assert whole["discrepancies"] == []
    assert set(whole["by_kind"].values()) == {0}
    assert "no findings" in call("ledger", "reconcile", folder).stdout


def test_an_example_shows_one_finding_of_each_kind_and_exits_1(tmp_path: Path) -> None:
    made = read("ledger", "new", tmp_path / "x", "--parties", "a", "b", "--example", "5")
    assert len(made["planted"]) == 8
    whole = read("ledger", "reconcile", tmp_path / "x", code=1)
    assert whole["by_kind"] == dict.fromkeys(whole["by_kind"], 1)
    assert all(finding["documents"] for finding in whole["discrepancies"])
    shown = call("ledger", "reconcile", tmp_path / "x").stdout
    assert "8 findings" in shown
    assert "see a-" in shown or "see b-" in shown
    tables = call("ledger", "reconcile", tmp_path / "x", "--show", "inspections", "--show", "balances").stdout
    assert "briefed" in tables
    assert "residual" in tables
    earlier = read("ledger", "reconcile", tmp_path / "x", "--as-of", "2011-04-01", "--known-at", "2011-04-01")
    assert earlier["documents"] < whole["documents"]


def test_state_history_and_both_views(folder: Path) -> None:
    read("ledger", "import", folder, folder / "template.csv")
    body = read("ledger", "state", folder, "--by", "item", "--as-of", "2011-05-20", "--owner", "Ostland")
    assert {(item["item"], item["status"]) for item in body["items"]} == {
        ("M0001", "in-transit"),
        ("L0001", "nondeployed"),
    }
    before = read(
        "ledger", "state", folder, "--as-of", "2011-05-20", "--known-at", "2011-05-01", "--owner", "Ostland"
    )
    assert {(cell["category"], cell["status"]) for cell in before["cells"]} == {
        ("missile", "deployed"),
        ("launcher", "deployed"),
    }
    assert "in-transit" in call("ledger", "state", folder, "--by", "item", "--as-of", "2011-05-20").stdout
    told = read("ledger", "history", folder, "M0001")["data"]
    assert {entry["event"] for entry in told} == {"declared", "removed", "departed", "arrived"}
    assert "in force" in call("ledger", "history", folder, "M0001").stdout
    cells = read("ledger", "both", folder)["cells"]
    assert {cell["inspected"] for cell in cells} == {None, 1}
    assert "inspected" in call("ledger", "both", folder).stdout
    unknown = call("ledger", "history", folder, "M77")
    assert unknown.exit_code == 2
    assert 'no notification names "M77"' in unknown.stderr


def test_notify_adds_one_document_and_refuses_a_wrong_one(folder: Path) -> None:
    cells = ["event=produced", "true=2012-03-01", "category=missile", "item=M9", "type=M-1", "place=Plant"]
    body = read(
        "ledger", "notify", folder, "change", *cells, "--reference", "x-1", "--received", "2012-03-02"
    )
    assert (body["documents"], body["facts"]) == (1, 1)
    again = read(
        "ledger", "notify", folder, "change", *cells, "--reference", "x-1", "--received", "2012-03-02"
    )
    assert again["known"] == 1
    for change, said in (
        (["place=Depot"], "says something else"),
        (["event=deprted"], 'did you mean "departed"?'),
        (["plaice=Depot"], 'did you mean "place"?'),
        (["place"], "is not COLUMN=VALUE"),
        (["place=a", "place=b"], "given twice"),
    ):
        names = {word.partition("=")[0] for word in change}
        kept = [cell for cell in cells if cell.partition("=")[0] not in names]
        refused = call(
            "ledger",
            "notify",
            folder,
            "change",
            *kept,
            *change,
            "--reference",
            "x-1",
            "--received",
            "2012-03-02",
        )
        assert refused.exit_code == 2
        assert said in refused.stderr


def test_a_bad_file_leaves_nothing_behind(folder: Path) -> None:
    good = folder / "template.csv"
    rows = list(csv.reader(good.read_text(encoding="utf-8").splitlines()))
    rows[-1][rows[0].index("category")] = "rocket"
    bad = folder / "bad.csv"
    with bad.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows(rows)
    refused = call("ledger", "import", folder, bad)
    assert refused.exit_code == 2
    assert f"bad.csv:{len(rows)}" in refused.stderr
    assert "rocket" in refused.stderr
    refused = call("ledger", "import", folder, good, bad)
    assert refused.exit_code == 2
    assert read("ledger", "fsck", folder)["documents"] == 0


def test_export_reads_back_into_the_same_ledger(folder: Path, tmp_path: Path) -> None:
    read("ledger", "import", folder, folder / "template.csv")
    out = tmp_path / "out.xlsx"
    assert read("ledger", "export", folder, "-o", out)["facts"] == 20
    assert call("ledger", "export", folder, "-o", out).exit_code == 2
    read("ledger", "new", tmp_path / "copy", "--parties", "Ostland", "Westland")
    read("ledger", "import", tmp_path / "copy", out)
    assert read("ledger", "fsck", tmp_path / "copy")["head"] == read("ledger", "fsck", folder)["head"]
    assert read("ledger", "both", folder, tmp_path / "copy")["documents"] == []
    read("ledger", "notify", folder, "new-type", "event=new-type", "true=2012-01-01", "category=missile", "type=M-9",
         "--reference", "y", "--received", "2012-01-02")  # fmt: skip
    differs = read("ledger", "both", folder, tmp_path / "copy", code=1)["documents"]
    assert [row["reference"] for row in differs] == ["y"]
    assert "only in the copy" in call("ledger", "both", folder, tmp_path / "copy").stdout


def test_fsck_compares_with_a_link_from_elsewhere(folder: Path) -> None:
    noted = read("ledger", "import", folder, folder / "template.csv")["head"]
    assert read("ledger", "fsck", folder, "--expect", noted)["compared"] is True
    body = read("ledger", "fsck", folder, "--expect", "00" * 32, code=1)
    assert "step 5" in body["problems"][0]["rule"]
    assert "not compared" in call("ledger", "fsck", folder).stderr
    assert call("ledger", "upgrade", folder).stdout.endswith("nothing to do\n")


def test_places_where_there_is_no_ledger(tmp_path: Path, folder: Path) -> None:
    for words in (["state"], ["reconcile"], ["fsck"], ["both"], ["upgrade"]):
        refused = call("ledger", *words, tmp_path / "none")
        assert refused.exit_code == 2
        assert "detente ledger new" in refused.stderr
    (tmp_path / "text.sqlite").write_text("no database at all, only words " * 50, encoding="utf-8")
    assert call("ledger", "state", tmp_path / "text.sqlite").exit_code == 2
    assert call("ledger", "new", folder, "--parties", "a", "b").exit_code == 2
    assert call("ledger", "new", tmp_path / "y", "--parties", "a", "a").exit_code == 2
    assert call("ledger", "new", tmp_path / "y", "--parties", "a", "b", "--own", "c").exit_code == 2
    secret = call(
        "ledger", "new", tmp_path / "z", "--parties", "a", "b", "--database", "postgresql://u:word@h/n"
    )
    assert secret.exit_code == 2
    assert "password" in secret.stderr
    assert call("ledger", "state", folder, "--as-of", "tomorrow").exit_code == 2
    assert not (tmp_path / "y").exists()


def test_signed_files_go_from_one_copy_to_the_other(tmp_path: Path) -> None:
    keys = {}
    for party, name in (("Ostland", "ost.example"), ("Westland", "west.example")):
        keys[party] = read("keys", "new", name, "-o", tmp_path / f"{name}.key", "--unencrypted")["vkey"]
        read("ledger", "new", tmp_path / party, "--parties", "Ostland", "Westland", "--own", party)
    for copy in keys:
        for party, vkey in keys.items():
            read("exchange", "pin", tmp_path / copy, party, vkey)
    ost, west = tmp_path / "Ostland", tmp_path / "Westland"
    read("ledger", "import", ost, ost / "template.toml")
    sent = read("exchange", "send", ost, "--key", tmp_path / "ost.example.key", "-o", tmp_path / "stick")
    note = next(path for path in sent["files"] if path.endswith(".note"))
    got = read("exchange", "receive", west, note, "--received", "2011-07-01")["files"]
    assert got[0]["documents"] == sent["documents"]
    replay = call("exchange", "receive", west, note)
    assert replay.exit_code == 1
    assert "step 5: replay" in replay.stderr
    Path(sent["files"][0]).write_text("something else", encoding="utf-8")
    assert call("exchange", "receive", west, note).exit_code == 1
    read("exchange", "send", ost, "--again", "1", "-o", tmp_path / "stick")
    assert (
        call("exchange", "send", ost, "--key", tmp_path / "ost.example.key").stdout == "nothing new to send\n"
    )
    assert call("exchange", "send", ost).exit_code == 2
    told = read("exchange", "status", west)
    assert (told["received"]["sequence"], told["sent"], told["waiting"]) == (1, None, 0)
    assert "nothing yet" in call("exchange", "status", west).stdout
