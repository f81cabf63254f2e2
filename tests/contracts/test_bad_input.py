"""What cannot be answered says so: in one clear message, or in the row that it concerns.

A worker that dies and a disk that fills up are in tests/unit/sweep/test_runs.py.
"""

from pathlib import Path

import numpy as np
import pytest

import detente
from detente import api
from detente.records.errors import InputError

CASE = "european-site-2007"


@pytest.fixture
def made(tmp_path: Path) -> Path:
    return api.new("made", tmp_path)


def moved(folder: Path, name: str, latitude: str, longitude: str) -> Path:
    """The new case with one of its places somewhere else."""
    path = folder / "places.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    found = next(n for n, line in enumerate(lines) if line.startswith(f"{name},"))
    cells = lines[found].split(",")
    lines[found] = ",".join([*cells[:3], latitude, longitude, *cells[5:]])
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("latitude", "longitude", "rule"),
    [("-95.0", "10.0", "outside -90 to 90"), ("45.0", "400.0", "outside"), ("north", "10.0", "number")],
)
def test_a_sample_point_out_of_range_is_refused_where_it_stands(
    made: Path, latitude: str, longitude: str, rule: str
) -> None:
    (problem,) = api.check(moved(made, "point-one", latitude, longitude))
    assert (problem.line, problem.file) == (4, "places.csv")
    assert rule in str(problem)
    with pytest.raises(InputError, match=rule):
        detente.run(made, "reach", "party-a")


@pytest.mark.parametrize("study", ["reach", "watch", "engage"])
def test_a_sample_point_without_a_flight_is_a_row_with_a_reason_and_the_others_stay(
    made: Path, study: str
) -> None:
    """On the launch area itself, and half way round the globe from it."""
    whole = {row["launch"] + row["aim"]: row for row in detente.run(made, study, "party-a").rows}
    for latitude, longitude, reason in (("-35.0", "-140.0", "within the ground"), ("35.0", "40.0", "half")):
        rows = detente.run(moved(made, "point-one", latitude, longitude), study, "party-a").rows
        (bad,) = [row for row in rows if (row["launch"], row["aim"]) == ("area-one", "point-one")]
        assert reason in bad["reason"]
        assert bad["impact_s"] is None
        for row in rows:
            if row["aim"] == "point-two":
                assert row == whole[row["launch"] + row["aim"]]


def test_a_launch_area_inside_the_site_is_noticed_and_the_rows_stay(made: Path) -> None:
    moved(made, "area-one", "-40.0", "-120.1")
    for study in ("reach", "engage", "cover"):
        outcome = detente.run(made, study, "party-a")
        (notice,) = outcome.notices
        assert 'launch area "area-one" lies inside the interceptor site, 9 km from it' in notice
        assert outcome.rows
    assert detente.run(made, "inventory", "party-a").notices == ()
    found = api.cover(made, "party-a", by="point")
    assert "lies inside" in found.rows.notices[0]
    named = api.cover(
        moved(made, "area-one", "54.5", "17.1"),
        "party-a",
        by="point",
        sites=["poland"],
        launches=["area-one"],
    )
    assert any('inside the interceptor site "poland", 0 km' in notice for notice in named.rows.notices)


def test_a_radar_that_faces_nowhere_says_so() -> None:
    for settings, rule in (
        ({"radar_sector_width": "0 deg"}, "outside its physical bounds 1 deg to 360 deg"),
        ({"radar_minimum_elevation": "90 deg"}, "outside its physical bounds 0 deg to 60 deg"),
    ):
        with pytest.raises(InputError, match=rule):
            detente.run(CASE, "watch", "midpoint", settings)
    away = {"radar_sector_width": "20 deg", "radar_sector_center": "180 deg"}
    rows = detente.run(
        CASE,
        "watch",
        "midpoint",
        away,
        launches=["uzhur"],
        aims=["london", "washington"],
        radars=["site-radar"],
    ).rows
    for row in rows:
        assert row["first_seen_by"] is None
        assert "never in the part of the sky that these radars cover" in row["reason"]
    shots = {"clock": "radar-track"} | away
    rows = detente.run(CASE, "engage", "midpoint", shots, launches=["uzhur"], radars=["site-radar"]).rows
    assert all("the cue never comes" in row["reason"] for row in rows if row["cue_s"] is None)
    assert any(row["cue_s"] is None for row in rows)


@pytest.mark.parametrize("study", ["reach", "watch", "engage", "cover"])
def test_a_negative_delay_is_refused(study: str) -> None:
    with pytest.raises(InputError, match="commit delay -5 s is outside its physical bounds 0 s to 3600 s"):
        detente.run(CASE, study, "midpoint", {"commit_delay": "-5 s"})


@pytest.mark.parametrize("samples", [0, -1, 10**12])
def test_a_sample_of_none_or_of_far_too_many_is_refused_before_anything_is_written(
    tmp_path: Path, samples: int
) -> None:
    with pytest.raises(InputError, match="sample"):
        api.sweep_case(CASE, "reach", "midpoint", samples, tmp_path / "run")
    assert not (tmp_path / "run").exists()
    with pytest.raises(InputError, match="outside 1 to"):
        api.cover(CASE, "midpoint", draws=samples)


def test_a_delay_that_no_row_survives_leaves_every_row_with_a_reason() -> None:
    rows = detente.run(CASE, "reach", "midpoint", {"commit_delay": "3600 s"}).rows
    assert len(rows) == 130
    assert all(row["reason"] for row in rows)
    margins = [row["margin_delay_s"] for row in rows if row["margin_delay_s"] is not None]
    assert np.max(margins) < 0.0
