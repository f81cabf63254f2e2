"""What each part of a page is: its article, or navigation, tools, related items, footer and rights around it."""

import re
from collections import Counter
from collections.abc import Sequence

from detente.records.reading import SpanKind

from .dates import page_time
from .page import Layout, Passage, tiled
from .words import MONTH, MONTH_RU

_RIGHTS = re.compile(
    r"©|\(c\)\s|&copy;|\bcopyright\b|all rights reserved|все права защищены|版权所有|保留所有权利", re.I
)
_SEARCH = re.compile(r"^\W*(?:search|advanced search|advanced|поиск|搜索)\b\W*(?:go|найти)?\W*$", re.I)
_SOURCE = re.compile(r"^\s*(?:from|source|источник|по материалам|来源)\s*[::]\s*(?P<name>.*)$", re.I | re.S)
_DATED = re.compile(
    r"^\W*(?:posted|published|last updated|updated|last modified|modified|first published|date|filed|issued|"
    r"опубликовано|обновлено|дата|размещено|изменено|发布时间|更新时间)\b",
    re.I,
)
_BYLINE = re.compile(
    r"^\s*(?:by|written by|reporting by|editing by|автор|авторы|текст|подготовил\w*|корреспондент)\b[\s::]+(?P<name>\S.*)$",
    re.I,
)
_TOOL = (
    r"print(?: it| this| page| version| friendly)?|save|e-?mail(?: it| this| page| article)?|share(?: this| it)?|discuss(?: it)?|"
    r"send(?: to (?:a )?friends?| link)?|text size|font size|a\+|a-|bookmark|tweet|facebook|twitter|vkontakte|telegram|"
    r"whatsapp|rss|comments?(?: \(?\d+\)?)?|chinese|english|русский|listen|copy link|subscribe|larger|smaller|download|pdf|"
    r"mail|post|like|follow(?: us)?|add to favou?rites|permalink|link|top|back to top|"
    r"печать|распечатать|версия для печати|сохранить|отправить(?: другу| ссылку)?|переслать|поделиться|обсудить|"
    r"комментарии(?: \(?\d+\)?)?|подписаться|наверх|в избранное|ссылка|打印|保存|分享|收藏|评论"
)
_TOOLS = re.compile(rf"^\W*(?:(?:{_TOOL})(?:\W+|$))+$", re.I)
_RELATED = re.compile(
    r"^\W*(?:related(?: (?:articles?|stories|links|news|items|reading|coverage|topics|content))?|see also|read also|"
    r"read (?:more|next)|more (?:on this(?: story)?|stories|news|in|from)|also (?:in|on)|other (?:news|stories|headlines)|recent|latest(?: news)?|most read|"
    r"(?:earlier|previous|further) (?:stories|reports|reading|coverage|news)|background|on (?:this|the same) (?:topic|subject)|in the archive|from the archive|"
    r"по теме|читайте также|смотрите также|ссылки по теме|материалы по теме|другие новости|ещё по теме|еще по теме|"
    r"ранее|похожие|другие материалы|相关新闻|相关报道)\b[^.]{0,40}$",
    re.I,
)
_ADVERT = re.compile(
    r"^\W*(?:advertisement|advertising|advert|sponsored|ad|promotion|реклама|на правах рекламы|广告)\b", re.I
)
_DATE_TAIL = re.compile(r"[(\[]\s*\d{4}-\d{1,2}-\d{1,2}[^)\]]*[)\]]\s*$|[(\[][^)\]]*\d{1,4}[^)\]]*[)\]]\s*$")
_FOOTER = re.compile(
    r"\b(?:privacy|terms of (?:use|service)|site ?map|contact us|about us|disclaimer|cookies?|help$|editorial office|newsroom phone|"
    r"reproduction|обратная связь|контакты|о нас|о проекте|редакци|правила|карта сайта|перепечатк|при цитировании|regist|зарегистр)|隐私",
    re.I,
)  # fmt: skip
_END = re.compile(r"[.!?…][\"”»'’)\]]*\s*$")
_QUOTED = re.compile(r"^\W*[\"“«„].*[\"”»]\W*(?:[-–—]\s*\S.{0,60})?$", re.S)
_DATE_ONLY = re.compile(
    rf"^\W*(?:\w+day,?\s+|\w+(?:ник|рг|да|ца|та|ье),?\s+)?(?:\d{{1,2}}[ .]+(?:{MONTH}|{MONTH_RU}|\d{{1,2}})[ .]+\d{{4}}|{MONTH} \d{{1,2}}, ?\d{{4}}|\d{{4}}-\d{{1,2}}-\d{{1,2}})"
    r"(?:\s*г\.?)?[\s,|–—-]*(?:\d{1,2}[:.]\d{2}[^\n]{0,25})?\W*$",
    re.I,
)
_SEPARATED = re.compile(r"\s[|•·›»>/]\s|\s-\s|>>|›|→|::")


def kind_of(text: str) -> SpanKind | None:
    """What a line or paragraph is by its own words; None where they do not say."""
    line = " ".join(text.split())
    if not line:
        return "space"
    if len(line) > 260 and not _RIGHTS.search(line[:60]):
        return None
    for kind, pattern in _BY_WORDS:
        if pattern.search(line):
            return kind
    if _RIGHTS.search(line) and len(line) < 260:
        return "rights"
    if len(line) < 120 and (_DATE_ONLY.match(line) or (_DATED.match(line) and page_time(line))):
        return "dateline"
    parts = [part for part in _SEPARATED.split(line) if part.strip()]
    if (
        (len(parts) >= 3 or (len(parts) == 2 and ">>" in line))
        and all(len(part.split()) <= 4 for part in parts)
        and not _END.search(line)
    ):
        return "footer" if _FOOTER.search(line) else "navigation"
    return None


_BY_WORDS: tuple[tuple[SpanKind, re.Pattern[str]], ...] = (
    ("search", _SEARCH), ("source-line", _SOURCE), ("advertisement", _ADVERT), ("tools", _TOOLS),
    ("related-heading", _RELATED),
)  # fmt: skip


def is_prose(text: str) -> bool:
    """Whether a paragraph reads like running text: a sentence with an end, of some length."""
    words = text.split()
    return len(words) >= 6 and bool(
        _END.search(text) or (len(words) >= 20 and text.rstrip()[-1:] in ':;,"”»')
    )


def classify(passages: Sequence[Passage]) -> list[Passage]:
    """Every passage with its kind: strong words first, then its place before, in or after the article."""
    kinds: list[SpanKind | None] = [_hinted(passage) or kind_of(passage.text) for passage in passages]
    prose = [
        index for index, passage in enumerate(passages)
        if kinds[index] is None and is_prose(passage.text) and not _masthead(passage)
    ]  # fmt: skip
    if not prose:
        return [passage.as_kind(kinds[index] or "other") for index, passage in enumerate(passages)]
    first, last = prose[0], _last_of_article(passages, kinds, prose)
    title = _title(passages, kinds, first)
    for index in range(len(passages)):
        if kinds[index] is None:
            kinds[index] = _by_place(passages, kinds, index, (title, first, last))
    _bylines(passages, kinds, first, last)
    _footers(kinds, first, last)
    labelled = [passage.as_kind(kind or "other") for passage, kind in zip(passages, kinds, strict=True)]
    return _leads(labelled)


def _hinted(passage: Passage) -> SpanKind | None:
    """What the markup around a passage says of it."""
    hints = passage.hints
    if not hints:
        return None
    own = kind_of(passage.text)
    if own in {"rights", "source-line", "dateline", "tools", "related-heading", "advertisement", "search"}:
        return own
    for kind, words in _HINTS:
        if re.search(words, hints):
            return kind
    return None


_HINTS: tuple[tuple[SpanKind, str], ...] = (
    ("quotation-box", r"pull-?quote|quote-?box|pullout|<blockquote|<q-box"),
    ("advertisement", r"\bad(?:s|vert\w*)?\b|sponsor|banner|реклам"),
    ("related", r"related|see-?also|more-?(?:stories|news)|read-?also|recommend|latest|popular"),
    ("navigation", r"<nav|\bnav\b|navbar|menu|breadcrumb|topbar"),
    ("tools", r"share|tools?\b|print|social|toolbar"),
    ("footer", r"<footer|\bfooter\b|colophon|imprint"),
    ("byline", r"byline|\bauthor\b"),
    ("dateline", r"<time|dateline|timestamp|pubdate"),
    ("other", r"caption|<figcaption|comment"),
)


def _masthead(passage: Passage) -> bool:
    return "<h1" in passage.hints


def _last_of_article(passages: Sequence[Passage], kinds: Sequence[SpanKind | None], prose: list[int]) -> int:
    """The last paragraph of running text; after a heading of related items only a long one counts."""
    last, closed = prose[0], False
    chosen = set(prose)
    for index in range(prose[0], len(passages)):
        kind = kinds[index]
        if kind in {"related-heading", "rights", "source-line"} or (kind == "footer"):
            closed = True
        elif (
            index in chosen
            and (not closed or len(passages[index].text) > 180)
            and not (closed and _FOOTER.search(passages[index].text))
        ):
            last, closed = index, False
    return last


def _title(passages: Sequence[Passage], kinds: Sequence[SpanKind | None], first: int) -> int | None:
    headed = [index for index in range(len(passages)) if "<h1" in passages[index].hints]
    if headed:
        return headed[0]
    before = [
        index for index in range(first) if kinds[index] is None and len(passages[index].text.split()) >= 2
    ]
    if not before:
        return None
    long = [index for index in before if len(passages[index].text.split()) >= 4]
    return max(long) if long else max(before)


def _by_place(
    passages: Sequence[Passage],
    kinds: Sequence[SpanKind | None],
    index: int,
    article: tuple[int | None, int, int],
) -> SpanKind:
    title, first, last = article
    text = passages[index].text
    if index == title:
        return "title"
    if index < first:
        return (
            "masthead"
            if len(text.split()) > 1 and text.upper() == text and not _DATED.match(text)
            else "navigation"
            if index < (title or first)
            else "other"
        )
    if index <= last:
        heading = next((kinds[at] for at in range(index - 1, first, -1) if kinds[at] != "related"), None)
        if heading == "related-heading" and not is_prose(text):
            return "related"
        if _boxed(passages, index):
            return "quotation-box"
        return "body" if is_prose(text) or len(text) > 80 or _starts_speech(text) else "other"
    if _FOOTER.search(text):
        return "footer"
    titled = len(text.split()) >= 4 and not re.search(r"[.;]\s*$", text)
    return "related" if titled else "footer"


def _starts_speech(text: str) -> bool:
    return bool(re.match(r"\s*(?:[-–—]\s|[\"“«„])", text)) or bool(_END.search(text))


def _boxed(passages: Sequence[Passage], index: int) -> bool:
    """A quotation that stands again in the article, in a box of its own."""
    text = passages[index].text
    if len(text) > 300:
        return False
    core = " ".join(re.sub(r"^[\W_]+|[\W_]+$", "", re.split(r"[\"”»]\s*[-–—]\s*\S", text)[0]).split())
    drawn = bool(re.match(r"\s*(?:>|\||│|\*{3})", text))
    return drawn or (
        len(core) > 15
        and (bool(_QUOTED.match(text)))
        and any(
            core in " ".join(other.text.split())
            for at, other in enumerate(passages)
            if at != index and len(other.text) > len(text)
        )
    )


def _bylines(passages: Sequence[Passage], kinds: list[SpanKind | None], first: int, last: int) -> None:
    for index, passage in enumerate(passages):
        text = " ".join(passage.text.split())
        short = len(text) < 100 and not re.search(r"[.!?]\s*$", text)
        if (
            short
            and kinds[index] in {"other", "navigation", "title", "body", "footer", "related"}
            and (match := _BYLINE.match(text))
        ) and (
            kinds[index] != "title"
            and match["name"][:1].isupper()
            and index <= last + 4
            and index >= first - 6
        ):
            kinds[index] = "byline"


def _footers(kinds: list[SpanKind | None], first: int, last: int) -> None:
    """Navigation below the article is its footer; what stands under a heading of related items is related."""
    for index in range(last + 1, len(kinds)):
        if kinds[index] == "navigation":
            kinds[index] = "footer"
    for index in range(first):
        if kinds[index] == "footer":
            kinds[index] = "navigation"


def _same(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def _leads(passages: list[Passage]) -> list[Passage]:
    """The first paragraph is the lead; the same words a second time are the lead again, not a new claim."""
    body = [index for index, passage in enumerate(passages) if passage.kind == "body"]
    if not body:
        return passages
    lead = _same(passages[body[0]].text)
    passages[body[0]] = passages[body[0]].as_kind("lead")
    for index in body[1:]:
        if _same(passages[index].text) == lead:
            passages[index] = passages[index].as_kind("lead-repeated")
    return passages


def lay_out(text: str) -> Layout:
    """A plain-text page in its parts: every letter in exactly one span."""
    labelled = classify(paragraphs(text))
    return Layout(tiled(text, labelled), tuple(passage for passage in labelled if passage.kind != "space"))


def paragraphs(text: str) -> list[Passage]:
    """The paragraphs of a plain text: its lines, joined where the text was wrapped to a width."""
    lines = [(match.start(), match[0]) for match in re.finditer(r"[^\r\n\x0b\x0c\x85\u2028\u2029]+", text)]
    width = _width([line for _, line in lines])
    found: list[Passage] = []
    open_from: int | None = None
    before_end = 0
    for start, line in lines:
        stripped = line.strip()
        if not stripped:
            open_from = None
            continue
        begin = start + len(line) - len(line.lstrip())
        end = start + len(line.rstrip())
        gap = text[before_end:begin] if found else ""
        joins = (
            open_from is not None and width > 0 and gap.count("\n") + gap.count("\r") <= 2 and gap.count("\n") <= 1
            and before_end - max(open_from, text.rfind("\n", 0, before_end) + 1) >= 0.62 * width
            and kind_of(stripped) is None and kind_of(found[-1].text) is None
        )  # fmt: skip
        if joins:
            found[-1] = Passage("other", text[found[-1].start : end], found[-1].start)
        else:
            found.append(Passage("other", text[begin:end], begin))
        open_from, before_end = begin, end
    return found


def _width(lines: Sequence[str]) -> int:
    """The width that a text was wrapped to; 0 where each line is a paragraph."""
    full = [len(line.rstrip()) for line in lines if line.strip()]
    if not full:
        return 0
    longest = max(full)
    open_ended = sum(
        0.75 * longest <= size and not _END.search(line)
        for size, line in zip(full, (each for each in lines if each.strip()), strict=True)
    )
    return (
        longest
        if 40 <= longest <= 130 and open_ended >= 3 and Counter(size > 40 for size in full)[True] >= 4
        else 0
    )


def author(text: str) -> re.Match[str] | None:
    """The name in a byline."""
    return re.match(
        r"^\s*(?:by|written by|reporting by|автор|текст|подготовил\w*)[\s::]+(.+?)\s*(?:[,|(/].*)?$",
        text,
        re.I | re.S,
    )


def source_name(text: str) -> str | None:
    """The name in a line for the source; None where the line is blank, which means unknown."""
    match = _SOURCE.match(text)
    name = match["name"].strip(" .") if match else ""
    return name or None
