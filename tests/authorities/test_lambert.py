"""Lambert's problem against lamberthub: Gooding's method, which shares nothing with ours, and Izzo's."""

import numpy as np

from detente.physics.intercept import fly_out_speed
from detente.physics.lambert import lambert
from tests.authorities.tables import column, rows, vectors

TABLE = rows("lambert", "lambert.csv")
START, END, TIME = vectors(TABLE, "r1", "_m"), vectors(TABLE, "r2", "_m"), column(TABLE, "time_s")


def test_the_table_has_ellipses_hyperbolas_and_both_sides_of_least_energy() -> None:
    speed = np.linalg.norm(vectors(TABLE, "gooding_v1", "_m_s"), axis=0)
    assert np.any(speed > 11.19e3)
    assert np.any(speed < 8e3)
    upward = np.sum(START * vectors(TABLE, "gooding_v1", "_m_s"), axis=0)
    assert np.any(upward > 0.0)
    assert np.any(upward < 0.0)


def test_velocities_agree_to_a_millimeter_a_second() -> None:
    found = lambert(START, END, TIME)
    assert np.all(found.status == 0)
    for ours, theirs in ((found.departure, "gooding_v1"), (found.arrival, "gooding_v2")):
        np.testing.assert_allclose(ours, vectors(TABLE, theirs, "_m_s"), rtol=0, atol=1e-3)
    np.testing.assert_allclose(found.departure, vectors(TABLE, "izzo_v1", "_m_s"), rtol=0, atol=1e-3)


def test_the_speed_of_an_interceptor_is_the_length_of_that_velocity() -> None:
    wanted = np.linalg.norm(vectors(TABLE, "gooding_v1", "_m_s"), axis=0)
    np.testing.assert_allclose(fly_out_speed(START, END, TIME), wanted, rtol=0, atol=1e-3)
