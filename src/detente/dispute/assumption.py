"""What is known about an assumption besides its two values: words, unit, sources, bounds, kind."""

import math
from dataclasses import dataclass
from typing import Any, Literal, get_args

from detente.dispute.errors import DisputeError
from detente.dispute.lattice import is_continuous
from detente.records.crux import Kind


@dataclass(frozen=True)
class Assumption:
    """One assumption as a reader sees it; `low` and `high` are its physical bounds in its own unit.

    `group` gathers assumptions for the Owen value without locking them together. On the `log` scale the way
    between two values is measured in ratios. `a_sigma` and `b_sigma` are each side's own standard deviations.
    """

    name: str
    label: str = ""
    unit: str = ""
    a_text: str = ""
    b_text: str = ""
    source_a: tuple[str, ...] = ()
    source_b: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    kind: Kind = "numbers"
    group: str = ""
    scale: Literal["linear", "log"] = "linear"
    a_sigma: float | None = None
    b_sigma: float | None = None

    def __post_init__(self) -> None:
        if self.kind not in get_args(Kind):
            raise DisputeError(
                f'"{self.name}": there is no kind "{self.kind}"; use one of {list(get_args(Kind))}'
            )
        for bound in (self.low, self.high):
            if bound is not None and not math.isfinite(bound):
                raise DisputeError(
                    f'"{self.name}": a bound is a finite number; leave it out where there is none'
                )
        if self.low is not None and self.high is not None and self.low >= self.high:
            raise DisputeError(f'"{self.name}": bounds {self.low:g} to {self.high:g} do not rise')

    @property
    def words(self) -> str:
        """What the assumption is called in a sentence."""
        return self.label or self.name

    def check(self, value: Any, owner: str) -> None:
        """Refuse a value outside the physical bounds, or one that has no place on a log scale."""
        if not is_continuous(value, value):
            return
        if (self.low is not None and value < self.low) or (self.high is not None and value > self.high):
            low = "" if self.low is None else f" from {self.low:g}"
            high = "" if self.high is None else f" to {self.high:g}"
            raise DisputeError(
                f'"{owner}" puts {self.words} at {self.shown(value)}, outside its bounds{low}{high}; '
                "correct the figure or the bounds"
            )
        if self.scale == "log" and (value <= 0 or (self.low is not None and self.low <= 0)):
            raise DisputeError(f'"{self.name}" is on a log scale, where values and bounds are above zero')

    def shown(self, value: Any) -> str:
        """A value with its unit, as a person reads it."""
        if isinstance(value, tuple | list):
            return ", ".join(f"{part:g}" for part in value)
        if isinstance(value, bool):
            return "yes" if value else "no"
        if not is_continuous(value, value):
            return str(value)
        if self.unit == "year":
            return f"{float(value):.10g}"
        number = short(float(value))
        return number if self.unit in {"", "1"} else f"{number} {self.unit}"


def short(number: float) -> str:
    """A number to four significant digits, thousands separated, without trailing zeros."""
    if not math.isfinite(number):
        return "infinite" if number > 0 else "minus infinite"
    if number == 0:
        return "0"
    digits = max(0, 3 - math.floor(math.log10(abs(number))))
    if digits > 8:
        return f"{number:.3g}"
    text = f"{round(number, digits):,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
