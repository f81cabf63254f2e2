"""The table of radars: every row reads, sectors wrap, bad rows are named with file, line and way out."""

import tomllib
from pathlib import Path

import pytest

from detente.records.errors import InputError
from detente.records.source import Source
from detente.records.systems import load_radars, shipped_radars

SYSTEMS = Path(__file__).parents[3] / "src" / "detente" / "data" / "systems"
TABLE = (SYSTEMS / "radars.csv").read_text(encoding="utf-8")


def test_every_radar_reads_and_has_its_source_or_reason() -> None:
    text = (SYSTEMS / "sources.toml").read_text(encoding="utf-8")
    sources = {key: Source(**entry) for key, entry in tomllib.loads(text)["sources"].items()}
    radars = {radar.id: radar for radar in shipped_radars()}
    assert {"fylingdales", "thule", "gabala", "kurecik"} <= set(radars)
    for radar in radars.values():
        assert radar.note, radar.id
        assert set(radar.source) <= set(sources), radar.id
        assert bool(radar.source) == (radar.status != "assumed"), radar.id
        assert (radar.place.latitude, radar.place.longitude) == (radar.latitude_deg, radar.longitude_deg)
    assert set(sources) == {key for radar in radars.values() for key in radar.source}


def test_a_sector_across_north_has_its_width() -> None:
    width = {radar.id: radar.sector_width_deg for radar in shipped_radars()}
    assert width["thule"] == 240.0
    assert width["fylingdales"] == 360.0
    assert width["kurecik"] == 120.0
    assert width["cobra-dane"] == 120.0


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("297,177", "297,297", "faces nowhere: its sector begins where it ends"),
        ("297,177,3,85", "297,177,85,3", "faces nowhere: its lowest elevation"),
        ("297,177,3,85,5556", "297,177,3,85,", "range_km"),
        ("297,177,3,85,5556", "297,177,3,85,far", "range_km"),
        ("297,177,3,85,5556,secondary,keeptrack-sensors", "297,177,3,85,5556,secondary,", "needs a source"),
        ("thule,", "fylingdales,", 'two radars with one id "fylingdales"'),
        ("297,177", "-10,177", "sector_start_deg"),
    ],
)
def test_a_bad_row_is_named(tmp_path: Path, before: str, after: str, said: str) -> None:
    path = tmp_path / "radars.csv"
    assert before in TABLE
    path.write_text(TABLE.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(InputError, match=said) as fault:
        load_radars(path)
    assert "radars.csv" in str(fault.value)
    assert "way out" in str(fault.value)
