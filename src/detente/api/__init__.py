"""The only door to everything below: the verbs and nouns for Python, the command line and the web."""

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
from detente.records.source import Source
from detente.records.statement import Statement

from .briefs import brief, export_figures, write_brief
from .disputes import case_crux, crux_rows
from .library import CaseSummary, cases, check, load, new, schema, schemas, sources
from .runs import flight, flight_rows, run

__all__ = [
    "Brief",
    "Case",
    "CaseSummary",
    "Claim",
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
    "Reading",
    "Source",
    "Statement",
    "Status",
    "brief",
    "case_crux",
    "cases",
    "check",
    "crux",
    "crux_rows",
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
    "settle",
    "shapley",
    "sources",
    "write_brief",
]
