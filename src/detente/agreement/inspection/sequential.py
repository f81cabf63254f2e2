"""Wald's sequential test: inspect one item after another until the count of defects crosses one of two lines.

The lines hold the two errors only nearly, for the count jumps over them; the exact chances of either end,
and of none within a number of items, are added up path by path.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from .limits import Rules

Decision = Literal["accept", "reject", "go on"]


@dataclass(frozen=True, slots=True)
class Lines:
    """Accept at or below `accept + slope * n`, reject at or above `reject + slope * n` defects among n
    items.
    """

    accept: float
    reject: float
    slope: float


@dataclass(frozen=True, slots=True)
class Course:
    """What the test does where each item is a defect with one probability: chances, and mean number of
    items.
    """

    probability: float
    accept: float
    reject: float
    undecided: float
    mean_items: float


def wald_lines(p0: float, p1: float, alpha: float, beta: float) -> Lines:
    """The two lines for a share of defects p0 that is to be accepted and p1 > p0 that is to be rejected.

    `alpha` is the wanted chance of rejecting p0, `beta` that of accepting p1. Raises `InputError`.
    """
    rules = Rules()
    for name, value in (("p0", p0), ("p1", p1), ("alpha", alpha), ("beta", beta)):
        rules.share(name, value, ends=False)
    if not rules.problems and p0 >= p1:
        rules.refuse(f"p0 {p0:g} is not below p1 {p1:g}", "give the accepted share first", "p0")
    if not rules.problems and alpha + beta >= 1:
        rules.refuse(f"alpha and beta add up to {alpha + beta:g}", "their sum is below 1", "alpha")
    rules.done()
    gap = math.log(p1 / p0) + math.log((1 - p0) / (1 - p1))
    return Lines(
        accept=-math.log((1 - alpha) / beta) / gap,
        reject=math.log((1 - beta) / alpha) / gap,
        slope=math.log((1 - p0) / (1 - p1)) / gap,
    )


def decide(lines: Lines, found: Sequence[bool]) -> tuple[Decision, int]:
    """What the test says of a row of inspected items, True for a defect, and after how many items."""
    defects = 0
    for number, bad in enumerate(found, 1):
        defects += bool(bad)
        if defects >= lines.reject + lines.slope * number:
            return "reject", number
        if defects <= lines.accept + lines.slope * number:
            return "accept", number
    return "go on", len(found)


def course(lines: Lines, probability: float, most: int) -> Course:
    """The exact chances of either decision within `most` items, and the mean number inspected.

    Items are independent, as where the sample is small beside the population. Raises `InputError`.
    """
    rules = Rules()
    rules.share("probability", probability)
    rules.count("most", most, 1, 100_000)
    rules.done()
    open_paths = np.zeros(1)
    open_paths[0] = 1.0
    accepted = rejected = items = 0.0
    for number in range(1, most + 1):
        alive = float(open_paths.sum())
        items += alive
        after = np.zeros(len(open_paths) + 1)
        after[:-1] += (1 - probability) * open_paths
        after[1:] += probability * open_paths
        counts = np.arange(len(after))
        rejects = counts >= lines.reject + lines.slope * number
        accepts = ~rejects & (counts <= lines.accept + lines.slope * number)
        rejected += float(after[rejects].sum())
        accepted += float(after[accepts].sum())
        after[rejects | accepts] = 0.0
        kept = np.flatnonzero(after)
        if not len(kept):
            return Course(probability, accepted, rejected, 0.0, items)
        open_paths = after[: kept[-1] + 1]
    return Course(probability, accepted, rejected, float(open_paths.sum()), items)
