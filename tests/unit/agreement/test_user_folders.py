"""A force and a treaty written only as data in a user's folder count and comply without new Python."""

from pathlib import Path

import pytest

from detente import api
from detente.records.errors import InputError


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    return api.new_force("my-force", tmp_path), api.new_treaty("my-pact", tmp_path)


def test_new_folders_count_comply_and_tick(folders: tuple[Path, Path]) -> None:
    force, treaty = folders
    counts = api.count(force, treaty)
    assert [(found.party, found.totals["warheads"]) for found in counts] == [("A", 560), ("B", 520)]
    assert next(row.attribution for row in counts[0].rows if row.category == "bomber") == "25@8+5@12"
    (found,) = api.comply(force, "2034-01-01", treaty)
    assert {(row.limit, row.party): row.slack for row in found.limits}["warheads", "A"] == -60
    assert [due.date for due in api.clocks(treaty).clocks] == ["2032-01-01", ""]


def test_a_changed_row_changes_the_answer(folders: tuple[Path, Path]) -> None:
    force, treaty = folders
    table = force / "holdings.csv"
    table.write_text(
        table.read_text().replace("silo missile,deployed,100,300", "silo missile,deployed,40,120")
    )
    rules = treaty / "treaty.toml"
    rules.write_text(rules.read_text().replace("first = 25, warheads = 8", "first = 20, warheads = 1"))
    first, _ = api.count(force, treaty)
    assert first.totals["warheads"] == 40 * 3 + 20 * 1 + 10 * 12


def test_a_force_may_name_the_treaty_beside_it(folders: tuple[Path, Path]) -> None:
    force, _ = folders
    head = force / "force.toml"
    head.write_text(head.read_text().replace("# treaties = ", "treaties = ").replace("my-treaty", "my-pact"))
    assert api.comply(force)[0].treaty == "my-pact"
    assert api.count(force)[0].rule == "my-pact"


def test_a_case_may_hold_its_own_forces_and_treaties(tmp_path: Path) -> None:
    case = api.new("my-case", tmp_path)
    force, treaty = api.new_force("arms", case), api.new_treaty("pact", case)
    head = case / "case.toml"
    text = head.read_text().replace(
        'places = "places.csv"', f'places = "places.csv"\nforces = "{force.name}"\ntreaties = "{treaty.name}"'
    )
    head.write_text(text)
    (found,) = api.comply(case, "2034-01-01")
    assert (found.force, found.treaty) == ("arms", "pact")
    assert len(found.limits) == 4


def test_a_case_without_forces_and_a_force_without_treaties_say_what_to_do(
    folders: tuple[Path, Path], tmp_path: Path
) -> None:
    with pytest.raises(InputError, match="names no force"):
        api.comply(api.new("bare", tmp_path), "2034-01-01")
    with pytest.raises(InputError, match="against which treaty"):
        api.comply(folders[0], "2034-01-01")
    with pytest.raises(InputError, match="by which rule"):
        api.count(folders[0])
    with pytest.raises(InputError, match='there is no rule "start1"') as refused:
        api.count(folders[0], "start1")
    assert 'did you mean "start-1"?' in refused.value.problems[0].way_out


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_a_force_goes_out_as_a_table_and_comes_back(
    folders: tuple[Path, Path], tmp_path: Path, ending: str
) -> None:
    force, treaty = folders
    out = api.write_force(force, tmp_path / f"arms{ending}")
    if ending == ".csv":
        with pytest.raises(InputError, match='there is no type "silo missile"'):
            api.load_force(out)
        return
    again = api.load_force(out)
    assert [c.totals for c in api.count(again, treaty)] == [c.totals for c in api.count(force, treaty)]
    assert [party.name for party in again.parties] == ["Party A", "Party B"]


def test_a_table_of_shipped_types_needs_nothing_else(tmp_path: Path) -> None:
    table = tmp_path / "mine.csv"
    table.write_text(
        "party,date,basis,type,number,status,note\nSU,1990-09-01,declared,SS-18,154,assumed,invented\n"
    )
    (found,) = api.count(table, "start-1")
    assert (found.force, found.totals["heavy_warheads"]) == ("mine", 1540)
