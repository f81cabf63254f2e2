"""A page's own list of related items, and which of them are on the page's subject."""

import re
from collections import Counter
from collections.abc import Sequence

from detente.records.reading import Related

from .dates import page_time
from .page import Passage
from .people import Register
from .words import ARMS

_ARMS = re.compile(rf"(?:{ARMS})", re.I)
_WORD = re.compile(r"[A-Za-zА-Яа-яёЁ][\w'’.-]*[\w]|U\.S\.")
_COMMON = frozenset(
    [
        "the",
        "a",
        "an",
        "of",
        "in",
        "on",
        "at",
        "to",
        "for",
        "with",
        "from",
        "by",
        "and",
        "or",
        "not",
        "is",
        "are",
        "was",
        "were",
        "be",
        "been",
        "has",
        "have",
        "had",
        "will",
        "would",
        "could",
        "may",
        "might",
        "as",
        "after",
        "before",
        "over",
        "under",
        "about",
        "between",
        "into",
        "new",
        "more",
        "says",
        "said",
        "say",
        "talks",
        "talk",
        "meet",
        "meets",
        "meeting",
        "visit",
        "visits",
        "trip",
        "week",
        "month",
        "year",
        "next",
        "last",
        "day",
        "days",
        "today",
        "start",
        "agree",
        "agreed",
        "agrees",
        "plan",
        "plans",
        "policy",
        "news",
        "report",
        "problem",
        "problems",
        "issue",
        "issues",
        "country",
        "countries",
        "people",
        "official",
        "officials",
        "government",
        "state",
        "minister",
        "president",
        "some",
        "area",
        "areas",
        "other",
        "still",
        "two",
        "three",
        "ahead",
        "amid",
        "against",
        "that",
        "this",
        "its",
        "his",
        "her",
        "their",
        "they",
        "he",
        "she",
        "it",
        "who",
        "which",
        "while",
        "but",
        "than",
        "first",
        "press",
        "conference",
        "part",
        "на",
        "в",
        "во",
        "и",
        "с",
        "со",
        "о",
        "об",
        "по",
        "для",
        "не",
        "что",
        "как",
        "это",
        "из",
        "за",
        "к",
        "от",
        "до",
        "при",
        "он",
        "она",
        "они",
        "его",
        "её",
        "их",
        "был",
        "была",
        "были",
        "будет",
        "после",
        "перед",
        "новый",
        "новые",
        "год",
        "года",
        "день",
        "дня",
        "неделя",
        "президент",
        "министр",
        "страна",
        "страны",
        "заявил",
        "заявила",
        "сказал",
        "переговоры",
        "встреча",
        "встрече",
    ]
)
_NATIONS = {"u.s": "us", "us": "us", "usa": "us", "united states": "us", "washington": "us", "american": "us", "moscow": "russia",
            "russian": "russia", "russians": "russia", "kremlin": "russia", "москва": "россия", "вашингтон": "сша"}  # fmt: skip


def related(
    items: Sequence[Passage], title: str, texts: Sequence[str], people: Register
) -> tuple[Related, ...]:
    """The related items with whether each is on the subject: an actor of the page and a subject of the page.

    An actor alone is not enough: the same minister also travels for other reasons.
    """
    if not items:
        return ()
    actors, subjects = _profile(title, texts, people)
    found = []
    for item in items:
        words, when = _titled(item.text)
        stems = set(_stems(words))
        who, what = stems & actors, stems & subjects
        domain = {match[0].lower() for match in _ARMS.finditer(words)}
        score = min(
            1.0,
            0.3 * bool(who)
            + 0.1 * (len(who) > 1)
            + 0.3 * min(2, len(what)) / (1 if who else 2)
            + 0.4 * bool(domain),
        )
        found.append(
            Related(
                title=words, start=item.place(0, 1)[0], end=item.end, date=when, score=round(score, 2),
                on_topic=score >= 0.55,
            )
        )  # fmt: skip
    return tuple(found)


def _titled(text: str) -> tuple[str, str | None]:
    """A title without its date, and the date."""
    text = " ".join(text.split())
    tail = re.search(r"\s*[(\[][^()\[\]]*\d[^()\[\]]*[)\]]\s*$", text)
    if tail:
        when = page_time(tail[0])
        if when:
            return text[: tail.start()].strip(), when.day.isoformat()
    when = page_time(text)
    if when:
        cut = re.sub(
            r"^\W*(?:\d{4}-\d\d?-\d\d?|\d\d?\.\d\d?\.\d{4}|\d{1,2} \w+ \d{4}|\w+ \d{1,2}, ?\d{4})(?:,? \d\d?:\d\d)?\W*|\W*(?:\d{4}-\d\d?-\d\d?|\d\d?\.\d\d?\.\d{4}|\d{1,2} \w+ \d{4}(?: г\.)?|\w+ \d{1,2}, ?\d{4})(?:,? \d\d?:\d\d)?\W*$",
            "",
            text,
        )
        return cut.strip() or text, when.day.isoformat()
    return re.sub(r"^[\s•*·>»-]+", "", text), None


def _stems(text: str) -> list[str]:
    stems: list[str] = []
    lowered = re.sub(r"united states", "us", text, flags=re.I)
    for match in _WORD.finditer(lowered):
        for part in [match[0], *match[0].split("-")] if "-" in match[0] else [match[0]]:
            word = re.sub(r"['’]s$", "", part).strip(".").lower()
            word = _NATIONS.get(word, word)
            if word and word not in _COMMON and (len(word) > 2 or word == "us"):
                stems.append(_stem(word))
    return stems


def _stem(word: str) -> str:
    if ord(word[0]) > 127:
        return word[: max(4, len(word) - 3)]
    for ending in ("ians", "ian", "ings", "ing", "ies", "es", "s", "ed", "n"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            word = word[: -len(ending)]
            break
    return word.rstrip("aey") if len(word) > 5 else word


def _profile(title: str, texts: Sequence[str], people: Register) -> tuple[set[str], set[str]]:
    """Stems of who acts on the page, and of what it is about."""
    actors: set[str] = set()
    for person in people.people.values():
        actors |= set(_stems(person.name.split()[-1]))
        actors |= set(
            _stems(" ".join(word for word in (person.post or "").split()[:1] if word[:1].isupper()))
        )
    whole = " ".join(texts)
    for match in re.finditer(r"(?<=[a-zа-яё,] )(?:the )?([A-ZА-ЯЁ][\w.-]+)|U\.S\.", whole):
        actors |= set(_stems(match[0]))
    counts = Counter(_stems(whole))
    lead = set(_stems(texts[0])) if texts else set()
    subjects = {stem for stem in set(_stems(title)) | lead if stem not in actors}
    subjects |= {stem for stem, count in counts.items() if count >= 3 and stem not in actors}
    return actors, subjects
