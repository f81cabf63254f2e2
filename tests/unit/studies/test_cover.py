"""Coverage of land: the grid, shares, sites, doubt, differences, and bad input."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import detente
from detente.physics.trajectory import Arc
from detente.records.case import Case
from detente.records.errors import InputError
from detente.studies.bind import Bound, bind
from detente.studies.cover import (
    ALL_LAND,
    EVERY,
    MODELS,
    at_sites,
    cover_model,
    coverage,
    pairs_to_land,
    quantile,
    within_reach,
)
from detente.studies.cover_tables import between, cells, countries, cover, difference, points
from detente.studies.doubt import likelihood, likely_cells
from detente.studies.engagements import required_speeds
from detente.studies.land import (
    Land,
    country_areas,
    interceptor_sites,
    land_cells,
    sample_points,
    sites_named,
)
from detente.studies.reach import as_columns, reach

MISSED = 0.0005  # km/s: what the search for the least speed may miss; see physics/intercept.py
SOUTH_EAST = ("Turkey", "Greece", "Bulgaria", "Romania", "Italy")


@pytest.fixture(scope="module")
def case() -> Case:
    return detente.load("european-site-2007")


@pytest.fixture(scope="module")
def bound(case: Case) -> Bound:
    return bind(case, "cover", "midpoint")


@pytest.fixture(scope="module")
def few() -> Land:
    """Every 25th cell: all over the globe, both sides of 180 degrees, up to 82 degrees north."""
    return land_cells().take(np.arange(0, len(land_cells()), 25))


def test_the_cells_are_all_land_but_antarctica() -> None:
    land, stated = land_cells(), country_areas()
    total = sum(stated.values())
    assert land.area_km2.sum() == pytest.approx(total, rel=1e-4)
    assert total == pytest.approx(134.4e6, rel=0.01)  # 148.9 million km2 of land less Antarctica, rounded
    for country, area in stated.items():
        if area > 20_000:
            assert land.only([country]).area_km2.sum() == pytest.approx(area, rel=0.03), country
    assert set(land.countries) == set(stated)
    assert land.latitude.min() > -60.0


def test_the_cells_are_places_to_a_tenth_of_a_degree_without_repeats() -> None:
    land = land_cells()
    assert np.array_equal(np.round(land.latitude, 1), land.latitude)
    assert np.array_equal(np.round(land.longitude, 1), land.longitude)
    assert len(set(zip(land.latitude, land.longitude, strict=True))) == len(land)
    assert np.abs(land.longitude).max() <= 180.0
    assert land.area_km2.min() > 0.0
    assert land.area_km2.max() < 1.5 * 63_758


def test_every_country_of_a_case_has_land(case: Case) -> None:
    named = {place.country for place in case.places if place.kind == "sample-point"}
    assert named <= set(land_cells().countries)


def test_the_named_sites_say_how_far_they_can_be_trusted() -> None:
    sites = interceptor_sites()
    assert set(sites) == {"poland", "united-kingdom", "alaska", "california"}
    for site in sites.values():
        assert site.status in {"read", "secondary", "unverified", "assumed"}
        assert site.note
        assert bool(site.source) == (site.status in {"read", "secondary"})


def test_the_pruned_answer_is_the_flat_one(bound: Bound, few: Land) -> None:
    """Bit for bit: what is skipped changes nothing."""
    found = coverage(bound, land=few)
    pairs = pairs_to_land(bound.case, found.launches, few)
    columns = as_columns(bound)
    flat = required_speeds(pairs, columns)
    assert np.array_equal(flat.reshape(found.required.shape), found.required, equal_nan=True)
    reached, flies = within_reach(pairs, columns)
    assert np.array_equal(reached[0], np.nan_to_num(flat[0], nan=np.inf) <= found.speed)
    assert np.array_equal(flies.reshape(found.flies.shape), found.flies)


def test_a_batch_equals_its_members(case: Case, few: Land) -> None:
    columns = [as_columns(bind(case, "cover", name)) for name in ("mda-slides", "midpoint")]
    together = {name: np.concatenate([columns[0][name], columns[1][name]]) for name in columns[0]}
    pairs = pairs_to_land(case, ["tehran", "kozelsk"], few)
    both, _ = within_reach(pairs, together)
    for row, alone in enumerate(columns):
        assert np.array_equal(both[row], within_reach(pairs, alone)[0][0])


def test_cells_agree_with_the_study_of_reach(case: Case, bound: Bound) -> None:
    """The case's sample points as cells: the same margins as `reach` gives them."""
    found = coverage(bound, land=sample_points(case))
    rows = reach(bind(case, "reach", "midpoint"))
    for number, launch in enumerate(found.launches):
        for other, aim in enumerate(found.land.ids):
            row = rows.row(launch, aim)
            margin = found.margin()[number, other]
            if row["margin_km_s"] is None:
                assert np.isinf(margin)
            else:
                assert margin == row["margin_km_s"]
            if row["margin_delay_s"] is not None:
                assert found.margin_delay()[number, other] == pytest.approx(row["margin_delay_s"])


def test_sites_together_cover_what_any_of_them_covers(bound: Bound, few: Land) -> None:
    sites = sites_named(["poland", "united-kingdom", "alaska", "california"])
    found = coverage(bound, ["tehran", "kozelsk"], sites, few)
    alone = [coverage(bound, ["tehran", "kozelsk"], [site], few).margin() for site in sites]
    assert np.array_equal(found.margin(), np.max(alone, axis=0))
    for number, margins in enumerate(alone):
        assert np.array_equal(found.of_site(number).margin(), margins)
    assert sum(np.any(margins >= 0) for margins in alone) == len(sites)


@settings(max_examples=8, deadline=None)
@given(
    left_out=st.sampled_from(["poland", "united-kingdom", "alaska", "california"]),
    position=st.sampled_from(["mda-slides", "midpoint", "lewis-postol-high"]),
)
def test_coverage_never_grows_when_a_site_is_removed(
    case: Case, few: Land, left_out: str, position: str
) -> None:
    given_position = bind(case, "cover", position)
    every = sites_named(["poland", "united-kingdom", "alaska", "california"])
    fewer = [site for site in every if site.id != left_out]
    with_all = coverage(given_position, ["nw-iran", "uzhur"], every, few).margin()
    without = coverage(given_position, ["nw-iran", "uzhur"], fewer, few).margin()
    assert np.all(without <= with_all)


@settings(max_examples=10, deadline=None)
@given(delay=st.floats(0, 600), later=st.floats(1, 400), speed=st.floats(4, 9), slower=st.floats(0.1, 2))
def test_coverage_never_grows_when_delay_grows_or_speed_falls(
    bound: Bound, few: Land, delay: float, later: float, speed: float, slower: float
) -> None:
    columns = {name: np.repeat(value, 3, axis=0) for name, value in as_columns(bound).items()}
    columns["commit_delay"] = np.array([delay, delay + later, delay])
    columns["interceptor_speed"] = np.array([speed, speed - MISSED, speed - slower])
    reached, _ = within_reach(pairs_to_land(bound.case, ["tehran", "kozelsk"], few), columns)
    assert not np.any(reached[1] & ~reached[0])
    assert not np.any(reached[2] & ~reached[0])


def test_coverage_never_grows_when_the_cue_comes_later(bound: Bound, few: Land) -> None:
    """A cue is any function of the flights; one that never comes covers nothing."""

    def late(arc: Arc) -> np.ndarray:
        return np.full(arc.status.shape, 200.0)

    def never(arc: Arc) -> np.ndarray:
        return np.full(arc.status.shape, np.inf)

    at_burnout = coverage(bound, ["tehran"], land=few)
    later = coverage(bound, ["tehran"], land=few, cue=late)
    assert np.all(later.margin() <= at_burnout.margin() + MISSED)
    assert np.any(later.margin() < at_burnout.margin())
    assert np.all(later.delay == at_burnout.delay + 200.0)
    assert np.all(np.isinf(coverage(bound, ["tehran"], land=few, cue=never).margin()))


def test_every_launch_area_at_once_is_the_worst_of_them(bound: Bound) -> None:
    found = coverage(bound, ["tehran", "kozelsk"], land=land_cells().only(SOUTH_EAST))
    table = countries(found)
    assert [row["aim"] for row in table.rows[:6]] == [ALL_LAND, *sorted(SOUTH_EAST)]
    for country in (ALL_LAND, *SOUTH_EAST):
        shares = [table.row(launch, country)["share"] for launch in found.launches]
        assert table.row(EVERY, country)["share"] <= min(shares) + 1e-12
    whole = table.row("tehran", ALL_LAND)
    parts = [table.row("tehran", country) for country in SOUTH_EAST]
    assert whole["share"] * whole["area_km2"] == pytest.approx(sum(p["share"] * p["area_km2"] for p in parts))


def test_shares_bands_and_verdicts_belong_together(bound: Bound, few: Land) -> None:
    found = coverage(bound, ["nw-iran", "tatishchevo"], land=few)
    seen = set()
    for row in countries(found).rows:
        assert 0.0 <= row["share_beyond_band"] <= row["share"] <= 1.0
        assert row["share"] <= row["share_beyond_band"] + row["share_within_band"] + 1e-12
        assert row["margin_share"] == pytest.approx(row["share"] - 1.0)
        if row["margin_km_s"] is None:
            assert row["reason"]
        else:
            assert (row["margin_km_s"] >= 0) == (row["margin_share"] >= 0)
        seen.add(row["status"])
    assert seen == {"not ruled out", "indeterminate", "ruled out in this model"}


def test_the_margin_at_the_standard_is_where_the_share_is_the_standard() -> None:
    margins, area = np.array([3.0, -1.0, 1.0, -np.inf]), np.array([1.0, 1.0, 2.0, 1.0])
    assert quantile(margins, area, 0.2) == 3.0
    assert quantile(margins, area, 0.6) == 1.0
    assert quantile(margins, area, 0.61) == -1.0
    assert quantile(margins, area, 1.0) == -np.inf


def test_rows_by_cell_and_by_sample_point(bound: Bound) -> None:
    found = coverage(bound, ["nw-iran", "kozelsk"], land=land_cells().only(["Greece", "Iran"]))
    for row in cells(found).rows:
        assert row["launch_areas_covered"] <= row["launch_areas"] <= 2
        assert (
            len([name for name in row["covered_against"].split("; ") if name]) == row["launch_areas_covered"]
        )
        assert (row["margin_km_s"] is None) == bool(row["reason"]) or row["margin_delay_s"] is None
    near = [row for row in cells(found, "nw-iran").rows if row["status"] == "no flight"]
    assert near == []  # the notional boost of the shortest class is 90 km: no cell of this grid is nearer
    told = points(bound)
    assert [row["cell"] for row in told.rows] == [p.id for p in bound.case.places_of("sample-point")]
    assert "upper bound" in told.caveat


def test_the_model_for_the_crux_gives_the_shares_of_the_table(case: Case, bound: Bound) -> None:
    pairs = [("nw-iran", "athens"), ("kozelsk", "washington"), ("nw-iran", "sofia")]
    model = cover_model(case, pairs)
    columns = {name: np.repeat(value, 2, axis=0) for name, value in as_columns(bound).items()}
    columns["coverage_standard"] = np.array([1.0, 0.5])
    margins = model(columns)["margin_share"]
    table = cover(bound, ["nw-iran", "kozelsk"], ["athens", "washington", "sofia"])
    for number, (launch, aim) in enumerate(pairs):
        row = table.row(launch, case.place(aim).country)
        assert margins[0, number] == pytest.approx(row["margin_share"], abs=1e-12)
        assert margins[1, number] == pytest.approx(row["share"] - 0.5, abs=1e-12)
    for output in ("margin_km_s", "margin_delay_s"):
        found = MODELS[output](case, pairs)(columns)[output]
        for number, (launch, aim) in enumerate(pairs):
            told = table.row(launch, case.place(aim).country)[output]
            assert np.isnan(found[0, number]) if told is None else found[0, number] == pytest.approx(told)
        assert np.all(np.nan_to_num(found[1], nan=-1e9) >= np.nan_to_num(found[0], nan=-1e9))


def test_doubt_is_drawn_the_same_way_whatever_else_is_asked(bound: Bound) -> None:
    land = land_cells().only(["Greece", "Bulgaria"])
    found = likelihood(bound, 12, 5, ["nw-iran", "kozelsk"], land=land)
    again = likelihood(bound, 12, 5, ["kozelsk"], land=land)
    assert np.array_equal(found.each[1], again.each[0], equal_nan=True)
    assert np.all(found.every <= np.minimum(*found.each) + 1e-12)
    assert np.all((found.each >= 0.0) & (found.each <= 1.0))
    assert np.any((found.each > 0.0) & (found.each < 1.0))
    assert not np.array_equal(found.each, likelihood(bound, 12, 6, ["nw-iran", "kozelsk"], land=land).each)
    assert "commit_delay" in found.varied
    rows = likely_cells(found, "nw-iran").rows
    assert [row["probability"] for row in rows] == found.each[0].tolist()


def test_the_difference_of_two_positions(case: Case) -> None:
    first, second = between(case, ("mda-claim", "lewis-postol-low"), ["nw-iran"])
    told = difference(first, second)
    by = {kind: sum(row["covered_by"] == kind for row in told.rows) for kind in ("first only", "second only")}
    assert by["first only"] == 0  # a faster interceptor, all else equal
    assert by["second only"] > 100
    known = [row["margin_difference_km_s"] for row in told.rows if row["margin_difference_km_s"] is not None]
    assert known == pytest.approx([7.7 - 6.3] * len(known))
    itself = difference(first, first)
    assert {row["covered_by"] for row in itself.rows} <= {"both", "neither", "no flight"}
    with pytest.raises(ValueError, match="same cells"):
        difference(first, coverage(second.bound, ["tehran"], land=second.land))


def test_places_at_the_pole_and_on_both_sides_of_180_degrees_are_places_like_others(bound: Bound) -> None:
    """180 east is 180 west, and at the pole every longitude is the same place."""
    here = np.array([[65.0, 65.0, 90.0, 90.0], [180.0, -180.0, 0.0, 135.0]])
    land = Land(("a", "b", "c", "d"), ("x",) * 4, here[0], here[1], np.ones(4))
    margins = coverage(bound, ["kozelsk", "uzhur"], land=land).margin()
    assert np.isfinite(margins).all()
    assert margins[:, 0] == pytest.approx(margins[:, 1], abs=1e-6)
    assert margins[:, 2] == pytest.approx(margins[:, 3], abs=1e-6)


def test_sites_are_tiled_in_front_of_mixtures(bound: Bound) -> None:
    columns = {name: np.repeat(value, 3, axis=0) for name, value in as_columns(bound).items()}
    tiled = at_sites(columns, sites_named(["poland", "alaska"]))
    assert tiled["interceptor_site"].shape == (6, 2)
    assert tiled["interceptor_site"][:3].tolist() == [[54.5, 17.1]] * 3
    assert len(tiled["commit_delay"]) == 6


def test_bad_input_is_refused_with_a_way_out(bound: Bound) -> None:
    with pytest.raises(InputError, match=r"there is no launch area(.|\n)*tehran"):
        coverage(bound, ["teheran"])
    with pytest.raises(InputError, match=r"no interceptor site \"alasca\"(.|\n)*alaska"):
        sites_named(["alasca"])
    with pytest.raises(InputError, match="named twice"):
        sites_named(["alaska", "alaska"])
    (own,) = sites_named(["redzikowo"], bound.case)
    assert (own.name, own.status) == ("Redzikowo", "secondary")
    with pytest.raises(InputError, match='did you mean "redzikowo"'):
        sites_named(["redzikow"], bound.case)
    with pytest.raises(InputError, match="at least one interceptor site"):
        coverage(bound, sites=[])
    with pytest.raises(InputError, match=r"no land of a country(.|\n)*Greece"):
        land_cells().only(["Grece"])
    for draws in (0, 10**12):
        with pytest.raises(InputError, match="outside 1 to"):
            likelihood(bound, draws, 1)
