"""A random sample that two sides draw together: commit, then reveal, and anybody can verify it afterwards."""

import csv
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.records.errors import InputError, Problem
from detente.records.finding import Finding, Table
from detente.records.outcome import Column

if TYPE_CHECKING:
    from detente.agreement.inspection.draw import Subject

COMMITMENT, OPENING, RECORD = "detente/draw-commitment/1", "detente/draw-opening/1", "detente/draw-record/1"


def draw_commit(
    names: str | Path, sample: int, party: str, seed: str, out: Path, keep: Path, *, about: str = ""
) -> Finding:
    """Commit one side to its seed for a list: `out` is handed over now, `keep` only after the other
    committed.

    `seed` is 64 hexadecimal digits from a good source of randomness. Existing files are never
    overwritten. Raises `InputError`.
    """
    from detente.agreement.inspection.draw import commitment, seed_from, subject

    of = subject(read_names(Path(names)), sample, about)
    body = _head(of, party) | {"commitment": commitment(of, party, seed_from(seed))}
    for path in (out, keep):
        if path.exists():
            raise InputError(
                Problem("the file exists", "name another: a commitment is made once", file=str(path))
            )
    _write(out, {"schema": COMMITMENT} | body)
    _write(keep, {"schema": OPENING} | body | {"seed": seed.strip().lower()}, private=True)
    return Finding(
        question="What does this side commit to?",
        sentence=f"{party} committed to a seed for {sample} of {len(of.names)} names: hand over {out.name} "
        f"now, and {keep.name} only when every other side has committed.",
        values=body | {"files": [str(out), str(keep)]},
    )


def draw_reveal(
    names: str | Path, commitments: Sequence[Path], openings: Sequence[Path], out: Path
) -> Finding:
    """The sample from every side's opened seed, and the record by which anybody can check it.

    `ok` is false, with the reason for each side, where an opening does not give its commitment again;
    then nothing is drawn or written. Raises `InputError` for a file that is none.
    """
    committed = [_read(path, COMMITMENT) for path in commitments]
    opened = [_read(path, OPENING) for path in openings]
    if out.exists():
        raise InputError(Problem("the file exists", "name another", file=str(out)))
    record = {
        "commitments": [{key: body[key] for key in (*_HEAD, "commitment")} for body in committed],
        "openings": [{"party": body["party"], "seed": body["seed"]} for body in opened],
    }
    found = _checked(read_names(Path(names)), record)
    if found.values["ok"]:
        _write(out, {"schema": RECORD} | record | {"sample_drawn": found.values["drawn"]})
    return found


def draw_verify(record: str | Path, names: str | Path) -> Finding:
    """Whether a record's openings give its commitments again, and its sample follows from them and the list.

    For a third party: nothing but the record and the list is needed. `ok` says so, `problems` why not.
    """
    body = _read(Path(record), RECORD)
    found = _checked(read_names(Path(names)), body)
    if found.values["ok"] and list(body.get("sample_drawn", ())) != found.values["drawn"]:
        reason = "the sample in the record is not the one that the seeds give"
        return found.model_copy(
            update={
                "sentence": f"Refused: {reason}.",
                "values": found.values | {"ok": False, "problems": [reason]},
            }
        )
    return found


def read_names(path: Path) -> list[str]:
    """The names of a list: a CSV with a column `id`, or one name a line. Raises `InputError`."""
    from detente.records.case_files.text_files import read_text

    text = read_text(path, path.name)
    if isinstance(text, Problem):
        raise InputError(text)
    lines = text.split("\n")
    if path.suffix.lower() == ".csv":
        table = csv.DictReader(lines)
        if "id" not in (table.fieldnames or ()):
            raise InputError(Problem("the table has no column id", "name one `id`", file=path.name, line=1))
        return [row["id"] or "" for row in table]
    while lines and not lines[-1].strip():
        lines.pop()
    return lines


_HEAD = ("party", "sample", "about", "names", "list")


def _head(of: "Subject", party: str) -> dict[str, Any]:
    return {
        "party": party,
        "sample": of.sample,
        "about": of.about,
        "names": len(of.names),
        "list": of.list_digest,
    }


def _checked(names: Sequence[str], record: Mapping[str, Any]) -> Finding:
    """The sample that a record's seeds give for a list, or why there is none."""
    from detente.agreement.inspection.draw import draw, seed_from, subject

    first: dict[str, Any] = {"sample": 1, "about": ""}
    first |= record["commitments"][0] if record["commitments"] else {}
    of = subject(names, first["sample"], first["about"])
    seeds = {body["party"]: seed_from(body["seed"]) for body in record["openings"]}
    problems = list(_faults(of, record, seeds))
    drawn = [] if problems else list(draw(of, seeds))
    told = (
        f"{len(drawn)} of {len(of.names)} drawn: {', '.join(drawn)}."
        if drawn
        else f"Refused: {'; '.join(problems)}."
    )
    return Finding(
        question="Which items were drawn, and does the draw hold?",
        sentence=told,
        values={
            "ok": not problems,
            "problems": problems,
            "drawn": drawn,
            "parties": [body["party"] for body in record["commitments"]],
            "about": of.about,
            "list": of.list_digest,
        },
        tables=(
            Table(
                name="order",
                columns=(
                    Column(name="place", unit="", meaning="in the order drawn"),
                    Column(name="name", unit="", meaning="as the list has it"),
                ),
                rows=tuple({"place": place, "name": name} for place, name in enumerate(drawn, 1)),
            ),
        ),
        conventions=(
            "SHA-256 over every side's seed draws the sample; a seed counts only with its commitment.",
            "Commitments are exchanged before any seed is opened; the files cannot show that this was so.",
        ),
        limits=(
            "A side can refuse to open once it knows the others' seeds: agree beforehand what follows then.",
            "Whether the list is complete.",
        ),
    )


def _faults(of: "Subject", record: Mapping[str, Any], seeds: Mapping[str, bytes]) -> Iterator[str]:
    from detente.agreement.inspection.draw import opens

    parties = [body["party"] for body in record["commitments"]]
    if len(set(parties)) < 2:
        yield "fewer than two sides committed"
    if len(set(parties)) < len(parties):
        yield "one side committed twice"
    for body in record["commitments"]:
        party = body["party"]
        wanted = (of.sample, of.about, len(of.names), of.list_digest)
        if (body["sample"], body["about"], body["names"], body["list"]) != wanted:
            yield f"{party} committed to another list, size or purpose"
        elif party not in seeds:
            yield f"{party} has not opened its seed"
        elif not opens(of, party, seeds[party], body["commitment"]):
            yield f"the seed of {party} is not the one it committed to"
    for party in sorted(set(seeds) - set(parties)):
        yield f"{party} opened a seed without a commitment"
    if len(set(seeds.values())) < len(seeds):
        yield "two sides opened one and the same seed"


_FIELDS: dict[str, dict[str, type]] = {
    COMMITMENT: {"party": str, "sample": int, "about": str, "names": int, "list": str, "commitment": str},
    OPENING: {"party": str, "seed": str},
    RECORD: {"commitments": list, "openings": list, "sample_drawn": list},
}


def _read(path: Path, form: str) -> dict[str, Any]:
    """A file of a draw. Raises `InputError` where it is another file, or lacks a part."""
    from detente.records.case_files.text_files import read_text

    text = read_text(path, path.name)
    if isinstance(text, Problem):
        raise InputError(text)
    try:
        body = json.loads(text)
    except json.JSONDecodeError as fault:
        raise InputError(
            Problem("this is no JSON", "give a file of `detente inspect draw`", path.name, line=fault.lineno)
        ) from None
    if not isinstance(body, dict) or body.get("schema") != form:
        raise InputError(
            Problem(f"this is no {form}", "give the file that belongs here", file=path.name, key="schema")
        )
    _has_fields(body, _FIELDS[form], path.name)
    if form == RECORD:
        for part, fields in (("commitments", _FIELDS[COMMITMENT]), ("openings", _FIELDS[OPENING])):
            for entry in body[part]:
                _has_fields(entry if isinstance(entry, dict) else {}, fields, path.name)
    return body


def _has_fields(body: Mapping[str, Any], fields: Mapping[str, type], name: str) -> None:
    wrong = [key for key, kind in fields.items() if type(body.get(key)) is not kind]
    if wrong:
        raise InputError(
            [
                Problem(
                    f"{key} is missing or of the wrong kind", "give the file as it was written", name, key
                )
                for key in wrong
            ]
        )


def _write(path: Path, body: Mapping[str, Any], *, private: bool = False) -> None:
    text = json.dumps(body, indent=2, ensure_ascii=False) + "\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if private else 0o644)
    with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)
