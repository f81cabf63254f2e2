"""Places on the map, kept to 0.1 degree (about 10 km): enough for the analysis, never finer."""

import re
from dataclasses import dataclass

_LETTERED = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*°?\s*([NS])[\s,]+(\d+(?:\.\d+)?)\s*°?\s*([EW])\s*$")
_SIGNED = re.compile(r"^\s*([-+−]?\d+(?:\.\d+)?)\s*,\s*([-+−]?\d+(?:\.\d+)?)\s*$")


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Latitude and longitude in degrees, north and east positive, to 0.1 degree."""

    latitude: float
    longitude: float

    def __post_init__(self) -> None:
        if not -90.0 <= self.latitude <= 90.0:
            raise ValueError(f"latitude {self.latitude:g} is outside -90 to 90 degrees")
        if not -180.0 <= self.longitude <= 180.0:
            raise ValueError(f"longitude {self.longitude:g} is outside -180 to 180 degrees")
        object.__setattr__(self, "latitude", round(self.latitude, 1) + 0.0)
        object.__setattr__(self, "longitude", round(self.longitude, 1) + 0.0)

    def __str__(self) -> str:
        north = "N" if self.latitude >= 0 else "S"
        east = "E" if self.longitude >= 0 else "W"
        return f"{abs(self.latitude):.1f}{north} {abs(self.longitude):.1f}{east}"


def parse_place(text: str) -> tuple[Place, str]:
    """Read "54.5N 17.1E" or "54.5,17.1"; the second result is a notice where finer input was rounded."""
    lettered, signed = _LETTERED.match(text), _SIGNED.match(text)
    if lettered:
        latitude = float(lettered[1]) * (1 if lettered[2] == "N" else -1)
        longitude = float(lettered[3]) * (1 if lettered[4] == "E" else -1)
    elif signed:
        latitude, longitude = (float(part.replace("−", "-")) for part in signed.groups())
    else:
        raise ValueError(f'"{text}" is not a place; write "54.5N 17.1E" or "54.5,17.1"')
    place = Place(latitude, longitude)
    if abs(place.latitude - latitude) > 1e-9 or abs(place.longitude - longitude) > 1e-9:
        return place, f'place "{text.strip()}" was rounded to {place}: places are kept to 0.1 degree'
    return place, ""


def looks_like_place(text: str) -> bool:
    """Whether a text is written as a place."""
    return bool(_LETTERED.match(text) or _SIGNED.match(text))
