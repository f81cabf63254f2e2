"""How well pages are read: precision and recall on labelled pages, per page and per kind, bad ones too."""

import re
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from detente.reading.propose import read_page
from detente.records.reading import ReadingScore
from detente.records.reading_files import read_labels

FOLDER = Path(str(files("detente") / "data" / "labelled-pages"))
KINDS = ("facts", "statements", "speaker", "post", "channel", "mode", "date", "hedge", "meetings",
         "commitments", "due", "quantities", "related")  # fmt: skip

FLOORS = {"facts": (0.8, 0.8), "statements": (0.6, 0.45), "related": (0.6, 0.6)}
"""Precision and recall that all pages together must have; other kinds are printed and judged by nobody."""


def reading_scores(folder: Path | None = None) -> tuple[ReadingScore, ...]:
    """Scores on every labelled page of a folder, kind by kind, and on all pages together (page `all`)."""
    found: list[ReadingScore] = []
    for labels in sorted((folder or FOLDER).glob("*.labels.toml")):
        stem = labels.name.removesuffix(".labels.toml")
        page = next(path for path in sorted(labels.parent.glob(f"{stem}.*")) if path != labels)
        found += _page(stem, read_page(page).as_rows(), read_labels(labels))
    for kind in KINDS:
        rows = [score for score in found if score.kind == kind]
        sums = [sum(getattr(score, name) for score in rows) for name in ("right", "proposed", "labelled")]
        found.append(ReadingScore(page="all", kind=kind, right=sums[0], proposed=sums[1], labelled=sums[2]))
    return tuple(found)


def reading_score_rows(found: Sequence[ReadingScore]) -> list[dict[str, Any]]:
    """Scores as rows of JSON: the shares, the floor of the kind, and whether all pages lie below it."""
    return [
        score.model_dump() | {"precision": score.precision, "recall": score.recall} | _floor(score)
        for score in found
    ]


def _floor(score: ReadingScore) -> dict[str, Any]:
    floor = FLOORS.get(score.kind) if score.page == "all" else None
    below = floor is not None and ((score.precision or 0.0) < floor[0] or (score.recall or 0.0) < floor[1])
    return {"floor": floor, "below": below}


def _page(page: str, reading: dict[str, Any], labels: dict[str, Any]) -> list[ReadingScore]:
    rows = [_facts(page, reading["page"], labels)]
    said = [each for each in reading["statements"] if each["voice"] == "speaker"]
    wanted = [each for each in labels.get("statements", []) if each.get("voice", "speaker") == "speaker"]
    pairs = _pairs(said, wanted, "text")
    rows.append(_score(page, "statements", pairs, said, wanted))
    rows += [_field(page, name, pairs) for name in ("speaker", "post", "channel", "mode", "date", "hedge")]
    met = _pairs(reading["meetings"], labels.get("meetings", []), "who")
    rows.append(_score(page, "meetings", met, reading["meetings"], labels.get("meetings", [])))
    undertaken = _pairs(reading["commitments"], labels.get("commitments", []), "text")
    rows.append(
        _score(page, "commitments", undertaken, reading["commitments"], labels.get("commitments", []))
    )
    rows.append(_field(page, "due", undertaken))
    counted = [
        (ours, theirs) for ours, theirs in _pairs(reading["quantities"], labels.get("quantities", []), "text")
        if (ours["low"], ours["high"]) == (theirs.get("low"), theirs.get("high"))
    ]  # fmt: skip
    rows.append(_score(page, "quantities", counted, reading["quantities"], labels.get("quantities", [])))
    listed = [
        pair for pair in _pairs(reading["related"], labels.get("related", []), "title")
        if pair[0]["on_topic"] == pair[1]["on_topic"]
    ]  # fmt: skip
    rows.append(_score(page, "related", listed, reading["related"], labels.get("related", [])))
    return rows


def _facts(page: str, ours: dict[str, Any], labels: dict[str, Any]) -> ReadingScore:
    names = [
        name
        for name in ("title", "published", "updated", "zone", "source", "rights", "author")
        if name in labels
    ]
    right = sum(_plain(ours[name]) == _plain(labels[name]) for name in names)
    return ReadingScore(page=page, kind="facts", right=right, proposed=len(names), labelled=len(names))


def _score(
    page: str, kind: str, pairs: Sequence[Any], ours: Sequence[Any], theirs: Sequence[Any]
) -> ReadingScore:
    return ReadingScore(page=page, kind=kind, right=len(pairs), proposed=len(ours), labelled=len(theirs))


def _field(page: str, name: str, pairs: Sequence[tuple[dict[str, Any], dict[str, Any]]]) -> ReadingScore:
    """Among matched pairs: how often the field is as labelled, where either of the two has one."""
    asked = [(ours.get(name), theirs.get(name)) for ours, theirs in pairs]
    asked = [(mine, wanted) for mine, wanted in asked if _plain(mine) or _plain(wanted)]
    right = sum(_plain(mine) == _plain(wanted) for mine, wanted in asked)
    proposed = sum(bool(_plain(mine)) for mine, _ in asked)
    return ReadingScore(
        page=page, kind=name, right=right, proposed=proposed, labelled=sum(bool(_plain(w)) for _, w in asked)
    )


def _pairs(
    ours: Sequence[dict[str, Any]], theirs: Sequence[dict[str, Any]], key: str
) -> list[tuple[Any, Any]]:
    """Each label with the best free proposal that shares half of the words of the longer of the two."""
    free = list(ours)
    found = []
    for wanted in theirs:
        best = max(free, key=lambda each: _overlap(each[key], wanted.get(key, "")), default=None)
        if best is not None and _overlap(best[key], wanted.get(key, "")) >= 0.5:
            found.append((best, wanted))
            free.remove(best)
    return found


def _overlap(one: Any, other: Any) -> float:
    mine, theirs = set(_plain(one).split()), set(_plain(other).split())
    return len(mine & theirs) / max(len(mine), len(theirs), 1)


def _plain(value: Any) -> str:
    if isinstance(value, list | tuple):
        value = " ".join(str(each) for each in value)
    text = re.sub(r"[^\w+:/-]+", " ", str(value or "").casefold())
    return re.sub(r"^(?:the|a|an) ", "", text.strip())
