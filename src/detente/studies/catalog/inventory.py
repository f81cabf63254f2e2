"""What the study `inventory` takes and gives."""

from .kinds import Output, Parameter, Study
from .reach import REACH

_SHOTS = "shots"

RAID_SIZE = Parameter(
    "raid_size", "raid size",
    "missiles or warheads that come at once and are to be stopped; each counts as one", "1",
    low=1.0, high=1e5, group="raid",
)  # fmt: skip
SHOTS = Parameter(
    "shots_per_missile", "shots per missile", "interceptors fired at one missile, at most", "1",
    low=1.0, high=20.0, group=_SHOTS,
)  # fmt: skip

SALVO_SIZE = Parameter(
    "salvo_size", "salvo size",
    "interceptors fired at one missile before the next look, under salvo-look-salvo", "1",
    low=1.0, high=20.0, group=_SHOTS,
)  # fmt: skip
DOCTRINES = ("salvo", "shoot-look-shoot", "salvo-look-salvo")

INVENTORY = Study(
    name="inventory",
    question="How many missiles of a raid get through, and how many interceptors would be enough?",
    parameters=(
        REACH.parameter("interceptor_number"),
        RAID_SIZE,
        SHOTS,
        Parameter(
            "firing_doctrine", "firing doctrine",
            "whether all shots at a missile are fired at once (salvo), or at missiles that are seen to have "
            "survived, one at a time (shoot-look-shoot) or several (salvo-look-salvo)", "choice",
            kind="choice", choices=DOCTRINES, group=_SHOTS,
        ),
        SALVO_SIZE,
        Parameter(
            "single_shot_probability", "single-shot probability",
            "probability that one interceptor stops the missile it is fired at, where nothing fails in "
            "common", "1", low=0.0, high=1.0, group=_SHOTS,
        ),
        Parameter(
            "common_mode_failure", "common-mode failure",
            "probability that all shots of the whole engagement fail together", "1",
            low=0.0, high=1.0, group=_SHOTS,
        ),
        Parameter(
            "no_leak_standard", "no-leak standard",
            "probability that no missile gets through which counts as enough", "1",
            low=0.0, high=1.0, group="standard", role="standard",
        ),
    ),
    outputs=(
        Output("interceptors_fired", "1", "interceptors fired at most: those held, or shots times missiles"),
        Output("no_leak_salvo", "1", "probability that no missile gets through, all shots at once"),
        Output("leakage_salvo", "1", "missiles that get through on average, all shots at once"),
        Output("no_leak_look", "1", "the same probability, shoot-look-shoot"),
        Output("leakage_look", "1", "the same average, shoot-look-shoot"),
        Output("expected_use_look", "1", "interceptors fired on average, shoot-look-shoot"),
        Output("no_leak_salvo_look", "1", "the same probability, salvo-look-salvo"),
        Output("leakage_salvo_look", "1", "the same average, salvo-look-salvo"),
        Output("expected_use_salvo_look", "1", "interceptors fired on average, salvo-look-salvo"),
        Output("needed_shots_real", "1", "shots at each missile that meet the standard, as a real number"),
        Output("needed_shots", "1", "the same as the smallest whole number"),
        Output("needed_salvo_real", "1", "interceptors that meet the standard, from real shots at each"),
        Output("needed_salvo", "1", "the same from whole shots at each"),
        Output("needed_fewest", "1", "interceptors that meet the standard with as many looks as are wanted"),
        Output("needed_salvo_look", "1", "the same in whole salvos, with as many looks as are wanted"),
        Output(
            "margin_interceptors", "interceptors",
            "interceptors held less those needed under the position's firing doctrine; null where no number "
            "is enough", is_margin=True,
        ),
        Output(
            "margin_probability", "1",
            "probability that no missile gets through, under the position's firing doctrine, less the "
            "standard", is_margin=True,
        ),
    ),
    row_parameter=RAID_SIZE.name,
)  # fmt: skip
