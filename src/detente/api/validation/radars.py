"""Our own radar ranges and horizons for the scoreboard."""

import math

from detente.physics import radar, sensing
from detente.physics.constants import EARTH_RADIUS
from detente.records.published import Amount

from .inputs import Given, number, quantity


def radar_range(given: Given) -> Amount:
    """Range [m] of a monostatic radar for a required signal-to-noise, or that ratio [dB] at a range."""
    gain = radar.ratio(number(given, "gain_db"))
    look = radar.Look(
        energy=quantity(given, "power", "W") * number(given, "pulse_us") * 1e-6,
        send_gain=gain,
        receive_gain=gain,
        wavelength=radar.wavelength(quantity(given, "frequency", "Hz")),
        cross_section=quantity(given, "cross_section", "m2"),
        noise_temperature=number(given, "temperature_k"),
        losses=radar.ratio(number(given, "loss_db")),
    )
    if "range" in given:
        return float(radar.decibels(radar.signal_to_noise(look, quantity(given, "range", "m"))))
    return float(radar.detection_range(look, radar.ratio(number(given, "snr_db"))))


def effective_radius(given: Given) -> Amount:
    """Effective radius of the Earth [m] for our usual gradient of the refractive index, or its factor."""
    found = float(radar.effective_radius())
    return found / EARTH_RADIUS if given["result"] == "factor" else found


def ray(given: Given) -> Amount:
    """Length [m] of a ray over the effective radius: to the horizon, or up to a height at an elevation."""
    bent = radar.effective_radius()
    antenna = quantity(given, "antenna", "m")
    if "elevation" not in given:
        return float(sensing.horizon_distance(antenna, bent))
    up, height = quantity(given, "elevation", "rad"), quantity(given, "target", "m")
    return float(sensing.slant_range(up, height, antenna, bent))


def ray_height(given: Given) -> Amount:
    """Height [m] that a ray at an elevation has reached after a length: slant_range solved the other way."""
    bent = radar.effective_radius()
    antenna, up = quantity(given, "antenna", "m"), quantity(given, "elevation", "rad")
    wanted = quantity(given, "range", "m")
    low, high = antenna + 1e-6, antenna + wanted
    while high - low > 1e-6:
        middle = 0.5 * (low + high)
        short = float(sensing.slant_range(up, middle, antenna, bent)) < wanted
        low, high = (middle, high) if short else (low, middle)
    return 0.5 * (low + high)


def stacked_arrays(given: Given) -> Amount:
    """How much farther several identical arrays see together."""
    return float(radar.stacked_range_ratio(number(given, "arrays")))


def array_power(given: Given) -> Amount:
    """Power [kW] of an array of modules, during the pulse or averaged over pulse and pause."""
    pulse = number(given, "modules") * quantity(given, "each", "W")
    return float(radar.mean_power(pulse, number(given, "duty"))) * 1e-3


def range_factor(given: Given) -> Amount:
    """Range over range where one thing alone is larger by a factor: power, area or cross-section."""
    ranges = []
    for power in (1.0, number(given, "power_factor")):
        look = radar.aperture_look(power, 1.0, 100.0, 0.03, 0.01)
        ranges.append(float(radar.detection_range(look, 20.0)))
    return ranges[1] / ranges[0]


def aperture_range(given: Given) -> Amount:
    """Range [km] at which a radar of one mean power and one antenna has a required signal-to-noise."""
    look = radar.aperture_look(
        quantity(given, "power", "W"),
        quantity(given, "time", "s"),
        quantity(given, "area", "m2") * number(given, "efficiency"),
        radar.wavelength(quantity(given, "frequency", "Hz")),
        quantity(given, "cross_section", "m2"),
        number(given, "temperature_k"),
        radar.ratio(number(given, "loss_db")),
    )
    return float(radar.detection_range(look, radar.ratio(number(given, "snr_db")))) * 1e-3


def round_antenna(given: Given) -> Amount:
    """Diameter [m] of a round antenna of an area."""
    return math.sqrt(4.0 * quantity(given, "area", "m2") / math.pi)


RADARS = {
    "radar-range": radar_range,
    "effective-radius": effective_radius,
    "ray": ray,
    "ray-height": ray_height,
    "stacked-arrays": stacked_arrays,
    "array-power": array_power,
    "range-factor": range_factor,
    "aperture-range": aperture_range,
    "round-antenna": round_antenna,
}
