"""A dispute of a case: two positions and a claim put to the study that the claim is read on."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from detente.dispute.analysis import Options, analyse
from detente.dispute.assumption import Assumption
from detente.dispute.silence import silence_check
from detente.records.case import Case
from detente.records.claim import Claim, Reading
from detente.records.crux import Crux, Kind, SilenceRow
from detente.records.errors import InputError, Problem
from detente.records.figure import Figure
from detente.records.position import Position
from detente.studies.answers import ANSWERS
from detente.studies.bind import Bound, bind, plain_value, shown_value
from detente.studies.catalog import STUDIES, Output, Parameter
from detente.studies.readings import claim_margin, rows_of

from .library import load

_KINDS: Mapping[str, Kind] = {"input": "numbers", "model variant": "model variant"}
WORDS = {"yes": "not ruled out", "no": "ruled out in this model", "undecided": "indeterminate"}
"""How a verdict on a claim is put into words."""


@dataclass(frozen=True)
class Matter:
    """A claim with both sides' figures, ready for the lattice; sides in alphabetical order of holder."""

    case: Case
    claim: Claim
    reading: Reading
    bound: tuple[Bound, Bound]
    labels: tuple[str, str]
    values: tuple[dict[str, Any], dict[str, Any]]
    assumptions: tuple[Assumption, ...]
    uncontested: Mapping[str, str]
    """Assumptions that one side alone stated, with the label of the silent side."""

    @property
    def unit(self) -> str:
        """The unit of the claim's margin."""
        return self.output.unit

    @property
    def output(self) -> Output:
        """The margin that the claim is read on."""
        outputs = STUDIES[self.reading.study].outputs
        return next(output for output in outputs if output.name == self.reading.output)

    def model(self, columns: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
        """Columns of n mixtures in, the claim's margin (n,), the band (n,) and the rows (n, rows) out."""
        outputs = self._study()(columns)
        margin = claim_margin(self.reading)(outputs)
        name = self.output.band
        band = np.asarray(columns[name], dtype=float) if name else np.zeros(len(margin))
        return {"margin": margin, "band": band, "rows": outputs[self.reading.output]}

    def _study(self) -> Any:
        models = ANSWERS[self.reading.study].models
        return models[self.reading.output](self.case, rows_of(self.reading))

    def rerun(self, side: int, **values: Any) -> dict[str, NDArray[Any]]:
        """The model under one side's figures with some of them replaced by columns of n values."""
        size = max((len(column) for column in values.values()), default=1)
        own = {name: np.array([value] * size) for name, value in self.values[side].items()}
        return self.model(own | values)


def ordered_pair(case: Case, between: tuple[str, str] | None) -> tuple[Position, Position]:
    """The two positions in alphabetical order of holder, then title, then name."""
    first, second = between or case.default_between
    if first == second:
        raise InputError(
            Problem(f'"{first}" is compared with itself', "name two different positions", key="--between")
        )
    pair = sorted((case.position(first), case.position(second)), key=_alphabetical)
    return pair[0], pair[1]


def _alphabetical(position: Position) -> tuple[str, str, str]:
    return position.holder.casefold(), position.title.casefold(), position.id


def labels_of(pair: tuple[Position, Position]) -> tuple[str, str]:
    """What a reader calls the two: their holders, or their titles where one holder states both."""
    holders = (pair[0].name, pair[1].name)
    if holders[0] != holders[1]:
        return holders
    return pair[0].title or pair[0].id, pair[1].title or pair[1].id


def matter(loaded: Case, claim_id: str, pair: tuple[Position, Position]) -> Matter:
    """A claim and two positions in their order, bound and compared. Raises `InputError`."""
    claim = loaded.claim(claim_id)
    if claim.read_as is None:
        way_out = "add [claims.read_as] to it: study, output, quantifier, and launches with aims, or rows"
        raise InputError(Problem(f'claim "{claim_id}" has no reading in model terms', way_out, key="read_as"))
    bound = (bind(loaded, claim.read_as.study, pair[0].id), bind(loaded, claim.read_as.study, pair[1].id))
    labels = labels_of(pair)
    values, uncontested = _common(bound, labels)
    assumptions = tuple(_assumption(p, bound, values) for p in STUDIES[claim.read_as.study].parameters)
    return Matter(loaded, claim, claim.read_as, bound, labels, values, assumptions, uncontested)


def case_crux(case: str | Path | Case, claim: str, between: tuple[str, str] | None = None) -> Crux:
    """The crux of two positions of a case on one of its claims, with the silence check of what nobody stated.

    Sides stand in alphabetical order of their holders. Raises `InputError`, and `DisputeError` where a
    mixture of the two positions has no answer.
    """
    loaded = load(case)
    return crux_of(matter(loaded, claim, ordered_pair(loaded, between)))


def crux_of(found: Matter) -> Crux:
    """The crux of a matter."""
    claim = found.claim.model_copy(update={"margin": "margin"})
    options = Options(
        band="band",
        unit=found.unit,
        claim=found.claim.title or found.claim.id,
        words=WORDS,
        model=f"{found.reading.study} {found.case.digest[:12]}",
        silence=silence_of(found),
    )
    return analyse(
        found.model, claim, *found.values, assumptions=found.assumptions, names=found.labels, options=options
    )


def silence_of(found: Matter) -> tuple[SilenceRow, ...]:
    """For every figure that a side did not state: does its range change that side's verdict?"""
    rows: list[SilenceRow] = []
    claim = found.claim.model_copy(update={"margin": "margin"})
    for side, bound in enumerate(found.bound):
        ranges = {
            parameter.name: span
            for parameter in bound.study.parameters
            if parameter.role != "band" and (span := _silent_range(found, side, parameter))
        }
        checked = silence_check(
            found.model,
            claim,
            found.values[side],
            ranges,
            assumptions=found.assumptions,
            band="band",
            side=found.labels[side],
        )
        rows += [_tagged(found, row) for row in checked]
    return tuple(rows)


def _silent_range(found: Matter, side: int, parameter: Parameter) -> tuple[float, float] | None:
    figure = found.bound[side].position.figures[parameter.name]
    if figure.stated or parameter.kind != "number":
        return None
    span = figure.bounds(parameter.unit)
    if span is None:
        return None
    common = found.values[side][parameter.name]
    return min(span[0], common), max(span[1], common)


def _tagged(found: Matter, row: SilenceRow) -> SilenceRow:
    silent = found.uncontested.get(row.assumption)
    if silent is None:
        return row
    return row.model_copy(
        update={"text": f"{row.text} ({silent} is silent on it; the other side's figure is used for both)"}
    )


def _common(
    bound: tuple[Bound, Bound], labels: tuple[str, str]
) -> tuple[tuple[dict[str, Any], dict[str, Any]], dict[str, str]]:
    """Both sides' values; what only one side stated is taken for both, what nobody stated must agree."""
    values = tuple({name: plain_value(value) for name, value in each.values.items()} for each in bound)
    uncontested: dict[str, str] = {}
    problems = []
    for name in values[0]:
        figures = tuple(each.position.figures[name] for each in bound)
        if figures[0].stated and figures[1].stated:
            continue
        if figures[0].stated != figures[1].stated:
            speaking = 0 if figures[0].stated else 1
            values[1 - speaking][name] = values[speaking][name]
            uncontested[name] = labels[1 - speaking]
        elif values[0][name] != values[1][name]:
            problems.append(_two_defaults(name, figures, bound))
    if problems:
        raise InputError(problems)
    return (values[0], values[1]), uncontested


def _two_defaults(name: str, figures: tuple[Figure, ...], bound: tuple[Bound, Bound]) -> Problem:
    return Problem(
        f"nobody stated it, and {bound[0].position.id} assumes {figures[0].shown} where "
        f"{bound[1].position.id} assumes {figures[1].shown}",
        "what nobody stated has one common default: let both inherit it, or give the figure its source",
        key=name,
    )


def _assumption(
    parameter: Parameter, bound: tuple[Bound, Bound], values: tuple[dict[str, Any], dict[str, Any]]
) -> Assumption:
    number = parameter.kind == "number"
    first, second = (each.position.figures[parameter.name] for each in bound)
    return Assumption(
        name=parameter.name,
        label=parameter.label,
        unit=("year" if parameter.calendar else parameter.unit) if number else "",
        a_text=shown_value(parameter, values[0][parameter.name]),
        b_text=shown_value(parameter, values[1][parameter.name]),
        source_a=first.source,
        source_b=second.source,
        low=parameter.low if number else None,
        high=parameter.high if number else None,
        kind=_KINDS.get(parameter.role, "standard"),
        group=parameter.group,
    )


def crux_rows(
    found: Crux, case: str | Path | Case, claim: str, between: tuple[str, str] | None
) -> dict[str, Any]:
    """A crux as JSON, its sides under the names of their positions; infinite margins are null."""
    loaded = load(case)
    pair = ordered_pair(loaded, between)
    reading = loaded.claim(claim).read_as
    ids = dict(zip(found.parties, (pair[0].id, pair[1].id), strict=True))
    words = {ids[label]: WORDS[verdict] for label, verdict in zip(found.parties, found.verdicts, strict=True)}

    def rows(records: Any) -> list[dict[str, Any]]:
        dumped = [record.model_dump(mode="json") for record in records]
        return [row | {"side": ids[row["side"]]} if "side" in row else row for row in dumped]

    body = {
        "case": loaded.id,
        "claim": claim,
        "between": [pair[0].id, pair[1].id],
        "holders": {pair[0].id: pair[0].holder, pair[1].id: pair[1].holder},
        "unit": found.unit,
        "band": found.band,
        "assumptions_in_dispute": found.k,
        "runs": found.runs,
        "exact": found.exact,
        "verdicts": words,
        "margins": dict(zip(ids.values(), found.margins, strict=True)),
        "attribution": rows(found.attribution_rows),
        "interactions": rows(found.interaction_rows),
        "flips": rows(found.flip_rows),
        "flip_summaries": rows(found.flip_summaries),
        "double_crux": found.double_crux.model_dump(mode="json"),
        "settle": rows(found.settle_rows),
        "breakeven": rows(found.breakeven_rows),
        "silence": rows(found.silence_rows),
        "diagnosis": found.diagnosis.model_dump(mode="json"),
        "prose": list(found.prose),
        "caveat": ANSWERS[reading.study].caveat if reading else "",
        "seed": found.seed,
        "digest": found.digest,
    }
    return cast("dict[str, Any]", _finite(body))


def _finite(value: Any) -> Any:
    """The same rows with null in place of what JSON cannot write."""
    if isinstance(value, dict):
        return {key: _finite(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(each) for each in value]
    return None if isinstance(value, float) and not np.isfinite(value) else value
