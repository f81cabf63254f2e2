"""A statement: somebody's words, in a short span, with the chain through which they reached us."""

from typing import Literal

from .base import EdtfDate, Key, Names, Record


class Statement(Record):
    """Verbatim words, speaker, post on that day, dates, channels, page digest."""

    words: str
    speaker: str
    post: str = ""
    date_said: EdtfDate = ""
    date_published: EdtfDate = ""
    channel: Names = ()
    mode: Literal["direct", "reported"] = "direct"
    hedge: str = ""
    source: Key
    page_digest: str = ""
    status: Literal["read", "secondary", "unverified"] = "read"
    note: str = ""
