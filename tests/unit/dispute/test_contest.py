"""How a claim becomes a margin: outputs, standards, scales, bands, and claims that differ by party."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from detente.dispute import DisputeError, crux
from detente.records.claim import Claim

A, B = {"x": 0.2}, {"x": 0.8}


def model(c: Any) -> Any:
    return {"odds": c["x"], "delay": 10 * c["x"], "doubt": 0.1 + 0 * c["x"]}


@pytest.mark.parametrize(
    "claim",
    [
        "odds",
        lambda outputs: outputs["odds"],
        SimpleNamespace(margin="odds"),
        SimpleNamespace(margin=lambda outputs: outputs["odds"]),
        Claim("can reach", margin="odds"),
        {"A": "odds", "B": "odds"},
    ],
)
def test_a_claim_may_be_given_in_many_ways(claim: Any) -> None:
    assert crux(model, claim, A, B).margins == (0.2, 0.8)


def test_a_plain_array_is_the_only_output() -> None:
    assert crux(lambda c: c["x"], None, A, B).margins == (0.2, 0.8)
    assert crux(lambda c: c["x"], "output", A, B).margins == (0.2, 0.8)
    assert crux(lambda c: c["x"], lambda out: out - 0.5, A, B).verdicts == ("no", "yes")


def test_the_claim_is_called_by_its_title_its_id_or_its_output() -> None:
    assert crux(model, "odds", A, B).claim == "odds"
    assert (
        crux(model, SimpleNamespace(margin="odds", title="Can reach", id="reach"), A, B).claim == "Can reach"
    )
    assert crux(model, Claim("can-reach", margin="odds"), A, B).claim == "can-reach"
    assert crux(model, lambda out: out["odds"], A, B).claim == "the claim"


def test_a_standard_is_what_the_value_must_reach() -> None:
    found = crux(model, SimpleNamespace(margin="odds", standard=0.5), A, B)
    assert found.margins == pytest.approx((-0.3, 0.3))
    assert found.verdicts == ("no", "yes")


def test_scales_keep_the_verdict_and_change_the_shares() -> None:
    claim = SimpleNamespace(margin="odds", standard=0.5)
    logit = crux(model, claim, A, B, scale="logit")
    assert logit.margins == pytest.approx((-np.log(4), np.log(4)))
    assert logit.scale == "logit"
    logs = crux(model, claim, A, B, scale="log")
    assert logs.margins == pytest.approx((np.log(0.4), np.log(1.6)))
    assert logs.verdicts == logit.verdicts == ("no", "yes")


def test_different_questions_are_an_assumption() -> None:
    claim = {
        "A": SimpleNamespace(margin=lambda out: out["odds"] - 5, title="near"),
        "B": SimpleNamespace(margin=lambda out: out["odds"] + 5, title="far"),
    }
    found = crux(model, claim, A, B)
    assert [(row.assumption, row.kind, row.a, row.b) for row in found.attribution_rows] == [
        ("x", "numbers", 0.2, 0.8),
        ("question", "question", "near", "far"),
    ]
    assert found.diagnosis.kind == "different questions"
    assert found.claim == "near / far"
    assert [row.phi for row in found.attribution_rows] == pytest.approx([0.6, 10.0])
    assert "because they ask different questions" in str(found)


def test_different_standards_are_an_assumption_with_a_break_even() -> None:
    claim = {
        "A": SimpleNamespace(margin="odds", standard=0.95),
        "B": SimpleNamespace(margin="odds", standard=0.1),
    }
    found = crux(model, claim, A, B)
    assert found.diagnosis.kind == "same odds, different proof"
    standard = next(row for row in found.breakeven_rows if row.side == "A" and row.assumption == "standard")
    assert standard.value == pytest.approx(0.2)
    roles = {row.kind: row.role for row in found.diagnosis.table}
    assert roles == {"standard": "dictator", "numbers": "dummy"}


def test_the_same_words_read_in_two_ways_are_two_questions() -> None:
    claim = {"A": lambda out: out["odds"] - 2, "B": lambda out: out["odds"] + 2}
    found = crux(model, claim, A, B)
    assert found.attribution_rows[-1].a == "the claim (first reading)"


def test_the_band_may_be_a_number_an_output_or_a_function() -> None:
    claim = SimpleNamespace(margin="odds", standard=0.75)
    for band in (0.1, "doubt", lambda out: out["doubt"]):
        found = crux(model, claim, A, B, band=band)
        assert found.verdicts == ("no", "undecided")
        assert found.band == pytest.approx(0.1)
    moving = crux(model, claim, A, B, band=lambda out: out["odds"] / 10)
    assert moving.band is None
    assert moving.verdicts == ("no", "undecided")


def test_without_a_band_a_tie_is_true() -> None:
    assert crux(lambda c: c["x"], None, {"x": 0.0}, {"x": -1.0}).verdicts == ("yes", "no")
    assert crux(lambda c: c["x"], None, {"x": 0.0}, {"x": -1.0}, band=1e-9).verdicts == ("undecided", "no")


@pytest.mark.parametrize(
    ("claim", "options", "words"),
    [
        (
            "odd",
            {},
            r'reads the output "odd", which the model does not give; it gives \[.delay., .doubt., .odds.\]',
        ),
        (None, {}, "names no output and the model has 3"),
        (3.0, {}, "a claim is a function"),
        ({"A": "odds"}, {}, r"names both: \['A', 'B'\]"),
        (lambda _: np.float64(1.0), {}, "a margin is one number a mixture"),
        ("odds", {"scale": "cubic"}, "use linear, log or logit"),
        (lambda out: out["odds"] - 1, {"scale": "log"}, "the log scale needs numbers above 0"),
        ("delay", {"scale": "logit"}, "between 0 and 1"),
        ("odds", {"band": -1.0}, "width at least zero"),
        ("odds", {"band": "doubts"}, 'the band reads the output "doubts"'),
    ],
)
def test_a_claim_that_cannot_be_read_is_refused(claim: Any, options: Any, words: str) -> None:
    with pytest.raises(DisputeError, match=words):
        crux(model, claim, A, B, **options)


def test_an_input_may_not_be_called_like_the_question() -> None:
    claim = {"A": "odds", "B": "delay"}
    with pytest.raises(DisputeError, match='"question" is the sides\' own question'):
        crux(model, claim, A | {"question": 1.0}, B | {"question": 1.0})
