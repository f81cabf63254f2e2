"""The flights of the threats of a study, over the Earth that a position names, each flown once.

Flying over the ellipsoid costs far more than the closed formulas of the sphere. A crux, a break-even or a
sweep asks for the same few flights again and again, so they are kept.
"""

from collections import OrderedDict
from threading import Lock
from typing import Final

import numpy as np
from numpy.typing import NDArray

from detente.physics.engines import NUMPY, Engine
from detente.physics.frames import geodetic_place, latitude_longitude
from detente.physics.oblate import flown_arc, lofted_arc
from detente.physics.trajectory import Arc, Boost, arc_take, arcs_joined

Array = NDArray[np.float64]

FLIGHT_CONVENTIONS: Final = (
    "The threat flies from a notional burnout of its range class, by least energy but for the stated loft.",
    "The Earth turns: the WGS-84 ellipsoid with J2, or the sphere, as the position's Earth model says.",
)
"""How threats fly, for the conventions of every study that flies them."""
_ROOM: Final = 50_000  # flights kept, of some 700 bytes each
_kept: "OrderedDict[bytes, Arc]" = OrderedDict()
_lock = Lock()


def threat_arcs(launch: Array, aim: Array, plans: Array, engine: Engine = NUMPY) -> Arc:
    """The flights of m plans for each of some pairs of places, (m, pairs).

    launch, aim: positions on the sphere [m], (3, pairs), whose latitudes and longitudes count; plans (m, 5):
    burn time [s], burnout altitude and ground distance [km], loft [rad], and 1 for the ellipsoid or 0 for the
    sphere. A flight is the same to the last bit whatever stands beside it.
    """
    places = repr(engine).encode() + launch.tobytes() + aim.tobytes()
    keys = [places + plan.tobytes() for plan in plans]
    with _lock:
        found = {key: _kept[key] for key in keys if key in _kept}
        for key in found:
            _kept.move_to_end(key)
    missing = np.array([n for n, key in enumerate(keys) if key not in found], np.intp)
    for oblate in (True, False):
        rows = missing[(plans[missing, 4] > 0.0) == oblate]
        if rows.size:
            arc = _flown(launch, aim, plans[rows], engine, oblate=oblate)
            found |= {keys[row]: arc_take(arc, slice(n, n + 1)) for n, row in enumerate(rows)}
    _keep({keys[row]: found[keys[row]] for row in missing})
    return arcs_joined([found[key] for key in keys])


def _flown(launch: Array, aim: Array, plans: Array, engine: Engine, *, oblate: bool) -> Arc:
    burn, high, far, loft = (plans[:, n : n + 1] for n in range(4))
    boost = Boost(burn, high * 1e3, far * 1e3)
    if not oblate:
        return lofted_arc(launch, aim, boost, loft)
    return flown_arc(_on_ellipsoid(launch), _on_ellipsoid(aim), boost, loft, engine=engine)


def _on_ellipsoid(places: Array) -> Array:
    """The places of the ellipsoid with the geodetic latitudes that these places of the sphere have."""
    return geodetic_place(*latitude_longitude(places))


def _keep(fresh: dict[bytes, Arc]) -> None:
    """Keep flights for the next question, as far as there is room; the oldest go first."""
    size = sum(arc.status.size for arc in fresh.values())
    if size > _ROOM:
        return
    with _lock:
        _kept.update(fresh)
        held = sum(arc.status.size for arc in _kept.values())
        while held > _ROOM:
            _, oldest = _kept.popitem(last=False)
            held -= oldest.status.size
