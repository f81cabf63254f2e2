"""Meetings that a page reports or announces: who, where, on which level, how long and when."""

import re
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from detente.records.reading import ProposedMeeting

from .dates import Found, times
from .page import Passage
from .people import Mention, Register, mentions
from .sentences import Sentence, sentences
from .words import NUMBER_WORD

_MEETING = re.compile(
    r"\b(?:met|will meet|would meet|to meet|meets|held talks|hold talks|talks|meeting|summit|negotiations|consultations|round of|"
    r"session|press conference|news conference)\b|"
    r"(?<!\w)(?:встрет\w+|встреч[аеиу]\w*|переговор\w*|консультаци\w*|саммит\w*|заседани\w*|раунд\w*)(?!\w)",
    re.I,
)
_HELD = re.compile(
    r"\b(?:met|after (?:the|their|his|her|a)? ?(?:meeting|talks)|following|hours? of talks|held|at (?:the|a) (?:meeting|summit)|after (?:\w+ ){0,3}(?:talks|meeting)|"
    r"(?:his|her|their) meeting|took part in the meeting)\b|(?<!\w)(?:встретил\w+|после (?:\w+ ){0,3}(?:встречи|переговоров)|прошл[аио]|состоял\w+|завершил\w+|итогам|провел\w*)(?!\w)",
    re.I,
)
_COMING = re.compile(
    r"\b(?:will (?:meet|hold|start|begin|resume)|to (?:start|meet|hold|resume)|start (?:technical )?talks|next (?:round|meeting)|announced the meeting|expert(?:s|-level)?|"
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December)['’]s)\b|"
    r"(?<!\w)(?:встретятся|состоится|состоятся|пройд[её]т|пройдут|начнутся|продолжатся|продолжат|запланирован\w*|следующ\w+)(?!\w)",
    re.I,
)
_LENGTH = re.compile(
    rf"\b(?:(?:\d+(?:\.\d+)?|{NUMBER_WORD})(?:-and-a-half|,5)?[ -](?:hour|minute|day|week)s?(?:-long)?)\b|"
    r"(?<!\w)(?:\w+(?:часов|дневн|минутн)\w{2,3}|(?:\d+|один|два|три|четыре|пять|полтора)\s(?:час|минут|дн)\w*)(?!\w)",
    re.I,
)
_PLACE = re.compile(
    r"\b(?:in|at|outside|near) (?:the |an? )?(?P<place>(?:(?:presidential |official )?(?:residence|villa|palace|hotel|headquarters|castle|embassy) (?:in|at|of) )?"
    r"[A-Z][\w-]+(?: [A-Z][\w-]+)*(?: (?:in|outside|near) [A-Z][\w-]+)?)"
)
_PLACE_RU = re.compile(
    r"(?<!\w)(?:в|во|под) (?:городе |отеле |столице \w+ )?(?P<place>[А-ЯЁ][а-яё-]+(?: [А-ЯЁ][а-яё-]+)?)"
)
_UNKNOWN = re.compile(
    r"(?:no (?:immediate )?(?:announcement|word|date|decision)[^.]{0,40}(?:date|place|venue|when)|(?:date|place|venue)[^.]{0,50}(?:not (?:yet )?(?:been )?(?:set|fixed|announced|agreed|decided|named)|"
    r"to be (?:announced|agreed|fixed|set)|later|open)|(?:дат\w|мест\w|срок\w*)[^.]{0,60}(?:не (?:назван\w*|определен\w*|определён\w*|объявлен\w*|согласован\w*)|позднее|позже|пока))",
    re.I,
)
_THE = re.compile(
    r"\b(?:the|their) (?:[a-z-]+ ){0,2}(?:meeting|talks|summit|session|negotiations)\b|(?<!\w)(?:после|по итогам|на|в ходе) (?:\w+ ){0,2}(?:встречи|встрече|переговоров|переговорах|саммита)(?!\w)"
)
_EXPERT = re.compile(r"\b(?:technical|expert|working)\b|\bexperts\b|эксперт", re.I)
_NO_PLACE = re.compile(
    r"^(?:January|February|March|April|May|June|July|August|September|October|November|December|\w+day|Январ|Феврал)"
)


class _When(NamedTuple):
    """What a sentence about a meeting is read against."""

    base: date | None
    event: str | None
    coming: bool
    unknown: bool
    leaders: tuple[str, ...]


def meetings(
    body: Sequence[Passage], people: Register, base: date | None, event: str | None
) -> tuple[ProposedMeeting, ...]:
    """The meetings of an article: mentions of one meeting are joined by its people and its day."""
    found: list[ProposedMeeting] = []
    leaders = _leaders(body, people)
    unknown = any(_UNKNOWN.search(passage.text) for passage in body)
    for passage in body:
        for sentence in sentences(passage.text):
            if not _MEETING.search(sentence.masked):
                continue
            ahead = bool(_COMING.search(sentence.masked)) and not re.search(
                r"\bmet\b|(?<!\w)встретил", sentence.masked
            )
            for coming in [True] * ahead + [False] * bool(_HELD.search(sentence.masked)):
                made = _meeting(passage, sentence, people, _When(base, event, coming, unknown, leaders))
                if made:
                    _join(found, made)
    return tuple(found)


def _meeting(passage: Passage, sentence: Sentence, people: Register, when: _When) -> ProposedMeeting | None:
    base, _, coming, unknown, leaders = when
    masked = sentence.masked
    who = _who(mentions(masked, people))
    expert = bool(_EXPERT.search(masked))
    if len(who) < 2 and not coming and _THE.search(masked):
        who = leaders if not who or set(who) <= set(leaders) else who
    if len(who) < 2 and not (coming and expert):
        who = _parties(mentions(masked, people)) or who
    if not who and not expert:
        return None
    dates = [each for each in times(masked, base, future=coming or None) if each.form != "year"]
    word = _MEETING.search(masked)
    value = _date(dates, word.start() if word else 0, when)
    place = next(
        (
            match["place"]
            for match in (_PLACE_RU if people.russian else _PLACE).finditer(masked)
            if not _NO_PLACE.match(match["place"])
        ),
        None,
    )
    length = (
        None
        if coming
        else next(
            (
                match
                for match in _LENGTH.finditer(masked)
                if not re.match(r"an? (?:day|week)", match[0], re.I)
            ),
            None,
        )
    )
    start, end = passage.place(sentence.start, sentence.end)
    status = (
        "reported"
        if not coming
        else "to be announced"
        if unknown and (expert or value is None)
        else "stated"
        if value
        else "none stated"
    )
    return ProposedMeeting(
        text=passage.text[sentence.start : sentence.end], start=start, end=end,
        who=("experts",) if coming and expert and not people.russian else ("эксперты",) if coming and expert else who,
        place=None if coming and unknown else place, level=_level(who, people, expert=expert and coming), length=length[0] if length else None,
        date=value, status=status,
    )  # fmt: skip


def _leaders(body: Sequence[Passage], people: Register) -> tuple[str, ...]:
    """Whom the lead names: "the meeting" further down is theirs."""
    for passage in body[:2]:
        names: list[str] = []
        for sentence in sentences(passage.text):
            names += [name for name in _who(mentions(sentence.masked, people)) if name not in names]
        if len(names) >= 2:
            return tuple(names[:2])
    return ()


def _parties(named: list[Mention]) -> tuple[str, ...]:
    """Two parties that stand as one subject, such as "Russia and the United States"."""
    parties = [mention for mention in named if mention.party]
    for one, other in pairwise(parties):
        if 0 < other.start - one.end <= 9:
            return one.name, other.name
    return ()


def _who(named: list[Mention]) -> tuple[str, ...]:
    names: list[str] = []
    for mention in named:
        if not (mention.party or mention.pronoun or mention.anonymous) and mention.name not in names:
            names.append(mention.name)
    return tuple(names)


def _date(dates: Sequence[Found], at: int, when: _When) -> str | None:
    event = when.event
    near = sorted(dates, key=lambda each: abs(each.start - at))
    if when.coming:
        # the day of the announcement is not the day of what is announced
        later = [
            each
            for each in near
            if each.form not in {"near", "ago"} and (event is None or str(each.moment.date) > event)
        ]
        return later[0].moment.date if later else None
    days = [
        each
        for each in near
        if each.moment.precision in {"day", "week"} and (event is None or str(each.moment.date) <= event)
    ]
    return days[0].moment.date if days else event


def _level(who: Sequence[str], people: Register, *, expert: bool) -> str | None:
    if expert:
        return "expert"
    posts = [person.post or "" for name in who if (person := people.find(name))]
    if not posts or not any(posts):
        return None
    if all(
        re.search(r"president|prime minister|premier\b|chancellor|king|президент|премьер", post, re.I)
        for post in posts
    ):
        return "summit"
    if any(re.search(r"minister|secretary|министр|секретар", post, re.I) for post in posts):
        return "ministerial"
    return None


def _join(found: list[ProposedMeeting], made: ProposedMeeting) -> None:
    """Add a meeting, or add what this mention knows to one that is there."""
    for index, other in enumerate(found):
        same_kind = (other.status == "reported") == (made.status == "reported")
        same_day = other.date == made.date or (None in {other.date, made.date} and other.status != "reported")
        shared = set(other.who) & set(made.who)
        if (
            same_kind
            and same_day
            and (shared or not other.who or not made.who)
            and (made.status != "reported" or len(shared) >= 1)
        ):
            found[index] = other.model_copy(
                update={
                    "who": (*other.who, *(name for name in made.who if name not in other.who)),
                    "place": other.place or made.place, "level": other.level or made.level,
                    "length": other.length or made.length, "date": other.date or made.date,
                    "status": "to be announced" if "to be announced" in {other.status, made.status} else other.status,
                }
            )  # fmt: skip
            return
    if made.status != "reported" or len(made.who) >= 2:
        found.append(made)
