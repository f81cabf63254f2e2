"""Claims on levels and time as margins: reached so many months early, parity kept with much to spare.

A margin is at least zero where the claim is true, as everywhere in this project, so that a claim on a
schedule feeds the crux like any other. Levels are known on the days on which they are read, and on no other:
between two of them nothing is taken for granted, and a level counts as reached on the day on which it is
first read so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Literal

from detente.records.errors import InputError, Problem, did_you_mean
from detente.records.schedule import ParityRow, Schedule

Levels = Sequence[tuple[date, int]]
"""Days and levels in order, such as those of a schedule or of half-yearly declarations."""

DAYS_A_MONTH = 365.25 / 12


@dataclass(frozen=True, slots=True)
class Milestone:
    """A claim's margin in its unit, and the day that decides it; None where no day reaches the level."""

    margin: float | None
    unit: Literal["months", "share"]
    day: date | None
    says: str

    @property
    def holds(self) -> bool:
        """Whether the claim is true of these levels."""
        return self.margin is not None and self.margin >= 0


def reached(levels: Levels, ceiling: int, by: date) -> Milestone:
    """How many months before a day a level falls to a ceiling for good; below zero where it is late.

    Levels after the day count too: a level that rises above the ceiling again was not reached for good. The
    margin is None where the last level is still above. Raises `InputError` for levels out of order, or none.
    """
    _in_order([day for day, _ in levels])
    since: date | None = None
    for day, level in reversed(levels):
        if level > ceiling:
            break
        since = day
    if since is None:
        last_day, last = levels[-1]
        return Milestone(
            None,
            "months",
            None,
            f"still {last:,} on {last_day.isoformat()}, {last - ceiling:,} above {ceiling:,}",
        )
    margin = (by - since).days / DAYS_A_MONTH
    word = "before" if margin >= 0 else "after"
    return Milestone(
        margin,
        "months",
        since,
        f"{ceiling:,} reached on {since.isoformat()}, {abs(margin):.1f} months {word} {by.isoformat()}",
    )


def kept_parity(rows: Sequence[tuple[date, int, int]], share: float) -> Milestone:
    """How much of a band of parity is left on the worst day: its share, less what the larger is ahead by.

    Rows are a day and the two counts; which party is the larger does not matter. A count of zero beside one
    above zero is infinitely far. Raises `InputError` for days out of order, or none.
    """
    _in_order([day for day, _, _ in rows])
    if share < 0:
        raise InputError(Problem(f"a share of {share:g} is negative", "write 0 or more", key="share"))
    worst = max(rows, key=lambda row: _excess(row[1], row[2]))
    excess = _excess(worst[1], worst[2])
    says = f"at worst {100 * excess:.1f} % on {worst[0].isoformat()}: {worst[1]:,} beside {worst[2]:,}"
    return Milestone(share - excess, "share", worst[0], says)


def _excess(first: int, second: int) -> float:
    low, high = sorted((first, second))
    if low:
        return high / low - 1.0
    return 0.0 if not high else float("inf")


def _in_order(days: Sequence[date]) -> None:
    if not days:
        raise InputError(Problem("there are no levels to look at", "give at least one day"))
    if any(later <= earlier for earlier, later in pairwise(days)):
        raise InputError(Problem("the days are not in order", "put each later day after the one before"))


def ceiling_reached(found: Schedule, party: str, quantity: str, ceiling: int, by: date) -> Milestone:
    """The margin of "PARTY is at CEILING by DAY" over a schedule. Raises `InputError` for no such count."""
    if not found.feasible:
        return Milestone(None, "months", None, "there is no schedule: " + "; ".join(found.conflict))
    levels = [(date.fromisoformat(day), level) for day, level in found.level_at(party, quantity)]
    if not levels:
        known = sorted({row.quantity for row in found.levels if row.party == party})
        way_out = did_you_mean(quantity, known)
        raise InputError(Problem(f"the schedule counts no {quantity} of {party}", way_out, key="quantity"))
    return reached(levels, ceiling, by)


def parity_kept(found: Schedule, rule: str, share: float) -> Milestone:
    """The margin of "parity under RULE is never off by more than SHARE" over a schedule, its start too."""
    if not found.feasible:
        return Milestone(None, "share", None, "there is no schedule: " + "; ".join(found.conflict))
    rows: list[ParityRow] = [row for row in found.parity if row.rule == rule]
    if not rows:
        known = sorted({row.rule for row in found.parity})
        raise InputError(
            Problem(f'parity was not watched under "{rule}"', did_you_mean(rule, known), key="rule")
        )
    return kept_parity([(date.fromisoformat(row.date), *row.counts) for row in rows], share)
