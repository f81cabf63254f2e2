"""What lies around a run: its journal of times and workers, and the RO-Crate that describes the folder.

Only these two files hold times; everything else of a run is the same, byte for byte, whenever it is made.
Source: RO-Crate Metadata Specification 1.1.
"""

import contextlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .manifest import RUN_FILE, Manifest, sha256_of
from .store import write_file
from .summary import SUMMARY_FILE

CRATE_FILE = "ro-crate-metadata.json"
JOURNAL_FILE = "journal.jsonl"
_CONTEXT = "https://w3id.org/ro/crate/1.1/context"
_FORMS = {".nc": "application/x-netcdf", ".csv": "text/csv", ".json": "application/json"}


def note(folder: Path, event: str, **facts: Any) -> None:
    """Add a line to the journal: when, what, and facts. A full disk loses the line and not the run."""
    line = {"at": _now(), "event": event} | facts
    with contextlib.suppress(OSError), (folder / JOURNAL_FILE).open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def journal(folder: Path) -> list[dict[str, Any]]:
    """The lines of the journal, oldest first; a line that was cut off is left out."""
    lines = []
    path = folder / JOURNAL_FILE
    for text in path.read_text(encoding="utf-8").splitlines() if path.exists() else []:
        try:
            lines.append(json.loads(text))
        except json.JSONDecodeError:
            continue
    return lines


def write_crate(folder: Path, manifest: Manifest) -> None:
    """Describe a finished run so that archives and other programs understand the folder."""
    lines = journal(folder) or [{"at": _now()}]
    begun, ended = lines[0]["at"], lines[-1]["at"]
    names = (
        [RUN_FILE, SUMMARY_FILE, *(entry.file for entry in manifest.result.chunks)] if manifest.result else []
    )
    question = manifest.question
    held = [{"@id": name} for name in names]
    graph: list[dict[str, Any]] = [
        {
            "@id": CRATE_FILE,
            "@type": "CreativeWork",
            "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
            "about": {"@id": "./"},
        },
        {
            "@id": "./",
            "@type": "Dataset",
            "name": f"Sweep of {question.study} under position {question.position}".strip(),
            "description": _described(manifest),
            "datePublished": ended,
            "hasPart": held,
            "mentions": {"@id": "#run"},
        },
        {
            "@id": "#run",
            "@type": "CreateAction",
            "name": f"{manifest.plan.samples} samples of {question.study}",
            "instrument": {"@id": "#detente"},
            "startTime": begun,
            "endTime": ended,
            "result": held,
        },
        {
            "@id": "#detente",
            "@type": "SoftwareApplication",
            "name": "Détente",
            "version": manifest.versions["detente"],
            "softwareRequirements": [f"{name} {number}" for name, number in manifest.versions.items()],
        },
        *(_file(folder, name) for name in names),
    ]
    text = json.dumps({"@context": _CONTEXT, "@graph": graph}, indent=1, ensure_ascii=False)
    write_file(folder / CRATE_FILE, (text + "\n").encode())


def _described(manifest: Manifest) -> str:
    question, plan = manifest.question, manifest.plan
    about = f"case {question.case}, " if question.case else ""
    drawn = f"{plan.samples} samples ({plan.design}, seed {plan.seed})"
    return f"{drawn}: {about}study {question.study}. {question.caveat}".strip()


def _file(folder: Path, name: str) -> dict[str, Any]:
    content = (folder / name).read_bytes()
    return {
        "@id": name,
        "@type": "File",
        "encodingFormat": _FORMS[Path(name).suffix],
        "contentSize": str(len(content)),
        "sha256": sha256_of(content),
    }
