"""What the study `watch` takes and gives."""

from .kinds import Output, Parameter, Study
from .reach import FLIGHT_PATH, REACH

_RADAR = "radar"
_CLOCK = "warning and decision"

NETWORKS = ("site-radar", "early-warning", "site-and-early-warning", "all")
"""Which radars of a case watch: the position's own, the early-warning radars, both, or every one."""

WATCH = Study(
    name="watch",
    question="Which radar sees a missile on its way first, when, how well, and when is its track firm?",
    parameters=(
        *(
            REACH.parameter(name)
            for name in ("warning_cue", "commit_delay", "radar_site", "radar_minimum_elevation")
        ),
        Parameter(
            "radar_network", "radar network",
            "which radars watch: that of the site alone, the early-warning radars of the case, both, or all "
            "radars of the case", "choice", kind="choice", choices=NETWORKS, group=_RADAR,
        ),
        Parameter(
            "radar_power", "radar power", "radiated power of the radar at the site; see what it means", "kW",
            low=0.001, high=1e5, group=_RADAR,
        ),
        Parameter(
            "radar_power_meaning", "meaning of the radar power",
            "whether the power is that during the pulse or the mean over pulse and pause", "choice",
            kind="choice", choices=("pulse", "mean"), group=_RADAR,
        ),
        Parameter(
            "radar_duty", "radar duty", "share of the time in which the radar sends", "%",
            low=0.01, high=100.0, group=_RADAR,
        ),
        Parameter(
            "radar_aperture", "radar aperture", "area of the antenna, used both ways", "m2",
            low=0.01, high=1e4, group=_RADAR,
        ),
        Parameter(
            "radar_aperture_efficiency", "aperture efficiency",
            "share of the area of the antenna that counts", "1", low=0.05, high=1.0, group=_RADAR,
        ),
        Parameter(
            "radar_frequency", "radar frequency", "frequency of the radar at the site", "GHz",
            low=0.03, high=100.0, group=_RADAR,
        ),
        Parameter(
            "radar_integration_time", "integration time",
            "time that the radar rests on one target for one look, integrated without loss", "ms",
            low=0.01, high=1e4, group=_RADAR,
        ),
        Parameter(
            "radar_noise_temperature", "noise temperature", "system noise temperature of the radar", "K",
            low=20.0, high=1e4, group=_RADAR,
        ),
        Parameter(
            "radar_losses", "radar losses", "all losses of the radar together", "dB",
            low=0.0, high=30.0, group=_RADAR,
        ),
        Parameter(
            "radar_required_snr", "required signal-to-noise",
            "signal-to-noise that a look needs to count as seen", "dB", low=0.0, high=40.0, group=_RADAR,
        ),
        Parameter(
            "target_cross_section", "target cross-section",
            "mean radar cross-section of the target for the radar at the site; generic, no object is meant",
            "m2", low=1e-6, high=1e4, group=_RADAR,
        ),
        Parameter(
            "radar_sector_center", "radar sector center",
            "azimuth, clockwise from north, on which the sector of the radar at the site is centered", "deg",
            low=0.0, high=360.0, group=_RADAR,
        ),
        Parameter(
            "radar_sector_width", "radar sector width", "width of that sector; 360 is all round", "deg",
            low=1.0, high=360.0, group=_RADAR,
        ),
        Parameter(
            "radar_refraction", "refraction",
            "how the air bends rays: not at all, as for a target in space through the standard atmosphere, "
            "or by the 4/3 Earth radius that holds near the ground", "choice",
            kind="choice", choices=("straight", "standard-atmosphere", "four-thirds-earth"), group=_RADAR,
        ),
        Parameter(
            "radar_track_time", "track time", "unbroken time in view that makes a track firm", "s",
            low=0.0, high=3600.0, group=_CLOCK,
        ),
        Parameter(
            "radar_bridged_gap", "bridged gap",
            "longest time out of view over which a track is carried on, from one radar to the next as well",
            "s", low=0.0, high=3600.0, group=_CLOCK,
        ),
        *(p for p in REACH.parameters if p.group.endswith("notional boost")),
        *FLIGHT_PATH,
        Parameter(
            "detection_band", "detection band",
            "margins in dB closer to zero than this are not decided by a model of this fidelity", "dB",
            low=0.0, high=20.0, group="doubt", role="band",
        ),
    ),
    outputs=(
        Output("first_seen_by", "", "radar that has the missile in view first, from threat burnout on"),
        Output("first_seen_s", "s", "when, from threat launch"),
        Output("first_seen_range_km", "km", "straight distance from that radar then"),
        Output("first_seen_elevation_deg", "deg", "elevation there, refraction included"),
        Output("first_seen_altitude_km", "km", "altitude of the missile then"),
        Output("first_seen_margin_db", "dB", "signal-to-noise of that look, less the required one"),
        Output(
            "margin_db", "dB",
            "best signal-to-noise of any look by any radar of the network, less the required one; null where "
            "the missile never stands in the sky of any", is_margin=True, band="detection_band",
        ),
        Output(
            "margin_site_db", "dB", "the same for the radar at the site alone", is_margin=True,
            band="detection_band",
        ),
        Output("closest_site_km", "km", "least distance from the radar at the site, in the sky it covers"),
        Output("detection_range_km", "km", "range at which the radar at the site has the required ratio"),
        Output("view_s", "s", "time in view of any radar, between threat burnout and impact"),
        Output("unbroken_view_s", "s", "longest time in view without a gap longer than may be bridged"),
        Output("margin_view_s", "s", "longest unbroken time in view less the track time", is_margin=True),
        Output("gap_s", "s", "longest time out of view between the first and the last moment in view"),
        Output("handovers", "1", "how often a track goes on only because another radar has the missile"),
        Output(
            "in_view_of", "",
            "radars that have the missile in view, each with its times, in s from threat launch",
        ),
        Output("track_s", "s", "when a track is first firm, from threat launch"),
        Output("track_by", "", "radar that has it then"),
        Output("cue_s", "s", "when the position's warning cue starts the clock, from threat launch"),
        Output("commit_s", "s", "that plus the commit delay: earliest interceptor launch"),
        Output("burnout_s", "s", "threat burnout, from threat launch"),
        Output("impact_s", "s", "end of the threat's flight, from threat launch"),
        Output("range_km", "km", "ground range from launch area to sample point"),
    ),
)  # fmt: skip
