"""An HTML page laid out: visible blocks with offsets into the source, the article as trafilatura finds it."""

import json
import re
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from detente.records.reading import Span

from .furniture import classify, is_prose
from .page import Layout, Passage, tiled

_HTML = re.compile(
    r"^\s*(?:<\?xml|<!doctype html|<html|<!--.*?-->\s*<)|<(?:html|head|body|div|p|table|article)[\s>]",
    re.I | re.S,
)
_PIECE = re.compile(
    r"(?P<script><(?P<raw>script|style|noscript|template|svg|iframe|select)\b[^>]*>.*?(?:</(?P=raw)\s*>|\Z))|"
    r"(?P<comment><!--.*?(?:-->|\Z)|<!\[CDATA\[.*?\]\]>|<[!?][^>]*>)|(?P<tag></?[A-Za-z][^<>]*>)|(?P<text>[^<]+|<)",
    re.I | re.S,
)
_ENTITY = re.compile(r"&(?:#\d+|#[xX][0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]*);?")
_BLOCKS = frozenset(
    ["address", "article", "aside", "blockquote", "body", "br", "caption", "dd", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hr", "html", "legend", "li", "main", "nav", "ol", "option", "p", "pre", "section", "table", "tbody", "td", "tfoot", "th", "thead", "title", "tr", "ul", "time"]
)  # fmt: skip
_VOID = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
    ]
)
_ATTRIBUTE = re.compile(r"""\b(?:class|id|role)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))""", re.I)
_NAMED = re.compile(r"""([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))""")
DEEPEST = 400
"""Levels of nesting beyond which no article is looked for: such a page was not written to be read."""


def is_html(text: str) -> bool:
    """Whether a text is a page of HTML."""
    return bool(_HTML.search(text[:4096]))


@dataclass
class _Block:
    letters: list[str] = field(default_factory=list)
    begins: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    hints: str = ""

    def add(self, text: str, offset: int) -> None:
        at = 0
        for entity in _ENTITY.finditer(text):
            self._plain(text, at, entity.start(), offset)
            for letter in unescape(entity[0]):
                self._letter(letter, offset + entity.start(), offset + entity.end())
            at = entity.end()
        self._plain(text, at, len(text), offset)

    def _plain(self, text: str, first: int, last: int, offset: int) -> None:
        for at in range(first, last):
            self._letter(text[at], offset + at, offset + at + 1)

    def _letter(self, letter: str, begin: int, end: int) -> None:
        if letter.isspace():
            if not self.letters or self.letters[-1] == " ":
                return
            letter = " "
        self.letters.append(letter)
        self.begins.append(begin)
        self.ends.append(end)

    def passage(self) -> Passage | None:
        while self.letters and self.letters[-1] == " ":
            self.letters.pop()
            self.begins.pop()
            self.ends.pop()
        if not self.letters:
            return None
        text = "".join(self.letters)
        return Passage("other", text, self.begins[0], tuple(self.begins), tuple(self.ends), self.hints)


def lay_out(text: str) -> Layout:
    """An HTML page in its parts. Offsets are those of the source, tags included."""
    passages, scripts, meta, depth = _blocks(text)
    notices: tuple[str, ...] = ()
    article: set[str] = set()
    if depth > DEEPEST:
        notices = (f"tags are nested {depth} deep; the article was looked for by its text alone",)
    else:
        article, notices = _article(text)
    labelled = classify([_trusted(passage, article) for passage in passages])
    return Layout(tiled(text, labelled, scripts), tuple(labelled), meta, notices)


def _trusted(passage: Passage, article: set[str]) -> Passage:
    """What trafilatura takes for article keeps no hint against it, unless it is a box or a heading."""
    if (
        _key(passage.text) in article
        and is_prose(passage.text)
        and not re.search("quote|pull", passage.hints)
    ):
        return Passage(passage.kind, passage.text, passage.start, passage.begins, passage.ends, "")
    return passage


def _key(text: str) -> str:
    return "".join(re.findall(r"\w+", text.lower()))[:80]


def _article(text: str) -> tuple[set[str], tuple[str, ...]]:
    """Keys of the article's paragraphs, by trafilatura."""
    from trafilatura import extract

    try:
        found = extract(
            text, include_comments=False, include_tables=True, favor_recall=True, output_format="txt"
        )
    except (ValueError, RecursionError, TypeError, AttributeError, KeyError) as fault:
        return set(), (f"the article was looked for by its text alone: {type(fault).__name__}",)
    return {_key(line) for line in (found or "").splitlines() if line.strip()}, ()


def _blocks(text: str) -> tuple[list[Passage], list[Span], dict[str, str], int]:
    passages: list[Passage] = []
    scripts: list[Span] = []
    meta: dict[str, str] = {}
    stack: list[tuple[str, str]] = []
    deepest, block = 0, _Block()

    def close() -> None:
        nonlocal block
        made = block.passage()
        if made:
            passages.append(made)
        block = _Block(hints=_hints(stack))

    for piece in _PIECE.finditer(text):
        if piece["text"] is not None:
            if stack and stack[-1][0] == "title":
                meta.setdefault("title", " ".join(unescape(piece["text"]).split()))
                continue
            block.add(piece["text"], piece.start())
        elif piece["script"] is not None:
            scripts.append(Span(kind="script", start=piece.start(), end=piece.end()))
            _ld_json(piece["script"], meta)
        elif piece["tag"] is not None:
            name = re.match(r"</?([A-Za-z][\w:-]*)", piece["tag"])
            tag = name[1].lower() if name else ""
            _meta(tag, piece["tag"], meta)
            if tag in _BLOCKS:
                close()
            _step(stack, tag, piece["tag"])
            deepest = max(deepest, len(stack))
            if tag in _BLOCKS:
                block.hints = _hints(stack)
    close()
    return passages, scripts, meta, deepest


def _step(stack: list[tuple[str, str]], tag: str, whole: str) -> None:
    if whole.startswith("</"):
        for back in range(len(stack) - 1, max(-1, len(stack) - 60), -1):
            if stack[back][0] == tag:
                del stack[back:]
                return
    elif tag not in _VOID and not whole.endswith("/>"):
        named = " ".join("".join(found) for found in _ATTRIBUTE.findall(whole)).lower()
        stack.append(
            (tag, f"<{tag} {named}" if tag not in {"html", "body", "div", "span", "p", "a"} else named)
        )


def _hints(stack: list[tuple[str, str]]) -> str:
    """Tag names and classes of the innermost levels, but not of whole pages, which bear any class."""
    return " ".join(hint for tag, hint in stack[-5:] if hint and tag not in {"html", "body"})


def _meta(tag: str, whole: str, meta: dict[str, str]) -> None:
    if tag not in {"meta", "html", "time"} or whole.startswith("</"):
        return
    given = {name.lower(): unescape(a or b or c) for name, a, b, c in _NAMED.findall(whole)}
    if tag == "html" and "lang" in given:
        meta.setdefault("language", given["lang"][:2].lower())
    if tag == "time" and "datetime" in given:
        meta.setdefault("time", given["datetime"])
    named = (given.get("property") or given.get("name") or given.get("itemprop") or "").lower()
    key = _META.get(named)
    if key and given.get("content"):
        meta.setdefault(key, given["content"].strip())


_META = {
    "og:title": "og-title", "article:published_time": "published", "datepublished": "published", "date": "published",
    "dc.date": "published", "pubdate": "published", "article:modified_time": "updated", "datemodified": "updated",
    "last-modified": "updated", "author": "author", "article:author": "author", "og:site_name": "site",
    "copyright": "rights", "source": "source", "dc.source": "source",
}  # fmt: skip


def _ld_json(script: str, meta: dict[str, str]) -> None:
    if "ld+json" not in script[:200]:
        return
    try:
        whole: Any = json.loads(re.sub(r"^<[^>]*>|</script\s*>$", "", script, flags=re.I))
    except (ValueError, RecursionError):
        return
    for item in whole if isinstance(whole, list) else [whole]:
        if isinstance(item, dict):
            for name, key in (("datePublished", "published"), ("dateModified", "updated")):
                if isinstance(item.get(name), str):
                    meta.setdefault(key, item[name])
            author = item.get("author")
            author = author[0] if isinstance(author, list) and author else author
            if isinstance(author, dict) and isinstance(author.get("name"), str):
                meta.setdefault("author", author["name"])
