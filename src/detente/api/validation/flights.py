"""Our own flights for the scoreboard: of textbooks, as published, and of a case on a turning Earth."""

import math
from typing import Any

import numpy as np

from detente.api.runs import flight
from detente.physics.ascent import Ascent
from detente.physics.constants import EARTH_RADIUS
from detente.physics.flight import free_flight_from_burnout
from detente.physics.flights import fly
from detente.physics.frames import spherical_place, to_earth_fixed
from detente.physics.sensing import elevation, first_sight
from detente.physics.trajectory import Arc, ArcStatus, Boost, sample_arc, threat_arc
from detente.records.published import Amount

from .inputs import Given, place, quantity

_UNITS = {"burnout_speed": 1e-3, "apogee_altitude": 1e-3, "burnout_angle": math.degrees(1.0)}


def least_energy(given: Given) -> Amount:
    """A figure of the least-energy free flight over a range."""
    return float(getattr(flight(quantity(given, "range", "km")), given["result"]))


def published_flight(given: Given) -> Amount:
    """A figure of the free flight with a published apogee and range, or what its published time comes to."""
    time = quantity(given, "time", "s") if "time" in given else None
    found = flight(quantity(given, "range", "km"), quantity(given, "apogee", "km"), time)
    result = getattr(found, given["result"])
    return result if isinstance(result, str) else float(result)


def canonical_ellipse(given: Given) -> Amount:
    """Q, flight-path angle or range angle [deg] from distance, speed and apogee in canonical units."""
    r, v, top = (float(given[name]) for name in ("r", "v", "apogee"))
    ratio = r * v * v
    at_top = math.sqrt(2.0 * (0.5 * v * v - 1.0 / r + 1.0 / top))
    angle = math.acos(top * at_top / (r * v))
    if given["result"] == "span":
        return math.degrees(float(free_flight_from_burnout(ratio, angle)))
    return {"q": ratio, "angle": math.degrees(angle)}[given["result"]]


def case_flight(given: Given) -> Amount:
    """A figure of a least-energy flight between two places of a case, on a sphere that turns.

    Speeds in km/s, altitudes in km, angles in degrees, times in s from threat launch.
    """
    arc, _ = _case_arc(given)
    result = given["result"]
    return float(getattr(arc, result)) * _UNITS.get(result, 1.0)


def first_seen(given: Given) -> Amount:
    """When a radar of the case first sees such a flight [s after launch], or how far away then [km]."""
    arc, site = _case_arc(given)
    lowest = quantity(given, "elevation", "rad")
    found = first_sight(arc, site, lowest)
    moment = float(found.time)
    if given["result"] == "after_burnout":
        return moment - float(arc.burnout_time)
    if given["result"] == "time":
        return moment
    position = to_earth_fixed(sample_arc(arc, [moment])[:, 0], moment, float(arc.earth_rotation))
    return float(np.linalg.norm(position - site)) * 1e-3


def oblate_flight(given: Given) -> Amount:
    """A flight from a burnout state over the oblate Earth down through an altitude.

    Time from burnout [s], or distance north of the plane of the equator [m], at that passage.
    """
    start, velocity = (np.array([float(given[f"{what}{axis}"]) for axis in "xyz"]) for what in "rv")
    burn, lowest = quantity(given, "burn", "s"), quantity(given, "lowest", "m")
    still = np.zeros(3)  # the boost is of no account from burnout on
    launch = start * EARTH_RADIUS / float(np.linalg.norm(start))
    flown = fly(Ascent(launch, still, np.array(burn), start, velocity), lowest_altitude=lowest)
    return float(flown.end_position[2]) if given["result"] == "z" else float(flown.end_time) - burn


def sky_elevation(given: Given) -> Amount:
    """Elevation [deg] of a point above a place of a case, over a sphere without refraction."""
    sites = [_on_sphere(given, name) for name in ("radar", "under")]
    height = quantity(given, "height", "m")
    target = sites[1] * (1.0 + height / float(np.linalg.norm(sites[1])))
    return math.degrees(float(elevation(sites[0], target)))


def _case_arc(given: Given) -> tuple[Arc, Any]:
    """The flight with its notional boost, and the radar's place; raises ValueError where none exists."""
    boost = Boost(
        *(quantity(given, name, unit) for name, unit in (("burn", "s"), ("high", "m"), ("far", "m")))
    )
    arc = threat_arc(_on_sphere(given, "launch"), _on_sphere(given, "aim"), boost)
    if arc.status != ArcStatus.SOLVED:
        raise ValueError(f"the flight has no solution: {ArcStatus(int(arc.status)).name}")
    return arc, _on_sphere(given, "radar") if "radar" in given else None


def _on_sphere(given: Given, name: str) -> Any:
    found = place(given, name)
    return spherical_place(math.radians(found.latitude), math.radians(found.longitude))


FLIGHTS = {
    "least-energy": least_energy,
    "published-flight": published_flight,
    "canonical-ellipse": canonical_ellipse,
    "case-flight": case_flight,
    "first-seen": first_seen,
    "oblate-flight": oblate_flight,
    "elevation": sky_elevation,
}
