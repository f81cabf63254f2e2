"""All figures of a brief, in the order of the page, and their export as PNG and SVG files."""

from pathlib import Path

from detente.records.brief import Brief

from .charts import BOUND, concessions, flip_matrix, tipping, waterfall
from .drawing import Drawing
from .maps import maps
from .margin import margin_chart
from .panels import panel_chart


def figures(brief: Brief) -> tuple[Drawing, ...]:
    """The figures that this brief needs: without a differing assumption there is no crux to draw."""
    drawn: list[Drawing] = [*(maps(brief) if brief.maps else ()), margin_chart(brief)]
    bound = BOUND if brief.says_upper_bound else ""
    if brief.crux.k > 0:
        drawn += [draw(brief.crux, bound) for draw in (waterfall, flip_matrix, tipping)]
    if brief.crux.k > 1:
        drawn.append(concessions(brief.crux, bound))
    drawn += [panel_chart(chart) for panel in brief.panels for chart in panel.charts]
    return tuple(drawn)


def source_line(brief: Brief) -> str:
    """Where a figure's numbers come from, in one line for its foot."""
    rows = [row for row in brief.assumptions if row.stated and row.differs]
    keys = sorted({key for row in rows for value in row.values for key in value.sources})
    cited = f" Figures after: {', '.join(keys)}." if keys else ""
    return (
        f"Source: own calculation with Détente {brief.version}, case {brief.title}, "
        f"positions {' and '.join(side.position for side in brief.sides)}, run {brief.digest[:12]}.{cited}"
    )


def holders(brief: Brief) -> tuple[str, str]:
    """The names of the two sides."""
    return brief.sides[0].holder, brief.sides[1].holder


def export_figures(brief: Brief, folder: Path) -> list[Path]:
    """Write every figure as SVG and as PNG (two pixels for each CSS pixel) and return the files' paths.

    Title, caption and source stand inside each image. The folder is made where it is missing; the same brief
    gives the same bytes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    source, names = source_line(brief), holders(brief)
    written: list[Path] = []
    for drawing in figures(brief):
        drawn, picture = folder / f"{drawing.name}.svg", folder / f"{drawing.name}.png"
        drawn.write_text(drawing.as_svg(source, names), encoding="utf-8", newline="\n")
        picture.write_bytes(drawing.as_png(source, names))
        written += [drawn, picture]
    return written
