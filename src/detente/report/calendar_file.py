"""The days that a treaty sets as a calendar file (iCalendar), the same bytes for the same treaty."""

from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar, Event

from detente.records.due import Clocks


def calendar_file(clocks: Clocks) -> bytes:
    """Every day on which something falls due as a whole-day entry; what has no day is left out.

    Entries carry the article, what the day is counted from, and whether the treaty stood by then. They are
    stamped with their own day, so that a file made twice is one file.
    """
    made = Calendar()
    made.add("prodid", "-//Detente//Treaty clocks 1//EN")
    made.add("version", "2.0")
    made.add("x-wr-calname", clocks.treaty_name)
    for due in clocks.clocks:
        if not due.date:
            continue
        day = date.fromisoformat(due.date)
        entry = Event()
        entry.add("uid", f"{clocks.treaty}-{due.clock}-{due.from_date}-{due.turn}@detente")
        entry.add("dtstamp", datetime(day.year, day.month, day.day, tzinfo=UTC))
        entry.add("dtstart", day)
        last = date.fromisoformat(due.until) if due.until else day
        entry.add("dtend", last + timedelta(days=1))
        entry.add("summary", f"{clocks.treaty_name}: {due.title}")
        told = [
            f"Article {due.article}" if due.article else "",
            f"{due.after} from {due.runs_from}, {due.from_date}",
        ]
        told += [f"Treaty {due.state}" if due.state else "", due.note, f"Status: {due.status}"]
        entry.add("description", "\n".join(line for line in told if line))
        entry.add("categories", [due.kind])
        entry.add("transp", "TRANSPARENT")
        made.add_component(entry)
    return bytes(made.to_ical())
