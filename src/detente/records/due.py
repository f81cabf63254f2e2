"""Days that a treaty sets: what falls due when, from which event, and where the treaty stands then."""

from .base import Names, Record, Status
from .compliance import Standing


class Due(Record):
    """One day on which something falls due, or the notice that it runs from an event that never came."""

    clock: str
    title: str
    kind: str
    date: str = ""
    until: str = ""
    turn: int = 1
    runs_from: str
    from_date: str = ""
    after: str = ""
    article: str = ""
    article_status: Status | None = None
    status: Status
    source: Names = ()
    when: str = ""
    state: str = ""
    note: str = ""


class Clocks(Record):
    """Every day that a treaty sets, its events and amendments, and where it stands on a day."""

    treaty: str
    treaty_name: str
    on: str = ""
    standing: Standing | None = None
    clocks: tuple[Due, ...]
    events: tuple[dict[str, str], ...] = ()
    amendments: tuple[dict[str, str], ...] = ()
