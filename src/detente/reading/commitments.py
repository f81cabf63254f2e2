"""What somebody undertook: the words, who, and by when; without a date none is invented."""

import re
from collections.abc import Sequence
from datetime import date

from detente.records.reading import ProposedCommitment

from .attribution import attributions
from .dates import Found, times
from .page import Passage
from .people import Register, mentions
from .sentences import MASK, Sentence, sentences

_AGREED = re.compile(
    r"\b(?:agreed|agree|pledged?|undertook|undertakes?|promised?|promises|committed (?:itself|themselves|himself|herself)?|vowed|come to an agreement|reached an agreement|"
    r"(?:have|has|had) an understanding|supported the understanding)\b(?P<when>(?: (?:in principle|(?:on )?\w+day|yesterday|today|here|also|late|early))*),? (?P<link>that|to|on|not to)\b",
)
_AGREED_RU = re.compile(
    r"(?<!\w)(?:договорил\w+|согласил\w+|обязал\w+|обязу\w+|обещал\w*|пообещал\w*|условил\w+|достигнута договор[её]нность|намерен\w*)(?!\w)"
    r"(?P<when>(?: (?:сегодня|вчера|также|в \w+))*)(?P<link>,? (?:что|о том, что|о|об)|(?= [а-яё]+(?:ть|ться|ти)\b))"
)
_WILL = re.compile(r"\b(?:will|shall|would) (?!be (?:a|the)\b|not\b)(?P<verb>[a-z]+)")
_WILL_RU = re.compile(
    r"(?<!\w)(?:будет|будут|начн[её]м|начнут\w*|встретятся|сократ\w+|подпиш\w+|передад\w+|выведе\w+|состоится|предостав\w+|представ[ия]т\w*|уничтож\w+)(?!\w)"
)
_UNDERTAKING = re.compile(
    r"^(?:withdraw|start|begin|reduce|cut|remove|destroy|inform|notify|exchange|publish|open|close|suspend|resume|sign|submit|"
    r"present|invite|allow|provide|dismantle|halt|stop|limit|complete|hand|send|admit|return|declare|prepare|meet|hold|convene)"
)
_FAILED = re.compile(r"\b(?:not|never|failed to|refused to|did not|no) $|(?<!\w)не $")
_DUE = re.compile(
    r"(?:in|within|before|by|by the end of|no later than|until|not later than|at the end of|on|next|through|over|к|до|не позднее|через|в течение|в|за)\W*$",
    re.I,
)
_TO_BE = re.compile(
    r"date[^.]{0,40}(?:to be|later|not (?:been )?(?:set|fixed|agreed))|at a (?:later )?date to be", re.I
)


def commitments(
    body: Sequence[Passage], people: Register, base: date | None
) -> tuple[ProposedCommitment, ...]:
    """What the article says that somebody agreed to, pledged or announced that he will do."""
    found: list[ProposedCommitment] = []
    for passage in body:
        for sentence in sentences(passage.text):
            for first, last, agreed in _spans(passage.text, sentence, russian=people.russian):
                made = _commitment(passage, sentence, people, (first, last, base, agreed))
                if made and not any(_overlap(made, other) for other in found):
                    found.append(made)
    return tuple(found)


def _overlap(one: ProposedCommitment, other: ProposedCommitment) -> bool:
    return one.start < other.end and other.start < one.end


def _spans(text: str, sentence: Sentence, *, russian: bool) -> list[tuple[int, int, bool]]:
    """Where undertakings stand in the sentence, quotations read as words, and whether there was agreement."""
    words = text[sentence.start : sentence.end]
    stop = len(words.rstrip(' .!?…"”»'))
    found = []
    for match in (_AGREED_RU if russian else _AGREED).finditer(words):
        if _FAILED.search(words[: match.start()]):
            continue
        begin = match.end()
        while begin < stop and words[begin] in ' "“«„':
            begin += 1
        found.append((begin, _clause_end(words, begin, stop, sentence), True))
    for match in (_WILL_RU if russian else _WILL).finditer(words):
        if found or (not russian and not _UNDERTAKING.match(match["verb"])):
            continue
        begin = (
            max(
                words.rfind(each, 0, match.start()) + len(each)
                for each in (", ", "that ", "что ", "“", '"', "«", "; ")
                if each in words[: match.start()] or each == ", "
            )
            if "," in words[: match.start()]
            or "that " in words[: match.start()]
            or "что " in words[: match.start()]
            else 0
        )
        found.append((max(0, begin), _clause_end(words, match.end(), stop, sentence), False))
    return found


def _clause_end(words: str, begin: int, stop: int, sentence: Sentence) -> int:
    """The end of the clause: where a quotation that it begins in closes, or a contrast or a speaker follows."""
    for each in sentence.quotations:
        first, last = each.start - sentence.start, each.end - sentence.start
        if first <= begin < last:
            return min(last, stop)
    cut = re.search(
        r" had (?:not )?|,? (?:despite|though|although|but|while|хотя|несмотря|однако)\b|, (?:said|he|she|[A-Z]\w+(?: \w+)? said)\b|[\"”»],? [A-Z—–-]|[;:]",
        words[begin:stop],
    )
    return begin + cut.start() if cut else stop


def _commitment(
    passage: Passage, sentence: Sentence, people: Register, where: tuple[int, int, date | None, bool]
) -> ProposedCommitment | None:
    first, last, base, agreed = where
    text = passage.text[sentence.start + first : sentence.start + last].strip(' ,"”»')
    if len(text.split()) < 3:
        return None
    due = _due(text, base)
    if not agreed and due is None:
        return None
    who = _who(sentence, first, people)
    start = sentence.start + passage.text[sentence.start + first :].find(text) + first
    begin, end = passage.place(start, start + len(text))
    status = due.moment.status if due else "to be announced" if _TO_BE.search(text) else "none stated"
    return ProposedCommitment(
        text=text, start=begin, end=end, who=who,
        due=due.moment.date if due else None, precision=due.moment.precision if due else "none", status=status,
    )  # fmt: skip


def _who(sentence: Sentence, first: int, people: Register) -> tuple[str, ...]:
    """Who undertakes: those named last before the words; inside a quotation the speaker."""
    if sentence.masked[first : first + 1] == MASK:
        verbs, _ = attributions(sentence, people)
        return tuple(dict.fromkeys(m.name for verb in verbs[:1] for m in verb.speakers if not m.pronoun))
    before = [
        m
        for m in mentions(sentence.masked, people)
        if m.start < first + 25 and not m.pronoun and not m.anonymous
    ]
    names: list[str] = []
    for at in range(len(before) - 1, -1, -1):
        names.insert(0, before[at].name)
        between = sentence.masked[before[at - 1].end : before[at].start] if at else "."
        if between.strip() not in {"and", "and the", ",", "и"}:
            break
    return tuple(dict.fromkeys(names))


def _due(text: str, base: date | None) -> Found | None:
    """The time by which it is to be done; a notice or a rhythm such as "14 days in advance" is none."""
    for found in times(text, base, future=True):
        after = text[found.end :]
        if (
            re.match(r"\s+(?:in advance|before(?:hand)?|a year|each|earlier|treaty|Treaty)|['’-]", after)
            and found.form != "possessive"
        ):
            continue
        if found.form in {"until", "ahead", "season", "weekday", "near", "month", "relative"} or _DUE.search(
            text[: found.start]
        ):
            return found
    return None
