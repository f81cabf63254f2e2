"""Inspections: what a sample, a sequence of tests or several sites would find; never a lone pass or fail."""

import math
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from detente.records.finding import Finding, Table
from detente.records.outcome import Column

Number = str | int | float | Fraction

_DRAWN = "Items are drawn at random, none twice; each defect drawn is recognised with the quality of the test."
_YEARS = "Years are independent: the sample is drawn anew from the same items."
_APPROXIMATION = (
    "The approximation is that of the safeguards literature: draws with replacement, "
    "n = ceil(N (1 - miss^(1/D)) / quality)."
)
_UNSEEN = (
    "Items that were never declared, and places that are not open to inspection.",
    "Whether a violation is likely: no chance of one is supplied.",
)
_CURVE_COUNTS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
_LARGEST_SHOWN_EXACT = 60
"""Exact fractions with more digits than this below the bar say nothing to a reader."""


def inspect_power(
    items: int,
    defects: int,
    sample: int,
    *,
    quality: Number = 1,
    years: int = 1,
    false_alarm: float = 0.0,
    accepted: int = 0,
) -> Finding:
    """How likely a random sample finds at least one defect, with both errors and the curve around it.

    `power` is the chance of an alarm with the defects there, `false_alarm` with none; `approximation` is the power
    of as many draws with replacement. Raises `InputError`.
    """
    from detente.agreement.inspection.alarms import alarms
    from detente.agreement.inspection.limits import fraction_of
    from detente.agreement.inspection.sampling import detection

    test = float(fraction_of(quality, "quality"))
    found = alarms(items, defects, sample, test, false_alarm, accepted, years)
    plain = accepted == 0 and false_alarm == 0.0
    rough = -math.expm1(years * defects * math.log1p(-test * sample / items)) if test * sample < items else 1.0
    counts = sorted({count for count in (*_CURVE_COUNTS, defects) if 1 <= count <= items})
    rows = [
        {
            "defects": count,
            "share": count / items,
            "power": (
                detection(items, count, sample, test, years)
                if plain
                else alarms(items, count, sample, test, false_alarm, accepted, years).alarm
            ),
        }
        for count in counts
    ]
    return Finding(
        question="How likely does such a sample find what is not as declared?",
        sentence=_power_sentence(items, defects, sample, years, found.alarm, rows),
        values={
            "items": items,
            "defects": defects,
            "sample": sample,
            "quality": test,
            "years": years,
            "accepted": accepted,
            "false_alarm_per_item": false_alarm,
            "power": found.alarm,
            "miss": 1.0 - found.alarm,
            "false_alarm": found.false_alarm,
            "approximation": (rough if defects and sample else 0.0) if plain else None,
            "exact": _exact_power(items, defects, sample, quality, years) if plain else None,
        },
        tables=(Table(name="curve", columns=_CURVE, rows=tuple(rows)),),
        conventions=(_DRAWN, _YEARS, "The approximation draws with replacement, and is never above the exact power."),
        limits=_UNSEEN,
    )


def inspect_size(
    items: int, defects: int, confidence: Number, *, quality: Number = 1, years: int = 1
) -> Finding:
    """The smallest sample a year that finds a defect with the confidence, exact and by the approximation.

    `sample` is None where not even looking at every item is enough. Raises `InputError`.
    """
    from detente.agreement.inspection.limits import fraction_of
    from detente.agreement.inspection.sampling import approximate_sample, detection, smallest_sample

    test = float(fraction_of(quality, "quality"))
    sample = smallest_sample(items, defects, confidence, quality, years)
    rough = approximate_sample(items, defects, confidence, quality, years)
    counts = sorted({count for count in (*_CURVE_COUNTS, defects) if 1 <= count <= items})
    rows = [
        {
            "defects": count,
            "share": count / items,
            "sample": smallest_sample(items, count, confidence, quality, years),
            "approximation": approximate_sample(items, count, confidence, quality, years),
            "power_of_sample": None if sample is None else detection(items, count, sample, test, years),
        }
        for count in counts
    ]
    power = detection(items, defects, items if sample is None else sample, test, years)
    told = (
        f"{sample} of {items} items a year find at least one of {defects} with a chance of {power:.4f}"
        if sample is not None
        else f"Even all {items} items find one of {defects} with a chance of {power:.4f} only: the test misses too often"
    )
    return Finding(
        question="How many items must be looked at?",
        sentence=f"{told}; the approximation says {'more than there are' if rough is None else rough}.",
        values={
            "items": items,
            "defects": defects,
            "confidence": float(fraction_of(confidence, "confidence")),
            "quality": test,
            "years": years,
            "sample": sample,
            "approximation": rough,
            "power": power,
        },
        tables=(Table(name="sizes", columns=_SIZES, rows=tuple(rows)),),
        conventions=(_DRAWN, _YEARS, _APPROXIMATION),
        limits=_UNSEEN,
    )


def inspect_curve(
    items: int,
    *,
    sample: int | None = None,
    defects: int | None = None,
    quality: Number = 1,
    years: int = 1,
) -> Finding:
    """The detection curve: over the number of defects for one sample, or over the sample for one number.

    Give `sample` or `defects`, not both. Raises `InputError`.
    """
    from detente.agreement.inspection.limits import Rules, fraction_of, sampling_rules
    from detente.agreement.inspection.sampling import detection

    test = float(fraction_of(quality, "quality"))
    rules = Rules()
    if (sample is None) == (defects is None):
        rules.refuse("a curve runs over one of the two", "give --sample or --defects, not both", "curve")
    rules.done()
    sampling_rules(items, sample, defects, test, years).done()
    by = "defects" if defects is None else "sample"
    rows = []
    for count in _spaced(items):
        bad, drawn = (count, sample) if defects is None else (defects, count)
        assert bad is not None
        assert drawn is not None
        power = detection(items, bad, drawn, test, years)
        rows.append({by: count, "share": count / items, "power": power, "miss": 1.0 - power})
    fixed = f"a sample of {sample}" if defects is None else f"{defects} defects"
    return Finding(
        question=f"How does the power depend on the {by}?",
        sentence=f"With {fixed} of {items} items the power rises from {rows[0]['power']:.4f} at {rows[0][by]} "
        f"to {rows[-1]['power']:.4f} at {rows[-1][by]}.",
        values={"items": items, "sample": sample, "defects": defects, "quality": test, "years": years, "by": by},
        tables=(
            Table(
                name="curve",
                columns=(
                    Column(name=by, unit="1", meaning=f"number of {by}"),
                    Column(name="share", unit="1", meaning="the same as a share of the items"),
                    Column(name="power", unit="1", meaning="chance of finding at least one defect"),
                    Column(name="miss", unit="1", meaning="chance of finding none"),
                ),
                rows=tuple(rows),
            ),
        ),
        conventions=(_DRAWN, _YEARS),
        limits=_UNSEEN,
    )


def inspect_sites(
    items: Sequence[int],
    samples: Sequence[int],
    *,
    defects: Sequence[int] | None = None,
    total: int | None = None,
    quality: Number = 1,
) -> Finding:
    """Several sites sampled independently: the power for known defects, or for so many that hide best.

    `defects` says how many lie at each site; `total` asks for the spread that is found least often. Raises
    `InputError`.
    """
    from detente.agreement.inspection.limits import Rules, fraction_of
    from detente.agreement.inspection.sampling import detection
    from detente.agreement.inspection.sites import detection_over_sites, worst_split

    rules = Rules()
    if (defects is None) == (total is None):
        rules.refuse("defects lie somewhere", "give them for each site, or --defects in all, not both", "defects")
    rules.done()
    test = float(fraction_of(quality, "quality"))
    if total is not None:
        split = worst_split(items, samples, total, test)
        placed, power = list(split.defects), split.detection
        told = f"Spread where {total} defects are found least often"
    else:
        placed = list(defects or ())
        power = detection_over_sites(items, placed, samples, test)
        told = f"{sum(placed)} defects as given"
    rows = [
        {
            "site": number,
            "items": whole,
            "sample": sample,
            "defects": bad,
            "power": detection(whole, bad, sample, test),
        }
        for number, (whole, sample, bad) in enumerate(zip(items, samples, placed, strict=True), 1)
    ]
    return Finding(
        question="How likely is it that some site shows a defect?",
        sentence=f"{told} over {len(items)} sites: some site shows one with a chance of {power:.4f}.",
        values={"power": power, "miss": 1.0 - power, "defects": placed, "quality": test},
        tables=(Table(name="sites", columns=_SITES, rows=tuple(rows)),),
        conventions=(_DRAWN, "Sites are sampled independently of each other."),
        limits=_UNSEEN,
    )


def inspect_sequential(
    p0: float, p1: float, alpha: float, beta: float, *, most: int = 500, observed: str = ""
) -> Finding:
    """Wald's sequential test of a share of defects: its lines, its exact errors, and what a row of items says.

    `observed` is a text of 0 (sound) and 1 (defect), in the order inspected; `most` items end the exact sums.
    Raises `InputError`.
    """
    from detente.agreement.inspection.limits import Rules
    from detente.agreement.inspection.sequential import course, decide, wald_lines

    lines = wald_lines(p0, p1, alpha, beta)
    rules = Rules()
    if set(observed) - {"0", "1"}:
        rules.refuse(f'"{observed}" holds more than 0 and 1', "write 0 for a sound item, 1 for a defect", "observed")
    rules.done()
    shares = sorted({0.0, p0, (p0 + p1) / 2, lines.slope, p1, min(1.0, 2 * p1)})
    rows = [
        {
            "share": found.probability,
            "accept": found.accept,
            "reject": found.reject,
            "undecided": found.undecided,
            "mean_items": found.mean_items,
        }
        for found in (course(lines, share, most) for share in shares)
    ]
    decision, after = decide(lines, [letter == "1" for letter in observed])
    at = {row["share"]: row for row in rows}
    return Finding(
        question="When can one stop looking?",
        sentence=f"Accept at or below {lines.accept:.6f} + {lines.slope:.7f} n defects among n items, reject at or "
        f"above {lines.reject:.6f} + {lines.slope:.7f} n, else look at another.",
        values={
            "p0": p0,
            "p1": p1,
            "alpha": alpha,
            "beta": beta,
            "accept_intercept": lines.accept,
            "reject_intercept": lines.reject,
            "slope": lines.slope,
            "false_alarm": at[p0]["reject"],
            "miss": at[p1]["accept"],
            "observed": observed or None,
            "decision": decision if observed else None,
            "after_items": after if observed else None,
        },
        tables=(Table(name="courses", columns=_COURSES, rows=tuple(rows)),),
        conventions=(
            "Items are independent, as where few of a large population are looked at.",
            f"Chances and means are exact sums over all courses of at most {most} items.",
        ),
        limits=_UNSEEN,
    )


def inspect_visits(detections: Sequence[Number], visits: int) -> Finding:
    """Where to send so many visits when one site is violated and a visit detects with its own chance.

    `value` is the chance of detection that holds whichever site it is. Raises `InputError`, also for a quota of
    visits above the sites.
    """
    from detente.agreement.inspection.sites import site_visits

    found = site_visits(detections, visits)
    rows = [
        {"site": number, "detection": str(chance), "visit": str(share), "visit_decimal": float(share)}
        for number, (chance, share) in enumerate(zip(detections, found.chances, strict=True), 1)
    ]
    draws = [
        {"sites": [site + 1 for site in sites], "chance": str(chance), "chance_decimal": float(chance)}
        for sites, chance in found.draws
    ]
    return Finding(
        question="Which sites should be visited, and how often?",
        sentence=f"A lottery over sites detects with a chance of at least {found.value} = {float(found.value):.6f}, "
        "whichever site is violated.",
        values={"visits": visits, "value": str(found.value), "value_decimal": float(found.value)},
        tables=(
            Table(
                name="sites",
                columns=(
                    Column(name="site", unit="", meaning="its number in the order given"),
                    Column(name="detection", unit="1", meaning="chance that one visit detects"),
                    Column(name="visit", unit="1", meaning="chance that it is visited, as a fraction"),
                    Column(name="visit_decimal", unit="1", meaning="the same as a decimal"),
                ),
                rows=tuple(rows),
            ),
            Table(
                name="draws",
                columns=(
                    Column(name="sites", unit="", meaning="sites that are visited together"),
                    Column(name="chance", unit="1", meaning="how often this set is drawn, as a fraction"),
                    Column(name="chance_decimal", unit="1", meaning="the same as a decimal"),
                ),
                rows=tuple(draws),
            ),
        ),
        conventions=("One site is violated, at most one visit a site; the choice is secret until it is made.",),
        limits=_UNSEEN,
    )


def inspect_allocate(items: Sequence[int], defects: Sequence[int], samples: int, *, quality: Number = 1) -> Finding:
    """So many samples over sites, one of which has its defects, so that the worst site is found as often as can be.

    `value` is exact; `lottery` is what a lottery over neighbouring allocations would hold. Raises `InputError`.
    """
    from detente.agreement.inspection.sites import allocate_samples

    found = allocate_samples(items, defects, samples, quality)
    rows = [
        {
            "site": number,
            "items": whole,
            "defects": bad,
            "sample": given,
            "power": str(chance),
            "power_decimal": float(chance),
            "mean_sample": float(mean),
        }
        for number, (whole, bad, given, chance, mean) in enumerate(
            zip(items, defects, found.samples, found.detections, found.lottery.efforts, strict=True), 1
        )
    ]
    return Finding(
        question="How many samples should each site get?",
        sentence=f"{', '.join(map(str, found.samples))} samples: whichever site has its defects, one is found with a "
        f"chance of at least {found.value} = {float(found.value):.6f}.",
        values={
            "samples": list(found.samples),
            "value": str(found.value),
            "value_decimal": float(found.value),
            "lottery": str(found.lottery.value),
            "lottery_decimal": float(found.lottery.value),
        },
        tables=(
            Table(
                name="sites",
                columns=(
                    Column(name="site", unit="", meaning="its number in the order given"),
                    Column(name="items", unit="1", meaning="items at the site"),
                    Column(name="defects", unit="1", meaning="defects there if it is the violated one"),
                    Column(name="sample", unit="1", meaning="samples that it gets"),
                    Column(name="power", unit="1", meaning="chance of finding one there, as a fraction"),
                    Column(name="power_decimal", unit="1", meaning="the same as a decimal"),
                    Column(name="mean_sample", unit="1", meaning="mean sample under the lottery"),
                ),
                rows=tuple(rows),
            ),
        ),
        conventions=(_DRAWN, "One site has its defects, the others none; which one is the violator's choice."),
        limits=_UNSEEN,
    )


def _power_sentence(
    items: int, defects: int, sample: int, years: int, power: float, rows: Iterable[Mapping[str, Any]]
) -> str:
    span = "a year" if years == 1 else f"a year, within {years} years,"
    others = [row for row in rows if row["defects"] in {1, 10, 50, 100} and row["defects"] != defects]
    beside = ", ".join(f"{row['power']:.2f} for {row['defects']}" for row in others)
    return (
        f"{sample} of {items} items {span} find at least one of {defects} with a chance of {power:.4f}"
        f"{f'; beside it {beside}' if beside else ''}."
    )


def _exact_power(items: int, defects: int, sample: int, quality: Number, years: int) -> str | None:
    """The power as a fraction, where that is short enough to be read."""
    from detente.agreement.inspection.sampling import exact_miss

    if min(defects, sample) * years > 200:
        return None
    found = 1 - exact_miss(items, defects, sample, quality) ** years
    return str(found) if len(str(found.denominator)) <= _LARGEST_SHOWN_EXACT else None


def _spaced(most: int) -> list[int]:
    """About forty counts from 1 to a largest one, evenly on a logarithmic scale, each once."""
    steps = 40
    return sorted({min(most, max(1, round(most ** (step / steps)))) for step in range(steps + 1)})


_SHARE = Column(name="share", unit="1", meaning="the same as a share of the items")
_DEFECTS = Column(name="defects", unit="1", meaning="items that are not as declared")
_CURVE = (_DEFECTS, _SHARE, Column(name="power", unit="1", meaning="chance of an alarm"))
_SIZES = (
    _DEFECTS,
    _SHARE,
    Column(name="sample", unit="1", meaning="smallest sample a year for that number, exact"),
    Column(name="approximation", unit="1", meaning="the same by the approximation"),
    Column(name="power_of_sample", unit="1", meaning="power of the sample asked for, at that number"),
)
_SITES = (
    Column(name="site", unit="", meaning="its number in the order given"),
    Column(name="items", unit="1", meaning="items at the site"),
    Column(name="sample", unit="1", meaning="items inspected there"),
    _DEFECTS,
    Column(name="power", unit="1", meaning="chance of finding one at this site"),
)
_COURSES = (
    Column(name="share", unit="1", meaning="true share of defects"),
    Column(name="accept", unit="1", meaning="chance of accepting"),
    Column(name="reject", unit="1", meaning="chance of rejecting"),
    Column(name="undecided", unit="1", meaning="chance of no decision within the items allowed"),
    Column(name="mean_items", unit="1", meaning="items inspected on average"),
)
