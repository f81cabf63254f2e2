"""A claim about a change, such as "down 104 since 2011", held against a series of figures."""

from .base import Names, Record, Status


class Step(Record):
    """The change of one figure of a series between two of its days."""

    party: str
    quantity: str
    since: str
    to: str
    before: int
    after: int
    change: int
    status: Status
    source: Names = ()

    def __str__(self) -> str:
        verb = "up" if self.change > 0 else "down"
        moved = f"{verb} {abs(self.change):,}" if self.change else "unchanged"
        name = self.quantity.replace("_", " ")
        return (
            f"{self.party}, {name}: {moved} from {self.since} ({self.before:,}) to {self.to} ({self.after:,})"
        )


class ChangeVerdict(Record):
    """Whether a claimed change is in the figures, which step says so, and the nearest true statement."""

    party: str
    quantity: str
    since: str
    to: str
    claimed: int
    true: bool | None
    step: Step | None
    nearest: Step | None
    elsewhere: tuple[Step, ...] = ()
    missing: Names = ()
    says: str


class Anomaly(Record):
    """Something in a table that cannot be as printed: a slip of transcription, or a source that errs."""

    kind: str
    row: str
    says: str
    suggestion: str = ""
    table: str = ""
    line: int | None = None
    status: Status
    source: Names = ()
