"""The command schedule as its user meets it: results, conflicts, files, refusals, own folders."""

import csv
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import detente
from detente.agreement.scheduling.frontier import search
from detente.cli.main import cli

FORCE = "start1-mou-1990"


def call(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["schedule", *arguments], prog_name="detente")


def read(*arguments: str, code: int = 0) -> dict[str, Any]:
    result = call(*arguments, "--json")
    assert result.exit_code == code, result.stderr
    body = json.loads(result.stdout)
    assert body["schema"] in {"detente/schedule/1", "detente/frontier/1"}
    return dict(body)


def test_a_schedule_in_json() -> None:
    body = read(FORCE, "--party", "US", "--to", "start-1", "--cap", "93")
    assert body["feasible"] is True
    assert body["eliminations"] == 646
    assert sum(body["by_year"]) == 646
    assert len(body["by_year"]) == 7
    assert body["conflict"] == []
    assert sum(row["number"] for row in body["rows"]) == 646
    assert {row["action"] for row in body["rows"]} == {"eliminate"}


def test_no_schedule_exits_1_and_says_what_conflicts() -> None:
    body = read(FORCE, "--party", "US", "--to", "start-1", "--cap", "92", code=1)
    assert body["feasible"] is False
    assert body["eliminations"] is None
    assert body["by_year"] == []
    assert any("92" in words for words in body["conflict"])
    assert any("1,600" in words for words in body["conflict"])
    shown = call(FORCE, "--party", "US", "--to", "start-1", "--cap", "92")
    assert shown.exit_code == 1
    assert "93 would do" in shown.stdout


def test_interim_ceilings_can_be_left_out() -> None:
    arguments = (FORCE, "--party", "SU", "--to", "start-1", "--cap", "130")
    read(*arguments, code=1)
    assert read(*arguments, "--no-ceilings")["eliminations"] == 900


def test_unread_ceilings_are_held_only_when_asked() -> None:
    plain = read(FORCE, "--party", "SU", "--to", "start-1")
    assert any("nobody has read it" in words for words in plain["missing"])
    held = read(FORCE, "--party", "SU", "--to", "start-1", "--unread")
    assert any("second phase" in words for words in held["constraints"])
    assert not any("second phase" in words for words in plain["constraints"])


def test_the_solver_prints_nothing_of_its_own() -> None:
    """Its greeting goes to file descriptor 1, past Python: only a process of its own shows it."""
    program = "from detente.cli.main import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program, "schedule", FORCE, "--party", "US", "--to", "start-1", "--json"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert json.loads(done.stdout)["eliminations"] == 646


def test_tables_and_pictures(tmp_path: Path) -> None:
    pictures = [tmp_path / "s.svg", tmp_path / "s.png"]
    for picture in pictures:
        call(FORCE, "--to", "start-1", "--cap", "150", "--parity-band", "60 %", "--chart", str(picture))
    drawn = pictures[0].read_text(encoding="utf-8")
    assert "most that SU may be ahead" in drawn
    assert "2,100" in drawn
    assert "#1F5FA8" in drawn
    assert "#B0500B" in drawn
    assert pictures[1].read_bytes().startswith(b"\x89PNG")
    call(FORCE, "--party", "US", "--to", "start-1", "-o", str(tmp_path / "s.csv"))
    with (tmp_path / "s.csv").open(encoding="utf-8", newline="") as table:
        assert sum(int(row["number"]) for row in csv.DictReader(table)) == 646
    result = call(FORCE, "--to", "start-1", "--parity-rule", "start-1", "-o", str(tmp_path / "s.xlsx"))
    assert result.exit_code == 0, result.stderr
    from openpyxl import load_workbook

    book = load_workbook(tmp_path / "s.xlsx", read_only=True)
    assert {"schedule", "levels", "warheads", "ceilings", "parity"} <= set(book.sheetnames)
    book.close()


def test_downloading_is_a_schedule_of_its_own() -> None:
    arguments = (FORCE, "--party", "US", "--to", "start-1", "--actions", "eliminate,download,dismantle")
    body = read(
        *arguments,
        "--load",
        "Minuteman III=1",
        "--cap",
        "dismantle=1200",
        "--lapse-years",
        "1",
        "--objective",
        "smoothest",
    )
    kinds = {row["action"] for row in body["rows"]}
    assert "dismantle" in kinds
    stocks = [row for row in body["stocks"] if row["party"] == "US"]
    sums = {row["deployed"] + row["stored"] + row["awaiting"] + row["dismantled"] for row in stocks}
    assert sums == {10563}
    assert stocks[-1]["awaiting"] == 0


def test_half_years_and_costs() -> None:
    body = read(
        FORCE,
        "--party",
        "US",
        "--to",
        "start-1",
        "--periods",
        "half-year",
        "--cap",
        "93",
        "--cost",
        "eliminate=2.5",
        "--budget",
        "232.5",
    )
    assert len(body["periods"]) == 14
    assert body["cost"] == 646 * 2.5
    assert all(number <= 93 for number in body["by_year"])


def test_sooner_by_a_day_of_ones_own() -> None:
    body = read(
        FORCE,
        "--party",
        "US",
        "--to",
        "start-1",
        "--until",
        "1998-12-05",
        "--objective",
        "soonest",
        "--cap",
        "300",
    )
    assert body["finish"] <= "1998-12-05"
    assert body["finish"] == "1997-12-05", "646 at 300 a year take three years"


def test_a_front_and_going_on_from_what_was_found(tmp_path: Path) -> None:
    kept = tmp_path / "front.json"
    arguments = (FORCE, "--party", "US", "--to", "start-1", "--cap", "110", "--frontier")
    body = read(*arguments, "--times", "3", "--kept-in", str(kept), "--chart", str(tmp_path / "front.svg"))
    assert body["complete"] is True
    assert body["points"][0]["finish"] == "2000-12-05", "646 at 110 a year take six years"
    assert (tmp_path / "front.svg").read_text(encoding="utf-8").startswith("<svg")
    answers = json.loads(kept.read_text(encoding="utf-8"))
    answers["answers"] = answers["answers"][:1]
    kept.write_text(json.dumps(answers), encoding="utf-8")
    assert read(*arguments, "--times", "3", "--kept-in", str(kept))["points"] == body["points"]
    other = call(
        FORCE,
        "--party",
        "US",
        "--to",
        "start-1",
        "--cap",
        "111",
        "--frontier",
        "--times",
        "3",
        "--kept-in",
        str(kept),
    )
    assert other.exit_code == 2
    assert "another question" in other.stderr


def test_an_interrupted_front_keeps_what_it_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken_off(*arguments: Any) -> Any:
        for answered, found in enumerate(search(*arguments)):
            if answered == 1:
                raise KeyboardInterrupt
            yield found

    monkeypatch.setattr("detente.api.schedules.search", broken_off)
    result = call(
        FORCE, "--party", "US", "--to", "start-1", "--cap", "110", "--frontier", "--times", "2", "--json"
    )
    assert result.exit_code == 130
    body = json.loads(result.stdout)
    assert (body["complete"], body["asked"], body["of"]) == (False, 1, 2)
    assert len(body["points"]) == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--party", "XX", "--to", "start-1"), '"XX" holds nothing'),
        (("--to", "start-9"), 'there is no treaty "start-9"'),
        (("--to", "start-1", "--cap", "-5"), "is negative"),
        (("--to", "start-1", "--cap", "few"), "is no cap"),
        (("--to", "start-1", "--cap", "melt=5"), 'no action "melt"'),
        (("--to", "start-1", "--cap", "convert=5"), "not among the actions"),
        (("--to", "start-1", "--cap", "eliminate@mars=5"), 'nothing is held at "mars"'),
        (("--to", "start-1", "--actions", "explode"), 'there is no action "explode"'),
        (("--to", "start-1", "--objective", "best"), 'there is no objective "best"'),
        (("--to", "start-1", "--party", "US", "--objective", "parity"), "nothing is compared"),
        (("--to", "start-1", "--party", "US", "--parity-rule", "start-1"), "parity is between two"),
        (("--to", "start-1", "--parity-band", "ten"), "is no band of parity"),
        (("--to", "start-1", "--parity-band", "-5 %"), "is no band of parity"),
        (
            ("--to", "start-1", "--parity-rule", "new-start", "--parity-band", "10 %"),
            "cannot be counted under new-start",
        ),
        (("--to", "start-1", "--budget", "-1"), "is negative"),
        (("--to", "start-1", "--cost", "eliminate=-1"), "would have no end"),
        (("--to", "start-1", "--until", "1990-01-01"), "nothing can be done between"),
        (("--to", "start-1", "--until", "soon"), "is not a day"),
        (("--to", "start-1", "--until", "2999-01-01"), "more than 200 periods"),
        (("--to", "announcements-2001"), "no end"),
        (("--to", "start-1", "--load", "SS-18=4"), "downloading is not among the actions"),
        (("--to", "start-1", "--actions", "download", "--load", "SS-18=14"), "is no lower load"),
        (("--to", "start-1", "--actions", "download", "--load", "SS-81=4"), 'nobody here holds "SS-81"'),
        (("--to", "start-1", "--actions", "convert", "--convert-to", "B-1=B-7"), "cannot be made into"),
        (("--to", "start-1", "--lapse-years", "1"), "only where warheads are taken apart"),
        (("--to", "start-1", "--reading", "martian"), "has no reading"),
        (("--to", "start-1", "--frontier", "--objective", "soonest"), "leave --objective out"),
        (("--to", "start-1", "--kept-in", "x.json"), "goes with --frontier"),
        (("--to", "start-1", "--on", "1980-01-01"), "gives no numbers"),
    ],
)
def test_what_makes_no_sense_is_refused_with_the_way_out(arguments: tuple[str, ...], said: str) -> None:
    result = call(FORCE, *arguments)
    assert result.exit_code == 2, result.stdout
    assert said in result.stderr


@pytest.fixture
def own(tmp_path: Path) -> tuple[str, str]:
    """A force and a proposal that nobody shipped, written as data alone."""
    force, treaty = tmp_path / "islands", tmp_path / "pact"
    force.mkdir()
    treaty.mkdir()
    (force / "force.toml").write_text(
        'id = "islands"\ntitle = "Two islands"\n\n'
        '[[parties]]\nid = "EA"\nname = "East"\n\n[[parties]]\nid = "WE"\nname = "West"\n',
        encoding="utf-8",
    )
    (force / "types.csv").write_text(
        "type,party,category,status,note\ndart,EA,ICBM,assumed,invented\nlance,WE,ICBM,assumed,invented\n",
        encoding="utf-8",
    )
    (force / "bases.csv").write_text(
        "id,name,latitude_deg,longitude_deg,country,role,status,note\n"
        "north,North,60.0,10.0,EA,site,assumed,invented\nsouth,South,50.0,10.0,EA,site,assumed,invented\n",
        encoding="utf-8",
    )
    (force / "holdings.csv").write_text(
        "party,date,basis,type,base,number,status,note\n"
        "EA,2030-01-01,declared,dart,north,30,assumed,invented\n"
        "EA,2030-01-01,declared,dart,south,20,assumed,invented\n"
        "WE,2030-01-01,declared,lance,,40,assumed,invented\n",
        encoding="utf-8",
    )
    (treaty / "treaty.toml").write_text(
        'id = "pact"\ntitle = "A pact"\nname = "Pact"\nkind = "proposal"\n\n'
        '[[parties]]\nid = "EA"\nname = "East"\n\n[[parties]]\nid = "WE"\nname = "West"\n\n'
        '[[events]]\nkind = "announced"\ndate = 2030-01-01\nstatus = "assumed"\nnote = "invented"\n\n'
        '[[rules]]\nid = "missiles"\ntitle = "Three each"\nmethod = "each"\nwarheads = 3\n'
        'category = "ICBM"\nheld_as = "deployed"\nstatus = "assumed"\nnote = "invented"\n\n'
        '[[limits]]\nid = "warheads"\ntitle = "Warheads"\nquantity = "warheads"\nceiling = 60\n'
        'since = 2035-01-01\nstatus = "assumed"\nnote = "invented"\n',
        encoding="utf-8",
    )
    return str(force), str(treaty)


def test_a_force_and_a_treaty_of_ones_own_are_scheduled_without_new_python(own: tuple[str, str]) -> None:
    force, treaty = own
    body = read(force, "--to", treaty, "--cap", "eliminate@north=3", "--cap", "8")
    assert body["eliminations"] == 30 + 20
    assert len(body["by_year"]) == 5
    at_north = {row["year"]: row["number"] for row in body["rows"] if row["place"] == "north"}
    assert all(number <= 3 for number in at_north.values())
    refused = read(force, "--to", treaty, "--cap", "5", code=1)
    assert any("5 eliminations a year" in words for words in refused["conflict"])
    assert any("6 would do" in words for words in refused["ways_out"])


def test_parity_holds_from_the_day_that_is_named(own: tuple[str, str]) -> None:
    force, treaty = own
    body = read(force, "--to", treaty, "--parity-band", "0 %", "--parity-from", "2032-01-01")
    held = [row for row in body["parity"] if row["held"]]
    assert len(held) == 4
    assert all(row["difference"] == 0 for row in held)
    assert body["parity"][0]["difference"] == 30


def test_the_same_question_gives_the_same_answer(own: tuple[str, str]) -> None:
    force, treaty = own
    first = detente.schedule(force, treaty, objective="parity")
    assert first == detente.schedule(force, treaty, objective="parity")
    assert first.furthest_from_parity == 0
