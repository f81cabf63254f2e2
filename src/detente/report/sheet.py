"""A sheet of paper to draw on: lines, areas, symbols and words, written out as SVG or as PNG.

Lengths are CSS pixels, x to the right and y down. Words stand on their baseline at a fixed anchor, so that no
layout depends on how long a name is. The same sheet gives the same bytes on every run.
"""

import io
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Literal
from xml.sax.saxutils import escape, quoteattr

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Array = NDArray[np.float64]
Shape = Literal["disc", "diamond", "square", "triangle", "cross"]
Fullness = Literal["full", "half", "hollow"]
Anchor = Literal["start", "middle", "end"]
Face = Literal["sans", "serif"]

PAPER, INK, RULE, MUTED = "#FBFAF6", "#1C2733", "#E1DDD2", "#56606B"
FIRST, SECOND = "#1F5FA8", "#B0500B"
CRUX, CRUX_BAR, BAR = "#F7E08B", "#E0B93A", "#CBC5B8"
SENSOR, SEA, LAND, COAST = "#2A8C82", "#E6EDF0", "#FCF9EF", "#B4B0A3"
SIDE_COLOURS = (FIRST, SECOND)
SIDE_SHAPES: tuple[Shape, Shape] = ("disc", "diamond")

FAMILIES = {
    "sans": "Inter, 'Helvetica Neue', Arial, sans-serif",
    "serif": "'Source Serif 4', Georgia, 'Times New Roman', serif",
}


@dataclass(frozen=True, slots=True)
class Stroke:
    """Lines (2, n) in one colour."""

    pieces: tuple[Array, ...]
    colour: str
    width: float = 1.0
    dash: tuple[float, ...] = ()

    def moved(self, right: float, down: float) -> "Stroke":
        return replace(self, pieces=_shifted(self.pieces, right, down))


@dataclass(frozen=True, slots=True)
class Area:
    """Closed rings (2, n) filled by the even-odd rule, with an optional edge."""

    rings: tuple[Array, ...]
    fill: str
    opacity: float = 1.0
    edge: str = "none"
    width: float = 0.0

    def moved(self, right: float, down: float) -> "Area":
        return replace(self, rings=_shifted(self.rings, right, down))


@dataclass(frozen=True, slots=True)
class Symbol:
    """A symbol centred on a point; `size` is its width."""

    x: float
    y: float
    shape: Shape
    size: float
    colour: str
    fullness: Fullness = "full"
    width: float = 1.4

    def moved(self, right: float, down: float) -> "Symbol":
        return replace(self, x=self.x + right, y=self.y + down)


@dataclass(frozen=True, slots=True)
class Words:
    """One line of words, its baseline at a point; `halo` is the colour behind the letters."""

    x: float
    y: float
    text: str
    size: float = 12.0
    colour: str = INK
    anchor: Anchor = "start"
    bold: bool = False
    face: Face = "sans"
    halo: str = ""

    def moved(self, right: float, down: float) -> "Words":
        return replace(self, x=self.x + right, y=self.y + down)


Item = Stroke | Area | Symbol | Words


@dataclass(slots=True)
class Sheet:
    """Paper of a size, and what has been drawn on it in order."""

    width: float
    height: float
    items: list[Item] = field(default_factory=list)

    def stroke(
        self,
        xs: Iterable[float],
        ys: Iterable[float],
        colour: str,
        width: float = 1.0,
        dash: tuple[float, ...] = (),
    ) -> None:
        """A line through points; a gap where a coordinate is NaN."""
        line = np.array([list(xs), list(ys)], float)
        gaps = np.flatnonzero(np.isnan(line).any(axis=0))
        pieces = [part[:, ~np.isnan(part).any(axis=0)] for part in np.split(line, gaps, axis=1)]
        self.items.append(Stroke(tuple(part for part in pieces if part.shape[1] > 1), colour, width, dash))

    def box(
        self, left: float, top: float, right: float, bottom: float, fill: str, opacity: float = 1.0
    ) -> None:
        """A filled rectangle, its corners in any order."""
        ring = np.array([[left, right, right, left, left], [top, top, bottom, bottom, top]], float)
        self.items.append(Area((ring,), fill, opacity))

    def add(self, *items: Item) -> None:
        """Anything else, on top of what is there."""
        self.items.extend(items)


def ticks(low: float, high: float, about: int = 6) -> list[float]:
    """Round values between two bounds, about so many."""
    raw = (high - low) / max(about, 1)
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= raw * (1 - 1e-9))
    first = math.ceil(low / step - 1e-9)
    count = math.floor(high / step + 1e-9) - first + 1
    return [round((first + index) * step, 10) + 0.0 for index in range(count)]


def signed(value: float, places: int = 2) -> str:
    """A number with its sign as printed: +0.35, −1.20, 0.00; from a hundred on without decimals."""
    if abs(value) >= 100:
        places = 0
    text = f"{abs(value):,.{places}f}"
    if not math.isfinite(value):
        text = "∞"
    return text if float(f"{abs(value):.{places}f}") == 0 else ("+" if value > 0 else "−") + text


def capital(text: str) -> str:
    """A text with its first letter as a capital."""
    return text[:1].upper() + text[1:]


def plain(value: float) -> str:
    """A tick's number with a true minus sign."""
    return f"{value:,.10g}".replace("-", "−")


def ring_of(shape: Shape, x: float, y: float, size: float) -> Array:
    """The outline (2, n) of a symbol."""
    half = size / 2
    if shape == "disc":
        turn = np.linspace(0, 2 * math.pi, 33)
        return np.array([x + half * np.cos(turn), y + half * np.sin(turn)])
    corners = {
        "diamond": [(0, -1.15), (1.15, 0), (0, 1.15), (-1.15, 0)],
        "square": [(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)],
        "triangle": [(0, -1.1), (1.05, 0.8), (-1.05, 0.8)],
    }[shape]
    ring = np.array([*corners, corners[0]]).T * half
    return np.asarray(ring + np.array([[x], [y]]))


def primitives(symbol: Symbol) -> tuple[Stroke | Area, ...]:
    """A symbol as areas and strokes: hollow and half symbols are white where they are not filled."""
    x, y, half = symbol.x, symbol.y, symbol.size / 2
    if symbol.shape == "cross":
        arms = (np.array([[x - half, x + half], [y, y]]), np.array([[x, x], [y - half, y + half]]))
        return (Stroke(arms, symbol.colour, symbol.width),)
    ring = ring_of(symbol.shape, x, y, symbol.size)
    if symbol.fullness == "full":
        return (Area((ring,), symbol.colour, edge="#FFFFFF", width=symbol.width * 0.7),)
    outline = Area((ring,), "#FFFFFF", edge=symbol.colour, width=symbol.width)
    if symbol.fullness == "hollow":
        return (outline,)
    return outline, Area((np.stack([np.minimum(ring[0], x), ring[1]]),), symbol.colour)


def svg(sheet: Sheet, title: str, description: str, name: str, background: str = "none") -> str:
    """The sheet as one SVG element whose words stay words; its identifiers begin with `name`."""
    size = f'width="{_number(sheet.width)}" height="{_number(sheet.height)}"'
    box = f"0 0 {_number(sheet.width)} {_number(sheet.height)}"
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="{box}" role="img" '
        f'aria-labelledby="{name}-t {name}-d" font-family="{FAMILIES["sans"]}" fill="{INK}" '
        f'stroke-linejoin="round">'
    )
    told = f'<title id="{name}-t">{escape(title)}</title><desc id="{name}-d">{escape(description)}</desc>'
    parts = [head, told]
    if background != "none":
        parts.append(f'<rect {size} fill="{background}"/>')
    parts += [_svg_item(item) for item in sheet.items]
    return "".join([*parts, "</svg>"])


def png(sheet: Sheet, background: str = PAPER, scale: float = 2.0) -> bytes:
    """The sheet as a PNG of `scale` pixels for each CSS pixel, in few colours and without a date."""
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from PIL import Image

    _register_typefaces()
    with rc_context({"path.simplify": False}):
        figure = Figure(figsize=(sheet.width / 72, sheet.height / 72), dpi=72 * scale, facecolor=background)
        FigureCanvasAgg(figure)
        axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
        axes.set_axis_off()
        axes.set_xlim(0, sheet.width)
        axes.set_ylim(sheet.height, 0)
        for order, item in enumerate(sheet.items):
            _paint(axes, item, order)
        raw = io.BytesIO()
        figure.savefig(raw, format="rgba", dpi=figure.dpi, facecolor=background)
        size = tuple(int(side) for side in figure.bbox.size)
    picture = Image.frombytes("RGBA", (size[0], size[1]), raw.getvalue()).convert("RGB")
    few = picture.quantize(colors=160, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    out = io.BytesIO()
    few.save(out, format="PNG", optimize=True)
    return out.getvalue()


def _shifted(pieces: Sequence[Array], right: float, down: float) -> tuple[Array, ...]:
    return tuple(piece + np.array([[right], [down]]) for piece in pieces)


def _number(value: float) -> str:
    return f"{round(value, 1) + 0.0:.1f}".removesuffix(".0")


def path(pieces: Iterable[Array], closed: str = "") -> str:
    """SVG path data of pieces (2, n) to a tenth of a pixel, in relative steps, without repeated points."""
    out = []
    for piece in pieces:
        tenths = np.rint(piece * 10).astype(int)
        steps = np.diff(tenths, axis=1)
        steps = steps[:, np.any(steps != 0, axis=0)]
        if steps.shape[1] == 0:
            continue
        start = f"M{_tenth(tenths[0, 0])} {_tenth(tenths[1, 0])}"
        out.append(f"{start}l{' '.join(f'{_tenth(x)} {_tenth(y)}' for x, y in steps.T)}{closed}")
    return "".join(out).replace(" -", "-")


def _tenth(tenths: int) -> str:
    whole, rest = divmod(abs(int(tenths)), 10)
    return f"{'-' if tenths < 0 else ''}{whole or ('' if rest else '0')}{f'.{rest}' if rest else ''}"


def _svg_item(item: Item) -> str:
    if isinstance(item, Symbol):
        return _svg_disc(item) if item.shape == "disc" else "".join(map(_svg_item, primitives(item)))
    if isinstance(item, Stroke):
        dash = f' stroke-dasharray="{" ".join(_number(part) for part in item.dash)}"' if item.dash else ""
        return (
            f'<path d="{path(item.pieces)}" fill="none" stroke="{item.colour}" '
            f'stroke-width="{_number(item.width)}"{dash}/>'
        )
    if isinstance(item, Area):
        soft = f' fill-opacity="{item.opacity:g}"' if item.opacity < 1 else ""
        edge = f' stroke="{item.edge}" stroke-width="{_number(item.width)}"' if item.edge != "none" else ""
        return f'<path d="{path(item.rings, "Z")}" fill="{item.fill}" fill-rule="evenodd"{soft}{edge}/>'
    extra = [f'font-size="{_number(item.size)}"']
    extra += [f'fill="{item.colour}"'] if item.colour != INK else []
    extra += [f'text-anchor="{item.anchor}"'] if item.anchor != "start" else []
    extra += ['font-weight="600"'] if item.bold else []
    extra += [f"font-family={quoteattr(FAMILIES['serif'])}"] if item.face == "serif" else []
    extra += [f'stroke="{item.halo}" stroke-width="3" paint-order="stroke"'] if item.halo else []
    return f'<text x="{_number(item.x)}" y="{_number(item.y)}" {" ".join(extra)}>{escape(item.text)}</text>'


def _svg_disc(item: Symbol) -> str:
    """A disc as a circle, its left half filled by an arc."""
    x, y, r = _number(item.x), _number(item.y), _number(item.size / 2)
    if item.fullness == "full":
        edge = f'stroke="#FFFFFF" stroke-width="{_number(item.width * 0.7)}"'
        return f'<circle cx="{x}" cy="{y}" r="{r}" fill="{item.colour}" {edge}/>'
    edge = f'stroke="{item.colour}" stroke-width="{_number(item.width)}"'
    ring = f'<circle cx="{x}" cy="{y}" r="{r}" fill="#FFFFFF" {edge}/>'
    if item.fullness == "hollow":
        return ring
    top, bottom = _number(item.y - item.size / 2), _number(item.y + item.size / 2)
    return f'{ring}<path d="M{x} {top}A{r} {r} 0 0 0 {x} {bottom}Z" fill="{item.colour}"/>'


def _paint(axes: "Axes", item: Item, order: int) -> None:
    """One item on matplotlib axes whose data are pixels."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path
    from matplotlib.patheffects import withStroke

    if isinstance(item, Symbol):
        for part in primitives(item):
            _paint(axes, part, order)
        return
    if isinstance(item, Words):
        words = axes.text(
            item.x,
            item.y,
            item.text,
            fontsize=item.size,
            color=item.colour,
            zorder=order,
            ha={"start": "left", "middle": "center", "end": "right"}[item.anchor],
            va="baseline",
            fontfamily=[f"détente {item.face} {'bold' if item.bold else 'plain'}", "DejaVu Sans"],
            parse_math=False,
        )
        if item.halo:
            words.set_path_effects([withStroke(linewidth=3, foreground=item.halo)])
        return
    if isinstance(item, Stroke):
        if item.pieces:
            route = Path.make_compound_path(*(Path(piece.T) for piece in item.pieces))
            pattern = (0, tuple(part / item.width for part in item.dash)) if item.dash else "solid"
            axes.add_artist(
                PathPatch(
                    route,
                    fill=False,
                    edgecolor=item.colour,
                    linewidth=item.width,
                    linestyle=pattern,
                    joinstyle="round",
                    capstyle="butt",
                    zorder=order,
                )
            )
        return
    if item.rings:
        route = Path.make_compound_path(*(Path(ring.T, closed=True) for ring in item.rings))
        axes.add_artist(
            PathPatch(
                route,
                facecolor=item.fill,
                alpha=item.opacity,
                edgecolor=item.edge,
                linewidth=item.width,
                zorder=order,
            )
        )


@cache
def _register_typefaces() -> None:
    """Tell matplotlib about the shipped typefaces."""
    from matplotlib.font_manager import FontEntry, fontManager

    folder = resources.files("detente") / "data" / "fonts"
    faces = {
        "sans plain": "Inter-Regular.ttf",
        "sans bold": "Inter-SemiBold.ttf",
        "serif plain": "SourceSerif4-Regular.ttf",
        "serif bold": "SourceSerif4-Semibold.ttf",
    }
    for name, file in faces.items():
        entry = FontEntry(
            fname=str(folder / file),
            name=f"détente {name}",
            style="normal",
            variant="normal",
            weight=400,
            stretch="normal",
            size="scalable",
        )
        fontManager.ttflist.append(entry)
