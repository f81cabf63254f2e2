"""What the study `inspect` takes and gives."""

from .kinds import Output, Parameter, Study

_VIOLATION, _SAMPLE, _STANDARD = "violation", "sample", "standard"

VIOLATION_SHARE = Parameter(
    "violation_share", "violation, as a share",
    "share of the declared items that is not as declared; the nearest whole number, a half rounded down, at "
    "least one", "%", low=0.0, high=100.0, group=_VIOLATION,
)  # fmt: skip

INSPECT = Study(
    name="inspect",
    question="How likely do inspections find items that are not as declared?",
    parameters=(
        Parameter(
            "declared_items", "declared items", "items of one kind that are declared", "1",
            low=1.0, high=1e7, group="declared",
        ),
        VIOLATION_SHARE,
        Parameter(
            "violation_number", "violation, as a number", "items that are not as declared", "1",
            low=1.0, high=1e7, group=_VIOLATION,
        ),
        Parameter(
            "violation_stated_as", "violation stated as",
            "whether the share or the number says how large the violation is; rows of a reading are shares",
            "choice", kind="choice", choices=("share", "number"), group=_VIOLATION,
        ),
        Parameter(
            "inspections_per_year", "inspections a year", "inspections that may be made in a year", "1",
            low=0.0, high=1e5, group=_SAMPLE,
        ),
        Parameter(
            "items_per_inspection", "items an inspection",
            "items looked at in one inspection", "1",
            low=1.0, high=1e6, group=_SAMPLE,
        ),
        Parameter(
            "test_quality", "test quality",
            "chance that an item that is not as declared is recognised as such", "1",
            low=0.0, high=1.0, group=_SAMPLE,
        ),
        Parameter(
            "test_false_alarm", "false alarm",
            "chance that an item that is as declared looks as if it were not", "1",
            low=0.0, high=1.0, group=_SAMPLE,
        ),
        Parameter(
            "inspection_years", "years of inspection",
            "years that are added up, each with a sample of its own", "1",
            low=1.0, high=100.0, group=_SAMPLE,
        ),
        Parameter(
            "detection_standard", "detection standard",
            "chance of finding the violation that counts as enough", "1",
            low=0.0, high=1.0, group=_STANDARD, role="standard",
        ),
        Parameter(
            "false_alarm_standard", "false-alarm standard",
            "chance of any false alarm, where all is as declared, that is still accepted", "1",
            low=0.0, high=1.0, group=_STANDARD, role="standard",
        ),
    ),
    outputs=(
        Output("violation_items", "1", "items that are not as declared"),
        Output("sample", "1", "items looked at in a year; at most all of them"),
        Output("power_year", "1", "chance that one year finds at least one of them"),
        Output("power", "1", "chance that at least one of the years does"),
        Output("approximation", "1", "the same for draws with replacement, as in safeguards"),
        Output("false_alarm", "1", "chance of any false alarm in all years, where all is as declared"),
        Output("needed_sample", "1", "smallest sample a year that meets the standard; null where none does"),
        Output("needed_inspections", "1", "inspections a year for that sample"),
        Output("margin_detection", "1", "power less the detection standard", is_margin=True),
        Output(
            "margin_false_alarm", "1", "accepted chance of a false alarm less the actual one", is_margin=True
        ),
    ),
    row_parameter=VIOLATION_SHARE.name,
)  # fmt: skip
