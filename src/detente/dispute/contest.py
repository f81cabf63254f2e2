"""The question put to the model: what each side claims, how sure one must be, and the margin that results.

The margin is at least zero where the claim is true. Where the parties ask different questions or demand
different standards, the question and the standard are two more assumptions, mixed like any other.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, cast, get_args

import numpy as np
from numpy.typing import NDArray

from detente.dispute.errors import DisputeError
from detente.dispute.lattice import Columns, Model
from detente.dispute.tables import Floats

Scale = Literal["linear", "log", "logit"]
Band = float | str | Callable[[Any], Any]

QUESTION = "question"
STANDARD = "standard"

_NEUTRAL = {"linear": 0.0, "log": 1.0, "logit": 0.5}


@dataclass(frozen=True)
class Question:
    """One side's claim: the words, how to read the model's outputs, and the standard that it must meet."""

    text: str
    read: Any
    standard: float | None


@dataclass(frozen=True)
class Contest:
    """A model with both sides' questions: takes mixtures, returns `margin` and `band`, shape (n,)."""

    model: Model
    questions: tuple[Question, Question]
    scale: Scale
    band: Band
    own_inputs: tuple[str, ...] = field(default=())
    """Which of `question` and `standard` are disputed, and so are columns that the model never sees."""

    def __call__(self, columns: Columns) -> dict[str, NDArray[Any]]:
        seen = {name: column for name, column in columns.items() if name not in self.own_inputs}
        rows = len(next(iter(columns.values()))) if columns else 1
        outputs = self.model(seen)
        first, second = self.questions
        values = self._read(first, outputs, rows)
        if QUESTION in self.own_inputs:
            asked_by_second = columns[QUESTION] == _question_values(self.questions)[1]
            values = np.where(asked_by_second, self._read(second, outputs, rows), values)
        demanded = columns[STANDARD] if STANDARD in self.own_inputs else np.full(rows, self.standards[0])
        margins = _on_scale(values, self.scale, "the claim's value") - _on_scale(
            demanded, self.scale, "standard"
        )
        return {"margin": margins, "band": self._bands(outputs, rows)}

    @property
    def standards(self) -> tuple[float, float]:
        """What each side demands of the value, in the value's own unit."""
        neutral = _NEUTRAL[self.scale]
        first, second = self.questions
        return (
            neutral if first.standard is None else first.standard,
            neutral if second.standard is None else second.standard,
        )

    def _read(self, question: Question, outputs: Any, rows: int) -> Floats:
        values = _select(question.read, outputs, f'claim "{question.text}"')
        if values.shape != (rows,):
            raise DisputeError(
                f'claim "{question.text}" gives an array of shape {values.shape} for {rows} mixtures; '
                "a margin is one number a mixture"
            )
        return values.astype(np.float64)

    def _bands(self, outputs: Any, rows: int) -> Floats:
        if isinstance(self.band, str) or callable(self.band):
            bands = np.asarray(_select(self.band, outputs, "the band"), dtype=np.float64)
        else:
            bands = np.asarray(self.band, dtype=np.float64)
        if bands.shape not in {(), (rows,)} or not (bands >= 0).all():
            raise DisputeError(
                "the band is a width at least zero in the margin's unit, one for all or one a mixture"
            )
        return np.broadcast_to(bands, (rows,)).astype(np.float64)


def pose(
    model: Model, claim: Any, names: tuple[str, str], scale: Scale, band: Band
) -> tuple[Contest, tuple[dict[str, Any], dict[str, Any]]]:
    """The contest, and the extra values (`question`, `standard`) of each side where the sides' claims differ.

    `claim` is a function of the outputs, the name of an output, None for a model's only output, an object
    whose `margin` is one of these (with optional `title` or `id`, and `standard`), or a mapping from
    party to one of these.
    """
    if scale not in get_args(Scale):
        raise DisputeError(f'there is no scale "{scale}"; use linear, log or logit')
    if isinstance(claim, Mapping):
        if set(claim) != set(names):
            raise DisputeError(
                f"a claim for each party names both: {list(names)}; got {sorted(map(str, claim))}"
            )
        questions = (_as_question(claim[names[0]]), _as_question(claim[names[1]]))
    else:
        questions = (_as_question(claim), _as_question(claim))
    bare = Contest(model, questions, scale, band)
    own: dict[str, tuple[Any, Any]] = {}
    if questions[0].read is not questions[1].read and questions[0].read != questions[1].read:
        own[QUESTION] = _question_values(questions)
    if bare.standards[0] != bare.standards[1]:
        own[STANDARD] = bare.standards
    contest = Contest(model, questions, scale, band, tuple(own))
    return contest, ({key: pair[0] for key, pair in own.items()}, {key: pair[1] for key, pair in own.items()})


def _as_question(claim: Any) -> Question:
    read = getattr(claim, "margin", claim)
    if not (read is None or isinstance(read, str) or callable(read)):
        raise DisputeError(
            "a claim is a function of the model's outputs, the name of an output, or has such a `margin`; "
            f"got {read!r}"
        )
    words = [getattr(claim, name, "") for name in ("title", "text", "id", "name")]
    text = next((str(word) for word in words if isinstance(word, str) and word), "")
    if not text:
        text = (
            read if isinstance(read, str) else getattr(read, "__name__", "") if read is not None else "output"
        )
    standard = getattr(claim, "standard", None)
    return Question(
        "the claim" if text == "<lambda>" else text, read, None if standard is None else float(standard)
    )


def _question_values(questions: tuple[Question, Question]) -> tuple[str, str]:
    first, second = (question.text for question in questions)
    return (first, second) if first != second else (f"{first} (first reading)", f"{second} (second reading)")


def _select(read: Any, outputs: Any, what: str) -> NDArray[Any]:
    if callable(read):
        return np.asarray(read(outputs))
    named = outputs if isinstance(outputs, Mapping) else {"output": outputs}
    if read is None:
        if len(named) != 1:
            raise DisputeError(
                f"{what} names no output and the model has {len(named)}: {sorted(named)}; name one"
            )
        return np.asarray(next(iter(named.values())))
    if read not in named:
        raise DisputeError(
            f'{what} reads the output "{read}", which the model does not give; it gives {sorted(named)}'
        )
    return np.asarray(named[read])


def _on_scale(values: NDArray[Any], scale: Scale, what: str) -> Floats:
    """The values on the scale of the margins; values off the scale are refused, NaN passes through."""
    floats = cast("Floats", values.astype(np.float64))
    if scale == "linear":
        return floats
    top = np.inf if scale == "log" else 1.0
    off = (floats < 0) | (floats > top)
    if off.any():
        allowed = "above 0" if scale == "log" else "between 0 and 1"
        raise DisputeError(
            f"{what} is {floats[off][0]:g}; the {scale} scale needs numbers {allowed}. Use scale='linear'"
        )
    with np.errstate(divide="ignore"):
        return cast("Floats", np.log(floats) if scale == "log" else np.log(floats) - np.log1p(-floats))
