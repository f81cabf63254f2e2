"""Our own counts of interceptors against a raid for the scoreboard."""

import numpy as np

from detente.records.published import Amount
from detente.studies import leakage

from .inputs import Given, number


def shots_needed(given: Given) -> Amount:
    """Shots at each missile, or interceptors in all, for a probability that none of a raid gets through."""
    found = leakage.needed(number(given, "raid"), number(given, "probability"), number(given, "kill"))
    return float(getattr(found, given["result"]))


def none_leaks(given: Given) -> Amount:
    """Probability [%] that no missile of a raid gets through, with some shots at each."""
    chance = leakage.no_leak(number(given, "raid"), number(given, "shots"), number(given, "kill"))
    return 100.0 * float(chance)


def most_stopped(given: Given) -> Amount:
    """Mean number of a raid that interceptors of one shot each stop, all at once."""
    raid = number(given, "raid")
    found = leakage.salvo(raid, number(given, "interceptors"), number(given, "shots"), number(given, "kill"))
    return raid - float(np.ravel(found.leakage)[0])


RAIDS = {"shots-needed": shots_needed, "none-leaks": none_leaks, "most-stopped": most_stopped}
