"""How a claim is read on rows: any, all, a share, and their denials."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from detente.records.claim import Reading
from detente.studies.readings import claim_margin, pairs_of, sentence, verdict_of


def reading(quantifier: str, share: float | None = None, sense: str = "reaches") -> Reading:
    return Reading.model_validate(
        {
            "study": "reach",
            "launches": ("one", "two"),
            "aims": ("here", "there"),
            "quantifier": quantifier,
            "share": share,
            "sense": sense,
        }
    )


ROWS = np.array([[1.0, -2.0, 0.5, -0.1]])


@pytest.mark.parametrize(
    ("quantifier", "share", "wanted"),
    [
        ("any", None, 1.0),
        ("all", None, -2.0),
        ("share", 0.5, 0.5),
        ("share", 0.51, -0.1),
        ("share", 1.0, -2.0),
    ],
)
def test_margin_of_each_quantifier(quantifier: str, share: float | None, wanted: float) -> None:
    assert claim_margin(reading(quantifier, share))({"margin_km_s": ROWS}) == [wanted]


def test_a_denial_turns_the_sign() -> None:
    assert claim_margin(reading("any", sense="does not reach"))({"margin_km_s": ROWS}) == [-1.0]


def test_a_pair_beyond_every_speed_stands_below_all_others() -> None:
    rows = np.array([[np.nan, -2.0, np.nan, np.nan], [np.nan] * 4])
    assert claim_margin(reading("any"))({"margin_km_s": rows}).tolist() == [-2.0, -np.inf]
    assert claim_margin(reading("all"))({"margin_km_s": rows}).tolist() == [-np.inf, -np.inf]
    denied = claim_margin(reading("any", sense="does not reach"))({"margin_km_s": rows})
    assert denied.tolist() == [2.0, np.inf]


@given(arrays(float, (3, 4), elements=st.floats(-5, 5)))
def test_all_is_never_easier_than_a_share_nor_a_share_than_any(rows: np.ndarray) -> None:
    outputs = {"margin_km_s": rows}
    hardest, middle, easiest = (
        claim_margin(reading(*which))(outputs) for which in (("all",), ("share", 0.6), ("any",))
    )
    assert (hardest <= middle).all()
    assert (middle <= easiest).all()


@pytest.mark.parametrize(
    ("margin", "band", "wanted"),
    [
        (-0.5, 0.35, "ruled out in this model"),
        (-0.35, 0.35, "indeterminate"),
        (0.0, 0.35, "indeterminate"),
        (0.36, 0.35, "not ruled out"),
        (0.0, 0.0, "not ruled out"),
        (-0.01, 0.0, "ruled out in this model"),
        (-np.inf, 0.35, "ruled out in this model"),
        (np.inf, 0.35, "not ruled out"),
    ],
)
def test_verdicts_say_only_what_a_model_may_say(margin: float, band: float, wanted: str) -> None:
    assert verdict_of(margin, band) == wanted


def test_pairs_and_words_keep_the_order_of_the_reading() -> None:
    assert pairs_of(reading("any")) == (("one", "here"), ("one", "there"), ("two", "here"), ("two", "there"))
    words = sentence(reading("any", sense="does not reach"), {"one": "One", "two": "Two"})
    assert words == "no missile launched from One and Two toward here and there can be reached"
