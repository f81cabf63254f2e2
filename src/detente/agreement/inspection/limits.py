"""The rules that every number of an inspection obeys; all that are broken are listed at once."""

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from detente.records.errors import InputError, Problem

LARGEST_POPULATION = 10_000_000


class Rules:
    """Gathers the rules that an input breaks; `done` raises `InputError` with every one of them."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def refuse(self, rule: str, way_out: str, key: str) -> None:
        """Note a rule that is broken."""
        self.problems.append(Problem(rule, way_out, key=key))

    def count(self, key: str, value: int, least: int = 0, most: int = LARGEST_POPULATION) -> bool:
        """A whole number from `least` to `most`; whether it is one."""
        if isinstance(value, bool) or int(value) != value:
            self.refuse(f"{key} {value} is not a whole number", "count in whole items", key)
        elif value < least:
            what = "is negative" if value < 0 else f"is below {least}"
            self.refuse(f"{key} {value} {what}", f"give a whole number from {least} on", key)
        elif value > most:
            self.refuse(f"{key} {value} is above {most}", "split the population", key)
        else:
            return True
        return False

    def at_most(self, key: str, value: int, whole: str, limit: int, way_out: str) -> None:
        """A part is at most its whole."""
        if value > limit:
            self.refuse(f"{key} {value} exceeds {whole} {limit}", way_out, key)

    def share(self, key: str, value: float, *, ends: bool = True) -> bool:
        """A probability, from 0 to 1, or strictly between where the ends make no sense."""
        fine = math.isfinite(value) and (0 <= value <= 1 if ends else 0 < value < 1)
        if not fine:
            between = "from 0 to 1" if ends else "between 0 and 1, both excluded"
            self.refuse(f"{key} {float(value):g} is not a probability {between}", "write 0.95 for 95 %", key)
        return fine

    def done(self) -> None:
        """Raise `InputError` where any rule was broken."""
        if self.problems:
            raise InputError(self.problems)


def sampling_rules(items: int, sample: int | None, defects: int | None, quality: float, years: int) -> Rules:
    """The rules of one population: counts, parts no larger than the whole, a probability, years."""
    rules = Rules()
    whole = rules.count("items", items, 1)
    if defects is not None and rules.count("defects", defects) and whole:
        rules.at_most("defects", defects, "the items", items, "give at most as many defects as items")
    if sample is not None and rules.count("sample", sample) and whole:
        rules.at_most("sample", sample, "the items", items, "give at most as many as there are items")
    rules.share("quality", quality)
    rules.count("years", years, 1, 1000)
    return rules


def fraction_of(value: str | float | Fraction, key: str) -> Fraction:
    """A number as it was written: 0.1 is one tenth, "1/3" one third. Raises `InputError`."""
    try:
        return value if isinstance(value, Fraction) else Fraction(str(value).strip())
    except (ValueError, ZeroDivisionError):
        problem = Problem(f'"{value}" is not a number', "write 0.5, 2 or 1/3", key=key)
        raise InputError(problem) from None


def same_length(rules: Rules, named: dict[str, Sequence[Any]]) -> bool:
    """Whether lists that belong together have one length."""
    lengths = {len(values) for values in named.values()}
    if len(lengths) > 1:
        shown = ", ".join(f"{len(values)} {name}" for name, values in named.items())
        rules.refuse(f"lists that belong together differ in length: {shown}", "give one each", "sites")
    return len(lengths) == 1


def checked(problems: Iterable[Problem]) -> None:
    """Raise `InputError` where there is any problem."""
    found = tuple(problems)
    if found:
        raise InputError(found)
