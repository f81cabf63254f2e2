"""Putting every published value beside our own: one row each, and nothing of ours comes from the file."""

from collections import Counter
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.api.library import load
from detente.records.errors import DetenteError, InputError, Problem, did_you_mean
from detente.records.published import Amount, Published, Score, ScoreSource
from detente.records.published_tables import load_published, load_published_sources

from .measures import MEASURES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from detente.records.source import Source

    from .inputs import Measure

FOLDER = Path(str(files("detente") / "data" / "published"))


def scoreboard(only: str | None = None, folder: Path | None = None) -> tuple[Score, ...]:
    """Every published value with our own result for it, in the order of the tables.

    `only` keeps the rows that have this word in their id, table, case, source or quantity. Raises
    `InputError` where no row has it, or where a table of published values is wrong.
    """
    tables = load_published(folder or FOLDER)
    named = {name: [row for row in rows if _has(only, name, row)] for name, rows in tables.items()}
    if not any(named.values()):
        way_out = f"{did_you_mean(str(only), tables)} or use any word of a row"
        raise InputError(Problem(f'no published value has the word "{only}"', way_out, key="--only"))
    sources = _Sources(folder or FOLDER)
    return tuple(_score(name, row, sources) for name, rows in named.items() for row in rows)


def scoreboard_rows(found: tuple[Score, ...]) -> dict[str, Any]:
    """The scoreboard as JSON: the rows, how many came out how, and whether none is red."""
    return {
        "ok": not any(score.is_red for score in found),
        "counts": dict(Counter(score.verdict for score in found)),
        "rows": [score.model_dump(mode="json") for score in found],
    }


class _Sources:
    """Sources by key: of the published values, or CASE:KEY of a shipped case."""

    def __init__(self, folder: Path) -> None:
        self.own = load_published_sources(folder)
        self.cases: dict[str, Mapping[str, Source]] = {}

    def cited(self, key: str) -> ScoreSource:
        """What the scoreboard says of a source. Raises `InputError` for an unknown one."""
        case, sign, name = key.partition(":")
        if sign and case not in self.cases:
            self.cases[case] = load(case).sources
        known = self.cases[case] if sign else self.own
        found = known.get(name if sign else key)
        if found is None:
            raise InputError(Problem(f'there is no source "{key}"', did_you_mean(key, known), key=key))
        title = found.title or f"{found.publisher} {found.date}".strip()
        return ScoreSource(key=key, title=title, read=found.read)


def _has(word: str | None, table: str, row: Published) -> bool:
    text = f"{table} {row.id} {row.case} {row.source} {row.what}".casefold()
    return word is None or word.casefold() in text


def _score(table: str, row: Published, sources: _Sources) -> Score:
    ours, fault = _ours(row)
    return Score(
        id=row.id,
        table=table,
        case=row.case,
        source=sources.cited(row.source),
        status=row.status,
        what=row.what,
        published=row.value if row.amount is None else row.amount,
        ours=ours,
        unit=row.unit,
        difference=row.difference(ours),
        tolerance=row.allowed,
        verdict=row.verdict(ours),
        note="; ".join(part for part in (fault, row.note) if part),
    )


def _ours(row: Published) -> tuple[Amount, str]:
    """Our result from the row's inputs alone, and what kept us from one."""
    measure: Measure | None = MEASURES.get(row.measure)
    if measure is None:
        return None, f'there is no measure "{row.measure}"; {did_you_mean(row.measure, MEASURES)}'
    try:
        return measure(row.given), ""
    except (DetenteError, ValueError, KeyError, ArithmeticError) as fault:
        return None, f"no result: {fault}"
