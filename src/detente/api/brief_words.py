"""The words of a brief: the first question answered in its own form, and the crux in one sentence."""

import numpy as np

from detente.records.base import listed
from detente.records.crux import Crux
from detente.records.units import with_unit

from .disputes import WORDS, Matter


def answer(lead: Matter, crux: Crux) -> str:
    """The first user question, answered in its own form."""
    first, second = (
        f"under the stated figures of {label} the open model gives {WORDS[verdict]} "
        f"({_shown_margin(margin, crux)})"
        for label, verdict, margin in zip(crux.parties, crux.verdicts, crux.margins, strict=True)
    )
    return f"{_capital(first)}; {second}; {_smallest_change(lead, crux)}."


def _shown_margin(margin: float, crux: Crux) -> str:
    digits = 0 if float(margin).is_integer() or abs(margin) >= 100 else 2
    text = with_unit(f"margin {margin:+,.{digits}f}", crux.unit).replace("-", "\N{MINUS SIGN}")
    if crux.band and abs(margin) <= crux.band:
        return f"{text}, inside the band of {crux.band:g}"
    return text


def _smallest_change(lead: Matter, crux: Crux) -> str:
    """The smallest change that flips the conclusion, from the break-evens nearest in share of the gap."""
    roots = [row for row in crux.breakeven_rows if row.value is not None and row.fraction is not None]
    if not roots:
        sets = [row for row in crux.flip_rows if row.kind == "flips"]
        if not sets:
            return "no mixture of the two and no admissible value of one figure alone flips either conclusion"
        smallest = min(sets, key=lambda row: row.size)
        names = listed([crux.labels[member] for member in smallest.members])
        return f"the smallest change that flips one is {smallest.side} conceding {names}"
    nearest = min(roots, key=lambda row: abs(row.fraction or 0.0))
    known = next(each for each in lead.assumptions if each.name == nearest.assumption)
    held, value = known.shown(nearest.held), known.shown(nearest.value)
    return (
        f"the smallest change of one figure that turns the margin's sign is {known.words} at {value} "
        f"instead of {held} ({nearest.side})"
    )


def crux_sentence(crux: Crux) -> str:
    """The crux in one sentence: what explains the gap."""
    if not crux.k:
        return "The two positions state the same figures: nothing divides them here."
    gap = abs(crux.margins[1] - crux.margins[0])
    if not np.isfinite(gap):
        return "On one side nothing admissible is enough, so that no number says how far the two are apart."
    top = max(crux.attribution_rows, key=lambda row: abs(row.phi or 0.0))
    shown = f"{gap:,.0f}" if gap >= 100 or float(gap).is_integer() else f"{gap:.2f}"
    apart = f"The two positions are {with_unit(shown, crux.unit)} apart"
    if crux.k == 1:
        return f"{apart}, and all of it turns on one figure: {top.label}, {top.a_text} or {top.b_text}."
    share = f"{top.share:.0%} of the gap" if top.share is not None else "most of the gap"
    return f"{apart}. {share} turns on {top.label}: {top.a_text} or {top.b_text}."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
