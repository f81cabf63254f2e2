"""A crux in about six lines of prose, which never say who is right."""

from collections.abc import Sequence

from detente.dispute.assumption import short
from detente.records.base import listed
from detente.records.crux import AttributionRow, Crux

_NUMBERS = (
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)


def write(crux: Crux) -> tuple[str, ...]:
    """The lines, each a sentence or two, of a crux that is finished but for its prose."""
    lines = [crux.diagnosis.sentence]
    if crux.k:
        by_share = sorted(crux.attribution_rows, key=lambda row: -abs(row.phi or 0.0))
        lines.append(_shares(crux, by_share))
        if crux.diagnosis.kind != "agree-all":
            lines.append(_single_concessions(crux))
            lines += [*_needs(crux), *_tipping(crux, by_share[0])]
        lines += _own_goals(crux)
        if crux.double_crux.count and crux.k > 1:
            lines.append(_settling(crux))
    mixtures = "the one mixture" if crux.k == 0 else f"all {1 << crux.k:,} mixtures"
    return (*lines, *_silence(crux), f"Exact, from {mixtures} of the two positions.")


def possessive(name: str) -> str:
    """A party's name with its apostrophe."""
    return f"{name}'" if name.endswith("s") else f"{name}'s"


def counted(number: int) -> str:
    """A number as a word up to twelve, with separators beyond."""
    return _NUMBERS[number] if number < len(_NUMBERS) else f"{number:,}"


def _capital(text: str) -> str:
    """The text as the start of a sentence; a bare symbol such as x1 or v_int stays as it is."""
    word = text.split(" ", 1)[0]
    return text[:1].upper() + text[1:] if word.isalpha() and len(word) > 1 else text


def _amount(number: float, unit: str) -> str:
    return short(number) if unit in {"", "1"} else f"{short(number)} {unit}"


def _shares(crux: Crux, by_share: Sequence[AttributionRow]) -> str:
    if by_share[0].phi is None:
        return (
            "The margin is infinite in some mixtures, so it is not divided among the assumptions; "
            "what follows rests on the verdicts alone."
        )
    if by_share[0].share is None:
        return "Their margins are equal."
    gap = _amount(abs(crux.margins[1] - crux.margins[0]), crux.unit)
    if len(by_share) == 1:
        return f"They differ on {by_share[0].label} alone, which explains the whole {gap} between them."
    first, second = by_share[0], by_share[1]
    line = f"{_capital(first.label)} explains {first.share or 0.0:.0%} of the {gap} between them"
    return f"{line}, {second.label} {second.share or 0.0:.0%}."


def _single_concessions(crux: Crux) -> str:
    if not crux.flip_rows:
        return "No certain statement can be made about single concessions."
    alone = {
        party: [row for row in crux.flip_rows if (row.side, row.kind, row.size) == (party, "flips", 1)]
        for party in crux.parties
    }
    certain = {
        party: [crux.labels[row.members[0]] for row in rows if row.certainty == "certain"]
        for party, rows in alone.items()
    }
    if not any(certain.values()):
        verb = "is certain to change" if any(alone.values()) else "changes"
        return f"No single concession {verb} either conclusion."
    parts: list[str] = []
    for party, names in certain.items():
        conclusion = f"{possessive(party)}{'' if parts else ' conclusion'}"
        if names:
            verb = "on its own would change" if len(names) == 1 else "would each on their own change"
            parts.append(f"conceding {listed(names)} {verb} {conclusion}")
        else:
            verb = "is certain to change" if alone[party] else "changes"
            parts.append(f"no single concession {verb} {conclusion}")
    return f"{_capital('; '.join(parts))}."


def _needs(crux: Crux) -> list[str]:
    """What each side's conclusion needs at least, for sides that no single concession moves."""
    parts: list[str] = []
    for party in crux.parties:
        summary = crux.summary(party, "flips")
        if summary.smallest is None or summary.smallest < 2:
            continue
        number = summary.smallest_count
        ways = f"{counted(number)} {'way' if number == 1 else 'ways'}"
        most = max(summary.occurrences, key=lambda each: each.smallest_sets)
        if number == 1:
            needed = [crux.labels[each.assumption] for each in summary.occurrences if each.smallest_sets]
            ways += f": {listed(needed)}"
        elif most.smallest_sets > 1:
            among = "all" if most.smallest_sets == number else counted(most.smallest_sets)
            ways += f", {among} of them with {crux.labels[most.assumption]}"
        conclusion = f"{possessive(party)}{'' if parts else ' conclusion'}"
        parts.append(f"{conclusion} needs at least {counted(summary.smallest)} concessions ({ways})")
    return [f"{'; '.join(parts)}."] if parts else []


def _tipping(crux: Crux, top: AttributionRow) -> list[str]:
    """On the assumption with the largest share, the nearest value at which each conclusion changes."""
    parts: list[str] = []
    first, second = crux.parties
    for party, opponent, value in ((first, second, top.b_text), (second, first, top.a_text)):
        rows = [row for row in crux.breakeven_rows if (row.side, row.assumption) == (party, top.assumption)]
        if rows[0].scanned == "the other's value only":
            return []
        row = rows[0]
        whose = f"{possessive(party)}{'' if parts else ' conclusion changes'} at"
        target = f"{possessive(opponent)} {value}"
        if row.fraction is None:
            reach = "admissible value" if row.scanned == "declared bounds" else "value between the two"
            parts.append(f"{whose} no {reach}")
        elif row.value is None:
            parts.append(f"{whose} {row.fraction:.0%} of the way to {target}")
        else:
            where = row.text.split(" (")[0]
            relation = f"away from {target}" if row.fraction < 0 else f"beyond {target}"
            if 0 <= row.fraction <= 1:
                relation = f"{row.fraction:.0%} of the way to {target}"
            parts.append(f"{whose} {where}, {relation}")
    return [f"On {top.label} alone, {'; '.join(parts)}."]


def _own_goals(crux: Crux) -> list[str]:
    against = [
        row.label for row in crux.attribution_rows if row.own_goal and row.share is not None and row.share < 0
    ]
    if not against:
        return []
    if len(against) == 1:
        return [f"Each side's figure for {against[0]} works against its own conclusion."]
    return [f"Each side's figures for {listed(against)} work against its own conclusion."]


def _settling(crux: Crux) -> str:
    one, two = crux.settle_rows[1], crux.settle_rows[2]
    line = "The truth about any one assumption would not end the dispute"
    if one.chance > 0:
        what = crux.labels[one.members[0]]
        line = f"The truth about {what} would end the dispute with a chance of {one.chance:.0%}"
    if crux.k > 2 and two.chance > 0:
        line += f"; about {listed([crux.labels[each] for each in two.members])}, {two.chance:.0%}"
    elif crux.k > 2:
        line += ", nor would it about any two"
    return f"{line}."


def _silence(crux: Crux) -> list[str]:
    if not crux.silence_rows:
        return []
    decisive = list(dict.fromkeys(row.label for row in crux.silence_rows if row.flips))
    if decisive:
        whose = "its range" if len(decisive) == 1 else "the range of each"
        return [f"Nobody stated {listed(decisive)}, and within {whose} a conclusion changes."]
    checked = len({row.assumption for row in crux.silence_rows})
    if checked == 1:
        return ["The one assumption that nobody stated changes nothing within its range."]
    return [f"The {counted(checked)} assumptions that nobody stated change nothing within their ranges."]
