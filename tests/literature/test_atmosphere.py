"""Temperature, pressure and density of the air against the printed U.S. Standard Atmosphere, 1976.

Source: NOAA-S/T 76-1562, table I (geometric altitude); within 0.1 % of each printed value, and of the
printed figures of sea level to all their digits.
"""

import numpy as np
import pytest

from detente.physics.atmosphere import TOP, AirStatus, standard_air

# geometric altitude km, temperature K, pressure mbar, density kg/m3
TABLE = np.array(
    [
        (0.0, 288.15, 1013.25, 1.2250),
        (11.019, 216.65, 226.32, 0.36392),
        (20.063, 216.65, 54.748, 0.088035),
        (47.350, 270.65, 1.1090, 1.4275e-3),
        (86.0, 186.87, 3.7338e-3, 6.958e-6),
    ]
).T


def test_the_printed_table() -> None:
    altitude, temperature, pressure, density = TABLE
    air = standard_air(altitude * 1e3)
    np.testing.assert_allclose(air.temperature, temperature, rtol=1e-3)
    np.testing.assert_allclose(air.pressure, pressure * 100.0, rtol=1e-3)
    np.testing.assert_allclose(air.density, density, rtol=1e-3)
    assert air.status.tolist() == [AirStatus.KNOWN] * 5


def test_sea_level_is_exact() -> None:
    air = standard_air(0.0)
    assert float(air.temperature) == 288.15
    assert float(air.pressure) == 101_325.0
    assert float(air.density) == pytest.approx(1.2250, abs=5e-5)


def test_the_air_carries_its_own_weight() -> None:
    """dp/dz = -rho g, layer by layer: the balance that the standard is made from, in geometric height."""
    z = np.linspace(-4_900.0, 79_900.0, 900)
    step = 1.0
    slope = (standard_air(z + step).pressure - standard_air(z - step).pressure) / (2.0 * step)
    gravity = 9.80665 * (6_356_766.0 / (6_356_766.0 + z)) ** 2
    np.testing.assert_allclose(-slope, standard_air(z).density * gravity, rtol=1e-3)


def test_pressure_and_temperature_are_continuous() -> None:
    z = np.linspace(0.0, TOP, 200_001)
    air = standard_air(z)
    assert np.all(np.diff(air.pressure) < 0.0)
    assert np.abs(np.diff(air.temperature)).max() < 0.01


def test_outside_the_standard_says_so_in_the_row() -> None:
    air = standard_air([[86_000.1, 2e6], [-5_000.1, 0.0]])
    assert air.status.tolist() == [[AirStatus.ABOVE, AirStatus.ABOVE], [AirStatus.BELOW, AirStatus.KNOWN]]
    assert air.density[0].tolist() == air.pressure[0].tolist() == [0.0, 0.0]
    assert np.all(np.isnan(air.temperature[0]))
    assert np.isnan(air.density[1, 0])
    with pytest.raises(ValueError, match="NaN"):
        standard_air([0.0, np.nan])


def test_a_batch_is_its_members() -> None:
    z = np.linspace(-5e3, 87e3, 77)
    whole = standard_air(z)
    for i, one in enumerate(z):
        alone = standard_air(one)
        assert all(np.array_equal(a[i], b, equal_nan=True) for a, b in zip(whole[:3], alone[:3], strict=True))
