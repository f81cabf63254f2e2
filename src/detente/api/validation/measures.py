"""Every measure that a published value may name, by the name that its table uses."""

from collections.abc import Mapping

from .claims import CLAIMS
from .cruxes import CRUXES
from .earths import EARTHS
from .flights import FLIGHTS
from .inputs import Measure
from .inspections import INSPECTIONS
from .radars import RADARS
from .raids import RAIDS

MEASURES: Mapping[str, Measure] = {**FLIGHTS, **EARTHS, **RADARS, **CLAIMS, **RAIDS, **CRUXES, **INSPECTIONS}
