"""Chances of detection and smallest samples, against scipy.stats.hypergeom, both beside rational arithmetic.

The peer's chance of finding a defect is `hypergeom.sf(0, N, D, n)`; its smallest sample is a bisection over
that. CPU seconds, both sides in turn in one run, one call a plan, as a user asks it. Accurate where ours is
within 1e-12 of the exact chance and every size is exact to the unit.
"""

import statistics
import time
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from scipy.stats import hypergeom

from detente.agreement.inspection.sampling import detection, exact_miss, smallest_sample

PLANS = [
    (items, max(1, items * defects // 1000), max(1, items * sample // 1000))
    for items in (100, 1_550, 20_000, 1_000_000)
    for defects in (1, 10, 100)
    for sample in (1, 5, 20)
]
SIZES = [
    (items, max(1, items * share // 100)) for items in (100, 1_550, 20_000, 1_000_000) for share in (1, 5, 20)
]
CONFIDENCE = "0.95"
ALLOWED = 1e-12


def their_size(items: int, defects: int) -> int:
    """The smallest sample by bisection over scipy's chance."""
    low, high = 0, items
    while high - low > 1:
        middle = (low + high) // 2
        enough = hypergeom.sf(0, items, defects, middle) >= 0.95
        low, high = (low, middle) if enough else (middle, high)
    return high


def seconds(action: Callable[[], Any]) -> float:
    """CPU seconds of one run."""
    begun = time.process_time()
    action()
    return time.process_time() - begun


def exact_size(items: int, defects: int, near: int) -> int:
    """The smallest sample by rational numbers, walked to from near by."""
    allowed = 1 - Fraction(CONFIDENCE)
    size = near
    while exact_miss(items, defects, size) > allowed:
        size += 1
    while size > 1 and exact_miss(items, defects, size - 1) <= allowed:
        size -= 1
    return size


def main(repeat: int = 5) -> dict[str, Any]:
    """Print both ratios and both errors."""
    checked = [plan for plan in PLANS if plan[1] * plan[2] / plan[0] < 600]  # rarer misses are 0 in a double
    exact = {plan: 1 - exact_miss(*plan) for plan in checked}
    ours = max(abs(float(Fraction(detection(*plan)) / wanted - 1)) for plan, wanted in exact.items())
    theirs = max(
        abs(float(Fraction(float(hypergeom.sf(0, *plan))) / wanted - 1)) for plan, wanted in exact.items()
    )
    sizes = {plan: smallest_sample(*plan, CONFIDENCE) for plan in SIZES}
    right = all(size is not None and exact_size(*plan, size) == size for plan, size in sizes.items())
    wrong = sum(their_size(*plan) != size for plan, size in sizes.items())
    powers, searches = [], []
    for _ in range(repeat):
        our_power = seconds(lambda: [[detection(*plan) for plan in PLANS] for _ in range(20)])
        powers.append(
            seconds(lambda: [[hypergeom.sf(0, *plan) for plan in PLANS] for _ in range(20)]) / our_power
        )
        our_search = seconds(lambda: [smallest_sample(*plan, CONFIDENCE) for plan in SIZES])
        searches.append(seconds(lambda: [their_size(*plan) for plan in SIZES]) / our_search)
    largest = 0.0
    for share in (1, 10, 1_000, 100_000, 500_000):
        begun = time.process_time()
        smallest_sample(10**6, share, CONFIDENCE)
        largest = max(largest, time.process_time() - begun)
    numbers = {
        "power_ratio": statistics.median(powers),
        "size_ratio": statistics.median(searches),
        "our_error": ours,
        "their_error": theirs,
        "sizes_exact": right,
        "their_sizes_off": wrong,
        "slowest_size_of_a_million_ms": 1e3 * largest,
        "accurate": ours < ALLOWED and right,
    }
    print(f"chance of detection: {numbers['power_ratio']:.1f} times as fast as scipy.stats.hypergeom.sf")
    print(f"  largest relative error: ours {ours:.1e}, scipy {theirs:.1e}")
    print(f"smallest sample: {numbers['size_ratio']:.1f} times as fast as bisection over it")
    print(f"  ours exact to the unit: {right}; scipy's off in {wrong} of {len(SIZES)}")
    print(f"  slowest of a million items: {1e3 * largest:.1f} ms")
    return numbers


if __name__ == "__main__":
    main()
