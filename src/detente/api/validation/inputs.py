"""What goes into a measure: quantities with units, and places, from the inputs of a published value."""

from collections.abc import Callable, Mapping
from functools import lru_cache

from detente.api.library import load
from detente.records.case import Case
from detente.records.places import Place
from detente.records.published import Amount
from detente.records.units import parse_quantity

Given = Mapping[str, str]
"""The inputs of one published value by name, as they stand in its table."""

Measure = Callable[[Given], Amount]
"""One of our results from such inputs; it never sees the published value."""


@lru_cache(maxsize=8)
def shipped_case(name: str) -> Case:
    """A shipped case, read once."""
    return load(name)


def place(given: Given, name: str) -> Place:
    """A named place of the case that the inputs are of."""
    return shipped_case(given["of"]).place(given[name]).place


def quantity(given: Given, name: str, unit: str) -> float:
    """An input in a unit. Raises KeyError where it is missing, `UnitError` where it has another dimension."""
    return parse_quantity(given[name]).to(unit)


def number(given: Given, name: str) -> float:
    """A bare number. Raises KeyError where it is missing."""
    return float(given[name])


def words(given: Given, name: str) -> tuple[str, ...]:
    """Names separated by spaces; none where the input is missing."""
    return tuple(given.get(name, "").split())
