"""Both errors of a sampling plan: an alarm where all is as declared, and none where it is not.

A plan draws `sample` items; a defect drawn tests positive with probability `quality`, a sound item with
probability `false_alarm`; more than `accepted` positives raise the alarm. With nothing accepted and no
false alarm this is the plain discovery sample.
"""

from dataclasses import dataclass

import numpy as np

from .limits import sampling_rules
from .sampling import detection


@dataclass(frozen=True, slots=True)
class Errors:
    """Chance of an alarm with the defects, and with none; after all years together."""

    alarm: float
    false_alarm: float


def alarms(
    items: int,
    defects: int,
    sample: int,
    quality: float = 1.0,
    false_alarm: float = 0.0,
    accepted: int = 0,
    years: int = 1,
) -> Errors:
    """Probabilities that at least one year ends in an alarm: with the defects there, and with none.

    The first includes alarms that a sound item raises while a defect is there. Raises `InputError`.
    """
    rules = sampling_rules(items, sample, defects, quality, years)
    rules.share("false_alarm", false_alarm)
    if rules.count("accepted", accepted) and sample >= 0:
        way_out = "accept fewer positives than items are drawn"
        rules.at_most("accepted", accepted, "the sample", sample, way_out)
    rules.done()
    # one year may be silent with a chance near 1 or near 0: both are kept to full relative precision
    found = _one_year(items, defects, sample, quality, false_alarm, accepted)
    sound = _one_year(items, 0, sample, quality, false_alarm, accepted)
    return Errors(_ever(found, years), _ever(sound, years))


def _ever(once: float, years: int) -> float:
    return float(-np.expm1(years * np.log1p(-once))) if once < 1.0 else 1.0


def _one_year(
    items: int, defects: int, sample: int, quality: float, false_alarm: float, accepted: int
) -> float:
    if false_alarm == 0.0 and accepted == 0:
        return detection(items, defects, sample, quality)
    from scipy.stats import binom, hypergeom  # a second to load: only where it is needed

    lowest, highest = max(0, sample + defects - items), min(defects, sample)
    drawn = np.arange(lowest, highest + 1)
    chances = hypergeom.pmf(drawn, items, defects, sample)
    # more than `accepted` positives: j from the defects drawn, the rest from the sound items drawn
    more = binom.sf(accepted, drawn, quality)
    for j in range(min(accepted, highest) + 1):
        more = more + binom.pmf(j, drawn, quality) * binom.sf(accepted - j, sample - drawn, false_alarm)
    return float(min(1.0, np.sum(chances * more)))
