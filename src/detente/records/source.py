"""A source: where a figure or a statement was found, and who has read it and how."""

from typing import Literal

from .base import EdtfDate, Names, Record

Reading = Literal["primary text", "official fact sheet", "verbatim copy", "secondary quotation", "not read"]


class Source(Record):
    """What is known of a publication; what is unknown stays empty and is never filled in."""

    type: str
    title: str = ""
    author: Names = ()
    publisher: str = ""
    date: EdtfDate = ""
    url: str = ""
    accessed: EdtfDate = ""
    read: Reading
    read_by: str = ""
    read_how: str = ""
    via: str = ""
    rights: str = ""
    note: str = ""

    @property
    def was_read(self) -> bool:
        """Whether somebody on the project read the text itself, in the original or a verbatim copy."""
        return self.read in {"primary text", "official fact sheet", "verbatim copy"}

    def reference(self) -> str:
        """One line for a bibliography, from known parts alone."""
        parts = ["; ".join(self.author), self.title, self.publisher, self.date]
        return ". ".join(part for part in parts if part) + "."
