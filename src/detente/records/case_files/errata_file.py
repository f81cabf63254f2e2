"""Reading the file of errata."""

import os
from collections.abc import Sequence
from pathlib import Path

from detente.records.errata import Erratum
from detente.records.errors import InputError

from .making import Maker, tables
from .rules import NoRules
from .toml_file import read_toml


def load_errata(path: str | os.PathLike[str]) -> tuple[Erratum, ...]:
    """Every erratum of a file, in its order. Raises `InputError` with every problem of the file."""
    path = Path(path)
    maker = Maker(read_toml(path, path.name, "errata"), NoRules())
    maker.known_only(["errata"])
    made = [maker.record(Erratum, values, ("errata", number)) for number, values in tables(maker, "errata")]
    _once(maker, made)
    errata = tuple(erratum for erratum in made if erratum is not None)
    if maker.problems:
        raise InputError(maker.problems)
    return errata


def _once(maker: Maker, made: Sequence[Erratum | None]) -> None:
    seen: set[str] = set()
    for number, erratum in enumerate(made):
        if erratum is not None and erratum.id in seen:
            rule = f'two errata with one id "{erratum.id}"'
            maker.refuse(("errata", number, "id"), rule, "rename or remove one of the two")
        if erratum is not None:
            seen.add(erratum.id)
