"""How warm and how dense the air is from the ground to 86 km, on the standard day.

SI units, any shape in and the same shape out. The U.S. Standard Atmosphere, 1976: seven layers in which the
temperature changes evenly with geopotential height, in balance under gravity.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from .frames import Array, ArrayLike

TOP: Final = 86_000.0
"""Geometric altitude [m] up to which the layers hold."""

LOWEST: Final = -5_000.0
"""Geometric altitude [m] at which the standard's tables begin."""

_RADIUS = 6_356_766.0  # m, effective radius of the Earth in the standard
_GRAVITY = 9.80665  # m/s2, at sea level, standard
_GAS = 8_314.32  # J/(kmol K); the standard's own value, not today's
_AIR = 28.9644  # kg/kmol, mean molar mass at sea level
_LAYERS = np.array([0.0, 11e3, 20e3, 32e3, 47e3, 51e3, 71e3])  # m geopotential, foot of each layer
_LAPSE = np.array([-6.5e-3, 0.0, 1.0e-3, 2.8e-3, 0.0, -2.8e-3, -2.0e-3])  # K/m geopotential
_MOLAR_ALTITUDE = np.arange(80e3, 86.5e3, 0.5e3)  # m geometric
# Mean molar mass over that at sea level, above 80 km, where the mixture of gases begins to change.
_MOLAR_SHARE = np.array(
    [1.0, 0.999996, 0.999989, 0.999971, 0.999941, 0.999909, 0.999870,
     0.999829, 0.999786, 0.999741, 0.999694, 0.999641, 0.999579]
)  # fmt: skip


def _thinning(foot: ArrayLike, lapse: ArrayLike, rise: ArrayLike) -> Array:
    """Pressure over that at the foot of a layer of one temperature, or of one that changes evenly."""
    temperature, gradient, up = (np.asarray(value, float) for value in (foot, lapse, rise))
    weight = _GRAVITY * _AIR / _GAS
    even = gradient == 0.0
    slope = np.where(even, 1.0, gradient)
    share: Array = np.where(
        even,
        np.exp(-weight * up / temperature),
        np.power(temperature / (temperature + slope * up), weight / slope),
    )
    return share


def _feet() -> tuple[Array, Array]:
    """Molecular temperature [K] and pressure [Pa] at the foot of each layer, from the ground up."""
    temperature, pressure = [288.15], [101_325.0]
    for thick, lapse in zip(np.diff(_LAYERS), _LAPSE, strict=False):
        pressure.append(pressure[-1] * float(_thinning(temperature[-1], lapse, thick)))
        temperature.append(temperature[-1] + float(lapse * thick))
    return np.array(temperature), np.array(pressure)


_FOOT_TEMPERATURE, _FOOT_PRESSURE = _feet()


class AirStatus(IntEnum):
    """Whether the standard says anything at an altitude."""

    KNOWN = 0
    ABOVE = 1
    """Above 86 km, where the standard's layers end: density and pressure are 0, temperature NaN."""
    BELOW = 2
    """More than 5 km below sea level: nothing is said, all are NaN."""


class Air(NamedTuple):
    """Temperature [K], pressure [Pa], density [kg/m3], status (an AirStatus); arrays of one shape."""

    temperature: Array
    pressure: Array
    density: Array
    status: npt.NDArray[np.int8]


def standard_air(altitude: ArrayLike) -> Air:
    """Temperature [K], pressure [Pa] and density [kg/m3] at geometric altitudes [m] above sea level.

    Valid from 5 km below sea level to 86 km; elsewhere the row says so in its status. Above 86 km less than
    four millionths of the air's mass remain, and 0 stands for its pressure and density.
    Source: U.S. Standard Atmosphere, 1976, NOAA-S/T 76-1562.
    """
    z = np.asarray(altitude, float)
    if np.any(np.isnan(z)):
        raise ValueError("an altitude is NaN; the air is asked for at a height in meters")
    inside = np.clip(z, LOWEST, TOP)
    h = _RADIUS * inside / (_RADIUS + inside)
    layer = np.clip(np.searchsorted(_LAYERS, h, side="right") - 1, 0, _LAYERS.size - 1)
    foot_temperature, foot_pressure, lapse = _FOOT_TEMPERATURE[layer], _FOOT_PRESSURE[layer], _LAPSE[layer]
    rise = h - _LAYERS[layer]
    molecular = foot_temperature + lapse * rise
    pressure = foot_pressure * _thinning(foot_temperature, lapse, rise)
    density = pressure * _AIR / (_GAS * molecular)
    temperature = molecular * np.interp(inside, _MOLAR_ALTITUDE, _MOLAR_SHARE)
    status = np.full(z.shape, AirStatus.KNOWN, np.int8)
    above, below = z > TOP, z < LOWEST
    status[above], status[below] = AirStatus.ABOVE, AirStatus.BELOW
    return Air(
        np.where(above | below, np.nan, temperature),
        np.where(above, 0.0, np.where(below, np.nan, pressure)),
        np.where(above, 0.0, np.where(below, np.nan, density)),
        status,
    )
