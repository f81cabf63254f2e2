"""Samples against rational arithmetic, laws that every plan obeys, and input that is refused."""

import math
import time
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from detente.agreement.inspection.alarms import alarms
from detente.agreement.inspection.limits import checked, fraction_of
from detente.agreement.inspection.sampling import (
    approximate_sample,
    detection,
    exact_miss,
    log_miss,
    smallest_sample,
)
from detente.records.errors import InputError, Problem

counts = st.integers(1, 300).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n), st.integers(0, n)))
qualities = st.sampled_from(["0", "0.001", "0.3", "0.5", "0.9", "0.999", "1"])
confidences = st.sampled_from(["0.1", "0.5", "0.8", "0.9", "0.95", "0.99", "0.999"])


def by_definition(items: int, defects: int, sample: int, quality: Fraction) -> Fraction:
    """The mean of (1 - quality)^X over the hypergeometric X, term by term."""
    ways = Fraction(0)
    for drawn in range(max(0, sample + defects - items), min(defects, sample) + 1):
        chosen = math.comb(defects, drawn) * math.comb(items - defects, sample - drawn)
        ways += chosen * (1 - quality) ** drawn
    return ways / math.comb(items, sample)


@given(counts, qualities)
def test_exact_is_the_definition(plan: tuple[int, int, int], quality: str) -> None:
    assert exact_miss(*plan, quality) == by_definition(*plan, Fraction(quality))


@given(counts, qualities)
def test_detection_is_exact_to_the_last_digits(plan: tuple[int, int, int], quality: str) -> None:
    wanted = 1 - exact_miss(*plan, quality)
    found = detection(*plan, float(quality))
    assert found == pytest.approx(float(wanted), rel=1e-12, abs=0.0)


@given(counts, qualities)
def test_a_miss_is_exact_where_it_is_rare(plan: tuple[int, int, int], quality: str) -> None:
    miss = exact_miss(*plan, quality)
    found = log_miss(*plan, float(quality))
    if miss == 0:
        assert found == -math.inf
        return
    wanted = math.log(miss.numerator) - math.log(miss.denominator)
    if wanted < -700:
        assert found < -690  # below what a double holds, it may stand as nothing at all
    else:
        assert found == pytest.approx(wanted, rel=1e-11, abs=1e-13)


@given(counts, qualities, st.integers(1, 6))
def test_more_of_anything_never_finds_less(plan: tuple[int, int, int], quality: str, years: int) -> None:
    items, defects, sample = plan
    test = float(quality)
    now = detection(items, defects, sample, test, years) - 1e-12
    assert 0.0 <= now + 1e-12 <= 1.0
    assert detection(items, defects, sample, test, years + 1) >= now
    if sample < items:
        assert detection(items, defects, sample + 1, test, years) >= now
    if defects < items:
        assert detection(items, defects + 1, sample, test, years) >= now
    assert detection(items, defects, sample, min(1.0, test + 0.05), years) >= now
    assert detection(items + 1, defects, sample, test, years) <= now + 2e-12


@given(counts)
def test_defects_and_sample_exchange(plan: tuple[int, int, int]) -> None:
    items, defects, sample = plan
    assert exact_miss(items, defects, sample) == exact_miss(items, sample, defects)
    assert detection(items, defects, sample) == detection(items, sample, defects)


@given(counts, confidences, qualities, st.integers(1, 4))
def test_the_smallest_sample_is_the_smallest(
    plan: tuple[int, int, int], confidence: str, quality: str, years: int
) -> None:
    items, defects, _ = plan
    assume(defects > 0)
    allowed = 1 - Fraction(confidence)
    sample = smallest_sample(items, defects, confidence, quality, years)
    if sample is None:
        assert exact_miss(items, defects, items, quality) ** years > allowed
        return
    assert exact_miss(items, defects, sample, quality) ** years <= allowed
    assert exact_miss(items, defects, sample - 1, quality) ** years > allowed


@given(counts, confidences, qualities, st.integers(1, 4))
def test_the_approximation_is_never_below_the_exact_size(
    plan: tuple[int, int, int], confidence: str, quality: str, years: int
) -> None:
    items, defects, _ = plan
    assume(defects > 0)
    exact = smallest_sample(items, defects, confidence, quality, years)
    rough = approximate_sample(items, defects, confidence, quality, years)
    if rough is not None:
        assert exact is not None
        assert exact <= rough
        assert (1 - Fraction(quality) * Fraction(rough, items)) ** (defects * years) <= 1 - Fraction(
            confidence
        )


def test_a_tie_is_decided_in_rational_numbers() -> None:
    """Ninety of a hundred leave exactly one chance in ten; 1 - 0.9 as a double is a little less than that."""
    assert 1 - 0.9 < 0.1
    assert smallest_sample(100, 1, 0.9) == smallest_sample(100, 1, "9/10") == 90
    assert approximate_sample(100, 1, 0.9) == 90
    assert approximate_sample(100, 2, "0.75") == 50
    assert smallest_sample(1000, 1, "0.999") == 999


def test_a_million_items_in_milliseconds_without_overflow() -> None:
    started = time.process_time()
    assert detection(10**6, 10**5, 10**5) == 1.0
    assert detection(10**6, 500_000, 500_000, 1e-6) == pytest.approx(-math.expm1(-0.25), rel=1e-6)
    assert detection(10**6, 1, 500_000) == pytest.approx(0.5, rel=1e-15)
    assert detection(10**6, 10**6, 1) == 1.0
    assert smallest_sample(10**6, 1000, "0.95") == 2990
    assert approximate_sample(10**6, 1000, "0.95") == 2992
    assert time.process_time() - started < 1.0


def test_a_million_items_against_rational_arithmetic() -> None:
    wanted = float(1 - exact_miss(10**6, 500, 3000))
    assert detection(10**6, 500, 3000) == pytest.approx(wanted, rel=1e-13)
    half = float(1 - exact_miss(10**6, 300, 2000, "1/2"))
    assert detection(10**6, 300, 2000, 0.5) == pytest.approx(half, rel=1e-12)


def test_nothing_to_find_and_nothing_looked_at() -> None:
    assert detection(10, 0, 5) == detection(10, 5, 0) == detection(10, 5, 5, 0.0) == 0.0
    assert smallest_sample(10, 5, "0.9", 0) is None
    assert approximate_sample(10, 5, "0.9", 0) is None
    assert approximate_sample(10, 1, "0.9", "0.5") is None
    assert smallest_sample(10, 1, "0.9", "0.5") is None
    assert smallest_sample(1, 1, "0.9") == 1


@pytest.mark.parametrize(
    ("plan", "rule"),
    [
        ((-1, 0, 0), "items -1 is negative"),
        ((0, 0, 0), "items 0 is below 1"),
        ((10, -2, 1), "defects -2 is negative"),
        ((10, 11, 1), "defects 11 exceeds the items 10"),
        ((10, 1, 11), "sample 11 exceeds the items 10"),
        ((10, 1, 1, 1.5), "quality 1.5 is not a probability"),
        ((10, 1, 1, math.nan), "quality nan is not a probability"),
        ((10, 1, 1, 1.0, 0), "years 0 is below 1"),
        ((10**8, 1, 1), "is above 10000000"),
        ((10.5, 1, 1), "is not a whole number"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(plan: tuple[int, int, int], rule: str) -> None:
    with pytest.raises(InputError, match=rule) as refused:
        detection(*plan)
    assert all(problem.way_out and problem.key for problem in refused.value.problems)


def test_every_broken_rule_is_listed_at_once() -> None:
    with pytest.raises(InputError) as refused:
        detection(10, 11, -1, 2.0)
    assert len(refused.value.problems) == 3


@pytest.mark.parametrize("confidence", ["0", "1", "-0.1", "1.5"])
def test_a_confidence_lies_between(confidence: str) -> None:
    with pytest.raises(InputError, match="confidence"):
        smallest_sample(10, 1, confidence)
    with pytest.raises(InputError, match="confidence"):
        approximate_sample(10, 1, confidence)


def test_no_defects_have_no_sample() -> None:
    with pytest.raises(InputError, match="nothing to find"):
        smallest_sample(10, 0, "0.9")


def test_a_number_that_is_none() -> None:
    for text in ("95 %", "1/0", ""):
        with pytest.raises(InputError, match="is not a number"):
            fraction_of(text, "confidence")
    checked(())
    with pytest.raises(InputError):
        checked([Problem("a rule", key="x")])


# ---------------------------------------------------------------- both errors


@given(counts, qualities, st.integers(1, 3))
def test_without_false_alarms_an_alarm_is_a_find(
    plan: tuple[int, int, int], quality: str, years: int
) -> None:
    found = alarms(*plan, float(quality), years=years)
    assert found.alarm == pytest.approx(detection(*plan, float(quality), years), rel=1e-12)
    assert found.false_alarm == 0.0


def exact_alarm(
    items: int, defects: int, sample: int, quality: Fraction, false: Fraction, accepted: int
) -> Fraction:
    """Every number drawn, every number of positives among the defects and among the sound."""

    def chance(n: int, k: int, p: Fraction) -> Fraction:
        return math.comb(n, k) * p**k * (1 - p) ** (n - k)

    silent = Fraction(0)
    for drawn in range(max(0, sample + defects - items), min(defects, sample) + 1):
        weight = Fraction(
            math.comb(defects, drawn) * math.comb(items - defects, sample - drawn), math.comb(items, sample)
        )
        silent += weight * sum(
            chance(drawn, j, quality) * chance(sample - drawn, k, false)
            for j in range(min(drawn, accepted) + 1)
            for k in range(min(sample - drawn, accepted - j) + 1)
        )
    return 1 - silent


@given(
    st.integers(1, 25).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n), st.integers(0, n))),
    st.sampled_from(["1", "0.9", "0.4"]),
    st.sampled_from(["0", "0.01", "0.2", "1"]),
    st.integers(0, 4),
)
def test_both_errors_against_rational_arithmetic(
    plan: tuple[int, int, int], quality: str, false: str, accepted: int
) -> None:
    items, defects, sample = plan
    assume(accepted <= sample)
    found = alarms(items, defects, sample, float(quality), float(false), accepted)
    given_test = (Fraction(quality), Fraction(false), accepted)
    assert found.alarm == pytest.approx(float(exact_alarm(items, defects, sample, *given_test)), abs=1e-12)
    assert found.false_alarm == pytest.approx(float(exact_alarm(items, 0, sample, *given_test)), abs=1e-12)


def test_an_alarm_needs_a_probability_and_a_number_to_accept() -> None:
    with pytest.raises(InputError, match="false_alarm"):
        alarms(10, 1, 5, 1.0, -0.1)
    with pytest.raises(InputError, match="accepted 6 exceeds the sample 5"):
        alarms(10, 1, 5, accepted=6)
    with pytest.raises(InputError, match="accepted -1"):
        alarms(10, 1, 5, accepted=-1)
