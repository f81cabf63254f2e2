"""Two pages on one event, side by side: what was taken over, what drifted, and what only one of them has."""

from .base import Names, Record


class Reuse(Record):
    """Words that both pages have; offsets into each page."""

    text: str
    start_a: int
    end_a: int
    start_b: int
    end_b: int


class Drift(Record):
    """One saying in two wordings, or one act under two verbs, and how near they are."""

    kind: str
    """words: one saying in two wordings. verb: one act, two verbs. speaker, date: another field of it."""
    speaker: str | None
    text_a: str
    start_a: int
    end_a: int
    text_b: str
    start_b: int
    end_b: int
    only_a: Names = ()
    only_b: Names = ()
    likeness: float


class OnlyOne(Record):
    """What one page has and the other has not."""

    page: str
    what: str
    text: str
    start: int
    end: int


class OtherChannel(Record):
    """One saying that reached the two pages by different channels."""

    text: str
    speaker: str | None
    channel_a: Names
    channel_b: Names
    start_a: int
    start_b: int


class Comparison(Record):
    """Two readings of one event; neither is taken for the right one."""

    a: str
    b: str
    reused_share_a: float
    """Share of the words of page A's article that stand in page B in runs of six words or more."""
    reused_share_b: float
    reuse: tuple[Reuse, ...] = ()
    drift: tuple[Drift, ...] = ()
    only: tuple[OnlyOne, ...] = ()
    channels: tuple[OtherChannel, ...] = ()
    notices: Names = ()
