"""Do launchers and bombers keep within a ceiling, in whose reading of what counts?

Declared numbers, with what was converted or renamed counted or not as a reading has it. Whether a conversion
can be undone is no part of it. Conventions and biases: docs/models/counting.md.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.records.case import Case
from detente.records.errors import InputError, Problem
from detente.records.figure import written_figure
from detente.records.outcome import Column, Outcome

from .bind import Bound, plain_value
from .catalog import LIMIT, value_of
from .catalog.limit import CEILING, COUNTED
from .readings import verdict_of

Array = NDArray[np.float64]
Columns = Mapping[str, NDArray[Any]]

DISPUTED = (
    ("converted_tubes", "tubes_reading"),
    ("converted_bombers", "bombers_reading"),
    ("training_silos", "silos_reading"),
)
CAVEAT = (
    "A count of what is declared and of what was converted, in one reading of the treaty; "
    "no reading is taken here."
)
CONVENTIONS = (
    "What was converted or renamed is added to what is declared where the reading still counts it.",
    "A count at the ceiling keeps within it.",
)
LIMITS = (
    "Whether a conversion can be undone, and whether an inspector could see it.",
    "Which reading the text bears out: each side's is shown beside the other's.",
    "What was not declared at all.",
)
"""What this study cannot say, for the page."""


def limit(bound: Bound, rows: Sequence[str] | None = None) -> Outcome:
    """What counts under one position, against its own ceiling or those named: one row a ceiling.

    Raises `InputError` for a row that is no number.
    """
    columns = {name: np.array([plain_value(value)]) for name, value in bound.values.items()}
    ceilings = _ceilings(rows) if rows else np.asarray(columns[CEILING.name], dtype=float)
    held = float(counted(columns)[0])
    return Outcome(
        study=LIMIT.name,
        case=bound.case.id,
        position=bound.position.id,
        columns=(
            Column(name="launcher_ceiling", unit="1", meaning=CEILING.meaning),
            Column(name="status", unit="", meaning="what this reading says of keeping within the ceiling"),
            *(Column(name=o.name, unit=o.unit, meaning=o.meaning) for o in LIMIT.outputs),
        ),
        rows=tuple(
            {
                "launcher_ceiling": float(ceiling),
                "status": verdict_of(ceiling - held, 0.0),
                "counted_launchers": held,
                "margin_within": float(_margin("margin_within", held, ceiling)),
                "margin_over": float(_margin("margin_over", held, ceiling)),
            }
            for ceiling in ceilings
        ),
        conventions=CONVENTIONS,
        notices=bound.notices,
        caveat=CAVEAT,
        digest=bound.digest,
    )


def counted(columns: Columns) -> Array:
    """Launchers and bombers that count, for n mixtures (n,)."""
    total = np.array(columns["declared_launchers"], dtype=float)
    for number, reading in DISPUTED:
        still = np.asarray(columns[reading]) == COUNTED
        total = total + np.where(still, np.asarray(columns[number], dtype=float), 0.0)
    return total


def _margin(output: str, held: Any, ceiling: Any) -> Any:
    return ceiling - held if output == "margin_within" else held - (np.floor(ceiling) + 1.0)


def _model(output: str) -> Callable[[Case, Sequence[str]], Callable[[Columns], dict[str, Array]]]:
    def of_rows(_case: Case, rows: Sequence[str]) -> Callable[[Columns], dict[str, Array]]:
        """The study as a model for the crux: columns of n mixtures in, margins of shape (n, rows) out.

        Rows are ceilings; without any, each mixture has its own.
        """
        named = _ceilings(rows)

        def model(columns: Columns) -> dict[str, Array]:
            own = np.asarray(columns[CEILING.name], dtype=float)[:, None]
            ceilings = np.broadcast_to(named, (len(own), len(named))) if len(named) else own
            return {output: _margin(output, counted(columns)[:, None], ceilings)}

        return model

    return of_rows


MODELS = {output.name: _model(output.name) for output in LIMIT.outputs if output.is_margin}
"""How a margin of this study is computed for many mixtures at once."""


def _ceilings(rows: Sequence[str]) -> Array:
    """Rows as ceilings, each once. Raises `InputError`."""
    found = []
    for text in rows:
        try:
            found.append(float(value_of(CEILING, written_figure(str(text), "a row"))))  # type: ignore[arg-type]
        except ValueError as fault:
            way_out = f"{CEILING.label}: {CEILING.meaning}"
            raise InputError(Problem(str(fault).splitlines()[0], way_out, key=CEILING.name)) from None
    return np.array(list(dict.fromkeys(found)))
