"""The watch study: rows, margins, networks, the crux on them, batches against members, bad input."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import detente
from detente.physics.trajectory import arc_take
from detente.records.case import Case
from detente.records.claim import Reading
from detente.records.errors import InputError
from detente.records.figure import Figure
from detente.studies.bind import bind
from detente.studies.catalog import STUDIES
from detente.studies.catalog.watch import NETWORKS, WATCH
from detente.studies.engagements import flights, pairs_between
from detente.studies.reach import as_columns
from detente.studies.readings import sentence
from detente.studies.sensors import SITE_RADAR, network_of
from detente.studies.watch import MODELS, in_custody, skies, watch

PAIRS = (("kozelsk", "washington"), ("uzhur", "washington"), ("tehran", "london"), ("nw-iran", "ankara"))
POWERS = {"radar_power_meaning": "mean"}


@pytest.fixture(scope="module")
def case() -> Case:
    return detente.load("european-site-2007")


def row(case: Case, pair: tuple[str, str], settings: Any = None, radars: Any = None) -> dict[str, Any]:
    return watch(bind(case, "watch", "midpoint", settings), [pair[0]], [pair[1]], radars).rows[0]


def test_one_row_for_every_pair_and_every_null_has_its_reason(case: Case) -> None:
    assert STUDIES["watch"] is WATCH
    settings = {
        "radar_network": "site-radar",
        "radar_sector_width": "40 deg",
        "radar_sector_center": "300 deg",
    }
    outcome = watch(bind(case, "watch", "midpoint", settings))
    assert len({(r["launch"], r["aim"]) for r in outcome.rows}) == len(outcome.rows) == 10 * 13
    assert [column.name for column in outcome.columns] == list(outcome.rows[0])
    for found in outcome.rows:
        if any(value is None for value in found.values()):
            assert found["reason"]
    assert {r["status"] for r in outcome.rows} >= {"ruled out in this model", "not ruled out"}


def test_a_row_is_consistent_with_itself(case: Case) -> None:
    for found in watch(bind(case, "watch", "midpoint", {"warning_cue": "early-warning"})).rows:
        assert found["cue_s"] == found["burnout_s"]
        assert found["commit_s"] == pytest.approx(found["cue_s"] + 120.0)
        told = [one.split(" ", 1) for one in filter(None, found["in_view_of"].split("; "))]
        seen = {
            radar: [float(edge) for edge in times.replace(",", "").split(" to ")]
            for radar, times in told
            if " and " not in times
        }
        if found["first_seen_s"] is None:
            assert found["in_view_of"] == ""
            continue
        if found["first_seen_by"] in seen:
            assert seen[found["first_seen_by"]][0] == pytest.approx(found["first_seen_s"], abs=0.51)
        assert all(first <= last for first, last in seen.values())
        assert sum(last - first for first, last in seen.values()) >= found["view_s"] - 1 or len(seen) == 0
        assert found["burnout_s"] <= found["first_seen_s"] <= found["impact_s"]
        assert found["margin_db"] >= found["first_seen_margin_db"] - 1e-6
        assert found["first_seen_margin_db"] >= -1e-6
        assert (
            found["unbroken_view_s"] <= found["view_s"] + 1e-6 <= found["impact_s"] - found["burnout_s"] + 1
        )
        assert (found["track_s"] is not None) == (found["margin_view_s"] >= 0)
        if found["track_s"] is not None:
            assert found["track_s"] >= found["first_seen_s"] + 60.0 - 1e-6
        if found["margin_site_db"] is not None:
            level = 40 * np.log10(found["detection_range_km"] / found["closest_site_km"])
            assert found["margin_site_db"] == pytest.approx(level)


def test_the_clock_runs_from_warning_or_rise_or_track(case: Case) -> None:
    """Kozelsk is in view at burnout, so that a firm track costs the track time; Tehran rises later."""
    for pair in (("kozelsk", "washington"), ("tehran", "washington")):
        cues = [
            row(case, pair, {"warning_cue": word})["cue_s"] for word in ("early-warning", "radar-horizon")
        ]
        found = row(case, pair)
        assert cues[0] <= cues[1] <= found["track_s"]
        assert found["track_s"] == pytest.approx(found["first_seen_s"] + 60.0)
    straight = {"warning_cue": "radar-horizon", "radar_refraction": "straight"}
    rise = row(case, ("tehran", "washington"), straight, [SITE_RADAR])
    assert rise["cue_s"] == pytest.approx(rise["first_seen_s"], abs=1e-3)


def test_mean_or_pulse_power_is_six_decibels_and_1_414_in_range(case: Case) -> None:
    pulse, mean = row(case, PAIRS[1]), row(case, PAIRS[1], POWERS)
    assert mean["detection_range_km"] / pulse["detection_range_km"] == pytest.approx(1.414, abs=5e-4)
    assert mean["margin_site_db"] - pulse["margin_site_db"] == pytest.approx(6.0206, abs=1e-4)
    assert pulse["margin_db"] == mean["margin_db"] > pulse["margin_site_db"]  # Thule is nearer, and listed


@settings(max_examples=12)
@given(required=st.floats(0, 30), more=st.floats(0.1, 10))
def test_a_higher_requirement_never_sees_more(required: float, more: float) -> None:
    easy, hard = (
        row(
            detente.load("european-site-2007"),
            ("uzhur", "washington"),
            {"radar_required_snr": f"{level!r} dB", "target_cross_section": "0.01 m2"},
            [SITE_RADAR],
        )
        for level in (required, required + more)
    )
    assert hard["detection_range_km"] < easy["detection_range_km"]
    assert easy["margin_site_db"] - hard["margin_site_db"] == pytest.approx(more, abs=1e-6)
    assert hard["view_s"] <= easy["view_s"] + 1e-6
    assert (easy["first_seen_s"] or np.inf) <= (hard["first_seen_s"] or np.inf) + 1e-6


@pytest.mark.parametrize("gone", range(5))
def test_coverage_never_grows_when_a_radar_is_removed(case: Case, gone: int) -> None:
    bound = bind(case, "watch", "midpoint", {"target_cross_section": "0.01 m2"})
    names = network_of(case).names
    assert len(names) == 5
    launches, aims = ["kozelsk", "uzhur", "tehran"], ["washington", "ankara"]
    for whole, fewer in zip(
        watch(bound, launches, aims, names).rows,
        watch(bound, launches, aims, [n for n in names if n != names[gone]]).rows,
        strict=True,
    ):
        assert (fewer["margin_db"] or -np.inf) <= (whole["margin_db"] or -np.inf) + 1e-6
        assert fewer["view_s"] <= whole["view_s"] + 1e-6
        assert fewer["unbroken_view_s"] <= whole["unbroken_view_s"] + 1e-6
        for when in ("first_seen_s", "track_s"):
            early, late = (np.inf if r[when] is None else r[when] for r in (whole, fewer))
            assert early <= late + 1e-6


def test_the_network_of_a_position_is_the_radars_that_it_names(case: Case) -> None:
    early = ["fylingdales", "thule"]
    named = {
        "site-radar": [SITE_RADAR],
        "early-warning": early,
        "site-and-early-warning": [SITE_RADAR, *early],
        "all": [SITE_RADAR, *early, "gabala", "kurecik"],
    }
    assert set(named) == set(NETWORKS)
    for word, radars in named.items():
        for pair in PAIRS[1:3]:
            assert row(case, pair, {"radar_network": word}) == row(case, pair, None, radars)


def test_the_track_passes_from_the_site_to_the_early_warning_radars(case: Case) -> None:
    both, alone = row(case, PAIRS[0]), row(case, PAIRS[0], None, [SITE_RADAR])
    assert both["handovers"] >= 1
    assert alone["handovers"] == 0
    assert both["unbroken_view_s"] > alone["unbroken_view_s"]


@pytest.mark.parametrize("output", sorted(MODELS))
def test_a_batch_equals_its_members_and_the_study(case: Case, output: str) -> None:
    columns = {
        name: np.repeat(values, 8, axis=0)
        for name, values in as_columns(bind(case, "watch", "midpoint")).items()
    }
    columns["radar_power_meaning"] = np.array(["pulse", "mean"] * 4)
    columns["radar_network"] = np.array([*NETWORKS, *NETWORKS])
    columns["target_cross_section"] = np.geomspace(1e-3, 1.0, 8)
    columns["radar_site"] = np.array([(49.6, 13.7), (40.9, 47.8)] * 4)
    columns["radar_refraction"] = np.array(["straight", "four-thirds-earth"] + ["standard-atmosphere"] * 6)
    columns["radar_sector_width"] = np.array([360.0] * 6 + [90.0] * 2)
    columns["icbm_burn_time"] = np.linspace(170, 240, 8)
    model = MODELS[output](case, PAIRS)
    together = model(columns)[output]
    assert together.shape == (8, 4)
    for n in (0, 3, 5, 7):
        alone = model({name: values[n : n + 1] for name, values in columns.items()})[output]
        np.testing.assert_array_equal(alone[0], together[n])
    plain = model(as_columns(bind(case, "watch", "midpoint")))[output][0]
    for pair, value in zip(PAIRS, plain, strict=True):
        found = row(case, pair)[output]
        assert (np.nan if found is None else found) == pytest.approx(value, rel=1e-6, nan_ok=True)


def test_reach_can_take_the_cue_of_a_firm_track(case: Case) -> None:
    """Arrays in, arrays out: the cue after burnout for mixtures, as a reach study would ask for it."""
    columns = as_columns(bind(case, "watch", "midpoint"))
    pairs = pairs_between(case, ["kozelsk", "tehran"], ["washington"])
    (flown,) = flights(pairs, columns)
    sky = skies(flown, columns)
    found = in_custody(sky, network_of(case, [SITE_RADAR]))
    after_burnout = (found.track - sky.arc.burnout_time)[sky.index]
    assert after_burnout.shape == (1, 2)
    for n, launch in enumerate(("kozelsk", "tehran")):
        wanted = row(case, (launch, "washington"), None, [SITE_RADAR])
        assert after_burnout[0, n] == pytest.approx(wanted["track_s"] - wanted["burnout_s"])
    assert arc_take(sky.arc, 0).status.shape == (2,)


def test_the_crux_runs_on_the_power_of_the_radar(case: Case) -> None:
    """Two positions that differ in what 170 kW means and in cross-section: which of the two decides?"""
    plain = {name: values[0] for name, values in as_columns(bind(case, "watch", "midpoint")).items()}
    sides = tuple(
        {name: tuple(value) if np.ndim(value) else value for name, value in plain.items()}
        | {"radar_power_meaning": word, "target_cross_section": cross, "radar_required_snr": needed}
        for word, cross, needed in (("pulse", 0.01, 13.0), ("mean", 0.1, 13.0))
    )
    model = MODELS["margin_site_db"](case, [("uzhur", "washington")])

    def margin(columns: Any) -> Any:
        return {"margin": model(columns)["margin_site_db"][:, 0]}

    found = detente.crux(margin, detente.Claim("seen", margin="margin"), *sides)
    assert found.k == 2
    assert list(found.verdicts) == ["no", "yes"]
    assert found.margins[1] - found.margins[0] == pytest.approx(10.0 + 6.0206, abs=1e-3)
    shares = {r.assumption: r.phi for r in found.attribution_rows}
    assert shares["target_cross_section"] == pytest.approx(10.0, abs=1e-3)
    assert shares["radar_power_meaning"] == pytest.approx(6.0206, abs=1e-3)


def test_bad_input_says_what_and_how(case: Case) -> None:
    with pytest.raises(InputError, match=r'no radar "fylingdale"[\s\S]*fylingdales'):
        row(case, PAIRS[0], None, ["fylingdale"])
    with pytest.raises(InputError, match="no radar is named"):
        row(case, PAIRS[0], None, [])
    with pytest.raises(InputError, match="outside its physical bounds 1 deg to 360 deg"):
        row(case, PAIRS[0], {"radar_sector_width": "0 deg"})
    with pytest.raises(InputError, match="outside its physical bounds"):
        row(case, PAIRS[0], {"radar_power": "0 kW"})
    with pytest.raises(InputError, match='"watts" is not a choice'):
        row(case, PAIRS[0], {"radar_power_meaning": "watts"})
    with pytest.raises(InputError, match='"kW" is a unit of power'):
        row(case, PAIRS[0], {"radar_losses": "3 kW"})


def test_a_radar_that_nothing_is_known_of_is_noticed(case: Case) -> None:
    assert not watch(bind(case, "watch", "midpoint"), ["kozelsk"], ["washington"]).notices
    moved = bind(case, "watch", "midpoint", {"radar_site": "40.9N 47.8E"})
    (notice,) = watch(moved, ["kozelsk"], ["washington"]).notices
    assert notice.startswith('radar "brdy" does not watch')
    assert Figure(value="6 dB", status="unverified", note="x").central("dB") == 6.0


def test_a_claim_on_sight_is_said_in_its_own_words() -> None:
    said = {
        output: sentence(
            Reading(study="watch", output=output, launches=("a",), aims=("b",), quantifier="any"), {}
        )
        for output in MODELS
    }
    assert said["margin_db"] == "at least one missile launched from a toward b can be seen"
    assert said["margin_site_db"].endswith("can be seen from the site")
    assert said["margin_view_s"].endswith("can be tracked")
