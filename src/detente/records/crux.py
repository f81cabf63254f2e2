"""A crux: which assumptions make two positions differ on a claim, and what would change each conclusion.

A crux is a finished result. It never says who is right; the order of the parties changes signs and
nothing else. Pairs hold the first party's entry, then the second's. Margins are at least zero where the
claim is true.
"""

import math
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BeforeValidator, PlainSerializer

from .base import Names, Record

if TYPE_CHECKING:
    from os import PathLike

    import pandas as pd
    import xarray as xr

CruxVerdict = Literal["yes", "no", "undecided"]
"""Whether the claim is true at one mixture of the two positions; undecided inside the band."""

Kind = Literal["question", "standard", "model variant", "numbers"]
"""What an assumption is about: what is asked, how sure one must be, which model, or a number in it."""

Family = Literal["flips", "forced by"]
"""flips: the least to concede. forced by: agree here and the rest no longer matters."""

DiagnosisKind = Literal[
    "identical",
    "opposed",
    "agree-all",
    "offsetting",
    "not about the numbers",
    "different questions",
    "same odds, different proof",
    "undecided",
]


def _infinity_in_words(value: float) -> float | str:
    """JSON has no infinity: it is written as a text, as pydantic and JavaScript spell it."""
    return value if math.isfinite(value) else "Infinity" if value > 0 else "-Infinity"


def _infinity_from_words(value: object) -> object:
    return float(value) if value in {"Infinity", "-Infinity"} else value


Margin = Annotated[
    float,
    BeforeValidator(_infinity_from_words),
    PlainSerializer(_infinity_in_words, when_used="json"),
]
"""A margin in its unit; infinite where nothing admissible reaches, in JSON "Infinity" or "-Infinity"."""

TOGETHER = "all together"
"""The name under which break-even rows move all numbers at once."""

Value = bool | float | str | tuple[float, ...]
"""An assumption's value: a switch, a number in its unit, the name of a choice, or a place in degrees."""


class AttributionRow(Record):
    """One disputed assumption, or one group of them, and what it does to the margin and to the verdict.

    `phi`, `first`, `total`, `owen` are in the margin's unit and None where the margin is infinite at some
    mixture.
    """

    assumption: str
    label: str
    kind: Kind
    group: str = ""
    members: Names = ()
    unit: str = ""
    a: Value | None = None
    b: Value | None = None
    a_text: str
    b_text: str
    phi: float | None = None
    first: float | None = None
    total: float | None = None
    owen: float | None = None
    share: float | None = None
    per_gap: float | None = None
    own_goal: bool
    wrong_step: bool
    power: float
    swing: float
    responsibility: tuple[float, float]
    veto: tuple[bool, bool]
    dummy: bool
    source_a: Names = ()
    source_b: Names = ()


class InteractionRow(Record):
    """How far two assumptions reinforce (above zero) or replace each other, in the margin's unit."""

    first: str
    second: str
    value: float
    dividend: float


class FlipRow(Record):
    """One smallest set of concessions of one side, and the margin that the other's model row then gives."""

    side: str
    kind: Family
    size: int
    members: tuple[str, ...]
    margin_after: Margin
    certainty: Literal["certain", "possible"]


class Occurrence(Record):
    """In how many sets of a family an assumption occurs, and in how many of the smallest."""

    assumption: str
    sets: int
    smallest_sets: int


class FlipSummary(Record):
    """One family in short: how many sets, how small, and how often each assumption occurs.

    `count` counts all sets; the rows of the crux list the first `listed` of them.
    """

    side: str
    kind: Family
    count: int
    certain: int
    listed: int
    smallest: int | None
    smallest_count: int
    occurrences: tuple[Occurrence, ...]
    in_all: tuple[str, ...]


class DoubleCrux(Record):
    """Sets that flip either side when that side concedes them: the smallest, and how many minimal ones."""

    size: int | None
    smallest: tuple[tuple[str, ...], ...]
    count: int


class SettleRow(Record):
    """The set of its size whose truth is most likely to end the dispute, and that chance."""

    size: int
    members: tuple[str, ...]
    chance: float


class BreakEvenRow(Record):
    """A value of one assumption at which one side's conclusion changes, the rest held at that side's values.

    `fraction` is 0 at the side's own value and 1 at the other's, on the assumption's own scale; `lo` and
    `hi` are where the margin enters and leaves the band. A row without value says that nothing
    admissible flips it.
    """

    side: str
    assumption: str
    held: Value | None
    other: Value | None
    value: Value | None
    lo: float | None = None
    hi: float | None = None
    fraction: float | None = None
    own_sigmas: float | None = None
    admissible: bool
    beyond: CruxVerdict | None = None
    scanned_low: float | None = None
    scanned_high: float | None = None
    scanned: Literal["declared bounds", "between the two values", "the other's value only"]
    text: str


class KindRow(Record):
    """All disputed assumptions of one kind taken together, at the top level of the dispute."""

    kind: Kind
    members: tuple[str, ...]
    phi: float | None
    share: float | None
    role: Literal["dictator", "dummy", "shared"]


class Diagnosis(Record):
    """What sort of dispute this is, in a kind, a sentence and the table over kinds of assumption.

    These are statements about mixtures of the two positions, not about every value between them.
    """

    kind: DiagnosisKind
    sentence: str
    table: tuple[KindRow, ...]
    smallest_double_crux: int | None = None
    share_other: float = 0.0
    hidden: tuple[tuple[str, ...], ...] = ()


class SilenceRow(Record):
    """An assumption that nobody stated: whether its range changes a verdict, and at which values."""

    side: str
    assumption: str
    label: str
    unit: str
    default: float
    low: float
    high: float
    flips: bool
    at: tuple[float, ...]
    verdict: CruxVerdict
    verdicts: tuple[CruxVerdict, ...]
    text: str


class Crux(Record):
    """Two positions, one model, one claim: what divides them and what would change each conclusion."""

    parties: tuple[str, str]
    claim: str
    unit: str
    scale: Literal["linear", "log", "logit"]
    band: float | None
    k: int
    runs: int
    exact: bool
    verdicts: tuple[CruxVerdict, CruxVerdict]
    margins: tuple[Margin, Margin]
    diagnosis: Diagnosis
    attribution_rows: tuple[AttributionRow, ...]
    interaction_rows: tuple[InteractionRow, ...]
    flip_rows: tuple[FlipRow, ...]
    flip_summaries: tuple[FlipSummary, ...]
    double_crux: DoubleCrux
    settle_weight: float
    settle_rows: tuple[SettleRow, ...]
    breakeven_rows: tuple[BreakEvenRow, ...]
    silence_rows: tuple[SilenceRow, ...] = ()
    monotone: bool
    offenders: tuple[str, ...]
    undecided_share: float
    prose: tuple[str, ...] = ()
    seed: int | None = None
    model: str = ""
    digest: str = ""

    def __str__(self) -> str:
        return "\n".join(self.prose)

    @property
    def labels(self) -> dict[str, str]:
        """Every assumption that a row may name, and the words a reader sees."""
        return {row.assumption: row.label for row in self.attribution_rows} | {TOGETHER: TOGETHER}

    @property
    def attribution(self) -> "xr.Dataset":
        """Shares over (assumption, output), in the unit that its attributes name."""
        import numpy as np
        import xarray as xr

        rows = self.attribution_rows
        dims = ("assumption", "output")

        def numbers(name: str) -> "tuple[tuple[str, str], np.ndarray[tuple[int, int], np.dtype[np.float64]]]":
            values = [np.nan if getattr(row, name) is None else getattr(row, name) for row in rows]
            return dims, np.array(values, dtype=np.float64).reshape(len(rows), 1)

        def texts(values: list[str]) -> "tuple[str, np.ndarray[tuple[int], np.dtype[np.str_]]]":
            return "assumption", np.array(values, dtype=np.str_)

        return xr.Dataset(
            {name: numbers(name) for name in ("phi", "first", "total", "owen", "share", "per_gap")}
            | {"own_goal": (dims, np.array([row.own_goal for row in rows], dtype=bool).reshape(len(rows), 1))}
            | {
                "label": texts([row.label for row in rows]),
                "A": texts([row.a_text for row in rows]),
                "B": texts([row.b_text for row in rows]),
                "source_A": texts([", ".join(row.source_a) for row in rows]),
                "source_B": texts([", ".join(row.source_b) for row in rows]),
            },
            coords={
                "assumption": np.array([row.assumption for row in rows], dtype=np.str_),
                "output": np.array(["margin"], dtype=np.str_),
            },
            attrs={
                "party_A": self.parties[0],
                "party_B": self.parties[1],
                "claim": self.claim,
                "unit": self.unit,
                "scale": self.scale,
                "digest": self.digest,
            },
        )

    @property
    def flips(self) -> "pd.DataFrame":
        """Smallest sets of concessions: side, kind, size, members, margin_after, certainty."""
        import pandas as pd

        return pd.DataFrame([row.model_dump() for row in self.flip_rows], columns=list(FlipRow.model_fields))

    @property
    def breakeven(self) -> "pd.DataFrame":
        """Values at which a conclusion changes, nearest first within each side and assumption."""
        import pandas as pd

        return pd.DataFrame(
            [row.model_dump() for row in self.breakeven_rows], columns=list(BreakEvenRow.model_fields)
        )

    def settle(self, upto: int = 6) -> "pd.DataFrame":
        """Best set of each size up to `upto`: size, members, chance of ending the dispute."""
        import pandas as pd

        rows = [row.model_dump() for row in self.settle_rows if row.size <= upto]
        return pd.DataFrame(rows, columns=list(SettleRow.model_fields))

    def interactions(self, top: int = 10) -> "pd.DataFrame":
        """The strongest interactions of two assumptions: first, second, value, dividend."""
        import pandas as pd

        rows = [row.model_dump() for row in self.interaction_rows[:top]]
        return pd.DataFrame(rows, columns=list(InteractionRow.model_fields))

    def listed(self, side: str, kind: Family = "flips", limit: int = 10) -> tuple[FlipRow, ...]:
        """The first sets of one family: smallest first, then by how far they move the margin."""
        return tuple(row for row in self.flip_rows if row.side == side and row.kind == kind)[:limit]

    def summary(self, side: str, kind: Family = "flips") -> FlipSummary:
        """One family in short; KeyError for a side that is no party of this crux."""
        for summary in self.flip_summaries:
            if summary.side == side and summary.kind == kind:
                return summary
        raise KeyError((side, kind))

    def to_json(self) -> str:
        """The whole crux as JSON; `Crux.model_validate_json` reads it back."""
        return self.model_dump_json()

    def to_netcdf(self, path: "str | PathLike[str]") -> None:
        """Write the attribution as a NetCDF file, the whole crux as JSON in its attribute `crux`."""
        self.attribution.assign_attrs(crux=self.to_json()).to_netcdf(path, engine="scipy")
