"""The standard atmosphere against three public programs: ambiance, fluids and ussa1976."""

import numpy as np
import pytest

from detente.physics.atmosphere import standard_air
from tests.authorities.tables import column, rows

TABLE = rows("atmosphere", "atmosphere.csv")


@pytest.mark.parametrize("program", ["ambiance", "fluids", "ussa1976"])
def test_temperature_pressure_and_density(program: str) -> None:
    """To 1e-4 below 80 km; above, one program prints the molecular-scale temperature: to 5e-4 there."""
    table = [row for row in TABLE if row["program"] == program]
    assert len(table) >= 16
    height = column(table, "altitude_m")
    air = standard_air(height)
    low = height <= 80e3
    for ours, name in (
        (air.temperature, "temperature_k"),
        (air.pressure, "pressure_pa"),
        (air.density, "density_kg_m3"),
    ):
        theirs = column(table, name)
        np.testing.assert_allclose(ours[low], theirs[low], rtol=1e-4)
        np.testing.assert_allclose(ours[~low], theirs[~low], rtol=5e-4)


def test_the_programs_agree_among_themselves() -> None:
    """So that a wrong row of one of them would show."""
    for altitude in {row["altitude_m"] for row in TABLE}:
        pressures = [float(row["pressure_pa"]) for row in TABLE if row["altitude_m"] == altitude]
        assert np.ptp(pressures) <= 1e-4 * max(pressures), altitude
