"""What a case gives for the sentences that were printed about it: in sign and order, never in decimals."""

import math

import numpy as np

from detente.api.runs import run
from detente.physics.earth import destination, great_circle
from detente.physics.frames import spherical_place
from detente.physics.intercept import required_speed
from detente.physics.trajectory import Boost, sample_arc, threat_arc
from detente.records.outcome import Outcome
from detente.records.published import Amount
from detente.studies.catalog import REACH

from .inputs import Given, number, quantity, shipped_case, words

_SETTINGS = {parameter.name for parameter in REACH.parameters}


def pair(given: Given) -> Amount:
    """One figure of the study `reach` for one launch area and sample point."""
    value = _reach(given).row(given["launches"], given["aims"])[given["result"]]
    return value if value is None or isinstance(value, str) else float(value)


def reached(given: Given) -> Amount:
    """How many pairs have a margin above `beyond` [km/s]; a pair that nothing reaches has none."""
    margins = [row["margin_km_s"] for row in _reach(given).rows]
    beyond = quantity(given, "beyond", "km/s")
    return float(sum(margin is not None and margin > beyond for margin in margins))


def how_many(given: Given) -> Amount:
    """Whether none, some or all pairs have a margin of zero or more."""
    margins = [row["margin_km_s"] for row in _reach(given).rows]
    count = sum(margin is not None and margin >= 0.0 for margin in margins)
    return "none" if count == 0 else "all" if count == len(margins) else "some"


def closest_call(given: Given) -> Amount:
    """The launch area with the largest margin."""
    rows = _reach(given).rows
    return str(max(rows, key=lambda row: row["margin_km_s"] or -math.inf)["launch"])


def left_out(given: Given) -> Amount:
    """The sample points that are out of reach at the one delay that leaves out so many, by name.

    That delay lies half way between the tolerable delays of the last point that is lost and the first that
    is kept; the study is then run again with it.
    """
    latest = sorted(row["tolerable_delay_s"] or -math.inf for row in _reach(given).rows)
    count = int(number(given, "count"))
    delay = 0.5 * (latest[count - 1] + latest[count])
    rows = _reach({**given, "commit_delay": f"{delay:.3f} s"}).rows
    return " ".join(sorted(row["aim"] for row in rows if (row["margin_km_s"] or -1.0) < 0.0))


def timeline_speed(given: Given) -> Amount:
    """Least speed [km/s] with which a published timeline of a flight test can have been flown.

    The target's course is not published: it is taken straight toward the interceptor's site, with a
    notional boost, and over the one range at which it comes down through the intercept altitude on time.
    """
    start = [math.radians(number(given, name)) for name in ("lat", "lon")]
    site = [math.radians(number(given, name)) for name in ("site_lat", "site_lon")]
    course = great_circle(*start, *site).azimuth
    meets, height = quantity(given, "meets", "s"), quantity(given, "altitude", "m")
    boost = Boost(
        *(quantity(given, name, unit) for name, unit in (("burn", "s"), ("high", "m"), ("far", "m")))
    )
    low, high = 3.5e6, 6.0e6
    while high - low > 1.0:
        middle = 0.5 * (low + high)
        there = destination(start[0], start[1], course, middle)
        arc = threat_arc(spherical_place(*start), spherical_place(there.latitude, there.longitude), boost)
        above = float(np.linalg.norm(sample_arc(arc, [meets])[:, 0]) - arc.radius) - height
        low, high = (middle, high) if above < 0.0 else (low, middle)
    launch = quantity(given, "launch", "s")
    found = required_speed(
        arc,
        spherical_place(*site),
        launch - quantity(given, "burn", "s"),
        quantity(given, "interceptor_burn", "s"),
        height - 1e3,
        meets - launch,
    )
    return float(found.speed) * 1e-3


def _reach(given: Given) -> Outcome:
    settings = {name: text for name, text in given.items() if name in _SETTINGS}
    places = {name: words(given, name) or None for name in ("launches", "aims")}
    return run(shipped_case(given["of"]), "reach", given["position"], settings, **places)


CLAIMS = {
    "reach": pair,
    "reached": reached,
    "how-many": how_many,
    "closest-call": closest_call,
    "left-out": left_out,
    "timeline-speed": timeline_speed,
}
