"""The crux: which assumptions make two positions differ, and what flips each conclusion."""

from detente.dispute.analysis import Options, analyse
from detente.dispute.assumption import Assumption
from detente.dispute.attribution import (
    TwoEnded,
    dividends,
    owen,
    quotient,
    shapley,
    shapley_interactions,
    two_ended,
)
from detente.dispute.between import crux
from detente.dispute.errors import DisputeError
from detente.dispute.flips import (
    FlipSets,
    Swings,
    banzhaf,
    double_cruxes,
    dummies,
    flip_sets,
    minimal_hitting_sets,
    responsibility,
    vetoes,
)
from detente.dispute.lattice import MAXIMUM_DISPUTED, Hybrid, Lattice, hybrid
from detente.dispute.settling import BestToSettle, Settling, settle
from detente.dispute.silence import silence_check

__all__ = [
    "MAXIMUM_DISPUTED",
    "Assumption",
    "BestToSettle",
    "DisputeError",
    "FlipSets",
    "Hybrid",
    "Lattice",
    "Options",
    "Settling",
    "Swings",
    "TwoEnded",
    "analyse",
    "banzhaf",
    "crux",
    "dividends",
    "double_cruxes",
    "dummies",
    "flip_sets",
    "hybrid",
    "minimal_hitting_sets",
    "owen",
    "quotient",
    "responsibility",
    "settle",
    "shapley",
    "shapley_interactions",
    "silence_check",
    "two_ended",
    "vetoes",
]
