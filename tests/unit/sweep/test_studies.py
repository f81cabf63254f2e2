"""Studies as sweeps: what varies, what the user pins or opens, and what a changed case means."""

import json
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from detente import api
from detente.api.sweeps import StudyModel, summary_rows, sweep_case, verification_rows, verify_run
from detente.records.errors import InputError
from detente.sweep.manifest import read_manifest
from detente.sweep.store import open_run

CASE = "european-site-2007"
ROUTE: dict[str, Any] = {"launches": ["tatishchevo"], "aims": ["washington"], "workers": 1}


def test_a_row_of_a_sweep_is_the_study_at_its_figures(tmp_path: Path) -> None:
    done = sweep_case(CASE, "reach", "midpoint", 5, tmp_path / "run", design="own", seed=3, **ROUTE)
    manifest = read_manifest(tmp_path / "run")
    held = open_run(tmp_path / "run", manifest)
    for row in range(5):
        settings = {
            each.name: f"{float(held[each.name][row]):.17g} {each.unit}" for each in manifest.plan.varied
        }
        alone = api.run(CASE, "reach", "midpoint", settings, launches=ROUTE["launches"], aims=ROUTE["aims"])
        expected = alone.rows[0]["margin_km_s"]
        found = float(held["margin_km_s"][row, 0])
        assert (np.isnan(found) and expected is None) or found == pytest.approx(expected, abs=1e-9)
    assert json.loads(json.dumps(summary_rows(done, tmp_path)))["rows"] == 5


def test_only_what_is_named_varies_where_something_is_named(tmp_path: Path) -> None:
    """A grid over two of the open figures; the others stay at their values, and the run is verified so."""
    settings = {"interceptor_speed": "6 km/s to 8 km/s"}
    names = ["interceptor_speed", "commit_delay"]
    done = sweep_case(
        CASE, "reach", "midpoint", 9, tmp_path / "run", design="grid", settings=settings, vary=names, **ROUTE
    )
    assert done.rows == 9
    plan = read_manifest(tmp_path / "run").plan
    assert sorted(each.name for each in plan.varied) == sorted(names)
    assert {each.name: each.value for each in plan.fixed}["flight_time_cap"] == 1200.0
    held = open_run(tmp_path / "run", read_manifest(tmp_path / "run"))
    pairs = {(float(held[names[0]][n]), float(held[names[1]][n])) for n in range(9)}
    assert pairs == {(speed, delay) for speed in (6.0, 7.0, 8.0) for delay in (0.0, 200.0, 400.0)}
    assert verify_run(tmp_path / "run", workers=1).ok
    for name, said in (("commit_dela", "did you mean"), ("interceptor_burn_time", "no figure that")):
        with pytest.raises(InputError, match=said):
            sweep_case(CASE, "reach", "midpoint", 9, tmp_path / "other", vary=[name], **ROUTE)


def test_what_has_a_range_varies_and_what_has_none_stays(tmp_path: Path) -> None:
    settings = {"commit_delay": "90 s", "interceptor_speed": "6 km/s to 8 km/s"}
    sweep_case(CASE, "reach", "midpoint", 3, tmp_path / "run", settings=settings, **ROUTE)
    plan = read_manifest(tmp_path / "run").plan
    varied, fixed = {each.name: each for each in plan.varied}, {each.name: each for each in plan.fixed}
    assert (varied["interceptor_speed"].law.low, varied["interceptor_speed"].law.high) == (6.0, 8.0)
    assert fixed["commit_delay"].value == 90.0
    assert fixed["interceptor_site"].value == (54.5, 17.1)
    assert varied["icbm_burn_time"].status == "assumed"
    assert "uniform" in varied["icbm_burn_time"].note


def test_opening_a_figure_changes_no_other_draw(tmp_path: Path) -> None:
    sweep_case(CASE, "reach", "midpoint", 4, tmp_path / "a", **ROUTE)
    sweep_case(
        CASE,
        "reach",
        "midpoint",
        4,
        tmp_path / "b",
        settings={"interceptor_speed": "6 km/s to 8 km/s"},
        **ROUTE,
    )
    few, more = (open_run(tmp_path / name, read_manifest(tmp_path / name)) for name in "ab")
    for each in read_manifest(tmp_path / "a").plan.varied:
        np.testing.assert_array_equal(few[each.name], more[each.name])


def test_a_model_travels() -> None:
    from detente.studies.bind import bind

    model = StudyModel(bind(api.load(CASE), "reach", "midpoint"), (("tatishchevo", "washington"),))
    assert pickle.loads(pickle.dumps(model)).rows == model.rows  # noqa: S301 - made on the line itself


def test_a_study_without_batched_margins_is_asked_row_by_row(monkeypatch: pytest.MonkeyPatch) -> None:
    from detente.studies.bind import bind, plain_value

    bound = bind(api.load(CASE), "reach", "midpoint")
    columns = {name: np.array([plain_value(value)] * 2) for name, value in bound.values.items()}
    columns["commit_delay"] = np.array([60.0, 120.0])
    places = api.load(CASE)
    rows = tuple(
        (a.id, b.id) for a in places.places_of("launch-area") for b in places.places_of("sample-point")
    )
    model = StudyModel(bound, rows, ("margin_km_s",))
    batched = model(columns)["margin_km_s"]
    monkeypatch.setattr(StudyModel, "_models", {})
    np.testing.assert_allclose(model(columns)["margin_km_s"], batched, atol=1e-9)


def test_a_case_that_changed_since_is_refused(tmp_path: Path) -> None:
    sweep_case(CASE, "reach", "midpoint", 2, tmp_path / "run", **ROUTE)
    found = verify_run(tmp_path / "run", workers=1)
    assert verification_rows(found, tmp_path)["ok"] is True
    changed = api.load(CASE).model_copy(update={"note": "another note"})
    with pytest.raises(api.InputError, match="not as it was when this run was made"):
        verify_run(tmp_path / "run", changed)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"study": "reech"}, 'did you mean "reach"'),
        ({"position": "nobody"}, "there is no position"),
        ({"design": "random"}, "use one of: own, lhs, sobol, grid"),
        ({"samples": 0}, "0 samples are no sample"),
        ({"samples": 10**12}, "more than the 100,000,000"),
        ({"settings": {"commit_delai": "3 s"}}, 'did you mean "commit_delay"'),
        ({"settings": {"commit_delay": "300 s to 3 s"}}, "does not rise"),
        ({"settings": {"commit_delay": "-5 s to 3 s"}}, "outside its physical bounds"),
        ({"settings": {"commit_delay": "soon to late"}}, "commit_delay"),
        ({"launches": ["atlantis"]}, "there is no launch area"),
    ],
)
def test_bad_input_is_refused_before_anything_is_written(
    tmp_path: Path, change: dict[str, Any], said: str
) -> None:
    asked: dict[str, Any] = (
        {"case": CASE, "study": "reach", "position": "midpoint", "samples": 3} | ROUTE | change
    )
    with pytest.raises(api.InputError) as caught:
        sweep_case(folder=tmp_path / "run", **asked)
    assert said in str(caught.value)
    assert not (tmp_path / "run").exists()
