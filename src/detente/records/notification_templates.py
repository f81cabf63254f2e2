"""Templates of notifications: a small sound history of both parties, to be overwritten with one's own."""

from pathlib import Path

from .notification import Fact, Header, Row, end_of, start_of
from .notification_files import COLUMNS, as_cells, write_notifications


def template_rows(parties: tuple[str, ...]) -> list[Row]:
    """A missile of each party that is declared, taken out of its launcher, moved, and counted there."""
    rows = []
    for party, other in (parties[:2], parties[1::-1]):
        initial = Header(f"{party}-1", "initial", party, start_of("2011-03-21"))
        when = end_of("2011-02-05")
        cells = (("missile", "M-1", "Base", "deployed"), ("launcher", "M-1", "Base", "deployed"))
        rows += [
            Row(
                initial,
                Fact("declared", party, when, "missile", "M0001", "M-1", "Base", "", "L0001", "deployed"),
            ),
            Row(
                initial, Fact("declared", party, when, "launcher", "L0001", "M-1", "Base", "", "", "deployed")
            ),
            *(Row(initial, Fact("total", party, when, c, "", t, p, "", "", s, 1)) for c, t, p, s in cells),
            Row(initial, Fact("warheads", party, when, "warheads", "", "M-1", "Base", count=3)),
        ]
        out = Header(f"{party}-2", "deployment", party, start_of("2011-05-12"))
        rows.append(Row(out, Fact("removed", party, start_of("2011-05-10"), "missile", "M0001", "M-1", "Base",
                                  launcher="L0001")))  # fmt: skip
        gone = Header(f"{party}-3", "movement", party, start_of("2011-05-18"))
        rows.append(
            Row(
                gone,
                Fact("departed", party, start_of("2011-05-16"), "missile", "M0001", "M-1", "Base", "Depot"),
            )
        )
        there = Header(f"{party}-4", "movement", party, start_of("2011-05-27"))
        rows.append(
            Row(there, Fact("arrived", party, start_of("2011-05-24"), "missile", "M0001", "M-1", "Depot"))
        )
        visit = Header(f"{other}-inspection-1", "inspection", other, start_of("2011-06-15"))
        rows += [
            Row(
                visit,
                Fact(
                    event,
                    party,
                    end_of("2011-06-15"),
                    "missile",
                    "",
                    "M-1",
                    "Depot",
                    "",
                    "",
                    "nondeployed",
                    1,
                ),
            )
            for event in ("briefed", "found")
        ]
    return sorted(rows, key=lambda row: row.header.received_at)


def write_templates(folder: Path, parties: tuple[str, ...]) -> tuple[Path, ...]:
    """Write the template as .csv, .xlsx and .toml into a folder, and give the three paths."""
    rows = template_rows(parties)
    table, workbook, document = (folder / f"template{suffix}" for suffix in (".csv", ".xlsx", ".toml"))
    write_notifications(table, rows)
    write_notifications(workbook, rows)
    document.write_text(_toml(rows), encoding="utf-8")
    return table, workbook, document


def _toml(rows: list[Row]) -> str:
    lines = ["# Notifications: one [[notification]] a document, one [[notification.fact]] a fact.", "#"]
    lines += [f"# {column}: {meaning}" for column, meaning in COLUMNS.items()]
    above: Header | None = None
    for row in rows:
        values = dict(zip(COLUMNS, as_cells(row), strict=True))
        if row.header != above:
            lines += ["", "[[notification]]"]
            lines += [f'{key} = "{values[key]}"' for key in ("reference", "format", "giver", "received")]
            above = row.header
        lines += ["[[notification.fact]]"]
        told = {
            key: value
            for key, value in values.items()
            if value and key not in {"reference", "format", "giver", "received"}
        }
        lines += [
            f"{key} = {value}" if key == "count" else f'{key} = "{value}"' for key, value in told.items()
        ]
    return "\n".join(lines) + "\n"
