"""What the study `limit` takes and gives."""

from .kinds import Output, Parameter, Study

_HELD, _READING = "held", "reading"
COUNTED, NOT_COUNTED = "counted", "not-counted"
"""How a reading treats what was converted or renamed."""

CEILING = Parameter(
    "launcher_ceiling", "ceiling", "launchers and bombers that the treaty allows", "1",
    low=0.0, high=1e6, group="limit",
)  # fmt: skip


def _number(name: str, label: str, meaning: str) -> Parameter:
    return Parameter(name, label, meaning, "1", low=0.0, high=1e6, group=_HELD)


def _choice(name: str, what: str) -> Parameter:
    label, meaning = f"whether {what} count", f"whether {what} count in this reading of the treaty"
    return Parameter(
        name, label, meaning, "choice", kind="choice", choices=(COUNTED, NOT_COUNTED), group=_READING
    )


LIMIT = Study(
    name="limit",
    question="Do launchers and bombers keep within a ceiling, in whose reading of what counts?",
    parameters=(
        _number("declared_launchers", "declared launchers", "launchers and bombers that are declared"),
        _number("converted_tubes", "converted tubes", "launchers on submarines that were converted"),
        _number("converted_bombers", "converted bombers", "bombers that were converted"),
        _number("training_silos", "training silos", "silos that are said to be for training alone"),
        _choice("tubes_reading", "converted tubes"),
        _choice("bombers_reading", "converted bombers"),
        _choice("silos_reading", "training silos"),
        CEILING,
    ),
    outputs=(
        Output("counted_launchers", "1", "launchers and bombers that count in this reading"),
        Output("margin_within", "launchers", "ceiling less what counts", is_margin=True),
        Output(
            "margin_over", "launchers", "what counts less the smallest whole number above the ceiling",
            is_margin=True,
        ),
    ),
    row_parameter=CEILING.name,
)  # fmt: skip
