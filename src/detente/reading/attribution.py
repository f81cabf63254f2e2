"""Who said it and through whom: the speaker of a sentence by its verb of saying, and the channel by its cue."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .people import Mention, Register, mentions
from .sentences import MASK, Sentence
from .words import ACTING, ACTING_RU, SAYING, SAYING_RU

_VERBS = re.compile(
    rf"\b(?:(?:has|had|have|also|later|then|earlier|again) )*(?P<say>{SAYING})\b|\b(?P<act>{ACTING})\b"
)
_VERBS_RU = re.compile(rf"(?<!\w)(?:(?P<say>{SAYING_RU})|(?P<act>{ACTING_RU}))(?!\w)")
_OUTLET = r"(?:news agency|agency|newspaper|daily|weekly|magazine|television|TV|radio|channel|news service|wire|newswire|website|gazette)"
_NAME = r"[A-Z][\w.&-]*(?:[ -][A-Z][\w.&-]*)*"
_CHANNELS = (
    re.compile(
        rf"\b(?:cited|quoted|reported|carried|published) by (?:the )?(?:[a-z-]+ ){{0,3}}(?P<name>{_NAME})"
    ),
    re.compile(
        rf"\b(?:[Tt]he )?(?:[a-z-]+ ){{0,2}}?(?P<name>{_NAME})(?: {_OUTLET})? (?:quoted|cited|reported|wrote|carried)\b"
    ),
    re.compile(
        rf"\b(?:interview|conversation) (?:with|to|for|in|published by|published in|on) (?:the )?(?:[A-Z]?[a-z-]+ ){{0,3}}?(?P<name>{_NAME})"
    ),
    re.compile(rf"\btold (?:the )?(?:[a-z-]+ ){{0,3}}?(?P<name>{_NAME})(?: {_OUTLET})\b"),
    re.compile(
        rf"\btold (?:the )?(?:(?:[A-Z][a-z]+ )?(?:daily|weekly|newspaper|agency|broadcaster|station|channel)) (?P<name>{_NAME})"
    ),
    re.compile(rf"\baccording to (?:the )?(?P<name>{_NAME}) {_OUTLET}\b"),
    re.compile(rf"\b(?:[Tt]he )?(?P<name>{_NAME}) {_OUTLET} (?:said|says|quotes|cites|reports)\b"),
)
_RU_OUTLET = r"(?:агентств\w+|газет\w+|телеканал\w*|телекомпани\w+|радиостанци\w+|радио|журнал\w*|издани\w+|еженедельник\w*|портал\w*)"
_RU_WORD = r"[А-ЯЁ][А-Яа-яё-]*"
_RU_CHANNELS = (
    re.compile(rf"(?<!\w){_RU_OUTLET} (?:[«\"“„](?P<quoted>{MASK}+)|(?P<name>{_RU_WORD}(?: {_RU_WORD})*))"),
    re.compile(
        rf"(?<!\w)(?:переда[её]т|сообщает|цитирует|пишет|со ссылкой на|информирует) (?:[«\"“„](?P<quoted>{MASK}+)|(?P<name>{_RU_WORD}(?: {_RU_WORD})*))"
    ),
    re.compile(rf"(?<!\w)интервью (?:[«\"“„](?P<quoted>{MASK}+)|(?P<name>{_RU_WORD}(?: {_RU_WORD})*))"),
)
_NO_OUTLET = re.compile(
    r"^(?:Reporters?|Parliament|Congress|Senate|Journalists?|He|She|The|They|It|President|Minister|In|On|At)\b"
)
_ACCORDING = re.compile(r"\b[Aa]ccording to (?:the )?")
_RU_ACCORDING = re.compile(r"(?<!\w)(?:[Пп]о словам|[Пп]о мнению|[Пп]о утверждению|[Пп]о заявлению) ")
_NOUN = re.compile(
    r"\b(?:announcement|statement|warning|claim|pledge|remark|suggestion|promise|declaration)s? by "
)
_AS_SAYING = re.compile(r"^,? as saying|^ saying")


@dataclass(frozen=True, slots=True)
class Attribution:
    """A verb of saying with its subject: where they stand in the sentence, and who it is."""

    start: int
    end: int
    verb: str
    verb_start: int
    verb_end: int
    speakers: tuple[Mention, ...]
    acting: bool = False
    rule: str = ""
    trailing: bool = False


def attributions(sentence: Sentence, people: Register) -> tuple[list[Attribution], list[Mention]]:
    """Every verb of saying of a sentence with its subject, and everybody named there."""
    named = mentions(sentence.masked, people)
    find = _russian if people.russian else _english
    return find(sentence.masked, named), named


def channels(sentence: Sentence, text: str, people: Register) -> tuple[str, ...]:
    """Through whom the words came, as the sentence says; the names without "news agency" and the like."""
    found: list[tuple[int, str]] = []
    for pattern in _RU_CHANNELS if people.russian else _CHANNELS:
        for match in pattern.finditer(sentence.masked):
            groups = match.groupdict()
            if groups.get("quoted"):
                first = sentence.start + match.start("quoted")
                name = text[first : first + len(groups["quoted"])]
            else:
                name = re.sub(rf"(?: (?:{_OUTLET}|News Agency))+$|['’]s$", "", groups["name"] or "")
            if (
                name
                and not _NO_OUTLET.match(name)
                and people.find(name) is None
                and all(name != other for _, other in found)
            ):
                found.append((match.start(), name))
    return tuple(name for _, name in sorted(found))


def channel_quotations(sentence: Sentence) -> set[int]:
    """Offsets in the sentence of quotation marks that hold the name of a newspaper and no words of anybody."""
    return {
        match.start("quoted")
        for pattern in _RU_CHANNELS
        for match in pattern.finditer(sentence.masked)
        if match["quoted"]
    }


def _joined(masked: str, named: Sequence[Mention], last: int) -> tuple[Mention, ...]:
    """The subject that ends with mention `last`, and those joined to it by "and"."""
    chosen = [named[last]]
    for at in range(last - 1, -1, -1):
        if masked[named[at].end : named[at + 1].start].strip() in {"and", "and the", ",", "и", ", and"}:
            chosen.insert(0, named[at])
        else:
            break
    return tuple(chosen)


def _english(masked: str, named: list[Mention]) -> list[Attribution]:
    found: list[Attribution] = []
    for verb in _VERBS.finditer(masked):
        word, first, last = verb[0], verb.start(), verb.end()
        if re.search(r"\b(?:to|will|would|can|could|not|must) $", masked[:first]) and not verb["act"]:
            continue
        inverted = re.search(rf"(?:{MASK}|[\"”»,])\W*$", masked[:first])
        after = next(
            (
                m
                for m in named
                if 0 <= m.start - last <= 5 and masked[last : m.start].strip() in {"", "the", "a", "an"}
            ),
            None,
        )
        direct = bool(re.search(rf"(?:{MASK}[\"”»]?|[\"”»]),?\s*$", masked[:first]))
        before = [
            at
            for at, mention in enumerate(named)
            if mention.end <= first and not _possessive(masked, mention)
        ]
        chosen = next((at for at in reversed(before) if _subject_gap(masked[named[at].end : first])), None)
        if (
            inverted
            and after is not None
            and (direct or chosen is None)
            and verb["say"]
            and (MASK in masked[:first] or masked[:first].rstrip().endswith(","))
        ):
            index = named.index(after)
            subject = [after]
            while (
                index + 1 < len(named) and masked[named[index].end : named[index + 1].start].strip() == "and"
            ):
                index += 1
                subject.append(named[index])
            found.append(
                Attribution(
                    first,
                    subject[-1].end,
                    word,
                    first,
                    last,
                    tuple(subject),
                    bool(verb["act"]),
                    "verb-subject",
                    True,
                )
            )
            continue
        if chosen is not None:
            subject_of = _joined(masked, named, chosen)
            found.append(
                Attribution(
                    subject_of[0].start,
                    last,
                    word,
                    first,
                    last,
                    subject_of,
                    bool(verb["act"]),
                    "subject-verb",
                )
            )
    found += _passives(masked, named)
    for pattern, rule in ((_ACCORDING, "according-to"), (_NOUN, "announcement-by")):
        for cue in pattern.finditer(masked):
            mention = next((m for m in named if 0 <= m.start - cue.end() <= 1), None)
            if mention:
                found.append(
                    Attribution(
                        cue.start(),
                        mention.end,
                        cue[0].strip(),
                        cue.start(),
                        mention.end,
                        (mention,),
                        False,
                        rule,
                    )
                )
    return sorted(found, key=lambda item: item.verb_start)


def _passives(masked: str, named: list[Mention]) -> list[Attribution]:
    """Passives: "X quoted Y as saying", "Y was cited by X as saying"."""
    found = []
    for match in re.finditer(r"\b(?:quoted|cited) ", masked):
        if masked[match.end() :].startswith("by "):
            before = [at for at, mention in enumerate(named) if mention.end <= match.start()]
            chosen = next(
                (
                    at
                    for at in reversed(before)
                    if _subject_gap(
                        re.sub(r"\b(?:was|is|were|as)\b", "", masked[named[at].end : match.start()])
                    )
                ),
                None,
            )
            if chosen is not None:
                subject = _joined(masked, named, chosen)
                end = match.end()
                saying = masked.find("as saying", end)
                found.append(
                    Attribution(
                        subject[0].start,
                        saying + 9 if saying > 0 else end,
                        "quoted",
                        match.start(),
                        saying + 9 if saying > 0 else end,
                        subject,
                        False,
                        "quoted-by",
                    )
                )
        else:
            after = next((m for m in named if 0 <= m.start - match.end() <= 4), None)
            if after:
                said = re.compile(r"(?:,[^,]*,)? as (?:saying|telling)").match(masked, after.end)
                end = said.end() if said else after.end
                found.append(
                    Attribution(
                        match.start(), end, "quoted", match.start(), end, (after,), False, "quoted-as-saying"
                    )
                )
    return found


def _possessive(masked: str, mention: Mention) -> bool:
    return masked[mention.start : mention.end].endswith(("'s", "’s")) or masked[
        mention.end : mention.end + 2
    ] in {"'s", "’s"}


def _subject_gap(gap: str) -> bool:
    """Whether what stands between a name and a verb leaves the name the verb's subject."""
    words = gap.strip()
    if len(gap) > 150 or MASK in gap or ";" in gap or "." in words.replace("U.S.", "").replace("Mr.", ""):
        return False
    if re.fullmatch(
        r"(?:each |both |also |later |then |again |earlier |repeatedly |on \w+day |\w+ly |\w+day |has |have |had |however )*",
        words + " " if words else "",
    ):
        return True
    return (
        bool(re.fullmatch(r",\s.*,(?: (?:also|later|again|\w+ly))?", words)) and words.count(",") <= 4
    ) or words in {", who", ", who also", "who"}


def _russian(masked: str, named: list[Mention]) -> list[Attribution]:
    found: list[Attribution] = []
    for verb in _VERBS_RU.finditer(masked):
        first, last, acting = verb.start(), verb.end(), bool(verb["act"])
        if masked[max(0, first - 3) : first] == "не ":
            continue
        after = next(
            (m for m in named if last <= m.start <= last + 110 and _ru_gap(masked[last : m.start])), None
        )
        before = next(
            (m for m in reversed(named) if m.end <= first and _ru_before(masked[m.end : first])), None
        )
        quote_before = bool(
            re.search(rf"(?:{MASK}|[»\"”,]|[Кк]ак|[Оо]б этом|,)[\s,—–-]*(?:как |об этом )?$", masked[:first])
        )
        subject = after if after and (quote_before or before is None) else before
        if subject is None:
            continue
        start, end = min(first, subject.start), max(last, subject.end)
        found.append(
            Attribution(
                start,
                end,
                verb[0],
                first,
                last,
                (subject,),
                acting,
                "глагол",
                subject is after and quote_before,
            )
        )
    for cue in _RU_ACCORDING.finditer(masked):
        mention = next(
            (
                m
                for m in named
                if cue.end() <= m.start <= cue.end() + 60 and "," not in masked[cue.end() : m.start]
            ),
            None,
        )
        if mention:
            found.append(
                Attribution(
                    cue.start(),
                    mention.end,
                    cue[0].strip(),
                    cue.start(),
                    mention.end,
                    (mention,),
                    False,
                    "по словам",
                )
            )
    return sorted(found, key=lambda item: item.verb_start)


def _ru_gap(gap: str) -> bool:
    """Between a verb and its subject after it stand an addressee, a time, or the subject's post; no comma, no quotation."""
    plain = re.sub(rf"[«\"“„]{MASK}+[»\"”]", "", gap)
    return "," not in plain and MASK not in plain and ":" not in plain and " что " not in plain


def _ru_before(gap: str) -> bool:
    plain = gap.strip()
    if len(gap) > 140 or MASK in re.sub(rf"[«\"“„]{MASK}+[»\"”]", "", gap):
        return False
    return "," not in plain or bool(re.fullmatch(r",\s[^,]*,.{0,30}", plain))
