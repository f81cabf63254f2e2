"""One chunk of rows: drawn, put through the model, every failure a status with its reason."""

import importlib
import inspect
import pickle
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.records.errors import DetenteError

from .errors import refused, stopped
from .manifest import Versions, versions_here
from .question import Field, Question
from .sampling import Samples

Array = NDArray[np.float64]
Columns = Mapping[str, NDArray[Any]]
Model = Callable[[Any], Any]
"""Columns of n rows in (numbers and choices (n,), places (n, 2)), outputs (n,) or (n, axis) out."""

LONGEST_REASON = 200
_ADDRESS = re.compile(r"0x[0-9a-fA-F]+")


class RowStatus(IntEnum):
    """What became of a row."""

    DONE = 0
    FAILED = 1


@dataclass(frozen=True)
class Task:
    """Rows start to stop of one chunk, and how often they were tried before."""

    chunk: int
    start: int
    stop: int
    tries: int = 0


@dataclass(frozen=True)
class Rows:
    """What a task gives: outputs (rows,) or (rows, axis), a status and a reason for each row."""

    outputs: dict[str, Array]
    status: NDArray[np.int8]
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Work:
    """Everything that a worker needs to compute any rows of a sweep."""

    model: Model | str
    question: Question
    samples: Samples

    def packed(self) -> bytes:
        """As bytes for a worker. Raises `InputError` where the model cannot be sent."""
        try:
            return pickle.dumps(self)
        except (pickle.PicklingError, AttributeError, TypeError) as fault:
            rule = f"the model cannot be sent to a worker: {fault}"
            way_out = 'give a function of a module, "module:function", or run with one worker'
            raise refused(rule, way_out, "model") from None


@dataclass(frozen=True)
class Answer:
    """What comes back from a worker: rows, or the fault that ends the whole sweep."""

    rows: Rows | None
    versions: Versions
    fault: str = ""


def resolved(model: Model | str) -> Model:
    """The model itself, from a callable or from "module:function". Raises `InputError`."""
    if callable(model):
        return model
    module_name, _, name = model.partition(":")
    try:
        found = importlib.import_module(module_name)
        for part in name.split("."):
            found = getattr(found, part)
    except (ImportError, AttributeError, ValueError) as fault:
        rule = f'there is no model "{model}": {fault}'
        raise refused(rule, 'name it as "module:function", importable here and on workers', "model") from None
    if not callable(found):
        raise refused(f'"{model}" cannot be called', "name a function", "model")
    return found


def model_name(model: Model | str) -> str:
    """A model as the record of a run names it: "module:function"."""
    if isinstance(model, str):
        return model
    kind = model if hasattr(model, "__qualname__") else type(model)
    return f"{kind.__module__}:{kind.__qualname__}"


def model_source(model: Model | str) -> str:
    """The file that defines a model; empty where Python does not know it."""
    found = resolved(model)
    try:
        return inspect.getsourcefile(found if hasattr(found, "__qualname__") else type(found)) or ""
    except TypeError:
        return ""


def answered(work: Work, task: Task) -> Answer:
    """Compute a task; a fault of the model's form is handed back and not raised, so that it travels."""
    try:
        return Answer(computed(work, task), versions_here())
    except (DetenteError, ImportError, ValueError) as fault:
        return Answer(None, versions_here(), str(fault))


def computed(work: Work, task: Task) -> Rows:
    """The rows of a task: all at once, and one by one where that raises."""
    model = resolved(work.model)
    columns = work.samples.columns(task.start, task.stop)
    count = task.stop - task.start
    try:
        given = model(columns)
    except Exception:  # noqa: BLE001 - whatever a model raises belongs to a row, found below
        return _one_by_one(model, columns, work.question, count)
    return _checked(given, work.question, count)


def lost(work: Work, task: Task, reason: str) -> Rows:
    """The rows of a task that no worker survives: all failed, for one reason."""
    return _failed(work.question, task.stop - task.start, reason)


def joined(parts: list[Rows]) -> Rows:
    """Consecutive parts of a chunk as one."""
    if len(parts) == 1:
        return parts[0]
    names = parts[0].outputs
    return Rows(
        {name: np.concatenate([part.outputs[name] for part in parts]) for name in names},
        np.concatenate([part.status for part in parts]),
        tuple(reason for part in parts for reason in part.reasons),
    )


def _one_by_one(model: Model, columns: Columns, question: Question, count: int) -> Rows:
    parts = []
    for row in range(count):
        try:
            given = model({name: column[row : row + 1] for name, column in columns.items()})
        except Exception as fault:  # noqa: BLE001 - whatever a model raises is this row's reason
            parts.append(_failed(question, 1, reason_of(fault)))
        else:
            parts.append(_checked(given, question, 1))
    return joined(parts)


def reason_of(fault: BaseException) -> str:
    """The first line of a fault, short, without addresses in memory: the same on every worker."""
    said = next((line.strip() for line in str(fault).splitlines() if line.strip()), "")
    text = f"{type(fault).__name__}: {said}" if said else type(fault).__name__
    return _ADDRESS.sub("0x...", text)[:LONGEST_REASON]


def _failed(question: Question, count: int, reason: str) -> Rows:
    outputs = {field.name: np.full(_shape(question, field, count), np.nan) for field in question.fields}
    return Rows(outputs, np.full(count, RowStatus.FAILED, dtype=np.int8), (reason,) * count)


def _shape(question: Question, field: Field, count: int) -> tuple[int, ...]:
    return (count, question.width(field)) if field.axis else (count,)


def _checked(given: Any, question: Question, count: int) -> Rows:
    """The model's outputs in the declared form; a value that is no number fails its row."""
    outputs: dict[str, Array] = {}
    reasons = [""] * count
    for field in question.fields:
        if not isinstance(given, Mapping) or field.name not in given:
            raise stopped(f'the model gave no output "{field.name}"', "let it return a mapping of all fields")
        values = np.asarray(given[field.name], dtype=np.float64)
        wanted = _shape(question, field, count)
        if values.shape != wanted:
            rule = f'output "{field.name}" has shape {values.shape} where {wanted} was declared'
            raise stopped(rule, "one row a sample comes first, then the declared axis")
        outputs[field.name] = values
        if not field.null_means:
            finite = np.isfinite(values).reshape(count, -1).all(axis=1)
            for row in np.flatnonzero(~finite):
                reasons[row] = reasons[row] or f"{field.name} is not a finite number"
    failed = np.array([bool(reason) for reason in reasons])
    for name, values in outputs.items():
        if failed.any():
            outputs[name] = np.where(failed.reshape(-1, *(1,) * (values.ndim - 1)), np.nan, values)
    return Rows(outputs, failed.astype(np.int8), tuple(reasons))
