"""Reading a treaty from its folder: every problem of every file in one run, or the treaty."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from detente.records.errors import InputError, Problem, did_you_mean
from detente.records.treaty import STANDARD_QUANTITIES, Attribution, Treaty

from .folders import (
    at_row,
    at_table,
    find,
    in_order,
    read_head,
    read_records,
    read_sources,
    shipped_names,
    support,
    with_id,
)

TREATY_FILE = "treaty.toml"
ATTRIBUTIONS_FILE = "attributions.csv"
_LISTS = ("articles", "events", "amendments", "readings", "rules", "limits", "checks", "clocks", "quotas")


def shipped_treaties() -> tuple[str, ...]:
    """The names of the treaties, announcements and proposals that come with the program."""
    return shipped_names("treaties", TREATY_FILE)


def load_treaty(treaty: str | os.PathLike[str] | Treaty) -> Treaty:
    """A treaty from its folder or by its shipped name.

    Raises `InputError` that lists every problem of every file with its line and column.
    """
    if isinstance(treaty, Treaty):
        return treaty
    folder = find(treaty, "treaties", TREATY_FILE)
    maker = read_head(folder, TREATY_FILE, "treaty")
    problems: list[Problem] = []
    sources, wrong = read_sources(folder)
    problems += wrong
    rows, table = read_records(folder, ATTRIBUTIONS_FILE, Attribution, problems)
    values = with_id(folder, dict(maker.file.values or {}))
    head = maker.record(Treaty, values, ()) if maker.file.values is not None else None
    problems += maker.problems
    for row, made in rows:
        say = at_row(table, row)
        problems += support(made, sources, say)
        if head is not None and made.article:
            problems += _known(
                say, "article", made.article, [str(article.id) for article in head.articles], "article"
            )
    if head is not None:
        for name in _LISTS:
            for number, record in enumerate(_list(head, name)):
                problems += support(record, sources, at_table(maker.file, (name, number)))
        problems += _crosschecks(head, lambda path: at_table(maker.file, path))
    if problems or head is None:
        raise InputError(in_order(problems))
    attributions = tuple(made for _, made in rows)
    if head.attributes_as:
        other = _other(head, folder)
        named = {(made.party, made.type) for made in attributions}
        more = tuple(made for made in other.attributions if (made.party, made.type) not in named)
        used = {key for made in more for key in made.source}
        attributions += tuple(made.model_copy(update={"article": ""}) for made in more)
        sources = {key: source for key, source in other.sources.items() if key in used} | sources
    return head.model_copy(update={"attributions": attributions, "sources": sources})


def _other(head: Treaty, folder: Path) -> Treaty:
    """The treaty whose attributions hold here too: one that stands beside this one, or a shipped one."""
    beside = folder.resolve().parent / head.attributes_as
    if beside == folder.resolve():
        raise InputError(
            Problem(f'"{head.id}" takes its attributions from itself', "name another", TREATY_FILE)
        )
    return load_treaty(beside if (beside / TREATY_FILE).is_file() else head.attributes_as)


def _list(treaty: Treaty, name: str) -> tuple[Any, ...]:
    return tuple(getattr(treaty, name))


def _known(
    say: Callable[[str, str, str], Problem], key: str, name: str, known: Sequence[str], what: str
) -> Iterator[Problem]:
    if name and name not in known:
        yield say(key, f'there is no {what} "{name}"', did_you_mean(name, known))


def _crosschecks(
    treaty: Treaty, at: Callable[[tuple[str | int, ...]], Callable[[str, str, str], Problem]]
) -> Iterator[Problem]:
    """Every name that is used and stands nowhere, and every id that stands twice."""
    known: Mapping[str, Sequence[str]] = {
        "article": [found.id for found in treaty.articles],
        "reading": [found.id for found in treaty.readings],
        "amendment": [found.id for found in treaty.amendments],
        "quantity": [found.id for found in (*STANDARD_QUANTITIES, *treaty.quantities)],
        "replaces": [*(found.id for found in treaty.limits), *(found.id for found in treaty.checks)],
        "party": treaty.party_ids,
        "to": treaty.party_ids,
    }
    whats: dict[str, str] = {"replaces": "limit or check", "to": "party"}
    for name in (*_LISTS, "quantities"):
        seen: dict[tuple[str, str], int] = {}
        for number, record in enumerate(_list(treaty, name)):
            say = at((name, number))
            for key, names in known.items():
                if key == "party" and name != "events":
                    continue  # a rule may name parties that only a force knows
                given = getattr(record, key, ())
                for word in (given,) if isinstance(given, str) else given:
                    yield from _known(say, key, word, names, whats.get(key, key))
            identity = (getattr(record, "id", ""), getattr(record, "reading", ""))
            if identity[0] and identity in seen:
                rule = f'two {name} with one id "{identity[0]}", number {seen[identity]} and {number + 1}'
                yield say("id", rule, "rename or remove one of the two")
            seen.setdefault(identity, number + 1)
