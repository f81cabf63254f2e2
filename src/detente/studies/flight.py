"""Is a published flight possible? Free flight against the time that was printed.

A missile burns first and flies freely afterwards, so a published time must exceed the free flight
between the same two points of the surface; about 100 to 300 s more is usual.
"""

import math

from detente.physics.flight import lofted_flight, minimum_energy_flight
from detente.records.errors import InputError, Problem
from detente.records.flight import Flight, FlightVerdict

LONGEST_RANGE_KM = 20_000.0
HIGHEST_APOGEE_KM = 50_000.0
PRINTING_DOUBT = 0.02
"""Share of the free flight that rounding and measurement of apogee, range and time may explain.

Time grows about as the square root of the apogee, so 2 % of time stands for 4 % of apogee.
"""
USUAL_ASCENT_S = (100.0, 300.0)


def minimum_energy(range_km: float) -> Flight:
    """The free flight of least speed over a range [km] on a sphere of 6,371 km that does not rotate."""
    _check("range", "--range-km", range_km, LONGEST_RANGE_KM)
    found = minimum_energy_flight(range_km * 1e3)
    return _flight(range_km, float(found.apogee) / 1e3, found)


def published(apogee_km: float, range_km: float, published_s: float | None = None) -> Flight:
    """The free flight with a published apogee and range [km], and what the published time [s] comes to.

    *possible*: the published time is the longer. *inconsistent*: it is shorter, by no more than the
    printed figures' doubt. *impossible*: it is shorter by more.
    """
    _check("range", "--range-km", range_km, LONGEST_RANGE_KM)
    _check("apogee", "--apogee-km", apogee_km, HIGHEST_APOGEE_KM)
    flight = _flight(range_km, apogee_km, lofted_flight(apogee_km * 1e3, range_km * 1e3))
    if published_s is None:
        return flight
    _check("time", "--published-s", published_s, 86_400.0)
    difference = published_s - flight.time_s
    verdict, reason = _verdict(difference, flight.time_s)
    return flight.model_copy(
        update={
            "published_s": published_s,
            "difference_s": difference,
            "verdict": verdict,
            "reason": reason,
        }
    )


def _flight(range_km: float, apogee_km: float, found: object) -> Flight:
    speed, angle, time = (float(getattr(found, name)) for name in ("speed", "angle", "time"))
    return Flight(
        range_km=range_km,
        apogee_km=apogee_km,
        speed_km_s=speed / 1e3,
        angle_deg=math.degrees(angle),
        time_s=time,
    )


def _verdict(difference: float, free_flight: float) -> tuple[FlightVerdict, str]:
    if difference < -PRINTING_DOUBT * free_flight:
        return "impossible", (
            f"the published time is {-difference:.0f} s shorter than free flight alone: "
            "time, apogee or range is misprinted"
        )
    if difference < 0:
        return "inconsistent", (
            f"the published time is {-difference:.0f} s shorter than free flight alone, with no time left "
            "for powered ascent: the figures do not belong together, though rounding could explain the sign"
        )
    low, high = USUAL_ASCENT_S
    if difference < low:
        return "possible", f"only {difference:.0f} s remain for powered ascent, where {low:.0f} s are usual"
    if difference > high:
        return "possible", f"{difference:.0f} s remain for powered ascent, where {high:.0f} s are usual"
    return "possible", f"{difference:.0f} s remain for powered ascent, which is usual"


def _check(what: str, flag: str, value: float, highest: float) -> None:
    if not math.isfinite(value) or not 0.0 < value <= highest:
        way_out = f"give a number above 0 and at most {highest:g}"
        raise InputError(Problem(f"{what} {value:g} is outside its bounds", way_out, key=flag))
