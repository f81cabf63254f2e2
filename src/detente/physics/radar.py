"""How far a radar sees: the radar equation, solved for range and for signal-to-noise.

SI units, angles in radians; every argument may be a batch, shapes broadcast. Ratios are plain numbers
(20, not 13 dB); decibels() and ratio() go between the two. Free space, one look, a target of one mean
cross-section: no clutter, no beam shape, no search plan, and nothing about what the target is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from .constants import EARTH_RADIUS

if TYPE_CHECKING:
    from .frames import Array, ArrayLike

BOLTZMANN: Final = 1.380649e-23
"""Boltzmann constant [J/K], exact by definition. Source: BIPM, The International System of Units, 2019."""

LIGHT_SPEED: Final = 299_792_458.0
"""Speed of light in vacuum [m/s], exact by definition. Source: BIPM, The International System of Units."""

REFERENCE_TEMPERATURE: Final = 290.0
"""Temperature [K] at which noise figures are stated by convention."""


class Look(NamedTuple):
    """What one look at a target has to work with.

    Energy radiated during the look [J], gain on sending and receiving, wavelength [m], mean cross-section of
    the target [m2], system noise temperature [K], losses (a ratio, 1 or more). All above zero.
    """

    energy: ArrayLike
    send_gain: ArrayLike
    receive_gain: ArrayLike
    wavelength: ArrayLike
    cross_section: ArrayLike
    noise_temperature: ArrayLike = REFERENCE_TEMPERATURE
    losses: ArrayLike = 1.0


def decibels(number: ArrayLike) -> Array:
    """A ratio of powers in dB; minus infinity for zero."""
    with np.errstate(divide="ignore"):
        level: Array = 10.0 * np.log10(np.asarray(number, float))
    return level


def ratio(level: ArrayLike) -> Array:
    """The ratio of powers that a level in dB stands for."""
    number: Array = np.power(10.0, 0.1 * np.asarray(level, float))
    return number


def wavelength(frequency: ArrayLike) -> Array:
    """Wavelength [m] at a frequency [Hz]."""
    length: Array = LIGHT_SPEED / np.asarray(frequency, float)
    return length


def antenna_gain(area: ArrayLike, length: ArrayLike) -> Array:
    """Gain (a ratio) of an antenna of an effective area [m2] at a wavelength [m].

    The effective area is the geometric one times the aperture efficiency.
    Source: G = 4 pi A / lambda^2, M. I. Skolnik, Introduction to Radar Systems, chapter 1.
    """
    gain: Array = 4.0 * np.pi * np.asarray(area, float) / np.square(np.asarray(length, float))
    return gain


def mean_power(pulse_power: ArrayLike, duty: ArrayLike) -> Array:
    """Power averaged over pulse and pause [W] from that during the pulse [W] and the share of time on."""
    power: Array = np.asarray(pulse_power, float) * np.asarray(duty, float)
    return power


def aperture_look(
    mean: ArrayLike,
    duration: ArrayLike,
    area: ArrayLike,
    length: ArrayLike,
    cross_section: ArrayLike,
    noise_temperature: ArrayLike = REFERENCE_TEMPERATURE,
    losses: ArrayLike = 1.0,
) -> Look:
    """A look through one antenna used both ways, all of its time on one target, integrated coherently.

    Mean power [W], duration of the look [s], effective area [m2], wavelength [m]; the rest as in Look.
    """
    gain = antenna_gain(area, length)
    energy = np.asarray(mean, float) * np.asarray(duration, float)
    return Look(energy, gain, gain, length, cross_section, noise_temperature, losses)


def detection_range(look: Look, required: ArrayLike) -> Array:
    """Distance [m] at which a look gives the required signal-to-noise (a ratio).

    Raises ValueError for anything that is not above zero, and for losses below 1.
    Source: radar equation, R^4 = E Gt Gr lambda^2 sigma / ((4 pi)^3 k T L S), with E the energy of the look;
    Skolnik, chapter 1; the form of MathWorks radareqrng.
    """
    needed = _above_zero("required signal-to-noise", required)
    reach: Array = _fourth_root(_strength(look) / needed)
    return reach


def signal_to_noise(look: Look, distance: ArrayLike) -> Array:
    """Signal-to-noise (a ratio) that a look gives at a distance [m]; detection_range solved the other way."""
    gained: Array = _strength(look) / np.square(np.square(_above_zero("distance", distance)))
    return gained


def margin(distance: ArrayLike, reach: ArrayLike) -> Array:
    """Signal-to-noise beyond the required one [dB], where the required one is had at `reach` [m].

    Distances in m, shapes broadcast; 12 dB is a factor of two in range.
    """
    level: Array = 4.0 * decibels(_above_zero("range", reach) / _above_zero("distance", distance))
    return level


def search_range(
    mean: ArrayLike,
    area: ArrayLike,
    cross_section: ArrayLike,
    required: ArrayLike,
    solid_angle: ArrayLike,
    scan_time: ArrayLike,
    noise_temperature: ArrayLike = REFERENCE_TEMPERATURE,
    losses: ArrayLike = 1.0,
) -> Array:
    """Distance [m] at which a radar that must search a solid angle [sr] every scan_time [s] finds a target.

    Mean power [W], effective area [m2], cross-section [m2], required signal-to-noise and losses as ratios.
    The wavelength drops out: what counts is power times aperture.
    Source: search form of the radar equation, R^4 = P A sigma t / (4 pi k T L S Omega); Skolnik, chapter 2.
    """
    power = _above_zero("mean power", mean) * _above_zero("area", area)
    echo = _above_zero("cross-section", cross_section) * _above_zero("scan time", scan_time)
    noise = BOLTZMANN * _above_zero("noise temperature", noise_temperature) * _losses(losses)
    spread = 4.0 * np.pi * _above_zero("solid angle", solid_angle)
    reach: Array = (
        power * echo / (spread * noise * _above_zero("required signal-to-noise", required))
    ) ** 0.25
    return reach


def stacked_range_ratio(arrays: ArrayLike) -> Array:
    """How much farther several identical arrays see when they act as one, other things equal.

    Power grows with their number, and so does the area, on sending and on receiving: the fourth root of its
    cube. Source: the radar equation; two give 8^(1/4) = 1.682.
    """
    count = _above_zero("number of arrays", arrays)
    factor: Array = _fourth_root(count * count * count)
    return factor


def effective_radius(gradient: ArrayLike = -39e-9, radius: ArrayLike = EARTH_RADIUS) -> Array:
    """Radius [m] of the Earth over which rays look straight, for a gradient of the refractive index [1/m].

    The default gradient gives 1.3306 times the true radius; 4/3 is the same rounded. It holds near the
    ground: a ray that leaves the atmosphere bends less (sensing.refraction).
    Source: k = 1 / (1 + r dn/dh), with the default gradient of MathWorks effearthradius.
    """
    true = np.asarray(radius, float)
    curved = 1.0 + true * np.asarray(gradient, float)
    if not np.all(curved > 0.0):
        raise ValueError("at that gradient rays bend as much as the Earth: no effective radius")
    effective: Array = true / curved
    return effective


def _strength(look: Look) -> Array:
    """Signal-to-noise times the fourth power of distance [m4]."""
    sent = _above_zero("energy", look.energy) * _above_zero("gain", look.send_gain)
    caught = _above_zero("gain", look.receive_gain) * np.square(_above_zero("wavelength", look.wavelength))
    noise = BOLTZMANN * _above_zero("noise temperature", look.noise_temperature) * _losses(look.losses)
    echo = _above_zero("cross-section", look.cross_section)
    strength: Array = sent * caught * echo / ((4.0 * np.pi) ** 3 * noise)
    return strength


def _fourth_root(value: Array) -> Array:
    # two square roots are rounded alike for one number and for many; a power is not
    root: Array = np.sqrt(np.sqrt(value))
    return root


def _above_zero(what: str, value: ArrayLike) -> Array:
    number = np.asarray(value, float)
    if not np.all(number > 0.0):
        raise ValueError(f"{what} must be above zero for the radar equation; got {number}")
    return number


def _losses(value: ArrayLike) -> Array:
    number = np.asarray(value, float)
    if not np.all(number >= 1.0):
        raise ValueError(f"losses are a ratio of 1 or more (0 dB or more); got {number}")
    return number
