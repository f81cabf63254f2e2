"""Quantities and places as people write them: read, or refused with the ways out."""

import contextlib
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.records.errors import RefusalError
from detente.records.places import Place, looks_like_place, parse_place
from detente.records.units import Quantity, UnitError, accepted_units, dimension_of, parse_quantity


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("6.3 km/s", 6.3, "km/s"),
        ("6.3km/s", 6.3, "km/s"),
        ("  1,200 s ", 1200.0, "s"),
        ("−3.5 deg", -3.5, "deg"),
        ("1e3 m", 1000.0, "m"),
        ("10", 10.0, "1"),
        ("50 %", 50.0, "%"),
        ("12,345,678.5 m", 12345678.5, "m"),
    ],
)
def test_quantities_that_are_read(text: str, value: float, unit: str) -> None:
    assert parse_quantity(text) == Quantity(value, unit)


@pytest.mark.parametrize(
    ("text", "rule", "way_out"),
    [
        ("6.3 furlongs", 'unknown unit "furlongs"', "speed: m/s, km/s, km/h, kn; length: m, km, nmi"),
        ("6.3 mi", 'unit "mi" is ambiguous', 'write "statute_mi" (1.609344 km) or "nmi" (1.852 km)'),
        ("6.3 Miles", 'unit "Miles" is ambiguous', 'write "statute_mi" (1.609344 km) or "nmi" (1.852 km)'),
        ("4 mi/s", 'unit "mi/s" is ambiguous', "convert"),
        ("10 tons", 'unit "tons" is ambiguous', 'write "t" (1,000 kg)'),
        ("30 knots", 'unknown unit "knots"', 'did you mean "kn"?'),
        ("6.3 Km/S", 'unknown unit "Km/S"', 'did you mean "km/s"?'),
        ("6,3 km/s", '"6,3": a comma may only separate thousands', 'write a decimal point: "6.3 km/s"'),
        ("0,300 km", "a comma may only separate thousands", '"0.300 km"'),
        ("km/s", "is not a number with a unit", '"6.3 km/s"'),
        ("", "is not a number with a unit", '"6.3 km/s"'),
        ("nan km", "is not a number", "leave the figure out"),
        ("-inf", "is not a number", "leave the figure out"),
        ("1e400 m", "too large", "smaller"),
        ("٣ km", "is not a number with a unit", '"6.3 km/s"'),
    ],
)
def test_quantities_that_are_refused(text: str, rule: str, way_out: str) -> None:
    with pytest.raises(UnitError) as refused:
        parse_quantity(text)
    (problem,) = refused.value.problems
    assert rule in problem.rule
    assert way_out in problem.way_out
    assert str(refused.value) == f"{problem.rule}: {problem.way_out}"


def test_no_two_miles_can_be_confused() -> None:
    assert parse_quantity("1 nmi").to("m") == 1852.0
    assert parse_quantity("1 statute_mi").to("m") == 1609.344
    assert parse_quantity("1 kn").to("km/h") == pytest.approx(1.852)
    assert parse_quantity("100 nmi").to("statute_mi") == pytest.approx(115.0779448)


def test_a_quantity_of_another_dimension_or_of_none() -> None:
    with pytest.raises(
        UnitError, match=r'"km" is a unit of length, not of speed: use a unit of speed: m/s, km/s'
    ):
        parse_quantity("6.3 km").to("km/s")
    with pytest.raises(UnitError, match=r'a unit is missing: 6.3 of what\?: write "6.3 km/s"'):
        parse_quantity("6.3").to("km/s")
    with pytest.raises(UnitError, match="write a bare number"):
        parse_quantity("6.3 km").to("1")


@given(value=st.floats(allow_nan=False, allow_infinity=False), unit=st.sampled_from(accepted_units()))
def test_a_quantity_survives_being_written(value: float, unit: str) -> None:
    quantity = Quantity(value, unit)
    assert parse_quantity(str(quantity)) == quantity


@given(value=st.floats(-1e12, 1e12), data=st.data())
def test_units_convert_there_and_back(value: float, data: st.DataObject) -> None:
    unit = data.draw(st.sampled_from(accepted_units()))
    other = data.draw(st.sampled_from(accepted_units(dimension_of(unit))))
    back = Quantity(Quantity(value, unit).to(other), other).to(unit)
    assert math.isclose(back, value, rel_tol=1e-12, abs_tol=1e-300)


PIECES = [
    "6.3",
    "km/s",
    "°",
    "N",
    ",",
    " ",
    "-",
    "−",
    "+",
    "e",
    "1e9",
    "nan",
    "inf",
    ".",
    "mi",
    "%",
    "\n",
    "٣",
]
WRITTEN = st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=8).map("".join))


@given(WRITTEN)
def test_any_text_is_a_quantity_or_refused(text: str) -> None:
    quantity = None
    with contextlib.suppress(UnitError):
        quantity = parse_quantity(text)
    if quantity is None:
        return
    assert math.isfinite(quantity.value)
    assert parse_quantity(str(quantity)) == quantity


@given(WRITTEN)
def test_any_text_is_a_place_or_refused(text: str) -> None:
    place = None
    with contextlib.suppress(RefusalError):
        place, _ = parse_place(text)
    if place is None:
        return
    assert parse_place(str(place)) == (place, "")
    assert looks_like_place(str(place))


@given(latitude=st.floats(-90, 90), longitude=st.floats(-180, 180))
def test_a_place_is_kept_to_a_tenth_of_a_degree(latitude: float, longitude: float) -> None:
    place = Place(latitude, longitude)
    assert abs(place.latitude - latitude) <= 0.05 + 1e-9
    assert abs(place.longitude - longitude) <= 0.05 + 1e-9
    assert parse_place(str(place)) == (place, "")
    assert parse_place(f"{place.latitude},{place.longitude}") == (place, "")


@pytest.mark.parametrize(
    ("text", "shown", "rounded"),
    [
        ("54.5N 17.1E", "54.5N 17.1E", False),
        ("54.5°N, 17.1°E", "54.5N 17.1E", False),
        ("54.5,17.1", "54.5N 17.1E", False),
        ("-33.9, -70.7", "33.9S 70.7W", False),
        ("54.48,17.12", "54.5N 17.1E", True),
        ("−0.04,0.04", "0.0N 0.0E", True),
    ],
)
def test_places_that_are_read(text: str, shown: str, rounded: bool) -> None:
    place, notice = parse_place(text)
    assert str(place) == shown
    assert bool(notice) == rounded
    assert ("kept to 0.1 degree" in notice) == rounded


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("91.0N 0.0E", "latitude 91 is outside -90 to 90 degrees"),
        ("0.0,200.0", "longitude 200 is outside -180 to 180 degrees"),
        ("54°30'N 17°06'E", "is not a place"),
        ("Redzikowo", "is not a place"),
    ],
)
def test_places_that_are_refused(text: str, rule: str) -> None:
    with pytest.raises(RefusalError, match=rule):
        parse_place(text)


def test_a_decimal_comma_is_never_taken_for_a_place() -> None:
    assert not looks_like_place("6,3")
    assert not looks_like_place("1,200")
    assert looks_like_place("54.5,17")
