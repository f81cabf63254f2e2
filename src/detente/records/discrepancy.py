"""What reconciling a ledger finds: discrepancies with every document behind them, balances, inspections."""

from typing import Literal

from pydantic import Field

from .base import Record

Fault = Literal[
    "two-places",
    "transit-too-long",
    "resurrection",
    "deployed-without-launcher",
    "late-notification",
    "warheads-outside-update",
    "elimination-not-notified",
    "bases-disagree",
]
"""The eight faults that the record of notifications can show; none of them says why, or on purpose."""

FAULTS: dict[Fault, str] = {
    "two-places": "one identifier in two places",
    "transit-too-long": "a transit longer than allowed",
    "resurrection": "an item that was eliminated or converted is there again",
    "deployed-without-launcher": "a missile deployed without a launcher of its own",
    "late-notification": "a notification after its deadline",
    "warheads-outside-update": "warhead data changed outside the initial data and the six-monthly update",
    "elimination-not-notified": "an item that is gone without a notified elimination",
    "bases-disagree": "declared, notified, briefed or counted numbers that do not agree",
}


class Discrepancy(Record):
    """One finding: what does not agree, where and when, and the data behind it as REFERENCE:LINE."""

    kind: Fault
    owner: str
    at: str
    says: str
    category: str = ""
    item: str = ""
    type: str = ""
    place: str = ""
    status: str = ""
    residual: int | None = None
    disputed: bool = False
    documents: tuple[str, ...] = ()


class Balance(Record):
    """One cell at one exchange of data: what was declared, and what the notifications make of it."""

    owner: str
    at: str
    document: str
    basis: Literal["totals", "listing"]
    category: str
    type: str
    place: str
    status: str
    notified: int
    declared: int
    residual: int
    explained: int
    """How much of the residual stands in a finding about a single identifier."""


class Inspected(Record):
    """One number of one inspection: declared last, notified since, briefed and found; None is a gap."""

    document: str
    at: str
    owner: str
    place: str
    category: str
    type: str
    status: str
    declared: int | None
    declared_on: str
    notified: int
    pending: int
    """Of the notified changes, those received after the inspection and within their five days."""
    same_day: int
    briefed: int | None
    found: int | None
    agrees: bool
    says: str


class Reconciliation(Record):
    """Everything that reconciling a ledger gives, for one pair of times."""

    ledger: str
    parties: tuple[str, ...]
    as_of: str
    known_at: str
    documents: int
    facts: int
    identifiers: int
    head: str
    discrepancies: tuple[Discrepancy, ...] = ()
    balances: tuple[Balance, ...] = Field(default=(), repr=False)
    inspections: tuple[Inspected, ...] = Field(default=(), repr=False)
    gaps: tuple[str, ...] = ()

    def by_kind(self) -> dict[str, int]:
        """How many findings there are of each of the eight kinds, zeros included."""
        return {kind: sum(found.kind == kind for found in self.discrepancies) for kind in FAULTS}
