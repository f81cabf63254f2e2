"""What a treaty's limits and checks find on a day: one row a limit and reading, and who was bound by then."""

from .base import Names, Record, Status


class Standing(Record):
    """Where a treaty stands on a day, since when, and whether it binds; None where that is disputed."""

    word: str
    since: str = ""
    says: str
    binds: bool | None


class LimitRow(Record):
    """One limit or check for one party in one reading: what is counted, what is allowed, what is missing."""

    limit: str
    title: str
    kind: str
    reading: str = ""
    reading_title: str = ""
    party: str
    basis: str
    by: str
    as_of: str
    quantity: str = ""
    counted: int | float | None
    ceiling: int | float
    band_from: int | float | None = None
    slack: int | float | None
    at_least: int | float | None = None
    missing: Names = ()
    since: str = ""
    until: str = ""
    phase: str = ""
    article: str = ""
    article_status: Status | None = None
    status: Status
    source: Names = ()
    standing: str
    in_force: bool
    binding: bool | None
    amendment: str = ""
    says: str
    detail: Names = ()
    note: str = ""


class Compliance(Record):
    """Every limit and check of one treaty on one day, for what one force says."""

    force: str
    force_title: str
    treaty: str
    treaty_name: str
    on: str
    standing: Standing
    limits: tuple[LimitRow, ...]
    notices: Names = ()
