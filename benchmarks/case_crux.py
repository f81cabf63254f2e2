"""The crux of a case whose two positions differ in twelve figures of the reach study: 4,096 mixtures.

The peer is the same study asked mixture by mixture, on a sample of them, as a program without batches would.
Both must give the same margins to the last bit.
"""

import time
from typing import Any

import numpy as np

import detente
from detente.api.disputes import Matter, crux_of, matter
from detente.records.figure import Figure

GOAL_SECONDS = 2.0
SAMPLE = 64
OTHER = {
    "commit_delay": "180 s",
    "flight_time_cap": "1000 s",
    "icbm_burn_time": "200 s",
    "icbm_burnout_altitude": "230 km",
    "icbm_burnout_distance": "520 km",
    "interceptor_burn_time": "160 s",
    "interceptor_site": "54.0N 16.5E",
    "interceptor_speed": "7.0 km/s",
    "lowest_intercept_altitude": "130 km",
    "radar_minimum_elevation": "3 deg",
    "radar_site": "50.0N 14.0E",
    "warning_cue": "radar-horizon",
}
"""Invented values: only time and agreement mean anything here."""


def invented() -> Matter:
    """The lead claim of the European case between two invented positions."""
    case = detente.load("european-site-2007")
    base = case.position("mda-claim")

    def stated(text: str | None) -> Figure:
        return Figure(value=text, status="unverified", note="invented for a benchmark")

    first = base.with_figures({name: stated(base.figures[name].value) for name in OTHER})
    second = base.with_figures({name: stated(text) for name, text in OTHER.items()})
    pair = [
        each.model_copy(update={"id": name, "holder": name}) for each, name in ((first, "a"), (second, "b"))
    ]
    whole = case.model_copy(update={"positions": case.positions | {each.id: each for each in pair}})
    return matter(whole, case.lead_claim, (pair[0], pair[1]))


def main(repeat: int = 5) -> dict[str, Any]:
    """Print the seconds of a whole crux, and the ratio against one mixture at a time."""
    found = invented()
    seconds, ratios = [], []
    for _ in range(repeat):
        began = time.process_time()
        crux = crux_of(found)
        seconds.append(time.process_time() - began)
        own = {name: np.repeat(np.array([value]), SAMPLE, axis=0) for name, value in found.values[0].items()}
        own["interceptor_speed"] = np.linspace(6.0, 8.0, SAMPLE)
        own["commit_delay"] = np.linspace(60.0, 180.0, SAMPLE)
        began = time.process_time()
        together = found.model(own)["margin"]
        batch = time.process_time() - began
        began = time.process_time()
        alone = [
            found.model({name: column[n : n + 1] for name, column in own.items()}) for n in range(SAMPLE)
        ]
        ratios.append((time.process_time() - began) / batch)
        apart = float(np.abs(together - np.concatenate([each["margin"] for each in alone])).max())
    median, ratio = float(np.median(seconds)), float(np.median(ratios))
    print(f"k = {crux.k}, {crux.runs:,} runs: {median:.2f} CPU-s (goal {GOAL_SECONDS:g})")
    print(f"a batch of {SAMPLE} against one at a time: {ratio:.1f} x; margins {apart:.0e} km/s apart")
    return {"k": crux.k, "seconds": median, "ratio": ratio, "apart_km_s": apart, "accurate": apart == 0.0}
