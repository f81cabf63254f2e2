"""A finished figure: its sheet, title, caption and summary, and its exported form with all of them inside."""

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from detente.records.outcome import UPPER_BOUND

from .sheet import INK, MUTED, PAPER, RULE, Item, Sheet, Stroke, Words, png, svg

NAME_LETTERS = 24
"""How long a party's name counts where lines are broken."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A figure as the page and the exports need it; its caption always says what its `caveat` says.

    A figure of reach keeps the default: kinematic reach is an upper bound on defense.
    """

    name: str
    title: str
    caption: str
    summary: str
    sheet: Sheet
    caveat: str = UPPER_BOUND

    def __post_init__(self) -> None:
        said = "upper bound" if self.caveat == UPPER_BOUND else self.caveat
        if self.caveat and said not in self.caption:
            object.__setattr__(self, "caption", f"{_ended(self.caption)} {self.caveat}".strip())

    def inline(self) -> str:
        """The figure as an SVG element for a page that shows title and caption itself."""
        return svg(self.sheet, self.title, self.summary, self.name)

    def framed(self, source: str, names: Sequence[str] = ()) -> Sheet:
        """The figure on paper with its title above and its caption and source below, for export.

        Lines break as if each of the parties' `names` had one and the same length.
        """
        margin, width = 20.0, self.sheet.width + 40
        letters = int(self.sheet.width / 5.5)
        items: list[Item] = []
        y = 32.0
        for line in wrapped(self.title, int(self.sheet.width / 8.2), names):
            items.append(Words(margin, y, line, 17, INK, bold=True, face="serif"))
            y += 22
        top = y - 8
        items += [item.moved(margin, top) for item in self.sheet.items]
        y = top + self.sheet.height + 14
        items.append(Stroke((np.array([[margin, width - margin], [y, y]]),), RULE))
        y += 18
        for text, colour in ((self.caption, INK), (source, MUTED)):
            for line in wrapped(text, letters, names):
                items.append(Words(margin, y, line, 10.5, colour))
                y += 15
            y += 4
        return Sheet(width, y + 6, items)

    def as_svg(self, source: str, names: Sequence[str] = ()) -> str:
        """The exported figure as an SVG file."""
        return svg(self.framed(source, names), self.title, self.summary, f"{self.name}-export", PAPER) + "\n"

    def as_png(self, source: str, names: Sequence[str] = ()) -> bytes:
        """The exported figure as a PNG, two pixels for each CSS pixel."""
        return png(self.framed(source, names))


def wrapped(text: str, width: int, names: Sequence[str] = ()) -> list[str]:
    """Lines of about `width` letters; where they break does not depend on how long the names are."""
    stand_ins = {chr(0xE000 + number) * NAME_LETTERS: name for number, name in enumerate(names)}
    for stand_in, name in sorted(stand_ins.items(), key=lambda pair: -len(pair[1])):
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", stand_in, text)
    lines = textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)
    for stand_in, name in stand_ins.items():
        lines = [line.replace(stand_in, name) for line in lines]
    return lines


def _ended(text: str) -> str:
    """A text with a full stop, where it has no end yet."""
    return f"{text}." if text and text[-1] not in ".!?…" else text
