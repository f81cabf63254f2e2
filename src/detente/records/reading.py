"""What a saved page says, before anybody has confirmed it: labelled spans, proposed statements.

Offsets are code points of the decoded text, the first of a span and the one after its last. What the page
does not say is None, and `status` gives the reason; nothing is ever filled in.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

from .base import Names, Record, as_records

SpanKind = Literal[
    "navigation", "search", "masthead", "title", "dateline", "byline", "lead", "lead-repeated", "body",
    "quotation-box", "tools", "advertisement", "related", "related-heading", "source-line", "footer",
    "rights", "script", "markup", "space", "other",
]  # fmt: skip
"""What a part of a page is: its article, or one of the kinds of furniture around it."""

ARTICLE: frozenset[SpanKind] = frozenset({"title", "lead", "body", "quotation-box"})
"""The kinds that hold what the page reports."""

Mode = Literal["direct", "reported"]
"""direct: words in quotation marks. reported: their content in the page's own words."""

Voice = Literal["speaker", "reporter"]
"""Whose words these are; a reporter's own adjectives are kept apart from what anybody said."""

Precision = Literal["second", "minute", "day", "week", "month", "season", "year", "interval", "none"]


class Span(Record):
    """A part of a page, of one kind."""

    kind: SpanKind
    start: int
    end: int


class Repair(Record):
    """Damaged characters and what they were: reversible, with the bytes that show it."""

    start: int
    end: int
    shown: str
    repaired: str
    bytes: str
    """The bytes in hexadecimal that `read_as` made into `shown` and `written_in` makes into `repaired`."""
    read_as: str
    written_in: str
    reason: str


class Moment(Record):
    """A date as EDTF, with what it rests on; `date` is None where the page states none."""

    date: str | None
    precision: Precision = "none"
    words: str = ""
    """The words of the page that say it, such as "Tuesday"."""
    status: str = ""
    """stated, resolved against the page's date, to be announced, none stated."""


class Proposed(Record):
    """A statement that the machine proposes: the words as they stand, and who said them through whom."""

    text: str
    start: int
    end: int
    speaker: str | None
    post: str | None
    channel: Names = ()
    mode: Mode
    hedge: str | None = None
    date: str | None
    voice: Voice = "speaker"
    brackets: Names = ()
    """Editorial insertions inside the quotation, which nobody said."""
    anonymous: bool = False
    status: Mapping[str, str] = {}
    """Why a field is None, by the field's name."""
    rule: str = ""
    """The rule that proposed it, so that a reader can judge it."""


class ProposedMeeting(Record):
    """A meeting that the page reports or announces."""

    text: str
    start: int
    end: int
    who: Names = ()
    place: str | None = None
    level: str | None = None
    length: str | None = None
    date: str | None = None
    status: str = ""


class ProposedCommitment(Record):
    """Something that a party undertook; without a date none is invented."""

    text: str
    start: int
    end: int
    who: Names = ()
    due: str | None = None
    precision: Precision = "none"
    status: str = "none stated"


class Quantity(Record):
    """A number or range of things that were counted, with the counting rule if the page gives one."""

    text: str
    start: int
    end: int
    low: float | None
    high: float | None
    unit: str
    counting_rule: str = "unknown"


class Related(Record):
    """An item of the page's own list of related pages, and whether it is on the page's subject."""

    title: str
    start: int
    end: int
    date: str | None = None
    on_topic: bool
    score: float = 0.0


class PageFacts(Record):
    """What a page says of itself."""

    title: str | None
    published: str | None
    updated: str | None
    zone: str | None
    source: str | None
    author: str | None = None
    rights: str | None
    language: str
    encoding: str
    digest: str
    """SHA-256 of the bytes of the file, as `sha256:...`."""
    spans: Annotated[tuple[Span, ...], BeforeValidator(as_records)]
    status: Mapping[str, str] = {}
    """Why a field is None or doubtful, by the field's name."""


class Reading(Record):
    """A page as the machine read it: everything here is a proposal until a person has confirmed it."""

    page: PageFacts
    repairs: Annotated[tuple[Repair, ...], BeforeValidator(as_records)] = ()
    statements: Annotated[tuple[Proposed, ...], BeforeValidator(as_records)] = ()
    meetings: Annotated[tuple[ProposedMeeting, ...], BeforeValidator(as_records)] = ()
    commitments: Annotated[tuple[ProposedCommitment, ...], BeforeValidator(as_records)] = ()
    quantities: Annotated[tuple[Quantity, ...], BeforeValidator(as_records)] = ()
    related: Annotated[tuple[Related, ...], BeforeValidator(as_records)] = ()
    notices: Names = ()

    def as_rows(self) -> dict[str, Any]:
        """The reading as `detente read --json` prints it."""
        return self.model_dump(mode="json")


class ReadingScore(Record):
    """How one kind of thing was found on one labelled page: right, proposed and labelled."""

    page: str
    kind: str
    right: int
    proposed: int
    labelled: int

    @property
    def precision(self) -> float | None:
        """Share of what was proposed that is right; None where nothing was proposed."""
        return self.right / self.proposed if self.proposed else None

    @property
    def recall(self) -> float | None:
        """Share of what is labelled that was found; None where nothing is labelled."""
        return self.right / self.labelled if self.labelled else None
