"""How many interceptors a raid takes whose missiles fly alike, with the shots that a window leaves room for.

Where engagement and inventory meet: shots that fit come from the windows, what they are worth from the
arithmetic of leakage. Conventions and biases: docs/models/engagement.md.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from .salvos import fewest_within

Array = NDArray[np.float64]

RAID = (
    "raid_size",
    "shots_per_missile",
    "single_shot_probability",
    "common_mode_failure",
    "no_leak_standard",
)
"""The figures that a raid adds to an engagement."""


def raid_shots(fit: Array, figures: Mapping[str, Array]) -> Array:
    """Shots that can be fired at the raid: those that fit at each missile, or all interceptors held."""
    return np.minimum(_missiles(figures) * fit, figures["held"])


def spare_raid_shots(fit: Array, figures: Mapping[str, Array]) -> Array:
    """The same less the shots per missile that are asked for, times the missiles."""
    return raid_shots(fit, figures) - _missiles(figures) * np.ceil(figures["shots_per_missile"] - 1e-9)


def needed_interceptors(fit: Array, figures: Mapping[str, Array]) -> Array:
    """Interceptors that meet the no-leak standard within the shots that fit; infinite where none do."""
    names = ("no_leak_standard", "single_shot_probability", "common_mode_failure")
    standard, kill, common = (figures[name] for name in names)
    return fewest_within(_missiles(figures), standard, kill, common, fit, figures["between"])


def spare_interceptors(fit: Array, figures: Mapping[str, Array]) -> Array:
    """Interceptors held less those needed; NaN where no number is enough."""
    need = needed_interceptors(fit, figures)
    enough = np.isfinite(need)
    return np.where(enough, figures["held"] - np.where(enough, need, 0.0), np.nan)


def _missiles(figures: Mapping[str, Array]) -> Array:
    return np.ceil(figures["raid_size"] - 1e-9)
