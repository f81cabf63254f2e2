"""Our own samples, tests and games of inspection for the scoreboard."""

from detente.agreement.inspection.games import dresher, ferguson_melolidakis
from detente.agreement.inspection.sampling import approximate_sample, detection, smallest_sample
from detente.agreement.inspection.sequential import wald_lines
from detente.agreement.inspection.sites import allocate_samples, site_visits
from detente.agreement.inspection.timeliness import LIMIT_OF_ONE, timeliness
from detente.records.published import Amount

from .inputs import Given, number


def sample_power(given: Given) -> Amount:
    """Chance that a sample finds at least one defect."""
    items, defects, sample = (int(given[name]) for name in ("items", "defects", "sample"))
    return detection(items, defects, sample, float(given.get("quality", "1")), int(given.get("years", "1")))


def sample_size(given: Given) -> Amount:
    """Smallest sample for a confidence, exact or by the safeguards approximation."""
    ways = {"exact": smallest_sample, "approximation": approximate_sample}
    sample = ways[given["result"]](int(given["items"]), int(given["defects"]), given["confidence"])
    return None if sample is None else float(sample)


def sequential_line(given: Given) -> Amount:
    """An intercept or the slope of the lines of a sequential test."""
    lines = wald_lines(*(number(given, name) for name in ("p0", "p1", "alpha", "beta")))
    return float(getattr(lines, given["result"]))


def inspection_game(given: Given) -> Amount:
    """The value of an inspection game, as a fraction in words."""
    periods, inspections, payoff = int(given["periods"]), int(given["inspections"]), given["payoff"]
    if given["form"] == "dresher":
        return str(dresher(periods, inspections, payoff).value)
    return str(ferguson_melolidakis(periods, inspections, payoff).value)


def worst_delay(given: Given) -> Amount:
    """The least worst expected delay on a grid, as a share of the period."""
    return timeliness(int(given["steps"]), int(given["inspections"])).value


def delay_limit(_: Given) -> Amount:
    """The same for one inspection as the grid is refined without end."""
    return LIMIT_OF_ONE


def visited(given: Given) -> Amount:
    """The chance of detection that visits hold, or how often each site is visited, as fractions in words."""
    found = site_visits([part.strip() for part in given["detections"].split(",")], int(given["visits"]))
    return str(found.value) if given["result"] == "value" else ", ".join(map(str, found.chances))


def allocated(given: Given) -> Amount:
    """Samples at each site, or the chance of detection that they hold, in words."""
    items, defects = ([int(part) for part in given[name].split(",")] for name in ("items", "defects"))
    found = allocate_samples(items, defects, int(given["samples"]))
    return str(found.value) if given["result"] == "value" else ", ".join(map(str, found.samples))


INSPECTIONS = {
    "sample-power": sample_power,
    "sample-size": sample_size,
    "sequential-line": sequential_line,
    "inspection-game": inspection_game,
    "timeliness": worst_delay,
    "timeliness-limit": delay_limit,
    "site-visits": visited,
    "sample-allocation": allocated,
}
