"""What the reader of files asks of whoever knows the studies: parameters, bounds, outputs."""

from collections.abc import Iterable
from typing import Protocol

from detente.records.claim import Reading
from detente.records.errors import Problem
from detente.records.figure import Figure

Finding = str | tuple[str, str] | Problem
"""A rule that is broken: alone, with its way out, or with the key of the figure or reading as well.

Without a key, the caret stands under the word that the rule quotes, otherwise under the value.
"""


class Rules(Protocol):
    """The rules of the studies; the reader of files knows none of them."""

    def unit_of(self, name: str, /) -> str | None:
        """The unit in which a parameter is shown; None where it is unknown or no number."""

    def check_figure(self, name: str, figure: Figure, /) -> Iterable[Finding]:
        """The rules that a figure breaks under the name of its parameter."""

    def check_reading(self, reading: Reading, /) -> Iterable[Finding]:
        """The rules that a claim's reading breaks."""


class NoRules:
    """Used where no study is known: every parameter and every output passes."""

    def unit_of(self, _name: str, /) -> str | None:
        """Nothing is known of any parameter."""
        return None

    def check_figure(self, _name: str, _figure: Figure, /) -> Iterable[Finding]:
        """No rule is broken."""
        return ()

    def check_reading(self, _reading: Reading, /) -> Iterable[Finding]:
        """No rule is broken."""
        return ()
