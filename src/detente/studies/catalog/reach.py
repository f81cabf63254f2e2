"""What the study `reach` takes and gives."""

from collections.abc import Iterator

from .kinds import Output, Parameter, Study


def _threat_class(key: str, label: str, burn: tuple[float, float]) -> Iterator[Parameter]:
    group = f"{label} notional boost"
    yield Parameter(
        f"{key}_burn_time", f"{label} burn time", f"burn time of a notional {label}", "s",
        low=burn[0], high=burn[1], group=group,
    )  # fmt: skip
    yield Parameter(
        f"{key}_burnout_altitude", f"{label} burnout altitude",
        f"altitude of a notional {label} at burnout", "km", low=5.0, high=600.0, group=group,
    )  # fmt: skip
    yield Parameter(
        f"{key}_burnout_distance", f"{label} burnout distance",
        f"ground distance of a notional {label} from its launch area at burnout", "km",
        low=0.0, high=1500.0, group=group,
    )  # fmt: skip


EARTHS = ("ellipsoid", "sphere")
"""The Earths over which flights may go."""

THREAT_LOFT = Parameter(
    "threat_loft", "loft of the threat's flight",
    "angle of the threat's velocity at burnout above that of the least-energy flight; 0 is least energy, "
    "above it lofted, below it depressed", "deg",
    low=-20.0, high=60.0, group="threat's flight path",
    default="0 deg", default_note="Least energy: what a missile of that range needs at least.",
)  # fmt: skip
EARTH_MODEL = Parameter(
    "earth_model", "Earth model",
    "over which Earth all flights go: the turning WGS-84 ellipsoid with its flattening in the pull, flown "
    "step by step, or the turning sphere of the textbooks with closed formulas", "choice",
    kind="choice", choices=EARTHS, group="model variant", role="model variant",
    default="ellipsoid", default_note="The closer of the two to the Earth as it is.",
)  # fmt: skip
FLIGHT_PATH = (THREAT_LOFT, EARTH_MODEL)
"""How a threat flies from its burnout on, and over which Earth."""

_INTERCEPTOR = "interceptor"
_CLOCK = "warning and decision"

REACH = Study(
    name="reach",
    question="Could an interceptor meet a missile on its way from a launch area to a sample point?",
    parameters=(
        Parameter(
            "interceptor_speed", "interceptor speed",
            "surface-equivalent speed of the interceptor in the Earth-centered inertial frame", "km/s",
            low=1.0, high=11.0, group=_INTERCEPTOR,
        ),
        Parameter(
            "interceptor_burn_time", "interceptor burn time",
            "burn time of the interceptor; it flies freely from half a burn after launch", "s",
            low=10.0, high=600.0, group=_INTERCEPTOR,
        ),
        Parameter(
            "interceptor_number", "number of interceptors",
            "interceptors at the site; kinematic reach does not depend on it", "1",
            low=1.0, high=10000.0, group=_INTERCEPTOR,
        ),
        Parameter(
            "interceptor_site", "interceptor site", "where the interceptors stand, to 0.1 degree", "place",
            kind="place", group=_INTERCEPTOR,
        ),
        Parameter(
            "lowest_intercept_altitude", "lowest intercept altitude",
            "altitude below which no intercept is counted", "km", low=20.0, high=2000.0, group=_INTERCEPTOR,
        ),
        Parameter(
            "flight_time_cap", "interceptor flight-time cap",
            "longest time from interceptor launch to intercept", "s", low=30.0, high=7200.0,
            group=_INTERCEPTOR,
        ),
        Parameter(
            "warning_cue", "warning cue",
            "what starts the clock: threat burnout seen by early warning, or the threat rising above the "
            "radar's minimum elevation, whichever the position holds", "choice",
            kind="choice", choices=("early-warning", "radar-horizon"), group=_CLOCK,
        ),
        Parameter(
            "commit_delay", "commit delay",
            "time from the cue to interceptor launch; with early warning the cue is threat burnout", "s",
            low=0.0, high=3600.0, group=_CLOCK,
        ),
        Parameter(
            "radar_site", "radar site", "where the cueing radar stands, to 0.1 degree", "place",
            kind="place", group=_CLOCK,
        ),
        Parameter(
            "radar_minimum_elevation", "radar minimum elevation",
            "lowest elevation at which the cueing radar sees a target", "deg",
            low=0.0, high=60.0, group=_CLOCK,
        ),
        *_threat_class("mrbm", "MRBM", (20.0, 300.0)),
        *_threat_class("irbm", "IRBM", (30.0, 400.0)),
        *_threat_class("icbm", "ICBM", (60.0, 600.0)),
        THREAT_LOFT,
        EARTH_MODEL,
        Parameter(
            "indeterminate_band", "indeterminate band",
            "margins closer to zero than this are not decided by a model of this fidelity", "km/s",
            low=0.0, high=3.0, group="doubt", role="band",
        ),
    ),
    outputs=(
        Output("required_speed_km_s", "km/s", "smallest interceptor speed that reaches; null above 11 km/s"),
        Output(
            "margin_km_s", "km/s",
            "interceptor speed less required speed; null where no admissible speed reaches", is_margin=True,
            band="indeterminate_band",
        ),
        Output("tolerable_delay_s", "s", "latest interceptor launch that still reaches, from threat burnout"),
        Output("margin_delay_s", "s", "tolerable delay less the actual one", is_margin=True),
        Output("first_intercept_s", "s", "earliest intercept, from threat launch"),
        Output("first_intercept_altitude_km", "km", "altitude there"),
        Output("last_intercept_s", "s", "latest intercept, from threat launch"),
        Output("last_intercept_altitude_km", "km", "altitude there"),
        Output("burnout_s", "s", "threat burnout, from threat launch"),
        Output("impact_s", "s", "end of the threat's flight, from threat launch"),
        Output("range_km", "km", "ground range from launch area to sample point"),
    ),
)  # fmt: skip
