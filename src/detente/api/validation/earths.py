"""Our own distances, turns of the Earth and standard air for the scoreboard."""

import math

import numpy as np

from detente.physics.atmosphere import standard_air
from detente.physics.earth import geodesic
from detente.physics.frames import to_inertial
from detente.records.published import Amount
from detente.records.units import Quantity

from .inputs import Given, number, place, quantity


def distance(given: Given) -> Amount:
    """Length of the shortest line between two places of a case on the ellipsoid, in the unit asked for."""
    ends = [place(given, name) for name in ("from", "to")]
    line = geodesic(*(math.radians(angle) for end in ends for angle in (end.latitude, end.longitude)))
    return Quantity(float(line.distance), "m").to(given["in"])


def line(given: Given) -> Amount:
    """The same between two positions in degrees: length in that unit, or azimuth on leaving [deg]."""
    found = geodesic(*(math.radians(number(given, name)) for name in ("lat1", "lon1", "lat2", "lon2")))
    if given["in"] == "deg":
        return math.degrees(float(found.azimuth))
    return Quantity(float(found.distance), "m").to(given["in"])


def converted(given: Given) -> Amount:
    """A printed quantity in another unit."""
    return quantity(given, "printed", given["in"])


def earth_turn(given: Given) -> Amount:
    """Angle [deg] by which the Earth turns against the stars in a time."""
    x, y, _ = to_inertial(np.array([1.0, 0.0, 0.0]), quantity(given, "time", "s"))
    return math.degrees(math.atan2(float(y), float(x)))


def air(given: Given) -> Amount:
    """Temperature [K], pressure [mbar] or density [kg/m3] of the standard air at a geometric altitude."""
    value = float(getattr(standard_air(quantity(given, "altitude", "m")), given["result"]))
    return value * 1e-2 if given["result"] == "pressure" else value


EARTHS = {
    "distance": distance,
    "line": line,
    "converted": converted,
    "earth-turn": earth_turn,
    "air": air,
}
