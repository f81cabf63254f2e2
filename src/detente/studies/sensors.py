"""Which radars watch under a position, as sensors for the geometry, and how far the site's own one sees."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.physics.custody import Sensor, track_cue
from detente.physics.radar import aperture_look, detection_range, mean_power, ratio, wavelength
from detente.physics.trajectory import Arc
from detente.records.base import digest_of
from detente.records.case import Case, NamedPlace
from detente.records.errors import InputError, Problem, did_you_mean
from detente.records.systems import Radar, shipped_radars

from .bind import Bound, plain_value
from .catalog.watch import NETWORKS
from .engagements import Cue, sites

Array = NDArray[np.float64]
Columns = Mapping[str, NDArray[Any]]

SITE_RADAR = "site-radar"
"""The name of the position's own radar, in outcomes and where radars are named."""

_REFRACTION = {
    "straight": (1.0, 0.0),
    "standard-atmosphere": (1.0, 1.0),
    "four-thirds-earth": (4.0 / 3.0, 0.0),
}
_WITH_SITE = {"site-radar", "site-and-early-warning", "all"}
_WITH_EARLY = {"early-warning", "site-and-early-warning", "all"}


@dataclass(frozen=True)
class Listed:
    """A radar of the case that the table of radars knows: the case's place, the table's sector and range."""

    id: str
    name: str
    radar: Radar
    degrees: tuple[float, float]


@dataclass(frozen=True)
class Network:
    """The radars that may watch in a case; `only` names those that do, whatever the position says."""

    listed: tuple[Listed, ...]
    unlisted: tuple[NamedPlace, ...]
    only: tuple[str, ...] | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The radars in the order in which results count them, the site's own one first."""
        return (SITE_RADAR, *(one.id for one in self.listed))


def digest_with(bound: Bound, network: Network) -> str:
    """SHA-256 over a bound position and the radars that watch with it."""
    radars = [one.radar.model_dump(mode="json") for one in network.listed]
    return digest_of({"bound": bound.digest, "only": network.only, "radars": radars})


def network_of(case: Case, radars: Sequence[str] | None = None) -> Network:
    """The radars of a case, or some of them by name. Raises `InputError` for one that is not among them."""
    known = {radar.id: radar for radar in shipped_radars()}
    places = case.places_of("radar")
    listed = tuple(
        Listed(place.id, place.name, known[place.id], (place.place.latitude, place.place.longitude))
        for place in places
        if place.id in known
    )
    unlisted = tuple(place for place in places if place.id not in known)
    found = Network(listed, unlisted, None if radars is None else tuple(radars))
    wrong = [name for name in radars or () if name not in found.names]
    if wrong:
        way_out = did_you_mean(wrong[0], found.names)
        raise InputError([Problem(f'this case has no radar "{name}"', way_out, key=name) for name in wrong])
    if radars is not None and not radars:
        raise InputError(Problem("no radar is named", f"name one of {', '.join(found.names)}", key="radars"))
    return found


def track_cue_of(bound: Bound, radars: Sequence[str]) -> Cue:
    """The clock that starts with a firm track of some radars: seconds after threat burnout, NaN for never.

    `bound` is a position bound to the study `watch` or `engage`; `radars` are radars of its case by name
    ("site-radar" is the position's own), together. Raises `InputError` for one that is not there.
    """
    network = network_of(bound.case, radars)
    columns = {name: np.array([plain_value(value)]) for name, value in bound.values.items()}
    sky, on = sky_table(columns), np.ones(1, dtype=bool)
    sensors = [listed_sensor(one, sky, on) for one in network.listed if one.id in radars]
    if SITE_RADAR in radars:
        sensors.insert(0, site_sensor(sky, site_range(columns)))
    times = [float(columns[name][0]) for name in ("radar_track_time", "radar_bridged_gap")]

    def cue(arc: Arc) -> Array:
        found: Array = track_cue(arc, sensors, *times).time - arc.burnout_time
        return found

    return cue


def site_range(columns: Columns) -> Array:
    """Range [m] at which the radar at the site has the required signal-to-noise, (n,).

    From catalog units: kW, %, m2, GHz, ms, K, dB. See radar.detection_range.
    """
    power = _column(columns, "radar_power") * 1e3
    pulse = np.asarray(columns["radar_power_meaning"]) == "pulse"
    mean = np.where(pulse, mean_power(power, _column(columns, "radar_duty") * 0.01), power)
    look = aperture_look(
        mean,
        _column(columns, "radar_integration_time") * 1e-3,
        _column(columns, "radar_aperture") * _column(columns, "radar_aperture_efficiency"),
        wavelength(_column(columns, "radar_frequency") * 1e9),
        _column(columns, "target_cross_section"),
        _column(columns, "radar_noise_temperature"),
        ratio(_column(columns, "radar_losses")),
    )
    return detection_range(look, ratio(_column(columns, "radar_required_snr")))


def sky_table(columns: Columns) -> Array:
    """What part of the sky the site's radar covers and who else watches, (n, 9), for `site_sensor`.

    Columns: latitude and longitude, lowest elevation, sector start and width [deg], refraction factor and
    bending, the number of the network in its list of choices, whether the Earth is the ellipsoid.
    """
    width = _column(columns, "radar_sector_width")
    start = np.mod(_column(columns, "radar_sector_center") - 0.5 * width, 360.0)
    bent = np.array([_REFRACTION[str(word)] for word in columns["radar_refraction"]])
    network = [float(NETWORKS.index(str(word))) for word in columns["radar_network"]]
    lowest = _column(columns, "radar_minimum_elevation")
    oblate = np.asarray(columns["earth_model"]) == "ellipsoid"
    return np.column_stack([columns["radar_site"], lowest, start, width, bent, network, oblate]).astype(float)


def site_sensor(sky: Array, reach: Array) -> Sensor:
    """The site's own radar for rows of a `sky_table` (m, 9) and its range [m] (m,); fields (m, 1)."""
    lowest, start, width = (np.radians(sky[:, n : n + 1]) for n in (2, 3, 4))
    return Sensor(
        sites(sky[:, :2], sky[:, 8]),
        lowest,
        0.5 * np.pi,
        start,
        width,
        reach[:, None],
        sky[:, 5:6],
        sky[:, 6:7],
    )


def listed_sensor(one: Listed, sky: Array, watching: NDArray[np.bool_]) -> Sensor:
    """A radar of the table for the same rows; where it does not watch its reach is zero."""
    radar = one.radar
    return Sensor(
        sites(np.tile(one.degrees, (len(sky), 1)), sky[:, 8]),
        np.radians(radar.lowest_elevation_deg),
        np.radians(radar.highest_elevation_deg),
        np.radians(radar.sector_start_deg),
        np.radians(radar.sector_width_deg),
        np.where(watching[:, None], radar.range_km * 1e3, 0.0),
        sky[:, 5:6],
        sky[:, 6:7],
    )


def watching(network: Network, sky: Array) -> dict[str, NDArray[np.bool_]]:
    """Which radars watch in each row of a `sky_table`, by name, (m,)."""
    if network.only is not None:
        return {name: np.full(len(sky), name in network.only) for name in network.names}
    words = np.array(NETWORKS)[sky[:, 7].astype(int)]
    found = {SITE_RADAR: np.isin(words, list(_WITH_SITE))}
    for one in network.listed:
        wanted = _WITH_EARLY if one.radar.role == "early-warning" else {"all"}
        found[one.id] = np.isin(words, list(wanted))
    return found


def _column(columns: Columns, name: str) -> Array:
    return np.asarray(columns[name], dtype=float)
