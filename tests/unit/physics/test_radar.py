"""The radar equation: its two solutions are one, its slopes are right, bad input is refused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.physics.constants import EARTH_RADIUS
from detente.physics.radar import (
    Look,
    antenna_gain,
    aperture_look,
    decibels,
    detection_range,
    effective_radius,
    margin,
    mean_power,
    ratio,
    search_range,
    signal_to_noise,
    stacked_range_ratio,
    wavelength,
)

LOOK = aperture_look(42e3, 0.1, 84.0, wavelength(9.5e9), 0.1, 500.0, ratio(6.0))
positive = st.floats(1e-3, 1e3)


@given(level=st.floats(-80, 80))
def test_decibels_and_ratios_are_each_other_s_inverse(level: float) -> None:
    assert float(decibels(ratio(level))) == pytest.approx(level, abs=1e-9)
    assert float(decibels(0.0)) == -np.inf


@given(distance=st.floats(1e3, 1e8))
def test_range_and_signal_to_noise_solve_each_other(distance: float) -> None:
    heard = signal_to_noise(LOOK, distance)
    assert float(detection_range(LOOK, heard)) == pytest.approx(distance, rel=1e-12)
    assert float(decibels(heard / signal_to_noise(LOOK, 2.0 * distance))) == pytest.approx(40 * np.log10(2))


@given(required=positive, more=st.floats(1.001, 1e3))
def test_range_falls_with_the_required_signal_to_noise(required: float, more: float) -> None:
    near, far = detection_range(LOOK, required * more), detection_range(LOOK, required)
    assert near < far
    assert float(far / near) == pytest.approx(more**0.25, rel=1e-12)


@pytest.mark.parametrize(
    ("field", "power"),
    [
        ("energy", 0.25), ("send_gain", 0.25), ("receive_gain", 0.25), ("wavelength", 0.5),
        ("cross_section", 0.25), ("noise_temperature", -0.25), ("losses", -0.25),
    ],
)  # fmt: skip
def test_each_figure_moves_the_range_by_its_own_power(field: str, power: float) -> None:
    twice = LOOK._replace(**{field: 2.0 * np.asarray(getattr(LOOK, field))})
    factor = float(detection_range(twice, 20.0) / detection_range(LOOK, 20.0))
    assert factor == pytest.approx(2.0**power, rel=1e-12)


def test_the_margin_is_zero_at_the_range_and_twelve_decibels_at_half_of_it() -> None:
    reach = detection_range(LOOK, 20.0)
    at = np.array([1.0, 0.5, 2.0]) * reach
    np.testing.assert_allclose(margin(at, reach), [0.0, 12.0412, -12.0412], atol=1e-4)
    np.testing.assert_allclose(margin(at, reach), decibels(signal_to_noise(LOOK, at) / 20.0), atol=1e-9)


@given(area=positive, length=st.floats(1e-3, 10.0))
def test_one_antenna_both_ways_is_the_general_equation(area: float, length: float) -> None:
    gain = antenna_gain(area, length)
    pair = Look(5.0, gain, gain, length, 1.0)
    assert float(detection_range(aperture_look(5.0, 1.0, area, length, 1.0), 10.0)) == pytest.approx(
        float(detection_range(pair, 10.0)), rel=1e-12
    )


def test_search_depends_on_power_times_aperture_alone() -> None:
    def found(power: float, area: float, sky: float) -> float:
        return float(search_range(power, area, 1.0, 20.0, sky, 10.0, 500.0, 4.0))

    assert found(2e5, 50.0, 1.0) == pytest.approx(found(1e5, 100.0, 1.0), rel=1e-12)
    assert found(1e5, 100.0, 16.0) == pytest.approx(0.5 * found(1e5, 100.0, 1.0), rel=1e-12)
    # a look at one beam's solid angle, lambda^2 / A, is the search of that angle in the time of the look
    length, area = 0.03, 80.0
    beam = search_range(1e5, area, 0.1, 20.0, length**2 / area, 0.1)
    assert float(beam) == pytest.approx(
        float(detection_range(aperture_look(1e5, 0.1, area, length, 0.1), 20.0)), rel=1e-12
    )


def test_a_batch_equals_its_members() -> None:
    energy, cross = np.array([[1e3], [4e3], [2e4]]), np.array([0.01, 0.1, 1.0, 10.0])
    together = detection_range(LOOK._replace(energy=energy, cross_section=cross), 20.0)
    assert together.shape == (3, 4)
    for i in range(3):
        for j in range(4):
            alone = detection_range(LOOK._replace(energy=energy[i, 0], cross_section=cross[j]), 20.0)
            assert float(alone) == together[i, j]


def test_effective_radius_and_stacks() -> None:
    assert float(effective_radius(0.0)) == EARTH_RADIUS
    assert float(effective_radius()) > EARTH_RADIUS > float(effective_radius(1e-8))
    assert float(stacked_range_ratio(1)) == 1.0
    assert float(mean_power(170e3, 0.25)) == 42.5e3


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("energy", 0.0, "energy must be above zero"),
        ("cross_section", -1.0, "cross-section must be above zero"),
        ("noise_temperature", float("nan"), "noise temperature must be above zero"),
        ("losses", 0.5, "0 dB or more"),
    ],
)
def test_what_no_radar_has_is_refused(field: str, value: float, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        detection_range(LOOK._replace(**{field: value}), 20.0)


def test_more_bad_input_is_refused() -> None:
    with pytest.raises(ValueError, match="required signal-to-noise must be above zero"):
        detection_range(LOOK, 0.0)
    with pytest.raises(ValueError, match="distance must be above zero"):
        signal_to_noise(LOOK, 0.0)
    with pytest.raises(ValueError, match="solid angle must be above zero"):
        search_range(1e5, 80.0, 0.1, 20.0, 0.0, 10.0)
    with pytest.raises(ValueError, match="no effective radius"):
        effective_radius(-1.0 / EARTH_RADIUS)
