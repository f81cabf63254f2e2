"""A page laid out: spans that tile its text, and the passages of its article with the way back to the source."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import unescape

from detente.records.reading import Span, SpanKind

_TAG = re.compile(r"<!--.*?-->|<[^>]*>", re.S)


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph of the page as a reader sees it; `begins` and `ends` lead each letter back to the source.

    On a plain-text page the passage is the source itself and both are empty.
    """

    kind: SpanKind
    text: str
    start: int
    begins: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()
    hints: str = ""

    def place(self, first: int, last: int) -> tuple[int, int]:
        """Offsets in the source of the letters first to last (not included) of this passage."""
        if not self.begins:
            return self.start + first, self.start + last
        return self.begins[first], self.ends[last - 1]

    @property
    def end(self) -> int:
        """The offset after the last letter."""
        return self.ends[-1] if self.ends else self.start + len(self.text)

    def as_kind(self, kind: SpanKind) -> "Passage":
        """The same passage under another label."""
        return Passage(kind, self.text, self.start, self.begins, self.ends, self.hints)


@dataclass(frozen=True, slots=True)
class Layout:
    """What stands where on a page."""

    spans: tuple[Span, ...]
    passages: tuple[Passage, ...]
    meta: dict[str, str] = field(default_factory=dict)
    """What an HTML page says of itself in its head: title, published, updated, author, site, language."""
    notices: tuple[str, ...] = ()

    def of(self, *kinds: SpanKind) -> list[Passage]:
        """The passages of some kinds, in order."""
        return [passage for passage in self.passages if passage.kind in kinds]


def plain(text: str, start: int, end: int) -> str:
    """The visible words of a slice of a page: without tags, entities resolved, white space as one space.

    A slice without any markup is returned as it stands.
    """
    part = text[start:end]
    if "<" not in part and "&" not in part:
        return part
    return " ".join(unescape(_TAG.sub("", part)).split())


def tiled(text: str, passages: Iterable[Passage], between: Sequence[Span] = ()) -> tuple[Span, ...]:
    """Spans without gap or overlap: the passages, the given spans between them, and what is left over."""
    pieces = [Span(kind=passage.kind, start=passage.start, end=passage.end) for passage in passages]
    pieces += between
    pieces = sorted((piece for piece in pieces if piece.end > piece.start), key=lambda piece: piece.start)
    spans: list[Span] = []
    at = 0
    for piece in pieces:
        if piece.start > at:
            spans.append(_left_over(text, at, piece.start))
        if piece.end > at:
            spans.append(piece if piece.start >= at else piece.model_copy(update={"start": at}))
            at = piece.end
    if at < len(text):
        spans.append(_left_over(text, at, len(text)))
    return tuple(spans)


def _left_over(text: str, start: int, end: int) -> Span:
    part = text[start:end]
    kind: SpanKind = "space" if part.isspace() else "markup" if "<" in part or "&" in part else "other"
    return Span(kind=kind, start=start, end=end)
