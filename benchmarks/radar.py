"""Signal-to-noise of targets before a radar, against Stone Soup's electronically scanned one.

Both get the same published-style figures and targets on the line of sight, from 200 to 4,000 km, and must
give the same signal-to-noise. Stone Soup goes target by target, and its call also gives a probability of
detection, which is not ours to give.
"""

import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.flights import cpu
from benchmarks.peers import AbsentError, peer
from detente.physics.radar import Look, ratio, signal_to_noise, wavelength

ROWS, FEW = 100_000, 200
GOAL = 2_000.0
ALLOWED = 1e-6
POWER, PULSES, DUTY, BAND, NOISE_DB, FREQUENCY, GAIN_DB, LOSS_DB, SECTION = (
    2e5, 60, 0.2, 5e5, 4.0, 9.5e9, 60.0, 6.0, 0.1,
)  # fmt: skip
"""Invented figures."""
SCRIPT = """
import datetime, sys
import numpy as np
from importlib.metadata import version as installed
from stonesoup.models.measurement.nonlinear import CartesianToElevationBearingRange
from stonesoup.sensor.radar.beam_pattern import StationaryBeam
from stonesoup.sensor.radar.beam_shape import Beam2DGaussian
from stonesoup.sensor.radar.radar import AESARadar
from stonesoup.types.array import StateVector
from stonesoup.types.state import State
given = np.load(sys.argv[1]); version = installed("stonesoup")
power, pulses, duty, band, noise, frequency, gain, loss, section = given["figures"].tolist()
radar = AESARadar(
    position=StateVector([0.0, 0.0, 0.0]), position_mapping=(0, 1, 2),
    measurement_model=CartesianToElevationBearingRange(
        ndim_state=3, mapping=(0, 1, 2), noise_covar=np.eye(3)
    ),
    beam_shape=Beam2DGaussian(peak_power=power), beam_transition_model=StationaryBeam(centre=[0.0, 0.0]),
    number_pulses=int(pulses), duty_cycle=duty, band_width=band, receiver_noise=noise, frequency=frequency,
    antenna_gain=gain, beam_width=0.01, loss=loss, rcs=section,
)
now = datetime.datetime(2007, 5, 1)
states = [State(StateVector(each), timestamp=now) for each in given["places"].T]
found = []
def work():
    found[:] = [radar.gen_probability(each)[1] for each in states]
def save(): np.save(sys.argv[2], np.array(found, float).ravel())
"""


def main(repeat: int = 5) -> dict[str, Any]:
    """Print the ratio and how far both signal-to-noise figures are apart."""
    distance = np.random.default_rng(1).uniform(2e5, 4e6, ROWS)
    places = np.stack([distance, np.zeros(ROWS), np.zeros(ROWS)])

    def ours() -> np.ndarray:
        gain = ratio(GAIN_DB)
        look = Look(POWER * PULSES * DUTY / BAND, gain, gain, wavelength(FREQUENCY), SECTION,
                    losses=ratio(NOISE_DB + LOSS_DB))  # fmt: skip
        return signal_to_noise(look, np.sqrt((places * places).sum(axis=0)))

    figures = [POWER, PULSES, DUTY, BAND, NOISE_DB, FREQUENCY, GAIN_DB, LOSS_DB, SECTION]
    with tempfile.TemporaryDirectory() as folder:
        data, result = Path(folder) / "data.npz", Path(folder) / "out.npy"
        np.savez(data, places=places[:, :FEW], figures=figures)
        ratios = []
        try:
            with peer("stonesoup", SCRIPT, str(data), str(result)) as ask:
                ask()
                for _ in range(repeat):
                    theirs = ask(5)
                    mine = cpu(lambda: [ours() for _ in range(5)]) / 5
                    ratios.append(theirs["seconds"] / FEW / (mine / ROWS))
        except AbsentError as absent:
            print(absent, file=sys.stderr)
            raise SystemExit(3) from None
        apart = float(np.abs(np.load(result) / ours()[:FEW] - 1.0).max())
    numbers = {
        "rows": ROWS, "ratio_stonesoup": float(np.median(ratios)), "stonesoup": theirs["version"],
        "apart": apart, "accurate": apart <= ALLOWED,
    }  # fmt: skip
    print(f"{ROWS} targets against Stone Soup {theirs['version']}: {numbers['ratio_stonesoup']:.0f} x "
          f"(goal {GOAL:.0f}); signal-to-noise {apart:.1g} apart (allowed {ALLOWED})")  # fmt: skip
    return numbers
