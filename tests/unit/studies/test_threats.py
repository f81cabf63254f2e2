"""Over which Earth a study flies: an assumption, the same in any batch, with a reason where one fails."""

import numpy as np
import pytest

import detente
from detente.physics.frames import spherical_place
from detente.physics.trajectory import ArcStatus
from detente.records.case import Case
from detente.records.errors import InputError
from detente.records.figure import Figure
from detente.studies import threats
from detente.studies.answers import ANSWERS
from detente.studies.bind import bind
from detente.studies.reach import as_columns, reach
from detente.studies.threats import threat_arcs
from detente.studies.tracks import ground_tracks

FLYING = ("reach", "watch", "engage", "cover")
PAIRS = (("kozelsk", "washington"), ("tehran", "london"), ("nw-iran", "athens"), ("uzhur", "washington"))


@pytest.fixture(scope="module")
def case() -> Case:
    return detente.load("european-site-2007")


@pytest.mark.parametrize("study", FLYING)
def test_the_earth_model_is_an_assumption_of_every_study_that_flies(case: Case, study: str) -> None:
    parameter = bind(case, study, "mda-claim").study.parameter("earth_model")
    assert (parameter.kind, parameter.group, parameter.role) == ("choice", "model variant", "model variant")
    assert bind(case, study, "mda-claim").values["earth_model"] == "ellipsoid"
    with pytest.raises(InputError, match="ellipsoid"):
        bind(case, study, "mda-claim", {"earth_model": "elipsoid"})


def test_a_position_that_is_silent_takes_the_default_of_the_model(case: Case) -> None:
    position = case.position("mda-claim")
    bare = {name: f for name, f in position.figures.items() if name not in {"earth_model", "threat_loft"}}
    quiet = case.model_copy(
        update={"positions": case.positions | {"mda-claim": position.model_copy(update={"figures": bare})}}
    )
    bound = bind(quiet, "reach", "mda-claim")
    assert (bound.values["earth_model"], bound.values["threat_loft"]) == ("ellipsoid", 0.0)
    figure = bound.position.figures["earth_model"]
    assert (figure.status, bound.position.origin["earth_model"]) == ("assumed", "default of the model")
    assert figure.note
    asked = [("kozelsk",), ("washington",)]
    assert reach(bound, *asked).rows == reach(bind(case, "reach", "mda-claim"), *asked).rows


def test_the_two_earths_differ_by_little_and_never_in_a_verdict(case: Case) -> None:
    both = [
        detente.run(case, "reach", "midpoint", {"earth_model": word}).rows for word in ("sphere", "ellipsoid")
    ]
    apart = []
    for round_, flat in zip(*both, strict=True):
        assert round_["status"] == flat["status"]
        if round_["required_speed_km_s"] is not None and flat["required_speed_km_s"] is not None:
            apart.append(flat["required_speed_km_s"] - round_["required_speed_km_s"])
    assert len(apart) > 120
    assert 0.001 < np.abs(apart).max() < 0.03


@pytest.mark.parametrize(
    ("study", "output"),
    [
        ("reach", "margin_km_s"),
        ("reach", "margin_delay_s"),
        ("watch", "margin_db"),
        ("engage", "margin_km_s"),
    ],
)
def test_mixtures_of_both_earths_are_each_as_if_alone(case: Case, study: str, output: str) -> None:
    """To the last bit: the crux compares mixtures that were asked for together and apart."""
    own = as_columns(bind(case, study, "midpoint"))
    columns = {name: np.repeat(value, 4, axis=0) for name, value in own.items()}
    columns["earth_model"] = np.array(["sphere", "ellipsoid", "ellipsoid", "sphere"], dtype=object)
    columns["threat_loft"] = np.array([0.0, 0.0, 6.0, 6.0])
    if study == "reach":
        columns["warning_cue"] = np.array(["early-warning", "radar-horizon"] * 2, dtype=object)
    model = ANSWERS[study].models[output](case, PAIRS)
    together = model(columns)[output]
    assert np.isfinite(together).sum() >= 14  # a radar may never see one
    assert np.unique(together, axis=0).shape[0] == 4
    for row in range(4):
        alone = model({name: value[row : row + 1] for name, value in columns.items()})[output]
        np.testing.assert_array_equal(alone[0], together[row])


def test_the_crux_weighs_the_model_as_a_model(case: Case) -> None:
    """Two positions that differ in the Earth alone: one assumption in dispute, and not one about numbers."""
    position = case.position("mda-claim")

    def holding(name: str, earth: str) -> dict[str, object]:
        stated = Figure(value=earth, status="unverified", note="invented for a test")
        changed = position.with_figures({"earth_model": stated})
        return {"id": name, "holder": name, "figures": changed.figures}

    pair = {
        name: position.model_copy(update=holding(name, e))
        for name, e in (("a", "sphere"), ("b", "ellipsoid"))
    }
    whole = case.model_copy(update={"positions": case.positions | pair})
    found = detente.case_crux(whole, case.lead_claim, ("a", "b"))
    assert found.k == 1
    (row,) = found.attribution_rows
    assert (row.assumption, row.kind) == ("earth_model", "model variant")
    assert found.margins[0] != found.margins[1]


def test_a_flight_that_was_not_found_is_a_row_with_its_reason(case: Case) -> None:
    far = {"mrbm_burnout_distance": "1400 km", "icbm_burnout_distance": "1500 km", "threat_loft": "60 deg"}
    outcome = detente.run(case, "reach", "midpoint", far)
    gone = [row for row in outcome.rows if row["impact_s"] is None]
    assert gone
    for row in gone:
        assert row["status"] == "ruled out in this model"
        assert row["reason"]
        assert not any(isinstance(value, float) and np.isnan(value) for value in row.values())


def test_flights_are_kept_and_come_back_in_the_order_of_the_plans(monkeypatch: pytest.MonkeyPatch) -> None:
    launch, aim = spherical_place(0.9, [0.6, 0.7, 0.8]), spherical_place(0.7, [-1.3, -1.2, -1.1])
    plans = np.array([[180.0, 200.0, 450.0, 0.0, 1.0], [180.0, 200.0, 450.0, 0.0, 0.0]])
    first = threat_arcs(launch, aim, plans)
    assert first.status.shape == (2, 3)
    assert np.all(first.status == ArcStatus.SOLVED)
    assert [float(each) > 0.0 for each in first.flattening[:, 0]] == [True, False]

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("flown again")

    monkeypatch.setattr(threats, "flown_arc", refuse)
    again = threat_arcs(launch, aim, plans[::-1])
    for name, value in first._asdict().items():
        shown = getattr(again, name)
        axis = value.ndim - 2
        np.testing.assert_array_equal(np.flip(shown, axis), value)


def test_what_is_kept_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threats, "_ROOM", 10)
    launch, aim = spherical_place(0.9, [0.6, 0.7, 0.8]), spherical_place(0.7, [-1.3, -1.2, -1.1])
    for burn in range(170, 180):
        threat_arcs(launch, aim, np.array([[float(burn), 200.0, 450.0, 0.0, 0.0]]))
    assert sum(arc.status.size for arc in threats._kept.values()) <= 10


@pytest.mark.parametrize("earth", ["ellipsoid", "sphere"])
def test_a_track_rises_through_its_boost_and_comes_down_at_the_sample_point(case: Case, earth: str) -> None:
    bound = bind(case, "reach", "midpoint", {"earth_model": earth})
    tracks = ground_tracks(case, PAIRS, as_columns(bound), reach(bound))
    assert len(tracks) == len(PAIRS)
    for track in tracks:
        end = case.place(track.aim).place
        assert track.latitude[-1] == pytest.approx(end.latitude, abs=1e-3)
        assert track.longitude[-1] == pytest.approx(end.longitude, abs=1e-3)
        assert track.altitude_km[-1] == pytest.approx(0.0, abs=0.02)
        assert np.all(np.diff(track.time_s) > 0.0)
        climb = [h for h, t in zip(track.altitude_km, track.time_s, strict=True) if t <= 100.0]
        if track.aim == "washington":  # the notional boosts of shorter ranges join no path: straight up
            assert len(climb) > 5
        assert np.all(np.diff(climb) > 0.0)
