"""Several sites: where a violation would best hide, where to look, and how many samples each site gets.

The violator chooses the site, knowing the rule of choice but not its outcome; nothing is assumed on how
likely any site, or a violation at all, is.
"""

import heapq
import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from .levels import ONE, ZERO, Level, hold_level, lottery
from .limits import Rules, fraction_of, same_length, sampling_rules
from .sampling import exact_miss, log_miss

Number = str | float | Fraction


@dataclass(frozen=True, slots=True)
class Split:
    """How defects lie over the sites, and the chance that at least one is found."""

    defects: tuple[int, ...]
    detection: float


def detection_over_sites(
    items: Sequence[int], defects: Sequence[int], samples: Sequence[int], quality: float = 1.0, years: int = 1
) -> float:
    """Probability that at least one defect is found at any site, sites sampled independently."""
    _site_rules(items, samples, quality, defects, years).done()
    silent = sum(log_miss(*site, quality) for site in zip(items, defects, samples, strict=True))
    return -math.expm1(years * silent) + 0.0


def worst_split(items: Sequence[int], samples: Sequence[int], defects: int, quality: float = 1.0) -> Split:
    """The way to spread so many defects over the sites that is found least often.

    Exact: each further defect at a site makes a miss rarer by more than the one before, so the best place
    for the next defect never regrets an earlier one. Raises `InputError` for more defects than items.
    """
    rules = _site_rules(items, samples, quality)
    if rules.count("defects", defects, 0, 100_000):
        rules.at_most(
            "defects", defects, "the items of all sites", sum(items), "give at most as many as items"
        )
    rules.done()
    placed = [0] * len(items)
    logs = [0.0] * len(items)
    waiting = [(_step(items[i], 1, samples[i], quality, 0.0), i) for i in range(len(items)) if items[i]]
    heapq.heapify(waiting)
    for _ in range(defects):
        _, site = heapq.heappop(waiting)
        placed[site] += 1
        whole, bad = items[site], placed[site]
        logs[site] = log_miss(whole, bad, samples[site], quality)
        if bad < whole:
            heapq.heappush(waiting, (_step(whole, bad + 1, samples[site], quality, logs[site]), site))
    silent = sum(logs)
    return Split(tuple(placed), -math.expm1(silent) + 0.0)


def _step(items: int, defects: int, sample: int, quality: float, so_far: float) -> float:
    """By how much the logarithm of a miss falls with the last of so many defects; nothing falls below
    -inf.
    """
    return so_far - log_miss(items, defects, sample, quality) if math.isfinite(so_far) else 0.0


@dataclass(frozen=True, slots=True)
class Visits:
    """How often each site is visited, the sets of sites to draw from, and the chance that holds at every
    site.
    """

    value: Fraction
    chances: tuple[Fraction, ...]
    draws: tuple[tuple[tuple[int, ...], Fraction], ...]


def site_visits(detections: Sequence[Number], visits: int) -> Visits:
    """Where to send so many visits, at most one a site, where one site is violated and a visit detects
    with d_i.

    The value is visits / sum(1 / d_i) while that is at most the smallest d_i, which it never exceeds:
    what is then left of the visits cannot raise it. Raises `InputError`, also for more visits than sites.
    """
    chances = [fraction_of(value, "detection") for value in detections]
    rules = Rules()
    for chance in chances:
        rules.share("detection", float(chance))
    if not chances:
        rules.refuse("no site is named", "give the chance of detection at each", "sites")
    if rules.count("visits", visits, 0):
        way_out = "lower the quota, or name more sites: a second visit to one site is another question"
        rules.at_most("visits", visits, "the sites", len(chances), way_out)
    rules.done()
    if min(chances) == 0:
        return Visits(ZERO, (ZERO,) * len(chances), (((), ONE),))
    found = hold_level([[ZERO, chance] for chance in chances], Fraction(visits))
    return Visits(found.value, found.efforts, lottery(found.efforts))


@dataclass(frozen=True, slots=True)
class Allocation:
    """Samples at each site, the chance that holds wherever the violation is, and what a lottery could
    hold.
    """

    samples: tuple[int, ...]
    detections: tuple[Fraction, ...]
    value: Fraction
    lottery: Level


def allocate_samples(
    items: Sequence[int], defects: Sequence[int], samples: int, quality: Number = 1
) -> Allocation:
    """So many samples over sites, one of which has its defects: the worst site is found as often as can be.

    Whole numbers, exact: each sample goes to the site that is found least often so far, the first of
    equals. Beside it the level that a lottery over neighbouring allocations holds on average. Raises
    `InputError`.
    """
    test = fraction_of(quality, "quality")
    rules = _site_rules(items, [0] * len(items), float(test), defects)
    for site, count in enumerate(defects, 1):
        if count == 0:
            rules.refuse(f"site {site} has no defects", "leave out a site that cannot be violated", "defects")
    if rules.count("samples", samples, 0, 100_000):
        rules.at_most(
            "samples", samples, "the items of all sites", sum(items), "give at most as many as items"
        )
    rules.done()
    curves = [[ZERO] for _ in items]

    def curve_to(site: int, count: int) -> Fraction:
        while len(curves[site]) <= count:
            miss = exact_miss(items[site], defects[site], len(curves[site]), test)
            curves[site].append(1 - miss)
        return curves[site][count]

    given = [0] * len(items)
    waiting = [(ZERO, site) for site in range(len(items))]
    for _ in range(samples):
        _, site = heapq.heappop(waiting)
        given[site] += 1
        reached = curve_to(site, given[site])
        full = given[site] == items[site]
        heapq.heappush(waiting, (Fraction(2) if full else reached, site))
    found = tuple(curve_to(site, count) for site, count in enumerate(given))
    for site, count in enumerate(given):
        # no site takes more under the lottery than one sample from each of the others
        curve_to(site, min(items[site], count + len(items)))
    mixed = hold_level(curves, Fraction(samples))
    return Allocation(tuple(given), found, min(found), mixed)


def _site_rules(
    items: Sequence[int],
    samples: Sequence[int],
    quality: float,
    defects: Sequence[int] | None = None,
    years: int = 1,
) -> Rules:
    """The rules of each site, its problems named by its number from 1."""
    rules = Rules()
    if not items:
        rules.refuse("no site is named", "give the items of each site", "sites")
    named = {"items": items, "samples": samples} | ({} if defects is None else {"defects": defects})
    if not same_length(rules, named):
        return rules
    for number, (whole, sample) in enumerate(zip(items, samples, strict=True), 1):
        bad = None if defects is None else defects[number - 1]
        for problem in sampling_rules(whole, sample, bad, quality, years).problems:
            rules.refuse(f"site {number}: {problem.rule}", problem.way_out, problem.key)
    return rules
