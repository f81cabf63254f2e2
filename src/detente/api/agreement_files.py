"""Files of agreements: new forces and treaties, tables, charts, calendars, and claims about a series."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from detente.records.count import Count
from detente.records.due import Clocks
from detente.records.errors import InputError, Problem
from detente.records.force import Force
from detente.records.said_change import Anomaly, ChangeVerdict
from detente.records.treaty import Treaty

from .agreements import load_force, load_treaty

PICTURES = (".svg", ".png")
SERIES = "new-start-aggregates"


def new_force(name: str, into: Path | str = ".") -> Path:
    """Make a folder of a force with commented files that already run, and give its path."""
    from detente.records.agreement_files.new_agreements import new_force as make

    return make(name, into)


def new_treaty(name: str, into: Path | str = ".") -> Path:
    """Make a folder of a treaty with commented files that already run, and give its path."""
    from detente.records.agreement_files.new_agreements import new_treaty as make

    return make(name, into)


def write_force(force: str | Path | Force, path: Path | str) -> Path:
    """Write a force as a workbook (.xlsx), or its rows as CSV (.csv); either can be read again."""
    from detente.records.agreement_files.workbooks import write_force as write

    return write(load_force(force), Path(path))


def write_counts(counts: Sequence[Count], path: Path | str) -> Path:
    """Write counts as a table of their totals (.csv), or with every step as a workbook (.xlsx)."""
    from detente.records.agreement_files.workbooks import write_sheets

    names = list(dict.fromkeys(found.quantity for count in counts for found in count.sums))
    head = ("rule", "reading", "party", "basis", "by", "date")
    totals = [
        [getattr(count, key) for key in head] + [count.totals.get(name) for name in names] for count in counts
    ]
    steps = ("rule", "reading", "party", "step", "type", "category", "held_as", "number", "attribution")
    more = ("warheads", "article", "status", "missing")
    rows: list[list[Any]] = [
        [count.rule, count.reading, count.party] + [getattr(row, key) for key in (*steps[3:], *more)]
        for count in counts
        for row in count.rows
    ]
    return write_sheets({"totals": ((*head, *names), totals), "rows": ((*steps, *more), rows)}, Path(path))


def draw_counts(counts: Sequence[Count], path: Path | str) -> Path:
    """Draw counts of one arsenal, or of several, as bars beside each other: .svg or .png."""
    from detente.report.count_chart import count_chart

    target = Path(path)
    if target.suffix not in PICTURES:
        rule = f'"{target.name}" does not say what kind of file it is to be'
        raise InputError(Problem(rule, f"let it end in one of: {', '.join(PICTURES)}", key="--chart"))
    if not counts:
        raise InputError(Problem("there is nothing to draw", "count a force first"))
    drawing = count_chart(counts, counts[0].force_title)
    source = f"Détente, force {counts[0].force}, rules {', '.join(dict.fromkeys(c.rule for c in counts))}."
    if target.suffix == ".svg":
        target.write_text(drawing.as_svg(source), encoding="utf-8", newline="\n")
    else:
        target.write_bytes(drawing.as_png(source))
    return target


def write_calendar(clocks: Clocks, path: Path | str) -> Path:
    """Write the days that a treaty sets as a calendar file (.ics)."""
    from detente.report.calendar_file import calendar_file

    target = Path(path)
    target.write_bytes(calendar_file(clocks))
    return target


def check_change(
    words: str = "",
    *,
    force: str | Path | Force = SERIES,
    party: str = "",
    quantity: str = "",
    since: str = "",
    to: str = "",
    change: int | None = None,
) -> ChangeVerdict:
    """Whether "down 104 since 2011" is in the figures of a series, and the nearest true statement.

    What the words do not say is given beside them; what is given goes before the words. Raises `InputError`.
    """
    from detente.agreement.changes import check_change as held_against
    from detente.agreement.changes import read_change, read_subject

    loaded = load_force(force)
    said, first, last = read_change(words) if words and change is None else (change, "", "")
    whose, what = read_subject(words, loaded)
    if said is None:
        raise InputError(Problem("no change is claimed", 'write "down 104 since 2011", or give --change'))
    party, quantity = party or whose, quantity or what
    if not party or not quantity:
        missing = "whose figures" if not party else "which quantity"
        keys = "--party US" if not party else "--quantity warheads"
        raise InputError(
            Problem(f"the claim does not say {missing}", f"give {keys}", key=keys.split(maxsplit=1)[0])
        )
    return held_against(loaded, party, quantity, said, since or first, to or last)


def anomalies(force: str | Path | Force, rule: str | Path | Treaty | None = None) -> tuple[Anomaly, ...]:
    """What in the tables of a force cannot be as printed; with a rule, by its attributions too."""
    from detente.agreement.anomalies import anomalies as found

    return found(load_force(force), load_treaty(rule) if rule is not None else None)
