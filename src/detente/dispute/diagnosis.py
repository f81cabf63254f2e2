"""What sort of dispute it is: about numbers, the question, the standard, or nothing that matters.

The diagnosis reads the verdicts of all mixtures twice, once with every undecided mixture counted as no
and once as yes; where the two readings differ it says "undecided". Source: docs/models/crux.md, D13.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, get_args

import numpy as np

from detente.dispute.attribution import quotient, shapley
from detente.dispute.flips import as_sets, dummies, flip_sets, minimal_rows
from detente.dispute.tables import Bools, Floats, count_assumptions, mask_of, union_masks
from detente.records.crux import CruxVerdict, Diagnosis, DiagnosisKind, Kind, KindRow

UNDECIDED = "undecided"


@dataclass(frozen=True)
class Verdicts:
    """The verdict at every mixture, three-valued: `yes` and `no` exclude each other, undecided is neither."""

    yes: Bools
    no: Bools

    @staticmethod
    def of(margins: Floats, bands: Floats) -> "Verdicts":
        """Yes where the margin is at least zero, undecided where it lies inside a band of positive width."""
        undecided = (np.abs(margins) <= bands) & (bands > 0)
        return Verdicts((margins >= 0) & ~undecided, (margins < 0) & ~undecided)

    @property
    def readings(self) -> tuple[Bools, ...]:
        """Undecided counted as no, then as yes; a single reading where every mixture is decided."""
        return (self.yes,) if (self.yes != self.no).all() else (self.yes, ~self.no)

    @property
    def ends(self) -> tuple[CruxVerdict, CruxVerdict]:
        """The verdict under each party's own position."""
        return self.at(0), self.at(-1)

    def at(self, row: int) -> CruxVerdict:
        """The verdict at one mixture."""
        if self.yes[row]:
            return "yes"
        return "no" if self.no[row] else "undecided"

    @property
    def opposed(self) -> bool:
        """Whether the parties' own verdicts are decided and differ."""
        return set(self.ends) == {"yes", "no"}


class Wording(NamedTuple):
    """How the parties, the claim and the verdicts are called in a sentence."""

    parties: tuple[str, str]
    claim: str
    words: dict[str, str]


def diagnose(
    verdicts: Verdicts, margins: Floats, kinds: Sequence[Kind], players: Sequence[str], wording: Wording
) -> Diagnosis:
    """The kind of dispute, in a sentence and a table over kinds of assumption.

    `margins` (2**k,) may be infinite; `kinds` and `players` have one entry for each of the k assumptions.
    """
    by_kind: dict[Kind, list[int]] = {
        kind: [i for i, each in enumerate(kinds) if each == kind] for kind in get_args(Kind) if kind in kinds
    }
    read = {_kind_of(reading, by_kind) for reading in verdicts.readings}
    kind: DiagnosisKind = read.pop() if len(read) == 1 else "undecided"
    if UNDECIDED in verdicts.ends and kinds:
        kind = "undecided"
    smallest = smallest_double_cruxes(verdicts)
    own = verdicts.yes if verdicts.ends[0] == "yes" else verdicts.no
    hidden = flip_sets(verdicts.readings[0]).a_flips if kind == "offsetting" else ()
    return Diagnosis(
        kind=kind,
        sentence=_sentence(kind, verdicts, wording, float(np.mean(~own))),
        table=_table(verdicts, margins, by_kind, players),
        smallest_double_crux=len(smallest[0]) if smallest else None,
        share_other=float(np.mean(~own)) if kind == "offsetting" else 0.0,
        hidden=tuple(tuple(players[i] for i in each) for each in hidden),
    )


def smallest_double_cruxes(verdicts: Verdicts) -> tuple[tuple[int, ...], ...]:
    """Minimal sets that certainly flip A if A concedes them and B if B does; empty unless opposed."""
    if not verdicts.opposed:
        return ()
    first, last = (verdicts.yes, verdicts.no) if verdicts.yes[0] else (verdicts.no, verdicts.yes)
    return as_sets(minimal_rows(last & first[::-1]), count_assumptions(len(first)))


def _kind_of(true: Bools, by_kind: dict[Kind, list[int]]) -> DiagnosisKind:
    if len(true) == 1:
        return "identical"
    if true[0] == true[-1]:
        return "agree-all" if (true == true[0]).all() else "offsetting"
    roles = _roles(true, by_kind)
    if roles.get("numbers", "dummy") != "dummy":
        return "opposed"
    if roles.get("question") == "dictator":
        return "different questions"
    if roles.get("standard") == "dictator":
        return "same odds, different proof"
    return "not about the numbers"


def _roles(true: Bools, by_kind: dict[Kind, list[int]]) -> dict[Kind, str]:
    """Each kind's part at the top level, where all assumptions of a kind move together."""
    top = true[union_masks([mask_of(group) for group in by_kind.values()])]
    idle = dummies(top)
    alone = len(by_kind) - len(idle) == 1
    return {
        kind: "dummy" if i in idle else "dictator" if alone else "shared" for i, kind in enumerate(by_kind)
    }


def _table(
    verdicts: Verdicts, margins: Floats, by_kind: dict[Kind, list[int]], players: Sequence[str]
) -> tuple[KindRow, ...]:
    if not by_kind:
        return ()
    roles = [_roles(reading, by_kind) for reading in verdicts.readings]
    shares: list[float | None] = [None] * len(by_kind)
    whole = float(margins[-1] - margins[0]) if np.isfinite(margins).all() else 0.0
    if np.isfinite(margins).all():
        shares = [float(each) for each in shapley(quotient(margins, list(by_kind.values())))]
    rows = []
    for (kind, group), phi in zip(by_kind.items(), shares, strict=True):
        role = roles[0][kind] if roles[0][kind] == roles[-1][kind] else "shared"
        rows.append(
            KindRow.model_validate(
                {
                    "kind": kind,
                    "members": tuple(players[i] for i in group),
                    "phi": phi,
                    "share": phi / whole if phi is not None and whole else None,
                    "role": role,
                }
            )
        )
    return tuple(rows)


def _sentence(kind: DiagnosisKind, verdicts: Verdicts, wording: Wording, other: float) -> str:
    (a, b), words = wording.parties, wording.words
    first, last = (words[verdict] for verdict in verdicts.ends)
    subject = f'On "{wording.claim}"'
    against = f"{subject} {a} and {b} reach opposite conclusions"
    same = f"{subject} {a} and {b} reach the same conclusion ({first})"
    ends = f"{first} with the figures of {a}, {last} with those of {b}"
    open_ended = f"{subject} the model cannot tell within its band: {ends}."
    if UNDECIDED not in verdicts.ends:
        met = against if verdicts.opposed else same
        open_ended = (
            f"{met}; what sort of dispute it is stays open, as mixtures of their figures lie within the band."
        )
    sentences: dict[str, str] = {
        "identical": f"{subject} {a} and {b} use the same figures, with one conclusion: {first}.",
        "opposed": f"{against}: {ends}.",
        "agree-all": f"{same}, and no mixture of their figures changes it.",
        "offsetting": f"{same}, but by offsetting assumptions: {other:.0%} of the mixtures of their figures "
        "give another.",
        "not about the numbers": f"{against}, whoever's figures are taken: it is not about the numbers.",
        "different questions": f"{against} because they ask different questions, whatever figures are taken.",
        "same odds, different proof": f"{against} on the same odds: each demands a different proof.",
        "undecided": open_ended,
    }
    return sentences[kind]
