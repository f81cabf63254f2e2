"""The outcome of a study whose rows are launch areas with sample points."""

from collections.abc import Sequence
from typing import Any

from detente.records.outcome import UPPER_BOUND, Column, Outcome

from .bind import Bound
from .engagements import Pairs


def pair_outcome(
    bound: Bound,
    pairs: Pairs,
    rows: Sequence[dict[str, Any]],
    conventions: Sequence[str],
    *,
    status: str = "what the model may say of this row",
    notices: Sequence[str] = (),
    caveat: str = UPPER_BOUND,
    digest: str = "",
) -> Outcome:
    """The rows in the order of the pairs, with the columns of the bound study between status and reason.

    `digest` stands in place of that of the bound position where more went in, such as radars.
    """
    order = {pair: n for n, pair in enumerate(zip(pairs.launches, pairs.aims, strict=True))}
    return Outcome(
        study=bound.study.name,
        case=bound.case.id,
        position=bound.position.id,
        columns=(
            Column(name="launch", unit="", meaning="launch area"),
            Column(name="aim", unit="", meaning="sample point"),
            Column(name="status", unit="", meaning=status),
            *(Column(name=o.name, unit=o.unit, meaning=o.meaning) for o in bound.study.outputs),
            Column(name="reason", unit="", meaning="why a value is null"),
        ),
        rows=tuple(sorted(rows, key=lambda row: order[row["launch"], row["aim"]])),
        conventions=tuple(conventions),
        notices=(*bound.notices, *notices),
        caveat=caveat,
        digest=digest or bound.digest,
    )
