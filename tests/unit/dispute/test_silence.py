"""Whether assumptions that nobody stated decide the verdict after all."""

from typing import Any

import numpy as np
import pytest

from detente.dispute import Assumption, DisputeError, crux, silence_check

BASE = {"speed": 5.0, "delay": 120.0, "cap": 1200.0, "cue": "radar"}
RANGES = {"delay": (0.0, 400.0), "cap": (600.0, 1500.0)}


def model(c: Any) -> Any:
    return {"margin": c["speed"] * 100 - c["delay"] * 2 + 0 * c["cap"]}


def test_a_default_whose_range_changes_the_verdict_is_named_with_the_value() -> None:
    delay, cap = silence_check(
        model,
        "margin",
        BASE,
        RANGES,
        assumptions=[Assumption("delay", "commit delay", "s")],
        side="Ruritania",
    )
    assert (delay.flips, delay.verdict, delay.verdicts) == (True, "yes", ("yes", "no"))
    assert delay.at == pytest.approx((250.0,))
    assert delay.text == "commit delay from 0 s to 400 s changes the conclusion, at 250 s"
    assert (delay.side, delay.default, delay.low, delay.high) == ("Ruritania", 120.0, 0.0, 400.0)
    assert (cap.flips, cap.at, cap.text) == (False, (), "cap from 600 to 1,500 changes nothing")


def test_a_range_that_only_reaches_the_band_leaves_the_conclusion_open() -> None:
    row = silence_check(model, "margin", BASE, {"delay": (0.0, 240.0)}, band=50.0)[0]
    assert (row.flips, row.verdicts, row.at) == (True, ("yes", "undecided"), ())
    assert "leaves the conclusion open" in row.text


def test_the_crux_carries_the_rows_and_says_so() -> None:
    rows = silence_check(model, "margin", BASE, RANGES)
    found = crux(model, "margin", BASE, BASE | {"speed": 1.0}, silence=rows)
    assert found.silence_rows == rows
    assert found.prose[-2] == "Nobody stated delay, and within its range a conclusion changes."
    calm = crux(model, "margin", BASE, BASE | {"speed": 1.0}, silence=rows[1:])
    assert calm.prose[-2] == "The one assumption that nobody stated changes nothing within its range."
    assert found.digest != calm.digest


@pytest.mark.parametrize(
    ("ranges", "words"),
    [
        ({"dely": (0.0, 1.0)}, "does not hold"),
        ({"cue": (0.0, 1.0)}, "not a number"),
        ({"delay": (200.0, 400.0)}, "hold its default 120"),
        ({"delay": (400.0, 0.0)}, "must rise"),
        ({"delay": (0.0, np.inf)}, "must rise"),
    ],
)
def test_a_range_that_is_none_is_refused(ranges: Any, words: str) -> None:
    with pytest.raises(DisputeError, match=words):
        silence_check(model, "margin", BASE, ranges)
