"""A free flight between two points of the surface, and what a published flight comes to."""

from typing import Literal

from .base import Record

FlightVerdict = Literal["possible", "inconsistent", "impossible"]


class Flight(Record):
    """Free flight from surface to surface of a sphere that does not rotate; the powered part is not in it.

    `published_s`, `difference_s` and `verdict` are there only where a published time was given.
    """

    range_km: float
    apogee_km: float
    speed_km_s: float
    angle_deg: float
    time_s: float
    published_s: float | None = None
    difference_s: float | None = None
    verdict: FlightVerdict | None = None
    reason: str = ""
