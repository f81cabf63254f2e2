"""A whole case folder: read without a trace, every problem in one run, strange files refused plainly."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detente.records.case import Case
from detente.records.case_files import check_case, load_case
from detente.records.errors import InputError, Problem
from detente.studies.catalog import RULES
from tests.unit.records.small_case import FILES, plant, problems, write_case


def one(folder: Path) -> Problem:
    found = problems(folder)
    assert len(found) == 1, "\n".join(map(str, found))
    return found[0]


def test_the_small_case_is_right_and_is_read_whole(folder: Path) -> None:
    assert problems(folder) == ()
    case = load_case(folder, RULES)
    assert (case.id, [party.name for party in case.parties]) == ("small", ["Party A", "Party B"])
    assert case.position("second").figures["commit_delay"].shown == "120 s (0 s to 400 s)"
    assert case.position("second").origin == {"interceptor_speed": "second", "commit_delay": "first"}
    assert case.claim("reaches").said[0].words == "it reaches"
    assert str(case.place("area", "launch-area").place) == "35.0S 140.0W"
    assert case.place("point").note == "open ocean, invented"
    assert case.notices == ()


def test_a_folder_is_only_read(folder: Path) -> None:
    def state() -> dict[str, tuple[bytes, int]]:
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        return {str(path): (path.read_bytes(), path.stat().st_mtime_ns) for path in files}

    before = state()
    load_case(folder, RULES)
    plant(folder, "case.toml", 'lead_claim = "reaches"', 'lead_claim = ⟦"x"')
    changed = state()
    with pytest.raises(InputError):
        load_case(folder, RULES)
    assert state() == changed
    assert list(before) == list(changed)


def test_every_problem_is_listed_in_one_run_by_file_and_line(folder: Path) -> None:
    planted = {
        "case.toml": ('lead_claim = "reaches"', 'lead_claim = ⟦"nobody"'),
        "places.csv": (",-35.0,", ",⟦NaN,"),
        "claims.toml": ('output = "margin_km_s"', 'output = ⟦"margin"'),
        "sources.toml": ("[sources.rumor]", "[sources.⟦book]"),
        "positions/first.toml": ('value = "6.3 km/s"', 'value = ⟦"6.3 furlongs"'),
        "positions/second.toml": ('inherits = "first"', 'inherits = ⟦"second"'),
    }
    places = {name: plant(folder, name, *change) for name, change in planted.items()}
    places["later"] = plant(folder, "positions/first.toml", 'value = "120 s"', 'value = ⟦"12 parsec"')
    found = problems(folder)
    assert [(problem.file, problem.line, problem.column) for problem in found] == [
        ("case.toml", places["case.toml"].line, places["case.toml"].column),
        ("claims.toml", places["claims.toml"].line, places["claims.toml"].column),
        ("places.csv", places["places.csv"].line, places["places.csv"].column),
        *[
            ("positions/first.toml", places[name].line, places[name].column)
            for name in ("positions/first.toml", "later")
        ],
        (
            "positions/second.toml",
            places["positions/second.toml"].line,
            places["positions/second.toml"].column,
        ),
        ("sources.toml", places["sources.toml"].line, places["sources.toml"].column),
    ]
    with pytest.raises(InputError) as refused:
        load_case(folder, RULES)
    assert refused.value.problems == found


def test_two_faults_of_one_figure_are_both_listed(folder: Path) -> None:
    plant(folder, "positions/first.toml", 'value = "120 s"', 'value = ⟦"500 s"')
    plant(folder, "positions/first.toml", 'note = "a round default"\n', "⟦")
    assert [problem.rule for problem in problems(folder)] == [
        "value 500 s lies outside its range 0 s to 400 s",
        "an assumed figure gives its reason",
    ]


def test_a_message_as_a_person_sees_it(folder: Path) -> None:
    plant(folder, "positions/first.toml", 'value = "6.3 km/s"', 'value = ⟦"6.3 furlongs"')
    assert str(one(folder)) == (
        'positions/first.toml:7:9: unknown unit "furlongs" (key: figures.interceptor_speed.value)\n'
        '  value = "6.3 furlongs"\n'
        "          ^\n"
        "  way out: accepted are units of speed: m/s, km/s, km/h, kn"
    )


def test_the_caret_counts_letters_and_keeps_tabs(folder: Path) -> None:
    plant(folder, "claims.toml", 'by = "a"', 'title = "Ça va, Мытищи"\n\tby\t= ⟦"ä-ö"')
    plant(folder, "claims.toml", 'by = "Somebody Else"', 'by = ⟦"zz"')
    assert str(one(folder)).splitlines()[1:3] == ['  by = "zz"', "       ^"]


def test_two_sources_with_one_key_hide_nothing_else(folder: Path) -> None:
    plant(folder, "sources.toml", "[sources.rumor]", "[sources.⟦book]")
    plant(folder, "sources.toml", 'read = "primary text"', 'read = ⟦"primary"')
    rules = [problem.rule for problem in problems(folder)]
    assert rules == [
        '"primary" is not a choice for "read"',
        'two sources with one key "book", in lines 2 and 6',
    ]


def test_a_circle_is_told_once_with_all_its_members(folder: Path) -> None:
    plant(folder, "positions/first.toml", 'party = "a"', 'inherits = ⟦"second"')
    problem = one(folder)
    assert problem.rule == 'position "first" inherits from itself: first -> second -> first'
    with pytest.raises(InputError, match="inherits from itself"):
        load_case(folder)


def test_without_rules_only_the_studies_are_not_asked(folder: Path) -> None:
    plant(folder, "positions/first.toml", "interceptor_speed]", "⟦warp_factor]")
    assert len(problems(folder)) == 1
    assert check_case(folder) == ()


def test_places_finer_than_a_tenth_of_a_degree_are_rounded_with_a_notice(folder: Path) -> None:
    plant(folder, "places.csv", "-35.0,-140.0", "⟦-35.04,-139.96")
    site = '[figures.⟦interceptor_site]\nvalue = "54.48N 17.12E"\nstatus = "unverified"\n\n'
    plant(folder, "positions/first.toml", "[figures.commit_delay]", f"{site}[figures.commit_delay]")
    case = load_case(folder, RULES)
    assert str(case.place("area").place) == "35.0S 140.0W"
    table, position = case.notices
    kept = "places are kept to 0.1 degree"
    assert table == f'places.csv, line 2: place "-35.04,-139.96" was rounded to 35.0S 140.0W: {kept}'
    file = "positions/first.toml, interceptor_site"
    assert position == f'{file}: place "54.48N 17.12E" was rounded to 54.5N 17.1E: {kept}'


def test_byte_order_marks_and_line_ends_of_windows_change_nothing(folder: Path) -> None:
    digest = load_case(folder, RULES).digest
    for name, text in FILES.items():
        (folder / name).write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert load_case(folder, RULES).digest == digest


def test_the_digest_does_not_depend_on_the_order_of_files_and_rows(folder: Path, tmp_path: Path) -> None:
    other = write_case(tmp_path / "other")
    claims = FILES["claims.toml"].split("[[claims]]\n")
    (other / "claims.toml").write_text(
        claims[0] + "[[claims]]\n" + claims[2] + "\n[[claims]]\n" + claims[1], encoding="utf-8"
    )
    rows = FILES["places.csv"].splitlines(keepends=True)
    (other / "places.csv").write_text("".join([rows[0], rows[2], rows[1]]), encoding="utf-8")
    for name in ("first", "second"):
        path = other / "positions" / f"{name}.toml"
        text = path.read_text(encoding="utf-8")
        path.unlink()
        path.write_text(text, encoding="utf-8")
    first, second = load_case(folder, RULES), load_case(other, RULES)
    assert first.digest == second.digest
    assert [place.id for place in second.places] == ["point", "area"]
    plant(other, "positions/first.toml", '"6.3 km/s"', '⟦"6.4 km/s"')
    assert load_case(other, RULES).digest != first.digest


def test_a_case_comes_back_from_json_as_it_was(folder: Path) -> None:
    case = load_case(folder, RULES)
    again = Case.model_validate_json(case.model_dump_json())
    assert again == case
    assert again.digest == case.digest


@pytest.mark.parametrize("name", ["claims.toml", "sources.toml", "positions/first.toml"])
def test_text_that_is_not_utf8(folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"# one line\n# caf\xe9\n")
    found = [problem for problem in problems(folder) if "UTF-8" in problem.rule]
    assert [(problem.file, problem.line) for problem in found] == [(name, 2)]
    assert "0xe9" in found[0].rule
    assert "UTF-8" in found[0].way_out


def test_a_table_separated_by_semicolons(folder: Path) -> None:
    text = FILES["places.csv"].replace(",", ";")
    (folder / "places.csv").write_text(text, encoding="utf-8")
    problem = one(folder)
    assert (problem.file, problem.line, problem.column) == ("places.csv", 1, 3)
    assert problem.rule == 'the columns are separated by ";"'
    assert "commas" in problem.way_out


def test_missing_columns_and_quotation_marks_that_do_not_close(folder: Path) -> None:
    text = FILES["places.csv"]
    (folder / "places.csv").write_text(
        text.replace(",kind", "").replace(",launch-area", ""), encoding="utf-8"
    )
    problem = one(folder)
    assert (problem.line, problem.rule) == (1, 'the column "kind" is missing')
    (folder / "places.csv").write_text(text.replace('invented"', "invented"), encoding="utf-8")
    rules = [problem.rule for problem in problems(folder)]
    assert any("not a row of a CSV table" in rule for rule in rules)


def test_a_cell_of_several_lines_is_found_at_its_own_line(folder: Path) -> None:
    text = (
        FILES["places.csv"]
        .replace("area,Area,", 'area,"Area\nof ""water""",')
        .replace("read,book", "raed,book")
    )
    (folder / "places.csv").write_text(text, encoding="utf-8", newline="\n")
    found = [problem for problem in problems(folder) if problem.file == "places.csv"]
    assert [(problem.line, problem.column, problem.key) for problem in found] == [(3, 41, "status")]
    assert found[0].text[40:44] == "raed"


@pytest.mark.parametrize("name", ["claims.toml", "sources.toml", "places.csv", "positions"])
def test_a_missing_part_is_named(folder: Path, name: str) -> None:
    (folder / name).rename(folder / f"{name}s")
    (problem,) = [problem for problem in problems(folder) if "there is no" in problem.rule and problem.file]
    assert name in problem.file + problem.rule
    assert problem.way_out


def test_a_folder_that_is_no_case(folder: Path, tmp_path: Path) -> None:
    (folder / "case.toml").rename(folder / "cas.toml")
    assert "is no case" in one(folder).rule
    assert one(folder).way_out == 'did you mean "cas.toml"?'
    assert one(tmp_path / "smal").way_out == 'did you mean "small"?'
    assert "this is a file" in one(folder / "claims.toml").rule


def test_a_table_of_places_that_nothing_names(folder: Path) -> None:
    plant(folder, "case.toml", 'places = "places.csv"\n', "⟦")
    rules = [problem.rule for problem in problems(folder)]
    assert "places.csv stands here and is not named" in rules


def test_a_name_that_no_folder_can_have(folder: Path) -> None:
    assert "cannot be read" in one(folder / ("x" * 5000)).rule


def test_links_that_lead_back_to_themselves(folder: Path, tmp_path: Path) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    assert "not a folder that can be opened" in one(loop).rule
    (folder / "sources.toml").unlink()
    (folder / "sources.toml").symlink_to(folder / "sources.toml")
    assert "leads back to itself" in one(folder).rule


def test_a_folder_a_pipe_and_a_flood_in_the_place_of_a_file(folder: Path) -> None:
    (folder / "sources.toml").unlink()
    (folder / "sources.toml").mkdir()
    assert "this is a folder" in one(folder).rule
    (folder / "sources.toml").rmdir()
    if hasattr(os, "mkfifo"):
        os.mkfifo(folder / "sources.toml")
        assert "not a plain file" in one(folder).rule
        (folder / "sources.toml").unlink()
    with (folder / "sources.toml").open("wb") as flood:
        flood.truncate(50_000_000)
    assert one(folder).rule == "the file is too large to be part of a case: 50 MB, more than 4 MB"


def test_deep_nesting_ends_in_a_message(folder: Path) -> None:
    (folder / "sources.toml").write_text("a = " + "[" * 100_000, encoding="utf-8")
    assert "too deep" in one(folder).rule


def test_control_characters_of_a_file_do_not_reach_the_terminal(folder: Path) -> None:
    plant(folder, "positions/first.toml", 'value = "6.3 km/s"', 'value = ⟦"6.3 \\u001b[2Jkm"')
    assert "\x1b" not in str(one(folder))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(sorted(FILES)), data=st.data())
def test_no_damage_to_a_file_crashes_the_reader(folder: Path, name: str, data: st.DataObject) -> None:
    text = FILES[name]
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 30)))
    put = data.draw(
        st.one_of(st.text(max_size=8), st.sampled_from(['"', "[", "]]", "=", "\n", ",", "nan", "{"]))
    )
    damaged = text[:start] + put + text[end:]
    (folder / name).write_bytes(damaged.encode(errors="replace"))
    found = problems(folder)
    lines = damaged.count("\n") + 1
    for problem in found:
        assert problem.rule
        assert str(problem)
        if problem.file == name and problem.line is not None:
            assert 1 <= problem.line <= lines + 1
            assert problem.column is None or problem.column <= len(problem.text) + 1
    if not found:
        load_case(folder, RULES)
    (folder / name).write_text(text, encoding="utf-8", newline="\n")
