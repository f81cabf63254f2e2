"""What the study `cover` takes and gives."""

from .kinds import Output, Parameter, Study
from .reach import REACH

STANDARD = Parameter(
    "coverage_standard", "coverage standard",
    "share of a country's land within kinematic reach that counts as covering it", "1",
    low=0.0, high=1.0, group="standard", role="standard",
        )  # fmt: skip

COVER = Study(
    name="cover",
    question="Over how much of a country's land could an interceptor meet a missile on its way there?",
    parameters=(*REACH.parameters, STANDARD),
    outputs=(
        Output("cells", "1", "cells of land that a flight of the launch area leads to"),
        Output("area_km2", "km2", "land in these cells"),
        Output("share", "1", "share of that land within kinematic reach: margins of at least zero"),
        Output("share_beyond_band", "1", "share with margins above the indeterminate band"),
        Output("share_within_band", "1", "share with margins inside the indeterminate band"),
        Output("margin_share", "1", "share less the coverage standard", is_margin=True),
        Output(
            "margin_km_s", "km/s",
            "interceptor speed less the speed at which the share is the standard; null where no admissible "
            "speed is enough", is_margin=True, band="indeterminate_band",
        ),
        Output(
            "margin_delay_s", "s",
            "delay at which the share is the standard, less the actual one; null where no delay is short "
            "enough", is_margin=True,
        ),
        Output("median_margin_km_s", "km/s", "margin that half of the land has or exceeds"),
    ),
)  # fmt: skip
