"""The U.S. coverage map of 2007 as it was told: sign and order only, cell by cell.

The Czech ambassador to NATO, quoted by HotNews.ro: not covered are Turkey, Greece, Bulgaria and eastern
Romania. The map itself was read by nobody here. Sources: `detente sources european-site-2007`.
"""

import numpy as np
import pytest

import detente
from detente.studies.bind import bind
from detente.studies.cover import coverage
from detente.studies.land import land_cells

LEFT_OUT = ("Turkey", "Greece", "Bulgaria")
WESTERN_EUROPE = (
    *("United Kingdom", "Ireland", "France", "Belgium", "Netherlands", "Luxembourg", "Germany", "Denmark"),
    *("Portugal", "Spain", "Switzerland", "Austria", "Italy", "Norway", "Sweden", "Finland"),
    *("Poland", "Czech Republic", "Slovakia", "Hungary", "Slovenia", "Croatia"),
)
EASTERN_ROMANIA_FROM = 26.0  # degrees east: Moldavia, Dobruja and eastern Wallachia lie beyond


@pytest.mark.parametrize("speed", ["6.3 km/s", "6.6 km/s", "7.0 km/s"])
def test_one_commit_delay_leaves_out_exactly_that_land(speed: str) -> None:
    """Every cell left out must be met sooner than every cell that stays in, Washington's among them."""
    bound = bind(detente.load("european-site-2007"), "cover", "midpoint", {"interceptor_speed": speed})
    named = (*LEFT_OUT, "Romania", "United States", *WESTERN_EUROPE)
    land = land_cells().only(named)
    latest = np.nan_to_num(coverage(bound, ["nw-iran"], land=land).latest[0, 0], nan=-np.inf)
    country = np.array(land.countries)
    east = (country == "Romania") & (land.longitude >= EASTERN_ROMANIA_FROM)
    out = np.isin(country, LEFT_OUT) | east
    in_europe = np.isin(country, WESTERN_EUROPE) & (land.latitude > 35.0)  # France has land overseas
    off_washington = np.hypot(land.latitude - 38.9, land.longitude + 77.0)
    washington = (country == "United States") & (off_washington == off_washington.min())
    kept = in_europe | washington | ((country == "Romania") & ~east)
    assert washington.sum() == 1
    assert east.sum() >= 2
    assert latest[out].max() < latest[kept].min()
