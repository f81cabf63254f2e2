"""The engage study: clock, windows, shots; one answer with reach and watch where they must agree."""

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import detente
from detente.records.case import Case
from detente.records.claim import Reading
from detente.records.errors import InputError
from detente.studies.bind import bind
from detente.studies.catalog import STUDIES
from detente.studies.catalog.engage import CLOCKS, ENGAGE
from detente.studies.cover import coverage
from detente.studies.engage import MODELS, engage
from detente.studies.land import Land, land_cells, sample_points
from detente.studies.reach import as_columns, reach
from detente.studies.readings import sentence
from detente.studies.sensors import SITE_RADAR, network_of, track_cue_of
from detente.studies.watch import watch

PAIRS = (("kozelsk", "washington"), ("uzhur", "london"), ("tehran", "london"), ("nw-iran", "ankara"))
SHARED = (
    "required_speed_km_s",
    "margin_km_s",
    "tolerable_delay_s",
    "margin_delay_s",
    "burnout_s",
    "impact_s",
)
OWN_SHOTS = {
    "salvo": "shots_salvo",
    "shoot-look-shoot": "shots_look",
    "salvo-look-salvo": "shots_salvo_look",
}
SECOND = 1e-6
MISSED = 0.0005  # km/s: what the search for the least speed may miss


@pytest.fixture(scope="module")
def case() -> Case:
    return detente.load("european-site-2007")


@pytest.fixture(scope="module")
def few() -> Land:
    return land_cells().take(np.arange(0, len(land_cells()), 40))


def row(case: Case, pair: tuple[str, str], settings: Any = None, radars: Any = None) -> dict[str, Any]:
    return engage(bind(case, "engage", "midpoint", settings), [pair[0]], [pair[1]], radars).rows[0]


@pytest.mark.parametrize("position", ["midpoint", "mda-slides", "lewis-postol-high"])
def test_with_early_warning_no_loss_and_no_ceiling_it_is_reach(case: Case, position: str) -> None:
    ours = engage(bind(case, "engage", position)).rows
    theirs = reach(bind(case, "reach", position)).rows
    for mine, other in zip(ours, theirs, strict=True):
        assert [mine[name] for name in ("launch", "aim", "status", *SHARED)] == [
            other[name] for name in ("launch", "aim", "status", *SHARED)
        ]
        assert (mine["windows"] or 0) == (0 if other["first_intercept_s"] is None else 1)
        for name, edge in (("first", "first"), ("last", "last")):
            for what in ("s", "altitude_km"):
                wanted = other[f"{edge}_intercept_{what}"]
                assert mine[f"window_1_{name}_{what}"] == (
                    None if wanted is None else pytest.approx(wanted, abs=SECOND)
                )


def test_with_the_radar_horizon_it_is_reach_too(case: Case) -> None:
    ours = engage(bind(case, "engage", "midpoint", {"clock": "radar-horizon"})).rows
    theirs = reach(bind(case, "reach", "midpoint", {"warning_cue": "radar-horizon"})).rows
    late = 0
    for mine, other in zip(ours, theirs, strict=True):
        assert mine["margin_km_s"] == other["margin_km_s"]
        if mine["cue_s"] is None:
            assert "the cue never comes" in mine["reason"]
            assert mine["margin_delay_s"] is None
            assert mine["shots"] == 0
            late += 1
        else:
            assert mine["margin_delay_s"] == other["margin_delay_s"]
    assert 0 < late < len(ours)


def test_the_clock_is_that_of_the_study_watch(case: Case) -> None:
    """First sight, firm track and cue agree with watch; the launch follows after the commit delay."""
    for radars in (None, [SITE_RADAR], ["fylingdales"]):
        ours = engage(bind(case, "engage", "midpoint", {"clock": "radar-track"}), radars=radars).rows
        theirs = watch(bind(case, "watch", "midpoint"), radars=radars).rows
        for mine, other in zip(ours, theirs, strict=True):
            assert mine["detection_s"] == other["first_seen_s"]
            assert mine["track_s"] == other["track_s"]
            if mine["track_s"] is None:
                assert mine["cue_s"] is mine["launch_s"] is None
                assert mine["windows"] in {0, None}
            else:
                assert mine["cue_s"] == pytest.approx(mine["track_s"], abs=SECOND)
                assert mine["launch_s"] == pytest.approx(mine["track_s"] + 120.0, abs=SECOND)


def test_a_row_is_consistent_with_itself(case: Case) -> None:
    for clock, ceiling, doctrine in itertools.product(
        CLOCKS, ("2000 km", "400 km"), ("salvo", "shoot-look-shoot", "salvo-look-salvo")
    ):
        given = {"clock": clock, "highest_intercept_altitude": ceiling, "firing_doctrine": doctrine}
        outcome = engage(bind(case, "engage", "midpoint", given))
        assert [column.name for column in outcome.columns] == list(outcome.rows[0])
        for found in outcome.rows:
            assert found["reason"] or None not in found.values()
            assert found["shots"] == found[OWN_SHOTS[doctrine]]
            assert found["margin_shots"] == found["shots"] - 2
            assert found["shots_look"] <= found["shots_salvo_look"] <= found["shots_salvo"] <= 10
            assert (found["windows"] > 0) == (found["shots_look"] > 0) == (found["shots_salvo"] > 0)
            assert found["margin_raid_shots"] == found["raid_shots"] - 10
            assert found["raid_shots"] <= 10
            if found["needed_interceptors"] is None:
                assert found["margin_interceptors"] is None
                assert "no number of interceptors" in found["reason"]
            else:
                assert found["margin_interceptors"] == 10 - found["needed_interceptors"]
            if found["windows"]:
                assert found["margin_km_s"] >= 0.0
                assert found["margin_delay_s"] >= -0.2
                assert found["launch_s"] + 140.0 <= found["window_1_first_s"] + SECOND
                assert found["window_1_tail_chase"] in {"none", "part", "all"}
                for edge in ("first", "last"):
                    altitude = found[f"window_1_{edge}_altitude_km"]
                    assert 100.0 - SECOND <= altitude <= float(ceiling.split()[0]) + SECOND
            if found["second_launch_s"] is not None:
                assert found["second_launch_s"] == pytest.approx(found["window_1_first_s"] + 60.0, abs=SECOND)
                assert found["second_intercept_s"] >= found["second_launch_s"] + 140.0 - SECOND


def test_shots_one_after_the_other_are_a_loop_over_launches(case: Case) -> None:
    """Each shot asked for alone: its clock is the intercept before it and a look."""
    for pair in PAIRS[:3]:
        first = row(case, pair, {"look_time": "30 s"})
        shots, now = 0, first
        while now["windows"] and shots < 10:
            shots += 1
            wait = now["window_1_first_s"] + 30.0 - now["burnout_s"]
            now = row(case, pair, {"commit_delay": f"{wait!r} s"})
            if shots == 1 and now["windows"]:
                assert first["second_intercept_s"] == pytest.approx(now["window_1_first_s"], abs=SECOND)
        assert first["shots_look"] == shots


def test_a_salvo_is_a_loop_over_launches(case: Case) -> None:
    for pair, interval in itertools.product(PAIRS[:2], (45.0, 200.0)):
        found = row(case, pair, {"launch_interval": f"{interval} s", "interceptor_number": "6"})
        alone = [
            row(case, pair, {"commit_delay": f"{120.0 + n * interval} s"})["windows"] > 0 for n in range(6)
        ]
        assert found["shots_salvo"] == sum(alone)
        assert row(case, pair, {"launch_interval": "0 s"})["shots_salvo"] == 10


def test_salvos_with_looks_are_a_loop_over_launches(case: Case) -> None:
    """Two launches an interval apart, then a look at the later one, and so on while the missile is met."""
    given = {"salvo_size": "2", "launch_interval": "15 s", "look_time": "5 s"}
    deepest = 0
    for pair in (PAIRS[0], ("tehran", "london"), ("nizhniy-tagil", "london")):
        found, shots, wait = row(case, pair, given), 0, 120.0
        while shots < 10:
            now = row(case, pair, {"commit_delay": f"{wait!r} s"})
            if not now["windows"]:
                break
            shots += 1
            met = now["window_1_first_s"] - now["burnout_s"]
            wait = wait + 15.0 if shots % 2 else met + 5.0
        assert found["shots_salvo_look"] == shots
        assert row(case, pair, given | {"salvo_size": "1"})["shots_salvo_look"] == found["shots_look"]
        assert row(case, pair, given | {"salvo_size": "20"})["shots_salvo_look"] == found["shots_salvo"]
        deepest = max(deepest, shots)
    assert deepest > 2


def test_a_raid_takes_what_inventory_says_where_the_windows_leave_room(case: Case) -> None:
    """With room for every shot asked, the needed number is that of the study of counts."""
    pair = ("tehran", "london")
    for raid, held in ((1, 10), (5, 15), (5, 10)):
        given = {"raid_size": str(raid), "interceptor_number": str(held)}
        found = row(case, pair, given)
        asked = detente.run(case, "inventory", "midpoint", given, rows=[str(raid)]).rows[1]
        assert found["needed_interceptors"] == asked["needed_salvo"]
        assert found["margin_interceptors"] == asked["margin_interceptors"]
        assert found["raid_shots"] == min(held, raid * 20)
        assert found["margin_raid_shots"] == min(held, raid * 20) - raid * 2


def test_windows_limit_what_a_raid_needs(case: Case) -> None:
    """Two looks at most: the fewest within two shots each, not without limit; one shot each is not enough."""
    given = {"firing_doctrine": "shoot-look-shoot", "raid_size": "2", "look_time": "180 s"}
    two = row(case, ("tehran", "london"), given)
    assert two["shots_look"] == 2
    assert two["needed_interceptors"] == 4  # 0.7: three of which two hit have 0.784, of four 0.8281
    one = row(case, ("nw-iran", "athens"), given)
    assert one["shots_look"] == 1
    assert one["needed_interceptors"] is None
    assert "no number of interceptors" in one["reason"]
    assert one["raid_shots"] == 2
    assert one["margin_raid_shots"] == -2


def test_a_claim_on_a_raid_is_read_on_places(case: Case) -> None:
    for output in ("margin_raid_shots", "margin_interceptors"):
        asked = Reading(study="engage", output=output, launches=("a",), aims=("b",), quantifier="all")
        assert "raid" in sentence(asked, {})


def test_speed_lost_on_the_way_is_speed_not_had(case: Case) -> None:
    for pair in PAIRS[:3]:
        lossy = row(case, pair, {"interceptor_speed": "7 km/s", "speed_loss": "0.4 km/s"})
        slower = row(case, pair, {"interceptor_speed": "6.6 km/s"})
        for name, value in slower.items():
            same = pytest.approx(value, abs=1e-6) if isinstance(value, float) else value
            assert lossy[name] == same, name
    nothing_left = row(case, PAIRS[0], {"interceptor_speed": "2 km/s", "speed_loss": "3 km/s"})
    assert nothing_left["windows"] == nothing_left["shots"] == 0
    assert nothing_left["margin_km_s"] < -1.0


@settings(max_examples=10)
@given(
    pair=st.sampled_from(PAIRS),
    less=st.floats(0.0, 2.0),
    cut=st.floats(0.0, 1500.0),
    longer=st.floats(0.0, 300.0),
    clock=st.sampled_from(CLOCKS),
)
def test_what_is_harder_never_lets_more_happen(
    pair: tuple[str, str], less: float, cut: float, longer: float, clock: str
) -> None:
    case = detente.load("european-site-2007")
    doctrine = {"clock": clock, "firing_doctrine": "shoot-look-shoot"}
    base = row(case, pair, doctrine)
    for harder in (
        {"speed_loss": f"{less!r} km/s"},
        {"highest_intercept_altitude": f"{2000.0 - cut!r} km"},
        {"look_time": f"{60.0 + longer!r} s"},
        {"launch_interval": f"{10.0 + longer!r} s"},
    ):
        found = row(case, pair, doctrine | harder)
        for name, slack in (
            ("margin_km_s", MISSED),
            ("margin_delay_s", 0.5),
            ("shots_look", 0),
            ("shots_salvo_look", 1),
            ("shots_salvo", 1),  # a latest launch is good to 0.2 s
        ):
            mine, before = (-np.inf if r[name] is None else r[name] for r in (found, base))
            assert mine <= before + slack, (name, harder)


def test_a_tail_chase_is_marked_where_the_site_lies_behind_the_missile(case: Case) -> None:
    """Poland lies behind a missile from Kozelsk to Washington, and before one from Tehran to Warsaw."""
    assert row(case, PAIRS[0])["window_1_tail_chase"] == "all"
    assert row(case, ("tehran", "warsaw"))["window_1_tail_chase"] == "none"


def test_a_low_ceiling_can_leave_two_windows(case: Case) -> None:
    """An interceptor beside the way up meets the missile as it rises and as it comes down, not above."""
    given = {
        "interceptor_site": "56.0N 58.0E",
        "interceptor_speed": "10 km/s",
        "interceptor_burn_time": "20 s",
        "commit_delay": "0 s",
        "highest_intercept_altitude": "500 km",
        "flight_time_cap": "3000 s",
    }
    found = row(case, ("dombarovskiy", "washington"), given)
    assert found["windows"] == 2
    assert found["window_1_last_altitude_km"] == pytest.approx(500.0, abs=1e-3)
    assert found["window_2_first_altitude_km"] == pytest.approx(500.0, abs=1e-3)
    assert found["window_1_last_s"] < found["window_2_first_s"] < found["window_2_last_s"]
    assert found["window_3_first_s"] is None
    assert "no third window" in found["reason"]


def test_a_batch_equals_its_members_and_the_study(case: Case) -> None:
    central = as_columns(bind(case, "engage", "midpoint"))
    columns = {name: np.repeat(values, 9, axis=0) for name, values in central.items()}
    columns["clock"] = np.array([*CLOCKS] * 3)
    columns["firing_doctrine"] = np.array(["salvo", "shoot-look-shoot", "salvo-look-salvo"] * 3)
    columns["highest_intercept_altitude"] = np.array([2000.0, 300.0, 900.0] * 3)
    columns["speed_loss"] = np.linspace(0.0, 0.8, 9)
    columns["look_time"] = np.linspace(0.0, 80.0, 9)
    columns["launch_interval"] = np.linspace(0.0, 80.0, 9)
    columns["radar_track_time"] = np.linspace(10.0, 90.0, 9)
    columns["icbm_burn_time"] = np.linspace(170, 240, 9)
    columns["raid_size"] = np.array([1.0, 2.0, 3.0, 3.4, 5.0, 8.0, 5.0, 4.0, 2.0])
    models = {output: model(case, PAIRS) for output, model in MODELS.items()}
    together = {output: model(columns)[output] for output, model in models.items()}
    for n in range(9):
        member = {name: values[n : n + 1] for name, values in columns.items()}
        for output, model in models.items():
            assert together[output].shape == (9, 4)
            np.testing.assert_array_equal(model(member)[output][0], together[output][n])
        given = {
            parameter.name: f"{float(columns[parameter.name][n])!r} {parameter.unit}".removesuffix(" 1")
            for parameter in ENGAGE.parameters
            if parameter.kind == "number"
        }
        given |= {name: str(columns[name][n]) for name in ("clock", "firing_doctrine")}
        for m, pair in enumerate(PAIRS):
            found = row(case, pair, given)
            for output, values in together.items():
                value = np.nan if found[output] is None else found[output]
                assert value == pytest.approx(values[n, m], abs=1e-6, nan_ok=True), output


def test_the_crux_runs_on_the_number_of_shots(case: Case) -> None:
    """Two positions that differ in look time, clock and interval: what decides how many shots fit?"""
    central = as_columns(bind(case, "engage", "midpoint", {"firing_doctrine": "shoot-look-shoot"}))
    plain = {name: values[0] for name, values in central.items()}
    sides = tuple(
        {name: tuple(value) if np.ndim(value) else value for name, value in plain.items()}
        | {"look_time": look, "clock": clock}
        for look, clock in ((10.0, "early-warning"), (300.0, "radar-track"))
    )
    model = MODELS["margin_shots"](case, [("nizhniy-tagil", "london")])

    def margin(columns: Any) -> Any:
        return {"margin": model(columns)["margin_shots"][:, 0]}

    found = detente.crux(margin, detente.Claim("shots", margin="margin"), *sides)
    assert list(found.verdicts) == ["yes", "no"]
    assert {r.assumption for r in found.attribution_rows} == {"look_time", "clock"}


def test_a_claim_on_shots_is_said_in_its_own_words() -> None:
    asked = Reading(study="engage", output="margin_shots", launches=("a",), aims=("b",), quantifier="all")
    assert "shot at as often as the doctrine asks" in sentence(asked, {})


def test_the_study_shares_the_assumptions_of_the_others() -> None:
    assert STUDIES["engage"] is ENGAGE
    for other in ("reach", "watch", "inventory"):
        for parameter in STUDIES[other].parameters:
            for ours in ENGAGE.parameters:
                assert ours.name != parameter.name or ours is parameter


def test_bad_input_says_what_and_how(case: Case) -> None:
    with pytest.raises(InputError, match=r'"radar-trak" is not a choice for clock[\s\S]*radar-track'):
        row(case, PAIRS[0], {"clock": "radar-trak"})
    with pytest.raises(InputError, match="outside its physical bounds"):
        row(case, PAIRS[0], {"look_time": "-1 s"})
    with pytest.raises(InputError, match='no radar "thul"'):
        row(case, PAIRS[0], None, ["thul"])
    with pytest.raises(InputError, match='no radar "thul"'):
        track_cue_of(bind(case, "watch", "midpoint"), ["thul"])


RADARS = (SITE_RADAR, "fylingdales", "thule", "gabala", "kurecik")


def test_the_cue_of_named_radars_is_the_track_that_the_study_watch_gives(case: Case, few: Land) -> None:
    assert set(RADARS) == set(network_of(case).names)
    bound, seeing = bind(case, "cover", "midpoint"), bind(case, "watch", "midpoint")
    launches, points = ("kozelsk", "tehran"), sample_points(case)
    for radars in ([SITE_RADAR], ["thule", "fylingdales"]):
        found = coverage(bound, launches, land=points, cue=track_cue_of(seeing, radars))
        wanted = watch(seeing, launches, points.ids, radars).rows
        never = 0
        for seen, delay, margin in zip(
            wanted, found.delay.ravel(), found.margin_delay().ravel(), strict=True
        ):
            if seen["track_s"] is None:
                assert margin == -np.inf
                never += 1
            else:
                assert delay == pytest.approx(seen["track_s"] - seen["burnout_s"] + 120.0, abs=SECOND)
        assert 0 < never < len(wanted)
    plain = coverage(bound, ["kozelsk"], land=few)
    assert np.all(plain.delay[plain.flies] == 120.0)


@settings(max_examples=8)
@given(st.sets(st.sampled_from(RADARS), min_size=2), st.data())
def test_coverage_never_grows_when_a_sensor_is_removed(together: set[str], data: st.DataObject) -> None:
    case = detente.load("european-site-2007")
    few = land_cells().take(np.arange(7, len(land_cells()), 60))
    gone = data.draw(st.sampled_from(sorted(together)))
    bound, seeing = bind(case, "cover", "midpoint"), bind(case, "watch", "midpoint")
    whole, fewer = (
        coverage(bound, ["kozelsk", "tehran"], land=few, cue=track_cue_of(seeing, sorted(names)))
        for names in (together, together - {gone})
    )
    assert np.all(fewer.delay >= whole.delay - 1e-6)
    assert np.all(fewer.margin() <= whole.margin() + MISSED)
    assert np.all(fewer.margin_delay() <= whole.margin_delay() + 0.5)
