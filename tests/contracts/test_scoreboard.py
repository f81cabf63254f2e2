"""The scoreboard is honest: it computes, turns red when physics is wrong, and leaves no published row out."""

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from detente.api.validation import scoreboard, scoreboard_rows
from detente.api.validation.board import FOLDER
from detente.api.validation.measures import MEASURES
from detente.records.errors import InputError
from detente.records.published import Published, Score
from detente.records.published_tables import load_published, load_published_sources

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "detente"
AUTHORITIES = ROOT / "tests" / "authorities"
TABLES = {
    *("atmosphere", "claims-2007", "crux-cases", "distances", "flights", "free-flight", "geodesics"),
    *("inventory", "programs", "radar"),
    *("inspection-games", "sampling"),
}


@cache
def board() -> tuple[Score, ...]:
    return scoreboard()


def verdicts(found: tuple[Score, ...]) -> dict[str, str]:
    return {score.id: score.verdict for score in found}


def test_no_row_is_red() -> None:
    red = [(score.id, score.published, score.ours, score.note) for score in board() if score.is_red]
    assert red == []
    assert scoreboard_rows(board())["ok"] is True


def test_every_published_row_is_on_the_board_once() -> None:
    tables = load_published(FOLDER)
    assert set(tables) == TABLES
    wanted = [row.id for rows in tables.values() for row in rows]
    assert [score.id for score in board()] == wanted
    assert len(wanted) > 200


def test_every_measure_and_every_source_is_used() -> None:
    rows = [row for table in load_published(FOLDER).values() for row in table]
    assert {row.measure for row in rows} == set(MEASURES)
    own = {row.source for row in rows if ":" not in row.source}
    assert own == set(load_published_sources(FOLDER)) - {
        "kbs-2017-05"
    }  # stands for the apogee beside another


def test_a_value_is_called_read_only_where_its_source_was_read() -> None:
    for score in board():
        if score.status == "read":
            assert score.source.read in {"primary text", "official fact sheet", "verbatim copy"}, score.id
        assert score.source.title, score.id


def test_what_is_not_agreement_says_why() -> None:
    for score in board():
        if score.verdict != "agrees":
            assert score.note, score.id


def test_the_known_mistakes_of_others_are_flagged() -> None:
    found = verdicts(board())
    for name in (
        "lofted-4-july-2017-a-misprint-verdict",
        "lofted-24-march-2022-kcna-left",
        "stacked-published",
        "kwajalein-printed",
        "ebr-mean-power-published",
    ):
        assert found[name] == "flagged as expected", name
    assert found["slant-1000-exponential"] == "differs"
    assert found["slides-threat-speed"] == "not comparable"


def test_the_claims_of_2007_are_all_there() -> None:
    found = verdicts(board())
    wanted = {f"cannot-catch-{delay}" for delay in (60, 120, 240, 400)}
    wanted |= {f"coverage-{speed}" for speed in ("6-3", "6-6", "7-0")}
    wanted |= {"can-catch-lewis-postol-low", "can-catch-lewis-postol-high", "some-icbms", "closest-call"}
    wanted |= {"watched-kozelsk", "watched-vypolzovo", "ftg-03a", "booster-2003-02-speed"}
    wanted |= {f"claimed-verdict-{base}" for base in ("vypolzovo", "kozelsk", "teykovo")}
    assert {name: found[name] for name in wanted} == dict.fromkeys(wanted, "agrees")


# ---------------------------------------------------------------- nothing of ours comes from the file


def _other(value: str) -> str:
    """A published value that is certainly another."""
    if re.fullmatch(r"[-+0-9.e; to]+", value):
        return re.sub(
            r"[-+]?[0-9.]+(?:e[-+]?[0-9]+)?", lambda found: f"{1.7 * float(found[0]) + 3e5:.6f}", value
        )
    return f"not {value}"


def test_our_results_do_not_change_with_the_published_values(tmp_path: Path) -> None:
    for path in FOLDER.iterdir():
        shutil.copy(path, tmp_path)
    for path in tmp_path.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        with path.open("w", encoding="utf-8", newline="") as file:
            table = csv.DictWriter(file, list(rows[0]))
            table.writeheader()
            table.writerows(row | {"value": _other(row["value"]), "tolerance": ""} for row in rows)
    crux = json.loads((tmp_path / "crux-cases.json").read_text(encoding="utf-8"))
    for case in crux["cases"]:
        case["expect"] = {
            name: [7 * v + 1 for v in value]
            if _numbers(value)
            else 7 * value + 1
            if _number(value)
            else value
            for name, value in case["expect"].items()
        }
    (tmp_path / "crux-cases.json").write_text(json.dumps(crux), encoding="utf-8")
    wrong = {score.id: score for score in scoreboard(folder=tmp_path)}
    assert list(wrong) == [score.id for score in board()]
    for score in board():
        assert wrong[score.id].ours == score.ours, score.id
        if score.verdict == "agrees":
            assert wrong[score.id].verdict == "fails", score.id


def _number(value: Any) -> bool:
    return type(value) in {int, float}


def _numbers(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(_number(part) for part in value)


# ---------------------------------------------------------------- wrong physics turns rows red


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package whose source may be spoiled."""
    folder = tmp_path_factory.mktemp("house")
    left_out = shutil.ignore_patterns("__pycache__", "fonts", "*.nbi", "*.nbc")
    shutil.copytree(PACKAGE, folder / "detente", ignore=left_out)
    return folder


def spoiled(house: Path, module: str, name: str, only: str) -> dict[str, str]:
    """The verdicts of a table when one constant of the copy is 1 % larger, as a fresh program finds them."""
    path = house / "detente" / "physics" / f"{module}.py"
    text = path.read_text(encoding="utf-8")
    changed, count = re.subn(
        rf"^({name}(?:: Final)?) = (.+?)(  #.*)?$", r"\1 = 1.01 * (\2)\3", text, flags=re.M
    )
    assert count == 1, f"{module}.{name} is not one line any more"
    program = (
        "import json, sys, detente; from detente.api.validation import scoreboard;"
        "print(json.dumps([detente.__file__, {s.id: s.verdict for s in scoreboard(sys.argv[1])}]))"
    )
    try:
        path.write_text(changed, encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-c", program, only],
            env=os.environ | {"PYTHONPATH": str(house)}, cwd=house,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    finally:
        path.write_text(text, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    origin, found = json.loads(done.stdout)
    assert Path(origin).is_relative_to(house)
    assert found
    return dict(found)


@pytest.mark.parametrize(
    ("module", "name", "only", "red"),
    [
        ("constants", "EARTH_MU", "free-flight", {"free-flight-3000-speed", "free-flight-10000-time"}),
        ("constants", "EARTH_MU", "flights", {"lofted-28-july-2017-free"}),
        ("constants", "EARTH_RADIUS", "free-flight", {"free-flight-3000-angle", "free-flight-10000-apogee"}),
        ("constants", "EARTH_RADIUS", "sky over", {"program-sky-brdy-kozelsk"}),
        (
            "constants",
            "EARTH_ROTATION",
            "programs",
            {"program-turn-900", "program-nw-iran-impact-time", "program-tatishchevo-required-speed-km-s"},
        ),
        ("constants", "WGS84_EQUATORIAL_RADIUS", "distances", {"distance-redzikowo-uzhur"}),
        ("constants", "WGS84_FLATTENING", "geodesics", {"karney-01", "karney-20"}),
        ("constants", "WGS84_J2", "oblate", {"program-oblate-nw-iran-end-time", "program-oblate-nw-iran-z"}),
        ("radar", "BOLTZMANN", "radar", {"radar-range-1", "radar-snr-1"}),
        ("radar", "LIGHT_SPEED", "radar", {"radar-range-1", "radar-snr-2"}),
        ("atmosphere", "_GRAVITY", "atmosphere", {"air-11-019-pressure", "air-47-35-density"}),
    ],
)
def test_a_constant_that_is_1_percent_wrong_turns_rows_red(
    house: Path, module: str, name: str, only: str, red: set[str]
) -> None:
    found = spoiled(house, module, name, only)
    assert {row: found[row] for row in red} == dict.fromkeys(red, "fails")


def test_a_refraction_that_is_1_percent_wrong_turns_rows_red(house: Path) -> None:
    """The gradient is a default of a function; the copy gets another one."""
    path = house / "detente" / "physics" / "radar.py"
    text = path.read_text(encoding="utf-8")
    assert text.count("ArrayLike = -39e-9") == 1
    path.write_text(text.replace("ArrayLike = -39e-9", "ArrayLike = -39.39e-9"), encoding="utf-8")
    found = spoiled(house, "radar", "REFERENCE_TEMPERATURE", "refraction")
    path.write_text(text, encoding="utf-8")
    red = {"earth-radius", "earth-radius-factor", "horizon-30", "ray-height-300"}
    assert {row: found[row] for row in red} == dict.fromkeys(red, "fails")


# ---------------------------------------------------------------- the tables


def test_rows_of_programs_are_those_of_the_authorities() -> None:
    """What ships is a part of the raw output beside the tests, digit for digit as far as it is printed."""
    kept = " ".join(path.read_text(encoding="utf-8") for path in sorted(AUTHORITIES.rglob("*.csv")))
    numbers = sorted(float(text) for text in set(re.findall(r"-?[0-9]+\.?[0-9]*(?:e-?[0-9]+)?", kept)))
    for row in load_published(FOLDER)["programs"]:
        assert isinstance(row.amount, float)
        scales = (1.0, 1e3, 3.141592653589793 / 180.0)
        close = [n for n in numbers for s in scales if abs(n - row.amount * s) <= 1e-8 * abs(n)]
        assert close, row.id


def test_the_twenty_geodesics_are_those_of_the_authorities() -> None:
    with (AUTHORITIES / "geographiclib" / "geodesics.csv").open(encoding="utf-8") as file:
        wanted = [row["s12_m"] for row in csv.DictReader(file)]
    assert [row.value for row in load_published(FOLDER)["geodesics"]] == wanted


def published(**changes: str) -> Published:
    given = {
        "id": "x", "case": "c", "what": "w", "measure": "m", "value": "10", "source": "s", "status": "read",
    }  # fmt: skip
    return Published.model_validate(given | changes)


@pytest.mark.parametrize(
    ("changes", "ours", "verdict"),
    [
        ({"tolerance": "1 %"}, 10.1, "agrees"),
        ({"tolerance": "1 %"}, 10.11, "fails"),
        ({"tolerance": "0.5"}, 9.4, "fails"),
        ({"value": "100 to 300"}, 124.0, "agrees"),
        ({"value": "100 to 300"}, 99.0, "fails"),
        ({"value": "-0.35 to 0.35"}, -0.24, "agrees"),
        ({"value": "100 to 300", "expect": "flagged"}, -325.0, "flagged as expected"),
        ({"value": "100 to 300", "expect": "flagged"}, 200.0, "fails"),
        ({"value": "1; 2; 3", "tolerance": "0.1"}, (1.0, 2.05, 3.0), "agrees"),
        ({"value": "1; 2; 3", "tolerance": "0.1"}, (1.0, 2.0), "fails"),
        ({"value": "possible", "expect": "flagged"}, "impossible", "flagged as expected"),
        ({"value": "some"}, "some", "agrees"),
        ({"expect": "differs"}, 12.0, "differs"),
        ({"expect": "differs"}, 10.0, "fails"),
        ({"expect": "not comparable"}, 12.0, "not comparable"),
        ({"expect": "not comparable"}, None, "fails"),
        ({"expect": "flagged"}, None, "fails"),
        ({}, float("nan"), "fails"),
        ({}, "10", "fails"),
    ],
)
def test_how_a_row_comes_out(changes: dict[str, str], ours: Any, verdict: str) -> None:
    if ours == "10":
        ours = "ten"
    assert published(**changes).verdict(ours) == verdict


def test_only_keeps_the_rows_with_a_word() -> None:
    assert {score.table for score in scoreboard("inventory")} == {"inventory"}
    assert all("kozelsk" in (score.id + score.what + score.case).lower() for score in scoreboard("Kozelsk"))
    with pytest.raises(InputError, match="did you mean"):
        scoreboard("inventry")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("a,c,w,m,,10,,about 3,agrees,s,read,", "is no tolerance"),
        ("a,c,w,m,,few,,1 %,agrees,s,read,", "needs a number"),
        ("a,c,w,m,,10,,,perhaps,s,read,", "expect"),
        ("A b,c,w,m,,10,,,agrees,s,read,", "not a key"),
        ("a,c,w,m,,10,,,agrees,s,read,\na,c,w,m,,10,,,agrees,s,read,", "one id"),
    ],
)
def test_a_wrong_table_says_where(tmp_path: Path, row: str, said: str) -> None:
    shutil.copy(FOLDER / "crux-cases.json", tmp_path)
    head = "id,case,what,measure,inputs,value,unit,tolerance,expect,source,status,note"
    (tmp_path / "mine.csv").write_text(f"{head}\n{row}\n", encoding="utf-8")
    with pytest.raises(InputError, match=said):
        load_published(tmp_path)


def test_a_row_without_a_result_is_red_and_says_why(tmp_path: Path) -> None:
    for path in FOLDER.iterdir():
        shutil.copy(path, tmp_path)
    head = "id,case,what,measure,inputs,value,unit,tolerance,expect,source,status,note"
    rows = "m-1,mine,w,no-such,,10,,,agrees,heyoka,read,\nm-2,mine,w,air,altitude=x,1,,,agrees,heyoka,read,"
    (tmp_path / "mine.csv").write_text(f"{head}\n{rows}\n", encoding="utf-8")
    first, second = scoreboard("mine", tmp_path)
    assert (first.verdict, second.verdict) == ("fails", "fails")
    assert "there is no measure" in first.note
    assert "no result" in second.note
