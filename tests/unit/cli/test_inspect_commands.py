"""The commands on inspections: JSON, exit codes, bad input, and the draw from end to end."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from detente.cli.main import cli


def call(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ("inspect", *arguments), prog_name="detente")


def read(*arguments: str, name: str = "") -> dict[str, Any]:
    result = call(*arguments, "--json")
    assert result.exit_code == 0, result.stderr
    body = json.loads(result.stdout)
    assert body["schema"] == f"detente/inspect-{name or arguments[0]}/1"
    assert body["sentence"]
    return dict(body)


SAMPLE = ("--items", "436", "--defects", "10", "--sample", "10")


def test_power() -> None:
    body = read("power", *SAMPLE, "--years", "5")
    assert body["power"] == pytest.approx(0.6903893823, abs=5e-11)
    assert body["power"] + body["miss"] == pytest.approx(1.0)
    assert body["approximation"] < body["power"]
    assert {row["defects"] for row in body["curve"]} >= {1, 10, 50}
    once = read("power", *SAMPLE)
    assert once["power"] == pytest.approx(0.2090242496, abs=5e-11)
    numerator, denominator = once["exact"].split("/")
    assert int(numerator) / int(denominator) == pytest.approx(once["power"], rel=1e-15)
    imperfect = read("power", "--items", "100", "--defects", "10", "--sample", "20", "--quality", "0.9")
    assert imperfect["power"] == pytest.approx(0.8746908674, abs=5e-11)


def test_power_shows_both_errors() -> None:
    body = read("power", *SAMPLE, "--quality", "0.9", "--false-alarm", "0.01", "--accept", "1")
    assert 0 < body["false_alarm"] < body["power"] < 1
    assert body["approximation"] is None
    assert body["exact"] is None


def test_nothing_to_find_is_never_found() -> None:
    body = read("power", "--items", "10", "--defects", "0", "--sample", "5")
    assert (body["power"], body["approximation"]) == (0.0, 0.0)
    assert read("power", "--items", "10", "--defects", "1", "--sample", "10")["approximation"] == 1.0


def test_size() -> None:
    body = read("size", "--items", "1550", "--defects", "77", "--confidence", ".95")
    assert (body["sample"], body["approximation"]) == (58, 60)
    assert {row["defects"]: row["sample"] for row in body["sizes"]}[77] == 58


def test_a_size_that_there_is_not_exits_with_1() -> None:
    result = call(
        *("size", "--items", "10", "--defects", "1", "--confidence", "0.95", "--quality", "0.5", "--json")
    )
    assert result.exit_code == 1
    body = json.loads(result.stdout)
    assert body["sample"] is body["approximation"] is None
    assert "the test misses too often" in body["sentence"]


def test_curve(tmp_path: Path) -> None:
    by_defects = read("curve", "--items", "436", "--sample", "10")
    assert by_defects["by"] == "defects"
    powers = [row["power"] for row in by_defects["curve"]]
    assert powers == sorted(powers)
    for ending in (".svg", ".png"):
        out = tmp_path / f"curve{ending}"
        body = read("curve", "--items", "436", "--defects", "10", "--out", str(out))
        assert (body["by"], body["files"]) == ("sample", [str(out)])
        assert out.stat().st_size > 1000
    wrong = call("curve", "--items", "436", "--sample", "10", "--out", str(tmp_path / "curve.txt"))
    assert wrong.exit_code == 2
    assert call("curve", "--items", "436").exit_code == 2


def test_sites() -> None:
    body = read("sites", "--site", "20,4,2", "--site", "30,6,0")
    assert body["power"] == pytest.approx(1 - (16 * 15) / (20 * 19))
    worst = read("sites", "--site", "20,4", "--site", "30,0", "--defects", "3")
    assert (worst["power"], worst["defects"]) == (0.0, [0, 3])
    assert call("sites", "--site", "20,4").exit_code == 2
    assert call("sites", "--site", "20").exit_code == 2
    assert call("sites", "--site", "20,x").exit_code == 2


def test_sequential() -> None:
    lines = ("--p0", ".01", "--p1", ".10", "--alpha", ".05", "--beta", ".10")
    body = read("sequential", *lines, "--observed", "00011")
    assert body["accept_intercept"] == pytest.approx(-0.938862, abs=5e-7)
    assert body["reject_intercept"] == pytest.approx(1.205379, abs=5e-7)
    assert (body["decision"], body["after_items"]) == ("reject", 5)
    assert 0 < body["false_alarm"] < 0.05
    assert call("sequential", *lines, "--observed", "01x").exit_code == 2


def test_game() -> None:
    body = read("game", "--periods", "4", "--inspections", "2", "--loss", "1", "--caught-cost", "1/2")
    assert (body["value"], body["value_to"], body["closed_form"]) == ("3/11", "the violator", "3/11")
    assert body["value_decimal"] == pytest.approx(3 / 11)
    assert (body["inspector_announced"], body["inspector_simultaneous"]) == ("-3/11", "-12/17")
    assert read("game", "--periods", "4", "--inspections", "2", "--compliance", "1/2")["value"] == "4/11"
    assert read("game", "--periods", "4", "--inspections", "2", "--quality", "0.5")["value"] == "4/11"
    several = read("game", "--periods", "3", "--inspections", "1", "--loss", "1", "--loss", "2")
    assert [row["value"] for row in several["values"]] == ["1/2", "2/5"]
    assert "value" not in several


def test_no_payoff_is_supplied() -> None:
    result = call("game", "--periods", "4", "--inspections", "2")
    assert result.exit_code == 2
    assert "none is supplied here" in result.stderr
    body = read("game", "--periods", "4", "--inspections", "2", "--loss", "1")
    assert not any("violate" in key or "cheat" in key for row in body["states"] for key in row)


@pytest.mark.parametrize(
    "arguments",
    [
        ("--periods", "3", "--inspections", "1", "--loss", "1", "--compliance", "1"),
        ("--periods", "3", "--inspections", "1", "--compliance", "1", "--violations", "2"),
        ("--periods", "3", "--inspections", "1", "--loss", "1", "--violations", "2", "--caught-cost", "0"),
        ("--periods", "3", "--inspections", "4", "--loss", "1"),
        ("--periods", "3", "--loss", "1"),
        ("--table", "none.csv", "--periods", "3"),
        ("--table", "none.csv"),
    ],
)
def test_a_game_that_cannot_be(arguments: tuple[str, ...]) -> None:
    assert call("game", *arguments).exit_code == 2


def test_a_game_of_ones_own(tmp_path: Path) -> None:
    table = tmp_path / "game.csv"
    table.write_text("x,violate,wait\ninspect,1,0\nwait,0,1/2\n", encoding="utf-8")
    assert read("game", "--table", str(table))["value"] == "1/3"
    assert "1/3" in call("game", "--table", str(table)).stdout


def test_timeliness_visits_and_allocate() -> None:
    assert read("timeliness", "--steps", "50")["value"] == pytest.approx(0.374275, abs=5e-7)
    body = read("visits", "--site", "1", "--site", "1/2", "--site", ".25", "--visits", "1")
    assert body["value"] == "1/7"
    assert [row["visit"] for row in body["sites"]] == ["1/7", "2/7", "4/7"]
    body = read("allocate", "--site", "20,2", "--site", "30,2", "--site", "50,2", "--samples", "20")
    assert (body["samples"], body["value"]) == ([4, 6, 10], "89/245")


def test_plan_and_measures(tmp_path: Path) -> None:
    body = read("plan", "new-start", "--out", str(tmp_path / "page.html"))
    assert body["inspections_per_year"] == 18
    assert body["files"] == [str(tmp_path / "page.html")]
    assert {row["quota"] for row in body["power"]} == {"type-one", "type-two"}
    assert len(read("measures")["measures"]) >= 7
    assert call("plan", "no-such").exit_code == 2


@pytest.mark.parametrize(
    ("arguments", "rule"),
    [
        (("power", "--items", "-1", "--defects", "1", "--sample", "1"), "items -1 is negative"),
        (("power", "--items", "10", "--defects", "11", "--sample", "1"), "defects 11 exceeds the items 10"),
        (("power", "--items", "10", "--defects", "1", "--sample", "11"), "sample 11 exceeds the items 10"),
        (("power", *SAMPLE, "--quality", "1.1"), "quality 1.1"),
        (("power", *SAMPLE, "--quality", "good"), '"good" is not a number'),
        (("size", "--items", "10", "--defects", "1", "--confidence", "1"), "confidence 1 is not"),
        (("size", "--items", "10", "--defects", "1", "--confidence", "0"), "confidence 0 is not"),
        (("visits", "--site", "1/2", "--visits", "2"), "visits 2 exceeds the sites 1"),
        (("allocate", "--site", "10,1", "--samples", "11"), "samples 11 exceeds"),
        (("timeliness", "--steps", "1"), "steps 1"),
    ],
)
def test_bad_input_names_the_rule_and_a_way_out(arguments: tuple[str, ...], rule: str) -> None:
    result = call(*arguments)
    assert result.exit_code == 2
    assert rule in result.stderr
    assert "way out:" in result.stderr
    assert result.stdout == ""


def test_what_a_person_reads() -> None:
    result = call("power", *SAMPLE)
    assert "chance of 0.2090" in result.stdout
    assert "0.71 for 50" in result.stdout, "never one number alone"
    assert "no chance of one is supplied" in result.stderr


# ---------------------------------------------------------------- the draw


@pytest.fixture
def drawn(tmp_path: Path) -> dict[str, str]:
    """Two sides that committed for one list."""
    names = tmp_path / "silos.csv"
    names.write_text("id,kind\n" + "".join(f"silo {n:02},x\n" for n in range(1, 11)), encoding="utf-8")
    files = {"list": str(names), "record": str(tmp_path / "record.json")}
    for party in ("Ruritania", "Elbonia"):
        files[f"{party}.commitment"] = str(tmp_path / f"{party}.commitment.json")
        files[f"{party}.opening"] = str(tmp_path / f"{party}.opening.json")
        body = read(
            *("draw", "commit", files["list"], "--sample", "3", "--party", party, "--about", "year 1"),
            *("--out", files[f"{party}.commitment"], "--keep", files[f"{party}.opening"]),
            name="draw-commit",
        )
        assert "seed" not in body
        assert "seed" not in json.loads(Path(files[f"{party}.commitment"]).read_text(encoding="utf-8"))
    return files


def reveal(files: dict[str, str], record: str = "record") -> Result:
    sides = [
        part
        for party in ("Elbonia", "Ruritania")
        for part in (
            *("--commitment", files[f"{party}.commitment"]),
            *("--opening", files[f"{party}.opening"]),
        )
    ]
    return call("draw", "reveal", files["list"], *sides, "--out", files[record], "--json")


def test_both_sides_and_a_third_party_get_the_same_sample(drawn: dict[str, str]) -> None:
    first = json.loads(reveal(drawn).stdout)
    assert first["ok"] is True
    assert len(set(first["drawn"])) == 3
    drawn["again"] = drawn["record"] + "2"
    assert json.loads(reveal(drawn, "again").stdout)["drawn"] == first["drawn"]
    checked = read("draw", "verify", drawn["record"], drawn["list"], name="draw-verify")
    assert checked["drawn"] == first["drawn"]
    assert first["drawn"][0] in call("draw", "verify", drawn["record"], drawn["list"]).stdout


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
def test_an_opening_is_for_its_owner_alone(drawn: dict[str, str]) -> None:
    assert Path(drawn["Elbonia.opening"]).stat().st_mode & 0o077 == 0


def change(path: str, **changes: Any) -> None:
    body = json.loads(Path(path).read_text(encoding="utf-8"))
    Path(path).write_text(json.dumps(body | changes), encoding="utf-8")


def test_a_seed_that_was_not_committed_to_is_refused(drawn: dict[str, str]) -> None:
    change(drawn["Elbonia.opening"], seed="00" * 32)
    result = reveal(drawn)
    assert result.exit_code == 1
    body = json.loads(result.stdout)
    assert (body["ok"], body["drawn"]) == (False, [])
    assert body["problems"] == ["the seed of Elbonia is not the one it committed to"]
    assert not Path(drawn["record"]).exists()


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"sample": 4}, "committed to another list, size or purpose"),
        ({"list": "00" * 32}, "committed to another list"),
        ({"party": "Ruritania"}, "fewer than two sides committed"),
        ({"commitment": "00" * 32}, "is not the one it committed to"),
    ],
)
def test_a_commitment_that_was_changed_is_refused(
    drawn: dict[str, str], changes: dict[str, Any], problem: str
) -> None:
    change(drawn["Ruritania.commitment" if "sample" in changes else "Elbonia.commitment"], **changes)
    result = reveal(drawn)
    assert result.exit_code == 1
    assert problem in result.stdout


def test_a_side_that_does_not_open(drawn: dict[str, str]) -> None:
    drawn["Elbonia.opening"] = drawn["Ruritania.opening"]
    result = reveal(drawn)
    assert result.exit_code == 1
    assert "Elbonia has not opened its seed" in result.stdout


def test_a_list_or_a_sample_that_was_changed_afterwards(drawn: dict[str, str]) -> None:
    assert reveal(drawn).exit_code == 0
    Path(drawn["list"]).write_text("id\n" + "".join(f"silo {n:02}\n" for n in range(1, 10)), encoding="utf-8")
    assert call("draw", "verify", drawn["record"], drawn["list"]).exit_code == 1
    Path(drawn["list"]).write_text("id\n" + "".join(f"silo {n:02}\n" for n in range(1, 11)), encoding="utf-8")
    assert call("draw", "verify", drawn["record"], drawn["list"]).exit_code == 0
    change(drawn["record"], sample_drawn=["silo 01", "silo 02", "silo 03"])
    result = call("draw", "verify", drawn["record"], drawn["list"])
    assert result.exit_code == 1
    assert "not the one that the seeds give" in result.stdout


def test_a_copied_seed_is_refused(drawn: dict[str, str], tmp_path: Path) -> None:
    for party in ("Ruritania", "Elbonia"):
        for kind in ("commitment", "opening"):
            Path(drawn[f"{party}.{kind}"]).unlink()
        call(
            *("draw", "commit", drawn["list"], "--sample", "3", "--party", party, "--seed", "ab" * 32),
            *("--out", drawn[f"{party}.commitment"], "--keep", drawn[f"{party}.opening"]),
        )
    result = reveal(drawn)
    assert result.exit_code == 1
    assert "one and the same seed" in result.stdout


def test_nothing_is_overwritten_and_no_other_file_is_taken(drawn: dict[str, str], tmp_path: Path) -> None:
    again = call(
        *("draw", "commit", drawn["list"], "--sample", "3", "--party", "Elbonia"),
        *("--out", drawn["Elbonia.commitment"], "--keep", str(tmp_path / "new.json")),
    )
    assert again.exit_code == 2
    assert "the file exists" in again.stderr
    assert reveal(drawn).exit_code == 0
    assert reveal(drawn).exit_code == 2
    assert call("draw", "verify", drawn["list"], drawn["list"]).exit_code == 2
    assert call("draw", "verify", drawn["Elbonia.opening"], drawn["list"]).exit_code == 2
    change(drawn["record"], openings=[{"party": "Elbonia"}])
    assert call("draw", "verify", drawn["record"], drawn["list"]).exit_code == 2
    change(drawn["record"], commitments="none")
    assert call("draw", "verify", drawn["record"], drawn["list"]).exit_code == 2
    assert call("draw", "verify", str(tmp_path / "none.json"), drawn["list"]).exit_code == 2


def test_a_list_of_lines_and_lists_that_are_none(tmp_path: Path) -> None:
    lines = tmp_path / "sites.txt"
    lines.write_text("north\nsouth\n\n", encoding="utf-8")
    out, keep = tmp_path / "a.json", tmp_path / "b.json"
    rest = ("--sample", "1", "--party", "A", "--out", str(out), "--keep", str(keep))
    assert read("draw", "commit", str(lines), *rest, name="draw-commit")["names"] == 2
    table = tmp_path / "sites.csv"
    table.write_text("name\nnorth\n", encoding="utf-8")
    wrong = call("draw", "commit", str(table), *rest)
    assert wrong.exit_code == 2
    assert "no column id" in wrong.stderr
    assert call("draw", "commit", str(tmp_path / "none.txt"), *rest).exit_code == 2
