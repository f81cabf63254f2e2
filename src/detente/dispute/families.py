"""The flip families as rows of a crux: certain or only possible, smallest first, and in short.

Undecided mixtures are counted once as no and once as yes; sets found both times are certain, others possible.
Source: docs/models/crux.md, D14.
"""

from collections.abc import Sequence

from detente.dispute.diagnosis import Verdicts
from detente.dispute.flips import Family as Sets
from detente.dispute.flips import FlipSets, flip_sets
from detente.dispute.tables import Floats, mask_of
from detente.records.crux import Family, FlipRow, FlipSummary, Occurrence

LISTED = 500
"""Most sets of one family that a crux keeps; all are counted."""

_KINDS: tuple[Family, ...] = ("flips", "forced by")

Families = dict[tuple[str, Family], list[FlipRow]]


def flip_rows(
    verdicts: Verdicts, margins: Floats, players: Sequence[str], names: tuple[str, str]
) -> Families:
    """The four families, each ordered by size and then by how far the margin moves the other way."""
    readings = [flip_sets(reading) for reading in verdicts.readings]
    ends_decided = "undecided" not in verdicts.ends
    if not ends_decided:
        readings = [each for each in readings if each.opposed]
    rows: Families = {}
    for side, name in enumerate(names):
        for family in _KINDS:
            versions = [set(_family(each, side, family)) for each in readings]
            every = sorted(set().union(*versions), key=lambda each: (len(each), each))
            sure = set(every).intersection(*versions) if ends_decided else set()
            found = [
                FlipRow(
                    side=name,
                    kind=family,
                    size=len(each),
                    members=tuple(players[i] for i in each),
                    margin_after=_margin_after(margins, each, side),
                    certainty="certain" if each in sure else "possible",
                )
                for each in every
            ]
            toward_yes = margins[-1 if side else 0] < 0
            found.sort(key=lambda row: (row.size, -row.margin_after if toward_yes else row.margin_after))
            rows[name, family] = found
    return rows


def flip_summaries(rows: Families, names: tuple[str, str]) -> tuple[FlipSummary, ...]:
    """Each family in short: how many sets, how small, and how often each assumption occurs."""
    return tuple(_summary(rows[name, kind], name, kind) for name in dict.fromkeys(names) for kind in _KINDS)


def _family(sets: FlipSets, side: int, kind: Family) -> Sets:
    if kind == "flips":
        return sets.b_flips if side else sets.a_flips
    return sets.b_forced_by if side else sets.a_forced_by


def _margin_after(margins: Floats, conceded: Sequence[int], side: int) -> float:
    row = mask_of(conceded)
    return float(margins[(len(margins) - 1) ^ row if side else row])


def _summary(rows: Sequence[FlipRow], name: str, kind: Family) -> FlipSummary:
    smallest = rows[0].size if rows else None
    sets: dict[str, int] = {}
    small: dict[str, int] = {}
    for row in rows:
        for member in row.members:
            sets[member] = sets.get(member, 0) + 1
            small[member] = small.get(member, 0) + (row.size == smallest)
    ranked = sorted(sets, key=lambda member: (-sets[member], -small[member]))
    return FlipSummary(
        side=name,
        kind=kind,
        count=len(rows),
        certain=sum(row.certainty == "certain" for row in rows),
        listed=min(len(rows), LISTED),
        smallest=smallest,
        smallest_count=sum(row.size == smallest for row in rows),
        occurrences=tuple(
            Occurrence(assumption=member, sets=sets[member], smallest_sets=small[member]) for member in ranked
        ),
        in_all=tuple(member for member in sets if sets[member] == len(rows)),
    )
