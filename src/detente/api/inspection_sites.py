"""Several sites: what samples there would find, where to send visits, how to share out samples."""

from collections.abc import Sequence
from fractions import Fraction

from detente.records.finding import Finding, Table
from detente.records.outcome import Column

Number = str | int | float | Fraction

_DRAWN = (
    "Items are drawn at random, none twice; each defect drawn is recognised with the quality of the test."
)
_UNSEEN = (
    "Items that were never declared, and places that are not open to inspection.",
    "Whether a violation is likely: no chance of one is supplied.",
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
        rules.refuse(
            "defects lie somewhere", "give them for each site, or --defects in all, not both", "defects"
        )
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


def inspect_visits(detections: Sequence[Number], visits: int) -> Finding:
    """Where to send so many visits when one site is violated and a visit detects with its own chance.

    `value` is the chance of detection that holds whichever site it is. Raises `InputError`, also for a
    quota of visits above the sites.
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
        sentence="A lottery over sites detects with a chance of at least "
        f"{found.value} = {float(found.value):.6f}, whichever site is violated.",
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
        conventions=(
            "One site is violated, at most one visit a site; the choice is secret until it is made.",
        ),
        limits=_UNSEEN,
    )


def inspect_allocate(
    items: Sequence[int], defects: Sequence[int], samples: int, *, quality: Number = 1
) -> Finding:
    """So many samples over sites, one of which has its defects, so that the worst site is found as often
    as can be.

    `value` is exact; `lottery` is what a lottery over neighbouring allocations would hold. Raises
    `InputError`.
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
        sentence=f"{', '.join(map(str, found.samples))} samples: whichever site has defects, one is found "
        f"with a chance of at least {found.value} = {float(found.value):.6f}.",
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
        conventions=(
            _DRAWN,
            "One site has its defects, the others none; which one is the violator's choice.",
        ),
        limits=_UNSEEN,
    )


_SITES = (
    Column(name="site", unit="", meaning="its number in the order given"),
    Column(name="items", unit="1", meaning="items at the site"),
    Column(name="sample", unit="1", meaning="items inspected there"),
    Column(name="defects", unit="1", meaning="items that are not as declared"),
    Column(name="power", unit="1", meaning="chance of finding one at this site"),
)
