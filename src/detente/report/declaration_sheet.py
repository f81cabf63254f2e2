"""A commitment or a reveal as a PDF for the files of a delegation, with the machine's file inside.

PDF/A-3, so that it can be read in decades; the JSON that `detente verify` checks is attached byte for byte,
and the page shows the root to which both lead. The same input and date give the same bytes.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from importlib import resources
from typing import Any

MOST_COLUMNS = 9


def declaration_pdf(
    data: bytes,
    file: str,
    root: str,
    opened: Mapping[str, Any],
    said: Sequence[str],
    owed: Sequence[str],
    day: date,
) -> bytes:
    """The PDF of a file of an exchange, as made on a day, which PDF/A wants to know.

    `data` are the bytes of the file, `opened` and `said` what they were proved to show, `owed` what not.
    """
    import typst

    header = opened.get("header", {})
    given = {
        "title": str(header.get("title") or "Declaration"),
        "lines": [*_headed(header), *said],
        "root": root,
        "digest": hashlib.sha256(data).hexdigest(),
        "file": file,
        "sites": [_site(site) for site in opened.get("everything", opened.get("sites", ()))],
        "owed": list(owed),
        "day": [day.year, day.month, day.day],
    }
    folder = resources.files("detente")
    made = typst.compile(
        str(folder / "report" / "templates" / "declaration.typ"),
        format="pdf",
        font_paths=[str(folder / "data" / "fonts")],
        ignore_system_fonts=True,
        sys_inputs={"given": json.dumps(given), "data": data.decode("utf-8")},
        pdf_standards=["a-3a", "ua-1"],
    )
    assert isinstance(made, bytes)  # noqa: S101 - a PDF is one file; only pictures come page by page
    return made


def _headed(header: Mapping[str, Any]) -> list[str]:
    lines = []
    if header.get("party"):
        lines.append(f"Declared by {header['party']}")
    if header.get("as_of"):
        lines.append(f"As of {header['as_of']}")
    return lines


def _site(site: Mapping[str, Any]) -> dict[str, Any]:
    """A site as a table; entries with many fields are set as name and value, one entry a row."""
    entries: list[Mapping[str, Any]] = list(site["entries"])
    whole = site.get("whole", True)
    count = f"{len(entries)} {'entry' if len(entries) == 1 else 'entries'}"
    note = f"exactly {count}, all shown" if whole else "a part of what is declared here"
    columns = list(dict.fromkeys(name for entry in entries for name in entry))
    if len(columns) > MOST_COLUMNS:
        rows = [["; ".join(f"{name}: {_cell(value)}" for name, value in entry.items())] for entry in entries]
        return {"name": site["site"], "note": note, "columns": ["entry"], "rows": rows}
    rows = [[_cell(entry[name]) if name in entry else "" for name in columns] for entry in entries]
    return {"name": site["site"], "note": note, "columns": columns, "rows": rows}


def _cell(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
