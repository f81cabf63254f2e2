"""The files of a case: which record each holds, and which fields of a record files do not have."""

from pydantic import BaseModel

from detente.records.case import Case
from detente.records.claim import Claim
from detente.records.force import Force
from detente.records.position import Position
from detente.records.treaty import Treaty

CASE_FILE = "case.toml"
CLAIMS_FILE = "claims.toml"
SOURCES_FILE = "sources.toml"
POSITIONS_FOLDER = "positions"

_HIDDEN: dict[type[BaseModel], frozenset[str]] = {
    Case: frozenset({"positions", "claims", "sources", "agreement", "folder", "notices"}),
    Position: frozenset({"origin"}),
    Claim: frozenset({"margin"}),
    Force: frozenset({"holdings", "totals", "types", "bases", "sources", "notices"}),
    Treaty: frozenset({"attributions", "sources"}),
}


def hidden_fields(model: type[BaseModel]) -> frozenset[str]:
    """Fields that Python gives a record and files do not."""
    return _HIDDEN.get(model, frozenset())
