"""What each site and radar adds: the parts, their order, and that nothing shrinks when one is added."""

import numpy as np
import pytest

import detente
from detente.records.case import Case
from detente.studies.bind import bind
from detente.studies.cover import ALL_LAND, EVERY, coverage
from detente.studies.cover_parts import apart, parts_of
from detente.studies.cover_tables import countries, points
from detente.studies.land import Land, land_cells, sample_points, sites_named
from detente.studies.sensors import track_cue_of

SITES, RADARS = ("poland", "united-kingdom", "alaska"), ("site-radar", "fylingdales", "gabala")


@pytest.fixture(scope="module")
def case() -> Case:
    return detente.load("european-site-2007")


@pytest.fixture(scope="module")
def few() -> Land:
    return land_cells().take(np.arange(0, len(land_cells()), 50))


def test_the_parts_name_each_alone_and_all_but_each() -> None:
    found = {part.what: (part.sites, part.radars) for part in parts_of(SITES, RADARS)}
    assert len(found) == 1 + 3 + 3 + 3 + 3 + 1
    assert found["all together"] == (SITES, RADARS)
    assert found["site alaska alone"] == (("alaska",), RADARS)
    assert found["without site alaska"] == (SITES[:2], RADARS)
    assert found["radar gabala alone"] == (SITES, ("gabala",))
    assert found["without radar gabala"] == (SITES, RADARS[:2])
    assert found["no radar: the position's own cue"] == (SITES, ())
    two = [part.what for part in parts_of(("a", "b"), ())]
    assert two == ["all together", "site a alone", "site b alone"]
    assert [part.what for part in parts_of(("a",), ())] == ["all together"]


def test_shares_are_those_of_coverage_asked_alone_and_never_grow_with_less(case: Case, few: Land) -> None:
    bound, seeing = bind(case, "cover", "midpoint"), bind(case, "watch", "midpoint")
    sites = sites_named(SITES)
    cues = {p.radars: track_cue_of(seeing, p.radars) if p.radars else None for p in parts_of(SITES, RADARS)}
    launches = ("nw-iran", "kozelsk")
    found = apart(bound, cues, RADARS, (launches, sites), few, "country")
    assert [column.name for column in found.columns] == list(found.rows[0])
    share = {(row["part"], row["launch"]): row["share"] for row in found.rows}
    for launch in (EVERY, *launches):
        whole = share["all together", launch]
        for part in parts_of(SITES, RADARS)[:-1]:
            assert share[part.what, launch] <= whole + 1e-12
        assert share["no radar: the position's own cue", launch] >= whole
    alone = countries(coverage(bound, launches, sites[:1], few, cues[RADARS]))
    for launch in (EVERY, *launches):
        assert share["site poland alone", launch] == alone.row(launch, ALL_LAND)["share"]
    land = apart(bound, cues, RADARS, (launches, sites), few, "country", ("Russia", "Canada"))
    assert {row["aim"] for row in land.rows} == {"Russia", "Canada"}


def test_sample_points_are_those_of_the_table_of_points(case: Case) -> None:
    bound, sites = bind(case, "cover", "midpoint"), sites_named(("poland", "alaska"))
    land = sample_points(case)
    found = apart(bound, {(): None}, (), (["tehran"], sites), land, "point")
    wanted = points(bound, ["tehran"], sites[1:]).rows
    ours = [row for row in found.rows if row["part"] == "site alaska alone"]
    assert [(row["cell"], row["margin_km_s"]) for row in ours] == [
        (row["cell"], row["margin_km_s"]) for row in wanted
    ]
