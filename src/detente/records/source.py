"""A source: where a figure or a statement was found, and who has read it and how."""

from typing import Literal

from pydantic import Field

from .base import EdtfDate, Names, Record

Reading = Literal["primary text", "official fact sheet", "verbatim copy", "secondary quotation", "not read"]


class Source(Record):
    """What is known of a publication; what is unknown stays empty and is never filled in."""

    type: str = Field(min_length=1, description='what it is: "report", "news", "briefing", "letter", ...')
    title: str = Field(default="", description="title as printed; empty where it is not known")
    author: Names = Field(default=(), description="authors as printed, one or several")
    publisher: str = Field(default="", description="publisher, agency or newspaper")
    date: EdtfDate = Field(default="", description="date of publication, as far as it is known")
    url: str = Field(default="", description="address where it stands or stood")
    accessed: EdtfDate = Field(default="", description="when the address was last opened")
    read: Reading = Field(description="which text was read, or that none was")
    read_by: str = Field(default="", description="who read it")
    read_how: str = Field(default="", description="how it was read: on paper, in an archive, ...")
    via: str = Field(default="", description="the text that quotes it, where it was read in a quotation")
    rights: str = Field(default="", description="what its owner allows")
    note: str = Field(default="", description="what a reader should know")

    @property
    def was_read(self) -> bool:
        """Whether somebody on the project read the text itself, in the original or a verbatim copy."""
        return self.read in {"primary text", "official fact sheet", "verbatim copy"}

    def reference(self) -> str:
        """One line for a bibliography, from known parts alone."""
        parts = ["; ".join(self.author), self.title, self.publisher, self.date]
        return ". ".join(part for part in parts if part) + "."
