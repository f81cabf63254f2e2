"""Sweeping a study over many samples of a position's doubt, and checking such a run."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.records.case import Case
from detente.records.errors import InputError, Problem, did_you_mean
from detente.records.figure import Figure, written_figure
from detente.records.outcome import UPPER_BOUND
from detente.studies.answers import ANSWERS
from detente.studies.bind import Bound, bind, plain_value, study_named
from detente.studies.catalog import Output, Parameter, Study
from detente.sweep.manifest import Manifest, read_manifest
from detente.sweep.question import Axis, Field, Question, Setting
from detente.sweep.run import Means, Progress, RunSummary
from detente.sweep.run import sweep as run_sweep
from detente.sweep.sampling import DESIGNS, DesignName, Fixed, Plan, Varied, draw, law_of
from detente.sweep.verify import Verification
from detente.sweep.verify import verify_run as verify_folder

from .library import load

Columns = Mapping[str, NDArray[Any]]
Rows = tuple[tuple[str, ...], ...]
_BETWEEN = " to "
_AXIS = "of"


@dataclass(frozen=True)
class StudyModel:
    """A study as a model that travels to workers: columns of n rows in, outputs (n, rows of the study) out.

    Where the study has batched margins they are used; otherwise its outcome is asked for row by row.
    """

    bound: Bound
    rows: Rows
    outputs: tuple[str, ...] = ()
    caveat: str = UPPER_BOUND

    def __call__(self, columns: Columns) -> dict[str, NDArray[np.float64]]:
        """The outputs by name; NaN where the study gives null."""
        found = self._batched(columns) if self._models else self._one_by_one(columns)
        return {name: found[name] for name in self.outputs or found}

    @property
    def _models(self) -> Mapping[str, Any]:
        return ANSWERS[self.bound.study.name].models

    def _batched(self, columns: Columns) -> dict[str, NDArray[np.float64]]:
        rows: Any = self.rows if len(self.rows[0]) > 1 else tuple(row[0] for row in self.rows)
        found: dict[str, NDArray[np.float64]] = {}
        for make in self._models.values():
            found |= make(self.bound.case, rows)(columns)
        return found

    def _one_by_one(self, columns: Columns) -> dict[str, NDArray[np.float64]]:
        count = len(next(iter(columns.values())))
        outputs = [output.name for output in self.bound.study.outputs]
        found = {name: np.full((count, len(self.rows)), np.nan) for name in outputs}
        for n in range(count):
            values = dict(self.bound.values)
            for name, value in values.items():
                if isinstance(value, float):
                    values[name] = float(columns[name][n])
            outcome = ANSWERS[self.bound.study.name].run(replace(self.bound, values=values))
            place = {_key_of(row, outputs): row for row in outcome.rows}
            for at, key in enumerate(self.rows):
                for name in outputs:
                    value = place[key][name]
                    found[name][n, at] = np.nan if value is None else float(value)
        return found


def _key_of(row: Mapping[str, Any], outputs: Sequence[str]) -> tuple[str, ...]:
    """What names a row of an outcome: all of its columns that are neither output, status nor reason."""
    return tuple(str(value) for name, value in row.items() if name not in {*outputs, "status", "reason"})


def sweep_case(  # noqa: PLR0913 - each argument is an option of the command
    case: str | Path | Case,
    study: str,
    position: str,
    samples: int,
    folder: str | Path,
    *,
    design: str = "lhs",
    seed: int = 0,
    settings: Mapping[str, str] | None = None,
    launches: Sequence[str] | None = None,
    aims: Sequence[str] | None = None,
    vary: Sequence[str] = (),
    workers: int | None = None,
    cluster: str | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> RunSummary:
    """A study over many samples of what a position leaves open, kept in a folder.

    Every figure with a range or a distribution varies, or of these only those named in `vary`; `settings`
    pin one ("340 s") or open one ("0 s to 400 s"). Where the folder holds this very run, it goes on from what
    is finished. `workers` are processes here (one for each processor by default), `cluster` the address of a
    dask scheduler; neither changes a byte of the results. Raises `InputError`, and `SweepError` where the run
    cannot go on.
    """
    if design not in DESIGNS:
        raise InputError(
            Problem(f'there is no design "{design}"', f"use one of: {', '.join(DESIGNS)}", key="--design")
        )
    loaded = load(case)
    bound, figures = _bound(loaded, study, position, settings or {})
    model = _model(bound, launches, aims)
    plan = plan_of(bound, figures, design, samples, seed, vary)
    samples_drawn = draw(plan)
    question = _question(model, settings or {})
    ready = replace(model, outputs=tuple(field.name for field in question.fields))
    return run_sweep(ready, samples_drawn, question, Path(folder), Means(workers, cluster, None, progress))


def verify_run(
    folder: str | Path,
    case: str | Path | Case | None = None,
    *,
    chunks: int | None = None,
    workers: int | None = None,
) -> Verification:
    """Check the folder of a sweep and run it again, all of it or some chunks.

    The case is the shipped one that the run names, unless another is given; it must be the case of the run
    to the last figure. Raises `InputError`.
    """
    manifest = read_manifest(Path(folder))
    loaded = load(case if case is not None else manifest.question.case)
    if loaded.digest != manifest.question.case_digest:
        rule = f'case "{loaded.id}" is not as it was when this run was made'
        way_out = "give the folder of the case as it was, with --case"
        raise InputError(Problem(rule, way_out, key="--case"))
    return verify_folder(
        Path(folder), lambda held: model_of(held, loaded), chunks=chunks, means=Means(workers=workers)
    )


def model_of(manifest: Manifest, case: Case) -> StudyModel:
    """The model of a recorded run, from the case that it was made with."""
    question = manifest.question
    settings = {setting.name: setting.value for setting in question.settings}
    bound, _ = _bound(case, question.study, question.position, settings)
    rows = tuple(tuple(name.split(_BETWEEN)) for name in question.axes[0].of)
    return StudyModel(bound, rows, tuple(field.name for field in question.fields))


def plan_of(
    bound: Bound,
    figures: Mapping[str, Figure],
    design: DesignName,
    samples: int,
    seed: int,
    vary: Sequence[str] = (),
) -> Plan:
    """What varies and what stays: every figure with a range or a distribution varies, or those named.

    Raises `InputError` for a name that is no such figure.
    """
    varied, fixed, doubtful = [], [], []
    for dimension, parameter in enumerate(bound.study.parameters):
        figure = figures[parameter.name]
        named = {"name": parameter.name, "unit": parameter.unit if parameter.kind == "number" else ""}
        known = {"status": figure.status, "source": figure.source}
        law = law_of(figure, parameter.unit, parameter.low, parameter.high) if _number(parameter) else None
        if law is not None:
            doubtful.append(parameter.name)
        if law is not None and (not vary or parameter.name in vary):
            varied.append(Varied(**named, **known, law=law, dimension=dimension, note=_note(figure)))  # type: ignore[arg-type]
        else:
            fixed.append(Fixed(**named, **known, value=plain_value(bound.values[parameter.name])))  # type: ignore[arg-type]
    for name in vary:
        if name not in doubtful:
            rule = f'"{name}" is no figure that this position leaves open'
            way_out = f'{did_you_mean(name, doubtful)}; another is opened with --set NAME="LOW to HIGH"'
            raise InputError(Problem(rule, way_out, key="--vary"))
    return Plan(design=design, samples=samples, seed=seed, varied=tuple(varied), fixed=tuple(fixed))


def _number(parameter: Parameter) -> bool:
    return parameter.kind == "number"


def _note(figure: Figure) -> str:
    if figure.distribution is not None:
        return f"{figure.distribution.kind} distribution, as the figure states"
    return "a range without a distribution, taken as uniform"


def _bound(
    case: Case, study: str, position: str, settings: Mapping[str, str]
) -> tuple[Bound, dict[str, Figure]]:
    """A position bound at its central values, and the figures from which a sweep draws."""
    found = study_named(study)
    figures = {name: fig for name, fig in case.position(position).figures.items() if _has(found, name)}
    given = {name: _opened(name, text) for name, text in settings.items()}
    central = {
        name: _with_middle(figure)
        for name, figure in (figures | given).items()
        if name in given or (figure.parsed is None and figure.range is not None)
    }
    bound = bind(case, study, position, central)
    return bound, {parameter.name: (figures | given)[parameter.name] for parameter in found.parameters}


def _has(study: Study, name: str) -> bool:
    return any(parameter.name == name for parameter in study.parameters)


def _opened(name: str, text: str) -> Figure:
    """A figure as the user gave it: a value, or "LOW to HIGH"."""
    low, between, high = text.partition(_BETWEEN)
    try:
        if between:
            return Figure(range=(low.strip(), high.strip()), status="unverified", note="given by the user")
        return written_figure(text, "given by the user")
    except ValueError as fault:
        errors: Any = getattr(fault, "errors", None)
        rule = str(errors()[0].get("ctx", {}).get("error", fault)) if errors else str(fault)
        way_out = 'a value, such as "340 s", pins a figure; a range, such as "0 s to 400 s", opens it'
        raise InputError(Problem(rule, way_out, key=name)) from None


def _with_middle(figure: Figure) -> Figure:
    """A bare range with its middle as value, so that a study can be bound."""
    if figure.parsed is not None or figure.range is None:
        return figure
    from detente.records.units import parse_quantity

    low, high = (parse_quantity(text) for text in figure.range)
    middle = (low.value + high.to(low.unit)) / 2
    return figure.model_copy(update={"value": f"{middle!r} {low.unit}"})


def _model(bound: Bound, launches: Sequence[str] | None, aims: Sequence[str] | None) -> StudyModel:
    """The study as a model, on the rows that its outcome has at the central values."""
    chosen: dict[str, Any] = {}
    if launches or aims:
        if bound.study.row_parameter:
            rule = f'study "{bound.study.name}" has no launch areas and sample points'
            raise InputError(Problem(rule, "leave out --launch and --aim", key="--launch"))
        chosen = {"launches": launches, "aims": aims}
    outcome = ANSWERS[bound.study.name].run(bound, **chosen)
    outputs = [output.name for output in bound.study.outputs]
    row_parameter = bound.study.row_parameter
    if row_parameter and ANSWERS[bound.study.name].models:
        unit = bound.study.parameter(row_parameter).unit
        ending = "" if unit == "1" else f" {unit}"
        keys: list[tuple[str, ...]] = [(f"{float(row[row_parameter]):g}{ending}",) for row in outcome.rows]
    else:
        keys = [_key_of(row, outputs) for row in outcome.rows]
    return StudyModel(bound, tuple(dict.fromkeys(keys)), caveat=outcome.caveat)


def _question(model: StudyModel, settings: Mapping[str, str]) -> Question:
    bound = model.bound
    central = {name: np.array([plain_value(value)]) for name, value in bound.values.items()}
    given = model(central)
    return Question(
        study=bound.study.name,
        fields=tuple(_field(output) for output in bound.study.outputs if output.name in given),
        axes=(Axis(name=_AXIS, of=tuple(_BETWEEN.join(row) for row in model.rows)),),
        case=bound.case.id,
        case_digest=bound.case.digest,
        position=bound.position.id,
        settings=tuple(Setting(name=name, value=text) for name, text in sorted(settings.items())),
        caveat=model.caveat,
        conventions=ANSWERS[bound.study.name].conventions,
        notices=bound.notices,
    )


def _field(output: Output) -> Field:
    return Field(
        name=output.name,
        unit=output.unit,
        meaning=output.meaning,
        axis=_AXIS,
        null_means="no admissible figure gives a value; `detente run --set` says why for a row",
        is_margin=output.is_margin,
    )


def summary_rows(found: RunSummary, folder: str | Path) -> dict[str, Any]:
    """A finished sweep as JSON."""
    return {"folder": str(folder)} | found.model_dump(mode="json")


def verification_rows(found: Verification, folder: str | Path) -> dict[str, Any]:
    """A verification as JSON."""
    return {"folder": str(folder), "ok": found.ok} | found.model_dump(mode="json")
