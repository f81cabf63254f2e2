"""The only door to everything below: the verbs and nouns for Python, the command line and the web.

Each name is loaded when it is first asked for, so that nobody pays for an engine that he does not use.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from detente.dispute.attribution import owen, shapley
    from detente.dispute.between import crux
    from detente.dispute.errors import DisputeError
    from detente.dispute.flips import flip_sets
    from detente.dispute.lattice import Lattice, hybrid
    from detente.dispute.settling import settle
    from detente.records.base import Status
    from detente.records.brief import Brief
    from detente.records.case import Case
    from detente.records.claim import Claim, Reading
    from detente.records.crux import Crux
    from detente.records.errors import DetenteError, InputError, Problem
    from detente.records.figure import Distribution, Figure
    from detente.records.flight import Flight
    from detente.records.outcome import Outcome
    from detente.records.places import Place
    from detente.records.position import Position
    from detente.records.published import Score
    from detente.records.source import Source
    from detente.records.statement import Statement
    from detente.sweep.errors import SweepError
    from detente.sweep.run import Progress, RunSummary
    from detente.sweep.verify import Verification

    from .briefs import brief, export_figures, write_brief
    from .coverages import Covered, cover, draw_cover, write_cover
    from .disputes import case_crux, crux_rows
    from .library import CaseSummary, cases, check, load, new, schema, schemas, sources
    from .runs import flight, flight_rows, run, write_outcome
    from .sweeps import summary_rows, sweep_case, verification_rows, verify_run
    from .validation import scoreboard, scoreboard_rows

_PLACES = {
    "detente.dispute.attribution": ("owen", "shapley"),
    "detente.dispute.between": ("crux",),
    "detente.dispute.errors": ("DisputeError",),
    "detente.dispute.flips": ("flip_sets",),
    "detente.dispute.lattice": ("Lattice", "hybrid"),
    "detente.dispute.settling": ("settle",),
    "detente.records.base": ("Status",),
    "detente.records.brief": ("Brief",),
    "detente.records.case": ("Case",),
    "detente.records.claim": ("Claim", "Reading"),
    "detente.records.crux": ("Crux",),
    "detente.records.errors": ("DetenteError", "InputError", "Problem"),
    "detente.records.figure": ("Distribution", "Figure"),
    "detente.records.flight": ("Flight",),
    "detente.records.outcome": ("Outcome",),
    "detente.records.places": ("Place",),
    "detente.records.position": ("Position",),
    "detente.records.published": ("Score",),
    "detente.records.source": ("Source",),
    "detente.records.statement": ("Statement",),
    "detente.sweep.errors": ("SweepError",),
    "detente.sweep.run": ("Progress", "RunSummary"),
    "detente.sweep.verify": ("Verification",),
    "detente.api.briefs": ("brief", "export_figures", "write_brief"),
    "detente.api.coverages": ("Covered", "cover", "draw_cover", "write_cover"),
    "detente.api.disputes": ("case_crux", "crux_rows"),
    "detente.api.library": ("CaseSummary", "cases", "check", "load", "new", "schema", "schemas", "sources"),
    "detente.api.runs": ("flight", "flight_rows", "run", "write_outcome"),
    "detente.api.sweeps": ("summary_rows", "sweep_case", "verification_rows", "verify_run"),
    "detente.api.validation": ("scoreboard", "scoreboard_rows"),
}
_PLACE_OF = {name: place for place, names in _PLACES.items() for name in names}

__all__ = [
    "Brief",
    "Case",
    "CaseSummary",
    "Claim",
    "Covered",
    "Crux",
    "DetenteError",
    "DisputeError",
    "Distribution",
    "Figure",
    "Flight",
    "InputError",
    "Lattice",
    "Outcome",
    "Place",
    "Position",
    "Problem",
    "Progress",
    "Reading",
    "RunSummary",
    "Score",
    "Source",
    "Statement",
    "Status",
    "SweepError",
    "Verification",
    "brief",
    "case_crux",
    "cases",
    "check",
    "cover",
    "crux",
    "crux_rows",
    "draw_cover",
    "export_figures",
    "flight",
    "flight_rows",
    "flip_sets",
    "hybrid",
    "load",
    "new",
    "owen",
    "run",
    "schema",
    "schemas",
    "scoreboard",
    "scoreboard_rows",
    "settle",
    "shapley",
    "sources",
    "summary_rows",
    "sweep_case",
    "verification_rows",
    "verify_run",
    "write_brief",
    "write_cover",
    "write_outcome",
]


def __getattr__(name: str) -> Any:
    if name not in _PLACE_OF:
        raise AttributeError(f"module 'detente.api' has no attribute {name!r}")
    found = getattr(import_module(_PLACE_OF[name]), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted(__all__)
