"""A crux in words: right grammar for few and for many, and never who is right."""

from typing import Any

import numpy as np
import pytest

from detente.dispute import crux
from detente.dispute.assumption import short
from detente.dispute.prose import counted, possessive
from detente.records.base import listed
from detente.records.crux import Crux


def votes(weights: list[float], quota: float, names: tuple[str, str] = ("Arcadia", "United States")) -> Crux:
    keys = ["interceptor speed", "commit delay", "site", "cue", "drag"][: len(weights)]

    def margin(c: Any) -> Any:
        return sum(w * c[key] for w, key in zip(weights, keys, strict=True)) - quota

    return crux(margin, None, dict.fromkeys(keys, 0.0), dict.fromkeys(keys, 1.0), names=names, unit="km")


def test_one_difference() -> None:
    first, second, third, fourth, last = votes([10.0], 4).prose
    assert last == "Exact, from all 2 mixtures of the two positions."
    assert first == (
        'On "output" Arcadia and United States reach opposite conclusions: false with the figures of '
        "Arcadia, true with those of United States."
    )
    assert second == "They differ on interceptor speed alone, which explains the whole 10 km between them."
    assert third == (
        "Conceding interceptor speed on its own would change Arcadia's conclusion; "
        "conceding interceptor speed on its own would change United States'."
    )
    assert fourth == (
        "On interceptor speed alone, Arcadia's conclusion changes at 0.4, 40% of the way to "
        "United States' 1; United States' at 0.4, 60% of the way to Arcadia's 0."
    )


def test_no_single_concession() -> None:
    lines = votes([5.0, 4.0, 3.0], 6).prose
    assert lines[1] == "Interceptor speed explains 42% of the 12 km between them, commit delay 33%."
    assert lines[2] == "No single concession changes either conclusion."
    assert lines[3] == (
        "Arcadia's conclusion needs at least two concessions (three ways, two of them with interceptor "
        "speed); United States' needs at least two concessions (three ways, two of them with interceptor "
        "speed)."
    )
    assert lines[4] == (
        "On interceptor speed alone, Arcadia's conclusion changes at no value between the two; "
        "United States' at no value between the two."
    )
    assert lines[5] == (
        "The truth about any one assumption would not end the dispute; "
        "about interceptor speed and commit delay, 50%."
    )


def test_one_side_easier_to_move_than_the_other() -> None:
    lines = votes([5.0, 4.0, 3.0], 10).prose
    assert lines[2] == (
        "No single concession changes Arcadia's conclusion; conceding interceptor speed, commit delay "
        "and site would each on their own change United States'."
    )
    assert lines[3] == (
        "Arcadia's conclusion needs at least three concessions "
        "(one way: interceptor speed, commit delay and site)."
    )


def test_a_concession_that_only_reaches_the_band_is_not_certain() -> None:
    found = crux(lambda c: c["x"] - 0.9, None, {"x": 0.0}, {"x": 1.0}, band=0.2)
    assert found.verdicts == ("no", "undecided")
    assert found.prose[2] == "No single concession is certain to change either conclusion."
    narrow = crux(
        lambda c: c["x"] + 0.4 * c["y"] - 0.95, None, {"x": 0.0, "y": 0.0}, {"x": 1.0, "y": 1.0}, band=0.1
    )
    assert narrow.verdicts == ("no", "yes")
    assert narrow.prose[2] == (
        "No single concession is certain to change A's conclusion; conceding x on its own would change B's."
    )


def test_equal_margins_and_agreement() -> None:
    keys = {"x1": 0.0, "y1": 0.0}
    found = crux(lambda c: 1 + c["x1"] - c["y1"], None, keys, {"x1": 1.0, "y1": 1.0})
    first, second, _ = found.prose
    assert first == (
        'On "output" A and B reach the same conclusion (true), and no mixture of their figures changes it.'
    )
    assert second == "Their margins are equal."


def test_other_words_for_a_verdict() -> None:
    words = {"yes": "not ruled out", "no": "ruled out in this model", "undecided": "indeterminate"}
    found = crux(lambda c: c["x"] - 0.5, None, {"x": 0.0}, {"x": 1.0}, words=words)
    assert "ruled out in this model with the figures of A, not ruled out with those of B" in str(found)


@pytest.mark.parametrize("seed", range(20))
def test_nobody_is_ever_called_right_or_wrong(seed: int) -> None:
    rng = np.random.default_rng(seed)
    text = str(votes(list(rng.normal(1, 1, 4)), float(rng.normal(1, 1)))).lower()
    for word in (" right", "wrong", "correct", "mistaken", "wins", "defend"):
        assert word not in text
    assert 1 <= len(text.splitlines()) <= 8


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0"),
        (7.2584, "7.258"),
        (1282.4, "1,282"),
        (65536, "65,536"),
        (-0.5, "-0.5"),
        (1e-12, "1e-12"),
        (6.0, "6"),
        (np.inf, "infinite"),
        (-np.inf, "minus infinite"),
    ],
)
def test_numbers_are_short(number: float, text: str) -> None:
    assert short(number) == text


def test_lists_counts_and_apostrophes() -> None:
    assert listed(["a"]) == "a"
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert (counted(1), counted(12), counted(1300)) == ("one", "twelve", "1,300")
    assert (possessive("Iran"), possessive("Netherlands")) == ("Iran's", "Netherlands'")
