"""How a claim is read on an outcome: any, all or a share of the rows that it names."""

import math
from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from detente.records.base import listed
from detente.records.claim import Reading
from detente.records.outcome import Verdict

Array = NDArray[np.float64]
_DONE = {
    "margin_db": "seen",
    "margin_site_db": "seen from the site",
    "margin_view_s": "tracked",
    "margin_shots": "shot at as often as the doctrine asks",
    "margin_raid_shots": "shot at as often as the doctrine asks, all those of the raid with it,",
    "margin_interceptors": "met by enough interceptors for the whole raid",
}
_NEVER = -np.inf  # a row that no admissible speed reaches stands below every other


def pairs_of(reading: Reading) -> tuple[tuple[str, str], ...]:
    """The (launch area, sample point) pairs that a reading is about, in its own order."""
    return tuple((launch, aim) for launch in reading.launches for aim in reading.aims)


def rows_of(reading: Reading) -> tuple[tuple[str, str], ...] | tuple[str, ...]:
    """The rows that a reading is about: its pairs of places, or the rows that it names, if any."""
    return pairs_of(reading) if reading.launches else reading.rows


def claim_margin(reading: Reading) -> Callable[[Mapping[str, Array]], Array]:
    """The claim's margin [unit of its output] as a function of a study's outputs (n, rows).

    At least zero where the claim is true. "any" is the largest margin of the rows, "all" the
    smallest, a share p the largest value that at least ceil(p x rows) of them reach; a denial
    turns the sign. A row that nothing admissible reaches counts as below all others; where that
    decides the claim the result is infinite, because no finite number would be honest.
    """

    def margin(outputs: Mapping[str, Array]) -> Array:
        rows = np.asarray(outputs[reading.output], dtype=float)
        ordered = np.sort(np.where(np.isnan(rows), _NEVER, rows), axis=-1)[..., ::-1]
        needed = {"any": 1, "all": rows.shape[-1]}.get(reading.quantifier) or _share_count(reading, rows)
        value = ordered[..., needed - 1]
        return value if reading.sense == "reaches" else -value

    return margin


def _share_count(reading: Reading, rows: Array) -> int:
    return math.ceil((reading.share or 1.0) * int(rows.shape[-1]) - 1e-9)


def verdict_of(margin: float, band: float) -> Verdict:
    """*ruled out in this model* below the band, *indeterminate* inside it, else *not ruled out*."""
    if abs(margin) <= band and band > 0:
        return "indeterminate"
    return "ruled out in this model" if margin < 0 else "not ruled out"


def sentence(reading: Reading, names: Mapping[str, str]) -> str:
    """The reading in words, from the names of the places."""
    if not reading.launches:
        return _OF_ROWS.get(reading.study, _sentence_of_counts)(reading)
    launches = listed([names.get(place, place) for place in reading.launches])
    aims = listed([names.get(place, place) for place in reading.aims])
    share, done = f"{reading.share or 1:.0%}", _DONE.get(reading.output, "reached")
    how = {
        ("any", "reaches"): "at least one missile {route} can be {done}",
        ("all", "reaches"): "a missile {route} can be {done}, on every one of these routes",
        ("share", "reaches"): f"a missile {{route}} can be {{done}}, on at least {share} of these routes",
        ("any", "does not reach"): "no missile {route} can be {done}",
        ("all", "does not reach"): "a missile {route} cannot be {done} on every one of these routes",
        ("share", "does not reach"): f"a missile {{route}} cannot be {{done}} on {share} of these routes",
    }[reading.quantifier, reading.sense]
    return how.format(route=f"launched from {launches} toward {aims}", done=done)


def _sentence_of_counts(reading: Reading) -> str:
    """A reading on counts: whether the interceptors are enough for raids of these sizes."""
    denied = reading.sense != "reaches"
    if len(reading.rows) < 2:
        raid = f"a raid of {reading.rows[0]}" if reading.rows else "the raid that each position holds"
        return f"the interceptors are {'not ' if denied else ''}enough for {raid}"
    raids = f"raids of {listed(list(reading.rows))}"
    share = f"{reading.share or 1:.0%}"
    how = {
        ("any", False): "enough for at least one of {raids}",
        ("all", False): "enough for each of {raids}",
        ("share", False): f"enough for at least {share} of {{raids}}",
        ("any", True): "enough for none of {raids}",
        ("all", True): "not enough for every one of {raids}",
        ("share", True): f"not enough for {share} of {{raids}}",
    }[reading.quantifier, denied]
    return f"the interceptors are {how.format(raids=raids)}"


def _sentence_of_shares(reading: Reading) -> str:
    """A reading on inspections: whether they find violations of these shares as surely as is asked for."""
    if reading.output == "margin_false_alarm":
        denied = "more often" if reading.sense != "reaches" else "no more often"
        return f"sound items raise a false alarm {denied} than is accepted"
    verb = "do not find" if reading.sense != "reaches" else "find"
    if len(reading.rows) < 2:
        size = (
            f"a violation of {reading.rows[0]}" if reading.rows else "the violation that each position names"
        )
        return f"inspections {verb} {size} as surely as is asked for"
    share = f"at least {reading.share or 1:.0%} of "
    which = {"any": "one or another of ", "all": "each of ", "share": share}[reading.quantifier]
    return f"inspections {verb} {which}the violations {listed(list(reading.rows))} as surely as is asked for"


def _sentence_of_limits(reading: Reading) -> str:
    """A reading on launchers and a ceiling: whether what counts keeps within it, or is above."""
    ceiling = f"the ceiling of {listed(list(reading.rows))}" if reading.rows else "the ceiling"
    within = (reading.output == "margin_within") == (reading.sense == "reaches")
    return f"what counts {'keeps within' if within else 'is above'} {ceiling}"


def _sentence_of_levels(reading: Reading) -> str:
    """A reading on levels and time: reached by a day, or kept in step."""
    denied = reading.sense != "reaches"
    if reading.output == "margin_parity":
        verb = "come further apart" if denied else "come no further apart"
        return f"the two parties {verb} than the parity band allows"
    whose = {"margin_first_months": "the first party is", "margin_second_months": "the second party is"}
    who = whose.get(reading.output, "both parties are")
    when = f"the end of {listed(list(reading.rows))}" if reading.rows else "the end of its year"
    level = "the level that each position names"
    return f"{who} {'not ' if denied else ''}at {level} by {when}"


_OF_ROWS: Mapping[str, Callable[[Reading], str]] = {
    "inspect": _sentence_of_shares,
    "limit": _sentence_of_limits,
    "reduce": _sentence_of_levels,
}
"""How a reading on the rows of a study is said; raids of missiles where nothing else is known."""
