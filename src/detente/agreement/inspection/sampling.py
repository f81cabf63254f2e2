"""How likely a random sample finds an item that is not as declared: exact, and approximated as in safeguards.

Of `items` declared, `defects` are not as declared; `sample` of them are drawn at random, none twice, and each
defect drawn is recognised with probability `quality`. Scalars in, scalars out: populations to ten million, no
overflow. Equations and biases: docs/models/inspections.md.
"""

import math
from collections.abc import Callable
from fractions import Fraction

import numpy as np

from .limits import Rules, fraction_of, sampling_rules

_NOTHING = -745.0
"""The natural logarithm below which a double is zero."""
_TIE = 1e-9
"""Where two logarithms are closer than this, rational arithmetic decides."""
_LARGEST_EXACT = 30_000


def detection(items: int, defects: int, sample: int, quality: float = 1.0, years: int = 1) -> float:
    """Probability that at least one defect is found in `years` independent years of such a sample.

    Raises `InputError` for a part larger than its whole or a quality that is no probability.
    """
    sampling_rules(items, sample, defects, quality, years).done()
    return -math.expm1(years * log_miss(items, defects, sample, quality)) + 0.0


def log_miss(items: int, defects: int, sample: int, quality: float = 1.0) -> float:
    """Natural logarithm of the probability that one sample finds nothing; -inf where it cannot miss.

    Unchecked: 0 <= defects, sample <= items. Relative error of the probability below 1e-12.
    """
    if defects == 0 or sample == 0 or quality == 0.0:
        return 0.0
    if quality < 1.0:
        return _log_miss_imperfect(items, defects, sample, quality)
    if sample + defects > items:
        return -math.inf
    few, many = sorted((defects, sample))
    if few * math.log1p(-many / items) < _NOTHING:
        return -math.inf  # each factor below is at most 1 - many / items
    # C(N-D, n) / C(N, n) is a product of as many factors as the smaller of D and n
    return float(np.sum(np.log1p(-many / (items - np.arange(few, dtype=float)))))


def _log_miss_imperfect(items: int, defects: int, sample: int, quality: float) -> float:
    """The same for an imperfect test: the mean of (1 - quality)^X over the hypergeometric number X drawn."""
    few, many = sorted((defects, sample))
    if few * math.log1p(-quality * many / items) < _NOTHING:
        return -math.inf  # (1 - quality)^X has a smaller mean than for draws with replacement
    lowest = max(0, few + many - items)
    mode = max(lowest, (few + 1) * (many + 1) // (items + 2))
    # by Chernoff's bounds what lies farther out weighs less than the smallest double
    width = int(45.0 * math.sqrt(few * many / items + 1.0)) + 100
    drawn = np.arange(max(lowest, mode - width), min(few, mode + width) + 1, dtype=float)
    # logarithms of the ratios between neighbours, added up from the mode so that no digits are lost
    before = drawn[:-1]
    steps = np.log((few - before) * (many - before) / ((before + 1) * (items - few - many + before + 1)))
    peak = mode - int(drawn[0])
    weights = np.zeros(len(drawn))
    weights[peak + 1 :] = np.cumsum(steps[peak:])
    weights[:peak] = -np.cumsum(steps[:peak][::-1])[::-1]
    weights = np.exp(weights)
    undetected = drawn * math.log1p(-quality)
    found = float(np.sum(weights * -np.expm1(undetected)) / np.sum(weights))
    if found < 0.5:
        return math.log1p(-found)
    missed = float(np.sum(weights * np.exp(undetected)) / np.sum(weights))
    return math.log(missed) if missed > 0.0 else -math.inf


def exact_miss(items: int, defects: int, sample: int, quality: str | float | Fraction = 1) -> Fraction:
    """Probability that one sample finds nothing, as a rational number. Raises `InputError`.

    Up to some ten thousand factors; a test of the floating form, and the judge of near ties.
    """
    test = fraction_of(quality, "quality")
    sampling_rules(items, sample, defects, float(test), 1).done()
    few, many = sorted((defects, sample))
    if test == 1:
        if few + many > items:
            return Fraction(0)
        above = math.prod(items - many - k for k in range(few))
        return Fraction(above, math.prod(items - k for k in range(few)))
    blind = 1 - test
    lowest = max(0, few + many - items)
    ways = sum(
        math.comb(few, k)
        * math.comb(items - few, many - k)
        * blind.numerator**k
        * blind.denominator ** (few - k)
        for k in range(lowest, few + 1)
    )
    return Fraction(ways, math.comb(items, many) * blind.denominator**few)


def smallest_sample(
    items: int,
    defects: int,
    confidence: str | float | Fraction,
    quality: str | float | Fraction = 1,
    years: int = 1,
) -> int | None:
    """Smallest sample a year that finds a defect with at least the confidence within so many years.

    None where not even looking at every item is enough, for then the test itself misses too often. Exact
    to the unit: where the two sides are close, rational numbers are compared. Raises `InputError`.
    """
    miss, test = _goal(items, defects, confidence, quality, years)
    wanted = math.log(miss)

    def enough(sample: int) -> bool:
        given = years * log_miss(items, defects, sample, float(test))
        if abs(given - wanted) > _TIE * max(1.0, abs(wanted)) or min(defects, sample) > _LARGEST_EXACT:
            return given <= wanted
        return exact_miss(items, defects, sample, test) ** years <= miss

    return _first(enough, items)


def approximate_sample(
    items: int,
    defects: int,
    confidence: str | float | Fraction,
    quality: str | float | Fraction = 1,
    years: int = 1,
) -> int | None:
    """The safeguards approximation n = ceil(N (1 - miss^(1/D)) / quality), miss^(1/years) for several years.

    Never below the exact smallest sample, for it draws with replacement; None where it exceeds the items.
    """
    miss, test = _goal(items, defects, confidence, quality, years)
    if test == 0:
        return None
    draws = defects * years
    rough = items * -math.expm1(math.log(miss) / draws) / float(test)
    near = round(rough)
    if abs(rough - near) < 1e-6 * max(1.0, rough) and draws * items.bit_length() < 2_000_000:
        sample = near if (1 - test * Fraction(near, items)) ** draws <= miss else near + 1
    else:
        sample = math.ceil(rough)
    return sample if sample <= items else None


def _goal(
    items: int,
    defects: int,
    confidence: str | float | Fraction,
    quality: str | float | Fraction,
    years: int,
) -> tuple[Fraction, Fraction]:
    """The largest probability of a miss that is allowed, and the quality, both as written."""
    sure, test = fraction_of(confidence, "confidence"), fraction_of(quality, "quality")
    rules: Rules = sampling_rules(items, None, defects, float(test), years)
    rules.share("confidence", float(sure), ends=False)
    if defects == 0:
        rules.refuse(
            "defects 0: there is nothing to find", "name the smallest number worth finding", "defects"
        )
    rules.done()
    return 1 - sure, test


def _first(enough: Callable[[int], bool], most: int) -> int | None:
    """The smallest number from 1 to `most` at which a rule that once true stays true is true."""
    if not enough(most):
        return None
    low, high = 0, most
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high
