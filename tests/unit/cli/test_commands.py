"""The command line as its user meets it: what goes to stdout and stderr, JSON, exit codes, bad input."""

import csv
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import xarray as xr
from click.testing import CliRunner, Result

from detente import api
from detente.cli.main import cli

CASE = "european-site-2007"


def call(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments, prog_name="detente")


def read(*arguments: str) -> dict[str, Any]:
    result = call(*arguments, "--json")
    assert result.exit_code == 0, result.stderr
    body = json.loads(result.stdout)
    assert body["schema"] == f"detente/{arguments[0]}/1"
    return dict(body)


def test_cases_are_listed() -> None:
    assert CASE in {case["id"] for case in read("cases")["cases"]}
    assert "European site, 2007" in call("cases").stdout


def test_a_sound_case_checks_with_exit_code_0() -> None:
    assert read("check", CASE)["ok"] is True
    assert call("check", CASE).stdout == f"{CASE}: no problems\n"


def test_run_gives_one_row_a_launch_area_and_sample_point() -> None:
    body = read("run", CASE, "reach", "--position", "mda-claim")
    assert len(body["rows"]) == 130
    assert {
        "launch",
        "aim",
        "status",
        "required_speed_km_s",
        "margin_km_s",
        "tolerable_delay_s",
        "margin_delay_s",
        "first_intercept_s",
        "last_intercept_s",
    } <= set(body["rows"][0])
    assert "upper bound" in body["caveat"]


def test_set_overrides_the_figures_of_the_position() -> None:
    settings = ["interceptor_speed=7.0 km/s", "commit_delay=340 s", "interceptor_site=54.5,17.1"]
    flags = [part for setting in settings for part in ("--set", setting)]
    changed = read("run", CASE, "reach", "--position", "mda-slides", *flags)
    same = read("run", CASE, "reach", "--position", "lewis-postol-high", *flags)
    assert changed["rows"] == same["rows"]
    assert changed["rows"] != read("run", CASE, "reach", "--position", "mda-slides")["rows"]


def test_run_shows_the_caveat_and_the_conventions_on_stderr() -> None:
    result = call("run", CASE, "reach", "--position", "mda-claim", "--launch", "tehran", "--aim", "rome")
    assert "tehran" in result.stdout
    assert "upper bound" in result.stderr
    assert "Lambert" in result.stderr


def test_a_rounded_place_is_noticed_on_stderr_and_leaves_stdout_clean() -> None:
    result = call(
        "run", CASE, "reach", "--position", "mda-claim", "--set", "interceptor_site=54.4789,17.0975", "--json"
    )
    assert "notice: " in result.stderr
    assert "0.1 degree" in result.stderr
    assert any("0.1 degree" in notice for notice in json.loads(result.stdout)["notices"])


def test_run_watch_says_who_sees_what_first_and_by_one_radar_alone() -> None:
    body = read("run", CASE, "watch", "--position", "midpoint", "--launch", "kozelsk", "--aim", "washington")
    assert body["rows"][0]["first_seen_by"] == "site-radar"
    alone = read("run", CASE, "watch", "--position", "midpoint", "--aim", "washington", "--radar", "thule")
    assert {row["first_seen_by"] for row in alone["rows"]} <= {"thule", None, ""}
    shown = call("run", CASE, "watch", "--position", "midpoint", "--launch", "kozelsk", "--aim", "washington")
    assert "site-radar" in shown.stdout
    assert "upper bound" in shown.stderr


def test_run_engage_shows_clock_windows_and_shots() -> None:
    flags = ["--position", "midpoint", "--launch", "kozelsk", "--aim", "washington"]
    body = read("run", CASE, "engage", *flags)
    assert body["rows"][0]["window_1_tail_chase"] == "all"
    tracked = ["--set", "clock=radar-track", "--radar", "thule"]
    later = read("run", CASE, "engage", *flags, *tracked)
    assert later["rows"][0]["launch_s"] > body["rows"][0]["launch_s"]
    shown = call("run", CASE, "engage", *flags)
    for word in ("chase", "shots", "launch from", "raid needs", "to spare"):
        assert word in " ".join(shown.stdout.split())


def test_run_writes_its_rows_for_other_programs(tmp_path: Path) -> None:
    flags = ["--position", "midpoint", "--launch", "kozelsk", "--aim", "washington"]
    for study, column in (("watch", "margin_db"), ("engage", "margin_interceptors")):
        path = tmp_path / f"{study}.csv"
        body = read("run", CASE, study, *flags, "-o", str(path))
        lines = path.read_text(encoding="utf-8").splitlines()
        assert "upper bound" in lines[0]
        (row,) = csv.DictReader(line for line in lines if not line.startswith("# "))
        assert float(row[column]) == pytest.approx(body["rows"][0][column])
        with xr.open_dataset(
            api.write_outcome(api.run(CASE, study, "midpoint"), tmp_path / f"{study}.nc"), engine="scipy"
        ) as found:
            assert found.sizes["row"] == 130
            assert found.attrs["references"].endswith(("sensing.md", "engagement.md"))
    wrong = call("run", CASE, "reach", *flags, "-o", str(tmp_path / "rows.doc"))
    assert wrong.exit_code == 2
    assert ".csv or .nc" in wrong.stderr


def test_cover_by_the_track_of_named_radars() -> None:
    flags = ["--position", "midpoint", "--launch", "kozelsk", "--by", "point"]
    plain = read("cover", CASE, *flags)
    both = ["--radar", "site-radar", "--radar", "thule"]
    answers = [read("cover", CASE, *flags, *radars) for radars in (both, both[:2], both[2:])]
    margins = [[row["margin_km_s"] for row in body["rows"]] for body in (plain, *answers)]
    assert len({body["digest"] for body in (plain, *answers)}) == 4
    for early, together, *alone in zip(*margins, strict=True):
        for one in alone:
            assert one is None or (together is not None and one <= together + 0.0005)
        assert together is None or together <= early + 0.0005
    assert "firm track of site-radar, thule" in answers[0]["conventions"][-1]
    easier = read("cover", CASE, *flags, "--radar", "thule", "--set", "radar_track_time=10 s")
    assert easier["rows"][-1]["margin_delay_s"] >= answers[2]["rows"][-1]["margin_delay_s"]


def test_cover_says_what_each_site_and_radar_adds() -> None:
    flags = ["--position", "midpoint", "--launch", "nw-iran", "--apart"]
    sites = ["--site", "poland", "--site", "alaska"]
    radars = ["--radar", "site-radar", "--radar", "fylingdales"]
    body = read("cover", CASE, *flags, *sites, *radars, "--by", "point", "--land", "United Kingdom")
    margins = {row["part"]: row["margin_km_s"] for row in body["rows"]}
    assert list(margins) == [
        "all together",
        *("site poland alone", "site alaska alone", "radar site-radar alone", "radar fylingdales alone"),
        "no radar: the position's own cue",
    ]
    assert {row["country"] for row in body["rows"]} == {"United Kingdom"}
    assert margins["all together"] == margins["site poland alone"] > margins["radar fylingdales alone"]
    lands = read("cover", CASE, *flags, "--land", "Germany", "--land", "Turkey")
    assert {row["aim"] for row in lands["rows"]} == {"Germany", "Turkey"}
    shown = call("cover", CASE, *flags, "--by", "point")
    assert "all together" in shown.stdout


def test_run_inventory_has_rows_of_its_own() -> None:
    body = read("run", CASE, "inventory", "--position", "midpoint", "--row", "5")
    assert {row["raid_size"] for row in body["rows"]} == {5}
    assert "upper bound" in body["caveat"]
    shown = call("run", CASE, "inventory", "--position", "midpoint", "--row", "5")
    assert "needed: salvo" in " ".join(shown.stdout.split())


def test_cover_lists_draws_and_writes(tmp_path: Path) -> None:
    picture, layer = tmp_path / "map.svg", tmp_path / "layer.geojson"
    flags = ["--position", "mda-claim", "--launch", "nw-iran", "--map", str(picture), "-o", str(layer)]
    body = read("cover", CASE, *flags)
    assert body["files"] == [str(picture), str(layer)]
    assert "upper bound" in picture.read_text(encoding="utf-8")
    kept = json.loads(layer.read_text(encoding="utf-8"))
    assert "upper bound" in kept["about"]["caveat"]
    kinds = {feature["properties"].get("kind") for feature in kept["features"]}
    assert {"launch-area", "interceptor-site"} <= kinds
    (area,) = [each for each in kept["features"] if each["geometry"]["type"] == "MultiPolygon"]
    assert "at least 0 km/s" in area["properties"]["meaning"]
    flights = [each for each in kept["features"] if each["geometry"]["type"] == "MultiLineString"]
    assert "north-western Iran to Washington" in {each["properties"]["name"] for each in flights}
    assert {"launch", "aim", "share", "margin_share"} <= set(body["rows"][0])
    points = read("cover", CASE, "--position", "mda-claim", "--launch", "nw-iran", "--by", "point")
    assert {row["cell"] for row in points["rows"]} >= {"washington", "ankara"}


def test_cover_tells_what_one_position_covers_and_the_other_does_not() -> None:
    pair = ("mda-slides", "lewis-postol-low")
    one, other = (
        read("cover", CASE, "--position", first, "--against", second, "--launch", "tatishchevo")["rows"]
        for first, second in (pair, pair[::-1])
    )
    assert one == other, "order is alphabetical by holder, whoever is named first"
    found = {row["covered_by"] for row in one}
    assert "first only" in found
    assert "second only" not in found, "a faster interceptor never covers less"


def test_a_sweep_is_kept_verified_and_caught_when_changed(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    flags = [
        "reach",
        "--position",
        "midpoint",
        "--samples",
        "6",
        "--launch",
        "kozelsk",
        "--aim",
        "washington",
    ]
    made = read("sweep", CASE, *flags, "--workers", "1", "-o", str(folder))
    assert made["rows"] == 6
    assert made["failed"] == 0
    again = read("sweep", CASE, *flags, "--workers", "1", "-o", str(folder))
    assert again["chunks_found"] == again["chunks"]
    shown = call("sweep", CASE, *flags, "--workers", "1", "-o", str(folder)).stdout
    assert "at least zero" in shown
    assert "kozelsk to washington" in shown
    assert read("verify-run", str(folder), "--workers", "1")["ok"] is True
    (chunk,) = (folder / "chunks").glob("*.nc")
    chunk.write_bytes(chunk.read_bytes()[:-4] + b"\0\0\0\1")
    spoilt = call("verify-run", str(folder), "--workers", "1", "--json")
    assert spoilt.exit_code == 1
    assert json.loads(spoilt.stdout)["findings"]


def test_validate_prints_published_values_beside_ours() -> None:
    body = read("validate", "--only", "free-flight")
    assert body["ok"] is True
    assert all(row["source"]["read"] for row in body["rows"])
    shown = call("validate", "--only", "lofted")
    assert shown.exit_code == 0
    assert "misprint" in shown.stdout


def test_crux_gives_verdicts_margins_and_everything_that_divides_the_two() -> None:
    body = read("crux", CASE, "endangers-security", "--between", "mda-slides", "lewis-postol-high")
    assert body["between"] == ["lewis-postol-high", "mda-slides"]
    assert body["verdicts"] == {"lewis-postol-high": "not ruled out", "mda-slides": "ruled out in this model"}
    assert body["margins"]["mda-slides"] < 0 < body["margins"]["lewis-postol-high"]
    (row,) = body["attribution"]
    assert row["assumption"] == "interceptor_speed"
    assert row["phi"] == pytest.approx(body["margins"]["mda-slides"] - body["margins"]["lewis-postol-high"])
    assert {flip["side"] for flip in body["flips"]} == {"lewis-postol-high", "mda-slides"}
    assert all(flip["members"] == ["interceptor_speed"] for flip in body["flips"])
    assert body["settle"][-1]["chance"] == 1.0
    required = 8.3 - body["margins"]["lewis-postol-high"]
    assert [root["value"] for root in body["breakeven"]] == [pytest.approx(required, abs=1e-6)] * 2
    assert body["diagnosis"]["kind"] == "opposed"


def test_the_order_of_the_two_positions_does_not_matter() -> None:
    one = read("crux", CASE, "can-catch", "--between", "mda-claim", "midpoint")
    other = read("crux", CASE, "can-catch", "--between", "midpoint", "mda-claim")
    assert one == other


def test_the_crux_in_words() -> None:
    result = call("crux", CASE, "endangers-security")
    assert result.exit_code == 0
    assert "interceptor speed" in result.stdout
    assert "upper bound" in result.stderr


def test_flight_by_range() -> None:
    body = read("flight", "--range-km", "10000")
    assert body["speed_km_s"] == pytest.approx(7.1981, rel=5e-4)
    assert body["angle_deg"] == pytest.approx(22.517, rel=5e-4)
    assert body["apogee_km"] == pytest.approx(1319.5, rel=5e-4)
    assert body["time_s"] == pytest.approx(1931.0, rel=5e-4)
    assert "verdict" not in body


def test_an_impossible_published_flight_is_said_to_be_so_and_exits_0() -> None:
    body = read("flight", "--apogee-km", "2802", "--range-km", "933", "--published-s", "1740")
    assert body["verdict"] == "impossible"
    assert body["difference_s"] == pytest.approx(body["published_s"] - body["free_flight_s"])
    assert (
        "impossible"
        in call("flight", "--apogee-km", "2802", "--range-km", "933", "--published-s", "1740").stdout
    )


def test_sources_say_who_has_read_them() -> None:
    rows = {row["key"]: row for row in read("sources", CASE)["sources"]}
    assert rows["state-2007-04-16"]["was_read"] is True
    assert rows["keeptrack-sensors"]["was_read"] is False
    assert "nobody on this project has read it" in call("sources").stdout


def test_schema_lists_and_prints() -> None:
    names = call("schema").stdout.split()
    assert {"case", "position", "claims", "sources"} <= set(names)
    for name in names:
        assert json.loads(call("schema", name).stdout)["$schema"]


def test_new_makes_a_case_that_checks_runs_and_becomes_a_page(tmp_path: Path) -> None:
    made = call("new", "own-case", "--into", str(tmp_path))
    folder = Path(made.stdout.strip())
    assert read("check", str(folder))["ok"] is True
    positions = sorted(path.stem for path in (folder / "positions").iterdir() if path.stem != "base")
    assert read("run", str(folder), "reach", "--position", positions[0])["rows"]
    page = tmp_path / "own.html"
    assert call("brief", str(folder), "-o", str(page)).stdout.strip() == str(page)
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    again = call("new", "own-case", "--into", str(tmp_path))
    assert again.exit_code == 2
    assert "way out" in again.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["check", "nowhere"], "there is no case"),
        (["run", "european-site-2070", "reach", "--position", "x"], 'did you mean "european-site-2007"'),
        (["run", CASE, "reach", "--position", "mda-clam"], 'did you mean "mda-claim"'),
        (["run", CASE, "reach", "--position", "mda-claim", "--set", "interceptor_speed"], "KEY=VALUE"),
        (["run", CASE, "reach", "--position", "mda-claim", "--set", "a=1", "--set", "a=2"], "set twice"),
        (
            ["run", CASE, "reach", "--position", "mda-claim", "--set", "interceptor_speed=6.3 furlongs"],
            "accepted",
        ),
        (["crux", CASE, "endangers-securty"], 'did you mean "endangers-security"'),
        (["crux", CASE, "endangers-security", "--between", "midpoint", "midpoint"], "compared with itself"),
        (["flight", "--range-km", "30000"], "at most 20000"),
        (["flight", "--range-km", "nan"], "at most 20000"),
        (["flight", "--range-km", "100", "--published-s", "60"], "--apogee-km"),
        (["schema", "cases"], 'did you mean "case"'),
        (["new", "Not A Key"], "lower-case"),
        (["brief", CASE, "-o", "/nowhere/at/all.html"], "No such file"),
        (["nonsense"], "No such command"),
        (["run", CASE, "reach", "--position", "mda-claim", "--row", "5"], "launch areas"),
        (["run", CASE, "reach", "--position", "mda-claim", "--radar", "thule"], "no radars"),
        (["run", CASE, "watch", "--position", "mda-claim", "--radar", "thul"], 'did you mean "thule"'),
        (["cover", CASE, "--position", "mda-claim", "--radar", "thul"], 'did you mean "thule"'),
        (["cover", CASE, "--position", "mda-claim", "--site", "polnd"], 'did you mean "poland"'),
        (["cover", CASE, "--position", "mda-claim", "--draws", "0"], "outside 1"),
        (
            ["cover", CASE, "--position", "mda-claim", "--draws", "5", "--against", "midpoint"],
            "two questions",
        ),
        (["cover", CASE, "--position", "mda-claim", "--launch", "nw-iran", "-o", "x.doc"], ".geojson"),
        (["cover", CASE, "--position", "mda-claim", "--land", "Germny"], 'did you mean "Germany"'),
        (["cover", CASE, "--position", "mda-claim", "--apart", "--by", "cell"], "no rows by cell"),
        (["cover", CASE, "--position", "mda-claim", "--apart", "--draws", "5"], "a question of their own"),
        (["sweep", CASE, "reach", "--position", "midpoint", "--samples", "0", "-o", "nowhere"], "0"),
        (["validate", "--only", "nothing-of-the-kind"], "nothing-of-the-kind"),
    ],
)
def test_bad_input_exits_2_with_its_reason_on_stderr(arguments: list[str], words: str) -> None:
    result = call(*arguments)
    assert result.exit_code == 2, result.output
    assert words in result.stderr
    assert not result.stdout


def test_a_faulty_case_exits_1_from_check_and_2_from_run(tmp_path: Path) -> None:
    call("new", "faulty", "--into", str(tmp_path))
    folder = tmp_path / "faulty"
    sources = folder / "sources.toml"
    sources.write_text(
        sources.read_text(encoding="utf-8") + "\n[sources.broken]\ntipe = 'x'\n", encoding="utf-8"
    )
    checked = call("check", str(folder), "--json")
    assert checked.exit_code == 1
    problems = json.loads(checked.stdout)["problems"]
    (misspelt,) = [problem for problem in problems if "tipe" in problem["rule"]]
    assert misspelt["file"] == "sources.toml"
    assert misspelt["line"] == len(sources.read_text(encoding="utf-8").splitlines())
    assert 'did you mean "type"' in misspelt["way_out"]
    assert call("run", str(folder), "reach", "--position", "party-a").exit_code == 2


def test_nothing_half_written_is_left_by_a_brief_that_fails(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("what stood here before", encoding="utf-8")
    assert call("brief", CASE, "--between", "midpoint", "nobody", "-o", str(page)).exit_code == 2
    assert page.read_text(encoding="utf-8") == "what stood here before"
    assert list(tmp_path.iterdir()) == [page]


def test_help_names_every_command() -> None:
    shown = call("--help").stdout
    for name in cli.commands:
        assert name in shown


def test_an_internal_fault_exits_4_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    import detente.api

    def broken() -> None:
        raise RuntimeError("a wheel came off")

    monkeypatch.setattr(detente.api, "cases", broken)
    monkeypatch.delenv("DETENTE_DEBUG", raising=False)
    result = call("cases")
    assert result.exit_code == 4
    assert "a wheel came off" in result.stderr


def test_a_reader_that_goes_away_is_no_fault() -> None:
    """`detente sources | head -1` ends quietly."""
    program = [sys.executable, "-m", "detente", "sources", "--json"]
    with subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert b"Traceback" not in process.stderr.read()
        process.wait(timeout=60)
