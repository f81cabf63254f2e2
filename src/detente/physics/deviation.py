"""How a coast over the flattened Earth departs from the ellipse on which it left burnout.

SI units and radians. The departure is small and smooth, so that a short polynomial holds it: in the share of
the flight, from -1 at burnout to 1 at impact, even in eccentric anomaly. Position and altitude at any moment
are then those of the ellipse and the polynomial, for any number of moments at once.
Source: J. F. Encke, Berliner Astronomisches Jahrbuch fuer 1857 (1854): an orbit as what it differs from an
ellipse by; here from the burnout ellipse alone, after the flight is flown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from .frames import Array

TERMS: Final = 10
"""Coefficients of a departure: they leave 0.5 m of a least-energy flight, 2 m of one lofted by 20 deg."""
NODES: Final[Array] = -np.cos(np.pi * (np.arange(TERMS) + 0.5) / TERMS)
"""Shares of the flight at which a departure is taken: Chebyshev's, all inside."""
_FIT = np.linalg.inv(np.vander(NODES, TERMS, increasing=True))
_ROUNDS = 8  # the first guess is a hundredth off, and each round leaves its square
_TOPS = 3


def share_of(anomaly: Array, burnout: Array, impact: Array) -> Array:
    """The share of the flight, -1 at burnout and 1 at impact, of an eccentric anomaly [rad]."""
    share: Array = (2.0 * anomaly - (burnout + impact)) / (impact - burnout)
    return share


def fitted(values: Array) -> Array:
    """Coefficients (TERMS, ...), lowest power first, of what is (TERMS, ...) at the NODES."""
    # One sum after the other: a product of matrices could depend on how many rows stand side by side.
    terms = [sum(_FIT[power, n] * values[n] for n in range(TERMS)) for power in range(TERMS)]
    return np.stack(terms)


def value_at(terms: Array, share: Array) -> Any:
    """The polynomial with these coefficients (terms, ...) at shares of the flight (...); 0 without any."""
    total: Any = 0.0
    for term in terms[::-1]:
        total = total * share + term
    return total


def passages(
    ellipse: tuple[Array, Array, Array], ends: tuple[Array, Array], terms: Array, level: Array
) -> tuple[Array, Array]:
    """Anomalies [rad] at which flights rise and fall through an altitude [m]; infinite, crossed, if never.

    ellipse: semi-major axis [m], eccentricity, and radius of the ground [m] from which the altitude counts;
    ends: anomalies of burnout and impact; terms (terms, n): the departure of the altitude. Rows (n,). A row
    without a departure has the closed form and may pass outside its ends; with one it keeps between them.
    """
    axis, eccentricity, ground = ellipse
    with np.errstate(invalid="ignore"):
        cosine = (1.0 - (ground + level) / axis) / eccentricity
        rise = np.where(cosine >= -1.0, np.arccos(np.clip(cosine, -1.0, 1.0)), np.inf)
    fall = 2.0 * np.pi - rise
    rows = np.flatnonzero(np.any(terms != 0.0, axis=0) & np.isfinite(level))
    if not rows.size:
        return rise, fall
    flight = _Heights(
        axis[rows], eccentricity[rows], ground[rows], ends[0][rows], ends[1][rows], terms[:, rows]
    )
    rise[rows], fall[rows] = flight.passages(level[rows], rise[rows], fall[rows])
    return rise, fall


class _Heights:
    """The altitude of flights with a departure, as a function of the anomaly."""

    def __init__(self, *fields: Array) -> None:
        self.axis, self.eccentricity, self.ground, self.burnout, self.impact, self.terms = fields

    def at(self, anomaly: Array) -> Array:
        share = share_of(anomaly, self.burnout, self.impact)
        height = self.axis * (1.0 - self.eccentricity * np.cos(anomaly)) - self.ground
        above: Array = height + value_at(self.terms, share)
        return above

    def with_slope(self, anomaly: Array) -> tuple[Array, Array]:
        span = 2.0 / (self.impact - self.burnout)
        share = (anomaly - self.burnout) * span - 1.0
        value, slope = np.zeros(anomaly.shape), np.zeros(anomaly.shape)
        for term in self.terms[::-1]:
            slope = slope * share + value
            value = value * share + term
        height = self.axis * (1.0 - self.eccentricity * np.cos(anomaly)) - self.ground
        rate = self.axis * self.eccentricity * np.sin(anomaly)
        return height + value, rate + slope * span

    def top(self) -> Array:
        """Anomaly of the highest point between burnout and impact."""
        top = np.full(self.axis.shape, np.pi)
        for _ in range(_TOPS):  # the departure moves it by a hundredth; its own bend is of no account
            top = top - self.with_slope(top)[1] / (self.axis * self.eccentricity * np.cos(top))
        kept: Array = np.clip(top, self.burnout, self.impact)
        return kept

    def passages(self, level: Array, rise: Array, fall: Array) -> tuple[Array, Array]:
        top = self.top()
        never = self.at(top) < level
        up = self._between(level, self.burnout, top, rise)
        down = self._between(level, self.impact, top, fall)
        return np.where(never, np.inf, up), np.where(never, -np.inf, down)

    def _between(self, level: Array, low: Array, high: Array, guess: Array) -> Array:
        """The anomaly at the level between an end that may lie below it and the highest point."""
        below, above = low.copy(), high.copy()
        anomaly = np.clip(guess, np.minimum(low, high), np.maximum(low, high))
        for _ in range(_ROUNDS):
            height, slope = self.with_slope(anomaly)
            off = height - level
            under = off < 0.0
            below, above = np.where(under, anomaly, below), np.where(under, above, anomaly)
            step = anomaly - off / np.where(slope == 0.0, 1.0, slope)
            inside = (step - below) * (step - above) <= 0.0
            anomaly = np.where(inside, step, 0.5 * (below + above))
        passage: Array = np.where(self.at(low) >= level, low, anomaly)
        return passage
