"""Inspections: what a sample, a sequence of tests or several sites would find; never a lone pass or fail."""

import math
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from detente.records.finding import Finding, Table
from detente.records.outcome import Column

Number = str | int | float | Fraction

_DRAWN = (
    "Items are drawn at random, none twice; each defect drawn is recognised with the quality of the test."
)
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

    `power` is the chance of an alarm with the defects there, `false_alarm` with none; `approximation` is
    the power of as many draws with replacement. Raises `InputError`.
    """
    from detente.agreement.inspection.alarms import alarms
    from detente.agreement.inspection.limits import fraction_of
    from detente.agreement.inspection.sampling import detection

    test = float(fraction_of(quality, "quality"))
    found = alarms(items, defects, sample, test, false_alarm, accepted, years)
    plain = accepted == 0 and false_alarm == 0.0
    rough = (
        -math.expm1(years * defects * math.log1p(-test * sample / items)) if test * sample < items else 1.0
    )
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
        conventions=(
            _DRAWN,
            _YEARS,
            "The approximation draws with replacement, and is never above the exact power.",
        ),
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
        else f"Even all {items} items find one of {defects} with a chance of {power:.4f} only: "
        "the test misses too often"
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
        bad = count if defects is None else defects
        drawn = count if sample is None else sample
        power = detection(items, bad, drawn, test, years)
        rows.append({by: count, "share": count / items, "power": power, "miss": 1.0 - power})
    fixed = f"a sample of {sample}" if defects is None else f"{defects} defects"
    return Finding(
        question=f"How does the power depend on the {by}?",
        sentence=f"With {fixed} of {items} items the power rises from {rows[0]['power']:.4f} at {rows[0][by]}"
        f" to {rows[-1]['power']:.4f} at {rows[-1][by]}.",
        values={
            "items": items,
            "sample": sample,
            "defects": defects,
            "quality": test,
            "years": years,
            "by": by,
        },
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


def inspect_sequential(
    p0: float, p1: float, alpha: float, beta: float, *, most: int = 500, observed: str = ""
) -> Finding:
    """Wald's sequential test of a share of defects: its lines, its exact errors, and what a row of items
    says.

    `observed` is a text of 0 (sound) and 1 (defect), in the order inspected; `most` items end the exact sums.
    Raises `InputError`.
    """
    from detente.agreement.inspection.limits import Rules
    from detente.agreement.inspection.sequential import course, decide, wald_lines

    lines = wald_lines(p0, p1, alpha, beta)
    rules = Rules()
    if set(observed) - {"0", "1"}:
        rules.refuse(
            f'"{observed}" holds more than 0 and 1', "write 0 for a sound item, 1 for a defect", "observed"
        )
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
        sentence=f"Accept at or below {lines.accept:.6f} + {lines.slope:.7f} n defects among n items, reject "
        f"at or above {lines.reject:.6f} + {lines.slope:.7f} n, else look at another.",
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
_COURSES = (
    Column(name="share", unit="1", meaning="true share of defects"),
    Column(name="accept", unit="1", meaning="chance of accepting"),
    Column(name="reject", unit="1", meaning="chance of rejecting"),
    Column(name="undecided", unit="1", meaning="chance of no decision within the items allowed"),
    Column(name="mean_items", unit="1", meaning="items inspected on average"),
)
