"""Units as the field writes them: an allow-list, so that no two miles can be confused.

A unit outside the list is refused together with the list; `mi` and `ton` are refused because
each means several things in the sources.
"""

import math
import re
from dataclasses import dataclass

from .errors import did_you_mean

_FACTORS: dict[str, dict[str, float]] = {
    "speed": {"m/s": 1.0, "km/s": 1000.0, "km/h": 1000.0 / 3600.0, "kn": 1852.0 / 3600.0},
    "length": {
        "m": 1.0,
        "km": 1000.0,
        "nmi": 1852.0,
        "statute_mi": 1609.344,
        "ft": 0.3048,
    },
    "time": {"ms": 1e-3, "s": 1.0, "min": 60.0, "h": 3600.0, "d": 86400.0},
    "angle": {"deg": math.pi / 180.0, "rad": 1.0},
    "power": {"W": 1.0, "kW": 1e3, "MW": 1e6},
    "area": {"m2": 1.0, "km2": 1e6, "ha": 1e4},
    "mass": {"kg": 1.0, "t": 1000.0},
    "frequency": {"Hz": 1.0, "MHz": 1e6, "GHz": 1e9},
    "number": {"1": 1.0, "%": 0.01},
}
_DIMENSION = {unit: dimension for dimension, units in _FACTORS.items() for unit in units}
_AMBIGUOUS = {
    "mi": 'write "statute_mi" (1.609344 km) or "nmi" (1.852 km)',
    "mile": 'write "statute_mi" (1.609344 km) or "nmi" (1.852 km)',
    "miles": 'write "statute_mi" (1.609344 km) or "nmi" (1.852 km)',
    "ton": 'write "t" (1,000 kg)',
    "tons": 'write "t" (1,000 kg)',
}
_QUANTITY = re.compile(r"^\s*([-+−]?(?:\d[\d,]*)(?:\.\d+)?(?:[eE][-+]?\d+)?)\s*(\S.*)?$")
_THOUSANDS = re.compile(r"^[-+]?\d{1,3}(,\d{3})+(\.\d+)?$")


class UnitError(ValueError):
    """A unit that is missing, unknown, ambiguous or of another dimension than asked for."""


def accepted_units(dimension: str | None = None) -> tuple[str, ...]:
    """The units that may be written, all of them or those of one dimension."""
    return tuple(_FACTORS[dimension]) if dimension else tuple(_DIMENSION)


def dimension_of(unit: str) -> str:
    """The dimension of a unit; raises `UnitError` with the accepted list where it is unknown."""
    if unit in _AMBIGUOUS:
        raise UnitError(f'unit "{unit}" is ambiguous: {_AMBIGUOUS[unit]}')
    if unit not in _DIMENSION:
        accepted = ", ".join(u for u in _DIMENSION if u != "1")
        hint = did_you_mean(unit, _DIMENSION)
        hint = f" {hint}" if hint.startswith("did") else ""
        raise UnitError(f'unknown unit "{unit}";{hint} accepted: {accepted}')
    return _DIMENSION[unit]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit, as written."""

    value: float
    unit: str

    def to(self, unit: str) -> float:
        """The same quantity in another unit of its dimension."""
        wanted, have = dimension_of(unit), dimension_of(self.unit)
        if wanted != have:
            if self.unit == "1":
                raise UnitError(f"a unit is missing: {self.value:g} of what? one of {_listed(wanted)}")
            raise UnitError(f'"{self.unit}" is a unit of {have}, not of {wanted}; use {_listed(wanted)}')
        return self.value * _FACTORS[have][self.unit] / _FACTORS[wanted][unit]

    def __str__(self) -> str:
        return f"{self.value:g}" if self.unit == "1" else f"{self.value:g} {self.unit}"


def _listed(dimension: str) -> str:
    return ", ".join(_FACTORS[dimension])


def parse_quantity(text: str) -> Quantity:
    """Read "6.3 km/s"; a bare number has the unit "1". Raises `UnitError`."""
    found = _QUANTITY.match(text)
    if not found:
        raise UnitError(f'"{text}" is not a number with a unit, such as "6.3 km/s"')
    digits = found[1].replace("−", "-")
    if "," in digits:
        if not _THOUSANDS.match(digits):
            raise UnitError(f'"{found[1]}": a comma may only separate thousands; write a decimal point')
        digits = digits.replace(",", "")
    value = float(digits)
    if not math.isfinite(value):
        raise UnitError(f'"{text}" is too large to be a number')
    unit = (found[2] or "1").strip()
    dimension_of(unit)
    return Quantity(value, unit)
