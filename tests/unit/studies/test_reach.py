"""The reach study: rows, margins and their consistency, bad input, batches against members."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import detente
from detente.records.case import Case
from detente.records.errors import InputError
from detente.studies.bind import bind
from detente.studies.catalog import REACH
from detente.studies.engagements import different
from detente.studies.reach import MODELS, as_columns, reach
from detente.studies.tracks import ground_tracks

PAIRS = (("kozelsk", "washington"), ("tehran", "london"), ("nw-iran", "athens"))


@pytest.fixture(scope="module")
def case() -> Case:
    return detente.load("european-site-2007")


def test_one_row_for_every_launch_area_and_sample_point(case: Case) -> None:
    outcome = reach(bind(case, "reach", "mda-claim"))
    pairs = [(row["launch"], row["aim"]) for row in outcome.rows]
    assert len(pairs) == len(set(pairs)) == 10 * 13
    assert set(outcome.rows[0]) == {column.name for column in outcome.columns}


def test_margins_agree_with_each_other(case: Case) -> None:
    """A position reaches by speed exactly where it reaches by delay."""
    for position in ("mda-slides", "midpoint", "lewis-postol-high"):
        for row in reach(bind(case, "reach", position)).rows:
            if row["margin_km_s"] is None:
                assert row["status"] == "ruled out in this model"
                assert row["reason"]
                continue
            assert row["margin_km_s"] == pytest.approx(
                detente.load(case).position(position).figures["interceptor_speed"].central("km/s")
                - row["required_speed_km_s"]
            )
            reached = row["first_intercept_s"] is not None
            assert reached == (row["margin_km_s"] >= 0)
            if abs(row["margin_km_s"]) > 0.002:
                by_delay = row["margin_delay_s"] is not None and row["margin_delay_s"] >= 0
                assert by_delay == reached
            if reached:
                assert (
                    row["burnout_s"] <= row["first_intercept_s"] <= row["last_intercept_s"] <= row["impact_s"]
                )
                assert row["first_intercept_altitude_km"] >= 100 - 1e-6


def test_the_required_speed_is_reached_and_a_little_less_is_not(case: Case) -> None:
    row = detente.run(case, "reach", "mda-claim", launches=["teykovo"], aims=["washington"]).rows[0]
    for extra, wanted in ((0.002, True), (-0.002, False)):
        speed = f"{row['required_speed_km_s'] + extra:.6f} km/s"
        again = detente.run(
            case,
            "reach",
            "mda-claim",
            {"interceptor_speed": speed},
            launches=["teykovo"],
            aims=["washington"],
        ).rows[0]
        assert (again["first_intercept_s"] is not None) == wanted


def test_the_tolerable_delay_is_the_delay_at_which_the_speed_margin_vanishes(case: Case) -> None:
    row = detente.run(case, "reach", "midpoint", launches=["tehran"], aims=["rome"]).rows[0]
    delay = f"{row['tolerable_delay_s']:.3f} s"
    at = detente.run(case, "reach", "midpoint", {"commit_delay": delay}, launches=["tehran"], aims=["rome"])
    assert at.rows[0]["margin_km_s"] == pytest.approx(0.0, abs=0.02)
    assert at.rows[0]["margin_delay_s"] == pytest.approx(0.0, abs=0.2)
    assert at.rows[0]["tolerable_delay_s"] == pytest.approx(row["tolerable_delay_s"], abs=0.2)


@settings(max_examples=25)
@given(first=st.floats(0, 600), more=st.floats(1, 600))
def test_a_longer_delay_never_helps(first: float, more: float) -> None:
    rows = [
        detente.run(
            "european-site-2007",
            "reach",
            "midpoint",
            {"commit_delay": f"{delay!r} s"},
            launches=["vypolzovo"],
            aims=["washington"],
        ).rows[0]
        for delay in (first, first + more)
    ]
    sooner, later = (
        np.inf if row["required_speed_km_s"] is None else row["required_speed_km_s"] for row in rows
    )
    assert later >= sooner - 0.001


@pytest.mark.parametrize("output", sorted(MODELS))
def test_a_batch_equals_its_members(case: Case, output: str) -> None:
    """Mixtures of two positions run together give bit for bit what each gives alone."""
    columns = {
        name: np.repeat(values, 8, axis=0)
        for name, values in as_columns(bind(case, "reach", "midpoint")).items()
    }
    columns["interceptor_speed"] = np.array([6.0, 6.4, 7.0, 8.0] * 2)
    columns["commit_delay"] = np.array([60.0] * 3 + [200.0] * 5)
    columns["warning_cue"] = np.array(["early-warning", "radar-horizon"] * 4)
    columns["interceptor_site"] = np.array([(54.5, 17.1), (64.0, -145.7)] * 4)
    columns["icbm_burn_time"] = np.linspace(170, 240, 8)
    model = MODELS[output](case, PAIRS)
    together = model(columns)[output]
    assert together.shape == (8, 3)
    for n in range(8):
        alone = model({name: values[n : n + 1] for name, values in columns.items()})[output]
        np.testing.assert_array_equal(alone[0], together[n])


def test_waiting_for_the_radar_never_helps(case: Case) -> None:
    early = detente.run(case, "reach", "midpoint", {"warning_cue": "early-warning"})
    late = detente.run(case, "reach", "midpoint", {"warning_cue": "radar-horizon"})
    worse = 0
    for before, after in zip(early.rows, late.rows, strict=True):
        if after["margin_km_s"] is not None:
            assert after["margin_km_s"] <= before["margin_km_s"] + 0.001
            worse += after["margin_km_s"] < before["margin_km_s"] - 0.01
    assert worse > 10


def test_a_cue_that_never_comes_is_said_and_gives_no_number(case: Case) -> None:
    settings_ = {"warning_cue": "radar-horizon", "radar_site": "40.0S 100.0W"}
    (row,) = detente.run(
        case, "reach", "lewis-postol-high", settings_, launches=["tehran"], aims=["london"]
    ).rows
    assert row["margin_km_s"] is None
    assert row["margin_delay_s"] is None
    assert "clock does not start" in row["reason"]
    columns = as_columns(bind(case, "reach", "lewis-postol-high", settings_))
    for output, make in MODELS.items():
        assert np.isnan(make(case, [("tehran", "london")])(columns)[output]).all()


def test_ground_tracks_start_at_launch_end_at_the_aim_and_mark_the_window(case: Case) -> None:
    bound = bind(case, "reach", "lewis-postol-low")
    outcome = reach(bound)
    for track in ground_tracks(case, PAIRS, as_columns(bound), outcome):
        start, end = case.place(track.launch).place, case.place(track.aim).place
        assert (track.latitude[0], track.longitude[0]) == (start.latitude, start.longitude)
        assert track.latitude[-1] == pytest.approx(end.latitude, abs=0.01)
        assert track.longitude[-1] == pytest.approx(end.longitude, abs=0.01)
        assert track.altitude_km[-1] == pytest.approx(0.0, abs=0.01)
        row = outcome.row(track.launch, track.aim)
        inside = [t for t, met in zip(track.time_s, track.reachable, strict=True) if met]
        if row["first_intercept_s"] is None:
            assert not inside
        else:
            assert inside[0] == pytest.approx(row["first_intercept_s"], abs=0.001)
            assert inside[-1] == pytest.approx(row["last_intercept_s"], abs=0.001)


@pytest.mark.parametrize(
    ("settings_", "words"),
    [
        ({"interceptor_sped": "7 km/s"}, 'no parameter "interceptor_sped"(.|\n)*interceptor_speed'),
        ({"interceptor_speed": "7"}, "unit"),
        ({"interceptor_speed": "7 furlongs"}, "furlongs(.|\n)*km/s"),
        ({"interceptor_speed": "70 km/s"}, "outside its physical bounds"),
        ({"commit_delay": "-5 s"}, "outside its physical bounds"),
        ({"commit_delay": "100 km"}, "km"),
        ({"interceptor_site": "nowhere"}, "place"),
        ({"interceptor_site": "99,17"}, "99"),
        ({"warning_cue": "radar-horzion"}, "radar-horizon"),
        ({"interceptor_speed": "nan km/s"}, "interceptor speed|number"),
    ],
)
def test_bad_settings_are_refused_with_key_and_way_out(
    case: Case, settings_: dict[str, str], words: str
) -> None:
    with pytest.raises(InputError, match=words) as refusal:
        detente.run(case, "reach", "mda-claim", settings_)
    assert all(problem.key and problem.way_out for problem in refusal.value.problems)


def test_every_bad_setting_is_listed_at_once(case: Case) -> None:
    with pytest.raises(InputError) as refusal:
        detente.run(
            case, "reach", "mda-claim", {"commit_delay": "-1 s", "interceptor_speed": "99 km/s", "x": "1"}
        )
    assert len(refusal.value.problems) == 3


def test_a_finer_place_is_rounded_with_a_notice(case: Case) -> None:
    outcome = detente.run(
        case,
        "reach",
        "mda-claim",
        {"interceptor_site": "54.4789,17.0975"},
        launches=["kozelsk"],
        aims=["rome"],
    )
    assert any("0.1 degree" in notice for notice in outcome.notices)
    rounded = detente.run(
        case, "reach", "mda-claim", {"interceptor_site": "54.5N 17.1E"}, launches=["kozelsk"], aims=["rome"]
    )
    assert outcome.rows == rounded.rows


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"launches": ["kozelks"]}, 'did you mean "kozelsk"'),
        ({"aims": ["kozelsk"]}, "no sample point"),
        ({"study": "raech"}, 'did you mean "reach"'),
        ({"position": "mda-clam"}, 'did you mean "mda-claim"'),
    ],
)
def test_unknown_names_are_refused_with_the_nearest(arguments: dict[str, object], words: str) -> None:
    given_ = {"case": "european-site-2007", "study": "reach", "position": "mda-claim"} | arguments
    with pytest.raises(InputError, match=words):
        detente.run(**given_)  # type: ignore[arg-type]


def test_the_caveat_goes_with_every_outcome(case: Case) -> None:
    outcome = detente.run(case, "reach", "mda-claim", launches=["tehran"], aims=["rome"])
    assert "upper bound" in outcome.caveat
    assert outcome.conventions


def test_the_catalog_explains_every_parameter_and_output() -> None:
    for parameter in REACH.parameters:
        assert parameter.meaning
        assert parameter.unit
        assert parameter.label
    for output in REACH.outputs:
        assert output.meaning
        assert output.unit


@given(st.integers(0, 10_000), st.integers(1, 40), st.integers(1, 9), st.integers(1, 4))
def test_different_rows_are_those_that_numpy_finds(seed: int, rows: int, columns: int, values: int) -> None:
    drawn = np.random.default_rng(seed).integers(0, values, (rows, columns))
    table = np.asarray(1.5 * drawn - 2.0, np.float64)
    wanted, index = np.unique(table, axis=0, return_inverse=True)
    found, place = different(table)
    np.testing.assert_array_equal(found, wanted)
    np.testing.assert_array_equal(place, index.reshape(-1))
    np.testing.assert_array_equal(found[place], table)
