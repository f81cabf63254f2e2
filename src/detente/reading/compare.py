"""Two reports of one event: text reuse, drift of quotations, omissions and different channels."""

import re
from collections import defaultdict
from collections.abc import Sequence
from difflib import SequenceMatcher

from detente.records.reading import Proposed, ProposedMeeting, Reading
from detente.records.reading_compare import Comparison, Drift, OnlyOne, OtherChannel, Reuse

from .page import plain

RUN = 6
"""Words that a run must have to count as taken over: shorter ones happen by chance."""
ALIKE = 0.45
"""Likeness of the words of two sayings of one speaker from which they are taken for one."""
_WORD = re.compile(r"\w+(?:['’-]\w+)*")
_VERB = re.compile(
    r"\b(?P<verb>agreed (?:that|to|on)|supported the (?:understanding|view|idea)|accepted|acknowledged|confirmed|welcomed|"
    r"promised|pledged|undertook|reached an (?:agreement|understanding)|expressed (?:hope|readiness|support)|noted|said|"
    r"called for|proposed|suggested|considered)\b|(?<!\w)(?:договорил\w+|согласил\w+|поддержал\w*|обязал\w+|обещал\w*|выразил\w*)(?!\w)"
)


def compare(
    a: Reading, text_a: str, b: Reading, text_b: str, names: tuple[str, str] = ("A", "B")
) -> Comparison:
    """Two readings with the decoded texts that they were read from."""
    words_a, words_b = _words(a, text_a), _words(b, text_b)
    reuse = _reuse(words_a, words_b, text_a)
    pairs = _pairs(_said(a), _said(b))
    notices = []
    if a.page.digest == b.page.digest:
        notices.append("both pages are the same file, byte for byte")
    if not pairs and not reuse:
        notices.append("the two pages share neither words nor a saying: they may be about different events")
    return Comparison(
        a=names[0], b=names[1],
        reused_share_a=_share([(each.start_a, each.end_a) for each in reuse], words_a),
        reused_share_b=_share([(each.start_b, each.end_b) for each in reuse], words_b),
        reuse=reuse,
        drift=(*_drift(pairs), *_verbs(a, text_a, b, text_b)),
        only=(*_only(a, b, pairs, names, 0), *_only(b, a, pairs, names, 1)),
        channels=tuple(
            OtherChannel(text=one.text, speaker=one.speaker, channel_a=one.channel, channel_b=other.channel, start_a=one.start, start_b=other.start)
            for one, other in pairs if one.channel != other.channel
        ),
        notices=tuple(notices),
    )  # fmt: skip


_Word = tuple[str, int, int]


def _words(reading: Reading, text: str) -> list[_Word]:
    """The words of the article with their offsets; tags and furniture are left out."""
    words: list[_Word] = []
    for span in reading.page.spans:
        if span.kind in {"lead", "body"}:
            flat = re.sub(r"<[^>]*>", lambda tag: " " * len(tag[0]), text[span.start : span.end])
            words += [
                (match[0].lower(), span.start + match.start(), span.start + match.end())
                for match in _WORD.finditer(flat)
            ]
    return words


def _reuse(one: list[_Word], other: list[_Word], text: str) -> tuple[Reuse, ...]:
    """The longest runs of equal words, greedily, each word of A used once."""
    places = defaultdict(list)
    for at in range(len(other) - RUN + 1):
        places[tuple(word for word, _, _ in other[at : at + RUN])].append(at)
    found, at = [], 0
    while at + RUN <= len(one):
        starts = places.get(tuple(word for word, _, _ in one[at : at + RUN]), [])
        length, begin = max(((_length(one, at, other, start), start) for start in starts), default=(0, 0))
        if length:
            first, last = one[at], one[at + length - 1]
            found.append(
                Reuse(
                    text=plain(text, first[1], last[2]), start_a=first[1], end_a=last[2],
                    start_b=other[begin][1], end_b=other[begin + length - 1][2],
                )
            )  # fmt: skip
        at += length or 1
    return tuple(found)


def _length(one: list[_Word], at: int, other: list[_Word], start: int) -> int:
    length = 0
    while (
        at + length < len(one)
        and start + length < len(other)
        and one[at + length][0] == other[start + length][0]
    ):
        length += 1
    return length


def _share(spans: Sequence[tuple[int, int]], words: Sequence[_Word]) -> float:
    inside = sum(any(start <= first < end for start, end in spans) for _, first, _ in words)
    return round(inside / len(words), 3) if words else 0.0


def _said(reading: Reading) -> list[Proposed]:
    return [each for each in reading.statements if each.voice == "speaker"]


def _tokens(text: str) -> list[str]:
    return [match[0].lower() for match in _WORD.finditer(text)]


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, _tokens(one), _tokens(other), autojunk=False).ratio()


def _same_speaker(one: str | None, other: str | None) -> bool:
    return one == other or bool(one and other and one.split()[-1] == other.split()[-1])


def _pairs(ours: Sequence[Proposed], theirs: Sequence[Proposed]) -> list[tuple[Proposed, Proposed]]:
    """Sayings of the two pages that are one: alike in their words, the speaker the same or the words nearly so."""
    ranked = sorted(
        (
            (_likeness(one.text, other.text) + 0.1 * _same_speaker(one.speaker, other.speaker), i, j)
            for i, one in enumerate(ours)
            for j, other in enumerate(theirs)
        ),
        reverse=True,
    )
    left, right, found = set(range(len(ours))), set(range(len(theirs))), []
    for score, i, j in ranked:
        needed = ALIKE + 0.1 if _same_speaker(ours[i].speaker, theirs[j].speaker) else 0.75
        if score >= needed and i in left and j in right:
            left.discard(i)
            right.discard(j)
            found.append((ours[i], theirs[j]))
    return sorted(found, key=lambda pair: pair[0].start)


def _drift(pairs: Sequence[tuple[Proposed, Proposed]]) -> list[Drift]:
    found = []
    for one, other in pairs:
        mine, theirs = _tokens(one.text), _tokens(other.text)
        kinds = [("words", mine != theirs), ("speaker", not _same_speaker(one.speaker, other.speaker)),
                 ("date", one.date != other.date)]  # fmt: skip
        found += [_made(kind, one, other) for kind, differs in kinds if differs]
    return found


def _made(kind: str, one: Proposed, other: Proposed) -> Drift:
    mine, theirs = _tokens(one.text), _tokens(other.text)
    only_a, only_b = _apart(mine, theirs)
    if kind == "speaker":
        only_a, only_b = (one.speaker or "",), (other.speaker or "",)
    if kind == "date":
        only_a, only_b = (one.date or "",), (other.date or "",)
    return Drift(
        kind=kind, speaker=one.speaker, text_a=one.text, start_a=one.start, end_a=one.end, text_b=other.text,
        start_b=other.start, end_b=other.end, only_a=only_a, only_b=only_b, likeness=round(_likeness(one.text, other.text), 2),
    )  # fmt: skip


def _apart(mine: list[str], theirs: list[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Runs of words that only one wording has."""
    only_a, only_b = [], []
    for tag, a0, a1, b0, b1 in SequenceMatcher(None, mine, theirs, autojunk=False).get_opcodes():
        if tag != "equal":
            only_a += [" ".join(mine[a0:a1])] if a1 > a0 else []
            only_b += [" ".join(theirs[b0:b1])] if b1 > b0 else []
    return tuple(only_a), tuple(only_b)


def _verbs(a: Reading, text_a: str, b: Reading, text_b: str) -> list[Drift]:
    """One act under two verbs, such as "agreed that" in one page and "supported the understanding" in the other."""
    ours, theirs = _acts(a, text_a), _acts(b, text_b)
    found = []
    for verb_a, rest_a, start_a, end_a in ours:
        scored = [
            (_content(rest_a, rest_b), verb_b, rest_b, start_b, end_b)
            for verb_b, rest_b, start_b, end_b in theirs
        ]
        score, verb_b, rest_b, start_b, end_b = max(scored, default=(0.0, "", "", 0, 0))
        if score >= 0.35 and verb_a.split()[0] != verb_b.split()[0]:
            found.append(
                Drift(
                    kind="verb", speaker=None, text_a=f"{verb_a}{rest_a}".strip(), start_a=start_a, end_a=end_a,
                    text_b=f"{verb_b}{rest_b}".strip(), start_b=start_b, end_b=end_b, only_a=(verb_a,), only_b=(verb_b,),
                    likeness=round(score, 2),
                )
            )  # fmt: skip
    return found


def _acts(reading: Reading, text: str) -> list[tuple[str, str, int, int]]:
    found = []
    for span in reading.page.spans:
        if span.kind in {"lead", "body"} and "<" not in (part := text[span.start : span.end]):
            for match in _VERB.finditer(part):
                end = next(
                    (
                        stop.start()
                        for stop in re.finditer(r"[.!?](?=\s|$|[\"”»])", part)
                        if stop.start() > match.end()
                    ),
                    len(part),
                )
                rest = part[match.end() : min(end, match.end() + 220)]
                found.append(
                    (match[0], rest, span.start + match.start(), span.start + match.end() + len(rest))
                )
    return found


_EMPTY = frozenset(
    [
        "the",
        "a",
        "an",
        "of",
        "to",
        "in",
        "on",
        "and",
        "or",
        "that",
        "this",
        "for",
        "with",
        "be",
        "is",
        "are",
        "was",
        "were",
        "will",
        "would",
        "should",
        "it",
        "they",
        "he",
        "she",
        "by",
        "at",
        "as",
        "we",
    ]
)


def _content(one: str, other: str) -> float:
    mine, theirs = set(_tokens(one)) - _EMPTY, set(_tokens(other)) - _EMPTY
    return (
        len(mine & theirs) / max(1, min(len(mine), len(theirs))) if min(len(mine), len(theirs)) >= 3 else 0.0
    )


def _only(
    mine: Reading,
    theirs: Reading,
    pairs: Sequence[tuple[Proposed, Proposed]],
    names: tuple[str, str],
    side: int,
) -> list[OnlyOne]:
    """Meetings, sayings, undertakings and numbers that the other page leaves out."""
    page = names[side]
    paired = {id(pair[side]) for pair in pairs}
    found = [
        OnlyOne(page=page, what="meeting", text=each.text, start=each.start, end=each.end)
        for each in mine.meetings
        if not any(_same_meeting(each, other) for other in theirs.meetings)
    ]
    found += [
        OnlyOne(page=page, what="statement", text=each.text, start=each.start, end=each.end)
        for each in _said(mine)
        if id(each) not in paired
    ]
    found += [
        OnlyOne(page=page, what="commitment", text=each.text, start=each.start, end=each.end)
        for each in mine.commitments
        if not any(_likeness(each.text, other.text) >= ALIKE for other in theirs.commitments)
    ]
    numbers = {(each.low, each.high) for each in theirs.quantities}
    found += [
        OnlyOne(page=page, what="quantity", text=f"{each.text} {each.unit}", start=each.start, end=each.end)
        for each in mine.quantities
        if (each.low, each.high) not in numbers
    ]
    return found


def _same_meeting(one: ProposedMeeting, other: ProposedMeeting) -> bool:
    last = {name.split()[-1] for name in one.who} & {name.split()[-1] for name in other.who}
    days = one.date is None or other.date is None or one.date[:7] == other.date[:7]
    return bool(last) and days
