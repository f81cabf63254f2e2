"""A statement: somebody's words, in a short span, with the chain through which they reached us."""

from typing import Literal

from pydantic import Field

from .base import EdtfDate, Key, Names, Record


class Statement(Record):
    """Verbatim words, speaker, post on that day, dates, channels, page digest."""

    words: str = Field(min_length=1, description="the words as printed, in a short span")
    speaker: str = Field(min_length=1, description="who said them")
    post: str = Field(default="", description="the speaker's post on that day")
    date_said: EdtfDate = Field(default="", description="when they were said")
    date_published: EdtfDate = Field(default="", description="when they were published")
    channel: Names = Field(default=(), description="through whom they reached us, first to last")
    mode: Literal["direct", "reported"] = Field(
        default="direct", description="direct: the speaker's own words; reported: in another's words"
    )
    hedge: str = Field(default="", description='words that soften it: "could", "in our view"')
    source: Key = Field(description="key of sources.toml")
    page_digest: str = Field(default="", description="SHA-256 of the saved page: sha256:, then hexadecimal")
    status: Literal["read", "secondary", "unverified"] = Field(
        default="read", description="read in the source itself, in another's quotation, or by nobody here"
    )
    note: str = Field(default="", description="what a reader should know")
