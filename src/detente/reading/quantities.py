"""Numbers of things on a page: one or a range, the unit as the page has it, and the counting rule if it gives one."""

import re
from collections.abc import Iterator, Sequence

from detente.records.reading import Quantity

from .dates import times
from .page import Passage
from .words import ARMS, MONTH, MONTH_RU, NUMBER_WORD, NUMBERS

_DIGITS = r"\d{1,3}(?:[,\u00a0\u202f ]\d{3})+|\d+(?:[.,]\d+)?"
_MANY = r"(?: (?:million|billion|thousand|hundred|тысяч\w*|тыс\.|миллион\w*|млн|миллиард\w*|млрд))?"
_RANGE = re.compile(
    rf"(?:\bbetween (?P<a>{_DIGITS}) and (?P<b>{_DIGITS})|(?<!\w)от (?P<c>{_DIGITS}) до (?P<d>{_DIGITS})|(?:\bfrom )?(?<![\w.,-])(?P<e>{_DIGITS})(?: to | ?[-–—] ?)(?P<f>{_DIGITS}))(?![\d:-]|[.,]\d){_MANY}"
)
_ONE = re.compile(
    rf"(?<![\w.,:/$€£№-])(?P<n>{_DIGITS})(?![\d:/-]|[.,]\d|(?:st|nd|rd|th)\b){_MANY}(?P<share> ?%| per ?cent| процент\w*)?"
)
_WORD = re.compile(rf"(?<![\w-])(?P<n>{NUMBER_WORD})(?![\w-])", re.I)
_ARMS = re.compile(rf"(?:{ARMS})", re.I)
_TIME = re.compile(
    r"^\s*-?(?:days?|weeks?|months?|years?|hours?|minutes?|seconds?|o'clock|a\.m|p\.m|час|минут|дн|день|недел|месяц|год|лет)",
    re.I,
)
_MODIFIER = re.compile(
    r"^\s*(?:[A-Za-z-]+ed|[a-z-]+(?:al|ic|ive|ear|ile)|more|new|old|long-range|short-range|land-based|sea-based|Russian|American|U\.S\.)$"
)
_RULE = re.compile(r"\b(?:operationally deployed|deployed|non-deployed|accountable|attributed|in storage|ready for use|under the (?:START|SALT|treaty)[^,.;]{0,40}(?:rules?|count\w*))\b|(?<!\w)(?:развёрнут\w+|развернут\w+|засчитываем\w+|оперативно)(?!\w)", re.I)  # fmt: skip
_BEFORE = re.compile(
    r"(?:article|resolution|page|chapter|flight|room|protocol|No\.|№|статья|статьи|резолюци\w+|START|Chapter|phone|tel\.?)\s*$",
    re.I,
)
_TIMES = {
    "hundred": 1e2,
    "thousand": 1e3,
    "million": 1e6,
    "billion": 1e9,
    "тыс": 1e3,
    "млн": 1e6,
    "мил": 1e6,
    "млрд": 1e9,
}


def quantities(body: Sequence[Passage], *, russian: bool) -> tuple[Quantity, ...]:
    """The numbers of an article with what they count; times, dates, money and ordinals are left out."""
    found: list[Quantity] = []
    for passage in body:
        for first, last, low, high in _numbers(passage.text):
            unit, after = _unit(passage.text, last, russian=russian)
            if not unit:
                unit = _borrowed(passage.text, first, found)
            if unit:
                start, end = passage.place(first, last)
                clause = _clause(passage.text, first, last + after)
                rule = _RULE.search(clause)
                found.append(
                    Quantity(
                        text=passage.text[first:last], start=start, end=end, low=low, high=high, unit=unit,
                        counting_rule=rule[0] if rule else "unknown",
                    )
                )  # fmt: skip
    return tuple(found)


def _numbers(text: str) -> Iterator[tuple[int, int, float, float]]:
    taken = [(each.start, each.end) for each in times(text, None) if each.form not in {"ahead", "ago"}]
    for match in re.finditer(
        rf"\b\d{{1,2}}[:.]\d\d\b|\b(?:19|20)\d\d(?:-\d\d)?\b(?! [a-zа-я]+(?:s|ов|ек|ет|ей)\b)|\b\d+ {MONTH}|{MONTH} \d+|\d+ {MONTH_RU}",
        text,
    ):
        taken.append(match.span())
    spans: list[tuple[int, int, float, float]] = []

    def free(first: int, last: int) -> bool:
        return (
            all(last <= a or first >= b for a, b in taken)
            and not _TIME.match(text[last:])
            and not _BEFORE.search(text[:first])
        )

    for match in _RANGE.finditer(text):
        pair = [group for group in match.groups() if group]
        if len(pair) == 2 and free(*match.span()):
            low, high = (_value(each) * _scale(match[0]) for each in pair)
            if low <= high:
                spans.append((match.start(), match.end(), low, high))
                taken.append(match.span())
    for match in _ONE.finditer(text):
        if free(*match.span()):
            value = _value(match["n"]) * _scale(match[0])
            spans.append((match.start(), match.end(), value, value))
            taken.append(match.span())
    for match in _WORD.finditer(text):
        if match["n"].lower() in {"a", "an", "one", "один", "одного"}:
            continue
        near = re.match(r"(?: [\w-]+){1,3}", text[match.end() :])
        if near and _ARMS.search(near[0]) and free(*match.span()):
            value = float(NUMBERS[match["n"].lower()])
            spans.append((match.start(), match.end(), value, value))
    yield from sorted(spans)


def _value(text: str) -> float:
    grouped = re.fullmatch(r"\d{1,3}(?:[,\u00a0\u202f ]\d{3})+", text)
    return float(re.sub(r"\D", "", text)) if grouped else float(text.replace(",", "."))


def _scale(text: str) -> float:
    return next((size for word, size in _TIMES.items() if re.search(rf"\d {word}", text)), 1.0)


def _unit(text: str, last: int, *, russian: bool) -> tuple[str, int]:
    """The noun that a number counts, with the words between, and how far it reaches."""
    if re.search(r"(?:%|per ?cent|процент\w*)$", text[:last]):
        return "%", 0
    rest = re.match(
        r"(?P<words>(?:\s(?:of the |of its |of |своих |их )?[A-Za-zА-Яа-яё][\w-]*(?:\.[A-Z]\.)?){1,4})",
        text[last:],
    )
    if rest is None:
        return "", 0
    words = rest["words"].split()
    for count, word in enumerate(words[:4], 1):
        arms = bool(_ARMS.match(word.split("-")[-1]) or _ARMS.match(word))
        nominal = arms and (word.endswith("s") or russian)
        if nominal and count < len(words) and _ARMS.match(words[count]) and words[count].endswith("s"):
            continue
        if russian and nominal and re.search(r"(?:ых|их|ые|ой|ый)$", word) and count < len(words):
            continue
        if (
            russian
            and word.startswith("пусков")
            and count < len(words)
            and words[count].startswith("установ")
        ):
            return " ".join(words[: count + 1]), rest.end()
        plural = (
            word.endswith("s")
            and len(word) > 3
            and word not in {"was", "this", "has", "its"}
            and word.islower()
        )
        if nominal or (not russian and plural):
            return " ".join(w for w in words[:count] if w not in {"of", "the", "its", "more"}), rest.end()
        if not russian and word in {"to", "and", "in", "from", "at", "while", "by", "for", "now", "or", "a"}:
            break
        if (
            russian
            and re.search(r"(?:ов|ев|ей|ок|ек|ц|ий)$", word)
            and len(word) > 3
            and not re.search(r"(?:ых|их)$", word)
        ):
            return " ".join(words[:count]), rest.end()
    return "", 0


def _borrowed(text: str, first: int, found: Sequence[Quantity]) -> str:
    """The unit of a number without one: that of the last number or of the thing counted before it in the sentence."""
    before = text[max(0, first - 160) : first]
    if not re.search(r"\d|\b(?:to|from|between|до|от|с)\s*$", before[-40:]):
        return ""
    nouns = [
        match[0]
        for match in re.finditer(r"[A-Za-zА-Яа-яё-]+", before)
        if _ARMS.match(match[0]) and (match[0].endswith("s") or ord(match[0][0]) > 127)
    ]
    if found and re.search(re.escape(found[-1].text), before):
        return found[-1].unit
    return nouns[-1] if nouns else ""


def _clause(text: str, first: int, last: int) -> str:
    begin = max((text.rfind(mark, 0, first) for mark in (". ", "; ", ", while ")), default=-1)
    return text[max(0, begin, first - 60) : min(len(text), last + 25)]
