"""The brief as one page: a single HTML file with everything inside, for the screen and for paper.

The page asks nothing of the network and runs no script; a strict content policy in its head says so to the
browser. What is shown, and in which order, follows the brief alone.
"""

import base64
import re
from functools import cache
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from detente.records.brief import Brief, ClaimBlock, Mark
from detente.records.crux import Crux
from detente.records.places import Place
from detente.records.units import with_unit

from .charts import by_share
from .drawing import Drawing
from .figures import export_figures, figures, holders, source_line
from .sheet import SIDE_SHAPES, capital, signed

__all__ = ["export_figures", "render"]

TYPEFACES = (
    ("Source Serif 4", 400, "normal", "SourceSerif4-Regular"),
    ("Source Serif 4", 400, "italic", "SourceSerif4-Italic"),
    ("Source Serif 4", 600, "normal", "SourceSerif4-Semibold"),
    ("Inter", 400, "normal", "Inter-Regular"),
    ("Inter", 600, "normal", "Inter-SemiBold"),
    ("IBM Plex Mono", 400, "normal", "IBMPlexMono-Regular"),
)
STATUS = {
    "read": "read in the primary text or a verbatim copy",
    "secondary": "read in another author’s quotation",
    "derived": "arithmetic on read values",
    "computed": "computed from a definition given",
    "unverified": "read by nobody here",
    "assumed": "stated by nobody: a common default",
}
READING = {
    "primary text": "read: primary text",
    "official fact sheet": "read: official fact sheet",
    "verbatim copy": "read: verbatim copy",
    "secondary quotation": "known from another text’s quotation; not read by anybody on this project",
    "not read": "not read by anybody on this project",
}


def render(brief: Brief) -> str:
    """The whole page as HTML text; the same brief gives the same text."""
    drawn = figures(brief)
    source, names = source_line(brief), holders(brief)
    sentence = brief.crux.diagnosis.sentence.rstrip(".")
    template = environment().get_template("brief.html")
    return template.render(
        brief=brief,
        crux=brief.crux,
        lead=brief.claims[0] if brief.claims else None,
        told=any(sentence in line for line in brief.crux.prose),
        figures={drawing.name: _figure(drawing, source, names) for drawing in drawn},
        sentence=highlighted(brief.crux_sentence, brief.crux),
        source=source,
        style=Markup(style()),  # noqa: S704 - our own file
        shapes=SIDE_SHAPES,
        launches=_launches(brief),
        others=_others(brief),
        assumptions=_grouped(brief),
        rows=by_share(brief.crux),
        status_words=STATUS,
        reading_words=READING,
        keys={cited.key for cited in brief.bibliography},
        side_of={side.holder: index for index, side in enumerate(brief.sides)},
    )


def highlighted(sentence: str, crux: Crux) -> Markup:
    """The crux in one sentence, its decisive words under a highlighter stroke.

    The words stand between == and ==; without such marks the name of the assumption with the largest share.
    """
    parts = sentence.split("==")
    if len(parts) == 1:
        label = next((row.label for row in by_share(crux)), "")
        found = re.search(re.escape(label), sentence, re.IGNORECASE) if label else None
        if found is None:
            return escape(sentence)
        parts = [sentence[: found.start()], found.group(), sentence[found.end() :]]
    marked = [
        escape(part) if n % 2 == 0 else Markup("<mark>{}</mark>").format(part) for n, part in enumerate(parts)
    ]
    return Markup("").join(marked)


def margin_words(claim: ClaimBlock, index: int) -> str:
    """A side's margin with sign and unit, or that there is none at any admissible value."""
    margin = claim.margins[index]
    if margin is None:
        return "no margin at any admissible value"
    return with_unit(f"margin {signed(margin)}", claim.unit).replace(" ", "\N{NO-BREAK SPACE}")


def place_words(mark: Mark) -> str:
    """A place to 0.1 degree: 54.5N 17.1E."""
    return str(Place(mark.latitude, mark.longitude))


def day(date: str) -> Markup:
    """A date kept on one line, its uncertainty marks in words."""
    words = date.replace("/", " to ").replace("?", " (uncertain)").replace("~", " (about)")
    return Markup('<span class="day">{}</span>').format(words)


def _figure(drawing: Drawing, source: str, names: tuple[str, str]) -> dict[str, Any]:
    """A figure as the template needs it: the drawing in the page and its two files to keep."""
    return {
        "name": drawing.name,
        "title": drawing.title,
        "caption": drawing.caption,
        "summary": drawing.summary,
        "svg": Markup(drawing.inline()),  # noqa: S704 - every word in it was escaped
        "svg_file": _data("image/svg+xml", drawing.as_svg(source, names).encode()),
        "png_file": _data("image/png", drawing.as_png(source, names)),
    }


def _launches(brief: Brief) -> list[dict[str, Any]]:
    """The launch areas of either map, with both sides' verdicts and margins."""
    known: dict[str, dict[str, Any]] = {}
    for index, shown in enumerate(brief.maps or ()):
        for mark in shown.marks:
            if mark.kind == "launch-area":
                row = known.setdefault(mark.id, {"mark": mark, "sides": [None, None]})
                row["sides"][index] = mark
    return list(known.values())


def _others(brief: Brief) -> list[Mark]:
    """All other places of either map, sites before sample points."""
    order = {"interceptor-site": 0, "radar": 1, "sample-point": 2}
    known = {mark.id: mark for shown in brief.maps or () for mark in shown.marks if mark.kind in order}
    return sorted(known.values(), key=lambda mark: (order[mark.kind], mark.name))


def _grouped(brief: Brief) -> list[dict[str, Any]]:
    """Assumptions in three groups: stated and different, stated and the same, stated by nobody."""
    rows = brief.assumptions
    groups = (
        ("differing", "Stated, and the two sides differ", [r for r in rows if r.stated and r.differs]),
        ("shared", "Stated, and the same on both sides", [r for r in rows if r.stated and not r.differs]),
        ("assumed", "Stated by nobody: one common default for both", [r for r in rows if not r.stated]),
    )
    return [{"id": key, "title": title, "rows": found} for key, title, found in groups if found]


def _data(kind: str, content: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


@cache
def style() -> str:
    """The style sheet with the typefaces inside."""
    folder = resources.files("detente") / "data" / "fonts"
    faces = [
        f"@font-face{{font-family:'{family}';font-weight:{weight};font-style:{slant};font-display:swap;"
        f"src:url({_data('font/woff2', (folder / f'{file}.woff2').read_bytes())}) format('woff2')}}"
        for family, weight, slant, file in TYPEFACES
    ]
    sheet = (resources.files("detente.report") / "templates" / "brief.css").read_text(encoding="utf-8")
    return "\n".join([*faces, sheet])


@cache
def typeset(text: str) -> str:
    """Our own prose with typographic quotation marks; words that somebody said are never put through this."""
    text = re.sub(r"(^|[\s(\[])\"", "\\1\N{LEFT DOUBLE QUOTATION MARK}", text)
    text = text.replace('"', "\N{RIGHT DOUBLE QUOTATION MARK}")
    return text.replace("'", "\N{RIGHT SINGLE QUOTATION MARK}")


def environment() -> Environment:
    """The templates of all pages, with the words and signs that they share."""
    made = Environment(
        loader=PackageLoader("detente.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["place_words"] = place_words
    made.globals["margin_words"] = margin_words
    made.filters["signed"] = signed
    made.filters["capital"] = capital
    made.filters["day"] = day
    made.filters["typeset"] = typeset
    return made
