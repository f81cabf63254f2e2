"""Plans of inspections: read from files, refused where they cannot be, and what they come to."""

from pathlib import Path
from typing import Any

import pytest

import detente
from detente.agreement.inspection.regime import items_of_share, one_site_power, violation_items
from detente.agreement.inspection.sampling import detection, smallest_sample
from detente.agreement.inspection.sites import site_visits
from detente.api.regimes import FOLDER
from detente.records.errors import InputError

PLAN = """\
id = "mine"
title = "An invented regime"
standard = 0.9
years = [1, 3]
inspector_days = 100

[[populations]]
id = "launchers"
name = "launchers"
items = 100
status = "assumed"

[[sites]]
id = "north"
name = "North"
population = "launchers"
items = 60
status = "assumed"

[[sites]]
id = "south"
name = "South"
population = "launchers"
items = 40
status = "assumed"

[[quotas]]
id = "visits"
name = "Visits"
population = "launchers"
per_year = 2
items_per_inspection = 10
quality = 0.9
inspector_days = 30
status = "assumed"

[[measures]]
use = "overflight"
state = "refused"
status = "assumed"

[[violations]]
id = "swapped"
what = "another launcher than declared"
population = "launchers"
sizes = ["5 %", "50"]

[[violations]]
id = "hidden"
what = "launchers elsewhere"
seen_by = ["overflight"]
"""


QUOTA = """\
[[quotas]]
id = "further"
name = "Further ones"
population = "launchers"
per_year = 9
again = true
status = "assumed"

[[measures]]"""


def written(folder: Path, *changes: tuple[str, str], name: str = "inspection.toml") -> Path:
    text = PLAN
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_the_power_of_a_plan_is_that_of_its_samples(tmp_path: Path) -> None:
    found = detente.inspect_plan(written(tmp_path))
    rows = {(row["violation"], row["years"]): row for row in found["power"]}
    five = rows["5 %", 1]
    assert (five["defects"], five["sample"]) == (5, 20)
    assert five["power_spread"] == pytest.approx(detection(100, 5, 20, 0.9))
    assert rows["5 %", 3]["power_spread"] == pytest.approx(detection(100, 5, 20, 0.9, 3))
    assert five["margin"] == pytest.approx(five["power_spread"] - 0.9)
    needed = smallest_sample(100, 5, "0.9", "0.9")
    assert needed is not None
    assert five["needed"] == -(-needed // 10)


def test_a_violation_at_one_site_is_the_game_of_visits(tmp_path: Path) -> None:
    path = written(tmp_path, ("per_year = 2", "per_year = 1"), ("quality = 0.9\n", ""))
    row = detente.inspect_plan(path)["power"][0]
    chances = [detection(60, 5, 10), detection(40, 5, 10)]
    assert row["power_one_site"] == pytest.approx(float(site_visits(chances, 1).value), abs=1e-12)
    assert row["power_one_site"] < row["power_spread"] or row["power_one_site"] > 0


def test_a_second_visit_to_a_site_counts_where_it_is_allowed() -> None:
    once = one_site_power([60, 40], 5, 4, 10, 1.0, again=False)
    twice = one_site_power([60, 40], 5, 4, 10, 1.0, again=True)
    assert once == pytest.approx(min(detection(60, 5, 10), detection(40, 5, 10)))
    assert twice is not None
    assert once is not None
    assert twice > once
    assert one_site_power([60, 40], 61, 1, 10, 1.0, again=False) is None
    assert one_site_power([60, 40], 5, 0, 10, 1.0, again=False) == 0.0
    assert one_site_power([60, 40], 5, 1, 10, 0.0, again=False) == 0.0
    large = one_site_power([50_000, 40_000], 500, 1, 100, 1.0, again=False)
    chances = [detection(50_000, 500, 100), detection(40_000, 500, 100)]
    assert large == pytest.approx(float(site_visits(chances, 1).value), abs=1e-12)


def test_what_nothing_sees_is_said(tmp_path: Path) -> None:
    found = detente.inspect_plan(written(tmp_path))
    assert found["unverifiable"] == ["launchers elsewhere"]
    seen = {row["violation"]: row for row in found["violations"]}
    assert seen["hidden"]["not_agreed"] == ["observation flights (refused)"]
    assert seen["swapped"]["seen"] == "by sampling"
    assert "launchers elsewhere" in found.sentence
    agreed = detente.inspect_plan(written(tmp_path, ('state = "refused"', 'state = "agreed"')))
    assert agreed["violations"][1]["seen"] == "by measures alone"
    assert agreed["unverifiable"] == []


def test_a_limit_says_how_much_must_be_hidden(tmp_path: Path) -> None:
    limit = ("items = 100\n", "items = 100\nlimit = 105\n")
    row = detente.inspect_plan(written(tmp_path, limit))["ceilings"][0]
    assert (row["slack"], row["breaking"]) == (5, 6)
    assert row["power"] == pytest.approx(detection(100, 6, 20, 0.9))
    far = detente.inspect_plan(written(tmp_path, ("items = 100\n", "items = 100\nlimit = 900\n")))
    assert far["ceilings"][0]["power"] is None
    over = detente.inspect_plan(written(tmp_path, ("items = 100\n", "items = 100\nlimit = 90\n")))
    assert over["ceilings"][0]["breaking"] is None
    assert any("100 declared are 10 above the limit" in notice for notice in over.notices)
    with pytest.raises(InputError, match="a limit of -1 items"):
        detente.inspect_plan(written(tmp_path, ("items = 100\n", "items = 100\nlimit = -1\n")))


def under(folder: Path, *changes: tuple[str, str]) -> Path:
    """The plan under New START, its quota named as the treaty's."""
    treaty = ('title = "An', 'treaty = "new-start"\ntitle = "An')
    return written(folder, treaty, ('id = "visits"', 'id = "type-one"\nagain = true'), *changes)


def test_a_treaty_grants_its_quotas_and_limits(tmp_path: Path) -> None:
    found = detente.inspect_plan(
        under(
            tmp_path,
            ("per_year = 2\n", ""),
            ("items = 100\n", 'items = 100\nlimit_of = "vehicles"\n'),
        )
    )
    assert {row["inspections"] for row in found["power"]} == {10}
    assert {row["limit"] for row in found["ceilings"]} == {700}
    assert all(row["published"] for row in found["power"])


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ([("per_year = 2", "per_year = 11")], "11 inspections a year above the quota of 10"),
        ([("items = 100\n", 'items = 100\nlimit_of = "none"\n')], 'has no limit "none"'),
        ([('treaty = "new-start"', 'treaty = "new-strat"')], "new-strat"),
        ([('treaty = "new-start"\n', ""), ("items = 100\n", 'items = 100\nlimit_of = "x"\n')], "names none"),
        (
            [("[[measures]]", QUOTA), ("per_year = 2", "per_year = 10")],
            "19 inspections a year above the 18",
        ),
    ],
)
def test_a_plan_that_its_treaty_does_not_allow(
    tmp_path: Path, changes: list[tuple[str, str]], rule: str
) -> None:
    with pytest.raises(InputError, match=rule) as refused:
        detente.inspect_plan(under(tmp_path, *changes))
    assert refused.value.problems[0].way_out
    assert refused.value.problems[0].line


def test_days_that_are_not_there_are_noticed(tmp_path: Path) -> None:
    path = written(tmp_path, ("inspector_days = 100", "inspector_days = 50"))
    found = detente.inspect_plan(path)
    assert found["inspector_days_needed"] == 60
    assert any("60 inspector-days a year of 50" in notice for notice in found.notices)


def test_a_quota_of_nothing_finds_nothing(tmp_path: Path) -> None:
    found = detente.inspect_plan(written(tmp_path, ("per_year = 2", "per_year = 0")))
    assert {row["power_spread"] for row in found["power"]} == {0.0}
    assert {row["power_one_site"] for row in found["power"]} == {0.0}
    assert found["violations"][0]["seen"] == "not by anything in this plan"


def test_several_quotas_are_tried_side_by_side(tmp_path: Path) -> None:
    path = written(tmp_path, ("per_year = 2", "per_year = [1, 2]"))
    numbers = {row["inspections"] for row in detente.inspect_plan(path)["power"]}
    assert numbers == {1, 2}


def test_trade_shows_the_stockpile_falling(tmp_path: Path) -> None:
    rows = [row for row in detente.inspect_plan(written(tmp_path))["trade"] if row["violation"] == "50"]
    assert [row["stockpile"] for row in rows] == [100, 90, 80, 70, 60, 50]
    assert [row["power"] for row in rows] == sorted(row["power"] for row in rows)


@pytest.mark.parametrize(
    ("changes", "rule", "where"),
    [
        ([("per_year = 2", "per_year = 3")], "a quota of 3 inspections above the 2 sites", "per_year"),
        ([("per_year = 2", "per_year = -1")], "-1 inspections a year", "per_year"),
        ([("quality = 0.9", "quality = 1.2")], "quality 1.2 is not a probability", "quality"),
        (
            [("items_per_inspection = 10", "items_per_inspection = 0")],
            "0 items an inspection",
            "items_per_inspection",
        ),
        (
            [("items_per_inspection = 10", "items_per_inspection = 101")],
            "of 100 declared",
            "items_per_inspection",
        ),
        ([("inspector_days = 30", "inspector_days = -1")], "negative inspector-days", "inspector_days"),
        ([("items = 60", "items = 59")], "100 items are declared and 99 stand at its sites", "items = "),
        ([("items = 60", "items = 0")], "0 items stand there", "items = "),
        ([("items = 100", "items = -100")], "-100 items are declared", "items = "),
        ([("standard = 0.9", "standard = 1.0")], "standard 1 is not a probability between", "standard"),
        ([("years = [1, 3]", "years = [0]")], "years are whole numbers from 1", "years"),
        ([('use = "overflight"', 'use = "overfligth"')], 'no measure "overfligth"', "use"),
        ([('seen_by = ["overflight"]', 'seen_by = ["telemetry"]')], "does not use the measure", "seen_by"),
        (
            [('population = "launchers"\nper_year', 'population = "launcher"\nper_year')],
            "no population",
            "population",
        ),
        ([('id = "south"', 'id = "north"')], "two sites with one id", "id"),
        ([('name = "Visits"', 'name = "Visits"\nsource = "x"')], 'no source "x"', "source"),
        ([('state = "refused"', 'state = "perhaps"')], "perhaps", "state"),
        ([('name = "North"', 'nome = "North"')], "nome", "nome"),
    ],
)
def test_a_plan_that_cannot_be_says_where(
    tmp_path: Path, changes: list[tuple[str, str]], rule: str, where: str
) -> None:
    with pytest.raises(InputError, match=rule) as refused:
        detente.inspect_plan(written(tmp_path, *changes))
    problem = next(problem for problem in refused.value.problems if rule in str(problem))
    assert problem.text.startswith(where)
    assert problem.line
    assert problem.way_out


def test_a_quota_above_the_sites_may_be_meant(tmp_path: Path) -> None:
    path = written(tmp_path, ("per_year = 2", "per_year = 3\nagain = true"))
    assert detente.inspect_plan(path)["inspections_per_year"] == 3


def test_a_plan_without_anything_declared(tmp_path: Path) -> None:
    path = tmp_path / "inspection.toml"
    path.write_text('id = "x"\ntitle = "x"\n', encoding="utf-8")
    with pytest.raises(InputError, match="a plan declares something"):
        detente.inspect_plan(path)
    path.write_text("id = [", encoding="utf-8")
    with pytest.raises(InputError):
        detente.inspect_plan(path)


def test_a_case_folder_may_hold_a_plan(tmp_path: Path) -> None:
    case = detente.new("mine", tmp_path)
    with pytest.raises(InputError, match=r"no inspection\.toml"):
        detente.inspect_plan(case)
    written(case)
    assert detente.inspect_plan(case)["plan"] == "mine"
    with pytest.raises(InputError, match="no plan") as refused:
        detente.inspect_plan("new-strat")
    assert "new-start" in str(refused.value)


@pytest.mark.parametrize(
    ("size", "count"), [("5 %", 5), ("0.1 %", 1), ("7%", 7), ("12", 12), ("100 %", 100), ("2.5 %", 2)]
)
def test_sizes(size: str, count: int) -> None:
    assert violation_items(size, 100) == count


@pytest.mark.parametrize("size", ["0", "101", "101 %", "1.5", "-1", "few"])
def test_a_size_that_is_none(size: str) -> None:
    with pytest.raises(InputError):
        violation_items(size, 100)


def test_a_share_is_rounded_as_it_was_written() -> None:
    assert items_of_share(0.29, 100) == 29
    assert items_of_share(0.05, 1550) == 77, "a half is rounded down"
    assert items_of_share(0.0, 100) == 1


# ---------------------------------------------------------------- what ships


@pytest.mark.parametrize("plan", detente.inspection_plans())
def test_a_shipped_plan_reads_and_draws(plan: str, tmp_path: Path) -> None:
    found = detente.inspect_plan(plan)
    assert found["plan"] == plan
    page = detente.write_plan(plan, tmp_path / "page.html")[0].read_text(encoding="utf-8")
    assert found["question"] in page
    assert page.count("<svg") == len(detente.write_plan(plan, tmp_path / "chart.svg"))
    assert "upper bound" in page
    for path in detente.write_plan(plan, tmp_path / "chart.png"):
        assert path.read_bytes().startswith(b"\x89PNG")


def test_every_source_of_the_shipped_plans_is_used_and_told_honestly() -> None:
    from detente.api.regimes import load_plan
    from detente.records.plan import MEASURES_FILE, SOURCES_FILE, read_measures, read_plan_sources

    sources = read_plan_sources(FOLDER / SOURCES_FILE)
    used: dict[str, str] = {}
    entries: list[Any] = list(read_measures(FOLDER / MEASURES_FILE).values())
    for name in detente.inspection_plans():
        plan = load_plan(name)
        entries += [*plan.populations, *plan.quotas, *plan.measures, *plan.sites]
    for entry in entries:
        used |= dict.fromkeys(entry.source, entry.status)
        if entry.status == "read":
            assert any(sources[key].was_read for key in entry.source), entry
        if entry.status not in {"assumed", "unverified"}:
            assert entry.source, entry
    assert set(used) == set(sources)
    for source in sources.values():
        assert source.read_by
        assert source.read_how
        assert source.via or source.read != "secondary quotation"


def test_eighteen_inspections_are_ten_and_eight() -> None:
    found = detente.inspect_plan("new-start")
    assert found["inspections_per_year"] == 18
    rows = {(row["quota"], row["violation"], row["years"]): row["power_spread"] for row in found["power"]}
    assert rows["type-one", "50", 1] == pytest.approx(0.7081830279, abs=5e-11)
    assert rows["type-one", "10", 1] == pytest.approx(0.2090242496, abs=5e-11)
    assert rows["type-one", "10", 5] == pytest.approx(0.6903893823, abs=5e-11)


def test_the_offers_of_2008_have_no_number_that_nobody_published() -> None:
    found = detente.inspect_plan("czech-polish-2008")
    assert not any(row["published"] for row in found["power"])
    assert any("no number of inspections was published" in notice for notice in found.notices)
    assert found["unverifiable"]


def test_the_catalog_of_measures_says_what_each_cannot_see() -> None:
    rows = {row["id"]: row for row in detente.inspection_measures()["measures"]}
    wanted = {
        *("data-exchange", "notifications", "unique-identifiers", "exhibitions", "perimeter-monitoring"),
        *("telemetry", "overflight"),
    }
    assert wanted <= set(rows)
    assert all(row["sees"] and row["blind_to"] and row["sources"] for row in rows.values())


def test_a_page_of_another_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no kind of page"):
        detente.write_plan("new-start", tmp_path / "page.pdf")


def test_no_table_of_a_finding_hides_a_value_or_a_note() -> None:
    for found in (
        detente.inspect_plan("new-start"),
        detente.inspection_measures(),
        detente.inspect_power(10, 1, 2),
        detente.inspect_game(3, 1, loss=[1], caught_cost=0),
        detente.inspect_timeliness(5),
        detente.inspect_sites([5, 5], [1, 1], total=2),
    ):
        names = [*found.values, *(table.name for table in found.tables)]
        own = {"question", "sentence", "units", "conventions", "limits", "notices"}
        assert len(set(names)) == len(names)
        assert not own & set(names)
        for table in found.tables:
            known = {column.name for column in table.columns}
            assert all(set(row) <= known for row in table.rows), table.name
        assert found.as_rows()["notices"] == list(found.notices)
    frame = detente.inspect_power(10, 1, 2).table("curve").to_frame()
    assert frame.attrs["units"]["power"] == "1"
    with pytest.raises(KeyError):
        found.table("nothing")
