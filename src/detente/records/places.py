"""Places on the map, kept to 0.1 degree (about 10 km): enough for the analysis, never finer."""

import re
from dataclasses import dataclass

from .errors import refusal

_NUMBER = r"[0-9]+(?:\.[0-9]+)?"
_LETTERED = re.compile(rf"\s*({_NUMBER})\s*°?\s*([NS])[\s,]+({_NUMBER})\s*°?\s*([EW])\s*", re.IGNORECASE)
_SIGNED = re.compile(rf"\s*([-+−]?{_NUMBER})\s*,\s*([-+−]?{_NUMBER})\s*")
_TWO_WHOLE_NUMBERS = re.compile(r"\s*[-+−]?[0-9]+,[-+−]?[0-9]+\s*")


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Latitude and longitude in degrees, north and east positive, to 0.1 degree."""

    latitude: float
    longitude: float

    def __post_init__(self) -> None:
        if not -90.0 <= self.latitude <= 90.0:
            raise refusal(
                f"latitude {self.latitude:g} is outside -90 to 90 degrees",
                "north is positive, south negative",
            )
        if not -180.0 <= self.longitude <= 180.0:
            raise refusal(
                f"longitude {self.longitude:g} is outside -180 to 180 degrees",
                "east is positive, west negative",
            )
        object.__setattr__(self, "latitude", round(self.latitude, 1) + 0.0)
        object.__setattr__(self, "longitude", round(self.longitude, 1) + 0.0)

    def __str__(self) -> str:
        north = "N" if self.latitude >= 0 else "S"
        east = "E" if self.longitude >= 0 else "W"
        return f"{abs(self.latitude):.1f}{north} {abs(self.longitude):.1f}{east}"


def parse_place(text: str) -> tuple[Place, str]:
    """Read "54.5N 17.1E" or "54.5,17.1"; the second result is a notice where finer input was rounded.

    Raises `RefusalError` (a ValueError) for anything else and for degrees that are not on the globe.
    """
    lettered, signed = _LETTERED.fullmatch(text), _SIGNED.fullmatch(text)
    if lettered:
        latitude = float(lettered[1]) * (1 if lettered[2] in "Nn" else -1)
        longitude = float(lettered[3]) * (1 if lettered[4] in "Ee" else -1)
    elif signed:
        latitude, longitude = (float(part.replace("−", "-")) for part in signed.groups())
    else:
        raise refusal(f'"{text}" is not a place', 'write "54.5N 17.1E" or "54.5,17.1"')
    return place_at(latitude, longitude, text.strip())


def place_at(latitude: float, longitude: float, written: str) -> tuple[Place, str]:
    """The place to 0.1 degree, with a notice where it was written finer. Raises `RefusalError`."""
    place = Place(latitude, longitude)
    if abs(place.latitude - latitude) > 1e-9 or abs(place.longitude - longitude) > 1e-9:
        return place, f'place "{written}" was rounded to {place}: places are kept to 0.1 degree'
    return place, ""


def looks_like_place(text: str) -> bool:
    """Whether a text is written as a place; "6,3" is not, for it may be a decimal comma."""
    if _TWO_WHOLE_NUMBERS.fullmatch(text):
        return False
    return bool(_LETTERED.fullmatch(text) or _SIGNED.fullmatch(text))
