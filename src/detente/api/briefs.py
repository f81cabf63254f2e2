"""The brief: everything one page shows, composed from a case, two positions and the crux of each claim."""

import os
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.records.base import digest_of, listed
from detente.records.brief import (
    AssumptionRow,
    Brief,
    Cited,
    ClaimBlock,
    Side,
    Stated,
)
from detente.records.case import Case
from detente.records.case_files import load_errata
from detente.records.claim import Claim
from detente.records.crux import Crux
from detente.records.outcome import UPPER_BOUND, Verdict
from detente.records.position import Position
from detente.records.source import Source
from detente.records.units import with_unit
from detente.studies.answers import ANSWERS
from detente.studies.catalog import REACH, Parameter
from detente.studies.readings import sentence, verdict_of

from .agreement_panels import panels_of
from .brief_pictures import bound_for_maps, ends, map_view, margin_chart
from .brief_words import answer, crux_sentence
from .disputes import Matter, crux_of, labels_of, matter, ordered_pair, silence_of
from .library import load


def brief(case: str | Path | Case, between: tuple[str, str] | None = None) -> Brief:
    """The brief on a case between two positions (the case's own pair by default). Raises `InputError`."""
    loaded = load(case)
    return compose(loaded, ordered_pair(loaded, between))


def compose(loaded: Case, pair: tuple[Position, Position]) -> Brief:
    """The brief between two positions, in the order given."""
    lead = matter(loaded, loaded.lead_claim, pair)
    crux = crux_of(lead)
    matters = {claim.id: matter(loaded, claim.id, pair) for claim in loaded.claims if claim.read_as}
    blocks = tuple(_claim_block(loaded, claim, matters.get(claim.id)) for claim in _lead_first(loaded))
    drawn = bool(loaded.places_of("launch-area"))
    mapped = tuple(bound_for_maps(lead, side) for side in (0, 1) if drawn)
    told = (lead.reading.study, REACH.name) if drawn else (lead.reading.study,)
    answers = tuple(ANSWERS[study] for study in dict.fromkeys(told))
    labels = labels_of(pair)
    panels = panels_of(loaded, pair)
    content = {
        "case": loaded.id,
        "title": loaded.title,
        "question": loaded.question,
        "answer": answer(lead, crux),
        "as_of": loaded.as_of,
        "sides": tuple(
            Side(position=position.id, holder=label, title=position.title, note=position.note)
            for position, label in zip(pair, labels, strict=True)
        ),
        "assumptions": _assumption_rows(lead, crux),
        "maps": tuple(map_view(lead, side, bound) for side, bound in enumerate(mapped)) if drawn else None,
        "chart": margin_chart(lead),
        "crux": crux,
        "crux_sentence": crux_sentence(crux),
        "claims": blocks,
        "panels": panels.panels,
        "limits": tuple(limit for each in answers for limit in each.limits),
        "conventions": tuple(convention for each in answers for convention in each.conventions),
        "bounds_defense": answers[0].bounds_defense,
        "caveat": " ".join(dict.fromkeys((answers[0].caveat, *((UPPER_BOUND,) if drawn else ())))),
        "bibliography": _bibliography(loaded, lead, blocks, panels.cited),
        "errata": _errata(loaded, lead),
        "notices": loaded.notices,
        "version": version("detente"),
    }
    digest = digest_of(
        {
            "case": loaded.digest,
            "between": [p.id for p in pair],
            "crux": crux.digest,
            "version": content["version"],
        }
        | ({"panels": panels.digest} if panels.panels else {})
    )
    return Brief.model_validate(content | {"digest": digest})


def _lead_first(case: Case) -> list[Claim]:
    return sorted(case.claims, key=lambda claim: claim.id != case.lead_claim)


def _claim_block(case: Case, claim: Claim, found: Matter | None) -> ClaimBlock:
    by = case.party_name(claim.by)
    if found is None:
        return ClaimBlock(id=claim.id, title=claim.title, by=by, said=claim.said, reading="", note=claim.note)
    names = {place.id: place.name for place in case.places}
    margins, verdicts = [], []
    for side in (0, 1):
        result = found.rerun(side)
        margin = float(result["margin"][0])
        margins.append(margin if np.isfinite(margin) else None)
        verdicts.append(_verdict(result, 0))
    return ClaimBlock(
        id=claim.id,
        title=claim.title,
        by=by,
        said=claim.said,
        reading=sentence(found.reading, names),
        note=found.reading.note,
        verdicts=(verdicts[0], verdicts[1]),
        margins=(margins[0], margins[1]),
        unit=found.unit,
        flip=_on_common_figures(found) if margins[0] == margins[1] else "",
    )


def _on_common_figures(found: Matter) -> str:
    """What to say where the two sides' margins are one: which figures that nobody stated decide the claim."""
    decisive = list(dict.fromkeys(row.label for row in silence_of(found) if row.flips))
    if not decisive:
        return "Both margins rest on figures that the two sides share."
    return (
        f"Both margins rest on figures that the two sides share. Nobody stated {listed(decisive)}, "
        f"and within {'the range of each' if len(decisive) > 1 else 'its range'} the conclusion changes."
    )


def _assumption_rows(lead: Matter, crux: Crux) -> tuple[AssumptionRow, ...]:
    disputed = {row.assumption for row in crux.attribution_rows}
    rows = [_assumption_row(lead, crux, parameter, disputed) for parameter in lead.bound[0].study.parameters]
    return tuple(sorted(rows, key=lambda row: (not row.differs, not row.stated)))


def _assumption_row(lead: Matter, crux: Crux, parameter: Parameter, disputed: set[str]) -> AssumptionRow:
    figures = [bound.position.figures[parameter.name] for bound in lead.bound]
    values = tuple(
        Stated(
            shown=figure.shown,
            status=figure.status,
            date=figure.date,
            sources=figure.source,
            note=figure.note,
            origin=bound.position.origin.get(parameter.name, ""),
        )
        for figure, bound in zip(figures, lead.bound, strict=True)
    )
    return AssumptionRow(
        name=parameter.name,
        label=parameter.label,
        meaning=parameter.meaning,
        values=(values[0], values[1]),
        differs=parameter.name in disputed,
        stated=any(figure.stated for figure in figures),
        silence="" if figures[0].stated and figures[1].stated else _silence(lead, crux, parameter),
    )


def _silence(lead: Matter, crux: Crux, parameter: Parameter) -> str:
    """Whether a figure that somebody did not state decides a conclusion, in words."""
    if parameter.kind == "choice":
        found = [words for side in (0, 1) if (words := _other_choices(lead, side, parameter))]
        return "; ".join(found) or "no other choice changes a conclusion"
    if parameter.role == "band":
        found = [words for side in (0, 1) if (words := _other_bands(lead, side, parameter))]
        return "; ".join(found) or "its range changes neither conclusion"
    rows = [row for row in crux.silence_rows if row.assumption == parameter.name]
    decisive = [f"{row.side}: {row.text}" for row in rows if row.flips]
    return "; ".join(decisive) or ("its range changes neither conclusion" if rows else "")


def _other_choices(lead: Matter, side: int, parameter: Parameter) -> str:
    choices = [each for each in parameter.choices if each != lead.values[side][parameter.name]]
    result = lead.rerun(side, **{parameter.name: np.array(choices)})
    own = _verdict(lead.rerun(side), 0)
    changed = [
        f"{choice} gives {verdict}"
        for n, choice in enumerate(choices)
        if (verdict := _verdict(result, n)) != own
    ]
    return f"{lead.labels[side]}: {listed(changed)}" if changed else ""


def _other_bands(lead: Matter, side: int, parameter: Parameter) -> str:
    span = lead.bound[side].position.figures[parameter.name].bounds(parameter.unit) or ()
    result = lead.rerun(side)
    own = _verdict(result, 0)
    changed = [
        with_unit(f"{verdict} with a band of {width:g}", parameter.unit)
        for width in span
        if (verdict := verdict_of(float(result["margin"][0]), width)) != own
    ]
    return f"{lead.labels[side]}: {listed(changed)}" if changed else ""


def _verdict(result: Mapping[str, NDArray[Any]], row: int) -> Verdict:
    return verdict_of(float(result["margin"][row]), float(result["band"][row]))


def _bibliography(
    case: Case, lead: Matter, blocks: Sequence[ClaimBlock], panels: Mapping[str, Source]
) -> tuple[Cited, ...]:
    """Every source that the page cites, by key."""
    keys = {
        key for bound in lead.bound for name in bound.values for key in bound.position.figures[name].source
    }
    keys |= {statement.source for block in blocks for statement in block.said}
    shown = {place for ends in ends(lead) for place in ends}
    keys |= {key for place in case.places if place.id in shown for key in place.source}
    known = dict(panels) | {key: case.sources[key] for key in keys if key in case.sources}
    return tuple(Cited(key=key, source=known[key]) for key in sorted(known))


def _errata(case: Case, lead: Matter) -> tuple[str, ...]:
    """Corrections that invalidate results on this page, in words."""
    with as_file(files("detente") / "data" / "errata.toml") as path:
        errata = load_errata(path)
    concerned = [(case.id, lead.reading.study, bound.position.id) for bound in lead.bound]
    return tuple(
        erratum.sentence for erratum in errata if any(erratum.concerns(*result) for result in concerned)
    )


def write_brief(found: Brief, path: Path | str) -> Path:
    """Write the page of a brief in one piece; nothing half-written is ever left. Returns its path."""
    from detente.report.page import render

    return _write(Path(path), render(found))


def export_figures(found: Brief, folder: Path | str) -> tuple[Path, ...]:
    """Write every figure of a brief as PNG and SVG, with its caption and sources in it."""
    from detente.report import page

    return tuple(page.export_figures(found, Path(folder)))


def _write(path: Path, text: str) -> Path:
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        draft.write_text(text, encoding="utf-8", newline="\n")
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return path
