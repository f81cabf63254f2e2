"""Statements as the machine proposes them: verbatim spans with speaker, post, channel, hedge and date."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from detente.records.reading import Proposed

from .attribution import Attribution, attributions, channel_quotations, channels
from .dates import Found, times
from .page import Passage
from .people import Mention, Register
from .sentences import MASK, Quotation, Sentence, sentences
from .words import EVALUATIVE, HEDGES

_BRACKET = re.compile(r"\[[^\]]{1,80}\]|(?<![\w)])\((?:(?:[A-ZА-ЯЁ][\w.'’-]*)(?: [\w.'’-]+){0,5})\)")
_THAT = re.compile(r"^(?P<skip>[^\"“«,:;]{0,70}?)[ ,]*\bthat ")
_ADJUNCT = re.compile(r"^\s*(?:(?:on|late|early|earlier|later) )*(?:\w+day|yesterday|today)(?=\s)")
_TAIL = re.compile(
    r"^\s*(?:[,.:;]|$|(?:on|in|at|after|before|during|to|through|yesterday|today|\w+day|late|early|here|журналистам|в|на|во|после)\b)"
)
_MAIN_VERB = re.compile(r" (?:had|has|have|was|were|is|did|does) (?:not )?")
_NOT_CONTENT = re.compile(
    r"^\s*(?:as|after|before|at|in|on|during|when|while|through|by|to|of|from|with|for|and|or|but|reporters|journalists|about)\b"
)
_EARLIER = re.compile(r"\b(?:earlier|previously|had said|had told)\b|(?<!\w)[Рр]анее(?!\w)")
_PAIR = re.compile(
    r"\b(?:[Tt]he two|[Tt]hey|[Bb]oth (?:men|sides|ministers|leaders))\b|(?<!\w)(?:[Оо]ба|[Оо]ни)(?!\w)"
)
_SAYS_WHEN = frozenset(
    {"weekday", "near", "month-day", "day-month", "iso", "dotted", "relative", "ago", "month"}
)


@dataclass(slots=True)
class Reader:
    """What one reading of a page carries from sentence to sentence."""

    people: Register
    base: date | None
    event: str | None
    event_reason: str
    last: tuple[Mention, ...] = ()
    persons: list[Mention] = field(default_factory=list)
    found: list[Proposed] = field(default_factory=list)

    def read(self, passages: Iterable[Passage]) -> list[Proposed]:
        """The statements of some passages in their order."""
        for passage in passages:
            carried = ""
            for sentence in sentences(passage.text):
                carried = self._sentence(passage, sentence, carried)
        return self.found

    def _sentence(self, passage: Passage, sentence: Sentence, carried: str) -> str:
        verbs, named = attributions(sentence, self.people)
        chain = channels(sentence, passage.text, self.people)
        skipped = channel_quotations(sentence)
        verbs = [verb for verb in verbs if not _only_channel(verb, chain)]
        days = {verb.verb_start: _when(sentence.masked, verb, self.base) for verb in verbs}
        covered: list[tuple[int, int]] = []
        for quotation in sentence.quotations:
            first, last = quotation.start - sentence.start, quotation.end - sentence.start
            if first in skipped:
                continue
            verb = _nearest(verbs, first, last)
            speakers = self._speakers(verb) if verb else self._continued(sentence, quotation)
            if speakers and _is_said(passage.text, quotation, verb, sentence):
                covered.append((first, last))
                self._propose(
                    passage,
                    (quotation.start, quotation.end),
                    speakers,
                    chain,
                    (days[verb.verb_start] if verb else "") or carried,
                    verb.rule if verb else "continued",
                )
        for number, verb in enumerate(verbs):
            span = _reported(
                sentence, verb, verbs[number + 1].start if number + 1 < len(verbs) else len(sentence.masked)
            )
            if (
                span
                and _words(sentence.masked[slice(*span)]) >= 3
                and not _mostly_quoted(sentence.masked[slice(*span)])
            ):
                speakers = self._speakers(verb)
                if speakers:
                    place = (sentence.start + span[0], sentence.start + span[1])
                    self._propose(
                        passage,
                        place,
                        speakers,
                        chain,
                        days[verb.verb_start] or carried,
                        verb.rule,
                        direct=False,
                        standing=_standing(verb),
                    )
        persons = [speaker for verb in verbs for speaker in self._speakers(verb) if not speaker.party]
        self.last = tuple(persons[-1:]) or self.last
        self.persons += [mention for mention in named if not mention.pronoun and not mention.party]
        return next((day for day in days.values() if day), carried)

    def _speakers(self, verb: Attribution) -> tuple[Mention, ...]:
        made: list[Mention] = []
        for mention in verb.speakers:
            if not mention.pronoun:
                made.append(mention)
                continue
            before = [each for each in (self.last or self.persons[-1:]) if not each.anonymous] or list(
                self.persons[-1:]
            )
            made += before[-1:]
        return tuple(made)

    def _continued(self, sentence: Sentence, quotation: Quotation) -> tuple[Mention, ...]:
        """A quotation that fills its sentence goes on from the last speaker."""
        share = (quotation.end - quotation.start) / max(1, sentence.end - sentence.start)
        return self.last[-1:] if share > 0.6 else ()

    def _propose(
        self, passage: Passage, place: tuple[int, int], speakers: Sequence[Mention], chain: tuple[str, ...], day: str,
        rule: str, *, direct: bool = True, standing: bool = False,
    ) -> None:  # fmt: skip
        text = passage.text[place[0] : place[1]]
        lead = len(text) - len(text.lstrip())
        text = text.strip()
        start, end = passage.place(place[0] + lead, place[0] + lead + len(text))
        hedge = HEDGES.search(text)
        brackets = tuple(match[0] for match in _BRACKET.finditer(text)) if direct else ()
        for speaker in speakers:
            person = self.people.find(speaker.name)
            post = speaker.post or (person.post if person else None)
            status = {} if post else {"post": "the page gives none"}
            when = day or (None if standing else self.event)
            if when is None:
                status["date"] = (
                    "a standing position; the page does not say since when" if standing else self.event_reason
                )
            self.found.append(
                Proposed(
                    text=text, start=start, end=end, speaker=speaker.name, post=post,
                    channel=tuple(each for each in chain if each != speaker.name), mode="direct" if direct else "reported",
                    hedge=_as_inside(hedge[0]) if hedge else None, date=when, brackets=brackets,
                    anonymous=speaker.anonymous, status=status, rule=rule,
                )
            )  # fmt: skip


def own_words(passages: Iterable[Passage]) -> list[Proposed]:
    """The reporter's own judgements: words outside quotation marks that nobody on the page is said to have used."""
    found: list[Proposed] = []
    for passage in passages:
        for sentence in sentences(passage.text):
            for match in EVALUATIVE.finditer(sentence.masked):
                start, end = passage.place(sentence.start + match.start(), sentence.start + match.end())
                found.append(
                    Proposed(
                        text=match[0], start=start, end=end, speaker=None, post=None, mode="reported", date=None,
                        voice="reporter", rule="judging word",
                        status={"speaker": "the page's own words", "post": "nobody is named", "date": "undated like the page's own words"},
                    )
                )  # fmt: skip
    return found


def _standing(verb: Attribution) -> bool:
    """Whether a party holds to something, in the present tense, and nobody says it on a day."""
    return verb.speakers[0].party and bool(re.search(r"s$|^(?:remains|is) |ет$|ит$", verb.verb.strip()))


def _only_channel(verb: Attribution, chain: tuple[str, ...]) -> bool:
    """Whether the subject is the agency that passes the words on, and not the one who said them."""
    names = {mention.name.removeprefix("the ").split(" news agency")[0] for mention in verb.speakers}
    return bool(names) and names <= set(chain)


def _words(masked: str) -> int:
    return len(masked.split())


def _mostly_quoted(masked: str) -> bool:
    return masked.count(MASK) > 0.5 * len(masked)


def _nearest(verbs: Sequence[Attribution], first: int, last: int) -> Attribution | None:
    def apart(verb: Attribution) -> int:
        return verb.start - last if verb.start >= last else first - verb.end

    near = [verb for verb in verbs if apart(verb) >= -2]
    return min(near, key=apart) if near else (verbs[0] if verbs else None)


def _is_said(text: str, quotation: Quotation, verb: Attribution | None, sentence: Sentence) -> bool:
    """Words of somebody, not the title of a thing: three words or more, or a short one right at its verb."""
    words = text[quotation.start : quotation.end].split()
    if len(words) >= 4:
        return True
    if verb is None:
        return False
    first, last = quotation.start - sentence.start, quotation.end - sentence.start
    apart = verb.start - last if verb.start >= last else first - verb.end
    title = all(word[:1].isupper() for word in words if len(word) > 3)
    return apart <= 60 and not title


def _as_inside(word: str) -> str:
    """A word as it stands inside a sentence."""
    return word if word.startswith("I ") else word.lower()


def _reported(sentence: Sentence, verb: Attribution, following: int) -> tuple[int, int] | None:
    """The part of a sentence that holds what is reported, in letters of the sentence."""
    masked = sentence.masked
    stop = len(masked.rstrip(' .!?…"”»'))
    if verb.acting:
        return verb.verb_start, len(
            masked[: min(stop, following)].rstrip(" ,")
        ) if following > verb.verb_end else stop
    if verb.rule in {"according-to", "по словам"}:
        before = masked[: verb.start].rstrip(" ,")
        if len(before) > 12:
            return 0, len(before)
        after = re.match(r"[^,]{0,60},\s*", masked[verb.end :])
        return (verb.end + after.end(), stop) if after else None
    rest = masked[verb.verb_end :]
    that = re.match(r"(?P<skip>[^.;«\"]{0,90}?),\s*(?:что|будто|чтобы)\s", rest) or _THAT.match(rest)
    if verb.rule == "announcement-by":
        if that is None:
            return None
        begin = verb.verb_end + that.end()
        main = _MAIN_VERB.search(masked, begin + 25)
        return begin, main.start() if main else stop
    if that and not re.search(r"announcement|statement|warning|claim", that[0]):
        return verb.verb_end + that.end(), stop
    before = re.sub(r"[\s,—–-]*(?:как |об этом )?$", "", masked[: verb.start])
    comma = re.search(r"[,—–]\s*(?:как |об этом )?(?:the |a |an )?$", masked[: verb.start])
    if (verb.trailing or comma) and len(before) > 15 and (verb.trailing or _TAIL.match(rest)):
        return (0, len(before)) if MASK not in before[-3:] else None
    if re.match(r"\s*[,.:;]|\s*$|\s*[\"“«]", rest):
        return None
    if re.search(rf"{MASK}[\"”»]?,?\s*$", masked[: verb.start]):
        return None  # the quotation before it is what was said
    return _bare(rest, verb, stop)


def _bare(rest: str, verb: Attribution, stop: int) -> tuple[int, int] | None:
    """A content without "that": right after the verb, or after a time."""
    if re.match(r"[а-яё]", verb.verb[:1].lower()) or verb.verb.endswith(
        ("told", "tells", "asked", "continued")
    ):
        return None
    begin = verb.verb_end
    adjunct = _ADJUNCT.match(rest)
    if adjunct:
        begin += adjunct.end()
        rest = rest[adjunct.end() :]
    elif re.match(r"\s*(?:on )?(?:\w+day|yesterday|today)\b", rest):
        return None
    if _NOT_CONTENT.match(rest):
        return None
    return (begin, stop) if stop > begin else None


def _when(masked: str, verb: Attribution, base: date | None) -> str:
    """The day of the saying where the sentence names one beside its verb."""
    for each in times(masked, base, future=False):
        possessive = masked[each.end : each.end + 2] in {"'s", "’s"}
        if each.form in _SAYS_WHEN and each.moment.date and each.moment.precision in {"day", "week"}:
            if possessive and verb.rule == "announcement-by" and 0 <= verb.start - each.end <= 6:
                return each.moment.date
            if not possessive and _beside(each, verb, masked):
                return each.moment.date
    outside = masked[max(0, verb.start - 12) : verb.verb_end + 30]
    return f"../{base.isoformat()}" if base and _EARLIER.search(outside) else ""


def _beside(found: Found, verb: Attribution, masked: str) -> bool:
    """Within a few words of a verb of saying, and not after a "that", where it dates what is said."""
    between = masked[verb.end : found.start] if found.start >= verb.end else masked[found.end : verb.start]
    return len(between) <= 70 and not re.search(r"\bthat\b|(?<!\w)что(?!\w)|[.;]", between)
