"""What the study `engage` takes and gives."""

from collections.abc import Iterator

from .inventory import INVENTORY
from .kinds import Output, Parameter, Study
from .reach import REACH
from .watch import WATCH

WINDOWS_SHOWN = 3
"""How many windows an outcome has columns for."""
CLOCKS = ("early-warning", "radar-horizon", "radar-track")
"""What may start the clock: threat burnout, the rise above the radar's horizon, a firm track."""

_INTERCEPTOR = "interceptor"
_CLOCK = "warning and decision"
_SHOTS = "shots"


def _shared() -> Iterator[Parameter]:
    """The parameters of reach and watch, each once; `clock` stands in the place of their warning cue."""
    seen = {"warning_cue"}
    for parameter in (*REACH.parameters, *WATCH.parameters):
        if parameter.name not in seen and parameter.name != "detection_band":
            seen.add(parameter.name)
            yield parameter


def _window(number: int) -> Iterator[Output]:
    which = ("first", "second", "third")[number - 1]
    key = f"window_{number}"
    yield Output(f"{key}_first_s", "s", f"begin of the {which} window, from threat launch")
    yield Output(f"{key}_first_altitude_km", "km", "altitude there")
    yield Output(f"{key}_last_s", "s", f"end of the {which} window")
    yield Output(f"{key}_last_altitude_km", "km", "altitude there")
    yield Output(
        f"{key}_tail_chase", "", "whether intercepts in it come from behind the missile: none, part or all"
    )


ENGAGE = Study(
    name="engage",
    question="When could an interceptor meet a missile, from which cue on, and how many shots would fit?",
    parameters=(
        *_shared(),
        Parameter(
            "clock", "clock",
            "what starts the clock: threat burnout seen by early warning, the threat rising above the lowest "
            "elevation of the radar at the site, or a firm track by the radars that watch",
            "choice", kind="choice", choices=CLOCKS, group=_CLOCK,
        ),
        Parameter(
            "highest_intercept_altitude", "highest intercept altitude",
            "altitude above which no intercept is counted", "km", low=20.0, high=50000.0, group=_INTERCEPTOR,
        ),
        Parameter(
            "speed_loss", "speed loss",
            "speed lost on the way, taken off the stated one; zero where the stated speed is net",
            "km/s", low=0.0, high=3.0, group=_INTERCEPTOR,
        ),
        Parameter(
            "look_time", "look time",
            "time from an intercept to the next launch at the same missile", "s",
            low=0.0, high=3600.0, group=_SHOTS,
        ),
        Parameter(
            "launch_interval", "launch interval",
            "time between two launches at the same missile in one salvo", "s",
            low=0.0, high=3600.0, group=_SHOTS,
        ),
        *(
            parameter
            for parameter in INVENTORY.parameters
            if parameter.name not in {known.name for known in REACH.parameters}
        ),
    ),
    outputs=(
        Output("detection_s", "s", "when a radar that watches has the missile in view first, from launch"),
        Output("track_s", "s", "when their track is first firm, from threat launch"),
        Output("cue_s", "s", "when the position's clock starts, from threat launch"),
        Output("launch_s", "s", "that plus the commit delay: earliest interceptor launch"),
        Output(
            "required_speed_km_s", "km/s",
            "smallest interceptor speed, net of losses, that reaches; null above 11 km/s",
        ),
        Output(
            "margin_km_s", "km/s",
            "interceptor speed less speed loss less required speed; null where no admissible speed reaches",
            is_margin=True, band="indeterminate_band",
        ),
        Output("tolerable_delay_s", "s", "latest interceptor launch that still reaches, from threat burnout"),
        Output(
            "margin_delay_s", "s", "tolerable delay less the actual one, both from threat burnout",
            is_margin=True,
        ),
        Output("windows", "1", "windows in which an intercept is possible"),
        *(output for number in range(1, WINDOWS_SHOWN + 1) for output in _window(number)),
        Output("shots_look", "1", "shots that fit one after the other, each after a look at the one before"),
        Output("shots_salvo", "1", "shots that fit in one salvo, launched one launch interval apart"),
        Output("shots_salvo_look", "1", "shots that fit in salvos of the salvo size, each after a look"),
        Output("second_launch_s", "s", "earliest launch of a second shot after a look, from threat launch"),
        Output("second_intercept_s", "s", "earliest intercept by that shot"),
        Output("shots", "1", "shots that fit under the position's firing doctrine"),
        Output(
            "margin_shots", "shots",
            "shots that fit under the position's firing doctrine less the shots per missile that it asks for",
            is_margin=True,
        ),
        Output(
            "raid_shots", "1",
            "shots at a raid whose missiles fly alike: those that fit at each, or all interceptors held",
        ),
        Output(
            "margin_raid_shots", "shots",
            "these less the shots per missile asked for, times the missiles of the raid", is_margin=True,
        ),
        Output(
            "needed_interceptors", "1",
            "interceptors that meet the no-leak standard for the raid, with no more shots at each missile "
            "than fit; null where too few fit, or no number is enough",
        ),
        Output(
            "margin_interceptors", "interceptors",
            "interceptors held less those needed for the raid", is_margin=True,
        ),
        Output("burnout_s", "s", "threat burnout, from threat launch"),
        Output("impact_s", "s", "end of the threat's flight, from threat launch"),
        Output("range_km", "km", "ground range from launch area to sample point"),
    ),
)  # fmt: skip
