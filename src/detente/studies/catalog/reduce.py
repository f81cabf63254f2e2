"""What the study `reduce` takes and gives."""

from .kinds import Output, Parameter, Study

_TIME, _PARITY = "time-frame", "parity"
FROM_START, FROM_DEADLINE = "from-start", "from-deadline"
"""From when on parity is watched."""

DEADLINE = Parameter(
    "deadline_year", "deadline",
    "year by whose last day both levels are to be reached; with .5, half a year later", "1",
    low=1900.0, high=2300.0, group=_TIME, calendar=True,
)  # fmt: skip


def _side(side: str) -> tuple[Parameter, ...]:
    """The parameters of one party: where it starts, where it goes, how fast, and what its number counts."""
    of, group = f"of the {side} party", f"{side} party"
    return (
        Parameter(
            f"{side}_start", f"start level {of}", f"warheads {of} at the start, as its rule counts them",
            "1", low=0.0, high=1e6, group=group,
        ),
        Parameter(
            f"{side}_counted_share", f"deployed share {of}",
            f"operationally deployed warheads for each that the start level {of} counts: 1 where the two "
            "rules are one",
            "1", low=0.01, high=10.0, group=group,
        ),
        Parameter(
            f"{side}_target", f"level {of}", f"operationally deployed warheads {of} at which it is to arrive",
            "1", low=0.0, high=1e6, group=group,
        ),
        Parameter(
            f"{side}_pace", f"pace {of}", f"warheads {of} taken out of deployment a year, at most", "1",
            low=0.0, high=1e6, group=group,
        ),
    )  # fmt: skip


REDUCE = Study(
    name="reduce",
    question="Are the levels reached by the day, and how far apart are the two parties along the way?",
    parameters=(
        *_side("first"),
        *_side("second"),
        Parameter(
            "first_year", "first year",
            "year on whose first day reductions begin; with .5, in the middle of it", "1",
            low=1900.0, high=2300.0, group=_TIME, calendar=True,
        ),
        DEADLINE,
        Parameter(
            "read_every", "levels are read", "how often levels are read: on the last day of each such period",
            "choice", kind="choice", choices=("month", "quarter", "half-year", "year"), group=_TIME,
        ),
        Parameter(
            "parity_band", "parity band",
            "by how much the larger may exceed the smaller, as a share of the smaller", "%",
            low=0.0, high=1000.0, group=_PARITY, role="standard",
        ),
        Parameter(
            "parity_watched", "parity is watched",
            "from when on the two are compared: from the start, or from the deadline", "choice",
            kind="choice", choices=(FROM_START, FROM_DEADLINE), group=_PARITY,
        ),
    ),
    outputs=(
        Output("first_reached", "", "day on which the first party's level is first read as reached"),
        Output("second_reached", "", "the same for the second party"),
        Output("first_at_deadline", "1", "warheads of the first party on the day of the deadline"),
        Output("second_at_deadline", "1", "the same for the second party"),
        Output("widest", "%", "by how much the larger exceeds the smaller on the worst day that is watched"),
        Output("margin_months", "months", "deadline less the day on which both are there", is_margin=True),
        Output("margin_first_months", "months", "the same for the first party alone", is_margin=True),
        Output("margin_second_months", "months", "the same for the second party alone", is_margin=True),
        Output("margin_parity", "1", "parity band less the widest difference, as a share", is_margin=True),
    ),
    row_parameter=DEADLINE.name,
)  # fmt: skip
