"""A new case: it loads and runs as it stands, appears whole or not at all, and replaces nothing."""

import os
import stat
from pathlib import Path

import pytest

from detente.records.case_files import load_case, load_errata, new_case
from detente.records.errors import InputError
from detente.studies.bind import bind
from detente.studies.catalog import RULES, parameters
from detente.studies.reach import reach
from tests.unit.records.small_case import write_case


def test_a_new_case_loads_and_runs(tmp_path: Path) -> None:
    made = new_case("my-case", tmp_path)
    assert made == tmp_path / "my-case"
    case = load_case(made, RULES)
    assert case.id == "my-case"
    assert case.notices == ()
    verdicts = {}
    for position in case.default_between:
        assert set(case.position(position).figures) == set(parameters())
        outcome = reach(bind(case, "reach", position))
        verdicts[position] = outcome.row("area-one", "point-two")["status"]
    assert verdicts == {"party-a": "not ruled out", "party-b": "ruled out in this model"}


def test_nothing_in_the_template_stands_for_anything_real(tmp_path: Path) -> None:
    case = load_case(new_case("my-case", tmp_path))
    statuses = {figure.status for position in case.positions.values() for figure in position.figures.values()}
    assert statuses == {"assumed", "unverified"}
    assert {place.status for place in case.places} == {"assumed"}
    assert {place.country for place in case.places} == {"South Pacific"}
    assert {source.read for source in case.sources.values()} == {"not read"}
    for path in (tmp_path / "my-case").rglob("*.toml"):
        assert path.read_text(encoding="utf-8").count("#") >= 2


def test_the_files_are_the_users_to_change(tmp_path: Path) -> None:
    made = new_case("my-case", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["my-case"]
    umask = os.umask(0)
    os.umask(umask)
    assert stat.S_IMODE(made.stat().st_mode) == 0o777 & ~umask
    for path in made.rglob("*.toml"):
        assert os.access(path, os.W_OK)


@pytest.mark.parametrize("name", ["", "My Case", "../x", "a/b", ".x", "a\nb"])
def test_names_that_are_no_names(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="lower-case letters"):
        new_case(name, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("mine")
    (tmp_path / "empty").mkdir()
    (tmp_path / "gone").symlink_to(tmp_path / "nowhere")
    for name in ("taken", "empty", "gone"):
        with pytest.raises(InputError, match="this name is taken"):
            new_case(name, tmp_path)
    assert (tmp_path / "taken").read_text() == "mine"
    assert list((tmp_path / "empty").iterdir()) == []
    with pytest.raises(InputError, match="no such folder"):
        new_case("x", tmp_path / "nowhere")


def test_nothing_half_written_is_left_behind(tmp_path: Path) -> None:
    template = write_case(tmp_path / "template")
    (template / "claims.toml").write_text("[[claims")
    into = tmp_path / "into"
    into.mkdir()
    with pytest.raises(InputError, match=r"claims\.toml:1"):
        new_case("x", into, template)
    (template / "claims.toml").unlink()
    (template / "claims.toml").symlink_to(template / "claims.toml")
    with pytest.raises(InputError, match="cannot be written here"):
        new_case("x", into, template)
    assert list(into.iterdir()) == []


ERRATA = """\
#:schema detente/errata/1
[[errata]]
id = "2027-01-number"
date = 2027-01-15
what = "The number was wrong."
results = "small/reach"
reason = "A reader wrote."
"""


def test_errata_are_read(tmp_path: Path) -> None:
    path = tmp_path / "errata.toml"
    path.write_text(ERRATA)
    (erratum,) = load_errata(path)
    assert erratum.concerns("small", "reach", "first")
    assert erratum.date == "2027-01-15"
    path.write_text("errata = []\n")
    assert load_errata(path) == ()


def test_errata_that_are_wrong_are_named_with_their_place(tmp_path: Path) -> None:
    path = tmp_path / "errata.toml"
    second = ERRATA.removeprefix("#:schema detente/errata/1\n")
    path.write_text(
        ERRATA.replace('"small/reach"', '["small"]').replace("reason", "raeson") + second + second
    )
    with pytest.raises(InputError) as refused:
        load_errata(path)
    found = [(problem.line, problem.column, problem.rule) for problem in refused.value.problems]
    assert (6, 11, '"small" names no results') in found
    assert (7, 1, 'unknown key "raeson"') in found
    assert (2, 3, 'the key "reason" is missing') in found
    assert (15, 6, 'two errata with one id "2027-01-number"') in found
    with pytest.raises(InputError, match="there is no such file"):
        load_errata(tmp_path / "nowhere.toml")


def test_the_shipped_errata_are_read(root: Path) -> None:
    assert isinstance(load_errata(root / "src" / "detente" / "data" / "errata.toml"), tuple)
