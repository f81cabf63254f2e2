"""The file agreement.toml: panels with every fault at its place, and pages of a user's own case."""

import shutil
from pathlib import Path

import pytest

import detente
from detente import api
from detente.records.agreement import PARTS, AgreementPage
from detente.records.errors import InputError
from detente.records.schemas import schema

CASE = api.load("reductions-2001")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped case under a path of its own."""
    return Path(shutil.copytree(CASE.folder, tmp_path / "mine"))


def rewrite(folder: Path, text: str) -> Path:
    (folder / "agreement.toml").write_text(text, encoding="utf-8")
    return folder


def refused(folder: Path) -> list[tuple[int | None, str, str]]:
    """Line, key and rule of every problem of the file."""
    with pytest.raises(InputError) as caught:
        api.load(folder)
    assert {problem.file for problem in caught.value.problems} == {"agreement.toml"}
    assert all(problem.way_out and problem.column for problem in caught.value.problems)
    return [(problem.line, problem.key, problem.rule) for problem in caught.value.problems]


def test_the_shipped_case_has_every_kind_of_panel() -> None:
    assert CASE.agreement is not None
    assert all(getattr(CASE.agreement, part) for part in PARTS)
    assert set(schema("agreement")["properties"]) == {"parties", *PARTS}


def test_a_case_without_the_file_has_no_panels() -> None:
    assert api.load("new-start-2022").agreement is None
    assert detente.brief("new-start-2022").panels == ()


def test_names_that_lead_nowhere_are_refused_where_they_stand(folder: Path) -> None:
    text = """#:schema detente/agreement/1
[parties]
ru = "RU"
uk = "UK"
[[ranges]]
id = "one"
title = "One"
treaty = "announcements"
[[ranges.levels]]
party = "usa"
low = 5
high = 4
status = "read"
source = "nowhere"
[[counts]]
id = "one"
title = "Two"
force = "russia-2010"
[[checks]]
id = "two"
title = "Three"
force = "russia-2009"
treaty = "abm"
on = []
"""
    found = refused(rewrite(folder, text))
    assert [line for line, _, _ in found] == [4, 8, 10, 12, 14, 16, 18, 24]
    rules = " | ".join(rule for _, _, rule in found)
    for words in ('no party "uk"', 'no treaty "announcements"', 'no party "usa"', "from 5 down to 4",
                  'no source "nowhere"', 'one id "one"', 'no force "russia-2010"', "no day"):  # fmt: skip
        assert words in rules


def test_an_unknown_key_and_a_wrong_value_are_refused(folder: Path) -> None:
    head = '[[schedules]]\nid = "s"\ntitle = "S"\nforce = "printed-2001"\ntreaty = "at-2200"\n'
    text = f'{head}kap = 5\nperiods = "month"\n'
    found = refused(rewrite(folder, text))
    assert [line for line, _, _ in found] == [6, 7]
    assert 'unknown key "kap"' in found[0][2] or "kap" in found[0][2]


def test_a_plan_of_inspections_must_be_there(folder: Path) -> None:
    (folder / "inspection.toml").unlink()
    found = refused(folder)
    assert "no inspection.toml" in found[0][2]


def test_a_case_of_ones_own_shows_its_own_panels(folder: Path) -> None:
    text = """[parties]
us = "US"
[[counts]]
id = "mine"
title = "Mine"
force = "printed-2001"
rules = ["at-2200"]
"""
    found = detente.brief(rewrite(folder, text))
    (panel,) = found.panels
    assert panel.id == "mine"
    assert [(row[0], row[1], row[4]) for row in panel.tables[0].rows] == [
        ("2,200 by 2011", "RU", "6,000"),
        ("2,200 by 2011", "United States", "7,000"),
    ]
    assert "abc-2001-11-13" in {cited.key for cited in found.bibliography}


def test_an_impossible_schedule_says_what_conflicts(folder: Path) -> None:
    text = """[parties]
us = "US"
ru = "RU"
[[schedules]]
id = "slow"
title = "Slow"
force = "printed-2001"
treaty = "at-2200"
cap = 100
until = "2011-12-31"
"""
    (panel,) = detente.brief(rewrite(folder, text)).panels
    assert panel.charts == ()
    assert "There is no such schedule" in panel.prose[0]
    assert "at most 100 eliminations" in panel.prose[0]


def test_panels_do_not_change_the_digest_of_the_case_but_that_of_the_page(folder: Path) -> None:
    whole = detente.brief(folder)
    (folder / "agreement.toml").unlink()
    without = detente.brief(folder)
    assert api.load(folder).digest == CASE.digest
    assert whole.digest != without.digest


def test_the_record_goes_through_json() -> None:
    assert CASE.agreement == AgreementPage.model_validate_json(CASE.agreement.model_dump_json())  # type: ignore[union-attr]
