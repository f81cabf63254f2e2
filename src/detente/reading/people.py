"""Who is named on a page: persons with the posts that the page gives them, parties, and people without a name."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from .words import ANONYMOUS, BEFORE_HEAD, DAYS, HEADS, HEADS_RU, MONTHS

_CAP = r"(?:(?:[A-Z]\.){1,3}(?:-[A-Z]\w+)?|[A-Z][a-z]*['’][A-Z][a-z]+|[A-Z]\w*(?:-[A-Z]?\w+)*)(?:['’]s)?"
_CHAIN = re.compile(rf"{_CAP}(?: (?:(?:of|for|and|de|von|van|der|the|al) )?(?:the )?{_CAP})*")
_LOWER_POST = re.compile(
    rf"\b(?P<post>(?:(?:{_CAP}|{BEFORE_HEAD})[ -])*(?:{HEADS})(?: of (?:the )?[a-z]+(?: [a-z]+)?)?) (?P<name>{_CAP}(?: {_CAP}){{0,2}})"
)
_AFTER = re.compile(
    rf",\s(?P<post>(?:(?:the|a|an|its|his|her) )?(?:[\w'’.-]+ ){{0,5}}?(?:{HEADS})(?:(?: of| for| at| in| on| to)? (?:the )?[\w'’.-]+){{0,6}}?)(?=[,.;]|\s(?:said|told|added|says|who)\b|$)",
    re.I,
)
_HEAD = re.compile(rf"^(?:{HEADS})$", re.I)
_ANON = re.compile(
    rf"(?:\b(?:[Aa]n?|[Tt]he|[Oo]ne|[Ss]ome|[Ss]everal|[Tt]wo|[Aa]nother|[Oo]ther) )?(?:(?:{_CAP}|[a-z]+) ){{0,3}}?\b(?:{ANONYMOUS})\b"
    r"(?: (?:for|of|at|in|from|with|close to) (?:the |an? )?[A-Za-z]\w+(?: (?!said|told|added|who|quoted|was|were|as|which|that)\w+){0,3}?)?(?= (?:said|told|added|says|who|quoted|called|described|was|were|warned|denied|confirmed|insisted|acknowledged|dismissed|familiar|dealing|speaking)|,|\.|$)"
)
_PRONOUN = re.compile(r"\b(?:[Hh]e|[Ss]he|[Тт]от|[Оо]н|[Оо]на)\b")
_NOT_NAMES = frozenset(
    [*(day.capitalize() for day in DAYS), *(month.capitalize() for month in MONTHS)]
) | frozenset(
    [
        "The",
        "A",
        "An",
        "In",
        "On",
        "At",
        "But",
        "And",
        "However",
        "While",
        "Both",
        "Meanwhile",
        "If",
        "When",
        "After",
        "Before",
        "Although",
        "Though",
        "We",
        "They",
        "It",
        "He",
        "She",
        "I",
        "This",
        "That",
        "These",
        "Those",
        "There",
        "Neither",
        "Either",
        "Also",
        "Yet",
        "So",
        "Still",
        "Asked",
        "For",
        "As",
        "Under",
        "Last",
        "Next",
        "Earlier",
        "Later",
        "Most",
        "Some",
        "No",
        "Not",
        "One",
        "Two",
        "Three",
        "Four",
        "Five",
        "Six",
        "According",
        "Speaking",
        "His",
        "Her",
        "Its",
        "Their",
        "Our",
        "Your",
        "My",
        "What",
        "Who",
        "Why",
        "How",
        "Where",
        "Then",
        "Now",
        "With",
        "By",
        "From",
        "To",
        "Of",
        "Or",
        "Nor",
        "Talks",
        "Experts",
        "Officials",
        "Reporters",
        "Analysts",
        "Critics",
        "Observers",
        "Cold",
        "War",
    ]
)
_RU_CAP = r"[А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)?"
_RU_HEAD = re.compile(rf"(?<![\w-])(?:{HEADS_RU})(?:[ауеяю]|ом|ем|ём)?(?![\w-])", re.I)
_RU_BEFORE = re.compile(r"(?:[\w-]+(?:ый|ий|ой|ого|его|ая|ому|ым|им|яя) |заместител\w+ |помощник\w* )*$")
_RU_REST = re.compile(
    rf"(?P<rest>(?: (?!и |что |после |который |которая )[а-яё-]+){{0,4}}?)(?P<run>(?: {_RU_CAP}){{1,3}})(?![\w])"
)
_RU_NAME = re.compile(rf"(?<![\w«]){_RU_CAP}(?:\s{_RU_CAP})?(?![\w])")
_RU_ANON = re.compile(
    r"(?:(?:[А-Яа-яё]+(?:ый|ий|ой|ого|его))\s)?(?:[Ии]сточник\w*|[Сс]обеседник\w*|[Дд]ипломат\w*|[Чч]иновник\w*|[Пп]редставител[ья]\w*|[Ээ]ксперты|[Нн]аблюдатели)(?:\s(?:в|из|агентства|близк\w+ к)\s[А-Яа-яё«»-]+(?:\s[А-Яа-яё«»-]+)?)?"
)


@dataclass(slots=True)
class Person:
    """A person of the page: full name, and the post that the page gives, as it writes it."""

    name: str
    post: str | None = None
    seen: int = 0

    @property
    def surname(self) -> str:
        """The last word of the name."""
        return self.name.split()[-1]


@dataclass(frozen=True, slots=True)
class Mention:
    """A place where somebody is named who may speak."""

    start: int
    end: int
    name: str
    post: str | None
    anonymous: bool = False
    party: bool = False
    pronoun: bool = False


@dataclass(slots=True)
class Register:
    """Everybody on one page."""

    people: dict[str, Person] = field(default_factory=dict)
    russian: bool = False
    _known: dict[str, str] = field(default_factory=dict)

    def note(self, name: str, post: str | None) -> None:
        """Remember a person; a surname alone joins the full name that the page has elsewhere."""
        name = name.strip(" ,.")
        person = self.people.setdefault(name, Person(name))
        if post and (person.post is None):
            person.post = post.strip(" ,")

    def settle(self, tokens: frozenset[str] = frozenset()) -> None:
        """Join surnames to full names and, in Russian, oblique cases to the nominative."""
        full = [name for name in self.people if " " in name]
        for name in sorted(self.people, key=lambda each: (" " not in each, len(each))):
            key = next((each for each in full if each != name and self._same(each, name)), name)
            if key != name and self._better(key, name):
                if self.people[name].post and not self.people[key].post:
                    self.people[key].post = self.people[name].post
                self._known[name] = key
        for name in self._known:
            self.people.pop(name, None)
        if self.russian:
            for person in self.people.values():
                person.name = _upright(person.name, tokens)

    def _better(self, key: str, name: str) -> bool:
        return key in self.people and (
            " " not in name or _nominative(key) > _nominative(name) or len(key) < len(name)
        )

    def _same(self, full: str, name: str) -> bool:
        mine, other = full.split(), name.split()
        if not _alike(mine[-1], other[-1], russian=self.russian):
            return False
        return len(other) == 1 or _alike(mine[0], other[0], russian=self.russian)

    def find(self, name: str) -> Person | None:
        """The person whom a full name or a surname means."""
        name = re.sub(r"['’]s$", "", name.strip())
        name = self._known.get(name, name)
        if name in self.people:
            return self.people[name]
        words = name.split()
        for person in self.people.values():
            theirs = person.name.split()
            if _alike(theirs[-1], words[-1], russian=self.russian) and (
                len(words) == 1 or _alike(theirs[0], words[0], russian=self.russian)
            ):
                return person
        return None


def _nominative(name: str) -> int:
    """How likely a Russian name stands in the nominative: its words end neither in an oblique ending nor in -ым."""
    return -sum(bool(re.search(r"(?:ом|ым|им|ой|ого|ему|ему|у|ю|е)$", word)) for word in name.split())


_UPRIGHT = (("ской", "ская"), ("ской", "ская"), ("овой", "ова"), ("евой", "ева"), ("иной", "ина"), ("ским", "ский"),
            ("ского", "ский"), ("скому", "ский"), ("ым", ""), ("ей", "я"), ("ой", "а"), ("ом", ""), ("ем", "й"))  # fmt: skip


def _upright(name: str, tokens: frozenset[str]) -> str:
    """A Russian name in the nominative: the page's own form where it has one, otherwise by its ending."""
    made = []
    for word in name.split():
        if _nominative(word) == 0:
            made.append(word)
            continue
        others = [
            each
            for each in tokens
            if each != word and _alike(each, word, russian=True) and _nominative(each) == 0
        ]
        ended = next((word.removesuffix(old) + new for old, new in _UPRIGHT if word.endswith(old)), word)
        made.append(ended if ended in others or not others else min(others, key=len))
    return " ".join(made)


@lru_cache(maxsize=8192)
def _alike(one: str, other: str, *, russian: bool) -> bool:
    if one == other:
        return True
    if not russian:
        return False
    shorter = min(len(one), len(other))
    stem = max(3, shorter - 2)
    shared = next((at for at in range(shorter) if one[at] != other[at]), shorter)
    return shared >= min(stem, shorter) and abs(len(one) - len(other)) <= 3


def register(texts: Sequence[str], *, russian: bool) -> Register:
    """Everybody whom some passages name with an office or as one who speaks."""
    found = Register(russian=russian)
    for text in texts:
        for name, post in _russian_people(text) if russian else _english_people(text):
            found.note(name, post)
    found.settle(frozenset(re.findall(_RU_CAP, " ".join(texts))) if russian else frozenset())
    return found


def _english_people(text: str) -> Iterator[tuple[str, str | None]]:
    for match in _chains(text):
        split = split_post(match[0])
        if split:
            post, name = split
            yield name, post
            continue
        words = [word for word in match[0].split() if word]
        while words and words[0] in _NOT_NAMES:
            words = words[1:]
        if 2 <= len(words) <= 3 and all(re.fullmatch(r"[A-Z][\w'’-]+|[A-Z]\.", word) for word in words):
            name = re.sub(r"['’]s$", "", " ".join(words))
            after = _AFTER.match(text[match.end() :])
            if after and "'s" not in words[-1]:
                yield name, re.sub(r"^(?:the|a|an) ", "", after["post"])
            elif re.match(
                r",? (?:who |also )?(?:said|told|added|says|warned|announced|denied|called|described)\b",
                text[match.end() :],
            ) or re.search(r"\b(?:said|told|added|quoted|to)\W+$", text[: match.start()]):
                yield name, None
    for match in _LOWER_POST.finditer(text):
        name = re.sub(r"['’]s$", "", match["name"])
        if not _HEAD.match(name.split()[0]) and name.split()[0] not in _NOT_NAMES:
            yield name, match["post"]


def _chains(text: str) -> Iterator[re.Match[str]]:
    """Runs of capitalised words, each person of "A and B" in a run of his own."""
    for match in _CHAIN.finditer(text):
        start = match.start()
        while True:
            cut = text.find(" and ", start, match.end())
            left = text[start:cut]
            if cut < 0:
                break
            if re.search(r"\b(?:of|for)\b", left) and split_post(left) is None:
                break
            whole = _CHAIN.match(text, start, cut)
            if whole:
                yield whole
            start = cut + 5
            if text.startswith("the ", start):
                start += 4
        whole = _CHAIN.search(text, start, match.end())
        if whole:
            yield whole


@lru_cache(maxsize=4096)
def split_post(chain: str) -> tuple[str, str] | None:
    """A chain such as "U.S. Defense Secretary Donald Rumsfeld" as post and name; None where it is none."""
    words = chain.split()
    while words and words[0] in _NOT_NAMES:
        words = words[1:]
    heads = [
        index
        for index, word in enumerate(words)
        if any(_HEAD.match(part) for part in word.split("-")) or word.lower() in {"vice-premier"}
    ]
    if not heads or heads[-1] + 1 >= len(words):
        return None
    rest = words[heads[-1] + 1 :]
    if rest[0] in {"of", "for", "and", "the"}:
        if len(rest) < 4:
            if len(rest) == 3 and rest[0] == "of":
                return " ".join(words[: heads[-1] + 3]), _clean(rest[2:])
            return None
        count = 3 if re.fullmatch(r"[A-Z]\.", rest[-2]) else 2
        return " ".join(words[:-count]), _clean(rest[-count:])
    if any(word in {"of", "for", "and", "the"} for word in rest):
        cut = next(index for index, word in enumerate(rest) if word in {"of", "for", "and", "the"})
        rest = rest[:cut]
    if len(rest) > 3:
        return None
    return " ".join(words[: heads[-1] + 1]), _clean(rest)


def _clean(words: Sequence[str]) -> str:
    return re.sub(r"['’]s$", "", " ".join(words))


def _russian_people(text: str) -> Iterator[tuple[str, str | None]]:
    taken: list[tuple[int, int]] = []
    for head in _RU_HEAD.finditer(text):
        rest = _RU_REST.match(text, head.end())
        if rest is None:
            continue
        words = rest["run"].split()
        if len(words) == 1 and (
            rest["rest"] or not re.search(r"(?:ов|ев|ин|ий|ко|ук|ич|дт|ер|ан|ен|ая|ва|на)$", words[0])
        ):
            continue
        name = " ".join(words[-2:])
        before = _RU_BEFORE.search(text[: head.start()])
        start = before.start() if before else head.start()
        post = text[start : rest.end()].removesuffix(name).strip()
        taken.append((rest.start("run"), rest.end()))
        yield name, post
    for match in _RU_NAME.finditer(text):
        if (
            " " in match[0] and match[0].split()[0].lower() not in _RU_NOT
            and not any(match.start() < b and match.end() > a for a, b in taken)
        ):  # fmt: skip
            yield match[0], None


_RU_NOT = frozenset(
    [
        "по",
        "как",
        "но",
        "он",
        "она",
        "они",
        "мы",
        "это",
        "все",
        "при",
        "для",
        "на",
        "в",
        "с",
        "об",
        "однако",
        "тем",
        "после",
        "также",
        "кроме",
        "ранее",
        "между",
        "если",
        "когда",
    ]
)


def mentions(masked: str, people: Register) -> list[Mention]:
    """Everybody in a sentence who may speak, in order; quotations are masked."""
    found: list[Mention] = []
    if people.russian:
        for match in _RU_NAME.finditer(masked):
            person = people.find(match[0])
            if person:
                found.append(Mention(match.start(), match.end(), person.name, person.post))
        found += [
            Mention(match.start(), match.end(), match[0], None, anonymous=True)
            for match in _RU_ANON.finditer(masked)
        ]
    else:
        found += _english_mentions(masked, people)
        found += [
            Mention(match.start(), match.end(), match[0].strip(), None, anonymous=True)
            for match in _ANON.finditer(masked)
        ]
    found += [
        Mention(match.start(), match.end(), match[0], None, pronoun=True)
        for match in _PRONOUN.finditer(masked)
    ]
    kept: list[Mention] = []
    for each in sorted(found, key=lambda item: (item.anonymous or item.party, item.start - item.end)):
        if all(each.end <= other.start or each.start >= other.end for other in kept):
            kept.append(each)
    return sorted(kept, key=lambda item: item.start)


def _english_mentions(masked: str, people: Register) -> Iterator[Mention]:
    for match in _chains(masked):
        start, words = match.start(), match[0].split()
        while words and words[0] in _NOT_NAMES:
            start += len(words[0]) + 1
            words = words[1:]
        if not words:
            continue
        split = split_post(" ".join(words))
        name = split[1] if split else re.sub(r"['’]s$", "", " ".join(words))
        person = people.find(name) or (people.find(words[-1]) if len(words) > 1 else None)
        end = start + len(" ".join(words))
        if person:
            yield Mention(start, end, person.name, split[0] if split else person.post)
        elif not words[-1].endswith(("'s", "’s")):
            yield Mention(start, end, " ".join(words), None, party=True)
