"""Sentences of a passage, and what in them stands in quotation marks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

MASK = "\x01"
"""What stands for each letter of a quotation, so that the grammar around it is read without it."""
_PAIRS = {"“": "”", "«": "»", "„": "“"}
_ABBREVIATED = re.compile(
    r"(?:\b(?:U\.S|U\.K|U\.N|E\.U|Mr|Mrs|Ms|Dr|Gen|Sen|Rep|Gov|Lt|Col|Adm|St|No|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|"
    r"a\.m|p\.m|vs|Inc|Co|Corp|Ltd|им|ул|тыс|млн|млрд|ст|проф|акад)|(?<!\w)[гст]|\b[A-ZА-Я])\.$"
)


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words in quotation marks; start and end are inside the marks, in letters of the passage."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence: its place in the passage, its words with quotations masked, and its quotations."""

    start: int
    end: int
    masked: str
    quotations: tuple[Quotation, ...]


def quotations(text: str) -> list[Quotation]:
    """What a passage holds in quotation marks, outermost marks alone; an open one runs to the end."""
    found: list[Quotation] = []
    at = 0
    while at < len(text):
        mark = text[at]
        if mark in _PAIRS:
            end = _closing(text, at)
            found.append(Quotation(at + 1, end))
            at = end + 1
        elif mark == '"' and (at == 0 or not text[at - 1].isalnum()):
            end = _straight(text, at + 1)
            found.append(Quotation(at + 1, end))
            at = end + 1
        else:
            at += 1
    return [each for each in found if text[each.start : each.end].strip()]


def _closing(text: str, at: int) -> int:
    """Where the outermost pair closes; nested pairs of the same marks are counted."""
    opening, closing = text[at], _PAIRS[text[at]]
    closers = closing + ("”" if opening == "„" else "")
    depth = 0
    for index in range(at, len(text)):
        if text[index] == opening:
            depth += 1
        elif text[index] in closers:
            depth -= 1
            if depth == 0:
                return index
    later = text.find(closing, at + 1)
    return later if later > 0 else len(text)


def _straight(text: str, start: int) -> int:
    """The straight mark that closes: the first after which no letter stands."""
    at = start
    while (at := text.find('"', at)) >= 0:
        if at + 1 == len(text) or not text[at + 1].isalnum():
            return at
        at += 1
    return len(text)


def sentences(text: str) -> Iterator[Sentence]:
    """The sentences of a passage; a full stop inside a quotation ends one where a capital follows it."""
    quoted = quotations(text)
    masked = list(text)
    for each in quoted:
        masked[each.start : each.end] = MASK * (each.end - each.start)
    flat = "".join(masked)
    start = 0
    for end in [*_ends(text, flat, quoted), len(text)]:
        begin = start + len(text[start:end]) - len(text[start:end].lstrip())
        stop = start + len(text[start:end].rstrip())
        if stop > begin:
            inside = tuple(each for each in quoted if begin <= each.start < stop)
            yield Sentence(begin, stop, flat[begin:stop], inside)
        start = end


def _ends(text: str, flat: str, quoted: list[Quotation]) -> list[int]:
    ends = []
    for match in re.finditer(r"[.!?…]+[)\]]?(?=\s+[\"“«„(\[]?[A-ZА-ЯЁ\d\"“«„—–-])", flat):
        if not _ABBREVIATED.search(flat[max(0, match.end() - 12) : match.end()]):
            ends.append(match.end())
    for each in quoted:
        after = re.match(r"[\"”»“]?\s+(?=[\"“«„(]?[A-ZА-ЯЁ])", flat[each.end :])
        if after and re.search(r"[.!?…]\s*$", text[each.start : each.end]):
            ends.append(each.end + 1)
    return sorted(set(ends))
