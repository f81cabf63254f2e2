"""Commands on forces and treaties: what a person reads, what a program reads, and how each ends."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from detente.cli.main import cli


def call(*words: str, ends: int = 0) -> Result:
    done = CliRunner().invoke(cli, words)
    assert done.exit_code == ends, done.output
    return done


def body(*words: str, ends: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(call(*words, "--json", ends=ends).stdout)
    return found


def test_count_one_party_as_a_program_reads_it() -> None:
    found = body("count", "start1-mou-1990", "--rule", "start-1", "--party", "SU")
    assert found["schema"] == "detente/count/1"
    totals = found["totals"]
    assert (totals["deployed_delivery_vehicles"], totals["warheads"]) == (2500, 10271)
    row = next(row for row in found["rows"] if row["type"] == "SS-18")
    wanted = {"type": "SS-18", "deployed": 308, "attribution": 10, "warheads": 3080, "article": "MOU"}
    assert wanted.items() <= row.items()
    assert totals["throw_weight_t"] is None
    assert "throw-weight of SS-11" in found["counts"][0]["missing"]["throw_weight_t"]


def test_count_both_parties_never_adds_them_up() -> None:
    found = body("count", "start1-mou-1990", "--rule", "start-1")
    assert found["parties"]["SU"]["totals"]["warheads"] == 10271
    assert found["parties"]["US"]["totals"]["warheads"] == 10563
    assert {party: totals["warheads"] for party, totals in found["totals"].items()} == {
        "US": 10563,
        "SU": 10271,
    }
    assert {row["party"] for row in found["rows"]} == {"US", "SU"}


def test_count_two_readings_stand_apart() -> None:
    found = body("count", "new-start-2022", "--party", "US")
    launchers = {
        label: totals["deployed_and_nondeployed_launchers"] for label, totals in found["totals"].items()
    }
    assert launchers == {"us": 800, "ru": 901}


def test_count_reads_as_a_numbered_proof() -> None:
    done = call("count", "start1-mou-1990", "--rule", "start-1", "--party", "US")
    assert "US, declared by US, 1990-09-01, under START I" in done.stdout
    assert "150 x 10 + 39 x 12" in done.stdout
    assert "(1)-(6)" in done.stdout
    assert "wording not read here" in done.stderr
    assert "throw-weight of Minuteman II" in done.stdout


def test_count_side_by_side_with_chart_and_table(tmp_path: Path) -> None:
    svg, png, xlsx, csv = (tmp_path / f"c.{ending}" for ending in ("svg", "png", "xlsx", "csv"))
    done = call("count", "russia-2009", "--chart", str(svg), "-o", str(csv))
    for text in ("809 [unverified]", "2,683 [secondary]", "2,528 [secondary]", "not given"):
        assert text in done.stdout
    assert "3,897, unverified" in svg.read_text(encoding="utf-8")
    assert "upper bound" not in svg.read_text(encoding="utf-8")
    assert csv.read_text().splitlines()[1].startswith("start-1,,RU,counted,RU,2009-07-01")
    rules = [word for rule in ("start-1", "start-2", "sort") for word in ("--rule", rule)]
    call("count", "start1-mou-1990", *rules, "--chart", str(png), "-o", str(xlsx))
    assert png.read_bytes().startswith(b"\x89PNG")
    assert xlsx.stat().st_size > 5000
    refused = call("count", "russia-2009", "--chart", str(tmp_path / "c.pdf"), ends=2)
    assert "let it end in one of: .svg, .png" in refused.stderr


def test_count_draws_the_same_bytes_twice(tmp_path: Path) -> None:
    first, second = tmp_path / "a.svg", tmp_path / "b.svg"
    for path in (first, second):
        call("count", "new-start-2022", "--chart", str(path))
    assert first.read_bytes() == second.read_bytes()


def test_comply_as_a_program_reads_it() -> None:
    found = body("comply", "new-start-aggregates", "--on", "2017-09-01")
    (row,) = [row for row in found["limits"] if (row["party"], row["limit"]) == ("RU", "warheads")]
    assert (row["reading"], row["counted"], row["ceiling"], row["slack"], row["missing"]) == (
        "",
        1561,
        1550,
        -11,
        [],
    )
    assert (row["binding"], row["in_force"], row["since"], row["article"]) == (
        False,
        True,
        "2018-02-05",
        "II.1",
    )


def test_comply_of_a_case_gives_both_halves() -> None:
    done = call("comply", "european-site-2007", "--on", "2007-06-01")
    assert "withdrawn by US with effect of 2002-06-13" in done.stderr
    assert "nobody here has read the wording" in done.stderr
    found = body("comply", "european-site-2007", "--on", "2007-06-01")
    broken = {row["article"] for row in found["limits"] if row["slack"] is not None and row["slack"] < 0}
    assert broken == {"III", "IX"}
    assert found["treaties"][0]["binds"] is False


def test_a_case_and_its_force_may_have_one_name() -> None:
    found = body("comply", "new-start-2022")
    assert found["on"] == "2022-03-01"
    launchers = {
        row["reading"]: row["slack"] for row in found["limits"] if row["party"] == "US" and row["reading"]
    }
    assert launchers == {"us": 0, "ru": -101}


def test_comply_shows_what_nobody_read() -> None:
    done = call("comply", "start1-mou-1990", "--on", "1998-01-01", "--party", "SU")
    assert "1,900 [unverified]" in done.stdout
    assert "years older than 1998-01-01" in done.stderr


def test_clocks_and_their_calendar(tmp_path: Path) -> None:
    ics = tmp_path / "days.ics"
    done = call("clocks", "abm", "--on", "2001-12-20", "--ics", str(ics))
    assert "2002-06-13" in done.stdout
    assert "amendment: Protocol of 3 July 1974" in done.stderr
    assert b"DTSTART;VALUE=DATE:20020613" in ics.read_bytes()
    found = body("clocks", "new-start", "--notice", "2022-08-31")
    assert [due["date"] for due in found["clocks"] if due["clock"] == "withdrawal"] == ["2022-11-30"]
    assert found["amendments"] == []
    assert body("clocks", "abm")["amendments"][0]["in_force"] == "1976-05-24"


def test_a_claim_checked_in_words_and_by_options() -> None:
    words = ("check-claim", "US deployed delivery vehicles down 104 since 2011", "--to", "2014-03")
    assert "true: US" in call(*words).stdout
    given = ("--party", "RU", "--quantity", "warheads", "--from", "2011", "--to", "2014-03")
    assert body("check-claim", "--change", "-25", *given)["true"] is True
    false = body("check-claim", "--change", "-26", *given, ends=1)
    assert false["nearest"]["change"] == -25
    assert "no change is claimed" in call("check-claim", ends=2).stderr
    assert "give --party US" in call("check-claim", "down 3", ends=2).stderr
    assert "give --quantity warheads" in call("check-claim", "Russia is down 3", ends=2).stderr
    missing = call(
        "check-claim", "--change", "1", "--party", "RU", "--quantity", "warheads", "--from", "1999"
    )
    assert "missing: a figure of RU for 1999" in missing.stderr


def test_slips_are_told_and_end_with_one() -> None:
    assert "7,527 in 2012 is less than 7,551" in call("check-force", "threat-reduction", ends=1).stdout
    assert "no slips found" in call("check-force", "start1-mou-1990", "--rule", "start-1").stdout
    assert body("check-force", "start1-mou-1990")["ok"] is True


def test_what_is_shipped_is_listed() -> None:
    assert "start1-mou-1990" in call("forces").stdout
    listed = {row["id"] for row in body("treaties")["treaties"]}
    assert {"start-1", "new-start", "sort", "abm"} <= listed
    assert "wording not read here of" in call("treaties").stderr


def test_new_folders_and_tables(tmp_path: Path) -> None:
    assert "next: detente count" in call("new-force", "mine", "--into", str(tmp_path)).stderr
    call("new-treaty", "pact", "--into", str(tmp_path))
    force, treaty = str(tmp_path / "mine"), str(tmp_path / "pact")
    assert "25 x 8 + 5 x 12" in call("count", force, "--rule", treaty).stdout
    assert "not binding" not in call("comply", force, "--treaty", treaty, "--on", "2034-01-01").stdout
    out = tmp_path / "mine.xlsx"
    call("export-force", force, "-o", str(out))
    assert body("count", str(out), "--rule", treaty)["parties"]["A"]["totals"]["warheads"] == 560


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("count", "start1-mou-1991", "--rule", "start-1"), 'did you mean "start1-mou-1990"?'),
        (("count", "start1-mou-1990", "--rule", "start1"), 'did you mean "start-1"?'),
        (("count", "start1-mou-1990", "--party", "RU"), '"RU" holds nothing in force'),
        (("count", "start1-mou-1990", "--on", "1980-01-01"), "is before START I"),
        (("count", "start1-mou-1990", "--on", "tomorrow"), "write the whole day"),
        (("comply", "start1-mou-1990", "--on", "1985-01-01"), "which was signed on 1991-07-31"),
        (("comply", "nothing-here"), "there is no force"),
        (("clocks", "abm", "--on", "1960-01-01"), "before ABM Treaty"),
    ],
)
def test_bad_input_ends_with_two_and_the_way_out(words: tuple[str, ...], told: str) -> None:
    done = call(*words, ends=2)
    assert told in done.stderr
    assert "way out" in done.stderr


def test_a_bad_row_is_named_by_file_line_and_column(tmp_path: Path) -> None:
    call("new-force", "mine", "--into", str(tmp_path))
    table = tmp_path / "mine" / "holdings.csv"
    table.write_text(table.read_text().replace(",100,300", ",-100,300"))
    done = call("count", str(tmp_path / "mine"), "--rule", "start-1", ends=2)
    assert "holdings.csv:2:" in done.stderr
    assert "-100 is negative" in done.stderr
    table.write_text(table.read_text().replace(",-100,300", ",100,300"))
    done = call("count", str(tmp_path / "mine"), "--rule", "start-1", ends=2)
    assert 'holdings.csv:2: START I attributes no warheads to type "silo missile"' in done.stderr
