"""A brief: everything one page for a delegation shows, composed before anything is drawn.

`sides` stand in alphabetical order of their holders; every pair below follows that order.
"""

from typing import Annotated, Literal

from pydantic import BeforeValidator

from .base import Names, Record, Status, as_records
from .crux import Crux
from .outcome import UPPER_BOUND, Verdict
from .source import Source
from .statement import Statement


class Side(Record):
    """One position as the page names it."""

    position: str
    holder: str
    title: str
    note: str = ""


class Stated(Record):
    """One side's value of an assumption, as shown, with what it rests on."""

    shown: str
    status: Status
    date: str = ""
    sources: Names = ()
    note: str = ""
    origin: str = ""


class AssumptionRow(Record):
    """An assumption with both sides' values; `stated` is false for a common assumed default."""

    name: str
    label: str
    meaning: str
    values: tuple[Stated, Stated]
    differs: bool
    stated: bool
    silence: str = ""


class ClaimBlock(Record):
    """A claim: the words, our reading, and what the model gives under each side's figures.

    A claim that nobody has read in model terms has neither verdicts nor margins.
    """

    id: str
    title: str
    by: str
    said: tuple[Statement, ...]
    reading: str
    note: str = ""
    verdicts: tuple[Verdict, Verdict] | None = None
    margins: tuple[float | None, float | None] = (None, None)
    unit: str = ""
    flip: str = ""


class Mark(Record):
    """A place on the map; a launch area with the verdict that its symbol shows and its margin [km/s]."""

    id: str
    name: str
    kind: Literal["launch-area", "sample-point", "interceptor-site", "radar"]
    latitude: float
    longitude: float
    verdict: Verdict | None = None
    margin: float | None = None


class Track(Record):
    """A ground track in degrees, and which of its points lie inside the intercept window."""

    launch: str
    aim: str
    latitude: tuple[float, ...]
    longitude: tuple[float, ...]
    reachable: tuple[bool, ...]
    verdict: Verdict


class MapView(Record):
    """What one side's polar map shows."""

    marks: tuple[Mark, ...]
    tracks: tuple[Track, ...]
    caption: str


class Curve(Record):
    """Margin against one assumption, the rest held at one side's values; gaps are None."""

    label: str
    x: tuple[float, ...]
    y: tuple[float | None, ...]


class MarginChart(Record):
    """Margin of the lead claim against interceptor speed, with both sides' marks and the band."""

    x_label: str
    y_label: str
    sides: tuple[Curve, Curve]
    parts: tuple[Curve, ...]
    marks: tuple[tuple[float, float | None], tuple[float, float | None]]
    bands: tuple[float, float]
    caption: str


class Level(Record):
    """A range that somebody announced or a single level, on one line of a chart of ranges."""

    label: str
    side: Literal[0, 1] | None = None
    low: float
    high: float
    note: str = ""


class RangesChart(Record):
    """Ranges one below the other on one scale, and what they have in common."""

    name: str
    title: str
    x_label: str
    levels: Annotated[tuple[Level, ...], BeforeValidator(as_records)]
    overlap: tuple[float, float] | None
    caption: str
    summary: str


class Line(Record):
    """One line of a chart of lines; `side` where it belongs to one, `dashed` for a ceiling or a standard."""

    label: str
    x: tuple[float, ...]
    y: tuple[float | None, ...]
    side: Literal[0, 1] | None = None
    dashed: bool = False
    steps: bool = False


class LinesChart(Record):
    """Lines over one axis: levels by date with their ceilings, or chances by size of a violation."""

    name: str
    title: str
    x_label: str
    y_label: str
    lines: Annotated[tuple[Line, ...], BeforeValidator(as_records)]
    caption: str
    summary: str


class PanelTable(Record):
    """A table of a panel: heads, rows of texts, and from which column on they are numbers."""

    caption: str
    heads: Names
    rows: tuple[tuple[str, ...], ...]
    numbers_from: int = 99


class Panel(Record):
    """A part of the page on one subject, such as levels, a schedule or inspections."""

    id: str
    title: str
    prose: Names = ()
    charts: Annotated[tuple[RangesChart | LinesChart, ...], BeforeValidator(as_records)] = ()
    tables: Annotated[tuple[PanelTable, ...], BeforeValidator(as_records)] = ()


class Cited(Record):
    """A source in the bibliography under its key."""

    key: str
    source: Source


class Brief(Record):
    """One page: question, assumptions, maps, margin, crux, claims, limits, bibliography, digest."""

    case: str
    title: str
    question: str
    answer: str
    as_of: str
    sides: tuple[Side, Side]
    assumptions: tuple[AssumptionRow, ...]
    maps: tuple[MapView, MapView] | None
    """None for a case without places: there is nothing to draw on a map."""
    chart: MarginChart
    crux: Crux
    crux_sentence: str
    claims: tuple[ClaimBlock, ...]
    panels: Annotated[tuple[Panel, ...], BeforeValidator(as_records)] = ()
    limits: Names
    conventions: Names
    caveat: str
    bibliography: Annotated[tuple[Cited, ...], BeforeValidator(as_records)]
    errata: Names = ()
    notices: Names = ()
    digest: str
    version: str
    bounds_defense: bool = True
    """Whether the margins of the lead claim are an upper bound on defense: not so for counts and treaties."""

    @property
    def says_upper_bound(self) -> bool:
        """Whether the pictures of the lead claim say that they are an upper bound on defense."""
        return self.bounds_defense and UPPER_BOUND in self.caveat
