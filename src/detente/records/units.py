"""Units as the field writes them: an allow-list, so that no two miles can be confused.

A unit outside the list is refused together with the list; `mi` and `ton` are refused because
each means several things in the sources.
"""

import math
import re
from dataclasses import dataclass

from .errors import Problem, RefusalError, nearest

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
    "temperature": {"K": 1.0},
    "level": {"dB": 1.0},
    "number": {"1": 1.0, "%": 0.01},
}
_DIMENSION = {unit: dimension for dimension, units in _FACTORS.items() for unit in units}
_MILES = 'write "statute_mi" (1.609344 km) or "nmi" (1.852 km)'
_MILES_PER_TIME = "convert to km/s, km/h or kn: a statute mile is 1.609344 km, a nautical mile 1.852 km"
_AMBIGUOUS = {
    "mi": _MILES,
    "mile": _MILES,
    "miles": _MILES,
    "ton": 'write "t" (1,000 kg)',
    "tons": 'write "t" (1,000 kg)',
    "mi/s": _MILES_PER_TIME,
    "mi/h": _MILES_PER_TIME,
    "mph": _MILES_PER_TIME,
}
_SPELLED_OUT = {
    "knot": "kn", "knots": "kn", "kts": "kn", "kph": "km/h", "mps": "m/s",
    "metre": "m", "metres": "m", "meter": "m", "meters": "m", "feet": "ft", "foot": "ft",
    "kilometre": "km", "kilometres": "km", "kilometer": "km", "kilometers": "km", "nm": "nmi",
    "sec": "s", "second": "s", "seconds": "s", "minute": "min", "minutes": "min",
    "hour": "h", "hours": "h", "hr": "h", "day": "d", "days": "d",
    "°": "deg", "degree": "deg", "degrees": "deg", "radian": "rad", "radians": "rad",
    "tonne": "t", "tonnes": "t", "percent": "%",
}  # fmt: skip
_QUANTITY = re.compile(r"\s*([-+−]?(?:[0-9][0-9,]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)\s*(\S.*)?")
_THOUSANDS = re.compile(r"[-+]?[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]+)?")
_NOT_FINITE = re.compile(r"\s*[-+−]?(nan|inf|infinity)\b", re.IGNORECASE)


class UnitError(RefusalError):
    """A unit that is missing, unknown, ambiguous or of another dimension than asked for."""

    def __init__(self, rule: str, way_out: str = "") -> None:
        super().__init__(Problem(rule, way_out))


def accepted_units(dimension: str | None = None) -> tuple[str, ...]:
    """The units that may be written, all of them or those of one dimension."""
    return tuple(_FACTORS[dimension]) if dimension else tuple(_DIMENSION)


def listed_units(dimension: str | None = None) -> str:
    """The same for a reader: "m/s, km/s, km/h, kn"; all of them under the name of their dimension."""
    if dimension:
        return ", ".join(_FACTORS[dimension])
    return "; ".join(f"{name}: {listed_units(name)}" for name in _FACTORS)


def dimension_of(unit: str) -> str:
    """The dimension of a unit; raises `UnitError` with the accepted list where it is unknown."""
    if unit in _DIMENSION:
        return _DIMENSION[unit]
    if unit.lower() in _AMBIGUOUS:
        raise UnitError(f'unit "{unit}" is ambiguous', _AMBIGUOUS[unit.lower()])
    meant = _SPELLED_OUT.get(unit.lower(), "") or nearest(unit, _DIMENSION)
    hint = f'did you mean "{meant}"? ' if meant else ""
    raise UnitError(f'unknown unit "{unit}"', f"{hint}accepted are {listed_units()}")


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
                example = f'write "{self} {unit}", or another unit of {wanted}: {listed_units(wanted)}'
                raise UnitError(f"a unit is missing: {self} of what?", example)
            raise UnitError(
                f'"{self.unit}" is a unit of {have}, not of {wanted}',
                f"use a unit of {wanted}: {listed_units(wanted)}"
                if wanted != "number"
                else "write a bare number",
            )
        return self.value * _FACTORS[have][self.unit] / _FACTORS[wanted][unit]

    def __str__(self) -> str:
        number = (
            f"{int(self.value)}" if self.value.is_integer() and abs(self.value) < 1e15 else repr(self.value)
        )
        return number if self.unit == "1" else f"{number} {self.unit}"


def parse_quantity(text: str) -> Quantity:
    """Read "6.3 km/s"; a bare number has the unit "1". Raises `UnitError`."""
    if _NOT_FINITE.match(text):
        raise UnitError(f'"{text}" is not a number', "state a number, or leave the figure out")
    found = _QUANTITY.fullmatch(text)
    if not found:
        raise UnitError(
            f'"{text}" is not a number with a unit', 'write a number and its unit, such as "6.3 km/s"'
        )
    digits = found[1].replace("−", "-")
    if "," in digits:
        if not _THOUSANDS.fullmatch(digits):
            rule = f'"{found[1]}": a comma may only separate thousands'
            raise UnitError(rule, f'write a decimal point: "{text.strip().replace(",", ".", 1)}"')
        digits = digits.replace(",", "")
    value = float(digits)
    if not math.isfinite(value):
        raise UnitError(f'"{text}" is too large to be a number', "write a smaller number")
    unit = (found[2] or "1").strip()
    dimension_of(unit)
    return Quantity(value, unit)


def with_unit(text: str, unit: str, between: str = " ") -> str:
    """A number or a name in words with its unit behind it; a pure number, of unit "1", has none."""
    return text if unit in {"", "1"} else f"{text}{between}{unit}"
