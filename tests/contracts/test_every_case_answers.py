"""Every study answers on every shipped case and on a new one, whoever is asked; so does coverage by radar."""

import pytest

import detente
from detente import api
from detente.records.case import Case
from detente.records.errors import InputError
from detente.studies.answers import ANSWERS
from detente.studies.catalog import STUDIES

CASES = ("european-site-2007", "national-missile-defense-2001", "new")
WITHOUT_PLACES = {"new-start-2022": ("limit",), "reductions-2001": ("reduce", "inspect")}
"""Disputes about numbers alone, and the studies that they are about."""
ON_AGREEMENTS = {"inspect", "limit", "reduce"}
"""Studies that only a case about an agreement has figures for."""


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Case]:
    made = api.new("made", tmp_path_factory.mktemp("cases"))
    return {name: detente.load(made if name == "new" else name) for name in CASES}


def test_every_shipped_case_is_here(cases: dict[str, Case]) -> None:
    assert {summary.id for summary in api.cases()} == {*CASES, *WITHOUT_PLACES} - {"new"}
    assert set(ANSWERS) == set(STUDIES)


@pytest.mark.parametrize("study", sorted(set(STUDIES) - {"cover"} - ON_AGREEMENTS))
@pytest.mark.parametrize("name", CASES)
def test_a_study_answers_under_every_position(cases: dict[str, Case], name: str, study: str) -> None:
    case = cases[name]
    aims = None if STUDIES[study].row_parameter else [case.places_of("sample-point")[0].id]
    for position in case.positions:
        if "interceptor_speed" not in case.position(position).figures and study in {"reach", "engage"}:
            with pytest.raises(InputError, match="interceptor speed is missing"):
                detente.run(case, study, position, aims=aims)
            continue
        found = detente.run(case, study, position, aims=aims, rows=None if aims else ["5"])
        assert found.rows
        for row in found.rows:
            assert row["reason"] or None not in row.values()


@pytest.mark.parametrize("name", WITHOUT_PLACES)
def test_a_case_about_an_agreement_answers_what_it_is_about(name: str) -> None:
    case = detente.load(name)
    for study in WITHOUT_PLACES[name]:
        for position in case.default_between:
            assert detente.run(case, study, position).rows
    with pytest.raises(InputError, match="is missing"):
        detente.run(case, "inventory", case.default_between[0])


@pytest.mark.parametrize("study", sorted(ON_AGREEMENTS))
def test_a_new_case_has_figures_for_them_and_another_says_which_are_missing(
    cases: dict[str, Case], study: str
) -> None:
    assert detente.run(cases["new"], study, "party-a").rows
    case = cases["european-site-2007"]
    with pytest.raises(InputError, match=r"(?s)is missing.*add \[figures\."):
        detente.run(case, study, case.default_between[0])


@pytest.mark.parametrize("name", CASES)
def test_coverage_by_the_track_of_radars_answers(cases: dict[str, Case], name: str) -> None:
    case = cases[name]
    launch = case.places_of("launch-area")[0].id
    for position in case.default_between:
        found = api.cover(case, position, launches=[launch], by="point", radars=["site-radar"])
        assert len(found.rows.rows) == len(case.places_of("sample-point"))
        assert "firm track of site-radar" in found.rows.conventions[-1]
    drawn = api.cover(case, position, launches=[launch], draws=2, radars=["site-radar"])
    assert "stay at their central values" in drawn.rows.conventions[-1]


def test_the_radars_of_the_2001_case_hand_over_from_one_to_the_next(cases: dict[str, Case]) -> None:
    """Early-warning radars far apart: the track goes on over the pole only because another takes it over."""
    case = cases["national-missile-defense-2001"]
    found = detente.run(case, "watch", "us-plan-2000", launches=["kozelsk"]).rows[0]
    assert found["first_seen_by"] == "fylingdales"
    assert found["handovers"] >= 1
    alone = detente.run(case, "watch", "us-plan-2000", launches=["kozelsk"], radars=["fylingdales"]).rows[0]
    assert alone["view_s"] < found["view_s"]
