"""Files of forces and treaties: every bad cell and key is named by file, line, column, rule and way out."""

from pathlib import Path

import pytest

from detente.records.agreement_files import load_force, load_treaty
from detente.records.agreement_files.new_agreements import new_force, new_treaty
from detente.records.agreement_files.workbooks import write_force, write_sheets
from detente.records.calendar import length_of, parse_day
from detente.records.errors import InputError, Problem, RefusalError
from detente.records.force import Base
from detente.records.treaty import CountingRule, Limit, Tier

FIRST = "A,2030-01-01,declared,,silo missile,deployed,100,300,assumed,,invented: three warheads on each"


@pytest.fixture
def force(tmp_path: Path) -> Path:
    return new_force("force", tmp_path)


@pytest.fixture
def treaty(tmp_path: Path) -> Path:
    return new_treaty("pact", tmp_path)


def change(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def faults(folder: Path) -> tuple[Problem, ...]:
    with pytest.raises(InputError) as refused:
        load_treaty(folder) if (folder / "treaty.toml").exists() else load_force(folder)
    return refused.value.problems


@pytest.mark.parametrize(
    ("old", "new", "column", "rule", "way_out"),
    [
        (",100,300", ",-100,300", "number", "-100 is negative", "correct the number"),
        (",100,300", ",-1.5,300", "number", "-1.5 is negative", "correct the number"),
        (",100,300", ",1.5,300", "number", '"1.5" is not a whole number', "write 0, 1, 2"),
        (",100,300", ",100,−3", "warheads", "-3 is negative", "correct the number"),
        (",100,300", ",,300", "number", None, None),
        ("2030-01-01", "2030-02-30", "date", "is not a day of the calendar", "correct the year"),
        ("declared,", "told,", "basis", '"told" is not a choice for "basis"', "declared"),
        ("declared,", "assessed,", "by", "an assessment is somebody's", "name who made it"),
        (
            "silo missile,",
            "silo missle,",
            "type",
            'no type "silo missle" of A',
            'did you mean "silo missile"?',
        ),
        ("deployed,", "employed,", "held_as", '"employed" is not a choice', 'did you mean "deployed"?'),
        ("A,2030", "Z,2030", "party", 'no party "Z" in force.toml', "use one of: A, B"),
        ("A,2030", "A B,2030", "party", '"A B" is not the short name of a party', "letters and digits"),
        ("assumed,,", "read,,", "status", 'status "read" needs a source', "from sources.toml"),
        ("assumed,,", "read,book,", "source", 'there is no source "book"', "use one of: start1-mou-table"),
        ("assumed,,", "sure,,", "status", '"sure" is not a choice', "use one of"),
    ],
)
def test_a_bad_cell_is_named_by_line_and_column(
    force: Path, old: str, new: str, column: str, rule: str | None, way_out: str | None
) -> None:
    change(force, "holdings.csv", FIRST, FIRST.replace(old, new, 1))
    if rule is None:
        assert load_force(force).holdings[0].number is None
        return
    problem = faults(force)[0]
    assert (problem.file, problem.line, problem.key) == ("holdings.csv", 2, column)
    assert problem.column is not None
    assert rule in problem.rule
    assert way_out is not None
    assert way_out in problem.way_out


def test_a_counted_number_names_its_rule_and_a_gap_its_reason(force: Path) -> None:
    change(force, "holdings.csv", FIRST, FIRST.replace("declared", "counted"))
    assert faults(force)[0].rule == "a number that was counted names its rule"
    gap = FIRST.replace(",100,300", ",,300").replace("assumed", "unverified").rpartition(",")[0] + ","
    change(force, "holdings.csv", FIRST.replace("declared", "counted"), gap)
    assert faults(force)[0].rule == "a gap says why nothing is known"


def test_what_stands_twice_and_what_stands_nowhere(force: Path) -> None:
    change(force, "holdings.csv", FIRST, f"{FIRST}\n{FIRST}")
    (problem,) = faults(force)
    assert (problem.line, problem.rule[:39]) == (3, "this row says the same thing as line 2:")


def test_bases_and_their_areas(force: Path) -> None:
    head = "id,name,latitude_deg,longitude_deg,country,area,status,note\n"
    (force / "bases.csv").write_text(f"{head}one,One,95,10,A,,assumed,x\ntwo,Two,50,east,A,,assumed,x\n")
    first, second = faults(force)
    assert "latitude 95 is outside" in first.rule
    assert (second.line, second.key, second.rule) == (3, "longitude_deg", '"east" is not a number of degrees')
    (force / "bases.csv").write_text(f"{head}one,One,50.04,10,A,too,assumed,x\n")
    assert faults(force)[0].rule == 'there is no base "too"'
    (force / "bases.csv").write_text(f"{head}one,One,50.04,10,A,one,assumed,x\n")
    base = load_force(force).base("one")
    assert base is not None
    assert str(base.place) == "50.0N 10.0E"
    text = (force / "holdings.csv").read_text().replace("type,held_as", "base,type,held_as").splitlines()
    rows = [text[0], *(line.replace(",,", ",,two,", 1) for line in text[1:2])]
    (force / "holdings.csv").write_text("\n".join(rows) + "\n")
    assert faults(force)[0].rule == 'there is no base "two"'


def test_totals_need_a_value_or_a_reason(force: Path) -> None:
    head = "party,date,basis,rule,quantity,value,status,source,note\n"
    (force / "totals.csv").write_text(f"{head}A,2030-01-01,counted,,warheads,,unverified,,\n")
    rules = {problem.rule for problem in faults(force)}
    assert rules == {"a number that was counted names its rule", "a gap says why nothing is known"}


@pytest.mark.parametrize(
    ("column", "value", "rule"),
    [
        ("heavy", "perhaps", '"perhaps" is neither yes nor no'),
        ("throw_weight_kg", "-3", "-3 is negative"),
        ("throw_weight_kg", "much", '"much" is not a number'),
        ("equipped", "many", '"many" is not a whole number'),
    ],
)
def test_properties_of_types(force: Path, column: str, value: str, rule: str) -> None:
    (force / "types.csv").write_text(
        f"type,category,{column},status,note\nsilo missile,ICBM,{value},assumed,x\n"
        f"bomber with cruise missiles,bomber,,assumed,x\n"
    )
    (problem,) = faults(force)
    assert (problem.file, problem.line, problem.key) == ("types.csv", 2, column)
    assert problem.rule.startswith(rule)


def test_a_gap_in_the_main_file(force: Path) -> None:
    with (force / "force.toml").open("a", encoding="utf-8") as file:
        file.write('\n[[gaps]]\nparty = "B"\nsince = 2031-01-01\nreason = "none"\nstatus = "read"\n')
    assert 'status "read" needs a source' in faults(force)[0].rule
    change(force, "force.toml", 'status = "read"\n', 'status = "read"\nsource = "letter"\n')
    problem = faults(force)[0]
    assert (problem.file, problem.key, problem.rule) == (
        "force.toml", "gaps[1].source", 'there is no source "letter"',
    )  # fmt: skip


def test_a_source_that_nobody_read_supports_no_reading(force: Path) -> None:
    (force / "sources.toml").write_text('[sources.book]\ntype = "book"\nread = "not read"\n')
    change(force, "holdings.csv", FIRST, FIRST.replace("assumed,,", "read,book,"))
    assert 'no source of it was read ("book": not read)' in faults(force)[0].rule


@pytest.mark.parametrize(
    ("old", "new", "key", "rule"),
    [
        ('name = "invented treaty"', "", "", 'the key "name" is missing'),
        ("ceiling = 110", 'ceiling = "many"', "limits[1].ceiling", '"many" is not a number'),
        ("ceiling = 110", "ceiling = 110\nband_from = 120", "limits[1].band_from", "a band runs"),
        ('= "deployed_delivery_vehicles"', '= "vehicles"', "limits[1].quantity", 'no quantity "vehicles"'),
        ('after = "24 months"', 'after = "two years"', "clocks[1].after", '"two years" is not a span'),
        ('method = "table"', 'method = "guess"', "rules[2].method", '"guess" is not a choice'),
        ('method = "table"', 'method = "each"', "rules[2].method", "warheads go with the method each"),
        ('method = "tiers"', 'method = "none"', "rules[1].method", "tiers go with"),
        ("{ equipped = true }]", "{ first = 9, equipped = true }]", "rules[1].tiers", "the last tier"),
        ("{ equipped = true }]", "{ }]", "rules[1].tiers[2]", "a tier says how many warheads"),
        ('article = "II"', 'article = "IX"', "rules[1].article", 'there is no article "IX"'),
        ('id = "vehicles-24"', 'id = "vehicles"', "limits[2].id", 'two limits with one id "vehicles"'),
        ("date = 2029-06-01", 'date = "2029-6-1"', "events[1].date", '"2029-6-1" is not a day'),
        ('phase = "24 months"', 'phase = "24 months"\nto = "C"', "limits[2].to", 'no party "C"'),
        ('phase = "24 months"', 'amendment = "p"', "limits[2].amendment", 'no amendment "p"'),
    ],
)  # fmt: skip
def test_a_bad_key_of_a_treaty_is_named(treaty: Path, old: str, new: str, key: str, rule: str) -> None:
    change(treaty, "treaty.toml", old, new)
    problem = next(problem for problem in faults(treaty) if rule in problem.rule)
    assert problem.file == "treaty.toml"
    assert problem.key == key
    assert problem.line is not None


def test_attributions_name_articles_and_another_treaty(treaty: Path) -> None:
    change(treaty, "attributions.csv", ",II,", ",X,")
    assert faults(treaty)[0].rule == 'there is no article "X"'
    (treaty / "attributions.csv").unlink()
    change(treaty, "treaty.toml", 'kind = "proposal"', 'attributes_as = "start-1"\nkind = "proposal"')
    assert {entry.type for entry in load_treaty(treaty).attributions} >= {"SS-18", "Trident II"}
    change(treaty, "treaty.toml", '"start-1"', f'"{treaty.name}"')
    assert "takes its attributions from itself" in faults(treaty)[0].rule


def test_folders_that_are_none(tmp_path: Path, force: Path, treaty: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="this folder is no force") as refused:
        load_force(tmp_path / "empty")
    assert "new-force" in refused.value.problems[0].way_out
    with pytest.raises(InputError, match='there is no force "start1-mou-1991"') as near:
        load_force("start1-mou-1991")
    assert 'did you mean "start1-mou-1990"?' in near.value.problems[0].way_out
    with pytest.raises(InputError, match='there is no treaty "salt"'):
        load_treaty("salt")
    assert load_force(load_force(force)).id == "force"
    assert load_treaty(load_treaty(treaty)).id == "pact"
    (treaty / "treaty.toml").write_text("= 1\n")
    assert faults(treaty)[0].line == 1


def test_new_folders_are_refused_where_one_stands(tmp_path: Path, force: Path) -> None:
    with pytest.raises(InputError, match="this name is taken"):
        new_force("force", tmp_path)
    with pytest.raises(InputError, match='"My Force" cannot be the name of a force'):
        new_force("My Force", tmp_path)
    with pytest.raises(InputError, match="no such folder to make the treaty in"):
        new_treaty("pact", tmp_path / "nowhere")


def test_a_workbook_says_where_its_faults_are(force: Path, tmp_path: Path) -> None:
    from openpyxl import load_workbook

    path = write_force(load_force(force), tmp_path / "book.xlsx")
    book = load_workbook(path)
    sheet = book["holdings"]
    columns = {str(cell.value): cell.column or 0 for cell in sheet[1]}
    sheet.cell(2, columns["number"], -4)
    book.create_sheet("holding")
    book["sources"].cell(2, 2, "")
    book["force"].append(["as_of", "some day"])
    book.save(path)
    with pytest.raises(InputError) as refused:
        load_force(path)
    shown = {(p.file, p.line, p.column, p.rule) for p in refused.value.problems}
    assert (
        "book.xlsx, sheet holdings",
        2,
        columns["number"],
        "-4 is negative: nothing is held less than zero times",
    ) in shown
    assert ("book.xlsx", None, None, 'there is no place for a sheet "holding"') in shown
    assert any(rule == '"some day" is not a date' for _, _, _, rule in shown)


def test_a_workbook_reads_days_and_whole_numbers_as_a_person_typed_them(tmp_path: Path) -> None:
    from datetime import date, datetime

    path = tmp_path / "typed.xlsx"
    head = ("party", "date", "basis", "type", "number", "status", "note", None)
    write_sheets({"holdings": (["x"], [])}, path)
    from openpyxl import load_workbook

    book = load_workbook(path)
    book.remove(book["holdings"])
    sheet = book.create_sheet("holdings")
    sheet.append(list(head))
    sheet.append(["SU", date(1990, 9, 1), "declared", "SS-18", 154.0, "assumed", True])
    sheet.append([None] * 7)
    sheet.append(["SU", datetime(1990, 9, 1), "declared", "SS-19", 3, "assumed", "x"])  # noqa: DTZ001 - as a sheet holds it
    book.save(path)
    rows = load_force(path).holdings
    assert [(row.date, row.number, row.note) for row in rows] == [
        ("1990-09-01", 154, "yes"),
        ("1990-09-01", 3, "x"),
    ]


def test_tables_that_are_none(tmp_path: Path) -> None:
    (tmp_path / "no.xlsx").write_text("not a workbook")
    with pytest.raises(InputError, match="this is not a workbook"):
        load_force(tmp_path / "no.xlsx")
    with pytest.raises(InputError, match="has no known ending"):
        write_sheets({}, tmp_path / "no.ods")
    (tmp_path / "semicolons.csv").write_text("party;date;basis\nA;2030-01-01;declared\n")
    with pytest.raises(InputError, match='separated by ";"'):
        load_force(tmp_path / "semicolons.csv")
    (tmp_path / "totals.csv").write_text(
        "party,date,basis,rule,quantity,value,status,note\nA,2030,declared,x,warheads,3,assumed,x\n"
    )
    assert load_force(tmp_path / "totals.csv").totals[0].value == 3
    (tmp_path / "unknown.csv").write_text("party,date,kind\n")
    with pytest.raises(InputError, match='unknown column "kind"'):
        load_force(tmp_path / "unknown.csv")


def test_days_and_spans() -> None:
    assert length_of("1 month") == (1, "month")
    with pytest.raises(RefusalError, match="not a span"):
        length_of("0 days")
    assert parse_day("2018-02-05").isoformat() == "2018-02-05"
    for text in ("", "2018", "2018-02-30"):
        with pytest.raises(RefusalError):
            parse_day(text)


def test_records_refuse_what_cannot_be() -> None:
    said = {"id": "x", "title": "x", "name": "x", "status": "assumed", "note": "x"}

    def only(*names: str) -> dict[str, object]:
        return {name: said[name] for name in (*names, "id", "status", "note")}

    with pytest.raises(ValueError, match="a tier says"):
        Tier(warheads=1, equipped=True)
    with pytest.raises(ValueError, match="a band runs"):
        Limit.model_validate(only("title") | {"quantity": "warheads", "ceiling": 1, "band_from": 2})
    with pytest.raises(ValueError, match="warheads go with"):
        CountingRule.model_validate(only("title") | {"method": "each"})
    with pytest.raises(ValueError, match="outside"):
        Base.model_validate(only("name") | {"latitude_deg": 91.0, "longitude_deg": 0.0})
