"""Plans of inspections: shipped or in a case folder, what they would find, and the page that shows it."""

from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.records.errors import InputError, Problem, did_you_mean
from detente.records.finding import Finding, Table
from detente.records.outcome import Column

from .library import folder_of

if TYPE_CHECKING:
    from detente.records.plan import InspectionPlan, Measure

FOLDER = Path(str(files("detente") / "data" / "inspections"))
_NOT_PLANS = {"sources", "measures"}


def inspection_plans() -> tuple[str, ...]:
    """The names of the shipped plans of inspections."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml") if path.stem not in _NOT_PLANS))


def load_plan(plan: str | Path) -> "InspectionPlan":
    """A plan: a shipped name, a file, or a case whose folder holds inspection.toml. Raises `InputError`."""
    from detente.records.plan import read_plan

    return read_plan(_path_of(plan), _catalog())


def inspect_plan(plan: str | Path) -> Finding:
    """What a plan of inspections would find, what it costs, and what nothing in it sees. Raises
    `InputError`.
    """
    from detente.agreement.inspection.regime import design

    return design(load_plan(plan), _catalog())


def write_plan(plan: str | Path, out: Path) -> list[Path]:
    """Write the page on a plan: HTML with its charts, or the chart of each quota as SVG or PNG.

    The ending of `out` chooses; with several quotas a chart's name carries the quota's. Raises `InputError`.
    """
    from detente.report.inspections import plan_charts, plan_page

    found, loaded = inspect_plan(plan), load_plan(plan)
    kind = out.suffix.lower()
    if kind not in {".html", ".svg", ".png"}:
        raise InputError(
            Problem(f'"{out.name}" is no kind of page', "end it in .html, .svg or .png", key="--out")
        )
    out.parent.mkdir(parents=True, exist_ok=True)
    if kind == ".html":
        out.write_text(plan_page(found, loaded), encoding="utf-8", newline="\n")
        return [out]
    written = []
    charts = plan_charts(found, loaded)
    for chart in charts:
        path = out if len(charts) == 1 else out.with_name(f"{out.stem}-{chart.name}{kind}")
        source = f"Own calculation with Détente, plan {found.values['plan']}."
        if kind == ".svg":
            path.write_text(chart.as_svg(source), encoding="utf-8", newline="\n")
        else:
            path.write_bytes(chart.as_png(source))
        written.append(path)
    return written


def inspection_measures() -> Finding:
    """The catalog of measures: what each can show, what it cannot, where it has been, and who read that."""
    from detente.records.plan import SOURCES_FILE, read_plan_sources

    sources = read_plan_sources(FOLDER / SOURCES_FILE)
    rows: list[dict[str, Any]] = [
        {
            "id": measure.id,
            "name": measure.name,
            "sees": list(measure.sees),
            "blind_to": list(measure.blind_to),
            "precedent": measure.precedent,
            "status": measure.status,
            "sources": [
                {
                    "key": key,
                    "reference": sources[key].reference(),
                    "url": sources[key].url,
                    "read": sources[key].read,
                }
                for key in measure.source
            ],
        }
        for measure in _catalog().values()
    ]
    return Finding(
        question="What can each measure of verification or transparency show, and what can it not?",
        sentence=f"{len(rows)} measures; what each sees and does not is this project's reading.",
        tables=(
            Table(
                name="measures",
                columns=(
                    Column(name="id", unit="", meaning="its name in plans"),
                    Column(name="name", unit="", meaning="what it is called"),
                    Column(name="sees", unit="", meaning="what it can show"),
                    Column(name="blind_to", unit="", meaning="what it cannot show"),
                    Column(name="precedent", unit="", meaning="an agreement that had it"),
                    Column(name="status", unit="", meaning="how far the precedent can be trusted"),
                    Column(name="sources", unit="", meaning="where the precedent stands, and who read it"),
                ),
                rows=tuple(rows),
            ),
        ),
    )


def _catalog() -> dict[str, "Measure"]:
    from detente.records.plan import MEASURES_FILE, read_measures

    return read_measures(FOLDER / MEASURES_FILE)


def _path_of(plan: str | Path) -> Path:
    from detente.records.plan import PLAN_FILE

    path = Path(plan)
    if path.is_file():
        return path
    if str(plan) in inspection_plans():
        return FOLDER / f"{plan}.toml"
    try:
        folder = folder_of(plan)
    except InputError:
        way_out = f"{did_you_mean(str(plan), inspection_plans())} or give a file or a case folder"
        raise InputError(Problem(f'there is no plan "{plan}"', way_out)) from None
    if not (folder / PLAN_FILE).is_file():
        way_out = f"add {PLAN_FILE}; `detente inspect plan new-start --json` shows what one comes to"
        raise InputError(Problem(f"the case has no {PLAN_FILE}", way_out, file=str(folder)))
    return folder / PLAN_FILE


def draw_curve(found: Finding, out: Path) -> Path:
    """Write the chart of a finding of `inspect_curve` as SVG or PNG. Raises `InputError` for another
    ending.
    """
    from detente.report.inspections import curve_chart

    chart, source = curve_chart(found), "Own calculation with Détente."
    if out.suffix.lower() == ".svg":
        out.write_text(chart.as_svg(source), encoding="utf-8", newline="\n")
    elif out.suffix.lower() == ".png":
        out.write_bytes(chart.as_png(source))
    else:
        raise InputError(
            Problem(f'"{out.name}" is no kind of picture', "end it in .svg or .png", key="--out")
        )
    return out
