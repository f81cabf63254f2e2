"""Reading agreement.toml: the panels of a page, with the place of every fault."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from detente.records.agreement import PARTS, AgreementPage, ChecksPanel, InspectionsPanel
from detente.records.errors import Problem, did_you_mean

from .making import Maker, tables
from .rules import NoRules
from .toml_file import TomlFile, read_toml

AGREEMENT_FILE = "agreement.toml"


def read_agreement(folder: Path, parties: set[str], sources: set[str]) -> tuple[AgreementPage | None, Maker]:
    """The panels that a case folder names, and every fault of the file; None where there is no such file.

    `parties` and `sources` are the names that the other files of the case have.
    """
    path = folder / AGREEMENT_FILE
    if not path.exists():
        return None, Maker(TomlFile(AGREEMENT_FILE, {}), NoRules())
    file = read_toml(path, AGREEMENT_FILE, "agreement")
    maker = Maker(file, NoRules())
    if file.values is None:
        return None, maker
    maker.known_only(["parties", *PARTS])
    made: dict[str, Any] = {
        part: [
            (number, record)
            for number, values in tables(maker, part)
            if (record := maker.record(model, values, (part, number)))
        ]
        for part, model in PARTS.items()
    }
    head = maker.record(AgreementPage, {"parties": file.values.get("parties", {})}, ())
    if head is None or maker.problems:
        return None, maker
    maker.problems += _faults(folder, file, made, head.parties, (parties, sources))
    if maker.problems:
        return None, maker
    page = head.model_copy(update={part: tuple(r for _, r in found) for part, found in made.items()})
    return page, maker


def _faults(
    folder: Path,
    file: TomlFile,
    made: dict[str, Any],
    named: dict[str, str],
    known: tuple[set[str], set[str]],
) -> Iterator[Problem]:
    """Names that lead nowhere, and what stands twice."""
    parties, sources = known
    for name in named:
        if name not in parties:
            rule = f'the case has no party "{name}"'
            yield file.problem(("parties", name), rule, did_you_mean(name, parties), "key")
    seen: set[str] = set()
    for part, found in made.items():
        for number, panel in found:
            at = (part, number)
            if panel.id in seen:
                yield file.problem((*at, "id"), f'two panels with one id "{panel.id}"', "rename one")
            seen.add(panel.id)
            yield from _name_faults(folder, file, at, panel)
            for n, level in enumerate(getattr(panel, "levels", ())):
                below = (*at, "levels", n)
                if level.party is not None and level.party not in parties:
                    rule = f'the case has no party "{level.party}"'
                    yield file.problem((*below, "party"), rule, did_you_mean(level.party, parties))
                if level.high is not None and level.high < level.low:
                    rule = f"a range from {level.low:g} down to {level.high:g}"
                    yield file.problem((*below, "high"), rule, "write the lower end as low")
                for source in level.source:
                    if source not in sources:
                        rule = f'there is no source "{source}"'
                        yield file.problem((*below, "source"), rule, did_you_mean(source, sources))


def _name_faults(folder: Path, file: TomlFile, at: tuple[Any, ...], panel: Any) -> Iterator[Problem]:
    """A force, treaty, rule, plan or case that is neither shipped nor in the folder."""
    from detente.records.agreement_files import shipped_forces, shipped_treaties

    heads = {
        "force": ("force.toml", shipped_forces()),
        "treaty": ("treaty.toml", shipped_treaties()),
    }
    for key, (head, shipped) in heads.items():
        name = getattr(panel, key, "")
        if name and name not in shipped and not (folder / name / head).is_file():
            way_out = f"{did_you_mean(name, shipped)} or make a folder {name} with {head} in the case"
            yield file.problem((*at, key), f'there is no {key} "{name}"', way_out)
    if isinstance(panel, InspectionsPanel) and not panel.plan and not (folder / "inspection.toml").is_file():
        rule = "the case has no inspection.toml"
        yield file.problem((*at, "id"), rule, 'add it, or name a shipped plan, such as plan = "new-start"')
    if isinstance(panel, ChecksPanel) and not panel.on:
        yield file.problem((*at, "on"), "no day is named", 'write on = ["2001-12-18"]')
